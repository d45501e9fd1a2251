"""A claim written into a value map: the quantity with its range, sample and design strength, each change listed.

A quantity measured against a comparison group is net of what would have happened anyway: its deadweight says "in the
quantity" and is not deducted again. Attribution is still asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sroi import wording
from sroi.errors import MethodRefused, NameRefused, Problem, did_you_mean
from sroi.estimate import Estimate
from sroi.evidence.wellby import wellby_entry
from sroi.impact_map import ImpactMap
from sroi.nouns import Correlation, Outcome, PartOfStakeholder, Proxy, kind_of
from sroi.survey.study import Claim, Study
from sroi.survey.telling import interval_words, points_words

NOTHING = "nothing"
_DIGITS = 6


@dataclass(frozen=True)
class Written:
    """One number or text of the map that was written: its name, what stood there before, what stands there now."""

    name: str
    before: str
    after: str

    def to_dict(self) -> dict[str, str]:
        """Return it for JSON."""
        return {"name": self.name, "before": self.before, "after": self.after}


def written_into(impact_map: ImpactMap, outcome_id: str, study: Study) -> tuple[ImpactMap, tuple[Written, ...]]:
    """Return the map with the study's claim as the outcome's quantity, and each change.

    Raises MethodRefused if the study shows nothing to claim or the map cannot take it, NameRefused for an outcome that
    the map does not have.
    """
    place, outcome = _outcome(impact_map, outcome_id)
    if study.claim is None:
        raise MethodRefused(Problem(f"{study.verdict}: there is no quantity to write", "Leave the map as it is."))
    _refuse_misfits(impact_map, outcome, study)
    parts = _parts(outcome, study, study.claim)
    said = {name: getattr(outcome, name) for name in Outcome.model_fields}
    new = Outcome.model_validate({**{name: part for name, part in said.items() if part is not None}, **parts})
    outcomes = tuple(new if number == place else each for number, each in enumerate(impact_map.outcomes))
    changes = [_written(f"{outcome_id}.{name}", getattr(outcome, name), getattr(new, name)) for name in parts]
    without, dropped = _without_numbers(impact_map, _numbers_gone(outcome, study))
    return impact_map.model_copy(update={"outcomes": outcomes, **without}), (*changes, *dropped)


def _numbers_gone(outcome: Outcome, study: Study) -> tuple[str, ...]:
    """Return the numbers that scenarios and correlations can no longer speak of.

    A share of a stakeholder gives way to a count; and a scenario that set a deadweight would deduct twice.
    """
    gone = (f"{outcome.id}.share", f"{outcome.id}.times") if isinstance(outcome.quantity, PartOfStakeholder) else ()
    return gone if study.comparison is None else (*gone, f"{outcome.id}.deadweight")


def _without_numbers(impact_map: ImpactMap, gone: tuple[str, ...]) -> tuple[dict[str, Any], list[Written]]:
    """Return the scenarios and correlations without these numbers, and what that took out."""
    taken: list[Written] = []

    def is_gone(name: str) -> bool:
        return any(name == each or name.startswith(f"{each}.") for each in gone)

    scenarios = {}
    for title, scenario in impact_map.scenarios.items():
        kept = {name: number for name, number in scenario.items() if not is_gone(name)}
        for name in scenario.keys() - kept.keys():
            taken.append(Written(f"scenarios.{title}.{name}", wording.plain(scenario[name]), NOTHING))
        if kept:
            scenarios[title] = kept
    correlations = []
    for correlation in impact_map.correlations:
        names = tuple(name for name in correlation.numbers if not is_gone(name))
        if len(names) < len(correlation.numbers):
            enough = len(names) > 1
            now = f"{', '.join(names)} alone" if enough else NOTHING
            taken.append(Written("correlations", ", ".join(correlation.numbers), now))
            correlations += [Correlation(numbers=names, rank=correlation.rank)] if enough else []
        else:
            correlations.append(correlation)
    taken.sort(key=lambda each: each.name)
    return ({"scenarios": scenarios, "correlations": tuple(correlations)} if taken else {}), taken


def _outcome(impact_map: ImpactMap, outcome_id: str) -> tuple[int, Outcome]:
    for place, outcome in enumerate(impact_map.outcomes):
        if outcome.id == outcome_id:
            return place, outcome
    known = [outcome.id for outcome in impact_map.outcomes]
    raise NameRefused(Problem(f"the map has no outcome '{outcome_id}'", did_you_mean(outcome_id, known)))


def _refuse_misfits(impact_map: ImpactMap, outcome: Outcome, study: Study) -> None:
    problems = []
    quantity = outcome.quantity
    by_year = quantity.share.by_year if isinstance(quantity, PartOfStakeholder) else quantity and quantity.by_year
    if by_year:
        found = f"the quantity of {outcome.id} is given by year, and a survey tells of one group of people"
        problems.append(Problem(found, "Write its figures into the year that it is of by hand."))
    if study.rules.wellby:
        currency = wellby_entry()["currency"]
        if impact_map.currency != currency:
            found = f"a WELLBY is worth so much in {currency}, and the map is in {impact_map.currency}"
            problems.append(Problem(found, "Leave --wellby out, and give the value of a point in the map's currency."))
    elif outcome.proxy is not None and outcome.proxy.value is not None and max(outcome.proxy.value.years) < 0:
        found = f"the proxy of {outcome.id} is a loss, and the survey shows that people fared better"
        problems.append(Problem(found, "Name the outcome that got better."))
    if problems:
        raise MethodRefused(problems)


# ---- what is written ----


def _parts(outcome: Outcome, study: Study, claim: Claim) -> dict[str, Any]:
    total = claim.total
    twice = study.participants.answered_twice
    quantity: dict[str, Any] = {
        "value": round(total.value, _DIGITS),
        "source": f"Survey {study.answers.file}: answers before and after of {twice:,} people",
        "note": _note(study, claim),
        "sample_size": twice,
        "observed": True,
    }
    low, high = round(total.low, _DIGITS), round(total.high, _DIGITS)
    if low < high:  # answers that all changed alike have no spread to show
        quantity |= {"low": low, "high": high, "shape": "normal"}
    parts: dict[str, Any] = {"quantity": quantity, "indicator": _indicator(outcome, study, claim)}
    if claim.measure == "people" and outcome.amount_of_change is None and study.participants.change is not None:
        parts["amount_of_change"] = f"Mean change {interval_words(study.participants.change)} points"
    if study.comparison is not None:
        parts["deadweight"] = {"value": 0.0, "note": deadweight_note(study)}
    if study.rules.wellby:
        parts["proxy"] = _wellby_proxy()
    return parts


def deadweight_note(study: Study) -> str:
    """Return why deadweight is not deducted again."""
    number = study.comparison.answered_twice if study.comparison is not None else 0
    return (
        f"In the quantity: it is measured against a comparison group of {number:,} people (difference in differences), "
        "and is not deducted again"
    )


def _note(study: Study, claim: Claim) -> str:
    over = "all who started, those without an answer afterwards counted as unchanged" if claim.over_started else (
        "those who answered before and after"
    )  # fmt: skip
    each = (
        f"{interval_words(claim.each, per_cent=True)} of them"
        if claim.measure == "people"
        else f"{interval_words(claim.each)} points each"
    )
    people, worsened = claim.measure == "people", study.participants.worsened
    beyond = " more than the comparison group" if study.comparison is not None else ""
    parts = [
        f"{claim.people:,} people x {each}{beyond} (95 % interval), over {over}",
        f"threshold: {points_words(study.rules.improved_by)} or more"
        if claim.measure == "people" and study.rules.improved_by is not None
        else "",
        f"{worsened.count:,} worsened by as much, and are not taken off" if worsened is not None and people else "",
        "low to high is the central 90 %" if claim.total.low < claim.total.high else "",
        f"design: {study.design} [{study.design.source}]",
    ]
    return "; ".join(part for part in parts if part)


def _indicator(outcome: Outcome, study: Study, claim: Claim) -> dict[str, Any]:
    questions = ", ".join(f"'{question}'" for question in study.answers.questions)
    mean = f"mean of {len(study.answers.questions)} questions: " if len(study.answers.questions) > 1 else ""
    what = (
        f"people who improved by {points_words(study.rules.improved_by or 0.0)} or more"
        if claim.measure == "people"
        else "points of change, added up over people"
    )
    text = f"Measured: {what}; {mean}{questions}, before and after"
    kept = outcome.indicator.text if outcome.indicator is not None else None
    # Written a second time, the measure takes the place of its own earlier words, not of somebody's.
    kept = kept.partition("Measured: ")[0].rstrip(" ;") if kept else None
    source = outcome.indicator.source if outcome.indicator is not None else None
    return {"text": f"{kept}; {text}" if kept else text, "source": source or f"Survey {study.answers.file}"}


def _wellby_proxy() -> dict[str, Any]:
    entry = wellby_entry()
    licence = f"{entry['licence']}. Seen at level {entry['verification_level']}. {entry['note']}"
    proxy = {
        "description": entry["outcome"],
        "value": {"value": entry.value, "low": entry.number("low"), "high": entry.number("high")},
        "unit": "WELLBY",
        "price_year": entry.price_year,
        "price_year_basis": entry["price_year_basis"] or None,
        "currency": entry["currency"],
        "source": f"{entry.full_source}. {licence}",
        "value_type": entry["value_type"],
        "valuation_method": entry["valuation_method"],
        "register": entry.id,
        "overlap_group": entry["overlap_group"] or None,
        "licence": entry["licence"],
        "acknowledgement": entry["acknowledgement"] or None,
        "passing_on": entry.says("passing_on"),
    }
    return {name: part for name, part in proxy.items() if part is not None}


# ---- how a change is told ----


def _written(name: str, before: Any, after: Any) -> Written:
    return Written(name, _told(before, name), _told(after, name))


def _told(part: Any, name: str) -> str:
    if part is None:
        return NOTHING
    if isinstance(part, str):
        return f"'{part}'"
    if isinstance(part, Estimate):
        return _number_told(part, name)
    if isinstance(part, PartOfStakeholder):
        times = "" if part.times.base == 1 else f" x {wording.plain(part.times.base)}"
        return f"{wording.per_cent(part.share.base)} of {part.of}{times}"
    if isinstance(part, Proxy):
        if part.anchored_to is not None or part.value is None:
            return f"anchored to {part.anchored_to}"
        currency = f" {part.currency}" if part.currency else ""
        year = f" in {part.price_year} prices" if part.price_year else ""
        return f"{_number_told(part.value, name)}{currency}{year}"
    return f"'{part.text or ''}'"


def _number_told(number: Estimate, name: str) -> str:
    say = wording.per_cent if kind_of(name).per_cent else wording.plain
    text = say(number.base)
    if number.low is not None and number.high is not None:
        text += f" ({say(number.low)} to {say(number.high)})"
    return f"{text}: {number.note}" if number.note else text
