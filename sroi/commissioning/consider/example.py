"""The illustrative consideration of Millbrook Council, an invented buyer: every name and figure is invented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EXAMPLE: Mapping[str, Any] = {
    "record": {
        "organisation": "Millbrook Council",
        "body": "local_government",
        "title": "Grounds maintenance and green spaces (illustrative: invented figures)",
        "reference": "MB-2025-014",
        "provision": "procured",
        "nature": "services_with_goods_or_works",
        "value_with_vat": 6_000_000,
        "regulated": True,
        "area": "Millbrook: the wards Northgate, Riverside and Hill Top",
        "procurement_begins": "2025-03-10",
        "decided": "2025-01-20",
        "decided_by": "Head of Environment, with the Cabinet Member for Places",
        "securing": "Social value carries 15 % of the score: 10 on quantities committed for five of the council's own "
        "measures, 5 on how they are to be delivered. What is committed becomes a schedule of the contract, with "
        "three social value indicators among its key performance indicators.",
        "proportion": "The work is done outdoors in Millbrook by people who could live there, so jobs, training and "
        "trees belong to it. Five measures and one question suit a market with small firms.",
        "consultation_considered": True,
        "decision": "Taken up: apprenticeships, jobs, volunteering, local spend and street trees, 15 % of the score. "
        "Not taken up: carbon from vehicles, which the specification covers.",
        "urgent": False,
    },
    "matters": [
        {
            "pillar": "economic",
            "matter": "Ways into work for people out of it for a year or more",
            "how": "The contractor takes on apprentices and people long out of work, with a named mentor.",
            "relevant": True,
            "proportionate": True,
            "secured_by": "Award criterion and indicator: weeks, jobs",
            "decision": "include",
        },
        {
            "pillar": "economic",
            "matter": "Trade for small firms and voluntary organisations",
            "how": "Planting, watering and events are let to small local firms and groups.",
            "relevant": True,
            "proportionate": True,
            "secured_by": "Award criterion: local spend",
            "decision": "include",
        },
        {
            "pillar": "social",
            "matter": "Stronger groups of friends of parks",
            "how": "Staff give working hours to groups that look after green spaces.",
            "relevant": True,
            "proportionate": True,
            "secured_by": "Award criterion: hours",
            "decision": "include",
        },
        {
            "pillar": "environmental",
            "matter": "Shade and cooler streets in Riverside",
            "how": "Street trees are planted where there are fewest and watered for three years.",
            "relevant": True,
            "proportionate": True,
            "secured_by": "Award criterion and indicator: trees",
            "decision": "include",
        },
        {
            "pillar": "environmental",
            "matter": "Carbon from vehicles",
            "how": "Electric mowers and vans.",
            "relevant": True,
            "proportionate": True,
            "decision": "leave_out",
            "reason": "Required by the specification already, so it would be counted twice.",
        },
    ],
    "consultation": [
        {
            "who": "Millbrook Voluntary Action",
            "group": "voluntary_sector",
            "how": "Meeting",
            "when": "2025-01-09",
            "number": 14,
            "said": "Small groups cannot bid alone, but could plant and water.",
            "changed": "Local spend became a measure.",
        },
        {
            "who": "Friends of Riverside Park",
            "group": "service_users",
            "how": "Walk through the park",
            "when": "2025-01-11",
            "number": 22,
            "said": "More shade; the paths flood.",
            "changed": "Trees first in Riverside; drainage in the specification.",
        },
        {
            "who": "Parks team",
            "group": "staff",
            "how": "Two team meetings",
            "when": "2025-01-14",
            "number": 31,
            "said": "Apprentices need a mentor for two seasons.",
            "changed": "A named mentor is asked for.",
        },
        {
            "who": "Suppliers' morning",
            "group": "businesses",
            "how": "Market engagement",
            "when": "2025-01-16",
            "number": 9,
            "said": "Five measures are manageable for a small firm.",
            "changed": "Nothing.",
        },
    ],
    "objectives": [
        {
            "objective": "More residents in lasting work",
            "whose": "Millbrook Plan 2024 to 2029, the council and its partners (invented)",
            "serves": "Apprenticeships and jobs for residents.",
        },
        {
            "objective": "Cooler streets by 2030",
            "whose": "Millbrook Climate Partnership (invented)",
            "serves": "Trees, watered for three years.",
        },
    ],
}
