"""`sroi.record`: a notebook says a value that goes into the table of its batch."""

from __future__ import annotations

import logging
import math
import re
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

from sroi.batch.runs import TOTALS
from sroi.errors import NameRefused, Problem
from sroi.reading import shown

MIME = "application/vnd.sroi.record+json"
# The columns that every table of results has.
FIRST_COLUMNS = ("row", "key", "status", "error")
LAST_COLUMNS = ("seconds",)
TAKEN = frozenset({*FIRST_COLUMNS, *TOTALS, *LAST_COLUMNS})
_NAME = re.compile(r"[^\W\d]\w*(\.\w+)*")
_LONGEST_NAME, _LONGEST_TEXT, _LONGEST_LIST, _MOST_NAMES = 100, 2_000, 100, 500


def record(name: str, value: Any) -> None:
    """Record a value of this notebook: a batch puts it into its table, as a column of this name.

    Parameters: `name`, a word such as `people_reached`; `value`, a number, text, yes or no, day, None, or a list of up
    to 100 of them. Recorded again under the same name, the last value stands. Outside a notebook nothing is kept: the
    value is checked, and logged. Raises NameRefused for a name that the table has already, or that is no word, and for
    a value that is not of these.

    >>> record("people_reached", 140)
    """
    told = checked_record(name, value)
    logging.getLogger("sroi").info("recorded %s: %r", name, told)
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython
    from IPython.display import display

    if get_ipython() is not None:
        shown_as = f"recorded {name}: {told}"
        display({MIME: {"name": name, "value": told}, "text/plain": shown_as}, raw=True)


def checked_record(name: Any, value: Any) -> Any:
    """Return the value as a table can hold it; NameRefused if it or its name cannot be recorded."""
    if not isinstance(name, str) or not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise NameRefused(Problem(f"{shown(name)} is no name to record under", "Give a word such as people_reached."))
    if name in TAKEN:
        found = f"'{name}' is a column of its own in the table of results"
        raise NameRefused(Problem(found, f"Record it under another name, such as own_{name}."))
    if isinstance(value, list | tuple):
        if len(value) > _LONGEST_LIST:
            found = f"'{name}' is a list of {len(value):,}"
            raise NameRefused(Problem(found, f"Record at most {_LONGEST_LIST}; write longer ones as a file in out."))
        return [_scalar(name, each) for each in value]
    return _scalar(name, value)


def _scalar(name: str, value: Any) -> Any:
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:  # a NumPy number
        value = value.item()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < 2**63:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, str) and len(value) <= _LONGEST_TEXT:
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, date):
        return value.isoformat()
    found = f"'{name}' is {shown(value)}, which a table cannot hold"
    remedy = f"Record a finite number, a text of up to {_LONGEST_TEXT:,} letters, yes or no, a day, or None."
    raise NameRefused(Problem(found, remedy))


def recorded_in(notebook: Any, parameters: frozenset[str]) -> dict[str, Any]:
    """Return what an executed notebook recorded, by name; NameRefused, all at once, for what cannot be recorded.

    What a notebook shows is its own to write: everything is checked again here.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for told in _told_by(notebook):
        name = told.get("name")
        try:
            value = checked_record(name, told.get("value"))
        except NameRefused as error:
            problems += error.problems
            continue
        if name in parameters:
            found = f"'{name}' is recorded, and is a parameter too"
            problems.append(Problem(found, f"Record it under another name, such as own_{name}."))
        values[str(name)] = value
    if len(values) > _MOST_NAMES:
        found = f"{len(values):,} values are recorded"
        problems.append(Problem(found, f"Record at most {_MOST_NAMES}; write more as a file in out."))
    if problems:
        raise NameRefused(problems[:20])
    return values


def _told_by(notebook: Any) -> Iterator[dict[str, Any]]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            told = output.get("data", {}).get(MIME)
            if isinstance(told, dict):
                yield told
