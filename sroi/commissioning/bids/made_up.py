"""Made-up bids, drawn from a profile and a seed: to try a tender's formulas out before anybody bids."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from sroi.commissioning.bids.formulas import ONE, ZERO, exact
from sroi.commissioning.bids.offers import Bidder, Commitment, MadeUpBids, Offer
from sroi.commissioning.bids.profile import Criterion, Measure, Profile
from sroi.errors import MethodRefused, Problem

MOST_BIDS = 500
_AROUND = 0.1  # of the estimated value, where the profile states no range of prices
_UNKNOWN_PRICE = 1_000_000.0
_UNKNOWN_QUANTITY = 100.0


def make_up_bids(profile: Profile, count: int = 4, seed: int = 0, turn: int = 0) -> MadeUpBids:
    """Return so many made-up bids; the same for the same profile, seed and turn.

    Prices are drawn evenly from the range that the profile holds plausible (else a tenth about the estimated value),
    commitments evenly from each measure's plausible range, bands each as likely as another of those that pass. What may
    come of a commitment is made up too: at least 60 % to 100 % of it, at most 100 % to 110 %.
    """
    if not 2 <= count <= MOST_BIDS:
        found = f"{count} made-up bids cannot be ranked here"
        raise MethodRefused(Problem(found, f"Give a number from 2 to {MOST_BIDS}."))
    if seed < 0:
        raise MethodRefused(Problem(f"{seed} is no seed", "Give a whole number from 0."))
    random = np.random.default_rng([seed, turn])
    low, high = price_range(profile)
    offers = tuple(_offer(profile, f"made_up_{place}", low, high, random) for place in range(1, count + 1))
    return MadeUpBids(offers, f"made up by the program from the profile, seed {seed}")


def price_range(profile: Profile) -> tuple[float, float]:
    """Return the range from which prices are made up."""
    tender = profile.tender
    for criterion in profile.criteria:
        if criterion.full_marks_price is not None and criterion.no_marks_price is not None:
            return float(criterion.full_marks_price), float(criterion.no_marks_price)
    if tender.price_low is not None and tender.price_high is not None:
        return float(tender.price_low), float(tender.price_high)
    value = float(tender.contract_value or _UNKNOWN_PRICE)
    return (1 - _AROUND) * value, (1 + _AROUND) * value


def _offer(profile: Profile, name: str, low: float, high: float, random: np.random.Generator) -> Offer:
    # Whole units of money where they are many, else as drawn: a price of nothing would have no meaning.
    price = max(round(float(random.uniform(low, high)), 0 if high > 100 else 2), 0.01)
    scored = any(criterion.kind == "sroi_ratio" for criterion in profile.criteria)
    ratio = exact(round(float(random.uniform(1, 5)), 2)) if scored else None
    bidder = Bidder(name, f"Made-up bid {name.rsplit('_', 1)[1]}", exact(price), sroi_ratio=ratio, sroi_follows=scored)
    commitments = {measure.id: _commitment(measure, random) for measure in profile.measures}
    most = profile.tender.most_measures_per_bid
    if most is not None and len(commitments) > most:
        commitments = _cut(profile, commitments, most, random)
    judged = {criterion.id: _band(profile, criterion, random) for criterion in profile.judged}
    return Offer(bidder, commitments, judged)


def _commitment(measure: Measure, random: np.random.Generator) -> Commitment:
    low = float(measure.low or 0)
    high = float(measure.high if measure.high is not None else measure.limit or max(low, 0.5) * 2 * _UNKNOWN_QUANTITY)
    quantity = round(float(random.uniform(low, high)), 0 if high > 10 else 2)
    quantity = max(quantity, 0.01) if measure.mandatory else quantity
    least, most = (round(quantity * float(random.uniform(*ends)), 6) for ends in ((0.6, 1.0), (1.0, 1.1)))
    return Commitment(exact(quantity), exact(min(least, quantity)), exact(max(most, quantity)))


def _cut(
    profile: Profile, commitments: dict[str, Commitment], most: int, random: np.random.Generator
) -> dict[str, Commitment]:
    """Return as many commitments as a bid may have, the mandatory ones among them."""
    optional = [measure.id for measure in profile.measures if not measure.mandatory]
    kept = {measure.id for measure in profile.measures if measure.mandatory}
    kept |= set(random.permutation(optional)[: max(0, most - len(kept))].tolist())
    return {name: commitment for name, commitment in commitments.items() if name in kept}


def _band(profile: Profile, criterion: Criterion, random: np.random.Generator) -> Fraction:
    least = criterion.threshold or ZERO
    # A bid that is set aside teaches nothing about the ranking.
    shares = sorted(share for share in profile.bands_of(criterion).values() if share >= least) or [ONE]
    return shares[int(random.integers(len(shares)))]
