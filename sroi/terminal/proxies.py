"""Entries of the register, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from sroi import wording
from sroi.evidence.register import FIELDS, Entry
from sroi.evidence.register_prices import Uprated
from sroi.evidence.search import Answer, Query
from sroi.terminal.layout import wrapped

LEVELS = {"A": "seen in the publisher's own file or page", "B": "seen at second hand"}
CLOSING = (
    "They are in the order of how well they answer the words. Which one is apt is for people to judge: see what one "
    "unit is, what is counted, how old and how well graded it is. `sroi proxies show ID` tells all."
)


def answer_lines(answer: Answer, query: Query, uprated: Sequence[Uprated], most: int) -> list[str]:
    """Return what a search found: the first entries in full, and how many there are."""
    words = " ".join(query.words.split())
    asked = [f'"{words}"'] if words else []
    asked += [
        f"{name.replace('_', ' ')}: {wanted}"
        for name in ("unit", "theme", "value_type", "country", "agency")
        if (wanted := getattr(query, name))
    ]
    said = f"{len(answer.entries)} of {answer.searched:,} entries answer to {', '.join(asked)}"
    if not asked:
        said = (
            f'Nothing was asked for, in words such as "GP visit" or with --theme; there are {answer.searched:,} entries'
        )
    lines = [
        *(f"'{word}' was read as '{meant}'." for word, meant in answer.read_as.items()),
        f"{said}." if len(answer.entries) <= most else f"{said}; the first {most} (--most shows more):",
    ]
    if not answer.entries:
        return [*lines, "Try fewer words, or others; or name a register of your own with --register FILE."]
    shown = answer.entries[:most]
    for entry, other in zip(shown, uprated, strict=False):
        lines += ["", *entry_lines(entry, other)]
    if answer.partly:
        lines += ["", "Some of the words alone:"]
        lines += [line for entry in answer.partly for line in wrapped(f"{entry.id}  {_head(entry)}", "  ", "      ")]
    return [*lines, "", *wrapped(CLOSING, "")]


def _head(entry: Entry) -> str:
    value = "no value shipped" if entry.value is None else price(entry.value, entry["currency"])
    return f"{entry['outcome']}: {value} {unit_words(entry['unit'])}"


def unit_words(unit: str) -> str:
    """Return a unit as it stands behind a price, whether it was written so or bare.

    >>> unit_words("per visit"), unit_words("hour"), unit_words("each")
    ('per visit', 'per hour', 'each')
    """
    return (
        unit
        if unit.partition(" ")[0].lower() in ("per", "each", "a", "an", "every", "for", "one", "")
        else f"per {unit}"
    )


def price(amount: float, currency: str) -> str:
    """Return a value as people write it, small ones with their pence."""
    return wording.unit_money(amount, currency) if abs(amount) < 1000 else wording.money(amount, currency)


def entry_lines(entry: Entry, uprated: Uprated) -> list[str]:
    """Return an entry in short: unit, price year, uprated value, source, grade, licence, why one might prefer it."""
    lines = [entry.id, *wrapped(entry["outcome"], "  ")]
    lines += wrapped(_value_words(entry, uprated), "  ", "    ")
    lines += wrapped(_kind_words(entry), "  ", "    ")
    lines += wrapped(f"Source: {entry.full_source}", "  ", "    ")
    lines += wrapped(_standing(entry), "  ", "    ")
    if entry["rationale"]:
        lines += wrapped(f"Why one might prefer it: {entry['rationale']}", "  ", "    ")
    if entry.says("is_transfer"):
        lines += wrapped(f"A transfer payment, wholly or in part. {entry['transfer_note']}", "  ", "    ")
    return lines


def _value_words(entry: Entry, uprated: Uprated) -> str:
    if entry.value is None:
        return f"{entry['unit']}; {entry['price_year']} prices; {entry['note'] or 'no value is shipped'}"
    currency = entry["currency"]
    low, high = entry.number("low"), entry.number("high")
    between = f" ({price(low, currency)} to {price(high, currency)})" if low is not None and high is not None else ""
    year = f"{entry['price_year']} prices" + (", a financial year" if entry["price_year_basis"] == "financial" else "")
    said = f"{price(entry.value, currency)} {unit_words(entry['unit'])}{between}; {year}"
    if uprated.value is None:
        return f"{said}; not in {uprated.to} prices: {uprated.reason}"
    if uprated.factor == 1.0:
        return said
    return f"{said}; in {uprated.to} prices {price(uprated.value, currency)} (x {uprated.factor:.4g})"


def _kind_words(entry: Entry) -> str:
    agency = ", ".join(part for part in (entry["agency"], entry["agency_detail"]) if part)
    parts = (
        entry["value_type"] or "value type not stated", entry["counts_what"], entry["valuation_method"], agency,
        entry["country"],
    )  # fmt: skip
    return "; ".join(part for part in parts if part)


def _standing(entry: Entry) -> str:
    parts = [f"Grade: {entry['confidence'] or 'none given'}"]
    if entry["verification_level"]:
        parts.append(
            f"level {entry['verification_level']} ({LEVELS.get(entry['verification_level'], 'as its file says')})"
        )
    parts.append(f"licence: {entry['licence']}")
    if entry.says("passing_on") is False and entry.value is not None:
        parts.append("not to be passed on")
    if entry["status"] and entry["status"] != "current":
        after = f"; {entry['superseded_by']} came after it" if entry["superseded_by"] else ""
        parts.append(f"{entry['status']}{after}")
    if not entry.shipped:
        parts.append(f"from {entry.file}, row {entry.line}")
    return "; ".join(parts)


def whole_entry_lines(entry: Entry, uprated: Uprated) -> list[str]:
    """Return all that a register says of an entry, field by field, and each step of its uprating."""
    lines = [entry.id, *wrapped(_value_words(entry, uprated), "  ", "    ")]
    lines += [
        line for step in uprated.steps.split("\n") if step.strip() for line in wrapped(step.strip(), "    ", "      ")
    ]
    lines.append("")
    for name in FIELDS:
        if entry[name] and name != "id":
            lines += wrapped(f"{name.replace('_', ' ')}: {entry[name]}", "  ", "    ")
    unsaid = [name.replace("_", " ") for name in FIELDS if not entry[name]]
    return [*lines, "", *wrapped(f"Not said: {', '.join(unsaid)}.", "  ", "    ")]
