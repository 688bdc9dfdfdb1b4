"""The real bot in a process of its own, over real HTTP and WebSocket."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.wire.messages import EPHEMERAL
from tests.wire.process import Bot
from tests.wire.server import Discord
from tests.wire.shapes import custom_ids
from tests.wire.talk import QUESTION, Talk

ON_ITS_WAY = 0.5  # seconds in which a second answer would have come

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(built: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Talk]:
    data = Path(shutil.copytree(built, tmp_path_factory.mktemp("wire") / "data"))
    async with Discord() as discord:
        with Bot(discord, data) as bot:
            await bot.start()
            yield Talk(discord)
        assert discord.unknown == []
        assert discord.problems == []


async def test_a_mention_is_answered_by_a_message_that_pings_nobody(talk: Talk) -> None:
    answer = await talk.ask()
    assert answer["author"]["id"] == talk.discord.bot.id
    assert answer["embeds"][0]["fields"]
    assert answer["mentions"] == []


async def test_what_does_not_mention_the_bot_is_not_read(talk: Talk) -> None:
    said = await talk.discord.say(talk.discord.channel, talk.discord.bob, QUESTION)
    await asyncio.sleep(ON_ITS_WAY)
    assert talk.discord.replies(said) == []


async def test_a_reply_to_the_bot_is_read(talk: Talk) -> None:
    answer = await talk.ask()
    said = await talk.discord.say(
        talk.discord.channel, talk.discord.bob, "And an office in Seoul?", reply_to=answer["id"]
    )
    assert await talk.answer(said)


async def test_a_direct_message_is_answered_where_it_was_written(talk: Talk) -> None:
    private = talk.discord.world.direct(talk.discord.bob)
    said = await talk.discord.say(private, talk.discord.bob, QUESTION)
    assert (await talk.answer(said))["channel_id"] == private


async def test_a_message_delivered_twice_is_answered_once(talk: Talk) -> None:
    answer = await talk.ask(times=2)
    await asyncio.sleep(ON_ITS_WAY)
    asked = talk.discord.message(answer["message_reference"]["message_id"])
    assert talk.discord.replies(asked) == [answer]


async def test_a_button_whispers_to_whoever_presses_it(talk: Talk) -> None:
    answer = await talk.ask()
    passages = next(id for id in custom_ids(answer) if id.startswith("passages:"))
    pressed = await talk.discord.press(answer, passages, talk.discord.bob)
    shown = await talk.shown(pressed)
    assert shown["flags"] & EPHEMERAL
    assert shown["embeds"]
    assert shown not in talk.discord.messages(talk.discord.channel)


async def test_a_question_by_command_is_answered_for_all_to_see(talk: Talk) -> None:
    shown = await talk.shown(await talk.slash("ask", question=QUESTION, state="FR"))
    assert "France" in shown["embeds"][0]["author"]["name"]
    assert shown in talk.discord.messages(talk.discord.channel)


async def test_states_complete_as_people_type_them(talk: Talk) -> None:
    typed = await talk.discord.complete(talk.discord.channel, talk.discord.alice, "ask", (), "state", "Lith")
    choices = await talk.discord.until(lambda: typed.choices)
    assert choices
    assert choices[0]["value"] == "LT"


async def test_help_is_whispered(talk: Talk) -> None:
    shown = await talk.shown(await talk.slash("help"))
    assert shown["flags"] & EPHEMERAL
    assert "/ask" in str(shown["embeds"])


async def test_a_message_of_somebody_is_checked_from_its_menu(talk: Talk) -> None:
    discord = talk.discord
    claim = await discord.say(discord.channel, discord.bob, "A war over Taiwan would stay in Asia.")
    chosen = await discord.menu("Check this claim", claim, discord.channel, discord.alice)
    assert (await talk.shown(chosen))["embeds"][0]["fields"]


async def test_what_happened_while_the_line_was_cut_is_answered(talk: Talk) -> None:
    logins = talk.discord.logins
    await talk.discord.drop()
    assert await talk.ask()
    assert (talk.discord.resumptions, talk.discord.logins) == (1, logins)
