"""What a planted fault is: its kind, where it may be planted, and how the program itself finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome
from sroi.questions.asking import counted, is_organisation
from sroi.reading import read_number
from sroi.teaching.trees import Tree, kind_of_field

PRACTICE, ARITHMETIC, WORKBOOK = "practice", "arithmetic", "workbook"

# Stands for a finding where the reader refuses the file.
REFUSED = "refused"

Spots = Callable[[ImpactMap], list[str]]
Put = Callable[[Tree, str, np.random.Generator], None]


@dataclass(frozen=True)
class FaultKind:
    """A kind of fault that real maps contain.

    `sort` is practice or arithmetic; `level` the first level at which it is planted; `explains` what is wrong with it
    and why it matters, for whoever made it; `found_by` the kinds of finding by which the program finds it, none where
    the reader refuses the file; `words` a pattern of words by which people name it. `spots` returns the ids at which it
    may stand in a sound map ("" for the map as a whole), `put` plants it into a tree at one of them.
    """

    name: str
    heading: str
    sort: str
    level: int
    explains: str
    found_by: tuple[str, ...]
    words: str
    spots: Spots
    put: Put

    @property
    def impossible(self) -> bool:
        """Whether the reader refuses a map with this fault."""
        return not self.found_by


@dataclass(frozen=True)
class Planted:
    """A fault planted in a team's map.

    `where` is the name of the number or part that is wrong (`gp_visits.attribution`), `touched` every name that the
    planting changed; `finding` and `found_at` the kind of finding by which the program finds it and that finding's own
    place, `says` its words; `was` and `now` the right value and the planted one, in words.
    """

    kind: str
    where: str
    touched: tuple[str, ...]
    finding: str
    found_at: str
    says: str
    was: str
    now: str


# ---- where faults may stand ----


def whole(chart: ImpactMap) -> list[str]:
    """Return the one spot of a fault of the map as a whole."""
    return [""]


def outcomes_where(holds: Callable[[Outcome], bool]) -> Spots:
    """Return a rule that names the outcomes that count and of which something holds."""
    return lambda chart: [outcome.id for _, outcome in counted(chart) if holds(outcome)]


def share_of(outcome: Outcome, name: str) -> float:
    """Return a deduction or drop-off of an outcome, 0 where it is left out."""
    number = getattr(outcome, name)
    return max(number.years) if number is not None else 0.0


def is_gain(outcome: Outcome) -> bool:
    """Say whether an outcome has a price of its own, above zero."""
    value = outcome.proxy.value if outcome.proxy is not None else None
    return value is not None and min(value.years) > 0


def is_loss(outcome: Outcome) -> bool:
    """Say whether an outcome has a price of its own, below zero."""
    value = outcome.proxy.value if outcome.proxy is not None else None
    return value is not None and max(value.years) < 0


def years_of(outcome: Outcome) -> float:
    """Return how many years an outcome lasts."""
    return max(outcome.duration.years) if outcome.duration is not None else 1.0


def people_who_change(chart: ImpactMap) -> list[str]:
    """Return the ids of people, not organisations, for whom outcomes count."""
    ids = dict.fromkeys(outcome.stakeholder for _, outcome in counted(chart))
    return [name for name in ids if not is_organisation(chart.stakeholder_by_id[name].label)]


# ---- how a tree is changed ----


def share_in(outcome: Tree, name: str) -> float:
    """Return a share of an outcome in a tree, 0 where it has none of its own."""
    raw = outcome.get(name, 0)
    value = raw.get("value", 0) if isinstance(raw, dict) else raw
    return read_number(value, kind_of_field(name))


def people(tree: Tree) -> Iterator[Tree]:
    """Yield the stakeholders of a tree."""
    yield from tree["stakeholders"]


def held_words(held: str) -> str:
    """Return what a cell holds as words: a formula is called one, so that it is read and never reckoned.

    >>> held_words("=SUM(O8:O14)"), held_words("0.25")
    ('formula =SUM(O8:O14)', '0.25')
    """
    return f"formula {held}" if held.startswith("=") else held
