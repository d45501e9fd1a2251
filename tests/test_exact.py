"""The exact engine against three things it shares no line with: simulation through the door, closed forms, and counting."""

from __future__ import annotations

import itertools
import math
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from random_maps import random_value_map
from scipy import special, stats
from simulated import SPECIES, draws_of, uncertain_map

import sroi
from sroi.uncertainty.cells import law_over_cells
from sroi.uncertainty.distribution import (
    PointLaw,
    certain,
    distribution_function,
    law_of_points,
    on_a_grid,
    products,
    sum_of,
)
from sroi.uncertainty.exact import Exact, exact
from sroi.uncertainty.reach import Group, reach_of
from sroi.uncertainty.shares import shares_of
from sroi.uncertainty.structure import Structure, structure_of, uncertain_numbers
from sroi.uncertainty.terms import Conditions, Term, Terms

Tree = dict[str, Any]


def ranged(low: float, value: float, high: float, shape: Any = None) -> Tree:
    return {"low": low, "value": value, "high": high} | ({"shape": shape} if shape else {})


def tree_of(*outcomes: Tree, grant: Any = 100, **more: Any) -> Tree:
    """A map of these outcomes of one year, 100 put in, nothing deducted."""
    plain = {"stakeholder": "people", "quantity": 10, "proxy": 10, "duration": 1}
    return {
        "sroi": 1, "title": "A map", "analysis": "forecast", "currency": "GBP", "price_year": 2024,
        "conventions": {"discount_timing": "start_of_year"}, "stakeholders": [{"id": "people", "size": 50}],
        "inputs": [{"id": "grant", "stakeholder": "people", "kind": "money", "value": grant}],
        "outcomes": [{"id": f"o{place}", **plain, **own} for place, own in enumerate(outcomes)],
    } | more  # fmt: skip


def structure(tree: Tree) -> Structure:
    impact_map = sroi.ImpactMap.model_validate(tree)
    return structure_of(impact_map, uncertain_numbers(impact_map))


def studied(tree: Tree, **more: Any) -> sroi.Uncertainty:
    return sroi.study_uncertainty(sroi.ImpactMap.model_validate(tree), method="exact", **more)


# ---- against simulation ----


class Held:
    """One map, exactly and drawn: what is wrong with the one in the light of the other, in standard errors."""

    def __init__(self, of: Structure, draws: int, seed: int) -> None:
        self.structure, self.reach = of, reach_of(of)
        self.exact = exact(of, self.reach)
        drawn = sroi.evaluate(of.impact_map, at=draws_of(of.impact_map, draws, np.random.default_rng(seed)))
        self.ratios = np.broadcast_to(np.asarray(drawn.sroi_ratio), (draws,))
        self.net = np.broadcast_to(np.asarray(drawn.net_present_value), (draws,))

    @property
    def telling(self) -> bool:
        """Whether the draws can say how sure they are: no rare few, drawn or not, carry the spread."""
        squares = (self.ratios - self.ratios.mean()) ** 2
        law = self.exact.law
        fourth = float(law.weights @ (law.points - law.mean) ** 4)
        return bool(
            squares.sum() > 1e-20 * (self.ratios**2).sum()
            and squares.max() < 0.03 * squares.sum()
            and fourth < 0.03 * len(squares) * law.variance**2
        )

    def z_scores(self) -> tuple[float, float]:
        """Of mean and variance."""
        many = len(self.ratios) ** 0.5
        squares = (self.ratios - self.ratios.mean()) ** 2
        return (
            float((self.ratios.mean() - self.exact.shares.mean) / (squares.mean() ** 0.5 / many)),
            float((squares.mean() - self.exact.shares.variance) / (squares.std() / many)),
        )

    def wrong_quantiles(self) -> list[str]:
        points, below = distribution_function(self.exact.law)
        spread, found = self.ratios.std(), []
        for chance in (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99):
            value = float(np.interp(chance, below, points))
            room = 3e-3 * abs(value) + 1e-3 * spread  # where atoms stand in a mixed law is known to the grid only
            error = 4.5 * math.sqrt(chance * (1 - chance) / len(self.ratios))
            under, upto = float((self.ratios < value - room).mean()), float((self.ratios <= value + room).mean())
            if not under - error <= chance <= upto + error:
                found.append(f"{chance:.0%} at {value:g}: {under:.4f} below, {upto:.4f} up to it")
        return found

    def wrong_shares(self) -> list[str]:
        shares = self.exact.shares
        found = [
            f"{name}: S {shares.first[name]}, Shapley {effect}, ST {shares.total[name]}"
            for name, effect in shares.shapley.items()
            if not 0 <= shares.first[name] <= effect + 1e-9 or not effect <= shares.total[name] + 1e-9
        ]
        return found if abs(sum(shares.shapley.values()) - 1) < 1e-9 else [*found, "Shapley effects do not add to 1"]

    def wrong_values_of_knowing(self) -> list[str]:
        gain = np.maximum(self.net, 0.0)
        drawn = gain.mean() - max(0.0, self.net.mean())
        error = (gain.std() + self.net.std()) / len(self.net) ** 0.5
        found = [] if abs(drawn - self.exact.value_of_knowing_all) < 4.5 * error else [
            f"EVPI {self.exact.value_of_knowing_all}, drawn {drawn} +- {error}"
        ]  # fmt: skip
        return found + [
            f"EVPPI of {name}: {gain} beside EVPI {self.exact.value_of_knowing_all}"
            for name, gain in self.exact.value_of_knowing.items()
            if not 0 <= gain <= self.exact.value_of_knowing_all
        ]

    def wrong(self) -> list[str]:
        return self.wrong_quantiles() + self.wrong_shares() + self.wrong_values_of_knowing()


def species_of(of: Structure) -> set[str]:
    """What a map holds that is hard to take apart."""
    found = set()
    users = of.users()
    count = len(of.lines)
    for name, number in of.uncertain.items():
        outcomes = [place for place in users[name] if place < count]
        field = name.rpartition(".")[2]
        found |= {"shared number"} if len(outcomes) > 1 and name != "discount_rate" else set()
        found |= {"uncertain rate"} if name == "discount_rate" else set()
        found |= {"uncertain input"} if any(place >= count for place in users[name]) else set()
        found |= {"by year"} if len(number.laws) > 1 else set()
        found |= {"atoms"} if any((law.discrete and len(law.parts) > 1) or law.family == "mixture" for law in number.laws) else set()  # fmt: skip
        found |= {"losses"} if field in ("proxy", "quantity") and any(law.low < 0 for law in number.laws) else set()
        found |= {"survey"} if number.number.estimate is not None and number.number.estimate.survey else set()
    if len([name for name in of.uncertain if max(users[name]) >= count]) > 6:
        found.add("many uncertain inputs")
    for line in of.lines:
        names = {name.rpartition(".")[2] for factor in line.factors for name in factor.names}
        found |= {"drop-off and duration"} if {"drop_off", "duration"} <= names else set()
        deductions = len(names & {"deadweight", "displacement", "attribution"})
        found |= {"added deductions"} if deductions > 1 and of.impact_map.conventions.deductions == "add" else set()
    return found


def held_together(maps: Sequence[tuple[str, Structure]], draws: int) -> tuple[Counter[str], list[float]]:
    """Hold maps against simulation; return how many of each species were, and the z of their means and variances."""
    seen: Counter[str] = Counter()
    scores: list[float] = []
    wrong = []
    for seed, (title, each) in enumerate(maps):
        if not each.uncertain or math.isnan(float(sroi.evaluate(each.impact_map).sroi_ratio)):
            continue
        if reach_of(each).why_not is not None:
            seen["out of reach"] += 1
            continue
        held = Held(each, draws, seed)
        if not held.telling:
            seen["not telling"] += 1
            continue
        both = held.z_scores()
        scores += both
        found = [f"z of mean and variance {both}"] * (max(map(abs, both)) >= 4.5) + held.wrong()
        wrong += [f"{title}: {each}" for each in found]
        seen.update(["held", *species_of(each)])
    print(dict(seen), f"rms of z {np.sqrt(np.mean(np.square(scores))):.3f}, largest {max(map(abs, scores)):.2f}")  # noqa: T201
    assert not wrong, "\n".join(wrong)
    return seen, scores


@pytest.mark.slow
def test_exact_equals_simulation_on_maps_of_every_species() -> None:
    maps = [(f"{kind} {seed}", structure(uncertain_map(kind, seed))) for kind in SPECIES for seed in range(14)]
    seen, scores = held_together(maps, draws=3000)
    assert 0.85 < np.sqrt(np.mean(np.square(scores))) < 1.15
    assert seen["held"] > 150
    for species in ("shared number", "uncertain rate", "uncertain input", "many uncertain inputs", "by year", "atoms",
                    "losses", "survey", "drop-off and duration", "added deductions"):  # fmt: skip
        assert seen[species] >= 10, (species, seen)


@pytest.mark.slow
def test_exact_equals_simulation_on_random_maps() -> None:
    maps = []
    for seed in range(180):
        rng = random.Random(seed)
        tree = random_value_map(rng, ranges=rng.choice([0.2, 0.4, 0.7]))
        maps.append(
            (f"random map {seed}", structure({key: part for key, part in tree.items() if key != "correlations"}))
        )
    seen, scores = held_together(maps, draws=1500)
    assert 0.85 < np.sqrt(np.mean(np.square(scores))) < 1.15
    assert seen["held"] > 80


# ---- shares of the variance, against closed forms and counting ----


def g_function(weights: Sequence[float]) -> Terms:
    """Sobol's g-function as one line: the product of (|4 x - 2| + a) / (1 + a), x uniform; two panels for its kink."""
    x, w = np.polynomial.legendre.leggauss(8)
    points = np.concatenate([(x + 1) / 4, (x + 3) / 4])
    chance = np.tile(w / 4, 2)
    line = tuple(
        Term((f"x{place}",), ((np.abs(4 * points - 2) + a) / (1 + a))[None], (chance,))
        for place, a in enumerate(weights)
    )
    one = Term((), np.ones(1), ())
    return Terms((), Conditions((), (), (), ()), np.ones((1, 1)), (line,), {}, np.empty((0, 1)), (), one)


@pytest.mark.parametrize("weights", [(0, 1, 4.5, 9, 99, 99, 99, 99), (0.5,) * 6, (0, 0, 0), (3,)])
def test_the_g_function_has_its_published_indices(weights: Sequence[float]) -> None:
    shares = shares_of(g_function(weights), Group((), (0,)))
    own = np.array([1 / 3 / (1 + a) ** 2 for a in weights])
    variance = np.prod(1 + own) - 1
    assert (shares.mean, shares.variance) == pytest.approx((1.0, variance), rel=1e-12)
    assert list(shares.first.values()) == pytest.approx(own / variance, rel=1e-12)
    total = [each * np.prod(np.delete(1 + own, place)) / variance for place, each in enumerate(own)]
    assert list(shares.total.values()) == pytest.approx(total, rel=1e-12)
    # What a set of numbers does together belongs to each of them in equal parts.
    fair = np.zeros(len(own))
    for size in range(1, len(own) + 1):
        for together in itertools.combinations(range(len(own)), size):
            fair[list(together)] += np.prod(own[list(together)]) / size
    assert list(shares.shapley.values()) == pytest.approx(fair / variance, rel=1e-12)


def rule_of(low: float, value: float, high: float, count: int) -> tuple[Any, Any]:
    """Gauss points and weights of a pert."""
    a, b = 1 + 4 * (value - low) / (high - low), 1 + 4 * (high - value) / (high - low)
    x, w = special.roots_jacobi(count, b - 1, a - 1)
    return low + (high - low) * (x + 1) / 2, w / w.sum()


def counted_shares(tree: Tree, perts: Mapping[str, tuple[float, float, float]], count: int) -> dict[str, Any]:
    """Mean, variance, S, ST and Shapley from all 2^d sets of numbers, on a grid of Gauss points through the door."""
    impact_map = sroi.ImpactMap.model_validate(tree)
    rules = [rule_of(*pert, count) for pert in perts.values()]
    laid = np.meshgrid(*(x for x, _ in rules), indexing="ij")
    ratios = sroi.evaluate(impact_map, at=dict(zip(perts, laid, strict=True))).sroi_ratio
    many = len(perts)
    worth = {}
    for size in range(many + 1):
        for known in itertools.combinations(range(many), size):
            given = ratios
            for axis in reversed(range(many)):
                if axis not in known:
                    given = np.tensordot(given, rules[axis][1], axes=(axis, 0))
            square = given**2
            for axis in reversed(known):
                square = np.tensordot(square, rules[axis][1], axes=(square.ndim - 1, 0))
            worth[known] = float(square)
    everyone = tuple(range(many))
    variance = worth[everyone] - worth[()]
    found: dict[str, Any] = {"variance": variance, "first": {}, "total": {}, "shapley": {}}
    for place, name in enumerate(perts):
        others = tuple(each for each in everyone if each != place)
        found["first"][name] = (worth[(place,)] - worth[()]) / variance
        found["total"][name] = (worth[everyone] - worth[others]) / variance
        found["shapley"][name] = sum(
            (worth[tuple(sorted((*known, place)))] - worth[known]) / math.comb(many - 1, size) / many / variance
            for size in range(many)
            for known in itertools.combinations(others, size)
        )
    return found


def with_ranges(tree: Tree, perts: Mapping[str, tuple[float, float, float]]) -> Tree:
    """Put the ranges where their names say."""
    for name, (low, value, high) in perts.items():
        owner, _, field = name.rpartition(".")
        if name == "discount_rate":
            tree["conventions"]["discount_rate"] = ranged(low, value, high)
            continue
        entry = next(
            each for key in ("stakeholders", "inputs", "outcomes") for each in tree[key] if each["id"] == owner
        )
        place = entry["quantity"] if field in ("share", "times") else entry
        place[field] = ranged(low, value, high)
    return tree


COUNTED: dict[str, tuple[Tree, dict[str, tuple[float, float, float]]]] = {
    "a head count that two outcomes share": (
        tree_of({"quantity": {"of": "people", "share": 0.5}}, {"quantity": {"of": "people", "share": 0.5}, "proxy": -4}),
        {"people.size": (20, 50, 90), "o0.share": (0.1, 0.5, 0.7), "o1.share": (0.2, 0.3, 0.9), "o0.proxy": (3, 10, 12)},
    ),
    "a rate on which one conditions": (
        tree_of({"duration": 5}, {"duration": 9, "starts": "after"}, conventions={"input_timing": "end_of_year"}),
        {"discount_rate": (0.0, 0.03, 0.12), "o0.drop_off": (0, 0.2, 0.6), "o1.quantity": (5, 10, 12), "o0.deadweight": (0, 0.1, 0.6)},
    ),
    "two uncertain inputs": (
        tree_of({}, {"proxy": -3}, inputs=[
            {"id": "grant", "stakeholder": "people", "kind": "money", "value": 100},
            {"id": "time", "stakeholder": "people", "kind": "time", "hours": 10, "rate": 5},
        ]),
        {"grant.value": (60, 100, 200), "time.hours": (5, 10, 40), "o0.quantity": (5, 10, 20), "o1.attribution": (0, 0.5, 1)},
    ),
    "four uncertain inputs": (
        tree_of({}, inputs=[{"id": f"grant{place}", "stakeholder": "people", "kind": "money", "value": 30} for place in range(4)]),
        {f"grant{place}.value": (15, 30, 50 + 10 * place) for place in range(4)} | {"o0.quantity": (5, 10, 20)},
    ),
    "an anchored proxy and a head count that cross": (
        tree_of(
            {"quantity": {"of": "people", "share": 0.5}, "weight": 1},
            {"weight": 3, "proxy": {"anchored_to": "o0"}},
            {"quantity": {"of": "people", "share": 0.2}},
        ),
        {"people.size": (20, 50, 90), "o0.proxy": (3, 10, 12), "o1.quantity": (5, 10, 30), "o2.deadweight": (0, 0.2, 0.9)},
    ),
    "drop-off and rate by several cohorts": (
        tree_of({"quantity": {"by_year": [10, 20, 5]}, "duration": 4, "drop_off": 0.2}, activity={"years": 3}, conventions={}),
        {"discount_rate": (0.0, 0.03, 0.12), "o0.drop_off": (0, 0.2, 0.6), "o0.proxy": (3, 10, 12), "o0.deadweight": (0, 0.1, 0.6)},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("tree", "perts"), COUNTED.values(), ids=list(COUNTED))
def test_shares_are_those_counted_over_all_sets_of_numbers(
    tree: Tree, perts: dict[str, tuple[float, float, float]]
) -> None:
    shares = exact(structure(with_ranges(tree, perts))).shares
    counted = counted_shares(tree, perts, 12 if len(perts) < 5 else 9)
    assert shares.variance == pytest.approx(counted["variance"], rel=1e-7)
    for kind in ("first", "total", "shapley"):
        found = getattr(shares, kind)
        assert {name: found[name] for name in perts} == pytest.approx(counted[kind], rel=1e-6, abs=1e-8), kind


def test_a_narrow_survey_keeps_its_digits_in_a_small_variance() -> None:
    tree = tree_of({"deadweight": {"survey": {"yes": 20_000, "asked": 50_000}}}, {"quantity": 1e6})
    shares = exact(structure(tree)).shares
    assert shares.variance == pytest.approx(stats.beta(20_000.5, 30_000.5).var(), rel=1e-9)
    assert shares.first == pytest.approx({"o0.deadweight": 1.0}, rel=1e-12)


def test_moving_outcomes_about_changes_no_share() -> None:
    tree = uncertain_map("crossing", 5)
    one = exact(structure(tree)).shares
    other = exact(structure({**tree, "outcomes": tree["outcomes"][::-1]})).shares
    assert one.variance == other.variance
    assert one.shapley == other.shapley


# ---- decisions ----


def normal_evpi(mean: float, sd: float) -> float:
    """Raiffa and Schlaifer's unit normal loss: sd x phi(mean / sd) - |mean| x Phi(-|mean| / sd)."""
    return sd * float(stats.norm.pdf(mean / sd)) - abs(mean) * float(stats.norm.cdf(-abs(mean) / sd))


@pytest.mark.parametrize("grant", [700, 1000, 1100, 1900])
def test_the_value_of_knowing_a_normal_net_benefit_is_its_closed_form(grant: float) -> None:
    sd = 10 * 40 / stats.norm.ppf(0.95)
    found = studied(tree_of({"quantity": ranged(60, 90, 140, "normal")}, grant=grant))
    assert found.evpi == pytest.approx(normal_evpi(1000 - grant, sd), rel=1e-6, abs=1e-6 * sd)
    assert found.drivers[0].evppi == pytest.approx(found.evpi, rel=1e-6, abs=1e-6 * sd)


def test_the_value_of_knowing_one_of_two_normal_numbers_is_its_closed_form() -> None:
    sds = np.array([10 * 40, 10 * 25]) / stats.norm.ppf(0.95)
    tree = tree_of({"quantity": ranged(60, 90, 140, "normal")}, {"quantity": ranged(25, 50, 75, "normal")}, grant=1400)
    found = studied(tree)
    assert found.evpi == pytest.approx(normal_evpi(100, float(np.hypot(*sds))), rel=1e-5)
    gains = {driver.name: driver.evppi for driver in found.drivers}
    assert gains["o0.quantity"] == pytest.approx(normal_evpi(100, sds[0]), rel=1e-6)
    assert gains["o1.quantity"] == pytest.approx(normal_evpi(100, sds[1]), rel=1e-6)


def test_the_value_of_knowing_an_uncertain_input_is_its_closed_form() -> None:
    # The net benefit at a threshold of 2 is 1000 - 2 x the input.
    tree = tree_of({"quantity": 100}, grant=ranged(400, 500, 700, "uniform"))
    found = studied(tree, above=[2.0])
    gain = stats.uniform(400, 300).expect(lambda x: max(0.0, 1000 - 2 * x))
    assert found.evpi == pytest.approx(gain - max(0, 1000 - 2 * 550), rel=1e-5)
    assert found.drivers[0].evppi == pytest.approx(found.evpi, rel=1e-5)


def test_the_value_of_knowing_a_rate_is_what_the_door_says() -> None:
    tree = with_ranges(
        tree_of({"duration": 10, "quantity": 1.15}, conventions={}), {"discount_rate": (0.0, 0.03, 0.12)}
    )
    x, w = rule_of(0.0, 0.03, 0.12, 200)
    net = sroi.evaluate(sroi.ImpactMap.model_validate(tree), at={"discount_rate": x}).net_present_value
    wanted = float(w @ np.maximum(net, 0)) - max(0.0, float(w @ net))
    assert wanted > 0.1
    found = studied(tree)
    assert found.evpi == pytest.approx(wanted, rel=2e-3)
    assert found.drivers[0].evppi == pytest.approx(wanted, rel=2e-3)


def test_knowing_is_worth_nothing_where_the_decision_cannot_change() -> None:
    certain_gain = studied(tree_of({"quantity": ranged(20, 25, 40)}, {"proxy": ranged(-5, -2, 0)}))
    certain_loss = studied(tree_of({"quantity": ranged(1, 2, 3)}, {"proxy": ranged(-5, -2, 0)}))
    for found in (certain_gain, certain_loss):
        assert found.evpi == pytest.approx(0.0, abs=1e-9)
        assert [driver.evppi for driver in found.drivers] == [0.0, 0.0]


def test_a_wider_range_about_the_same_mean_is_never_worth_less_to_know() -> None:
    gains = [studied(tree_of({"quantity": ranged(9 - w, 9, 9 + w, "uniform")})).evpi for w in (0.5, 1, 2, 4, 8)]
    assert gains[0] == pytest.approx(0.0, abs=1e-9)  # at 9.5 at most, the ratio stays below 1
    assert all(small <= large + 1e-12 for small, large in itertools.pairwise(gains))
    assert gains[-1] > 5


# ---- the whole distribution ----

CHANCES = np.array([0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99])


def quantiles_of(found: sroi.Uncertainty, chances: Any = CHANCES) -> Any:
    return np.array([found.quantile(float(chance)) for chance in chances])


ALONE = {
    "uniform": (ranged(5, 10, 20, "uniform"), stats.uniform(5, 15)),
    "triangular": (ranged(5, 10, 20, "triangular"), stats.triang(1 / 3, loc=5, scale=15)),
    "pert": (ranged(5, 10, 20), stats.beta(1 + 4 / 3, 1 + 8 / 3, loc=5, scale=15)),
    "a loss": (ranged(-20, -10, -5, "uniform"), stats.uniform(-20, 15)),
    "across nothing": (ranged(-5, 0, 10, "triangular"), stats.triang(1 / 3, loc=-5, scale=15)),
    "wide lognormal": (ranged(1, 20, 400, "lognormal"), stats.lognorm(math.log(400) / 2 / stats.norm.ppf(0.95), scale=20)),
    "hard at both ends": (ranged(0, 5, 10, {"beta": [0.1, 0.2]}), stats.beta(0.1, 0.2, scale=10)),
}  # fmt: skip


@pytest.mark.parametrize(("quantity", "law"), ALONE.values(), ids=list(ALONE))
def test_a_single_number_has_its_own_distribution(quantity: Tree, law: Any) -> None:
    found = studied(tree_of({"quantity": quantity}))
    wanted = law.ppf(CHANCES) / 10
    # To a grain of its points: the laws of many numbers together are far finer than that of one.
    np.testing.assert_allclose(quantiles_of(found), wanted, rtol=2e-4, atol=2e-5 * float(law.std()) / 10)
    assert found.mean == pytest.approx(float(law.mean()) / 10, rel=1e-9)


@pytest.mark.parametrize("wide", [1.5, 4.0, 20.0, 200.0])
def test_a_product_of_lognormals_is_lognormal(wide: float) -> None:
    found = studied(
        tree_of({"quantity": ranged(1, 2, wide, "lognormal"), "proxy": ranged(10, 20, 10 * wide, "lognormal")})
    )
    spread = math.log(wide) / 2 / stats.norm.ppf(0.95)
    law = stats.lognorm(spread * math.sqrt(2), scale=wide / 10)
    np.testing.assert_allclose(quantiles_of(found), law.ppf(CHANCES), rtol=2e-4 if wide < 100 else 6e-4)


def test_a_sum_of_two_uniforms_is_triangular() -> None:
    uniform = {"quantity": ranged(5, 10, 15, "uniform")}
    law = stats.triang(0.5, loc=1, scale=2)
    np.testing.assert_allclose(quantiles_of(studied(tree_of(uniform, uniform))), law.ppf(CHANCES), rtol=1e-5)


def test_a_product_with_nothing_among_its_factors_has_a_chance_of_nothing() -> None:
    tree = tree_of(
        {"quantity": {"value": 10, "shape": {"discrete": [[0, 0.3], [10, 0.7]]}}, "proxy": ranged(5, 10, 15, "uniform")}
    )
    found = studied(tree, above=[0.0, -1e-9, 0.7])
    assert [found.chance_above(ratio) for ratio in (-1e-9, 0.0, 0.7)] == pytest.approx([1.0, 0.7, 0.7 * 0.8], abs=1e-5)
    assert quantiles_of(found, [0.05, 0.299]).tolist() == [0.0, 0.0]
    assert quantiles_of(found, [0.65, 0.93]) == pytest.approx([1.0, 1.4], rel=1e-4)


def test_a_chance_of_nothing_survives_a_rate_on_which_one_conditions() -> None:
    quantity = {"value": 10, "shape": {"discrete": [[0, 0.3], [10, 0.7]]}}
    tree = tree_of(
        {"quantity": quantity, "duration": 4, "proxy": ranged(5, 10, 15)},
        conventions={"discount_rate": ranged(0, 0.03, 0.1)},
    )
    found = studied(tree)
    assert found.chance_above(0.0) == pytest.approx(0.7, abs=1e-9)
    assert quantiles_of(found, [0.05, 0.29]).tolist() == [0.0, 0.0]


def test_a_loss_or_nothing_or_a_gain_has_the_chances_of_each() -> None:
    proxy = {"value": 10, "shape": {"discrete": [[-10, 0.2], [0, 0.3], [10, 0.5]]}}
    found = studied(tree_of({"proxy": proxy, "quantity": ranged(5, 10, 15)}))
    assert [found.chance_above(ratio) for ratio in (-2, -1e-9, 0.0, 2)] == pytest.approx([1, 0.8, 0.5, 0], abs=1e-5)


def test_one_discrete_number_makes_steps_at_its_own_values() -> None:
    found = studied(tree_of({"quantity": {"value": 10, "shape": {"discrete": [[5, 0.2], [10, 0.5], [30, 0.3]]}}}))
    assert quantiles_of(found, [0.0, 0.19, 0.21, 0.69, 0.71, 1.0]) == pytest.approx(
        [0.5, 0.5, 1.0, 1.0, 3.0, 3.0], rel=1e-14
    )
    above = [found.chance_above(ratio) for ratio in (0.49, 0.5, 0.51, 1.0, 2.9, 3.0)]
    assert above == pytest.approx([1.0, 0.8, 0.8, 0.3, 0.3, 0.0], abs=1e-12)
    assert found.evpi == pytest.approx(100 * 0.2 * 0.5, rel=1e-9)


def test_a_head_count_that_may_be_nothing_and_a_proxy_that_anchors_are_taken_apart() -> None:
    size = {"value": 40, "shape": {"discrete": [[0, 0.25], [40, 0.5], [80, 0.25]]}}
    parts = [{"quantity": {"of": "people", "share": 0.5}, "weight": 1, "proxy": ranged(5, 10, 15)},
             {"quantity": ranged(5, 10, 20), "weight": 2, "proxy": {"anchored_to": "o0"}},
             {"quantity": {"of": "people", "share": ranged(0.1, 0.2, 0.3)}}]  # fmt: skip
    tree = tree_of(*parts, stakeholders=[{"id": "people", "size": size}])
    held = Held(structure(tree), 20_000, 3)
    assert max(map(abs, held.z_scores())) < 4.5
    assert not held.wrong()


def test_a_ratio_to_an_uncertain_input_has_its_closed_form() -> None:
    found = studied(tree_of({}, grant=ranged(50, 100, 200, "uniform")))
    wanted = 100 / stats.uniform(50, 150).ppf(1 - CHANCES)
    np.testing.assert_allclose(quantiles_of(found), wanted, rtol=2e-5)
    assert found.mean == pytest.approx(100 / 150 * math.log(4), rel=1e-9)


def test_a_rate_that_alone_is_uncertain_gives_the_door_s_own_quantiles() -> None:
    tree = tree_of({"duration": 10}, conventions={"discount_rate": ranged(0.0, 0.03, 0.12)})
    law = stats.beta(1 + 4 * 0.25, 1 + 4 * 0.75, scale=0.12)
    wanted = sroi.evaluate(sroi.ImpactMap.model_validate(tree), at={"discount_rate": law.ppf(1 - CHANCES)}).sroi_ratio
    np.testing.assert_allclose(quantiles_of(studied(tree)), wanted, rtol=2e-4)


def test_a_wide_lognormal_keeps_its_quantiles_beside_an_uncertain_rate() -> None:
    tree = tree_of(
        {"proxy": ranged(10, 50, 270, "lognormal")}, conventions={"discount_rate": ranged(0.03, 0.035, 0.04)}
    )
    law = stats.lognorm(math.log(27) / 2 / stats.norm.ppf(0.95), scale=math.sqrt(2700) / 10)
    # One year at a rate that hardly moves: all but a constant.
    factor = studied(tree).mean / law.mean()
    np.testing.assert_allclose(
        quantiles_of(studied(tree)) / factor, law.ppf(CHANCES), rtol=4e-3
    )  # to the grain of its cells


def test_deductions_that_add_up_past_everything_have_their_chance_of_nothing() -> None:
    share = ranged(0.0, 0.4, 0.8, "uniform")
    tree = tree_of({"deadweight": share, "displacement": share, "attribution": share})
    tree["conventions"] |= {"deductions": "add"}
    # The chance that three uniforms of 0 to 0.8 pass 1: of 0 to 1, that they pass 1.25.
    passed = 1 - (1.25**3 - 3 * 0.25**3) / 6
    found = studied(tree)
    assert found.chance_above(0.0) == pytest.approx(1 - passed, abs=2e-4)
    kept = found.quantile(0.95)
    under = (1 - kept) / 0.8
    assert under**3 / 6 == pytest.approx(0.05, abs=2e-4)


def test_drop_off_and_duration_together_have_the_quantiles_of_a_fine_grid() -> None:
    tree = tree_of({"duration": ranged(0.5, 2.5, 5), "drop_off": ranged(0.05, 0.2, 0.6)})
    ranks = (np.arange(1500) + 0.5) / 1500
    lasting = stats.beta(1 + 4 * 2 / 4.5, 1 + 4 * 2.5 / 4.5, loc=0.5, scale=4.5).ppf(ranks)
    lost = stats.beta(1 + 4 * 0.15 / 0.55, 1 + 4 * 0.4 / 0.55, loc=0.05, scale=0.55).ppf(ranks)
    factors = formulas_of(sroi.ImpactMap.model_validate(tree))
    worth = np.sort(sroi.formulas.annuity(lost[:, None], lasting[None, :], factors).ravel())
    found = studied(tree)
    for chance in CHANCES:
        under = np.searchsorted(worth, found.quantile(float(chance))) / worth.size
        assert under == pytest.approx(chance, abs=2e-3)
    assert found.mean == pytest.approx(worth.mean(), rel=3e-5)  # kinks at each whole year


def test_an_expert_who_is_certain_stands_apart_in_a_factor_of_two_numbers() -> None:
    views = [{"low": 0.9, "value": 0.9, "high": 0.9}, {"low": 0.1, "value": 0.2, "high": 0.3}]
    tree = tree_of({"duration": ranged(1, 4, 6), "drop_off": {"experts": views}, "proxy": ranged(9, 10, 11)})
    held = Held(structure(tree), 40_000, 2)
    assert max(map(abs, held.z_scores())) < 4.5
    assert not held.wrong()


def formulas_of(impact_map: sroi.ImpactMap) -> Any:
    assert impact_map.conventions.discount_timing == "start_of_year"
    return sroi.formulas.discount_factors([0.035], np.arange(0.0, 8.0))


def test_quantiles_of_60_outcomes_and_360_numbers_are_right_to_1e5() -> None:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    import uncertainty_model as benchmark
    import uncertainty_reference as reference

    model = benchmark.outcomes()
    impact_map = sroi.ImpactMap.model_validate(benchmark.value_map(model))
    found = exact(structure_of(impact_map, uncertain_numbers(impact_map)))
    points, below = distribution_function(found.law)
    wanted = reference.quantiles(model) / benchmark.PUT_IN
    np.testing.assert_allclose(np.interp(reference.CHANCES, below, points), wanted, rtol=1e-5)


# ---- laws of sums and products, alone ----


def test_a_law_in_fewer_cells_keeps_its_mean_its_nothing_and_its_narrow_peak() -> None:
    far = law_of_points(np.append(np.geomspace(1e-3, 1e6, 50_000), 0.0), np.append(np.full(50_000, 0.7 / 50_000), 0.3))
    fewer = on_a_grid(far, 1000)
    assert len(fewer.points) <= 1000
    assert fewer.mean == pytest.approx(far.mean, rel=1e-12)
    assert fewer.weights[fewer.points == 0.0].sum() == pytest.approx(0.3, rel=1e-12)
    points, below = distribution_function(fewer)
    wanted = np.quantile(np.geomspace(1e-3, 1e6, 50_000), 0.2 / 0.7)
    assert np.interp(0.5, below, points) == pytest.approx(wanted, rel=0.05)


def test_scaling_a_law_leaves_nothing_at_nothing() -> None:
    law = PointLaw(np.array([-1.0, 0.0, 2.0, 3.0]), np.array([0.1, 0.4, 0.3, 0.2]))
    variance = law.variance * 1.002
    scaled = law.scaled(1.102, variance)
    assert (scaled.mean, scaled.variance) == pytest.approx((1.102, variance), rel=1e-12)
    assert scaled.weights[scaled.points == 0.0].sum() == pytest.approx(0.4)


def test_a_product_with_a_factor_that_is_all_but_nothing_is_nothing() -> None:
    tiny = law_of_points(np.array([0.0, 1e-3, 2e-3]), np.array([1.0, 1e-14, 1e-14]))
    spread = law_of_points(np.linspace(1, 2, 100), np.ones(100))
    (law,) = products([[PointLaw(tiny.points, np.array([1.0, 1e-17, 1e-17])), spread]])
    assert law.mean == pytest.approx(0.0, abs=1e-12)


def test_the_law_over_cells_of_a_sum_of_two_uniforms_is_triangular() -> None:
    x = (np.arange(100) + 0.5) / 100
    law = law_over_cells(x[:, None] + x[None, :], [np.full(100, 0.01)] * 2, [np.zeros(100, dtype=bool)] * 2)
    points, below = distribution_function(law)
    assert np.interp(CHANCES, below, points) == pytest.approx(stats.triang(0.5, scale=2).ppf(CHANCES), abs=5e-3)
    assert law.weights.sum() == pytest.approx(1.0)


def test_the_law_over_cells_keeps_heaps_and_discrete_numbers_apart() -> None:
    x = (np.arange(200) + 0.5) / 200
    law = law_over_cells(
        np.outer([0.0, 1.0, 5.0], x),
        [np.array([0.5, 0.3, 0.2]), np.full(200, 1 / 200)],
        [np.ones(3, dtype=bool), np.zeros(200, dtype=bool)],
    )
    assert law.weights[law.points == 0.0].sum() == pytest.approx(0.5)
    points, below = distribution_function(law)
    assert np.interp([0.5 + 0.3 + 0.2 * 0.2, 0.9], below, points) == pytest.approx([1.0, 2.5], abs=0.02)


def test_sums_of_single_values_are_single_values() -> None:
    coin = PointLaw(np.array([0.0, 1.0]), np.array([0.5, 0.5]), single=True)
    law = sum_of([coin, coin, coin, certain(10.0)])
    assert law.single
    np.testing.assert_allclose([law.points, law.weights], [[10, 11, 12, 13], [1 / 8, 3 / 8, 3 / 8, 1 / 8]])


# ---- the engine's reach ----


def reach_words(tree: Tree) -> str | None:
    return reach_of(structure(tree)).why_not


def test_a_correlation_that_moves_nothing_together_keeps_a_map_within_reach() -> None:
    tree = tree_of({"quantity": ranged(5, 10, 15)}, {"quantity": ranged(5, 10, 15)})
    moving = ["o0.quantity", "o1.quantity"]
    assert reach_words({**tree, "correlations": [{"numbers": moving, "rank": 0.5}]}) is not None
    assert reach_words({**tree, "correlations": [{"numbers": moving, "rank": 0}]}) is None
    each_with_a_certain_one = [{"numbers": [name, "o0.proxy"], "rank": 0.5} for name in moving]
    assert reach_words({**tree, "correlations": each_with_a_certain_one}) is None


def test_shared_years_of_different_shapes_are_out_of_reach_and_in_proportion_within() -> None:
    def tree(*years: Tree) -> Tree:
        first = {"weight": 1, "proxy": {"by_year": list(years)}}
        return tree_of(first, {"weight": 2, "proxy": {"anchored_to": "o0"}}, activity={"years": 2})

    assert reach_words(tree(ranged(5, 10, 20), ranged(10, 20, 40))) is None
    why_not = reach_words(tree(ranged(5, 10, 20), {"value": 10, "shape": {"empirical": [1, 2, 50]}}))
    assert why_not == "the years of o0.proxy, on which several outcomes rest, have ranges of different shapes"


def test_out_of_reach_is_refused_with_the_reason() -> None:
    tree = tree_of({"quantity": ranged(5, 10, 15)}, {"quantity": ranged(5, 10, 15)})
    tree["correlations"] = [{"numbers": ["o0.quantity", "o1.quantity"], "rank": 0.5}]
    with pytest.raises(ValueError, match="2 of its uncertain numbers move together"):
        exact(structure(tree))


def test_a_group_of_large_inputs_is_held_against_its_law_in_proportion() -> None:
    # A hundred million put in: 1 / inputs is so small that no absolute tolerance may be let in.
    spans = [ranged(1e5, 1e8, 4e8), ranged(1e6, 2e8, 9e8), ranged(1e5, 1e7, 9e8), ranged(10, 1e6, 9e8)]
    inputs = [{"id": f"grant{place}", "stakeholder": "people", "kind": "money", "value": span} for place, span in enumerate(spans)]  # fmt: skip
    found: Exact = exact(structure(tree_of({"quantity": 1e9}, inputs=inputs)))
    parts = [stats.beta(1 + 4 * (s["value"] - s["low"]) / (s["high"] - s["low"]), 1 + 4 * (s["high"] - s["value"]) / (s["high"] - s["low"]), loc=s["low"], scale=s["high"] - s["low"]) for s in spans]  # fmt: skip
    generator = np.random.default_rng(5)
    ratios = 1e10 / sum(part.rvs(200_000, random_state=generator) for part in parts)
    assert abs(ratios.mean() - found.shares.mean) < 4.5 * ratios.std() / 200_000**0.5
    assert math.sqrt(found.shares.variance) == pytest.approx(float(ratios.std()), rel=0.02)
