import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from knowledge.date import Date
from knowledge.dossier import Dossier, Fact
from knowledge.loader import HERE
from knowledge.record import Record
from tests.folder import Edit, Folder

Change = Callable[[dict[str, Any]], object]

FRANCE, AMERICA = "states/FR.yaml", "states/US.yaml"
FRENCH = "arguments/FR.yaml"
SCOPE = "france-calls-wider-nato-scope-big-mistake"  # the first argument in the French file

STRANGER = """
state: XX
positions:
  - {leaning: opposed, basis: explicit, since: "2024", as_of: "2024", summary: "It is opposed."}
"""


def fact(change: Change) -> Edit:
    """Spoils FR-01."""
    return lambda content: change(content["facts"][0])


def first(key: str, change: Change) -> Edit:
    """Spoils the first of a list."""
    return lambda content: change(content[key][0])


@pytest.mark.parametrize(
    ("change", "entry", "remedy"),
    [
        (lambda fact: fact.pop("source"), "FR-01", "source: Field required: add it"),
        (lambda fact: fact.pop("date"), "FR-01", "date: Field required: add it"),
        (lambda fact: fact.update(date=None), "FR-01", "write 2024-05-30, 2024-05 or 2024"),
        (lambda fact: fact.update(date="May 2024"), "FR-01", "write 2024-05-30, 2024-05 or 2024"),
        (lambda fact: fact["source"].pop("date"), "FR-01", "source.date: Field required: add it"),
        (lambda fact: fact["source"].pop("publisher"), "FR-01", "source.publisher: Field required: add it"),
        (
            lambda fact: fact["source"].update(title=""),
            "FR-01",
            "source.title: String should have at least 1 character",
        ),
        (
            lambda fact: fact["source"].update(tier="blog"),
            "FR-01",
            "source.tier: Input should be 'official', 'press' or",
        ),
        (lambda fact: fact.update(id="FR-02"), "FR-02", "the id is taken: choose another"),
        (lambda fact: fact.update(id="DE-99"), "DE-99", "a fact of FR is numbered FR-01, FR-02 and so on: mend the id"),
        (lambda fact: fact.update(id="fr-1"), "fr-1", "id: String should match pattern"),
        (lambda fact: fact.update(topic="cooking"), "FR-01", "there is no topic 'cooking': see topics.yaml"),
        (lambda fact: fact.update(text=""), "FR-01", "text: String should have at least 1 character"),
        (lambda fact: fact.update(questions=[]), "FR-01", "questions: Tuple should have at least 1 item"),
        (lambda fact: fact.update(questions=[*"abcd"]), "FR-01", "questions: Tuple should have at most 3 items"),
        (lambda fact: fact.update(surprise=1), "FR-01", "surprise: Extra inputs are not permitted"),
    ],
)
def test_a_fact_that_does_not_fit_is_named(folder: Folder, change: Change, entry: str, remedy: str) -> None:
    folder.edit(FRANCE, fact(change))
    said = folder.refusal
    assert said.startswith(f"states/FR.yaml, entry {entry}: ")
    assert remedy in said


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://example.org/", "javascript:alert(1)", "file:///etc/passwd", "mailto:a@example.org", "data:,x"),
        *("example.org", "//example.org/", "https://", "https://exa mple.org/", ""),
    ],
)
def test_an_address_that_is_not_of_the_web_is_named(folder: Folder, url: str) -> None:
    folder.edit(FRANCE, fact(lambda fact: fact["source"].update(url=url)))
    said = folder.refusal
    assert said.startswith("states/FR.yaml, entry FR-01: source.url: ")
    assert re.search("'http' or 'https'|valid URL", said)


def test_one_source_is_described_in_one_way(folder: Folder) -> None:
    """FR-01 and FR-04 stand in the same report."""
    folder.edit(FRANCE, fact(lambda fact: fact["source"].update(url="https://example.org/")))
    said = folder.refusal
    assert said.startswith("states/FR.yaml, entry FR-04: another source has the id ")
    assert said.endswith("tell their titles apart")


@pytest.mark.parametrize(
    ("edit", "remedy"),
    [
        (lambda of: of["holds"].append("no-such"), "there is no argument 'no-such': mend the id"),
        (lambda of: of["holds"].append({"arguments": []}), "arguments: Tuple should have at least 1 item"),
        (lambda of: of["holds"].append("secgen-should-meet-chinese-officials"), "held by others: remove it from holds"),
        (lambda of: of.update(argues=["no-such"]), "there is no argument 'no-such': mend the id"),
        (lambda of: of.update(concedes=["no-such"]), "there is no argument 'no-such': mend the id"),
        (first("changed", lambda change: change.update(facts=["FR-99"])), "no fact FR-99 of it: mend changed"),
        (first("changed", lambda change: change.update(facts=["DE-01"])), "no fact DE-01 of it: mend changed"),
        (
            first("changed", lambda change: change.update(facts=[])),
            "changed.0.facts: Tuple should have at least 1 item",
        ),
        (first("changed", lambda change: change.update(overtakes=["no-such"])), "no argument 'no-such': mend the id"),
        (first("changed", lambda change: change.update(concerns=["no-such"])), "no argument 'no-such': mend the id"),
        (first("changed", lambda change: change.update(text="In 1999 it changed.")), "names 1999, its facts do not"),
        (first("positions", lambda view: view.update(leaning="maybe")), "leaning: Input should be 'supportive', 'caut"),
        (first("positions", lambda view: view.update(leaning="for")), "leaning: Input should be 'supportive', 'cautio"),
        (first("positions", lambda view: view.update(basis="rumour")), "basis: Input should be 'explicit', 'linked-se"),
        (first("positions", lambda view: view.pop("since")), "positions.0.since: Field required: add it"),
        (first("positions", lambda view: view.update(as_of="2023-06-05")), "as_of: it lies before since: mend one of"),
        (lambda of: of["silent_on"].append("liaison-office"), "silent_on liaison-office, of which FR-05 tells: remove"),
        (lambda of: of["silent_on"].append("cooking"), "there is no topic 'cooking': see topics.yaml"),
    ],
)
def test_a_dossier_that_does_not_fit_is_named(folder: Folder, edit: Edit, remedy: str) -> None:
    folder.edit(FRANCE, edit)
    said = folder.refusal
    assert said.startswith("states/FR.yaml, entry FR: ")
    assert remedy in said


def test_positions_stand_in_the_order_of_time(folder: Folder) -> None:
    folder.edit(AMERICA, lambda content: content["positions"].reverse())
    assert folder.refusal == "states/US.yaml, entry US: positions: they are out of order: write the oldest first"


@pytest.mark.parametrize("facts", [["FR-99"], ["FR-01", "FR-99"], ["DE-01"]])
def test_an_argument_rests_on_facts_of_its_own_state(folder: Folder, facts: list[str]) -> None:
    folder.edit(FRENCH, first("arguments", lambda argument: argument.update(facts=facts)))
    assert (
        folder.refusal == f"arguments/FR.yaml, entry {SCOPE}: there is no fact {facts[-1]} of that state: mend the id"
    )


def test_arguments_are_of_a_state_that_has_a_dossier(folder: Folder) -> None:
    folder.edit(FRENCH, lambda content: content.update(state="XX"))
    assert folder.refusal == (
        "arguments/FR.yaml, entry state: there is no file of 'XX' in states/: name one that there is"
    )


def test_a_claim_names_only_what_its_facts_print(folder: Folder) -> None:
    folder.edit(FRENCH, first("arguments", lambda argument: argument.update(claim="Macron said so in Kraków in 1999.")))
    said = folder.refusal
    assert said.startswith(f"arguments/FR.yaml, entry {SCOPE}: its claim names kraków, 1999")
    assert said.endswith("reword it, or say in derived how that follows")


def test_a_file_of_a_state_that_is_no_delegation_is_named(folder: Folder) -> None:
    (folder.path / "states" / "XX.yaml").write_text(STRANGER)
    assert folder.refusal == "states/XX.yaml, entry XX: there is no such delegation: see delegations.yaml"


def test_a_second_file_of_one_state_is_named(folder: Folder) -> None:
    (folder.path / "states" / "XX.yaml").write_text(STRANGER.replace("XX", "FR"))
    assert folder.refusal == "states/XX.yaml, entry FR: the state has a file already: merge the two"


def test_a_fact_is_a_passage_of_its_own_source(record: Record) -> None:
    passage = record.passages["FR-07"]
    source = record.source_of(passage)
    assert (passage.fact_of, passage.section, passage.date) == ("FR", "France", Date("2025-05-30"))
    assert passage.is_summary
    assert source.is_summarised
    assert record.source_of(record.passages["FR-01"]) == record.source_of(record.passages["FR-04"])


def test_a_fact_is_an_argument_that_claims_just_what_it_says(record: Record) -> None:
    for passage in record.passages.values():
        if passage.is_summary:
            argument = record.arguments[passage.id.lower()]
            assert argument.is_bare
            assert (argument.claim, argument.held_by, argument.side) == (passage.text, (passage.fact_of,), "context")
            assert record.passages_of(argument) == (passage,)


@pytest.mark.parametrize(
    ("date", "reported", "known"),
    [
        ("2024-05-30", "2024-06-02", "2024-06-02"),
        ("2024-05-30", "2024-05", "2024-05"),
        ("2024", "2024-05-30", "2024"),
    ],
)
def test_a_fact_is_known_once_it_happened_and_was_reported(date: str, reported: str, known: str) -> None:
    source = {"publisher": "A house", "title": "A title", "date": reported, "tier": "press"}
    fact = {"id": "FR-01", "date": date, "topic": "role", "text": "So it was.", "questions": ["Was it so?"]}
    assert Fact.model_validate(fact | {"source": source}).known_since == Date(known)


def test_a_hold_written_as_an_id_is_in_the_words_of_its_argument(record: Record) -> None:
    held = {hold.arguments: hold for hold in record.positions["FR"].holds}
    argument = record.arguments[SCOPE]
    assert (held[(SCOPE,)].claim, held[(SCOPE,)].topic) == (argument.claim, argument.topic)
    own = held[("france-keep-nato-focused-on-europe",)]
    assert own.claim == "France holds that NATO should keep its attention on Europe."


@pytest.fixture
def researched(record: Record) -> list[Dossier]:
    """All but that of the rapporteur, who stands for nobody."""
    return [dossier for state, dossier in record.dossiers.items() if not record.delegations[state].is_neutral]


def test_every_file_is_named_after_its_state_and_left_no_gap(record: Record) -> None:
    assert {path.stem for path in (HERE / "states").glob("*.yaml")} == record.dossiers.keys()
    assert not [path.name for path in HERE.glob("states/*.yaml") if "TODO" in path.read_text(encoding="utf-8")]


def test_facts_are_numbered_from_one(researched: list[Dossier]) -> None:
    for dossier in researched:
        assert dossier.facts
        assert [fact.id for fact in dossier.facts] == [
            f"{dossier.state}-{number:02}" for number, _ in enumerate(dossier.facts, start=1)
        ]


def test_a_position_lasts_from_one_of_its_facts_to_another(researched: list[Dossier]) -> None:
    for dossier in researched:
        dates = {fact.date for fact in dossier.facts}
        for view in dossier.positions:
            assert {view.since, view.as_of} <= dates, dossier.state
        for earlier, later in pairwise(dossier.positions):
            assert earlier.as_of < later.since, dossier.state


def test_a_state_is_silent_on_nothing_of_which_it_holds_something(record: Record, researched: list[Dossier]) -> None:
    spoken = {dossier.state: {fact.topic for fact in dossier.facts} for dossier in researched}
    for argument in record.arguments.values():
        for holder in spoken.keys() & {*argument.held_by}:
            spoken[holder].add(argument.topic)
    for dossier in researched:
        assert spoken[dossier.state].isdisjoint(dossier.silent_on), dossier.state
        assert len({*dossier.silent_on}) == len(dossier.silent_on) <= 6


def test_what_changed_is_newer_than_what_it_overtakes(record: Record, researched: list[Dossier]) -> None:
    for dossier in researched:
        for change in dossier.changed:
            told = max(record.passages[fact].known_since for fact in change.facts)
            for overtaken in change.overtakes:
                assert max(passage.date for passage in record.passages_of(record.arguments[overtaken])) < told
