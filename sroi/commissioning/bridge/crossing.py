"""From the register's sum to the impact map's: the map, both totals, and the steps between them to the penny."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from functools import cached_property

from sroi import wording
from sroi.commissioning.bridge.answers import Answers
from sroi.commissioning.bridge.mapping import Priced, impact_map_of, priced
from sroi.commissioning.bridge.quantities import Quantity, quantities
from sroi.commissioning.delivery.register import Measure, Register
from sroi.commissioning.delivery.standing import Standing
from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.result import Result

# The steps from one total to the other, each with the words for why it is there.
STEPS = {
    "states": "Delivered, but not proved as far as counts",
    "not_counted": "Measures that do not count",
    "own_values": "Values given here in place of the register's",
    "price_year": "Values brought to the map's prices",
    "duration": "Years that a change lasts",
    "deadweight": "Would have happened anyway (deadweight)",
    "displacement": "Only moved from somebody else (displacement)",
    "attribution": "Owed to others (attribution)",
    "drop_off": "Fades from year to year (drop-off)",
    "discounting": "Comes later (discounting)",
}
PENNY = Decimal("0.01")
_EXACT = Context(prec=400)  # the largest quantity at the largest value, over all measures, to the penny


@dataclass(frozen=True)
class Step:
    """One step between the totals: its name (of STEPS), and what it adds [money, to the penny]."""

    name: str
    amount: Decimal

    @property
    def words(self) -> str:
        """What the step is, in words."""
        return STEPS[self.name]


@dataclass(frozen=True, eq=False)
class Crossing:
    """A register and the impact map made of it; totals and steps in the register's currency, to the penny."""

    register: Register
    answers: Answers
    standing: Standing
    quantities: Mapping[str, Quantity]
    values: Mapping[str, Priced]
    impact_map: ImpactMap
    result: Result
    register_total: Decimal
    map_total: Decimal
    steps: tuple[Step, ...]

    @cached_property
    def left_out(self) -> dict[str, str]:
        """The measures that do not count, each with the reason."""
        return {name: row["reason"] for name, row in self.answers.by_measure.items() if not row["counts"]}

    @cached_property
    def without_value(self) -> tuple[Measure, ...]:
        """The measures that count, but have no value: they are told, and add nothing to either total."""
        return tuple(self.register.measures[name] for name in self.answers.counted if self.values[name].value is None)


def cross(register: Register, answers: Answers) -> Crossing:
    """Return the impact map that a register becomes under these answers, and why its total is another.

    The steps come in the order of STEPS, each the difference made by one thing more. The first four are worked out
    here: quantity x value as the register adds it, less what does not count. The others are those of the map's own
    ladder (`sroi.evaluate`). Each running total is rounded to the penny and a step is the difference of two, so that
    the steps add up exactly. Raises FileRefused or MethodRefused for values that cannot be brought to the map's prices.
    """
    how, found = quantities(register, answers)
    values = priced(register, answers)
    impact_map = impact_map_of(register, answers, how, found, values)
    result = evaluate(impact_map)
    running = _running(register, answers, found, values, result)
    with localcontext(_EXACT):
        rounded = [Decimal(repr(each)).quantize(PENNY) for each in running]
        steps = tuple(
            Step(name, after - before) for name, before, after in zip(STEPS, rounded[:-1], rounded[1:], strict=True)
        )
    return Crossing(
        register, answers, how, found, values, impact_map, result, rounded[0], rounded[-1], steps
    )  # fmt: skip


def _running(
    register: Register, answers: Answers, found: Mapping[str, Quantity], values: Mapping[str, Priced], result: Result
) -> list[float]:
    """Return the total after each step, the register's own first."""
    measures, counted = register.measures, answers.counted
    told = sum(found[name].told * (each.proxy or 0.0) for name, each in measures.items())
    proved = sum(found[name].counted * (each.proxy or 0.0) for name, each in measures.items())
    kept = sum(found[name].counted * (measures[name].proxy or 0.0) for name in counted)
    own = sum(found[name].counted * (values[name].given or 0.0) for name in counted)
    in_prices = sum(found[name].counted * (values[name].value or 0.0) for name in counted)
    running = [told, proved, kept, own, in_prices, float(result.ladder["gross"])]
    for name in ("deadweight", "displacement", "attribution", "drop_off"):
        running.append(running[-1] + float(result.ladder[name]))
    return [float(each) for each in (*running, result.total_present_value)]


def warnings(crossing: Crossing) -> list[str]:
    """Return what a reader must know before the figure is used: spend taken for value, activities, mixed prices, .."""
    return [
        *_spend(crossing),
        *_not_outcomes(crossing),
        *_prices(crossing),
        *_years(crossing),
        *(
            f"'{each.id}' counts, but has no value: it is told in the map without a price."
            for each in crossing.without_value
        ),
    ]


def is_spend(measure: Measure, currency: str) -> bool:
    """Say whether a measure counts money, by its unit: a currency's code or sign, or the words for pounds."""
    unit = measure.unit.strip().casefold()
    return unit in {currency.casefold(), "gbp", "eur", "usd", "£", "€", "$", "pound", "pounds", "euro", "euros"} or any(
        mark in unit for mark in ("£", "€", "gbp")
    )


def _spend(crossing: Crossing) -> list[str]:
    lines = []
    for name, row in crossing.answers.counted.items():
        measure, value = crossing.register.measures[name], crossing.values[name].value
        if row["what"] != "spend" and not is_spend(measure, crossing.register.currency):
            continue
        worth = wording.money(value, crossing.register.currency, 2) if value is not None else "nothing"
        lines.append(
            f"'{name}' is spend, and counts as value: each {measure.unit} of it as {worth}. Spend is not an outcome. A "
            "local multiplier tells how often money goes round, not what changes in anybody's life: count that change."
        )
    return lines


def _not_outcomes(crossing: Crossing) -> list[str]:
    return [
        f"'{name}' counts as value, and is said to be an {row['what']}: {row['reason']}"
        for name, row in crossing.answers.counted.items()
        if row["what"] in ("output", "activity")
    ]


def _prices(crossing: Crossing) -> list[str]:
    own = str(crossing.impact_map.price_year)
    lines = []
    for name in crossing.answers.counted:
        each = crossing.values[name]
        if each.value is not None and not each.price_year:
            lines.append(f"The value of '{name}' has no price year: it is taken for one of {own}.")
        elif each.value is not None and each.price_year != own:
            lines.append(f"The value of '{name}' stays in {each.price_year} prices, the map is in {own}.")
    return lines


def _years(crossing: Crossing) -> list[str]:
    outside = [name for name in crossing.answers.counted if crossing.quantities[name].outside]
    if not outside:
        return []
    when = "was delivered" if crossing.answers.settings["basis"] == "delivered" else "is due"
    return [f"Some of {', '.join(outside)} {when} before year 1 or after the last: it stands in the nearest year."]
