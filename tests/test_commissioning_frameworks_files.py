"""Frameworks in files: a shipped model completed and loaded again, somebody's own workbook, what may not leave."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml

from sroi.cli import main
from sroi.commissioning.frameworks.documents import measure_rows, to_dict
from sroi.commissioning.frameworks.filled import form_of_framework, read_framework, rows_of
from sroi.commissioning.frameworks.form import EXAMPLE, FORM
from sroi.commissioning.frameworks.framework import Framework
from sroi.commissioning.frameworks.lines import framework_lines
from sroi.commissioning.frameworks.mapped import mapped_framework
from sroi.commissioning.frameworks.mapping_form import EXAMPLE as MAPPING
from sroi.commissioning.frameworks.mapping_form import FORM as MAPPING_FORM
from sroi.commissioning.frameworks.shipped import framework, frameworks
from sroi.commissioning.frameworks.telling import tell_frameworks
from sroi.errors import FileRefused
from sroi.files.form_writer import form_bytes
from sroi.reports.blocks import Story

pytestmark = pytest.mark.usefixtures("warm_notebooks")

# A made-up value that no other text of a test holds.
PLANTED = 7351.37
TRACES = ("7351.37", "7,351.37", "7351,37", "7351")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a workbook as people keep them: title rows, merged themes, amounts as text, a repeated row, no unit."""
    rows: list[Sequence[Any]] = [
        ["Our measures (invented)"],
        [],
        ["Theme", "Outcome", " Ref ", "Measure\ndescription", "Unit", "Proxy value\n(GBP)", "Internal"],
        ["Jobs", "Work for local people", "J1", "Weeks of training", "week", "£1,234.50", "x"],
        [None, None, "J2", "Jobs kept", "job", PLANTED, "x"],
        [None, "Skills", "J3", "School visits", "", "n/a", "x"],
        ["Nature", "Trees", "N1", "Trees planted", "tree", 12, "x"],
        [None, None, "N1", "Trees planted", "tree", 12, "x"],
    ]
    path = tmp_path / "ours.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Measures")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, value)
        sheet.merge_range(3, 0, 5, 0, "Jobs")
    return path


def mapping(folder: Path, **changes: Any) -> Path:
    rows: dict[str, Any] = dict(MAPPING)
    rows["columns"] = [
        {"field": "theme", "heading": "theme"},
        {"field": "outcome", "heading": "Outcome"},
        {"field": "code", "heading": "Ref"},
        {"field": "measure", "heading": "Measure description"},
        {"field": "unit", "heading": "UNIT"},
        {"field": "proxy", "heading": "Proxy value (GBP)"},
    ]
    for part, value in changes.items():
        rows[part] = {**rows[part], **value} if isinstance(value, dict) else value
    path = folder / "mapping.yaml"
    path.write_bytes(form_bytes(MAPPING_FORM, rows, ".yaml"))
    return path


# ---- a user's own workbook ----


def test_a_messy_workbook_is_read_and_what_was_done_is_told(book: Path, tmp_path: Path) -> None:
    own = mapped_framework(book, mapping(tmp_path))
    read = [(theme.name, outcome.name, each.code, each.unit, each.proxy) for theme, outcome, each in own.measures()]
    assert read == [
        ("Jobs", "Work for local people", "J1", "week", 1234.5),
        ("Jobs", "Work for local people", "J2", "job", PLANTED),
        ("Jobs", "Skills", "J3", "", None),
        ("Nature", "Trees", "N1", "tree", 12.0),
    ]
    told = "\n".join(own.remarks)
    assert "Merged cells whose theme was carried down (2): sheet Measures, cell A5; sheet Measures, cell A6." in told
    assert "Empty cells whose outcome was carried down (2): sheet Measures, cell B5; sheet Measures, cell B8." in told
    assert "Measures without a unit (1): sheet Measures, cell E6." in told
    assert "Measures without a value (1): sheet Measures, cell F6." in told
    assert "Amounts written as text, read as numbers (1): sheet Measures, cell F4." in told
    assert "Rows that repeat another and count once (1): sheet Measures, cell D8 (as row 7)." in told
    assert "Columns left out (1): internal." in told
    assert own.edition == "2025"


def test_an_outcome_is_never_carried_into_the_next_theme(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("Theme,Outcome,Measure\nA,One,first\nB,,second\n", encoding="utf-8")
    columns = [{"field": each.lower(), "heading": each} for each in ("Theme", "Outcome", "Measure")]
    own = mapped_framework(path, mapping(tmp_path, columns=columns, table={"sheet": None, "heading_row": 1}))
    assert [(theme.name, outcome.name) for theme, outcome in own.outcomes()] == [
        ("A", "One"),
        ("B", "Without an outcome"),
    ]


def test_every_fault_of_a_workbook_comes_in_one_message(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(
        "Ref,Measure,Value\nA1,First,ten pounds\nA1,Second,-5\n,,7\nA4,Fourth,12%\nA5,Fifth,€9\n", encoding="utf-8"
    )
    columns = [{"field": "code", "heading": "Ref"}, {"field": "measure", "heading": "Measure"}, {"field": "proxy", "heading": "Value"}]  # fmt: skip
    with pytest.raises(FileRefused) as refused:
        mapped_framework(path, mapping(tmp_path, columns=columns, table={"sheet": None, "heading_row": 1}))
    told = str(refused.value)
    assert "cell C2: the value: 'ten pounds' stands where a number belongs" in told
    assert "cell C3: the value: a negative or impossible amount" in told
    assert "cell B4: a row with proxy has no measure" in told
    assert "cell C5: the value: a per cent stands where money belongs" in told
    assert "cell C6: the value is in EUR, and the mapping says GBP" in told
    assert "'A1' stands in row 2 too, with other entries" in told


def test_formulas_without_a_value_errors_and_hidden_rows_are_told(tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("M")
        sheet.write_row(0, 0, ["Measure", "Unit"])
        sheet.write_row(1, 0, ["Hours", "hour"])
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.write_formula(2, 0, "=A2&A2", value="#REF!")
        sheet.write_row(3, 0, ["Trees", "#N/A"])
    columns = [{"field": "measure", "heading": "Measure"}, {"field": "unit", "heading": "Unit"}]
    rules = mapping(tmp_path, columns=columns, table={"sheet": "M", "heading_row": 1})
    with pytest.raises(FileRefused) as refused:
        mapped_framework(path, rules)
    assert "cell A3: the cell holds the error #REF!" in str(refused.value)
    assert "cell B4: the cell holds the error #N/A" in str(refused.value)
    rules = mapping(tmp_path, columns=columns, table={"sheet": "M", "heading_row": 1, "last_row": 2})
    own = mapped_framework(path, rules)
    assert "Hidden rows, read like the others (1): sheet M, cell A2." in own.remarks


def test_a_heading_that_is_not_there_is_named_with_the_nearest(book: Path, tmp_path: Path) -> None:
    columns = [{"field": "measure", "heading": "Mesure description"}]
    with pytest.raises(FileRefused, match=r"has no heading 'Mesure description'.*Did you mean 'measure description'"):
        mapped_framework(book, mapping(tmp_path, columns=columns))
    with pytest.raises(FileRefused, match="does not say which column holds the measure"):
        mapped_framework(book, mapping(tmp_path, columns=[{"field": "unit", "heading": "Unit"}]))
    with pytest.raises(FileRefused, match=r"no sheet 'Mesures'\. Did you mean 'Measures'"):
        mapped_framework(book, mapping(tmp_path, table={"sheet": "Mesures"}))


def test_a_workbook_without_its_mapping_says_what_to_do(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["commission", "frameworks", str(book)]) == 1
    assert "say how it is read: --mapping FILE" in capsys.readouterr().err


@pytest.mark.parametrize(
    "hostile", ['=HYPERLINK("http://x","y")', "<script>alert(1)</script>", "{{ 7*7 }}", "\u202eevil"]
)
def test_hostile_words_stay_words(hostile: str, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["Measure", "Unit"], [hostile, "each"]])
    columns = [{"field": "measure", "heading": "Measure"}, {"field": "unit", "heading": "Unit"}]
    own = mapped_framework(path, mapping(tmp_path, columns=columns, table={"sheet": None, "heading_row": 1}))
    json.dumps(to_dict(own))
    assert len(list(own.measures())) == 1


# ---- what may not leave ----


def everything(folder: Path) -> str:
    """Return all that stands in the files of a folder, those within workbooks and Word documents too."""
    texts = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                texts += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        else:
            texts.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(texts)


@pytest.mark.slow
def test_a_private_value_leaves_in_nothing(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    named = ["commission", "frameworks", str(book), "--mapping", str(mapping(tmp_path))]
    assert main([*named, "--out", str(out), "--json", str(tmp_path / "out.json")]) == 0
    said = capsys.readouterr().out
    (out / "printed.txt").write_text(said, encoding="utf-8")
    (out / "out.json").write_bytes((tmp_path / "out.json").read_bytes())
    assert main([*named, "--search", "jobs", "--json", "-"]) == 0
    (out / "search.txt").write_text(capsys.readouterr().out, encoding="utf-8")
    left = everything(out)
    assert "Jobs kept" in left
    assert "3 values are held back" in said
    assert [trace for trace in TRACES if trace in left] == []
    assert {path.name for path in out.iterdir()} >= {"frameworks.html", "frameworks.docx", "result.json", "tables"}


def test_writing_a_private_framework_is_refused_whole_unless_its_holder_says_so(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "again.xlsx"
    named = ["commission", "frameworks", str(book), "--mapping", str(mapping(tmp_path)), "--to", str(target)]
    assert main(named) == 1
    assert "does not say that it may be passed on" in capsys.readouterr().err
    assert not target.exists()
    assert main([*named, "--allow-private"]) == 0
    assert [each.proxy for *_, each in read_framework(target).measures()] == [1234.5, PLANTED, None, 12.0]


def test_with_leave_the_value_is_shown(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = mapping(tmp_path, framework={"passing_on": True})
    assert main(["commission", "frameworks", str(book), "--mapping", str(rules), "--json", "-"]) == 0
    values = [
        measure["proxy"]
        for theme in json.loads(capsys.readouterr().out)["framework"]["themes"]
        for outcome in theme["outcomes"]
        for measure in outcome["measures"]
    ]
    assert values == [1234.5, PLANTED, None, 12.0]


def test_texts_that_may_repeat_a_value_are_held_back_too(tmp_path: Path) -> None:
    rows = json.loads(json.dumps(EXAMPLE, default=str))
    rows["framework"]["passing_on"] = False
    rows["measures"][0] |= {
        "definition": f"Each is worth {PLANTED} pounds", "name": "Weeks (£7,351 each, or 7,351.37)", "proxy": PLANTED,
        "wording": f"{PLANTED}", "unit": "a week at £7351.37", "note": f"{PLANTED}",
    }  # fmt: skip
    rows["themes"][0]["summary"] = rows["outcomes"][0]["note"] = f"{PLANTED} each"
    path = tmp_path / "own.yaml"
    path.write_bytes(form_bytes(FORM, rows, ".yaml"))
    own = read_framework(path)
    shown = (
        "\n".join(framework_lines(own))
        + json.dumps(to_dict(own))
        + str(measure_rows(own))
        + str(tell_frameworks(own, None))
    )
    assert [trace for trace in TRACES if trace in shown] == []
    assert "Weeks (£.. each, or ..)" in shown
    assert str(PLANTED) in json.dumps(to_dict(own, allowed=True))


def test_a_value_added_to_a_shipped_model_is_held_back_and_the_model_is_not(tmp_path: Path) -> None:
    rows = json.loads(json.dumps(dict(rows_of(framework("ppn_002"))), default=str))
    path = tmp_path / "mine.yaml"
    path.write_bytes(form_bytes(FORM, rows, ".yaml"))
    assert to_dict(read_framework(path))["may_be_passed_on"] is True
    rows["measures"][1] |= {"proxy": PLANTED, "definition": "mine"}
    path.write_bytes(form_bytes(FORM, rows, ".yaml"))
    document = to_dict(read_framework(path))
    assert (document["may_be_passed_on"], document["values_held_back"]) == (False, 1)
    assert str(PLANTED) not in json.dumps(document)
    assert "the highest sustained growth" in json.dumps(document)


# ---- forms: the user's own, and a model completed ----


@pytest.mark.parametrize("ending", [".xlsx", ".yaml"])
@pytest.mark.parametrize("each", frameworks(), ids=lambda each: each.id)
def test_a_shipped_framework_comes_back_as_it_was(each: Framework, ending: str, tmp_path: Path) -> None:
    target = tmp_path / f"mine{ending}"
    target.write_bytes(form_of_framework(each, target))
    again = read_framework(target)
    assert {item.origin for item in again.items()} == {"shipped"}
    bare = {"place": "", "seen": (), "sureness": ""}
    assert [
        item.model_copy(update={**bare}).model_dump(exclude={"outcomes", "measures"}) for item in again.items()
    ] == [item.model_copy(update={**bare}).model_dump(exclude={"outcomes", "measures"}) for item in each.items()]
    assert (again.remarks, again.complete, again.missing) == (
        (),
        each.complete,
        each.missing if not each.complete else (),
    )


def test_what_a_user_adds_to_a_model_stays_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "my_ppn_002.yaml"
    assert main(["commission", "frameworks", "ppn_002", "--to", str(target)]) == 0
    tree = yaml.safe_load(target.read_text(encoding="utf-8"))
    first, *_, last = tree["measures"]
    last["wording"] = "Identifying and managing something invented"
    first["wording"] = "Other words than those shipped"
    tree["outcomes"].append(
        {"theme": "2", "id": "outcome_x", "name": "An invented outcome", "source": "the page, June"}
    )
    tree["measures"].append(
        {"outcome": "outcome_x", "id": "x1", "kind": "metric", "name": "An invented metric", "unit": "hour"}
    )
    tree["measures"].pop(1)
    target.write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
    mine = read_framework(target)
    by_id = {item.id: item for item in mine.items()}
    assert (by_id["1e"].origin, by_id["1e"].filled) == ("completed", ("wording",))
    assert (by_id["x1"].origin, by_id["outcome_x"].origin, by_id["1c"].origin) == ("user", "user", "shipped")
    assert by_id["outcome_x"].seen == ("the page, June",)
    told = "\n".join(mine.remarks)
    assert "says otherwise than the shipped model" in told
    assert "this file leaves out: 1b Fair working conditions" in told
    assert (mine.completes, mine.complete) == ("ppn_002", False)
    assert mine.use is not None
    assert main(["commission", "frameworks", str(target)]) == 0
    shown = capsys.readouterr().out
    assert "you filled in 2 of its items and added 2" in shown
    assert "An invented metric [+ yours]" in shown


def test_the_example_is_the_councils_own_and_marked_invented(tmp_path: Path) -> None:
    path = tmp_path / "millbrook.xlsx"
    path.write_bytes(form_bytes(FORM, EXAMPLE, ".xlsx"))
    own = read_framework(path)
    assert [each.id for *_, each in own.measures()] == [
        "apprentice_weeks", "local_jobs", "volunteer_hours", "local_spend", "trees",
    ]  # fmt: skip
    assert "Illustrative: invented" in own.about
    assert own.valid_from == date(2025, 1, 1)
    assert all("invented" in each.seen[0] for each in own.items())


def test_a_tender_that_names_the_users_own_framework_is_under_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "millbrook.yaml"
    path.write_bytes(form_bytes(FORM, EXAMPLE, ".yaml"))
    named = ["commission", "frameworks", str(path), "--named", "Millbrook 2025", "--json", "-"]
    assert main([*named, "--began", "2025-03-10"]) == 0
    notes = json.loads(capsys.readouterr().out)["which"]["notes"]
    assert (
        notes[0] == "The tender names “Millbrook 2025”: the framework of millbrook.yaml, and that is the model to use."
    )
    assert main([*named, "--began", "2024-12-31"]) == 0
    notes = json.loads(capsys.readouterr().out)["which"]["notes"]
    assert "But its file says from 2025-01-01, and this procurement began on 2024-12-31." in notes[0]


def test_a_form_is_refused_with_its_faults_by_line(tmp_path: Path) -> None:
    rows = json.loads(json.dumps(dict(rows_of(framework("ppn_026"))), default=str))
    rows["framework"] |= {"completes": "ppn_27", "valid_from": "2027-01-01", "valid_to": "2026-01-01"}
    rows["measures"][0] |= {"name": ""}
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(rows), encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        read_framework(path)
    told = str(refused.value)
    assert "has no name, wording or summary" in told
    assert "there is no model 'ppn_27' in this program. Did you mean" in told
    assert "the last day is before the first" in told
    assert "line " in told


def test_a_file_of_another_kind_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, content in (("a.yaml", b"sroi: 1\n"), ("b.xlsx", b"PK nonsense"), ("c.pdf", b"%PDF"), ("d.yaml", b"")):
        (tmp_path / name).write_bytes(content)
        assert main(["commission", "frameworks", str(tmp_path / name)]) == 1
        assert name in capsys.readouterr().err
    assert main(["commission", "frameworks", "ppn_002", "--to", str(tmp_path / "x.pdf")]) == 1
    assert "ends in .xlsx or .yaml" in capsys.readouterr().err


# ---- the paper ----


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("paper") / "out"
    asked = ["--which", "--began", "2025-03-10", "--body", "local_government", "--value", "6000000"]
    assert main(["commission", "frameworks", "ppn_002", *asked, "--out", str(out), "--formats", "html"]) == 0
    return out


def test_the_paper_says_which_model_and_what_is_missing(paper: Path) -> None:
    page = (paper / "frameworks.html").read_text(encoding="utf-8")
    assert "No model is required of this procurement. If its tender names one, that one holds." in page
    assert "may be adopted; not required" in page.lower()
    assert "The names of outcomes 3 to 8" in page
    assert "not legal advice" in page
    document = json.loads((paper / "result.json").read_text(encoding="utf-8"))
    assert document["framework"]["complete"] is False
    assert document["which"]["body"] == "local_government"
    with (paper / "tables" / "measures.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert len(list(csv.DictReader(lines))) == 6


def test_every_framework_can_be_told() -> None:
    for each in frameworks():
        story = tell_frameworks(each, None)
        assert isinstance(story, Story)
        assert story.names == ["framework", "asks", "missing", "sources"]
