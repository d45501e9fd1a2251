"""How much room words take on a slide, so that nothing runs off it; and the parts that slides are put together from."""

from __future__ import annotations

import unicodedata
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.util import Inches, Pt

from sroi.reports.blocks import Table, plain
from sroi.reports.columns import widths

# A font that every office program has, or has one of the same widths for.
FONT = "Arial"
WIDTH, HEIGHT = 13.333, 7.5  # inches: 16 : 9
LEFT, RIGHT = 0.6, 12.733
TOP, FOOT = 1.45, 6.95  # where a slide's content begins and ends
_LINE = 1.2  # a line's height, in letters' heights
_INK = RGBColor(0x22, 0x22, 0x22)


def em(words: str) -> float:
    """Return how wide words are, in letters' heights, in Arial or a little less wide than reckoned here.

    >>> round(em("ill"), 2) < round(em("mww"), 2)
    True
    """
    return sum(_em(letter) for letter in words)


def _em(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.02
    if unicodedata.combining(letter):
        return 0.0
    if letter in "iljtfr.,:;'|!()[] \u00a0":
        return 0.34
    if letter in "mwMW%@—…":
        return 0.92
    return 0.72 if letter.isupper() else 0.58


def lines(words: str, width: float, size: float) -> int:
    """Return on how many lines words stand, `width` inches wide, in letters of `size` points."""
    room, count = width * 72 / size, 0
    for paragraph in words.split("\n"):
        filled, count = 0.0, count + 1
        for word in paragraph.split(" "):
            wide = em(word)
            if filled and filled + 0.34 + wide > room:
                count, filled = count + 1, 0.0
            if wide > room:  # a word, or a script without spaces, that is broken
                more = int((filled + wide) / room)
                count, filled = count + more, (filled + wide) - more * room
            else:
                filled += wide + (0.34 if filled else 0.0)
    return count


def height(words: str, width: float, size: float, after: float = 0.0) -> float:
    """Return how high words stand [inches], with so many points of room after them."""
    return (lines(words, width, size) * size * _LINE + after) / 72


def fitted(words: str, width: float, room: float, sizes: tuple[float, ...]) -> tuple[str, float]:
    """Return words and the largest of the sizes at which they fit a box; cut short at the smallest if none does."""
    for size in sizes:
        if height(words, width, size) <= room:
            return words, size
    return cut(words, width, room, sizes[-1]), sizes[-1]


def cut(words: str, width: float, room: float, size: float) -> str:
    """Return as many of the words as fit a box, with two dots where some were left out."""
    if height(words, width, size) <= room:
        return words
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if height(f"{words[:middle]} ..", width, size) <= room else (low, middle - 1)
    kept = words[:low]
    return f"{kept[: kept.rindex(' ')] if ' ' in kept[low // 2 :] else kept} .."


def write(frame: Any, words: str, size: float, bold: bool = False, colour: Any = None, bullet: bool = False,
          first: bool = False, after: float = 6.0) -> None:  # fmt: skip
    """Write a paragraph into a text frame, its first if asked."""
    paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
    paragraph.space_after = Pt(after)
    if bullet:
        properties = paragraph._p.get_or_add_pPr()
        properties.set("marL", str(Inches(0.25)))
        properties.set("indent", str(-Inches(0.25)))
        namespace = "http://schemas.openxmlformats.org/drawingml/2006/main"
        properties.append(parse_xml(f'<a:buChar xmlns:a="{namespace}" char="•"/>'))
    # A line's end in a text stays within its paragraph.
    for place, part in enumerate(plain(words).replace("\r", "").replace("\t", " ").split("\n")):
        if place:
            paragraph.add_line_break()
        run = paragraph.add_run()
        run.text = part
        run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
        run.font.color.rgb = colour if colour is not None else _INK


def box(slide: Any, left: float, top: float, width: float, room: float) -> Any:
    """Return the text frame of a new box that keeps its size."""
    shape = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(room))
    frame = shape.text_frame
    keep_size(frame)
    return frame


def keep_size(frame: Any) -> None:
    """Let a text frame wrap its words and stay as large as it is."""
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.TOP


def _unbroken(text: str) -> str:
    """Return a text without the hyphens that are shown only where a line ends: PowerPoint always shows them."""
    return text.replace("\u00ad", "")


def table_layout(block: Table, width: float, size: float) -> tuple[list[float], list[float]]:
    """Return a table's column widths and row heights [inches] at a size of letters, its heading row first."""
    shared = widths(block, width, size * 0.58 / 72, 0.2)
    rows = [block.headings, *block.rows]
    heights = [
        max(height(_unbroken(cell), wide - 0.2, size) for cell, wide in zip(row, shared, strict=True)) + 0.12
        for row in rows
    ]
    return shared, heights


def add_table(slide: Any, block: Table, top: float, size: float, colour: Any) -> None:
    """Put a table on a slide: a heading row, figures to the right, no programme's own colours."""
    shared, heights = table_layout(block, RIGHT - LEFT, size)
    shape = slide.shapes.add_table(
        len(block.rows) + 1, len(block.headings), Inches(LEFT), Inches(top), Inches(sum(shared)), Inches(sum(heights))
    )
    shape.name = plain(block.caption)[:120]
    shape._element.nvGraphicFramePr.cNvPr.set("descr", f"Table: {plain(block.caption)}")
    table = shape.table
    table.horz_banding, white = False, RGBColor(0xFF, 0xFF, 0xFF)
    for column, wide in zip(table.columns, shared, strict=True):
        column.width = Inches(wide)
    for number, (row, cells) in enumerate(zip(table.rows, [block.headings, *block.rows], strict=True)):
        row.height = Inches(heights[number])
        for cell, text, numeric in zip(row.cells, cells, block.numeric, strict=True):
            cell.margin_left = cell.margin_right = Inches(0.08)
            cell.margin_top = cell.margin_bottom = Inches(0.04)
            cell.fill.solid()
            cell.fill.fore_color.rgb = colour if number == 0 else white if number % 2 else RGBColor(0xF2, 0xF6, 0xF9)
            write(cell.text_frame, _unbroken(text), size, bold=number == 0, first=True, after=0,
                  colour=white if number == 0 else None)  # fmt: skip
            cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT if numeric else PP_ALIGN.LEFT
