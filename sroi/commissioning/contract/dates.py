"""The dates of a contract: what has to be published or assessed by which day, what is done, what is next.

Days are counted as calendar days after the day of the event: 30 days after 7 July is 6 August.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sroi.commissioning.contract.duties import assessed_by_law
from sroi.commissioning.contract.nouns import ACT, KINDS, UNSATISFACTORY, Contract, Register, twelve_months_end
from sroi.commissioning.contract.saying import day_words, days_words
from sroi.commissioning.rules import Rule, rule

DONE, LATE, DUE, OVERDUE, IF = "done", "done after it", "due", "overdue", "if there was one"
CALENDAR_QUARTERS = (3, 6, 9, 12)


@dataclass(frozen=True)
class Due:
    """Something that is due by a day: what, by which rule, how it stands, and what has to be known with it."""

    by: date
    what: str
    law: str
    state: str
    done_on: date | None = None
    note: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done, or may be."""
        return self.state in (DUE, OVERDUE, IF)

    def to_dict(self) -> dict[str, Any]:
        """Return it as the result document holds it."""
        done = self.done_on.isoformat() if self.done_on else None
        return {
            "by": self.by.isoformat(),
            "what": self.what,
            "law": self.law,
            "state": self.state,
            "done_on": done,
            "note": self.note,
        }


def calendar(register: Register, on: date) -> tuple[Due, ...]:
    """Return all that is due over the contract's life, the earliest first, as it stands on a day."""
    if register.contract.law != ACT:
        return ()
    found = [
        *_notices(register.contract, on),
        *assessments(register, on),
        *_payments(register.contract, on),
        *_breaches(register, on),
    ]
    return tuple(sorted(found, key=lambda each: (each.by, each.what)))


def state_of(by: date, done_on: date | None, on: date) -> str:
    """Return how a thing stands that was due by one day and done on another, if it was.

    >>> state_of(date(2025, 8, 6), None, date(2025, 8, 6)), state_of(date(2025, 8, 6), None, date(2025, 8, 7))
    ('due', 'overdue')
    """
    if done_on is not None and done_on <= on:  # a day still to come is a plan
        return DONE if done_on <= by else LATE
    return DUE if on <= by else OVERDUE


def _days(asked: Rule, contract: Contract) -> int:
    return asked.days.get("light_touch", asked.days["ordinary"]) if contract.light_touch else asked.days["ordinary"]


def _notices(contract: Contract, on: date) -> Iterator[Due]:
    """Yield the contract details notice and the contract's own publication, counted from the day it was entered."""
    if contract.entered is None:
        return
    notice, whole = rule("pa23_s53"), rule("pa23_s53_contract")
    by = contract.entered + timedelta(days=_days(notice, contract))
    kpis = "; it describes the indicators" if assessed_by_law(contract, ()) else ""
    yield Due(
        by,
        f"Publish the contract details notice{kpis}",
        notice.law,
        state_of(by, contract.details_notice_on, on),
        contract.details_notice_on,
    )
    with_vat = contract.value_with_vat is not None or contract.value_without_vat is None
    value = contract.value_with_vat if with_vat else contract.value_without_vat
    if whole.applies(value, with_vat=with_vat, on=contract.entered) is not False:
        by = contract.entered + timedelta(days=_days(whole, contract))
        threshold = whole.threshold()
        yield Due(
            by,
            "Publish the contract itself",
            whole.law,
            state_of(by, contract.contract_published_on, on),
            contract.contract_published_on,
            f"For a {threshold}." if threshold else "",
        )


def assessments(register: Register, on: date) -> Iterator[Due]:
    """Yield every assessment, done and to come: one at least in every twelve months of the contract's life.

    They are counted on from the last day of the period before, the first from the contract's start.
    """
    contract = register.contract
    by_law = assessed_by_law(contract, register.kpis)
    law = {True: rule("pa23_s71").law, None: f"{rule('pa23_s71').law}, if section 52 applies"}.get(
        by_law, "the buyer's own choice: section 52 asks for no indicators"
    )
    begins = contract.starts
    for period in sorted(register.periods, key=lambda each: (each.begins, each.ends)):
        by = min(twelve_months_end(begins), max(contract.last_day, period.ends))
        done = period.assessed_on
        note = ""
        if done is not None and by < done <= on:
            note = f"{(done - by).days} days after the twelve months (read strictly)"
        yield Due(by, _assess(period.begins, period.ends, contract), law, state_of(by, done, on), done, note)
        begins = max(begins, period.ends + timedelta(days=1))
    while begins <= contract.last_day:
        by = min(twelve_months_end(begins), contract.last_day)
        yield Due(by, _assess(begins, by, contract), law, state_of(by, None, on))
        begins = by + timedelta(days=1)


def _assess(begins: date, ends: date, contract: Contract) -> str:
    last = "" if ends < contract.last_day else (", on termination" if contract.terminated else ", the last")
    return f"Assess and publish performance from {days_words(begins, ends)}{last}"


def quarter_ends(contract: Contract) -> Iterator[date]:
    """Yield the last day of every quarter that the contract's life touches.

    Calendar quarters, unless the form names the last day of a first one; then every three months from it.
    """
    first = contract.first_quarter_end
    months = CALENDAR_QUARTERS if first is None else tuple((first.month + 3 * step - 1) % 12 + 1 for step in range(4))
    for year in range(contract.starts.year, contract.last_day.year + 2):
        for month in sorted(months):
            end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            if end >= contract.starts:
                yield end
            if end >= contract.last_day:
                return


def _payments(contract: Contract, on: date) -> Iterator[Due]:
    s70 = rule("pa23_s70")
    if KINDS[contract.kind] in {each.id for each in s70.exceptions}:
        return
    assumed = "calendar quarters taken" if contract.first_quarter_end is None else ""
    for end in quarter_ends(contract):
        by = end + timedelta(days=s70.days["ordinary"])
        if by >= on:  # whether there was a payment, and whether it was published, the form does not tell
            what = f"Publish payments of more than £30,000 made in the quarter to {day_words(end)}"
            yield Due(by, what, s70.law, IF, note=assumed)


def _breaches(register: Register, on: date) -> Iterator[Due]:
    s71 = rule("pa23_s71")
    contract = register.contract
    if KINDS[contract.kind] in {each.id for each in s71.exceptions}:
        return
    for each in register.breaches:
        if contract.light_touch and each.kind == UNSATISFACTORY:
            continue  # s.71(5) leaves light touch contracts out
        by = each.on + timedelta(days=s71.days["breach"])
        state = state_of(by, each.published_on, on)
        yield Due(by, f"Publish: {each.kind}, {each.what}", f"{s71.law}(3)-(5)", state, each.published_on)
