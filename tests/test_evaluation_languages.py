import json
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.evaluation import DEVELOPMENT, QUESTIONS
from bot.evaluation.languages import Put, measure
from bot.evaluation.reading import read
from knowledge.library import Library
from knowledge.passage import folded
from knowledge.record import Record

TRANSLATED = QUESTIONS / "languages" / "translated.jsonl"


class Polyglot:
    """A library that finds what each question is told to lead to, in order."""

    def __init__(self, found: dict[str, list[str]]) -> None:
        self._found = found

    def search(self, question: str) -> Any:
        texts = self._found.get(question, [])
        return SimpleNamespace(hits=[SimpleNamespace(passage=SimpleNamespace(text=text)) for text in texts])


def written(path: Path, *puts: dict[str, Any]) -> Path:
    path.write_text("\n".join(map(json.dumps, puts)), encoding="utf-8")
    return path


def test_a_language_is_measured_by_what_is_among_the_first_three(tmp_path: Path) -> None:
    originals = written(
        tmp_path / "originals.jsonl",
        {"id": "1", "question": "What?", "gold": ["the  answer"]},
        {"id": "2", "question": "Not translated?", "gold": ["the answer"]},
    )
    translated = written(
        tmp_path / "translated.jsonl",
        {"id": "1-fr", "of": "1", "language": "fr", "question": "Quoi ?", "gold": ["the answer"]},
        {"id": "1-de", "of": "1", "language": "de", "question": "Was?", "gold": ["the answer"]},
    )
    library = Polyglot({"What?": ["", "", "It is the answer."], "Quoi ?": ["", "", "", "It is the answer."]})
    found = measure(cast(Library, library), "any", translated, originals)
    assert (found.embedding, found.n) == ("any", 1)
    assert found.hit_3 == {"en": 1.0, "fr": 0.0, "de": 0.0}


def test_without_the_originals_the_translations_are_measured(tmp_path: Path) -> None:
    found = measure(cast(Library, Polyglot({})), "any", TRANSLATED, tmp_path / "none.jsonl")
    assert (found.n, set(found.hit_3)) == (20, {"fr", "de", "es", "pl", "tr"})


def test_twenty_questions_are_put_in_five_languages_and_their_gold_stands_in_the_article(record: Record) -> None:
    puts = read(Put, TRANSLATED)
    assert set(Counter(put.of for put in puts).values()) == {5}
    assert len({put.question for put in puts}) == len(puts) == 100
    texts = [folded(passage.text) for passage in record.passages.values()]
    assert all(any(folded(words) in text for text in texts) for put in puts for words in put.gold)


@pytest.mark.skipif(not DEVELOPMENT.exists(), reason="the originals are not at hand")
def test_a_translation_has_the_gold_of_what_it_translates() -> None:
    originals = {put.id: put for put in read(Put, DEVELOPMENT)}
    assert all(put.gold == originals[put.of].gold for put in read(Put, TRANSLATED))
