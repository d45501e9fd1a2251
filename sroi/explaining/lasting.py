"""How long a change lasts and what is left of it: the working of each of its years."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sroi.explaining.paper import Paper
from sroi.explaining.pencil import MONEY, NUMBER, Figure, Working, power, product, total
from sroi.explaining.years import YearWorking

# So many cohorts stand in the working of one year; beyond, the older ones stand as one sum.
_MOST_SUMMANDS = 8


@dataclass(frozen=True, eq=False)
class Lasting:
    """The years of an outcome.

    `full` is the full value of a year of each cohort, `begins` the first cohort's first year, `duration` in years;
    `left` is what a year keeps of the year before; `early` says whether drop-off bites in the first year already.
    """

    paper: Paper
    full: Sequence[Figure]
    begins: int
    duration: Figure
    left: Working
    early: bool

    @property
    def span(self) -> int:
        """The years of one cohort, the last of them perhaps in part."""
        return math.ceil(self.duration.value)

    @property
    def is_even(self) -> bool:
        """Whether each year beyond the first keeps the same of the year before: one cohort, whole years."""
        return len(self.full) == 1 and self.duration.value == self.span

    def say_when(self) -> None:
        """Write down when it starts and how long it lasts."""
        later, lasting = self.begins > 1, self.duration.value
        if len(self.full) > 1:
            starts = f"Each cohort's change starts in {'the year after its own' if later else 'its own year'}"
        else:
            starts = f"It starts in year {self.begins}{', the year after the activity' if later else ''}"
        pattern = f"{starts} and lasts {{}} year{'' if lasting == 1 else 's'}"
        if lasting == self.span:
            self.paper.say(f"{pattern}.", self.duration)
        else:
            part = self.paper.take(lasting - math.floor(lasting), NUMBER)
            self.paper.say(f"{pattern}: the last of them counts as {{}} of a year.", self.duration, part)
        if min(len(self.full), self.span) > _MOST_SUMMANDS:
            self.paper.say(
                f"Where more than {_MOST_SUMMANDS} cohorts count in a year, the older ones stand as one sum."
            )

    def years(self) -> list[YearWorking]:
        """Return each year in which any cohort's change lasts."""
        last = self.begins + len(self.full) - 1 + self.span
        return [self._year(year) for year in range(self.begins, last)]

    def _year(self, year: int) -> YearWorking:
        lives = list(self._lives(year))
        value = math.fsum(full.value * self._part_left(age) for full, age in lives)
        return YearWorking(year, value, lambda: self._working(lives))

    def _lives(self, year: int) -> Iterator[tuple[Figure, int]]:
        """Yield the cohorts whose change lasts in a year, each with its age."""
        for place, full in enumerate(self.full):
            age = year - self.begins - place
            if 0 <= age < self.span:
                yield full, age

    def _part_left(self, age: int) -> float:
        exponent = age + self.early
        return float(self.left.value**exponent if exponent else 1.0) * min(self.duration.value - age, 1.0)

    def _working(self, lives: Sequence[tuple[Figure, int]]) -> Working:
        each = [self._of_age(full, age) for full, age in lives]
        if len(each) <= _MOST_SUMMANDS:
            return total(*each)
        older = each[: len(each) - _MOST_SUMMANDS + 1]
        sum_of_older = self.paper.reckon(total(*older), MONEY)
        return total(*each[len(older) :], Working("older cohorts {}", (sum_of_older,), lambda worth: worth))

    def _of_age(self, full: Figure, age: int) -> Working:
        """Return full × left^(age + e) × part of the year."""
        exponent = age + self.early
        factors: list[Figure | Working] = [full]
        if exponent and self.left.value != 1.0:
            factors.append(power(self.left, self.paper.take(float(exponent), NUMBER)))
        if self.duration.value - age < 1.0:
            factors.append(self.paper.take(self.duration.value - age, NUMBER))
        return product(*factors)
