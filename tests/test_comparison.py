"""Which convention gives a printed figure: each one found again, nearest first, and never more claimed than found."""

from __future__ import annotations

import random
from typing import Any

import pytest
from random_maps import random_value_map

import sroi
from sroi.comparison import ConventionSearch, conventions_that_reproduce
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
