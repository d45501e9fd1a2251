"""The files that a report leaves in a folder: each whole or not at all, none in place of one that somebody edited."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sroi.files.safety import neutral_text, write_whole
from sroi.reports.blocks import Story
from sroi.reports.editing import place_for
from sroi.reports.pictures import Pictures, all_figures


class LeftFiles:
    """A folder into which a report's files are put. `written` are their paths, in the order in which they came."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.written: list[Path] = []

    def put(self, name: str, content: bytes) -> None:
        """Write one file; beside a document that somebody edited, under another name."""
        path = place_for(self.folder / name)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, overwrite=True)
        self.written.append(path)

    def put_figures(self, story: Story, pictures: Pictures) -> None:
        """Write the story's figures as PNG and SVG."""
        for figure in all_figures(story):
            self.put(f"figures/{figure.name}.png", pictures.png(figure))
            self.put(f"figures/{figure.name}.svg", pictures.svg(figure))

    def put_tables(self, frames: Mapping[str, pd.DataFrame]) -> None:
        """Write tables as CSV, by their names."""
        for name, frame in frames.items():
            self.put(f"tables/{name}.csv", csv_bytes(frame))


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as CSV that Excel opens rightly: UTF-8 with its mark, no text that a spreadsheet would run."""
    safe = frame.map(lambda value: neutral_text(value) if isinstance(value, str) else value)
    return b"\xef\xbb\xbf" + safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8")
