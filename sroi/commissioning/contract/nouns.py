"""What a contract's form names: the contract, its indicators and bands, the periods assessed, what was reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, Protocol

from sroi.errors import Problem

# What a contract is, as the form says it, and the exception that it is in sroi/data/commissioning/rules.yaml.
KINDS = {
    "goods, services or works": "",
    "light touch": "light_touch",
    "concession": "concession",
    "framework": "framework",
    "utilities contract of a private utility": "private_utility",
}
ACT = "Procurement Act 2023"
LAWS = (ACT, "another law")
CENTRAL = ("central government department", "executive agency", "non-departmental public body")
BUYER_KINDS = (*CENTRAL, "local authority", "other public body", "utility")

MORE, LESS = "more is better", "less is better"
BY_YEAR, BY_PERIOD, BY_CONTRACT = "a year", "any period", "the whole contract"

# What has to be published within thirty days beside the yearly rating, as the form says it.
BREACH_KINDS = ("breach: terminated", "breach: damages", "breach: settlement", "stayed unsatisfactory")
UNSATISFACTORY = BREACH_KINDS[-1]


class Placed(Protocol):
    """Something that knows where in a file it stands."""

    def problem(self, column: str, found: str, remedy: str) -> Problem:
        """Return a problem at that column's place."""


class _Nowhere:
    """For what was not read from a file."""

    def problem(self, column: str, found: str, remedy: str) -> Problem:
        """Return a problem without a place."""
        return Problem(found, remedy)


NOWHERE: Placed = _Nowhere()


def anniversary(day: date, years: int) -> date:
    """Return the same day so many years on; of 29 February, 1 March where there is none; at most the last day there is.

    >>> anniversary(date(2024, 2, 29), 1), anniversary(date(2025, 9, 1), 5)
    (datetime.date(2025, 3, 1), datetime.date(2030, 9, 1))
    """
    if day.year + years > date.max.year:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def twelve_months_end(begins: date) -> date:
    """Return the last day of the twelve months that begin on a day.

    >>> twelve_months_end(date(2025, 9, 1)), twelve_months_end(date(2024, 2, 29))
    (datetime.date(2026, 8, 31), datetime.date(2025, 2, 28))
    """
    return anniversary(begins, 1) - timedelta(days=1)


def whole_years(starts: date, ends: date) -> float | None:
    """Return how many whole years two days span, both within; None if that is no whole number.

    >>> whole_years(date(2025, 9, 1), date(2030, 8, 31)), whole_years(date(2025, 9, 1), date(2030, 3, 31))
    (5.0, None)
    """
    years = ends.year - starts.year + 1
    fit = [count for count in (years - 1, years) if anniversary(starts, count) - timedelta(days=1) == ends]
    return float(fit[0]) if fit else None


@dataclass(frozen=True)
class Contract:
    """The contract itself; None and empty texts are what the form leaves open. Values in pounds."""

    title: str
    buyer: str
    supplier: str
    starts: date
    ends: date
    buyer_kind: str = ""
    kind: str = "goods, services or works"
    law: str = ACT
    procedure: str = ""
    model: str = ""
    procurement_id: str = ""
    contract_id: str = ""
    supplier_id: str = ""
    supplier_contact: str = ""
    value_with_vat: float | None = None
    value_without_vat: float | None = None
    procurement_began: date | None = None
    entered: date | None = None
    terminated: date | None = None
    kpis_unfit: bool = False
    kpis_unfit_reason: str = ""
    details_notice_on: date | None = None
    contract_published_on: date | None = None
    first_quarter_end: date | None = None
    at: Placed = field(default=NOWHERE, compare=False, repr=False)

    @property
    def last_day(self) -> date:
        """The last day of its life: its end, or its termination if that came first."""
        return self.ends if self.terminated is None else min(self.terminated, self.ends)

    @property
    def light_touch(self) -> bool:
        """Whether it is a light touch contract, which has more time."""
        return KINDS[self.kind] == "light_touch"

    @property
    def exceptions(self) -> tuple[str, ...]:
        """The exceptions of section 52 that are met, by the ids of the rules."""
        met = (KINDS[self.kind], "not_assessable" if self.kpis_unfit else "")
        return tuple(each for each in met if each)


@dataclass(frozen=True)
class Bands:
    """How far from its target performance is still close, and from where it is significantly below: the buyer's own.

    Shares of the target. No statute gives these numbers.
    """

    approaching_from: float
    improvement_from: float
    stated_on: date | None = None
    stated_in: str = ""
    at: Placed = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Kpi:
    """A key performance indicator: what is measured, its target, and where the figures come from.

    `committed` is the bid's promise for the target's span, `promised` a delivery register's for the whole contract.
    """

    id: str
    name: str
    measure: str = ""
    unit: str = ""
    target: float | None = None
    target_for: str = BY_YEAR
    direction: str = MORE
    approaching_at: float | None = None
    improvement_at: float | None = None
    source: str = ""
    most_material: bool = False
    social_value: bool = False
    committed: float | None = None
    register_measure: str = ""
    promised: float | None = None
    at: Placed = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Period:
    """A period over which performance was, or is to be, assessed; both days within."""

    id: str
    begins: date
    ends: date
    assessed_on: date | None = None
    published_on: date | None = None
    at: Placed = field(default=NOWHERE, compare=False, repr=False)

    @property
    def is_twelve_months(self) -> bool:
        """Whether it is twelve months long, neither more nor less."""
        return self.ends == twelve_months_end(self.begins)


@dataclass(frozen=True)
class Reported:
    """What was reported of one indicator for one period, and how the authority rated it."""

    period: str
    kpi: str
    actual: float | None = None
    target: float | None = None
    evidence: str = ""
    rating: str = ""
    reason: str = ""
    at: Placed = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Breach:
    """A breach with its consequence, or performance that stayed unsatisfactory, which has to be published."""

    on: date
    kind: str
    what: str
    published_on: date | None = None
    at: Placed = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Register:
    """All that a contract's form holds."""

    contract: Contract
    bands: Bands | None
    kpis: tuple[Kpi, ...]
    periods: tuple[Period, ...]
    reported: tuple[Reported, ...]
    breaches: tuple[Breach, ...]
    file: str = ""
    sha256: str = ""
    notes: tuple[str, ...] = ()


Severity = Literal["high", "medium", "low"]


@dataclass(frozen=True)
class Question:
    """Something that a careful reader would ask, how much it matters, where it stands and what to do."""

    severity: Severity
    problem: Problem

    def __str__(self) -> str:
        return str(self.problem)

    def to_dict(self) -> dict[str, Any]:
        """Return the question as the result document holds it."""
        told: Mapping[str, Any] = {
            "severity": self.severity,
            "what": self.problem.found,
            "remedy": self.problem.remedy,
            "where": self.problem.where,
            "line": self.problem.line,
            "cell": self.problem.cell or None,
        }
        return dict(told)
