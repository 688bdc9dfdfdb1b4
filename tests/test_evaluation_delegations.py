import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from bot.debate import SILENT, Claim, Speech, Voice, cite
from bot.delegate import Delegate
from bot.evaluation.delegations import ANSWERS, Asked, Fidelity, Put, fidelity, is_leak, leaks, measure, tours
from knowledge.date import Date
from knowledge.delegation import RAPPORTEUR, Delegation
from knowledge.errors import QuestionError
from knowledge.position import Change
from knowledge.record import Record

DAY, ARTICLE = Date("2023"), Date("2024-05-30")
OFFICE = "france-opposes-tokyo-liaison-office"
TOKYO = "Should NATO open an office in Tokyo?"


class Scripted:
    """Says what it is told to say to each question, and remembers what it was asked, of whom and as of when."""

    def __init__(self, record: Record, says: Mapping[str, Speech]) -> None:
        self.record, self._says = record, says
        self.heard: list[tuple[str, ...]] = []
        self._date = ""

    def until(self, date: Date) -> "Scripted":
        self._date = str(date)
        return self

    async def answer(self, question: str, seat: Delegation) -> Speech:
        return self._say("answer", question, seat)

    async def rebut(self, statement: str, seat: Delegation) -> Speech:
        return self._say("rebut", statement, seat)

    def unanswered(self, seat: Delegation, question: str, notice: str) -> Speech:
        position = self.record.position_of(seat)
        return Speech(seat=seat, question=question, position=position, drafter="none", notices=(notice,))

    def _say(self, how: str, question: str, seat: Delegation) -> Speech:
        self.heard.append((how, question, seat.code, self._date))
        if not question:
            raise QuestionError("There is no question here.")
        return self._says.get(question) or self.unanswered(seat, question, "Nothing.")


def speech(record: Record, code: str, *claims: Claim, **more: Any) -> Speech:
    seat = record.delegations[code]
    given = {"seat": seat, "question": "?", "position": record.position_of(seat), "drafter": "extractive", **more}
    return Speech(claims=claims, **given)


def claim(record: Record, *arguments: str, voice: Voice = "own", text: str = "So it is.") -> Claim:
    return Claim(text=text, voice=voice, citations=cite(record, arguments))


def newest(record: Record, code: str) -> str:
    """What was last known of a state, as the argument that rests on it."""
    facts = [record.passages[fact] for fact in record.positions[code].facts]
    return max(facts, key=lambda passage: passage.known_since).id.lower()


async def told(record: Record, puts: Sequence[tuple[Put, Speech]]) -> Fidelity:
    says = {put.question: spoken for put, spoken in puts}
    return await fidelity(cast(Delegate, Scripted(record, says)), [put for put, _ in puts])


def put(state: str, question: str, *facts: str, kind: str = "fact") -> Put:
    return Put.model_validate({"state": state, "question": question, "facts": facts, "kind": kind})


async def test_a_delegate_is_faithful_who_cites_its_own_record_first_and_a_right_fact_anywhere(record: Record) -> None:
    faithful = await told(
        record,
        [
            (put("FR", "own and right", "FR-01"), speech(record, "FR", claim(record, "fr-01"))),
            (put("FR", "own and wrong", "FR-02"), speech(record, "FR", claim(record, "fr-01"))),
            (put("FR", "in the article", "FR-02"), speech(record, "FR", claim(record, OFFICE))),
            (put("LT", "another's first", "LT-01"), speech(record, "LT", claim(record, "fr-01", "lt-01"))),
            (put("LT", "nothing", "LT-01"), speech(record, "LT")),
        ],
    )
    assert (faithful.n, faithful.delegations, faithful.fewest) == (5, 2, 2)
    assert (faithful.own_first, faithful.right) == (3 / 5, 2 / 5)


async def test_a_stance_is_stated_with_its_word_and_its_date(record: Record) -> None:
    france = record.positions["FR"]
    whole = f"As of {france.as_of.words} France is opposed, by its own statements."
    stated = await told(
        record,
        [
            (put("FR", "whole", kind="stance"), speech(record, "FR", opening=whole)),
            (put("FR", "undated", kind="stance"), speech(record, "FR", opening="France is opposed.")),
            (put("FR", "wrong", kind="stance"), speech(record, "FR", opening=whole.replace("opposed", "cautious"))),
            (put("AL", "none", kind="stance"), speech(record, "AL", opening=f"{SILENT} public position of Albania.")),
            (put("FR", "of a fact", "FR-01"), speech(record, "FR", claim(record, "fr-01"))),
        ],
    )
    assert record.positions["AL"].stance == "none"
    assert stated.stated == 2 / 4


async def test_silence_is_said_by_an_opening_or_by_saying_nothing(record: Record) -> None:
    beside = claim(record, "no-01", voice="general")
    silent = await told(
        record,
        [
            (put("NO", "nothing", kind="silent"), speech(record, "NO")),
            (put("NO", "said", kind="silent"), speech(record, "NO", beside, opening=f"{SILENT} Norwegian statement.")),
            (put("NO", "not said", kind="silent"), speech(record, "NO", beside)),
            (put("FR", "of a fact", "FR-01"), speech(record, "FR")),
        ],
    )
    assert silent.silence == 2 / 3


async def test_what_rests_on_anothers_facts_is_foreign_only_where_it_is_put_forward_as_its_own(record: Record) -> None:
    spoken = speech(
        record,
        "FR",
        claim(record, "fr-01"),
        claim(record, OFFICE),
        claim(record, "lt-01", "fr-02"),
        claim(record, "lt-02"),
        claim(record, "lt-03", voice="general"),
        claim(record, "us-01", voice="argued"),
    )
    assert (await told(record, [(put("FR", "?", "FR-01"), spoken)])).foreign == 2


async def test_the_real_delegate_is_faithful_on_a_handful_of_questions(delegate: Delegate) -> None:
    faithful = await fidelity(
        delegate,
        [
            put("FR", "Where does France stand on a NATO role in the Indo-Pacific?", kind="stance"),
            put("FR", TOKYO, "FR-02"),
            put("AL", "So what does Tirana actually say about NATO getting involved in Asia?", kind="silent"),
        ],
    )
    shares = (faithful.stated, faithful.own_first, faithful.right, faithful.silence)
    assert (faithful.n, shares, faithful.foreign) == (3, (1.0, 1.0, 1.0, 1.0), 0)


@pytest.fixture
def then(record: Record) -> Speech:
    """France as it spoke when the article came out."""
    known = record.until(ARTICLE)
    return speech(known, "FR", claim(known, OFFICE))


def test_what_was_known_on_the_day_is_no_leak(then: Speech) -> None:
    assert then.citations
    assert not is_leak(then, ARTICLE)


def test_a_speech_that_cites_something_newer_leaks(record: Record, then: Speech) -> None:
    newer = claim(record, newest(record, "FR"))
    assert is_leak(then.model_copy(update={"claims": (*then.claims, newer)}), ARTICLE)
    assert is_leak(then, Date("2024-05-29"))


def test_what_happened_before_but_became_known_later_leaks(record: Record) -> None:
    passage = record.passages["LT-05"]
    assert passage.date <= Date("2022") < passage.known_since
    spoken = speech(record.until(Date("2022")), "LT", claim(record, "lt-05"))
    assert is_leak(spoken, Date("2022"))
    assert not is_leak(spoken, passage.known_since)


@pytest.mark.parametrize("part", ["opening", "notice", "claim", "since"])
def test_a_speech_that_tells_of_a_later_year_leaks_wherever_it_does(then: Speech, part: str) -> None:
    later = "In 2025 it changed its mind."
    (said,) = then.claims
    change = Change(text=later, facts=("FR-01",))
    cited = [cited.model_copy(update={"since": (change,)}) for cited in said.citations]
    changed: dict[str, dict[str, Any]] = {
        "opening": {"opening": later},
        "notice": {"notices": (later,)},
        "claim": {"claims": (said.model_copy(update={"text": later}),)},
        "since": {"claims": (said.model_copy(update={"citations": tuple(cited)}),)},
    }
    spoken = then.model_copy(update=changed[part])
    assert is_leak(spoken, ARTICLE)
    assert not is_leak(spoken, Date("2025"))


def test_a_newer_position_leaks_though_nothing_is_said_of_it(record: Record, then: Speech) -> None:
    now = record.position_of(then.seat)
    assert now.as_of > ARTICLE
    assert is_leak(then.model_copy(update={"position": now}), ARTICLE)


def test_plans_for_later_years_are_no_leak_where_the_cited_passage_prints_them(record: Record) -> None:
    announced = Date("2024-08-06")
    known = record.until(announced)
    assert "sail to Japan and the Indo-Pacific in 2025" in known.passages["NO-02"].text
    for year, argument, leaked in (("2025", "no-02", False), ("2025", "fr-02", True), ("2026", "no-02", True)):
        sails = claim(known, argument, text=f"Two Norwegian ships sail in {year}.")
        assert is_leak(speech(known, "NO", sails), announced) is leaked


def test_a_year_that_the_question_names_may_be_repeated(then: Speech) -> None:
    told = {"notices": ("The record holds nothing of 2027.",)}
    assert is_leak(then.model_copy(update=told), ARTICLE)
    assert not is_leak(then.model_copy(update={**told, "question": "And in 2027?"}), ARTICLE)


async def test_the_sample_of_leaks_is_the_same_every_time(record: Record) -> None:
    heard = []
    for _ in range(2):
        scripted = Scripted(record, {})
        counted = await leaks(cast(Delegate, scripted), [TOKYO, "And Taiwan?", ""], 60)
        assert counted.n == len(scripted.heard) == 60
        heard.append(scripted.heard)
    assert heard[0] == heard[1]
    how, questions, states, dates = (set(each) for each in zip(*heard[0], strict=True))
    assert (how, questions) == ({"answer", "rebut"}, {TOKYO, "And Taiwan?", ""})
    assert states <= {seat.code for seat in record.delegations.seated}
    assert len(states) > 15
    assert len(dates) > 8


async def test_leaks_and_citations_are_counted(record: Record) -> None:
    """France repeats what it says now, whatever the day."""
    now = speech(record, "FR", claim(record, newest(record, "FR"), OFFICE))
    scripted = Scripted(record, {TOKYO: now})
    counted = await leaks(cast(Delegate, scripted), [TOKYO], 40)
    early = sum(Date(date) < now.position.as_of for *_, date in scripted.heard)
    assert (counted.citations, counted.leaks) == (40 * len(now.citations), early)
    assert 0 < early < 40


async def test_a_tour_names_most_of_those_it_is_about_and_cites_a_right_fact(record: Record) -> None:
    says = {
        "both": speech(record, RAPPORTEUR.code, claim(record, "lt-01", "lv-01", voice="general")),
        "half": speech(record, RAPPORTEUR.code, claim(record, "lt-01", voice="general")),
        "by name": speech(record, RAPPORTEUR.code, opening="Lithuania and Latvia speak of it."),
        "a third": speech(record, RAPPORTEUR.code, claim(record, "lt-02", voice="general")),
        "bare": speech(
            record,
            RAPPORTEUR.code,
            claim(record, "us-01", voice="general"),
            Claim(text="So it is.", voice="general", citations=()),
        ),
    }
    baltic = ("LT", "LV")
    asked = [
        Asked(question="both", states=baltic, facts=("LV-01",)),
        Asked(question="half", states=baltic, facts=("LT-01", "LV-01")),
        Asked(question="by name", states=baltic, facts=("LT-01",)),
        Asked(question="a third", states=(*baltic, "EE"), facts=("EE-01",)),
        Asked(question="bare", states=baltic, facts=("LT-01",)),
    ]
    scripted = Scripted(record, says)
    toured = await tours(cast(Delegate, scripted), asked)
    assert (toured.n, toured.named, toured.cited, toured.uncited) == (5, 3 / 5, 2 / 5, 1)
    assert {state for _, _, state, _ in scripted.heard} == {RAPPORTEUR.code}


async def test_everything_is_measured_from_the_questions_in_a_folder(record: Record, tmp_path: Path) -> None:
    fact = {"id": "1", "state": "FR", "question": TOKYO, "facts": ["FR-01"], "kind": "fact"}
    table = {"id": "2", "question": "Who is opposed?", "states": ["FR"], "facts": ["FR-01"]}
    for name, line in (("fidelity", fact), ("table", table)):
        (tmp_path / f"{name}.jsonl").write_text(f"{json.dumps(line)}\n\n", encoding="utf-8")
    measured = await measure(cast(Delegate, Scripted(record, {})), tmp_path)
    assert (measured.fidelity.n, measured.leaks.n, measured.tours.n) == (1, ANSWERS, 1)
    assert (measured.fidelity.right, measured.tours.named) == (0.0, 0.0)
