import pytest

from knowledge.library import Library
from knowledge.spelling import Spelling

WORDS = {"office", "tokyo", "austria", "whether"}
SPELLING = Spelling(["The liaison office in Tokyo", "Australia, Lithuania"], WORDS.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("the ofice", "the office"),
        ("in Tokio?", "in Tokyo?"),
        ("lithunia", "Lithuania"),
        ("liasion ofice", "liaison office"),
    ],
)
def test_a_slip_is_read_as_the_nearest_word_of_the_library(typed: str, meant: str) -> None:
    assert SPELLING.mend(typed) == meant


def test_a_real_word_is_left_alone_however_near_another() -> None:
    assert SPELLING.mend("Austria") == "Austria"


def test_short_and_distant_words_are_left_alone() -> None:
    assert SPELLING.mend("tky xylophone 12345") == "tky xylophone 12345"


def test_a_question_full_of_slips_finds_its_passage(library: Library) -> None:
    assert library.search("Is Frace against a nato ofice in tokio?").hits[0].passage.number == 24
