"""How a discount rate is written in a map: a rate, or the name of a published schedule."""

from __future__ import annotations

import re
from typing import Annotated, Any

from sroi import reading
from sroi.errors import did_you_mean
from sroi.evidence.schedules import schedule_names
from sroi.reading import WRITTEN_NUMBER, Reads, misread, read_number, shown

_LISTED = "the name of a schedule (`sroi rates` lists them)"


def is_name(raw: Any) -> bool:
    """Say whether something written where a rate belongs is meant as the name of a schedule.

    >>> is_name("uk_green_book"), is_name("3.5%"), is_name(0.035)
    (True, False, False)
    """
    words = isinstance(raw, str) and re.match(r"\s*[a-zA-Z_]", raw) and raw.strip().lower() not in ("nan", "inf")
    return bool(words)


def read_schedule(raw: Any) -> Any:
    """Return the name of a schedule; what is none is refused, with the nearest."""
    if not isinstance(raw, str) or raw.strip() in schedule_names():
        return raw.strip() if isinstance(raw, str) else raw
    near = did_you_mean(raw.strip(), schedule_names(), "") or ""
    remedy = f"{near} Give a rate such as 3.5%, or {_LISTED}."
    raise misread(f"{shown(raw)} is neither a rate nor a schedule that is known", remedy.strip())


def read_own_rate(raw: Any) -> float | str:
    """Return an outcome's own discount rate: a flat rate 0-1 or the name of a schedule.

    >>> read_own_rate("1.5%"), read_own_rate("uk_green_book_health")
    (0.015, 'uk_green_book_health')
    """
    if is_name(raw):
        return str(read_schedule(raw))
    if isinstance(raw, dict | list | tuple):
        found = "a range or rates by year stand where an outcome's own discount rate belongs"
        raise misread(found, f"Give one rate such as 1.5%, or {_LISTED}.")
    return read_number(raw, reading.RATE)


def _names() -> dict[str, Any]:
    return {"enum": list(schedule_names())}


ScheduleName = Annotated[str, Reads(read_schedule, _names)]
OwnRate = Annotated[float | str, Reads(read_own_rate, lambda: {"anyOf": [*WRITTEN_NUMBER["anyOf"], _names()]})]
