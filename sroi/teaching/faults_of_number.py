"""Faults of arithmetic and of claiming: a share the wrong way round, a change counted twice, a year too many."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome, PartOfStakeholder
from sroi.questions.asking import counted
from sroi.reading import SHARE
from sroi.teaching.fault_kinds import (
    ARITHMETIC,
    FaultKind,
    is_gain,
    is_loss,
    outcomes_where,
    share_in,
    share_of,
    years_of,
)
from sroi.teaching.numbers import INVENTED
from sroi.teaching.trees import Tree, entry, kind_of_field, map_of, moved, numbers_in, shifted, with_words, written

_Draw = np.random.Generator


# ---- deductions ----


def _reversed(tree: Tree, spot: str, draw: _Draw) -> None:
    outcome = entry(tree, "outcomes", spot)
    claimed = round(1 - share_in(outcome, "attribution"), 4)
    note = "The part of the change that is due to us (invented)"
    outcome["attribution"] = {**_with(outcome["attribution"], claimed, ("note",)), "note": note}


def _nothing_deducted(name: str) -> Any:
    def put(tree: Tree, spot: str, draw: _Draw) -> None:
        outcome = entry(tree, "outcomes", spot)
        outcome[name] = shifted(outcome[name], SHARE, lambda _: 0.0, ("note",))

    return put


def _left_out(tree: Tree, spot: str, draw: _Draw) -> None:
    entry(tree, "outcomes", spot).pop(str(draw.choice(["displacement", "deadweight"])))


def _deducted_twice(tree: Tree, spot: str, draw: _Draw) -> None:
    outcome = entry(tree, "outcomes", spot)
    words = "In the quantity already: it was measured against a waiting list (invented)"
    raw = outcome["deadweight"]
    outcome["deadweight"] = {**(raw if isinstance(raw, dict) else {"value": raw}), "note": words}


def _above_the_whole(tree: Tree, spot: str, draw: _Draw) -> None:
    tree["conventions"]["deductions"] = "add"
    outcome = entry(tree, "outcomes", spot)
    for name in ("deadweight", "attribution"):
        outcome[name] = with_words(_with(outcome.get(name, "0%"), 0.6), note="What those asked said (invented)")


def _per_cent_as_number(tree: Tree, spot: str, draw: _Draw) -> None:
    outcome, name = _first_share(tree, spot)
    outcome[name] = _typed(outcome[name], round(share_in(outcome, name) * 100))


def _digit_too_many(tree: Tree, spot: str, draw: _Draw) -> None:
    outcome, name = _first_share(tree, spot)
    outcome[name] = _typed(outcome[name], f"{round(share_in(outcome, name) * 1000)}%")


def _first_share(tree: Tree, spot: str) -> tuple[Tree, str]:
    outcome = entry(tree, "outcomes", spot)
    return outcome, next(
        name for name in ("deadweight", "attribution", "displacement") if 0.1 < share_in(outcome, name) < 1
    )


def _with(raw: Any, share: float, without: tuple[str, ...] = ()) -> Tree:
    """Return a share as it was, with another value."""
    changed = shifted(raw, SHARE, lambda _: share, without)
    return changed if isinstance(changed, dict) else {"value": changed}


def _typed(raw: Any, value: Any) -> Tree:
    """Return a number with something else typed as its value, whatever stands beside it."""
    return {**(raw if isinstance(raw, dict) else {}), "value": value}


def _a_plain_share(outcome: Outcome) -> bool:
    """Say whether a deduction is a plain share that can be mistyped."""
    numbers = [getattr(outcome, name) for name in ("deadweight", "attribution", "displacement")]
    return any(number is not None and number.value is not None and 0.1 < number.value < 1 for number in numbers)


# ---- time and amounts ----


def _month_as_year(tree: Tree, spot: str, draw: _Draw) -> None:
    proxy = entry(tree, "outcomes", spot)["proxy"]
    unit = proxy.get("unit") or "person"
    proxy["unit"] = f"{unit.removesuffix(' a year').removesuffix(' per year')} per month"
    proxy["value"] = moved(proxy["value"], kind_of_field("proxy"), lambda value: round(value / 12, 2))


def _more_than_there_are(tree: Tree, spot: str, draw: _Draw) -> None:
    outcome = entry(tree, "outcomes", spot)
    size = entry(tree, "stakeholders", outcome["stakeholder"])["size"]
    most = float(size["value"] if isinstance(size, dict) else size)
    numbers = next(each for each in map_of(tree).outcomes if each.id == spot).quantity
    times = most * float(draw.uniform(1.2, 1.6)) / max(numbers.years)  # type: ignore[union-attr]
    raised = shifted(outcome["quantity"], kind_of_field("quantity"), lambda value: float(math.ceil(value * times)))
    outcome["quantity"] = with_words(raised, source=INVENTED)


def _counts_heads(chart: ImpactMap) -> list[str]:
    found = []
    for _, outcome in counted(chart):
        size = chart.stakeholder_by_id[outcome.stakeholder].size
        plain = outcome.quantity is not None and not isinstance(outcome.quantity, PartOfStakeholder)
        if size is not None and plain and is_gain(outcome) and max(outcome.quantity.years) <= size.base:  # type: ignore[union-attr]
            found.append(outcome.id)
    return found


def _never_happens(tree: Tree, spot: str, draw: _Draw) -> None:
    outcome = entry(tree, "outcomes", spot)
    outcome["duration"] = shifted(outcome["duration"], kind_of_field("duration"), lambda _: 0.0)


def _not_discounted(tree: Tree, spot: str, draw: _Draw) -> None:
    tree["conventions"]["discount_timing"] = "none"


def _lasts_and_is_discounted(chart: ImpactMap) -> list[str]:
    lasting = max((years_of(outcome) for _, outcome in counted(chart)), default=1.0)
    return [""] if lasting >= 3 and chart.conventions.discount_timing != "none" else []


def _small_sample(tree: Tree, spot: str, draw: _Draw) -> None:
    outcome = entry(tree, "outcomes", spot)
    for group, key, field in numbers_in(outcome, "outcomes"):
        if field in ("quantity", "share"):
            raw = group[key] if isinstance(group[key], dict) else {"value": group[key]}
            held = {name: part for name, part in raw.items() if name != "survey"}
            if "survey" in raw:
                held["value"] = written(round(raw["survey"]["yes"] / raw["survey"]["asked"], 2), SHARE)
            group[key] = {**held, "sample_size": int(draw.integers(5, 10))}
            return


def _large(chart: ImpactMap) -> list[str]:
    result = evaluate(chart)
    total = float(result.total_present_value)
    large = {
        name
        for place, name in enumerate(result.priced)
        if total > 0 and float(result.present_value[place]) > 0.15 * total
    }
    return [name for name in large if name in {each.id for _, each in counted(chart) if is_gain(each)}]


# ---- losses ----


def _loss_as_gain(tree: Tree, spot: str, draw: _Draw) -> None:
    proxy = entry(tree, "outcomes", spot)["proxy"]
    proxy["value"] = shifted(proxy["value"], kind_of_field("proxy"), abs)


# ---- printed figures ----


def _net_for_gross(tree: Tree, spot: str, draw: _Draw) -> None:
    ratio = float(evaluate(map_of(tree)).sroi_ratio)
    tree["published"] = {"sroi_ratio": f"{ratio - 1:.2f}", "source": "The draft report of the project (invented)"}


def _digits_swapped(tree: Tree, spot: str, draw: _Draw) -> None:
    total = f"{round(float(evaluate(map_of(tree)).total_present_value))}"
    pairs = [place for place in range(len(total) - 1) if total[place] != total[place + 1] and total[place + 1] != "0"]
    place = pairs[int(draw.integers(len(pairs)))]
    swapped = total[:place] + total[place + 1] + total[place] + total[place + 2 :]
    tree["published"] = {"total_present_value": swapped, "source": "The draft report of the project (invented)"}


def _with_a_ratio(chart: ImpactMap) -> list[str]:
    result = evaluate(chart)
    return [""] if float(result.total_present_value) > 100 and float(result.sroi_ratio) > 1.05 else []


def _positive(name: str) -> Any:
    return outcomes_where(lambda each: is_gain(each) and share_of(each, name) > 0)


def _lasting_gain(each: Outcome) -> bool:
    return is_gain(each) and years_of(each) > 1 and share_of(each, "drop_off") > 0


# fmt: off
KINDS = (
    FaultKind(
        "attribution_reversed", "Attribution the wrong way round", ARITHMETIC, 1,
        "Attribution is the share owed to others, and is deducted. Here the share claimed was entered instead.",
        ("attribution_reversed",), r"attribut|revers|wrong way|claim|others", _positive("attribution"), _reversed,
    ),
    FaultKind(
        "no_deadweight", "Nothing taken off for what would have happened anyway", ARITHMETIC, 1,
        "Zero is a claim like any other: that nothing would have happened without the project. It needs a reason.",
        ("deduction_zero",), r"deadweight|anyway|zero|0 ?%|nothing|reason", _positive("deadweight"),
        _nothing_deducted("deadweight"),
    ),
    FaultKind(
        "nothing_owed", "Nothing owed to others, though others are named", ARITHMETIC, 2,
        "Where several work with the same people, hardly any change is owed to one of them alone.",
        ("attribution_zero", "deduction_zero"), r"attribut|others|zero|0 ?%|nothing|reason", _positive("attribution"),
        _nothing_deducted("attribution"),
    ),
    FaultKind(
        "never_fades", "A change that lasts and never fades", ARITHMETIC, 2,
        "Most changes fade. To claim that one does not, year after year, needs evidence.",
        ("drop_off_zero",), r"drop.?off|fade|zero|0 ?%|nothing|reason", outcomes_where(_lasting_gain),
        _nothing_deducted("drop_off"),
    ),
    FaultKind(
        "deduction_missing", "A deduction left out", ARITHMETIC, 1,
        "What is not deducted is claimed. Give it, or give 0 % with the reason.",
        ("deduction_missing",), r"deadweight|displacement|missing|left out|blank|empty|no ", outcomes_where(is_gain),
        _left_out,
    ),
    FaultKind(
        "deducted_twice", "Deadweight taken off twice", ARITHMETIC, 2,
        "Its own reason says that the quantity is net of it already; taken off again, the claim is too small.",
        ("deducted_twice",), r"deadweight|twice|double|already|net", _positive("deadweight"), _deducted_twice,
    ),
    FaultKind(
        "deductions_above_whole", "Deductions added up to more than the whole", ARITHMETIC, 3,
        "60 % and 60 % of one change overlap: added up, more is taken off than there is. Multiply what is kept.",
        ("deductions_above_whole",), r"add|multipl|more than|100|deduction|whole", outcomes_where(is_gain),
        _above_the_whole,
    ),
    FaultKind(
        "per_cent_as_number", "25 typed where 25 % was meant", ARITHMETIC, 1,
        "A share runs from 0 % to 100 %. 25 is 2,500 %, and turns the line's value on its head.",
        (), r"per ?cent|%|share|25|above|format|typed|number", outcomes_where(_a_plain_share), _per_cent_as_number,
    ),
    FaultKind(
        "digit_too_many", "A share above 100 %: a digit too many", ARITHMETIC, 2,
        "Nothing can be deducted more than wholly: a nought slipped in.",
        (), r"per ?cent|%|share|above|100|digit|nought|zero|typed|imposs", outcomes_where(_a_plain_share),
        _digit_too_many,
    ),
    FaultKind(
        "month_as_year", "A price per month used as per year", ARITHMETIC, 1,
        "A value map prices one unit of change for one year. A price per month has to be brought to a year first.",
        ("value_per_month",), r"month|year|annual|unit|per ", outcomes_where(is_gain), _month_as_year,
    ),
    FaultKind(
        "more_than_there_are", "More people change than there are", ARITHMETIC, 1,
        "No more people can change than the stakeholder counts.",
        ("above_size",), r"quantity|size|more|people|number|than", _counts_heads, _more_than_there_are,
    ),
    FaultKind(
        "yields_nothing", "A duration of nought", ARITHMETIC, 2,
        "A change that lasts no time yields nothing: it stands in the map and does not count.",
        ("yields_nothing",), r"duration|zero|nought|0|last|years|nothing", outcomes_where(is_gain), _never_happens,
    ),
    FaultKind(
        "not_discounted", "Later years are not discounted", ARITHMETIC, 2,
        "Value of later years is added up as if it came today. Discount it, or say beside the ratio that you do not.",
        ("not_discounted",), r"discount|present value|rate|timing|later years", _lasts_and_is_discounted,
        _not_discounted,
    ),
    FaultKind(
        "small_sample", "Much of the value rests on a handful of people", ARITHMETIC, 3,
        "With so few asked, another handful might have given another ratio. Ask more, or show the range.",
        ("small_sample",), r"sample|few|asked|respon|survey|small", _large, _small_sample,
    ),
    FaultKind(
        "loss_as_gain", "A loss counted as a gain", ARITHMETIC, 3,
        "Its words tell of a loss, its sign of a gain: the total is wrong by twice its value.",
        ("loss_as_gain",), r"loss|negativ|sign|gain|minus|worse", outcomes_where(is_loss), _loss_as_gain,
    ),
    FaultKind(
        "net_for_gross", "The net ratio printed as the ratio", ARITHMETIC, 2,
        "The net ratio is the ratio less 1; taken one for the other, the printed figure misleads.",
        ("net_as_gross",), r"net|gross|print|ratio|publish|draft|report", _with_a_ratio, _net_for_gross,
    ),
    FaultKind(
        "digits_swapped", "Two digits swapped in a printed total", ARITHMETIC, 1,
        "The report prints a total that the map does not come to: two digits changed places.",
        ("not_reproduced",), r"print|digit|swap|transpos|publish|draft|report|total\b.*\b(differ|wrong|not)",
        _with_a_ratio, _digits_swapped,
    ),
)
# fmt: on
