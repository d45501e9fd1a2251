"""What a command leaves in a folder: figures as PNG and SVG, tables as CSV, each whole or not at all."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sroi.errors import NameRefused, Problem

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sroi.impact_map import ImpactMap

Rows = Sequence[Mapping[str, Any]]


def folder_of(out: str) -> Path:
    """Return the folder that --out names; NameRefused if it names none, or a file."""
    path = Path(out)
    if not out.strip():
        raise NameRefused(Problem("--out names no folder", "Name one, such as our_figures."))
    if path.exists() and not path.is_dir():
        raise NameRefused(Problem(f"--out names {out}, which is a file", "Name a folder."))
    return path


def refuse_what_may_not_leave(options: argparse.Namespace, *maps: ImpactMap) -> None:
    """Refuse to leave figures and tables of maps that hold values which may not be passed on; see `refuse_private`."""
    from sroi.questions.licences import refuse_private

    if options.out is not None:
        for impact_map in maps:
            refuse_private(impact_map, "what --out leaves", options.allow_private)


def leave(folder: Path, figures: Mapping[str, Figure], tables: Mapping[str, Rows]) -> list[str]:
    """Write figures/NAME.png and .svg and tables/NAME.csv into a folder; return what was written, in words."""
    from sroi import plots
    from sroi.files.csv_writer import csv_bytes
    from sroi.files.safety import write_whole

    for name in ("figures", "tables"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, figure in figures.items():
        write_whole(folder / "figures" / f"{name}.png", plots.image(figure, "png"), overwrite=True)
        write_whole(folder / "figures" / f"{name}.svg", plots.image(figure, "svg"), overwrite=True)
    for name, rows in tables.items():
        write_whole(folder / "tables" / f"{name}.csv", csv_bytes(rows), overwrite=True)
    return [
        f"In {folder.resolve()}:",
        f"  figures        {', '.join(figures)} (PNG and SVG)",
        f"  tables         {', '.join(tables)} (CSV)",
    ]
