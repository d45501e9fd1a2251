"""One number at a time, each outcome left out, time at nil: other numbers through the door, nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from scipy.stats import beta

import sroi
from sroi.sensitivity import Steps, Variation, left_out, one_way, time_at_nil


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
