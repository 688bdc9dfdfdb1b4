import asyncio
import logging
import time
from typing import Any

import pytest

from bot.cogs.refusal import SORRY
from bot.steps import READING
from tests.discord.conftest import QUESTION, World, answered, speaker, whispered

DEFER = 5  # DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE
BOUND = 0.4  # seconds the event loop may be held up, less than the library takes: generous, for busy machines


async def test_a_command_is_acknowledged_before_anything_slow_begins(world: World) -> None:
    seen: list[Any] = []
    world.library.at_search = lambda: seen.append([request.json for request in world.env.http_requests])
    await world.ask(QUESTION, "FR")
    assert DEFER in [body["type"] for body in seen[0] if isinstance(body, dict) and "type" in body]


async def test_an_answer_that_takes_far_longer_than_three_seconds_still_arrives(world: World) -> None:
    world.slow_down(30)
    result = await world.alice.slash(world.channel, "ask", question=QUESTION, state="FR")
    assert result.deferred
    await world.env.advance_time(1)
    assert answered(result).content == READING
    await world.env.advance_time(60)
    assert answered(result).content == ""
    assert speaker(answered(result)) == "🇫🇷 France"


async def test_every_button_and_check_that_takes_long_still_arrives(world: World) -> None:
    claim = await world.alice.send(world.channel, QUESTION)
    answer = await world.ask(QUESTION, "FR")
    world.slow_down(30)
    checked = await world.alice.context_menu(world.channel, "Check this claim", claim)
    pressed = await world.alice.click(answer, label="The other side")
    await world.env.advance_time(60)
    assert answered(checked).embeds
    assert answered(pressed).embeds


async def test_a_slow_answer_to_a_mention_is_one_message_that_changes(world: World) -> None:
    world.slow_down(30)
    await world.alice.send(world.channel, f"{world.bot} as FR: {QUESTION}")
    assert any(request.path.endswith("/typing") for request in world.env.http_requests)
    await world.env.advance_time(1)
    assert [message.content for message in world.channel.history()][1:] == [READING]
    await world.env.advance_time(60)
    (_, reply) = world.channel.history()
    assert reply.content == ""
    assert speaker(reply) == "🇫🇷 France"


async def test_a_quick_answer_shows_no_step(world: World) -> None:
    await world.ask(QUESTION, "FR")
    assert READING not in [body.get("content") for body in world.sent]


async def test_the_event_loop_goes_on_while_the_library_is_slow(world: World) -> None:
    world.library.pause = 0.5
    gaps: list[float] = []
    ticking = asyncio.create_task(tick(gaps))
    await world.ask(QUESTION, "FR")
    ticking.cancel()
    assert len(gaps) > 20
    assert max(gaps) < BOUND


async def test_what_breaks_is_answered_politely_and_logged_without_what_was_asked(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.library.broken = True
    result = await world.alice.slash(world.channel, "ask", question="Is my secret plan for Tokyo safe?", state="FR")
    assert whispered(result) == SORRY
    assert world.channel.history() == []
    assert_logged(caplog, "secret plan")


async def test_what_breaks_under_a_mention_is_answered_politely(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.library.broken = True
    assert (await world.mention("Is my secret plan for Tokyo safe?")).content == SORRY
    assert_logged(caplog, "secret plan")


async def test_what_breaks_after_a_step_was_shown_takes_its_place(world: World) -> None:
    world.library.broken = True
    world.slow_down(30)
    await world.alice.send(world.channel, f"{world.bot} {QUESTION}")
    await world.env.advance_time(60)
    assert [message.content for message in world.channel.history()][1:] == [SORRY]


async def test_what_breaks_under_a_button_is_answered_politely(world: World, caplog: pytest.LogCaptureFixture) -> None:
    answer = await world.ask(QUESTION, "FR")
    world.library.broken = True
    assert whispered(await world.alice.click(answer, label="The other side")) == SORRY
    assert "Broken" in caplog.text


async def test_a_refusal_that_cannot_be_delivered_is_only_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
    await world.alice.send(world.channel, f"{world.bot} {QUESTION}")
    assert len(world.channel.history()) == 1
    assert "could not be delivered" in caplog.text
    assert world.env.errors == []


async def test_an_answer_still_comes_where_history_may_not_be_read(world: World) -> None:
    world.env.inject_error("GET", "/channels/*/messages", status=403, code=50001)
    assert (await world.ask(QUESTION, None)).embeds
    result = await world.alice.slash(world.channel, "cite", number=1)
    assert answered(result).embeds


def assert_logged(caplog: pytest.LogCaptureFixture, secret: str) -> None:
    assert "Broken" in caplog.text
    assert "in search" in caplog.text
    assert secret not in caplog.text
    assert any(entry.levelno == logging.ERROR for entry in caplog.records)


async def tick(gaps: list[float]) -> None:
    while True:
        before = time.monotonic()
        await asyncio.sleep(0.01)
        gaps.append(time.monotonic() - before)
