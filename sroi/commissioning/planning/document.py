"""A social value statement for other programs: plain Python, null where there is nothing."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from sroi.commissioning.planning.statement import Statement


def statement_document(statement: Statement) -> dict[str, Any]:
    """Return a statement: days as 2026-03-31."""
    place, policy = statement.place, statement.shipped
    return {
        "scheme": _plain(asdict(statement.scheme)),
        "policy": {
            "id": None if policy is None else policy.id,
            "policy": statement.scheme.policy if policy is None else policy.policy,
            "contents_seen": None if policy is None else policy.contents_seen,
            "addresses": [] if policy is None else list(policy.addresses),
        },
        "authority": {
            "code": None if place is None else place.code,
            "name": statement.scheme.authority if place is None else place.name,
            "imd2025_rank": None if place is None or place.deprivation is None else place.deprivation.rank,
        },
        "needs": [_plain(asdict(each)) for each in statement.needs],
        "commitments": [
            {**_plain(asdict(each.commitment)), "reports": [day.isoformat() for day in each.reports]}
            for each in statement.watches
        ],
        "checklist": [
            {
                "ask": each.ask.id,
                "words": each.ask.ask,
                "state": each.state,
                "where": list(each.where),
                "missing": each.missing or None,
            }
            for each in statement.checklist
        ],
        "gaps": list(statement.gaps),
        "involved": [_plain(asdict(each)) for each in statement.involved],
    }


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: _part(value) for name, value in fields.items()}


def _part(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return None if value == "" else value
