"""The audience's votes before and after a debate, and the shift between them."""

from collections.abc import Mapping
from typing import Literal

When = Literal["before", "after"]

ANSWERS = ("For", "Against", "Undecided")


def key(when: When, answer: str) -> str:
    """Under which a count is kept."""
    return f"{when}:{answer.casefold()}"


class Votes:
    """Counts by ``key``."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    def taken(self, when: When) -> bool:
        return any(key(when, answer) in self._counts for answer in ANSWERS)

    @property
    def both_taken(self) -> bool:
        return self.taken("before") and self.taken("after")

    def of(self, when: When) -> dict[str, int]:
        return {answer: self._counts.get(key(when, answer), 0) for answer in ANSWERS}

    @property
    def shift(self) -> str:
        """In shares of those who voted, since not the same people vote twice."""
        before, after = self.of("before"), self.of("after")
        if not sum(before.values()) or not sum(after.values()):
            return f"{_told('Before', before)} {_told('After', after)} Too few voted to tell a shift."
        moved = (
            f"{answer.casefold()} {100 * (_share(after, answer) - _share(before, answer)):+.0f}" for answer in ANSWERS
        )
        return f"{_told('Before', before)} {_told('After', after)} Shift in percentage points: {', '.join(moved)}."


def _told(when: str, counts: Mapping[str, int]) -> str:
    return f"{when}: {', '.join(f'{count} {answer.casefold()}' for answer, count in counts.items())}."


def _share(counts: Mapping[str, int], answer: str) -> float:
    return counts[answer] / sum(counts.values())
