"""The settings form of a spend analysis: what the ledger's columns are, which definitions count, which targets hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from sroi.commissioning.spend import settings as chosen
from sroi.commissioning.spend.definitions import DEFINITIONS, PROCUREMENT_ACT
from sroi.commissioning.spend.headings import FIELDS
from sroi.commissioning.spend.kinds import KINDS
from sroi.files.form import Column, Form, Part

_SETTINGS = Part(
    "settings",
    "Settings",
    "What is studied, and by which definitions. Everything but the title may stay empty.",
    (
        Column("title", "Title", "title", "Of the paper: Millbrook Council, spend in 2025/26.", required=True),
        Column("buyer", "Buyer", "text", "Whose ledger it is; payments to this name are internal."),
        Column("period_from", "First day that counts", "day", "2025-09-01; other days are left out, and told."),
        Column("period_to", "Last day that counts", "day", "2026-08-31"),
        Column("currency", "Currency", "text", "GBP if empty; lines in another are left out, and told."),
        Column("sheet", "Sheet of the ledger", "text", "If the workbook has several."),
        Column("date_order", "Order of days", "choice", "How 03/04/2025 is meant; day_first (3 April) if empty.",
               choices=("day_first", "month_first")),
        Column("decimal_mark", "Decimal mark", "choice", "point if empty.", choices=("point", "comma")),
        Column("amounts_are", "Sums are", "choice", "Net (without VAT) or gross (with it), where no column says.",
               choices=(chosen.NET, chosen.GROSS, chosen.NOT_STATED)),
        Column("count_in", "Count sums", "choice", "as_written if empty; else all lines are brought to one basis.",
               choices=(chosen.AS_WRITTEN, chosen.WITHOUT_VAT, chosen.WITH_VAT)),
        Column("usual_vat_rate", "VAT rate where none stands", "share", "Such as 20%; empty: such lines are left out."),
        Column("credit_notes", "Credit notes without a minus", "choice", "as_written if empty.",
               choices=("as_written", "negative")),
        Column("duplicates", "Repeated lines", "choice", "keep if empty: they are told, and stay.",
               choices=(chosen.KEEP, chosen.DROP_EXACT, chosen.DROP_ALL)),
        Column("individuals", "Payments to individuals", "choice", "count if empty: as spend of unknown size.",
               choices=(chosen.COUNT, chosen.LEAVE_OUT)),
        Column("unmarked_kind", "Suppliers of no stated kind", "choice", "unknown if empty; not_voluntary if your "
               "column marks voluntary organisations only.", choices=(chosen.UNKNOWN, chosen.NOT_VCSE)),
        Column("size_definition", "Size is by", "choice", f"{PROCUREMENT_ACT} if empty.", choices=DEFINITIONS),
        Column("postcode_column", "Postcode table: postcodes", "text", "Its heading in your table, such as pcds."),
        Column("authority_column", "Postcode table: authorities", "text", "The heading of the authority's code."),
        Column("note", "Note", "text", "Stands in the paper, such as: Illustrative, invented figures."),
    ),
    single=True,
)  # fmt: skip
_COLUMNS = Part(
    "columns",
    "Columns",
    "Which column of the ledger (or of the supplier file) is which. What is not named is guessed from its heading.",
    (
        Column("field", "What it holds", "choice", "Choose one.", required=True, choices=tuple(FIELDS)),
        Column("heading", "Heading in the file", "title", "As it stands; in a workbook also its letters, such as C.",
               required=True),
        Column("file", "File", "choice", "ledger if empty.", choices=("ledger", "suppliers")),
    ),
    required=False,
    key=("field", "file"),
)  # fmt: skip
_KINDS = Part(
    "kinds",
    "Kinds",
    "What your ledger's words for kinds of body stand for; charity, CIC, private and the like are known.",
    (
        Column("word", "Word in the file", "title", "Such as: TSO", required=True),
        Column("kind", "Stands for", "choice", "Choose one.", required=True, choices=KINDS),
    ),
    required=False,
    key=("word",),
)
_LOCAL = Part(
    "local",
    "Local",
    "What counts as local. There may be several definitions; each percentage says which it rests on.",
    (
        Column("id", "Id", "id", "A short name, such as millbrook.", required=True),
        Column("title", "Title", "title", "Local suppliers (Millbrook).", required=True),
        Column("by", "By", "choice", "Postcodes need no table; authority needs your postcode table.", required=True,
               choices=(chosen.BY_POSTCODE, chosen.BY_PLACE, chosen.BY_AUTHORITY)),
        Column("values", "Areas", "list", "Postcode areas (MB; MB1; MB1 2), places, or authority codes.",
               required=True),
    ),
    required=False,
    key=("id",),
)  # fmt: skip
_TARGETS = Part(
    "targets",
    "Targets",
    "Shares of direct spend that are to be reached.",
    (
        Column("id", "Id", "id", "A short name, such as sme_40.", required=True),
        Column("title", "Title", "title", "40 % with small firms and voluntary organisations.", required=True),
        Column("group", "Group", "choice", "Whose share it is.", required=True, choices=tuple(chosen.GROUPS)),
        Column("share", "Share", "share", "Such as 40%.", required=True),
        Column("local", "Local definition", "id", "For the group local: its id on the sheet Local.",
               refers_to="local.id"),
        Column("source", "Where it stands", "text", "The policy, its date and page."),
    ),
    required=False,
    key=("id",),
)  # fmt: skip
_PAYEES = Part(
    "payees",
    "Payees",
    "What you say of single suppliers: that one spelling counts as another supplier, of what kind it is, or that it is "
    "left out.",
    (
        Column("supplier", "Supplier or its id", "title", "As the ledger spells it.", required=True),
        Column("counts_as", "Counts as", "text", "The supplier's name under which it is to count."),
        Column("kind", "Kind", "choice", "If it is wrong or missing in the files.", choices=KINDS),
        Column("left_out", "Leave out", "yes_no", "yes: its lines are left out, and told."),
    ),
    required=False,
    key=("supplier",),
)
_LM3 = Part(
    "lm3",
    "LM3",
    "The local multiplier, if you measured it: three rounds. Either one sum, or a range, or what a survey found.",
    (
        Column("round", "Round", "whole", "1, 2 or 3.", required=True, low=1, high=3),
        Column("amount", "Spent locally", "money", "Round 1: the money at the start. Survey: by those who answered.",
               required=True, low=0.0),
        Column("covered", "Received by those who answered", "money", "Of a survey: what they had received.", low=0.0),
        Column("low", "Lowest", "money", "Of a range.", low=0.0),
        Column("high", "Highest", "money", "Of a range.", low=0.0),
        Column("source", "Where it is from", "text", "Accounts, survey, date."),
    ),
    required=False,
    key=("round",),
)  # fmt: skip

FORM = Form(
    "spend",
    "Spend analysis: settings",
    (
        "These settings go with a supplier ledger, which stays as it is:",
        "sroi commission spend LEDGER --settings THIS FILE --out FOLDER",
        "No percentage is comparable without its definition: choose them here, and they stand beside every share.",
        "What is not known of a supplier is never guessed away: it is shown as a share of its own.",
        "Nothing leaves your machine. Names of individuals are not told in the paper.",
    ),
    (_SETTINGS, _COLUMNS, _KINDS, _LOCAL, _TARGETS, _PAYEES, _LM3),
)

EXAMPLE: dict[str, Any] = {
    "settings": {
        "title": "Millbrook Council: grounds maintenance and green spaces, spend in the first year",
        "buyer": "Millbrook Council",
        "period_from": date(2025, 9, 1),
        "period_to": date(2026, 8, 31),
        "currency": "GBP",
        "count_in": chosen.WITHOUT_VAT,
        "usual_vat_rate": 0.2,
        "duplicates": chosen.KEEP,
        "size_definition": PROCUREMENT_ACT,
        "note": "Illustrative: invented figures, an invented council and invented suppliers.",
    },
    "columns": [
        {"field": "basis", "heading": "Net/Gross", "file": "ledger"},
        {"field": "paid_by", "heading": "Paid by", "file": "ledger"},
    ],
    "kinds": [{"word": "TSO", "kind": "voluntary"}],
    "local": [
        {"id": "millbrook", "title": "Local suppliers (Millbrook)", "by": chosen.BY_POSTCODE,
         "values": ("MB1", "MB2", "MB3")},
        {"id": "wider", "title": "Suppliers in Millbrook and its neighbours", "by": chosen.BY_POSTCODE,
         "values": ("MB",)},
    ],
    "targets": [
        {"id": "sme_vcse_40", "title": "40 % with small and medium firms, social enterprises and charities",
         "group": "sme_or_vcse", "share": 0.4, "source": "Millbrook's social value policy (invented)"},
        {"id": "vcse_70", "title": "70 % with voluntary organisations and social enterprises", "group": "vcse",
         "share": 0.7, "source": "Millbrook's social value policy (invented)"},
        {"id": "local_75", "title": "75 % in Millbrook", "group": "local", "local": "millbrook", "share": 0.75,
         "source": "Millbrook's social value policy (invented)"},
    ],
    "payees": [{"supplier": "BROOKSIDE GREEN C.I.C.", "counts_as": "Brookside Green CIC"}],
    "lm3": [
        {"round": 1, "amount": 900000, "source": "what Brookside is to spend locally (invented)"},
        {"round": 2, "amount": 420000, "covered": 700000, "source": "survey of Brookside's suppliers (invented)"},
        {"round": 3, "amount": 90000, "covered": 300000, "source": "survey of their staff and suppliers (invented)"},
    ],
}  # fmt: skip
