"""Writes a map as our own workbook: input sheets, and sheets that compute live. XlsxWriter; no macros, no Excel needed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from sroi.estimate import Estimate
from sroi.files import workbook_contents as contents
from sroi.files import workbook_layout as layout
from sroi.files import workbook_rates
from sroi.files.plain_workbook import PlainTable, write_tables
from sroi.files.workbook_layout import BANDS, BY_YEAR, FIRST, HEADINGS, KEYS, OUTCOMES, Column, Table
from sroi.files.workbook_pen import BAND, NUMBER_FORMATS, Pen, PlainSheet
from sroi.files.workbook_result import write_result
from sroi.files.workbook_sensitivity import write_sensitivity
from sroi.files.workbook_values import Size, size_of
from sroi.files.workbook_working import OUTCOME_FIRST, Working
from sroi.impact_map import ImpactMap
from sroi.reading import Kind


def workbook_bytes(impact_map: ImpactMap, more: Mapping[str, PlainTable] | None = None) -> bytes:
    """Return a map as the bytes of an .xlsx workbook that computes its result live.

    Parameters: `more`, plain sheets to put behind the map's own; reading the workbook leaves them alone.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # A fixed date: the same map gives the same bytes.
    book.set_properties({"title": impact_map.title, "comments": "Made with sroi", "created": datetime(2026, 1, 1)})
    book.set_calc_mode("auto")
    pen = Pen(book)
    rows = {table.sheet: _rows_of(impact_map, table) for table in layout.TABLES}
    room = {name: len(listed) + _table(name).spare for name, listed in rows.items()}
    room["Without money"] = room["Outcomes"]
    room[layout.YEARS_SHEET] = len(contents.years(impact_map)) + 10
    size = size_of(impact_map, room)
    working = Working(impact_map, size)

    names = ("Guide", "Map", "Stakeholders", "Involvement", "Inputs", "Outcomes", "Outputs", layout.YEARS_SHEET, "Evidence",
             "Result", "Sensitivity", "Without money", "More", "Working", workbook_rates.SHEET)  # fmt: skip
    sheets = {name: book.add_worksheet(name, worksheet_class=PlainSheet) for name in names}
    _write_guide(pen, sheets["Guide"], impact_map)
    _write_settings(pen, sheets["Map"], impact_map)
    for table in layout.TABLES:
        _write_table(pen, sheets[table.sheet], table, rows[table.sheet], room[table.sheet])
    _write_drop_downs(sheets, room)
    _write_years(pen, sheets[layout.YEARS_SHEET], impact_map, size)
    _write_own_results(pen, sheets, working)
    write_result(pen, sheets["Result"], working)
    write_sensitivity(pen, sheets["Sensitivity"], working)
    _write_working(pen, sheets["Working"], sheets[workbook_rates.SHEET], working)
    workbook_rates.write_rates(pen, sheets[workbook_rates.SHEET], size.times, working.values.ids)
    _define_names(book, impact_map, working)
    for name, sheet in sheets.items():
        sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages({"Outcomes": 3, "Years": 2, "Working": 6, "Rates": 2}.get(name, 1), 0)
        sheet.set_footer(f"&L{name}&C&P / &N&Rsroi")
        sheet.hide_gridlines(2)
    sheets["Guide"].activate()
    write_tables(book, more or {})
    book.close()
    return stream.getvalue()


def _table(sheet: str) -> Table:
    return next(table for table in layout.TABLES if table.sheet == sheet)


def _rows_of(impact_map: ImpactMap, table: Table) -> list[tuple[contents.Row, Kind | None]]:
    if table is layout.EVIDENCE:
        return list(contents.evidence(impact_map))
    if table is layout.MORE:
        return [(row, None) for row in contents.more(impact_map)]
    return [(row, None) for row in contents.entries(impact_map, table)]


# ---- input sheets ----


def _write_settings(pen: Pen, sheet: Any, impact_map: ImpactMap) -> None:
    sheet.write_string(
        0, 1, "The map: what it is of, and the rules by which it is reckoned", pen.format(bold=True, font_size=14)
    )
    sheet.write_string(
        1, 1, "Fill in the yellow cells. Every rule is printed beside the ratio.", pen.format(italic=True)
    )
    for column, (heading, width) in enumerate((("key", 4), ("Setting", 26), ("", 44), ("What it means", 80))):
        sheet.set_column(column, column, width, None, {"hidden": column == 0})
        sheet.write_string(3, column, heading, pen.heading())
    for place, setting in enumerate(layout.settings()):
        row = layout.SETTINGS_FIRST + place
        value = _setting(impact_map, setting.key)
        percent = setting.key == "conventions.discount_rate" and isinstance(value, float)
        style = pen.input(text_wrap=True, align="left", **({"num_format": NUMBER_FORMATS["share"]} if percent else {}))
        sheet.write_string(row, 0, setting.key, pen.format())
        sheet.write_string(row, 1, setting.heading, pen.format(bold=True))
        pen.put(sheet, row, 2, value, style)
        sheet.write_string(row, 3, setting.comment, pen.format(text_wrap=True, font_color="#555555"))
        sheet.set_row(row, layout.height_of([(str(value or ""), 44), (setting.comment, 80)]))
        if setting.choices:
            sheet.data_validation(row, 2, row, 2, {"validate": "list", "source": list(setting.choices)})
    sheet.freeze_panes(layout.SETTINGS_FIRST, 0)


def _setting(impact_map: ImpactMap, key: str) -> Any:
    value = contents.content(impact_map, key)
    if isinstance(value, Estimate):
        return BY_YEAR if value.by_year else value.base
    return value


def _write_table(pen: Pen, sheet: Any, table: Table, rows: list[tuple[contents.Row, Kind | None]], room: int) -> None:
    sheet.write_string(layout.TITLE, 0, table.sheet, pen.format(bold=True, font_size=14))
    sheet.write_string(layout.SAID, 0, table.said, pen.format(italic=True))
    band = ""
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        if column.band and column.band != band:
            last = max(at for at, each in enumerate(table.columns) if each.band == column.band)
            style = pen.format(bold=True, font_color="#FFFFFF", bg_color=BAND)
            if last > place:
                sheet.merge_range(layout.BANDS, place, layout.BANDS, last, column.band, style)
            else:
                sheet.write_string(layout.BANDS, place, column.band, style)
            band = column.band
        sheet.write_string(HEADINGS, place, column.heading, pen.heading())
        sheet.write_string(KEYS, place, column.key, pen.format())
        if column.comment:
            sheet.write_comment(HEADINGS, place, column.comment, {"x_scale": 1.6, "y_scale": 0.7})
    sheet.set_row(KEYS, None, None, {"hidden": True})
    for place in range(room):
        row, kind = rows[place] if place < len(rows) else ({}, None)
        texts = [(row.get(column.key), column.width) for column in table.columns]
        sheet.set_row(
            FIRST + place, layout.height_of([(text, width) for text, width in texts if isinstance(text, str)])
        )
        for at, column in enumerate(table.columns):
            if column.kind == "formula":
                continue
            _write_entry(pen, sheet, FIRST + place, at, column, row, kind)
    for at, column in enumerate(table.columns):
        if column.choices:
            sheet.data_validation(FIRST, at, FIRST + room - 1, at, {
                "validate": "list", "source": list(column.choices),
                "error_title": column.heading, "error_message": f"Choose {', '.join(column.choices)}.",
            })  # fmt: skip
        if column.kind == "share":
            cell = xl_rowcol_to_cell(FIRST, at)
            sheet.data_validation(FIRST, at, FIRST + room - 1, at, {
                "validate": "custom", "value": f'=OR({cell}="{BY_YEAR}",AND(ISNUMBER({cell}),{cell}>=0,{cell}<=1))',
                "error_title": column.heading, "error_message": "Give a share from 0 % to 100 %, such as 25%.",
            })  # fmt: skip
    sheet.freeze_panes(FIRST, table.frozen)
    sheet.repeat_rows(BANDS, HEADINGS)
    if table is OUTCOMES:
        sheet.repeat_columns(0, table.frozen - 1)


def _write_entry(
    pen: Pen, sheet: Any, line: int, at: int, column: Column, row: Mapping[str, Any], kind: Kind | None
) -> None:
    value = row.get(column.key)
    shown = NUMBER_FORMATS.get(
        "share" if kind is not None and kind.per_cent and column.key in ("low", "high") else column.kind
    )
    style = pen.input(text_wrap=column.kind in ("text", "words"), **({"num_format": shown} if shown else {}))
    if isinstance(value, Estimate):
        if value.by_year:
            sheet.write_string(line, at, BY_YEAR, style)
        elif value.value is None and value.survey is not None:
            counts = f"={value.survey.yes}/{value.survey.asked}"
            sheet.write_formula(line, at, counts, style, value.base)
        elif value.value is None and value.experts:
            views = ",".join(repr(expert.value) for expert in value.experts)
            sheet.write_formula(line, at, f"=AVERAGE({views})", style, value.base)
        else:
            pen.put(sheet, line, at, value.base, style)
    elif isinstance(value, tuple):
        pen.put(sheet, line, at, contents.words_text(value), style)
    else:
        pen.put(sheet, line, at, value, style)


def _write_drop_downs(sheets: Mapping[str, Any], room: Mapping[str, int]) -> None:
    """Let cells that name a stakeholder offer those that there are."""
    people = f"=Stakeholders!{xl_range_abs(FIRST, 0, FIRST + room['Stakeholders'] - 1, 0)}"
    for table, key in ((layout.INPUTS, "stakeholder"), (OUTCOMES, "stakeholder"), (OUTCOMES, "quantity.of"),
                       (layout.OUTPUTS, "stakeholder"), (layout.INVOLVEMENT, "stakeholder")):  # fmt: skip
        at = table.column(key)
        sheets[table.sheet].data_validation(
            FIRST, at, FIRST + room[table.sheet] - 1, at,
            {"validate": "list", "source": people, "error_type": "warning",
             "error_title": "No such stakeholder", "error_message": "Give the id of a stakeholder from the sheet Stakeholders."},
        )  # fmt: skip

    # A schedule is offered; a rate may be typed all the same.
    offered = {"validate": "list", "source": f"={workbook_rates.names()}", "show_error": False}
    at, row = OUTCOMES.column("discount_rate"), layout.setting_row("conventions.discount_rate")
    sheets[OUTCOMES.sheet].data_validation(FIRST, at, FIRST + room[OUTCOMES.sheet] - 1, at, offered)
    sheets[layout.SETTINGS_SHEET].data_validation(row, 2, row, 2, offered)


def _write_years(pen: Pen, sheet: Any, impact_map: ImpactMap, size: Size) -> None:
    sheet.write_string(layout.TITLE, 0, "Years", pen.format(bold=True, font_size=14))
    said = f"Numbers given year by year. In the other sheets they say '{BY_YEAR}'. For discount_rate the last year goes on."
    sheet.write_string(layout.SAID, 0, said, pen.format(italic=True))
    for at, heading in enumerate(["Number", "What it is", *(f"Year {n + 1}" for n in range(size.times))]):
        sheet.write_string(HEADINGS, at, heading, pen.heading())
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 44)
    labels = {name: number.label for name, number in impact_map.numbers().items()}
    listed = contents.years(impact_map)
    for place in range(size.by_year):
        name, kind, values = listed[place] if place < len(listed) else ("", None, ())
        pen.put(sheet, FIRST + place, 0, name, pen.input())
        pen.put(sheet, FIRST + place, 1, labels.get(name, ""), pen.format())
        shown = {"num_format": NUMBER_FORMATS["share"]} if kind is not None and kind.per_cent else {}
        for year in range(size.times):
            pen.put(sheet, FIRST + place, 2 + year, values[year] if year < len(values) else None, pen.input(**shown))
    sheet.freeze_panes(FIRST, 1)


# ---- sheets that compute ----


def _write_own_results(pen: Pen, sheets: Mapping[str, Any], working: Working) -> None:
    """Write the columns of the input sheets that compute: what counts, what it is worth."""
    values, size = working.values, working.size
    outcomes, without = sheets["Outcomes"], sheets["Without money"]
    for row in range(size.outcomes):
        line = FIRST + row
        blank = values.ids[row] == ""
        for key, name, style in (
            ("counts", "counts", pen.locked(num_format="0")),
            ("present_value", "present_value", pen.locked(num_format="#,##0.00")),
        ):
            own = f"Working!{working.cell(row, name)}"
            number = float(values.counts[row] if name == "counts" else values.present_value[row])
            pen.formula(outcomes, line, OUTCOMES.column(key), f'=IF({working.input(row, "id")}="","",{own})',
                        "" if blank else number, style)  # fmt: skip
        given = xl_rowcol_to_cell(line, 0, False, True)
        found = f"MATCH({given},{working.inputs('id')},0)"
        outcome = working.map.outcomes[row] if row < len(working.map.outcomes) else None
        label = (outcome.description or "") if outcome is not None else ""
        for key, formula, value in (
            ("label", f'IFERROR(INDEX({working.inputs("description")},{found})&"","")', label),
            (
                "who",
                f'IFERROR(INDEX({working.inputs("stakeholder")},{found})&"","")',
                outcome.stakeholder if outcome else "",
            ),
        ):
            pen.formula(
                without, line, layout.WITHOUT_MONEY.column(key), f"={formula}", value, pen.locked(text_wrap=True)
            )
        first = working.at["quantity"]
        area = (
            f"Working!{xl_range_abs(OUTCOME_FIRST, first, OUTCOME_FIRST + size.outcomes - 1, first + size.cohorts - 1)}"
        )
        changed = f"SUM(INDEX({area},{found},0))"
        total = float(values.quantity[row].sum())
        weight = xl_rowcol_to_cell(line, layout.WITHOUT_MONEY.column("weight"), False, True)
        pen.formula(without, line, layout.WITHOUT_MONEY.column("changed"), f'=IF({given}="","",IFERROR({changed},0))',
                    "" if outcome is None else total, pen.locked(num_format="#,##0.##"))  # fmt: skip
        weighed = outcome is not None and outcome.weight is not None
        pen.formula(
            without, line, layout.WITHOUT_MONEY.column("weighted"), f'=IF(OR({given}="",{weight}=""),"",{weight}*IFERROR({changed},0))',
            total * float(outcome.weight or 0.0) if weighed and outcome is not None else "", pen.locked(num_format="#,##0.##"),
        )  # fmt: skip
    _write_inputs(pen, sheets["Inputs"], working)


def _write_inputs(pen: Pen, sheet: Any, working: Working) -> None:
    """Write what each input is worth now: its value or hours x rate, each year at its own factor."""
    from sroi.evaluation import evaluate

    worth = evaluate(working.map).inputs
    table, size = layout.INPUTS, working.size
    for row in range(size.inputs):
        line = FIRST + row
        name, value, hours, rate = (
            xl_rowcol_to_cell(line, table.column(key), False, True) for key in ("id", "value", "hours", "rate")
        )
        first = working.line(4 + 2, 1, 1, sheet=True)
        yearly = working.yearly_sum(f'{name}&".value"', 6)
        formula = f'=IF({name}="","",IF({value}="{BY_YEAR}",{yearly},IF({value}<>"",{value},{hours}*{rate})*{first}))'
        number = float(worth[row]) if row < len(working.map.inputs) else ""
        pen.formula(sheet, line, table.column("worth"), formula, number, pen.locked(num_format="#,##0.00"))


def _write_working(pen: Pen, sheet: Any, rates: Any, working: Working) -> None:
    sheet.write_string(
        0,
        0,
        "Working: every step of the formulas, one row for each outcome. Nothing to fill in.",
        pen.format(bold=True),
    )
    style = pen.locked()
    for row, label in enumerate(
        ("Year or time", "Rate of the year", "Growth to the time; B: to present_at", "Factor of a value", "Factor of an input",
         "Named schedule", "Present value", "Running sum", "Inputs reached", "Value, undiscounted",
         "Of it at the map's rate"), start=2,
    ):  # fmt: skip
        sheet.write_string(row, 0, label, pen.format(bold=True))
    for name, at in working.at.items():
        sheet.write_string(14, at, name.replace("_", " "), pen.heading())
    working.write(
        lambda row, column, formula, value: sheet.write_formula(row, column, formula, style, value),
        lambda row, column, formula, value: rates.write_formula(row, column, formula, style, value),
    )
    sheet.set_column(0, 0, 22)
    sheet.freeze_panes(15, 1)


def _define_names(book: Any, impact_map: ImpactMap, working: Working) -> None:
    book.define_name(layout.VERSION_NAME, "=1")
    if isinstance(impact_map.conventions.discount_rate, Estimate) and not impact_map.conventions.discount_rate.by_year:
        book.define_name("discount_rate", f"={working.setting('conventions.discount_rate')}")


def _write_guide(pen: Pen, sheet: Any, impact_map: ImpactMap) -> None:
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 110)
    sheet.write_string(1, 1, impact_map.title, pen.format(bold=True, font_size=18, font_color=BAND, text_wrap=True))
    lines: tuple[str, ...] = (
        "This workbook holds a value map and works out its social return on investment. It needs no macros and no network.",
        "Yellow cells are to be filled in. Grey cells compute; they are locked without a password.",
        "1  Map: what the project is, and the rules: discount rate, timing, how deductions are taken.",
        "2  Stakeholders and Involvement: who changes, who pays, how they were asked.",
        "3  Inputs: money, time and goods put in. Outputs: what was done; told, never valued.",
        "4  Outcomes: what changes, for how many, what it is worth, what would have happened anyway. A loss has a value below 0.",
        f"5  Years: numbers that differ from year to year; their cells say '{BY_YEAR}'.",
        "6  Evidence: the range, source and reason of each number.",
        "7  Result and Sensitivity compute as you type. Result is made to be printed. Working shows every step.",
        "8  Without money: the same outcomes by rank and weight.",
        "Attribution is the share owed to OTHERS. Deadweight is the share that would have happened anyway.",
        "Shares are per cent. A blank deduction counts as 0 %, a blank duration as one year; sroi asks about each.",
        "sroi check FILE.xlsx says what is wrong, and what a careful reader would ask. sroi report FILE.xlsx writes the report.",
    )
    # Words that sources ask for go where the values go.
    owed = dict.fromkeys(each.proxy.acknowledgement for each in impact_map.outcomes if each.proxy is not None)
    lines = (*lines, *(f"Acknowledgement: {said}" for said in owed if said))
    for place, line in enumerate(lines):
        sheet.write_string(3 + place, 1, line, pen.format(text_wrap=True))
    sheet.write_string(4 + len(lines), 1, "Fill in", pen.input())
    sheet.write_string(5 + len(lines), 1, "Computes", pen.locked())
