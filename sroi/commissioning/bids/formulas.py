"""How a bid scores on one criterion: one function for each published formula, in exact fractions.

All return a share of full marks between 0 and 1, or, where the formula says so, money. Fractions, so that rounding
never decides who is first. Sources and sureness stand in docs/commissioning/bids.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

ZERO, ONE = Fraction(0), Fraction(1)


def exact(number: float | int | str | Fraction) -> Fraction:
    """Return a number as the fraction that it is written as: 0.1 is one tenth, and not its nearest binary float.

    >>> exact(0.1), exact(4700000)
    (Fraction(1, 10), Fraction(4700000, 1))
    """
    return number if isinstance(number, Fraction) else Fraction(str(number))


def relative_price(price: Fraction, lowest: Fraction) -> Fraction:
    """Return the share that a price earns beside the lowest: lowest / price.

    The Crown Commercial Service's guidance, as quoted by Shakespeare Martineau: 15,000 beside 10,000 earns 0.667.

    >>> relative_price(Fraction(15000), Fraction(10000))
    Fraction(2, 3)
    """
    return lowest / price


def proportional_to_best(value: Fraction, highest: Fraction) -> Fraction:
    """Return the share that a value earns beside the highest: value / highest; nothing where nobody offers anything.

    >>> proportional_to_best(Fraction(150000), Fraction(200000))
    Fraction(3, 4)
    """
    return value / highest if highest else ZERO


def between_set_prices(price: Fraction, full_marks_at: Fraction, no_marks_at: Fraction) -> Fraction:
    """Return the share that a price earns between two prices set beforehand, along a straight line, never outside 0-1.

    >>> between_set_prices(Fraction(90000), Fraction(80000), Fraction(120000))
    Fraction(3, 4)
    """
    return min(ONE, max(ZERO, (no_marks_at - price) / (no_marks_at - full_marks_at)))


def pass_or_fail(passed: bool) -> Fraction:
    """Return full marks for a pass and none for a fail.

    >>> pass_or_fail(True)
    Fraction(1, 1)
    """
    return ONE if passed else ZERO


def weighted_sum(shares_and_weights: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """Return the sum of share x weight.

    >>> weighted_sum([(Fraction(9, 10), Fraction(60)), (Fraction(1), Fraction(40))])
    Fraction(94, 1)
    """
    return sum((share * weight for share, weight in shares_and_weights), ZERO)


def price_per_point(price: Fraction, points: Fraction) -> Fraction | None:
    """Return the price of one quality point, the lowest being best; None where there are no points.

    >>> price_per_point(Fraction(1000000), Fraction(80))
    Fraction(12500, 1)
    """
    return price / points if points else None


def price_less_quality(price: Fraction, money_for_quality: Fraction) -> Fraction:
    """Return the price less what the quality is worth in money (a fictional price), the lowest being best.

    Negometrix, "Award on value": 60 % of a criterion worth 2,500 is 1,500; the price of 80,000 counts as 78,500.

    >>> price_less_quality(Fraction(80000), Fraction(60, 100) * 2500)
    Fraction(78500, 1)
    """
    return price - money_for_quality


def half_up(number: Fraction, decimals: int) -> Fraction:
    """Return a number rounded to so many decimals, halves away from nought: as people round, not as computers do.

    >>> half_up(Fraction(5, 2), 0), half_up(Fraction(38095238, 1000000), 0)
    (Fraction(3, 1), Fraction(38, 1))
    """
    scale = 10**decimals
    scaled = abs(number) * scale
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if number >= 0 else -whole, scale)
