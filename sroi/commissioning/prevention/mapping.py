"""A case for prevention as a value map, alone or put into another: its figures are those of the one door.

What one event costs one body is an outcome of that body. What was averted, moved to the years in which its saving
falls, is its quantity year by year; what is cash and what is capacity stand apart. Each year's change lasts that year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sroi.commissioning.prevention.averting import Averted
from sroi.commissioning.prevention.nouns import Cost, Funding, Prevention, Ranged
from sroi.errors import MethodRefused, Problem
from sroi.files.tree import to_tree
from sroi.impact_map import ImpactMap

_IN_BASELINE = "In the quantity: it is the difference to the baseline"
_CASH, _CAPACITY = "cash", "capacity"


def value_map(case: Prevention, found: Sequence[Averted], base: ImpactMap | None = None) -> ImpactMap:
    """Return the case as a value map; with `base`, that map with the case's stakeholders, inputs and outcomes added.

    Raises MethodRefused where the base is in another currency or in the prices of another year.
    """
    if base is not None:
        _refuse_unlike(case, base)
    tree = _frame(case) if base is None else to_tree(base)
    years = max(case.years, int(tree["activity"]["years"]))
    if base is not None:
        _lengthen(tree, years)
    names = _Names(tree)
    inputs = [_input(given, years, names) for given in _grouped(case.funding)]
    outcomes: list[dict[str, Any]] = []
    together: list[dict[str, Any]] = []
    for each in found:
        own = _outcomes(case, each, years, names)
        outcomes += own
        moving = [f"{one['id']}.quantity" for one in own if one.get("valued") != "no"]
        if len(moving) > 1 and not each.total.is_certain:
            together.append({"numbers": moving, "rank": 1})
    tree["inputs"] = [*tree.get("inputs", ()), *inputs]
    tree["outcomes"] = [*tree.get("outcomes", ()), *outcomes]
    tree["stakeholders"] = names.stakeholders
    if together:
        tree["correlations"] = [*tree.get("correlations", ()), *together]
    return ImpactMap.model_validate(tree)


def _refuse_unlike(case: Prevention, base: ImpactMap) -> None:
    problems = []
    own, other = case.setting.currency, base.currency
    if own and own != other:
        problems.append(Problem(f"the case is in {own}, the value map in {other}", "Give both in one currency."))
    year = case.setting.price_year
    if year is not None and year != base.price_year:
        found = f"the case is in {year} prices, the value map in those of {base.price_year}"
        problems.append(Problem(found, "Bring the map there first (`sroi uprate`), or give the case's costs in its prices."))  # fmt: skip  # noqa: E501
    if problems:
        raise MethodRefused(problems)


def _frame(case: Prevention) -> dict[str, Any]:
    setting = case.setting
    paid = max((each.year for each in case.funding), default=0)
    scope = f"Years 1 to {case.years} are counted." if case.years > 1 else ""
    if 0 < paid < case.years:
        scope += f" Money is put in until year {paid}; what falls later is saved later."
    conventions = {
        name: given
        for name in ("discount_rate", "discount_timing", "input_timing")
        if (given := getattr(setting, name))
    }
    told = {
        "sroi": 1,
        "title": setting.title,
        "organisation": setting.organisation,
        "activities": setting.activities,
        "narrative": {"scope": scope, "limits": setting.note},
        "analysis": setting.analysis,
        "currency": setting.currency,
        "price_year": setting.price_year,
        "activity": {"start": setting.start.isoformat() if setting.start else "", "years": case.years},
        "negative_outcomes_sought": setting.negative_outcomes_sought,
        "conventions": conventions,
    }
    return {name: part for name, part in told.items() if part not in ("", None, {})}


def _lengthen(tree: dict[str, Any], years: int) -> None:
    """Let a map's period reach to the last saving: what it gives year by year is nothing in the years added."""
    before = int(tree["activity"]["years"])
    tree["activity"] = {**tree["activity"], "years": years}
    for name in ("inputs", "outcomes"):
        tree[name] = [_longer(each, years - before) for each in tree.get(name, ())]


def _longer(part: Any, more: int, name: str = "") -> Any:
    """Return a part with every list by year grown; a quantity or an input by nothing, other numbers by their last."""
    if isinstance(part, dict) and isinstance(part.get("by_year"), list):
        last = 0 if name in ("quantity", "value_of_input", "hours") else part["by_year"][-1]
        return {**part, "by_year": [*part["by_year"], *([last] * more)]}
    if isinstance(part, dict):
        of_input = "kind" in part and "stakeholder" in part
        return {key: _longer(own, more, "value_of_input" if of_input and key == "value" else key) for key, own in part.items()}  # fmt: skip  # noqa: E501
    return part


class _Names:
    """Ids that are taken, and the stakeholders by their names: a body that is there already is not made again."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self.stakeholders: list[dict[str, Any]] = list(tree.get("stakeholders", ()))
        parts = ("stakeholders", "inputs", "outputs", "outcomes")
        self._taken = {str(each["id"]) for part in parts for each in tree.get(part, ())}
        self._known = {plain(str(each.get("name") or each["id"])): str(each["id"]) for each in self.stakeholders}

    def new(self, *words: str) -> str:
        """Return an id made of words that nothing has yet."""
        stem = re.sub(r"[^a-z0-9]+", "_", "_".join(words).lower()).strip("_")[:50]
        stem = stem if stem[:1].isalpha() and stem.isascii() else f"prevention_{stem}".rstrip("_")
        name, more = stem, 2
        while name in self._taken:
            name, more = f"{stem}_{more}", more + 1
        self._taken.add(name)
        return name

    def stakeholder(self, name: str, reason: str) -> str:
        """Return the id of the stakeholder of this name."""
        known = self._known.get(plain(name))
        if known is None:
            known = self.new(name)
            self._known[plain(name)] = known
            self.stakeholders.append({"id": known, "name": name, "included": "yes", "reason": reason})
        return known


def plain(name: str) -> str:
    """Return a body's name so that two writings of it are the same."""
    return " ".join(name.casefold().split())


# ---- what is put in ----


def _grouped(funding: Iterable[Funding]) -> list[list[Funding]]:
    groups: dict[tuple[str, str, str], list[Funding]] = {}
    for each in funding:
        groups.setdefault((plain(each.payer), plain(each.what), each.kind), []).append(each)
    return list(groups.values())


def _input(given: list[Funding], years: int, names: _Names) -> dict[str, Any]:
    first = given[0]
    sums = [sum(each.amount for each in given if each.year == year) for year in range(1, years + 1)]
    sources = dict.fromkeys(each.source for each in given if each.source)
    told = {
        "id": names.new("paid", first.payer, first.what),
        "stakeholder": names.stakeholder(first.payer, "Pays"),
        "description": first.what,
        "kind": first.kind,
        "value": sums[0] if years == 1 else {"by_year": sums},
        "source": "; ".join(sources)[:2000],
    }
    return {name: part for name, part in told.items() if part != ""}


# ---- what is averted ----


def _outcomes(case: Prevention, found: Averted, years: int, names: _Names) -> list[dict[str, Any]]:
    """Return the outcomes of one event: told for the people it spares, valued for each body that it costs."""
    event = found.event
    spared = {
        "id": names.new(event.id, "spared"),
        "stakeholder": names.stakeholder(event.people, "It is they whom the event spares"),
        "description": f"{event.event} averted",
        "quantity": _quantity(found, (1.0,), years),
        "valued": "no",
        "material": {
            "relevance": "What is to be prevented",
            "reason": "what it is worth to them is theirs to say",
        },
    }
    outcomes: list[dict[str, Any]] = [spared]
    for cost in (each for each in case.costs if each.event == event.id):
        outcomes += [_saving(case, found, cost, kind, share, years, names) for kind, share in _kinds(cost) if share > 0]
    return outcomes


def _kinds(cost: Cost) -> tuple[tuple[str, float], ...]:
    """Return the parts of a cost, each with its share: cash and capacity; all of it in one where that is not known."""
    if cost.cashable is None or cost.value_type != "fiscal":
        return (("", 1.0),)
    return ((_CASH, cost.cashable), (_CAPACITY, 1.0 - cost.cashable))


def _saving(
    case: Prevention, found: Averted, cost: Cost, kind: str, share: float, years: int, names: _Names
) -> dict[str, Any]:
    event = found.event
    fiscal = cost.value_type == "fiscal"
    words = {_CASH: "can be taken out in cash", _CAPACITY: "frees capacity, not cash"}
    whole = share == 1.0
    part = "" if whole else f", the {share * 100:.4g} % that {words[kind]}"
    # A unit of its own for each part: two lines of one unit for one body would read as the same thing counted twice.
    unit = event.unit if whole else f"{event.unit}, {kind} part"
    proxy = {
        "description": f"One {event.unit}{part}",
        "value": _written(cost.unit_cost, share),
        "unit": unit,
        "source": cost.source,
        "value_type": cost.value_type,
        "agency": cost.agency if fiscal else "",
        "cashable": {_CASH: "yes", _CAPACITY: "no"}.get(kind, ""),
        "register": cost.register,
        "licence": cost.licence,
        "acknowledgement": cost.acknowledgement,
        "passing_on": {True: "yes", False: "no", None: ""}[cost.passing_on],
        "currency": case.setting.currency,
        "price_year": case.setting.price_year or "",
    }
    return {
        "id": names.new(event.id, cost.agency, *(() if whole else (kind,))),
        "stakeholder": names.stakeholder(cost.agency, "Bears the cost of the event"),
        "description": f"{event.event} averted: cost to {cost.agency}{part}",
        "indicator": {"text": f"{event.event}, counted against the baseline", "source": event.baseline.source},
        "quantity": _quantity(found, cost.falls, years),
        "proxy": {name: own for name, own in proxy.items() if own != ""},
        "duration": {"value": 1, "note": "Each year's events are counted in their own year"},
        "deadweight": {"value": 0, "note": _IN_BASELINE},
        "displacement": _because(event.displacement, event.displacement_why),
        "attribution": _because(event.attribution, event.attribution_why),
        "tags": [event.id],
        "drop_off": {"value": 0, "note": "The change of each year lasts that year"},
        "material": {
            "relevance": f"{cost.agency} bears this cost",
            "decision": "yes",
            "reason": "It is what the case for prevention is about",
        },
    }


def _because(share: float, why: str) -> dict[str, Any]:
    return {"value": share, "note": why} if why else {"value": share}


def _written(number: Ranged, factor: float = 1.0) -> Any:
    if number.is_certain:
        return number.value * factor
    return {"value": number.value * factor, "low": number.low * factor, "high": number.high * factor}


def _quantity(found: Averted, falls: Sequence[float], years: int) -> Any:
    """Return what was averted by the year in which it saves: each year's events spread over `falls`."""
    value, low, high = ([0.0] * years for _ in range(3))
    for year in found.years:
        for lag, share in enumerate(falls):
            at = year.year - 1 + lag
            value[at] += year.averted.value * share
            low[at] += year.averted.low * share
            high[at] += year.averted.high * share
    # A sum of products may lie a hair beyond its own ends, and a range that excludes its value is refused.
    entries = [_written(Ranged(v, min(a, v), max(b, v))) for v, a, b in zip(value, low, high, strict=True)]
    return entries[0] if years == 1 else {"by_year": entries}
