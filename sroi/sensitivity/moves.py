"""Numbers moved one at a time, many of them in one call of the door.

An outcome's own number touches the present value of that outcome only, and an input's number that input. So one case of
the door can move a number of *every* outcome at once, and the total with one of them moved alone is put together from
the base case and the one present value that it touched. Cases that touch the same outcome or input never share a row; a
head count, a proxy that others are anchored to and the discount rate touch several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sroi import formulas
from sroi.evaluation import evaluate
from sroi.formulas import Array
from sroi.impact_map import ImpactMap
from sroi.names import NamedNumber
from sroi.nouns import Outcome, PartOfStakeholder

# Rows that go through the door together: enough to be quick, few enough to stay small on the largest maps.
_ROWS_AT_ONCE = 64
_FIGURES_AT_ONCE = 1_000_000
# A change below this part of a figure is the last bits of two sums taken in another order.
_NO_CHANGE = 1e-14


@dataclass(frozen=True, eq=False)
class Sweep:
    """A number moved alone to several places; `values` has shape (place, year)."""

    number: NamedNumber
    values: Array


@dataclass(frozen=True, eq=False)
class Totals:
    """What the map comes to at each place of a sweep, and by how much that differs from the base case, shape (place,).

    The changes are summed over what the number touches, so that they are exact beside a large total. `ratio` is NaN
    where nothing is put in.
    """

    present_value: Array
    inputs: Array
    ratio: Array
    present_value_change: Array
    inputs_change: Array


class Mover:
    """Moves the numbers of one map alone, each as often as is wished."""

    def __init__(self, impact_map: ImpactMap) -> None:
        self.impact_map = impact_map
        self.base = evaluate(impact_map)
        self._counted = np.flatnonzero(self.base.counted)
        self._outcomes = len(self._counted)
        self._worth = np.concatenate([self.base.present_value[self._counted], self.base.inputs])
        self._reach = _reach(impact_map, [self.base.priced[place] for place in self._counted])

    @property
    def numbers(self) -> list[NamedNumber]:
        """The numbers that can move the ratio: those that touch an outcome that counts, or an input."""
        return [number for name, number in self.impact_map.numbers().items() if self._reach[name].size]

    def sweep(self, sweeps: Sequence[Sweep]) -> list[Totals]:
        """Return the totals of each sweep."""
        if not sweeps:
            return []
        first_rows, rows = self._rows(sweeps)
        worth = self._through_the_door(sweeps, first_rows, rows)
        found = self._totals(worth, sweeps, first_rows)
        stops = np.cumsum([len(each.values) for each in sweeps]).tolist()
        columns = (found.present_value, found.inputs, found.ratio, found.present_value_change, found.inputs_change)
        return [
            Totals(*(column[start:stop] for column in columns))
            for start, stop in zip([0, *stops[:-1]], stops, strict=True)
        ]

    def _rows(self, sweeps: Sequence[Sweep]) -> tuple[list[int], int]:
        """Return the first row of each sweep, and how many rows there are: no two touch the same thing in one row."""
        free = np.zeros(len(self._worth), dtype=np.intp)
        first_rows = [0] * len(sweeps)
        # Those that touch most come first: the others then lie beside one another.
        for place in sorted(range(len(sweeps)), key=lambda place: -self._reach[sweeps[place].number.name].size):
            touched = self._reach[sweeps[place].number.name]
            first_rows[place] = int(free[touched].max(initial=0))
            free[touched] = first_rows[place] + len(sweeps[place].values)
        return first_rows, int(free.max(initial=0))

    def _through_the_door(self, sweeps: Sequence[Sweep], first_rows: Sequence[int], rows: int) -> Array:
        """Return the present value of every outcome that counts, then of every input, shape (row, one of these)."""
        worth = [np.empty((0, len(self._worth)))]
        for start in range(0, rows, _ROWS_AT_ONCE):
            stop = min(start + _ROWS_AT_ONCE, rows)
            at: dict[str, Array] = {}
            for each, first in zip(sweeps, first_rows, strict=True):
                low, high = max(first, start), min(first + len(each.values), stop)
                if low >= high:
                    continue
                base = case(each.number, each.number.values)
                for column, (name, value) in enumerate(base.items()):
                    if name not in at:
                        at[name] = np.full(stop - start, value)
                    at[name][low - start : high - start] = each.values[low - first : high - first, column]
            result = evaluate(self.impact_map, at=at)
            worth.append(np.concatenate([result.present_value[:, self._counted], result.inputs], axis=-1))
        return np.concatenate(worth)

    def _totals(self, worth: Array, sweeps: Sequence[Sweep], first_rows: Sequence[int]) -> Totals:
        """Return the totals of every place of every sweep, one after the other."""
        lengths = np.array([len(each.values) for each in sweeps])
        touched = [self._reach[each.number.name] for each in sweeps]
        counts = np.array([len(each) for each in touched])
        places = int(lengths.sum())
        rows = np.arange(places) + np.repeat(np.array(first_rows) - (np.cumsum(lengths) - lengths), lengths)
        # Every pair of a place and something that it touches.
        of_place = np.repeat(np.arange(places), np.repeat(counts, lengths))
        within = np.arange(len(of_place)) - np.repeat(_starts(np.repeat(counts, lengths)), np.repeat(counts, lengths))
        element = np.concatenate(touched)[np.repeat(_starts(counts), lengths)[of_place] + within]
        after, before = worth[rows[of_place], element], self._worth[element]
        change = after - before
        change[np.abs(change) <= _NO_CHANGE * np.maximum(np.abs(after), np.abs(before))] = 0.0
        present_value, inputs = np.empty(places), np.empty(places)
        at_once = max(1, _FIGURES_AT_ONCE // len(self._worth))
        for start in range(0, places, at_once):
            here = slice(*np.searchsorted(of_place, [start, start + at_once]))
            whole = np.tile(self._worth, (min(at_once, places - start), 1))
            whole[of_place[here] - start, element[here]] = after[here]
            present_value[start : start + at_once] = whole[:, : self._outcomes].sum(axis=-1)
            inputs[start : start + at_once] = whole[:, self._outcomes :].sum(axis=-1)
        is_outcome = element < self._outcomes
        return Totals(
            present_value=present_value,
            inputs=inputs,
            ratio=formulas.sroi_ratio(present_value, inputs),
            present_value_change=_sums(of_place[is_outcome], change[is_outcome], places),
            inputs_change=_sums(of_place[~is_outcome], change[~is_outcome], places),
        )


def _sums(places: np.ndarray[Any, np.dtype[np.intp]], figures: Array, count: int) -> Array:
    return np.asarray(np.bincount(places, figures, count), dtype=np.float64)


def _starts(lengths: np.ndarray[Any, np.dtype[np.intp]]) -> np.ndarray[Any, np.dtype[np.intp]]:
    return np.asarray(np.cumsum(lengths) - lengths)


def case(number: NamedNumber, values: Sequence[float]) -> Mapping[str, float]:
    """Return what the door is told to put a number at these values, one for each of its years."""
    if not number.by_year:
        return {number.name: values[0]}
    return {f"{number.name}.{year}": value for year, value in enumerate(values, start=1)}


def _reach(impact_map: ImpactMap, counted: Sequence[str]) -> dict[str, np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """Return what each number touches: places among the outcomes that count, followed by the inputs."""
    place = {name: position for position, name in enumerate([*counted, *(each.id for each in impact_map.inputs)])}
    by_id = {outcome.id: outcome for outcome in impact_map.outcomes}
    priced_by: dict[str, list[int]] = {}
    people: dict[str, list[int]] = {}
    for name in counted:
        priced_by.setdefault(_priced_by(by_id[name], by_id).id, []).append(place[name])
        quantity = by_id[name].quantity
        if isinstance(quantity, PartOfStakeholder):
            people.setdefault(quantity.of, []).append(place[name])
    # The map's rate does not touch an outcome that has a rate of its own.
    own = {name for name in counted if by_id[name].discount_rate is not None}
    discounts = impact_map.conventions.discount_timing != "none"
    at_the_maps_rate = [position for name, position in place.items() if discounts and name not in own]
    reach: dict[str, list[int]] = {}
    for name, number in impact_map.numbers().items():
        if number.field == "discount_rate":
            reach[name] = at_the_maps_rate
        elif number.field == "size":
            reach[name] = people.get(number.owner, [])
        elif number.field == "proxy":
            reach[name] = priced_by.get(number.owner, [])
        else:
            reach[name] = [place[number.owner]] if number.owner in place else []
    return {name: np.array(places, dtype=np.intp) for name, places in reach.items()}


def _priced_by(outcome: Outcome, by_id: Mapping[str, Outcome]) -> Outcome:
    """Return the outcome whose proxy has the money: the end of the chain of anchors."""
    while outcome.proxy is not None and outcome.proxy.anchored_to is not None:
        outcome = by_id[outcome.proxy.anchored_to]
    return outcome
