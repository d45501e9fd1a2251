"""What changed since an earlier version of the map, as rows and as sentences."""

from __future__ import annotations

from sroi.assurance.trail import Row
from sroi.comparison import WhatChanged

CHANGES = ("kind", "section", "name", "what", "was", "now")
CAUSES = ("cause", "adds_to_the_ratio", "was", "now")


def change_rows(found: WhatChanged) -> list[Row]:
    """Return everything in which the two versions differ."""
    return [(each.kind, each.section, each.name, each.label, each.was, each.now) for each in found.differences]


def cause_rows(found: WhatChanged) -> list[Row]:
    """Return by what each cause changed the ratio; they add up to its change."""
    return [(cause.heading, cause.contribution, cause.was, cause.now) for cause in found.causes]


def change_lines(found: WhatChanged) -> list[str]:
    """Return the change in sentences."""
    count = len(found.differences)
    number = "nothing else differs" if not count else f"{count} difference{'' if count == 1 else 's'} in all"
    return [*found.sentences(), f"In CHANGES.csv: {number}."]
