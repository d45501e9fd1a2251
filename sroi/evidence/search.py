"""Searching a register by words, unit, theme, value type, country and agency.

The order is how well an entry answers the words that were asked, and no more: which value is apt is for people to say.
Nothing is indexed: the words asked for are looked for in each entry's text, and only entries that hold one are read.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sroi.errors import NameRefused, Problem, did_you_mean
from sroi.evidence.register import Entry, Register, Table

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
    lines = _lines(register)
    passing = _passing(lines, query)
    asked = _asked(query.words)
    read_as: dict[str, str] = {}
    scores = [0.0] * len(passing)
    held = [0] * len(passing)
    for word in asked:
        found = _found(word, passing, lines, read_as)
        rarity = math.log1p(len(lines) / max(len(found), 1))
        for place, weight in found.items():
            scores[place] += weight * rarity
            held[place] += 1
    most = max(held, default=0)
    if most == 0 and (asked or query.words.strip()):
        return Answer((), (), len(lines), read_as)
    entries = _ordered(passing, scores, [place for place, number in enumerate(held) if number == most])
    few = most > 1 and len(entries) < FEW
    partly = [place for place, number in enumerate(held) if number == most - 1] if few else []
    return Answer(entries, _ordered(passing, scores, partly)[:FEW], len(lines), read_as)


def _ordered(passing: list[_Line], scores: list[float], places: list[int]) -> tuple[Entry, ...]:
    entries = [(scores[place], passing[place].entry()) for place in places]
    return tuple(entry for _, entry in sorted(entries, key=lambda each: (-each[0], *_tie(each[1]))))


def _tie(entry: Entry) -> tuple[bool, bool, int, str]:
    """Return what orders entries that answer alike: with a value, current, short, by id."""
    return entry.value is None, entry["status"] not in ("", "current"), len(entry["outcome"]), entry.id


class _Line(NamedTuple):
    """One entry while it is searched: where it stands, and the text of its short fields in small letters."""

    table: Table
    place: int
    head: str

    def entry(self) -> Entry:
        return self.table.entry(self.place)


def _lines(register: Register) -> list[_Line]:
    heads = {id(table): _heads(table, tuple(WEIGHTS)) for table in register.tables}
    return [_Line(table, place, heads[id(table)][place]) for table, place in register.places()]


def _heads(table: Table, names: Iterable[str]) -> list[str]:
    """Return for each row the texts of these columns, in small letters."""
    there = [table.column(name) for name in names if name in table.columns]
    return [" ".join(texts).lower() for texts in zip(*there, strict=True)]


# ---- what is asked of the fields ----


def _passing(lines: list[_Line], query: Query) -> list[_Line]:
    passing = lines
    problems = []
    for name in FILTERS:
        wanted = getattr(query, name).strip()
        if not wanted:
            continue
        columns = {
            id(table): _filter_texts(table, name) for table in {id(line.table): line.table for line in lines}.values()
        }
        every = {text for texts in columns.values() for text in texts}
        passes = {text: _is_like(text, wanted, name) for text in every}
        if not any(passes.values()):
            known = sorted({part for text in every for part in _filter_words(text, name)})
            remedy = did_you_mean(wanted.lower(), known)
            problems.append(Problem(f"no entry's {name.replace('_', ' ')} is like '{wanted}'", remedy))
        passing = [line for line in passing if passes[columns[id(line.table)][line.place]]]
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
        words = re.sub(rf"\b{phrase}\b", short, words)
    found = [stem(word) for word in _WORD.findall(words)]
    # A letter alone begins too many words to say anything.
    telling = [word for word in found if word not in _FILLERS and (len(word) > 1 or word.isdecimal())]
    return list(dict.fromkeys(telling))[:MOST_WORDS]


def _found(word: str, passing: list[_Line], lines: list[_Line], read_as: dict[str, str]) -> dict[int, float]:
    """Return which lines hold a word, and how well: in the short fields, else in the long, else but for a slip."""
    found = _in_heads(word, passing)
    if word in ABBREVIATIONS:
        for place, weight in _all_in_heads(_asked(ABBREVIATIONS[word]), passing).items():
            found[place] = max(found.get(place, 0.0), 0.8 * weight)
    if found:
        return found
    found = _in_texts(word, passing)
    if found:
        return found
    near = _nearest(word, lines)
    if near:
        read_as[word] = near
        return {place: _SLIP * weight for place, weight in _in_heads(near, passing).items()}
    return {}


def _all_in_heads(words: list[str], passing: list[_Line]) -> dict[int, float]:
    each = [_in_heads(word, passing) for word in words]
    common = set.intersection(*(set(found) for found in each)) if each else set()
    return {place: sum(found[place] for found in each) / len(each) for place in common}


def _in_heads(word: str, passing: list[_Line]) -> dict[int, float]:
    found = {}
    for place, line in enumerate(passing):
        if word in line.head:  # most entries end here
            weight = _weight(word, line)
            if weight:
                found[place] = weight
    return found


def _weight(word: str, line: _Line) -> float:
    """Return the weight of the best place in which a word stands, 0 if it stands only within other words."""
    best = 0.0
    row, columns = line.table.rows[line.place], line.table.columns
    for name, text in zip(columns, row, strict=True):
        weight = WEIGHTS.get(name, 0.0)
        if weight <= best or not text:
            continue
        text = text.lower()
        if word not in text:
            continue
        words = _WORD.findall(text.replace("_", " "))
        if any(stem(each) == word for each in words):
            best = max(best, weight * _SAME)
        elif len(word) >= 3 and any(each.startswith(word) for each in words):
            best = max(best, weight * _BEGINS)
    return best


def _in_texts(word: str, passing: list[_Line]) -> dict[int, float]:
    if len(word) < 3:
        return {}
    texts: dict[int, list[str]] = {}
    found = {}
    for place, line in enumerate(passing):
        if id(line.table) not in texts:
            texts[id(line.table)] = _heads(line.table, TEXTS)
        text = texts[id(line.table)][line.place] if texts[id(line.table)] else ""
        if word in text and any(each.startswith(word) for each in _WORD.findall(text)):
            found[place] = 0.3
    return found


def _nearest(word: str, lines: list[_Line]) -> str:
    """Return the word of the register that differs from this one by a slip: a letter more, less, other or swapped."""
    if len(word) < 4 or word.isdecimal():
        return ""
    reach = 2 if len(word) >= 8 else 1
    wanted = _shortened(word, reach)
    text = "\n".join(line.head for line in lines)
    for mark in "-(),/:":
        text = text.replace(mark, " ")
    counts = Counter(text.split())
    near = [
        each
        for each in counts
        if abs(len(each) - len(word)) <= reach and each[0] == word[0] and not wanted.isdisjoint(_shortened(each, 1))
    ]
    if not near:
        return ""
    return stem(min(near, key=lambda each: (abs(len(each) - len(word)), -counts[each], each)))


def _shortened(word: str, letters: int) -> set[str]:
    """Return a word and what is left of it without up to so many letters: words a slip apart share one."""
    left = {word}
    for _ in range(letters):
        left |= {each[:place] + each[place + 1 :] for each in left for place in range(len(each))}
    return left
