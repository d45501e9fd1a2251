"""The form of the consideration record, in full; `short_form` has the one in proportion for small purchases."""

from __future__ import annotations

from sroi.commissioning.bodies import BODIES
from sroi.commissioning.consider.example import EXAMPLE
from sroi.files.form import Column, Form, Part

__all__ = ["EXAMPLE", "FORM"]

PROVISIONS = {
    "procured": "procured from others",
    "in_house": "provided in house",
    "grant": "funded by a grant",
}
NATURES = {
    "services": "services",
    "services_with_goods_or_works": "services together with goods or works",
    "framework_mainly_services": "a framework agreement mainly for services",
    "goods": "goods",
    "works": "works",
}
PILLARS = ("economic", "social", "environmental")
DECISIONS = ("include", "leave_out", "later")
GROUPS = {
    "voluntary_sector": "voluntary and community organisations",
    "service_users": "people who use the service",
    "staff": "staff",
    "residents": "residents",
    "businesses": "possible suppliers",
    "public_bodies": "other public bodies",
    "others": "others",
}
ASKED_FIRST = ("voluntary_sector", "service_users", "staff")

WHAT = (
    Column("organisation", "Organisation", "title", "Who decides.", required=True),
    Column(
        "body",
        "Kind of body",
        "choice",
        "Who buys. private: a charity or company that is no contracting authority; other_public: any other that is.",
        required=True,
        choices=tuple(BODIES),
    ),
    Column("title", "What is needed", "title", "The service or supply, in a few words.", required=True),
    Column("reference", "Reference", help="Your number for it."),
    Column(
        "provision",
        "How it will be provided",
        "choice",
        "From others, in house, or by a grant.",
        required=True,
        choices=tuple(PROVISIONS),
    ),
    Column(
        "nature",
        "What it mainly is",
        "choice",
        "The main part of it.",
        required=True,
        choices=tuple(NATURES),
    ),
    Column("value_with_vat", "Estimated value with VAT", "money", "In pounds, over its whole life.", low=0.0),
    Column(
        "regulated",
        "Is it above the threshold?",
        "yes_no",
        "yes if procurement law applies to a contract of this value. Empty: not known.",
    ),
    Column("area", "Relevant area", help="The area that you serve, or for which this is done.", required=True),
)
WHEN = (
    Column(
        "procurement_begins",
        "Procurement begins",
        "day",
        "The day on which its process begins, or is to begin: the first notice, or the invitation.",
    ),
    Column("decided", "Decided on", "day", "The day of the decision."),
    Column("decided_by", "Decided by", help="Name and post, or the committee."),
)
URGENT = (
    Column("urgent", "Urgency", "yes_no", "yes if the consideration could not be made in full because it was urgent."),
    Column("urgency_reason", "Why it was urgent", help="What happened, and what could not be done in time."),
    Column(
        "urgency_not_own",
        "The delay was not our own",
        "yes_no",
        "yes if the organisation did not bring the urgency about.",
    ),
)

RECORD = Part(
    "record",
    "Record",
    "What is to be provided, who decides, and what was decided.",
    (
        *WHAT,
        *WHEN,
        Column(
            "securing",
            "How the procurement would secure it",
            help="What in specification, criteria, contract terms or lots acts towards these improvements.",
        ),
        Column(
            "proportion",
            "Relevance and proportion",
            help="How these matters belong to what is provided, and why they are in proportion to it.",
        ),
        Column("consultation_considered", "Was consultation considered?", "yes_no", "The Act asks whether to consult."),
        Column("no_consultation_reason", "If nobody was consulted, why", help="The reason, in a sentence."),
        Column(
            "decision",
            "Decision",
            help="What is taken up and how, such as criteria with their weight; what is not, and why.",
        ),
        *URGENT,
    ),
    single=True,
)
MATTERS = Part(
    "matters",
    "Improvements",
    "How what is provided might improve the well-being of the area: a row for each, economic, social, environmental.",
    (
        Column("pillar", "Well-being", "choice", "Of the area.", required=True, choices=PILLARS),
        Column(
            "matter",
            "What could be better",
            "title",
            "Such as: ways into work for people long out of it.",
            required=True,
        ),
        Column("how", "How this might improve it", help="What is done differently, by whom, for whom.", required=True),
        Column(
            "relevant",
            "Belongs to it?",
            "yes_no",
            "To what is provided: only matters relevant to it may be considered.",
        ),
        Column("proportionate", "In proportion?", "yes_no", "To its value, length and market."),
        Column("secured_by", "How it would be secured", help="A criterion, requirement, indicator or lot."),
        Column("decision", "Decision", "choice", "Taken up, left out, or decided later.", choices=DECISIONS),
        Column("reason", "Reason", help="Above all for what is left out."),
    ),
    required=False,
)
CONSULTATION = Part(
    "consultation",
    "Consultation",
    "Who was asked, before the procurement began. May stay empty if nobody was: then the record says why.",
    (
        Column("who", "Who", "title", "The group or organisation.", required=True),
        Column(
            "group",
            "Kind",
            "choice",
            "Of those who were asked.",
            required=True,
            choices=tuple(GROUPS),
        ),
        Column("how", "How", help="Meeting, survey, walk through the site .."),
        Column("when", "When", "day", "The day, or the last of several."),
        Column("number", "How many took part", "whole", "People.", low=0, high=10_000_000),
        Column("said", "What they said", help="In a sentence or two."),
        Column("changed", "What it changed", help="In what is to be provided. Nothing is an answer too."),
    ),
    required=False,
)
OBJECTIVES = Part(
    "objectives",
    "Shared objectives",
    "Local objectives that this serves, and whose they are.",
    (
        Column("objective", "Objective", "title", "As its plan words it.", required=True),
        Column("whose", "Whose, and in which plan", help="Plan, partnership, strategy."),
        Column("serves", "How this serves it", help="In a sentence."),
    ),
    required=False,
)
FORM = Form(
    "consider",
    "Consideration of social value",
    (
        "What the Public Services (Social Value) Act 2012 asks a contracting authority to consider before it starts to "
        "procure services; it serves as well where the Act does not apply, in house or below the threshold.",
        "For a small organisation or a small purchase there is a short form: sroi commission new consider_short FILE.",
    ),
    (RECORD, MATTERS, CONSULTATION, OBJECTIVES),
)
