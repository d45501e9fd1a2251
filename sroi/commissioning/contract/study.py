"""Everything that is worked out from a contract's form, as it stands on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sroi.commissioning.contract import checks
from sroi.commissioning.contract.dates import Due, calendar
from sroi.commissioning.contract.duties import Duty, assessed_by_law, ppn_026, section_52
from sroi.commissioning.contract.facts import NOT_ADVICE, description, measure_codes
from sroi.commissioning.contract.notice import Field, notice_fields
from sroi.commissioning.contract.nouns import Kpi, Period, Question, Register
from sroi.commissioning.contract.rating import Rated, rate
from sroi.errors import NameRefused, Problem, did_you_mean

_ORDER = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True)
class ContractStudy:
    """What is known of a contract on a day: duties, ratings by period, what is due, the notice, and what to ask."""

    register: Register
    on: date
    duties: tuple[Duty, ...]
    by_law: bool | None
    rated: tuple[Rated, ...]
    period: Period | None
    notice: tuple[Field, ...]
    calendar: tuple[Due, ...]
    questions: tuple[Question, ...]

    @property
    def reported(self) -> tuple[Rated, ...]:
        """The ratings of the period that is reported."""
        return tuple(each for each in self.rated if each.period == self.period)

    @property
    def next_due(self) -> Due | None:
        """What is due next on the day or after, done things left out."""
        return next((each for each in self.calendar if each.is_open and each.by >= self.on), None)

    @property
    def overdue(self) -> tuple[Due, ...]:
        """What should have been done by the day, and is not."""
        return tuple(each for each in self.calendar if each.is_open and each.by < self.on)

    def to_dict(self) -> dict[str, Any]:
        """Return the study as JSON holds it: days as text, None where something is not known."""
        contract = self.register.contract
        return {
            "part": "contract",
            "title": contract.title,
            "buyer": contract.buyer,
            "supplier": contract.supplier,
            "contract_id": contract.contract_id,
            "value_with_vat_gbp": contract.value_with_vat,
            "value_without_vat_gbp": contract.value_without_vat,
            "on": self.on.isoformat(),
            "duties": [
                {
                    "rule": each.rule.id,
                    "law": each.rule.law,
                    "applies": each.applies,
                    "why": each.why,
                    "asked": each.asked,
                    "there": each.there,
                    "met": each.met,
                }
                for each in self.duties
            ],
            "rated_by_law": self.by_law,
            "ratings": [rated_dict(each) for each in self.rated],
            "reported_period": self.period.id if self.period else None,
            "notice": [{"field": each.name, "said": list(each.said), "missing": each.missing} for each in self.notice],
            "calendar": [each.to_dict() for each in self.calendar],
            "next_due": self.next_due.to_dict() if self.next_due else None,
            "questions": [each.to_dict() for each in self.questions],
            "not_advice": NOT_ADVICE,
            "provenance": {"file": self.register.file, "sha256": self.register.sha256},
        }


def rated_dict(rated: Rated) -> dict[str, Any]:
    """Return one rating as JSON holds it, with the code by which open contracting data says it."""
    decided = rated.decided or None
    return {
        "kpi": rated.kpi.id,
        "name": rated.kpi.name,
        "unit": rated.kpi.unit,
        "period": rated.period.id,
        "begins": rated.period.begins.isoformat(),
        "ends": rated.period.ends.isoformat(),
        "target": rated.target,
        "actual": rated.actual,
        "share_of_target": rated.share,
        "proposed": rated.proposed or None,
        "why": rated.why,
        "rating": decided,
        "reason": rated.reason or None,
        "description": description(decided) if decided else None,
        "measure_classification": measure_codes()[decided] if decided else None,
    }


def study_contract(
    register: Register, on: date, period: str = "", promised: Mapping[str, float] | None = None
) -> ContractStudy:
    """Return what is to be said of a contract on a day.

    Parameters: `period`, the id of the one to report (else the last that had begun by `on`); `promised`, what the
    winning bid promised over the whole contract, by measure. NameRefused for a period that there is not.
    """
    register = _with_promises(register, promised or {})
    contract, kpis = register.contract, register.kpis
    duties = (section_52(contract, kpis), ppn_026(contract, kpis))
    lines = {(each.period, each.kpi): each for each in register.reported}
    rated = tuple(
        rate(contract, kpi, register.bands, when, lines.get((when.id, kpi.id)))
        for when in register.periods
        for kpi in kpis
    )
    chosen = _chosen(register, on, period)
    questions = [
        *checks.of_choice(register, duties),
        *checks.of_bands(register),
        *checks.of_periods(register, on),
        *checks.of_ratings([each for each in rated if each.period.begins <= on]),
    ]
    return ContractStudy(
        register=register,
        on=on,
        duties=duties,
        by_law=assessed_by_law(contract, kpis),
        rated=rated,
        period=chosen,
        notice=notice_fields(register, chosen, [each for each in rated if each.period == chosen]),
        calendar=calendar(register, on),
        questions=tuple(sorted(questions, key=lambda each: _ORDER[each.severity])),
    )


def _chosen(register: Register, on: date, asked: str) -> Period | None:
    if asked:
        for period in register.periods:
            if period.id == asked:
                return period
        known = [each.id for each in register.periods]
        raise NameRefused(Problem(f"there is no period '{asked}'", did_you_mean(asked, known)))
    begun = [each for each in register.periods if each.begins <= on]
    return max(begun, key=lambda each: (each.begins, each.ends), default=None)


def _with_promises(register: Register, promised: Mapping[str, float]) -> Register:
    """Return the register with what the delivery register says was promised, where an indicator names its measure."""

    def told(kpi: Kpi) -> Kpi:
        found = promised.get(kpi.register_measure) if kpi.register_measure else None
        return kpi if found is None else replace(kpi, promised=found)

    return replace(register, kpis=tuple(told(each) for each in register.kpis))
