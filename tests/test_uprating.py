"""A map in the prices of another year: every sum by hand, what is left, what its sources tell, and the commands."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from random_maps import random_value_map

import sroi
from sroi import cli
from sroi.appraisal.uprating import Changes, scaled, uprate
from sroi.errors import MethodRefused, NameRefused, SroiError
from sroi.estimate import Estimate

Command = Callable[..., "subprocess.CompletedProcess[str]"]
Tree = dict[str, Any]

# HM Treasury's GDP deflator, as printed: 2009 68.217, 2019 81.1085, 2020 85.2137, 2023 96.2507, 2024 100.
FROM_2019, FROM_2020 = 100 / 81.1085, 100 / 85.2137
INCOME = (52621.18 / 52515.684) ** 1.3


def built(tree: Tree) -> sroi.ImpactMap:
    return sroi.ImpactMap.model_validate(tree)


@pytest.fixture
def tree(small_tree: Tree) -> Tree:
    """A map in the prices of 2020, one proxy in those of 2019, one that names none."""
    small_tree["price_year"] = 2020
    small_tree["outcomes"][0]["proxy"] = {"value": 30, "low": 20, "high": 45, "price_year": 2019, "source": "a survey"}
    small_tree["outcomes"][1]["proxy"] = {"value": 40, "source": "a price list"}
    return small_tree


# ---- by hand ----


def test_each_sum_moves_from_its_own_year(tree: Tree) -> None:
    new, changes = uprate(built(tree), 2024)
    calmer, healthier = (outcome.proxy for outcome in new.outcomes)
    assert calmer is not None and healthier is not None  # noqa: PT018
    assert calmer.value is not None and healthier.value is not None  # noqa: PT018
    assert calmer.value.value == pytest.approx(36.987492)  # 30 x 100 / 81.1085
    assert (calmer.value.low, calmer.value.high) == pytest.approx((24.658328, 55.481238))
    assert healthier.value.value == pytest.approx(46.940809)  # 40 x 100 / 85.2137: the map's year, for it names none
    assert new.inputs[0].value is not None
    assert new.inputs[0].value.value == pytest.approx(1173.520220)  # 1,000 x 100 / 85.2137
    assert (new.price_year, calmer.price_year, healthier.price_year) == (2024, 2024, 2024)
    assert [(each.name, each.by.from_year, each.assumed) for each in changes] == [
        ("calmer.proxy", "2019", False), ("healthier.proxy", "2020", True), ("grant.value", "2020", True),
    ]  # fmt: skip


def test_only_the_proxies_of_other_years_move_where_the_map_stays(tree: Tree) -> None:
    new, changes = uprate(built(tree), 2020)
    assert [each.name for each in changes] == ["calmer.proxy"]
    assert [(left.name, left.why) for left in changes.left] == [
        ("healthier.proxy", "it names no price year of its own, and is taken to be in the map's, 2020")
    ]
    assert new.inputs == built(tree).inputs
    assert new.outcomes[1] == built(tree).outcomes[1]


def test_the_source_tells_the_step_with_its_index_values(tree: Tree) -> None:
    new, _ = uprate(built(tree), 2024)
    assert new.outcomes[0].proxy is not None
    assert new.outcomes[0].proxy.source == (
        "a survey. Brought from 2019 to 2024 prices: x 1.232916 "
        "(UK GDP deflator, HM Treasury / ONS 2025: 81.1085 in 2019, 100 in 2024)"
    )
    assert new.inputs[0].source is not None
    assert new.inputs[0].source.startswith("accounts. Brought from 2020 to 2024 prices: x 1.17352 (")


def test_a_value_without_a_source_does_not_get_one_by_being_uprated(tree: Tree) -> None:
    del tree["outcomes"][0]["proxy"]["source"]
    new, _ = uprate(built(tree), 2024)
    proxy = new.outcomes[0].proxy
    assert proxy is not None
    assert proxy.value is not None
    assert (proxy.source, proxy.value.source) == (None, None)
    assert proxy.value.note is not None
    assert proxy.value.note.startswith("Brought from 2019 to 2024 prices")
    findings = [finding.kind for finding in sroi.review(new, sroi.evaluate(new))]
    assert "proxy_source_missing" in findings


def test_the_rate_of_an_hour_moves_and_the_hours_stay(tree: Tree) -> None:
    rate = {"value": 10, "source": "a wage survey"}
    tree["inputs"].append({"id": "hours", "stakeholder": "people", "kind": "time", "hours": 20, "rate": rate, "source": "diaries"})  # fmt: skip
    new, _ = uprate(built(tree), 2024)
    given = new.inputs[1]
    assert given.rate is not None and given.hours is not None  # noqa: PT018
    assert (given.hours.value, given.rate.value) == pytest.approx((20, 10 * FROM_2020))
    assert given.source == "diaries"
    assert given.rate.source is not None
    assert given.rate.source.startswith("a wage survey. Brought from 2020")


def test_the_wellby_moves_by_its_own_rule_unless_told_otherwise(tree: Tree) -> None:
    tree["outcomes"][0]["proxy"] = {"value": 13000, "unit": "WELLBY", "price_year": 2019, "source": "HM Treasury 2021"}
    by_rule, plain = (uprate(built(tree), 2024, wellby_rule=rule)[0].outcomes[0].proxy for rule in (True, False))
    assert by_rule is not None and plain is not None  # noqa: PT018
    assert by_rule.value is not None and plain.value is not None  # noqa: PT018
    assert by_rule.value.value == pytest.approx(13000 * FROM_2019 * INCOME, rel=1e-9)
    assert plain.value.value == pytest.approx(16027.913227, abs=5e-6)
    assert by_rule.source is not None
    assert "UK real GDP per head to the power 1.3" in by_rule.source


def test_years_experts_and_shapes_of_a_number_all_move() -> None:
    years = scaled(Estimate.model_validate({"by_year": [{"value": 10, "low": 5, "high": 20}, {"value": 12}]}), 2.0)
    assert years.by_year is not None
    assert [(each.value, each.high) for each in years.by_year] == [(20.0, 40.0), (24.0, None)]
    experts = scaled(Estimate.model_validate({"value": 3, "experts": [{"low": 1, "value": 2, "high": 3}, {"low": 2, "value": 4, "high": 9}]}), 1.1)  # fmt: skip
    assert experts.experts is not None
    assert [each.high for each in experts.experts] == pytest.approx([3.3, 9.9])
    assert experts.value == experts.model_copy(update={"value": None}).base
    assert scaled(Estimate.model_validate({"value": 1, "shape": {"discrete": ((1.0, 0.5), (3.0, 0.5))}}), 2).shape == {
        "discrete": ((2.0, 0.5), (6.0, 0.5))
    }
    assert scaled(Estimate.model_validate({"value": 1, "shape": {"empirical": (1.0, 3.0)}}), 2).shape == {"empirical": (2.0, 6.0)}  # fmt: skip
    beta = Estimate.model_validate({"value": 2, "low": 1, "high": 4, "shape": {"beta": (2.0, 5.0)}})
    assert scaled(beta, 2).shape == {"beta": (2.0, 5.0)}
    assert scaled(Estimate(value=-5, low=-9, high=-1), 2).low == -18.0


def test_a_scenario_moves_with_the_numbers_that_it_replaces(tree: Tree) -> None:
    tree["scenarios"] = {"low": {"calmer.proxy": 20, "grant.value": 900, "calmer.quantity": 40, "calmer.drop_off": 0.2}}
    new, changes = uprate(built(tree), 2024)
    low = new.scenarios["low"]
    assert low["calmer.proxy"] == pytest.approx(20 * FROM_2019)
    assert low["grant.value"] == pytest.approx(900 * FROM_2020)
    assert (low["calmer.quantity"], low["calmer.drop_off"]) == (40, 0.2)
    assert [each.label for each in changes if each.scenario] == [
        "scenario low: calmer.proxy",
        "scenario low: grant.value",
    ]


def test_an_anchored_value_follows_and_takes_the_new_year(tree: Tree) -> None:
    tree["outcomes"][1]["proxy"] = {"anchored_to": "calmer", "price_year": 2019}
    tree["outcomes"][0]["weight"], tree["outcomes"][1]["weight"] = 2, 4
    old = built(tree)
    new, changes = uprate(old, 2024)
    assert new.outcomes[1].proxy is not None
    assert new.outcomes[1].proxy.price_year == 2024
    assert [(left.name, left.why) for left in changes.left] == [
        ("healthier.proxy", "it is anchored to calmer and follows it")
    ]
    before, after = (sroi.evaluate(each).present_value for each in (old, new))
    assert after / before == pytest.approx([FROM_2019, FROM_2019])


def test_a_financial_year_as_the_target_and_as_the_start(tree: Tree) -> None:
    tree["outcomes"][0]["proxy"] |= {"price_year": 2008, "price_year_basis": "financial"}
    new, changes = uprate(built(tree), "2023/24")
    proxy = new.outcomes[0].proxy
    assert proxy is not None
    assert (new.price_year, proxy.price_year, proxy.price_year_basis) == ("2023/24", "2023/24", "financial")
    # (3/4 x 96.2507 + 1/4 x 100) / (3/4 x 66.89 + 1/4 x 68.217)
    assert changes.changes[0].by.factor == pytest.approx(97.188025 / 67.22175, rel=1e-12)
    calendar, _ = uprate(built(tree), 2024)
    assert calendar.outcomes[0].proxy is not None
    assert (calendar.outcomes[0].proxy.price_year, calendar.outcomes[0].proxy.price_year_basis) == (2024, "calendar")


def test_a_printed_figure_is_taken_out_and_said_to_be(tree: Tree) -> None:
    tree["published"] = {"sroi_ratio": 1.93, "source": "invented"}
    new, changes = uprate(built(tree), 2024)
    assert new.published is None
    assert changes.notes == ("The printed figures (published) are in the old prices and were taken out.",)


# ---- what is left, and what is refused ----


def test_a_disputed_value_is_left_and_says_in_which_year_it_was_left(tree: Tree) -> None:
    tree["outcomes"][0]["proxy"] = {"value": 70000, "unit": "QALY", "source": "the Green Book"}
    new, changes = uprate(built(tree), 2024)
    proxy = new.outcomes[0].proxy
    assert proxy is not None
    assert proxy.value is not None
    assert (proxy.value.value, proxy.price_year) == (70000, 2020)
    assert [left.why for left in changes.left] == [
        "the price year of the QALY of 70,000 is disputed: sources put it in the prices of 2019, of 2020/21 and of 2024. "
        "Read the edition of the Green Book that it was taken from, and uprate it by hand, saying which year."
    ]
    assert [
        finding.where for finding in sroi.review(new, sroi.evaluate(new)) if finding.kind == "price_years_differ"
    ] == ["calmer.proxy"]


def test_an_entry_of_the_register_that_does_not_move_by_prices_alone_is_left_unless_a_series_is_named(
    tree: Tree,
) -> None:
    tree["outcomes"][0]["proxy"] |= {"register": "uk_tag_casualty_slight"}
    _, changes = uprate(built(tree), 2024)
    assert [left.why for left in changes.left] == [
        "the register's entry uk_tag_casualty_slight does not move by prices alone: its publisher brings it to other years "
        "by GDP per head: take the publisher's later edition. To move it by prices all the same, name the series (--series)."
    ]
    _, changes = uprate(built(tree), 2024, series="uk_gdp_deflator")
    assert changes.changes[0].name == "calmer.proxy"
    tree["outcomes"][0]["proxy"] |= {"register": "an_entry_of_our_own"}
    assert len(uprate(built(tree), 2024)[1]) == 3


def test_a_proxy_from_before_the_series_is_left_and_the_others_move(tree: Tree) -> None:
    tree["outcomes"][0]["proxy"]["price_year"] = 1985
    new, changes = uprate(built(tree), 2024)
    assert new.outcomes[0] == built(tree).outcomes[0]
    assert [left.why for left in changes.left] == [
        "uk_gdp_deflator reaches from 1990 to 2024, not to 1985. The nearest it has is 1990: use that and say so."
    ]
    assert [each.name for each in changes] == ["healthier.proxy", "grant.value"]


def test_a_map_without_a_price_year_keeps_what_names_none(tree: Tree) -> None:
    tree["price_year"] = "not stated"
    new, changes = uprate(built(tree), 2024)
    assert new.price_year == "not stated"
    assert [each.name for each in changes] == ["calmer.proxy"]
    assert [(left.name, left.why) for left in changes.left] == [
        ("healthier.proxy", "nothing says in which year's prices it is"),
        ("grant.value", "nothing says in which year's prices it is"),
    ]
    assert changes.notes[0].startswith("The map does not say in which year's prices it stands")


def test_a_map_whose_own_year_cannot_be_reached_is_refused(tree: Tree) -> None:
    tree["price_year"] = 1980
    with pytest.raises(MethodRefused, match=r"^uk_gdp_deflator reaches from 1990 to 2024, not to 1980\. "):
        uprate(built(tree), 2024)


def test_where_nothing_that_should_move_can_it_is_refused(tree: Tree) -> None:
    tree["outcomes"][0]["proxy"]["price_year"] = 1985
    with pytest.raises(MethodRefused, match="not to 1985"):
        uprate(built(tree), 2020)


def test_another_countrys_series_and_an_ambiguous_currency_are_refused(tree: Tree) -> None:
    with pytest.raises(MethodRefused, match="us_cpi is the prices of United States"):
        uprate(built(tree), 2024, series="us_cpi")
    tree["currency"] = "EUR"
    with pytest.raises(NameRefused, match="EUR is used in 26 countries"):
        uprate(built(tree), 2023)
    new, changes = uprate(built(tree), 2023, series="wb_gdp_deflator_irl")
    assert {each.by.series for each in changes} == {"wb_gdp_deflator_irl"}
    assert new.price_year == 2023


def test_a_map_that_is_there_already_comes_back_as_it_is(small_map: sroi.ImpactMap) -> None:
    new, changes = uprate(small_map, 2024)
    assert new is small_map
    assert (len(changes), changes.left) == (0, ())


# ---- properties ----


@pytest.mark.parametrize("seed", range(30))
def test_a_random_map_there_and_back_is_the_same_and_its_file_reads_back_equal(seed: int, tmp_path: Path) -> None:
    old = built(random_value_map(random.Random(seed), most_outcomes=4))
    try:
        new, changes = uprate(old, 2019, series="gdp_deflator")
    except SroiError:
        return
    path = tmp_path / "new.yaml"
    sroi.write_value_map(new, path)
    assert sroi.read_value_map(path) == new
    if new.price_year == 2019 and not any(left.problem for left in changes.left):
        again, _ = uprate(new, 2024)
        once, twice = (sroi.evaluate(each).sroi_ratio for each in (new, again))
        # Every sum now stands in one year's prices, so one factor moves them all and the ratio stays.
        assert twice == pytest.approx(once, rel=1e-9, nan_ok=True)


def test_changes_in_plain_python_can_be_written_as_json(tree: Tree) -> None:
    _, changes = uprate(built(tree), 2024)
    assert isinstance(changes, Changes)
    told = json.loads(json.dumps(changes.to_dict(), allow_nan=False))
    assert (told["from_price_year"], told["to_price_year"], len(told["changes"])) == ("2020", "2024", 3)
    assert told["changes"][0]["steps"][0]["from_value"] == 81.1085


# ---- the commands ----


@pytest.fixture
def file(tree: Tree, tmp_path: Path) -> Path:
    path = tmp_path / "ours.yaml"
    sroi.write_value_map(built(tree), path)
    return path


def run(*words: str | Path) -> int:
    return cli.main([str(word) for word in words])


def test_uprate_writes_a_new_map_and_lists_each_change(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_bytes()
    assert run("uprate", file, "--to", "2024") == 0
    said = capsys.readouterr().out.replace("\u00a0", " ")
    assert file.read_bytes() == before
    new = sroi.read_value_map(file.with_name("ours_2024.yaml"))
    assert new == uprate(sroi.read_value_map(file), 2024)[0]
    lines = said.split("\n")
    assert lines[1] == "To 2024 prices; the map was in 2020 prices."
    assert "  calmer.proxy      2019  2024     £30.00     £36.99  1.232916   [1]" in lines
    assert "  grant.value      2020*  2024  £1,000.00  £1,173.52  1.173520   [2]" in lines
    assert "        81.1085 (2019) to 100 (2024); 100 / 81.1085 = 1.232916" in lines
    assert "level B:" in said
    assert "Before: SROI ratio" in said
    assert "        forecast, GBP, 2024 prices, discounted from the end of each year at 3.5 % a year" in said
    assert said.endswith("ours_2024.yaml.\n")
    assert max(map(len, lines[:-2])) <= 100


def test_uprate_never_writes_over_the_old_map_or_over_a_file_that_is_there(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = file.read_bytes()
    assert run("uprate", file, "--to", "2024", "--out", file, "--force") == 1
    assert (
        "--out would write over the value map. Give it another name: the old prices are the record."
        in capsys.readouterr().err
    )
    assert run("uprate", file, "--to", "2024") == 0
    assert run("uprate", file, "--to", "2024") == 1
    assert "ours_2024.yaml" in capsys.readouterr().err
    assert run("uprate", file, "--to", "2024", "--force") == 0
    assert file.read_bytes() == before


def test_the_changes_are_not_written_over_the_new_map(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = file.with_name("new.yaml")
    assert run("uprate", file, "--to", "2024", "--out", new, "--json", new) == 1
    assert capsys.readouterr().err == f"{new}: --json would write over the new map. Give it another name.\n"
    assert not new.exists()


def test_uprate_with_json_leaves_standard_output_to_it(file: Path, command: Command) -> None:
    ended = command("uprate", str(file), "--to", "2023/24", "--json", "-")
    assert (ended.returncode, ended.stderr) == (0, "")
    told = json.loads(ended.stdout)
    assert Path(told["out"]).name == "ours_2023_24.yaml"
    assert (told["before"]["price_year"], told["after"]["price_year"]) == (2020, "2023/24")
    assert told["after"]["rules"]
    assert [each["name"] for each in told["changes"]] == ["calmer.proxy", "healthier.proxy", "grant.value"]


def test_uprate_of_a_workbook_writes_a_workbook(file: Path) -> None:
    book = file.with_suffix(".xlsx")
    assert run("convert", file, book) == 0
    assert run("uprate", book, "--to", "2024") == 0
    assert sroi.read_value_map(file.with_name("ours_2024.xlsx")) == uprate(sroi.read_value_map(file), 2024)[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--to", "2031"), "uk_gdp_deflator reaches from 1990 to 2024, not to 2031. The nearest it has is 2024: use that and say so.\n"),
        (("--to", "next year"), "'next year' is not a price year. Give a year such as 2024, or a financial year such as 2023/24.\n"),
        (("--to", "2024", "--series", "uk_rpi"), "there is no series 'uk_rpi'. Did you mean 'uk_cpi'?\n"),
    ],
)  # fmt: skip
def test_uprate_refuses_in_one_line_with_status_two(
    file: Path, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("uprate", file, *words) == 2
    assert capsys.readouterr().err == said
    assert sorted(path.name for path in file.parent.iterdir()) == ["ours.yaml"]


def test_uprate_to_the_maps_own_year_writes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("uprate", file, "--to", "2020", "--out", file.with_name("first.yaml")) == 0
    assert run("uprate", file.with_name("first.yaml"), "--to", "2020") == 0
    assert "No file was written: nothing changed." in capsys.readouterr().out
    assert not file.with_name("first_2020.yaml").exists()


def test_the_review_names_the_command_that_brings_prices_together(tree: Tree) -> None:
    old = built(tree)
    findings = [each for each in sroi.review(old, sroi.evaluate(old)) if each.kind == "price_years_differ"]
    assert [each.remedy for each in findings] == [
        "Bring it to 2020 prices with a published index, and say so in its source: "
        "`sroi uprate MAP --to 2020` writes such a map."
    ]
    new, _ = uprate(old, 2020)
    assert not [each for each in sroi.review(new, sroi.evaluate(new)) if each.kind == "price_years_differ"]


def test_prices_moves_and_converts_one_sum(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("prices", "19", "--from", "2009", "--to", "2024", "--to-currency", "EUR") == 0
    lines = capsys.readouterr().out.split("\n")
    assert lines[0] == "£19.00 in 2009 prices = £27.85 in 2024 prices"
    assert "GBP 27.85 = EUR 32.89, by exchange rate of 2024." in lines
    assert run("prices", "-7.08", "--from", "2023", "--to", "2013/14", "--json", "-") == 0
    told = json.loads(capsys.readouterr().out)
    # 73.772725 / 96.2507
    assert told["uprated"] == pytest.approx(-7.08 * 73.772725 / 96.2507, rel=1e-12)


def test_prices_lists_the_series_with_reach_level_and_licence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("prices", "--series") == 0
    said = capsys.readouterr().out
    assert any(
        line.split() == ["uk_gdp_deflator", "GBP", "1990", "to", "2024", "B", "Open", "Government", "Licence", "v3.0"]
        for line in said.split("\n")
    )
    assert run("prices", "--series", "--currency", "NZD", "--json", "-") == 0
    listed = json.loads(capsys.readouterr().out)["series"]
    assert [(each["name"], each["first"], each["last"]) for each in listed] == [("wb_gdp_deflator_nzl", 2000, 2024)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "there is no AMOUNT. Write `sroi prices 13000 --from 2019 --to 2024`, or `sroi prices --series`.\n"),
        (("13000",), "--from and --to are not given. Give the year of its prices and the year to bring it to.\n"),
        (("13000", "--from", "2019"), "--to is not given. Give the year of its prices and the year to bring it to.\n"),
        (("lots", "--from", "2019", "--to", "2024"), "AMOUNT: 'lots' stands where a number belongs. Give a number, such as 12.\n"),
        (("5", "--from", "2019", "--to", "2024", "--series"), "--series has no name. Name one; `sroi prices --series` alone lists them.\n"),
        (("5", "--from", "2009", "--to", "2013/14", "--to-currency", "EUR"), "2013/14 is a financial year, and rates are those of calendar years. Uprate to a calendar year.\n"),
        (("--series", "rpi"), "there is no series with rpi. `sroi prices --series` lists all.\n"),
        (("70000", "--from", "2020", "--to", "2024", "--unit", "QALY"), "the price year of the QALY of 70,000 is disputed"),
    ],
)  # fmt: skip
def test_prices_refuses_in_one_line_with_status_two(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("prices", *words) == 2
    assert capsys.readouterr().err.startswith(said)
