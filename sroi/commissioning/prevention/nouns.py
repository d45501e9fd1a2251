"""What a case for prevention names: events, what one costs whom, money put in, early signs, harms looked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

HIGHER, LOWER = "higher_is_worse", "lower_is_worse"


@dataclass(frozen=True)
class Ranged:
    """A number with its range; the ends are the number itself where none is stated."""

    value: float
    low: float
    high: float
    source: str = ""

    @property
    def is_certain(self) -> bool:
        """Whether no range is stated."""
        return self.low == self.high


@dataclass(frozen=True)
class Exposure:
    """One year of an event: how many people could have met it, and, once it is known, how many events there were."""

    year: int
    exposed: float
    observed: float | None = None
    source: str = ""


@dataclass(frozen=True)
class Event:
    """What is to be prevented, and how often it happens without the programme and with it.

    Rates are events a year for each `per` people. `baseline` is what was the case before or elsewhere, `expected` what
    is hoped for in years that nobody has counted yet. `trend`: by what share (-0.02) the baseline would have moved each
    year by itself, from the second year on; None where nobody said.
    """

    id: str
    event: str
    people: str
    unit: str
    per: float
    baseline: Ranged
    baseline_from: str
    exposures: tuple[Exposure, ...]
    expected: Ranged | None = None
    trend: float | None = None
    trend_source: str = ""
    attribution: float = 0.0
    attribution_why: str = ""
    displacement: float = 0.0
    displacement_why: str = ""


@dataclass(frozen=True)
class Cost:
    """What one event costs one body: in the prices of the case, the share of it that is cash, and when it falls.

    `cashable`: None where nobody said.
    `falls`: the shares of a saving that fall in the event's year, the year after, .. ; together 1.
    """

    event: str
    agency: str
    unit_cost: Ranged
    cashable: float | None = None
    falls: tuple[float, ...] = (1.0,)
    value_type: str = "fiscal"
    source: str = ""
    register: str = ""
    licence: str = ""
    acknowledgement: str = ""
    passing_on: bool | None = None


@dataclass(frozen=True)
class Funding:
    """What a body puts in, in one year of the programme."""

    payer: str
    what: str
    kind: str
    year: int
    amount: float
    source: str = ""


@dataclass(frozen=True)
class Partner:
    """A person or body that has to be there: what it brings, and whether it has joined."""

    name: str
    brings: str
    joined: bool
    how: str = ""


@dataclass(frozen=True)
class Indicator:
    """An early sign: what is measured, which way is worse, and from where it is amber and red."""

    id: str
    indicator: str
    unit: str
    direction: str
    amber: float
    red: float
    ahead: str = ""
    source: str = ""
    who_acts: str = ""


@dataclass(frozen=True)
class Reading:
    """One reading of an indicator."""

    indicator: str
    day: date
    value: float


@dataclass(frozen=True)
class Harm:
    """A harm that was looked for: of whom it was asked, how, and whether it was found; None is not looked at yet."""

    harm: str
    asked: str
    how: str
    found: bool | None
    what: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Setting:
    """What holds for the whole case; an empty text is a question left open."""

    title: str
    organisation: str = ""
    activities: str = ""
    analysis: str = "forecast"
    currency: str = ""
    price_year: int | str | None = None
    start: date | None = None
    discount_rate: str = ""
    discount_timing: str = ""
    input_timing: str = ""
    system_change: str = ""
    after: str = ""
    leverage: str = ""
    hollow_success: str = ""
    negative_outcomes_sought: str = ""
    note: str = ""


@dataclass(frozen=True)
class Prevention:
    """A whole case for prevention. `notes` says what was done to its numbers when they were read."""

    setting: Setting
    events: tuple[Event, ...]
    costs: tuple[Cost, ...]
    funding: tuple[Funding, ...] = ()
    partners: tuple[Partner, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    readings: tuple[Reading, ...] = ()
    harms: tuple[Harm, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def years(self) -> int:
        """The years of the case: until the last payment is made and the last saving has fallen."""
        ends = [each.year for each in self.funding]
        for event in self.events:
            lags = [len(each.falls) for each in self.costs if each.event == event.id] or [1]
            ends += [exposure.year + max(lags) - 1 for exposure in event.exposures]
        return max(ends, default=1)
