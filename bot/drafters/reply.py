"""What a seat has to say to one point of an opponent, by the argument graph.

Which argument a statement makes or denies is read from the annotation (``says`` and ``counters``), and so is the side
an argument is on: likeness only finds the entry. Where it is not clear which of the two a statement does, what is on
record is said without "otherwise" or "granted", which is right either way.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.debate import Voice
from bot.drafters.composer import Composer
from bot.duel import SIDES
from bot.gate import plain
from bot.statement import in_few_words, is_insulting, is_negated
from knowledge.argument import Argument
from knowledge.delegation import Delegation
from knowledge.findings import Bearing, Heard
from knowledge.position import Pleads
from knowledge.record import Record

# What likeness of each kind counts for; chosen on tests/claims/tuning.jsonl and tuning2.jsonl.
THROUGH = 0.80  # the statement makes an argument that the answer rebuts
MINE = 0.04  # more for what the delegation itself holds
YIELDED = 0.05  # less for an argument that the seat may only concede
ENOUGH = 0.45  # from which an answer counts as one
AFTER = 0.85  # share of the best answer from which another takes its place where that has been used
AS_GOOD = 0.80  # share of the best answer from which another stands beside it, if the two are linked
AS_GOOD_ALONE = 0.85  # or not linked
CLEARLY = 0.65  # likeness from which an opponent is taken to speak of an argument that the seat concedes
NEAREST = 0.90  # share of the nearest argument's likeness, for the same
DENIED, DENIED_BY_NEGATION = 0.03, -0.10  # by how much likeness to the denial exceeds that to the argument
NEARER = 0.50  # likeness between a known argument's words and what an answer counters
RANKED = 0.10  # between the first and the last of what the seat argues, where the opponent's argument is known

Polarity = Literal["made", "denied", "unclear"]


@dataclass(frozen=True)
class Challenge:
    """A point to be answered. ``makes``: the argument it is known to make, if a delegate of ours put it; ``heard``:
    what the library hears in it; ``again``: it is put again, so that what was said may be said again.
    """

    text: str
    makes: Argument | None = None
    heard: Heard | None = None
    again: bool = False

    @property
    def words(self) -> str:
        """A few of its own words, with which it is quoted back; none where they are better not repeated."""
        return "" if is_insulting(self.text) else plain(in_few_words(self.text))

    @property
    def bearings(self) -> tuple[Bearing, ...]:
        return self.heard.bearings if self.heard else ()


@dataclass(frozen=True)
class Line:
    """An argument and the voice in which it answers."""

    argument: Argument
    voice: Voice


@dataclass(frozen=True)
class Reply:
    """What there is to say to a challenge, best first. ``before``: what was said already and would answer."""

    challenge: Challenge
    conceded: Line | None = None
    answers: tuple[Line, ...] = ()
    before: tuple[Line, ...] = ()


class Replier(Composer):
    """For one seat. ``used``: arguments (ids) that it has put forward before."""

    def __init__(
        self, record: Record, seat: Delegation, used: Collection[str] = (), pleads: Pleads | None = None
    ) -> None:
        super().__init__(record, seat, pleads)
        self._used = frozenset(used)
        self._side = self._position.side or pleads
        self.is_without_record = self._position.stance == "none" and not self._instructed
        if self.is_without_record:  # it can only tell what the record says in general, as nobody's own
            self._own = {}
            self._may_say = [id for side in SIDES for id in record.line(side).argues]

    def reply(self, challenge: Challenge) -> Reply:
        """What to concede of a challenge, and what to answer."""
        scored = self._scored(challenge)
        conceded = self._conceded(challenge)
        fresh = {id: score for id, score in scored.items() if challenge.again or id not in self._used}
        if conceded:
            fresh = {id: score for id, score in fresh.items() if id in self._may_say and id != conceded.argument.id}
        good = self._good(fresh, AFTER * max(scored.values(), default=0.0))
        before = [id for id in self._good(scored, 0.0) if id in self._used]
        return Reply(
            challenge,
            conceded,
            answers=tuple(self._line(id, challenge) for id in good),
            before=tuple(Line(self._record.arguments[id], "again") for id in before),
        )

    def _scored(self, challenge: Challenge) -> dict[str, float]:
        """The arguments the seat may answer with -> how well they answer."""
        if challenge.makes:
            near = {bearing.argument.id: bearing.counters for bearing in challenge.bearings}
            return {a.id: self._rank(a) + NEARER * near.get(a.id, 0.0) for a in self._rebutting(challenge.makes)}
        says = {bearing.argument.id: bearing.says for bearing in challenge.bearings}
        return {
            bearing.argument.id: self._score(bearing, says)
            for bearing in challenge.bearings
            if self._may_answer_with(bearing.argument)
        }

    def _score(self, bearing: Bearing, says: Mapping[str, float]) -> float:
        """What is only conceded answers those who deny it, and nobody who merely speaks of it."""
        theirs = (id for id in bearing.argument.rebuts if id not in self._may_say)  # nobody rebuts its own case
        through = THROUGH * max((says[id] for id in theirs), default=0.0)
        if bearing.argument.id in self._may_say:
            mine = MINE if bearing.argument.id in self._own else 0.0
            return max(bearing.counters, through, bearing.says) + mine
        return max(bearing.counters, through) - YIELDED

    def _may_answer_with(self, argument: Argument) -> bool:
        """What it holds and argues; of what it concedes, nothing that pleads for the other side."""
        return argument.id in self._may_say or (argument.id in self._may_grant and not self._is_theirs(argument))

    def _is_theirs(self, argument: Argument) -> bool:
        return self._side is not None and argument.side not in (self._side, "context")

    def _rebutting(self, made: Argument) -> Iterator[Argument]:
        answers = self._record.rebuttals.get(made.id, ())
        yield from (argument for argument in answers if self._may_answer_with(argument))

    def _rank(self, argument: Argument) -> float:
        """Among the known answers to a known argument: what the seat holds, then what it argues, in its order."""
        if argument.id not in self._may_say:
            return 1.0 - RANKED - YIELDED
        return 1.0 - RANKED * self._may_say.index(argument.id) / len(self._may_say)

    def _conceded(self, challenge: Challenge) -> Line | None:
        """Of a known argument also what is common ground; of free words what is near to them and the seat concedes. Who
        argues as instructed has nothing to concede.
        """
        if self._instructed:
            return None
        if made := challenge.makes:
            common = made.id in self._may_grant or made.id in self._may_say
            return Line(made, "granted") if common else None
        nearest = max(map(_nearness, challenge.bearings), default=0.0)
        near = [bearing for bearing in challenge.bearings if self._is_conceded(bearing, challenge, nearest)]
        if not near:
            return None
        best = max(near, key=_nearness)
        is_made = _polarity(best, challenge) == "made" and not is_negated(challenge.text)
        return Line(best.argument, "granted" if is_made else "noted")

    def _is_conceded(self, bearing: Bearing, challenge: Challenge, nearest: float) -> bool:
        """What pleads for the other side is conceded whether made or denied, anything else only where it is made."""
        argument = bearing.argument
        if argument.id not in self._may_grant or argument.id in self._used:
            return False
        if self._is_theirs(argument):
            return _nearness(bearing) >= max(CLEARLY, NEAREST * nearest)
        return bearing.says >= max(CLEARLY, nearest) and _polarity(bearing, challenge) == "made"

    def _line(self, id: str, challenge: Challenge) -> Line:
        argument = self._record.arguments[id]
        if self.is_without_record:
            return Line(argument, "general")
        if id in self._used:
            return Line(argument, "again")
        if challenge.makes or self._is_against(argument, challenge):
            return Line(argument, "contradicting")
        return Line(argument, "recorded")

    def _is_against(self, argument: Argument, challenge: Challenge) -> bool:
        """Whether a statement denies the argument, or makes one that it rebuts."""
        bearing = next(each for each in challenge.bearings if each.argument is argument)
        if _polarity(bearing, challenge) == "denied":
            return True
        rebutted = (each for each in challenge.bearings if each.argument.id in argument.rebuts)
        return max((each.says for each in rebutted), default=0.0) > _nearness(bearing)

    def _good(self, scored: Mapping[str, float], least: float) -> list[str]:
        """The best, if it scores at least so much, and what stands beside it; best first."""
        ranked = sorted(scored, key=lambda id: -scored[id])
        if not ranked or scored[ranked[0]] < max(ENOUGH, least):
            return []
        best, *others = ranked
        top = max(ENOUGH, AS_GOOD * scored[best])
        return [best, *(id for id in others if scored[id] >= top and self._stands_beside(id, best, scored))]

    def _stands_beside(self, id: str, best: str, scored: Mapping[str, float]) -> bool:
        one, other = self._record.arguments[id], self._record.arguments[best]
        linked = one.topic == other.topic or id in other.supports or best in one.supports
        shared = not set(one.rebuts).isdisjoint(other.rebuts)
        return linked or shared or scored[id] >= AS_GOOD_ALONE * scored[best]


def _polarity(bearing: Bearing, challenge: Challenge) -> Polarity:
    """Whether a statement makes an argument or denies it: by which annotated statement it is like, and by whether one
    of the two is negated and the other is not.
    """
    lean = bearing.says - bearing.counters
    turned = is_negated(challenge.text) != is_negated(bearing.argument.claim)
    if lean < -(DENIED_BY_NEGATION if turned else DENIED):
        return "denied"
    return "unclear" if turned or lean < 0 else "made"


def _nearness(bearing: Bearing) -> float:
    return max(bearing.says, bearing.counters)
