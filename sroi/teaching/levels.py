"""One case at three levels: few outcomes and one year; all deductions and several years; ranges, losses and cohorts."""

from __future__ import annotations

from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.reading import AMOUNT, read_number
from sroi.teaching.trees import (
    SHARES,
    Tree,
    drop_stale_correlations,
    kind_of_field,
    map_of,
    numbers_in,
    plain,
    tree_of,
    written,
)

LEVELS = {
    1: "few outcomes, each for one year, nothing discounted",
    2: "all deductions, changes that last for years, discounted",
    3: "ranges, losses, and years of activity with people of their own",
}
_MOST = {1: 4, 2: 7}
# Years that a plain sheet has columns for: a sheet with more is no longer read by anybody.
MOST_COLUMNS = 10
# From the third level on: how a second year differs from the first, and how far a number may be off.
_SECOND_YEAR, _OFF = 0.8, 0.2


def at_level(impact_map: ImpactMap, level: int) -> ImpactMap:
    """Return a case as it is worked on at a level: 1, 2 or 3 (see `LEVELS`).

    >>> import sroi
    >>> case = at_level(sroi.example("wheels_to_meals"), 1)
    >>> len(case.outcomes), case.conventions.discount_timing, max(each.duration.base for each in case.outcomes)
    (4, 'none', 1.0)
    """
    tree = tree_of(impact_map)
    tree.pop("scenarios", None)
    tree.pop("published", None)
    if level < 3:
        _keep_the_largest(tree, impact_map, _MOST[level])
        _make_plain(tree)
        _one_cohort(tree)
    if level == 1:
        _one_year(tree)
    elif level == 2:
        _several_years(tree)
    else:
        _years_of_activity(tree)
        _ranges(tree)
        drop_stale_correlations(tree)
    return map_of(tree)


# ---- the first and second level ----


def _keep_the_largest(tree: Tree, impact_map: ImpactMap, most: int) -> None:
    """Keep the largest gains that count, in the order of the case; what is left out takes its links along."""
    result = evaluate(impact_map)
    worth = {
        name: float(result.present_value[place]) for place, name in enumerate(result.priced) if result.counted[place]
    }
    gains = sorted((name for name, value in worth.items() if value > 0), key=lambda name: -worth[name])
    kept = set((gains or sorted(worth, key=lambda name: -abs(worth[name])))[:most])
    for outcome in tree["outcomes"]:
        proxy = outcome.get("proxy", {})
        if proxy.get("anchored_to") and proxy["anchored_to"] not in kept:
            _unanchor(outcome, impact_map)
    tree["outcomes"] = [each for each in tree["outcomes"] if each["id"] in kept]
    for outcome in tree["outcomes"]:
        outcome["leads_to"] = [name for name in outcome.get("leads_to", ()) if name in kept]
        if not outcome["leads_to"]:
            del outcome["leads_to"]
    tree.pop("correlations", None)


def _unanchor(outcome: Tree, impact_map: ImpactMap) -> None:
    """Give an anchored price the sum that it comes to: the anchor's value by the two weights."""
    by_id = {each.id: each for each in impact_map.outcomes}
    own, price = by_id[outcome["id"]], 1.0
    while own.proxy is not None and own.proxy.anchored_to:
        other = by_id[own.proxy.anchored_to]
        price *= (own.weight or 0.0) / (other.weight or 1.0)
        own = other
    value = own.proxy.value.years[0] if own.proxy is not None and own.proxy.value is not None else 0.0
    outcome["proxy"] = {**outcome["proxy"], "value": round(price * value, 2)}
    outcome["proxy"].pop("anchored_to")


def _make_plain(tree: Tree) -> None:
    for section in ("stakeholders", "inputs", "outputs", "outcomes"):
        for owner in tree.get(section, ()):
            for group, key, field in list(numbers_in(owner, section)):
                group[key] = plain(group[key], kind_of_field(field))
    rate = tree["conventions"].get("discount_rate")
    if isinstance(rate, dict):
        tree["conventions"]["discount_rate"] = plain(rate, kind_of_field("discount_rate"))


def _one_cohort(tree: Tree) -> None:
    tree["activity"] = {**tree.get("activity", {}), "years": 1}


def _one_year(tree: Tree) -> None:
    rules = tree["conventions"]
    rules["discount_timing"], rules["input_timing"] = "none", "none"
    for outcome in tree["outcomes"]:
        outcome["duration"] = 1
        outcome["drop_off"] = {"value": "0%", "note": "Counted for one year only"}
        outcome.pop("starts", None)
        outcome.pop("discount_rate", None)


def _several_years(tree: Tree) -> None:
    """Let every second outcome last three years where the case has changes of one year alone."""
    rules = tree["conventions"]
    if rules.get("discount_timing") == "none":
        rules["discount_timing"], rules["input_timing"] = "end_of_year", "start_of_year"
    lasting = [each for each in tree["outcomes"] if _years(each) > 1]
    for outcome in tree["outcomes"][::2] if len(lasting) < 2 else ():
        if _years(outcome) <= 1:
            outcome["duration"] = 3
    for outcome in tree["outcomes"]:
        if _years(outcome) > 1 and not _share(outcome.get("drop_off", 0)):
            outcome["drop_off"] = {"value": "25%", "note": "Some of it fades each year"}


def _years(outcome: Tree) -> float:
    raw = outcome.get("duration", 1)
    return (
        read_number(raw["value"] if isinstance(raw, dict) and "value" in raw else raw, kind_of_field("duration"))
        if not isinstance(raw, dict) or "value" in raw
        else 1.0
    )


def _share(raw: object) -> float:
    value = raw.get("value", 0) if isinstance(raw, dict) else raw
    return read_number(value, kind_of_field("drop_off"))


# ---- the third level ----


def _years_of_activity(tree: Tree) -> None:
    """Let the activity run for two years, with people of its own in each, if every quantity can be told by year."""
    counted = [each for each in tree["outcomes"] if "proxy" in each]
    plain_quantities = all(_is_plain(each.get("quantity")) for each in counted)
    plain_inputs = all("hours" not in each and _is_plain(each.get("value")) for each in tree["inputs"])
    told_by_year = any("by_year" in str(each) for each in (*tree["outcomes"], *tree["inputs"]))
    if tree.get("activity", {}).get("years", 1) > 1 or told_by_year or not plain_quantities or not plain_inputs:
        return
    tree["activity"] = {**tree.get("activity", {}), "years": 2}
    for outcome in counted:
        outcome["quantity"] = by_year(outcome["quantity"], whole=True)
    for given in tree["inputs"]:
        given["value"] = by_year(given["value"], whole=False)


def _is_plain(raw: object) -> bool:
    return isinstance(raw, int | float) or (
        isinstance(raw, dict) and set(raw) <= {"value", "source", "note", "observed"}
    )


def by_year(raw: object, whole: bool) -> Tree:
    """Return a plain number as one for each of two years, the second a little less."""
    said = {key: raw[key] for key in ("source", "note") if key in raw} if isinstance(raw, dict) else {}
    value = read_number(raw["value"] if isinstance(raw, dict) else raw, AMOUNT)
    later = value * _SECOND_YEAR
    later = float(round(later)) if whole and abs(later) >= 1 else round(later, -2 if abs(later) >= 1000 else 2)
    return {"by_year": [written(value, AMOUNT), written(later, AMOUNT)], **said}


def _ranges(tree: Tree) -> None:
    """Give every deduction above zero, and every quantity, a range where the case has none."""
    for outcome in tree["outcomes"]:
        for group, key, field in list(numbers_in(outcome, "outcomes")):
            raw = group[key]
            if (field in (*DEDUCTIONS, "share", "quantity") and _is_plain(raw)) or isinstance(raw, str):
                ranged = with_range(raw, field)
                if ranged is not None:
                    group[key] = ranged
            elif isinstance(raw, dict) and "by_year" in raw and field == "quantity":
                raw["by_year"] = [with_range(each, field) or each for each in raw["by_year"]]


def with_range(raw: object, field: str) -> Tree | None:
    """Return a plain number with a range around it, None where it has one, or can have none."""
    kind = kind_of_field(field)
    said = dict(raw) if isinstance(raw, dict) else {"value": raw}
    if not _is_plain(said) or "value" not in said:
        return None
    value = read_number(said["value"], kind)
    if not value or (field in SHARES and value == 1):
        return None
    spread = min(0.1, value, 1 - value) if kind.per_cent else abs(value) * _OFF
    ends = (value - spread, value + spread)
    if not kind.per_cent and abs(value) >= 5:
        ends = (float(round(ends[0])), float(round(ends[1])))
    return {**said, "low": written(round(ends[0], 4), kind), "high": written(round(ends[1], 4), kind)}


def flattened(impact_map: ImpactMap) -> ImpactMap:
    """Return a map as a plain sheet can hold it: plain numbers, one year of activity, the usual rules of reckoning."""
    tree = tree_of(impact_map)
    for outcome in tree["outcomes"]:
        if outcome.get("proxy", {}).get("anchored_to"):
            _unanchor(outcome, impact_map)
        outcome.pop("starts", None)
        outcome.pop("discount_rate", None)
    _make_plain(tree)
    _one_cohort(tree)
    for outcome in tree["outcomes"]:  # a plain sheet has a column for each year, and counts a part of the last
        outcome["duration"] = written(min(_years(outcome) or 1, MOST_COLUMNS), AMOUNT)
    tree["conventions"] = {"discount_rate": "3.5%"}
    for stale in ("correlations", "scenarios", "published"):
        tree.pop(stale, None)
    return map_of(tree)
