"""The ladder: what of a draft may be said.

Every claim climbs it, and what fails a rung is dropped: the passage exists and is this seat's to use, the quote stands
in it word for word, and the claim says what those words bear out: as the record puts it, or in other words of which
each is compared.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from bot.debate import (
    COMMON_GROUND,
    LONGEST_CLAIM,
    SILENT,
    WHOLE,
    Check,
    Citation,
    Claim,
    Draft,
    Fault,
    Proposal,
    Quoted,
    Rung,
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
from knowledge.paraphrase import Known
from knowledge.passage import Passage, folded
from knowledge.position import NEUTRAL, Pleads, Position
from knowledge.record import Record

NAMING: frozenset[Voice] = frozenset({"unmet", "owed"})  # points are named again, in the first of their words
ANSWERING: tuple[Voice, ...] = ("unmet", "contradicting", "recorded", "again")
YIELDING: tuple[Voice, ...] = ("granted", "noted")
_STRANGE = re.compile(r"[^\w\s.,;:'’‘\"“”()–—%$€£&-]|_|\d{9,}")  # what has no place in a sentence of a delegate's
LEAST = 3  # words of a claim, and of a quote that bears one out


class Dropped(Exception):
    """A proposal that fails a rung."""

    def __init__(self, rung: Rung, says: str) -> None:
        self.rung, self.says = rung, says
        super().__init__(says)


def deliver(draft: Draft, seat: Delegation, record: Record, question: str, found: Collection[str]) -> Speech:
    """The part of ``draft`` that we vouch for. ``found``: ids of the passages the library found for the question.

    Raises Unsupported when the draft takes another stance than the position, or when nothing of it stands.
    """
    claims, faults = judged(draft, seat, record, found)
    if faults and faults[0].rung == "stance":
        raise Unsupported(faults[0].says)
    if not claims:
        raise Unsupported("The record does not bear out what was drafted; ask in other words.")
    return Speech(
        seat=seat,
        question=question,
        position=record.position_of(seat),
        drafter=draft.drafter,
        opening=draft.opening or _opening(draft, seat, record),
        claims=tuple(claims),
        notices=draft.notices,
        faults=tuple(faults),
    )


def judged(draft: Draft, seat: Delegation, record: Record, found: Collection[str]) -> tuple[list[Claim], list[Fault]]:
    """What of a draft stands, and what is the matter with the rest; all of it falls with a wrong stance."""
    position = record.position_of(seat)
    if draft.stance != position.stance:
        says = f"The draft is {draft.stance}, {seat.in_sentence} is {position.stance}: it was not delivered."
        return [], [Fault(rung="stance", says=says)]
    ladder, claims, faults = _Ladder(record, position, found), [], []
    for proposal in draft.claims:
        try:
            claims.append(ladder.climb(proposal))
        except Dropped as dropped:
            faults.append(Fault(rung=dropped.rung, says=dropped.says, text=proposal.text))
    return claims, faults


class _Ladder:
    """Checks proposals one after the other and numbers what they cite."""

    def __init__(self, record: Record, position: Position, found: Collection[str]) -> None:
        self._record = record
        self._allowed = allowed(record, position)
        told = self._allowed["earlier"]
        self._found = {*found, *(ground for id in told for ground in record.grounds.get(id, ()))}
        self._numbers: dict[tuple[str, str], int] = {}

    def climb(self, proposal: Proposal) -> Claim:
        """Raises Dropped."""
        if not proposal.quotes:
            raise Dropped("passage", "it names no passage")
        citations = [self._cited(quoted, proposal.voice) for quoted in proposal.quotes]
        words = len(proposal.text.split())
        if not words or words > LONGEST_CLAIM:
            raise Dropped("length", f"it has {words} words: at most {LONGEST_CLAIM}, and not none")
        checked = self._checked(proposal, citations)
        numbered = tuple(map(self._numbered, citations))
        return Claim(text=proposal.text, voice=proposal.voice, citations=numbered, to=proposal.to, checked=checked)

    def _cited(self, quoted: Quoted, voice: Voice) -> Citation:
        passage = self._record.passages.get(quoted.passage)
        if passage is None:
            raise Dropped("passage", "there is no such passage")
        quote = passage.stretch(quoted.quote)
        if quote is None:
            raise Dropped("quote", "the words quoted do not stand in the passage: copy them exactly")
        argument = self._argument(passage, quote, quoted.argument, self._allowed.get(voice))
        if quoted.argument and argument is None:
            raise Dropped("quote", "the words quoted are not those that bear the claim out: copy some of those given")
        if voice in self._allowed:
            if argument is None or argument.id not in self._allowed[voice]:
                raise Dropped("holder", "that is not for this delegation to say: use a passage of its own")
        elif passage.id not in self._found:
            raise Dropped("holder", "that passage was not found for the question: use one of those given")
        return citation_of(self._record, passage, quote, argument)

    def _checked(self, proposal: Proposal, citations: Sequence[Citation]) -> Check:
        """How the text was checked. Raises Dropped."""
        arguments = [self._record.arguments[cited.argument] for cited in citations if cited.argument]
        known = self._record.wordings(arguments)
        is_begun = proposal.voice in NAMING and any(_is_begun(proposal.text, text) for text in known)
        is_known = proposal.text in known or (proposal.voice in YIELDING and proposal.text == COMMON_GROUND)
        if not (is_begun or is_known) and (strange := _STRANGE.findall(proposal.text)):
            raise Dropped("form", f"it has signs that plain prose has not ({_listed(strange)}): leave them out")
        if unsupported := self._unsupported(proposal.text, citations, arguments):
            raise Dropped("names", f"the passage does not print {_listed(unsupported)}")
        if is_known or is_begun:
            return "annotated" if is_known else "abridged"
        quotes = " ".join(cited.quote for cited in citations)
        compared = self._record.known(arguments) if arguments else Known((), quotes)
        if flaws := self._record.paraphrase.flaws(proposal.text, compared):
            raise Dropped(flaws[0].flaw, "; ".join(flaw.says for flaw in flaws))
        return "worded"

    def _unsupported(self, text: str, citations: Sequence[Citation], arguments: Sequence[Argument]) -> tuple[str, ...]:
        evidence = " | ".join(self._record.evidence(citation.passage) for citation in citations)
        derived: dict[str, str] = {}
        for argument in arguments:
            derived |= argument.derived
        return self._record.names.unsupported(text, evidence, derived)  # what opens a sentence is compared as a word

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


def allowed(record: Record, position: Position) -> Mapping[Voice, set[str]]:
    """Voice -> the arguments (ids) that may be said in it. Where a voice is missing, any that was found."""
    held = [*position.held, *record.own_facts(position)]
    line, conceded = [*held, *position.argues], position.concedes
    # What only is conceded is never turned into an argument where it pleads for the other side.
    answers = {*line, *(id for id in conceded if not opposes(record.arguments[id], position))}
    owed: dict[Voice, set[str]] = {}
    if position.stance == "none":  # as the chair instructs it, or in general
        either: tuple[Pleads, Pleads] = ("for", "against")
        answers |= {id for side in either for id in (*record.line(side).argues, *record.line(side).concedes)}
        owed = {"owed": {*record.arguments}}
    told = answers | {*conceded} if position.state != NEUTRAL else {*record.arguments}
    overtaken = (change for id in told for change in record.overtaking(id))
    return {
        "own": {*held},
        "argued": {*line},
        **dict.fromkeys(ANSWERING, answers),
        **{voice: {*line, *conceded} for voice in YIELDING},
        "newer": {fact.lower() for change in overtaken for fact in change.facts},
        "earlier": told,
        **owed,
    }


def voice_of(argument: Argument, position: Position, record: Record) -> Voice:
    """In which a seat may say it that is not answering anybody."""
    may = allowed(record, position)
    if position.state == NEUTRAL:
        return "general"
    if argument.id in may["own"]:
        return "own"
    return "argued" if argument.id in may["argued"] else "opposing" if opposes(argument, position) else "general"


def opposes(argument: Argument, position: Position) -> bool:
    """Whether it pleads for the other side than the position takes."""
    return position.side is not None and argument.side not in (position.side, "context")


def _is_begun(text: str, whole: str) -> bool:
    """Whether ``text`` is a stretch of ``whole``, but for its first letter and the mark of what is left out."""
    begun = folded(text).removesuffix("…").strip(" .")
    return len(begun.split()) >= LEAST and begun[1:] in folded(whole) and begun.casefold() in folded(whole).casefold()


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


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
