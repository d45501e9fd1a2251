"""A filled form of value by place: places of one's own, and quantities delivered there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sroi.commissioning.place.form import FORM
from sroi.commissioning.place.gazetteer import Place, find_place, plain_name
from sroi.errors import FileRefused, Problem
from sroi.files.form_reader import Filled, Row, read_form

_TABLES = (".csv", ".tsv", ".txt")  # a file of one table: places


@dataclass(frozen=True)
class OwnPlace:
    """A place that the user describes: within which authority, how many live there, and how deprived it is."""

    name: str
    also: tuple[str, ...] = ()
    within: Place | None = None
    population: float | None = None
    population_source: str = ""
    deprived_share: float | None = None
    deprived_source: str = ""


@dataclass(frozen=True)
class Delivery:
    """A quantity that somebody delivered at a place, and how far it is shown."""

    organisation: str
    contract: str
    place: str
    measure: str
    unit: str
    quantity: float
    state: str


@dataclass(frozen=True)
class Settings:
    """What a filled form says."""

    title: str = ""
    note: str = ""
    places: tuple[OwnPlace, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    notes: tuple[str, ...] = ()


def read_settings(path: str | Path) -> Settings:
    """Return the settings in a filled form; FileRefused with every fault."""
    filled = read_form(Path(path), FORM)
    if Path(path).suffix.lower() not in _TABLES and not is_settings(path):
        found = "neither of the sheets Places and Delivered is in it"
        raise FileRefused(Problem(found, "Begin the form with `sroi commission new place FILE`."), str(path))
    return settings_of(filled)


def settings_of(filled: Filled) -> Settings:
    """Return the settings in a form that was read; FileRefused where two places share a writing, or lie nowhere."""
    problems: list[Problem] = []
    taken: dict[str, str] = {}
    own = tuple(_own(row, taken, problems) for row in filled["places"])
    if problems:
        raise FileRefused(problems, filled.file)
    deliveries = tuple(
        Delivery(row["organisation"], row["contract"] or "", row["place"], row["measure"], row["unit"], row["quantity"],
                 row["state"])
        for row in filled["delivered"]
    )  # fmt: skip
    head = filled.one("settings")
    return Settings(head["title"] or "", head["note"] or "", own, deliveries, filled.notes)


def _own(row: Row, taken: dict[str, str], problems: list[Problem]) -> OwnPlace:
    also = row["also"] or ()
    for written in (row["name"], *also):
        key = plain_name(written)
        if key in taken and taken[key] != row["name"]:
            found = f"'{written}' is a writing of '{taken[key]}' too"
            problems.append(row.problem("name" if written == row["name"] else "also", found, "Keep it with one place."))
        taken.setdefault(key, row["name"])
    within = find_place(row["within"]) if row["within"] else None
    if within is not None and within.place is None:
        found = f"'{row['within']}' is no authority of the table"
        problems.append(row.problem("within", found, within.remedy.replace(" Or describe it on the sheet Places.", "")))
    for figure, source in (("population", "population_source"), ("deprived_share", "deprived_source")):
        if row[figure] is not None and not row[source]:
            problems.append(row.problem(source, f"the {figure.replace('_', ' ')} has no source", "Write where it stands."))  # fmt: skip  # noqa: E501
    if row["population"] == 0:
        problems.append(row.problem("population", "the population is 0", "Leave it blank if it is not known."))
    return OwnPlace(
        row["name"], tuple(also), None if within is None else within.place, row["population"],
        row["population_source"] or "", row["deprived_share"], row["deprived_source"] or "",
    )  # fmt: skip


def is_settings(path: str | Path) -> bool:
    """Say whether a file is this form and no value map, by its sheets or its keys; what is broken is neither."""
    from sroi.errors import SroiError
    from sroi.files.safety import read_bytes
    from sroi.files.value_maps import YAML

    tables = [part for part in FORM.parts if not part.single]
    try:
        content = read_bytes(Path(path), what="form")
        if Path(path).suffix.lower() in YAML:
            from sroi.files.yaml import yaml_tree

            tree, _, _ = yaml_tree(content, str(path))
            return isinstance(tree, dict) and "sroi" not in tree and any(part.name in tree for part in tables)
        if not content.startswith(b"PK"):
            return False
        from sroi.files.sheets import book_of

        book = book_of(content, str(path))
    except SroiError:
        return False
    return any(book.sheet(name) is not None for part in tables for name in (part.heading, part.name))
