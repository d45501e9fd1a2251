"""The form of a contract: the contract, its indicators, the buyer's bands, the periods assessed and their results."""

from __future__ import annotations

from sroi.commissioning.contract.example import EXAMPLE
from sroi.commissioning.contract.facts import NO_BANDS_IN_LAW, NOT_ADVICE, RATING_NAMES
from sroi.commissioning.contract.nouns import (
    BREACH_KINDS,
    BUYER_KINDS,
    BY_CONTRACT,
    BY_PERIOD,
    BY_YEAR,
    KINDS,
    LAWS,
    LESS,
    MORE,
)
from sroi.files.form import Column, Form, Part

__all__ = ["EXAMPLE", "FORM"]

_CONTRACT = Part(
    "contract",
    "Contract",
    "The contract as it was entered into: who, what, how much, from when to when.",
    (
        Column("title", "Title of the procurement", "title", "As the tender notice gives it.", required=True),
        Column("buyer", "Contracting authority", "title", "The buyer's name.", required=True),
        Column("buyer_kind", "Kind of buyer", "choice", "PPN 026 asks for it.", choices=BUYER_KINDS),
        Column("law", "Procured under", "choice", "Empty: the Procurement Act 2023.", choices=LAWS),
        Column(
            "kind",
            "Kind of contract",
            "choice",
            "Some kinds are exempt from indicators.",
            required=True,
            choices=tuple(KINDS),
        ),
        Column("procedure", "Procedure", help="Such as open procedure."),
        Column("model", "Social value model that the tender names", help="Such as PPN 002, or the council's own."),
        Column("procurement_id", "Identifier of the procurement", help="Such as the ocid on Find a Tender."),
        Column("contract_id", "Identifier of the contract", help="Such as MB-2025-014."),
        Column("supplier", "Supplier", "title", "Its name.", required=True),
        Column("supplier_id", "Identifier of the supplier", help="Such as its company or PPON number."),
        Column(
            "supplier_contact", "Contact of the supplier", help=("An address of the organisation, not a private one.")
        ),
        Column(
            "value_with_vat",
            "Estimated value with VAT (£)",
            "money",
            "Over the whole contract. Section 52 asks for this one.",
            low=0,
        ),
        Column("value_without_vat", "Estimated value without VAT (£)", "money", "If you know it.", low=0),
        Column("procurement_began", "Procurement began", "day", "The day of the tender notice."),
        Column(
            "entered", "Contract entered into", "day", "The day on which it was signed: notices are counted from it."
        ),
        Column("starts", "Contract starts", "day", "The first day of its life.", required=True),
        Column("ends", "Contract ends", "day", "The last day of its life.", required=True),
        Column("terminated", "Terminated early on", "day", "Only if it was."),
        Column(
            "kpis_unfit",
            "Indicators are no way to assess it",
            "yes_no",
            "Yes, if the authority considers so (s.52(2)).",
        ),
        Column("kpis_unfit_reason", "Why not", help="The authority's reason."),
        Column("details_notice_on", "Contract details notice published", "day", "The day, once it is."),
        Column("contract_published_on", "Contract published", "day", "The day, once it is."),
        Column("first_quarter_end", "A quarter for payments ends on", "day", "Empty: calendar quarters."),
    ),
    single=True,
)

_BANDS = Part(
    "bands",
    "Bands",
    f"How close is close: your own bands, stated before the contract. {NO_BANDS_IN_LAW}",
    (
        Column(
            "approaching_from",
            "'Approaching target' from (share of target)",
            "share",
            "Such as 90%: from there it is close.",
        ),
        Column(
            "improvement_from",
            "'Requires improvement' from (share of target)",
            "share",
            "Such as 70%: below it performance is inadequate.",
        ),
        Column("stated_on", "Stated on", "day", "The day on which bidders or the supplier were told."),
        Column("stated_in", "Stated in", help="Such as tender documents, schedule 4."),
    ),
    single=True,
    required=False,
)

_KPIS = Part(
    "kpis",
    "KPIs",
    "The key performance indicators that the contract sets.",
    (
        Column("id", "Id", "id", "A short name: local_jobs.", required=True),
        Column("name", "Indicator", "title", "What people call it.", required=True),
        Column("measure", "What is measured", help="What is counted, and what is not."),
        Column("unit", "Unit", help="Such as weeks, jobs, GBP, share of visits."),
        Column("target", "Target", "number", "A number in the unit."),
        Column(
            "target_for",
            "The target is for",
            "choice",
            "A year's sum, a figure for any period (such as a share), or the whole contract's sum.",
            required=True,
            choices=(BY_YEAR, BY_PERIOD, BY_CONTRACT),
        ),
        Column(
            "direction",
            "Which way is better",
            "choice",
            "Waiting days: less is better.",
            required=True,
            choices=(MORE, LESS),
        ),
        Column("source", "Source of the figures", help="Who counts, from which record."),
        Column("most_material", "One of the three most material", "yes_no", "The notice describes three."),
        Column("social_value", "Social value", "yes_no", "Yes, if it is one of the social value commitments."),
        Column("committed", "Promised in the bid", "number", "For the same span as the target."),
        Column("register_measure", "Measure in the delivery register", help="Its id there, if you keep one."),
        Column(
            "approaching_at",
            "'Approaching target' at",
            "number",
            "Only if this indicator has a limit of its own, in its unit.",
        ),
        Column("improvement_at", "'Requires improvement' at", "number", "As before."),
    ),
    required=False,
    key=("id",),
)

_PERIODS = Part(
    "periods",
    "Periods",
    "The periods over which performance is assessed, none longer than twelve months.",
    (
        Column("id", "Period", "id", "Such as year_1.", required=True),
        Column("begins", "First day", "day", required=True),
        Column("ends", "Last day", "day", required=True),
        Column("assessed_on", "Assessed on", "day", "The day of the authority's assessment, once it is."),
        Column("published_on", "Notice published on", "day", "The day of the contract performance notice."),
    ),
    required=False,
    key=("id",),
)

_RESULTS = Part(
    "results",
    "Results",
    "What was reached, and the authority's rating.",
    (
        Column("period", "Period", "text", "Its id, such as year_1.", required=True, refers_to="periods.id"),
        Column("kpi", "Indicator", "text", "Its id.", required=True, refers_to="kpis.id"),
        Column("actual", "Reached", "number", "In the indicator's unit."),
        Column("target", "Target of this period", "number", "Only if the contract gives this period another."),
        Column("evidence", "Evidence", help="The record that shows it."),
        Column(
            "rating",
            "The authority's rating",
            "choice",
            "Its decision; the program only proposes.",
            choices=RATING_NAMES,
        ),
        Column("reason", "Reason", help="Needed where the rating differs from the one proposed."),
    ),
    required=False,
    key=("period", "kpi"),
)

_BREACHES = Part(
    "breaches",
    "Breaches",
    "What has to be published within 30 days beside the yearly rating (s.71(3)-(5)).",
    (
        Column("on", "Day", "day", "Of the termination, damages or settlement, or of the decision.", required=True),
        Column("kind", "Kind", "choice", required=True, choices=BREACH_KINDS),
        Column("what", "What happened", "title", "In a sentence, as it would be published.", required=True),
        Column("published_on", "Published on", "day"),
    ),
    required=False,
)

FORM = Form(
    "contract",
    "A contract: its indicators, yearly rating and notices",
    (
        "Fill in Contract and KPIs when the contract is made, Periods and Results when performance is assessed.",
        "State the bands before the contract: the law gives five ratings and no number for how close is close.",
        f"`sroi commission contract FILE` says what is missing, proposes ratings and lists what is due. {NOT_ADVICE}",
    ),
    (_CONTRACT, _BANDS, _KPIS, _PERIODS, _RESULTS, _BREACHES),
)
