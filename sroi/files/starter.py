"""The value map that `sroi new` begins: every section once, each key explained by the nouns' own descriptions.

`templates/value_map.yaml` is this text; a test keeps it current.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sroi.estimate import Noun
from sroi.framing import Activity, Conventions, Narrative
from sroi.impact_map import ImpactMap
from sroi.nouns import Input, Involvement, Material, Outcome, Output, Proxy, Stakeholder

_REPLACE = "REPLACE"

# Numbers to be replaced, chosen so that nobody takes them for anything else.
_START: dict[str, Any] = {
    "sroi": 1,
    "title": f"{_REPLACE}: name of the project",
    "organisation": f"{_REPLACE}: who runs it",
    "activities": f"{_REPLACE}: what is done, in two sentences",
    "narrative": {
        "purpose": f"{_REPLACE}: why the analysis is made",
        "audience": f"{_REPLACE}: whom it is for",
        "scope": f"{_REPLACE}: what is in and what is out",
        "decisions": f"{_REPLACE}: what will be decided with it",
        "limits": f"{_REPLACE}: what it cannot say",
    },
    "analysis": "forecast",
    "currency": "GBP",
    "price_year": 2026,
    "activity": {"start": "2026-04-01", "years": 1},
    "negative_outcomes_sought": f"{_REPLACE}: whom you asked about losses, and how",
    "conventions": {
        "discount_rate": "3.5%",
        "discount_timing": "end_of_year",
        "input_timing": "start_of_year",
        "present_at": 0,
        "deductions": "multiply",
        "drop_off_from": "second_year",
    },
    "stakeholders": [
        {
            "id": "people",
            "name": f"{_REPLACE}: the people whose lives change",
            "size": 100,
            "included": "yes",
            "reason": f"{_REPLACE}: why they are included",
            "involved": [{"stage": "quantity", "how": f"{_REPLACE}: survey", "number": 0, "of": 100}],
        },
        {"id": "funder", "name": f"{_REPLACE}: who pays"},
    ],
    "inputs": [
        {
            "id": "grant",
            "stakeholder": "funder",
            "description": f"{_REPLACE}: grant for the year",
            "kind": "money",
            "value": 1000,
            "source": f"{_REPLACE}: accounts",
        },
        {"id": "volunteer_time", "stakeholder": "people", "kind": "time", "hours": 100, "rate": 1, "source": _REPLACE},
    ],
    "outputs": [
        {"id": "meetings", "stakeholder": "people", "description": f"{_REPLACE}: meetings held", "quantity": 10}
    ],
    "outcomes": [
        {
            "id": "first_outcome",
            "stakeholder": "people",
            "description": f"{_REPLACE}: what changed for them",
            "indicator": {"text": f"{_REPLACE}: how one can tell", "source": f"{_REPLACE}: survey"},
            "direction": "intended",
            "quantity": {"of": "people", "share": "50%", "times": 1},
            "proxy": {
                "description": f"{_REPLACE}: what one unit of the change is worth for a year",
                "value": 10,
                "unit": "person",
                "price_year": 2026,
                "source": f"{_REPLACE}: where a reader can look the value up",
            },
            "starts": "during",
            "duration": 1,
            "deadweight": {"value": "10%", "low": "0%", "high": "20%", "note": f"{_REPLACE}: why this much"},
            "displacement": {"value": "0%", "note": f"{_REPLACE}: why nothing"},
            "attribution": {"value": "10%", "note": f"{_REPLACE}: who else had a part in it"},
            "drop_off": "0%",
            "material": {"relevance": _REPLACE, "decision": "yes", "reason": _REPLACE, "decided_by": _REPLACE},
        },
        {
            "id": "a_loss",
            "stakeholder": "people",
            "description": f"{_REPLACE}: what became worse for somebody, if anything did",
            "direction": "unintended",
            "quantity": 1,
            "proxy": {"description": f"{_REPLACE}: a loss has a value below 0", "value": -1, "source": _REPLACE},
            "duration": 1,
            "deadweight": {"value": "0%", "note": _REPLACE},
            "displacement": {"value": "0%", "note": _REPLACE},
            "attribution": {"value": "0%", "note": _REPLACE},
        },
    ],
}

_NOUNS: dict[str, type[Noun]] = {
    "narrative": Narrative,
    "activity": Activity,
    "conventions": Conventions,
    "stakeholders": Stakeholder,
    "involved": Involvement,
    "inputs": Input,
    "outputs": Output,
    "outcomes": Outcome,
    "proxy": Proxy,
    "material": Material,
}

# A longer group of keys is written over several lines.
_LONGEST_GROUP = 80

_HEAD = """\
# A value map to begin from. Replace everything that says REPLACE, and every number.
#   sroi check FILE       what is wrong, and what a careful reader would ask
#   sroi evaluate FILE    what it comes to
#   sroi report FILE --out FOLDER    the report
# Shares are written 25% or 0.25. A number may carry its range: {value: 10%, low: 0%, high: 20%, source: .., note: ..}.
# Years in a list: {by_year: [..]}. Text that holds ': ' or ' #' goes in quotes.
"""


def starter() -> str:
    """Return the text of a value map to begin from, each key with its explanation; it reads as a valid map."""
    lines = [_HEAD, *_group(_START, ImpactMap, 0)]
    return "\n".join(lines) + "\n"


def _group(tree: dict[str, Any], noun: type[Noun] | None, depth: int) -> Iterator[str]:
    indent = "  " * depth
    for key, value in tree.items():
        said = _description(noun, key)
        if isinstance(value, list):
            yield f"\n{indent}{key}:" if depth == 0 else f"{indent}{key}:"
            for entry in value:
                yield from _entry(entry, _NOUNS.get(key), depth + 1)
        elif isinstance(value, dict) and (depth == 0 or len(_written(value)) > _LONGEST_GROUP):
            yield f"\n{indent}{key}:" if depth == 0 else _line(f"{indent}{key}:", said)
            yield from _group(value, _NOUNS.get(key), depth + 1)
        else:
            yield _line(f"{indent}{key}: {_written(value)}", said)


def _entry(entry: dict[str, Any], noun: type[Noun] | None, depth: int) -> Iterator[str]:
    lines = list(_group(entry, noun, depth + 1))
    first = lines[0].lstrip()
    yield "  " * depth + "- " + first
    yield from lines[1:]


def _line(text: str, said: str) -> str:
    return f"{text:<44}  # {said}" if said else text


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_written(part)}" for key, part in value.items()) + "}"
    text = str(value)
    return f'"{text}"' if ": " in text or "," in text else text


def _description(noun: type[Noun] | None, key: str) -> str:
    fields = noun.model_fields.items() if noun is not None else ()
    return next((info.description or "" for name, info in fields if (info.alias or name) == key), "")
