"""Words on figures: names of rows, values at bars, keys, axes, and the room that all of them need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sroi import wording
from sroi.plots.folding import folded, letters, paragraph, unfolded
from sroi.plots.style import GREY, INK, is_narrow, lay_out

# Marks of words: a name above its bar, which may be broken, and what may be pushed sideways to stand within the plot.
_NAME, MOVABLE = "name", "movable"


def rows(axes: Axes, labels: Sequence[str]) -> None:
    """Name the rows of a horizontal chart, the first on top, long names on several lines."""
    width = 20 if is_narrow(axes) else 30
    axes.set_yticks(range(len(labels)), [folded(label, width, 3) for label in labels], parse_math=False)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)


def names_above(axes: Axes, labels: Sequence[str]) -> None:
    """Name the rows of a horizontal chart above their bars: long names fit, on a telephone too."""
    for place, label in enumerate(labels):
        name = folded(label, 52, 2) if is_narrow(axes) else folded(label, 100, 1)
        axes.text(0.0, place - 0.06, name, fontsize=8.5, transform=axes.get_yaxis_transform(), va="bottom", zorder=3,
                  in_layout=False, label=_NAME,
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6})  # fmt: skip
    axes.set_ylim(max(len(labels), 1) - 0.45, -0.55)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def beside(axes: Axes, words: str, x: float, y: float, right: bool = True, size: float = 8.5) -> None:
    """Write words beside a point, to its right or to its left."""
    axes.annotate(words, (x, y), xytext=(4 if right else -4, 0), textcoords="offset points", va="center",
                  ha="left" if right else "right", fontsize=size, color=INK, in_layout=False)  # fmt: skip


def make_room(axes: Axes) -> None:
    """Widen the horizontal axis until all that is written beside points stands within the plot."""
    lay_out(axes)
    width = axes.get_window_extent().width
    reaches = []
    for words in axes.texts:
        anchor = getattr(words, "xy", None)
        if anchor is not None and words.get_visible():
            box, pixel = words.get_window_extent(), axes.transData.transform(anchor)[0]
            reaches.append((float(anchor[0]), pixel - box.x0 + 3, box.x1 - pixel + 3))
    first, last = axes.get_xlim()
    low, high = first, last
    for _ in range(20):
        # Words take the same paper however long the axis: each widening moves them a little less.
        scale = min((high - low) / width, 4 * (last - first) / width)
        low = min([first, *(x - left * scale for x, left, _ in reaches)])
        high = max([last, *(x + right * scale for x, _, right in reaches)])
    axes.set_xlim(low, high)
    keep_inside(axes)


def apart(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Return places as near as can be to those wanted at which words of these heights do not overlap, low to high.

    >>> apart([1.0, 1.1, 3.0], [1.0, 1.0, 1.0], 0.0, 5.0)
    [0.55, 1.55, 3.0]
    """
    order = sorted(range(len(wanted)), key=lambda which: (wanted[which], which))
    # Neighbours that overlap become one block about the middle of what its members want; blocks that then meet join.
    blocks: list[tuple[float, list[int]]] = []
    for which in order:
        members = [which]
        centre = wanted[which]
        while True:
            height = sum(heights[each] for each in members)
            centre = min(max(centre, low + height / 2), high - height / 2) if height < high - low else (low + high) / 2
            if not blocks:
                break
            before, others = blocks[-1]
            if before + sum(heights[each] for each in others) / 2 <= centre - height / 2 + 1e-9 * (high - low):
                break
            blocks.pop()
            members = others + members
            centre = sum(wanted[each] for each in members) / len(members)
        blocks.append((centre, members))
    places = [0.0] * len(wanted)
    for centre, members in blocks:
        foot = centre - sum(heights[each] for each in members) / 2
        for each in members:
            places[each] = round(foot + heights[each] / 2, 12)
            foot += heights[each]
    return places


def keep_inside(axes: Axes) -> None:
    """Break names, the axis's name and the heading into lines that stand within the figure; push in what may move."""
    canvas = axes.figure.bbox
    # Lines made shorter let the plot grow, which moves its middle: look again, until nothing changes.
    for _ in range(4):
        lay_out(axes)
        frame = axes.get_window_extent()
        middle = (frame.x0 + frame.x1) / 2
        rooms: list[tuple[Text, float]] = [
            (axes.xaxis.label, 2 * min(middle - canvas.x0, canvas.x1 - middle)),
            (axes._left_title, canvas.x1 - frame.x0),  # type: ignore[attr-defined]
            *((name, canvas.x1 - frame.x0) for name in axes.texts if name.get_label() == _NAME),
        ]
        if not [words for words, room in rooms if _break(words, room)]:
            break
    for words in axes.texts:
        if words.get_label() == MOVABLE and isinstance(words, Annotation):
            frame, box = axes.get_window_extent(), words.get_window_extent()
            out = max(frame.x0 + 4 - box.x0, 0.0) - max(box.x1 - frame.x1 + 2, 0.0)
            words.xyann = (words.xyann[0] + out * 72 / float(axes.figure.dpi), words.xyann[1])


def _break(words: Text, room: float) -> bool:
    """Break words into lines that fit so much room [pixels]; return whether anything was done."""
    whole, width = unfolded(words.get_text()), max(letters(line) for line in words.get_text().split("\n"))
    broken = False
    while words.get_window_extent().width > room - 6 and width > 8:
        width -= 1
        words.set_text(paragraph(whole, width))
        broken = True
    return broken


def sample(colour: str, label: str, hatch: str | None = None) -> Patch:
    """Return the key's sample of a bar."""
    return Patch(facecolor=colour, edgecolor="white", hatch=hatch, label=label)


def line_sample(label: str, **look: Any) -> Line2D:
    """Return the key's sample of a line or of a mark."""
    return Line2D([], [], label=label, **look)


def key_above(axes: Axes, handles: Sequence[Any], columns: int, heading: str = "") -> None:
    """Put the key above the plot, where it hides nothing, under a heading if there is one."""
    size = 8.5 if is_narrow(axes) else 9
    key = axes.legend(handles=handles, frameon=False, fontsize=size, loc="lower center", bbox_to_anchor=(0.5, 1.0),
                ncols=columns, columnspacing=1.2, handlelength=1.8, alignment="left", title_fontsize=size,
                title=paragraph(heading, 50 if is_narrow(axes) else 92) if heading else None)  # fmt: skip
    if heading:
        _break(key.get_title(), axes.figure.bbox.width - 24)


def ratio_words(ratio: float) -> str:
    """Return a threshold as people say it: 1 : 1, 1.5 : 1."""
    return f"{wording.plain(ratio)} : 1"


def reach_to(low: float, high: float, threshold: float) -> tuple[float, float, bool]:
    """Return an axis's ends with the threshold between them, and whether it is: one far off would squeeze the rest."""
    span = high - low or max(abs(high), 1.0)
    near = low - 0.75 * span <= threshold <= high + 0.75 * span
    return (min(low, threshold), max(high, threshold), True) if near else (low, high, False)


def ticks(axes: Axes) -> int:
    """Return how many steps an axis of figures has room for."""
    return 4 if is_narrow(axes) else 5


def short_money(amount: float, currency: str) -> str:
    """Return a sum for an axis: £30k."""
    for size, unit in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(amount) >= size:
            return f"{wording.money(amount / size, currency, 1).replace('.0', '')}{unit}"
    return wording.money(amount, currency)


def _axis_money(value: float, currency: str, axes: Axes) -> str:
    low, high = axes.get_xlim()
    return wording.money(value, currency, 2) if value and high - low < 5 else short_money(value, currency)


def money_axis(axes: Axes, currency: str, label: str) -> None:
    """Write sums of money along the horizontal axis."""
    axes.xaxis.set_major_locator(MaxNLocator(nbins=ticks(axes), steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _axis_money(value, currency, axes)))
    axes.set_xlabel(label, parse_math=False)


def ratio_axis(axes: Axes, label: str = "SROI ratio") -> None:
    """Write ratios along the horizontal axis."""
    axes.xaxis.set_major_locator(MaxNLocator(nbins=ticks(axes), steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", wording.MINUS)))
    axes.set_xlabel(label, parse_math=False)


def zero_line(axes: Axes) -> None:
    """Draw the line from which bars go right and left."""
    axes.axvline(0, color=GREY, linewidth=0.8)
