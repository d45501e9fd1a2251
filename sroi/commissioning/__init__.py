"""Commissioning: social value from the buyer's side, joined to the same model.

Each part has a form to fill in (`form.FORM`), what it works out, and a paper that tells it (`telling`).
"""

from __future__ import annotations

# In the order of a procurement: what each part is for.
PARTS = {
    "consider": "the consideration record of the Social Value Act 2012, before a procurement begins",
    "frameworks": "measure frameworks: list, search, complete or load them, and which model could apply",
    "bids": "score bids by the buyer's locked rules, moderate, rank with ties shown, explain an award",
    "contract": "key performance indicators, yearly ratings, notices and their dates; from OCDS too",
    "delivery": "commitments and what was delivered: due, late, missing, by supplier, lot, contract, place",
    "bridge": "make an impact map of a register, and say by deduction why the two totals differ",
    "spend": "what a supplier ledger shows: shares by size, kind and place, targets, the local multiplier",
    "place": "value by place beside need, pooled over organisations, people counted once",
    "planning": "a social value statement for a planning application",
    "prevention": "events averted, who pays and who saves and when, warning signs, seven questions",
    "readiness": "an organisation's self-check against the eight principles",
}

# The forms that can be begun, by name: in which module FORM and EXAMPLE stand. A part may have more than one form.
FORMS = {part: f"sroi.commissioning.{part}.form" for part in PARTS}
FORMS["frameworks_mapping"] = "sroi.commissioning.frameworks.mapping_form"
FORMS["consider_short"] = "sroi.commissioning.consider.short_form"
FORMS["bids_profile"] = "sroi.commissioning.bids.profile_form"
