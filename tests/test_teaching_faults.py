"""Planted faults: each kind is planted in several maps, and the program itself finds it and found none before."""

from __future__ import annotations

import re

import pytest

import sroi
from sroi.errors import ImpossibleMap, NameRefused
from sroi.findings import WORKBOOK_HEADINGS
from sroi.questions.reasons import WHY
from sroi.teaching.cases import sound_case
from sroi.teaching.faults import KINDS, kind_of, kinds_for, plant, plant_several
from sroi.teaching.faults_of_sheets import SHEET_KINDS, plant_in_sheet, sheet_kinds_for
from sroi.teaching.spreadsheet import Spreadsheet, faults_of, spreadsheet_bytes, spreadsheet_of
from sroi.teaching.trees import map_of

# Case, level and seed of the maps into which each kind is planted.
MAPS = [("wheels_to_meals", 1, 1), ("wheels_to_meals", 2, 2), ("wheels_to_meals", 3, 3), ("befriending", 2, 4),
        ("befriending", 3, 5)]  # fmt: skip
# In how many of them a kind can stand: one who was asked cannot be forgotten twice, a loss needs a loss.
FEW = {"loss_as_gain": 1, "not_discounted": 2, "loss_left_out": 2, "output_as_outcome": 2, "more_than_there_are": 2}


@pytest.fixture(scope="module")
def sound_maps() -> list[sroi.ImpactMap]:
    return [sound_case(sroi.example(case), seed, level, "Team 1") for case, level, seed in MAPS]


@pytest.fixture(scope="module")
def sound_sheet() -> Spreadsheet:
    return spreadsheet_of(sound_case(sroi.example("wheels_to_meals"), 2, 2, "Team 1"))


def test_there_are_more_than_forty_kinds_of_practice_arithmetic_and_workbook() -> None:
    sorts = [kind.sort for kind in (*KINDS.values(), *SHEET_KINDS.values())]
    assert len(sorts) >= 40
    assert {sort: sorts.count(sort) for sort in set(sorts)} == {"practice": 21, "arithmetic": 24, "workbook": 13}


@pytest.mark.parametrize("name", KINDS)
def test_a_planted_fault_is_found_and_its_kind_was_not_there_before(
    sound_maps: list[sroi.ImpactMap], name: str
) -> None:
    kind = kind_of(name)
    stood = 0
    for place, sound in enumerate(sound_maps):
        faulty = plant(sound, name, place, "Team 1")
        if faulty is None:
            continue
        stood += 1
        [planted] = faulty.planted
        if kind.impossible:
            with pytest.raises(ImpossibleMap) as error:
                map_of(faulty.tree)
            assert [problem.found for problem in error.value.problems] == [planted.says]
            continue
        before = {each.kind for each in sroi.review(sound)}
        assert before.isdisjoint(kind.found_by)
        found = {(each.kind, each.where): each.what for each in sroi.review(map_of(faulty.tree))}
        assert planted.finding in kind.found_by
        assert found[planted.finding, planted.found_at] == planted.says
        assert map_of(faulty.tree) != sound
        assert planted.touched
    assert stood >= FEW.get(name, 3)


@pytest.mark.parametrize("name", SHEET_KINDS)
def test_a_fault_of_a_spreadsheet_is_on_the_readers_list_at_its_cell(sound_sheet: Spreadsheet, name: str) -> None:
    spoilt = plant_in_sheet(sound_sheet, [name], 1, 2, "Team 1")
    [planted] = spoilt.planted
    assert planted.finding in SHEET_KINDS[name].found_by
    assert planted.where in (planted.found_at, *planted.touched)
    assert re.fullmatch(r"(Value map|Summary)![A-Z]+\d+", planted.where)


def test_faults_of_a_spreadsheet_stand_together_and_each_is_found(sound_sheet: Spreadsheet) -> None:
    spoilt = plant_in_sheet(sound_sheet, sheet_kinds_for(3, 8, "Team 1"), 4, 8, "Team 1")
    told = {(each.kind, each.where) for each in faults_of(spreadsheet_bytes(spoilt.spreadsheet), "x.xlsx")[1]}
    assert len(spoilt.planted) == 4
    assert {(each.finding, each.found_at) for each in spoilt.planted} <= told


@pytest.mark.parametrize("seed", range(4))
def test_several_faults_touch_nothing_of_each_other_and_all_are_found(
    sound_maps: list[sroi.ImpactMap], seed: int
) -> None:
    sound = sound_maps[seed]
    faulty = plant_several(sound, kinds_for(3, seed, "Team 2"), 8, seed, "Team 2")
    assert len(faulty.planted) == 8
    touched = [name for planted in faulty.planted for name in planted.touched]
    assert len(touched) == len(set(touched))
    possible = [planted for planted in faulty.planted if planted.finding != "refused"]
    assert len(possible) >= 7
    if len(possible) == 8:
        found = {(each.kind, each.where) for each in sroi.review(map_of(faulty.tree))}
        assert {(each.finding, each.found_at) for each in possible} <= found


def test_faults_are_of_practice_and_of_arithmetic_by_turns() -> None:
    sorts = [KINDS[name].sort for name in kinds_for(2, 1, "Team 1")]
    assert set(sorts[:2]) == {"practice", "arithmetic"}
    assert sorts[:6] == sorts[:2] * 3


def test_a_level_plants_nothing_that_is_too_hard_for_it() -> None:
    assert {KINDS[name].level for name in kinds_for(1, 1, "Team 1")} == {1}
    assert len(kinds_for(1, 1, "Team 1")) >= 15
    assert set(kinds_for(3, 1, "Team 1")) == set(KINDS)


def test_every_kind_says_why_it_is_wrong_and_by_which_finding_it_is_seen() -> None:
    for kind in (*KINDS.values(), *SHEET_KINDS.values()):
        assert kind.heading
        assert kind.explains.endswith((".", "?"))
        assert re.compile(kind.words)
    assert {found for kind in KINDS.values() for found in kind.found_by} <= set(WHY)
    assert {found for kind in SHEET_KINDS.values() for found in kind.found_by} <= set(WORKBOOK_HEADINGS)


def test_a_kind_that_there_is_not_is_refused_with_the_nearest() -> None:
    with pytest.raises(NameRefused, match=r"no kind of fault 'nobody_aksed'\. Did you mean 'nobody_asked'\?"):
        kind_of("nobody_aksed")
