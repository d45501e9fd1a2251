"""The images of a story's figures, each drawn and encoded once, however many formats ask for it."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary

from sroi import plots
from sroi.reports.blocks import Details, Figure, Section, Story, plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing


class _Drawn:
    """What was made of one figure: files' bytes by width and form, and drawings that more may be made of."""

    def __init__(self) -> None:
        self.encoded: dict[tuple[float, str], bytes] = {}
        self.drawings: dict[float, Drawing] = {}


# Lives as long as the figure itself does: a notebook shows a story, and then writes it.
_DRAWN: WeakKeyDictionary[Figure, _Drawn] = WeakKeyDictionary()


class Pictures:
    """Draws figures when they are first asked for; their bytes are remembered for as long as the figures are there."""

    def svg(self, figure: Figure, width: float = plots.WIDE) -> bytes:
        """Return a figure as SVG, with its title and description for those who cannot see it."""
        return _bytes(figure, width, "svg")

    def png(self, figure: Figure) -> bytes:
        """Return a figure as PNG, as wide as a page, at 200 dots an inch."""
        return _bytes(figure, plots.WIDE, "png")


def _bytes(figure: Figure, width: float, form: Literal["svg", "png"]) -> bytes:
    drawn = _DRAWN.setdefault(figure, _Drawn())
    if (width, form) not in drawn.encoded:
        drawing = drawn.drawings.pop(width, None)
        if drawing is None:
            drawing = figure.draw(width)
            if width == plots.WIDE:  # mostly wanted in both forms; a narrow one only as SVG
                drawn.drawings[width] = drawing
        image = plots.image(drawing, form)
        drawn.encoded[width, form] = described(image, figure.caption, figure.alt) if form == "svg" else image
    return drawn.encoded[width, form]


def described(svg: bytes, title: str, description: str) -> bytes:
    """Return an SVG that says what it shows: <title> and <desc> first within it, and its role."""
    text = svg.decode("utf-8")
    opening = re.search(r"<svg\b[^>]*>", text)
    if opening is None:
        return svg
    said = f"<title>{escape(plain(title), quote=False)}</title><desc>{escape(plain(description), quote=False)}</desc>"
    tag = opening[0][:-1] + ' role="img">'
    # What stands before it names a document type elsewhere, which nobody needs.
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tag}{said}{text[opening.end() :]}'.encode()


def figures_within(section: Section) -> list[Figure]:
    """Return every figure of a section, those that stand within details included."""
    found: list[Figure] = []
    for block in section.blocks:
        inside = block.blocks if isinstance(block, Details) else (block,)
        found += [each for each in inside if isinstance(each, Figure)]
    return found


def all_figures(story: Story) -> list[Figure]:
    """Return every figure of a story, in order."""
    return [figure for section in story.sections for figure in figures_within(section)]
