"""What an exercise is marked by: spans of numbers, each with what to say about an answer that lies in it.

The same spans mark in Python, in a page's JavaScript and in a workbook's formulas, first come first served, so that the
three say the same of every answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sroi.teaching.course import Exercise, exercise
from sroi.teaching.figures import Case, case_of, figure
from sroi.teaching.mistakes import SAME_DIGITS, kinds, of_the_number, slips_of

# An answer this near to the right one was reckoned in the right way.
_NEAR = 0.01
# How small a part of the last digit asked for a rounded figure may be off.
_EXACT = 1e-6
# What part of a slip's figure an answer that is taken for it may be off, however few digits are asked for.
_PART = 0.25


@dataclass(frozen=True)
class Span:
    """Answers from `low` to `high`, and what is said of them; `kind` is empty for the right ones."""

    low: float
    high: float
    kind: str
    title: str
    words: str


@dataclass(frozen=True)
class NumberKey:
    """By what one number is marked. `spans` in the order in which they are tried; the first holds the right answer."""

    label: str
    name: str
    unit: str
    decimals: int
    value: float
    spans: tuple[Span, ...]
    hint: str


@cache
def key_of(number: str) -> tuple[NumberKey, ...]:
    """Return by what an exercise's numbers are marked: one for a number, several for a map, none for choices.

    >>> key_of("1.1")[0].value
    6000.0
    """
    asked = exercise(number)
    if asked.kind == "number":
        case = case_of(asked.case, asked.asks, asked.at)
        slips = [(each.kind, each.value, each.about) for each in slips_of(case, asked.unit, asked.first)]
        value = figure(case)
        spans = _spans(value, asked.decimals, asked.unit, asked.notice, slips)
        return (NumberKey("", "", asked.unit, asked.decimals, value, spans, asked.hint),)
    return tuple(_blank_keys(asked)) if asked.kind == "map" else ()


def _blank_keys(asked: Exercise) -> Iterator[NumberKey]:
    tree = case_of(asked.case, "").tree
    values = {blank.name: figure(Case(tree, blank.name)) for blank in asked.blanks}
    for blank in asked.blanks:
        value = values[blank.name]
        slips = [(kind, wrong, "") for kind, wrong in of_the_number(value, blank.unit)]
        if blank.name.endswith(".attribution"):
            slips.insert(0, ("attribution_reversed", 1 - value, ""))
        slips[:0] = [("swapped", other, "") for other in values.values() if other != value]
        spans = _spans(value, asked.decimals, blank.unit, "", slips)
        yield NumberKey(blank.label, blank.name, blank.unit, asked.decimals, value, spans, asked.hint)


def _spans(
    value: float, decimals: int, unit: str, notice: str, slips: list[tuple[str, float, str]]
) -> tuple[Span, ...]:
    """Return the spans of an answer: right, rounded, each slip, and last whatever is very near."""
    places = decimals + 2 if unit == "share" else decimals
    last = 0.5 * 10.0**-places
    spans = [Span(value - last * (1 + _EXACT), value + last * (1 + _EXACT), "", "Right", notice)]
    rounded = [(wrong, last * _EXACT) for wrong in _rounded(value, places)]
    found = [("rounded", wrong, "", width) for wrong, width in rounded]
    found += [(kind, wrong, about, _room(kind, wrong, value, last)) for kind, wrong, about in slips]
    for kind, wrong, about, width in found:
        if any(span.low <= wrong <= span.high for span in spans):
            continue
        told = kinds()[kind]
        words = f"{told.words} The line is “{about}”." if about else told.words
        spans.append(Span(wrong - width * (1 + _EXACT), wrong + width * (1 + _EXACT), kind, told.title, words))
    near, reach = kinds()["nearly"], abs(value) * _NEAR
    if reach > last:
        spans.append(Span(value - reach, value + reach, "nearly", near.title, near.words))
    return tuple(spans)


def _room(kind: str, wrong: float, value: float, last: float) -> float:
    """Return how far an answer may be from a slip's and still be taken for it.

    Room in proportion: who is out by a hundred rounds a hundred times as widely, and who moves the point keeps the
    digits. Never so much that an answer of nothing would be taken for a slip that comes to something.
    """
    times = abs(wrong / value) if value else 1.0
    if kind in SAME_DIGITS:
        return last * times
    room = last * max(1.0, times)
    return room if abs(wrong) <= last * _EXACT else min(room, abs(wrong) * _PART)


def _rounded(value: float, places: int) -> list[float]:
    """Return the value with fewer digits than were asked for, down to one digit."""
    if not value:
        return []
    first = -math.floor(math.log10(abs(value)))
    return [round(value, digits) for digits in range(places - 1, min(first, places - 1) - 1, -1)]
