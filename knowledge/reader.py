"""A file -> a source's text and its passages."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from knowledge.errors import RecordError
from knowledge.passage import Passage, folded
from knowledge.source import Source

OPENING_SECTION = "Introduction"

_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")
_HEADING = re.compile(r"[A-Z][^.!?:;“”]{2,60}")


class _Paragraph(NamedTuple):
    start: int
    end: int
    text: str


def read(path: Path, source: Source, furniture: tuple[str, ...]) -> tuple[Passage, ...]:
    """The passages of a plain-text file, in order.

    A paragraph that ends in a colon and the quotation it introduces are one passage. ``furniture`` names the
    paragraphs (whole) that stand in the file but are not the author's text; the title is no passage either.
    Raises RecordError when the file is not the one described: another hash, or furniture that is not in it.
    """
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != source.sha256:
        raise RecordError(path, source.id, "the text differs from its sha256: restore it, or describe the new text")
    text = raw.decode("utf-8")
    paragraphs = list(_paragraphs(text))
    present = {folded(paragraph.text) for paragraph in paragraphs}
    for line in furniture:
        if folded(line) not in present:
            raise RecordError(path, source.id, f"furniture “{line[:40]}…” is no paragraph of the text: mend the list")
    return tuple(_passages(text, paragraphs, source, {folded(line) for line in (*furniture, source.title)}))


def _paragraphs(text: str) -> Iterator[_Paragraph]:
    for match in _PARAGRAPH.finditer(text):
        stripped = match.group().rstrip()
        yield _Paragraph(match.start(), match.start() + len(stripped), stripped)


def _passages(text: str, paragraphs: list[_Paragraph], source: Source, skipped: set[str]) -> Iterator[Passage]:
    section, count, opened = OPENING_SECTION, 0, None
    for place, paragraph in enumerate(paragraphs, start=1):
        if folded(paragraph.text) in skipped:
            continue
        if _HEADING.fullmatch(paragraph.text):
            section = paragraph.text
            continue
        start, first = opened or (paragraph.start, place)
        if paragraph.text.endswith(":"):
            opened = (start, first)
            continue
        opened, count = None, count + 1
        yield Passage(
            id=f"{source.id}/{count}",
            source=source.id,
            number=count,
            section=section,
            paragraph=first,
            start=start,
            end=paragraph.end,
            text=text[start : paragraph.end],
            date=source.date,
            known_since=source.date,
        )
