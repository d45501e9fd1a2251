"""A consideration record as nouns, from its full form or its short one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sroi.commissioning.consider import form as full
from sroi.commissioning.consider import short_form as short
from sroi.errors import FileRefused
from sroi.files.form import Form
from sroi.files.form_reader import Filled, Row, read_form
from sroi.files.safety import read_bytes

YAML = (".yaml", ".yml", ".json")


@dataclass(frozen=True)
class Matter:
    """Something that could be better: how, whether it belongs and is in proportion, and the decision on it."""

    pillar: str
    matter: str
    how: str
    relevant: bool | None
    proportionate: bool | None
    secured_by: str
    decision: str
    reason: str
    place: str


@dataclass(frozen=True)
class Consulted:
    """Somebody who was asked."""

    who: str
    group: str
    how: str
    when: date | None
    number: int | None
    said: str
    changed: str
    place: str


@dataclass(frozen=True)
class Objective:
    """A local objective, whose it is, and how this serves it."""

    objective: str
    whose: str
    serves: str


@dataclass(frozen=True)
class Record:
    """What was considered before something was provided; texts are "" and days None where nothing was written."""

    short: bool
    organisation: str
    body: str
    title: str
    reference: str
    provision: str
    nature: str
    value_with_vat: float | None
    regulated: bool | None
    area: str
    procurement_begins: date | None
    decided: date | None
    decided_by: str
    securing: str
    proportion: str
    consultation_considered: bool | None
    no_consultation_reason: str
    decision: str
    urgent: bool
    urgency_reason: str
    urgency_not_own: bool | None
    matters: tuple[Matter, ...]
    consultation: tuple[Consulted, ...]
    objectives: tuple[Objective, ...]
    file: str
    sha256: str
    notes: tuple[str, ...]
    places: dict[str, str]

    def of(self, pillar: str) -> tuple[Matter, ...]:
        """Return the matters of one kind of well-being."""
        return tuple(each for each in self.matters if each.pillar == pillar)


def read_record(path: str | Path) -> Record:
    """Return the record in a full or a short form; FileRefused with every fault at its place."""
    path = Path(path)
    filled = read_form(path, _form_in(path))
    return _short(filled) if filled.form is short.FORM else _full(filled)


def _form_in(path: Path) -> Form:
    """Return which of the two forms a file holds: the short one if it has that one's sheet or key."""
    try:
        if path.suffix.lower() in YAML:
            from sroi.files.yaml import yaml_tree

            tree, _, _ = yaml_tree(read_bytes(path, what="record"), str(path))
            return short.FORM if isinstance(tree, dict) and short.SHORT.name in tree else full.FORM
        from sroi.files.sheets import open_book

        book = open_book(path)
        found = book.sheet(short.SHORT.heading) or book.sheet(short.SHORT.name)
        return short.FORM if found is not None else full.FORM
    except FileRefused:
        return full.FORM  # the reader of the form says what is wrong


_COMMON = (
    "organisation", "body", "title", "reference", "provision", "nature", "area", "decided_by", "securing",
    "proportion", "no_consultation_reason", "decision", "urgency_reason",
)  # fmt: skip
_KEPT = ("value_with_vat", "regulated", "procurement_begins", "decided", "urgency_not_own")


def _common(filled: Filled, part: str) -> dict[str, Any]:
    row = filled.one(part)
    given: dict[str, Any] = {name: row[name] or "" for name in _COMMON}
    given |= {name: row[name] for name in _KEPT}
    places = {name: row.place(name) for name in row.values}
    rest = {"file": filled.file, "sha256": filled.sha256, "notes": filled.notes, "places": places}
    return {**given, "urgent": row["urgent"] is True, **rest}


def _full(filled: Filled) -> Record:
    matters = tuple(
        Matter(row["pillar"], row["matter"], row["how"] or "", row["relevant"], row["proportionate"],
               row["secured_by"] or "", row["decision"] or "", row["reason"] or "", row.place("matter"))
        for row in filled["matters"]
    )  # fmt: skip
    consulted = tuple(
        Consulted(row["who"], row["group"], row["how"] or "", row["when"], row["number"], row["said"] or "",
                  row["changed"] or "", row.place("who"))
        for row in filled["consultation"]
    )  # fmt: skip
    objectives = tuple(Objective(row["objective"], row["whose"] or "", row["serves"] or "") for row in filled["objectives"])  # fmt: skip  # noqa: E501
    considered = filled.one("record")["consultation_considered"]
    return Record(**_common(filled, "record"), short=False, consultation_considered=considered, matters=matters,
                  consultation=consulted, objectives=objectives)  # fmt: skip


def _short(filled: Filled) -> Record:
    row = filled.one(short.SHORT.name)
    matters = tuple(_pillar(row, pillar) for pillar in full.PILLARS if row[pillar])
    asked = row["consulted"]
    consulted = (Consulted(asked, "others", "", None, None, "", "", row.place("consulted")),) if asked else ()
    objectives = (Objective(row["objectives"], "", ""),) if row["objectives"] else ()
    considered = True if asked or row["no_consultation_reason"] else None
    return Record(**_common(filled, short.SHORT.name), short=True, consultation_considered=considered, matters=matters,
                  consultation=consulted, objectives=objectives)  # fmt: skip


def _pillar(row: Row, pillar: str) -> Matter:
    """Return one kind of well-being of the short form: whether it belongs is told there once for all."""
    weighed = True if row["proportion"] else None
    taken = "include" if row["decision"] else ""
    return Matter(
        pillar, row[pillar], row[pillar], weighed, weighed, row["securing"] or "", taken, "", row.place(pillar)
    )
