"""How well delegates debate: whether they rebut what was said, keep to their position under pressure, and repeat
themselves.
"""

import itertools
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot import formats
from bot.address import MOTION
from bot.debate import Citation, Claim, Speech
from bot.debater import Debater
from bot.delegate import Delegate
from bot.duel import SIDES, Duel, Seat, Side, words_in
from bot.evaluation.reading import read
from bot.exchange import Exchange
from knowledge.delegation import Delegation
from knowledge.errors import OutOfOrder, QuestionError
from knowledge.position import Position

LINES = ("own", "argued", "contradicting", "recorded", "again", "unmet")  # what a delegate says in its own name
GRANTED = ("granted", "noted")

SETS = ("rebuttals", "tuning", "tuning2")  # the first was not used in building


class Opposed(BaseModel):
    """An opponent's claim to a state's delegate. ``answers``: the arguments (ids) that answer it rightly."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    state: str
    claim: str
    answers: tuple[str, ...]


class Pressed(BaseModel):
    """A turn that presses a state's delegate to leave its position."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    state: str
    said: str


class Stray(BaseModel):
    """Something said in a debate that the record does not speak to."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    said: str


class Rebuttals(BaseModel):
    """Shares from 0 to 1 over ``n`` opponents' claims. ``right``: a right argument is among those that the first answer
    puts forward; ``right_first``: it is the first of them; ``silent``: no answer was given.
    """

    name: str
    n: int
    right: float
    right_first: float
    silent: float


class Fidelity(BaseModel):
    """``flips``: replies in which something is said that the position does not allow."""

    state: str
    turns: int
    flips: int


class Duels(BaseModel):
    """Over duels of every delegation. ``repeated``: share of the arguments that the
    same side had put forward before, closing statements aside; ``words``: median and most of a turn.
    """

    duels: int
    turns: int
    claims: int
    uncited: int
    repeated: float
    median_words: float
    most_words: int
    over_length: int


class Debating(BaseModel):
    rebuttals: list[Rebuttals]
    fidelity: list[Fidelity]
    duels: Duels
    answered_off_topic: float
    citations: int
    verbatim: float


async def measure(delegate: Delegate, folder: Path, table: Sequence[Delegation] = ()) -> Debating:
    """From the claims in ``folder``, and from duels of ``table``, which is everybody where none is given."""
    table = table or [seat for seat in delegate.record.delegations.seated if not seat.is_neutral]
    sets = {name: read(Opposed, folder / f"{name}.jsonl") for name in SETS}
    replies = {name: [await _reply(delegate, each) for each in claims] for name, claims in sets.items()}
    pressed = [await _pressed(delegate, seat, folder) for seat in _under_pressure(delegate, folder)]
    held = [await _held(delegate, duel) for duel in await _duels(delegate, table)]
    speeches = [*itertools.chain(*replies.values()), *itertools.chain(*(said for _, said in pressed))]
    cited = [*_cited(itertools.chain(*(speech.claims for speech in speeches))), *_cited(_claims(held))]
    return Debating(
        rebuttals=[_rebuttals(name, sets[name], replies[name]) for name in sets],
        fidelity=[fidelity for fidelity, _ in pressed],
        duels=_figures(held),
        answered_off_topic=await _answered(delegate, folder / "off.jsonl"),
        citations=len(cited),
        verbatim=sum(c.passage.stretch(c.quote) is not None for c in cited) / max(len(cited), 1),
    )


def is_flip(speech: Speech) -> bool:
    """Whether a delegate says in its own name what is not its position's: it pleads for the other side, takes over what
    Beijing or another delegation holds, or grants what it does not concede. Judged by the side and the holders of what
    is cited.
    """
    return any(not _keeps(claim, citation, speech.position) for claim in speech.claims for citation in claim.citations)


def _keeps(claim: Claim, citation: Citation, position: Position) -> bool:
    held = {*position.held, *(fact.lower() for fact in position.facts)}
    if claim.voice in GRANTED:
        return citation.argument in held | {*position.argues} | {*position.concedes}
    if claim.voice not in LINES or citation.argument in held:
        return True
    if claim.voice == "own" or "CN" in citation.held_by:
        return False
    if citation.argument in position.argues:
        return True
    pleads_otherwise = position.stance in SIDES and citation.side not in (position.stance, "context")
    return claim.voice not in ("argued", "unmet") and not pleads_otherwise


def _under_pressure(delegate: Delegate, folder: Path) -> list[Delegation]:
    states = dict.fromkeys(each.state for each in read(Pressed, folder / "pressure.jsonl"))
    return [delegate.record.delegations[code] for code in states]


async def _reply(delegate: Delegate, opposed: Opposed) -> Speech:
    return await delegate.rebut(opposed.claim, delegate.record.delegations.find(opposed.state))


def _rebuttals(name: str, claims: Sequence[Opposed], replies: Sequence[Speech]) -> Rebuttals:
    said = [[citation.argument for citation in speech.citations] for speech in replies]
    right = [bool({*arguments} & {*each.answers}) for each, arguments in zip(claims, said, strict=True)]
    first = [arguments[:1] and arguments[0] in each.answers for each, arguments in zip(claims, said, strict=True)]
    n = len(claims)
    silent = sum(not speech.answered for speech in replies)
    return Rebuttals(name=name, n=n, right=sum(right) / n, right_first=sum(map(bool, first)) / n, silent=silent / n)


async def _pressed(delegate: Delegate, seat: Delegation, folder: Path) -> tuple[Fidelity, list[Speech]]:
    """One long conversation a delegate, all of it pressure."""
    exchange = Exchange(delegate, seat)
    lines = [each.said for each in read(Pressed, folder / "pressure.jsonl") if each.state == seat.code]
    speeches = [await exchange.say(line) for line in lines]
    flips = sum(is_flip(speech) or speech.position != delegate.record.position_of(seat) for speech in speeches)
    return Fidelity(state=seat.code, turns=len(lines), flips=flips), speeches


async def _duels(delegate: Delegate, table: Sequence[Delegation]) -> list[Duel]:
    """Each delegation against France and against Lithuania, where it may be seated so, in the classroom's format."""
    debater, found = Debater(delegate), []
    opposed, supportive = delegate.record.delegations["FR"], delegate.record.delegations["LT"]
    for pro, contra in [*((seat, opposed) for seat in table), *((supportive, seat) for seat in table)]:
        seats = Seat(side="for", state=pro.code), Seat(side="against", state=contra.code)
        try:
            found.append(await debater.convene(MOTION, formats.find("classroom").of_rounds(2), seats))
        except OutOfOrder:
            continue
    return found


async def _held(delegate: Delegate, duel: Duel) -> Duel:
    debater = Debater(delegate)
    while duel.due:
        duel = duel.hold(await debater.speak(duel))
    return duel


def _figures(duels: Sequence[Duel]) -> Duels:
    turns = [turn for duel in duels for turn in duel.turns]
    words = [words_in(turn.text) for turn in turns]
    put = [_put(duel, side) for duel in duels for side in SIDES]
    claims = _claims(duels)
    return Duels(
        duels=len(duels),
        turns=len(turns),
        claims=len(claims),
        uncited=sum(not claim.citations for claim in claims),
        repeated=sum(n - 1 for side in put for n in side.values()) / max(sum(map(Counter.total, put)), 1),
        median_words=statistics.median(words),
        most_words=max(words),
        over_length=sum(
            words_in(turn.text) > duel.format.turns[turn.kind].words for duel in duels for turn in duel.turns
        ),
    )


def _put(duel: Duel, side: Side) -> Counter[str]:
    return Counter(point.argument for turn in duel.turns if turn.side == side for point in turn.points)


def _claims(duels: Iterable[Duel]) -> list[Claim]:
    return [claim for duel in duels for turn in duel.turns for claim in turn.claims]


def _cited(claims: Iterable[Claim]) -> list[Citation]:
    return [citation for claim in claims for citation in claim.citations]


async def _answered(delegate: Delegate, path: Path) -> float:
    """The share of things said off the record to which a rebuttal is given."""
    lines, answered = read(Stray, path), 0
    for line in lines:
        with suppress(QuestionError):
            answered += (await delegate.rebut(line.said, delegate.record.delegations["FR"])).answered
    return answered / len(lines)
