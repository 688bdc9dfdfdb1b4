"""Numbers and proper names: whether what a claim names also stands in what it cites."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from knowledge.delegation import Delegation
from knowledge.passage import folded

_UNITS = "three four five six seven eight nine ten eleven twelve"
_TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SCALES = "hundred thousand million billion trillion percent"
_NUMBER_WORDS = {
    **{word: str(value) for value, word in enumerate(f"{_UNITS} {_TEENS}".split(), start=3)},
    **{word: str(10 * value) for value, word in enumerate(_TENS.split(), start=2)},
    **{form: word for word in _SCALES.split() for form in (word, f"{word}s")},
}
_PERCENT = re.compile(r"\s*%|\bper cent\b")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_LETTER = r"[^\W\d_]"
_WORD = re.compile(rf"{_LETTER}+(?:['-]{_LETTER}+)*")
_LONG_FORM = 4  # letters from which a name is known in small letters too ("us" is no state)
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+)[\"'(\[]*$")


class Names:
    """The forms by which the same name is known, so that "Beijing" is found where a passage says "China's".

    A capital may stand for its state (unless several share it), never a state for a mere mention of its capital ("the
    Madrid Summit").
    """

    def __init__(self, delegations: Iterable[Delegation], others: Iterable[Iterable[str]]) -> None:
        seats = list(delegations)
        self._known: dict[str, str] = {folded(form): seat.code for seat in seats for form in seat.forms}
        self._known |= {seat.capital: seat.capital for seat in seats if seat.capital}
        shared = Counter(seat.capital for seat in seats)
        self._state_of = {seat.capital: seat.code for seat in seats if shared[seat.capital] == 1}
        for forms in others:
            first, *rest = forms
            self._known |= {folded(form): first for form in (first, *rest)}
        self._signs = {name: re.sub(r"\W", "", self._state_of.get(name, name)) for name in self._known.values()}
        longest_first = sorted(self._known, key=len, reverse=True)
        self._known_anyhow = {form.casefold(): name for form, name in self._known.items()}
        self._form = re.compile(rf"(?<![\w-])({'|'.join(re.escape(form) for form in longest_first)})s?(?!\w|-\w)")
        self._form_anyhow = re.compile(self._form.pattern, re.I)

    def unsupported(
        self, claim: str, evidence: str, derived: Mapping[str, str], openers: Collection[str] | None = None
    ) -> tuple[str, ...]:
        """The numbers, dates and proper names of ``claim`` that neither ``evidence`` nor ``derived`` prints.

        Whether the first word of a sentence is a name shows only beside ``openers``, words known to be none; without
        them it may be any.
        """
        ground = " ".join((evidence, *derived))
        known, known_words = self._named(ground), self._words(ground)
        missing = [name for name in self._named(claim) if not self._stands(name, known)]
        for word, opens in self._capitalised(claim):
            excused = opens and (openers is None or word in openers)
            missing += [] if excused or word in known_words else [word]
        missing += [number for number in numbers(claim) if number not in numbers(ground)]
        return tuple(dict.fromkeys(missing))

    def coded(self, text: str) -> str:
        """``text`` with every known name replaced by the one sign that all its forms share, such as ``=FR``."""
        return self._form.sub(lambda form: f" ={self._signs[self._known[form.group(1)]]} ", folded(text))

    @property
    def forms(self) -> tuple[str, ...]:
        """Every form of every known name."""
        return tuple(self._known)

    def mentioned(self, text: str, *, capitals: bool = True) -> frozenset[str]:
        """The codes (or first forms) of all known names in ``text``, long ones in small letters too; a capital counts
        as its state, or not at all.
        """
        found = [form.casefold() for form in self._form_anyhow.findall(folded(text)) if len(form) >= _LONG_FORM]
        names = {*self._named(text), *(self._known_anyhow[form] for form in found)}
        states = (self._state_of.get(name, name) for name in names if capitals or name not in self._state_of)
        return frozenset(states)

    def _named(self, text: str) -> dict[str, None]:
        return dict.fromkeys(self._known[form] for form in self._form.findall(folded(text)))

    def _stands(self, name: str, known: Collection[str]) -> bool:
        return name in known or self._state_of.get(name, name) in known

    def _words(self, text: str) -> frozenset[str]:
        return frozenset(part for word in _WORD.findall(folded(text)) for part in _bare(word))

    def _capitalised(self, claim: str) -> list[tuple[str, bool]]:
        """Each capitalised word that is no known name, in small letters, and whether it opens a sentence."""
        plain = self._form.sub(lambda form: " " * len(form.group()), folded(claim))
        return [
            (_bare(found.group())[0], bool(_SENTENCE_START.search(plain[: found.start()])))
            for found in _WORD.finditer(plain)
            if found.group()[0].isupper()
        ]


def numbers(text: str) -> frozenset[str]:
    """Every number in ``text`` as digits, whether printed in digits or (from three) in a word; scales ("trillion") and
    "percent" as words.
    """
    plain = _PERCENT.sub(" percent", folded(text))
    words = (part.casefold() for word in _WORD.findall(plain) for part in word.split("-"))
    in_words = {_NUMBER_WORDS[word] for word in words if word in _NUMBER_WORDS}
    return frozenset(number.replace(",", "") for number in _NUMBER.findall(plain)) | in_words


def _bare(word: str) -> tuple[str, ...]:
    stem = word.removesuffix("'s").removesuffix("'")
    return (stem.casefold(), *stem.casefold().split("-")) if "-" in stem else (stem.casefold(),)
