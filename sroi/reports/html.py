"""A story as one self-contained page, and sections of it shown in a notebook. The template escapes every text."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from sroi import plots
from sroi.reports.blocks import Block, Figure, Section, Story
from sroi.version import __version__


@cache
def _template() -> Template:
    source = Path(__file__).with_name("page.html.j2").read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(source)


def page(story: Story) -> str:
    """Return the report as one HTML page: no scripts, nothing loaded from elsewhere, figures inside."""
    return _template().render(
        page=True,
        title=story.title,
        subtitle=story.subtitle,
        language=story.language,
        version=__version__,
        sections=[_readable(section) for section in story.sections],
    )


@dataclass(frozen=True)
class Shown:
    """HTML that a notebook displays."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def show(*sections: Section) -> Shown:
    """Return sections of a story as a notebook shows them."""
    return Shown(_template().render(page=False, sections=[_readable(section) for section in sections]))


def _readable(section: Section) -> dict[str, Any]:
    return {"name": section.name, "heading": section.heading, "blocks": _blocks(section.blocks)}


def _blocks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    readable = []
    for block in blocks:
        if isinstance(block, Figure):
            images = {"wide": _encoded(block, plots.WIDE), "narrow": _encoded(block, plots.NARROW)}
            readable.append({"kind": "Figure", "caption": block.caption, "alt": block.alt, **images})
        else:
            readable.append({"kind": type(block).__name__, **asdict(block)})
    return readable


def _encoded(figure: Figure, width: float) -> str:
    return base64.b64encode(plots.image(figure.draw(width), "svg")).decode("ascii")
