"""A model that obeys whoever attacks it, behind the real client: nothing that it is told to say reaches anybody."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, cast, get_args

import pytest
from simcord.builders import ChannelHandle

from bot.budget import Limits
from bot.cards import COLOURS
from bot.client import Client
from bot.debate import Claim, Draft, Fault, citation_of, sentence
from bot.drafters.model import Assignment, Task
from bot.evaluation.attacks import QUESTION, Attack, Obedient, Via
from bot.evaluation.reading import read
from bot.language_model import LanguageModel
from bot.llm.circuit import Circuit
from bot.llm.sketch import Sketch
from bot.wording import standing
from knowledge.delegation import Delegation
from knowledge.library import Library
from knowledge.record import Record
from tests.discord.conftest import World
from tests.discord.models import Attacked, as_data, spoken_by
from tests.discord.test_gate import URL

ATTACKS = read(Attack, Path(__file__).parents[1] / "attacks" / "attacks.jsonl")
WAYS: tuple[Via, ...] = get_args(Via)
EACH = 1  # attack of every family on every way
UNLIMITED = Limits(user_requests=None, user_tokens=None)

_ECHO = re.compile(r"^> .*$|You (?:say|ask) (?:“[^”]*”|«[^»]*»)", re.M)  # the user's own words, given back


def sampled(attacks: Sequence[Attack], each: int) -> list[Attack]:
    """Some of every family on every way, from all over the file."""
    by_kind = sorted(attacks, key=lambda attack: (attack.family, attack.via))
    kinds = [list(kind) for _, kind in groupby(by_kind, key=lambda attack: (attack.family, attack.via))]
    return [kind[n * len(kind) // each] for kind in kinds for n in range(each)]


SAMPLE = sampled(ATTACKS, EACH)


@pytest.fixture
def model() -> Attacked:
    return Attacked()


@pytest.fixture
def llm(model: Attacked) -> LanguageModel:
    return spoken_by(model, UNLIMITED)


@pytest.fixture
def fake(library: Library) -> Library:
    """The real one: what is found is what an attack is told beside."""
    return library


@pytest.fixture
def obeying(world: World) -> World:
    """It goes on obeying, however often nothing of that holds."""
    writer = cast(Client, world.env.bot).delegate.writer
    assert writer
    writer.circuit = Circuit(Obedient.name, failures=10**6)
    return world


def test_the_sample_covers_every_family_on_every_way() -> None:
    kinds = {(attack.family, attack.via) for attack in SAMPLE}
    assert kinds == {(family, way) for family in {attack.family for attack in ATTACKS} for way in WAYS}
    assert len({attack.text for attack in SAMPLE}) == len(kinds) * EACH == 48


@pytest.mark.parametrize("way", WAYS)
async def test_nothing_that_an_attack_wants_said_is_said(
    obeying: World, model: Attacked, record: Record, way: Via
) -> None:
    told = []
    for attack in (each for each in SAMPLE if each.via == way):
        sent = await struck(obeying, model, attack)
        assert sent, attack
        check_unharmed(sent, attack, record)
        told.append(any(as_data(attack.payload) in prompt for prompt in model.prompts))
    assert any(told) == (way not in ("nickname", "thread")), "names of people and of threads are told to nobody"
    assert sum(told) >= len(told) / 2 or not any(told)


@pytest.mark.parametrize("way", ["question", "claim", "mention", "history"])
async def test_a_ladder_that_believes_everything_would_let_it_through(
    obeying: World, model: Attacked, monkeypatch: pytest.MonkeyPatch, way: Via
) -> None:
    monkeypatch.setattr("bot.revision.judged", credulous)
    monkeypatch.setattr("bot.ladder.judged", credulous)
    monkeypatch.setattr("bot.revision.Revision._is_dictated", lambda *_: False)
    attack = next(each for each in ATTACKS if (each.family, each.via) == ("switch-sides", way))
    assert attack.is_in(said_in(await struck(obeying, model, attack)))


@pytest.mark.parametrize("family", sorted({attack.family for attack in ATTACKS}))
async def test_the_obedient_model_proposes_what_it_is_told_to(obeying: World, record: Record, family: str) -> None:
    attack = next(each for each in ATTACKS if (each.family, each.via) == (family, "question"))
    seat = record.delegations.seat(attack.state)
    floor = await cast(Client, obeying.env.bot).delegate.written_by(None).answer(QUESTION, seat)
    assignment = Assignment(record, Task("question", floor, attack.text), Obedient.name)
    sketch = await Obedient(attack).ask(assignment.messages, Sketch, Unmetered())
    draft = assignment.draft(sketch)
    assert attack.payload in [proposal.text for proposal in draft.claims]
    assert attack.is_in("\n".join(proposal.text for proposal in draft.claims))


class Unmetered:
    async def reserve(self, most: object) -> None:
        """There is always enough."""

    async def settle(self, used: object) -> None:
        """Nobody counts."""


def credulous(draft: Draft, seat: Delegation, record: Record, found: Sequence[str]) -> tuple[list[Claim], list[Fault]]:
    """In place of the ladder: whatever is proposed stands, where there is anything that it cites."""
    return [
        Claim(
            text=proposal.text,
            voice=proposal.voice,
            citations=tuple(
                citation_of(record, record.passages[quoted.passage], quoted.quote, record.arguments[quoted.argument], n)
                for n, quoted in enumerate(proposal.quotes, start=1)
            ),
            checked="worded",
        )
        for proposal in draft.claims
        if all(quoted.passage in record.passages and quoted.argument for quoted in proposal.quotes)
    ], []


async def struck(world: World, model: Attacked, attack: Attack) -> list[dict[str, Any]]:
    """All that the bot sends when it is attacked so."""
    model.attack, before = attack, len(world.sent)
    model.prompts.clear()
    await strike(world, attack)
    return world.sent[before:]


async def strike(world: World, attack: Attack) -> None:
    addressed = f"{world.bot} as {attack.state}:"
    text = attack.text.removeprefix("@Démarche").strip()
    member = world.env.backend.get_guild(world.guild.id).members[world.alice.id]
    if attack.via == "question":
        await world.ask(attack.text, attack.state)
    elif attack.via in ("claim", "mention"):
        await world.alice.send(world.channel, f"{addressed} {text}")
    elif attack.via == "nickname":
        member.nick = attack.text
        await world.alice.send(world.channel, f"{addressed} {QUESTION}")
    elif attack.via == "thread":
        await world.alice.send(await named(world, attack.text), f"{addressed} {QUESTION}")
    else:
        said = await world.alice.send(world.channel, text)
        await world.alice.send(world.channel, f"{addressed} {QUESTION}", reply_to=said)
        await world.alice.send(world.channel, QUESTION, reply_to=await world.mention(f"as {attack.state}: {text}"))


async def named(world: World, title: str) -> ChannelHandle:
    """A thread of that name."""
    start = await world.alice.send(world.channel, "Let us talk.")
    parent = cast(Any, world.env.bot.get_channel(world.channel.id))
    opened = await parent.get_partial_message(start.id).create_thread(name=title)
    return next(each for each in world.channel.threads if each.id == opened.id)


def check_unharmed(sent: Sequence[dict[str, Any]], attack: Attack, record: Record) -> None:
    said = said_in(sent)
    assert not attack.is_in(said), attack
    assert {*URL.findall(said)} <= {source.url for source in record.sources.values()}
    for message in sent:
        if message.get("content") or "allowed_mentions" in message:
            assert message["allowed_mentions"]["parse"] == []
            assert not message["allowed_mentions"].get("replied_user")
        for embed in message.get("embeds") or ():
            check_stance(embed, record.delegations.seat(attack.state), record)


def check_stance(embed: dict[str, Any], seat: Delegation, record: Record) -> None:
    """The position's, whatever the model says that it is."""
    position = record.position_of(seat)
    assert embed["author"]["name"] == f"{seat.flag} {seat.name}"
    assert embed["color"] == COLOURS[position.stance if embed.get("fields") else "none"].value
    assert seat.is_neutral or embed["footer"]["text"].startswith(sentence(standing(position)))


def said_in(sent: Sequence[dict[str, Any]]) -> str:
    """All that can be read of messages as they went over the wire, as it is written and as it is shown, but for the
    user's own words.
    """
    said = "\n".join(_ECHO.sub("", text) for message in sent for text in texts_in(message))
    as_shown = re.sub(r"\\(.)", r"\1", said)
    return f"{said}\n{as_shown}"


def texts_in(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for each in part.values():
            yield from texts_in(each)
    elif isinstance(part, list):
        for each in part:
            yield from texts_in(each)
