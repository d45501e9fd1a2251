"""The buyer's profile: criteria with weights and formulas, measures, bands, questions; what the tender published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from sroi.commissioning.bids.formulas import ONE, ZERO
from sroi.errors import MethodRefused, Problem
from sroi.wording import per_cent

# How a kind of criterion may be scored, in the order of a form's choices.
METHODS: Mapping[str, tuple[str, ...]] = {
    "price": ("relative_price_lowest_best", "linear_between_set_prices"),
    "quantitative": ("proportional_to_best_highest_best", "weighted_sum"),
    "qualitative": ("quality_bands", "pass_fail"),
    "sroi_ratio": ("proportional_to_best_highest_best",),
}
# How all becomes one figure. All but the first set the whole price against the points of all that is not price.
TOTALS = ("weighted_sum", "price_per_quality_point", "value_net_of_quality_price", "willingness_to_pay")
# A score of these does not depend on the other bids.
ABSOLUTE = ("linear_between_set_prices", "quality_bands", "pass_fail")
LIMITS = ("workforce", "workforce_weeks", "price")


@dataclass(frozen=True)
class Tender:
    """What holds for the whole tender. Money is in `currency`, shares are 0-1, `bids_open` is the day planned."""

    reference: str
    title: str
    buyer: str
    bids_open: date
    currency: str = "GBP"
    contract_value: Fraction | None = None
    years: Fraction = ONE
    total: str = "weighted_sum"
    willingness_to_pay: Fraction | None = None
    rounding: str = "for_show"
    decimals: int = 2
    tie_criterion: str = ""
    unmoderated: str = "must_be_moderated"
    moderate_beyond: Fraction | None = None
    most_measures: int | None = None
    most_measures_per_bid: int | None = None
    price_low: Fraction | None = None
    price_high: Fraction | None = None
    unusual_times: Fraction | None = None


@dataclass(frozen=True)
class Criterion:
    """One thing that is scored. `threshold` is the least share of its full marks with which a bid stays in."""

    id: str
    title: str
    kind: str
    method: str
    weight: Fraction = ZERO
    group: str = ""
    threshold: Fraction | None = None
    full_marks_price: Fraction | None = None
    no_marks_price: Fraction | None = None
    money_value: Fraction | None = None
    conventions: str = ""
    description: str = ""

    @property
    def judged(self) -> bool:
        """Whether people score it."""
        return self.kind == "qualitative"


@dataclass(frozen=True)
class Measure:
    """What bidders may commit to: `value` is money for a unit, `weight` its share of the criterion's marks.

    `low` and `high` are what the buyer holds plausible over the whole contract; `limit` is more than it could hold.
    """

    id: str
    title: str
    unit: str
    criterion: str
    value: Fraction | None = None
    weight: Fraction | None = None
    mandatory: bool = False
    low: Fraction | None = None
    high: Fraction | None = None
    limit: Fraction | None = None
    limit_by: str = ""
    source: str = ""


@dataclass(frozen=True)
class Band:
    """A step of the buyer's own scale: the share of full marks that it earns; no criterion: for all."""

    name: str
    share: Fraction
    meaning: str = ""
    criterion: str = ""


@dataclass(frozen=True)
class Question:
    """A question on ethics or the supply chain. `must_pass`: a fail sets the bid aside."""

    id: str
    title: str
    about: str
    must_pass: bool = False


@dataclass(frozen=True)
class Profile:
    """All that the buyer fixed and published before bids opened. MethodRefused if its weights are not 100 %."""

    tender: Tender
    criteria: tuple[Criterion, ...]
    measures: tuple[Measure, ...] = ()
    bands: tuple[Band, ...] = ()
    questions: tuple[Question, ...] = ()

    def __post_init__(self) -> None:
        problems = [*weight_problems(self.tender, self.criteria), *measure_weight_problems(self)]
        if problems:
            raise MethodRefused(problems)

    def criterion(self, name: str) -> Criterion:
        """Return the criterion of this id."""
        return self._by_id[name]

    @cached_property
    def _by_id(self) -> dict[str, Criterion]:
        return {criterion.id: criterion for criterion in self.criteria}

    @cached_property
    def judged(self) -> tuple[Criterion, ...]:
        """The criteria that people score."""
        return tuple(criterion for criterion in self.criteria if criterion.judged)

    def measures_of(self, criterion: Criterion) -> tuple[Measure, ...]:
        """Return a criterion's measures."""
        return tuple(measure for measure in self.measures if measure.criterion == criterion.id)

    def bands_of(self, criterion: Criterion) -> dict[str, Fraction]:
        """Return what each band earns on a criterion: its own bands, or those for all; pass and fail have no others."""
        if criterion.method == "pass_fail":
            return {"pass": ONE, "fail": ZERO}
        own = {band.name: band.share for band in self.bands if band.criterion == criterion.id}
        return own or {band.name: band.share for band in self.bands if not band.criterion}

    @property
    def full_points(self) -> dict[str, Fraction]:
        """The most points of each criterion: its weight of 100, or its money where quality is priced."""
        priced = self.tender.total == "value_net_of_quality_price"
        return {each.id: (each.money_value or ZERO) if priced else 100 * each.weight for each in self.criteria}

    @property
    def relative(self) -> tuple[Criterion, ...]:
        """The criteria whose scores depend on the other bids."""
        return tuple(criterion for criterion in self.criteria if criterion.method not in ABSOLUTE)


def weight_problems(tender: Tender, criteria: Iterable[Criterion]) -> list[Problem]:
    """Return what is wrong with the weights: they make 100 %, exactly, unless money values do the weighing."""
    criteria = list(criteria)
    if tender.total == "value_net_of_quality_price":
        return []
    below = [each for each in criteria if each.weight < 0]
    problems = [
        Problem(f"the weight of '{each.id}' is below 0", "Give a weight from 0 % to 100 %.", "criteria")
        for each in below
    ]
    total = sum((each.weight for each in criteria), ZERO)
    if total != 1:
        problems.append(Problem(f"the weights add up to {told_apart(total, 1)}, and not to 100 %", how_to_mend(total)))
    return problems


def how_to_mend(total: Fraction) -> str:
    """Return what to do about weights that add up to something else than 1."""
    if total == 0:
        return "Give each criterion its weight, in per cent."
    over = total > 1
    return f"Take {told_apart(abs(total - 1), 0)} {'off' if over else 'more into'} them: nothing is scaled for you."


def told_apart(share: Fraction, other: int) -> str:
    """Return a share in per cent, with as many decimals as it takes to tell it from another one.

    >>> told_apart(Fraction("0.99999"), 1), told_apart(Fraction("1.000000001"), 1)
    ('99.999\xa0%', '100.0000001\xa0%')
    """
    decimals = next((each for each in range(6, 30) if round(share * 100, each) != other * 100), 6)
    if decimals == 6:
        return per_cent(float(share), 6)
    digits = str(int(abs(share) * 100 * 10**decimals + Fraction(1, 2))).zfill(decimals + 1)
    return f"{digits[:-decimals]}.{digits[-decimals:]}".rstrip("0") + per_cent(0.0)[1:]


def measure_weight_problems(profile: Profile) -> list[Problem]:
    """Return criteria whose measures are weighed and do not make 100 %."""
    problems = []
    for criterion in profile.criteria:
        if criterion.method != "weighted_sum":
            continue
        total = sum((measure.weight or ZERO for measure in profile.measures_of(criterion)), ZERO)
        if total != 1:
            found = (
                f"the weights of the measures of '{criterion.id}' add up to {told_apart(total, 1)}, and not to 100 %"
            )
            problems.append(Problem(found, how_to_mend(total)))
    return problems


def plain(noun: Any) -> Any:
    """Return a noun of the profile as JSON can hold it, the same however its file was written or ordered."""
    if isinstance(noun, Fraction):
        return str(noun)
    if isinstance(noun, date):
        return noun.isoformat()
    if isinstance(noun, str):
        return _normal(noun)
    if isinstance(noun, tuple):
        return sorted((plain(each) for each in noun), key=repr)
    if isinstance(noun, Profile | Tender | Criterion | Measure | Band | Question):
        return {field.name: plain(getattr(noun, field.name)) for field in fields(noun)}
    return noun


def _normal(text: str) -> str:
    from unicodedata import normalize

    return " ".join(normalize("NFC", text).split())
