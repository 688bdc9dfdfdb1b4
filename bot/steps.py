"""The steps of an answer, told to whoever waits for it."""

from collections.abc import Callable

READING = "Reading the record …"
DRAFTING = "Drafting …"
CHECKING = "Checking …"

Told = Callable[[str], None]


def unheard(_: str) -> None:
    """For those who do not follow the progress."""
