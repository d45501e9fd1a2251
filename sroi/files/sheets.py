"""A workbook is opened: what it is, is told by its content; it is looked through, then read as plain grids of cells."""

from __future__ import annotations

import zipfile
from pathlib import Path as FilePath

from sroi.files.grid import Book, Cell, Sheet, Value, column_letters

__all__ = ["WORKBOOKS", "Book", "Cell", "Sheet", "Value", "book_of", "column_letters", "open_book"]

WORKBOOKS = (".xlsx", ".xlsm", ".ods", ".csv")


def open_book(path: str | FilePath) -> Book:
    """Return the workbook in an .xlsx, .xlsm, .ods or .csv file; FileRefused for a file that cannot be one.

    What the file is, is taken from its content, not from its name. No formula is evaluated, no macro run, no link
    followed; sizes are limited before anything is unpacked (see `sroi.files.archives`).
    """
    from sroi.files.archives import LARGEST_WORKBOOK
    from sroi.files.safety import read_bytes

    path = FilePath(path)
    return book_of(read_bytes(path, LARGEST_WORKBOOK, "workbook"), str(path))


def book_of(content: bytes, name: str, most_cells: int | None = None) -> Book:
    """Return the workbook in `content`; `name` is the file's name, as messages call it.

    `most_cells`: how many filled cells a .csv may hold, if not as many as a value map.
    """
    from sroi.files.archives import open_archive, refused

    if not content.strip():
        raise refused(name, "this file is empty", "Give a table or a workbook with something in it.")
    if content.startswith(b"PK"):
        archive = open_archive(content, name)
        with archive:
            if is_ods(archive):
                from sroi.files.sheets_ods import read_ods

                return read_ods(archive, content, name)
            refuse_other_packages(archive, name)
            from sroi.files.sheets_xlsx import read_xlsx

            return read_xlsx(archive, content, name)
    refuse_other_files(content, name)
    if FilePath(name).suffix.lower() not in (".csv", ".tsv", ".txt"):
        found = "this file is plain text, and not the workbook that its name says"
        raise refused(name, found, "If it is a table, give it a name that ends in .csv.")
    from sroi.files.sheets_csv import read_csv

    return read_csv(content, name) if most_cells is None else read_csv(content, name, most_cells)


def is_ods(archive: zipfile.ZipFile) -> bool:
    """Say whether a zip is an OpenDocument workbook."""
    names = archive.namelist()
    if "mimetype" not in names or "content.xml" not in names:
        return False
    with archive.open("mimetype") as stream:
        return b"opendocument.spreadsheet" in stream.read(100)


def refuse_other_packages(archive: zipfile.ZipFile, name: str) -> None:
    """Raise FileRefused for a zip that is no workbook of ours to read, naming what it is."""
    from sroi.files.archives import refused

    names = archive.namelist()
    if any(each.endswith("xl/workbook.bin") for each in names):
        raise refused(name, "this is a binary workbook (.xlsb)", "Save it in Excel as .xlsx.")
    if any(each.startswith("word/") for each in names):
        raise refused(name, "this is a Word document", "Give the workbook itself, .xlsx or .ods.")
    if any(each.startswith("ppt/") for each in names):
        raise refused(name, "this is a PowerPoint presentation", "Give the workbook itself, .xlsx or .ods.")
    if any(each.endswith(".iwa") for each in names):
        raise refused(name, "this is an Apple Numbers file", "Export it from Numbers as an Excel workbook (.xlsx).")
    if "[Content_Types].xml" not in names or not any(each.startswith("xl/") for each in names):
        raise refused(name, "this is a zip file, but no workbook", "Unpack it, and give the workbook in it.")


def refuse_other_files(content: bytes, name: str) -> None:
    """Raise FileRefused for a file whose first bytes are those of something else than a table of text."""
    from sroi.files.archives import refused

    head = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refused(name, "this workbook is protected by a password", "Save a copy without a password.")
        raise refused(name, "this is a workbook of the old kind (.xls)", "Open it in Excel and save it as .xlsx.")
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        raise refused(name, "this is a web page, and not a workbook", "Open it in Excel and save it as .xlsx.")
    if head.startswith(b"<?xml"):
        raise refused(name, "this is an XML file, and not a workbook", "Open it in Excel and save it as .xlsx.")
    if head.startswith(b"%pdf"):
        raise refused(name, "this is a PDF, and not a workbook", "Give the workbook that it was printed from.")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in content and not wide:
        raise refused(name, "this is not a workbook", "Give an .xlsx, .xlsm, .ods or .csv file.")
