"""The kinds of mistake that people make, each as a rule: what somebody reckons who makes it.

No wrong answer is typed anywhere. A slip changes the map, its rules or the figure asked for, and the door says what
comes out; or it changes the figure itself (a month for a year, a share upside down). `kinds.toml` has the words.
"""

from __future__ import annotations

import copy
import math
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from sroi.errors import SroiError
from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.teaching.figures import TOTALS, Case, figure

# Slips that move the point and leave the digits.
SAME_DIGITS = frozenset({"order_of_magnitude", "per_cent_for_share", "share_for_per_cent"})


class Kind(NamedTuple):
    """A kind of mistake: its heading, and what to say about it."""

    title: str
    words: str


class Slip(NamedTuple):
    """A wrong answer of a known kind; `about` says which line, where one line is meant."""

    kind: str
    value: float
    about: str = ""


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind of mistake by its name.

    >>> kinds()["deductions_added"].title
    'The deductions were added'
    """
    tree = tomllib.loads((files("sroi.teaching") / "kinds.toml").read_text("utf-8"))
    return {name: Kind(each["title"], " ".join(each["words"].split())) for name, each in tree.items()}


def slips_of(case: Case, unit: str, first: tuple[str, ...] = ()) -> list[Slip]:
    """Return what each slip makes of a case, those named in `first` before all others.

    >>> from sroi.teaching.figures import case_of
    >>> made = slips_of(case_of("wheels_to_meals", "sroi_ratio"), "ratio")
    >>> [round(slip.value, 4) for slip in made if slip.kind == "discounted_too_little"]
    [1.9965]
    """
    right = figure(case)
    made = [*_of_the_map(case), *(Slip(kind, value) for kind, value in of_the_number(right, unit))]
    changed = [slip for slip in made if math.isfinite(slip.value) and not math.isclose(slip.value, right)]
    return sorted(changed, key=lambda slip: first.index(slip.kind) if slip.kind in first else len(first))


def of_the_number(right: float, unit: str) -> Iterator[tuple[str, float]]:
    """Yield the slips of the figure itself, whatever the map: units, direction, size."""
    if unit == "share":
        yield "per_cent_for_share", right * 100
        yield "the_rest", 1 - right
        yield "share_for_per_cent", right / 100
    if unit == "ratio" and right:
        yield "upside_down", 1 / right
    yield "sign", -right
    if unit == "money":
        yield "month_for_year", right / 12
        yield "year_twelve_times", right * 12
    for power in (1, 2, 3):
        yield "order_of_magnitude", right * 10**power
        yield "order_of_magnitude", right / 10**power


def _of_the_map(case: Case) -> Iterator[Slip]:
    """Yield the slips of method: each makes another case, and the door says what comes of it.

    What is read off a distribution is only held against what stands beside it.
    """
    read_off = case.asks.partition(".")[0] in ("low", "high", "chance_above")
    for kind, make in (_READ_OFF if read_off else _SLIPS).items():
        with suppress(SroiError):
            for about, other in make(case, case.impact_map):
                with suppress(SroiError, ZeroDivisionError):
                    yield Slip(kind, figure(other), about)


_Made = Iterator[tuple[str, Case]]


def _numbers(case: Case, impact_map: ImpactMap, *fields: str) -> dict[str, float]:
    """Return the outcomes' numbers of these fields as they stand in the case."""
    own = {name: each.values[0] for name, each in impact_map.numbers().items() if each.field in fields and each.owner}
    return own | {name: value for name, value in case.at.items() if name in own}


def _reversed(field: str) -> Callable[[Case, ImpactMap], _Made]:
    def make(case: Case, impact_map: ImpactMap) -> _Made:
        yield "", case.with_numbers({n: 1 - v for n, v in _numbers(case, impact_map, field).items() if v})

    return make


def _nothing(*fields: str) -> Callable[[Case, ImpactMap], _Made]:
    def make(case: Case, impact_map: ImpactMap) -> _Made:
        yield "", case.with_numbers(dict.fromkeys(_numbers(case, impact_map, *fields), 0.0))

    return make


def _whole(*fields: str) -> Callable[[Case, ImpactMap], _Made]:
    def make(case: Case, impact_map: ImpactMap) -> _Made:
        yield "", case.with_numbers(dict.fromkeys(_numbers(case, impact_map, *fields), 1.0))

    return make


def _ruled(key: str, value: str) -> Callable[[Case, ImpactMap], _Made]:
    def make(case: Case, _: ImpactMap) -> _Made:
        if case.tree.get("conventions", {}).get("discount_timing") != "none" or not key.startswith("discount"):
            yield "", _retold(case, lambda tree: tree.setdefault("conventions", {}).update({key: value}))

    return make


def _retold(case: Case, change: Callable[[dict[str, Any]], Any]) -> Case:
    tree = copy.deepcopy(dict(case.tree))
    change(tree)
    return replace(case, tree=tree)


def _asked(*swaps: tuple[str, str]) -> Callable[[Case, ImpactMap], _Made]:
    def make(case: Case, _: ImpactMap) -> _Made:
        word, dot, name = case.asks.partition(".")
        for asked, given in swaps:
            if word == asked:
                yield "", case.asking(given if given in TOTALS else f"{given}{dot}{name}")

    return make


def _a_year(step: int) -> Callable[[Case, ImpactMap], _Made]:
    """The year beside the one asked for."""

    def make(case: Case, _: ImpactMap) -> _Made:
        word, dot, name = case.asks.partition(".")
        if word == "value":
            yield "", case.asking(f"{word}{dot}{int(name) + step}")

    return make


def _discounted_more(case: Case, _: ImpactMap) -> _Made:
    word, dot, name = case.asks.partition(".")
    if word == "factor":
        yield "", case.asking(f"{word}{dot}{int(name) + 1}")
    elif word != "value" and case.tree.get("conventions", {}).get("discount_timing") != "none":
        yield "", _retold(case, lambda tree: [each.update(starts="after") for each in tree["outcomes"]])


def _multiplied(case: Case, impact_map: ImpactMap) -> _Made:
    """Taking 3.5 % off each year, in place of dividing by 1.035."""
    rate = _rate(case, impact_map)
    if 0 < rate < 0.5:
        yield "", case.with_numbers({"discount_rate": rate / (1 - rate)})


def _rate(case: Case, impact_map: ImpactMap) -> float:
    return float(case.at.get("discount_rate", impact_map.numbers()["discount_rate"].values[0]))


def _duration(step: float) -> Callable[[Case, ImpactMap], _Made]:
    def make(case: Case, impact_map: ImpactMap) -> _Made:
        several = {name: value for name, value in _numbers(case, impact_map, "duration").items() if value > 1}
        yield "", case.with_numbers({name: max(0.0, value + step) for name, value in several.items()})

    return make


def _one_year(case: Case, impact_map: ImpactMap) -> _Made:
    several = {name: 1.0 for name, value in _numbers(case, impact_map, "duration").items() if value > 1}
    yield "", case.with_numbers(several)


def _loss_names(case: Case, impact_map: ImpactMap) -> list[str]:
    result = evaluate(impact_map, case.at)
    return [name for name, gross in zip(result.priced, result.gross, strict=True) if gross < 0]


def _losses_left_out(case: Case, impact_map: ImpactMap) -> _Made:
    yield "", case.with_numbers(_none_of(impact_map, _loss_names(case, impact_map)))


def _losses_as_gains(case: Case, impact_map: ImpactMap) -> _Made:
    proxies = _numbers(case, impact_map, "proxy")
    lost = _loss_names(case, impact_map)
    yield "", case.with_numbers({f"{n}.proxy": abs(proxies[f"{n}.proxy"]) for n in lost if f"{n}.proxy" in proxies})


def _none_of(impact_map: ImpactMap, names: list[str]) -> dict[str, float]:
    """Return what makes nothing of these outcomes."""
    known = impact_map.numbers()
    fields = {name: "quantity" if f"{name}.quantity" in known else "share" for name in names}
    return {f"{name}.{field}": 0.0 for name, field in fields.items()}


def _line(times: float) -> Callable[[Case, ImpactMap], _Made]:
    """One outcome or input left out (0) or counted twice (2)."""

    def make(case: Case, impact_map: ImpactMap) -> _Made:
        if case.asks.partition(".")[2]:
            return
        lines = {each.id: each.label for each in impact_map.outcomes if each.id not in impact_map.not_counted()}
        lines |= {each.id: each.label for each in impact_map.inputs}
        for owner, label in lines.items() if len(lines) > 1 else ():
            # The number that a line's worth is in proportion to.
            worth = _numbers(case, impact_map, "proxy", "value", "rate")
            own = {name: value * times for name, value in worth.items() if name.partition(".")[0] == owner}
            if own:
                yield label, case.with_numbers(own)

    return make


def _double_counting(case: Case, impact_map: ImpactMap) -> _Made:
    left_out = impact_map.not_counted()

    def count_all(tree: dict[str, Any]) -> None:
        for each in tree["outcomes"]:
            if each["id"] in left_out:
                each.update(valued=True, included=True)
                each.pop("material", None)

    if left_out:
        yield "", _retold(case, count_all)


def _time_left_out(case: Case, impact_map: ImpactMap) -> _Made:
    time = [given.id for given in impact_map.inputs if given.kind == "time"]
    names = {name for name in impact_map.numbers() for owner in time if name in (f"{owner}.rate", f"{owner}.value")}
    yield "", case.with_numbers(dict.fromkeys(names, 0.0))


def _weights_reversed(case: Case, _: ImpactMap) -> _Made:
    """An anchored value divided where it is multiplied: the two weights the wrong way round."""

    def turn(tree: dict[str, Any]) -> None:
        for each in tree["outcomes"]:
            if isinstance(each.get("weight"), int | float) and each["weight"]:
                each["weight"] = 1 / each["weight"]

    if any("anchored_to" in each.get("proxy", {}) for each in case.tree["outcomes"]):
        yield "", _retold(case, turn)


def _unchanged(case: Case, _: ImpactMap) -> _Made:
    if case.at:
        yield "", replace(case, at={})


def _other_way(case: Case, impact_map: ImpactMap) -> _Made:
    """The number moved as far the other way."""
    known = impact_map.numbers()
    if case.at:
        yield "", replace(case, at={name: 2 * known[name].values[0] - value for name, value in case.at.items()})


# In the order in which they are thought of: where two come to the same figure, the first is named.
_SLIPS: dict[str, Callable[[Case, ImpactMap], _Made]] = {
    "attribution_reversed": _reversed("attribution"),
    "deductions_added": _ruled("deductions", "add"),
    "drop_off_in_year_one": _ruled("drop_off_from", "first_year"),
    "discounted_too_much": _discounted_more,
    "discounted_too_little": _ruled("discount_timing", "start_of_year"),
    "losses_left_out": _losses_left_out,
    "losses_as_gains": _losses_as_gains,
    "double_counting": _double_counting,
    "gross_for_net": _nothing(*DEDUCTIONS),
    "net_ratio": _asked(("sroi_ratio", "net_sroi_ratio")),
    "ratio_for_net": _asked(("net_sroi_ratio", "sroi_ratio")),
    "value_for_net": _asked(("net_present_value", "total_present_value")),
    "net_for_value": _asked(("total_present_value", "net_present_value")),
    "inputs_for_value": _asked(("total_present_value", "total_inputs"), ("net_present_value", "total_inputs")),
    "with_for_without": _asked(("without", "sroi_ratio")),
    "time_left_out": _time_left_out,
    "not_changed": _unchanged,
    "moved_the_other_way": _other_way,
    "share_forgotten": _whole("share"),
    "times_forgotten": _whole("times"),
    "weights_reversed": _weights_reversed,
    "drop_off_forgotten": _nothing("drop_off"),
    "not_discounted": _ruled("discount_timing", "none"),
    "discount_taken_off": _multiplied,
    "one_year_only": _one_year,
    "a_year_too_late": _a_year(1),
    "a_year_too_early": _a_year(-1),
    "a_year_too_many": _duration(1),
    "a_year_too_few": _duration(-1),
    "deadweight_forgotten": _nothing("deadweight"),
    "displacement_forgotten": _nothing("displacement"),
    "attribution_forgotten": _nothing("attribution"),
    "deadweight_reversed": _reversed("deadweight"),
    "displacement_reversed": _reversed("displacement"),
    "line_left_out": _line(0.0),
    "line_twice": _line(2.0),
}
_READ_OFF: dict[str, Callable[[Case, ImpactMap], _Made]] = {
    "other_end": _asked(("low", "high"), ("high", "low")),
    "middle_for_end": _asked(("low", "sroi_ratio"), ("high", "sroi_ratio")),
}
