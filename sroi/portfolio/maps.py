"""Value maps as columns: what `sroi.evaluate` lays out for one map, for many side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from sroi.estimate import Estimate
from sroi.evaluation import Layout
from sroi.formulas import Array
from sroi.framing import Conventions
from sroi.impact_map import ImpactMap
from sroi.portfolio.columns import FIELDS, SHARES, Lines, Places


def lines_of_maps(maps: Iterable[tuple[str, ImpactMap]], conventions: Conventions | None = None) -> Lines:
    """Return the lines of value maps, by the names of their projects, in the order given; under `conventions`, if
    given.

    Everything that a map says of its totals is held: years of activity as lines that begin later, quantities that are
    parts of a stakeholder, anchored proxies, losses, any convention. What does not count has no line.
    """
    rules = _Rules()
    line_rules, input_rules = [], []
    numbers: dict[str, list[Array]] = {name: [] for name in (*FIELDS, "duration", "late")}
    owners, input_owners, inputs, input_years = [], [], [], []
    projects = []
    for place, (project, impact_map) in enumerate(maps):
        projects.append(project)
        own_rules = conventions or impact_map.conventions
        shared = rules.place(own_rules)
        own = _outcome_lines(impact_map)
        line_rules.append(_line_rules(impact_map, own_rules, own.pop("outcome"), rules))
        for name, column in own.items():
            numbers[name].append(column)
        owners.append(np.full(len(own["late"]), place, dtype=np.intp))
        for given in sorted(impact_map.inputs, key=lambda each: each.id):
            yearly = _input_values(impact_map, given.id)
            inputs.append(yearly)
            input_years.append(np.arange(len(yearly)))
            input_rules.append(np.full(len(yearly), shared, dtype=np.intp))
            input_owners.append(np.full(len(yearly), place, dtype=np.intp))
    return Lines(
        projects=tuple(projects),
        conventions=tuple(rules.distinct),
        rule=_joined(line_rules).astype(np.intp),
        input_rule=_joined(input_rules).astype(np.intp),
        project=_joined(owners).astype(np.intp),
        numbers={name: _joined(numbers[name]) for name in FIELDS},
        duration=_joined(numbers["duration"]),
        late=_joined(numbers["late"]).astype(np.intp),
        inputs=_joined(inputs),
        input_project=_joined(input_owners).astype(np.intp),
        input_year=_joined(input_years).astype(np.intp),
    )


class _Rules:
    """The distinct rules of many maps."""

    def __init__(self) -> None:
        self.distinct: list[Conventions] = []
        self._places: dict[str, int] = {}

    def place(self, conventions: Conventions) -> int:
        """Return the place of these rules among the distinct ones."""
        key = conventions.model_dump_json()
        if key not in self._places:
            self._places[key] = len(self.distinct)
            self.distinct.append(conventions)
        return self._places[key]


def _line_rules(impact_map: ImpactMap, conventions: Conventions, outcome: Places, rules: _Rules) -> Places:
    """Return the rules of each line: these, or those with the rate that its outcome has for itself."""
    layout: Layout = impact_map.laid_out(Layout)
    found = np.full(len(outcome), rules.place(conventions), dtype=np.intp)
    for rate, who in layout.own_rates.items():
        own = rate if isinstance(rate, str) else Estimate.model_construct(value=rate)
        found[who[outcome]] = rules.place(conventions.model_copy(update={"discount_rate": own}))
    return found


def _joined(parts: Sequence[Any]) -> Any:
    return np.concatenate(parts) if parts else np.empty(0)


def _outcome_lines(impact_map: ImpactMap) -> dict[str, Any]:
    """Return the lines of the outcomes that count, in the order of their ids, one for each year that is given.

    `outcome` is the place of each line's outcome in the map as it is laid out.
    """
    layout: Layout = impact_map.laid_out(Layout)
    cohorts = int(layout.cohorts.max(initial=1))
    order = [
        place
        for place in sorted(range(len(layout.outcomes)), key=lambda place: layout.outcomes[place].id)
        if layout.counted[place]
    ]
    line = np.repeat(np.array(order, dtype=np.intp), layout.cohorts[order])
    cohort = np.concatenate([np.arange(layout.cohorts[place]) for place in order]) if order else np.empty(0, np.intp)

    def column(name: str, years: int) -> Array:
        each = layout.columns(layout.values, set(), name, (), years)
        return np.asarray(each[line, cohort] if years > 1 else each[line, 0])

    found = {name: column(name, cohorts) for name in ("quantity", "proxy", *SHARES)}
    found |= {name: column(name, 1) for name in ("drop_off", "duration")}
    return {**found, "late": layout.starts_after[line] + cohort.astype(np.float64), "outcome": line}


def _input_values(impact_map: ImpactMap, name: str) -> Array:
    layout: Layout = impact_map.laid_out(Layout)
    values = layout.values
    if f"{name}.hours" in values:
        return np.asarray(values[f"{name}.hours"] * values[f"{name}.rate"])
    return values[f"{name}.value"]
