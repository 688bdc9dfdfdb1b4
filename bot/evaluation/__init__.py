"""The quality figures: how well the library finds, when it refuses, whether every citation holds, and how delegates
debate.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.debate import Speech
from bot.delegate import Delegate
from bot.evaluation import attacks, checking, debating, delegations
from bot.evaluation.attacks import Attack, Withstood
from bot.evaluation.checking import Checking, Reworded
from bot.evaluation.debating import Debating
from bot.evaluation.delegations import Delegations
from bot.evaluation.reading import read
from knowledge.delegation import RAPPORTEUR, Delegation
from knowledge.errors import DemarcheError
from knowledge.findings import Findings
from knowledge.passage import folded
from knowledge.record import Record

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "tests" / "questions"
CLAIMS = ROOT / "tests" / "claims"
ATTACKS = ROOT / "tests" / "attacks" / "attacks.jsonl"
EVIDENCE = ROOT.parent / "shared" / "datasets" / "wice"  # measured where it is at hand
ANSWERING = 5  # delegations that are asked each question, beside the rapporteur
DEVELOPMENT = ROOT.parent / "shared" / "eval" / "article_dev.jsonl"  # measured where it is at hand


class Asked(BaseModel):
    """A question; ``gold`` holds words of the passages that answer it, and is empty when none does."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    question: str
    gold: tuple[str, ...] = ()


class Figures(BaseModel):
    """Shares from 0 to 1 over ``n`` questions; None where a figure does not apply."""

    name: str
    n: int
    hit_1: float | None = None
    hit_3: float | None = None
    mrr: float | None = None
    refused: float | None = None
    answered: float | None = None


class Report(BaseModel):
    """``resolved``: citations whose passage is in its source at its place; ``verbatim``: quotes that stand in it;
    ``linked``: links that are a source's URL; counted over ``answers`` of the rapporteur and of
    delegates in turn.
    """

    sets: list[Figures]
    answers: int
    citations: int
    uncited: int
    resolved: float
    verbatim: float
    linked: float
    debating: Debating | None = None
    delegations: Delegations | None = None


async def measure(delegate: Delegate) -> Report:
    """Ask everything. Raises DemarcheError when the questions are not at hand."""
    files = [path for path in (DEVELOPMENT, *sorted(QUESTIONS.glob("*.jsonl"))) if path.exists()]
    if not files:
        raise DemarcheError("There are no questions to measure with; run this from a checkout of the repository.")
    asked = {path.stem: read_questions(path) for path in files}
    figures = [await _measured(delegate, name, questions) for name, questions in asked.items()]
    every = [question.question for questions in asked.values() for question in questions]
    speeches = [
        await delegate.answer(question, seat)
        for place, question in enumerate(every)
        for seat in (RAPPORTEUR, *_in_turn(delegate.record.delegations.seated[1:], place))
    ]
    return _report(figures, speeches, delegate)


def _in_turn(seats: Sequence[Delegation], place: int) -> list[Delegation]:
    """Those whose turn it is to be asked, so that everybody is asked often."""
    return [seats[(place * ANSWERING + n) % len(seats)] for n in range(ANSWERING)]


async def measure_all(delegate: Delegate) -> Report:
    """As ``measure``, and how delegates keep to their dossiers and debate, where what to measure with is at hand."""
    report = await measure(delegate)
    if not CLAIMS.is_dir():
        return report
    told = await delegations.measure(delegate, QUESTIONS / "delegations")
    debated = await debating.measure(delegate, CLAIMS)
    return report.model_copy(update={"delegations": told, "debating": debated})


class Ladder(BaseModel):
    """How well the ladder checks, and what gets past it when a model obeys whoever attacks it."""

    checking: Checking
    attacks: Withstood


async def measure_ladder(delegate: Delegate) -> Ladder:
    """Raises DemarcheError when there is nothing at hand to measure with."""
    if not CLAIMS.is_dir():
        raise DemarcheError("There are no drafts to measure with; run this from a checkout of the repository.")
    return Ladder(
        checking=await checking.measure(delegate, QUESTIONS, CLAIMS, EVIDENCE),
        attacks=await attacks.measure(delegate, [*read(Attack, ATTACKS), *_dictated(delegate.record)]),
    )


def _dictated(record: Record) -> Iterator[Attack]:
    for each in read(Reworded, CLAIMS / "recombined.jsonl"):
        yield attacks.dictated(record.arguments[each.argument], each.text)


def read_questions(path: Path) -> list[Asked]:
    """The questions of a file with one JSON object a line."""
    return read(Asked, path)


async def _measured(delegate: Delegate, name: str, questions: Sequence[Asked]) -> Figures:
    """What is found, and whether the rapporteur answers at all."""
    found = [await delegate.search(each.question) for each in questions]
    answered = [(await delegate.answer(each.question, RAPPORTEUR)).answered for each in questions]
    return _figures(name, questions, found, sum(answered))


def _figures(name: str, questions: Sequence[Asked], found: Sequence[Findings], near: int) -> Figures:
    n = len(questions)
    if not any(question.gold for question in questions):
        return Figures(name=name, n=n, answered=near / n)
    ranks = [_rank(question, findings) for question, findings in zip(questions, found, strict=True)]
    return Figures(
        name=name,
        n=n,
        hit_1=sum(rank == 1 for rank in ranks) / n,
        hit_3=sum(rank <= 3 for rank in ranks) / n,
        mrr=sum(1 / rank for rank in ranks) / n,
        refused=1 - near / n,
    )


def _rank(question: Asked, findings: Findings) -> float:
    """The place, from 1, of the first passage that answers; infinite when none does."""
    gold = [folded(words) for words in question.gold]
    for place, hit in enumerate(findings.hits, start=1):
        text = folded(hit.passage.text)
        if any(words in text for words in gold):
            return place
    return float("inf")


def _report(figures: list[Figures], speeches: Sequence[Speech], delegate: Delegate) -> Report:
    record = delegate.record
    cited = [citation for speech in speeches for claim in speech.claims for citation in claim.citations]
    urls = {source.url for source in record.sources.values()}
    count = max(len(cited), 1)
    return Report(
        sets=figures,
        answers=sum(speech.answered for speech in speeches),
        citations=len(cited),
        uncited=sum(not claim.citations for speech in speeches for claim in speech.claims),
        resolved=sum(record.passages.get(c.passage.id) == c.passage for c in cited) / count,
        verbatim=sum(folded(c.quote) in folded(c.passage.text) for c in cited) / count,
        linked=sum(c.source.url in urls for c in cited) / count,
    )
