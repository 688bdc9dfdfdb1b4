"""Questions on and off the record, written to weigh relevance by; they are not the questions we measure with."""

from pydantic import BaseModel, ConfigDict, Field


class Elsewhere(BaseModel):
    """Questions the record does not speak to, far from its subject and near it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    far: tuple[str, ...] = Field(min_length=1)
    near: tuple[str, ...] = Field(min_length=1)


class Calibration(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    answered: tuple[str, ...] = Field(min_length=1)
    unanswered: Elsewhere = Field(alias="elsewhere")

    @property
    def elsewhere(self) -> tuple[str, ...]:
        return self.unanswered.far + self.unanswered.near


NO_QUESTIONS = Calibration.model_construct(answered=(), unanswered=Elsewhere.model_construct(far=(), near=()))
