"""Which figures changed since an earlier run: for whoever has to carry them over into a document edited meanwhile."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sroi import wording

_LARGEST = 50_000_000  # bytes of a result.json
_TOTALS = {
    "sroi_ratio": "SROI ratio", "net_sroi_ratio": "Net SROI ratio", "total_present_value": "Total present value",
    "total_inputs": "Total inputs", "net_present_value": "Net present value", "payback_years": "Payback in years",
}  # fmt: skip
_RATIOS = {"sroi_ratio", "net_sroi_ratio", "payback_years"}


@dataclass(frozen=True)
class ChangedFigure:
    """A figure as people read it, before and after: `was` or `now` is "not there" where only one run has it."""

    figure: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.figure}: {self.was}, now {self.now}"


def figures_told(result: Mapping[str, Any]) -> dict[str, str]:
    """Return every figure of a result document as a reader sees it, by what it is of."""
    currency = str(result.get("currency") or "")
    told = {
        words: _ratio(result.get(name)) if name in _RATIOS else _money(result.get(name), currency)
        for name, words in _TOTALS.items()
    }
    groups = (
        ("by_outcome", "id", {"gross": "gross value", "present_value": "present value"}),
        ("by_stakeholder", "id", {"present_value": "present value", "inputs": "put in"}),
        ("by_year", "year", {"value": "value", "present_value": "present value"}),
        ("ladder", "step", {"value": "value"}),
    )
    for group, key, columns in groups:
        for row in _rows(result.get(group)):
            of = wording.STEP_WORDS.get(str(row.get(key)), str(row.get(key)))
            of = f"Year {of}" if key == "year" else of
            for column, words in columns.items():
                name = of if group == "ladder" else f"{of}, {words}"
                told[name] = _money(row.get(column), currency)
    return told


def changed_figures(was: Mapping[str, str], now: Mapping[str, str]) -> tuple[ChangedFigure, ...]:
    """Return the figures that read differently, in the order of the new ones, then those that are gone.

    >>> print(*changed_figures({"SROI ratio": "1.90 : 1", "Payback": "2"}, {"SROI ratio": "1.50 : 1", "Payback": "2"}))
    SROI ratio: 1.90 : 1, now 1.50 : 1
    """
    names = [*now, *(name for name in was if name not in now)]
    pairs = ((name, was.get(name, "not there"), now.get(name, "not there")) for name in names)
    return tuple(ChangedFigure(name, before, after) for name, before, after in pairs if before != after)


def figures_of_file(path: Path) -> dict[str, str] | None:
    """Return the figures that an earlier run's result.json tells; None if there is none that can be read."""
    try:
        if path.stat().st_size > _LARGEST:
            return None
        earlier = json.loads(path.read_text(encoding="utf-8"))
        return figures_told(earlier) if isinstance(earlier, dict) else None
    except (OSError, ValueError, RecursionError):
        return None


def _rows(group: Any) -> list[Mapping[str, Any]]:
    return [row for row in group if isinstance(row, dict)] if isinstance(group, list) else []


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _money(value: Any, currency: str) -> str:
    return wording.money(value, currency) if _is_number(value) else "no figure"


def _ratio(value: Any) -> str:
    return wording.ratio(value) if _is_number(value) else "no figure"
