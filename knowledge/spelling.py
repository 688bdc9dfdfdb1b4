"""Slips of the pen: a word that is none is read as the nearest word of the library."""

import difflib
import re
from collections.abc import Callable, Iterable

SHORTEST = 5  # letters: shorter words have too many neighbours
LIKENESS = 0.8  # difflib's ratio: one slip in a word of five letters

_WORD = re.compile(r"[^\W\d_]+")


class Spelling:
    """``is_word`` knows the language's common words: those are never changed."""

    def __init__(self, texts: Iterable[str], is_word: Callable[[str], bool]) -> None:
        words = (word for text in texts for word in _WORD.findall(text))
        self._library = {word.casefold(): word for word in words if len(word) >= SHORTEST - 1}
        self._is_word = is_word

    def mend(self, question: str) -> str:
        """``question`` with its slips mended, everything else as it was."""
        return _WORD.sub(lambda word: self._mended(word.group()), question)

    def _mended(self, word: str) -> str:
        key = word.casefold()
        if len(word) < SHORTEST or key in self._library or self._is_word(key):
            return word
        nearest = difflib.get_close_matches(key, self._library, n=1, cutoff=LIKENESS)
        return self._library[nearest[0]] if nearest else word
