"""The command as it is called, and what came of it."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        (line,) = self.out.splitlines()
        return json.loads(line)

    @property
    def documents(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def words(self) -> str:
        """What people read, however wide their terminal."""
        return " ".join(self.out.split())

    @property
    def complaint(self) -> str:
        """The one line on standard error of a command that printed nothing else."""
        assert self.out == ""
        (line,) = self.err.splitlines()
        return line


Command = Callable[..., Outcome]
