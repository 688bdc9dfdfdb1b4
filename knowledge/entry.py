"""The texts by which something on record is found."""

import hashlib
from typing import Literal, NamedTuple

from knowledge.record import Record

FORM = "3"  # of what is stored: a change makes every index be built anew

Kind = Literal["text", "claim", "quote", "question", "says", "counter"]


class Entry(NamedTuple):
    """One text. ``argument`` is empty for the text of a passage that is no fact."""

    kind: Kind
    passage: str
    argument: str
    text: str


def entries_of(record: Record) -> list[Entry]:
    """Every text by which a passage is found: its own in its section, and the claims, quotes and questions that rest on
    it; in a stable order. A fact is its own claim.
    """
    bare = {record.ground_of(argument): argument.id for argument in record.arguments.values() if argument.is_bare}
    entries = [
        Entry("text", passage.id, bare.get(passage.id, ""), f"{passage.section}: {passage.text}")
        for passage in record.passages.values()
    ]
    for argument in record.arguments.values():
        passage = record.ground_of(argument)
        if not argument.is_bare:
            entries.append(Entry("claim", passage, argument.id, argument.claim))
        if argument.quote:
            entries.append(Entry("quote", passage, argument.id, argument.quote))
        entries.extend(Entry("question", passage, argument.id, question) for question in argument.questions)
    return entries


def statements_of(record: Record) -> list[Entry]:
    """Every text by which a statement is recognised: how advocates put an argument, and what it answers."""
    statements: list[Entry] = []
    for argument in record.arguments.values():
        passage = record.ground_of(argument)
        statements.extend(Entry("says", passage, argument.id, text) for text in argument.says)
        statements.extend(Entry("counter", passage, argument.id, text) for text in argument.counters)
    return statements


def version_of(record: Record, model: str) -> str:
    """A hash of all that an index is built from."""
    questions = record.calibration
    texts = map(repr, (*entries_of(record), *statements_of(record)))
    inputs = [FORM, model, *texts, *questions.answered, "elsewhere", *questions.elsewhere]
    return hashlib.sha256("\n".join(inputs).encode()).hexdigest()[:16]
