"""A rebuttal drafted by the argument graph: what the opponent's point makes, what rebuts that, what this seat may say.

Whether a statement makes an argument or denies it is read from the annotation (``says`` and ``counters``), and which
side an argument is on likewise: likeness only finds the entry.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.debate import Draft, Proposal
from bot.drafters.composer import THEIRS, Composer, Pleads, word_count
from bot.statement import in_few_words
from bot.wording import possessive
from knowledge.argument import Argument
from knowledge.delegation import Delegation
from knowledge.library import Bearing, Heard
from knowledge.record import Record

POINTS = 3  # of an opponent that one rebuttal takes up
CLAIMS = 3  # that it puts forward
WORDS = 90  # that it takes, unless a format says otherwise
LEAD = 14  # words of a lead-in with the opponent's few words

# What likeness of each kind counts for; chosen on tests/claims/tuning.jsonl.
THROUGH = 0.80  # the statement makes an argument that the answer rebuts
BESIDE = 0.95  # the statement speaks of what the answer says, whichever way
YIELDED = 0.05  # less for an argument that the seat may only concede
ENOUGH = 0.45  # from which an answer counts as one
AFTER = 0.85  # share of the best answer from which another takes its place where that has been used
AS_GOOD = 0.80  # share of the best answer from which another stands beside it
CLEARLY = 0.75  # likeness from which an opponent is taken to make an argument that the seat concedes
NEARER = 0.50  # likeness between a known argument's words and what an answer counters
RANKED = 0.10  # between the first and the last of what the seat argues, where the opponent's argument is known

COMMON_GROUND = "that stands on record"
ANSWERED_BEFORE = "That has been answered in this debate."
NO_ANSWER = "The record holds nothing that answers that."


@dataclass(frozen=True)
class Challenge:
    """A point to be answered. ``makes``: the argument it is known to make, if a delegate of ours put it; ``heard``:
    what the library hears in it otherwise; ``again``: it is put again, so that what was said may be said again.
    """

    text: str
    makes: Argument | None = None
    heard: Heard | None = None
    again: bool = False

    @property
    def words(self) -> str:
        """A few of its own words, with which it is quoted back."""
        return in_few_words(self.text)


@dataclass(frozen=True)
class Reply:
    """What a seat has to say to one challenge, best first."""

    challenge: Challenge
    granted: Argument | None = None
    answers: tuple[Argument, ...] = ()
    said_before: tuple[Argument, ...] = ()


@dataclass(frozen=True)
class Rebuttal:
    """The draft, and which challenges (their places) it answers."""

    draft: Draft
    answered: tuple[int, ...] = ()


class Rebutter(Composer):
    """Answers for one seat. ``used``: arguments (ids) that it has put forward before."""

    def __init__(
        self,
        record: Record,
        seat: Delegation,
        *,
        used: Collection[str] = (),
        words: int = WORDS,
        pleads: Pleads | None = None,
    ) -> None:
        super().__init__(record, seat, pleads)
        self._used, self._words = frozenset(used), words
        self._may_grant = frozenset(self._position.concedes)
        self._is_without_record = not self._may_say and not self._may_grant
        if self._is_without_record:  # it can only tell what the record says in general, as nobody's own
            self._may_say = [id for id, argument in record.arguments.items() if THEIRS not in argument.held_by]

    def rebut(self, challenges: Sequence[Challenge], *, pressed: bool = False) -> Rebuttal:
        """Answers what it can of the challenges, in their order; turns to its own case where nothing answers them.
        ``pressed``: somebody tries to move it without a claim, which it says first.
        """
        rebuttal = self._rebutted(challenges)
        if not pressed or self._is_without_record:
            return rebuttal
        stands = (
            f"What is not on record does not count here; {possessive(self._seat.in_sentence)} position is unchanged."
        )
        return replace(rebuttal, draft=rebuttal.draft.model_copy(update={"opening": stands}))

    def _rebutted(self, challenges: Sequence[Challenge]) -> Rebuttal:
        replies = [self.reply(challenge) for challenge in challenges]
        claims: list[Proposal] = []
        answered: list[int] = []
        for place, reply in enumerate(replies):
            full = len(answered) == POINTS or len(claims) >= CLAIMS
            bare = any(claim.voice == "argued" for claim in claims)  # one concession without an answer is enough
            if not full and not (bare and not reply.answers) and (said := self._said(reply, claims)):
                claims += said
                answered.append(place)
        if claims:
            silent = f"The record holds no {self._seat.adjective} position." if self._is_without_record else ""
            return Rebuttal(self.drafted(claims).model_copy(update={"opening": silent}), tuple(answered))
        return self._turned(replies)

    def reply(self, challenge: Challenge) -> Reply:
        """What there is to say to one challenge."""
        scored = self._scored(challenge)
        used = frozenset() if challenge.again else self._used
        granted = self._granted(challenge)
        fresh = {id: score for id, score in scored.items() if id not in used and (not granted or id in self._may_say)}
        best = max(scored.values(), default=0.0)
        return Reply(
            challenge,
            granted,
            answers=tuple(self._record.arguments[id] for id in _good(fresh, AFTER * best)),
            said_before=tuple(self._record.arguments[id] for id in _good(scored, best) if id in used),
        )

    def _granted(self, challenge: Challenge) -> Argument | None:
        """What is conceded: of a known argument also what is common ground, of free words only what is clearly made.

        An opponent's own words come near to what this seat says mostly in order to deny it.
        """
        if challenge.makes:
            common = challenge.makes.id in self._may_grant or challenge.makes.id in self._may_say
            return challenge.makes if common else None
        made = challenge.heard.makes if challenge.heard else None
        clearly = any(bearing.argument is made and bearing.says >= CLEARLY for bearing in _bearings(challenge))
        return made if made and clearly and made.id in self._may_grant else None

    def _scored(self, challenge: Challenge) -> dict[str, float]:
        """The arguments the seat may answer with -> how well they answer."""
        if challenge.makes:
            near = {bearing.argument.id: bearing.counters for bearing in _bearings(challenge)}
            return {a.id: self._rank(a) + NEARER * near.get(a.id, 0.0) for a in self._rebutting(challenge.makes)}
        says = {bearing.argument.id: bearing.says for bearing in _bearings(challenge)}
        return {
            bearing.argument.id: self._score(bearing.argument, bearing.counters, says)
            for bearing in _bearings(challenge)
            if bearing.argument.id in self._may_grant or bearing.argument.id in self._may_say
        }

    def _score(self, argument: Argument, counters: float, says: dict[str, float]) -> float:
        through = max((says[id] for id in argument.rebuts), default=0.0)
        best = max(counters, THROUGH * through, BESIDE * says[argument.id])
        return best - (0.0 if argument.id in self._may_say else YIELDED)

    def _rebutting(self, made: Argument) -> Iterator[Argument]:
        answers = self._record.rebuttals.get(made.id, ())
        yield from (a for a in answers if a.id in self._may_say or a.id in self._may_grant)

    def _rank(self, argument: Argument) -> float:
        """Among the known answers to a known argument: what the seat holds, then what it argues, in its order."""
        if argument.id not in self._may_say:
            return 1.0 - RANKED - YIELDED
        return 1.0 - RANKED * self._may_say.index(argument.id) / len(self._may_say)

    def _said(self, reply: Reply, beside: Sequence[Proposal]) -> list[Proposal]:
        """One challenge answered, within the words that are left beside what is said already."""
        room = self._words - word_count(proposal.text for proposal in beside) - LEAD * (1 + bool(beside))
        granted = [reply.granted] if reply.granted else []
        if not reply.challenge.makes:
            granted = [argument for argument in granted if argument.id not in self._used]
        granted = self._unsaid(granted, beside)
        most = max(CLAIMS - len(beside), 1 + len(granted))
        others = [argument for argument in reply.answers if argument is not reply.granted]
        answers = self.distinct(self._unsaid(others, beside), most, room, granted)
        to = reply.challenge.words
        case = self._case(room, granted, beside) if granted and not answers else []
        return [
            *self._conceded(reply, granted, to),
            *self.told(answers, "general" if self._is_without_record else "contradicting", to),
            *(self._said_again(reply, to, beside) if not granted and not answers else ()),
            *self.told(case, "argued", to),
        ]

    def _unsaid(self, arguments: Iterable[Argument], beside: Sequence[Proposal]) -> list[Argument]:
        """Without what this rebuttal says already."""
        said = {quoted for proposal in beside for quoted in proposal.quotes}
        return [argument for argument in arguments if self.quoted(argument) not in said]

    def _said_again(self, reply: Reply, to: str, beside: Sequence[Proposal]) -> list[Proposal]:
        """What answers in a person's free words what was answered before: people ask again in other words, delegates of
        ours do not.
        """
        best = self._unsaid(reply.said_before[:1], beside) if reply.challenge.makes is None else []
        held = [argument for argument in best if argument.id in self._own]
        return [*self.spoken(held, to, "again"), *self.claims((a for a in best if a not in held), "again", to)]

    def _conceded(self, reply: Reply, granted: Sequence[Argument], to: str) -> list[Proposal]:
        """In the record's words, or in short where the opponent has just used those."""
        claims = self.claims(granted, "granted", to)
        if not reply.challenge.makes or to.endswith("?"):
            return claims
        return [claim.model_copy(update={"text": COMMON_GROUND}) for claim in claims]

    def _case(self, room: int, granted: Sequence[Argument], beside: Sequence[Proposal]) -> list[Argument]:
        """The next of the seat's own case, where something was granted and nothing answers it."""
        fresh = [self._record.arguments[id] for id in self._may_say if id not in self._used]
        return self.distinct(self._unsaid(fresh, beside), 1 + len(granted), room, granted)

    def _turned(self, replies: Sequence[Reply]) -> Rebuttal:
        """Nothing answers: say so, and turn to what has not been said of the seat's own case."""
        before = [place for place, reply in enumerate(replies) if reply.said_before]
        if self._is_without_record:
            return Rebuttal(self.drafted(()).model_copy(update={"opening": NO_ANSWER}))
        case = [self._record.arguments[id] for id in self._may_say if id not in self._used]
        draft = self.drafted(self.told(self.distinct(case, CLAIMS - 1, self._words - LEAD), "argued"))
        said = ANSWERED_BEFORE if before else NO_ANSWER
        return Rebuttal(draft.model_copy(update={"opening": said}), tuple(before))


def _good(scored: Mapping[str, float], least: float) -> list[str]:
    """The best, if it scores at least so much, and what is as good; best first."""
    ranked = sorted(scored, key=lambda id: -scored[id])
    if not ranked or scored[ranked[0]] < max(ENOUGH, least):
        return []
    return [id for id in ranked if scored[id] >= max(ENOUGH, AS_GOOD * scored[ranked[0]])]


def _bearings(challenge: Challenge) -> tuple[Bearing, ...]:
    return challenge.heard.bearings if challenge.heard else ()
