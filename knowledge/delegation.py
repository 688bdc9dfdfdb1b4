"""The seats at the table and the names people give them."""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from knowledge.errors import AmbiguousDelegation, NotSeated, UnknownDelegation
from knowledge.position import NEUTRAL

ALLIANCE = "NATO"  # named in most questions without being the one who is asked about

Kind = Literal["member", "partner", "institution", "group", "other"]


class Delegation(BaseModel):
    """Somebody on record. ``code`` is ISO 3166 where there is one; ``spoken`` is the name within a sentence ("the
    Netherlands"). Who is not ``seated`` can be looked up and has no delegate.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    name: str
    adjective: str
    capital: str = ""
    spoken: str = ""
    flag: str
    kind: Kind = "member"
    seated: bool = True
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
        forms = (self.name, self.adjective, self.capital, *self.aliases)
        return tuple(form for form in forms if form)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every name that chooses this seat, folded."""
        articled = (f"the {form}" for form in (self.name, *self.aliases))
        return tuple(dict.fromkeys(_folded(form) for form in (self.code, *self.forms, self.in_sentence, *articled)))

    @property
    def choice(self) -> str:
        """As it is offered to be chosen: ``France (FR)``."""
        return f"{self.name} ({self.code})" if self.code != self.name else self.name


class Names(Protocol):
    """Finds names in texts."""

    def mentioned(self, text: str, *, capitals: bool = True) -> frozenset[str]: ...


class Group(BaseModel):
    """Several delegations by one name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    spoken: str
    members: tuple[str, ...] = Field(min_length=2)
    aliases: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


RAPPORTEUR = Delegation(
    code=NEUTRAL, name="Rapporteur", adjective="neutral", spoken="the rapporteur", flag="⚖️", aliases=("Neutral",)
)


class Delegations:
    """All that are on record, found by any usual name in any case; the rapporteur first."""

    def __init__(
        self,
        members: Iterable[Delegation],
        groups: Iterable[Group] = (),
        ambiguous: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._seats = {seat.code: seat for seat in (RAPPORTEUR, *members)}
        self.groups = tuple(groups)
        by_key = defaultdict(list)
        for seat in self._seats.values():
            for key in seat.keys:
                by_key[key].append(seat)
        # A code is nobody's else, whatever other names are spelt like it.
        self._by_key = dict(by_key) | {_folded(seat.code): [seat] for seat in self._seats.values()}
        self._choices = {key: tuple(seat.choice for seat in seats) for key, seats in self._by_key.items()}
        for group in self.groups:
            choices = tuple(self._seats[code].choice for code in group.members)
            self._choices |= {_folded(form): choices for form in group.forms}
        self._choices |= {_folded(name): choices for name, choices in (ambiguous or {}).items()}

    def __iter__(self) -> Iterator[Delegation]:
        return iter(self._seats.values())

    def __contains__(self, code: str) -> bool:
        return code in self._seats

    def __getitem__(self, code: str) -> Delegation:
        return self._seats[code]

    @property
    def seated(self) -> list[Delegation]:
        """Those who have a delegate, the rapporteur among them."""
        return [seat for seat in self if seat.seated]

    def find(self, name: str) -> Delegation:
        """Who is called ``name``. Raises UnknownDelegation with the nearest names, AmbiguousDelegation with those that
        it may mean.
        """
        key = _folded(name)
        if len(self._choices.get(key, ())) > 1:
            raise AmbiguousDelegation(name.strip(), self._choices[key])
        if key not in self._by_key:
            raise UnknownDelegation(name.strip(), self._nearest(name))
        return self._by_key[key][0]

    def seat(self, name: str) -> Delegation:
        """As ``find``, with a delegate. Raises NotSeated where there is none."""
        found = self.find(name)
        if not found.seated:
            raise NotSeated(found.in_sentence, found.code)
        return found

    def named(self, text: str, names: Names) -> frozenset[str]:
        """The codes of those named in ``text``, alone or in a group. The alliance is named in most, and not meant."""
        grouped = (group.members for group in self.groups_in(text))
        alone = names.mentioned(text, capitals=False)
        return frozenset(code for code in (*alone, *chain(*grouped)) if code in self and code != ALLIANCE)

    def groups_in(self, text: str) -> list[Group]:
        """The groups named in ``text``."""
        folded = _folded(text)
        return [group for group in self.groups if any(_stands(form, folded) for form in group.forms)]

    def matching(self, typed: str) -> list[Delegation]:
        """The seats whose name, code or alias begins with what was typed so far, then those that contain it."""
        start = _folded(typed)
        begins = [seat for seat in self if any(key.startswith(start) for key in seat.keys)]
        begins.sort(key=lambda seat: start not in seat.keys)
        inside = [seat for seat in self if seat not in begins and any(start in key for key in seat.keys)]
        grouped = {code for group in self.groups if start and _is_in(start, group) for code in group.members}
        beside = [seat for seat in self if seat.code in grouped and seat not in begins and seat not in inside]
        return begins + inside + beside

    def _nearest(self, name: str) -> list[str]:
        keys = difflib.get_close_matches(_folded(name)[:40], self._by_key, n=6, cutoff=0.5)
        return list(dict.fromkeys(seat.choice for key in keys for seat in self._by_key[key]))[:3]


def _is_in(start: str, group: Group) -> bool:
    return any(start in _folded(form) for form in group.forms)


def _stands(form: str, folded: str) -> bool:
    """Whether the words of ``form`` stand in a text that is folded, between spaces or signs."""
    return re.search(rf"(?<!\w){re.escape(_folded(form))}(?!\w)", folded) is not None


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(plain.replace(".", "").casefold().split())
