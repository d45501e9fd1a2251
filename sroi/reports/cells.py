"""Tables of words, made from tables of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from sroi import wording
from sroi.reports.blocks import Table


def money_cell(currency: str) -> Callable[[float], str]:
    """Return how a cell says money."""
    return or_dash(lambda amount: wording.money(amount, currency))


def or_dash(say: Callable[[Any], str]) -> Callable[[Any], str]:
    """Return how a cell says a value that may be missing."""

    def said(value: Any) -> str:
        missing = value == "" or (isinstance(value, float) and math.isnan(value))
        return "–" if missing else say(value)

    return said


def word_table(name: str, caption: str, frame: pd.DataFrame, columns: Mapping[str, Any], wide: bool = False) -> Table:
    """Return a table of words from one of numbers.

    `columns` gives, for each column of the frame that is shown, its heading, how its values are said, and (where the
    frame holds words) whether they are figures.
    """
    rows = tuple(tuple(spec[1](value) for spec, value in zip(columns.values(), row, strict=True))
                 for row in frame[list(columns)].itertuples(index=False, name=None))  # fmt: skip
    numeric = tuple(
        (spec[2] if len(spec) > 2 else pd.api.types.is_numeric_dtype(frame[column]) and frame[column].dtype != bool)
        for column, spec in columns.items()
    )
    return Table(name, caption, tuple(spec[0] for spec in columns.values()), rows, numeric, wide)
