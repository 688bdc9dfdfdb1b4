import hashlib
from pathlib import Path

import pytest

from knowledge import reader
from knowledge.date import Date
from knowledge.errors import RecordError
from knowledge.loader import HERE
from knowledge.passage import Passage
from knowledge.record import Record
from knowledge.source import Source

ARTICLE = "cfr-2024-05-30"

TEXT = """A title

First words here.

A heading

It said:

“A quotation.”

A caption. Photo: Somebody

Last words here.
"""


def described(text: str) -> Source:
    return Source.model_validate(
        {
            "id": "s",
            "title": "A title",
            "author": "A. Writer",
            "publisher": "A house",
            "date": "2024-05-30",
            "url": "https://example.org/",
            "licence": "ours",
            "tier": "analysis",
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
        }
    )


def read(folder: Path, text: str = TEXT, *furniture: str) -> tuple[Passage, ...]:
    path = folder / "s.txt"
    path.write_bytes(text.encode())
    return reader.read(path, described(text), furniture)


def test_a_quotation_stays_with_what_introduces_it(tmp_path: Path) -> None:
    assert "It said:\n\n“A quotation.”" in [passage.text for passage in read(tmp_path)]


def test_passages_know_their_section_and_paragraph(tmp_path: Path) -> None:
    first, second, *_ = read(tmp_path)
    assert (first.section, first.paragraph) == ("Introduction", 2)
    assert (second.section, second.paragraph) == ("A heading", 4)


def test_every_passage_reproduces_the_source_exactly(tmp_path: Path) -> None:
    assert all(TEXT[passage.start : passage.end] == passage.text for passage in read(tmp_path))


def test_furniture_and_title_are_no_passages(tmp_path: Path) -> None:
    texts = [passage.text for passage in read(tmp_path, TEXT, "A caption. Photo: Somebody")]
    assert texts == ["First words here.", "It said:\n\n“A quotation.”", "Last words here."]


def test_furniture_that_is_not_in_the_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="Another caption"):
        read(tmp_path, TEXT, "Another caption")


def test_a_text_that_was_changed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.txt").write_text(TEXT + "More.")
    with pytest.raises(RecordError, match="sha256"):
        reader.read(tmp_path / "s.txt", described(TEXT), ())


@pytest.fixture
def article(record: Record) -> list[Passage]:
    return [passage for passage in record.passages.values() if passage.source == ARTICLE]


def test_a_passage_is_as_old_as_its_source(tmp_path: Path) -> None:
    for passage in read(tmp_path):
        assert (passage.date, passage.known_since) == (Date("2024-05-30"), Date("2024-05-30"))
        assert not passage.is_summary


def test_the_article_is_word_for_word_the_one_described(article: list[Passage]) -> None:
    text = (HERE / "sources" / f"{ARTICLE}.txt").read_bytes().decode()
    for passage in article:
        assert text[passage.start : passage.end] == passage.text


def test_no_passage_of_the_article_is_furniture(article: list[Passage]) -> None:
    for passage in article:
        for furniture in ("Photo:", "China Factor", "full bio", "first published on"):
            assert furniture not in passage.text


def test_the_article_is_kept_whole_in_its_passages(article: list[Passage]) -> None:
    """What lies between passages is only title, headings and furniture."""
    text = (HERE / "sources" / f"{ARTICLE}.txt").read_text(encoding="utf-8")
    for passage in article:
        text = text.replace(passage.text, "")
    left = [line for line in text.splitlines() if line.strip()]
    assert len(left) == 1 + 7 + 7  # title, headings, furniture


def test_every_quotation_of_the_article_has_its_introduction(article: list[Passage]) -> None:
    for passage in article:
        assert not passage.text.endswith(":")
        assert not passage.text.startswith("[")
