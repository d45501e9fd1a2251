"""A map beside what others wrote: its deductions, values and years. For the review only: others may be wrong.

No part of the findings: `sroi evaluate` and reports know nothing of it, and nobody sees it while filling in a map.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sroi import wording
from sroi.evidence.register import Register
from sroi.evidence.register_prices import uprated
from sroi.evidence.reported import PERCENTILES, Reported, reported
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS, NamedNumber
from sroi.nouns import Outcome
from sroi.questions.asking import counted, place_of
from sroi.questions.claims import deduction_words, lasts
from sroi.questions.likeness import unit_of, words_in

# A price of more years ago than this is asked about: our convention.
OLD = 10
# Fewer entries than this are no range: our convention.
FEWEST = 3
WARNING = "What others wrote is not what is right: a number may be far from theirs and true, or like theirs and wrong."


@dataclass(frozen=True)
class Comparable:
    """A published value to hold a map's own against: of one unit, in the map's currency, and where it comes from."""

    unit: str
    value: float
    price_year: int | str
    source: str
    value_type: str
    currency: str


@dataclass(frozen=True)
class Beside:
    """One number beside what others wrote: which, what is said of it, and on what that rests."""

    kind: str
    where: str
    said: str
    rests_on: str
    place: int | str | None = None
    # Of a deduction: the outcome with its share, and where that stands among those of the reports.
    number: str = ""
    position: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as `sroi check --json` writes it."""
        return {
            "kind": self.kind, "where": self.where, "said": self.said, "rests_on": self.rests_on,
            "position": self.position or None,
            "line": self.place if isinstance(self.place, int) else None,
            "cell": self.place if isinstance(self.place, str) else None,
        }  # fmt: skip


def beside_others(impact_map: ImpactMap, today: date, comparable: Sequence[Comparable] = ()) -> tuple[Beside, ...]:
    """Return a map's numbers beside what others wrote: deductions, values out of range, old prices, reviews overdue.

    Parameters: `today`, the day against which ages are reckoned; `comparable`, published values to compare with
    (`comparable_entries` gives those of a register).
    """
    return (
        *_deductions(impact_map),
        *_discount_rate(impact_map),
        *_values(impact_map, comparable),
        *_price_years(impact_map, today),
        *_reviews(impact_map, today),
    )


# ---- deductions ----


def _deductions(impact_map: ImpactMap) -> Iterator[Beside]:
    numbers = impact_map.numbers()
    for place, outcome in counted(impact_map):
        for field in (*DEDUCTIONS, "drop_off"):
            number = numbers[f"{outcome.id}.{field}"]
            # Where an outcome lasts a year or less, drop-off has nothing to take.
            if number.estimate is not None and field in reported() and (field != "drop_off" or lasts(outcome)):
                found, share = reported()[field], _share_words(number)
                position = _position(_mean(number), found)
                yield Beside(
                    "deduction", number.name, f"{outcome.label}: {deduction_words(field)} {share}, {position}",
                    _percentile_words(found), place_of(impact_map, "outcomes", place, field),
                    f"{outcome.label} ({share})", position,
                )  # fmt: skip


def _mean(number: NamedNumber) -> float:
    return sum(number.values) / len(number.values)


def _share_words(number: NamedNumber) -> str:
    mean = wording.per_cent(_mean(number))
    return f"{mean} on average over its years" if number.by_year else mean


def _position(share: float, found: Reported) -> str:
    """Return where a share stands among those of the reports.

    >>> _position(0.05, reported()["deadweight"])
    'less than in nine of ten reports that state one'
    """
    at = found.at
    if set(at) != set(PERCENTILES):
        middle = at[50]
        return "like the middle one of the reports that state one" if share == middle else (
            f"{'less' if share < middle else 'more'} than in the middle one of the reports that state one"
        )  # fmt: skip
    if share < at[10]:
        return "less than in nine of ten reports that state one"
    if share < at[25]:
        return "in the lowest quarter of the reports that state one"
    if share <= at[75]:
        return "within the middle half of the reports that state one"
    if share <= at[90]:
        return "in the highest quarter of the reports that state one"
    return "more than in nine of ten reports that state one"


def _percentile_words(found: Reported) -> str:
    name = "discount rate" if found.field == "discount_rate" else deduction_words(found.field)
    shares = " / ".join(wording.per_cent(share) for share in found.at.values())
    which = "percentiles " + "/".join(str(each) for each in found.at) if len(found.at) > 1 else "median"
    return f"{name}: {which} {shares} of {found.reports} reports"


def _discount_rate(impact_map: ImpactMap) -> Iterator[Beside]:
    number = impact_map.numbers()["discount_rate"]
    if number.estimate is None or number.by_year or impact_map.conventions.discount_timing == "none":
        return
    found = reported()["discount_rate"]
    if number.values[0] != found.at[50]:
        yield Beside(
            "discount_rate", "discount_rate",
            f"The discount rate is {wording.per_cent(number.values[0])}, "
            f"{_position(number.values[0], found)}",
            _percentile_words(found), place_of(impact_map, "conventions", "discount_rate"),
        )  # fmt: skip


# ---- values ----


def comparable_entries(register: Register, impact_map: ImpactMap) -> list[Comparable]:
    """Return a register's values of the units and currency that a map's proxies have, in the map's prices.

    A value stays as its source gives it where it cannot be brought to those prices.
    """
    units = {unit_of(outcome) for _, outcome in counted(impact_map)}
    found = []
    for entry in register.entries():
        value, year = entry.value, entry.price_year
        if value is None or entry["currency"] != impact_map.currency or _unit(entry["unit"]) not in units:
            continue
        if str(year) != str(impact_map.price_year) and year_of(impact_map.price_year) is not None:
            then = uprated(entry, str(impact_map.price_year))
            value, year = (then.value, impact_map.price_year) if then.value is not None else (value, year)
        found.append(Comparable(entry["unit"], value, year, entry["source"], entry["value_type"], entry["currency"]))
    return found


def _values(impact_map: ImpactMap, comparable: Iterable[Comparable]) -> Iterator[Beside]:
    by_unit: dict[object, list[Comparable]] = {}
    for entry in comparable:
        for kind in entry.value_type.split("+"):
            by_unit.setdefault((_unit(entry.unit), kind.strip(), entry.currency), []).append(entry)
    for place, outcome in counted(impact_map):
        proxy = outcome.proxy
        if proxy is None or proxy.value is None or not proxy.unit or proxy.value_type is None:
            continue
        alike = by_unit.get((unit_of(outcome), proxy.value_type, impact_map.currency), [])
        if len(alike) < FEWEST:
            continue
        values = [abs(each.value) for each in alike]
        own, low, high = sum(abs(each) for each in proxy.value.years) / len(proxy.value.years), min(values), max(values)
        if not low <= own <= high:
            money = [wording.money(each, impact_map.currency, 2) for each in (own, low, high)]
            years = sorted({str(each.price_year) for each in alike})
            ends = years if len(years) == 1 else [years[0], years[-1]]
            yield Beside(
                "value", f"{outcome.id}.proxy",
                f"{outcome.label}: {money[0]} for one {' '.join(proxy.unit.split())} is "
                f"{'less' if own < low else 'more'} than any of {len(alike)} published values of this unit and kind, "
                f"{money[1]} to {money[2]}",
                f"published values of the register: {_sources(alike)}; in prices of {' to '.join(ends)}",
                place_of(impact_map, "outcomes", place, "proxy"),
            )  # fmt: skip


def _unit(text: str) -> tuple[str, ...]:
    words = words_in(text)
    telling = [word for word in words if word not in ("year", "annum")]
    return tuple(sorted(set(telling or words)))


def _sources(alike: Sequence[Comparable]) -> str:
    names = list(dict.fromkeys(each.source for each in alike))
    more = f"; and {len(names) - 2} more" if len(names) > 2 else ""
    return f"{'; '.join(names[:2])}{more}"


# ---- years ----


def year_of(written: int | str | None) -> int | None:
    """Return the (first) year of a price year; None where it is not stated.

    >>> year_of("2008/09"), year_of(2024), year_of("not stated")
    (2008, 2024, None)
    """
    text = str(written or "")[:4]
    return int(text) if text.isdecimal() and len(text) == 4 else None


def _price_years(impact_map: ImpactMap, today: date) -> Iterator[Beside]:
    own = year_of(impact_map.price_year)
    convention = f"old prices: more than {OLD} years, our convention"
    if own is not None and today.year - own > OLD:
        yield Beside(
            "price_year", "price_year",
            f"The map is in {impact_map.price_year} prices, {today.year - own} years before {today.year}",
            convention, place_of(impact_map, "price_year"),
        )  # fmt: skip
    for place, outcome in counted(impact_map):
        year = year_of(outcome.proxy.price_year if outcome.proxy is not None else None)
        if year is None or outcome.proxy is None:
            continue
        if own is not None and own - year > OLD:
            age = f"{own - year} years before the map's {impact_map.price_year}"
        elif today.year - year > OLD and year != own:
            age = f"{today.year - year} years before {today.year}"
        else:
            continue
        yield Beside(
            "price_year", f"{outcome.id}.proxy",
            f"{outcome.label}: the price is of {outcome.proxy.price_year}, {age}",
            convention, place_of(impact_map, "outcomes", place, "proxy", "price_year"),
        )  # fmt: skip


def _reviews(impact_map: ImpactMap, today: date) -> Iterator[Beside]:
    for place, outcome in counted(impact_map):
        due = outcome.proxy.review_date if outcome.proxy is not None else None
        if due is not None and due < today:
            yield Beside(
                "review_date", f"{outcome.id}.proxy",
                f"{outcome.label}: the value was to be looked at again by {due.isoformat()}"
                f"{_register_words(outcome)}",
                "review dates that have passed, as the map states them",
                place_of(impact_map, "outcomes", place, "proxy", "review_date"),
            )  # fmt: skip


def _register_words(outcome: Outcome) -> str:
    entry = outcome.proxy.register_id if outcome.proxy is not None else None
    return f" (register: {entry})" if entry else ""
