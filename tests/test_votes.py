import pytest

from bot.votes import ANSWERS, Votes, When, key


def counted(when: When, *counts: int) -> dict[str, int]:
    return {key(when, answer): count for answer, count in zip(ANSWERS, counts, strict=True)}


def test_a_vote_is_taken_once_its_answers_are_counted() -> None:
    votes = Votes(counted("before", 0, 0, 0))
    assert votes.taken("before")
    assert not votes.taken("after")
    assert not votes.both_taken
    assert Votes(counted("before", 1, 0, 0) | counted("after", 0, 0, 0)).both_taken


def test_an_answer_that_nobody_gave_counts_nothing() -> None:
    assert Votes({"before:against": 2}).of("before") == {"For": 0, "Against": 2, "Undecided": 0}


def test_the_shift_is_told_in_shares_of_those_who_voted() -> None:
    shift = Votes(counted("before", 1, 2, 1) | counted("after", 6, 3, 3)).shift
    assert shift.startswith("Before: 1 for, 2 against, 1 undecided. After: 6 for, 3 against, 3 undecided.")
    assert shift.endswith("Shift in percentage points: for +25, against -25, undecided +0.")


def test_more_voters_alone_are_no_shift() -> None:
    shift = Votes(counted("before", 1, 1, 0) | counted("after", 50, 50, 0)).shift
    assert shift.endswith("for +0, against +0, undecided +0.")


@pytest.mark.parametrize("counts", [{}, counted("before", 3, 0, 0), counted("after", 3, 0, 0)])
def test_a_vote_in_which_nobody_took_part_shows_no_shift(counts: dict[str, int]) -> None:
    shift = Votes(counts).shift
    assert shift.endswith("Too few voted to tell a shift.")
    assert "Shift in percentage points" not in shift
