"""Thousands of projects as columns: the same totals as one by one, exact spreads, and what a bad table is told."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_maps import random_value_map, value_maps

import sroi
from sroi import ImpactMap, evaluate_portfolio
from sroi.errors import FileRefused, ImpossibleMap, NameRefused
from sroi.uncertainty.exact import exact_moments
from sroi.uncertainty.reach import reach_of
from sroi.uncertainty.structure import structure_of, uncertain_numbers

CLOSE = 1e-12
FIGURES = ["total_inputs", "total_present_value", "net_present_value", "sroi_ratio"]


def refused(table: Any) -> str:
    with pytest.raises(ImpossibleMap) as raised:
        evaluate_portfolio(table)
    return str(raised.value)


def held_to_the_door(row: Any, impact_map: ImpactMap) -> None:
    """Hold a row to `sroi.evaluate`: to 1e-12 of what its lines come to without regard to their signs."""
    alone = sroi.evaluate(impact_map)
    size = float(np.abs(alone.present_value[alone.counted]).sum())
    assert row.total_present_value == pytest.approx(alone.total_present_value, rel=0, abs=CLOSE * size)
    assert row.total_inputs == pytest.approx(alone.total_inputs, rel=CLOSE)
    assert row.sroi_ratio == pytest.approx(alone.sroi_ratio, rel=0, abs=CLOSE * (size / alone.total_inputs + 1e-300))


# ---- totals ----


def test_the_guides_example_comes_out_as_printed() -> None:
    row = evaluate_portfolio({"Wheels-to-Meals": sroi.example("wheels_to_meals")}).iloc[0]
    assert round(row.total_present_value, 2) == 81_741.93
    assert round(row.net_present_value, 2) == 39_366.93
    assert round(row.sroi_ratio, 2) == 1.93


def test_two_outcomes_are_reckoned_as_by_hand() -> None:
    # 10 x 100 x 0.9 x (1/1.1 + 0.5/1.21) - 5 x 20, beginning a year later: / 1.21
    table = pd.DataFrame(
        {"project": "Garden", "outcome": ["calm", "noise"], "quantity": [10, 5], "proxy": [100, -20], "duration": [2, 1],
         "deadweight": ["10%", ""], "drop_off": [0.5, None], "starts": ["during", "after"], "inputs": [500, None],
         "discount_rate": "10%"}
    )  # fmt: skip
    row = evaluate_portfolio(table).iloc[0]
    assert row.total_present_value == pytest.approx(900 / 1.1 + 450 / 1.21 - 100 / 1.21, rel=1e-14)
    assert row.total_inputs == 500.0
    assert row.sroi_ratio == row.total_present_value / 500.0


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(value_maps(ranges=0), min_size=1, max_size=4))
def test_any_maps_side_by_side_come_to_what_each_comes_to_alone(trees: list[dict[str, Any]]) -> None:
    maps = {f"project {place}": ImpactMap.model_validate(tree) for place, tree in enumerate(trees)}
    plain = {name: each.model_copy(update={"correlations": ()}) for name, each in maps.items()}
    for row in evaluate_portfolio(plain).itertuples():
        held_to_the_door(row, maps[str(row.project)])


def test_many_maps_under_many_rules_come_to_what_each_comes_to_alone() -> None:
    maps = {
        f"m{seed}": ImpactMap.model_validate(random_value_map(random.Random(seed), ranges=0)) for seed in range(150)
    }
    assert len({each.conventions.model_dump_json() for each in maps.values()}) > 100
    for row in evaluate_portfolio(maps).itertuples():
        held_to_the_door(row, maps[str(row.project)])


EDGES = [
    {"duration": 0}, {"duration": 0.25}, {"duration": 2.5}, {"duration": 500}, {"duration": 7}, {"duration": 16},
    {"drop_off": 1.0, "duration": 3}, {"drop_off": 0.0, "duration": 90.5}, {"deadweight": 1.0}, {"quantity": 0},
    {"proxy": -19.0}, {"starts": "after", "duration": 2.5}, {"attribution": 0.4, "deadweight": 0.5, "displacement": 0.2},
]  # fmt: skip
RULES = [
    {}, {"discount_rate": 0.0}, {"discount_rate": "uk_green_book"}, {"discount_timing": "none"}, {"deductions": "add"},
    {"discount_timing": "mid_year", "input_timing": "end_of_year"}, {"drop_off_from": "first_year", "present_at": 2.5},
    {"discount_rate": -0.05}, {"discount_rate": 1.0, "discount_timing": "start_of_year"},
]  # fmt: skip


def row_and_map(name: str, outcomes: list[dict[str, Any]], rules: dict[str, Any], inputs: Any) -> tuple[Any, ImpactMap]:
    """Return the rows of a table, and the map that says the same."""
    rows = []
    written = []
    for place, own in enumerate(outcomes):
        full = {"quantity": 10, "proxy": 30.0, "duration": 4, "drop_off": 0.1, **own}
        row = {"project": name, "outcome": f"o{place}", **rules}
        for key, value in full.items():
            if isinstance(value, dict):
                row |= {key: value["value"], f"{key}_low": value["low"], f"{key}_high": value["high"]}
                row |= {f"{key}_shape": value["shape"]} if "shape" in value else {}
            else:
                row[key] = value
        put_in = {"value": inputs} if not isinstance(inputs, dict) else inputs
        row |= {"inputs" if key == "value" else f"inputs_{key}": value for key, value in put_in.items()}
        rows.append(row)
        written.append({"id": f"o{place}", "stakeholder": "people", **full})
    tree = {
        "sroi": 1, "title": name, "analysis": "forecast", "currency": "GBP", "price_year": 2024, "conventions": rules,
        "stakeholders": [{"id": "people"}], "outcomes": written,
        "inputs": [{"id": "grant", "stakeholder": "people", "kind": "money", "value": inputs}],
    }  # fmt: skip
    return rows, ImpactMap.model_validate(tree)


def table_of(*projects: tuple[Any, ImpactMap]) -> tuple[pd.DataFrame, dict[str, ImpactMap]]:
    rows = [row for own, _ in projects for row in own]
    return pd.DataFrame(rows), {own[0]["project"]: chart for own, chart in projects}


def test_every_edge_under_every_rule_in_one_table_comes_to_what_the_map_comes_to() -> None:
    projects = [row_and_map(f"p{place}", EDGES, rules, 1000.0) for place, rules in enumerate(RULES)]
    projects += [row_and_map(f"q{place}", [edge], {}, 50.0) for place, edge in enumerate(EDGES)]
    table, maps = table_of(*projects)
    for row in evaluate_portfolio(table).itertuples():
        held_to_the_door(row, maps[str(row.project)])


def test_a_table_with_more_flat_rates_than_are_told_apart_comes_to_the_same() -> None:
    projects = [row_and_map(f"p{place}", EDGES[2:6], {"discount_rate": place / 1000}, 1000.0) for place in range(60)]
    table, maps = table_of(*projects)
    for row in evaluate_portfolio(table).itertuples():
        held_to_the_door(row, maps[str(row.project)])


def test_nothing_put_in_gives_no_ratio() -> None:
    table = pd.DataFrame({"project": ["a", "b"], "outcome": "x", "quantity": 1, "proxy": 2.0, "inputs": [0, 1]})
    found = evaluate_portfolio(table)
    assert np.isnan(found.sroi_ratio[0])
    assert found.sroi_ratio[1] > 0


def test_what_is_not_valued_or_not_included_does_not_count_and_needs_no_price() -> None:
    table = pd.DataFrame(
        {"project": "a", "outcome": ["x", "y", "z"], "quantity": [1, None, 5], "proxy": [100, None, 7], "inputs": 50,
         "valued": ["yes", "no", "yes"], "included": [True, True, False], "discount_timing": "none"}
    )  # fmt: skip
    assert evaluate_portfolio(table).total_present_value.tolist() == [100.0]


def test_a_project_of_which_nothing_counts_is_worth_nothing() -> None:
    table = pd.DataFrame(
        {"project": ["a", "b"], "outcome": "x", "quantity": 1, "proxy": 2, "inputs": 4, "valued": ["no", 1]}
    )
    assert "stands where yes or no belongs" in refused(table)
    found = evaluate_portfolio(table.assign(valued=["no", "yes"], discount_timing="none"))
    assert found.total_present_value.tolist() == [0.0, 2.0]


def random_table(projects: int, outcomes: int, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    count = projects * outcomes
    share = {name: rng.uniform(0, 0.6, count) for name in ("deadweight", "displacement", "attribution", "drop_off")}
    return pd.DataFrame(
        {"project": np.repeat([f"p{place:05d}" for place in range(projects)], outcomes),
         "outcome": np.tile([f"o{place:02d}" for place in range(outcomes)], projects),
         "quantity": rng.uniform(1, 500, count), "proxy": rng.normal(100, 150, count), **share,
         "duration": rng.choice([0.5, 1, 2, 2.5, 3, 5, 8, 12], count), "starts": rng.choice(["during", "after"], count),
         "inputs": np.repeat(rng.uniform(1e3, 1e5, projects), outcomes)}
    )  # fmt: skip


def test_a_project_has_the_same_bits_whatever_stands_beside_it_and_in_whatever_order() -> None:
    table = random_table(200, 9)
    whole = evaluate_portfolio(table).set_index("project")[FIGURES]
    shuffled = evaluate_portfolio(table.sample(frac=1, random_state=1)).set_index("project")[FIGURES]
    assert (shuffled.loc[whole.index].to_numpy() == whole.to_numpy()).all()
    few = evaluate_portfolio(table[table.project.isin(["p00017", "p00150"])]).set_index("project")[FIGURES]
    assert (few.to_numpy() == whole.loc[few.index].to_numpy()).all()


def test_projects_stand_in_the_order_of_their_first_rows() -> None:
    table = pd.DataFrame(
        {"project": ["b", "a", "b"], "outcome": ["x", "x", "y"], "quantity": 1, "proxy": 1, "inputs": 1}
    )
    assert evaluate_portfolio(table).project.tolist() == ["b", "a"]


# ---- spreads ----

RANGES: list[Any] = [
    {"quantity": {"value": 10, "low": 5, "high": 20}, "drop_off": {"value": 0.1, "low": 0.0, "high": 0.4}},
    {"proxy": {"value": -3, "low": -9, "high": 1, "shape": "triangular"}, "duration": 2.5,
     "drop_off": {"value": 0.1, "low": 0.05, "high": 0.9, "shape": "uniform"}},
    {"proxy": {"value": 30, "low": 10, "high": 90, "shape": "lognormal"},
     "deadweight": {"value": 0.2, "low": 0.1, "high": 0.6}, "attribution": {"value": 0.3, "low": 0.1, "high": 0.5}},
    {"displacement": {"value": 0.1, "low": 0.0, "high": 0.5, "shape": "normal"},
     "drop_off": {"value": 0.3, "low": 0.1, "high": 0.5, "shape": "triangular"}, "duration": 7},
    {"drop_off": {"value": 0.3, "low": 0.1, "high": 0.5, "shape": "normal"}, "starts": "after", "duration": 12},
]  # fmt: skip
INPUTS: list[Any] = [1000.0, {"value": 1000, "low": 800, "high": 1500},
                     {"value": 1000, "low": 900, "high": 1100, "shape": "uniform"}]  # fmt: skip


def exactly(impact_map: ImpactMap) -> tuple[float, float]:
    structure = structure_of(impact_map, uncertain_numbers(impact_map))
    reach = reach_of(structure)
    assert reach.why_not is None
    mean, variance = exact_moments(structure, reach)
    return mean, variance**0.5


def test_a_uniform_quantity_has_the_mean_and_the_spread_of_the_textbook() -> None:
    table = pd.DataFrame({"project": ["a"], "outcome": "x", "quantity": 10, "quantity_low": 4, "quantity_high": 16,
                          "quantity_shape": "uniform", "proxy": 5.0, "inputs": 10, "discount_timing": "none"})  # fmt: skip
    row = evaluate_portfolio(table).iloc[0]
    assert row["mean"] == pytest.approx(5.0, rel=1e-15)
    assert row.sd == pytest.approx(12 / 12**0.5 * 5 / 10, rel=1e-14)
    assert row.method == "exact"


@pytest.mark.parametrize("inputs", INPUTS, ids=["certain inputs", "pert inputs", "uniform inputs"])
def test_mean_and_spread_are_those_of_the_exact_engine(inputs: Any) -> None:
    rules = [{}, {"discount_rate": "uk_green_book"}, {"discount_timing": "none"}, {"drop_off_from": "first_year"},
             {"discount_timing": "mid_year", "present_at": 1.5}]  # fmt: skip
    projects = [row_and_map(f"p{place}", RANGES, each, inputs) for place, each in enumerate(rules)]
    projects += [row_and_map(f"q{place}", [each], {}, inputs) for place, each in enumerate(RANGES)]
    table, maps = table_of(*projects)
    for row in evaluate_portfolio(table).itertuples():
        mean, sd = exactly(maps[str(row.project)])
        assert row.mean == pytest.approx(mean, rel=1e-12)
        assert row.sd == pytest.approx(sd, rel=1e-11)


def test_maps_and_table_say_the_same_of_how_sure_they_are() -> None:
    table, maps = table_of(row_and_map("a", RANGES, {}, INPUTS[1]), row_and_map("b", EDGES[:3], {}, 10.0))
    from_table, from_maps = evaluate_portfolio(table), evaluate_portfolio(maps)
    assert from_table["mean"][0] == pytest.approx(from_maps["mean"][0], rel=1e-12)
    assert np.isnan([from_table["mean"][1], from_maps["mean"][1], from_table.sd[1], from_maps.sd[1]]).all()
    assert from_table.method.tolist() == from_maps.method.tolist() == ["exact", ""]


def test_the_spread_of_a_project_has_the_same_bits_in_any_company() -> None:
    table = random_table(50, 4)
    table["quantity_low"], table["quantity_high"] = table.quantity * 0.5, table.quantity * 1.7
    table["drop_off_low"], table["drop_off_high"] = table.drop_off * 0.5, table.drop_off * 1.2
    whole = evaluate_portfolio(table).set_index("project")[["mean", "sd"]]
    few = evaluate_portfolio(table[table.project.isin(["p00040", "p00003"])][::-1]).set_index("project")[["mean", "sd"]]
    assert (few.to_numpy() == whole.loc[few.index].to_numpy()).all()


def test_inputs_that_may_come_near_nothing_have_no_mean_ratio() -> None:
    table = pd.DataFrame({"project": ["a"], "outcome": "x", "quantity": 1, "proxy": 5.0, "inputs": 10,
                          "inputs_low": 0, "inputs_high": 20})  # fmt: skip
    assert np.isnan(evaluate_portfolio(table)["mean"][0])


# ---- bad tables ----


def test_all_faults_of_a_table_come_in_one_message_each_with_row_and_column() -> None:
    table = pd.DataFrame(
        {"project": ["a", "a", ""], "outcome": ["x", "x", "y"], "quantity": ["1,000", "", "3"], "proxy": ["9", "8", "£7"],
         "deadweight": ["25", "25%", "0.5"], "inputs": ["10", "11", "12"], "dead_weight": "1", "starts": "soon",
         "currency": "£"}, index=[2, 3, 4],
    )  # fmt: skip
    said = refused(table)
    for words in (
        "the column 'dead_weight' is not known. Did you mean 'deadweight'?",
        "row 4, column project: the project has no name. Give it one.",
        "row 3, column outcome: the outcome 'x' stands in its project already",
        "row 2, column quantity: '1,000' is not written as a plain number. Did you mean 1000?",
        "row 4, column proxy: '£7' is not written as a plain number. Did you mean 7?",
        "row 2, column deadweight: '25' is above 1, which is 100 %. Did you mean 25%?",
        "row 3, column inputs: this differs from what an earlier row says of the same project.",
        "row 2, row 3, row 4, column starts: 'soon' is not one of the choices here",
        "row 2, row 3, row 4, column currency: '£' is not a currency code. Did you mean GBP?",
    ):
        assert words in said


def test_columns_that_are_not_there_are_named_with_the_nearest_that_is() -> None:
    said = refused(pd.DataFrame({"project": ["a"], "outcome": ["x"], "quantitty": [1], "inputs": [2]}))
    assert "there is no column 'quantity'. Did you mean 'quantitty'? Call it quantity." in said
    assert "there is no column 'proxy'. Add it." in said


def test_like_faults_are_counted_and_do_not_flood_the_message() -> None:
    table = random_table(300, 3)
    said = refused(table.assign(deadweight=2.0, proxy=[f"about {place}" for place in range(900)]))
    assert "and 892 more, column deadweight: '2' is above 1" in said
    assert len(said) < 6000


@pytest.mark.parametrize("number", [np.inf, -np.inf, 1e300, "nan", "1e999", True, [1]])
def test_what_is_no_sum_of_money_is_refused(number: Any) -> None:
    table = pd.DataFrame({"project": ["a"], "outcome": ["x"], "quantity": [1], "proxy": [2], "inputs": 1})
    table = table.astype(object)
    table.at[0, "proxy"] = number
    assert "row 0, column proxy" in refused(table)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"quantity_low": 5}, "low is given without it"),
        ({"quantity_low": 5, "quantity_high": 2}, "low is above high"),
        ({"quantity_low": 5, "quantity_high": 9}, "the value lies outside its range"),
        ({"quantity_shape": "pert"}, "a shape without a range"),
        ({"quantity_low": 0, "quantity_high": 2, "quantity_shape": "lognormal"}, "a lognormal range begins at 0"),
        ({"quantity_low": 1, "quantity_high": 1, "quantity_shape": "normal"}, "has no width"),
        ({"quantity_low": 0, "quantity_high": 2, "quantity_shape": "bell"}, "is not one of the choices"),
        ({"deadweight": 0.1, "deadweight_low": 0, "deadweight_high": 0.2, "deductions": "add"}, "that is added up"),
        ({"inputs_low": 5, "inputs_high": 7}, "column inputs_low: the value lies outside its range"),
        ({"duration_low": 1, "duration_high": 3}, "the column 'duration_low' is not known"),
        ({"discount_rate": "350%"}, "column discount_rate"),
        ({"discount_rate": "uk_greenbook"}, "neither a rate nor a schedule that is known"),
        ({"price_year": 24}, "'24' is not a price year"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(columns: dict[str, Any], words: str) -> None:
    table = pd.DataFrame({"project": ["a"], "outcome": ["x"], "quantity": [1.0], "proxy": [2.0], "inputs": [1.0]})
    assert words in refused(table.assign(**columns))


def test_an_empty_table_and_something_else_are_refused() -> None:
    empty = pd.DataFrame({"project": [], "outcome": [], "quantity": [], "proxy": [], "inputs": []})
    assert "the table has no rows. Give one row for each outcome." in refused(empty)
    with pytest.raises(NameRefused, match="int is given where a portfolio belongs"):
        evaluate_portfolio(7)


def test_figures_beyond_reckoning_are_refused_by_their_project() -> None:
    table = pd.DataFrame({"project": ["fine", "mad"], "outcome": "x", "quantity": 1e15, "proxy": 1e15, "inputs": 1,
                          "duration": [1, 500], "discount_rate": [0.035, -0.9]})  # fmt: skip
    with pytest.raises(NameRefused, match="more than can be reckoned: mad"):
        evaluate_portfolio(table)


def test_a_table_is_not_changed() -> None:
    table = random_table(3, 2)
    before = table.copy(deep=True)
    evaluate_portfolio(table)
    pd.testing.assert_frame_equal(table, before)


# ---- files ----


def test_csv_parquet_and_frame_come_to_the_same(tmp_path: Path) -> None:
    table = random_table(20, 3)
    table.to_csv(tmp_path / "outcomes.csv", index=False)
    table.to_parquet(tmp_path / "outcomes.parquet")
    expected = evaluate_portfolio(table)
    pd.testing.assert_frame_equal(evaluate_portfolio(tmp_path / "outcomes.parquet"), expected)
    pd.testing.assert_frame_equal(evaluate_portfolio(str(tmp_path / "outcomes.csv")), expected, rtol=1e-12)


def test_a_csv_with_a_mark_semicolons_and_per_cents_is_read(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_bytes("\ufeffproject;outcome;quantity;proxy;deadweight;inputs\nGärten;x;10;5;25%;10\n".encode())
    row = evaluate_portfolio(path).iloc[0]
    assert row.project == "Gärten"
    assert row.sroi_ratio == pytest.approx(3.75 / 1.035, rel=1e-14)


def test_a_fault_in_a_file_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text("project,outcome,quantity,proxy,inputs\na,x,1,1,1\na,y,ten,1,1\n", encoding="utf-8")
    said = refused(path)
    assert said.startswith(f"{path}: row 3, column quantity: 'ten' stands where a number belongs.")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"project\xff\n", "line 1 is not UTF-8 text"),
        ("a.csv", b"", "this is no CSV file that can be read"),
        ("a.csv", b'project,outcome\n"never closed', "no"),
        ("a.csv", b"project,outcome\na,b,c,d\n", "this is no CSV file"),
        ("a.parquet", b"PAR1 nonsense PAR1", "this is no Parquet file that can be read"),
        ("a.parquet", b"", "this is no Parquet file that can be read"),
        ("a.pkl", b"", "files ending in '.pkl' are no tables of outcomes"),
        ("a", b"", "this file has no ending"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises((FileRefused, ImpossibleMap), match=words):
        evaluate_portfolio(tmp_path / name)


def test_a_missing_file_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="there is no such file"):
        evaluate_portfolio(tmp_path / "none.csv")
    with pytest.raises(FileRefused, match="there is no value map in this folder"):
        evaluate_portfolio(tmp_path)


def test_a_folder_of_value_maps_comes_to_what_each_comes_to(tmp_path: Path, small_map: ImpactMap) -> None:
    sroi.write_value_map(small_map, tmp_path / "b_small.yaml")
    (tmp_path / "a_wheels").mkdir()
    sroi.write_value_map(sroi.example("wheels_to_meals"), tmp_path / "a_wheels" / "value_map.xlsx")
    found = evaluate_portfolio(tmp_path)
    assert found.project.tolist() == ["a_wheels", "b_small"]
    assert found.sroi_ratio[1] == pytest.approx(sroi.evaluate(small_map).sroi_ratio, rel=CLOSE)
    assert round(found.sroi_ratio[0], 2) == 1.93


def test_all_faults_of_all_maps_of_a_folder_come_in_one_message(tmp_path: Path, small_map: ImpactMap) -> None:
    sroi.write_value_map(small_map, tmp_path / "fine.yaml")
    (tmp_path / "one.yaml").write_text("sroi: 1\n", encoding="utf-8")
    (tmp_path / "two.yaml").write_text("[", encoding="utf-8")
    with pytest.raises(ImpossibleMap) as raised:
        evaluate_portfolio(tmp_path)
    said = str(raised.value)
    assert "one.yaml: 'title' is missing. Add it." in said
    assert "two.yaml: " in said


def test_two_maps_of_one_name_are_refused(tmp_path: Path, small_map: ImpactMap) -> None:
    for name in ("same.yaml", "same.xlsx"):
        sroi.write_value_map(small_map, tmp_path / name)
    with pytest.raises(FileRefused, match="two value maps go by the name 'same'"):
        evaluate_portfolio(tmp_path)
