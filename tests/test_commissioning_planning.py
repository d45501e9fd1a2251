"""A social value statement for planning: the checklist, the reports, the gaps; policies as data."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sroi.cli import main
from sroi.commissioning.planning import read_statement
from sroi.commissioning.planning.form import EXAMPLE, FORM
from sroi.commissioning.planning.policies import ANSWERED_BY, policies
from sroi.commissioning.planning.statement import ANSWERED, IN_PART, MISSING, Statement, months_later
from sroi.commissioning.planning.telling import tell_planning
from sroi.errors import FileRefused
from sroi.files.form_writer import form_bytes
from sroi.reports.blocks import Table

pytestmark = pytest.mark.usefixtures("warm_notebooks")


def written(folder: Path, change: Any = None, ending: str = ".yaml") -> Path:
    rows = copy.deepcopy(EXAMPLE)
    if change is not None:
        change(rows)
    path = folder / f"planning{ending}"
    path.write_bytes(form_bytes(FORM, rows, ending))
    return path


def state(statement: Statement) -> dict[str, str]:
    return {each.ask.id: each.state for each in statement.checklist}


# ---- policies as data ----


def test_salfords_policy_is_told_as_it_was_seen() -> None:
    policy = policies()["salford_f2"]
    # "All major developments: 10 or more homes, or 1,000 square metres or more", adopted 18 January 2023.
    assert (policy.from_homes, policy.from_square_metres, policy.adopted) == (10.0, 1000.0, "2023-01-18")
    assert policy.applies(10, 0) is True
    assert policy.applies(0, 1000) is True
    assert policy.applies(9, 999.9) is False
    assert policy.applies(9, None) is None
    assert all(each.answered_by in ANSWERED_BY for each in policy.asks)
    assert any("salford.gov.uk" in each for each in policy.addresses)


def test_a_policy_whose_contents_were_not_seen_stays_empty_and_says_so(tmp_path: Path) -> None:
    policy = policies()["islington_sc4"]
    assert (policy.contents_seen, policy.asks, policy.adopted) == (False, (), "")

    def islington(rows: dict[str, Any]) -> None:
        rows["scheme"].update(policy="islington_sc4", authority="Islington", enclosed=None)
        rows["asks"] = []
        for each in rows["commitments"]:
            each["answers"] = None

    statement = read_statement(written(tmp_path, islington))
    assert "asks for was not seen: write its asks on the sheet Asks" in statement.gaps[0]


def salford(rows: dict[str, Any]) -> None:
    rows["scheme"].update(policy="salford_f2", authority="Salford City Council", enclosed=["validation_checklist"])
    rows["asks"] = []
    for each, asks in zip(
        rows["commitments"], (["jobs_and_skills", "schools"], ["local_supply"], [], ["environment"]), strict=True
    ):
        each["answers"] = asks


def test_salfords_asks_are_checked_one_by_one(tmp_path: Path) -> None:
    statement = read_statement(written(tmp_path, salford))
    assert state(statement) == {
        "jobs_and_skills": IN_PART, "schools": ANSWERED, "local_supply": ANSWERED, "environment": ANSWERED,
        "communities": MISSING, "needs": ANSWERED, "validation_checklist": ANSWERED,
    }  # fmt: skip
    jobs = statement.checklist[0]
    assert jobs.missing == "no commitment for operation"
    assert jobs.where == ("Apprenticeships for young people of Millbrook (construction)",)
    text = str(tell_planning(statement)["needs"].blocks[0])
    assert "Salford: rank 24 of 296 (1 is the most deprived)" in text


def test_another_authoritys_policy_and_a_scheme_too_small_are_told(tmp_path: Path) -> None:
    def change(rows: dict[str, Any]) -> None:
        salford(rows)
        rows["scheme"].update(authority="Leeds", homes=4, square_metres=100)

    gaps = " ".join(read_statement(written(tmp_path, change)).gaps)
    assert "another authority's policy: the application goes to Leeds" in gaps
    assert "By its size the scheme is not one that this policy speaks of" in gaps


# ---- the checklist ----


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("planning"), ending=".xlsx")


def test_the_example_is_checked_by_hand(example: Path) -> None:
    statement = read_statement(example)
    assert state(statement) == {
        "local_jobs": ANSWERED, "local_supply": ANSWERED, "environment": ANSWERED, "community_use": MISSING,
        "needs": ANSWERED, "needs_analysis": ANSWERED,
    }  # fmt: skip
    assert statement.checklist[3].missing == "no commitment for operation names it"
    assert statement.gaps == ("“Street trees planted and watered for three years”: nobody sees to it.",)


def test_a_commitment_of_the_wrong_phase_answers_no_ask_of_the_other(tmp_path: Path) -> None:
    def change(rows: dict[str, Any]) -> None:
        rows["commitments"][0]["answers"] = ["community_use"]

    statement = read_statement(written(tmp_path, change))
    assert state(statement)["community_use"] == MISSING
    assert state(statement)["local_jobs"] == IN_PART


def test_an_action_that_follows_from_no_need_leaves_the_ask_in_part_and_a_need_without_one_is_a_gap(
    tmp_path: Path,
) -> None:
    def change(rows: dict[str, Any]) -> None:
        rows["commitments"][3]["needs"] = None

    statement = read_statement(written(tmp_path, change))
    assert state(statement)["needs"] == IN_PART
    assert (
        "No commitment meets the need “Fewer trees and less open green than elsewhere in the town”." in statement.gaps
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["construction", "operation"]), st.lists(st.sampled_from(["a", "b"]), max_size=2, unique=True)),
                min_size=1, max_size=5), st.sampled_from(["any", "construction", "operation", "both"]))  # fmt: skip
def test_one_more_commitment_never_makes_an_ask_less_answered(
    tmp_path_factory: pytest.TempPathFactory, given_: list[tuple[str, list[str]]], kind: str
) -> None:
    folder = tmp_path_factory.mktemp("more")

    def rows_of(commitments: list[tuple[str, list[str]]]) -> Any:
        def change(rows: dict[str, Any]) -> None:
            rows["scheme"]["enclosed"] = None
            rows["asks"] = [{"id": name, "ask": name, "answered_by": kind} for name in ("a", "b")]
            rows["commitments"] = [
                {"id": f"c{n}", "phase": phase, "commitment": f"C{n}", "answers": asks}
                for n, (phase, asks) in enumerate(commitments)
            ]

        return change

    order = (MISSING, IN_PART, ANSWERED)
    before = read_statement(written(folder, rows_of(given_)))
    after = read_statement(written(folder, rows_of([*given_, ("operation", ["a", "b"])])))
    for one, two in zip(before.checklist, after.checklist, strict=True):
        assert order.index(two.state) >= order.index(one.state)


def test_goals_are_tags_and_a_welsh_application_without_them_is_asked_for_them(tmp_path: Path) -> None:
    def cardiff(rows: dict[str, Any]) -> None:
        rows["scheme"]["authority"] = "Cardiff"

    gap = "No commitment says which of the goals of Wales it serves: see Goals (tags)."
    assert gap in read_statement(written(tmp_path, cardiff)).gaps

    def tagged(rows: dict[str, Any]) -> None:
        cardiff(rows)
        rows["commitments"][0]["goals"] = ["wales.prosperous", "un.goal_8"]

    statement = read_statement(written(tmp_path, tagged))
    assert gap not in statement.gaps
    (table,) = [
        each for each in tell_planning(statement)["needs"].blocks if isinstance(each, Table) and each.name == "goals"
    ]
    assert [row[0].partition(" (")[0] for row in table.rows] == [
        "A prosperous Wales",
        "Decent work and economic growth",
    ]

    def wrong(rows: dict[str, Any]) -> None:
        rows["commitments"][0]["goals"] = ["wales.prosperus"]

    with pytest.raises(FileRefused, match=r"there is no goal 'wales\.prosperus'\. Did you mean 'wales\.prosperous'"):
        read_statement(written(tmp_path, wrong))


# ---- monitoring ----


def test_reports_begin_one_interval_after_the_phase_and_end_when_it_is_due(example: Path) -> None:
    reports = {each.commitment.id: each.reports for each in read_statement(example).watches}
    # Construction begins on 2 March 2026; quarters until the commitment is due on 31 August 2027.
    assert reports["apprentices"] == (
        date(2026, 6, 2), date(2026, 9, 2), date(2026, 12, 2), date(2027, 3, 2), date(2027, 6, 2), date(2027, 8, 31),
    )  # fmt: skip
    # Operation begins the day after construction ends: 1 September 2027; due a day before a year has gone.
    assert reports["nursery_jobs"] == (date(2028, 8, 31),)


def test_months_later_keeps_within_the_month() -> None:
    assert months_later(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert months_later(date(2026, 12, 31), 12) == date(2027, 12, 31)


def test_commitments_due_outside_their_phase_are_gaps(tmp_path: Path) -> None:
    def change(rows: dict[str, Any]) -> None:
        rows["commitments"][0]["due"] = "2029-01-01"
        rows["commitments"][2]["due"] = "2026-05-01"

    gaps = " ".join(read_statement(written(tmp_path, change)).gaps)
    assert "it is due on 2029-01-01, and construction lasts from 2026-03-02 to 2027-08-31" in gaps
    assert "it is due on 2026-05-01, before operation begins on 2027-09-01" in gaps


# ---- refusals ----


@pytest.mark.parametrize(
    ("part", "place", "column", "value", "said"),
    [
        (
            "scheme",
            None,
            "construction_end",
            "2026-01-01",
            "construction ends on 2026-01-01, before it begins on 2026-03-02",
        ),
        ("scheme", None, "construction_end", "9999-12-31", "a day in the year 9999. Check the year"),
        ("scheme", None, "operation_start", "2025-01-01", "operation begins on 2025-01-01, before construction"),
        ("scheme", None, "enclosed", ["needs_analysys"], "Did you mean 'needs_analysis'?"),
        ("commitments", 0, "answers", ["local_job"], "Did you mean 'local_jobs'?"),
        ("commitments", 0, "needs", ["youngsters"], "there is no need 'youngsters'"),
        ("commitments", 0, "quantity", -1, "-1"),
        ("commitments", 0, "phase", "building", "Give one of: construction, operation"),
        ("needs", 0, "source", None, "Source"),
    ],
)
def test_what_does_not_fit_together_is_refused_at_its_line(
    part: str, place: int | None, column: str, value: Any, said: str, tmp_path: Path
) -> None:
    def change(rows: dict[str, Any]) -> None:
        (rows[part] if place is None else rows[part][place])[column] = value

    with pytest.raises(FileRefused) as refused:
        read_statement(written(tmp_path, change))
    assert said in str(refused.value)


def test_a_policy_of_which_nothing_is_known_wants_its_asks(tmp_path: Path) -> None:
    def change(rows: dict[str, Any]) -> None:
        rows["scheme"].update(policy="salford_f3", enclosed=None)
        rows["asks"] = []

    with pytest.raises(FileRefused, match=r"Did you mean 'salford_f2'\? Write what it asks for on the sheet Asks"):
        read_statement(written(tmp_path, change))


# ---- the command and the paper ----


@pytest.fixture(scope="module")
def paper(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("paper") / "out"
    assert main(["commission", "planning", str(example), "--out", str(out), "--formats", "html"]) == 0
    return out


def test_the_paper_shows_needs_commitments_monitoring_and_what_is_missing(paper: Path) -> None:
    page = (paper / "planning.html").read_text(encoding="utf-8")
    for words in ("Commitments in construction", "Commitments in operation", "How it will be known that it was done",
                  "5 of 6 asks", "MISSING", "This is no legal advice", "is no authority of the table", "520 weeks",
                  "every quarter: 2\u00a0June\u00a02026 to 31\u00a0August\u00a02027 (6 reports)"):  # fmt: skip
        assert words in page
    told = json.loads((paper / "result.json").read_text(encoding="utf-8"))
    assert told["checklist"][3]["state"] == "missing"
    assert told["commitments"][0]["reports"][0] == "2026-06-02"


def test_the_command_says_what_an_officer_would_ask(
    example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["commission", "planning", str(example), "--json", str(tmp_path / "p.json")]) == 0
    said = capsys.readouterr().out
    assert "missing   Use of the site by the community: no commitment for operation names it" in said
    assert "A planning officer would ask:" in said
    assert json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))["authority"]["code"] is None
