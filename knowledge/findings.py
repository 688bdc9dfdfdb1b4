"""What a search found, and what a statement bears on."""

from dataclasses import dataclass

from knowledge import relevance
from knowledge.argument import Argument
from knowledge.passage import Passage

CLAIMED = 0.7  # probability from which the record is taken to speak to a statement; on the tuning claims
STATED = 0.62  # likeness from which a statement is one that the annotation knows; on the tuning claims
MADE = 0.6  # likeness from which a statement is taken to make an argument

LEANING = {"for": 1.0, "against": -1.0, "context": 0.0}  # of what is labelled so


@dataclass(frozen=True)
class Hit:
    passage: Passage
    score: float


@dataclass(frozen=True)
class Found:
    """``leaning``: above 0 where it is known to plead for the motion, below where against, 0 where neither."""

    passage: Passage
    score: float
    leaning: float


@dataclass(frozen=True)
class Match:
    argument: Argument
    score: float


@dataclass(frozen=True)
class Findings:
    """What a search found, best first. ``probability``: that the record speaks to the question at all."""

    question: str
    hits: tuple[Hit, ...]
    matches: tuple[Match, ...]
    probability: float

    @property
    def is_near_enough(self) -> bool:
        return self.probability >= relevance.ENOUGH


@dataclass(frozen=True)
class Bearing:
    """How near a statement comes to what makes an argument (``says``) and to what it answers (``counters``)."""

    argument: Argument
    says: float
    counters: float


@dataclass(frozen=True)
class Heard:
    """A statement and what it bears on, in the order of the sources. ``probability``: that the record speaks to it."""

    statement: str
    bearings: tuple[Bearing, ...]
    probability: float

    @property
    def is_near_enough(self) -> bool:
        """By the judgement for questions, and more surely: whoever claims something is answered at length."""
        return self.probability >= CLAIMED

    @property
    def is_known(self) -> bool:
        """Whether the record speaks to it: by the judgement for questions, or since it is nearly an annotated one."""
        return self.is_near_enough or self.nearest >= STATED

    @property
    def makes(self) -> Argument | None:
        """The argument that it makes: the one whose advocates speak most like it, unless it is more like what that
        argument answers.
        """
        best = max(self.bearings, key=lambda bearing: bearing.says, default=None)
        if best is None or best.says < MADE or best.counters >= best.says:
            return None
        return best.argument

    @property
    def nearest(self) -> float:
        return max((max(bearing.says, bearing.counters) for bearing in self.bearings), default=0.0)
