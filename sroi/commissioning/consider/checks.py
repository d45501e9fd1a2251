"""What a careful reader would ask of a consideration record: duties not met, days out of order, what does not fit.

Where the Act applies a duty that is not met weighs high; where it does not, the same question is good practice and
weighs low. Urgency excuses what could not be done, if its reason stands in the record and the delay was not the
authority's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sroi.commissioning.consider.form import ASKED_FIRST, GROUPS, PILLARS
from sroi.commissioning.consider.record import Matter, Record
from sroi.commissioning.consider.scope import Scope
from sroi.commissioning.rules import rule

SEVERITIES = ("high", "medium", "low")


@dataclass(frozen=True)
class Point:
    """One question to a record: how much it weighs, the duty behind it (of the Act, or ""), where, what, what to do."""

    kind: str
    severity: str
    duty: str
    place: str
    what: str
    remedy: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return dict(vars(self))


def points_of(record: Record, scope: Scope) -> tuple[Point, ...]:
    """Return every question to a record, those that weigh most first."""
    found = [
        *_improvement(record), *_matters(record), *_securing(record), *_consultation(record), *_days(record),
        *_decision(record), *_urgency(record), *_length(record, scope),
    ]  # fmt: skip
    excused = urgency_stands(record)
    weighed = [_weighed(each, scope, excused) for each in found]
    return tuple(sorted(weighed, key=lambda each: SEVERITIES.index(each.severity)))


def urgency_stands(record: Record) -> bool:
    """Say whether the exception for urgency is claimed with all that it needs."""
    return record.urgent and bool(record.urgency_reason) and record.urgency_not_own is True


_EXCUSED = ("improvement", "pillar", "securing", "consultation", "not_consulted", "groups")


def _weighed(point: Point, scope: Scope, excused: bool) -> Point:
    if scope.applies is False and point.severity == "high":
        return replace(point, severity="low" if point.duty else "medium")
    if excused and point.kind in _EXCUSED:
        return replace(point, severity="low", what=f"{point.what} (urgency is claimed)")
    return point


# ---- what could be better ----


def _improvement(record: Record) -> Iterator[Point]:
    if not record.matters:
        found = "no improvement of the area's well-being is named"
        remedy = "Write how what is provided might improve it: economic, social, environmental."
        yield Point("improvement", "high", "s.1(3)(a)", record.file, found, remedy)
        return
    for pillar in PILLARS:
        if not record.of(pillar):
            found = f"nothing is said of {pillar} well-being"
            remedy = "Add what could be better, or a row that says that it was considered and left out, and why."
            yield Point("pillar", "medium", "s.1(3)(a)", "", found, remedy)


def _matters(record: Record) -> Iterator[Point]:
    for each in () if record.short else record.matters:
        yield from _fit(each)
        if not each.decision:
            remedy = "Say whether it is taken up, left out or decided later."
            yield Point("undecided", "medium", "", each.place, f"nothing is decided on “{each.matter}”", remedy)
        elif each.decision == "leave_out" and not each.reason:
            remedy = "Give the reason in a sentence."
            yield Point("no_reason", "low", "", each.place, f"“{each.matter}” is left out without a reason", remedy)
        elif each.decision == "include" and not each.secured_by:
            remedy = "Name the criterion, requirement or indicator that secures it."
            yield Point("not_secured", "medium", "s.1(3)(b)", each.place, f"“{each.matter}” is taken up, and nothing secures it", remedy)  # fmt: skip  # noqa: E501
    if record.short and record.matters and not record.proportion:
        remedy = "Say in a sentence that these points belong to it and are in proportion."
        yield Point("relevance", "medium", "s.1(6)", record.places.get("proportion", ""), "relevance and proportion are not spoken of", remedy)  # fmt: skip  # noqa: E501


def _fit(each: Matter) -> Iterator[Point]:
    """Ask whether a matter belongs to what is provided and is in proportion."""
    taken = each.decision == "include"
    if each.relevant is False and taken:
        found = f"“{each.matter}” is taken up, though it does not belong to what is provided"
        yield Point("relevance", "high", "s.1(6)", each.place, found, "Leave it out: only matters relevant to what is procured may be considered.")  # fmt: skip  # noqa: E501
    elif each.relevant is None and taken:
        found = f"whether “{each.matter}” belongs to what is provided is not said"
        yield Point("relevance", "medium", "s.1(6)", each.place, found, "Answer yes or no.")
    if each.proportionate is False and taken:
        found = f"“{each.matter}” is taken up, though it is not in proportion"
        yield Point("proportion", "high", "s.1(6)", each.place, found, "Leave it out, or ask for less of it.")
    elif each.proportionate is None and taken:
        found = f"whether “{each.matter}” is in proportion is not said"
        yield Point("proportion", "medium", "s.1(6)", each.place, found, "Answer yes or no.")


def _securing(record: Record) -> Iterator[Point]:
    if not record.securing and not any(each.secured_by for each in record.matters):
        found = "how the procurement would secure the improvement is not said"
        remedy = "Say what in the specification, the criteria, the terms or the lots acts towards it."
        yield Point("securing", "high", "s.1(3)(b)", record.places.get("securing", ""), found, remedy)


# ---- who was asked ----


def _consultation(record: Record) -> Iterator[Point]:
    if record.consultation_considered is not True and not record.consultation:
        found = "whether to consult was not considered"
        place = record.places.get("consultation_considered", record.places.get("consulted", ""))
        yield Point("consultation", "high", "s.1(7)", place, found, "Decide whether to ask those who are affected, and write it down.")  # fmt: skip  # noqa: E501
    if not record.consultation and not record.no_consultation_reason:
        found = "nobody was consulted, and no reason is given"
        place = record.places.get("no_consultation_reason", "")
        yield Point("not_consulted", "high", "s.1(7)", place, found, "Ask them, or give the reason in a sentence.")
    if record.consultation and not record.short:
        asked = {each.group for each in record.consultation}
        left = [GROUPS[group] for group in ASKED_FIRST if group not in asked]
        if left:
            found = f"nobody was asked of: {', '.join(left)}"
            yield Point("groups", "low", "", "", found, "Ask them too, or say why not.")
    for each in record.consultation:
        if record.procurement_begins and each.when and each.when >= record.procurement_begins:
            found = f"{each.who}: asked on {each.when}, when the procurement had begun"
            remedy = "What is said then cannot shape what is procured: say what it was used for."
            yield Point("asked_late", "medium", "s.1(7)", each.place, found, remedy)
        elif record.decided and each.when and each.when > record.decided:
            found = f"{each.who}: asked on {each.when}, after the decision of {record.decided}"
            yield Point("asked_late", "medium", "s.1(7)", each.place, found, "Check the days, or decide again with what was said.")  # fmt: skip  # noqa: E501


# ---- days and decision ----


def _days(record: Record) -> Iterator[Point]:
    decided, begins = record.decided, record.procurement_begins
    place = record.places.get("decided", "")
    first = rule("psva_2012").in_force.first
    if decided is None:
        yield Point(
            "undated", "high", "s.1(3)", place, "the decision has no date", "Write the day on which it was made."
        )
    elif begins is not None and decided > begins:
        found = f"the record is of {decided}, and the procurement began on {begins}"
        remedy = "The Act asks for it before the process starts. A later date cannot be mended: say so, and what was weighed at the time."  # noqa: E501
        yield Point("too_late", "high", "s.1(3)", place, found, remedy)
    elif begins is not None and decided == begins:
        found = f"the record is of the day on which the procurement began ({begins})"
        yield Point("same_day", "medium", "s.1(3)", place, found, "Let the record show that it came first.")
    elif first is not None and decided < first:
        found = f"the record is of {decided}, before the Act was in force ({first})"
        yield Point("before_the_act", "low", "", place, found, "Check the day.")
    if begins is None and record.provision == "procured":
        found = "the day on which the procurement begins is not said"
        remedy = "Without it nobody can see that the record came before it."
        yield Point("no_first_day", "medium", "s.1(3)", record.places.get("procurement_begins", ""), found, remedy)


def _decision(record: Record) -> Iterator[Point]:
    if not record.decision:
        place = record.places.get("decision", "")
        yield Point("no_decision", "high", "", place, "no decision is written", "Say what is taken up and how, and what is not.")  # fmt: skip  # noqa: E501
    if not record.decided_by:
        place = record.places.get("decided_by", "")
        yield Point("nobody_decided", "medium", "", place, "who decided is not said", "Give name and post, or the committee.")  # fmt: skip  # noqa: E501
    if not record.objectives:
        found = "no local objective is named that this serves"
        yield Point("no_objective", "low", "", "", found, "Name those that it shares with others in the area, if there are any.")  # fmt: skip  # noqa: E501


def _urgency(record: Record) -> Iterator[Point]:
    if not record.urgent:
        return
    if not record.urgency_reason:
        found = "urgency is claimed without a reason"
        yield Point("urgency", "high", "s.1(8)", record.places.get("urgency_reason", ""), found, "Say what happened, and what could not be done in time.")  # fmt: skip  # noqa: E501
    if record.urgency_not_own is not True:
        own = (
            "the delay is said to be the authority's own"
            if record.urgency_not_own is False
            else "whose delay it was is not said"
        )
        place = record.places.get("urgency_not_own", "")
        yield Point("urgency", "high", "s.1(9)", place, f"urgency is claimed, and {own}", "Delay that the authority brought about excuses nothing.")  # fmt: skip  # noqa: E501


def _length(record: Record, scope: Scope) -> Iterator[Point]:
    if record.short and scope.applies:
        found = "this is the short form, and the Act applies"
        remedy = "It may do, if all is in it; the full form asks matter by matter: sroi commission new consider FILE."
        yield Point("short", "low", "", "", found, remedy)
