"""What the bridge asks for: what of a register is an outcome, what would have happened anyway, what was put in."""

from __future__ import annotations

from sroi.commissioning.bridge.example import EXAMPLE
from sroi.commissioning.delivery.standing import COUNTABLE
from sroi.files.form import Column, Form, Part
from sroi.framing import TIMINGS

__all__ = ["ASKED_SHARES", "EXAMPLE", "FORM", "KINDS_OF_MEASURE", "WHAT_INPUTS"]

# What a measure counts. Only an outcome is a change in somebody's life.
KINDS_OF_MEASURE = ("outcome", "output", "activity", "spend")
WHAT_INPUTS = ("added cost of social value", "whole price", "other")
# Asked for one by one, each with its reason.
ASKED_SHARES = ("deadweight", "displacement", "attribution", "drop_off")

_SHARE_HELP = {
    "deadweight": "What would have happened without this contract, such as 40%; 0% only with a reason",
    "displacement": "What only moved from somebody else, such as 10%; 0% only with a reason",
    "attribution": "What is owed to others who helped, such as 25%; 0% only with a reason",
    "drop_off": "What fades from one year to the next, such as 20%; 0% only with a reason",
}
_SHARE_NAMES = {
    "deadweight": "Deadweight",
    "displacement": "Displacement",
    "attribution": "Attribution (owed to others)",
    "drop_off": "Drop-off",
}


def _shares() -> tuple[Column, ...]:
    """Return each share's column with that of its reason."""
    return tuple(
        column
        for name in ASKED_SHARES
        for column in (
            Column(name, _SHARE_NAMES[name], "share", _SHARE_HELP[name]),
            Column(f"{name}_reason", f"{_SHARE_NAMES[name].split(' (')[0]}: why", "text", "The source, or the reason"),
        )
    )


_SETTINGS = Part(
    "bridge",
    "Bridge",
    "What the impact map is, which quantities of the register it takes, and the rules by which it is reckoned.",
    (
        Column("title", "Title", "title", "Of the map, such as Grounds maintenance, year 1", True),
        Column("organisation", "Organisation", "text", "Whose work it tells of"),
        Column("basis", "Basis", "choice", "delivered: an evaluation of what was done; committed: a forecast", True, ("delivered", "committed")),  # noqa: E501
        Column("count", "States that count", "list", "For delivered; empty: validated", choices=COUNTABLE),
        Column("on", "As of", "day", "The day at whose end the register is read; empty: the day up to which it is complete"),  # noqa: E501
        Column("contracts", "Contracts", "list", "Their references with semicolons; empty: all of the register"),
        Column("starts", "Activity starts", "day", "First day of year 1, such as 2025-09-01", True),
        Column("years", "Years of activity", "whole", "Quantities fall into the years in which they were delivered or are due", True, low=1, high=100),  # noqa: E501
        Column("price_year", "Price year", "text", "Of the map, such as 2025", True),
        Column("other_prices", "Values in other prices", "choice", "uprate: bring them to the map's prices by the GDP deflator; keep: leave them, and say so", choices=("uprate", "keep")),  # noqa: E501
        Column("discount_rate", "Discount rate", "text", "Such as 3.5%, or uk_green_book", True),
        Column("discount_timing", "Discount timing", "choice", "When in its year a value falls; none: not discounted", True, TIMINGS),  # noqa: E501
        Column("negative_outcomes_sought", "Changes for the worse", "text", "How you looked for them"),
        Column("limits", "Limits", "text", "What the map cannot say"),
    ),
    single=True,
)  # fmt: skip

_STAKEHOLDERS = Part(
    "stakeholders",
    "Stakeholders",
    "Who changes, and who puts something in: the buyer too.",
    (
        Column("id", "Id", "id", "Such as apprentices", True),
        Column("name", "Name", "title", "What people read", True),
        Column("size", "Size", "number", "How many people or organisations, if it is known", low=0),
    ),
    key=("id",),
)

_INPUTS = Part(
    "inputs",
    "Inputs",
    "What was put in. Say whether it is the contract's added cost of social value, or its whole price.",
    (
        Column("id", "Id", "id", "Such as added_cost", True),
        Column("stakeholder", "Stakeholder", "id", "Who puts it in: the stakeholder's id", True, refers_to="stakeholders.id"),  # noqa: E501
        Column("what", "What it is", "choice", "Added cost or whole price: the ratio means another thing", True, WHAT_INPUTS),  # noqa: E501
        Column("description", "Description", "text", "Such as added cost in the price of year 1"),
        Column("value", "Value", "money", "In the map's currency and prices", True, low=0),
        Column("source", "Source", "text", "Where the figure comes from", True),
    ),
    key=("id",),
)  # fmt: skip

_ANSWERS = Part(
    "answers",
    "Answers",
    "A row for every measure of the register. One that is no change in somebody's life: counts no, with the reason.",
    (
        Column("measure", "Measure", "id", "The measure's id in the register", True),
        Column("what", "What it counts", "choice", "Only an outcome is a change in somebody's life", True, KINDS_OF_MEASURE),  # noqa: E501
        Column("counts", "Counts", "yes_no", "no keeps it out of the value; it is told all the same", True),
        Column("reason", "Why", "text", "Needed where it does not count, or counts and is no outcome"),
        Column("stakeholder", "Stakeholder", "id", "Who changes", refers_to="stakeholders.id"),
        Column("outcome", "Outcome", "text", "The change in their life, in words"),
        Column("proxy", "Value of one for a year", "number", "Empty: the register's; else a value of your own"),
        Column("proxy_source", "Source of that value", "text", "Needed for a value of your own"),
        Column("proxy_price_year", "Price year of that value", "text", "Empty: the map's"),
        Column("starts", "Starts", "choice", "In the year of the delivery, or the year after; empty: during", choices=("during", "after")),  # noqa: E501
        Column("duration", "Duration", "number", "How many years the change lasts, such as 1", low=0, high=100),
        Column("duration_reason", "Duration: why", "text", "The source, or the reason"),
        *_shares(),
    ),
    key=("measure",),
)  # fmt: skip

FORM = Form(
    "bridge",
    "From a register to an impact map",
    (
        "A register adds quantity times value. An impact map asks what would have happened anyway.",
        "Every deduction is asked for, for each measure. 0 % is an answer only with its reason.",
        "Both totals then stand side by side, with what makes them differ, step by step.",
    ),
    (_SETTINGS, _STAKEHOLDERS, _INPUTS, _ANSWERS),
)
