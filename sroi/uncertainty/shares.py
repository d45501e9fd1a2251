"""Whose uncertainty it is: mean, variance and every number's share of it, exactly.

Let A(T) be E[E[ratio | numbers in T]^2]. If each number is in T with chance t, its mean A(t) is a sum of products over
the map's lines, for the numbers are independent, and so is each number's step in it: the change of A as the number
joins T. The step at t = 0 is its first-order share of the variance (Sobol's S), the step at t = 1 its total share (ST),
the mean of the step over t its Shapley effect (Owen's multilinear extension of the game A), all three without a single
draw; the steps being polynomials in t, a Gauss rule takes their mean exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sroi.formulas import Array
from sroi.laws import gauss_legendre
from sroi.uncertainty.reach import Group
from sroi.uncertainty.terms import Term, Terms

_SHAPLEY_POINTS = 12  # exact for steps of degree 23: more numbers than a line and the inputs have together


@dataclass(frozen=True, eq=False)
class Shares:
    """Mean and variance of the ratio, in each of the K cases too, and each number's shares of the variance."""

    mean: float
    variance: float
    means: Array
    variances: Array
    first: dict[str, float] = field(default_factory=dict)
    total: dict[str, float] = field(default_factory=dict)
    shapley: dict[str, float] = field(default_factory=dict)


class Indices(NamedTuple):
    """Each uncertain number's first-order and total share of the variance (Sobol's S and ST), and the variance."""

    names: tuple[str, ...]
    first: Array
    total: Array
    variance: float


@dataclass(eq=False)
class _Sum:
    """A sum of lines: its mean in each case (K,), A at each t (t, K, K), and numbers' steps in A, (number, t, K, K)."""

    mean: Array
    square: Array
    names: list[str]
    steps: Array


def shares_of(terms: Terms, tree: Group) -> Shares:
    """Return mean, variance, first-order and total shares, and Shapley effects."""
    chance, weight = _gauss_between_0_and_1()
    t = np.concatenate([[0.0, 1.0], chance])
    ratio, steps = _ratio(terms, tree, t)
    mean = float(terms.conditions.case_weights() @ ratio.mean)
    cases = ratio.mean, np.maximum(np.diagonal(ratio.square[1]) - ratio.mean**2, 0.0)
    # The Shapley effects' sum is A(1) - A(0), the variance, without a difference of two large numbers.
    effects = steps[:, 2:] @ weight
    variance = max(float(effects.sum()), 0.0)
    if variance <= 1e-30 * mean * mean:
        return Shares(mean, 0.0, *cases, *(dict.fromkeys(ratio.names, 0.0) for _ in range(3)))
    each = (dict(zip(ratio.names, (step / variance).tolist(), strict=True)) for step in (*steps[:, :2].T, effects))
    return Shares(mean, variance, *cases, *each)


def indices_of(terms: Terms, tree: Group) -> Indices:
    """Return first-order and total shares only."""
    t = np.array([0.0, 1.0])
    ratio, steps = _ratio(terms, tree, t)
    pairs, _ = _pair_weights(terms, t)
    curve = (pairs * ratio.square).sum(axis=(1, 2))
    variance = float(curve[1] - curve[0])
    scale = 1.0 / variance if variance > 0.0 else 0.0
    return Indices(tuple(ratio.names), steps[:, 0] * scale, steps[:, 1] * scale, variance)


def _gauss_between_0_and_1() -> tuple[Array, Array]:
    chance, weight = gauss_legendre(_SHAPLEY_POINTS)
    return (chance + 1) / 2, weight / 2


def _ratio(terms: Terms, tree: Group, t: Array) -> tuple[_Sum, Array]:
    """Return the ratio as a sum, and each number's step at each t, over all pairs of cases: shape (number, t)."""
    worth = _group_sum(terms, tree, t)
    per_input = _Game(terms.per_input, t)
    own = [step * worth.square for step in per_input.steps.values()]
    ratio = _Sum(
        worth.mean * terms.per_input.mean,
        worth.square * per_input.square,
        [*worth.names, *per_input.steps],
        np.concatenate([worth.steps * per_input.square, _stacked(own, worth.square.shape)]),
    )
    if terms.conditions.count == 1:
        return ratio, ratio.steps[:, :, 0, 0]
    pairs, pair_steps = _pair_weights(terms, t)
    steps = [(pairs * ratio.steps).sum(axis=(2, 3))]
    steps += [(step * ratio.square).sum(axis=(1, 2))[None] for step in pair_steps.values()]
    return _Sum(ratio.mean, ratio.square, [*ratio.names, *pair_steps], ratio.steps), np.concatenate(steps)


def _stacked(steps: Sequence[Array], shape: tuple[int, ...]) -> Array:
    return np.stack(steps) if steps else np.empty((0, *shape))


class _Game:
    """One term's part of A at each t: `square`, shape (t, K, K), and each of its numbers' steps."""

    def __init__(self, term: Term, t: Array) -> None:
        squares = term.squares()
        count, at = len(term.names), t[:, None, None]
        self.square: Array = np.multiply.outer(term.mean, term.mean) + sum(
            at ** len(kept) * (1 - at) ** (count - len(kept)) * square for kept, square in squares.items()
        )
        self.steps: dict[str, Array] = {}
        for axis, name in enumerate(term.names):
            without = {kept: square for kept, square in squares.items() if axis not in kept}
            self.steps[name] = sum(  # type: ignore[assignment]
                at ** len(kept) * (1 - at) ** (count - 1 - len(kept))
                * (squares[tuple(sorted((*kept, axis)))] - square)
                for kept, square in without.items()
            )  # fmt: skip


def _group_sum(terms: Terms, group: Group, t: Array) -> _Sum:
    """Return the sum over a group's lines and inner groups, times the numbers that they share."""
    found = _line_sum(terms, group.lines, t)
    for inner in (_group_sum(terms, each, t) for each in group.groups):
        # Independent parts: the mean of a square of a sum is the squares' means and the products of the means.
        crossed = np.multiply.outer(found.mean, inner.mean)
        found = _Sum(
            found.mean + inner.mean,
            found.square + inner.square + crossed + crossed.T,
            [*found.names, *inner.names],
            np.concatenate([found.steps, inner.steps]),
        )
    for name in group.shared:
        game = _Game(terms.shared[name], t)
        own = game.steps[name] * found.square
        found = _Sum(
            found.mean * terms.shared[name].mean,
            found.square * game.square,
            [*found.names, name],
            np.concatenate([found.steps * game.square, own[None]]),
        )
    return found


def _line_sum(terms: Terms, lines: Sequence[int], t: Array) -> _Sum:
    """Return the sum over lines, all at once: their factors laid side by side, ones where a line has fewer."""
    cases = terms.conditions.count
    widest = max((len(terms.lines[line]) for line in lines), default=0)
    constant = terms.constants[list(lines)]  # (line, K)
    squares = np.ones((len(lines), widest, len(t), cases, cases))
    means = np.ones((len(lines), widest, cases))
    joint: list[tuple[int, int, str, Array]] = []
    alone: list[tuple[int, int, Term]] = []
    for row, line in enumerate(lines):
        for slot, term in enumerate(terms.lines[line]):
            if len(term.names) == 1:
                alone.append((row, slot, term))
                continue
            game = _Game(term, t)
            squares[row, slot], means[row, slot] = game.square, term.mean
            joint += [(row, slot, name, step) for name, step in game.steps.items()]
    rows, slots = np.array([each[:2] for each in alone], dtype=np.intp).reshape(-1, 2).T
    mean, spread = _moments([term for _, _, term in alone], cases)
    means[rows, slots] = mean
    squares[rows, slots] = (mean[:, :, None] * mean[:, None, :])[:, None] + t[:, None, None] * spread[:, None]
    others = _products_of_others(squares)
    scale = (constant[:, :, None] * constant[:, None, :])[:, None]
    square = (
        scale * others[:, 0] * squares[:, 0]
        if widest
        else np.broadcast_to(scale, (*others.shape[:1], len(t), cases, cases))
    )
    steps = (scale[rows] * others[rows, slots]) * spread[:, None]
    if joint:
        more = [scale[row] * others[row, slot] * step for row, slot, _, step in joint]
        steps = np.concatenate([steps, np.stack(more)])
    mean = constant * means.prod(axis=1)
    total = mean.sum(axis=0)
    apart = np.einsum("la,lb->ab", mean, mean)
    names = [*(term.names[0] for _, _, term in alone), *(name for _, _, name, _ in joint)]
    return _Sum(total, square.sum(axis=0) + np.multiply.outer(total, total) - apart, names, steps)


def _moments(alone: Sequence[Term], cases: int) -> tuple[Array, Array]:
    """Return the means, shape (term, K), and covariances, shape (term, K, K), of terms of one number."""
    mean = np.empty((len(alone), cases))
    spread = np.empty((len(alone), cases, cases))
    alike: dict[tuple[int, ...], list[int]] = {}
    for place, term in enumerate(alone):
        alike.setdefault(term.worth.shape, []).append(place)
    for places in alike.values():
        worth = np.stack([alone[place].worth for place in places])
        weights = np.stack([alone[place].weights[0] for place in places])[:, None]
        middle = (worth * weights).sum(axis=-1)
        about = worth - middle[:, :, None]
        mean[places] = middle
        spread[places] = (about * weights) @ about.swapaxes(-1, -2)
    return mean, spread


def _products_of_others(squares: Array) -> Array:
    """Return for each factor of each line the product of the line's others; no division, for a factor may be 0."""
    others = np.ones_like(squares)
    running = np.ones((len(squares), *squares.shape[2:]))
    for slot in range(squares.shape[1]):
        others[:, slot] = running
        running = running * squares[:, slot]
    running = np.ones((len(squares), *squares.shape[2:]))
    for slot in reversed(range(squares.shape[1])):
        others[:, slot] *= running
        running = running * squares[:, slot]
    return others


def _pair_weights(terms: Terms, t: Array) -> tuple[Array, dict[str, Array]]:
    """Return the weight of each pair of cases at each t, shape (t, K, K), and the steps of the numbers conditioned on.

    A number in T has one value in both of the pair; one that is not has two, drawn apart.
    """
    parts = []
    for weight in terms.conditions.weights:
        apart, same = np.multiply.outer(weight, weight), np.diag(weight)
        parts.append(
            (
                t[:, None, None] * same + (1 - t[:, None, None]) * apart,
                np.broadcast_to(same - apart, (len(t), *same.shape)),
            )
        )
    pairs = _outer([whole for whole, _ in parts], len(t))
    steps = {
        name: _outer([step if place == own else whole for place, (whole, step) in enumerate(parts)], len(t))
        for own, name in enumerate(terms.conditions.names)
    }
    return pairs, steps


def _outer(parts: Sequence[Array], count: int) -> Array:
    found = np.ones((count, 1, 1))
    for part in parts:
        size = found.shape[1] * part.shape[1]
        found = np.einsum("tab,tcd->tacbd", found, part).reshape(count, size, size)
    return found
