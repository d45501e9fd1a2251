"""A story as a tagged PDF, set by Typst. Every text reaches it as data, never as its language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from sroi.reports.appendix import APPENDIX, pointer_words, with_pointers
from sroi.reports.blocks import Block, Bullets, Details, Figure, Paragraph, Story, Table, plain
from sroi.reports.columns import is_broad, longest_words, widths
from sroi.reports.pictures import Pictures
from sroi.reports.styling import Look
from sroi.reports.typesetting import typeset

_PORTRAIT, _LANDSCAPE = (482.0, 720.0), (728.0, 470.0)  # points that text and pictures fill on A4
_WIDEST_FIGURE = 440.0
_LOGO = (150.0, 60.0)  # points at most
_LONG_ROW = 1_200  # letters in a cell from which a row may run on to the next page
_MANY_SECTIONS = 6  # from which a list of contents helps


def pdf_bytes(story: Story, look: Look | None = None, pictures: Pictures | None = None) -> bytes:
    """Return the report as the bytes of a tagged PDF, marked as PDF/UA where all that asks for holds.

    The same bytes for the same story. Needs the package typst (the extra `pdf`).
    """
    look, pictures = look or Look(), pictures or Pictures()

    def telling(folder: Path) -> dict[str, Any]:
        if look.logo is not None:
            (folder / "logo.png").write_bytes(look.logo.content)
        return _told(story, look, _Images(folder, pictures))

    return typeset("page.typ", telling, "Leave pdf out of the formats, and print report.html.")


class _Images:
    """Puts figures as SVG files where Typst finds them."""

    def __init__(self, folder: Path, pictures: Pictures) -> None:
        self._folder, self._pictures, self._known = folder, pictures, dict[Figure, str]()

    def put(self, figure: Figure, room: tuple[float, float]) -> dict[str, Any]:
        """Write a figure's file; return what the page needs to know of it, its size within the room [points]."""
        content = self._pictures.svg(figure)
        if figure not in self._known:
            self._known[figure] = f"figure_{len(self._known)}.svg"
            (self._folder / self._known[figure]).write_bytes(content)
        wide, tall = (float(size) for size in re.findall(rb'\b(?:width|height)="([0-9.]+)pt"', content[:2000])[:2])
        scale = min(_WIDEST_FIGURE / wide, (room[1] - 70) / tall)
        said = {"alt": plain(figure.alt), "caption": plain(figure.caption)}
        size = {"width": wide * scale, "height": tall * scale}
        return {"kind": "Figure", "file": self._known[figure], **said, **size}


def _told(story: Story, look: Look, images: _Images) -> dict[str, Any]:
    """Return the story as plain values, as the page takes it."""
    sections, worked = with_pointers(story)
    language, _, region = story.language.partition("-")
    return {
        "title": plain(story.title),
        "subtitle": plain(story.subtitle),
        "footer": plain(story.title if len(story.title) < 90 else story.title[:87] + ".."),
        "language": language,
        "region": region.lower() or None,
        "colour": look.colour,
        "logo": _logo(look),
        "contents": "Contents" if len(sections) >= _MANY_SECTIONS else None,
        "sections": [_section(heading, blocks, images) for heading, blocks in sections],
        "appendix-heading": APPENDIX,
        "appendix": _blocks(worked, _PORTRAIT, images),
    }


def _logo(look: Look) -> dict[str, Any] | None:
    if look.logo is None:
        return None
    scale = min(_LOGO[0] / look.logo.width, _LOGO[1] / look.logo.height)
    return {"alt": "Logo of the organisation that reports", "width": look.logo.width * scale,
            "height": look.logo.height * scale}  # fmt: skip


def _section(heading: str, blocks: Sequence[Block | tuple[Details, ...]], images: _Images) -> dict[str, Any]:
    turned = any(isinstance(block, Table) and is_broad(block) for block in blocks)
    room = _LANDSCAPE if turned else _PORTRAIT
    return {"heading": plain(heading), "turned": turned, "blocks": _blocks(blocks, room, images)}


def _blocks(
    blocks: Iterable[Block | tuple[Details, ...]], room: tuple[float, float], images: _Images
) -> list[dict[str, Any]]:
    told = [each for block in blocks if (each := _block(block, room, images)) is not None]
    for block, follows in pairwise(told):
        # A sentence stays with the figure or table that it speaks of.
        block["stays"] = block["kind"] == "Paragraph" and follows["kind"] in ("Figure", "Table")
    return told


def _block(block: Block | tuple[Details, ...], room: tuple[float, float], images: _Images) -> dict[str, Any] | None:
    if isinstance(block, Paragraph):
        return {"kind": "Paragraph", "style": block.style, "text": plain(block.text)}
    if isinstance(block, Bullets):
        return {"kind": "Bullets", "items": [plain(item) for item in block.items]} if block.items else None
    if isinstance(block, Figure):
        return images.put(block, room)
    if isinstance(block, Table):
        letter = 3.9 if block.wide else 4.5
        shares = widths(block, room[0], letter, 9.0)
        tight = [(width - 9.0) / letter < word for width, word in zip(shares, longest_words(block), strict=True)]
        return {
            "kind": "Table",
            "caption": plain(block.caption),
            "headings": [plain(heading) for heading in block.headings],
            "rows": [[plain(cell) for cell in row] for row in block.rows],
            "long": [max(map(len, row), default=0) > _LONG_ROW for row in block.rows],
            "numeric": list(block.numeric),
            "wide": block.wide,
            "shares": shares,
            "tight": tight,
        }
    if isinstance(block, Details):
        return {"kind": "Details", "summary": plain(block.summary), "blocks": _blocks(block.blocks, room, images)}
    return {"kind": "Pointer", "text": plain(pointer_words(block)), "page": "Page"}
