import shutil
from itertools import chain
from typing import Any

import pytest

from knowledge import loader
from knowledge.argument import Argument
from knowledge.coherence import SPEAKERS
from knowledge.record import Record
from tests.folder import Edit, Folder

ARTICLE = "arguments/cfr-2024-05-30.yaml"
FIRST = "nato-weighs-larger-indo-pacific-role"
ANSWER = "deployments-would-stretch-nato-too-thin"
POSITION = {
    "leaning": "opposed",
    "basis": "explicit",
    "since": "2023-06-06",
    "as_of": "2025-05-30",
    "summary": "It is opposed.",
}
HOLD = {"claim": "So it is.", "topic": "role", "arguments": ["france-keep-nato-focused-on-europe"]}
ALLIANCE = SPEAKERS | {"NATO"}  # who speak for the alliance or for the article, and not for one state


@pytest.fixture(scope="module")
def argued(record: Record) -> list[Argument]:
    """All arguments but the bare facts."""
    return [argument for argument in record.arguments.values() if not argument.is_bare]


def first_argument(**changes: Any) -> Edit:
    return lambda content: content["arguments"][0].update(changes)


def test_the_annotation_covers_every_passage(record: Record) -> None:
    assert set(chain.from_iterable(record.grounds.values())) == set(record.passages)


def test_every_quote_stands_in_the_passage_it_is_tied_to(argued: list[Argument], record: Record) -> None:
    quoted = [argument for argument in argued if argument.quote]
    assert quoted
    for argument in quoted:
        (passage,) = record.passages_of(argument)
        assert passage.stretch(argument.quote)
        assert not passage.is_summary


def test_what_rests_on_facts_rests_on_those_of_its_own_state(record: Record) -> None:
    for argument in record.arguments.values():
        if argument.facts:
            assert record.grounds[argument.id] == argument.facts
            (state,) = {passage.fact_of for passage in record.passages_of(argument)}
            assert state in argument.held_by


def test_nobody_may_use_the_line_of_beijing_as_its_own(record: Record) -> None:
    for state, position in record.positions.items():
        for used in (*position.argues, *position.held) if state != "CN" else ():
            assert "CN" not in record.arguments[used].held_by


def test_nobody_holds_or_argues_what_another_state_holds(record: Record) -> None:
    """What the Secretary General said together with somebody is the alliance's too."""
    for state, position in record.positions.items():
        for used in (*position.argues, *position.held):
            holders = set(record.arguments[used].held_by)
            assert holders & {state, *ALLIANCE}, (state, used)
            assert holders <= {state, *ALLIANCE} or "SECGEN" in holders, (state, used)


def test_what_a_position_argues_is_not_also_conceded(record: Record) -> None:
    for position in record.positions.values():
        assert not set(position.argues) & set(position.concedes)


def test_every_argument_is_rebutted_or_marked_as_left_unanswered(record: Record) -> None:
    rebutted = {other for argument in record.arguments.values() for other in argument.rebuts}
    assert {id for id, argument in record.arguments.items() if argument.unanswered} == set(record.arguments) - rebutted
    assert len(rebutted) > sum(not argument.is_bare for argument in record.arguments.values()) / 2


def test_every_argument_says_how_it_is_put_and_what_it_answers(argued: list[Argument]) -> None:
    for argument in argued:
        assert argument.says, argument.id
        assert argument.counters, argument.id


def test_every_argument_answers_three_to_six_questions(argued: list[Argument]) -> None:
    assert all(3 <= len(argument.questions) <= 6 for argument in argued)


def test_no_two_arguments_answer_the_same_question(record: Record) -> None:
    questions = [question.casefold() for argument in record.arguments.values() for question in argument.questions]
    assert len(questions) == len(set(questions))


def test_no_argument_rebuts_one_that_it_supports_or_its_own_holder(record: Record) -> None:
    states = {seat.code for seat in record.delegations}
    for argument in record.arguments.values():
        for other in argument.rebuts:
            assert other not in argument.supports
            assert not set(argument.held_by) & set(record.arguments[other].held_by) & states, (argument.id, other)


def test_what_rebuts_an_argument_is_found_from_both_ends(record: Record) -> None:
    for rebutted, arguments in record.rebuttals.items():
        assert all(rebutted in argument.rebuts for argument in arguments)
    assert sum(map(len, record.rebuttals.values())) == sum(len(a.rebuts) for a in record.arguments.values())


def test_an_argument_is_as_strong_as_the_record_that_supports_it(record: Record) -> None:
    assert record.strength.keys() == record.arguments.keys()
    assert min(record.strength.values()) == 1.0
    for id, strength in record.strength.items():
        assert strength == 1 + sum(id in argument.supports for argument in record.arguments.values())


def test_every_delegation_with_a_position_has_a_case_to_argue(record: Record) -> None:
    for position in record.positions.values():
        assert bool(position.argues) == (position.stance != "none")
    stanceless = {state for state, position in record.positions.items() if position.stance == "none"}
    assert stanceless == {"AL", "LU", "SK", "RAPPORTEUR"}


def test_every_delegation_has_a_file_and_a_position(record: Record) -> None:
    assert record.dossiers.keys() == record.positions.keys() == {seat.code for seat in record.delegations}


def test_a_delegation_without_a_file_holds_nothing(folder: Folder) -> None:
    for name in ("arguments/MK.yaml", "states/MK.yaml"):
        (folder.path / name).unlink()
    record = loader.load(folder.path)
    position = record.position_of(record.delegations.find("North Macedonia"))
    assert (position.stance, position.basis, position.holds) == ("none", "none", ())
    assert position.summary == "The record holds no position of North Macedonia."


def test_neighbours_stand_before_and_after(record: Record) -> None:
    first, *_, last = record.passages.values()
    assert record.neighbours(first)[0] is None
    assert record.neighbours(last) == (None, None)
    assert record.neighbours(record.passages["cfr-2024-05-30/1"])[0] is None
    assert record.neighbours(record.passages["cfr-2024-05-30/2"])[0] == record.passages["cfr-2024-05-30/1"]
    assert record.neighbours(record.passages["cfr-2024-05-30/24"])[0] == record.passages["cfr-2024-05-30/23"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"quote": "NATO conquered the moon."}, "does not stand"),
        ({"rebuts": ["no-such-argument"]}, "no-such-argument"),
        ({"supports": ["no-such-argument"]}, "no-such-argument"),
        ({"rebuts": ["nato-weighs-larger-indo-pacific-role"]}, "rebuts itself"),
        ({"supports": ["nato-has-role-deterring-china"], "rebuts": ["nato-has-role-deterring-china"]}, "both supports"),
        ({"held_by": ["XX"]}, "'XX'"),
        ({"topic": "cooking"}, "'cooking'"),
        ({"side": "maybe"}, "side"),
        ({"questions": []}, "questions"),
        ({"questions": [f"Is it so, {n}?" for n in range(7)]}, "questions"),
        ({"claim": "word " * 36}, "at most 35 words"),
        ({"facts": ["FR-01"]}, "a quote or on facts: give one of the two"),
        ({"quote": ""}, "a quote or on facts: give one of the two"),
        ({"rebutted_by": ["no-such-argument"], "unanswered": False}, "no-such-argument"),
        ({"id": "fr-01"}, "taken"),
        ({"claim": "In 1999 NATO weighed a bigger role."}, "1999"),
        ({"claim": "At Lisbon, NATO weighed a bigger role, says Henry Kissinger."}, "kissinger"),
        ({"surprise": 1}, "surprise"),
        ({"unanswered": False}, "none rebuts it"),
        ({"says": ["It is so."], "counters": ["It is so."]}, "stands under"),
        ({"says": [f"It is so, {n}." for n in range(9)]}, "says"),
        ({"counters": [f"It is not so, {n}." for n in range(13)]}, "counters"),
        ({"rebuts": ["nato-has-role-deterring-china"], "unanswered": None}, "unanswered"),
    ],
)
def test_an_argument_that_does_not_fit_is_named(folder: Folder, changes: dict[str, Any], problem: str) -> None:
    folder.edit(ARTICLE, first_argument(**changes))
    said = folder.refusal
    assert said.startswith(f"{ARTICLE}, entry {changes.get('id', FIRST)}: ")
    assert problem in said


@pytest.mark.parametrize("kind", ["says", "counters"])
def test_a_statement_stands_once(folder: Folder, argued: list[Argument], kind: str) -> None:
    second = [argument for argument in argued if argument.quote][1]
    folder.edit(ARTICLE, first_argument(**{kind: [second.says[0].upper()]}))
    said = folder.refusal
    assert "stands under nato-weighs-larger-indo-pacific-role too" in said
    assert f"entry {second.id}" in said


def test_an_argument_that_is_rebutted_is_not_marked_as_left_unanswered(folder: Folder) -> None:
    folder.edit(ARTICLE, lambda content: content["arguments"][1].update(unanswered=True))
    said = folder.refusal
    assert "some argument rebuts it" in said
    assert "entry only-ukraine-and-russia-concern-nato" in said


def test_what_an_argument_says_rebuts_it_rebuts_it(folder: Folder) -> None:
    folder.edit(ARTICLE, first_argument(rebutted_by=[ANSWER], unanswered=False))
    record = loader.load(folder.path)
    assert FIRST in record.arguments[ANSWER].rebuts
    assert [argument.id for argument in record.rebuttals[FIRST]] == [ANSWER]


def test_what_is_said_to_rebut_an_argument_does_not_make_it_left_unanswered(folder: Folder) -> None:
    folder.edit(ARTICLE, first_argument(rebutted_by=[ANSWER]))
    assert "some argument rebuts it" in folder.refusal


def test_an_id_is_given_once(folder: Folder) -> None:
    folder.edit(ARTICLE, lambda content: content["arguments"].append(content["arguments"][0]))
    assert "taken" in folder.refusal


def test_a_seat_is_given_once(folder: Folder) -> None:
    folder.edit("delegations.yaml", lambda content: content["delegations"].append(content["delegations"][0]))
    assert "delegations.yaml, entry AL" in folder.refusal


def test_a_group_of_strangers_is_named(folder: Folder) -> None:
    folder.edit("delegations.yaml", lambda content: content["groups"][0]["members"].append("XX"))
    assert "entry Baltic states: there is no delegation XX" in folder.refusal


@pytest.mark.parametrize(
    ("edit", "entry", "problem"),
    [
        (lambda lines: lines["for"]["argues"].append("no-such-argument"), "for", "no-such-argument"),
        (lambda lines: lines["against"]["concedes"].append("no-such-argument"), "against", "no-such-argument"),
        (lambda lines: lines.update(maybe={}), "maybe", "no such stance: for, against or mixed"),
        (lambda lines: lines["mixed"].update(denies=[]), "?", "denies"),
    ],
)
def test_a_line_that_does_not_fit_is_named(folder: Folder, edit: Edit, entry: str, problem: str) -> None:
    folder.edit("lines.yaml", edit)
    said = folder.refusal
    assert f"/lines.yaml, entry {entry}: " in said
    assert problem in said


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"stance": "for"}, "stance"),
        ({"positions": [POSITION | {"leaning": "maybe"}]}, "leaning"),
        ({"positions": [POSITION | {"as_of": None}]}, "as_of"),
        ({"positions": []}, "positions"),
        ({"state": "XX"}, "no such delegation"),
        ({"argues": ["no-such-argument"]}, "no-such-argument"),
        ({"concedes": ["no-such-argument"]}, "no-such-argument"),
        ({"silent_on": ["cooking"]}, "cooking"),
        ({"holds": [HOLD | {"claim": "France holds Germany dear."}]}, "names DE"),
        ({"holds": [HOLD | {"topic": "cooking"}]}, "cooking"),
        ({"holds": [HOLD | {"arguments": ["secgen-should-meet-chinese-officials"]}]}, "is held by others: remove it"),
    ],
)
def test_a_position_that_does_not_fit_is_named(folder: Folder, changes: dict[str, Any], problem: str) -> None:
    folder.edit("states/FR.yaml", lambda content: content.update(changes))
    said = folder.refusal
    assert said.startswith(f"states/FR.yaml, entry {changes.get('state', 'FR')}: ")
    assert problem in said


def test_a_state_has_one_file(folder: Folder) -> None:
    shutil.copy(folder.path / "states" / "FR.yaml", folder.path / "states" / "FR2.yaml")
    assert "merge the two" in folder.refusal


def test_a_source_links_to_the_web_only(folder: Folder) -> None:
    folder.edit("sources/cfr-2024-05-30.yaml", lambda content: content.update(url="javascript:alert(1)"))
    assert "url" in folder.refusal


def test_a_file_that_is_no_yaml_is_named(folder: Folder) -> None:
    (folder.path / "states" / "FR.yaml").write_text("state: [")
    assert "states/FR.yaml" in folder.refusal


def test_a_file_without_fields_is_named(folder: Folder) -> None:
    (folder.path / "states" / "FR.yaml").write_text("just words")
    assert "holds no fields" in folder.refusal


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("arguments/FR.yaml", lambda content: content.update(arguments=["just words"])),
        ("arguments/FR.yaml", lambda content: content.update(arguments=None)),
        ("arguments/FR.yaml", lambda content: content.update(state=["FR"])),
        ("states/FR.yaml", lambda content: content["facts"].append("just words")),
        ("lines.yaml", lambda content: content.update({"for": ["just words"]})),
        ("delegations.yaml", lambda content: content.pop("others")),
    ],
)
def test_an_entry_of_another_form_is_named(folder: Folder, name: str, edit: Edit) -> None:
    folder.edit(name, edit)
    assert name in folder.refusal


def test_an_annotation_of_an_unknown_source_is_named(folder: Folder) -> None:
    folder.edit(ARTICLE, lambda content: content.update(source="elsewhere"))
    assert "elsewhere" in folder.refusal
