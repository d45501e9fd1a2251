"""Answers to begin from, for the example register. Illustrative: every name and figure in it is invented."""

from __future__ import annotations

from datetime import date
from typing import Any

_INVENTED = "Illustrative: invented figures"


def _share(name: str, share: float, reason: str) -> dict[str, Any]:
    return {name: share, f"{name}_reason": f"{reason} ({_INVENTED})"}


def _left_out(measure: str, what: str, reason: str) -> dict[str, Any]:
    return {"measure": measure, "what": what, "counts": False, "reason": reason}


EXAMPLE: dict[str, Any] = {
    "bridge": {
        "title": "Grounds maintenance and green spaces, social value in year 1", "organisation": "Brookside Green CIC",
        "basis": "delivered", "count": ("evidenced", "validated"), "on": date(2026, 9, 21),
        "starts": date(2025, 9, 1), "years": 1, "price_year": "2025", "discount_rate": "3.5%",
        "discount_timing": "end_of_year",
        "negative_outcomes_sought": "The contract manager asked apprentices and residents of three wards in June 2026",
        "limits": f"{_INVENTED}. Apprentices were not asked what changed for them.",
    },
    "stakeholders": [
        {"id": "council", "name": "Millbrook Council", "size": 1},
        {"id": "apprentices", "name": "Apprentices"},
        {"id": "job_seekers", "name": "People who had been out of work for a year or more", "size": 2},
    ],
    "inputs": [
        {
            "id": "added_cost", "stakeholder": "council", "what": "added cost of social value",
            "description": "Added cost of the social value in the price of year 1, as the bid states it",
            "value": 24_000.0, "source": _INVENTED,
        },
    ],
    "answers": [
        {
            "measure": "apprentice_weeks", "what": "outcome", "counts": True, "stakeholder": "apprentices",
            "outcome": "Have learned a trade that pays more", "starts": "after", "duration": 3.0,
            "duration_reason": f"Until the pay of others has caught up ({_INVENTED})",
            **_share("deadweight", 0.5, "Half of them had the offer of another place"),
            **_share("displacement", 0.1, "One place in ten was taken from another firm's scheme"),
            **_share("attribution", 0.3, "Owed to the college"),
            **_share("drop_off", 0.2, "Some leave the trade"),
        },
        {
            "measure": "local_jobs", "what": "outcome", "counts": True, "stakeholder": "job_seekers",
            "outcome": "Are in work", "starts": "during", "duration": 1.0,
            "duration_reason": f"A year is what was promised ({_INVENTED})",
            **_share("deadweight", 0.4, "Found work within a year in a neighbouring council's figures"),
            **_share("displacement", 0.2, "Somebody else would have had the post"),
            **_share("attribution", 0.25, "Owed to the jobcentre"),
            **_share("drop_off", 0.0, "The value is that of one year, and is counted for one"),
        },
        _left_out("volunteer_hours", "activity", "Hours are what staff gave; what came of them nobody has asked yet"),
        _left_out("local_spend", "spend", "A pound spent is no pound of value: the goods would be bought somewhere"),
        _left_out("trees", "output", "Trees stand; what they change for whom shows in ten years"),
    ],
}  # fmt: skip
