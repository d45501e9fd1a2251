"""The tables of a case for prevention as numbers, for spreadsheets and other programs."""

from __future__ import annotations

from typing import Any

from sroi.commissioning.prevention.questions import answers
from sroi.commissioning.prevention.study import PreventionStudy

_Rows = list[list[Any]]


def trail(study: PreventionStudy) -> dict[str, _Rows]:
    """Return the tables by the names of their files, each with its headings as the first row."""
    return {
        "averted": _averted(study),
        "purses": _purses(study),
        "early_signs": _signs(study),
        "questions": [
            ["question", "state", "said", "open"],
            *([each.question, each.state, " ".join(each.said), " ".join(each.open)] for each in answers(study)),
        ],
    }


def _averted(study: PreventionStudy) -> _Rows:
    head = ["event", "year", "exposed", "by_baseline", "by_baseline_low", "by_baseline_high", "events", "counted",
            "averted", "averted_low", "averted_high"]  # fmt: skip
    rows = [
        [found.event.id, each.year, each.exposed, each.by_baseline.value, each.by_baseline.low, each.by_baseline.high,
         each.happened.value, "yes" if each.counted else "no", each.averted.value, each.averted.low, each.averted.high]
        for found in study.averted for each in found.years
    ]  # fmt: skip
    return [head, *rows]


def _purses(study: PreventionStudy) -> _Rows:
    head = ["body", "year", "currency", "paid", "saved_in_cash", "saved_otherwise", "net"]
    currency = study.impact_map.currency
    rows = [
        [each.name, year, currency, float(paid), float(cash), float(capacity), float(net)]
        for each in study.purses
        for year, paid, cash, capacity, net in zip(
            study.pockets.years, each.paid, each.cash, each.capacity, each.net, strict=True
        )
    ]
    return [head, *rows]


def _signs(study: PreventionStudy) -> _Rows:
    head = ["id", "sign", "state", "trend", "readings", "last_day", "last_value", "slope_a_year", "amber", "red"]
    rows = [
        [each.indicator.id, each.indicator.indicator, each.state, each.trend, each.readings,
         "" if each.last is None else each.last.day.isoformat(), "" if each.last is None else each.last.value,
         "" if each.slope is None else each.slope, each.indicator.amber, each.indicator.red]
        for each in study.warned
    ]  # fmt: skip
    return [head, *rows]
