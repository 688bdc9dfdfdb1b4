"""How well the library finds what people ask in other languages than the record's."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.evaluation.reading import read
from knowledge.findings import Findings
from knowledge.library import Library
from knowledge.passage import folded

TRANSLATED = Path(__file__).parents[2] / "tests" / "questions" / "languages" / "translated.jsonl"
FIRST = 3  # passages among which one that answers counts as found
RECORDS = "en"  # the language of the record


class Put(BaseModel):
    """A question in a language (ISO 639-1). ``of``: the id of the question that it translates; ``gold``: words of the
    passages that answer it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    question: str
    gold: tuple[str, ...]
    of: str = ""
    language: str = RECORDS


class Languages(BaseModel):
    """``hit_3``: language -> the share of ``n`` questions of which one of the first three passages answers."""

    embedding: str
    n: int
    hit_3: dict[str, float]


def measure(library: Library, embedding: str, translated: Path, originals: Path) -> Languages:
    """The translations and, where they are at hand, what they translate. ``embedding``: the name it is told by."""
    puts = read(Put, translated)
    english = _translated_of(puts, read(Put, originals)) if originals.exists() else []
    shares = {language: _share(library, each) for language, each in _by_language([*english, *puts]).items()}
    return Languages(embedding=embedding, n=len({put.of for put in puts}), hit_3=shares)


def _translated_of(puts: Sequence[Put], originals: Sequence[Put]) -> list[Put]:
    wanted = {put.of for put in puts}
    return [original for original in originals if original.id in wanted]


def _by_language(puts: Iterable[Put]) -> dict[str, list[Put]]:
    found = defaultdict(list)
    for put in puts:
        found[put.language].append(put)
    return dict(found)


def _share(library: Library, puts: Sequence[Put]) -> float:
    return sum(_is_hit(put, library.search(put.question)) for put in puts) / len(puts)


def _is_hit(put: Put, findings: Findings) -> bool:
    first = [folded(hit.passage.text) for hit in findings.hits[:FIRST]]
    return any(folded(words) in text for words in put.gold for text in first)
