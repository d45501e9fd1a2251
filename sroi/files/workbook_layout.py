"""Where everything stands in our own workbook: sheets, columns, rows. Headings and comments come from the nouns.

Writer and reader both go by this table. Under each heading stands a hidden row of keys, so that a sheet is read rightly
though somebody moves its columns.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from sroi.estimate import Estimate, Noun
from sroi.framing import TIMINGS, Activity, Conventions, Narrative
from sroi.impact_map import ImpactMap
from sroi.nouns import (
    STAGES,
    Indicator,
    Input,
    Involvement,
    Material,
    Outcome,
    Output,
    PartOfStakeholder,
    Proxy,
    Stakeholder,
)

# Rows of a table's sheet, counted from 0: title, explanation, bands, headings, hidden keys, entries.
TITLE, SAID, BANDS, HEADINGS, KEYS, FIRST = range(6)

BY_YEAR = "by year"
VERSION_NAME = "sroi_value_map_version"


@dataclass(frozen=True)
class Column:
    """One column: the path of what it holds within an entry, its heading, how it is shown, what may be chosen."""

    key: str
    heading: str
    comment: str
    kind: str = "text"  # text, number, money, share, years, whole, rate (or a name), words (a list), formula
    width: int = 14
    band: str = ""
    choices: tuple[str, ...] = ()


_NESTED: dict[str, type[Noun]] = {
    "indicator": Indicator, "quantity": PartOfStakeholder, "proxy": Proxy, "material": Material,
}  # fmt: skip


def _column(noun: type[Noun], key: str, kind: str = "text", width: int = 14, band: str = "", *choices: str) -> Column:
    """Return a column whose heading and comment are those of the noun's own field."""
    head, _, rest = key.partition(".")
    owner, name = (_NESTED[head], rest) if rest else (noun, head)
    info = next(info for field_name, info in owner.model_fields.items() if (info.alias or field_name) == name)
    prefix = {"material.reason": "Material: ", "indicator.source": "Indicator: ", "proxy.source": "Proxy: "}.get(
        key, ""
    )
    heading = f"{prefix}{(info.title or name).lower() if prefix else info.title or name}"
    return Column(key, heading, info.description or "", kind, width, band, choices)


@dataclass(frozen=True)
class Table:
    """A sheet that holds one entry a row."""

    sheet: str
    section: str
    said: str
    columns: tuple[Column, ...]
    frozen: int = 1
    spare: int = 8
    noun: type[Noun] = field(default=Stakeholder)

    def column(self, key: str) -> int:
        """Return where a key stands, counted from 0."""
        return next(place for place, column in enumerate(self.columns) if column.key == key)


_YES_NO = ("yes", "no")

STAKEHOLDERS = Table(
    "Stakeholders", "stakeholders", "Who changes, and who puts something in. One row for each.",
    (
        _column(Stakeholder, "id", "text", 18), _column(Stakeholder, "name", "text", 36),
        _column(Stakeholder, "size", "number", 10), _column(Stakeholder, "part_of", "text", 16),
        _column(Stakeholder, "segment", "text", 16), _column(Stakeholder, "included", "text", 10, "", *_YES_NO),
        _column(Stakeholder, "reason", "text", 50),
    ),
    noun=Stakeholder,
)  # fmt: skip

INVOLVEMENT = Table(
    "Involvement", "involved", "How the stakeholders took part, stage by stage. One row for each stage.",
    (
        Column("stakeholder", "Stakeholder", "The id of the stakeholder", "text", 18),
        _column(Involvement, "stage", "text", 14, "", *STAGES), _column(Involvement, "how", "text", 40),
        _column(Involvement, "when", "text", 14), _column(Involvement, "number", "whole", 10),
        _column(Involvement, "of", "whole", 10), _column(Involvement, "selected", "text", 30),
        _column(Involvement, "said", "text", 60),
    ),
    noun=Involvement,
)  # fmt: skip

INPUTS = Table(
    "Inputs", "inputs", "What is put in. Give a value; or, for time, hours and a rate.",
    (
        _column(Input, "id", "text", 18), _column(Input, "stakeholder", "text", 18),
        _column(Input, "description", "text", 44), _column(Input, "kind", "text", 10, "", "money", "time", "goods"),
        _column(Input, "value", "money", 14), _column(Input, "hours", "number", 10), _column(Input, "rate", "money", 10),
        _column(Input, "source", "text", 44), Column("worth", "Worth now", "What it counts for, discounted", "formula", 14),
    ),
    noun=Input,
)  # fmt: skip

OUTPUTS = Table(
    "Outputs", "outputs", "Activity in numbers: told, never valued.",
    (
        _column(Output, "id", "text", 18), _column(Output, "stakeholder", "text", 18),
        _column(Output, "description", "text", 50), _column(Output, "quantity", "number", 12),
        _column(Output, "unit", "text", 16),
    ),
    noun=Output,
)  # fmt: skip

_WHO, _MUCH, _WORTH, _CLAIM, _JUDGED = (
    "Who and what",
    "How much",
    "What it is worth",
    "What can be claimed",
    "Judgement",
)

OUTCOMES = Table(
    "Outcomes", "outcomes", "What changes. One row for each outcome; write 'by year' where the sheet Years has the numbers.",
    (
        _column(Outcome, "id", "text", 18, _WHO), _column(Outcome, "stakeholder", "text", 16, _WHO),
        _column(Outcome, "description", "text", 40, _WHO),
        _column(Outcome, "direction", "text", 12, _WHO, "intended", "unintended"),
        _column(Outcome, "indicator.text", "text", 30, _WHO), _column(Outcome, "indicator.source", "text", 24, _WHO),
        _column(Outcome, "quantity", "number", 12, _MUCH), _column(Outcome, "quantity.of", "text", 14, _MUCH),
        _column(Outcome, "quantity.share", "share", 9, _MUCH), _column(Outcome, "quantity.times", "number", 9, _MUCH),
        _column(Outcome, "amount_of_change", "text", 20, _MUCH),
        _column(Outcome, "starts", "text", 10, _MUCH, "during", "after"), _column(Outcome, "duration", "years", 10, _MUCH),
        _column(Outcome, "proxy.description", "text", 32, _WORTH), _column(Outcome, "proxy.value", "money", 13, _WORTH),
        _column(Outcome, "proxy.unit", "text", 10, _WORTH), _column(Outcome, "proxy.price_year", "text", 10, _WORTH),
        _column(Outcome, "proxy.currency", "text", 9, _WORTH), _column(Outcome, "proxy.source", "text", 40, _WORTH),
        _column(Outcome, "proxy.value_type", "text", 13, _WORTH, "fiscal", "economic", "social", "environmental"),
        _column(Outcome, "proxy.valuation_method", "text", 16, _WORTH), _column(Outcome, "proxy.agency", "text", 14, _WORTH),
        _column(Outcome, "proxy.cashable", "text", 9, _WORTH, *_YES_NO), _column(Outcome, "proxy.register", "text", 12, _WORTH),
        _column(Outcome, "proxy.anchored_to", "text", 14, _WORTH),
        _column(Outcome, "proxy.transfer", "text", 9, _WORTH, *_YES_NO), _column(Outcome, "proxy.overlap_group", "text", 12, _WORTH),
        _column(Outcome, "proxy.price_year_basis", "text", 11, _WORTH, "calendar", "financial"),
        _column(Outcome, "proxy.licence", "text", 14, _WORTH), _column(Outcome, "proxy.acknowledgement", "text", 24, _WORTH),
        _column(Outcome, "proxy.passing_on", "text", 10, _WORTH, *_YES_NO), _column(Outcome, "proxy.review_date", "text", 12, _WORTH),
        _column(Outcome, "deadweight", "share", 11, _CLAIM), _column(Outcome, "displacement", "share", 12, _CLAIM),
        _column(Outcome, "attribution", "share", 12, _CLAIM), _column(Outcome, "drop_off", "share", 9, _CLAIM),
        _column(Outcome, "discount_rate", "rate", 14, _CLAIM),
        _column(Outcome, "valued", "text", 8, _JUDGED, *_YES_NO), _column(Outcome, "included", "text", 9, _JUDGED, *_YES_NO),
        _column(Outcome, "material.relevance", "text", 20, _JUDGED), _column(Outcome, "material.significance", "text", 20, _JUDGED),
        _column(Outcome, "material.decision", "text", 9, _JUDGED, *_YES_NO),
        _column(Outcome, "material.reason", "text", 24, _JUDGED), _column(Outcome, "material.decided_by", "text", 16, _JUDGED),
        _column(Outcome, "leads_to", "words", 20, _JUDGED), _column(Outcome, "tags", "words", 16, _JUDGED),
        _column(Outcome, "place", "text", 14, _JUDGED),
        Column("counts", "Counts", "1 if it enters the total", "formula", 8, "Result"),
        Column("present_value", "Present value", "What it is worth in all", "formula", 15, "Result"),
    ),
    frozen=3, noun=Outcome,
)  # fmt: skip

WITHOUT_MONEY = Table(
    "Without money", "outcomes", "The same outcomes by importance: rank 1 matters most to the people; a weight says how much.",
    (
        Column("id", "Id", "The id of the outcome", "text", 18),
        Column("label", "Outcome", "From the sheet Outcomes", "formula", 50),
        Column("who", "Stakeholder", "From the sheet Outcomes", "formula", 18),
        _column(Outcome, "rank", "whole", 10), _column(Outcome, "weight", "number", 10),
        Column("changed", "How many changed", "From the sheet Outcomes", "formula", 16),
        Column("weighted", "Weight x quantity", "Importance of the whole change, without money", "formula", 18),
    ),
    frozen=1, noun=Outcome,
)  # fmt: skip

EVIDENCE = Table(
    "Evidence", "evidence", "What is known of each number: its range, source and reason. Survey counts give a share.",
    (
        Column("name", "Number", "Its name, such as gp_visits.deadweight; .2 for year 2", "text", 32),
        *(_column(Estimate, key, kind, width, band, *choices) for key, kind, width, band, choices in (
            ("low", "number", 11, "Range", ()), ("high", "number", 11, "Range", ()), ("shape", "text", 14, "Range", ()),
            ("source", "text", 40, "Where it comes from", ()), ("note", "text", 44, "Where it comes from", ()),
            ("confidence", "text", 11, "Where it comes from", ("red", "amber", "green")),
            ("sample_size", "whole", 10, "Where it comes from", ()),
            ("observed", "text", 10, "Where it comes from", _YES_NO))),
        Column("survey.yes", "Yes", "How many answered yes", "whole", 8, "Survey counts"),
        Column("survey.asked", "Asked", "How many answered at all", "whole", 8, "Survey counts"),
        Column("survey.invited", "Invited", "How many were invited to answer", "whole", 8, "Survey counts"),
        Column("survey.population", "Population", "How many people it speaks for", "whole", 11, "Survey counts"),
        Column("experts", "Experts", "low / likely / high of each, with ; between them", "text", 30, "Experts"),
    ),
    spare=20, noun=Estimate,
)  # fmt: skip

MORE = Table(
    "More", "more", "Scenarios, correlations and printed figures.",
    (
        Column("kind", "Kind", "scenario, correlation or published", "text", 14, "", ("scenario", "correlation", "published")),
        Column("name", "Name", "The scenario's name; the correlation's number; the figure printed", "text", 22),
        Column("key", "Number", "The number it speaks of, value, tolerance or source", "text", 36),
        Column("value", "Value", "", "text", 40),
    ),
    noun=Stakeholder,
)  # fmt: skip

TABLES = (STAKEHOLDERS, INVOLVEMENT, INPUTS, OUTCOMES, OUTPUTS, EVIDENCE, WITHOUT_MONEY, MORE)

# The sheet Map: one setting a row. (key, choices); the words come from the nouns.
_SETTINGS: tuple[tuple[str, type[Noun], tuple[str, ...]], ...] = (
    ("title", ImpactMap, ()), ("organisation", ImpactMap, ()), ("activities", ImpactMap, ()),
    ("analysis", ImpactMap, ("forecast", "evaluative")), ("currency", ImpactMap, ()), ("price_year", ImpactMap, ()),
    ("activity.start", Activity, ()), ("activity.years", Activity, ()),
    ("negative_outcomes_sought", ImpactMap, ()),
    *((f"narrative.{name}", Narrative, ()) for name in Narrative.model_fields),
    ("conventions.discount_rate", Conventions, ()), ("conventions.discount_timing", Conventions, TIMINGS),
    ("conventions.input_timing", Conventions, TIMINGS), ("conventions.present_at", Conventions, ()),
    ("conventions.deductions", Conventions, ("multiply", "add")),
    ("conventions.drop_off_from", Conventions, ("second_year", "first_year")),
)  # fmt: skip


def settings() -> list[Column]:
    """Return the settings of the sheet Map, top to bottom."""
    rows = []
    for key, noun, choices in _SETTINGS:
        info = noun.model_fields[key.rpartition(".")[2]]
        rows.append(Column(key, info.title or key, info.description or "", "text", 20, "", choices))
    return rows


SETTINGS_SHEET = "Map"
SETTINGS_FIRST = 4  # the first setting's row, counted from 0; column A holds the hidden key, B the label, C the value


def setting_row(key: str) -> int:
    """Return the row of a setting, counted from 0."""
    return SETTINGS_FIRST + [setting[0] for setting in _SETTINGS].index(key)


YEARS_SHEET = "Years"


def height_of(texts: Iterable[tuple[str, int]]) -> float:
    """Return the height [points] of a row that shows these texts whole, each in a column of its width [letters]."""
    lines = [sum(math.ceil(max(len(line), 1) * 1.12 / width) for line in text.split("\n")) for text, width in texts]
    return 13.5 * min(max(lines, default=1), 25)
