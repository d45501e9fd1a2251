"""The standing of a register for programs: JSON, and tables as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sroi.commissioning.delivery.doubts import Doubt, in_doubt
from sroi.commissioning.delivery.form import STATES
from sroi.commissioning.delivery.promises import Owed, fell_due
from sroi.commissioning.delivery.register import Change, Measure
from sroi.commissioning.delivery.rollup import (
    GROUPINGS,
    Rolled,
    Worth,
    delivered_where,
    is_valued,
    rolled_up,
    table_of,
    worth,
    worth_of_all,
)
from sroi.commissioning.delivery.standing import LATE_RULES, Standing
from sroi.version import __version__


def to_dict(standing: Standing, found: Sequence[Doubt], values: bool = True) -> dict[str, Any]:
    """Return the standing for JSON: each grouping with its quantities, promises first and now, changes, findings.

    Parameters: `values`, whether sums of money and the values of units are told.
    """
    register, rules = standing.register, standing.rules
    told: dict[str, Any] = {
        "title": register.title,
        "note": register.note or None,
        "buyer": register.buyer or None,
        "on": standing.on.isoformat(),
        "on_because": standing.because,
        "count": list(rules.count),
        "currency": register.currency,
        "price_year": register.value_year or None,
        "measures": [_measure(standing, each, values) for each in rolled_up(standing, "measure")],
        "by": {by: [_rolled(each) for each in rolled_up(standing, by)] for by in GROUPINGS[1:]},
        "delivered_where": [
            {"place": place, "measure": measure.id, "unit": measure.unit, **quantities}
            for place, measure, quantities in delivered_where(standing)
        ],
        "commitments": [_commitment(standing, at) for at in range(len(register.commitments))],
        "changes": [_change(each) | {"applied": each.day <= standing.on} for each in register.changes],
        "value": None,
        "fell_due": [_owed(each) for each in fell_due(standing)],
        "in_doubt": in_doubt(standing, found),
        "findings": [each.to_dict() for each in found],
        "provenance": {"register_sha256": register.filled.sha256, "sroi_version": __version__},
    }
    if values:
        late = {"rule": rules.late_value, "formula": LATE_RULES[rules.late_value] or None, "rate": rules.rate}
        told["value"] = {
            **_worth(worth_of_all(standing)),
            "late": late,
            "by": {by: [_worth(each) for each in worth(standing, by)] for by in GROUPINGS[1:]},
        }
    return told


def _measure(standing: Standing, each: Rolled, values: bool) -> dict[str, Any]:
    measure = each.measure
    own = {"id": measure.id, "name": measure.name, "unit": measure.unit, "definition": measure.definition or None,
           "framework": measure.framework or None, **each.quantities}  # fmt: skip
    return {**own, **(_value(standing, measure) if values else {})}


def _value(standing: Standing, measure: Measure) -> dict[str, Any]:
    return {
        "proxy": measure.proxy, "proxy_source": measure.source or None, "proxy_licence": measure.licence or None,
        "proxy_price_year": measure.price_year or None, "valued": is_valued(standing, measure),
    }  # fmt: skip


def _rolled(each: Rolled) -> dict[str, Any]:
    return {"group": each.group, "measure": each.measure.id, "unit": each.measure.unit, **each.quantities}


def _worth(each: Worth) -> dict[str, Any]:
    return {
        "group": each.group, "promised": each.promised, "counted": each.counted, "beyond": each.beyond,
        "lost_by_lateness": each.lost, "valued": list(each.valued), "without_value": list(each.without),
        "other_prices": list(each.other_prices),
    }  # fmt: skip


def _commitment(standing: Standing, at: int) -> dict[str, Any]:
    each = standing.register.commitments[at]
    now = standing.now[each.id]
    milestones = [
        {"id": own.id, "first": {"quantity": own.quantity, "due": own.due.isoformat()},
         "now": {"quantity": standing.now[own.id].quantity, "due": standing.now[own.id].due.isoformat()}}
        for own in each.milestones
    ]  # fmt: skip
    return {
        "id": each.id, "contract": each.contract, "measure": each.measure, "place": each.place or None,
        "first": {"quantity": each.term.quantity, "due": each.term.due.isoformat()},
        "now": {"quantity": now.quantity, "due": now.due.isoformat()}, "milestones": milestones,
    }  # fmt: skip


def _owed(each: Owed) -> dict[str, Any]:
    line = each.line
    return {
        "due": each.due.isoformat(), "contract": line.contract.id, "measure": line.measure.id,
        "unit": line.measure.unit, "place": line.place or None, "quantity": each.quantity,
        "on_time": each.on_time, "late": each.late,
        "missing": each.missing, "last_done": each.last_done.isoformat() if each.last_done is not None else None,
    }  # fmt: skip


def _change(each: Change) -> dict[str, Any]:
    was, now = (value if isinstance(value, float) else value.isoformat() for value in (each.was, each.now))
    return {
        "id": each.id, "of": each.of, "what": each.what, "was": was, "now": now, "day": each.day.isoformat(),
        "agreed_by": each.agreed_by, "why": each.why,
    }  # fmt: skip


def tables(standing: Standing, found: Sequence[Doubt]) -> dict[str, list[list[Any]]]:
    """Return the tables of the paper, each with its headings as the first row."""
    where: list[list[Any]] = [["place", "measure", "unit", *STATES]]
    where += [
        [place, measure.name, measure.unit, *quantities.values()]
        for place, measure, quantities in delivered_where(standing)
    ]
    findings: list[list[Any]] = [["kind", "where", "what", "remedy"]]
    findings += [list(each.to_dict().values()) for each in found]
    return {
        **{f"by_{by}": table_of(standing, by) for by in GROUPINGS},
        "delivered_where": where,
        "fell_due": _fell_due_table(standing),
        "findings": findings,
    }


def _fell_due_table(standing: Standing) -> list[list[Any]]:
    rows = [_owed(each) for each in fell_due(standing)]
    head: list[Any] = list(rows[0]) if rows else ["due", "contract", "measure", "quantity"]
    return [head, *(list(row.values()) for row in rows)]
