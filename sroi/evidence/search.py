"""Searching a register by words, unit, theme, value type, country and agency.

The order is how well an entry answers the words that were asked, and no more: which value is apt is for people to say.
Nothing is indexed: the words asked for are looked for in the different texts of each column, and then in which rows
these stand. Only entries that answer are read.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, chain, compress
from typing import NamedTuple

from sroi.errors import NameRefused, Problem, did_you_mean
from sroi.evidence.register import Column, Entry, Register, Table

# Where words are looked for, and what a word found there weighs.
WEIGHTS = {
    "outcome": 3.0, "unit": 2.0, "category": 1.5, "theme": 1.5, "agency": 1.0, "agency_detail": 1.0,
    "beneficiary": 0.7, "value_type": 0.7, "valuation_method": 0.7, "id": 0.5,
}  # fmt: skip
# Longer texts, looked through only for a word that none of the others holds.
TEXTS = ("note", "counts_what", "source", "original_source", "publisher", "superseded_by")
FILTERS = ("unit", "theme", "value_type", "country", "agency")

# Abbreviations of the field, each with the words it stands for; and longer words that are looked for as one of them.
ABBREVIATIONS = {
    "a&e": "accident emergency", "asb": "anti social behaviour", "cbt": "cognitive behavioural therapy",
    "co2": "carbon", "carbon": "tco2e", "doctor": "gp", "esa": "employment support allowance",
    "gp": "general practitioner", "jsa": "job seeker", "neet": "not in education employment training",
    "qaly": "quality adjusted life year", "vpf": "road fatality",
}  # fmt: skip
PHRASES = {
    "accident and emergency": "a&e", "accident & emergency": "a&e", "a and e": "a&e", "a & e": "a&e",
    "general practitioner": "gp", "antisocial": "anti social",
}  # fmt: skip
COUNTRIES = {"uk": "gbr", "gb": "gbr", "britain": "gbr", "england": "gbr", "us": "usa", "america": "usa"}

_WORD = re.compile(r"[a-z0-9]+(?:&[a-z0-9]+)*")
MOST_WORDS = 30
_FILLERS = frozenset("a an and at by for from in of on or per the to with".split())  # noqa: SIM905
# Where fewer entries than this hold all words, those that lack one are shown too.
FEW = 5
# How much a word counts that is there as asked, that begins with it, that is like it but for a slip.
_SAME, _BEGINS, _SLIP = 1.0, 0.6, 0.5


@dataclass(frozen=True)
class Query:
    """What is asked for: words, and what the entries are held to; an empty text asks nothing."""

    words: str = ""
    unit: str = ""
    theme: str = ""
    value_type: str = ""
    country: str = ""
    agency: str = ""


@dataclass(frozen=True)
class Answer:
    """The entries that answer, the best first, and a few that hold most of the words where few hold all.

    `read_as` says which words were taken for slips, and for what; `searched` how many entries there are.
    """

    entries: tuple[Entry, ...]
    partly: tuple[Entry, ...]
    searched: int
    read_as: Mapping[str, str] = field(default_factory=dict)


def search(register: Register, query: Query) -> Answer:
    """Return the entries that answer a query.

    An entry answers if it passes what was asked of its fields and holds the words; where no entry holds all of them,
    those that hold most of them. Raises NameRefused for a unit, theme, .. that no entry has, with the nearest.
    """
    shelves = _shelves(register)
    passing = _passing(shelves, query)
    searched = sum(len(shelf.places) for shelf in shelves)
    asked = _asked(query.words)
    read_as: dict[str, str] = {}
    scores: dict[int, float] = {} if asked else dict.fromkeys(chain.from_iterable(map(_numbers, passing)), 0.0)
    held: Counter[int] = Counter()
    for word in asked:
        found = _found(word, passing, shelves, read_as)
        rarity = math.log1p(searched / max(len(found), 1))
        for number, weight in found.items():
            scores[number] = scores.get(number, 0.0) + weight * rarity
        held.update(found.keys())
    if not held and (asked or query.words.strip()):
        return Answer((), (), searched, read_as)
    most = max(held.values(), default=0)
    best = [number for number in scores if held[number] == most]
    few = most > 1 and len(best) < FEW
    partly = [number for number in scores if held[number] == most - 1] if few else []
    return Answer(_ordered(passing, scores, best), _ordered(passing, scores, partly)[:FEW], searched, read_as)


class _Field(NamedTuple):
    """A column while it is searched: what a word in it weighs, its different texts, and these in small letters."""

    weight: float
    column: Column
    distinct: list[str]
    small: list[str]


class _Shelf(NamedTuple):
    """A table while it is searched: the number of its first entry, the rows that count, its short fields."""

    table: Table
    first: int
    places: Collection[int]
    fields: tuple[_Field, ...]


def _shelves(register: Register) -> list[_Shelf]:
    firsts = accumulate(map(len, register.tables), initial=0)
    placed = zip(register.places(), firsts, strict=False)
    return [_Shelf(table, first, places, _fields(table, WEIGHTS)) for (table, places), first in placed]


def _fields(table: Table, weights: Mapping[str, float]) -> tuple[_Field, ...]:
    there = [(weight, table.by_name[name]) for name, weight in weights.items() if name in table.by_name]
    listed = [(weight, column, list(column.distinct)) for weight, column in there]
    return tuple(_Field(weight, column, texts, list(map(str.lower, texts))) for weight, column, texts in listed)


def _numbers(shelf: _Shelf) -> list[int]:
    return [shelf.first + place for place in shelf.places]


def _ordered(shelves: list[_Shelf], scores: dict[int, float], numbers: list[int]) -> tuple[Entry, ...]:
    """Return entries by their numbers: the best first, then those with a value, current, short, by id."""
    keyed = []
    for shelf in shelves:
        table, first = shelf.table, shelf.first
        value, status, outcome, id_ = (table.column(name) for name in ("value", "status", "outcome", "id"))
        last = first + len(table)
        for number in numbers:
            if first <= number < last:
                place = number - first
                tie = not value[place], status[place] not in ("", "current"), len(outcome[place]), id_[place]
                keyed.append((-scores[number], *tie, number, table, place))
    return tuple(table.entry(place) for *_, table, place in sorted(keyed))


# ---- what is asked of the fields ----


def _passing(shelves: list[_Shelf], query: Query) -> list[_Shelf]:
    passing = shelves
    problems = []
    for name in FILTERS:
        wanted = getattr(query, name).strip()
        if not wanted:
            continue
        columns = [_filter_texts(shelf.table, name) for shelf in shelves]
        every = {texts[place] for texts, shelf in zip(columns, shelves, strict=True) for place in shelf.places}
        passes = {text for text in every if _is_like(text, wanted, name)}
        if not passes:
            known = sorted({part for text in every for part in _filter_words(text, name)})
            remedy = did_you_mean(wanted.lower(), known)
            problems.append(Problem(f"no entry's {name.replace('_', ' ')} is like '{wanted}'", remedy))
        passing = [
            shelf._replace(places={place for place in shelf.places if texts[place] in passes})
            for shelf, texts in zip(passing, columns, strict=True)
        ]
    if problems:
        raise NameRefused(problems)
    return passing


def _filter_texts(table: Table, name: str) -> list[str]:
    names = {"theme": ("theme", "category"), "agency": ("agency", "agency_detail")}.get(name, (name,))
    there = [table.column(each) for each in names]
    return [" / ".join(texts).lower() for texts in zip(*there, strict=True)]


def _filter_words(text: str, name: str) -> list[str]:
    parts = [part.strip() for part in text.split(" / ") if part.strip()]
    return [part.removeprefix("per ") for part in parts] if name == "unit" else parts


def _is_like(text: str, wanted: str, name: str) -> bool:
    """Say whether each word asked for begins a word of the text: `visit` passes "per visit"."""
    wanted = wanted.lower()
    if name == "country":
        return text == COUNTRIES.get(wanted, wanted)
    words = [stem(word) for word in _WORD.findall(text)]
    return all(any(word.startswith(stem(part)) for word in words) for part in _asked(wanted))


# ---- words ----


def stem(word: str) -> str:
    """Return a word without the ending of its plural.

    >>> [stem(word) for word in ("visits", "agencies", "process", "offences", "crisis")]
    ['visit', 'agency', 'process', 'offence', 'crisis']
    """
    if len(word) <= 3 or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes")) else word[:-1]


def _asked(words: str) -> list[str]:
    """Return the words of a question, without those that say nothing and without repeating any."""
    words = words.lower()
    for phrase, short in PHRASES.items():
        if phrase in words:  # making a pattern takes longer than all else here
            words = re.sub(rf"\b{phrase}\b", short, words)
    found = [stem(word) for word in _WORD.findall(words)]
    # A letter alone begins too many words to say anything.
    telling = [word for word in found if word not in _FILLERS and (len(word) > 1 or word.isdecimal())]
    return list(dict.fromkeys(telling))[:MOST_WORDS]


def _found(word: str, passing: list[_Shelf], shelves: list[_Shelf], read_as: dict[str, str]) -> dict[int, float]:
    """Return which entries hold a word, and how well: in the short fields, else in the long, else but for a slip."""
    found = _in_fields(word, passing)
    if word in ABBREVIATIONS:
        for number, weight in _all_in_fields(_asked(ABBREVIATIONS[word]), passing).items():
            found[number] = max(found.get(number, 0.0), 0.8 * weight)
    if found:
        return found
    found = _in_texts(word, passing)
    if found:
        return found
    near = _nearest(word, shelves)
    if near:
        read_as[word] = near
        return {number: _SLIP * weight for number, weight in _in_fields(near, passing).items()}
    return {}


def _all_in_fields(words: list[str], passing: list[_Shelf]) -> dict[int, float]:
    each = [_in_fields(word, passing) for word in words]
    common = set.intersection(*(set(found) for found in each)) if each else set()
    return {number: sum(found[number] for found in each) / len(each) for number in common}


def _in_fields(word: str, passing: list[_Shelf]) -> dict[int, float]:
    """Return the entries that hold a word in their short fields, with the weight of the best place it stands in."""
    found: dict[int, float] = {}
    for shelf in passing:
        for field_ in shelf.fields:
            _note_holders(found, shelf, field_, {text: _fit(word, small) for text, small in _holders(word, field_)})
    return found


def _in_texts(word: str, passing: list[_Shelf]) -> dict[int, float]:
    """Return the entries that hold a word in their longer texts."""
    found: dict[int, float] = {}
    if len(word) < 3:
        return found
    for shelf in passing:
        for field_ in _fields(shelf.table, dict.fromkeys(TEXTS, 0.3)):
            holders = _holders(word, field_)
            begun = (text for text, small in holders if any(each.startswith(word) for each in _WORD.findall(small)))
            _note_holders(found, shelf, field_, dict.fromkeys(begun, 1.0))
    return found


def _holders(word: str, field_: _Field) -> list[tuple[str, str]]:
    return [(text, small) for text, small in zip(field_.distinct, field_.small, strict=True) if word in small]


def _fit(word: str, text: str) -> float:
    """Return how well a text holds a word: as it is, as a beginning, not at all."""
    words = _WORD.findall(text.replace("_", " "))
    if any(stem(each) == word for each in words):
        return _SAME
    return _BEGINS if len(word) >= 3 and any(each.startswith(word) for each in words) else 0.0


def _note_holders(found: dict[int, float], shelf: _Shelf, field_: _Field, fits: dict[str, float]) -> None:
    """Note the entries whose field is one of these texts, with the better of what is noted and what this weighs."""
    weights = {text: field_.weight * fit for text, fit in fits.items() if fit}
    if not weights:
        return
    texts = field_.column.texts
    for place in compress(range(len(texts)), map(weights.__contains__, texts)):
        if place in shelf.places:
            number = shelf.first + place
            found[number] = max(found.get(number, 0.0), weights[texts[place]])


def _nearest(word: str, shelves: list[_Shelf]) -> str:
    """Return the word of the register that differs from this one by a slip: a letter more, less, other or swapped."""
    if len(word) < 4 or word.isdecimal():
        return ""
    reach = 2 if len(word) >= 8 else 1
    wanted = _shortened(word, reach)
    fields = [field_ for shelf in shelves for field_ in shelf.fields]
    near = {
        each
        for each in _split("\n".join(text for field_ in fields for text in field_.small))
        if abs(len(each) - len(word)) <= reach and each[0] == word[0] and not wanted.isdisjoint(_shortened(each, 1))
    }
    if not near:
        return ""
    return stem(min(near, key=lambda each: (abs(len(each) - len(word)), -_how_often(each, fields), each)))


def _split(text: str) -> list[str]:
    for mark in "-(),/:":
        text = text.replace(mark, " ")
    return text.split()


def _how_often(word: str, fields: list[_Field]) -> int:
    """Return how often a word stands in these fields."""
    times = 0
    for field_ in fields:
        within = {text: _split(small).count(word) for text, small in _holders(word, field_)}
        times += sum(within.get(text, 0) for text in field_.column.texts) if within else 0
    return times


def _shortened(word: str, letters: int) -> set[str]:
    """Return a word and what is left of it without up to so many letters: words a slip apart share one."""
    left = {word}
    for _ in range(letters):
        left |= {each[:place] + each[place + 1 :] for each in left for place in range(len(each))}
    return left
