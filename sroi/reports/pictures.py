"""The images of a story's figures, each drawn and encoded once, however many formats ask for it."""

from __future__ import annotations

import re
from html import escape

from sroi import plots
from sroi.reports.blocks import Details, Figure, Section, Story


class Pictures:
    """Draws figures when they are first asked for, and remembers their bytes."""

    def __init__(self) -> None:
        self._encoded: dict[tuple[Figure, float, str], bytes] = {}

    def svg(self, figure: Figure, width: float = plots.WIDE) -> bytes:
        """Return a figure as SVG, with its title and description for those who cannot see it."""
        if (figure, width, "svg") not in self._encoded:
            self._draw(figure, width, ("svg",))
        return self._encoded[figure, width, "svg"]

    def png(self, figure: Figure) -> bytes:
        """Return a figure as PNG, as wide as a page, at 200 dots an inch."""
        key = (figure, plots.WIDE, "png")
        if key not in self._encoded:
            svg_is_there = (figure, plots.WIDE, "svg") in self._encoded
            self._draw(figure, plots.WIDE, ("png",) if svg_is_there else ("svg", "png"))
        return self._encoded[key]

    def _draw(self, figure: Figure, width: float, forms: tuple[str, ...]) -> None:
        drawing = figure.draw(width)
        for form in forms:
            if form == "svg":
                self._encoded[figure, width, form] = described(plots.image(drawing, "svg"), figure.caption, figure.alt)
            else:
                self._encoded[figure, width, form] = plots.image(drawing, "png")


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


def plain(text: str) -> str:
    """Return a text without the control codes and half letters that XML cannot hold.

    >>> plain("a\\x0bb\\ud800c")
    'abc'
    """
    return "".join(
        letter for letter in text if letter in "\t\n\r" or (letter >= " " and not "\ud800" <= letter <= "\udfff"
                                                            and letter not in "\ufffe\uffff")
    )  # fmt: skip


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
