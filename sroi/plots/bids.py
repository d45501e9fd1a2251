"""Bids side by side: the points of each, stacked by what they were earned for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from sroi.plots.folding import folded
from sroi.plots.lettering import beside, keep_inside, key_above, make_room, rows
from sroi.plots.style import INK, axes_or_new, is_narrow, style

MOST_BIDS, MOST_PARTS = 20, 6

# Each differs from its neighbours in lightness and in hatching; ink on any of them keeps a contrast of 4.5 : 1.
_LOOKS = (
    ("#7FB8DE", ""), ("#F6C9A8", "///"), ("#BFE3D0", "..."),
    ("#D9D9D9", "\\\\\\"), ("#F2E394", "xx"), ("#FFFFFF", "--"),
)  # fmt: skip


class BidBar(NamedTuple):
    """One bid: its name, its points by part, and what is said at the end of its bar."""

    name: str
    parts: tuple[float, ...]
    said: str


def bid_scores_height(bids: int, width: float) -> float:
    """Return the height [inches] that so many bids need."""
    return 1.5 + (0.62 if width < 5 else 0.5) * max(bids, 1)


@style()
def bid_scores(parts: Sequence[str], bars: Sequence[BidBar], label: str, ax: Axes | None = None) -> Axes:
    """Draw each bid as a bar of its points, the first on top, one piece for each part, with its total at the end."""
    axes = axes_or_new(ax, bid_scores_height(len(bars), 7.2))
    most = max((sum(bar.parts) for bar in bars), default=1.0) or 1.0
    for place, bar in enumerate(bars):
        start = 0.0
        for (colour, hatch), points in zip(_LOOKS, bar.parts, strict=False):
            axes.barh(
                place, points, left=start, color=colour, hatch=hatch, edgecolor="white", linewidth=0.8, height=0.62
            )
            axes.barh(place, points, left=start, facecolor="none", edgecolor=INK, linewidth=0.8, height=0.62)
            if points > most * (0.2 if is_narrow(axes) else 0.07):
                axes.text(start + points / 2, place, f"{points:.1f}", ha="center", va="center", fontsize=8, color=INK,
                          bbox={"facecolor": colour, "edgecolor": "none", "pad": 1.2})  # fmt: skip
            start += points
        beside(axes, bar.said, start, place)
    rows(axes, [bar.name for bar in bars])
    axes.set_xlim(0, most)
    axes.set_xlabel(label)
    make_room(axes)
    handles = [
        Patch(facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.8, label=folded(name, 34, 1))
        for (colour, hatch), name in zip(_LOOKS, parts, strict=False)
    ]
    key_above(axes, handles, 1 if is_narrow(axes) else 3)
    keep_inside(axes)
    return axes
