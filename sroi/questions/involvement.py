"""Whether those who are affected took part: in naming what changes, in valuing it, and in checking the result."""

from __future__ import annotations

from collections.abc import Iterator

from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.nouns import Stakeholder
from sroi.questions.asking import counted, is_organisation, named, people_of, place_of
from sroi.result import Result


def involvement(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask who named the outcomes, and whether it was those who change."""
    asked = {who.id for who in impact_map.stakeholders if any(part.stage == "outcomes" for part in who.involved)}
    if not asked:
        yield Finding(
            "nobody_involved", "high", 1, "stakeholders",
            "no stakeholder is said to have helped to name the outcomes",
            "Ask those affected what changed, and record it under involved: {stage: outcomes, how: .., number: ..}.",
            place_of(impact_map, "stakeholders"),
        )  # fmt: skip
        return
    changing = _who_change(impact_map)
    if not any(_took_part(impact_map, who, asked) for who in changing):
        said = named([who.label for who in impact_map.stakeholders if who.id in asked])
        yield Finding(
            "named_by_others", "high", 1, "stakeholders",
            f"the outcomes were named by {said} alone; none of those whose lives they tell of is said to have been "
            f"asked: {named([who.label for who in changing])}",
            "Ask those who change what changed for them, and record it under involved: {stage: outcomes, ..}.",
            place_of(impact_map, "stakeholders"),
        )  # fmt: skip
        return
    for place, stakeholder in enumerate(impact_map.stakeholders):
        if stakeholder in changing and not _took_part(impact_map, stakeholder, asked):
            yield Finding(
                "group_not_asked", "medium", 1, f"{stakeholder.id}.involved",
                f"{stakeholder.label}: outcomes are counted for them, but they are not said to have named any",
                "Ask some of them what changed, or say why they could not be asked.",
                place_of(impact_map, "stakeholders", place),
            )  # fmt: skip


def verification(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask whether any stakeholder has seen and checked the results."""
    if not any(part.stage == "verification" for who in impact_map.stakeholders for part in who.involved):
        yield Finding(
            "not_checked", "medium", 7, "stakeholders",
            "no stakeholder is said to have checked the results",
            "Show the results to some of those affected, and record what they said: {stage: verification, ..}.",
            place_of(impact_map, "stakeholders"),
        )  # fmt: skip


def valuing(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask whether those who feel a change had a say in what it is worth."""
    staged = any(part.stage == "value" for who in impact_map.stakeholders for part in who.involved)
    ranked = any(each.rank is not None or each.weight is not None for each in impact_map.outcomes)
    if not staged and not ranked:
        yield Finding(
            "value_not_asked", "medium", 3, "stakeholders",
            "nobody who feels the changes is said to have had a say in what they are worth: no stage 'value', no rank, "
            "no weight",
            "Let them rank or weigh the outcomes, and record it: rank and weight, and involved: {stage: value, ..}.",
            place_of(impact_map, "outcomes"),
        )  # fmt: skip


def own_words(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask for qualitative evidence: what people said."""
    if not any(part.said for who in impact_map.stakeholders for part in who.involved):
        yield Finding(
            "nothing_quoted", "low", 2, "stakeholders",
            "no stakeholder is quoted: the map holds numbers, and nobody's own words",
            "Record under involved what people said: {.., said: \"..\"}.",
            place_of(impact_map, "stakeholders"),
        )  # fmt: skip


def left_out(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask why a stakeholder is left out, in words or in effect."""
    for place, who in enumerate(impact_map.stakeholders):
        if who.reason:
            continue
        if not who.included:
            what = f"{who.label}: left out without a reason"
        elif _has_a_part(impact_map, who):
            continue
        else:
            what = f"{who.label}: named, but nothing changes for them and they put nothing in; no reason is given"
        yield Finding(
            "stakeholder_left_out", "medium", 4, f"{who.id}.reason", what,
            "Say under reason why they are left out, or what changes for them.",
            place_of(impact_map, "stakeholders", place),
        )  # fmt: skip


def _who_change(impact_map: ImpactMap) -> list[Stakeholder]:
    """Return those whose lives change, or the organisations that do where nobody else does."""
    ids = {outcome.stakeholder for _, outcome in counted(impact_map)}
    changing = [who for who in impact_map.stakeholders if who.id in ids]
    people = [who for who in changing if not is_organisation(who.label)]
    return people or changing


def _took_part(impact_map: ImpactMap, who: Stakeholder, asked: set[str]) -> bool:
    """Say whether a stakeholder was asked, as itself, within a larger group, or through a part of it."""
    by_id = impact_map.stakeholder_by_id
    parts = {each.id for each in impact_map.stakeholders if each.part_of == who.id}
    larger, seen = who.part_of, {who.id}
    while larger in by_id and larger not in seen:
        seen.add(larger)
        larger = by_id[larger].part_of
    return bool(asked & (seen | parts))


def _has_a_part(impact_map: ImpactMap, who: Stakeholder) -> bool:
    """Say whether the map does anything with a stakeholder."""
    return (
        bool(who.involved)
        or any(who.id in (outcome.stakeholder, people_of(outcome)) for outcome in impact_map.outcomes)
        or any(given.stakeholder == who.id for given in impact_map.inputs)
        or any(output.stakeholder == who.id for output in impact_map.outputs)
        or any(other.part_of == who.id for other in impact_map.stakeholders)
    )
