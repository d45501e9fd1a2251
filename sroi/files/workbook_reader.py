"""Reads our own workbook back into a map: by the hidden keys, whatever the order of columns and rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sroi.errors import ImpossibleMap, Path, Problem
from sroi.files import workbook_layout as layout
from sroi.files.sheets import Book, Cell, Sheet
from sroi.files.workbook_contents import words_in
from sroi.files.workbook_layout import BY_YEAR, Table
from sroi.impact_map import ImpactMap, Origin

_Group = dict[str, Any]


def is_own(book: Book) -> bool:
    """Say whether this is a workbook that we wrote."""
    return layout.VERSION_NAME in book.names


def own_map(book: Book) -> ImpactMap:
    """Return the map in a workbook of ours; ImpossibleMap with every fault, each with its sheet and cell."""
    reading = _Reading(book)
    reading.read()
    origin = Origin(book.file, book.content, reading.places)
    problems = list(reading.problems)
    impact_map = None
    try:
        impact_map = ImpactMap.model_validate(reading.tree)
    except ImpossibleMap as error:
        problems += [origin.placed(each) for each in error.problems]
    if problems or impact_map is None:
        raise ImpossibleMap(problems, book.file)
    impact_map._origin = origin
    return impact_map


def own_tree(book: Book) -> dict[str, Any]:
    """Return what a workbook of ours holds as groups, lists and words, be it a map or not."""
    reading = _Reading(book)
    reading.read()
    return reading.tree


class _Reading:
    """Gathers a tree of groups from the sheets, and where each part stands."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.tree: _Group = {"sroi": 1}
        self.places: dict[Path, int | str] = {}
        self.problems: list[Problem] = []
        self.years: dict[str, tuple[list[Any], str]] = {}
        self.evidence: dict[str, _Group] = {}

    def read(self) -> None:
        self._read_years()
        self._read_evidence()
        self._read_settings()
        for table in (layout.STAKEHOLDERS, layout.INPUTS, layout.OUTPUTS, layout.OUTCOMES):
            self._read_entries(table)
        self._read_involvement()
        self._read_weights()
        self._read_more()
        for section in ("stakeholders", "inputs", "outcomes"):
            self.tree.setdefault(section, [])

    # ---- cells ----

    def _value(self, sheet: Sheet, cell: Cell | None, path: Path) -> Any:
        """Return what a cell holds as a value map holds it; an error value of the spreadsheet is a problem."""
        if cell is None or cell.value is None or cell.value == "":
            return None
        if isinstance(cell.value, str) and re.fullmatch(r"#[A-Z/0!?]+[!?A]?", cell.value):
            found = f"the cell holds the spreadsheet's error {cell.value}"
            place = sheet.place(cell.row, cell.column)
            self.problems.append(Problem(found, "Correct the cell or what it refers to.", cell=place, path=path))
            return None
        if isinstance(cell.value, datetime):
            return cell.value.date()
        if isinstance(cell.value, bool):
            return "yes" if cell.value else "no"
        return cell.value

    def _rows(self, table: Table) -> list[tuple[Sheet, int, dict[str, Cell]]]:
        """Return the rows of a table that hold anything, each as cells by their keys."""
        sheet = self.book.sheet(table.sheet)
        if sheet is None:
            return []
        keys = {str(cell.value): cell.column for (row, _), cell in sheet.cells.items() if row == layout.KEYS + 1}
        computed = {column.key for column in table.columns if column.kind == "formula"}
        rows = []
        for row, cells in sheet.rows():
            if row <= layout.KEYS + 1:
                continue
            own = {key: cells[at] for key, at in keys.items() if at in cells and key not in computed}
            if any(cell.value not in (None, "") for cell in own.values()):
                rows.append((sheet, row, own))
        return rows

    # ---- sheets ----

    def _read_years(self) -> None:
        sheet = self.book.sheet(layout.YEARS_SHEET)
        for row, cells in sheet.rows() if sheet is not None else ():
            if row <= layout.HEADINGS + 1 or 1 not in cells or sheet is None:
                continue
            name = str(cells[1].value).strip()
            values = [self._value(sheet, cells.get(at), ()) for at in range(3, max(cells) + 1)]
            while values and values[-1] is None:
                values.pop()
            self.years[name] = (values, sheet.place(row, 1))

    def _read_evidence(self) -> None:
        for sheet, row, cells in self._rows(layout.EVIDENCE):
            if "name" not in cells:
                continue
            extras: _Group = {}
            for key, cell in cells.items():
                value = self._value(sheet, cell, ())
                if key != "name" and value is not None:
                    _put(extras, key, value)
            if "experts" in extras:
                extras["experts"] = self._experts(str(extras["experts"]), sheet.place(row, cells["experts"].column))
            if "shape" in extras:
                extras["shape"] = _shape(str(extras["shape"]))
            self.evidence[str(cells["name"].value).strip()] = {
                "extras": extras,
                "place": sheet.place(row, cells["name"].column),
            }

    def _experts(self, text: str, place: str) -> list[_Group]:
        views = [part.split("/") for part in text.split(";") if part.strip()]
        if any(len(view) != 3 for view in views):
            found = f"'{text[:60]}' is not low / likely / high"
            self.problems.append(Problem(found, "Write 10 / 20 / 30; 12 / 18 / 25.", cell=place))
            return []
        return [dict(zip(("low", "value", "high"), (part.strip() for part in view), strict=True)) for view in views]

    def _read_settings(self) -> None:
        sheet = self.book.sheet(layout.SETTINGS_SHEET)
        for row, cells in sheet.rows() if sheet is not None else ():
            if sheet is None or 1 not in cells or row <= layout.SETTINGS_FIRST:
                continue
            key = str(cells[1].value)
            path: Path = tuple(key.split("."))
            value = self._value(sheet, cells.get(3), path)
            for depth in range(1, len(path) + 1):
                self.places.setdefault(path[:depth], sheet.place(row, 3))
            self.places[path] = sheet.place(row, 3)
            if value is None:
                continue
            if key == "conventions.discount_rate":
                value = self._number("discount_rate", value, cells.get(3))
            _put(self.tree, key, _plain(value) if key in ("price_year", "activity.years") else value)

    def _read_entries(self, table: Table) -> None:
        entries: list[_Group] = []
        for sheet, row, cells in self._rows(table):
            path: Path = (table.section, len(entries))
            self.places[path] = sheet.place(row, 1)
            entry: _Group = {}
            owner = str(cells["id"].value).strip() if "id" in cells else ""
            for key, cell in cells.items():
                self._read_cell(sheet, table, entry, path, owner, key, cell)
            entries.append(entry)
        if entries or table.section != "outputs":
            self.tree[table.section] = entries

    def _read_cell(
        self, sheet: Sheet, table: Table, entry: _Group, path: Path, owner: str, key: str, cell: Cell
    ) -> None:
        value = self._value(sheet, cell, path)
        column = next((each for each in table.columns if each.key == key), None)
        numeric = column is not None and column.kind in ("number", "money", "share", "years")
        if value is None and cell.formula is not None and numeric:
            # Saved by a program that stores no values: survey counts and experts give it, nothing else does.
            if self._is_worked_out(f"{owner}.{_last_word(key)}", cell):
                value = 0.0
            else:
                found = "the cell holds a formula, and the file holds no value for it"
                self.problems.append(
                    Problem(found, "Open and save it in a spreadsheet.", cell=sheet.place(cell.row, cell.column))
                )
        place: Path = (*path, *key.split("."))
        for depth in range(len(path) + 1, len(place) + 1):
            self.places.setdefault(place[:depth], sheet.place(cell.row, cell.column))
        if value is None or column is None:
            return
        if column.kind == "words":
            value = words_in(str(value))
        elif numeric:
            value = self._number(f"{owner}.{_last_word(key)}", value, cell)
        elif key in ("proxy.price_year",):
            value = _plain(value)
        _put(entry, key, value)

    def _number(self, name: str, value: Any, cell: Cell | None) -> Any:
        """Return a number with what the sheets Years and Evidence say of it."""
        extras = dict(self.evidence.get(name, {}).get("extras", {}))
        if isinstance(value, str) and value.strip().lower() == BY_YEAR:
            listed, _ = self.years.get(name, ([], ""))
            by_year = []
            for year, entry in enumerate(listed, start=1):
                own = self.evidence.get(f"{name}.{year}", {}).get("extras", {})
                by_year.append(_estimate(entry, own, worked_out=bool({"survey", "experts"} & own.keys())))
            return {"by_year": by_year, **extras}
        return _estimate(value, extras, self._is_worked_out(name, cell))

    def _is_worked_out(self, name: str, cell: Cell | None) -> bool:
        """Say whether a number is what its survey counts or experts give, and not one of its own."""
        extras = self.evidence.get(name, {}).get("extras", {})
        return cell is not None and cell.formula is not None and bool({"survey", "experts"} & extras.keys())

    def _read_involvement(self) -> None:
        people = {entry.get("id"): entry for entry in self.tree.get("stakeholders", ())}
        positions = {entry.get("id"): place for place, entry in enumerate(self.tree.get("stakeholders", ()))}
        for sheet, row, cells in self._rows(layout.INVOLVEMENT):
            values = {key: self._value(sheet, cell, ()) for key, cell in cells.items()}
            who = str(values.pop("stakeholder", "")).strip()
            part = {key: _plain(value) for key, value in values.items() if value is not None}
            if who not in people:
                found = f"there is no stakeholder '{who}'"
                self.problems.append(Problem(found, "Give the id of a stakeholder.", cell=sheet.place(row, 1)))
                continue
            listed = people[who].setdefault("involved", [])
            self.places["stakeholders", positions[who], "involved", len(listed)] = sheet.place(row, 1)
            listed.append(part)

    def _read_weights(self) -> None:
        outcomes = {entry.get("id"): place for place, entry in enumerate(self.tree.get("outcomes", ()))}
        for sheet, row, cells in self._rows(layout.WITHOUT_MONEY):
            values = {key: self._value(sheet, cell, ()) for key, cell in cells.items()}
            name = str(values.get("id", "")).strip()
            if name not in outcomes:
                if values.get("rank") is not None or values.get("weight") is not None:
                    found = f"there is no outcome '{name}'"
                    self.problems.append(Problem(found, "Give the id of an outcome.", cell=sheet.place(row, 1)))
                continue
            for key in ("rank", "weight"):
                if values.get(key) is not None:
                    self.tree["outcomes"][outcomes[name]][key] = _plain(values[key])
                    self.places["outcomes", outcomes[name], key] = sheet.place(row, cells[key].column)

    def _read_more(self) -> None:
        correlations: dict[str, _Group] = {}
        for sheet, row, cells in self._rows(layout.MORE):
            values = {key: self._value(sheet, cell, ()) for key, cell in cells.items()}
            kind, name, key = (str(values.get(part) or "").strip() for part in ("kind", "name", "key"))
            value = values.get("value")
            place = sheet.place(row, 1)
            if kind == "scenario":
                self.tree.setdefault("scenarios", {}).setdefault(name, {})[key] = value
                self.places["scenarios", name, key] = place
            elif kind == "correlation":
                group = correlations.setdefault(name, {"numbers": []})
                if key == "rank":
                    group["rank"] = value
                else:
                    group["numbers"].append(key)
            elif kind == "published":
                published = self.tree.setdefault("published", {})
                if key == "source":
                    published["source"] = value
                else:
                    published.setdefault(name, {})[key] = value
                self.places["published", name] = place
            else:
                found = f"'{kind}' is not a kind that this sheet holds"
                self.problems.append(Problem(found, "Choose scenario, correlation or published.", cell=place))
        if correlations:
            self.tree["correlations"] = list(correlations.values())


def _last_word(key: str) -> str:
    return "proxy" if key == "proxy.value" else key.rpartition(".")[2]


def _estimate(value: Any, extras: Mapping[str, Any], worked_out: bool) -> Any:
    if not extras:
        return value
    return dict(extras) if worked_out else {"value": value, **extras}


def _put(group: _Group, key: str, value: Any) -> None:
    """Put a value at a path such as proxy.value; a plain quantity stands at `quantity` itself."""
    head, _, rest = key.partition(".")
    if not rest:
        group[head] = value
        return
    inner = group.get(head)
    if not isinstance(inner, dict):
        inner = group[head] = {}
    _put(inner, rest, value)


def _plain(value: Any) -> Any:
    """Return 2024 for 2024.0, as whole numbers and years are written."""
    return int(value) if isinstance(value, float) and value == int(value) else value


def _shape(text: str) -> Any:
    """Return a shape: its name, or its name with parameters, as the sheet Evidence writes it."""
    name, *values = text.split()
    if not values:
        return name
    if name == "discrete":
        return {name: [part.split(":") for part in values]}
    return {name: values}
