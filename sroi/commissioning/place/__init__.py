"""Value by place: maps, portfolios and registers pooled over organisations, beside need, people counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sroi.commissioning.place.study import PlaceStudy


def study_places(
    place: str | Path | Sequence[str | Path] = "",
    settings: str | Path = "",
    boundaries: str | Path = "",
    boundary_property: str = "",
    price_year: str = "",
    registers: str | Path | Sequence[str | Path] = "",
) -> PlaceStudy:
    """Return value by place worked out.

    Parameters: `place`, a folder of value maps (or of a finished batch), or value maps, in a list or with semicolons
    between them; `settings`, a filled form; `boundaries`, a GeoJSON file, and the property in it that names the places;
    `price_year`, in which sums are added up (empty: the one to which most can be brought); `registers`, delivery
    registers, named as the maps are. Raises FileRefused,
    ImpossibleMap or NameRefused with every fault.
    """
    from sroi.commissioning.place.gathering import gathered_of, listed
    from sroi.commissioning.place.settings import Settings, read_settings
    from sroi.commissioning.place.study import study_gathered

    given = read_settings(settings) if settings else Settings()
    if registers:
        from sroi.commissioning.place.registers import read_deliveries

        given = replace(given, deliveries=(*given.deliveries, *read_deliveries(listed(registers))))
    study, names = study_gathered(gathered_of(place, bool(given.deliveries)), given, price_year)
    if not boundaries:
        return study
    from sroi.commissioning.place.boundaries import read_boundaries

    wanted = [each.name for each in study.known]
    return replace(study, boundaries=read_boundaries(boundaries, names.name_of, wanted, boundary_property))
