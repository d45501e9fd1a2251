"""Switching values: what each number alone would have to be for the ratio to reach a target."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sroi import wording
from sroi.formulas import Array
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.sensitivity.dial import Dial
from sroi.sensitivity.moves import Mover, Sweep, Totals
from sroi.sensitivity.roots import bracketed_roots
from sroi.sensitivity.steps import Steps

# How near to its target the door must put the ratio at a value that is returned.
_NEAR = 1e-9
# How often a range is looked at, each time closer around what comes nearest.
_LOOKS = 4
_CURVED = frozenset({"drop_off", "duration", "discount_rate"})


@dataclass(frozen=True)
class BreakEven:
    """The value at which the ratio equals a target while every other number stays at its base case.

    `value` is None where nothing between `low` and `high` reaches it, and `why` says so in words. A number given by
    year is moved by a common factor on all its years: its values here are means over the years, and `why` names the
    factor. A rate by year gives way to one rate. `at` is what the door has to be told. `steps_away` is how many steps
    of one-way variation lie between the value and the base case.
    """

    name: str
    label: str
    field: str
    base: float
    value: float | None
    low: float
    high: float
    why: str
    at: Mapping[str, float]
    steps_away: float

    @property
    def change(self) -> float | None:
        """By which part of its base case the number must change; None if there is no value, or the base case is 0."""
        return None if self.value is None or self.base == 0 else (self.value - self.base) / abs(self.base)


def break_even(impact_map: ImpactMap, target: float = 1.0, steps: Steps | None = None) -> list[BreakEven]:
    """Return the switching value of every number that counts, nearest to its base case (in `steps`) first.

    The present value less `target` times the inputs is linear in every number but drop-off, duration and the discount
    rate (and deductions, where the map adds them up): there two cases of the door give the answer, and a third confirms
    it. For the others the range is searched, and the answer nearest to the base case returned; two answers can be
    missed only where they lie very close together. Durations are searched up to 100 years. Numbers that reach nothing
    come last, in the order of the map.
    """
    mover = Mover(impact_map)
    steps = steps or Steps()
    dials = [Dial(number, impact_map, mover.base) for number in mover.numbers]
    curved = _CURVED | (set(DEDUCTIONS) if impact_map.conventions.deductions == "add" else set())
    straight = [dial for dial in dials if dial.number.field not in curved]
    bent = [dial for dial in dials if dial.number.field in curved]
    looks = [(dial, np.array([dial.other_place])) for dial in straight] + [(dial, dial.grid) for dial in bent]
    seen = _look(mover, looks)  # all of them in one call of the door
    solved = _straight(mover, looks[: len(straight)], seen[: len(straight)], target)
    solved |= _bent(mover, looks[len(straight) :], seen[len(straight) :], target)
    sure = _confirmed(mover, [(dial, solved[dial.number.name][0]) for dial in dials], target)
    found = [
        _break_even(dial, sure.get(dial.number.name), solved[dial.number.name][1], target, impact_map, steps)
        for dial in dials
    ]
    return sorted(found, key=lambda each: (each.value is None, each.steps_away))


# A place of a dial, or None, and whether the ratio depends on the number at all.
_Solved = dict[str, tuple[float | None, bool]]
_Look = tuple[Dial, Array]


def _look(mover: Mover, looks: Sequence[_Look]) -> list[Totals]:
    """Return what the map comes to with each dial at each of its places."""
    return mover.sweep([Sweep(dial.number, dial.values(places)) for dial, places in looks])


def _excess(totals: Totals, target: float) -> Array:
    """Return by how much the present value exceeds what the target asks for."""
    return totals.present_value - target * totals.inputs


def _straight(mover: Mover, looks: Sequence[_Look], seen: Sequence[Totals], target: float) -> _Solved:
    """Solve the numbers in which the excess is linear, from the base case and one other place of each."""
    excess = float(mover.base.total_present_value - target * mover.base.total_inputs)
    solved: _Solved = {}
    for (dial, places), totals in zip(looks, seen, strict=True):
        gain, cost = float(totals.present_value_change[0]), float(totals.inputs_change[0])
        slope = (gain - target * cost) / (float(places[0]) - dial.base)
        place = None if slope == 0 else dial.base - excess / slope
        depends = gain != 0 or cost != 0
        if depends and excess == 0:
            place = dial.base
        solved[dial.number.name] = (place, depends)
    return solved


def _bent(mover: Mover, looks: Sequence[_Look], seen: Sequence[Totals], target: float) -> _Solved:
    """Search the numbers in which the excess is not linear: a grid first, then what lies beside the base case."""
    solved: _Solved = {}
    brackets: list[tuple[Dial, float, float, float, float]] = []
    for _ in range(_LOOKS):
        closer: list[_Look] = []
        for (dial, grid), totals in zip(looks, seen, strict=True):
            depends = bool((totals.present_value_change != 0).any() or (totals.inputs_change != 0).any())
            earlier = solved.get(dial.number.name)
            solved[dial.number.name] = (None, depends or (earlier is not None and earlier[1]))
            short = totals.ratio - target
            crossing = np.flatnonzero(np.sign(short[:-1]) * np.sign(short[1:]) <= 0) if depends else ()
            if depends and not len(crossing):
                closer += [(dial, each) for each in _dips(grid, short)]
            away = [max(grid[each] - dial.base, dial.base - grid[each + 1], 0.0) for each in crossing]
            # One on either side of the base case: which of the two answers is nearer shows when they are known.
            for each in [crossing[place] for place in np.argsort(away, kind="stable")[:2]]:
                brackets.append((dial, grid[each], grid[each + 1], short[each], short[each + 1]))
        if not closer:
            break
        looks, seen = closer, _look(mover, closer)
    if not brackets:
        return solved

    def short_at(points: Array) -> Array:
        columns = [(dial, column) for (dial, *_), column in zip(brackets, points.T, strict=True)]
        return np.stack([totals.ratio - target for totals in _look(mover, columns)], axis=-1)

    ends = (np.array([bracket[place] for bracket in brackets]) for place in (1, 2, 3, 4))
    for (dial, *_), root in zip(brackets, bracketed_roots(short_at, *ends).tolist(), strict=True):
        other = solved[dial.number.name][0]
        if other is None or abs(root - dial.base) < abs(other - dial.base):
            solved[dial.number.name] = (root, True)
    return solved


def _dips(grid: Array, short: Array) -> list[Array]:
    """Return finer places around each inner place that comes nearest to nothing: two answers may lie beside it."""
    far = np.abs(short)
    nearest = np.flatnonzero((far[1:-1] < far[:-2]) & (far[1:-1] <= far[2:])) + 1
    return [np.linspace(grid[each - 1], grid[each + 1], 17) for each in nearest]


def _confirmed(mover: Mover, places: Sequence[tuple[Dial, float | None]], target: float) -> dict[str, float]:
    """Return the places within bounds at which the door gives the target, each mended once by what the door says."""
    waiting = [(dial, kept) for dial, place in places if (kept := dial.within(place)) is not None]
    sure: dict[str, float] = {}
    for _ in range(2):
        mended: list[tuple[Dial, float]] = []
        seen = _look(mover, [(dial, np.array([place])) for dial, place in waiting])
        for (dial, place), totals in zip(waiting, seen, strict=True):
            if abs(float(totals.ratio[0]) - target) <= _NEAR * max(1.0, abs(target)):
                sure[dial.number.name] = place
                continue
            change = float(totals.present_value_change[0] - target * totals.inputs_change[0])
            slope = change / (place - dial.base) if place != dial.base else 0.0
            better = dial.within(place - float(_excess(totals, target)[0]) / slope) if slope else None
            mended += [(dial, better)] if better is not None else []
        waiting = mended
    return sure


def _break_even(
    dial: Dial, place: float | None, depends: bool, target: float, impact_map: ImpactMap, steps: Steps
) -> BreakEven:
    """Return the answer for one number, in its own unit and in words."""
    low, high = sorted(dial.summary(bound) for bound in dial.bounds)
    return BreakEven(
        name=dial.number.name,
        label=dial.number.label,
        field=dial.number.field,
        base=dial.summary(dial.base),
        value=None if place is None else dial.summary(place),
        low=low,
        high=high,
        why=dial.how(place) if place is not None else _why(dial, depends, target, impact_map),
        at={} if place is None else dial.at(place),
        steps_away=math.inf if place is None else dial.steps_away(place, steps),
    )


def _why(dial: Dial, depends: bool, target: float, impact_map: ImpactMap) -> str:
    """Return in words why no value of a number reaches the target."""
    goal = f"{target:g} : 1"
    if dial.stuck:
        return "it is nothing in every year, and a common factor leaves it so"
    if not depends:
        return "the ratio does not depend on it"
    if dial.by_factor:
        return f"no common factor on its years reaches {goal}"
    low, high = (wording.number_words(end, dial.number.field, impact_map.currency) for end in dial.bounds)
    if dial.bounds[0] <= dial.number.kind.low < -1.0:
        return f"no value reaches {goal}"
    if dial.bounds[1] >= dial.number.kind.high > 500.0:
        return f"no value from {low} up reaches {goal}"
    return f"no value from {low} to {high} reaches {goal}"
