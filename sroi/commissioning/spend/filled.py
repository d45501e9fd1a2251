"""The filled settings form becomes settings; what does not fit together is said at its cell, all of it at once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from sroi.commissioning.spend import settings as chosen
from sroi.commissioning.spend.definitions import PROCUREMENT_ACT
from sroi.commissioning.spend.form import FORM
from sroi.commissioning.spend.headings import SUPPLIER_FIELDS
from sroi.commissioning.spend.multiplier import Round, local_multiplier
from sroi.commissioning.spend.postcodes import is_area
from sroi.commissioning.spend.settings import BY_POSTCODE, LocalDefinition, Payee, Settings, Target
from sroi.errors import FileRefused, MethodRefused, Problem
from sroi.files.form_reader import Filled, Row, read_form
from sroi.reading import read_currency


def read_settings(path: str | Path) -> Settings:
    """Return the settings in a filled form; FileRefused, with every fault at its place, if they cannot stand."""
    return settings_of(read_form(path, FORM))


def settings_of(filled: Filled) -> Settings:
    """Return the settings that a form holds."""
    checks = (_period_problems, _column_problems, _local_problems, _payee_problems)
    problems = [problem for check in checks for problem in check(filled)]
    rounds = _rounds(filled)
    if rounds and not problems:
        try:
            local_multiplier(rounds)
        except MethodRefused as error:
            problems += error.problems
    if problems:
        raise FileRefused(problems, filled.file)
    one = filled.one("settings")
    columns: dict[str, dict[str, str]] = {"ledger": {}, "suppliers": {}}
    for row in filled["columns"]:
        columns[row["file"] or "ledger"][row["field"]] = row["heading"]
    return Settings(
        title=one["title"], buyer=one["buyer"] or "", note=one["note"] or "", period_from=one["period_from"],
        period_to=one["period_to"], currency=one["currency"] or "GBP", sheet=one["sheet"] or "",
        month_first=one["date_order"] == "month_first", decimal_comma=one["decimal_mark"] == "comma",
        amounts_are=one["amounts_are"] or chosen.NOT_STATED, count_in=one["count_in"] or chosen.AS_WRITTEN,
        usual_vat_rate=None if one["usual_vat_rate"] is None else Decimal(repr(one["usual_vat_rate"])),
        credit_notes_negative=one["credit_notes"] == "negative", duplicates=one["duplicates"] or chosen.KEEP,
        individuals=one["individuals"] or chosen.COUNT, unmarked_kind=one["unmarked_kind"] or chosen.UNKNOWN,
        size_definition=one["size_definition"] or PROCUREMENT_ACT, postcode_column=one["postcode_column"] or "",
        authority_column=one["authority_column"] or "", columns=columns["ledger"],
        supplier_columns=columns["suppliers"],
        kinds={row["word"].casefold(): row["kind"] for row in filled["kinds"]},
        local=tuple(LocalDefinition(row["id"], row["title"], row["by"], tuple(row["values"]))
                    for row in filled["local"]),
        targets=tuple(_target(row) for row in filled["targets"]),
        payees={" ".join(row["supplier"].split()).casefold(): Payee(" ".join((row["counts_as"] or "").split()),
                row["kind"] or "", bool(row["left_out"])) for row in filled["payees"]},
        rounds=rounds, file=filled.file, sha256=filled.sha256,
    )  # fmt: skip


def _target(row: Row) -> Target:
    return Target(
        row["id"], row["title"], row["group"], Fraction(Decimal(repr(row["share"]))), row["local"] or "",
        row["source"] or "",
    )  # fmt: skip


def _rounds(filled: Filled) -> tuple[Round, ...]:
    return tuple(
        Round(row["round"], row["amount"], row["covered"], row["low"], row["high"], row["source"] or "",
              row.place("amount")) for row in filled["lm3"]
    )  # fmt: skip


def _period_problems(filled: Filled) -> Iterator[Problem]:
    one = filled.one("settings")
    first, last = one["period_from"], one["period_to"]
    if (first is None) is not (last is None):
        missing, given = ("period_to", "first") if last is None else ("period_from", "last")
        yield one.problem(missing, f"only the {given} day that counts is given", "Give both, or neither.")
    elif first is not None and first > last:
        yield one.problem("period_to", f"the last day, {last}, lies before the first, {first}", "Turn them round.")
    if one["currency"] is not None:
        yield from _misread(one, "currency", read_currency)
    has_table = one["postcode_column"] is not None
    if has_table is not (one["authority_column"] is not None):
        empty = "authority_column" if has_table else "postcode_column"
        yield one.problem(empty, "one column of the postcode table is named, and the other is not", "Name both.")


def _misread(row: Row, name: str, read: Any) -> Iterator[Problem]:
    from pydantic_core import PydanticCustomError

    try:
        read(row[name])
    except PydanticCustomError as error:
        told = error.context or {}
        yield row.problem(name, str(told.get("found", error)), str(told.get("remedy", "")))


def _column_problems(filled: Filled) -> Iterator[Problem]:
    seen: dict[tuple[str, str], Row] = {}
    for row in filled["columns"]:
        file = row["file"] or "ledger"
        if file == "suppliers" and row["field"] not in SUPPLIER_FIELDS:
            remedy = f"A supplier file has: {', '.join(SUPPLIER_FIELDS)}."
            yield row.problem("field", f"a supplier file has no '{row['field']}'", remedy)
        first = seen.setdefault((file, row["field"]), row)
        if first is not row:
            yield row.problem("field", f"'{row['field']}' of the {file} stands twice", "Keep one of the two.")


def _local_problems(filled: Filled) -> Iterator[Problem]:
    for row in filled["local"]:
        wrong = [each for each in row["values"] or () if row["by"] == BY_POSTCODE and not is_area(each)]
        if wrong:
            found = f"'{wrong[0][:30]}' is no postcode area"
            yield row.problem("values", found, "Write areas such as MB, MB1 or MB1 2, with semicolons between them.")
    for row in filled["targets"]:
        if (row["group"] == "local") is not (row["local"] is not None):
            if row["local"] is None:
                known = [each["id"] for each in filled["local"]]
                remedy = f"Name its definition: {', '.join(known)}." if known else "Fill in the sheet Local."
                yield row.problem("local", "a target for local spend does not say what local means", remedy)
            else:
                yield row.problem("local", f"a target for '{row['group']}' names a local definition",
                                  "Take it out, or choose the group local.")  # fmt: skip


def _payee_problems(filled: Filled) -> Iterator[Problem]:
    spellings = {" ".join(row["supplier"].split()).casefold() for row in filled["payees"] if row["counts_as"]}
    for row in filled["payees"]:
        if row["counts_as"] is None and row["kind"] is None and row["left_out"] is None:
            yield row.problem("supplier", f"nothing is said of '{row['supplier'][:40]}'",
                              "Say whom it counts as, its kind, or that it is left out.")  # fmt: skip
        target = " ".join((row["counts_as"] or "").split()).casefold()
        if target and target in spellings:
            itself = target == " ".join(row["supplier"].split()).casefold()
            found = f"'{row['supplier'][:40]}' counts as {'itself' if itself else 'a supplier that counts as another'}"
            yield row.problem("counts_as", found, "Name the supplier under which all of them are to count.")
