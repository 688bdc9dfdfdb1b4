"""What a delegation holds, and why."""

import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Stance = Literal["for", "against", "mixed", "none"]
Pleads = Literal["for", "against"]  # a broader NATO role in the Indo-Pacific
Basis = Literal["explicit", "inferred", "none"]

NEUTRAL = "RAPPORTEUR"


class Hold(BaseModel):
    """One thing a delegation holds, as it would say it, with the arguments behind it (their quotes prove it)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: str
    topic: str
    arguments: tuple[str, ...] = Field(min_length=1)


class Position(BaseModel):
    """A stance towards a broader NATO role in the Indo-Pacific, with its grounds.

    ``argues``: arguments of others (the alliance, the author) its delegate may put forward, best first.
    ``concedes``: arguments it may grant without leaving its line. What is in neither list it never uses as its own.
    ``silent_on``: topics on which nothing of its own is on record.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: str
    stance: Stance
    basis: Basis
    as_of: datetime.date
    summary: str
    holds: tuple[Hold, ...] = ()
    argues: tuple[str, ...] = ()
    concedes: tuple[str, ...] = ()
    silent_on: tuple[str, ...] = ()

    @property
    def side(self) -> Pleads | None:
        """The side it takes, if it is not in between or without a stance."""
        return self.stance if self.stance in ("for", "against") else None
