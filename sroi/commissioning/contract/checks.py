"""What a careful reader would ask of a contract's indicators, bands, periods and ratings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sroi.commissioning.contract.duties import Duty, assessed_by_law
from sroi.commissioning.contract.facts import NO_BANDS_IN_LAW
from sroi.commissioning.contract.nouns import (
    BY_PERIOD,
    BY_YEAR,
    LESS,
    Contract,
    Kpi,
    Period,
    Question,
    Register,
    Severity,
    twelve_months_end,
    whole_years,
)
from sroi.commissioning.contract.rating import Rated, limits
from sroi.commissioning.contract.saying import counted, quantity
from sroi.errors import Problem

MOST_MATERIAL = 3


def of_choice(register: Register, duties: Sequence[Duty]) -> Iterator[Question]:
    """Yield what is to be asked of the choice of indicators: enough, the most material, each measurable, none alike."""
    contract, kpis = register.contract, register.kpis
    for duty in duties:
        if duty.applies is not False and duty.there < duty.asked:
            which = "on social value " if duty.rule.id == "ppn_026_kpis" else ""
            found = f"{counted(duty.there, 'indicator')} {which}{'is' if duty.there == 1 else 'are'} set"
            asks = "asks" if duty.applies else "may ask"
            remedy = f"{duty.rule.law} {asks} for at least {duty.asked}. {duty.why}"
            yield Question("high" if duty.applies else "medium", Problem(found, remedy))
        if duty.applies is None:
            found = f"{duty.rule.law}: {duty.why[0].lower()}{duty.why[1:].rstrip('.')}"
            yield Question("medium", contract.at.problem("value_with_vat", found, "Fill in what is missing."))
    if contract.kpis_unfit and not contract.kpis_unfit_reason:
        found = "indicators are held to be no way to assess this contract, and no reason is given"
        yield Question("high", contract.at.problem("kpis_unfit_reason", found, "Write the reason down."))
    marked = sum(each.most_material for each in kpis)
    if len(kpis) > MOST_MATERIAL and marked != MOST_MATERIAL:
        found = (
            f"{counted(marked, 'indicator')} of {len(kpis)} {'is' if marked == 1 else 'are'} marked as most material"
        )
        yield Question(
            "medium", Problem(found, "Mark three: the contract details notice describes the three most material.")
        )
    if len(kpis) >= MOST_MATERIAL and all(each.social_value for each in kpis):
        found = "all indicators are on social value, none on the service itself"
        yield Question("low", Problem(found, "Ask whether the service's own performance can be followed without one."))
    for kpi in kpis:
        yield from _of_kpi(kpi)
        yield from _of_promise(kpi, contract)
    yield from _alike(kpis)


def _of_kpi(kpi: Kpi) -> Iterator[Question]:
    if kpi.target is None:
        yield Question("high", kpi.at.problem("target", f"'{kpi.name}' has no target", "Say what is to be reached."))
    elif kpi.target == 0 and kpi.direction != LESS:
        found = f"the target of '{kpi.name}' is 0, which nobody can miss"
        yield Question("high", kpi.at.problem("target", found, "Give a target, or say that less is better."))
    missing = [word for word, told in (("what is measured", kpi.measure), ("its unit", kpi.unit)) if not told]
    if missing:
        found = (
            f"'{kpi.name}' cannot be measured as it stands: "
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not said"
        )
        yield Question("high", kpi.at.problem("measure", found, "Say what is counted, in which unit."))
    if not kpi.source:
        found = f"'{kpi.name}' names no source of its figures"
        yield Question("medium", kpi.at.problem("source", found, "Say who counts it, and from which record."))
    if kpi.committed is not None and kpi.target is not None:
        short = kpi.target > kpi.committed if kpi.direction == LESS else kpi.target < kpi.committed
        if short:
            asked, promised = (quantity(each, kpi.unit) for each in (kpi.target, kpi.committed))
            found = f"the target of '{kpi.name}', {asked}, asks for less than the bid promised, {promised}"
            yield Question("high", kpi.at.problem("target", found, "Ask for what was promised, or write down why not."))


def _of_promise(kpi: Kpi, contract: Contract) -> Iterator[Question]:
    """Yield whether a target asks for less than the delivery register has: both brought to the whole contract."""
    if kpi.promised is None or kpi.target is None or kpi.direction == LESS or kpi.target_for == BY_PERIOD:
        return
    years = whole_years(contract.starts, contract.ends) if kpi.target_for == BY_YEAR else 1.0
    if years is None:
        found = f"the target of '{kpi.name}' is for a year, and the contract does not last whole years"
        yield Question("low", kpi.at.problem("target", found, "Compare it with the register's commitment by hand."))
    elif kpi.target * years < kpi.promised * (1 - 1e-9):
        asked, promised = (quantity(each, kpi.unit) for each in (kpi.target * years, kpi.promised))
        found = (
            f"the targets of '{kpi.name}' come to {asked} over the contract, and the register has {promised} promised"
        )
        yield Question("high", kpi.at.problem("target", found, "Ask for what was promised, or write down why not."))


def _alike(kpis: Sequence[Kpi]) -> Iterator[Question]:
    seen: dict[tuple[str, str], Kpi] = {}
    for kpi in kpis:
        key = (" ".join((kpi.measure or kpi.name).casefold().split()), kpi.unit.casefold().strip())
        if key in seen:
            found = f"'{kpi.name}' measures the same as '{seen[key].name}'"
            yield Question("high", kpi.at.problem("measure", found, "Count it once: choose another indicator."))
        seen.setdefault(key, kpi)


def of_bands(register: Register) -> Iterator[Question]:
    """Yield what is to be asked of the bands: some for every indicator, stated before they were needed."""
    bands, contract = register.bands, register.contract
    without = [each for each in register.kpis if each.target is not None and None in limits(each, bands, each.target)]
    if without:
        names = ", ".join(f"'{each.name}'" for each in without[:5]) + (", .." if len(without) > 5 else "")
        found = f"no bands say how close is close for {names}"
        yield Question("medium", Problem(found, f"State them before the first assessment. {NO_BANDS_IN_LAW}"))
    if bands is None:
        return
    if bands.stated_on is None:
        found = "the bands have no day on which they were stated"
        yield Question(
            "medium", bands.at.problem("stated_on", found, "Say when and where the supplier was told of them.")
        )
        return
    limit = contract.entered or contract.starts
    if bands.stated_on > limit:
        found = (
            f"the bands were stated on {bands.stated_on.isoformat()}, after the "
            f"contract was entered into ({limit.isoformat()})"
        )
        yield Question("high", bands.at.problem("stated_on", found, "State bands before; say why these came after."))


def of_periods(register: Register, on: date) -> Iterator[Question]:
    """Yield what is to be asked of the periods: none longer than twelve months, no gap, none late, none missing."""
    contract = register.contract
    periods = sorted(register.periods, key=lambda each: (each.begins, each.ends))
    by_law = assessed_by_law(contract, register.kpis)
    severity: Severity = "high" if by_law else "medium"
    for period in periods:
        if period.ends > twelve_months_end(period.begins):
            found = f"the period {_days(period)} is longer than twelve months"
            remedy = f"Assess at least once in every twelve months: by {twelve_months_end(period.begins).isoformat()}."
            yield Question(severity, period.at.problem("ends", found, remedy))
        yield from _of_day(period, on)
    for before, after in _steps(contract.starts, periods):
        first = before + timedelta(days=1)
        if after.begins > first:
            found = f"no assessment covers {first.isoformat()} to {(after.begins - timedelta(days=1)).isoformat()}"
            yield Question(
                severity, after.at.problem("begins", found, "Add a period for it, or begin this one earlier.")
            )
        elif after.begins < first and before >= contract.starts:
            found = f"the period {_days(after)} begins before the one before it ends ({before.isoformat()})"
            yield Question("medium", after.at.problem("begins", found, "Let no day be assessed twice."))
    yield from _missing(register, periods, on, severity)


def _steps(starts: date, periods: Sequence[Period]) -> Iterator[tuple[date, Period]]:
    """Yield each period with the last day that was covered before it."""
    covered = starts - timedelta(days=1)
    for period in periods:
        yield covered, period
        covered = max(covered, period.ends)


def _of_day(period: Period, on: date) -> Iterator[Question]:
    if period.assessed_on is None or period.assessed_on > on:
        if period.ends < on:
            found = f"the period {_days(period)} has ended and is not assessed by {on.isoformat()}"
            yield Question("high", period.at.problem("assessed_on", found, "Assess it, and write the day."))
        return
    strict = twelve_months_end(period.begins)
    if period.assessed_on < period.ends:
        found = f"the period {_days(period)} was assessed on {period.assessed_on.isoformat()}, before it ended"
        yield Question("medium", period.at.problem("assessed_on", found, "Say what is known of the days that follow."))
    elif period.assessed_on > strict:
        late = (period.assessed_on - strict).days
        found = (
            f"the period {_days(period)} was assessed on {period.assessed_on.isoformat()}, "
            f"{counted(late, 'day')} after the twelve months that began with it"
        )
        remedy = (
            "The Act says at least once in every period of twelve months: read strictly, the "
            "assessment itself lies within them. Take advice, or end the period earlier."
        )
        yield Question("medium", period.at.problem("assessed_on", found, remedy))
    if period.published_on is None:
        found = f"the assessment of {_days(period)} has no day of publication"
        remedy = "Publish the contract performance notice and write the day. No number of days for it was seen."
        yield Question("medium", period.at.problem("published_on", found, remedy))


def _missing(register: Register, periods: Sequence[Period], on: date, severity: Severity) -> Iterator[Question]:
    """Yield what no period covers: twelve months gone by, or the end of the contract."""
    contract = register.contract
    covered = max((each.ends for each in periods), default=contract.starts - timedelta(days=1))
    first = covered + timedelta(days=1)
    if contract.last_day < on and covered < contract.last_day:
        word = "terminated" if contract.terminated else "ended"
        found = (
            f"the contract {word} on {contract.last_day.isoformat()}, and no "
            f"assessment covers it from {first.isoformat()}"
        )
        yield Question(severity, Problem(found, "Assess performance on termination too."))
    elif twelve_months_end(first) < min(on, contract.last_day):
        found = (
            f"no assessment covers the time from {first.isoformat()}, more than twelve months before {on.isoformat()}"
        )
        yield Question(severity, Problem(found, "Assess it now: at least once in every twelve months is asked for."))


def of_ratings(rated: Sequence[Rated]) -> Iterator[Question]:
    """Yield what is to be asked of ratings: each decided, with evidence, a departure with its reason."""
    for each in rated:
        about = f"'{each.kpi.name}' in {each.period.id}"
        at = each.reported.at if each.reported is not None else each.period.at
        assessed = each.period.assessed_on is not None
        if each.reported is None:
            if assessed:
                yield Question(
                    "high", at.problem("assessed_on", f"{about} has no line", "Report it: a rating for each indicator.")
                )
            continue
        if each.differs and not each.reason:
            found = f"{about} is rated {each.decided}, its bands propose {each.proposed}, and no reason is given"
            yield Question("high", at.problem("rating", found, "Write down the reason for deciding otherwise."))
        elif each.decided and not each.proposed and not each.reason:
            found = f"{about} is rated {each.decided}, and no rating could be proposed: {each.why}"
            yield Question("medium", at.problem("rating", found, "Write down what the rating rests on."))
        elif assessed and not each.decided:
            yield Question(
                "high", at.problem("rating", f"{about} has no rating by the authority", "Give one of the five.")
            )
        if each.actual is not None and not each.reported.evidence:
            yield Question(
                "medium", at.problem("evidence", f"{about} rests on no evidence", "Name the record that shows it.")
            )


def _days(period: Period) -> str:
    return f"{period.begins.isoformat()} to {period.ends.isoformat()}"
