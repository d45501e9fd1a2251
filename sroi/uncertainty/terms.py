"""The factors of a map at points of their uncertain numbers: from these come moments, shares and distributions.

Where one conditions on a number, everything is reckoned at K of its values: the first axis below, K = 1 if on none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

import numpy as np

from sroi import formulas
from sroi.formulas import Array
from sroi.laws import UncertainNumber, nodes, together
from sroi.names import DEDUCTIONS
from sroi.uncertainty.distribution import PointLaw, law_of_points, on_a_grid, sum_of, total_inputs_law
from sroi.uncertainty.reach import MOST_INPUTS, Reach
from sroi.uncertainty.structure import Factor, Structure, structure_of

# Points of a number that stands alone in its factor, and of each of two or three that stand together.
POINTS_TOGETHER = {1: 256, 2: 128, 3: 32}
# Values at which one conditions on one number, and on each of two.
CONDITION_POINTS = {1: 12, 2: 7}
_INPUT_POINTS = {3: 16, 4: 10, 5: 8, 6: 7}
# What many uncertain inputs are called together, where they are not told apart.
TOGETHER = "all {} uncertain inputs"


@dataclass(frozen=True, eq=False)
class Term:
    """A factor at points of its numbers: `worth`, shape (K, point of the first, of the second, ..).

    `law`: how the factor is distributed, where that is known better than from these points.
    """

    names: tuple[str, ...]
    worth: Array
    weights: tuple[Array, ...]
    law: PointLaw | None = None

    @cached_property
    def mean(self) -> Array:
        """Its expectation, shape (K,)."""
        return self.given(())

    def given(self, kept: Sequence[int]) -> Array:
        """Return its expectation given the numbers at these places, shape (K, points of those)."""
        mean = self.worth
        if len(self.names) == 1:
            return mean if kept else np.asarray(mean @ self.weights[0])
        for axis in reversed(range(len(self.names))):
            if axis not in kept:
                mean = np.tensordot(mean, self.weights[axis], axes=(axis + 1, 0))
        return np.asarray(mean)

    def squares(self) -> dict[tuple[int, ...], Array]:
        """Return for each set of its numbers E[E[a | set] E[b | set]] - E a E b, shape (K, K): a and b two of the K."""
        found = {}
        mean = self.mean
        for size in range(len(self.names) + 1):
            for kept in combinations(range(len(self.names)), size):
                given = self.given(kept)
                # About the mean: a narrow law would lose its digits in the difference of two squares.
                about = given.reshape(len(given), -1) - mean[:, None]
                weight = np.ones(())
                for axis in kept:
                    weight = np.multiply.outer(weight, self.weights[axis])
                found[kept] = (about * weight.ravel()) @ about.T
        return found


@dataclass(frozen=True, eq=False)
class Conditions:
    """The values of the numbers on which one conditions, their cases the K combinations.

    Of each number: `points`, shape (point, year), `weights`, and in `years` the year that is the variable of its rule.
    """

    names: tuple[str, ...]
    points: tuple[Array, ...]
    weights: tuple[Array, ...]
    years: tuple[int, ...]

    def rule(self, place: int) -> Array:
        """Return the points of a number's rule in its variable."""
        return np.asarray(self.points[place][:, self.years[place]])

    @property
    def count(self) -> int:
        """K, the number of cases."""
        return int(np.prod([len(each) for each in self.weights], initial=1))

    def cases(self) -> list[dict[str, tuple[float, ...]]]:
        """Return the values of each case."""
        return [
            {name: tuple(point) for name, point in zip(self.names, case, strict=True)} for case in product(*self.points)
        ]

    def case_weights(self) -> Array:
        """Return the weight of each case, shape (K,)."""
        weight = np.ones(1)
        for each in self.weights:
            weight = np.multiply.outer(weight, each).ravel()
        return weight


@dataclass(frozen=True, eq=False)
class Terms:
    """A map taken apart: the constant and the terms of each line, shared terms apart, and 1 / inputs as one term."""

    structures: tuple[Structure, ...]
    conditions: Conditions
    constants: Array  # (line, K)
    lines: tuple[tuple[Term, ...], ...]
    shared: Mapping[str, Term]
    input_constants: Array  # (input, K)
    inputs: tuple[tuple[Term, ...], ...]
    per_input: Term  # 1 / total inputs


def gauss_points(points: Array, weights: Array, count: int) -> tuple[Array, Array]:
    """Return the `count`-point Gauss rule of a law given by many points (Lanczos): exact for polynomials.

    Parameters: `points`, shape (n,), `weights`, shape (n,), sum 1. A law of `count` points or fewer is its own rule.
    """
    if len(points) <= count:
        return points, weights
    centre, scale = float(weights @ points), float(np.ptp(points)) or 1.0
    x = (points - centre) / scale
    basis = [np.sqrt(weights)]
    alpha, beta = [], []
    for step in range(count):
        current = basis[-1]
        alpha.append(float(current @ (x * current)))
        following = x * current
        for each in basis:  # orthogonal to all before, twice over: the recurrence alone loses its digits
            following = following - (each @ following) * each
        for each in basis:
            following = following - (each @ following) * each
        size = float(np.sqrt(following @ following))
        if step == count - 1 or size < 1e-13:
            break
        beta.append(size)
        basis.append(following / size)
    matrix = np.diag(alpha) + np.diag(beta[: len(alpha) - 1], 1) + np.diag(beta[: len(alpha) - 1], -1)
    values, vectors = np.linalg.eigh(matrix)
    chance = vectors[0] ** 2
    return centre + scale * values, chance / chance.sum()


def conditions_of(structure: Structure, reach: Reach) -> Conditions:
    """Return the values at which one conditions: the Gauss rule of each number's law, a few atoms as they are."""
    count = CONDITION_POINTS.get(len(reach.conditions), 1)
    points, weights, years = [], [], []
    for name in reach.conditions:
        x, w, year = gauss_points_of(structure.uncertain[name], count)
        points.append(x)
        weights.append(w)
        years.append(year)
    return Conditions(reach.conditions, tuple(points), tuple(weights), tuple(years))


def points_of(number: UncertainNumber, count: int) -> tuple[Array, Array]:
    """Return about `count` points of a number, shape (point, year), and their weights."""
    if len(number.laws) > 1:
        return together(number, count)
    x, w = nodes(number.laws, count)[0]
    return x[:, None], w


def gauss_points_of(number: UncertainNumber, count: int) -> tuple[Array, Array, int]:
    """Return a number's Gauss rule, points of shape (point, year) and weights, and the year that is its variable."""
    x, w = points_of(number, 1024)
    year = int(np.argmax(np.ptp(x, axis=0)))
    rule, chance = gauss_points(x[:, year], w, count)
    return np.stack([np.interp(rule, x[:, year], x[:, each]) for each in range(x.shape[1])], axis=-1), chance, year


def terms_of(structure: Structure, reach: Reach, points: int = POINTS_TOGETHER[1]) -> Terms:
    """Return a map taken apart, each number at about `points` points."""
    conditions = conditions_of(structure, reach)
    rest = {name: number for name, number in structure.uncertain.items() if name not in reach.conditions}
    if conditions.names:
        cases = [structure_of(structure.impact_map, rest, fixed) for fixed in conditions.cases()]
    else:
        cases = [structure]
    first = cases[0]
    alone = [name for name in rest if len(rest[name].laws) == 1]
    at = dict(zip(alone, nodes([rest[name].laws[0] for name in alone], points), strict=True))
    shared_names = _shared(reach)
    own = [[[f for f in factors if f.names[0] not in shared_names] for factors in each] for each in _factors_of(cases)]
    flat = [[factor for factors in each for factor in factors] for each in own]
    terms = _terms(flat, rest, at, points, _added_up(structure))
    places = iter(terms)
    by_line = [tuple(next(places) for _ in factors) for factors in own[0]]
    shared = {}
    for name in shared_names:
        x, w = _points(rest[name], at, points)
        shared[name] = Term((name,), x[None, :, 0], (w,))
    count = len(first.lines)
    constants = np.array([[line.constant for line in (*each.lines, *each.inputs)] for each in cases]).T
    return Terms(
        tuple(cases), conditions, constants[:count], tuple(by_line[:count]), shared, constants[count:],
        tuple(by_line[count:]), _per_input(cases, rest, points),
    )  # fmt: skip


def _factors_of(cases: Sequence[Structure]) -> list[list[tuple[Factor, ...]]]:
    """Return the factors of every line in each case, as many in one as in another.

    A line that comes to nothing in one case, as where nobody is there, has no factors in it: it gets another case's.
    """
    each = [[line.factors for line in (*case.lines, *case.inputs)] for case in cases]
    fullest = [max(factors, key=len) for factors in zip(*each, strict=True)]
    return [[own or full for own, full in zip(case, fullest, strict=True)] for case in each]


def _added_up(structure: Structure) -> set[str]:
    """Return the deductions that are added up, and are the same in every year."""
    impact_map = structure.impact_map
    if impact_map.conventions.deductions == "multiply":
        return set()
    numbers = impact_map.numbers()
    each = [[f"{outcome.id}.{field}" for field in DEDUCTIONS] for outcome in impact_map.outcomes]
    return {name for names in each if all(len(numbers[own].values) == 1 for own in names) for name in names}


def _shared(reach: Reach) -> list[str]:
    names: list[str] = []
    waiting = [reach.tree]
    while waiting:
        group = waiting.pop()
        names += group.shared
        waiting += group.groups
    return names


def _points(number: UncertainNumber, at: Mapping[str, tuple[Array, Array]], points: int) -> tuple[Array, Array]:
    if number.name in at:
        x, w = at[number.name]
        return x[:, None], w
    return points_of(number, points)


def _terms(
    cases: Sequence[Sequence[Factor]], rest: Mapping[str, UncertainNumber], at: Mapping[str, tuple[Array, Array]],
    points: int, added: Set[str],
) -> list[Term]:  # fmt: skip
    """Return the term of every factor; those that are an annuity of a drop-off all at once, for their number."""
    found: list[Term | None] = []
    lasting: dict[tuple[float | str | None, int, int], list[int]] = {}
    for place, factor in enumerate(cases[0]):
        if factor.kind in ("plain", "kept"):
            x, w = _points(rest[factor.names[0]], at, points)
            found.append(Term(factor.names, (x if factor.kind == "plain" else 1.0 - x)[None, :, 0], (w,)))
        elif factor.kind == "lasting" and len(cases) == 1 and factor.life is not None and factor.names[0] in at:
            life = factor.life
            alike = (life.own_rate, life.start, len(at[factor.names[0]][0]))
            lasting.setdefault(alike, []).append(place)
            found.append(None)
        else:
            found.append(_joint([each[place] for each in cases], rest, at, points, added))
    for places in lasting.values():
        factors = [cases[0][place] for place in places]
        for place, term in zip(places, _annuities(factors, at), strict=True):
            found[place] = term
    return [term for term in found if term is not None]


def _annuities(factors: Sequence[Factor], at: Mapping[str, tuple[Array, Array]]) -> list[Term]:
    lives = [factor.life for factor in factors if factor.life is not None]
    drop_off = np.array([at[life.drop_off][0] for life in lives])
    duration = np.array([life.certain_duration for life in lives])[:, None]
    discount = lives[0].factors(float(duration.max()))
    worth = formulas.annuity(drop_off, duration, discount, lives[0].first_year)
    return [
        Term(factor.names, row[None], (at[factor.names[0]][1],)) for factor, row in zip(factors, worth, strict=True)
    ]


def _joint(
    factors: Sequence[Factor], rest: Mapping[str, UncertainNumber], at: Mapping[str, tuple[Array, Array]], points: int,
    added: Set[str],
) -> Term:  # fmt: skip
    """Return the term of a factor of one to three numbers, on a grid of their points."""
    names = factors[0].names
    if len(names) == 1:
        laid = [_points(rest[names[0]], at, points)]
    else:
        laid = [points_of(rest[name], POINTS_TOGETHER[len(names)]) for name in names]
    values, shape = _on_a_grid(names, [x for x, _ in laid])
    worth = np.stack([np.broadcast_to(factor.worth(values), shape) for factor in factors])
    law = _added_law(factors[0], rest) if len(names) > 1 and set(names) <= added else None
    return Term(names, worth, tuple(w for _, w in laid), law)


def _added_law(factor: Factor, rest: Mapping[str, UncertainNumber]) -> PointLaw:
    """Return the law of what deductions that add up leave: nothing at all has a chance of its own."""
    most = float(factor.worth({name: np.zeros(1) for name in factor.names}))  # less what is deducted for certain
    shares = []
    for name in factor.names:
        x, w = points_of(rest[name], 1024)
        shares.append(law_of_points(x[:, 0], w, rest[name].discrete))
    total = sum_of(shares, cases=8)
    left = np.maximum(most - total.points, 0.0)
    some = left > 0
    kept = law_of_points(np.append(left[some], 0.0), np.append(total.weights[some], total.weights[~some].sum()))
    return PointLaw(kept.points, kept.weights, single=True) if total.single else on_a_grid(kept, 4096)


def _on_a_grid(names: Sequence[str], points: Sequence[Array]) -> tuple[dict[str, Array], list[int]]:
    """Return each number's points, shape (point, year), along an axis of its own, and the grid's shape."""
    values = {}
    for axis, (name, x) in enumerate(zip(names, points, strict=True)):
        own = [1] * len(names)
        own[axis] = len(x)
        values[name] = x.reshape(*own, x.shape[-1])
    return values, [len(x) for x in points]


def _per_input(cases: Sequence[Structure], rest: Mapping[str, UncertainNumber], points: int) -> Term:
    """Return 1 / total inputs on a grid of points of the uncertain inputs; of all together if they are many.

    From three on the points are Gauss rules; where these do not give the mean that the inputs' whole law gives, as
    where one input may be a hundred times another, the inputs are one group too.
    """
    names = tuple(dict.fromkeys(name for line in cases[0].inputs for factor in line.factors for name in factor.names))
    if not names:
        total = np.array([sum(line.constant for line in each.inputs) for each in cases])
        return Term((), 1.0 / total, ())
    if len(names) <= MOST_INPUTS:
        count = _INPUT_POINTS.get(len(names), points)
        if len(names) <= len(POINTS_TOGETHER) - 1:
            laid = [points_of(rest[name], POINTS_TOGETHER[len(names)] if len(names) > 1 else points) for name in names]
        else:
            laid = [gauss_points_of(rest[name], count)[:2] for name in names]
        values, shape = _on_a_grid(names, [x for x, _ in laid])
        totals = [sum((line.value(values) for line in each.inputs), np.zeros(())) for each in cases]
        term = Term(names, 1.0 / np.stack([np.broadcast_to(each, shape) for each in totals]), tuple(w for _, w in laid))
        if len(names) < len(POINTS_TOGETHER):
            return term
    x, w = total_inputs_law(cases, rest)
    whole = Term((TOGETHER.format(len(names)),), 1.0 / x, (w,))
    if len(names) <= MOST_INPUTS and np.allclose(term.given(()), whole.given(()), rtol=1e-5, atol=0.0):
        return term
    return whole
