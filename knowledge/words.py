"""The words of a text, and what they come from."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

import snowballstemmer

_WORD = re.compile(r"\w+")

# Words that carry no topic of their own in a question.
_EMPTY = frozenset(
    "a about all an and any are as at be been being but by can could did do does doing for from give had has have he "
    "her here him his how i if in into is it its just know like may me might more most much my no nor not of on only "
    "or other our out over own s said same say says she should so some such t tell than that the their them then there "
    "these they think this those to too up us very was we were what when where which while who whom whose why will "
    "with would you your".split()
)

_stemmer = snowballstemmer.stemmer("porter")


def all_words(text: str) -> list[str]:
    """In order, without regard to case."""
    return _WORD.findall(text.casefold())


def content_words(text: str) -> list[str]:
    """The words of ``text`` that can tell topics apart, lower-case, in order, each once."""
    return list(dict.fromkeys(word for word in all_words(text) if word not in _EMPTY))


def content_stems(text: str) -> list[str]:
    """What they come from, in order, as often as they stand there."""
    return stems_of(all_words(text))


def stems_of(words: Iterable[str]) -> list[str]:
    """Of those of ``words`` that can tell topics apart."""
    return [_stem(word) for word in words if word not in _EMPTY]


@cache
def _stem(word: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign))
    return str(_stemmer.stemWord(plain))
