"""The rules of procurement as dated data: where each bites, from which day, and what cannot be said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sroi.commissioning.rules import Rule, rule, rules, sources
from sroi.errors import MethodRefused, NameRefused

AWARD = date(2025, 6, 16)
FIRST_DAY = date(2025, 2, 24)


@pytest.mark.parametrize(
    ("value", "applies"), [(5_000_000, False), (5_000_000.01, True), (5_000_001, True), (0, False)]
)
def test_section_52_bites_at_more_than_five_million(value: float, applies: bool) -> None:
    assert rule("pa23_s52").applies(value, on=AWARD) is applies


@pytest.mark.parametrize(("value", "applies"), [(3_999_999.99, False), (4_000_000, True)])
def test_community_benefits_in_scotland_bite_at_four_million_itself_without_vat(value: float, applies: bool) -> None:
    threshold = rule("scotland_community_benefits").threshold()
    assert threshold is not None
    assert threshold.reached_by(value, with_vat=False) is applies


def test_a_rule_holds_from_its_first_day() -> None:
    s52 = rule("pa23_s52")
    assert s52.applies(6_000_000, on=FIRST_DAY) is True
    assert s52.applies(6_000_000, on=FIRST_DAY - timedelta(days=1)) is False
    assert s52.why(6_000_000, on=date(2025, 2, 23)) == (
        "It does not apply: it was in force from 2025-02-24, not on 2025-02-23."
    )


def test_a_value_without_vat_settles_only_what_vat_cannot_change() -> None:
    s52 = rule("pa23_s52")
    assert s52.applies(5_000_001, with_vat=False, on=AWARD) is True
    assert s52.applies(5_000_000, with_vat=False, on=AWARD) is None
    assert "give the value with VAT too" in s52.why(4_900_000, with_vat=False, on=AWARD)
    assert s52.applies(4_900_000, with_vat=False, on=AWARD, vat_rate=0.2) is True
    assert s52.applies(4_000_000, with_vat=False, on=AWARD, vat_rate=0.2) is False
    # 5,000,000 / 1.2 in pence, back again: the amount itself, not a hair above.
    assert s52.applies(4_166_666.67, with_vat=False, on=AWARD, vat_rate=0.2) is False


def test_what_was_not_seen_is_none_and_said() -> None:
    contract = rule("pa23_s53_contract")
    assert contract.in_force.first is None
    assert contract.applies(6_000_000, on=AWARD) is None
    assert "first day was not seen" in contract.why(6_000_000, on=AWARD)
    assert contract.applies(5_000_000, on=AWARD) is False  # whatever the day and the VAT
    order = rule("lga88_reservation_order_2026")
    assert order.optional
    assert order.applies(on=date(2026, 6, 1)) is None
    assert "made Order and its first day were not seen" in order.why(on=date(2026, 6, 1))


def test_an_amount_whose_comparator_was_not_seen_is_open_at_the_amount_alone() -> None:
    amounts = rule("thresholds_2026")
    asked = {"on": date(2026, 3, 1), "kind": "works"}
    answers = [amounts.applies(value, **asked) for value in (5_192_999, 5_193_000, 5_193_001)]  # type: ignore[arg-type]
    assert answers == [False, None, True]
    assert amounts.applies(5_193_001, on=date(2028, 1, 1), kind="works") is None
    assert amounts.applies(5_193_001, on=date(2025, 12, 31), kind="works") is False


def test_an_exception_ends_it_and_an_unknown_one_is_refused() -> None:
    s52 = rule("pa23_s52")
    assert s52.applies(9e6, on=AWARD, exempt=["light_touch"]) is False
    assert "an exception is met: a light touch contract" in s52.why(9e6, on=AWARD, exempt=["light_touch"])
    with pytest.raises(NameRefused, match="Did you mean 'concession'"):
        s52.applies(9e6, on=AWARD, exempt=["concessions"])


def test_names_are_refused_with_the_nearest() -> None:
    with pytest.raises(NameRefused, match="there is no rule 'pa23_s25'"):
        rule("pa23_s25")
    with pytest.raises(NameRefused, match="Say which: central_goods_services"):
        rule("thresholds_2026").applies(1, on=AWARD)
    with pytest.raises(NameRefused, match="Did you mean 'works'"):
        rule("thresholds_2026").applies(1, on=AWARD, kind="work")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
def test_a_value_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(MethodRefused, match="no value of a contract"):
        rule("pa23_s52").applies(value, on=AWARD)


def test_the_five_ratings_are_the_regulations_own() -> None:
    s71 = rule("pa23_s71")
    assert [each.name for each in s71.ratings] == [
        "Good", "Approaching target", "Requires improvement", "Inadequate", "Other",
    ]  # fmt: skip
    assert (s71.months, s71.days["breach"], rule("pa23_s52").minimum_kpis) == (12, 30, 3)
    assert (rule("pa23_s53").days, rule("pa23_s53_contract").days) == (
        {"ordinary": 30, "light_touch": 120}, {"ordinary": 90, "light_touch": 180},
    )  # fmt: skip
    assert rule("pa23_s70").thresholds[0].comparator == "more_than"


@pytest.mark.parametrize("each", rules(), ids=lambda each: each.id)
def test_every_rule_says_what_it_rests_on(each: Rule) -> None:
    seen = {*each.seen, *each.in_force.seen}
    seen |= {name for amount in each.thresholds for name in amount.seen}
    seen |= {name for rating in each.ratings for name in rating.seen}
    assert seen <= sources().keys()
    assert each.addresses
    assert each.in_force.first is None or each.in_force.sureness
    assert each.in_force.first is not None or each.in_force.note
    assert all(part.amount_gbp is None or part.sureness for part in each.thresholds)
    assert not each.follows or rule(each.follows)


def test_ids_are_told_apart() -> None:
    assert len({each.id for each in rules()}) == len(rules()) == 15


@given(st.integers(0, 10**9), st.booleans(), st.sampled_from(rules()), st.floats(0, 1))
def test_a_sure_answer_stays_whatever_the_vat_rate(pence: int, with_vat: bool, each: Rule, rate: float) -> None:
    value = pence / 100
    for threshold in each.thresholds:
        sure = threshold.reached_by(value, with_vat)
        known = threshold.reached_by(value, with_vat, rate)
        assert sure is None or known is sure


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.booleans(), st.sampled_from(rules()))
def test_a_larger_value_is_never_less_within(one: int, other: int, with_vat: bool, each: Rule) -> None:
    order = {False: 0, None: 1, True: 2}
    low, high = sorted((one / 100, other / 100))
    for threshold in each.thresholds:
        assert order[threshold.reached_by(low, with_vat)] <= order[threshold.reached_by(high, with_vat)]
