"""Which passages may be found: chosen by what is known of them, beside the vectors and not inside the index."""

from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from knowledge.argument import Side
from knowledge.date import Date
from knowledge.passage import Passage

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]


class Traits(NamedTuple):
    """What a passage is chosen by. ``day``: from which it could be cited (a number); ``server``: whose alone it is."""

    source: str
    states: tuple[str, ...]
    sides: tuple[str, ...]
    server: str
    day: int


class Filter(BaseModel):
    """What is left empty admits everything. ``server``: whose passages are found beside those that are everybody's."""

    model_config = ConfigDict(frozen=True)

    sources: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    sides: frozenset[Side] = frozenset()
    until: Date | None = None
    server: str = ""

    def admits(self, traits: Traits) -> bool:
        return (
            (not self.sources or traits.source in self.sources)
            and (not self.states or not self.states.isdisjoint(traits.states))
            and (not self.sides or not self.sides.isdisjoint(traits.sides))
            and (self.until is None or traits.day <= self.until.last.toordinal())
            and traits.server in ("", self.server)
        )

    def cut(self, date: Date | None) -> "Filter":
        """The same, with nothing newer than ``date``."""
        if date is None or (self.until is not None and self.until <= date):
            return self
        return self.model_copy(update={"until": date})


EVERYTHING = Filter()


def traits_of(passage: Passage) -> Traits:
    """Of a passage without annotation."""
    states = (passage.fact_of,) if passage.fact_of else ()
    sides = (passage.side,) if passage.side else ()
    return Traits(passage.source, states, sides, passage.server, passage.known_since.last.toordinal())


class Columns:
    """The traits of many passages by place: each distinct one once, so that a filter is asked once for each."""

    def __init__(self, distinct: list[Traits], codes: "Array") -> None:
        self._distinct, self._codes = distinct, codes

    @classmethod
    def of(cls, all_traits: Iterable[Traits]) -> "Columns":
        import numpy as np

        numbers: dict[Hashable, int] = {}
        codes = [numbers.setdefault(traits, len(numbers)) for traits in all_traits]
        return cls(list(numbers), np.array(codes, np.int32))  # type: ignore[arg-type]

    def admitted(self, by: Filter) -> "Array":
        """Whether each is, shape (passages,)."""
        import numpy as np

        return np.array([by.admits(traits) for traits in self._distinct], bool)[self._codes]

    def save(self, path: Path) -> None:
        import json

        import numpy as np

        np.savez(path, codes=self._codes, distinct=np.array(json.dumps(self._distinct)))

    @classmethod
    def load(cls, path: Path) -> "Columns":
        import json

        import numpy as np

        stored = np.load(path)
        rows = json.loads(str(stored["distinct"]))
        return cls([Traits(row[0], tuple(row[1]), tuple(row[2]), row[3], row[4]) for row in rows], stored["codes"])
