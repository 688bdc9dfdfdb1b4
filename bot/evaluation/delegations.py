"""How faithfully delegates speak from their dossiers, whether anything newer than a date leaks, and whether the
rapporteur names whom a question to the whole table is about.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.debate import COUNTS_AS, SILENT, Citation, Speech
from bot.delegate import Delegate
from bot.evaluation.reading import read
from bot.wording import text_of
from knowledge.date import Date
from knowledge.delegation import RAPPORTEUR, Delegation
from knowledge.errors import QuestionError
from knowledge.record import Record

SEED, ANSWERS = 4, 600  # of the answers as of a date
DATES = ("2019", "2020-06-30", "2021-12-31", "2022-05-31", "2022-12-01", "2023-07-12", "2023-12-31", "2024-05-30")
LATER = ("2024-07-12", "2024-12-31", "2025-05-30", "2025-12-31", "2026-03-01")
MOST = 0.5  # of the delegations that a right answer names, for it to count

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

Kind = Literal["stance", "hold", "fact", "silent"]


class Put(BaseModel):
    """A question to a state's delegate. ``facts`` (ids): any of them answers it; none where the state is silent."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    state: str
    question: str
    facts: tuple[str, ...] = ()
    kind: Kind


class Asked(BaseModel):
    """A question to the rapporteur. ``states``: whom a right answer names."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    question: str
    states: tuple[str, ...]
    facts: tuple[str, ...] = ()


class Fidelity(BaseModel):
    """Shares from 0 to 1 over ``n`` questions of the kinds they speak of. ``stated``: asked where it stands, the
    delegate says so as the record has it; ``own_first``: its own record is cited first; ``right``: a right fact is
    cited; ``silence``: asked on what its state is silent on, it says so. ``foreign``: claims put forward as its own
    that rest on another's facts; ``fewest``: questions of the delegation that was asked least.
    """

    n: int
    delegations: int
    fewest: int
    stated: float
    own_first: float
    right: float
    silence: float
    foreign: int


class Leaks(BaseModel):
    """``leaks``: answers as of a date in which something newer is cited, told or used."""

    n: int
    citations: int
    leaks: int


class Tours(BaseModel):
    """Shares of ``n`` questions to the whole table. ``named``: most of those it is about; ``cited``: a right fact."""

    n: int
    named: float
    cited: float
    uncited: int


class Delegations(BaseModel):
    fidelity: Fidelity
    leaks: Leaks
    tours: Tours


async def measure(delegate: Delegate, folder: Path) -> Delegations:
    """From the questions in ``folder``."""
    puts = read(Put, folder / "fidelity.jsonl")
    return Delegations(
        fidelity=await fidelity(delegate, puts),
        leaks=await leaks(delegate, [put.question for put in puts], ANSWERS),
        tours=await tours(delegate, read(Asked, folder / "table.jsonl")),
    )


async def fidelity(delegate: Delegate, puts: Sequence[Put]) -> Fidelity:
    record = delegate.record
    speeches = [await delegate.answer(put.question, record.delegations[put.state]) for put in puts]
    pairs = list(zip(puts, speeches, strict=True))
    sourced = [(put, speech) for put, speech in pairs if put.facts]
    asked = Counter(put.state for put in puts)
    return Fidelity(
        n=len(puts),
        delegations=len(asked),
        fewest=min(asked.values()),
        stated=_share(_is_stated(speech) for put, speech in pairs if put.kind == "stance"),
        own_first=_share(_is_own(speech.citations[:1], put.state) for put, speech in sourced),
        right=_share(_cites(speech, put.facts) for put, speech in sourced),
        silence=_share(_says_nothing(speech) for put, speech in pairs if put.kind == "silent"),
        foreign=sum(_is_foreign(speech) for speech in speeches),
    )


async def leaks(delegate: Delegate, questions: Sequence[str], most: int) -> Leaks:
    """Questions drawn at random, put to delegates drawn at random, as of dates from 2019 on."""
    chance, record = random.Random(SEED), delegate.record  # noqa: S311 - a sample that is the same every time
    counted, cited, leaking = 0, 0, 0
    while counted < most:
        date = Date(chance.choice((*DATES, *LATER)))
        seat = chance.choice(record.delegations.seated)
        speech = await _said_on(delegate.until(date), chance.choice(questions), seat, rebutted=chance.random() < 0.25)
        counted, cited = counted + 1, cited + len(speech.citations)
        leaking += is_leak(speech, date)
    return Leaks(n=counted, citations=cited, leaks=leaking)


async def tours(delegate: Delegate, asked: Sequence[Asked]) -> Tours:
    speeches = [await delegate.answer(each.question, RAPPORTEUR) for each in asked]
    pairs = list(zip(asked, speeches, strict=True))
    return Tours(
        n=len(asked),
        named=_share(_names(each, speech, delegate.record) >= MOST for each, speech in pairs),
        cited=_share(_cites(speech, each.facts) for each, speech in pairs),
        uncited=sum(not claim.citations for speech in speeches for claim in speech.claims),
    )


def is_leak(speech: Speech, date: Date) -> bool:
    """Whether something newer than the date is cited, told of what is cited, known of the position, or said."""
    cited = speech.citations
    newer = any(each.passage.known_since > date or each.as_of > date for each in cited)
    known = " ".join((speech.question, *(each.passage.text for each in cited), *(each.source.title for each in cited)))
    shown = " ".join((text_of(speech), *(change.text for each in cited for change in each.since)))
    years = {*_YEAR.findall(shown)} - {*_YEAR.findall(known)}  # plans for later years were known, and people ask of any
    return newer or speech.position.as_of > date or any(int(year) > date.last.year for year in years)


async def _said_on(delegate: Delegate, question: str, seat: Delegation, *, rebutted: bool) -> Speech:
    try:
        return await (delegate.rebut(question, seat) if rebutted else delegate.answer(question, seat))
    except QuestionError:
        return delegate.unanswered(seat, question, "")


def _is_stated(speech: Speech) -> bool:
    said = text_of(speech)
    if speech.position.stance == "none":
        return "no public position" in said
    return COUNTS_AS[speech.position.leaning] in said and speech.position.as_of.words in said


def _is_own(citations: Sequence[Citation], state: str) -> bool:
    return any(state in (cited.passage.fact_of, *cited.held_by) for cited in citations)


def _cites(speech: Speech, facts: Iterable[str]) -> bool:
    return not {*facts}.isdisjoint(cited.passage.id for cited in speech.citations)


def _says_nothing(speech: Speech) -> bool:
    return not speech.answered or speech.opening.startswith(SILENT)


def _is_foreign(speech: Speech) -> int:
    own = [claim for claim in speech.claims if claim.voice == "own"]
    others = {speech.seat.code, ""}
    return sum(cited.passage.fact_of not in others for claim in own for cited in claim.citations)


def _names(asked: Asked, speech: Speech, record: Record) -> float:
    said = text_of(speech)
    named = record.names.mentioned(said) | {cited.passage.fact_of for cited in speech.citations}
    found = [code for code in asked.states if code in named or record.delegations[code].name in said]
    return len(found) / len(asked.states)


def _share(results: Iterable[bool]) -> float:
    counted = list(results)
    return sum(counted) / max(len(counted), 1)
