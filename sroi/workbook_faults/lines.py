"""Line by line: what the file's own columns say an outcome is worth, against our own recomputation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from sroi.evaluation import evaluate
from sroi.findings import Finding
from sroi.names import DEDUCTIONS
from sroi.workbook_faults.grid import Address
from sroi.workbook_faults.inspection import FILLED_IN, Inspection, said

WORTH = {"impact": "impact of a year", "present_value": "present value", "value": "value over its life"}
_LONGEST = 60


def line_faults(inspection: Inspection) -> Iterator[Finding]:
    """Yield the lines that differ, in the columns that agree with the recomputation in more than half of the lines.

    A number that is some other worth of its line (of a later year, before a deduction, discounted) is no difference.
    """
    table = inspection.outcomes
    if table is None:
        return
    told: set[int] = set()
    by_row = dict(zip(inspection.reading.rows, (each.id for each in inspection.impact_map.outcomes), strict=True))
    worth = _worth_of_lines(inspection)
    columns = {column for row, column in table.sheet.cells if row in by_row}
    for column in sorted(column for column in columns if table.columns.get(column) not in FILLED_IN):
        cells = {row: inspection.grid.number(Address(table.sheet.name, row, column)) for row in by_row}
        held = {row: number for row, number in cells.items() if number is not None and by_row[row] in worth["impact"]}
        right = {what: [row for row in held if _near(held[row], ours[by_row[row]])] for what, ours in worth.items()}
        what = max(right, key=lambda each: len(right[each]))
        telling = sum(held[row] != 0 for row in right[what])
        if telling < 2 or len(right[what]) * 2 <= len(held):
            continue
        for row in sorted(set(held) - set(right[what]) - told):
            if held[row] and not _another_worth(inspection, by_row[row], held[row]):
                told.add(row)
                yield inspection.finding(
                    "line_not_reproduced", "high", 7, Address(table.sheet.name, row, column),
                    f"{table.labels[row]}: the file gives {said(held[row])} as its {WORTH[what]}; recomputed from its "
                    f"own numbers it is {said(worth[what][by_row[row]])}",
                    "Compare its formula with that of the other lines.",
                )  # fmt: skip


def _near(held: float, ours: float) -> bool:
    return abs(held - ours) <= max(1e-6 * abs(ours), 0.0051)


def _worth_of_lines(inspection: Inspection) -> dict[str, dict[str, float]]:
    """Return what each outcome is worth by our own reckoning: its impact of one year, and over its life."""
    chart, result = inspection.impact_map, inspection.result
    plain = chart.model_copy(update={"conventions": chart.conventions.model_copy(update={"discount_timing": "none"})})
    one_year = {"duration": 1.0, "drop_off": 0.0}
    at = {f"{name}.{field}": number for name in result.priced for field, number in one_year.items()}
    ways = {"impact": evaluate(plain, at=at), "present_value": result, "value": evaluate(plain)}
    return {what: dict(zip(result.priced, way.present_value.tolist(), strict=True)) for what, way in ways.items()}


def _another_worth(inspection: Inspection, outcome: str, held: float) -> bool:
    """Say whether a number is an outcome's worth before some deduction, in some year, discounted or not."""
    numbers, result = inspection.impact_map.numbers(), inspection.result
    duration = numbers[f"{outcome}.duration"].values[0]
    gross = float(result.gross[result.priced.index(outcome)]) / duration if duration else 0.0
    kept = [1 - numbers[f"{outcome}.{field}"].values[0] for field in DEDUCTIONS]
    left = 1 - numbers[f"{outcome}.drop_off"].values[0]
    growth = 1 + numbers["discount_rate"].values[0]
    for chosen in product((False, True), repeat=3):
        share = 1.0
        for take, each in zip(chosen, kept, strict=True):
            share *= each if take else 1.0
        for age in range(_LONGEST):
            # The last year of a change that lasts a year and a half may stand as half a year.
            lasting = min(1.0, duration - age) if duration > age else 1.0
            times = (0, age, age + 0.5, age + 1, age + 1.5, age + 2)
            yearly = gross * share * left**age
            if any(_near(held, yearly * part / growth**time) for part in (1.0, lasting) for time in times):
                return True
    return False
