"""What may be counted twice: found where it is planted, in words that can be held to, and silent where it is not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

import sroi
from sroi.questions.across import same_people
from sroi.questions.likeness import is_general, is_wellbeing, unit_of
from sroi.questions.overlaps import overlaps
from sroi.questions.reasons import WHY

Tree = dict[str, Any]


def line(name: str, people: str, words: str, quantity: Any, value: float, **proxy: Any) -> Tree:
    more = {key: proxy.pop(key) for key in ("leads_to", "place", "duration") if key in proxy}
    return {"id": name, "stakeholder": people, "description": words, "quantity": quantity,
            "proxy": {"value": value, **proxy}, "duration": 1, **more}  # fmt: skip


def a_map(*outcomes: Tree, **more: Any) -> Tree:
    """A map of invented figures, without discounting, so that every sum can be worked out in the head."""
    return {
        "sroi": 1, "title": "Planted", "analysis": "forecast", "currency": "GBP", "price_year": 2024,
        "conventions": {"discount_timing": "none"},
        "stakeholders": [
            {"id": "people", "name": "Residents", "size": 100}, {"id": "men", "name": "Men", "part_of": "people", "size": 40},
            {"id": "women", "name": "Women", "part_of": "people", "size": 60}, {"id": "nhs", "name": "NHS"},
            {"id": "council", "name": "Local authority"}, {"id": "carers", "name": "Carers"},
        ],
        "inputs": [{"id": "grant", "stakeholder": "council", "kind": "money", "value": 1000, "description": "Grant"}],
        "outcomes": [*outcomes, line("other", "carers", "A night of sleep", 1, 5000, unit="night")],
        **more,
    }  # fmt: skip


def found(tree: Tree) -> list[tuple[str, str, str, str]]:
    impact_map = sroi.ImpactMap.model_validate(tree)
    return [
        (each.kind, each.severity, each.where, each.what) for each in overlaps(impact_map, sroi.evaluate(impact_map))
    ]


# Each a planted double count: what is planted, its kind and weight, and the words.
PLANTED: list[tuple[str, Tree, str, str, str]] = [
    ("the same outcome in the same words",
     a_map(line("one", "people", "Feel calmer", 10, 100, unit="person"), line("two", "people", "Feels calmer", 8, 100, unit="case")),
     "outcome_twice", "high",
     "Feel calmer: valued twice for Residents (one, two); counted once, the total would be £800 less"),
    ("the same outcome three times, the largest kept",
     a_map(*(line(f"o{n}", "people", "Feel calmer", n, 100) for n in (5, 9, 7))),
     "outcome_twice", "high",
     "Feel calmer: valued 3 times for Residents (o5, o9, o7); counted once, the total would be £1,200 less"),
    ("one unit, written in two ways",
     a_map(line("gp", "people", "Fewer GP visits", 10, 50, unit="visit"), line("surgery", "people", "Less use of the surgery", 8, 60, unit="Visits")),
     "same_unit_twice", "low",
     "Fewer GP visits; Less use of the surgery: the unit 'visit' is counted twice for Residents; "
     "counted once, the total would be £480 less"),
    ("one unit, with one proxy",
     a_map(line("gp", "people", "Less pain", 10, 50, unit="per visit", description="A visit to the GP"),
           line("nerves", "people", "Calmer nerves", 9, 50, unit="a visit a year", description="Visits to a GP")),
     "same_unit_twice", "high",
     "Less pain; Calmer nerves: the unit 'per visit' is counted twice for Residents; counted once, the total would be £450 less"),
    ("one unit that anything may have, with one entry of a register",
     a_map(line("work", "people", "Found work", 10, 500, unit="person", register="job_1"),
           line("income", "people", "Earn more", 9, 500, unit="person", register="job_1")),
     "same_unit_twice", "high",
     "Found work; Earn more: the unit 'person' is counted twice for Residents; counted once, the total would be £4,500 less"),
    ("a loss twice: the total would be more",
     a_map(line("bus", "people", "Time on the bus", 10, -50, unit="trip"), line("car", "people", "Time on the way", 9, -60, unit="trip")),
     "same_unit_twice", "low",
     "Time on the bus; Time on the way: the unit 'trip' is counted twice for Residents; counted once, the total would be £500 more"),
    ("the whole beside a part of it",
     a_map(line("all", "people", "Fewer falls", 10, 200, unit="fall"), line("m", "men", "Fewer falls of men", 4, 200, unit="fall")),
     "whole_beside_part", "medium",
     "Fewer falls: counted for Residents, and again for Men, a part of them; counted once, the total would be £800 less"),
    ("the whole beside all of its parts",
     a_map(line("all", "people", "Fewer falls", 10, 200, unit="fall"), line("m", "men", "Fewer falls of men", 4, 200, unit="fall"),
           line("w", "women", "Fewer falls of women", 6, 200, unit="fall")),
     "whole_beside_part", "high",
     "Fewer falls: counted for Residents, and again for Men; Women, a part of them, with quantities that add up to the "
     "whole; counted once, the total would be £2,000 less"),
    ("a total in words, of one body",
     a_map(line("gp", "people", "GP visits", 10, 50, unit="visit", value_type="fiscal", agency="NHS"),
           line("sum", "council", "Total health saving", 1, 1300, unit="year", value_type="fiscal", agency="NHS"),
           line("ae", "people", "A&E", 8, 100, unit="attendance", value_type="fiscal", agency="nhs")),
     "total_beside_parts", "high",
     "Total health saving: reads like a total beside GP visits; A&E, which count too; counted once, the total would be £1,300 less"),
    ("a total by its sum",
     a_map(line("gp", "nhs", "GP visits", 10, 50, unit="visit", value_type="fiscal"),
           line("ae", "nhs", "A&E", 8, 100, unit="attendance", value_type="fiscal"),
           line("care", "nhs", "Health care", 1, 1300, unit="budget", value_type="fiscal"),
           line("drugs", "nhs", "Drugs", 3, 77, unit="prescription", value_type="fiscal")),
     "total_beside_parts", "high",
     "Health care: comes to exactly the sum of GP visits; A&E, which count too; counted once, the total would be £1,300 less"),
    ("an overlap group",
     a_map(line("rent", "people", "Keep their home", 5, 900, unit="tenancy", overlap_group="Homelessness"),
           line("nights", "people", "Sleep indoors", 30, 40, unit="sleep", overlap_group="homelessness")),
     "overlap_group_twice", "high",
     "Keep their home; Sleep indoors: their values are of one overlap group, 'homelessness', and count the same thing; "
     "counted once, the total would be £1,200 less"),
    ("an overlap group, between a body and the people it serves",
     a_map(line("rent", "people", "Keep their home", 5, 900, unit="tenancy", overlap_group="homelessness"),
           line("duty", "council", "Fewer to house", 5, 700, unit="duty", overlap_group="homelessness")),
     "overlap_group_twice", "high",
     "Keep their home; Fewer to house: their values are of one overlap group, 'homelessness', and count the same thing; "
     "counted once, the total would be £3,500 less"),
    ("two wellbeing values",
     a_map(line("wellby", "people", "More satisfied", 10, 900, unit="WELLBY"), line("qaly", "men", "Healthier", 1, 4000, unit="QALY")),
     "wellbeing_twice", "high",
     "More satisfied; Healthier: both priced by a measure of a whole life, for the same people; counted once, the total "
     "would be £4,000 less"),
    ("a wellbeing value beside what it holds",
     a_map(line("wellby", "people", "More satisfied", 10, 900, unit="point of life satisfaction", value_type="social"),
           line("friends", "people", "More friends", 10, 300, unit="friendship", value_type="social")),
     "wellbeing_beside_parts", "medium",
     "More satisfied: a measure of wellbeing, beside More friends for the same people, which it may already hold; "
     "counted once, the total would be £3,000 less"),
    ("a wellbeing value beside costs alone",
     a_map(line("wellby", "people", "More satisfied", 10, 900, unit="WELLBY"),
           line("care", "people", "Less depression", 10, 300, unit="course of care", value_type="fiscal")),
     "wellbeing_beside_parts", "low",
     "More satisfied: a measure of wellbeing, beside Less depression for the same people, which it may already hold; "
     "counted once, the total would be £3,000 less"),
    ("one saving for the people and for the body",
     a_map(line("visits", "people", "Fewer visits to the GP", 10, 50, unit="visit", value_type="fiscal"),
           line("time", "nhs", "GPs have more time", 10, 40, unit="visit", value_type="fiscal", agency="NHS")),
     "saving_twice", "high",
     "GPs have more time; Fewer visits to the GP: one saving, counted for NHS; Residents; "
     "counted once, the total would be £400 less"),
    ("a transfer payment that nobody marked",
     a_map(line("claims", "council", "Fewer claims", 10, 300, unit="claim", description="Housing Benefit, a year")),
     "transfer_unmarked", "high",
     "Fewer claims: 'housing benefit' reads like a transfer payment, which moves money and adds no value; without it, the "
     "total would be £3,000 less"),
    ("an input twice",
     a_map(inputs=[{"id": name, "stakeholder": "council", "kind": "money", "value": 500, "description": words}
                   for name, words in (("grant", "The grant"), ("again", "Grant"))]),
     "input_twice", "medium",
     "Grant: the same input stands twice (grant, again); counted once, the total inputs would be £500 less"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("tree", "kind", "severity", "what"), [case[1:] for case in PLANTED], ids=[c[0] for c in PLANTED]
)
def test_a_planted_double_count_is_found_with_its_reason_and_the_sum_at_stake(
    tree: Tree, kind: str, severity: str, what: str
) -> None:
    assert [(each[0], each[1], each[3]) for each in found(tree)] == [(kind, severity, what)]


def test_a_small_sum_at_stake_weighs_a_step_less() -> None:
    # 100 of 8,100: below the twentieth from which it weighs fully
    tree = a_map(line("one", "people", "Feel calmer", 30, 100), line("two", "people", "Feel calmer", 1, 100))
    assert [each[1] for each in found(tree)] == ["medium"]


def test_each_kind_has_its_reason_and_stands_in_the_review_at_its_line() -> None:
    impact_map = sroi.ImpactMap.model_validate(PLANTED[0][1])
    asked = [each for each in sroi.review(impact_map) if each.kind == "outcome_twice"]
    assert (asked[0].why, asked[0].principle, asked[0].where) == (WHY["outcome_twice"], 5, "one, two")


SILENT: list[tuple[str, Tree]] = [
    ("a visit and a night",
     a_map(line("gp", "people", "GP visits", 10, 50, unit="visit"), line("ward", "people", "Hospital nights", 3, 400, unit="bed night"))),
    ("a GP visit and a hospital visit",
     a_map(line("gp", "people", "Fewer at the GP", 10, 50, unit="GP visit"), line("ae", "people", "Fewer at A&E", 3, 150, unit="A&E visit"))),
    ("one unit for two groups",
     a_map(line("m", "men", "Fewer falls of men", 4, 200, unit="fall"), line("w", "women", "Fewer falls of women", 6, 200, unit="fall"))),
    ("a unit that anything may have",
     a_map(line("work", "people", "Found work", 10, 900, unit="person"), line("skill", "people", "Learnt to cook", 8, 150, unit="person"))),
    ("two places, each stated",
     a_map(line("n", "people", "Feel calmer", 10, 100, unit="visit", place="North"), line("s", "people", "Feel calmer", 9, 100, unit="visit", place="South"))),
    ("a gain and a loss of one unit",
     a_map(line("up", "people", "Hours won", 10, 12, unit="lesson"), line("down", "people", "Hours spent", 10, -12, unit="lesson"))),
    ("what is told and not counted",
     a_map(line("one", "people", "Feel calmer", 10, 100), {**line("two", "people", "Feel calmer", 10, 100), "valued": False})),
    ("a chain, which is asked about as one",
     a_map(line("one", "people", "Feel calmer", 10, 100, unit="visit", leads_to=["two"]), line("two", "people", "Feel calm", 10, 90, unit="visit"))),
    ("a wellbeing value for some, and a gain of others",
     a_map(line("wellby", "men", "More satisfied", 10, 900, unit="WELLBY"), line("friends", "women", "More friends", 10, 300, unit="friendship"))),
    ("a wellbeing value beside cleaner air",
     a_map(line("wellby", "people", "More satisfied", 10, 900, unit="WELLBY"), line("air", "people", "Cleaner air", 1, 300, unit="tonne", value_type="environmental"))),
    ("an overlap group of two groups of people",
     a_map(line("m", "men", "Keep their home", 5, 900, unit="tenancy", overlap_group="h"), line("c", "carers", "Sleep indoors", 30, 40, unit="sleep", overlap_group="h"))),
    ("a transfer that is marked, and one that is said to be none",
     a_map(line("claims", "council", "Housing benefit", 10, 300, unit="claim", transfer=True), line("staff", "council", "Income support staff", 1, 300, unit="post", transfer=False))),
    ("words in which benefit is a good",
     a_map(line("benefit", "people", "Benefits of exercise", 10, 300, unit="walk"))),
    ("figures that add up by chance, of kinds that have nothing to do with each other",
     a_map(line("a", "people", "Learnt to cook", 1, 400, unit="course"), line("b", "people", "Made peace", 1, 600, unit="visit"), line("c", "people", "Found love", 1, 1000, unit="match"))),
]  # fmt: skip


@pytest.mark.parametrize("tree", [case[1] for case in SILENT], ids=[case[0] for case in SILENT])
def test_nothing_is_asked_where_nothing_is_counted_twice(tree: Tree) -> None:
    assert found(tree) == []


@pytest.mark.parametrize("name", ["befriending", "wheels_to_meals"])
def test_the_case_studies_raise_no_false_alarm(name: str) -> None:
    impact_map = sroi.example(name)
    assert list(overlaps(impact_map, sroi.evaluate(impact_map))) == []


def test_a_careful_map_is_silent(small_map: sroi.ImpactMap) -> None:
    assert list(overlaps(small_map, sroi.evaluate(small_map))) == []


def test_taking_the_smaller_line_out_takes_the_sum_at_stake_off_the_total() -> None:
    tree = copy.deepcopy(PLANTED[0][1])
    before = sroi.evaluate(sroi.ImpactMap.model_validate(tree)).total_present_value
    tree["outcomes"][1]["valued"] = False
    after = sroi.evaluate(sroi.ImpactMap.model_validate(tree)).total_present_value
    assert before - after == pytest.approx(800, rel=1e-12)  # the £800 of its message
    assert found(tree) == []


@pytest.mark.parametrize(
    ("unit", "words"),
    [("visit", ("visit",)), ("per visit", ("visit",)), ("Visits", ("visit",)), ("a GP visit, per year", ("gp", "visit")),
     ("person for a year", ("person",)), ("year", ("year",)), ("bed-night", ("bed", "night")), ("Visita", ("visita",))],
)  # fmt: skip
def test_a_unit_is_known_however_it_is_written(unit: str, words: tuple[str, ...]) -> None:
    tree = a_map(line("one", "people", "x", 1, 1, unit=unit))
    outcome = sroi.ImpactMap.model_validate(tree).outcomes[0]
    assert unit_of(outcome) == words
    assert is_general(words) == (words in (("person",), ("year",)))
    assert not is_wellbeing(outcome)


def test_many_lines_are_read_in_good_time() -> None:
    import time

    outcomes = [line(f"o{n}", "people", f"Change {n} of many", n + 1, 10, unit="visit") for n in range(480)]
    impact_map = sroi.ImpactMap.model_validate(a_map(*outcomes))
    result = sroi.evaluate(impact_map)
    begin = time.process_time()
    kinds = {each.kind for each in overlaps(impact_map, result)}
    assert "same_unit_twice" in kinds
    assert time.process_time() - begin < 10


# ---- across maps ----


def place_map(title: str, *outcomes: Tree, **more: Any) -> sroi.ImpactMap:
    return sroi.ImpactMap.model_validate({**a_map(*outcomes), "title": title, "outcomes": list(outcomes), **more})


def test_the_same_people_in_two_maps_of_one_place_are_found_with_the_smaller_value() -> None:
    one = place_map("Lunch club", line("a", "people", "Fewer GP visits", 10, 50, unit="visit", place="Larkhaven"))
    two = place_map(
        "Walking group", line("b", "people", "Less at the doctor's", 8, 50, unit="visits", place="larkhaven")
    )
    (asked,) = same_people([one, two])
    assert (asked.kind, asked.severity, asked.where) == ("same_people_in_two_maps", "high", "Lunch club; Walking group")
    assert asked.what == (
        "Residents in Larkhaven are counted in both “Lunch club” and “Walking group”: Fewer GP visits / Less at the "
        "doctor's; counted once, the two together would be £400 less"
    )
    assert asked.why == WHY["same_people_in_two_maps"]


def visits(**more: Any) -> Tree:
    return line("a", "people", "Fewer GP visits", 10, 50, unit="visit", **more)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (place_map("A", visits(place="North")), place_map("B", visits(place="South"))),
        (place_map("A", visits()), place_map("B", visits())),
        (place_map("A", visits(place="North")), place_map("B", line("b", "people", "Sleep", 5, 9, unit="night", place="North"))),
        (place_map("A", visits(place="North")), place_map("B", {**visits(place="North"), "stakeholder": "carers"})),
        (place_map("A", visits(place="North")), place_map("a", visits(place="North"))),
        (place_map("A", visits(place="North"), organisation="O"),
         place_map("B", visits(place="North"), organisation="O", analysis="evaluative")),
        (place_map("A", visits(place="North"), activity={"start": "2020-04-01"}),
         place_map("B", visits(place="North"), activity={"start": "2021-04-01"})),
    ],
    ids=["two places", "no place and no organisation", "two changes", "two groups", "one title", "forecast and actual", "years apart"],
)  # fmt: skip
def test_two_maps_that_do_not_meet_are_not_held_to_each_other(first: sroi.ImpactMap, second: sroi.ImpactMap) -> None:
    assert same_people([first, second]) == ()


def test_without_places_one_organisation_is_one_place() -> None:
    one, two = (place_map(title, visits(), organisation="Larkhaven Trust") for title in ("A", "B"))
    assert [each.kind for each in same_people([one, two])] == ["same_people_in_two_maps"]


def test_compare_says_what_may_not_be_added_up(command: Callable[..., Any], tmp_path: Any) -> None:
    for title in ("A", "B"):
        sroi.write_value_map(place_map(title, visits(place="North")), tmp_path / f"{title}.yaml")
    ended = command("compare", "A.yaml", "B.yaml")
    assert ended.returncode == 0
    assert "Not to be added up:" in ended.stdout
    assert "Residents in North are counted in both “A” and “B”" in " ".join(ended.stdout.split())
