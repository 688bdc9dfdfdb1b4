"""Holds the turns of a duel: drafts those of our delegates, and reads those of people."""

import datetime
from collections.abc import Callable, Iterator, Sequence

from bot.address import MOTION
from bot.budget import OPERATOR, Asker
from bot.debate import Claim, Draft, Speech, sentence
from bot.delegate import Delegate
from bot.drafters.model import Kind as Prompt
from bot.drafters.model import Task
from bot.drafters.rebuttal import Rebutter
from bot.drafters.reply import Challenge
from bot.drafters.statement import Stater
from bot.duel import SIDES, Due, Duel, Place, Point, Seat, Side, Turn, other, words_in
from bot.formats import Format, Kind
from bot.question import asked
from bot.seating import mandate, seated
from bot.statement import presses
from bot.wording import text_of
from knowledge.date import Date
from knowledge.delegation import Delegation
from knowledge.errors import QuestionError
from knowledge.findings import Heard
from knowledge.record import Record

MEETS = 0.6  # likeness from which a person's claim is taken to answer a point
NEARLY = 0.9  # share of the best likeness from which it answers another too; on the tuning claims
VOICES = frozenset(
    {"own", "argued", "contradicting", "recorded", "general"}
)  # in which a claim is a point of one's own

Now = Callable[[], datetime.datetime]


def utc() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class Debater:
    """For every seat, through the delegate's library and record."""

    def __init__(self, delegate: Delegate, now: Now = utc) -> None:
        self._speaker, self.now = delegate, now
        self._delegate = delegate.written_by(None)  # what a turn says is settled before it is put into better words

    @property
    def record(self) -> Record:
        return self._delegate.record

    def at(self, as_of: Date | None) -> "Debater":
        """Who knows nothing newer."""
        return self if as_of == self.record.as_of else Debater(self._speaker.until(as_of), self.now)

    async def convene(self, motion: str, format: Format, seats: tuple[Seat, Seat], as_of: Date | None = None) -> Duel:
        """A duel about to begin, in which nothing is used that is newer than ``as_of``. Raises OutOfOrder (sides), and
        QuestionError where the record says nothing on it.
        """
        if as_of != self.record.as_of:
            return await self.at(as_of).convene(motion, format, seats, as_of)
        motion = asked(motion, "motion")
        if motion != MOTION and not (await self._delegate.hear_whole(motion)).is_known:
            raise QuestionError(f"Nothing in the library speaks to that motion; debate another, such as “{MOTION}”")
        pair = seated(self.record, motion, seats)
        return Duel(motion=motion, format=format, seats=pair, since=self.now(), as_of=as_of)

    async def speak(self, duel: Duel, asker: Asker = OPERATOR) -> Turn:
        """The turn that is due, by the delegate whose seat it is. Raises OutOfOrder when none is."""
        if duel.as_of != self.record.as_of:
            return await self.at(duel.as_of).speak(duel, asker)
        due = duel.next
        if due.kind == "question":
            return self._question(duel, due)
        return self.turn_of(duel, *(await self.speech(duel, asker)))

    async def speech(self, duel: Duel, asker: Asker = OPERATOR) -> tuple[Speech, tuple[Place, ...]]:
        """What the delegate says whose turn is due, and the points it meets. Raises OutOfOrder when none is."""
        due = duel.next
        floor, met = await self._floor(duel, due)
        if self._speaker.writer is None:
            return floor, met
        theirs = _last_of(duel, other(due.side)) if due.kind in ("rebuttal", "answer") else ""
        around = words_in(text_of(floor)) - sum(words_in(claim.text) for claim in floor.claims)
        task = Task(
            kind=_prompt(due.kind),
            floor=floor,
            question=theirs or duel.motion,
            said=tuple(turn.text for turn in duel.turns),
            words=due.words - around,
        )
        return _shortened(await self._speaker.phrased(task, asker), due.words), met

    async def _floor(self, duel: Duel, due: Due) -> tuple[Speech, tuple[Place, ...]]:
        """What it says without a model."""
        if due.kind == "closing":
            return self._closing(duel, due), ()
        if due.kind == "opening":
            return self._fitted(await self._opening(duel, due), duel, due), ()
        if _is_asked(duel, due) and not duel.seat(other(due.side)).is_ours:
            return await self._answer(duel, due)
        return await self._rebuttal(duel, due)

    def turn_of(self, duel: Duel, speech: Speech, met: tuple[Place, ...] = ()) -> Turn:
        """A speech as the turn that is due."""
        due = duel.next
        return Turn(
            side=due.side,
            kind=due.kind,
            text=text_of(speech),
            at=self.now(),
            claims=speech.claims,
            points=tuple(self._points(speech.claims)) if due.kind != "closing" else (),
            answers=_answered(duel, due, met),
            met=met,
            drafter=speech.drafter,
            remark=speech.remark,
        )

    async def read(self, duel: Duel, side: Side, text: str, event: str = "") -> Turn:
        """A person's turn, with the points it makes and meets. Raises OutOfOrder and QuestionError."""
        if duel.as_of != self.record.as_of:
            return await self.at(duel.as_of).read(duel, side, text, event)
        at = self.now()
        due = duel.admit(side, text, at)
        heard = await self._delegate.hear(text)
        met = list(dict.fromkeys(place for each in heard for place in self._met_by(each, duel, side)))
        return Turn(
            side=side,
            kind=due.kind,
            text=text.strip(),
            at=at,
            points=tuple(self._point(each) for each in heard) if due.kind != "closing" else (),
            answers=_answered(duel, due, met),
            met=tuple(met),
            event=event,
        )

    def further(self, duel: Duel, side: Side) -> Speech:
        """What a delegate of ours adds when it is only asked to go on."""
        last = next((turn for turn in reversed(duel.turns) if turn.side == side), None)
        seat = self.record.delegations[duel.seat(side).state]
        draft = self._stater(duel, side).further(last.arguments if last else (), duel.used_by(side))
        if not draft.claims:
            whole = f"{sentence(seat.in_sentence)} has put its whole case; see /open for what is left to answer."
            return self._delegate.unanswered(seat, duel.motion, whole)
        return self._delegate.delivered(draft, seat, duel.motion)

    def state_of(self, seat: Seat) -> Delegation | None:
        return self.record.delegations[seat.state] if seat.state else None

    def name(self, seat: Seat) -> str:
        """Who speaks there, as it is said within a sentence; nothing where a person speaks for no state. What is argued
        as the chair instructs is not the state's.
        """
        state = self.state_of(seat)
        if state is None:
            return ""
        return f"the instructed delegate of {state.in_sentence}" if mandate(self.record, seat) else state.in_sentence

    async def _opening(self, duel: Duel, due: Due) -> Draft:
        """What the delegation holds and argues; on a motion of its own, what is nearest to that."""
        near = {} if duel.motion == MOTION else await self._near(duel.motion)
        return self._stater(duel, due.side).opening(due.words, near)

    async def _near(self, motion: str) -> dict[str, float]:
        return {match.argument.id: match.score for match in (await self._delegate.search(motion)).matches}

    async def _rebuttal(self, duel: Duel, due: Due) -> tuple[Speech, tuple[Place, ...]]:
        places = self._asked_now(duel) if _is_asked(duel, due) else duel.open_to(due.side)
        challenges = [await self._challenge(duel, place, due.side) for place in places]
        seat = self._seated(duel, due)
        rebutter = Rebutter(
            self.record,
            seat,
            used=duel.used_by(due.side),
            words=due.words,
            pleads=duel.seat(due.side).pleads,
        )
        theirs = duel.turns[-1:] if not duel.seat(other(due.side)).is_ours else ()
        rebuttal = rebutter.rebut(challenges, pressed=any(presses(turn.text, seat.forms) for turn in theirs))
        unsaid = {"opening": ""} if duel.turns and duel.turns[-1].lapsed else {}  # nobody said what would be answered
        speech = self._fitted(rebuttal.draft.model_copy(update=unsaid), duel, due)
        said = {claim.to for claim in speech.claims}
        met = (places[n] for n in rebuttal.answered if not said or challenges[n].words in said or "" in said)
        return speech, tuple(met)

    async def _challenge(self, duel: Duel, place: Place, side: Side) -> Challenge:
        point = duel.point(place)
        again = place not in duel.put_by(other(side))
        known = self.record.arguments.get(point.argument) if duel.seat(other(side)).is_ours else None
        return Challenge(point.text, known, await self._delegate.hear_whole(point.text), again)

    def _asked_now(self, duel: Duel) -> list[Place]:
        return [Place(turn=len(duel.turns) - 1, point=n) for n in range(len(duel.turns[-1].points))]

    async def _answer(self, duel: Duel, due: Due) -> tuple[Speech, tuple[Place, ...]]:
        """To a person's question, without what the other side would say; what the chair instructs is argued only."""
        if mandate(self.record, duel.seat(due.side)):
            return await self._rebuttal(duel, due)
        speech = await self._delegate.answer(duel.turns[-1].text, self._seated(duel, due))
        ours = tuple(claim for claim in speech.claims if self._is_ours(claim, duel.seat(due.side)))
        if not ours:
            return await self._rebuttal(duel, due)
        return _shortened(speech.saying(ours), due.words), tuple(self._asked_now(duel))

    def _is_ours(self, claim: Claim, seat: Seat) -> bool:
        """Whether it is for this side to say: a delegation in between pleads for one side only."""
        definite = self.record.position_of(self.record.delegations[seat.state]).side
        against = {other(seat.pleads)} if seat.pleads and not definite else set()
        return claim.voice != "opposing" and against.isdisjoint(citation.side for citation in claim.citations)

    def _closing(self, duel: Duel, due: Due) -> Speech:
        unmet, owed = (self._on_record(duel, duel.unanswered_by(side)) for side in (other(due.side), due.side))
        opponent = self.name(duel.seat(other(due.side)))
        silent = {self.name(duel.seat(side)) for side in SIDES if not duel.put_by(side)}
        uncited = {self.name(duel.seat(side)) for side in SIDES if self._has_uncited(duel, side)}
        draft = self._stater(duel, due.side).closing(unmet, owed, opponent, due.words, silent, uncited)
        return self._fitted(
            draft, duel, due, [ground for point in owed for ground in self.record.grounds[point.argument]]
        )

    def _has_uncited(self, duel: Duel, side: Side) -> bool:
        """Whether a point of this side is open that makes no annotated argument."""
        return any(not duel.point(place).argument for place in duel.unanswered_by(other(side)))

    def _question(self, duel: Duel, due: Due) -> Turn:
        points = [point.argument for point in self._on_record(duel, duel.put_by(other(due.side)))]
        about = self._stater(duel, due.side).question(points, duel.used_by(due.side))
        text = next((q for q in about.questions if q.endswith("?")), MOTION) if about else MOTION
        asked = Point(text=text, argument=about.id if about else "")
        return Turn(side=due.side, kind="question", text=text, at=self.now(), points=(asked,))

    def _on_record(self, duel: Duel, places: Sequence[Place]) -> list[Point]:
        """The points that make an annotated argument; one in a person's words is given in those of the record."""
        points = (duel.point(place) for place in places)
        known = [(point, self.record.arguments.get(point.argument)) for point in points]
        return [
            point
            if point.text in self.record.wordings([argument])
            else point.model_copy(update={"text": argument.claim})
            for point, argument in known
            if argument
        ]

    def _fitted(self, draft: Draft, duel: Duel, due: Due, found: Sequence[str] = ()) -> Speech:
        """Delivered, and no longer than the turn may be."""
        speech = self._delegate.delivered(draft, self._seated(duel, due), duel.motion, found)
        theirs = duel.seat(other(due.side))
        named = speech.model_copy(update={"opponent": self.name(theirs), "reported": theirs.is_ours})
        return _shortened(named, due.words)

    def _stater(self, duel: Duel, side: Side) -> Stater:
        seat = duel.seat(side)
        return Stater(self.record, self.record.delegations[seat.state], seat.pleads)

    def _seated(self, duel: Duel, due: Due) -> Delegation:
        return self.record.delegations[duel.seat(due.side).state]

    def _points(self, claims: Sequence[Claim]) -> Iterator[Point]:
        for claim in claims:
            argument = claim.citations[0].argument
            if claim.voice in VOICES:
                yield Point(text=claim.text, argument=argument, strength=self.record.strength.get(argument, 0.0))

    def _point(self, heard: Heard) -> Point:
        made = heard.makes
        strength = self.record.strength[made.id] if made else 0.5
        return Point(text=heard.statement, argument=made.id if made else "", strength=strength, known=heard.is_known)

    def _met_by(self, heard: Heard, duel: Duel, side: Side) -> Iterator[Place]:
        """The open points of the other side that a person's claim answers."""
        made = heard.makes
        least = max(MEETS, NEARLY * max((bearing.counters for bearing in heard.bearings), default=0.0))
        denied = {each.argument.id for each in heard.bearings if each.counters >= max(least, each.says)}
        for place in duel.unanswered_by(side):
            argument = duel.point(place).argument
            if argument in denied or (made and argument in made.rebuts):
                yield place


def _prompt(kind: Kind) -> Prompt:
    return "rebuttal" if kind in ("rebuttal", "answer") else "opening" if kind == "opening" else "closing"


def _last_of(duel: Duel, side: Side) -> str:
    return next((turn.text for turn in reversed(duel.turns) if turn.side == side), "")


def _is_asked(duel: Duel, due: Due) -> bool:
    """Whether there is a question to answer: the time for one may have run out."""
    return due.kind == "answer" and not duel.turns[-1].lapsed


def _answered(duel: Duel, due: Due, met: Sequence[Place]) -> int | None:
    """The turn that is rebutted: that of the first point met, else the last of the other side."""
    if due.kind not in ("rebuttal", "answer"):
        return None
    if met:
        return met[0].turn
    theirs = [n for n, turn in enumerate(duel.turns) if turn.side != due.side and not turn.lapsed]
    return theirs[-1] if theirs else None


def _shortened(speech: Speech, words: int) -> Speech:
    """Without its last claims, until it is short enough. Nothing is conceded without a turn: sooner than that, a
    concession goes unsaid.
    """
    while words_in(text_of(speech)) > words and len(speech.claims) > 1:
        turns = tuple(claim for claim in speech.claims if claim.voice not in ("granted", "noted"))
        kept = speech.claims[:-1] if len(turns) > 1 else turns or speech.claims[:-1]
        bare = len(kept) > 1 and kept[-1].voice in ("granted", "noted")
        speech = speech.saying(kept[:-1] if bare else kept)
    return speech
