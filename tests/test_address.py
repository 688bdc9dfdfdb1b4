import pytest

from bot.address import MOTION, has_subject, put_at_large, put_to, scope_of
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


def test_the_alliance_is_not_left_out_since_most_questions_are_about_it(record: Record) -> None:
    left = put_at_large("What does NATO want of Turkey?", record.delegations)
    assert left == "What does NATO want of the state?"


@pytest.mark.parametrize(
    ("question", "scope"),
    [
        ("What do the Baltic states think?", {"EE", "LV", "LT"}),
        ("what do the baltics say on china", {"EE", "LV", "LT"}),
        ("Where do the Visegrád four stand?", {"CZ", "HU", "PL", "SK"}),
        ("Do the Benelux countries and Poland agree?", {"BE", "LU", "NL", "PL"}),
        ("Do France and Lithuania agree?", {"FR", "LT"}),
        ("How do Japan and Italy differ?", {"JP", "IT"}),
    ],
)
def test_those_are_asked_about_who_are_named_alone_or_in_a_group(
    record: Record, question: str, scope: set[str]
) -> None:
    assert {*scope_of(question, record.delegations, record.names)} == scope


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Which allies changed their mind?", {"member"}),
        ("Which members have no public position?", {"member"}),
        ("How many European countries want an office in Tokyo?", {"member"}),
        ("What do the partners want?", {"partner"}),
        ("Which Indo-Pacific partners want an office?", {"partner"}),
        ("Who is opposed?", {"member", "partner", "institution", "group", "other"}),
        ("Who supports a liaison office in Tokyo?", {"member", "partner", "institution", "group", "other"}),
    ],
)
def test_all_of_a_kind_are_asked_about_where_nobody_is_named(record: Record, question: str, kinds: set[str]) -> None:
    scope = {*scope_of(question, record.delegations, record.names)}
    assert scope == {seat.code for seat in record.delegations if seat.kind in kinds and not seat.is_neutral}


@pytest.mark.parametrize(
    "question",
    [
        MOTION,
        "Does France agree with NATO?",
        "What does NATO say about China?",
        "Who is Xi Jinping?",
        "Who was Stoltenberg?",
        "What would a war over Taiwan cost?",
    ],
)
def test_a_question_about_one_delegation_or_none_is_not_put_to_the_table(record: Record, question: str) -> None:
    assert scope_of(question, record.delegations, record.names) == ()


def test_a_question_about_one_delegation_and_nothing_else_is_a_tour_of_one(record: Record) -> None:
    assert scope_of("What does France think?", record.delegations, record.names) == ("FR",)


@pytest.mark.parametrize(
    "question", ["How would Australia vote?", "where does AUSTRALIA stand", "Canberra’s position?"]
)
def test_the_names_of_those_who_are_asked_are_no_subject(record: Record, question: str) -> None:
    assert not has_subject(question, [record.delegations["AU"]])
    assert has_subject(question, [record.delegations["NZ"]])
