"""A study of a profile on made-up bids, before a tender: what its weights and formulas would do.

A `Study` is no `Evaluation`, and shares no class with one: no function that evaluates or explains an award takes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sroi.commissioning.bids.chances import Chances, chances_of_being_first
from sroi.commissioning.bids.made_up import make_up_bids
from sroi.commissioning.bids.offers import MadeUpBids, Offer
from sroi.commissioning.bids.profile import Criterion, Profile
from sroi.commissioning.bids.scoring import Standing, first, out_by_itself, score, value_of
from sroi.commissioning.bids.weightings import (
    Weightings,
    WeightMove,
    only_made_up,
    utilities,
    weight_moves,
    weightings,
)
from sroi.errors import MethodRefused, Problem

SMALL_MOVE = Fraction(5, 100)
MOST_TURNS = 2_000


@dataclass(frozen=True)
class Dropped:
    """What taking one bid away does to the others: the order of which changes, and who is first."""

    bidder: str
    order_changes: bool
    first_before: tuple[str, ...]
    first_after: tuple[str, ...]

    @property
    def first_changes(self) -> bool:
        """Whether, the dropped bid not being first itself, another is first without it."""
        return self.bidder not in self.first_before and self.first_before != self.first_after


@dataclass(frozen=True)
class Turns:
    """What happened over many sets of made-up bids: counts of sets, and means of points.

    `moved` counts the sets in which five points more or less on one weight put another bid first; `paradoxes` those in
    which a bid that was not first, taken away, changed who was. `spread` is the mean distance, in points, between the
    best and the least of a set, by criterion: what the criterion really decides.
    """

    count: int
    ties: int
    moved: int
    paradoxes: int
    reordered: int
    nobody: int
    spread: Mapping[str, float]


@dataclass(frozen=True)
class Study:
    """A profile tried out on made-up bids: one set in full, and counts over many (None for a set of your own)."""

    profile: Profile
    made_up: MadeUpBids
    seed: int
    standings: tuple[Standing, ...]
    moves: tuple[WeightMove, ...]
    weightings: Weightings
    chances: Chances
    dropped: tuple[Dropped, ...]
    turns: Turns | None


def study_profile(profile: Profile, bids: int = 4, seed: int = 0, turns: int = 100) -> Study:
    """Return a study of a profile on bids that the program makes up: one set in full, and `turns` sets counted."""
    if not 1 <= turns <= MOST_TURNS:
        raise MethodRefused(Problem(f"{turns} sets of bids cannot be tried", f"Give a number from 1 to {MOST_TURNS}."))
    made_up = make_up_bids(profile, bids, seed)
    return _study(profile, made_up, seed, _turns(profile, bids, seed, turns))


def study_made_up(profile: Profile, made_up: MadeUpBids, seed: int = 0) -> Study:
    """Return a study of a profile on made-up bids of your own; MethodRefused for real ones."""
    only_made_up(made_up)
    return _study(profile, made_up, seed, None)


def _study(profile: Profile, made_up: MadeUpBids, seed: int, turns: Turns | None) -> Study:
    standings = score(profile, made_up.offers)
    lines = utilities(profile, made_up, standings)
    return Study(
        profile, made_up, seed, standings, weight_moves(lines), weightings(lines, seed),
        chances_of_being_first(profile, made_up, seed, standings=standings),
        drop_each(profile, made_up, standings), turns,
    )  # fmt: skip


def _turns(profile: Profile, bids: int, seed: int, count: int) -> Turns:
    counted: Counter[str] = Counter()
    spread = dict.fromkeys((criterion.id for criterion in profile.criteria), 0.0)
    for turn in range(count):
        made_up = make_up_bids(profile, bids, seed, turn)
        standings = score(profile, made_up.offers)
        leading = first(standings)
        moves = weight_moves(utilities(profile, made_up, standings))
        dropped = drop_each(profile, made_up, standings)
        counted["ties"] += len(leading) > 1
        counted["nobody"] += not leading
        counted["moved"] += any(move.nearest is not None and move.nearest < SMALL_MOVE for move in moves)
        counted["paradoxes"] += any(each.first_changes for each in dropped)
        counted["reordered"] += any(each.order_changes for each in dropped)
        for name in spread:
            points = [float(standing.points[name]) for standing in standings]
            spread[name] += (max(points) - min(points)) / count
    return Turns(count, counted["ties"], counted["moved"], counted["paradoxes"], counted["reordered"],
                 counted["nobody"], spread)  # fmt: skip


# ---- the ranking paradox ----


def drop_each(profile: Profile, made_up: MadeUpBids, standings: Sequence[Standing]) -> tuple[Dropped, ...]:
    """Return what taking each bid away does to the others: with relative formulas, it can change their order.

    Only a bid that alone sets a lowest price or a highest value can do so; the others are not scored again.
    """
    offers = only_made_up(made_up)
    # As in `score`: a bid that is out by itself sets no best, unless all are.
    held = [offer for offer in offers if not out_by_itself(profile, offer)] or offers
    setters = _sole_holders(profile, held)
    found = []
    for standing in standings:
        name = standing.bidder
        before = [each for each in standings if each.bidder != name]
        after: Sequence[Standing] = before
        if name in setters and len(offers) > 1:
            after = score(profile, [offer for offer in offers if offer.bidder.id != name])
        old, new = _order(before), _order(after)
        found.append(Dropped(name, old != new, first(standings), new[0] if new else ()))
    return tuple(found)


def _order(standings: Sequence[Standing]) -> list[tuple[str, ...]]:
    """Return who is in, from the first down, those in a tie together."""
    groups: dict[int, list[str]] = {}
    for standing in standings:
        if standing.rank is not None:
            groups.setdefault(standing.rank, []).append(standing.bidder)
    return [tuple(groups[rank]) for rank in sorted(groups)]


def _sole_holders(profile: Profile, offers: Sequence[Offer]) -> set[str]:
    holders = set()
    for criterion in profile.relative:
        for values in _held(profile, criterion, offers):
            best = min(values.values()) if criterion.kind == "price" else max(values.values())
            holding = [name for name, value in values.items() if value == best]
            holders |= set(holding) if len(holding) == 1 else set()
    return holders


def _held(profile: Profile, criterion: Criterion, offers: Sequence[Offer]) -> list[dict[str, Fraction]]:
    if criterion.kind == "price":
        return [{offer.bidder.id: offer.bidder.price for offer in offers}]
    if criterion.method == "weighted_sum":
        return [
            {offer.bidder.id: offer.quantity(measure.id) for offer in offers}
            for measure in profile.measures_of(criterion)
        ]
    return [{offer.bidder.id: value_of(profile, criterion, offer) for offer in offers}]
