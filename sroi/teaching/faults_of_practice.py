"""Faults of practice: who was asked, what was looked for, what is said of where a number comes from."""

from __future__ import annotations

import numpy as np

from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.questions.asking import counted, is_organisation, larger_groups
from sroi.teaching.added_lines import add_outcome
from sroi.teaching.fault_kinds import (
    PRACTICE,
    FaultKind,
    is_gain,
    is_loss,
    outcomes_where,
    people,
    people_who_change,
    share_of,
    whole,
    years_of,
)
from sroi.teaching.trees import Tree, entry, kind_of_field, new_id, shifted

_Draw = np.random.Generator


def _without_stage(who: Tree, stage: str) -> None:
    kept = [part for part in who.get("involved", ()) if part["stage"] != stage]
    if kept:
        who["involved"] = kept
    else:
        who.pop("involved", None)


def _nobody_asked(tree: Tree, spot: str, draw: _Draw) -> None:
    for who in people(tree):
        _without_stage(who, "outcomes")


def _only_payers_asked(tree: Tree, spot: str, draw: _Draw) -> None:
    _nobody_asked(tree, spot, draw)
    payer = entry(tree, "stakeholders", spot)
    asked = {"stage": "outcomes", "how": "Meeting about what the project is to achieve (invented)"}
    payer["involved"] = [*payer.get("involved", ()), asked]


def _one_group_not_asked(tree: Tree, spot: str, draw: _Draw) -> None:
    _without_stage(entry(tree, "stakeholders", spot), "outcomes")


def _not_checked(tree: Tree, spot: str, draw: _Draw) -> None:
    for who in people(tree):
        _without_stage(who, "verification")


def _value_not_asked(tree: Tree, spot: str, draw: _Draw) -> None:
    for who in people(tree):
        _without_stage(who, "value")
    for outcome in tree["outcomes"]:
        anchored = "anchored_to" in outcome.get("proxy", {})
        for name in ("rank", *(() if anchored else ("weight",))):
            outcome.pop(name, None)


def _no_negative_sought(tree: Tree, spot: str, draw: _Draw) -> None:
    tree.pop("negative_outcomes_sought", None)


def _loss_left_out(tree: Tree, spot: str, draw: _Draw) -> None:
    outcome = entry(tree, "outcomes", spot)
    outcome["included"] = "no"
    outcome["material"] = {
        key: part for key, part in outcome.get("material", {}).items() if key not in ("reason", "decision")
    }


def _stakeholder_left_out(tree: Tree, spot: str, draw: _Draw) -> None:
    who = entry(tree, "stakeholders", spot)
    who["included"] = "no"
    who.pop("reason", None)


def _immaterial_line(tree: Tree, spot: str, draw: _Draw) -> None:
    like = entry(tree, "outcomes", spot)
    name = new_id(tree, "newsletter_read")
    add_outcome(tree, draw, {
        "id": name, "stakeholder": like["stakeholder"], "description": "Knows a little more from the newsletter",
        "indicator": {"text": "Says so when asked (invented)", "source": "Invented for this exercise"},
        "direction": "intended",
        "quantity": {"value": int(draw.integers(2, 6)), "source": "Invented for this exercise"},
        "proxy": {"description": "Price of a magazine", "value": float(draw.integers(2, 5)), "unit": "magazine",
                  "source": "Invented for this exercise"},
        "duration": 1, **_deducted(),
    })  # fmt: skip


def _deducted() -> Tree:
    return {
        "deadweight": {"value": "10%", "note": "What those asked said (invented)"},
        "displacement": {"value": "0%", "note": "Nobody else has less of it (invented)"},
        "attribution": {"value": "10%", "note": "What those asked said of others (invented)"},
        "drop_off": {"value": "0%", "note": "Counted for one year only (invented)"},
    }


def _no_grounds(tree: Tree, spot: str, draw: _Draw) -> None:
    material = entry(tree, "outcomes", spot)["material"]
    material.pop("relevance", None)
    material.pop("significance", None)


def _invented_price(tree: Tree, spot: str, draw: _Draw) -> None:
    proxy = entry(tree, "outcomes", spot)["proxy"]
    proxy.pop("source", None)
    if isinstance(proxy["value"], dict):
        proxy["value"].pop("source", None)


def _count_without_source(tree: Tree, spot: str, draw: _Draw) -> None:
    outcome = entry(tree, "outcomes", spot)
    if isinstance(outcome.get("indicator"), dict):
        outcome["indicator"].pop("source", None)
    quantity = outcome["quantity"]
    holder = quantity["share"] if isinstance(quantity, dict) and "of" in quantity else quantity
    if isinstance(holder, dict):
        for part in (holder, *(each for each in holder.get("by_year", ()) if isinstance(each, dict))):
            part.pop("source", None)


def _old_prices(tree: Tree, spot: str, draw: _Draw) -> None:
    year = int(str(tree["price_year"])[:4])
    entry(tree, "outcomes", spot)["proxy"]["price_year"] = year - int(draw.integers(6, 12))


def _output_as_outcome(tree: Tree, spot: str, draw: _Draw) -> None:
    count = int(draw.integers(6, 13))
    entry(tree, "outcomes", spot)["description"] = f"Attended {count} workshops of the project"


def _long_duration(tree: Tree, spot: str, draw: _Draw) -> None:
    outcome = entry(tree, "outcomes", spot)
    years = float(draw.integers(9, 16))
    bare = ("note", "source")
    outcome["duration"] = shifted(outcome["duration"], kind_of_field("duration"), lambda _: years, bare)


def _forecast_called_evaluation(tree: Tree, spot: str, draw: _Draw) -> None:
    tree["analysis"] = "evaluative"


def _no_limits(tree: Tree, spot: str, draw: _Draw) -> None:
    tree["narrative"].pop("limits", None)


def _told_as_cash(tree: Tree, spot: str, draw: _Draw) -> None:
    tree["narrative"]["decisions"] = "The board is told that for every £1 spent, far more is saved in cash each year."


def _cost_without_source(tree: Tree, spot: str, draw: _Draw) -> None:
    given = entry(tree, "inputs", spot)
    given.pop("source", None)
    for name in ("value", "hours"):
        for part in (given.get(name), *(given[name].get("by_year", ()) if isinstance(given.get(name), dict) else ())):
            if isinstance(part, dict):
                part.pop("source", None)


def _time_unpriced(tree: Tree, spot: str, draw: _Draw) -> None:
    given = entry(tree, "inputs", spot)
    for name in ("value", "rate"):
        given.pop(name, None)


# ---- where they may stand ----


def _payers(chart: ImpactMap) -> list[str]:
    """Return organisations, where people change who could have been asked."""
    payers = [who.id for who in chart.stakeholders if is_organisation(who.label) and who.included]
    return payers if people_who_change(chart) else []


def _groups(chart: ImpactMap) -> list[str]:
    """Return groups that can be forgotten while another is asked."""
    groups = people_who_change(chart)
    by_id = chart.stakeholder_by_id
    apart = [name for name in groups if len(larger_groups(by_id, name)) == 1]
    return apart if len(apart) > 1 else []


def _nothing_lost(chart: ImpactMap) -> list[str]:
    return [] if any(is_loss(outcome) for _, outcome in counted(chart)) else [""]


def _dispensable(chart: ImpactMap) -> list[str]:
    """Return stakeholders without whom something still counts."""
    ids = {outcome.stakeholder for _, outcome in counted(chart)}
    return sorted(ids) if len(ids) > 1 else []


def _large_enough(chart: ImpactMap) -> list[str]:
    result = evaluate(chart)
    return [name for name in _gains(chart) if float(result.total_present_value) > 5_000]


def _gains(chart: ImpactMap) -> list[str]:
    return [outcome.id for _, outcome in counted(chart) if is_gain(outcome)]


def _valued_time(chart: ImpactMap) -> list[str]:
    return [
        given.id for given in chart.inputs
        if given.kind == "time" and float(given.value.base if given.value is not None else 1.0) > 0
    ] if len(chart.inputs) > 1 else []  # fmt: skip


def _forecast(chart: ImpactMap) -> list[str]:
    return [""] if chart.analysis == "forecast" else []


def _in_one_years_prices(chart: ImpactMap) -> list[str]:
    return _gains(chart) if str(chart.price_year)[:4].isdigit() else []


# fmt: off
KINDS = (
    FaultKind(
        "nobody_asked", "Nobody affected was asked", PRACTICE, 1,
        "Only those who change know what changed for them. A map made without them tells what the project hoped for.",
        ("nobody_involved",), r"ask|involv|consult|engag|stakeholder|talk", whole, _nobody_asked,
    ),
    FaultKind(
        "only_payers_asked", "Only those who pay or provide were asked", PRACTICE, 2,
        "Those who pay see what they planned. The people whose lives are counted have to be asked themselves.",
        ("named_by_others",), r"ask|involv|consult|engag|funder|payer|stakeholder|talk", _payers, _only_payers_asked,
    ),
    FaultKind(
        "group_not_asked", "One group was not asked", PRACTICE, 2,
        "Outcomes are counted for this group, and nobody of it was asked; what another group tells says little of it.",
        ("group_not_asked",), r"ask|involv|consult|engag|talk", _groups, _one_group_not_asked,
    ),
    FaultKind(
        "not_checked", "Nobody affected has checked the results", PRACTICE, 2,
        "Those who know best whether it is right have not seen it. Show it to them and write down what they said.",
        ("not_checked",), r"check|verif|show(n|ed)?|fed back|feedback|confirm", whole, _not_checked,
    ),
    FaultKind(
        "value_not_asked", "Nobody who feels the changes had a say in their value", PRACTICE, 3,
        "Two changes may have like prices and matter very differently. Let people rank or weigh them.",
        ("value_not_asked",), r"value|rank|weigh|worth|ask|import", whole, _value_not_asked,
    ),
    FaultKind(
        "no_negative_sought", "No outcome for the worse was looked for", PRACTICE, 1,
        "Hardly anything helps everybody. Say how you looked for what got worse, or a total of gains is too high.",
        ("no_negative_outcome",), r"negativ|worse|loss|harm|unintend|downside", _nothing_lost, _no_negative_sought,
    ),
    FaultKind(
        "loss_left_out", "A known loss does not count", PRACTICE, 3,
        "The map names this loss and leaves it out without a reason: the total is too high by what it would take off.",
        ("loss_not_counted",), r"loss|negativ|left out|exclud|worse|not count|missing|omit", outcomes_where(is_loss),
        _loss_left_out,
    ),
    FaultKind(
        "stakeholder_left_out", "A stakeholder left out without a reason", PRACTICE, 2,
        "A reader cannot tell whether these people were thought of or forgotten, and their outcomes went with them.",
        ("stakeholder_left_out",), r"left out|exclud|missing|omit|not includ|forgot|reason", _dispensable,
        _stakeholder_left_out,
    ),
    FaultKind(
        "immaterial_line", "A line too small to matter is counted", PRACTICE, 1,
        "It moves no decision and nobody named it. Such lines hide those that matter; tell it, or leave it out.",
        ("immaterial_counted",), r"immaterial|not material|small|trivial|tiny|matter|relevan|signific|newsletter",
        _large_enough, _immaterial_line,
    ),
    FaultKind(
        "material_without_grounds", "Called material without grounds", PRACTICE, 2,
        "A verdict without its grounds cannot be judged. Say to whom it matters, and how much of the total it makes.",
        ("material_without_grounds",), r"material|relevan|signific|grounds|reason|why", outcomes_where(is_gain),
        _no_grounds,
    ),
    FaultKind(
        "invented_price", "A price without a source", PRACTICE, 1,
        "A price that nobody can look up is a guess, and the whole line stands on it.",
        ("proxy_source_missing",), r"source|invent|proxy|price|evidence|made up|reference|where",
        outcomes_where(is_gain), _invented_price,
    ),
    FaultKind(
        "count_without_source", "A count without a source", PRACTICE, 1,
        "Nobody can tell how these people were counted, by whom, or when.",
        ("quantity_source_missing",), r"source|quantity|count|number|evidence|how many|where", outcomes_where(is_gain),
        _count_without_source,
    ),
    FaultKind(
        "cost_without_source", "An input without a source", PRACTICE, 2,
        "A cost that nobody can look up in the accounts is a guess, and it stands under the whole ratio.",
        ("input_source_missing",), r"source|input|cost|accounts|evidence|where",
        lambda chart: [given.id for given in chart.inputs if given.value is None or given.value.base > 0],
        _cost_without_source,
    ),
    FaultKind(
        "old_prices", "A price of another year", PRACTICE, 2,
        "Money of different years cannot be added. Bring the price to the map's year with a published index.",
        ("price_years_differ",), r"year|old|stale|price|inflat|uprat|out of date", _in_one_years_prices, _old_prices,
    ),
    FaultKind(
        "output_as_outcome", "An output counted as an outcome", PRACTICE, 1,
        "It tells what was done, not what changed. Priced, it pays a second time for the input. Ask: and what changed?",
        ("worded_as_activity",), r"output|activity|outcome|attend|workshop|change", outcomes_where(is_gain),
        _output_as_outcome,
    ),
    FaultKind(
        "forecast_called_evaluation", "A forecast called an evaluation", PRACTICE, 2,
        "Nothing here was observed. An evaluation tells what happened; this tells what is expected.",
        ("not_projected", "projected_value"), r"forecast|evaluat|observ|predict|happened", _forecast,
        _forecast_called_evaluation,
    ),
    FaultKind(
        "no_limits", "What it cannot say is not said", PRACTICE, 2,
        "Who does not know what a figure leaves out takes it for more than it is.",
        ("limits_missing",), r"limit|caveat|cannot say|weakness", whole, _no_limits,
    ),
    FaultKind(
        "told_as_cash", "The ratio told as if it were cash", PRACTICE, 3,
        "Most of the value cannot be spent. Readers who are told of cash feel deceived later.",
        ("told_as_cash",), r"cash|saved|saving|£1|pound|mislead|claim", whole, _told_as_cash,
    ),
    FaultKind(
        "time_unpriced", "Time given, and not valued", PRACTICE, 1,
        "Time that counts as nothing makes the inputs too small and the ratio too high. Value it, or say why not.",
        ("time_without_value",), r"time|hours|volunteer|valu|input|zero|nothing|missing", _valued_time, _time_unpriced,
    ),
    FaultKind(
        "no_comparison", "Deadweight that rests on nothing", PRACTICE, 2,
        "Without a comparison or baseline nobody knows what would have happened anyway.",
        ("no_comparison",), r"compar|baseline|deadweight|reason|source|evidence|anyway",
        outcomes_where(lambda each: share_of(each, "deadweight") > 0),
        lambda tree, spot, draw: _bare(entry(tree, "outcomes", spot), "deadweight"),
    ),
    FaultKind(
        "long_without_reason", "A benefit that lasts longer than anybody has seen", PRACTICE, 2,
        "Each further year adds value that hardly anybody has gone back to see. Say what shows it, or count fewer.",
        ("long_duration",), r"duration|years|long|last",
        outcomes_where(lambda each: is_gain(each) and years_of(each) <= 5),
        _long_duration,
    ),
)
# fmt: on


def _bare(outcome: Tree, name: str) -> None:
    """Take the words off a number."""
    raw = outcome[name]
    if isinstance(raw, dict):
        kept = {key: part for key, part in raw.items() if key in ("value", "low", "high", "shape")}
        outcome[name] = kept["value"] if set(kept) == {"value"} else kept
