"""A lesson as a workbook: its story, a sheet of exercises that mark themselves by formulas, and no macros."""

from __future__ import annotations

import io
import math
from datetime import datetime
from itertools import accumulate, pairwise
from typing import Any

import xlsxwriter

from sroi.files.workbook_pen import BAND, Pen
from sroi.reports.blocks import Bullets, Details, Figure, Paragraph, Section, Table
from sroi.reports.html import Shown
from sroi.reports.pictures import Pictures
from sroi.teaching.course import Lesson, lessons
from sroi.teaching.practice import PracticeTable
from sroi.teaching.prose import as_plain, pieces
from sroi.teaching.showing import Seen, performed
from sroi.teaching.workbook_marking import write_exercises

_WIDTHS = (2, 30, *[15] * 7)
_LAST = len(_WIDTHS) - 1
# Letters to a line of a text over the whole width, and points of height to a line.
_LETTERS, _LINE = 118, 15.5
_PICTURE_PIXELS = 860


def workbook_bytes(told: Lesson) -> bytes:
    """Return a lesson as an Excel workbook: the same bytes each time."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = f"Lesson {told.number}: {told.title}"
    book.set_properties({"title": title, "comments": "Made with sroi", "created": datetime(2026, 1, 1)})
    pen = Pen(book)
    lesson_sheet, exercises = book.add_worksheet("Lesson"), book.add_worksheet("Exercises")
    story = _Story(pen, lesson_sheet, title)
    behind = [(step.behind, seen) for step, seen, _ in performed(told.number) if step.behind]
    _write_lesson(story, told)
    key = write_exercises(book, pen, exercises, told)
    if behind:
        later = _Story(
            pen, book.add_worksheet("Look afterwards"), "What the program says: look when you have tried yourself"
        )
        for words, seen in behind:
            later.heading(words)
            later.seen(seen)
        later.finish()
    story.finish()
    key.very_hidden()
    lesson_sheet.activate()
    book.close()
    return stream.getvalue()


def workbook_name(told: Lesson) -> str:
    """Return the name of a lesson's workbook."""
    return f"{told.name}.xlsx"


def _write_lesson(story: _Story, told: Lesson) -> None:
    stages = told.stage_words[0].upper() + told.stage_words[1:]
    story.line(f"Lesson {told.number} of {len(lessons())}, about {told.minutes} minutes. {stages}.")
    story.line(told.about)
    story.line("Read here; answer on the sheet “Exercises”, in the yellow cells. No macros, and no internet.")
    for step, seen, _ in performed(told.number):
        for kind, lines in pieces(step.text) if step.text else ():
            story.piece(kind, lines)
        if step.behind:
            story.line(f"{step.behind}: see the sheet “Look afterwards”, when you have tried yourself.", italic=True)
        else:
            story.seen(seen)
        if step.exercise is not None:
            story.line(f"▶ Exercise {step.exercise.number}: on the sheet “Exercises”", bold=True, font_color=BAND)


class _Story:
    """A sheet that is read from top to bottom; it knows the next free row."""

    def __init__(self, pen: Pen, sheet: Any, title: str) -> None:
        self.pen, self.sheet, self.row = pen, sheet, 2
        self.pictures = Pictures()
        sheet.hide_gridlines(2)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.merge_range(0, 1, 0, _LAST, title, pen.format(bold=True, font_size=18, font_color=BAND))
        sheet.set_row(0, 28)

    def line(self, text: str, **look: Any) -> None:
        """Write a text over the whole width."""
        size = float(look.get("font_size", 11))
        style = self.pen.format(text_wrap=True, **{"font_size": 11, **look})
        self.sheet.merge_range(self.row, 1, self.row, _LAST, "", style)
        self.sheet.write_string(self.row, 1, text, style)
        lines = math.ceil(len(text) * size / 11 / _LETTERS) or 1
        self.sheet.set_row(self.row, lines * _LINE * size / 11 + 4)
        self.row += 1

    def heading(self, text: str) -> None:
        """Write a heading, with room above."""
        self.row += 1
        self.line(text, bold=True, font_size=13, font_color=BAND)

    def piece(self, kind: str, lines: list[list[str]]) -> None:
        """Write one piece of the lesson's prose."""
        if kind == "table":
            self.table("", tuple(lines[0]), tuple(map(tuple, lines[1:])))
        elif kind == "heading":
            self.heading(lines[0][0])
        else:
            self.line(f"• {lines[0][0]}" if kind == "bullet" else lines[0][0])

    def seen(self, seen: Seen) -> None:
        """Write what a step's code shows."""
        if isinstance(seen, PracticeTable):
            self.table(seen.caption, seen.headings, seen.rows)
        elif isinstance(seen, Shown):
            self.pictures = seen.pictures
            for section in seen.sections:
                self.section(section)

    def section(self, section: Section) -> None:
        """Write a section of a report: its texts, tables and figures."""
        self.line(section.heading, bold=True)
        for block in section.blocks:
            for each in (Paragraph(block.summary, "lead"), *block.blocks) if isinstance(block, Details) else (block,):
                self.block(each)

    def block(self, block: Paragraph | Bullets | Table | Figure) -> None:
        """Write one block of a report."""
        if isinstance(block, Paragraph):
            self.line(block.text, bold=block.style in ("lead", "ratio"))
        elif isinstance(block, Bullets):
            for item in block.items:
                self.line(f"• {item}")
        elif isinstance(block, Table):
            self.table(block.caption, block.headings, block.rows)
        else:
            self.picture(block)

    def table(self, caption: str, headings: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
        """Write a table; more columns than the sheet is wide are told below each other."""
        if caption:
            self.line(caption, bold=True)
        if len(headings) > _LAST:
            for row in rows:
                told = "; ".join(f"{head}: {cell}" for head, cell in zip(headings[1:], row[1:], strict=True) if cell)
                self.line(f"• {row[0]}. {told}")
            return
        starts = _starts([max(len(row[column]) for row in (headings, *rows)) for column in range(len(headings))])
        widths = [sum(_WIDTHS[start:end]) for start, end in pairwise(starts)]
        for place, row in enumerate((headings, *rows)):
            style = self.pen.heading() if place == 0 else self.pen.format(text_wrap=True, bottom=4)
            for cell, (start, end) in zip(row, pairwise(starts), strict=True):
                if end - start > 1:
                    self.sheet.merge_range(self.row, start, self.row, end - 1, "", style)
                self.sheet.write_string(self.row, start, as_plain(cell), style)
            lines = max(math.ceil(len(cell) / (width * 0.95)) for cell, width in zip(row, widths, strict=True)) or 1
            self.sheet.set_row(self.row, lines * 14.5 + 3)
            self.row += 1
        self.row += 1

    def picture(self, block: Figure) -> None:
        """Put a figure in its place, with its text for those who cannot see it."""
        from PIL import Image

        png = self.pictures.png(block)
        with Image.open(io.BytesIO(png)) as image:
            width, height = image.size
            dots = float(image.info.get("dpi", (96.0, 96.0))[0])
        # XlsxWriter shows a picture at its own dots an inch; the sheet counts 96.
        scale = _PICTURE_PIXELS / (width * 96 / dots)
        look = {"x_scale": scale, "y_scale": scale, "description": block.alt, "object_position": 2}
        self.sheet.insert_image(self.row, 1, f"{block.name}.png", {"image_data": io.BytesIO(png), **look})
        self.row += math.ceil(height * 96 / dots * scale / 20) + 1
        self.line(block.caption, italic=True)

    def finish(self) -> None:
        """Make the sheet ready for a printer, and close it against slips of the hand."""
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.print_area(0, 0, self.row, _LAST)
        self.sheet.protect()


def _starts(longest: list[int]) -> list[int]:
    """Return where each column of a table begins on the sheet, and where the last ends, by the columns' longest texts.

    While there is room, the column whose longest text needs the most lines gets a column of the sheet more.

    >>> _starts([10, 200, 8]), _starts([10, 8])
    ([1, 2, 8, 9], [1, 2, 3])
    """
    spans = [1] * len(longest)
    while sum(spans) < _LAST:
        starts = [1, *(1 + place for place in accumulate(spans))]
        lines = [
            letters / sum(_WIDTHS[start:end]) for letters, (start, end) in zip(longest, pairwise(starts), strict=True)
        ]
        if max(lines) <= 1:
            break
        spans[lines.index(max(lines))] += 1
    return [1, *(1 + place for place in accumulate(spans))]
