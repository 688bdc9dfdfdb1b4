"""Whether a sentence says in other words what a known one says.

It does not understand; it compares. Every word of the sentence must be one of the known sentence's or of the words that
that rests on, or mean the same by ``thesaurus.yaml``; what turns or tempers a sentence ("not", "may", "some", who does
what to whom) must be the same in both.
"""

import re
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import snowballstemmer
from pydantic import BaseModel, BeforeValidator, ConfigDict

from knowledge.form import mapping, value
from knowledge.names import Names

Flaw = Literal["words", "negation", "modality", "quantity", "roles", "person"]

LIKE = 0.6  # likeness from which a sentence is a copy with changes, in which a new word must mean the one it replaces
TURNED = 2  # words after a "not" to which it may belong
NEAR = 2  # words on either side that are a word's neighbours
CROSSED = 3  # more neighbours of each other's than of their own, from which two words have changed places
CROSSED_NAMES = 2  # the same of two names
STRETCH, ECHOED = 3, 0.6  # words in a row, and the share of a sentence in such, from which it repeats another
CORE = 0.75  # share of the known sentence's own words that any other wording keeps

_DENYING = ("un", "in", "im", "dis", "non", "ir")  # beginnings of words that say the contrary of the rest
_TOKEN = re.compile(r"=\w+|[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:[.,]\d+)*")
_MONTH = re.compile(
    r"\b(?:January|February|March|April|June|July|August|September|October|November|December)\b"
    r"|\bMay\b(?= \d)|(?<=\b[Ii]n )May\b|(?<=\b[Oo]f )May\b|(?<=\b[Ss]ince )May\b|(?<=\d )May\b"
)
_stemmer = snowballstemmer.stemmer("english")
_ONE_AT_A_TIME = threading.Lock()  # the stemmer works in place


SAYS: dict[Flaw, str] = {
    "words": "nothing in the passage means {}: use its own words",
    "negation": "it turns round what the passage says ({})",
    "modality": "the passage and it differ in what is {}: keep its “may” and “should”",
    "quantity": "the passage and it differ in how many are meant ({}): keep its “some” and “all”",
    "roles": "who does what to whom is exchanged ({})",
    "person": "it speaks as {}: write in the third person",
}


class Finding(NamedTuple):
    """``words``: those in which the flaw shows."""

    flaw: Flaw
    words: tuple[str, ...]

    @property
    def says(self) -> str:
        """What is the matter, for whoever can mend it."""
        return SAYS[self.flaw].format(", ".join(f"“{word}”" for word in self.words) or "what it leaves out")


def _split(words: object) -> object:
    return words.split() if isinstance(words, str) else words


Words = Annotated[frozenset[str], BeforeValidator(_split)]


class Kind(BaseModel):
    """``marks``: words that show it; ``meets``: words that do as well where a mark was."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    marks: Words
    meets: Words = frozenset()


class Vocabulary(BaseModel):
    """``groups``: words that mean the same here; ``neutral``: what may be added; ``empty``: what a sentence needs;
    ``turning``: what says that something is not so; ``speaking``: who speaks; ``pointing``: which way; ``opposites``:
    what says the contrary, on either side of a bar; ``kinds``: what both sentences must have or both must not, by the
    flaw it is else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    groups: tuple[Words, ...]
    neutral: Words
    empty: Words
    turning: Words
    speaking: Words
    pointing: Words
    opposites: tuple[str, ...]
    kinds: dict[Flaw, dict[str, Kind]]


@dataclass(frozen=True)
class Known:
    """What a sentence is compared with: ``claims`` say it, ``evidence`` are the words that those rest on, ``shorter``
    say enough of it.
    """

    claims: tuple[str, ...]
    evidence: str
    shorter: tuple[str, ...] = ()


class Paraphrase:
    """Compares by one vocabulary and the names on record. Thread-safe."""

    def __init__(self, vocabulary: Vocabulary, names: Names) -> None:
        self._names = names
        self._groups: dict[str, set[str]] = {}
        for place, group in enumerate(vocabulary.groups):
            for word in group:
                self._groups.setdefault(_stem(word), set()).add(f"#{place}")
        self._small = _stems(vocabulary.empty)
        self._neutral = _stems(vocabulary.neutral) | self._small
        self._turning = _stems(vocabulary.turning)
        self._kinds: dict[Flaw, dict[str, tuple[frozenset[str], frozenset[str]]]] = {
            flaw: {kind: (_stems(words.marks), _stems(words.meets)) for kind, words in kinds.items()}
            for flaw, kinds in vocabulary.kinds.items()
        }
        pairs = [each.partition("|") for each in vocabulary.opposites]
        opposites = [(_stems(one.split()), _stems(other.split())) for one, _, other in pairs]
        self._opposites = [*opposites, *((other, one) for one, other in opposites)]
        self._speaking, self._pointing = vocabulary.speaking, vocabulary.pointing

    def flaws(self, text: str, known: Known) -> list[Finding]:
        """Why ``text`` is no other wording of ``known``; nothing where it is one."""
        return list(self._found(self.words(text), known))

    def stem(self, word: str) -> str:
        """The same for the forms of a word."""
        return _stem(word)

    def weighs(self, word: str) -> bool:
        """Whether a word claims something, and is not only what a sentence needs."""
        return _stem(word) not in self._small

    def tells(self, word: str) -> bool:
        """Whether a word may not be added to what is known."""
        return _stem(word) not in self._neutral

    def words(self, text: str) -> list[str]:
        """In small letters, every form of a name as one sign, and months as what they are."""
        found = _TOKEN.findall(_MONTH.sub(r" =\g<0> ", self._names.coded(text)))
        return [word if word.startswith("=") else word.casefold() for word in found if word != "s"]

    def _found(self, words: Sequence[str], known: Known) -> Iterator[Finding]:
        claims = [self.words(claim) for claim in known.claims]
        evidence = self.words(known.evidence)
        nearest = max((*claims, evidence), key=lambda each: self.likeness(words, each))
        stated = [word for each in (*claims, evidence) for word in each]
        if speaking := sorted(self._speaking & {*words} - {*stated}):
            yield Finding("person", tuple(speaking))
        if self._turns(words) != self._turns(nearest) or not self._turns_the_same(words, nearest):
            yield Finding("negation", tuple(word for word in (*words, *nearest) if _stem(word) in self._turning))
        if opposed := sorted(self._opposed(words, stated)):
            yield Finding("negation", tuple(opposed))
        for flaw, kinds in self._kinds.items():
            for kind, (marks, meets) in kinds.items():
                added = self._has(words, marks) and not self._has(stated, marks | meets)
                needed = all(self._has(each, marks) for each in claims or [evidence])
                if added or (needed and not self._has(words, marks | meets)):
                    yield Finding(flaw, (kind,))
        if swapped := self._swaps(words, nearest):
            yield Finding("roles", swapped)
        strange = [*self._unattested(words, stated), *self._exchanged(words, nearest, claims)]
        strange += self._repeated(words, [*claims, evidence])
        if strange:
            yield Finding("words", tuple(dict.fromkeys(strange)))
        elif max(self._kept(words, each) for each in (*claims, *map(self.words, known.shorter), evidence)) < CORE:
            yield Finding("words", ())

    def repeats(self, text: str, other: str) -> bool:
        """Whether most of a sentence stands, word after word, in another text."""
        words, others = _stemmed(self.words(text)), _stemmed(self.words(other))
        blocks = SequenceMatcher(None, words, others, autojunk=False).get_matching_blocks()
        return sum(block.size for block in blocks if block.size >= STRETCH) >= ECHOED * max(len(words), 1)

    def likeness(self, words: Sequence[str], other: Sequence[str]) -> float:
        """The share of the words that stand in the other in the same order, 0 to 1."""
        return SequenceMatcher(None, _stemmed(words), _stemmed(other), autojunk=False).ratio()

    def _unattested(self, words: Iterable[str], attested: Iterable[str]) -> Iterator[str]:
        stems = {_stem(word) for word in attested}
        meant = {group for stem in stems for group in self._groups.get(stem, ())}
        for word in words:
            stem = _stem(word)
            if stem not in self._neutral and stem not in stems and meant.isdisjoint(self._groups.get(stem, ())):
                yield word

    def _repeated(self, words: Iterable[str], originals: Sequence[Sequence[str]]) -> Iterator[str]:
        """Words that come more often than in any original: they have taken somebody's place."""
        counts = [Counter(_stemmed(each)) for each in originals]
        for stem, count in Counter(_stem(word) for word in words if self.weighs(word)).items():
            if 0 < max(each[stem] for each in counts) < count:
                yield stem

    def _exchanged(
        self, words: Sequence[str], nearest: Sequence[str], claims: Sequence[Sequence[str]]
    ) -> Iterator[str]:
        """In a copy with changes, the words that mean none of the original's, and those that took the place of others
        whose meaning is gone.
        """
        if self.likeness(words, nearest) < LIKE:
            return
        yield from (word for word in self._unattested(words, nearest) if not _is_exact(word))
        matcher = SequenceMatcher(None, _stemmed(nearest), _stemmed(words), autojunk=False)
        for kind, start, end, first, last in matcher.get_opcodes():
            if kind == "replace":
                old, new = nearest[start:end], words[first:last]
                gone = self._unattested((word for word in old if not _is_exact(word)), words)
                yield from (word for word in gone if not any(list(self._unattested([word], each)) for each in claims))
                yield from self._misplaced(old, new)

    def _misplaced(self, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
        """What took the place of something else: a name of a name, one word of one that it does not mean, a direction
        of another.
        """
        if any(map(_is_exact, old)) and {*old}.isdisjoint(new):
            yield from (word for word in new if _is_exact(word))
        if len(old) == len(new) == 1 and self.weighs(old[0]) and not self.mean_the_same(old[0], new[0]):
            yield new[0]
        if self._pointing & {*old}:
            yield from self._pointing & {*new} - {*old}

    def mean_the_same(self, one: str, other: str) -> bool:
        """Whether one word may stand for the other here."""
        meant = self._groups.get(_stem(one), set()) & self._groups.get(_stem(other), set())
        return bool(meant) or _stem(one) == _stem(other)

    def _kept(self, words: Iterable[str], nearest: Sequence[str]) -> float:
        own = {_stem(word): word for word in nearest if self.weighs(word)}.values()
        lost = list(self._unattested(own, words))
        return 1 - len(lost) / max(len(own), 1)

    def _turns(self, words: Iterable[str]) -> int:
        return sum(_stem(word) in self._turning for word in words)

    def _turns_the_same(self, words: Sequence[str], nearest: Sequence[str]) -> bool:
        """Whether each "not" stands before something that a "not" of the original stands near."""
        near = [word for turned in self._turned(nearest, before=TURNED) for word in turned]
        return all(
            not turned or any(self.mean_the_same(word, other) for word in turned for other in near)
            for turned in self._turned(words)
        )

    def _turned(self, words: Sequence[str], before: int = 0) -> Iterator[list[str]]:
        """For each "not", the next words that claim something, and some of those before."""
        for place, word in enumerate(words):
            if _stem(word) in self._turning:
                after = [each for each in words[place + 1 :] if self.weighs(each)][:TURNED]
                yield [*[each for each in words[:place] if self.weighs(each)][-before or len(words) :], *after]

    def _opposed(self, words: Sequence[str], stated: Sequence[str]) -> Iterator[str]:
        """Words of which the original has the opposite and not the like."""
        here, there = {*_stemmed(words)}, {*_stemmed(stated)}
        yield from (word for word in here - there if any(f"{sign}{word}" in there for sign in _DENYING))
        yield from (word for word in here - there if word.startswith(_DENYING) and _denied(word) & there)
        for one, other in self._opposites:
            if not there & one and there & other and here & one and not here & other:
                yield from here & one

    def _has(self, words: Iterable[str], said: Collection[str]) -> bool:
        return any(_stem(word) in said for word in words)

    def _swaps(self, words: Sequence[str], nearest: Sequence[str]) -> tuple[str, ...]:
        """Two words that have changed places: each now stands among the neighbours that the other had."""
        here, there = self._neighbours(words), self._neighbours(nearest)
        shared = [word for word in here if word in there]
        for one, other in combinations(shared, 2):
            kept = len(here[one] & there[one]) + len(here[other] & there[other])
            crossed = len(here[one] & there[other]) + len(here[other] & there[one])
            if crossed - kept >= (CROSSED_NAMES if one[0] == other[0] == "=" else CROSSED):
                return one, other
        return ()

    def _neighbours(self, words: Sequence[str]) -> dict[str, set[str]]:
        """Each word that claims something -> what stands near it, before and after, however that is put."""
        heavy = [_stem(word) for word in words if _stem(word) not in self._small]
        found: dict[str, set[str]] = {}
        for place, word in enumerate(heavy):
            near = found.setdefault(word, set())
            near |= {f"<{each}" for each in heavy[max(place - NEAR, 0) : place]}
            near |= {f">{each}" for each in heavy[place + 1 : place + 1 + NEAR]}
        return found


def _denied(word: str) -> set[str]:
    return {word.removeprefix(sign) for sign in _DENYING if word.startswith(sign)}


def _is_exact(word: str) -> bool:
    """Whether it is a name or a number, which only the words themselves can bear out."""
    return word.startswith("=") or word[0].isdigit()


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    if _is_exact(word):
        return word
    with _ONE_AT_A_TIME:
        return str(_stemmer.stemWord(word.removesuffix("'s").removesuffix("'")))


def _stemmed(words: Iterable[str]) -> list[str]:
    return [_stem(word) for word in words]


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_stem(word) for word in words)


@lru_cache(maxsize=4)
def paraphrase_of(names: Names, folder: Path = Path(__file__).parent) -> Paraphrase:
    """By the vocabulary in a folder, read when it is first needed. Raises RecordError."""
    thesaurus, grammar = folder / "thesaurus.yaml", folder / "grammar.yaml"
    return Paraphrase(value(Vocabulary, thesaurus, {**mapping(thesaurus), **mapping(grammar)}, ""), names)
