"""How strong a study's design is: the Maryland Scientific Methods Scale, level by level, with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sroi.evidence.shipped_tables import shipped_rows


@dataclass(frozen=True)
class DesignStrength:
    """One level of the scale, 1 (weakest) to 5: its label, its words, and where they come from.

    `remarks` says where the sources disagree, `verification_level` is A (seen at the publisher) or B (secondary).
    """

    level: int
    label: str
    words: str
    scale: str
    source: str
    verification_level: str
    remarks: str

    def __str__(self) -> str:
        """Return the level in one phrase, without its source."""
        return f"{self.scale} level {self.level} of 5 ({self.label.lower()}): {self.words[0].lower()}{self.words[1:]}"


@cache
def maryland_scale() -> tuple[DesignStrength, ...]:
    """Return the five levels, weakest first.

    >>> [(level.level, level.label) for level in maryland_scale()][:2]
    [(1, 'Weakest'), (2, 'Weak')]
    """
    return tuple(
        DesignStrength(
            int(row["level"]), row["label"], row["description"], row["scale"], row["source_title"],
            row["verification_level"], row["notes"],
        )
        for row in shipped_rows("maryland_scale.csv")
    )  # fmt: skip
