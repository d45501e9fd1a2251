"""Shares of spend as bars: what goes to a group surely, by guess, and what is not known, with targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sroi import wording
from sroi.plots.lettering import key_above, line_sample, names_above, sample
from sroi.plots.style import BLUE, GREY, INK, VERMILION, axes_or_new, is_narrow, rows_height, style

_GUESS, _UNKNOWN, _REST = "#7FB8D8", "#FFFFFF", "#EDEDED"


class ShareBar(NamedTuple):
    """One bar: a group, the shares that go to it surely, by guess, and of which it is not known; a target or None."""

    name: str
    sure: float
    guessed: float
    unknown: float
    target: float | None = None


def share_bars_height(count: int, width: float) -> float:
    """Return the height [inches] that so many bars need."""
    return rows_height(count, width) + 0.35


@style()
def share_bars(bars: Sequence[ShareBar], ax: Axes | None = None) -> Axes:
    """Draw each share on a bar of all spend: sure in blue, guessed pale, not known hatched; targets as lines."""
    axes = axes_or_new(ax, share_bars_height(len(bars), 7.2))
    for place, bar in enumerate(bars):
        low = max(bar.sure, 0.0)
        guessed, unknown = max(bar.guessed, 0.0), max(bar.unknown, 0.0)
        axes.barh(place + 0.2, 1.0, color=_REST, height=0.34, zorder=0)
        axes.barh(place + 0.2, low, color=BLUE, height=0.34)
        axes.barh(place + 0.2, guessed, left=low, color=_GUESS, height=0.34, hatch="...", edgecolor=BLUE, linewidth=0)
        axes.barh(
            place + 0.2,
            unknown,
            left=low + guessed,
            color=_UNKNOWN,
            height=0.34,
            hatch="////",
            edgecolor=GREY,
            linewidth=0.6,
        )
        if bar.target is not None:
            axes.plot([bar.target] * 2, [place - 0.02, place + 0.42], color=VERMILION, linewidth=2.2, zorder=4)
    names_above(axes, [f"{bar.name}: {_words(bar)}" for bar in bars])
    axes.set_ylim(max(len(bars), 1) - 0.45, -0.35)
    axes.set_xlim(0.0, 1.0)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.per_cent(value, 0)))
    axes.set_xlabel("share of spend", parse_math=False)
    key_above(axes, _key(bars), 2)
    return axes


def _words(bar: ShareBar) -> str:
    """Return a bar's share in words, with its interval."""
    low, high = bar.sure, bar.sure + bar.guessed + bar.unknown
    middle = wording.per_cent(bar.sure + bar.guessed, 1)
    return middle if high - low < 5e-4 else f"{middle} ({wording.per_cent(low, 1)} to {wording.per_cent(high, 1)})"


def _key(bars: Sequence[ShareBar]) -> list[object]:
    handles: list[object] = [sample(BLUE, "in the group")]
    if any(bar.guessed > 0 for bar in bars):
        handles.append(sample(_GUESS, "by the name only", "..."))
    unknown = sample(_UNKNOWN, "not known", "////")
    unknown.set_edgecolor(GREY)
    handles.append(unknown)
    if any(bar.target is not None for bar in bars):
        handles.append(line_sample("target", color=VERMILION, linewidth=2.2))
    return handles


class PeriodBar(NamedTuple):
    """One month's or quarter's spend."""

    name: str
    amount: float


@style()
def spend_by_period(bars: Sequence[PeriodBar], currency: str, ax: Axes | None = None) -> Axes:
    """Draw spend by month or quarter as columns; one below nothing, where credits outweigh payments, is hatched."""
    from sroi.plots.lettering import short_money

    axes = axes_or_new(ax, 3.2)
    for place, bar in enumerate(bars):
        credit = bar.amount < 0
        axes.bar(place, bar.amount, color=VERMILION if credit else BLUE, width=0.7, hatch="///" if credit else None,
                 edgecolor="white", linewidth=0.5)  # fmt: skip
    step = max(1, -(-len(bars) // (6 if is_narrow(axes) else 14)))
    axes.set_xticks(range(0, len(bars), step), [bar.name for bar in bars[::step]], parse_math=False,
                    rotation=90 if is_narrow(axes) else 45, ha="center" if is_narrow(axes) else "right")  # fmt: skip
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short_money(value, currency)))
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_ylabel(f"spend ({currency})", parse_math=False)
    return axes
