"""Docstrings as the site reads them: they are written to be read plain, not as reStructuredText."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

from sroi.estimate import Noun

# What stands as it is: code, and a word or two *stressed*.
_KEPT = re.compile(r"(``[^`]+``|`[^`]+`|(?<![\w*])\*\w(?:[^*]*\w)?\*(?![\w*]))")
# How Python writes an alias that it was told to leave alone.
_ALIAS = re.compile(r"TypeAliasForwardRef\('(\w+)'\)")
# Marks that reStructuredText would take for its own: the end of a name_, a star or bar that begins no word.
_MARK = re.compile(r"(\*|\||_(?=\W|$))")


def setup(app: Sphinx) -> dict[str, Any]:
    """Let docstrings and signatures pass through here on their way to the site."""
    app.connect("autodoc-process-docstring", _as_read)
    app.connect("autodoc-process-signature", _signature)
    app.connect("autodoc-skip-member", _skipped)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _as_read(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    lines[:] = plain(lines)


def plain(lines: list[str]) -> list[str]:
    """Return a docstring's lines with marks that mean nothing made harmless; examples and code stay as they are."""
    made = []
    code = example = False
    for line in lines:
        code = code and (line.startswith(" ") or not line.strip())
        example = bool(line.strip()) and (example or line.lstrip().startswith(">>>"))
        made.append(line if code or example else _harmless(line))
        code = code or line.rstrip().endswith("::")
    return made


def _harmless(line: str) -> str:
    parts = enumerate(_KEPT.split(line))
    return "".join(part if place % 2 else _MARK.sub(r"\\\1", part) for place, part in parts)


def _signature(app: Sphinx, what: str, name: str, thing: Any, options: Any, given: str, returns: str) -> Any:
    """Leave out how a noun is built, for its fields stand in the value map reference; write aliases by their names."""
    if isinstance(thing, type) and issubclass(thing, Noun):
        return "", None
    return tuple(part and _ALIAS.sub(r"\1", part) for part in (given, returns))


def _skipped(app: Sphinx, what: str, name: str, thing: Any, skip: bool, options: Any) -> bool | None:
    return True if name in ("model_config", "also_written", "model_post_init") else None
