"""Nothing shown in Discord pings, links elsewhere, hides or formats on a stranger's behalf."""

import re

import pytest

from knowledge.record import Record
from tests.discord.conftest import STRAY, World, answered, words

SMUGGLED = (
    "@everyone @here <@1> <@&2> <#3> **bold** __under__ ~~gone~~ `code` ||spoiler|| > quote # head "
    "[click](https://evil.example/x?y) <https://evil.example> https://evil.example discord.gg/abc "
    "www.evil.example \u202egnp.exe\u202c \u200b\u2066hidden\u2069 should NATO open an office in Tokyo?"
)
URL = re.compile(r"(?:https?://|discord\.gg/|www\.)[^\s<>)\"]+")
UNESCAPED = re.compile(r"(?<!\\)(?:@|\*\*bold|__|~~|`|\|\||<#|<@)")
TURNING = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(params=["ask", "stray", "mention", "check", "unknown state", "direct message"])
async def shown(request: pytest.FixtureRequest, world: World) -> str:
    """What people see after somebody tried to smuggle things in, in each of the ways there are."""
    alice = world.alice
    if request.param == "ask":
        return words(await world.ask(SMUGGLED, "FR"))
    if request.param == "stray":
        return words(await world.ask(f"{SMUGGLED} {STRAY}", "FR"))
    if request.param == "mention":
        return words(await world.mention(SMUGGLED))
    if request.param == "check":
        claim = await alice.send(world.channel, SMUGGLED)
        return words(answered(await alice.context_menu(world.channel, "Check this claim", claim)))
    if request.param == "unknown state":
        return words(answered(await alice.slash(world.channel, "position", state=SMUGGLED)))
    await alice.user.send_dm(SMUGGLED)
    return words(alice.user.dm_channel.history()[-1])


async def test_nothing_smuggled_in_comes_out(world: World, shown: str, record: Record) -> None:
    ours = {source.url for source in record.sources.values()}
    assert set(URL.findall(shown)) <= ours
    assert UNESCAPED.search(shown) is None
    assert TURNING.search(shown) is None


async def test_no_message_may_ping(world: World, shown: str) -> None:
    assert shown
    texts = [message for message in world.sent if message.get("content")]
    for message in [*texts, *(message for message in world.sent if "allowed_mentions" in message)]:
        assert message["allowed_mentions"]["parse"] == []
        assert not message["allowed_mentions"].get("replied_user")
