"""An annotated claim of a source."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Side = Literal["for", "against", "context"]

LONGEST_CLAIM = 35  # words: what a listener takes in at once


def _brief(claim: str) -> str:
    words = len(claim.split())
    if words > LONGEST_CLAIM:
        raise ValueError(f"a claim has at most {LONGEST_CLAIM} words, this one has {words}: shorten it")
    return claim


class Argument(BaseModel):
    """A claim a source makes or reports, in our words, with the ``quote`` or the ``facts`` (ids) that it rests on.

    ``held_by``: codes of who asserts it (delegations, SECGEN, SOME-ALLIES, AUTHOR).
    ``derived``: what the claim states that its passage does not print, with the reason it follows.
    ``questions``: what people would ask that this answers. ``says``: how its advocates put it, ``counters``: what
    opponents say that it answers, both in everyday words. ``rebutted_by``: as if those arguments said that they rebut
    it. ``unanswered``: no other argument rebuts it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    claim: Annotated[str, AfterValidator(_brief)]
    topic: str
    side: Side
    held_by: tuple[str, ...] = Field(min_length=1)
    quote: str = ""
    facts: tuple[str, ...] = ()
    derived: dict[str, str] = {}
    questions: tuple[str, ...] = Field(min_length=1, max_length=6)
    says: tuple[str, ...] = Field(default=(), max_length=8)
    counters: tuple[str, ...] = Field(default=(), max_length=12)
    supports: tuple[str, ...] = ()
    rebuts: tuple[str, ...] = ()
    rebutted_by: tuple[str, ...] = ()
    unanswered: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether it only tells a fact, and argues nothing."""
        return bool(self.facts) and not self.says and not self.counters

    @model_validator(mode="after")
    def _rests(self) -> "Argument":
        if bool(self.quote) == bool(self.facts):
            raise ValueError("it rests on a quote or on facts: give one of the two")
        return self
