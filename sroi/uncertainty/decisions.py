"""What knowing more would be worth to a decision: fund if the net benefit is expected to be above nothing.

The net benefit is the total present value less R times the total inputs, R the ratio asked for (1 if none is).
Value of perfect information EVPI = E[max(0, NB)] - max(0, E NB); of knowing one number x,
EVPPI(x) = E[max(0, E[NB | x])] - max(0, E NB): what somebody who must decide once would pay, at most, to know it first
(Raiffa and Schlaifer, *Applied Statistical Decision Theory*, 1961). In the map's currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np

from sroi.formulas import Array
from sroi.uncertainty.distribution import PointLaw, distribution_function
from sroi.uncertainty.reach import Group
from sroi.uncertainty.terms import Term, Terms

_FINE = 512  # points of a number on which one conditions, between its own few


def value_of_knowing(
    terms: Terms, tree: Group, ratio: float, conditioned: Mapping[str, tuple[Array, Array]]
) -> tuple[Array, dict[str, float]]:
    """Return the expected net benefit in each case, shape (K,), and EVPPI of every uncertain number.

    `conditioned`: fine points and weights of each number on which one conditions (the variable of its own rule).
    """
    weights = terms.conditions.case_weights()
    mean, slopes = _mean(terms, tree)
    put_in, input_slopes = _inputs_mean(terms)
    net = mean - ratio * put_in
    expected = float(weights @ net)
    found: dict[str, float] = {}
    for slope, sign in ((slopes, 1.0), (input_slopes, -ratio)):
        for name, (each, term, axis) in slope.items():
            given = term.worth if len(term.names) == 1 else term.given((axis,))  # (K, point)
            # All but this number averaged, the cases too: E[NB | x], at each point of x.
            share = weights * each
            conditional = sign * (share.sum() * given[0] if len(given) == 1 else share @ given)
            conditional = conditional + (expected - float(term.weights[axis] @ conditional))
            found[name] = _gain(conditional, term.weights[axis], expected)
    for axis, name in enumerate(terms.conditions.names):
        conditional = _along(net, terms, axis)
        x, w = conditioned[name]
        fine = through(terms.conditions.rule(axis), conditional, x)
        fine = fine + (expected - float(w @ fine))
        found[name] = _gain(fine, w, expected)
    return net, found


def _gain(conditional: Array, weights: Array, expected: float) -> float:
    if (conditional > 0).all() or (conditional < 0).all():
        return 0.0  # the decision stays as it is, whatever the number turns out to be
    return max(float(np.maximum(0.0, conditional) @ weights) - max(0.0, expected), 0.0)


def _along(each: Array, terms: Terms, axis: int) -> Array:
    """Return the mean of a figure of each case given one of the numbers conditioned on."""
    shape = [len(weight) for weight in terms.conditions.weights]
    laid = each.reshape(shape)
    for other in reversed(range(len(shape))):
        if other != axis:
            laid = np.tensordot(laid, terms.conditions.weights[other], axes=(other, 0))
    return np.asarray(laid)


def through(rule: Array, values: Array, at: Array) -> Array:
    """Return the polynomial through `values` at the points of a Gauss rule, at other places (barycentric)."""
    if len(rule) == 1:
        return np.full(at.shape, values[0])
    scale = np.ptp(rule)
    gaps = (rule[:, None] - rule[None, :]) / scale
    np.fill_diagonal(gaps, 1.0)
    weight = 1.0 / gaps.prod(axis=1)
    distance = (at[:, None] - rule[None, :]) / scale
    exact = np.abs(distance) < 1e-14
    distance[exact] = 1.0
    share = np.where(exact.any(axis=1, keepdims=True), exact, weight / distance)
    return np.asarray((share @ values) / share.sum(axis=1))


Slopes = dict[str, tuple[Array, Term, int]]


def _mean(terms: Terms, group: Group) -> tuple[Array, Slopes]:
    """Return a group's mean in each case, and how fast it moves with each number's term: slope (K,), term, axis."""
    total = np.zeros(terms.conditions.count)
    slopes: Slopes = {}
    for line in group.lines:
        mean, own = _line_mean(terms.constants[line], terms.lines[line])
        total = total + mean
        slopes |= own
    for inner in group.groups:
        mean, own = _mean(terms, inner)
        total = total + mean
        slopes |= own
    for name in group.shared:
        term = terms.shared[name]
        mean = term.mean
        slopes = {other: (slope * mean, each, axis) for other, (slope, each, axis) in slopes.items()}
        slopes[name] = (total, term, 0)
        total = total * mean
    return total, slopes


def _line_mean(constant: Array, line: Sequence[Term]) -> tuple[Array, Slopes]:
    means = [term.mean for term in line]
    slopes: Slopes = {}
    for place, term in enumerate(line):
        slope = reduce(np.multiply, (mean for other, mean in enumerate(means) if other != place), constant)
        slopes |= {name: (slope, term, axis) for axis, name in enumerate(term.names)}
    return reduce(np.multiply, means, constant), slopes


def _inputs_mean(terms: Terms) -> tuple[Array, Slopes]:
    total = np.zeros(terms.conditions.count)
    slopes: Slopes = {}
    for constant, line in zip(terms.input_constants, terms.inputs, strict=True):
        mean, own = _line_mean(constant, line)
        total = total + mean
        slopes |= own
    return total, slopes


def expected_gain(law: PointLaw) -> float:
    """Return E[max(0, X)] of a law."""
    return float((np.maximum(law.points, 0.0) * law.weights).sum())


def chance_above(law: PointLaw, ratio: float) -> float:
    """Return the chance that a number of this law is above `ratio`."""
    points, below = distribution_function(law)
    if law.single:
        return float(law.weights[law.points > ratio].sum())
    return float(1.0 - np.interp(ratio, points, below))
