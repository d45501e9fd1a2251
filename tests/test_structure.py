"""A map as sums of products: the door's figure by another road; and the annuity in closed form against its sum."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from random_maps import random_value_map
from simulated import SPECIES, draws_of, has_range, uncertain_map

import sroi
from sroi import formulas
from sroi.evidence.schedules import schedule
from sroi.uncertainty.structure import Structure, structure_of, uncertain_numbers

# ---- the annuity ----


def year_by_year(drop_off: float, duration: float, factors: list[float], first_year: bool) -> float:
    """What 1 a year is worth over its life, one year after the other."""
    total, age = 0.0, 0
    while age < duration:
        part = min(duration - age, 1.0)
        total += (1 - drop_off) ** (age + first_year) * part * factors[age]
        age += 1
    return total


TIMINGS = ["end_of_year", "mid_year", "start_of_year"]
RATES = {
    "nothing": [0.0],
    "3.5 %": [0.035],
    "a hair": [1e-12],
    "negative": [-0.02],
    "very negative": [-0.4],
    "as high as it may be": [1.0],
    "by year": [0.02, 0.02, 0.05, -0.01, 0.0],
    "green book": schedule("uk_green_book").rates(200).tolist(),
}


@pytest.mark.parametrize("first_year", [False, True], ids=["second year", "first year"])
@pytest.mark.parametrize("timing", TIMINGS)
@pytest.mark.parametrize("rates", RATES.values(), ids=list(RATES))
def test_the_annuity_is_the_sum_over_the_years(rates: list[float], timing: str, first_year: bool) -> None:
    factors = formulas.discount_factors(rates, formulas.times_of_years(np.arange(1, 130), timing))
    drop_offs = np.array([0.0, 1e-15, 1e-9, 0.02, 0.1, 0.5, 0.99, 1.0])
    for duration in (0, 0.25, 1, 1.5, 2, 2.5, 3.0000001, 7.75, 30, 31, 76.5, 126.0):
        found = formulas.annuity(drop_offs, duration, factors, first_year)
        wanted = [year_by_year(each, duration, factors.tolist(), first_year) for each in drop_offs]
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=0)


def test_the_annuity_takes_drop_offs_and_durations_that_broadcast() -> None:
    factors = formulas.discount_factors(RATES["green book"], np.arange(1.0, 45.0))
    drop_off, duration = np.linspace(0, 1, 7)[:, None], np.array([0.0, 0.5, 2.0, 33.3, 40.0])
    wanted = [[year_by_year(d, n, factors.tolist(), False) for n in duration] for d in drop_off[:, 0]]
    np.testing.assert_allclose(formulas.annuity(drop_off, duration, factors), wanted, rtol=1e-12)


def test_the_annuity_of_a_rate_that_kills_the_drop_off_is_its_duration() -> None:
    # What drops off by a fifth is worth a quarter more each year at a rate of -20 %: every year counts the same.
    factors = 0.8 ** -np.arange(10.0)
    assert formulas.annuity(0.2, 10, factors) == pytest.approx(10.0, rel=1e-13)


# ---- the structure and the door ----


def values_of(structure: Structure, drawn: dict[str, Any]) -> dict[str, Any]:
    """The draws as the lines take them: shape (draw, year)."""
    found = {}
    for name, number in structure.uncertain.items():
        years = range(1, len(number.number.values) + 1)
        by_year = number.number.by_year
        found[name] = np.stack([drawn[f"{name}.{year}"] for year in years] if by_year else [drawn[name]], axis=-1)
    return found


def assert_equals_the_door(tree: dict[str, Any], seed: int) -> tuple[int, int]:
    tree = {key: part for key, part in tree.items() if key != "correlations"}
    impact_map = sroi.ImpactMap.model_validate(tree)
    structure = structure_of(impact_map, uncertain_numbers(impact_map))
    drawn = draws_of(impact_map, 5, np.random.default_rng(seed))
    door = sroi.evaluate(impact_map, at=drawn)
    values = values_of(structure, drawn)
    # Against all that is added up: what losses take from gains would magnify a last digit.
    counted = np.abs(door.present_value[..., np.array(door.counted, dtype=bool)]).sum(axis=-1)
    put_in = np.broadcast_to(door.total_inputs, counted.shape)
    ratio = np.broadcast_to(structure.ratio(values), counted.shape)
    wanted = np.broadcast_to(door.sroi_ratio, counted.shape)
    np.testing.assert_array_equal(np.isnan(ratio), np.isnan(wanted))
    there = put_in > 0
    apart = np.abs(ratio - wanted)[there]
    assert (apart <= 1e-10 * (counted / np.where(there, put_in, 1.0))[there]).all(), apart
    return len(structure.uncertain), sum(len(each.laws) > 1 for each in structure.uncertain.values())


def test_the_lines_come_to_what_the_door_says_on_300_random_maps_numbers_by_year_included() -> None:
    moved, by_year = [], 0
    for seed in range(300):
        rng = random.Random(seed)
        some, years = assert_equals_the_door(random_value_map(rng, ranges=rng.choice([0.1, 0.3, 0.6])), seed)
        moved.append(some)
        by_year += years > 0
    assert sum(some > 0 for some in moved) > 200
    assert max(moved) > 20
    assert by_year > 50


@pytest.mark.parametrize("kind", SPECIES)
def test_the_lines_come_to_what_the_door_says_on_maps_of_every_species(kind: str) -> None:
    for seed in range(8):
        assert assert_equals_the_door(uncertain_map(kind, seed), seed)[0] > 0


def test_numbers_held_fixed_are_the_door_s_too() -> None:
    impact_map = sroi.ImpactMap.model_validate(uncertain_map("rate", 3))
    uncertain = uncertain_numbers(impact_map)
    structure = structure_of(impact_map, uncertain, fixed={"discount_rate": (0.06,)})
    assert "discount_rate" not in structure.uncertain
    drawn = {
        name: part
        for name, part in draws_of(impact_map, 4, np.random.default_rng(0)).items()
        if name != "discount_rate"
    }
    wanted = sroi.evaluate(impact_map, at={**drawn, "discount_rate": 0.06}).sroi_ratio
    np.testing.assert_allclose(structure.ratio(values_of(structure, drawn)), wanted, rtol=1e-12)


def test_moving_outcomes_and_inputs_about_changes_no_line_and_no_last_bit() -> None:
    for seed in range(12):
        tree = uncertain_map(SPECIES[seed % len(SPECIES)], seed)
        turned = {**tree, "outcomes": tree["outcomes"][::-1], "inputs": tree["inputs"][::-1]}
        one, other = (
            structure_of(each, uncertain_numbers(each)) for each in map(sroi.ImpactMap.model_validate, (tree, turned))
        )
        drawn = draws_of(one.impact_map, 4, np.random.default_rng(seed))
        for left, right in zip((*one.lines, *one.inputs), (*other.lines, *other.inputs), strict=True):
            assert (left.id, left.constant) == (right.id, right.constant)
            assert [factor.names for factor in left.factors] == [factor.names for factor in right.factors]
        np.testing.assert_array_equal(one.ratio(values_of(one, drawn)), other.ratio(values_of(other, drawn)))


def test_only_numbers_on_which_the_ratio_depends_are_called_uncertain(small_tree: dict[str, Any]) -> None:
    small_tree["outcomes"][0]["included"] = False
    small_tree["outcomes"][0]["quantity"] = {"value": 5, "low": 1, "high": 9}
    small_tree["outcomes"][1]["proxy"] = {"value": 5, "low": 1, "high": 9}
    small_tree["stakeholders"][0]["size"] = {"value": 100, "low": 50, "high": 200}
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    assert sum(has_range(number) for number in impact_map.numbers().values()) == 3
    assert set(structure_of(impact_map, uncertain_numbers(impact_map)).uncertain) == {"healthier.proxy"}


def test_a_rate_that_discounts_nothing_is_not_uncertain(small_tree: dict[str, Any]) -> None:
    small_tree["outcomes"][1]["proxy"] = {"value": 5, "low": 1, "high": 9}
    rate = {"value": 0.035, "low": 0.0, "high": 0.07}
    small_tree["conventions"] = {"discount_rate": rate, "discount_timing": "none"}
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    assert set(structure_of(impact_map, uncertain_numbers(impact_map)).uncertain) == {"healthier.proxy"}
