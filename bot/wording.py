"""How a speech reads: its parts in order, each with a lead-in, its claims as sentences with their marks."""

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
    for voice, claims in groupby(speech.claims, key=lambda claim: claim.voice):
        lead_in = _lead_in(voice, speech.seat, silent=bool(speech.opening))
        yield Part(lead_in, tuple(_spoken(list(claims), speech.seat)))
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


def _spoken(claims: list[Claim], seat: Delegation) -> Iterator[str]:
    """Each claim with its marks; a delegation that has just been named is "it"."""
    name = sentence(seat.in_sentence)
    for place, claim in enumerate(claims):
        text = claim.text
        if place and claims[place - 1].text.startswith(f"{name} ") and text.startswith(f"{name} "):
            text = f"It {'also ' if place == 1 else ''}{text.removeprefix(f'{name} ')}"
        yield f"{text.rstrip('.')} {''.join(f'[{citation.n}]' for citation in claim.citations)}."


def standing(position: Position) -> str:
    """The line that says where a delegation stands and since when we know."""
    stance = {"for": "in favour", "against": "opposed", "mixed": "divided or cautious", "none": "no position on record"}
    basis = {"explicit": " (stated)", "inferred": " (inferred)", "none": ""}
    return f"{stance[position.stance]}{basis[position.basis]}, as of {day(position.as_of)}"


def possessive(name: str) -> str:
    return f"{name}’" if name.endswith("s") else f"{name}’s"
