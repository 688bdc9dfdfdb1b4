from dataclasses import replace

from knowledge.entry import entries_of, statements_of, version_of
from knowledge.record import Record


def changed(record: Record, **changes: object) -> Record:
    """With its first argument changed."""
    first = next(iter(record.arguments.values()))
    return replace(record, arguments=record.arguments | {first.id: first.model_copy(update=changes)})


def test_every_statement_stands_with_its_argument_and_its_passage(record: Record) -> None:
    statements = statements_of(record)
    for argument in record.arguments.values():
        of_it = [statement for statement in statements if statement.argument == argument.id]
        assert [entry.text for entry in of_it if entry.kind == "says"] == list(argument.says)
        assert [entry.text for entry in of_it if entry.kind == "counter"] == list(argument.counters)
        assert {entry.passage for entry in of_it} == ({record.ground_of(argument)} if of_it else set())


def test_a_bare_fact_makes_no_statement_and_every_other_argument_does(record: Record) -> None:
    stating = {statement.argument for statement in statements_of(record)}
    assert stating == {argument.id for argument in record.arguments.values() if not argument.is_bare}


def test_a_fact_is_its_own_claim(record: Record) -> None:
    entries = entries_of(record)
    of_facts = {entry.passage: entry for entry in entries if entry.kind == "text" and entry.argument}
    assert of_facts.keys() == {passage.id for passage in record.passages.values() if passage.is_summary}
    for id, entry in of_facts.items():
        assert entry.argument == id.lower()
        assert entry.text == f"{record.passages[id].section}: {record.passages[id].text}"
    bare = {id for id, argument in record.arguments.items() if argument.is_bare}
    assert bare.isdisjoint(entry.argument for entry in entries if entry.kind in ("claim", "quote"))
    assert bare <= {entry.argument for entry in entries if entry.kind == "question"}


def test_what_opponents_say_finds_no_passage(record: Record) -> None:
    """Else a search would answer with what denies it."""
    searched = {entry.text for entry in entries_of(record)}
    assert {entry.kind for entry in entries_of(record)} == {"text", "claim", "quote", "question"}
    assert searched.isdisjoint(text for argument in record.arguments.values() for text in argument.counters)


def test_a_version_follows_from_every_text_and_from_the_model(small: Record) -> None:
    first = next(iter(small.arguments.values()))
    versions = {
        version_of(small, "model"),
        version_of(small, "another model"),
        version_of(changed(small, says=("It is so.",)), "model"),
        version_of(changed(small, counters=("It is so.",)), "model"),
        version_of(changed(small, claim="It is so."), "model"),
        version_of(changed(small, says=first.counters, counters=first.says), "model"),
    }
    assert len(versions) == 6
    assert version_of(small, "model") == version_of(changed(small), "model")
