"""Démarche's library, over documents that are no record of states."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge.date import Date
from knowledge.holdings import Holdings
from knowledge.library import Library
from knowledge.passage import Passage
from knowledge.record import EMPTY
from tests.retrieval.measures import ASKED
from tests.retrieval.sets import Document

_SOME_DAY = Date("2000")


class Ours:
    """It embeds what it indexes itself: titles and texts as it joins them."""

    name, is_given_vectors = "Démarche", False

    def index(self, documents: Sequence[Document], folder: Path) -> None:
        holdings = Holdings(version="bench-retrieval", read=lambda: _passages(documents))
        self._library = Library.open(EMPTY, folder, holdings=holdings)

    def search(self, query: str) -> list[str]:
        return [hit.passage.id for hit in self._library.find(query, ASKED)]


def _passages(documents: Sequence[Document]) -> Iterator[Passage]:
    for number, document in enumerate(documents, 1):
        yield Passage(
            id=document.id,
            source="set",
            number=number,
            section=document.title,
            paragraph=1,
            start=0,
            end=len(document.text),
            text=document.text,
            date=_SOME_DAY,
            known_since=_SOME_DAY,
        )
