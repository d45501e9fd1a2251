"""What a form asks for, declared once: its workbook, its YAML and every message about it come from here."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sroi import reading
from sroi.errors import did_you_mean
from sroi.reading import Kind, misread, shown

KINDS = ("text", "title", "id", "number", "whole", "money", "share", "day", "yes_no", "choice", "list")
_LONGEST_HEADING = 31  # letters of a sheet's name, as Excel has it
_LONGEST_LIST = 250  # letters of a drop-down's choices, as Excel has it


@dataclass(frozen=True)
class Column:
    """One thing that is asked for: its key in YAML, its heading, its kind (of KINDS), and what may stand there.

    `low` and `high` bound a number, a whole number or money; `refers_to` names the column (`measures.id`) whose values
    it may take; a list is written with semicolons or, in YAML, as a list.
    """

    name: str
    heading: str
    kind: str = "text"
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    refers_to: str = ""

    @property
    def told(self) -> str:
        """What is said beside a cell: its help, and the words to choose among where a drop-down cannot offer them."""
        if self.choices and (self.kind == "list" or not self.fits_a_list):
            return f"{self.help} Of: {', '.join(self.choices)}.".strip()
        return self.help

    @property
    def fits_a_list(self) -> bool:
        """Whether a drop-down of a workbook takes the choices."""
        return len(",".join(self.choices)) <= _LONGEST_LIST

    def read(self, raw: object) -> Any:
        """Return what a cell or an entry says; an error of `sroi.reading.misread` in the user's words if it cannot be.

        Nothing written (None, blanks) is for the reader to see to.
        """
        if self.kind == "list":
            return tuple(self._word(part) for part in _parts(raw))
        if self.kind == "choice":
            return self._word(raw)
        if self.kind == "whole":
            number = reading.read_number(raw, self._kind())
            if number != int(number):
                raise misread(f"{shown(raw)} is no whole number", "Give a whole number, such as 12.")
            return int(number)
        if self.kind in ("number", "money", "share"):
            return reading.read_number(raw, self._kind())
        return _READERS[self.kind](raw)

    def _word(self, raw: object) -> str:
        text = reading.read_text(raw)
        if not self.choices:
            return text
        for word in self.choices:
            if text.casefold().replace(" ", "_") == word.casefold().replace(" ", "_"):
                return word
        every = ", ".join(self.choices) if len(self.choices) <= 12 else ", ".join(self.choices[:12]) + ", .."
        near = did_you_mean(text, self.choices, "")
        raise misread(f"{shown(raw)} is not one of the choices here", f"{near} Give one of: {every}.".strip())

    def _kind(self) -> Kind:
        if self.kind == "share":
            return reading.SHARE
        low = -reading.LARGEST if self.low is None else self.low
        high = reading.LARGEST if self.high is None else self.high
        name = {"money": "sum of money", "whole": "whole number"}.get(self.kind, "number")
        return Kind(name, "", low=low, high=high)


_READERS = {
    "text": reading.read_text,
    "title": reading.read_title,
    "id": reading.read_id,
    "day": reading.read_day,
    "yes_no": reading.read_yes_no,
}


def _parts(raw: object) -> list[object]:
    if isinstance(raw, list | tuple):
        return [part for part in raw if str(part).strip()]
    text = reading.read_text(raw)
    return [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]


@dataclass(frozen=True)
class Part:
    """One sheet of a form's workbook, and one key of its YAML: a table, or (`single`) one record down the page.

    `key` names the columns whose values together may stand once only; `required` asks for one row at least.
    """

    name: str
    heading: str
    about: str
    columns: tuple[Column, ...]
    single: bool = False
    required: bool = True
    key: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no form can be: a sheet's name that Excel refuses, a kind or a column that there is not."""
        if len(self.heading) > _LONGEST_HEADING or any(mark in self.heading for mark in "[]:*?/\\"):
            raise ValueError(f"{self.heading}: a sheet cannot be called that")
        unknown = [column.name for column in self.columns if column.kind not in KINDS]
        names = [column.name for column in self.columns]
        if unknown or len(set(names)) < len(names) or not set(self.key) <= set(names):
            raise ValueError(f"{self.name}: columns {unknown or names} with the key {self.key}")

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}


@dataclass(frozen=True)
class Form:
    """A form: its name, its title, the lines of its guide, and its parts."""

    name: str
    title: str
    about: tuple[str, ...]
    parts: tuple[Part, ...]

    def part(self, name: str) -> Part:
        """Return the part of this name; KeyError if there is none."""
        return next(part for part in self.parts if part.name == name)

    @property
    def only_table(self) -> Part | None:
        """The table that a CSV file of this form would hold; None where a CSV could not hold the form."""
        tables = [part for part in self.parts if not part.single]
        needed = [part for part in self.parts if part.required and part not in tables[:1]]
        return tables[0] if tables and not needed else None


def plain_entry(value: Any) -> Any:
    """Return a read value as YAML and a workbook's cell hold it: yes and no in words, lists with semicolons."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(str(part) for part in value)
    if isinstance(value, datetime):
        return value.date()
    return value


def alike(value: Any) -> Any:
    """Return what is the same for two texts that a reader takes for one: case, spaces, dashes and unseen signs aside.

    >>> alike("MB-2025-014") == alike(" mb\u20112025\u2011014\u200b")
    True
    """
    if not isinstance(value, str):
        return value
    letters = unicodedata.normalize("NFKC", value)
    seen = (
        "-" if unicodedata.category(letter) == "Pd" else letter
        for letter in letters
        if unicodedata.category(letter) != "Cf"
    )
    return " ".join("".join(seen).split()).casefold()


def is_blank(value: Any) -> bool:
    """Say whether nothing was written."""
    if isinstance(value, date | bool):
        return False
    return value is None or value == () or value == [] or (isinstance(value, str) and not value.strip())
