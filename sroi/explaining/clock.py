"""How a year's money is discounted, written with its own numbers: / 1.035^2, × 1.02, / (1.035^30 × 1.03^5)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from sroi import wording
from sroi.evidence import schedules
from sroi.explaining.paper import Paper
from sroi.explaining.pencil import NUMBER, SHARE, Digits, Figure, Working, power
from sroi.formulas import TIMES_OF_YEAR
from sroi.impact_map import ImpactMap

# So many different rates stand in one line; beyond, the divisor itself is printed.
_MOST_RATES = 4


class Clock:
    """The discounting of what falls in a year 1, 2, .., under one timing of a map."""

    def __init__(self, impact_map: ImpactMap, timing: str, paper: Paper, own_rate: float | str | None = None) -> None:
        rules = impact_map.conventions
        self.rates = rates_of(impact_map) if own_rate is None else tuple(schedules.rates_of(own_rate).tolist())
        self.own_rate = own_rate
        self.is_at_nothing = not any(self.rates)
        self.discounts = rules.discount_timing != "none" and timing != "none" and not self.is_at_nothing
        self.timing = timing
        self.present_at = rules.present_at
        self._paper = paper
        self._growth: dict[float, Figure] = {}

    def time(self, year: int) -> float:
        """Return when what falls in a year is taken to fall [years from the start]."""
        return year + TIMES_OF_YEAR[self.timing]

    def growth(self, rate: float) -> Figure:
        """Return 1 + rate, one figure for each rate."""
        if rate not in self._growth:
            self._growth[rate] = self._paper.take(1.0 + rate, NUMBER)
        return self._growth[rate]

    def explain(self) -> None:
        """Write down by what the value of a year is divided, in general."""
        if not self.discounts:
            why = "The discount rate is 0 %, so nothing" if self.is_at_nothing else "Nothing"
            self._paper.say(f"{why} is discounted: a later year counts as much as the first.")
            return
        if self.own_rate is not None:
            self._paper.say(f"It has a discount rate of its own: {schedules.rate_words(self.own_rate)}.")
        offset = self.present_at - TIMES_OF_YEAR[self.timing]
        when = f"t − {wording.plain(offset)}" if offset else "t"
        falls = {"end_of_year": "end", "mid_year": "middle", "start_of_year": "start"}[self.timing]
        money = f", and states it in money of time {wording.plain(self.present_at)}" if self.present_at else ""
        if len(self.rates) == 1:
            rate = self._paper.take(self.rates[0], SHARE)
            self._paper.work(
                "Growth of a year", "1 + discount rate", Working("1 + {}", (rate,), lambda own: 1.0 + own), NUMBER
            )
            divided = f"is divided by {{}}^{f'({when})' if offset else when}"
            self._paper.say(
                f"Discounting takes what falls in year t as falling at its {falls}{money}: it {divided}.",
                self.growth(self.rates[0]),
            )
        else:
            self._paper.say(
                f"Discounting takes what falls in a year as falling at its {falls}{money}: it is divided by "
                "(1 + rate) for each year between, each year with its own rate."
            )

    def runs(self, start: float, end: float) -> list[tuple[float, float]]:
        """Return (rate, years) for the time from `start` to `end`, neighbouring years of one rate together."""
        runs: list[tuple[float, float]] = []
        for rate, years in self._years(start, end):
            if runs and runs[-1][0] == rate:
                runs[-1] = (rate, runs[-1][1] + years)
            else:
                runs.append((rate, years))
        return runs

    def _years(self, start: float, end: float) -> Iterator[tuple[float, float]]:
        if len(self.rates) == 1:
            yield self.rates[0], end - start
            return
        for year in range(math.floor(start), math.ceil(end)):
            within = min(end, year + 1.0) - max(start, float(year))
            if within > 0:
                yield self.rates[min(year, len(self.rates) - 1)], within

    def factor(self, year: int) -> Working:
        """Return by what a year's money is multiplied or divided: "/ 1.035^2", "× 1.035", "/ 1"."""
        time = self.time(year)
        later = time > self.present_at
        between = self.runs(min(time, self.present_at), max(time, self.present_at))
        runs = [(rate, years) for rate, years in between if rate != 0 and years != 0]
        if not runs:
            return Working("/ {}", (self._paper.take(1.0, NUMBER),), lambda one: one)
        if len(runs) > _MOST_RATES:
            grown = math.prod((1.0 + rate) ** years for rate, years in runs)
            figure = Figure(grown, NUMBER, self._paper.currency, Digits(6, grown, NUMBER))
            return Working("/ {}" if later else "× {}", (figure,), _turned(later))
        powers = tuple(power(self.growth(rate), self._paper.take(years, NUMBER)) for rate, years in runs)
        inner = " × ".join(["{}"] * len(powers))
        inner = f"({inner})" if len(powers) > 1 else inner
        return Working(f"/ {inner}" if later else f"× {inner}", powers, _turned(later))

    def worth(self, year: int) -> float:
        """Return what 1 that falls in a year is worth."""
        if not self.discounts:
            return 1.0
        time = self.time(year)
        runs = self.runs(min(time, self.present_at), max(time, self.present_at))
        grown = float(math.prod((1.0 + rate) ** years for rate, years in runs))
        return 1.0 / grown if time > self.present_at else grown

    def is_even(self, first: int, last: int) -> bool:
        """Say whether one rate rules from the year before `first` to `last`."""
        return len(self.runs(self.time(first - 1), self.time(last))) == 1

    def rate_in(self, year: int) -> float:
        """Return the rate that rules up to the money of a year."""
        return self.runs(self.time(year - 1), self.time(year))[-1][0]


def _turned(later: bool) -> Callable[..., float]:
    """Return what makes a factor of growths: one over their product for later money, their product for earlier."""
    return (lambda *growths: 1.0 / math.prod(growths)) if later else (lambda *growths: math.prod(growths))


def rates_of(impact_map: ImpactMap) -> tuple[float, ...]:
    """Return the discount rate of each year 1, 2, ..; the last one goes on."""
    rate = impact_map.conventions.discount_rate
    return tuple(schedules.rates_of(rate).tolist()) if isinstance(rate, str) else rate.years
