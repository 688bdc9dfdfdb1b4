import asyncio
import hashlib
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot import cards
from bot.pictures import Kind, draw, drawn
from bot.pictures.map import COLOURS
from bot.pictures.picture import LONGEST_ALT, within
from knowledge import loader
from knowledge.date import Date
from knowledge.errors import RecordError
from knowledge.loader import HERE
from knowledge.record import Record

ARTICLE = Date("2024-05-30")
KINDS: tuple[Kind, ...] = ("map", "timeline")


def bands(alt: str) -> dict[str, list[str]]:
    """Leaning -> the names that the map's text has under it."""
    found = re.findall(r"(\w[\w ]+) \(\d+\): ([^.]*)\.", alt)
    return {
        leaning.lower().replace(" ", "-"): re.split(r"[,;] ", re.sub(r" \([^)]*\)", "", names))
        for leaning, names in found
    }


@pytest.mark.parametrize("day", [None, ARTICLE])
def test_every_delegation_stands_once_on_the_map_under_its_leaning(record: Record, day: Date | None) -> None:
    known = record.until(day) if day else record
    told = bands(draw("map", known).alt)
    for code, position in known.positions.items():
        name = known.delegations[code].name
        under = [leaning for leaning, names in told.items() for each in names if each == name]
        assert under == ([] if code == "RAPPORTEUR" else [position.leaning])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("day", [None, ARTICLE, Date("2010")])
def test_a_picture_is_a_png_that_a_phone_can_show(record: Record, kind: Kind, day: Date | None) -> None:
    picture = draw(kind, record.until(day) if day else record)
    assert picture.png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture.png[16:24])
    assert width == 1200
    assert 400 < height < 2.5 * width
    assert len(picture.png) < 1_000_000
    assert len(picture.alt) <= LONGEST_ALT
    assert picture.name.endswith(".png")


def test_the_timeline_says_nothing_newer_than_its_day(record: Record) -> None:
    now, then = draw("timeline", record).alt, draw("timeline", record.until(ARTICLE)).alt
    assert "April 2025" in now
    assert "July 2023: Vilnius" in then
    years = {int(year) for year in re.findall(r"\b20\d\d\b", then)}
    assert years == {2019, 2020, 2021, 2022, 2023, 2024}  # the last is that of the day itself
    assert "Washington" in now
    assert "Washington" not in then


def test_before_nato_spoke_of_china_the_timeline_says_so(record: Record) -> None:
    assert "holds no text of NATO" in draw("timeline", record.until(Date("2019-06"))).alt


def test_every_milestone_is_known_on_the_day_it_is_shown(record: Record) -> None:
    for day in ("2020", "2021-07-01", "2023-07-11", "2024-05-30", "2025-01-01"):
        known = record.until(Date(day))
        for milestone in known.timeline:
            assert known.passages[milestone.fact].known_since <= Date(day)
            assert known.date_of(milestone) <= Date(day)
    assert 10 <= len(record.timeline) <= 14


def test_the_same_record_gives_the_same_bytes_and_the_start_pays_for_no_drawing(record: Record) -> None:
    program = (
        "import sys, hashlib; from knowledge import loader; from bot import pictures;"
        "assert 'matplotlib' not in sys.modules;"
        "print(*(hashlib.sha256(pictures.draw(kind, loader.load()).png).hexdigest() for kind in ('map', 'timeline')))"
    )
    elsewhere = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert elsewhere.stdout.split() == [hashlib.sha256(draw(kind, record).png).hexdigest() for kind in KINDS]


async def test_what_was_drawn_once_is_not_drawn_again(record: Record) -> None:
    assert await drawn("map", record) is await drawn("map", record)
    assert await drawn("map", record.until(ARTICLE)) is draw("map", record.until(ARTICLE))
    assert await drawn("map", record.until(ARTICLE)) is not await drawn("map", record)


async def test_everything_else_goes_on_while_something_is_drawn(record: Record) -> None:
    days = [record.until(Date(day)) for day in ("2023-01-01", "2024-01-01")]
    drawing = asyncio.gather(*(drawn("timeline", known) for known in days))
    turns = 0
    while not drawing.done():
        await asyncio.sleep(0.005)
        turns += 1
    assert len({picture.name for picture in await drawing}) == 2
    assert turns > 5


def test_the_map_has_the_colours_of_the_cards() -> None:
    assert {stance: int(colour[1:], 16) for stance, colour in COLOURS.items()} == {
        stance: colour.value for stance, colour in cards.COLOURS.items()
    }


def test_a_long_text_is_cut_at_a_word() -> None:
    cut = within("NATO speaks. " * 100)
    assert len(cut) <= LONGEST_ALT
    assert cut.endswith(("NATO …", "speaks. …"))


@pytest.mark.parametrize(
    ("milestone", "problem"),
    [
        ({"fact": "NATO-99", "label": "Nothing"}, "there is no such fact"),
        ({"fact": "cfr-2024-05-30/1", "label": "Nothing"}, "there is no such fact"),
        ({"fact": "NATO-01", "label": "Madrid: China named"}, "names Madrid"),
        ({"fact": "NATO-01", "label": "London: 7 challenges"}, "names 7"),
        ({"fact": "NATO-01", "label": "London: challenges", "date": "2018"}, "names 2018"),
        ({"fact": "NATO-01", "label": "London: challenges", "date": "2020"}, "lies after its fact"),
        ({"fact": "NATO-01", "label": "one two three four five six seven eight nine"}, "at most 8 words"),
        ({"fact": "NATO-01"}, "label"),
    ],
)
def test_a_milestone_that_does_not_fit_is_named(tmp_path: Path, milestone: dict[str, str], problem: str) -> None:
    for path in HERE.iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "timeline.yaml").unlink()
    (tmp_path / "timeline.yaml").write_text(yaml.safe_dump({"milestones": [milestone]}), encoding="utf-8")
    with pytest.raises(RecordError, match=problem) as raised:
        loader.load(tmp_path)
    assert f"timeline.yaml, entry {milestone['fact']}" in str(raised.value)
