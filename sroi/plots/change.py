"""Why a ratio changed: from the one ratio to the other, cause by cause."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from matplotlib.axes import Axes

from sroi import wording
from sroi.plots.lettering import beside, key_above, make_room, names_above, ratio_axis, sample
from sroi.plots.style import BLUE, GREY, INK, VERMILION, axes_or_new, style

# Causes drawn one by one; the rest are one row.
MOST_CAUSES = 10


class Cause(Protocol):
    """One cause: its name for people, and what it adds to the ratio."""

    @property
    def heading(self) -> str:
        """The name that people read."""

    @property
    def contribution(self) -> float:
        """What it adds to the ratio."""


@style()
def change(causes: Sequence[Cause], before: float, after: float, ax: Axes | None = None) -> Axes:
    """Draw how each cause moves a ratio from `before` to `after`; causes that move it most first, the rest in one row.

    The axis does not begin at nothing: the two ratios are points, and only their difference is drawn as bars.
    """
    axes = axes_or_new(ax, 6.0)
    ranked = sorted(causes, key=lambda cause: -abs(cause.contribution))
    steps = [(cause.heading, cause.contribution) for cause in ranked[:MOST_CAUSES]]
    rest = ranked[MOST_CAUSES:]
    if rest:
        said = "1 other change" if len(rest) == 1 else f"{len(rest)} other changes"
        steps.append((said, math.fsum(cause.contribution for cause in rest)))
    running, last = before, len(steps) + 1
    edges = [before]
    for place, (_, moved) in enumerate(steps, start=1):
        colour = BLUE if moved >= 0 else VERMILION
        axes.barh(place + 0.2, moved, left=running, color=colour, height=0.36, hatch=None if moved >= 0 else "///",
                  edgecolor="white", linewidth=0.5, zorder=2)  # fmt: skip
        beside(axes, _signed(moved), max(running, running + moved), place + 0.2, size=9)
        running += moved
        edges.append(running)
    # Where each bar begins, the one before it ended.
    for place, edge in enumerate(edges):
        axes.plot([edge, edge], [place + (0.2 if place == 0 else 0.38), place + 1 + 0.02], color=GREY, linewidth=0.9,
                  linestyle=(0, (2, 2)), zorder=1)  # fmt: skip
    for place, ratio in ((0, before), (last, after)):
        axes.plot([ratio], [place + 0.2], marker="D", markersize=8, color=INK, linestyle="none", zorder=3)
        beside(axes, f"  {wording.ratio(ratio)} : 1", ratio, place + 0.2, size=10)
    low, high = min(*edges, after), max(*edges, after)
    spare = 0.04 * (high - low) or 0.1
    axes.set_xlim(low - spare, high + spare)
    names_above(axes, ["Before", *(name for name, _ in steps), "After"])
    handles = [sample(BLUE, "Raises the ratio"), sample(VERMILION, "Lowers it", "///")]
    key_above(axes, handles, 2)
    ratio_axis(axes, "SROI ratio (the axis need not begin at 0)")
    make_room(axes)
    return axes


def _signed(moved: float) -> str:
    if 0 < abs(moved) < 0.005:
        return f"{'+' if moved > 0 else wording.MINUS}less than 0.01"
    return f"{moved:+.2f}".replace("-", wording.MINUS)
