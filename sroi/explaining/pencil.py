"""Figures with as many digits as a reader with a pencil needs: who redoes a printed step gets the printed result.

A figure that is printed short, £1,486.96 for 1486.9565.., is a little off, and what is reckoned from it may miss the
last digit of the next result. So every step is redone here from its operands *as printed*, and where the result would
not come out, the operands get another digit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sroi import wording

MONEY, SHARE, NUMBER = "money", "share", "number"
# A float has 15 to 16 digits that mean something; decimals beyond the last one here are of no use to a pencil.
_MOST_DIGITS, _MOST_DECIMALS = 15, 18
# Decimals up to which a number is taken to have been written so, and not to be cut.
_WRITTEN = 8
_MOST_WRITTEN_DIGITS = 12
# What adding and multiplying floats may leave wrong, by size.
_NOISE = 4e-15
# What is smaller is taken for what floats leave of nothing.
_DUST = 1e-9
# How near to half of its last digit a figure is taken to lie half-way.
_HALF_WAY = 1e-5


class Digits:
    """How many decimals a figure has, or all figures of one column."""

    def __init__(self, decimals: int, largest: float, unit: str) -> None:
        self.decimals = decimals
        self.largest = abs(largest)
        self.unit = unit

    def grow(self) -> None:
        """Add a decimal; money gets both of its first ones together."""
        self.decimals += 2 if self.unit == MONEY and self.decimals == 0 else 1

    @property
    def can_grow(self) -> bool:
        """Whether another decimal would still say something."""
        before = max(math.floor(math.log10(self.largest)) + 1, 1) if self.largest > 0 else 1
        return self.decimals < _MOST_DECIMALS and self.decimals + before < _MOST_DIGITS


@dataclass(frozen=True, eq=False)
class Figure:
    """A number as it is and as it is printed: `unit` is money, share (0-1, printed as per cent) or number."""

    value: float
    unit: str
    currency: str
    digits: Digits

    def __str__(self) -> str:
        decimals = self.digits.decimals
        if self.unit == MONEY:
            return wording.money(self.value, self.currency, decimals)
        if self.unit == SHARE:
            return wording.per_cent(self.value, decimals)
        text = f"{self.value:,.{decimals}f}"
        return text.replace("-", wording.MINUS if text.strip("-0.,") else "")

    @property
    def printed(self) -> float:
        """The number that a reader takes from what is printed."""
        scale = 100.0 if self.unit == SHARE else 1.0
        return float(f"{self.value * scale:.{self.digits.decimals}f}") / scale

    @property
    def half_unit(self) -> float:
        """Half of the last digit printed; a figure that is not cut is meant exactly, and £100 is £100.00."""
        decimals = self.digits.decimals if self.is_cut else max(self.digits.decimals, 2)
        return 0.5 * 10.0**-decimals / (100.0 if self.unit == SHARE else 1.0)

    @property
    def is_cut(self) -> bool:
        """Whether what is printed is a little off."""
        return abs(self.printed - self.value) > 1e-14 * abs(self.value)

    @property
    def is_between(self) -> bool:
        """Whether it lies half-way between two printed figures, where a hair more or less turns the last digit."""
        units = abs(self.value) / (2.0 * self.half_unit)
        return abs(units - math.floor(units) - 0.5) < _HALF_WAY


@dataclass(frozen=True, eq=False)
class Working:
    """What a figure is worked out from: words with a place for each operand, and how the operands give the figure."""

    pattern: str
    operands: tuple[Figure | Working, ...]
    reckon: Callable[..., float]

    def __str__(self) -> str:
        return self.pattern.format(*self.operands)

    def redone(self, reading: Callable[[Figure], float]) -> float:
        """Return what it comes to where each figure is taken as `reading` says."""
        taken = (each.redone(reading) if isinstance(each, Working) else reading(each) for each in self.operands)
        return self.reckon(*taken)

    @property
    def value(self) -> float:
        """What it comes to, in full."""
        return self.redone(lambda figure: figure.value)

    @property
    def printed(self) -> float:
        """What it comes to for a reader, who has the operands as they are printed."""
        return self.redone(lambda figure: figure.printed)

    def missed_by(self, one: Figure) -> float:
        """Return how far it comes out wrong for a reader who has this one operand as it is printed."""
        return abs(self.redone(lambda figure: figure.printed if figure is one else figure.value) - self.value)

    def figures(self) -> Iterator[Figure]:
        """Yield every figure in it."""
        for each in self.operands:
            if isinstance(each, Figure):
                yield each
            else:
                yield from each.figures()


@dataclass(frozen=True, eq=False)
class Equation:
    """A working and the figure that it comes to."""

    working: Working
    result: Figure

    @property
    def holds(self) -> bool:
        """Whether a reader who redoes the working as printed gets the result, to its last printed digit."""
        redone = self.working.printed
        scale = max([abs(redone), *(abs(figure.printed) for figure in self.working.figures())])
        return abs(redone - self.result.printed) <= self.result.half_unit * (1 + 1e-9) + _NOISE * scale


def settle(equations: Sequence[Equation]) -> None:
    """Give figures more digits until every equation holds as printed."""
    failing = list(equations)
    while failing:
        growing = {id(each): each for each in map(_to_grow, failing) if each is not None}
        if not growing:
            return  # The digits of a float are used up: these are the last ones that mean anything.
        for each in growing.values():
            each.grow()
        failing = [equation for equation in equations if not equation.holds]


def _to_grow(equation: Equation) -> Digits | None:
    """Return whose digits another one helps most: of the operand that is farthest off, else of the result."""
    result, working = equation.result, equation.working
    if equation.holds:
        return None
    can_grow = result.is_cut and result.digits.can_grow
    if can_grow and result.is_between:
        return result.digits
    operands = [figure for figure in working.figures() if figure.is_cut and figure.digits.can_grow]
    if operands:
        return max(operands, key=working.missed_by).digits
    return result.digits if can_grow else None


def written_decimals(value: float, unit: str, most: int = _WRITTEN) -> int:
    """Return the decimals with which a number was plainly written, or enough of them to tell its size.

    >>> [written_decimals(value, "money") for value in (19.0, 48.25, 162.5, 1 / 3)]
    [0, 2, 2, 3]
    >>> [written_decimals(value, "share") for value in (0.125, 1 / 3)], written_decimals(0.00004321, "number")
    ([1, 2], 8)
    """
    number = value * 100.0 if unit == SHARE else value
    before = len(str(int(abs(number)))) if abs(number) < 1e15 else _MOST_WRITTEN_DIGITS
    for decimals in range(min(most, max(0, _MOST_WRITTEN_DIGITS - before)) + 1):
        if unit == MONEY and decimals == 1:
            continue
        if abs(round(number, decimals) - number) <= 1e-13 * abs(number):
            return decimals
    return telling_decimals(number)


def telling_decimals(number: float) -> int:
    """Return two decimals, none for a million and more, more where two do not show three digits of a small number.

    >>> telling_decimals(1234.5), telling_decimals(0.00123), telling_decimals(2e6)
    (2, 5, 0)
    """
    if not abs(number) < 1e6:
        return 0
    if abs(number) < _DUST:
        return 2
    return min(max(2, 2 - math.floor(math.log10(abs(number)))), _MOST_DECIMALS)


# ---- workings ----


def product(*factors: Figure | Working) -> Working:
    """Return a × b × c."""
    return Working(" × ".join(["{}"] * len(factors)), factors, lambda *numbers: math.prod(numbers))


def total(*summands: Figure | Working) -> Working:
    """Return a + b + c."""
    return Working(" + ".join(["{}"] * len(summands)), summands, lambda *numbers: math.fsum(numbers))


def quotient(above: Figure | Working, below: Figure | Working) -> Working:
    """Return a / b."""
    return Working("{} / {}", (above, below), lambda first, second: first / second)


def one_less(words: str, share: Figure) -> Working:
    """Return (1 − deadweight 10 %)."""
    return Working(f"(1 − {words} {{}})", (share,), lambda number: 1.0 - number)


def power(base: Figure | Working, exponent: Figure) -> Working:
    """Return a^b, or plain a where b is 1."""
    if exponent.value == 1:
        return Working("{}", (base,), lambda number: number)
    return Working("{}^{}", (base, exponent), lambda number, times: number**times)


def largest(values: Iterable[float]) -> float:
    """Return the largest of some numbers by size, 0 of none."""
    return max((abs(value) for value in values), default=0.0)
