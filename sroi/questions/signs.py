"""The signs by which a program can tell, of each principle and quality point, that a map speaks to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sroi.coherence import TRANSFER
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.nouns import Involvement, Outcome, PartOfStakeholder
from sroi.questions.asking import counted, is_reasoned, is_sourced
from sroi.questions.change import was_sought
from sroi.questions.lasting import quantities
from sroi.reading import NOT_STATED

Standing = tuple[int, int]


@dataclass(frozen=True)
class Sign:
    """Something that stands in a map: in words, what to do where it does not, and how it is told.

    `stands` returns of how many it holds, and of how many it could (0 and 0 where there is nothing that it could hold
    of); `asked` names kinds of finding that ask the same,
    so that nothing is asked twice.
    """

    words: str
    remedy: str
    stands: Callable[[ImpactMap], Standing]
    asked: tuple[str, ...] = ()


def _involvements(impact_map: ImpactMap) -> Iterator[Involvement]:
    return (part for who in impact_map.stakeholders for part in who.involved)


def met_if(holds: Callable[[ImpactMap], bool]) -> Callable[[ImpactMap], Standing]:
    """Return how a map stands to something that holds of it or does not."""
    return lambda impact_map: (1 if holds(impact_map) else 0, 1)


def told(*names: str) -> Callable[[ImpactMap], Standing]:
    """Return how many of these parts of the narrative are written."""

    def standing(impact_map: ImpactMap) -> Standing:
        narrative = impact_map.narrative
        return sum(narrative is not None and getattr(narrative, name) is not None for name in names), len(names)

    return standing


def each_that_counts(holds: Callable[[Outcome], bool]) -> Callable[[ImpactMap], Standing]:
    """Return of how many of the outcomes that count something holds."""

    def standing(impact_map: ImpactMap) -> Standing:
        listed = [holds(outcome) for _, outcome in counted(impact_map)]
        return sum(listed), len(listed)

    return standing


def any_outcome(holds: Callable[[Outcome], bool]) -> Callable[[ImpactMap], Standing]:
    """Return whether something holds of any outcome."""
    return met_if(lambda impact_map: any(holds(outcome) for outcome in impact_map.outcomes))


def says(pattern: str) -> Callable[[ImpactMap], Standing]:
    """Return whether the words beside any outcome's numbers speak of something."""
    return met_if(lambda m: any(re.search(pattern, _words_of(each), re.IGNORECASE) for _, each in counted(m)))


def _has_stage(impact_map: ImpactMap, stage: str) -> bool:
    return any(part.stage == stage for part in _involvements(impact_map))


def _stage(stage: str) -> Callable[[ImpactMap], Standing]:
    return met_if(lambda impact_map: _has_stage(impact_map, stage))


def _screened_twice(outcome: Outcome) -> bool:
    return outcome.material is not None and bool(outcome.material.relevance and outcome.material.significance)


def _deducted(outcome: Outcome) -> bool:
    return all(getattr(outcome, name) is not None for name in DEDUCTIONS)


def _deducted_with_reasons(outcome: Outcome) -> bool:
    given = [getattr(outcome, name) for name in DEDUCTIONS]
    return all(number is not None and is_reasoned(number) for number in given)


def _priced_from_a_source(outcome: Outcome) -> bool:
    proxy = outcome.proxy
    return proxy is not None and (proxy.anchored_to is not None or bool(proxy.source) or is_sourced(proxy.value))


def _counted_from_a_source(outcome: Outcome) -> bool:
    number = outcome.quantity.share if isinstance(outcome.quantity, PartOfStakeholder) else outcome.quantity
    return is_sourced(number) or (outcome.indicator is not None and bool(outcome.indicator.source))


def sampled(outcome: Outcome) -> bool:
    """Say whether a survey or a sample size stands behind an outcome's quantity."""
    return any(
        part.survey is not None or part.sample_size is not None
        for number in quantities(outcome)
        if number is not None
        for part in number.parts()
    )


def lasting_with_reasons(outcome: Outcome) -> bool:
    """Say whether a duration is no longer than a year, or says what it rests on."""
    return outcome.duration is not None and (max(outcome.duration.years) <= 1 or is_reasoned(outcome.duration))


def _words_of(outcome: Outcome) -> str:
    texts: list[str | None] = [outcome.amount_of_change]
    texts += [outcome.indicator.text, outcome.indicator.source] if outcome.indicator is not None else []
    for number in (*quantities(outcome), *(getattr(outcome, name) for name in DEDUCTIONS)):
        texts += [text for part in (number.parts() if number is not None else ()) for text in (part.note, part.source)]
    return " ".join(text for text in texts if text)


def _has_ranges(impact_map: ImpactMap) -> bool:
    return any(each.estimate is not None and each.estimate.has_range for each in impact_map.numbers().values())


def _has_a_loss(impact_map: ImpactMap) -> bool:
    proxies = [outcome.proxy.value for _, outcome in counted(impact_map) if outcome.proxy is not None]
    return any(value is not None and min(value.years) < 0 for value in proxies)


def inputs_are_valued(impact_map: ImpactMap) -> bool:
    """Say whether every input has a value, time too."""
    return all(
        given.kind != "time" or given.value is not None or (given.hours is not None and given.rate is not None)
        for given in impact_map.inputs
    )


def _left_out_with_reasons(impact_map: ImpactMap) -> Standing:
    """Return how many of those left out, stakeholders and outcomes, have their reason."""
    people, uncounted = impact_map.stakeholder_by_id, impact_map.not_counted()
    reasoned = [bool(who.reason) for who in impact_map.stakeholders if not who.included]
    reasoned += [
        uncounted[each.id] == TRANSFER or (each.material is not None and bool(each.material.reason))
        for each in impact_map.outcomes
        if each.id in uncounted and people[each.stakeholder].included
    ]
    return sum(reasoned), len(reasoned)


# fmt: off
NAMED = Sign(
    "stakeholders helped to name the outcomes", "Ask those affected what changed, and record it (stage outcomes).",
    _stage("outcomes"), ("nobody_involved",),
)
CHOSEN = Sign(
    "how those asked were chosen is said", "Say under involved how those asked were chosen (selected).",
    met_if(lambda m: any(part.selected for part in _involvements(m))),
)
VALUED = Sign(
    "stakeholders ranked, weighed or valued the changes", "Let those who feel the changes rank or weigh them.",
    met_if(lambda m: _has_stage(m, "value") or any(each.rank or each.weight is not None for each in m.outcomes)),
    ("value_not_asked",),
)
CHECKED = Sign(
    "stakeholders checked the results", "Show them the results and record what they said (stage verification).",
    _stage("verification"), ("not_checked",),
)
INDICATORS = Sign(
    "every outcome that counts has an indicator", "Say of each outcome how one can tell that it happened.",
    each_that_counts(lambda each: each.indicator is not None), ("indicator_missing",),
)
WORSE = Sign(
    "outcomes for the worse were looked for", "Say under negative_outcomes_sought how one looked.",
    met_if(lambda m: was_sought(m) or _has_a_loss(m)), ("no_negative_outcome",),
)
UNINTENDED = Sign(
    "unintended outcomes are named", "Ask openly what else changed; mark it direction: unintended.",
    any_outcome(lambda each: each.direction == "unintended"), ("only_intended",),
)
LINKED = Sign(
    "it is said which outcome leads to which", "Draw the chain: leads_to.",
    any_outcome(lambda each: bool(each.leads_to)),
)
SCREENED = Sign(
    "every outcome that counts is screened twice", "Say of each outcome its relevance and its significance.",
    each_that_counts(_screened_twice), ("materiality_unsaid", "material_without_grounds", "screened_once"),
)
LEFT_OUT = Sign(
    "what is left out has its reason", "Say why each stakeholder or outcome is left out.",
    _left_out_with_reasons, ("stakeholder_left_out", "outcome_left_out"),
)
DEDUCTED = Sign(
    "every outcome that counts has deadweight, displacement and attribution", "Give all three of each outcome.",
    each_that_counts(_deducted), ("deduction_missing",),
)
REASONED = Sign(
    "its deductions have a reason or source", "Say what each deduction rests on.",
    each_that_counts(_deducted_with_reasons),
    ("deduction_missing", "deduction_zero", "attribution_zero", "no_comparison", "deduction_without_reason"),
)
LIMITS = Sign(
    "the limits are written", "Write under narrative what it cannot say.", told("limits"), ("limits_missing",),
)
PRICES = Sign(
    "every proxy has a source", "Give each proxy a source that a reader can look up.",
    each_that_counts(_priced_from_a_source), ("proxy_source_missing",),
)
COUNTS = Sign(
    "every quantity has a source", "Give each quantity, or its indicator, a source.",
    each_that_counts(_counted_from_a_source), ("quantity_source_missing",),
)
FRAME = Sign(
    "purpose, audience and scope are written", "Write purpose, audience and scope under narrative.",
    told("purpose", "audience", "scope"), ("frame_missing",),
)
YEAR = Sign(
    "the year of the prices is stated", "Give the price year.", met_if(lambda m: m.price_year != NOT_STATED),
    ("price_year_not_stated",),
)
RANGES = Sign(
    "numbers carry ranges, so that the ratio has an interval", "Give the numbers that matter a low and a high.",
    met_if(_has_ranges),
)
QUOTED = Sign(
    "people are quoted", "Record under involved what people said.",
    met_if(lambda m: any(part.said for part in _involvements(m))), ("nothing_quoted",),
)
DECISIONS = Sign(
    "the decisions that hang on it are written", "Write under narrative what will be decided.", told("decisions"),
    ("decisions_missing",),
)

# fmt: on
