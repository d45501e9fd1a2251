"""Projects as columns: every outcome is a line of numbers, every project a run of lines.

An outcome of a map that is given year by year becomes one line for each year of activity, which begins as many years
later. So the columns hold all that `sroi.evaluate` reckons with, and both come to the same totals.

Lines that last equally many years under like rules are laid side by side: their present-value factor is then one and
the same polynomial of what is left each year, and needs nothing but products and sums, which round alike wherever a
line stands. Each project's lines are summed in the order of their outcomes' ids. So a project's figures are the same to
the last bit whatever other projects stand beside it, and in whatever order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sroi import formulas
from sroi.estimate import Estimate
from sroi.evidence.schedules import rates_of
from sroi.formulas import Array
from sroi.framing import Conventions

Places = NDArray[np.intp]

SHARES = ("deadweight", "displacement", "attribution")
FIELDS = ("quantity", "proxy", *SHARES, "drop_off")
# Beyond this a factor says nothing of the world any more (as in `sroi.evaluation`).
_LARGEST_FACTOR = 1e300
# Flat rates are told apart as long as they are few; beyond, each line carries its own.
_FEW_RULES = 24


@dataclass(frozen=True, eq=False)
class Lines:
    """Projects as they were read: lines in the order of project and outcome id, not yet laid side by side.

    `project` is the place of each line's project, ascending; `late` how many years after the first year of activity the
    line begins. `inputs` are sums put in, each in its `input_year` (0 for the first) by its `input_project`.
    `conventions` holds distinct rules; `rule` says which of them each line has, `input_rule` each input.
    """

    projects: tuple[str, ...]
    conventions: tuple[Conventions, ...]
    project: Places
    rule: Places
    numbers: dict[str, Array]  # by field: quantity, proxy, shares, drop_off
    duration: Array
    late: Places
    inputs: Array
    input_project: Places
    input_rule: Places
    input_year: Places


@dataclass(frozen=True, eq=False)
class Group:
    """Lines that last equally many `years` under like rules: the places `first` .. `last` of the columns.

    `begins` is the discount factor of the first year, and `yearly` what each year more takes, where the rate is flat;
    else `factors` holds the factor of every year. `part` is the part of the last year that counts. What differs from
    line to line is an array.
    """

    first: int
    last: int
    years: int
    factors: tuple[float, ...] | None
    begins: Any
    yearly: Any
    part: Any
    from_first_year: bool


@dataclass(frozen=True, eq=False)
class Columns:
    """Projects laid side by side, ready to be reckoned: what `sroi.portfolio.reckoning` takes.

    `numbers` are the columns, in the order of the groups: quantity, proxy, and of each share what it leaves (where the
    deductions are added up, all that they leave stands under deadweight); `line` are the places that bring them back
    into the order of project and outcome, where the lines of the projects `with_lines` begin at `starts`. `inputs`
    are at present value, after their `input_factors`. `laid` are the places of the lines as they were read.
    """

    projects: tuple[str, ...]
    numbers: dict[str, Array]
    groups: tuple[Group, ...]
    line: Places
    with_lines: Places
    starts: Places
    inputs: Array
    input_factors: Array
    input_projects: Places
    input_starts: Places
    laid: Places = field(repr=False)


def lay_out(lines: Lines) -> Columns:
    """Return the columns of projects."""
    rates = [_rates(rules) for rules in lines.conventions]
    flat = np.array([len(each) == 1 for each in rates], dtype=bool)
    kinds = _kinds(lines.conventions, flat)
    lasting = np.ceil(lines.duration).astype(np.intp)
    rules = lines.rule
    key = (kinds[rules] * (int(lines.late.max(initial=0)) + 1) + lines.late) * (int(lasting.max(initial=0)) + 1)
    key = key + lasting
    small = key.astype(np.int32) if int(key.max(initial=0)) < 2**31 else key
    laid = np.argsort(small, kind="stable")
    _, firsts = np.unique(key[laid], return_index=True)
    ends = [*firsts[1:].tolist(), len(laid)] if len(firsts) else []
    groups = [
        _group(lines, rates, flat, laid[first:last], first, last, int(lasting[laid[first]]))
        for first, last in zip(firsts.tolist(), ends, strict=True)
    ]
    line = np.empty(len(laid), dtype=np.intp)
    line[laid] = np.arange(len(laid))
    with_lines, starts = _runs(lines.project)
    factors = _input_factors(lines, rates)
    by_input, input_starts = _runs(lines.input_project)
    return Columns(
        projects=lines.projects,
        numbers={name: column[laid] for name, column in kept_numbers(lines).items()},
        groups=tuple(groups),
        line=line,
        with_lines=with_lines,
        starts=starts,
        inputs=lines.inputs * factors,
        input_factors=factors,
        input_projects=by_input,
        input_starts=input_starts,
        laid=laid,
    )


def kept_numbers(lines: Lines) -> dict[str, Array]:
    """Return quantity, proxy, of each share what it leaves (1 less it), and what all deductions leave: `kept`."""
    numbers = lines.numbers
    kept = {name: numbers[name] for name in ("quantity", "proxy")}
    kept |= {name: 1.0 - numbers[name] for name in (*SHARES, "drop_off")}
    adding = np.array([rules.deductions == "add" for rules in lines.conventions], dtype=bool)
    if adding.any():
        added = adding[lines.rule]
        kept["deadweight"][added] = formulas.kept_share_added(*(numbers[name][added] for name in SHARES))
        for name in SHARES[1:]:
            kept[name][added] = 1.0
    return {**kept, "kept": kept["deadweight"] * kept["displacement"] * kept["attribution"]}


def _runs(project: Places) -> tuple[Places, Places]:
    """Return the projects that have lines, and where the lines of each begin."""
    if not len(project):
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    starts = np.flatnonzero(np.append(True, project[1:] != project[:-1]))
    return project[starts], starts


def _kinds(conventions: Sequence[Conventions], flat: NDArray[np.bool_]) -> Places:
    """Return a number for each set of rules, the same for those whose lines may be laid side by side."""
    few = len(conventions) <= _FEW_RULES
    known: dict[Any, int] = {}
    found = []
    for place, rules in enumerate(conventions):
        own = place if few or not flat[place] else -1
        found.append(known.setdefault((own, rules.drop_off_from), len(known)))
    return np.array(found, dtype=np.intp)


def _group(
    lines: Lines, rates: Sequence[Array], flat: NDArray[np.bool_], places: Places, first: int, last: int, years: int
) -> Group:
    rules = lines.rule[places]
    head = int(rules[0])
    convention = lines.conventions[head]
    late = int(lines.late[places[0]])
    begins: Any = 1.0
    yearly: Any = 1.0
    factors = None
    if flat[head]:
        distinct, own = np.unique(rules, return_inverse=True)
        starting = np.array([_factors(lines.conventions[each], rates[each], late, 1)[0] for each in distinct])
        going_on = np.array([1.0 if _undiscounted(lines.conventions[each]) else 1 / (1 + rates[each][0])
                             for each in distinct])  # fmt: skip
        one = len(distinct) == 1
        begins, yearly = (float(starting[0]), float(going_on[0])) if one else (starting[own], going_on[own])
    else:
        factors = tuple(_factors(convention, rates[head], late, max(years, 1)).tolist())[:years]
    rest = lines.duration[places] - (years - 1)
    part: Any = 1.0 if years == 0 or (rest == 1.0).all() else rest
    return Group(first, last, years, factors, begins, yearly, part, convention.drop_off_from == "first_year")


def _undiscounted(rules: Conventions) -> bool:
    return rules.discount_timing == "none"


def _rates(rules: Conventions) -> Array:
    """Return the rate of each year, or a single one for all."""
    rate = rules.discount_rate
    if isinstance(rate, Estimate):
        return np.array(rate.years, dtype=np.float64)
    return rates_of(rate)


def _factors(rules: Conventions, rates: Array, late: int, years: int, timing: str | None = None) -> Array:
    """Return the discount factors of so many years from year `late` + 1 on."""
    timing = rules.discount_timing if timing is None else timing
    if _undiscounted(rules) or timing == "none":
        return np.ones(years)
    factors = formulas.discount_factors(rates, formulas.times_of_years(np.arange(late + 1, late + years + 1), timing))
    if rules.present_at:
        factors = np.asarray(factors / formulas.discount_factors(rates, [rules.present_at]))
    return np.minimum(factors, _LARGEST_FACTOR)


def _input_factors(lines: Lines, rates: Sequence[Array]) -> Array:
    """Return what 1 of each input is worth at present."""
    rules = lines.input_rule
    found = np.empty(len(lines.inputs))
    order = np.argsort(rules, kind="stable")
    distinct, starts = np.unique(rules[order], return_index=True)
    for rule, places in zip(distinct.tolist(), np.split(order, starts[1:]), strict=True):
        years = lines.input_year[places]
        convention = lines.conventions[rule]
        factors = _factors(convention, rates[rule], 0, int(years.max(initial=0)) + 1, convention.input_timing)
        found[places] = factors[years]
    return found
