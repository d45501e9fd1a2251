"""The ratio's distribution and what drives it, without simulation, for numbers that are independent of each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sroi.formulas import Array
from sroi.impact_map import ImpactMap
from sroi.laws import UncertainNumber
from sroi.uncertainty.cells import law_over_cells
from sroi.uncertainty.decisions import chance_above, expected_gain, through, value_of_knowing
from sroi.uncertainty.distribution import (
    PointLaw,
    certain,
    law_of_points,
    on_a_grid,
    products,
    sum_of,
)
from sroi.uncertainty.reach import Group, Reach, reach_of
from sroi.uncertainty.shares import Indices, Shares, indices_of, shares_of
from sroi.uncertainty.structure import Structure, structure_of, uncertain_numbers
from sroi.uncertainty.terms import Conditions, Term, Terms, points_of, terms_of

# Points of all numbers together: many each where they are few, fewer where many blur each other's grain.
_POINTS, _FEWEST, _MOST = 2**15, 128, 8192
_POINTS_FOR_MOMENTS = 48
_POINTS_FOR_EXACT_MOMENTS = 256  # a lognormal's tail takes so many to be right to the last digits
_MIXED = 2**18  # points that a mixture over a number on which one conditions is laid out of
_FINAL_GRID = 2**15
# So far the spread of a law of points may lie from the one that is known.
_GRAIN = 0.05


@dataclass(frozen=True, eq=False)
class Exact:
    """What the exact engine says of a map: its ratio's law, shares of variance, and values of knowing.

    `net_benefit` (its expectation), `value_of_knowing_all` (EVPI) and `value_of_knowing` (EVPPI of each number) are in
    the map's currency, for the decision at `decision_ratio`.
    """

    shares: Shares
    law: PointLaw
    decision_ratio: float
    net_benefit: float
    value_of_knowing_all: float
    value_of_knowing: dict[str, float]

    def chance_above(self, ratio: float) -> float:
        """Return the chance that the ratio is above this."""
        return chance_above(self.law, ratio)


def exact(structure: Structure, reach: Reach | None = None, decision_ratio: float = 1.0) -> Exact:
    """Return what a map comes to when its uncertain numbers are independent.

    Raises ValueError, with the reason, for a map out of reach (`reach_of(structure).why_not`).
    """
    reach = reach or reach_of(structure)
    if reach.why_not is not None:
        raise ValueError(reach.why_not)
    terms = terms_of(structure, reach, _points_each(structure))
    shares = shares_of(terms, reach.tree)
    laws = [_case_laws(structure, terms, reach, case) for case in range(terms.conditions.count)]
    fine = {name: fine_points(structure, terms.conditions, place, 512) for place, name in enumerate(reach.conditions)}
    net, knowing = value_of_knowing(terms, reach.tree, decision_ratio, fine)
    law = _ratio_law(structure, terms, shares, laws)
    everything = _knowing_all(structure, terms, net, laws, law, decision_ratio)
    # Knowing one number is never worth more than knowing all; the two are reckoned to different last digits.
    knowing = {name: min(each, everything) for name, each in knowing.items()}
    benefit = float(terms.conditions.case_weights() @ net)
    return Exact(shares, law, decision_ratio, benefit, everything, knowing)


def exact_law(structure: Structure, reach: Reach) -> PointLaw:
    """Return only the law of the ratio, the one that `exact` gives."""
    terms = terms_of(structure, reach, _points_each(structure))
    laws = [_case_laws(structure, terms, reach, case) for case in range(terms.conditions.count)]
    return _ratio_law(structure, terms, shares_of(terms, reach.tree), laws)


def exact_moments(structure: Structure, reach: Reach) -> tuple[float, float]:
    """Return only the mean and the variance of the ratio."""
    shares = shares_of(terms_of(structure, reach, _POINTS_FOR_EXACT_MOMENTS), reach.tree)
    return shares.mean, shares.variance


def _points_each(structure: Structure) -> int:
    return int(np.clip(_POINTS // max(len(structure.uncertain), 1), _FEWEST, _MOST))


def exact_indices(impact_map: ImpactMap) -> Indices:
    """Return only the first-order and total shares of the variance of a map: the quick part.

    Raises ValueError, with the reason, for a map out of reach.
    """
    structure = structure_of(impact_map, uncertain_numbers(impact_map))
    reach = reach_of(structure)
    if reach.why_not is not None:
        raise ValueError(reach.why_not)
    return indices_of(terms_of(structure, reach, points=_POINTS_FOR_MOMENTS), reach.tree)


# ---- laws ----


def _case_laws(structure: Structure, terms: Terms, reach: Reach, case: int) -> tuple[PointLaw, PointLaw]:
    """Return the laws of total present value and of total inputs in one case."""
    uncertain = structure.uncertain
    worth = _group_law(terms, reach.tree, uncertain, case)
    inputs = _line_laws(
        terms,
        [(float(terms.input_constants[row, case]), line) for row, line in enumerate(terms.inputs)],
        uncertain,
        case,
    )
    return worth, sum_of(inputs, terms.conditions.count)


def _group_law(terms: Terms, group: Group, uncertain: Mapping[str, UncertainNumber], case: int) -> PointLaw:
    lines = [(float(terms.constants[line, case]), terms.lines[line]) for line in group.lines]
    laws = _line_laws(terms, lines, uncertain, case)
    laws += [_group_law(terms, inner, uncertain, case) for inner in group.groups]
    total = sum_of(laws, terms.conditions.count)
    if not group.shared:
        return total
    return products(
        [[total, *(_term_law(terms.shared[name], uncertain, case) for name in group.shared)]], terms.conditions.count
    )[0]


def _line_laws(
    terms: Terms, lines: Sequence[tuple[float, Sequence[Term]]], uncertain: Mapping[str, UncertainNumber], case: int
) -> list[PointLaw]:
    rows = [[certain(constant), *(_term_law(term, uncertain, case) for term in line)] for constant, line in lines]
    return products(rows, terms.conditions.count)


def _term_law(term: Term, uncertain: Mapping[str, UncertainNumber], case: int) -> PointLaw:
    if term.law is not None:
        return term.law
    worth = term.worth[min(case, len(term.worth) - 1)]
    single = all(uncertain[name].discrete for name in term.names)
    if len(term.names) > 1 and not single:
        if worth.min() == worth.max():
            return certain(float(worth.flat[0]))
        apart = [_apart(uncertain[name], weight) for name, weight in zip(term.names, term.weights, strict=True)]
        return law_over_cells(worth, term.weights, apart)
    weights = term.weights[0]
    for each in term.weights[1:]:
        weights = np.multiply.outer(weights, each)
    if len(term.names) == 1 and not single:
        # A monotone factor's points are in order, one way or the other.
        falling = worth[0] > worth[-1]
        ordered = worth[::-1] if falling else worth
        if (np.diff(ordered) >= 0).all() and ordered[0] < ordered[-1]:
            return PointLaw(ordered, weights[::-1] if falling else weights)
    law = law_of_points(worth.ravel(), weights.ravel(), single)
    if law.points[0] == law.points[-1]:
        return certain(float(law.points[0]))
    return _merged(law) if single else law


def _apart(number: UncertainNumber, weights: Array) -> NDArray[np.bool_]:
    """Return which points of a number are single values: all of a discrete one, those of experts who are certain."""
    if number.discrete:
        return np.ones(len(weights), dtype=bool)
    if len(number.laws) > 1 or number.laws[0].family != "mixture":
        return np.zeros(len(weights), dtype=bool)
    # Each has just the weight of its voice, which no point of a smooth law has but by chance.
    parts = number.laws[0].parts
    own = [chance / len(parts) for part in parts if part.discrete for _, chance in part.parts]  # type: ignore[attr-defined]
    return np.asarray(np.isclose(weights[:, None], own, rtol=1e-9, atol=0.0).any(axis=1))


def _merged(law: PointLaw) -> PointLaw:
    points, place = np.unique(law.points, return_inverse=True)
    return PointLaw(points, np.bincount(place.ravel(), law.weights).astype(np.float64), single=True)


def _ratio_law(
    structure: Structure, terms: Terms, shares: Shares, laws: Sequence[tuple[PointLaw, PointLaw]]
) -> PointLaw:
    ratios = products([[worth, put_in.inverse()] for worth, put_in in laws], 1)
    return _mixed(structure, terms, ratios, shares.means, shares.variances).scaled(shares.mean, shares.variance)


def _knowing_all(
    structure: Structure, terms: Terms, means: Array, laws: Sequence[tuple[PointLaw, PointLaw]], law: PointLaw,
    ratio: float,
) -> float:  # fmt: skip
    """Return EVPI: from the ratio's law where the inputs are certain, else from the law of the net benefit."""
    expected = float(terms.conditions.case_weights() @ means)
    put_in = [each.points for _, each in laws]
    if all(len(each) == 1 for each in put_in) and np.ptp([each[0] for each in put_in]) == 0.0:
        net = PointLaw((law.points - ratio) * put_in[0][0], law.weights)
        return max(expected_gain(net) - max(0.0, expected), 0.0)
    each = [sum_of([worth, inputs.times(-ratio)], len(laws)) if ratio else worth for worth, inputs in laws]
    net = _mixed(structure, terms, each, means, np.array([part.variance for part in each]))
    return max(expected_gain(net) - max(0.0, expected), 0.0)


def _mixed(structure: Structure, terms: Terms, laws: Sequence[PointLaw], means: Array, variances: Array) -> PointLaw:
    """Return the law over all values of the numbers on which one conditions, from the laws at a few of them.

    Mean and standard deviation run as polynomials through the few, and the shape from one to the next: so a number
    whose values lie far apart leaves no comb.
    """
    conditions = terms.conditions
    if conditions.count == 1:
        return laws[0].scaled(float(means[0]), float(variances[0]))
    weights = conditions.case_weights()
    spread = np.sqrt(max(float(weights @ (means - weights @ means) ** 2), 0.0))
    typical = np.sqrt(float(weights @ variances))
    wanted = int(np.clip(64 * spread / typical if typical > 0 else 4096, 64, 4096))
    if len(conditions.names) > 1:
        wanted = min(int(np.sqrt(wanted)) * 8, 96)
    runs: Array = np.ones((1, 1))
    shapes: Array = np.ones((1, 1))
    chances: Array = np.ones(1)
    for place, name in enumerate(conditions.names):
        variable, chance = fine_points(structure, conditions, place, wanted)
        rule = conditions.rule(place)
        if structure.uncertain[name].discrete and len(rule) == len(chance):
            each = near = np.eye(len(rule))
        else:
            each = np.stack([through(rule, row, variable) for row in np.eye(len(rule))], axis=-1)
            near = _neighbours(rule, variable)
        runs = np.asarray(np.kron(runs, each), dtype=np.float64)
        shapes = np.asarray(np.kron(shapes, near), dtype=np.float64)
        chances = np.asarray(np.kron(chances, chance), dtype=np.float64)
    # Nothing at all has a chance of its own, and stays where it is, whatever the number on which one conditions.
    nothing = np.array([float(law.weights[law.points == 0.0].sum()) for law in laws])
    some = np.maximum(1.0 - nothing, 1e-300)
    centre = means / some
    spreads = np.maximum((variances + means**2) / some - centre**2, 0.0)
    centre, deviation = runs @ centre, np.sqrt(np.maximum(runs @ spreads, 0.0))
    points, shares = [np.zeros(1)], [np.array([chances @ (shapes @ nothing)])]
    size = max(int(_MIXED // max(len(chances), 1)), 16)
    for case, law in enumerate(laws):
        part = shapes[:, case] * chances * (1.0 - nothing[case])
        used = part > 0
        other = law.points != 0.0
        if not used.any() or not other.any():
            continue
        rest = PointLaw(law.points[other], law.weights[other] / law.weights[other].sum())
        own = np.sqrt(rest.variance)
        if own == 0.0:
            points.append(centre[used])
            shares.append(part[used])
            continue
        grid = on_a_grid(rest, size)
        # By the spread that is known, where the law has it but for its grain: a stretch would bend a far tail.
        known = float(np.sqrt(spreads[case]))
        unit = (grid.points - rest.mean) / (known if abs(known / own - 1.0) < _GRAIN else own)
        points.append((centre[used, None] + deviation[used, None] * unit).ravel())
        shares.append((part[used, None] * grid.weights).ravel())
    single = all(law.single for law in laws) and all(structure.uncertain[name].discrete for name in conditions.names)
    law = law_of_points(np.concatenate(points), np.concatenate(shares), single)
    return _merged(law) if single else on_a_grid(law, _FINAL_GRID)


def fine_points(structure: Structure, conditions: Conditions, place: int, count: int) -> tuple[Array, Array]:
    """Return fine points of a number on which one conditions, in the variable of its rule, and their weights."""
    x, w = points_of(structure.uncertain[conditions.names[place]], count)
    return np.asarray(x[:, conditions.years[place]]), w


def _neighbours(rule: Array, variable: Array) -> Array:
    """Return the weights with which the shape at each fine point is put together from the few: two neighbours'."""
    if len(rule) == 1:
        return np.ones((len(variable), 1))
    order = np.argsort(rule)
    place = np.clip(np.interp(variable, rule[order], np.arange(len(rule))), 0, len(rule) - 1)
    left = np.minimum(place.astype(np.intp), len(rule) - 2)
    found = np.zeros((len(variable), len(rule)))
    rows = np.arange(len(variable))
    found[rows, order[left]] = 1 - (place - left)
    found[rows, order[left + 1]] += place - left
    return found
