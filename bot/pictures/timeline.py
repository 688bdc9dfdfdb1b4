"""What NATO has said on China and on the Indo-Pacific, year by year."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from pydantic import BaseModel, ConfigDict

from bot.pictures.canvas import FAINT, MARGIN, SOURCE, WIDTH, Canvas, Pair, wrapped
from bot.pictures.picture import KEPT, Picture, within
from knowledge.date import Date
from knowledge.record import Record
from knowledge.source import Tier
from knowledge.timeline import Milestone

OF_CHINA = frozenset({"china", "china-russia", "china-policy", "dialogue"})  # topics
CHINA, REGION = "#CC79A7", "#0072B2"  # of Okabe and Ito's palette, those that stand for no stance
REPORTED: dict[Tier, str] = {"official": "", "press": " (press)", "analysis": " (analysis)"}
NOTHING = "The record holds no text of NATO on China or the Indo-Pacific."

MONTHS, AXIS, LABELS = 92.0, 108.0, 126.0  # from the left; where months end and labels begin
TOP = 84.0
SIZE, LEADING = 13.0, 16.5  # of labels
RADIUS = 6.0


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Entry(_Value):
    """One milestone as it is drawn. ``month`` is empty where the record has only the year."""

    year: str
    month: str
    label: str
    is_of_china: bool


class Timeline(_Value):
    """All that is drawn, oldest first. ``dated``: of when it tells."""

    entries: tuple[Entry, ...]
    dated: str


def draw(record: Record) -> Picture:
    name = f"timeline-{record.as_of}.png" if record.as_of else "timeline.png"
    return _drawn(_read(record), name)


@lru_cache(maxsize=KEPT)
def _drawn(seen: Timeline, name: str) -> Picture:
    return Picture(png=_painted(seen), alt=within(_told(seen)), name=name)


def _read(record: Record) -> Timeline:
    topics = {fact.id: fact.topic for dossier in record.dossiers.values() for fact in dossier.facts}
    entries = tuple(_entry(milestone, topics[milestone.fact], record) for milestone in record.timeline)
    return Timeline(entries=entries, dated=_dated(record))


def _entry(milestone: Milestone, topic: str, record: Record) -> Entry:
    date = record.date_of(milestone)
    tier = record.source_of(record.passages[milestone.fact]).tier
    return Entry(
        year=f"{date.last.year}",
        month="" if date == Date(f"{date.last.year}") else f"{date.last:%B}",
        label=f"{milestone.label}{REPORTED[tier]}",
        is_of_china=topic in OF_CHINA,
    )


def _dated(record: Record) -> str:
    if record.as_of:
        return f"As of {record.as_of.words}, as far as the record goes"
    dates = [record.date_of(milestone) for milestone in record.timeline]
    return f"From the record; the newest entry is of {max(dates).words}" if dates else "From the record"


def _told(seen: Timeline) -> str:
    months = groupby(seen.entries, key=lambda entry: f"{entry.month} {entry.year}".strip())
    told = " ".join(f"{month}: {'; '.join(entry.label for entry in entries)}." for month, entries in months)
    return f"Timeline of NATO on China and the Indo-Pacific. {seen.dated}. {told or NOTHING}"


def _painted(seen: Timeline) -> bytes:
    canvas = Canvas()
    canvas.write((MARGIN, 32), "NATO’s texts, year by year", 19, bold=True)
    canvas.write((MARGIN, 51), "on China and the Indo-Pacific", 13)
    canvas.write((MARGIN, 69), seen.dated, 11, colour=FAINT)
    y = TOP
    for year, entries in groupby(seen.entries, key=lambda entry: entry.year):
        y = _paint_year(canvas, year, entries, y)
    if seen.entries:
        canvas.line((AXIS, TOP), (AXIS, y), colour=FAINT, width=1.5)
        return canvas.png(_paint_legend(canvas, seen, y))
    return canvas.png(_paint_nothing(canvas))


def _paint_year(canvas: Canvas, year: str, entries: Iterable[Entry], top: float) -> float:
    """Returns where it ends."""
    canvas.line((MARGIN, top), (WIDTH - MARGIN, top))
    y = top + 22
    canvas.write((MARGIN, y), year, 14, bold=True)
    for month, together in groupby(entries, key=lambda entry: entry.month[:3]):
        canvas.write((MONTHS, y), month, 12, colour=FAINT, align="right")
        for entry in together:
            y = _paint_entry(canvas, entry, y)
    return y - 10


def _paint_entry(canvas: Canvas, entry: Entry, y: float) -> float:
    """Returns where the next may stand."""
    _paint_marker(canvas, (AXIS, y - SIZE * 0.36), entry.is_of_china)
    for line in wrapped(entry.label, SIZE, WIDTH - MARGIN - LABELS):
        canvas.write((LABELS, y), line, SIZE)
        y += LEADING
    return y + 8


def _paint_marker(canvas: Canvas, at: Pair, is_of_china: bool) -> None:
    x, y = at
    if is_of_china:
        far = RADIUS * 1.3
        canvas.shape([(x - far, y), (x, y - far), (x + far, y), (x, y + far)], fill=CHINA)
    else:
        canvas.disc(at, RADIUS, fill=REGION)


def _paint_legend(canvas: Canvas, seen: Timeline, top: float) -> float:
    """Returns the height of all."""
    canvas.line((MARGIN, top), (WIDTH - MARGIN, top))
    y = top + 22
    for x, is_of_china, words in ((MARGIN, True, "on China"), (MARGIN + 92, False, "on the Indo-Pacific and partners")):
        _paint_marker(canvas, (x + 8, y - 4), is_of_china)
        canvas.write((x + 22, y), words, 11.5)
    marks = [mark for mark in REPORTED.values() if mark and any(entry.label.endswith(mark) for entry in seen.entries)]
    if marks:
        words = f"{','.join(marks).strip()}: told there and not by an official source"
        canvas.write((MARGIN, y + 21), words, 10.5, colour=FAINT)
        y += 15
    return _paint_source(canvas, y)


def _paint_nothing(canvas: Canvas) -> float:
    canvas.line((MARGIN, TOP), (WIDTH - MARGIN, TOP))
    y = TOP + 26
    for line in wrapped(NOTHING, SIZE, WIDTH - 2 * MARGIN):
        canvas.write((MARGIN, y), line, SIZE)
        y += LEADING
    return _paint_source(canvas, y)


def _paint_source(canvas: Canvas, y: float) -> float:
    canvas.write((MARGIN, y + 24), SOURCE, 10.5, colour=FAINT)
    return y + 24 + 12
