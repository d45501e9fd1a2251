"""Marks as rows of a table, and as lines for a terminal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sroi import wording
from sroi.teaching.marks import FAIR, FOUND, HALF, MISSED, WRONG, ClassMarks, Mark, Marks
from sroi.terminal.layout import wrapped

_TALKED_OVER, _MOST = 5, 6
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def marks_rows(found: ClassMarks) -> list[dict[str, Any]]:
    """Return the marks of a class as rows: of each team its ratio, each fault and claim, and notes."""
    rows = [row for team in found.teams for row in _team_rows(team)]
    return [*rows, *(_row("", "not marked", file, "", why, "", file) for file, why in found.astray)]


def _team_rows(team: Marks) -> list[dict[str, Any]]:
    files = "; ".join(team.files)
    given = "none" if team.ratio is None else f"{team.ratio:.4f}"
    ratio = f"given {given}, right {team.right:.4f}"
    rows = [_row(team.team, "ratio", ratio, "", team.ratio_words, "", files)]
    rows += [
        _row(team.team, each.result, each.what, each.place, each.explanation, each.how, files) for each in team.marks
    ]
    if team.not_asked:
        rows.append(_row(team.team, "not asked", f"{team.not_asked}: nothing of it was handed back", "", "", "", files))
    return [*rows, *(_row(team.team, "note", note, "", "", "", files) for note in team.notes)]


def _row(team: str, result: str, what: str, place: str, explanation: str, how: str, files: str) -> dict[str, Any]:
    row = {
        "team": team, "result": result, "what": what, "place": place, "explanation": explanation, "how": how,
        "files": files,
    }  # fmt: skip
    # A claim's control codes would act on the terminal of whoever looks at the table.
    return {name: re.sub(_CONTROL, "?", text) for name, text in row.items()}


def marks_lines(found: ClassMarks) -> list[str]:
    """Return the marks of a class as lines, team by team in order of their names, and what to talk over first."""
    lines: list[str] = []
    for team in found.teams:
        lines += [*_team_lines(team), ""]
    if found.astray:
        lines.append("Not marked:")
        lines += [line for file, why in found.astray for line in wrapped(f"- {file}: {why}", "  ", "    ")]
        lines.append("")
    missed = missed_most(found)[:_TALKED_OVER]
    if missed:
        lines.append("To talk over, missed by most of those who had it:")
        lines += [f"  {count} of {had}  {what}" for what, count, had in missed]
    return lines


def missed_most(found: ClassMarks) -> list[tuple[str, int, int]]:
    """Return each fault with how many teams missed it and how many were asked about it, missed by most first."""
    marks = [(mark.what, mark.result) for team in found.teams for mark in team.marks]
    had = Counter(what for what, result in marks if result in (FOUND, HALF, MISSED))
    missed = Counter(what for what, result in marks if result == MISSED)
    return [(what, count, had[what]) for what, count in missed.most_common()]


def _team_lines(team: Marks) -> list[str]:
    notes = [line for note in team.notes for line in wrapped(f"note: {note}", "  ", "    ")]
    if not team.marks:
        return [f"{team.team}: {team.ratio_words}", *notes]
    half = team.count(HALF)
    found = f"{team.count(FOUND) + half} of {team.faults} faults found"
    aside = [f"{half} not put right"] if half else []
    aside += [f"{team.not_asked} not asked about: nothing of it was handed back"] if team.not_asked else []
    parts = [found + (f" ({'; '.join(aside)})" if aside else ""), f"{team.count(WRONG)} wrongly claimed"]
    if team.count(FAIR):
        parts.append(f"{team.count(FAIR)} fair question{'s' if team.count(FAIR) > 1 else ''}")
    given = "none" if team.ratio is None else f"{wording.ratio(team.ratio)} : 1"
    lines = wrapped(f"{team.team}: {', '.join(parts)}; ratio {given}, {team.ratio_words}", "", "  ")
    for result in (HALF, MISSED, WRONG, FAIR):
        lines += _mark_lines([mark for mark in team.marks if mark.result == result], result)
    return [*lines, *notes]


def _mark_lines(marks: Sequence[Mark], result: str) -> list[str]:
    lines: list[str] = []
    for mark in marks[:_MOST]:
        place = f" ({mark.place})" if mark.place and mark.place not in mark.what else ""
        lines += wrapped(f"{result}: {mark.what}{place}", "  ", "    ")
        lines += wrapped(mark.explanation, "    ", "    ") if result in (MISSED, HALF, FAIR) else []
    if len(marks) > _MOST:
        lines.append(f"  and {len(marks) - _MOST} more, {result} (--out writes all)")
    return lines
