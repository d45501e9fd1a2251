"""Whether a map claims more than its due: what would have happened anyway, moved elsewhere, or is owed to others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sroi import wording
from sroi.estimate import Estimate, in_the_quantity
from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.nouns import Outcome, PartOfStakeholder
from sroi.questions.asking import counted, is_organisation, is_reasoned, named, place_of
from sroi.result import Result

HIGHEST_RATIO = 10.0
_OURS = r"\b(due to us|our (?:own )?(?:work|share|project|part)|we claim|claimed by us|is ours)\b"


def attribution(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about an attribution that may stand the wrong way round."""
    for place, outcome in counted(impact_map):
        note = (outcome.attribution.note if outcome.attribution is not None else None) or ""
        found = re.search(_OURS, note, re.IGNORECASE)
        if found:
            yield Finding(
                "attribution_reversed", "high", 5, f"{outcome.id}.attribution",
                f"{outcome.label}: attribution is the share owed to others, but its reason says '{found.group(0)}'",
                "If it is the share you claim, give what is left of 100 %.",
                place_of(impact_map, "outcomes", place, "attribution"),
            )  # fmt: skip


def deductions(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask for each deduction that is missing, or zero without a reason."""
    organisations = [who for who in impact_map.stakeholders if is_organisation(who.label)]
    for place, outcome in counted(impact_map):
        lasting = lasts(outcome)
        bites = lasting or impact_map.conventions.drop_off_from == "first_year"
        for name in (*DEDUCTIONS, *(("drop_off",) if bites and outcome.duration is not None else ())):
            number: Estimate | None = getattr(outcome, name)
            words = deduction_words(name)
            if number is None:
                severity = "medium" if name in ("displacement", "drop_off") else "high"
                yield Finding(
                    "deduction_missing", severity, 5, f"{outcome.id}.{name}",
                    f"{outcome.label}: no {words}; it counts as {wording.per_cent(0)}",
                    "Give it, or give 0% with the reason as its note.",
                    place_of(impact_map, "outcomes", place),
                )  # fmt: skip
            elif not any(number.years) and not any(part.note for part in (number, *number.parts())):
                others = [who.label for who in organisations if who.id != outcome.stakeholder]
                kind, what = _zero(outcome, name, words, lasting, others)
                yield Finding(
                    kind, "medium", 5, f"{outcome.id}.{name}", what,
                    "Say why nothing is deducted: {value: 0%, note: ..}.",
                    place_of(impact_map, "outcomes", place, name),
                )  # fmt: skip


def deducted_twice(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about a deduction above zero whose own reason says that it is in the quantity already."""
    for place, outcome in counted(impact_map):
        for name in DEDUCTIONS:
            number: Estimate | None = getattr(outcome, name)
            if number is not None and any(number.years) and in_the_quantity(number):
                words = deduction_words(name)
                yield Finding(
                    "deducted_twice", "medium", 5, f"{outcome.id}.{name}",
                    f"{outcome.label}: {words} is {wording.per_cent(max(number.years))}, and its reason says that it "
                    "is in the quantity already",
                    "Give 0% with that reason, or a quantity that is not net of it.",
                    place_of(impact_map, "outcomes", place, name),
                )  # fmt: skip


def lasts(outcome: Outcome) -> bool:
    """Say whether an outcome lasts beyond its first year, so that drop-off can bite."""
    return outcome.duration is None or max(outcome.duration.years) > 1


def deduction_words(name: str) -> str:
    """Return a deduction's name as people read it."""
    return "attribution (owed to others)" if name == "attribution" else name.replace("_", "-")


def _zero(outcome: Outcome, name: str, words: str, lasting: bool, others: list[str]) -> tuple[str, str]:
    """Return the kind and the words for a deduction of zero without a reason."""
    zero = wording.per_cent(0)
    if name == "drop_off" and lasting and outcome.duration is not None:
        years = wording.number_words(max(outcome.duration.years), "duration", "")
        return "drop_off_zero", f"{outcome.label}: lasts {years}, and drop-off is {zero} without a reason"
    if name == "attribution" and len(others) > 1 and not _is_loss(outcome):
        return (
            "attribution_zero",
            f"{outcome.label}: nothing is owed to others ({zero}, without a reason), though the map names "
            f"{named(others)}",
        )
    return "deduction_zero", f"{outcome.label}: {words} is {zero} without a reason"


def _is_loss(outcome: Outcome) -> bool:
    proxy = outcome.proxy.value if outcome.proxy is not None else None
    return proxy is not None and max(proxy.years) < 0


def grounds(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask what each deduction rests on: for deadweight a comparison or a baseline."""
    weights, others = [], []
    for place, outcome in counted(impact_map):
        number = outcome.deadweight
        if number is not None and any(number.years) and not is_reasoned(number):
            weights.append((place, outcome))
        bare = [
            deduction_words(name)
            for name in ("displacement", "attribution", *(("drop_off",) if lasts(outcome) else ()))
            if (other := getattr(outcome, name)) is not None and any(other.years) and not is_reasoned(other)
        ]
        if bare:
            others.append((place, outcome, bare))
    for place, outcome in weights:
        yield Finding(
            "no_comparison", "medium", 5, f"{outcome.id}.deadweight",
            f"{outcome.label}: no comparison or baseline is said for its deadweight",
            "Say what it rests on: a waiting list, figures of the area, what people said themselves, the year before.",
            place_of(impact_map, "outcomes", place, "deadweight"),
        )  # fmt: skip
    for place, outcome, bare in others:
        yield Finding(
            "deduction_without_reason", "low", 5, outcome.id,
            f"{outcome.label}: no source or reason is given for {' and '.join(bare)}",
            "Say under note or source what it rests on.",
            place_of(impact_map, "outcomes", place),
        )  # fmt: skip


def added_deductions(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about deductions that are added up to more than the whole."""
    for place, outcome in counted(impact_map) if impact_map.conventions.deductions == "add" else ():
        given = [getattr(outcome, name).years for name in DEDUCTIONS if getattr(outcome, name) is not None]
        years = max((len(shares) for shares in given), default=1)
        worst = max(sum(shares[min(year, len(shares) - 1)] for shares in given) for year in range(years))
        if worst > 1 + 1e-12:
            yield Finding(
                "deductions_above_whole", "high", 5, outcome.id,
                f"{outcome.label}: its deductions add up to {wording.per_cent(worst)}; nothing is left of it",
                "Check whether the deductions overlap, or multiply them.",
                place_of(impact_map, "outcomes", place),
            )  # fmt: skip


def head_counts(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about a quantity above the number of people."""
    people = impact_map.stakeholder_by_id
    for place, outcome in counted(impact_map):
        size = people[outcome.stakeholder].size
        if size is None or outcome.quantity is None or isinstance(outcome.quantity, PartOfStakeholder):
            continue
        quantity = max(abs(value) for value in outcome.quantity.years)
        if quantity > size.base:
            yield Finding(
                "above_size", "medium", 5, f"{outcome.id}.quantity",
                f"{outcome.label}: a quantity of {wording.plain(quantity)} for {wording.plain(size.base)} people",
                "If it counts visits or things rather than people, write it as {of: .., share: .., times: ..}.",
                place_of(impact_map, "outcomes", place, "quantity"),
            )  # fmt: skip


def high_ratio(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about a ratio that few would believe."""
    if result.sroi_ratio > HIGHEST_RATIO:
        yield Finding(
            "ratio_above_10", "high", 5, "sroi_ratio",
            f"the ratio is {result.sroi_ratio:,.1f}; above {HIGHEST_RATIO:g} (our convention) few readers believe it",
            "Look for inputs left out, values counted twice and deductions of zero.",
        )  # fmt: skip
