"""What a file of bids asks for, sheet by sheet, and the illustrative example."""

from __future__ import annotations

from sroi.commissioning.bids.example import EXAMPLE
from sroi.files.form import Column, Form, Part

__all__ = ["EXAMPLE", "FORM"]

_OUTCOMES = ("pass", "fail", "clarify")
_BIDDER = Column("bidder", "Bidder", "text", "The bidder's id.", required=True, refers_to="bidders.id")
_CRITERION = Column("criterion", "Criterion", "text", "The id of a criterion of the profile.", required=True)
_BAND = Column("band", "Band", "title", "A band of the profile; pass or fail where that is asked.", required=True)

_OPENING = Part(
    "opening",
    "Opening",
    "Which tender, and when its bids were opened. One file holds the bids for one contract or lot.",
    (
        Column("reference", "Reference", "title", "The tender's reference, as in the profile.", required=True),
        Column("bids_opened", "Day on which bids were opened", "day", "Such as 2025-04-28.", required=True),
        Column("made_up", "Made up", "yes_no",
               "yes: these bids are invented to try a profile out. They are never evaluated."),
        Column("note", "Note", "text", "Anything that a reader should know."),
    ),
    single=True,
)  # fmt: skip

_BIDDERS = Part(
    "bidders",
    "Bidders",
    "Who bids, and at what price for the whole contract; all prices with VAT or all without.",
    (
        Column("id", "Id", "id", "A short name, such as brookside.", required=True),
        Column("title", "Name", "title", "The bidder's name.", required=True),
        Column("price", "Price", "money", "For the whole contract.", required=True, low=0),
        Column("size", "Size", "choice", "As the bidder states it.", choices=("micro", "small", "medium", "large")),
        Column("kind", "Kind", "title", "Such as company, social enterprise, charity."),
        Column("workforce", "People on the contract", "number", "In full-time equivalents.", low=0),
        Column("sroi_ratio", "SROI ratio stated", "number", "Scores nothing unless the profile has a criterion for it.",
               low=0),
        Column("sroi_follows", "By the conventions prescribed", "yes_no",
               "yes: the ratio was worked out by the conventions that the profile prescribes, and you checked it."),
    ),
    key=("id",),
)  # fmt: skip

_COMMITMENTS = Part(
    "commitments",
    "Commitments",
    "What each bidder commits to, over the whole contract. What is committed to is scored; the range is not.",
    (
        _BIDDER,
        Column("measure", "Measure", "text", "The id of a measure of the profile.", required=True),
        Column("quantity", "Commitment", "number", "How much, in the measure's unit.", required=True, low=0),
        Column("low", "At least", "number", "What may come of it if things go badly, if the bidder says so.", low=0),
        Column("high", "At most", "number", "What may come of it if things go well, if the bidder says so.", low=0),
        Column("how", "How", "text", "How it will be done and shown."),
    ),
    required=False,
    key=("bidder", "measure"),
)

_STATEMENTS = Part(
    "statements",
    "Method statements",
    "What each bidder writes on a criterion that people judge.",
    (_BIDDER, _CRITERION, Column("text", "Statement", "text", "The statement, or where it is filed.", required=True)),
    required=False,
    key=("bidder", "criterion"),
)

_EVALUATORS = Part(
    "evaluators",
    "Evaluators",
    "Who scores, and what interests they declare.",
    (
        Column("id", "Id", "id", "A short name.", required=True),
        Column("title", "Name", "title", "The evaluator's name or number.", required=True),
        Column("role", "Role", "title", "Such as parks manager."),
        Column("criteria", "Criteria", "list", "The ids of the criteria that they score. Left out: all."),
        Column("conflict", "Interest declared", "yes_no", "yes or no; each evaluator answers.", required=True),
        Column("declared", "What was declared", "text", "The interest, in a sentence."),
        Column("handled", "How it was handled", "text", "Such as: does not score this bidder."),
        Column("excused", "Bidders not scored", "list", "The ids of bidders whom they do not score."),
    ),
    required=False,
    key=("id",),
)

_SCORES = Part(
    "scores",
    "Scores",
    "Each evaluator's own score, given before the panel meets.",
    (
        _BIDDER,
        _CRITERION,
        Column("evaluator", "Evaluator", "text", "The evaluator's id.", required=True, refers_to="evaluators.id"),
        _BAND,
        Column("reason", "Reason", "text", "Why, in words that the bidder may read."),
    ),
    required=False,
    key=("bidder", "criterion", "evaluator"),
)

_MODERATED = Part(
    "moderated",
    "Moderated scores",
    "What the panel agreed where its scores differ.",
    (_BIDDER, _CRITERION, _BAND, Column("reason", "Reason", "text", "Why, in words that the bidder may read.")),
    required=False,
    key=("bidder", "criterion"),
)

_ANSWERS = Part(
    "answers",
    "Answers",
    "What each bidder answered to the profile's questions, and what you make of it.",
    (
        _BIDDER,
        Column("question", "Question", "text", "The id of a question of the profile.", required=True),
        Column("answer", "Answer", "text", "What the bidder says."),
        Column("evidence", "Evidence", "text", "What shows it, and where it is filed."),
        Column("outcome", "Outcome", "choice", "pass, fail, or clarify where you have asked again.", required=True,
               choices=_OUTCOMES),
    ),
    required=False,
    key=("bidder", "question"),
)  # fmt: skip

_CHAIN = Part(
    "supply_chain",
    "Supply chain",
    "Sub-contractors and makers, tier by tier, overseas ones included. Tier 1 is whom the bidder pays.",
    (
        _BIDDER,
        Column("title", "Name", "title", "The sub-contractor or maker; “not known” is an answer.", required=True),
        Column("tier", "Tier", "whole", "1 is whom the bidder pays, 2 whom tier 1 pays.", required=True, low=1, high=9),
        Column("country", "Country", "title", "Where the work is done."),
        Column("work", "Work", "title", "What they do or make."),
        Column("share", "Share of the price", "share", "How much of the bid's price goes to them."),
        Column("modern_slavery", "Modern slavery", "text", "What was checked, and when."),
        Column("pay", "Pay", "text", "What they pay, and how that is known."),
        Column("outcome", "Outcome", "choice", "pass, fail, or clarify where you have asked again.", required=True,
               choices=_OUTCOMES),
        Column("evidence", "Evidence", "text", "What shows it, and where it is filed."),
    ),
    required=False,
    key=("bidder", "title", "tier"),
)  # fmt: skip

FORM = Form(
    "bids",
    "Bids, scores and answers",
    (
        "Bids for one contract or lot, the evaluators' scores, and the answers on ethics and the supply chain.",
        "They are scored by the buyer's profile, which is locked before bids are opened.",
        "The program flags what looks unreasonable so that you can ask; it changes no score.",
        "The program is a calculating aid, not legal advice.",
    ),
    (_OPENING, _BIDDERS, _COMMITMENTS, _STATEMENTS, _EVALUATORS, _SCORES, _MODERATED, _ANSWERS, _CHAIN),
)
