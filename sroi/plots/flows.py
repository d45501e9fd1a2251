"""Who puts in and who gains: sums as bands from left to right, through what is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from sroi import wording
from sroi.plots.cards import GAP, Said, card
from sroi.plots.fitting import fitted, one_line, sum_that_fits, wrapped
from sroi.plots.sheet import FRAME, PITCH, SIZE, SMALL, Mark, Ribbon, Sheet, Words, draw, key, moved, room_of, room_on
from sroi.plots.style import WIDE, axes_or_new, style
from sroi.result import Result

# How many of each kind are named; the rest are drawn as one.
_MOST = {"put in": 12, "gain": 12, "loss": 6}
_KEY_WORDS = {"put in": "put in", "gain": "value gained", "loss": "value lost"}


@dataclass(frozen=True)
class Flow:
    """What a stakeholder puts in, gains or loses (by its kind), at present value [money], never below 0."""

    label: str
    kind: str
    amount: float


@style()
def flows(result: Result, ax: Axes | None = None) -> Axes:
    """Draw who puts in, and who gains and who loses, each as a band as thick as its sum.

    What a stakeholder gains and what it loses are drawn apart, not set off against each other. It wants the height of
    `flows_height`; on lower axes its letters shrink.
    """
    axes = axes_or_new(ax, flows_height(result, WIDE))
    width, height = room_of(axes)
    scale, sheet = 1.0, flows_sheet(result, width)
    while sheet.height * scale > height + 0.5 and scale > 0.2:
        scale *= 0.96
        sheet = flows_sheet(result, width / scale)
    return draw(axes, Sheet(sheet.width, max(sheet.height, height / scale), sheet.marks), scale)


@style()
def flows_height(result: Result, width: float) -> float:
    """Return the height [inches] that the flows want on a figure of this width [inches]."""
    return (flows_sheet(result, room_on(width)).height + FRAME + 0.5) / 72


def flows_in_words(result: Result) -> str:
    """Return the flows as one sentence, for readers who do not see them."""
    currency = result.impact_map.currency
    put_in, come_out = flows_of(result)
    said = {kind: [f"{flow.label} {wording.money(flow.amount, currency)}" for flow in come_out if flow.kind == kind]
            for kind in ("gain", "loss")}  # fmt: skip
    given = "; ".join(f"{flow.label} {wording.money(flow.amount, currency)}" for flow in put_in)
    gained = "; ".join(said["gain"]) or "nobody"
    lost = f"; value is lost by {'; '.join(said['loss'])}" if said["loss"] else ""
    return one_line(
        f"Bands as thick as their sums: put in by {given}; value is gained by {gained}{lost}; "
        f"total inputs {wording.money(float(result.total_inputs), currency)}, total present value "
        f"{wording.money(float(result.total_present_value), currency)}."
    )


def flows_of(result: Result) -> tuple[list[Flow], list[Flow]]:
    """Return who puts in, and who gains and then who loses, in the order of the map."""
    chart = result.impact_map
    whose = {outcome.id: outcome.stakeholder for outcome in chart.outcomes}
    givers = {given.stakeholder for given in chart.inputs}
    put_in = [
        Flow(who.label, "put in", float(result.inputs_of(who.id))) for who in chart.stakeholders if who.id in givers
    ]
    values: dict[str, list[float]] = {}
    for place, name in enumerate(result.priced):
        if result.counted[place]:
            values.setdefault(whose[name], []).append(float(result.present_value[..., place]))
    gains, losses = list[Flow](), list[Flow]()
    for who in chart.stakeholders:
        own = values.get(who.id, [])
        if own and (max(own) > 0 or min(own) == 0):
            gains.append(Flow(who.label, "gain", sum(value for value in own if value > 0)))
        if own and min(own) < 0:
            losses.append(Flow(who.label, "loss", -sum(value for value in own if value < 0)))
    return put_in, [*gains, *losses]


def _fewer(flows: Sequence[Flow]) -> list[Flow]:
    """Return at most so many flows of each kind as are named, the smallest of them together."""
    kept: list[Flow] = []
    for kind in dict.fromkeys(flow.kind for flow in flows):
        own = [flow for flow in flows if flow.kind == kind]
        if len(own) <= _MOST[kind]:
            kept += own
            continue
        ranked = sorted(range(len(own)), key=lambda place: -own[place].amount)
        named, rest = sorted(ranked[: _MOST[kind] - 1]), ranked[_MOST[kind] - 1 :]
        kept += [own[place] for place in named]
        kept.append(Flow(f"{len(rest)} others", kind, sum(own[place].amount for place in rest)))
    return kept


@dataclass(frozen=True)
class _End:
    """One end of a band: its words and sum, how thick it is and how high it stands [points]."""

    flow: Flow
    words: tuple[str, ...]
    money: str
    thickness: float

    @property
    def height(self) -> float:
        """The height of its words or of its band, whichever is more."""
        return max(self.thickness, PITCH * SIZE * (len(self.words) + 1))


def flows_sheet(result: Result, width: float) -> Sheet:
    """Return the drawing on a sheet of this width [points]."""
    chart, wide = result.impact_map, width > 360
    put_in, come_out = map(_fewer, flows_of(result))
    most = max(sum(flow.amount for flow in side) for side in (put_in, come_out))
    tallest = min(40.0 + 40 * max(len(put_in), len(come_out)), 160.0 if wide else 120.0)
    scale = tallest / most if most > 0 else 0.0
    names, middle = (118.0, 96.0) if wide else (76.0, 56.0)
    names, middle = names * width / (512 if wide else 274), middle * width / (512 if wide else 274)
    left, right = (
        [_end(flow, names - 10, chart.currency, scale) for flow in side] for side in (put_in, come_out)
    )  # fmt: skip
    done = card(middle, "done", [Said(chart.title, 5, SMALL)])
    arriving, leaving = _ports(left), _ports(right)
    tall = max(done.height, arriving[1] + 8, leaving[1] + 8)
    height = max(_stacked(left)[1], _stacked(right)[1], tall)
    middle_x = (width - middle) / 2
    marks: list[Mark] = []
    for ends, ports, on_left in ((left, arriving, True), (right, leaving, False)):
        tops, whole = _stacked(ends)
        shift, first = (height - whole) / 2, (height - ports[1]) / 2
        for end, top, port in zip(ends, tops, ports[0], strict=True):
            y, meets = shift + top + end.height / 2, first + port
            x = names if on_left else width - names
            from_to = ((x, y), (middle_x, meets)) if on_left else ((middle_x + middle, meets), (x, y))
            marks.append(Ribbon(*from_to, end.thickness, end.flow.kind))
            marks += _end_marks(end, x, y, on_left)
    marks += done.at(middle_x, (height - tall) / 2, tall)
    kinds = {flow.kind for flow in (*put_in, *come_out)}
    last = ("Who gains,", "who loses") if kinds >= {"gain", "loss"} else ("Who gains",)
    last = ("Who loses",) if "loss" in kinds and "gain" not in kinds else last
    heads = [
        Words(("Who puts in",), names - 5, 0, 8.5, True, "right"),
        Words(("What is done" if wide else "Done",), width / 2, 0, 8.5, True, "center"),
        Words((" ".join(last),) if wide else last, width - names + 5, 0, 8.5, True),
    ]
    top = max(each.height for each in heads) + 5
    drawn = [*heads, *moved(marks, 0, top)]
    y = top + height + 8
    for below, size in _below(result, kinds, width):
        drawn += moved(below, 0, y)
        y += size + 5
    return Sheet(width, y, tuple(drawn))


def _end(flow: Flow, room: float, currency: str, scale: float) -> _End:
    amount = -flow.amount if flow.kind == "loss" else flow.amount
    words = tuple(fitted(flow.label, room, SIZE, 3))
    return _End(flow, words, sum_that_fits(amount, currency, room, SIZE, bold=True), flow.amount * scale)


def _stacked(ends: Sequence[_End]) -> tuple[list[float], float]:
    """Return the top of each end, one under the other, losses further down; and the height of all."""
    tops, y, before = [], 0.0, ends[0].flow.kind if ends else ""
    for end in ends:
        y += 12.0 if end.flow.kind != before else 0.0
        tops.append(y)
        y += end.height + 7
        before = end.flow.kind
    return tops, max(y - 7, 0.0)


def _ports(ends: Sequence[_End]) -> tuple[list[float], float]:
    """Return where each band meets the box in the middle, side by side, losses apart; and the height of all."""
    ports, y, before = [], 0.0, ends[0].flow.kind if ends else ""
    for end in ends:
        y += 8.0 if end.flow.kind != before else 0.0
        room = max(end.thickness, 2.0)
        ports.append(y + room / 2)
        y += room
        before = end.flow.kind
    return ports, y


def _end_marks(end: _End, x: float, y: float, on_left: bool) -> Iterable[Mark]:
    """Yield the words and the sum beyond the end of a band."""
    side, at = ("right", x - 5) if on_left else ("left", x + 5)
    top = y - PITCH * SIZE * (len(end.words) + 1) / 2
    yield Words(end.words, at, top, SIZE, False, side)
    yield Words((end.money,), at, top + PITCH * SIZE * len(end.words), SIZE, True, side)


def _below(result: Result, kinds: set[str], width: float) -> list[tuple[list[Mark], float]]:
    """Return the key and a note of the totals, each with its height."""
    currency = result.impact_map.currency
    entries = [(kind, words, 7.0) for kind, words in _KEY_WORDS.items() if kind in kinds]
    note = (
        f"Present value, {currency}, {result.impact_map.price_year} prices. Total inputs "
        f"{wording.money(float(result.total_inputs), currency)}, total present value "
        f"{wording.money(float(result.total_present_value), currency)}. A band is as thick as its sum."
    )
    lines = Words(tuple(wrapped(note, width - 2, SMALL)), 1, GAP, SMALL)
    return [key(entries, width), ([lines], lines.height + GAP)]
