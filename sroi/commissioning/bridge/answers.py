"""The answers held against the register: every question open is named, all of them in one message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic_core import PydanticCustomError

from sroi import reading
from sroi.commissioning.bridge.form import ASKED_SHARES, FORM
from sroi.commissioning.delivery.register import Measure, Register
from sroi.discounting import read_own_rate
from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.files.form_reader import Filled, Row, read_form


@dataclass(frozen=True, eq=False)
class Answers:
    """What was answered: the settings, and for each measure of the register its row."""

    filled: Filled
    settings: Row
    by_measure: Mapping[str, Row]

    @property
    def count(self) -> tuple[str, ...]:
        """The states that count."""
        given: tuple[str, ...] = self.settings["count"] or ("validated",)
        return given

    @property
    def on(self) -> date | None:
        """The day at whose end the register is read; None: the register's own."""
        day: date | None = self.settings["on"]
        return day

    @property
    def counted(self) -> dict[str, Row]:
        """The rows of the measures that count."""
        return {name: row for name, row in self.by_measure.items() if row["counts"]}

    @property
    def input_words(self) -> str:
        """What the inputs are: the added cost, the whole price, or something else."""
        kinds = dict.fromkeys(row["what"] for row in self.filled["inputs"])
        return " and ".join(f"the {kind}" if kind != "other" else "other inputs" for kind in kinds)


def read_answers(path: str | Path, register: Register) -> Answers:
    """Return the answers in a file, held against the register; FileRefused with every question that is open."""
    try:
        filled = read_form(path, FORM)
    except FileRefused as refused:
        # What the form itself misses, and beside it every question that is open: one message, not two rounds.
        raise FileRefused((*refused.problems, *_open_beside(path, register)), refused.source) from None
    return answers_of(filled, register)


def _open_beside(path: str | Path, register: Register) -> list[Problem]:
    """Return the open questions of a form that misses something; none of one that cannot be read at all."""
    try:
        return list(_problems(read_form(path, _LOOSE), register))
    except FileRefused:
        return []


_LOOSE = replace(
    FORM,
    parts=tuple(
        replace(part, required=False, columns=tuple(replace(column, required=False) for column in part.columns))
        for part in FORM.parts
    ),
)


def answers_of(filled: Filled, register: Register) -> Answers:
    """Return a filled form as answers; FileRefused with all that is missing or cannot be."""
    problems = tuple(_problems(filled, register))
    if problems:
        raise FileRefused(problems, filled.file)
    return Answers(filled, filled.one("bridge"), {row["measure"]: row for row in filled["answers"]})


def _problems(filled: Filled, register: Register) -> Iterator[Problem]:
    """Yield what is open or cannot be; what a form's own reader says of a missing entry is left to it."""
    by_measure = {row["measure"]: row for row in filled["answers"]}
    settings = filled.one("bridge")
    yield from (*_settings(settings, register), *_rows(filled, register), *_ids(filled, register))
    for name, measure in register.measures.items():
        row = by_measure.get(name)
        if row is None:
            found = f"the measure '{name}' ({measure.name}) has no row in Answers"
            yield Problem(found, "Give it one; counts: no with a reason, if it is to be left out.")
        elif row["counts"]:
            yield from _open(row, measure, settings)
        elif row["counts"] is False and not row["reason"]:
            yield row.problem("reason", f"'{name}' does not count, and it is not said why", "Write the reason.")


def _settings(settings: Row, register: Register) -> Iterator[Problem]:
    for column, read in (("price_year", reading.read_price_year), ("discount_rate", read_own_rate)):
        try:
            _ = None if settings[column] is None else read(settings[column])
        except PydanticCustomError as error:
            told = error.context or {}
            heading = column.replace("_", " ").capitalize()
            yield settings.problem(column, f"'{heading}': {told.get('found')}", str(told.get("remedy")))
    for name in settings["contracts"] or ():
        if name not in register.contracts:
            found = f"'Contracts': there is no '{name}' in the register"
            yield settings.problem("contracts", found, did_you_mean(name, register.contracts))


def _rows(filled: Filled, register: Register) -> Iterator[Problem]:
    for row in filled["answers"]:
        if row["measure"] is not None and row["measure"] not in register.measures:
            found = f"there is no measure '{row['measure']}' in the register"
            yield row.problem("measure", found, did_you_mean(row["measure"], register.measures))
    if filled["inputs"] and all(row["value"] == 0 for row in filled["inputs"]):
        found = "what was put in comes to 0, so there would be no ratio"
        yield filled["inputs"][0].problem("value", found, "Give the added cost of social value, or the whole price.")


def _ids(filled: Filled, register: Register) -> Iterator[Problem]:
    """Say which ids mean two things: those of stakeholders, inputs and measures stand in one map."""
    taken = dict.fromkeys(register.measures, "a measure of the register")
    for part, what in (("stakeholders", "a stakeholder"), ("inputs", "an input")):
        for row in filled[part]:
            if row["id"] in taken and row["id"] is not None:
                found = f"'{row['id']}' is the id of {taken[row['id']]} too"
                yield row.problem("id", found, "Give it another: in a map every id is one thing's.")
            taken.setdefault(row["id"], what)


def _open(row: Row, measure: Measure, settings: Row) -> Iterator[Problem]:
    """Yield every question that a measure which counts leaves open."""
    name = measure.id
    asked: dict[str, str] = {
        "stakeholder": "Say who changes; or counts: no with a reason.",
        "outcome": "Say in words what changes for them; a measure that changes nothing counts: no.",
        "duration": "Say how many years the change lasts.",
        **dict.fromkeys(ASKED_SHARES, "Give a share; 0% is an answer with its reason."),
    }
    for column, remedy in asked.items():
        if row[column] is None:
            yield row.problem(column, f"'{name}' counts, and its {column.replace('_', '-')} is not answered", remedy)
    for column in ASKED_SHARES:
        if row[column] == 0 and not row[f"{column}_reason"]:
            found = f"'{name}' has a {column.replace('_', '-')} of 0 % without a reason"
            yield row.problem(column, found, "Write why there is none, or give a share.")
    if row["what"] not in ("outcome", None) and not row["reason"]:
        found = f"'{name}' counts, and it is said to be {_a(row['what'])} and no outcome"
        yield row.problem("what", found, "Write in 'Why' how it stands for a change in somebody's life, or counts: no.")
    if row["proxy"] is not None and not row["proxy_source"]:
        yield row.problem("proxy", f"the value given for '{name}' has no source", "Write who says so, where.")
    yield from _prices(row, measure, settings)


def _prices(row: Row, measure: Measure, settings: Row) -> Iterator[Problem]:
    """Ask what is to be done with a value in other prices than the map's."""
    try:
        year = price_year_of(row, measure)
    except PydanticCustomError as error:
        told = error.context or {}
        found = f"'Price year of that value': {told.get('found')}"
        yield row.problem("proxy_price_year", found, str(told.get("remedy")))
        return
    if (
        year
        and settings["price_year"]
        and year != str(settings["price_year"]).strip()
        and settings["other_prices"] is None
    ):
        found = f"the value of '{measure.id}' is in {year} prices, the map in {settings['price_year']}"
        remedy = "Answer 'Values in other prices' on the sheet Bridge: uprate, or keep."
        yield settings.problem("other_prices", found, remedy)


def price_year_of(row: Row, measure: Measure) -> str:
    """Return the price year of the value that counts: the one given here, or the register's; "" if it is not said."""
    if row["proxy"] is not None:
        return str(reading.read_price_year(row["proxy_price_year"])) if row["proxy_price_year"] else ""
    return measure.price_year if measure.proxy is not None else ""


def blank_rows(register: Register) -> dict[str, Any]:
    """Return what a form to be answered begins with: a row for each measure of the register."""
    return {
        "bridge": {"title": register.title, "price_year": register.price_year or None},
        "answers": [{"measure": measure.id} for measure in register.measures.values()],
    }


def _a(what: str) -> str:
    return f"an {what}" if what[0] in "aeiou" else what if what == "spend" else f"a {what}"
