"""What breaks around a debate: one clear sentence, and the debate goes on."""

import asyncio
import sqlite3
from functools import partial
from typing import Any

import pytest
from simcord.builders import ChannelHandle

from bot.cogs.refusal import SORRY
from bot.records import Records
from tests.discord.conftest import answered, card, whispered
from tests.discord.hall import OPENING, REBUTTAL, Hall, last, numbers
from tests.test_faults import under

SAFE = "What was stored before is safe."
RESUME = "`/debate resume` goes on."


async def test_a_deleted_thread_ends_its_debate_and_no_other(hall: Hall) -> None:
    first, second = await hall.between_delegates(), await hall.start()
    await hall.lose(first)
    await hall.env.advance_time(60)
    await hall.say(second, OPENING)
    assert numbers(second) == [2]
    assert await hall.between_delegates(), "the same debate may be begun again"


async def test_a_thread_that_was_deleted_unnoticed_ends_its_debate(hall: Hall) -> None:
    thread = await hall.between_delegates()
    del hall.env.backend.channels[thread.id]
    await hall.env.advance_time(60)
    assert await hall.between_delegates()


async def test_a_thread_deleted_while_the_delegate_drafts_disturbs_nothing(hall: Hall) -> None:
    thread, other = await hall.start(), await hall.start(opponent="HU")
    hall.env.inject_error("POST", f"/channels/{thread.id}/messages", status=404, code=10003, times=None)
    await hall.say(thread, OPENING)
    assert "there is no debate here" not in await says(hall, other, OPENING)
    assert numbers(other) == [2]


async def test_a_reply_to_a_deleted_message_is_still_a_turn(hall: Hall) -> None:
    thread = await hall.start()
    call = last(thread)
    said = await hall.alice.send(thread, f"{hall.bot} {OPENING}", reply_to=call)
    hall.env.backend.delete_message(thread.id, call.id)
    await hall.alice.delete(said)
    hall.env.backend.delete_message(thread.id, last(thread).id)
    await hall.say(thread, REBUTTAL)
    assert numbers(thread) == [4]
    exported = answered(await hall.alice.slash(thread, "debate export"))
    assert len((await exported.attachments[0].read()).decode().split("\n## ")) >= 5, "what was said stays on record"


async def test_a_debate_waits_while_the_bot_is_not_in_the_server(hall: Hall) -> None:
    delegates, thread = await hall.between_delegates(), await hall.start()
    kept = await hall.remove_bot()
    await hall.env.advance_time(1000)
    await hall.bring_back(kept)
    assert numbers(delegates) == [1]
    assert numbers(thread) == []
    for room in (delegates, thread):
        await hall.alice.slash(room, "debate resume")
    assert numbers(delegates) == [1, 2]
    await hall.say(thread, OPENING)
    assert numbers(thread) == [2]


async def test_a_debate_waits_also_when_the_bot_was_removed_while_it_was_away(hall: Hall) -> None:
    thread = await hall.between_delegates()
    kept = await hall.remove_bot()
    await hall.restart()
    await hall.env.advance_time(1000)
    await hall.bring_back(kept)
    await hall.alice.slash(thread, "debate resume")
    assert numbers(thread) == [1, 2]


async def test_a_turn_that_cannot_be_stored_is_refused_and_may_be_said_again(hall: Hall) -> None:
    thread = await hall.start()
    with under("query_only=ON"):
        assert "The database cannot be written" in await says(hall, thread, OPENING)
        assert "The database cannot be written" in whispered(await hall.alice.slash(thread, "say", text=OPENING))
        assert answered(await hall.alice.slash(thread, "debate status")).embeds, "reading goes on"
        assert numbers(thread) == []
    with under("query_only=OFF"):
        await hall.say(thread, OPENING)
    assert numbers(thread) == [2]


async def test_a_disk_that_fills_up_in_the_middle_is_said_and_nothing_is_lost(hall: Hall) -> None:
    thread = await hall.start(format="free")
    with under("max_page_count=1"):  # as many pages as it has now
        for _ in range(9):
            await hall.alice.slash(thread, "say", text="security " * 215)
    said = [message.content for message in thread.history()]
    assert f"There is no space left for the database; free some and try again. {SAFE} {RESUME}" in said
    with under("max_page_count=1000000"):
        await hall.alice.slash(thread, "debate resume")
        await hall.say(thread, OPENING)
    assert sorted(numbers(thread)) == numbers(thread)
    assert len(set(numbers(thread))) == len(numbers(thread)) > 1


async def test_a_debate_that_cannot_be_stored_is_not_begun_and_leaves_no_thread(hall: Hall) -> None:
    with under("query_only=ON"):
        assert "The database cannot be written" in whispered(await hall.begin())
    assert hall.channel.threads == []
    with under("query_only=OFF"):
        assert await hall.start()


async def test_a_locked_database_is_said_and_nothing_is_lost(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Records, "open", partial(Records.open, patience=0.05))
    await hall.restart()
    thread = await hall.start()
    other = sqlite3.connect(hall.database.partition("///")[2], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "locked the database; try again" in await says(hall, thread, OPENING)
    assert "locked the database; try again" in whispered(await hall.alice.slash(thread, "debate pause"))
    other.execute("ROLLBACK")
    other.close()
    await hall.say(thread, OPENING)
    assert numbers(thread) == [2]


async def test_a_database_that_fails_between_two_delegates_is_said_and_the_debate_can_go_on(hall: Hall) -> None:
    thread = await hall.between_delegates()
    with under("query_only=ON"):
        await hall.env.advance_time(30)
    assert last(thread).content.startswith("The database cannot be written")
    assert last(thread).content.endswith(RESUME)
    assert numbers(thread) == [1]
    with under("query_only=OFF"):
        await hall.alice.slash(thread, "debate resume")
    assert numbers(thread) == [1, 2]


async def test_a_turn_that_cannot_be_shown_is_shown_later_and_once(hall: Hall) -> None:
    thread = await hall.start()
    hall.break_once("POST", f"/channels/{thread.id}/messages")
    assert whispered(await hall.alice.slash(thread, "say", text=OPENING)), "it is on record all the same"
    assert last(thread).content == f"Something went wrong here and has been noted. {RESUME}"
    assert numbers(thread) == []
    await hall.alice.slash(thread, "debate resume")
    assert numbers(thread) == [1, 2]
    await hall.alice.slash(thread, "debate resume")
    assert numbers(thread) == [1, 2]


async def test_nobody_answers_a_turn_that_could_not_be_shown(hall: Hall) -> None:
    thread = await hall.start()
    hall.break_once("POST", f"/channels/{thread.id}/messages")
    await hall.say(thread, OPENING)
    assert "a turn before yours could not be shown until now; read it, then speak" in await says(hall, thread, OPENING)
    assert numbers(thread) == [2]
    await hall.say(thread, REBUTTAL)
    assert numbers(thread) == [2, 4]


@pytest.mark.parametrize("what", ["/channels/*/threads", "/channels/*/messages"])
async def test_what_the_bot_may_not_do_is_said_with_the_permissions_it_needs(hall: Hall, what: str) -> None:
    hall.forbid("POST", what)
    said = whispered(await hall.begin())
    assert "Create Public Threads" in said
    assert "Send Messages in Threads" in said
    hall.env.backend.faults.clear()
    thread = await hall.start()
    assert len(hall.channel.threads) == 1, "what was begun in vain is gone"
    await hall.say(thread, OPENING)
    assert numbers(thread) == [2]


async def test_a_bot_that_may_no_longer_speak_keeps_the_debate(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    thread = await hall.start()
    hall.forbid("POST", f"/channels/{thread.id}/messages")
    await hall.say(thread, OPENING)
    assert "Forbidden" in caplog.text
    assert "security" not in caplog.text
    hall.env.backend.faults.clear()
    await hall.alice.slash(thread, "debate resume")
    assert numbers(thread) == [2]


async def test_what_nobody_expects_is_answered_politely(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    thread = await hall.start()

    def broken(_: str) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(hall.library, "hear", broken)
        assert await says(hall, thread, OPENING) == SORRY
    await hall.say(thread, OPENING)
    assert numbers(thread) == [2]


async def test_two_people_who_begin_the_same_debate_at_once_share_it(hall: Hall) -> None:
    options = {"opponent": "FR", "state": "LT", "speaker": "delegate", "vote": False}
    settle = hall.env._settle_internal

    async def at_once(**_: object) -> None:
        await asyncio.sleep(0)

    hall.env._settle_internal = at_once  # type: ignore[method-assign]
    results = [await who.slash(hall.channel, "debate start", **options) for who in (hall.alice, hall.bob)]
    hall.env._settle_internal = settle  # type: ignore[method-assign]
    await hall.env.settle()
    (thread,) = hall.channel.threads
    assert answered(results[0]).content == f"The debate is open in <#{thread.id}>."
    assert "that debate is open already" in whispered(results[1])
    assert numbers(thread) == [1]


async def test_a_message_delivered_twice_is_heard_once(hall: Hall) -> None:
    thread = await hall.start(rival=hall.bob)
    await hall.say(thread, OPENING)
    await hall.deliver_again("MESSAGE_CREATE")
    assert [message.author.id for message in thread.history()[2:]] == [hall.alice.id]
    await hall.say(thread, REBUTTAL)
    assert "the other side’s turn" in last(thread).content
    said = len(thread.history())
    hall.env.backend.emit("MESSAGE_CREATE", message_of(hall, hall.alice.id))
    await hall.env.settle()
    assert len(thread.history()) == said, "and refused once"


async def test_an_interaction_and_a_modal_delivered_twice_are_heard_once(hall: Hall) -> None:
    thread = await hall.start()
    await hall.alice.slash(thread, "say", text=OPENING)
    await hall.deliver_again("INTERACTION_CREATE")
    assert numbers(thread) == [1, 2]
    await hall.alice.submit_modal(await hall.alice.click(last(thread), label="Reply"), {"text": REBUTTAL})
    await hall.deliver_again("INTERACTION_CREATE")
    assert numbers(thread) == [1, 2, 3, 4]
    await hall.alice.slash(thread, "debate end")
    said = len(thread.history())
    await hall.deliver_again("INTERACTION_CREATE")
    assert len(thread.history()) == said
    assert [card(m).title for m in thread.history() if m.embeds].count("The debate is over") == 1


def message_of(hall: Hall, author: int) -> Any:
    """The last message of somebody, as it came to the bot."""
    came = (payload for _, name, payload in hall.env.backend.transcript if name == "MESSAGE_CREATE")
    return [payload for payload in came if payload["author"]["id"] == str(author)][-1]


async def says(hall: Hall, thread: ChannelHandle, text: str) -> str:
    """What the bot replies to a turn."""
    said = await hall.say(thread, text)
    replies = [m for m in thread.history() if m.reference and m.reference.message_id == said.id]
    assert len(replies) <= 1
    return replies[0].content if replies else ""
