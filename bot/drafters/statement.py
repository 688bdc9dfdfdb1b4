"""The turns of a debate that answer nobody: opening, question, closing."""

from collections.abc import Collection, Mapping, Sequence

from bot.debate import Draft, Proposal, Voice, sentence
from bot.drafters.composer import Composer, word_count
from bot.duel import Point
from bot.statement import in_few_words
from bot.wording import possessive
from knowledge.argument import Argument

CLAIMS = 5  # in one statement, at most
OWN = 66  # per cent of an opening's words for what is held, where there is something to argue as well
LEAD = 5  # words of a lead-in
NAMED = 10  # words with which a closing statement names a point
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
        mine = (words - LEAD) * OWN // 100 if best else words - LEAD
        spoken = self.spoken(self.distinct(own, CLAIMS, mine))
        room = words - LEAD - word_count(proposal.text for proposal in spoken)
        return self.drafted([*spoken, *self.claims(self.distinct(best, CLAIMS - len(spoken), room), "argued")])

    def further(self, said: Collection[str], used: Collection[str]) -> Draft:
        """What bears out the arguments just ``said``, then the rest of the case; nothing that was ``used``."""
        fresh = self.case(used)
        bearing = [argument for argument in fresh if not set(said).isdisjoint(argument.supports)]
        next_up = self.distinct([*bearing, *fresh], FURTHER, FURTHER_WORDS)
        return self.drafted(self.told(next_up, "argued"))

    def question(self, points: Collection[str], used: Collection[str]) -> Argument | None:
        """What to ask about: an argument of one's own, not used yet, that rebuts one of ``points`` (arguments of the
        other side); else the best that is left.
        """
        mine = self.case(used)
        best = next(iter(mine), None)
        return next((argument for argument in mine if not set(points).isdisjoint(argument.rebuts)), best)

    def closing(
        self,
        unmet: Sequence[Point],
        owed: Sequence[Point],
        opponent: str,
        words: int,
        silent: Collection[str] = (),
        uncited: Collection[str] = (),
    ) -> Draft:
        """What either side has left unanswered, as far as the words go; what it holds where nothing is. ``silent``:
        the names of those who have put no point at all; ``uncited``: of those who have put one that is open and that
        no annotated argument makes.
        """
        room = words - LEADS - word_count([self._seat.in_sentence, opponent or "the other side"])
        spared = min(room // 2, word_count(map(_named, owed)))
        theirs = self._within(unmet, room - spared, "unmet")
        mine = self._within(owed, room - word_count(proposal.text for proposal in theirs), "owed")
        notices = [] if unmet else [_nothing_open(self._seat.in_sentence, silent, uncited)]
        notices += [] if owed else [_nothing_open(opponent, silent, uncited)]
        left = len(unmet) + len(owed) - len(theirs) - len(mine)
        notices += [f"{left} more {'is' if left == 1 else 'are'} open."] if left else []
        named = [*theirs, *mine]
        room -= word_count([*(proposal.text for proposal in named), *notices])
        main = [each for each in self._in_the_end(room) if all(each.quotes != point.quotes for point in named)]
        return self.drafted([*named, *main]).model_copy(update={"notices": tuple(notices)})

    def _within(self, points: Sequence[Point], room: int, voice: Voice) -> list[Proposal]:
        """The points in a few words each, as many as there is room for, and one at least."""
        chosen: list[Proposal] = []
        for point in points:
            quotes = self.quoted(self._record.arguments[point.argument])
            proposal = Proposal(text=_named(point), voice=voice, quotes=quotes)
            if not chosen or word_count([proposal.text, *(each.text for each in chosen)]) <= room:
                chosen.append(proposal)
        return chosen

    def _in_the_end(self, room: int) -> list[Proposal]:
        """Its main line once more, if there is room."""
        main = self.spoken([self._record.arguments[id] for id in self._own if id in self._may_say][:1])
        return main if word_count(proposal.text for proposal in main) <= room else []


def _named(point: Point) -> str:
    """A point in a few of its words."""
    return sentence(in_few_words(point.text, NAMED))


def _nothing_open(name: str, silent: Collection[str], uncited: Collection[str]) -> str:
    who = sentence(name or "the other side")
    if name in silent:
        return f"{who} has put no point that is on record."
    if name in uncited:
        return f"{possessive(who)} points have not all been answered."
    return f"{possessive(who)} points have all been answered."
