"""From a register to an impact map: both totals by hand, steps that add up to the penny, questions that must be answered."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from deliveries import SMALL, delivery, filled, small
from hypothesis import given, settings
from hypothesis import strategies as st

import sroi
from sroi.cli import main
from sroi.commissioning.bridge.answers import Answers, answers_of
from sroi.commissioning.bridge.crossing import STEPS, Crossing, cross, warnings
from sroi.commissioning.bridge.document import tables, to_dict
from sroi.commissioning.bridge.form import ASKED_SHARES, EXAMPLE, FORM
from sroi.commissioning.bridge.private import refuse_private_crossing
from sroi.commissioning.bridge.telling import tell_bridge
from sroi.commissioning.delivery.form import EXAMPLE as REGISTER
from sroi.commissioning.delivery.form import FORM as REGISTER_FORM
from sroi.commissioning.delivery.register import Register, register_of
from sroi.errors import FileRefused, LicenceRefused
from sroi.evidence.prices import uprating
from sroi.files.form_writer import form_bytes

pytestmark = pytest.mark.usefixtures("warm_notebooks")

NIL: dict[str, Any] = {
    part: value for name in ASKED_SHARES for part, value in ((name, 0.0), (f"{name}_reason", "none: tried out"))
}
ANSWER: dict[str, Any] = {
    "measure": "trees", "what": "outcome", "counts": True, "stakeholder": "people", "outcome": "Have shade",
    "duration": 1.0, **NIL,
}  # fmt: skip
SETTINGS: dict[str, Any] = {
    "title": "Trees", "basis": "delivered", "starts": date(2025, 1, 1), "years": 1, "price_year": "2025",
    "discount_rate": "3.5%", "discount_timing": "none",
}  # fmt: skip
INPUT = {"id": "price", "stakeholder": "people", "what": "whole price", "value": 100.0, "source": "the contract"}
ROWS: dict[str, Any] = {
    "bridge": SETTINGS, "stakeholders": [{"id": "people", "name": "People"}], "inputs": [INPUT], "answers": [ANSWER],
}  # fmt: skip


def answered(register: Register, **parts: Any) -> Answers:
    return answers_of(filled(FORM, {**copy.deepcopy(ROWS), **parts}), register)


def crossed(register: Register, **parts: Any) -> Crossing:
    return cross(register, answered(register, **parts))


def steps_of(crossing: Crossing) -> dict[str, float]:
    return {step.name: float(step.amount) for step in crossing.steps if step.amount}


GIVEN = [
    delivery("D1", 30, date(2025, 5, 1)), delivery("D2", 12, date(2025, 6, 1), "claimed"),
    delivery("D3", 9, date(2025, 6, 2), "rejected", note="dead"),
]  # fmt: skip


# ---- by hand ----


def test_with_nothing_to_deduct_the_two_totals_are_equal() -> None:
    crossing = crossed(small(deliveries=GIVEN[:1]))
    assert crossing.register_total == crossing.map_total == Decimal("300.00")
    assert steps_of(crossing) == {}


def test_each_step_by_hand() -> None:
    shares = {"deadweight": 0.5, "displacement": 0.1, "attribution": 0.2, "drop_off": 0.25}
    crossing = crossed(
        small(deliveries=GIVEN), bridge={**SETTINGS, "discount_timing": "end_of_year", "discount_rate": "10%"},
        answers=[{**ANSWER, **shares, "duration": 2.0}],
    )  # fmt: skip
    # 42 trees at 10 in the register, 30 proved; two years; kept 0.5 x 0.9 x 0.8 = 0.36; 1 + 0.75; 1/1.1 and 0.75/1.21.
    assert crossing.register_total == Decimal("420.00")
    assert steps_of(crossing) == {
        "states": -120.0, "duration": 300.0, "deadweight": -300.0, "displacement": -30.0, "attribution": -54.0,
        "drop_off": -27.0, "discounting": pytest.approx(108 / 1.1 + 81 / 1.21 - 189, abs=0.005),
    }  # fmt: skip
    assert float(crossing.map_total) == pytest.approx(108 / 1.1 + 81 / 1.21, abs=0.005)


def test_the_example_adds_up_as_it_was_reckoned() -> None:
    crossing = cross(example_register(), answers_of(filled(FORM, EXAMPLE), example_register()))
    # 210 x 140 + 2 x 9000 + 500 x 14; the hours are claimed, and what is claimed does not count.
    assert crossing.register_total == Decimal("54400.00")
    assert steps_of(crossing)["states"] == -7000.0
    jobs = 2 * 9000 * 0.6 * 0.8 * 0.75 / 1.035
    weeks = 210 * 140 * 0.5 * 0.9 * 0.7 * (1 / 1.035**2 + 0.8 / 1.035**3 + 0.64 / 1.035**4)
    assert float(crossing.map_total) == pytest.approx(jobs + weeks, abs=0.005)
    assert set(crossing.left_out) == {"volunteer_hours", "local_spend", "trees"}
    assert [output.id for output in crossing.impact_map.outputs] == ["volunteer_hours", "local_spend", "trees"]


def example_register() -> Register:
    return register_of(filled(REGISTER_FORM, REGISTER))


def test_committed_takes_what_is_promised_now_in_the_years_in_which_it_is_due() -> None:
    log = [{"id": "V1", "of": "C1", "what": "quantity", "was": "100", "now": "90", "day": date(2025, 3, 1),
            "agreed_by": "both", "why": "floods"}]  # fmt: skip
    crossing = crossed(
        small(changes=log), bridge={**SETTINGS, "basis": "committed", "years": 2, "on": date(2025, 4, 1)}
    )
    assert crossing.quantities["trees"].by_year.tolist() == [40, 50]
    assert crossing.impact_map.analysis == "forecast"
    assert crossing.register_total == crossing.map_total == Decimal("900.00")


def test_what_was_delivered_falls_into_its_year_and_what_is_outside_is_said() -> None:
    rows = [
        delivery("D1", 3, date(2024, 12, 1)),
        delivery("D2", 5, date(2025, 12, 31)),
        delivery("D3", 7, date(2026, 1, 1)),
    ]
    crossing = crossed(small(deliveries=rows), bridge={**SETTINGS, "years": 2})
    assert crossing.quantities["trees"].by_year.tolist() == [8, 7]
    assert "Some of trees was delivered before year 1 or after the last: it stands in the nearest year." in warnings(
        crossing
    )


def test_a_measure_that_does_not_count_is_a_step_and_stays_told() -> None:
    measures = [*SMALL["measures"], {"id": "hours", "name": "Hours", "unit": "hour", "proxy": 2.0, "proxy_source": "invented",
                                     "proxy_price_year": "2025"}]  # fmt: skip
    rows = [GIVEN[0], delivery("D9", 50, date(2025, 6, 1), measure="hours")]
    register = small(measures=measures, deliveries=rows)
    left = {"measure": "hours", "what": "activity", "counts": False, "reason": "an activity"}
    crossing = crossed(register, answers=[ANSWER, left])
    assert steps_of(crossing) == {"not_counted": -100.0}
    assert crossing.impact_map.outputs[0].description == "Hours (activity: an activity)"
    # An outcome that is left out stays an outcome of the map, with the ratio as it would be with it.
    unsure = {**ANSWER, **left, "what": "outcome", "reason": "nobody was asked"}
    crossing = crossed(register, answers=[ANSWER, unsure])
    assert crossing.impact_map.not_counted() == {"hours": "judged not material: nobody was asked"}
    assert crossing.map_total == Decimal("300.00")


def test_a_value_of_ones_own_is_a_step_and_one_without_a_value_is_told() -> None:
    own = {**ANSWER, "proxy": 4.0, "proxy_source": "an open source"}
    assert steps_of(crossed(small(deliveries=GIVEN[:1]), answers=[own])) == {"own_values": -180.0}
    bare = small(measures=[{"id": "trees", "name": "Trees", "unit": "tree"}], deliveries=GIVEN[:1])
    assert steps_of(crossed(bare, answers=[own])) == {"own_values": 120.0}
    with pytest.raises(FileRefused, match="no measure is an outcome"):
        crossed(bare, answers=[{"measure": "trees", "what": "output", "counts": False, "reason": "an output"}])
    told = crossed(bare)
    assert (told.map_total, told.without_value[0].id) == (0, "trees")
    assert "'trees' counts, but has no value: it is told in the map without a price." in warnings(told)


def test_a_value_of_another_year_is_brought_to_the_maps_prices_or_kept_and_said() -> None:
    register = small(measures=[{**SMALL["measures"][0], "proxy_price_year": "2019"}], deliveries=GIVEN[:1])
    asked = {**SETTINGS, "price_year": "2024"}
    with pytest.raises(
        FileRefused, match=r"'trees' is in 2019 prices, the map in 2024\. Answer 'Values in other prices'"
    ):
        crossed(register, bridge=asked)
    moved = crossed(register, bridge={**asked, "other_prices": "uprate"})
    factor = uprating(2019, 2024).factor
    assert steps_of(moved) == {"price_year": pytest.approx(300 * (factor - 1), abs=0.005)}
    assert "brought from 2019 to 2024 prices by uk_gdp_deflator" in str(moved.impact_map.outcomes[0].proxy)
    kept = crossed(register, bridge={**asked, "other_prices": "keep"})
    assert steps_of(kept) == {}
    assert "The value of 'trees' stays in 2019 prices, the map is in 2024." in warnings(kept)
    with pytest.raises(FileRefused, match=r"sheet Measures, row 1: .*cannot be brought to the map's prices.*with keep"):
        crossed(register, bridge={**asked, "price_year": "2026", "other_prices": "uprate"})


# ---- in general ----

share = st.floats(0, 1).map(lambda value: round(value, 3))
answer = st.fixed_dictionaries({
    "counts": st.booleans(), "duration": st.sampled_from((0.5, 1.0, 2.0, 3.5)), "starts": st.sampled_from((None, "after")),
    **dict.fromkeys(ASKED_SHARES, share),
})  # fmt: skip
deliveries = st.lists(
    st.tuples(st.integers(0, 2), st.floats(0.01, 900), st.integers(0, 720), st.sampled_from(("claimed", "validated", "rejected"))),
    max_size=12,
)  # fmt: skip


@given(deliveries, st.lists(answer, min_size=3, max_size=3), st.lists(st.floats(-50, 500), min_size=3, max_size=3),
       st.sampled_from(("none", "end_of_year", "mid_year")), st.integers(1, 3), st.sampled_from(("delivered", "committed")))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_the_steps_add_up_to_the_penny(
    rows: Any, given_answers: Any, proxies: Any, timing: str, years: int, basis: str
) -> None:
    names = ("trees", "hours", "jobs")
    measures = [
        {**SMALL["measures"][0], "id": name, "proxy": proxy} for name, proxy in zip(names, proxies, strict=True)
    ]
    commitments = [{**SMALL["commitments"][0], "id": f"C_{name}", "measure": name} for name in names]
    register = small(
        measures=measures, commitments=commitments, milestones=[],
        deliveries=[
            delivery(f"D{at}", amount, date(2025, 1, 1) + timedelta(after), state, measure=names[which])
            for at, (which, amount, after, state) in enumerate(rows)
        ],
    )  # fmt: skip
    told = [
        {**ANSWER, **each, "measure": name, "reason": "tried out"}
        for name, each in zip(names, given_answers, strict=True)
    ]
    setting = {**SETTINGS, "discount_timing": timing, "years": years, "basis": basis}
    crossing = crossed(register, bridge=setting, answers=told)
    assert [step.name for step in crossing.steps] == list(STEPS)
    assert crossing.register_total + sum(step.amount for step in crossing.steps) == crossing.map_total
    assert float(crossing.map_total) == pytest.approx(crossing.result.total_present_value, abs=0.005001)
    for name in ("deadweight", "displacement", "attribution", "drop_off"):
        step = next(step for step in crossing.steps if step.name == name)
        assert float(step.amount) == pytest.approx(crossing.result.ladder[name], abs=0.0101)


@given(st.lists(st.tuples(st.floats(0.01, 900), st.floats(-50, 500)), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_nothing_deducted_in_one_year_undiscounted_makes_no_difference(pairs: Any) -> None:
    names = [f"m{at}" for at in range(len(pairs))]
    register = small(
        measures=[{**SMALL["measures"][0], "id": name, "proxy": pair[1]} for name, pair in zip(names, pairs, strict=True)],
        commitments=[{**SMALL["commitments"][0], "id": f"C{name}", "measure": name} for name in names], milestones=[],
        deliveries=[delivery(f"D{name}", pair[0], date(2025, 5, 1), measure=name) for name, pair in zip(names, pairs, strict=True)],
    )  # fmt: skip
    crossing = crossed(register, answers=[{**ANSWER, "measure": name} for name in names])
    assert crossing.register_total == crossing.map_total
    assert steps_of(crossing) == {}


# ---- what must be answered ----


def test_every_open_question_is_named_in_one_message() -> None:
    measures = [
        *SMALL["measures"],
        {"id": "hours", "name": "Hours", "unit": "hour"},
        {"id": "jobs", "name": "Jobs", "unit": "job"},
    ]
    left = {"measure": "jobs", "what": "outcome", "counts": False}
    with pytest.raises(FileRefused) as refused:
        answered(
            small(measures=measures),
            answers=[
                {"measure": "trees", "what": "output", "counts": True, "deadweight": 0.0},
                left,
                {**ANSWER, "measure": "tree"},
            ],
            inputs=[{**INPUT, "id": "trees", "value": 0.0}],
            bridge={**SETTINGS, "discount_rate": "uk_greenbook", "price_year": "now", "contracts": ("K9",)},
        )
    said = str(refused.value)
    for words in (
        "'trees' counts, and its stakeholder is not answered",
        "'trees' counts, and its outcome is not answered",
        "'trees' counts, and its duration is not answered",
        "'trees' counts, and its displacement is not answered. Give a share; 0% is an answer with its reason.",
        "'trees' counts, and its attribution is not answered",
        "'trees' counts, and its drop-off is not answered",
        "'trees' has a deadweight of 0 % without a reason. Write why there is none, or give a share.",
        "'trees' counts, and it is said to be an output and no outcome",
        "the measure 'hours' (Hours) has no row in Answers",
        "'jobs' does not count, and it is not said why",
        "there is no measure 'tree' in the register. Did you mean 'trees'?",
        "what was put in comes to 0, so there would be no ratio",
        "'trees' is the id of a measure of the register too",
        "'Discount rate': 'uk_greenbook' is neither a rate nor a schedule that is known",
        "'Price year': 'now' is not a price year",
        "'Contracts': there is no 'K9' in the register. Known: K1.",
    ):
        assert words in said
    assert "'trees' counts, and its deadweight is not answered" not in said


def test_spend_that_counts_as_value_is_warned_of() -> None:
    measures = [{"id": "trees", "name": "Local spend", "unit": "GBP", "proxy": 1.76, "proxy_source": "invented", "proxy_price_year": "2025"}]  # fmt: skip
    crossing = crossed(small(measures=measures, deliveries=GIVEN[:1]))
    assert "each GBP of it as £1.76. Spend is not an outcome." in warnings(crossing)[0]
    activity = crossed(
        small(deliveries=GIVEN[:1]), answers=[{**ANSWER, "what": "activity", "reason": "stands for shade"}]
    )
    assert warnings(activity) == ["'trees' counts as value, and is said to be an activity: stands for shade"]
    assert warnings(crossed(small(deliveries=GIVEN[:1]))) == []


def test_only_the_contracts_asked_for_enter() -> None:
    contracts = [*SMALL["contracts"], {**SMALL["contracts"][0], "id": "K2"}]
    rows = [GIVEN[0], delivery("D5", 4, date(2025, 5, 2), contract="K2")]
    register = small(contracts=contracts, deliveries=rows)
    assert crossed(register).map_total == Decimal("340.00")
    assert crossed(register, bridge={**SETTINGS, "contracts": ("K2",)}).map_total == Decimal("40.00")


# ---- the map, the paper, the command ----


def test_values_that_may_not_be_passed_on_stay_marked_in_the_map_and_keep_the_paper_back() -> None:
    register = small(measures=[{**SMALL["measures"][0], "proxy_may_be_passed_on": False}], deliveries=GIVEN[:1])
    crossing = crossed(register)
    proxy = crossing.impact_map.outcomes[0].proxy
    assert proxy is not None
    assert proxy.passing_on is False
    with pytest.raises(LicenceRefused, match="the paper would pass on the value of 'Trees'"):
        refuse_private_crossing(crossing, "the paper")
    refuse_private_crossing(crossing, "the paper", allowed=True)


def test_the_paper_says_both_totals_and_every_reason() -> None:
    register = example_register()
    crossing = cross(register, answers_of(filled(FORM, EXAMPLE), register))
    story = tell_bridge(crossing)
    assert story.names == ["totals", "measures", "answers", "left_out", "ratio", "method"]
    said = repr(story)
    assert "The register adds up £54,400.00. The impact map made of it comes to £" in said
    assert "Deadweight: 40\\xa0%. Found work within a year" in said
    assert "Held against the added cost alone" in said
    content = json.loads(json.dumps(to_dict(crossing), allow_nan=False))
    assert content["register_total"] == 54_400
    assert sum(step["amount"] for step in content["steps"]) == pytest.approx(content["map_total"] - 54_400)
    assert tables(crossing)["steps"][1] == ["register_total", 54_400.0]


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bridge")
    (folder / "register.yaml").write_bytes(form_bytes(REGISTER_FORM, REGISTER, ".yaml"))
    (folder / "answers.xlsx").write_bytes(form_bytes(FORM, EXAMPLE))
    asked = ["--answers", str(folder / "answers.xlsx"), "--to", str(folder / "map.yaml"), "--out", str(folder / "out")]
    assert main(["commission", "bridge", str(folder / "register.yaml"), *asked]) == 0
    return folder


def test_the_map_passes_the_check_and_comes_to_the_papers_figure(
    paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(paper / "map.yaml")]) == 0
    assert main(["evaluate", str(paper / "map.yaml"), "--json", "-"]) == 0
    out = capsys.readouterr().out
    evaluated = json.loads(out[out.index("\n{") + 1 :])
    told = json.loads((paper / "out" / "result.json").read_text(encoding="utf-8"))
    assert evaluated["total_present_value"] == told["result"]["total_present_value"]
    assert round(evaluated["total_present_value"], 2) == told["map_total"]
    assert (paper / "out" / "value_map.yaml").read_bytes() == (paper / "map.yaml").read_bytes()
    page = (paper / "out" / "bridge.html").read_text(encoding="utf-8")
    assert "£54,400.00" in page
    assert {"bridge.docx", "bridge.ipynb", "figures", "tables"} <= {path.name for path in (paper / "out").iterdir()}


@pytest.mark.parametrize("ending", [".xlsx", ".json"])
def test_the_map_reads_back_the_same_from_every_format(ending: str, paper: Path, tmp_path: Path) -> None:
    target = tmp_path / f"map{ending}"
    asked = ["--answers", str(paper / "answers.xlsx"), "--to", str(target)]
    assert main(["commission", "bridge", str(paper / "register.yaml"), *asked]) == 0
    assert sroi.read_value_map(target) == sroi.read_value_map(paper / "map.yaml")


def test_the_questions_are_written_with_a_row_for_each_measure(
    paper: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register, questions = str(paper / "register.yaml"), tmp_path / "questions.yaml"
    assert main(["commission", "bridge", register, "--ask", str(questions)]) == 0
    assert "5 measures to be answered for" in capsys.readouterr().out
    assert questions.read_text(encoding="utf-8").count("- measure: ") == 5
    assert main(["commission", "bridge", register, "--ask", str(questions)]) == 1
    assert "already there" in capsys.readouterr().err
    assert main(["commission", "bridge", register]) == 2
    assert "neither --ask nor --answers is given" in capsys.readouterr().err
    assert main(["commission", "bridge", register, "--answers", str(questions)]) == 1
    assert "'Discount rate' is missing" in capsys.readouterr().err
    # What the form misses and what the questions miss come in one message.
    answered_in_part = questions.read_text(encoding="utf-8").replace(
        "measure: trees", "measure: trees\n    counts: yes"
    )
    questions.write_text(answered_in_part, encoding="utf-8")
    assert main(["commission", "bridge", register, "--answers", str(questions)]) == 1
    said = capsys.readouterr().err
    assert "'Discount rate' is missing" in said
    assert "'trees' counts, and its deadweight is not answered" in said


def test_nothing_is_written_over_the_files_that_were_read(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register = paper / "register.yaml"
    before = register.read_bytes()
    asked = ["--answers", str(paper / "answers.xlsx"), "--to", str(register), "--force"]
    assert main(["commission", "bridge", str(register), *asked]) == 1
    assert "this would write over the register" in capsys.readouterr().err
    assert register.read_bytes() == before
