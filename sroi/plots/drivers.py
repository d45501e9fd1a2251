"""What drives the range, and what it would be worth to know: a row for each uncertain number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

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
    sample,
    ticks,
    zero_line,
)
from sroi.plots.style import BLUE, INK, VERMILION, WIDE, axes_or_new, is_narrow, rows_height, style


class Driver(Protocol):
    """One uncertain number, with its shares of the variance (0-1) and the value of knowing it [money], where known."""

    @property
    def label(self) -> str:
        """What people call it."""

    @property
    def first(self) -> float | None:
        """The share of the variance that it has alone."""

    @property
    def total(self) -> float | None:
        """The share that it has together with the others."""

    @property
    def shapley(self) -> float | None:
        """Its fair part of both; those of all numbers sum to 1."""

    @property
    def evppi(self) -> float | None:
        """What knowing it exactly would be worth to the decision."""


@style()
def variance_shares(drivers: Sequence[Driver], ax: Axes | None = None, most: int = 10) -> Axes:
    """Draw each number's share of the variance: alone (bar), with others (outline), fair part (mark), then the rest."""
    shown, rest = list(drivers[:most]), list(drivers[most:])
    axes = axes_or_new(ax, rows_height(len(shown) + bool(rest), WIDE))
    rows = [(each.label, each.first, each.total, each.shapley) for each in shown]
    if rest:
        label = f"the rest ({len(rest)} number{'' if len(rest) == 1 else 's'})"
        # Shares with others overlap, so that they do not add up.
        rows.append((label, _sum([each.first for each in rest]), None, _sum([each.shapley for each in rest])))
    for place, (_, first, total, shapley) in enumerate(rows):
        row = place + 0.2
        axes.barh(row, first or 0.0, color=BLUE, height=0.34, zorder=2)
        axes.barh(row, total or 0.0, facecolor="none", edgecolor=INK, linewidth=1.1, height=0.42, zorder=3)
        if shapley is not None:
            axes.plot(shapley, row, marker="D", markersize=6.5, color=VERMILION, markeredgecolor="white", zorder=4)
        end = max(first or 0.0, total or 0.0, shapley or 0.0)
        beside(axes, f" {_share_words(first, total, shapley)}", end, row)
    names_above(axes, [label for label, *_ in rows])
    zero_line(axes)
    known = [kind for kind in range(1, 4) if any(row[kind] is not None for row in rows)]
    handles = {
        1: sample(BLUE, "alone"),
        2: Patch(fill=False, edgecolor=INK, linewidth=1.1, label="with others"),
        3: line_sample("fair part (Shapley)", color=VERMILION, marker="D", markersize=6.5, linestyle="none"),
    }
    key_above(axes, [handles[kind] for kind in known], 3)
    axes.set_xlim(0, axes.get_xlim()[1])
    axes.xaxis.set_major_locator(MaxNLocator(nbins=ticks(axes), steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: wording.per_cent(share)))
    axes.set_xlabel("Share of the variance of the ratio")
    make_room(axes)
    return axes


def _sum(shares: Sequence[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return sum(known) if known else None


def _share_words(first: float | None, total: float | None, shapley: float | None) -> str:
    """Return a row's shares: the fair part, then from alone to with others."""
    low, high = (None if share is None else _rounded(share) for share in (first, total))
    span = low if high is None or low == high else high if low is None else f"{low} to {high}"
    if shapley is None:
        return span or "not known"
    return _rounded(shapley) if span in (None, _rounded(shapley)) else f"{_rounded(shapley)} ({span})"


def _rounded(share: float) -> str:
    return wording.per_cent(share, 0 if share == 0 or share >= 0.1 else 1)


@style()
def information_value(
    drivers: Sequence[Driver], evpi: float, currency: str, decision: str, ax: Axes | None = None, most: int = 10
) -> Axes:
    """Draw what knowing each number exactly would be worth to the decision, beside what knowing everything would be."""
    ranked = sorted((each for each in drivers if each.evppi is not None), key=lambda each: -(each.evppi or 0.0))
    shown = ranked[:most]
    axes = axes_or_new(ax, rows_height(len(shown), WIDE, decision))
    for place, each in enumerate(shown):
        worth = each.evppi or 0.0
        axes.barh(place + 0.2, worth, color=BLUE, height=0.42, zorder=2)
        beside(axes, _worth_words(worth, currency), worth, place + 0.2)
    names_above(axes, [each.label for each in shown])
    zero_line(axes)
    axes.axvline(evpi, color=INK, linewidth=1.4, linestyle="--", zorder=1)
    key_above(axes, [
        sample(BLUE, "knowing this number exactly"),
        line_sample(f"knowing everything: {_worth_words(evpi, currency)}", color=INK, linewidth=1.4, linestyle="--"),
    ], 1 if is_narrow(axes) else 2, decision)  # fmt: skip
    axes.set_xlim(0, max(axes.get_xlim()[1], evpi * 1.02) or 1.0)
    nothing = "" if evpi > 0 else ": knowing more would not change it"
    money_axis(axes, currency, f"Worth to the decision, {currency}{nothing}")
    if evpi <= 0:
        axes.set_xticks([0.0])
    make_room(axes)
    return axes


def _worth_words(worth: float, currency: str) -> str:
    """Return a sum, with pence where it is so small that they matter."""
    return wording.money(worth, currency, 2 if 0 < worth < 10 and worth != round(worth) else 0)
