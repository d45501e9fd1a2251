"""When the value comes: year by year, and how long until it has paid back what was put in."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sroi import tables, wording
from sroi.formulas import Array
from sroi.plots.lettering import MOVABLE, keep_inside, key_above, line_sample, sample, short_money, ticks
from sroi.plots.style import BLUE, GREY, INK, VERMILION, axes_or_new, is_narrow, style
from sroi.result import Result


@style()
def value_by_year(result: Result, ax: Axes | None = None) -> Axes:
    """Draw the value of each year as bars, before discounting as an outline, after it filled."""
    axes = axes_or_new(ax)
    currency = result.impact_map.currency
    frame = tables.by_year(result)
    years = frame["year"].to_numpy()
    axes.bar(years, frame["present_value"], color=BLUE, width=0.62, label="Present value")
    axes.bar(
        years, frame["value"], facecolor="none", edgecolor=INK, linewidth=1.1, width=0.62, label="Before discounting"
    )
    if len(years) <= 8:
        # On a telephone five whole sums stand side by side, no more.
        said = short_money if is_narrow(axes) and len(years) > 4 else wording.money
        for year, amount, before in zip(years, frame["present_value"], frame["value"], strict=True):
            axes.annotate(said(amount, currency), (year, max(amount, before, 0.0)), xytext=(0, 3),
                          textcoords="offset points", ha="center", fontsize=8.5)  # fmt: skip
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlim(years[0] - 0.7, years[-1] + 0.7)
    axes.margins(y=0.14)
    axes.set_xlabel("Year of the activity and after")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short_money(value, currency)))
    axes.legend(frameon=False, fontsize=9, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return axes


@style()
def payback(result: Result, ax: Axes | None = None) -> Axes:
    """Draw each year's present value as a bar and the running total as a line, against the total inputs.

    Each year's value comes evenly over its year, so that the line meets the inputs where payback is.
    """
    axes = axes_or_new(ax, payback_height())
    currency = result.impact_map.currency
    frame = tables.by_year(result)
    years, values = frame["year"].to_numpy(), frame["present_value"].to_numpy()
    put_in = float(result.total_inputs)
    running = np.concatenate([[0.0], np.cumsum(values)])
    gained = values >= 0
    width = 0.62 if len(years) <= 30 else 0.8
    axes.bar(years[gained] - 0.5, values[gained], color=BLUE, width=width, zorder=2)
    axes.bar(years[~gained] - 0.5, values[~gained], color=VERMILION, width=width, zorder=2, hatch="///",
             edgecolor="white", linewidth=0.5)  # fmt: skip
    ends = np.arange(len(running))
    axes.plot(ends, running, color="white", linewidth=3.6, zorder=3, solid_capstyle="butt")
    axes.plot(ends, running, color=INK, linewidth=1.8, zorder=4, solid_capstyle="butt", clip_on=False,
              marker="o" if len(years) <= 12 else None, markersize=4)  # fmt: skip
    axes.axhline(put_in, color=INK, linewidth=1.3, linestyle="--", zorder=2.5)
    axes.axhline(0, color=GREY, linewidth=0.8, zorder=2.5)
    axes.set_xlim(0, len(years))
    low, high = min(float(running.min()), float(values.min()), 0.0), max(float(running.max()), put_in)
    span = (high - low) or 1.0
    axes.set_ylim(low - 0.05 * span * (low < 0), high + 0.22 * span)
    handles: list[Any] = [sample(BLUE, "value of the year")] if gained.any() else []
    handles += [sample(VERMILION, "loss of the year", "///")] if not gained.all() else []
    handles.append(line_sample(f"running total, {wording.money(float(running[-1]), currency)} at the end", color=INK,
                               linewidth=1.8))  # fmt: skip
    handles.append(line_sample(f"total inputs {wording.money(put_in, currency)}", color=INK, linewidth=1.3,
                               linestyle="--"))  # fmt: skip
    key_above(axes, handles, 1 if is_narrow(axes) else 2)
    _year_axis(axes, years)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=ticks(axes), steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short_money(value, currency)))
    axes.set_xlabel(f"Year; present value, {currency}, {result.impact_map.price_year} prices", parse_math=False)
    _mark_payback(axes, result)
    keep_inside(axes)
    return axes


def payback_height() -> float:
    """Return the height [inches] that the figure of payback wants."""
    return 3.7


def paid_back_words(result: Result) -> str:
    """Return when the value has paid back what was put in."""
    years = float(result.payback_years)
    if float(result.total_inputs) <= 0:
        return "nothing was put in"
    if math.isnan(years):
        return "never within the years counted"
    return f"paid back after {years:.2f} years"


def payback_in_words(result: Result) -> str:
    """Return the figure of payback as one sentence, for readers who do not see it."""
    currency, years = result.impact_map.currency, len(result.years)
    total, put_in = float(result.present_value_by_year.sum()), float(result.total_inputs)
    return (
        f"The present value of each year as bars, and its running total as a line that comes to "
        f"{wording.money(total, currency)} after {years} year{'' if years == 1 else 's'}, against total inputs of "
        f"{wording.money(put_in, currency)}: {paid_back_words(result)}."
    )


def _mark_payback(axes: Axes, result: Result) -> None:
    """Mark where the running total meets the inputs, or say that it does not."""
    put_in, years = float(result.total_inputs), float(result.payback_years)
    words, last = paid_back_words(result), len(result.years)
    look: dict[str, Any] = {
        "fontsize": 9, "fontweight": "bold", "zorder": 6, "in_layout": False, "label": MOVABLE,
        "textcoords": "offset points", "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.8},
    }  # fmt: skip
    if math.isnan(years) or put_in <= 0:
        axes.annotate(words, (last / 2, max(put_in, 0.0)), xytext=(0, 5), ha="center", va="bottom", **look)
        return
    # The words stand at the top, where no line is.
    top = axes.get_ylim()[1]
    for colour, width in (("white", 2.6), (VERMILION, 1.2)):
        axes.plot([years, years], [put_in, top], color=colour, linewidth=width, zorder=5)
    axes.plot(years, put_in, marker="D", markersize=8, color=VERMILION, markeredgecolor="white", zorder=6,
              clip_on=False)  # fmt: skip
    right = years <= last / 2
    axes.annotate(
        words, (years, top), xytext=(5 if right else -5, -2), ha="left" if right else "right", va="top", **look
    )


def _year_axis(axes: Axes, years: Array) -> None:
    """Name the years under the middle of each, as many as there is room for."""
    most = 8 if is_narrow(axes) else 16
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if len(years) / step <= most)
    named = [int(year) for year in years if step == 1 or year == 1 or year % step == 0]
    # Year 1 stands too close to year 2.
    named = [year for year in named if step != 2 or year != 1]
    axes.set_xticks([year - 0.5 for year in named], [str(year) for year in named])
    axes.tick_params(axis="x", length=0)
