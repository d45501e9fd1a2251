"""A map as sums of products of uncertain factors: what both engines work on.

The total present value is a sum of lines, one for each outcome that counts: a constant times factors, each of which
depends on one uncertain number, or on a few that cannot be taken apart. The total inputs are a sum of such lines too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Literal, NamedTuple

import numpy as np

from sroi import formulas
from sroi.evaluation import Layout, factors_at, factors_of_years
from sroi.evidence.schedules import rates_of
from sroi.formulas import Array
from sroi.impact_map import ImpactMap
from sroi.laws import UncertainNumber, uncertain_number
from sroi.names import DEDUCTIONS
from sroi.nouns import Input, Outcome, PartOfStakeholder

Values = Mapping[str, Array]  # a number's name to its values, shape (..., year), one year if it is not by year
Kind = Literal["plain", "kept", "lasting", "joint"]


class Factor(NamedTuple):
    """A factor of a line: what `worth` makes of the uncertain numbers in `names`.

    A plain factor is its number itself, a kept one 1 minus it, a lasting one the annuity of its drop-off over `life`;
    any other is joint.
    """

    names: tuple[str, ...]
    kind: Kind
    worth: Callable[[Values], Array]
    life: Life | None = None


class Line(NamedTuple):
    """A constant times factors: an outcome's present value, or what an input is worth at present."""

    id: str
    constant: float
    factors: tuple[Factor, ...] = ()

    def value(self, values: Values) -> Array:
        """Return what the line comes to with these values of its numbers."""
        return reduce(np.multiply, (factor.worth(values) for factor in self.factors), np.asarray(self.constant))


@dataclass(frozen=True, eq=False)
class Structure:
    """A map as lines, with the laws of the numbers that move them.

    `uncertain` holds only numbers on which the ratio depends. Lines stand in the order of their ids, so that a sum
    does not change when outcomes are moved about.
    """

    impact_map: ImpactMap
    lines: tuple[Line, ...]
    inputs: tuple[Line, ...]
    uncertain: Mapping[str, UncertainNumber] = field(default_factory=dict)

    def users(self) -> dict[str, tuple[int, ...]]:
        """Return for each uncertain number the places of the lines that it moves; inputs come after all outcomes."""
        found: dict[str, list[int]] = {}
        for place, line in enumerate((*self.lines, *self.inputs)):
            for name in {name for factor in line.factors for name in factor.names}:
                found.setdefault(name, []).append(place)
        return {name: tuple(places) for name, places in found.items()}

    def ratio(self, values: Values) -> Array:
        """Return the SROI ratio with these values of the uncertain numbers: the door's figure by another road."""
        worth = sum((line.value(values) for line in self.lines), np.zeros(()))
        return formulas.sroi_ratio(worth, sum((line.value(values) for line in self.inputs), np.zeros(())))


def uncertain_numbers(impact_map: ImpactMap, assume: float | None = None) -> dict[str, UncertainNumber]:
    """Return the numbers of a map that have a range, or get a default one by `assume`, with their laws."""
    found = {name: uncertain_number(number, assume) for name, number in impact_map.numbers().items()}
    return {name: number for name, number in found.items() if number is not None}


def structure_of(
    impact_map: ImpactMap,
    uncertain: Mapping[str, UncertainNumber],
    fixed: Mapping[str, Sequence[float]] | None = None,
) -> Structure:
    """Return a map as lines; the numbers in `fixed` are held at the values given (one for each of their years)."""
    fixed = fixed or {}
    moving = {name: number for name, number in uncertain.items() if name not in fixed}
    if impact_map.conventions.discount_timing == "none":
        moving.pop("discount_rate", None)
    builder = _Builder(impact_map, moving, fixed)
    lines = tuple(sorted(builder.outcome_lines(), key=lambda line: line.id))
    inputs = tuple(sorted((builder.input_line(given) for given in impact_map.inputs), key=lambda line: line.id))
    used = {name for line in (*lines, *inputs) for factor in line.factors for name in factor.names}
    return Structure(impact_map, lines, inputs, {name: number for name, number in moving.items() if name in used})


class _Builder:
    """What the lines of one map have in common."""

    def __init__(
        self, impact_map: ImpactMap, moving: Mapping[str, UncertainNumber], fixed: Mapping[str, Sequence[float]]
    ) -> None:
        self.impact_map, self.moving = impact_map, moving
        self.rules = impact_map.conventions
        self.layout: Layout = impact_map.laid_out(Layout)
        held = {name: np.array(values, dtype=np.float64) for name, values in fixed.items()}
        self.base = {name: held.get(name, values) for name, values in self.layout.values.items()}
        self.first = {name: float(values[0]) for name, values in self.base.items()}
        self.rate_moves = "discount_rate" in moving
        self._factors: dict[tuple[str, int], Array] = {}
        self._lives: dict[tuple[Any, ...], Array] = {}

    def own_factors(self, rate: float | str, years: int) -> Array:
        """Return the discount factor of each year of an outcome with this rate of its own."""
        return factors_at(self.impact_map, rates_of(rate), self.rules.discount_timing, years)

    def factors(self, timing: str, years: int, values: Values | None = None) -> Array:
        """Return the discount factor of each year, shape (..., year); at the rates in `values` if they move."""
        if values is not None and "discount_rate" in values:
            return factors_of_years(self.impact_map, values, timing, years)
        if (timing, years) not in self._factors:
            self._factors[timing, years] = factors_of_years(self.impact_map, self.base, timing, years)
        return self._factors[timing, years]

    def certain_worth(self, life: Life) -> Array:
        """Return what a life is worth in which nothing moves: outcomes that last alike have it in common."""
        alike = (self.first[life.drop_off], self.first[life.duration], life.start, life.cohorts, life.own_rate)
        if alike not in self._lives:
            self._lives[alike] = life.worth({})
        return self._lives[alike]

    # ---- outcomes ----

    def outcome_lines(self) -> list[Line]:
        return [
            self._outcome_line(outcome, int(self.layout.cohorts[place]))
            for place, outcome in enumerate(self.layout.outcomes)
            if self.layout.counted[place]
        ]

    def _outcome_line(self, outcome: Outcome, cohorts: int) -> Line:
        factors: list[Factor] = []
        by_cohort: list[tuple[str, bool]] = []  # uncertain numbers that differ from cohort to cohort, and whether kept
        names, anchor = self._multiplied(outcome)
        # In plain floats as long as there is one cohort only: arrays of one number cost ten times as much.
        base: Mapping[str, Any] = self.first if cohorts == 1 else self.base
        constant: Any = anchor if cohorts == 1 else np.full(cohorts, anchor)
        kept = [(f"{outcome.id}.{field}", True) for field in DEDUCTIONS]
        added: list[str] = []
        if self.rules.deductions == "add":
            added = [name for name, _ in kept]
            kept = []
        for name, is_kept in [*((name, False) for name in names), *kept]:
            if name not in self.moving:
                constant = constant * (1.0 - base[name] if is_kept else base[name])
            elif cohorts == 1 or len(self.base[name]) == 1:
                factors.append(_kept(name) if is_kept else _plain(name))
            else:
                by_cohort.append((name, is_kept))
        moved = [name for name in added if name in self.moving]
        if added and not moved:
            constant = constant * formulas.kept_share_added(*(self.base[name] for name in added))
        elif added and all(len(self.base[name]) == 1 for name in moved) and self._same_every_year(added):
            factors.append(self._added(added, moved))
            added = []
        elif not added:
            moved = []
        constant = np.atleast_1d(constant)
        life = Life(self, outcome, cohorts)
        if not by_cohort and not (added and moved):
            return self._single(outcome.id, constant, factors, life)
        return self._several(outcome.id, constant, factors, life, by_cohort, added if moved else [])

    def _multiplied(self, outcome: Outcome) -> tuple[list[str], float]:
        """Return the numbers that make up quantity x proxy, and the weights of an anchored proxy."""
        priced_by = self.layout.priced_by[outcome.id]
        if priced_by is None:  # the layout holds priced outcomes only
            raise AssertionError(outcome.id)
        if isinstance(outcome.quantity, PartOfStakeholder):
            names = [f"{outcome.quantity.of}.size", f"{outcome.id}.share", f"{outcome.id}.times"]
        else:
            names = [f"{outcome.id}.quantity"]
        return [*names, f"{priced_by[0].id}.proxy"], priced_by[1]

    def _same_every_year(self, names: Sequence[str]) -> bool:
        return all(len(self.base[name]) == 1 for name in names)

    def _added(self, names: Sequence[str], moved: Sequence[str]) -> Factor:
        def worth(values: Values) -> Array:
            return formulas.kept_share_added(*(values[n][..., 0] if n in moved else self.base[n][0] for n in names))

        return Factor(tuple(moved), "joint", worth)

    def _single(self, name: str, constant: Array, factors: list[Factor], life: Life) -> Line:
        """Return a line whose uncertain numbers are the same in every cohort."""
        if not constant.any():
            return Line(name, 0.0)
        if not life.moving:
            return _line(name, float((constant * self.certain_worth(life)).sum()), factors)
        if len(constant) > 1 and not life.separable:

            def worth(values: Values) -> Array:
                return np.asarray((constant * life.worth(values)).sum(axis=-1))

            return Line(name, 1.0, (*factors, Factor(life.moving, "joint", worth)))
        # With a flat rate a later cohort's life is worth the first one's, discounted for as many years more.
        lasting: Kind = "lasting" if life.moving == (life.drop_off,) else "joint"
        first = Factor(life.moving, lasting, lambda values: life.worth(values)[..., 0], life)
        return _line(name, float((constant * life.delays()).sum()), [*factors, first])

    def _several(
        self, name: str, constant: Array, factors: list[Factor], life: Life, by_cohort: list[tuple[str, bool]],
        added: Sequence[str],
    ) -> Line:  # fmt: skip
        """Return a line with a joint factor for what differs from cohort to cohort."""
        if not constant.any():
            return Line(name, 0.0)
        apart = life.moving and life.separable
        if apart:
            constant = constant * life.delays()
            lasting: Kind = "lasting" if life.moving == (life.drop_off,) else "joint"
            factors = [*factors, Factor(life.moving, lasting, lambda values: life.worth(values)[..., 0], life)]
        moved = [name for name in added if name in self.moving]
        joined = (*(each for each, _ in by_cohort), *moved, *(() if apart else life.moving))

        def worth(values: Values) -> Array:
            total = constant * (1.0 if apart else life.worth(values))
            for each, is_kept in by_cohort:
                total = total * (1.0 - values[each] if is_kept else values[each])
            if added:
                shares = [values[each] if each in moved else self.base[each] for each in added]
                total = total * formulas.kept_share_added(*shares)
            return np.asarray(total.sum(axis=-1))

        return Line(name, 1.0, (*factors, Factor(joined, "joint", worth)))

    # ---- inputs ----

    def input_line(self, given: Input) -> Line:
        """Return what an input is worth at present as a line."""
        names = [f"{given.id}.hours", f"{given.id}.rate"] if given.hours is not None else [f"{given.id}.value"]
        years = self.impact_map.activity.years
        moving = [name for name in names if name in self.moving]
        rated = self.rate_moves and self._rate_matters(max(len(self.base[name]) for name in names))

        def worth(values: Values) -> Array:
            factors = self.factors(self.rules.input_timing, years, values)
            yearly = reduce(np.multiply, (values.get(name, self.base[name]) for name in names))
            return formulas.present_value(yearly, factors[..., : yearly.shape[-1]])

        if rated or any(len(self.base[name]) > 1 for name in moving):
            joined = (*moving, *(("discount_rate",) if rated else ()))
            return Line(given.id, 1.0, (Factor(joined, "joint", worth),))
        certain = worth({name: np.ones(1) for name in moving})
        return _line(given.id, float(certain), [_plain(name) for name in moving])

    def _rate_matters(self, years: int) -> bool:
        """Say whether inputs of so many years depend on the discount rate at all."""
        rules = self.rules
        if rules.input_timing == "none":
            return False
        return years > 1 or rules.input_timing != "start_of_year" or rules.present_at != 0.0


class Life:
    """How long an outcome lasts and what is left of it: what 1 of full value in each cohort is worth."""

    def __init__(self, builder: _Builder, outcome: Outcome, cohorts: int) -> None:
        self._builder, self.cohorts = builder, cohorts
        self.drop_off, self.duration = f"{outcome.id}.drop_off", f"{outcome.id}.duration"
        self.start = 1 if outcome.starts == "after" else 0
        own = [name for name in (self.drop_off, self.duration) if name in builder.moving]
        # A rate of the outcome's own is certain, and stays where the map's rate moves.
        self.own_rate = outcome.discount_rate
        self.rate_moves = builder.rate_moves and self.own_rate is None
        self.moving = (*own, *(("discount_rate",) if self.rate_moves else ()))
        self.first_year = builder.rules.drop_off_from == "first_year"

    @property
    def separable(self) -> bool:
        """Whether every later cohort's life is the first one's times a discount that is certain."""
        rates = self._builder.base["discount_rate"] if self.own_rate is None else rates_of(self.own_rate)
        flat = len(rates) == 1 or self._builder.rules.discount_timing == "none"
        return self.cohorts == 1 or (flat and not self.rate_moves)

    @property
    def certain_duration(self) -> float:
        """The duration's base case, where it does not move."""
        return float(self._builder.base[self.duration][0])

    def delays(self) -> Array:
        """Return the discount of each cohort against the first, at a flat rate."""
        if self.cohorts == 1:
            return np.ones(1)
        factors = self._certain_factors(self.cohorts)
        return np.asarray(factors[: self.cohorts] / factors[0])

    def factors(self, longest: float) -> Array:
        """Return the discount factors of the years of the first cohort's life; the rate must not move."""
        years = int(np.ceil(longest)) + self.start + self.cohorts + 1
        return self._certain_factors(years)[..., self.start :]

    def _certain_factors(self, years: int) -> Array:
        if self.own_rate is not None:
            return self._builder.own_factors(self.own_rate, years)
        return self._builder.factors(self._builder.rules.discount_timing, years)

    def worth(self, values: Values) -> Array:
        """Return what 1 of full value in each cohort is worth over its life, shape (..., cohort)."""
        base = self._builder.base
        drop_off = values.get(self.drop_off, base[self.drop_off])[..., 0]
        duration = values.get(self.duration, base[self.duration])[..., 0]
        longest = float(np.max(duration, initial=0.0))
        if not self.rate_moves:
            factors = self.factors(longest)
            each = [
                formulas.annuity(drop_off, duration, factors[cohort:], self.first_year)
                for cohort in range(self.cohorts)
            ]
            return np.stack(each, axis=-1)
        years = int(np.ceil(longest)) + self.start + self.cohorts + 1
        moved = self._builder.factors(self._builder.rules.discount_timing, years, values)[..., self.start :]
        ages = np.arange(int(np.ceil(longest)))
        left = formulas.retention(drop_off[..., None], duration[..., None], ages, self.first_year)
        each = [(left * moved[..., cohort : cohort + len(ages)]).sum(axis=-1) for cohort in range(self.cohorts)]
        return np.stack(np.broadcast_arrays(*each), axis=-1)


def _line(name: str, constant: float, factors: Sequence[Factor]) -> Line:
    """Return a line; one that comes to nothing whatever its numbers are has no factors."""
    return Line(name, constant, tuple(factors) if constant else ())


def _plain(name: str) -> Factor:
    return Factor((name,), "plain", lambda values: values[name][..., 0])


def _kept(name: str) -> Factor:
    return Factor((name,), "kept", lambda values: np.asarray(1.0 - values[name][..., 0]))
