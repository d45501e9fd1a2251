"""What did not happen, and what shows early: events against their baseline, and signs against their thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sroi import wording
from sroi.plots.lettering import keep_inside, key_above, line_sample, ticks
from sroi.plots.style import BLUE, GREY, INK, VERMILION, axes_or_new, is_narrow, style


class EventYear(NamedTuple):
    """One year of an event: by the baseline and with the programme, each (value, low, high); whether it was counted."""

    year: int
    by_baseline: tuple[float, float, float]
    happened: tuple[float, float, float]
    counted: bool


@style()
def events_averted(years: Sequence[EventYear], unit: str, ax: Axes | None = None) -> Axes:
    """Draw, for each year, the events that the baseline gives as an outline, and those with the programme filled.

    Whiskers are stated ranges; counted years are full, expected ones hatched; more events than the baseline gives are
    in the colour of a loss.
    """
    axes = axes_or_new(ax)
    for each in years:
        more = each.happened[0] > each.by_baseline[0]
        colour = VERMILION if more else BLUE
        axes.bar(each.year - 0.2, each.by_baseline[0], width=0.36, facecolor="white", edgecolor=INK, linewidth=1.2)
        axes.bar(each.year + 0.2, each.happened[0], width=0.36, facecolor=colour if each.counted else "white",
                 edgecolor=colour, hatch=None if each.counted else "////", linewidth=1.2)  # fmt: skip
        for at, (value, low, high) in ((each.year - 0.2, each.by_baseline), (each.year + 0.2, each.happened)):
            if high > low:
                axes.errorbar(at, value, yerr=[[value - low], [high - value]], color=INK, linewidth=1.2, capsize=3)
            if len(years) <= (4 if is_narrow(axes) else 10):
                axes.annotate(wording.plain(round(value, 1)), (at, high), xytext=(0, 4), textcoords="offset points",
                              ha="center", fontsize=8, parse_math=False)  # fmt: skip
    axes.set_xlim(years[0].year - 0.7, years[-1].year + 0.7)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"Year {value:g}"))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=ticks(axes)))
    axes.set_ylim(bottom=0.0)
    axes.margins(y=0.14)
    axes.set_ylabel(f"Events ({unit})", parse_math=False)
    key_above(axes, _event_key(years), 1 if is_narrow(axes) else 2)
    keep_inside(axes)
    return axes


def _event_key(years: Sequence[EventYear]) -> list[Any]:
    handles: list[Any] = [Patch(facecolor="white", edgecolor=INK, label="what the baseline gives")]
    better = [each for each in years if each.happened[0] <= each.by_baseline[0]]
    for counted, words in ((True, "counted"), (False, "expected")):
        if any(each.counted is counted for each in better):
            handles.append(_bar_sample(BLUE, counted, f"with the programme, {words}"))
    worse = [each for each in years if each not in better]
    if worse:
        handles.append(_bar_sample(VERMILION, worse[0].counted, "more than the baseline gives"))
    if any(end[2] > end[1] for each in years for end in (each.by_baseline, each.happened)):
        handles.append(line_sample("the stated range", color=INK, linewidth=1.2))
    return handles


def _bar_sample(colour: str, full: bool, label: str) -> Patch:
    return Patch(facecolor=colour if full else "white", edgecolor=colour, hatch=None if full else "////", label=label)


@style()
def early_sign(
    readings: Sequence[tuple[date, float]], amber: float, red: float, unit: str, ax: Axes | None = None
) -> Axes:
    """Draw the readings of a sign in their order of time, with the lines from which it is amber and red."""
    axes = axes_or_new(ax, 2.6)
    days = [day.toordinal() for day, _ in readings]
    values = [value for _, value in readings]
    axes.plot(days, values, color=BLUE, linewidth=1.6, marker="o", markersize=4.5, zorder=3)
    axes.axhline(amber, color=INK, linewidth=1.3, linestyle=":")
    axes.axhline(red, color=VERMILION, linewidth=1.5, linestyle="--")
    low, high = min(*values, amber, red), max(*values, amber, red)
    pad = 0.12 * (high - low or abs(high) or 1.0)
    axes.set_ylim(low - pad, high + pad)
    span = max(days[-1] - days[0], 30.0)
    axes.set_xlim(days[0] - 0.06 * span, days[0] + 1.06 * span)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=3 if is_narrow(axes) else 6, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _day(value)))
    axes.tick_params(axis="x", labelsize=8)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=ticks(axes)))
    axes.set_ylabel(unit or "reading", parse_math=False)
    axes.grid(axis="y", color=GREY, linewidth=0.3, alpha=0.4)
    handles = [
        line_sample("readings", color=BLUE, linewidth=1.6, marker="o"),
        line_sample(f"amber from {wording.plain(amber)}", color=INK, linewidth=1.3, linestyle=":"),
        line_sample(f"red from {wording.plain(red)}", color=VERMILION, linewidth=1.5, linestyle="--"),
    ]
    key_above(axes, handles, 1 if is_narrow(axes) else 3)
    keep_inside(axes)
    return axes


def _day(ordinal: float) -> str:
    """Return the day that stands at a place of the axis, which may reach beyond all days."""
    return date.fromordinal(int(ordinal)).isoformat() if 1 <= ordinal <= date.max.toordinal() else ""
