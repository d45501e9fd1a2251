"""The faults of a stranger's workbook: what an assurer would find who recomputed it and looked into every formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sroi.findings import Finding, Findings

if TYPE_CHECKING:
    from sroi.files.foreign import Reading
    from sroi.files.sheets import Book
    from sroi.impact_map import ImpactMap

# Of one kind no more are told one by one: a fault copied down a thousand rows is one fault.
MOST_OF_A_KIND = 50


def workbook_faults(book: Book, reading: Reading, impact_map: ImpactMap) -> Findings:
    """Return what is wrong with a stranger's workbook: those findings that matter most first, each with its cell.

    Parameters: `book`, its cells with formulas and stored values; `reading`, what was read from it and where it
    stands; `impact_map`, the map that this gave, which is reckoned here independently of the file's own formulas.
    Nothing of the file is run: its formulas are read as text, and only arithmetic and sums are reckoned again.
    """
    from sroi.workbook_faults.cells import cell_faults
    from sroi.workbook_faults.columns import column_faults
    from sroi.workbook_faults.hidden import hidden_faults
    from sroi.workbook_faults.inspection import Inspection
    from sroi.workbook_faults.lines import line_faults
    from sroi.workbook_faults.repeats import repeated_numbers
    from sroi.workbook_faults.sums import sum_faults
    from sroi.workbook_faults.totals import total_faults
    from sroi.workbook_faults.wordings import text_faults

    inspection = Inspection(book, reading, impact_map)
    checks = (line_faults, sum_faults, column_faults, cell_faults, hidden_faults, text_faults, repeated_numbers)
    found = list(dict.fromkeys(each for check in checks for each in _as_far_as_it_goes(check(inspection))))
    return Findings(_capped([*_as_far_as_it_goes(total_faults(inspection, found)), *found]))


def _as_far_as_it_goes(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield what a check finds; where it meets more cells than are looked through here, say so."""
    from sroi.workbook_faults.grid import MOST_VISITS, Unknown

    try:
        yield from findings
    except Unknown:
        yield Finding(
            "formula_not_read", "low", 7, "workbook",
            f"the formulas refer to more than {MOST_VISITS:,} cells in all: not everything was checked",
            "Let ranges end where the rows end, and check again.",
        )  # fmt: skip


def _capped(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the first findings of each kind, and say of how many more there are."""
    number: dict[str, int] = {}
    last: dict[str, Finding] = {}
    for finding in findings:
        number[finding.kind] = number.get(finding.kind, 0) + 1
        if number[finding.kind] <= MOST_OF_A_KIND:
            yield finding
        else:
            last[finding.kind] = finding
    for kind, finding in last.items():
        more = number[kind] - MOST_OF_A_KIND
        yield Finding(
            kind, finding.severity, finding.principle, "workbook", f"and {more} more of this kind", finding.remedy
        )
