"""A supplier ledger: every penny accounted for, shares with what is not known, targets, definitions, LM3."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sroi.commissioning.spend import ledger as lines
from sroi.commissioning.spend.amounts import Unread, read_amount, read_day, read_rate, without_vat
from sroi.commissioning.spend.definitions import Figures, holds, possible_sizes
from sroi.commissioning.spend.ledger import reconcile
from sroi.commissioning.spend.multiplier import Round, local_multiplier
from sroi.commissioning.spend.postcodes import lies_in, read_postcode
from sroi.commissioning.spend.reading import read_ledger
from sroi.commissioning.spend.settings import LocalDefinition, Payee, Settings, Target
from sroi.commissioning.spend.shares import CANNOT_BE_SAID, MET, NOT_MET, Share, held_against, share_of
from sroi.commissioning.spend.spelling import spelt_alike
from sroi.commissioning.spend.study import SpendStudy, study_spend
from sroi.errors import FileRefused, MethodRefused

SME = frozenset({"micro", "small", "medium"})
HEADINGS = ("Supplier", "Amount", "Date", "Invoice No", "Postcode", "Size", "Type")


def ledger_file(folder: Path, rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> Path:
    stream = io.StringIO()
    csv.writer(stream).writerows([headings, *rows])
    path = folder / "ledger.csv"
    path.write_text(stream.getvalue(), encoding="utf-8")
    return path


def studied(
    folder: Path, rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS, **given: Any
) -> SpendStudy:
    return study_spend(ledger_file(folder, rows, headings), Settings(**given))


def mess(study: SpendStudy, name: str) -> str:
    return next(each for each in study.messes if each.name == name).words("GBP")


# ---- definitions: the cases that were gathered with the facts ----


@pytest.mark.parametrize(
    ("staff", "turnover", "balance_sheet", "sme"),
    [
        (249, 44_000_000, 99_000_000, True),
        (249, 45_000_000, 38_000_000, True),
        (249, 45_000_000, 39_000_000, False),
        (250, 1_000_000, 1_000_000, False),
    ],
)
def test_an_sme_of_the_procurement_act_has_few_staff_and_one_of_two_sums_within_limits(
    staff: float, turnover: float, balance_sheet: float, sme: bool
) -> None:
    assert holds(SME, possible_sizes("procurement_act_2023", Figures(staff, turnover, balance_sheet))) is sme


@pytest.mark.parametrize(
    ("figures", "sme"),
    [
        (Figures(staff=250), False),  # whatever the sums
        (Figures(staff=10), None),
        (Figures(turnover=44e6), None),
        (Figures(staff=10, turnover=45e6), None),  # the balance sheet may save it
        (Figures(turnover=45e6, balance_sheet=39e6), False),  # whatever the staff
        (Figures(staff=249, balance_sheet=38e6), True),
        (Figures(), None),
    ],
)
def test_where_figures_are_missing_only_what_they_settle_is_said(figures: Figures, sme: bool | None) -> None:
    assert holds(SME, possible_sizes("procurement_act_2023", figures)) is sme


@pytest.mark.parametrize(
    ("turnover", "begun", "size"),
    [
        (632_000, date(2025, 4, 5), "micro"),
        (1_000_000, date(2025, 4, 5), "small"),
        (1_000_000, date(2025, 4, 6), "micro"),
        (15_000_000, date(2025, 4, 5), "medium"),
        (15_000_000, date(2025, 4, 6), "small"),
        (54_000_000, date(2025, 4, 5), "large"),
        (54_000_000, date(2025, 4, 6), "medium"),
        (54_000_001, date(2025, 4, 6), "large"),
    ],
)
def test_company_law_has_other_limits_for_periods_from_6_april_2025(turnover: float, begun: date, size: str) -> None:
    # The balance sheet is above every limit, so that turnover and employees decide: two of three.
    found = possible_sizes("companies_act", Figures(10, turnover, 1e9, begun))
    assert found == {size}


def test_two_of_three_limits_are_enough_and_one_is_not() -> None:
    begun = date(2025, 4, 6)
    assert possible_sizes("companies_act", Figures(10, 1e9, 500_000, begun)) == {"micro"}
    assert possible_sizes("companies_act", Figures(251, 1e9, 500_000, begun)) == {"large"}
    assert possible_sizes("companies_act", Figures(staff=10, turnover=1_000_000)) == {
        "micro",
        "small",
    }  # period not known


@pytest.mark.parametrize(("staff", "size"), [(9, "micro"), (10, "small"), (49, "small"), (50, "medium"), (249, "medium"), (250, "large")])  # fmt: skip
def test_staff_bands_of_council_reports_meet_at_10_50_and_250(staff: int, size: str) -> None:
    assert possible_sizes("staff_bands", Figures(staff=staff)) == {size}


def test_in_scotland_250_employees_are_an_sme_and_251_are_not() -> None:
    assert holds(SME, possible_sizes("scotland_2014_act", Figures(staff=250)))
    assert holds(SME, possible_sizes("scotland_2014_act", Figures(staff=251))) is False


@given(
    st.sampled_from(["procurement_act_2023", "companies_act", "staff_bands", "scotland_2014_act"]),
    st.integers(0, 400),
    st.floats(0, 1e8),
    st.floats(0, 1e8),
    st.sets(st.sampled_from(["staff", "turnover", "balance_sheet", "accounts_from"])),
)
def test_knowing_less_never_rules_out_what_knowing_all_says(
    definition: str, staff: int, turnover: float, balance_sheet: float, hidden: set[str]
) -> None:
    whole = Figures(staff, turnover, balance_sheet, date(2025, 4, 6))
    known = possible_sizes(definition, whole)
    assert len(known) == 1
    assert known <= possible_sizes(definition, replace(whole, **dict.fromkeys(hidden)))


# ---- the local multiplier ----


def rounds(*amounts: float) -> list[Round]:
    return [Round(number, amount) for number, amount in enumerate(amounts, start=1)]


def test_lm3_of_the_constructed_rounds_is_as_worked_out() -> None:
    found = local_multiplier(rounds(100_000, 60_000, 30_000))
    assert (found.lm3, found.low, found.high) == (1.9, 1.9, 1.9)


def test_an_lm3_of_one_and_a_half_adds_fifty_pence_to_each_pound_as_published() -> None:
    assert "a further £0.50 of spending" in local_multiplier(rounds(100, 40, 10)).reading


def test_those_who_did_not_answer_spend_nothing_at_the_low_end_and_all_of_it_locally_at_the_high() -> None:
    # Round 2: 60 of the 80 that were answered for, of 100. Middle 75; low 60; high 60 + 20.
    # Round 3: 15 of 30 answered for. Middle 37.5; low 15; high 15 + (80 - 30).
    found = local_multiplier([Round(1, 100), Round(2, 60, covered=80), Round(3, 15, covered=30)])
    assert found.lm3 == pytest.approx(1 + 0.75 + 0.375, rel=1e-12)
    assert (found.low, found.high) == (1.75, pytest.approx(1 + 0.8 + 0.65, rel=1e-12))


@given(st.floats(1, 1e9), st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 1), st.floats(0.01, 1))
def test_lm3_lies_from_1_to_3_and_within_its_range(
    start: float, two: float, three: float, asked: float, again: float
) -> None:
    second = Round(2, start * asked * two, covered=start * asked)
    third = Round(3, second.amount * again * three, covered=second.amount * again)
    if second.amount * again == 0:
        third = Round(3, 0.0)
    found = local_multiplier([Round(1, start), second, third])
    assert 1 - 1e-9 <= found.low <= found.lm3 * (1 + 1e-9)
    assert found.lm3 <= found.high * (1 + 1e-9)
    assert found.high <= 3 + 1e-9


@pytest.mark.parametrize(
    ("given_rounds", "words"),
    [
        (rounds(100, 120, 10), "round 2 is £120, above round 1 with £100"),
        (rounds(100, 50, 60), "round 3 is £60, above round 2 with £50"),
        (rounds(0, 0, 0), "Give the money at the start"),
        (rounds(100, 50), "takes rounds 1, 2 and 3 once each, and these are given: 1, 2"),
        ([Round(1, 100), Round(2, 60, covered=50), Round(3, 1)], "They cannot spend more than they received"),
        ([Round(1, 100), Round(2, 60, covered=70, low=1), Round(3, 1)], "both a range and a survey"),
        ([Round(1, 100), Round(2, 60, low=70, high=80), Round(3, 1)], "£60 does not lie within £70 to £80"),
        (
            [Round(1, 100), Round(2, 60, low=10, high=80), Round(3, 50, low=20)],
            "round 3 can reach £20, and round 2 only £10",
        ),
        ([Round(1, 100), Round(2, 0, covered=0), Round(3, 0)], "nobody answered"),
    ],
)
def test_rounds_that_cannot_be_are_refused_with_the_reason(given_rounds: list[Round], words: str) -> None:
    with pytest.raises(MethodRefused) as refused:
        local_multiplier(given_rounds)
    assert words in str(refused.value)


# ---- sums, days, postcodes ----


@pytest.mark.parametrize(
    ("written", "pennies"),
    [("£1,234.50", 123450), ("(50.00)", -5000), ("-£3", -300), ("50.00-", -5000), ("12.30 CR", -1230), ("12 DR", 1200),
     ("GBP 5", 500), ("0", 0), ("-0.05", -5), ("1,234", 123400), ("0.125", 13), ("-0.125", -13), ("", None), ("-", None)],
)  # fmt: skip
def test_a_sum_is_read_to_the_penny(written: str, pennies: int | None) -> None:
    found = read_amount(written)
    assert (None if found is None else found.pennies) == pennies


@pytest.mark.parametrize(
    ("written", "words"),
    [("12,50", "decimal comma"), ("1.234", "can be read as 1234 or 1.234"), ("see note", "stands where a sum belongs"),
     ("1.2E+05", "has lost its last digits"), ("12 34", "stands where a sum belongs"), ("99999999999999", "more than 10"),
     ("-5 CR", "a credit twice over"), ("١٢٣", "stands where a sum belongs")],
)  # fmt: skip
def test_what_is_no_sum_or_could_be_two_is_refused(written: str, words: str) -> None:
    with pytest.raises(Unread) as refused:
        read_amount(written)
    assert words in f"{refused.value.found} {refused.value.remedy}"


def test_days_are_read_as_the_united_kingdom_writes_them_unless_told_otherwise() -> None:
    assert read_day("03/04/2025") == date(2025, 4, 3)
    assert read_day("03/04/2025", month_first=True) == date(2025, 3, 4)
    assert read_day("9 Dec 25") == read_day("45000 ".replace("45000", "46000")) == date(2025, 12, 9)
    with pytest.raises(Unread, match="no day of the calendar") as refused:
        read_day("04/13/2025")
    assert "set date_order to month_first" in refused.value.remedy


def test_vat_is_taken_out_to_the_nearest_penny() -> None:
    assert without_vat(12_000, Decimal("0.2")) == 10_000
    assert without_vat(-12_001, Decimal("0.2")) == -10_001
    assert read_rate("20") == read_rate("0.2") == read_rate("20%") == Decimal("0.2")


def test_a_district_is_not_the_beginning_of_another() -> None:
    assert lies_in(read_postcode("MB11 2AB"), "MB1") is False
    assert lies_in(read_postcode("mb12ab"), "MB1") is True
    assert lies_in(read_postcode("SR1 2AB"), "S") is False
    assert lies_in(read_postcode("EC1A 1BB"), "EC1") is True
    assert lies_in(read_postcode("MB1"), "MB1 2") is None  # too short to tell
    assert lies_in(read_postcode("none"), "MB") is None
    assert read_postcode("MBI 2AB").meant == "MB1 2AB"


# ---- shares and targets ----


def a_share(total: int, sure: int, guessed: int, unknown: int) -> Share:
    statuses, pennies = [1, 2, -1, 0], [sure, guessed, unknown, total - sure - guessed - unknown]
    import numpy as np

    return share_of("sme", "SMEs", "by a definition", statuses, np.arange(4), np.array(pennies))


def test_a_share_stands_with_the_lowest_and_the_highest_that_the_unknown_leaves() -> None:
    found = a_share(1000, 300, 50, 200)
    assert (found.share, found.interval, found.unknown_share) == (0.35, (0.3, 0.55), 0.2)


@pytest.mark.parametrize(
    ("wanted", "verdict", "missing"),
    [(Fraction(30, 100), MET, 0), (Fraction(55, 100), CANNOT_BE_SAID, 200), (Fraction(551, 1000), NOT_MET, 201),
     (Fraction(301, 1000), CANNOT_BE_SAID, 0)],
)  # fmt: skip
def test_a_target_is_met_only_if_the_lowest_share_reaches_it(wanted: Fraction, verdict: str, missing: int) -> None:
    test = held_against(Target("t", "T", "sme", wanted), a_share(1000, 300, 50, 200))
    assert (test.verdict, test.missing) == (verdict, missing)


def test_an_unknown_supplier_with_more_credits_than_payments_lowers_the_lowest_share() -> None:
    found = a_share(1000, 600, 0, -100)
    assert found.interval == (0.5, 0.6)


def test_of_nothing_there_is_no_share_and_no_verdict() -> None:
    test = held_against(Target("t", "T", "sme", Fraction(2, 5)), a_share(0, 0, 0, 0))
    assert test.share.share is None
    assert test.verdict == CANNOT_BE_SAID


@given(
    st.lists(st.tuples(st.sampled_from([1, 2, 0, -1]), st.integers(-(10**6), 10**9)), min_size=1, max_size=30),
    st.fractions(0, 1),
)
def test_finding_out_about_the_unknown_never_leaves_the_interval(
    units: list[tuple[int, int]], wanted: Fraction
) -> None:
    import numpy as np

    statuses, pennies = [status for status, _ in units], np.array([sum_ for _, sum_ in units])
    one = share_of("a", "A", "", statuses, np.arange(len(units)), pennies)
    test = held_against(Target("t", "T", "a", wanted), one)
    for answer in (0, 1):
        known = share_of(
            "a", "A", "", [answer if each in (2, -1) else each for each in statuses], np.arange(len(units)), pennies
        )
        assert one.low <= known.pennies <= one.high
        assert known.sure + known.other == one.total
        if one.total > 0 and test.verdict != CANNOT_BE_SAID:
            assert held_against(test.target, known).verdict == test.verdict


# ---- a ledger worked out by hand ----

SMALL = [
    ("Alder Ltd", "600.00", "01/09/2025", "A1", "MB1 1AA", "large", "private"),
    ("Brookside CIC", "250.00", "02/09/2025", "B1", "MB1 2AA", "small", ""),
    ("Cedar Ltd", "100.00", "02/10/2025", "C1", "", "", "private"),
    ("Charity D", "50.00", "03/10/2025", "D1", "QX1 1AA", "micro", "charity"),
]


def test_a_small_ledger_gives_the_shares_worked_out_by_hand(tmp_path: Path) -> None:
    study = studied(tmp_path, SMALL, local=(LocalDefinition("m", "Millbrook", "postcode", ("MB",)),))
    sme, vcse, local = (study.direct.share(name) for name in ("sme", "vcse", "local:m"))
    assert (sme.share, sme.interval, sme.unknown_share) == (0.3, (0.3, 0.4), 0.1)
    # The charity is declared; that Brookside is a CIC only its name says.
    assert (vcse.share, vcse.interval) == (0.3, (0.05, 0.3))
    assert (local.share, local.interval) == (0.85, (0.85, 0.95))
    assert [(each.name, each.pennies) for each in study.quarters] == [("2025 Q3", 85000), ("2025 Q4", 15000)]
    assert (
        sum(part.pennies for part in study.direct.by_size)
        == sum(part.pennies for part in study.direct.by_kind)
        == 100000
    )
    assert study.guessed[0] == "'Supplier' is taken for the supplier's name"


def test_small_firms_and_voluntary_organisations_are_counted_once_together(tmp_path: Path) -> None:
    forty = Target("t", "40 %", "sme_or_vcse", Fraction(40, 100))
    study = studied(tmp_path, SMALL, targets=(forty, replace(forty, share=Fraction(3, 10))))
    joint = study.direct.share("sme_or_vcse")
    assert (joint.sure, joint.unknown) == (30000, 10000)
    assert [test.verdict for test in study.targets] == [CANNOT_BE_SAID, MET]
    assert study.targets[0].missing == 10000


def test_every_share_states_its_definition(tmp_path: Path) -> None:
    study = studied(tmp_path, SMALL, local=(LocalDefinition("m", "Millbrook", "postcode", ("MB", "QX1")),))
    assert all(len(each.definition) > 20 for each in study.direct.shares)
    assert "fewer than 250 staff" in study.direct.share("sme").definition
    assert "3 as the files declare them, 1 not known" in study.direct.share("sme").definition
    assert study.direct.share("local:m").definition == "suppliers' postcodes in MB, QX1"


# ---- messes: reported, never hidden ----


def test_repeated_lines_are_told_and_kept_unless_the_settings_drop_them(tmp_path: Path) -> None:
    rows = [*SMALL, SMALL[1], ("Brookside C.I.C.", "250.00", "09/09/2025", "b-01", "MB1 2AA", "small", "")]
    kept = studied(tmp_path, rows)
    assert kept.direct.total == 150000
    assert "1 line, £250 (row 6): the same supplier, day, sum and number as an earlier line; they were kept" in mess(
        kept, "exact duplicates"
    )
    assert "1 line, £250 (row 7)" in mess(kept, "near duplicates")
    assert studied(tmp_path, rows, duplicates="drop_exact").direct.total == 125000
    dropped = studied(tmp_path, rows, duplicates="drop_exact_and_near")
    assert dropped.direct.total == 100000
    assert [(each.reason, each.lines, each.sums) for each in dropped.reconciliation.left_out] == [
        (lines.DUPLICATE, 2, {"GBP": 50000})
    ]


def test_equal_sums_with_numbers_of_their_own_are_no_duplicates(tmp_path: Path) -> None:
    rows = [("A", "5.00", "01/09/2025", str(number), "", "", "") for number in range(5)]
    assert {each.name for each in studied(tmp_path, rows).messes} == {"VAT not stated", "missing postcodes"}


def test_credits_are_netted_and_shown_apart(tmp_path: Path) -> None:
    study = studied(tmp_path, [*SMALL, ("Alder Ltd", "(100.00)", "04/10/2025", "A2", "MB1 1AA", "large", "private")])
    assert (study.direct.total, study.direct.payments, study.direct.credits) == (90000, 100000, -10000)
    assert "1 line, −£100 (row 6)" in mess(study, "credits")


def test_a_credit_note_without_a_minus_is_told_and_turned_only_if_the_settings_say_so(tmp_path: Path) -> None:
    headings, rows = (
        ("Supplier", "Amount", "Document type"),
        [("A", "100.00", "Invoice"), ("A", "20.00", "Credit note")],
    )
    told = studied(tmp_path, rows, headings)
    assert told.direct.total == 12000
    assert "counted as payments. If they are credits, set credit_notes to negative" in mess(
        told, "credit notes without a minus"
    )
    assert studied(tmp_path, rows, headings, credit_notes_negative=True).direct.total == 8000


def test_mixed_vat_is_told_and_brought_to_one_basis_if_the_settings_say_so(tmp_path: Path) -> None:
    headings = ("Supplier", "Amount", "Net or gross", "VAT rate", "VAT")
    rows = [("A", "100.00", "net", "", ""), ("B", "120.00", "gross", "20%", ""), ("C", "110.00", "gross", "", "10.00"),
            ("D", "60.00", "gross", "", ""), ("E", "7.00", "", "", "")]  # fmt: skip
    mixed = studied(tmp_path, rows, headings)
    assert mixed.direct.total == 39700
    assert "without VAT £100, with VAT £290, not stated £7; they were added as they are" in mess(mixed, "mixed VAT")
    net = studied(tmp_path, rows, headings, count_in="without_vat")
    assert (net.direct.total, net.reconciliation.vat, net.reconciliation.left_out_sum) == (30000, 3000, 6700)
    assert net.reconciliation.agrees
    usual = studied(tmp_path, rows, headings, count_in="without_vat", usual_vat_rate=Decimal("0.2"))
    assert (usual.direct.total, usual.reconciliation.left_out_sum) == (35000, 700)
    gross = studied(tmp_path, rows[:2], headings, count_in="with_vat", usual_vat_rate=Decimal("0.2"))
    assert (gross.direct.total, gross.reconciliation.vat) == (24000, -2000)


def test_lines_outside_the_year_in_another_currency_or_without_a_day_are_left_out_by_reason(tmp_path: Path) -> None:
    rows = [*SMALL, ("E", "€70.00", "01/10/2025", "E1", "", "", ""), ("F", "5.00", "", "F1", "", "", ""),
            ("G", "3.00", "31/02/2026", "G1", "", "", ""), ("H", "x", "01/10/2025", "H1", "", "", ""),
            ("I", "", "01/10/2025", "I1", "", "", "")]  # fmt: skip
    study = studied(tmp_path, rows, period_from=date(2025, 10, 1), period_to=date(2026, 3, 31))
    left = {each.reason: (each.lines, each.sums) for each in study.reconciliation.left_out}
    assert left == {
        lines.NO_SUM: (1, {"GBP": 0}), lines.UNREAD: (1, {"GBP": 0}), lines.NO_DAY: (2, {"GBP": 800}),
        lines.OUTSIDE: (2, {"GBP": 85000}), lines.CURRENCY: (1, {"EUR": 7000}),
    }  # fmt: skip
    assert (study.direct.total, study.reconciliation.total, study.reconciliation.agrees) == (15000, 100800, True)
    assert [str(each) for each in study.unread] == [
        "line 8, Date: '31/02/2026' is no day of the calendar. Give a day that exists.",
        "line 9, Amount: 'x' stands where a sum belongs. Give a plain number, such as 1234.50.",
    ]


def test_lines_of_totals_within_the_ledger_are_not_spent_twice(tmp_path: Path) -> None:
    rows = [*SMALL[:2], ("Sub-total", "850.00", "", "", "", "", ""), *SMALL[2:], ("", "150.00", "", "", "", "", ""),
            ("Grand Total:", "1,000.00", "", "", "", "", ""), ("Total Energies", "9.00", "05/10/2025", "T1", "", "", "")]  # fmt: skip
    study = studied(tmp_path, rows)
    assert study.direct.total == 100900
    assert [(each.reason, each.lines, each.sums["GBP"]) for each in study.reconciliation.left_out] == [
        (lines.TOTAL, 3, 200000)
    ]


def test_a_row_with_more_cells_than_headings_is_named_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("Supplier,Amount,Date\nA,10.00,2025-09-01\nB,1,234.50,2025-09-02\n", encoding="utf-8")
    study = study_spend(path, Settings())
    assert study.direct.total == 1000
    assert "line 3, the row: 4 cells stand under 3 headings. A comma within a cell, perhaps" in str(study.unread[0])


def test_suppliers_spelt_in_several_ways_are_suggested_and_merged_only_by_the_settings(tmp_path: Path) -> None:
    rows = [("Alder Grounds Ltd", "5.00", "01/09/2025", "1", "", "", ""), ("ALDER GROUNDS LIMITED", "6.00", "01/09/2025", "2", "", "", ""),
            ("Alder Gruonds Ltd", "7.00", "01/09/2025", "3", "", "small", "")]  # fmt: skip
    apart = studied(tmp_path, rows)
    assert apart.direct.suppliers == 3
    assert "1 group: each may be one supplier, spelt in several ways; none was merged" in mess(
        apart, "suppliers spelt alike"
    )
    payees = {each[0].casefold(): Payee(counts_as="Alder Grounds Ltd") for each in rows[1:]}
    merged = studied(tmp_path, rows, payees=payees)
    assert merged.direct.suppliers == 1
    assert merged.direct.share("sme").sure == 1800  # what one spelling knows holds for all


def test_names_that_differ_in_a_figure_or_in_more_than_a_slip_are_not_taken_for_one() -> None:
    names = [
        "Riverside School 12",
        "Riverside School 13",
        "Greenline North",
        "Greenline South",
        "Fern & Sons",
        "Fern and Sons Ltd",
    ]
    assert spelt_alike(names) == [[4, 5]]


@given(
    st.text("abcdefgh", min_size=8, max_size=20),
    st.integers(0, 19),
    st.sampled_from(["drop", "double", "change", "turn"]),
)
def test_a_slip_of_the_pen_is_found_wherever_it_is(name: str, place: int, slip: str) -> None:
    place %= len(name) - 1
    letter = {"drop": "", "double": name[place] * 2, "change": "z", "turn": name[place + 1] + name[place]}[slip]
    other = name[:place] + letter + name[place + (2 if slip == "turn" else 1) :]
    if len(other) >= 8:
        assert spelt_alike([name, "quite another", other]) == [[0, 2]]


def test_names_of_individuals_are_withheld_everywhere(tmp_path: Path) -> None:
    from sroi.commissioning.papers import json_text
    from sroi.commissioning.spend.document import study_document
    from sroi.commissioning.spend.saying import study_lines
    from sroi.commissioning.spend.tables import spend_tables

    rows = [*SMALL, ("Mrs Ada Quill", "500.00", "01/09/2025", "Q1", "MB1 9ZZ", "", ""), ("Ada Quill", "40.00", "01/09/2025", "Q2", "x", "small", "Individual"),
            ("Ada Quill", "40.00", "01/09/2025", "Q2", "x", "medium", "Individual"), ("REDACTED PERSONAL DATA", "1.00", "01/09/2025", "Q3", "", "", "")]  # fmt: skip
    study = studied(tmp_path, rows)
    told = json_text(study_document(study)) + "\n".join(study_lines(study)) + str(spend_tables(study))
    assert "Quill" not in told
    assert "an individual (name withheld)" in told
    assert "4 lines, £581" in mess(study, "individuals and redacted payees")
    assert studied(tmp_path, rows, individuals="leave_out").direct.total == 100000


def test_internal_transfers_are_left_out_and_told(tmp_path: Path) -> None:
    study = studied(
        tmp_path, [*SMALL, ("MILLBROOK COUNCIL", "77.00", "01/09/2025", "J1", "", "", "")], buyer="Millbrook Council"
    )
    assert study.direct.total == 100000
    assert "1 line, £77 (row 6): left out" in mess(study, "internal transfers")


def test_indirect_spend_is_shown_apart_and_never_added(tmp_path: Path) -> None:
    headings = ("Supplier", "Amount", "Tier", "Paid by", "Size")
    rows = [("A", "100.00", "1", "", "large"), ("B", "30.00", "Tier 2", "A", "small"), ("C", "20.00", "", "A", "micro"),
            ("D", "10.00", "", "Millbrook Council", "small"), ("E", "1.00", "third", "", "")]  # fmt: skip
    study = studied(tmp_path, rows, headings, buyer="Millbrook Council", columns={"paid_by": "Paid by"})
    assert (study.direct.total, study.indirect and study.indirect.total) == (11100, 5000)
    assert study.direct.share("sme").sure == 1000
    assert study.reconciliation.agrees
    assert "1 line (row 6): counted as direct" in mess(study, "tiers that are not understood")


def test_a_column_that_marks_the_voluntary_only_can_be_taken_at_its_word(tmp_path: Path) -> None:
    assert studied(tmp_path, SMALL[:1] + SMALL[2:]).direct.share("vcse").unknown == 0
    rows = [(*row[:6], "" if row[6] == "private" else row[6]) for row in SMALL]
    assert studied(tmp_path, rows).direct.share("vcse").unknown == 70000
    assert studied(tmp_path, rows, unmarked_kind="not_voluntary").direct.share("vcse").unknown == 0


# ---- to the penny, whatever the ledger ----

cells = st.sampled_from(
    ["10.00", "-3.33", "(7.01)", "£1,200.50", "€5.00", "0.005", "", "words", "1e5", "9,9", "12.30 CR", "99999999.99"]
)
days = st.sampled_from(["01/09/2025", "2025-10-02", "31/02/2025", "", "45931", "soon", "2024-01-01"])
who = st.sampled_from(
    ["A Ltd", "a limited", "", "Total", "Grand total", "B CIC", "REDACTED", "Millbrook Council", "=cmd()"]
)
a_line = st.tuples(who, cells, days, st.sampled_from(["", "1", "01", "x"]), st.sampled_from(["", "net", "gross", "?"]),
                   st.sampled_from(["", "20%", "5", "x"]), st.sampled_from(["", "1", "2", "far"]), st.sampled_from(["MB1 1AA", "", "no", "MB1"]))  # fmt: skip


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(a_line, max_size=25),
    st.sampled_from(["as_written", "without_vat", "with_vat"]),
    st.sampled_from(["keep", "drop_exact", "drop_exact_and_near"]),
    st.booleans(),
)
def test_all_lines_are_what_counts_and_what_is_left_out_to_the_penny(
    tmp_path: Path, rows: list[tuple[str, ...]], count_in: str, duplicates: str, period: bool
) -> None:
    headings = ("Supplier", "Amount", "Date", "Invoice No", "Net or gross", "VAT rate", "Tier", "Postcode")
    whole = [("A Ltd", "1.00", "02/09/2025", "z", "net", "", "1", ""), *rows]
    days_given = {"period_from": date(2025, 9, 1), "period_to": date(2026, 8, 31)} if period else {}
    study = studied(
        tmp_path, whole, headings, count_in=count_in, duplicates=duplicates, buyer="Millbrook Council", **days_given
    )
    found = study.reconciliation
    assert found.agrees
    assert found.lines == sum(any(cell.strip() for cell in row) for row in whole)
    assert found.direct == study.direct.total == sum(each.pennies for each in study.months)
    for each in study.direct.shares:
        assert each.sure + each.guessed + each.other + each.unknown == each.total == study.direct.total
        assert each.low <= each.pennies <= each.high
    assert (
        sum(part.pennies for part in study.direct.by_size)
        == sum(part.pennies for part in study.direct.by_place)
        == found.direct
    )


def test_the_reconciliation_fails_where_a_penny_is_lost(tmp_path: Path) -> None:
    found = reconcile(read_ledger(ledger_file(tmp_path, SMALL), Settings()), "GBP")
    assert found.agrees
    assert not replace(found, direct=found.direct - 1).agrees


# ---- columns of other people's ledgers ----


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("BodyName,ServiceLabel,ExpenseType,Date,TransactionNumber,NetAmount,SupplierName,SupplierID,VATAmount", "SupplierName NetAmount Date TransactionNumber SupplierID VATAmount"),
        ("Directorate,Category,Payment Date,Transaction No,Amount (£),Supplier Name,Supplier ID,Paid by", "Supplier Name|Amount (£)|Payment Date|Transaction No|Supplier ID"),
        ("Vendor,Vendor No.,Net,VAT,Gross,Invoice Date,Invoice Ref,Post Code,SME Y/N", "Vendor|Net|Invoice Date|Invoice Ref|Vendor No.|VAT|Post Code|SME Y/N"),
        ("Creditor Name,Sum of Amount,Cleared Date,Supplier Town,Supplier Type", "Creditor Name|Sum of Amount|Cleared Date|Supplier Town|Supplier Type"),
    ],
)  # fmt: skip
def test_columns_are_found_by_the_headings_that_councils_use(headings: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    names = headings.split(",")
    path.write_text(f"{headings}\n{','.join('1' for _ in names)}\n", encoding="utf-8")
    found = study_spend(path, Settings()).guessed
    assert {each.split("'")[1] for each in found} == set(expected.split("|") if "|" in expected else expected.split())


def test_a_column_of_payment_methods_does_not_make_spend_indirect(tmp_path: Path) -> None:
    study = studied(tmp_path, [("A", "5.00", "BACS")], ("Supplier", "Amount", "Paid by"))
    assert (study.direct.total, study.indirect) == (500, None)


# ---- files that cannot be used ----


def test_a_ledger_without_its_columns_is_refused_with_what_was_seen(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        studied(tmp_path, [("A", "5")], ("Who", "How much"))
    told = str(refused.value)
    assert "no column of this ledger was found to hold the supplier's name" in told
    assert "no column of this ledger was found to hold the sum" in told
    assert "Seen: 'Who', 'How much'" in told
    assert (
        studied(
            tmp_path, [("A", "5")], ("Who", "How much"), columns={"supplier": "Who", "amount": "how much"}
        ).direct.total
        == 500
    )


def test_a_column_that_the_settings_name_and_the_ledger_lacks_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(
        FileRefused, match=r"the column 'Amuont' holds the sum, and there is none\. Did you mean 'Amount'\?"
    ):
        studied(tmp_path, SMALL, columns={"amount": "Amuont"})


def test_a_ledger_of_which_nothing_can_be_read_is_refused_with_its_rows(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"line 2, Amount: 'x' stands where a sum belongs"):
        studied(tmp_path, [("A", "x", "", "", "", "", "")])
    with pytest.raises(FileRefused, match="a period is set, and no column of this ledger was found to hold days"):
        studied(
            tmp_path, [("A", "1")], ("Supplier", "Amount"), period_from=date(2025, 1, 1), period_to=date(2025, 2, 1)
        )


def test_titles_above_the_headings_and_headings_on_every_page_do_no_harm(tmp_path: Path) -> None:
    rows = [
        ("", "", ""),
        ("Supplier", "Amount", "Date"),
        ("A", "5.00", "01/09/2025"),
        ("Supplier", "Amount", "Date"),
        ("B", "6.00", "01/09/2025"),
    ]
    study = studied(tmp_path, rows, ("Payments of September", "", ""))
    assert study.direct.total == 1100
    assert "1 line (row 5): passed over" in mess(study, "repeated headings")
