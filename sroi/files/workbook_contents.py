"""What the cells of our own workbook hold, before anything is written: rows of plain contents for each sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from sroi.estimate import Estimate, Noun
from sroi.files.tree import to_tree
from sroi.files.workbook_layout import EVIDENCE, Table
from sroi.impact_map import ImpactMap
from sroi.nouns import NUMBER_KINDS, PartOfStakeholder
from sroi.reading import AMOUNT, Kind

Row = dict[str, Any]


def entries(impact_map: ImpactMap, table: Table) -> list[Row]:
    """Return the entries of a table's section, each a dict of what stands under each key (an Estimate for a number)."""
    if table.section == "involved":
        return [
            {"stakeholder": who.id, **_row(part, table)} for who in impact_map.stakeholders for part in who.involved
        ]
    return [_row(noun, table) for noun in getattr(impact_map, table.section)]


def _row(noun: Noun, table: Table) -> Row:
    row = {column.key: content(noun, column.key) for column in table.columns if column.kind != "formula"}
    return {key: value for key, value in row.items() if value is not None and value != ()}


def content(noun: Noun, key: str) -> Any:
    """Return what a noun holds at a path such as proxy.value, None for nothing."""
    here: Any = noun
    for part in key.split("."):
        here = getattr(here, "register_id" if part == "register" else part, None)
    if key == "quantity" and isinstance(here, PartOfStakeholder):
        return None
    return here


def numbers(impact_map: ImpactMap) -> Iterator[tuple[str, Kind, Estimate]]:
    """Yield every number that the map gives, outputs' too: its name, kind and estimate; a year's as name.2."""
    named = [(name, number.kind, number.estimate) for name, number in impact_map.numbers().items()]
    named += [(f"{output.id}.quantity", AMOUNT, output.quantity) for output in impact_map.outputs]
    for name, kind, estimate in named:
        if estimate is None:
            continue
        yield name, kind, estimate
        for year, entry in enumerate(estimate.by_year or (), start=1):
            yield f"{name}.{year}", kind, entry


def evidence(impact_map: ImpactMap) -> list[tuple[Row, Kind]]:
    """Return the rows of the sheet Evidence with the kind of number each speaks of."""
    rows: list[tuple[Row, Kind]] = []
    for name, kind, estimate in numbers(impact_map):
        row: Row = {"name": name}
        for column in EVIDENCE.columns[1:]:
            value = content(estimate, column.key)
            if value is not None:
                row[column.key] = _experts(value) if column.key == "experts" else value
        if isinstance(row.get("shape"), dict):
            row["shape"] = _shape_text(row["shape"])
        if len(row) > 1 or "." not in name[name.find(".") + 1 :]:
            rows.append((row, kind))
    return rows


def words_text(words: tuple[str, ...]) -> str:
    """Return a list of words as one text, with commas between; a word that holds a comma stands in quotes."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(words)
    return line.getvalue().rstrip("\n")


def words_in(text: str) -> list[str]:
    """Return the words of a text with commas between.

    >>> words_in('health, "mind, body"')
    ['health', 'mind, body']
    """
    lines = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)
    return [word.strip() for line in lines for word in line if word.strip()]


def _experts(experts: Any) -> str:
    return "; ".join(f"{each.low!r} / {each.value!r} / {each.high!r}" for each in experts)


def _shape_text(shape: dict[str, Any]) -> str:
    """Return a shape with parameters in words: beta 2.0 5.0; discrete 10.0:0.5 20.0:0.5."""
    ((name, values),) = shape.items()
    parts = [f"{each[0]!r}:{each[1]!r}" if name == "discrete" else repr(each) for each in values]
    return " ".join([name, *parts])


def years(impact_map: ImpactMap) -> list[tuple[str, Kind, tuple[float, ...]]]:
    """Return the rows of the sheet Years: each number that is given by year, its kind, its base case of each year."""
    return [(name, kind, estimate.years) for name, kind, estimate in numbers(impact_map) if estimate.by_year]


def more(impact_map: ImpactMap) -> list[Row]:
    """Return the rows of the sheet More: scenarios, correlations, printed figures."""
    tree = to_tree(impact_map)
    rows: list[Row] = []
    for name, changed in impact_map.scenarios.items():
        rows += [{"kind": "scenario", "name": name, "key": key, "value": value} for key, value in changed.items()]
    for place, correlation in enumerate(impact_map.correlations, start=1):
        rows += [{"kind": "correlation", "name": str(place), "key": name} for name in correlation.numbers]
        rows.append({"kind": "correlation", "name": str(place), "key": "rank", "value": correlation.rank})
    for name, figure in tree.get("published", {}).items():
        if name == "source":
            rows.append({"kind": "published", "name": name, "key": "source", "value": figure})
            continue
        parts = figure if isinstance(figure, dict) else {"value": figure}
        rows += [{"kind": "published", "name": name, "key": key, "value": str(part)} for key, part in parts.items()]
    return rows


def kind_of_column(key: str) -> Kind:
    """Return the kind of number that a column holds."""
    return NUMBER_KINDS.get("proxy" if key == "proxy.value" else key.rpartition(".")[2], AMOUNT)
