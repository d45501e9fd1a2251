"""What was promised, due and delivered, measure by measure; and how one total becomes another, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sroi import wording
from sroi.plots.lettering import (
    beside,
    key_above,
    line_sample,
    make_room,
    money_axis,
    names_above,
    rows,
    sample,
    ticks,
    zero_line,
)
from sroi.plots.style import BLUE, GREY, VERMILION, axes_or_new, is_narrow, rows_height, style

# Beyond this many times what was promised a bar ends, so that the others can still be read; its words have the figure.
_LONGEST = 2.0
_PALE, _LIGHT = "#E6E6E6", "#A5CFEA"


class Delivered(NamedTuple):
    """A measure's row of the figure: quantities in its unit."""

    name: str
    unit: str
    promised: float
    due: float
    validated: float
    evidenced: float
    claimed: float


@style()
def delivered(measures: Sequence[Delivered], ax: Axes | None = None) -> Axes:
    """Draw each measure's deliveries by state against what is due and promised, in per cent of what was promised.

    Units differ, so there is no axis of quantities: the words beside each bar have them.
    """
    axes = axes_or_new(ax, delivered_height(len(measures), 7.2))
    for place, each in enumerate(measures):
        whole = each.promised or max(each.validated + each.evidenced + each.claimed, 1.0)
        if each.promised:
            axes.barh(place + 0.22, 1.0, color=_PALE, height=0.34, zorder=0)
        start = 0.0
        for amount, look in ((each.validated, _look("validated")), (each.evidenced, _look("evidenced")),
                             (each.claimed, _look("claimed"))):  # fmt: skip
            end = min(start + amount / whole, _LONGEST)
            axes.barh(place + 0.22, end - start, left=start, height=0.34, linewidth=0.8, **look)
            start = end
        if each.due:
            at = min(each.due / whole, _LONGEST)
            axes.plot([at, at], [place + 0.01, place + 0.43], color=VERMILION, linewidth=2.4, zorder=4)
        beside(axes, _words(each), max(start, 1.0 if each.promised else 0.0), place + 0.22, size=8)
    names_above(axes, [f"{each.name} [{each.unit}]" for each in measures])
    handles = [
        Patch(label="validated", **_look("validated")), Patch(label="evidenced", **_look("evidenced")),
        Patch(label="claimed", **_look("claimed")), sample(_PALE, "promised in all"),
        line_sample("due by now", color=VERMILION, linewidth=2.4),
    ]  # fmt: skip
    key_above(axes, handles, 2 if is_narrow(axes) else 5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=ticks(axes), steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.per_cent(value, 0)))
    axes.set_xlabel("Per cent of what was promised")
    axes.set_xlim(0.0, max(1.0, *axes.get_xlim()))
    make_room(axes)
    axes.set_xlim(0.0, axes.get_xlim()[1])
    return axes


def _look(state: str) -> dict[str, Any]:
    looks: dict[str, dict[str, Any]] = {
        "validated": {"facecolor": BLUE, "edgecolor": BLUE},
        "evidenced": {"facecolor": _LIGHT, "edgecolor": BLUE, "hatch": "///"},
        "claimed": {"facecolor": "white", "edgecolor": BLUE, "hatch": "..."},
    }
    return looks[state]


def _words(each: Delivered) -> str:
    done = each.validated + each.evidenced + each.claimed
    if not each.promised:
        return f"{wording.plain(done)}, none promised"
    return f"{wording.plain(done)} of {wording.plain(each.due)} due,\n{wording.plain(each.promised)} promised"


def delivered_height(measures: int, width: float) -> float:
    """Return the height [inches] for so many measures."""
    return rows_height(measures, width) + 0.2 * measures


@style()
def steps_between(
    first: tuple[str, float], steps: Sequence[tuple[str, float]], last: tuple[str, float], currency: str, label: str,
    ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """Draw how one total becomes another: a bar for each total, and between them one for each step, up or down."""
    axes = axes_or_new(ax, rows_height(len(steps) + 2, 7.2))
    running = 0.0
    bars = [first, *steps, last]
    for place, (_, change) in enumerate(bars):
        whole = place in (0, len(bars) - 1)
        start = 0.0 if whole else running
        colour = GREY if place == 0 else BLUE if whole or change >= 0 else VERMILION
        axes.barh(place, change, left=start, color=colour, height=0.62, hatch=None if whole or change >= 0 else "///",
                  edgecolor="white", linewidth=0.5)  # fmt: skip
        beside(axes, wording.money(change, currency), max(start, start + change), place)
        running = start + change
    rows(axes, [name for name, _ in bars])
    zero_line(axes)
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, 0.0), max(high, 0.0))
    money_axis(axes, currency, label)
    make_room(axes)
    return axes
