"""Shares of spend, each with the interval that what is not known leaves: lowest if none of it counts, highest if all.

Everything is held in whole pennies. A supplier whose kind is only guessed (from its name) counts in the share, and not
in its lowest value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sroi.commissioning.spend.ledger import Whole, totals_by
from sroi.commissioning.spend.settings import Target

YES, GUESS, NO, NOT_KNOWN = 1, 2, 0, -1
Statuses = NDArray[np.int64]

MET, NOT_MET, CANNOT_BE_SAID = "met", "not met", "cannot be said"


def status(holds: bool | None, guess: bool = False) -> int:
    """Return whether a supplier belongs to a group: YES, GUESS (yes, by its name only), NO or NOT_KNOWN.

    >>> status(True), status(True, guess=True), status(False), status(None)
    (1, 2, 0, -1)
    """
    if holds is None:
        return NOT_KNOWN
    return (GUESS if guess else YES) if holds else NO


@dataclass(frozen=True)
class Share:
    """What of a total goes to a group [pennies]: surely, by guess, surely not, not known; and the ends it can have.

    `definition` says what the group is; a percentage is not comparable without it.
    """

    name: str
    title: str
    definition: str
    total: int
    sure: int
    guessed: int
    other: int
    unknown: int
    low: int
    high: int

    @property
    def pennies(self) -> int:
        """What goes to the group, guesses among it."""
        return self.sure + self.guessed

    def of_total(self, pennies: int) -> float | None:
        """Return a sum as a share of the total; None where the total is nil or less, and there is no share."""
        return pennies / self.total if self.total > 0 else None

    @property
    def share(self) -> float | None:
        """The group's share of the total."""
        return self.of_total(self.pennies)

    @property
    def unknown_share(self) -> float | None:
        """The share of which it is not known."""
        return self.of_total(self.unknown)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The lowest and the highest that the share can be."""
        low, high = self.of_total(self.low), self.of_total(self.high)
        return None if low is None or high is None else (low, high)

    def to_dict(self) -> dict[str, object]:
        """Return it for other programs, sums in the currency."""
        low, high = self.interval or (None, None)
        return {
            "name": self.name, "title": self.title, "definition": self.definition, "total": self.total / 100,
            "amount": self.pennies / 100, "of_it_guessed": self.guessed / 100, "not_in_it": self.other / 100,
            "not_known": self.unknown / 100, "share": self.share, "lowest": low, "highest": high,
            "not_known_share": self.unknown_share,
        }  # fmt: skip


def share_of(
    name: str, title: str, definition: str, statuses: Sequence[int] | Statuses, units: Whole, pennies: Whole
) -> Share:
    """Return the share of a group.

    Parameters: `statuses`, whether each unit (a supplier, or a supplier at a place) belongs to it; `units` and
    `pennies`, for each line its unit, from 0, and its sum. Credits are netted within a unit: one that is below nothing
    on balance lowers the lowest, not the highest.
    """
    by_unit = np.array(totals_by(units, pennies, len(statuses)), dtype=np.int64)
    each = np.asarray(statuses, dtype=np.int64)

    def summed(wanted: NDArray[np.bool_]) -> int:
        return int(by_unit[wanted].sum())

    sure, guessed, unknown = (summed(each == one) for one in (YES, GUESS, NOT_KNOWN))
    doubtful = by_unit[(each == GUESS) | (each == NOT_KNOWN)]
    low = sure + int(doubtful[doubtful < 0].sum())
    high = sure + int(doubtful[doubtful > 0].sum())
    return Share(name, title, definition, int(by_unit.sum()), sure, guessed, summed(each == NO), unknown, low, high)


@dataclass(frozen=True)
class TargetTest:
    """A target held against a share: met, not met, or that cannot be said; and what is missing to it [pennies].

    `missing` is what the share falls short by as it stands, 0 if it does not; `unsettled` is the sum on which it hangs.
    """

    target: Target
    share: Share
    verdict: str
    needed: int
    missing: int

    @property
    def unsettled(self) -> int:
        """The sum that is guessed or not known."""
        return self.share.high - self.share.low

    def to_dict(self) -> dict[str, object]:
        """Return it for other programs."""
        return {
            "id": self.target.id, "title": self.target.title, "target": float(self.target.share),
            "group": self.target.group, "verdict": self.verdict, "needed": self.needed / 100,
            "missing": self.missing / 100, "unsettled": self.unsettled / 100, "source": self.target.source,
            "of": self.share.to_dict(),
        }  # fmt: skip


def held_against(target: Target, share: Share) -> TargetTest:
    """Return a target's test: met if even the lowest share reaches it, not met if the highest does not.

    A share that is equal to the target meets it; the comparison is exact.
    """
    needed_exactly: Fraction = target.share * share.total
    needed = -(-needed_exactly.numerator // needed_exactly.denominator)
    if share.total <= 0:
        return TargetTest(target, share, CANNOT_BE_SAID, 0, 0)
    verdict = MET if share.low >= needed else NOT_MET if share.high < needed else CANNOT_BE_SAID
    return TargetTest(target, share, verdict, needed, max(needed - share.pennies, 0))


@dataclass(frozen=True)
class Part:
    """One part of a whole that is split: its name, its sum [pennies], the number of suppliers and of lines in it."""

    name: str
    pennies: int
    suppliers: int
    lines: int


def split(
    names: Sequence[str], units: Whole, suppliers: Whole, pennies: Whole, order: Sequence[str] = ()
) -> list[Part]:
    """Return the parts of a whole, in a given order or the largest first; together they are the whole, to the penny.

    Parameters: `names`, the part of each unit; `units`, `suppliers` and `pennies`, by line.
    """
    parts = list(dict.fromkeys([*order, *names]))
    place_of = {name: place for place, name in enumerate(parts)}
    of_unit = np.array([place_of[name] for name in names], dtype=np.int64)
    part_of_line = of_unit[units] if len(units) else np.zeros(0, dtype=np.int64)
    sums = totals_by(part_of_line, pennies, len(parts))
    lines = np.bincount(part_of_line, minlength=len(parts))
    most = int(suppliers.max()) + 1 if len(suppliers) else 1
    pairs = np.unique(part_of_line * most + suppliers) // most
    people = np.bincount(pairs, minlength=len(parts))
    found = [Part(name, sums[place], int(people[place]), int(lines[place])) for place, name in enumerate(parts)]
    found = [part for part in found if part.lines]
    return found if order else sorted(found, key=lambda part: -part.pennies)
