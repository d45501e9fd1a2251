"""Thousands of projects evaluated at once, from one tidy table, a folder of value maps, or maps in memory."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sroi.errors import NameRefused, Problem
from sroi.formulas import Array
from sroi.impact_map import ImpactMap
from sroi.portfolio.columns import Columns, Lines, lay_out
from sroi.portfolio.folders import read_table, value_maps_in
from sroi.portfolio.maps import lines_of_maps
from sroi.portfolio.moments import spreads
from sroi.portfolio.reckoning import Totals, totals
from sroi.portfolio.tidy import Tidy, read_tidy
from sroi.uncertainty.moments import mean_and_sd

LARGEST_TOTAL = 1e200  # beyond it products leave what a float can hold, as in `sroi.evaluate`
TOLD = ("title", "organisation", "analysis", "currency", "price_year")
FIGURES = ("total_inputs", "total_present_value", "net_present_value", "sroi_ratio", "mean", "sd")


def evaluate_portfolio(table: Any) -> pd.DataFrame:
    """Return the totals of every project, one row each, in the order in which they stand.

    Parameters: `table`, one tidy table of outcomes (a DataFrame, or the path of a .csv or .parquet file; its columns
    are told in docs/portfolio.md), or a folder of value maps, or maps by their projects' names.

    Columns: project, title, organisation, analysis, currency, price_year (None where not told), total_inputs,
    total_present_value, net_present_value, sroi_ratio (NaN where nothing was put in), and of the ratio, from the
    stated ranges, mean and sd (NaN where a project states none), with `method`: exact, or simulated where numbers
    move together. Nothing is converted, and no project's figures depend on another's. Each row's totals are those of
    `sroi.evaluate`. Raises ImpossibleMap with all faults of a table, each with its rows and column, and FileRefused
    for a file that cannot be read.

    >>> import pandas as pd
    >>> outcomes = pd.DataFrame({"project": ["Garden", "Garden", "Cafe"], "outcome": ["calm", "fit", "calm"],
    ...     "quantity": [10, 5, 20], "proxy": [100.0, 200.0, 50.0], "deadweight": [0.5, 0.0, 0.1], "inputs": 500,
    ...     "discount_timing": "none"})
    >>> evaluate_portfolio(outcomes)[["project", "total_present_value", "sroi_ratio"]].values.tolist()
    [['Garden', 1500.0, 3.0], ['Cafe', 900.0, 1.8]]
    """
    if isinstance(table, pd.DataFrame):
        return _of_table(read_tidy(table, _labels(table)))
    if isinstance(table, str | Path):
        path = Path(table)
        if path.is_dir():
            return _of_maps(value_maps_in(path))
        frame = read_table(path)
        return _of_table(read_tidy(frame, lambda row: f"row {row + 2}", str(path)))
    if isinstance(table, Mapping) and all(isinstance(each, ImpactMap) for each in table.values()):
        return _of_maps(iter(table.items()))
    if isinstance(table, Mapping):
        frame = pd.DataFrame(dict(table))
        return _of_table(read_tidy(frame, _labels(frame)))
    found = f"{type(table).__name__} is given where a portfolio belongs"
    raise NameRefused(Problem(found, "Give a table of outcomes, a folder of value maps, or maps by their names."))


def _labels(table: pd.DataFrame) -> Any:
    return lambda row: f"row {table.index[row]}"


def _of_table(tidy: Tidy) -> pd.DataFrame:
    columns = lay_out(tidy.lines)
    found = totals(columns)
    mean = sd = np.full(len(columns.projects), math.nan)
    method = ["" for _ in columns.projects]
    if tidy.ranges.any:
        spread = spreads(columns, tidy.ranges.laid(columns.laid))
        stated = _with_ranges(tidy, columns)
        mean = np.where(stated, spread.ratio_mean, math.nan)
        sd = np.where(stated, spread.ratio_sd, math.nan)
        method = np.where(stated, "exact", "").tolist()
    return _framed(tidy.lines, found, tidy.told, mean, sd, method)


def _with_ranges(tidy: Tidy, columns: Columns) -> Any:
    """Return which projects have a number with a range."""
    stated = tidy.ranges.of_inputs.family > 0
    for spread in tidy.ranges.of_rows.values():
        stated[tidy.lines.project[spread.family > 0]] = True
    return stated


def _of_maps(maps: Iterable[tuple[str, ImpactMap]]) -> pd.DataFrame:
    told: dict[str, list[Any]] = {name: [] for name in TOLD}
    spread: list[tuple[float, float, str]] = []

    def passing() -> Iterator[tuple[str, ImpactMap]]:
        """Yield the maps one by one, keeping of each what is told and no map."""
        for name, impact_map in maps:
            for field, each in told.items():
                each.append(getattr(impact_map, field))
            spread.append(mean_and_sd(impact_map))
            yield name, impact_map

    lines = lines_of_maps(passing())
    found = totals(lay_out(lines))
    mean, sd = (np.array([each[place] for each in spread], dtype=np.float64) for place in (0, 1))
    return _framed(lines, found, {name: tuple(each) for name, each in told.items()}, mean, sd,
                   [each[2] for each in spread])  # fmt: skip


def _framed(
    lines: Lines, found: Totals, told: Mapping[str, tuple[Any, ...]], mean: Array, sd: Array, method: list[str]
) -> pd.DataFrame:
    too_large = ~((np.abs(found.total_present_value) < LARGEST_TOTAL) & (found.total_inputs < LARGEST_TOTAL))
    if too_large.any():
        names = [lines.projects[place] for place in np.flatnonzero(too_large)]
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        found_words = f"these numbers multiply to more than can be reckoned: {', '.join(names[:5])}{more}"
        raise NameRefused(
            Problem(found_words, "Check the discount rate, the durations and the largest quantities and proxies.")
        )
    frame: dict[str, Any] = {"project": list(lines.projects)}
    frame |= {name: list(told[name]) if name in told else [None] * len(lines.projects) for name in TOLD}
    frame |= {
        "total_inputs": found.total_inputs,
        "total_present_value": found.total_present_value,
        "net_present_value": found.net_present_value,
        "sroi_ratio": found.sroi_ratio,
        "mean": mean,
        "sd": sd,
        "method": method,
    }
    return pd.DataFrame({name: pd.Series(each, dtype=object if name in TOLD else None) for name, each in frame.items()})
