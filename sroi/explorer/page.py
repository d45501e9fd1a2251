"""The explorer: a value map as one page on which every number can be changed. It needs no server and asks for nothing.

The page is put together from the files beside this module. The map travels in it as JSON; a strict content security
policy names the page's own script and style by their hashes, so that no other can run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from sroi.explorer.fields import facts, field_words
from sroi.files.safety import write_whole
from sroi.files.tree import to_tree
from sroi.impact_map import ImpactMap
from sroi.questions.licences import refuse_private
from sroi.version import __version__

# In the order in which they build on one another.
SCRIPTS = (
    *("numbers.js", "saying.js", "evaluator.js", "what_if.js", "checking.js", "coherence.js"),
    *("controls.js", "changing.js", "tables.js", "charts.js", "sliders.js", "keeping.js", "app.js"),
)
# An empty map to hand out: what it must have, and nothing that anybody could take for a figure.
_BLANK: dict[str, Any] = {
    "sroi": 1,
    "analysis": "forecast",
    "currency": "GBP",
    "price_year": "not stated",
    "activity": {"years": 1},
    "conventions": {
        "discount_rate": "3.5%",
        "discount_timing": "end_of_year",
        "input_timing": "start_of_year",
        "present_at": 0,
        "deductions": "multiply",
        "drop_off_from": "second_year",
    },
    "stakeholders": [{"id": "people"}, {"id": "funder"}],
    "inputs": [{"id": "grant", "stakeholder": "funder", "kind": "money"}],
    "outcomes": [{"id": "outcome_1", "stakeholder": "people"}],
}


def explorer_page(impact_map: ImpactMap) -> str:
    """Return the explorer of a map as one self-contained HTML page.

    >>> import sroi
    >>> explorer_page(sroi.example("wheels_to_meals")).count("<script>")
    1
    """
    return _page(to_tree(impact_map), impact_map.title)


def blank_page() -> str:
    """Return an explorer without a map, to be filled in by whoever it is handed to.

    >>> "REPLACE" in blank_page()
    False
    """
    return _page(_BLANK, "")


def write_explorer(
    impact_map: ImpactMap, path: str | Path, overwrite: bool = False, allow_private: bool = False
) -> None:
    """Write the explorer of a map as one HTML file; FileRefused if it is there and `overwrite` is not given.

    LicenceRefused if it would pass on values that may not be, unless `allow_private` says that a licence allows it.
    """
    refuse_private(impact_map, "the explorer", allow_private)
    write_whole(Path(path), explorer_page(impact_map).encode("utf-8"), overwrite)


def write_blank_explorer(path: str | Path, overwrite: bool = False) -> None:
    """Write an explorer without a map; FileRefused if the file is there and `overwrite` is not given."""
    write_whole(Path(path), blank_page().encode("utf-8"), overwrite)


class Explorer:
    """A map's explorer as a notebook shows it: in a frame that can neither reach the notebook nor the net."""

    def __init__(self, impact_map: ImpactMap) -> None:
        self._title = impact_map.title
        self.page = explorer_page(impact_map)

    def _repr_html_(self) -> str:
        frame = 'width="100%" height="800" sandbox="allow-scripts allow-downloads allow-modals"'
        return f'<iframe {frame} title="{escape(self._title)}" srcdoc="{escape(self.page)}"></iframe>'

    def __repr__(self) -> str:
        return f"<Explorer of {self._title}; a notebook shows it>"


def explore(impact_map: ImpactMap) -> Explorer:
    """Return the explorer of a map, which a notebook shows: every number can be changed, and the ratio follows.

    >>> import sroi
    >>> explore(sroi.example("wheels_to_meals"))
    <Explorer of Wheels-to-Meals; a notebook shows it>
    """
    return Explorer(impact_map)


# ---- putting the page together ----


def words_of(language: str = "en") -> dict[str, Any]:
    """Return every text of the page in a language, by key; `fields` has the labels of the nouns' fields."""
    words: dict[str, Any] = json.loads(_written(f"words.{language}.json"))
    return {"fields": field_words(), **words}


def script(scripts: tuple[str, ...] = SCRIPTS) -> str:
    """Return these of the page's programs as one, which find `facts` and `words` in the page."""
    head = "".join(
        f'const {name} = JSON.parse(document.getElementById("{name}-data").textContent);\n'
        for name in ("facts", "words")
    )
    return '(() => {\n"use strict";\n' + head + "\n".join(_written(name) for name in scripts) + "})();\n"


def _written(name: str) -> str:
    return (files("sroi.explorer") / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _as_json(value: Any) -> str:
    """Return JSON that may stand within a script element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}'"


@cache
def _frame() -> tuple[str, dict[str, str]]:
    """Return the page without its map, and what fills it whatever the map."""
    words = words_of()
    style, program = _written("style.css"), script()
    policy = (
        f"default-src 'none'; script-src {_hash(program)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'; object-src 'none'"
    )
    fills = {f"word.{key}": escape(text) for key, text in words.items() if isinstance(text, str)}
    fills |= {
        "language": escape(words["language"]),
        "policy": policy,
        "style": style,
        "script": program,
        "facts": _as_json(facts()),
        "words": _as_json(words),
        "footer": escape(words["footer"].replace("{version}", __version__)),
    }
    return _written("page.html"), fills


def _page(tree: dict[str, Any], title: str) -> str:
    page, fills = _frame()
    own = {**fills, "map": _as_json(tree), "page_title": escape(title or words_of()["explorer"])}
    # In one pass, so that a map whose words look like a place to be filled stays as it was written.
    return re.sub(r"\{\{([\w.]+)\}\}", lambda found: own[found[1]], page)
