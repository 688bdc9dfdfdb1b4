"""The whole way, through the real library."""

from collections.abc import AsyncIterator
from typing import cast

import discord
import pytest
from simcord import Env

from bot.cards import COLOURS
from bot.client import Client
from bot.cogs.imprint import Imprint
from bot.delegate import Delegate
from knowledge.library import Library
from knowledge.passage import folded
from knowledge.record import Record
from tests.discord.conftest import QUESTION, STRAY, FakeLibrary, World, answered, arranged, card, labels


@pytest.fixture
async def real(library: Library, database: str) -> AsyncIterator[World]:
    env = Env(Client(Delegate(library), database), approved_intents=discord.Intents.default(), settle_timeout=20)
    await env.start()
    yield arranged(env, cast(FakeLibrary, library))
    await env.shutdown()
    await env.bot.close()
    assert env.errors == []


@pytest.mark.parametrize("state", ["FR", "LT", "DE", "HU", "US", "HR", "LU", "JP", "NATO", "RAPPORTEUR"])
async def test_delegations_of_every_kind_answer_with_words_that_stand_in_their_source(
    real: World, record: Record, state: str
) -> None:
    answer = await real.ask(QUESTION, state)
    shown, imprint = card(answer), Imprint.on(answer.message)
    assert shown.fields
    assert imprint
    for cited, field in zip(imprint.citations(record), shown.fields, strict=True):
        first, *_ = (field.value or "").replace("\\", "").splitlines()
        if not cited.passage.is_summary:
            assert (first[0], first[-1]) in (("“", "”"), ("«", "»"))
            assert folded(first[1:-1].removesuffix("…")) in folded(cited.passage.text)
        elif not first.startswith("— "):
            assert first[0] not in "“«"
            assert folded(first.removesuffix("…")) in folded(cited.passage.text)
        assert cited.passage.is_summary == ("our summary" in (field.value or ""))


async def test_a_conversation_is_held_through_mention_reply_and_buttons(real: World) -> None:
    answer = await real.mention(f"as France: {QUESTION}")
    await real.alice.send(real.channel, "Why should NATO stay focused on Europe?", reply_to=answer)
    reply = real.channel.history()[-1]
    assert card(reply).author.name == card(answer).author.name == "🇫🇷 France"
    for label in labels(answer):
        assert answered(await real.alice.click(answer, label=label)).embeds
    assert answered(await real.alice.slash(real.channel, "cite", number=1)).embeds


async def test_what_is_not_on_record_is_not_answered(real: World) -> None:
    answer = await real.ask(STRAY, "FR")
    assert card(answer).colour == COLOURS["none"]
    assert not card(answer).fields


async def test_a_claim_is_checked(real: World) -> None:
    claim = await real.alice.send(real.channel, "A war over Taiwan would stay in Asia.")
    assert card(answered(await real.alice.context_menu(real.channel, "Check this claim", claim))).fields


async def test_a_claim_in_a_conversation_is_rebutted(real: World) -> None:
    reply = await real.mention("as Lithuania: a war over Taiwan would stay in Asia.")
    assert "You say “a war over Taiwan would stay in Asia”." in (card(reply).description or "")
    assert card(reply).fields
