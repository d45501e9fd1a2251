"""Hostile and broken workbooks, built by the tests: each is refused in words that help, soon, and in little memory."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from messy_workbooks import Grid, Is, ods_bytes, standard, write

from sroi.errors import FileRefused, SroiError
from sroi.files.foreign import foreign_map, read_foreign
from sroi.files.options import ReadingOptions
from sroi.files.sheets import book_of, open_book

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_BOMB = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
SAVE_AGAIN = "Open it in Excel or LibreOffice and save it again as .xlsx."


def sound(folder: Path) -> bytes:
    """Return a sound workbook's bytes."""
    return write(folder / "sound.xlsx", standard()).read_bytes()


def changed(content: bytes, changes: dict[str, bytes | None], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip with some of its parts replaced or added; None takes a part out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", compression) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, part in changes.items():
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()


def sheet_xml(rows: str, before: str = "") -> bytes:
    """Return a sheet's XML around its rows."""
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}<worksheet {_MAIN}><sheetData>{rows}</sheetData></worksheet>'.encode()


SHEET = "xl/worksheets/sheet1.xml"


def zip_bomb(old: bytes) -> bytes:
    return changed(old, {SHEET: sheet_xml("<row r='1'>" + " " * 60_000_000 + "</row>")})


def many_parts(old: bytes) -> bytes:
    return changed(old, {f"xl/media/{number}.png": b"" for number in range(3000)})


def ten_thousand_sheets(old: bytes) -> bytes:
    return changed(old, {f"xl/worksheets/sheet{number}.xml": sheet_xml("") for number in range(2, 10_001)})


def three_hundred_sheets(folder: Path) -> bytes:
    grids = [Grid(f"S{number}").put(1, 1, number) for number in range(300)]
    return write(folder / "many.xlsx", *grids).read_bytes()


def million_rows(old: bytes) -> bytes:
    return changed(
        old, {SHEET: sheet_xml("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 1_000_001)))}
    )


def million_empty_cells(old: bytes) -> bytes:
    row = "<row>" + '<c s="1"/>' * 1000 + "</row>"
    return changed(old, {SHEET: sheet_xml(row * 1100)})


def many_cells(old: bytes) -> bytes:
    row = "<row>" + "<c><v>1</v></c>" * 1000 + "</row>"
    return changed(old, {SHEET: sheet_xml(row * 201)})


def entity_bomb(old: bytes) -> bytes:
    return changed(old, {SHEET: sheet_xml("<row><c t='str'><v>&c;</v></c></row>", _BOMB)})


def hidden_entity_bomb(old: bytes) -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?>' + _BOMB + f"<worksheet {_MAIN}/>"
    return changed(old, {SHEET: text.encode("utf-16")})


def entities_late_in_a_long_part(old: bytes) -> bytes:
    return changed(old, {"xl/sharedStrings.xml": b"<a/>" + b" " * (262_144 - 8) + _BOMB.encode()})


def two_parts_of_one_name(old: bytes) -> bytes:
    out = io.BytesIO(old)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr(SHEET, sheet_xml(""))
    return out.getvalue()


def encrypted_part(old: bytes) -> bytes:
    content = bytearray(old)
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def packed_otherwise(old: bytes) -> bytes:
    return changed(old, {}, zipfile.ZIP_LZMA)


def nested_zip(old: bytes) -> bytes:
    inner = old
    for _ in range(5):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("inner.zip", inner)
        inner = out.getvalue()
    return inner


def no_cell(old: bytes) -> bytes:
    return changed(old, {SHEET: sheet_xml('<row r="9999999"><c r="A9999999"><v>1</v></c></row>')})


def no_column(old: bytes) -> bytes:
    return changed(old, {SHEET: sheet_xml('<row r="1"><c r="ZZZ1"><v>1</v></c></row>')})


def cut_xml(old: bytes) -> bytes:
    return changed(old, {SHEET: b"<worksheet><sheetData><row>"})


def no_string(old: bytes) -> bytes:
    return changed(old, {SHEET: sheet_xml('<row r="1"><c r="A1" t="s"><v>99999</v></c></row>')})


def formulas_without_end(old: bytes) -> bytes:
    first = '<c r="A1"><f t="shared" ref="A1:A9999" si="0">' + "+".join(["B1"] * 2000) + "</f><v>1</v></c>"
    rest = "".join(f'<row r="{n}"><c r="A{n}"><f t="shared" si="0"/><v>1</v></c></row>' for n in range(2, 4000))
    return changed(old, {SHEET: sheet_xml(f'<row r="1">{first}</row>{rest}')})


def strict(old: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(old)) as archive:
        book = archive.read("xl/workbook.xml")
    return changed(
        old,
        {
            "xl/workbook.xml": book.replace(
                b"schemas.openxmlformats.org/spreadsheetml/2006/main", b"purl.oclc.org/ooxml/spreadsheetml/main"
            )
        },
    )


def ods_without_end(_: bytes) -> bytes:
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
    return ods_bytes(
        f'<table:table table:name="A"><table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row></table:table>'
    )


def ods_bomb(old: bytes) -> bytes:
    return changed(ods_bytes(""), {"content.xml": _BOMB.encode() + b"<a>&c;</a>"})


def ods_protected(old: bytes) -> bytes:
    return changed(ods_bytes(""), {"META-INF/manifest.xml": b"<manifest><encryption-data/></manifest>"})


_MB60 = "this file unpacks to 60 MB, which no such workbook needs. A workbook may unpack to 150 MB. Do not open it if you do not know it."
_ENTITIES = "defines entities, which no workbook needs. Do not open it if you do not know who made it."
_ROOMY = (
    "empty ones with a format included. Delete the empty rows and columns around the tables, and sheets of raw data."
)
_RAW = "Keep the sheets that are to be read; delete sheets of raw data."
HOSTILE: tuple[tuple[Callable[[bytes], bytes], str], ...] = (
    (zip_bomb, _MB60),
    (many_parts, "this file packs 3,010 parts, and a workbook has at most 2,000. Check that it is a workbook; delete the sheets that do not belong."),
    (ten_thousand_sheets, "this file packs 10,009 parts, and a workbook has at most 2,000. Check that it is a workbook; delete the sheets that do not belong."),
    (million_rows, f"this workbook holds more than 300,000 rows, {_ROOMY}"),
    (million_empty_cells, f"this workbook holds more than 1,000,000 cells, {_ROOMY}"),
    (many_cells, f"this workbook holds more than 200,000 filled cells. {_RAW}"),
    (entity_bomb, f"the part xl/worksheets/sheet1.xml {_ENTITIES}"),
    (hidden_entity_bomb, f"the part xl/worksheets/sheet1.xml is not stored as UTF-8. {SAVE_AGAIN}"),
    (entities_late_in_a_long_part, f"the part xl/sharedStrings.xml {_ENTITIES}"),
    (two_parts_of_one_name, f"this file packs two parts of the same name. {SAVE_AGAIN}"),
    (encrypted_part, "this file is protected by a password. Save a copy without a password."),
    (packed_otherwise, f"this file is packed in a way that workbooks do not use. {SAVE_AGAIN}"),
    (nested_zip, "this is a zip file, but no workbook. Unpack it, and give the workbook in it."),
    (no_cell, f"this workbook is damaged (there is no row 9999999). {SAVE_AGAIN}"),
    (no_column, f"this workbook is damaged (there is no cell ZZZ1). {SAVE_AGAIN}"),
    (cut_xml, f"this workbook is damaged (no element found: line 1, column 27). {SAVE_AGAIN}"),
    (no_string, f"this workbook is damaged (list index out of range). {SAVE_AGAIN}"),
    (formulas_without_end, "the formulas of this workbook unfold without end. Do not open it if you do not know who made it."),
    (strict, "this workbook is saved as Strict Open XML. Save it as an ordinary workbook (.xlsx)."),
    (lambda old: old[: len(old) // 2], f"this file is damaged (File is not a zip file). {SAVE_AGAIN}"),
    (lambda old: b"", "this file is empty. Give a table or a workbook with something in it."),
    (lambda old: b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "this is a workbook of the old kind (.xls). Open it in Excel and save it as .xlsx."),
    (lambda old: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "this workbook is protected by a password. Save a copy without a password."),
    (lambda old: b"%PDF-1.7 ..", "this is a PDF, and not a workbook. Give the workbook that it was printed from."),
    (lambda old: b"<html><table><tr>", "this is a web page, and not a workbook. Open it in Excel and save it as .xlsx."),
    (lambda old: b"<?xml version='1.0'?><Workbook>", "this is an XML file, and not a workbook. Open it in Excel and save it as .xlsx."),
    (lambda old: b"\x89PNG\r\n\x1a\n\x00\x00", "this is not a workbook. Give an .xlsx, .xlsm, .ods or .csv file."),
    (lambda old: b"Outcome,Value\n", "this file is plain text, and not the workbook that its name says. If it is a table, give it a name that ends in .csv."),
    (lambda old: changed(old, dict.fromkeys(("xl/workbook.bin",), b"x")), "this is a binary workbook (.xlsb). Save it in Excel as .xlsx."),
    (lambda old: changed(b"PK\x05\x06" + b"\x00" * 18, {"word/document.xml": b"<a/>"}), "this is a Word document. Give the workbook itself, .xlsx or .ods."),
    (ods_without_end, f"this workbook holds more than 200,000 filled cells. {_RAW}"),
    (ods_bomb, f"the part content.xml {_ENTITIES}"),
    (ods_protected, "this file is protected by a password. Save a copy without a password."),
)  # fmt: skip


@pytest.mark.parametrize(
    ("make", "message"), HOSTILE, ids=lambda each: getattr(each, "__name__", "") if callable(each) else ""
)
def test_a_hostile_file_is_refused_in_words(tmp_path: Path, make: Callable[[bytes], bytes], message: str) -> None:
    path = tmp_path / "map.xlsx"
    path.write_bytes(make(sound(tmp_path)))
    before = time.process_time()
    with pytest.raises(FileRefused) as refused:
        open_book(path)
    assert str(refused.value) == f"{path}: {message}"
    assert time.process_time() - before < 10


def test_a_bomb_is_refused_in_little_memory(tmp_path: Path) -> None:
    content = zip_bomb(sound(tmp_path))
    tracemalloc.start()
    with pytest.raises(FileRefused):
        book_of(content, "bomb.xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_workbook_of_too_many_sheets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="has 300 sheets, and at most 200 are read"):
        book_of(three_hundred_sheets(tmp_path), "many.xlsx")


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    with path.open("wb") as stream:
        stream.truncate(40_000_000)
    message = "this file holds 40.0 MB, and a workbook holds at most 30 MB. Check that it is a workbook; take out what does not belong."
    with pytest.raises(FileRefused) as refused:
        open_book(path)
    assert str(refused.value) == f"{path}: {message}"


def test_a_stray_cell_in_the_last_corner_costs_nothing(tmp_path: Path) -> None:
    grid = standard()
    grid.cells[1_048_576, 16_384] = "stray"
    before = time.process_time()
    reading = read_foreign(open_book(write(tmp_path / "stray.xlsx", grid)), ReadingOptions(price_year="2024"))
    assert len(reading.tree["outcomes"]) == 3
    assert time.process_time() - before < 3


def test_other_files_are_named_and_not_opened(tmp_path: Path) -> None:
    rels = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="file:///C:/secret%20budget.xlsx" TargetMode="External" Type="x"/></Relationships>'
    content = changed(
        sound(tmp_path),
        {
            "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
            "xl/externalLinks/_rels/externalLink1.xml.rels": rels,
        },
    )
    note = "The workbook takes figures from other files (file:///C:/secret budget.xlsx). They were not opened: the figures are those that it last stored"
    book = book_of(content, "linked.xlsx")
    assert book.notes == (note,)
    assert read_foreign(book).repairs[0] == note


def test_macros_are_named_and_not_run(tmp_path: Path) -> None:
    content = changed(sound(tmp_path), {"xl/vbaProject.bin": b"Sub Auto_Open()\nKill\nEnd Sub"})
    path = tmp_path / "macros.xlsm"
    path.write_bytes(content)
    assert open_book(path).notes == ("The workbook holds macros. None was run",)


@pytest.mark.parametrize(
    "text", ["=1+1", "+44 20 7946 0000", "-none of it", "@SUM(A1)", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"]
)
@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".csv"])
def test_a_text_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str, suffix: str) -> None:
    grid = standard()
    grid.cells[4, 2] = text
    book = open_book(write(tmp_path / f"formula{suffix}", grid))
    assert book.sheets[0].cells[4, 2].formula is None
    assert read_foreign(book).tree["outcomes"][0]["description"] == " ".join(text.split())


def test_sheet_names_of_any_kind_are_only_names(tmp_path: Path) -> None:
    grid = standard(name="../=cmd|'&<b>\"")
    book = open_book(write(tmp_path / "odd.ods", grid))
    assert book.sheets[0].name == "../=cmd|'&<b>\""
    assert len(read_foreign(book).tree["outcomes"]) == 3


def test_the_content_and_not_the_name_says_what_a_file_is(tmp_path: Path) -> None:
    path = tmp_path / "really_ods.xlsx"
    path.write_bytes(write(tmp_path / "map.ods", standard()).read_bytes())
    assert len(read_foreign(open_book(path)).tree["outcomes"]) == 3
    renamed = tmp_path / "really_xlsx.csv"
    renamed.write_bytes(sound(tmp_path))
    assert len(read_foreign(open_book(renamed)).tree["outcomes"]) == 3


def test_a_formula_is_never_evaluated(tmp_path: Path) -> None:
    grid = standard()
    grid.cells[4, 4] = Is(40, None, "=99*99")
    assert read_foreign(open_book(write(tmp_path / "stored.xlsx", grid))).tree["outcomes"][0]["quantity"] == 40


def map_or_refusal(build: Callable[[], object]) -> None:
    """A file gives a map, or ends in a message that says something; any other error fails the test."""
    said = "a map"
    try:
        build()
    except SroiError as error:
        said = str(error)
    assert said


_slow = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_slow
@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a.ods"]))
def test_any_bytes_are_a_map_or_a_refusal(content: bytes, name: str) -> None:
    map_or_refusal(lambda: foreign_map(book_of(content, name), ReadingOptions(currency="GBP", price_year="2024")))


@pytest.fixture(scope="module")
def sound_content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return sound(tmp_path_factory.mktemp("sound"))


@_slow
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=5))
def test_a_workbook_with_any_byte_changed_is_a_map_or_a_refusal(
    sound_content: bytes, changes: list[tuple[int, int]]
) -> None:
    content = bytearray(sound_content)
    for place, value in changes:
        content[place % len(content)] = value
    map_or_refusal(lambda: foreign_map(book_of(bytes(content), "any.xlsx"), ReadingOptions(price_year="2024")))


_cells = st.one_of(
    st.none(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.integers(-(10**6), 10**6),
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30),
    st.sampled_from(["#REF!", "n/a", "25%", "1.234,50", "Total", "£1,850.50", "Deadweight", "Value", "1:1", "(3)", "=1", "-"]),
)  # fmt: skip


@_slow
@given(st.dictionaries(st.tuples(st.integers(0, 12), st.integers(0, 12)), _cells, max_size=25))
def test_a_table_with_anything_in_it_is_a_map_or_a_refusal(cells: dict[tuple[int, int], object]) -> None:
    from sroi.files.sheets import Book, Cell, Sheet

    grid = standard()
    plain = {place: cell.value if isinstance(cell, Is) else cell for place, cell in grid.cells.items()}
    plain.update({(row + 1, column + 1): value for (row, column), value in cells.items()})
    made = {
        place: Cell(*place, float(value) if isinstance(value, int) and not isinstance(value, bool) else value)
        for place, value in plain.items()
        if value is not None
    }
    book = Book("any.xlsx", b"", (Sheet("Map", made),))
    map_or_refusal(lambda: foreign_map(book, ReadingOptions(price_year="2024")))
