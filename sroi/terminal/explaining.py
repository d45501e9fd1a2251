"""An explanation as lines for a terminal, of whatever width."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from sroi.explaining import Explanation, Sheet, Step
from sroi.terminal.layout import WIDTH, shortened

_NO_BREAK = "\u00a0"


def explanation_lines(explanation: Explanation, width: int = WIDTH) -> list[str]:
    """Return what the map gives, and the working, step by step, folded to `width` letters."""
    lines = [*_folded(explanation.label, "", "", width), *_folded(explanation.summary, "", "", width)]
    if explanation.givens:
        lines += ["", "What the map gives"]
        for given in explanation.givens:
            place = f"  ({given.place})" if given.place else ""
            lines += _folded(f"{given.label}: {given.shown}{place}", "  ", "    ", width)
            lines += _folded(given.grounds, "      ", "      ", width)
    if explanation.parts:
        lines += ["", "The working"]
    for part in explanation.parts:
        if not isinstance(part, Sheet):
            later = "      " if isinstance(part, Step) else "  "
            lines += _folded(_held_together(part.in_words), "  ", later, width)
        elif part.is_one_year:
            lines += _folded(_held_together(part.in_words), "  ", "      ", width)
        else:
            lines += [*([""] if lines[-1] else []), f"  {part.caption}", *_table_lines(part, width), ""]
    while not lines[-1]:
        lines.pop()
    return lines


def _folded(text: str, indent: str, later: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=later, break_on_hyphens=False, break_long_words=True
    )


def _held_together(working: str) -> str:
    """Return a working in which no line breaks within brackets, or after an = or a /."""
    working = re.sub(r"\((?:[^()]|\([^()]*\))*\)", lambda found: found[0].replace(" ", _NO_BREAK), working)
    for sign in ("=", "/"):
        working = working.replace(f" {sign} ", f" {sign}{_NO_BREAK}")
    return working


def _table_lines(table: Sheet, width: int) -> list[str]:
    lines: list[Sequence[str]] = [table.headings, *table.lines]
    wide = [max(len(row[column]) for row in lines) for column in range(len(table.headings))]
    spare = width - 4 - sum(wide) - 2 * (len(wide) - 1)
    if spare < 0 and "Working" in table.headings:
        said = (_held_together(table.line_in_words(line)) for line in table.lines)
        return [line for each in said for line in _folded(each, "    ", "      ", width)]
    if spare < 0:
        words = max((column for column, numeric in enumerate(table.numeric) if not numeric), key=wide.__getitem__)
        wide[words] = max(wide[words] + spare, 8)
        lines = [
            [shortened(cell, wide[column]) if column == words else cell for column, cell in enumerate(row)]
            for row in lines
        ]
    return [
        "    "
        + "  ".join(
            f"{cell:>{room}}" if numeric else f"{cell:<{room}}"
            for cell, room, numeric in zip(row, wide, table.numeric, strict=True)
        ).rstrip()
        for row in lines
    ]
