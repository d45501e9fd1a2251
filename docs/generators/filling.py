"""Fills the places that pages leave for what the program says of itself: `<!-- generated: commands -->`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from generators.commands import commands_page
from generators.contents import teaching_contents
from generators.python_names import modules_page, names_page
from generators.value_map import value_map_page

MAKERS: dict[str, Callable[[], str]] = {
    "commands": commands_page,
    "value map": value_map_page,
    "public names": names_page,
    "modules": modules_page,
    "teaching and cases": teaching_contents,
}
_PLACE = re.compile(r"^<!-- generated: (.+) -->$", re.MULTILINE)


def setup(app: Sphinx) -> dict[str, Any]:
    """Fill each page as it is read, and read pages with such places anew at each build."""
    app.connect("source-read", _fill)
    app.connect("env-get-outdated", _filled_anew)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _filled_anew(app: Sphinx, env: Any, *changes: Any) -> list[str]:
    return [name for name in env.found_docs if _has_place(env, name)]


def _has_place(env: Any, name: str) -> bool:
    with open(env.doc2path(name), encoding="utf-8") as page:
        return bool(_PLACE.search(page.read()))


def _fill(app: Sphinx, name: str, source: list[str]) -> None:
    source[0] = filled(source[0], name)


def filled(text: str, name: str = "a page") -> str:
    """Return a page's text with what the program says of itself in its places."""

    def made(place: re.Match[str]) -> str:
        if place[1] not in MAKERS:
            raise ExtensionError(f"{name}: nothing is generated as '{place[1]}', only {', '.join(MAKERS)}")
        return MAKERS[place[1]]()

    return _PLACE.sub(made, text)
