"""The facts that contract reporting rests on: the rules by name, the five ratings, and their codes in open data."""

from __future__ import annotations

from functools import cache

from sroi.commissioning.rules import Rating, Rule, rule
from sroi.commissioning.shipped_facts import shipped_facts

NOT_ADVICE = "A reading aid to the Procurement Act 2023, not legal advice."
NO_BANDS_IN_LAW = (
    "The regulations say “close to”, “below” and “significantly below” the indicator and give no number for them: "
    "the bands are the buyer's own."
)


@cache
def ppn_026_kpis() -> Rule:
    """Return PPN 026's rule on social value indicators, kept apart from the Act's."""
    return Rule.model_validate(shipped_facts("contract.yaml")["rules"][0])


def ratings() -> tuple[Rating, ...]:
    """Return the five ratings with the regulations' words, the best first.

    >>> [each.name for each in ratings()]
    ['Good', 'Approaching target', 'Requires improvement', 'Inadequate', 'Other']
    """
    return rule("pa23_s71").ratings


RATING_NAMES = ("Good", "Approaching target", "Requires improvement", "Inadequate", "Other")


def description(rating: str) -> str:
    """Return the regulations' words for a rating."""
    return next(each.description for each in ratings() if each.name == rating)


@cache
def measure_codes() -> dict[str, str]:
    """Return the code in open contracting data by which each rating is published.

    >>> measure_codes()["Approaching target"]
    'slightlyBelow'
    """
    return {each["rating"]: each["code"] for each in shipped_facts("contract.yaml")["measure_classifications"]}
