"""The words of a proxy that say its price is one of a month or week, told from those that say what the price buys."""

from __future__ import annotations

import re

from sroi.nouns import Proxy

# Looked for before any pattern is built: `sroi evaluate` asks this each time it starts.
_WORDS = ("month", "week", "day", "fortnight", "quarter")
_TIMES_A_YEAR = {"month": 12, "week": 52, "day": 365, "fortnight": 26, "quarter": 4}
_PERIOD = r"(?P<period>month|week|day|fortnight|quarter)"
_COUNTED = r"(?:months?|weeks?|days?|nights?|fortnights?|quarters?)"
# What may follow the period of a price. A noun makes a thing of it: "a day centre", "a week away", "a day's leave".
_ENDS = (
    r"(?=$|[,;:.)(\]]|\s[^\w\s]|\s(?:per|for|of|in|and|or|at|from|to|with|on|as|by|than|paid|charged|saved|average)\b)"
)
_PER = rf"(?:/\s?|\bper\s)(?:calendar\s)?{_PERIOD}{_ENDS}"
# "Person a month", and not "half a day", "lasting a week" or "person a quarter", which may be a fourth part.
_UNIT_A = (
    r"(?<=\w\s)(?<!\bof\s)(?<!\bfor\s)(?<!\bin\s)(?<!\bhalf\s)(?<!\bover\s)(?<!\bthan\s)(?<!\bquarter\s)(?<!ing\s)"
    r"an?\s(?P<period>month|week|day|fortnight)(?=$|[,;)(]|\s\()"
)
_SIGN = r"[£$€¥₹]"
_MONEY_WORDS = r"pounds?|euros?|dollars?|pence"
_NUMBER = (
    r"(?:(?!1\b)\d[\d.,]{0,15}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty"
    r"|fifty(?:-two)?)"
)
_MONEY_OF_PERIOD = (
    r"^(?:(?:the|an?|average|mean|median|typical|usual|gross|net)\s)*(?P<period>month|week|dai|fortnight)ly\s"
    r"(?:fees?|costs?|prices?|rents?|wages?|earnings|pay|salary|income|charges?|bills?|rates?)\b"
)
_OF_A_YEAR = (
    r"(?<!financial\s)(?<!fiscal\s)(?<!tax\s)(?<!price\s)(?<!base\s)\byears?\b(?![\s-]olds?\b|\s(?:to|ending|ended)\b|:?\s\d)"
    r"|\b(?:annual\w*|annum|yearly)\b"
)
_AGAIN = r"(?!\s(?:an?|per|each|every)\b)"  # "three times a week" and "five days a week" bring nothing to a year
_TAKEN_TIMES = (
    rf"(?<![a-z])[x×*]\s?{_NUMBER}|\b(?:times|multiplied by)\s{_NUMBER}|\b{_NUMBER}\s?[x×*](?![a-z])"
    rf"|\b{_NUMBER}\stimes\b{_AGAIN}|\b{_NUMBER}-{_COUNTED}\b"
    rf"|\b{_NUMBER}\s(?:[a-z]+\s)?(?:months|weeks|days|nights|fortnights|quarters|payments|instalments)\b{_AGAIN}"
    r"|\bin (?:all|total)\b|\bover the (?:course|programme|term|season)\b"
)


def price_period(proxy: Proxy, currency: str, counted: tuple[str | None, ...] = ()) -> tuple[str, int] | None:
    """Return the words that say a price is one of a part of a year, and how many a year holds; None if none do.

    A unit is asked first, then the description, where only "per month" or an amount of money "a month" tells.
    `counted` is what the outcome says that its quantity counts: where that is months, a price of one is right.
    """
    unit, described = plain(proxy.unit), plain(proxy.description)
    if not any(word in text for text in (unit, described) for word in _WORDS) or _counts_periods(unit):
        return None
    found = _said_by_unit(unit) or _said_by_description(unit, described, currency.lower(), counted)
    if found is None or _brought_to_a_total(proxy):
        return None
    return found[0].strip(" /"), _TIMES_A_YEAR["day" if found["period"] == "dai" else found["period"]]


def plain(text: str | None) -> str:
    """Return words in small letters, with single spaces between them."""
    return " ".join((text or "").lower().split())


def _counts_periods(unit: str) -> bool:
    """Say whether a unit is itself a month, week or day: "week of day care", "a day centre place", "bed day"."""
    begins = re.match(rf"(?:an?\s|per\s|one\s)?{_COUNTED}\b", unit)
    return bool(begins or re.search(rf"(?:^|[\s-])(?!(?:per|an?|each|every)\b)[\w']+[\s-]{_COUNTED}$", unit))


def _said_by_unit(unit: str) -> re.Match[str] | None:
    places = [found for pattern in (_PER, _UNIT_A) for found in re.finditer(pattern, unit)]
    return next((found for found in places if not _is_how_often(unit[: found.start()], "", _NUMBER)), None)


def _said_by_description(
    unit: str, described: str, currency: str, counted: tuple[str | None, ...]
) -> re.Match[str] | None:
    several = rf"(?:^|\b(?:number|count|total) of |\bhow many )(?:\w+ )?{_COUNTED}\b"
    if any(re.search(several, plain(text)) for text in counted):
        return None
    code = re.escape(currency)
    amount = rf"(?:(?:{_SIGN}|\b{code})\s?\d[\d.,]*|\b(?:{_MONEY_WORDS}|{code})|\d\s?{_SIGN})"
    money = re.search(rf"{amount}\s(?:an?|each|every)\s{_PERIOD}{_ENDS}", described)
    number = rf"(?:{_NUMBER}|1|one)"
    rates = (
        each for each in re.finditer(_PER, described) if not _is_how_often(described[: each.start()], code, number)
    )
    whose = re.search(_MONEY_OF_PERIOD, described) if unit in ("", "person", "household", "family") else None
    return money or next(rates, whose)


def _is_how_often(before: str, code: str, number: str) -> bool:
    """Say whether "per week" follows a number of things: "two visits per week" tells how much a price buys.

    The number may be one in a description ("one visit per week"), and not in a unit ("1 person per week").
    """
    found = re.search(
        rf"(?P<sign>{_SIGN}\s?|\b{code}\s)?\b(?:once|twice|{number}(?P<things>(?:\s[a-z-]+){{1,2}}))\s?$", before[-60:]
    )
    if found is None or (found["sign"] or "").strip():
        return False
    return not re.search(rf"\b(?:{_MONEY_WORDS}{'|' + code if code else ''})\b", found["things"] or "")


def _brought_to_a_total(proxy: Proxy) -> bool:
    """Say whether anything tells that months were added up. A year in the source is that of its prices, as a rule."""
    note = proxy.value.note if proxy.value is not None else None
    said = [plain(text) for text in (proxy.unit, proxy.description, note)]
    taken = any(re.search(_TAKEN_TIMES, text) for text in (*said, plain(proxy.source)))
    return taken or any(re.search(_OF_A_YEAR, text) for text in said)
