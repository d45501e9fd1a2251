"""How sure: the distribution of the ratio, and the chance of passing a threshold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from sroi import wording
from sroi.plots.folding import paragraph
from sroi.plots.lettering import MOVABLE, apart, keep_inside, key_above, line_sample, ratio_axis, ratio_words, reach_to
from sroi.plots.spread import Bars, Spread, bars_of, is_few, view
from sroi.plots.style import BLUE, INK, VERMILION, axes_or_new, is_narrow, style


@style()
def distribution(
    spread: Spread, ax: Axes | None = None, threshold: float = 1.0, basis: str = "from the stated ranges"
) -> Axes:
    """Draw how likely each ratio is: 90 % range, base case, mean, median, and the chance above the threshold.

    `basis` says what the range rests on.
    """
    axes = axes_or_new(ax)
    low, high, median = spread.quantile(0.05), spread.quantile(0.95), spread.quantile(0.5)
    bars = bars_of(spread, 24 if is_narrow(axes) else 44)
    top = max(bars.chance)
    _draw_bars(axes, bars, low, high)
    first, last = view(spread)
    left_end, right_end, near = reach_to(min(first, spread.base), max(last, spread.base), threshold)
    margin = 0.03 * (right_end - left_end)
    axes.set_xlim(left_end - margin, right_end + margin)
    axes.set_ylim(0, 1.55 * top)
    axes.plot([spread.base] * 2, [0, 1.08 * top], color="white", linewidth=3.4, zorder=3)
    axes.plot([spread.base] * 2, [0, 1.08 * top], color=INK, linewidth=1.4, zorder=3)
    level = 1.14 * top
    axes.plot([low, high], [level, level], color=INK, linewidth=1.3, marker="|", markersize=9, zorder=4)
    marks = (("D", "white", median, "median"), ("o", INK, spread.mean, "mean"))
    for mark, face, ratio, _ in marks:
        axes.plot(ratio, level, marker=mark, markersize=6, markerfacecolor=face, markeredgecolor=INK, zorder=5)
    words = f"90 %: {wording.ratio(low)} to {wording.ratio(high)}, range {basis}"
    axes.annotate(
        paragraph(words, 26) if is_narrow(axes) else words, ((low + high) / 2, level), xytext=(0, 7),
        textcoords="offset points", ha="center", va="bottom", fontsize=9, in_layout=False, label=MOVABLE, zorder=5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
    )  # fmt: skip
    _say_chance(axes, spread, threshold, near, top)
    key_above(axes, [
        line_sample(f"base case {wording.ratio(spread.base)}", color=INK, linewidth=1.4),
        *(line_sample(f"{name} {wording.ratio(ratio)}", linestyle="none", marker=mark, markersize=6,
                      markerfacecolor=face, markeredgecolor=INK) for mark, face, ratio, name in marks),
    ], 3 if not is_narrow(axes) else 2)  # fmt: skip
    ratio_axis(axes, f"SROI ratio; {bars.words}")
    axes.set_ylabel("Chance")
    heights = MaxNLocator(nbins=4, steps=[1, 2, 5, 10]).tick_values(0.0, top)
    axes.yaxis.set_major_locator(FixedLocator([height for height in heights if height <= top]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: wording.per_cent(share)))
    keep_inside(axes)
    return axes


def _say_chance(axes: Axes, spread: Spread, threshold: float, near: bool, top: float) -> None:
    """Draw the threshold, and write the chance of passing it at the top of its line."""
    words = f"chance above {ratio_words(threshold)}: {wording.chance_words(spread.chance_above(threshold))}"
    if not near:
        left = threshold < spread.base
        axes.annotate(f"{words}\n(far to the {'left' if left else 'right'})", (0.0 if left else 1.0, 1.0),
                      xytext=(4 if left else -4, 0), textcoords="offset points", ha="left" if left else "right",
                      xycoords="axes fraction", va="top", fontsize=9, fontweight="bold", in_layout=False)  # fmt: skip
        return
    axes.plot([threshold] * 2, [0, 1.52 * top], color="white", linewidth=2.6, zorder=3)
    axes.plot([threshold] * 2, [0, 1.52 * top], color=VERMILION, linewidth=1.6, linestyle="--", zorder=4)
    low, high = axes.get_xlim()
    right = threshold < (low + high) / 2
    axes.annotate(
        words, (threshold, 1.52 * top), xytext=(5 if right else -5, 0), textcoords="offset points",
        ha="left" if right else "right", va="top", fontsize=9, in_layout=False, label=MOVABLE, fontweight="bold",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5}, zorder=6,
    )  # fmt: skip


def _draw_bars(axes: Axes, bars: Bars, low: float, high: float) -> None:
    """Draw bars filled from `low` to `high` and as outlines beyond."""
    axes.bar(
        bars.left, bars.chance, bars.width, align="edge", facecolor="white", edgecolor=BLUE, linewidth=0.8, zorder=2
    )
    for left, chance in zip(bars.left, bars.chance, strict=True):
        right = left + bars.width
        # A bar of one ratio is within the range or beyond it; others are cut where it ends.
        whole = bars.single and left <= high and right >= low
        start, end = (left, right) if whole else (max(left, low), min(right, high))
        if end > start and (whole or not bars.single):
            axes.bar(start, chance, end - start, align="edge", color=BLUE, edgecolor=BLUE, linewidth=0.3, zorder=2)


@style()
def acceptability(spread: Spread, rule: str, ax: Axes | None = None, above: Sequence[float] = (1.0,)) -> Axes:
    """Draw the chance of a ratio above R against R, with the rule of the decision and the thresholds asked for."""
    axes = axes_or_new(ax, 3.8)
    points, cumulative = np.asarray(spread.points, float), np.asarray(spread.cumulative, float)
    low, high = view(spread)
    near = []
    for ratio in above:
        low, high, inside = reach_to(low, high, ratio)
        near += [ratio] if inside else []
    low, high = low - 0.05 * (high - low), high + 0.05 * (high - low)
    x, y = np.concatenate([[low], points, [high]]), np.concatenate([[1.0], 1.0 - cumulative, [1.0 - cumulative[-1]]])
    axes.plot(x, y, color=BLUE, linewidth=2.2, drawstyle="steps-post" if is_few(spread) else "default", zorder=2)
    axes.set_xlim(low, high)
    axes.set_ylim(0, 1.08)
    _mark_thresholds(axes, spread, near)
    far = [
        f"above {ratio_words(ratio)}, far to the {'left' if ratio < low else 'right'}: "
        f"{wording.chance_words(spread.chance_above(ratio))}"
        for ratio in above if ratio not in near
    ]  # fmt: skip
    axes.set_title(paragraph(rule, 50 if is_narrow(axes) else 92), loc="left", fontsize=9, parse_math=False)
    ratio_axis(axes, "; ".join(["SROI ratio R", *far]))
    axes.set_ylabel("Chance of a ratio above R")
    axes.yaxis.set_major_locator(FixedLocator([0, 0.25, 0.5, 0.75, 1]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: wording.per_cent(share)))
    keep_inside(axes)
    return axes


def _mark_thresholds(axes: Axes, spread: Spread, thresholds: Sequence[float]) -> None:
    """Draw each threshold, and write the chance of passing it: to the right, where a falling curve leaves room."""
    chances = [spread.chance_above(ratio) for ratio in thresholds]
    places = apart([chance + 0.035 for chance in chances], [0.09] * len(chances), 0.02, 1.08)
    for ratio, chance, place in zip(thresholds, chances, places, strict=True):
        axes.plot([ratio] * 2, [0, chance], color=VERMILION, linewidth=1.5, linestyle="--", zorder=3)
        axes.plot(
            ratio, chance, marker="o", markersize=7, color=VERMILION, markeredgecolor="white", zorder=4, clip_on=False
        )
        axes.annotate(
            f"above {ratio_words(ratio)}: {wording.chance_words(chance)}", (ratio, place), xytext=(7, 0),
            textcoords="offset points", va="center", fontsize=9, fontweight="bold", in_layout=False, label=MOVABLE,
            zorder=5, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4},
        )  # fmt: skip
