"""One tidy table of outcomes, a row for each, as columns; all faults of the table in one message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import ValidationError

from sroi.errors import ImpossibleMap, Problem, did_you_mean
from sroi.estimate import SHAPES
from sroi.formulas import Array
from sroi.framing import Conventions
from sroi.names import LEFT_OUT_COUNTS_AS
from sroi.nouns import NUMBER_KINDS
from sroi.portfolio.cells import Cells, read_name
from sroi.portfolio.columns import FIELDS, SHARES, Lines, Places
from sroi.portfolio.ranges import RANGED, Ranges, certain, ranges_of
from sroi.reading import choice, misread, prefixed, read_currency, read_price_year, read_text, read_yes_no

REQUIRED = ("project", "outcome", "quantity", "proxy", "inputs")
# The same for all rows of a project; it may stand in one of them, the others blank.
RULES = ("discount_rate", "discount_timing", "input_timing", "present_at", "deductions", "drop_off_from")
BY_PROJECT: Mapping[str, Callable[[Any], Any]] = {
    "currency": read_currency, "price_year": read_price_year, "analysis": choice("forecast", "evaluative"),
    "title": read_text, "organisation": read_text,
}  # fmt: skip
NUMBERS = ("duration", "deadweight", "displacement", "attribution", "drop_off")
# Kept for people; no figure comes of them.
TOLD = ("stakeholder", "description", "place", "unit", "tags", "source", "note")
KNOWN = (
    *REQUIRED, "starts", *NUMBERS, "included", "valued", *RULES, *BY_PROJECT, *TOLD,
    *(f"{name}_{end}" for name in RANGED for end in ("low", "high", "shape")),
)  # fmt: skip
_starts = prefixed(choice("during", "after"), {"1": "during", "2": "after", "1.0": "during", "2.0": "after"})
_MOST_ROWS = 20_000_000


@dataclass(frozen=True, eq=False)
class Tidy:
    """A table that was read: its lines, the ranges beside its numbers, and what it says of each project."""

    lines: Lines
    ranges: Ranges
    told: Mapping[str, tuple[Any, ...]]


def read_tidy(table: pd.DataFrame, row_name: Callable[[int], str], source: str = "") -> Tidy:
    """Return a tidy table as lines; ImpossibleMap, with every fault, its rows and its column, if it cannot be.

    Parameters: `table`, one row for each outcome (docs/portfolio.md tells its columns); `row_name`, how a message names
    a row.
    """
    table = table.rename(columns={name: str(name).strip() for name in table.columns})
    about_columns = _about_columns(table)
    table = table.loc[:, ~table.columns.duplicated()]
    if not len(table):
        raise ImpossibleMap(about_columns, source)
    cells = Cells(table, row_name)
    cells.problems += about_columns
    project, names = _projects(cells)
    outcome, outcome_names = _required_words(cells, "outcome")
    numbers = _numbers(cells)
    counted = _counted(cells)
    for name in ("quantity", "proxy"):
        missing = np.flatnonzero(np.isnan(numbers[name]) & counted)
        if len(missing) and name in cells and not _faulty(cells, name):
            cells.refuse(missing, name, f"the outcome counts, but has no {name}",
                         "Give it, or write no in a column `valued`.")  # fmt: skip
    starts, start_words = cells.words("starts", _starts, "during")
    late = np.array([word == "after" for word in start_words], dtype=np.intp)[starts]
    known = project >= 0
    _refuse_twice(cells, project, outcome, outcome_names, known)
    by_project = _by_project(cells, project, len(names))
    rules, conventions = _conventions(cells, project, len(names))
    ranges = _ranges(cells, numbers, by_project["inputs"], project)
    _refuse_ranges_added(cells, ranges, rules, conventions, project)
    if cells.problems:
        raise ImpossibleMap(cells.problems, source)
    rank = np.argsort(np.argsort(np.array(outcome_names, dtype=object)))[outcome]
    used = np.flatnonzero(counted)
    if not _ascending(project[used], rank[used]):
        used = used[np.lexsort((rank[used], project[used]))]
    everyone = np.arange(len(names), dtype=np.intp)
    lines = Lines(
        projects=tuple(names),
        conventions=conventions,
        project=project[used],
        rule=rules[project[used]],
        numbers={name: numbers[name][used] for name in FIELDS},
        duration=numbers["duration"][used],
        late=late[used],
        inputs=by_project["inputs"],
        input_project=everyone,
        input_rule=rules,
        input_year=np.zeros(len(names), dtype=np.intp),
    )
    told = {name: by_project[name] for name in BY_PROJECT if name in by_project}
    of_rows = {name: each.at(used) for name, each in ranges.of_rows.items() if each.any}
    return Tidy(lines, Ranges(of_rows, ranges.of_inputs), told)


def _about_columns(table: pd.DataFrame) -> list[Problem]:
    """Return what is wrong with the table before any of its cells is read."""
    problems = []
    names = [str(name) for name in table.columns]
    for name in REQUIRED:
        if name not in names:
            near = did_you_mean(name, [other for other in names if other not in KNOWN], "")
            problems.append(Problem(f"there is no column '{name}'", _renamed(near, name) if near else "Add it."))
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            problems.append(Problem(f"there are {names.count(name)} columns '{name}'", "Keep one of them."))
        elif name not in KNOWN:
            remedy = did_you_mean(name, KNOWN, "Take it out: it would be taken for nothing.")
            problems.append(Problem(f"the column '{name[:60]}' is not known", remedy))
    if not len(table):
        problems.append(Problem("the table has no rows", "Give one row for each outcome."))
    if len(table) > _MOST_ROWS:
        problems.append(Problem(f"the table has {len(table):,} rows", f"Give at most {_MOST_ROWS:,} at once."))
    return problems


def _renamed(near: str, name: str) -> str:
    return f"{near} Call it {name}."


def _projects(cells: Cells) -> tuple[Places, list[str]]:
    """Return the place of each row's project, in the order of their first rows, and their names; -1 for none."""
    codes, names = _required_words(cells, "project")
    used = codes[codes >= 0]
    _, first = np.unique(used, return_index=True)
    order = np.unique(used)[np.argsort(first, kind="stable")]
    place = np.full(len(names) + 1, -1, dtype=np.intp)
    place[order] = np.arange(len(order))
    return place[codes], [names[code] for code in order.tolist()]


def _required_words(cells: Cells, name: str) -> tuple[Places, list[str]]:
    before = len(cells.problems)
    codes, names = cells.words(name, read_name)
    blank = np.flatnonzero(codes == 0)
    if len(blank) and name in cells and len(cells.problems) == before:
        cells.refuse(blank, name, f"the {name} has no name", "Give it one.")
    return codes - 1, names[1:]


def _numbers(cells: Cells) -> dict[str, Array]:
    defaults = {name: LEFT_OUT_COUNTS_AS[name] for name in NUMBERS}
    return {name: cells.numbers(name, NUMBER_KINDS[name], defaults.get(name)) for name in (*FIELDS, "duration")}


def _counted(cells: Cells) -> NDArray[np.bool_]:
    counted = np.ones(len(cells.table), dtype=bool)
    for name in ("included", "valued"):
        codes, answers = cells.words(name, read_yes_no, True)
        counted &= np.array(answers, dtype=bool)[codes]
    return counted


def _faulty(cells: Cells, column: str) -> bool:
    return any(problem.cell.endswith(f"column {column}") for problem in cells.problems)


def _ascending(project: Places, rank: Places) -> bool:
    step = np.diff(project)
    return bool(((step > 0) | ((step == 0) & (np.diff(rank) > 0))).all())


def _refuse_twice(cells: Cells, project: Places, outcome: Places, names: list[str], known: NDArray[np.bool_]) -> None:
    """Refuse an outcome that stands twice in one project."""
    key = project * (len(names) + 1) + outcome
    key = key[known & (outcome >= 0)]
    rows = np.flatnonzero(known & (outcome >= 0))
    order = np.argsort(key, kind="stable")
    again = order[1:][key[order][1:] == key[order][:-1]]
    if len(again):
        twice = sorted(rows[again].tolist())
        cells.refuse(twice, "outcome", f"the outcome '{names[outcome[twice[0]]]}' stands in its project already",
                     "Give each outcome of a project its own name.")  # fmt: skip


def _firsts(project: Places, count: int) -> Places:
    """Return the first row of each project."""
    first = np.full(count, len(project), dtype=np.intp)
    np.minimum.at(first, project, np.arange(len(project)))
    return first


def _by_project(cells: Cells, project: Places, count: int) -> dict[str, Any]:
    """Return what is the same for all rows of a project."""
    found: dict[str, Any] = {}
    before = len(cells.problems)
    inputs = cells.numbers("inputs", NUMBER_KINDS["value"])
    found["inputs"] = _one_each(cells, "inputs", inputs, ~np.isnan(inputs), project, count)
    missing = np.flatnonzero(np.isnan(found["inputs"]))
    if len(missing) and "inputs" in cells and len(cells.problems) == before:
        rows = _firsts(project, count)[missing]
        cells.refuse(rows, "inputs", "the project has no inputs", "Give what was put in, in one of its rows.")
    for name, read in BY_PROJECT.items():
        if name in cells:
            codes, values = cells.words(name, read)
            each = _one_each(cells, name, codes.astype(np.float64), codes > 0, project, count)
            found[name] = tuple(values[int(code)] if code == code else None for code in each)
    return found


def _one_each(cells: Cells, name: str, values: Array, given: NDArray[np.bool_], project: Places, count: int) -> Array:
    """Return the one value that each project has in a column, NaN for none; refuse a project that has two."""
    rows = np.flatnonzero(given & (project >= 0))
    least, most = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(least, project[rows], values[rows])
    np.maximum.at(most, project[rows], values[rows])
    two = np.flatnonzero(least < most)
    if len(two):
        # The rows that differ from the first one of their project.
        first = np.full(count, np.nan)
        first[project[rows[::-1]]] = values[rows[::-1]]
        differ = rows[np.isin(project[rows], two) & (values[rows] != first[project[rows]])]
        cells.refuse(differ, name, "this differs from what an earlier row says of the same project",
                     "It is one for a project: write it once, or the same in all its rows.")  # fmt: skip
    return np.where(np.isfinite(least), least, np.nan)


def _ranges(cells: Cells, numbers: Mapping[str, Array], inputs: Array, project: Places) -> Ranges:
    """Return the ranges beside the numbers; those of the inputs one for each project."""
    count = len(cells.table)
    of_rows = {}
    for name in FIELDS:
        if f"{name}_low" in cells or f"{name}_high" in cells:
            low, high, shape = _ends(cells, name)
            of_rows[name] = ranges_of(numbers[name], low, high, shape, NUMBER_KINDS[name], _teller(cells, name, None))
        elif f"{name}_shape" in cells:
            cells.refuse([0], f"{name}_shape", "a shape without a range", f"Add {name}_low and {name}_high.")
    if "inputs_low" not in cells and "inputs_high" not in cells:
        return Ranges(of_rows, certain(len(inputs)))
    low, high, shape = _ends(cells, "inputs")
    each = [
        _one_each(cells, f"inputs_{end}", column, given, project, len(inputs))
        for end, column, given in (
            ("low", low, ~np.isnan(low)), ("high", high, ~np.isnan(high)),
            ("shape", shape.astype(np.float64), shape > 0),
        )
    ]  # fmt: skip
    shapes = np.where(np.isnan(each[2]), 0, each[2]).astype(np.intp)
    tell = _teller(cells, "inputs", _firsts(project, len(inputs)) if count else None)
    return Ranges(of_rows, ranges_of(inputs, each[0], each[1], shapes, NUMBER_KINDS["value"], tell))


def _ends(cells: Cells, name: str) -> tuple[Array, Array, Places]:
    kind = NUMBER_KINDS["value" if name == "inputs" else name]
    codes, words = cells.words(f"{name}_shape", choice(*SHAPES), SHAPES[0])
    shape = np.array([SHAPES.index(word) for word in words], dtype=np.intp)[codes]
    return cells.numbers(f"{name}_low", kind), cells.numbers(f"{name}_high", kind), shape


def _teller(cells: Cells, name: str, first_rows: Places | None) -> Callable[[Any, str, str, str], None]:
    def tell(rows: Any, end: str, found: str, remedy: str) -> None:
        cells.refuse(rows if first_rows is None else first_rows[rows], f"{name}_{end}", found, remedy)

    return tell


def _refuse_ranges_added(
    cells: Cells, ranges: Ranges, rules: Places, conventions: tuple[Conventions, ...], project: Places
) -> None:
    """Refuse ranges of deductions that are added up: what they leave is no product."""
    adding = np.array([each.deductions == "add" for each in conventions], dtype=bool)
    for name in SHARES:
        spread = ranges.of_rows.get(name)
        if spread is not None and adding.any():
            rows = np.flatnonzero((spread.family > 0) & (project >= 0) & adding[rules[project]])
            if len(rows):
                cells.refuse(rows, f"{name}_low", "a range of a deduction that is added up",
                             "Let the project multiply its deductions, or give it as a value map.")  # fmt: skip


def _conventions(cells: Cells, project: Places, count: int) -> tuple[Places, tuple[Conventions, ...]]:
    """Return the place of each project's rules, and the distinct ones."""
    codes: list[Array] = []
    meanings: list[list[Any]] = []
    for name in RULES:
        read, values = cells.words(name, _rule_reader(name))
        each = _one_each(cells, name, read.astype(np.float64), read > 0, project, count)
        codes.append(np.where(np.isnan(each), 0, each).astype(np.intp))
        meanings.append(values)
    stacked = np.stack(codes, axis=-1) if count else np.empty((0, len(RULES)), dtype=np.intp)
    distinct, place = np.unique(stacked, axis=0, return_inverse=True)
    conventions = []
    for row in distinct.tolist():
        given = {
            name: meanings[column][code] for column, (name, code) in enumerate(zip(RULES, row, strict=True)) if code
        }
        conventions.append(Conventions.model_validate(given))
    return place.reshape(-1).astype(np.intp), tuple(conventions)


def _rule_reader(name: str) -> Callable[[Any], Any]:
    """Return what holds a cell to the rule's own field, and gives the cell back."""

    def read(cell: Any) -> Any:
        try:
            Conventions.model_validate({name: cell})
        except ValidationError as error:
            context = error.errors(include_url=False)[0].get("ctx", {})
            raise misread(str(context.get("found", f"'{cell}' is no {name}")), str(context.get("remedy", ""))) from None
        return cell

    return read
