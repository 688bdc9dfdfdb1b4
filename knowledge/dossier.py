"""A state's file: its positions over time, what it holds, what changed, and the facts behind all of it."""

from itertools import pairwise
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from knowledge.date import Date
from knowledge.position import Basis, Change, Leaning
from knowledge.source import Tier, Url


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reference(_Value):
    """Where a fact was found. A title in square brackets describes a report whose headline was not seen."""

    publisher: str = Field(min_length=1)
    title: str = Field(min_length=1)
    date: Date
    tier: Tier
    url: Url | None = None


class Fact(_Value):
    """Something on record of a state, in our words, with the source it summarises. ``date``: of the event;
    ``by_others``: what others say of it, or somebody who does not speak for it, so that it is never said as its own.
    """

    id: str = Field(pattern=r"^[A-Z0-9]+-\d{2,}$")
    date: Date
    topic: str
    text: str = Field(min_length=1)
    questions: tuple[str, ...] = Field(min_length=1, max_length=3)
    by_others: bool = False
    source: Reference

    @property
    def known_since(self) -> Date:
        """From when anybody could know it: the event and the report of it, whichever is later."""
        return max(self.date, self.source.date)


class View(_Value):
    """Where a state stood from ``since`` (the record bears it out from then on) to ``as_of`` (its newest evidence)."""

    leaning: Leaning
    basis: Basis
    since: Date
    as_of: Date
    summary: str

    @field_validator("as_of")
    @classmethod
    def _follows(cls, as_of: Date, others: Any) -> Date:
        if "since" in others.data and as_of < others.data["since"]:
            raise ValueError("it lies before since: mend one of the two")
        return as_of


def _as_hold(value: object) -> object:
    """An argument's id stands for a hold in the argument's own words."""
    return {"arguments": [value]} if isinstance(value, str) else value


class Held(_Value):
    """A hold as it is written down: without a claim or topic of its own it has those of its first argument."""

    arguments: tuple[str, ...] = Field(min_length=1)
    claim: str = ""
    topic: str = ""


class Line(_Value):
    """What the delegates of a side put forward of what others hold, best first, and what they concede."""

    argues: tuple[str, ...] = ()
    concedes: tuple[str, ...] = ()


class Dossier(_Value):
    """``positions``: oldest first. ``argues`` and ``concedes``: in place of those of its side."""

    state: str
    positions: tuple[View, ...] = Field(min_length=1)
    holds: tuple[Annotated[Held, BeforeValidator(_as_hold)], ...] = ()
    argues: tuple[str, ...] = ()
    concedes: tuple[str, ...] = ()
    silent_on: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()
    facts: tuple[Fact, ...] = ()

    @field_validator("positions")
    @classmethod
    def _oldest_first(cls, views: tuple[View, ...]) -> tuple[View, ...]:
        if any(later.since < earlier.since for earlier, later in pairwise(views)):
            raise ValueError("they are out of order: write the oldest first")
        return views
