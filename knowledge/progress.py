"""How far something long has come."""

from collections.abc import Callable

Progress = Callable[[int, int], None]  # texts done, and in all


def unheard(_done: int, _total: int) -> None:
    """For those who do not follow it."""
