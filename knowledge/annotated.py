"""What is annotated, searchable: a passage is found through everything that is known of it, its text in its section,
the claims that rest on it, their quotes, and the questions those answer.

Until the vectors are there, words in common decide alone: less is found then, and less is taken to be on record.
"""

import copy
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from knowledge import likeness, relevance
from knowledge.collection import Collection as Vectors
from knowledge.date import Date
from knowledge.embedding import Embedding, MiniLM
from knowledge.entry import Entry, entries_of, statements_of
from knowledge.filter import Filter, Traits, traits_of
from knowledge.findings import LEANING, Bearing, Findings, Found, Heard, Hit, Match
from knowledge.lexical import Lexical
from knowledge.likeness import AS_IT_IS, Scale
from knowledge.passage import Passage
from knowledge.pooling import Groups, dense, pooled
from knowledge.record import Record
from knowledge.relevance import Relevance
from knowledge.spelling import Spelling
from knowledge.words import content_stems

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float32]]

WORDS = 0.2  # weight of shared words beside meaning; chosen on the tuning and development questions
SPEAKER, MEANT, BESIDE, NOT_MEANT = 0.2, 0.05, -0.12, -0.2  # what the facts gain of who is asked, named, or neither
STATED_WORDS = 0.3  # the same for statements; chosen on the tuning claims

KNOWN = 1.0  # of a question's words, where they are not looked at

NOBODY: Mapping[str, float] = {}


@dataclass(frozen=True)
class Sense:
    """The vectors of all texts by place, with what was fitted on them."""

    vectors: Vectors
    relevance: Relevance | None
    scale: Scale

    def similarities(self, vector: "Array") -> "Array":
        """Of every place, as the bundled model would put it. Raises LibraryUnreachable."""
        return self.scale.of(self.vectors.similarities(vector))


class Later:
    """What an earlier view of the record shares with the whole: it is there for all at once."""

    sense: Sense | None = None


class _Shared:
    """Words in common with a question, in the texts of sources and in our summaries of them: each kind is compared with
    its own, so that many facts do not change how an article is found.
    """

    def __init__(self, entries: Sequence[Entry], lexical: Lexical, facts: Collection[str]) -> None:
        kinds = [[place for place, e in enumerate(entries) if (e.passage in facts) is of] for of in (False, True)]
        self._kinds = [(places, lexical.part(places)) for places in kinds]

    def scores(self, question: str) -> dict[int, float]:
        """Place of an entry -> its score, highest at 1 in either kind."""
        return {places[n]: score for places, words in self._kinds for n, score in words.scores(question).items()}


class Annotated:
    """Threads may share it. ``later.sense`` is set when the vectors are there."""

    def __init__(self, record: Record, embedding: Embedding) -> None:
        self.record, self.later = record, Later()
        self._embedding = embedding
        self._entries, self._statements = entries_of(record), statements_of(record)
        texts = [entry.text for entry in self._entries]
        placed = [*self._entries, *self._statements]
        self._lexical_of_statements = Lexical.of(entry.text for entry in placed)
        self._lexical = self._lexical_of_statements.part(range(len(self._entries)))
        facts = {passage.id for passage in record.passages.values() if passage.is_summary}
        self._words = _Shared(self._entries, self._lexical, facts)
        self._said = Groups(entry.argument if entry.kind in ("claim", "quote", "says") else "" for entry in placed)
        self._countered = Groups(entry.argument if entry.kind == "counter" else "" for entry in placed)
        self._spelling = None
        if isinstance(embedding, MiniLM):  # others may read other languages, whose words are no slips of ours
            self._spelling = Spelling([*texts, *record.names.forms], embedding.is_word)
        self._by_passage = Groups(entry.passage for entry in self._entries)
        self._by_argument = Groups(entry.argument for entry in self._entries)

    def until(self, date: Date) -> "Annotated":
        """The same as it was on that day: nothing newer is found."""
        earlier = copy.copy(self)
        for known in ("_traits", "_leaning"):
            earlier.__dict__.pop(known, None)
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
        mended = self.mended(question)
        sensed = self._sensed(mended)
        words = self._words.scores(mended)
        passages = _scores(self._by_passage, sensed.similar, words, WORDS)
        arguments = _scores(self._by_argument, sensed.similar, words, WORDS)
        lean = self._leanings(mended, asked)
        hits = [Hit(passage, score + lean[passage.fact_of]) for passage, score in self._with(passages)]
        told = ((self.record.arguments[id], score) for id, score in arguments.items())
        matches = [Match(each, score + lean[self.record.passage_of(each).fact_of]) for each, score in told]
        return Findings(
            question=question,
            hits=tuple(sorted(hits, key=lambda hit: -hit.score)),
            matches=tuple(sorted(matches, key=lambda match: -match.score)),
            probability=sensed.probability,
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
        mended = self.mended(statement)
        sensed = self._sensed(mended)
        words = self._lexical_of_statements.scores(mended)
        groups = (self._said, self._countered)
        said, countered = (_scores(group, sensed.similar, words, STATED_WORDS) for group in groups)
        return Heard(
            statement=statement,
            bearings=tuple(
                Bearing(argument, said.get(id, 0.0), countered.get(id, 0.0))
                for id, argument in self.record.arguments.items()
                if not argument.is_bare
            ),
            probability=sensed.probability,
        )

    def mended(self, text: str) -> str:
        """With its slips of the pen mended, as far as the record tells."""
        return self._spelling.mend(text) if self._spelling else text

    def found(self, question: str, vector: "Array | None", by: Filter) -> list[Found]:
        """The passages that ``by`` admits, in the order of the sources, whoever is asked."""
        if not self._by_passage:
            return []
        similar, words = self._sensed(question, vector).similar, self._words.scores(question)
        passages = _scores(self._by_passage, similar, words, WORDS)
        return [
            Found(self.record.passages[id], score, self._leaning[id])
            for id, score in passages.items()
            if by.admits(self._traits[id])
        ]

    @cached_property
    def _traits(self) -> dict[str, Traits]:
        """Passage id -> by what it is chosen: its own traits, and those of what rests on it."""
        found = {}
        for id, passage in self.record.passages.items():
            arguments = self.record.arguments_at.get(id, ())
            states = {holder for argument in arguments for holder in argument.held_by}
            sides = {argument.side for argument in arguments}
            found[id] = traits_of(passage)._replace(states=tuple(sorted(states)), sides=tuple(sorted(sides)))
        return found

    @cached_property
    def _leaning(self) -> dict[str, float]:
        """Passage id -> for (above 0) or against, as most of what rests on it pleads."""
        at = self.record.arguments_at
        return {id: sum(LEANING[argument.side] for argument in at.get(id, ())) for id in self.record.passages}

    def _sensed(self, text: str, vector: "Array | None" = None) -> "_Sensed":
        """``vector``: of the text, if it is known. Raises LibraryUnreachable."""
        known, sense = self._lexical.known(text), self.later.sense
        if sense is None:
            shared = self._lexical_of_statements.shares(content_stems(text))
            return _Sensed(shared, relevance.by_words(known))
        vector = self._embedding.query(text) if vector is None else vector
        similar, first_stray = sense.similarities(vector), len(self._entries) + len(self._statements)
        if sense.relevance is None:
            return _Sensed(similar, relevance.by_words(known))
        signs = _signs(similar, self._by_passage, first_stray, known if self._spelling else KNOWN)
        return _Sensed(similar, sense.relevance.probability(vector, signs))


@dataclass(frozen=True)
class _Sensed:
    """``similar``: how near the text is to what stands at each place."""

    similar: "Array"
    probability: float


def texts_of(record: Record) -> list[str]:
    """What is embedded of it: the entries, the statements, the questions that lead elsewhere, and those it answers. All
    but the last are searched.
    """
    questions = record.calibration
    entries = (entry.text for entry in (*entries_of(record), *statements_of(record)))
    return [*entries, *questions.elsewhere, *questions.answered]


def searched(record: Record) -> int:
    """How many of ``texts_of(record)`` are searched."""
    return len(texts_of(record)) - len(record.calibration.answered)


def fitted(record: Record, vectors: "Array", asking: "Array | None", scale: Scale) -> Relevance | None:
    """On the vectors of ``texts_of(record)``; None where no question tells what the record speaks to. ``asking``: those
    of the calibration's questions (answered, then elsewhere) as questions, where that is another thing; words do not
    count then, since they may be of another language.
    """
    import numpy as np

    entries, calibration = entries_of(record), record.calibration
    if not (calibration.answered and calibration.elsewhere):
        return None
    first = len(entries) + len(statements_of(record))
    last = first + len(calibration.elsewhere)
    stored, strays, answered = vectors[:last], vectors[first:last], vectors[last:]
    asked = [place for place, entry in enumerate(entries) if entry.kind == "question"]
    lexical, groups = Lexical.of(entry.text for entry in entries), Groups(entry.passage for entry in entries)
    signs = []
    questions = (*calibration.answered, *calibration.elsewhere)
    askers = np.concatenate([answered, strays]) if asking is None else asking
    for place, (question, vector) in enumerate(zip(questions, askers, strict=True)):
        similar = scale.of(stored @ vector)
        if place >= len(answered):  # as if it were not among those it is compared with
            similar[first + place - len(answered)] = -1.0
        signs.append(_signs(similar, groups, first, lexical.known(question) if asking is None else KNOWN))
    return relevance.fit(askers[: len(answered)], askers[len(answered) :], vectors[asked], np.array(signs))


def scale_of(record: Record, vectors: "Array") -> Scale:
    """By questions and the claims that answer them, and by questions and all that is said."""
    import numpy as np

    entries = entries_of(record)
    claims = {entry.argument: place for place, entry in enumerate(entries) if entry.kind == "claim"}
    asked = [place for place, entry in enumerate(entries) if entry.kind == "question" and entry.argument in claims]
    if not asked:
        return AS_IT_IS
    questions, answers = vectors[asked], vectors[[claims[entries[place].argument] for place in asked]]
    return likeness.fit(np.einsum("ij,ij->i", questions, answers), questions @ answers.mean(axis=0))


def _signs(similar: "Array", groups: Groups, first_stray: int, known: float) -> tuple[float, float, float]:
    nearest = max(groups.pooled(similar).values())
    return nearest, pooled(similar[first_stray:]), known


def _scores(groups: Groups, similar: "Array", words: Mapping[int, float], weight: float) -> dict[str, float]:
    likeness, shared = groups.pooled(similar), groups.pooled(dense(words, len(similar)))
    return {owner: likeness[owner] + weight * shared[owner] for owner in likeness}
