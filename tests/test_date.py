import datetime
import itertools
import random

import pytest
from pydantic import BaseModel, ValidationError

from knowledge.date import Date


class Dated(BaseModel):
    date: Date


@pytest.mark.parametrize(
    ("text", "words", "last"),
    [
        ("2024-05-30", "30 May 2024", datetime.date(2024, 5, 30)),
        ("2024-05-01", "1 May 2024", datetime.date(2024, 5, 1)),
        ("2024-05", "May 2024", datetime.date(2024, 5, 31)),
        ("2024-02", "February 2024", datetime.date(2024, 2, 29)),
        ("2023-02", "February 2023", datetime.date(2023, 2, 28)),
        ("2024-12", "December 2024", datetime.date(2024, 12, 31)),
        ("2024", "2024", datetime.date(2024, 12, 31)),
    ],
)
def test_a_date_is_a_day_a_month_or_a_year(text: str, words: str, last: datetime.date) -> None:
    date = Date(text)
    assert (date.words, date.last) == (words, last)
    assert date.isoformat() == str(date) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "May 2024", "30.05.2024", "2024-5-3", "24-05-30", "20240530", "2024/05/30", "2024-05-"),
        *(" 2024", "2024\n", "-2024", "2024-05-30T00:00:00", "2024-05-30-01", "0000"),
        *("2024-13", "2024-02-30", "2023-02-29", "2024-04-31", "2024-00", "2024-05-00", "2024-00-15", "２０２４"),
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|day|month|year"):
        Date(text)


def test_a_text_in_no_known_form_is_told_the_forms() -> None:
    with pytest.raises(ValueError, match="write 2024-05-30, 2024-05 or 2024"):
        Date("May 2024")


def test_dates_are_in_order_by_the_last_day_that_they_may_mean() -> None:
    ordered = [Date(text) for text in ("2023", "2024-01-31", "2024-02", "2024-05-30", "2024-05", "2024-11-30", "2024")]
    shuffled = random.Random(3).sample(ordered, len(ordered))
    assert sorted(shuffled) == ordered
    assert all(earlier < later for earlier, later in itertools.pairwise(ordered))


def test_what_may_be_newer_than_a_day_counts_as_newer() -> None:
    day = Date("2024-05-30")
    assert Date("2024-05") > day
    assert Date("2024") > day
    assert Date("2024-04") < day
    assert Date("2023") < day


def test_a_date_is_equal_to_one_in_the_same_words_only() -> None:
    assert Date("2024-05") == Date("2024-05")
    assert Date("2024-05") != Date("2024-05-31")
    assert Date("2024-05") != "2024-05"
    assert len({Date("2024-05"), Date("2024-05"), Date("2024")}) == 2


def test_any_two_dates_may_end_on_one_day_or_one_is_before_the_other() -> None:
    chance = random.Random(5)
    forms = ("{0}", "{0}-{1:02}", "{0}-{1:02}-{2:02}")
    dates = [
        Date(chance.choice(forms).format(chance.choice((2023, 2024)), chance.choice((1, 12)), chance.choice((1, 31))))
        for _ in range(60)
    ]
    for one in dates:
        for other in dates:
            assert (one < other) + (one.last == other.last) + (one > other) == 1
            assert (one <= other) == (not one > other)
            assert (one >= other) == (not one < other)


@pytest.mark.parametrize("value", [datetime.date(2024, 5, 30), "2024-05-30", Date("2024-05-30")])
def test_a_day_is_read_from_whatever_yaml_makes_of_it(value: object) -> None:
    assert Date.read(value) == Date("2024-05-30")


def test_a_year_is_read_from_its_digits() -> None:
    assert Date.read(2024) == Date("2024")


@pytest.mark.parametrize("value", [None, True, 24, 2024.5, ["2024"], datetime.datetime(2024, 5, 30, 12)])
def test_what_is_no_date_is_not_read_as_one(value: object) -> None:
    with pytest.raises(ValueError, match="no date"):
        Date.read(value)
    with pytest.raises(ValidationError, match="no date"):
        Dated.model_validate({"date": value})


@pytest.mark.parametrize("text", ["2024-05-30", "2024-05", "2024"])
def test_a_date_keeps_its_form_when_it_is_written_and_read_again(text: str) -> None:
    written = Dated(date=Date(text)).model_dump_json()
    assert written == f'{{"date":"{text}"}}'
    assert Dated.model_validate_json(written).date == Date(text)
