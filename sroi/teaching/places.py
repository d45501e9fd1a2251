"""Where a part of a map stands in its workbook, also where its cell is empty; and the places that people write down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sroi.files import workbook_contents as contents
from sroi.files import workbook_layout as layout
from sroi.files.plain_workbook import place_in_sheet
from sroi.files.sheets import column_letters
from sroi.files.workbook_layout import Table
from sroi.impact_map import ImpactMap

_ENTRIES = (layout.STAKEHOLDERS, layout.INPUTS, layout.OUTCOMES)
# By what an entry is known: its id, and the words beside it.
_KNOWN_BY = ("id", "name", "description")
_EVIDENCE = {column.key for column in layout.EVIDENCE.columns} - {"name"}


@dataclass(frozen=True)
class Cell:
    """A cell: its sheet, column and row. `column` "" or `row` 0 stand for any: a row or a column of a sheet."""

    sheet: str
    column: str
    row: int

    def __str__(self) -> str:
        return f"sheet {self.sheet}, cell {self.column}{self.row}"

    def holds(self, other: Cell) -> bool:
        """Say whether a cell lies in this one, which may be a whole row or column, or of a sheet that nobody named."""
        sheet = not self.sheet or self.sheet.lower() == other.sheet.lower()
        return sheet and self.column in ("", other.column) and self.row in (0, other.row)


# ---- where a part of a map stands ----


def cells_of(impact_map: ImpactMap, name: str) -> tuple[Cell, ...]:
    """Return the cells in which a number or part of a map stands by its name, its own first; none if it has none.

    A line as a whole stands where its id and its words do.

    >>> import sroi
    >>> guide = sroi.example("wheels_to_meals")
    >>> [str(cell) for cell in cells_of(guide, "gp_visits.proxy.source")]
    ['sheet Outcomes, cell S9', 'sheet Evidence, cell E33']
    """
    owner, _, field = name.partition(".")
    for table in _ENTRIES:
        for row, entry in enumerate(getattr(impact_map, table.section), layout.FIRST + 1):
            if entry.id == owner:
                return tuple(_in_entry(impact_map, table, row, name, field))
    return (*_in_settings(name), *_in_more(impact_map, name))


def true_cell(impact_map: ImpactMap, where: str, touched: Iterable[str]) -> Cell | None:
    """Return the cell that a key names for a fault: that of its own column, be it empty; None where it has none.

    What is said of a number (its source) stands on the sheet Evidence, unless its line has a column for that.
    """
    last = where.rpartition(".")[2]
    found = [
        cell for name in (where, *touched) if name.rpartition(".")[2] == last for cell in cells_of(impact_map, name)
    ]
    if last in _EVIDENCE:
        own = {
            (table.sheet, column_letters(at))
            for table in _ENTRIES
            for at, column in enumerate(table.columns, 1)
            if column.key.rpartition(".")[2] == last
        }
        beside = [cell for cell in found if (cell.sheet, cell.column) in own]
        found = [*beside, *(cell for cell in found if cell.sheet == layout.EVIDENCE.sheet), *found]
    return found[0] if found else None


def part_of(impact_map: ImpactMap, name: str) -> tuple[Cell, ...]:
    """Return the cells among which a part of a map is looked for: those of its group, and those of its line's name.

    For a line as a whole these are all of its cells.
    """
    owner, _, field = name.partition(".")
    for table in _ENTRIES:
        for row, entry in enumerate(getattr(impact_map, table.section), layout.FIRST + 1):
            if entry.id == owner:
                group = _key(table, field).partition(".")[0]
                stages = contents.entries(impact_map, layout.INVOLVEMENT) if group == "involved" else []
                return (
                    *(
                        Cell(table.sheet, column_letters(at), row)
                        for at, column in enumerate(table.columns, 1)
                        if not field or column.key in _KNOWN_BY or column.key.partition(".")[0] == group
                    ),
                    *_in_rows(stages, layout.INVOLVEMENT, "stakeholder", owner),
                )
    return ()


def _in_entry(impact_map: ImpactMap, table: Table, row: int, name: str, field: str) -> Iterator[Cell]:
    keys = [column.key for column in table.columns]
    known_by = [key for key in keys if key in _KNOWN_BY]
    owner, number, last = name.partition(".")[0], field, ""
    if field.rpartition(".")[2] in _EVIDENCE and field not in keys:  # x.deadweight.note
        number, _, last = field.rpartition(".")
    wanted = _key(table, number)
    found = [key for key in keys if key == wanted or key.startswith(f"{wanted}.")] if wanted else known_by
    if not found:
        found = [wanted.rpartition(".")[0]] if wanted.rpartition(".")[0] in keys else []
    yield from (Cell(table.sheet, column_letters(table.column(key) + 1), row) for key in found)
    if field.partition(".")[0] == "involved":  # a stage that is not there has no row: only whose it would be
        yield from (Cell(table.sheet, column_letters(table.column(key) + 1), row) for key in known_by)
    if field in ("rank", "weight"):
        for key in (field, "id", "label"):
            yield Cell(layout.WITHOUT_MONEY.sheet, column_letters(layout.WITHOUT_MONEY.column(key) + 1), row)
    if last or field == "proxy.source":
        yield from _in_evidence(impact_map, f"{owner}.{number.partition('.')[0]}", last or "source")


def _key(table: Table, field: str) -> str:
    """Return the key of the column in which a field stands."""
    if table is layout.OUTCOMES:
        field = {"proxy": "proxy.value", "share": "quantity.share", "times": "quantity.times"}.get(field, field)
        if field == "material":
            return "material"
    return field


def _in_evidence(impact_map: ImpactMap, number: str, key: str) -> Iterator[Cell]:
    sheet = layout.EVIDENCE
    for row, (held, _) in enumerate(contents.evidence(impact_map), layout.FIRST + 1):
        if held["name"] == number:
            yield Cell(sheet.sheet, column_letters(sheet.column(key) + 1), row)


def _in_rows(rows: Iterable[contents.Row], table: Table, key: str, wanted: str) -> Iterator[Cell]:
    for row, held in enumerate(rows, layout.FIRST + 1):
        if str(held.get(key)) == wanted:
            yield from (Cell(table.sheet, column_letters(at), row) for at in range(1, len(table.columns) + 1))


def _in_settings(name: str) -> Iterator[Cell]:
    for setting in layout.settings():
        if setting.key == name or setting.key.startswith(f"{name}."):
            row = layout.setting_row(setting.key) + 1
            yield from (Cell(layout.SETTINGS_SHEET, letters, row) for letters in "CB")


def _in_more(impact_map: ImpactMap, name: str) -> Iterator[Cell]:
    """Yield the cells of printed figures, the figure itself first, then what stands beside it."""
    head, _, figure = name.partition(".")
    rows = [
        row
        for row, held in enumerate(contents.more(impact_map), layout.FIRST + 1)
        if head == "published" and held["kind"] == "published" and held["name"] in (figure or held["name"],)
    ]
    named = {row: held["key"] for row, held in enumerate(contents.more(impact_map), layout.FIRST + 1)}
    rows.sort(key=lambda row: named[row] == "source")
    for letters in "DABC":
        yield from (Cell(layout.MORE.sheet, letters, row) for row in rows)


# ---- the places that people write down ----

PLAIN_SHEETS = ("Value map", "Summary")
_SHEETS = (*PLAIN_SHEETS, layout.SETTINGS_SHEET, layout.YEARS_SHEET, "Result", "Sensitivity", "Working", "Rates",
           "Fault list", *(table.sheet for table in layout.TABLES))  # fmt: skip
_NAMES = "|".join(re.escape(name) for name in sorted(_SHEETS, key=len, reverse=True))
_MORE = r"(?:\s*(?:,|;|&|and|or|to|-|–)\s*(?:rows?\s+|columns?\s+)?"
_ROW, _COLUMN = r"\d{1,5}(?!\w)", r"(?:[A-Z]{1,3}|[a-z])(?!\w)"
# Read from left to right; a sheet's name counts as a whole, "the map" is no sheet.
_READ = re.compile(
    rf"(?P<sheet>(?<!\w)(?!(?<=the )Map\b)(?:{_NAMES})(?!\w))"
    rf"|\brows?\s+(?P<rows>{_ROW}{_MORE}{_ROW})*)"
    rf"|\bcolumns?\s+(?P<columns>{_COLUMN}{_MORE}{_COLUMN})*)"
    r"|(?<![\w.])\$?(?P<letters>[A-Za-z]{1,3})\$?(?P<digits>\d{1,5})(?!\w|\.\w)"
)
_ANY_CASE = re.compile(rf"(?:{_NAMES}|rows?|columns?)(?!\w)", re.IGNORECASE)
_MOST_ROWS = 60


def places_in(text: str) -> tuple[Cell, ...]:
    """Return the cells, rows and columns that a text names, each of the sheet named last before it, or else after it.

    >>> [(cell.sheet, cell.column, cell.row) for cell in places_in("Value map!C18; Outcomes, rows 6 and 7")]
    [('Value map', 'C', 18), ('Outcomes', '', 6), ('Outcomes', '', 7)]
    """
    sheet, found = "", list[Cell]()
    named: list[str] = []
    for part in _READ.finditer(_ANY_CASE.sub(_as_we_write_it, text)):
        if part["sheet"]:
            sheet = part["sheet"]
            named.append(sheet)
        elif part["rows"]:
            found += [Cell(sheet, "", row) for row in _numbers(part["rows"])]
        elif part["columns"]:
            letters = re.findall(rf"(?<!\w){_COLUMN}", part["columns"])
            found += [Cell(sheet, each.upper(), 0) for each in letters]
        else:
            found.append(Cell(sheet, part["letters"].upper(), int(part["digits"])))
    found = [Cell(each.sheet or (named[0] if named else ""), each.column, each.row) for each in found]
    return tuple(_crossed(found))


def is_bare_sheet(text: str) -> bool:
    """Say whether a text is the name of a sheet and nothing else.

    >>> is_bare_sheet("sheet Outcomes"), is_bare_sheet("Outcomes!A6")
    (True, False)
    """
    return re.fullmatch(rf"(?:the )?(?:sheet )?(?:{_NAMES})(?: sheet)?[.:]?", text.strip(), re.IGNORECASE) is not None


def _as_we_write_it(word: re.Match[str]) -> str:
    """Return a sheet's name as the workbook writes it, so that "value map!c18" is read as well."""
    known = {name.lower(): name for name in _SHEETS}
    return known.get(word[0].lower(), word[0].lower())


def _numbers(text: str) -> list[int]:
    """Return the rows of a list such as "6, 8 to 10"."""
    rows: list[int] = []
    for span in re.finditer(r"(\d+)(?:\s*(?:to|-|–)\s*(?:rows?\s+)?(\d+))?", text):
        first, last = int(span[1]), int(span[2] or span[1])
        rows += range(first, min(last, first + _MOST_ROWS) + 1) if last >= first else [first, last]
    return rows


def _crossed(found: list[Cell]) -> list[Cell]:
    """Return the places with a row and a column of one sheet, and no more, as the cell in which they meet."""
    if len(found) == 2 and found[0].sheet == found[1].sheet:
        for one, other in (found, found[::-1]):
            if not one.column and one.row and other.column and not other.row:
                return [Cell(one.sheet, other.column, one.row)]
    return found


def cell_at(place: str) -> Cell | None:
    """Return the cell that a place of the program's own names: "sheet Outcomes, cell A6" or "Value map!C18"."""
    found = re.fullmatch(r"(?:sheet )?(.+?)(?:, cell |!)([A-Z]{1,3})(\d{1,5})", place)
    return Cell(found[1], found[2], int(found[3])) if found is not None else None


def plain_cell(sheet: str, row: int, column: int) -> Cell:
    """Return a cell by numbers of its row and column."""
    return Cell(sheet, re.sub(r"\d", "", place_in_sheet(row, column)), row)
