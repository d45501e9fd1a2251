"""Many projects: the ratio of each with its range, and whose the value of all is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
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
_FAR = 1.5  # spans of the middle eight tenths beyond which a project is shown at the edge


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
    # All of one look at once: a thousand marks one by one would take long to draw.
    for colour, forecast in product((BLUE, VERMILION), (True, False)):
        own = [
            (place, each) for place, each in enumerate(shown)
            if (each.sroi_ratio >= threshold) is (colour == BLUE) and each.forecast is forecast
        ]  # fmt: skip
        ranged = [(place, np.clip(each.interval, low, high)) for place, each in own if each.interval is not None]
        if ranged:
            lows, highs = zip(*(ends for _, ends in ranged), strict=True)
            axes.hlines([place for place, _ in ranged], lows, highs,
                        color=colour, linewidth=1.4 if few else 0.7, zorder=1)  # fmt: skip
        inside = [(place, each.sroi_ratio) for place, each in own if low <= each.sroi_ratio <= high]
        axes.plot([ratio for _, ratio in inside], [place for place, _ in inside], marker="o", markersize=size,
                  linestyle="none", color=colour, markerfacecolor="white" if forecast else colour,
                  markeredgewidth=1.0 if few else 0.7, zorder=2)  # fmt: skip
        for place, each in own:
            if not low <= each.sroi_ratio <= high:
                beyond = each.sroi_ratio > high
                edge = high if beyond else low
                axes.plot(edge, place, marker=">" if beyond else "<", markersize=size + 1, color=colour)
                if few:  # beyond, the words would hide each other
                    ends = np.clip(each.interval or (edge, edge), low, high)  # the words stand off the whiskers too
                    at = float(ends[0] if beyond else ends[1])
                    beside(axes, wording.ratio(each.sroi_ratio), at, place, not beyond, 7.5)
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
    tenth, nine_tenths = np.quantile(ratios, (0.1, 0.9)).tolist()
    span = max(nine_tenths - tenth, 0.1 * abs(float(np.median(ratios))), 1e-9)
    low, high = tenth - _FAR * span, nine_tenths + _FAR * span
    return max(low, float(ends.min())), min(high, float(ends.max()))


def _name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Name the rows in one line each, every one, or every few where they are many; names alike get more room."""
    step = 1 if len(names) <= MOST_NAMED else math.ceil(len(names) / 45)
    size = 9.0 if step == 1 else 7.0
    for width in (20, 26, 32) if is_narrow(axes) else (32, 40, 48, 60):
        shown = [folded(name, width, 1) for name in names[::step]]
        if len(set(shown)) == len(set(names[::step])):
            break
        size = max(size - 0.7, 6.5)
    axes.set_yticks(range(0, len(names), step), shown, parse_math=False, fontsize=size)
    axes.set_ylim(max(len(names), 1) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0 if step == 1 else 3)


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
