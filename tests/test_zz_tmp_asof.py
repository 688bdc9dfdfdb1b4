"""Nothing leaks: as of a date no delegate cites, tells or knows anything newer."""

import asyncio
import json
import random
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.address import MOTION
from bot.debate import Speech
from bot.delegate import Delegate
from bot.wording import text_of
from knowledge.date import Date
from knowledge.library import Library
from knowledge.position import Change
from knowledge.record import Record

SEED = 20260304
DATES, ANSWERS, REBUTTALS = 10, 60, 20
QUESTIONS = Path("/work/main/tests") / "questions" / "delegations"
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class Said(NamedTuple):
    date: Date
    speech: Speech
    record: Record


def dates() -> list[Date]:
    """Days, months and years from 2019 to 2026, the same each time."""
    chance = random.Random(SEED)
    days = [f"{chance.randint(2019, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}" for _ in range(DATES)]
    lengths = [len("2024"), len("2024-05"), *[len("2024-05-30")] * (DATES - 2)]
    return sorted(Date(day[:length]) for day, length in zip(days, lengths, strict=True))


def put_to_delegates(record: Record) -> list[str]:
    """What people ask, of delegates and of the table; some of it is about what is newer than any of the dates."""
    lines = [line for path in sorted(QUESTIONS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    asked = [json.loads(line)["question"] for line in lines]
    return [*asked, *(fact.questions[0] for dossier in record.dossiers.values() for fact in dossier.facts)]


def put_against_delegates(record: Record) -> list[str]:
    return [words for argument in record.arguments.values() for words in (*argument.says, *argument.counters)]


@pytest.fixture(scope="module")
def said(library: Library, record: Record) -> list[Said]:
    """Answers and rebuttals of delegates drawn at random, as of each of the dates."""
    chance, delegate = random.Random(SEED), Delegate(library)
    questions, statements, seats = put_to_delegates(record), put_against_delegates(record), record.delegations.seated

    async def speak() -> list[Said]:
        spoken = []
        for place in range(ANSWERS + REBUTTALS):
            date = dates()[place % DATES]
            then = delegate.until(date)
            answering = place < ANSWERS
            words = chance.choice(questions if answering else statements)
            seat = chance.choice(seats)
            try:
                speech = await (then.answer(words, seat) if answering else then.rebut(words, seat))
            except IndexError:
                continue
            spoken.append(Said(date, speech, then.record))
        return spoken

    return asyncio.run(speak())


def is_known(record: Record, change: Change, date: Date) -> bool:
    return all(record.passages[fact].known_since <= date for fact in change.facts)


def years(*texts: str) -> set[int]:
    return {int(year) for text in texts for year in YEAR.findall(text)}


def test_there_is_something_to_leak_and_something_to_say(said: list[Said], record: Record) -> None:
    assert len({each.date for each in said}) == DATES
    assert len({each.speech.seat.code for each in said}) > DATES
    assert sum(each.speech.answered for each in said) > len(said) // 3
    assert all(any(passage.known_since > date for passage in record.passages.values()) for date in dates()[:-1])


def test_nothing_is_cited_that_was_not_known_yet(said: list[Said]) -> None:
    for date, speech, _ in said:
        for citation in speech.citations:
            assert citation.passage.known_since <= date, (date, citation)
            assert citation.as_of <= date, (date, citation)
            assert citation.source.date <= date, (date, citation)


def test_nothing_is_told_of_what_is_cited_that_was_not_known_yet(said: list[Said], record: Record) -> None:
    for date, speech, _ in said:
        for citation in speech.citations:
            assert all(is_known(record, change, date) for change in citation.since), (date, citation)


def test_no_position_is_newer_than_its_date(said: list[Said], record: Record) -> None:
    for date, speech, then in said:
        position = speech.position
        assert position == then.position_of(speech.seat)
        assert position.as_of <= date
        assert all(record.passages[fact].known_since <= date for fact in position.facts)
        assert all(is_known(record, change, date) for change in position.changed)


def test_no_later_year_is_said_unless_it_was_announced_or_asked_about(said: list[Said]) -> None:
    for date, speech, _ in said:
        announced = years(speech.question, *(citation.passage.text for citation in speech.citations))
        told = years(text_of(speech), *(change.text for cited in speech.citations for change in cited.since))
        assert all(year <= date.last.year for year in told - announced), (date, text_of(speech))
        assert all(year <= date.last.year or year in announced for year in years(speech.position.summary)), date


@pytest.mark.parametrize("date", dates(), ids=str)
def test_no_delegation_holds_or_says_of_itself_what_was_not_known_yet(record: Record, date: Date) -> None:
    then = record.until(date)
    for seat in then.delegations:
        position = then.position_of(seat)
        grounds = [record.passages[ground] for id in position.held for ground in record.grounds[id]]
        assert all(passage.known_since <= date for passage in grounds), seat.code
        told = years(position.summary, *(hold.claim for hold in position.holds))
        announced = years(*(passage.text for passage in grounds))
        assert all(year <= date.last.year for year in told - announced), (seat.code, position.summary)


@pytest.mark.parametrize("date", ["2010", "2019-06", "2020-12-31", "2022-05-31"])
async def test_however_little_is_on_record_yet_every_delegate_has_an_answer_or_says_that_it_has_none(
    library: Library, date: str
) -> None:
    then = Delegate(library).until(Date(date))
    for code in ("FR", "SK", "RAPPORTEUR"):
        seat = then.record.delegations[code]
        for question in (MOTION, "What did the Dutch and Japanese prime ministers agree?", "Who is opposed?"):
            speech = await then.answer(question, seat)
            assert speech.answered or speech.opening or speech.notices, question


async def test_the_same_question_is_answered_from_more_as_time_goes_on(library: Library) -> None:
    delegate, france = Delegate(library), library.record.delegations["FR"]
    question = "Should NATO open an office in Tokyo?"
    newest = []
    for date in ("2023-06-30", "2024-05-30", "2025-05-30"):
        speech = await delegate.until(Date(date)).answer(question, france)
        newest.append(max(citation.passage.known_since for citation in speech.citations))
    assert newest == sorted(newest)
    assert newest[0] < newest[-1]


async def test_a_delegate_without_a_date_and_one_of_the_newest_day_know_the_same(library: Library) -> None:
    delegate, question = Delegate(library), "Should NATO open an office in Tokyo?"
    for code in ("FR", "JP", "LU"):
        seat = library.record.delegations[code]
        now, then = [await each.answer(question, seat) for each in (delegate, delegate.until(Date("2100")))]
        assert (then.opening, then.claims) == (now.opening, now.claims)
