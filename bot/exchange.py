"""The thread of an argument between a person and a delegate: what was said, answered and left open so far."""

from bot import formats
from bot.address import MOTION
from bot.debate import Speech
from bot.debater import Debater
from bot.delegate import Delegate
from bot.duel import Duel, Seat, Side, Turn, other
from bot.statement import is_follow_up, is_question
from bot.steps import DRAFTING, Told, unheard
from knowledge.delegation import Delegation

PERSON = "you"


class Exchange:
    """A free duel that grows with every line. The rapporteur takes no side: it answers, weighs, and keeps nothing."""

    def __init__(self, delegate: Delegate, seat: Delegation) -> None:
        self._delegate, self._debater, self.seat = delegate, Debater(delegate), seat
        self._side: Side = delegate.record.position_of(seat).side or "for"
        self.thread = self._opened()

    async def say(self, line: str, told: Told = unheard) -> Speech:
        """What the delegate answers: it goes on, answers a question, or rebuts. Raises what the delegate does."""
        said = [turn.text for turn in self.thread.turns]
        if self.seat.is_neutral:
            answer = self._delegate.answer
            return await (answer(line, self.seat, told) if is_question(line) else self._delegate.check(line, told))
        if is_follow_up(line) and any(turn.claims for turn in self.thread.turns):
            return self._kept(line, self._debater.further(self.thread, self._side))
        if is_question(line):
            return self._kept(line, await self._delegate.answer(line, self.seat, told, said=said))
        return await self._rebutted(line, told)

    async def plainly(self, speech: Speech, told: Told = unheard) -> Speech:
        """The same in plain words. Raises SettingsError where there is no model to find them."""
        return await self._delegate.plainly(speech, told=told)

    async def _rebutted(self, line: str, told: Told) -> Speech:
        said = await self._debater.read(self.thread, other(self._side), line)
        if not any(point.known for point in said.points):
            return await self._delegate.rebut(line, self.seat, told)
        told(DRAFTING)
        asked = self.thread.hold(said)
        speech, met = await self._debater.speech(asked)
        self.thread = asked.hold(self._debater.turn_of(asked, speech, met))
        return speech.model_copy(update={"question": line})

    def _kept(self, line: str, speech: Speech) -> Speech:
        """With a question and its answer in the thread, so that nothing of it is said again unasked."""
        if speech.answered:
            at = self._debater.now()
            asked = self.thread.hold(Turn(side=other(self._side), kind="rebuttal", text=line, at=at))
            self.thread = asked.hold(self._debater.turn_of(asked, speech))
        return speech

    def _opened(self) -> Duel:
        ours = Seat(side=self._side, state=self.seat.code)
        theirs = Seat(side=other(self._side), person=PERSON)
        seats = (ours, theirs) if self._side == "for" else (theirs, ours)
        return Duel(
            motion=MOTION,
            format=formats.find("free"),
            seats=seats,
            since=self._debater.now(),
            as_of=self._delegate.record.as_of,
        )
