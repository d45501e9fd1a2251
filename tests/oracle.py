"""The second road: what a value map comes to, reckoned slowly and in plain Python from METHOD.md alone.

Nothing here comes from `sroi`: no NumPy, no shared constant, no shared function. One loop for each sum of the method,
each number read from the tree as a YAML file gives it. Where the package and this file disagree, one of them is wrong.
"""

from __future__ import annotations

import copy
import itertools
import math
from typing import Any

# HM Treasury, the Green Book: (last year of the band, rate); year k runs from time k-1 to time k.
GREEN_BOOK = [(30, 0.035), (75, 0.03), (125, 0.025), (200, 0.02), (300, 0.015), (math.inf, 0.01)]
HEALTH = [(30, 0.015), (75, 0.0129), (125, 0.0107), (200, 0.0086), (300, 0.0064), (math.inf, 0.0043)]
SCHEDULES = {"uk_green_book": GREEN_BOOK, "uk_green_book_health": HEALTH}
NO = (False, "no", "false")
YES = (True, "yes", "true")


def evaluate_tree(tree: dict[str, Any]) -> dict[str, Any]:
    """Return what a value map comes to, from its tree of plain groups, lists, words and numbers.

    `magnitude` is the sum of the absolute values of all that is added up: what rounding errors are to be held against.
    """
    rules = tree.get("conventions") or {}
    years = int((tree.get("activity") or {}).get("years", 1))
    people = {who["id"]: who for who in tree["stakeholders"]}
    outcomes = {outcome["id"]: outcome for outcome in tree["outcomes"]}
    clock = Clock(rules)

    inputs = {given["id"]: input_value(given, years, clock) for given in tree["inputs"]}
    total_inputs = math.fsum(inputs.values())

    figures = {
        name: outcome_figures(outcome, outcomes, people, years, rules, clock)
        for name, outcome in outcomes.items()
        if outcome.get("quantity") is not None and outcome.get("proxy") is not None
    }
    counted = [name for name, outcome in outcomes.items() if counts(outcome, people)]
    total = math.fsum(figures[name]["present_value"] for name in counted)

    last = max((year for name in counted for year in figures[name]["by_year"]), default=0)
    by_year = []
    for year in range(1, last + 1):
        both = [figures[name]["by_year"].get(year, (0.0, 0.0)) for name in counted]
        by_year.append(
            {
                "year": year,
                "value": math.fsum(value for value, _ in both),
                "present_value": math.fsum(present for _, present in both),
            }
        )

    ratio = total / total_inputs if total_inputs else None
    return {
        "total_inputs": total_inputs,
        "total_present_value": total,
        "net_present_value": total - total_inputs,
        "sroi_ratio": ratio,
        "net_sroi_ratio": (total - total_inputs) / total_inputs if total_inputs else None,
        "payback_years": payback(by_year, total_inputs),
        "by_outcome": [
            {
                "id": name,
                "stakeholder": outcomes[name]["stakeholder"],
                "gross": figures[name]["levels"][0],
                "present_value": figures[name]["present_value"],
            }
            for name in counted
        ],
        "by_stakeholder": [
            {
                "id": who,
                "inputs": math.fsum(inputs[given["id"]] for given in tree["inputs"] if given["stakeholder"] == who),
                "present_value": math.fsum(
                    figures[name]["present_value"] for name in counted if outcomes[name]["stakeholder"] == who
                ),
            }
            for who in people
        ],
        "by_year": by_year,
        "ladder": ladder([figures[name]["levels"] for name in counted]),
        "not_counted": [
            {
                "id": name,
                "ratio_with_it": (total + figures[name]["present_value"]) / total_inputs
                if name in figures and total_inputs
                else None,
            }
            for name in outcomes
            if name not in counted
        ],
        "magnitude": math.fsum(figures[name]["magnitude"] for name in counted) + total_inputs,
    }


# ---- what is counted ----


def counts(outcome: dict[str, Any], people: dict[str, Any]) -> bool:
    """Say whether an outcome enters the totals."""
    material = outcome.get("material") or {}
    return not (
        outcome.get("valued", True) in NO
        or outcome.get("included", True) in NO
        or material.get("decision") in NO
        or people[outcome["stakeholder"]].get("included", True) in NO
        or (isinstance(outcome.get("proxy"), dict) and outcome["proxy"].get("transfer") in YES)
    )


# ---- numbers ----


def plain(written: Any) -> float:
    """Return one number: 0.25, "0.25", "25%" or a group whose base case is its value, its survey or its experts."""
    if isinstance(written, dict):
        if written.get("value") is not None:
            return plain(written["value"])
        if "survey" in written:
            return int(written["survey"]["yes"]) / int(written["survey"]["asked"])
        views = [plain(expert["value"]) for expert in written["experts"]]
        return sum(views) / len(views)
    if isinstance(written, str):
        return float(written[:-1]) / 100 if written.endswith("%") else float(written)
    return float(written)


def is_by_year(written: Any) -> bool:
    """Say whether a number is given for each year of activity."""
    return isinstance(written, dict) and "by_year" in written


def in_year(written: Any, year: int) -> float:
    """Return a number as it stands in a year of activity; a plain one is the same in each."""
    return plain(written["by_year"][year - 1]) if is_by_year(written) else plain(written)


def proxy_number(proxy: Any) -> Any:
    """Return the number within a proxy: `{value: 19}`, `{value: {by_year: ..}}`, `{by_year: ..}` or plain 19."""
    if isinstance(proxy, dict) and isinstance(proxy.get("value"), dict):
        return proxy["value"]
    return proxy


def anchor_of(outcome: dict[str, Any], outcomes: dict[str, Any]) -> tuple[Any, float]:
    """Return the number that an outcome's proxy comes from in the end, and by how much it is multiplied."""
    factor = 1.0
    while isinstance(outcome["proxy"], dict) and "anchored_to" in outcome["proxy"]:
        other = outcomes[outcome["proxy"]["anchored_to"]]
        factor = factor * plain(outcome["weight"]) / plain(other["weight"])
        outcome = other
    return proxy_number(outcome["proxy"]), factor


def quantity_in(outcome: dict[str, Any], people: dict[str, Any], year: int) -> float:
    """Return how many changed in a year of activity."""
    quantity = outcome["quantity"]
    if isinstance(quantity, dict) and "of" in quantity:
        size = plain(people[quantity["of"]]["size"])
        return size * plain(quantity["share"]) * plain(quantity.get("times", 1))
    return in_year(quantity, year)


# ---- time ----


class Clock:
    """Turns a year of value, or of input, into a discount factor."""

    def __init__(self, rules: dict[str, Any], own_rate: Any = None) -> None:
        rate = rules.get("discount_rate", 0.035) if own_rate is None else own_rate
        self.timing = rules.get("discount_timing", "end_of_year")
        self.input_timing = rules.get("input_timing", "start_of_year")
        self.present_at = plain(rules.get("present_at", 0))
        self.schedule = SCHEDULES.get(rate) if isinstance(rate, str) else None
        self.rates = [] if self.schedule else [plain(r) for r in rate["by_year"]] if is_by_year(rate) else [plain(rate)]

    def rate(self, year: int) -> float:
        """Return the rate that rules from time year-1 to time year; the last one goes on."""
        if self.schedule:
            return next(rate for last, rate in self.schedule if year <= last)
        return self.rates[min(year, len(self.rates)) - 1]

    def factor(self, time: float) -> float:
        """Return what 1 at a time is worth at time 0."""
        whole = math.floor(time)
        factor = 1.0
        for year in range(1, whole + 1):
            factor = factor / (1 + self.rate(year))
        if time > whole:
            factor = factor * (1 + self.rate(whole + 1)) ** -(time - whole)
        return factor

    def of_value(self, year: int) -> float:
        """Return the factor of value that falls in a year."""
        if self.timing == "none":
            return 1.0
        return self.factor(moment(year, self.timing)) / self.factor(self.present_at)

    def of_input(self, year: int) -> float:
        """Return the factor of an input that falls in a year."""
        if self.timing == "none" or self.input_timing == "none":
            return 1.0
        return self.factor(moment(year, self.input_timing)) / self.factor(self.present_at)


def moment(year: int, timing: str) -> float:
    """Return the time at which a year's value falls."""
    return {"end_of_year": year, "mid_year": year - 0.5, "start_of_year": year - 1}[timing]


def input_value(given: dict[str, Any], years: int, clock: Clock) -> float:
    """Return what an input counts for, discounted; a time input without a value counts as 0."""
    if given.get("hours") is not None:
        face = plain(given["hours"]) * plain(given["rate"]) if given.get("rate") is not None else 0.0
        return face * clock.of_input(1)
    if given.get("value") is None:
        return 0.0
    if is_by_year(given["value"]):
        return math.fsum(in_year(given["value"], year) * clock.of_input(year) for year in range(1, years + 1))
    return plain(given["value"]) * clock.of_input(1)


# ---- one outcome ----


def kept_shares(deadweight: float, displacement: float, attribution: float, adding: bool) -> list[float]:
    """Return the share kept after no deduction, one, two and all three."""
    if adding:
        return [
            1.0,
            max(0.0, 1 - deadweight),
            max(0.0, 1 - deadweight - displacement),
            max(0.0, 1 - deadweight - displacement - attribution),
        ]
    return [
        1.0,
        1 - deadweight,
        (1 - deadweight) * (1 - displacement),
        (1 - deadweight) * (1 - displacement) * (1 - attribution),
    ]


def outcome_figures(
    outcome: dict[str, Any],
    outcomes: dict[str, Any],
    people: dict[str, Any],
    years: int,
    rules: dict[str, Any],
    clock: Clock,
) -> dict[str, Any]:
    """Return an outcome's value by year, and its sum at each rung: gross, each deduction, drop-off, discounting."""
    if outcome.get("discount_rate") is not None:
        clock = Clock(rules, outcome["discount_rate"])
    proxy, proxy_factor = anchor_of(outcome, outcomes)
    deductions = [outcome.get(key) or 0 for key in ("deadweight", "displacement", "attribution")]
    several = any(is_by_year(number) for number in [outcome["quantity"], proxy, *deductions])
    start = {"during": 1, "after": 2, "1": 1, "2": 2}[str(outcome.get("starts", "during"))]
    duration = plain(outcome["duration"]) if outcome.get("duration") is not None else 1.0
    stays = 1 - plain(outcome.get("drop_off") or 0)
    extra = 1 if rules.get("drop_off_from", "second_year") == "first_year" else 0
    adding = rules.get("deductions", "multiply") == "add"

    rungs: list[list[float]] = [[], [], [], [], [], []]
    by_year: dict[int, list[tuple[float, float]]] = {}
    for cohort in range(1, years + 1 if several else 2):
        unit = quantity_in(outcome, people, cohort) * in_year(proxy, cohort) * proxy_factor
        kept = kept_shares(*(in_year(number, cohort) for number in deductions), adding)
        age = 0
        while age < duration:
            year = cohort + start - 1 + age
            part = min(1.0, duration - age)
            for rung in range(4):
                rungs[rung].append(unit * kept[rung] * part)
            value = unit * kept[3] * stays ** (age + extra) * part
            present = value * clock.of_value(year)
            rungs[4].append(value)
            rungs[5].append(present)
            by_year.setdefault(year, []).append((value, present))
            age += 1
    levels = [math.fsum(rung) for rung in rungs]
    return {
        "levels": levels,
        "present_value": levels[5],
        "by_year": {
            year: (math.fsum(value for value, _ in both), math.fsum(present for _, present in both))
            for year, both in by_year.items()
        },
        "magnitude": math.fsum(abs(number) for rung in rungs for number in rung),
    }


# ---- all together ----


def ladder(levels: list[list[float]]) -> list[dict[str, Any]]:
    """Return the ladder: gross, the difference that each step makes, and what remains."""
    sums = [math.fsum(own[rung] for own in levels) for rung in range(6)]
    names = ["gross", "deadweight", "displacement", "attribution", "drop_off", "discounting"]
    steps = [sums[0], *(after - before for before, after in itertools.pairwise(sums))]
    rungs = [{"step": name, "value": step} for name, step in zip(names, steps, strict=True)]
    return [*rungs, {"step": "total_present_value", "value": sums[5]}]


def payback(by_year: list[dict[str, Any]], total_inputs: float) -> float | None:
    """Return the first time at which the running sum reaches the inputs, each year's present value accruing evenly."""
    if total_inputs <= 0:
        return 0.0
    running = 0.0
    for entry in by_year:
        gain = entry["present_value"]
        if running + gain >= total_inputs:
            return entry["year"] - 1 + (total_inputs - running) / gain
        running += gain
    return None


# ---- other numbers ----


def with_numbers(tree: dict[str, Any], at: dict[str, float]) -> dict[str, Any]:
    """Return the tree as it would be written with these numbers in the place of its own (`at={name: number}`)."""
    changed = copy.deepcopy(tree)
    # A name without a year stands for all years: it comes first, whatever the order in which it was given.
    for name in sorted(at, key=lambda each: each.count(".")):
        _put(changed, name.split("."), at[name])
    return changed


def _put(tree: dict[str, Any], words: list[str], number: float) -> None:
    if words == ["discount_rate"]:
        tree.setdefault("conventions", {})["discount_rate"] = number
        return
    owner, field, *year = words
    entry = next(e for section in ("stakeholders", "inputs", "outcomes") for e in tree[section] if e["id"] == owner)
    if field in ("share", "times"):
        entry["quantity"][field] = number
    elif field == "proxy":
        group = entry["proxy"] if isinstance(entry["proxy"], dict) else {}
        if year:
            proxy_number(group)["by_year"][int(year[0]) - 1] = number
        else:
            several = is_by_year(proxy_number(group))
            entry["proxy"] = {"value": _repeated(proxy_number(group), number) if several else number}
    elif year:
        entry[field]["by_year"][int(year[0]) - 1] = number
    else:
        entry[field] = _repeated(entry.get(field), number)


def _repeated(written: Any, number: float) -> Any:
    """Return the number, once for each year if the map gives it by year: the cohorts stay as they are."""
    return {"by_year": [number] * len(written["by_year"])} if is_by_year(written) else number
