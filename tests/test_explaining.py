"""The working, step by step: a reader with a pencil who redoes any printed step gets the printed result."""

from __future__ import annotations

import math
import random
import re
from pathlib import Path
from typing import Any

import pytest
from random_maps import random_value_map

import sroi
from sroi.errors import NameRefused
from sroi.explaining import Explanation, Sheet, explain, explain_all
from sroi.explaining.paper import Paper
from sroi.explaining.pencil import MONEY, NUMBER, product, quotient
from sroi.shipped import case_studies
from sroi.terminal.explaining import explanation_lines

Tree = dict[str, Any]
FIXTURES = Path(__file__).parent / "fixtures"
WORD = re.compile(r"[^\W\d][\w-]*")
NUMERAL = re.compile(r"\d[\d,]*(?:\.\d+)?")


# ---- the reader with a pencil: knows nothing but what is printed ----


def redone(working: str) -> float:
    """Return what a working comes to, from nothing but its printed words."""
    bare = WORD.sub("", working.replace("\u00a0", " ")).replace(",", "")
    bare = re.sub(r"(\d[\d.]*) %", r"(\1/100)", bare)
    for sign, python in {"×": "*", "−": "-", "^": "**", "£": ""}.items():
        bare = bare.replace(sign, python)
    assert re.fullmatch(r"[\d.+*/() -]+", bare), working
    return float(eval(bare))


def read(shown: str) -> tuple[float, float]:
    """Return a printed figure as a number, and half of its last digit."""
    shown = shown.partition(" (")[0].replace("\u00a0", " ")
    numeral = NUMERAL.search(shown)
    assert numeral is not None, shown
    number = float(numeral[0].replace(",", "")) * (-1 if "−" in shown else 1)
    half = 0.5 * 10.0 ** -len(numeral[0].partition(".")[2])
    return (number / 100, half / 100) if "%" in shown else (number, half)


def assert_redone(working: str, shown: str) -> None:
    result, half = read(shown)
    # Beyond its fifteenth digit a float says nothing.
    largest = max((float(numeral.replace(",", "")) for numeral in NUMERAL.findall(working)), default=0.0)
    assert abs(redone(working) - result) <= half * (1 + 1e-6) + 1e-12 * largest, f"{working} = {shown}"


def assert_table_redone(table: Sheet) -> None:
    """Redo the lines of a table: working to value, value and discounting to present value, column to total."""
    place = {heading: column for column, heading in enumerate(table.headings)}
    value = place.get("Value", place.get("Divided by"))
    for row in table.rows:
        if "Working" in place and value is not None:
            assert_redone(row[place["Working"]], row[value])
        if "Discounted" in place and value is not None:
            assert_redone(f"{row[value]} {row[place['Discounted']]}", row[place["Present value"]])
    if table.total is not None:
        rows = [*table.rows, *([table.rest] if table.rest else [])]
        assert_redone(" + ".join(row[-1] for row in rows), table.total[-1])


def assert_with_a_pencil(explanation: Explanation) -> None:
    for step in explanation.steps:
        assert_redone(step.working, step.shown)
        printed, half = read(step.shown)
        # "Less than nothing: none is kept" prints what the sum comes to, and is as exact.
        assert abs(printed - step.value) <= half * (1 + 1e-6) + 1e-12 * abs(step.value)
    for table in explanation.tables:
        assert_table_redone(table)


def assert_explained(impact_map: sroi.ImpactMap) -> None:
    """Redo all workings of a map, and hold their full figures to the door's."""
    result = sroi.evaluate(impact_map)
    worth = dict(zip(result.priced, result.present_value.tolist(), strict=True))
    for outcome in impact_map.outcomes:
        found = explain(impact_map, outcome.id)
        assert_with_a_pencil(found)
        assert (found.not_counted is None) == (outcome.id not in impact_map.not_counted())
        if outcome.id not in worth:
            assert math.isnan(found.value)
            continue
        # Cohorts may cancel each other: then the size of what is added up is the measure.
        size = max(1e-9, math.fsum(abs(year.present_value) for year in found.years))
        assert abs(found.value - worth[outcome.id]) <= 1e-9 * max(abs(worth[outcome.id]), 1e-6 * size)
        assert abs(math.fsum(year.present_value for year in found.years) - found.value) <= 1e-11 * size
    for place, put_in in enumerate(impact_map.inputs):
        found = explain(impact_map, put_in.id)
        assert_with_a_pencil(found)
        assert found.value == pytest.approx(float(result.inputs[place]), rel=1e-9)
    ratio = explain(impact_map)
    assert_with_a_pencil(ratio)
    assert ratio.value == pytest.approx(float(result.sroi_ratio), rel=1e-9, nan_ok=True)
    assert_with_a_pencil(explain(impact_map, "discount_rate"))


def test_the_reader_with_the_pencil_sees_a_last_digit_that_is_wrong() -> None:
    assert_redone("£1,385.10 / 1.035^2", "£1,293.01")
    with pytest.raises(AssertionError, match=r"1,293\.00"):
        assert_redone("£1,385.10 / 1.035^2", "£1,293.00")
    with pytest.raises(AssertionError):
        assert_redone("£241,428.57 × (1 − deadweight 30 %)", "£168,999.97")


# ---- every convention ----


@pytest.mark.parametrize("seed", range(120))
def test_every_figure_of_random_maps_can_be_redone_and_is_the_doors(seed: int) -> None:
    assert_explained(sroi.ImpactMap.model_validate(random_value_map(random.Random(seed))))


@pytest.mark.parametrize("name", case_studies())
def test_every_figure_of_a_case_study_can_be_redone(name: str) -> None:
    assert_explained(sroi.example(name))


@pytest.mark.parametrize("name", ["local_employment", "voyce_whakarongo_mai"])
def test_every_figure_of_a_fixture_can_be_redone(name: str) -> None:
    assert_explained(sroi.read_value_map(FIXTURES / f"{name}.yaml"))


def large_map(outcomes: int, lasting: float, years: int) -> sroi.ImpactMap:
    """Return a map of many outcomes, years and cohorts, with long names."""
    rng = random.Random(7)
    people = [
        {"id": f"group_{place}", "name": f"Families of street {place}", "size": 100 + place} for place in range(12)
    ]
    part = {"of": "group_3", "share": {"survey": {"yes": 9, "asked": 37}}, "times": 3}
    tree: Tree = {
        "sroi": 1, "title": "A large map", "analysis": "forecast", "currency": "GBP", "price_year": 2024,
        "activity": {"years": years}, "stakeholders": people,
        "inputs": [{"id": f"input_{place}", "stakeholder": f"group_{place % 12}", "kind": "money",
                    "value": {"by_year": [1000.5 + place] * years}} for place in range(14)],
        "outcomes": [
            {"id": f"outcome_{place}", "stakeholder": f"group_{place % 12}",
             "description": f"Change {place} in somebody's life, told in a sentence that is rather long",
             "quantity": {"by_year": [rng.randint(5, 90) for _ in range(years)]} if years > 1 else part,
             "proxy": round(rng.uniform(-20, 300), 2), "duration": lasting,
             "deadweight": 0.51, "displacement": 0.05, "attribution": 0.125, "drop_off": 0.15}
            for place in range(outcomes)
        ],
    }  # fmt: skip
    return sroi.ImpactMap.model_validate(tree)


@pytest.mark.parametrize(("outcomes", "lasting", "years"), [(60, 20, 1), (14, 20, 5), (3, 40.5, 30), (2, 90, 1)])
def test_large_maps_stay_readable_and_can_be_redone(outcomes: int, lasting: float, years: int) -> None:
    impact_map = large_map(outcomes, lasting, years)
    assert_explained(impact_map)
    for found in explain_all(sroi.evaluate(impact_map)):
        assert all(len(table.lines) <= 14 for table in found.tables)
        assert len(explanation_lines(found)) < 110


# ---- the words, on numbers checked by hand ----


def test_the_guides_outcome_is_written_out_as_the_guide_does() -> None:
    found = explain(sroi.example(), "gp_visits")
    assert [str(step).replace("\u00a0", " ") for step in found.steps] == [
        "quantity × proxy = 90 × £19 = £1,710",
        "£1,710 × (1 − deadweight 0 %) × (1 − displacement 0 %) × (1 − attribution 10 %) = £1,539",
        "1 − drop-off 10 % = 0.9",
        "1 + discount rate = 1 + 3.5 % = 1.035",
        "present value / total inputs = £5,732.19 / £42,375.00 = 0.135",
    ]
    (table,) = found.tables
    assert table.lines == (
        ("1", "£1,539", "£1,539.00", "/ 1.035", "£1,486.96"),
        ("2", "£1,539 × 0.9", "£1,385.10", "/ 1.035^2", "£1,293.01"),
        ("3", "£1,539 × 0.9^2", "£1,246.59", "/ 1.035^3", "£1,124.35"),
        ("4", "£1,539 × 0.9^3", "£1,121.93", "/ 1.035^4", "£977.70"),
        ("5", "£1,539 × 0.9^4", "£1,009.74", "/ 1.035^5", "£850.17"),
        ("Total", "", "", "", "£5,732.19"),
    )
    assert found.summary == "It counts. Its present value is £5,732.19."


def test_the_ratio_is_the_sum_of_the_outcomes_over_the_sum_of_the_inputs() -> None:
    found = explain(sroi.example())
    assert [table.total[-1] for table in found.tables if table.total] == ["£81,741.93", "£42,375.00"]
    assert str(found.steps[1]) == "total present value / total inputs = £81,741.93 / £42,375.00 = 1.93"


def said(small_tree: Tree, subject: str | None = "calmer", **outcome: Any) -> tuple[Explanation, str]:
    """Return an explanation of a small map with some keys of its first outcome changed, and its words."""
    small_tree["outcomes"][0] |= outcome
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    assert_explained(impact_map)
    found = explain(impact_map, subject)
    return found, str(found).replace("\u00a0", " ")


def test_a_head_count_is_size_times_share_times_times(small_tree: Tree) -> None:
    quantity = {"of": "people", "share": {"survey": {"yes": 34, "asked": 50}}, "times": 12}
    _, words = said(small_tree, quantity=quantity)
    assert "Share: yes / asked = 34 / 50 = 68 %" in words
    assert "Quantity: size × share × times = 100 × 68 % × 12 = 816" in words
    assert "ounted in a survey: 34 yes of 50 asked" in words
    _, words = said(small_tree, quantity={"of": "people", "share": 0.6})
    assert "Quantity: size × share = 100 × 60 % = 60" in words


def test_experts_views_are_averaged_in_a_step(small_tree: Tree) -> None:
    views = [{"low": 0.1, "value": view, "high": 0.5} for view in (0.2, 0.3, 0.4)]
    _, words = said(small_tree, attribution={"experts": views})
    assert "mean of 3 experts' views = (20 % + 30 % + 40 %) / 3 = 30 %" in words


def test_an_anchored_proxy_shows_its_chain(small_tree: Tree) -> None:
    small_tree["outcomes"][1] |= {"weight": 3}
    _, words = said(small_tree, proxy={"anchored_to": "healthier"}, weight=8)
    assert "proxy of healthier × weight of calmer / of healthier = £30 × 8 / 3 = £80" in words
    assert "Weight of healthier: 3." in words
    assert "Proxy of healthier: £30. Source: made for the test" not in words
    assert "In prices of 2024; source: made for the test." in words


def test_each_year_of_activity_is_a_cohort_where_numbers_are_by_year(small_tree: Tree) -> None:
    small_tree["activity"]["years"] = 2
    found, words = said(small_tree, quantity={"by_year": [50, 100]}, drop_off=0.5)
    assert "Cohort of year 1: quantity × proxy × share kept = 50 × £30 × 72.9 % = £1,093.50" in words
    assert "Cohort of year 2: 100 × £30 × 72.9 % = £2,187" in words
    assert found.tables[0].rows[1][1:3] == ("£1,093.50 × 0.5 + £2,187", "£2,733.75")


def test_deductions_added_past_all_of_it_leave_nothing_and_say_so(small_tree: Tree) -> None:
    small_tree["conventions"] = {"deductions": "add"}
    _, words = said(small_tree)
    assert "× (1 − deadweight 10 % − displacement 10 % − attribution 10 %) = £1,050" in words
    _, words = said(small_tree, deadweight=0.6, displacement=0.5)
    assert (
        "1 − deadweight 60 % − displacement 50 % − attribution 10 % = −20 % (less than nothing: none is kept)" in words
    )
    assert "£1,500 × 0 % = £0" in words
    assert "Nothing is left of it in the first year" in words


def test_drop_off_from_the_first_year_bites_at_once(small_tree: Tree) -> None:
    small_tree["conventions"] = {"drop_off_from": "first_year"}
    found, words = said(small_tree)
    assert [row[1] for row in found.tables[0].rows] == ["£1,093.50 × 0.9", "£1,093.50 × 0.9^2"]
    assert "Drop-off takes its share of the first year already." in words


def test_a_late_start_and_a_part_of_a_year_are_seen_in_the_years(small_tree: Tree) -> None:
    found, words = said(small_tree, starts="after", duration=2.5, drop_off=0)
    assert [row[:2] for row in found.tables[0].rows] == [
        ("2", "£1,093.50"),
        ("3", "£1,093.50"),
        ("4", "£1,093.50 × 0.5"),
    ]
    assert "It starts in year 2, the year after the activity and lasts 2.5 years" in words
    assert "the last of them counts as 0.5 of a year" in words


@pytest.mark.parametrize(
    ("rules", "discounted"),
    [
        ({"discount_timing": "mid_year"}, ["/ 1.035^0.5", "/ 1.035^1.5"]),
        ({"discount_timing": "start_of_year"}, ["/ 1", "/ 1.035"]),
        ({"present_at": 3}, ["× 1.035^2", "× 1.035"]),
        ({"present_at": 1.5}, ["× 1.035^0.5", "/ 1.035^0.5"]),
        ({"discount_rate": {"by_year": [0.02, 0.05]}}, ["/ 1.02", "/ (1.02 × 1.05)"]),
        ({"discount_rate": "uk_green_book", "present_at": 32}, ["× (1.035^29 × 1.03^2)", "× (1.035^28 × 1.03^2)"]),
    ],
)
def test_a_year_is_discounted_with_its_own_numbers(small_tree: Tree, rules: Tree, discounted: list[str]) -> None:
    small_tree["conventions"] = rules
    found, _ = said(small_tree)
    assert [row[3] for row in found.tables[0].rows] == discounted


def test_many_different_rates_stand_as_one_divisor(small_tree: Tree) -> None:
    small_tree["conventions"] = {"discount_rate": {"by_year": [0.01, 0.02, 0.03, 0.04, 0.05, 0.06]}}
    found, _ = said(small_tree, duration=6)
    assert re.fullmatch(r"/ 1\.2\d{5,}", found.tables[0].rows[5][3])


@pytest.mark.parametrize("rules", [{"discount_timing": "none"}, {"discount_rate": 0}])
def test_without_discounting_there_is_no_column_for_it(small_tree: Tree, rules: Tree) -> None:
    small_tree["conventions"] = rules
    found, words = said(small_tree)
    assert found.tables[0].headings == ("Year", "Working", "Value")
    assert "othing is discounted" in words
    assert "Its value, not discounted, is £2,077.65." in words


def test_years_beyond_the_table_are_summed_in_one_step(small_tree: Tree) -> None:
    found, _ = said(small_tree, duration=40)
    table, step = found.tables[0], next(step for step in found.steps if step.what == "Years 13 to 40 together")
    assert len(table.rows) == 12
    assert table.rest is not None
    assert table.rest[:2] == ("13 to 40", "summed")
    assert step.working == "£1,093.50 × 0.9^12 / 1.035^13 × (1 − (0.9 / 1.035)^28) / (1 − 0.9 / 1.035)"
    assert step.value == pytest.approx(math.fsum(year.present_value for year in found.years[12:]), rel=1e-12)
    assert len(found.years) == 40


def test_a_loss_is_called_one(small_tree: Tree) -> None:
    found, words = said(small_tree, proxy=-30)
    assert "50 × −£30 = −£1,500" in words
    assert found.summary.endswith("a loss.")


def test_what_does_not_count_says_why_and_what_it_would_be(small_tree: Tree) -> None:
    found, words = said(small_tree, material={"decision": False, "reason": "a handful of people"})
    assert found.not_counted == "judged not material: a handful of people"
    assert words.splitlines()[1].startswith("Not counted: judged not material: a handful of people. If it counted, its")
    assert found.steps[-1].what == "The ratio, if it counted"
    assert found.steps[-1].value == pytest.approx(
        sroi.evaluate(sroi.ImpactMap.model_validate(small_tree)).ratio_with("calmer")
    )


def test_what_has_no_price_has_nothing_to_work_out(small_tree: Tree) -> None:
    found, words = said(small_tree, proxy=None, valued=False)
    assert "There is nothing to work out: the map gives it no proxy." in words
    assert found.parts == ()
    assert found.to_dict()["value"] is None


def test_an_outcome_that_lasts_no_time_counts_as_nothing(small_tree: Tree) -> None:
    found, words = said(small_tree, duration=0)
    assert found.value == 0.0
    assert "It lasts 0 years, so nothing is counted." in words


# ---- what the map gives ----


def test_each_number_stands_with_its_source_or_with_that_it_has_none(small_tree: Tree) -> None:
    small_tree["outcomes"][0].pop("drop_off")
    found, words = said(
        small_tree, deadweight={"value": 0.25, "note": "six of 24 rose too", "source": "the waiting list"}
    )
    assert "Deadweight: 25 %. Reason: six of 24 rose too; source: the waiting list." in words
    assert "Displacement: 10 %. Reason: asked the residents; no source given." in words
    assert "Duration: 2 years. No source given." in words
    assert "Drop-off: not given, counts as 0 %." in words
    given = {each.name: each for each in found.givens}
    assert given["calmer.drop_off"].is_missing
    assert given["calmer.deadweight"].values == (0.25,)


def test_a_number_says_where_it_stands_in_the_file() -> None:
    found = explain(sroi.example(), "gp_visits")
    lines = sroi.case_study("wheels_to_meals").read_text(encoding="utf-8").splitlines()
    place = next(each.place for each in found.givens if each.name == "gp_visits.attribution")
    assert lines[int(place.removeprefix("line ")) - 1].strip() == "attribution: 10%"


def test_a_published_schedule_is_cited() -> None:
    small = large_map(1, 2, 1).model_copy(update={"conventions": {"discount_rate": "uk_green_book"}})
    words = str(explain(small, "outcome_0")).replace("\u00a0", " ")
    assert "years 31 to 75: 3 %" in words
    assert "source: The Green Book" in words


def test_an_input_by_the_hour_and_one_untold_are_worked_out(small_tree: Tree) -> None:
    small_tree["inputs"] += [
        {"id": "help", "stakeholder": "people", "kind": "time", "hours": 120, "rate": 7.5},
        {"id": "presence", "stakeholder": "people", "kind": "time"},
    ]
    _, words = said(small_tree, "help")
    assert "hours × rate an hour = 120 × £7.50 = £900" in words
    found, words = said(small_tree, "presence")
    assert found.value == 0.0
    assert "The map gives it no value, so it counts as nothing." in words


# ---- names, texts, digits ----


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("calmr", "this map has no outcome or input 'calmr'. Did you mean 'calmer'?"),
        ("calmer.deadweight", "Ask for calmer: its working shows all its numbers."),
        (
            "people",
            "'people' is a stakeholder, and only outcomes and inputs have a working. Ask for one of its outcomes",
        ),
        ("zzz", "Known: calmer, healthier, grant."),
    ],
)
def test_an_unknown_name_is_refused_with_what_to_do(small_map: sroi.ImpactMap, subject: str, words: str) -> None:
    with pytest.raises(NameRefused) as refused:
        explain(small_map, subject)
    assert words in str(refused.value)


def test_text_of_a_map_stays_text(small_tree: Tree) -> None:
    hostile = "{0} {worth} <script>\n= 1 + 1\u2028%s"
    small_tree["stakeholders"][0]["name"] = hostile
    small_tree["inputs"][0] |= {"description": hostile, "source": hostile}
    found, words = said(small_tree, description=hostile, proxy={"value": 3, "source": hostile, "unit": hostile})
    assert "{0} {worth} <script> = 1 + 1 %s" in words
    assert "\n" not in found.label
    assert explanation_lines(found)


def test_a_step_gets_the_digits_it_needs_and_no_more() -> None:
    paper = Paper("GBP")
    third = paper.work("A third", "", quotient(paper.take(1.0, MONEY), paper.take(3.0, NUMBER)), MONEY)
    whole = paper.work("Many", "", product(third, paper.take(300.0, NUMBER)), MONEY)
    paper.settled()
    assert (str(third), str(whole)) == ("£0.33333", "£100")


def test_half_a_penny_gets_a_digit_of_its_own() -> None:
    paper = Paper("GBP")
    third = paper.work("Two thirds", "", quotient(paper.take(2.0, MONEY), paper.take(3.0, NUMBER)), MONEY)
    half = paper.work("Half a penny", "", product(third, paper.take(0.1875, NUMBER)), MONEY)
    paper.settled()
    assert str(half) == "£0.125"


def test_the_dictionary_holds_full_figures_and_every_year() -> None:
    found = explain(sroi.example(), "gp_visits").to_dict()
    assert found["value"] == pytest.approx(5732.185, abs=0.001)
    assert [year["year"] for year in found["by_year"]] == [1, 2, 3, 4, 5]
    assert found["by_year"][1]["present_value"] == pytest.approx(1385.10 / 1.035**2, rel=1e-12)
    assert [part["kind"] for part in found["working"]].count("table") == 1


# ---- in the terminal ----


@pytest.mark.parametrize("width", [100, 80, 60])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    maps = [sroi.example(), sroi.example("befriending"), large_map(14, 20, 12)]
    for impact_map in maps:
        for found in explain_all(sroi.evaluate(impact_map)):
            assert max(map(len, explanation_lines(found, width))) <= width


def test_a_table_too_wide_becomes_chains_that_can_still_be_redone() -> None:
    lines = explanation_lines(explain(large_map(1, 3, 4), "outcome_0"), 70)
    whole = " ".join(line.strip() for line in lines).replace("\u00a0", " ")
    chain = re.search(r"Year 2: (.*?) Year 3:", whole)
    assert chain is not None
    working, value_and_factor, present = chain[1].split(" = ")
    assert_redone(working, value_and_factor.partition(" / ")[0])
    assert_redone(value_and_factor, present)
