"""A sheet of marks: words, boxes and bands placed in points from the top left corner, drawn as they stand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon
from matplotlib.path import Path

from sroi.plots.fitting import width_of
from sroi.plots.style import BLUE, GREY, INK, VERMILION, lay_out

SIZE, SMALL = 8.0, 7.5  # letters [points]; a screen draws 7.6 much wider than paper does
PITCH = 1.22  # from line to line, in sizes of the letters
PAD = 4.0  # between a box and its words
THIN = 0.9  # the thinnest band that shows
FRAME = 6.01  # what a figure leaves free around a plot, both sides together

Point = tuple[float, float]

# How each kind of thing looks: colour, face, line width of its box, dashes. Each pair differs in more than colour.
KINDS: dict[str, tuple[str, str, float, str]] = {
    "gain": (BLUE, "#E6F1F9", 1.2, "-"),
    "loss": (VERMILION, "#FDF0E7", 1.2, "--"),
    "told": (INK, "#FFFFFF", 1.5, "-"),
    "uncounted": (GREY, "#F1F1F1", 1.0, ":"),
    "put in": (GREY, "#FFFFFF", 1.0, "-"),
    "done": (INK, "#F1F1F1", 1.0, "-"),
}


@dataclass(frozen=True)
class Words:
    """Lines of words: x is their left end, middle or right end (`side`), y the top of the first line."""

    lines: tuple[str, ...]
    x: float
    y: float
    size: float = SIZE
    bold: bool = False
    side: str = "left"
    colour: str = INK

    @property
    def height(self) -> float:
        """From the top of the first line to the foot of the last [points]."""
        return len(self.lines) * PITCH * self.size


@dataclass(frozen=True)
class Box:
    """A box of a kind, from its top left corner."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True)
class Band:
    """A band of a kind along a path of curves (a start, then three points for each curve), so many points thick."""

    path: tuple[Point, ...]
    thickness: float
    kind: str
    arrow: bool = False


@dataclass(frozen=True)
class Ribbon:
    """A filled band of a kind from left to right, as high at every place as at its ends [points]."""

    start: Point
    end: Point
    thickness: float
    kind: str


Mark = Words | Box | Band | Ribbon


@dataclass(frozen=True)
class Sheet:
    """Marks on a sheet of this width and height [points]."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def across(x: float, y: float, end_x: float, end_y: float) -> tuple[Point, ...]:
    """Return the path of a band from left to right, level at both ends."""
    middle = (x + end_x) / 2
    return ((x, y), (middle, y), (middle, end_y), (end_x, end_y))


def around(x: float, y: float, end_y: float, lane: float, radius: float = 7.0) -> tuple[Point, ...]:
    """Return the path of a band that leaves a box to the left, goes up or down at `lane`, and comes back."""
    turn = math.copysign(min(radius, abs(end_y - y) / 2, x - lane), end_y - y)
    bend = abs(turn)
    straight = ((lane + bend, y), (lane + bend, y), (lane + bend, y))
    down = ((lane, y), (lane, y), (lane, y + turn))
    side = ((lane, y + turn), (lane, end_y - turn), (lane, end_y - turn))
    out = ((lane, end_y), (lane, end_y), (lane + bend, end_y))
    home = ((lane + bend, end_y), (lane + bend, end_y), (x, end_y))
    return ((x, y), *straight, *down, *side, *out, *home)


def moved(marks: Sequence[Mark], right: float, down: float) -> list[Mark]:
    """Return marks moved to the right and down [points]."""

    def there(point: Point) -> Point:
        return point[0] + right, point[1] + down

    def moved_one(mark: Mark) -> Mark:
        if isinstance(mark, Band):
            return replace(mark, path=tuple(map(there, mark.path)))
        if isinstance(mark, Ribbon):
            return replace(mark, start=there(mark.start), end=there(mark.end))
        return replace(mark, x=mark.x + right, y=mark.y + down)

    return [moved_one(mark) for mark in marks]


def key(entries: Sequence[tuple[str, str, float]], width: float) -> tuple[list[Mark], float]:
    """Return a key's marks and its height: entries of kind, words and thickness; 0 shows a box, more a band."""
    marks: list[Mark] = []
    x, y, line = 0.0, 0.0, PITCH * SMALL + 3
    for kind, words, thickness in entries:
        room = 20 + width_of(words, SMALL) + 12
        if x and x + room - 12 > width:
            x, y = 0.0, y + line
        middle = y + line / 2
        if thickness:
            marks.append(Band(across(x, middle, x + 16, middle), thickness, kind))
        else:
            marks.append(Box(x + 1, middle - 4, 14, 8, kind))
        marks.append(Words((words,), x + 20, middle - PITCH * SMALL / 2, SMALL))
        x += room
    return marks, (y + line if entries else 0.0)


def room_of(axes: Axes) -> tuple[float, float]:
    """Return the width and height of the plot [points]."""
    for side in (axes.xaxis, axes.yaxis):
        side.set_visible(False)
    axes.spines[:].set_visible(False)
    lay_out(axes)
    frame, dots = axes.get_window_extent(), float(axes.figure.dpi) / 72
    return _halves(float(frame.width) / dots), float(frame.height) / dots


def room_on(width: float) -> float:
    """Return the width [points] that a plot alone on a figure of this width [inches] will have."""
    return _halves(72 * width - FRAME)


def _halves(points: float) -> float:
    """Return a width in whole half points, so that what was planned and what is there fold words alike."""
    return math.floor(2 * points) / 2


def draw(axes: Axes, sheet: Sheet, scale: float = 1.0) -> Axes:
    """Draw a sheet on axes, its letters and lines at a scale; the first marks lie lowest."""
    axes.set_xlim(0, sheet.width)
    axes.set_ylim(sheet.height, 0)
    for mark in sheet.marks:
        if isinstance(mark, Box):
            colour, face, line, dashes = KINDS[mark.kind]
            axes.add_patch(FancyBboxPatch(
                (mark.x, mark.y), mark.width, mark.height, boxstyle="round,pad=0,rounding_size=2.5", facecolor=face,
                edgecolor=colour, linewidth=line * scale, linestyle=dashes, zorder=3,
            ))  # fmt: skip
        elif isinstance(mark, Band):
            _draw_band(axes, mark, scale)
        elif isinstance(mark, Ribbon):
            _draw_ribbon(axes, mark, scale)
        else:
            _draw_words(axes, mark, scale)
    return axes


def _draw_words(axes: Axes, words: Words, scale: float) -> None:
    """Draw each line on its own, for lines of another script would stand further apart."""
    for place, line in enumerate(words.lines):
        axes.text(words.x, words.y + (place + 0.5) * PITCH * words.size + 0.33 * words.size, line,
                  fontsize=words.size * scale, fontweight="bold" if words.bold else "normal", color=words.colour,
                  ha=words.side, va="baseline", zorder=5, in_layout=False, parse_math=False)  # fmt: skip


def _draw_band(axes: Axes, band: Band, scale: float) -> None:
    colour, _, _, dashes = KINDS[band.kind]
    thickness = max(band.thickness, THIN) * scale
    # A loss is cut across, a thing that does not count is dotted: short at any thickness.
    pattern: str | tuple[float, tuple[float, float]] = "-"
    if dashes != "-":
        on, off = (3.2, 1.4) if dashes == "--" else (1.2, 1.6)
        pattern = (0, (on * scale / thickness, off * scale / thickness))
    path = list(band.path)
    if band.arrow:
        (x, y), reach = path[-1], 3.6 + 0.35 * band.thickness
        half = 2.2 + 0.55 * band.thickness
        axes.add_patch(Polygon([(x, y), (x - reach, y - half), (x - reach, y + half)], closed=True, facecolor=colour,
                               linewidth=0, zorder=2.6))  # fmt: skip
        path[-1] = (x - reach + 0.5, y)
    codes = [Path.MOVETO, *[Path.CURVE4] * (len(path) - 1)]
    for edge in ("white", colour):
        axes.add_patch(PathPatch(
            Path(path, codes), facecolor="none", edgecolor=edge, capstyle="butt",
            linewidth=thickness + (1.0 * scale if edge == "white" else 0.0),
            linestyle="-" if edge == "white" else pattern, zorder=2.2,
        ))  # fmt: skip


def _draw_ribbon(axes: Axes, ribbon: Ribbon, scale: float) -> None:
    # Where it climbs, a ribbon of one height grows thin: a line of one thickness does not.
    if ribbon.thickness < 8:
        _draw_band(axes, Band(across(*ribbon.start, *ribbon.end), ribbon.thickness, ribbon.kind), scale)
        return
    (x, y), (end_x, end_y), half = ribbon.start, ribbon.end, ribbon.thickness / 2
    there, back = across(x, y - half, end_x, end_y - half), across(end_x, end_y + half, x, y + half)
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3]
    axes.add_patch(PathPatch(
        Path([*there, *back], codes), facecolor=KINDS[ribbon.kind][0], edgecolor="white", linewidth=0.6 * scale,
        hatch="///" if ribbon.kind == "loss" else None, zorder=2.2,
    ))  # fmt: skip
