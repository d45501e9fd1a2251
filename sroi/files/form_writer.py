"""A form is written, blank or filled: as a workbook with drop-downs and what to write beside each cell, or as YAML."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
import yaml

from sroi.files.form import Column, Form, Part, is_blank, plain_entry
from sroi.files.form_cells import GUIDE
from sroi.files.workbook_layout import height_of
from sroi.files.workbook_pen import NUMBER_FORMATS, Pen

Rows = Mapping[str, Any]  # by part: a list of mappings, or of a single part one mapping

_ROOM = 40  # blank rows that are laid out to be filled in
_HEAD, _HELP, _FIRST = 2, 3, 4  # rows, from 0
_WIDTHS = {"text": 34, "title": 30, "id": 18, "list": 26, "choice": 18, "day": 13, "yes_no": 9}
_GREY = "#555555"


def form_bytes(form: Form, rows: Rows | None = None, ending: str = ".xlsx") -> bytes:
    """Return a form, blank or with these rows, as the bytes of an .xlsx or (any other ending) YAML file.

    Reading it gives the same values back. The same rows give the same bytes.
    """
    rows = rows or {}
    unknown = set(rows) - {part.name for part in form.parts}
    if unknown:
        raise KeyError(f"{form.name} has no {sorted(unknown)}")
    return _workbook(form, rows) if ending.lower() == ".xlsx" else _yaml(form, rows).encode("utf-8")


def _of(rows: Rows, part: Part) -> Sequence[Mapping[str, Any]]:
    own = rows.get(part.name) or ()
    return (own,) if isinstance(own, Mapping) else own


# ---- the workbook ----


def _workbook(form: Form, rows: Rows) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": form.title, "created": datetime(2026, 1, 1)})
    pen = Pen(book)
    _write_guide(pen, book.add_worksheet(GUIDE), form)
    for part in form.parts:
        sheet = book.add_worksheet(part.heading)
        (_write_record if part.single else _write_table)(pen, sheet, part, _of(rows, part))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    book.close()
    return stream.getvalue()


def _write_guide(pen: Pen, sheet: Any, form: Form) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, form.title, pen.format(bold=True, font_size=14))
    at = 1
    for line in form.about:
        sheet.merge_range(at, 0, at, 1, line, pen.format(text_wrap=True))
        sheet.set_row(at, height_of([(line, 116)]))
        at += 1
    at += 1
    for heading, place in (("Sheet", 0), ("What it is for", 1)):
        sheet.write_string(at, place, heading, pen.heading())
    for part in form.parts:
        at += 1
        said = part.about if part.required else f"{part.about} May stay empty."
        sheet.write_string(at, 0, part.heading, pen.format(bold=True))
        sheet.write_string(at, 1, said, pen.format(text_wrap=True))
        sheet.set_row(at, height_of([(said, 90)]))
    at += 2
    for line in (
        "Yellow cells are to be filled in. What is marked * is needed; the rest may stay empty.",
        "Shares are written as per cents (15%), days as year-month-day (2026-03-31), lists with semicolons (a; b).",
    ):
        sheet.write_string(at, 0, line, pen.format(italic=True))
        at += 1
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _headed(column: Column) -> str:
    return f"{column.heading} *" if column.required else column.heading


def _write_table(pen: Pen, sheet: Any, part: Part, rows: Sequence[Mapping[str, Any]]) -> None:
    sheet.write_string(0, 0, part.heading, pen.format(bold=True, font_size=14))
    _write_about(pen, sheet, part)
    last = _FIRST + len(rows) + _ROOM - 1
    for at, column in enumerate(part.columns):
        width = _WIDTHS.get(column.kind, max(12, min(20, len(column.heading))))
        sheet.set_column(at, at, width)
        sheet.write_string(_HEAD, at, _headed(column), pen.heading())
        sheet.write_string(_HELP, at, column.told, pen.format(text_wrap=True, font_size=8, font_color=_GREY))
        _offer(sheet, column, (_FIRST, at, last, at))
    widths = [(_WIDTHS.get(column.kind, 14), column) for column in part.columns]
    sheet.set_row(_HEAD, height_of([(_headed(column), width) for width, column in widths]))
    sheet.set_row(_HELP, height_of([(column.told, width * 1.2) for width, column in widths]))  # type: ignore[misc]
    for place in range(len(rows) + _ROOM):
        row = rows[place] if place < len(rows) else {}
        for at, column in enumerate(part.columns):
            _put(pen, sheet, _FIRST + place, at, column, row.get(column.name))
        texts = [(str(row[column.name]), width) for width, column in widths if isinstance(row.get(column.name), str)]
        if texts:
            sheet.set_row(_FIRST + place, height_of(texts))
    sheet.freeze_panes(_FIRST, 1)
    sheet.repeat_rows(_HEAD, _HEAD)
    sheet.print_area(0, 0, _FIRST + max(len(rows), 12), len(part.columns) - 1)


def _write_about(pen: Pen, sheet: Any, part: Part) -> None:
    """Write what a table is for: on one line, or folded over the table's own width where it is longer than that."""
    room = sum(_WIDTHS.get(column.kind, 14) for column in part.columns)
    if len(part.about) <= room or len(part.columns) == 1:
        sheet.write_string(1, 0, part.about, pen.format(italic=True))
        return
    sheet.merge_range(1, 0, 1, len(part.columns) - 1, part.about, pen.format(italic=True, text_wrap=True))
    sheet.set_row(1, height_of([(part.about, room)]))


def _write_record(pen: Pen, sheet: Any, part: Part, rows: Sequence[Mapping[str, Any]]) -> None:
    row = rows[0] if rows else {}
    for at, width in enumerate((36, 60, 60)):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 0, part.heading, pen.format(bold=True, font_size=14))
    sheet.merge_range(1, 0, 1, 2, part.about, pen.format(italic=True, text_wrap=True))
    sheet.set_row(1, height_of([(part.about, 156)]))
    for place, column in enumerate(part.columns, start=3):
        sheet.write_string(place, 0, _headed(column), pen.format(bold=True, text_wrap=True))
        _put(pen, sheet, place, 1, column, row.get(column.name), align="left")
        sheet.write_string(place, 2, column.told, pen.format(text_wrap=True, font_color=_GREY))
        _offer(sheet, column, (place, 1, place, 1))
        own = row.get(column.name)
        texts = [(column.told, 60), (_headed(column), 36), (own if isinstance(own, str) else "", 60)]
        sheet.set_row(place, height_of(texts))
    sheet.freeze_panes(3, 1)


def _put(pen: Pen, sheet: Any, row: int, at: int, column: Column, value: Any, **more: Any) -> None:
    value = plain_entry(value)
    more |= {"text_wrap": True, "align": "left"} if column.kind in _WIDTHS else {}
    shown = {"share": NUMBER_FORMATS["share"], "money": NUMBER_FORMATS["money"], "number": NUMBER_FORMATS["number"]}
    if column.kind in shown:
        more["num_format"] = shown[column.kind]
    if column.kind == "day":
        more["num_format"] = "yyyy-mm-dd"
    if isinstance(value, date):
        sheet.write_datetime(row, at, datetime(value.year, value.month, value.day), pen.input(**more))
    else:
        pen.put(sheet, row, at, None if is_blank(value) else value, pen.input(**more))


def _offer(sheet: Any, column: Column, cells: tuple[int, int, int, int]) -> None:
    """Offer the words that a cell may take; they are checked when the form is read, and not while it is typed."""
    words = ["yes", "no"] if column.kind == "yes_no" else list(column.choices) if column.kind == "choice" else []
    if words and column.fits_a_list:
        sheet.data_validation(*cells, {"validate": "list", "source": words, "error_type": "warning"})


# ---- YAML ----


def _yaml(form: Form, rows: Rows) -> str:
    lines = [f"# {form.title}", *(f"# {line}" for line in form.about)]
    for part in form.parts:
        lines += ["", f"# {part.heading}: {part.about}"]
        own = _of(rows, part)
        if part.single:
            lines += [f"{part.name}:", *_group(part, own[0] if own else {}, "  ")]
        elif own:
            lines.append(f"{part.name}:")
            for row in own:
                lines += _item(part, row)
        else:
            blank = ["  # -", *(f"  #   {line}" for line in _group(part, {}, ""))]
            lines += [f"{part.name}: []", "  # each entry as:", *blank]
    return "\n".join(lines) + "\n"


def _group(part: Part, row: Mapping[str, Any], indent: str) -> list[str]:
    """Return a line for each column: what is filled in, or what to write."""
    lines = []
    for column in part.columns:
        value = row.get(column.name)
        if is_blank(value):
            needed = "needed; " if column.required else ""
            lines.append(f"{indent}{column.name}:  # {needed}{' '.join(column.told.split()) or column.heading}")
        else:
            lines.append(f"{indent}{column.name}: {_scalar(column, value)}")
    return lines


def _item(part: Part, row: Mapping[str, Any]) -> list[str]:
    filled = [column for column in part.columns if not is_blank(row.get(column.name))]
    lines = [f"    {column.name}: {_scalar(column, row[column.name])}" for column in filled]
    return [f"  - {lines[0].strip()}", *lines[1:]] if lines else []


def _scalar(column: Column, value: Any) -> str:
    if column.kind == "list" and not isinstance(value, str):
        return str(yaml.safe_dump([str(part) for part in value], default_flow_style=True, allow_unicode=True, width=10**6).strip())  # fmt: skip  # noqa: E501
    value = plain_entry(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, int | date):
        return str(value)
    dumped = yaml.safe_dump(str(value), default_flow_style=True, allow_unicode=True, width=10**6)
    return str(dumped.removesuffix("...\n").strip())
