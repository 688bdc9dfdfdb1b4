"""The shape in which a language model answers: claims that point at numbered passages. It vouches for nothing."""

from pydantic import BaseModel, ConfigDict, Field

from knowledge.position import Stance

MOST = 8  # claims of an answer, unless there are more passages; beyond that it is none


class SketchedClaim(BaseModel):
    """One claim in the model's words."""

    model_config = ConfigDict(extra="ignore")

    text: str = Field(description="one sentence, third person, at most 40 words")
    passages: list[int] = Field(description="the numbers of the passages that bear it out, the best first")
    quote: str = Field(description="words of the first of those passages, copied exactly")


class Sketch(BaseModel):
    """What a model proposes to say. Every field is required: some providers insist on it."""

    model_config = ConfigDict(extra="ignore")

    stance: Stance = Field(description="the delegation's stance, as given")
    claims: list[SketchedClaim] = Field(description="the claims, best first")
    unanswered: str = Field(description="what of the question the passages do not answer; empty if nothing")


class Translated(BaseModel):
    """Lines in another language, one for one."""

    model_config = ConfigDict(extra="ignore")

    lines: list[str] = Field(description="the translated lines, as many as were given, in the same order")


class Reading(BaseModel):
    """A question as it can be searched for; empty where it is about something else."""

    model_config = ConfigDict(extra="ignore")

    question: str = Field(description="one question in plain English, at most 30 words; empty if it is off the subject")
