"""The form of a register: what a buyer keeps of a contract's social value, sheet by sheet."""

from __future__ import annotations

from dataclasses import replace

from sroi.commissioning.delivery.example import EXAMPLE
from sroi.files.form import Column, Form, Part

__all__ = ["DELIVERIES_ALONE", "EXAMPLE", "FORM", "STATES", "UPDATE"]

# How far a delivery is proved, in the order in which it goes on; a rejected one is told and never counts.
STATES = ("claimed", "evidenced", "validated", "rejected")

_REGISTER = Part(
    "register",
    "Register",
    "What this register is, and in which money its values are.",
    (
        Column("title", "Title", "title", "What the register covers, such as Grounds maintenance 2025-2030", True),
        Column("buyer", "Buyer", "text", "Who buys, for contracts that name no buyer of their own"),
        Column("currency", "Currency", "text", "Three letters, such as GBP", True),
        Column("price_year", "Price year", "text", "The year in whose prices values are added up, such as 2025 or 2025/26"),  # noqa: E501
        Column("complete_to", "Complete to", "day", "The day up to which the register is complete; empty: the last day on which something in it happened"),  # noqa: E501
        Column("note", "Note", "text", "What a reader must know, such as Illustrative: invented figures"),
    ),
    single=True,
)  # fmt: skip

_MEASURES = Part(
    "measures",
    "Measures",
    "What is counted. A value is optional: nothing is valued without one.",
    (
        Column("id", "Id", "id", "Small letters, digits and _, such as apprentice_weeks", True),
        Column("name", "Name", "title", "What people read, such as Weeks of apprenticeship", True),
        Column("unit", "Unit", "text", "One of what is counted, such as week, hour, tree, GBP", True),
        Column("definition", "Definition", "text", "What counts as one, and what does not"),
        Column("framework", "Framework", "text", "Whose measure it is, with its edition; empty: the buyer's own"),
        Column("proxy", "Value of one unit", "number", "A sum of money, or empty; a loss is below 0"),
        Column("proxy_source", "Source of the value", "text", "Who says so, where"),
        Column("proxy_licence", "Licence of the value", "text", "Under which it may be used"),
        Column("proxy_price_year", "Price year of the value", "text", "Such as 2025 or 2025/26"),
        Column("proxy_may_be_passed_on", "May be passed on", "yes_no", "no keeps papers and exports from showing the value"),  # noqa: E501
    ),
    key=("id",),
)  # fmt: skip

_SUPPLIERS = Part(
    "suppliers",
    "Suppliers",
    "Who delivers.",
    (
        Column("id", "Id", "id", "Such as brookside", True),
        Column("name", "Name", "title", "Such as Brookside Green CIC", True),
        Column("kind", "Kind", "text", "Such as small firm, social enterprise"),
    ),
    key=("id",),
)

_CONTRACTS = Part(
    "contracts",
    "Contracts",
    "Under what. A contract with several lots has a row for each.",
    (
        Column("id", "Contract", "text", "Its reference, such as MB-2025-014", True),
        Column("title", "Title", "text", "What is bought"),
        Column("supplier", "Supplier", "id", "The supplier's id", True, refers_to="suppliers.id"),
        Column("buyer", "Buyer", "text", "Empty: the register's"),
        Column("lot", "Lot", "text", "Such as Lot 1"),
        Column("place", "Place", "text", "Where, such as a ward or an authority"),
        Column("starts", "Starts", "day", "First day", True),
        Column("ends", "Ends", "day", "Last day", True),
    ),
    key=("id",),
)

_COMMITMENTS = Part(
    "commitments",
    "Commitments",
    "What was promised when the contract was made. Later changes go on the sheet Changes, never over these.",
    (
        Column("id", "Commitment", "text", "Such as C1", True),
        Column("contract", "Contract", "text", "Its reference", True, refers_to="contracts.id"),
        Column("measure", "Measure", "id", "The measure's id", True, refers_to="measures.id"),
        Column("quantity", "Quantity", "number", "In all, in the measure's unit", True, low=0),
        Column("due", "Due", "day", "By when all of it is to be delivered", True),
        Column("place", "Place", "text", "Empty: the contract's"),
    ),
    key=("id",),
)

_MILESTONES = Part(
    "milestones",
    "Milestones",
    "How much of a commitment is to be delivered in all by a day before its end.",
    (
        Column("id", "Milestone", "text", "Such as M1; no commitment has the same", True),
        Column("commitment", "Commitment", "text", "Its id", True, refers_to="commitments.id"),
        Column("due", "Due", "day", "By when", True),
        Column("quantity", "Quantity in all by then", "number", "Counted from the start, not from the milestone before", True, low=0),  # noqa: E501
    ),
    required=False,
    key=("id",),
)  # fmt: skip

_DELIVERIES = Part(
    "deliveries",
    "Deliveries",
    "What was delivered, one row for each report of it. A row is never changed afterwards: a correction is a new row.",
    (
        Column("id", "Delivery", "text", "Such as D1", True),
        Column("contract", "Contract", "text", "Its reference", True, refers_to="contracts.id"),
        Column("measure", "Measure", "id", "The measure's id", True, refers_to="measures.id"),
        Column("quantity", "Quantity", "number", "In the measure's unit; a correction may be below 0", True),
        Column("day", "Day", "day", "When it was delivered; for a period, its last day", True),
        Column("period_starts", "Period starts", "day", "First day of the period that it covers, if it covers one"),
        Column("evidence", "Evidence", "text", "What shows it, such as a file's name or a letter's reference"),
        Column("state", "State", "choice", "How far it is proved", True, STATES),
        Column("validated_by", "Judged by", "text", "Who validated or rejected it"),
        Column("validated_on", "Judged on", "day", "When it was validated or rejected"),
        Column("corrects", "Corrects", "text", "The delivery that this row corrects", refers_to="deliveries.id"),
        Column("place", "Place", "text", "Where it was delivered; empty: the commitment's place"),
        Column("note", "Note", "text", "Such as why it was rejected"),
    ),
    required=False,
    key=("id",),
)

_CHANGES = Part(
    "changes",
    "Changes",
    "What was agreed after the contract was made. What is promised now follows from the first promises and these.",
    (
        Column("id", "Change", "text", "Such as V1", True),
        Column("of", "Of", "text", "The id of the commitment or milestone", True),
        Column("what", "What", "choice", "What was changed", True, ("quantity", "due")),
        Column("was", "Was", "text", "A number, or a day such as 2026-03-31", True),
        Column("now", "Now", "text", "A number, or a day", True),
        Column("day", "Day", "day", "When it was agreed", True),
        Column("agreed_by", "Agreed by", "text", "Who agreed, for both sides", True),
        Column("why", "Why", "text", "The reason", True),
    ),
    required=False,
    key=("id",),
)

FORM = Form(
    "delivery",
    "Register of commitments and deliveries",
    (
        "What suppliers promised, what they delivered, and how far that is proved.",
        "First promises stay as they are: a change is a row on the sheet Changes, a correction a row on Deliveries.",
        "Quantities of different measures are never added, and more of one never makes up for less of another.",
    ),
    (_REGISTER, _MEASURES, _SUPPLIERS, _CONTRACTS, _COMMITMENTS, _MILESTONES, _DELIVERIES, _CHANGES),
)


def _loose(part: Part) -> Part:
    """Return a part as an update holds it: it may be empty, and what it refers to stands in the register."""
    columns = tuple(replace(each, refers_to="", required=each.required and not part.single) for each in part.columns)
    return replace(part, columns=columns, required=False)


# A supplier's update: the same sheets, any of them empty; or a CSV file of deliveries.
UPDATE = Form(
    "delivery",
    "Update of a register",
    ("New rows for a register of commitments and deliveries: fill what is new, leave the rest empty.",),
    tuple(_loose(part) for part in FORM.parts),
)
DELIVERIES_ALONE = replace(UPDATE, parts=(_loose(_DELIVERIES),))
