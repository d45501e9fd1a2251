"""Value by place for other programs: plain Python, null where there is no figure."""

from __future__ import annotations

from typing import Any

from sroi.commissioning.place.naming import Known
from sroi.commissioning.place.pooling import STATES
from sroi.commissioning.place.study import PlaceStudy


def study_document(study: PlaceStudy) -> dict[str, Any]:
    """Return value by place as it was worked out."""
    found = study.together
    return {
        "title": study.settings.title,
        "source": study.source,
        "projects": len(study.projects),
        "by_place": [
            {
                **_known(each.known),
                "currency": each.currency,
                "price_year": each.price_year,
                "projects": list(each.projects),
                "organisations": list(each.organisations),
                "present_value": each.present_value,
                "at_stake": each.at_stake,
                "counted_once": each.counted_once,
                "population": each.known.population,
                "per_head": each.per_head,
            }
            for each in study.values
        ],
        "by_region": [
            {
                "region": each.region,
                "nation": each.nation,
                "currency": each.currency,
                "places": each.places,
                "present_value": each.present_value,
                "counted_once": each.counted_once,
            }
            for each in study.regions
        ],
        "delivered": [
            {
                "place": each.known.name,
                "measure": each.measure,
                "unit": each.unit,
                **dict(zip(STATES, each.by_state, strict=True)),
            }
            for each in study.quantities
        ],
        "not_matched": [{"written": each.written, "nearest": list(each.nearest)} for each in study.unknown],
        "value_beside_need": {
            "places": found.places,
            "rank_correlation": found.rank,
            "by_chance": found.by_chance,
            "per_head": found.per_head,
        },
        "failed": [{"source": each.source, "error": each.error} for each in study.failed],
    }


def _known(known: Known) -> dict[str, Any]:
    place, authority = known.place, known.authority
    deprived = place.deprivation if place is not None else None
    before = place.deprivation_2019 if place is not None else None
    return {
        "place": known.name or None,
        "code": place.code if place is not None else None,
        "within": authority.name if authority is not None and place is None else None,
        "region": authority.region if authority is not None else None,
        "nation": authority.nation if authority is not None else None,
        "imd2025_rank": deprived.rank if deprived is not None else None,
        "imd2019_rank": before.rank if before is not None else None,
        "deprived_share": known.deprived_share,
    }
