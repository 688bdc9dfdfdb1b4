"""What a delegate may say.

A Draft is what somebody proposes to say. A Speech is what we vouch for. Only ``deliver`` makes one from the other:
every claim climbs a ladder, and what fails a rung is dropped.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from knowledge.argument import Argument, Side
from knowledge.date import Date
from knowledge.delegation import Delegation
from knowledge.errors import Unsupported
from knowledge.passage import Passage
from knowledge.position import NEUTRAL, Basis, Change, Leaning, Pleads, Position, Stance
from knowledge.record import Record
from knowledge.source import Source

WHOLE = "role"  # the topic that is the motion itself
COUNTS_AS: dict[Leaning, str] = {
    "supportive": "supportive",
    "cautious": "cautious",
    "opposed": "opposed",
    "divided": "divided",
    "no-public-position": "without a public position",
}
# How far the record goes; said after "As of May 2025 ... is cautious".
GROUNDS: dict[Basis, str] = {
    "explicit": "by its own statements",
    "linked-security": "which is read from its linking the two regions’ security",
    "inferred": "which is inferred and not stated",
    "none": "",
}

SILENT = "The record holds no"  # how an opening begins that says so

LONGEST_CLAIM = 45  # words: ours have 30 at most, a model gets some grace

# own: the delegation's record. argued: what its delegate puts forward of what others hold. general: what the record
# says, not as the delegation's words. opposing: what the other side says. for, against: the rapporteur's two sides.
# In a debate: granted: what was said and is conceded. noted: what the record holds for the other side, whichever way it
# was spoken of. contradicting: what the record says against the point that was made. recorded: what it says on that
# point. again: what was said before and answers once more. unmet: a point of one's own that the other side has not
# answered. owed: a point of theirs that one has not answered oneself.
# newer: what later events did to what is told next, as it was, in the voice earlier.
Voice = Literal[
    "own",
    "argued",
    "general",
    "opposing",
    "for",
    "against",
    "granted",
    "noted",
    "contradicting",
    "recorded",
    "again",
    "unmet",
    "owed",
    "newer",
    "earlier",
]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Quoted(_Value):
    """A proposed citation: words said to stand in a passage. ``argument``: which of those that rest on them is
    meant.
    """

    passage: str
    quote: str
    argument: str = ""


class Proposal(_Value):
    """A claim that has not been checked. ``to``: the words of somebody else that it answers."""

    text: str
    voice: Voice
    quotes: tuple[Quoted, ...]
    to: str = ""


class Draft(_Value):
    """What a drafter proposes to say. ``silent_on``: the topic on which the delegation itself has nothing on record;
    ``others``: the codes of delegations it was asked about and does not speak for; ``opening`` and ``notices`` speak
    of the record and of the debate only.
    """

    drafter: str
    stance: Stance
    claims: tuple[Proposal, ...]
    silent_on: str = ""
    others: tuple[str, ...] = ()
    opening: str = ""
    notices: tuple[str, ...] = ()


class Citation(_Value):
    """The mark ``[n]`` tying a claim to words of a passage. All but the mark comes from the record. ``since``: what
    later events did to what is cited, and from what facts (ids) that is known.
    """

    n: int
    passage: Passage
    quote: str
    source: Source
    held_by: tuple[str, ...]
    side: Side
    argument: str = ""
    is_first: bool = False  # of what the argument rests on
    since: tuple[Change, ...] = ()

    @property
    def as_of(self) -> Date:
        return self.passage.date


class Claim(_Value):
    """A statement that has been checked against everything it cites. ``to``: the words it answers."""

    text: str
    voice: Voice
    citations: tuple[Citation, ...]
    to: str = ""

    def marked(self, marks: Mapping[int, int]) -> "Claim":
        """With other marks: old number -> new."""
        cited = tuple(citation.model_copy(update={"n": marks[citation.n]}) for citation in self.citations)
        return self.model_copy(update={"citations": cited})


def cited_in(claims: Iterable[Claim]) -> tuple[Citation, ...]:
    """What is cited in them, each once by its number."""
    return tuple({citation.n: citation for claim in claims for citation in claim.citations}.values())


class Speech(_Value):
    """Claims delivered with their record. ``opening`` speaks of the record only, so that it needs no citation.
    ``opponent``: whom it answers, as it is said within a sentence; nobody in particular where it is empty.
    """

    seat: Delegation
    question: str
    position: Position
    drafter: str
    opening: str = ""
    claims: tuple[Claim, ...] = ()
    notices: tuple[str, ...] = ()
    dropped: int = 0
    opponent: str = ""

    @property
    def answered(self) -> bool:
        return bool(self.claims)

    def saying(self, claims: Sequence[Claim]) -> "Speech":
        """The same speech with some of its claims, whose marks count from 1 again."""
        marks: dict[int, int] = {}
        for cited in (citation for claim in claims for citation in claim.citations):
            marks.setdefault(cited.n, len(marks) + 1)
        return self.model_copy(update={"claims": tuple(claim.marked(marks) for claim in claims)})

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation once, by number."""
        return cited_in(self.claims)


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
        held = [*position.held, *(fact.lower() for fact in position.facts)]
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


def is_instructed(position: Position, pleads: Pleads | None) -> bool:
    """Whether somebody speaks for a side only because the chair says so: the record holds no position of the state."""
    return pleads is not None and position.stance == "none"


def _opposes(argument: Argument, position: Position) -> bool:
    return position.side is not None and argument.side not in (position.side, "context")


def cite(record: Record, arguments: Sequence[str]) -> tuple[Citation, ...]:
    """The citations of known arguments (ids), numbered in their order from 1."""
    known = [record.arguments[id] for id in arguments if id in record.arguments]
    pairs = [(argument, passage) for argument in known for passage in record.passages_of(argument)]
    return tuple(
        citation_of(record, passage, words_of(argument, passage) or passage.text, argument, n)
        for n, (argument, passage) in enumerate(pairs, start=1)
    )


def dossier_of(position: Position, record: Record) -> tuple[Citation, ...]:
    """The citations of all that a position holds, and of what has changed."""
    changed = [fact.lower() for change in position.changed for fact in change.facts]
    return cite(record, list(dict.fromkeys((*position.held, *changed))))


def marks_of(cited: Iterable[Citation]) -> dict[str, list[int]]:
    """Argument id -> the numbers of its citations."""
    marks: dict[str, list[int]] = defaultdict(list)
    for citation in cited:
        marks[citation.argument].append(citation.n)
    return marks


def words_of(argument: Argument, passage: Passage) -> str:
    """The words of the passage on which an argument rests: its quote, or the whole of a fact."""
    return (passage.stretch(argument.quote) or "") if argument.quote else passage.text


def citation_of(record: Record, passage: Passage, quote: str, argument: Argument | None, n: int = 0) -> Citation:
    """All of a citation but its mark follows from where the quote stands and which argument rests on it."""
    return Citation(
        n=n,
        passage=passage,
        quote=quote,
        source=record.source_of(passage),
        held_by=argument.held_by if argument else (passage.fact_of or "AUTHOR",),
        side=argument.side if argument else "context",
        argument=argument.id if argument else "",
        is_first=argument is not None and record.ground_of(argument) == passage.id,
        since=record.changes.get(argument.id, ()) if argument else (),
    )


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
        return f"{SILENT} {seat.adjective} statement on {record.topics[draft.silent_on]}."
    if position.stance == "none":
        return f"{SILENT} public position of {seat.in_sentence} on {record.topics[WHOLE]}."
    counts = f"{seat.in_sentence} is {COUNTS_AS[position.leaning]}, {GROUNDS[position.basis]}"
    return f"As of {position.as_of.words} {counts}."


def sentence(text: str) -> str:
    """``text`` with its first letter upper-case."""
    return text[:1].upper() + text[1:]
