"""A contract's indicators, ratings, dates and notice: section 52 and PPN 026 kept apart, the bands the buyer's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sroi.cli import main
from sroi.commissioning.contract.dates import DONE, IF, LATE, OVERDUE, calendar, quarter_ends
from sroi.commissioning.contract.duties import assessed_by_law, ppn_026, section_52
from sroi.commissioning.contract.facts import RATING_NAMES, measure_codes, ratings
from sroi.commissioning.contract.form import EXAMPLE, FORM
from sroi.commissioning.contract.nouns import (
    BY_CONTRACT,
    BY_PERIOD,
    KINDS,
    LESS,
    MORE,
    Bands,
    Breach,
    Contract,
    Kpi,
    Period,
    Register,
    Reported,
    twelve_months_end,
)
from sroi.commissioning.contract.rating import propose, rate, target_for
from sroi.commissioning.contract.reading import read_contract
from sroi.commissioning.contract.study import ContractStudy, study_contract
from sroi.commissioning.contract.telling import tell_contract
from sroi.errors import FileRefused, NameRefused
from sroi.files.form_writer import form_bytes
from sroi.reports.blocks import Bullets, Paragraph, Story, Table

pytestmark = pytest.mark.usefixtures("warm_notebooks")

ON = date(2026, 10, 20)
PLAIN = Contract(
    "Green spaces", "Millbrook Council", "Brookside Green CIC", date(2025, 9, 1), date(2030, 8, 31),
    buyer_kind="local authority", value_with_vat=6_000_000, procurement_began=date(2025, 3, 10),
    entered=date(2025, 7, 7),
)  # fmt: skip
BANDS = Bands(0.9, 0.7, date(2025, 3, 10), "schedule 4")
TREES = Kpi("trees", "Street trees", "trees planted", "trees", 80, source="inventory")
YEAR_1 = Period("year_1", date(2025, 9, 1), date(2026, 8, 31))


def register(**changes: Any) -> Register:
    told: dict[str, Any] = {
        "contract": PLAIN, "bands": BANDS, "kpis": (TREES,), "periods": (), "reported": (), "breaches": ()
    }  # fmt: skip
    return Register(**{**told, **changes})


def asked(found: Register, on: date = ON) -> list[str]:
    return [f"{each.severity}: {each}" for each in study_contract(found, on).questions]


def texts(story: Story) -> Iterator[str]:
    for section in story.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            elif isinstance(block, Bullets):
                yield from block.items
            elif isinstance(block, Table):
                yield from (cell for row in block.rows for cell in row)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("contract") / "contract.xlsx"
    path.write_bytes(form_bytes(FORM, EXAMPLE))
    return path


@pytest.fixture(scope="module")
def study(example: Path) -> ContractStudy:
    return study_contract(read_contract(example), ON)


# ---- the duty to set indicators ----


@pytest.mark.parametrize(("value", "applies"), [(5_000_000, False), (5_000_001, True)])
def test_section_52_asks_above_five_million_with_vat_and_not_at_it(value: float, applies: bool) -> None:
    # The two test cases of the rule's data.
    assert section_52(replace(PLAIN, value_with_vat=value), ()).applies is applies


@pytest.mark.parametrize(("value", "applies"), [(4_999_999.99, False), (5_000_000, True)])
def test_ppn_026_asks_from_five_million_itself(value: float, applies: bool) -> None:
    central = replace(PLAIN, buyer_kind="executive agency", procurement_began=date(2027, 1, 1), value_with_vat=value)
    duty = ppn_026(central, (replace(TREES, social_value=True), TREES))
    assert (duty.applies, duty.asked, duty.there) == (applies, 3, 1)


def test_the_two_duties_part_at_exactly_five_million() -> None:
    central = replace(
        PLAIN, buyer_kind="central government department", procurement_began=date(2027, 3, 1), value_with_vat=5_000_000,
        entered=date(2027, 9, 1), starts=date(2027, 10, 1),
    )  # fmt: skip
    assert section_52(central, ()).applies is False
    assert ppn_026(central, ()).applies is True


def test_ppn_026_is_not_asked_of_a_council_nor_before_its_first_day() -> None:
    assert ppn_026(replace(PLAIN, procurement_began=date(2027, 3, 1)), ()).applies is False
    central = replace(PLAIN, buyer_kind="central government department", procurement_began=date(2026, 12, 31))
    assert ppn_026(central, ()).applies is False
    # Before its first day it applies to nobody, whoever buys; from then on the kind of buyer has to be known.
    assert ppn_026(replace(PLAIN, buyer_kind=""), ()).applies is False
    unknown = ppn_026(replace(PLAIN, buyer_kind="", procurement_began=date(2027, 3, 1)), ())
    assert unknown.applies is None
    assert "the kind of buyer was not given" in unknown.why


@pytest.mark.parametrize("kind", [each for each in KINDS if KINDS[each]])
def test_an_exempt_kind_of_contract_needs_no_indicators_and_its_exception_is_named(kind: str) -> None:
    duty = section_52(replace(PLAIN, kind=kind), ())
    assert duty.applies is False
    assert "an exception is met" in duty.why


def test_an_authority_that_holds_indicators_unfit_is_exempt_and_has_to_say_why() -> None:
    unfit = replace(PLAIN, kpis_unfit=True)
    assert section_52(unfit, ()).applies is False
    assert any("no reason is given" in each for each in asked(register(contract=unfit)))
    assert not any(
        "no reason is given" in each for each in asked(register(contract=replace(unfit, kpis_unfit_reason="x")))
    )


def test_a_value_that_does_not_settle_it_leaves_the_duty_open_and_asks() -> None:
    unknown = replace(PLAIN, value_with_vat=None)
    assert section_52(unknown, ()).applies is None
    assert any("the value was not given" in each for each in asked(register(contract=unknown)))
    net = replace(unknown, value_without_vat=4_900_000)
    assert section_52(net, ()).applies is None
    assert "give the value with VAT" in section_52(net, ()).why
    # VAT is never negative: above the amount without it is above with it.
    assert section_52(replace(unknown, value_without_vat=5_000_001), ()).applies is True


def test_a_procurement_from_before_the_act_or_under_another_law_has_no_such_duty() -> None:
    assert section_52(replace(PLAIN, procurement_began=date(2025, 2, 23)), ()).applies is False
    other = replace(PLAIN, law="another law")
    assert section_52(other, ()).applies is False
    assert "another law" in section_52(other, ()).why
    assert calendar(register(contract=other), ON) == ()


# ---- ratings ----


def test_the_five_ratings_are_the_regulations_in_their_order_with_their_codes() -> None:
    assert tuple(each.name for each in ratings()) == RATING_NAMES
    assert list(measure_codes()) == list(RATING_NAMES)
    assert list(measure_codes().values()) == ["met", "slightlyBelow", "below", "significantlyBelow", "other"]


@pytest.mark.parametrize(
    ("actual", "rating"),
    [
        (81, "Good"), (80, "Good"), (79.99, "Approaching target"), (72, "Approaching target"),
        (71.99, "Requires improvement"), (56, "Requires improvement"), (55.99, "Inadequate"), (0, "Inadequate"),
    ],
)  # fmt: skip
def test_bands_of_90_and_70_per_cent_of_80_trees_lie_at_72_and_56(actual: float, rating: str) -> None:
    assert propose(TREES, BANDS, 80, actual)[0] == rating


@pytest.mark.parametrize(
    ("actual", "rating"),
    [(5, "Good"), (5.5, "Approaching target"), (5.56, "Requires improvement"), (7.2, "Inadequate")],
)
def test_where_less_is_better_the_target_is_divided(actual: float, rating: str) -> None:
    # 5 / 0.9 = 5.555.. and 5 / 0.7 = 7.142..
    assert propose(replace(TREES, direction=LESS), BANDS, 5, actual)[0] == rating


def test_a_figure_on_a_limit_is_within_whatever_floats_make_of_it() -> None:
    # 0.1 x 3 is 0.30000000000000004 in floats.
    assert propose(TREES, Bands(0.1, 0.05), 3, 0.3)[0] == "Approaching target"


def test_a_share_of_a_target_below_nothing_is_no_band() -> None:
    # A target of -10 % emissions: 90 % of it, -9, asks for more and not for less.
    cut = replace(TREES, target=-10)
    assert propose(cut, BANDS, -10, -10)[0] == "Good"
    assert propose(cut, BANDS, -10, -10.5)[0] == ""
    assert propose(replace(cut, approaching_at=-11, improvement_at=-15), BANDS, -10, -12)[0] == "Requires improvement"


def test_without_bands_only_good_is_proposed_since_the_law_gives_no_number() -> None:
    assert propose(TREES, None, 80, 80)[0] == "Good"
    proposed, why = propose(TREES, None, 80, 79)
    assert proposed == ""
    assert "no bands say how far below" in why


def test_nothing_less_than_nothing_can_be_asked_for_so_a_target_of_0_has_no_bands_of_shares() -> None:
    none_lost = replace(TREES, direction=LESS, target=0)
    assert propose(none_lost, BANDS, 0, 0)[0] == "Good"
    assert propose(none_lost, BANDS, 0, 1)[0] == ""
    own = replace(none_lost, approaching_at=2, improvement_at=5)
    assert [propose(own, BANDS, 0, actual)[0] for actual in (2, 5, 6)] == list(RATING_NAMES[1:4])


shares = st.fractions(0, 1, max_denominator=100).map(float)
amounts = st.integers(0, 10_000).map(lambda each: each / 10)


@given(st.sampled_from([MORE, LESS]), shares, shares, st.integers(1, 5_000), amounts, amounts)
def test_better_performance_is_never_rated_worse(
    direction: str, one: float, other: float, target: int, first: float, second: float
) -> None:
    bands = Bands(max(one, other), min(one, other))
    kpi = replace(TREES, direction=direction)
    better, worse = sorted((first, second), reverse=direction == MORE)
    order = [RATING_NAMES.index(propose(kpi, bands, target, each)[0] or "Other") for each in (better, worse)]
    assert order[0] <= order[1]


@given(shares, shares, st.integers(1, 5_000), amounts)
def test_the_bands_are_shares_of_the_target(one: float, other: float, target: int, actual: float) -> None:
    bands = Bands(max(one, other), min(one, other))
    share = Fraction(repr(actual)) / target
    close, below = Fraction(repr(bands.approaching_from)), Fraction(repr(bands.improvement_from))
    expected = 0 if share >= 1 else 1 if share >= close else 2 if share >= below else 3
    assert propose(TREES, bands, target, actual)[0] == RATING_NAMES[expected]


def test_a_target_for_a_year_is_not_cut_to_a_shorter_period_in_silence() -> None:
    part = Period("part", date(2026, 9, 1), date(2027, 1, 31))
    rated = rate(PLAIN, TREES, BANDS, part, Reported("part", "trees", 40))
    assert (rated.target, rated.proposed) == (None, "")
    assert "not twelve months long" in rated.why
    own = rate(PLAIN, TREES, BANDS, part, Reported("part", "trees", 40, target=30))
    assert (own.target, own.proposed) == (30, "Good")
    assert target_for(PLAIN, replace(TREES, target_for=BY_PERIOD), part, None) == (80, "")
    assert target_for(PLAIN, replace(TREES, target_for=BY_CONTRACT), part, None)[0] is None


def test_no_figure_is_no_rating() -> None:
    assert rate(PLAIN, TREES, BANDS, YEAR_1, None).proposed == ""
    assert "no figure is reported" in rate(PLAIN, TREES, BANDS, YEAR_1, Reported("year_1", "trees")).why


def test_a_decision_that_differs_stands_beside_the_proposal_and_needs_a_reason() -> None:
    other = Reported("year_1", "trees", 60, rating="Approaching target", evidence="inventory")
    without = register(periods=(YEAR_1,), reported=(other,))
    (found,) = [each for each in asked(without) if "bands propose" in each]
    assert found.startswith("high: 'Street trees' in year_1 is rated Approaching target, its bands propose Requires")
    because = replace(without, reported=(replace(other, reason="frost"),))
    assert not any("bands propose" in each for each in asked(because))
    assert study_contract(because, ON).rated[0].decided == "Approaching target"


# ---- what to ask of the choice ----


def test_a_sound_choice_leaves_only_the_number_of_indicators_to_ask() -> None:
    assert asked(register(), date(2025, 9, 1)) == [
        "high: 1 indicator is set. Procurement Act 2023, section 52 asks for at least 3. It applies: it was in force on "
        "2025-03-10; £6,000,000 with VAT is more than £5,000,000 with VAT."
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"target": None}, "'Street trees' has no target"),
        ({"target": 0}, "which nobody can miss"),
        ({"unit": ""}, "cannot be measured as it stands: its unit is not said"),
        ({"measure": "", "unit": ""}, "what is measured and its unit are not said"),
        ({"source": ""}, "names no source of its figures"),
        ({"committed": 81}, "asks for less than the bid promised, 81 trees"),
        ({"committed": 79, "direction": LESS}, "asks for less than the bid promised, 79 trees"),
    ],
)
def test_a_weak_indicator_is_named(changes: dict[str, Any], words: str) -> None:
    assert any(words in each for each in asked(register(kpis=(replace(TREES, **changes),)), date(2025, 9, 1)))


def test_targets_are_held_against_what_the_register_has_for_the_whole_contract() -> None:
    named = register(kpis=(replace(TREES, register_measure="trees"),))
    found = [str(each) for each in study_contract(named, ON, promised={"trees": 400.5}).questions]
    assert any(
        "come to 400 trees over the contract, and the register has 400.5 trees promised" in each for each in found
    )
    assert not any("promised" in str(each) for each in study_contract(named, ON, promised={"trees": 400}).questions)


def test_two_indicators_of_the_same_thing_are_one() -> None:
    again = replace(TREES, id="trees_2", name="Planting", measure="Trees  planted")
    assert any(
        "'Planting' measures the same as 'Street trees'" in each for each in asked(register(kpis=(TREES, again)))
    )


def test_of_more_than_three_indicators_three_are_the_most_material() -> None:
    four = tuple(replace(TREES, id=f"k{each}", measure=f"m{each}", most_material=each < 2) for each in range(4))
    assert any("2 indicators of 4 are marked as most material" in each for each in asked(register(kpis=four)))
    three = tuple(replace(each, most_material=place < 3) for place, each in enumerate(four))
    assert not any("most material" in each for each in asked(register(kpis=three)))


def test_bands_after_the_contract_are_asked_about() -> None:
    late = replace(BANDS, stated_on=date(2025, 7, 8))
    assert any(
        "stated on 2025-07-08, after the contract was entered into" in each for each in asked(register(bands=late))
    )
    assert any("no bands say how close is close for 'Street trees'" in each for each in asked(register(bands=None)))


# ---- periods ----


def test_a_period_of_twelve_months_is_allowed_and_a_day_more_is_not() -> None:
    longer = replace(YEAR_1, ends=date(2026, 9, 1))
    assert not any("longer than" in each for each in asked(register(periods=(YEAR_1,))))
    assert any("longer than twelve months. Assess at least once in every twelve months: by 2026-08-31" in each
               for each in asked(register(periods=(longer,))))  # fmt: skip


def test_a_gap_between_periods_is_named_by_its_days() -> None:
    later = Period("year_2", date(2026, 10, 1), date(2027, 8, 31))
    assert any(
        "no assessment covers 2026-09-01 to 2026-09-30" in each for each in asked(register(periods=(YEAR_1, later)))
    )
    first = replace(YEAR_1, begins=date(2025, 9, 15))
    assert any("no assessment covers 2025-09-01 to 2025-09-14" in each for each in asked(register(periods=(first,))))


def test_an_assessment_after_the_twelve_months_is_late_read_strictly() -> None:
    on_time = replace(YEAR_1, assessed_on=date(2026, 8, 31))
    after = replace(YEAR_1, assessed_on=date(2026, 9, 1))
    assert not any("after the twelve months" in each for each in asked(register(periods=(on_time,))))
    assert any("1 day after the twelve months that began with it" in each for each in asked(register(periods=(after,))))


def test_twelve_months_without_an_assessment_are_named_and_so_is_the_end_of_the_contract() -> None:
    assert not any("no assessment" in each for each in asked(register(), date(2026, 8, 31)))
    assert any("no assessment covers the time from 2025-09-01" in each for each in asked(register(), date(2026, 9, 1)))
    ended = replace(PLAIN, terminated=date(2027, 3, 31))
    found = asked(register(contract=ended, periods=(YEAR_1,)), date(2027, 4, 1))
    assert any(("terminated on 2027-03-31, and no assessment covers it from " "2026-09-01. Assess performance on termination") in each for each in found)  # fmt: skip


# ---- dates ----


def due(found: Register, words: str, on: date = ON) -> Any:
    (one,) = [each for each in calendar(found, on) if words in each.what]
    return one


def test_notices_are_counted_from_the_day_of_signing() -> None:
    # 30 days after 7 July are 6 August, 90 are 5 October; a light touch contract has 120 and 180.
    assert due(register(), "details notice").by == date(2025, 8, 6)
    assert due(register(), "contract itself").by == date(2025, 10, 5)
    light = register(contract=replace(PLAIN, kind="light touch"))
    assert due(light, "details notice").by == date(2025, 11, 4)
    assert due(light, "contract itself").by == date(2026, 1, 3)


def test_the_contract_is_published_only_for_more_than_five_million() -> None:
    small = register(contract=replace(PLAIN, value_with_vat=5_000_000))
    assert [each for each in calendar(small, ON) if "contract itself" in each.what] == []


@pytest.mark.parametrize(("done_on", "state"), [(date(2025, 8, 6), DONE), (date(2025, 8, 7), LATE), (None, OVERDUE)])
def test_a_notice_is_done_late_or_overdue(done_on: date | None, state: str) -> None:
    assert due(register(contract=replace(PLAIN, details_notice_on=done_on)), "details notice").state == state


def test_a_day_still_to_come_is_a_plan_and_nothing_done() -> None:
    planned = register(contract=replace(PLAIN, details_notice_on=date(2025, 8, 1)))
    assert due(planned, "details notice", date(2025, 7, 31)).state == "due"
    assert due(planned, "details notice", date(2025, 8, 1)).state == DONE


def test_payments_are_published_thirty_days_after_each_quarter_unless_exempt() -> None:
    found = [each.by for each in calendar(register(), ON) if each.state == IF]
    assert found[:2] == [date(2026, 10, 30), date(2027, 1, 30)]
    assert [
        each for each in calendar(register(contract=replace(PLAIN, kind="concession")), ON) if each.state == IF
    ] == []
    own = replace(PLAIN, first_quarter_end=date(2025, 10, 31))
    assert next(iter(quarter_ends(own))) == date(2025, 10, 31)
    assert len(list(quarter_ends(PLAIN))) == 21  # five years touch 21 calendar quarters: 1 September to 31 August


def test_a_breach_is_published_within_thirty_days() -> None:
    broken = register(breaches=(Breach(date(2026, 5, 1), "breach: damages", "beds left unplanted"),))
    found = due(broken, "beds left unplanted")
    assert (found.by, found.state) == (date(2026, 5, 31), OVERDUE)


days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(days, st.integers(0, 4_000), days)
def test_assessments_cover_the_whole_life_in_steps_of_at_most_twelve_months(
    starts: date, length: int, on: date
) -> None:
    contract = replace(PLAIN, starts=starts, ends=starts + timedelta(days=length), entered=None)
    found = [each.by for each in calendar(register(contract=contract), on) if each.what.startswith("Assess")]
    before = starts - timedelta(days=1)
    for each in found:
        assert before < each <= twelve_months_end(before + timedelta(days=1))
        before = each
    assert before == contract.ends
    assert list(quarter_ends(contract))[-1] >= contract.ends


def test_where_no_law_asks_the_yearly_rating_is_the_buyers_own_choice() -> None:
    small = register(contract=replace(PLAIN, value_with_vat=5_000_000))
    assert assessed_by_law(small.contract, small.kpis) is False
    assert due(small, "Assess and publish performance from 1 September 2025").law.startswith("the buyer's own choice")


# ---- the form, the story, the command ----


def test_the_example_reads_back_from_a_workbook_and_from_yaml(example: Path, tmp_path: Path) -> None:
    other = tmp_path / "contract.yaml"
    other.write_bytes(form_bytes(FORM, EXAMPLE, ".yaml"))
    assert replace(read_contract(other), file="", sha256="") == replace(read_contract(example), file="", sha256="")


def test_the_example_comes_to_what_a_pencil_says(study: ContractStudy) -> None:
    # 0.96 of 0.95; 5.5 days within 5 / 0.9; 210 of 260 = 81 %; 2 of 2; 150,000 of 180,000 = 83 %; 60 of 80 = 75 %.
    assert [each.proposed for each in study.rated] == [
        "Good", "Approaching target", "Requires improvement", "Good", "Requires improvement", "Requires improvement",
    ]  # fmt: skip
    assert [each.kpi.id for each in study.rated if each.differs] == ["trees"]
    assert study.overdue == ()
    assert study.next_due is not None
    assert study.next_due.by == date(2026, 10, 30)
    assert [part for each in study.notice for part in each.missing] == []


def test_the_document_is_json_without_nan_and_says_what_is_published(study: ContractStudy) -> None:
    told = json.loads(json.dumps(study.to_dict(), allow_nan=False))
    assert told["duties"][0]["applies"] is True
    assert told["ratings"][-1]["measure_classification"] == "slightlyBelow"
    assert told["not_advice"].endswith("not legal advice.")


def test_the_story_says_proposal_and_decision_the_bands_and_that_no_law_has_their_number(study: ContractStudy) -> None:
    said = "\n".join(texts(tell_contract(study)))
    assert "6 indicators: 2 Good, 2 Approaching target, 2 Requires improvement." in said
    assert "the bands propose Requires improvement, the authority decided Approaching target: Sixty trees" in said
    assert "Approaching target from 90 % of it" in said
    assert "give no number for them" in said
    assert "not legal advice" in said
    assert "Performance is below the key performance indicators" in said


def test_what_the_notice_lacks_is_listed(study: ContractStudy) -> None:
    bare = replace(
        study.register, contract=replace(study.register.contract, supplier_id="", contract_id=""), reported=()
    )
    said = "\n".join(texts(tell_contract(study_contract(bare, ON))))
    assert "Missing for a whole notice: the contract's identifier; its identifier; a rating for Visits made" in said


def faulty(tmp_path: Path, **changes: Any) -> str:
    path = tmp_path / "faulty.xlsx"
    path.write_bytes(form_bytes(FORM, {**EXAMPLE, **changes}))
    with pytest.raises(FileRefused) as refusal:
        read_contract(path)
    return str(refusal.value)


def test_what_cannot_be_is_refused_at_its_cell_all_at_once(tmp_path: Path) -> None:
    contract = {
        **EXAMPLE["contract"],
        "ends": date(2024, 8, 31),
        "value_with_vat": 4_000_000,
        "entered": date(2025, 1, 1),
    }
    message = faulty(tmp_path, contract=contract)
    assert "the contract ends on 2024-08-31, before it starts (2025-09-01)" in message
    assert "the value with VAT (4,000,000.00) is below the one without (5,000,000.00)" in message
    assert "entered into on 2025-01-01, before its procurement began (2025-03-10)" in message
    assert message.count("sheet Contract, cell") == 3


def test_bands_and_periods_that_cannot_be_are_refused(tmp_path: Path) -> None:
    assert "begins nearer to the target" in faulty(tmp_path, bands={"approaching_from": 0.7, "improvement_from": 0.9})
    assert "the second band is not given" in faulty(tmp_path, bands={"approaching_from": 0.7})
    outside = [{"id": "year_1", "begins": date(2025, 8, 1), "ends": date(2026, 7, 31)}]
    assert "is not within the contract's life, 2025-09-01 to 2030-08-31" in faulty(tmp_path, periods=outside)
    turned = [{**each, "improvement_at": 90} if each["id"] == "trees" else each for each in EXAMPLE["kpis"]]
    assert "whether more or less is better" in faulty(tmp_path, kpis=turned)


def test_more_rows_than_any_contract_has_are_refused(tmp_path: Path) -> None:
    kpis = [{**EXAMPLE["kpis"][0], "id": f"k{place}"} for place in range(301)]
    assert "301 rows in KPIs. Give at most 300." in faulty(tmp_path, kpis=kpis, results=[])


def test_a_contract_without_indicators_has_its_dates_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "light.yaml"
    rows = {"contract": {**EXAMPLE["contract"], "kind": "light touch"}}
    path.write_bytes(form_bytes(FORM, rows, ".yaml"))
    found = study_contract(read_contract(path), ON)
    assert [each.applies for each in found.duties] == [False, False]
    assert due(found.register, "details notice").by == date(2025, 11, 4)
    assert "\n".join(texts(tell_contract(found)))


def test_what_s_71_leaves_out_has_no_thirty_days() -> None:
    stayed = Breach(date(2026, 5, 1), "stayed unsatisfactory", "litter left for weeks")
    broken = register(breaches=(stayed, replace(stayed, kind="breach: damages", what="beds")))
    kept = {
        kind: [
            each.what
            for each in calendar(replace(broken, contract=replace(PLAIN, kind=kind)), ON)
            if "Publish: " in each.what
        ]
        for kind in KINDS
    }
    assert [len(each) for each in kept.values()] == [2, 1, 2, 2, 0]
    assert kept["light touch"] == ["Publish: breach: damages, beds"]


def test_a_day_far_off_is_a_slip_and_no_crash(tmp_path: Path) -> None:
    message = faulty(tmp_path, contract={**EXAMPLE["contract"], "ends": date(9999, 12, 31)})
    assert "the day 9999-12-31 is far off. Check the year." in message
    assert "lasts from" in faulty(tmp_path, contract={**EXAMPLE["contract"], "ends": date(2190, 1, 1)})


def test_a_period_or_indicator_that_is_not_there_is_named(tmp_path: Path, study: ContractStudy) -> None:
    results = [{**EXAMPLE["results"][0], "kpi": "visit_on_time"}]
    assert "Did you mean 'visits_on_time'?" in faulty(tmp_path, results=results)
    with pytest.raises(NameRefused, match="there is no period 'year_2'"):
        study_contract(study.register, ON, "year_2")


def test_the_command_says_the_main_lines_and_writes_json(
    example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["commission", "contract", str(example), "--on", "2026-10-20", "--json", str(tmp_path / "c.json")]) == 0
    said = capsys.readouterr().out
    assert "As of 20 October 2026." in said
    assert "Street trees planted and watered for three years: decided otherwise than proposed" in said
    assert "not legal advice" in said
    assert json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["on"] == "2026-10-20"
    main(["commission", "contract", str(example)])
    assert ", today; --on DAY for another." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["contract"], "no form is named"),
        (["contract", "{}", "--on", "20 October"], "--on: '20 October' is not a date"),
        (["contract", "{}", "--ocid", "x"], "--ocid is given without --from"),
        (["contract", "{}", "--period", "year_9"], "there is no period 'year_9'"),
        (["contract", "--from", "{}"], "Name it with --to NEW.xlsx"),
    ],
)
def test_a_wrong_use_is_said_in_a_sentence(
    example: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["commission", *(each.format(example) for each in arguments)]) == 2
    assert words in capsys.readouterr().err


def test_the_command_leaves_its_paper_by_the_notebook(
    example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["commission", "contract", str(example), "--on", "2026-10-20", "--out", str(out)]) == 0
    assert "contract.html" in capsys.readouterr().out
    page = (out / "contract.html").read_text(encoding="utf-8")
    assert "Text for the contract performance notice" in page
    assert "as of 20 October 2026" in page
    assert (out / "contract.docx").is_file()
    rows = (out / "tables" / "ratings.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 7
    assert rows[0].startswith("period,kpi,name,unit,target,reached")
    assert json.loads((out / "result.json").read_text(encoding="utf-8"))["next_due"]["by"] == "2026-10-30"
