"""Value beside need: whether places with more need hold more value, said with care."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sroi import wording
from sroi.formulas import Array

FEWEST = 5  # places, of which anything is said
_SHUFFLES = 10_000
_SEED = 0
_HARDLY_CHANCE = 0.05


@dataclass(frozen=True)
class Together:
    """How value and need go together over `places`: Spearman's rank correlation, None where it cannot be said.

    `by_chance`: the share of shuffles in which it would be as strong or stronger. `per_head`: whether the value was
    divided by population.
    """

    places: int
    rank: float | None
    by_chance: float | None
    per_head: bool

    @property
    def words(self) -> str:
        """The finding in sentences, and what it does not say."""
        if self.rank is None or self.by_chance is None:
            if self.places < FEWEST:
                return f"Too few places with both figures ({self.places}) to say whether value goes where need is."
            return "The places are alike in value or in need, so nothing can be said of the two together."
        measure = "value for each resident" if self.per_head else "value"
        figure = f"rank correlation {wording.plain(round(self.rank, 2) + 0.0)}"
        if self.by_chance > _HARDLY_CHANCE:
            found = f"{measure} and need show no clear pattern ({figure}; above 0 is more value where need is greater)"
        else:
            way = "more" if self.rank > 0 else "less"
            found = f"those with more neighbourhoods in the most deprived tenth hold {way} {measure} ({figure})"
        size = (
            ""
            if self.per_head
            else " Larger places hold more value whatever their need: populations would take that out."
        )
        return (
            f"Over {self.places} places, {found}. Shuffled at random, as strong a figure comes up in "
            f"{wording.chance_words(self.by_chance)} of cases. It describes these places alone: it does not show that "
            f"need is why value is there, nor that it reaches those in need within them.{size}"
        )


def together(value: Sequence[float], need: Sequence[float], per_head: bool = False) -> Together:
    """Return how value and need (a larger figure is more need) go together over places.

    Ties share their mean rank. 10,000 shuffles with seed 0: the same figures give the same answer.

    >>> together([1, 2, 3, 4, 5], [0.1, 0.2, 0.3, 0.4, 0.5]).rank
    1.0
    """
    count = len(value)
    if count < FEWEST or count != len(need):
        return Together(count, None, None, per_head)
    ours, theirs = _centred_ranks(np.asarray(value, float)), _centred_ranks(np.asarray(need, float))
    spread = float(np.sqrt((ours**2).sum() * (theirs**2).sum()))
    if spread == 0.0:
        return Together(count, None, None, per_head)
    rank = float(np.clip(ours @ theirs / spread, -1.0, 1.0))
    generator = np.random.default_rng(_SEED)
    shuffled = generator.permuted(np.broadcast_to(theirs, (_SHUFFLES, count)), axis=1) @ ours / spread
    # The arrangement that was found is one of them: the share is never nothing.
    as_strong = int((np.abs(shuffled) >= abs(rank) - 1e-12).sum())
    return Together(count, rank, (as_strong + 1) / (_SHUFFLES + 1), per_head)


def _centred_ranks(values: Array) -> Array:
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(len(values), dtype=float)
    _, group = np.unique(values, return_inverse=True)
    means = np.bincount(group, ranks) / np.bincount(group)
    shared: Array = means[group]
    return np.asarray(shared - shared.mean())
