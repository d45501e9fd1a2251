"""How large a supplier is, by the definition chosen: the sizes that its figures leave possible, never a guess.

A supplier of which too little is known has several possible sizes. A group such as "micro, small or medium" then holds
it surely, surely not, or possibly: the last is what the unknown share of spend is made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sroi.evidence.shipped_tables import shipped_rows

SIZES = ("micro", "small", "medium", "large")
ANY_SIZE = frozenset(SIZES)
SME = frozenset(SIZES[:3])
MICRO_SMALL = frozenset(SIZES[:2])

PROCUREMENT_ACT, COMPANIES_ACT, STAFF_BANDS, SCOTLAND, DECLARED = (
    "procurement_act_2023", "companies_act", "staff_bands", "scotland_2014_act", "declared",
)  # fmt: skip
DEFINITIONS = (PROCUREMENT_ACT, COMPANIES_ACT, STAFF_BANDS, SCOTLAND, DECLARED)


@dataclass(frozen=True)
class Figures:
    """What is known of a supplier: staff [people], turnover and balance sheet total [GBP a year], None if not known.

    `accounts_from` is the day on which the accounting period of these figures begins.
    """

    staff: float | None = None
    turnover: float | None = None
    balance_sheet: float | None = None
    accounts_from: date | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is known that any definition asks for."""
        return self.staff is None and self.turnover is None and self.balance_sheet is None


@dataclass(frozen=True)
class Limits:
    """One line of a definition: up to which figures a supplier is of this size."""

    size: str
    staff: float
    staff_may_equal: bool
    turnover: float | None
    balance_sheet: float | None
    logic: str
    valid_from: date | None
    valid_to: date | None

    def allows(self, figures: Figures) -> bool | None:
        """Say whether a supplier's figures are within these limits; None if what is known does not settle it."""
        staff = _within(figures.staff, self.staff, self.staff_may_equal)
        if self.logic == "staff":
            return staff
        turnover = _within(figures.turnover, self.turnover)
        balance_sheet = _within(figures.balance_sheet, self.balance_sheet)
        if self.logic == "staff_and_either":
            return both(staff, either(turnover, balance_sheet))
        found = (staff, turnover, balance_sheet)
        if found.count(True) >= 2:
            return True
        return False if found.count(False) >= 2 else None


def _within(figure: float | None, limit: float | None, may_equal: bool = True) -> bool | None:
    if figure is None or limit is None:
        return None
    return figure <= limit if may_equal else figure < limit


def both(one: bool | None, other: bool | None) -> bool | None:
    """Return whether both hold, where None is "not known".

    >>> both(True, None), both(False, None), both(True, True)
    (None, False, True)
    """
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def either(one: bool | None, other: bool | None) -> bool | None:
    """Return whether one of two holds, where None is "not known".

    >>> either(True, None), either(False, None), either(False, False)
    (True, None, False)
    """
    if one or other:
        return True
    return None if one is None or other is None else False


@lru_cache
def limits_of(definition: str) -> tuple[Limits, ...]:
    """Return the limits of a definition, from the smallest size up, as the shipped table states them."""
    return tuple(
        Limits(
            row["size"],
            float(row["staff_limit"]),
            row["staff_rule"] == "at_most",
            float(row["turnover_at_most_gbp"]) if row["turnover_at_most_gbp"] else None,
            float(row["balance_sheet_at_most_gbp"]) if row["balance_sheet_at_most_gbp"] else None,
            row["logic"],
            date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in shipped_rows("commissioning", "size_definitions.csv")
        if row["definition"] == definition
    )


def possible_sizes(definition: str, figures: Figures) -> frozenset[str]:
    """Return the sizes that a supplier may have by a definition: one if its figures settle it, all if none is known.

    A definition that knows SMEs alone (the Procurement Act 2023, the Scottish Act of 2014) says who is large; micro,
    small and medium within it are told by staff. By company law the limits of the accounting period apply; where the
    period is not known, both sets are tried. Its two-year rule is not applied: one year's figures are given.

    >>> sorted(possible_sizes("procurement_act_2023", Figures(staff=9, turnover=1e6)))
    ['micro']
    >>> sorted(possible_sizes("companies_act", Figures(staff=40, turnover=11e6, balance_sheet=6e6)))
    ['medium', 'small']
    """
    if definition == DECLARED or (definition != COMPANIES_ACT and figures.empty):
        return ANY_SIZE
    if definition == COMPANIES_ACT:
        return frozenset().union(*(_smallest(limits, figures) for limits in _editions(figures.accounts_from)))
    bands = _smallest(limits_of(STAFF_BANDS), figures)
    if definition == STAFF_BANDS:
        return bands
    (limits,) = limits_of(definition)
    within = limits.allows(figures)
    if within is False:
        return frozenset({"large"})
    # 250 staff are within the Scottish meaning, and above the highest band of council reports.
    smaller = (bands & SME) or frozenset({"medium"})
    return smaller if within else smaller | {"large"}


def _editions(begun: date | None) -> list[tuple[Limits, ...]]:
    """Return the sets of company law's limits that may apply to an accounting period that began on this day."""
    every = limits_of(COMPANIES_ACT)
    now = tuple(each for each in every if each.valid_from is not None)
    before = tuple(each for each in every if each.valid_from is None)
    if begun is None:
        return [before, now]
    return [now if now[0].valid_from is not None and begun >= now[0].valid_from else before]


def _smallest(limits: tuple[Limits, ...], figures: Figures) -> frozenset[str]:
    """Return the smallest size that allows the figures, and those before it that may."""
    possible: set[str] = set()
    for each in limits:
        within = each.allows(figures)
        if within is not False:
            possible.add(each.size)
        if within:
            return frozenset(possible)
    return frozenset({*possible, "large"})


def holds(group: frozenset[str], possible: frozenset[str]) -> bool | None:
    """Say whether a group of sizes surely holds a supplier with these possible sizes; None if only perhaps.

    >>> holds(SME, frozenset({"small", "medium"})), holds(SME, ANY_SIZE), holds(SME, frozenset({"large"}))
    (True, None, False)
    """
    if possible <= group:
        return True
    return None if possible & group else False


def definition_words(definition: str) -> str:
    """Return a definition as it stands beside every percentage that rests on it."""
    return _WORDS[definition]


def definition_source(definition: str) -> str:
    """Return where a definition was seen, and how sure that is."""
    if definition == DECLARED:
        return "the ledger and the supplier file"
    row = next(row for row in shipped_rows("commissioning", "size_definitions.csv") if row["definition"] == definition)
    return f"{row['source']} (sureness {row['sureness']})"


_WORDS = {
    PROCUREMENT_ACT: "Procurement Act 2023: an SME has fewer than 250 staff, and a turnover of at most £44 million or "
    "a balance sheet total of at most £38 million; micro (fewer than 10), small (10-49) and medium within it by staff",
    COMPANIES_ACT: "company law: at least two of three limits (turnover, balance sheet, employees) met, by the day on "
    "which the accounting period began; its two-year rule is not applied; not the procurement definition",
    STAFF_BANDS: "staff bands of council reports: micro fewer than 10, small 10-49, medium 50-249, large 250 and more",
    SCOTLAND: "Procurement Reform (Scotland) Act 2014: an SME has not more than 250 employees; micro (fewer than 10), "
    "small (10-49) and medium within it by staff",
    DECLARED: "as the ledger or the supplier file declares it; no figures were held against a definition",
}
