"""Levels by principle: where an organisation stands, and where it stood before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from sroi.plots.lettering import beside, keep_inside, key_above, rows
from sroi.plots.style import BLUE, INK, axes_or_new, is_narrow, style

_MOST = 5


class PrincipleLevel(NamedTuple):
    """A principle, its level now and before, 0 where none is shown; `before` is None without an earlier check."""

    name: str
    level: int
    before: int | None


def principle_levels_height(count: int, width: float) -> float:
    """Return the height [inches] that so many principles need."""
    return 1.3 + 0.55 * max(count, 1) * (1.25 if width < 5 else 1.0)


@style()
def principle_levels(
    levels: Sequence[PrincipleLevel], names: Sequence[str], now: str, before: str = "", ax: Axes | None = None
) -> Axes:
    """Draw each principle's level as a bar, the first on top, and the level before as an outlined one under it.

    Parameters: `names` of the levels, the lowest first; `now` and `before`, the days in words. A principle of which no
    level is shown has no bar and says so.
    """
    axes = axes_or_new(ax, principle_levels_height(len(levels), 7.2))
    pairs = any(each.before is not None for each in levels)
    for place, each in enumerate(levels):
        _bar(axes, place - 0.17 if pairs else place, each.level, color=BLUE, edgecolor="white")
        if each.before is not None:
            _bar(axes, place + 0.2, each.before, facecolor="white", edgecolor=INK, hatch="////")
    rows(axes, [each.name for each in levels])
    axes.set_xlim(0, _MOST + 0.15)
    # On a telephone five names would stand over each other: the numbers are enough, the table has the names.
    said = [f"{place}" if is_narrow(axes) else f"{place}\n{name}" for place, name in enumerate(names, 1)]
    axes.set_xticks(range(1, _MOST + 1), said, fontsize=9)
    axes.set_xlabel("Level")
    handles = [Patch(facecolor=BLUE, label=now)]
    if pairs:
        handles.append(Patch(facecolor="white", edgecolor=INK, hatch="////", label=before))
    key_above(axes, handles, 1 if is_narrow(axes) else 2)
    keep_inside(axes)
    return axes


def _bar(axes: Axes, at: float, level: int, **look: Any) -> None:
    if level:
        axes.barh(at, level, height=0.3, linewidth=0.8, **look)
    else:
        beside(axes, "not shown", 0.0, at, size=8)
