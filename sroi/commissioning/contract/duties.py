"""Whether the law asks for key performance indicators: the Procurement Act's section 52 and PPN 026, kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sroi.commissioning.contract.facts import ppn_026_kpis
from sroi.commissioning.contract.nouns import ACT, CENTRAL, Contract, Kpi
from sroi.commissioning.rules import Rule, rule


@dataclass(frozen=True)
class Duty:
    """A duty to set indicators: whether it applies (None: cannot be said), why, how many are asked for and there."""

    rule: Rule
    applies: bool | None
    why: str
    asked: int
    there: int

    @property
    def met(self) -> bool | None:
        """Whether enough indicators are there; None if the duty does not apply, or that cannot be said."""
        return self.there >= self.asked if self.applies else None


def section_52(contract: Contract, kpis: tuple[Kpi, ...]) -> Duty:
    """Return whether section 52 asks for indicators: a value of more than its amount, with VAT, and no exception."""
    s52 = rule("pa23_s52")
    if contract.law != ACT:
        return _duty(s52, False, f"It does not apply: the contract was procured under {contract.law}.", len(kpis))
    # The Act holds for procurements that began under it; where that day is not told, the day of signing is asked.
    day = contract.procurement_began or contract.entered
    return _duty(s52, *_answer(s52, contract, day, contract.exceptions), len(kpis))


def ppn_026(contract: Contract, kpis: tuple[Kpi, ...]) -> Duty:
    """Return whether PPN 026 asks for social value indicators: central government, the amount itself within."""
    note = ppn_026_kpis()
    there = sum(each.social_value for each in kpis)
    if not contract.buyer_kind:
        why = "Whether it applies cannot be said: the kind of buyer was not given."
        # A day before its first settles it whoever buys.
        day = contract.procurement_began
        early = day is not None and note.in_force.hold_on(day) is False
        return _duty(note, *_answer(note, contract, day, ())) if early else _duty(note, None, why, there)
    exempt = () if contract.buyer_kind in CENTRAL else ("not_central",)
    return _duty(note, *_answer(note, contract, contract.procurement_began, exempt), there)


def assessed_by_law(contract: Contract, kpis: tuple[Kpi, ...]) -> bool | None:
    """Say whether section 71 asks for the yearly rating: it follows indicators that section 52 asked for."""
    duty = section_52(contract, kpis).applies
    return False if contract.law == ACT and "private_utility" in contract.exceptions else duty


def _answer(asked: Rule, contract: Contract, day: date | None, exempt: tuple[str, ...]) -> tuple[bool | None, str]:
    """Return whether a rule applies and why, by the value with VAT, or by the one without where only that is given."""
    with_vat = contract.value_with_vat is not None or contract.value_without_vat is None
    value = contract.value_with_vat if with_vat else contract.value_without_vat
    return (
        asked.applies(value, with_vat=with_vat, on=day, exempt=exempt),
        asked.why(value, with_vat=with_vat, on=day, exempt=exempt),
    )


def _duty(asked: Rule, applies: bool | None, why: str, there: int = 0) -> Duty:
    return Duty(asked, applies, why, asked.minimum_kpis or 0, there)
