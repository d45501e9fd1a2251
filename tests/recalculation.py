"""Two outside engines that recalculate a workbook: LibreOffice Calc, and formualizer. Neither knows of ours."""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

import sroi
from sroi.files import workbook_layout as layout
from sroi.files.workbook_result import TOTAL_FIRST
from sroi.files.workbook_working import TIME, UNDISCOUNTED, WORTH

SOFFICE = shutil.which("soffice")

# LibreOffice recalculates a file of another program only when it is told to.
_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


# Every sheet as a table of its own, values as they are and not as they are shown.
_TABLES = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


def by_libreoffice(files: Sequence[Path], folder: Path, tables: bool = False) -> list[Path]:
    """Recalculate workbooks and return the files with the new values.

    As `tables`, where that is all that is looked at, it takes two thirds of the time: of each workbook the start of
    the names of its tables is returned.
    """
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_RECALCULATE, encoding="utf-8")
    out = folder / "libreoffice"
    subprocess.run(
        [str(SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to",
         _TABLES if tables else "xlsx", "--outdir", str(out), *map(str, files)], check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    return [out / (file.stem if tables else file.name) for file in files]


def by_formualizer(files: Sequence[Path], folder: Path) -> list[Path]:
    """Recalculate workbooks and return the files with the new values; not those that are too wide for this engine."""
    import formualizer

    out = folder / "formualizer"
    out.mkdir()
    done = []
    for file in files:
        try:
            formualizer.recalculate_xlsx_file(str(file), str(out / file.name))
        except OSError as error:
            if "width limit" not in str(error):
                raise
            continue
        done.append(out / file.name)
    return done


def opened(path: Path, values: bool = False) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path, data_only=values)


def figures(path: Path) -> dict[str, Any]:
    """Return what a recalculated workbook says: totals, ladder, yearly values."""
    result, working = (_rows(path, name) for name in ("Result", "Working"))
    names = (
        "total_present_value",
        "total_inputs",
        "net_present_value",
        "sroi_ratio",
        "net_sroi_ratio",
        "payback_years",
    )
    found: dict[str, Any] = {name: _cell(result, TOTAL_FIRST + 1 + place, 2) for place, name in enumerate(names)}
    start = next(row for row in range(1, 40) if _cell(result, row, 1) == "From gross value to what can be claimed")
    found["ladder"] = [_cell(result, start + step, 2) for step in range(1, 8)]
    years = max(map(len, working))
    for name, row in (("value", UNDISCOUNTED), ("present_value", WORTH)):
        line = [_cell(working, row + 1, TIME + year + 1) for year in range(1, years)]
        found[name] = [cell for cell in line if isinstance(cell, int | float)]
    return found


def _rows(path: Path, sheet: str) -> list[list[Any]]:
    if path.suffix == ".xlsx":
        # Reads two sheets of a hundred workbooks in a tenth of openpyxl's time.
        from python_calamine import CalamineWorkbook

        return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    with path.with_name(f"{path.name}-{sheet}.csv").open(encoding="utf-8", newline="") as table:
        return [[_typed(cell) for cell in row] for row in csv.reader(table)]


def _typed(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


def _cell(rows: list[list[Any]], row: int, column: int) -> Any:
    """Return a cell's value, None if it is empty; rows and columns count from 1."""
    value = rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else ""
    return None if isinstance(value, str) and not value else value


def expected(impact_map: sroi.ImpactMap) -> dict[str, Any]:
    """Return the same figures as Python has them."""
    result = sroi.evaluate(impact_map)
    return {
        **{name: getattr(result, name) for name in (
            "total_present_value", "total_inputs", "net_present_value", "sroi_ratio", "net_sroi_ratio", "payback_years")},
        "ladder": list(result.ladder.values()),
        "value": result.value_by_year.tolist(),
        "present_value": result.present_value_by_year.tolist(),
    }  # fmt: skip


def apart(found: dict[str, Any], wanted: dict[str, Any], scale: float) -> float:
    """Return how far the two are apart, at most: money beside the sums that it is made of, ratios and years as they are."""
    worst = 0.0
    for name, figure in wanted.items():
        beside = 1.0 if "ratio" in name or name == "payback_years" else max(1.0, scale)
        pairs = [(found[name], figure)]
        if isinstance(figure, list):
            padded = [*figure, *[0.0] * (len(found[name]) - len(figure))]
            pairs = list(zip(found[name], padded, strict=True))
        for theirs, ours in pairs:
            if ours != ours:  # no payback, no ratio: words on both sides
                worst = max(worst, 0.0 if isinstance(theirs, str) else float("inf"))
            elif not isinstance(theirs, int | float):
                worst = float("inf")
            else:
                worst = max(worst, abs(theirs - ours) / max(beside, abs(ours)))
    return worst


def change_inputs(path: Path, rng: random.Random) -> int:
    """Change what a person might, in the workbook itself: numbers, shares, drop-downs. Return how many cells."""
    book = opened(path)
    changed = 0
    sheet = book["Outcomes"]
    keys = {cell.value: cell.column for cell in sheet[layout.KEYS + 1]}
    span_left = {"duration"}
    for row in range(layout.FIRST + 1, sheet.max_row + 1):
        if not sheet.cell(row, keys["id"]).value:
            continue
        for key in ("quantity", "quantity.share", "quantity.times", "proxy.value", "deadweight", "displacement",
                    "attribution", "drop_off", "duration"):  # fmt: skip
            cell = sheet.cell(row, keys[key])
            if not isinstance(cell.value, int | float) or isinstance(cell.value, bool) or rng.random() < 0.4:
                continue
            if key in ("deadweight", "displacement", "attribution", "drop_off", "quantity.share"):
                cell.value = rng.choice([0, 1, round(rng.random(), 3)])
            elif key in span_left:
                cell.value = rng.choice([0, 0.5, min(cell.value, 1.25), max(0, cell.value - 0.75)])
            else:
                cell.value = round(cell.value * rng.uniform(0.3, 2.5), 2)
            changed += 1
        if rng.random() < 0.3:
            sheet.cell(row, keys["included"]).value = rng.choice(["yes", "no"])
        if rng.random() < 0.4:
            own = rng.choice([None, 0, 0.015, -0.02, "uk_green_book_health", "no_finance_ministry"])
            sheet.cell(row, keys["discount_rate"]).value = own
    inputs = book["Inputs"]
    columns = {cell.value: cell.column for cell in inputs[layout.KEYS + 1]}
    for row in range(layout.FIRST + 1, inputs.max_row + 1):
        for key in ("value", "hours", "rate"):
            cell = inputs.cell(row, columns[key])
            if isinstance(cell.value, int | float):
                cell.value = round(cell.value * rng.uniform(0.5, 2) + 1, 2)
                changed += 1
    settings = book["Map"]
    for row in range(layout.SETTINGS_FIRST + 1, settings.max_row + 1):
        key, cell = settings.cell(row, 1).value, settings.cell(row, 3)
        if key == "conventions.discount_rate" and isinstance(cell.value, int | float):
            cell.value = rng.choice([0, 0.015, 0.035, 0.1, -0.02, "dk_2017", "uk_green_book"])
        if key in ("conventions.discount_timing", "conventions.input_timing"):
            cell.value = rng.choice(["end_of_year", "mid_year", "start_of_year", "none"])
        if key == "conventions.deductions":
            cell.value = rng.choice(["multiply", "add"])
        if key == "conventions.drop_off_from":
            cell.value = rng.choice(["first_year", "second_year"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book.save(path)
    return changed
