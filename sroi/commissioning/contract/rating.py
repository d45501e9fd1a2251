"""The rating of an indicator: which target stands for a period, where the buyer's bands lie, what they propose."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sroi.commissioning.contract.nouns import BY_CONTRACT, BY_PERIOD, LESS, MORE, Bands, Contract, Kpi, Period, Reported
from sroi.commissioning.contract.saying import quantity

GOOD, APPROACHING, IMPROVEMENT, INADEQUATE = "Good", "Approaching target", "Requires improvement", "Inadequate"


@dataclass(frozen=True)
class Rated:
    """An indicator in a period: its target, what was reached, the rating proposed and the one that the authority gave.

    `proposed` is empty where none can be; `why` says how it comes about, or why there is none.
    """

    kpi: Kpi
    period: Period
    reported: Reported | None
    target: float | None
    proposed: str
    why: str

    @property
    def actual(self) -> float | None:
        """What was reached."""
        return self.reported.actual if self.reported else None

    @property
    def decided(self) -> str:
        """The authority's rating, empty if it gave none."""
        return self.reported.rating if self.reported else ""

    @property
    def reason(self) -> str:
        """The authority's reason, if it gave one."""
        return self.reported.reason if self.reported else ""

    @property
    def differs(self) -> bool:
        """Whether the authority decided otherwise than its bands propose."""
        return bool(self.decided and self.proposed and self.decided != self.proposed)

    @property
    def share(self) -> float | None:
        """What was reached as a share of the target; of less-is-better, the target over what was reached."""
        if self.target is None or self.actual is None:
            return None
        over, under = (self.target, self.actual) if self.kpi.direction == LESS else (self.actual, self.target)
        return over / under if under > 0 else None


def rate(contract: Contract, kpi: Kpi, bands: Bands | None, period: Period, reported: Reported | None) -> Rated:
    """Return an indicator's rating in a period, as the bands propose it, beside the authority's own."""
    target, why_not = target_for(contract, kpi, period, reported)
    if reported is None or reported.actual is None:
        return Rated(kpi, period, reported, target, "", "no figure is reported, so nothing is proposed")
    if target is None:
        return Rated(kpi, period, reported, None, "", f"{why_not}, so nothing is proposed")
    proposed, why = propose(kpi, bands, target, reported.actual)
    return Rated(kpi, period, reported, target, proposed, why)


def target_for(contract: Contract, kpi: Kpi, period: Period, reported: Reported | None) -> tuple[float | None, str]:
    """Return the target that stands for a period, or None and why there is none. No target is divided in silence."""
    if reported is not None and reported.target is not None:
        return reported.target, ""
    if kpi.target is None:
        return None, "the indicator has no target"
    if kpi.target_for == BY_PERIOD:
        return kpi.target, ""
    if kpi.target_for == BY_CONTRACT:
        whole = (period.begins, period.ends) == (contract.starts, contract.last_day)
        return (
            (kpi.target, "")
            if whole
            else (None, "its target is for the whole contract, and none is given for this period")
        )
    if period.is_twelve_months:
        return kpi.target, ""
    return None, "its target is for a year, the period is not twelve months long, and none is given for it"


def propose(kpi: Kpi, bands: Bands | None, target: float, actual: float) -> tuple[str, str]:
    """Return the rating that a figure comes to, and how.

    Meeting or exceeding the indicator is Good by the regulation itself; what is close and what is significantly below
    lies in the buyer's bands, so that without them nothing below the target is proposed.
    """
    goal, reached = Fraction(repr(float(target))), Fraction(repr(float(actual)))
    close, below = limits(kpi, bands, target)
    said = f"{quantity(actual, kpi.unit)} against {quantity(target, kpi.unit)}"
    if _reaches(kpi, reached, goal):
        return GOOD, f"{said}: the target is met"
    if close is None or below is None:
        return "", f"{said}: below the target, and no bands say how far below each rating lies"
    if _reaches(kpi, reached, close):
        return APPROACHING, f"{said}: within the band that reaches to {quantity(float(close), kpi.unit)}"
    if _reaches(kpi, reached, below):
        return IMPROVEMENT, f"{said}: within the band that reaches to {quantity(float(below), kpi.unit)}"
    return INADEQUATE, f"{said}: beyond the last band, which reaches to {quantity(float(below), kpi.unit)}"


def limits(kpi: Kpi, bands: Bands | None, target: float) -> tuple[Fraction | None, Fraction | None]:
    """Return from where on performance approaches the target, and from where it requires improvement, in its unit.

    The indicator's own limits come first; else the bands' shares of the target: times it where more is better, the
    target divided by them where less is. Exact, so that a figure on the limit is within.
    """
    goal = Fraction(repr(float(target)))
    shares = (bands.approaching_from, bands.improvement_from) if bands is not None else (None, None)
    found: list[Fraction | None] = []
    for own, share in zip((kpi.approaching_at, kpi.improvement_at), shares, strict=True):
        if own is not None:
            found.append(Fraction(repr(float(own))))
        elif share is None or goal < 0 or (kpi.direction == LESS and (share == 0 or goal == 0)):
            # A share of a target below nothing, or of nothing where less is better, lies on the wrong side of it.
            found.append(None)
        else:
            part = Fraction(repr(float(share)))
            found.append(goal * part if kpi.direction == MORE else goal / part)
    return found[0], found[1]


def _reaches(kpi: Kpi, reached: Fraction, limit: Fraction) -> bool:
    return reached >= limit if kpi.direction == MORE else reached <= limit
