"""The study of a map's uncertainty: which road it takes, what it refuses, and what it says beside its figures."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from scipy import stats
from simulated import uncertain_map

import sroi
from sroi.errors import ImpossibleMap, MethodRefused

Tree = dict[str, Any]


def ranged(low: float, value: float, high: float, shape: Any = None) -> Tree:
    return {"low": low, "value": value, "high": high} | ({"shape": shape} if shape else {})


def tree_of(*outcomes: Tree, grant: Any = 100, **more: Any) -> Tree:
    plain = {"stakeholder": "people", "quantity": 10, "proxy": 10, "duration": 1}
    return {
        "sroi": 1, "title": "A map", "analysis": "forecast", "currency": "GBP", "price_year": 2024,
        "conventions": {"discount_timing": "start_of_year"}, "stakeholders": [{"id": "people", "size": 50}],
        "inputs": [{"id": "grant", "stakeholder": "people", "kind": "money", "value": grant}],
        "outcomes": [{"id": f"o{place}", **plain, **own} for place, own in enumerate(outcomes)],
    } | more  # fmt: skip


def studied(tree: Tree, **more: Any) -> sroi.Uncertainty:
    return sroi.study_uncertainty(sroi.ImpactMap.model_validate(tree), **more)


MOVING = {"quantity": ranged(5, 10, 15)}
TOGETHER = [{"numbers": ["o0.quantity", "o1.quantity"], "rank": 0.5}]

# ---- which road ----


def test_a_map_without_ranges_is_a_point_and_is_said_to_be_one() -> None:
    found = studied(tree_of({}), above=[1.0, 0.5])
    assert (found.method, found.is_point, found.base, found.mean, found.sd) == ("point", True, 1.0, 1.0, 0.0)
    assert found.interval == (1.0, 1.0)
    assert (found.chance_above(0.5), found.chance_above(1.0)) == (1.0, 0.0)
    assert (found.evpi, found.drivers) == (0.0, ())
    assert found.range_words() == "no range: the map states none for any number that counts"
    (said,) = found.honesty()
    assert said.startswith("No number that counts has a range, so there is no interval: the ratio stands as one case.")
    assert "--assume 10%" in said


def test_independent_numbers_take_the_exact_road_without_being_asked() -> None:
    found = studied(tree_of(MOVING))
    assert (found.method, found.why_not_exact, found.draws) == ("exact", None, None)
    assert found.base == 1.0


def test_numbers_that_move_together_are_simulated_and_the_reason_is_given_in_words() -> None:
    found = studied(tree_of(MOVING, MOVING, correlations=TOGETHER), draws=2000)
    assert (found.method, found.draws, found.seed) == ("simulation", 2000, 0)
    assert found.why_not_exact == "the map says that 2 of its uncertain numbers move together"
    # Two perts of correlation 0.5 or so: the variance is half as much again as theirs alone.
    alone = studied(tree_of(MOVING, MOVING)).sd
    assert 1.15 < found.sd / alone < 1.3


def test_the_exact_road_is_refused_where_it_does_not_reach() -> None:
    with pytest.raises(MethodRefused) as refused:
        studied(tree_of(MOVING, MOVING, correlations=TOGETHER), method="exact")
    assert str(refused.value) == (
        "this map is out of reach of the exact engine: the map says that 2 of its uncertain numbers move together. "
        "Leave the method out: it is then simulated."
    )


def test_the_two_roads_agree() -> None:
    tree = uncertain_map("shared size", 4)
    exact, drawn = studied(tree), studied(tree, method="simulation", draws=40_000)
    assert abs(drawn.mean - exact.mean) < 4.5 * exact.sd / 200
    assert drawn.sd == pytest.approx(exact.sd, rel=0.03)
    for chance in (0.05, 0.5, 0.95):
        assert drawn.chance_above(exact.quantile(chance)) == pytest.approx(1 - chance, abs=0.012)
    assert {driver.name for driver in drawn.drivers} == {driver.name for driver in exact.drivers}


# ---- default ranges ----


def test_assumed_ranges_are_perts_of_the_stated_width_and_points_of_a_share() -> None:
    found = studied(tree_of({"deadweight": 0.05}, conventions={}), assume=0.1)
    quantity = stats.beta(3, 3, loc=9, scale=2)
    share = stats.beta(1 + 4 / 3, 1 + 8 / 3, scale=0.15)
    nothing = stats.beta(1, 5, scale=0.1)  # displacement and attribution, told as 0
    duration = stats.beta(3, 3, loc=0.9, scale=0.2)
    # A life of less than a year is worth its part; of more, its rest a year later at 3.5 %.
    lasting = duration.expect(lambda x: min(x, 1.0) / 1.035 + max(x - 1, 0) / 1.035**2)
    put_in = stats.beta(3, 3, loc=90, scale=20).expect(lambda x: 1 / x)
    rest_left = found.mean / (quantity.mean() ** 2 * (1 - share.mean()) * (1 - nothing.mean()) ** 2 * put_in)
    assert rest_left == pytest.approx(lasting, rel=2e-3)  # drop-off takes a little of what lasts beyond the year
    assert found.rests_on.assumption == 0.1
    assert "discount_rate" not in found.rests_on.assumed
    assert "o0.deadweight" in found.rests_on.assumed


def test_assumed_ranges_leave_stated_ones_alone() -> None:
    found = studied(tree_of({"quantity": ranged(9.9, 10, 10.1)}), assume=0.5)
    assert "o0.quantity" not in found.rests_on.assumed
    assert "o0.proxy" in found.rests_on.assumed


# ---- what is refused ----


@pytest.mark.parametrize("seed", [None, -1, True, 1.5, "3"])
def test_a_seed_that_is_no_whole_number_from_0_is_refused(seed: Any) -> None:
    with pytest.raises(MethodRefused) as refused:
        studied(tree_of(MOVING), seed=seed)
    assert str(refused.value) == f"the seed is {seed!r}. Give a whole number from 0, so that others can draw the same."


@pytest.mark.parametrize("seed", [0, np.int64(7)])
def test_a_seed_of_0_and_one_of_numpy_are_seeds(seed: int) -> None:
    assert studied(tree_of(MOVING), method="simulation", draws=500, seed=seed).seed == seed


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"assume": 0}, "a default range of 0. Give a share above 0 and at most 1, such as 0.1 for 10 %."),
        ({"assume": math.nan}, "a default range of nan. Give a share above 0 and at most 1, such as 0.1 for 10 %."),
        ({"assume": 1.5}, "a default range of 1.5. Give a share above 0 and at most 1, such as 0.1 for 10 %."),
        ({"above": [math.inf]}, "a ratio to pass is not finite. Give plain numbers such as 1 or 1.5."),
        ({"method": "quick"}, "there is no method 'quick'. Give exact or simulation, or leave it out."),
        ({"sampling": "quick"}, "there is no sampling 'quick'. Give monte_carlo, latin_hypercube or sobol."),
        ({"draws": 10}, "10 draws. Give a whole number of draws, at least 100."),
        ({"method": "exact", "draws": 500}, "the exact method draws nothing. Leave the draws out, or simulate."),
    ],
)
def test_settings_that_make_no_sense_are_refused_with_the_remedy(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(MethodRefused) as refused:
        studied(tree_of(MOVING), **settings)
    assert str(refused.value) == words


def test_all_senseless_settings_are_told_at_once() -> None:
    with pytest.raises(MethodRefused) as refused:
        studied(tree_of(MOVING), seed=-1, method="quick", assume=2)
    assert len(refused.value.problems) == 3


IMPOSSIBLE = [
    ("quantity", ranged(9, 5, 1), "quantity: low 9 is above high 1. Give the smaller one as low."),
    ("quantity", ranged(6, 5, 9), "quantity: the value 5 lies outside its range, 6 to 9. Let low <= value <= high."),
    ("quantity", ranged(6, 5, 9, "uniform"), "quantity: the value 5 lies outside its range, 6 to 9. Let low <= value <= high."),
    ("quantity", {"value": 5, "low": 1}, "quantity: only low is given. Give both low and high, or neither."),
    ("quantity", ranged(5, 5, 5, "normal"), "quantity: a normal range from 5 to 5 has no width. Give a low below the high, or no range."),
    ("quantity", ranged(0, 5, 9, "lognormal"), "quantity: a lognormal range begins at 0. Give a low above 0, or another shape."),
    ("quantity", {"value": 5, "shape": "normal"}, "quantity: the shape normal has no range. Give low and high."),
    ("quantity", {"value": 5, "shape": {"discrete": [[1, 0.5], [2, 0.4]]}}, "quantity, shape: the chances of the discrete values add up to 0.9. Let them add up to 1, none below 0."),
    ("quantity", ranged(1, 5, 9, {"beta": [0, 2]}), "quantity, shape: a beta shape needs two numbers above 0. Write {beta: [2, 5]}, with low and high beside it."),
    ("quantity", {"experts": [{"low": 5, "value": 3, "high": 9}]}, "quantity: an expert says 5, 3, 9. Give low, value, high in order."),
    ("deadweight", {"value": 0.5, "low": 0.1, "high": "120%"}, "deadweight, high: '120%' is above 100 %. Give a share of at most 100 %."),
    ("deadweight", {"survey": {"yes": 60, "asked": 50}}, "deadweight, survey: the survey counts yes 60, but asked 50. 'yes' is a part of 'asked'."),
    ("deadweight", {"survey": {"yes": 0, "asked": 0}}, "deadweight, survey: the survey asked nobody. Give yes and asked, asked above 0."),
    ("deadweight", {"survey": {"yes": 5, "asked": 50, "population": 40}}, "deadweight, survey: the survey counts asked 50, but population 40. 'asked' is a part of 'population'."),
]  # fmt: skip


@pytest.mark.parametrize(("field", "number", "words"), IMPOSSIBLE)
def test_a_range_that_cannot_be_is_refused_at_reading_with_its_place_and_the_remedy(
    field: str, number: Tree, words: str
) -> None:
    with pytest.raises(ImpossibleMap) as refused:
        sroi.ImpactMap.model_validate(tree_of({field: number}))
    assert str(refused.value) == f"outcomes, o0, {words}"


def test_a_value_may_lie_off_the_centre_of_a_normal_range() -> None:
    found = studied(tree_of({"quantity": ranged(80, 60, 120, "normal")}, grant=1000))
    assert (found.base, found.mean) == pytest.approx((0.6, 1.0))


# ---- what the reviewer found and what still stands (each mark goes when the code is mended) ----


def test_an_expert_whose_lognormal_view_begins_at_nothing_is_refused_at_reading() -> None:
    with pytest.raises(ImpossibleMap):
        sroi.ImpactMap.model_validate(
            tree_of({"proxy": {"experts": [ranged(0, 1, 2), ranged(1, 2, 3)], "shape": "lognormal"}})
        )


@pytest.mark.parametrize(
    ("field", "number"),
    [
        ("deadweight", {"survey": {"yes": 45, "asked": 50}, "low": 0.1, "high": 0.5}),
        ("proxy", {"experts": [ranged(1, 2, 3)], "low": 10, "high": 20}),
    ],
)
def test_survey_counts_or_experts_outside_a_range_of_their_own_are_refused(field: str, number: Tree) -> None:
    with pytest.raises(ImpossibleMap):
        sroi.ImpactMap.model_validate(tree_of({field: number}))


@pytest.mark.parametrize(
    "grant",
    [
        ranged(0, 100, 200, "uniform"),
        ranged(0, 100, 200, "triangular"),
        {"value": 100, "shape": {"discrete": [[0, 0.1], [100, 0.9]]}},
    ],
)
def test_inputs_that_may_be_nothing_are_refused_or_said(grant: Tree) -> None:
    try:
        found = studied(tree_of({}, grant=grant))
    except sroi.SroiError:
        return
    assert "nothing" in " ".join(found.notes)


@pytest.mark.parametrize("assume", [True, "10%"])
def test_a_default_range_that_is_no_number_is_refused(assume: Any) -> None:
    with pytest.raises(MethodRefused):
        studied(tree_of(MOVING), assume=assume)


# ---- what it says ----

KEYS = {
    "method", "mean", "sd", "quantiles", "chance_above", "drivers", "evpi", "decision_ratio", "base", "why_not_exact",
    "honesty", "rests_on", "groups", "deductions_together", "title", "analysis", "currency", "price_year",
}  # fmt: skip
STUDIES: dict[str, tuple[Tree, dict[str, Any]]] = {
    "exact": (uncertain_map("shapes", 1), {}),
    "point": (tree_of({}), {}),
    "simulation": (tree_of(MOVING, MOVING, correlations=TOGETHER), {"draws": 1000}),
    "losses": (uncertain_map("losses", 2), {"above": [0.0, -2.0, 1e9]}),
}


@pytest.mark.parametrize(("tree", "settings"), STUDIES.values(), ids=list(STUDIES))
def test_the_figures_by_name_are_plain_and_hold_no_nan(tree: Tree, settings: dict[str, Any]) -> None:
    figures = studied(tree, **settings).to_dict()
    assert figures.keys() >= KEYS
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
    assert list(figures["quantiles"]) == ["0.05", "0.25", "0.5", "0.75", "0.95"]
    assert list(figures["quantiles"].values()) == sorted(figures["quantiles"].values())
    for driver in figures["drivers"]:
        assert driver.keys() >= {"name", "first", "total", "shapley", "evppi"}
    for passed in figures["chance_above"]:
        assert 0 <= passed["chance"] <= 1
    assert figures["decision_ratio"] == figures["chance_above"][0]["ratio"]
    assert ({"draws", "seed", "standard_error"} <= figures.keys()) == (figures["method"] == "simulation")


@pytest.mark.parametrize("kind", ["shapes", "losses", "rate", "many inputs", "anchored"])
def test_quantiles_and_chances_are_two_readings_of_one_distribution(kind: str) -> None:
    found = studied(uncertain_map(kind, 1))
    for chance in np.linspace(0.01, 0.99, 25):
        ratio = found.quantile(float(chance))
        room = 1e-9 * (abs(ratio) + found.sd)
        assert found.chance_above(ratio + room) <= 1 - chance + 1e-6
        assert found.chance_above(ratio - room) >= 1 - chance - 1e-6


def test_the_law_s_own_mean_and_spread_are_those_printed() -> None:
    found = studied(uncertain_map("rate", 2))
    chances = (np.arange(20_000) + 0.5) / 20_000
    ratios = np.array([found.quantile(float(chance)) for chance in chances])
    assert (ratios.mean(), ratios.std()) == pytest.approx((found.mean, found.sd), rel=1e-3)


def test_drivers_stand_by_their_fair_share_and_their_shares_are_in_order() -> None:
    drivers = studied(uncertain_map("crossing", 3)).drivers
    fair = [driver.shapley for driver in drivers]
    assert fair == sorted(fair, reverse=True)
    assert sum(fair) == pytest.approx(1.0)
    for driver in drivers:
        assert 0 <= driver.first <= driver.shapley + 1e-12 <= driver.total + 2e-12
        assert driver.label
        assert driver.evppi >= 0


def test_an_interval_never_stands_without_what_it_rests_on_and_leaves_out() -> None:
    survey = {"survey": {"yes": 20, "asked": 40, "invited": 80, "population": 300}}
    found = studied(tree_of({"deadweight": survey, "displacement": ranged(0, 0.1, 0.3)}, {}))
    said = found.honesty()
    assert said[0].startswith("Range from the stated ranges: 2 of the ")
    assert "% of the value" in said[0]
    assert any(each.startswith("The numbers are taken to be independent of each other, which makes a range narrow; with all "
                               "deductions moving together it is ") for each in said)  # fmt: skip
    assert any(
        "20 of 40 said yes; 40 of 80 invited answered (50\u00a0%), and stand for 300 people" in each for each in said
    )
    assert any(each.startswith("It leaves out what no range shows:") for each in said)
    assert any("fund if the value is expected to be above 1 for each" in each for each in said)
    assert "from the stated ranges" in found.range_words()


def test_assumptions_are_called_assumptions() -> None:
    said = studied(tree_of({}), assume=0.1).honesty()
    assert any("ranges are assumptions, not evidence: 10\u00a0% either way" in each for each in said)


def test_deductions_that_move_together_widen_the_range() -> None:
    share = ranged(0.1, 0.3, 0.6)
    found = studied(tree_of({"deadweight": share, "attribution": share}, {"deadweight": share, "displacement": share}))
    assert found.together is not None
    low, high = found.interval
    assert found.together[0] < low < high < found.together[1]


def test_one_uncertain_deduction_has_nothing_to_move_together_with() -> None:
    assert studied(tree_of({"deadweight": ranged(0.1, 0.3, 0.6)})).together is None


def test_the_share_of_value_that_has_a_range_counts_losses_by_their_size() -> None:
    found = studied(tree_of({"proxy": ranged(-15, -10, -5)}, {}, {}))
    assert found.rests_on.share_of_value == pytest.approx(1 / 3)


def test_the_decision_is_the_first_ratio_asked_for() -> None:
    found = studied(tree_of(MOVING), above=[1.2, 1.0])
    assert found.decision_ratio == 1.2
    assert any("above 1.2 for each" in each for each in found.honesty())
