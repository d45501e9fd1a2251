"""The form's example. Illustrative: invented answers of an invented organisation."""

from __future__ import annotations

from datetime import date
from typing import Any

_FIRST, _SECOND = date(2025, 10, 6), date(2026, 10, 5)


def _row(day: date, next_step: str = "", **answers: tuple[int, str]) -> dict[str, Any]:
    row: dict[str, Any] = {"day": day}
    for question, (level, evidence) in answers.items():
        row |= {f"{question}_level": level, f"{question}_evidence": evidence}
    return row | ({"next_step": next_step} if next_step else {})


EXAMPLE: dict[str, Any] = {
    "about": {
        "organisation": "Brookside Green CIC (Illustrative: invented answers)",
        "scope": "grounds maintenance and green spaces",
        "aim": 3,
    },
    "checks": [
        {
            "day": _FIRST,
            "who": "operations lead, finance lead",
            "note": "Before the first year of the Millbrook contract.",
        },
        {"day": _SECOND, "who": "operations lead, finance lead, two apprentices, a volunteer"},
    ],
    "involve": [
        _row(_FIRST, who=(2, "list of groups, tender response 2025"), heard=(1, ""), missing=(1, "")),
        _row(
            _SECOND,
            "Ask residents without a garden: volunteer lead, by March 2027.",
            who=(3, "stakeholder list of June 2026, seven groups"),
            heard=(3, "notes of four park conversations"),
            missing=(2, "note on wards without answers, June 2026"),
        ),
    ],
    "change": [
        _row(_FIRST, chain=(2, "one-page chain in the tender"), measured=(1, ""), harm=(1, "")),
        _row(
            _SECOND,
            chain=(3, "chain of change, version 2, May 2026"),
            measured=(3, "survey of apprentices, start and month 9"),
            harm=(2, "complaints looked through, May 2026"),
        ),
    ],
    "value": [
        _row(_FIRST, matters=(1, ""), proxies=(2, "spreadsheet of values 2025")),
        _row(_SECOND, matters=(2, "ranking by twelve apprentices"), proxies=(3, "register of values with sources")),
    ],
    "material": [
        _row(_FIRST, chosen=(1, ""), tested=(1, "")),
        _row(_SECOND, chosen=(3, "minute of 11 June 2026"), tested=(3, "sensitivity report, June 2026")),
    ],
    "claim": [
        _row(_FIRST, anyway=(1, ""), others=(1, ""), fades=(1, "")),
        _row(
            _SECOND,
            anyway=(3, "apprenticeship starts in Millbrook before the contract"),
            others=(4, ""),
            fades=(2, "six-month calls to leavers"),
        ),
    ],
    "open": [
        _row(_FIRST, followed=(2, "annual report 2025, appendix"), limits=(2, "annual report 2025, page 9")),
        _row(_SECOND, followed=(3, "value map and workbook on our site"), limits=(2, "annual report 2026, page 11")),
    ],
    "verify": [
        _row(_FIRST, second=(2, "reviewer's e-mail, May 2025"), trail=(2, "shared folder")),
        _row(
            _SECOND, second=(3, "check list signed by the council's officer"), trail=(3, "evidence index, August 2026")
        ),
    ],
    "respond": [
        _row(_FIRST, decided=(2, "board minute, March 2025"), told=(1, ""), plan=(1, "")),
        _row(
            _SECOND,
            "Post results on the depot board and in the parks: May 2027.",
            decided=(3, "second apprentice supervisor hired, July 2026"),
            told=(1, ""),
            plan=(2, "budget paper 2026/27, paragraph 4"),
        ),
    ],
}
