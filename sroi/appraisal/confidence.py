"""How sure each number is: evidence grades, the share of value on weak evidence, ranges widened by grade.

A grade is what the map says of a number (`confidence`); the program grades nothing itself. An outcome is as weak as
the weakest of the numbers that drive it and that have a grade; where none has one, it is not graded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from sroi import wording
from sroi.errors import NameRefused, Problem
from sroi.estimate import Estimate, Noun
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS, NamedNumber
from sroi.nouns import NUMBER_KINDS, Outcome, PartOfStakeholder, Proxy
from sroi.reading import Kind
from sroi.result import Result

# What each grade means, the weakest first: our own words.
GRADES = {
    "red": "weak: a guess, one person's view, or a figure taken from another setting",
    "amber": "fair: measured by a small sample or without a comparison, or published for something close to it",
    "green": "strong: counted or measured for these people, or published for just this by a body that answers for it",
}
NOT_GRADED = "not graded"
# How far a range reaches either way at least, as a share of the number, by grade: our own convention, and no evidence.
WIDENING: Mapping[str, float] = {"red": 0.5, "amber": 0.25}

_AnyNoun = TypeVar("_AnyNoun", bound=Noun)


@dataclass(frozen=True)
class OutcomeGrade:
    """The grade of an outcome that counts, the number that gives it, and which of its numbers have none."""

    id: str
    label: str
    grade: str
    present_value: float
    weakest: str | None
    ungraded: tuple[str, ...]


@dataclass(frozen=True)
class Confidence:
    """How sure the value is: each outcome's grade, each grade's share of the value, how many numbers have each grade.

    Shares (0-1) are of the present values, a loss weighing as much as a gain of its size.
    """

    outcomes: tuple[OutcomeGrade, ...]
    shares: dict[str, float]
    numbers: dict[str, int]

    @property
    def is_graded(self) -> bool:
        """Whether any number that drives the value has a grade."""
        return any(each.grade != NOT_GRADED for each in self.outcomes)

    @property
    def weak(self) -> float:
        """The share of value that rests on weak (red) evidence."""
        return self.shares["red"]

    @property
    def partly_graded(self) -> float:
        """The share of value whose outcomes have a grade, and numbers without one too."""
        whole = sum(abs(each.present_value) for each in self.outcomes)
        part = sum(abs(each.present_value) for each in self.outcomes if each.grade != NOT_GRADED and each.ungraded)
        return part / whole if whole else 0.0

    def words(self) -> str:
        """Return the shares in one sentence."""
        if not self.is_graded:
            return "No number that drives the value has an evidence grade (confidence: red, amber or green)."
        said = [
            f"{wording.per_cent(share)} {'is ' if grade == NOT_GRADED else 'rests on '}{grade}"
            for grade, share in self.shares.items()
            if share
        ]
        partly = f"; {wording.per_cent(self.partly_graded)} rests on numbers without a grade too" if self.partly_graded else ""  # fmt: skip  # noqa: E501
        losses = ", losses counted at their size," if any(each.present_value < 0 for each in self.outcomes) else ","
        return f"Of the value{losses} {', '.join(said)}{partly}."

    def to_dict(self) -> dict[str, Any]:
        """Return it as `sroi check --json` writes it."""
        return {
            "shares": dict(self.shares), "partly_graded": self.partly_graded, "numbers": dict(self.numbers),
            "meaning": dict(GRADES),
            "outcomes": [
                {"id": each.id, "grade": each.grade, "present_value": each.present_value, "weakest": each.weakest,
                 "ungraded": list(each.ungraded)} for each in self.outcomes
            ],
        }  # fmt: skip


def evidence_grades(result: Result) -> Confidence:
    """Return how sure the value of a map is, by the grades of its numbers.

    The numbers that drive an outcome: its quantity (or size, share and times), its proxy (an anchored one's anchor),
    every deduction above nothing, and duration and drop-off where it lasts beyond a year.
    Raises NameRefused for a result of several cases at once.
    """
    if np.ndim(result.total_present_value) > 0:
        raise NameRefused(Problem("evidence grades want a single case", "Evaluate one case."))
    numbers, by_id = result.impact_map.numbers(), {each.id: each for each in result.impact_map.outcomes}
    graded = []
    for place, name in enumerate(result.priced):
        if result.counted[place]:
            driving = list(_driving(by_id[name], by_id, numbers))
            graded.append(_graded(by_id[name], float(result.present_value[place]), driving))
    sums = dict.fromkeys((*GRADES, NOT_GRADED), 0.0)
    for each in graded:
        sums[each.grade] += abs(each.present_value)
    whole = sum(sums.values())
    counts = dict.fromkeys((*GRADES, NOT_GRADED), 0)
    for number in numbers.values():
        if number.estimate is not None:
            counts[grade_of(number.estimate) or NOT_GRADED] += 1
    return Confidence(tuple(graded), {grade: part / whole if whole else 0.0 for grade, part in sums.items()}, counts)


def grade_of(estimate: Estimate) -> str | None:
    """Return the grade of a number: its own, or the weakest of its years; None if it has none."""
    given = {part.confidence or estimate.confidence for part in estimate.parts()} | {estimate.confidence}
    return next((grade for grade in GRADES if grade in given), None)


def _graded(outcome: Outcome, value: float, driving: list[NamedNumber]) -> OutcomeGrade:
    grades = {number.name: grade_of(number.estimate) for number in driving if number.estimate is not None}
    known = [(list(GRADES).index(grade), name) for name, grade in grades.items() if grade is not None]
    ungraded = tuple(name for name, grade in grades.items() if grade is None)
    if not known:
        return OutcomeGrade(outcome.id, outcome.label, NOT_GRADED, value, None, ungraded)
    lowest, name = min(known, key=lambda each: each[0])
    return OutcomeGrade(outcome.id, outcome.label, list(GRADES)[lowest], value, name, ungraded)


def _driving(
    outcome: Outcome, by_id: Mapping[str, Outcome], numbers: Mapping[str, NamedNumber]
) -> Iterator[NamedNumber]:
    priced_by = outcome
    while priced_by.proxy is not None and priced_by.proxy.anchored_to is not None:
        priced_by = by_id[priced_by.proxy.anchored_to]
    names = [f"{outcome.id}.quantity"]
    if isinstance(outcome.quantity, PartOfStakeholder):
        names = [f"{outcome.quantity.of}.size", f"{outcome.id}.share"]
        # Left out, it counts as 1, and nobody has to be sure of that.
        names += [f"{outcome.id}.times"] if "times" in outcome.quantity.model_fields_set else []
    names.append(f"{priced_by.id}.proxy")
    lasts = outcome.duration is not None and max(outcome.duration.years) > 1
    names += [f"{outcome.id}.{field}" for field in (*DEDUCTIONS, "drop_off") if field != "drop_off" or lasts]
    for name in names:
        number = numbers.get(name)
        deducted = number is not None and number.field in (*DEDUCTIONS, "drop_off")
        if number is not None and number.estimate is not None and (not deducted or any(number.values)):
            yield number
    if lasts:
        yield numbers[f"{outcome.id}.duration"]


# ---- ranges, widened by grade ----


def widened(impact_map: ImpactMap, steps: Mapping[str, float] = WIDENING) -> tuple[ImpactMap, tuple[str, ...]]:
    """Return the map with its graded ranges widened, and the names of the numbers whose ranges are.

    Each number with a grade in `steps` reaches that share of itself either way at least, within what it can be; a
    wider range stays. Survey counts, experts' views and lists of values keep the ranges that they give, and the
    discount rate is left as it is.
    """
    own = impact_map.numbers()
    changed = {
        section: tuple(_widened_noun(noun, steps) for noun in getattr(impact_map, section))
        for section in ("stakeholders", "inputs", "outcomes")
    }
    wide = impact_map.model_copy(update=changed)
    return wide, tuple(name for name, number in wide.numbers().items() if number.estimate != own[name].estimate)


def _widened_noun(noun: _AnyNoun, steps: Mapping[str, float]) -> _AnyNoun:
    changed: dict[str, Any] = {}
    for name in type(noun).model_fields:
        part = getattr(noun, name)
        if isinstance(part, Estimate):
            field = "proxy" if isinstance(noun, Proxy) else name
            changed[name] = _widened(part, NUMBER_KINDS[field], steps) if field in NUMBER_KINDS else part
        elif isinstance(part, Proxy | PartOfStakeholder):
            changed[name] = _widened_noun(part, steps)
    return noun.model_copy(update={name: part for name, part in changed.items() if part is not getattr(noun, name)})


def _widened(number: Estimate, kind: Kind, steps: Mapping[str, float], whole: str | None = None) -> Estimate:
    grade = number.confidence or whole
    if number.by_year is not None:
        years = tuple(_widened(part, kind, steps, grade) for part in number.by_year)
        return number if years == number.by_year else number.model_copy(update={"by_year": years})
    listed = isinstance(number.shape, dict) and "beta" not in number.shape
    step = steps.get(grade or "", 0.0)
    if not step or number.value is None or not number.value or listed or number.survey or number.experts:
        return number
    reach = step * abs(number.value)
    low, high = max(number.value - reach, kind.low), min(number.value + reach, kind.high)
    if number.low is not None and number.high is not None:
        low, high = min(low, number.low), max(high, number.high)
    if (low, high) == (number.low, number.high):
        return number
    return number.model_copy(update={"low": low, "high": high})


def widening_words(names: tuple[str, ...], steps: Mapping[str, float] = WIDENING) -> str:
    """Return the sentence that stands beside every figure from widened ranges."""
    said = " and ".join(f"{grade} ones to {wording.per_cent(step)}" for grade, step in steps.items())
    several = "1 range is" if len(names) == 1 else f"{len(names)} ranges are"
    if not names:
        return "No range was widened: no number of a grade that is widened has a narrower one."
    return (
        f"{several} widened by evidence grade, {said} of the number either way at least (--widen): our own convention "
        "and an assumption, not evidence."
    )
