"""Where: a map of places by class of their figure, and bars of shares where there is no map."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from sroi import wording
from sroi.formulas import Array
from sroi.plots.folding import folded
from sroi.plots.lettering import beside, keep_inside, make_room, rows, ticks
from sroi.plots.style import BLUE, GREY, INK, VERMILION, axes_or_new, is_narrow, style

# Light to dark: their brightness falls step by step, so that they can be told apart in grey.
_SHADES = ("#E3EEF8", "#A6CBE6", "#5B9BCB", "#0B4A85")
MOST_CLASSES = len(_SHADES)
_MOST_NAMED = 14
_GRID = 1500  # steps across the map: points nearer than this are drawn as one


class Area(NamedTuple):
    """One place on the map: its name, its rings of points (shape (n, 2), closed), and its figure if it has one."""

    name: str
    rings: tuple[Array, ...]
    value: float | None


def class_breaks(values: Sequence[float]) -> tuple[float, ...]:
    """Return the ends of the classes of figures from 0 up: at most four classes of about as many places, round ends.

    >>> class_breaks([100, 900, 2600, 3900, 5200, 9800, 12000, 31000])
    (100.0, 2000.0, 5000.0, 10000.0, 31000.0)
    """
    above = sorted(value for value in values if value >= 0)
    if not above:
        return ()
    inner = [_round(float(np.quantile(above, part / MOST_CLASSES))) for part in range(1, MOST_CLASSES)]
    ends = [float(above[0]), *(each for each in sorted(set(inner)) if above[0] < each < above[-1]), float(above[-1])]
    kept = [ends[0]]
    for low, high in pairwise(ends):
        last = high == ends[-1]
        if last or any(low <= value < high for value in above):
            kept.append(high)
    return tuple(kept)


def _round(value: float) -> float:
    """Return a number to one significant digit."""
    return 0.0 if value == 0 else round(value, -math.floor(math.log10(abs(value))))


def class_of(value: float, breaks: Sequence[float]) -> int:
    """Return which class a figure from 0 up is in; a figure on an inner end belongs to the class above it."""
    inner = list(breaks[1:-1])
    return int(np.searchsorted(inner, value, side="right"))


@style()
def place_map(
    areas: Sequence[Area], geographic: bool, say: Callable[[float], str], label: str, ax: Axes | None = None
) -> Axes:
    """Draw the places by class of their figure: darker is more, hatched has no figure, crossed is below nothing.

    Parameters: `geographic`, whether points are degrees (then a degree of longitude is drawn as long as it is at the
    middle of the map); `say`, how a figure is said; `label`, what it is. Places are named where there are few.
    """
    axes = axes_or_new(ax, 5.5)
    breaks = class_breaks([each.value for each in areas if each.value is not None])
    points = np.vstack([ring for each in areas for ring in each.rings])
    low, high = points.min(axis=0), points.max(axis=0)
    # A degree of longitude shrinks towards the poles; a map of one line has no height to divide by.
    stretch = 1.0 / max(math.cos(math.radians(float(low[1] + high[1]) / 2)), 0.05) if geographic else 1.0
    step = float(max(*(high - low), 1e-9)) / _GRID
    for each in areas:
        axes.add_patch(PathPatch(_path(each.rings, step), **_look(each.value, breaks), linewidth=0.6, zorder=2))
    span = np.maximum(high - low, 1e-9)
    axes.set_xlim(low[0] - 0.03 * span[0], high[0] + 0.03 * span[0])
    axes.set_ylim(low[1] - 0.03 * span[1], high[1] + 0.03 * span[1])
    axes.set_aspect(stretch)
    axes.set_axis_off()
    named = [each for each in areas if each.value is not None]
    if len(named) <= (6 if is_narrow(axes) else _MOST_NAMED):
        for each in named:
            _name(axes, each, say)
    handles = _key(areas, breaks, say)
    axes.legend(handles=handles, title=folded(label, 44 if is_narrow(axes) else 90, 2), frameon=False, fontsize=8.5,
                title_fontsize=9, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=1 if is_narrow(axes) else 3,
                handlelength=2.2, handleheight=1.2)  # fmt: skip
    return axes


def _look(value: float | None, breaks: Sequence[float]) -> dict[str, Any]:
    if value is None:
        return {"facecolor": "white", "edgecolor": GREY, "hatch": "////"}
    if value < 0:
        return {"facecolor": "white", "edgecolor": VERMILION, "hatch": "xxxx"}
    return {"facecolor": _SHADES[_shade(class_of(value, breaks), breaks)], "edgecolor": INK}


def _shade(which: int, breaks: Sequence[float]) -> int:
    """Return the shade of a class: of few classes, shades that lie far apart."""
    classes = max(len(breaks) - 1, 1)
    return MOST_CLASSES - 2 if classes == 1 else round(which * (MOST_CLASSES - 1) / (classes - 1))


def _path(rings: Sequence[Array], step: float) -> Path:
    vertices, codes = [], []
    for ring in rings:
        thin = _thinned(ring, step)
        vertices.append(thin)
        codes += [Path.MOVETO, *([Path.LINETO] * (len(thin) - 2)), Path.CLOSEPOLY]
    return Path(np.vstack(vertices), codes)


def _thinned(ring: Array, step: float) -> Array:
    """Return a ring without the points that would be drawn where the one before them is; at least a triangle."""
    if len(ring) <= 8:
        return ring
    cells = np.floor(ring / step)
    kept = np.ones(len(ring), dtype=bool)
    kept[1:-1] = (cells[1:-1] != cells[:-2]).any(axis=1)
    return ring[kept] if kept.sum() >= 4 else ring[:: max(len(ring) // 4, 1)][:4]


def _name(axes: Axes, each: Area, say: Callable[[float], str]) -> None:
    if each.value is None:
        return
    largest = max(each.rings, key=lambda ring: float(np.prod(ring.max(axis=0) - ring.min(axis=0))))
    x, y = (largest.min(axis=0) + largest.max(axis=0)) / 2
    axes.text(float(x), float(y), f"{folded(each.name, 18, 2)}\n{say(each.value)}", ha="center", va="center",
              fontsize=7.5, color=INK, parse_math=False, zorder=4,
              bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.2})  # fmt: skip


def _key(areas: Sequence[Area], breaks: Sequence[float], say: Callable[[float], str]) -> list[Patch]:
    handles = []
    for which, (low, high) in enumerate(pairwise(breaks)):
        last = which == len(breaks) - 2
        words = say(low) if low == high else f"{say(low)} to {'' if last else 'under '}{say(high)}"
        handles.append(Patch(facecolor=_SHADES[_shade(which, breaks)], edgecolor=INK, label=words))
    if any(each.value is not None and each.value < 0 for each in areas):
        handles.append(Patch(label="below nothing", **_look(-1.0, breaks)))
    if any(each.value is None for each in areas):
        handles.append(Patch(label="no data", **_look(None, breaks)))
    return handles


def place_map_height(areas: Sequence[Area], geographic: bool, width: float) -> float:
    """Return the height [inches] that a map of these places wants at a width, with its key."""
    points = np.vstack([ring for each in areas for ring in each.rings])
    low, high = points.min(axis=0), points.max(axis=0)
    across, up = (float(part) for part in np.maximum(high - low, 1e-9))
    if geographic:
        across *= max(math.cos(math.radians(float(low[1] + high[1]) / 2)), 0.05)
    key = 1.7 if width < 5 else 0.9
    return key + min(max(width * up / across, 0.45 * width), 1.25 * width)


@style()
def share_by_name(shares: Sequence[tuple[str, float]], label: str, ax: Axes | None = None) -> Axes:
    """Draw shares (0-1) by name as bars, the first on top."""
    axes = axes_or_new(ax, 1.2 + 0.42 * len(shares))
    for place, (_, share) in enumerate(shares):
        axes.barh(place, share, color=BLUE, height=0.62)
        beside(axes, wording.per_cent(share), share, place)
    rows(axes, [name for name, _ in shares])
    axes.set_xlim(0.0, max(0.05, *(share for _, share in shares)))
    axes.xaxis.set_major_formatter(lambda value, _: wording.per_cent(value, 0))
    axes.locator_params(axis="x", nbins=ticks(axes))
    axes.set_xlabel(label, parse_math=False)
    make_room(axes)
    keep_inside(axes)
    return axes
