"""Where every delegation on file stands, from the supportive down to the opposed, and who holds no public position."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from pydantic import BaseModel, ConfigDict

from bot.debate import sentence
from bot.pictures.canvas import FAINT, MARGIN, PAPER, SOURCE, WIDTH, Canvas, Pair
from bot.pictures.picture import KEPT, Picture, within
from knowledge.position import STANCES, Basis, Leaning, Stance
from knowledge.record import Record

BANDS: tuple[Leaning, ...] = ("supportive", "divided", "cautious", "opposed", "no-public-position")
BASES: dict[Basis, str] = {
    "explicit": "stated",
    "linked-security": "from linked security",
    "inferred": "inferred",
    "none": "",
}
# As on the cards of an answer (Okabe and Ito's palette), and lighter for the strokes under letters.
COLOURS: dict[Stance, str] = {"for": "#009E73", "against": "#D55E00", "mixed": "#E69F00", "none": "#8A9099"}
STROKES: dict[Stance, str] = {"for": "#8FD3BF", "against": "#EDB48C", "mixed": "#F5D48F", "none": "#C9CCD0"}
EMPTY = "#DFDCD4"

AXIS, LABELS, CHIPS = 22.0, 34.0, 116.0  # from the left
WIDTHS = {2: 40.0, 3: 48.0, 4: 58.0}  # of a chip, by the letters of its code
HEIGHT, GAP, PAD = 27.0, 5.6, 8.0
TOP = 84.0
SAMPLE = (24.0, 14.0)  # a chip in the legend


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Standing(_Value):
    """One delegation as it is drawn."""

    code: str
    name: str
    basis: Basis
    is_member: bool

    @property
    def kind(self) -> str:
        """Whose it is and how it is known, in words."""
        return ", ".join(part for part in ("" if self.is_member else "not a member", BASES[self.basis]) if part)

    @property
    def width(self) -> float:
        return WIDTHS.get(len(self.code), WIDTHS[4])


class Band(_Value):
    leaning: Leaning
    standings: tuple[Standing, ...]

    @property
    def name(self) -> str:
        return sentence(self.leaning.replace("-", " "))

    @property
    def stance(self) -> Stance:
        return STANCES[self.leaning]


class Map(_Value):
    """All that is drawn. ``dated``: of when it tells."""

    bands: tuple[Band, ...]
    dated: str


def draw(record: Record) -> Picture:
    name = f"positions-{record.as_of}.png" if record.as_of else "positions.png"
    return _drawn(_read(record), name)


@lru_cache(maxsize=KEPT)
def _drawn(seen: Map, name: str) -> Picture:
    return Picture(png=_painted(seen), alt=within(_told(seen)), name=name)


def _read(record: Record) -> Map:
    return Map(bands=tuple(_band(leaning, record) for leaning in BANDS), dated=_dated(record))


def _band(leaning: Leaning, record: Record) -> Band:
    """Members before others, among them the surer before the less sure."""
    alike = [(record.delegations[held.state], held) for held in record.table if held.leaning == leaning]
    placed = [
        Standing(code=seat.code, name=seat.name, basis=held.basis, is_member=seat.kind == "member")
        for seat, held in alike
    ]
    placed.sort(key=lambda each: (not each.is_member, [*BASES].index(each.basis), each.code))
    return Band(leaning=leaning, standings=tuple(placed))


def _dated(record: Record) -> str:
    if record.as_of:
        return f"As of {record.as_of.words}, as far as the record goes"
    known = [held.as_of for code, held in record.positions.items() if not record.delegations[code].is_neutral]
    return f"Positions as of their own dates, the newest {max(known, default=record.latest).words}"


def _told(seen: Map) -> str:
    bands = " ".join(f"{band.name} ({len(band.standings)}): {_listed(band)}." for band in seen.bands)
    return f"Who stands where on a broader NATO role in the Indo-Pacific. {seen.dated}. {bands}"


def _listed(band: Band) -> str:
    groups = [
        (kind, ", ".join(each.name for each in alike))
        for kind, alike in groupby(band.standings, key=lambda each: each.kind)
    ]
    return "; ".join(f"{names} ({kind})" if kind else names for kind, names in groups) or "nobody"


def _painted(seen: Map) -> bytes:
    canvas = Canvas()
    canvas.write((MARGIN, 32), "Who stands where", 19, bold=True)
    canvas.write((MARGIN, 51), "on a broader NATO role in the Indo-Pacific", 13)
    canvas.write((MARGIN, 69), seen.dated, 11, colour=FAINT)
    *between, apart = seen.bands
    dots, y = [], TOP
    for band in between:
        dots.append(y + PAD + HEIGHT / 2)
        y = _paint_band(canvas, band, y)
    _paint_axis(canvas, dots)
    y = _paint_band(canvas, apart, y + PAD)
    return canvas.png(_paint_legend(canvas, seen, y))


def _paint_axis(canvas: Canvas, dots: list[float]) -> None:
    """From the supportive to the opposed, a dot at each band; who has no position is beside it."""
    first, last = dots[0], dots[-1]
    canvas.line((AXIS, first), (AXIS, last), colour=FAINT, width=1.5)
    for y in dots[1:-1]:
        canvas.disc((AXIS, y), 3.5, fill=FAINT, edge=FAINT)
    for y, tip in ((first, -5), (last, 5)):
        canvas.shape([(AXIS - 5, y - tip), (AXIS + 5, y - tip), (AXIS, y + tip)], fill=FAINT, edge=FAINT)


def _paint_band(canvas: Canvas, band: Band, top: float) -> float:
    """Returns where it ends."""
    canvas.line((MARGIN, top), (WIDTH - MARGIN, top))
    lines = ["No public", "position"] if band.stance == "none" else [band.name]
    y = top + PAD + HEIGHT / 2 + 4.5 - (7 if len(lines) > 1 else 0)
    for line in lines:
        canvas.write((LABELS, y), line, 12, bold=True)
        y += 14
    canvas.write((LABELS, y), str(len(band.standings)), 12, colour=FAINT)
    bottom = y
    for standing, at in _placed(band.standings, top + PAD):
        _paint_box(canvas, standing.basis, band.stance, at, (standing.width, HEIGHT), square=standing.is_member)
        middle = (at[0] + standing.width / 2, at[1] + HEIGHT / 2)
        canvas.centred(middle, standing.code, 15, halo=standing.basis == "linked-security")
        bottom = max(bottom, at[1] + HEIGHT)
    if not band.standings:
        canvas.write((CHIPS, top + PAD + HEIGHT / 2 + 4.5), "nobody", 12, colour=FAINT)
    return bottom + PAD


def _placed(standings: tuple[Standing, ...], top: float) -> Iterator[tuple[Standing, Pair]]:
    x, y = CHIPS, top
    for standing in standings:
        if x + standing.width > WIDTH - MARGIN + 1:
            x, y = CHIPS, y + HEIGHT + GAP
        yield standing, (x, y)
        x += standing.width + GAP


def _paint_box(canvas: Canvas, basis: Basis, stance: Stance, at: Pair, extent: Pair, *, square: bool = True) -> None:
    fill = {"explicit": COLOURS[stance], "none": EMPTY}.get(basis, PAPER)
    edge = EMPTY if basis == "none" else COLOURS[stance]
    strokes = STROKES[stance] if basis == "linked-security" else ""
    canvas.box(at, extent, rounding=0 if square else extent[1] / 2, fill=fill, edge=edge, hatch=strokes, width=1.8)


def _paint_legend(canvas: Canvas, seen: Map, top: float) -> float:
    """Returns the height of all."""
    canvas.line((MARGIN, top), (WIDTH - MARGIN, top))
    y = top + 12
    _paint_sample(canvas, (MARGIN, y), "stated", "explicit")
    _paint_sample(canvas, (MARGIN + 140, y), "inferred, not stated", "inferred")
    _paint_sample(canvas, (MARGIN, y + 21), "read from its linking the two regions’ security", "linked-security")
    _paint_sample(canvas, (MARGIN, y + 42), "NATO member", "none")
    _paint_sample(canvas, (MARGIN + 140, y + 42), "partner, institution or China", "none", square=False)
    long = [each for band in seen.bands for each in band.standings if len(each.code) > 2 and each.code != each.name]
    spelt = "".join(f"; {each.code}: {each.name}" for each in long)
    canvas.write((MARGIN, y + 75), f"States by their ISO codes{spelt}", 10.5, colour=FAINT)
    canvas.write((MARGIN, y + 91), SOURCE, 10.5, colour=FAINT)
    return y + 91 + MARGIN - 4


def _paint_sample(canvas: Canvas, at: Pair, words: str, basis: Basis, *, square: bool = True) -> None:
    _paint_box(canvas, basis, "none", at, SAMPLE, square=square)
    canvas.write((at[0] + SAMPLE[0] + 7, at[1] + 11), words, 11)
