"""The bridge for programs: both totals, the steps between them, each measure; and as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sroi.commissioning.bridge.crossing import Crossing, warnings
from sroi.commissioning.bridge.form import ASKED_SHARES
from sroi.provenance import document


def of_measures(crossing: Crossing) -> list[dict[str, Any]]:
    """Return each measure with what the register adds up for it, the answers, and its present value in the map."""
    result = crossing.result
    worth = {name: float(result.present_value[at]) for at, name in enumerate(result.priced) if bool(result.counted[at])}
    rows = []
    for name, row in crossing.answers.by_measure.items():
        measure, quantity, value = (
            crossing.register.measures[name],
            crossing.quantities[name],
            crossing.values[name],
        )
        rows.append({
            "measure": name, "name": measure.name, "unit": measure.unit, "what": row["what"],
            "counts": row["counts"], "reason": row["reason"], "quantity_told": quantity.told,
            "quantity_counted": quantity.counted, "proxy_in_register": measure.proxy,
            "value_in_register": quantity.told * measure.proxy if measure.proxy is not None else None,
            "proxy_in_map": value.value if row["counts"] else None, "outcome": row["outcome"],
            "duration": row["duration"], **{share: row[share] for share in ASKED_SHARES},
            **{f"{share}_reason": row[f"{share}_reason"] for share in ASKED_SHARES},
            "present_value": worth.get(name),
        })  # fmt: skip
    return rows


def to_dict(crossing: Crossing) -> dict[str, Any]:
    """Return the bridge for JSON; sums in the register's currency, the totals and steps to the penny."""
    settings = crossing.answers.settings
    return {
        "title": crossing.impact_map.title,
        "register": crossing.register.title,
        "note": crossing.register.note or None,
        "basis": settings["basis"],
        "count": list(crossing.answers.count) if settings["basis"] == "delivered" else None,
        "on": crossing.standing.on.isoformat(),
        "on_because": crossing.standing.because,
        "currency": crossing.register.currency,
        "register_total": float(crossing.register_total),
        "steps": [{"step": step.name, "words": step.words, "amount": float(step.amount)} for step in crossing.steps],
        "map_total": float(crossing.map_total),
        "inputs_are": crossing.answers.input_words,
        "measures": of_measures(crossing),
        "warnings": warnings(crossing),
        "result": document(crossing.impact_map, crossing.result),
        "provenance": {
            "register_sha256": crossing.register.filled.sha256,
            "answers_sha256": crossing.answers.filled.sha256,
        },
    }


def tables(crossing: Crossing) -> Mapping[str, list[list[Any]]]:
    """Return the tables of the paper, each with its headings as the first row."""
    steps: list[list[Any]] = [["step", "amount"], ["register_total", float(crossing.register_total)]]
    steps += [[step.words, float(step.amount)] for step in crossing.steps]
    steps.append(["map_total", float(crossing.map_total)])
    measures = of_measures(crossing)
    return {"steps": steps, "measures": [list(measures[0]), *(list(each.values()) for each in measures)]}
