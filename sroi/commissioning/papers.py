"""The files of a commissioning paper: the page, the Word document and PDF, the tables, and the figures for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sroi.errors import Problem, TemplateRefused
from sroi.files.safety import neutral_text
from sroi.reports import html
from sroi.reports.blocks import Story
from sroi.reports.leaving import LeftFiles
from sroi.reports.pictures import Pictures
from sroi.reports.styling import Look

FORMATS = ("html", "docx", "pdf")


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
    wanted = [each.strip().lower() for each in formats.split(",") if each.strip()]
    unknown = [each for each in wanted if each not in FORMATS]
    if unknown or not wanted:
        found = f"this paper has no format '{unknown[0][:40]}'" if unknown else "no format is named"
        raise TemplateRefused(Problem(found, f"Give {', '.join(FORMATS[:-1])} or {FORMATS[-1]}."))
    pictures = Pictures()
    left = LeftFiles(out)
    if "html" in wanted:
        left.put(f"{stem}.html", html.page(story, look, pictures).encode("utf-8"))
    if "docx" in wanted:
        from sroi.reports import word

        left.put(f"{stem}.docx", word.document_bytes(story, look, pictures))
    if "pdf" in wanted:
        from sroi.reports import pdf

        left.put(f"{stem}.pdf", pdf.pdf_bytes(story, look, pictures))
    left.put_figures(story, pictures)
    for name, rows in (tables or {}).items():
        left.put(f"tables/{name}.csv", table_bytes(rows))
    if document is not None:
        left.put("result.json", json_text(document).encode("utf-8"))
    return left.written


def table_bytes(rows: Sequence[Sequence[Any]]) -> bytes:
    """Return rows, the first of them headings, as CSV that Excel opens rightly and no text of which it would run."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([[neutral_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def json_text(document: Mapping[str, Any]) -> str:
    """Return a document as JSON: days as 2026-03-31, never NaN."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False, default=_day) + "\n"


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no part of JSON")
