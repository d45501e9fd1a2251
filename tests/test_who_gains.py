"""Who gains, who pays and who saves: transfers stay out, and the wrong-pocket matrix adds up."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from oracle import evaluate_tree
from random_maps import random_value_map
from recalculation import by_formualizer, figures, opened

import sroi
from sroi import plots, tables
from sroi.appraisal.optimism import LIMITS, optimism_bias
from sroi.appraisal.pockets import NOT_STATED, pockets
from sroi.coherence import TRANSFER
from sroi.errors import NameRefused
from sroi.evidence.optimism import optimism_bounds
from sroi.reports.analysis import analyse
from sroi.reports.blocks import Figure, Table
from sroi.reports.story import tell

Tree = dict[str, Any]


def saving(name: str, quantity: Any, value: float, duration: float = 1, **proxy: Any) -> Tree:
    more = {key: proxy.pop(key) for key in ("deadweight", "drop_off", "weight") if key in proxy}
    return {"id": name, "stakeholder": "people", "quantity": quantity, "duration": duration,
            "proxy": {"value": value, **proxy}, **more}  # fmt: skip


@pytest.fixture
def pocket_tree() -> Tree:
    """Invented: a council and a trust pay over two years; the NHS and the council save over three."""
    return {
        "sroi": 1, "title": "Pockets", "analysis": "forecast", "currency": "GBP", "price_year": 2024,
        "activity": {"years": 2}, "conventions": {"discount_rate": "10%"},
        "stakeholders": [{"id": "people"}, {"id": "council", "name": "The Council"}, {"id": "trust", "name": "Trust"}],
        "inputs": [
            {"id": "grant", "stakeholder": "council", "kind": "money", "value": {"by_year": [2000, 1100]}},
            {"id": "gift", "stakeholder": "trust", "kind": "goods", "value": 1000},
            {"id": "hours", "stakeholder": "people", "kind": "time", "hours": 100, "rate": 10},
        ],
        "outcomes": [
            saving("visits", {"by_year": [10, 20]}, 100, 2, deadweight={"by_year": ["0%", "50%"]}, drop_off="50%",
                   value_type="fiscal", agency="NHS", cashable="no"),
            saving("care", 1, 500, 3, value_type="fiscal", agency="the council", cashable="yes"),
            saving("calm", 10, 70, value_type="social"),
            saving("benefits", 5, 900, value_type="fiscal", agency="DWP", transfer="yes"),
        ],
    }  # fmt: skip


def evaluated(tree: Tree) -> sroi.Result:
    return sroi.evaluate(sroi.ImpactMap.model_validate(tree))


# ---- transfers ----


def test_a_transfer_never_enters_the_total_and_is_shown_with_what_it_would_be(pocket_tree: Tree) -> None:
    result = evaluated(pocket_tree)
    told = result.to_dict()
    assert told["not_counted"] == [
        {"id": "benefits", "reason": TRANSFER, "ratio_with_it": pytest.approx(float(result.ratio_with("benefits")))}
    ]
    assert TRANSFER.startswith("a transfer payment: ")
    # 5 x 900, a year later at 10 %
    worth = 4500 / 1.1
    assert result.ratio_with("benefits") * result.total_inputs == pytest.approx(result.total_present_value + worth)
    assert "benefits" not in [each["id"] for each in told["by_outcome"]]


def test_the_oracle_leaves_a_transfer_out_too(pocket_tree: Tree) -> None:
    expected = evaluate_tree(pocket_tree)
    result = evaluated(pocket_tree)
    assert result.total_present_value == pytest.approx(expected["total_present_value"], rel=1e-12)
    assert [each["id"] for each in expected["not_counted"]] == ["benefits"]
    pocket_tree["outcomes"][3]["proxy"]["transfer"] = "no"
    assert evaluated(pocket_tree).total_present_value > result.total_present_value + 4000


def test_the_random_maps_have_transfers_among_them() -> None:
    trees = [random_value_map(random.Random(seed)) for seed in range(400)]
    proxies = [each["proxy"] for tree in trees for each in tree["outcomes"] if isinstance(each.get("proxy"), dict)]
    assert sum(each.get("transfer") in (True, "yes") for each in proxies) >= 5


def test_a_transfer_needs_no_quantity_and_is_not_asked_for_a_reason(pocket_tree: Tree) -> None:
    del pocket_tree["outcomes"][3]["quantity"]
    impact_map = sroi.ImpactMap.model_validate(pocket_tree)
    assert impact_map.not_counted() == {"benefits": TRANSFER}
    assert [each.where for each in sroi.review(impact_map) if each.kind == "outcome_left_out"] == []


def test_a_reason_of_ones_own_comes_before_the_transfer(pocket_tree: Tree) -> None:
    pocket_tree["outcomes"][3]["included"] = "no"
    assert sroi.ImpactMap.model_validate(pocket_tree).not_counted() == {"benefits": "left out (included: no)"}


def test_the_live_workbook_leaves_a_transfer_out_and_takes_it_in_again(pocket_tree: Tree, tmp_path: Path) -> None:
    impact_map = sroi.ImpactMap.model_validate(pocket_tree)
    path = tmp_path / "map.xlsx"
    sroi.write_value_map(impact_map, path)
    assert sroi.read_value_map(path) == impact_map
    book = opened(path)
    sheet = book["Outcomes"]
    column = next(cell.column for row in sheet.iter_rows(max_row=10) for cell in row if cell.value == "proxy.transfer")
    (cell,) = [row[0] for row in sheet.iter_rows(min_col=column, max_col=column) if row[0].value == "yes"]
    for folder in ("as_it_is", "changed"):
        (tmp_path / folder).mkdir()
    (untouched,) = by_formualizer([path], tmp_path / "as_it_is")
    assert figures(untouched)["sroi_ratio"] == pytest.approx(float(sroi.evaluate(impact_map).sroi_ratio), rel=1e-9)
    cell.value = "no"
    book.save(path)
    (changed,) = by_formualizer([path], tmp_path / "changed")
    pocket_tree["outcomes"][3]["proxy"]["transfer"] = "no"
    assert figures(changed)["sroi_ratio"] == pytest.approx(float(evaluated(pocket_tree).sroi_ratio), rel=1e-9)


# ---- by kind and body ----


def test_value_by_kind_and_body_adds_up_to_the_total(pocket_tree: Tree) -> None:
    result = evaluated(pocket_tree)
    told = result.to_dict()
    assert [each["value_type"] for each in told["by_value_type"]] == ["fiscal", "social"]
    assert sum(each["present_value"] for each in told["by_value_type"]) == pytest.approx(result.total_present_value)
    assert told["by_value_type"][1]["present_value"] == pytest.approx(700 / 1.1)
    assert [(each["agency"], each["cashable"]) for each in told["by_agency"]] == [("NHS", False), ("the council", True)]


def test_a_kind_that_is_not_stated_is_null_and_an_anchored_value_says_its_own(pocket_tree: Tree) -> None:
    pocket_tree["outcomes"] += [
        {**saving("peace", 1, 0, weight=2), "proxy": {"anchored_to": "calm"}},
        {**saving("health", 1, 0, weight=2), "proxy": {"anchored_to": "calm", "value_type": "economic"}},
        saving("unsaid", 1, 11),
    ]
    pocket_tree["outcomes"][2]["weight"] = 1
    kinds = evaluated(pocket_tree).by_value_type()
    assert kinds["social"] == pytest.approx((700 + 140) / 1.1)
    assert kinds["economic"] == pytest.approx(140 / 1.1)
    assert kinds[None] == pytest.approx(10)


# ---- the matrix ----


def test_who_pays_and_who_saves_by_hand(pocket_tree: Tree) -> None:
    found = pockets(evaluated(pocket_tree))
    assert found.years == (1, 2, 3)
    assert [(each.name, each.by_year.tolist()) for each in found.payers] == [
        ("The Council", [2000, 1100, 0]), ("Trust", [1000, 0, 0]),
    ]  # fmt: skip
    # NHS: cohort 1 gives 1,000 and 500; cohort 2, of which half is kept, 1,000 and 500 a year later
    assert [(each.name, each.cashable, each.by_year.tolist()) for each in found.savers] == [
        ("NHS", False, pytest.approx([1000, 1500, 500])), ("the council", True, pytest.approx([500, 500, 500])),
    ]  # fmt: skip
    # The council's second payment is discounted by a year: 2,000 + 1,000, beside the trust's 1,000
    assert found.share_of(found.payers[0]) == pytest.approx(0.75)
    nhs = 1000 / 1.1 + 1500 / 1.21 + 500 / 1.331
    assert found.savers[0].present_value == pytest.approx(nhs)
    assert found.in_other_pockets() == pytest.approx(nhs)
    assert [found.is_own(found.payers[0], each) for each in found.savers] == [False, True]


def test_the_tables_are_tidy_and_add_up(pocket_tree: Tree) -> None:
    found = pockets(evaluated(pocket_tree))
    matrix = tables.pockets(found)
    assert list(matrix) == ["payer", "share_paid", "saver", "own_pocket", "cashable", "year", "saving"]
    assert len(matrix) == 2 * 2 * 3
    assert matrix["saving"].sum() == pytest.approx(4500)
    own = matrix[matrix["own_pocket"]]
    assert set(own["payer"]) == {"The Council"}
    assert own["saving"].tolist() == pytest.approx([375, 375, 375])
    assert tables.who_pays(found)["value"].sum() == 4100
    assert set(tables.who_saves(found)["cashable"]) == {"yes", "no"}


@pytest.mark.parametrize("seed", range(40))
def test_savings_by_year_are_those_of_a_map_of_these_outcomes_alone(seed: int) -> None:
    tree = random_value_map(random.Random(seed))
    result = evaluated(tree)
    found = pockets(result)
    kinds = [tree["value_type"] for tree in result.to_dict()["by_value_type"]]
    assert bool(found.savers) == ("fiscal" in kinds)
    names = {each["id"] for each in tree["outcomes"]}
    by_id = {outcome.id: outcome for outcome in result.impact_map.outcomes}
    fiscal = {name for name in names if _kind(by_id, name) == "fiscal"}
    for outcome in tree["outcomes"]:
        if outcome["id"] not in fiscal:
            outcome["included"] = "no"
    alone = evaluated(tree)
    saved = np.sum([each.by_year for each in found.savers], axis=0) if found.savers else np.zeros(1)
    size = 1e-9 * max(1.0, float(np.abs(alone.gross).sum()))
    short = min(len(saved), len(alone.value_by_year))
    assert saved[:short] == pytest.approx(alone.value_by_year[:short], abs=size)
    assert saved[short:] == pytest.approx(np.zeros(len(saved) - short), abs=size)
    assert found.saved == pytest.approx(float(alone.total_present_value), abs=size)


def _kind(by_id: dict[str, Any], name: str) -> str | None:
    proxy = by_id[name].proxy
    while proxy is not None and proxy.anchored_to is not None and proxy.value_type is None and proxy.agency is None:
        proxy = by_id[proxy.anchored_to].proxy
    return proxy.value_type if proxy is not None else None


def test_numbers_changed_from_outside_are_the_numbers_of_the_matrix(pocket_tree: Tree) -> None:
    impact_map = sroi.ImpactMap.model_validate(pocket_tree)
    at = {"visits.deadweight": 0.25, "grant.value.2": 500.0, "care.quantity": 2.0}
    found = pockets(sroi.evaluate(impact_map, at=at))
    assert found.payers[0].by_year.tolist() == [2000, 500, 0]
    assert found.savers[0].by_year == pytest.approx([750, 1875, 750])
    assert found.savers[1].by_year == pytest.approx([1000, 1000, 1000])


def test_several_cases_at_once_are_refused(pocket_tree: Tree) -> None:
    impact_map = sroi.ImpactMap.model_validate(pocket_tree)
    with pytest.raises(NameRefused, match="wants a single case"):
        pockets(sroi.evaluate(impact_map, at={"care.quantity": [1.0, 2.0]}))


def test_a_body_that_is_not_stated_is_said_to_be(pocket_tree: Tree) -> None:
    del pocket_tree["outcomes"][0]["proxy"]["agency"]
    found = pockets(evaluated(pocket_tree))
    assert found.savers[0].name == NOT_STATED
    assert found.in_other_pockets() == 0


# ---- the report ----


def test_the_report_shows_the_matrix_where_anything_is_saved(pocket_tree: Tree) -> None:
    impact_map = sroi.ImpactMap.model_validate(pocket_tree)
    analysis = analyse(impact_map, sroi.evaluate(impact_map))
    section = tell(analysis)["savings"]
    (figure,) = [block for block in section.blocks if isinstance(block, Figure)]
    assert figure.alt == (
        "Sums by body and year, over all years and before discounting: The Council pays £3,100; Trust pays £1,000; NHS "
        "saves £3,000; the council saves £1,500."
    )
    table = next(block for block in section.blocks if isinstance(block, Table) and block.name == "pockets")
    assert [row[:3] + row[4:] for row in table.rows] == [
        ("The Council", "NHS", "no", "no"), ("The Council", "the council", "yes", "yes"),
        ("Trust", "NHS", "no", "no"), ("Trust", "the council", "yes", "no"),
    ]  # fmt: skip
    assert {"who_pays", "who_saves", "pockets"} <= set(analysis.frames())


def test_a_map_without_savings_has_no_matrix(small_map: sroi.ImpactMap) -> None:
    analysis = analyse(small_map, sroi.evaluate(small_map))
    assert [block for block in tell(analysis)["savings"].blocks if isinstance(block, Figure)] == []
    assert "pockets" not in analysis.frames()


@pytest.mark.parametrize("width", [plots.WIDE, plots.NARROW])
def test_every_word_of_the_figure_stands_within_it_at_both_widths(pocket_tree: Tree, width: float) -> None:
    pocket_tree["stakeholders"][2]["name"] = "A charitable foundation with a very long name of many words"
    pocket_tree["outcomes"] += [
        saving(f"more_{n}", 1, 1e6 * (-1) ** n, 20, value_type="fiscal", agency=f"Body {n}") for n in range(12)
    ]
    found = pockets(evaluated(pocket_tree))
    figure = plots.picture(
        lambda axes: plots.wrong_pockets(found, "GBP", axes), width, plots.wrong_pockets_height(found, width)
    )
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()][-1] == "All"
    assert "→ 8 others save" in [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
    canvas = figure.bbox
    for words in (*axes.texts, *axes.get_yticklabels(), *axes.get_xticklabels(), *axes.get_legend().get_texts()):
        box = words.get_window_extent()
        assert box.x0 >= canvas.x0 - 1, words.get_text()
        assert box.x1 <= canvas.x1 + 1, words.get_text()
        assert box.y1 <= canvas.y1 + 1, words.get_text()


# ---- optimism bias ----


def test_optimism_bias_by_hand(pocket_tree: Tree) -> None:
    impact_map = sroi.ImpactMap.model_validate(pocket_tree)
    found = optimism_bias(impact_map, "Standard buildings", ["grant"])
    assert [(case.bound, case.uplift) for case in found.cases] == [("none", 0.0), ("lower", 0.02), ("upper", 0.24)]
    # inputs: 3,000 of the council, 1,000 of the trust, 1,000 of time
    assert [case.total_inputs for case in found.cases] == pytest.approx([5000, 5060, 5720])
    plain = float(sroi.evaluate(impact_map).sroi_ratio)
    assert [case.sroi_ratio for case in found.cases] == pytest.approx([plain, plain * 5000 / 5060, plain * 5000 / 5720])
    assert "capital projects only" in LIMITS
    assert LIMITS in found.lines()[-1]


def test_what_is_no_capital_cost_is_refused_in_one_message(pocket_tree: Tree) -> None:
    impact_map = sroi.ImpactMap.model_validate(pocket_tree)
    with pytest.raises(NameRefused) as refused:
        optimism_bias(impact_map, "kindness", ["hours", "grnt"])
    message = str(refused.value)
    assert "there is no category 'kindness' of capital projects" in message
    assert "the input 'hours' is time, and no capital cost" in message
    assert "there is no input 'grnt'" in message


def test_every_bound_has_its_source_licence_and_limits() -> None:
    for each in optimism_bounds():
        assert each.publisher == "HM Treasury"
        assert each.licence.startswith("Open Government Licence v3.0")
        assert each.source
        assert each.address.startswith("https://www.gov.uk/")
        assert each.level in ("A", "B")
        assert "Capital projects only" in each.note
        assert 0 <= each.low < each.high <= 2


def test_the_command_shows_the_bounds_only_on_request(command: Callable[..., Any]) -> None:
    study = str(sroi.case_study("befriending"))
    plain = command("sensitivity", study, "--json", "-")
    assert "optimism_bias" not in json.loads(plain.stdout)
    asked = command("sensitivity", study, "--optimism-bias", "standard_buildings", "grant", "--json", "-")
    told = json.loads(asked.stdout)["optimism_bias"]
    assert told["inputs"] == ["grant"]
    assert [case["uplift"] for case in told["cases"]] == [0.0, 0.02, 0.24]
    assert told["limits"] == LIMITS
    refused = command("sensitivity", study, "--optimism-bias", "standard_buildings")
    assert refused.returncode == 2
    assert "no input is named" in refused.stderr
