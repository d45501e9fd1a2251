"""A case made sound: every question that `sroi check` would ask has its answer in it, invented and said to be.

Only then is a planted fault the only thing to be found, and a team that asks what else is wrong is not misled.
"""

from __future__ import annotations

from typing import Any

from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.questions.asking import is_organisation
from sroi.questions.chains import chains
from sroi.questions.change import was_sought
from sroi.teaching.numbers import INVENTED, map_size
from sroi.teaching.trees import Tree, drop_stale_correlations, entry, kind_of_field, map_of, tree_of, with_words

# Of how much of the total an outcome is called what, in words that a redrawn number does not make untrue.
_LARGE, _MIDDLE = 0.25, 0.05
_REASONS = {
    "deadweight": "What people on the waiting list said of the same months",
    "displacement": "What partners in the area were asked about people whom they no longer see",
    "attribution": "What those asked said of others who helped",
    "drop_off": "What was found when people were asked again",
}
_NOTHING = {
    "deadweight": "Nobody on the waiting list changed in this way",
    "displacement": "Nobody else has less of it because of the project",
    "attribution": "Nobody else works with these people on this",
    "drop_off": "It does not fade within the time that is counted",
}
_NARRATIVE = {
    "purpose": "To practise: which numbers a ratio stands on, and what a careful reader asks",
    "audience": "Learners",
    "scope": "The project as the case tells it, and nothing else",
    "decisions": "In the exercise: whether the project goes on for another year",
    "limits": "An exercise: its numbers are invented, and nothing in it was measured",
}


def made_sound(impact_map: ImpactMap, title: str) -> ImpactMap:
    """Return a map with an answer to every question that can be answered in words; its numbers stay as they are.

    Parameters: `title`, what the map is called from now on. The words say that they are invented.
    """
    tree = tree_of(impact_map)
    tree["title"] = title
    tree["narrative"] = dict(_NARRATIVE)
    if not was_sought(impact_map):
        tree["negative_outcomes_sought"] = f"{INVENTED}: everybody asked was also asked what got worse"
    changing = {each["stakeholder"] for each in tree["outcomes"]}
    for who in tree["stakeholders"]:
        _sound_stakeholder(who, who["id"] in changing)
    for given in tree["inputs"]:
        given.setdefault("source", INVENTED)
        if given["kind"] == "time" and "value" not in given and "hours" not in given:
            given["value"] = {"value": 0, "note": "The time of those who benefit is shown, and counts as nothing"}
    for outcome in tree["outcomes"]:
        _sound_outcome(outcome)
        _count_heads(tree, outcome)
    drop_stale_correlations(tree)
    _unintended(tree)
    _mark_observed(tree)
    _unlink(tree)
    _say_significance(tree)
    return map_of(tree)


def _sound_stakeholder(who: Tree, changes: bool) -> None:
    who.setdefault("reason", "They change" if changes else "They put something in, or are asked about it")
    size = int(map_size(who["size"])) if "size" in who else 0
    asked = {"number": max(1, round(size * 0.4))} if size else {}
    told = list(who.get("involved", ()))
    stages = {part["stage"] for part in told}
    words = {
        "outcomes": "Group talk: what has changed for you?", "value": "Cards put in order of what matters most",
        "verification": "First results shown and talked over",
    }  # fmt: skip
    wanted = [
        *(["outcomes"] if changes else []),
        *(words if changes and not is_organisation(who.get("name", "")) else []),
    ]
    for stage in dict.fromkeys(wanted):
        if stage not in stages:
            told.append(
                {"stage": stage, "how": f"{words[stage]} (invented)", **asked, "selected": "Open invitation (invented)"}
            )
    if told and changes and not any("said" in part for part in told):
        told[0] = {**told[0], "said": "I would not have gone by myself. (invented)"}
    if told:
        who["involved"] = told


def _sound_outcome(outcome: Tree) -> None:
    indicator = outcome.setdefault("indicator", {"text": "Said so when asked before and after (invented)"})
    if isinstance(indicator, dict):
        indicator.setdefault("source", INVENTED)
    if "proxy" in outcome and "anchored_to" not in outcome["proxy"]:
        outcome["proxy"].setdefault("source", INVENTED)
    outcome["duration"] = with_words(
        outcome.get("duration", 1), note="What people who left some time ago said (invented)"
    )
    for name in (*DEDUCTIONS, "drop_off"):
        raw = outcome.get(name, "0%")
        reasons = _NOTHING if _is_nothing(raw) else _REASONS
        outcome[name] = with_words(raw, note=f"{reasons[name]} (invented)")
    material = outcome.setdefault("material", {})
    if _counts(outcome):
        material.setdefault("relevance", "Named in most of the talks (invented)")
        material["decision"] = "yes"
        material.setdefault("reason", "It matters to those who change")
    material.setdefault("reason", "Told, and not counted")
    material.setdefault("decided_by", "Those asked, and the evaluator (invented)")


def _count_heads(tree: Tree, outcome: Tree) -> None:
    """Write a quantity above the number of people, which counts visits or things, as so many for each of them."""
    raw = outcome.get("quantity")
    who = entry(tree, "stakeholders", outcome["stakeholder"])
    value = raw.get("value") if isinstance(raw, dict) else raw
    if not isinstance(value, int | float) or "size" not in who or not 0 < map_size(who["size"]) < value:
        return
    words = {key: raw[key] for key in ("source", "note") if key in raw} if isinstance(raw, dict) else {}
    each = round(value / map_size(who["size"]), 1)
    outcome["quantity"] = {"of": who["id"], "share": {"value": "100%", "source": INVENTED, **words}, "times": each}


def _counts(outcome: Tree) -> bool:
    left_out = "no" in (outcome.get("valued"), outcome.get("included"), outcome.get("material", {}).get("decision"))
    return not left_out and outcome.get("proxy", {}).get("transfer") != "yes"


def _is_nothing(raw: Any) -> bool:
    if isinstance(raw, dict) and "value" not in raw:
        return False
    value = raw["value"] if isinstance(raw, dict) else raw
    return kind_of_field("deadweight").per_cent and str(value).strip() in ("0%", "0", "0.0")


def _unintended(tree: Tree) -> None:
    """Where every outcome is said to be intended, the last one is taken for one that nobody planned."""
    directions = [each.get("direction") for each in tree["outcomes"]]
    if tree["outcomes"] and "unintended" not in directions:
        tree["outcomes"][-1]["direction"] = "unintended"


def _mark_observed(tree: Tree) -> None:
    """Mark an evaluation's numbers as observed, so that it is one."""
    if tree["analysis"] != "evaluative":
        return
    for outcome in tree["outcomes"]:
        quantity = outcome.get("quantity")
        if isinstance(quantity, dict) and "of" in quantity:
            quantity["share"] = {**with_words(quantity["share"]), "observed": "yes"}
            if "times" in quantity:
                quantity["times"] = {**with_words(quantity["times"]), "observed": "yes"}
        elif quantity is not None:
            outcome["quantity"] = {**with_words(quantity), "observed": "yes"}
        outcome["duration"] = {**outcome["duration"], "observed": "yes"}


def _unlink(tree: Tree) -> None:
    """Take out links between priced outcomes of the same people, which would be one change counted twice."""
    chart = map_of(tree)
    for finding in chains(chart, evaluate(chart)):
        entry(tree, "outcomes", finding.where.partition(".")[0]).pop("leads_to", None)


def _say_significance(tree: Tree) -> None:
    chart = map_of(tree)
    result = evaluate(chart)
    total = abs(float(result.total_present_value)) or 1.0
    worth = {name: float(result.present_value[place]) for place, name in enumerate(result.priced)}
    for outcome in tree["outcomes"]:
        part = abs(worth.get(outcome["id"], 0.0)) / total
        size = "A large part" if part > _LARGE else "A fair part" if part > _MIDDLE else "A small part"
        outcome["material"]["significance"] = f"{size} of the total, and kept because those asked named it"
