"""Many projects: the ratio of each with its range, and whose the value of all is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from sroi import wording
from sroi.plots.folding import folded
from sroi.plots.lettering import (
    beside,
    keep_inside,
    key_above,
    line_sample,
    make_room,
    money_axis,
    ratio_axis,
    ratio_words,
    reach_to,
    rows,
    zero_line,
)
from sroi.plots.style import BLUE, GREY, INK, VERMILION, axes_or_new, is_narrow, style

# Up to so many projects each has a row with its name; beyond, rows are thin and every few are named.
MOST_NAMED = 50
_TALLEST = 11.0  # inches
_FAR = 3.0  # spans of the middle nine tenths beyond which a project is shown at the edge


class ProjectRatio(NamedTuple):
    """One project's ratio, its central 90 % (None for a point) and whether it is a forecast."""

    name: str
    sroi_ratio: float
    interval: tuple[float, float] | None
    forecast: bool


def projects_height(count: int, width: float) -> float:
    """Return the height [inches] that so many projects need."""
    if count <= MOST_NAMED:
        return 1.4 + 0.3 * max(count, 1) * (1.25 if width < 5 else 1.0)
    return min(_TALLEST, max(7.0, 1.4 + 0.05 * count))


@style()
def project_ratios(ratios: Sequence[ProjectRatio], ax: Axes | None = None, threshold: float = 1.0) -> Axes:
    """Draw the ratio of each project as a dot with its range as whiskers, the first on top, in the order given.

    A project far from all others stands at the edge as an arrow with its ratio, so that the rest can be told apart.
    """
    shown = [each for each in ratios if not math.isnan(each.sroi_ratio)]
    axes = axes_or_new(ax, projects_height(len(shown), 7.2))
    few = len(shown) <= MOST_NAMED
    low, high = _reach(shown)
    size = 5.0 if few else max(1.6, 4.5 - len(shown) / 150)
    for place, each in enumerate(shown):
        colour = BLUE if each.sroi_ratio >= threshold else VERMILION
        if each.interval is not None:
            ends = np.clip(each.interval, low, high)
            axes.plot(ends, [place, place], color=colour, linewidth=1.4 if few else 0.7, solid_capstyle="butt")
        if low <= each.sroi_ratio <= high:
            face = "white" if each.forecast else colour
            axes.plot(each.sroi_ratio, place, marker="o", markersize=size, color=colour, linestyle="none",
                      markerfacecolor=face, markeredgewidth=1.0 if few else 0.7)  # fmt: skip
        else:
            beyond = each.sroi_ratio > high
            axes.plot(high if beyond else low, place, marker=">" if beyond else "<", markersize=size + 1, color=colour)
            beside(axes, wording.ratio(each.sroi_ratio), high if beyond else low, place, not beyond, 7.5)
    _name_rows(axes, [each.name for each in shown])
    first, last, near = reach_to(low, high, threshold)
    pad = 0.03 * (last - first or 1.0)
    axes.set_xlim(first - pad, last + pad)
    handles = _key(shown, threshold if near else None)
    if near:
        axes.axvline(threshold, color=GREY, linewidth=1.2, linestyle="--", zorder=0)
    key_above(axes, handles, 1 if is_narrow(axes) else 2)
    ratio_axis(axes, "SROI ratio")
    keep_inside(axes)
    return axes


def _reach(shown: Sequence[ProjectRatio]) -> tuple[float, float]:
    """Return the ends of the axis: all of it, unless a few projects would squeeze the others."""
    ratios = np.array([each.sroi_ratio for each in shown]) if shown else np.zeros(1)
    ends = np.array([end for each in shown for end in (each.interval or (each.sroi_ratio,) * 2)] or [0.0, 1.0])
    ends = ends[np.isfinite(ends)] if np.isfinite(ends).any() else np.array([0.0, 1.0])
    if len(shown) < 5:
        return float(ends.min()), float(ends.max())
    five, ninety_five = np.quantile(ratios, (0.1, 0.9))
    span = max(float(ninety_five - five), 0.1 * abs(float(np.median(ratios))), 1e-9)
    low, high = float(five) - _FAR * span, float(ninety_five) + _FAR * span
    return max(low, float(ends.min())), min(high, float(ends.max()))


def _name_rows(axes: Axes, names: Sequence[str]) -> None:
    if len(names) <= MOST_NAMED:
        rows(axes, names)
        return
    step = math.ceil(len(names) / 45)
    width = 18 if is_narrow(axes) else 28
    axes.set_yticks(range(0, len(names), step), [folded(name, width, 1) for name in names[::step]], parse_math=False,
                    fontsize=7)  # fmt: skip
    axes.set_ylim(len(names) - 0.2, -0.8)


def _key(shown: Sequence[ProjectRatio], threshold: float | None) -> list[object]:
    handles: list[object] = []
    for forecast, words in ((True, "forecast"), (False, "evaluation")):
        if any(each.forecast is forecast for each in shown):
            face = "white" if forecast else INK
            handles.append(line_sample(words, color=INK, marker="o", linestyle="none", markerfacecolor=face))
    if any(each.interval is not None for each in shown):
        handles.append(line_sample("central 90 %, from the stated ranges", color=INK, linewidth=1.4))
    if threshold is not None:
        words = f"threshold {ratio_words(threshold)}"
        handles.append(line_sample(words, color=GREY, linewidth=1.2, linestyle="--"))
    return handles


@style()
def value_by_name(values: Sequence[tuple[str, float]], currency: str, label: str, ax: Axes | None = None) -> Axes:
    """Draw sums of value by name as bars, the first on top; a loss goes left, in another colour and hatched."""
    axes = axes_or_new(ax, 1.2 + 0.42 * len(values))
    for place, (_, amount) in enumerate(values):
        loss = amount < 0
        axes.barh(place, amount, color=VERMILION if loss else BLUE, height=0.62, hatch="///" if loss else None,
                  edgecolor="white", linewidth=0.5)  # fmt: skip
        beside(axes, wording.money(amount, currency), max(amount, 0.0), place)
    rows(axes, [name for name, _ in values])
    zero_line(axes)
    money_axis(axes, currency, label)
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, 0.0), max(high, 0.0))
    make_room(axes)
    return axes
