"""A register of commitments and deliveries: due, late and missing by hand, then in general; every doubt by its row."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deliveries import SMALL, delivery, filled, small
from hypothesis import given, settings
from hypothesis import strategies as st

from sroi.cli import main
from sroi.commissioning.delivery.document import tables, to_dict
from sroi.commissioning.delivery.doubts import KINDS, doubts, in_doubt
from sroi.commissioning.delivery.form import EXAMPLE, FORM
from sroi.commissioning.delivery.lateness import NEVER, Steps, lateness, pieces
from sroi.commissioning.delivery.merging import merged
from sroi.commissioning.delivery.private import refuse_private_values
from sroi.commissioning.delivery.promises import fell_due
from sroi.commissioning.delivery.register import Register, current_terms, read_register, register_of
from sroi.commissioning.delivery.rollup import GROUPINGS, checked_groupings, rolled_up, worth, worth_of_all
from sroi.commissioning.delivery.standing import QUANTITIES, Rules, rules_of, standing
from sroi.commissioning.delivery.telling import tell_delivery
from sroi.commissioning.delivery.words import standing_lines
from sroi.errors import FileRefused, LicenceRefused, NameRefused
from sroi.files.form_writer import form_bytes

pytestmark = pytest.mark.usefixtures("warm_notebooks")

YEAR = 365.25


def on(register: Register, day: date, **rules: Any) -> dict[str, float]:
    """Return the quantities of the one measure of a register on a day."""
    return dict(rolled_up(standing(register, Rules(day, **rules)), "measure")[0].quantities)


def kinds(register: Register, day: date | None = None) -> list[str]:
    return [each.kind for each in doubts(standing(register, Rules(day)))]


# ---- by hand ----


@pytest.fixture(scope="module")
def example() -> Register:
    return register_of(filled(FORM, EXAMPLE))


def test_the_example_stands_as_it_was_told(example: Register) -> None:
    rolled = {each.measure.id: each for each in rolled_up(standing(example), "measure")}
    assert rolled["apprentice_weeks"]["validated"] == 210  # 100 + 115 - 5
    assert rolled["local_jobs"]["evidenced"] == 2
    assert rolled["local_jobs"]["counted"] == 0
    assert rolled["volunteer_hours"]["claimed"] == 500
    assert rolled["volunteer_hours"]["rejected"] == 60
    assert rolled["local_spend"]["validated"] == 150_000
    trees = rolled["trees"]
    assert (trees["promised"], trees["due"], trees["counted"]) == (400, 80, 60)
    assert (trees["on_time"], trees["late"], trees["missing"]) == (0, 60, 20)
    # 40 trees 45 days late, 20 trees 91 days, 20 trees still missing after 174 days.
    assert trees["late_years"] == pytest.approx((40 * 45 + 20 * 91 + 20 * 174) / YEAR)
    assert doubts(standing(example)) == ()


def test_first_promises_stand_beside_those_of_now(example: Register) -> None:
    hours = next(each for each in rolled_up(standing(example), "measure") if each.measure.id == "volunteer_hours")
    assert (hours["due_first"], hours["due"]) == (1000, 800)
    before = standing(example, Rules(date(2026, 1, 11)))
    assert before.now["M3"].quantity == 1000
    assert standing(example).now["M3"].quantity == 800


def test_due_follows_milestones_and_then_the_whole() -> None:
    register = small()
    assert on(register, date(2025, 6, 29))["due"] == 0
    assert on(register, date(2025, 6, 30))["due"] == 40
    assert on(register, date(2026, 12, 30))["due"] == 40
    assert on(register, date(2026, 12, 31))["due"] == 100


def test_late_missing_and_ahead_by_hand() -> None:
    rows = [delivery("D1", 30, date(2025, 6, 1)), delivery("D2", 25, date(2025, 9, 28))]
    told = on(small(deliveries=rows), date(2025, 9, 28))
    assert (told["on_time"], told["late"], told["missing"], told["ahead"]) == (30, 10, 0, 15)
    assert told["late_years"] == pytest.approx(10 * 90 / YEAR)
    end = on(small(deliveries=rows), date(2026, 12, 31))
    assert (end["on_time"], end["late"], end["missing"], end["ahead"]) == (45, 10, 45, 0)


def test_only_the_chosen_states_count_and_every_state_is_told() -> None:
    rows = [delivery(f"D{at}", 10 + at, date(2025, 5, at + 1), state)
            for at, state in enumerate(("claimed", "evidenced", "validated", "rejected"))]  # fmt: skip
    register, day = small(deliveries=rows), date(2025, 6, 30)
    assert on(register, day)["counted"] == 12
    assert on(register, day, count=("evidenced", "validated"))["counted"] == 23
    told = on(register, day)
    assert [told[state] for state in ("claimed", "evidenced", "validated", "rejected")] == [10, 11, 12, 13]


def test_more_of_one_thing_never_makes_up_for_less_of_another() -> None:
    measures = [*SMALL["measures"], {"id": "hours", "name": "Hours", "unit": "hour"}]
    commitments = [*SMALL["commitments"],
                   {"id": "C2", "contract": "K1", "measure": "hours", "quantity": 50.0, "due": date(2025, 6, 30)}]  # fmt: skip
    rows = [delivery("D1", 500, date(2025, 5, 1))]
    rolled = rolled_up(
        standing(small(measures=measures, commitments=commitments, deliveries=rows), Rules(date(2025, 7, 1))),
        "supplier",
    )
    assert [(each.measure.id, each["missing"], each["beyond"]) for each in rolled] == [
        ("trees", 0, 400),
        ("hours", 50, 0),
    ]


def test_more_in_one_contract_never_makes_up_for_less_in_another() -> None:
    second = {**SMALL["contracts"][0], "id": "K2"}
    commitments = [
        *SMALL["commitments"],
        {**SMALL["commitments"][0], "id": "C2", "contract": "K2", "due": date(2025, 6, 30)},
    ]
    register = small(
        contracts=[*SMALL["contracts"], second], commitments=commitments,
        deliveries=[delivery("D1", 300, date(2025, 5, 1))],
    )  # fmt: skip
    told = on(register, date(2025, 6, 30))
    assert (told["due"], told["counted"], told["missing"], told["beyond"]) == (140, 300, 100, 200)


def test_a_delivery_judged_later_was_only_evidenced_until_then() -> None:
    row = delivery("D1", 40, date(2025, 6, 1), validated_on=date(2025, 8, 1))
    before, after = (on(small(deliveries=[row]), day) for day in (date(2025, 7, 31), date(2025, 8, 1)))
    assert (before["evidenced"], before["missing"]) == (40, 40)
    # Proved later, but delivered in time.
    assert (after["validated"], after["on_time"], after["late"]) == (40, 40, 0)


def test_a_correction_is_taken_from_what_it_names() -> None:
    rows = [delivery("D1", 40, date(2025, 6, 1)), delivery("D2", -15, date(2025, 8, 1), corrects="D1")]
    register = small(deliveries=rows)
    assert on(register, date(2025, 7, 1))["counted"] == 40
    assert on(register, date(2025, 8, 1))["counted"] == 25
    assert on(register, date(2025, 8, 1))["missing"] == 15


def test_value_lost_by_lateness_follows_the_stated_formula() -> None:
    register, day = small(deliveries=[delivery("D1", 40, date(2026, 6, 30))]), date(2026, 6, 30)
    waited = 365 / YEAR
    lost = {rule: worth_of_all(standing(register, Rules(day, late_value=rule))).lost
            for rule in ("none", "discounted", "forgone")}  # fmt: skip
    assert lost["none"] == 0
    assert lost["discounted"] == pytest.approx(40 * 10 * (1 - 1.035**-waited))
    assert lost["forgone"] == pytest.approx(40 * 10 * waited)


def test_nothing_is_valued_without_a_value_of_its_own_prices() -> None:
    row = {**SMALL["measures"][0], "proxy_price_year": "2019"}
    register = small(measures=[row], deliveries=[delivery("D1", 40, date(2025, 6, 1))])
    told = worth_of_all(standing(register))
    assert (told.counted, told.other_prices) == (0, ("Trees",))
    assert "other_price_year" in kinds(register)
    # Where the register names no year, values of one year are added, those of several never.
    unsaid = {**SMALL["register"], "price_year": None}
    rows = [delivery("D1", 40, date(2025, 6, 1))]
    assert worth_of_all(standing(small(register=unsaid, measures=[row], deliveries=rows))).counted == 400
    two = small(
        register=unsaid,
        measures=[row, {**row, "id": "hours", "name": "Hours", "proxy_price_year": "2020"}],
        deliveries=rows,
    )
    assert worth_of_all(standing(two)).other_prices == ("Trees",)
    assert kinds(two).count("other_price_year") == 2
    bare = small(measures=[{"id": "trees", "name": "Trees", "unit": "tree"}])
    assert worth_of_all(standing(bare, Rules(late_value="forgone"))).without == ("Trees",)


def test_the_day_is_never_todays() -> None:
    assert standing(small()).on == date(2025, 1, 1)
    told = standing(small(deliveries=[delivery("D1", 1, date(2025, 3, 2), validated_on=date(2025, 4, 5))]))
    assert (told.on, told.because) == (date(2025, 4, 5), "the last day on which something in the register happened")
    stated = standing(small(register={**SMALL["register"], "complete_to": date(2025, 2, 1)}))
    assert (stated.on, stated.because) == (date(2025, 2, 1), "the day up to which the register says it is complete")


def test_two_commitments_of_one_measure_in_two_places_are_two_lines() -> None:
    commitments = [
        {**SMALL["commitments"][0], "id": f"C{at}", "quantity": 10.0, "due": date(2025, 3, 1), "place": place}
        for at, place in enumerate(("Northgate", "Riverside"))
    ]
    rows = [delivery("D1", 15, date(2025, 2, 1), place="Northgate"), delivery("D2", 4, date(2025, 2, 2))]
    register = small(commitments=commitments, milestones=[], deliveries=rows)
    rolled = {each.group: each for each in rolled_up(standing(register, Rules(date(2025, 4, 1))), "place")}
    assert (rolled["Northgate"]["beyond"], rolled["Riverside"]["missing"]) == (5, 10)
    # Neither place is named: it stands on its own, and a finding says so.
    assert rolled["Millbrook"]["counted"] == 4
    assert "no_commitment" in kinds(register)


def test_each_promise_says_what_of_it_came_in_time_late_or_not_at_all(example: Register) -> None:
    told = fell_due(standing(example))
    assert [each.due for each in told] == sorted(each.due for each in told)
    trees = next(each for each in told if each.line.measure.id == "trees")
    assert (trees.due, trees.quantity, trees.on_time, trees.late, trees.missing) == (date(2026, 3, 31), 80, 0, 60, 20)
    assert trees.last_done == date(2026, 6, 30)
    jobs = next(each for each in told if each.line.measure.id == "local_jobs")
    assert (jobs.missing, jobs.last_done) == (2, None)
    whole = {each.measure.id: each for each in rolled_up(standing(example), "measure")}
    for name in whole:
        assert sum(each.missing for each in told if each.line.measure.id == name) == whole[name]["missing"]
    assert fell_due(standing(small())) == ()


# ---- the log of changes ----


def change(name: str, of: str, what: str, was: str, now: str, day: date) -> dict[str, Any]:
    return {
        "id": name,
        "of": of,
        "what": what,
        "was": was,
        "now": now,
        "day": day,
        "agreed_by": "both",
        "why": "floods",
    }


def test_what_is_promised_now_follows_from_the_first_promise_and_the_changes() -> None:
    log = [
        change("V2", "C1", "quantity", "80", "90", date(2025, 5, 1)),
        change("V1", "C1", "quantity", "100", "80", date(2025, 4, 1)),
        change("V3", "M1", "due", "2025-06-30 00:00:00", "2025-09-30", date(2025, 5, 2)),
    ]
    register = small(changes=log)
    assert [change.id for change in register.changes] == ["V1", "V2", "V3"]
    terms = current_terms(register, date(2025, 4, 30))
    assert (terms["C1"].quantity, terms["M1"].due) == (80, date(2025, 6, 30))
    told = on(register, date(2025, 7, 1))
    assert (told["promised_first"], told["promised"], told["due_first"], told["due"]) == (100, 90, 40, 0)


def test_a_log_that_does_not_follow_is_refused_with_its_row() -> None:
    log = [
        change("V1", "C1", "quantity", "120", "80", date(2025, 4, 1)),
        change("V2", "C9", "due", "2026-12-31", "soon", date(2025, 4, 2)),
        change("V3", "C1", "due", "2026-12-31", "soon", date(2025, 4, 3)),
    ]
    with pytest.raises(FileRefused) as refused:
        small(changes=log)
    said = str(refused.value)
    assert "sheet Changes, row 1: the quantity of 'C1' was 100 on 2025-04-01, and not 120." in said
    assert "sheet Changes, row 2: 'Of': there is no commitment or milestone 'C9'. Known: C1, M1." in said
    assert "sheet Changes, row 3: 'Now': 'soon' is not a date." in said


def test_a_promise_changed_after_its_day_is_a_finding() -> None:
    log = [change("V1", "M1", "due", "2025-06-30", "2025-12-31", date(2025, 7, 10))]
    assert "changed_after_due" in kinds(small(changes=log), date(2025, 8, 1))
    assert "changed_after_due" not in kinds(small(changes=log), date(2025, 7, 9))


def test_what_cannot_be_is_refused_all_at_once() -> None:
    with pytest.raises(FileRefused) as refused:
        small(
            register={**SMALL["register"], "currency": "pounds", "price_year": "last year"},
            contracts=[{**SMALL["contracts"][0], "ends": date(2024, 1, 1)}],
            milestones=[{"id": "C1", "commitment": "C1", "quantity": 40.0, "due": date(2025, 6, 30)},
                        {"id": "M2", "commitment": "C1", "quantity": 30.0, "due": date(2025, 9, 30)}],
        )  # fmt: skip
    said = str(refused.value)
    assert said.startswith("register.xlsx: 5 problems")
    assert "Did you mean GBP?" in said
    assert "the contract ends on 2024-01-01, before it starts on 2025-01-01" in said
    assert "'C1' is a commitment's id too" in said
    assert "30 by 2025-09-30, but 40 by 2025-06-30 already" in said


# ---- doubts by row ----

DAY = date(2025, 5, 1)
DOUBTFUL: dict[str, list[dict[str, Any]]] = {
    "negative_without_name": [delivery("D1", -5, DAY)],
    "correction_unfit": [delivery("D1", 5, DAY), delivery("D2", -1, DAY, corrects="D1"), delivery("D3", -1, DAY, corrects="D2")],
    "below_nothing": [delivery("D1", 5, DAY), delivery("D2", -6, DAY, corrects="D1")],
    "duplicate_evidence": [delivery("D1", 5, DAY, evidence="Photo 7"), delivery("D2", 6, date(2025, 5, 2), evidence=" photo  7")],
    "duplicate_delivery": [delivery("D1", 5, DAY), delivery("D2", 5, DAY)],
    "before_start": [delivery("D1", 5, date(2024, 12, 31))],
    "after_end": [delivery("D1", 5, date(2027, 1, 1))],
    "self_validated": [delivery("D1", 5, DAY, validated_by="J. Moss, Brookside Green CIC")],
    "judgement_unsaid": [delivery("D1", 5, DAY, validated_by=None)],
    "judged_before": [delivery("D1", 5, DAY, validated_on=date(2025, 4, 30))],
    "rejected_unsaid": [delivery("D1", 5, DAY, "rejected")],
    "evidence_missing": [delivery("D1", 5, DAY, evidence=None)],
    "period_odd": [delivery("D1", 5, DAY, period_starts=date(2025, 6, 1))],
    "nothing_delivered": [delivery("D1", 0, DAY)],
}  # fmt: skip


@pytest.mark.parametrize("kind", DOUBTFUL)
def test_each_doubtful_row_is_named(kind: str) -> None:
    register = small(deliveries=DOUBTFUL[kind])
    found = [each for each in doubts(standing(register)) if each.kind == kind]
    assert len(found) == 1
    assert str(found[0].problem).startswith("sheet Deliveries, row ")
    assert found[0].problem.remedy
    assert kind in KINDS


def test_a_sound_register_has_no_doubts() -> None:
    assert kinds(small(deliveries=[delivery("D1", 5, DAY), delivery("D2", -1, DAY, corrects="D1")])) == []


def test_a_row_below_nothing_that_names_none_is_not_counted() -> None:
    rows = [delivery("D1", 30, DAY), delivery("D2", -5, DAY)]
    assert on(small(deliveries=rows), DAY)["counted"] == 30


def test_a_repetition_says_what_rests_on_it_and_a_rejected_one_is_none() -> None:
    rows = [delivery("D1", 5, DAY), delivery("D2", 5, DAY)]
    found = doubts(standing(small(deliveries=rows)))[0]
    assert "'D2' is 5 (tree) on 2025-05-01, as 'D1' is (sheet Deliveries, row 1); 5 of what counts rests on it" in str(
        found.problem
    )
    # A row in doubt for two reasons is in doubt once.
    rows[1] = {**rows[1], "evidence": "record D1"}
    told = standing(small(deliveries=rows))
    assert in_doubt(told, doubts(told)) == {"trees": 5}
    assert "this rests on rows in doubt (repetitions, outside the contract): 5 [tree] of Trees." in "\n".join(
        standing_lines(told, doubts(told))
    )
    rows[1] = delivery("D2", 5, DAY, "rejected", note="twice")
    assert kinds(small(deliveries=rows)) == []


def test_doubts_about_promises_and_values() -> None:
    register = small(
        measures=[{**SMALL["measures"][0], "proxy_source": None, "proxy_price_year": None}],
        milestones=[{"id": f"M{at}", "commitment": "C1", "quantity": 50.0, "due": date(2025, at, 1)} for at in (3, 6)],
        commitments=[{**SMALL["commitments"][0], "due": date(2027, 6, 1)}],
        contracts=[*SMALL["contracts"], {**SMALL["contracts"][0], "id": "K2"}],
    )
    assert set(kinds(register)) == {
        "proxy_source_missing", "price_year_missing", "milestones_as_steps", "due_after_end", "promises_nothing",
    }  # fmt: skip


# ---- in general ----

steps = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 40), st.integers(0, 60)), max_size=25)


def as_steps(rows: list[tuple[int, int, int]]) -> Steps:
    line, quantity, day = (np.array([row[at] for row in rows], dtype=np.int64) for at in range(3))
    return Steps(line, quantity.astype(float), day)


@given(steps, steps, st.integers(0, 70))
@settings(max_examples=100, deadline=None)
def test_lateness_is_what_a_clerk_finds_unit_by_unit(due: Any, done: Any, day: int) -> None:
    told = lateness(pieces(as_steps(due), as_steps(done)), day, 4, 0.035)
    for line in range(4):
        owed = sorted(when for where, amount, when in due if where == line for _ in range(amount))
        got = sorted(when for where, amount, when in done if where == line for _ in range(amount))
        pairs = [(want, got[at] if at < len(got) else NEVER) for at, want in enumerate(owed) if want <= day]
        assert told.on_time[line] == sum(have <= want for want, have in pairs)
        assert told.late[line] == sum(want < have <= day for want, have in pairs)
        assert told.missing[line] == sum(have > day for _, have in pairs)
        waits = [max(min(have, day) - want, 0) / YEAR for want, have in pairs]
        assert told.years[line] == pytest.approx(sum(waits), abs=1e-8)
        assert told.discounted[line] == pytest.approx(sum(1 - 1.035**-wait for wait in waits), abs=1e-8)


random_rows = st.lists(
    st.tuples(st.sampled_from(("K1", "K2")), st.floats(0.01, 500), st.integers(0, 800),
              st.sampled_from(("claimed", "evidenced", "validated", "rejected")), st.sampled_from((None, "Northgate"))),
    max_size=20,
)  # fmt: skip


def random_register(rows: Any) -> Register:
    return small(
        contracts=[*SMALL["contracts"], {**SMALL["contracts"][0], "id": "K2", "place": "", "lot": ""}],
        commitments=[*SMALL["commitments"], {**SMALL["commitments"][0], "id": "C2", "contract": "K2"}],
        deliveries=[
            delivery(f"D{at}", quantity, date(2025, 1, 1) + timedelta(after), state, contract=contract, place=place)
            for at, (contract, quantity, after, state, place) in enumerate(rows)
        ],
    )


@given(random_rows, st.integers(0, 800))
@settings(max_examples=30, deadline=None)
def test_every_roll_up_adds_up_to_the_same(rows: Any, after: int) -> None:
    told = standing(random_register(rows), Rules(date(2025, 1, 1) + timedelta(after)))
    whole = rolled_up(told, "measure")[0]
    for by in GROUPINGS:
        for name in QUANTITIES:
            assert sum(each[name] for each in rolled_up(told, by)) == pytest.approx(whole[name], abs=1e-6)
        assert sum(each.counted for each in worth(told, by)) == pytest.approx(whole["counted"] * 10)
    assert whole["on_time"] + whole["late"] + whole["missing"] == pytest.approx(whole["due"], abs=1e-6)
    assert whole["counted"] == whole["validated"]
    due_part = whole["on_time"] + whole["late"] + whole["ahead"] + whole["beyond"]
    assert due_part == pytest.approx(whole["counted"], abs=1e-6)


@given(random_rows, st.integers(0, 300), st.integers(1, 500))
@settings(max_examples=40, deadline=None)
def test_more_delivered_never_makes_more_missing(rows: Any, after: int, more: int) -> None:
    day = date(2026, 12, 31)
    extra = [*rows, ("K1", float(more), after, "validated", None)]
    before, later = (on(random_register(each), day) for each in (rows, extra))
    assert later["missing"] <= before["missing"] + 1e-9
    assert later["late_years"] <= before["late_years"] + 1e-6


def test_ten_thousand_deliveries_in_about_a_second() -> None:
    contracts = [{**SMALL["contracts"][0], "id": f"K{at}"} for at in range(100)]
    commitments = [{**SMALL["commitments"][0], "id": f"C{at}", "contract": f"K{at}"} for at in range(100)]
    rows = [
        delivery(f"D{at}", 1 + at % 7, date(2025, 1, 1) + timedelta(at % 700), contract=f"K{at % 100}")
        for at in range(10_000)
    ]
    sheets = filled(
        FORM, {**SMALL, "contracts": contracts, "commitments": commitments, "milestones": [], "deliveries": rows}
    )
    begun = time.process_time()
    told = standing(register_of(sheets))
    for by in GROUPINGS:
        rolled_up(told, by)
    found = doubts(told)
    assert time.process_time() - begun < 2.0  # 0.3 s where it was written
    assert rolled_up(told, "measure")[0]["counted"] == sum(row["quantity"] for row in rows)
    assert {each.kind for each in found} <= set(KINDS)


# ---- rules, licences, words ----


def test_rules_that_cannot_be_are_refused_in_words() -> None:
    with pytest.raises(NameRefused, match=r"'validatd' is no state that can count\. Did you mean 'validated'\?"):
        rules_of("", "validatd")
    with pytest.raises(NameRefused, match="'rejected' is no state that can count"):
        rules_of("", "rejected")
    with pytest.raises(NameRefused, match=r"the day: '21/9/2026' is not a date"):
        rules_of("21/9/2026", "validated")
    with pytest.raises(NameRefused, match=r"'suplier' is nothing to add up by\. Did you mean 'supplier'\?"):
        checked_groupings("suplier")


def test_a_value_that_may_not_be_passed_on_keeps_the_paper_back() -> None:
    private = small(measures=[{**SMALL["measures"][0], "proxy_may_be_passed_on": False}])
    with pytest.raises(
        LicenceRefused, match=r"sheet Measures, row 1: the paper would pass on the value of 'Trees'.*--no-values"
    ):
        refuse_private_values(private, "the paper")
    refuse_private_values(private, "the paper", allowed=True)
    told = json.dumps(to_dict(standing(private), (), values=False))
    assert "proxy" not in told
    # A licence that is known to be closed needs no such word; one that may be passed on says so.
    closed = {**SMALL["measures"][0], "proxy_licence": "Social Value Engine, licensed copy"}
    with pytest.raises(LicenceRefused, match="Social Value Engine"):
        refuse_private_values(small(measures=[closed]), "the paper")
    refuse_private_values(small(measures=[{**closed, "proxy_may_be_passed_on": True}]), "the paper")


def test_the_document_and_tables_hold_no_text_that_could_act_and_no_nan(example: Register) -> None:
    told = standing(example)
    content = to_dict(told, doubts(told))
    assert json.loads(json.dumps(content, allow_nan=False))["on"] == "2026-09-21"
    assert content["value"]["promised"] == 328_000  # 1300 x 140 + 10 x 9000 + 4000 x 14
    assert content["value"]["counted"] == 29_400
    by_measure = tables(told, ())["by_measure"]
    assert by_measure[0][:3] == ["measure", "unit", "promised_first"]
    assert len(by_measure) == 6


def test_the_paper_says_what_is_missing_and_what_was_changed(example: Register) -> None:
    story = tell_delivery(standing(example), (), ("supplier",))
    assert story.names == [
        "together", "by_measure", "late", "proved", "promises", "by_supplier", "money", "doubts", "method",
    ]  # fmt: skip
    said = repr(story)
    assert "something was missing in each of the 5 measures that had anything due" in said
    assert "D6: 60 (hour), Hours at a sports day of another contract" in said
    assert "quantity: 1,000 became 800" in said
    assert "money" not in tell_delivery(standing(example), (), values=False).names


# ---- files ----


@pytest.mark.parametrize("ending", [".xlsx", ".yaml"])
def test_the_example_reads_back_from_its_form(ending: str, tmp_path: Path, example: Register) -> None:
    path = tmp_path / f"register{ending}"
    path.write_bytes(form_bytes(FORM, EXAMPLE, ending))
    read = read_register(path)
    assert read.measures.keys() == example.measures.keys()
    assert to_dict(standing(read), ())["measures"] == to_dict(standing(example), ())["measures"]


def written(path: Path, rows: dict[str, Any]) -> Path:
    path.write_bytes(form_bytes(FORM, rows, path.suffix))
    return path


def update(path: Path, *lines: str) -> Path:
    path.write_text("deliveries:\n" + "".join(f"  - {{{line}}}\n" for line in lines), encoding="utf-8")
    return path


D5 = "id: D5, contract: MB-2025-014, measure: volunteer_hours, day: 2026-08-31"
D10 = "id: D10, contract: MB-2025-014, measure: trees, quantity: 20, day: 2026-09-20, state: claimed"


def test_an_update_adds_and_completes_and_loses_nothing(tmp_path: Path) -> None:
    register = written(tmp_path / "register.xlsx", EXAMPLE)
    new = update(tmp_path / "update.yaml", D10, f"{D5}, quantity: 500, state: evidenced, evidence: Sheets 1-40",
                 "id: D4, contract: MB-2025-014, measure: local_jobs, quantity: 2, day: 2026-08-31, state: evidenced")  # fmt: skip
    done = merged(register, new)
    assert done.added == {"deliveries": ("D10",)}
    assert done.completed == ("Deliveries D5: Evidence: Sheets 1-40; State: evidenced",)
    assert done.known == 1
    target = tmp_path / "new.yaml"
    target.write_bytes(done.content(".yaml"))
    again = read_register(target)
    before = read_register(register)
    for part in FORM.parts:
        own = {row["id"]: row.values for row in again.filled[part.name]} if part.key else {}
        for row in before.filled[part.name] if part.key else ():
            kept = {name: value for name, value in row.values.items() if value is not None and row["id"] != "D5"}
            assert kept.items() <= own[row["id"]].items()
    assert len(again.rows) == len(before.rows) + 1
    assert merged(target, new).added == {}


def test_conflicts_are_named_by_row_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register = written(tmp_path / "register.yaml", EXAMPLE)
    new = update(tmp_path / "update.yaml", f"{D5}, quantity: 600, state: validated", D10.replace("014", "015"))
    target = tmp_path / "new.xlsx"
    assert main(["commission", "delivery", str(register), "--add", str(new), "--to", str(target)]) == 1
    said = capsys.readouterr().err
    assert "3 problems" in said
    assert "line 2: 'Quantity' of 'D5' is 600 here, and 500 in the register (line " in said
    assert "'State' of 'D5' is 'validated' here, and 'claimed' in the register" in said
    assert "line 3: 'Contract': there is no 'MB-2025-015' in the register or here. Did you mean 'MB-2025-014'?" in said
    assert not target.exists()
    assert main(["commission", "delivery", str(register), "--add", str(new), "--to", str(register)]) == 1
    assert "--to would write over the register" in capsys.readouterr().err


def test_an_update_may_be_a_csv_of_deliveries(tmp_path: Path) -> None:
    register = written(tmp_path / "register.yaml", EXAMPLE)
    new = tmp_path / "update.csv"
    new.write_text(
        "Delivery,Contract,Measure,Quantity,Day,State\nD11,MB-2025-014,trees,5,2026-09-01,claimed\n", encoding="utf-8"
    )
    assert merged(register, new).added == {"deliveries": ("D11",)}


def test_a_changed_promise_in_an_update_is_sent_to_the_log(tmp_path: Path) -> None:
    register = written(tmp_path / "register.yaml", EXAMPLE)
    new = tmp_path / "update.yaml"
    new.write_text(
        "commitments:\n  - {id: C5, contract: MB-2025-014, measure: trees, quantity: 300, due: 2030-08-31}\n",
        encoding="utf-8",
    )
    with pytest.raises(FileRefused, match="A changed promise is a row on the sheet Changes"):
        merged(register, new)


def test_the_command_says_the_day_the_states_and_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register = written(tmp_path / "register.yaml", EXAMPLE)
    target = tmp_path / "figures.json"
    assert (
        main(
            ["commission", "delivery", str(register), "--by", "place", "--late-value", "forgone", "--json", str(target)]
        )
        == 0
    )
    said = capsys.readouterr().out
    assert "As of 2026-09-21: the day up to which the register says it is complete." in said
    assert "What is validated counts. What is claimed or evidenced stands beside it and does not count." in said
    assert "Street trees planted and watered for three years [tree]: 20 of 80 due missing, 60 came late" in said
    assert "Lost by lateness until 2026-09-21: £" in said
    assert json.loads(target.read_text(encoding="utf-8"))["by"]["place"][0]["group"] == "Millbrook"


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("delivery")
    register = written(folder / "register.xlsx", EXAMPLE)
    assert main(["commission", "delivery", str(register), "--by", "supplier", "--out", str(folder / "out")]) == 0
    return folder / "out"


def test_the_notebook_leaves_the_paper_its_tables_and_figures(paper: Path) -> None:
    names = {path.name for path in paper.iterdir()}
    assert {"delivery.html", "delivery.docx", "delivery.ipynb", "result.json", "figures", "tables"} <= names
    page = (paper / "delivery.html").read_text(encoding="utf-8")
    assert "Millbrook Council" in page
    assert "By supplier" in page
    assert (
        (paper / "tables" / "by_lot.csv").read_text(encoding="utf-8-sig").startswith("lot,measure,unit,promised_first")
    )
    assert json.loads((paper / "result.json").read_text(encoding="utf-8"))["count"] == ["validated"]
