"""Values that may not be passed on: which a map holds, the question about them, and the gate before what leaves.

A report is refused whole, and not with a value blacked out: from a sum, a quantity and the deductions anybody could
work out what the blacked value was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sroi.errors import LicenceRefused, Problem
from sroi.evidence.licences import closed_work
from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome, Proxy

ALLOW = "--allow-private"


@dataclass(frozen=True)
class PrivateValue:
    """A value that may not be passed on: the outcome, its place in the map's list, and why."""

    outcome: Outcome
    place: int
    why: str


def private_values(impact_map: ImpactMap) -> Iterator[PrivateValue]:
    """Yield the values of a map that may not be passed on, whether they count or not.

    They are those whose proxy says `passing_on: no`, and those whose source, licence or register names a work that is
    known not to be passed on, unless the proxy says `passing_on: yes`.
    """
    for place, outcome in enumerate(impact_map.outcomes):
        proxy = outcome.proxy
        if proxy is None or proxy.value is None or proxy.passing_on:
            continue
        if proxy.passing_on is False:
            yield PrivateValue(outcome, place, "the map says passing_on: no")
        elif (work := closed_work(*_texts(proxy))) is not None:
            yield PrivateValue(outcome, place, f"it comes from {work}, whose values may not be passed on")


def _texts(proxy: Proxy) -> Iterator[str | None]:
    """Yield every text of a proxy in which its source may be named."""
    yield from (proxy.source, proxy.licence, proxy.register_id, proxy.description, proxy.valuation_method)
    yield from (proxy.acknowledgement,)
    if proxy.value is not None:
        for part in (proxy.value, *proxy.value.parts()):
            yield from (part.source, part.note)


def refuse_private(impact_map: ImpactMap, what: str, allowed: bool = False) -> None:
    """Let a map pass whose values may leave, or whose holder says so; else LicenceRefused, with every outcome named.

    Parameters: `what` would leave, such as "a report"; `allowed`, whether its holder says that a licence allows it.
    """
    if allowed:
        return
    origin = impact_map.origin
    problems = []
    for private in private_values(impact_map):
        place = origin.place(("outcomes", private.place, "proxy")) if origin is not None else None
        remedy = (
            "Take an open value instead (`sroi proxies search`). If your licence allows it to be passed on, say "
            f"passing_on: yes in the proxy, or {ALLOW}."
        )
        problems.append(
            Problem(
                f"{what} would pass on the value of '{private.outcome.label}', but {private.why}",
                remedy,
                f"{private.outcome.id}.proxy",
                place if isinstance(place, int) else None,
                cell=place if isinstance(place, str) else "",
            )
        )
    if problems:
        raise LicenceRefused(problems, origin.file if origin is not None else "")
