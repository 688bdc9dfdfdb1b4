"""Nothing that people smuggle into a debate pings, formats, links or hides, whatever way it takes."""

import re

import pytest

from knowledge.record import Record
from tests.discord.conftest import words
from tests.discord.hall import OPENING, Hall
from tests.discord.test_gate import SMUGGLED, TURNING, UNESCAPED, URL

OURS = re.compile(r"<@\d{10,}>|`/[a-z ]+`")  # who is seated, and our commands
MOTION = f"Should NATO open an office in Tokyo? {SMUGGLED[:180]}"


@pytest.fixture(params=["motion", "turn", "modal", "question"])
async def smuggled(request: pytest.FixtureRequest, hall: Hall) -> str:
    """All that the bot shows in a debate into which somebody smuggled things, in each of the ways there are."""
    options = {"motion": MOTION} if request.param == "motion" else {}
    thread = await hall.start(format="free" if request.param != "question" else "model-nato", **options)
    if request.param == "modal":
        call = [message for message in thread.history() if message.components][-1]
        await hall.alice.submit_modal(await hall.alice.click(call, label="Reply"), {"text": SMUGGLED})
    else:
        await hall.alice.slash(thread, "say", text=OPENING if request.param in ("motion", "question") else SMUGGLED)
    if request.param == "question":
        await hall.alice.slash(thread, "say", text=SMUGGLED)
    for command in ("status", "summary", "end"):
        await hall.alice.slash(thread, f"debate {command}")
    shown = [message for message in thread.history() if message.author.id != hall.alice.id]
    return "\n".join(map(words, shown))


async def test_nothing_smuggled_into_a_debate_comes_out(hall: Hall, smuggled: str, record: Record) -> None:
    ours = {source.url for source in record.sources.values()}
    assert set(URL.findall(smuggled)) <= ours
    assert TURNING.search(smuggled) is None
    assert UNESCAPED.search(OURS.sub("", smuggled)) is None


async def test_no_message_of_a_debate_may_ping(hall: Hall, smuggled: str) -> None:
    assert smuggled
    texts = [message for message in hall.sent if message.get("content")]
    for message in [*texts, *(message for message in hall.sent if "allowed_mentions" in message)]:
        assert message["allowed_mentions"]["parse"] == []
        assert not message["allowed_mentions"].get("replied_user")


async def test_a_nickname_is_never_repeated(hall: Hall) -> None:
    nasty = hall.guild.add_member(hall.env.create_user("mallory"), nick="@everyone **x** discord.gg/a")
    hall.alice = nasty
    thread = await hall.start()
    await nasty.slash(thread, "say", text=OPENING)
    assert "everyone" not in "\n".join(map(words, thread.history()))


async def test_a_vote_and_a_thread_carry_no_link(hall: Hall) -> None:
    thread = await hall.start(motion=MOTION, vote=True)
    (vote,) = (message for message in thread.history() if message.poll)
    assert vote.poll
    for text in (thread.name or "", vote.poll.question or ""):
        assert URL.search(text) is None
        assert TURNING.search(text) is None
    assert len(thread.name or "") <= 100
    assert len(vote.poll.question or "") <= 300
