"""The theory of change, drawn: who puts in, what is done, what changes, for whom, and what it is worth."""

from __future__ import annotations

from matplotlib.axes import Axes

from sroi import wording
from sroi.plots.change_parts import Change, Parts, parts_of
from sroi.plots.change_sheet import theory_sheet
from sroi.plots.fitting import one_line
from sroi.plots.sheet import FRAME, Sheet, draw, room_of, room_on
from sroi.plots.style import WIDE, axes_or_new, style
from sroi.result import Result

_PAGE = 700.0  # points: what a page has room for beside its caption


@style()
def theory_of_change(result: Result, ax: Axes | None = None) -> Axes:
    """Draw who puts in, what is done, each outcome with what it leads to, for whom, and its present value as thickness.

    From left to right on a page, from top to bottom on a telephone. It wants the height of `theory_of_change_height`;
    on lower axes its letters shrink. Where a page has no room for all outcomes, those of a stakeholder are folded
    together, and it says so.
    """
    axes = axes_or_new(ax, theory_of_change_height(result, WIDE))
    width, height = room_of(axes)
    parts, scale = _parts(result), 1.0
    sheet = theory_sheet(result, parts, width)
    while sheet.height * scale > height + 0.5 and scale > 0.2:
        scale *= 0.96
        sheet = theory_sheet(result, parts, width / scale)
    return draw(axes, Sheet(sheet.width, max(sheet.height, height / scale), sheet.marks), scale)


@style()
def theory_of_change_height(result: Result, width: float) -> float:
    """Return the height [inches] that the theory of change wants on a figure of this width [inches]."""
    return (theory_sheet(result, _parts(result), room_on(width)).height + FRAME + 0.5) / 72


@style()
def theory_of_change_in_words(result: Result) -> str:
    """Return the theory of change as one sentence, for readers who do not see it."""
    chart, parts = result.impact_map, _parts(result)

    def money(amount: float) -> str:
        return wording.money(amount, chart.currency)

    put_in = "; ".join(f"{giver.label} {money(giver.amount)}" for giver in parts.givers)
    said = "; ".join(
        f"for {whom.label} {money(whom.value) if whom.counted else 'nothing counted'}"
        f" ({', '.join(_in_words(change) for change in whom.changes)})"
        for whom in parts.people
    )
    links = sum(lead.source is not None for lead in parts.leads)
    chains = f", with {links} link{'' if links == 1 else 's'} from one outcome to another" if links else ""
    folded = f" ({parts.folded} folded together)" if parts.folded else ""
    return one_line(
        f"Theory of change from what is put in ({put_in}) through the activity to {len(chart.outcomes)} "
        f"outcome{'' if len(chart.outcomes) == 1 else 's'}{folded}{chains}: {said}; total present value "
        f"{money(float(result.total_present_value))}, total inputs {money(float(result.total_inputs))}."
    )


def _in_words(change: Change) -> str:
    most = f", most of it {change.most}" if change.most else ""
    return f"{change.label}{most}: {change.said}" if change.said else f"{change.label}{most}"


def _parts(result: Result) -> Parts:
    """Return what is drawn, folded as far as it must be to stand on one page; the same at every width."""
    parts = parts_of(result, 0)
    # Many rows are sure to be too high: no need to measure them.
    for fold in (1, 2):
        if len(parts.changes) <= 30 and theory_sheet(result, parts, room_on(WIDE)).height <= _PAGE:
            break
        parts = parts_of(result, fold)
    return parts
