"""What if two numbers were different at once: a grid of ratios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Patch, Rectangle

from sroi import wording
from sroi.formulas import Array
from sroi.plots.folding import folded
from sroi.plots.lettering import keep_inside, key_above, line_sample, ratio_words
from sroi.plots.style import INK, VERMILION, axes_or_new, is_narrow, lay_out, style

# From near the threshold to far from it; ink on any of them keeps a contrast of 7 : 1.
_ABOVE, _BELOW = ("#F3F8FC", "#A5CFEA"), ("#FDF3EC", "#F6C9A8")


class Scale(NamedTuple):
    """One axis of a two-way grid: which number, its field (for its unit), the values tried, and the map's own."""

    label: str
    field: str
    values: Sequence[float]
    base: float


@style()
def heat_map(
    across: Scale,
    up: Scale,
    ratios: Sequence[Sequence[float]] | Array,
    currency: str,
    ax: Axes | None = None,
    threshold: float = 1.0,
) -> Axes:
    """Draw the ratio for two numbers moved together, `ratios[row of up, column of across]`; NaN where there is none.

    Cells below the threshold are hatched, with a thick line between them and the others; the base case has a frame.
    """
    grid = np.asarray(ratios, float)
    axes = axes_or_new(ax, 1.5 + 0.42 * len(grid))
    below = grid < threshold
    shades = _shades(grid, threshold)
    for (row, column), shade in np.ndenumerate(shades):
        hatch, line = ("////", VERMILION) if below[row, column] else (None, shade)
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=shade, linewidth=0,
                                 edgecolor=line, hatch=hatch))  # fmt: skip
    axes.set_xlim(-0.5, grid.shape[1] - 0.5)
    axes.set_ylim(-0.5, grid.shape[0] - 0.5)
    _line_between(axes, below)
    key_above(axes, [_key_to_threshold(below, threshold), _mark_base(axes, across, up)], 2)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(folded(across.label, 44 if is_narrow(axes) else 80, 2), parse_math=False)
    inches = float(axes.figure.bbox.height) / float(axes.figure.dpi)
    axes.set_ylabel(folded(up.label, min(34, int(11 * inches)), 2), parse_math=False)
    _write_scales(axes, across, up, currency)
    _write_ratios(axes, grid, shades, across, up)
    keep_inside(axes)
    return axes


def _write_scales(axes: Axes, across: Scale, up: Scale, currency: str) -> None:
    """Write the values tried with their units, those of the base case bold; across, as many as there is room for."""
    said = [wording.number_words(value, up.field, currency) for value in up.values]
    axes.set_yticks(range(len(said)), said, fontsize=8.5, parse_math=False)
    width, height = _cell(axes, len(across.values), len(up.values))
    if height < 10:
        places = range(_nearest(up) % 2, len(said), 2)
        axes.set_yticks(places, [said[place] for place in places], fontsize=8.5, parse_math=False)
    said = [wording.number_words(value, across.field, currency) for value in across.values]
    every = _every(max(len(words) for words in said) + 1, 8.5, width)
    places = range(_nearest(across) % every, len(said), every)
    axes.set_xticks(places, [said[place] for place in places], fontsize=8.5, parse_math=False)
    for labels, scale in ((axes.get_yticklabels(), up), (axes.get_xticklabels(), across)):
        if scale.values[_nearest(scale)] == scale.base:
            bold = wording.number_words(scale.base, scale.field, currency)
            next(label for label in labels if label.get_text() == bold).set_fontweight("bold")


def _write_ratios(axes: Axes, grid: Array, shades: np.ndarray[Any, np.dtype[Any]], across: Scale, up: Scale) -> None:
    """Write the ratios into their cells, that of the base case's cell and as many others as there is room for."""
    column, row = _nearest(across), _nearest(up)
    words = [["–" if math.isnan(ratio) else wording.ratio(ratio) for ratio in line] for line in grid]
    width, height = _cell(axes, grid.shape[1], grid.shape[0])
    wide = _every(max(len(each) for line in words for each in line) + 0.6, 8, width)
    tall = _every(2, 8, height)
    for r, line in enumerate(words):
        for c, text in enumerate(line):
            marked = (c, r) == (column, row) and not _on_grid(across, up)
            if (c - column) % wide == 0 and (r - row) % tall == 0 and not marked:
                axes.text(c, r, text, ha="center", va="center", fontsize=8, zorder=3,
                          bbox={"facecolor": shades[r, c], "edgecolor": "none", "pad": 0.8})  # fmt: skip


def _cell(axes: Axes, columns: int, rows: int) -> tuple[float, float]:
    """Return the width and height of a cell [points]."""
    lay_out(axes)
    frame, dots = axes.get_window_extent(), float(axes.figure.dpi) / 72
    return float(frame.width) / columns / dots, float(frame.height) / rows / dots


def _every(letters: float, size: float, room: float) -> int:
    """Return of how many neighbours one can be written, in letters of a size [points] and room for each [points]."""
    return max(int(np.ceil(letters * 0.62 * size / room)), 1)


def _shades(grid: Array, threshold: float) -> np.ndarray[Any, np.dtype[Any]]:
    """Return each cell's colour, stronger the further its ratio is from the threshold; white where there is none."""
    known = grid[~np.isnan(grid)]
    furthest = float(np.abs(known - threshold).max()) if known.size else 0.0

    def shade(ratio: float) -> str:
        if np.isnan(ratio):
            return "#FFFFFF"
        near, far = (np.array(to_rgb(end)) for end in (_BELOW if ratio < threshold else _ABOVE))
        return to_hex(near + (far - near) * (abs(ratio - threshold) / furthest if furthest else 0.0))

    return np.array([[shade(ratio) for ratio in row] for row in grid], dtype=object)


def _line_between(axes: Axes, below: np.ndarray[Any, np.dtype[np.bool_]]) -> None:
    """Draw a thick line wherever a cell below the threshold meets one that is not."""
    look: dict[str, Any] = {"color": INK, "linewidth": 2, "solid_capstyle": "projecting", "zorder": 2.5}
    for row, column in zip(*np.nonzero(below[:, 1:] != below[:, :-1]), strict=True):
        axes.plot([column + 0.5] * 2, [row - 0.5, row + 0.5], **look)
    for row, column in zip(*np.nonzero(below[1:] != below[:-1]), strict=True):
        axes.plot([column - 0.5, column + 0.5], [row + 0.5] * 2, **look)


def _key_to_threshold(below: np.ndarray[Any, np.dtype[np.bool_]], threshold: float) -> Patch:
    if below.any():
        return Patch(
            facecolor=_BELOW[0], edgecolor=VERMILION, hatch="////", label=f"ratio below {ratio_words(threshold)}"
        )
    return Patch(facecolor=_ABOVE[1], edgecolor=INK, linewidth=0.6, label=f"no ratio below {ratio_words(threshold)}")


def _nearest(scale: Scale) -> int:
    return int(np.argmin(np.abs(np.asarray(scale.values, float) - scale.base)))


def _on_grid(across: Scale, up: Scale) -> bool:
    return all(scale.values[_nearest(scale)] == scale.base for scale in (across, up))


def _mark_base(axes: Axes, across: Scale, up: Scale) -> Any:
    """Frame the cell of the base case, or mark its place between cells; return its sample for the key."""
    column, row = _nearest(across), _nearest(up)
    if _on_grid(across, up):
        axes.add_patch(Rectangle((column - 0.44, row - 0.42), 0.88, 0.84, fill=False, edgecolor=INK, linewidth=1.4,
                                 zorder=4))  # fmt: skip
        return Patch(fill=False, edgecolor=INK, linewidth=1.4, label="base case")
    x, y = (np.interp(scale.base, scale.values, range(len(scale.values))) for scale in (across, up))
    look: dict[str, Any] = {
        "color": INK,
        "marker": "D",
        "markersize": 6,
        "markeredgecolor": "white",
        "linestyle": "none",
    }
    axes.plot(x, y, zorder=5.0, **look)
    return line_sample("base case", **look)
