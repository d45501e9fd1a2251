"""The glossary on one page: words of docs/glossary.md, in its own order and sentences, without the program's names."""

from __future__ import annotations

from sroi.reports.handout import Heading, Rows, Sheet, Terms, plain_words
from sroi.shipped import folder
from sroi.teaching.handouts.sources import parsed, words

TITLE = "Words of Social Return on Investment"
SUBTITLE = (
    "One page to keep at hand. Shares are said in per cent. **Attribution is printed in two ways:** here it is what is "
    "owed to others, and is taken off; many reports print what they claim themselves. Find out which before you copy."
)

# What the page shows; the rest of the full glossary is how this program does things, and words for those who reckon.
ON_THE_PAGE = frozenset(
    {"Value map", "Stakeholder", "Input", "Output", "Outcome", "Indicator", "Quantity", "Amount of change"}
    | {"Financial proxy", "Duration", "Cohort", "Materiality", "Deadweight", "Displacement", "Attribution", "Drop-off"}
    | {"Discount rate", "Timing", "Present value", "Deductions", "Total present value", "Net present value, NPV"}
    | {"SROI ratio", "Net ratio", "Payback", "Ladder", "Forecast", "Evaluative", "Finding", "Base case", "Range"}
    | {"One-way variation", "Switching value", "Range, interval", "Driver", "Value of information", "Scenario"}
)


def glossary() -> Sheet:
    """Return the one-page glossary."""
    return one_page((folder("docs") / "glossary.md").read_text(encoding="utf-8"))


def one_page(text: str) -> Sheet:
    """Return a glossary's tables as a sheet of words and meanings: the first two columns, under their headings."""
    parts: list[Heading | Terms] = []
    heading: Heading | None = None
    for part in parsed(text):
        if isinstance(part, Heading):
            heading = part
        elif isinstance(part, Rows) and heading is not None:
            pairs = tuple((row[0], row[1]) for row in part.rows if plain_words(row[0]) in ON_THE_PAGE)
            if pairs:
                parts += [Heading(heading.words, 1), Terms(pairs)]
    return Sheet(TITLE, words(SUBTITLE), tuple(parts), letter=9.8, columns=2)
