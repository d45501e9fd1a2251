"""One number at a time, each outcome left out, time at nil: other numbers through the door, nothing else."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from random_maps import random_value_map
from scipy.optimize import brentq
from scipy.stats import beta

import sroi
from sroi.errors import NameRefused
from sroi.sensitivity import (
    BASE_CASE,
    BreakEven,
    Steps,
    Variation,
    break_even,
    curves,
    left_out,
    one_way,
    scenarios,
    time_at_nil,
    two_way,
)
from sroi.sensitivity.roots import bracketed_roots


def by_name(impact_map: sroi.ImpactMap, steps: Steps | None = None) -> dict[str, Variation]:
    return {each.name: each for each in one_way(impact_map, steps)}


def test_numbers_without_a_range_move_by_the_stated_steps() -> None:
    varied = by_name(sroi.example("wheels_to_meals"))
    ends = {name: (each.base, each.low, each.high) for name, each in varied.items()}
    assert ends["gp_visits.quantity"] == (90, 81, 99)
    assert ends["less_neighbourly_care.proxy"] == (-5, -5.5, -4.5)
    assert ends["gp_visits.attribution"] == (0.1, 0.0, 0.2)
    assert ends["gp_visits.displacement"] == (0.0, 0.0, 0.1)
    assert ends["nutrition.deadweight"] == (1.0, 0.9, 1.0)
    assert ends["falls_care.duration"] == (1, 0, 2)
    assert ends["discount_rate"] == (0.035, 0.025, 0.045)
    assert ends["contract.value"] == (24375, 21937.5, 26812.5)


def test_each_end_is_what_the_door_says() -> None:
    impact_map = sroi.example("befriending")
    for each in one_way(impact_map):
        for end, ratio in ((each.low, each.ratio_low), (each.high, each.ratio_high)):
            assert ratio == pytest.approx(sroi.evaluate(impact_map, at={each.name: end}).sroi_ratio, rel=1e-12)


def test_the_widest_comes_first() -> None:
    spreads = [each.spread for each in one_way(sroi.example("befriending"))]
    assert spreads == sorted(spreads, reverse=True)


def test_a_range_of_its_own_takes_the_place_of_the_step(small_tree: dict[str, Any]) -> None:
    small_tree["outcomes"][0]["quantity"] = {"value": 50, "low": 20, "high": 60}
    small_tree["outcomes"][0]["deadweight"] = {"survey": {"yes": 10, "asked": 40}}
    small_tree["outcomes"][1]["quantity"] = {
        "experts": [{"low": 1, "value": 2, "high": 3}, {"low": 2, "value": 4, "high": 9}]
    }
    varied = by_name(sroi.ImpactMap.model_validate(small_tree))
    assert (varied["calmer.quantity"].low, varied["calmer.quantity"].high) == (20, 60)
    assert (varied["healthier.quantity"].base, varied["healthier.quantity"].low, varied["healthier.quantity"].high) == (
        3,
        1,
        9,
    )
    share = varied["calmer.deadweight"]
    assert share.base == 0.25
    assert (share.low, share.high) == pytest.approx(tuple(beta(10.5, 30.5).ppf([0.05, 0.95])), rel=1e-9)
    assert share.own_range
    assert not varied["calmer.proxy"].own_range


def test_numbers_by_year_are_scaled_together(small_tree: dict[str, Any]) -> None:
    small_tree["activity"]["years"] = 2
    small_tree["outcomes"][0]["quantity"] = {"by_year": [40, 60]}
    small_tree["outcomes"][0]["deadweight"] = {"by_year": ["5%", "95%"]}
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    varied = by_name(impact_map)
    assert (varied["calmer.quantity"].base, varied["calmer.quantity"].low, varied["calmer.quantity"].high) == (
        50,
        45,
        55,
    )
    high = {"calmer.quantity.1": 44.0, "calmer.quantity.2": 66.0}
    assert varied["calmer.quantity"].ratio_high == pytest.approx(sroi.evaluate(impact_map, at=high).sroi_ratio)
    points = {"calmer.deadweight.1": 0.15, "calmer.deadweight.2": 1.0}
    assert varied["calmer.deadweight"].ratio_high == pytest.approx(sroi.evaluate(impact_map, at=points).sroi_ratio)


def test_a_schedule_of_rates_moves_as_a_whole(small_tree: dict[str, Any]) -> None:
    small_tree["conventions"] = {"discount_rate": "uk_green_book"}
    rate = by_name(sroi.ImpactMap.model_validate(small_tree))["discount_rate"]
    assert (rate.base, rate.low, rate.high) == (0.035, 0.025, 0.045)
    small_tree["conventions"] = {"discount_rate": "4.5%"}
    assert rate.ratio_high == pytest.approx(sroi.evaluate(sroi.ImpactMap.model_validate(small_tree)).sroi_ratio)


def test_numbers_that_cannot_move_the_ratio_are_left_aside(small_tree: dict[str, Any]) -> None:
    small_tree["outcomes"][1]["included"] = False
    small_tree["conventions"] = {"discount_timing": "none"}
    names = set(by_name(sroi.ImpactMap.model_validate(small_tree)))
    assert "people.size" not in names
    assert "discount_rate" not in names
    assert not any(name.startswith("healthier.") for name in names)


def test_the_steps_can_be_set_and_say_themselves() -> None:
    varied = by_name(sroi.example("wheels_to_meals"), Steps(points=0.05, proportion=0.2, years=0.5, rate=0.02))
    assert (varied["gp_visits.quantity"].low, varied["gp_visits.attribution"].high) == (72, 0.15)
    assert str(Steps()) == (
        "shares and drop-off by 10 percentage points within 0 to 100 %; quantities, proxies, head counts and inputs by 10 %; "
        "durations by 1 year; the discount rate by 1 percentage point"
    )


def test_leaving_out_an_outcome_is_evaluating_the_map_without_it(small_tree: dict[str, Any]) -> None:
    without = left_out(sroi.evaluate(sroi.ImpactMap.model_validate(small_tree)))
    small_tree["outcomes"] = small_tree["outcomes"][1:]
    alone = sroi.evaluate(sroi.ImpactMap.model_validate(small_tree))
    assert [each.id for each in without] == ["calmer", "healthier"]
    assert without[0].sroi_ratio == pytest.approx(alone.sroi_ratio, rel=1e-12)


def test_time_at_nil_takes_out_what_the_guide_values_volunteers_at() -> None:
    without = time_at_nil(sroi.example("wheels_to_meals"))
    assert without is not None
    assert without.total_inputs == 24375
    assert without.sroi_ratio == pytest.approx(81741.93358 / 24375)


def test_without_valued_time_there_is_nothing_to_put_at_nil(small_map: sroi.ImpactMap) -> None:
    assert time_at_nil(small_map) is None


def a_random_map(seed: int) -> sroi.ImpactMap:
    """A valid map with everything in it: losses, anchors, numbers by year, sizes shared by several outcomes."""
    return sroi.ImpactMap.model_validate(random_value_map(random.Random(seed)))


def ends_of(impact_map: sroi.ImpactMap, name: str, which: str) -> dict[str, float]:
    """The ends of a number's variation as the door is told them, year by year, reckoned apart from the program."""
    number = impact_map.numbers()[name]
    sign = -1 if which == "low" else 1
    if number.estimate is not None and number.estimate.has_range:
        from sroi.sensitivity import own_range

        values = [own_range(part)[0 if which == "low" else 1] for part in number.estimate.parts()]
    else:
        values = []
        for value in number.values:
            step = abs(value) * 0.1
            step = 0.1 if number.kind.name == "share" else 1.0 if number.field == "duration" else step
            step = 0.01 if number.field == "discount_rate" else step
            values.append(min(max(value + sign * step, number.kind.low), number.kind.high))
    if not number.by_year:
        return {name: values[0]}
    return {f"{name}.{year}": value for year, value in enumerate(values, start=1)}


@pytest.mark.parametrize("seed", range(60))
def test_many_numbers_moved_at_once_give_what_each_gives_alone(seed: int) -> None:
    impact_map = a_random_map(seed)
    base = sroi.evaluate(impact_map)
    # Where gains and losses cancel, the last bits are those of the largest part, not of the ratio.
    scale = float(np.abs(base.present_value[base.counted]).sum() / base.total_inputs)
    varied = by_name(impact_map)
    for name, each in varied.items():
        for which, ratio in (("low", each.ratio_low), ("high", each.ratio_high)):
            alone = float(sroi.evaluate(impact_map, at=ends_of(impact_map, name, which)).sroi_ratio)
            assert ratio == pytest.approx(alone, rel=1e-12, abs=1e-12 * scale, nan_ok=True), (name, which)
    # A number that was left aside moves nothing.
    for name, number in impact_map.numbers().items():
        if name not in varied and not number.by_year:
            other = sroi.evaluate(impact_map, at={name: 0.5}).sroi_ratio
            assert other == pytest.approx(base.sroi_ratio, rel=1e-12), name


def test_an_anchored_proxy_moves_every_outcome_along_its_chain(small_tree: dict[str, Any]) -> None:
    third = {**small_tree["outcomes"][1], "id": "calmest", "weight": 3, "proxy": {"anchored_to": "healthier"}}
    small_tree["outcomes"][1] |= {"weight": 2, "proxy": {"anchored_to": "calmer"}}
    small_tree["outcomes"][0] |= {"weight": 1, "included": False}
    small_tree["outcomes"].append(third)
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    base = sroi.evaluate(impact_map).sroi_ratio
    moved = by_name(impact_map)["calmer.proxy"]
    assert (moved.ratio_low / base, moved.ratio_high / base) == pytest.approx((0.9, 1.1))


def test_a_head_count_moves_every_outcome_counted_from_it(small_tree: dict[str, Any]) -> None:
    for outcome in small_tree["outcomes"]:
        outcome["quantity"] = {"of": "people", "share": "50%"}
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    moved = by_name(impact_map)["people.size"]
    assert moved.ratio_high == pytest.approx(1.1 * sroi.evaluate(impact_map).sroi_ratio)


def test_an_input_that_can_be_nothing_has_no_ratio_there_and_comes_last(small_tree: dict[str, Any]) -> None:
    small_tree["inputs"][0]["value"] = {"value": 1000, "low": 0, "high": 2000}
    varied = one_way(sroi.ImpactMap.model_validate(small_tree))
    assert varied[-1].name == "grant.value"
    assert np.isnan(varied[-1].ratio_low)
    assert not np.isnan(varied[-2].spread)


def test_the_ratio_along_the_way_runs_through_both_ends_and_the_base_case() -> None:
    impact_map = sroi.example("befriending")
    base = sroi.evaluate(impact_map).sroi_ratio
    widest = one_way(impact_map)[:5]
    for each, curve in zip(widest, curves(impact_map, widest), strict=True):
        assert curve.positions == tuple(np.linspace(-1, 1, 9))
        ratios = (each.ratio_low, base, each.ratio_high)
        assert (curve.ratios[0], curve.ratios[4], curve.ratios[-1]) == pytest.approx(ratios, rel=1e-12)


# ---- switching values ----


def switching(impact_map: sroi.ImpactMap, target: float = 1.0) -> dict[str, BreakEven]:
    return {each.name: each for each in break_even(impact_map, target)}


def test_switching_values_checked_by_hand() -> None:
    # Wheels-to-Meals: the inputs are 42,375 and the present value 81,741.93, so an input of 24,375 may grow by the net.
    found = switching(sroi.example("wheels_to_meals"))
    grown = 24375 + 81741.93358 - 42375
    assert found["contract.value"].value == pytest.approx(grown, abs=0.01)
    assert found["contract.value"].change == pytest.approx(grown / 24375 - 1)
    assert found["contract.value"].at == {"contract.value": found["contract.value"].value}
    assert found["contract.value"].steps_away == pytest.approx((grown / 24375 - 1) / 0.1)


def test_a_deduction_alone_that_halves_a_ratio_of_two(small_tree: dict[str, Any]) -> None:
    # One outcome of 100 x 20 = 2,000 against 1,000: half of it must go.
    only = {"id": "calmer", "stakeholder": "people", "quantity": 100, "proxy": 20, "duration": 1}
    small_tree["outcomes"] = [only]
    small_tree["conventions"] = {"discount_timing": "none"}
    found = switching(sroi.ImpactMap.model_validate(small_tree))
    assert {name: each.value for name, each in found.items()} == {
        "calmer.deadweight": 0.5, "calmer.displacement": 0.5, "calmer.attribution": 0.5, "calmer.quantity": 50.0,
        "calmer.proxy": 10.0, "calmer.duration": 0.5, "grant.value": 2000.0, "calmer.drop_off": None,
    }  # fmt: skip
    assert found["calmer.deadweight"].change is None
    assert found["calmer.deadweight"].steps_away == pytest.approx(5)
    assert found["calmer.duration"].steps_away == pytest.approx(0.5)
    assert found["calmer.drop_off"].why == "the ratio does not depend on it"
    assert next(iter(found)) == "calmer.duration"
    assert list(found)[-1] == "calmer.drop_off"


def test_what_cannot_reach_the_target_says_so_in_words(small_tree: dict[str, Any]) -> None:
    small_tree["outcomes"][1]["deadweight"] = "100%"
    found = switching(sroi.ImpactMap.model_validate(small_tree), target=100.0)
    assert {found[name].why.replace("\u00a0", " ") for name in ("calmer.deadweight", "calmer.drop_off")} == {
        "no value from 0 % to 100 % reaches 100 : 1"
    }
    assert found["calmer.duration"].why == "no value from 0 years to 100 years reaches 100 : 1"
    rate = switching(sroi.ImpactMap.model_validate(small_tree), target=1e8)["discount_rate"]
    assert rate.why.replace("\u00a0", " ") == "no value from −99 % to 100 % reaches 1e+08 : 1"
    assert found["healthier.proxy"].why == "the ratio does not depend on it"
    assert found["healthier.deadweight"].why.replace("\u00a0", " ") == "no value from 0 % to 100 % reaches 100 : 1"
    assert found["calmer.quantity"].value is not None
    assert switching(sroi.ImpactMap.model_validate(small_tree), -2.0)["grant.value"].why == (
        "no value from £0 up reaches -2 : 1"
    )


def test_no_input_brings_the_ratio_to_nothing(small_map: sroi.ImpactMap) -> None:
    assert switching(small_map, 0.0)["grant.value"].why == "no value from £0 up reaches 0 : 1"
    assert switching(small_map, 0.0)["calmer.proxy"].value == pytest.approx(-30)


def test_a_number_by_year_is_moved_by_one_factor(small_tree: dict[str, Any]) -> None:
    small_tree["activity"]["years"] = 2
    small_tree["outcomes"][0]["quantity"] = {"by_year": [40, 60]}
    small_tree["outcomes"][0]["deadweight"] = {"by_year": [0, 0]}
    small_tree["conventions"] = {"discount_rate": "uk_green_book"}
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    found = switching(impact_map, 2.5)
    each = found["calmer.quantity"]
    assert each.value is not None
    factor = each.at["calmer.quantity.1"] / 40
    assert each.at == pytest.approx({"calmer.quantity.1": 40 * factor, "calmer.quantity.2": 60 * factor})
    assert (each.base, each.value) == pytest.approx((50, 50 * factor))
    assert each.why == f"all its years together, each times {factor:.4g}"
    assert found["calmer.deadweight"].why == "it is nothing in every year, and a common factor leaves it so"
    rate = found["discount_rate"]
    assert rate.why == "one rate for all years, in place of the rates by year"
    assert sroi.evaluate(impact_map, at={"discount_rate": rate.value}).sroi_ratio == pytest.approx(2.5, abs=1e-9)


@pytest.mark.parametrize("seed", range(60))
def test_at_every_switching_value_the_door_gives_the_target(seed: int) -> None:
    impact_map = a_random_map(seed)
    base = float(sroi.evaluate(impact_map).sroi_ratio)
    for target in (1.0, 0.0, 0.7 * base, base, 1.5 * base):
        for each in break_even(impact_map, target):
            if each.value is None:
                assert each.why
                assert each.at == {}
                continue
            there = float(sroi.evaluate(impact_map, at=each.at).sroi_ratio)
            assert there == pytest.approx(target, rel=2e-9, abs=2e-9), (each.name, target)
            assert each.low <= each.value * (1 + 1e-9) + 1e-9
            assert each.value <= each.high * (1 + 1e-9) + 1e-9


@pytest.mark.parametrize("seed", range(40))
def test_where_no_value_is_found_a_plain_search_finds_none_either(seed: int) -> None:
    impact_map = a_random_map(seed)
    base = float(sroi.evaluate(impact_map).sroi_ratio)
    numbers = impact_map.numbers()
    for target in (1.0, 0.8 * base):
        for each in break_even(impact_map, target):
            if each.value is not None or numbers[each.name].by_year:
                continue
            low, high = max(each.low, -1e9), min(each.high, 1e9)
            ratios = sroi.evaluate(impact_map, at={each.name: np.linspace(low, high, 401)}).sroi_ratio - target
            ratios = ratios[~np.isnan(ratios)]
            assert (ratios > 1e-9).all() or (ratios < 1e-9).all(), (each.name, target)


def test_of_two_answers_the_nearest_to_the_base_case_is_given(small_tree: dict[str, Any]) -> None:
    # A loss early and a gain late: the ratio first rises and then falls with the rate.
    small_tree["outcomes"][0] |= {"quantity": {"by_year": [-10, 60, -60]}, "duration": 1, "proxy": 100}
    small_tree["outcomes"] = small_tree["outcomes"][:1]
    small_tree["activity"]["years"] = 3
    small_tree["inputs"][0]["value"] = 100
    small_tree["conventions"] = {"discount_rate": "3.5%"}
    impact_map = sroi.ImpactMap.model_validate(small_tree)

    def short(rate: float) -> float:
        return float(sroi.evaluate(impact_map, at={"discount_rate": rate}).sroi_ratio) - 1.0

    rates = np.linspace(-0.9, 1.0, 20001)
    curve = sroi.evaluate(impact_map, at={"discount_rate": rates}).sroi_ratio - 1.0
    crossings = [brentq(short, rates[each], rates[each + 1]) for each in np.flatnonzero(curve[:-1] * curve[1:] < 0)]
    assert len(crossings) >= 1
    nearest = min(crossings, key=lambda rate: abs(rate - 0.035))
    assert switching(impact_map)["discount_rate"].value == pytest.approx(nearest, abs=1e-9)


def test_deductions_that_add_up_have_a_corner_and_are_searched(small_tree: dict[str, Any]) -> None:
    small_tree["conventions"] = {"deductions": "add"}
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    base = float(sroi.evaluate(impact_map).sroi_ratio)
    found = switching(impact_map, 0.75 * base)["calmer.deadweight"]
    # Half of the value is this outcome's, and it keeps 70 %: it must lose half of that.
    assert found.value == pytest.approx(0.1 + 0.35)
    assert switching(impact_map, 0.4 * base)["calmer.deadweight"].value is None


def test_many_roots_at_once_agree_with_one_at_a_time() -> None:
    shifts = np.linspace(0.01, 0.9, 25)

    def function(points: Any) -> Any:
        return (1 - points) ** 7 + 0.3 * np.cos(9 * points) - shifts

    low, high = np.zeros(25), np.full(25, 0.3)
    sound = np.sign(function(low)) != np.sign(function(high))
    shifts, low, high = shifts[sound], low[sound], high[sound]
    roots = bracketed_roots(function, low, high, function(low), function(high))
    one_by_one = [
        brentq(lambda x, shift=shift: (1 - x) ** 7 + 0.3 * np.cos(9 * x) - shift, 0.0, 0.3, xtol=1e-15)
        for shift in shifts
    ]
    assert len(roots) > 10
    assert roots == pytest.approx(one_by_one, abs=1e-13)


def test_a_jump_is_closed_in_on_by_halves() -> None:
    low, high = np.zeros(1), np.ones(1)
    root = bracketed_roots(lambda x: np.where(x < 0.123456789, -1e-9, 1.0), low, high, np.array([-1e-9]), np.ones(1))
    assert root == pytest.approx([0.123456789], abs=1e-15)


# ---- two numbers, and whole cases ----


def test_a_grid_of_two_numbers_is_what_the_door_says_in_every_cell() -> None:
    impact_map = sroi.example("befriending")
    first, second, *_ = (each.name for each in one_way(impact_map))
    grid = two_way(impact_map, first, second)
    assert grid.names == (first, second)
    assert grid.ratios.shape == (7, 7)
    assert grid.base == sroi.evaluate(impact_map).sroi_ratio
    for row, one in enumerate(grid.values[0]):
        for column, other in enumerate(grid.values[1]):
            plain = sroi.evaluate(impact_map, at={first: one, second: other}).sroi_ratio
            assert grid.ratios[row, column] == pytest.approx(plain, rel=1e-12)
    varied = by_name(impact_map)
    assert (grid.values[0][0], grid.values[0][-1]) == pytest.approx((varied[first].low, varied[first].high))
    assert grid.bases == (varied[first].base, varied[second].base)


def test_a_grid_moves_all_years_of_a_number_by_year(small_tree: dict[str, Any]) -> None:
    small_tree["activity"]["years"] = 2
    small_tree["outcomes"][0]["quantity"] = {"by_year": [40, 60]}
    small_tree["conventions"] = {"discount_rate": "uk_green_book"}
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    grid = two_way(impact_map, "calmer.quantity", "discount_rate", points=3)
    assert grid.values[0] == pytest.approx((45, 50, 55))
    corner = {"calmer.quantity.1": 36.0, "calmer.quantity.2": 54.0}
    assert grid.ratios[0, 1] == pytest.approx(sroi.evaluate(impact_map, at=corner).sroi_ratio)


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("calmer.quantty", "grant.value", "this map has no number 'calmer.quantty'. Did you mean 'calmer.quantity'?"),
        ("grant.value", "grant.value", "'grant.value' is named twice. Name two numbers."),
        ("people.size", "grant.value", "'people.size' cannot move the ratio. Choose a number of an outcome that counts, an input, or the discount rate where it is used."),
        ("calmer.proxy", "grant.value", "'calmer.proxy' does not move: it is nothing, and a step of it is nothing too. Give it a range, or name another."),
        ("healthier.quantity.2", "grant.value", "'healthier.quantity.2' is one year of a number by year. Use healthier.quantity: all its years move."),
    ],
)  # fmt: skip
def test_a_grid_that_cannot_be_is_refused(small_tree: dict[str, Any], first: str, second: str, message: str) -> None:
    small_tree["activity"]["years"] = 2
    small_tree["outcomes"][0]["proxy"]["value"] = 0
    small_tree["outcomes"][1]["quantity"] = {"by_year": [4, 5]}
    with pytest.raises(NameRefused) as refused:
        two_way(sroi.ImpactMap.model_validate(small_tree), first, second)
    assert str(refused.value) == message


def test_scenarios_are_the_base_case_and_those_that_the_map_names() -> None:
    impact_map = sroi.example("befriending")
    found = scenarios(impact_map)
    assert [each.name for each in found] == [BASE_CASE, *impact_map.scenarios]
    assert found[0].changed == {}
    assert found[0].sroi_ratio == sroi.evaluate(impact_map).sroi_ratio
    assert found[1].changed == impact_map.scenarios["pessimistic"]
    assert found[1].sroi_ratio == sroi.evaluate(impact_map, at=impact_map.scenarios["pessimistic"]).sroi_ratio
    assert found[1].result.changed.keys() == found[1].changed.keys()


def test_steps_are_said_in_the_singular_and_plural() -> None:
    said = str(Steps(points=0.01, proportion=0.2, years=2, rate=0.02))
    assert "by 1 percentage point within" in said
    assert "durations by 2 years; the discount rate by 2 percentage points" in said
