"""The contract performance notice of a period: the fields that the law names, what is missing, and its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sroi.commissioning.contract.facts import description
from sroi.commissioning.contract.nouns import Period, Register
from sroi.commissioning.contract.rating import Rated
from sroi.commissioning.contract.saying import days_words, kpi_words
from sroi.commissioning.rules import rule


@dataclass(frozen=True)
class Field:
    """A field of the notice: its name in the law's list, what the form says for it, and what of it is missing."""

    name: str
    said: tuple[str, ...]
    missing: tuple[str, ...] = ()


def notice_fields(register: Register, period: Period | None, rated: Sequence[Rated]) -> tuple[Field, ...]:
    """Return the notice's fields, in the order of the rules' data; what is not there is named."""
    contract = register.contract
    decided = tuple(f"{each.kpi.name}: {rating_words(each)}" for each in rated if each.decided)
    undecided = tuple(f"a rating for {each.kpi.name}" for each in rated if not each.decided)
    days = (days_words(period.begins, period.ends),) if period else ()
    fields = (
        _field(("the authority", contract.buyer)),
        _field(("the title", contract.title)),
        _field(
            ("the procurement's identifier", contract.procurement_id),
            ("the contract's identifier", contract.contract_id),
        ),
        Field("", tuple(kpi_words(each) for each in register.kpis), () if register.kpis else ("the indicators",)),
        _field(
            ("the supplier's name", contract.supplier),
            ("its contact", contract.supplier_contact),
            ("its identifier", contract.supplier_id),
        ),
        Field("", decided, undecided if period else ("ratings",)),
        Field("", days, () if period else ("the period",)),
    )
    names = rule("pa23_s71").notice_fields
    return tuple(Field(name, each.said, each.missing) for name, each in zip(names, fields, strict=True))


def _field(*parts: tuple[str, str]) -> Field:
    return Field("", tuple(text for _, text in parts if text), tuple(name for name, text in parts if not text))


def rating_words(rated: Rated) -> str:
    """Return a rating with the regulations' words for it."""
    return f"{rated.decided} – {description(rated.decided)}" if rated.decided else "not rated"
