"""A rebuttal: replies to the points of an opponent, within the words there are."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.debate import COMMON_GROUND, Draft, Proposal
from bot.drafters.composer import word_count
from bot.drafters.reply import Challenge, Line, Replier, Reply
from bot.wording import possessive
from knowledge.argument import Argument
from knowledge.delegation import Delegation
from knowledge.position import Pleads
from knowledge.record import Record

POINTS = 3  # of an opponent that one rebuttal takes up
CLAIMS = 3  # that it puts forward
WORDS = 90  # that it takes, unless a format says otherwise
LEAD = 14  # words of a lead-in with the opponent's few words

ANSWERED_BEFORE = "That has been answered in this debate."
NO_ANSWER = "The record holds nothing that answers that."


@dataclass(frozen=True)
class Rebuttal:
    """The draft, and which challenges (their places) it answers."""

    draft: Draft
    answered: tuple[int, ...] = ()


class Rebutter(Replier):
    """Answers for one seat."""

    def __init__(
        self,
        record: Record,
        seat: Delegation,
        *,
        used: Collection[str] = (),
        words: int = WORDS,
        pleads: Pleads | None = None,
    ) -> None:
        super().__init__(record, seat, used, pleads)
        self._words = words

    def rebut(self, challenges: Sequence[Challenge], *, pressed: bool = False) -> Rebuttal:
        """Answers what it can of the challenges, in their order; turns to its own case where nothing answers them.
        ``pressed``: somebody tries to move it without a claim, which it says first.
        """
        rebuttal = self._rebutted(challenges)
        if not pressed or self.is_without_record:
            return rebuttal
        whose = possessive(self._seat.in_sentence)
        stands = f"What is not on record does not count here; {whose} position is unchanged."
        return replace(rebuttal, draft=rebuttal.draft.model_copy(update={"opening": stands}))

    def _rebutted(self, challenges: Sequence[Challenge]) -> Rebuttal:
        replies = [self.reply(challenge) for challenge in challenges]
        claims: list[Proposal] = []
        answered: list[int] = []
        for place, reply in enumerate(replies):
            full = len(answered) == POINTS or len(claims) >= CLAIMS
            waiting = replies[place + 1 :] if self._words >= WORDS else ()
            after = sum(bool(other.answers) for other in waiting)  # for each of which one claim is left
            if not full and (said := self._said(reply, claims, after)):
                claims += said
                answered.append(place)
        if not claims:
            return self._turned(replies)
        silent = f"The record holds no {self._seat.adjective} position." if self.is_without_record else ""
        draft = self.drafted(claims, renewed=self._words >= WORDS)
        return Rebuttal(draft.model_copy(update={"opening": silent}), tuple(answered))

    def _said(self, reply: Reply, beside: Sequence[Proposal], after: int) -> list[Proposal]:
        """One challenge answered, within the words that are left beside what is said already. Nothing is conceded
        without a turn: where there is no room for one, the challenge stays open.
        """
        room = self._words - word_count(proposal.text for proposal in beside) - LEAD * (1 + bool(beside))
        to = reply.challenge.words
        conceded = self._concession(reply, to, beside)
        room -= word_count(proposal.text for proposal in conceded)
        most = max(CLAIMS - len(beside) - len(conceded) - after, 1)
        said = [*beside, *conceded]
        lines = self._within([*reply.answers, *(() if reply.answers else self._before(reply))], most, room, said)
        if lines:
            return [*conceded, *self._spoken(lines, to)]
        return [*conceded, *self.told(case, "argued", to)] if conceded and (case := self._case(room, said)) else []

    def _concession(self, reply: Reply, to: str, beside: Sequence[Proposal]) -> list[Proposal]:
        """In the record's words, or in short where the opponent has just used those."""
        if reply.conceded is None or not self._unsaid([reply.conceded.argument], beside):
            return []
        claims = self.claims([reply.conceded.argument], reply.conceded.voice, to)
        if not reply.challenge.makes or to.endswith("?"):
            return claims
        return [claim.model_copy(update={"text": COMMON_GROUND}) for claim in claims]

    def _before(self, reply: Reply) -> tuple[Line, ...]:
        """What answers in a person's free words what was answered before: people ask again in other words, delegates of
        ours do not.
        """
        return reply.before[:1] if reply.challenge.makes is None and reply.conceded is None else ()

    def _within(self, lines: Sequence[Line], most: int, room: int, beside: Sequence[Proposal]) -> list[Line]:
        arguments = self._unsaid([line.argument for line in lines], beside)
        kept = self.distinct(arguments, most, room)
        return [line for line in lines if line.argument in kept]

    def _spoken(self, lines: Iterable[Line], to: str) -> list[Proposal]:
        """Each in its voice; the seat's own record first, in the words of its position."""
        lines = sorted(lines, key=lambda line: line.argument.id not in self._own)
        return [
            proposal
            for line in lines
            for proposal in (
                self.spoken([line.argument], to, "again" if line.voice == "again" else "own")
                if line.argument.id in self._own
                else self.claims([line.argument], line.voice, to)
            )
        ]

    def _unsaid(self, arguments: Iterable[Argument], beside: Sequence[Proposal]) -> list[Argument]:
        """Without what this rebuttal says already."""
        said = {(quoted.passage, quoted.quote) for proposal in beside for quoted in proposal.quotes}
        return [
            argument
            for argument in arguments
            if said.isdisjoint((quoted.passage, quoted.quote) for quoted in self.quoted(argument))
        ]

    def _case(self, room: int, beside: Sequence[Proposal]) -> list[Argument]:
        """The next of the seat's own case, where something was conceded and nothing answers it."""
        return self.distinct(self._unsaid(self.case(self._used), beside), 1, room)

    def _turned(self, replies: Sequence[Reply]) -> Rebuttal:
        """Nothing answers: say so, and turn to what has not been said of the seat's own case."""
        before = tuple(place for place, reply in enumerate(replies) if reply.before)
        if self.is_without_record:
            return Rebuttal(self.drafted(()).model_copy(update={"opening": NO_ANSWER}))
        draft = self.drafted(self.told(self.distinct(self.case(self._used), CLAIMS - 1, self._words - LEAD), "argued"))
        return Rebuttal(draft.model_copy(update={"opening": ANSWERED_BEFORE if before else NO_ANSWER}), before)
