import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import pytest

from bot import evaluation
from bot.debate import Citation, Claim, Speech, cite
from bot.delegate import Delegate
from bot.evaluation import ANSWERING, QUESTIONS, Report, measure, read_questions
from knowledge.delegation import RAPPORTEUR, Delegation
from knowledge.errors import DemarcheError
from knowledge.findings import Findings, Hit
from knowledge.passage import folded
from knowledge.record import Record

Ask = Callable[[str, dict[str, list[str]]], None]

TOKYO = "france-opposes-tokyo-liaison-office"


class Oracle:
    """Finds for each question the passages it is told, and answers all that is near enough with one claim."""

    def __init__(self, record: Record, found: dict[str, Sequence[int]], citation: Citation) -> None:
        self.record, self._found, self._citation = record, found, citation
        self.asked = Counter[str]()

    async def search(self, question: str) -> Findings:
        numbers = self._found[question]
        hits = [Hit(self.record.passages[f"cfr-2024-05-30/{number}"], 0.5) for number in numbers]
        return Findings(question, tuple(hits), (), 0.9 if hits else 0.1)

    async def answer(self, question: str, seat: Delegation) -> Speech:
        self.asked[seat.code] += 1
        claims = (
            (Claim(text="So it is.", voice="general", citations=(self._citation,)),) if self._found[question] else ()
        )
        position = self.record.position_of(seat)
        return Speech(seat=seat, question=question, position=position, drafter="oracle", claims=claims)


@pytest.fixture
def sound(record: Record) -> Citation:
    return cite(record, [TOKYO])[0]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Put a file of questions with their gold where they are looked for."""
    monkeypatch.setattr(evaluation, "QUESTIONS", tmp_path)
    monkeypatch.setattr(evaluation, "DEVELOPMENT", tmp_path / "development" / "not-there.jsonl")

    def write(name: str, questions: dict[str, list[str]]) -> None:
        lines = [
            json.dumps({"id": text, "question": text, "gold": gold, "note": "-"}) for text, gold in questions.items()
        ]
        (tmp_path / f"{name}.jsonl").write_text("\n\n".join(lines))

    return write


async def measured(record: Record, citation: Citation, found: dict[str, Sequence[int]]) -> Report:
    return await measure(cast(Delegate, Oracle(record, found, citation)))


def words(record: Record, number: int) -> str:
    """Words by which a passage is recognised, as one would type them."""
    return record.passages[f"cfr-2024-05-30/{number}"].text.replace("’", "'")[:60]


async def test_the_figures_follow_from_the_ranks(record: Record, sound: Citation, ask: Ask) -> None:
    ask(
        "article",
        {
            "first": [words(record, 1)],
            "second": ["words of no passage", words(record, 2)],
            "fourth": [words(record, 4)],
            "nowhere": [words(record, 9)],
            "refused": [words(record, 1)],
        },
    )
    ask("elsewhere", {"moons": [], "eggs": []})
    found = {"first": [1, 2, 3, 4], "second": [1, 2], "fourth": [1, 2, 3, 4], "nowhere": [1], "refused": []}
    report = await measured(record, sound, {**found, "moons": [], "eggs": [5]})
    mrr = pytest.approx((1 + 1 / 2 + 1 / 4) / 5)
    article = {"name": "article", "n": 5, "hit_1": 1 / 5, "hit_3": 2 / 5, "mrr": mrr, "refused": pytest.approx(1 / 5)}
    elsewhere = {"name": "elsewhere", "n": 2, "answered": 1 / 2}
    assert [figures.model_dump(exclude_none=True) for figures in report.sets] == [article, elsewhere]


async def test_the_rapporteur_is_asked_everything_and_every_delegate_in_turn(
    record: Record, sound: Citation, ask: Ask
) -> None:
    questions = {str(n): [words(record, 1)] for n in range(20)}
    ask("some", {**questions, "refused": [words(record, 1)]})
    oracle = Oracle(record, {**{each: [1] for each in questions}, "refused": []}, sound)
    report = await measure(cast(Delegate, oracle))
    assert report.answers == 20 * (1 + ANSWERING)
    assert (report.citations, report.uncited) == (report.answers, 0)
    assert (report.resolved, report.verbatim, report.linked) == (1.0, 1.0, 1.0)
    rapporteur = oracle.asked.pop(RAPPORTEUR.code)
    assert rapporteur >= 21
    assert oracle.asked.keys() == {seat.code for seat in record.delegations.seated} - {RAPPORTEUR.code}
    assert max(oracle.asked.values()) - min(oracle.asked.values()) <= 1


async def test_a_citation_that_does_not_hold_is_counted(record: Record, sound: Citation, ask: Ask) -> None:
    ask("some", {"answered": [words(record, 1)]})
    source = sound.source.model_copy(update={"url": "https://elsewhere.example/"})
    moved = sound.passage.model_copy(update={"start": sound.passage.start + 1})
    for changed, figures in (
        ({"quote": "words that nobody wrote"}, (1.0, 0.0, 1.0)),
        ({"source": source}, (1.0, 1.0, 0.0)),
        ({"passage": moved}, (0.0, 1.0, 1.0)),
    ):
        report = await measured(record, sound.model_copy(update=changed), {"answered": [1]})
        assert (report.resolved, report.verbatim, report.linked) == figures


async def test_without_questions_nothing_is_measured(record: Record, sound: Citation, ask: Ask) -> None:
    with pytest.raises(DemarcheError, match="checkout"):
        await measured(record, sound, {})


def test_our_own_questions_are_enough_and_their_gold_stands_in_the_article(record: Record) -> None:
    texts = " ".join(folded(passage.text) for passage in record.passages.values())
    on = [asked for asked in read_questions(QUESTIONS / "article.jsonl") if asked.gold]
    off = [asked for asked in read_questions(QUESTIONS / "elsewhere.jsonl") if not asked.gold]
    assert len(on) >= 60
    assert len(off) >= 60
    assert all(folded(gold) in texts for asked in on for gold in asked.gold)


def test_what_is_measured_with_was_not_learnt_from(record: Record) -> None:
    learnt = {question for argument in record.arguments.values() for question in argument.questions}
    learnt |= {*record.calibration.answered, *record.calibration.elsewhere}
    for name in ("article", "elsewhere"):
        assert learnt.isdisjoint({asked.question for asked in read_questions(QUESTIONS / f"{name}.jsonl")})
