"""What a delegate may say.

A Draft is what somebody proposes to say. A Speech is what we vouch for. Only ``bot.ladder.deliver`` makes one from the
other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from knowledge.argument import Argument, Side
from knowledge.date import Date
from knowledge.delegation import Delegation
from knowledge.passage import Passage
from knowledge.position import Basis, Change, Leaning, Pleads, Position, Stance
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

COMMON_GROUND = "that stands on record"  # conceded in short, where the opponent has just used the record's words

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


# How a claim was checked. annotated: it is in the record's own words. abridged: in the first of those, a point named
# again. worded: in a drafter's words, each of which was compared with the words it rests on.
Check = Literal["annotated", "abridged", "worded"]

# Where a proposal failed: the draft's stance; the passage does not exist or is not this seat's to use; the quote does
# not stand in it; a number, date or name is not borne out; another word is not; a "not", a "may" or "must", a "some" or
# "all" was changed; who does what to whom was; it is not in the third person; it is no plain prose; it repeats what
# somebody wrote; it is too long, or empty.
Rung = Literal[
    "stance",
    "passage",
    "holder",
    "quote",
    "names",
    "words",
    "negation",
    "modality",
    "quantity",
    "roles",
    "person",
    "form",
    "echo",
    "length",
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


class Fault(_Value):
    """Why a proposal was dropped. ``says``: in words that whoever drafted it can mend it by."""

    rung: Rung
    says: str
    text: str = ""


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
    checked: Check = "annotated"

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
    ``reported``: it is a delegate of ours, whose words may be our summary of a source and are not quoted. ``faults``:
    of what was dropped. ``remark``: why it is given without the language model, where there should have been one.
    ``translations``: lines of it as they are shown, and what they are in the reader's language.
    """

    seat: Delegation
    question: str
    position: Position
    drafter: str
    opening: str = ""
    claims: tuple[Claim, ...] = ()
    notices: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    opponent: str = ""
    reported: bool = False
    remark: str = ""
    translations: tuple[tuple[str, str], ...] = ()

    @property
    def answered(self) -> bool:
        return bool(self.claims)

    @property
    def dropped(self) -> int:
        """How many proposals could not be vouched for."""
        return len(self.faults)

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


def is_instructed(position: Position, pleads: Pleads | None) -> bool:
    """Whether somebody speaks for a side only because the chair says so: the record holds no position of the state."""
    return pleads is not None and position.stance == "none"


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


def grounds_of(record: Record, argument: Argument) -> tuple[Quoted, ...]:
    """The words an argument rests on, where they stand, as they are proposed."""
    return tuple(
        Quoted(passage=passage.id, quote=words_of(argument, passage), argument=argument.id)
        for passage in record.passages_of(argument)
    )


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


def sentence(text: str) -> str:
    """``text`` with its first letter upper-case."""
    return text[:1].upper() + text[1:]


def stands(seat: Delegation, record: Record) -> str:
    """Where a delegation stands, since when that is known, and on what grounds; or that this is not known."""
    position = record.position_of(seat)
    if position.stance == "none":
        return f"{SILENT} public position of {seat.in_sentence} on {record.topics[WHOLE]}."
    counts = f"{seat.in_sentence} is {COUNTS_AS[position.leaning]}, {GROUNDS[position.basis]}"
    return f"As of {position.as_of.words} {counts}."
