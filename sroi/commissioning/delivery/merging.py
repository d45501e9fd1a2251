"""A supplier's update put into a register: nothing is written over, nothing is lost, every conflict named by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sroi.commissioning.delivery.form import DELIVERIES_ALONE, FORM, UPDATE
from sroi.commissioning.delivery.register import Register, register_of
from sroi.errors import FileRefused, Nearest, Problem
from sroi.files.form import Part, alike, is_blank
from sroi.files.form_reader import Filled, Row, read_form
from sroi.files.form_writer import form_bytes

# The one step that an update may take a row further: evidence has come. To validate is the buyer's.
_FURTHER = ("claimed", "evidenced")


@dataclass(frozen=True)
class Merged:
    """A register with an update in it: which rows were added (by sheet), which were completed, how many stood there."""

    register: Register
    added: Mapping[str, tuple[str, ...]]
    completed: tuple[str, ...]
    known: int
    notes: tuple[str, ...]

    def content(self, ending: str) -> bytes:
        """Return the register's file, a workbook for .xlsx, else YAML."""
        parts = self.register.filled.parts
        rows = {
            part.name: dict(parts[part.name][0].values) if part.single else [row.values for row in parts[part.name]]
            for part in FORM.parts
            if parts[part.name]
        }
        return form_bytes(FORM, rows, ending)


def merged(register_path: str | Path, update_path: str | Path) -> Merged:
    """Return the register in one file with the update in another put into it.

    A row whose key is new is added. One that says the same as the register is left; one that fills what is empty there
    completes it; a delivery may go on from claimed to evidenced. Anything else that differs is a conflict: FileRefused
    then names all of them, each with both places, and nothing is merged.
    """
    filled = read_form(register_path, FORM)
    alone = Path(update_path).suffix.lower() in (".csv", ".tsv", ".txt")
    update = read_form(update_path, DELIVERIES_ALONE if alone else UPDATE)
    work = _Merging(filled, update)
    parts = {part.name: work.part(part) for part in FORM.parts}
    work.check_references(parts)
    if work.problems:
        raise FileRefused(work.problems, str(update_path))
    whole = replace(filled, file=f"{filled.file} with {update.file}", parts=parts)
    return Merged(register_of(whole), work.added, tuple(work.completed), work.known, (*filled.notes, *update.notes))


class _Merging:
    """Puts rows together, and gathers conflicts."""

    def __init__(self, filled: Filled, update: Filled) -> None:
        self.filled = filled
        self.update = update
        self.problems: list[Problem] = []
        self.added: dict[str, tuple[str, ...]] = {}
        self.completed: list[str] = []
        self.known = 0

    def part(self, part: Part) -> tuple[Row, ...]:
        own, new = list(self.filled[part.name]), self.update.parts.get(part.name, ())
        places = {_alike(part, row): at for at, row in enumerate(own)}
        added = []
        for row in new:
            key = _key(part, row)
            at = places.get(_alike(part, row))
            if at is None:
                places[_alike(part, row)] = len(own)
                own.append(self._placed(row))
                added.append(", ".join(str(each) for each in key))
            elif _key(part, own[at]) != key:
                found = (
                    f"'{', '.join(key)}' stands in the register in other letters: '{', '.join(_key(part, own[at]))}'"
                )
                self.problems.append(row.problem(part.key[0], found, "Write it as the register does, or rename it."))
            else:
                own[at] = self._together(part, own[at], row)
        if added:
            self.added[part.name] = tuple(added)
        return tuple(own)

    def _placed(self, row: Row) -> Row:
        """Return a row of the update whose places say of which file they are."""
        name = Path(self.update.file).name

        def placed(entry: Any) -> Any:
            where = entry.cell or (f"line {entry.line}" if entry.line else "")
            return replace(entry, line=None, cell=f"{name}, {where}" if where else name)

        return replace(
            row, entries={column: placed(entry) for column, entry in row.entries.items()}, start=placed(row.start)
        )

    def _together(self, part: Part, old: Row, new: Row) -> Row:
        """Return the register's row, completed by the update's; a conflict is noted, and changes nothing."""
        values, filled_in = dict(old.values), []
        for column in part.columns:
            was, now = old[column.name], new[column.name]
            if is_blank(now) or was == now:
                continue
            further = part.name == "deliveries" and column.name == "state" and (was, now) == _FURTHER
            if is_blank(was) or further:
                values[column.name] = now
                filled_in.append(f"{column.heading}: {now}")
                continue
            found = (
                f"'{column.heading}' of '{', '.join(_key(part, old)) or part.heading}' is {_said(now)} here, and "
                f"{_said(was)} in the register ({old.place(column.name) or self.filled.file})"
            )
            self.problems.append(new.problem(column.name, found, _remedy(part, column.name)))
        if filled_in:
            self.completed.append(f"{part.heading} {', '.join(_key(part, old))}: {'; '.join(filled_in)}")
        else:
            self.known += 1
        return replace(old, values=values)

    def check_references(self, parts: Mapping[str, Sequence[Row]]) -> None:
        """Say which entries of the update name a row that neither file has."""
        for part in FORM.parts:
            for column in part.columns:
                target, _, name = column.refers_to.partition(".")
                known = {row[name] for row in parts[target]} if target else set()
                there = f"The names stand on the sheet {FORM.part(target).heading}." if target else ""
                nearest = Nearest((str(each) for each in known), there)
                for row in self.update.parts.get(part.name, ()) if target else ():
                    named = row[column.name]
                    if named is not None and named not in known:
                        found = f"'{column.heading}': there is no '{named}' in the register or here"
                        self.problems.append(row.problem(column.name, found, nearest.remedy(str(named))))


def _key(part: Part, row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in part.key)


def _alike(part: Part, row: Row) -> tuple[Any, ...]:
    return tuple(alike(each) for each in _key(part, row))


def _said(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else f"'{value}'"


def _remedy(part: Part, column: str) -> str:
    if part.name == "deliveries" and column == "state":
        return "Only the register's own keeper validates or rejects: change it in the register itself, or here."
    if part.name == "deliveries":
        return "Give a new delivery an id of its own; a correction is a new row that names this one in 'Corrects'."
    if part.name in ("commitments", "milestones"):
        return "A changed promise is a row on the sheet Changes: leave the first promise as it is."
    return "Make the two files agree: nothing in a register is written over."


def merged_lines(done: Merged, target: str) -> list[str]:
    """Return what was merged, in words."""
    lines = [f"Wrote {target}: the register with the update in it; both files stay as they were."]
    for name, keys in done.added.items():
        shown = ", ".join(keys[:8]) + (", .." if len(keys) > 8 else "")
        lines.append(f"  {FORM.part(name).heading}: {len(keys)} added ({shown})")
    if not done.added:
        lines.append("  Nothing was new.")
    lines += [f"  Completed: {each}" for each in done.completed]
    if done.known:
        lines.append(f"  {done.known} row{'s' if done.known > 1 else ''} stood there already, the same.")
    own = [row["id"] for row in done.register.rows if row["id"] in set(done.added.get("deliveries", ()))
           and row["state"] in ("validated", "rejected")]  # fmt: skip
    if own:
        lines.append(
            f"  Judged in the update itself, as its rows say: {', '.join(own[:8])}. See that it was the buyer."
        )
    return [*lines, *(f"  {note}" for note in done.notes)]
