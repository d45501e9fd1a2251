"""Where the entries of a form stand: in a workbook's sheets by their headings, in a YAML tree by their keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.errors import Path as Place
from sroi.files.form import Column, Form, Part
from sroi.files.grid import Book, Cell, Sheet, column_letters

GUIDE = "Guide"
_FIRST_ROWS = 15  # among which a table's headings are looked for
_ERRORS = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)")


@dataclass(frozen=True)
class Entry:
    """What stands in one cell or at one key, and where; `faulty` where it is told already that it cannot stand."""

    value: Any
    line: int | None = None
    cell: str = ""
    faulty: bool = False


NOWHERE = Entry(None)
Written = tuple[Entry, Mapping[str, Entry]]  # where a row begins, and its filled entries by column


@dataclass
class Found:
    """What a file holds of a form: its rows by part, the parts that could not be read, faults, and what to know."""

    rows: dict[str, list[Written]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


# ---- workbooks and CSV ----


def entries_of_book(book: Book, form: Form, is_csv: bool) -> Found:
    """Return what the sheets of a workbook, or the one table of a CSV file, hold of a form."""
    found = Found(notes=list(book.notes))
    if is_csv:
        part = form.only_table
        if part is None:
            headings = ", ".join(each.heading for each in form.parts)
            told = f"this form has several tables ({headings}), and a CSV file holds one"
            raise FileRefused(Problem(told, "Give a workbook or a YAML file."), book.file)
        _table(book.sheets[0], part, found)
        return found
    taken = set()
    missing = []
    for part in form.parts:
        sheet = book.sheet(part.heading) or book.sheet(part.name)
        if sheet is None:
            missing.append(part)
            if part.required:
                names = [each.name for each in book.sheets if not each.hidden]
                remedy = did_you_mean(
                    part.heading, names, f"Add it, or begin from `sroi commission new {form.name} FILE`."
                )
                found.problems.append(Problem(f"there is no sheet '{part.heading}'", remedy))
                found.unread.add(part.name)
            continue
        taken.add(sheet.name)
        (_record if part.single else _table)(sheet, part, found)
        if sheet.hidden and found.rows.get(part.name):
            found.notes.append(f"The sheet {sheet.name} is hidden, and is read like the others")
    if found.problems:
        _refuse_another_form(book, form)
    rest = [each for each in book.sheets if each.cells and each.name not in taken and each.name != GUIDE]
    _renamed(rest, [part for part in missing if not part.required], found)
    others = [each.name for each in rest]
    if others:
        found.notes.append(f"Not read: the sheet{'s' if len(others) > 1 else ''} {', '.join(others[:10])}")
    return found


def _refuse_another_form(book: Book, form: Form) -> None:
    """Refuse a workbook that is another form of this program in one message, not by all that it lacks of this one."""
    guide = book.sheet(GUIDE)
    if guide is None or (1, 1) not in guide.cells:
        return
    title = str(guide.cells[1, 1].value).strip()
    if title != form.title and any(_plain(cell.value) == "what it is for" for cell in guide.cells.values()):
        told = f"this is the form '{title}'; here the form '{form.title}' is read"
        raise FileRefused(Problem(told, f"Begin that one with `sroi commission new {form.name} FILE.xlsx`."), book.file)


def _renamed(rest: list[Sheet], missing: list[Part], found: Found) -> None:
    """Refuse a filled sheet that is a part of the form under another name: nobody would miss what it holds."""
    for sheet in rest:
        best, meant = 0, None
        for part in missing:
            trial = Found()
            (_record if part.single else _table)(sheet, part, trial)
            known = len(trial.rows[part.name][0][1]) if part.name in trial.rows else 0
            enough = max(3 if part.single else 2, len(part.columns) // 2 + 1)  # a title and a note are no proof
            if known > best and known >= enough:
                best, meant = known, part
        if meant is not None:
            told = f"sheet {sheet.name} is not read: its headings are those of '{meant.heading}' in this form"
            found.problems.append(Problem(told, f"Call it '{meant.heading}', or take it out."))


def _plain(text: object) -> str:
    return re.sub(r"[\s_*]+", " ", str(text)).strip(" :").casefold()


def _known(part: Part) -> dict[str, Column]:
    names = {_plain(column.name): column for column in part.columns}
    return {**names, **{_plain(column.heading): column for column in part.columns}}


def _table(sheet: Sheet, part: Part, found: Found) -> None:
    known = _known(part)
    rows = [(number, cells) for number, cells in sheet.rows() if any(_filled(cell) for cell in cells.values())]
    matches = [
        (sum(_plain(cell.value) in known for cell in cells.values() if isinstance(cell.value, str)), place)
        for place, (_, cells) in enumerate(rows[:_FIRST_ROWS])
    ]
    best, place = max(matches, key=lambda each: (each[0], -each[1]), default=(0, 0))
    needed = 1 if len(part.columns) == 1 else 2
    if best < needed:
        if rows:
            names = ", ".join(f"'{column.heading}'" for column in part.columns[:6])
            told = f"sheet {sheet.name}: the row of headings is not found"
            found.problems.append(Problem(told, f"It holds {names}{', ..' if len(part.columns) > 6 else ''}."))
            found.unread.add(part.name)
        return
    headings = _headings(sheet, rows[place], known, rows[place + 1 :], found)
    missing = [c.heading for c in part.columns if c.required and c.name not in headings.values()]
    if missing:
        told = f"{'columns are' if len(missing) > 1 else 'a column is'} missing: {', '.join(missing)}"
        where = sheet.place(rows[place][0], 1)
        found.problems.append(Problem(told, "Add them to the row of headings.", cell=where))
        found.unread.add(part.name)
        return
    body = rows[place + 1 :]
    if body and _is_help(body[0][1], headings, part):
        body = body[1:]
    for number, cells in body:
        entries = {
            headings[column]: _entry(sheet, number, column, cell, found)
            for column, cell in cells.items()
            if column in headings and _filled(cell)
        }
        if entries:
            start = Entry(None, cell=sheet.place(number, min(headings)))
            for column, name in headings.items():
                if name not in entries:
                    entries[name] = Entry(None, cell=sheet.place(number, column))
            found.rows.setdefault(part.name, []).append((start, entries))
    _note_stray(sheet, rows[place:], headings, found)
    hidden = [number for number, _ in body if number in sheet.hidden_rows]
    if hidden:
        told = ", ".join(str(number) for number in hidden[:10])
        found.notes.append(f"Hidden rows of the sheet {sheet.name} are read like the others ({told})")


def _is_help(cells: Mapping[int, Cell], headings: Mapping[int, str], part: Part) -> bool:
    """Say whether the row below the headings says what to write, each in its column.

    Most of it is enough: a form begun with another version of the program has a help or two in other words. A row
    that somebody filled in may hold a word of help by chance, such as its example.
    """
    filled = [(headings.get(place), _plain(cell.value)) for place, cell in cells.items() if _filled(cell)]
    said = [name is not None and written == _plain(part.by_name[name].told) for name, written in filled]
    return 2 * sum(said) > len(said) and (sum(said) > 1 or len(part.columns) == 1 or len(said) == 1)


def _note_stray(
    sheet: Sheet, rows: list[tuple[int, dict[int, Cell]]], headings: Mapping[int, str], found: Found
) -> None:
    """Say which columns hold something and have no heading: nobody can know what they mean."""
    headed = {place for place, cell in rows[0][1].items() if _filled(cell)} | set(headings)
    stray = sorted({place for _, cells in rows for place, cell in cells.items() if _filled(cell)} - headed)
    if stray:
        letters = ", ".join(column_letters(place) for place in stray[:10])
        many = "s" if len(stray) > 1 else ""
        found.notes.append(f"Not read, for want of a heading: column{many} {letters} of the sheet {sheet.name}")


def _headings(
    sheet: Sheet,
    head: tuple[int, dict[int, Cell]],
    known: Mapping[str, Column],
    body: list[tuple[int, dict[int, Cell]]],
    found: Found,
) -> dict[int, str]:
    """Return the columns of a form by their place; a heading that is not known is a fault where it has entries."""
    number, cells = head
    headings: dict[int, str] = {}
    for place, cell in cells.items():
        if not _filled(cell):
            continue
        column = known.get(_plain(cell.value))
        if column is not None and column.name in headings.values():
            told = f"the heading '{column.heading}' stands twice"
            found.problems.append(Problem(told, "Keep one of the two columns.", cell=sheet.place(number, place)))
        elif column is not None:
            headings[place] = column.name
        elif any(_filled(row[place]) for _, row in body if place in row):
            told = f"'{str(cell.value)[:60]}' is no heading of this sheet"
            names = list(dict.fromkeys(column.heading for column in known.values()))
            remedy = did_you_mean(str(cell.value), names, f"Take the column out. Known: {', '.join(names[:20])}.")
            found.problems.append(Problem(told, remedy, cell=sheet.place(number, place)))
    return headings


def _record(sheet: Sheet, part: Part, found: Found) -> None:
    """Read one record down the page: labels in one column, what is filled in to their right."""
    known = _known(part)
    entries: dict[str, Entry] = {}
    first = ""
    others: list[tuple[int, dict[int, Cell]]] = []
    for number, cells in sheet.rows():
        labelled = [place for place, cell in cells.items() if _plain(cell.value) in known and place <= 2]
        if not labelled:
            others.append((number, cells))
            continue
        column = known[_plain(cells[labelled[0]].value)]
        at = labelled[0] + 1
        first = first or sheet.place(number, at)
        cell = cells.get(at)
        if column.name in entries:
            told = f"'{column.heading}' stands twice"
            found.problems.append(Problem(told, "Keep one of the two rows.", cell=sheet.place(number, labelled[0])))
        elif cell is not None and _filled(cell):
            entries[column.name] = _entry(sheet, number, at, cell, found)
        else:
            entries[column.name] = Entry(None, cell=sheet.place(number, at))
    if entries:
        _refuse_unknown(sheet, others, part, found)
    if not entries and sheet.cells:
        names = ", ".join(f"'{column.heading}'" for column in part.columns[:4])
        told = f"sheet {sheet.name}: none of its labels is found"
        found.problems.append(Problem(told, f"Column A holds {names}, .., and column B what is filled in."))
        found.unread.add(part.name)
    elif any(entry.value is not None or entry.faulty for entry in entries.values()):
        found.rows[part.name] = [(Entry(None, cell=first), entries)]


def _refuse_unknown(sheet: Sheet, rows: list[tuple[int, dict[int, Cell]]], part: Part, found: Found) -> None:
    """Say which labels of a record are not known and have an entry beside them, which would be lost."""
    for number, cells in rows:
        label, entry = cells.get(1), cells.get(2)
        if (
            label is not None
            and entry is not None
            and isinstance(label.value, str)
            and _filled(label)
            and _filled(entry)
        ):
            told = f"'{label.value.strip()[:60]}' is no label of this sheet"
            names = [column.heading for column in part.columns]
            remedy = did_you_mean(label.value, names, f"Take the row out. Known: {', '.join(names[:20])}.")
            found.problems.append(Problem(told, remedy, cell=sheet.place(number, 1)))


def _filled(cell: Cell) -> bool:
    return cell.formula is not None or (cell.value is not None and str(cell.value).strip() != "")


def _entry(sheet: Sheet, number: int, place: int, cell: Cell, found: Found) -> Entry:
    at = sheet.place(number, place)
    value = cell.value
    if value is None:
        told = "a formula without a stored value"
        found.problems.append(Problem(told, "Open the file in Excel or LibreOffice, and save it again.", cell=at))
        return Entry(None, cell=at, faulty=True)
    if isinstance(value, str) and _ERRORS.fullmatch(value.strip()):
        told = f"the cell shows the error {value.strip()}"
        found.problems.append(Problem(told, "Correct its formula, or write the value.", cell=at))
        return Entry(None, cell=at, faulty=True)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    return Entry(value, cell=at)


# ---- YAML ----


def entries_of_tree(tree: Any, lines: Mapping[Place, int], problems: list[Problem], form: Form, name: str) -> Found:
    """Return what a YAML tree holds of a form."""
    found = Found(problems=list(problems))
    if not isinstance(tree, dict):
        keys = ", ".join(f"`{part.name}`" for part in form.parts)
        raise FileRefused(Problem("this is no form", f"It holds the keys {keys}."), name)
    parts = {part.name: part for part in form.parts}
    for key, value in tree.items():
        part = parts.get(str(key))
        if part is None:
            told, line = f"unknown key '{str(key)[:60]}'", lines.get((key,))
            found.problems.append(Problem(told, did_you_mean(str(key), parts), line=line))
        elif part.single:
            if isinstance(value, dict):
                _mapping(value, (key,), lines, part, found)
            elif value not in (None, "", {}):
                told, remedy = f"`{key}` is no group of keys", "Write one `key: value` to a line below it."
                found.problems.append(Problem(told, remedy, line=lines.get((key,))))
                found.unread.add(part.name)
        elif isinstance(value, list):
            for place, row in enumerate(value):
                if isinstance(row, dict):
                    _mapping(row, (key, place), lines, part, found)
                else:
                    told, remedy = f"an entry of `{key}` that is no group", "Begin each with a dash: `- {id: ..}`."
                    found.problems.append(Problem(told, remedy, line=lines.get((key, place))))
        elif value not in (None, ""):
            told, remedy = f"`{key}` is no list", "Begin each of its entries with a dash."
            found.problems.append(Problem(told, remedy, line=lines.get((key,))))
            found.unread.add(part.name)
    return found


def _mapping(
    group: Mapping[Any, Any], prefix: tuple[Any, ...], lines: Mapping[Place, int], part: Part, found: Found
) -> None:
    line = lines.get(prefix)
    entries: dict[str, Entry] = {}
    for key, value in group.items():
        at = lines.get((*prefix, key), line)
        if str(key) not in part.by_name:
            told = f"unknown key '{str(key)[:60]}' in {part.name}"
            found.problems.append(Problem(told, did_you_mean(str(key), part.by_name), line=at))
        elif isinstance(value, dict) or (isinstance(value, list) and part.by_name[str(key)].kind != "list"):
            told = f"`{key}` is {'a group' if isinstance(value, dict) else 'a list'}, and one value belongs there"
            found.problems.append(Problem(told, "Write one value.", line=at))
            entries[str(key)] = Entry(None, at, faulty=True)
        else:
            entries[str(key)] = Entry(value, at)
    if entries:
        found.rows.setdefault(part.name, []).append((Entry(None, line), entries))
