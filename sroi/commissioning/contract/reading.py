"""From the filled form to a contract's register: what cannot be, between the form's entries, is refused at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sroi.commissioning.contract.form import FORM
from sroi.commissioning.contract.nouns import ACT, LESS, Bands, Breach, Contract, Kpi, Period, Register, Reported
from sroi.commissioning.contract.rating import limits
from sroi.errors import FileRefused, Problem
from sroi.files.form_reader import Filled, Row, read_form

# A day beyond these is a slip of the pen; a contract of longer life than this too.
FIRST_YEAR, LAST_YEAR, MOST_YEARS = 1990, 2200, 100
# Every indicator is rated in every period: beyond these the form is not what it says it is.
MOST_ROWS = {"kpis": 300, "periods": 300}


def read_contract(path: str | Path) -> Register:
    """Return the register in a contract's form; FileRefused with every fault of the file."""
    return register_of(read_form(Path(path), FORM))


def register_of(filled: Filled) -> Register:
    """Return the register that a filled form makes; FileRefused with all that cannot be between its entries."""
    row = filled.one("contract")
    problems = [*_many(filled), *_days(filled), *_contract_problems(row)]
    if problems:
        raise FileRefused(problems, filled.file)
    register = Register(
        contract=_contract(row),
        bands=next((_bands(each) for each in filled["bands"] if each["approaching_from"] is not None), None),
        kpis=tuple(_kpi(each) for each in filled["kpis"]),
        periods=tuple(_period(each) for each in filled["periods"]),
        reported=tuple(_reported(each) for each in filled["results"]),
        breaches=tuple(
            Breach(each["on"], each["kind"], each["what"], each["published_on"], at=each) for each in filled["breaches"]
        ),
        file=filled.file,
        sha256=filled.sha256,
        notes=filled.notes,
    )
    problems = [*_between(register)]
    if problems:
        raise FileRefused(problems, filled.file)
    return register


def _many(filled: Filled) -> Iterator[Problem]:
    for part, most in MOST_ROWS.items():
        if len(filled[part]) > most:
            found = f"{len(filled[part]):,} rows in {filled.form.part(part).heading}"
            yield filled[part][most].problem("id", found, f"Give at most {most}.")


def _days(filled: Filled) -> Iterator[Problem]:
    for rows in filled.parts.values():
        for row in rows:
            for column, value in row.values.items():
                if isinstance(value, date) and not FIRST_YEAR <= value.year <= LAST_YEAR:
                    yield row.problem(column, f"the day {value.isoformat()} is far off", "Check the year.")


def _contract_problems(row: Row) -> Iterator[Problem]:
    starts, ends, entered = row["starts"], row["ends"], row["entered"]
    if ends < starts:
        yield row.problem(
            "ends",
            f"the contract ends on {ends.isoformat()}, before it starts ({starts.isoformat()})",
            "Check both days.",
        )
    elif ends.year - starts.year > MOST_YEARS:
        yield row.problem(
            "ends", f"the contract lasts from {starts.isoformat()} to {ends.isoformat()}", "Check both days."
        )
    if row["terminated"] is not None and row["terminated"] < starts:
        yield row.problem(
            "terminated",
            f"the contract was terminated on {row['terminated'].isoformat()}, before it starts",
            "Check the day.",
        )
    if entered is not None:
        if row["procurement_began"] is not None and entered < row["procurement_began"]:
            yield row.problem(
                "entered",
                f"the contract was entered into on {entered.isoformat()}, before its procurement "
                f"began ({row['procurement_began'].isoformat()})",
                "Check both days.",
            )
        for column in ("details_notice_on", "contract_published_on"):
            if row[column] is not None and row[column] < entered:
                yield row.problem(
                    column, f"{row[column].isoformat()} is before the contract was entered into", "Check the day."
                )
    whole, net = row["value_with_vat"], row["value_without_vat"]
    if whole is not None and net is not None and whole < net:
        yield row.problem(
            "value_with_vat",
            f"the value with VAT ({whole:,.2f}) is below the one without ({net:,.2f})",
            "Check which is which.",
        )


def _contract(row: Row) -> Contract:
    names = (
        "procedure",
        "model",
        "procurement_id",
        "contract_id",
        "supplier_id",
        "supplier_contact",
        "kpis_unfit_reason",
        "buyer_kind",
    )
    as_read = (
        "title",
        "buyer",
        "supplier",
        "starts",
        "ends",
        "value_with_vat",
        "value_without_vat",
        "procurement_began",
        "entered",
        "terminated",
        "details_notice_on",
        "contract_published_on",
        "first_quarter_end",
        "kind",
        "law",
    )
    told: dict[str, Any] = {name: row[name] or "" for name in names} | {name: row[name] for name in as_read}
    told["law"] = told["law"] or ACT
    return Contract(**told, kpis_unfit=bool(row["kpis_unfit"]), at=row)


def _bands(row: Row) -> Bands:
    return Bands(row["approaching_from"], row["improvement_from"], row["stated_on"], row["stated_in"] or "", at=row)


def _kpi(row: Row) -> Kpi:
    words = ("measure", "unit", "source", "register_measure")
    numbers = ("target", "approaching_at", "improvement_at", "committed")
    told: dict[str, Any] = {name: row[name] or "" for name in words} | {
        name: row[name] for name in (*numbers, "target_for", "direction")
    }
    told |= {name: bool(row[name]) for name in ("most_material", "social_value")}
    return Kpi(id=row["id"], name=row["name"], **told, at=row)


def _period(row: Row) -> Period:
    return Period(row["id"], row["begins"], row["ends"], row["assessed_on"], row["published_on"], at=row)


def _reported(row: Row) -> Reported:
    return Reported(
        row["period"],
        row["kpi"],
        row["actual"],
        row["target"],
        row["evidence"] or "",
        row["rating"] or "",
        row["reason"] or "",
        at=row,
    )


def _between(register: Register) -> Iterator[Problem]:
    """Yield what cannot be: bands the wrong way round, periods outside the contract, days in the wrong order."""
    contract, bands = register.contract, register.bands
    if bands is not None and bands.improvement_from is None:
        yield bands.at.problem("improvement_from", "the second band is not given", "Give both bands, or neither.")
        return
    if bands is not None and bands.improvement_from > bands.approaching_from:
        yield bands.at.problem(
            "improvement_from",
            "'Requires improvement' begins nearer to the target than 'Approaching target'",
            "Give the larger share for 'Approaching target'.",
        )
    for kpi in register.kpis:
        yield from _limits_problems(kpi, bands)
    for period in register.periods:
        if period.ends < period.begins:
            yield period.at.problem(
                "ends", f"the period ends on {period.ends.isoformat()}, before it begins", "Check both days."
            )
        if period.begins < contract.starts or period.begins > contract.last_day or period.ends > contract.last_day:
            life = f"{contract.starts.isoformat()} to {contract.last_day.isoformat()}"
            yield period.at.problem(
                "begins",
                f"the period {period.begins.isoformat()} to {period.ends.isoformat()} is not "
                f"within the contract's life, {life}",
                "Check the days.",
            )
        if (
            period.assessed_on is not None
            and period.published_on is not None
            and period.published_on < period.assessed_on
        ):
            yield period.at.problem(
                "published_on",
                f"the notice was published on {period.published_on.isoformat()}, before "
                f"the assessment ({period.assessed_on.isoformat()})",
                "Check both days.",
            )
    for each in register.breaches:
        if each.published_on is not None and each.published_on < each.on:
            yield each.at.problem("published_on", "it was published before it happened", "Check both days.")


def _limits_problems(kpi: Kpi, bands: Bands | None) -> Iterator[Problem]:
    if kpi.target is None:
        return
    close, below = limits(kpi, bands, kpi.target)
    way = 1 if kpi.direction != LESS else -1
    if close is not None and way * close > way * kpi.target:
        yield kpi.at.problem(
            "approaching_at",
            f"'Approaching target' of '{kpi.name}' begins beyond its target",
            "Give a figure that falls short of the target.",
        )
    if close is not None and below is not None and way * below > way * close:
        yield kpi.at.problem(
            "improvement_at",
            f"'Requires improvement' of '{kpi.name}' begins nearer to the target than 'Approaching target'",
            "Check both limits, and whether more or less is better.",
        )
