"""Faults of counting twice: one change in two lines, a total beside its parts, a payment that only moves."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np

from sroi.impact_map import ImpactMap
from sroi.questions.asking import counted, is_organisation
from sroi.teaching.added_lines import add_anywhere, add_outcome
from sroi.teaching.fault_kinds import ARITHMETIC, FaultKind, is_gain, outcomes_where, people_who_change
from sroi.teaching.numbers import INVENTED
from sroi.teaching.trees import Tree, entry, kind_of_field, moved, new_id, shifted, with_words

_Draw = np.random.Generator


def _again(tree: Tree, spot: str, draw: _Draw) -> None:
    outcome = dict(entry(tree, "outcomes", spot))
    outcome["id"] = new_id(tree, f"{spot}_2")
    outcome["proxy"] = {**outcome["proxy"]}
    outcome["proxy"]["source"] = f"{INVENTED}: another study's price"
    outcome["proxy"]["value"] = moved(
        outcome["proxy"]["value"], kind_of_field("proxy"), lambda value: round(value * 0.9, 2)
    )
    outcome.pop("leads_to", None)
    add_anywhere(tree["outcomes"], outcome, draw)


def _total_beside_parts(tree: Tree, spot: str, draw: _Draw) -> None:
    outcome = entry(tree, "outcomes", spot)
    name = new_id(tree, "all_together")
    label = outcome.get("description") or spot.replace("_", " ")
    copy = {**outcome, "id": name, "description": f"Total of the savings and gains: {label}, and all else"}
    copy["proxy"] = {**outcome["proxy"], "description": "All of them together"}
    copy["proxy"]["value"] = moved(
        outcome["proxy"]["value"], kind_of_field("proxy"), lambda value: round(value * 1.4, 2)
    )
    copy.pop("leads_to", None)
    add_anywhere(tree["outcomes"], copy, draw)


def _step_priced(tree: Tree, spot: str, draw: _Draw) -> None:
    outcome = entry(tree, "outcomes", spot)
    name = new_id(tree, "first_step")
    copy = {
        **outcome, "id": name, "description": "Gains the confidence that it takes to begin", "leads_to": [spot],
        "proxy": {"description": "Price of a short confidence course", "value": float(draw.integers(4, 9) * 25),
                  "unit": "course", "source": f"{INVENTED}: what a college asks"},
    }  # fmt: skip
    add_anywhere(tree["outcomes"], copy, draw)


def _whole_and_part(tree: Tree, spot: str, draw: _Draw) -> None:
    outcome = entry(tree, "outcomes", spot)
    who = entry(tree, "stakeholders", outcome["stakeholder"])
    part = new_id(tree, f"{who['id']}_referred")
    size = float(who["size"]["value"] if isinstance(who["size"], dict) else who["size"])
    added = {**who, "id": part, "name": f"{who.get('name', who['id'])}: those referred by a doctor",
             "part_of": who["id"], "size": max(1, int(size * 0.4))}  # fmt: skip
    added["involved"] = [
        {key: told for key, told in each.items() if key not in ("number", "of")} for each in who.get("involved", ())
    ]
    add_anywhere(tree["stakeholders"], added, draw)
    copy = {**outcome, "id": new_id(tree, f"{spot}_referred"), "stakeholder": part}
    copy["quantity"] = _of_the_part(outcome["quantity"], who["id"], part)
    copy.pop("leads_to", None)
    add_anywhere(tree["outcomes"], copy, draw)


def _of_the_part(raw: Any, whole: str, part: str) -> Any:
    """Return the quantity of a group as that of a part of it: the same share, or two in five of so many."""
    if isinstance(raw, dict) and raw.get("of") == whole:
        return {**deepcopy(raw), "of": part}
    return with_words(
        shifted(raw, kind_of_field("quantity"), lambda value: float(max(1, int(value * 0.4)))), source=INVENTED
    )


def _sized(chart: ImpactMap) -> list[str]:
    people = chart.stakeholder_by_id
    return [
        each.id for _, each in counted(chart)
        if is_gain(each) and (size := people[each.stakeholder].size) is not None and size.base >= 4
    ]  # fmt: skip


def _input_again(tree: Tree, spot: str, draw: _Draw) -> None:
    given = dict(entry(tree, "inputs", spot))
    given["id"] = new_id(tree, f"{spot}_2")
    add_anywhere(tree["inputs"], given, draw)


def _worth_something(chart: ImpactMap) -> list[str]:
    return [
        given.id for given in chart.inputs
        if given.description and (given.value is None or max(given.value.years) > 0)
    ]  # fmt: skip


def _transfer(tree: Tree, spot: str, draw: _Draw) -> None:
    add_outcome(tree, draw, {
        "id": new_id(tree, "benefit_received"), "stakeholder": spot,
        "description": "Receives the housing benefit that they are entitled to",
        "indicator": {"text": "Letter of award seen (invented)", "source": INVENTED}, "direction": "intended",
        "quantity": {"value": int(draw.integers(3, 9)), "source": INVENTED},
        "proxy": {"description": "Housing benefit paid to a household in a year",
                  "value": float(draw.integers(30, 50) * 100), "unit": "award", "value_type": "economic",
                  "source": f"{INVENTED}: letters of award"},
        "duration": 1,
        "deadweight": {"value": "20%", "note": "What those asked said (invented)"},
        "displacement": {"value": "0%", "note": "Nobody else receives less (invented)"},
        "attribution": {"value": "10%", "note": "What those asked said of others (invented)"},
        "drop_off": {"value": "0%", "note": "Counted for one year only (invented)"},
        "material": {"relevance": "Named in the talks (invented)", "significance": "A fair part of the total",
                     "decision": "yes", "reason": "It matters to those who change",
                     "decided_by": "Those asked (invented)"},
    })  # fmt: skip


def _saving_for_two(tree: Tree, spot: str, draw: _Draw) -> None:
    body, people = spot.split(" ")
    visit = {
        "quantity": {"value": int(draw.integers(20, 60)), "source": INVENTED},
        "indicator": {"text": "Calls in the log book (invented)", "source": INVENTED}, "direction": "intended",
        "duration": 1,
        "deadweight": {"value": "20%", "note": "What those asked said (invented)"},
        "displacement": {"value": "0%", "note": "No call was passed on (invented)"},
        "attribution": {"value": "10%", "note": "What those asked said of others (invented)"},
        "drop_off": {"value": "0%", "note": "Counted for one year only (invented)"},
        "material": {"relevance": "Named in the talks (invented)", "significance": "A small part of the total",
                     "decision": "yes", "reason": "It matters to those who pay",
                     "decided_by": "Those asked (invented)"},
    }  # fmt: skip
    proxy = {"description": "One call-out of the wardens", "value": float(draw.integers(6, 12) * 5),
             "unit": "warden call-out", "value_type": "fiscal",
             "source": f"{INVENTED}: the wardens' accounts"}  # fmt: skip
    for owner, said in ((body, "Fewer warden call-outs to pay for"), (people, "Fewer call-outs of the wardens")):
        add_outcome(tree, draw, {
            "id": new_id(tree, "call_outs"), "stakeholder": owner, "description": said, **visit, "proxy": dict(proxy),
        })  # fmt: skip


def _body_and_people(chart: ImpactMap) -> list[str]:
    bodies = [who.id for who in chart.stakeholders if is_organisation(who.label) and who.included]
    return [f"{body} {who}" for body in bodies[:3] for who in people_who_change(chart)[:3]]


# fmt: off
KINDS = (
    FaultKind(
        "outcome_twice", "One outcome in two lines", ARITHMETIC, 1,
        "One change has one value; a second price for it counts it twice.",
        ("outcome_twice", "same_unit_twice"), r"twice|double|duplic|same|again|repeat", outcomes_where(is_gain), _again,
    ),
    FaultKind(
        "total_beside_parts", "A total counted beside its parts", ARITHMETIC, 2,
        "A total holds its parts already; added to them, each is counted twice.",
        ("total_beside_parts",), r"total|twice|double|parts|together|sum", outcomes_where(is_gain), _total_beside_parts,
    ),
    FaultKind(
        "chain_twice", "Two prices on one chain", ARITHMETIC, 1,
        "A step and what it leads to are one change for the same people. Price one of them, as a rule the last.",
        ("chain_counted_twice", "wellbeing_beside_costs"), r"chain|leads|twice|double|step|same people",
        outcomes_where(is_gain), _step_priced,
    ),
    FaultKind(
        "whole_and_part", "A group counted, and a part of it again", ARITHMETIC, 3,
        "Those in the part are in the whole too, and are counted in both.",
        ("whole_beside_part", "same_unit_twice"), r"part|whole|twice|double|group|same people|referred", _sized,
        _whole_and_part,
    ),
    FaultKind(
        "input_twice", "An input that stands twice", ARITHMETIC, 1,
        "Put in once, it can be counted once; twice, the ratio is too low.",
        ("input_twice",), r"input|twice|double|duplic|same|again", _worth_something, _input_again,
    ),
    FaultKind(
        "transfer_counted", "A transfer payment counted as value", ARITHMETIC, 2,
        "What one person receives another pays: nothing is added, and society is no richer.",
        ("transfer_unmarked",), r"transfer|benefit|payment|public|pocket", people_who_change, _transfer,
    ),
    FaultKind(
        "saving_twice", "One saving counted for two", ARITHMETIC, 3,
        "Money is saved once, by whoever would have paid.",
        ("saving_twice",), r"saving|twice|double|both|same|two", _body_and_people, _saving_for_two,
    ),
)
# fmt: on
