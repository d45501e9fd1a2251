"""Result: the figures that an evaluation comes to, in the map's currency."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sroi import formulas, wording
from sroi.evidence.schedules import rate_words
from sroi.formulas import Array
from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome, Proxy
from sroi.reading import NOT_STATED

LADDER = ("gross", "deadweight", "displacement", "attribution", "drop_off", "discounting", "total_present_value")


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """What a map comes to. Figures are floats, or arrays when `evaluate` was given arrays: their shape comes first.

    `changed` holds the numbers that stood in place of the map's own. `priced` names the outcomes that have a quantity
    and a proxy; `gross` and `present_value` have one entry for each of them (last axis), `counted` says which enter the
    totals. `inputs`: one for each input, discounted. By year: years 1, 2, .. (last axis), undiscounted and as present
    value. `ladder`: the steps from gross to total present value.
    """

    impact_map: ImpactMap
    changed: dict[str, Any]
    discount_rate: Any
    total_inputs: Any
    total_present_value: Any
    priced: tuple[str, ...]
    counted: np.ndarray[Any, np.dtype[np.bool_]]
    gross: Array
    present_value: Array
    inputs: Array
    value_by_year: Array
    present_value_by_year: Array
    ladder: dict[str, Any]

    @property
    def sroi_ratio(self) -> Any:
        """Total present value over total inputs; NaN where the inputs are nothing."""
        return _figure(formulas.sroi_ratio(self.total_present_value, self.total_inputs))

    @cached_property
    def payback_years(self) -> Any:
        """The time in years at which the running present value first reaches the inputs; NaN if it never does."""
        return _figure(formulas.payback_years(self.present_value_by_year, self.total_inputs))

    @property
    def net_present_value(self) -> Any:
        """Total present value less total inputs."""
        return self.total_present_value - self.total_inputs

    @property
    def net_sroi_ratio(self) -> Any:
        """Net present value over total inputs; NaN where the inputs are nothing."""
        return _figure(formulas.sroi_ratio(self.net_present_value, self.total_inputs))

    @property
    def years(self) -> list[int]:
        """The years 1, 2, .. in which the outcomes that count have value."""
        return list(range(1, self.value_by_year.shape[-1] + 1))

    def ratio_with(self, outcome_id: str) -> Any:
        """Return the ratio as it would be with an outcome that does not count; NaN if the outcome has no price."""
        if outcome_id not in self.priced:
            return self.sroi_ratio * math.nan
        extra = self.present_value[..., self.priced.index(outcome_id)]
        return _figure(formulas.sroi_ratio(self.total_present_value + extra, self.total_inputs))

    @property
    def own_rates(self) -> dict[str, float | str]:
        """The outcomes that count at a discount rate of their own, with that rate; none where nothing is discounted."""
        if self.impact_map.conventions.discount_timing == "none":
            return {}
        by_id = {outcome.id: outcome.discount_rate for outcome in self.impact_map.outcomes}
        counted = [name for name, counts in zip(self.priced, self.counted, strict=True) if counts]
        return {name: rate for name in counted if (rate := by_id[name]) is not None}

    def own_rate_words(self) -> str:
        """Return the rates of their own in words, such as "gp_visits at 1.5 % a year"; "" where there is none."""
        who: dict[str, list[str]] = {}
        for name, rate in self.own_rates.items():
            who.setdefault(rate_words(rate), []).append(name)
        said = [
            f"{', '.join(names) if len(names) <= 3 else f'{len(names)} outcomes'} at {words}"
            for words, names in who.items()
        ]
        return "; ".join(said)

    def conventions(self) -> dict[str, Any]:
        """Return the rules by which the figures were reckoned, as they stand beside every ratio."""
        rules = self.impact_map.conventions
        own = self.own_rates
        return {
            "discount_rate": self.discount_rate,
            **({"outcome_discount_rates": own} if own else {}),
            "discount_timing": rules.discount_timing,
            "input_timing": rules.input_timing,
            "present_at": rules.present_at,
            "deductions": rules.deductions,
            "drop_off_from": rules.drop_off_from,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return all figures by name, in plain Python numbers and lists; None where there is no figure, never NaN."""
        chart = self.impact_map
        by_id = {outcome.id: outcome for outcome in chart.outcomes}
        outcomes = [
            {
                "id": name,
                "stakeholder": by_id[name].stakeholder,
                "gross": self.gross[..., place],
                "present_value": self.present_value[..., place],
            }
            for place, name in enumerate(self.priced)
            if self.counted[place]
        ]
        figures = {
            "title": chart.title,
            "analysis": chart.analysis,
            "currency": chart.currency,
            "price_year": chart.price_year,
            "conventions": self.conventions(),
            "changed": self.changed,
            "total_inputs": self.total_inputs,
            "total_present_value": self.total_present_value,
            "net_present_value": self.net_present_value,
            "sroi_ratio": self.sroi_ratio,
            "net_sroi_ratio": self.net_sroi_ratio,
            "payback_years": self.payback_years,
            "by_outcome": outcomes,
            "by_stakeholder": [
                {"id": who.id, "inputs": self.inputs_of(who.id), "present_value": self.present_value_of(who.id)}
                for who in chart.stakeholders
            ],
            "by_value_type": [
                {"value_type": kind, "present_value": worth} for kind, worth in self.by_value_type().items()
            ],
            "by_agency": [
                {"agency": agency, "cashable": cashable, "present_value": worth}
                for (agency, cashable), worth in self.by_agency().items()
            ],
            "by_year": [
                {
                    "year": year,
                    "value": self.value_by_year[..., year - 1],
                    "present_value": self.present_value_by_year[..., year - 1],
                }
                for year in self.years
            ],
            "ladder": [{"step": step, "value": change} for step, change in self.ladder.items()],
            "not_counted": [
                {"id": name, "reason": reason, "ratio_with_it": self.ratio_with(name)}
                for name, reason in chart.not_counted().items()
            ],
        }
        plain: dict[str, Any] = _plain(figures)
        return plain

    def inputs_of(self, stakeholder_id: str) -> Any:
        """Return what a stakeholder puts in, at present value."""
        own = [place for place, given in enumerate(self.impact_map.inputs) if given.stakeholder == stakeholder_id]
        return _figure(self.inputs[..., own].sum(axis=-1))

    def present_value_of(self, stakeholder_id: str) -> Any:
        """Return the present value of a stakeholder's outcomes that count."""
        by_id = {outcome.id: outcome.stakeholder for outcome in self.impact_map.outcomes}
        own = [place for place, name in enumerate(self.priced) if self.counted[place] and by_id[name] == stakeholder_id]
        return _figure(self.present_value[..., own].sum(axis=-1))

    def by_value_type(self) -> dict[str | None, Any]:
        """Return the present value of what counts by who gains: fiscal, economic, social, environmental; or None."""
        return self._summed(lambda proxy: proxy.value_type)

    def by_agency(self) -> dict[tuple[str, bool | None], Any]:
        """Return the present value of what counts by the body that saves, and whether it can be taken out in cash."""
        sums = self._summed(lambda proxy: (proxy.agency or "", proxy.cashable))
        return {key: worth for key, worth in sums.items() if key[0]}

    def _summed(self, key: Callable[[Proxy], Any]) -> dict[Any, Any]:
        by_id = {outcome.id: outcome for outcome in self.impact_map.outcomes}
        places: dict[Any, list[int]] = {}
        for place, name in enumerate(self.priced):
            proxy = purse_of(by_id[name], by_id)
            if self.counted[place] and proxy is not None:
                places.setdefault(key(proxy), []).append(place)
        return {name: _figure(self.present_value[..., own].sum(axis=-1)) for name, own in places.items()}

    def rules(self) -> str:
        """Return the words that stand with every ratio: kind of analysis, currency, price year, rate and timing."""
        chart, rules = self.impact_map, self.impact_map.conventions
        timing = wording.TIMING_WORDS[rules.discount_timing]
        rate = self.discount_rate
        if rules.discount_timing != "none":
            several = isinstance(rate, np.ndarray) and rate.ndim > 0
            timing = f"{timing} at {'several rates' if several else rate_words(rate)}"
            own = self.own_rate_words()
            timing = f"{timing} ({own})" if own else timing
        if rules.present_at and rules.discount_timing != "none":
            timing = f"{timing}, stated in money of year {rules.present_at:g}"
        prices = "price year not stated" if chart.price_year == NOT_STATED else f"{chart.price_year} prices"
        return f"{wording.analysis_word(chart.analysis)}, {chart.currency}, {prices}, {timing}"

    def caveats(self) -> list[str]:
        """Return what else must be said beside the ratio: numbers that were changed, ranges that it does not show."""
        said = []
        if self.changed:
            cases = [f"{name} = {value:g}" if np.ndim(value) == 0 else name for name, value in self.changed.items()]
            said.append(f"with {', '.join(cases)} in place of the map's own")
        estimates = [number.estimate for number in self.impact_map.numbers().values()]
        ranges = sum(estimate is not None and estimate.has_range for estimate in estimates)
        if ranges:
            several = "1 number of the map has" if ranges == 1 else f"{ranges} numbers of the map have"
            said.append(f"one case only: {several} a range that this figure does not show")
        return said

    def __str__(self) -> str:
        title = self.impact_map.title
        if np.ndim(self.sroi_ratio) > 0:
            cases = np.size(self.sroi_ratio)
            ratios = self.sroi_ratio[~np.isnan(self.sroi_ratio)]
            if not ratios.size:
                return f"{title}: no SROI ratio in {cases} cases ({self.rules()})"
            low, high = ratios.min(), ratios.max()
            return f"{title}: SROI ratio from {low:.2f} to {high:.2f} over {cases} cases ({self.rules()})"
        return (
            f"{title}: SROI ratio {wording.ratio(self.sroi_ratio)} : 1 ({'; '.join([self.rules(), *self.caveats()])})"
        )

    def __repr__(self) -> str:
        return f"<Result {self}>"

    def _repr_html_(self) -> str:
        currency = self.impact_map.currency
        if np.ndim(self.sroi_ratio) > 0:
            rows = [[f"{ratio:.4f}"] for ratio in np.ravel(self.sroi_ratio)[:20]]
            return wording.html_table(str(self), ["SROI ratio"], rows, 0)
        rows = [[wording.STEP_WORDS[step], wording.money(change, currency)] for step, change in self.ladder.items()]
        rows += [["Total inputs", wording.money(self.total_inputs, currency)]]
        rows += [["Net present value", wording.money(self.net_present_value, currency)]]
        rows += [["SROI ratio", f"{wording.ratio(self.sroi_ratio)} : 1"]]
        return wording.html_table(str(self), ["From gross value to the ratio", currency], rows)


def purse_of(outcome: Outcome, by_id: Mapping[str, Outcome]) -> Proxy | None:
    """Return the proxy that says who gains: the outcome's own, or, if that is anchored and silent, its anchor's."""
    proxy = outcome.proxy
    while proxy is not None and proxy.anchored_to is not None and proxy.value_type is None and proxy.agency is None:
        proxy = by_id[proxy.anchored_to].proxy
    return proxy


def _figure(array: Any) -> Any:
    """Return a single figure as a plain float, several as they are."""
    return float(array) if np.ndim(array) == 0 else array


def _plain(value: Any) -> Any:
    """Return a figure in plain Python: floats, lists of them, None for NaN."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, np.generic):
        return _plain(value.item())
    return None if isinstance(value, float) and not math.isfinite(value) else value
