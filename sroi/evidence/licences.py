"""Licences: what may travel with the program, what may only be cited, and what may not be passed on at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sroi.evidence.shipped_tables import shipped_rows

# How works that may not be passed on are called in a source, a licence or a register's id. Names that are everyday
# words too count only as they are written.
CLOSED_NAMES = {
    "HACT UK Social Value Bank": r"\bHACT\b|UK Social Value Bank|\bhact_|^hact",
    "National TOMs": r"\bTOMs\b|\bTOMS\b|\btoms_|\b[Tt]hemes,? [Oo]utcomes (?:and|&) [Mm]easures|Social Value Portal",
    "Social Value Engine": r"(?i:social[ _]value[ _]engine)",
    "Global Value Exchange": r"(?i:global[ _]value[ _]exchange|globalvaluexchange|globalvalueexchange)",
    "Australian Social Value Bank": r"(?i:australian social value bank)|\bASVB\b",
}
# Every text that names one of them holds one of these: a look at them spares the rest.
MARKS = ("hact", "toms", "social value", "social_value", "global", "themes", "asvb")


@dataclass(frozen=True)
class Resource:
    """A work, or a publisher's works: the licence, whether it may be shipped (yes, importer, cite, no), and why."""

    resource: str
    publishers: tuple[str, ...]
    licence: str
    ship: str
    acknowledgement: str
    evidence: str
    notes: str


@cache
def resources() -> tuple[Resource, ...]:
    """Return every work whose licence has been looked at, from the program's own list."""
    return tuple(
        Resource(
            row["resource"], tuple(name.strip() for name in row["publishers"].split(";")), row["licence"], row["ship"],
            row["acknowledgement"], row["evidence"], row["notes"],
        )
        for row in shipped_rows("licences.csv")
    )  # fmt: skip


def may_ship(publisher: str, licence: str) -> bool:
    """Say whether values of a publisher under a licence are on the list of those that may travel with the program.

    >>> may_ship("Home Office", "Open Government Licence v3.0"), may_ship("Home Office", "all rights reserved")
    (True, False)
    """
    return any(
        resource.ship == "yes" and publisher in resource.publishers and licence.startswith(resource.licence)
        for resource in resources()
    )


def closed_work(*texts: str | None) -> str | None:
    """Return the name of a work that may not be passed on, if one of the texts names it.

    >>> closed_work("HACT, UK Social Value Bank, 2018"), closed_work("NHS cost book, 2006")
    ('HACT UK Social Value Bank', None)
    """
    for text in texts:
        if text and any(mark in text.lower() for mark in MARKS):
            for name, pattern in CLOSED_NAMES.items():
                if re.search(pattern, text):
                    return name
    return None
