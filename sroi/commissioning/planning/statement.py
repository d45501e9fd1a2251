"""A social value statement for planning: needs, commitments by phase, the checklist of what the policy asks, gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from sroi.commissioning.place.gazetteer import Place
from sroi.commissioning.planning.form import CONSTRUCTION, INTERVALS, OPERATION
from sroi.commissioning.planning.goals import EXPECTED
from sroi.commissioning.planning.policies import Ask, Policy

ANSWERED, IN_PART, MISSING = "answered", "in part", "missing"
PHASES = (CONSTRUCTION, OPERATION)
_MOST_REPORTS = 240


@dataclass(frozen=True)
class Need:
    """What the area needs, and who says so."""

    id: str
    need: str
    figure: float | None = None
    unit: str = ""
    of: str = ""
    source: str = ""


@dataclass(frozen=True)
class Commitment:
    """What is promised in a phase, which asks and needs it answers to, and how it will be known that it was done."""

    id: str
    phase: str
    commitment: str
    quantity: float | None = None
    unit: str = ""
    due: date | None = None
    answers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    responsible: str = ""
    evidence: str = ""
    reported: str = ""
    reported_to: str = ""
    secured_by: str = ""


@dataclass(frozen=True)
class Involved:
    """Somebody who was asked: how, when, what they said and what that changed."""

    who: str
    how: str
    day: date | None = None
    said: str = ""
    changed: str = ""


@dataclass(frozen=True)
class Scheme:
    """The development. `policy` is its name as written; of one that travels with the program, its id."""

    title: str
    applicant: str
    authority: str
    construction_start: date
    construction_end: date
    operation_start: date
    policy: str
    site: str = ""
    reference: str = ""
    description: str = ""
    homes: float | None = None
    square_metres: float | None = None
    policy_source: str = ""
    enclosed: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Checked:
    """One ask, how far it is answered, where, and what is missing."""

    ask: Ask
    state: str
    where: tuple[str, ...]
    missing: str = ""


@dataclass(frozen=True)
class Watch:
    """How one commitment is watched over: by whom, by what evidence, and on which days it is reported."""

    commitment: Commitment
    reports: tuple[date, ...]


@dataclass(frozen=True)
class Statement:
    """The whole statement. `shipped` is the policy's profile if it travels with the program; `place` the authority."""

    scheme: Scheme
    needs: tuple[Need, ...]
    commitments: tuple[Commitment, ...]
    asks: tuple[Ask, ...]
    involved: tuple[Involved, ...] = ()
    shipped: Policy | None = None
    place: Place | None = None
    notes: tuple[str, ...] = field(default=())

    def of_phase(self, phase: str) -> tuple[Commitment, ...]:
        """Return the commitments of a phase."""
        return tuple(each for each in self.commitments if each.phase == phase)

    @cached_property
    def checklist(self) -> tuple[Checked, ...]:
        """Each ask of the policy, and how far it is answered."""
        return tuple(self._checked(each) for each in self.asks)

    def _checked(self, ask: Ask) -> Checked:
        if ask.answered_by == "needs":
            return self._needs_checked(ask)
        if ask.answered_by == "enclosed":
            there = ask.id in self.scheme.enclosed
            return Checked(ask, ANSWERED if there else MISSING, ("enclosed",) if there else (),
                           "" if there else "enclose it, and name it under Enclosed")  # fmt: skip
        wanted = {"both": PHASES, "any": ()}.get(ask.answered_by, (ask.answered_by,))
        own = [each for each in self.commitments if ask.id in each.answers]
        useful = [each for each in own if not wanted or each.phase in wanted]
        lacking = [phase for phase in wanted if not any(each.phase == phase for each in useful)]
        where = tuple(f"{each.commitment} ({each.phase})" for each in useful)
        if not useful:
            return Checked(ask, MISSING, (), f"no commitment{_in(lacking)} names it")
        return Checked(ask, IN_PART if lacking else ANSWERED, where, f"no commitment{_in(lacking)}" if lacking else "")

    def _needs_checked(self, ask: Ask) -> Checked:
        if not self.needs:
            return Checked(ask, MISSING, (), "no need is named")
        loose = [each.commitment for each in self.commitments if not each.needs]
        where = tuple(each.need for each in self.needs)
        if loose:
            return Checked(ask, IN_PART, where, f"follows from no need: {'; '.join(loose[:5])}")
        return Checked(ask, ANSWERED, where)

    @cached_property
    def watches(self) -> tuple[Watch, ...]:
        """How each commitment is watched over."""
        return tuple(Watch(each, self._reports(each)) for each in self.commitments)

    def _reports(self, commitment: Commitment) -> tuple[date, ...]:
        """Return the days of the reports: one interval after the phase begins, and so on until it is due."""
        begins = self.scheme.construction_start if commitment.phase == CONSTRUCTION else self.scheme.operation_start
        end = commitment.due or (self.scheme.construction_end if commitment.phase == CONSTRUCTION else None)
        months = INTERVALS.get(commitment.reported)
        if months is None:
            return (end,) if commitment.reported and end is not None else ()
        days: list[date] = []
        for number in range(1, _MOST_REPORTS + 1):
            day = months_later(begins, number * months)
            if end is not None and day >= end:
                break
            days.append(day)
            if end is None and len(days) == 4:  # without an end, the first four tell the rhythm
                return tuple(days)
        return (*days, end) if end is not None else tuple(days)

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """What a planning officer would ask, as sentences."""
        return tuple(_gaps(self))


def _in(phases: list[str]) -> str:
    return f" for {' or '.join(phases)}" if phases else ""


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later; of a shorter month, its last day.

    >>> months_later(date(2026, 8, 31), 3), months_later(date(2026, 3, 2), 12)
    (datetime.date(2026, 11, 30), datetime.date(2027, 3, 2))
    """
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    following = date(first.year + (first.month == 12), first.month % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - timedelta(days=1)).day))


# ---- gaps ----


def _gaps(statement: Statement) -> Iterator[str]:
    yield from _policy_gaps(statement)
    for phase in PHASES:
        if not statement.of_phase(phase):
            yield f"Nothing is promised for {phase}."
    met = {need for each in statement.commitments for need in each.needs}
    for each in statement.needs:
        if each.id not in met:
            yield f"No commitment meets the need “{each.need}”."
    nation = EXPECTED.get(statement.place.nation, "") if statement.place is not None else ""
    if nation and not any(goal.startswith(f"{nation}.") for each in statement.commitments for goal in each.goals):
        yield f"No commitment says which of the goals of {nation.capitalize()} it serves: see Goals (tags)."
    if not statement.involved:
        yield "Nobody is said to have been asked: see the sheet Involved."
    for own in statement.commitments:
        yield from (f"“{own.commitment}”: {gap}." for gap in _gaps_of(statement.scheme, own))


def _gaps_of(scheme: Scheme, each: Commitment) -> Iterator[str]:
    for missing, words in (
        (not each.responsible, "nobody sees to it"),
        (not each.evidence, "nothing is said of the evidence"),
        (not each.reported, "nothing is said of when it is reported"),
        (each.quantity is None, "it has no quantity"),
        (each.due is None, "no day is set"),
        (each.secured_by in ("", "not_settled"), "it is not settled what binds it"),
    ):
        if missing:
            yield words
    if each.due is None:
        return
    if each.phase == CONSTRUCTION and not scheme.construction_start <= each.due <= scheme.construction_end:
        yield f"it is due on {each.due}, and construction lasts from {scheme.construction_start} to {scheme.construction_end}"  # noqa: E501
    if each.phase == OPERATION and each.due < scheme.operation_start:
        yield f"it is due on {each.due}, before operation begins on {scheme.operation_start}"


def _policy_gaps(statement: Statement) -> Iterator[str]:
    policy, scheme = statement.shipped, statement.scheme
    if policy is None:
        return
    if not policy.contents_seen and not statement.asks:
        yield f"What {policy.policy} asks for was not seen: write its asks on the sheet Asks. {policy.note}"
    if statement.place is not None and policy.authority_code not in statement.place.codes:
        yield f"{policy.policy} is another authority's policy: the application goes to {statement.place.name}."
    applies = policy.applies(scheme.homes, scheme.square_metres)
    if applies is False:
        yield "By its size the scheme is not one that this policy speaks of: it may be made all the same."
    elif applies is None and policy.from_homes is not None:
        yield "Whether the policy applies cannot be told: give the homes and the non-residential floorspace."
