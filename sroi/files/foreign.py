"""Anybody's workbook as a value map: found, read cell by cell, and every guess and repair listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sroi.errors import Path
from sroi.files.options import ReadingOptions
from sroi.files.sheets import Book
from sroi.impact_map import ImpactMap


@dataclass(frozen=True)
class Printed:
    """A total or ratio that the file itself shows: its name in the result, its value, its cell, its formula."""

    name: str
    value: float
    place: str
    formula: str | None = None


@dataclass(frozen=True)
class Reading:
    """What was read from a workbook: the tree of a value map, where each part stands, what was guessed."""

    tree: dict[str, Any]
    places: dict[Path, str]
    repairs: tuple[str, ...]
    printed: tuple[Printed, ...]
    mapping: dict[str, Any] = field(default_factory=dict)
    rows: tuple[int, ...] = ()
    sheet: str = ""
    columns: dict[str, int] = field(default_factory=dict)


def read_foreign(
    book: Book, options: ReadingOptions = ReadingOptions(), ratio_of: Callable[[ImpactMap], float] | None = None
) -> Reading:
    """Return what a workbook in a stranger's layout says."""
    raise NotImplementedError


def foreign_map(
    book: Book, options: ReadingOptions = ReadingOptions(), ratio_of: Callable[[ImpactMap], float] | None = None
) -> ImpactMap:
    """Return the impact map that a workbook in a stranger's layout holds."""
    raise NotImplementedError
