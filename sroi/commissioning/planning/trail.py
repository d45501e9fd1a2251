"""The tables of a social value statement, for spreadsheets and other programs."""

from __future__ import annotations

from typing import Any

from sroi.commissioning.planning.document import statement_document
from sroi.commissioning.planning.statement import Statement


def trail(statement: Statement) -> dict[str, list[list[Any]]]:
    """Return the tables by the names of their files, each with its headings as the first row."""
    told = statement_document(statement)
    return {name: _table(told[name]) for name in ("needs", "commitments", "checklist", "involved") if told[name]}


def _table(rows: list[dict[str, Any]]) -> list[list[Any]]:
    return [list(rows[0]), *([_cell(part) for part in row.values()] for row in rows)]


def _cell(part: Any) -> Any:
    if part is None:
        return ""
    return "; ".join(part) if isinstance(part, list) else part
