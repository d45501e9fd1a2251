"""What a handout is made of: a sheet of words for a wall or a table, or a deck of cards to cut out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CARDS_A_PAGE = 8


@dataclass(frozen=True)
class Run:
    """Letters of one kind: plain, strong, or code (what is typed into a computer)."""

    text: str
    style: Literal["plain", "strong", "code"] = "plain"


Words = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is a part of the sheet, 2 a part of that."""

    words: Words
    level: int = 1


@dataclass(frozen=True)
class Passage:
    """A paragraph."""

    words: Words


@dataclass(frozen=True)
class Points:
    """A list of short passages; numbered where their order matters."""

    items: tuple[Words, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Rows:
    """A table: its headings, and rows whose first cell names them."""

    headings: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True)
class Terms:
    """Words with their meanings."""

    pairs: tuple[tuple[Words, Words], ...]


Part = Heading | Passage | Points | Rows | Terms


@dataclass(frozen=True)
class Sheet:
    """A handout of words; `letter` is the size of its letters [points], `columns` how many stand side by side."""

    title: str
    subtitle: Words
    parts: tuple[Part, ...]
    letter: float = 10.0
    columns: int = 1
    language: str = "en-GB"


@dataclass(frozen=True)
class Card:
    """One card: who or what it shows, lines of a label and what stands behind it (nothing: room to write).

    `quote` is what somebody said. An outcome's card is told from a stakeholder's by its word and frame, not by colour.
    """

    kind: Literal["stakeholder", "outcome"]
    name: str
    lines: tuple[tuple[str, str], ...]
    quote: str = ""


@dataclass(frozen=True)
class Deck:
    """Cards to print on A4 and cut out, eight a page; a page holds cards of one kind. `of` names their map, if any."""

    title: str
    pages: tuple[tuple[Card, ...], ...]
    of: str = ""
    language: str = "en-GB"


Handout = Sheet | Deck


def plain_words(words: Words) -> str:
    """Return words without their kinds of letters."""
    return "".join(run.text for run in words)
