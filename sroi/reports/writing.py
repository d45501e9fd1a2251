"""A report's files: the page, the Word document, the figures, and the tables as CSV."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sroi import plots
from sroi.files.safety import neutral_text, write_whole
from sroi.reports import html
from sroi.reports.analysis import Analysis
from sroi.reports.blocks import Story, figures
from sroi.reports.formats import check_formats


def write_report(story: Story, analysis: Analysis, out: str | Path, formats: str = "html,docx") -> list[Path]:
    """Write the report into the folder `out`: report.html, report.docx, figures/ (PNG, SVG), tables/ (CSV).

    Returns the files written. Each is written whole or not at all.
    """
    folder = Path(out)
    wanted = check_formats(formats)
    written: list[Path] = []

    def put(name: str, content: bytes) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, overwrite=True)
        written.append(path)

    if "html" in wanted:
        put("report.html", html.page(story).encode("utf-8"))
    if "docx" in wanted:
        from sroi.reports import word

        put("report.docx", word.document_bytes(story))
    for figure in figures(story):
        drawing = figure.draw(plots.WIDE)
        put(f"figures/{figure.name}.png", plots.image(drawing, "png"))
        put(f"figures/{figure.name}.svg", plots.image(drawing, "svg"))
    for name, frame in analysis.frames().items():
        put(f"tables/{name}.csv", csv_bytes(frame))
    return written


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as CSV that Excel opens rightly: UTF-8 with its mark, no text that a spreadsheet would run."""
    safe = frame.map(lambda value: neutral_text(value) if isinstance(value, str) else value)
    return b"\xef\xbb\xbf" + safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8")
