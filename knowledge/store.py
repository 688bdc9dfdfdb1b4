"""Where a library's indexes lie: in its folder, or on a Chroma server that several share."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from knowledge import annotated, collection, shelf
from knowledge.adapter import Adapter
from knowledge.annotated import Sense, texts_of
from knowledge.collection import HELD, LARGEST_BATCH, Collection
from knowledge.embedded import Embedded
from knowledge.embedding import Embedding, MiniLM
from knowledge.entry import version_of
from knowledge.holdings import NOTHING, Holdings, version_of_holdings
from knowledge.index import Index
from knowledge.likeness import AS_IT_IS, Scale
from knowledge.progress import Progress
from knowledge.record import Record
from knowledge.relevance import Relevance
from knowledge.shelf import Held, Indexed, Meaning, Shelf

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float32]]

_KEYS, _CHROMA = "keys", "chroma"


class Store:
    """Of one folder; ``acquire`` it before all else. Raises LibraryError."""

    def __init__(self, folder: Path, embedding: Embedding, record: Record, holdings: Holdings) -> None:
        self._folder, self._embedding = folder, embedding
        self._record, self._holdings = record, holdings
        self._index = Index(folder / "index", version_of(record, embedding.name))
        self._words = Index(folder / "shelf", version_of_holdings(holdings))
        self._meaning = Index(folder / "meaning", version_of_holdings(holdings, embedding.name))

    def acquire(self, patience: float) -> None:
        """Hold the folder, alone, until ``release``."""
        self._index.acquire(patience)

    def release(self) -> None:
        for index in (self._words, self._meaning, self._index):
            index.release()

    @property
    def holds_any(self) -> bool:
        """Whether there is anything beside the record."""
        return self._holdings != NOTHING

    def sense(self) -> Sense | None:
        """The record's vectors, if the index is whole."""
        return self._opened_sense() if self._index.is_whole else None

    def build_sense(self, progress: Progress) -> Sense:
        vectors, note = self._embedded_record(progress)
        self._index.build(lambda path: collection.write_folder(path, [vectors], note))
        return self._opened_sense()

    def shelf(self) -> Shelf:
        """The holdings, found by their words; indexed anew if they have to be."""
        if not self._words.is_whole:
            self._words.build(lambda path: shelf.write(path, self._holdings))
        return Shelf(self._words.path)

    def meaning(self) -> Meaning | None:
        """The holdings' vectors, if the index is whole and none of them is lost."""
        try:
            return self._opened_meaning(self._embedded()) if self._meaning.is_whole else None
        except KeyError:
            return None

    def build_meaning(self, held: Shelf, progress: Progress) -> Meaning:
        embedded = self._embedded()
        keys = embedded.keys(held.texts(), len(held), progress)
        rows = embedded.rows(keys)

        def write(path: Path) -> None:
            (path / _KEYS).write_bytes(keys)
            collection.write_folder(path / _CHROMA, _gathered(embedded.vectors, rows), "")

        self._meaning.build(write)
        return self._opened_meaning(embedded)

    def _embedded(self) -> Embedded:
        self._embedding.prepare()
        return Embedded(self._folder / "vectors", self._embedding)

    def _embedded_record(self, progress: Progress) -> "tuple[Array, str]":
        """The vectors that are searched, and the note that is kept with them."""
        texts, embedded = texts_of(self._record), self._embedded()
        rows = embedded.rows(embedded.keys(texts, len(texts), progress))
        vectors = embedded.vectors[rows]
        scale, asking = AS_IT_IS, None
        if not isinstance(self._embedding, MiniLM):
            scale, asking = annotated.scale_of(self._record, vectors), self._asking()
        fitted = annotated.fitted(self._record, vectors, asking, scale)
        note = {"scale": asdict(scale), "relevance": fitted.dumps() if fitted else None}
        return vectors[: annotated.searched(self._record)], json.dumps(note)

    def _asking(self) -> "Array":
        """The calibration's questions as questions, those answered first, shape (questions, dimensions)."""
        import numpy as np

        questions = self._record.calibration
        asked = [self._embedding.query(text) for text in (*questions.answered, *questions.elsewhere)]
        return np.array(asked, np.float32)

    def _opened_sense(self) -> Sense:
        return _sense(collection.in_folder(self._index.copy()))

    def _opened_meaning(self, embedded: Embedded) -> Meaning:
        """Raises KeyError if a vector is lost."""
        rows = embedded.rows((self._meaning.path / _KEYS).read_bytes())
        vectors = embedded.vectors
        if len(rows) <= HELD:
            return self._meaning_of(Held(vectors[rows]))
        opened = collection.in_folder(self._meaning.copy(_CHROMA), held=0)
        of, cosines = (lambda places: vectors[rows[places]]), (lambda vector: (vectors @ vector)[rows])
        return self._meaning_of(Indexed(opened, of, cosines))

    def _meaning_of(self, vectors: "Held | Indexed") -> Meaning:
        learnt = isinstance(self._embedding, MiniLM)  # what was learnt, was learnt of its vectors
        return Meaning(vectors, Adapter.bundled() if learnt else None)


class ServedStore(Store):
    """The vectors on a Chroma server, which several processes share; the words of each in a folder of its own."""

    def __init__(self, url: str, embedding: Embedding, record: Record, holdings: Holdings) -> None:
        self._scratch = TemporaryDirectory(prefix="demarche-")
        super().__init__(Path(self._scratch.name), embedding, record, holdings)
        self._url = url

    def release(self) -> None:
        super().release()
        self._scratch.cleanup()

    def sense(self) -> Sense | None:
        found = collection.on_server(self._url, self._index.version)
        return _sense(found) if found else None

    def build_sense(self, progress: Progress) -> Sense:
        vectors, note = self._embedded_record(progress)
        return _sense(collection.write_server(self._url, self._index.version, [vectors], note))

    def meaning(self) -> Meaning | None:
        found = collection.on_server(self._url, self._meaning.version)
        return self._served(found) if found else None

    def build_meaning(self, held: Shelf, progress: Progress) -> Meaning:
        embedded = self._embedded()
        rows = embedded.rows(embedded.keys(held.texts(), len(held), progress))
        parts = _gathered(embedded.vectors, rows)
        return self._served(collection.write_server(self._url, self._meaning.version, parts, ""))

    def _served(self, found: Collection) -> Meaning:
        if found.size > HELD:
            return self._meaning_of(Indexed(found, found.vectors))
        vectors = found.vectors(range(found.size))
        found.close()
        return self._meaning_of(Held(vectors))


def _sense(vectors: Collection) -> Sense:
    note = json.loads(vectors.note)
    relevance = Relevance.loads(note["relevance"]) if note["relevance"] else None
    return Sense(vectors, relevance, Scale(**note["scale"]))


def _gathered(vectors: "Array", rows: "Array") -> "Iterator[Array]":
    """In their order, in parts that fit into memory."""
    for start in range(0, len(rows), LARGEST_BATCH):
        yield vectors[rows[start : start + LARGEST_BATCH]]
