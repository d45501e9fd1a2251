"""A forecast against what happened: outcome by outcome, number by number, and who fell short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sroi import wording
from sroi.comparison.aspects import RULES, rule
from sroi.comparison.causes import conventions_words
from sroi.comparison.change import told
from sroi.comparison.restatement import money_notes, restate, share_of_change
from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.names import LEFT_OUT_COUNTS_AS, NamedNumber
from sroi.nouns import Outcome, PartOfStakeholder
from sroi.result import Result

# Less than this share of the forecast is rounding, and nobody's falling short.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Fulfilled:
    """One figure as forecast and as it came out.

    `difference` is the change as a share of the forecast (0.1 is 10 % more), None from nothing, or where the two are
    in different currencies. `field` is the kind of number ("quantity", "proxy", "deadweight", ..; "present_value").
    """

    name: str
    label: str
    field: str
    forecast: float
    actual: float
    difference: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python."""
        return dict(self.__dict__)


@dataclass(frozen=True)
class FulfilledOutcome:
    """An outcome that is in both: its quantity and present value, and every number of it that is in both.

    `counted` says whether it enters the totals of the forecast, and of the actual.
    """

    id: str
    label: str
    stakeholder: str
    quantity: Fulfilled | None
    present_value: Fulfilled | None
    numbers: tuple[Fulfilled, ...]
    counted: tuple[bool, bool]

    @property
    def fell_short(self) -> bool:
        """Whether its present value came out below the forecast."""
        return self.present_value is not None and _short(self.present_value)


@dataclass(frozen=True, eq=False)
class ForecastAgainstActual:
    """A forecast and what happened, under the forecast's rules."""

    forecast: Result
    actual: Result
    actual_own: Result
    outcomes: tuple[FulfilledOutcome, ...]
    only_forecast: tuple[tuple[str, str], ...]
    only_actual: tuple[tuple[str, str], ...]
    totals: tuple[Fulfilled, ...]
    stakeholders: tuple[Fulfilled, ...]
    inputs: tuple[Fulfilled, ...]
    notes: tuple[str, ...]

    @property
    def fell_short(self) -> tuple[FulfilledOutcome, ...]:
        """The outcomes whose present value came out below the forecast, the largest shortfall first."""
        short = [each for each in self.outcomes if each.fell_short]
        return tuple(sorted(short, key=lambda each: _gap(each.present_value)))

    @property
    def stakeholders_fell_short(self) -> tuple[Fulfilled, ...]:
        """The stakeholders whose value came out below the forecast, the largest shortfall first."""
        return tuple(sorted((each for each in self.stakeholders if _short(each)), key=_gap))

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python; None where there is no figure, never NaN or infinite."""
        return {
            "forecast": told(self.forecast),
            "actual": told(self.actual),
            "actual_under_its_own_rules": told(self.actual_own),
            "notes": list(self.notes),
            "totals": [each.to_dict() for each in self.totals],
            "outcomes": [
                {
                    "id": each.id,
                    "label": each.label,
                    "stakeholder": each.stakeholder,
                    "counted": {"forecast": each.counted[0], "actual": each.counted[1]},
                    "quantity": None if each.quantity is None else each.quantity.to_dict(),
                    "present_value": None if each.present_value is None else each.present_value.to_dict(),
                    "numbers": [number.to_dict() for number in each.numbers],
                    "fell_short": each.fell_short,
                }
                for each in self.outcomes
            ],
            "only_in_the_forecast": [{"id": name, "label": label} for name, label in self.only_forecast],
            "only_in_the_actual": [{"id": name, "label": label} for name, label in self.only_actual],
            "inputs": [each.to_dict() for each in self.inputs],
            "stakeholders": [each.to_dict() for each in self.stakeholders],
            "fell_short": {
                "outcomes": [each.id for each in self.fell_short],
                "stakeholders": [each.name for each in self.stakeholders_fell_short],
            },
        }


def forecast_against_actual(forecast: ImpactMap, actual: ImpactMap) -> ForecastAgainstActual:
    """Return a forecast beside what happened: outcomes and inputs matched by id, both under the forecast's rules.

    A number by year stands as its mean, a quantity by year as its sum. Differences in money are None where the
    currencies differ.

    >>> import sroi
    >>> guide = sroi.example("wheels_to_meals")
    >>> forecast_against_actual(guide, guide).totals[-1].difference
    0.0
    """
    was, own = evaluate(forecast), evaluate(actual)
    now = own if _same_rules(forecast, actual) else evaluate(restate(actual, forecast.conventions))
    one_money = forecast.currency == actual.currency
    found = _Matching(was, now, one_money)
    return ForecastAgainstActual(
        was, now, own, found.outcomes(), found.only(0), found.only(1), found.totals(), found.stakeholders(),
        found.inputs(), _notes(was, own, forecast, actual),
    )  # fmt: skip


class _Matching:
    def __init__(self, forecast: Result, actual: Result, one_money: bool) -> None:
        self.results = (forecast, actual)
        self.maps = (forecast.impact_map, actual.impact_map)
        self.one_money = one_money
        self.by_id = tuple({each.id: each for each in chart.outcomes} for chart in self.maps)

    def outcomes(self) -> tuple[FulfilledOutcome, ...]:
        """Return the outcomes that are in both, in the forecast's order."""
        return tuple(self._outcome(name) for name in self.by_id[0] if name in self.by_id[1])

    def only(self, side: int) -> tuple[tuple[str, str], ...]:
        """Return id and label of the outcomes that one of the two has alone."""
        return tuple((name, each.label) for name, each in self.by_id[side].items() if name not in self.by_id[1 - side])

    def totals(self) -> tuple[Fulfilled, ...]:
        """Return the totals, the ratio last: it is set against the other in any currency."""
        labels = {
            "total_present_value": "Total present value", "total_inputs": "Total inputs",
            "net_present_value": "Net present value",
        }  # fmt: skip
        rows = []
        for name, label in labels.items():
            was, now = (float(getattr(each, name)) for each in self.results)
            rows.append(self._money(name, label, was, now))
        ratios = [float(each.sroi_ratio) for each in self.results]
        change = share_of_change(ratios[0], ratios[1])
        return (*rows, Fulfilled("sroi_ratio", "SROI ratio", "ratio", ratios[0], ratios[1], change))

    def stakeholders(self) -> tuple[Fulfilled, ...]:
        """Return the value of each stakeholder that has outcomes in either, by name of the id."""
        labels = {who.id: who.label for chart in self.maps[::-1] for who in chart.stakeholders}
        owners = [{outcome.stakeholder for outcome in own.values()} for own in self.by_id]
        with_outcomes = [who for who in labels if who in owners[0] | owners[1]]
        values = {who: [float(each.present_value_of(who)) for each in self.results] for who in with_outcomes}
        return tuple(self._money(who, labels[who], was, now) for who, (was, now) in values.items())

    def inputs(self) -> tuple[Fulfilled, ...]:
        """Return what each input comes to in both; 0 where it is not there."""
        worth = [
            {given.id: float(value) for given, value in zip(each.impact_map.inputs, each.inputs, strict=True)}
            for each in self.results
        ]
        labels = {given.id: given.label for chart in self.maps[::-1] for given in chart.inputs}
        names = dict.fromkeys([*worth[0], *worth[1]])
        return tuple(
            self._money(name, labels[name], worth[0].get(name, 0.0), worth[1].get(name, 0.0)) for name in names
        )

    def _outcome(self, name: str) -> FulfilledOutcome:
        both = [own[name] for own in self.by_id]
        counted = [name not in chart.not_counted() for chart in self.maps]
        values = [
            float(each.present_value[each.priced.index(name)]) if name in each.priced else None for each in self.results
        ]
        present = None
        if values[0] is not None and values[1] is not None:
            # What does not count is worth nothing in the total that it is held against.
            present = self._money(
                f"{name}.present_value",
                "Present value",
                *(values[0] if counted[0] else 0.0, values[1] if counted[1] else 0.0),
            )
        quantities = [_quantity(outcome, chart) for outcome, chart in zip(both, self.maps, strict=True)]
        quantity = None
        if quantities[0] is not None and quantities[1] is not None:
            change = share_of_change(quantities[0], quantities[1])
            quantity = Fulfilled(f"{name}.quantity", "Quantity", "quantity", quantities[0], quantities[1], change)
        who = self.maps[1].stakeholder_by_id[both[1].stakeholder].label
        return FulfilledOutcome(
            name, both[1].label, who, quantity, present, self._numbers(name), (counted[0], counted[1])
        )

    def _numbers(self, name: str) -> tuple[Fulfilled, ...]:
        """Return every number of an outcome that either gives and both have, in the order of the map."""
        known = [{key: each for key, each in chart.numbers().items() if each.owner == name} for chart in self.maps]
        rows = []
        for key, number in known[0].items():
            other = known[1].get(key)
            if other is None or (
                number.estimate is None and other.estimate is None and number.field in LEFT_OUT_COUNTS_AS
            ):
                continue
            was, now = _one(number), _one(other)
            change = share_of_change(was, now) if self.one_money or number.field != "proxy" else None
            rows.append(Fulfilled(key, other.label, number.field, was, now, change))
        return tuple(rows)

    def _money(self, name: str, label: str, forecast: float, actual: float) -> Fulfilled:
        change = share_of_change(forecast, actual) if self.one_money else None
        return Fulfilled(name, label, "present_value", forecast, actual, change)


def _one(number: NamedNumber) -> float:
    """Return a number by year as one: a quantity as its sum, any other as its mean."""
    total = float(sum(number.values))
    return total if number.field == "quantity" else total / len(number.values)


def _quantity(outcome: Outcome, impact_map: ImpactMap) -> float | None:
    part = outcome.quantity
    if isinstance(part, PartOfStakeholder):
        size = impact_map.stakeholder_by_id[part.of].size
        return None if size is None else size.base * part.share.base * part.times.base
    return None if part is None else float(sum(part.years))


def _short(each: Fulfilled) -> bool:
    return each.difference is not None and each.difference < -_ROUNDING


def _gap(each: Fulfilled | None) -> float:
    return 0.0 if each is None else each.actual - each.forecast


def _same_rules(one: ImpactMap, other: ImpactMap) -> bool:
    return all(rule(one.conventions, field) == rule(other.conventions, field) for field in RULES)


def _notes(was: Result, own: Result, forecast: ImpactMap, actual: ImpactMap) -> tuple[str, ...]:
    notes = []
    if forecast.analysis != "forecast":
        notes.append("The map that stands as the forecast calls itself an evaluation.")
    if actual.analysis != "evaluative":
        notes.append("The map that stands as the actual calls itself a forecast.")
    if not _same_rules(forecast, actual):
        ratio = wording.ratio(float(own.sroi_ratio))
        notes.append(
            f"The actual is restated under the forecast's conventions ({conventions_words(forecast.conventions)}); "
            f"under its own it comes to {ratio} : 1 ({own.rules()})."
        )
    if forecast.activity.years != actual.activity.years:
        years = [
            f"{chart.activity.years} year{'' if chart.activity.years == 1 else 's'}" for chart in (forecast, actual)
        ]
        notes.append(f"The forecast is of {years[0]} of activity, the actual of {years[1]}.")
    return (*notes, *money_notes((forecast, actual)))
