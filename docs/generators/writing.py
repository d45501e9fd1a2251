"""How generated pages are written: Markdown in which no word of the program turns into mark-up."""

from __future__ import annotations

import re

_MARKS = re.compile(r"([\\*_<>\[\]{}#$~^|])")
# What would begin a list at the start of a line: "- so", "1. so".
_LIST = re.compile(r"^(\d*)([-+.)])(?=\s|$)")


def escaped(words: str) -> str:
    """Return words as Markdown shows them, letter by letter; what stands in `backticks` stays code."""
    parts = re.split(r"(`[^`]*`)", " ".join(words.split()))
    plain = "".join(part if place % 2 else _MARKS.sub(r"\\\1", part) for place, part in enumerate(parts))
    return _LIST.sub(r"\1\\\2", plain)


def code(words: str) -> str:
    """Return words as code."""
    return f"`{words}`"


def term(words: str, anchor: str) -> str:
    """Return the term of a definition, with a place that can be linked to; its meaning follows, after a colon."""
    return f"[{words}]{{#{anchor}}}"
