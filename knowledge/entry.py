"""The texts by which something on record is found."""

import hashlib
from typing import Literal, NamedTuple

from knowledge.record import Record

FORM = "1"  # of what is stored: a change makes every index be built anew

Kind = Literal["text", "claim", "quote", "question", "says", "counter"]


class Entry(NamedTuple):
    """One text. ``argument`` is empty for a passage's own text."""

    kind: Kind
    passage: str
    argument: str
    text: str


def entries_of(record: Record) -> list[Entry]:
    """Every text by which a passage is found: its own in its section, and the claims, quotes and questions that rest on
    it; in a stable order.
    """
    entries = [
        Entry("text", passage.id, "", f"{passage.section}: {passage.text}") for passage in record.passages.values()
    ]
    for argument in record.arguments.values():
        passage = record.grounds[argument.id]
        entries.append(Entry("claim", passage, argument.id, argument.claim))
        entries.append(Entry("quote", passage, argument.id, argument.quote))
        entries.extend(Entry("question", passage, argument.id, question) for question in argument.questions)
    return entries


def statements_of(record: Record) -> list[Entry]:
    """Every text by which a statement is recognised: how advocates put an argument, and what it answers."""
    statements: list[Entry] = []
    for argument in record.arguments.values():
        passage = record.grounds[argument.id]
        statements.extend(Entry("says", passage, argument.id, text) for text in argument.says)
        statements.extend(Entry("counter", passage, argument.id, text) for text in argument.counters)
    return statements


def version_of(record: Record, model: str) -> str:
    """A hash of all that an index is built from."""
    questions = record.calibration
    texts = map(repr, (*entries_of(record), *statements_of(record)))
    inputs = [FORM, model, *texts, *questions.answered, "elsewhere", *questions.elsewhere]
    return hashlib.sha256("\n".join(inputs).encode()).hexdigest()[:16]
