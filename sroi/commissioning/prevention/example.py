"""The example of the form: invented figures of an invented council; only the prices are real, by the register's ids."""

from __future__ import annotations

from typing import Any

_INVENTED = "Illustrative: invented figures"
_MEMBERS = "Residents of Millbrook over 70 who fear to fall"


def _years(event: str, exposed: tuple[int, ...], observed: tuple[int | None, ...]) -> list[dict[str, Any]]:
    return [
        {"event": event, "year": year, "exposed": people, "observed": counted,
         "source": _INVENTED if counted is not None else None}
        for year, (people, counted) in enumerate(zip(exposed, observed, strict=True), start=1)
    ]  # fmt: skip


def _paid(payer: str, what: str, kind: str, amounts: tuple[int, ...]) -> list[dict[str, Any]]:
    return [
        {"payer": payer, "what": what, "kind": kind, "year": year, "amount": amount, "source": _INVENTED}
        for year, amount in enumerate(amounts, start=1)
    ]


def _readings(indicator: str, values: dict[str, int]) -> list[dict[str, Any]]:
    return [{"indicator": indicator, "day": day, "value": value} for day, value in values.items()]


EXAMPLE: dict[str, Any] = {
    "settings": {
        "title": "Steady on your feet, Millbrook (an illustration)",
        "organisation": "Millbrook Council, an invented council",
        "activities": "Strength and balance on the green: two classes a week in Millbrook's parks and halls, run with the grounds team, for residents over 70.",  # noqa: E501
        "analysis": "forecast",
        "currency": "GBP",
        "price_year": "2024",
        "start": "2025-09-01",
        "discount_rate": "3.5%",
        "discount_timing": "mid_year",
        "input_timing": "mid_year",
        "system_change": "The surgery, the falls clinic and the class keep one list, so that a first fall leads to a place in a class and not to a second fall.",  # noqa: E501
        "after": "Two classes led by members themselves; the list stays with the surgery.",
        "leverage": "The weeks after a first fall, when people are willing and the list shows who they are.",
        "hollow_success": "",
        "negative_outcomes_sought": "Members and class leaders were asked in each quarter; accident book",
        "note": "Illustrative: every count, rate, sum and answer is invented. Only the unit costs named by a register's id are real.",  # noqa: E501
    },
    "events": [
        {
            "id": "stays", "event": "Unplanned hospital stays after a fall", "people": _MEMBERS, "unit": "stay",
            "per": 1000, "baseline_rate": 60, "baseline_low": 50, "baseline_high": 72,
            "baseline_from": "Millbrook, 2022 to 2024", "baseline_source": _INVENTED, "trend": -0.02,
            "trend_source": _INVENTED, "expected_rate": 45, "expected_low": 38, "expected_high": 54,
            "expected_source": _INVENTED, "attribution": "30%",
            "attribution_why": "The falls clinic sees a third of the members", "displacement": "0%",
            "displacement_why": "Nobody else falls because of it",
        },
        {
            "id": "call_outs", "event": "Ambulances called to a fall", "people": _MEMBERS, "unit": "call-out",
            "per": 1000, "baseline_rate": 110, "baseline_low": 95, "baseline_high": 128,
            "baseline_from": "Millbrook, 2022 to 2024", "baseline_source": _INVENTED, "trend": None,
            "trend_source": None, "expected_rate": 85, "expected_low": 74, "expected_high": 99,
            "expected_source": _INVENTED, "attribution": "30%",
            "attribution_why": "The falls clinic sees a third of the members", "displacement": "10%",
            "displacement_why": "Some neighbours do the lifting instead",
        },
    ],
    "years": [
        *_years("stays", (400, 600, 600), (21, None, None)),
        *_years("call_outs", (400, 600, 600), (47, None, None)),
    ],
    "costs": [
        {"event": "stays", "agency": "NHS", "register": "gmca14_he7_0_2_fiscal", "cashable": "10%"},
        {
            "event": "stays", "agency": "Millbrook Council", "unit_cost": 1200, "unit_cost_low": 800,
            "unit_cost_high": 1800, "cashable": "60%", "falls": ["40%", "40%", "20%"],
            "source": f"{_INVENTED}: home care in the weeks after a stay",
        },
        {"event": "call_outs", "agency": "NHS", "register": "gmca14_he3_0_1_fiscal", "cashable": "0%"},
    ],
    "funding": [
        *_paid("Millbrook Council", "Strength and balance classes", "money", (18000, 15000, 15000)),
        *_paid("NHS", "A nurse who refers", "money", (4000, 4000, 4000)),
        *_paid("Volunteers", "Hours of members who lead", "time", (2000, 3000, 3000)),
    ],
    "partners": [
        {"name": _MEMBERS, "brings": "Know who has fallen and has told nobody", "joined": "yes", "how": "A forum"},
        {"name": "Millbrook Council", "brings": "Halls, greens, home care", "joined": "yes", "how": "Pays and leads"},
        {"name": "NHS", "brings": "The list, the clinic", "joined": "yes", "how": "A nurse who refers"},
        {"name": "Millbrook fire and rescue", "brings": "Visits to homes", "joined": "no", "how": None},
    ],
    "indicators": [
        {
            "id": "missed", "indicator": "Members who missed three classes in a row", "unit": "people in a month",
            "direction": "higher_is_worse", "amber": 20, "red": 35, "ahead": "about three months",
            "who_acts": "The class leader telephones", "source": _INVENTED,
        },
        {
            "id": "stand_ups", "indicator": "Stand-ups from a chair in half a minute, median", "unit": "stand-ups",
            "direction": "lower_is_worse", "amber": 10, "red": 8, "ahead": "about half a year", "who_acts": None,
            "source": _INVENTED,
        },
    ],
    "readings": [
        *_readings("missed", {"2025-10-31": 8, "2025-12-31": 11, "2026-02-28": 15, "2026-04-30": 18}),
        *_readings("stand_ups", {"2025-09-30": 9, "2026-01-31": 10, "2026-05-31": 11}),
    ],
    "harms": [
        {
            "harm": "Strains and injuries in class", "asked": "Members and class leaders", "how": "Accident book",
            "found": "yes", "what": "Two strains in the first year.", "answer": "A slower group was added.",
        },
        {
            "harm": "Families help less because the council does", "asked": "Six families", "how": "Telephone",
            "found": "no", "what": None, "answer": None,
        },
        {
            "harm": "Those who cannot come fall behind", "asked": "Nobody yet", "how": "Home visits, planned",
            "found": None, "what": None, "answer": None,
        },
    ],
}  # fmt: skip
