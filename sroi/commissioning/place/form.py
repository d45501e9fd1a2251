"""What the settings of value by place ask for: places of one's own, and quantities delivered; with an example."""

from __future__ import annotations

from typing import Any

from sroi.files.form import Column, Form, Part

__all__ = ["EXAMPLE", "FORM"]

_SETTINGS = Part(
    "settings",
    "Settings",
    "What holds for the whole paper. All of it may be left blank.",
    (
        Column("title", "Title", help="Value by place, Millbrook"),
        Column("note", "Note", help="What readers have to know: whether figures are invented"),
    ),
    single=True,
    required=False,
)

_PLACES = Part(
    "places",
    "Places",
    "Places that are no authorities, such as wards and estates, and what you know of any place: population, need.",
    (
        Column("name", "Place", help="As value maps and registers write it: Northgate", required=True),
        Column("also", "Also written", "list", "Other writings, with semicolons: North Gate; N'gate"),
        Column("within", "Authority", help="Name or code of the authority it lies in, if it is one of the table"),
        Column("population", "Population", "number", "Residents; value for each resident is told only with it", low=0),
        Column("population_source", "Source of the population", help="ONS mid-year estimates, 2023"),
        Column("deprived_share", "Share of deprived neighbourhoods", "share", "Of its neighbourhoods (LSOAs), those among the most deprived tenth of England: 25 %"),  # noqa: E501
        Column("deprived_source", "Source of that share", help="Indices of Deprivation 2025, File 1, own count"),
    ),
    required=False,
    key=("name",),
)  # fmt: skip

_DELIVERED = Part(
    "delivered",
    "Delivered",
    "Quantities of a delivery register by place. Different units are never added.",
    (
        Column("organisation", "Organisation", help="Who delivered it", required=True),
        Column("contract", "Contract", help="MB-2025-014"),
        Column("place", "Place", help="As on the sheet Places, or an authority", required=True),
        Column("measure", "Measure", help="Weeks of apprenticeship", required=True),
        Column("unit", "Unit", help="week", required=True),
        Column("quantity", "Quantity", "number", "How many; a correction is below 0", required=True),
        Column("state", "State of the evidence", "choice", "How far it is shown", required=True,
               choices=("claimed", "evidenced", "validated", "rejected")),
        Column("evidence", "Evidence", help="What shows it: payroll extract 12"),
    ),
    required=False,
)  # fmt: skip

FORM = Form(
    "place",
    "Value by place",
    (
        "Value maps, portfolios and delivery registers by place, beside need, with people counted once.",
        "Authorities of the UK are known by name and code. Describe wards and other places on the sheet Places.",
        "Then: sroi commission place FOLDER --settings place.xlsx (FOLDER holds value maps).",
        "No population is shipped: value for each resident is told only where you give one, with its source.",
    ),
    (_SETTINGS, _PLACES, _DELIVERED),
)

_INVENTED = "Illustrative: invented"


def _delivered(place: str, measure: str, unit: str, quantity: float, state: str) -> dict[str, Any]:
    return {
        "organisation": "Brookside Green CIC", "contract": "MB-2025-014", "place": place, "measure": measure,
        "unit": unit, "quantity": quantity, "state": state, "evidence": f"{_INVENTED} record",
    }  # fmt: skip


def _ward(name: str, population: int, share: str, also: str = "") -> dict[str, Any]:
    return {
        "name": name, "also": [also] if also else None, "population": population,
        "population_source": _INVENTED, "deprived_share": share, "deprived_source": _INVENTED,
    }  # fmt: skip


EXAMPLE: dict[str, Any] = {
    "settings": {
        "title": "Grounds maintenance and green spaces: what was delivered, by ward of Millbrook",
        "note": "Illustrative: invented figures of an invented council and its wards.",
    },
    "places": [
        _ward("Northgate", 11800, "40%", "North Gate"),
        _ward("Riverside", 9400, "15%"),
        _ward("Hill Top", 7600, "0%", "Hilltop"),
    ],
    "delivered": [
        _delivered("Northgate", "Weeks of apprenticeship", "week", 130, "validated"),
        _delivered("Riverside", "Weeks of apprenticeship", "week", 80, "validated"),
        _delivered("North Gate", "Hours of staff volunteering in Millbrook", "hour", 300, "claimed"),
        _delivered("Hill Top", "Hours of staff volunteering in Millbrook", "hour", 200, "claimed"),
        _delivered("Northgate", "Street trees planted and watered for three years", "tree", 25, "evidenced"),
        _delivered("Riverside", "Street trees planted and watered for three years", "tree", 20, "evidenced"),
        _delivered("Hilltop", "Street trees planted and watered for three years", "tree", 15, "evidenced"),
    ],
}
