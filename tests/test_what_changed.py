"""What changed between two versions: every difference, and the ratio's change by cause, exact whatever the order."""

from __future__ import annotations

import copy
import random
from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pytest
from random_maps import random_value_map

import sroi
from sroi import plots
from sroi.comparison import WhatChanged, what_changed
from sroi.comparison.aspects import Pair
from sroi.comparison.mixtures import contributions
from sroi.comparison.shapley import shapley
from sroi.errors import ImpossibleMap

Tree = dict[str, Any]


def changed(before: Tree, after: Tree) -> WhatChanged:
    return what_changed(sroi.ImpactMap.model_validate(before), sroi.ImpactMap.model_validate(after))


def shares(found: WhatChanged) -> dict[str, float]:
    return {cause.name: cause.contribution for cause in found.causes}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.fixture
def other(small_tree: Tree) -> Tree:
    return copy.deepcopy(small_tree)


# ---- Shapley values ----


def test_two_who_only_together_earn_share_alike() -> None:
    assert shapley(np.array([[0.0, 0.0], [0.0, 6.0]])).tolist() == [3.0, 3.0]


def test_shapley_values_of_a_worked_example() -> None:
    # Gloves: player 0 has a left one, 1 and 2 right ones; a pair is worth 1. By hand: 2/3, 1/6, 1/6.
    worth = np.zeros((2, 2, 2))
    worth[1, 1, 0] = worth[1, 0, 1] = worth[1, 1, 1] = 1.0
    assert shapley(worth) == pytest.approx([2 / 3, 1 / 6, 1 / 6], abs=1e-15)


@pytest.mark.parametrize("players", range(6))
def test_shapley_values_are_the_mean_over_all_orders(players: int) -> None:
    worth = np.random.default_rng(players).normal(size=(2,) * players)
    mean = np.zeros(players)
    orders = list(permutations(range(players)))
    for order in orders:
        here = [0] * players
        for player in order:
            less = worth[tuple(here)]
            here[player] = 1
            mean[player] += (worth[tuple(here)] - less) / len(orders)
    assert shapley(worth) == pytest.approx(mean, abs=1e-13)
    assert shapley(worth).sum() == pytest.approx(worth[(1,) * players] - worth[(0,) * players], abs=1e-13)


# ---- by hand ----


def test_two_factors_of_one_product_share_by_hand(small_tree: Tree, other: Tree) -> None:
    # One outcome, one year, no deductions: ratio = quantity x proxy / 1000 at the end of year 1, rate 0.
    for tree in (small_tree, other):
        tree["conventions"] = {"discount_rate": 0}
        tree["outcomes"] = [{"id": "calmer", "stakeholder": "people", "quantity": 100, "proxy": 20, "duration": 1}]
    other["outcomes"][0] |= {"quantity": 60, "proxy": 30}
    # 2.0 -> 1.8. Quantity: half of (-40 x 20) and (-40 x 30), over 1000 = -1.0; proxy: half of 100 x 10 and 60 x 10 = 0.8.
    assert shares(changed(small_tree, other)) == pytest.approx(
        {"calmer.quantity": -1.0, "calmer.proxy": 0.8}, abs=1e-12
    )


def test_a_single_cause_has_the_whole_change(small_tree: Tree, other: Tree) -> None:
    other["outcomes"][0]["proxy"]["value"] = 45
    found = changed(small_tree, other)
    assert shares(found) == pytest.approx({"calmer.proxy": found.change}, abs=1e-14)


def test_what_does_the_same_gets_the_same(small_tree: Tree, other: Tree) -> None:
    for outcome in other["outcomes"]:
        outcome |= {"quantity": 35, "deadweight": 0.3}
    other["inputs"][0]["value"] = 1300
    found = shares(changed(small_tree, other))
    assert len(found) == 5
    assert found["calmer.quantity"] == pytest.approx(found["healthier.quantity"], abs=1e-14)
    assert found["calmer.deductions"] == pytest.approx(found["healthier.deductions"], abs=1e-14)


def test_what_bears_on_nothing_is_a_difference_and_no_cause(small_tree: Tree, other: Tree) -> None:
    for tree in (small_tree, other):
        tree["outcomes"].append({**tree["outcomes"][0], "id": "told", "valued": "no"})
    other["outcomes"][2]["quantity"] = 3
    other["outcomes"][0]["quantity"] = {"value": 50, "source": "another survey"}
    other["stakeholders"][0]["size"] = 90
    found = changed(small_tree, other)
    assert shares(found) == {}
    assert {each.name for each in found.differences} == {
        "told.quantity",
        "told.quantity.source",
        "calmer.quantity.source",
        "people.size",
    }
    assert found.sentences()[0].endswith("The ratio stays at 3.95 : 1: nothing that bears on it changed.")


def test_two_maps_that_say_the_same_differ_in_nothing(small_tree: Tree, other: Tree) -> None:
    other["outcomes"].reverse()
    found = changed(small_tree, other)
    assert (found.differences, found.causes, found.change) == ((), (), 0.0)
    assert found.sentences() == ("The ratio stays at 3.95 : 1: the two say the same.",)


def full_edit(tree: Tree) -> None:
    """Change something of every sort, so that every mixture is still a map."""
    tree["outcomes"][0] |= {"quantity": {"of": "people", "share": 0.3, "times": 2}, "duration": 4, "drop_off": 0.3}
    tree["outcomes"][1]["proxy"] = {"value": 12}
    tree["inputs"].append({"id": "hours", "stakeholder": "people", "kind": "time", "hours": 30, "rate": 9})
    tree["inputs"][0]["value"] = 1200
    tree["conventions"] = {"discount_rate": 0.05, "deductions": "add"}


def parts_of_full_edit(before: Tree, after: Tree) -> dict[str, Any]:
    """Return by cause how a tree takes it over from `after`: maps put together by hand, for the oracle."""

    def take(*path: Any) -> Any:
        def put(tree: Tree) -> None:
            here, there = tree, after
            for step in path[:-1]:
                if step == "conventions":
                    here.setdefault("conventions", {})
                here, there = here[step], there[step]
            here[path[-1]] = copy.deepcopy(there[path[-1]])

        return put

    def lasting(tree: Tree) -> None:
        tree["outcomes"][0] |= {"duration": 4, "drop_off": 0.3}

    return {
        "calmer.quantity": take("outcomes", 0, "quantity"),
        "calmer.lasting": lasting,
        "healthier.proxy": take("outcomes", 1, "proxy"),
        "hours.there": lambda tree: tree["inputs"].append(copy.deepcopy(after["inputs"][1])),
        "grant.value": take("inputs", 0, "value"),
        "discount_rate": take("conventions", "discount_rate"),
        "deductions": take("conventions", "deductions"),
    }


def test_causes_equal_those_of_whole_mixed_maps_through_the_door(small_tree: Tree, other: Tree) -> None:
    full_edit(other)
    parts = parts_of_full_edit(small_tree, other)
    worth = np.zeros((2,) * len(parts))
    for mix in np.ndindex(*worth.shape):
        tree = copy.deepcopy(small_tree)
        for put, taken in zip(parts.values(), mix, strict=True):
            if taken:
                put(tree)
        worth[mix] = sroi.evaluate(sroi.ImpactMap.model_validate(tree)).sroi_ratio
    by_hand = dict(zip(parts, shapley(worth), strict=True))
    assert shares(changed(small_tree, other)) == pytest.approx(by_hand, abs=1e-12)


# ---- properties, on random maps ----


def random_edit(rng: random.Random, tree: Tree) -> Tree:
    """Return a version of a map with some of its numbers, outcomes, inputs and conventions otherwise."""
    other = random_value_map(rng)
    edited = copy.deepcopy(tree)
    for outcome in edited["outcomes"]:
        for field, number in (("deadweight", rng.random()), ("attribution", rng.random()), ("drop_off", rng.random()),
                              ("duration", rng.choice([0, 1, 2.5, 7])), ("starts", rng.choice(["during", "after"]))):  # fmt: skip
            if rng.random() < 0.3:
                outcome[field] = number
        if rng.random() < 0.3 and isinstance(outcome.get("quantity"), int | float):
            outcome["quantity"] = rng.randint(1, 99)
        if rng.random() < 0.1:
            outcome["included"] = rng.choice(["yes", "no"])
    if rng.random() < 0.5:
        edited["conventions"] = other["conventions"]
    if rng.random() < 0.5:
        edited["inputs"].append({"id": "more", "stakeholder": "people", "kind": "money", "value": rng.randint(1, 9000)})
    for part in ("scenarios", "correlations"):
        edited.pop(part, None)
    return edited


def two_versions(seed: int) -> tuple[sroi.ImpactMap, sroi.ImpactMap]:
    """Return a random map and an edit of it; every third time two maps that have next to nothing in common."""
    rng = random.Random(seed)
    tree = random_value_map(rng)
    after = random_value_map(random.Random(seed + 10_000)) if seed % 3 == 0 else random_edit(rng, tree)
    return sroi.ImpactMap.model_validate(tree), sroi.ImpactMap.model_validate(after)


@pytest.mark.parametrize("seed", range(60))
def test_causes_add_up_and_turn_round_with_the_order_of_the_files(seed: int) -> None:
    try:
        before, after = two_versions(seed)
    except ImpossibleMap:
        pytest.skip("the edit is no map")
    there, back = what_changed(before, after), what_changed(after, before)
    ends = [float(each.sroi_ratio) for each in (there.before, there.after)]
    if before.currency != after.currency:
        assert there.causes == ()
        shared, returned = (contributions(Pair(*pair))[1] for pair in ((before, after), (after, before)))
        by_name = [{key.name: value for key, value in each.items()} for each in (shared, returned)]
    else:
        by_name = [shares(there), shares(back)]
    size = max([1.0, *map(abs, ends), *map(abs, by_name[0].values())])
    assert sum(by_name[0].values()) == pytest.approx(ends[1] - ends[0], abs=1e-12 * size)
    # The names of what changed together begin with the same number whichever comes first, but list them in map order.
    turned = {frozenset(name.split(" + ")): -share for name, share in by_name[1].items()}
    forth = {frozenset(name.split(" + ")): share for name, share in by_name[0].items()}
    assert forth == pytest.approx(turned, abs=1e-10 * size)


@pytest.mark.parametrize("seed", range(30))
def test_a_map_against_itself_has_no_cause_and_no_difference(seed: int) -> None:
    impact_map = sroi.ImpactMap.model_validate(random_value_map(random.Random(seed)))
    found = what_changed(impact_map, impact_map)
    assert (found.causes, found.differences, found.change) == ((), (), 0.0)


def test_sixty_outcomes_changed_in_everything_are_told_exactly(small_tree: Tree, other: Tree) -> None:
    rng = random.Random(5)
    for tree in (small_tree, other):
        first = tree["outcomes"][0]
        tree["outcomes"] = [
            {**first, "id": f"outcome_{place}", "quantity": rng.randint(1, 90), "proxy": rng.randint(1, 50),
             "deadweight": rng.random(), "duration": rng.randint(1, 9)} for place in range(60)
        ]  # fmt: skip
    other["conventions"] = {"discount_rate": 0.02, "discount_timing": "mid_year"}
    other["inputs"][0]["value"] = 900
    found = changed(small_tree, other)
    assert len(found.causes) > 200
    assert sum(shares(found).values()) == pytest.approx(found.change, abs=1e-11)


# ---- what cannot be mixed changes together ----


def test_where_one_input_takes_anothers_place_the_inputs_are_one_cause(small_tree: Tree, other: Tree) -> None:
    other["inputs"] = [{"id": "contract", "stakeholder": "funder", "kind": "money", "value": 2000}]
    found = changed(small_tree, other)
    assert [cause.name for cause in found.causes] == ["grant.there + contract.there"]
    assert found.causes[0].label == "inputs, which take each other's place"
    assert (found.causes[0].was, found.causes[0].now) == (
        "“grant” £1,000; “contract” none",
        "“grant” none; “contract” £2,000",
    )


def test_anchors_turned_round_change_together(small_tree: Tree, other: Tree) -> None:
    for tree, (anchored, money) in ((small_tree, (0, 1)), (other, (1, 0))):
        ids = ["calmer", "healthier"]
        tree["outcomes"][anchored] |= {"weight": 2, "proxy": {"anchored_to": ids[money]}}
        tree["outcomes"][money] |= {"weight": 4, "proxy": 50}
    found = changed(small_tree, other)
    assert [cause.name for cause in found.causes] == ["calmer.proxy + healthier.proxy"]
    assert found.causes[0].was == "calmer.proxy anchored to healthier, weight 2; healthier.proxy £50"


def test_a_price_moves_all_that_are_anchored_to_it(small_tree: Tree, other: Tree) -> None:
    for tree, value in ((small_tree, 50), (other, 40)):
        tree["outcomes"][0] |= {"weight": 1, "proxy": value}
        tree["outcomes"][1] |= {"weight": 2, "proxy": {"anchored_to": "calmer"}}
    found = changed(small_tree, other)
    assert shares(found) == pytest.approx({"calmer.proxy": found.change}, abs=1e-12)


def test_numbers_by_year_change_together_when_the_years_do(small_tree: Tree, other: Tree) -> None:
    for tree, years in ((small_tree, [10, 20]), (other, [10, 20, 30])):
        tree["activity"]["years"] = len(years)
        tree["outcomes"][0] |= {"quantity": {"by_year": years}, "proxy": {"by_year": years}, "duration": len(years)}
    found = changed(small_tree, other)
    assert set(shares(found)) == {"calmer.proxy + calmer.quantity", "calmer.lasting"}
    assert sum(shares(found).values()) == pytest.approx(found.change, abs=1e-12)


def test_a_stakeholder_left_out_is_one_cause_for_all_its_outcomes(small_tree: Tree, other: Tree) -> None:
    other["stakeholders"][0] |= {"included": "no"}
    found = changed(small_tree, other)
    assert shares(found) == pytest.approx({"people.there": found.change}, abs=1e-12)
    assert found.causes[0].label == "no longer included stakeholder “People”"


# ---- words ----


def test_the_change_is_said_cause_by_cause(small_tree: Tree, other: Tree) -> None:
    small_tree["outcomes"][0]["quantity"] = {"of": "people", "share": {"survey": {"yes": 30, "asked": 60}}}
    other["outcomes"][0]["quantity"] = {"of": "people", "share": {"survey": {"yes": 12, "asked": 40}}}
    other["outcomes"][1]["proxy"]["value"] = 25
    other["conventions"] = {"discount_rate": 0.02}
    other["outcomes"].append({**other["outcomes"][1], "id": "third", "description": "Third,\n=1+1", "quantity": 3})
    assert plain(changed(small_tree, other).sentences()[0]) == (
        "The ratio fell by 0.96, from 3.95 : 1 to 2.99 : 1: 0.80 from the smaller quantity of “Feel calmer” on fewer "
        "survey answers (30 % (12 of 40 asked) of People, was 50 % (30 of 60 asked) of People) and 0.33 from the lower "
        "proxy of “Feel healthier” (£25, was £30); the other way, 0.10 from the added outcome “Third, =1+1” and 0.07 "
        "from the lower discount rate (2 % a year, was 3.5 % a year)."
    )


def test_causes_that_cancel_out_are_said_to(small_tree: Tree, other: Tree) -> None:
    other["outcomes"][0]["quantity"] = 60
    other["outcomes"][1]["quantity"] = 40
    assert changed(small_tree, other).sentences()[0] == (
        "The ratio stays at 3.95 : 1, for causes cancel out: up by 0.40 from the larger quantity of “Feel calmer” "
        "(60, was 50); down by 0.40 from the smaller quantity of “Feel healthier” (40, was 50)."
    )


def test_what_a_reader_must_bear_in_mind_is_said(small_tree: Tree, other: Tree) -> None:
    other |= {"analysis": "evaluative", "price_year": 2026, "title": "Another"}
    other["outcomes"][0]["id"] = "calm"
    assert changed(small_tree, other).sentences() == (
        "The ratio stays at 3.95 : 1, for causes cancel out: up by 1.98 from the added outcome “Feel calmer”; down by "
        "1.98 from the removed outcome “Feel calmer”.",
        "Prices were those of 2024 and are those of 2026: some of the change may be prices alone.",
        "The first is a forecast, the second an evaluation.",
        "'calmer' was removed and 'calm' added, and both are called “Feel calmer”: if they are one outcome, give it the "
        "same id in both.",
        "Their titles differ: “A small sound map” and “Another”. Are they versions of one map?",
    )


def test_sums_in_two_currencies_are_not_mixed(small_tree: Tree, other: Tree) -> None:
    other["currency"] = "EUR"
    other["inputs"][0]["value"] = 2000
    found = changed(small_tree, other)
    assert found.causes == ()
    assert found.sentences()[0] == (
        "The ratio fell by 1.98, from 3.95 : 1 to 1.98 : 1; by cause this cannot be told: the one is in GBP and the "
        "other in EUR, and sums of the two cannot be mixed."
    )
    assert [(each.name, each.was, each.now) for each in found.differences] == [
        ("currency", "GBP", "EUR"), ("grant.value", "£1,000", "€2,000"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "label"),
    [
        ({"deadweight": 0.2}, "higher deadweight of “Feel calmer”"),
        ({"deadweight": 0.2, "attribution": 0}, "changed deadweight and attribution of “Feel calmer”"),
        ({"duration": 1}, "shorter duration of “Feel calmer”"),
        ({"drop_off": 0.3}, "higher drop-off of “Feel calmer”"),
        ({"starts": "after"}, "changed start of “Feel calmer”"),
        ({"valued": "no"}, "no longer counted outcome “Feel calmer”"),
        ({"proxy": 45}, "higher proxy of “Feel calmer”"),
        ({"quantity": {"of": "people", "share": 0.2}}, "smaller quantity of “Feel calmer”"),
    ],
    ids=str,
)
def test_a_cause_is_called_what_a_reader_would_call_it(edit: Tree, label: str, small_tree: Tree, other: Tree) -> None:
    other["outcomes"][0] |= edit
    assert [cause.label for cause in changed(small_tree, other).causes] == [label]


def test_every_difference_has_its_place_its_label_and_both_values(small_tree: Tree, other: Tree) -> None:
    other["outcomes"][0]["deadweight"] = {"value": 0.1, "low": 0.05, "high": 0.2, "note": "asked the residents"}
    other["outcomes"][1]["attribution"] = {"value": 0.15, "note": "asked the residents"}
    other["stakeholders"][1]["name"] = "Council"
    other["conventions"] = {"discount_timing": "mid_year", "present_at": 1}
    other["inputs"].append(
        {"id": "rooms", "stakeholder": "funder", "kind": "goods", "value": 5, "description": "Rooms"}
    )
    found = [(each.kind, each.name, each.label, each.was, each.now) for each in changed(small_tree, other).differences]
    assert [tuple(map(plain, each)) for each in found] == [
        ("changed", "discount_timing", "Discount timing", "end of year", "mid year"),
        ("changed", "present_at", "Present at", "the start", "year 1"),
        ("changed", "funder.name", "Council: name", "Funder", "Council"),
        ("added", "rooms", "input Rooms", "", "Rooms"),
        ("changed", "calmer.deadweight.range", "Feel calmer: deadweight, range", "none", "5 % to 20 %"),
        ("changed", "healthier.attribution", "Feel healthier: attribution (owed to others)", "10 %", "15 %"),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_what_changed_is_plain_for_other_programs_on_any_two_maps(seed: int) -> None:
    import json

    maps = [sroi.ImpactMap.model_validate(random_value_map(random.Random(each))) for each in (seed, seed + 500)]
    told = what_changed(*maps).to_dict()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["differences"]


# ---- the figure ----


@pytest.mark.parametrize("width", [plots.WIDE, plots.NARROW])
def test_the_waterfall_goes_from_the_one_ratio_to_the_other(width: float, small_tree: Tree, other: Tree) -> None:
    full_edit(other)
    found = changed(small_tree, other)
    before, after = float(found.before.sroi_ratio), float(found.after.sroi_ratio)
    figure = plots.picture(lambda ax: plots.change(found.causes, before, after, ax), width, 5.0)
    (axes,) = figure.axes
    bars = [patch for patch in axes.patches if patch.get_height() > 0]
    edges = [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in bars]
    assert edges[0][0] == pytest.approx(before)
    assert edges[-1][1] == pytest.approx(after)
    assert all(end == pytest.approx(start) for (_, end), (start, _) in pairwise(edges))
    said = [text.get_text() for text in axes.texts]
    assert f"  {before:.2f} : 1" in said
    assert f"  {after:.2f} : 1" in said
    assert plots.image(figure, "png") == plots.image(
        plots.picture(lambda ax: plots.change(found.causes, before, after, ax), width, 5.0), "png"
    )


def test_more_causes_than_the_figure_has_rows_are_one_row() -> None:
    found = what_changed(sroi.example("wheels_to_meals"), sroi.example("befriending"))
    before, after = float(found.before.sroi_ratio), float(found.after.sroi_ratio)
    figure = plots.picture(lambda ax: plots.change(found.causes, before, after, ax), plots.WIDE, 7.0)
    said = [text.get_text() for text in figure.axes[0].texts]
    assert f"{len(found.causes) - plots.MOST_CAUSES} other changes" in said


def test_a_change_without_causes_is_drawn_as_two_points() -> None:
    figure = plots.picture(lambda ax: plots.change([], 1.5, 1.5, ax), plots.NARROW, 2.0)
    assert [text.get_text() for text in figure.axes[0].texts] == ["  1.50 : 1", "  1.50 : 1", "Before", "After"]
