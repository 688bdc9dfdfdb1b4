"""Passages, searchable.

A passage is found through everything that is known of it: its text in its section, the claims that rest on it, their
quotes, and the questions those answer. The index is derived from the record and may be lost at any time.
"""

import copy
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge import collection, relevance
from knowledge.argument import Argument
from knowledge.collection import Collection as Vectors
from knowledge.date import Date
from knowledge.embedding import BATCH, Embedding
from knowledge.entry import Entry, entries_of, statements_of, version_of
from knowledge.index import PATIENCE, Index
from knowledge.lexical import Lexical
from knowledge.memory import trim
from knowledge.passage import Passage
from knowledge.pooling import Groups, dense, pooled
from knowledge.record import Record
from knowledge.relevance import Relevance
from knowledge.spelling import Spelling

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float32]]

WORDS = 0.2  # weight of shared words beside meaning; chosen on the tuning and development questions
CLAIMED = 0.7  # probability from which the record is taken to speak to a statement; on the tuning claims
STATED = 0.62  # likeness from which a statement is one that the annotation knows; on the tuning claims
MADE = 0.6  # likeness from which a statement is taken to make an argument
SPEAKER, MEANT, BESIDE, NOT_MEANT = 0.2, 0.05, -0.12, -0.2  # what the facts gain of who is asked, named, or neither
STATED_WORDS = 0.3  # the same for statements; chosen on the tuning claims

NOBODY: Mapping[str, float] = {}

Progress = Callable[[int, int], None]


def unheard(_done: int, _total: int) -> None:
    """For those who do not follow the progress."""


@dataclass(frozen=True)
class Hit:
    passage: Passage
    score: float


@dataclass(frozen=True)
class Match:
    argument: Argument
    score: float


@dataclass(frozen=True)
class Findings:
    """What a search found, best first. ``probability``: that the record speaks to the question at all."""

    question: str
    hits: tuple[Hit, ...]
    matches: tuple[Match, ...]
    probability: float

    @property
    def is_near_enough(self) -> bool:
        return self.probability >= relevance.ENOUGH


@dataclass(frozen=True)
class Bearing:
    """How near a statement comes to what makes an argument (``says``) and to what it answers (``counters``)."""

    argument: Argument
    says: float
    counters: float


@dataclass(frozen=True)
class Heard:
    """A statement and what it bears on, in the order of the sources. ``probability``: that the record speaks to it."""

    statement: str
    bearings: tuple[Bearing, ...]
    probability: float

    @property
    def is_near_enough(self) -> bool:
        """By the judgement for questions, and more surely: whoever claims something is answered at length."""
        return self.probability >= CLAIMED

    @property
    def is_known(self) -> bool:
        """Whether the record speaks to it: by the judgement for questions, or since it is nearly an annotated one."""
        return self.is_near_enough or self.nearest >= STATED

    @property
    def makes(self) -> Argument | None:
        """The argument that it makes: the one whose advocates speak most like it, unless it is more like what that
        argument answers.
        """
        best = max(self.bearings, key=lambda bearing: bearing.says, default=None)
        if best is None or best.says < MADE or best.counters >= best.says:
            return None
        return best.argument

    @property
    def nearest(self) -> float:
        return max((max(bearing.says, bearing.counters) for bearing in self.bearings), default=0.0)


class _Shared:
    """Words in common with a question, in the texts of sources and in our summaries of them: each kind is compared with
    its own, so that many facts do not change how an article is found.
    """

    def __init__(self, entries: Sequence[Entry], facts: Collection[str]) -> None:
        kinds = [[place for place, e in enumerate(entries) if (e.passage in facts) is of] for of in (False, True)]
        self._kinds = [(places, Lexical.of(entries[place].text for place in places)) for places in kinds]

    def scores(self, question: str) -> dict[int, float]:
        """Place of an entry -> its score, highest at 1 in either kind."""
        return {places[n]: score for places, words in self._kinds for n, score in words.scores(question).items()}


class Library:
    """Open it with ``Library.open``; it holds its data folder until ``close``. Threads may share it."""

    def __init__(self, record: Record, embedding: Embedding, vectors: Vectors, release: Callable[[], None]) -> None:
        self.record = record
        self._embed, self._vectors, self._release = embedding, vectors, release
        self._entries, self._statements = entries_of(record), statements_of(record)
        texts = [entry.text for entry in self._entries]
        self._lexical = Lexical.of(texts)
        facts = {passage.id for passage in record.passages.values() if passage.is_summary}
        self._words = _Shared(self._entries, facts)
        placed = [*self._entries, *self._statements]
        self._lexical_of_statements = Lexical.of(entry.text for entry in placed)
        self._said = Groups(entry.argument if entry.kind in ("claim", "quote", "says") else "" for entry in placed)
        self._countered = Groups(entry.argument if entry.kind == "counter" else "" for entry in placed)
        self._spelling = Spelling([*texts, *record.names.forms], embedding.is_word)
        self._relevance = Relevance.loads(vectors.note)
        self._by_passage = Groups(entry.passage for entry in self._entries)
        self._by_argument = Groups(entry.argument for entry in self._entries)

    @classmethod
    def open(
        cls,
        record: Record,
        folder: Path,
        *,
        url: str | None = None,
        progress: Progress = unheard,
        patience: float = PATIENCE,
    ) -> "Library":
        """Open the index in ``folder``, or on the Chroma server at ``url``; build it where it is missing, stale or
        damaged. ``progress`` is told of texts done and in all. Raises LibraryError.
        """
        embedding = Embedding()
        version = version_of(record, embedding.name)
        if url:
            embedding.prepare()
            return cls(record, embedding, _served(url, version, record, embedding, progress), _nothing)
        index = Index(folder / "index", version)
        index.acquire(patience)
        try:
            _prepare_side_by_side(embedding)
            if not index.is_whole:
                prepared = _prepared(record, embedding, progress)
                index.build(lambda path: collection.write_folder(path, *prepared))
            vectors = collection.in_folder(index.copy())
            opened = cls(record, embedding, vectors, index.release)
            trim()
            return opened
        except BaseException:
            index.release()
            raise

    def until(self, date: Date) -> "Library":
        """The same library as it was on that day: nothing newer is found. It closes with the one it is made from."""
        earlier = copy.copy(self)
        earlier.record = self.record.until(date)
        earlier._by_passage = self._by_passage.of(earlier.record.passages)
        for groups in ("_by_argument", "_said", "_countered"):
            setattr(earlier, groups, getattr(self, groups).of(earlier.record.arguments))
        return earlier

    def search(self, question: str, asked: Mapping[str, float] = NOBODY) -> Findings:
        """All passages and arguments, best first, ties in the order of the sources. The article speaks to the question
        whoever is asked; a state's facts do before all where it is named, or asked itself. ``asked``: the delegations
        (codes) that are asked, and what their facts have before the article.
        """
        if not self._by_passage:
            return Findings(question, (), (), 0.0)
        mended = self._spelling.mend(question)
        vector = self._embed([mended])[0]
        similar = self._vectors.similarities(vector)
        words = self._words.scores(mended)
        passages = _scores(self._by_passage, similar, words, WORDS)
        arguments = _scores(self._by_argument, similar, words, WORDS)
        lean = self._leanings(mended, asked)
        hits = [Hit(passage, score + lean[passage.fact_of]) for passage, score in self._with(passages)]
        told = ((self.record.arguments[id], score) for id, score in arguments.items())
        matches = [Match(each, score + lean[self.record.passage_of(each).fact_of]) for each, score in told]
        return Findings(
            question=question,
            hits=tuple(sorted(hits, key=lambda hit: -hit.score)),
            matches=tuple(sorted(matches, key=lambda match: -match.score)),
            probability=self._relevance.probability(vector, self._signs(similar, mended)),
        )

    def _leanings(self, question: str, asked: Mapping[str, float]) -> Mapping[str, float]:
        """State (code) -> what its facts gain or lose; the article's own text, of no state, stays as it is."""
        named = self.record.delegations.named(question, self.record.names)
        leanings = defaultdict(lambda: NOT_MEANT, {"": 0.0})
        for code in named:
            article = code in self.record.quoted_of or self.record.delegations[code].kind != "member"
            leanings[code] = BESIDE if article else MEANT
        leanings.update(asked)
        return leanings

    def _with(self, passages: Mapping[str, float]) -> list[tuple[Passage, float]]:
        return [(self.record.passages[id], score) for id, score in passages.items()]

    def hear(self, statement: str) -> Heard:
        """Which arguments somebody's statement comes near to, and near to the opposite of which."""
        if not self._by_passage:
            return Heard(statement, (), 0.0)
        mended = self._spelling.mend(statement)
        vector = self._embed([mended])[0]
        similar = self._vectors.similarities(vector)
        words = self._lexical_of_statements.scores(mended)
        said, countered = (_scores(group, similar, words, STATED_WORDS) for group in (self._said, self._countered))
        return Heard(
            statement=statement,
            bearings=tuple(
                Bearing(argument, said.get(id, 0.0), countered.get(id, 0.0))
                for id, argument in self.record.arguments.items()
                if not argument.is_bare
            ),
            probability=self._relevance.probability(vector, self._signs(similar, mended)),
        )

    def _signs(self, similar: "Array", question: str) -> tuple[float, float, float]:
        first_stray = len(self._entries) + len(self._statements)
        return _signs(similar, self._by_passage, first_stray, self._lexical.known(question))

    def close(self) -> None:
        self._vectors.close()
        self._release()


def _prepare_side_by_side(embedding: Embedding) -> None:
    """Load the model and import Chroma at the same time: each takes as long as the other."""
    import numpy  # noqa: F401 - both need it, and it must not be imported by two threads at once
    import onnxruntime  # noqa: F401
    import tokenizers  # noqa: F401

    with ThreadPoolExecutor(1) as thread:
        model = thread.submit(embedding.prepare)
        collection.prepare()
        model.result()


def _nothing() -> None:
    """There is no folder to release."""


def _served(url: str, version: str, record: Record, embedding: Embedding, progress: Progress) -> Vectors:
    found = collection.on_server(url, version)
    return found or collection.write_server(url, version, *_prepared(record, embedding, progress))


def _prepared(record: Record, embedding: Embedding, progress: Progress) -> tuple["Array", str]:
    """The vectors to store, entries first and then questions that lead elsewhere, and the fitted relevance."""
    import numpy as np

    entries, calibration = [*entries_of(record), *statements_of(record)], record.calibration
    texts = [*(entry.text for entry in entries), *calibration.elsewhere, *calibration.answered]
    parts = []
    for start in range(0, len(texts), BATCH):
        progress(start, len(texts))
        parts.append(embedding(texts[start : start + BATCH]))
    progress(len(texts), len(texts))
    vectors = np.concatenate(parts)
    stored = len(entries) + len(calibration.elsewhere)
    return vectors[:stored], _fitted(record, vectors).dumps()


def _fitted(record: Record, vectors: "Array") -> Relevance:
    import numpy as np

    entries, calibration = entries_of(record), record.calibration
    first = len(entries) + len(statements_of(record))
    last = first + len(calibration.elsewhere)
    stored, strays, answered = vectors[:last], vectors[first:last], vectors[last:]
    asked = [place for place, entry in enumerate(entries) if entry.kind == "question"]
    lexical, groups = Lexical.of(entry.text for entry in entries), Groups(entry.passage for entry in entries)
    signs = []
    for place, (question, vector) in enumerate(
        zip((*calibration.answered, *calibration.elsewhere), (*answered, *strays), strict=True)
    ):
        similar = stored @ vector
        if place >= len(answered):  # as if it were not among those it is compared with
            similar[first + place - len(answered)] = -1.0
        signs.append(_signs(similar, groups, first, lexical.known(question)))
    return relevance.fit(answered, strays, vectors[asked], np.array(signs))


def _signs(similar: "Array", groups: Groups, first_stray: int, known: float) -> tuple[float, float, float]:
    nearest = max(groups.pooled(similar).values())
    return nearest, pooled(similar[first_stray:]), known


def _scores(groups: Groups, similar: "Array", words: Mapping[int, float], weight: float) -> dict[str, float]:
    likeness, shared = groups.pooled(similar), groups.pooled(dense(words, len(similar)))
    return {owner: likeness[owner] + weight * shared[owner] for owner in likeness}
