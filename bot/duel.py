"""A duel: a motion, two seats, and whose turn it is. Pure: the time is given, and nothing is awaited.

Whatever is out of order is refused with the name of the rule (``OutOfOrder.rule``); the duel stays as it was.
"""

import datetime
import re
from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.debate import Citation, Claim, cited_in
from bot.formats import NAMES, Format, Kind
from knowledge.date import Date
from knowledge.errors import OutOfOrder

Side = Literal["for", "against"]  # of the motion
Status = Literal["running", "paused", "ended"]

SIDES: tuple[Side, Side] = ("for", "against")

_WORD = re.compile(r"\w+")
_MARK = re.compile(r"\s?\[\d+\]")

SHORT_OF_TIME = 10.0  # seconds of grace: a message is some time on its way


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Seat(_Value):
    """Who speaks for a side: ``state`` may be empty for a person, ``person`` is empty where the delegate is ours.
    ``pleads``: for or against a broader NATO role, which a motion to stay out turns around.
    """

    side: Side
    state: str = ""
    person: str = ""
    pleads: Side | None = None

    @property
    def is_ours(self) -> bool:
        return not self.person


class Place(_Value):
    """A point of a turn, both counted from 0."""

    turn: int
    point: int


class Point(_Value):
    """One claim put forward. ``argument``: the annotated one it makes (empty where the record knows none);
    ``strength``: how much of the record supports it; ``known``: that the record speaks to it at all.
    """

    text: str
    argument: str = ""
    strength: float = 0.0
    known: bool = True


class Turn(_Value):
    """What was said. ``claims`` is empty for a person; ``answers``: the turn it rebuts; ``met``: the points it answers;
    ``event``: what Discord calls the message or interaction it came with; ``drafter`` and ``remark``: as of the speech
    it is.
    """

    side: Side
    kind: Kind
    text: str
    at: datetime.datetime
    claims: tuple[Claim, ...] = ()
    points: tuple[Point, ...] = ()
    answers: int | None = None
    met: tuple[Place, ...] = ()
    lapsed: bool = False
    event: str = ""
    drafter: str = ""
    remark: str = ""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation once, by number."""
        return cited_in(self.claims)

    @property
    def arguments(self) -> frozenset[str]:
        """What it put forward (ids)."""
        return frozenset(point.argument for point in self.points if point.argument)


class Due(_Value):
    """The turn that comes next, and how long it may be."""

    side: Side
    kind: Kind
    words: int
    seconds: float | None


class Duel(_Value):
    """``since``: when the turn that is due became so; ``as_of``: nothing newer is used in it."""

    motion: str
    format: Format
    seats: tuple[Seat, Seat]
    since: datetime.datetime
    turns: tuple[Turn, ...] = ()
    status: Status = "running"
    votes: dict[str, int] = Field(default_factory=dict)
    as_of: Date | None = None

    def seat(self, side: Side) -> Seat:
        return next(seat for seat in self.seats if seat.side == side)

    def side_of(self, person: str) -> Side:
        """Raises OutOfOrder (seats) when nobody of that name is seated."""
        for seat in self.seats:
            if person and seat.person == person:
                return seat.side
        raise OutOfOrder("seats", "only those who are seated speak in this debate; start one of your own with /debate.")

    @property
    def due(self) -> Due | None:
        """The next turn, or None when all have been held."""
        if self.status == "ended":
            return None
        if not self.format.ordered:
            return self._due(other(self.turns[-1].side) if self.turns else "for", "rebuttal")
        schedule = list(_schedule(self.format))
        return self._due(*schedule[len(self.turns)]) if len(self.turns) < len(schedule) else None

    @property
    def next(self) -> Due:
        """As ``due``. Raises OutOfOrder (closed) when all turns have been held."""
        if (due := self.due) is None:
            raise OutOfOrder("closed", "this debate is over; start another with /debate start.")
        return due

    def _due(self, side: Side, kind: Kind) -> Due:
        limits = self.format.turns[kind]
        return Due(side=side, kind=kind, words=limits.words, seconds=limits.seconds)

    @property
    def deadline(self) -> datetime.datetime | None:
        """When the turn that is due lapses, if it ever does."""
        due = self.due
        if due is None or due.seconds is None or self.status != "running":
            return None
        return self.since + datetime.timedelta(seconds=due.seconds)

    def admit(self, side: Side, text: str, at: datetime.datetime) -> Due:
        """As ``floor``, with ``text``. Raises OutOfOrder naming the rule."""
        due = self.floor(side)
        if not text.strip():
            raise OutOfOrder("substance", "there are no words in that turn; say something on the motion.")
        if (words := words_in(text)) > due.words:
            raise OutOfOrder(
                "length", f"this {NAMES[due.kind]} has {words:,} words and may have {due.words}; shorten it."
            )
        if self.is_late(at):
            raise OutOfOrder("time", f"the time for this {NAMES[due.kind]} has run out; the floor passes on.")
        return due

    def floor(self, side: Side) -> Due:
        """The turn that ``side`` may now hold. Raises OutOfOrder naming the rule."""
        due = self.next
        if self.status == "paused":
            raise OutOfOrder("pause", "the debate is paused; go on with /debate resume.")
        if not self.format.ordered:
            return self._due(side, "rebuttal")
        if due.side != side:
            raise OutOfOrder("turn order", f"it is the other side’s turn, for its {NAMES[due.kind]}; wait for it.")
        return due

    def is_late(self, at: datetime.datetime) -> bool:
        deadline = self.deadline
        return deadline is not None and at > deadline + datetime.timedelta(seconds=SHORT_OF_TIME)

    def hold(self, turn: Turn) -> "Duel":
        """With ``turn`` held. Raises OutOfOrder naming the rule."""
        due = self.admit(turn.side, turn.text, turn.at)
        if turn.kind != due.kind:
            raise OutOfOrder("turn order", f"what is due is the {NAMES[due.kind]}, not the {NAMES[turn.kind]}.")
        return self._with(turn)

    def lapse(self, at: datetime.datetime) -> "Duel":
        """With the turn that is due passed over because its time has run out. Raises OutOfOrder when it has not."""
        due = self.due
        if due is None or not self.is_late(at):
            raise OutOfOrder("time", "the time has not run out.")
        return self._with(Turn(side=due.side, kind=due.kind, text="", at=at, lapsed=True))

    def _with(self, turn: Turn) -> "Duel":
        held = self.model_copy(update={"turns": (*self.turns, turn), "since": turn.at})
        return held if held.due else held.model_copy(update={"status": "ended"})

    def pause(self) -> "Duel":
        if self.status != "running":
            raise OutOfOrder("pause", "the debate is not running; there is nothing to pause.")
        return self.model_copy(update={"status": "paused"})

    def resume(self, at: datetime.datetime) -> "Duel":
        """Running again, with the whole time for the turn that is due."""
        if self.status == "ended":
            raise OutOfOrder("closed", "this debate is over; start another with /debate start.")
        return self.model_copy(update={"status": "running", "since": at})

    def refuse_begun(self) -> None:
        """Raises OutOfOrder when it has begun, or is over."""
        if self.status == "ended":
            raise OutOfOrder("closed", "this debate is over; start another with /debate start.")
        if self.turns or self.status == "running":
            raise OutOfOrder("vote", "the debate has begun already.")

    def end(self) -> "Duel":
        if self.status == "ended":
            raise OutOfOrder("closed", "this debate is over already.")
        return self.model_copy(update={"status": "ended"})

    def point(self, place: Place) -> Point:
        return self.turns[place.turn].points[place.point]

    def put_by(self, side: Side) -> list[Place]:
        """The points of a side that the record speaks to, in the order they were made; one that was only repeated
        counts once.
        """
        places: dict[str, Place] = {}
        for n, turn in enumerate(self.turns):
            if turn.side == side and turn.kind not in ("question", "closing"):
                for place in _places(turn, n):
                    places.setdefault(self._key(place), place)
        return list(places.values())

    def unanswered_by(self, side: Side) -> list[Place]:
        """The points of the other side that this one has not answered, the strongest first; what it says itself is
        common ground and needs no answer.
        """
        met = {self._key(place) for turn in self.turns if turn.side == side for place in turn.met}
        settled = met | self.used_by(side)
        missing = [place for place in self.put_by(other(side)) if self._key(place) not in settled]
        return sorted(missing, key=lambda place: (-self.point(place).strength, place.turn, place.point))

    def open_to(self, side: Side) -> list[Place]:
        """What this side may answer now: what it has not answered, and what was put to it again since it did. Where
        there is no order, what was said last comes first.
        """
        put = self.put_by(other(side))
        last = list(self._said_last_by(other(side)))
        found = [*self.unanswered_by(side), *(place for place in last if place not in put)]
        return found if self.format.ordered else sorted(found, key=lambda place: place not in last)

    def _said_last_by(self, side: Side) -> Iterator[Place]:
        last = self.turns[-1] if self.turns else None
        if last and last.side == side and last.kind not in ("question", "closing"):
            yield from _places(last, len(self.turns) - 1)

    def used_by(self, side: Side) -> frozenset[str]:
        """The arguments (ids) this side has put forward."""
        return frozenset().union(*(turn.arguments for turn in self.turns if turn.side == side))

    def _key(self, place: Place) -> str:
        """By which a point is known: its argument, or its bare words."""
        point = self.point(place)
        return point.argument or " ".join(_WORD.findall(point.text.casefold()))


def words_in(text: str) -> int:
    """As a chair counts them: the marks of citations are none."""
    return len(_MARK.sub("", text).split())


def other(side: Side) -> Side:
    return "against" if side == "for" else "for"


def _places(turn: Turn, n: int) -> Iterator[Place]:
    """Of the points that the record speaks to."""
    yield from (Place(turn=n, point=m) for m, point in enumerate(turn.points) if point.known)


def _schedule(format: Format) -> Iterator[tuple[Side, Kind]]:
    """The sides' turns, in order. A question is answered before the other side asks."""
    yield from ((side, "opening") for side in SIDES)
    if "question" in format.turns:
        for side in SIDES:
            yield side, "question"
            yield other(side), "answer"
    for _ in range(format.rounds):
        yield from ((side, "rebuttal") for side in SIDES)
    yield from ((side, "closing") for side in SIDES)
