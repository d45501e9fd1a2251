"""The form of a mapping: which sheet and which columns of somebody's own workbook hold what of a framework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sroi.commissioning.frameworks.form import FRAMEWORK
from sroi.files.form import Column, Form, Part

FIELDS = (
    "theme", "outcome", "code", "measure", "unit", "definition", "evidence", "proxy", "price_year", "edition",
    "licence", "note",
)  # fmt: skip
_HEAD = ("id", "title", "publisher", "edition", "valid_from", "valid_to", "licence", "passing_on", "currency",
         "price_year")  # fmt: skip

WHAT = Part(
    "framework",
    "Framework",
    "What your workbook does not say of itself.",
    tuple(column for column in FRAMEWORK.columns if column.name in _HEAD),
    single=True,
)
TABLE = Part(
    "table",
    "Table",
    "Where the table of measures stands in your workbook.",
    (
        Column("sheet", "Sheet", help="Its name; the first one if left empty."),
        Column("heading_row", "Row of headings", "whole", "Its number; 1 if left empty.", low=1, high=10_000),
        Column("last_row", "Last row", "whole", "Of the table; to the end if left empty.", low=2, high=1_000_000),
        Column("decimal", "Decimal mark", "choice", "Of amounts written as text.", choices=("point", "comma")),
    ),
    single=True,
    required=False,
)
COLUMNS = Part(
    "columns",
    "Columns",
    "Which column holds what: one row for each. proxy is the value of one unit in money.",
    (
        Column(
            "field",
            "What it holds",
            "choice",
            "Of the drop-down; measure is needed.",
            required=True,
            choices=FIELDS,
        ),
        Column(
            "heading",
            "Heading in your workbook",
            "title",
            "As it stands above the column; case and line breaks do not matter.",
            required=True,
        ),
    ),
    key=("field",),
)
FORM = Form(
    "frameworks_mapping",
    "Mapping for your own workbook of measures",
    (
        "Says how your own copy of a framework is read. It holds no value of it, so that it can be shared.",
        "Then: sroi commission frameworks YOUR_WORKBOOK.xlsx --mapping THIS_FILE",
    ),
    (WHAT, TABLE, COLUMNS),
)
EXAMPLE: Mapping[str, Any] = {
    "framework": {
        "id": "our_measures",
        "title": "Illustrative: measures of an invented publisher",
        "publisher": "Invented",
        "edition": "2025",
        "licence": "licensed to Millbrook Council until 2026-08-31 (invented)",
        "passing_on": False,
        "currency": "GBP",
        "price_year": "2025",
    },
    "table": {"sheet": "Measures", "heading_row": 3},
    "columns": [
        {"field": "theme", "heading": "Theme"},
        {"field": "outcome", "heading": "Outcome"},
        {"field": "code", "heading": "Ref"},
        {"field": "measure", "heading": "Measure"},
        {"field": "unit", "heading": "Unit"},
        {"field": "proxy", "heading": "Proxy value (GBP)"},
    ],
}
