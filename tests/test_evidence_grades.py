"""How sure the numbers are, and how they stand beside what others wrote."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

import sroi
from sroi.appraisal.confidence import GRADES, NOT_GRADED, evidence_grades, widened, widening_words
from sroi.appraisal.plausibility import WARNING, Beside, Comparable, beside_others, comparable_entries
from sroi.evidence.register import register
from sroi.evidence.reported import reported
from sroi.reports.analysis import analyse
from sroi.reports.audiences import AUDIENCES
from sroi.reports.blocks import Paragraph, Table
from sroi.reports.story import tell

Tree = dict[str, Any]
TODAY = date(2026, 11, 21)


def a_map(tree: Tree) -> sroi.ImpactMap:
    return sroi.ImpactMap.model_validate(tree)


# ---- grades ----


@pytest.fixture
def graded_tree(small_tree: Tree) -> Tree:
    """Two outcomes of the same value: the one with a red proxy and a green quantity, the other with nothing."""
    small_tree["outcomes"][0]["proxy"]["confidence"] = "red"
    small_tree["outcomes"][0]["quantity"]["confidence"] = "green"
    return small_tree


def test_the_share_of_value_on_weak_evidence_by_hand(graded_tree: Tree) -> None:
    # 50 x 30 and 50 x 90, all else alike: a quarter and three quarters of the value
    graded_tree["outcomes"][1]["proxy"]["value"] = 90
    graded_tree["outcomes"][1]["quantity"]["confidence"] = "amber"
    found = evidence_grades(sroi.evaluate(a_map(graded_tree)))
    assert found.shares == {"red": pytest.approx(0.25), "amber": pytest.approx(0.75), "green": 0, NOT_GRADED: 0}
    assert found.weak == pytest.approx(0.25)
    assert [(each.grade, each.weakest) for each in found.outcomes] == [
        ("red", "calmer.proxy"), ("amber", "healthier.quantity"),
    ]  # fmt: skip
    assert "healthier.proxy" in found.outcomes[1].ungraded
    assert found.words() == (
        "Of the value, 25\u00a0% rests on red, 75\u00a0% rests on amber; 100\u00a0% rests on numbers without a grade too."
    )


def test_what_has_no_grade_is_not_graded_and_never_guessed(small_map: sroi.ImpactMap) -> None:
    found = evidence_grades(sroi.evaluate(small_map))
    assert found.shares[NOT_GRADED] == 1
    assert not found.is_graded
    assert found.words().startswith("No number that drives the value has an evidence grade")


def test_a_loss_weighs_as_much_as_a_gain(graded_tree: Tree) -> None:
    graded_tree["outcomes"][0]["proxy"]["value"] = -30
    found = evidence_grades(sroi.evaluate(a_map(graded_tree)))
    assert (found.shares["red"], found.shares[NOT_GRADED]) == (pytest.approx(0.5), pytest.approx(0.5))
    assert found.words().startswith("Of the value, losses counted at their size, 50\u00a0% rests on red, ")


def test_a_deduction_of_nothing_and_what_does_not_count_drive_nothing(graded_tree: Tree) -> None:
    graded_tree["outcomes"][0]["proxy"]["confidence"] = "green"
    graded_tree["outcomes"][0]["attribution"] = {"value": 0, "note": "ours alone", "confidence": "red"}
    graded_tree["outcomes"][1]["valued"] = "no"
    graded_tree["outcomes"][1]["proxy"]["confidence"] = "red"
    found = evidence_grades(sroi.evaluate(a_map(graded_tree)))
    assert found.shares["green"] == 1
    graded_tree["outcomes"][0]["attribution"]["value"] = "10%"
    assert evidence_grades(sroi.evaluate(a_map(graded_tree))).shares["red"] == 1


def test_a_part_of_people_an_anchor_and_a_year_bear_on_the_grade(small_tree: Tree) -> None:
    small_tree["stakeholders"][0]["size"] = {"value": 100, "confidence": "amber"}
    small_tree["outcomes"][0]["quantity"] = {"of": "people", "share": "50%"}
    small_tree["outcomes"][0]["weight"] = 1
    small_tree["outcomes"][0]["proxy"]["confidence"] = "red"
    small_tree["outcomes"][1] |= {"weight": 2, "proxy": {"anchored_to": "calmer"}}
    found = evidence_grades(sroi.evaluate(a_map(small_tree)))
    assert [each.weakest for each in found.outcomes] == ["calmer.proxy", "calmer.proxy"]
    small_tree["outcomes"][0]["proxy"]["confidence"] = "green"
    found = evidence_grades(sroi.evaluate(a_map(small_tree)))
    assert [each.grade for each in found.outcomes] == ["amber", "green"]
    small_tree["activity"]["years"] = 2
    small_tree["outcomes"][1]["quantity"] = {"by_year": [{"value": 5, "confidence": "red"}, 6], "source": "x"}
    assert evidence_grades(sroi.evaluate(a_map(small_tree))).outcomes[1].weakest == "healthier.quantity"


def test_grades_are_in_the_report_with_what_they_mean(graded_tree: Tree) -> None:
    impact_map = a_map(graded_tree)
    story = tell(analyse(impact_map, sroi.evaluate(impact_map)))
    table = next(block for block in story["evidence"].blocks if isinstance(block, Table) and block.name == "grades")
    assert [row[0] for row in table.rows] == [*GRADES, NOT_GRADED]
    assert [row[2] for row in table.rows] == ["50\u00a0%", "0\u00a0%", "0\u00a0%", "50\u00a0%"]
    assert table.rows[0][1] == GRADES["red"]


# ---- widening ----


def test_ranges_are_widened_as_stated_and_nothing_else_moves(graded_tree: Tree) -> None:
    graded_tree["outcomes"][1]["quantity"] |= {"low": 45, "high": 90, "confidence": "amber"}
    graded_tree["outcomes"][1]["deadweight"] = {"value": "80%", "note": "asked", "confidence": "red"}
    impact_map = a_map(graded_tree)
    wide, names = widened(impact_map)
    assert names == ("calmer.proxy", "healthier.quantity", "healthier.deadweight")
    ranges = {name: (each.estimate.low, each.estimate.high) for name, each in wide.numbers().items() if each.estimate}
    assert ranges["calmer.proxy"] == (15, 45)
    assert ranges["healthier.quantity"] == (37.5, 90)  # 25 % either way at least; the wider end stays
    assert ranges["healthier.deadweight"] == (pytest.approx(0.4), 1.0)  # and never beyond what a share can be
    assert ranges["calmer.quantity"] == (None, None)
    assert sroi.evaluate(wide).sroi_ratio == sroi.evaluate(impact_map).sroi_ratio
    assert impact_map.numbers()["calmer.proxy"].estimate.low is None


def test_counts_views_lists_and_losses_keep_their_meaning(small_tree: Tree) -> None:
    small_tree["activity"]["years"] = 2
    first, second = small_tree["outcomes"]
    first["proxy"] |= {"value": -30, "confidence": "red"}
    first["deadweight"] = {"survey": {"yes": 3, "asked": 10}, "confidence": "red"}
    first["attribution"] = {"shape": {"empirical": [0.1, 0.2]}, "value": 0.15, "confidence": "red"}
    second["quantity"] = {"by_year": [{"value": 10, "confidence": "red"}, 20], "source": "x"}
    wide, names = widened(a_map(small_tree))
    assert names == ("calmer.proxy", "healthier.quantity")
    assert wide.outcomes[0].proxy.value.low == -45
    assert [part.low for part in wide.outcomes[1].quantity.parts()] == [5, None]


def test_a_map_without_grades_is_left_as_it_is(small_map: sroi.ImpactMap) -> None:
    wide, names = widened(small_map)
    assert (wide, names) == (small_map, ())
    assert widening_words(names) == "No range was widened: no number of a grade that is widened has a narrower one."


def test_the_command_says_that_widening_is_an_assumption(
    graded_tree: Tree, command: Callable[..., Any], tmp_path: Any
) -> None:
    sroi.write_value_map(a_map(graded_tree), tmp_path / "map.yaml")
    plain = json.loads(command("uncertainty", "map.yaml", "--json", "-").stdout)
    assert (plain["method"], plain["rests_on"]["widened"]) == ("point", [])
    said = " ".join(command("uncertainty", "map.yaml", "--widen").stdout.split())
    assert "1 range is widened by evidence grade, red ones to 50 % and amber ones to 25 % of the number" in said
    assert "our own convention and an assumption, not evidence" in said
    assert "1 of them widened by grade" in said
    told = json.loads(command("uncertainty", "map.yaml", "--widen", "--json", "-").stdout)
    assert told["rests_on"]["widened"] == ["calmer.proxy"]
    assert told["quantiles"]["0.05"] < plain["base"] < told["quantiles"]["0.95"]


# ---- beside what others wrote ----


def test_what_others_wrote_is_shipped_with_its_warning() -> None:
    with (files("sroi") / "data" / "reported_deductions.csv").open(encoding="utf-8") as lines:
        rows = {row["field"]: row for row in csv.DictReader(lines)}
    printed = [rows["deadweight"][f"p{each}"] for each in (10, 25, 50, 75, 90)]
    assert printed == ["5.2", "10", "20", "34.8", "50"]
    assert [rows["attribution"][f"p{each}"] for each in (10, 25, 50, 75, 90)] == ["10", "15", "25.5", "42", "53"]
    assert [rows["drop_off"][f"p{each}"] for each in (10, 25, 50, 75, 90)] == ["10", "10", "21.5", "50", "50"]
    assert {name: int(row["reports"]) for name, row in rows.items()} == {
        "deadweight": 154, "attribution": 216, "drop_off": 90, "displacement": 40, "discount_rate": 246,
    }  # fmt: skip
    for row in rows.values():
        assert "Social Value International" in row["source"]
        assert row["author"] == "J. C. Munoz-Mora"
        assert row["verification_level"] == "B"
        assert "not what is right" in row["warning"]


@pytest.mark.parametrize(
    ("share", "position"),
    [
        (0.0, "less than in nine of ten reports that state one"),
        (0.052, "in the lowest quarter of the reports that state one"),
        (0.1, "within the middle half of the reports that state one"),
        (0.348, "within the middle half of the reports that state one"),
        (0.35, "in the highest quarter of the reports that state one"),
        (0.51, "more than in nine of ten reports that state one"),
    ],
)
def test_each_deduction_stands_beside_what_others_wrote(small_tree: Tree, share: float, position: str) -> None:
    small_tree["outcomes"][0]["deadweight"] = {"value": share, "note": "asked"}
    found = {each.where: each for each in beside_others(a_map(small_tree), TODAY)}
    assert found["calmer.deadweight"].position == position
    assert found["calmer.deadweight"].rests_on == (
        "deadweight: percentiles 10/25/50/75/90 5.2\u00a0% / 10\u00a0% / 20\u00a0% / 34.8\u00a0% / 50\u00a0% of 154 reports"
    )


def test_a_deduction_left_out_is_not_compared(small_tree: Tree) -> None:
    del small_tree["outcomes"][0]["displacement"]
    small_tree["outcomes"][0]["duration"] = 1
    wheres = [each.where for each in beside_others(a_map(small_tree), TODAY)]
    assert "calmer.displacement" not in wheres
    assert "calmer.drop_off" not in wheres  # it lasts a year, and nothing can drop off
    assert "healthier.drop_off" in wheres


def of_kind(impact_map: sroi.ImpactMap, kind: str, *comparable: Comparable) -> list[Beside]:
    return [each for each in beside_others(impact_map, TODAY, comparable) if each.kind == kind]


def entry(value: float, unit: str = "per visit", kind: str = "fiscal", currency: str = "GBP") -> Comparable:
    return Comparable(unit, value, 2024, "a register made for the test", kind, currency)


def test_a_value_out_of_the_range_of_comparable_entries_is_shown(small_tree: Tree) -> None:
    small_tree["outcomes"][0]["proxy"] |= {"unit": "visit", "value_type": "fiscal", "value": 500}
    impact_map = a_map(small_tree)
    (shown,) = of_kind(
        impact_map, "value", entry(20), entry(40), entry(90), entry(9000, "per night"), entry(9000, kind="social")
    )
    assert shown.said == (
        "Feel calmer: £500.00 for one visit is more than any of 3 published values of this unit and kind, £20.00 to £90.00"
    )
    assert shown.rests_on == "published values of the register: a register made for the test; in prices of 2024"
    assert of_kind(impact_map, "value", entry(20), entry(40)) == []  # too few to be a range
    assert of_kind(impact_map, "value", entry(20), entry(40), entry(600)) == []
    assert of_kind(impact_map, "value", *[entry(each, currency="NZD") for each in (20, 40, 90)]) == []


def test_the_shipped_register_gives_entries_in_the_maps_prices(small_tree: Tree) -> None:
    small_tree["outcomes"][0]["proxy"] |= {"unit": "incident", "value_type": "fiscal"}
    found = comparable_entries(register(), a_map(small_tree))
    assert len(found) > 3
    assert {each.currency for each in found} == {"GBP"}
    assert all(each.source for each in found)


def test_old_prices_and_reviews_that_have_passed(small_tree: Tree) -> None:
    first, second = (outcome["proxy"] for outcome in small_tree["outcomes"])
    first |= {"price_year": "2012/13", "review_date": "2026-11-20", "register": "x_1"}
    second |= {"price_year": 2014, "review_date": "2026-11-21"}
    assert [each.said for each in of_kind(a_map(small_tree), "price_year")] == [
        "Feel calmer: the price is of 2012/13, 12 years before the map's 2024",
        "Feel healthier: the price is of 2014, 12 years before 2026",
    ]
    assert [each.said for each in of_kind(a_map(small_tree), "review_date")] == [
        "Feel calmer: the value was to be looked at again by 2026-11-20 (register: x_1)"
    ]
    small_tree["price_year"] = 2015
    first["price_year"] = second["price_year"] = 2015
    assert [each.said for each in of_kind(a_map(small_tree), "price_year")] == [
        "The map is in 2015 prices, 11 years before 2026"
    ]


def test_a_discount_rate_other_than_the_usual_is_shown_and_the_usual_is_not(small_tree: Tree) -> None:
    assert of_kind(a_map(small_tree), "discount_rate") == []
    small_tree["conventions"] = {"discount_rate": "1.5%"}
    (shown,) = of_kind(a_map(small_tree), "discount_rate")
    assert shown.said == "The discount rate is 1.5\u00a0%, less than in the middle one of the reports that state one"
    assert reported()["discount_rate"].reports == 246


def test_check_shows_it_under_its_own_heading_and_evaluate_never(command: Callable[..., Any], tmp_path: Any) -> None:
    study = str(sroi.case_study("befriending"))
    checked = command("check", study).stdout
    assert checked.index("findings of") < checked.index("Beside what others wrote (no faults, and no findings)")
    assert " ".join(WARNING.split()) in " ".join(checked.split())
    assert "as read by a language model; preprint of one author (J. C. Munoz-Mora" in " ".join(checked.split())
    told = json.loads(command("check", study, "--json", "-").stdout)
    assert told["beside_others"]["warning"] == WARNING
    assert {"deduction", "price_year"} <= {each["kind"] for each in told["beside_others"]["numbers"]}
    assert told["confidence"]["meaning"] == GRADES
    assert not [each for each in told["findings"] if "reports that state one" in each["what"]]
    evaluated = command("evaluate", study)
    words = ("others wrote", "reports that state one", "Munoz", "percentile")
    assert not [word for word in words if word in evaluated.stdout]
    document = command("evaluate", study, "--json", "-").stdout
    assert not [word for word in (*words, "beside_others") if word in document]


def test_check_strict_does_not_count_it_as_a_fault(
    small_tree: Tree, command: Callable[..., Any], tmp_path: Any
) -> None:
    small_tree["outcomes"][0]["deadweight"] = {"value": 0.9, "note": "asked", "source": "survey"}
    sroi.write_value_map(a_map(small_tree), tmp_path / "map.yaml")
    ended = command("check", "map.yaml", "--strict")
    assert "more than in nine of ten reports" in " ".join(ended.stdout.split())
    plain = json.loads(command("check", "map.yaml", "--json", "-").stdout)
    assert ended.returncode == (1 if plain["findings"] else 0)


def test_no_report_says_what_others_wrote() -> None:
    impact_map = sroi.example("befriending")
    analysis = analyse(impact_map, sroi.evaluate(impact_map))
    for audience in AUDIENCES:
        for section in tell(analysis, audience).sections:
            texts = [block.text for block in section.blocks if isinstance(block, Paragraph)]
            texts += [
                cell for block in section.blocks if isinstance(block, Table) for row in block.rows for cell in row
            ]
            assert not [text for text in texts if "others wrote" in text or "reports that state one" in text], (
                section.name
            )
