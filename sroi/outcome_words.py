"""How the numbers of an outcome are said: 90, 30 × 60 % × 12, £19, a dash where the map gives none."""

from __future__ import annotations

from collections.abc import Mapping

from sroi import wording
from sroi.estimate import Estimate
from sroi.nouns import Outcome, PartOfStakeholder, Stakeholder

NOTHING = "–"


def quantity_words(outcome: Outcome, people: Mapping[str, Stakeholder]) -> str:
    """Return a quantity as people read it: 90, or 30 × 60 % × 12, or year by year."""
    if isinstance(outcome.quantity, PartOfStakeholder):
        size = people[outcome.quantity.of].size
        counted = wording.plain(size.base) if size is not None else outcome.quantity.of
        share, times = outcome.quantity.share.base, outcome.quantity.times.base
        often = f" × {wording.plain(times)}" if times != 1 else ""
        return f"{counted} × {wording.per_cent(share)}{often}"
    return _each_year(outcome.quantity, "quantity", "")


def proxy_words(outcome: Outcome, currency: str) -> str:
    """Return a proxy as people read it: £19, or year by year, or the outcome it is anchored to."""
    if outcome.proxy is not None and outcome.proxy.anchored_to is not None:
        return f"anchored to {outcome.proxy.anchored_to}"
    return _each_year(outcome.proxy.value if outcome.proxy is not None else None, "proxy", currency)


def number_words(outcome: Outcome, field: str) -> str:
    """Return a deduction, drop-off or duration as people read it."""
    return _each_year(getattr(outcome, field), field, "")


def _each_year(number: Estimate | None, field: str, currency: str) -> str:
    if number is None:
        return NOTHING
    said = [wording.number_words(value, field, currency) for value in number.years]
    return said[0] if len(said) == 1 else "; ".join(f"year {year}: {each}" for year, each in enumerate(said, start=1))
