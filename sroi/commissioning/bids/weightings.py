"""How far a ranking hangs on the weights: how far each may move, and under what share of all weightings each is first.

Only made-up bids are looked at: with real ones, it would say which weight to touch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from sroi.commissioning.bids.formulas import ONE, ZERO
from sroi.commissioning.bids.offers import MadeUpBids, Offer
from sroi.commissioning.bids.profile import Profile
from sroi.commissioning.bids.scoring import Standing, score
from sroi.errors import MethodRefused, Problem
from sroi.formulas import Array


@dataclass(frozen=True)
class Utilities:
    """Bids as lines in the weights: the merit of bid b under weights w is the sum of w x `by_bidder[b]`.

    Every way of making a total is such a line: points; points for each unit of price; what the points are worth less
    the price. `weights` are the profile's, of all that is weighed, and make 1.
    """

    criteria: tuple[str, ...]
    weights: tuple[Fraction, ...]
    by_bidder: Mapping[str, tuple[Fraction, ...]]


@dataclass(frozen=True)
class WeightMove:
    """How far one weight may move, the others keeping their proportions, before another bid is first.

    `down` and `up` are the weights at which it ties with `down_to` and `up_to`; None where none ever does.
    """

    criterion: str
    weight: Fraction
    down: Fraction | None
    down_to: str
    up: Fraction | None
    up_to: str

    @property
    def nearest(self) -> Fraction | None:
        """The smaller of the two moves."""
        moves = [abs(end - self.weight) for end in (self.down, self.up) if end is not None]
        return min(moves) if moves else None


@dataclass(frozen=True)
class Weightings:
    """The share of all weightings under which each bid is first; exact for two bids, else from draws with a seed."""

    shares: Mapping[str, float]
    method: str
    draws: int
    seed: int
    standard_error: float


def only_made_up(made_up: MadeUpBids) -> tuple[Offer, ...]:
    """Return the offers of made-up bids; MethodRefused for any others: real bids are never studied."""
    if not isinstance(made_up, MadeUpBids):
        found = "these bids are not made up, and real bids are never studied"
        raise MethodRefused(Problem(found, "How far a ranking would move is looked at beforehand, on made-up bids."))
    return made_up.offers


def utilities(profile: Profile, made_up: MadeUpBids, standings: Sequence[Standing] = ()) -> Utilities:
    """Return the ranked bids as lines in the weights, by their exact shares of full marks."""
    offers = only_made_up(made_up)
    prices = {offer.bidder.id: offer.bidder.price for offer in offers}
    full = profile.full_points
    whole = sum(full.values(), ZERO)
    weights = tuple(full[criterion.id] / whole for criterion in profile.criteria)
    each = profile.tender.willingness_to_pay or ZERO

    def line(standing: Standing) -> tuple[Fraction, ...]:
        shares, price = [standing.shares[criterion.id] for criterion in profile.criteria], prices[standing.bidder]
        method = profile.tender.total
        if method == "weighted_sum":
            return tuple(whole * share for share in shares)
        if method == "price_per_quality_point":
            return tuple(whole * share / price for share in shares)
        worth = whole if method == "value_net_of_quality_price" else whole * each
        return tuple(worth * share - price for share in shares)

    within = [each for each in standings or score(profile, offers) if not each.set_aside]
    return Utilities(
        tuple(criterion.id for criterion in profile.criteria), weights, {each.bidder: line(each) for each in within}
    )


def weight_moves(lines: Utilities) -> tuple[WeightMove, ...]:
    """Return how far each weight may move before another bid is first; exact, since every merit is a line.

    With the others in proportion, the lead over a bid at weight x is x a + (1 - x) b, which is nothing at b / (b - a).
    Nothing is returned where no bid leads alone.
    """
    merits = {name: _merit(lines.weights, line) for name, line in lines.by_bidder.items()}
    leaders = [name for name, merit in merits.items() if merit == max(merits.values())]
    if len(leaders) != 1 or len(merits) < 2:
        return ()
    leader = lines.by_bidder[leaders[0]]
    moves = []
    for place, weight in enumerate(lines.weights):
        if weight == 1:
            moves.append(WeightMove(lines.criteria[place], weight, None, "", None, ""))
            continue
        crossings = []
        for name, line in lines.by_bidder.items():
            ahead = tuple(mine - theirs for mine, theirs in zip(leader, line, strict=True))
            rest = (_merit(lines.weights, ahead) - weight * ahead[place]) / (1 - weight)
            if name != leaders[0] and rest != ahead[place] and 0 <= (at := rest / (rest - ahead[place])) <= 1:
                crossings.append((at, name))
        down = max((each for each in crossings if each[0] < weight), default=(None, ""), key=lambda each: each[0])
        up = min((each for each in crossings if each[0] > weight), default=(None, ""), key=lambda each: each[0])
        moves.append(WeightMove(lines.criteria[place], weight, *down, *up))
    return tuple(moves)


def _merit(weights: Sequence[Fraction], line: Sequence[Fraction]) -> Fraction:
    return sum((weight * each for weight, each in zip(weights, line, strict=True)), ZERO)


# ---- all weightings at once ----


def weightings(lines: Utilities, seed: int = 0, draws: int = 20_000) -> Weightings:
    """Return under what share of all weightings each bid is first, every weighting being as likely as another.

    Two bids: the exact volume of the simplex on each side of the line between them. More: draws, evenly over the
    simplex; a tie is split.
    """
    names = list(lines.by_bidder)
    if len(names) < 2:
        return Weightings(dict.fromkeys(names, 1.0), "exact", 0, seed, 0.0)
    if len(names) == 2:
        one, other = (lines.by_bidder[name] for name in names)
        ahead = [mine - theirs for mine, theirs in zip(one, other, strict=True)]
        behind = Fraction(1, 2) if not any(ahead) else simplex_share_below(ahead)
        return Weightings({names[0]: float(1 - behind), names[1]: float(behind)}, "exact", 0, seed, 0.0)
    random = np.random.default_rng([seed, 1])
    # Exponential draws over their sum are even over the simplex; the sum moves no bid past another.
    drawn = random.standard_exponential((draws, len(lines.criteria)))
    merits = drawn @ np.array([[float(each) for each in line] for line in lines.by_bidder.values()]).T
    shares = shares_first(merits)
    return Weightings(
        dict(zip(names, shares.tolist(), strict=True)), "simulation", draws, seed, _largest_error(shares, draws)
    )


def _largest_error(shares: Array, draws: int) -> float:
    return float(np.sqrt((shares * (1 - shares)).max(initial=0.0) / draws))


def shares_first(merits: Array) -> Array:
    """Return the share of draws in which each column is the highest, a tie split; shape (draw, bid) to (bid,)."""
    highest = merits.max(axis=1, keepdims=True)
    ahead = merits >= highest - 1e-12 * np.abs(highest)
    return np.asarray((ahead / ahead.sum(axis=1, keepdims=True)).mean(axis=0))


def simplex_share_below(heights: Sequence[Fraction]) -> Fraction:
    """Return the share of the simplex on which the sum of weight x height is below 0 (Varsi 1973), exactly.

    Half of the line from 1 to -1 is below 0; of 2 w1 - w2, where w1 is below a third:

    >>> simplex_share_below([Fraction(1), Fraction(-1)]), simplex_share_below([Fraction(2), Fraction(-1)])
    (Fraction(1, 2), Fraction(1, 3))
    """
    above = [height for height in heights if height >= 0]
    below = [height for height in heights if height < 0]
    parts = [ONE] + [ZERO] * len(below)
    for high in above:
        for place, low in enumerate(below, start=1):
            parts[place] = (high * parts[place - 1] - low * parts[place]) / (high - low)
    return ONE - parts[-1] if below else ZERO
