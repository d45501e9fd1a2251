"""Which convention gives a printed figure: the same map, reckoned under every combination of the field's rules."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from sroi import wording
from sroi.estimate import Estimate
from sroi.evaluation import evaluate
from sroi.framing import TIMINGS, PrintedFigure
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.result import Result

RATES = (0.0, 0.015, 0.02, 0.03, 0.035, 0.04, 0.05, 0.07, 0.10)

FIGURES = (
    "total_inputs", "total_present_value", "net_present_value", "sroi_ratio", "net_sroi_ratio", "payback_years",
)  # fmt: skip

# How far a rule lies from what an author would choose without a word: the order among equally many differences.
_FAR = {
    "discount_timing": 1, "input_timing": 1, "net_ratio": 1, "drop_off_from": 2, "deductions": 2, "own_rates": 2,
    "present_at": 3, "attribution": 3, "starts": 4, "discount_rate": 4,
}  # fmt: skip

_RULE_WORDS = {
    ("deductions", "add"): "if deductions are added",
    ("deductions", "multiply"): "if deductions are multiplied",
    ("drop_off_from", "first_year"): "if drop-off begins in the first year",
    ("drop_off_from", "second_year"): "if drop-off begins in the second year",
    ("input_timing", "none"): "with inputs at face value",
    ("attribution", "claimed"): "if attribution is the share claimed",
    ("net_ratio", "as_gross"): "if the printed ratio is the net ratio",
    ("net_ratio", "as_net"): "if the printed net ratio is the gross ratio",
    ("own_rates", "none"): "if every outcome is discounted at the map's rate",
    ("starts", "during"): "if every outcome starts during the activity",
    ("starts", "after"): "if every outcome starts in the year after the activity",
}

Change = tuple[str, Any]
_Way = tuple[tuple[Change, ...], dict[str, float]]


@dataclass(frozen=True)
class Reproduction:
    """One set of rules under which every printed figure comes out.

    `changes` holds what differs from the map's own rules, (rule, value), none if nothing does; `figures` what the map
    comes to under them. `ways` counts the tried combinations that differ in these figures, `fitting` those of them
    that fit: where many fit, one of them may fit by chance.
    """

    changes: tuple[Change, ...]
    figures: dict[str, float]
    ways: int
    fitting: int

    @property
    def words(self) -> str:
        """The rules in words, such as "with values discounted from the start of each year"."""
        return " and ".join(map(_change_words, self.changes)) or "with the map's own conventions"

    @property
    def chance_words(self) -> str:
        """How many of the ways that were tried do as well."""
        rest = "it alone fits" if self.fitting == 1 else f"{self.fitting} fit, some perhaps by chance"
        return f"of {self.ways:,} different ways tried, {rest}"

    def __str__(self) -> str:
        return f"{self.words} ({self.chance_words})"


def conventions_that_reproduce(impact_map: ImpactMap, printed: Mapping[str, PrintedFigure | str]) -> list[Reproduction]:
    """Return the rules under which every printed figure is reproduced, those nearest to the map's own first.

    Tried are all combinations of when values and inputs are discounted, of deductions multiplied or added, of the
    year in which drop-off begins, of attribution read as owed to others or as claimed, of outcomes starting during or
    after the activity, of outcomes' own discount rates left out, of the year whose money is meant, and of net and
    gross ratio mistaken for each other. Other discount rates (RATES) are tried only if none of these does with the
    map's own. A change without effect is not named. An empty list: nothing that was tried reproduces all of them.

    Parameters: `printed`, figures of a result by name (see FIGURES), as printed: half the last digit is allowed, or
    the stated tolerance. Raises ValueError for no figure, or a name that is none.

    >>> import sroi
    >>> guide = sroi.example("wheels_to_meals")
    >>> for found in conventions_that_reproduce(guide, {"total_present_value": "84,602.90", "sroi_ratio": "2.00"}):
    ...     print(found.words)
    with values discounted from the start of each year
    """
    return ConventionSearch(impact_map).that_reproduce(printed)


class ConventionSearch:
    """One map reckoned under every combination of rules, once, and asked about several printed figures."""

    def __init__(self, impact_map: ImpactMap) -> None:
        self.impact_map = impact_map
        self._passes: dict[tuple[float | None, ...], list[_Way]] = {}

    def that_reproduce(self, printed: Mapping[str, PrintedFigure | str]) -> list[Reproduction]:
        """Return the rules under which every printed figure is reproduced: see `conventions_that_reproduce`."""
        figures = {
            name: figure if isinstance(figure, PrintedFigure) else PrintedFigure.model_validate(figure)
            for name, figure in printed.items()
        }
        unknown = sorted(set(figures) - set(FIGURES))
        if unknown or not figures:
            known = ", ".join(FIGURES)
            raise ValueError(f"{', '.join(unknown)}: no figure of a result. Known: {known}" if unknown else "no figure")
        fit: list[_Way] = []
        seen: set[tuple[float, ...]] = set()
        for rates in ((None,), RATES):
            for changes, found in self._ways(rates, figures):
                seen.add(_signature(found))
                if all(_fits(found[name], figure) for name, figure in figures.items()):
                    fit.append((changes, found))
            if fit:
                break
        fit = sorted(_without_idle_changes(fit), key=lambda each: _distance(each[0]))
        fitting = len({_signature(found) for _, found in fit})
        return [Reproduction(changes, found, len(seen), fitting) for changes, found in fit]

    def _ways(self, rates: tuple[float | None, ...], printed: Mapping[str, PrintedFigure]) -> Iterator[_Way]:
        """Yield every combination of rules with what it makes of the printed figures."""
        if rates not in self._passes:
            self._passes[rates] = list(_reckoned(self.impact_map, rates))
        swaps: list[tuple[Change, ...]] = [()]
        swaps += [(("net_ratio", "as_gross"),)] if "sroi_ratio" in printed else []
        swaps += [(("net_ratio", "as_net"),)] if "net_sroi_ratio" in printed else []
        for changes, figures in self._passes[rates]:
            for swap in swaps:
                yield (*changes, *swap), {name: figures[_swapped(name, swap)] for name in printed}


def _fits(ours: float, printed: PrintedFigure) -> bool:
    return math.isfinite(ours) and abs(ours - printed.number) <= printed.allowed * (1 + 1e-9) + 1e-12


def _distance(changes: tuple[Change, ...]) -> tuple[int, int]:
    return len(changes), sum(_FAR[rule] for rule, _ in changes)


def _signature(found: Mapping[str, float]) -> tuple[float, ...]:
    return tuple(float(f"{figure:.10g}") if math.isfinite(figure) else -math.inf for figure in found.values())


def _without_idle_changes(
    fit: list[_Way],
) -> list[_Way]:
    """Leave out each set of changes of which a smaller part gives the same figures."""
    kept: list[_Way] = []
    for changes, found in sorted(fit, key=lambda each: len(each[0])):
        signature = _signature(found)
        if not any(set(less) <= set(changes) and _signature(other) == signature for less, other in kept):
            kept.append((changes, found))
    return kept


def _reckoned(impact_map: ImpactMap, rates: tuple[float | None, ...]) -> Iterator[_Way]:
    """Yield every combination of rules with all figures that the map comes to under it."""
    at, turned = _numbers(impact_map, rates)
    for changes in _rules(impact_map):
        result = evaluate(_changed(impact_map, changes), at=at)
        for way, rate in product(range(2 if turned else 1), range(len(rates))):
            more: list[Change] = [("attribution", "claimed")] if way else []
            more += [("discount_rate", rates[rate])] if rates[rate] is not None else []
            yield (*changes, *more), {name: _figure(result, name, (way, rate)) for name in FIGURES}


def _swapped(name: str, swap: tuple[Change, ...]) -> str:
    if name == "sroi_ratio" and ("net_ratio", "as_gross") in swap:
        return "net_sroi_ratio"
    if name == "net_sroi_ratio" and ("net_ratio", "as_net") in swap:
        return "sroi_ratio"
    return name


def _figure(result: Result, name: str, case: tuple[int, int]) -> float:
    """Return one figure of one case; a figure that does not depend on what was varied is the same in all."""
    figure = np.asarray(getattr(result, name), dtype=np.float64)
    return float(figure[case] if figure.ndim else figure)


def _numbers(impact_map: ImpactMap, rates: tuple[float | None, ...]) -> tuple[dict[str, Any], bool]:
    """Return the numbers to vary as arrays of shape (attribution, rate), and whether attribution can be turned."""
    stated = [outcome for outcome in impact_map.outcomes if outcome.attribution is not None]
    turned = any(share != 0.5 for outcome in stated for share in outcome.attribution.years)  # type: ignore[union-attr]
    given = [rate for rate in rates if rate is not None]
    shape = (2 if turned else 1, max(1, len(given)))
    at: dict[str, Any] = {"discount_rate": np.broadcast_to(np.array(given), shape)} if given else {}
    for outcome in stated if turned else ():
        number: Estimate = outcome.attribution  # type: ignore[assignment]
        name = f"{outcome.id}.attribution"
        for year, share in enumerate(number.years, 1):
            both = np.array([[share], [1.0 - share]])
            at[f"{name}.{year}" if number.by_year else name] = np.broadcast_to(both, shape)
    return at, turned


def _rules(impact_map: ImpactMap) -> Iterator[tuple[Change, ...]]:
    """Yield every combination of rules as what it changes in the map's own; rules without effect are not varied."""
    own = impact_map.conventions
    numbers = impact_map.numbers()
    drops = any(value for number in numbers.values() if number.field == "drop_off" for value in number.values)
    deducts = any(
        sum(any(numbers[f"{outcome.id}.{name}"].values) for name in DEDUCTIONS if name != "attribution") > 0
        for outcome in impact_map.outcomes
    )
    begun = {outcome.starts for outcome in impact_map.outcomes}
    years = impact_map.activity.years
    rated = any(outcome.discount_rate is not None for outcome in impact_map.outcomes)
    options = {
        "deductions": ("multiply", "add") if deducts else (own.deductions,),
        "drop_off_from": ("second_year", "first_year") if drops else (own.drop_off_from,),
        "own_rates": ("own", "none") if rated else ("own",),
        "starts": ("own", *(each for each in ("during", "after") if begun != {each})),
        "discount_timing": TIMINGS,
        "present_at": (own.present_at, 0.0, *((float(years),) if years > 1 else ())),
        "input_timing": ("start_of_year", "as_values", "none", own.input_timing),
    }
    told: set[tuple[Change, ...]] = set()
    for chosen in product(*(dict.fromkeys(values) for values in options.values())):
        rules = dict(zip(options, chosen, strict=True))
        if rules["input_timing"] == "as_values":
            rules["input_timing"] = rules["discount_timing"]
        if rules["discount_timing"] == "none":
            rules["present_at"], rules["input_timing"] = own.present_at, own.input_timing
        before = {rule: "own" if rule in ("starts", "own_rates") else getattr(own, rule) for rule in rules}
        changes = tuple((rule, value) for rule, value in rules.items() if value != before[rule])
        if changes not in told:
            told.add(changes)
            yield changes


def _changed(impact_map: ImpactMap, changes: tuple[Change, ...]) -> ImpactMap:
    """Return the map under other rules."""
    rules = dict(changes)
    update: dict[str, Any] = {}
    starts = rules.pop("starts", None)
    other: dict[str, Any] = {} if starts is None else {"starts": starts}
    other |= {} if rules.pop("own_rates", None) is None else {"discount_rate": None}
    if other:
        update["outcomes"] = tuple(each.model_copy(update=other) for each in impact_map.outcomes)
    if rules:
        update["conventions"] = impact_map.conventions.model_copy(update=rules)
    return impact_map.model_copy(update=update) if update else impact_map


def _change_words(change: Change) -> str:
    rule, value = change
    if rule == "discount_timing":
        return "with nothing discounted" if value == "none" else f"with values {wording.TIMING_WORDS[value]}"
    if rule == "input_timing" and value != "none":
        return f"with inputs {wording.TIMING_WORDS[value]}"
    if rule == "discount_rate":
        return f"at a discount rate of {wording.per_cent(value)}"
    if rule == "present_at":
        return f"with values stated in money of year {value:g}"
    return _RULE_WORDS[rule, value]
