"""How lines are laid out: folded to the terminal's width, tables with their columns in line."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

WIDTH = 100


def wrapped(text: str, indent: str, later: str | None = None) -> list[str]:
    """Return a text folded to the width; `later` is the indent of its second and further lines."""
    # A figure is not torn from its sign, nor drop-off in two.
    text = text.replace(" %", "\u00a0%")
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=later or indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def table_lines(
    headings: Sequence[str], rows: Sequence[Sequence[str]], names: Sequence[str] = (), indent: str = "  "
) -> list[str]:
    """Return a table: its first column words, shortened to the room that is left, the others figures to the right.

    `names` take the place of the words in the first column where these would have to be cut so much that two rows
    become alike, or most rows hard to read.
    """
    columns = list(zip(headings, *rows, strict=True))
    wide = [max(len(text) for text in column) for column in columns]
    room = max(WIDTH - len(indent) - sum(width + 2 for width in wide[1:]), 12)
    words = [shortened(row[0], min(wide[0], room)) for row in rows]
    cut = sum(len(row[0]) > room for row in rows)
    if names and (len(set(words)) < len(words) or 2 * cut > len(rows)):
        words = [shortened(name, room) for name in names]
    first = max(len(text) for text in (headings[0], *words))
    lines = []
    for word, row in zip((headings[0], *words), (headings, *rows), strict=True):
        figures = "".join(f"  {text:>{width}}" for text, width in zip(row[1:], wide[1:], strict=True))
        lines.append(f"{indent}{word:<{first}}{figures}".rstrip())
    return lines


def shortened(text: str, most: int) -> str:
    """Return a text of at most `most` letters; what goes is taken from its middle, for its end tells which number.

    >>> shortened("Residents who fall less often: deadweight", 28)
    'Residents .. en: deadweight'
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    tail = len(text) - text.rfind(":") if ":" in text else most // 2
    tail = max(min(tail, most - 12), most // 2, 1)
    return f"{text[: most - tail - 4].rstrip()} .. {text[-tail:].lstrip(' :')}"
