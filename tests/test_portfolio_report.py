"""The portfolio report: sums in one money, what may be counted twice, what is far off, and what failed."""

from __future__ import annotations

import copy
import json
import math
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sroi
from sroi import ImpactMap, wording
from sroi.batch.run import run_notebook
from sroi.errors import FileRefused, NameRefused, TemplateRefused
from sroi.evidence.prices import uprating
from sroi.plots import ProjectRatio, picture, project_ratios, projects_height
from sroi.portfolio.money import pots
from sroi.portfolio.outliers import limits
from sroi.portfolio.projects import Project, gather
from sroi.portfolio.study import PortfolioStudy, study_portfolio
from sroi.portfolio.sureness import intervals, sureness
from sroi.questions.across import shared_changes
from sroi.reports.blocks import Bullets, Details, Paragraph, Section, Story, Table
from sroi.reports.portfolio import tell_portfolio
from sroi.reports.portfolio_writing import write_portfolio

pytestmark = pytest.mark.usefixtures("warm_notebooks")

TEMPLATE = Path(__file__).parents[1] / "templates" / "portfolio.ipynb"


class Batch:
    """Writes what a batch leaves: value maps, and the record of each run."""

    def __init__(self, folder: Path, tree: dict[str, Any]) -> None:
        self.folder, self.tree, self.rows = folder, tree, 0
        (folder / "runs").mkdir(parents=True)

    def add(self, title: str, factor: float = 1.0, **changes: Any) -> dict[str, Any]:
        """Add a run that is done; `factor` multiplies what a unit of change is worth."""
        tree = copy.deepcopy(self.tree) | {"title": title} | changes
        for outcome in tree["outcomes"]:
            outcome["proxy"]["value"] *= factor
        path = self.folder / f"map_{self.rows}.yaml"
        sroi.write_value_map(ImpactMap.model_validate(tree), path)
        impact_map = sroi.read_value_map(path)
        told = sroi.document(impact_map, sroi.evaluate(impact_map))
        return self.record(status="done", result=told, parameters={"value_map": str(path)})

    def fail(self, error: str = "ValueError: no such file") -> None:
        self.record(status="failed", error=error, parameters={"value_map": "gone.yaml"})

    def record(self, **told: Any) -> dict[str, Any]:
        self.rows += 1
        record = {"key": f"{self.rows:064x}", "row": self.rows + 1, "seconds": 1.0, "error": None, **told}
        self.write(record)
        return record

    def write(self, record: dict[str, Any]) -> None:
        (self.folder / "runs" / f"{record['key']}.json").write_text(json.dumps(record), encoding="utf-8")

    def study(self, **asked: Any) -> PortfolioStudy:
        return study_portfolio(gather(self.folder), **asked)


@pytest.fixture
def batch(tmp_path: Path, small_tree: dict[str, Any]) -> Batch:
    return Batch(tmp_path / "batch", small_tree)


def texts(section: Section) -> Iterator[str]:
    blocks = [inner for block in section.blocks for inner in (block.blocks if isinstance(block, Details) else [block])]
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Bullets):
            yield from block.items
        elif isinstance(block, Table):
            yield from (cell for row in (block.headings, *block.rows) for cell in row)


def said(story: Story, name: str) -> str:
    return "\n".join(texts(story[name]))


def alone(tree: dict[str, Any], factor: float = 1.0) -> Any:
    tree = copy.deepcopy(tree)
    for outcome in tree["outcomes"]:
        outcome["proxy"]["value"] *= factor
    return sroi.evaluate(ImpactMap.model_validate(tree))


# ---- sums ----


def test_the_ratio_of_all_is_total_value_over_total_inputs_and_no_mean_of_ratios(
    batch: Batch, small_tree: dict[str, Any]
) -> None:
    inputs = copy.deepcopy(small_tree["inputs"])
    inputs[0]["value"] = 3000
    batch.add("Small")
    batch.add("Large", 2.0, inputs=inputs)
    (pot,) = batch.study().pots
    worth = alone(small_tree).total_present_value
    assert pot.total_inputs == 4000.0
    assert pot.total_present_value == pytest.approx(3 * worth, rel=1e-14)
    assert pot.sroi_ratio == pytest.approx(3 * worth / 4000, rel=1e-14)
    assert pot.sroi_ratio != pytest.approx((worth / 1000 + 2 * worth / 3000) / 2, rel=0.05)


def test_price_years_are_brought_to_the_latest_by_the_deflator_inputs_and_value_alike(batch: Batch) -> None:
    batch.add("Old", price_year=2019)
    batch.add("New", price_year=2024)
    (pot,) = batch.study().pots
    factor = uprating(2019, 2024).factor
    assert pot.price_year == 2024
    assert sorted(pot.factors) == [1.0, pytest.approx(factor)]
    assert pot.total_inputs == pytest.approx(1000 * (1 + factor), rel=1e-14)
    story = tell_portfolio(batch.study())
    assert "Brought from 2019 to 2024 prices: x 1.2329" in said(story, "together")


def test_a_year_that_the_series_does_not_reach_does_not_put_all_others_out(batch: Batch) -> None:
    batch.add("Old", price_year=2019)
    batch.add("New", price_year=2023)
    batch.add("Ahead", price_year=2031)
    (pot,) = batch.study().pots
    assert pot.price_year == 2023
    assert sorted(each.name for each in pot.projects) == ["New", "Old"]
    assert [each.name for each, _ in pot.left_out] == ["Ahead"]


def test_another_price_year_can_be_asked_for_and_nonsense_is_refused(batch: Batch) -> None:
    batch.add("Old", price_year=2019)
    (pot,) = batch.study(price_year="2021/22").pots
    assert pot.price_year == "2021/22"
    assert pot.total_inputs > 1000.0
    with pytest.raises(NameRefused, match="'last year' is no price year"):
        batch.study(price_year="last year")


def test_what_cannot_be_brought_to_one_price_year_is_left_out_by_name_and_reason(batch: Batch) -> None:
    batch.add("Old", price_year="not stated")
    batch.add("New", price_year=2024)
    (pot,) = batch.study().pots
    assert [each.name for each in pot.projects] == ["New"]
    told = said(tell_portfolio(batch.study()), "together")
    assert "1 project in GBP could not be brought to 2024 prices" in told
    assert "Old (price year not stated: nothing says how to bring it there)" in told


def test_currencies_are_never_added(batch: Batch) -> None:
    batch.add("Here")
    batch.add("There", currency="NZD")
    assert [(pot.currency, pot.total_inputs) for pot in batch.study().pots] == [("GBP", 1000.0), ("NZD", 1000.0)]
    told = said(tell_portfolio(batch.study()), "together")
    assert "Currencies differ (GBP, NZD), and different currencies are never added: each has its own total." in told


def test_a_zero_input_gives_no_ratio_and_no_fault(batch: Batch) -> None:
    record = batch.add("Free")
    record["result"] |= {"total_inputs": 0.0, "sroi_ratio": None}
    batch.write(record)
    study = batch.study()
    assert math.isnan(study.pots[0].sroi_ratio)
    story = tell_portfolio(study)
    assert "There is no ratio: nothing was put in." in said(story, "together")
    assert "no ratio" in said(story, "projects")


def test_sums_by_stakeholder_place_outcome_and_year_each_come_to_the_whole(batch: Batch) -> None:
    batch.add("One")
    batch.add("Two", 2.0, price_year=2022)
    batch.add("Three", -1.0)
    study = batch.study()
    whole = study.pots[0].total_present_value
    for name in ("by_stakeholder", "by_outcome", "by_year"):
        assert study.tables[name]["present_value"].sum() == pytest.approx(whole, rel=1e-12)
    assert study.tables["by_stakeholder"]["inputs"].sum() == pytest.approx(study.pots[0].total_inputs, rel=1e-12)
    assert study.tables["by_place"].empty
    assert "nothing is told by place" in said(tell_portfolio(study), "whose")


def test_value_is_told_by_place_and_by_calendar_year_where_maps_say_so(
    batch: Batch, small_tree: dict[str, Any]
) -> None:
    outcomes = copy.deepcopy(small_tree["outcomes"])
    outcomes[0]["place"] = "Harbour"
    batch.add("One", outcomes=outcomes, activity={"start": "2023-04-01"})
    batch.add("Two", activity={"start": "2024-01-01"})
    study = batch.study()
    assert study.tables["by_place"]["place"].tolist() == ["", "Harbour"]
    assert study.tables["by_year"]["year"].tolist() == [2023, 2024, 2025]
    assert study.tables["by_year"]["projects"].tolist() == [1, 2, 1]


# ---- order, ranges, restatement ----


def test_projects_stand_in_the_order_of_their_names_and_the_text_says_why(batch: Batch) -> None:
    for title, factor in (("Garden 10", 3.0), ("garden 9", 1.0), ("Café", 2.0)):
        batch.add(title, factor)
    study = batch.study()
    assert [each.name for each in study.projects] == ["Café", "garden 9", "Garden 10"]
    told = said(tell_portfolio(study), "projects")
    assert "In the order of their names. They are not ranked: a ratio says nothing of another project's" in told
    assert "Longest change" not in told


def test_by_ratio_only_when_asked_and_then_with_scope_duration_and_stakeholders(batch: Batch) -> None:
    for title, factor in (("B", 1.0), ("A", 3.0), ("C", 2.0)):
        batch.add(title, factor)
    study = batch.study(order="ratio")
    assert [each.name for each in study.projects] == ["A", "C", "B"]
    told = said(tell_portfolio(study), "projects")
    for heading in ("Years of activity", "Longest change", "Stakeholders", "Outcomes counted"):
        assert heading in told
    assert "as was asked for. A ratio says nothing of another project's" in told


def test_an_order_and_a_seed_that_are_none_are_refused_together(batch: Batch) -> None:
    batch.add("A")
    with pytest.raises(NameRefused) as raised:
        batch.study(order="size", seed=-1)
    assert "there is no order 'size'. Give name or ratio." in str(raised.value)
    assert "the seed is -1" in str(raised.value)


def ranged(small_tree: dict[str, Any]) -> list[dict[str, Any]]:
    outcomes = copy.deepcopy(small_tree["outcomes"])
    outcomes[0]["quantity"] = {"value": 50, "low": 20, "high": 90, "shape": "uniform", "source": "survey"}
    return outcomes


def test_each_interval_is_that_of_the_projects_own_report(batch: Batch, small_tree: dict[str, Any]) -> None:
    batch.add("A", outcomes=ranged(small_tree))
    batch.add("B")
    study = batch.study()
    own = sroi.study_uncertainty(study.projects[0].impact_map).interval  # type: ignore[arg-type]
    assert study.intervals[0] == pytest.approx(own, rel=1e-12)
    assert study.intervals[1] is None
    assert f"{own[0]:.2f} to {own[1]:.2f}" in said(tell_portfolio(study), "projects")


def test_two_alike_and_independent_have_a_range_narrower_by_the_root_of_two(
    batch: Batch, small_tree: dict[str, Any]
) -> None:
    for title in ("A", "B"):
        batch.add(title, outcomes=ranged(small_tree))
    study = batch.study()
    sure = study.sureness[0]
    assert sure is not None
    # The sum of two uniforms on 0..1 has its central 90 % from 0.1^(1/2) to 2 - 0.1^(1/2): 1.3675 wide against 1.8.
    apart = (sure.high - sure.low) / (sure.together_high - sure.together_low)
    assert apart == pytest.approx((2 - 2 * 0.1**0.5) / 1.8, abs=0.02)
    assert (sure.with_ranges, sure.projects) == (2, 2)
    assert "if the projects are independent of each other" in said(tell_portfolio(study), "together")


def test_a_projects_draws_do_not_change_with_its_neighbours_and_the_seed_counts(
    batch: Batch, small_tree: dict[str, Any]
) -> None:
    batch.add("A", outcomes=ranged(small_tree))
    (pot,) = pots(gather(batch.folder).projects)
    first = sureness(pot)
    batch.add("B")
    (both,) = pots(gather(batch.folder).projects)
    again, other = sureness(both), sureness(both, seed=1)
    assert first is not None
    assert again is not None
    assert other is not None
    assert again.low * both.total_inputs - first.low * pot.total_inputs == pytest.approx(
        both.projects[1].total_present_value, rel=1e-9
    )
    assert other.low != again.low
    assert intervals(both.projects)[0] == intervals(pot.projects)[0]


def test_ratios_are_restated_under_the_rules_that_most_have(batch: Batch) -> None:
    batch.add("A")
    batch.add("B")
    batch.add("C", conventions={"discount_timing": "none"})
    study = batch.study()
    assert study.restated["C"] == pytest.approx(study.restated["A"], rel=1e-14)
    assert study.projects[2].sroi_ratio > study.restated["C"]
    told = said(tell_portfolio(study), "restated")
    assert "discount rate 3.5 % a year, values discounted from the end of each year" in told.replace("\u00a0", " ")
    assert "2 projects had these rules already." in told


# ---- doubts ----


def test_people_organisations_and_maps_that_stand_twice_are_flagged(batch: Batch, small_tree: dict[str, Any]) -> None:
    outcomes = copy.deepcopy(small_tree["outcomes"])
    outcomes[0] |= {
        "description": "Sleep better",
        "proxy": {**outcomes[0]["proxy"], "description": "Sleep", "unit": "night"},
    }
    batch.add("A", organisation="Harbour Trust", outcomes=outcomes[:1])
    record = batch.add("B", organisation="harbour  trust")
    batch.record(status="done", result=record["result"], parameters=record["parameters"])
    found = {each.kind: each for each in batch.study().overlaps}
    assert set(found) == {"the same value map", "stakeholders of one name", "one organisation"}
    assert found["stakeholders of one name"].what == "People (together 300)"
    assert len(found["one organisation"].projects) == 3
    told = said(tell_portfolio(batch.study()), "counted_twice")
    assert "count each person's change once" in told


def test_the_same_people_in_one_place_are_told_as_that(batch: Batch, small_tree: dict[str, Any]) -> None:
    first, second = copy.deepcopy(small_tree["outcomes"]), copy.deepcopy(small_tree["outcomes"])
    first[0]["place"] = second[0]["place"] = "Harbour"
    second[0] |= {
        "description": "Sleep better",
        "proxy": {**second[0]["proxy"], "description": "Sleep", "unit": "night"},
    }
    batch.add("A", outcomes=first)
    batch.add("B", outcomes=second)
    assert [(each.kind, each.what) for each in batch.study().overlaps] == [
        ("the same people in one place", "People in Harbour")
    ]


def test_one_change_of_the_same_people_in_three_maps_is_told_once_with_the_sum_at_stake(
    batch: Batch, small_tree: dict[str, Any]
) -> None:
    small_tree["outcomes"] = [small_tree["outcomes"][0] | {"place": "Harbour"}]
    for title, factor in (("A", 1.0), ("B", 3.0), ("C", 2.0)):
        batch.add(title, factor, outcomes=copy.deepcopy(small_tree["outcomes"]))
    batch.add("Elsewhere", outcomes=[small_tree["outcomes"][0] | {"place": "Hill"}])
    study = batch.study()
    (change,) = [each for each in study.overlaps if each.at_stake is not None]
    assert (change.kind, change.what) == ("the same change of the same people", "People in Harbour: Feel calmer")
    assert change.projects == ("A", "B", "C")
    # Counted once, the largest of 1, 3 and 2 would stay.
    worth = alone(small_tree).total_present_value
    assert change.at_stake == pytest.approx(3 * worth, rel=1e-12)
    (pot,) = study.pots
    assert study.at_stake(pot) == change.at_stake
    once = (pot.total_present_value - 3 * worth) / pot.total_inputs
    told = said(tell_portfolio(study), "counted_twice")
    words = (
        f"Up to {wording.money(3 * worth, 'GBP')} of this value (42.9\u00a0%) may be counted twice: several projects "
        "count one change of people who may be the same. If they are, and each is counted once, the ratio is "
        f"{wording.ratio(once)} : 1."
    )
    assert words in told
    assert words in said(tell_portfolio(study), "together")
    assert "Count these people once, or take out of one project what another counts." in told
    row = study.tables["counted_twice"].to_dict("records")[0]
    assert (row["currency"], row["at_stake"]) == ("GBP", change.at_stake)


def test_what_is_at_stake_is_said_in_the_money_of_the_sum_and_never_across_currencies(
    batch: Batch, small_tree: dict[str, Any], tmp_path: Path
) -> None:
    small_tree["outcomes"] = outcomes = [small_tree["outcomes"][0] | {"place": "Harbour"}]
    dear = copy.deepcopy(outcomes)
    dear[0]["proxy"]["value"] *= 10
    batch.add("A", outcomes=outcomes, price_year=2019)
    batch.add("B", outcomes=dear)
    study = batch.study()
    (change,) = [each for each in study.overlaps if each.at_stake is not None]
    factor = study.pots[0].factors[0]
    assert factor > 1.1
    assert change.at_stake == pytest.approx(alone(small_tree).total_present_value * factor, rel=1e-12)
    abroad = Batch(tmp_path / "abroad", small_tree)
    abroad.add("A", outcomes=outcomes)
    abroad.add("B", outcomes=dear, currency="EUR")
    (change,) = [each for each in abroad.study().overlaps if each.kind == "the same change of the same people"]
    assert change.at_stake is None
    assert "Up to" not in said(tell_portfolio(abroad.study()), "counted_twice")


def test_maps_that_meet_by_way_of_a_third_are_one_change_and_those_of_other_years_none(
    small_tree: dict[str, Any],
) -> None:
    def chart(title: str, start: str) -> ImpactMap:
        outcomes = [small_tree["outcomes"][0] | {"place": "Harbour", "duration": 2}]
        return ImpactMap.model_validate(
            small_tree | {"title": title, "outcomes": outcomes, "activity": {"start": start, "years": 1}}
        )

    early, middle, late, far = (chart(year, f"{year}-04-01") for year in ("2020", "2021", "2022", "2030"))
    assert shared_changes([early, late, far]) == ()
    (found,) = shared_changes([early, late, far, middle])
    assert sorted(found.values) == [0, 1, 3]


def test_two_titles_alike_can_be_told_apart(batch: Batch) -> None:
    batch.add("Garden")
    batch.add("Garden")
    assert [each.name for each in batch.study().projects] == ["Garden (row 2, map_0)", "Garden (row 3, map_1)"]


def test_limits_of_eight_ratios_are_as_by_hand() -> None:
    # Median 4.5, absolute deviations 0.5 .. 3.5 twice each: median 2; one is below nothing, so no logarithms.
    found = limits([-1 + 2.0, 2, 3, 4, 5, 6, 7, 8, -10])
    assert found is not None
    assert found == pytest.approx((4 - 3.5 * 1.4826 * 2, 4 + 3.5 * 1.4826 * 2))
    assert limits([1.0] * 20) is None
    assert limits([1.0, 2.0]) is None


def test_a_ratio_far_from_the_others_is_named_with_what_makes_it_so(batch: Batch, small_tree: dict[str, Any]) -> None:
    for place in range(9):
        batch.add(f"Usual {place}", 1 + place / 10)
    outcomes = copy.deepcopy(small_tree["outcomes"])
    for outcome in outcomes:
        outcome |= {"deadweight": 0, "displacement": 0, "attribution": 0, "drop_off": 0, "duration": 20}
    outcomes[1]["quantity"] = 1
    batch.add("Wonder", 30.0, outcomes=outcomes)
    study = batch.study()
    assert [each.project for each in study.outliers] == ["Wonder"]
    told = said(tell_portfolio(study), "outliers").replace("\u00a0", " ")
    for words in (
        "one outcome, Feel calmer, is 98 % of it",
        "takes off no deadweight",
        "lasts 20 years",
        "nothing drops off",
    ):
        assert words in told


def test_a_small_portfolio_has_no_outliers_to_speak_of(batch: Batch) -> None:
    batch.add("A")
    batch.add("B", 100.0)
    assert "There are no outliers to speak of: 2 projects with a ratio" in said(
        tell_portfolio(batch.study()), "outliers"
    )


def test_findings_are_counted_by_kind_over_projects(batch: Batch, small_tree: dict[str, Any]) -> None:
    outcomes = copy.deepcopy(small_tree["outcomes"])
    del outcomes[0]["deadweight"], outcomes[1]["deadweight"]
    batch.add("A", outcomes=outcomes)
    batch.add("B", outcomes=outcomes)
    frame = batch.study().tables["findings"].set_index("finding")
    assert frame.loc["A deduction is missing and counts as nothing", ["projects", "times"]].tolist() == [2, 4]


# ---- what failed, and what a stranger leaves ----


def test_failed_runs_stand_with_their_errors_and_in_no_figure(batch: Batch) -> None:
    batch.add("A")
    batch.fail("ZeroDivisionError: division by zero")
    batch.record(status="done", result=None, parameters={})
    story = tell_portfolio(batch.study())
    told = said(story, "failed")
    assert "row 3" in told
    assert "ZeroDivisionError: division by zero" in told
    assert "it ended, but its notebook left no result" in told
    assert "2 further runs have left no result" in said(story, "together")


def test_all_failed_is_a_report_too(batch: Batch, tmp_path: Path) -> None:
    batch.fail()
    study = batch.study()
    story = tell_portfolio(study)
    assert "No run left a result, so there is nothing to add up." in said(story, "together")
    assert (tmp_path / "portfolio.html") in write_portfolio(story, study, tmp_path, "html")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "its record is not whole"),
        (b"[]", "its record is not whole"),
        (b"\xff\xfe", "its record is not whole"),
        (b"[" * 100_000, "its record is not whole"),
        (b'{"status": "done", "result": {}}', "it has no title"),
        (b'{"status": "done", "result": {"title": 1, "currency": "GBP", "total_inputs": NaN}}', "is not whole"),
        (b'{"status": "odd"}', "it did not end"),
    ],
)
def test_a_record_that_is_none_is_listed_and_spoils_nothing(batch: Batch, content: bytes, words: str) -> None:
    batch.add("A")
    (batch.folder / "runs" / "strange.json").write_bytes(content)
    study = batch.study()
    assert len(study.projects) == 1
    assert words in study.failed[0].error


@pytest.mark.parametrize(
    "change",
    [{"total_inputs": "many"}, {"total_present_value": [1, 2]}, {"by_outcome": {}}, {"by_outcome": [{"id": "x"}]},
     {"by_stakeholder": [1]}],
)  # fmt: skip
def test_a_result_of_another_form_is_no_project(batch: Batch, change: dict[str, Any]) -> None:
    record = batch.add("A")
    record["result"] |= change
    batch.write(record)
    study = batch.study()
    assert (study.projects, len(study.failed)) == ((), 1)


def test_a_map_that_was_changed_or_is_gone_is_not_reckoned_with_and_that_is_said(batch: Batch) -> None:
    batch.add("Changed")
    batch.add("Gone")
    batch.add("Here")
    path = batch.folder / "map_0.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    (batch.folder / "map_1.yaml").unlink()
    study = batch.study()
    assert [each.no_map for each in study.projects] == [
        "its value map was changed since", "its value map is not where it was", "",
    ]  # fmt: skip
    assert study.pots[0].total_inputs == 3000.0
    told = said(tell_portfolio(study), "projects")
    assert "2 projects: no interval and no restatement, for the value map is not there to reckon with" in told


def test_a_folder_of_value_maps_makes_the_same_report_and_names_what_it_could_not_read(batch: Batch) -> None:
    batch.add("A")
    batch.add("B")
    (batch.folder / "runs" / f"{1:064x}.json").unlink()
    (batch.folder / "runs" / f"{2:064x}.json").unlink()
    (batch.folder / "runs").rmdir()
    (batch.folder / "bad.yaml").write_text("sroi: 1\n", encoding="utf-8")
    study = study_portfolio(gather(batch.folder))
    assert [each.name for each in study.projects] == ["A", "B"]
    assert study.failed[0].name == "bad"
    assert "see sroi check" in study.failed[0].error


def test_a_place_that_is_no_batch_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="there is no such folder"):
        gather(tmp_path / "none")
    (tmp_path / "runs").mkdir()
    with pytest.raises(FileRefused, match="no run has left a record there"):
        gather(tmp_path)


def test_a_strangers_title_neither_runs_on_the_page_nor_in_a_spreadsheet(batch: Batch, tmp_path: Path) -> None:
    batch.add("=HYPERLINK(A1)<script>alert(1)</script>")
    study = batch.study()
    write_portfolio(tell_portfolio(study), study, tmp_path / "out", "html")
    page = (tmp_path / "out" / "portfolio.html").read_text(encoding="utf-8")
    assert "<script" not in page
    frame = pd.read_csv(tmp_path / "out" / "tables" / "projects.csv")
    assert frame["project"][0].startswith("'=HYPERLINK")


# ---- figures, files, notebook ----


@pytest.mark.parametrize("count", [1, 5, 50, 500])
@pytest.mark.parametrize("width", [7.2, 3.9])
def test_the_figure_holds_any_number_of_projects(count: int, width: float) -> None:
    ratios = [
        ProjectRatio(f"A project with quite a long name, number {place}", (place * 37 % 91) / 13 - 0.5,
                     None if place % 3 else ((place * 37 % 91) / 20 - 1, (place * 37 % 91) / 10), place % 2 == 0)
        for place in range(count)
    ]  # fmt: skip
    ratios[0] = ratios[0]._replace(sroi_ratio=1e6 if count > 5 else 2.0)
    height = projects_height(count, width)
    assert height <= 21
    figure = picture(lambda axes: project_ratios(ratios, axes), width, height)
    axes = figure.axes[0]
    assert axes.get_ylim()[0] > count - 1
    assert axes.get_xlim()[1] < 100
    names = [label.get_window_extent() for label in axes.get_yticklabels() if label.get_text()]
    assert all(upper.y0 >= lower.y1 - 1 or lower.y0 >= upper.y1 - 1 for upper, lower in pairwise(names))


def test_a_figure_of_projects_without_a_ratio_is_none_and_no_fault() -> None:
    axes = project_ratios([ProjectRatio("A", math.nan, None, True)])
    assert axes.get_xlabel() == "SROI ratio"


def test_the_files_are_there_and_the_page_loads_nothing_from_elsewhere(batch: Batch, tmp_path: Path) -> None:
    batch.add("A")
    batch.add("B", 0.2)
    batch.fail()
    study = batch.study()
    written = write_portfolio(tell_portfolio(study), study, tmp_path / "out")
    names = {path.relative_to(tmp_path / "out").as_posix() for path in written}
    assert {
        "portfolio.html",
        "portfolio.docx",
        "figures/projects.png",
        "tables/projects.csv",
        "tables/failed.csv",
    } <= names
    page = (tmp_path / "out" / "portfolio.html").read_text(encoding="utf-8")
    assert re.findall(r"(?:src|href)=\"(?!#|data:)[^\"]*\"", page) == []
    assert pd.read_csv(tmp_path / "out" / "tables" / "projects.csv")["project"].tolist() == ["A", "B"]
    with pytest.raises(TemplateRefused, match=r"no format 'pptx'\. Give html, docx or pdf\."):
        write_portfolio(tell_portfolio(study), study, tmp_path, "html,pptx")


@pytest.mark.slow
def test_a_long_portfolio_keeps_its_page_short(batch: Batch, tmp_path: Path) -> None:
    record = batch.add("A")
    for place in range(1000):
        batch.record(status="done", result={**record["result"], "title": f"Project {place}"}, parameters={})
    study = batch.study()
    story = tell_portfolio(study)
    assert len(study.projects) == 1001
    opened = [block for block in story["projects"].blocks if isinstance(block, Details)]
    assert [block.summary for block in opened] == ["All projects, one by one (1,001 rows)"]
    write_portfolio(story, study, tmp_path, "html")
    assert (tmp_path / "portfolio.html").stat().st_size < 3_000_000


@pytest.mark.slow
def test_the_notebook_makes_the_report_of_a_batch(batch: Batch, tmp_path: Path) -> None:
    batch.add("A")
    batch.add("B", price_year=2022)
    batch.fail()
    out = tmp_path / "out"
    out.mkdir()
    run_notebook(TEMPLATE, tmp_path / "executed.ipynb", {"batch": str(batch.folder), "out": str(out), "seed": 3}, False)
    assert {"portfolio.html", "portfolio.docx", "figures", "tables"} <= {path.name for path in out.iterdir()}


def test_a_project_without_a_map_is_told_by_its_ids() -> None:
    told = {"title": "T", "currency": "GBP", "price_year": 2024, "total_inputs": 1, "total_present_value": 2.0,
            "sroi_ratio": 2.0, "by_outcome": [{"id": "calm", "stakeholder": "people", "present_value": 2.0}],
            "by_stakeholder": []}  # fmt: skip
    assert Project("T", "row 1", told).outcomes == (("calm", "people", "", 2.0),)
