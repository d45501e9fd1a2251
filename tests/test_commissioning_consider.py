"""The consideration record: whether the Act of 2012 applies, what a careful reader asks, the paper to sign."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sroi.cli import main
from sroi.commissioning.bodies import BODIES
from sroi.commissioning.consider.checks import points_of
from sroi.commissioning.consider.form import DECISIONS, EXAMPLE, FORM, NATURES, PROVISIONS
from sroi.commissioning.consider.record import Record, read_record
from sroi.commissioning.consider.scope import scope_of
from sroi.commissioning.consider.short_form import EXAMPLE as SHORT_EXAMPLE
from sroi.commissioning.consider.short_form import FORM as SHORT_FORM
from sroi.commissioning.consider.telling import Considered, consider, lines, tell_consider
from sroi.errors import FileRefused
from sroi.files.form_writer import form_bytes
from sroi.reports.blocks import Table

pytestmark = pytest.mark.usefixtures("warm_notebooks")


def written(folder: Path, changes: dict[str, Any] | None = None, ending: str = ".yaml", **parts: Any) -> Path:
    """Write the example with some entries of its record changed (None takes one out), and parts replaced."""
    rows = copy.deepcopy(dict(EXAMPLE))
    rows["record"] = {**rows["record"], **(changes or {})}
    path = folder / f"record{ending}"
    path.write_bytes(form_bytes(FORM, {**rows, **parts}, ending))
    return path


def considered(folder: Path, changes: dict[str, Any] | None = None, **parts: Any) -> Considered:
    return consider(read_record(written(folder, changes, **parts)))


def kinds(what: Considered) -> list[tuple[str, str]]:
    return [(each.kind, each.severity) for each in what.points]


@pytest.mark.parametrize("ending", [".xlsx", ".yaml"])
def test_the_example_is_ready_to_sign(ending: str, tmp_path: Path) -> None:
    done = consider(read_record(written(tmp_path, ending=ending)))
    assert done.scope.applies is True
    assert done.points == ()
    assert done.stands
    assert [each.id for each in done.scope.others] == ["npps_2025"]
    assert done.record.procurement_begins == date(2025, 3, 10)
    assert len(done.record.matters) == 5


# ---- the duties ----


@pytest.mark.parametrize(
    ("changes", "parts", "point"),
    [
        ({"securing": None}, {"matters": [{"pillar": each, "matter": "m", "how": "h", "relevant": True, "proportionate": True, "decision": "later"} for each in ("economic", "social", "environmental")]}, ("securing", "s.1(3)(b)")),
        ({}, {"matters": []}, ("improvement", "s.1(3)(a)")),
        ({"consultation_considered": None}, {"consultation": []}, ("consultation", "s.1(7)")),
        ({"consultation_considered": True}, {"consultation": []}, ("not_consulted", "s.1(7)")),
        ({"decided": None}, {}, ("undated", "s.1(3)")),
        ({"decided": "2025-03-11"}, {}, ("too_late", "s.1(3)")),
        ({"decision": None}, {}, ("no_decision", "")),
        ({"urgent": True, "urgency_not_own": True}, {}, ("urgency", "s.1(8)")),
        ({"urgent": True, "urgency_reason": "flood", "urgency_not_own": False}, {}, ("urgency", "s.1(9)")),
    ],
)  # fmt: skip
def test_a_duty_that_is_not_met_weighs_high_where_the_act_applies(
    changes: dict[str, Any], parts: dict[str, Any], point: tuple[str, str], tmp_path: Path
) -> None:
    done = considered(tmp_path, changes, **parts)
    assert point in [(each.kind, each.duty) for each in done.points if each.severity == "high"]
    assert not done.stands
    assert "not ready to sign" in "\n".join(lines(done))


@pytest.mark.parametrize(
    ("decided", "kind"),
    [("2025-03-09", None), ("2025-03-10", ("same_day", "medium")), ("2025-03-11", ("too_late", "high"))],
)
def test_the_record_comes_before_the_procurement_starts(decided: str, kind: Any, tmp_path: Path) -> None:
    found = kinds(considered(tmp_path, {"decided": decided}))
    assert found == ([kind] if kind else [])


def test_only_matters_that_belong_and_are_in_proportion_may_be_taken_up(tmp_path: Path) -> None:
    rows = copy.deepcopy(EXAMPLE["matters"])
    rows[0]["relevant"] = False
    rows[1]["proportionate"] = False
    rows[2] |= {"relevant": None, "proportionate": None, "secured_by": None}
    rows[4]["reason"] = None
    found = kinds(considered(tmp_path, matters=rows))
    assert found == [
        ("relevance", "high"), ("proportion", "high"), ("relevance", "medium"), ("proportion", "medium"),
        ("not_secured", "medium"), ("no_reason", "low"),
    ]  # fmt: skip
    rows[0]["decision"] = "leave_out"  # what does not belong is rightly left out
    assert ("relevance", "high") not in kinds(considered(tmp_path, matters=rows))


def test_each_of_the_three_kinds_of_well_being_is_asked_for(tmp_path: Path) -> None:
    done = considered(tmp_path, matters=EXAMPLE["matters"][:2])
    assert [each.what for each in done.points if each.kind == "pillar"] == [
        "nothing is said of social well-being", "nothing is said of environmental well-being",
    ]  # fmt: skip


def test_who_was_not_asked_and_who_was_asked_too_late_is_named(tmp_path: Path) -> None:
    asked = copy.deepcopy(EXAMPLE["consultation"])
    asked[0]["when"] = "2025-01-21"
    asked[1]["when"] = "2025-03-10"
    found = {each.what for each in considered(tmp_path, consultation=asked[:2]).points}
    assert found == {
        "Millbrook Voluntary Action: asked on 2025-01-21, after the decision of 2025-01-20",
        "Friends of Riverside Park: asked on 2025-03-10, when the procurement had begun",
        "nobody was asked of: staff",
    }


def test_a_reason_for_asking_nobody_is_enough(tmp_path: Path) -> None:
    changes = {"no_consultation_reason": "The last survey of users is four months old."}
    assert considered(tmp_path, changes, consultation=[]).points == ()


def test_urgency_excuses_what_could_not_be_done_and_no_more(tmp_path: Path) -> None:
    urgent = {"urgent": True, "urgency_reason": "The depot burnt down.", "urgency_not_own": True}
    changes = {**urgent, "consultation_considered": None, "decided": "2025-03-11"}
    found = kinds(considered(tmp_path, changes, consultation=[]))
    assert ("not_consulted", "low") in found
    assert ("too_late", "high") in found


# ---- whether the Act applies ----


@pytest.mark.parametrize(
    ("changes", "applies", "words"),
    [
        ({"provision": "in_house"}, False, "this is provided in house"),
        ({"nature": "goods"}, False, "this is for goods"),
        ({"nature": "works"}, False, "this is for works"),
        ({"nature": "framework_mainly_services"}, True, "a framework agreement mainly for services"),
        ({"regulated": False}, False, "below the threshold"),
        ({"regulated": None}, None, "of that day no amount was seen"),
        ({"body": "devolved_welsh"}, False, "does not bind a devolved Welsh body"),
        ({"body": "scottish"}, False, "it is of England and Wales"),
        ({"body": "private"}, False, "binds contracting authorities"),
        ({"body": "private_utility"}, None, "was not seen"),
        ({"body": "nhs"}, True, "an NHS body"),
    ],
)
def test_the_act_binds_some_buyers_for_some_contracts(
    changes: dict[str, Any], applies: bool | None, words: str, tmp_path: Path
) -> None:
    done = considered(tmp_path, changes)
    assert done.scope.applies is applies
    assert words in done.scope.sentence()


def test_wales_and_scotland_have_duties_of_their_own(tmp_path: Path) -> None:
    welsh = "\n".join(lines(considered(tmp_path, {"body": "devolved_welsh"})))
    assert "Other duty: Well-being of Future Generations (Wales) Act 2015" in welsh
    assert "Social Partnership and Public Procurement (Wales) Act 2023" in welsh
    scottish = "\n".join(lines(considered(tmp_path, {"body": "scottish"})))
    assert "Other duty: Sustainable procurement duty (Procurement Reform (Scotland) Act 2014, section 9)" in scottish
    assert "The record serves all the same" in scottish


@pytest.mark.parametrize(("value", "applies"), [(207_719.99, False), (207_720, None), (207_720.01, True)])
def test_the_threshold_of_2026_decides_where_the_record_does_not_say(
    value: float, applies: bool | None, tmp_path: Path
) -> None:
    changes = {"regulated": None, "value_with_vat": value, "procurement_begins": "2026-05-01", "decided": "2026-04-01"}
    assert considered(tmp_path, changes).scope.applies is applies


def test_where_the_act_does_not_apply_its_duties_are_good_practice(tmp_path: Path) -> None:
    found = kinds(considered(tmp_path, {"provision": "in_house", "decision": None}, consultation=[]))
    assert ("not_consulted", "low") in found
    assert ("no_decision", "medium") in found
    assert all(severity != "high" for _, severity in found)


# ---- the short form ----


def short(folder: Path, **changes: Any) -> Considered:
    path = folder / "short.xlsx"
    record = {**SHORT_EXAMPLE["short_record"], **changes}
    path.write_bytes(form_bytes(SHORT_FORM, {"short_record": record}, ".xlsx"))
    return consider(read_record(path))


def test_the_short_form_is_known_by_its_sheet_and_asks_less(tmp_path: Path) -> None:
    done = short(tmp_path)
    assert done.record.short
    assert [each.pillar for each in done.record.matters] == ["economic", "social", "environmental"]
    assert (done.points, done.scope.applies) == ((), False)


def test_the_short_form_has_the_same_duties(tmp_path: Path) -> None:
    bound = {"body": "local_government", "regulated": True}
    assert kinds(short(tmp_path, **bound)) == [("short", "low")]
    found = kinds(
        short(tmp_path, **bound, social=None, securing=None, consulted=None, proportion=None, decided="2025-05-13")
    )
    assert found[:4] == [
        ("securing", "high"),
        ("consultation", "high"),
        ("not_consulted", "high"),
        ("too_late", "high"),
    ]
    assert ("pillar", "medium") in found
    assert ("relevance", "medium") in found


# ---- every record can be told ----

_TEXT = st.sampled_from(["", "words", "=SUM(A1)", "<b>x</b>", "{{ 7*7 }}"])
_MAYBE = st.sampled_from([True, False, None])
_DAY = st.one_of(st.none(), st.integers(0, 6000).map(lambda days: date(2012, 1, 1) + timedelta(days=days)))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return read_record(written(tmp_path_factory.mktemp("whole")))


@given(data=st.data())
def test_any_record_is_weighed_and_told_without_a_fault(data: st.DataObject, whole: Record) -> None:
    matter = replace(
        whole.matters[0], relevant=data.draw(_MAYBE), proportionate=data.draw(_MAYBE), secured_by=data.draw(_TEXT),
        decision=data.draw(st.sampled_from([*DECISIONS, ""])), reason=data.draw(_TEXT),
    )  # fmt: skip
    record = replace(
        whole, body=data.draw(st.sampled_from(sorted(BODIES))), provision=data.draw(st.sampled_from(sorted(PROVISIONS))),
        nature=data.draw(st.sampled_from(sorted(NATURES))), regulated=data.draw(_MAYBE), short=data.draw(st.booleans()),
        value_with_vat=data.draw(st.one_of(st.none(), st.floats(0, 1e9))), decided=data.draw(_DAY),
        procurement_begins=data.draw(_DAY), decision=data.draw(_TEXT), urgent=data.draw(st.booleans()),
        urgency_not_own=data.draw(_MAYBE), urgency_reason=data.draw(_TEXT), securing=data.draw(_TEXT),
        matters=data.draw(st.sampled_from([(), (matter,), whole.matters])),
        consultation=data.draw(st.sampled_from([(), whole.consultation])), no_consultation_reason=data.draw(_TEXT),
    )  # fmt: skip
    done = consider(record)
    json.dumps(done.to_dict(), allow_nan=False)
    assert lines(done)
    story = tell_consider(done)
    assert story.names == [
        "record",
        "improvements",
        "securing",
        "consultation",
        "objectives",
        "decision",
        "open",
        "law",
    ]
    for section in story.sections:
        for block in section.blocks:
            assert not isinstance(block, Table) or all(len(row) == len(block.headings) for row in block.rows)
    if record.decided and record.procurement_begins and record.decided > record.procurement_begins:
        assert "too_late" in [each.kind for each in done.points]
    if scope_of(record).applies is False:
        assert all(each.severity != "high" for each in points_of(record, scope_of(record)))


# ---- files, command, paper ----


def test_faults_of_a_file_are_told_by_place(tmp_path: Path) -> None:
    path = written(tmp_path, {"body": "goverment", "value_with_vat": -3, "decided": "20 January"})
    with pytest.raises(FileRefused) as refused:
        read_record(path)
    told = str(refused.value)
    assert "3 problems" in told
    assert "'Kind of body': 'goverment' is not one of the choices here" in told
    assert "'Decided on': '20 January' is not a date" in told
    assert told.count("line ") == 3


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"- a", b"record: 3", b"short_record: [1]", b"PK\x03\x04", b"\xff\xfe\x00"]
)
@pytest.mark.parametrize("ending", [".yaml", ".xlsx", ".json"])
def test_what_is_no_record_is_refused_in_words(
    content: bytes, ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"odd{ending}"
    path.write_bytes(content)
    assert main(["commission", "consider", str(path)]) == 1
    assert f"odd{ending}" in capsys.readouterr().err


def test_the_command_says_how_the_record_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, {"decided": "2025-03-11"}, ".xlsx")
    assert main(["commission", "consider", str(path), "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["stands"] is False
    assert document["points"][0]["kind"] == "too_late"
    assert document["record"]["decided"] == "2025-03-11"
    assert main(["commission", "consider", str(path), "--strict"]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "the record is of 2025-03-11, and the procurement began on 2025-03-10" in out
    assert "sheet Record, cell B" in out
    assert "not legal advice" in out


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("paper")
    path = written(folder, ending=".xlsx")
    assert main(["commission", "consider", str(path), "--out", str(folder / "out")]) == 0
    return folder / "out"


def test_the_paper_is_a_record_to_sign(paper: Path) -> None:
    page = (paper / "consider.html").read_text(encoding="utf-8")
    for words in (
        "The Public Services (Social Value) Act 2012 applies", "Friends of Riverside Park", "Signature", "Cooler streets by 2030",
        "illustrative: invented figures", "Consider whether to undertake any consultation (s.1(7))", "not legal advice",
    ):  # fmt: skip
        assert words in page
    assert json.loads((paper / "result.json").read_text(encoding="utf-8"))["stands"] is True
    assert (paper / "consider.docx").stat().st_size > 10_000
