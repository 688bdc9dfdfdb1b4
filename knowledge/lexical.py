"""Words in common: BM25 over stemmed words, whose length normalisation may depend on the question.

k1 and how much lengths count (b) are those of Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009);
a word that most texts have counts next to nothing.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.words import all_words, content_stems, stems_of

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

SATURATION, LENGTHS = 1.2, 0.75  # k1 and b, where nothing else is asked for

_COMMONEST = 1.000001  # odds against a word, at least: what most texts have tells them apart no more

_ARRAYS = ("starts", "places", "counts", "lengths")
_WORDS = "words.txt"


class Lexical:
    """Texts by place, scored against a question by the words they share. Safe to use from several threads."""

    def __init__(
        self, words: Sequence[str], starts: "Array", places: "Array", counts: "Array", lengths: "Array"
    ) -> None:
        """The texts with the word ``n`` are ``places[starts[n]:starts[n + 1]]``, as often as ``counts`` says there."""
        import numpy as np

        self._number = {word: number for number, word in enumerate(words)}
        self._arrays = dict(zip(_ARRAYS, (starts, places, counts, lengths), strict=True))
        self._starts, self._places, self._counts = starts, places, counts
        self.size = len(lengths)
        mean = float(lengths.mean()) if self.size else 1.0
        self._relative: Array = np.asarray(lengths / max(mean, 1.0), np.float32)
        texts = np.diff(starts)
        self._rarity = np.log(np.maximum((self.size - texts + 0.5) / (texts + 0.5), _COMMONEST))

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Lexical":
        import numpy as np

        number: dict[str, int] = {}
        owners, places, counts, lengths = array("i"), array("i"), array("f"), array("f")
        for place, text in enumerate(texts):
            words = all_words(text)
            stems = Counter(stems_of(words))
            owners.extend(number.setdefault(stem, len(number)) for stem in stems)
            places.extend([place] * len(stems))
            counts.extend(stems.values())
            lengths.append(len(words))
        order = np.argsort(np.asarray(owners, np.int32), kind="stable")
        ends = np.cumsum(np.bincount(np.asarray(owners, np.int32), minlength=len(number)))
        starts = np.concatenate([[0], ends]).astype(np.int64)
        by_word = np.asarray(places)[order], np.asarray(counts)[order]
        return cls(list(number), starts, *by_word, np.asarray(lengths))

    def part(self, places: Sequence[int]) -> "Lexical":
        """Of some of the texts, in ascending order, as if there were no others; quicker than reading them again."""
        import numpy as np

        is_kept = np.zeros(self.size, bool)
        is_kept[list(places)] = True
        listed = is_kept[self._places]
        texts = np.bincount(np.repeat(np.arange(len(self._number)), np.diff(self._starts))[listed], minlength=1)
        words = [word for word, number in self._number.items() if number < len(texts) and texts[number]]
        starts = np.concatenate([[0], np.cumsum(texts[texts > 0])]).astype(np.int64)
        renumbered = (np.cumsum(is_kept) - 1)[self._places[listed]]
        return Lexical(words, starts, renumbered, self._counts[listed], self._arrays["lengths"][is_kept])

    def save(self, folder: Path) -> None:
        import numpy as np

        for name, values in self._arrays.items():
            np.save(folder / f"{name}.npy", values)
        (folder / _WORDS).write_text("\n".join(self._number))

    @classmethod
    def load(cls, folder: Path) -> "Lexical":
        import numpy as np

        words = (folder / _WORDS).read_text().split("\n")
        starts, places, counts, lengths = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS)
        return cls(words, starts, places, counts, lengths)

    def scores(self, question: str) -> dict[int, float]:
        """Place of a text -> its score, highest at 1; texts that share no word are absent."""
        import numpy as np

        found = self.shares(list(dict.fromkeys(content_stems(question))))
        shared = np.flatnonzero(found)
        return dict(zip(shared.tolist(), (found[shared] / found.max()).tolist(), strict=True)) if len(shared) else {}

    def shares(self, stems: Sequence[str], saturation: float = SATURATION, lengths: float = LENGTHS) -> "Array":
        """How much of the question each text says, shape (size,), 0 to 1: BM25, against what a text could have at most
        that says each of its words for ever. A word asked twice counts twice.
        """
        import numpy as np

        said, most = np.zeros(self.size, np.float32), 0.0
        limit = (saturation * (1.0 - lengths) + saturation * lengths * self._relative).astype(np.float32)
        for stem, times in Counter(stems).items():
            number = self._number.get(stem)
            if number is None:
                continue
            weight = times * float(self._rarity[number])
            most += weight
            listed = slice(self._starts[number], self._starts[number + 1])
            places, counts = self._places[listed], self._counts[listed]
            said[places] += weight * counts / (counts + limit[places])
        return said / most if most else said

    def known(self, question: str) -> float:
        """The share of the question's words (weighted by rarity) that occur in any text, 0 to 1."""
        import numpy as np

        unseen = float(np.log1p(self.size / 0.5))
        weights = {stem: self._seldom(stem) for stem in content_stems(question)}
        total = sum(weight or unseen for weight in weights.values())
        return sum(weight for weight in weights.values() if weight) / total if total else 0.0

    def _seldom(self, stem: str) -> float | None:
        import numpy as np

        number = self._number.get(stem)
        if number is None:
            return None
        return float(np.log1p(self.size / (int(self._starts[number + 1] - self._starts[number]) + 0.5)))
