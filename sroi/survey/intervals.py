"""Means, shares and their differences with intervals: closed formulas on arrays, which know of no file and no map."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sroi.formulas import Array


@dataclass(frozen=True)
class Interval:
    """A figure with its interval: with chance `level` (0-1), over many surveys like this one, it holds the true one."""

    value: float
    low: float
    high: float
    level: float

    def times(self, factor: float) -> Interval:
        """Return the interval of `factor` (0 or more) times the figure."""
        return Interval(self.value * factor, self.low * factor, self.high * factor, self.level)

    @property
    def above_nil(self) -> bool:
        """Whether all of the interval lies above 0."""
        return self.low > 0

    @property
    def below_nil(self) -> bool:
        """Whether all of the interval lies below 0."""
        return self.high < 0


def _student(level: float, freedom: float) -> float:
    """Return how many standard errors an interval reaches to either side: Student's t."""
    from scipy import special

    return float(special.stdtrit(freedom, 0.5 + level / 2))


def mean_interval(values: Array, level: float = 0.95) -> Interval:
    """Return the mean of two or more values with Student's interval: mean +- t(n - 1) x s / sqrt(n).

    >>> found = mean_interval(np.array([1.0, 2.0, 3.0]))
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (2.0, -0.484, 4.484)
    """
    mean, error = float(values.mean()), math.sqrt(_error_squared(values))
    reach = _student(level, len(values) - 1) * error if error > 0 else 0.0
    return Interval(mean, mean - reach, mean + reach, level)


def difference_of_means(values: Array, others: Array, level: float = 0.95) -> Interval:
    """Return mean(values) - mean(others) with Welch's interval, for spreads and numbers that may differ (Welch 1947).

    Of changes in two groups it is the difference in differences. t has the degrees of freedom of Satterthwaite:
    (e1 + e2)^2 / (e1^2 / (n1 - 1) + e2^2 / (n2 - 1)), with e = s^2 / n.

    >>> found = difference_of_means(np.array([2.0, 4.0, 6.0]), np.array([1.0, 2.0, 3.0]))
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (2.0, -2.155, 6.155)
    """
    one, other = _error_squared(values), _error_squared(others)
    difference = float(values.mean() - others.mean())
    if one + other <= 0:
        return Interval(difference, difference, difference, level)
    freedom = (one + other) ** 2 / (one**2 / (len(values) - 1) + other**2 / (len(others) - 1))
    reach = _student(level, freedom) * math.sqrt(one + other)
    return Interval(difference, difference - reach, difference + reach, level)


def _error_squared(values: Array) -> float:
    """Return s^2 / n; exactly 0 for values that are all alike, whose mean may miss them by a rounding."""
    if len(values) < 2 or float(np.ptp(values)) == 0.0:
        return 0.0
    return float(values.var(ddof=1)) / len(values)


def share_interval(yes: int, asked: int, level: float = 0.95) -> Interval:
    """Return yes / asked with Jeffreys' interval, the quantiles of Beta(yes + 1/2, asked - yes + 1/2).

    Its low end is 0 where nobody said yes, its high end 1 where everybody did (Brown, Cai and DasGupta 2001).

    >>> found = share_interval(8, 10)
    >>> round(found.value, 3), round(found.low, 4), round(found.high, 4)
    (0.8, 0.4972, 0.9559)
    """
    from scipy import special

    a, b = yes + 0.5, asked - yes + 0.5
    low = 0.0 if yes == 0 else float(special.betaincinv(a, b, (1 - level) / 2))
    high = 1.0 if yes == asked else float(special.betaincinv(a, b, (1 + level) / 2))
    return Interval(yes / asked, low, high, level)


def difference_of_shares(yes: int, asked: int, yes_of_others: int, others: int, level: float = 0.95) -> Interval:
    """Return the difference of two shares with Newcombe's interval, put together from Wilson's (Newcombe 1998, no. 10).

    >>> found = difference_of_shares(56, 70, 48, 80)
    >>> round(found.value, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    one, other = wilson_interval(yes, asked, level), wilson_interval(yes_of_others, others, level)
    difference = one.value - other.value
    low = difference - math.hypot(one.value - one.low, other.high - other.value)
    high = difference + math.hypot(one.high - one.value, other.value - other.low)
    return Interval(difference, low, high, level)


def wilson_interval(yes: int, asked: int, level: float = 0.95) -> Interval:
    """Return yes / asked with Wilson's score interval (Wilson 1927).

    >>> found = wilson_interval(8, 10)
    >>> round(found.low, 4), round(found.high, 4)
    (0.4902, 0.9433)
    """
    from scipy import special

    z = float(special.ndtri(0.5 + level / 2))
    share = yes / asked
    middle = (share + z * z / (2 * asked)) / (1 + z * z / asked)
    reach = z * math.sqrt(share * (1 - share) / asked + z * z / (4 * asked * asked)) / (1 + z * z / asked)
    # At 0 and 1 the ends are exact; as sums they would miss them by a rounding.
    low = 0.0 if yes == 0 else middle - reach
    high = 1.0 if yes == asked else middle + reach
    return Interval(share, low, high, level)


def cronbach_alpha(items: Array) -> float:
    """Return how far several questions, shape (person, question), hang together: Cronbach's alpha (1951).

    alpha = k / (k - 1) x (1 - sum of the questions' variances / variance of the sum), over those who answered all of
    them; NaN for one question, for fewer than three such people, or where their sums do not differ.

    >>> round(cronbach_alpha(np.array([[1.0, 2.0], [2.0, 2.0], [3.0, 4.0], [4.0, 5.0]])), 4)
    0.967
    """
    whole = items[~np.isnan(items).any(axis=1)]
    questions = items.shape[1]
    if questions < 2 or len(whole) < 3:
        return float("nan")
    of_sum = float(whole.sum(axis=1).var(ddof=1))
    if of_sum <= 1e-12:
        return float("nan")
    return float(questions / (questions - 1) * (1 - float(whole.var(axis=0, ddof=1).sum()) / of_sum))


def standardised_difference(values: Array, others: Array) -> float:
    """Return the difference of two means in standard deviations (of both groups, averaged); NaN without any spread."""
    spread = math.sqrt((float(values.var(ddof=1)) + float(others.var(ddof=1))) / 2)
    return float(values.mean() - others.mean()) / spread if spread > 0 else float("nan")
