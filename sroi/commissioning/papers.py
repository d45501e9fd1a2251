"""The files of a commissioning paper: the page, the Word document and PDF, the tables, and the figures for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sroi.files.csv_writer import rows_bytes
from sroi.reports.blocks import Story
from sroi.reports.documents import leave_documents
from sroi.reports.leaving import LeftFiles
from sroi.reports.styling import Look


def write_papers(
    story: Story,
    out: str | Path,
    stem: str,
    formats: str = "html,docx",
    *,
    document: Mapping[str, Any] | None = None,
    tables: Mapping[str, Sequence[Sequence[Any]]] | None = None,
    look: Look | None = None,
) -> list[Path]:
    """Write a paper into the folder `out` as STEM.html, .docx .., tables/ and result.json; return the files.

    Parameters: `formats`, of html, docx and pdf; `document`, what result.json holds; `tables`, by name, each with its
    headings as the first row. Each file is written whole or not at all; a document that somebody edited is left as it
    is, and the new one becomes STEM_2.docx. Raises TemplateRefused for a format that there is not.
    """
    left = LeftFiles(out)
    leave_documents(left, story, stem, formats, look, "this paper")
    for name, rows in (tables or {}).items():
        left.put(f"tables/{name}.csv", rows_bytes(rows))
    if document is not None:
        left.put("result.json", json_text(document).encode("utf-8"))
    return left.written


def json_text(document: Mapping[str, Any]) -> str:
    """Return a document as JSON: days as 2026-03-31, never NaN."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False, default=_day) + "\n"


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no part of JSON")
