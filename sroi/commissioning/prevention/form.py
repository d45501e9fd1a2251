"""What the form of a case for prevention asks for; its example stands in `example`."""

from __future__ import annotations

from sroi.commissioning.prevention.example import EXAMPLE
from sroi.files.form import Column, Form, Part

__all__ = ["EXAMPLE", "FORM"]

_SETTINGS = Part(
    "settings",
    "Settings",
    "The case as a whole. What is left blank here is named as an open question in the paper.",
    (
        Column("title", "Title", help="Steady on your feet, Millbrook", required=True),
        Column("organisation", "Organisation", help="Who makes the case"),
        Column("activities", "What is done", help="What is done to prevent the events, in a sentence"),
        Column("analysis", "Kind of analysis", "choice", "forecast before, evaluative after; blank: forecast",
               choices=("forecast", "evaluative")),
        Column("currency", "Currency", help="ISO 4217, such as GBP; may be blank where a value map is given"),
        Column("price_year", "Price year", help="2024 or 2023/24: the year of all costs here; blank with a value map"),
        Column("start", "First day", "day", "The day on which year 1 begins, as 2025-09-01"),
        Column("discount_rate", "Discount rate", help="3.5%, or the name of a schedule (sroi rates); blank: 3.5%"),
        Column("discount_timing", "When savings fall in a year", "choice", "blank: end_of_year",
               choices=("end_of_year", "mid_year", "start_of_year", "none")),
        Column("input_timing", "When money is put in in a year", "choice", "blank: start_of_year",
               choices=("end_of_year", "mid_year", "start_of_year", "none")),
        Column("system_change", "What will work differently", help="What changes in how things work, and for whom"),
        Column("after", "What stays afterwards", help="What goes on when the money ends"),
        Column("leverage", "Point of leverage", help="Where a little effort moves much, and why there"),
        Column("hollow_success", "What would be no success", help="What would look like success and be none: fewer stays because beds are full"),  # noqa: E501
        Column("negative_outcomes_sought", "Negative outcomes sought", help="How, of whom and when"),
        Column("note", "Limits", help="What the case cannot say; whether its figures are invented"),
    ),
    single=True,
)  # fmt: skip

_EVENTS = Part(
    "events",
    "Events",
    "What is to be prevented. Rates are events a year for each so many people.",
    (
        Column("id", "Id", "id", "A short name, such as hospital_stays", required=True),
        Column("event", "Event", help="Unplanned hospital stays after a fall", required=True),
        Column("people", "People", help="Those who could meet it: residents over 70 who fear to fall", required=True),
        Column("unit", "One event is", help="stay", required=True),
        Column("per", "Rates are for each", "number", "1,000 if rates are for 1,000 people; blank: 1", low=1e-9),
        Column("baseline_rate", "Baseline rate", "number", "Events a year before, or elsewhere", required=True, low=0),
        Column("baseline_low", "Baseline, low", "number", "Low end of its range; both ends or none", low=0),
        Column("baseline_high", "Baseline, high", "number", "High end of its range", low=0),
        Column("baseline_from", "Baseline is of", help="Period and place: Millbrook, 2022 to 2024", required=True),
        Column("baseline_source", "Source of the baseline", help="Who counted it, and where it stands", required=True),
        Column("trend", "Baseline's own trend", "number", "What the rate would have done a year by itself: -0.02 is 2 % down; 0 if nothing; blank: nobody knows", low=-1, high=1),  # noqa: E501
        Column("trend_source", "Source of the trend", help="Five years of counts, Millbrook"),
        Column("expected_rate", "Expected rate", "number", "With the programme, in years not counted yet", low=0),
        Column("expected_low", "Expected, low", "number", "Low end of its range; both ends or none", low=0),
        Column("expected_high", "Expected, high", "number", "High end of its range", low=0),
        Column("expected_source", "Source of the expected rate", help="A pilot, a review; say which"),
        Column("attribution", "Owed to others", "share", "Share of what is averted that others bring about: 20 %", required=True),  # noqa: E501
        Column("attribution_why", "Why so much", help="The falls clinic sees half of them", required=True),
        Column("displacement", "Moved elsewhere", "share", "Share that only moves elsewhere; 0 % if nothing", required=True),  # noqa: E501
        Column("displacement_why", "Why so much moved", help="Nobody else falls because of it", required=True),
    ),
    key=("id",),
)  # fmt: skip

_YEARS = Part(
    "years",
    "Years",
    "A row for each event and year: how many people could have met the event, and how many events were counted.",
    (
        Column("event", "Event's id", "id", "As on the sheet Events", required=True, refers_to="events.id"),
        Column("year", "Year", "whole", "1 for the first year", required=True, low=1, high=60),
        Column("exposed", "People", "number", "How many could have met it", required=True, low=0, high=1e10),
        Column("observed", "Events counted", "number", "Blank until it is counted: the expected rate then stands in", low=0),  # noqa: E501
        Column("source", "Source of the count", help="Hospital records, to March 2027"),
    ),
    key=("event", "year"),
)  # fmt: skip

_COSTS = Part(
    "costs",
    "Costs",
    "What one event costs each body: who would save. A body of the same name on the sheet Funding is the same body.",
    (
        Column("event", "Event's id", "id", "As on the sheet Events", required=True, refers_to="events.id"),
        Column("agency", "Body", help="Who bears it: NHS", required=True),
        Column("unit_cost", "Cost of one event", "money", "Blank if an entry of the register is named", low=0),
        Column("unit_cost_low", "Cost, low", "money", "Low end of its range; both ends or none", low=0),
        Column("unit_cost_high", "Cost, high", "money", "High end of its range", low=0),
        Column("price_year", "Price year of the cost", help="If it is another than the case's: it is then brought there"),  # noqa: E501
        Column("register", "Entry of the register", help="An id (sroi proxies search): gmca14_he7_0_2_fiscal"),
        Column("cashable", "Share that is cash", "share", "What the body could really stop paying; blank: not known"),
        Column("falls", "When it is saved", "list", "Shares by year, the event's own first: 50%; 30%; 20%. Blank: all in the year of the event"),  # noqa: E501
        Column("value_type", "Kind of value", "choice", "blank: fiscal, a public budget",
               choices=("fiscal", "economic", "social", "environmental")),
        Column("source", "Source of the cost", help="Where it stands; blank if an entry of the register is named"),
    ),
)  # fmt: skip

_FUNDING = Part(
    "funding",
    "Funding",
    "What is put in: a row for each body and year. May be blank only where the case is put into a value map.",
    (
        Column("payer", "Body", help="Millbrook Council", required=True),
        Column("what", "What for", help="Strength and balance classes", required=True),
        Column("kind", "Kind", "choice", "Time is no money out of a budget", choices=("money", "time", "goods")),
        Column("year", "Year", "whole", "1 for the first year", required=True, low=1, high=60),
        Column("amount", "Amount", "money", "In the case's currency and prices", required=True, low=0),
        Column("source", "Source", help="The contract, the budget"),
    ),
    required=False,
)  # fmt: skip

_PARTNERS = Part(
    "partners",
    "Partners",
    "Who has to be there for it to work, those whom it concerns first.",
    (
        Column("name", "Name", help="Residents over 70", required=True),
        Column("brings", "Brings", help="What nobody else can bring: knows who has fallen"),
        Column("joined", "Has joined", "yes_no", "yes or no", required=True),
        Column("how", "How", help="A forum that meets each quarter"),
    ),
    required=False,
    key=("name",),
)

_INDICATORS = Part(
    "indicators",
    "Indicators",
    "Signs that come before the events. A reading at a threshold has reached it.",
    (
        Column("id", "Id", "id", "A short name, such as missed_classes", required=True),
        Column("indicator", "Sign", help="People who missed three classes in a row", required=True),
        Column("unit", "Unit", help="people in a month"),
        Column("direction", "Which way is worse", "choice", "higher or lower", required=True,
               choices=("higher_is_worse", "lower_is_worse")),
        Column("amber", "Amber from", "number", "Look at it from here", required=True),
        Column("red", "Red from", "number", "Act from here", required=True),
        Column("ahead", "How far ahead", help="About three months"),
        Column("who_acts", "Who acts", help="The class leader telephones"),
        Column("source", "Source", help="Registers of the classes"),
    ),
    required=False,
    key=("id",),
)  # fmt: skip

_READINGS = Part(
    "readings",
    "Readings",
    "A row for each reading of a sign.",
    (
        Column("indicator", "Sign's id", "id", "As on the sheet Indicators", required=True, refers_to="indicators.id"),
        Column("day", "Day", "day", "2025-10-31", required=True),
        Column("value", "Value", "number", "In the sign's unit", required=True),
    ),
    required=False,
    key=("indicator", "day"),
)

_HARMS = Part(
    "harms",
    "Harms",
    "Harms that were looked for, found or not.",
    (
        Column("harm", "Harm", help="Strains and injuries in class", required=True),
        Column("asked", "Of whom it was asked", help="Members, class leaders", required=True),
        Column("how", "How", help="Accident book; five telephone calls each quarter"),
        Column("found", "Found", "yes_no", "yes, no, or blank: not looked at yet"),
        Column("what", "What was found", help="Two strains in the first year"),
        Column("answer", "What is done about it", help="A slower group was added"),
    ),
    required=False,
)

FORM = Form(
    "prevention",
    "A case for prevention",
    (
        "What did not happen, who pays for it and who saves, and what shows early that something goes wrong.",
        "Begin with Events and Years: how many events the baseline gives, and how many there are.",
        "More events than the baseline gives are told as a harm; nothing is set to nil.",
        "Questions whose fields are left blank are named as open in the paper.",
    ),
    (_SETTINGS, _EVENTS, _YEARS, _COSTS, _FUNDING, _PARTNERS, _INDICATORS, _READINGS, _HARMS),
)
