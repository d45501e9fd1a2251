"""What if: one number at a time as a tornado, several as a spider."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator

from sroi import wording
from sroi.formulas import Array
from sroi.plots.folding import folded, shortened
from sroi.plots.lettering import (
    apart,
    beside,
    keep_inside,
    key_above,
    line_sample,
    make_room,
    names_above,
    ratio_axis,
    ratio_words,
    reach_to,
    sample,
)
from sroi.plots.style import BLUE, GREY, INK, VERMILION, WIDE, axes_or_new, is_narrow, lay_out, rows_height, style
from sroi.sensitivity import Variation


@style()
def tornado(
    variations: Sequence[Variation],
    base: float,
    currency: str,
    ax: Axes | None = None,
    most: int = 12,
    threshold: float = 1.0,
) -> Axes:
    """Draw one-way variation, widest first: the ratio at both ends of each number, base case and threshold as lines."""
    shown = list(variations[:most])
    axes = axes_or_new(ax, rows_height(len(shown), WIDE))
    for place, each in enumerate(shown):
        low_right = each.ratio_low > base or (each.ratio_low == base and each.ratio_high < base)
        ends = [(each.low, each.ratio_low, VERMILION, "///", low_right),
                (each.high, each.ratio_high, BLUE, None, not low_right)]  # fmt: skip
        # Where both ends lie on one side, the longer bar is drawn first and the shorter has its words across the line.
        ends.sort(key=lambda end: -abs(end[1] - base))
        outer = ends[0][1] > base
        for rank, (value, ratio, colour, hatch, right) in enumerate(ends):
            words = wording.number_words(value, each.field, currency)
            if math.isnan(ratio):
                beside(axes, f"{words}: no ratio", base, place + 0.2, right, 8)
                continue
            axes.barh(place + 0.2, ratio - base, left=base, color=colour, height=0.42, hatch=hatch,
                      edgecolor="white", linewidth=0.5)  # fmt: skip
            if not is_narrow(axes):
                words = f"{words} → {wording.ratio(ratio)}"
            same_side = rank == 1 and (ratio - base) * (ends[0][1] - base) >= 0 and ends[0][1] != base
            side = (not outer) if same_side else right
            beside(axes, words, base if same_side else ratio, place + 0.2, side, 8)
    names_above(axes, [
        f"{shortened(each.label, 84)} (base {wording.number_words(each.base, each.field, currency)})" for each in shown
    ])  # fmt: skip
    low, high, near = reach_to(*axes.get_xlim(), threshold)
    axes.set_xlim(low, high)
    axes.axvline(base, color=INK, linewidth=1.2)
    handles = [
        sample(VERMILION, "at the low number", "///"),
        sample(BLUE, "at the high number"),
        line_sample(f"base case {wording.ratio(base)}", color=INK, linewidth=1.2),
    ]
    far = ""
    if near:
        axes.axvline(threshold, color=GREY, linewidth=1.2, linestyle="--")
        handles.append(line_sample(f"threshold {ratio_words(threshold)}", color=GREY, linewidth=1.2, linestyle="--"))
    else:
        far = f"; {far_words(threshold, base)}"
    key_above(axes, handles, 2 if is_narrow(axes) else 4)
    ratio_axis(axes, f"SROI ratio{far}")
    make_room(axes)
    return axes


def far_words(threshold: float, base: float) -> str:
    """Return where a threshold lies that would squeeze a figure if it were drawn."""
    return f"the threshold {ratio_words(threshold)} lies far to the {'left' if threshold < base else 'right'}"


_NAMES_FROM = 1.2  # where the names of lines begin, on an axis from -1 to 1

# Colour, dash and mark all differ, so that each alone tells the lines apart.
_LINES = (
    (BLUE, "-", "o"), (VERMILION, "--", "s"), (INK, "-.", "^"), (BLUE, ":", "D"), (VERMILION, "-", "v"),
    (GREY, "--", "P"), (INK, "-", "X"), (BLUE, "-.", "<"), (VERMILION, ":", ">"), (GREY, "-", "*"),
)  # fmt: skip


@style()
def spider(
    lines: Sequence[tuple[str, Sequence[float] | Array, Sequence[float] | Array]],
    base: float,
    ax: Axes | None = None,
    threshold: float = 1.0,
    most: int = 6,
) -> Axes:
    """Draw the ratio as each number moves alone over its own range; the name of each stands at the end of its line.

    `lines`: label, positions -1 (low end) .. +1 (high end) with the base case at 0, and the ratio at each; most
    influential first. At most ten are drawn.
    """
    axes = axes_or_new(ax)
    shown = list(lines[: min(most, len(_LINES))])
    ends = []
    for (label, positions, ratios), (colour, dash, mark) in zip(shown, _LINES, strict=False):
        x, y = np.asarray(positions, float), np.asarray(ratios, float)
        every = max((len(x) - 1) // 4, 1)
        axes.plot(x, y, color=colour, linestyle=dash, marker=mark, markersize=5, linewidth=1.6, markevery=every)
        drawn = np.flatnonzero(~np.isnan(y))
        if len(drawn):
            ends.append((label, float(x[drawn[-1]]), float(y[drawn[-1]]), colour))
    low, high, near = reach_to(*axes.get_ylim(), threshold)
    axes.set_ylim(low, high)
    axes.plot([-1.06, 1.06], [base, base], color=INK, linewidth=1.0, zorder=1)
    handles = [line_sample(f"base case {wording.ratio(base)}", color=INK, linewidth=1.0)]
    if near:
        axes.plot([-1.06, 1.06], [threshold] * 2, color=GREY, linewidth=1.2, linestyle=(0, (6, 4)), zorder=1)
        words = f"threshold {ratio_words(threshold)}"
        handles.append(line_sample(words, color=GREY, linewidth=1.2, linestyle=(0, (6, 4))))
    key_above(axes, handles, 2)
    axes.xaxis.set_major_locator(FixedLocator([-1, 0, 1]))
    axes.set_xticks([-1, 0, 1], ["low end", "base", "high end"])
    axes.spines["bottom"].set_bounds(-1, 1)
    axes.set_ylabel("SROI ratio")
    side = "below" if threshold < base else "above"
    far = "" if near else f"; the threshold {ratio_words(threshold)} lies far {side}"
    axes.set_xlabel(f"Each number moved alone over its range{far}")
    axes.set_xlim(-1.06, 1.06)
    keep_inside(axes)
    _name_ends(axes, ends)
    return axes


def _name_ends(axes: Axes, ends: Sequence[tuple[str, float, float, str]]) -> None:
    """Write each line's name to the right of its end, moved up or down where two would overlap."""
    width, lines, size = (22, 4, 7.5) if is_narrow(axes) else (36, 3, 8)
    names = [
        axes.text(_NAMES_FROM, y, folded(label, width, lines), va="center", fontsize=size, in_layout=False)
        for label, _, y, _ in ends
    ]
    if not names:
        return
    lay_out(axes)
    frame, boxes = axes.get_window_extent(), [name.get_window_extent() for name in names]
    low, high = axes.get_ylim()
    heights = [(box.height + 3) * (high - low) / frame.height for box in boxes]
    places = apart([y for _, _, y, _ in ends], heights, low, high)
    for name, place, (_, x, y, colour) in zip(names, places, ends, strict=True):
        name.set_y(place)
        axes.plot([x + 0.03, _NAMES_FROM - 0.1, _NAMES_FROM - 0.03], [y, place, place], color=colour, linewidth=0.7)
    share = min((max(box.width for box in boxes) + 4) / frame.width, 0.65)
    left = -1.06
    axes.set_xlim(left, _NAMES_FROM + (_NAMES_FROM - left) * share / (1 - share))
    axes.set_ylim(low, high)
