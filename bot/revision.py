"""A speech with some of its claims put into other words: which stay, which are replaced, and in what order."""

from collections.abc import Iterator, Sequence

from bot.debate import Claim, Draft, Fault, Proposal, Speech, Voice
from bot.drafters.composer import word_count
from bot.drafters.model import Assignment
from bot.ladder import deliver, judged
from bot.llm.failure import ModelFailure
from knowledge.errors import Unsupported
from knowledge.record import Record

MOST = 4  # claims of an answer beside what is newer and what the other side says
ECHO = "it repeats what somebody wrote: say it in words of your own or of the passage"
UNANSWERED = "Not everything that was asked is answered by the record."

# The order in which an answer says things; what later events did comes first, and what the other side says last.
_ORDER: tuple[Voice, ...] = ("newer", "earlier", "own", "for", "against", "argued", "general", "opposing")
_KEPT = ("newer", "earlier", "opposing")  # what no answer leaves out
_SIDES = ("own", "for", "against")  # of which no answer leaves out all


class Revision:
    """Judges drafts for an assignment, and makes the speech of what holds."""

    def __init__(self, assignment: Assignment, record: Record) -> None:
        self._assignment, self._record = assignment, record
        self._task, self._floor = assignment.task, assignment.task.floor
        self._found = {quoted.passage for item in assignment.items for quoted in item.quotes}
        self._said = [
            Proposal(text=item.text, voice=item.voice, quotes=item.quotes, to=item.to) for item in assignment.said
        ]

    def judge(self, draft: Draft) -> tuple[list[Claim], list[Fault]]:
        """What of it stands, and what is the matter with the rest. What repeats somebody's words is not the record's,
        however like it sounds: nobody dictates to a model what it says.
        """
        claims, faults = judged(draft, self._floor.seat, self._record, self._found)
        echoed = [claim for claim in claims if claim.checked == "worded" and self._is_dictated(claim.text)]
        told = [Fault(rung="echo", says=ECHO, text=claim.text) for claim in echoed]
        return [claim for claim in claims if claim not in echoed], [*faults, *told]

    def _is_dictated(self, text: str) -> bool:
        said = [self._task.question, *self._task.said, *(item.to for item in self._assignment.items)]
        return any(self._record.paraphrase.repeats(text, words) for words in said)

    def speech(self, good: Sequence[Claim], *, unanswered: bool) -> Speech:
        """The floor, with ``good`` in place of what they reword. Raises ModelFailure where they do not fit in."""
        proposals = list(self._answer(good) if self._task.kind == "question" else self._reworded(good))
        draft = Draft(
            drafter=self._assignment.drafter,
            stance=self._floor.position.stance,
            claims=tuple(self._within(proposals)),
            opening=self._floor.opening,
            notices=self._floor.notices,
        )
        try:
            speech = deliver(draft, self._floor.seat, self._record, self._floor.question, self._found)
        except Unsupported:
            raise ModelFailure("unsupported") from None
        if all(claim.checked != "worded" for claim in speech.claims):
            return self._floor  # what a model gives back in the record's words is not its own
        notices = (UNANSWERED,) if unanswered and self._task.kind == "question" else ()
        update = {"opponent": self._floor.opponent, "reported": self._floor.reported}
        return speech.model_copy(update={**update, "notices": (*speech.notices, *notices)})

    def _reworded(self, good: Sequence[Claim]) -> Iterator[Proposal]:
        """Every claim of the floor, in its order; what the model has not worded stays."""
        told: set[str] = set()
        for proposal in self._said:
            if _arguments(proposal) <= told:
                continue
            claim = next((each for each in good if _cited(each) & _arguments(proposal)), None)
            if claim and told.isdisjoint(_cited(claim)):
                told |= _cited(claim)
                yield self._proposed(claim).model_copy(update={"voice": proposal.voice, "to": proposal.to})
            else:
                yield proposal

    def _answer(self, good: Sequence[Claim]) -> Iterator[Proposal]:
        """The model may leave out what does not answer, and say something beside; what came later, the state's own
        record, both sides of a report and what the other side says stay.
        """
        chosen = {id for claim in good for id in _cited(claim)}
        said = list(self._reworded(good))
        kept = [each for each in said if each.voice in _KEPT or _arguments(each) & chosen]
        there = {id for proposal in kept for id in _arguments(proposal)}
        beside = [self._proposed(claim) for claim in good if there.isdisjoint(_cited(claim))]
        for voice in _SIDES:
            if all(proposal.voice != voice for proposal in (*kept, *beside)):
                kept += [proposal for proposal in said if proposal.voice == voice][:1]
        kept += beside[: max(MOST - len(kept), 0)]
        yield from sorted(kept, key=lambda proposal: _ORDER.index(proposal.voice))

    def _proposed(self, claim: Claim) -> Proposal:
        """With all the words that the record has for what it cites, whatever few of them the model quoted."""
        items = [item for item in self._assignment.items if item.arguments <= _cited(claim)]
        quotes = dict.fromkeys(quoted for item in items for quoted in item.quotes)
        return Proposal(text=claim.text, voice=claim.voice, quotes=tuple(quotes), to=claim.to)

    def _within(self, proposals: Sequence[Proposal]) -> list[Proposal]:
        """As many words as there may be: what has grown most goes back to what it was, what is beside is left out."""
        fitted = list(proposals)
        before = {quoted: said for said in self._said for quoted in said.quotes}
        while word_count(each.text for each in fitted) > self._task.words:
            grown = [(_grown(each, before.get(each.quotes[0])), n) for n, each in enumerate(fitted)]
            most, n = max(grown)
            if most <= 0:
                break
            original = before.get(fitted[n].quotes[0])
            fitted[n : n + 1] = [original] if original else []
        return fitted


def _grown(proposal: Proposal, before: Proposal | None) -> int:
    return word_count([proposal.text]) - (word_count([before.text]) if before else 0)


def _cited(claim: Claim) -> frozenset[str]:
    return frozenset(citation.argument for citation in claim.citations)


def _arguments(proposal: Proposal) -> frozenset[str]:
    return frozenset(quoted.argument for quoted in proposal.quotes)
