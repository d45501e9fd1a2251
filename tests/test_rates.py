"""Discount schedules by name and date, an outcome's own rate, and carbon values: from the table to the printed word."""

from __future__ import annotations

import copy
import csv
import json
import subprocess
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

import sroi
from sroi.comparison import conventions_that_reproduce, same_rules, what_changed
from sroi.errors import ImpossibleMap, MethodRefused
from sroi.evidence.carbon import GASES, carbon_value, carbon_values
from sroi.evidence.schedules import (
    LONGEST_SCHEDULE,
    STANDING_WORDS,
    all_schedules,
    rate_words,
    schedule,
    schedule_names,
    schedules_on,
)
from sroi.explaining import explain
from sroi.files.schema import value_map_schema
from sroi.files.tree import to_tree
from sroi.files.workbook_writer import workbook_bytes
from sroi.sensitivity import one_way

Tree = dict[str, Any]
Command = Callable[..., subprocess.CompletedProcess[str]]
DATA = ROOT / "sroi" / "data"
NB = "\u00a0"


def as_map(tree: Tree) -> sroi.ImpactMap:
    return sroi.ImpactMap.model_validate(tree)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


# ---- schedules ----

# Worked by hand: the product of each year's own rate, with the bands as HM Treasury tabulates them.
STANDARD = {
    1: 1 / 1.035,
    30: 1 / 1.035**30,
    31: 1 / (1.035**30 * 1.03),
    75: 1 / (1.035**30 * 1.03**45),
    76: 1 / (1.035**30 * 1.03**45 * 1.025),
    125: 1 / (1.035**30 * 1.03**45 * 1.025**50),
}
HEALTH = {
    1: 1 / 1.015,
    30: 1 / 1.015**30,
    31: 1 / (1.015**30 * 1.0129),
    75: 1 / (1.015**30 * 1.0129**45),
    76: 1 / (1.015**30 * 1.0129**45 * 1.0107),
    125: 1 / (1.015**30 * 1.0129**45 * 1.0107**50),
}
LONG_HORIZON = {
    1: 1 / 1.03,
    30: 1 / 1.03**30,
    31: 1 / (1.03**30 * 1.0257),
    75: 1 / (1.03**30 * 1.0257**45),
    76: 1 / (1.03**30 * 1.0257**45 * 1.0214),
    125: 1 / (1.03**30 * 1.0257**45 * 1.0214**50),
}


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        ("uk_green_book", STANDARD),
        ("uk_green_book_2026", STANDARD),
        ("uk_green_book_health", HEALTH),
        ("uk_green_book_long_horizon", LONG_HORIZON),
    ],
)
def test_green_book_factors_are_the_product_worked_by_hand(name: str, by_hand: dict[int, float]) -> None:
    rates = schedule(name).rates(LONGEST_SCHEDULE)
    found = sroi.formulas.discount_factors(rates, list(by_hand))
    assert found.tolist() == pytest.approx(list(by_hand.values()), rel=1e-13)


def test_the_printed_factors_are_the_known_ones(command: Command) -> None:
    shown = command("rates", "uk_green_book", "--years", "1,30,31,75,76,125").stdout
    for line in (
        "year   1: 1 / 1.035 = 0.966184",
        "year  30: 1 / 1.035^30 = 0.356278",
        "year  31: 1 / (1.035^30 × 1.03) = 0.345901",
        "year  75: 1 / (1.035^30 × 1.03^45) = 0.094214",
        "year  76: 1 / (1.035^30 × 1.03^45 × 1.025) = 0.091916",
        "year 125: 1 / (1.035^30 × 1.03^45 × 1.025^50) = 0.027411",
    ):
        assert line in shown


def test_the_health_rate_is_the_standard_rate_without_the_wealth_effect() -> None:
    standard, health = (schedule(name) for name in ("uk_green_book", "uk_green_book_health"))
    for (*years, rate), (*same, other) in zip(standard.bands, health.bands, strict=True):
        assert years == same
        assert other == pytest.approx(rate * 1.5 / 3.5, abs=5e-5)


def test_every_rate_has_source_licence_level_and_date() -> None:
    for row in rows("discount_rates.csv"):
        for field in ("source_title", "publisher", "licence", "address", "verification_level", "as_at", "status"):
            assert row[field], (row["id"], field)
        assert row["verification_level"] in ("A", "B")
        assert -1 < float(row["value"]) < 1


def test_every_name_has_rates_and_every_rate_a_name() -> None:
    named = rows("discount_schedules.csv")
    assert len({row["name"] for row in named}) == len(named)
    assert {row["series"] for row in named} == {row["series"] for row in rows("discount_rates.csv")}
    assert {row["standing"] for row in named} <= set(STANDING_WORDS)


@pytest.mark.parametrize("name", schedule_names())
def test_the_bands_of_a_schedule_follow_on_one_another(name: str) -> None:
    told = schedule(name)
    firsts = [max(first, 1) for first, _, _ in told.bands]
    lasts = [last for _, last, _ in told.bands]
    assert firsts[0] == 1
    assert [first - 1 for first in firsts[1:]] == lasts[:-1]
    assert all(first <= LONGEST_SCHEDULE for first in firsts)
    assert np.isfinite(told.rates(400)).all()
    assert told.rates(5).tolist() == told.rates(400)[:5].tolist()


def test_year_40_of_the_norwegian_schedule_belongs_to_its_first_band() -> None:
    assert schedule("no_finance_ministry").rates(76)[[38, 39, 40, 74, 75]].tolist() == [0.04, 0.04, 0.03, 0.03, 0.02]


def test_after_the_years_that_were_seen_the_last_rate_goes_on() -> None:
    told = schedule("nz_treasury")
    assert told.known_years == 30
    assert told.rates(60).tolist() == [0.02] * 60


def test_a_day_finds_the_versions_that_ruled_then() -> None:
    assert [each.name for each in schedules_on("2022-06-30", "eu_cohesion")] == ["eu_cohesion"]
    assert {each.name for each in schedules_on("2016-04-01")} == {
        "eu_cohesion_2014_cohesion_countries", "eu_cohesion_2014_other_members",
    }  # fmt: skip
    assert [each.name for each in schedules_on("2026-06-01", "uk_green_book_health")] == ["uk_green_book_health_2026"]
    assert schedules_on("2015-01-01", "uk_green_book") == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("uk_green_book", "the UK Green Book schedule"),
        ("us_omb_2023", "the US OMB rate of 2023 (superseded)"),
        ("de_2017", "the German rate (stale: as reported in 2017)"),
        ("ie_public_spending_code", "the Irish test discount rate of 2019 (not checked for a later revision)"),
    ],
)
def test_what_no_longer_holds_is_said_wherever_it_is_named(small_tree: Tree, name: str, words: str) -> None:
    assert rate_words(name) == words
    small_tree["conventions"] = {"discount_rate": name}
    result = sroi.evaluate(as_map(small_tree))
    assert words in result.rules()
    assert words in explain(as_map(small_tree), "discount_rate").summary


def test_schema_explorer_and_workbook_offer_every_schedule(small_tree: Tree) -> None:
    from io import BytesIO

    import openpyxl

    from sroi.explorer.fields import facts

    told = json.dumps(value_map_schema())
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(as_map(small_tree))))
    listed = {row[0].value for row in book["Rates"].iter_rows(max_col=1)}
    assert list(facts()["schedules"]) == list(schedule_names())
    for name in schedule_names():
        assert f'"{name}"' in told
        assert name in listed


def test_a_misspelt_schedule_is_refused_with_the_nearest(small_tree: Tree) -> None:
    small_tree["outcomes"][0]["discount_rate"] = "uk_green_book_helth"
    with pytest.raises(ImpossibleMap) as refused:
        as_map(small_tree)
    assert (
        "'uk_green_book_helth' is neither a rate nor a schedule that is known. Did you mean 'uk_green_book_health'? "
        "Give a rate such as 3.5%, or the name of a schedule (`sroi rates` lists them)." in str(refused.value)
    )


# ---- a rate of an outcome's own ----


def long_tree(small_tree: Tree) -> Tree:
    """The small map with one outcome that lasts 40 years at 5 % drop-off, all else plain: an invented example."""
    first = small_tree["outcomes"][0]
    first |= {"quantity": 10, "proxy": 500, "duration": 40, "deadweight": "20%", "drop_off": "5%"}
    first |= {"displacement": 0, "attribution": 0}
    small_tree["outcomes"] = [first, {**first, "id": "other"}]
    return small_tree


def test_an_outcomes_own_rate_is_its_discount_worked_by_hand(small_tree: Tree) -> None:
    tree = long_tree(small_tree)
    tree["outcomes"][0]["discount_rate"] = "uk_green_book_health"
    by_hand = [
        sum(4000 * 0.95**age / (1.015 ** min(age + 1, 30) * 1.0129 ** max(age + 1 - 30, 0)) for age in range(40)),
        sum(4000 * 0.95**age / 1.035 ** (age + 1) for age in range(40)),
    ]
    result = sroi.evaluate(as_map(tree))
    assert result.present_value.tolist() == pytest.approx(by_hand, rel=1e-12)
    assert by_hand[0] == pytest.approx(57_221.13, abs=0.005)
    assert result.total_present_value == pytest.approx(sum(by_hand), rel=1e-12)
    assert sum(result.present_value_by_year) == pytest.approx(sum(by_hand), rel=1e-12)
    assert sum(list(result.ladder.values())[:-1]) == pytest.approx(sum(by_hand), rel=1e-12)


rates_or_names = st.one_of(st.sampled_from(schedule_names()), st.floats(-0.2, 0.5))


@given(
    rates_or_names,
    rates_or_names,
    st.sampled_from(["end_of_year", "mid_year", "start_of_year", "none"]),
    st.floats(0, 9),
)
@settings(max_examples=60, deadline=None)
def test_at_its_own_rate_an_outcome_is_worth_what_it_would_be_in_a_map_at_that_rate(
    own: Any, rate: Any, timing: str, present_at: float
) -> None:
    tree = to_tree(sroi.example("wheels_to_meals"))
    rules = {"discount_timing": timing, "present_at": present_at}
    there = sroi.evaluate(as_map({**tree, "conventions": {**rules, "discount_rate": own}}))
    mixed = copy.deepcopy({**tree, "conventions": {**rules, "discount_rate": rate}})
    mixed["outcomes"][0]["discount_rate"] = own
    here = sroi.evaluate(as_map(mixed))
    assert here.present_value[0] == pytest.approx(there.present_value[0], rel=1e-12)
    mixed["outcomes"][0].pop("discount_rate")
    assert here.present_value[1:].tolist() == sroi.evaluate(as_map(mixed)).present_value[1:].tolist()


def test_another_rate_of_the_map_leaves_an_outcomes_own_alone(small_tree: Tree) -> None:
    tree = long_tree(small_tree)
    tree["conventions"] = {"discount_rate": "uk_green_book"}
    tree["outcomes"][0]["discount_rate"] = "1.5%"
    base = sroi.evaluate(as_map(tree))
    moved = sroi.evaluate(as_map(tree), at={"discount_rate": [0.0, 0.1]})
    assert moved.present_value[:, 0].tolist() == [base.present_value[0]] * 2
    assert moved.present_value[0, 1] > base.present_value[1] > moved.present_value[1, 1]
    ends = {each.name: (each.ratio_low, each.ratio_high) for each in one_way(as_map(tree))}["discount_rate"]
    again = [sroi.evaluate(as_map(tree), at={f"discount_rate.{k + 1}": rate + step for k, rate in enumerate(
        schedule("uk_green_book").rates(LONGEST_SCHEDULE))}).sroi_ratio for step in (-0.01, 0.01)]  # fmt: skip
    assert ends == pytest.approx(tuple(again), rel=1e-12)


def test_the_rate_is_said_beside_the_ratio_and_in_the_json(small_tree: Tree) -> None:
    tree = long_tree(small_tree)
    first, other = (outcome["id"] for outcome in tree["outcomes"])
    tree["outcomes"][0]["discount_rate"] = "uk_green_book_health"
    result = sroi.evaluate(as_map(tree))
    assert f"3.5{NB}% a year ({first} at the UK Green Book health schedule)" in result.rules()
    assert result.to_dict()["conventions"]["outcome_discount_rates"] == {first: "uk_green_book_health"}
    tree["outcomes"][1]["discount_rate"] = 0.015
    result = sroi.evaluate(as_map(tree))
    assert f"({first} at the UK Green Book health schedule; {other} at 1.5{NB}% a year)" in result.rules()
    assert "outcome_discount_rates" not in sroi.evaluate(sroi.example()).to_dict()["conventions"]


def test_a_map_that_discounts_nothing_discounts_no_outcome(small_tree: Tree) -> None:
    tree = long_tree(small_tree)
    tree["conventions"] = {"discount_timing": "none"}
    plain = sroi.evaluate(as_map(tree))
    tree["outcomes"][0]["discount_rate"] = "10%"
    assert sroi.evaluate(as_map(tree)).total_present_value == plain.total_present_value
    assert sroi.evaluate(as_map(tree)).rules() == plain.rules()


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        ("1.5", "Did you mean 1.5%?"),
        ({"by_year": [0.01, 0.02]}, "a range or rates by year stand where an outcome's own discount rate belongs."),
        ({"value": 0.01, "low": 0, "high": 0.02}, "Give one rate such as 1.5%, or the name of a schedule"),
        ("-100%", "-100%"),
    ],
)
def test_what_is_no_rate_of_an_outcome_is_refused(small_tree: Tree, rate: Any, words: str) -> None:
    small_tree["outcomes"][0]["discount_rate"] = rate
    with pytest.raises(ImpossibleMap) as refused:
        as_map(small_tree)
    assert words in str(refused.value)
    assert "discount_rate" in str(refused.value)


@pytest.mark.parametrize("ending", ["yaml", "json", "xlsx"])
def test_an_own_rate_comes_back_from_a_file(small_tree: Tree, ending: str, tmp_path: Any) -> None:
    tree = long_tree(small_tree)
    tree["outcomes"][0]["discount_rate"], tree["outcomes"][1]["discount_rate"] = "uk_green_book_health", "1.5%"
    sroi.write_value_map(as_map(tree), tmp_path / f"map.{ending}")
    back = sroi.read_value_map(tmp_path / f"map.{ending}")
    assert [outcome.discount_rate for outcome in back.outcomes] == ["uk_green_book_health", 0.015]
    assert back == as_map(tree)


def test_the_working_of_an_outcome_shows_its_own_rate(small_tree: Tree) -> None:
    tree = long_tree(small_tree)
    tree["outcomes"][0]["discount_rate"] = "1.5%"
    told = explain(as_map(tree), tree["outcomes"][0]["id"])
    words = json.dumps(told.to_dict(), ensure_ascii=False)
    assert f"It has a discount rate of its own: 1.5{NB}% a year." in words
    assert "/ 1.015^2" in words
    assert [each.shown for each in told.givens if each.label == "Own discount rate"] == [f"1.5{NB}% a year"]
    assert told.value == pytest.approx(float(sroi.evaluate(as_map(tree)).present_value[0]), rel=1e-12)


def test_what_changed_names_the_own_rate(small_tree: Tree) -> None:
    tree = long_tree(small_tree)
    other = copy.deepcopy(tree)
    other["outcomes"][0]["discount_rate"] = "1.5%"
    found = what_changed(as_map(tree), as_map(other))
    (cause,) = found.causes
    assert "own discount rate" in cause.label
    assert (cause.was, cause.now) == ("the map's rate", f"1.5{NB}% a year")
    assert cause.contribution == pytest.approx(found.change, rel=1e-12)
    assert [each.name for each in found.differences] == [f"{tree['outcomes'][0]['id']}.discount_rate"]


def test_under_the_same_rules_every_outcome_has_the_common_rate(small_tree: Tree) -> None:
    tree = long_tree(small_tree)
    plain = as_map(tree)
    tree["outcomes"][0]["discount_rate"] = "1.5%"
    own = as_map(tree)
    found = same_rules([own, plain])
    assert found.maps[0].same is not None
    assert found.maps[0].same.sroi_ratio == sroi.evaluate(plain).sroi_ratio
    assert found.maps[0].own.sroi_ratio > sroi.evaluate(plain).sroi_ratio
    assert any("With a rate of their own: 1 in" in note for note in found.notes)
    assert "at 1.5" in found.maps[0].changed_rules


def test_a_printed_figure_is_found_that_was_reckoned_without_own_rates(small_tree: Tree) -> None:
    tree = long_tree(small_tree)
    printed = f"{sroi.evaluate(as_map(tree)).total_present_value:.2f}"
    tree["outcomes"][0]["discount_rate"] = "1.5%"
    found = conventions_that_reproduce(as_map(tree), {"total_present_value": printed})
    assert found[0].words == "if every outcome is discounted at the map's rate"


def test_a_schedule_that_no_longer_holds_is_a_finding(small_tree: Tree) -> None:
    tree = long_tree(small_tree)
    tree["conventions"] = {"discount_rate": "dk_2017"}
    tree["outcomes"][0]["discount_rate"] = "nz_treasury"
    findings = {each.kind: each for each in sroi.review(as_map(tree))}
    assert (
        "discounted at the Danish schedule, which is stale: as reported in 2017"
        in findings["schedule_not_current"].what
    )
    assert "value in year 40, but of the New Zealand Treasury rate only years 1 to 30" in findings["schedule_ends"].what
    tree["conventions"] = {"discount_rate": "uk_green_book"}
    tree["outcomes"][0]["discount_rate"] = "uk_green_book_health"
    assert not {"schedule_not_current", "schedule_ends"} & {each.kind for each in sroi.review(as_map(tree))}


# ---- the commands ----


def test_rates_lists_every_schedule_with_source_date_and_standing(command: Command) -> None:
    shown = " ".join(command("rates").stdout.split())
    for each in all_schedules():
        assert each.name in shown
        assert each.as_at in shown
        assert STANDING_WORDS[each.standing] in shown
    assert "level B: seen at second hand only" in shown


def test_rates_answers_in_json_with_the_product(command: Command) -> None:
    told = json.loads(command("rates", "uk_green_book_health", "--years", "31", "--json", "-").stdout)
    (found,) = told["schedules"]
    assert found["factors"] == [
        {"year": 31, "product": "(1.015^30 × 1.0129)", "factor": pytest.approx(1 / (1.015**30 * 1.0129), rel=1e-13)}
    ]
    assert found["bands"][0] == {"first_year": 1, "last_year": 30, "rate": 0.015}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rates", "uk_gren_book"], "there is no schedule 'uk_gren_book'. Did you mean 'uk_green_book'?"),
        (["rates", "uk_green_book", "--years", "0"], "--years: '0' is no year from 1 to 1000. Give whole years with commas between, such as 1,30,31."),
        (["rates", "--on", "2016-13-01"], "--on: '2016-13-01' is no day. Write it as year-month-day, such as 2016-04-01."),
        (["rates", "uk_green_book", "--on", "2010-01-01"], "no schedule of uk_green_book is known to have ruled on 2010-01-01."),
        (["carbon", "--from", "2049", "--years", "3"], "there is no carbon value of 2051. The desnz table (abatement cost, 2020 to 2050) ends there"),
        (["carbon", "--from", "2030", "--gas", "ch4"], "desnz has no value of a tonne of 'ch4'. It has co2e. epa has ch4: another basis."),
        (["carbon", "--from", "2030", "--basis", "dezns"], "'dezns' is no basis of carbon values. Did you mean 'desnz'?"),
        (["carbon", "--from", "2030", "--level", "middle"], "'middle' is no level of a carbon value. Known: low, central, high."),
        (["carbon", "--from", "2030", "--years", "0"], "0 years of carbon values are none."),
    ],
)  # fmt: skip
def test_wrong_usage_is_said(command: Command, arguments: list[str], message: str) -> None:
    ended = command(*arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(message)


# ---- carbon ----


def test_carbon_values_are_those_of_the_published_tables() -> None:
    # Printed: DESNZ, Data Tables 1-19, Table 3 (2022 prices); EPA, annual unrounded table (2020 dollars).
    assert [(carbon_value(year).low, carbon_value(year).central, carbon_value(year).high) for year in (2020, 2050)] == [
        (126.6, 253.19, 379.79), (198.77, 397.54, 596.31),
    ]  # fmt: skip
    assert [carbon_value(2030, "epa", gas).central for gas in GASES["epa"]] == [230, 2403, 66395]
    assert (carbon_value(2030).kind, carbon_value(2030).currency, carbon_value(2030).price_year) == (
        "abatement cost",
        "GBP",
        2022,
    )
    assert (carbon_value(2030, "epa").kind, carbon_value(2030, "epa").currency) == ("damage cost", "USD")


def test_every_carbon_value_has_source_licence_price_year_unit_and_level() -> None:
    values = [each for basis, gases in GASES.items() for gas in gases for each in carbon_values(2020, 31, basis, gas)]
    assert len(values) == 124
    for each in values:
        for field in (
            "source",
            "publisher",
            "licence",
            "price_year",
            "unit",
            "currency",
            "verification_level",
            "address",
        ):
            assert getattr(each, field), (each.basis, each.year, field)
        assert each.low < each.central < each.high


@pytest.mark.parametrize(("basis", "gas"), [(basis, gas) for basis, gases in GASES.items() for gas in gases])
def test_carbon_values_rise_with_the_year_of_emission_without_a_gap(basis: str, gas: str) -> None:
    values = carbon_values(2020, 31, basis, gas)
    assert [each.year for each in values] == list(range(2020, 2051))
    for level in ("low", "central", "high"):
        assert (np.diff([each.at(level) for each in values]) > 0).all()
    assert len({(each.kind, each.currency, each.price_year) for each in values}) == 1


def test_beyond_its_table_no_carbon_value_is_made_up() -> None:
    for year in (2019, 2051):
        with pytest.raises(MethodRefused, match=f"there is no carbon value of {year}"):
            carbon_value(year)


def test_what_carbon_prints_can_be_pasted_into_a_map(command: Command, small_tree: Tree) -> None:
    import yaml

    shown = command("carbon", "--from", "2026", "--years", "3", "--range").stdout
    pasted = shown.split("activity years 1, 2, ..):\n")[1].split("\n\nThe map's activity")[0]
    proxy = yaml.safe_load(pasted)["proxy"]
    small_tree |= {"activity": {"years": 3}, "price_year": 2022}
    small_tree["outcomes"][0] |= {"proxy": proxy, "quantity": {"by_year": [10, 10, 10]}, "deadweight": 0}
    small_tree["outcomes"][0] |= {"displacement": 0, "attribution": 0, "duration": 1, "starts": "during"}
    impact_map = as_map(small_tree)
    assert impact_map.numbers()[f"{impact_map.outcomes[0].id}.proxy"].values == (277.22, 281.44, 285.73)
    by_hand = 2772.2 / 1.035 + 2814.4 / 1.035**2 + 2857.3 / 1.035**3
    assert float(sroi.evaluate(impact_map).present_value[0]) == pytest.approx(by_hand, rel=1e-12)
    told = json.loads(command("carbon", "--from", "2026", "--years", "3", "--level", "high", "--json", "-").stdout)
    assert told["by_year"] == [415.83, 422.17, 428.6]
    assert told["source"].startswith("Valuation of energy use")
