"""Simulation: every draw can be made again, nobody's draws depend on anybody else, and the figures are the right ones."""

from __future__ import annotations

import copy
import math
import random
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from random_maps import random_value_map
from scipy import stats

import sroi
from sroi.errors import MethodRefused
from sroi.laws import Law, UncertainNumber
from sroi.uncertainty.correlation import Together, copula_of, nearest_correlation
from sroi.uncertainty.drawing import Drawn, tables_for
from sroi.uncertainty.simulated_drivers import drivers_of
from sroi.uncertainty.simulation import LAST_DRAWS, Simulation, cross_check, drawn_numbers, simulate
from sroi.uncertainty.streams import BLOCK, LatinHypercube, MonteCarlo, SobolPoints
from sroi.uncertainty.structure import Factor, Line, Structure, structure_of, uncertain_numbers
from sroi.uncertainty.tables_of_laws import curves, table_of

ROOT = Path(__file__).parent.parent


def outcome(name: str, **numbers: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "quantity": {"value": 100, "low": 80, "high": 130},
        "proxy": {"value": 50, "low": 30, "high": 90, "shape": "lognormal"},
        "deadweight": {"value": 0.2, "low": 0.1, "high": 0.4, "shape": "triangular"},
        "attribution": {"survey": {"yes": 12, "asked": 40}},
        "drop_off": {"value": 0.3, "low": 0.1, "high": 0.5, "shape": "uniform"},
        "duration": 4,
    } | numbers
    return {"id": name, "stakeholder": "people"} | {key: each for key, each in given.items() if each is not None}


def value_map(*outcomes: dict[str, Any], **more: Any) -> sroi.ImpactMap:
    tree = {
        "sroi": 1,
        "title": "A map",
        "analysis": "forecast",
        "currency": "GBP",
        "price_year": 2024,
        "conventions": {"discount_rate": 0.035},
        "stakeholders": [{"id": "people", "size": 100}],
        "inputs": [{"id": "grant", "stakeholder": "people", "kind": "money", "value": 9000}],
        "outcomes": list(outcomes),
    }
    return sroi.ImpactMap.model_validate(tree | more)


def structure(*outcomes: dict[str, Any], **more: Any) -> Structure:
    impact_map = value_map(*outcomes, **more)
    return structure_of(impact_map, uncertain_numbers(impact_map))


def by_hand(laws: dict[str, Law], lines: tuple[Line, ...]) -> Structure:
    """Return a structure of which only the laws and lines are known, divided by 1."""
    numbers = {name: UncertainNumber(SimpleNamespace(name=name), (law,)) for name, law in laws.items()}  # type: ignore[arg-type]
    return Structure(SimpleNamespace(correlations=()), lines, (Line("one", 1.0),), numbers)  # type: ignore[arg-type]


def plain(*names: str) -> tuple[Factor, ...]:
    return tuple(Factor((name,), "plain", lambda values, name=name: values[name][..., 0]) for name in names)  # type: ignore[misc]


# ---- tables ----

BOUNDED = 1e15
FAMILIES = {
    "pert": (Law("beta", 2.0, 7.0, 2.2, 3.8), stats.beta(2.2, 3.8, 2, 5)),
    "a beta that is steep at an end": (Law("beta", 0.0, 1.0, 0.5, 20.5), stats.beta(0.5, 20.5)),
    "a beta with its weight at both ends": (Law("beta", 0.0, 1.0, 0.5, 0.5), stats.beta(0.5, 0.5)),
    "a narrow beta": (Law("beta", 0.0, 1.0, 4e4, 6e4), stats.beta(4e4, 6e4)),
    "triangular": (Law("triangular", -1.0, 4.0, 0.0), stats.triang(0.2, -1, 5)),
    "triangular with its mode at an end": (Law("triangular", 0.0, 1.0, 0.0), stats.triang(0, 0, 1)),
    "uniform": (Law("uniform", 3.0, 5.0), stats.uniform(3, 2)),
    "normal": (Law("normal", -BOUNDED, BOUNDED, 10.0, 3.0), stats.norm(10, 3)),
    "a normal cut off": (Law("normal", 0.0, 1.0, 0.9, 0.3), stats.truncnorm(-3, 1 / 3, 0.9, 0.3)),
    "lognormal": (Law("lognormal", 0.0, BOUNDED, 1.0, 0.4), stats.lognorm(0.4, scale=math.e)),
    "a wide lognormal": (Law("lognormal", 0.0, BOUNDED, 0.0, 1.2), stats.lognorm(1.2)),
    "single values": (Law("atoms", 0.0, 7.0, parts=((0.0, 0.1), (2.0, 1 / 3), (7.0, 0.9 - 1 / 3))),
                      stats.rv_discrete(values=([0, 2, 7], [0.1, 1 / 3, 0.9 - 1 / 3]))),
}  # fmt: skip


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("cells", [2_048, 8_192])
def test_a_table_has_the_moments_of_its_law(name: str, cells: int) -> None:
    law, known = FAMILIES[name]
    table = table_of(curves([law], cells // 8)[0], cells)
    afresh = np.zeros(cells, dtype=bool) if table.afresh is None else table.afresh
    parts = np.array([table.curve.within(cell / cells, (cell + 1) / cells) for cell in np.flatnonzero(afresh)])
    values = table.values[~afresh]
    mean, square = np.array([values.sum(), values @ values]) / cells + parts.reshape(-1, 2).sum(axis=0)
    assert mean == pytest.approx(known.mean(), rel=1e-7, abs=1e-7 * known.std())
    assert square - mean**2 == pytest.approx(known.var(), rel=1e-7)


@pytest.mark.parametrize("name", FAMILIES)
def test_draws_of_a_law_are_spread_as_it_is(name: str) -> None:
    law, known = FAMILIES[name]
    found = simulate(by_hand({"x": law}, (Line("a", 1.0, plain("x")),)), 200_000, seed=3)
    z = cross_check(found, float(known.mean()), float(known.std()), known.cdf)
    if name == "a wide lognormal":  # its sample variance is no guide to its own error
        del z["sd"]
    assert max(map(abs, z.values())) < 4, z


def test_several_experts_are_mixed_in_equal_parts() -> None:
    parts = (Law("triangular", 0.0, 1.0, 0.5), Law("atoms", 2.0, 2.0, parts=((2.0, 1.0),)), Law("uniform", 0.5, 3.0))
    mixture = Law("mixture", 0.0, 3.0, parts=parts)
    ratios = simulate(by_hand({"x": mixture}, (Line("a", 1.0, plain("x")),)), 300_000).ratios
    assert np.mean(ratios == 2.0) == pytest.approx(1 / 3, abs=0.004)
    assert ratios.mean() == pytest.approx((0.5 + 2.0 + 1.75) / 3, abs=0.006)
    assert np.mean(ratios <= 0.5) == pytest.approx(1 / 6, abs=0.004)


def test_single_values_come_out_as_they_are_and_as_often_as_they_should() -> None:
    law = FAMILIES["single values"][0]
    ratios = simulate(by_hand({"x": law}, (Line("a", 1.0, plain("x")),)), 400_000).ratios
    values, counts = np.unique(ratios, return_counts=True)
    assert values.tolist() == [0.0, 2.0, 7.0]
    expected = np.array([0.1, 1 / 3, 0.9 - 1 / 3])
    assert (np.abs(counts / 400_000 - expected) < 4 * np.sqrt(expected * (1 - expected) / 400_000)).all()


@pytest.mark.slow
def test_ten_million_draws_show_no_bias() -> None:
    # A first attempt was out by 1.5e-4 of the mean, which a hundred thousand draws could not tell.
    laws = {"q": Law("triangular", 70.0, 120.0, 100.0), "p": Law("lognormal", 0.0, BOUNDED, 3.0, 0.3),
            "d": Law("beta", 0.1, 0.5, 2.0, 4.0)}  # fmt: skip
    kept = Factor(("d",), "kept", lambda values: 1.0 - values["d"][..., 0])
    found = simulate(by_hand(laws, (Line("a", 1.0, (*plain("q", "p"), kept)),)), 10_000_000, threads=2)
    known = [stats.triang(0.6, 70, 50), stats.lognorm(0.3, scale=math.exp(3)), stats.beta(2, 4, -0.5, 0.4)]
    mean = math.prod(abs(each.mean()) if place < 2 else 1 - (0.1 + 0.4 / 3) for place, each in enumerate(known))
    shares = [each.var() / each.mean() ** 2 for each in known[:2]] + [known[2].var() / (1 - 0.1 - 0.4 / 3) ** 2]
    variance = mean**2 * (math.prod(1 + share for share in shares) - 1)
    assert abs(found.mean - mean) < 4 * math.sqrt(variance / found.draws)
    assert found.sd == pytest.approx(math.sqrt(variance), rel=0.0015)


# ---- the same bits ----


def test_the_same_seed_gives_the_same_bits_whatever_the_threads() -> None:
    several = structure(outcome("a"), outcome("b", duration={"value": 3, "low": 1, "high": 6}), outcome("c"))
    one = simulate(several, 5 * BLOCK + 17, seed=5)
    for threads in (2, 3, 8):
        assert simulate(several, 5 * BLOCK + 17, seed=5, threads=threads).ratios.tobytes() == one.ratios.tobytes()


@pytest.mark.parametrize("seed", range(20))
def test_fewer_draws_are_the_first_of_more(seed: int) -> None:
    tree = random_value_map(random.Random(seed), ranges=0.6)
    impact_map = sroi.ImpactMap.model_validate(tree)
    whole = structure_of(impact_map, uncertain_numbers(impact_map))
    long, short = simulate(whole, BLOCK + 9_000), simulate(whole, 5_001)
    assert short.present_values.tobytes() == long.present_values[:5_001].tobytes()
    assert short.inputs.tobytes() == long.inputs[:5_001].tobytes()


@pytest.mark.parametrize("seed", range(20))
def test_moved_outcomes_leave_every_bit_where_it_was(seed: int) -> None:
    rng = random.Random(seed)
    tree = random_value_map(rng, ranges=0.6)
    moved = copy.deepcopy(tree)
    rng.shuffle(moved["outcomes"])
    rng.shuffle(moved["inputs"])
    found = []
    for each in (tree, moved):
        impact_map = sroi.ImpactMap.model_validate(each)
        found.append(simulate(structure_of(impact_map, uncertain_numbers(impact_map)), 4_000).ratios.tobytes())
    assert found[0] == found[1]


def test_an_added_outcome_changes_nobody_elses_draws() -> None:
    before, after = structure(outcome("b")), structure(outcome("a"), outcome("b"), outcome("c"))
    alone, among = drawn_numbers(before, 3_000), drawn_numbers(after, 3_000)
    assert len(among) == 3 * len(alone)
    for name, values in alone.items():
        assert values.tobytes() == among[name].tobytes()
    # The new outcomes' worth is simply added.
    others = simulate(structure(outcome("a")), 3_000), simulate(before, 3_000), simulate(structure(outcome("c")), 3_000)
    total = others[0].present_values + others[1].present_values + others[2].present_values
    assert simulate(after, 3_000).present_values == pytest.approx(total, rel=1e-14)


def test_another_rank_correlation_leaves_the_other_numbers_alone() -> None:
    one = structure(outcome("a"), outcome("b"))
    tied = drawn_numbers(one, 3_000, correlations=[Together(("a.quantity", "b.quantity"), 0.5)])
    free = drawn_numbers(one, 3_000)
    changed = [name for name in free if free[name].tobytes() != tied[name].tobytes()]
    assert changed == ["b.quantity"]


def test_seed_0_is_a_seed() -> None:
    one = structure(outcome("a"))
    zero, again, other = (simulate(one, 2_000, seed=seed) for seed in (0, 0, 1))
    assert zero.ratios.tobytes() == again.ratios.tobytes()
    assert np.mean(zero.ratios == other.ratios) < 0.01
    assert abs(np.corrcoef(zero.ratios, other.ratios)[0, 1]) < 0.1


@pytest.mark.parametrize("wrong", [{"seed": None}, {"seed": -1}, {"seed": True}, {"seed": 0.5}, {"draws": 3},
                                   {"draws": 10.5}, {"sampling": "halton"}, {"threads": 0}])  # fmt: skip
def test_settings_that_cannot_be_are_refused_with_a_remedy(wrong: dict[str, Any]) -> None:
    with pytest.raises(MethodRefused, match=r"Give"):
        simulate(structure(outcome("a")), **({"draws": 1_000} | wrong))


@pytest.mark.parametrize("sampling", ["latin_hypercube", "sobol"])
def test_evenly_spread_points_come_again_for_the_same_map(sampling: Any) -> None:
    one = structure(outcome("a"), outcome("b"))
    found = [
        simulate(one, 4_096, seed=seed, sampling=sampling, threads=n).ratios for seed, n in ((0, 1), (0, 3), (1, 1))
    ]
    assert found[0].tobytes() == found[1].tobytes()
    assert not np.array_equal(found[0], found[2])


# ---- the figures ----


@pytest.mark.parametrize("seed", range(40))
def test_draws_of_random_maps_are_what_the_door_makes_of_the_numbers(seed: int) -> None:
    impact_map = sroi.ImpactMap.model_validate(random_value_map(random.Random(seed), ranges=0.5))
    whole = structure_of(impact_map, uncertain_numbers(impact_map))
    found, numbers = simulate(whole, 20_000), drawn_numbers(whole, 20_000)
    ratios = np.broadcast_to(whole.ratio(numbers), found.ratios.shape)
    few = {name: values[:40] for name, values in numbers.items()}
    at = {
        f"{name}.{year + 1}" if values.shape[1] > 1 else name: values[:, year]
        for name, values in few.items()
        for year in range(values.shape[1])
    }
    door = sroi.evaluate(impact_map, at=at).sroi_ratio
    assert ratios[:40] == pytest.approx(np.broadcast_to(door, 40), rel=1e-9, abs=1e-12, nan_ok=True)
    if np.isnan(ratios).any():
        return
    # Looked up in tables, a ratio is out by the width of a cell; the distribution is the same.
    assert abs(found.mean - ratios.mean()) <= 0.003 * found.sd + 1e-12 * (1 + abs(found.mean))
    at_quantiles = found.quantile([0.05, 0.25, 0.5, 0.75, 0.95])
    for ratio, chance in zip(at_quantiles, (0.05, 0.25, 0.5, 0.75, 0.95), strict=True):
        step = found.sd / 1000 + 1e-12 * abs(ratio)
        assert np.mean(ratios <= ratio - step) - 0.003 <= max(chance, np.mean(found.ratios <= ratio))
        assert np.mean(ratios <= ratio + step) + 0.003 >= chance


def test_a_number_by_year_is_one_draw_for_all_its_years() -> None:
    years = [{"value": 10, "low": 5, "high": 20}, {"value": 30, "low": 30, "high": 31, "shape": "uniform"}, 4]
    one = structure(outcome("a", quantity={"by_year": years}), activity={"years": 3})
    quantity = drawn_numbers(one, 2_000)["a.quantity"]
    assert quantity.shape == (2_000, 3)
    order = np.argsort(quantity[:, 0])
    assert (np.diff(quantity[order, 1]) >= 0.0).all()
    assert (quantity[:, 2] == 4.0).all()


def test_a_map_without_inputs_says_that_there_is_no_ratio() -> None:
    nothing = [{"id": "grant", "stakeholder": "people", "kind": "money",
                "value": {"value": 5, "shape": {"discrete": [[0, 0.25], [5, 0.75]]}}}]  # fmt: skip
    found = simulate(structure(outcome("a"), inputs=nothing), 20_000)
    assert 0.2 < np.mean(np.isnan(found.ratios)) < 0.3
    assert math.isfinite(found.mean)
    assert "have no ratio" in found.notes[0]


def test_without_a_number_of_draws_it_goes_on_until_mean_and_interval_are_known() -> None:
    found = simulate(structure(outcome("a"), outcome("b")))
    low, high = found.interval
    assert found.standard_error <= 0.001 * found.mean
    assert max(found.quantile_error(0.05), found.quantile_error(0.95)) <= 0.005 * (high - low)
    assert "standard errors are at most" in found.stopped_by
    # As many asked for outright are the same draws.
    again = simulate(structure(outcome("a"), outcome("b")), found.draws)
    assert again.ratios.tobytes() == found.ratios.tobytes()


def test_it_stops_at_the_most_draws_and_says_so() -> None:
    # Gains and losses that nearly cancel: the mean is never known to 0.1 %.
    loss = {"value": -50, "low": -90, "high": -30}
    cancelling = outcome("a", proxy={"value": 50, "low": 30, "high": 90}), outcome("b", proxy=loss)
    found = simulate(structure(*cancelling))
    assert found.draws == LAST_DRAWS
    assert "the mean may still stray" in found.stopped_by
    again = simulate(structure(*cancelling), LAST_DRAWS)
    assert again.ratios.tobytes() == found.ratios.tobytes()


@pytest.mark.slow
@pytest.mark.parametrize("sampling", ["monte_carlo", "latin_hypercube", "sobol"])
def test_intervals_hold_the_mean_as_often_as_they_say(sampling: Any) -> None:
    laws = {"q": Law("uniform", 1.0, 3.0), "p": Law("triangular", 0.0, 3.0, 1.0)}
    small = by_hand(laws, (Line("a", 1.0, plain("q", "p")),))
    mean, held, repeats = 2.0 * 4.0 / 3.0, 0, 1_000
    # A spread of sixteen pieces has fifteen degrees of freedom.
    reach = 1.96 if sampling == "monte_carlo" else float(stats.t.ppf(0.975, 15))
    for seed in range(repeats):
        found = simulate(small, 1_024, seed=seed, sampling=sampling)
        held += abs(found.mean - mean) <= reach * found.standard_error
    assert 0.93 <= held / repeats <= 0.97


def test_standard_errors_of_quantiles_are_what_repeats_show() -> None:
    small = by_hand({"x": Law("normal", -BOUNDED, BOUNDED, 0.0, 1.0)}, (Line("a", 1.0, plain("x")),))
    for sampling in ("monte_carlo", "latin_hypercube"):
        found = [simulate(small, 2_048, seed=seed, sampling=sampling) for seed in range(200)]  # type: ignore[arg-type]
        shown = np.std([float(each.quantile(0.05)) for each in found], ddof=1)
        told = np.mean([each.quantile_error(0.05) for each in found])
        assert 0.75 * shown < told < 1.6 * shown, sampling


# ---- evenly spread points ----


def test_each_piece_of_a_latin_hypercube_has_one_draw_in_every_part() -> None:
    source = LatinHypercube(1_000, seed=0)
    assert sum(source.sizes()) == 1_000
    for piece, size in enumerate(source.sizes()):
        (block,) = source.blocks(piece)
        chances = block.chances("a.quantity").exactly()
        assert sorted((chances * size).astype(int).tolist()) == list(range(size))


def test_evenly_spread_points_err_less_and_know_it() -> None:
    one = structure(outcome("a"), outcome("b"))
    errors = {name: simulate(one, 2**14, sampling=name).standard_error  # type: ignore[arg-type]
              for name in ("monte_carlo", "latin_hypercube", "sobol")}  # fmt: skip
    assert errors["sobol"] < errors["latin_hypercube"] / 2 < errors["monte_carlo"] / 8
    long = simulate(one, 10**6)
    for name in ("latin_hypercube", "sobol"):
        found = simulate(one, 2**14, sampling=name)  # type: ignore[arg-type]
        assert abs(found.mean - long.mean) < 4 * math.hypot(found.standard_error, long.standard_error)


def test_sobol_points_come_in_powers_of_two() -> None:
    assert simulate(structure(outcome("a")), 1_000, sampling="sobol").draws == 1_024
    source = SobolPoints(2**10, 0, ["a", "b"])
    chances = np.concatenate([block.chances("b").exactly() for block in source.blocks(0)])
    assert sorted((chances * 64).astype(int).tolist()) == list(range(64))


# ---- correlation ----


@pytest.mark.parametrize("rank", [-1.0, -0.7, 0.0, 0.3, 0.9, 1.0])
@pytest.mark.parametrize("sampling", ["monte_carlo", "latin_hypercube", "sobol"])
def test_the_copula_reaches_the_rank_correlation_asked_for(rank: float, sampling: Any) -> None:
    tied = [Together(("a.quantity", "a.proxy"), rank)]
    numbers = drawn_numbers(structure(outcome("a")), 2**15, sampling=sampling, correlations=tied)
    found = stats.spearmanr(numbers["a.quantity"][:, 0], numbers["a.proxy"][:, 0]).statistic
    assert found == pytest.approx(rank, abs=1e-9 if abs(rank) == 1.0 else 0.025)
    other = stats.spearmanr(numbers["a.quantity"][:, 0], numbers["a.deadweight"][:, 0]).statistic
    assert abs(other) < 0.025


def test_a_correlation_leaves_each_number_its_own_law() -> None:
    one, tied = structure(outcome("a")), [Together(("a.quantity", "a.proxy", "a.deadweight"), 0.8)]
    for name, values in drawn_numbers(one, 50_000, correlations=tied).items():
        free = drawn_numbers(one, 50_000, seed=9)[name]
        assert stats.ks_2samp(values[:, 0], free[:, 0]).pvalue > 1e-4, name


def test_the_map_says_which_numbers_move_together() -> None:
    entry = {"numbers": ["a.quantity", "b.quantity", "a.duration"], "rank": 1}
    tied = simulate(structure(outcome("a"), outcome("b"), correlations=[entry]), 50_000)
    free = simulate(structure(outcome("a"), outcome("b")), 50_000)
    assert tied.sd > free.sd
    again = simulate(structure(outcome("a"), outcome("b"), correlations=[entry]), 50_000, correlations=())
    assert again.ratios.tobytes() == free.ratios.tobytes()


def test_certain_numbers_and_single_years_in_a_correlation() -> None:
    copula = copula_of([Together(("a.quantity.2", "b.proxy", "c.size"), 0.5)], {"a.quantity", "b.proxy"})
    (group,) = copula.each()
    assert group.names == ("a.quantity", "b.proxy")
    assert copula_of([Together(("a.quantity", "c.size"), 0.5)], {"a.quantity"}).each() == []


def test_rank_correlations_that_cannot_all_hold_are_brought_to_the_nearest_and_it_is_said() -> None:
    tied = [Together(("a", "b"), 0.9), Together(("b", "c"), 0.9), Together(("a", "c"), -0.9)]
    copula = copula_of(tied, {"a", "b", "c"})
    assert "cannot all hold" in copula.notes[0]
    (group,) = copula.each()
    matrix = group.mixing @ group.mixing.T
    assert np.diag(matrix) == pytest.approx(np.ones(3))
    assert 0.3 < matrix[0, 1] < 0.9
    # Four numbers cannot each run against every other by more than a third.
    (four,) = copula_of([Together(("a", "b", "c", "d"), -1.0)], set("abcd")).each()
    assert (four.mixing @ four.mixing.T)[0, 1:] == pytest.approx([-1 / 3] * 3, abs=1e-6)


def test_the_nearest_correlation_matrix_of_the_literature() -> None:
    # Higham 2002, section 4: the nearest to this one has 0.7607 and 0.1573.
    found = nearest_correlation(np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]]))
    assert found[0, 1] == pytest.approx(0.7607, abs=5e-5)
    assert found[0, 2] == pytest.approx(0.1573, abs=5e-5)


def test_contradictions_are_said_in_words() -> None:
    tied = [Together(("a", "b"), 1.0), Together(("a", "b"), -1.0), Together(("a", "b"), 0.2)]
    notes = copula_of(tied, {"a", "b"}).notes
    assert len(notes) == 2
    assert "move opposite ways" in notes[0]
    assert "stated as 0.2" in notes[1]
    assert "was taken" in copula_of([Together(("a", "b"), 0.5), Together(("b", "a"), 0.1)], {"a", "b"}).notes[0]


def test_chains_of_whole_correlations_are_one_draw() -> None:
    copula = copula_of([Together(("a", "b"), 1.0), Together(("b", "c"), -1.0), Together(("c", "d"), 0.5)], set("abcd"))
    (group,) = copula.each()
    assert group.roots == ("a", "d")
    assert [group.place[name] for name in "abcd"] == [(0, 1), (0, 1), (0, -1), (1, 1)]
    assert group.mixing[1, 0] == pytest.approx(-2 * math.sin(math.pi / 12))


# ---- drivers ----


def uniforms(names: str, low: float, high: float) -> dict[str, Law]:
    return {name: Law("uniform", low, high) for name in names}


def test_drivers_of_the_ishigami_function() -> None:
    a, b = 7.0, 0.1
    worth = lambda x: np.sin(x["x"][..., 0]) * (1 + b * x["z"][..., 0] ** 4) + a * np.sin(x["y"][..., 0]) ** 2  # noqa: E731
    ishigami = by_hand(
        uniforms("xyz", -math.pi, math.pi), (Line("f", 1.0, (Factor(("x", "y", "z"), "joint", worth),)),)
    )
    found = {each.name: each for each in drivers_of(ishigami, draws=2**17).drivers}
    variance = a**2 / 8 + b * math.pi**4 / 5 + b**2 * math.pi**8 / 18 + 0.5
    x, y, xz = (0.5 * (1 + b * math.pi**4 / 5) ** 2, a**2 / 8, 8 * b**2 * math.pi**8 / 225)
    exact = {"x": (x, x + xz, x + xz / 2), "y": (y, y, y), "z": (0.0, xz, xz / 2)}
    for name, shares in exact.items():
        each = found[name]
        assert (each.first, each.total, each.shapley) == pytest.approx(
            [share / variance for share in shares], abs=0.012
        )


def test_drivers_of_the_g_function() -> None:
    weights = {"p": 0.0, "q": 1.0, "r": 4.5, "s": 9.0}
    factors = tuple(
        Factor((name,), "joint", lambda values, name=name, w=w: (np.abs(4 * values[name][..., 0] - 2) + w) / (1 + w))  # type: ignore[misc]
        for name, w in weights.items()
    )
    found = drivers_of(by_hand(uniforms("pqrs", 0.0, 1.0), (Line("g", 1.0, factors),)), draws=2**17)
    parts = {name: 1 / (3 * (1 + w) ** 2) for name, w in weights.items()}
    variance = math.prod(1 + part for part in parts.values()) - 1
    assert found.sd == pytest.approx(math.sqrt(variance), rel=0.01)
    for each in found.drivers:
        part = parts[each.name]
        total = part * math.prod(1 + other for name, other in parts.items() if name != each.name)
        assert each.first == pytest.approx(part / variance, abs=0.01)
        assert each.total == pytest.approx(total / variance, abs=0.01)
        assert each.error is not None
        assert each.error < 0.01
    assert sum(each.shapley or 0.0 for each in found.drivers) == pytest.approx(1.0)


def test_what_knowing_a_number_is_worth() -> None:
    # NB = x - 1 + y: with x uniform on 0 to 2 and y on -0.1 to 0.1, both centred.
    laws = {"x": Law("uniform", 0.0, 2.0), "y": Law("uniform", -0.1, 0.1)}
    found = drivers_of(by_hand(laws, (Line("a", 1.0, plain("x")), Line("b", 1.0, plain("y")))), draws=2**17)
    by_name = {each.name: each.evppi for each in found.drivers}
    assert by_name["x"] == pytest.approx(0.25, abs=0.004)
    assert by_name["y"] == pytest.approx(0.025, abs=0.004)
    assert by_name["x"] <= found.evpi == pytest.approx((1 + 0.1**2 / 3) / 4, abs=0.004)


def test_knowing_what_never_changes_the_decision_is_worth_nothing() -> None:
    laws = {"x": Law("uniform", 3.0, 4.0), "y": Law("uniform", -0.1, 0.1)}
    found = drivers_of(by_hand(laws, (Line("a", 1.0, plain("x")), Line("b", 1.0, plain("y")))))
    assert found.evpi == 0.0
    assert [each.evppi for each in found.drivers] == [0.0, 0.0]


def test_numbers_that_move_together_are_one_driver() -> None:
    # x + y + z, all alike: x and y with rank correlation 1 have four fifths of the variance between them.
    laws = uniforms("xyz", 0.0, 1.0)
    lines = tuple(Line(name, 1.0, plain(name)) for name in laws)
    found = drivers_of(by_hand(laws, lines), draws=2**16, correlations=[Together(("x", "y"))])
    (pair,) = found.together
    assert pair.names == ("x", "y")
    assert (pair.first, pair.total, pair.shapley) == pytest.approx((0.8, 0.8, 0.8), abs=0.015)
    by_name = {each.name: each for each in found.drivers}
    assert by_name["x"].total is None
    assert by_name["x"].shapley is None
    # Knowing x is knowing y.
    assert by_name["x"].first == pytest.approx(0.8, abs=0.015)
    assert by_name["z"].shapley == pytest.approx(0.2, abs=0.015)


def test_uncertain_inputs_and_shared_numbers_have_their_share() -> None:
    size = [{"id": "people", "size": {"value": 100, "low": 60, "high": 150}}]
    inputs = [
        {"id": "grant", "stakeholder": "people", "kind": "money", "value": {"value": 9000, "low": 6000, "high": 15000}}
    ]
    quantity = {"of": "people", "share": 0.5}
    whole = structure(
        outcome("a", quantity=quantity), outcome("b", quantity=quantity), stakeholders=size, inputs=inputs
    )
    found = drivers_of(whole, draws=2**16)
    by_name = {each.name: each for each in found.drivers}
    # The slow way: whole ratios, with a number's draws exchanged.
    a, b = drawn_numbers(whole, 2**16), drawn_numbers(whole, 2**16, seed=1)
    one = whole.ratio(a)
    for name in ("people.size", "grant.value", "a.proxy"):
        total = np.mean((one - whole.ratio(a | {name: b[name]})) ** 2) / 2 / one.var()
        assert by_name[name].total == pytest.approx(total, abs=0.01)
    assert sum(each.shapley or 0.0 for each in found.drivers) == pytest.approx(1.0)


def test_drivers_come_again_with_the_same_seed() -> None:
    one = structure(outcome("a"))
    assert drivers_of(one, draws=8_192, seed=4) == drivers_of(one, draws=8_192, seed=4)
    assert drivers_of(one, draws=8_192, seed=4) != drivers_of(one, draws=8_192, seed=5)


# ---- checks, cost ----


def test_the_cross_check_sees_a_wrong_mean_sd_or_distribution() -> None:
    small = by_hand({"x": Law("normal", -BOUNDED, BOUNDED, 0.0, 1.0)}, (Line("a", 1.0, plain("x")),))
    found = simulate(small, 100_000)
    assert max(map(abs, cross_check(found, 0.0, 1.0, stats.norm.cdf).values())) < 4
    assert abs(cross_check(found, 0.05, 1.0, stats.norm.cdf)["mean"]) > 8
    assert abs(cross_check(found, 0.0, 1.05, stats.norm.cdf)["sd"]) > 8
    assert abs(cross_check(found, 0.0, 1.0, stats.t(10).cdf)["q95"]) > 4
    certain = Simulation(np.full(99, 2.0), np.full(99, 2.0), np.ones(99), 0, "monte_carlo", "", (99,))
    assert cross_check(certain, 2.0, 0.0, stats.norm.cdf) == {"mean": 0.0}


def test_words_of_a_number_are_looked_up_once_for_all_its_lines() -> None:
    shared = structure(outcome("a", quantity={"of": "people", "share": 0.5}), outcome("b", quantity={"of": "people", "share": 1}),
                       stakeholders=[{"id": "people", "size": {"value": 9, "low": 5, "high": 20}}])  # fmt: skip
    (block,) = MonteCarlo(2_048, 0).blocks(0)
    drawn = Drawn(tables_for(shared, 2_048), block, copula_of((), ()))
    assert drawn.chances("people.size") is drawn.chances("people.size")


def model_of_the_benchmark() -> Structure:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        import uncertainty_model
    finally:
        sys.path.pop(0)
    impact_map = sroi.ImpactMap.model_validate(uncertainty_model.value_map(uncertainty_model.outcomes()))
    return structure_of(impact_map, uncertain_numbers(impact_map))


@pytest.mark.slow
@pytest.mark.alone
def test_drawing_costs_little_more_than_its_random_numbers() -> None:
    # The target is 1.5; here a bound that holds on a busy machine, too. Alternately, so that both meet the same load.
    whole, generator, out = model_of_the_benchmark(), np.random.default_rng(0), np.empty(100_000)
    times: dict[str, list[float]] = {"floor": [], "simulation": []}
    for _ in range(7):
        start = time.perf_counter()
        for _ in range(360):
            generator.random(out=out)
        middle = time.perf_counter()
        simulate(whole, 100_000)
        times["floor"].append(middle - start)
        times["simulation"].append(time.perf_counter() - middle)
    ratio = min(times["simulation"]) / min(times["floor"])
    assert ratio < 3.0, f"simulation {min(times['simulation']) * 1e3:.0f} ms, {ratio:.2f} times its uniforms"


MEMORY = """
import sys
sys.path[:0] = {paths!r}
import sroi, uncertainty_model
from sroi.uncertainty.simulation import simulate
from sroi.uncertainty.structure import structure_of, uncertain_numbers
impact_map = sroi.ImpactMap.model_validate(uncertainty_model.value_map(uncertainty_model.outcomes()))
found = simulate(structure_of(impact_map, uncertain_numbers(impact_map)), 1_000_000)
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(found.mean, found.quantile_error(0.05), peak)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_a_million_draws_fit_in_300_megabytes() -> None:
    code = MEMORY.format(paths=[str(ROOT), str(ROOT / "benchmarks")])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    mean, _, peak = map(float, done.stdout.split())
    assert mean == pytest.approx(1.0125, abs=0.001)
    assert peak < 300 * 1024
