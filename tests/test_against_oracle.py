"""Two roads, one number: `evaluate` against the plain-Python oracle, and the properties that any road must have."""

from __future__ import annotations

import copy
import json
import math
import random
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle import evaluate_tree, with_numbers
from random_maps import HARDEST_WORDS, WORDS, names_in, pick, random_number, random_value_map, value_maps

import sroi

EXACT = 1e-12
FIGURES = ("total_inputs", "total_present_value", "net_present_value")

# The same examples in every run and no database: a red test is red for everybody. No shrinking, which takes minutes for
# a tree of this size: add Phase.shrink when one is red.
thorough = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def as_map(tree: dict[str, Any]) -> sroi.ImpactMap:
    return sroi.ImpactMap.model_validate(tree)


def seeded_tree(seed: int, **options: Any) -> dict[str, Any]:
    return random_value_map(random.Random(seed), **options)


def assert_close(found: float | None, expected: float | None, magnitude: float, what: str) -> None:
    """Hold two figures together to 1e-12 of the sum of all that was added up to make them."""
    if found is None or expected is None:
        assert found is expected, what
    else:
        assert abs(found - expected) <= EXACT * magnitude, f"{what}: {found!r} is not {expected!r}"


def assert_says_what_the_oracle_says(found: dict[str, Any], expected: dict[str, Any]) -> None:
    magnitude = expected["magnitude"]
    per_input = magnitude / expected["total_inputs"] if expected["total_inputs"] else magnitude
    for figure in FIGURES:
        assert_close(found[figure], expected[figure], magnitude, figure)
    for figure in ("sroi_ratio", "net_sroi_ratio"):
        assert_close(found[figure], expected[figure], per_input, figure)
    assert_same_payback(found, expected)

    for group, key in (("ladder", "step"), ("by_outcome", "id"), ("by_stakeholder", "id"), ("not_counted", "id")):
        assert [entry[key] for entry in found[group]] == [entry[key] for entry in expected[group]], group
        for one, other in zip(found[group], expected[group], strict=True):
            for figure in other.keys() - {key, "stakeholder"}:
                scale = (
                    magnitude + abs(other[figure] or 0) if figure != "ratio_with_it" else _ratio_scale(other, per_input)
                )
                assert_close(one[figure], other[figure], scale, f"{group} {one[key]} {figure}")
    assert [entry["stakeholder"] for entry in found["by_outcome"]] == [
        entry["stakeholder"] for entry in expected["by_outcome"]
    ]

    # A year beyond the last in which anything counts may be there, and holds nothing.
    assert [entry["year"] for entry in found["by_year"]] == list(range(1, len(found["by_year"]) + 1))
    assert len(found["by_year"]) >= len(expected["by_year"])
    for place, entry in enumerate(found["by_year"]):
        nothing = {"value": 0.0, "present_value": 0.0}
        other = expected["by_year"][place] if place < len(expected["by_year"]) else nothing
        for figure in nothing:
            assert_close(entry[figure], other[figure], magnitude, f"year {place + 1} {figure}")


def _ratio_scale(entry: dict[str, Any], per_input: float) -> float:
    return per_input + abs(entry["ratio_with_it"] or 0)


def assert_same_payback(found: dict[str, Any], expected: dict[str, Any]) -> None:
    one, other = found["payback_years"], expected["payback_years"]
    if one is None or other is None:
        assert one is other, f"payback: {one} is not {other}"
        return
    # The time at which a slow year crosses a line is as sure as the line is steep.
    gain = expected["by_year"][math.ceil(other) - 1]["present_value"] if other else 1.0
    assert abs(one - other) <= EXACT * max(1.0, other, expected["magnitude"] / gain), f"payback: {one} is not {other}"


# ---- against the oracle ----


def test_the_oracle_comes_to_what_the_guide_prints():
    tree = yaml.safe_load(sroi.case_study("wheels_to_meals").read_text(encoding="utf-8"))
    figures = evaluate_tree(tree)

    assert round(figures["total_present_value"], 2) == 81741.93
    assert round(figures["net_present_value"], 2) == 39366.93
    assert round(figures["sroi_ratio"], 2) == 1.93
    assert round(figures["payback_years"], 2) == 0.53


@pytest.mark.parametrize("seed", range(400))
def test_a_random_map_comes_to_what_the_oracle_says(seed):
    tree = seeded_tree(seed)

    result = sroi.evaluate(as_map(tree))

    assert_says_what_the_oracle_says(result.to_dict(), evaluate_tree(tree))


@pytest.mark.parametrize("seed", range(150))
def test_other_numbers_given_from_outside_come_to_what_they_would_in_the_file(seed):
    tree, rng = seeded_tree(seed), random.Random(seed)
    names = names_in(tree)
    at = {name: random_number(rng, names[name]) for name in pick(rng, names, 4)}

    result = sroi.evaluate(as_map(tree), at=at)

    assert_says_what_the_oracle_says(result.to_dict(), evaluate_tree(with_numbers(tree, at)))


@pytest.mark.parametrize("seed", range(3))
def test_a_long_map_of_sixty_outcomes_comes_to_what_the_oracle_says(seed):
    tree = random_value_map(random.Random(seed), most_outcomes=60)

    assert_says_what_the_oracle_says(sroi.evaluate(as_map(tree)).to_dict(), evaluate_tree(tree))


@given(value_maps())
@thorough
def test_any_map_comes_to_what_the_oracle_says(tree):
    assert_says_what_the_oracle_says(sroi.evaluate(as_map(tree)).to_dict(), evaluate_tree(tree))


def test_the_random_maps_use_every_convention():
    trees = [seeded_tree(seed) for seed in range(400)]
    rules = [tree["conventions"] for tree in trees]
    text = json.dumps(trees)

    for key, words in {
        "discount_timing": {"end_of_year", "mid_year", "start_of_year", "none"},
        "input_timing": {"end_of_year", "mid_year", "start_of_year", "none"},
        "deductions": {"multiply", "add"},
        "drop_off_from": {"second_year", "first_year"},
    }.items():
        assert {rule[key] for rule in rules if key in rule} == words
    assert {"uk_green_book", "3.5%", 0} <= {str(r.get("discount_rate")) for r in rules} | {0}
    for word in (
        '"anchored_to"',
        '"of"',
        '"hours"',
        '"by_year"',
        '"after"',
        '"survey"',
        '"experts"',
        '"duration": 2.5',
    ):
        assert word in text


def test_an_outcome_that_does_not_count_may_outlast_all_that_do():
    tree = seeded_tree(44)
    person = tree["stakeholders"][0]["id"]
    tree["activity"] = {"years": 3}
    tree["inputs"] = [{"id": "grant", "stakeholder": person, "kind": "money", "value": 100}]
    for section in ("scenarios", "correlations", "published", "outputs"):
        tree.pop(section, None)
    tree["outcomes"] = [
        {"id": "short", "stakeholder": person, "quantity": 1, "proxy": 200, "duration": 1},
        {"id": "told", "stakeholder": person, "quantity": {"by_year": [1, 2, 3]}, "proxy": 5, "valued": "no"},
    ]

    assert_says_what_the_oracle_says(sroi.evaluate(as_map(tree)).to_dict(), evaluate_tree(tree))


@pytest.mark.parametrize("at", [{}, {"discount_rate": [0.0, 0.05]}], ids=["once", "twice"])
def test_a_map_whose_outcomes_have_no_price_comes_to_nothing(at):
    tree = seeded_tree(3)
    for section in ("scenarios", "correlations"):
        tree.pop(section, None)
    person = tree["stakeholders"][0]["id"]
    tree["outcomes"] = [{"id": "told", "stakeholder": person, "valued": "no", "description": "more at home"}]

    result = sroi.evaluate(as_map(tree), at=at)

    assert not np.any(result.total_present_value)
    assert np.isnan(result.payback_years).all()
    assert json.dumps(result.to_dict(), allow_nan=False)


# ---- properties ----


def gains_only(tree: dict[str, Any]) -> dict[str, float]:
    """Return numbers that make each outcome of the map a gain."""
    return {name: 7.0 for name, kind in names_in(tree).items() if kind == "amount" and not name[-1].isdigit()}


def scaled(tree: dict[str, Any], fields: tuple[str, ...], factor: float) -> dict[str, float]:
    """Return every number of these fields, as the map has it, times a factor: single years for those given by year."""
    numbers = as_map(tree).numbers()
    at: dict[str, float] = {}
    for name, number in numbers.items():
        if number.field in fields:
            years = enumerate(number.values, start=1)
            at |= {f"{name}.{year}" if number.by_year else name: base * factor for year, base in years}
    return at


@given(value_maps(), st.floats(0.01, 100))
@thorough
def test_the_ratio_scales_with_the_proxies(tree, factor):
    base = sroi.evaluate(as_map(tree))
    result = sroi.evaluate(as_map(tree), at=scaled(tree, ("proxy",), factor))

    scale = evaluate_tree(tree)["magnitude"] * max(1.0, factor) / base.total_inputs
    assert_close(float(result.sroi_ratio), float(base.sroi_ratio) * factor, scale, "ratio")


@given(value_maps(), st.floats(0.01, 100))
@thorough
def test_the_ratio_scales_inversely_with_the_inputs(tree, factor):
    base = sroi.evaluate(as_map(tree))
    at = {
        name: number
        for name, number in scaled(tree, ("value", "rate"), factor).items()
        if any(name.startswith(f"{given['id']}.") for given in tree["inputs"])
    }
    result = sroi.evaluate(as_map(tree), at=at)

    scale = evaluate_tree(tree)["magnitude"] / min(1.0, factor) / base.total_inputs
    assert_close(float(result.sroi_ratio), float(base.sroi_ratio) / factor, scale, "ratio")


@given(value_maps(), st.data())
@thorough
def test_the_ratio_of_gains_never_rises_with_a_deduction_or_drop_off(tree, data):
    shares = [
        name
        for name in names_in(tree)
        if name.partition(".")[2] in ("deadweight", "displacement", "attribution", "drop_off")
    ]
    name = data.draw(st.sampled_from(shares))
    rising = np.linspace(0.0, 1.0, 11)

    ratios = sroi.evaluate(as_map(tree), at={**gains_only(tree), name: rising}).sroi_ratio

    assert (np.diff(ratios) <= EXACT * np.abs(ratios[:-1])).all()


@given(value_maps(), st.data())
@thorough
def test_the_ratio_of_gains_never_falls_with_duration(tree, data):
    outcome = data.draw(st.sampled_from([entry["id"] for entry in tree["outcomes"]]))
    rising = np.linspace(0.0, 6.0, 13)

    ratios = sroi.evaluate(as_map(tree), at={**gains_only(tree), f"{outcome}.duration": rising}).sroi_ratio

    assert (np.diff(ratios) >= -EXACT * np.abs(ratios[:-1])).all()


@given(value_maps())
@thorough
def test_at_a_rate_of_nothing_the_present_value_is_a_plain_sum(tree):
    tree = copy.deepcopy(tree)
    for outcome in tree["outcomes"]:
        outcome.pop("discount_rate", None)
    result = sroi.evaluate(as_map(tree), at={"discount_rate": 0.0})

    magnitude = evaluate_tree(with_numbers(tree, {"discount_rate": 0.0}))["magnitude"]
    assert_close(float(result.total_present_value), float(result.value_by_year.sum()), magnitude, "total")
    assert_close(float(result.ladder["discounting"]), 0.0, magnitude, "discounting")


@given(value_maps())
@thorough
def test_a_duration_of_one_year_ignores_drop_off_from_the_second_year(tree):
    tree = copy.deepcopy(tree)
    tree["conventions"]["drop_off_from"] = "second_year"
    one_year = {f"{outcome['id']}.duration": 1.0 for outcome in tree["outcomes"]}
    any_drop_off = {f"{outcome['id']}.drop_off": [0.0, 0.3, 1.0] for outcome in tree["outcomes"]}

    result = sroi.evaluate(as_map(tree), at=one_year | any_drop_off)

    assert np.ptp(result.total_present_value) == 0.0
    assert not result.ladder["drop_off"].any()


@given(value_maps(most_outcomes=6), st.randoms(use_true_random=False))
@thorough
def test_the_order_of_outcomes_stakeholders_and_inputs_is_immaterial(tree, rng):
    other = copy.deepcopy(tree)
    for section in ("outcomes", "stakeholders", "inputs"):
        rng.shuffle(other[section])

    one, two = sroi.evaluate(as_map(tree)).to_dict(), sroi.evaluate(as_map(other)).to_dict()

    magnitude = evaluate_tree(tree)["magnitude"]
    for figure in FIGURES:
        assert_close(one[figure], two[figure], magnitude, figure)
    for first, second in zip(one["ladder"], two["ladder"], strict=True):
        assert_close(first["value"], second["value"], magnitude, first["step"])
    for section in ("by_outcome", "by_stakeholder"):
        values = {entry["id"]: entry["present_value"] for entry in two[section]}
        for entry in one[section]:
            assert_close(entry["present_value"], values[entry["id"]], magnitude, entry["id"])


@pytest.mark.parametrize("seed", range(120))
def test_the_parts_add_up_to_the_whole(seed):
    tree = seeded_tree(seed)
    figures, magnitude = sroi.evaluate(as_map(tree)).to_dict(), evaluate_tree(tree)["magnitude"]
    total = figures["total_present_value"]

    assert [entry["step"] for entry in figures["ladder"]][-1] == "total_present_value"
    assert figures["ladder"][-1]["value"] == total
    assert_close(math.fsum(entry["value"] for entry in figures["ladder"][:-1]), total, magnitude, "ladder")
    for section in ("by_year", "by_outcome", "by_stakeholder"):
        assert_close(math.fsum(entry["present_value"] for entry in figures[section]), total, magnitude, section)
    inputs = math.fsum(entry["inputs"] for entry in figures["by_stakeholder"])
    assert_close(inputs, figures["total_inputs"], magnitude, "inputs")
    gross = math.fsum(entry["gross"] for entry in figures["by_outcome"])
    assert_close(gross, figures["ladder"][0]["value"], magnitude, "gross")


# ---- many at once ----


def assert_each_row_is_its_single_run(tree: dict[str, Any], at: dict[str, Any]) -> None:
    impact_map = as_map(tree)
    many = sroi.evaluate(impact_map, at=at)
    shape = np.broadcast_shapes(*(np.shape(value) for value in at.values()))
    assert np.shape(many.sroi_ratio) == shape
    for place in np.ndindex(*shape):
        row = {name: float(np.broadcast_to(value, shape)[place]) for name, value in at.items()}
        one = sroi.evaluate(impact_map, at=row)
        expected = evaluate_tree(with_numbers(tree, row))
        scale = expected["magnitude"]
        assert_close(float(many.total_inputs[place]), float(one.total_inputs), scale, "inputs")
        assert_close(float(many.total_present_value[place]), float(one.total_present_value), scale, "total")
        for step, change in one.ladder.items():
            assert_close(float(many.ladder[step][place]), float(change), scale, step)
        assert np.abs(many.present_value[place] - one.present_value).max(initial=0.0) <= EXACT * (
            scale + np.abs(one.present_value).max(initial=0.0)
        )
        assert np.abs(many.inputs[place] - one.inputs).max() <= EXACT * scale
        # The years of many rows are those of the longest: beyond its own end a row holds nothing.
        for several, single in (
            (many.value_by_year[place], one.value_by_year),
            (many.present_value_by_year[place], one.present_value_by_year),
        ):
            length = max(len(several), len(single))
            apart = np.pad(several, (0, length - len(several))) - np.pad(single, (0, length - len(single)))
            assert np.abs(apart).max() <= EXACT * scale
        payback = {"payback_years": None if np.isnan(many.payback_years[place]) else float(many.payback_years[place])}
        assert_same_payback(payback, expected)


@pytest.mark.parametrize("seed", range(100))
@pytest.mark.parametrize("shapes", [[(3,)], [(2, 3)], [(2, 1), (3,)], [(), (2,)], [(1,), (1, 2), ()]], ids=str)
def test_each_row_of_arrays_is_its_single_run(seed, shapes):
    tree, rng = seeded_tree(seed), random.Random(seed)
    names = names_in(tree)
    at = {}
    for place, name in enumerate(pick(rng, names, 4)):
        shape = shapes[place % len(shapes)]
        count = math.prod(shape)
        at[name] = np.reshape([random_number(rng, names[name]) for _ in range(count)], shape)

    assert_each_row_is_its_single_run(tree, at)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("which", ["discount_rate", "size", "year", "duration", "input", "anchored", "everything"])
def test_each_row_is_its_single_run_for_every_kind_of_name(seed, which):
    tree, rng = seeded_tree(seed, most_outcomes=9), random.Random(seed)
    names = names_in(tree)
    owners = [given["id"] for given in tree["inputs"]]
    anchors = {o["proxy"]["anchored_to"] for o in tree["outcomes"] if "anchored_to" in str(o.get("proxy"))}
    chosen = {
        "discount_rate": lambda name: name == "discount_rate",
        "size": lambda name: name.endswith(".size"),
        "year": lambda name: name.rpartition(".")[2].isdigit(),
        "duration": lambda name: name.endswith((".duration", ".drop_off")),
        "input": lambda name: name.partition(".")[0] in owners,
        "anchored": lambda name: name.partition(".")[0] in anchors and ".proxy" in name,
        "everything": lambda name: not name[-1].isdigit(),
    }[which]
    at = {name: [random_number(rng, kind) for _ in range(3)] for name, kind in names.items() if chosen(name)}
    # Nobody may set all years of a number and one of them.
    at = {name: numbers for name, numbers in at.items() if name.rpartition(".")[0] not in at}
    if at:
        assert_each_row_is_its_single_run(tree, at)


def test_arrays_of_no_rows_come_to_no_rows():
    result = sroi.evaluate(as_map(seeded_tree(0)), at={"discount_rate": []})

    assert result.sroi_ratio.shape == (0,)


def test_evaluating_changes_neither_the_map_nor_the_numbers_given():
    tree = seeded_tree(5)
    impact_map, numbers = as_map(tree), np.array([0.0, 0.05])
    before = impact_map.model_copy(deep=True)

    sroi.evaluate(impact_map, at={"discount_rate": numbers})

    assert impact_map == before
    assert numbers.tolist() == [0.0, 0.05]


# ---- out and in again ----


@pytest.mark.parametrize("seed", range(100))
def test_a_map_written_and_read_is_equal(seed, tmp_path):
    impact_map = as_map(seeded_tree(seed, ranges=0.6))

    sroi.write_value_map(impact_map, tmp_path / "map.yaml")

    assert sroi.read_value_map(tmp_path / "map.yaml") == impact_map


@pytest.mark.parametrize("words", WORDS + HARDEST_WORDS, ids=lambda words: ascii(words[:30]))
def test_words_that_look_like_yaml_come_back_as_they_were(words, tmp_path):
    tree = seeded_tree(1)
    tree["organisation"] = words
    tree["outcomes"][0] |= {"tags": [words, "health"], "indicator": {"text": words}, "material": {"reason": words}}
    tree["stakeholders"][0]["involved"] = [{"stage": "outcomes", "how": words, "said": words}]
    impact_map = as_map(tree)

    sroi.write_value_map(impact_map, tmp_path / "map.yaml")

    assert sroi.read_value_map(tmp_path / "map.yaml") == impact_map


@pytest.mark.parametrize("seed", range(60))
def test_a_file_says_the_same_as_its_tree_in_python(seed, tmp_path):
    tree = seeded_tree(seed)
    (tmp_path / "map.yaml").write_text(yaml.safe_dump(tree), encoding="utf-8")

    assert sroi.read_value_map(tmp_path / "map.yaml") == as_map(tree)


@pytest.mark.parametrize("seed", range(60))
def test_the_result_is_strict_json(seed):
    tree = seeded_tree(seed)
    impact_map, owner = as_map(tree), tree["outcomes"][0]["id"]
    for at in ({}, {f"{owner}.duration": [0.0, 2.5]}, {"grant.value": 0.0}):
        figures = sroi.evaluate(impact_map, at=at).to_dict()

        assert json.loads(json.dumps(figures, allow_nan=False)) == figures
