"""Where the value lies: from gross value to present value, by stakeholder."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes

from sroi import tables, wording
from sroi.plots.lettering import beside, key_above, make_room, money_axis, rows, sample, short_money, zero_line
from sroi.plots.style import BLUE, GREY, INK, VERMILION, axes_or_new, style
from sroi.result import Result

_WHOLE = ("gross", "total_present_value", "inputs")


@style()
def waterfall(
    result: Result, ax: Axes | None = None, intervals: Mapping[str, tuple[float, float]] | None = None
) -> Axes:
    """Draw the ladder from gross value to total present value, with the inputs beside it.

    `intervals` gives steps (those of the ladder, or `inputs`) a range [money], drawn as whiskers and written; that of a
    deduction is negative, as the deduction is.
    """
    axes = axes_or_new(ax)
    currency = result.impact_map.currency
    intervals = intervals or {}
    frame = tables.ladder(result)
    labels = [*frame["label"], "Total inputs"]
    changes = [*frame["value"], float(result.total_inputs)]
    running = 0.0
    for place, (step, change) in enumerate(zip([*frame["step"], "inputs"], changes, strict=True)):
        whole = step in _WHOLE
        start = 0.0 if whole else running
        colour = GREY if step == "inputs" else BLUE if whole or change >= 0 else VERMILION
        axes.barh(place, change, left=start, color=colour, height=0.62, hatch=None if change >= 0 or whole else "///",
                  edgecolor="white", linewidth=0.5)  # fmt: skip
        ends = [start, start + change]
        words = wording.money(change, currency)
        if step in intervals:
            low, high = intervals[step]
            _whisker(axes, place, start + low, start + high)
            ends += [start + low, start + high]
            words += f"\n{short_money(low, currency)} to {short_money(high, currency)}"
        beside(axes, words, max(ends), place, size=8 if step in intervals else 9)
        running = start + change
    rows(axes, labels)
    zero_line(axes)
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, 0.0), max(high, 0.0))
    label = f"Present value, {currency}, {result.impact_map.price_year} prices"
    money_axis(axes, currency, f"{label}; whiskers: 90 % range from the stated ranges" if intervals else label)
    make_room(axes)
    return axes


def _whisker(axes: Axes, place: float, low: float, high: float) -> None:
    """Draw a range over a bar: dark on a white edge, so that it shows on the bar and beside it."""
    for colour, width in (("white", 3.2), (INK, 1.3)):
        axes.plot([low, high], [place, place], color=colour, linewidth=width, zorder=4, solid_capstyle="butt")
        for end in (low, high):
            axes.plot([end, end], [place - 0.14, place + 0.14], color=colour, linewidth=width, zorder=4)


@style()
def value_by_stakeholder(result: Result, ax: Axes | None = None) -> Axes:
    """Draw what each stakeholder puts in and what value it gains or loses."""
    axes = axes_or_new(ax)
    currency = result.impact_map.currency
    frame = tables.by_stakeholder(result)
    for place, (put_in, gained) in enumerate(zip(frame["inputs"], frame["present_value"], strict=True)):
        for shift, amount, colour in ((-0.19, gained, BLUE), (0.19, put_in, GREY)):
            shade = VERMILION if amount < 0 else colour
            axes.barh(place + shift, amount, color=shade, height=0.36, hatch="///" if amount < 0 else None,
                      edgecolor="white", linewidth=0.5)  # fmt: skip
            beside(axes, wording.money(amount, currency), max(amount, 0.0), place + shift)
    rows(axes, frame["stakeholder"].tolist())
    zero_line(axes)
    handles = [sample(BLUE, "Value gained"), sample(GREY, "Put in")]
    if (frame["present_value"] < 0).any():
        handles.insert(1, sample(VERMILION, "Value lost", "///"))
    key_above(axes, handles, 3)
    money_axis(axes, currency, f"Present value, {currency}, {result.impact_map.price_year} prices")
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, 0.0), max(high, 0.0))
    make_room(axes)
    return axes
