"""How bids score under a profile, and who ranks where; exact, so that no rounding that the buyer did not state decides.

A bid that the tender's rules put out (a mandatory measure missing, a question failed, a threshold missed) is set aside
with its reasons. What can be said without the other bids is looked at first, and such a bid sets no lowest price and no
highest value; a threshold on a score that depends on the others is looked at afterwards, and nobody is scored again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from sroi.commissioning.bids import formulas
from sroi.commissioning.bids.formulas import ZERO
from sroi.commissioning.bids.offers import Offer
from sroi.commissioning.bids.profile import ABSOLUTE, Criterion, Profile
from sroi.errors import MethodRefused, Problem
from sroi.wording import per_cent


@dataclass(frozen=True)
class References:
    """What bids are held against: the lowest price, the highest value by criterion, the most of each measure.

    `parts` are, by criterion, its measures' weights over the most of each, as whole numbers over one denominator: with
    fifty measures, adding whole numbers takes a tenth of the time of adding fractions, and is as exact.
    """

    lowest_price: Fraction
    highest: Mapping[str, Fraction]
    most: Mapping[str, Fraction]
    parts: Mapping[str, tuple[Mapping[str, int], int]]


@dataclass(frozen=True)
class Standing:
    """How one bid stands. `shares` are of full marks by criterion, `points` what they earn; rank 1 is the first.

    `merit` is what bids are ranked by, more being better; `figure` is the total as the profile's method says it:
    points, the price of a quality point (None without points) or a price in money. No rank: set aside, and why.
    """

    bidder: str
    shares: Mapping[str, Fraction]
    points: Mapping[str, Fraction]
    merit: Fraction
    figure: Fraction | None
    rank: int | None = None
    tied_with: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()


def score(profile: Profile, offers: Sequence[Offer]) -> tuple[Standing, ...]:
    """Return how each bid stands, in the order given; MethodRefused if a price of nothing makes a formula senseless."""
    refuse_prices_of_nothing(profile, offers)
    out = {offer.bidder.id: out_by_itself(profile, offer) for offer in offers}
    within = [offer for offer in offers if not out[offer.bidder.id]]
    # If nobody is within, the scores still have to be shown: then all are held against each other.
    held = references(profile, within or offers)
    standings = []
    for offer in offers:
        shares = {criterion.id: share_of(profile, criterion, offer, held) for criterion in profile.criteria}
        reasons = out[offer.bidder.id] or _below_threshold(profile, shares, relative=True)
        standings.append(_standing(profile, offer, shares, reasons))
    return ranked(profile, standings)


def refuse_prices_of_nothing(profile: Profile, offers: Iterable[Offer]) -> None:
    """Raise MethodRefused for a price of nothing where a formula divides by the price."""
    divides = profile.tender.total == "price_per_quality_point" or any(
        criterion.method == "relative_price_lowest_best" for criterion in profile.criteria
    )
    faults = [
        Problem(
            f"the price of '{offer.bidder.id}' is {offer.bidder.price}, and the formula divides by the price",
            "Ask the bidder what the price is; the program puts none in its place.",
        )
        for offer in offers
        if offer.bidder.price < 0 or (divides and offer.bidder.price == 0)
    ]
    if faults:
        raise MethodRefused(faults)


def out_by_itself(profile: Profile, offer: Offer) -> tuple[str, ...]:
    """Return why the rules put a bid out, whatever the others offer; such a bid sets no best."""
    missing = [
        f"it commits to nothing on the mandatory measure “{measure.title}”"
        for measure in profile.measures
        if measure.mandatory and offer.quantity(measure.id) <= 0
    ]
    failed = [
        f"it failed the question “{question.title}”"
        for question in profile.questions
        if question.must_pass and question.id in offer.failed
    ]
    alone = References(offer.bidder.price, {}, {}, {})
    shares = {
        criterion.id: share_of(profile, criterion, offer, alone)
        for criterion in profile.criteria
        if criterion.method in ABSOLUTE
    }
    return (*missing, *failed, *_below_threshold(profile, shares, relative=False))


def _below_threshold(profile: Profile, shares: Mapping[str, Fraction], relative: bool) -> tuple[str, ...]:
    return tuple(
        f"“{criterion.title}” earned {per_cent(float(shares[criterion.id]), 4)} of its marks, and the least is "
        f"{per_cent(float(criterion.threshold), 4)}"
        for criterion in profile.criteria
        if criterion.threshold is not None
        and (criterion.method not in ABSOLUTE) is relative
        and shares[criterion.id] < criterion.threshold
    )


# ---- what bids are held against ----


def references(profile: Profile, offers: Sequence[Offer]) -> References:
    """Return the lowest price and the highest values among these bids."""
    highest: dict[str, Fraction] = {}
    most: dict[str, Fraction] = {}
    parts = {}
    for criterion in profile.criteria:
        if criterion.method == "proportional_to_best_highest_best":
            highest[criterion.id] = max((value_of(profile, criterion, offer) for offer in offers), default=ZERO)
        elif criterion.method == "weighted_sum":
            for measure in profile.measures_of(criterion):
                most[measure.id] = max((offer.quantity(measure.id) for offer in offers), default=ZERO)
            parts[criterion.id] = _parts(profile, criterion, most)
    return References(min((offer.bidder.price for offer in offers), default=ZERO), highest, most, parts)


def _parts(profile: Profile, criterion: Criterion, most: Mapping[str, Fraction]) -> tuple[Mapping[str, int], int]:
    """Return each measure's weight / the most of it, over one denominator; none for one that nobody offers."""
    each = {
        measure.id: (measure.weight or ZERO) / most[measure.id]
        for measure in profile.measures_of(criterion)
        if most[measure.id]
    }
    denominator = math.lcm(*(part.denominator for part in each.values()))
    return {name: int(part * denominator) for name, part in each.items()}, denominator


def value_of(profile: Profile, criterion: Criterion, offer: Offer) -> Fraction:
    """Return what a bid offers on a criterion scored by the highest: its commitments at the tender's unit values.

    A single measure without a value counts by its quantity. A stated SROI ratio counts only where it follows the
    conventions that the tender prescribes.
    """
    if criterion.kind == "sroi_ratio":
        bidder = offer.bidder
        return bidder.sroi_ratio if bidder.sroi_ratio is not None and bidder.sroi_follows else ZERO
    return sum(
        (
            offer.quantity(measure.id) * (measure.value if measure.value is not None else 1)
            for measure in profile.measures_of(criterion)
        ),
        ZERO,
    )


def share_of(profile: Profile, criterion: Criterion, offer: Offer, held: References) -> Fraction:
    """Return the share of full marks that a bid earns on a criterion."""
    method = criterion.method
    if method == "relative_price_lowest_best":
        # So too here: a bid that is set aside may be cheaper than the lowest of the others.
        return min(formulas.ONE, formulas.relative_price(offer.bidder.price, held.lowest_price))
    if method == "linear_between_set_prices":
        full, none = criterion.full_marks_price or ZERO, criterion.no_marks_price or ZERO
        return formulas.between_set_prices(offer.bidder.price, full, none)
    if method == "proportional_to_best_highest_best":
        value = value_of(profile, criterion, offer)
        # A bid that is set aside may offer more than the best of the others: it earns no more than full marks.
        return min(formulas.ONE, formulas.proportional_to_best(value, held.highest[criterion.id]))
    if method == "weighted_sum":
        parts, denominator = held.parts[criterion.id]
        whole: Fraction | int = 0
        for name, part in parts.items():
            quantity = min(offer.quantity(name), held.most[name])
            whole += part * (quantity.numerator if quantity.denominator == 1 else quantity)
        return Fraction(whole) / denominator
    return offer.judged.get(criterion.id, ZERO)


# ---- totals and ranks ----


def _standing(profile: Profile, offer: Offer, shares: Mapping[str, Fraction], reasons: tuple[str, ...]) -> Standing:
    tender = profile.tender
    points = {name: full * shares[name] for name, full in profile.full_points.items()}
    if tender.rounding == "each_score":
        points = {name: formulas.half_up(earned, tender.decimals) for name, earned in points.items()}
    merit, figure = total_of(profile, sum(points.values(), ZERO), offer.bidder.price)
    return Standing(offer.bidder.id, shares, points, merit, figure, set_aside=reasons)


def total_of(profile: Profile, points: Fraction, price: Fraction) -> tuple[Fraction, Fraction | None]:
    """Return what a bid is ranked by, more being better, and the total as the profile's method says it."""
    method = profile.tender.total
    if method == "weighted_sum":
        return points, points
    if method == "price_per_quality_point":
        return points / price, formulas.price_per_point(price, points)
    each = formulas.ONE if method == "value_net_of_quality_price" else profile.tender.willingness_to_pay or ZERO
    net = formulas.price_less_quality(price, points * each)
    return -net, net


def ranked(profile: Profile, standings: Sequence[Standing]) -> tuple[Standing, ...]:
    """Return the standings with their ranks, in the order given; who cannot be told apart shares a rank."""
    tie = profile.tender.tie_criterion

    def order(standing: Standing) -> tuple[Fraction, Fraction]:
        return standing.merit, standing.points[tie] if tie else ZERO

    within = sorted((each for each in standings if not each.set_aside), key=order, reverse=True)
    places: dict[str, tuple[int, tuple[str, ...]]] = {}
    rank = 1
    for _, group in groupby(within, key=order):
        names = [each.bidder for each in group]
        for name in names:
            places[name] = rank, tuple(other for other in names if other != name)
        rank += len(names)
    return tuple(
        replace(each, rank=places[each.bidder][0], tied_with=places[each.bidder][1]) if each.bidder in places else each
        for each in standings
    )


def first(standings: Iterable[Standing]) -> tuple[str, ...]:
    """Return who is first: one bidder, several in a tie, or nobody."""
    return tuple(standing.bidder for standing in standings if standing.rank == 1)
