"""A filled form becomes a social value statement; what does not fit together is refused, all in one message."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sroi.commissioning.place.gazetteer import find_place
from sroi.commissioning.planning.goals import goals
from sroi.commissioning.planning.policies import Ask, Policy, policies
from sroi.commissioning.planning.statement import Commitment, Involved, Need, Scheme, Statement
from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.files.form_reader import Filled, Row

_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def statement_of(filled: Filled) -> Statement:
    """Return the statement in a form that was read; FileRefused with all that does not fit together."""
    problems: list[Problem] = []
    head = filled.one("scheme")
    scheme = _scheme(head, problems)
    shipped = policies().get(scheme.policy.strip().lower())
    asks = _asks(filled, head, shipped, problems)
    needs = tuple(
        Need(row["id"], row["need"], row["figure"], row["unit"] or "", row["of"] or "", row["source"] or "")
        for row in filled["needs"]
    )
    _check_ids(head, "enclosed", (each.id for each in asks), "the policy has no ask", problems)
    for row in filled["commitments"]:
        _check_ids(row, "answers", (each.id for each in asks), "the policy has no ask", problems)
        _check_ids(row, "needs", (each.id for each in needs), "there is no need", problems)
        _check_ids(row, "goals", goals(), "there is no goal", problems)
    if problems:
        raise FileRefused(problems, filled.file)
    place = find_place(scheme.authority, nearest=False).place
    return Statement(
        scheme, needs, tuple(_commitment(row) for row in filled["commitments"]), asks,
        tuple(Involved(row["who"], row["how"], row["day"], row["said"] or "", row["changed"] or "")
              for row in filled["involved"]),
        shipped, place, filled.notes,
    )  # fmt: skip


def _scheme(row: Row, problems: list[Problem]) -> Scheme:
    start, end, operation = row["construction_start"], row["construction_end"], row["operation_start"]
    for name in ("construction_start", "construction_end", "operation_start"):
        if row[name] is not None and not _FIRST_YEAR <= row[name].year <= _LAST_YEAR:
            problems.append(row.problem(name, f"a day in the year {row[name].year}", "Check the year."))
    if end < start:
        problems.append(row.problem("construction_end", f"construction ends on {end}, before it begins on {start}", "Check both days."))  # fmt: skip  # noqa: E501
    if operation is not None and operation < start:
        found = f"operation begins on {operation}, before construction does on {start}"
        problems.append(row.problem("operation_start", found, "Check both days."))
    begins = operation or (end if end.year > _LAST_YEAR else end + timedelta(days=1))
    return Scheme(
        row["title"], row["applicant"], row["authority"], start, end, begins, row["policy"], row["site"] or "",
        row["reference"] or "", row["description"] or "", row["homes"], row["square_metres"],
        row["policy_source"] or "", tuple(row["enclosed"] or ()), row["note"] or "",
    )  # fmt: skip


def _asks(filled: Filled, head: Row, shipped: Policy | None, problems: list[Problem]) -> tuple[Ask, ...]:
    """Return what the policy asks for: as it is shipped, with what the user adds."""
    own = tuple(
        Ask(row["id"], row["ask"], row["answered_by"] or "any", row["paragraph"] or "") for row in filled["asks"]
    )
    given = shipped.asks if shipped is not None else ()
    taken = {each.id for each in given}
    for row in filled["asks"]:
        if row["id"] in taken:
            found = f"the policy has an ask '{row['id']}' already"
            problems.append(row.problem("id", found, "Give yours another id, or leave it out."))
    if shipped is None and not own:
        near = did_you_mean(head["policy"].lower(), policies(), "")
        remedy = f"{near} Write what it asks for on the sheet Asks.".strip()
        problems.append(head.problem("policy", f"nothing is known of what '{head['policy']}' asks for", remedy))
    return (*given, *own)


def _check_ids(row: Row, column: str, known: Iterable[str], words: str, problems: list[Problem]) -> None:
    ids = list(known)
    for each in row[column] or ():
        if each not in ids and ids:
            problems.append(row.problem(column, f"{words} '{each}'", did_you_mean(each, ids)))


def _commitment(row: Row) -> Commitment:
    texts = {
        name: row[name] or "" for name in ("unit", "responsible", "evidence", "reported", "reported_to", "secured_by")
    }
    return Commitment(
        row["id"], row["phase"], row["commitment"], row["quantity"], due=row["due"],
        answers=tuple(row["answers"] or ()), needs=tuple(row["needs"] or ()), goals=tuple(row["goals"] or ()), **texts,
    )  # fmt: skip
