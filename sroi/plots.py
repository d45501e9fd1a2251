"""Figures, drawn from tables. The only place that imports matplotlib.

Each takes a result (or a table's rows) and `ax=None`, and returns the Axes. Blue and vermilion keep their contrast on
white and for colour-blind readers; colour never stands alone: signs, labels and hatching say the same.
"""

from __future__ import annotations

import io
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import matplotlib as mpl
import matplotlib.patches
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sroi import tables, wording
from sroi.result import Result
from sroi.sensitivity import Variation

BLUE, VERMILION, GREY, INK = "#0072B2", "#D55E00", "#595959", "#222222"

WIDE, NARROW = 7.2, 3.9  # inches: a page, and a telephone

_STYLE: Any = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "sroi",
    "svg.fonttype": "path",
}


# DejaVu comes with matplotlib. For scripts that it lacks, the first of these that the machine has.
_FALLBACKS = ("Noto Sans", "Noto Sans CJK SC", "Noto Sans Arabic", "Arial Unicode MS", "Microsoft YaHei", "PingFang SC",
              "Hiragino Sans", "Malgun Gothic", "WenQuanYi Zen Hei", "Nirmala UI")  # fmt: skip


@contextmanager
def _style() -> Iterator[None]:
    """Draw in our style. A letter that no font here has is shown as a box, and its warning helps nobody."""
    known = set(font_manager.get_font_names())
    families = ["DejaVu Sans", *(name for name in _FALLBACKS if name in known)]
    with mpl.rc_context({**_STYLE, "font.family": families}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support .* natively")
        yield


def picture(draw: Callable[[Axes], Axes], width: float, height: float) -> Figure:
    """Return a figure of this size [inches] with one plot, drawn by `draw`."""
    with _style():
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure.subplots())
        figure.draw_without_rendering()
    return figure


def image(figure: Figure, form: Literal["png", "svg"]) -> bytes:
    """Return a figure's bytes, PNG at 200 dpi or SVG; the same bytes for the same figure."""
    stream = io.BytesIO()
    with _style():
        metadata = {"Date": None} if form == "svg" else {"Software": None}
        figure.savefig(stream, format=form, dpi=200, metadata=metadata)
    return stream.getvalue()


def waterfall(result: Result, ax: Axes | None = None) -> Axes:
    """Draw the ladder from gross value to total present value, with the inputs beside it."""
    axes = _axes(ax)
    currency = result.impact_map.currency
    frame = tables.ladder(result)
    steps = frame["step"].tolist()
    labels = [*frame["label"], "Total inputs"]
    changes = [*frame["value"], float(result.total_inputs)]
    running = 0.0
    widest = max(abs(value) for value in [*changes, sum(changes[:1])]) or 1.0
    for place, (step, change) in enumerate(zip([*steps, "inputs"], changes, strict=True)):
        whole = step in ("gross", "total_present_value", "inputs")
        start = 0.0 if whole else running
        colour = GREY if step == "inputs" else BLUE if whole or change >= 0 else VERMILION
        axes.barh(place, change, left=start, color=colour, height=0.62, hatch=None if change >= 0 or whole else "///",
                  edgecolor="white", linewidth=0.5)  # fmt: skip
        running = change if whole else running + change
        end = max(start, start + change)
        axes.annotate(wording.money(change, currency), (end, place), xytext=(4, 0), textcoords="offset points",
                      va="center", fontsize=9)  # fmt: skip
    _rows(axes, labels)
    axes.axvline(0, color=GREY, linewidth=0.8)
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, 0.0), max(high, 0.0) + 0.22 * widest)
    _money_axis(axes, currency, f"Present value, {currency}, {result.impact_map.price_year} prices")
    return axes


def value_by_stakeholder(result: Result, ax: Axes | None = None) -> Axes:
    """Draw what each stakeholder puts in and what value it gains or loses."""
    axes = _axes(ax)
    currency = result.impact_map.currency
    frame = tables.by_stakeholder(result)
    for place, (put_in, gained) in enumerate(zip(frame["inputs"], frame["present_value"], strict=True)):
        for shift, amount, colour, name in ((-0.19, gained, BLUE, "Value"), (0.19, put_in, GREY, "Inputs")):
            shade = VERMILION if amount < 0 else colour
            axes.barh(place + shift, amount, color=shade, height=0.36, hatch="///" if amount < 0 else None,
                      edgecolor="white", linewidth=0.5, label=name if place == 0 else None)  # fmt: skip
            axes.annotate(wording.money(amount, currency), (max(amount, 0.0), place + shift), xytext=(4, 0),
                          textcoords="offset points", va="center", fontsize=8.5)  # fmt: skip
    _rows(axes, frame["stakeholder"].tolist())
    axes.axvline(0, color=GREY, linewidth=0.8)
    _room_right(axes)
    handles = [mpl.patches.Patch(color=BLUE, label="Value gained"), mpl.patches.Patch(color=GREY, label="Put in")]
    if (frame["present_value"] < 0).any():
        handles.insert(1, mpl.patches.Patch(facecolor=VERMILION, hatch="///", edgecolor="white", label="Value lost"))
    axes.legend(handles=handles, frameon=False, fontsize=9, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    _money_axis(axes, currency, f"Present value, {currency}, {result.impact_map.price_year} prices")
    return axes


def value_by_year(result: Result, ax: Axes | None = None) -> Axes:
    """Draw the value of each year as bars, before discounting as an outline, after it filled."""
    axes = _axes(ax)
    currency = result.impact_map.currency
    frame = tables.by_year(result)
    years = frame["year"].to_numpy()
    axes.bar(years, frame["present_value"], color=BLUE, width=0.62, label="Present value")
    axes.bar(
        years, frame["value"], facecolor="none", edgecolor=INK, linewidth=1.1, width=0.62, label="Before discounting"
    )
    if len(years) <= 8:
        for year, amount, before in zip(years, frame["present_value"], frame["value"], strict=True):
            axes.annotate(wording.money(amount, currency), (year, max(amount, before, 0.0)), xytext=(0, 3),
                          textcoords="offset points", ha="center", fontsize=8.5)  # fmt: skip
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlim(years[0] - 0.7, years[-1] + 0.7)
    axes.margins(y=0.14)
    axes.set_xlabel("Year of the activity and after")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _short_money(value, currency)))
    axes.legend(frameon=False, fontsize=9, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return axes


def tornado(
    variations: Sequence[Variation], base: float, currency: str, ax: Axes | None = None, most: int = 12
) -> Axes:
    """Draw one-way variation, widest first: the ratio at both ends of each number, the base case as a line."""
    axes = _axes(ax)
    shown = list(variations[:most])
    for place, each in enumerate(shown):
        ends = ((each.low, each.ratio_low, VERMILION, "///"), (each.high, each.ratio_high, BLUE, None))
        for value, ratio, colour, hatch in ends:
            axes.barh(place + 0.2, ratio - base, left=base, color=colour, height=0.42, hatch=hatch,
                      edgecolor="white", linewidth=0.5)  # fmt: skip
            right = ratio >= base
            axes.annotate(wording.number_words(value, each.field, currency), (ratio, place + 0.2),
                          xytext=(3 if right else -3, 0), textcoords="offset points", va="center",
                          ha="left" if right else "right", fontsize=8)  # fmt: skip
        # The name stands above its bar: long names fit, on a telephone too.
        name = textwrap.fill(_shortened(each.label, 104), 52) if _is_narrow(axes) else _shortened(each.label, 104)
        axes.text(0.0, place - 0.06, name, fontsize=8.5, transform=axes.get_yaxis_transform(), va="bottom", zorder=3,
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6})  # fmt: skip
    axes.set_ylim(max(len(shown), 1) - 0.45, -0.55)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvline(base, color=INK, linewidth=1.2)
    axes.axvline(1.0, color=GREY, linewidth=1.0, linestyle="--")
    low, high = axes.get_xlim()
    room = (0.26 if _is_narrow(axes) else 0.14) * (high - low)
    axes.set_xlim(low - room, high + room)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=_ticks(axes)))
    axes.set_xlabel(f"SROI ratio; base case {base:.2f} (line), 1 : 1 (dashed)")
    handles = [
        mpl.patches.Patch(facecolor=VERMILION, hatch="///", edgecolor="white", label="at the low number"),
        mpl.patches.Patch(color=BLUE, label="at the high number"),
    ]
    axes.legend(handles=handles, frameon=False, fontsize=9, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return axes


# ---- what the figures share ----


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    with _style():
        return Figure(figsize=(WIDE, 4.0), layout="constrained").subplots()


def _is_narrow(axes: Axes) -> bool:
    return bool(axes.figure.get_window_extent().width / axes.figure.dpi < 5)


def _ticks(axes: Axes) -> int:
    return 3 if _is_narrow(axes) else 5


def _rows(axes: Axes, labels: Sequence[str]) -> None:
    """Name the rows of a horizontal chart, the first on top, long names on several lines."""
    width = 20 if _is_narrow(axes) else 30
    axes.set_yticks(range(len(labels)), [textwrap.fill(_shortened(label, 3 * width - 6), width) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)


def _shortened(label: str, most: int) -> str:
    """Return a label of at most `most` characters; what goes is taken from its middle, for its end tells more."""
    if len(label) <= most:
        return label
    tail = most // 2 - 2
    return f"{label[: most - tail - 3].rstrip()} .. {label[-tail:].lstrip()}"


def _room_right(axes: Axes) -> None:
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, 0.0), high + 0.2 * (high - min(low, 0.0)))


def _short_money(amount: float, currency: str) -> str:
    for size, unit in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(amount) >= size:
            return f"{wording.money(amount / size, currency, 1).replace('.0', '')}{unit}"
    return wording.money(amount, currency)


def _money_axis(axes: Axes, currency: str, label: str) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(nbins=_ticks(axes)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _short_money(value, currency)))
    axes.set_xlabel(label)
