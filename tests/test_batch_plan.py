"""A plan is checked as a whole before anything runs: CSV, workbook or YAML, every fault with its place and remedy."""

from __future__ import annotations

import io
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import batches
import openpyxl
import pytest

import sroi
from sroi.batch.plan import Basis, Plan, read_plan, single_run
from sroi.batch.runs import key_of, seed_of
from sroi.errors import FileRefused, SroiError, TemplateRefused

BASIS = Basis("t" * 64, "p" * 64, 0)
WITH_MAP = "value_map = 'value_map.yaml'\nx: float = 1.0\nout = ''\nseed = 0"


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    return batches.template(tmp_path / "t.ipynb")


@pytest.fixture
def with_map(tmp_path: Path) -> Path:
    return batches.template(tmp_path / "m.ipynb", parameters=WITH_MAP)


def read(path: Path, notebook: Path, **constants: str) -> Plan:
    return read_plan(path, notebook, constants, BASIS)


def refusal(path: Path, notebook: Path, **constants: str) -> str:
    with pytest.raises(SroiError) as refused:
        read(path, notebook, **constants)
    return str(refused.value).replace(f"{path.parent}/", "")


def workbook(path: Path, rows: list[list[Any]], title: str = "Plan") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


# ---- what a plan says ----


def test_each_row_is_a_run_and_text_becomes_what_the_notebook_expects(tmp_path: Path, notebook: Path) -> None:
    path = batches.plan(tmp_path / "p.csv", "x,n,word,list_of,whether", '1.5,007,007,"[1, 2]",yes', "25%,,,,FALSE")
    runs = read(path, notebook).runs
    assert [run.row for run in runs] == [1, 2]
    assert runs[0].parameters == {"x": 1.5, "n": 7, "word": "007", "list_of": [1, 2], "whether": True}
    assert runs[1].parameters == {"x": 0.25, "whether": False}, "an empty cell leaves the notebook's own default"


def test_the_same_plan_gives_the_same_parameters_and_keys_from_csv_workbook_and_yaml(
    tmp_path: Path, notebook: Path
) -> None:
    lines = ["x,n,word,list_of,whether", '1.5,3,café,"[1, 2]",TRUE', "2,4,2024-04-01,,FALSE"]
    plain = batches.plan(tmp_path / "p.csv", *lines)
    excel = tmp_path / "e.csv"
    excel.write_bytes("\r\n".join(lines).replace(",", ";").replace('"[1; 2]"', '"[1, 2]"').encode("cp1252"))
    marked = tmp_path / "m.csv"
    marked.write_bytes(b"\xef\xbb\xbf" + plain.read_bytes())
    wide = tmp_path / "w.csv"
    wide.write_text("\n".join(lines), encoding="utf-16")
    book = workbook(
        tmp_path / "p.xlsx",
        [
            ["x", "n", "word", "list_of", "whether"],
            [1.5, 3, "café", "[1, 2]", True],
            [2, 4, datetime(2024, 4, 1), None, False],
        ],
    )
    written = batches.plan(
        tmp_path / "p.yaml",
        "- {x: 1.5, n: 3, word: café, list_of: [1, 2], whether: TRUE}",
        "- {x: 2, n: 4, word: 2024-04-01, whether: no}",
    )
    nested = batches.plan(
        tmp_path / "q.yaml", "runs:", *(f"  {line}" for line in written.read_text("utf-8").splitlines())
    )
    expected = [(run.key, run.parameters) for run in read(plain, notebook).runs]
    for other in (excel, marked, wide, book, written, nested):
        assert [(run.key, run.parameters) for run in read(other, notebook).runs] == expected, other.name


def test_a_value_map_may_be_a_file_a_folder_or_a_pattern_relative_to_the_plan(tmp_path: Path, with_map: Path) -> None:
    maps = tmp_path / "maps"
    (maps / "deep").mkdir(parents=True)
    for name in ("b.yaml", "a.yaml", "deep/c.yaml", "~$a.yaml", ".hidden.yaml"):
        shutil.copy(sroi.case_study("wheels_to_meals"), maps / name)
    (maps / "notes.txt").write_text("no map")
    path = batches.plan(tmp_path / "p.csv", "value_map,x", "maps/a.yaml,1", "maps,2", "maps/**/*.yaml,3")
    runs = read(path, with_map).runs
    assert [(run.row, run.parameters["value_map"]) for run in runs] == [
        (1, "maps/a.yaml"), (2, "maps/a.yaml"), (2, "maps/b.yaml"),
        (3, "maps/a.yaml"), (3, "maps/b.yaml"), (3, "maps/deep/c.yaml"),
    ]  # fmt: skip
    assert runs[0].given["value_map"] == str(maps / "a.yaml")
    assert len({run.key for run in runs}) == 6


def test_a_parameter_that_all_rows_share_is_given_once(tmp_path: Path, notebook: Path) -> None:
    path = batches.plan(tmp_path / "p.csv", "x", "1", "2")
    plan = read(path, notebook, word="same")
    assert [run.parameters for run in plan.runs] == [{"word": "same", "x": 1.0}, {"word": "same", "x": 2.0}]
    assert [each.name for each in plan.columns] == ["word", "x"]


def test_annotations_say_what_a_parameter_takes(tmp_path: Path) -> None:
    parameters = "a: float | None = None\nb: 'int' = 1\nc: list[int] = [1]\nd = None\nfrom typing import Optional\ne: Optional[bool] = None"
    notebook = batches.template(tmp_path / "t.ipynb", parameters=parameters)
    path = batches.plan(tmp_path / "p.csv", "a,b,c,d,e", '2,3,"[4]",5,yes')
    assert read(path, notebook).runs[0].parameters == {"a": 2.0, "b": 3, "c": [4], "d": "5", "e": True}


def test_blank_lines_and_trailing_separators_of_excel_are_no_rows(tmp_path: Path, notebook: Path) -> None:
    path = batches.plan(tmp_path / "p.csv", "x;word;;", "1;a;;", ";;;", "", "2;b;;")
    assert [(run.row, run.parameters) for run in read(path, notebook).runs] == [
        (1, {"x": 1.0, "word": "a"}), (2, {"x": 2.0, "word": "b"}),
    ]  # fmt: skip


def test_a_formula_is_read_as_the_value_stored_with_it(tmp_path: Path, notebook: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", [["x", "word"], ["=1+1", "a"]])
    assert refusal(path, notebook) == (
        "p.xlsx: sheet Plan, cell A2: a formula without a stored value. "
        "Open the plan in Excel or LibreOffice, and save it again."
    )


# ---- what is wrong with a plan ----

FAULTS = {
    "unknown column": (("x,wrod", "1,a"), "p.csv: line 1: t.ipynb has no parameter 'wrod'. Did you mean 'word'?"),
    "no number": (("x", "1", "much"), "p.csv: line 3: the parameter 'x' is given 'much'. Give a number."),
    "decimal comma": (("x;n", "1,5;2"), "p.csv: line 2: the parameter 'x' is given '1,5'. Did you mean 1.5?"),
    "thousands": (("x;n", "1;12,000"), "p.csv: line 2: the parameter 'n' is given '12,000'. Did you mean 12000?"),
    "no whole number": (("n", "2.5"), "p.csv: line 2: the parameter 'n' is given '2.5'. Give a whole number."),
    "no yes": (("whether", "maybe"), "p.csv: line 2: the parameter 'whether' is given 'maybe'. Give yes or no."),
    "code": (
        ("list_of", "__import__('os')"),
        "p.csv: line 2: the parameter 'list_of' is given '__import__('os')'. Give a list, such as [1, 2].",
    ),
    "twice": (("x,x", "1,2"), "p.csv: line 1, column 2: the heading 'x' stands twice. Keep one of the two columns."),
    "no heading": (
        ("x,", "1,2"),
        "p.csv: line 1: column 2 has entries, but no heading. Name the parameter, or empty the column.",
    ),
    "too short": (
        ("x,n,word", "1,2"),
        "p.csv: line 2: this row has 2 cells, and the headings are 3. Write a comma for each empty cell too.",
    ),
    "too long": (
        ("x,word", "1,a,b"),
        "p.csv: line 2: this row has 3 cells, and the headings are 2. Put a text that holds a comma in quotes.",
    ),
    "out": (
        ("x,out", "1,there"),
        "p.csv: line 1: the column 'out' is set by the batch: a folder of its own for each run. Leave it out.",
    ),
    "open quote": (
        ("x,word", '1,"a', "2,b"),
        'p.csv: line 2: a quote that is never closed. Close it; a quote within quotes is written twice: "".',
    ),
    "control": (
        ("word", "a\x07"),
        "p.csv: line 2, column word: a text with a control character, which no plan should hold. Take it out.",
    ),
    "no rows": (("x,word",), "p.csv: this plan has no rows. Give one row for each run below the headings."),
    "empty": ((" ",), "p.csv: this plan is empty. Give a line of headings, and one row for each run."),
}


@pytest.mark.parametrize(("lines", "message"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_line_and_remedy(
    tmp_path: Path, notebook: Path, lines: tuple[str, ...], message: str
) -> None:
    assert refusal(batches.plan(tmp_path / "p.csv", *lines), notebook) == message


def test_all_faults_of_a_plan_stand_in_one_message(tmp_path: Path, with_map: Path) -> None:
    (tmp_path / "broken.yaml").write_text("sroi: 1\n")
    path = batches.plan(
        tmp_path / "p.csv",
        "value_map,x,sed",
        "broken.yaml,much,1",
        "none.yaml,1,1",
        ",2,1",
        "no*.yaml,3,1",
        "m.ipynb,4,1",
    )
    assert refusal(path, with_map).splitlines() == [
        "p.csv: 7 problems",
        "  line 1: m.ipynb has no parameter 'sed'. Did you mean 'seed'?",
        "  line 2: the value map broken.yaml cannot be used: 'title' is missing. Add it. "
        "And 6 more: `sroi check broken.yaml` says all.",
        "  line 2: the parameter 'x' is given 'much'. Give a number.",
        "  line 3: the value map none.yaml cannot be used: there is no such file. Did you mean broken.yaml?",
        "  line 4: no value map is named, and the notebook's own ('value_map.yaml') is an example. Fill in the column value_map.",
        "  line 5: no value map matches no*.yaml. A value map ends in .yaml, .yml, .json, .jsonld, .xlsx, .xlsm, .ods or .csv.",
        "  line 6: the value map m.ipynb cannot be used: files ending in '.ipynb' are not value maps that this version knows. "
        "Give a file ending in .yaml, .yml, .json, .xlsx, .xlsm, .ods, .csv or .jsonld.",
    ]


def test_the_faults_of_a_workbook_are_named_by_sheet_and_cell(tmp_path: Path, notebook: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", [["x", "wrod", "x"], ["much", "a", 1], ["#N/A", "b", 2]], "Runs")
    assert refusal(path, notebook).splitlines() == [
        "p.xlsx: 4 problems",
        "  sheet Runs, cell C1: the heading 'x' stands twice. Keep one of the two columns.",
        "  sheet Runs, cell A3: the cell shows the error #N/A. Correct its formula, or write the value.",
        "  sheet Runs, cell B1: t.ipynb has no parameter 'wrod'. Did you mean 'word'?",
        "  sheet Runs, cell A2: the parameter 'x' is given 'much'. Give a number.",
    ]


def test_the_faults_of_a_yaml_plan_are_named_by_line(tmp_path: Path, notebook: Path) -> None:
    path = batches.plan(
        tmp_path / "p.yaml",
        "- {x: 1, x: 2}",
        "- text",
        "- {x: [1]}",
        "- {word: !!python/object:os.system a}",
        "- n: 1.0",
    )
    assert refusal(path, notebook).splitlines() == [
        "p.yaml: 5 problems",
        "  line 1: the key 'x' stands twice, first on line 1. Keep one of them.",
        "  line 2: a run that is no group of parameters. Write it as `- {value_map: a.yaml}`.",
        "  line 3: 'x' is given a list or group. Give one value.",
        "  line 4, word: a YAML tag (tag:yaml.org,2002:python/object:os.system). "
        "Take it out: such a file holds plain text and numbers.",
        "  line 5: the parameter 'n' is given '1.0'. Did you mean 1?",
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("p.doc", b"x", "p.doc: files ending in '.doc' are no plans. Give a .csv, .xlsx or .yaml file."),
        ("p.csv", b"x\x00y\n1", "p.csv: this is not a text file. Save the plan as CSV, .xlsx or YAML."),
        ("p.yaml", b"x: 1", "p.yaml: this is no list of runs. Begin each run with a dash: `- {value_map: a.yaml}`."),
        ("p.xlsx", b"PK\x03\x04 broken", "p.xlsx: this file is damaged (File is not a zip file). Open it in Excel or LibreOffice and save it again as .xlsx."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_plan_is_refused(
    tmp_path: Path, notebook: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert refusal(tmp_path / name, notebook) == message


def test_a_plan_that_is_not_there_is_refused(tmp_path: Path, notebook: Path) -> None:
    assert refusal(tmp_path / "plan.csv", notebook).startswith("plan.csv: there is no such file.")


def test_a_parameter_given_in_the_plan_and_by_p_is_refused(tmp_path: Path, notebook: Path) -> None:
    path = batches.plan(tmp_path / "p.csv", "x,n", "1,2")
    assert refusal(path, notebook, x="1") == (
        "p.csv: line 1: 'x' is a column of the plan, and given by -p too. Keep one of the two."
    )


def test_a_parameter_without_a_default_must_be_given(tmp_path: Path) -> None:
    notebook = batches.template(tmp_path / "t.ipynb", parameters="x: float\nn = 1")
    path = batches.plan(tmp_path / "p.csv", "x,n", "1,1", ",2")
    assert refusal(path, notebook) == (
        "p.csv: line 3: 'x' is not given, and the notebook has no default for it. Fill it in."
    )


def test_a_plan_with_thousands_of_faults_is_told_in_a_message_that_can_be_read(tmp_path: Path, notebook: Path) -> None:
    path = batches.plan(tmp_path / "p.csv", "x", *["much"] * 5000)
    lines = refusal(path, notebook).splitlines()
    assert lines[-1] == "  and 4,800 more problems. Mend these first."
    assert len(lines) == 202


def test_a_template_without_parameters_is_refused(tmp_path: Path) -> None:
    notebook = tmp_path / "t.ipynb"
    batches.template(notebook)
    notebook.write_text(notebook.read_text().replace('"parameters"', '"other"'))
    with pytest.raises(TemplateRefused, match="no cell tagged `parameters`"):
        read(batches.plan(tmp_path / "p.csv", "x", "1"), notebook)


# ---- hostile ----


@pytest.mark.parametrize(
    "word",
    [
        '=HYPERLINK("http://x")',
        "{x}",
        "{{}}",
        "../../etc",
        "'; DROP TABLE",
        "a\\nb",
        "%s%n",
        "\u200b",
        "日本",
        "`id`",
        "$(id)",
        '"""',
        "\\",
    ],
)
def test_whatever_a_text_says_it_stays_text(tmp_path: Path, notebook: Path, word: str) -> None:
    quoted = '"' + word.replace('"', '""') + '"'
    run = read(batches.plan(tmp_path / "p.csv", "word", quoted), notebook).runs[0]
    assert run.given == {"word": word.strip()}


def test_a_plan_larger_than_any_plan_is_refused_before_it_is_read(tmp_path: Path, notebook: Path) -> None:
    path = tmp_path / "p.csv"
    with path.open("wb") as stream:
        stream.truncate(40_000_000)
    assert "this file holds 40.0 MB, and a plan holds at most 30 MB" in refusal(path, notebook)


def test_a_billion_laughs_is_refused(tmp_path: Path, notebook: Path) -> None:
    lines = ["- &a [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"- &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in zip("abcdefg", "bcdefgh", strict=True)]
    path = batches.plan(tmp_path / "p.yaml", *lines)
    assert "parts" in refusal(path, notebook)


def test_a_workbook_of_a_plan_with_too_many_columns_is_refused(tmp_path: Path, notebook: Path) -> None:
    stream = io.StringIO()
    stream.write(",".join(f"c{n}" for n in range(600)) + "\n" + ",".join("1" * 600) + "\n")
    path = tmp_path / "p.csv"
    path.write_text(stream.getvalue())
    assert "this plan has 600 columns, and at most 500 are read" in refusal(path, notebook)


# ---- keys and seeds ----


def test_a_key_changes_with_everything_that_could_change_the_result() -> None:
    same = ({"x": 1.0}, "t", "m", "p", 1, 0)
    assert key_of(*same) == key_of(*same)
    others = [
        ({"x": 2.0}, "t", "m", "p", 1, 0), ({"x": 1.0}, "u", "m", "p", 1, 0), ({"x": 1.0}, "t", "n", "p", 1, 0),
        ({"x": 1.0}, "t", None, "p", 1, 0), ({"x": 1.0}, "t", "m", "q", 1, 0), ({"x": 1.0}, "t", "m", "p", 2, 0),
        ({"x": 1.0}, "t", "m", "p", 1, 1), ({"y": 1.0}, "t", "m", "p", 1, 0),
    ]  # fmt: skip
    assert len({key_of(*same), *(key_of(*other) for other in others)}) == 9


def test_a_runs_seed_hangs_on_its_parameters_and_the_batchs_seed_alone(tmp_path: Path, notebook: Path) -> None:
    path = batches.plan(tmp_path / "p.csv", "x", "1", "2", "1")
    first, second, third = read(path, notebook).runs
    assert first.seed == third.seed == seed_of({"x": 1.0}, 0)
    assert first.seed != second.seed
    newer = read_plan(path, notebook, {}, Basis("t" * 64, "newer" * 12, 0)).runs[0]
    assert (newer.seed, newer.key != first.key) == (first.seed, True)
    assert read_plan(path, notebook, {}, Basis("t" * 64, "p" * 64, 7)).runs[0].seed != first.seed


def test_a_single_run_has_the_key_of_its_row(tmp_path: Path, with_map: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(sroi.case_study("wheels_to_meals"), tmp_path / "a.yaml")
    path = batches.plan(tmp_path / "p.csv", "x,value_map", "1,a.yaml", "2,a.yaml")
    monkeypatch.chdir(tmp_path)
    single = single_run(Path("m.ipynb"), {"value_map": "a.yaml", "x": "2"}, 2, BASIS)
    assert single.key == read(Path("p.csv"), with_map).runs[1].key == read(path, with_map).runs[1].key


def test_a_plan_may_not_be_a_folder(tmp_path: Path, notebook: Path) -> None:
    with pytest.raises(FileRefused, match=r"this is a folder\. Name a file\."):
        read(tmp_path, notebook)
