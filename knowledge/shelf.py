"""Passages without annotation, however many: found by their own words and meaning.

Two indexes lie behind it. The words' is quickly built and holds the passages themselves, outside Chroma; the meaning's
takes as long as embedding them does, and until it is there words alone are searched.
"""

import math
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge import fusion
from knowledge.adapter import Adapter
from knowledge.collection import Collection
from knowledge.filter import Columns, Filter, traits_of
from knowledge.findings import LEANING, Found
from knowledge.holdings import Holdings, text_of
from knowledge.lexical import Lexical
from knowledge.passage import Passage
from knowledge.words import content_stems

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

POOL = 200  # passages looked at closely: so many by meaning, and so many by words
FEW = 5_000  # passages that a filter leaves, up to which their vectors are read one by one
WIDER = 4  # times as many are asked for when a filter leaves too few of the nearest; one in so many is few
SPARE = 1.3  # times as many are asked for as a filter should leave

_DATABASE, _COLUMNS = "passages.db", "columns.npz"


class Held:
    """In memory, compared one by one."""

    def __init__(self, vectors: "Array") -> None:
        self._vectors, self.size = vectors, len(vectors)

    def of(self, places: "Array") -> "Array":
        return self._vectors[places]

    def nearest(self, vector: "Array", admitted: "Array | None", count: int) -> "Array":
        import numpy as np

        left = np.arange(self.size) if admitted is None else np.flatnonzero(admitted)
        return _best(left, (self._vectors @ vector)[left], count)

    def close(self) -> None:
        """There is nothing to close."""


class Indexed:
    """In a collection that is asked for the nearest, and for more of them where a filter leaves out some. Asking Chroma
    itself to filter takes longer than all the rest: where few are left, they are compared one by one.
    """

    def __init__(
        self, collection: Collection, of: "Callable[[Array], Array]", cosines: "Callable[[Array], Array] | None" = None
    ) -> None:
        """``of``: places -> their vectors; ``cosines``: a vector -> the cosine of every place, where that is quick."""
        self._collection, self.of, self._cosines = collection, of, cosines
        self.size, self.close = collection.size, collection.close

    def nearest(self, vector: "Array", admitted: "Array | None", count: int) -> "Array":
        import numpy as np

        if admitted is None:
            return self._collection.nearest(vector, count)
        left = np.flatnonzero(admitted)
        if len(left) <= FEW:
            return _best(left, self.of(left) @ vector, count)
        if self._cosines and len(left) < self.size / WIDER:
            return _best(left, self._cosines(vector)[left], count)
        return self._asked(vector, admitted, count, math.ceil(SPARE * count * self.size / len(left)))

    def _asked(self, vector: "Array", admitted: "Array", count: int, wanted: int) -> "Array":
        """For more and more of the nearest, until enough of them are admitted."""
        places = self._collection.nearest(vector, wanted)
        found: Array = places[admitted[places]]
        if len(found) >= count or wanted >= self.size:
            return found[:count]
        return self._asked(vector, admitted, count, wanted * WIDER)


def _best(places: "Array", scores: "Array", count: int) -> "Array":
    best: Array = places[fusion.best(scores, count)]
    return best


class Meaning:
    """What a shelf's passages mean, and what was learnt about questions to them."""

    def __init__(self, vectors: "Held | Indexed", adapter: Adapter | None) -> None:
        self.vectors, self._adapter = vectors, adapter
        self.close = vectors.close

    def aimed(self, vector: "Array") -> "Array":
        """A question's vector, turned towards what answers it as far as that was learnt."""
        return self._adapter(vector) if self._adapter else vector


class Shelf:
    """What ``write`` left in a folder. Threads may share it. ``meaning`` is set when it is there."""

    def __init__(self, folder: Path) -> None:
        self._lexical, self._columns = Lexical.load(folder), Columns.load(folder / _COLUMNS)
        read_only = f"{(folder / _DATABASE).absolute().as_uri()}?mode=ro&immutable=1"
        self._texts = sqlite3.connect(read_only, uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        self.meaning: Meaning | None = None

    def __len__(self) -> int:
        return self._lexical.size

    def find(self, question: str, vector: "Array | None", count: int, by: Filter) -> list[Found]:
        """The best ``count`` (POOL or more, where there are), best first, ties in the order of the holdings. Without a
        ``vector`` or the meaning, words alone decide, and what shares none is not found.
        """
        stems = content_stems(question)
        longness = fusion.longness(stems)
        words = fusion.word_weight(longness) * self._lexical.shares(stems, fusion.SATURATION, longness)
        admitted = self._admitted(by)
        if admitted is not None:
            words[~admitted] = -1.0
        if self.meaning is None or vector is None:
            return self._by_words(words, count)
        places, scores = self._by_both(self.meaning, vector, words, admitted, longness)
        order = fusion.ranked(scores)[:count]
        return self._found(places[order], scores[order])

    def _admitted(self, by: Filter) -> "Array | None":
        """Whether each is, shape (passages,); None if all are."""
        admitted = self._columns.admitted(by)
        return None if admitted.all() else admitted

    def _by_words(self, words: "Array", count: int) -> list[Found]:
        import numpy as np

        said = np.flatnonzero(words > 0)
        places = np.sort(_best(said, words[said], count))
        order = fusion.ranked(words[places])
        return self._found(places[order], words[places][order])

    def _by_both(
        self, meaning: Meaning, vector: "Array", words: "Array", admitted: "Array | None", longness: float
    ) -> "tuple[Array, Array]":
        """Places and scores of the pool, by place."""
        import numpy as np

        aimed = meaning.aimed(vector)
        near, said = meaning.vectors.nearest(aimed, admitted, POOL), np.flatnonzero(words > 0)
        places = np.union1d(near, _best(said, words[said], POOL))
        vectors = meaning.vectors.of(places)
        scores = vectors @ aimed + words[places]
        first = fusion.ranked(scores)
        moved = fusion.moved(aimed, vectors[first], scores[first], longness)
        return places, vectors @ moved + words[places]

    def _found(self, places: "Array", scores: "Array") -> list[Found]:
        asked = [int(place) for place in places]
        marks = ",".join("?" * len(asked))
        with self._lock:
            rows = self._texts.execute(f"SELECT place, body FROM passage WHERE place IN ({marks})", asked).fetchall()  # noqa: S608 - only question marks
        bodies = dict(rows)
        passages = (Passage.model_validate_json(bodies[place]) for place in asked)
        return [
            Found(passage, float(score), LEANING.get(passage.side, 0.0))
            for passage, score in zip(passages, scores, strict=True)
        ]

    def texts(self) -> Iterator[str]:
        """By which each is found, in their order."""
        with self._lock:
            rows = self._texts.cursor().execute("SELECT body FROM passage ORDER BY place")
        for (body,) in rows:
            yield text_of(Passage.model_validate_json(body))

    def close(self) -> None:
        self._texts.close()
        if self.meaning:
            self.meaning.close()


def write(folder: Path, holdings: Holdings) -> None:
    """The passages, their words and their traits: all but the meaning."""
    traits = []
    database = sqlite3.connect(folder / _DATABASE)
    database.execute("CREATE TABLE passage (place INTEGER PRIMARY KEY, body TEXT NOT NULL)")

    def texts() -> Iterator[str]:
        for place, passage in enumerate(holdings.read()):
            database.execute(
                "INSERT INTO passage VALUES (?, ?)", (place, passage.model_dump_json(exclude_defaults=True))
            )
            traits.append(traits_of(passage))
            yield text_of(passage)

    lexical = Lexical.of(texts())
    database.commit()
    database.close()
    lexical.save(folder)
    Columns.of(traits).save(folder / _COLUMNS)
