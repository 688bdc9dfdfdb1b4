"""A draft composed of annotated claims: no model, the same words every time.

A delegation's own record comes first, then what its delegate may argue from others, then the other side. Where the
delegation is silent, the draft says so and turns to the record in general.
"""

import re
from collections.abc import Collection, Iterable
from typing import Literal

from bot.address import addresses, asks_about, has_subject
from bot.debate import WHOLE, Draft, Proposal
from bot.drafters import Brief
from bot.drafters.composer import THEIRS, Composer, word_count
from bot.drafters.tour import Tour
from knowledge.argument import Argument
from knowledge.delegation import ALLIANCE, RAPPORTEUR, Delegation
from knowledge.findings import Findings, Match
from knowledge.record import Record

CLAIMS = 3  # what one answer puts forward beside the other side
WORDS = 54  # beyond which an answer takes in no further claim
ROOM = 65  # words with which there is still room for what the other side says

# Shares of the best score, chosen by reading answers.
AS_GOOD = 0.90  # answers the question as well
NEAR = 0.80  # answers it too
RELATED = 0.70  # bears on it
BEARING_IT_OUT = 2  # of what it holds, in the order of its file: what shows where it stands
TO_THE_POINT = 0.75  # answers it even when nobody is named

_ONE_SIDED: dict[Literal["for", "against"], re.Pattern[str]] = {
    "for": re.compile(
        r"\b(argument|case|reason|point)s? (for|in favou?r)\b|\bpros\b|\bin favou?r\b|\bsupporters\b", re.I
    ),
    "against": re.compile(
        r"\b(argument|case|reason|point|objection)s? (against|to)\b|\bcons\b|\bopponents\b|\bsceptics\b|\bskeptics\b",
        re.I,
    ),
}


class ExtractiveDrafter:
    """Composes from the record's own arguments."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def draft(self, brief: Brief) -> Draft:
        if brief.seat.is_neutral:
            tour = Tour(self._record, brief)
            return tour.draft() if tour.is_due else _Report(self._record, brief).draft()
        return _Statement(self._record, brief).draft()

    def other_side(self, seat: Delegation, spoken: Collection[str], findings: Findings) -> Draft:
        """What answers the arguments ``spoken`` (ids), nearest to the question first."""
        composition = _Composition(self._record, Brief(findings.question, seat, findings, findings))
        answers = composition.answers_to([self._record.arguments[id] for id in spoken])
        return composition.drafted(composition.claims(answers[:CLAIMS], "opposing"))

    def both_sides_of(self, findings: Findings) -> Draft:
        """What the record says for and against a statement: what is nearest to it, and what answers that."""
        composition = _Composition(self._record, Brief(findings.question, RAPPORTEUR, findings, findings))
        return composition.drafted(composition.weighed())


class _Composition(Composer):
    """What both kinds of answer are made of."""

    def __init__(self, record: Record, brief: Brief) -> None:
        super().__init__(record, brief.seat)
        self._brief = brief
        self._seats_named = self._named_in_question()
        self._matches = self._apt(brief.findings)
        self._matches_at_large = self._apt(brief.at_large)
        self._named = {match.argument.id: match.score for match in self._matches}
        self._at_large = {match.argument.id: match.score for match in self._matches_at_large}
        whole = not has_subject(brief.question, [brief.seat])
        self._topic = WHOLE if whole else self._matches_at_large[0].argument.topic

    def _apt(self, findings: Findings) -> list[Match]:
        """Without the records of states that are neither asked nor asked about; the rapporteur reports on all."""
        if self._seat.is_neutral:
            return list(findings.matches)
        apt = {self._seat.code, ALLIANCE, *self._seats_named}
        kept = [m for m in findings.matches if not m.argument.facts or not apt.isdisjoint(m.argument.held_by)]
        return kept or list(findings.matches)

    def answers_to(self, spoken: Iterable[Argument]) -> list[Argument]:
        """What rebuts any of ``spoken`` or is rebutted by it, nearest to the question first."""
        said = {argument.id: argument for argument in spoken}
        found: dict[str, Argument] = {}
        for argument in said.values():
            rebutted = (self._record.arguments[id] for id in argument.rebuts)
            for answer in (*self._record.rebuttals.get(argument.id, ()), *rebutted):
                if (
                    answer.id in self._at_large
                    and answer.id not in said
                    and answer.side not in (argument.side, "context")
                ):
                    found[answer.id] = answer
        return sorted(found.values(), key=lambda answer: -self._at_large[answer.id])

    def weighed(self) -> list[Proposal]:
        """What is nearest to the statement, and what answers that."""
        near = self._distinct(self._over(NEAR), CLAIMS)
        answers = self._distinct(self.answers_to(near), CLAIMS - 1)
        return [*self.claims(near, "general"), *self.claims(answers, "opposing")]

    def _over(self, share: float) -> list[Argument]:
        """The arguments that score at least that share of the best, best first."""
        return [match.argument for match in self._matches if match.score >= share * self._matches[0].score]

    def _nearest_answer(self, spoken: list[Argument], share: float, said: list[Argument]) -> list[Argument]:
        """The best of what the other side says, where it bears on the question and there is room for it."""
        best = self._matches_at_large[0].score
        answers = [answer for answer in self.answers_to(spoken) if self._at_large[answer.id] >= share * best]
        fitting = [answer for answer in answers if THEIRS not in answer.held_by or self._topic == "beijing"][:1]
        return fitting if word_count(argument.claim for argument in (*said, *fitting)) <= ROOM else []

    def _distinct(self, arguments: Iterable[Argument], most: int, beside: Collection[Argument] = ()) -> list[Argument]:
        """As many as an answer takes in."""
        return self.distinct(arguments, most, WORDS, beside)

    def _named_in_question(self) -> list[str]:
        """The delegations named in the question; a capital is one only where the record speaks of its state, since
        summits are named for capitals too. The alliance is named in most questions, and asked about in few.
        """
        names = self._record.names
        by_name = names.mentioned(self._brief.question, capitals=False)
        by_capital = names.mentioned(self._brief.question) & self._record.spoken_of
        return sorted(code for code in by_name | by_capital if code in self._record.delegations and code != ALLIANCE)


class _Report(_Composition):
    """The rapporteur's: what answers the question, by side where it is in dispute."""

    def draft(self) -> Draft:
        absent = self._without_record()
        side = self._side_asked_for()
        if side:
            near = [argument for argument in self._over(RELATED / 2) if argument.side == side]
            return self.drafted(self.claims(self._distinct(near, CLAIMS), side), others=absent, renewed=True)
        if self._topic == WHOLE or absent:
            return self.drafted(self._both_sides(), others=absent, renewed=True)
        return self.drafted(self._answer(), renewed=True)

    def _both_sides(self) -> list[Proposal]:
        ranked = self._over(RELATED / 2)
        whole = [argument for argument in ranked if argument.topic == WHOLE] + ranked
        pro = self._distinct([argument for argument in whole if argument.side == "for"], 2)
        contra = self._distinct([argument for argument in whole if argument.side == "against"], 2)
        sides = [(pro, self.claims(pro, "for")), (contra, self.claims(contra, "against"))]
        sides.sort(key=lambda side: -max((self._at_large[argument.id] for argument in side[0]), default=0.0))
        return [*sides[0][1], *sides[1][1]]

    def _answer(self) -> list[Proposal]:
        top = self._over(1.0)[0]
        alike = [a for a in self._over(AS_GOOD) if a.side in (top.side, "context") or a.topic == top.topic]
        near = self._distinct([top, *alike], CLAIMS)
        answer = self._nearest_answer([argument for argument in near if argument.side == top.side], RELATED, near)
        return [*self.claims(near, "general"), *self.claims([a for a in answer if a not in near], "opposing")]

    def _side_asked_for(self) -> Literal["for", "against"] | None:
        sides = [side for side, asked in _ONE_SIDED.items() if asked.search(self._brief.question)]
        return sides[0] if len(sides) == 1 else None

    def _without_record(self) -> tuple[str, ...]:
        """The delegations asked about of which the record has nothing."""
        return tuple(code for code in self._seats_named if code not in self._record.spoken_of)


class _Statement(_Composition):
    """A delegation's."""

    def draft(self) -> Draft:
        top = self._over(1.0)[0]
        others = self._others_asked_about(top)
        if others:
            general = self._distinct(self._told_of(others) or self._over(NEAR), CLAIMS - 1)
            return self.drafted(self.claims(general, "general"), others=others, renewed=True)
        own = self._own_answers()
        if own:
            return self.drafted(self._case(own), silent_on=self._told_first(own), renewed=True)
        if self._may_argue(top):
            return self.drafted(self._case(self._main_line()), silent_on=top.topic, renewed=True)
        return self._silence()

    def _told_first(self, own: list[Argument]) -> str:
        """Where it stands, if that is what was asked or what it says bears that out; or on what it is silent."""
        if self._topic == WHOLE or self._bears_it_out(own[0]):
            return WHOLE
        return self._topic if self._topic in self._position.silent_on else ""

    def _bears_it_out(self, argument: Argument) -> bool:
        first = [self._record.arguments[id] for id in self._position.held[:BEARING_IT_OUT]]
        return argument in first or any(not {*argument.facts}.isdisjoint(each.facts) for each in first)

    def _silence(self) -> Draft:
        """Nothing of its own, and nothing it may argue: what it holds first, then the record in general. What it holds
        on the very topic is no silence, however little it is near.
        """
        if on_topic := [id for id in (*self._own, *self._facts) if self._record.arguments[id].topic == self._topic]:
            ranked = sorted(on_topic, key=lambda id: -self._named.get(id, 0.0))
            spoken = self._distinct([self._record.arguments[id] for id in ranked], CLAIMS - 1)
            return self.drafted(self._case(spoken), renewed=True)
        best = self._matches_at_large[0]
        near = [m.argument for m in self._matches_at_large if m.score >= NEAR * best.score]
        general = self._distinct([argument for argument in near if not self._is_own(argument)], CLAIMS - 1)
        weightiest = [self._record.arguments[id] for id in self._own]
        own = [] if best.argument.side == "context" else (self._main_line() or weightiest)[:1]
        claims = [*self.spoken(own), *self.claims(general, "general")]
        return self.drafted(claims, silent_on=self._topic, renewed=True)

    def _case(self, own: list[Argument]) -> list[Proposal]:
        """What it holds, what its delegate argues from others, and the best of what the other side says to that."""
        argued = self._distinct([a for a in self._over(RELATED) if self._may_argue(a)], CLAIMS, beside=own)
        said = own + argued
        answer = self._nearest_answer(said[:1], 0, said) or self._nearest_answer(said[1:], RELATED, said)
        return [*self.spoken(own), *self.claims(argued, "argued"), *self.claims(answer, "opposing")]

    def _own_answers(self) -> list[Argument]:
        """The delegation's own record on what was asked, best first; on the motion itself, all it holds."""
        if self._topic == WHOLE:
            return [self._record.arguments[hold.arguments[0]] for hold in self._position.holds][: CLAIMS - 1]
        own = [argument for argument in self._over(RELATED) if self._is_own(argument)]
        return self._distinct([argument for argument in own if self._is_to_the_point(argument)], CLAIMS - 1)

    def _is_own(self, argument: Argument) -> bool:
        """Whether the delegation holds it, or it is on record of it."""
        return argument.id in self._own or argument.id in self._facts

    def _is_to_the_point(self, argument: Argument) -> bool:
        """Whether it still answers when the seat's name is left out, and not merely because it was named."""
        named = self._matches[0].score
        at_large = self._matches_at_large[0].score
        if argument.topic == self._topic:
            return self._named[argument.id] >= RELATED * named
        return self._named[argument.id] >= AS_GOOD * named and self._at_large[argument.id] >= TO_THE_POINT * at_large

    def _may_argue(self, argument: Argument) -> bool:
        return argument.id in self._position.argues

    def _main_line(self) -> list[Argument]:
        """What it holds on the motion itself."""
        return [self._record.arguments[hold.arguments[0]] for hold in self._position.holds if hold.topic == WHOLE]

    def _others_asked_about(self, top: Argument) -> tuple[str, ...]:
        """Other delegations that were named, where the seat was not: a member by its name, or of which the record has
        nothing; partners and China, which most questions speak of, only where the answer is their own.
        """
        if self._seat.code in self._seats_named or addresses(self._brief.question):
            return ()
        by_name = self._record.names.mentioned(self._brief.question, capitals=False)
        best = self._matches_at_large[0].argument
        named = (self._record.delegations[code] for code in self._seats_named)
        return tuple(
            seat.code
            for seat in named
            if (seat.code in by_name and seat.kind == "member")
            or asks_about(self._brief.question, seat)
            or (seat.code in best.held_by and self._seat.code not in (*best.held_by, *top.held_by))
            or seat.code not in self._record.spoken_of
        )

    def _told_of(self, others: Iterable[str]) -> list[Argument]:
        """What others hold, where nothing else of them was asked."""
        seats = [self._record.delegations[code] for code in others]
        if has_subject(self._brief.question, seats):
            return []
        return [self._record.arguments[id] for seat in seats for id in self._record.position_of(seat).held]
