"""A ledger's files: every format alike, supplier and postcode files joined, settings, the command and its paper."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sroi import plots
from sroi.cli import main
from sroi.commissioning.blank import form_of
from sroi.commissioning.spend.document import study_document
from sroi.commissioning.spend.example import as_csv, example_ledger, example_suppliers
from sroi.commissioning.spend.filled import read_settings
from sroi.commissioning.spend.settings import LocalDefinition, Settings
from sroi.commissioning.spend.study import SpendStudy, study_spend
from sroi.commissioning.spend.telling import tell_spend
from sroi.errors import FileRefused
from sroi.files.form_writer import form_bytes
from sroi.files.long_table import as_text, open_long_tables
from sroi.plots.spend import PeriodBar, ShareBar, share_bars, spend_by_period

pytestmark = pytest.mark.usefixtures("warm_notebooks")

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "templates" / "commissioning"
ROWS: list[tuple[Any, ...]] = [
    ("Supplier", "Supplier No", "Amount", "Date", "Postcode", "Type"),
    ("Alder Ltd", "S1", 600.1, datetime(2025, 9, 1), "MB1 1AA", "private"),
    ("Brookside CIC", "S2", 250.25, datetime(2025, 9, 2), "MB2 1AA", "CIC"),
    ("Café Ørsted", "S3", -0.3, datetime(2025, 10, 2), "", None),
]


def as_texts(rows: list[tuple[Any, ...]]) -> list[list[str]]:
    return [[as_text(cell if isinstance(cell, str | float | datetime) else None) for cell in row] for row in rows]


def write_csv(path: Path, rows: list[tuple[Any, ...]], encoding: str = "utf-8", separator: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=separator).writerows(as_texts(rows))
    return path


def write_xlsx(path: Path, rows: list[tuple[Any, ...]], title: str = "Ledger") -> Path:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.create_sheet("Notes").append(["nothing", "here"])
    book.save(path)
    return path


def figures(study: SpendStudy) -> dict[str, Any]:
    document = study_document(study)
    return {key: document[key] for key in ("reconciliation", "direct", "months", "targets")}


# ---- formats ----


def test_a_ledger_says_the_same_in_every_format(tmp_path: Path) -> None:
    expected = figures(study_spend(write_csv(tmp_path / "a.csv", ROWS), Settings()))
    assert expected["reconciliation"]["total"] == 850.05
    for path in (
        write_csv(tmp_path / "b.csv", ROWS, "utf-16"),
        write_csv(tmp_path / "c.csv", ROWS, "utf-8-sig", ";"),
        write_csv(tmp_path / "d.tsv", ROWS, "cp1252", "\t"),
        write_xlsx(tmp_path / "e.xlsx", ROWS),
    ):
        assert figures(study_spend(path, Settings())) == expected, path.name


def test_an_ods_ledger_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "ledger.ods"
    from zipfile import ZipFile

    cells = "".join(
        "<table:table-row>" + "".join(f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row) + "</table:table-row>"
        for row in as_texts(ROWS)
    )  # fmt: skip
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}><office:body><office:spreadsheet><table:table table:name="Ledger">{cells}</table:table></office:spreadsheet></office:body></office:document-content>',
        )
    assert figures(study_spend(path, Settings())) == figures(
        study_spend(write_csv(tmp_path / "a.csv", ROWS), Settings())
    )


def test_faults_of_a_workbook_are_named_by_sheet_and_cell(tmp_path: Path) -> None:
    rows = [*ROWS, ("E", "S4", "ask", datetime(2025, 9, 1), "", None)]
    study = study_spend(write_xlsx(tmp_path / "l.xlsx", rows), Settings())
    assert str(study.unread[0]).startswith("sheet Ledger, cell C5: 'ask' stands where a sum belongs")


def test_a_number_typed_in_a_workbook_is_never_taken_for_a_thousand(tmp_path: Path) -> None:
    study = study_spend(write_xlsx(tmp_path / "l.xlsx", [ROWS[0], ("A", "S1", 1.234, None, None, None)]), Settings())
    assert study.direct.total == 123
    with pytest.raises(FileRefused, match=r"can be read as 1234 or 1\.234"):
        study_spend(write_csv(tmp_path / "l.csv", [ROWS[0], ("A", "S1", "1.234", "", "", "")]), Settings())


def test_a_sheet_that_declares_entities_is_refused(tmp_path: Path) -> None:
    from zipfile import ZipFile

    sound = write_xlsx(tmp_path / "sound.xlsx", ROWS)
    bad = tmp_path / "bad.xlsx"
    with ZipFile(sound) as old, ZipFile(bad, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part.endswith("sheet1.xml"):
                content = content.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1)
            new.writestr(part, content)
    with pytest.raises(FileRefused, match="defines entities"):
        study_spend(bad, Settings())


def test_the_sheet_parser_itself_refuses_a_document_type() -> None:
    from io import BytesIO

    from sroi.files.sheet_rows import stored_rows

    with pytest.raises(ValueError, match="declares a document type"):
        list(stored_rows(BytesIO(b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet><row><c><v>&b;</v></c></row></worksheet>')))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("l.csv", b"", "this file is empty"),
        ("l.csv", b"Supplier,Amount\nA,5\x00\n", "not a workbook"),
        ("l.csv", b'Supplier,Amount\n"A,5\nB,6\n', "a quote that is never closed"),
        ("l.xlsx", b"Supplier,Amount\nA,5\n", "this file is plain text"),
        ("l.csv", b"%PDF-1.4 x", "this is a PDF"),
        ("l.xlsx", b"PK\x03\x04 torn", "this file is damaged"),
        ("l.csv", b"<html><table></table></html>", "this is a web page"),
    ],
)
def test_what_is_no_ledger_is_refused_with_its_reason(
    name: str, content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert main(["commission", "spend", str(path)]) == 1
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told


def test_a_long_table_is_read_in_the_memory_of_a_short_one(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("Supplier,Amount\n")
        stream.writelines(f"Supplier {number % 50},{number % 997}.25\n" for number in range(60_000))
    table = open_long_tables(path)[0]
    tracemalloc.start()
    assert sum(1 for _ in table.rows()) == 60_001
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.alone
def test_200_000_lines_of_5_000_suppliers_take_seconds_and_little_memory(tmp_path: Path) -> None:
    # `benchmarks/spend.py` found 3 to 4 seconds of the processor and less than 100 MB, the interpreter included.
    code = """
import re, resource, sys, time
from pathlib import Path
with open(sys.argv[1], "w", encoding="utf-8") as stream:
    stream.write("Supplier,Supplier ID,Amount,Payment Date,Invoice No,Postcode,Size,Type\\n")
    stream.writelines(
        f"Firm {n * 7919 % 5000} Ltd,S{n * 7919 % 5000},{n % 9973}.{n % 90 + 10},{n % 28 + 1:02d}/{n % 12 + 1:02d}/2025,I{n},MB{n % 9 + 1} 1AB,small,private\\n"
        for n in range(200_000)
    )
from sroi.commissioning.spend.settings import Settings
from sroi.commissioning.spend.study import study_spend
start = time.process_time()
study = study_spend(sys.argv[1], Settings())
seconds = time.process_time() - start
assert study.reconciliation.agrees and study.direct.lines == 200_000 and study.direct.suppliers == 5000
# Of this process alone: where it is known, ru_maxrss holds also what the process that started this one took up.
own = Path("/proc/self/status")
peak = re.search(r"VmHWM:\\s+(\\d+)", own.read_text()).group(1) if own.exists() else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(seconds, float(peak) / 1e3)
"""
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "l.csv")], capture_output=True, check=True, text=True, cwd=ROOT
    )
    seconds, memory = map(float, run.stdout.split())
    assert seconds < 15
    assert memory < 200


# ---- supplier file, postcode table ----

SUPPLIERS: list[tuple[Any, ...]] = [
    ("Vendor ID", "Vendor name", "Staff", "Turnover", "Postcode", "Type", "Size"),
    ("S1", "Alder Limited", "300", "9,000,000", "QX1 1AA", "charity", "small"),
    ("S2", "", "12", "400,000", "MB2 1AA", "CIC", ""),
    ("", "Café Ørsted", "many", "100,000", "MB9 9ZZ", "bistro", ""),
]


def test_what_a_supplier_file_knows_is_joined_by_id_and_by_name_and_conflicts_are_told(tmp_path: Path) -> None:
    study = study_spend(write_csv(tmp_path / "l.csv", ROWS), Settings(), write_csv(tmp_path / "s.csv", SUPPLIERS))
    assert study.matched == (2, 1, 0)
    assert {part.name: part.pennies for part in study.direct.by_size} == {
        "small": 25025,
        "large": 60010,
        "not known": -30,
    }
    disagree = next(each for each in study.messes if each.name == "details that disagree")
    assert disagree.examples == (
        "Alder Ltd: the ledger says private, the supplier file charity; the supplier file counts",
        "Alder Ltd: declared small, by its figures large; the figures count",
    )
    assert [str(each) for each in study.unread] == [
        "line 4, Staff: 'many' is no number of staff. Give a whole number, such as 12.",
        "line 4, Type: 'bistro' is no kind of body that is known. Say in the settings, sheet Kinds, what it stands for; else it counts as not known.",
    ]
    differ = next(each for each in study.messes if each.name == "postcodes that differ")
    assert differ.examples == ("Alder Ltd: the ledger has MB1 1AA, the supplier file QX1 1AA",)


def test_a_line_without_a_postcode_has_the_suppliers(tmp_path: Path) -> None:
    local = (LocalDefinition("m", "Millbrook", "postcode", ("MB",)),)
    ledger = write_csv(tmp_path / "l.csv", ROWS)
    assert study_spend(ledger, Settings(local=local)).direct.share("local:m").unknown == -30
    assert (
        study_spend(ledger, Settings(local=local), write_csv(tmp_path / "s.csv", SUPPLIERS))
        .direct.share("local:m")
        .unknown
        == 0
    )


def test_rows_of_a_supplier_file_that_contradict_each_other_are_told_and_neither_is_believed(tmp_path: Path) -> None:
    twice = [*SUPPLIERS[:3], ("S2", "", "60", "", "", "private", "")]
    study = study_spend(write_csv(tmp_path / "l.csv", ROWS), Settings(), write_csv(tmp_path / "s.csv", twice))
    told = next(each for each in study.messes if each.name == "details that disagree").examples
    assert "supplier file: two kinds for S2: cic, and private" in told
    assert "supplier file: two figures for S2, staff: 12.0, and 60.0" in told


def postcode_table(path: Path, rows: int = 3000) -> Path:
    with path.open("w", encoding="utf-8") as stream:
        stream.write("pcds,oslaua,other\n")
        stream.writelines(f"ZZ{number % 90 + 1} {number % 10}AB,X{number:08d},n\n" for number in range(rows))
        stream.write("MB1 1AA,E99999991,n\nMB2 1AA,E99999992,n\nMB2 1AA,E99999993,n\n")
    return path


def test_authorities_come_from_the_users_own_table_and_what_is_not_in_it_is_told(tmp_path: Path) -> None:
    chosen = Settings(
        postcode_column="PCDS", authority_column="oslaua",
        local=(LocalDefinition("m", "Millbrook", "authority", ("E99999991",)),),
    )  # fmt: skip
    ledger = write_csv(tmp_path / "l.csv", ROWS)
    study = study_spend(ledger, chosen, None, postcode_table(tmp_path / "p.csv"))
    share = study.direct.share("local:m")
    assert (share.sure, share.other, share.unknown) == (60010, 0, 24995)  # MB2 1AA stands for two authorities
    lost = next(each for each in study.messes if each.name == "postcodes not in the table")
    assert "the table has 3,003 rows" in lost.found
    assert [part.name for part in study.direct.by_place] == ["E99999991", "MB2", "not known"]
    with pytest.raises(FileRefused, match=r"no column of this table is called 'pcd'. Did you mean 'pcds'\?"):
        study_spend(ledger, Settings(postcode_column="pcd", authority_column="oslaua"), None, tmp_path / "p.csv")
    with pytest.raises(FileRefused, match="postcode_column is not set in the settings"):
        study_spend(ledger, Settings(), None, tmp_path / "p.csv")


def test_a_former_code_or_a_name_stands_for_the_present_authority(tmp_path: Path) -> None:
    # Northumberland was E06000048 and is E06000057; the table of postcodes is an old one.
    (tmp_path / "p.csv").write_text("pcds,oslaua\nMB1 1AA,E06000048\nMB2 1AA,E08000003\n", encoding="utf-8")
    local = (LocalDefinition("m", "Northumberland", "authority", ("Northumberland County Council", "Mancester")),)
    chosen = Settings(postcode_column="pcds", authority_column="oslaua", local=local)
    study = study_spend(write_csv(tmp_path / "l.csv", ROWS), chosen, None, tmp_path / "p.csv")
    assert (study.direct.share("local:m").sure, study.direct.share("local:m").other) == (60010, 25025)
    assert [part.name for part in study.direct.by_place] == ["Northumberland", "Manchester", "not known"]
    strange = next(each for each in study.messes if each.name == "authorities that nobody lies in")
    assert strange.examples == ("Mancester: did you mean Manchester or Lancaster?",)
    assert "mySociety" in str(tell_spend(study)["method"].blocks)


# ---- the settings form ----


def settings_file(folder: Path, ending: str = ".yaml", **parts: Any) -> Path:
    form, example = form_of("spend")
    path = folder / f"settings{ending}"
    path.write_bytes(form_bytes(form, {**example, **parts}, ending))
    return path


def test_settings_that_do_not_fit_together_are_refused_at_their_cells_all_at_once(tmp_path: Path) -> None:
    _, example = form_of("spend")
    path = settings_file(
        tmp_path,
        ".xlsx",
        settings={**example["settings"], "period_to": None, "currency": "pounds", "postcode_column": "pcds"},
        columns=[{"field": "amount", "heading": "Spend", "file": "suppliers"}, {"field": "day", "heading": "When"}, {"field": "day", "heading": "Day", "file": "ledger"}],
        local=[{"id": "m", "title": "M", "by": "postcode", "values": ("Millbrook",)}],
        targets=[{"id": "a", "title": "A", "group": "local", "share": 0.4}, {"id": "b", "title": "B", "group": "sme", "share": 0.4, "local": "m"}],
        payees=[{"supplier": "A", "counts_as": "B"}, {"supplier": "B", "counts_as": "C"}, {"supplier": "D"}],
    )  # fmt: skip
    with pytest.raises(FileRefused) as refused:
        read_settings(path)
    told = str(refused.value)
    for words in (
        "only the first day that counts is given", "'pounds' is not a currency code. Did you mean GBP?",
        "one column of the postcode table is named, and the other is not", "a supplier file has no 'amount'",
        "'day' of the ledger stands twice", "'Millbrook' is no postcode area",
        "a target for local spend does not say what local means. Name its definition: m.",
        "a target for 'sme' names a local definition", "'A' counts as a supplier that counts as another",
        "nothing is said of 'D'",
    ):  # fmt: skip
        assert words in told
    assert told.count("sheet ") >= 10


def test_rounds_of_lm3_that_cannot_be_are_refused_at_their_cell(tmp_path: Path) -> None:
    path = settings_file(
        tmp_path, ".xlsx", lm3=[{"round": 1, "amount": 100}, {"round": 2, "amount": 120}, {"round": 3, "amount": 1}]
    )
    with pytest.raises(FileRefused, match=r"sheet LM3, cell B\d: round 2 is £120, above round 1 with £100"):
        read_settings(path)


def test_words_for_kinds_come_from_the_settings(tmp_path: Path) -> None:
    rows = [ROWS[0], ("A", "S1", 5.0, None, None, "TSO")]
    assert study_spend(write_csv(tmp_path / "l.csv", rows), Settings()).direct.share("vcse").sure == 0
    chosen = read_settings(settings_file(tmp_path, settings={"title": "T"}, columns=[]))
    assert study_spend(write_csv(tmp_path / "l.csv", rows), chosen).direct.share("vcse").sure == 500


# ---- the example, its command and its paper ----


def test_the_example_that_travels_with_the_program_is_the_one_that_the_code_writes() -> None:
    assert (SHIPPED / "spend_example.csv").read_bytes() == as_csv(example_ledger())
    assert (SHIPPED / "spend_example_suppliers.csv").read_bytes() == as_csv(example_suppliers())


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's settings, and the paper that the notebook makes of its ledger."""
    folder = tmp_path_factory.mktemp("spend")
    settings_file(folder, ".xlsx")
    asked = [str(SHIPPED / "spend_example.csv"), "--settings", str(folder / "settings.xlsx")]
    asked += ["--suppliers", str(SHIPPED / "spend_example_suppliers.csv"), "--out", str(folder / "out")]
    assert main(["commission", "spend", *asked, "--json", str(folder / "figures.json")]) == 0
    return folder


@pytest.fixture(scope="module")
def document(example: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((example / "figures.json").read_text(encoding="utf-8"))
    return found


def test_the_paper_of_the_example_comes_whole(example: Path, document: dict[str, Any]) -> None:
    left = {path.name for path in (example / "out").iterdir()}
    assert left == {"spend.html", "spend.docx", "spend.ipynb", "result.json", "figures", "tables"}
    assert json.loads((example / "out" / "result.json").read_text(encoding="utf-8")) == document
    page = (example / "out" / "spend.html").read_text(encoding="utf-8")
    for words in ("Illustrative: invented figures", "It is not a social value", "The parts add up to the whole, to the penny",
                  "fewer than 250 staff", "cannot be said", "never added to direct spend", "MBI 2AB"):  # fmt: skip
        assert words in page


def test_the_examples_story_is_millbrooks(document: dict[str, Any]) -> None:
    # Brookside reported 150,000 of spend with firms and charities in Millbrook in the first year.
    assert document["indirect"]["total"] == 150_000
    assert document["indirect"]["shares"][-2]["share"] == 1.0
    assert document["reconciliation"]["agrees"]
    assert [test["verdict"] for test in document["targets"]] == ["met", "cannot be said", "not met"]
    assert document["lm3"]["lm3"] == pytest.approx(1.78)
    assert (document["lm3"]["low"], document["lm3"]["high"]) == (pytest.approx(1.41 / 0.9), pytest.approx(1.93 / 0.9))
    names = {each["name"] for each in document["messes"]}
    assert names >= {
        "exact duplicates", "near duplicates", "credits", "mixed VAT", "invalid postcodes", "missing postcodes",
        "suppliers spelt alike", "one id, several names", "internal transfers", "no supplier named",
        "postcodes that differ", "days that cannot be read", "individuals and redacted payees",
    }  # fmt: skip


def test_every_column_of_the_examples_tables_has_its_heading(example: Path) -> None:
    for path in (example / "out" / "tables").iterdir():
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
        assert len({len(row) for row in rows}) == 1, path.name
        assert all(rows[0]), path.name


def test_a_ledger_without_settings_is_told_with_what_was_guessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["commission", "spend", str(write_csv(tmp_path / "l.csv", ROWS))]) == 0
    told = capsys.readouterr().out
    assert "'Amount' is taken for the sum" in told
    assert "3 lines, £850.05 in all" in told
    assert "the ledger does not say whether its sums hold VAT" in told


def test_lm3_can_be_asked_for_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = settings_file(tmp_path)
    assert main(["commission", "spend", "--lm3", "--settings", str(path)]) == 0
    told = capsys.readouterr().out
    assert "Local multiplier LM3: 1.78 (between 1.57 and 2.14)" in told
    assert "must not be added to one" in told
    assert main(["commission", "spend", str(path), "--lm3", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["lm3"]["rounds"][1]["money"] == pytest.approx(540_000)
    bare = settings_file(tmp_path, lm3=[])
    assert main(["commission", "spend", "--lm3", "--settings", str(bare)]) == 1
    assert "the sheet LM3 is empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ([], "no ledger is named"),
        (["settings.yaml"], "this is the form of settings, and not a ledger"),
        (["settings.xlsx"], "Name the ledger first: sroi commission spend LEDGER --settings settings.xlsx"),
        (["ledger.csv", "--json", "ledger.csv"], "--json would write over a file that is read"),
        (["--lm3"], "no settings are named"),
        (["ledger.cvs"], "Did you mean"),
        (["ledger.csv", "--settings", "ledger.csv"], "ledger.csv"),
    ],
)
def test_a_command_that_cannot_be_meant_is_refused(
    asked: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "ledger.csv", ROWS)
    settings_file(tmp_path)
    settings_file(tmp_path, ".xlsx")
    assert main(["commission", "spend", *asked]) in (1, 2)
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told


# ---- figures and stories at their edges ----


def test_a_ledger_of_credits_alone_is_told_without_shares(tmp_path: Path) -> None:
    study = study_spend(write_csv(tmp_path / "l.csv", [ROWS[0], ("A", "S1", -5.0, None, None, None)]), Settings())
    story = tell_spend(study)
    assert "no share can be given" in str(story["short"].blocks)
    assert [block for block in story["shares"].blocks if type(block).__name__ == "Figure"] == []


@pytest.mark.parametrize("width", [plots.WIDE, plots.NARROW])
def test_figures_draw_what_is_not_known_hatched_and_targets_as_lines(width: float) -> None:
    bars = [
        ShareBar("Small and medium " * 4, 0.3, 0.1, 0.2, 0.4),
        ShareBar("None", 0.0, 0.0, 1.0),
        ShareBar("Below", -0.1, 0.0, 0.2),
    ]
    axes = plots.picture(lambda axes: share_bars(bars, axes), width, 4).axes[0]
    hatches = [patch.get_hatch() for patch in axes.patches]
    assert hatches.count("////") == 3
    assert hatches.count("...") == 3
    assert len(axes.lines) == 1
    months = [PeriodBar(f"2025-{month:02d}", 1000.0 * month - 2000) for month in range(1, 13)]
    drawn = plots.picture(lambda axes: spend_by_period(months, "GBP", axes), width, 3.4).axes[0]
    assert [patch.get_hatch() for patch in drawn.patches].count("///") == 1
