"""The impact map that a register becomes: every outcome, its value in the map's prices, its sources and reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sroi.commissioning.bridge.answers import Answers, price_year_of
from sroi.commissioning.bridge.form import ASKED_SHARES
from sroi.commissioning.bridge.quantities import Quantity
from sroi.commissioning.delivery.register import Measure, Register
from sroi.commissioning.delivery.standing import Standing
from sroi.errors import FileRefused, MethodRefused, Problem
from sroi.evidence.prices import uprated
from sroi.files.form_reader import Row
from sroi.impact_map import ImpactMap


@dataclass(frozen=True)
class Priced:
    """The value of one unit: as given (by the register or the answers), in the map's prices, and where it is from."""

    given: float | None
    value: float | None
    price_year: str
    source: str
    licence: str
    may_be_passed_on: bool | None


def priced(register: Register, answers: Answers) -> dict[str, Priced]:
    """Return each measure's value; FileRefused for one that cannot be brought to the map's prices."""
    problems: list[Problem] = []
    values = {}
    for name, measure in register.measures.items():
        row = answers.by_measure[name]
        try:
            values[name] = _priced(register, answers, measure, row)
        except MethodRefused as refused:
            problems += [
                measure.row.problem(
                    "proxy_price_year", f"the value of '{name}' cannot be brought to the map's prices: {each.found}",
                    f"{each.remedy} Or answer 'Values in other prices' with keep.",
                )
                for each in refused.problems
            ]  # fmt: skip
    if problems:
        raise FileRefused(problems, register.filled.file)
    return values


def _priced(register: Register, answers: Answers, measure: Measure, row: Row) -> Priced:
    own = row["proxy"] is not None
    given = row["proxy"] if own else measure.proxy
    year = price_year_of(row, measure)
    source = (row["proxy_source"] if own else measure.source) or ""
    passing_on = None if own else measure.may_be_passed_on
    licence = "" if own else measure.licence
    to_year = str(answers.settings["price_year"]).strip()
    if (
        given is None
        or not row["counts"]
        or not year
        or year == to_year
        or answers.settings["other_prices"] != "uprate"
    ):
        return Priced(given, given, year, source, licence, passing_on)
    value, steps = uprated(given, year, to_year, currency=register.currency, unit=measure.unit)
    told = f"brought from {year} to {to_year} prices by {steps.series}, x {steps.factor:.5f}"
    return Priced(given, value, to_year, f"{source}; {told}" if source else told, licence, passing_on)


def impact_map_of(
    register: Register, answers: Answers, how: Standing, found: Mapping[str, Quantity], values: Mapping[str, Priced]
) -> ImpactMap:
    """Return the register as an impact map; FileRefused where no measure would be an outcome of it."""
    settings = answers.settings
    delivered = settings["basis"] == "delivered"
    outcomes, outputs = [], []
    for name, row in answers.by_measure.items():
        measure = register.measures[name]
        if row["counts"] or (row["what"] == "outcome" and row["stakeholder"]):
            outcomes.append(_outcome(register, answers, how, measure, found[name], values[name]))
        else:
            outputs.append(_output(measure, row, found[name]))
    if not outcomes:
        remedy = "Let one count at least: what changed in somebody's life? Without outcomes there is no impact map."
        raise FileRefused(Problem("no measure is an outcome, so there is no map to make", remedy), answers.filled.file)
    raw = {
        "sroi": 1,
        "title": settings["title"],
        "organisation": settings["organisation"],
        "activities": register.title,
        "narrative": _given({"scope": _scope(register, answers, how), "limits": settings["limits"]}),
        "analysis": "evaluative" if delivered else "forecast",
        "currency": register.currency,
        "price_year": settings["price_year"],
        "activity": {"start": settings["starts"], "years": settings["years"]},
        "negative_outcomes_sought": settings["negative_outcomes_sought"],
        "conventions": {"discount_rate": settings["discount_rate"], "discount_timing": settings["discount_timing"]},
        "stakeholders": [_given(dict(row.values)) for row in answers.filled["stakeholders"]],
        "inputs": [_input(row) for row in answers.filled["inputs"]],
        "outputs": outputs,
        "outcomes": outcomes,
    }
    return ImpactMap.model_validate(_given(raw))


def _given(entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries that say something."""
    return {name: value for name, value in entries.items() if value is not None and value != ""}


def _scope(register: Register, answers: Answers, how: Standing) -> str:
    what = f"deliveries that are {how.count_words}" if answers.settings["basis"] == "delivered" else "what was promised"
    return f"{what.capitalize()}, as of {how.on}, of the register '{register.title}' (SHA-256 {register.filled.sha256})"


def _input(row: Row) -> dict[str, Any]:
    description = f"{row['description']} ({row['what']})" if row["description"] else row["what"].capitalize()
    return {
        "id": row["id"], "stakeholder": row["stakeholder"], "description": description, "kind": "money",
        "value": row["value"], "source": row["source"],
    }  # fmt: skip


def _output(measure: Measure, row: Row, quantity: Quantity) -> dict[str, Any]:
    """Return a measure that does not count, as the map tells it: never valued."""
    return _given({
        "id": measure.id, "stakeholder": row["stakeholder"],
        "description": f"{measure.name} ({row['what']}: {row['reason']})", "quantity": quantity.counted,
        "unit": measure.unit,
    })  # fmt: skip


def _outcome(
    register: Register, answers: Answers, how: Standing, measure: Measure, quantity: Quantity, value: Priced
) -> dict[str, Any]:
    row = answers.by_measure[measure.id]
    places = {line.place for line in how.lines if line.measure.id == measure.id and line.place}
    shares = {name: _with_reason(row, name) for name in ASKED_SHARES if row[name] is not None}
    more = {} if row["counts"] else {"included": False, "material": {"decision": False, "reason": row["reason"]}}
    return _given({
        "id": measure.id,
        "stakeholder": row["stakeholder"],
        "description": row["outcome"] or measure.name,
        "indicator": {"text": f"{measure.name} [{measure.unit}]", "source": measure.framework or register.title},
        "quantity": _quantity(register, answers, how, quantity),
        "proxy": _proxy(register, measure, value),
        "valued": value.value is not None,
        "starts": row["starts"] or "during",
        "duration": _with_reason(row, "duration") if row["duration"] is not None else None,
        **shares,
        "place": places.pop() if len(places) == 1 else None,
        **more,
    })  # fmt: skip


def _with_reason(row: Row, name: str) -> dict[str, Any]:
    return _given({"value": row[name], "note": row[f"{name}_reason"]})


def _quantity(register: Register, answers: Answers, how: Standing, quantity: Quantity) -> dict[str, Any]:
    delivered = answers.settings["basis"] == "delivered"
    what = how.count_words if delivered else "promised"
    source = f"{register.title}: {what} as of {how.on}"
    told: dict[str, Any] = {"source": source, "observed": delivered}
    years = quantity.by_year.tolist()
    return {"by_year": years, **told} if len(years) > 1 else {"value": years[0], **told}


def _proxy(register: Register, measure: Measure, value: Priced) -> dict[str, Any] | None:
    if value.value is None:
        return None
    return _given({
        "description": f"One {measure.unit} of: {measure.name}", "value": value.value, "unit": measure.unit,
        "price_year": value.price_year or None, "currency": register.currency, "source": value.source,
        "licence": value.licence, "passing_on": value.may_be_passed_on,
    })  # fmt: skip
