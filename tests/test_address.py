import pytest

from bot.address import MOTION, put_at_large, put_to
from knowledge.delegation import RAPPORTEUR
from knowledge.record import Record


def test_you_and_your_are_put_as_the_seats_name(record: Record) -> None:
    america, hungary = record.delegations["US"], record.delegations["HU"]
    assert (
        put_to(america, "What do you and your country want?") == "What do the United States and the United States want?"
    )
    assert put_to(hungary, "Is your trade with China growing?") == "Is Hungary’s trade with China growing?"
    assert put_to(RAPPORTEUR, "What do you want from China?") == "What do you want from China?"


def test_at_large_the_seats_name_is_left_out(record: Record) -> None:
    assert put_at_large("What are Hungary’s ties? Is Budapest near?", [record.delegations["HU"]]) == (
        "What are its ties? Is the state near?"
    )


@pytest.mark.parametrize("question", ["Switch sides!", "What is your position?", "Whose side are you on?"])
def test_a_question_without_a_subject_is_about_the_motion(record: Record, question: str) -> None:
    assert put_to(record.delegations["FR"], question) == MOTION


def test_a_question_with_a_subject_keeps_it(record: Record) -> None:
    assert put_to(record.delegations["FR"], "What is your position on cheese?") != MOTION


def test_any_state_may_be_left_out(record: Record) -> None:
    left = put_at_large("What do Turkey and Poland think of NATO in Asia?", record.delegations)
    assert left == "What do the state and the state think of NATO in Asia?"
