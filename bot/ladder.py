"""The ladder: what of a draft may be said.

Every claim climbs it, and what fails a rung is dropped: the passage exists and is this seat's to use, the quote stands
in it word for word, and the claim's numbers, dates and names are there too.
"""

from collections.abc import Collection, Mapping

from bot.debate import (
    LONGEST_CLAIM,
    SILENT,
    WHOLE,
    Citation,
    Claim,
    Draft,
    Proposal,
    Quoted,
    Speech,
    Voice,
    citation_of,
    sentence,
    stands,
    words_of,
)
from knowledge.argument import Argument
from knowledge.delegation import Delegation
from knowledge.errors import Unsupported
from knowledge.passage import Passage
from knowledge.position import NEUTRAL, Pleads, Position
from knowledge.record import Record


def deliver(draft: Draft, seat: Delegation, record: Record, question: str, found: Collection[str]) -> Speech:
    """The part of ``draft`` that we vouch for. ``found``: ids of the passages the library found for the question.

    Raises Unsupported when the draft takes another stance than the position, or when nothing of it stands.
    """
    position = record.position_of(seat)
    if draft.stance != position.stance:
        raise Unsupported(
            f"The draft is {draft.stance}, {seat.in_sentence} is {position.stance}: it was not delivered."
        )
    ladder = _Ladder(record, position, found)
    claims = [claim for proposal in draft.claims if (claim := ladder.climb(proposal))]
    if not claims:
        raise Unsupported("The record does not bear out what was drafted; ask in other words.")
    return Speech(
        seat=seat,
        question=question,
        position=position,
        drafter=draft.drafter,
        opening=draft.opening or _opening(draft, seat, record),
        claims=tuple(claims),
        notices=draft.notices,
        dropped=len(draft.claims) - len(claims),
    )


class _Ladder:
    """Checks proposals one after the other and numbers what they cite."""

    def __init__(self, record: Record, position: Position, found: Collection[str]) -> None:
        self._record = record
        held = [*position.held, *record.own_facts(position)]
        line, conceded = [*held, *position.argues], position.concedes
        # What only is conceded is never turned into an argument where it pleads for the other side.
        neutral = [id for id in conceded if not _opposes(record.arguments[id], position)]
        answers = {*line, *neutral}
        self._allowed: Mapping[Voice, set[str]] = {
            "own": {*held},
            "argued": {*line},
            "unmet": answers,
            "contradicting": answers,
            "recorded": answers,
            "again": answers,
            "granted": {*line, *conceded},
            "noted": {*line, *conceded},
        }
        if position.stance == "none":  # as the chair instructs it, or in general
            either: tuple[Pleads, Pleads] = ("for", "against")
            answers |= {id for side in either for id in (*record.line(side).argues, *record.line(side).concedes)}
            self._allowed = {**self._allowed, "unmet": answers, "owed": {*record.arguments}}
        told = answers | {*conceded} if position.state != NEUTRAL else {*record.arguments}
        self._allowed = {
            **self._allowed,
            "newer": {f.lower() for id in told for change in record.overtaking(id) for f in change.facts},
            "earlier": told,
        }
        self._found = {*found, *(ground for id in told for ground in record.grounds.get(id, ()))}
        self._numbers: dict[tuple[str, str], int] = {}

    def climb(self, proposal: Proposal) -> Claim | None:
        citations = [citation for quoted in proposal.quotes if (citation := self._cite(quoted, proposal.voice))]
        if not citations or len(citations) < len(proposal.quotes) or not proposal.text.strip():
            return None
        if len(proposal.text.split()) > LONGEST_CLAIM or not self._supports(proposal.text, citations):
            return None
        numbered = tuple(map(self._numbered, citations))
        return Claim(text=proposal.text, voice=proposal.voice, citations=numbered, to=proposal.to)

    def _cite(self, quoted: Quoted, voice: Voice) -> Citation | None:
        passage = self._record.passages.get(quoted.passage)
        if passage is None or (quote := passage.stretch(quoted.quote)) is None:
            return None
        argument = self._argument(passage, quote, quoted.argument, self._allowed.get(voice))
        if voice in self._allowed:
            if argument is None or argument.id not in self._allowed[voice]:
                return None
        elif passage.id not in self._found:
            return None
        return citation_of(self._record, passage, quote, argument)

    def _supports(self, text: str, citations: list[Citation]) -> bool:
        evidence = " | ".join(self._record.evidence(citation.passage) for citation in citations)
        derived: dict[str, str] = {}
        for citation in citations:
            argument = self._record.arguments.get(citation.argument)
            derived |= argument.derived if argument else {}
        return not self._record.names.unsupported(text, evidence, derived, self._record.openers)

    def _numbered(self, citation: Citation) -> Citation:
        key = (citation.passage.id, citation.quote)
        return citation.model_copy(update={"n": self._numbers.setdefault(key, len(self._numbers) + 1)})

    def _argument(self, passage: Passage, quote: str, named: str, allowed: Collection[str] | None) -> Argument | None:
        """The argument that rests on these words: the one named, else one that may be used, else any."""
        candidates = self._record.arguments_at.get(passage.id, ())
        exact = [argument for argument in candidates if words_of(argument, passage) == quote]
        wider = [argument for argument in candidates if quote in words_of(argument, passage)]
        resting = [argument for argument in exact + wider if named in (argument.id, "")]
        usable = [argument for argument in resting if allowed is None or argument.id in allowed]
        return next(iter(usable or resting), None)


def _opposes(argument: Argument, position: Position) -> bool:
    return position.side is not None and argument.side not in (position.side, "context")


def _opening(draft: Draft, seat: Delegation, record: Record) -> str:
    names = " or ".join(record.delegations[code].in_sentence for code in draft.others)
    if draft.others:
        return (
            f"The record holds nothing of {names}."
            if seat.is_neutral
            else (f"{sentence(seat.in_sentence)} does not speak for {names}.")
        )
    if not draft.silent_on:
        return ""
    position = record.position_of(seat)
    if draft.silent_on != WHOLE:
        named = (
            draft.silent_on in position.silent_on
        )  # what else was asked may be of another topic than what is nearest
        return f"{SILENT} {seat.adjective} statement on {record.topics[draft.silent_on] if named else 'that'}."
    return stands(seat, record)
