"""A case for prevention worked out: events averted, the value map, who pays and who saves, early signs, questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sroi.appraisal.pockets import Pockets, pockets
from sroi.commissioning.prevention.averting import Averted, averted
from sroi.commissioning.prevention.mapping import value_map
from sroi.commissioning.prevention.nouns import Prevention
from sroi.commissioning.prevention.purses import Purse, purses
from sroi.commissioning.prevention.warning import Warned, warned
from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.result import Result


@dataclass(frozen=True, eq=False)
class PreventionStudy:
    """All that the paper on a case for prevention draws on. `base`, if any, is the map that the case was put into."""

    case: Prevention
    averted: tuple[Averted, ...]
    impact_map: ImpactMap
    base: ImpactMap | None
    warned: tuple[Warned, ...]
    on: date | None

    @cached_property
    def result(self) -> Result:
        """What the value map comes to: every sum of the paper is one of its figures."""
        return evaluate(self.impact_map)

    @cached_property
    def pockets(self) -> Pockets:
        """Who pays and who saves, by year."""
        return pockets(self.result)

    @cached_property
    def purses(self) -> tuple[Purse, ...]:
        """Each body's payments and savings, and what is left of them."""
        return purses(self.pockets)

    @cached_property
    def interval(self) -> tuple[float, float] | None:
        """The central 90 % range of the ratio by the stated ranges; None where there is none."""
        from sroi.uncertainty.interval import interval_of

        return interval_of(self.impact_map)


def study_prevention(case: Prevention, base: ImpactMap | None = None, on: date | None = None) -> PreventionStudy:
    """Return a case for prevention worked out.

    Parameters: `base`, a value map into which the case is put; `on`, the day after which readings of the early signs
    are not looked at (None: all are). Raises MethodRefused where the base does not fit the case.
    """
    found = tuple(averted(each) for each in case.events)
    signs = tuple(warned(each, case.readings, on) for each in case.indicators)
    return PreventionStudy(case, found, value_map(case, found, base), base, signs, on)
