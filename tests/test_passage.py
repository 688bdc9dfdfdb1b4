from knowledge.date import Date
from knowledge.passage import Passage, folded

TEXT = "NATO’s worry  grew.\n\n“Closely\u00a0connected,” it said."
DAY = Date("2024-05-30")
PASSAGE = Passage(
    id="s/1",
    source="s",
    number=1,
    section="One",
    paragraph=1,
    start=0,
    end=len(TEXT),
    text=TEXT,
    date=DAY,
    known_since=DAY,
)


def test_a_quote_is_found_whatever_its_white_space_and_quotation_marks() -> None:
    assert PASSAGE.stretch("NATO's worry grew.") == "NATO’s worry  grew."
    assert PASSAGE.stretch('"Closely connected,"') == "“Closely\u00a0connected,”"


def test_a_quote_may_run_across_a_paragraph_break() -> None:
    assert PASSAGE.stretch("grew. “Closely") == "grew.\n\n“Closely"


def test_a_quote_with_another_word_case_or_stop_is_not_there() -> None:
    for wrong in ("NATO's fear grew.", "nato's worry grew.", "worry grew!", "worry, grew.", "worry … grew"):
        assert PASSAGE.stretch(wrong) is None


def test_an_empty_quote_stands_nowhere() -> None:
    assert PASSAGE.stretch("") is None
    assert PASSAGE.stretch(" \n ") is None


def test_signs_of_patterns_are_plain_characters_in_a_quote() -> None:
    assert PASSAGE.stretch("worry.*grew") is None


def test_what_looks_the_same_folds_to_the_same() -> None:
    assert folded("“a”\u00a0 b\n") == folded('"a" b')


def test_only_what_is_a_fact_of_somebody_is_our_summary() -> None:
    assert not PASSAGE.is_summary
    assert PASSAGE.model_copy(update={"fact_of": "FR"}).is_summary
