"""The laws of uncertain numbers: against the closed forms of scipy.stats, and against counting by brute force."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats
from simulated import drawn_law, survey_moments

from sroi import reading
from sroi.estimate import Estimate, prepared
from sroi.laws import (
    Law,
    UncertainNumber,
    chances,
    law_of,
    nodes,
    quantiles,
    together,
)
from sroi.names import NamedNumber
from sroi.reading import Kind
from sroi.uncertainty.reach import in_proportion

Z = stats.norm.ppf(0.95)
# Of numbers that may be anything, normal laws are not cut off.
UNBOUNDED = reading.AMOUNT


def estimate(raw: Any, kind: Kind = reading.MONEY) -> Estimate:
    return Estimate.model_validate(prepared(raw, kind))


def law(raw: Any, kind: Kind = reading.MONEY) -> Law:
    return law_of(estimate(raw, kind), kind)


def ranged(low: float, value: float, high: float, shape: Any = None) -> dict[str, Any]:
    return {"low": low, "value": value, "high": high} | ({"shape": shape} if shape else {})


def moments(of: Law, count: int = 256) -> list[float]:
    """Mean, variance and third and fourth central moments by the law's own points and weights."""
    ((x, w),) = nodes([of], count)
    assert w.sum() == pytest.approx(1.0, abs=1e-13)
    assert (np.diff(x) >= 0).all()
    mean = float(w @ x)
    return [mean, *(float(w @ (x - mean) ** power) for power in (2, 3, 4))]


def scipys(of: Any) -> list[float]:
    mean, variance, skew, kurtosis = (float(each) for each in of.stats("mvsk"))
    return [mean, variance, skew * variance**1.5, (kurtosis + 3) * variance**2]


CLOSED = [
    ("pert", ranged(2, 5, 11), stats.beta(1 + 4 * 3 / 9, 1 + 4 * 6 / 9, loc=2, scale=9)),
    ("pert at its low end", ranged(2, 2, 11, "pert"), stats.beta(1, 5, loc=2, scale=9)),
    ("pert at its high end", ranged(2, 11, 11, "pert"), stats.beta(5, 1, loc=2, scale=9)),
    ("pert below nothing", ranged(-8, -5, 3), stats.beta(1 + 4 * 3 / 11, 1 + 4 * 8 / 11, loc=-8, scale=11)),
    ("triangular", ranged(2, 5, 11, "triangular"), stats.triang(3 / 9, loc=2, scale=9)),
    ("triangular falling", ranged(2, 2, 11, "triangular"), stats.triang(0, loc=2, scale=9)),
    ("triangular rising", ranged(2, 11, 11, "triangular"), stats.triang(1, loc=2, scale=9)),
    ("uniform", ranged(2, 5, 11, "uniform"), stats.uniform(2, 9)),
    ("normal", ranged(60, 90, 140, "normal"), stats.norm(100, 40 / Z)),
    ("lognormal", ranged(10, 20, 60, "lognormal"), stats.lognorm(math.log(6) / 2 / Z, scale=math.sqrt(600))),
    ("wide lognormal", ranged(1, 20, 400, "lognormal"), stats.lognorm(math.log(400) / 2 / Z, scale=20)),
    ("beta", ranged(2, 5, 11, {"beta": [2, 5]}), stats.beta(2, 5, loc=2, scale=9)),
    ("beta like a bath", ranged(0, 0.5, 1, {"beta": [0.1, 0.2]}), stats.beta(0.1, 0.2)),
    ("beta hard at one end", ranged(0, 0.5, 1, {"beta": [0.1, 3]}), stats.beta(0.1, 3)),
    ("beta of half and half", ranged(0, 0.5, 1, {"beta": [0.5, 0.5]}), stats.beta(0.5, 0.5)),
    ("narrow beta", ranged(0, 0.5, 1, {"beta": [30_000, 20_000]}), stats.beta(30_000, 20_000)),
    ("narrow beta at one end", ranged(0, 0.5, 1, {"beta": [0.5, 50_000]}), stats.beta(0.5, 50_000)),
]


@pytest.mark.parametrize(("raw", "scipy_law"), [each[1:] for each in CLOSED], ids=[each[0] for each in CLOSED])
def test_the_moments_of_every_shape_are_those_of_its_closed_form(raw: dict[str, Any], scipy_law: Any) -> None:
    # The fourth moment of a wide lognormal lies beyond where its points end; the first two are what shares rest on.
    count = 2 if raw.get("shape") == "lognormal" else 4
    found, wanted = moments(law(raw, UNBOUNDED))[:count], scipys(scipy_law)[:count]
    scale = [abs(wanted[0]), *(wanted[1] ** (power / 2) for power in (2, 3, 4))][:count]
    assert np.abs(np.subtract(found, wanted) / scale).max() < 1e-7


@pytest.mark.parametrize(("raw", "scipy_law"), [each[1:] for each in CLOSED], ids=[each[0] for each in CLOSED])
def test_chances_and_quantiles_are_those_of_its_closed_form_and_undo_each_other(
    raw: dict[str, Any], scipy_law: Any
) -> None:
    of = law(raw, UNBOUNDED)
    ranks = np.array([0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999])
    values = scipy_law.ppf(ranks)
    np.testing.assert_allclose(quantiles(of, ranks), values, rtol=1e-9)
    np.testing.assert_allclose(chances(of, values), ranks, atol=1e-9)
    np.testing.assert_allclose(chances(of, quantiles(of, ranks)), ranks, atol=1e-9)
    ends = quantiles(of, np.array([0.0, 1.0]))
    if raw.get("shape") not in ("normal", "lognormal"):
        assert ends == pytest.approx([raw["low"], raw["high"]])


def test_normal_and_lognormal_ranges_hold_90_per_cent() -> None:
    for shape in ("normal", "lognormal"):
        below = chances(law(ranged(60, 90, 140, shape), UNBOUNDED), np.array([60.0, 140.0]))
        assert below == pytest.approx([0.05, 0.95], abs=1e-12)


@pytest.mark.parametrize(
    ("low", "value", "high"), [(0.7, 0.9, 1.0), (0.0, 0.02, 0.06), (0.0, 0.5, 1.0), (0.95, 0.99, 1.0)]
)
def test_a_share_with_a_normal_law_is_cut_off_at_0_and_1_and_made_whole(low: float, value: float, high: float) -> None:
    middle, spread = (low + high) / 2, (high - low) / 2 / Z
    cut = stats.truncnorm(-middle / spread, (1 - middle) / spread, loc=middle, scale=spread)
    of = law(ranged(low, value, high, "normal"), reading.SHARE)
    np.testing.assert_allclose(moments(of)[:2], scipys(cut)[:2], rtol=1e-10)
    ranks = np.array([0.0, 0.01, 0.3, 0.9, 1.0])
    np.testing.assert_allclose(quantiles(of, ranks), cut.ppf(ranks), rtol=1e-9, atol=1e-12)
    assert chances(of, np.array([-0.1, 0.0, 1.0, 1.1])) == pytest.approx([0, 0, 1, 1], abs=1e-12)


def test_a_share_with_a_lognormal_law_is_cut_off_at_1() -> None:
    of = law(ranged(0.5, 0.7, 1.0, "lognormal"), reading.SHARE)
    spread, scale = math.log(2) / 2 / Z, math.sqrt(0.5)
    whole = stats.lognorm(spread, scale=scale)
    wanted = [whole.expect(lambda x, p=power: x**p, ub=1.0) / whole.cdf(1.0) for power in (1, 2)]
    assert moments(of)[:2] == pytest.approx([wanted[0], wanted[1] - wanted[0] ** 2], rel=1e-7)
    assert float(quantiles(of, np.array([1.0]))[0]) <= 1.0


def test_a_head_count_with_a_normal_law_stays_above_nothing() -> None:
    of = law(ranged(0, 10, 40, "normal"), reading.COUNT)
    cut = stats.truncnorm(-20 / (20 / Z), np.inf, loc=20, scale=20 / Z)
    assert moments(of)[:2] == pytest.approx(scipys(cut)[:2], rel=1e-10)
    assert quantiles(of, np.array([0.0, 0.5]))[0] == pytest.approx(0.0, abs=1e-12)


# ---- survey counts ----


@pytest.mark.parametrize(("yes", "asked"), [(34, 50), (0, 12), (12, 12), (0, 1), (1, 1)])
def test_survey_counts_give_the_beta_of_jeffreys_at_both_ends_too(yes: int, asked: int) -> None:
    of = law({"survey": {"yes": yes, "asked": asked}}, reading.SHARE)
    np.testing.assert_allclose(moments(of), scipys(stats.beta(yes + 0.5, asked - yes + 0.5)), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize(
    ("yes", "asked", "population"), [(34, 50, 300), (34, 50, 51), (0, 50, 60), (50, 50, 60), (0, 99, 100), (7, 9, 5000)]
)
def test_a_finite_population_gives_mean_and_variance_of_the_beta_binomial(
    yes: int, asked: int, population: int
) -> None:
    of = law({"survey": {"yes": yes, "asked": asked, "population": population}}, reading.SHARE)
    # Nobody of 99 and one left to ask: a beta of 0.005 and 99, whose weight takes many points to find.
    count = 4096 if population - asked == 1 else 256
    assert moments(of, count)[:2] == pytest.approx(survey_moments(yes, asked, population), rel=1e-9)


def test_a_census_is_certain() -> None:
    of = law({"survey": {"yes": 34, "asked": 50, "population": 50}}, reading.SHARE)
    assert (of.low, of.high, of.discrete) == (0.68, 0.68, True)


def test_a_sample_of_50_000_is_narrow_and_keeps_its_digits() -> None:
    of = law({"survey": {"yes": 20_000, "asked": 50_000}}, reading.SHARE)
    wanted = scipys(stats.beta(20_000.5, 30_000.5))
    assert moments(of)[:2] == pytest.approx(wanted[:2], rel=1e-11)
    assert moments(of, 64)[1] == pytest.approx(wanted[1], rel=1e-4)


def test_survey_counts_beside_a_range_that_holds_them_take_the_range() -> None:
    for shape in ("pert", "triangular"):
        of = law({"survey": {"yes": 15, "asked": 50}, "low": 0.1, "high": 0.5, "shape": shape}, reading.SHARE)
        ((x, w),) = nodes([of], 256)
        assert 0.1 <= x[0] <= x[-1] <= 0.5
        assert w @ x == pytest.approx(0.3)


# ---- values with chances of their own ----


def test_listed_values_keep_their_places_and_chances() -> None:
    of = law({"value": 5, "shape": {"discrete": [[5, "50%"], [0, 0.3], [9, 0.2]]}})
    ((x, w),) = nodes([of], 256)
    np.testing.assert_allclose([x, w], [[0, 5, 9], [0.3, 0.5, 0.2]])
    assert quantiles(of, np.array([0.0, 0.2, 0.4, 0.79, 0.81, 1.0])).tolist() == [0, 0, 5, 5, 9, 9]
    assert chances(of, np.array([-1.0, 0.0, 4.9, 5.0, 9.0, 10.0])) == pytest.approx([0, 0.3, 0.3, 0.8, 1, 1])


def test_measured_values_are_equally_likely_and_a_repeated_one_more_so() -> None:
    of = law({"value": 5, "shape": {"empirical": [3, 5, 5, 7]}})
    ((x, w),) = nodes([of], 256)
    np.testing.assert_allclose([x, w], [[3, 5, 7], [0.25, 0.5, 0.25]])


def test_experts_have_one_voice_each() -> None:
    views = [(2, 5, 11), (4, 6, 7), (0.1, 0.2, 0.3)]
    raw = {"experts": [dict(zip(("low", "value", "high"), view, strict=True)) for view in views]}
    parts = [stats.beta(1 + 4 * (m - a) / (b - a), 1 + 4 * (b - m) / (b - a), loc=a, scale=b - a) for a, m, b in views]
    mean = np.mean([part.mean() for part in parts])
    variance = np.mean([part.var() + part.mean() ** 2 for part in parts]) - mean**2
    of = law(raw)
    assert moments(of)[:2] == pytest.approx([mean, variance], rel=1e-9)
    ranks = np.linspace(0.005, 0.995, 41)
    values = quantiles(of, ranks)
    assert np.mean([part.cdf(values) for part in parts], axis=0) == pytest.approx(ranks, abs=1e-9)
    assert chances(of, values) == pytest.approx(ranks, abs=1e-9)


def test_quantiles_of_experts_with_normal_views_of_a_small_number_keep_their_digits() -> None:
    views = [{"low": 0.001, "value": 0.002, "high": 0.003}, {"low": 0.002, "value": 0.003, "high": 0.006}]
    of = law({"experts": views, "shape": "normal"})
    ranks = np.array([0.05, 0.5, 0.95])
    wanted = drawn_law(estimate({"experts": views, "shape": "normal"}), "sum of money").values(ranks)
    assert quantiles(of, ranks) == pytest.approx(wanted, rel=1e-9)


def test_experts_who_are_all_certain_make_single_values() -> None:
    of = law({"experts": [{"low": x, "value": x, "high": x} for x in (1.0, 2.0, 2.0, 4.0)]})
    assert of.discrete
    assert of.parts == ((1.0, 0.25), (2.0, 0.5), (4.0, 0.25))


# ---- numbers by year, which move with one draw ----


def number_of(*raws: Any) -> UncertainNumber:
    laws = tuple(law(raw) for raw in raws)
    named = NamedNumber("x.proxy", "x", "proxy", "X: proxy", tuple(each.low for each in laws), None)
    return UncertainNumber(named, laws)


@pytest.mark.parametrize(
    "raws",
    [
        (ranged(2, 5, 11), ranged(4, 6, 7)),
        (ranged(2, 5, 11), 7.0),
        (ranged(2, 5, 11, "triangular"), ranged(60, 90, 140, "normal"), ranged(10, 20, 60, "lognormal")),
        (ranged(2, 5, 11), {"value": 5, "shape": {"discrete": [[0, 0.3], [5, 0.7]]}}),
        (ranged(2, 5, 11), {"experts": [ranged(0, 1, 2), ranged(5, 6, 7)]}),
        (ranged(2, 5, 11), {"experts": [ranged(3, 3, 3), ranged(1, 6, 7)]}),
    ],
    ids=["perts", "one certain", "three shapes", "with atoms", "experts far apart", "an expert who is certain"],
)
def test_the_years_of_a_number_move_together_with_each_year_s_own_law(raws: tuple[Any, ...]) -> None:
    number = number_of(*raws)
    x, w = together(number, 512)
    for year, of in enumerate(number.laws):
        mean, variance, *_ = moments(of) if of.low < of.high else (of.low, 0.0)
        about = x[:, year] - mean
        assert w @ x[:, year] == pytest.approx(mean, rel=1e-6)
        assert w @ about**2 == pytest.approx(variance, rel=1e-4, abs=1e-12)
    assert (np.diff(x, axis=0) >= 0).all()  # what is high in one year is high in all


def test_years_in_proportion_are_told_from_years_of_different_shapes() -> None:
    assert in_proportion(number_of(ranged(2, 5, 11)))
    assert in_proportion(number_of(ranged(2, 5, 11), ranged(4, 10, 22), 7.0, ranged(3, 6, 12)))
    assert not in_proportion(number_of(ranged(2, 5, 11), ranged(2, 6, 11)))
    assert not in_proportion(number_of(ranged(2, 5, 11), ranged(2, 5, 11, "triangular")))
    assert not in_proportion(number_of(ranged(2, 5, 11), {"value": 5, "shape": {"empirical": [1, 2]}}))
