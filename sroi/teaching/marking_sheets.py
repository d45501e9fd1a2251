"""What a corrected spreadsheet shows of the faults that were planted in it, and what it cannot show."""

from __future__ import annotations

from pathlib import Path

from sroi.impact_map import ImpactMap
from sroi.teaching.fault_kinds import Planted
from sroi.teaching.key import Fault, TeamKey
from sroi.teaching.marks import FOUND, HALF, MISSED
from sroi.teaching.returned import Returned
from sroi.teaching.taken import Said

# Of a spreadsheet with fewer of its formulas than this the values alone were handed back.
_FORMULAS_KEPT = 0.5


def in_sheet(fault: Fault, team: TeamKey, sheet: Returned | None) -> tuple[str, str]:
    """Return what the corrected spreadsheet shows of a fault, and how: whether the reader's list still names it."""
    if sheet is None or sheet.sheet_findings is None or _cannot_be_seen(fault.planted, team, sheet):
        return MISSED, ""
    found = [each for each in sheet.sheet_findings if each.kind == fault.planted.finding]
    at = [each.where for each in found]
    if fault.planted.found_at in at:
        return MISSED, ""
    # A row that was put in moves the cells: what is of this kind, and of no other fault's cell, is still this one.
    others = {
        each.planted.found_at
        for each in team.sheet_faults
        if each != fault and each.planted.finding == fault.planted.finding
    }
    if any(where not in others for where in at):
        return MISSED, ""
    gone = _gone(fault, team, sheet)
    if gone:
        return HALF, f"taken out of the spreadsheet, where it belongs: {gone}"
    return FOUND, "mended in the spreadsheet"


def unseen_in(team: TeamKey, sheet: Returned | None) -> list[Said]:
    """Return what is to be said of a spreadsheet that cannot show whether faults were mended."""
    if sheet is None or not any(_cannot_be_seen(fault.planted, team, sheet) for fault in team.sheet_faults):
        return []
    why = (
        "a CSV file holds values alone" if _is_text(sheet) else "its formulas are gone, and values stand in their place"
    )
    said = f"{why}: what was mended there cannot be seen, and only the fault list counts"
    return [(Path(sheet.file).name, said)]


def _cannot_be_seen(planted: Planted, team: TeamKey, sheet: Returned) -> bool:
    """Say whether a file has lost what a fault stands in: a CSV file all but its words, values their formulas."""
    if _is_text(sheet):
        return True
    of_formulas = planted.was.startswith("=") or planted.now.startswith("=")
    return of_formulas and sheet.formulas < _FORMULAS_KEPT * team.sheet_formulas


def _is_text(sheet: Returned) -> bool:
    return Path(sheet.file).suffix.lower() == ".csv"


def _gone(fault: Fault, team: TeamKey, sheet: Returned) -> str:
    """Return what a fault stood in and is no longer there: a whole sheet, or a line of the table; "" if it is."""
    name = fault.planted.where.rpartition("!")[0]
    if name not in sheet.sheet_names and fault.planted.kind == "tables_disagree":
        return f"the sheet {name}"
    held = _labels(team.sound)
    own = [label for label in map(_plain, fault.called) if label in held]
    there = _labels(sheet.sheet) if sheet.sheet is not None else set()
    return ", ".join(own) if own and there.isdisjoint(own) else ""


def _labels(impact_map: ImpactMap) -> set[str]:
    """Return what the lines of a map are called."""
    lines = [each.label for each in impact_map.outcomes] + [each.label for each in impact_map.inputs]
    return set(map(_plain, lines))


def _plain(text: str) -> str:
    return " ".join(text.split())
