"""The seats at the table and the names people give them."""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from knowledge.errors import UnknownDelegation
from knowledge.position import NEUTRAL


class Delegation(BaseModel):
    """A seat. ``code`` is ISO 3166; ``spoken`` is the name within a sentence ("the Netherlands")."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    name: str
    adjective: str
    capital: str = ""
    spoken: str = ""
    flag: str
    aliases: tuple[str, ...] = ()

    @property
    def in_sentence(self) -> str:
        return self.spoken or self.name

    @property
    def is_neutral(self) -> bool:
        return self.code == NEUTRAL

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """Every name that stands for this state in a text."""
        return tuple(form for form in (self.name, self.adjective, self.capital, *self.aliases) if form)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every name that chooses this seat, folded."""
        return tuple(dict.fromkeys(_folded(form) for form in (self.code, *self.forms)))


RAPPORTEUR = Delegation(
    code=NEUTRAL, name="Rapporteur", adjective="neutral", spoken="the rapporteur", flag="⚖️", aliases=("Neutral",)
)


class Delegations:
    """All seats, found by any usual name in any case."""

    def __init__(self, members: Iterable[Delegation]) -> None:
        self._seats = {seat.code: seat for seat in (RAPPORTEUR, *members)}
        self._by_key = {key: seat for seat in self._seats.values() for key in reversed(seat.keys)}
        self._by_key |= {_folded(seat.code): seat for seat in self._seats.values()}

    def __iter__(self) -> Iterator[Delegation]:
        return iter(self._seats.values())

    def __contains__(self, code: str) -> bool:
        return code in self._seats

    def __getitem__(self, code: str) -> Delegation:
        return self._seats[code]

    def find(self, name: str) -> Delegation:
        """The seat called ``name``. Raises UnknownDelegation with the nearest names."""
        seat = self._by_key.get(_folded(name))
        if seat is None:
            raise UnknownDelegation(name.strip(), self._nearest(name))
        return seat

    def matching(self, typed: str) -> list[Delegation]:
        """The seats whose name, code or alias begins with what was typed so far, then those that contain it."""
        start = _folded(typed)
        begins = [seat for seat in self if any(key.startswith(start) for key in seat.keys)]
        begins.sort(key=lambda seat: start not in seat.keys)
        inside = [seat for seat in self if seat not in begins and any(start in key for key in seat.keys)]
        return begins + inside

    def _nearest(self, name: str) -> list[str]:
        keys = difflib.get_close_matches(_folded(name)[:40], self._by_key, n=6, cutoff=0.5)
        seats = dict.fromkeys(self._by_key[key] for key in keys)
        return [f"{seat.name} ({seat.code})" for seat in seats][:3]


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(plain.replace(".", "").casefold().split())
