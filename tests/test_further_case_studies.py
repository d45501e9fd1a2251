"""The illustrations on open prices: a second calculation, where each number comes from, and what their pages claim."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pencils import POINT, SHEETS, of_2024
from test_case_studies import FIGURES, expectation

import sroi
from sroi.cli import main
from sroi.comparison.change import what_changed
from sroi.evidence.carbon import carbon_values
from sroi.evidence.register import register
from sroi.evidence.register_prices import uprated
from sroi.findings import heading
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.shipped import folder

STUDIES = folder("case_studies")
every_illustration = pytest.mark.parametrize("name", SHEETS)

# What a careful reader would still ask; the README of each explains every kind.
ASKED = {
    "employment": ["dominates", "small_sample", "projected_value", "wellbeing_beside_parts", "quantity_projected"],
    "homelessness": ["dominates", "small_sample"],
    "community_garden": ["dominates"],
    "prevention": ["dominates", "survey_stretched"],
    "school_programme": ["dominates"],
    "youth_cohorts": ["dominates", "wellbeing_beside_parts", "projected_value"],
}
LOSSES = {
    "employment": {"setback"},
    "homelessness": {"alone_at_first", "building_works"},
    "community_garden": {"mower_and_deliveries", "saturdays"},
    "prevention": {"strains", "class_injuries"},
    "school_programme": {"mentor_left"},
    "youth_cohorts": {"kept_away", "noise"},
}


def page(name: str) -> str:
    return " ".join((STUDIES / name / "README.md").read_text(encoding="utf-8").split())


def ratio(name: str, **at: float) -> float:
    return float(
        sroi.evaluate(sroi.example(name), {key.replace("__", "."): value for key, value in at.items()}).sroi_ratio
    )


# ---- by pencil ----


def test_a_point_and_a_week_are_brought_to_2024_as_the_publishers_say() -> None:
    assert POINT == 16069.78  # 13,000 x 100 / 81.1085 x (52,621.18 / 52,515.684)^1.3
    assert of_2024(162.44, 2010) == 233.56  # 162.44 x 100 / 69.549775


@every_illustration
def test_the_pencil_agrees_with_the_program_line_by_line(name: str) -> None:
    by_outcome = {
        each["id"]: each["present_value"] for each in sroi.evaluate(sroi.example(name)).to_dict()["by_outcome"]
    }
    sheet = SHEETS[name]()
    assert by_outcome == pytest.approx({line: sum(sheet.outcome(line).values()) for line in sheet.lines})


@every_illustration
def test_the_pencil_comes_to_the_figures_that_are_expected(name: str) -> None:
    by_hand = SHEETS[name]().figures()
    expected = expectation(STUDIES / name)["figures"]
    assert set(expected) == FIGURES
    for figure, value in expected.items():
        if value is None:
            assert by_hand[figure] is None
        else:
            assert by_hand[figure] == pytest.approx(value["value"], abs=value["tolerance"], rel=0), figure


@every_illustration
def test_the_pencil_has_the_value_of_every_year(name: str) -> None:
    sheet, result = SHEETS[name](), sroi.evaluate(sroi.example(name)).to_dict()
    by_year = {each["year"]: each["present_value"] for each in result["by_year"]}
    by_hand = dict.fromkeys(by_year, 0.0)
    for line in sheet.lines:
        for year, value in sheet.outcome(line).items():
            by_hand[year] += value
    assert by_year == pytest.approx(by_hand)


# ---- what each of them is ----


@every_illustration
def test_it_says_everywhere_that_it_is_an_illustration(name: str) -> None:
    impact_map = sroi.example(name)
    assert "(an illustration)" in impact_map.title
    assert impact_map.narrative is not None
    assert "This is an illustration" in (impact_map.narrative.limits or "")
    assert (STUDIES / name / "value_map.yaml").read_text(encoding="utf-8").startswith("# AN ILLUSTRATION")
    assert "illustration" in page(name).split("**")[0]
    assert "This is an illustration." in (STUDIES / name / "story.ipynb").read_text(encoding="utf-8")


@every_illustration
def test_nothing_is_asked_of_it_that_its_page_does_not_explain(name: str) -> None:
    groups = sroi.review(sroi.example(name)).groups()
    assert [group.findings[0].kind for group in groups] == ASKED[name]
    assert [kind for kind in ASKED[name] if f"*{heading(kind)}*" not in page(name)] == []


@every_illustration
def test_every_number_has_a_source_or_a_reason_and_no_deduction_is_missing(name: str) -> None:
    impact_map = sroi.example(name)
    for outcome in impact_map.outcomes:
        if not outcome.valued:
            continue
        for field in (*DEDUCTIONS, "drop_off", "duration"):
            number = getattr(outcome, field)
            assert number is not None, (outcome.id, field)
            assert all(part.note for part in number.parts()), (outcome.id, field)
        assert outcome.material is not None
        assert outcome.material.reason
        assert outcome.material.relevance
        assert outcome.material.significance
        assert outcome.indicator is not None
        assert outcome.proxy is not None
        assert outcome.proxy.price_year == impact_map.price_year == 2024
        assert outcome.proxy.licence
        assert outcome.proxy.licence in (outcome.proxy.source or "")
    assert all(given.source for given in impact_map.inputs)
    assert all(who.involved and who.reason for who in impact_map.stakeholders)


@every_illustration
def test_its_losses_are_counted_and_were_sought(name: str) -> None:
    impact_map = sroi.example(name)
    by_outcome = sroi.evaluate(impact_map).to_dict()["by_outcome"]
    assert {each["id"] for each in by_outcome if each["present_value"] < 0} == LOSSES[name]
    assert impact_map.negative_outcomes_sought


@every_illustration
def test_every_price_is_the_register_entry_that_it_names_brought_to_2024(name: str) -> None:
    for outcome in sroi.example(name).outcomes:
        proxy = outcome.proxy
        if proxy is None or proxy.register_id is None:
            continue
        moved = uprated(register().find(proxy.register_id), "2024")
        assert proxy.value is not None
        assert moved.value is not None
        assert abs(proxy.value.base) == round(moved.value, 2), outcome.id
        assert moved.sentence.rstrip(".") in (proxy.source or ""), outcome.id


def test_only_the_gardens_carbon_has_no_register_entry_and_it_is_that_of_the_year_of_emission() -> None:
    without = {
        (name, each.id) for name in SHEETS for each in sroi.example(name).outcomes
        if each.proxy is not None and each.proxy.register_id is None
    }  # fmt: skip
    assert without == {("community_garden", "less_greenhouse_gas"), ("community_garden", "mower_and_deliveries")}
    proxy = next(each.proxy for each in sroi.example("community_garden").outcomes if each.id == "less_greenhouse_gas")
    assert proxy is not None
    assert proxy.value is not None
    tonnes = [of_2024(each.central, 2022, financial=False) for each in carbon_values(2022, 3)]
    assert list(proxy.value.years) == tonnes == [288.35, 292.74, 297.20]


@every_illustration
def test_nothing_in_it_is_from_a_work_that_may_not_be_passed_on(name: str) -> None:
    for path in (STUDIES / name).glob("*.*"):
        if path.suffix != ".xlsx":
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"HACT|TOMs|Social Value Engine|PSSRU|Curtis|Global Value Exchange", text), path.name


def test_what_is_a_share_of_the_total_is_as_large_as_the_map_says() -> None:
    said = {
        ("employment", "earnings"): ("About four fifths of the total", 0.80),
        ("employment", "hope"): ("About a fifth of the total", 0.20),
        ("homelessness", "temporary_weeks"): ("About seven tenths of the total", 0.70),
        ("homelessness", "settled"): ("About an eighth of the total", 0.125),
        ("prevention", "out_again"): ("About three quarters of the total", 0.75),
        ("prevention", "hip_fractures"): ("About an eighth of the total", 0.125),
        ("youth_cohorts", "better_life"): ("About nine tenths of the total", 0.90),
        ("youth_cohorts", "apprenticeships"): ("About a twelfth of the total", 1 / 12),
    }
    for (name, outcome_id), (words, share) in said.items():
        impact_map = sroi.example(name)
        outcome = next(each for each in impact_map.outcomes if each.id == outcome_id)
        assert outcome.material is not None
        assert outcome.material.significance == words
        result = sroi.evaluate(impact_map).to_dict()
        value = next(each["present_value"] for each in result["by_outcome"] if each["id"] == outcome_id)
        assert value / result["total_present_value"] == pytest.approx(share, abs=0.025), (name, outcome_id)


@every_illustration
def test_its_page_prints_the_range_and_the_base_case_lies_in_it(name: str) -> None:
    impact_map = sroi.example(name)
    low, high = sroi.study_uncertainty(impact_map).interval
    assert f"{low:.2f} to {high:.2f}" in page(name)
    assert low < float(sroi.evaluate(impact_map).sroi_ratio) < high


# ---- what each of them teaches ----


def test_benefits_saved_are_a_transfer_and_never_enter_the_total() -> None:
    result = sroi.evaluate(sroi.example("employment"))
    told = {each["id"]: each for each in result.to_dict()["not_counted"]}
    assert "transfer" in told["benefits_saved"]["reason"]
    assert f"would raise the ratio to {result.ratio_with('benefits_saved'):.2f}" in page("employment")


def test_the_homes_stand_longer_than_the_first_band_of_the_schedule() -> None:
    impact_map = sroi.example("homelessness")
    assert impact_map.conventions.discount_rate == "uk_green_book_2026"
    result = sroi.evaluate(impact_map)
    assert [each["year"] for each in result.to_dict()["by_year"] if each["value"]][-1] == 46
    assert set(result.own_rates.values()) == {"uk_green_book_health_2026"}
    by_years = [ratio("homelessness", temporary_weeks__duration=years) for years in (30, 45, 60)]
    assert "30, 45 and 60 years give {:.2f}, {:.2f} and {:.2f}".format(*by_years) in page("homelessness")
    assert f"a flat 3.5 % at 45 years gives {ratio('homelessness', discount_rate=0.035):.2f}" in page("homelessness")


def test_the_garden_comes_to_less_than_was_put_in_and_says_so() -> None:
    result = sroi.evaluate(sroi.example("community_garden"))
    assert result.sroi_ratio < 1
    assert result.net_present_value < 0
    assert "less than was put in" in page("community_garden")
    short, carbon = -result.net_present_value, sum(SHEETS["community_garden"]().outcome("less_greenhouse_gas").values())
    assert round(1 + short / carbon) == 16
    assert "about sixteen times the tonnes" in page("community_garden")


def test_prevention_is_paid_by_four_and_saved_by_two_of_them() -> None:
    from sroi.appraisal.pockets import pockets

    found = pockets(sroi.evaluate(sroi.example("prevention")))
    assert {payer.name for payer in found.payers} >= {"Council", "NHS"}
    assert {saver.name for saver in found.savers} == {"Council", "NHS"}
    assert {saver.name for saver in found.savers if saver.cashable} == {"Council"}
    assert all(any(found.is_own(payer, saver) for payer in found.payers) for saver in found.savers)


def test_the_pupils_quantity_is_what_the_survey_makes_of_the_answers(tmp_path: Path) -> None:
    here = STUDIES / "school_programme"
    out = tmp_path / "written.yaml"
    asked = re.search(r"sroi survey answers\.csv (.+?--outcome happier)", page("school_programme"))
    assert asked is not None
    words = [word.strip('"') for word in re.findall(r'"[^"]+"|\S+', asked.group(1).replace("\\ ", ""))]
    words[words.index("value_map.yaml")] = str(here / "value_map.yaml")
    assert main(["survey", str(here / "answers.csv"), *words, "--out", str(out)]) == 0
    written = next(each for each in sroi.read_value_map(out).outcomes if each.id == "happier")
    ours = next(each for each in sroi.example("school_programme").outcomes if each.id == "happier")
    assert written.quantity == ours.quantity.model_copy(update={"confidence": None})  # type: ignore[union-attr]
    assert written.deadweight == ours.deadweight
    assert "31.7 points (11.3 to 52.2)" in page("school_programme")
    assert f"Without it the ratio is {ratio('school_programme', happier__proxy=0, mentor_left__proxy=0):.2f}" in page(
        "school_programme"
    )


def test_what_the_bid_had_promised_is_told_beside_what_came_of_it() -> None:
    bid = sroi.read_value_map(STUDIES / "youth_cohorts" / "forecast.yaml")
    assert bid.analysis == "forecast"
    changed = what_changed(bid, sroi.example("youth_cohorts"))
    assert changed.why_not is None
    assert sum(cause.contribution for cause in changed.causes) == pytest.approx(changed.change)
    assert f"the bid had promised {float(changed.before.sroi_ratio):.2f} : 1" in page("youth_cohorts")
    assert f"shares the fall of {-changed.change:.2f} out" in page("youth_cohorts")
    assert changed.causes[0].heading.startswith("Higher attribution of “Happier with life”")


def test_each_year_of_the_bus_is_a_cohort_of_its_own() -> None:
    impact_map: ImpactMap = sroi.example("youth_cohorts")
    assert impact_map.activity.years == 3
    result = sroi.evaluate(impact_map)
    alone = [
        float(sroi.evaluate(impact_map, {f"better_life.quantity.{year}": 0.0}).total_present_value)
        for year in (1, 2, 3)
    ]
    lost = [float(result.total_present_value) - each for each in alone]
    by_hand = SHEETS["youth_cohorts"]().outcome("better_life")
    assert lost == pytest.approx([by_hand[1], by_hand[2], by_hand[3]])
