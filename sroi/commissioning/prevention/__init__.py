"""Prevention: what did not happen, who pays for it and who saves, and what shows early that something goes wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sroi.commissioning.prevention.study import PreventionStudy


def read_and_study(prevention: str | Path, value_map: str | Path = "", on: str = "") -> PreventionStudy:
    """Return the case in a filled form worked out.

    Parameters: `value_map`, a map into which it is put; `on`, a day (2026-03-31) after which readings are not looked
    at; both may be left empty. Raises FileRefused, ImpossibleMap, MethodRefused or NameRefused with every fault.
    """
    from sroi.commissioning.prevention.reading import read_prevention
    from sroi.commissioning.prevention.study import study_prevention
    from sroi.files.value_maps import read_value_map

    base = read_value_map(value_map) if value_map else None
    return study_prevention(read_prevention(prevention, base), base, _day(on))


def _day(written: str) -> date | None:
    from sroi.errors import NameRefused, Problem
    from sroi.reading import read_day

    if not written:
        return None
    try:
        return read_day(written)
    except ValueError:
        found = f"'{str(written)[:40]}' is no day"
        raise NameRefused(Problem(found, "Write it as 2026-03-31.")) from None
