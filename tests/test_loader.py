import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge import loader
from knowledge.errors import RecordError
from knowledge.loader import HERE
from knowledge.record import Record

FILES = ("*.yaml", "sources/*", "arguments/*", "states/*")

Edit = Callable[[dict[str, Any]], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for pattern in FILES:
        for path in HERE.glob(pattern):
            target = tmp_path / path.relative_to(HERE)
            target.parent.mkdir(exist_ok=True)
            shutil.copy(path, target)
    return tmp_path


def edited(path: Path, edit: Edit) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    edit(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def first_argument(**changes: Any) -> Edit:
    return lambda content: content["arguments"][0].update(changes)


def test_the_annotation_covers_every_passage(record: Record) -> None:
    assert set(record.grounds.values()) == set(record.passages)


def test_every_quote_stands_in_the_passage_it_is_tied_to(record: Record) -> None:
    for argument in record.arguments.values():
        assert record.passage_of(argument).stretch(argument.quote)


def test_nobody_may_use_the_line_of_beijing_as_its_own(record: Record) -> None:
    for position in record.positions.values():
        for used in (*position.argues, *(argument for hold in position.holds for argument in hold.arguments)):
            assert "CN" not in record.arguments[used].held_by


def test_nobody_holds_or_argues_what_another_state_holds(record: Record) -> None:
    for state, position in record.positions.items():
        for used in (*position.argues, *(argument for hold in position.holds for argument in hold.arguments)):
            holders = set(record.arguments[used].held_by) & {seat.code for seat in record.delegations}
            assert holders <= {state}


def test_what_a_position_argues_is_not_also_conceded(record: Record) -> None:
    for position in record.positions.values():
        assert not set(position.argues) & set(position.concedes)


def test_every_argument_is_rebutted_or_marked_as_left_unanswered(record: Record) -> None:
    rebutted = {other for argument in record.arguments.values() for other in argument.rebuts}
    assert {id for id, argument in record.arguments.items() if argument.unanswered} == set(record.arguments) - rebutted
    assert len(rebutted) > len(record.arguments) / 2


def test_every_argument_says_how_it_is_put_and_what_it_answers(record: Record) -> None:
    for argument in record.arguments.values():
        assert argument.says, argument.id
        assert argument.counters, argument.id


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
    for state, position in record.positions.items():
        assert bool(position.argues) == (state != "RAPPORTEUR")


def test_a_delegation_without_a_file_holds_nothing(record: Record) -> None:
    position = record.position_of(record.delegations.find("Poland"))
    assert (position.stance, position.basis, position.holds) == ("none", "none", ())


def test_neighbours_stand_before_and_after(record: Record) -> None:
    first, *_, last = record.passages.values()
    assert record.neighbours(first)[0] is None
    assert record.neighbours(last)[1] is None
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
        ({"questions": ["Only one?"]}, "questions"),
        ({"claim": "word " * 31}, "at most 30 words"),
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
def test_an_argument_that_does_not_fit_is_named(folder: Path, changes: dict[str, Any], problem: str) -> None:
    edited(folder / "arguments" / "cfr-2024-05-30.yaml", first_argument(**changes))
    with pytest.raises(RecordError, match=problem) as raised:
        loader.load(folder)
    assert "arguments/cfr-2024-05-30.yaml, entry nato-weighs-larger-indo-pacific-role" in str(raised.value)


@pytest.mark.parametrize("kind", ["says", "counters"])
def test_a_statement_stands_once(folder: Path, record: Record, kind: str) -> None:
    second = list(record.arguments.values())[1]
    edited(folder / "arguments" / "cfr-2024-05-30.yaml", first_argument(**{kind: [second.says[0].upper()]}))
    with pytest.raises(RecordError, match="stands under nato-weighs-larger-indo-pacific-role too") as raised:
        loader.load(folder)
    assert f"entry {second.id}" in str(raised.value)


def test_an_argument_that_is_rebutted_is_not_marked_as_left_unanswered(folder: Path) -> None:
    def marked(content: dict[str, Any]) -> None:
        content["arguments"][1]["unanswered"] = True

    edited(folder / "arguments" / "cfr-2024-05-30.yaml", marked)
    with pytest.raises(RecordError, match="some argument rebuts it") as raised:
        loader.load(folder)
    assert "entry only-ukraine-and-russia-concern-nato" in str(raised.value)


def test_an_id_is_given_once(folder: Path) -> None:
    edited(
        folder / "arguments" / "cfr-2024-05-30.yaml",
        lambda content: content["arguments"].append(content["arguments"][0]),
    )
    with pytest.raises(RecordError, match="taken"):
        loader.load(folder)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"stance": "maybe"}, "stance"),
        ({"state": "XX"}, "no such delegation"),
        ({"argues": ["no-such-argument"]}, "no-such-argument"),
        ({"silent_on": ["cooking"]}, "cooking"),
        ({"as_of": None}, "as_of"),
        (
            {
                "holds": [
                    {
                        "claim": "France holds Germany dear.",
                        "topic": "role",
                        "arguments": ["secgen-should-meet-chinese-officials"],
                    }
                ]
            },
            "names FR, DE",
        ),
    ],
)
def test_a_position_that_does_not_fit_is_named(folder: Path, changes: dict[str, Any], problem: str) -> None:
    edited(folder / "states" / "FR.yaml", lambda content: content.update(changes))
    with pytest.raises(RecordError, match=problem) as raised:
        loader.load(folder)
    assert "states/FR.yaml" in str(raised.value)


def test_a_state_has_one_file(folder: Path) -> None:
    shutil.copy(folder / "states" / "FR.yaml", folder / "states" / "FR2.yaml")
    with pytest.raises(RecordError, match="merge the two"):
        loader.load(folder)


def test_a_source_links_to_the_web_only(folder: Path) -> None:
    edited(folder / "sources" / "cfr-2024-05-30.yaml", lambda content: content.update(url="javascript:alert(1)"))
    with pytest.raises(RecordError, match="url"):
        loader.load(folder)


def test_a_file_that_is_no_yaml_is_named(folder: Path) -> None:
    (folder / "states" / "FR.yaml").write_text("state: [")
    with pytest.raises(RecordError, match=r"states/FR\.yaml"):
        loader.load(folder)


def test_a_file_without_fields_is_named(folder: Path) -> None:
    (folder / "states" / "FR.yaml").write_text("just words")
    with pytest.raises(RecordError, match="holds no fields"):
        loader.load(folder)


def test_an_annotation_of_an_unknown_source_is_named(folder: Path) -> None:
    edited(folder / "arguments" / "cfr-2024-05-30.yaml", lambda content: content.update(source="elsewhere"))
    with pytest.raises(RecordError, match="elsewhere"):
        loader.load(folder)
