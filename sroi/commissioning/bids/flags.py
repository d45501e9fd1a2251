"""What looks unreasonable in a bid, so that the buyer can ask. Nothing here changes a score.

Held against: the range that the buyer stated, what the contract could hold, and the other bids. No benchmark is hidden
in the program: where the buyer states nothing, nothing is said.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from sroi import wording
from sroi.commissioning.bids.offers import Bidder, Offer
from sroi.commissioning.bids.profile import Measure, Profile

WEEKS_IN_A_YEAR = 52


@dataclass(frozen=True)
class Flag:
    """One thing to ask a bidder, or the panel (no bidder): of which kind, what was found, what to ask."""

    kind: str
    bidder: str
    measure: str
    found: str
    ask: str


def flags(profile: Profile, offers: tuple[Offer, ...]) -> tuple[Flag, ...]:
    """Return all that looks unreasonable, bid by bid, then measure by measure."""
    found: list[Flag] = []
    for offer in offers:
        found += _price_flags(profile, offer.bidder)
        for measure in profile.measures:
            found += _range_flags(profile, offer, measure)
            found += _limit_flags(profile, offer, measure)
    for measure in profile.measures:
        found += _beside_the_others(profile, offers, measure)
        found += _all_equal(profile, offers, measure)
    found += _copies(profile, offers)
    return tuple(found)


def _price_flags(profile: Profile, bidder: Bidder) -> Iterator[Flag]:
    tender = profile.tender

    def said(amount: Fraction) -> str:
        return wording.unit_money(float(amount), tender.currency)

    if bidder.price == 0:
        yield Flag("price_of_nothing", bidder.id, "", "the price is nothing", "Ask what the price is, and who pays.")
    elif tender.price_low is not None and bidder.price < tender.price_low:
        found = f"the price of {said(bidder.price)} is below the {said(tender.price_low)} that you hold plausible"
        yield Flag("price_low", bidder.id, "", found, "Ask how the contract can be kept at this price.")
    elif tender.price_high is not None and bidder.price > tender.price_high:
        found = f"the price of {said(bidder.price)} is above the {said(tender.price_high)} that you hold plausible"
        yield Flag("price_high", bidder.id, "", found, "Ask what is in it.")


def quantity_words(profile: Profile, measure: Measure, quantity: Fraction) -> str:
    """Return a quantity with its unit: £900,000, 1,300 (week)."""
    if measure.unit.upper() == profile.tender.currency:
        return wording.unit_money(float(quantity), profile.tender.currency)
    return f"{wording.plain(float(quantity))} ({measure.unit})"


def _range_flags(profile: Profile, offer: Offer, measure: Measure) -> Iterator[Flag]:
    commitment = offer.commitments.get(measure.id)
    if commitment is None or not commitment.quantity:
        return
    said = quantity_words(profile, measure, commitment.quantity)
    if measure.high is not None and commitment.quantity > measure.high:
        found = f"{said} is more than the {quantity_words(profile, measure, measure.high)} that you hold plausible"
        yield Flag("above_range", offer.bidder.id, measure.id, found, "Ask how it will be done, and by whom.")
    if measure.low is not None and commitment.quantity < measure.low:
        found = f"{said} is less than the {quantity_words(profile, measure, measure.low)} that you hold plausible"
        yield Flag("below_range", offer.bidder.id, measure.id, found, "Ask whether the unit was understood.")
    if commitment.low is not None and commitment.low * 2 < commitment.quantity:
        low = quantity_words(profile, measure, commitment.low)
        found = f"{said} is committed to, and the bidder says that it may come to {low}, less than half"
        yield Flag("doubtful", offer.bidder.id, measure.id, found, "Ask which of the two is the commitment.")


def _limit_flags(profile: Profile, offer: Offer, measure: Measure) -> Iterator[Flag]:
    quantity = offer.quantity(measure.id)
    for limit, why in _limits(profile, offer.bidder, measure):
        if quantity > limit:
            found = (
                f"{quantity_words(profile, measure, quantity)} is more than the contract could hold: "
                f"{quantity_words(profile, measure, limit)}, {why}"
            )
            yield Flag(
                "beyond_limit", offer.bidder.id, measure.id, found, "Ask how it can be done under this contract."
            )


def _limits(profile: Profile, bidder: Bidder, measure: Measure) -> Iterator[tuple[Fraction, str]]:
    if measure.limit is not None:
        yield measure.limit, "the limit that you stated"
    if measure.limit_by == "price":
        yield bidder.price, "the bid's price"
    elif measure.limit_by and bidder.workforce is not None:
        people = f"{wording.plain(float(bidder.workforce))} people on the contract"
        if measure.limit_by == "workforce":
            yield bidder.workforce, people
        else:
            years = profile.tender.years
            long = f"{wording.plain(float(years))} year{'' if years == 1 else 's'}"
            yield bidder.workforce * WEEKS_IN_A_YEAR * years, f"{people} for {WEEKS_IN_A_YEAR} weeks in {long}"


def _beside_the_others(profile: Profile, offers: tuple[Offer, ...], measure: Measure) -> Iterator[Flag]:
    """Flag a commitment far above the middle one of the other bids, for each unit of price and for each person."""
    times = profile.tender.unusual_times
    if times is None:
        return
    asked: set[str] = set()  # a commitment that stands out twice is asked about once
    for basis, words in (("price", "for each unit of price"), ("workforce", "for each person on the contract")):
        by_bidder = {
            offer.bidder.id: float(offer.quantity(measure.id) / size)
            for offer in offers
            if (size := getattr(offer.bidder, basis)) and offer.quantity(measure.id)
        }
        ordered = sorted(by_bidder.values())
        for bidder, own in by_bidder.items() if len(ordered) > 1 else ():
            middle = _median_without(ordered, own)
            if own > float(times) * middle and bidder not in asked:
                asked.add(bidder)
                found = (
                    f"{words} it is {wording.plain(own / middle)} times the middle one of the other bids, and you hold "
                    f"more than {wording.plain(float(times))} unusual"
                )
                yield Flag("unusual", bidder, measure.id, found, "Ask what makes it possible.")


def _median_without(ordered: list[float], one: float) -> float:
    """Return the median of sorted numbers without one of them.

    >>> _median_without([1.0, 2.0, 3.0, 9.0], 9.0), _median_without([1.0, 2.0], 1.0)
    (2.0, 2.0)
    """
    from bisect import bisect_left

    at, count = bisect_left(ordered, one), len(ordered) - 1

    def other(place: int) -> float:
        return ordered[place if place < at else place + 1]

    return statistics.fmean((other((count - 1) // 2), other(count // 2)))


def _all_equal(profile: Profile, offers: tuple[Offer, ...], measure: Measure) -> Iterator[Flag]:
    quantities = {offer.quantity(measure.id) for offer in offers}
    if len(offers) < 2 or len(quantities) != 1:
        return
    (quantity,) = quantities
    if not quantity:
        found = "no bid commits to anything, and all score nothing"
        yield Flag("nobody", "", measure.id, found, "Ask yourself whether the market understood the measure.")
    else:
        found = f"all bids commit to {quantity_words(profile, measure, quantity)}: it tells nobody apart"
        yield Flag("all_equal", "", measure.id, found, "Ask whether the tender named this number.")


def _copies(profile: Profile, offers: tuple[Offer, ...]) -> Iterator[Flag]:
    """Flag bids that commit to the same on every measure, where there are several measures to differ in."""
    if len(profile.measures) < 2:
        return
    alike: dict[tuple[Fraction, ...], list[Bidder]] = {}
    for offer in offers:
        quantities = tuple(offer.quantity(measure.id) for measure in profile.measures)
        if any(quantities):
            alike.setdefault(quantities, []).append(offer.bidder)
    for group in alike.values():
        if len(group) > 1:
            names = _names(each.title for each in group)
            found = f"{names} commit to the same on every measure"
            yield Flag("same_in_all", "", "", found, "Ask each how its figures were made.")


def _names(names: Iterable[str]) -> str:
    listed = list(names)
    return f"{', '.join(listed[:-1])} and {listed[-1]}"
