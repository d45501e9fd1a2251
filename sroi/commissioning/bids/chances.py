"""The chance that each bid is really first, if what comes of its commitments is as uncertain as it says.

Commitments are scored as they stand. Here each is drawn from its range instead (pert, as everywhere in the program),
bids are ranked anew in each draw, and a tie is split. Made-up bids only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b

import numpy as np

from sroi.commissioning.bids.formulas import ZERO
from sroi.commissioning.bids.offers import Commitment, MadeUpBids, Offer
from sroi.commissioning.bids.profile import Criterion, Profile
from sroi.commissioning.bids.scoring import References, Standing, references, score, share_of
from sroi.commissioning.bids.weightings import only_made_up, shares_first
from sroi.estimate import Estimate
from sroi.formulas import Array
from sroi.laws import Law, law_of
from sroi.reading import COUNT

_MOST_NUMBERS = 5_000_000  # draws of all commitments together: a few seconds


@dataclass(frozen=True)
class Chances:
    """The chance of each bid to be first, in the order of the bids; 0 for one that is set aside.

    `ties` is the share of draws with a tie for first, `standard_error` that of the least certain chance.
    """

    first: Mapping[str, float]
    ties: float
    draws: int
    seed: int
    uncertain: int
    standard_error: float


def chances_of_being_first(
    profile: Profile, made_up: MadeUpBids, seed: int = 0, draws: int = 20_000, standings: Sequence[Standing] = ()
) -> Chances:
    """Return how likely each made-up bid is to be first; fewer draws than asked for where numbers are very many."""
    offers = only_made_up(made_up)
    standings = standings or score(profile, offers)
    aside = {standing.bidder for standing in standings if standing.set_aside}
    within = [offer for offer in offers if offer.bidder.id not in aside]
    first = {offer.bidder.id: 0.0 for offer in offers}
    if not within:
        return Chances(first, 0.0, 0, seed, 0, 0.0)
    uncertain = sum(_law(each).low < _law(each).high for offer in within for each in offer.commitments.values())
    draws = min(draws, max(1_000, _MOST_NUMBERS // uncertain)) if uncertain else 1
    merits = _merits(profile, within, draws, seed)
    shares = shares_first(merits)
    highest = merits.max(axis=1, keepdims=True)
    ties = float(((merits >= highest - 1e-12 * np.abs(highest)).sum(axis=1) > 1).mean())
    first |= dict(zip((offer.bidder.id for offer in within), shares.tolist(), strict=True))
    error = float(np.sqrt((shares * (1 - shares)).max() / draws))
    return Chances(first, ties, draws, seed, uncertain, error)


def _merits(profile: Profile, offers: Sequence[Offer], draws: int, seed: int) -> Array:
    """Return the merit of each bid in each draw, shape (draw, bid)."""
    held = references(profile, offers)
    points = np.zeros((draws, len(offers)))
    tender = profile.tender
    for criterion in profile.criteria:
        share = _drawn_shares(profile, criterion, offers, draws, seed, held)
        earned = float(profile.full_points[criterion.id]) * share
        if tender.rounding == "each_score":
            scale = 10.0**tender.decimals
            earned = np.floor(earned * scale + 0.5) / scale
        points += earned
    prices = np.array([float(offer.bidder.price) for offer in offers])
    if tender.total == "weighted_sum":
        return points
    if tender.total == "price_per_quality_point":
        return np.asarray(points / prices)
    each = 1.0 if tender.total == "value_net_of_quality_price" else float(tender.willingness_to_pay or 0)
    return np.asarray(points * each - prices)


def _drawn_shares(
    profile: Profile, criterion: Criterion, offers: Sequence[Offer], draws: int, seed: int, held: References
) -> Array:
    if criterion.kind != "quantitative":
        return np.array([[float(share_of(profile, criterion, offer, held)) for offer in offers]])
    total = np.zeros((draws, len(offers)))
    for measure in profile.measures_of(criterion):
        quantity = np.stack([_drawn(offer, measure.id, draws, seed) for offer in offers], axis=1)
        if criterion.method == "weighted_sum":
            total += float(measure.weight or 0) * _beside_the_best(quantity)
        else:
            total += float(measure.value if measure.value is not None else 1) * quantity
    return total if criterion.method == "weighted_sum" else _beside_the_best(total)


def _beside_the_best(values: Array) -> Array:
    best = values.max(axis=1, keepdims=True)
    return np.asarray(np.divide(values, best, out=np.zeros_like(values), where=best > 0))


def _drawn(offer: Offer, measure: str, draws: int, seed: int) -> Array:
    """Return draws of one commitment; they hang on the seed and on its own name, and on nobody else's."""
    commitment = offer.commitments.get(measure)
    if commitment is None:
        return np.zeros(draws)
    law = _law(commitment)
    if law.family != "beta":
        return np.full(draws, float(commitment.quantity))
    key = int.from_bytes(blake2b(f"{offer.bidder.id}.{measure}".encode(), digest_size=8).digest(), "big")
    drawn = np.random.default_rng([seed, 2, key]).beta(law.first, law.second, draws)
    return np.asarray(law.low + (law.high - law.low) * drawn)


def _law(commitment: Commitment) -> Law:
    """Return the law of a commitment: an end that is not stated is the commitment itself."""
    ends: list[Fraction] = [commitment.quantity if end is None else end for end in (commitment.low, commitment.high)]
    low, high = (max(end, ZERO) for end in ends)
    return law_of(Estimate(value=float(commitment.quantity), low=float(low), high=float(high)), COUNT)
