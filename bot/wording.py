"""How a speech reads: its parts in order, each with a lead-in, its claims as sentences with their marks."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from bot.debate import Claim, Speech, Voice, sentence
from knowledge.delegation import Delegation
from knowledge.position import Position
from knowledge.source import day


class Part(NamedTuple):
    """``lead_in`` may be empty; ``sentences`` end in their marks."""

    lead_in: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


def parts(speech: Speech) -> Iterator[Part]:
    """The speech as it is shown, without its citation lines."""
    if speech.opening:
        yield Part("", (speech.opening,))
    named: set[str] = set()
    for voice, claims in groupby(speech.claims, key=lambda claim: claim.voice):
        lead_in = _lead_in(voice, speech.seat, silent=bool(speech.opening))
        yield Part(lead_in, tuple(_spoken(list(claims), speech.seat, named)))
    for notice in speech.notices:
        yield Part("", (notice,))


def _lead_in(voice: Voice, seat: Delegation, silent: bool) -> str:
    return {
        "own": "What it does hold:" if silent else "",
        "argued": "Its delegate points out:",
        "general": "" if seat.is_neutral else f"In general, and not as {possessive(seat.in_sentence)} words:",
        "opposing": "On the other side:" if seat.is_neutral else "The other side says:",
        "for": "In favour:",
        "against": "Against:",
    }[voice]


def _spoken(claims: list[Claim], seat: Delegation, named: set[str]) -> Iterator[str]:
    """Each claim with its marks. A delegation that has just been named is "it", an author named before has a surname;
    ``named`` remembers authors from part to part.
    """
    name = sentence(seat.in_sentence)
    for place, claim in enumerate(claims):
        text = _surname(claim, named)
        if place and claims[place - 1].text.startswith(f"{name} ") and text.startswith(f"{name} "):
            text = _continued(text.removeprefix(f"{name} "))
        yield f"{text.rstrip('.')} {''.join(f'[{citation.n}]' for citation in claim.citations)}."


def _surname(claim: Claim, named: set[str]) -> str:
    text = claim.text
    for author in {citation.source.author for citation in claim.citations}:
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
    stance = {"for": "in favour", "against": "opposed", "mixed": "in between", "none": "no position on record"}
    basis = {"explicit": " (stated)", "inferred": " (inferred)", "none": ""}
    return f"{stance[position.stance]}{basis[position.basis]}, as of {day(position.as_of)}"


def quoted(words: str) -> str:
    """``words`` between quotation marks, of another kind where they hold some themselves."""
    line = " ".join(words.split())
    return f"«{line}»" if any(mark in line for mark in '“”"') else f"“{line}”"


def possessive(name: str) -> str:
    return f"{name}’" if name.endswith("s") else f"{name}’s"
