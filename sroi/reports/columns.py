"""How wide a table's columns are, where the page does not find out by itself: in Word, PDF and on slides."""

from __future__ import annotations

import re

from sroi.reports.blocks import Table

# Where a line may end: not at the space that does not break, which holds a figure and its unit together.
BREAKS = re.compile("[ \u00ad\n]")
_FIRST, _OTHER, _LEAST = 24, 18, 9  # letters of a word that a column makes room for


def widths(block: Table, whole: float, letter: float, padding: float) -> list[float]:
    """Share a width among a table's columns: each its longest word, the rest by how much a column says.

    `letter` is the width of a letter and `padding` what a cell keeps free, in the unit of `whole`. Figures, and the
    first column, which names the row, are not to break within a word; where there is not room, the others give way.
    """
    columns = _columns(block)
    words = longest_words(block, _FIRST)
    kept = [place == 0 or numeric for place, numeric in enumerate(block.numeric)]
    floors = [min(word, _FIRST if place == 0 else _OTHER) for place, word in enumerate(words)]
    least = [floor * letter + padding for floor in floors]
    if sum(least) > whole:
        least = [
            each if keep else min(floor, _LEAST) * letter + padding
            for each, floor, keep in zip(least, floors, kept, strict=True)
        ]
    wanted = [min(max(len(text) for text in column), 160) ** 0.7 for column in columns]
    spare = max(whole - sum(least), 0.0)
    shared = [floor + spare * want / sum(wanted) for floor, want in zip(least, wanted, strict=True)]
    return [width * whole / sum(shared) for width in shared]


def longest_words(block: Table, most: int = 10**6) -> list[int]:
    """Return the letters of the longest word in each column, its heading's included, of those of at most `most`.

    A word that no column can hold is broken anyhow, and asks for no room.
    """
    return [
        max((len(word) for text in column for word in BREAKS.split(text) if len(word) <= most), default=1)
        for column in _columns(block)
    ]


def _columns(block: Table) -> list[list[str]]:
    return [[heading, *cells] for heading, *cells in zip(block.headings, *block.rows, strict=True)]


def is_broad(block: Table) -> bool:
    """Say whether a table has so many columns that its page is turned."""
    return len(block.headings) > 7
