"""Findings: each question is asked where it belongs, and not where it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import sroi
from sroi.findings import Finding, Findings

Tree = dict[str, Any]


def kinds(tree: Tree) -> list[str]:
    return [group.findings[0].kind for group in sroi.review(sroi.ImpactMap.model_validate(tree)).groups()]


def test_a_careful_map_has_no_findings(small_tree: Tree) -> None:
    assert sroi.review(sroi.ImpactMap.model_validate(small_tree)) == ()


def outcome(**changes: Any) -> Callable[[Tree], None]:
    def change(tree: Tree) -> None:
        tree["outcomes"][0].update(changes)
        for name in [name for name, value in changes.items() if value is None]:
            del tree["outcomes"][0][name]

    return change


def top(**changes: Any) -> Callable[[Tree], None]:
    return lambda tree: tree.update(changes)


def proxy(**changes: Any) -> Callable[[Tree], None]:
    return lambda tree: tree["outcomes"][0]["proxy"].update(changes)


CASES: list[tuple[str, Callable[[Tree], None], str, str]] = [
    ("deduction_missing", outcome(deadweight=None), "high", "Feel calmer: no deadweight; it counts as 0\u00a0%"),
    ("deduction_missing", outcome(displacement=None), "medium", "Feel calmer: no displacement; it counts as 0\u00a0%"),
    ("deduction_missing", outcome(drop_off=None), "medium", "Feel calmer: no drop-off; it counts as 0\u00a0%"),
    ("deduction_zero", outcome(attribution="0%"), "medium", "Feel calmer: attribution (owed to others) is 0\u00a0% without a reason"),
    ("duration_missing", outcome(duration=None), "medium", "Feel calmer: no duration; it counts as one year"),
    ("yields_nothing", outcome(duration=0), "medium", "Feel calmer: a duration of 0 yields nothing"),
    ("no_negative_outcome", top(negative_outcomes_sought="no"), "high",
     "no outcome is for the worse, and the map does not say how one was looked for"),
    ("above_size", outcome(quantity={"value": 120, "source": "survey"}), "medium", "Feel calmer: a quantity of 120 for 100 people"),
    ("proxy_source_missing", outcome(proxy={"value": 30}), "high", "Feel calmer: nothing says where the proxy comes from"),
    ("quantity_source_missing", outcome(quantity=50), "medium", "Feel calmer: nothing says where the quantity comes from"),
    ("dominates", proxy(value=90), "medium", "Feel calmer: 75\u00a0% of the total (our convention asks above 60\u00a0%)"),
    ("price_years_differ", proxy(price_year=2009), "medium", "Feel calmer: the proxy is in 2009 prices, the map in 2024 prices"),
    ("not_reproduced", top(published={"sroi_ratio": "2.5"}), "high",
     "the SROI ratio is printed as 2.5; this map comes to 3.95"),
    ("worded_as_activity", outcome(description="Attended ten sessions"), "low",
     "Attended ten sessions: 'Attended' may tell what was done rather than what changed"),
    ("one_cohort", top(activity={"years": 2}), "medium",
     "Feel calmer: the activity runs for 2 years, but this outcome is counted once, in year 1"),
    ("inputs_at_face_value", top(conventions={"input_timing": "none"}), "low",
     "the values are discounted, but the inputs stay at face value"),
    ("not_projected", top(analysis="evaluative"), "medium",
     "this is an evaluation, but no number says whether it was observed"),
    ("loss_as_gain", outcome(description="Noise and lost sleep"), "high",
     "Noise and lost sleep: 'Noise' reads like a loss, but it is counted as a gain"),
    ("attribution_reversed", outcome(attribution={"value": "60%", "note": "60 % is due to us"}), "high",
     "Feel calmer: attribution is the share owed to others, but its reason says 'due to us'"),
    ("input_once", top(activity={"years": 2}), "medium",
     "grant: the activity runs for 2 years, but this input is counted once, in year 1"),
    ("price_year_not_stated", top(price_year="not stated"), "high",
     "nothing says in which year's prices the values are stated"),
    ("ratio_above_10", lambda tree: tree["inputs"][0].update(value=100), "high",
     "the ratio is 39.5; above 10 (our convention) few readers believe it"),
    ("nobody_involved", lambda tree: tree["stakeholders"][0].update(involved=[]), "high",
     "no stakeholder is said to have helped to name the outcomes"),
    ("unfilled", top(title="REPLACE: name"), "high",
     "1 texts still say REPLACE; the numbers beside them may be those of the empty form"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "change", "severity", "what"), CASES, ids=[f"{case[0]}-{i}" for i, case in enumerate(CASES)]
)
def test_each_kind_of_finding_is_found_and_said(
    small_tree: Tree, kind: str, change: Callable[[Tree], None], severity: str, what: str
) -> None:
    change(small_tree)
    found = [each for each in sroi.review(sroi.ImpactMap.model_validate(small_tree)) if each.kind == kind]
    assert (found[0].severity, found[0].what) == (severity, what)
    assert found[0].remedy
    assert 1 <= found[0].principle <= 8


def test_nobody_involved_is_found_only_when_nobody_named_the_outcomes(small_tree: Tree) -> None:
    small_tree["stakeholders"][0]["involved"] = [{"stage": "quantity", "how": "survey"}]
    assert kinds(small_tree) == ["nobody_involved"]


def test_a_loss_or_a_word_that_one_was_sought_is_enough(small_tree: Tree) -> None:
    del small_tree["negative_outcomes_sought"]
    assert kinds(small_tree) == ["no_negative_outcome"]
    small_tree["outcomes"][1]["proxy"]["value"] = -1
    assert "no_negative_outcome" not in kinds(small_tree)


def test_a_zero_with_its_reason_is_no_finding(small_tree: Tree) -> None:
    small_tree["outcomes"][0]["displacement"] = {"value": "0%", "note": "nobody else lost anything"}
    assert kinds(small_tree) == []


def test_time_without_a_value_and_an_input_without_a_source_are_found(small_tree: Tree) -> None:
    small_tree["inputs"] += [{"id": "own_time", "stakeholder": "people", "kind": "time", "hours": 10}]
    assert kinds(small_tree) == ["time_without_value", "input_source_missing"]


def test_relief_from_a_loss_is_no_loss(small_tree: Tree) -> None:
    small_tree["outcomes"][0]["description"] = "Less noise at night"
    assert kinds(small_tree) == []


def test_a_ratio_above_ten_is_found(small_tree: Tree) -> None:
    small_tree["inputs"][0]["value"] = 100
    assert kinds(small_tree) == ["ratio_above_10"]


def test_deductions_added_to_more_than_the_whole_are_found(small_tree: Tree) -> None:
    small_tree["conventions"] = {"deductions": "add"}
    small_tree["outcomes"][0] |= {
        name: {"value": 0.4, "note": "x"} for name in ("deadweight", "displacement", "attribution")
    }
    assert "deductions_above_whole" in kinds(small_tree)


@pytest.mark.parametrize(
    ("printed", "reproduced"),
    [("1.93", True), ("1.9", True), ("2", True), ("1.93 : 1", True), ("1 : 1.93", True), ("1.94", False), ("1.930", False),
     ({"value": "1.95", "tolerance": 0.03}, True), ({"value": "1.95", "tolerance": "1%"}, False)],
)  # fmt: skip
def test_half_the_last_digit_is_the_tolerance_of_a_printed_figure(printed: Any, reproduced: bool) -> None:
    impact_map = sroi.example("wheels_to_meals")
    tree = {**impact_map.model_dump(by_alias=True, exclude_none=True), "published": {"sroi_ratio": printed}}
    found = sroi.review(sroi.ImpactMap.model_validate(tree))
    assert ("not_reproduced" not in {each.kind for each in found}) is reproduced


def test_wheels_to_meals_reproduces_every_figure_the_guide_prints() -> None:
    assert "not_reproduced" not in {each.kind for each in sroi.review(sroi.example("wheels_to_meals"))}


def test_what_does_not_count_is_not_asked_about(small_tree: Tree) -> None:
    small_tree["outcomes"].append({"id": "told", "stakeholder": "people", "description": "Attended", "valued": False})
    assert kinds(small_tree) == []


def test_findings_stand_in_the_order_in_which_they_matter() -> None:
    made = [
        Finding("deduction_zero", "medium", 5, "a", "first medium", ""),
        Finding("input_source_missing", "low", 6, "b", "low", ""),
        Finding("nobody_involved", "high", 1, "c", "high", ""),
        Finding("dominates", "medium", 4, "d", "other medium", ""),
        Finding("deduction_zero", "medium", 5, "e", "second medium", ""),
    ]
    assert [each.what for each in Findings(made)] == ["high", "first medium", "second medium", "other medium", "low"]
    assert [len(group.findings) for group in Findings(made).groups()] == [1, 2, 1, 1]


def test_findings_name_the_line_of_the_file() -> None:
    path = sroi.case_study("wheels_to_meals")
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [each for each in sroi.review(sroi.read_value_map(path)) if each.kind == "worded_as_activity"]
    assert found[0].line is not None
    assert "sessions" in lines[found[0].line - 1]
