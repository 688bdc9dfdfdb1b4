"""What every extractive speech is made of: annotated claims, each with the words it rests on."""

from collections.abc import Collection, Iterable, Iterator

from bot.debate import Draft, Proposal, Quoted, Voice, grounds_of, is_instructed
from knowledge.argument import Argument
from knowledge.delegation import Delegation
from knowledge.position import Change, Pleads
from knowledge.record import Record

NAME = "extractive"
THEIRS = "CN"  # Beijing's line is reported, and answers nobody unless it is what was asked about
PUT_FORWARD: frozenset[Voice] = frozenset({"own", "argued"})
CONCESSIONS: frozenset[Voice] = frozenset({"granted", "noted"})
REPORTED: frozenset[Voice] = frozenset({"general", "opposing", "for", "against"})


class Composer:
    """Composes for one seat from the record's own arguments. ``pleads``: for which side a delegation that stands in
    between speaks here; what it holds and argues for the other stays unsaid then. One without a position argues as the
    chair instructs it to, in general and never as its state's view.
    """

    def __init__(self, record: Record, seat: Delegation, pleads: Pleads | None = None) -> None:
        self._record, self._seat, self._position = record, seat, record.position_of(seat)
        self._instructed = is_instructed(self._position, pleads)
        self._own = (
            {} if self._instructed else {id: hold.claim for hold in self._position.holds for id in hold.arguments}
        )
        self._facts = {id: record.arguments[id].claim for id in record.own_facts(self._position)}
        line = record.line(pleads) if pleads and self._instructed else self._position
        self._may_grant = frozenset(line.concedes)
        between = pleads is not None and self._position.side is None
        sides = {pleads, "context"} if between else {"for", "against", "context"}
        mine = dict.fromkeys((*self._own, *line.argues))
        self._may_say = [id for id in mine if record.arguments[id].side in sides]

    def case(self, used: Collection[str]) -> list[Argument]:
        """What it has to say for itself and has not said yet, best first."""
        return [self._record.arguments[id] for id in self._may_say if id not in used]

    def claims(self, arguments: Iterable[Argument], voice: Voice, to: str = "") -> list[Proposal]:
        """The arguments in the record's words."""
        return [
            Proposal(text=argument.claim, voice=voice, quotes=self.quoted(argument), to=to) for argument in arguments
        ]

    def spoken(self, own: Iterable[Argument], to: str = "", voice: Voice = "own") -> list[Proposal]:
        """What the delegation holds, in the words of its position, and what is on record of it; each once."""
        words = {**self._facts, **self._own}
        said = {words[argument.id]: argument for argument in reversed(list(own))}
        return [
            Proposal(text=text, voice=voice, quotes=self.quoted(argument), to=to)
            for text, argument in reversed(said.items())
        ]

    def told(self, arguments: Iterable[Argument], voice: Voice, to: str = "") -> list[Proposal]:
        """The arguments in order, the seat's own record in its own words and the rest in ``voice``."""
        return [
            proposal
            for argument in arguments
            for proposal in (
                self.spoken([argument], to) if argument.id in self._own else self.claims([argument], voice, to)
            )
        ]

    def drafted(
        self, claims: Iterable[Proposal], silent_on: str = "", others: tuple[str, ...] = (), *, renewed: bool = False
    ) -> Draft:
        """``renewed``: where later events overtook a claim, they are told with it, and first."""
        proposals = list(self._renewed(claims)) if renewed else list(claims)
        if self._instructed:
            proposals = [proposal.model_copy(update={"voice": _in_general(proposal.voice)}) for proposal in proposals]
        stance = self._position.stance
        return Draft(drafter=NAME, stance=stance, claims=tuple(proposals), silent_on=silent_on, others=others)

    def distinct(
        self, arguments: Iterable[Argument], most: int, words: int, beside: Collection[Argument] = ()
    ) -> list[Argument]:
        """The first ``most`` that do not rest on words already used, within so many words; ``beside``: what is said
        already, and counts.
        """
        chosen = list(beside)
        for argument in arguments:
            full = len(chosen) >= most or word_count(each.claim for each in (*chosen, argument)) > words
            if not full and not any(self._overlap(argument, other) for other in chosen):
                chosen.append(argument)
        return chosen[len(beside) :]

    def quoted(self, argument: Argument) -> tuple[Quoted, ...]:
        """The words an argument rests on, where they stand."""
        return grounds_of(self._record, argument)

    def _renewed(self, claims: Iterable[Proposal]) -> Iterator[Proposal]:
        proposals = list(claims)
        due = [self._overtaking(proposal) for proposal in proposals]
        newer = {fact for changes in due for change in changes for fact in change.facts}
        told: list[Change] = []
        after: Voice = "own"
        for proposal, changes in zip(proposals, due, strict=True):
            turns, after = after in CONCESSIONS, proposal.voice
            if {quoted.passage for quoted in proposal.quotes} <= newer and not turns:
                continue  # the change tells it
            for change in changes:
                if change not in told:
                    yield self._newer(change, proposal.to)
            told += changes
            yield proposal.model_copy(update={"voice": "earlier"}) if changes else proposal

    def _overtaking(self, proposal: Proposal) -> list[Change]:
        """What a delegate tells of its own case, the rapporteur of everything; what else is reported is only marked."""
        told = PUT_FORWARD | REPORTED if self._seat.is_neutral else PUT_FORWARD
        return self._record.overtaking(proposal.quotes[0].argument) if proposal.voice in told else []

    def _newer(self, change: Change, to: str) -> Proposal:
        facts = (self._record.arguments[fact.lower()] for fact in change.facts)
        quotes = tuple(quoted for fact in facts for quoted in self.quoted(fact))
        return Proposal(text=change.text, voice="newer", quotes=quotes, to=to)

    def _overlap(self, one: Argument, other: Argument) -> bool:
        if one.facts or other.facts:
            return not {*one.facts}.isdisjoint(other.facts)
        same_passage = self._record.ground_of(one) == self._record.ground_of(other)
        return same_passage and (one.quote in other.quote or other.quote in one.quote)


def _in_general(voice: Voice) -> Voice:
    """What speaks of the debate stays as it is; nothing else is the state's own."""
    return voice if voice in ("unmet", "owed", "newer", "earlier") else "general"


def word_count(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)
