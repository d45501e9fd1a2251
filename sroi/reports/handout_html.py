"""Handouts as pages that print as well: self-contained, without scripts. The template escapes every text."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from sroi.reports.handout import Deck, Handout
from sroi.reports.handout_pdf import told


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(Path(__file__).with_name("handout.html.j2").read_text(encoding="utf-8"))


def handout_page(handout: Handout, footer: str) -> str:
    """Return a handout as one HTML page: nothing loaded from elsewhere, no scripts, A4 when it is printed."""
    style = "\n" + Path(__file__).with_name("handout.css").read_text(encoding="utf-8")
    values: dict[str, Any] = told(handout, footer)
    return _template().render(
        **values,
        deck=isinstance(handout, Deck),
        lang=handout.language,
        style=Markup(style),
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii"),
    )
