"""What every extractive speech is made of: annotated claims, each with the words it rests on."""

from collections.abc import Collection, Iterable

from bot.debate import Draft, Proposal, Quoted, Voice
from knowledge.argument import Argument
from knowledge.delegation import Delegation
from knowledge.position import Hold, Pleads
from knowledge.record import Record

NAME = "extractive"
THEIRS = "CN"  # Beijing's line is reported, and answers nobody unless it is what was asked about


class Composer:
    """Composes for one seat from the record's own arguments. ``pleads``: for which side a delegation that stands in
    between speaks here; what it holds and argues for the other stays unsaid then.
    """

    def __init__(self, record: Record, seat: Delegation, pleads: Pleads | None = None) -> None:
        self._record, self._seat, self._position = record, seat, record.position_of(seat)
        self._own = {id: hold for hold in self._position.holds for id in hold.arguments}
        between = pleads is not None and self._position.side is None
        sides = {pleads, "context"} if between else {"for", "against", "context"}
        mine = dict.fromkeys((*self._own, *self._position.argues))
        self._may_say = [id for id in mine if record.arguments[id].side in sides]

    def case(self, used: Collection[str]) -> list[Argument]:
        """What it has to say for itself and has not said yet, best first."""
        return [self._record.arguments[id] for id in self._may_say if id not in used]

    def claims(self, arguments: Iterable[Argument], voice: Voice, to: str = "") -> list[Proposal]:
        """The arguments in the record's words."""
        return [
            Proposal(text=argument.claim, voice=voice, quotes=(self.quoted(argument),), to=to) for argument in arguments
        ]

    def spoken(self, own: Iterable[Argument], to: str = "", voice: Voice = "own") -> list[Proposal]:
        """What the delegation holds, in the words of its position; each hold once."""
        holds: dict[str, tuple[Hold, Argument]] = {}
        for argument in own:
            hold = self._own[argument.id]
            holds.setdefault(hold.claim, (hold, argument))
        return [
            Proposal(text=hold.claim, voice=voice, quotes=(self.quoted(argument),), to=to)
            for hold, argument in holds.values()
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

    def drafted(self, claims: Iterable[Proposal], silent_on: str = "", others: tuple[str, ...] = ()) -> Draft:
        stance = self._position.stance
        return Draft(drafter=NAME, stance=stance, claims=tuple(claims), silent_on=silent_on, others=others)

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

    def quoted(self, argument: Argument) -> Quoted:
        """The words an argument rests on, where they stand."""
        return Quoted(passage=self._record.grounds[argument.id], quote=argument.quote)

    def _overlap(self, one: Argument, other: Argument) -> bool:
        same_passage = self._record.grounds[one.id] == self._record.grounds[other.id]
        return same_passage and (one.quote in other.quote or other.quote in one.quote)


def word_count(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)
