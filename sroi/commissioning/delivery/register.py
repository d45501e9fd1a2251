"""The register as nouns and columns: measures, suppliers, contracts, first promises, deliveries, the log of changes.

What cannot be is refused here, all of it in one message; what is doubtful is a finding (`doubts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from pydantic_core import PydanticCustomError

from sroi import reading
from sroi.commissioning.delivery.form import FORM, STATES
from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.evidence.licences import closed_work
from sroi.files.form_reader import Filled, Row, read_form
from sroi.formulas import Array

Whole = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Measure:
    """What is counted, in its unit, with the value of one if it has one [money]."""

    id: str
    name: str
    unit: str
    definition: str
    framework: str
    proxy: float | None
    source: str
    licence: str
    price_year: str
    may_be_passed_on: bool | None
    row: Row = field(repr=False)

    @property
    def private(self) -> str:
        """Why the value may not be passed on; "" where it may, or where there is none."""
        if self.proxy is None or self.may_be_passed_on:
            return ""
        if self.may_be_passed_on is False:
            return "the register says that it may not be passed on"
        work = closed_work(self.source, self.licence, self.framework, self.name, self.id)
        return f"it comes from {work}, whose values may not be passed on" if work else ""


@dataclass(frozen=True)
class Contract:
    """Under what somebody delivers."""

    id: str
    title: str
    supplier: str
    buyer: str
    lot: str
    place: str
    starts: date
    ends: date
    row: Row = field(repr=False)


@dataclass(frozen=True)
class Term:
    """A quantity promised by a day: of a commitment, or in all by a milestone on the way to it."""

    id: str
    quantity: float
    due: date


@dataclass(frozen=True)
class Commitment:
    """What was promised first, under a contract, of a measure; and its milestones, in the order of their days."""

    id: str
    contract: str
    measure: str
    place: str
    term: Term
    milestones: tuple[Term, ...]
    row: Row = field(repr=False)


@dataclass(frozen=True)
class Change:
    """What was agreed later of a commitment or milestone: its quantity or its day, what it was and what it is now."""

    id: str
    of: str
    what: str
    was: float | date
    now: float | date
    day: date
    agreed_by: str
    why: str
    row: Row = field(repr=False)


@dataclass(frozen=True, eq=False)
class Register:
    """A register: its nouns by id, its log of changes in the order of days, its deliveries as rows and columns."""

    filled: Filled
    title: str
    buyer: str
    currency: str
    price_year: str
    complete_to: date | None
    note: str
    measures: Mapping[str, Measure]
    suppliers: Mapping[str, str]
    contracts: Mapping[str, Contract]
    commitments: tuple[Commitment, ...]
    changes: tuple[Change, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """The deliveries, row by row."""
        return self.filled["deliveries"]

    @cached_property
    def value_year(self) -> str:
        """The year in whose prices values are added: the register's, else the one that all share; "" for none."""
        years = {measure.price_year for measure in self.measures.values() if measure.proxy is not None}
        return self.price_year or (years.pop() if len(years) == 1 else "")

    @cached_property
    def quantity(self) -> Array:
        """The quantity of each delivery, shape (delivery,)."""
        return np.array([row["quantity"] for row in self.rows], dtype=np.float64)

    @cached_property
    def day(self) -> Whole:
        """The day of each delivery, as the calendar counts days."""
        return np.array([row["day"].toordinal() for row in self.rows], dtype=np.int64)

    @cached_property
    def state(self) -> Whole:
        """The state of each delivery as it stands in the register, its place in STATES."""
        place = {state: at for at, state in enumerate(STATES)}
        return np.array([place[row["state"]] for row in self.rows], dtype=np.int64)

    @cached_property
    def corrects(self) -> Whole:
        """Which delivery each one corrects, by its place; -1 for none."""
        places = {row["id"]: at for at, row in enumerate(self.rows)}
        return np.array([places.get(row["corrects"], -1) for row in self.rows], dtype=np.int64)

    @property
    def last_day(self) -> date:
        """The last day on which something in the register happened: a delivery, a judgement, a change, or a start."""
        days = [row[name] for row in self.rows for name in ("day", "validated_on") if row[name] is not None]
        days += [change.day for change in self.changes]
        return max(days, default=max(contract.starts for contract in self.contracts.values()))


def read_register(path: str | Path) -> Register:
    """Return the register in a file; FileRefused, with every fault at its place, for one that cannot stand."""
    return register_of(read_form(path, FORM))


def register_of(filled: Filled) -> Register:
    """Return a filled form as a register; FileRefused with all that cannot be between its rows."""
    problems: list[Problem] = []
    head = filled.one("register")
    currency = _or_problem(head, "currency", reading.read_currency, problems) or ""
    measures = {row["id"]: _measure(row, problems) for row in filled["measures"]}
    contracts = {row["id"]: _contract(row, head["buyer"] or "", problems) for row in filled["contracts"]}
    commitments = tuple(_commitments(filled, contracts, problems))
    changes = tuple(_changes(filled, problems))
    register = Register(
        filled, head["title"], head["buyer"] or "", currency,
        _or_problem(head, "price_year", lambda raw: str(reading.read_price_year(raw)), problems) or "",
        head["complete_to"], head["note"] or "", measures,
        {row["id"]: row["name"] for row in filled["suppliers"]}, contracts, commitments, changes,
    )  # fmt: skip
    problems += _broken_chains(register)
    if problems:
        raise FileRefused(problems, filled.file)
    return register


def _or_problem(row: Row, column: str, read: Any, problems: list[Problem]) -> Any:
    """Return what `read` makes of an entry, None for an empty one or one that cannot be read: that is noted."""
    if row[column] is None:
        return None
    try:
        return read(row[column])
    except PydanticCustomError as error:
        told = error.context or {}
        heading = column.replace("_", " ").capitalize()
        problems.append(row.problem(column, f"'{heading}': {told.get('found', error)}", str(told.get("remedy", ""))))
        return None


def _measure(row: Row, problems: list[Problem]) -> Measure:
    year = _or_problem(row, "proxy_price_year", lambda raw: str(reading.read_price_year(raw)), problems)
    texts = [row[name] or "" for name in ("definition", "framework", "proxy_source", "proxy_licence")]
    definition, framework, source, licence = texts
    return Measure(
        row["id"], row["name"], row["unit"], definition, framework, row["proxy"], source, licence, year or "",
        row["proxy_may_be_passed_on"], row,
    )  # fmt: skip


def _contract(row: Row, buyer: str, problems: list[Problem]) -> Contract:
    if row["ends"] < row["starts"]:
        found = f"the contract ends on {row['ends']}, before it starts on {row['starts']}"
        problems.append(row.problem("ends", found, "Correct one of the two days."))
    texts = [row[name] or "" for name in ("title", "lot", "place")]
    return Contract(
        row["id"], texts[0], row["supplier"], row["buyer"] or buyer, texts[1], texts[2], row["starts"], row["ends"], row
    )


def _commitments(
    filled: Filled, contracts: Mapping[str, Contract], problems: list[Problem]
) -> Iterator[Commitment]:  # fmt: skip
    milestones: dict[str, list[Row]] = {}
    taken = {row["id"] for row in filled["commitments"]}
    for row in filled["milestones"]:
        milestones.setdefault(row["commitment"], []).append(row)
        if row["id"] in taken:
            found = f"'{row['id']}' is a commitment's id too, so no change could say which of the two it means"
            problems.append(row.problem("id", found, "Give the milestone another id."))
    for row in filled["commitments"]:
        own = sorted(milestones.get(row["id"], ()), key=lambda each: each["due"])
        for before, after in pairwise(own):
            if after["quantity"] < before["quantity"]:
                found = (
                    f"{after['quantity']:g} by {after['due']}, but {before['quantity']:g} by {before['due']} already"
                )
                remedy = "A milestone says how much there is in all by its day: give the sum from the start."
                problems.append(after.problem("quantity", found, remedy))
        yield Commitment(
            row["id"], row["contract"], row["measure"], row["place"] or contracts[row["contract"]].place,
            Term(row["id"], row["quantity"], row["due"]),
            tuple(Term(each["id"], each["quantity"], each["due"]) for each in own), row,
        )  # fmt: skip


# ---- the log of changes ----


def _changes(filled: Filled, problems: list[Problem]) -> Iterator[Change]:
    known = {row["id"] for part in ("commitments", "milestones") for row in filled[part]}
    for row in sorted(filled["changes"], key=lambda each: each["day"]):
        if row["of"] not in known:
            found = f"'Of': there is no commitment or milestone '{row['of']}'"
            problems.append(row.problem("of", found, did_you_mean(row["of"], sorted(known))))
            continue
        read = _read_day if row["what"] == "due" else _read_quantity
        was, now = (_or_problem(row, name, read, problems) for name in ("was", "now"))
        if was is not None and now is not None:
            yield Change(
                row["id"], row["of"], row["what"], was, now, row["day"], row["agreed_by"], row["why"], row
            )  # fmt: skip


def _read_quantity(raw: object) -> float:
    return reading.read_number(raw, reading.COUNT)


def _read_day(raw: object) -> date:
    # A spreadsheet's day comes as a text with a time of day.
    text = str(raw).strip().removesuffix(" 00:00:00").removesuffix("T00:00:00")
    return reading.read_day(raw if isinstance(raw, date | datetime) else text)


def _broken_chains(register: Register) -> Iterator[Problem]:
    """Yield each change whose "was" is not what stood before it: then the log does not say how it came about."""
    standing = first_terms(register)
    for change in register.changes:
        term = standing[change.of]
        before = term.due if change.what == "due" else term.quantity
        if change.was != before:
            said = str(before) if isinstance(before, date) else f"{before:g}"
            found = f"the {change.what} of '{change.of}' was {said} on {change.day}, and not {_said(change.was)}"
            remedy = "Correct it, or put in the change that is missing between the two."
            yield change.row.problem("was", found, remedy)
        standing[change.of] = _after(term, change)


def _said(value: float | date) -> str:
    return str(value) if isinstance(value, date) else f"{value:g}"


def _after(term: Term, change: Change) -> Term:
    if isinstance(change.now, date):
        return Term(term.id, term.quantity, change.now)
    return Term(term.id, change.now, term.due)


def first_terms(register: Register) -> dict[str, Term]:
    """Return the first terms of every commitment and milestone, by id."""
    return {term.id: term for each in register.commitments for term in (each.term, *each.milestones)}


def current_terms(register: Register, on: date) -> dict[str, Term]:
    """Return the terms of every commitment and milestone as they stood at the end of a day: the first ones, changed."""
    terms = first_terms(register)
    for change in register.changes:
        if change.day <= on:
            terms[change.of] = _after(terms[change.of], change)
    return terms
