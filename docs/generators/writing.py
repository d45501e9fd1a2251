"""How generated pages are written: Markdown in which no word of the program turns into mark-up."""

from __future__ import annotations

import re

_MARKS = re.compile(r"([\\*_<>\[\]{}#$~^|])")


def escaped(words: str) -> str:
    """Return words as Markdown shows them, letter by letter; what stands in `backticks` stays code."""
    parts = re.split(r"(`[^`]*`)", " ".join(words.split()))
    return "".join(part if place % 2 else _MARKS.sub(r"\\\1", part) for place, part in enumerate(parts))


def code(words: str) -> str:
    """Return words as code."""
    return f"`{words}`"


def term(words: str, anchor: str) -> str:
    """Return the term of a definition, with a place that can be linked to; its meaning follows, after a colon."""
    return f"[{words}]{{#{anchor}}}"
