"""Docstrings as the site reads them: they are written to be read plain, not as reStructuredText."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx
from sroi.estimate import Noun

# Marks that reStructuredText would take for its own: the end of a name_, a star or bar that begins no word.
_CODE = re.compile(r"(``[^`]+``|`[^`]+`)")
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
    made, verbatim = [], False
    for line in lines:
        indented = line.startswith(" ")
        verbatim = verbatim and (indented or not line.strip())
        if verbatim or line.lstrip().startswith((">>>", "...")):
            made.append(line)
            continue
        made.append("".join(part if place % 2 else _MARK.sub(r"\\\1", part) for place, part in enumerate(_CODE.split(line))))
        verbatim = verbatim or line.rstrip().endswith("::")
    return made


def _signature(app: Sphinx, what: str, name: str, thing: Any, options: Any, given: str, returns: str) -> Any:
    """Leave out how a noun is built: its fields stand in the value map reference."""
    return ("", None) if isinstance(thing, type) and issubclass(thing, Noun) else None


def _skipped(app: Sphinx, what: str, name: str, thing: Any, skip: bool, options: Any) -> bool | None:
    return True if name in ("model_config", "also_written", "model_post_init") else None
