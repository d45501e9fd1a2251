"""What is said of discount schedules and carbon values, as lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sroi import formulas, wording
from sroi.evidence.carbon import LEVEL_WORDS, CarbonValue
from sroi.evidence.schedules import STANDING_WORDS, Schedule
from sroi.terminal.layout import table_lines, wrapped

_LEVELS = {"A": "seen at the publisher", "B": "seen at second hand only"}
_GASES = {"co2e": "CO2e", "co2": "CO2", "ch4": "CH4", "n2o": "N2O"}
CARBON_RANGES = "With low and high as a range of each year: add --range."


def bands_words(schedule: Schedule) -> str:
    """Return the rates of a schedule in words.

    >>> from sroi.evidence.schedules import schedule
    >>> print(bands_words(schedule("fr_2017")))
    4 % in years 1 to 30, 2 % from year 31 on
    """
    if len(schedule.bands) == 1 and schedule.known_years is None:
        return f"{wording.per_cent(schedule.bands[0][2], 2)} in every year"
    said = []
    for first, last, rate in schedule.bands:
        years = f"from year {max(first, 1)} on" if last is None else f"in years {max(first, 1)} to {last}"
        said.append(f"{wording.per_cent(rate, 2)} {years}")
    return ", ".join(said)


def standing_words(schedule: Schedule) -> str:
    """Return whether a schedule holds, when that was seen, and when it rules as far as that is known."""
    said = f"{STANDING_WORDS[schedule.standing]}, as at {schedule.as_at}"
    if schedule.first_day:
        said += f"; from {schedule.first_day}{f' to {schedule.last_day}' if schedule.last_day else ''}"
    return said


def schedule_list_lines(schedules: Sequence[Schedule]) -> list[str]:
    """Return each schedule with its rates, its source and whether it holds."""
    lines: list[str] = []
    names = {each.name for each in schedules}
    today = {each.version for each in schedules if each.name != each.version}
    for each in schedules:
        if each.name in today:
            continue  # told with the name that stands for it today
        also = f"  (its version: {each.version})" if each.name != each.version and each.version in names else ""
        lines += [f"{each.name}{also}", *wrapped(f"{each.words}: {bands_words(each)}", "    ")]
        lines += wrapped(f"{standing_words(each)}. {_source(each)}", "    ")
    said = "A name with a year stays as it is; one without is today's rule. `sroi rates NAME` says more."
    return [*lines, "", *wrapped(said, "")]


def schedule_lines(schedule: Schedule, years: Sequence[int]) -> list[str]:
    """Return all that is known of a schedule, and the factor of each of some years, written out."""
    lines = [schedule.name, *wrapped(f"{schedule.title}: {schedule.words}", "  "), ""]
    facts = {
        "Rates": bands_words(schedule),
        "Standing": standing_words(schedule),
        "In the source's words": schedule.status,
        "Rests on": schedule.basis,
        "Version": "" if schedule.version == schedule.name else schedule.version,
        "Mind": schedule.remark,
        "Source": _source(schedule),
        "Address": schedule.address,
        "Licence": schedule.licence,
    }
    for what, said in facts.items():
        lines += wrapped(f"{what}: {said}", "  ", "      ") if said else []
    lines += ["", "  What 1 at the end of a year is worth at the start of year 1"]
    width = max(len(str(year)) for year in years)
    for year, factor in zip(years, factors(schedule, years), strict=True):
        head = f"  year {year:>{width}}: "
        lines += wrapped(f"1 / {_product(schedule, year)} = {factor:.6f}", head, " " * len(head))
    return lines


def factors(schedule: Schedule, years: Sequence[int]) -> list[float]:
    """Return what 1 at the end of each of some years is worth at the start of year 1."""
    return [float(each) for each in formulas.discount_factors(schedule.rates(max(years)), list(years))]


def schedule_told(schedule: Schedule, years: Sequence[int]) -> dict[str, Any]:
    """Return a schedule in plain Python, with its factors for some years."""
    told = {
        name: getattr(schedule, name)
        for name in (
            *("name", "version", "title", "words", "standing", "status", "first_day", "last_day", "as_at", "country"),
            *("basis", "source", "publisher", "address", "licence", "level", "remark"),
        )
    }
    bands = [{"first_year": max(first, 1), "last_year": last, "rate": rate} for first, last, rate in schedule.bands]
    worth = [
        {"year": year, "product": _product(schedule, year), "factor": factor}
        for year, factor in zip(years, factors(schedule, years), strict=True)
    ]
    return {**told, "bands": bands, "factors": worth}


def _product(schedule: Schedule, year: int) -> str:
    """Return the growth to the end of a year as a product: (1.035^30 × 1.03)."""
    powers = [
        f"{1 + rate:.6f}".rstrip("0").rstrip(".") + (f"^{years}" if years > 1 else "")
        for rate, years in schedule.runs(year)
    ]
    return powers[0] if len(powers) == 1 else f"({' × '.join(powers)})"


def _source(schedule: Schedule) -> str:
    return f"{schedule.source}, {schedule.publisher} (level {schedule.level}: {_LEVELS[schedule.level]})"


# ---- carbon ----


def carbon_lines(values: Sequence[CarbonValue], level: str, ranges: bool) -> list[str]:
    """Return carbon values year by year, and the proxy to paste into an outcome of a map."""
    first = values[0]
    lines = [f"A tonne of {_GASES[first.gas]} by the year in which it is emitted: {first.kind}, {first.publisher}", ""]
    rows = [
        (str(each.year), *(f"{_number(each.at(one), ',')}" for one in ("low", "central", "high"))) for each in values
    ]
    lines += table_lines((f"{first.currency} of {first.price_year}", "low", "central", "high"), rows)
    lines += ["", *wrapped(f"{first.basis}: {LEVEL_WORDS[first.basis]}. {first.notes}", "  ")]
    lines += ["", "Paste into an outcome whose quantity is tonnes (the values of activity years 1, 2, ..):", ""]
    lines += [f"  {line}" for line in _pasted(values, level, ranges)]
    lines += ["", *wrapped(_advice(first), "")]
    return lines if ranges else [*lines, CARBON_RANGES]


def _pasted(values: Sequence[CarbonValue], level: str, ranges: bool) -> list[str]:
    first, last = values[0], values[-1]
    years = f"{first.year}" if first is last else f"{first.year} to {last.year}"
    entries = [_entry(each, level, ranges) for each in values]
    source = f"{first.source}, {first.publisher}, {first.address}"
    return [
        "proxy:",
        f"  description: A tonne of {_GASES[first.gas]} not emitted, {level} value, {first.kind}, emitted {years}",
        f"  value: {{by_year: [{', '.join(entries)}]}}",
        f"  unit: tonne of {_GASES[first.gas]}",
        f"  currency: {first.currency}",
        f"  price_year: {first.price_year}",
        "  value_type: environmental",
        f"  valuation_method: {first.kind}",
        f"  source: '{source}'",
        f"  licence: '{first.licence}'",
        f"  acknowledgement: '{first.acknowledgement}'",
        "  overlap_group: carbon",
    ]


def _entry(value: CarbonValue, level: str, ranges: bool) -> str:
    own = _number(value.at(level))
    return f"{{value: {own}, low: {_number(value.low)}, high: {_number(value.high)}}}" if ranges else own


def _number(value: float, marks: str = "") -> str:
    """Return a value with all its digits; `marks` of thousands for people."""
    return f"{value:{marks}.12g}"


def _advice(value: CarbonValue) -> str:
    return (
        f"The map's activity has to run for as many years. The values are in prices of {value.price_year}: bring them "
        "to the price year of the map. They rise with the year of emission and are still discounted. Abatement costs "
        "and damage costs are two things: keep to one in a map. "
        f"Level {value.verification_level}: {_LEVELS[value.verification_level]}."
    )


def carbon_told(values: Sequence[CarbonValue], level: str) -> dict[str, Any]:
    """Return carbon values in plain Python: where they come from, each year, and the list to take over."""
    first = values[0].to_dict()
    years = [{key: each.to_dict()[key] for key in ("year", "low", "central", "high")} for each in values]
    rest = {key: part for key, part in first.items() if key not in ("year", "low", "central", "high")}
    return {**rest, "level": level, "years": years, "by_year": [each.at(level) for each in values]}
