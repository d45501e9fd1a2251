"""The form of a measure framework: one that a user writes, and one in which a shipped model is completed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sroi.commissioning.frameworks.framework import KIND_WORDS
from sroi.files.form import Column, Form, Part

_NOTE = Column("note", "Note", help="Anything to know of it.")
_SOURCE = Column("source", "Where it was read", help="The page and its address. Yours, where you add something.")

FRAMEWORK = Part(
    "framework",
    "Framework",
    "What the framework is, who published it, when it holds and under which licence.",
    (
        Column("id", "Id", "id", "A short name, such as millbrook_2025.", required=True),
        Column("title", "Title", "title", "As its publisher calls it.", required=True),
        Column("publisher", "Publisher", help="Who wrote it."),
        Column("edition", "Edition", help="Such as 2025, or version 3."),
        Column("valid_from", "Valid from", "day", "The first day for which it is to be used."),
        Column("valid_to", "Valid to", "day", "The last day; empty while it holds."),
        Column("licence", "Licence", help="In the publisher's words: OGL-UK-3.0, CC BY 4.0, licensed to us until .."),
        Column("attribution", "Attribution", help="The words that its licence asks for."),
        Column(
            "passing_on",
            "May its values be passed on?",
            "yes_no",
            "yes if its licence allows it. Empty counts as no: its values then leave in no report, export or JSON.",
        ),
        Column("currency", "Currency", help="Of its values; GBP if left empty."),
        Column("price_year", "Price year", help="Of its values, such as 2025."),
        Column("status", "Status", help="Such as in force, superseded, draft."),
        Column("superseded_by", "Superseded by", help="The id or name of what came after it."),
        Column("about", "About", help="How it is to be used, in a few sentences."),
        Column(
            "complete", "All of it is here", "yes_no", "yes if everything of the official document stands in this file."
        ),
        Column("completes", "Completes", help="Leave as it is: which model of the program this file was begun from."),
    ),
    single=True,
)
THEMES = Part(
    "themes",
    "Themes",
    "The themes or missions that outcomes stand under.",
    (
        Column("id", "Id", "title", "Its number or a short name.", required=True),
        Column("name", "Theme", "title", "Its name.", required=True),
        Column("summary", "In short", help="What it means."),
        _NOTE,
        _SOURCE,
    ),
    key=("id",),
)
OUTCOMES = Part(
    "outcomes",
    "Outcomes",
    "What is to come about, under each theme.",
    (
        Column("theme", "Theme id", "title", "Of the sheet Themes.", required=True, refers_to="themes.id"),
        Column("id", "Id", "title", "Its number or a short name, once in the whole file.", required=True),
        Column("name", "Outcome", "title", "Its name.", required=True),
        Column("summary", "In short", help="What it means."),
        _NOTE,
        _SOURCE,
    ),
    required=False,
    key=("id",),
)
MEASURES = Part(
    "measures",
    "Measures",
    "What bids are judged by and delivery is counted in: award criteria, metrics, measures.",
    (
        Column("outcome", "Outcome id", "title", "Of the sheet Outcomes.", required=True, refers_to="outcomes.id"),
        Column("id", "Id", "title", "A short name, once in the whole file.", required=True),
        Column("kind", "Kind", "choice", "What it is; measure if left empty.", choices=tuple(KIND_WORDS)),
        Column("code", "Code", help="As the framework numbers it."),
        Column("name", "Name", help="What people call it."),
        Column("wording", "Official wording", help="Word for word, if you may."),
        Column("summary", "In short", help="In your own words."),
        Column("unit", "Unit", help="What is counted: week, hour, GBP, tree."),
        Column("definition", "Definition", help="What counts and what does not."),
        Column("evidence", "Evidence asked for", help="Such as payroll, timesheets, photographs."),
        Column("proxy", "Value of one unit", "money", "In money, if the framework states one.", low=0.0),
        Column("price_year", "Price year", help="Of this value, where it differs."),
        _NOTE,
        _SOURCE,
    ),
    required=False,
    key=("id",),
)
FORM = Form(
    "frameworks",
    "A measure framework",
    (
        "Themes, the outcomes under them, and the criteria and measures under those.",
        "Where this file was begun from a model of the program: fill in what is empty from the official page, add "
        "rows, and say in the last column where you read them. What the program brought and what you added stay told "
        "apart.",
    ),
    (FRAMEWORK, THEMES, OUTCOMES, MEASURES),
)

_INVENTED = "Illustrative: invented for the example"


def _measure(
    outcome: str, id: str, name: str, unit: str, definition: str, evidence: str, proxy: float | None = None
) -> dict[str, Any]:
    return {"outcome": outcome, "id": id, "kind": "measure", "name": name, "unit": unit, "definition": definition,
            "evidence": evidence, "proxy": proxy, "source": _INVENTED}  # fmt: skip


EXAMPLE: Mapping[str, Any] = {
    "framework": {
        "id": "millbrook_2025",
        "title": "Millbrook Council: local social value measures (illustrative: invented figures)",
        "publisher": "Millbrook Council (invented)",
        "edition": "2025",
        "valid_from": "2025-01-01",
        "licence": "Illustrative: invented, free to use",
        "passing_on": True,
        "currency": "GBP",
        "price_year": "2025",
        "status": "in force",
        "about": "Illustrative: invented figures. The council's own measures; a tender says which of them it uses.",
        "complete": True,
    },
    "themes": [
        {"id": "work", "name": "Work and skills", "source": _INVENTED},
        {"id": "community", "name": "Community", "source": _INVENTED},
        {"id": "environment", "name": "Environment", "source": _INVENTED},
    ],
    "outcomes": [
        {"theme": "work", "id": "ways_in", "name": "More people find a way into work", "source": _INVENTED},
        {"theme": "community", "id": "stronger", "name": "Stronger local groups and firms", "source": _INVENTED},
        {"theme": "environment", "id": "cooler", "name": "Cooler, greener streets", "source": _INVENTED},
    ],
    "measures": [
        _measure("ways_in", "apprentice_weeks", "Weeks of apprenticeship", "week",
                 "Weeks worked by apprentices on this contract.", "Apprenticeship agreements and payroll.", 190.0),
        _measure("ways_in", "local_jobs", "Jobs for people out of work for a year or more",
                 "full-time equivalent for a year", "Residents of Millbrook, in post for twelve months.",
                 "Payroll, and a declaration by the person.", 14200.0),
        _measure("stronger", "volunteer_hours", "Hours of staff volunteering in Millbrook", "hour",
                 "Paid working time given to local groups.", "A note of thanks or timesheet by the group.", 15.0),
        _measure("stronger", "local_spend",
                 "Spend with small firms and voluntary organisations in Millbrook", "GBP",
                 "Invoices paid to firms with fewer than 50 staff, or voluntary organisations, based in Millbrook.",
                 "Ledger with postcodes."),
        _measure("cooler", "trees", "Street trees planted and watered for three years", "tree",
                 "Trees alive at the end of the third summer.", "Map of places, photographs, inspection.", 310.0),
    ],
}  # fmt: skip
