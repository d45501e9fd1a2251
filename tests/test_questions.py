"""Findings: each question is asked where it belongs, and not where it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import sroi
from sroi.findings import _HEADINGS, Finding, Findings
from sroi.questions.asking import is_organisation
from sroi.questions.reasons import WHY

Tree = dict[str, Any]


def kinds(tree: Tree) -> list[str]:
    return [group.findings[0].kind for group in sroi.review(sroi.ImpactMap.model_validate(tree)).groups()]


def test_a_careful_map_has_no_findings(small_tree: Tree) -> None:
    assert sroi.review(sroi.ImpactMap.model_validate(small_tree)) == ()


def outcome(**changes: Any) -> Callable[[Tree], None]:
    def change(tree: Tree) -> None:
        tree["outcomes"][0].update(changes)
        for name in [name for name, value in changes.items() if value is None]:
            del tree["outcomes"][0][name]

    return change


def top(**changes: Any) -> Callable[[Tree], None]:
    return lambda tree: tree.update(changes)


def proxy(**changes: Any) -> Callable[[Tree], None]:
    return lambda tree: tree["outcomes"][0]["proxy"].update(changes)


CASES: list[tuple[str, Callable[[Tree], None], str, str]] = [
    ("deduction_missing", outcome(deadweight=None), "high", "Feel calmer: no deadweight; it counts as 0\u00a0%"),
    ("deduction_missing", outcome(displacement=None), "medium", "Feel calmer: no displacement; it counts as 0\u00a0%"),
    ("deduction_missing", outcome(drop_off=None), "medium", "Feel calmer: no drop-off; it counts as 0\u00a0%"),
    ("deduction_zero", outcome(attribution="0%"), "medium", "Feel calmer: attribution (owed to others) is 0\u00a0% without a reason"),
    ("duration_missing", outcome(duration=None), "medium", "Feel calmer: no duration; it counts as one year"),
    ("yields_nothing", outcome(duration=0), "medium", "Feel calmer: a duration of 0 yields nothing"),
    ("no_negative_outcome", top(negative_outcomes_sought="no"), "high",
     "no outcome is for the worse, and the map does not say how one was looked for"),
    ("above_size", outcome(quantity={"value": 120, "source": "survey"}), "medium", "Feel calmer: a quantity of 120 for 100 people"),
    ("proxy_source_missing", outcome(proxy={"value": 30}), "high", "Feel calmer: nothing says where the proxy comes from"),
    ("not_to_be_passed_on", proxy(passing_on="no"), "medium", "Feel calmer: its value is for your own eyes, for the map says passing_on: no"),
    ("quantity_source_missing", outcome(quantity=50), "medium", "Feel calmer: nothing says where the quantity comes from"),
    ("dominates", proxy(value=90), "medium", "Feel calmer: 75\u00a0% of the total (our convention asks above 60\u00a0%)"),
    ("price_years_differ", proxy(price_year=2009), "medium", "Feel calmer: the proxy is in 2009 prices, the map in 2024 prices"),
    ("not_reproduced", top(published={"sroi_ratio": "2.5"}), "high",
     "the SROI ratio is printed as 2.5; this map comes to 3.95"),
    ("worded_as_activity", outcome(description="Attended ten sessions"), "low",
     "Attended ten sessions: 'Attended' may tell what was done rather than what changed"),
    ("one_cohort", top(activity={"years": 2}), "medium",
     "Feel calmer: the activity runs for 2 years, but this outcome is counted once, in year 1"),
    ("inputs_at_face_value", top(conventions={"input_timing": "none"}), "low",
     "the values are discounted, but the inputs stay at face value"),
    ("not_projected", top(analysis="evaluative"), "medium",
     "this is an evaluation, but no number says whether it was observed"),
    ("loss_as_gain", outcome(description="Noise and lost sleep"), "high",
     "Noise and lost sleep: 'Noise' reads like a loss, but it is counted as a gain"),
    ("attribution_reversed", outcome(attribution={"value": "60%", "note": "60 % is due to us"}), "high",
     "Feel calmer: attribution is the share owed to others, but its reason says 'due to us'"),
    ("input_once", top(activity={"years": 2}), "medium",
     "grant: the activity runs for 2 years, but this input is counted once, in year 1"),
    ("price_year_not_stated", top(price_year="not stated"), "high",
     "nothing says in which year's prices the values are stated"),
    ("ratio_above_10", lambda tree: tree["inputs"][0].update(value=100), "high",
     "the ratio is 39.5; above 10 (our convention) few readers believe it"),
    ("nobody_involved", lambda tree: tree["stakeholders"][0].update(involved=[]), "high",
     "no stakeholder is said to have helped to name the outcomes"),
    ("unfilled", top(title="REPLACE: name"), "high",
     "1 texts still say REPLACE; the numbers beside them may be those of the empty form"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "change", "severity", "what"), CASES, ids=[f"{case[0]}-{i}" for i, case in enumerate(CASES)]
)
def test_each_kind_of_finding_is_found_and_said(
    small_tree: Tree, kind: str, change: Callable[[Tree], None], severity: str, what: str
) -> None:
    change(small_tree)
    found = [each for each in sroi.review(sroi.ImpactMap.model_validate(small_tree)) if each.kind == kind]
    assert (found[0].severity, found[0].what) == (severity, what)
    assert found[0].remedy
    assert 1 <= found[0].principle <= 8


def test_nobody_involved_is_found_only_when_nobody_named_the_outcomes(small_tree: Tree) -> None:
    small_tree["stakeholders"][0]["involved"][0]["stage"] = "quantity"
    assert kinds(small_tree) == ["nobody_involved"]


def test_a_loss_or_a_word_that_one_was_sought_is_enough(small_tree: Tree) -> None:
    del small_tree["negative_outcomes_sought"]
    assert kinds(small_tree) == ["no_negative_outcome"]
    small_tree["outcomes"][1]["proxy"]["value"] = -1
    assert "no_negative_outcome" not in kinds(small_tree)


def test_a_zero_with_its_reason_is_no_finding(small_tree: Tree) -> None:
    small_tree["outcomes"][0]["displacement"] = {"value": "0%", "note": "nobody else lost anything"}
    assert kinds(small_tree) == []


def test_time_without_a_value_and_an_input_without_a_source_are_found(small_tree: Tree) -> None:
    small_tree["inputs"] += [{"id": "own_time", "stakeholder": "people", "kind": "time", "hours": 10}]
    assert kinds(small_tree) == ["time_without_value", "input_source_missing"]


def test_relief_from_a_loss_is_no_loss(small_tree: Tree) -> None:
    small_tree["outcomes"][0]["description"] = "Less noise at night"
    assert kinds(small_tree) == []


def test_a_ratio_above_ten_is_found(small_tree: Tree) -> None:
    small_tree["inputs"][0]["value"] = 100
    assert kinds(small_tree) == ["ratio_above_10"]


def test_a_part_of_a_total_after_losses_says_so(small_tree: Tree) -> None:
    """A gain may be more than all of what is left when the losses are taken off."""
    third = {**small_tree["outcomes"][0], "id": "noise", "description": "Noise in the street at night"}
    small_tree["outcomes"].append({**third, "proxy": {**third["proxy"], "value": -30}})
    small_tree["outcomes"][0]["proxy"]["value"] = 90
    found = [each.what for each in sroi.review(sroi.ImpactMap.model_validate(small_tree)) if each.kind == "dominates"]
    # of values of 90, 30 and -30: as much as is left of all
    assert found == ["Feel calmer: 100\u00a0% of the total after losses (our convention asks above 60\u00a0%)"]


def test_deductions_added_to_more_than_the_whole_are_found(small_tree: Tree) -> None:
    small_tree["conventions"] = {"deductions": "add"}
    small_tree["outcomes"][0] |= {
        name: {"value": 0.4, "note": "x"} for name in ("deadweight", "displacement", "attribution")
    }
    assert "deductions_above_whole" in kinds(small_tree)


@pytest.mark.parametrize(
    ("printed", "reproduced"),
    [("1.93", True), ("1.9", True), ("2", True), ("1.93 : 1", True), ("1 : 1.93", True), ("1.94", False), ("1.930", False),
     ({"value": "1.95", "tolerance": 0.03}, True), ({"value": "1.95", "tolerance": "1%"}, False)],
)  # fmt: skip
def test_half_the_last_digit_is_the_tolerance_of_a_printed_figure(printed: Any, reproduced: bool) -> None:
    impact_map = sroi.example("wheels_to_meals")
    tree = {**impact_map.model_dump(by_alias=True, exclude_none=True), "published": {"sroi_ratio": printed}}
    found = sroi.review(sroi.ImpactMap.model_validate(tree))
    assert ("not_reproduced" not in {each.kind for each in found}) is reproduced


def test_wheels_to_meals_reproduces_every_figure_the_guide_prints() -> None:
    assert "not_reproduced" not in {each.kind for each in sroi.review(sroi.example("wheels_to_meals"))}


def test_what_does_not_count_is_not_asked_about(small_tree: Tree) -> None:
    told = {"id": "told", "stakeholder": "people", "description": "Attended", "valued": False}
    small_tree["outcomes"].append(told)
    assert kinds(small_tree) == ["outcome_left_out"]
    told["material"] = {"reason": "it is an activity"}
    assert kinds(small_tree) == []


def test_findings_stand_in_the_order_in_which_they_matter() -> None:
    made = [
        Finding("deduction_zero", "medium", 5, "a", "first medium", ""),
        Finding("input_source_missing", "low", 6, "b", "low", ""),
        Finding("nobody_involved", "high", 1, "c", "high", ""),
        Finding("dominates", "medium", 4, "d", "other medium", ""),
        Finding("deduction_zero", "medium", 5, "e", "second medium", ""),
    ]
    assert [each.what for each in Findings(made)] == ["high", "first medium", "second medium", "other medium", "low"]
    assert [len(group.findings) for group in Findings(made).groups()] == [1, 2, 1, 1]


def test_findings_name_the_line_of_the_file() -> None:
    path = sroi.case_study("wheels_to_meals")
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [each for each in sroi.review(sroi.read_value_map(path)) if each.kind == "worded_as_activity"]
    assert found[0].line is not None
    assert "sessions" in lines[found[0].line - 1]


# ---- those affected ----


def who(**changes: Any) -> Callable[[Tree], None]:
    return lambda tree: tree["stakeholders"][0].update(changes)


def both(**changes: Any) -> Callable[[Tree], None]:
    """Change both outcomes; None takes a key away."""

    def change(tree: Tree) -> None:
        for each in tree["outcomes"]:
            each.update(changes)
            for name in [name for name, value in changes.items() if value is None]:
                del each[name]

    return change


def chain(first: Tree, last: Tree) -> Callable[[Tree], None]:
    """Let the first outcome lead to the last, with these changes of their proxies."""

    def change(tree: Tree) -> None:
        tree["outcomes"][0] |= {"leads_to": ["healthier"]}
        tree["outcomes"][0]["proxy"] |= first
        tree["outcomes"][1]["proxy"] |= last

    return change


def all_of(*changes: Callable[[Tree], None]) -> Callable[[Tree], None]:
    def change(tree: Tree) -> None:
        for each in changes:
            each(tree)

    return change


def surveyed(**counts: int) -> Callable[[Tree], None]:
    return outcome(quantity={"of": "people", "share": {"survey": {"yes": 10, **counts}}})


def extra(section: str, **entry: Any) -> Callable[[Tree], None]:
    return lambda tree: tree.setdefault(section, []).append(entry)


_SAYS = [{"stage": "value", "how": "x"}, {"stage": "verification", "how": "x", "said": "yes"}]
_EVALUATIVE = all_of(top(analysis="evaluative"), both(quantity={"value": 50, "source": "survey", "observed": "yes"}))

NEW_CASES: list[tuple[str, Callable[[Tree], None], str, str, str]] = [
    ("named_by_others",
     all_of(who(involved=_SAYS), lambda tree: tree["stakeholders"][1].update(involved=[{"stage": "outcomes"}])),
     "high", "stakeholders",
     "the outcomes were named by Funder alone; none of those whose lives they tell of is said to have been asked: People"),
    ("group_not_asked",
     all_of(extra("stakeholders", id="carers", name="Carers"), outcome(stakeholder="carers")),
     "medium", "carers.involved", "Carers: outcomes are counted for them, but they are not said to have named any"),
    ("value_per_month", proxy(unit="person per month"), "medium", "calmer.proxy",
     "Feel calmer: its value is one 'per month', and a map prices one unit of change for one year"),
    ("value_per_month", proxy(description="Weekly fee of a gym"), "medium", "calmer.proxy",
     "Feel calmer: its value is one 'weekly fee', and a map prices one unit of change for one year"),
    ("not_discounted", top(conventions={"discount_timing": "none"}), "low", "conventions.discount_timing",
     "the values of 2 years are added up without discounting, and no reason is given"),
    ("not_discounted", top(conventions={"discount_rate": 0}), "low", "conventions.discount_rate",
     "the values of 2 years are added up without discounting, and no reason is given"),
    ("immaterial_counted",
     extra("outcomes", id="reads", stakeholder="people", description="Reads the newsletter", quantity=2,
           proxy={"value": 3, "source": "x"}, duration=1),
     "low", "reads",
     "Reads the newsletter: counted, though it is 0.15\u00a0% of the total and nothing says to whom it matters (our "
     "convention asks below 0.5\u00a0%)"),
    ("not_checked", who(involved=[{"stage": "outcomes", "said": "x"}, {"stage": "value"}]), "medium", "stakeholders",
     "no stakeholder is said to have checked the results"),
    ("value_not_asked", who(involved=[{"stage": "outcomes", "said": "x"}, {"stage": "verification"}]),
     "medium", "stakeholders",
     "nobody who feels the changes is said to have had a say in what they are worth: no stage 'value', no rank, no weight"),
    ("nothing_quoted", lambda tree: tree["stakeholders"][0]["involved"][0].pop("said"), "low", "stakeholders",
     "no stakeholder is quoted: the map holds numbers, and nobody's own words"),
    ("stakeholder_left_out", extra("stakeholders", id="carers", name="Carers", included=False), "medium",
     "carers.reason", "Carers: left out without a reason"),
    ("stakeholder_left_out", extra("stakeholders", id="carers", name="Carers"), "medium", "carers.reason",
     "Carers: named, but nothing changes for them and they put nothing in; no reason is given"),
    ("outcome_left_out", extra("outcomes", id="told", stakeholder="people", valued=False), "medium", "told.material",
     "told: it does not count, and no reason is given"),
    # what changes
    ("loss_not_counted",
     extra("outcomes", id="told", stakeholder="people", description="Noise at night", valued=False), "medium", "told",
     "Noise at night: a loss that is named, but does not count (told without a price (valued: no))"),
    ("only_intended", both(direction="intended"), "low", "outcomes",
     "all 2 outcomes whose direction is stated were intended"),
    ("deducted_twice", outcome(deadweight={"value": "20%", "note": "In the quantity: beside a waiting list"}), "medium",
     "calmer.deadweight",
     "Feel calmer: deadweight is 20\u00a0%, and its reason says that it is in the quantity already"),
    ("indicator_missing", outcome(indicator=None), "low", "calmer.indicator",
     "Feel calmer: nothing says how one can tell that it happened"),
    ("indicator_missing", both(indicator=None), "medium", "outcomes",
     "none of the 2 outcomes that count says how one can tell that it happened"),
    # what is material
    ("materiality_unsaid", outcome(material=None), "low", "calmer.material",
     "Feel calmer: counted, without a word on why it is material"),
    ("materiality_unsaid", both(material=None), "medium", "outcomes",
     "none of the 2 outcomes that count has a word on why it is material"),
    ("material_without_grounds", outcome(material={"decision": "yes", "decided_by": "us"}), "medium",
     "calmer.material", "Feel calmer: judged material, but neither relevance nor significance is said"),
    ("screened_once", outcome(material={"relevance": "named by most"}), "low", "calmer.material",
     "Feel calmer: screened once; nothing is said of significance"),
    ("screened_once", both(material={"significance": "half"}), "low", "outcomes",
     "Feel calmer; Feel healthier: screened once; nothing is said of relevance"),
    # over-claiming
    ("chain_counted_twice", chain({}, {"value": 40}), "high", "calmer.leads_to",
     "Feel calmer leads to Feel healthier: both are priced for the same people; \u00a31,975 at stake"),
    ("chain_counted_twice", chain({"value": 1}, {}), "medium", "calmer.leads_to",
     "Feel calmer leads to Feel healthier: both are priced for the same people; \u00a366 at stake"),
    ("chain_counted_twice", chain({"value_type": "fiscal", "value": 1}, {"value_type": "fiscal"}), "low",
     "calmer.leads_to", "Feel calmer leads to Feel healthier: both are priced for the same people; \u00a366 at stake"),
    ("wellbeing_beside_costs", chain({"value_type": "social"}, {"value_type": "economic"}), "medium", "calmer.leads_to",
     "Feel calmer leads to Feel healthier: both are priced for the same people; \u00a31,975 at stake"),
    ("attribution_zero",
     all_of(outcome(attribution="0%"), extra("stakeholders", id="clinic", name="Clinic", reason="works with them")),
     "medium", "calmer.attribution",
     "Feel calmer: nothing is owed to others (0\u00a0%, without a reason), though the map names Funder; Clinic"),
    ("drop_off_zero", outcome(drop_off="0%"), "medium", "calmer.drop_off",
     "Feel calmer: lasts 2 years, and drop-off is 0\u00a0% without a reason"),
    ("no_comparison", outcome(deadweight="10%"), "medium", "calmer.deadweight",
     "Feel calmer: no comparison or baseline is said for its deadweight"),
    ("deduction_without_reason", outcome(attribution="10%", drop_off="10%"), "low", "calmer",
     "Feel calmer: no source or reason is given for attribution (owed to others) and drop-off"),
    ("long_duration", outcome(duration=6), "medium", "calmer.duration",
     "Feel calmer: said to last 6 years without a reason (our convention asks above 5)"),
    ("projected_value", _EVALUATIVE, "medium", "analysis",
     "this is an evaluation, but 47\u00a0% of its value falls after the year of activity, and is not marked as observed: "
     "Feel calmer; Feel healthier"),
    ("quantity_projected",
     all_of(_EVALUATIVE, outcome(quantity={"value": 50, "source": "survey", "observed": "no"})), "low",
     "calmer.quantity", "Feel calmer: counted in an evaluation, but its quantity was not observed"),
    ("small_sample", surveyed(asked=29), "medium", "calmer.quantity",
     "Feel calmer: 41\u00a0% of the total rests on a sample of 29 (our convention asks below 30)"),
    ("low_response", surveyed(asked=40, invited=90), "medium", "calmer.share",
     "Feel calmer: 40 of 90 invited answered (44\u00a0%); those who did not may have fared otherwise"),
    ("survey_stretched", all_of(who(size=401), surveyed(asked=40)), "medium", "calmer.share",
     "Feel calmer: 40 were asked, and the share is applied to 401"),
    ("survey_stretched", surveyed(asked=40, invited=50, population=60), "medium", "calmer.share",
     "Feel calmer: the survey speaks for 60, and the share is applied to 100"),
    ("limits_missing", lambda tree: tree["narrative"].pop("limits"), "medium", "narrative.limits",
     "the map does not say what it cannot say"),
    ("frame_missing", lambda tree: [tree["narrative"].pop(name) for name in ("purpose", "scope")], "low",
     "narrative.purpose", "the map does not say its purpose and scope"),
    ("decisions_missing", lambda tree: tree["narrative"].pop("decisions"), "low", "narrative.decisions",
     "the map does not say what will be decided with it"),
    ("net_as_gross", top(published={"sroi_ratio": "2.95"}), "high", "published, sroi_ratio",
     "2.95 is printed as the SROI ratio, but it is the net SROI ratio"),
    ("net_as_gross", top(published={"net_sroi_ratio": "3.95"}), "high", "published, net_sroi_ratio",
     "3.95 is printed as the net SROI ratio, but it is the SROI ratio"),
    ("told_as_cash", lambda tree: tree["narrative"].update(purpose="For every £1 spent the town saves £3."), "medium",
     "narrative.purpose", "'For every £1 spent the town saves' tells the ratio as if it were cash"),
    ("one_source", extra("outcomes", id="third", stakeholder="people", quantity={"value": 5, "source": "survey"},
                         proxy={"value": 3, "source": "Made  for the TEST", "price_year": 2024}),
     "low", "outcomes", "all 3 proxies have one source: made for the test"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "change", "severity", "where", "what"),
    NEW_CASES,
    ids=[f"{case[0]}-{i}" for i, case in enumerate(NEW_CASES)],
)
def test_each_question_names_its_place_and_says_why_it_is_asked(
    small_tree: Tree, kind: str, change: Callable[[Tree], None], severity: str, where: str, what: str
) -> None:
    change(small_tree)
    found = [each for each in sroi.review(sroi.ImpactMap.model_validate(small_tree)) if each.kind == kind]
    assert (found[0].severity, found[0].where, found[0].what) == (severity, where, what)
    assert found[0].remedy
    assert found[0].why == WHY[kind]
    assert found[0].to_dict()["why"] == WHY[kind]


@pytest.mark.parametrize(
    "change",
    [
        proxy(unit="month", description="One month of rent"),  # the quantity counts months
        proxy(unit="week of day care"),
        proxy(unit="person per month", source="12 x the monthly fee"),  # brought to a year
        proxy(unit="person a year", description="A year's monthly visits"),
        proxy(unit="today's visit"),
        # the unit counts days, or a thing that has its name from one
        *(proxy(unit=unit) for unit in ("bed day", "person-month", "half a day", "school week", "stay of a week")),
        *(proxy(unit=unit) for unit in ("a day centre place", "place at a day centre", "a day case", "a day trip")),
        *(
            proxy(unit=unit)
            for unit in ("weekly class", "12 weekly lessons", "six fortnightly sessions", "a week away")
        ),
        *(proxy(unit=unit) for unit in ("place, two sessions per week", "place, 5 days a week", "visit once a week")),
        *(
            proxy(unit="place", description=words)
            for words in (
                "A place in a day nursery",
                "The cost of a day centre place",
                "A day's leave",
                "A quarter of the full cost",
                "A week away for a family",
                "Illness lasting a week on average",
                "Cost per day case",
                "GBP 4 a day ticket",
                "A lesson, once per week",
                "Ten classes, one evening per week",
                "£7 a class, one class per week",
                "Two visits per week by a volunteer",
                "Counselling, £50 a session, weekly",
            )
        ),
        proxy(unit="pass", description="A monthly bus pass"),
        # brought to a total
        *(
            proxy(description=words)
            for words in (
                "Five pounds a week for 52 weeks",
                "£5 a week for 52 weeks",
                "12 months at the monthly rate",
                "Monthly rent, times 12",
                "Full-time pay (weekly earnings, LFS)",
                "Rent of £600 per month x 12",
                "£20 per week, 40 weeks",
                "£300 per month in all: six months",
                "£10 a month, brought to a year",
                "A 12-month tenancy at £500 per month",
                "Rent of £90 per week, 48 rent weeks",
                "£25 a month; 12 payments",
            )
        ),
        all_of(proxy(description="A hostel bed, per week"), outcome(description="Fewer weeks in a hostel")),
        all_of(proxy(description="£90 per day"), outcome(indicator="Number of days in hospital")),
        all_of(proxy(unit="person per month"), outcome(quantity={"of": "people", "share": 0.5, "times": 12})),
    ],
)
def test_a_value_whose_month_is_counted_or_brought_to_a_year_is_not_asked_about(
    small_tree: Tree, change: Callable[[Tree], None]
) -> None:
    change(small_tree)
    assert "value_per_month" not in kinds(small_tree)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (proxy(unit="person per month", source="Unit costs, financial year 2022/23"), "per month"),
        (proxy(unit="person per month", source="Household survey, year to March 2023"), "per month"),
        (proxy(unit="household a week"), "a week"),
        (proxy(unit="1 person per week"), "per week"),
        (proxy(description="Rent (per calendar month)"), "per calendar month"),
        (proxy(unit="person/week"), "week"),
        (proxy(unit="person per quarter (net)"), "per quarter"),
        (proxy(description="Cost of a hostel bed per week"), "per week"),
        (proxy(description="Gym fee, £35/month, in the tax year 2023"), "month"),
        (proxy(description="Pocket money: £8 a week"), "£8 a week"),
        (proxy(description="Bus fares of 40 pounds each month for a 16-year-old"), "pounds each month"),
        (proxy(description="Childcare, GBP 250 a week on average"), "gbp 250 a week"),
        (proxy(description="Tutor, 3 times a week: £60 per week"), "per week"),
        (proxy(description="Average monthly rent of a flat"), "average monthly rent"),
    ],
)  # fmt: skip
def test_a_value_of_a_month_is_asked_about_however_it_is_put(
    small_tree: Tree, change: Callable[[Tree], None], words: str
) -> None:
    change(small_tree)
    found = [each.what for each in sroi.review(sroi.ImpactMap.model_validate(small_tree)) if "per_month" in each.kind]
    assert found == [f"Feel calmer: its value is one '{words}', and a map prices one unit of change for one year"]


@pytest.mark.parametrize("said", [{"note": "Short project, agreed with the funder"}, {"source": "The funder's rules"}])
def test_any_word_on_a_rate_of_nothing_is_its_reason(small_tree: Tree, said: Tree) -> None:
    small_tree["conventions"] = {"discount_rate": {"value": "0%"}}
    assert "not_discounted" in kinds(small_tree)
    small_tree["conventions"]["discount_rate"] |= said
    assert "not_discounted" not in kinds(small_tree)


def test_value_of_a_single_year_that_begins_after_the_activity_is_not_added_up(small_tree: Tree) -> None:
    small_tree["conventions"] = {"discount_timing": "none"}
    both(duration=1, starts="after")(small_tree)
    assert "not_discounted" not in kinds(small_tree)
    small_tree["outcomes"][0]["starts"] = "during"
    assert "not_discounted" in kinds(small_tree)


def test_years_that_are_not_discounted_on_purpose_are_not_asked_about(small_tree: Tree) -> None:
    small_tree["conventions"] = {"discount_timing": "none"}
    small_tree["narrative"]["limits"] = "Nothing is discounted, as the funder asks."
    assert "not_discounted" not in kinds(small_tree)
    del small_tree["narrative"]["limits"]
    assert "not_discounted" in kinds(small_tree)
    for each in small_tree["outcomes"]:
        each["duration"] = 1
    assert "not_discounted" not in kinds(small_tree)


def test_a_small_line_that_somebody_named_is_not_asked_about(small_tree: Tree) -> None:
    small = {**small_tree["outcomes"][0], "id": "reads", "description": "Reads the newsletter", "quantity": 1}
    small["proxy"] = {"value": 1, "source": "x"}
    small_tree["outcomes"].append(small)
    assert "immaterial_counted" not in kinds(small_tree)  # its material says to whom it matters
    small["material"] = {"significance": "hardly any of the total: kept, as every loss is"}
    assert "screened_once" in kinds(small_tree)  # which asks to whom it matters
    assert "immaterial_counted" not in kinds(small_tree)
    del small["material"]
    assert "immaterial_counted" in kinds(small_tree)
    for each in small_tree["outcomes"]:  # where no line has a word, that is asked of all
        each.pop("material", None)
    assert "immaterial_counted" not in kinds(small_tree)


def test_every_question_has_a_heading_a_reason_and_a_test() -> None:
    tested = {case[0] for case in [*CASES, *NEW_CASES]} | {
        "time_without_value", "input_source_missing", "deductions_above_whole",
        # in test_double_counting.py
        "outcome_twice", "same_unit_twice", "whole_beside_part", "total_beside_parts", "overlap_group_twice",
        "wellbeing_twice", "wellbeing_beside_parts", "saving_twice", "transfer_unmarked", "input_twice",
        "same_people_in_two_maps",
        # in test_licences.py and test_rates.py
        "not_to_be_passed_on", "schedule_ends", "schedule_not_current",
    }  # fmt: skip
    assert set(WHY) == tested
    assert set(WHY) | {"driver_without_source"} == set(_HEADINGS)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        # part of the people asked, or the larger group that they belong to
        ("group_not_asked", all_of(extra("stakeholders", id="frail", part_of="people", size=10), outcome(stakeholder="frail"))),
        ("named_by_others", extra("stakeholders", id="nhs", name="NHS", involved=[{"stage": "outcomes"}], reason="x")),
        # ranks and weights are a say in value
        ("value_not_asked", all_of(who(involved=[{"stage": "outcomes"}]), outcome(rank=1))),
        ("stakeholder_left_out", extra("stakeholders", id="carers", included=False, reason="nothing changes for them")),
        ("loss_not_counted", extra("outcomes", id="told", stakeholder="people", description="Less noise", valued=False)),
        ("only_intended", all_of(both(direction="intended"), outcome(direction="unintended"))),
        # a gain that leads to a loss is not counted twice, nor is what two groups feel
        ("chain_counted_twice", chain({}, {"value": -5})),
        ("chain_counted_twice", all_of(chain({}, {}), extra("stakeholders", id="carers"), outcome(stakeholder="carers"))),
        ("chain_counted_twice", all_of(chain({}, {}), lambda tree: tree["outcomes"][1].update(valued=False))),
        ("wellbeing_beside_costs", all_of(chain({"value_type": "social"}, {"value_type": "fiscal"}),
                                          extra("stakeholders", id="nhs"), outcome(stakeholder="nhs"))),
        ("attribution_zero", outcome(attribution="0%")),
        ("attribution_zero", all_of(outcome(attribution={"value": "0%", "note": "nobody else is there"}),
                                    extra("stakeholders", id="clinic", name="Clinic", reason="x"))),
        ("drop_off_zero", outcome(drop_off="0%", duration=1)),
        ("drop_off_zero", outcome(drop_off={"value": "0%", "note": "a house stays insulated"})),
        ("no_comparison", outcome(deadweight={"survey": {"yes": 3, "asked": 30}})),
        ("deduction_without_reason", outcome(drop_off="10%", duration=1)),
        ("long_duration", outcome(duration={"value": 40, "source": "life of the insulation"})),
        ("long_duration", outcome(duration=5)),
        ("projected_value", all_of(_EVALUATIVE, both(duration={"value": 2, "observed": "yes"}))),
        ("projected_value", top(analysis="forecast")),
        ("small_sample", surveyed(asked=30)),
        ("small_sample", all_of(surveyed(asked=20), proxy(value=3))),
        ("low_response", surveyed(asked=45, invited=90)),
        ("survey_stretched", all_of(who(size=400), surveyed(asked=40))),
        ("survey_stretched", all_of(who(size=4000, involved=[{"stage": "quantity", "selected": "Drawn at random"}]),
                                    surveyed(asked=40))),
        ("net_as_gross", top(published={"sroi_ratio": "3.95", "net_sroi_ratio": "2.95"})),
        ("told_as_cash", lambda tree: tree["narrative"].update(limits="Not every saving can be taken out in cash.")),
    ],
)  # fmt: skip
def test_a_question_that_has_its_answer_is_not_asked(
    small_tree: Tree, kind: str, change: Callable[[Tree], None]
) -> None:
    change(small_tree)
    assert kind not in kinds(small_tree)


def test_a_chain_is_followed_through_what_is_told_without_a_price_and_each_link_is_asked_about_once(
    small_tree: Tree,
) -> None:
    middle = {
        "id": "told",
        "stakeholder": "people",
        "valued": False,
        "material": {"reason": "a step"},
        "leads_to": ["healthier"],
    }
    small_tree["outcomes"].append(middle)
    small_tree["outcomes"][0]["leads_to"] = ["told", "healthier"]
    small_tree["outcomes"][1]["leads_to"] = ["calmer"]  # a circle ends
    found = [each.where for each in sroi.review(sroi.ImpactMap.model_validate(small_tree)) if "chain" in each.kind]
    assert found == ["calmer.leads_to"]


def test_a_chain_of_many_gives_a_question_for_each_link_and_not_for_each_pair(small_tree: Tree) -> None:
    first = small_tree["outcomes"][0]
    small_tree["outcomes"] = [{**first, "id": f"o{n}", "leads_to": [f"o{n + 1}"] if n < 29 else []} for n in range(30)]
    assert (
        sum(each.kind == "chain_counted_twice" for each in sroi.review(sroi.ImpactMap.model_validate(small_tree))) == 29
    )


def test_a_survey_that_many_outcomes_share_is_asked_about_once(small_tree: Tree) -> None:
    both(quantity={"of": "people", "share": {"survey": {"yes": 10, "asked": 40, "invited": 90}}})(small_tree)
    found = [each for each in sroi.review(sroi.ImpactMap.model_validate(small_tree)) if each.kind == "low_response"]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("Local authorities", True), ("NHS", True), ("Staff of the clinic", True), ("local_authority", True),
     ("Residents", False), ("Family carers", False), ("Prisoners", False), ("Volunteers (retired)", False)],
)  # fmt: skip
def test_an_organisation_is_told_from_people_by_its_name(name: str, is_one: bool) -> None:
    assert is_organisation(name) is is_one


@pytest.mark.parametrize(
    ("study", "expected"),
    [
        ("befriending",
         ["deduction_missing", "dominates", "chain_counted_twice", "projected_value", "quantity_projected",
          "screened_once"]),
        ("wheels_to_meals",
         ["nobody_involved", "deduction_zero", "drop_off_zero", "above_size", "no_comparison", "not_checked",
          "value_not_asked", "materiality_unsaid", "limits_missing", "indicator_missing", "deduction_without_reason",
          "worded_as_activity", "nothing_quoted", "one_source", "frame_missing", "decisions_missing"]),
    ],
)  # fmt: skip
def test_the_case_studies_are_asked_what_is_true_of_them_and_nothing_else(study: str, expected: list[str]) -> None:
    assert [group.findings[0].kind for group in sroi.review(sroi.example(study)).groups()] == expected
