"""Rows as CSV that Excel opens rightly."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from sroi.files.safety import neutral_text


def csv_bytes(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return rows as CSV that Excel opens rightly: UTF-8 with its mark, no text that a spreadsheet would run."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    if rows:
        writer.writerow(rows[0])
    for row in rows:
        writer.writerow([neutral_text(cell) if isinstance(cell, str) else cell for cell in row.values()])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")
