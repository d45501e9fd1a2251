"""A register to begin from. Illustrative: every name and figure in it is invented."""

from __future__ import annotations

from datetime import date
from typing import Any

_INVENTED = "Illustrative: invented figures"
_CONTRACT = "MB-2025-014"
_OFFICER = "Contract manager, Millbrook Council"


def _delivery(
    name: str, measure: str, quantity: float, day: date, evidence: str, state: str, **more: Any
) -> dict[str, Any]:
    return {
        "id": name, "contract": _CONTRACT, "measure": measure, "quantity": quantity, "day": day,
        "evidence": evidence, "state": state, **more,
    }  # fmt: skip


def _judged(day: date) -> dict[str, Any]:
    return {"validated_by": _OFFICER, "validated_on": day}


def _measure(name: str, label: str, unit: str, definition: str, proxy: float | None = None) -> dict[str, Any]:
    valued = {
        "proxy": proxy, "proxy_source": _INVENTED, "proxy_licence": "invented for this example",
        "proxy_price_year": "2025", "proxy_may_be_passed_on": True,
    }  # fmt: skip
    own = {"id": name, "name": label, "unit": unit, "definition": definition, "framework": "Millbrook Council's own"}
    return {**own, **(valued if proxy is not None else {})}


def _commitment(name: str, measure: str, quantity: float) -> dict[str, Any]:
    return {
        "id": name, "contract": _CONTRACT, "measure": measure, "quantity": quantity, "due": date(2030, 8, 31),
    }  # fmt: skip


def _milestone(name: str, commitment: str, quantity: float, day: date = date(2026, 8, 31)) -> dict[str, Any]:
    return {"id": name, "commitment": commitment, "quantity": quantity, "due": day}


EXAMPLE: dict[str, Any] = {
    "register": {
        "title": "Grounds maintenance and green spaces, social value", "buyer": "Millbrook Council", "currency": "GBP",
        "price_year": "2025", "complete_to": date(2026, 9, 21), "note": _INVENTED,
    },
    "measures": [
        _measure("apprentice_weeks", "Weeks of apprenticeship", "week",
                 "A week in which an apprentice is employed on the contract", 140.0),
        _measure("local_jobs", "Jobs for people out of work for a year or more", "full-time equivalent for a year",
                 "Hours worked in a year over those of a full-time post", 9000.0),
        _measure("volunteer_hours", "Hours of staff volunteering in Millbrook", "hour",
                 "Paid hours given to voluntary organisations of Millbrook", 14.0),
        _measure("local_spend", "Spend with small firms and voluntary organisations in Millbrook", "GBP",
                 "Invoices paid, without VAT"),
        _measure("trees", "Street trees planted and watered for three years", "tree", "Alive when counted"),
    ],
    "suppliers": [{"id": "brookside", "name": "Brookside Green CIC", "kind": "social enterprise"}],
    "contracts": [
        {
            "id": _CONTRACT, "title": "Grounds maintenance and green spaces", "supplier": "brookside",
            "buyer": "Millbrook Council", "lot": "Lot 1", "place": "Millbrook", "starts": date(2025, 9, 1),
            "ends": date(2030, 8, 31),
        },
    ],
    "commitments": [
        _commitment("C1", "apprentice_weeks", 1300), _commitment("C2", "local_jobs", 10),
        _commitment("C3", "volunteer_hours", 4000), _commitment("C4", "local_spend", 900_000),
        _commitment("C5", "trees", 400),
    ],
    "milestones": [
        _milestone("M1", "C1", 260), _milestone("M2", "C2", 2), _milestone("M3", "C3", 1000),
        _milestone("M4", "C4", 180_000), _milestone("M5", "C5", 80, date(2026, 3, 31)),
    ],
    "deliveries": [
        _delivery("D1", "apprentice_weeks", 100, date(2026, 2, 28), "Payroll extract, half-year 1", "validated",
                  period_starts=date(2025, 9, 1), **_judged(date(2026, 3, 20))),
        _delivery("D2", "apprentice_weeks", 115, date(2026, 8, 31), "Payroll extract, half-year 2", "validated",
                  period_starts=date(2026, 3, 1), **_judged(date(2026, 9, 18))),
        _delivery("D3", "apprentice_weeks", -5, date(2026, 9, 10), "Payroll extract, half-year 2, corrected",
                  "validated", corrects="D2", note="One apprentice was counted twice", **_judged(date(2026, 9, 18))),
        _delivery("D4", "local_jobs", 2, date(2026, 8, 31), "Letters of the jobcentre, 2", "evidenced"),
        _delivery("D5", "volunteer_hours", 500, date(2026, 8, 31), "", "claimed", period_starts=date(2025, 9, 1)),
        _delivery("D6", "volunteer_hours", 60, date(2026, 7, 31), "Sign-in sheet, Riverside", "rejected",
                  place="Riverside", note="Hours at a sports day of another contract", **_judged(date(2026, 9, 18))),
        _delivery("D7", "local_spend", 150_000, date(2026, 8, 31), "Ledger extract, year 1", "validated",
                  period_starts=date(2025, 9, 1), **_judged(date(2026, 9, 21))),
        _delivery("D8", "trees", 40, date(2026, 5, 15), "Planting record, Northgate", "validated", place="Northgate",
                  **_judged(date(2026, 6, 1))),
        _delivery("D9", "trees", 20, date(2026, 6, 30), "Planting record, Hill Top", "validated", place="Hill Top",
                  **_judged(date(2026, 7, 10))),
    ],
    "changes": [
        {
            "id": "V1", "of": "M3", "what": "quantity", "was": "1000", "now": "800", "day": date(2026, 1, 12),
            "agreed_by": "Millbrook Council and Brookside Green CIC",
            "why": "The meadow where staff were to volunteer was under water from October to December",
        },
    ],
}  # fmt: skip
