"""A framework as JSON holds it, and as tables: without what may not be passed on."""

from __future__ import annotations

from typing import Any

from sroi.commissioning.frameworks.framework import Framework, Item, Measure
from sroi.commissioning.frameworks.passing_on import is_private, open_part, private_values

_MEASURE = ("kind", "code", "wording", "unit", "definition", "evidence", "price_year")


def to_dict(framework: Framework, allowed: bool = False) -> dict[str, Any]:
    """Return a framework as JSON holds it; `allowed`, whether private values may be in it."""
    shown = open_part(framework, allowed)
    return {
        "id": shown.id,
        "title": shown.title,
        "publisher": shown.publisher,
        "edition": shown.edition,
        "valid_from": shown.valid_from.isoformat() if shown.valid_from else None,
        "valid_to": shown.valid_to.isoformat() if shown.valid_to else None,
        "licence": shown.licence,
        "attribution": shown.attribution,
        "status": shown.status,
        "superseded_by": shown.superseded_by or None,
        "currency": shown.currency,
        "price_year": shown.price_year,
        "complete": shown.complete,
        "missing": list(shown.missing),
        "official_pages": list(shown.official_pages),
        "sources": dict(shown.sources),
        "completes": shown.completes or None,
        "values_held_back": 0 if allowed else private_values(framework),
        "may_be_passed_on": not is_private(framework),
        "remarks": list(shown.remarks),
        "themes": [
            {
                **_item(theme),
                "outcomes": [
                    {**_item(outcome), "measures": [_measure(each) for each in outcome.measures]}
                    for outcome in theme.outcomes
                ],
            }
            for theme in shown.themes
        ],
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        "summary": item.summary,
        "note": item.note,
        "complete": item.complete,
        "sureness": item.sureness or None,
        "seen": list(item.seen),
        "origin": item.origin,
        "filled": list(item.filled),
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {**_item(measure), **{name: getattr(measure, name) for name in _MEASURE}, "proxy": measure.proxy}


HEADINGS = (
    *("Framework", "Theme", "Outcome", "Kind", "Id", "Code", "Measure", "Official wording", "In short", "Unit"),
    *("Definition", "Evidence asked for", "Value of one unit", "Sureness", "Whose word", "Where it was read"),
)


def measure_rows(framework: Framework, allowed: bool = False) -> list[tuple[Any, ...]]:
    """Return a framework as a table, its headings first: a row for each measure, and for outcomes that have none."""
    shown = open_part(framework, allowed)
    rows: list[tuple[Any, ...]] = [HEADINGS]
    for theme, outcome in shown.outcomes():
        head = (shown.id, theme.label, outcome.label)
        if not outcome.measures:
            rest = (outcome.summary, "", "", "", "", outcome.sureness, outcome.origin, "; ".join(outcome.seen))
            rows.append((*head, "", outcome.id, "", "", "", *rest))
        for each in outcome.measures:
            texts = (each.kind, each.id, each.code, each.name, each.wording, each.summary, each.unit)
            rests = (each.sureness, each.origin, "; ".join(each.seen))
            proxy = "" if each.proxy is None else each.proxy
            rows.append((*head, *texts, each.definition, each.evidence, proxy, *rests))
    return rows
