from typing import Any

import pytest
from pydantic import ValidationError

from knowledge.date import Date
from knowledge.record import Record
from knowledge.source import SUMMARISED, Source

FIELDS: dict[str, Any] = {
    "id": "s",
    "title": "A title",
    "publisher": "A house",
    "date": "2024-05",
    "url": None,
    "tier": "press",
}


def source(**changes: Any) -> Source:
    return Source.model_validate(FIELDS | changes)


def test_what_is_summarised_needs_no_author_address_or_text() -> None:
    summarised = source()
    assert summarised.is_summarised
    assert summarised.reference == "A title, A house, May 2024"
    assert summarised.terms == SUMMARISED


def test_what_is_quoted_is_shown_under_its_own_terms() -> None:
    quoted = source(author="A. Writer", licence="free", republished_by="Another", sha256="0" * 64)
    assert not quoted.is_summarised
    assert quoted.reference == "A. Writer, A house, May 2024"
    assert quoted.terms == "A. Writer’s text, republished by Another: free"


@pytest.mark.parametrize("url", ["http://example.org/", "https://example.org/a?b=c#d", None])
def test_a_source_may_be_on_the_web_or_not(url: str | None) -> None:
    assert source(url=url).url == url


@pytest.mark.parametrize("url", ["ftp://example.org/", "javascript:alert(1)", "file:///etc/passwd", "example.org", ""])
def test_an_address_that_is_not_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="url"):
        source(url=url)


def test_only_the_article_is_quoted_and_everything_else_is_summarised(record: Record) -> None:
    quoted = [source for source in record.sources.values() if not source.is_summarised]
    assert [(source.id, source.date) for source in quoted] == [("cfr-2024-05-30", Date("2024-05-30"))]
    for passage in record.passages.values():
        assert passage.is_summary == record.source_of(passage).is_summarised
