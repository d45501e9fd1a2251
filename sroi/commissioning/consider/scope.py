"""Whether the Act of 2012 applies to what a record is about, and which other duty stands in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sroi import wording
from sroi.commissioning.bodies import BODIES, CENTRAL, UNDER_THE_ACT, duties_of
from sroi.commissioning.consider.form import NATURES
from sroi.commissioning.consider.record import Record
from sroi.commissioning.rules import Rule, rule

_SERVICES = ("services", "services_with_goods_or_works", "framework_mainly_services")
SERVES_ALL_THE_SAME = "The record serves all the same: it shows what was weighed, and why."


@dataclass(frozen=True)
class Scope:
    """Whether the Act applies (None: it cannot be said), why, and the other duties that were seen."""

    applies: bool | None
    why: tuple[str, ...]
    others: tuple[Rule, ...]

    def sentence(self) -> str:
        """Return in one sentence whether the Act applies."""
        head = {
            True: "The Public Services (Social Value) Act 2012 applies",
            False: "The Public Services (Social Value) Act 2012 does not apply here",
            None: "Whether the Public Services (Social Value) Act 2012 applies cannot be said yet",
        }[self.applies]
        return f"{head}: {'; '.join(self.why)}."

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"applies": self.applies, "why": list(self.why), "other_duties": [each.id for each in self.others]}


def scope_of(record: Record) -> Scope:
    """Return whether the Act applies: a contracting authority in England, services, above the threshold, procured."""
    grounds = [_provision(record), _body(record), _nature(record), _threshold(record)]
    answers = {answer for answer, _ in grounds}
    applies = False if False in answers else None if None in answers else True
    why = tuple(words for answer, words in grounds if answer is applies)
    others = tuple(each for each in duties_of(record.body) if each.id != "psva_2012")
    return Scope(applies, why, others)


def _provision(record: Record) -> tuple[bool, str]:
    if record.provision == "in_house":
        return False, "it speaks of procuring, and this is provided in house"
    if record.provision == "grant":
        return False, "it speaks of procuring services, and this is funded by a grant"
    return True, "it is to be procured"


def _body(record: Record) -> tuple[bool | None, str]:
    said = BODIES[record.body]
    if record.body in UNDER_THE_ACT:
        return True, f"the buyer is {said}"
    if record.body == "devolved_welsh":
        return False, f"it does not bind {said}"
    if record.body in ("scottish", "northern_ireland"):
        return False, f"it is of England and Wales, and the buyer is {said}"
    if record.body == "private":
        return False, f"it binds contracting authorities, and the buyer is {said}"
    return None, f"the buyer is {said}, and whether it counts as a contracting authority was not seen"


def _nature(record: Record) -> tuple[bool, str]:
    said = NATURES[record.nature]
    if record.nature in _SERVICES:
        return True, f"it is for {said}"
    return False, f"it speaks of services, and this is for {said}"


def _threshold(record: Record) -> tuple[bool | None, str]:
    """Return whether procurement law applies to the value: as the record says, else by the amounts that were seen."""
    if record.regulated is not None:
        said = "the record says that procurement law applies to its value"
        return record.regulated, said if record.regulated else "the record says that it is below the threshold"
    amounts = rule("thresholds_2026")
    threshold = amounts.threshold("central_goods_services" if record.body in CENTRAL else "sub_central_goods_services")
    day = record.procurement_begins or record.decided
    known = record.value_with_vat is not None and day is not None and amounts.in_force.hold_on(day)
    if not known or threshold is None or record.value_with_vat is None:
        return None, "whether its value is above the threshold is not said, and of that day no amount was seen"
    reached = threshold.reached_by(record.value_with_vat, with_vat=True)
    amount = wording.money(threshold.amount_gbp or 0, "GBP")
    if reached is None:
        return None, f"its value is the threshold of {amount} itself"
    return reached, f"its value is {'above' if reached else 'below'} the threshold of {amount} with VAT"
