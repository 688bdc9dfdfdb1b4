"""Passages, searchable: what is annotated by all that is known of it, what a library holds beside that by its own words
and meaning. The indexes are derived and may be lost at any time.
"""

import copy
import logging
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge import collection, fusion
from knowledge.annotated import NOBODY, Annotated
from knowledge.date import Date
from knowledge.embedding import Embedding, MiniLM, named
from knowledge.errors import DemarcheError
from knowledge.filter import EVERYTHING, Filter
from knowledge.findings import Findings, Heard, Hit
from knowledge.holdings import NOTHING, Holdings
from knowledge.index import PATIENCE
from knowledge.memory import trim
from knowledge.progress import Progress, unheard
from knowledge.record import Record
from knowledge.store import ServedStore, Store
from knowledge.words import content_stems

if TYPE_CHECKING:
    from knowledge.retriever import Retriever

_LOG = logging.getLogger(__name__)


class Library:
    """Open it with ``Library.open``; it holds its data folder until ``close``. Threads may share it."""

    def __init__(self, record: Record, embedding: Embedding, store: Store) -> None:
        self._embedding, self._store = embedding, store
        self._annotated = Annotated(record, embedding)
        self._shelf = store.shelf() if store.holds_any else None
        self._until: Date | None = None
        self._builder: threading.Thread | None = None
        self._closing = threading.Event()

    @classmethod
    def open(
        cls,
        record: Record,
        folder: Path,
        *,
        url: str | None = None,
        embedding: Embedding | None = None,
        holdings: Holdings = NOTHING,
        progress: Progress = unheard,
        patience: float = PATIENCE,
        wait: bool = True,
    ) -> "Library":
        """Open the indexes in ``folder``, or on the Chroma server at ``url``; build them where they are missing, stale
        or damaged. ``progress`` is told of texts done and in all. Without ``wait`` they are built while the library
        serves by words alone. Raises LibraryError.
        """
        embedding = embedding or named(None)
        store = ServedStore(url, embedding, record, holdings) if url else Store(folder, embedding, record, holdings)
        store.acquire(patience)
        library = None
        try:
            _prepare_side_by_side(embedding)
            library = cls(record, embedding, store)
            library._complete(progress, wait)
            trim()
            return library
        except BaseException:
            library.close() if library else store.release()
            raise

    @property
    def record(self) -> Record:
        return self._annotated.record

    @property
    def is_complete(self) -> bool:
        """Whether it searches by meaning, and not by words alone."""
        return not (self._lacks_sense or self._lacks_meaning)

    def until(self, date: Date) -> "Library":
        """The same library as it was on that day: nothing newer is found. It closes with the one it is made from."""
        earlier = copy.copy(self)
        earlier._annotated, earlier._until = self._annotated.until(date), date
        return earlier

    def search(self, question: str, asked: Mapping[str, float] = NOBODY) -> Findings:
        """What is annotated: all passages and arguments, best first, ties in the order of the sources. The article
        speaks to the question whoever is asked; a state's facts do before all where it is named, or asked itself.
        ``asked``: the delegations (codes) that are asked, and what their facts have before the article.
        """
        return self._annotated.search(question, asked)

    def hear(self, statement: str) -> Heard:
        """Which arguments somebody's statement comes near to, and near to the opposite of which."""
        return self._annotated.hear(statement)

    def find(self, query: str, count: int = 10, by: Filter = EVERYTHING) -> tuple[Hit, ...]:
        """The best passages of all there are, annotated or not, best first; both sides are among the first ten where
        both are among the first twenty (a side is that of the annotation or of a label; it is never guessed).
        Raises LibraryUnreachable.
        """
        by = by.cut(self._until)
        mended = self._annotated.mended(query)
        vector = self._embedding.query(mended) if self._senses else None
        found = self._annotated.found(mended, vector, by)
        if self._shelf:
            found += self._shelf.find(mended, vector, max(count, fusion.NEXT), by)
        found.sort(key=lambda each: -each.score)
        if fusion.longness(content_stems(mended)) < fusion.MOTION:
            found = [found[rank] for rank in fusion.two_sided([each.leaning for each in found])]
        return tuple(Hit(each.passage, each.score) for each in found[:count])

    def as_retriever(self, count: int = 10, by: Filter = EVERYTHING) -> "Retriever":
        """The library in somebody's own LangChain chain."""
        from knowledge.retriever import Retriever

        return Retriever(library=self, count=count, by=by)

    def wait(self) -> None:
        """Until nothing is being built."""
        if self._builder:
            self._builder.join()

    def close(self) -> None:
        self._closing.set()
        self.wait()
        if self._annotated.later.sense:
            self._annotated.later.sense.vectors.close()
        if self._shelf:
            self._shelf.close()
        self._store.release()

    @property
    def _senses(self) -> bool:
        """Whether anything is found by meaning yet."""
        return self._annotated.later.sense is not None or bool(self._shelf and self._shelf.meaning)

    @property
    def _lacks_sense(self) -> bool:
        return bool(self.record.passages) and self._annotated.later.sense is None

    @property
    def _lacks_meaning(self) -> bool:
        return self._shelf is not None and self._shelf.meaning is None

    def _complete(self, progress: Progress, wait: bool) -> None:
        """Open what is whole, and build the rest."""
        if self._lacks_sense:
            self._annotated.later.sense = self._store.sense()
        if self._shelf:
            self._shelf.meaning = self._store.meaning()
        if self.is_complete:
            return
        if wait:
            self._build(progress)
            return
        self._builder = threading.Thread(target=self._build_aside, args=(progress,), name="index")
        self._builder.start()

    def _build(self, progress: Progress) -> None:
        if self._lacks_sense:
            self._annotated.later.sense = self._store.build_sense(progress)
        if self._shelf and self._shelf.meaning is None:
            self._shelf.meaning = self._store.build_meaning(self._shelf, progress)

    def _build_aside(self, progress: Progress) -> None:
        def told(done: int, total: int) -> None:
            if self._closing.is_set():
                raise _Closed
            progress(done, total)

        try:
            self._build(told)
            _LOG.info("The index is whole: the library searches by meaning.")
        except _Closed:
            _LOG.info("Indexing stopped; it goes on from there when the library is next opened.")
        except DemarcheError as error:
            _LOG.error("The library goes on by words alone: %s", error)
        except Exception:  # noqa: BLE001 - nobody waits for this thread, and the bot goes on by words alone
            _LOG.exception("The index could not be built; the library goes on by words alone.")


class _Closed(Exception):
    """Nobody waits for the index any longer."""


def _prepare_side_by_side(embedding: Embedding) -> None:
    """Load the model and import Chroma at the same time: each takes as long as the other."""
    import numpy  # noqa: F401 - both need it, and it must not be imported by two threads at once

    if isinstance(embedding, MiniLM):
        import onnxruntime  # noqa: F401
        import tokenizers  # noqa: F401

    with ThreadPoolExecutor(1) as thread:
        model = thread.submit(embedding.prepare)
        collection.prepare()
        model.result()
