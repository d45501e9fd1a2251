"""A case for prevention for other programs: plain Python, null where there is no figure."""

from __future__ import annotations

from typing import Any

from sroi.commissioning.prevention.averting import Averted
from sroi.commissioning.prevention.nouns import Ranged
from sroi.commissioning.prevention.purses import Purse, first_year_in_credit
from sroi.commissioning.prevention.questions import answers
from sroi.commissioning.prevention.study import PreventionStudy
from sroi.commissioning.prevention.warning import Warned


def study_document(study: PreventionStudy) -> dict[str, Any]:
    """Return a case that was worked out; the value map's own result stands under `result`."""
    from sroi.provenance import document

    return {
        "title": study.case.setting.title,
        "averted": [_averted(each) for each in study.averted],
        "purses": [_purse(each) for each in study.purses],
        "years": list(study.pockets.years),
        "early_signs": [_warned(each) for each in study.warned],
        "harms": [{"harm": each.harm, "found": each.found} for each in study.case.harms],
        "questions": [
            {"question": each.question, "state": each.state, "said": list(each.said), "open": list(each.open)}
            for each in answers(study)
        ],
        "interval": None if study.interval is None else list(study.interval),
        "result": document(study.impact_map, study.result),
        "notes": list(study.case.notes),
    }


def _ranged(number: Ranged) -> dict[str, float]:
    return {"value": number.value, "low": number.low, "high": number.high}


def _averted(found: Averted) -> dict[str, Any]:
    return {
        "event": found.event.id,
        **_ranged(found.total),
        "is_harm": found.is_harm,
        "without_trend": found.without_trend,
        "by_chance": found.by_chance,
        "by_year": [
            {
                "year": each.year,
                "exposed": each.exposed,
                "by_baseline": _ranged(each.by_baseline),
                "happened": _ranged(each.happened),
                "counted": each.counted,
                "averted": _ranged(each.averted),
            }
            for each in found.years
        ],
    }


def _purse(each: Purse) -> dict[str, Any]:
    by_year = {name: [float(amount) for amount in getattr(each, name)] for name in ("paid", "cash", "capacity", "net")}
    present = {name: float(getattr(each, f"{name}_present")) for name in by_year}
    return {
        "body": each.name,
        "by_year": by_year,
        "present_value": present,
        "first_year_in_credit": first_year_in_credit(each),
    }


def _warned(found: Warned) -> dict[str, Any]:
    last = found.last
    return {
        "id": found.indicator.id,
        "state": found.state,
        "trend": found.trend,
        "readings": found.readings,
        "last": None if last is None else {"day": last.day.isoformat(), "value": last.value},
        "slope": found.slope,
    }
