"""A stretch of a source short enough to quote, and what it means to stand in it verbatim."""

import re
import unicodedata

from pydantic import BaseModel, ConfigDict

from knowledge.date import Date

_SINGLE, _DOUBLE = "'‘’‚‛", '"“”„‟'
_QUOTES = str.maketrans(dict.fromkeys(_SINGLE, "'") | dict.fromkeys(_DOUBLE, '"'))


class Passage(BaseModel):
    """A located stretch: ``text`` is exactly ``source_text[start:end]`` (offsets in characters).

    ``paragraph`` counts the source's paragraphs from 1; a quotation belongs to the paragraph that introduces it.
    ``date``: of what it tells; ``known_since``: from when it could be cited. One with a ``fact_of`` is a fact of that
    state, our summary of the source: it is shown as such, never as a quote; ``by_others``: not said by the state.
    ``side``: which side it pleads for, where that is labelled; ``server``: whose alone it is.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    source: str
    number: int
    section: str
    paragraph: int
    start: int
    end: int
    text: str
    date: Date
    known_since: Date
    fact_of: str = ""
    by_others: bool = False
    side: str = ""
    server: str = ""

    @property
    def is_summary(self) -> bool:
        return bool(self.fact_of)

    def stretch(self, quote: str) -> str | None:
        """The part of ``text`` that ``quote`` repeats verbatim, in the source's own characters, or None.

        White space and typographic quotes are folded; nothing else is forgiven, and no word may be cut.
        """
        words = unicodedata.normalize("NFC", quote).split()
        if not words or max(re.findall(r"\w+", quote) or [""], key=len) not in self.text:  # most quotes stand elsewhere
            return None
        starts, ends = r"\b" if words[0][0].isalnum() else "", r"\b" if words[-1][-1].isalnum() else ""
        found = re.search(starts + r"\s+".join(_pattern(word) for word in words) + ends, self.text)
        return found.group() if found else None


def folded(text: str) -> str:
    """``text`` with white space and typographic quotes folded, for comparing what is the same to a reader."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_QUOTES).split())


def _pattern(word: str) -> str:
    return "".join(_one_of(character) for character in word)


def _one_of(character: str) -> str:
    for family in (_SINGLE, _DOUBLE):
        if character in family:
            return f"[{family}]"
    return re.escape(character)
