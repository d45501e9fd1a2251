"""How a register stands on a day: promised, due, delivered by state, late, missing, ahead, line by line.

A line is one measure under one contract in one place. Everything is worked out for each line on its own, and only then
added over lines of the same measure (`rollup`): what is missing in one line is not made up for by more in another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from pydantic_core import PydanticCustomError

from sroi import reading
from sroi.commissioning.delivery.form import STATES
from sroi.commissioning.delivery.lateness import Lateness, Pieces, Steps, lateness, pieces
from sroi.commissioning.delivery.register import (
    Commitment,
    Contract,
    Measure,
    Register,
    Term,
    Whole,
    current_terms,
    first_terms,
)
from sroi.errors import NameRefused, Problem, did_you_mean
from sroi.formulas import Array

CLAIMED, EVIDENCED, VALIDATED, REJECTED = range(4)
COUNTABLE = STATES[:3]
# How the value lost by lateness is reckoned, and its formula in words.
LATE_RULES = {
    "none": "",
    "discounted": "quantity x value of one x (1 - (1 + rate)^-years late): each unit's value comes later",
    "forgone": "quantity x value of one x years late: where the value of one is a year's, and goes unhad",
}
DEFAULT_RATE = 0.035

# Every quantity of a line, in the order in which a table shows them.
QUANTITIES = (
    "promised_first", "promised", "due_first", "due", *STATES, "counted", "on_time", "late", "missing", "ahead",
    "beyond", "late_years", "late_discounted",
)  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """How a register is read: on which day, which states count, and how the value lost by lateness is reckoned."""

    on: date | None = None
    count: tuple[str, ...] = ("validated",)
    late_value: str = "none"
    rate: float = DEFAULT_RATE

    def __post_init__(self) -> None:
        """Refuse a state or rule that there is not; NameRefused with all that is wrong."""
        problems = [
            Problem(f"'{state}' is no state that can count", did_you_mean(state, COUNTABLE))
            for state in self.count
            if state not in COUNTABLE
        ]
        if not self.count:
            problems.append(Problem("no state counts", f"Name one of {', '.join(COUNTABLE)}."))
        if self.late_value not in LATE_RULES:
            found = f"'{self.late_value}' is no way to value lateness"
            problems.append(Problem(found, did_you_mean(self.late_value, LATE_RULES)))
        if not 0 <= self.rate <= 1:
            problems.append(Problem(f"a rate of {self.rate:g} a year", "Give a rate from 0 % to 100 %, such as 3.5%."))
        if problems:
            raise NameRefused(problems)


def rules_of(on: str, count: str, late_value: str = "none", rate: float = DEFAULT_RATE) -> Rules:
    """Return the rules as options write them: a day or nothing, states with commas; NameRefused if they cannot be."""
    try:
        day = reading.read_day(on) if on else None
    except PydanticCustomError as error:
        told = error.context or {}
        raise NameRefused(Problem(f"the day: {told.get('found')}", str(told.get("remedy")))) from None
    states = tuple(dict.fromkeys(part.strip().lower() for part in count.split(",") if part.strip()))
    return Rules(day, states, late_value, rate)


def rate_of(written: str) -> float:
    """Return a rate a year as an option writes it; NameRefused if it is none."""
    try:
        return reading.read_number(written, reading.RATE)
    except PydanticCustomError as error:
        told = error.context or {}
        raise NameRefused(Problem(f"the rate: {told.get('found')}", str(told.get("remedy")))) from None


@dataclass(frozen=True)
class Line:
    """One measure under one contract in one place, with the commitments that it is made of."""

    contract: Contract
    measure: Measure
    place: str
    commitments: tuple[Commitment, ...]


@dataclass(frozen=True, eq=False)
class Standing:
    """How a register stands at the end of a day. `columns`: each of QUANTITIES, shape (line,).

    `because`: why this day. `line_of`, `net`, `state`: for each delivery its line, what is left of it after its
    corrections (0 for corrections themselves and for what cannot be placed), and its state on the day.
    `cut`: what was due when against what was done when.
    """

    register: Register
    rules: Rules
    on: date
    because: str
    lines: tuple[Line, ...]
    columns: Mapping[str, Array]
    now: Mapping[str, Term]
    line_of: Whole
    net: Array
    state: Whole
    cut: Pieces
    in_time: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @cached_property
    def first(self) -> Mapping[str, Term]:
        """The first terms of every commitment and milestone, by id."""
        return first_terms(self.register)

    @property
    def count_words(self) -> str:
        """Which states count, in words."""
        return " or ".join(self.rules.count)


def standing(register: Register, rules: Rules | None = None) -> Standing:
    """Return how a register stands on the day that the rules name.

    Without a day: the day up to which the register says it is complete, else the last day on which something in it
    happened; never today's, so that the same file gives the same answer. What is dated later is left out.
    """
    rules = rules or Rules()
    on, because = _day_of(register, rules)
    lines, line_of = _lines(register)
    in_time = register.day <= on.toordinal()
    net, state = _net(register, in_time), _states(register, on)
    now = current_terms(register, on)
    columns, cut = _columns(register, rules, on, lines, line_of, net, state, now)
    return Standing(register, rules, on, because, lines, columns, now, line_of, net, state, cut, in_time)


def _day_of(register: Register, rules: Rules) -> tuple[date, str]:
    if rules.on is not None:
        return rules.on, "the day asked for"
    if register.complete_to is not None:
        return register.complete_to, "the day up to which the register says it is complete"
    return register.last_day, "the last day on which something in the register happened"


# ---- which line a row belongs to ----


def _lines(register: Register) -> tuple[tuple[Line, ...], Whole]:
    """Return the lines, and for each delivery the place of its line.

    A delivery belongs to the commitment of its contract, measure and place; where it names another place, or none,
    to the only one of its contract and measure; where there is none, or several, it has a line of its own.
    """
    keys: dict[tuple[str, str, str], list[Commitment]] = {}
    for each in register.commitments:
        keys.setdefault((each.contract, each.measure, each.place), []).append(each)
    only: dict[tuple[str, str], list[str]] = {}
    for contract, measure, place in keys:
        only.setdefault((contract, measure), []).append(place)
    at = {key: position for position, key in enumerate(keys)}
    line_of = np.empty(len(register.rows), dtype=np.int64)
    for position, row in enumerate(register.rows):
        pair = (row["contract"], row["measure"])
        own = row["place"] or register.contracts[row["contract"]].place
        places = only.get(pair, [])
        place = places[0] if len(places) == 1 and own not in places else own
        line_of[position] = at.setdefault((*pair, place), len(at))
    lines = tuple(
        Line(register.contracts[key[0]], register.measures[key[1]], key[2], tuple(keys.get(key, ()))) for key in at
    )
    return lines, line_of


# ---- deliveries, corrected, in their states ----


def corrections(register: Register) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which deliveries are corrections downward that can be taken from what they name, shape (delivery,).

    They name another delivery of the same contract and measure that is no such correction itself, and are not rejected.
    """
    target = register.corrects
    down = (target >= 0) & (register.quantity < 0) & (register.state != REJECTED)
    pairs = [(row["contract"], row["measure"]) for row in register.rows]
    same = np.array([pairs[to] == pairs[at] for at, to in enumerate(target)], dtype=bool)
    return np.asarray(down & same & (register.quantity[target] >= 0)) if len(target) else down


def _net(register: Register, in_time: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Array:
    """Return what is left of each delivery; a quantity below nothing is never a delivery of its own."""
    quantity = np.where(register.quantity > 0, register.quantity, 0.0) * in_time
    taken = corrections(register) & in_time
    np.add.at(quantity, register.corrects[taken], register.quantity[taken])
    return np.asarray(np.round(np.maximum(quantity, 0.0), 9))


def _states(register: Register, on: date) -> Whole:
    """Return each delivery's state on a day: judged later, it was evidenced until then, or claimed."""
    state = register.state.copy()
    for at, row in enumerate(register.rows):
        judged = row["validated_on"]
        if state[at] >= VALIDATED and judged is not None and judged > on:
            state[at] = EVIDENCED if row["evidence"] else CLAIMED
    return state


# ---- columns ----


def _columns(
    register: Register, rules: Rules, on: date, lines: Sequence[Line], line_of: Whole, net: Array, state: Whole,
    now: Mapping[str, Term],
) -> tuple[dict[str, Array], Pieces]:  # fmt: skip
    count = len(lines)
    by_state = np.bincount(line_of * 4 + state, weights=net, minlength=4 * count).reshape(count, 4)
    counting = np.isin(state, [STATES.index(each) for each in rules.count]) & (net > 0)
    counted = np.bincount(line_of[counting], weights=net[counting], minlength=count)
    done = Steps(line_of[counting], net[counting], register.day[counting])
    first, current = due_steps(lines, first_terms(register)), due_steps(lines, dict(now))
    cut = pieces(current, done)
    late = lateness(cut, on.toordinal(), count, rules.rate)
    promised, due = _sum_of(current, count), _sum_of(current, count, on)
    columns = {
        "promised_first": _sum_of(first, count),
        "promised": promised,
        "due_first": _sum_of(first, count, on),
        "due": due,
        **{name: by_state[:, at] for at, name in enumerate(STATES)},
        "counted": counted,
        "on_time": late.on_time,
        "late": late.late,
        "missing": late.missing,
        "ahead": np.maximum(np.minimum(counted, promised) - due, 0.0),
        "beyond": np.maximum(counted - promised, 0.0),
        **_waited(late),
    }
    return {name: np.round(column, 9) for name, column in columns.items()}, cut


def _waited(late: Lateness) -> dict[str, Array]:
    return {"late_years": late.years, "late_discounted": late.discounted}


def due_steps(lines: Iterable[Line], terms: Mapping[str, Term]) -> Steps:
    """Return what falls due in each line, on which day: milestones count from the start, so each adds the difference.

    A milestone never asks for more than its commitment, nor after it.
    """
    rows: list[tuple[int, float, int]] = []
    for at, line in enumerate(lines):
        for commitment in line.commitments:
            whole = terms[commitment.id]
            own = sorted((terms[each.id] for each in commitment.milestones), key=lambda term: term.due)
            reached = 0.0
            for term in own:
                reach = min(term.quantity, whole.quantity)
                if reach > reached and term.due <= whole.due:
                    rows.append((at, round(reach - reached, 9), term.due.toordinal()))
                    reached = reach
            if whole.quantity > reached:
                rows.append((at, round(whole.quantity - reached, 9), whole.due.toordinal()))
    where, quantity, day = ([row[part] for row in rows] for part in range(3))
    return Steps(np.array(where, dtype=np.int64), np.array(quantity, dtype=np.float64), np.array(day, dtype=np.int64))


def _sum_of(steps: Steps, count: int, on: date | None = None) -> Array:
    chosen = np.ones(len(steps.day), dtype=bool) if on is None else steps.day <= on.toordinal()
    return np.asarray(
        np.bincount(steps.line[chosen], weights=steps.quantity[chosen], minlength=count), dtype=np.float64
    )


def group_by(lines: Sequence[Line], key: Callable[[Line], str]) -> tuple[list[str], Whole]:
    """Return the groups of lines in the order in which they are met, and for each line the place of its group."""
    found: dict[str, int] = {}
    places = [found.setdefault(key(line), len(found)) for line in lines]
    return list(found), np.array(places, dtype=np.int64)
