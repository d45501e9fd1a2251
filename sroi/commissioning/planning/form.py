"""What the form of a social value statement for planning asks for, and its example (invented)."""

from __future__ import annotations

from typing import Any

from sroi.commissioning.planning.policies import ANSWERED_BY
from sroi.files.form import Column, Form, Part

__all__ = ["EXAMPLE", "FORM"]

CONSTRUCTION, OPERATION = "construction", "operation"
INTERVALS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
ONCE = "once"

_SCHEME = Part(
    "scheme",
    "Scheme",
    "The development, its two phases, and the policy that it answers to.",
    (
        Column("title", "Title", help="Millbrook Green: 24 homes and a nursery", required=True),
        Column("applicant", "Applicant", help="Who applies", required=True),
        Column("site", "Site", help="Address or place: Northgate, Millbrook"),
        Column("authority", "Planning authority", help="Name or code; of an English one, how deprived it is is added", required=True),  # noqa: E501
        Column("reference", "Reference of the application", help="The number that the authority gave it"),
        Column("description", "Description", help="What is built, and for whom"),
        Column("homes", "Homes", "whole", "How many; 0 if none", low=0),
        Column("square_metres", "Non-residential floorspace", "number", "Square metres; 0 if none", low=0),
        Column("construction_start", "Construction begins", "day", "2026-03-02", required=True),
        Column("construction_end", "Construction ends", "day", "2027-08-31", required=True),
        Column("operation_start", "Operation begins", "day", "Blank: the day after construction ends"),
        Column("policy", "Policy", help="salford_f2, or the name of one whose asks you write on the sheet Asks", required=True),  # noqa: E501
        Column("policy_source", "Where the policy stands", help="Its address; for a policy of your own"),
        Column("enclosed", "Enclosed", "list", "Ids of asks that a paper answers which comes with this: validation_checklist"),  # noqa: E501
        Column("note", "Note", help="What readers have to know"),
    ),
    single=True,
)  # fmt: skip

_NEEDS = Part(
    "needs",
    "Needs",
    "What the area needs, and who says so. Figures of deprivation are added by the program where it has them.",
    (
        Column("id", "Id", "id", "A short name, such as young_people", required=True),
        Column("need", "Need", help="What is lacking, and for whom", required=True),
        Column("figure", "Figure", "number", "How many, or what share; blank if it is told in words"),
        Column("unit", "Unit", help="people of 16 to 24"),
        Column("of", "As of", help="March 2025"),
        Column("source", "Source", help="Who counted, or who was asked", required=True),
    ),
    key=("id",),
)

_COMMITMENTS = Part(
    "commitments",
    "Commitments",
    "What is promised, in which phase, and how it will be known that it was done.",
    (
        Column("id", "Id", "id", "A short name, such as apprentices", required=True),
        Column("phase", "Phase", "choice", "When it is done", required=True, choices=(CONSTRUCTION, OPERATION)),
        Column("commitment", "Commitment", help="What is promised, in a line", required=True),
        Column("quantity", "Quantity", "number", "How many; blank if it cannot be counted", low=0),
        Column("unit", "Unit", help="weeks"),
        Column("due", "Due", "day", "The day by which it is done"),
        Column("answers", "Answers the asks", "list", "Ids of the policy's asks: jobs_and_skills; schools"),
        Column("needs", "Meets the needs", "list", "Ids of the sheet Needs: young_people"),
        Column("goals", "Goals (tags)", "list", "If they are asked for: wales.healthier; un.goal_8"),
        Column("responsible", "Who sees to it", help="A name or an office"),
        Column("evidence", "Evidence", help="What will show it: payroll extracts"),
        Column("reported", "Reported", "choice", "How often", choices=(*INTERVALS, ONCE)),
        Column("reported_to", "Reported to", help="Millbrook Council, planning obligations officer"),
        Column("secured_by", "Secured by", "choice", "What binds it, or that it is the applicant's word",
               choices=("condition", "planning_obligation", "promise", "not_settled")),
    ),
    key=("id",),
)  # fmt: skip

_ASKS = Part(
    "asks",
    "Asks",
    "What the policy asks for: only where it is not one that travels with the program, or its contents were not seen.",
    (
        Column("id", "Id", "id", "A short name, such as local_jobs", required=True),
        Column("ask", "What is asked", help="In your own words, or as the policy has it", required=True),
        Column("answered_by", "Answered by", "choice", "blank: a commitment of either phase", choices=ANSWERED_BY),
        Column("paragraph", "Paragraph", help="SV1(a)"),
    ),
    required=False,
    key=("id",),
)

_INVOLVED = Part(
    "involved",
    "Involved",
    "Who was asked before this was written.",
    (
        Column("who", "Who", help="Neighbours, the tenants' forum", required=True),
        Column("how", "How", help="A meeting, a survey; how many came", required=True),
        Column("day", "Day", "day", "2025-01-28"),
        Column("said", "What they said", help="In their own words"),
        Column("changed", "What it changed", help="What is different because of it"),
    ),
    required=False,
)

FORM = Form(
    "planning",
    "A social value statement for a planning application",
    (
        "Needs, commitments for construction and operation, who watches over them, and what the policy asks.",
        "The policy is data: salford_f2 travels with the program. Write the asks of any other on the sheet Asks.",
        "Commitments are told, not valued. Whether they are enough is for the authority to say. No legal advice.",
    ),
    (_SCHEME, _NEEDS, _COMMITMENTS, _ASKS, _INVOLVED),
)

_INVENTED = "Illustrative: invented"


def _commitment(name: str, phase: str, words: str, amount: tuple[float | None, str], due: str, **more: Any) -> dict[str, Any]:  # fmt: skip  # noqa: E501
    quantity, unit = amount
    return {"id": name, "phase": phase, "commitment": words, "quantity": quantity, "unit": unit, "due": due,
            "reported_to": "Millbrook Council, planning obligations", **more}  # fmt: skip


EXAMPLE: dict[str, Any] = {
    "scheme": {
        "title": "Millbrook Green: 24 homes and a plant nursery",
        "applicant": "Brookside Green CIC with Millbrook Homes, both invented",
        "site": "The old depot, Northgate, Millbrook",
        "authority": "Millbrook Council",
        "reference": "25/00417/FUL",
        "description": "Twenty-four homes on the old depot, and a nursery that grows plants for the town's parks.",
        "homes": 24,
        "square_metres": 1200,
        "construction_start": "2026-03-02",
        "construction_end": "2027-08-31",
        "policy": "Millbrook Local Plan, policy SV1 (invented)",
        "policy_source": _INVENTED,
        "enclosed": ["needs_analysis"],
        "note": "Illustrative: an invented council, policy and scheme; every figure is invented.",
    },
    "needs": [
        {"id": "young_people", "need": "Young people without work or training", "figure": 310,
         "unit": "people of 16 to 24", "of": "March 2025", "source": _INVENTED},
        {"id": "green_space", "need": "Fewer trees and less open green than elsewhere in the town", "figure": 9,
         "unit": "% of the ward under trees", "of": "2024", "source": _INVENTED},
        {"id": "small_firms", "need": "Small firms lost their yards when the depot closed", "of": "2023",
         "source": f"{_INVENTED}: traders' forum"},
    ],
    "commitments": [
        _commitment("apprentices", CONSTRUCTION, "Apprenticeships for young people of Millbrook", (520, "weeks"),
                    "2027-08-31", answers=["local_jobs"], needs=["young_people"], responsible="Site manager",
                    evidence="Payroll extracts", reported="quarter", secured_by="planning_obligation"),
        _commitment("local_firms", CONSTRUCTION, "Spend with small firms of Millbrook", (400000, "GBP"), "2027-08-31",
                    answers=["local_supply"], needs=["small_firms"], responsible="Buyer",
                    evidence="Ledger by postcode", reported="half_year", secured_by="promise"),
        _commitment("nursery_jobs", OPERATION, "Jobs in the nursery for people out of work for a year or more",
                    (4, "full-time equivalents"), "2028-08-31", answers=["local_jobs"], needs=["young_people"],
                    responsible="Nursery manager", evidence="Contracts of employment", reported="year",
                    secured_by="planning_obligation"),
        _commitment("trees", OPERATION, "Street trees planted and watered for three years", (60, "trees"), "2030-03-31",
                    answers=["environment"], needs=["green_space"], responsible=None,
                    evidence="Survey with photographs", reported="year", secured_by="condition"),
    ],
    "asks": [
        {"id": "local_jobs", "ask": "Jobs and training for residents in construction and after", "answered_by": "both",
         "paragraph": "SV1(a)"},
        {"id": "local_supply", "ask": "Local firms in the supply chain", "answered_by": "construction",
         "paragraph": "SV1(b)"},
        {"id": "environment", "ask": "Gains for the environment", "answered_by": "any", "paragraph": "SV1(c)"},
        {"id": "community_use", "ask": "Use of the site by the community", "answered_by": "operation",
         "paragraph": "SV1(d)"},
        {"id": "needs", "ask": "Actions that follow from local needs", "answered_by": "needs", "paragraph": "SV1(e)"},
        {"id": "needs_analysis", "ask": "An analysis of local needs", "answered_by": "enclosed",
         "paragraph": "SV1(f)"},
    ],
    "involved": [
        {"who": "Residents of Northgate", "how": "Two drop-in days, 61 people", "day": "2025-01-28",
         "said": "Jobs for our own young people first", "changed": "The weeks of apprenticeship were doubled"},
        {"who": "Traders' forum", "how": "One meeting, nine firms", "day": "2025-02-04",
         "said": "Small lots, paid in time"},
    ],
}  # fmt: skip
