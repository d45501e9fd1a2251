"""The columns of a table as numbers and words, each fault with its rows and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from sroi.errors import Problem
from sroi.formulas import Array
from sroi.reading import Kind, misread, read_number, shown

_MOST_ROWS = 8  # named in one problem; the rest are counted
_MOST_KINDS = 25  # of one column's problems; a column of nothing but nonsense is one fault


class Cells:
    """Reads a table column by column and keeps what is wrong: every fault, the rows of like ones together.

    `row_name` says where a row stands: "row 5", as a spreadsheet counts it, or a frame's own label.
    """

    def __init__(self, table: pd.DataFrame, row_name: Callable[[int], str]) -> None:
        self.table = table
        self.row_name = row_name
        self.problems: list[Problem] = []

    def __contains__(self, name: str) -> bool:
        """Say whether the table has a column."""
        return name in self.table.columns

    def refuse(self, rows: Iterable[int], column: str, found: str, remedy: str) -> None:
        """Keep a fault of some rows."""
        self.problems.append(Problem(found, remedy, cell=f"{self.rows_words(rows)}, column {column}"))

    def rows_words(self, rows: Iterable[int]) -> str:
        """Return rows as a message names them: the first few, and how many more there are."""
        every = list(rows)
        named = ", ".join(self.row_name(row) for row in every[:_MOST_ROWS])
        more = len(every) - _MOST_ROWS
        return f"{named} and {more:,} more" if more > 0 else named

    def numbers(self, name: str, kind: Kind, default: float | None = None) -> Array:
        """Return a column of numbers; `default` where a cell is blank or the column is missing, NaN if it is None."""
        blank_is = np.nan if default is None else default
        if name not in self:
            return np.full(len(self.table), blank_is)
        column = self.table[name]
        if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
            read = column.to_numpy(dtype=np.float64, na_value=np.nan)
            allowed = (read > kind.low if kind.above_low else read >= kind.low) & (read <= kind.high)
            fine = allowed | np.isnan(read)
            if fine.all():
                return np.where(np.isnan(read), blank_is, read)
        return self._each(name, lambda cell: read_number(cell, kind), blank_is)

    def words(self, name: str, read: Callable[[Any], Any], default: Any = None) -> tuple[NDArray[np.intp], list[Any]]:
        """Return a column of words as codes and what each code means; a blank cell, or a faulty one, is `default`."""
        values: list[Any] = [default]
        if name not in self:
            return np.zeros(len(self.table), dtype=np.intp), values
        codes, distinct = self._distinct(name)
        meaning = np.zeros(len(distinct) + 1, dtype=np.intp)  # the last one is for what is missing, coded -1
        faults: dict[tuple[str, str], list[int]] = {}
        known: dict[Any, int] = {}
        for code, cell in enumerate(distinct):
            if _is_blank(cell):
                continue
            try:
                value = read(_plain(cell))
            except PydanticCustomError as error:
                faults.setdefault(_said(error), []).append(code)
                continue
            if value not in known:
                known[value] = len(values)
                values.append(value)
            meaning[code] = known[value]
        self._keep(name, codes, faults)
        return meaning[codes], values

    def _distinct(self, name: str) -> tuple[NDArray[np.intp], Any]:
        """Return the distinct cells of a column, and which of them each row has; -1 for a missing one."""
        column = self.table[name]
        try:
            return pd.factorize(column, use_na_sentinel=True)
        except TypeError:  # a list, or another thing that is neither a number nor words
            words = column.map(lambda cell: cell if isinstance(cell, str | int | float) else shown(cell))
            return pd.factorize(words, use_na_sentinel=True)

    def _each(self, name: str, read: Callable[[Any], float], blank_is: float) -> Array:
        """Read every distinct cell of a column once."""
        codes, distinct = self._distinct(name)
        meaning = np.full(len(distinct) + 1, blank_is)
        faults: dict[tuple[str, str], list[int]] = {}
        for code, cell in enumerate(distinct):
            if _is_blank(cell):
                continue
            try:
                meaning[code] = read(_plain(cell))
            except PydanticCustomError as error:
                faults.setdefault(_said(error), []).append(code)
        self._keep(name, codes, faults)
        return meaning[codes]

    def _keep(self, name: str, codes: NDArray[np.intp], faults: dict[tuple[str, str], list[int]]) -> None:
        for (found, remedy), faulty in list(faults.items())[:_MOST_KINDS]:
            self.refuse(np.flatnonzero(np.isin(codes, faulty)), name, found, remedy)
        rest = [code for faulty in list(faults.values())[_MOST_KINDS:] for code in faulty]
        if rest:
            found = "these cells cannot be read either"
            self.refuse(np.flatnonzero(np.isin(codes, rest)), name, found, "Correct the column.")


def _plain(cell: Any) -> Any:
    """Return a cell in plain Python: a number of NumPy's as a number."""
    return cell.item() if isinstance(cell, np.generic) else cell


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip()) or (isinstance(cell, float) and cell != cell)


def _said(error: PydanticCustomError) -> tuple[str, str]:
    context = error.context or {}
    return str(context.get("found", error)), str(context.get("remedy", ""))


def read_name(raw: Any) -> str:
    """Return the name of a project or an outcome: words, or a number taken as words."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise misread(f"{shown(raw)} stands where a name belongs", "Give a short text.")
    text = " ".join((f"{raw:g}" if isinstance(raw, float) else str(raw)).split())
    if len(text) > 200 or not text.isprintable():
        raise misread(f"{shown(raw)} is no name", "Give at most 200 letters, none of them a control character.")
    return text
