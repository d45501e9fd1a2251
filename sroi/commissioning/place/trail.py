"""The tables of value by place as numbers, for spreadsheets and other programs."""

from __future__ import annotations

from typing import Any

from sroi.commissioning.place.document import study_document
from sroi.commissioning.place.study import PlaceStudy


def trail(study: PlaceStudy) -> dict[str, list[list[Any]]]:
    """Return the tables by the names of their files, each with its headings as the first row."""
    told = study_document(study)
    found = {name: _table(told[name]) for name in ("by_place", "by_region", "delivered", "not_matched")}
    twice = [
        {"kind": each.kind, "what": each.what, "place": each.place, "projects": list(each.projects),
         "currency": each.currency, "at_stake": each.at_stake, "why": each.why}
        for each in study.overlaps
    ]  # fmt: skip
    return {**found, "counted_twice": _table(twice)}


def _table(rows: list[dict[str, Any]]) -> list[list[Any]]:
    if not rows:
        return [["none"]]
    return [list(rows[0]), *([_cell(part) for part in row.values()] for row in rows)]


def _cell(part: Any) -> Any:
    if part is None:
        return ""
    return "; ".join(part) if isinstance(part, list) else part
