"""The turns of a debate that answer nobody: opening, question, closing."""

from collections.abc import Collection, Mapping, Sequence

from bot.debate import Draft, Proposal, Voice, sentence
from bot.drafters.composer import Composer, word_count
from bot.duel import Point
from bot.wording import possessive
from knowledge.argument import Argument

CLAIMS = 5  # in one statement, at most
LEAD = 5  # words of a lead-in
LEADS = 12  # of those in a closing, without the names of the two sides
FURTHER, FURTHER_WORDS = 2, 60  # claims that follow on what was said, and their words


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

    def further(self, said: Collection[str], used: Collection[str]) -> Draft:
        """What bears out the arguments just ``said``, then the rest of the case; nothing that was ``used``."""
        fresh = [self._record.arguments[id] for id in self._may_say if id not in used]
        bearing = [argument for argument in fresh if not set(said).isdisjoint(argument.supports)]
        next_up = self.distinct([*bearing, *fresh], FURTHER, FURTHER_WORDS)
        return self.drafted(self.told(next_up, "argued"))

    def question(self, points: Collection[str], used: Collection[str]) -> Argument | None:
        """What to ask about: an argument of one's own, not used yet, that rebuts one of ``points`` (arguments of the
        other side); else the best that is left.
        """
        mine = [self._record.arguments[id] for id in self._may_say if id not in used]
        best = next(iter(mine), None)
        return next((argument for argument in mine if not set(points).isdisjoint(argument.rebuts)), best)

    def closing(self, unmet: Sequence[Point], owed: Sequence[Point], opponent: str, words: int) -> Draft:
        """What either side has left unanswered, as far as the words go; what it holds where nothing is."""
        room = words - LEADS - word_count([self._seat.in_sentence, opponent or "the other side"])
        spared = max(room * 2 // 5, min(word_count([point.text]) for point in owed)) if owed else 0
        theirs = self._within(unmet, room - spared, "unmet")
        mine = self._within(owed, room - word_count(proposal.text for proposal in theirs), "owed")
        notices = [] if unmet else [_all_answered(self._seat.in_sentence)]
        notices += [] if owed else [_all_answered(opponent)]
        claims = [*theirs, *mine] or self._in_the_end(room)
        return self.drafted(claims).model_copy(update={"notices": tuple(notices)})

    def _within(self, points: Sequence[Point], room: int, voice: Voice) -> list[Proposal]:
        """The first points that there is room for; the shortest where there is room for none."""
        chosen: list[Point] = []
        for point in points:
            if len(chosen) < CLAIMS and word_count(each.text for each in (*chosen, point)) <= room:
                chosen.append(point)
        if points and not chosen:
            chosen = [min(points, key=lambda point: word_count([point.text]))]
        return [
            Proposal(text=point.text, voice=voice, quotes=(self.quoted(self._record.arguments[point.argument]),))
            for point in chosen
        ]

    def _in_the_end(self, room: int) -> list[Proposal]:
        held = [self._record.arguments[id] for id in self._may_say]
        return self.told(self.distinct(held, 1, room), "argued")


def _all_answered(name: str) -> str:
    whose = possessive(sentence(name)) if name else "The other side’s"
    return f"{whose} points have all been answered."
