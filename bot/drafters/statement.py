"""The turns of a debate that answer nobody: opening, question, closing."""

from collections.abc import Collection, Mapping, Sequence

from bot.debate import Draft, Proposal, Voice, sentence
from bot.drafters.composer import Composer, word_count
from bot.duel import Point
from bot.wording import possessive
from knowledge.argument import Argument

CLAIMS = 5  # in one statement, at most
LEAD = 5  # words of a lead-in


class Stater(Composer):
    """For one seat."""

    def opening(self, words: int, near: Mapping[str, float]) -> Draft:
        """What the delegation holds, then the best of what its delegate argues; ``near``: argument -> likeness to the
        motion, empty for the motion of the record itself.
        """
        case = [self._record.arguments[id] for id in sorted(self._may_say, key=lambda id: -near.get(id, 0.0))]
        own = [argument for argument in case if argument.id in self._own]
        best = [argument for argument in case if argument.id not in self._own][:CLAIMS]
        spoken = self.spoken(own)[:CLAIMS]
        room = words - LEAD - word_count(proposal.text for proposal in spoken)
        return self.drafted([*spoken, *self.claims(self.distinct(best, CLAIMS - len(spoken), room), "argued")])

    def question(self, points: Collection[str], used: Collection[str]) -> Argument | None:
        """What to ask about: an argument of one's own, not used yet, that rebuts one of ``points`` (arguments of the
        other side); else the best that is left.
        """
        mine = [self._record.arguments[id] for id in self._may_say if id not in used]
        best = next(iter(mine), None)
        return next((argument for argument in mine if not set(points).isdisjoint(argument.rebuts)), best)

    def closing(self, unmet: Sequence[Point], owed: Sequence[Point], opponent: str, words: int) -> Draft:
        """What either side has left unanswered, as far as the words go; what it holds where nothing is."""
        room = words - LEAD - (LEAD if unmet and owed else 2 * LEAD)
        theirs = self._within(unmet, room * 3 // 5 if owed else room, "unmet")
        mine = self._within(owed, room - word_count(proposal.text for proposal in theirs), "owed")
        notices = [] if unmet else [_all_answered(self._seat.in_sentence)]
        notices += [] if owed else [_all_answered(opponent)]
        claims = [*theirs, *mine] or self._in_the_end(room)
        return self.drafted(claims).model_copy(update={"notices": tuple(notices)})

    def _within(self, points: Sequence[Point], room: int, voice: Voice) -> list[Proposal]:
        """The first points, as many as there is room for, and one at least."""
        chosen: list[Proposal] = []
        for point in points[:CLAIMS]:
            argument = self._record.arguments[point.argument]
            if not chosen or word_count([*(each.text for each in chosen), point.text]) <= room:
                chosen.append(Proposal(text=point.text, voice=voice, quotes=(self.quoted(argument),)))
        return chosen

    def _in_the_end(self, room: int) -> list[Proposal]:
        held = [self._record.arguments[id] for id in self._may_say]
        return self.told(self.distinct(held, 1, room), "argued")


def _all_answered(name: str) -> str:
    whose = possessive(sentence(name)) if name else "The other side’s"
    return f"{whose} points have all been answered."
