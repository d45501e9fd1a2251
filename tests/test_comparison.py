"""Maps side by side: which convention gives a printed figure, the same rules for several, forecast against actual."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from random_maps import random_value_map

import sroi
from sroi.comparison import (
    ConventionSearch,
    ForecastAgainstActual,
    conventions_that_reproduce,
    forecast_against_actual,
    own_rules,
    same_rules,
)
from sroi.errors import MethodRefused
from sroi.framing import PrintedFigure


def changed(small_tree: dict[str, Any], **conventions: Any) -> sroi.ImpactMap:
    return sroi.ImpactMap.model_validate({**small_tree, "conventions": conventions})


def printed(result: sroi.Result) -> dict[str, str]:
    return {
        name: f"{getattr(result, name):.4f}" for name in ("total_inputs", "total_present_value", "sroi_ratio")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({}, "with the map's own conventions"),
        ({"discount_timing": "start_of_year"}, "with values discounted from the start of each year"),
        ({"discount_timing": "mid_year"}, "with values discounted from the middle of each year"),
        ({"discount_timing": "none"}, "with nothing discounted"),
        ({"deductions": "add"}, "if deductions are added"),
        ({"drop_off_from": "first_year"}, "if drop-off begins in the first year"),
        ({"input_timing": "end_of_year"}, "with inputs discounted from the end of each year"),
        ({"discount_rate": 0.05}, "at a discount rate of 5\u00a0%"),
        ({"discount_rate": 0.015, "deductions": "add"}, "if deductions are added and at a discount rate of 1.5\u00a0%"),
        (
            {"discount_timing": "mid_year", "drop_off_from": "first_year"},
            "if drop-off begins in the first year and with values discounted from the middle of each year",
        ),
    ],
    ids=str,
)
def test_the_rules_behind_a_printed_figure_are_found(
    rules: dict[str, Any], words: str, small_tree: dict[str, Any]
) -> None:
    other = sroi.evaluate(changed(small_tree, **rules))
    found = conventions_that_reproduce(changed(small_tree), printed(other))
    assert found[0].words == words
    assert found[0].figures["sroi_ratio"] == pytest.approx(other.sroi_ratio, rel=1e-12)


def test_attribution_written_the_other_way_round_is_found(small_tree: dict[str, Any]) -> None:
    asked = sroi.ImpactMap.model_validate(small_tree)
    for outcome in small_tree["outcomes"]:
        outcome["attribution"] = 0.9
    other = sroi.evaluate(sroi.ImpactMap.model_validate(small_tree))
    found = conventions_that_reproduce(asked, printed(other))
    assert [each.words for each in found] == ["if attribution is the share claimed"]
    assert found[0].changes == (("attribution", "claimed"),)


def test_attribution_given_by_year_is_turned_year_by_year(small_tree: dict[str, Any]) -> None:
    small_tree["activity"] = {"years": 2}
    small_tree["outcomes"][0]["attribution"] = {"by_year": [0.1, 0.3]}
    asked = sroi.ImpactMap.model_validate(small_tree)
    small_tree["outcomes"][0]["attribution"] = {"by_year": [0.9, 0.7]}
    small_tree["outcomes"][1]["attribution"] = 0.9
    other = sroi.evaluate(sroi.ImpactMap.model_validate(small_tree))
    assert conventions_that_reproduce(asked, printed(other))[0].words == "if attribution is the share claimed"


def test_outcomes_that_start_after_the_activity_are_found(small_tree: dict[str, Any]) -> None:
    asked = sroi.ImpactMap.model_validate(small_tree)
    for outcome in small_tree["outcomes"]:
        outcome["starts"] = "after"
    other = sroi.evaluate(sroi.ImpactMap.model_validate(small_tree))
    found = conventions_that_reproduce(asked, printed(other))
    assert found[0].words == "if every outcome starts in the year after the activity"


def test_a_net_ratio_printed_as_the_ratio_is_found(small_map: sroi.ImpactMap) -> None:
    result = sroi.evaluate(small_map)
    figures = {"total_present_value": f"{result.total_present_value:.2f}", "sroi_ratio": f"{result.net_sroi_ratio:.4f}"}
    assert [each.words for each in conventions_that_reproduce(small_map, figures)] == [
        "if the printed ratio is the net ratio"
    ]
    assert conventions_that_reproduce(small_map, {"net_sroi_ratio": f"{result.sroi_ratio:.4f}"})[0].words == (
        "if the printed net ratio is the gross ratio"
    )


def test_the_guide_and_the_value_it_would_print_a_year_earlier() -> None:
    guide = sroi.example("wheels_to_meals")
    assert (
        conventions_that_reproduce(guide, {"total_present_value": "81,741.93", "sroi_ratio": "1.93"})[0].changes == ()
    )
    # 81,741.93 with every year moved up by one: x 1.035
    assert conventions_that_reproduce(guide, {"total_present_value": "84,602.90"})[0].words == (
        "with values discounted from the start of each year"
    )


def test_a_figure_of_few_digits_is_said_to_fit_by_chance_perhaps(small_map: sroi.ImpactMap) -> None:
    found = conventions_that_reproduce(small_map, {"sroi_ratio": "4"})
    assert found[0].fitting > 10
    assert found[0].chance_words == (
        f"of {found[0].ways} different ways tried, {found[0].fitting} fit, some perhaps by chance"
    )
    assert str(found[0]) == f"with the map's own conventions ({found[0].chance_words})"


def test_a_figure_that_nothing_gives_is_not_explained(small_map: sroi.ImpactMap) -> None:
    assert conventions_that_reproduce(small_map, {"sroi_ratio": "400"}) == []
    exact = f"{sroi.evaluate(small_map).total_present_value:.2f}"
    assert conventions_that_reproduce(small_map, {"total_present_value": exact, "total_inputs": "999"}) == []


def test_a_stated_tolerance_is_kept(small_map: sroi.ImpactMap) -> None:
    ours = sroi.evaluate(small_map).total_present_value
    near = PrintedFigure(value=f"{ours * 1.0005:.4f}", tolerance="0.1%")
    assert conventions_that_reproduce(small_map, {"total_present_value": near})[0].changes == ()
    strict = PrintedFigure(value=f"{ours * 1.0005:.4f}", tolerance="0.01%")
    assert conventions_that_reproduce(small_map, {"total_present_value": strict}) == []


def test_other_rates_are_tried_only_where_the_maps_own_does_not_do(small_tree: dict[str, Any]) -> None:
    own = changed(small_tree, discount_rate=0.035)
    found = conventions_that_reproduce(own, {"sroi_ratio": f"{sroi.evaluate(own).sroi_ratio:.1f}"})
    assert found
    assert not any(rule == "discount_rate" for each in found for rule, _ in each.changes)


def test_a_change_without_effect_is_not_named(small_tree: dict[str, Any]) -> None:
    for outcome in small_tree["outcomes"]:
        outcome.update(drop_off=0, displacement=0, deadweight=0, duration=1)
    asked = sroi.ImpactMap.model_validate(small_tree)
    found = conventions_that_reproduce(asked, printed(sroi.evaluate(asked)))
    assert [each.changes for each in found] == [()]


def test_a_map_under_a_schedule_is_searched_as_well(small_tree: dict[str, Any]) -> None:
    asked = changed(small_tree, discount_rate="uk_green_book")
    other = sroi.evaluate(changed(small_tree, discount_rate=0.10))
    assert conventions_that_reproduce(asked, printed(other))[0].changes == (("discount_rate", 0.10),)


@pytest.mark.parametrize("figures", [{}, {"sroi": "1.93"}])
def test_figures_that_are_none_are_refused(figures: dict[str, str], small_map: sroi.ImpactMap) -> None:
    with pytest.raises(ValueError, match="no figure"):
        conventions_that_reproduce(small_map, figures)


def test_one_search_answers_as_many_searches_do(small_map: sroi.ImpactMap) -> None:
    search = ConventionSearch(small_map)
    for figures in ({"sroi_ratio": "4.2"}, {"total_present_value": "4,000"}, {"net_sroi_ratio": "3"}):
        assert search.that_reproduce(figures) == conventions_that_reproduce(small_map, figures)


@pytest.mark.parametrize("seed", range(25))
def test_any_map_reproduces_its_own_figures_by_its_own_rules(seed: int) -> None:
    impact_map = sroi.ImpactMap.model_validate(random_value_map(random.Random(seed)))
    result = sroi.evaluate(impact_map)
    figures = {
        name: PrintedFigure(value=f"{getattr(result, name):.6f}", tolerance="1e-4%")
        for name in ("total_inputs", "total_present_value", "net_present_value")
        if 1 < abs(getattr(result, name)) < 1e15
    }
    if figures:
        assert conventions_that_reproduce(impact_map, figures)[0].changes == ()


# ---- the same rules for several maps ----


def test_maps_are_restated_under_the_first_ones_rules_beside_their_own(small_tree: dict[str, Any]) -> None:
    first = changed(small_tree)
    second = changed(small_tree, discount_rate=0.1, discount_timing="none", deductions="add")
    found = same_rules([first, second])
    assert [each.own.sroi_ratio for each in found.maps] == [sroi.evaluate(each).sroi_ratio for each in (first, second)]
    both = [each.same for each in found.maps]
    assert both[0] is not None
    assert both[1] is not None
    assert both[0].sroi_ratio == both[1].sroi_ratio == sroi.evaluate(first).sroi_ratio
    assert both[1].rules() == sroi.evaluate(first).rules()
    assert found.maps[0].changed_rules == ""
    assert found.maps[1].changed_rules.replace("\u00a0", " ") == (
        "discount rate 10 % a year, values not discounted, deductions added up"
    )


def test_rules_may_be_given_and_their_every_part_is_said(small_tree: dict[str, Any]) -> None:
    given = changed(small_tree, input_timing="end_of_year", drop_off_from="first_year", present_at=1).conventions
    found = same_rules([changed(small_tree), changed(small_tree, discount_rate="uk_green_book")], given)
    assert found.rules.replace("\u00a0", " ") == (
        "discount rate 3.5 % a year, values discounted from the end of each year, inputs discounted from the end of "
        "each year, stated in money of year 1, deductions multiplied, drop-off from the first year"
    )
    assert found.maps[1].changed_rules.startswith(
        "discount rate the UK Green Book schedule, inputs discounted from the start"
    )


def test_maps_stand_in_the_order_given_whatever_their_ratios(small_tree: dict[str, Any]) -> None:
    trees = [{**small_tree, "title": title, "inputs": [{**small_tree["inputs"][0], "value": value}]}
             for title, value in (("Low", 9000), ("High", 100), ("Middle", 1000))]  # fmt: skip
    for order in ((0, 1, 2), (2, 1, 0)):
        found = same_rules([sroi.ImpactMap.model_validate(trees[place]) for place in order])
        assert [each.own.impact_map.title for each in found.maps] == [trees[place]["title"] for place in order]
    assert found.notes == (
        "They stand in the order given and are not ranked: a ratio says nothing of another project's, for scope, "
        "duration and stakeholders differ.",
    )


def test_other_currencies_prices_and_kinds_are_said_and_nothing_is_converted(small_tree: dict[str, Any]) -> None:
    other = sroi.ImpactMap.model_validate(
        {**small_tree, "currency": "NZD", "price_year": 2021, "analysis": "evaluative"}
    )
    found = same_rules([sroi.ImpactMap.model_validate(small_tree), other])
    assert found.notes[1:] == (
        "Currencies differ (GBP, NZD): each map keeps its own, and no sum of one is set against another's.",
        "Price years differ (2024, 2021): each map keeps its own, and nothing is brought up to date.",
        "1 is a forecast and 1 an evaluation: the one says what is hoped for, the other what was found.",
    )
    same = found.maps[1].same
    assert same is not None
    assert (same.impact_map.currency, same.total_inputs) == ("NZD", 1000.0)


def test_scope_stands_beside_each_map(small_tree: dict[str, Any]) -> None:
    small_tree["outcomes"][1] |= {"valued": "no", "duration": 9}
    found = same_rules([sroi.ImpactMap.model_validate(small_tree), sroi.example("befriending")])
    assert found.maps[0].scope.words == (
        "1 year of activity, the longest change lasts 2 years, 2 stakeholders, 1 of 2 outcomes counted"
    )


def test_scenarios_that_name_years_of_a_rate_do_not_hinder_other_rules(small_tree: dict[str, Any]) -> None:
    small_tree["conventions"] = {"discount_rate": {"by_year": [0.02, 0.03]}}
    small_tree["scenarios"] = {"dear": {"discount_rate.2": 0.2}}
    own = sroi.ImpactMap.model_validate(small_tree)
    flat = sroi.ImpactMap.model_validate({**small_tree, "conventions": {}, "scenarios": {}})
    same = same_rules([flat, own]).maps[1].same
    assert same is not None
    assert same.sroi_ratio == sroi.evaluate(flat).sroi_ratio


def test_one_map_alone_is_not_compared(small_map: sroi.ImpactMap) -> None:
    with pytest.raises(MethodRefused, match=r"^1 map cannot be compared\. Give two or more\.$"):
        same_rules([small_map])
    with pytest.raises(MethodRefused, match=r"^no maps cannot be compared\. Give two or more\.$"):
        own_rules([])


def test_each_map_may_keep_its_own_rules_alone(small_tree: dict[str, Any]) -> None:
    found = own_rules([changed(small_tree), changed(small_tree, discount_rate=0.1)])
    assert [each.same for each in found.maps] == [None, None]
    assert found.to_dict()["rules"] is None


# ---- forecast against actual ----


def against(forecast: dict[str, Any], actual: dict[str, Any]) -> ForecastAgainstActual:
    return forecast_against_actual(sroi.ImpactMap.model_validate(forecast), sroi.ImpactMap.model_validate(actual))


def evaluated(small_tree: dict[str, Any]) -> dict[str, Any]:
    return {**copy.deepcopy(small_tree), "analysis": "evaluative"}


def test_an_outcome_that_fell_short_says_by_how_much(small_tree: dict[str, Any]) -> None:
    actual = evaluated(small_tree)
    actual["outcomes"][0]["quantity"] = 40
    actual["outcomes"][1]["deadweight"] = {"value": 0.19, "note": "counted"}
    found = against(small_tree, actual)
    calmer, healthier = found.outcomes
    assert calmer.quantity is not None
    assert calmer.present_value is not None
    assert healthier.present_value is not None
    assert (calmer.quantity.forecast, calmer.quantity.actual, calmer.quantity.difference) == (50, 40, -0.2)
    assert calmer.present_value.difference == pytest.approx(-0.2, abs=1e-12)
    # Kept: 0.9 forecast, 0.81 actual.
    assert healthier.present_value.difference == pytest.approx(-0.1, abs=1e-12)
    assert [each.id for each in found.fell_short] == ["calmer", "healthier"]
    assert [(each.name, round(each.difference or 0, 12)) for each in found.stakeholders_fell_short] == [
        ("people", -0.15)
    ]
    assert [each.name for each in healthier.numbers if each.difference] == ["healthier.deadweight"]
    assert found.notes == ()


def test_an_outcome_that_came_out_as_forecast_did_not_fall_short(small_tree: dict[str, Any]) -> None:
    found = against(small_tree, evaluated(small_tree))
    assert found.fell_short == ()
    assert found.stakeholders_fell_short == ()
    assert [each.difference for each in found.totals] == [0.0, 0.0, 0.0, 0.0]


def test_a_loss_that_grew_fell_short_and_one_that_shrank_did_not(small_tree: dict[str, Any]) -> None:
    small_tree["outcomes"][0]["proxy"] = -10
    small_tree["outcomes"][1]["proxy"] = -10
    actual = evaluated(small_tree)
    actual["outcomes"][0]["proxy"], actual["outcomes"][1]["proxy"] = -15, -5
    found = against(small_tree, actual)
    assert [each.id for each in found.fell_short] == ["calmer"]
    assert [each.present_value.difference for each in found.outcomes if each.present_value] == pytest.approx(
        [-0.5, 0.5]
    )


def test_outcomes_that_one_of_the_two_has_alone_are_listed(small_tree: dict[str, Any]) -> None:
    actual = evaluated(small_tree)
    actual["outcomes"][0]["id"] = "calm"
    found = against(small_tree, actual)
    assert (found.only_forecast, found.only_actual) == ((("calmer", "Feel calmer"),), (("calm", "Feel calmer"),))
    assert [each.id for each in found.outcomes] == ["healthier"]


def test_an_outcome_that_no_longer_counts_is_worth_nothing_in_the_actual(small_tree: dict[str, Any]) -> None:
    actual = evaluated(small_tree)
    actual["outcomes"][0]["material"] = {"decision": "no"}
    calmer = against(small_tree, actual).outcomes[0]
    assert calmer.counted == (True, False)
    assert calmer.present_value is not None
    assert (calmer.present_value.actual, calmer.present_value.difference) == (0.0, -1.0)


def test_a_head_count_is_held_against_the_head_count_that_came(small_tree: dict[str, Any]) -> None:
    small_tree["outcomes"][0]["quantity"] = {"of": "people", "share": 0.5, "times": 2}
    actual = evaluated(small_tree)
    actual["stakeholders"][0]["size"] = 80
    quantity = against(small_tree, actual).outcomes[0].quantity
    assert quantity is not None
    assert (quantity.forecast, quantity.actual, quantity.difference) == (100, 80, -0.2)


def test_the_actual_stands_under_the_forecasts_rules_and_says_its_own_ratio(small_tree: dict[str, Any]) -> None:
    actual = {**evaluated(small_tree), "conventions": {"discount_timing": "none"}, "price_year": 2026}
    found = against(small_tree, actual)
    assert found.actual.sroi_ratio == found.forecast.sroi_ratio
    own = f"{found.actual_own.sroi_ratio:.2f} : 1 (evaluation, GBP, 2026 prices, not discounted)."
    assert found.notes[0].endswith(f"; under its own it comes to {own}")
    assert (
        found.notes[1] == "Price years differ (2024, 2026): each map keeps its own, and nothing is brought up to date."
    )


def test_no_difference_in_money_is_made_of_two_currencies(small_tree: dict[str, Any]) -> None:
    found = against(small_tree, {**evaluated(small_tree), "currency": "EUR"})
    calmer = found.outcomes[0]
    assert calmer.quantity is not None
    assert calmer.present_value is not None
    assert (calmer.quantity.difference, calmer.present_value.difference) == (0.0, None)
    assert [each.difference for each in calmer.numbers if each.field == "proxy"] == [None]
    assert found.fell_short == ()


def test_maps_that_are_not_what_they_stand_for_are_called_so(small_tree: dict[str, Any]) -> None:
    assert against(evaluated(small_tree), small_tree).notes == (
        "The map that stands as the forecast calls itself an evaluation.",
        "The map that stands as the actual calls itself a forecast.",
    )


@pytest.mark.parametrize("seed", range(25))
def test_comparisons_of_any_two_maps_are_plain_for_other_programs(seed: int) -> None:
    maps = [sroi.ImpactMap.model_validate(random_value_map(random.Random(each))) for each in (seed, seed + 300)]
    for told in (same_rules(maps).to_dict(), forecast_against_actual(maps[0], maps[1]).to_dict()):
        assert json.loads(json.dumps(told, allow_nan=False)) == told
