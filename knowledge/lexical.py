"""Words in common: BM25 over stemmed words, by SQLite's FTS5."""

import math
import re
import sqlite3
import threading
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
_TOKENS = "tokenize='porter unicode61 remove_diacritics 2'"

# Words that carry no topic of their own in a question.
_EMPTY = frozenset(
    "a about all an and any are as at be been being but by can could did do does doing for from give had has have he "
    "her here him his how i if in into is it its just know like may me might more most much my no nor not of on only "
    "or other our out over own s said same say says she should so some such t tell than that the their them then there "
    "these they think this those to too up us very was we were what when where which while who whom whose why will "
    "with would you your".split()
)


class Lexical:
    """Texts, scored against a question by the words they share. Safe to use from several threads."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute(f"CREATE VIRTUAL TABLE entry USING fts5(text, {_TOKENS})")
        self._db.execute("CREATE VIRTUAL TABLE stem USING fts5vocab(entry, 'row')")
        self._db.execute(f"CREATE VIRTUAL TABLE asked USING fts5(text, {_TOKENS})")
        self._db.execute("CREATE VIRTUAL TABLE asked_stem USING fts5vocab(asked, 'row')")
        self._db.executemany("INSERT INTO entry(rowid, text) VALUES (?, ?)", enumerate(texts))
        self._entries_with = dict(self._db.execute("SELECT term, doc FROM stem"))

    def scores(self, question: str) -> dict[int, float]:
        """Place of a text -> its score, highest at 1; texts that share no word are absent."""
        words = content_words(question)
        if not words:
            return {}
        match = " OR ".join(f'"{word}"' for word in words)
        with self._lock:
            rows = self._db.execute("SELECT rowid, -bm25(entry) FROM entry WHERE entry MATCH ?", (match,)).fetchall()
        top = max((score for _, score in rows), default=0.0)
        return {place: score / top for place, score in rows} if top > 0 else {}

    def known(self, question: str) -> float:
        """The share of the question's words (weighted by rarity) that occur in any text, 0 to 1."""
        weights = {
            stem: math.log1p(self._size / (self._entries_with.get(stem, 0) + 0.5)) for stem in self._stems(question)
        }
        total = sum(weights.values())
        return sum(weight for stem, weight in weights.items() if stem in self._entries_with) / total if total else 0.0

    def _stems(self, question: str) -> list[str]:
        with self._lock:
            self._db.execute("DELETE FROM asked")
            self._db.execute("INSERT INTO asked VALUES (?)", (" ".join(content_words(question)),))
            return [stem for (stem,) in self._db.execute("SELECT term FROM asked_stem")]


def content_words(text: str) -> list[str]:
    """The words of ``text`` that can tell topics apart, lower-case, in order, each once."""
    return list(dict.fromkeys(word for word in _WORD.findall(text.casefold()) if word not in _EMPTY))
