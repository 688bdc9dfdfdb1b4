"""What a delegation holds, why, and since when that is known."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.date import Date

Stance = Literal["for", "against", "mixed", "none"]
Pleads = Literal["for", "against"]  # a broader NATO role in the Indo-Pacific
Leaning = Literal["supportive", "cautious", "opposed", "divided", "no-public-position"]
Basis = Literal["explicit", "linked-security", "inferred", "none"]

NEUTRAL = "RAPPORTEUR"

STANCES: dict[Leaning, Stance] = {
    "supportive": "for",
    "cautious": "mixed",
    "divided": "mixed",
    "opposed": "against",
    "no-public-position": "none",
}


class Hold(BaseModel):
    """One thing a delegation holds, as it would say it, with the arguments behind it (what they rest on proves it)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: str
    topic: str
    arguments: tuple[str, ...] = Field(min_length=1)


class Change(BaseModel):
    """What later events did to what is on record: ``facts`` (ids) bear it out, ``overtakes`` names the arguments that
    no longer stand as they did, ``concerns`` those that stand and are read otherwise since.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    facts: tuple[str, ...] = Field(min_length=1)
    overtakes: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()


class Position(BaseModel):
    """Where a delegation stands towards a broader NATO role in the Indo-Pacific, as of a date, with its grounds.

    ``argues``: arguments of others (the alliance, the author) its delegate may put forward, best first.
    ``concedes``: arguments it may grant without leaving its line. What is in neither list it never uses as its own.
    ``silent_on``: topics on which nothing of its own is on record. ``facts``: all that is on record of it, by id.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: str
    leaning: Leaning
    basis: Basis
    as_of: Date
    summary: str
    holds: tuple[Hold, ...] = ()
    argues: tuple[str, ...] = ()
    concedes: tuple[str, ...] = ()
    silent_on: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def stance(self) -> Stance:
        """The leaning as a stance towards the motion."""
        return STANCES[self.leaning]

    @property
    def side(self) -> Pleads | None:
        """The side it takes, if it is not in between or without a stance."""
        return self.stance if self.stance in ("for", "against") else None

    @property
    def held(self) -> tuple[str, ...]:
        """The arguments (ids) behind all that it holds, each once."""
        return tuple(dict.fromkeys(id for hold in self.holds for id in hold.arguments))
