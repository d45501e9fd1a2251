"""Study: what a survey shows, and whether anything may be claimed from it.

A claim is made only where the interval lies above nil: of the mean change, or with a comparison group of the difference
in differences. "No effect shown" is an answer, and the only one that such a survey gives.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sroi.errors import MethodRefused, Problem
from sroi.evidence.design_strength import DesignStrength, maryland_scale
from sroi.formulas import Array
from sroi.survey.answers import Answers, least_answers, scores, turned
from sroi.survey.groups import Changes, Counts, Group, changes_of, group_of, interval_dict
from sroi.survey.intervals import (
    Interval,
    cronbach_alpha,
    difference_of_means,
    difference_of_shares,
    mean_interval,
    share_interval,
    standardised_difference,
)
from sroi.survey.protection import SMALLEST

EFFECT, CHANGE, NO_EFFECT, NO_CHANGE, HARM, UNTOLD = (
    "effect shown",
    "change shown",
    "no effect shown",
    "no change shown",
    "harm shown",
    "too few to tell",
)
# How the comparison group came to be, as the user states it, and the level of the Maryland scale that this gives. Where
# the sources of the scale disagree (difference in differences as level 3 or 4), the lower one is taken.
COMPARISONS = {"unlike": 2, "similar": 3, "random": 5}
# A map's normal range is a central 90 % range; people are told the usual 95 %.
TOLD, MAPPED = 0.95, 0.90


@dataclass(frozen=True)
class Rules:
    """How the answers are to be taken; every rule is stated beside the figures.

    `improved_by`: the change from which a person counts as improved; `scale`: the lowest and highest answer; `reverse`:
    places of the reverse-coded questions; `least`: answers that a person has to have given of several questions;
    `started`: how many are known to have started; `over_started`: claim over all who started, and not only those who
    answered twice; `wellby`: the question is life satisfaction from 0 to 10; `comparison`: see COMPARISONS.
    """

    improved_by: float | None = None
    scale: tuple[float, float] | None = None
    reverse: tuple[int, ...] = ()
    least: int | None = None
    started: int | None = None
    over_started: bool = False
    wellby: bool = False
    comparison: str = "unlike"
    smallest: int = SMALLEST


@dataclass(frozen=True)
class Difference:
    """Participants less comparison group: changes (the difference in differences), shares improved, and the start.

    `standardised` is the difference at the start in standard deviations.
    """

    change: Interval | None
    change_of_started: Interval | None
    improved: Interval | None
    improved_of_started: Interval | None
    baseline: Interval | None
    standardised: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: interval_dict(each) if isinstance(each, Interval) else each for name, each in told.items()}


@dataclass(frozen=True)
class Claim:
    """What may be claimed: what `each` changed, or the share that did (95 %), for `people`; `total` is the quantity.

    `total` has a 90 % interval, as a value map's normal range does. `measure` is people or points.
    """

    measure: str
    people: int
    each: Interval
    total: Interval
    over_started: bool


@dataclass(frozen=True)
class Study:
    """What a survey shows. Nothing in it tells of fewer than `rules.smallest` people."""

    answers: Answers
    rules: Rules
    participants: Group
    comparison: Group | None
    difference: Difference | None
    alpha: tuple[float | None, float | None]
    verdict: str
    claim: Claim | None

    @property
    def design(self) -> DesignStrength:
        """How strong the design is, on the Maryland scale."""
        level = 1 if self.comparison is None else COMPARISONS[self.rules.comparison]
        return maryland_scale()[level - 1]

    @property
    def least(self) -> int:
        """How many questions a person has to have answered."""
        return self.rules.least or least_answers(len(self.answers.questions))

    @property
    def shown(self) -> bool:
        """Whether there is anything to claim."""
        return self.claim is not None


def study_answers(answers: Answers, rules: Rules | None = None) -> Study:
    """Return what the answers show by these rules; MethodRefused where they cannot be followed."""
    rules = rules or Rules()
    _check(answers, rules)
    before, after = (
        turned(items, rules.reverse, rules.scale) if rules.scale is not None else items
        for items in (answers.before, answers.after)
    )
    least = rules.least or least_answers(len(answers.questions))
    first, last = scores(before, least), scores(after, least)
    took_part = answers.participant if answers.participant is not None else np.ones(len(first), dtype=bool)
    known = int((~np.isnan(first[took_part])).sum())
    if rules.started is not None and rules.started < known:
        found = f"{rules.started:,} are said to have started, but more answered at the start"
        raise MethodRefused(Problem(found, "Give the number of all who started."), answers.file)
    ours = changes_of(first[took_part], last[took_part], rules.started)
    theirs = changes_of(first[~took_part], last[~took_part]) if answers.compares else None
    _refuse_too_few(ours, theirs, answers, rules.smallest)
    participants = group_of(ours, rules.improved_by, rules.smallest)
    comparison = group_of(theirs, rules.improved_by, rules.smallest, comparison=True) if theirs is not None else None
    difference = None
    if theirs is not None and comparison is not None:
        difference = _difference(ours, theirs, participants, comparison)
    over_started = rules.over_started and participants.started is not None
    if comparison is not None:
        over_started = over_started and comparison.started is not None
    verdict, claim = _verdict(ours, theirs, participants, comparison, rules, over_started)
    alpha = (_number(cronbach_alpha(before)), _number(cronbach_alpha(after)))
    return Study(answers, rules, participants, comparison, difference, alpha, verdict, claim)


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _check(answers: Answers, rules: Rules) -> None:
    problems = []
    if rules.improved_by is not None and not rules.improved_by > 0:
        found = f"the threshold of an improvement is {rules.improved_by:g}"
        problems.append(Problem(found, "Give a number of points above 0; reverse-coded questions are turned round."))
    if rules.reverse and rules.scale is None:
        problems.append(Problem("a question is to be turned round, but no scale is stated", "State it: --scale 1-5."))
    if rules.wellby and rules.scale != (0.0, 10.0):
        found = "life satisfaction is worth a WELLBY a point only on the scale from 0 to 10"
        problems.append(Problem(found, "State it, if it is the one: --scale 0-10."))
    if rules.wellby and (len(answers.questions) != 1 or rules.reverse):
        found = "WELLBYs come from the one question on life satisfaction"
        problems.append(Problem(found, "Name that question alone, before and after."))
    if rules.least is not None and not 1 <= rules.least <= len(answers.questions):
        found = f"{rules.least} answers are asked of each person, of {len(answers.questions)} questions"
        problems.append(Problem(found, f"Give a number from 1 to {len(answers.questions)}."))
    if problems:
        raise MethodRefused(problems, answers.file)


def _refuse_too_few(ours: Changes, theirs: Changes | None, answers: Answers, smallest: int) -> None:
    least = max(smallest, 2)
    problems = []
    if len(ours.change) < least:
        problems.append(f"fewer than {least} participants answered both {' and '.join(answers.asked_at)}")
    if theirs is not None and len(theirs.change) < least:
        problems.append(f"fewer than {least} of the comparison group answered both {' and '.join(answers.asked_at)}")
    if problems:
        remedy = "Nothing is told of so few: ask more people, or check that the right columns are named."
        raise MethodRefused([Problem(found, remedy) for found in problems], answers.file)


def _difference(ours: Changes, theirs: Changes, participants: Group, comparison: Group) -> Difference:
    told = participants.change is not None and comparison.change is not None
    started = participants.change_of_started is not None and comparison.change_of_started is not None
    baseline = difference_of_means(ours.before, theirs.before) if told else None
    return Difference(
        change=difference_of_means(ours.change, theirs.change) if told else None,
        change_of_started=difference_of_means(ours.with_dropped_out(), theirs.with_dropped_out()) if started else None,
        improved=_of_shares(participants.improved, comparison.improved, TOLD),
        improved_of_started=_of_shares(participants.improved_of_started, comparison.improved_of_started, TOLD),
        baseline=baseline,
        standardised=_number(standardised_difference(ours.before, theirs.before)) if told else None,
    )


def _of_shares(ours: Counts | None, theirs: Counts | None, level: float) -> Interval | None:
    if ours is None or theirs is None:
        return None
    return difference_of_shares(ours.count, ours.of, theirs.count, theirs.of, level)


def _verdict(
    ours: Changes, theirs: Changes | None, participants: Group, comparison: Group | None, rules: Rules, started: bool
) -> tuple[str, Claim | None]:
    """Return what the survey shows, and what may be claimed.

    Both measures have to agree where there is a comparison group and a threshold: who chooses the threshold after the
    answers finds one at which chance looks like an effect.
    """
    moved = [each.with_dropped_out() if started else each.change for each in (ours, theirs) if each is not None]
    means = _of_means(moved, TOLD)
    shares = _shares(participants, comparison, started, TOLD)
    tests = [means] if comparison is None or shares is None else [means, shares]
    if any(test.below_nil for test in tests):
        return HARM, None
    if not all(test.above_nil for test in tests):
        return (NO_CHANGE if comparison is None else NO_EFFECT), None
    people = len(moved[0])
    shown = CHANGE if comparison is None else EFFECT
    if rules.improved_by is not None and not rules.wellby:
        total = _shares(participants, comparison, started, MAPPED)
        if shares is None or total is None or shares.value <= 0:
            return UNTOLD, None
        return shown, Claim("people", people, shares, total.times(people), started)
    if participants.change is None or (comparison is not None and comparison.change is None):
        return UNTOLD, None
    return shown, Claim("points", people, means, _of_means(moved, MAPPED).times(people), started)


def _of_means(moved: list[Array], level: float) -> Interval:
    return mean_interval(moved[0], level) if len(moved) == 1 else difference_of_means(moved[0], moved[1], level)


def _shares(participants: Group, comparison: Group | None, started: bool, level: float) -> Interval | None:
    """Return the share improved, or by how much it is above that of the comparison group."""
    ours = participants.improved_of_started if started else participants.improved
    if comparison is None:
        return share_interval(ours.count, ours.of, level) if ours is not None else None
    return _of_shares(ours, comparison.improved_of_started if started else comparison.improved, level)
