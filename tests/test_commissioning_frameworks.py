"""Frameworks as data, and which model a procurement is under: the named one, else what could apply by its first day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sroi.cli import main
from sroi.commissioning.bodies import BODIES, CENTRAL, duties_of
from sroi.commissioning.frameworks.framework import Framework
from sroi.commissioning.frameworks.searching import search
from sroi.commissioning.frameworks.shipped import MODELS, framework, frameworks, named_framework
from sroi.commissioning.frameworks.which import ASK_NAME, Answer, which_model
from sroi.errors import MethodRefused, NameRefused
from sroi.evidence.licences import closed_work

pytestmark = pytest.mark.usefixtures("warm_notebooks")

every_framework = pytest.mark.parametrize("each", frameworks(), ids=lambda each: each.id)


def required(answer: Answer) -> list[tuple[str, float | None]]:
    return [(each.framework.id, each.percent) for each in answer.required]


# ---- which model ----


@pytest.mark.parametrize(
    ("began", "value", "model", "percent"),
    [
        (date(2026, 12, 31), 8_000_000, "ppn_002", 10),
        (date(2027, 1, 1), 8_000_000, "ppn_026", 20),
        (date(2027, 3, 1), 5_000_000, "ppn_026", 20),
        (date(2027, 3, 1), 2_000_000, "ppn_026", 10),
        (date(2027, 3, 1), 500_000, None, None),
    ],
)
def test_the_public_rule_fixtures_for_ppn_026_come_out(
    began: date, value: float, model: str | None, percent: float | None
) -> None:
    for body in CENTRAL:
        answer = which_model(began=began, body=body, value_with_vat=value)
        assert required(answer) == ([] if model is None else [(model, percent)])
        assert answer.model is None  # the program never chooses: it asks
        assert answer.questions[0] == ASK_NAME


@pytest.mark.parametrize(
    ("value", "percent"), [(999_999.99, None), (1_000_000, 10), (4_999_999.99, 10), (5_000_000, 20), (5_000_000.01, 20)]
)
def test_the_weight_of_ppn_026_turns_at_one_and_at_five_million_themselves(value: float, percent: float | None) -> None:
    answer = which_model(began=date(2027, 1, 1), body="ndpb", value_with_vat=value)
    assert required(answer) == ([] if percent is None else [("ppn_026", percent)])
    if percent is None:
        assert "below £1,000,000" in answer.candidates[0].why[0]


@pytest.mark.parametrize(
    ("began", "models"),
    [
        (date(2020, 12, 31), []),
        (date(2021, 1, 1), ["ppn_06_20"]),
        (date(2025, 2, 23), ["ppn_06_20"]),
        (date(2025, 2, 24), ["ppn_06_20", "ppn_002"]),
        (date(2025, 9, 30), ["ppn_06_20", "ppn_002"]),
        (date(2025, 10, 1), ["ppn_002"]),
        (date(2026, 12, 31), ["ppn_002"]),
        (date(2027, 1, 1), ["ppn_026"]),
    ],
)
def test_the_days_on_which_models_follow_and_overlap(began: date, models: list[str]) -> None:
    answer = which_model(began=began, body="central_government", value_with_vat=6_000_000)
    assert [each.framework.id for each in answer.required] == models
    standing = "one_of" if len(models) == 2 else "required"
    assert all(each.standing == standing for each in answer.required)


def test_a_local_authority_may_adopt_ppn_002_and_is_not_bound() -> None:
    answer = which_model(began=date(2025, 3, 10), body="Local government", value_with_vat=6_000_000)
    standings = {each.framework.id: each.standing for each in answer.candidates}
    assert standings == {"ppn_06_20": "not_required", "ppn_002": "may_be_adopted"}
    assert required(answer) == []


@pytest.mark.parametrize("body", ["private_utility", "defence_security"])
def test_bodies_outside_ppn_002_are_told_so(body: str) -> None:
    answer = which_model(began=date(2026, 1, 5), body=body)
    assert [each.standing for each in answer.candidates] == ["not_in_scope"]
    assert answer.candidates[0].weight_words() == "none"


def test_the_model_that_the_tender_names_holds_whatever_the_day() -> None:
    answer = which_model("PPN 06/20", began=date(2026, 5, 1), body="ndpb")
    assert answer.model is not None
    assert answer.model.framework.id == "ppn_06_20"
    assert answer.model.standing == "other_days"
    assert "Ask the buyer whether the name is right" in answer.notes[0]
    early = which_model("PPN 026", began=date(2026, 12, 31), body="ndpb", value_with_vat=6e6)
    assert early.model is not None
    assert (early.model.framework.id, early.model.percent) == ("ppn_026", 20)


def test_a_model_that_is_not_shipped_is_still_the_one_to_use() -> None:
    answer = which_model("Millbrook local measures 2025", began=date(2025, 3, 10), body="local_government")
    assert (answer.model, answer.candidates) == (None, ())
    assert "that is the model to use" in answer.notes[0]
    assert "names goals" in which_model("SDGs").notes[0]


def test_what_is_not_known_is_asked() -> None:
    answer = which_model()
    assert [each.standing for each in answer.candidates] == ["depends"] * 3
    assert len(answer.questions) == 4
    later = which_model(began=date(2027, 2, 1), body="ndpb")
    assert required(later) == [("ppn_026", None)]
    assert later.candidates[0].weight_words() == "at least 10 % or 20 %: the contract's value with VAT decides"
    assert "estimated value with VAT" in later.questions[-1]


def test_a_contract_below_the_threshold_of_2026_is_outside_ppn_002() -> None:
    below = which_model(began=date(2026, 3, 1), body="ndpb", value_with_vat=135_017)
    assert required(below) == []
    assert "below the threshold of £135,018" in below.candidates[0].why[0]
    assert required(which_model(began=date(2026, 3, 1), body="ndpb", value_with_vat=135_018)) == [("ppn_002", 10)]
    works = which_model(began=date(2026, 3, 1), body="ndpb", value_with_vat=5_000_000, contract="works")
    assert required(works) == []
    # The amounts of earlier years were not seen: nothing is said of them.
    assert required(which_model(began=date(2025, 11, 1), body="ndpb", value_with_vat=1)) == [("ppn_002", 10)]


def test_call_offs_keep_an_earlier_model() -> None:
    notes = which_model(began=date(2027, 1, 1), body="ndpb").notes
    assert any("PPN 06/20: A framework agreement awarded on this model continues" in note for note in notes)
    assert any("PPN 002: A contract keeps the model" in note for note in notes)


def test_wrong_words_are_refused_with_the_nearest() -> None:
    with pytest.raises(NameRefused, match="Did you mean 'local_government'"):
        which_model(body="local goverment")
    with pytest.raises(MethodRefused, match="goods_services or works"):
        which_model(contract="service")
    with pytest.raises(MethodRefused, match="no value of a contract"):
        which_model(value_with_vat=float("nan"))


@given(st.integers(0, 2600), st.sampled_from(CENTRAL))
def test_every_day_from_2021_has_one_model_or_two_to_choose_from(days: int, body: str) -> None:
    answer = which_model(began=date(2021, 1, 1) + timedelta(days=days), body=body, value_with_vat=6e6)
    assert 1 <= len(answer.required) <= 2
    assert {each.standing for each in answer.required} == {"one_of" if len(answer.required) == 2 else "required"}


@given(st.sampled_from(sorted(set(BODIES) - set(CENTRAL))), st.integers(0, 2600), st.floats(0, 1e9))
def test_nothing_is_required_of_other_bodies(body: str, days: int, value: float) -> None:
    answer = which_model(began=date(2021, 1, 1) + timedelta(days=days), body=body, value_with_vat=value)
    assert answer.required == ()
    json.dumps(answer.to_dict(), allow_nan=False)


def test_each_kind_of_body_has_its_own_duties() -> None:
    assert [each.id for each in duties_of("local_government")] == ["psva_2012", "npps_2025"]
    assert [each.id for each in duties_of("devolved_welsh")] == ["wfg_2015", "sppp_2023"]
    assert "scotland_community_benefits" in [each.id for each in duties_of("scottish")]
    assert duties_of("private") == duties_of("northern_ireland") == ()


# ---- what is shipped ----


def test_the_models_hold_what_was_seen_and_say_what_was_not() -> None:
    old, new, newest = (framework(each) for each in MODELS)
    assert [len(each.themes) for each in (old, new, newest)] == [5, 5, 1]
    assert len(list(old.outcomes())) == 8
    assert [each.code for *_, each in new.measures()] == ["1a", "1b", "1c", "1d", "1e"]
    assert [each.label for *_, each in newest.measures()] == [
        "Create and retain high quality jobs", "Fair working conditions", "Fair pay", "Training and retraining",
        "In-work progression", "Talent pipeline",
    ]  # fmt: skip
    assert not any(each.complete for each in (old, new, newest))
    assert all(each.missing and each.official_pages for each in (old, new, newest))
    assert "scoring scale" in old.missing[2]
    assert [(each.what, each.number) for each in old.counts] == [
        ("themes", 5), ("policy outcomes", 8), ("reporting metrics", 52),
    ]  # fmt: skip
    codes = [each.code for *_, each in old.measures() if each.code]
    assert codes == ["MAC 2.1"]  # no other code was seen


def test_the_goals_are_seven_five_eleven_and_seventeen() -> None:
    wales = framework("wales_wellbeing_2015")
    assert [len(theme.outcomes) for theme in wales.themes] == [7, 5]
    assert len(list(framework("scotland_outcomes_2018").outcomes())) == 11
    goals = [outcome for _, outcome in framework("un_goals").outcomes()]
    assert [goal.number for goal in goals] == list(range(1, 18))
    assert (goals[0].name, goals[0].summary) == ("No poverty", "End poverty in all its forms everywhere")


@every_framework
def test_every_item_says_where_it_was_seen(each: Framework) -> None:
    for item in each.items():
        assert item.seen, item.id
        assert set(item.seen) <= set(each.sources), item.id
        assert item.sureness in ("A", "B")
        assert item.origin == "shipped"
    if each.use is not None:
        assert set(each.use.bodies) | set(each.use.may_adopt) | set(each.use.out) <= set(BODIES)
    assert each.complete or each.missing
    assert each.licence
    assert each.attribution


@every_framework
def test_no_shipped_framework_holds_a_value_or_closed_words(each: Framework) -> None:
    assert all(measure.proxy is None for *_, measure in each.measures())
    assert closed_work(each.model_dump_json()) is None


@every_framework
def test_ids_are_unique_within_their_kind(each: Framework) -> None:
    keys = [(type(item).__name__, item.id) for item in each.items()]
    assert len(set(keys)) == len(keys)


def test_a_framework_is_found_by_the_words_of_a_tender() -> None:
    for words in ("PPN 002", "ppn_002", "PPN 02", "Social Value Model 2025"):
        found = named_framework(words)
        assert found is not None
        assert found.id == "ppn_002"
    assert named_framework("Social Value Model") is None  # three models are called so


def test_a_search_wants_every_word_in_any_case() -> None:
    assert [hit.item.id for hit in search(frameworks(), ["DISABLED", "skills"])] == ["4.1-b"]
    assert search(frameworks(), []) == search(frameworks(), ["zeppelin"]) == []


# ---- the command ----


def test_the_command_lists_shows_and_searches(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["commission", "frameworks"]) == 0
    listed = capsys.readouterr().out
    assert all(each.id in listed for each in frameworks())
    assert main(["commission", "frameworks", "ppn_002"]) == 0
    shown = capsys.readouterr().out
    assert "Not seen, and left empty:" in shown
    assert "--to my_ppn_002.xlsx" in shown
    assert main(["commission", "frameworks", "--search", "modern", "slavery"]) == 0
    assert "1 item of 6 frameworks holds “modern slavery”." in capsys.readouterr().out


def test_the_command_answers_which_model(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = ["--which", "--began", "2027-03-01", "--body", "ndpb", "--value", "5000000"]
    assert main(["commission", "frameworks", *asked]) == 0
    out = capsys.readouterr().out
    assert "required; weight: at least 20 % of the total score" in out.replace("\u00a0", " ")
    assert ASK_NAME in out
    assert "not legal advice" in out
    assert main(["commission", "frameworks", *asked, "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["which"]["candidates"][0]["minimum_percent"] == 20
    assert document["which"]["model"] is None


def test_the_command_refuses_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["commission", "frameworks", "ppn_0020"]) == 2
    assert "Did you mean 'ppn_002'?" in capsys.readouterr().err
    assert main(["commission", "frameworks", "--began", "10/3/2025", "--value", "6,000,000"]) == 2
    told = capsys.readouterr().err
    assert "the first day: '10/3/2025' is not a date" in told
    assert "Did you mean 6000000?" in told
    assert main(["commission", "frameworks", "--out", "paper"]) == 2
    assert "a paper needs something to tell" in capsys.readouterr().err
