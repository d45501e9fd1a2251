"""A story as one self-contained page, and sections of it shown in a notebook. The template escapes every text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from sroi import plots
from sroi.reports.blocks import Block, Details, Figure, Section, Story, Table
from sroi.reports.columns import BREAKS, is_broad
from sroi.reports.pictures import Pictures
from sroi.reports.styling import Look
from sroi.version import __version__

# Letters of a word that no cell breaks: longer ones would push the table off the page.
_WHOLE_WORD = 20


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.tests["whole"] = _is_whole
    environment.tests["figure"] = _FIGURE.fullmatch
    return environment.from_string(Path(__file__).with_name("page.html.j2").read_text(encoding="utf-8"))


# One figure: a browser would break it behind its minus sign.
_FIGURE = re.compile(r"[−-][£$€]?[\d,.]+( ?%)?")


def _is_whole(cell: str) -> bool:
    """Say whether a cell's words are all short enough to be kept whole, whatever the column."""
    return max(map(len, BREAKS.split(cell))) <= _WHOLE_WORD


@cache
def _style(colour: str) -> str:
    """Return the page's style sheet in a look's colour."""
    source = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    return "\n" + source.replace("#00548a", colour)


def page(story: Story, look: Look | None = None, pictures: Pictures | None = None, explorer: str | None = None) -> str:
    """Return the report as one HTML page: no scripts, nothing loaded from elsewhere, figures inside.

    `explorer` is the name of an explorer's file that lies beside the page, which it then links to.
    """
    look, pictures = look or Look(), pictures or Pictures()
    style = _style(look.colour)
    return _template().render(
        page=True,
        title=story.title,
        subtitle=story.subtitle,
        language=story.language,
        version=__version__,
        # The style sheet alone may act, and only as it stands here: nothing that a text could smuggle in.
        style=Markup(style),
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii"),
        logo=base64.b64encode(look.logo.content).decode("ascii") if look.logo is not None else None,
        explorer=explorer,
        sections=[_readable(section, pictures, telephones=True) for section in story.sections],
    )


@dataclass(frozen=True)
class Shown:
    """HTML that a notebook displays, the sections that it was made of, and their pictures as far as they are drawn."""

    html: str
    sections: tuple[Section, ...] = ()
    pictures: Pictures = field(default_factory=Pictures, repr=False)

    def __repr__(self) -> str:
        # A notebook keeps it beside the HTML, for readers that show text: all of that once more would double the file.
        return f"<Shown by a notebook: {'; '.join(each.heading or each.name for each in self.sections) or 'HTML'}>"

    def _repr_html_(self) -> str:
        return self.html


def show(*sections: Section) -> Shown:
    """Return sections of a story as a notebook shows them: without the figures for telephones, half of a file's size.

    A batch keeps thousands of such files, and a notebook is read at a desk. The report itself has both.
    """
    pictures = Pictures()
    shown = [_readable(section, pictures, telephones=False) for section in sections]
    return Shown(_template().render(page=False, sections=shown), sections, pictures)


def _readable(section: Section, pictures: Pictures, telephones: bool) -> dict[str, Any]:
    return {"name": section.name, "heading": section.heading, "blocks": _blocks(section.blocks, pictures, telephones)}


def _blocks(blocks: Sequence[Block], pictures: Pictures, telephones: bool) -> list[dict[str, Any]]:
    return [_block(block, pictures, telephones) for block in blocks]


def _block(block: Block, pictures: Pictures, telephones: bool) -> dict[str, Any]:
    kind = type(block).__name__
    if isinstance(block, Figure):
        images = {
            "wide": _encoded(pictures.svg(block, plots.WIDE)),
            "narrow": _encoded(pictures.svg(block, plots.NARROW)) if telephones else "",
        }
        return {"kind": kind, "caption": block.caption, "alt": block.alt, **images}
    if isinstance(block, Details):
        return {"kind": kind, "summary": block.summary, "blocks": _blocks(block.blocks, pictures, telephones)}
    if isinstance(block, Table):
        return {"kind": kind, "broad": is_broad(block), **asdict(block)}
    return {"kind": kind, **asdict(block)}


def _encoded(svg: bytes) -> str:
    return base64.b64encode(svg).decode("ascii")
