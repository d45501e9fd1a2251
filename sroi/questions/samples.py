"""How many people a number rests on, how many of those invited answered, and for how many it is made to speak."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sroi import wording
from sroi.estimate import Estimate
from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome, PartOfStakeholder
from sroi.questions.asking import SMALL_SAMPLE, counted, people_of, place_of
from sroi.questions.lasting import quantities
from sroi.result import Result

# An outcome that makes more than this part of the total stands on its sample; a survey may speak for so many times as
# many people as it asked; and half of those invited should answer: our conventions, and said to be.
MUCH = 0.10
STRETCHED = 10.0
LEAST_RESPONSE = 0.5


def small_samples(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about small samples on which much of the value stands."""
    total = float(result.total_present_value)
    values = {name: abs(float(result.present_value[place])) for place, name in enumerate(result.priced)}
    for place, outcome in counted(impact_map):
        part = values.get(outcome.id, 0.0) / total if total > 0 else 0.0
        size = min((size for number in quantities(outcome) for size in _sizes(number)), default=None)
        if size is not None and size < SMALL_SAMPLE and part > MUCH:
            yield Finding(
                "small_sample", "medium", 5, f"{outcome.id}.quantity",
                f"{outcome.label}: {wording.per_cent(part, 0)} of the total rests on a sample of {size} (our "
                f"convention asks below {SMALL_SAMPLE})",
                "Ask more people, or show the range that so few leave: survey counts give it.",
                place_of(impact_map, "outcomes", place, "quantity"),
            )  # fmt: skip


def responses(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about surveys that fewer than half of those invited answered. The same survey is asked about once."""
    told = set()
    for place, outcome in counted(impact_map):
        for name, number in _surveyed(outcome):
            survey = number.survey
            if survey is None or not survey.invited:
                continue
            answered = survey.asked / survey.invited
            key = (survey.asked, survey.invited, people_of(outcome))
            if answered < LEAST_RESPONSE and key not in told:
                told.add(key)
                yield Finding(
                    "low_response", "medium", 5, f"{outcome.id}.{name}",
                    f"{outcome.label}: {survey.asked} of {survey.invited} invited answered "
                    f"({wording.per_cent(answered, 0)}); those who did not may have fared otherwise",
                    "Say who did not answer, and how they differ; try the number for them at nil.",
                    place_of(impact_map, "outcomes", place, name if name != "share" else "quantity"),
                )  # fmt: skip


def stretched(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about surveys that speak for far more people than were asked, unless these were drawn at random."""
    people = impact_map.stakeholder_by_id
    told = set()
    for place, outcome in counted(impact_map):
        part = outcome.quantity
        if not isinstance(part, PartOfStakeholder) or part.share.survey is None:
            continue
        survey, who = part.share.survey, people[part.of]
        size = who.size.base if who.size is not None else 0.0
        drawn = any(re.search(r"\brandom|\bby lot\b", each.selected or "", re.IGNORECASE) for each in who.involved)
        beyond = survey.population is not None and size > survey.population * (1 + 1e-9)
        key = (survey.asked, survey.population, part.of)
        if key in told or not (beyond or (size > STRETCHED * survey.asked and not drawn)):
            continue
        told.add(key)
        asked = f"{survey.asked} were asked"
        if beyond:
            asked = f"the survey speaks for {survey.population}"
        yield Finding(
            "survey_stretched", "medium", 5, f"{outcome.id}.share",
            f"{outcome.label}: {asked}, and the share is applied to {wording.plain(size)}",
            "Say how those asked were chosen, and whether the others are like them; or count only whom it speaks for.",
            place_of(impact_map, "outcomes", place, "quantity"),
        )  # fmt: skip


def _sizes(number: Estimate | None) -> Iterator[int]:
    for part in number.parts() if number is not None else ():
        if part.survey is not None:
            yield part.survey.asked
        if part.sample_size is not None:
            yield part.sample_size


def _surveyed(outcome: Outcome) -> Iterator[tuple[str, Estimate]]:
    shares: dict[str, Estimate | None] = {}
    if isinstance(outcome.quantity, PartOfStakeholder):
        shares["share"] = outcome.quantity.share
    for name in ("deadweight", "displacement", "attribution", "drop_off"):
        shares[name] = getattr(outcome, name)
    for name, number in shares.items():
        for part in number.parts() if number is not None else ():
            if part.survey is not None:
                yield name, part
