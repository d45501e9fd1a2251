"""The short form of the consideration record: one page, for a small organisation or a small purchase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sroi.commissioning.consider.form import URGENT, WHAT, WHEN
from sroi.files.form import Column, Form, Part

SHORT = Part(
    "short_record",
    "Short record",
    "One page: what could be better for the area, who was asked, what was decided.",
    (
        *WHAT,
        *WHEN,
        Column("economic", "Economic well-being", help="How this might improve it, or: nothing, and why."),
        Column("social", "Social well-being", help="How this might improve it, or: nothing, and why."),
        Column("environmental", "Environmental well-being", help="How this might improve it, or: nothing, and why."),
        Column(
            "securing", "How it would be secured", help="What in the request, the choice or the terms acts towards it."
        ),
        Column(
            "proportion",
            "Relevance and proportion",
            help="Does it belong to what is provided, and is it in proportion?",
        ),
        Column("consulted", "Who was asked", help="Voluntary sector, people who use it, staff: names and days."),
        Column("no_consultation_reason", "If nobody was asked, why", help="The reason, in a sentence."),
        Column("objectives", "Shared local objectives", help="Those that this serves, and whose they are."),
        Column("decision", "Decision", help="What is taken up and how."),
        *URGENT,
    ),
    single=True,
)
FORM = Form(
    "consider_short",
    "Consideration of social value: short form",
    (
        "For a small charity, a small purchase or a service in house: the same questions on one page.",
        "Then: sroi commission consider FILE",
    ),
    (SHORT,),
)
EXAMPLE: Mapping[str, Any] = {
    "short_record": {
        "organisation": "Riverside Community Kitchen",
        "body": "private",
        "title": "Van and driver for meal deliveries (illustrative: invented figures)",
        "provision": "procured",
        "nature": "services",
        "value_with_vat": 18_000,
        "regulated": False,
        "area": "Riverside, Millbrook",
        "procurement_begins": "2025-05-12",
        "decided": "2025-04-28",
        "decided_by": "Trustees",
        "economic": "A local firm, or a driver who was out of work.",
        "social": "The driver has time for a few words at each door.",
        "environmental": "An electric van, if there is one for hire.",
        "securing": "We ask three local firms, and ask each about these three points beside the price.",
        "proportion": "Three questions on one page suit a contract of this size.",
        "consulted": "Two volunteers who drive now, and eight members at lunch on 14 April.",
        "objectives": "Nobody in Riverside eats alone (Riverside Partnership, invented).",
        "decision": "Taken up: the three points count for a fifth beside the price.",
        "urgent": False,
    },
}
