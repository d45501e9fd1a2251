"""The illustrative example: Millbrook Council's grounds maintenance. All of it is invented: figures, names, reasons."""

from __future__ import annotations

from typing import Any

_INVENTED = "Illustrative: invented figures"

PROFILE_EXAMPLE: dict[str, Any] = {
    "tender": {
        "reference": "MB-2025-014",
        "title": "Grounds maintenance and green spaces (illustrative: invented figures)",
        "buyer": "Millbrook Council",
        "bids_open": "2025-04-28",
        "currency": "GBP",
        "contract_value": 5_000_000,
        "years": 5,
        "total": "weighted_sum",
        "rounding": "for_show",
        "decimals": 2,
        "unmoderated": "must_be_moderated",
        "moderate_beyond": "25%",
        "most_measures": 6,
        "most_measures_per_bid": 6,
        "price_low": 4_250_000,
        "price_high": 5_500_000,
        "unusual_times": 3,
    },
    "criteria": [
        {"id": "price", "title": "Price", "kind": "price", "method": "relative_price_lowest_best", "weight": "40%",
         "group": "Price", "description": "The price of the whole contract without VAT, beside the lowest."},
        {"id": "works", "title": "How the work will be done", "kind": "qualitative", "method": "quality_bands",
         "weight": "30%", "group": "Quality", "threshold": "50%",
         "description": "Mowing, planting and play areas through the year, and what happens when things go wrong."},
        {"id": "people", "title": "People and skills", "kind": "qualitative", "method": "quality_bands",
         "weight": "15%", "group": "Quality", "description": "Who does the work, their training and supervision."},
        {"id": "social_numbers", "title": "Social value in numbers", "kind": "quantitative", "method": "weighted_sum",
         "weight": "10%", "group": "Social value",
         "description": "Each measure beside the most that any bidder commits to."},
        {"id": "social_how", "title": "Social value, how it will be done", "kind": "qualitative",
         "method": "quality_bands", "weight": "5%", "group": "Social value",
         "description": "Whether the commitments can be believed: who, when, with whom, shown by what."},
    ],
    "measures": [
        {"id": "apprentice_weeks", "title": "Weeks of apprenticeship", "unit": "week", "criterion": "social_numbers",
         "weight": "30%", "mandatory": "yes", "low": 260, "high": 2_000, "limit_by": "workforce_weeks",
         "source": _INVENTED},
        {"id": "local_jobs", "title": "Jobs for people out of work for a year or more",
         "unit": "full-time equivalent for a year", "criterion": "social_numbers", "weight": "30%", "low": 2,
         "high": 20, "limit_by": "workforce", "source": _INVENTED},
        {"id": "volunteer_hours", "title": "Hours of staff volunteering in Millbrook", "unit": "hour",
         "criterion": "social_numbers", "weight": "10%", "low": 500, "high": 10_000, "source": _INVENTED},
        {"id": "local_spend", "title": "Spend with small firms and voluntary organisations in Millbrook",
         "unit": "GBP", "criterion": "social_numbers", "weight": "20%", "low": 200_000, "high": 2_000_000,
         "limit_by": "price", "source": _INVENTED},
        {"id": "trees", "title": "Street trees planted and watered for three years", "unit": "tree",
         "criterion": "social_numbers", "weight": "10%", "low": 100, "high": 1_000, "source": _INVENTED},
    ],
    "bands": [
        {"name": "Excellent", "share": "100%", "meaning": "Every need is met, shown by evidence, and more is offered."},
        {"name": "Good", "share": "75%", "meaning": "Every need is met, and evidence shows it."},
        {"name": "Acceptable", "share": "50%", "meaning": "The needs are met; evidence is thin in places."},
        {"name": "Weak", "share": "25%", "meaning": "Some needs are not met."},
        {"name": "Unacceptable", "share": "0%", "meaning": "No answer, or the needs are not met."},
    ],
    "questions": [
        {"id": "modern_slavery",
         "title": "How do you find and stop modern slavery, at every tier of your supply chain?",
         "about": "modern_slavery", "must_pass": "yes"},
        {"id": "pay", "title": "What are the people on this contract paid, sub-contractors' people included?",
         "about": "pay", "must_pass": "yes"},
        {"id": "overseas", "title": "What is made or done overseas, by whom, and how do you know the conditions?",
         "about": "subcontracting", "must_pass": "no"},
    ],
}  # fmt: skip


def _commitments(bidder: str, *rows: tuple[str, float, float, float]) -> list[dict[str, Any]]:
    return [
        {"bidder": bidder, "measure": measure, "quantity": quantity, "low": low, "high": high}
        for measure, quantity, low, high in rows
    ]


def _scores(bidder: str, criterion: str, *given: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [
        {"bidder": bidder, "criterion": criterion, "evaluator": evaluator, "band": band, "reason": reason}
        for evaluator, band, reason in given
    ]


EXAMPLE: dict[str, Any] = {
    "opening": {"reference": "MB-2025-014", "bids_opened": "2025-04-28", "made_up": "no", "note": _INVENTED},
    "bidders": [
        {"id": "alder", "title": "Alder Grounds Ltd", "price": 4_700_000, "size": "large", "kind": "company",
         "workforce": 30},
        {"id": "brookside", "title": "Brookside Green CIC", "price": 4_900_000, "size": "small",
         "kind": "social enterprise", "workforce": 34, "sroi_ratio": 3.2},
        {"id": "cedar", "title": "Cedar Landscapes Ltd", "price": 4_800_000, "size": "medium", "kind": "company",
         "workforce": 28},
    ],
    "commitments": [
        *_commitments("alder", ("apprentice_weeks", 1_000, 800, 1_100), ("local_jobs", 8, 5, 9),
                      ("volunteer_hours", 5_000, 2_000, 5_500), ("local_spend", 700_000, 600_000, 750_000),
                      ("trees", 600, 500, 600)),
        *_commitments("brookside", ("apprentice_weeks", 1_300, 1_000, 1_500), ("local_jobs", 10, 8, 11),
                      ("volunteer_hours", 4_000, 3_000, 4_500), ("local_spend", 900_000, 750_000, 1_000_000),
                      ("trees", 400, 350, 400)),
        *_commitments("cedar", ("apprentice_weeks", 900, 700, 1_000), ("local_jobs", 6, 5, 7),
                      ("volunteer_hours", 2_000, 1_500, 2_500), ("local_spend", 1_000_000, 800_000, 1_100_000),
                      ("trees", 300, 250, 300)),
    ],
    "statements": [
        {"bidder": bidder, "criterion": criterion, "text": f"Filed as {bidder}_{criterion}.pdf"}
        for bidder in ("alder", "brookside", "cedar")
        for criterion in ("works", "people", "social_how")
    ],
    "evaluators": [
        {"id": "parks", "title": "Evaluator 1", "role": "parks manager", "conflict": "no"},
        {"id": "contracts", "title": "Evaluator 2", "role": "contract manager", "conflict": "no"},
        {"id": "community", "title": "Evaluator 3", "role": "community officer", "criteria": ["people", "social_how"],
         "conflict": "yes", "declared": "A cousin works for Cedar Landscapes Ltd",
         "handled": "does not score Cedar Landscapes Ltd, and left the room for it", "excused": ["cedar"]},
    ],
    "scores": [
        *_scores("alder", "works", ("parks", "Good", "Sound plan for each season, tested on like sites."),
                 ("contracts", "Good", "Clear plan; storms are planned for.")),
        *_scores("alder", "people", ("parks", "Excellent", "Every supervisor is qualified and named."),
                 ("contracts", "Excellent", "Training plan with dates and costs."),
                 ("community", "Excellent", "Named trainers, and places for returners.")),
        *_scores("alder", "social_how", ("parks", "Good", "The tree plan is sound."),
                 ("contracts", "Acceptable", "Says what, but not when."),
                 ("community", "Weak", "No local partner is named.")),
        *_scores("brookside", "works", ("parks", "Good", "Meets each need; the machinery list is complete."),
                 ("contracts", "Good", "Good answer on complaints, with evidence.")),
        *_scores("brookside", "people", ("parks", "Excellent", "Low turnover, shown by five years of records."),
                 ("contracts", "Good", "Strong training; cover for absence is thin."),
                 ("community", "Excellent", "Supported places are proven.")),
        *_scores("brookside", "social_how", ("parks", "Good", "Dates and places are given."),
                 ("contracts", "Good", "Each commitment has an owner."),
                 ("community", "Good", "Local partners have confirmed.")),
        *_scores("cedar", "works", ("parks", "Good", "Good plan for play areas."),
                 ("contracts", "Acceptable", "Does not say what happens in a drought.")),
        *_scores("cedar", "people", ("parks", "Acceptable", "Few qualified supervisors."),
                 ("contracts", "Acceptable", "Training is promised, not planned.")),
        *_scores("cedar", "social_how", ("parks", "Good", "A clear list of local firms."),
                 ("contracts", "Good", "Spend is already tracked elsewhere.")),
    ],
    "moderated": [
        {"bidder": "alder", "criterion": "social_how", "band": "Acceptable",
         "reason": "The commitments are clear, but no dates and no local partner are given."},
        {"bidder": "brookside", "criterion": "people", "band": "Excellent",
         "reason": "Records of turnover and supported places are strong; page 12 covers absence."},
        {"bidder": "cedar", "criterion": "works", "band": "Acceptable",
         "reason": "The plan meets the needs; drought and storms are left open."},
    ],
    "answers": [
        *({"bidder": bidder, "question": question, "answer": "Answered in full", "evidence": f"{bidder}_ethics.pdf",
           "outcome": "pass"}
          for bidder in ("alder", "brookside", "cedar") for question in ("modern_slavery", "pay")),
        {"bidder": "alder", "question": "overseas", "answer": "Mowers' batteries are made overseas",
         "evidence": "alder_chain.pdf", "outcome": "clarify"},
        {"bidder": "brookside", "question": "overseas", "answer": "Nothing is done overseas but the making of tools",
         "evidence": "brookside_chain.pdf", "outcome": "pass"},
        {"bidder": "cedar", "question": "overseas", "answer": "Play equipment comes from one maker in Poland",
         "evidence": "cedar_chain.pdf", "outcome": "pass"},
    ],
    "supply_chain": [
        {"bidder": "alder", "title": "Invented Mowers plc", "tier": 1, "country": "United Kingdom", "work": "Mowers",
         "share": "6%", "modern_slavery": "Statement of 2024 read", "pay": "Stated in the tender",
         "outcome": "pass", "evidence": "alder_chain.pdf"},
        {"bidder": "alder", "title": "Not known", "tier": 3, "work": "Battery cells", "outcome": "clarify"},
        {"bidder": "brookside", "title": "Millbrook Tree Trust", "tier": 1, "country": "United Kingdom",
         "work": "Trees and watering", "share": "4%", "modern_slavery": "Not needed by law; policy read",
         "pay": "Payroll seen", "outcome": "pass", "evidence": "brookside_chain.pdf"},
        {"bidder": "cedar", "title": "Invented Play Sp. z o.o.", "tier": 1, "country": "Poland",
         "work": "Play equipment", "share": "5%", "modern_slavery": "Audit of 2024 read", "pay": "Audit of 2024 read",
         "outcome": "pass", "evidence": "cedar_chain.pdf"},
    ],
}  # fmt: skip
