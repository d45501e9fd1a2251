"""The catalogue: every fixed text of a report in English, and what a language says in its place (gettext).

`sroi.pot` holds the texts, `cy.po` and its like the translations. A text may have places: {figure1} for a number with
its unit, {figures1} for several in a row, {text1} for words of the value map, {day1} for a day. An entry marked fuzzy
is a draft that no speaker has reviewed: it is used, and the report says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sroi.errors import Problem, TemplateRefused, did_you_mean

ENGLISH = "en-GB"
FOLDER = Path(__file__).parent
TEMPLATE = FOLDER / "sroi.pot"
# Braces of any other kind are text.
PLACE = re.compile(r"\{((?:figures?|text|day)\d+)\}")


@dataclass(frozen=True)
class Entry:
    """A text in English, what a language says for it ("" if nothing yet), and whether that is an unreviewed draft."""

    pattern: str
    said: str = ""
    draft: bool = False


def languages() -> tuple[str, ...]:
    """Return the languages in which a report can be had: en, and each that has a catalogue."""
    return ("en", *sorted(path.stem for path in FOLDER.glob("*.po")))


def known_language(asked: str) -> str:
    """Return the full tag of a language that is asked for; TemplateRefused, naming those there are, if there is none.

    >>> known_language("en"), known_language("cy")
    ('en-GB', 'cy-GB')
    """
    name = asked.strip().replace("_", "-")
    if name.lower() in ("en", ENGLISH.lower()):
        return ENGLISH
    for language in languages():
        if name.lower() in (language.lower(), _full_tag(language).lower()):
            return _full_tag(language)
    raise TemplateRefused(Problem(f"there is no report in a language '{asked}'", did_you_mean(name, languages())))


def entries(language: str) -> tuple[Entry, ...]:
    """Return the catalogue of a language; of English, every text with nothing in its place.

    Raises TemplateRefused for a language without a catalogue.
    """
    tag = known_language(language)
    return read_entries(TEMPLATE if tag == ENGLISH else FOLDER / f"{tag.partition('-')[0]}.po")


@cache
def read_entries(path: Path) -> tuple[Entry, ...]:
    """Return the entries of a catalogue's file. A translation with a place that its text has not counts as missing."""
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        messages = list(read_po(file))
    found = []
    for message in messages:
        if not isinstance(message.id, str) or not message.id:
            continue
        said = message.string if isinstance(message.string, str) else ""
        sound = set(PLACE.findall(said)) <= set(PLACE.findall(message.id))
        found.append(Entry(message.id, said if sound else "", message.fuzzy))
    return tuple(found)


def lookup(language: str, text: str) -> str:
    """Return what a language says for a text without places, for what stands around a report; English if it is missing.

    >>> lookup("en", "Contents")
    'Contents'
    """
    tag = known_language(language)
    if tag == ENGLISH:
        return text
    return _by_text(tag).get(text) or text


@cache
def _by_text(tag: str) -> dict[str, str]:
    return {entry.pattern: entry.said for entry in entries(tag)}


@cache
def _full_tag(language: str) -> str:
    """Return a language with the country where most of its speakers live: cy-GB, as Word and PDF want it."""
    if language == "en":
        return ENGLISH
    from babel import Locale
    from babel.core import get_global

    territory = Locale.parse(language, sep="-").territory
    if territory is None:
        territory = get_global("likely_subtags").get(language, "").rpartition("_")[2] or None
    return f"{language.partition('-')[0]}-{territory}" if territory else language
