"""A light card to draw on, as wide as a phone.

A unit is a pixel of a screen 400 pixels wide, from the left and from the top; sizes of letters are in units too. The
card is opaque, so that it reads the same on Discord's light and dark ground. Matplotlib is imported when something is
drawn: it takes a second, which the start does not pay.
"""

import io
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties
    from matplotlib.patches import Patch

WIDTH, MARGIN = 400.0, 16.0
SHARPNESS = 3  # pixels to a unit
POINTS = 72  # to an inch, which makes a unit a point

PAPER, BLACK, INK, FAINT, RULE = "#FBFAF7", "#000000", "#1B1D20", "#565B63", "#D9D6CE"
LETTER = 0.729  # height of a capital in DejaVu Sans, in sizes

SOURCE = "Démarche; facts and sources: /position"

Align = Literal["left", "center", "right"]
Pair = tuple[float, float]


class Canvas:
    """What is drawn keeps its place; how tall the card is, is said when it is done."""

    def __init__(self) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self._figure = Figure(figsize=(WIDTH / POINTS, 1), dpi=POINTS * SHARPNESS, facecolor=PAPER)
        FigureCanvasAgg(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, WIDTH)

    def write(
        self,
        at: Pair,
        words: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        align: Align = "left",
    ) -> None:
        """``at``: where the base line begins, ends or has its middle."""
        font = _font(bold=bold)
        self._axes.text(
            *at, words, size=size, fontproperties=font, color=colour, ha=align, va="baseline", parse_math=False
        )

    def centred(self, at: Pair, words: str, size: float, *, halo: bool = False) -> None:
        """Bold and black. ``at``: the middle of its capitals; ``halo``: it lies on strokes and keeps them off."""
        from matplotlib.patheffects import withStroke

        baseline = at[1] + size * LETTER / 2
        text = self._axes.text(
            at[0], baseline, words, size=size, fontproperties=_font(bold=True), color=BLACK, ha="center", va="baseline"
        )
        if halo:
            text.set_path_effects([withStroke(linewidth=3, foreground=PAPER)])

    def box(
        self,
        at: Pair,
        extent: Pair,
        *,
        rounding: float = 0,
        fill: str = PAPER,
        edge: str = "none",
        hatch: str = "",
        width: float = 0,
    ) -> None:
        """``at``: its upper left corner; ``rounding``: of its corners. ``hatch``: the colour of strokes across it."""
        from matplotlib.patches import FancyBboxPatch

        style = f"round,pad=0,rounding_size={rounding}" if rounding else "square,pad=0"
        box = FancyBboxPatch(at, *extent, boxstyle=style, facecolor=fill, edgecolor=edge, linewidth=width)
        if hatch:
            strokes = FancyBboxPatch(at, *extent, boxstyle=style, facecolor=fill, edgecolor=hatch, linewidth=0)
            strokes.set_hatch("///")
            strokes.set_hatch_linewidth(2.4)
            self._add(strokes)
            box.set_fill(False)
        self._add(box)

    def shape(self, points: list[Pair], *, fill: str, edge: str = INK, width: float = 1) -> None:
        from matplotlib.patches import Polygon

        self._add(Polygon(points, closed=True, facecolor=fill, edgecolor=edge, linewidth=width, joinstyle="round"))

    def disc(self, at: Pair, radius: float, *, fill: str, edge: str = INK, width: float = 1) -> None:
        from matplotlib.patches import Circle

        self._add(Circle(at, radius, facecolor=fill, edgecolor=edge, linewidth=width))

    def line(self, start: Pair, end: Pair, colour: str = RULE, width: float = 1) -> None:
        from matplotlib.lines import Line2D

        between = zip(start, end, strict=True)
        self._axes.add_line(Line2D(*between, color=colour, linewidth=width, solid_capstyle="butt", zorder=0))

    def png(self, height: float) -> bytes:
        """The card down to ``height``, with no date in the file: the same drawing gives the same bytes."""
        self._figure.set_size_inches(WIDTH / POINTS, height / POINTS)
        self._axes.set_ylim(height, 0)
        file = io.BytesIO()
        self._figure.savefig(file, format="png", dpi="figure", metadata={"Software": None})
        return file.getvalue()

    def _add(self, patch: "Patch") -> None:
        self._axes.add_patch(patch)


def width_of(words: str, size: float) -> float:
    from matplotlib.textpath import TextPath

    return float(TextPath((0, 0), words, size=size, prop=_font(bold=False)).get_extents().width)


def wrapped(words: str, size: float, width: float) -> list[str]:
    """``words`` in lines no wider than ``width``, unless a word is."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _font(*, bold: bool) -> "FontProperties":
    """The one that Matplotlib brings along, and no other of that name."""
    import matplotlib
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans{'-Bold' if bold else ''}.ttf")
