"""What a library holds beside its record: passages without annotation, however many."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from knowledge.passage import Passage

FORM = "1"  # of what is stored: a change makes every index be built anew


@dataclass(frozen=True)
class Holdings:
    """``read`` yields the passages in a stable order, anew each time it is called: the truth that the index is derived
    from. Another ``version`` is another index.
    """

    version: str
    read: Callable[[], Iterable[Passage]]

    @classmethod
    def of(cls, passages: Iterable[Passage]) -> "Holdings":
        held = tuple(passages)
        digest = hashlib.sha256()
        for passage in held:
            digest.update(passage.model_dump_json().encode())
        return cls(digest.hexdigest()[:16], lambda: held)


NOTHING = Holdings("", tuple)


def text_of(passage: Passage) -> str:
    """By which it is found: its own words, in their section."""
    return f"{passage.section} {passage.text}".strip()


def version_of_holdings(holdings: Holdings, *made_with: str) -> str:
    """A hash of all that their index is built from."""
    inputs = "\n".join((FORM, holdings.version, *made_with))
    return hashlib.sha256(inputs.encode()).hexdigest()[:16]
