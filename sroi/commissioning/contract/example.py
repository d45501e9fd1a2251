"""The form's example. Illustrative: invented figures, of an invented council and an invented supplier."""

from __future__ import annotations

from datetime import date
from typing import Any

from sroi.commissioning.contract.nouns import BY_PERIOD, BY_YEAR, LESS, MORE

_YEAR_1 = "year_1"


def _kpi(id: str, name: str, measure: str, unit: str, target: float, source: str, **more: Any) -> dict[str, Any]:
    told = {"id": id, "name": name, "measure": measure, "unit": unit, "target": target, "target_for": BY_YEAR}
    told |= {"direction": MORE, "source": source, "most_material": False, "social_value": True}
    return told | more


def _result(kpi: str, actual: float, rating: str, evidence: str, reason: str = "") -> dict[str, Any]:
    told = {"period": _YEAR_1, "kpi": kpi, "actual": actual, "rating": rating, "evidence": evidence}
    return told | ({"reason": reason} if reason else {})


EXAMPLE: dict[str, Any] = {
    "contract": {
        "title": "Grounds maintenance and green spaces (Illustrative: invented figures)",
        "buyer": "Millbrook Council",
        "buyer_kind": "local authority",
        "law": "Procurement Act 2023",
        "kind": "goods, services or works",
        "procedure": "open procedure",
        "model": "Millbrook Council's own model, as the tender documents name it",
        "procurement_id": "MB-2025-GM",
        "contract_id": "MB-2025-014",
        "supplier": "Brookside Green CIC",
        "supplier_id": "GB-COH-00000000 (invented)",
        "supplier_contact": "contracts@brookside.example",
        "value_with_vat": 6_000_000,
        "value_without_vat": 5_000_000,
        "procurement_began": date(2025, 3, 10),
        "entered": date(2025, 7, 7),
        "starts": date(2025, 9, 1),
        "ends": date(2030, 8, 31),
        "details_notice_on": date(2025, 7, 28),
        "contract_published_on": date(2025, 9, 22),
    },
    "bands": {
        "approaching_from": 0.9,
        "improvement_from": 0.7,
        "stated_on": date(2025, 3, 10),
        "stated_in": "tender documents, schedule 4",
    },
    "kpis": [
        _kpi(
            "visits_on_time",
            "Visits made in the week planned",
            "share of planned visits made in their week, by ward",
            "share of visits",
            0.95,
            "work orders of the council's asset system, sampled monthly",
            target_for=BY_PERIOD,
            social_value=False,
            most_material=True,
        ),
        _kpi(
            "complaint_days",
            "Working days to settle a complaint",
            "mean working days from a complaint to its answer",
            "working days",
            5,
            "complaints register of the council",
            target_for=BY_PERIOD,
            direction=LESS,
            social_value=False,
        ),
        _kpi(
            "apprentice_weeks",
            "Weeks of apprenticeship",
            "weeks worked by apprentices on this contract",
            "weeks",
            260,
            "payroll extract of the supplier, checked by the contract manager",
            committed=260,
            most_material=True,
            register_measure="apprentice_weeks",
        ),
        _kpi(
            "local_jobs",
            "Jobs for people out of work for a year or more",
            "people who were out of work for a year or more, in work on this contract, as full-time jobs for a year",
            "jobs",
            2,
            "supplier's starter forms with the job centre's letter",
            committed=2,
            register_measure="local_jobs",
        ),
        _kpi(
            "local_spend",
            "Spend with small firms and voluntary organisations in Millbrook",
            "paid in the year to firms and organisations with a Millbrook address, without VAT",
            "GBP",
            180_000,
            "purchase ledger of the supplier",
            committed=180_000,
            most_material=True,
            register_measure="local_spend",
        ),
        _kpi(
            "trees",
            "Street trees planted and watered for three years",
            "trees planted in the year and alive at the visit",
            "trees",
            80,
            "tree inventory with the tree officer's visit",
            committed=80,
            register_measure="trees",
        ),
    ],
    "periods": [
        {
            "id": _YEAR_1,
            "begins": date(2025, 9, 1),
            "ends": date(2026, 8, 31),
            "assessed_on": date(2026, 9, 28),
            "published_on": date(2026, 10, 12),
        },
    ],
    "results": [
        _result("visits_on_time", 0.96, "Good", "work orders September 2025 to August 2026"),
        _result("complaint_days", 5.5, "Approaching target", "complaints register, 31 August 2026"),
        _result("apprentice_weeks", 210, "Requires improvement", "payroll extract, validated 14 September 2026"),
        _result("local_jobs", 2, "Good", "two starter forms with letters"),
        _result("local_spend", 150_000, "Requires improvement", "purchase ledger, validated 14 September 2026"),
        _result(
            "trees",
            60,
            "Approaching target",
            "tree officer's visits, 1 June and 10 July 2026",
            "Sixty trees stand, planted late, by 30 June; the nursery's "
            "delivery of the other twenty is settled for October.",
        ),
    ],
    "breaches": [],
}
