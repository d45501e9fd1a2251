"""A finished text of the program, found again in the catalogue and said in another language.

A text is read as a row of phrases, each an entry of the catalogue. Words of the value map are told from the program's
by being among the map's own texts: only those may stand in a {text} place, and they go over byte for byte. What cannot
be read, or can be read in two ways that differ, stays English as it is: nothing that a stranger wrote is ever reworded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from sroi.language.catalogue import PLACE, Entry, entries, known_language
from sroi.language.figures import DAY, FIGURE, days_in, figures_in
from sroi.wording import NO_BREAK

# What may stand between two phrases.
JOINTS = (" ", "; ", ": ", ", ")
# Nothing but figures and what links them: 1.93 : 1, 30 × 60 % × 12, a dash.
FIGURES_ALONE = re.compile(rf"(?:{FIGURE.pattern}|[\s×:;,()–-])+")
_FIGURES = re.compile(rf"{FIGURE.pattern}(?:, {re.sub('[?]P<[a-z]+>', '?:', FIGURE.pattern)})*(?:, \.\.)?")
_SHAPES = {"figure": FIGURE, "figures": _FIGURES, "day": DAY}
_RULES = ("forecast, ", "evaluation, ")
# A text that takes more tries than this to be read stays English.
_MOST_TRIES = 40_000


@dataclass(frozen=True)
class _Pattern:
    """An entry cut at its places: the words around them, one more than there are places, and the places' names."""

    entry: Entry
    words: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True)
class _Reading:
    """One way to read a text from some letter on: what is then said, and the entries that say it."""

    said: str
    used: frozenset[Entry] = frozenset()


class Speaker:
    """Says the texts of one report in a language, and keeps count of what it could say."""

    def __init__(self, language: str, own: Iterable[str] = (), labels: Collection[str] = ()) -> None:
        """Take the map's own texts, and the labels that the program made with them, such as "Sleep better: proxy".

        Raises TemplateRefused for a language without a catalogue.
        """
        self.tag = known_language(language)
        self.used: set[Entry] = set()
        self.missing: set[str] = set()
        self._figures = figures_in(self.tag) or (lambda text: text)
        self._own = {text: text for text in own if text}
        self._lengths = sorted({len(text) for text in (*self._own, *labels)})
        # A text that the map itself has is never a label.
        made = {label: self._read(label) for label in labels if label not in self._own}
        self._own |= {label: reading.said for label, reading in made.items() if reading is not None}
        self._known: dict[str, _Reading | None] = {}

    def heading(self, text: str) -> str:
        """Return a heading, where only the program speaks, in the language."""
        entry = _by_text(self.tag).get(text)
        if entry is None:
            return self._said(text)
        self._count((entry,))
        return entry.said or text

    def say(self, text: str) -> str:
        """Return any other text in the language, as far as the catalogue has it; what the map says stays as it is."""
        return self._own[text] if text in self._own else self._said(text)

    def _said(self, text: str) -> str:
        if FIGURES_ALONE.fullmatch(text):
            return self._figures(text)
        if text not in self._known:
            self._known[text] = self._read(text)
        reading = self._known[text]
        if reading is None:
            self.missing.add(text)
            return text
        self._count(reading.used)
        return reading.said

    def _count(self, used: Iterable[Entry]) -> None:
        for entry in used:
            if entry.said:
                self.used.add(entry)
            else:
                self.missing.add(entry.pattern)

    def _read(self, text: str) -> _Reading | None:
        return _Reader(text, self.tag, self._own, self._lengths, self._figures).only()


class _Reader:
    """Reads one text."""

    def __init__(
        self, text: str, tag: str, own: Mapping[str, str], lengths: Sequence[int], figures: Callable[[str], str]
    ) -> None:
        self.text, self.tag, self.own, self.lengths, self.figures = text, tag, own, lengths, figures
        self.starts = _by_start(tag)
        self.ends: dict[tuple[str, int], list[int]] = {}
        self.tries = 0

    def only(self) -> _Reading | None:
        """Return how the whole text reads; None if it cannot be read, or in ways that do not say the same."""
        steps: dict[int, list[tuple[int, _Reading]]] = {}
        ahead = [0]
        while ahead:
            begin = ahead.pop()
            if begin in steps:
                continue
            steps[begin] = list(self._phrases(begin))
            if self.tries > _MOST_TRIES:
                return None
            ahead += [after for end, _ in steps[begin] for after in self._after(end)]
        readings: dict[int, dict[str, _Reading]] = {}
        for begin in sorted(steps, reverse=True):
            found: dict[str, _Reading] = {}
            for end, phrase in steps[begin]:
                rests = [("", _Reading(""))] if end == len(self.text) else [
                    (self.text[end:after], rest) for after in self._after(end) for rest in readings[after].values()
                ]  # fmt: skip
                for joint, rest in rests:
                    said = f"{phrase.said}{joint}{rest.said}"
                    found.setdefault(said, _Reading(said, phrase.used | rest.used))
            # Two ways that differ are as telling as many.
            readings[begin] = dict(list(found.items())[:2])
        whole = list(readings[0].values())
        return whole[0] if len(whole) == 1 else None

    def _after(self, end: int) -> list[int]:
        return [end + len(joint) for joint in JOINTS if self.text.startswith(joint, end)]

    def _phrases(self, begin: int) -> Iterator[tuple[int, _Reading]]:
        """Yield where each phrase that may begin here ends, and what it says."""
        for end in self._own_ends(begin):
            said = self.own[self.text[begin:end]]
            yield end, _Reading(said)
            if self.text.startswith(".", end):
                yield end + 1, _Reading(f"{said}.")
        for pattern in (*self.starts.get(self.text[begin : begin + 2], ()), *self.starts.get("", ())):
            for end, bound in self._matches(pattern, 0, begin, {}):
                yield end, _Reading(self._rendered(pattern.entry, bound), frozenset({pattern.entry}))

    def _matches(
        self, pattern: _Pattern, place: int, begin: int, bound: dict[str, str]
    ) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield where a pattern ends from its words before a place on, and what stands in each of its places."""
        self.tries += 1
        if self.tries > _MOST_TRIES or not self.text.startswith(pattern.words[place], begin):
            return
        begin += len(pattern.words[place])
        if place == len(pattern.places):
            yield begin, bound
            return
        name = pattern.places[place]
        for end in self._place_ends(name, begin):
            yield from self._matches(pattern, place + 1, end, {**bound, name: self.text[begin:end]})

    def _place_ends(self, name: str, begin: int) -> list[int]:
        kind = name.rstrip("0123456789")
        if kind == "text":
            return self._own_ends(begin)
        if (kind, begin) not in self.ends:
            found = _SHAPES[kind].match(self.text, begin)
            self.ends[kind, begin] = [found.end()] if found else []
        return self.ends[kind, begin]

    def _own_ends(self, begin: int) -> list[int]:
        if ("text", begin) not in self.ends:
            ends = (begin + length for length in self.lengths)
            known = [end for end in ends if end <= len(self.text) and self.text[begin:end] in self.own]
            self.ends["text", begin] = known
        return self.ends["text", begin]

    def _rendered(self, entry: Entry, bound: Mapping[str, str]) -> str:
        def put(found: re.Match[str]) -> str:
            name = found[1]
            if name.startswith("text"):
                return self.own[bound[name]]
            return (self.figures if name.startswith("figure") else self._day)(bound[name])

        # An English sentence among others has their figures: 1.234 and 1,234 on one page would be read as the same.
        return PLACE.sub(put, entry.said or entry.pattern)

    def _day(self, text: str) -> str:
        return days_in(self.tag, text)


@cache
def _by_text(tag: str) -> dict[str, Entry]:
    return {entry.pattern: entry for entry in entries(tag)}


@cache
def _by_start(tag: str) -> dict[str, tuple[_Pattern, ...]]:
    """Return the patterns by their first two letters; by "" those that begin with a place, or have but one letter."""
    starts: dict[str, list[_Pattern]] = {}
    for entry in entries(tag):
        parts = PLACE.split(entry.pattern)
        pattern = _Pattern(entry, tuple(parts[::2]), tuple(parts[1::2]))
        first = pattern.words[0]
        starts.setdefault(first[:2] if len(first) > 1 else "", []).append(pattern)
    return {start: tuple(patterns) for start, patterns in starts.items()}


def cut(text: str, own: Iterable[str], finely: bool = False) -> list[str]:
    """Return the entries that a catalogue needs for a text: its phrases, with places for figures, days and own texts.

    `finely` cuts a list of figures, as a figure's alt text has it, into its items.

    >>> cut("Find out first: “Sleep better”. It bears 60 % of the uncertainty.", ["Sleep better"])
    ['Find out first: “{text1}”.', 'It bears {figure1} of the uncertainty.']
    """
    marked = _marked(text, own)
    between = r"(?<=[.?!]) (?=[A-Z“{])|; "
    if finely:
        between += r"|[:.] (?=[a-z])|(?<=\}), (?=[a-z{])"
    pieces = re.split(between, marked)
    # The rules that stand beside a ratio are a list: forecast, GBP, 2024 prices, discounted ..
    listed = [each for piece in pieces for each in (piece.split(", ") if piece.startswith(_RULES) else [piece])]
    phrases = [_numbered(phrase) for phrase in listed]
    return [phrase for phrase in phrases if re.search(r"[^\W\d_]", PLACE.sub("", phrase))]


def _marked(text: str, own: Iterable[str]) -> str:
    """Return a text with {text0}, {day0}, {figure0} and {figures0} in place of own texts, days and figures."""
    marked = _spots(frozenset(own)).sub(lambda found: f"{{{_kind(found)}0}}", text)
    return re.sub(r"\{figure0\}(?:, \{figure0\})+(?:, \.\.)?(?= by year)", "{figures0}", marked)


@lru_cache(16)
def _spots(own: frozenset[str]) -> re.Pattern[str]:
    """Return what finds own texts, days and figures; made once for the many texts of a report."""
    # One word of the map is as likely the program's own, and a figure is a figure.
    telling = (each for each in own if not re.fullmatch(r"\s*|[a-z]+", each) and not FIGURES_ALONE.fullmatch(each))
    known = sorted(telling, key=len, reverse=True)
    spots = [f"(?<!\\w)(?P<text>{'|'.join(map(re.escape, known))})(?!\\w|{NO_BREAK})"] if known else []
    spots += [f"(?P<day>{DAY.pattern})", f"(?P<figure>{FIGURE.pattern})"]
    return re.compile("|".join(spots))


def _kind(found: re.Match[str]) -> str:
    groups = found.groupdict()
    return next(kind for kind in ("text", "day", "figure") if groups.get(kind) is not None)


def _numbered(phrase: str) -> str:
    counts: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        kind = found[1].rstrip("0123456789")
        counts[kind] = counts.get(kind, 0) + 1
        return f"{{{kind}{counts[kind]}}}"

    return PLACE.sub(number, phrase)
