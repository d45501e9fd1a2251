"""Rows as CSV that Excel opens rightly."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sroi.files.safety import neutral_text


def csv_bytes(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return rows as CSV that Excel opens rightly: UTF-8 with its mark, no text that a spreadsheet would run."""
    return rows_bytes([list(rows[0]), *(list(row.values()) for row in rows)] if rows else [])


def rows_bytes(rows: Iterable[Sequence[Any]]) -> bytes:
    """Return rows, the first of them headings, as such CSV."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    for row in rows:
        writer.writerow([neutral_text(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")
