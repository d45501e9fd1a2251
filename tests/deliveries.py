"""Small registers for the tests of delivery and of the bridge."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any

from sroi.commissioning.delivery.form import FORM
from sroi.commissioning.delivery.register import Register, register_of
from sroi.files.form import Form
from sroi.files.form_cells import Entry
from sroi.files.form_reader import Filled, Row

# One contract of two years, one commitment of 100 trees of which 40 are due after half a year.
SMALL: dict[str, Any] = {
    "register": {"title": "Trees", "buyer": "Millbrook Council", "currency": "GBP", "price_year": "2025"},
    "measures": [{"id": "trees", "name": "Trees", "unit": "tree", "proxy": 10.0, "proxy_source": "invented",
                  "proxy_price_year": "2025"}],
    "suppliers": [{"id": "brookside", "name": "Brookside Green CIC"}],
    "contracts": [{"id": "K1", "supplier": "brookside", "place": "Millbrook", "lot": "Lot 1",
                   "starts": date(2025, 1, 1), "ends": date(2026, 12, 31)}],
    "commitments": [{"id": "C1", "contract": "K1", "measure": "trees", "quantity": 100.0, "due": date(2026, 12, 31)}],
    "milestones": [{"id": "M1", "commitment": "C1", "quantity": 40.0, "due": date(2025, 6, 30)}],
    "deliveries": [],
    "changes": [],
}  # fmt: skip


def delivery(name: str, quantity: float, day: date, state: str = "validated", **more: Any) -> dict[str, Any]:
    """Return a delivery of the small register."""
    judged = {"validated_by": "Officer", "validated_on": day} if state in ("validated", "rejected") else {}
    base = {"id": name, "contract": "K1", "measure": "trees", "quantity": quantity, "day": day, "state": state,
            "evidence": f"record {name}"}  # fmt: skip
    return {**base, **judged, **more}


def filled(form: Form, rows: Mapping[str, Any]) -> Filled:
    """Return a form filled with these rows, each at "sheet, row N"."""
    parts = {}
    for part in form.parts:
        own = rows.get(part.name) or []
        own = [own] if isinstance(own, Mapping) else own
        parts[part.name] = tuple(
            Row(
                {column.name: row.get(column.name) for column in part.columns},
                {column.name: Entry(None, cell=f"sheet {part.heading}, row {at}") for column in part.columns},
                Entry(None, cell=f"sheet {part.heading}, row {at}"),
            )
            for at, row in enumerate(own, start=1)
        )
    return Filled(form, "register.xlsx", "0" * 64, (), parts)


def small(**parts: Any) -> Register:
    """Return the small register with some of its sheets in place of its own."""
    return register_of(filled(FORM, {**copy.deepcopy(SMALL), **parts}))
