"""How points, totals, ranks and formulas are said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from sroi import wording
from sroi.commissioning.bids.formulas import half_up
from sroi.commissioning.bids.profile import Criterion, Profile
from sroi.commissioning.bids.scoring import Standing

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NOT_LEGAL_ADVICE = "This is a calculating aid, and not legal advice."

_METHODS = {
    "relative_price_lowest_best": "full marks to the lowest price; the others earn lowest price / own price",
    "proportional_to_best_highest_best": "full marks to the highest; the others earn own figure / highest",
    "quality_bands": "the share of marks of the band that the evaluators agree on",
    "pass_fail": "full marks for a pass, none for a fail",
    "weighted_sum": "each measure beside the most that anybody commits to, by the measures' weights",
}
_TOTALS = {
    "weighted_sum": "The points of all criteria are added up; the most points rank first.",
    "price_per_quality_point": "The price is divided by the quality points; the lowest price of a point ranks first.",
    "value_net_of_quality_price": "What the quality is worth in money is taken off the price; the lowest ranks first.",
}


def day(date: date) -> str:
    """Return a day as people write it.

    >>> from datetime import date
    >>> day(date(2025, 3, 10))
    '10 March 2025'
    """
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def method_words(profile: Profile, criterion: Criterion) -> str:
    """Return a criterion's formula in words."""
    if criterion.method == "linear_between_set_prices":
        full, none = (
            money(profile, price or Fraction(0)) for price in (criterion.full_marks_price, criterion.no_marks_price)
        )
        return f"a straight line from full marks at {full} to none at {none}"
    return _METHODS[criterion.method]


def looks_at_words(criterion: Criterion) -> str:
    """Return what a criterion looks at, as the tender says it."""
    return criterion.description or "not said"


def price_words(profile: Profile) -> str:
    """Return what the prices are, with or without VAT, as the profile says it of the price; or that it does not."""
    said = [criterion.description for criterion in profile.criteria if criterion.kind == "price"]
    if any(said):
        return "Price, as the profile has it: " + " ".join(each for each in said if each)
    return "Whether the prices are with VAT or without is not said: the profile's “What it looks at” is the place."


def shown_words(profile: Profile) -> str:
    """Return why points as shown may not add up to a total as shown; nothing where points are rounded before."""
    if profile.tender.rounding == "each_score":
        return ""
    return "Reckoned exactly and rounded where shown: what is shown may differ from its sum by one in the last digit."


def total_words(profile: Profile) -> str:
    """Return how points become a ranking, in words."""
    tender = profile.tender
    if tender.total == "willingness_to_pay":
        each = money(profile, tender.willingness_to_pay or Fraction(0))
        return f"{each} for each per cent of the quality points is taken off the price; the lowest ranks first."
    return _TOTALS[tender.total]


def rounding_words(profile: Profile) -> str:
    """Return the rounding rule and the tie rule, in words."""
    tender = profile.tender
    places = f"{tender.decimals} decimal{'' if tender.decimals == 1 else 's'}" if tender.decimals else "whole points"
    rounding = (
        f"The points of each criterion are rounded to {places}, halves upwards, before they are added."
        if tender.rounding == "each_score"
        else f"Totals are compared exactly; figures are rounded to {places} only where they are shown."
    )
    if not tender.tie_criterion:
        return f"{rounding} A tie is shown as a tie: the profile has no rule that decides one."
    decides = profile.criterion(tender.tie_criterion).title
    return f"{rounding} In a tie the points for “{decides}” decide; if those are the same too, it is shown as a tie."


def money(profile: Profile, amount: Fraction) -> str:
    """Return a sum in the tender's currency."""
    return wording.unit_money(float(amount), profile.tender.currency)


def points_words(profile: Profile, points: Fraction) -> str:
    """Return points as they are shown; money where quality is priced."""
    if profile.tender.total == "value_net_of_quality_price":
        return money(profile, points)
    return rounded(points, profile.tender.decimals)


def rounded(number: Fraction, decimals: int) -> str:
    """Return a number rounded half up, with all its decimals, so that a column stands in line.

    >>> rounded(Fraction(5, 2), 2), rounded(Fraction(200, 3), 1)
    ('2.50', '66.7')
    """
    return f"{float(half_up(number, decimals)):,.{decimals}f}".replace("-", wording.MINUS)


def figure_words(profile: Profile, standing: Standing) -> str:
    """Return a bid's total as the profile's method says it."""
    if standing.figure is None:
        return "no quality point"
    if profile.tender.total == "weighted_sum":
        return _in_points(rounded(standing.figure, profile.tender.decimals))
    if profile.tender.total == "price_per_quality_point":
        return f"{wording.money(float(standing.figure), profile.tender.currency, 2)} a point"
    return f"{wording.money(float(standing.figure), profile.tender.currency, 2)} net of quality"


def _in_points(number: str) -> str:
    return f"{number} point{'' if number == '1' else 's'}"


def lead_words(profile: Profile, ahead: Standing, behind: Standing) -> str:
    """Return by how much one bid leads another, never rounded to nothing."""
    if ahead.figure is None or behind.figure is None:
        return "by a quality point where the other has none"
    apart = abs(ahead.figure - behind.figure)
    decimals = profile.tender.decimals if profile.tender.total == "weighted_sum" else 2
    while 0 < apart < Fraction(1, 2 * 10**decimals) and decimals < 12:
        decimals += 2
    if profile.tender.total == "weighted_sum":
        if apart == 0:
            return "by the rule for ties"
        return f"by {_in_points(rounded(apart, decimals))}"
    return f"by {wording.money(float(apart), profile.tender.currency, decimals)}"


def rank_words(standing: Standing) -> str:
    """Return a rank, with = where it is shared: 1=, 3; or that there is none."""
    if standing.rank is None:
        return "set aside"
    return f"{standing.rank}{'=' if standing.tied_with else ''}"


def weight_words(profile: Profile, criterion: Criterion) -> str:
    """Return a criterion's weight, or its money."""
    if profile.tender.total == "value_net_of_quality_price":
        return money(profile, criterion.money_value or Fraction(0))
    return wording.per_cent(float(criterion.weight), 4)


def drawn_chance(chance: float, drawn: bool) -> str:
    """Return a chance; where it was drawn, never as if all or none of the draws were certainty.

    >>> drawn_chance(1.0, True), drawn_chance(0.0, True)
    ('all draws', 'no draw')
    """
    if drawn and chance in (0.0, 1.0):
        return "all draws" if chance else "no draw"
    return wording.chance_words(chance)


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them.

    >>> listed(["A", "B", "C"]), listed(["A"])
    ('A, B and C', 'A')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
