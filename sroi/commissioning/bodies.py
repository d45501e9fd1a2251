"""Kinds of body that buy, in the words of the rules, and the duties that stand beside a procurement."""

from __future__ import annotations

from sroi.commissioning.rules import Rule, rule
from sroi.errors import NameRefused, Problem, did_you_mean

BODIES = {
    "central_government": "a central government department",
    "executive_agency": "an executive agency",
    "ndpb": "a non-departmental public body",
    "local_government": "a local authority",
    "nhs": "an NHS body",
    "other_public": "another contracting authority",
    "devolved_welsh": "a devolved Welsh body (the Welsh Ministers, or one with wholly or mainly devolved functions)",
    "scottish": "a Scottish public body",
    "northern_ireland": "a public body of Northern Ireland",
    "private_utility": "a private utility",
    "defence_security": "the Ministry of Defence, for a defence and security contract",
    "private": "a body that is no contracting authority, such as a charity or company that spends its own money",
}
CENTRAL = ("central_government", "executive_agency", "ndpb")
# Bodies in England, or of the whole country, to which the Act of 2012 speaks.
UNDER_THE_ACT = (*CENTRAL, "local_government", "nhs", "other_public", "defence_security")

_DUTIES = {
    **dict.fromkeys(UNDER_THE_ACT, ("psva_2012", "npps_2025")),
    "devolved_welsh": ("wfg_2015", "sppp_2023"),
    "scottish": ("scotland_sustainable_procurement_duty", "scotland_community_benefits"),
}


def body_named(body: str) -> str:
    """Return a kind of body as BODIES has it; NameRefused, with the nearest, if there is none.

    >>> body_named("Local government")
    'local_government'
    """
    plain = body.strip().casefold().replace(" ", "_").replace("-", "_")
    if plain in BODIES:
        return plain
    raise NameRefused(Problem(f"'{body[:60]}' is no kind of body here", did_you_mean(plain, BODIES)))


def duties_of(body: str) -> tuple[Rule, ...]:
    """Return the general duties beside a procurement of such a body, as far as they were seen; none: none was seen."""
    return tuple(rule(each) for each in _DUTIES.get(body, ()))
