"""How a speech reads: its parts in order, each with a lead-in, its claims as sentences with their marks."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from bot.debate import COUNTS_AS, SILENT, Citation, Claim, Speech, Voice, sentence
from knowledge.delegation import Delegation
from knowledge.position import Position

# What leads from an opponent's words to what the record says against them; which of them, the words decide.
TURNED = (
    "The record says otherwise:",
    "Against that stands this:",
    "The record answers:",
    "On record is something else:",
)


class Part(NamedTuple):
    """``lead_in`` may be empty; ``sentences`` end in their marks."""

    lead_in: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


def shown(speech: Speech) -> Iterator[Part]:
    """The speech as it is shown, without its citation lines: what is translated in the reader's language."""
    put = dict(speech.translations)
    for part in parts(speech):
        yield Part(put.get(part.lead_in, part.lead_in), tuple(put.get(line, line) for line in part.sentences))


def parts(speech: Speech) -> Iterator[Part]:
    """The speech in English, part by part."""
    if speech.opening:
        yield Part("", (speech.opening,))
    named: set[str] = set()
    before: Claim | None = None
    for (to, voice), group in groupby(speech.claims, key=lambda claim: (claim.to, claim.voice)):
        claims = list(group)
        turned = f"{_taken_up(to, speech)} " if to and (before is None or before.to != to) else ""
        granted = before is not None and before.voice in ("granted", "noted") and before.to == to
        lead_in = _lead_in(voice, speech, claims, granted)
        if voice == "argued" and before is None and not speech.opening:  # nothing before says whose it is
            lead_in = f"The {speech.seat.adjective} delegate points out:"
        yield Part(f"{turned}{lead_in}".strip(), tuple(_spoken(claims, speech.seat, named)))
        before = claims[-1]
    for notice in speech.notices:
        yield Part("", (notice,))


def text_of(speech: Speech) -> str:
    """The speech in plain words, a part a line."""
    return "\n".join(f"{part.lead_in} {part.text}".strip() for part in shown(speech))


def _taken_up(words: str, speech: Speech) -> str:
    """The opponent's own words, before they are answered; one who speaks of itself is not named twice. Only a person is
    quoted.
    """
    opponent = speech.opponent
    does, stop = ("ask", "") if words.endswith("?") else ("say", ".")
    if not opponent:
        return f"You {does} {quoted(words)}{stop}"
    name = sentence(opponent)
    for start, pronoun in ((f"{name} ", " it"), (f"{possessive(name)} ", " its"), (f"{name}'s ", " its")):
        if words.startswith(start):
            rest = words.removeprefix(start)
            return f"{name} {does}s{pronoun} {rest if speech.reported else quoted(rest)}{stop}"
    return f"{name} {does}s: {words}{stop}" if speech.reported else f"{name} {does}s {quoted(words)}{stop}"


def _lead_in(voice: Voice, speech: Speech, claims: Sequence[Claim], granted: bool) -> str:
    seat = speech.seat
    to = claims[0].to
    dates = [cited.as_of for claim in claims for cited in claim.citations]
    before = max(dates).words if dates else "then"
    turned = TURNED[_choice(to, len(TURNED))]
    return {
        "own": _even_so(claims[0].text, seat)
        if granted
        else "What it does hold:"
        if speech.opening.startswith(SILENT) and not to
        else "",
        "argued": "Even so, its delegate points out:" if granted else "Its delegate points out:",
        "general": "" if seat.is_neutral else f"In general, and not as {possessive(seat.in_sentence)} words:",
        "opposing": "On the other side:" if seat.is_neutral else "The other side says:",
        "for": "In favour:",
        "against": "Against:",
        "granted": "Granted:",
        "noted": "To be fair, the record holds:",
        "contradicting": "Even so, the record adds:" if granted else turned,
        "recorded": "Even so, the record adds:" if granted else "On that, the record holds:",
        "again": "As said before:",
        "unmet": f"{sentence(speech.opponent or 'the other side')} has not answered this:",
        "owed": f"{sentence(seat.in_sentence)}, for its part, has not answered this:",
        "newer": "The newer record first:",
        "earlier": f"Before that, as of {before}:",
    }[voice]


def _even_so(text: str, seat: Delegation) -> str:
    """What leads from a concession to the own record; one sentence with it where that begins with the name."""
    return "Even so," if text.startswith(sentence(seat.in_sentence)) else "Even so:"


def _choice(words: str, among: int) -> int:
    """The same number for the same words."""
    return sum(map(ord, words)) % among


def _spoken(claims: list[Claim], seat: Delegation, named: set[str]) -> Iterator[str]:
    """Each claim with its marks. A delegation that has just been named is "it", an author named before has a surname;
    ``named`` remembers authors from part to part.
    """
    name = sentence(seat.in_sentence)
    for place, claim in enumerate(claims):
        text = _surname(claim, named)
        if place and _is_of(name, claims[place - 1].text) and _is_of(name, text):
            text = _continued(text.removeprefix(f"{name} "))
        yield f"{text.rstrip('.')} {''.join(f'[{citation.n}]' for citation in claim.citations)}."


def _is_of(name: str, text: str) -> bool:
    """Whether the sentence speaks of the delegation alone, which may then be "it" in the next."""
    return text.startswith(f"{name} ") and not text.startswith(f"{name} and ")


def _surname(claim: Claim, named: set[str]) -> str:
    text = claim.text
    for author in {citation.source.author for citation in claim.citations} - {""}:
        if author in named:
            text = re.sub(rf"\b(?:[Aa]nalyst )?{re.escape(author)}\b", author.split()[-1], text)
        elif author in text:
            named.add(author)
    return text


def _continued(rest: str) -> str:
    """What goes on speaking of the delegation that was just named."""
    auxiliary, _, verb = rest.partition(" ")
    return f"It has also {verb}" if auxiliary == "has" else f"It also {rest}"


def standing(position: Position) -> str:
    """The line that says where a delegation stands and since when we know."""
    basis = {
        "explicit": " (stated)",
        "linked-security": " (from linked security)",
        "inferred": " (inferred)",
        "none": "",
    }
    return f"{COUNTS_AS[position.leaning]}{basis[position.basis]}, as of {position.as_of.words}"


TRANSLATED = "Translated by the language model; every line came back from it as what it is in English"


def worded_by(drafter: str, remark: str = "") -> str:
    """That a model's words are shown, or why not where they should be; nothing where there is no model."""
    if remark or drafter in ("", "none", "extractive"):
        return remark
    return f"Worded by {drafter}, each claim checked on the record"


def words_cited(cited: Citation, told: Collection[str] = ()) -> str:
    """What a citation shows of its passage: the words quoted, between quotation marks; or our summary of a source,
    without any, unless it was ``told`` already.
    """
    if not cited.passage.is_summary:
        return quoted(cited.quote)
    return "" if cited.quote in told else cited.quote


def since(cited: Citation, told: Collection[str] = ()) -> str:
    """What later events did to what is cited, unless it was ``told`` already."""
    return " ".join(f"Since then: {change.text}" for change in cited.since if change.text not in told)


def quoted(words: str) -> str:
    """``words`` between quotation marks, of another kind where they hold some themselves."""
    line = " ".join(words.split())
    return f"«{line}»" if any(mark in line for mark in '“”"') else f"“{line}”"


def possessive(name: str) -> str:
    return f"{name}’" if name.endswith("s") else f"{name}’s"
