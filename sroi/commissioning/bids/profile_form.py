"""What a buyer's profile asks for, sheet by sheet."""

from __future__ import annotations

from sroi.commissioning.bids.example import PROFILE_EXAMPLE as EXAMPLE
from sroi.commissioning.bids.profile import LIMITS, METHODS, TOTALS
from sroi.files.form import Column, Form, Part

__all__ = ["EXAMPLE", "FORM"]

_CRITERION_METHODS = tuple(dict.fromkeys(method for methods in METHODS.values() for method in methods))

_TENDER = Part(
    "tender",
    "Tender",
    "What holds for the whole tender, and the rules by which points become a ranking.",
    (
        Column("reference", "Reference", "title", "The tender's reference, such as MB-2025-014.", required=True),
        Column("title", "Title", "title", "What is bought.", required=True),
        Column("buyer", "Buyer", "title", "Who buys.", required=True),
        Column("bids_open", "Day on which bids are opened", "day",
               "The day planned, such as 2025-04-28. The profile is locked before it.", required=True),
        Column("currency", "Currency", "choice", "The currency of all prices.", choices=("GBP", "EUR", "USD")),
        Column("contract_value", "Estimated value of the contract", "money",
               "Over its whole length, on the same basis (with or without VAT) as the bids' prices.", low=0),
        Column("years", "Years of the contract", "number", "Its length, such as 5.", low=0),
        Column("total", "How points become a total", "choice",
               "weighted_sum adds the points of all criteria, the price among them. The others set the whole price "
               "against the points of all else, and have no criterion for the price.", choices=TOTALS),
        Column("willingness_to_pay", "Money for one per cent of quality", "money",
               "For willingness_to_pay only: what one per cent of the points is worth.", low=0),
        Column("rounding", "Rounding", "choice",
               "for_show: totals are compared exactly, figures are rounded only where they are shown. each_score: the "
               "points of each criterion are rounded, halves upwards, before they are added.",
               choices=("for_show", "each_score")),
        Column("decimals", "Decimals", "whole", "To how many decimals points are rounded or shown: 2 if left out.",
               low=0, high=6),
        Column("tie_criterion", "What decides a tie", "text",
               "The id of the criterion whose points decide. Left out: a tie is shown as a tie.",
               refers_to="criteria.id"),
        Column("unmoderated", "Scores that differ and are not moderated", "choice",
               "must_be_moderated: nothing is ranked until the panel has agreed. mean: the mean of the panel's scores "
               "counts.", choices=("must_be_moderated", "mean")),
        Column("moderate_beyond", "Spread that calls for moderation", "share",
               "Individual scores further apart than this share of full marks are flagged, such as 25%."),
        Column("most_measures", "Most measures in this tender", "whole",
               "Your own rule for how many measures bidders are asked to answer.", low=1),
        Column("most_measures_per_bid", "Most measures in a bid", "whole",
               "The most measures to which one bid may commit.", low=1),
        Column("price_low", "Lowest plausible price", "money", "Below it, a price is flagged for clarification.",
               low=0),
        Column("price_high", "Highest plausible price", "money", "Above it, a price is flagged for clarification.",
               low=0),
        Column("unusual_times", "How far from the other bids is unusual", "number",
               "A commitment for each unit of price, or for each person, that is more than this many times the middle "
               "one of the other bids is flagged, such as 3. Left out: the bids are not held against each other.",
               low=1),
    ),
    single=True,
)  # fmt: skip

_CRITERIA = Part(
    "criteria",
    "Criteria",
    "What is scored, and by which formula. The weights make 100 %, exactly: nothing is scaled for you.",
    (
        Column("id", "Id", "id", "A short name, such as price.", required=True),
        Column("title", "Criterion", "title", "As the tender says it.", required=True),
        Column("kind", "Kind", "choice", "What is scored: the price, commitments in numbers, what people judge, or a "
               "stated SROI ratio, which scores nothing unless it stands here.", required=True, choices=tuple(METHODS)),
        Column("method", "Formula", "choice", "How it is scored; the docs say each formula with an example.",
               required=True, choices=_CRITERION_METHODS),
        Column("weight", "Weight", "share", "Its share of the total, such as 40%. Left out where quality is priced "
               "(value_net_of_quality_price)."),
        Column("group", "Group", "title", "What it belongs to in the tender, such as Social value."),
        Column("threshold", "Least share of marks", "share",
               "A bid that earns less on this criterion is set aside. Left out: no threshold."),
        Column("full_marks_price", "Price with full marks", "money", "For linear_between_set_prices only.", low=0),
        Column("no_marks_price", "Price with no marks", "money", "For linear_between_set_prices only.", low=0),
        Column("money_value", "Money for full marks", "money", "For value_net_of_quality_price only.", low=0),
        Column("conventions", "Conventions prescribed", "text", "For an SROI ratio only: duration, deductions, "
               "discount rate and values that all bidders must use."),
        Column("description", "What it looks at", "text", "As the tender says it."),
    ),
    key=("id",),
)  # fmt: skip

_MEASURES = Part(
    "measures",
    "Measures",
    "What bidders may commit to in numbers. The plausible range is yours: the program holds no benchmarks.",
    (
        Column("id", "Id", "id", "A short name, such as apprentice_weeks.", required=True),
        Column("title", "Measure", "title", "As the tender says it.", required=True),
        Column("unit", "Unit", "title", "What one of it is: week, hour, GBP.", required=True),
        Column("criterion", "Criterion", "text", "The id of the criterion under which it is scored.", required=True,
               refers_to="criteria.id"),
        Column("value", "Money for a unit", "money",
               "For proportional_to_best_highest_best: what a unit counts for.", low=0),
        Column("weight", "Weight within the criterion", "share",
               "For weighted_sum: its share of the criterion's marks; those of a criterion make 100 %."),
        Column("mandatory", "Mandatory", "yes_no", "yes: a bid that commits to nothing here is set aside."),
        Column("low", "Least plausible", "number", "Over the whole contract; less is flagged.", low=0),
        Column("high", "Most plausible", "number", "Over the whole contract; more is flagged.", low=0),
        Column("limit", "More than it could hold", "number", "More than this cannot be done in this contract.", low=0),
        Column("limit_by", "What else bounds it", "choice",
               "workforce: no more than the people the bidder puts on the contract. workforce_weeks: those people "
               "times 52 weeks times the years. price: no more than the bid's price.", choices=LIMITS),
        Column("source", "Source", "text", "Where the value and the range come from."),
    ),
    required=False,
    key=("id",),
)  # fmt: skip

_BANDS = Part(
    "bands",
    "Bands",
    "Your own scale for what people judge. No scale is built in.",
    (
        Column("name", "Band", "title", "Such as Good.", required=True),
        Column("share", "Share of full marks", "share", "What it earns, such as 75%.", required=True),
        Column("meaning", "Meaning", "text", "When it is given, as the tender says it."),
        Column(
            "criterion",
            "Criterion",
            "text",
            "The id of the one criterion it is for. Left out: for all.",
            refers_to="criteria.id",
        ),
    ),
    required=False,
    key=("name", "criterion"),
)

_QUESTIONS = Part(
    "questions",
    "Questions",
    "What every bidder is asked on ethics and on the supply chain, overseas tiers included.",
    (
        Column("id", "Id", "id", "A short name, such as modern_slavery.", required=True),
        Column("title", "Question", "title", "As the tender asks it.", required=True),
        Column("about", "About", "choice", "What it is about.", required=True,
               choices=("modern_slavery", "pay", "subcontracting", "environment", "conduct", "other")),
        Column("must_pass", "Must be passed", "yes_no", "yes: a bid that fails it is set aside."),
    ),
    required=False,
    key=("id",),
)  # fmt: skip

FORM = Form(
    "bids_profile",
    "The buyer's profile for scoring bids",
    (
        "What the tender publishes about scoring: criteria, weights, formulas, thresholds, measures and bands.",
        "The program is a calculating aid, not legal advice.",
        "Try it out on made-up bids first: sroi commission bids THIS_FILE --try.",
        "Then lock it, before bids are opened: sroi commission bids lock THIS_FILE. A change afterwards is noticed.",
    ),
    (_TENDER, _CRITERIA, _MEASURES, _BANDS, _QUESTIONS),
)
