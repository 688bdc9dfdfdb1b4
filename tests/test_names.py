import pytest

from knowledge.names import numbers
from knowledge.record import Record


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("Beijing worries NATO.", "China’s rise worries the Alliance, that is NATO."),
        ("Berlin trades with China.", "Germany trades with Beijing."),
        ("It would cost ten trillion dollars.", "up to $10 trillion"),
        ("The Strategic Concept says so.", "a new Strategic Concept"),
        ("In 2022 it said so.", "that was in 2022."),
    ],
)
def test_what_the_evidence_prints_in_another_form_is_supported(record: Record, claim: str, evidence: str) -> None:
    assert record.names.unsupported(claim, evidence, {}) == ()


@pytest.mark.parametrize(
    ("claim", "evidence", "missing"),
    [
        ("It was in 2023.", "It was in 2022.", "2023"),
        ("It costs 12 trillion.", "It costs 10 trillion.", "12"),
        ("Spain opposed it.", "at the Madrid Summit", "ES"),
        ("Paris said so.", "Berlin said so.", "Paris"),
        ("It was said by Kissinger.", "It was said by Kishida.", "kissinger"),
        ("Half, or 50 percent.", "Half of it.", "50"),
    ],
)
def test_what_the_evidence_does_not_print_is_missing(record: Record, claim: str, evidence: str, missing: str) -> None:
    assert missing in record.names.unsupported(claim, evidence, {})


def test_what_follows_is_supported_once_it_is_said_how(record: Record) -> None:
    assert record.names.unsupported("In 2023 it met.", "Last year it met.", {"2023": "an article of 2024"}) == ()


def test_a_sentence_may_begin_with_any_word(record: Record) -> None:
    assert record.names.unsupported("Whoever said so was right.", "", {}) == ()


def test_a_capital_names_its_state(record: Record) -> None:
    assert record.names.mentioned("What do Vilnius and the Hungarians say to Beijing?") == {"LT", "HU", "CN"}
    assert record.names.mentioned("Tokyo asked Seoul and Moscow.") == {"JP", "KR", "Russia"}


def test_a_capital_of_several_names_none_of_them(record: Record) -> None:
    assert record.names.mentioned("So it was decided in Brussels.").isdisjoint({"BE", "EU", "NATO"})


def test_a_capital_can_be_left_out(record: Record) -> None:
    assert record.names.mentioned("The French spoke in Madrid.", capitals=False) == {"FR"}


def test_short_names_are_names_in_capitals_only(record: Record) -> None:
    assert record.names.mentioned("Does the US help us?") == {"US"}
    assert record.names.mentioned("Does that help us?") == frozenset()


def test_a_name_within_a_longer_one_is_not_named(record: Record) -> None:
    assert record.names.mentioned("South Korea and North Korea") == {"KR", "North Korea"}


def test_numbers_are_the_same_in_words_and_digits() -> None:
    assert numbers("four allies and 1,000 ships in 2024") == {"4", "1000", "2024"}
