"""What stands on the timeline of NATO's texts."""

from pydantic import BaseModel, ConfigDict, Field, field_validator

from knowledge.date import Date

LONGEST_LABEL = 8  # words


class Milestone(BaseModel):
    """A fact (id) by a short label in our words. ``date``: of what it tells, where the fact's own is later."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: str
    label: str = Field(min_length=1)
    date: Date | None = None

    @field_validator("label")
    @classmethod
    def _is_short(cls, label: str) -> str:
        if len(label.split()) > LONGEST_LABEL:
            raise ValueError(f"at most {LONGEST_LABEL} words: shorten it")
        return label
