"""A story as slides: on each a real title, what leads, and one figure or one short table; the rest in the notes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.util import Inches

from sroi.reports.blocks import Block, Bullets, Figure, Paragraph, Section, Story, Table, plain
from sroi.reports.editing import sealed
from sroi.reports.pictures import Pictures
from sroi.reports.slide_layout import (
    FOOT,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    add_table,
    box,
    fitted,
    height,
    keep_size,
    table_layout,
    write,
)
from sroi.reports.styling import Look

_WIDE = RIGHT - LEFT
_TITLE_ROOM = 0.95  # inches
_TEXT, _LEAD, _SMALL = 18.0, 20.0, 14.0  # points
_TABLE_SIZES = (16.0, 14.0, 12.0)
_MOST_ROWS, _MOST_COLUMNS = 10, 6
_SIDE = 4.1  # inches that words take beside a figure
_SMALLER = 0.78  # how much smaller words beside a figure may be set
_LONGEST_TITLE = 70  # letters of a leading sentence that may be a slide's title
_LONGEST_NOTES = 6_000  # letters


@dataclass
class _Slide:
    """What stands on one slide: texts above, then at most one figure or table."""

    texts: list[tuple[str, str]]  # style, words
    shown: Figure | Table | None = None
    smaller: float = 1.0  # how much smaller than usual the words are set


def slides_bytes(story: Story, look: Look | None = None, pictures: Pictures | None = None) -> bytes:
    """Return the report as the bytes of a .pptx file, sealed (see `sroi.reports.editing`).

    A title slide with the ratio and its rules; then, for each section that has something to show, slides with its lead
    sentences and one figure or one short table each. All that a section says in words stands in its notes; details and
    long tables are left to the report. Needs the package python-pptx (the extra `slides`).
    """
    return sealed(_Writer(story, look or Look(), pictures or Pictures()).whole())


class _Writer:
    """Writes one story into one presentation."""

    def __init__(self, story: Story, look: Look, pictures: Pictures) -> None:
        self.story, self.look, self.pictures = story, look, pictures
        self.colour = RGBColor.from_string(look.colour.removeprefix("#").upper())
        self.presentation: Any = Presentation()
        self.titles: set[str] = set()

    def whole(self) -> bytes:
        """Write every slide; return the file's bytes."""
        self._set_up()
        for place, section in enumerate(self.story.sections):
            if place == 0:
                self._add_title(section)
            else:
                self._add_parts(section.heading, self._parts(section.blocks), _notes(section))
        stream = io.BytesIO()
        self.presentation.save(stream)
        return stream.getvalue()

    def _set_up(self) -> None:
        presentation = self.presentation
        presentation.slide_width, presentation.slide_height = Inches(WIDTH), Inches(HEIGHT)
        properties = presentation.core_properties
        properties.title, properties.subject = plain(self.story.title)[:255], plain(self.story.subtitle)[:255]
        properties.language, properties.author = self.story.language, ""
        properties.comments = properties.keywords = properties.last_modified_by = ""
        kept = presentation.slide_layouts.get_by_name("Title Only")
        for layout in [each for each in presentation.slide_layouts if each is not kept]:
            presentation.slide_layouts.remove(layout)
        # The layouts that come with the library are 4 : 3.
        for holder in (presentation.slide_master, kept):
            for shape in holder.placeholders:
                if shape.placeholder_format.type is not None and shape.placeholder_format.idx == 0:
                    shape.left, shape.top = Inches(LEFT), Inches(0.4)
                    shape.width, shape.height = Inches(_WIDE), Inches(_TITLE_ROOM)
                else:
                    shape.left, shape.width = int(shape.left * WIDTH / 10), int(shape.width * WIDTH / 10)
        self.layout = kept

    def _new(self, title: str, notes: str = "") -> Any:
        """Return a new slide with a title of its own: a title said before is numbered."""
        slide = self.presentation.slides.add_slide(self.layout)
        for shape in list(slide.placeholders):
            if shape.placeholder_format.idx != 0:
                shape._element.getparent().remove(shape._element)
        name, number = plain(title), 1
        while name in self.titles:
            number += 1
            name = f"{plain(title)} ({number})"
        self.titles.add(name)
        frame = slide.shapes.title.text_frame
        keep_size(frame)
        words, size = fitted(name, _WIDE, _TITLE_ROOM, (30, 26, 22, 18))
        write(frame, words, size, bold=True, colour=self.colour, first=True, after=0)
        frame.paragraphs[0].alignment = 1
        self._number(slide)
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
        return slide

    def _number(self, slide: Any) -> None:
        frame = box(slide, RIGHT - 1.0, HEIGHT - 0.42, 1.0, 0.3)
        write(frame, str(len(self.presentation.slides)), 11, first=True, after=0, colour=RGBColor(0x55, 0x55, 0x55))
        frame.paragraphs[0].alignment = 3

    def _add_title(self, section: Section) -> None:
        """Write the first slide: what this is, the ratio, and the rules that stand beside it."""
        slide = self._new(self.story.title, _notes(section))
        top = TOP
        words, size = fitted(plain(self.story.subtitle), _WIDE, 0.6, (18, 16, 14))
        write(box(slide, LEFT, top, _WIDE, 0.6), words, size, first=True, colour=RGBColor(0x55, 0x55, 0x55))
        top += 0.75
        opening = list(takewhile(lambda block: isinstance(block, Paragraph), section.blocks))
        for paragraph in [block for block in opening if isinstance(block, Paragraph)]:
            bold = paragraph.style in ("ratio", "lead")
            largest = {"ratio": 60.0, "lead": 24.0}.get(paragraph.style, _TEXT)
            words, size = fitted(plain(paragraph.text), _WIDE, max(FOOT - top, 0.3), (largest, largest * 0.85))
            room = height(words, _WIDE, size, 10)
            if top + room > FOOT + 0.1:
                break
            colour = self.colour if paragraph.style == "ratio" else None
            write(box(slide, LEFT, top, _WIDE, room), words, size, bold=bold, first=True, colour=colour)
            top += room
        logo = self.look.logo
        if logo is not None:
            scale = min(2.2 / logo.width, 0.8 / logo.height)
            wide, tall = logo.width * scale, logo.height * scale
            picture = slide.shapes.add_picture(
                io.BytesIO(logo.content), Inches(LEFT), Inches(HEIGHT - tall - 0.3), Inches(wide), Inches(tall)
            )
            _describe(picture, "Logo", "Logo of the organisation that reports")
        self._add_parts(section.heading, self._parts(section.blocks[len(opening) :]))

    def _parts(self, blocks: Sequence[Block]) -> list[_Slide]:
        """Return a section's slides: words gather until a figure comes, or, in a section without one, a short table.

        Lists stand on slides of their own. Words that come last join the slide before them.
        """
        drawn = any(isinstance(block, Figure) for block in blocks)
        parts: list[_Slide] = []
        texts: list[tuple[str, str]] = []
        for block in blocks:
            if isinstance(block, Paragraph) and block.style != "note":
                texts.append((block.style, block.text))
            elif isinstance(block, Bullets):
                parts += self._words_alone(texts + [("bullet", item) for item in block.items])
                texts = []
            elif isinstance(block, Figure) or (isinstance(block, Table) and not drawn and _fits(block)):
                parts += self._with_words(texts, block)
                texts = []
        if texts and parts and not parts[-1].texts and isinstance(parts[-1].shown, Figure):
            return [*parts[:-1], *self._with_words(texts, parts[-1].shown)]
        if texts and parts and parts[-1].shown is None:
            return [*parts[:-1], *self._words_alone([*parts[-1].texts, *texts])]
        return parts if drawn else parts + self._words_alone(texts)

    def _with_words(self, texts: list[tuple[str, str]], shown: Figure | Table) -> list[_Slide]:
        """Return a slide with words and what they speak of, or slides of words first where both have not room."""
        if isinstance(shown, Figure):
            fits = self._room_of(texts, _SIDE, _SMALLER) <= FOOT - TOP
        else:
            fits = self._room_of(texts) + sum(_table_size(shown)[1]) <= FOOT - TOP
        return [_Slide(texts, shown)] if fits else [*self._words_alone(texts), _Slide([], shown)]

    def _words_alone(self, texts: list[tuple[str, str]]) -> list[_Slide]:
        if texts and FOOT - TOP < self._room_of(texts) <= (FOOT - TOP) * 1.2:
            # A little too much for one slide: set smaller, it fits.
            sizes = (0.9, 0.85, _SMALLER)
            fitting = [size for size in sizes if self._room_of(texts, _WIDE, size) <= FOOT - TOP]
            return [_Slide(texts, smaller=fitting[0] if fitting else _SMALLER)]
        parts: list[_Slide] = []
        gathered: list[tuple[str, str]] = []
        for style, words in texts:
            fits, _ = fitted(plain(words), _WIDE - 0.3, FOOT - TOP - 0.2, (_size(style),))
            if gathered and self._room_of([*gathered, (style, fits)]) > FOOT - TOP:
                # What leads a list does not stay behind alone.
                kept = [gathered.pop()] if len(gathered) > 1 and gathered[-1][0] == "lead" else []
                parts.append(_Slide(gathered))
                gathered = kept
            gathered.append((style, fits))
        return [*parts, _Slide(gathered)] if gathered else parts

    def _room_of(self, texts: list[tuple[str, str]], width: float = _WIDE, smaller: float = 1.0) -> float:
        return sum(height(plain(words), width - 0.3, _size(style) * smaller, 8) for style, words in texts)

    def _add_parts(self, heading: str, parts: Sequence[_Slide], notes: str = "") -> None:
        for place, part in enumerate(parts):
            title, texts = heading, part.texts
            if place and part.shown is not None:
                title = part.shown.caption
            elif place and texts[0][0] == "lead" and len(texts) > 1 and len(texts[0][1]) < _LONGEST_TITLE:
                title, texts = texts[0][1], texts[1:]
            slide = self._new(title, notes if place == 0 else f"Continues “{plain(heading)}”.")
            if isinstance(part.shown, Figure):
                left = LEFT
                if texts:
                    smaller = 1.0 if self._room_of(texts, _SIDE) <= FOOT - TOP else _SMALLER
                    self._add_texts(slide, texts, _SIDE, smaller)
                    left += _SIDE + 0.3
                self._add_figure(slide, part.shown, left)
            else:
                top = TOP + (self._add_texts(slide, texts, _WIDE, part.smaller) + 0.05 if texts else 0.0)
                if part.shown is not None:
                    size, _ = _table_size(part.shown, FOOT - top)
                    add_table(slide, part.shown, top, size, self.colour)

    def _add_texts(self, slide: Any, texts: list[tuple[str, str]], width: float, smaller: float = 1.0) -> float:
        """Write texts at the slide's left; return how high they stand [inches]."""
        room = self._room_of(texts, width, smaller)
        frame = box(slide, LEFT, TOP, width, room)
        for number, (style, words) in enumerate(texts):
            write(frame, words, _size(style) * smaller, bold=style == "lead", bullet=style == "bullet",
                  first=number == 0, after=8)  # fmt: skip
        return room

    def _add_figure(self, slide: Any, figure: Figure, left: float) -> None:
        picture = slide.shapes.add_picture(io.BytesIO(self.pictures.png(figure)), Inches(left), Inches(TOP))
        scale = min(Inches(RIGHT - left) / picture.width, Inches(FOOT - TOP) / picture.height)
        picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
        picture.left = Inches(left) + (Inches(RIGHT - left) - picture.width) // 2
        _describe(picture, figure.caption, figure.alt)


def _fits(block: Figure | Table) -> bool:
    """Say whether a block has its place on a slide: a figure always, a table if it is short."""
    if isinstance(block, Figure):
        return True
    short = 0 < len(block.rows) <= _MOST_ROWS and len(block.headings) <= _MOST_COLUMNS
    return short and sum(_table_size(block)[1]) <= FOOT - TOP


def _table_size(block: Table, room: float = FOOT - TOP) -> tuple[float, list[float]]:
    """Return the largest size of letters at which a table fits some room [inches], and its rows' heights there."""
    for size in _TABLE_SIZES:
        heights = table_layout(block, _WIDE, size)[1]
        if sum(heights) <= room:
            break
    return size, heights


def _size(style: str) -> float:
    return {"lead": _LEAD, "ratio": 40.0, "note": _SMALL}.get(style, _TEXT)


def _describe(picture: Any, name: str, said: str) -> None:
    properties = picture._element.nvPicPr.cNvPr
    properties.set("name", plain(name)[:120])
    properties.set("descr", plain(said))


def _notes(section: Section) -> str:
    """Return all that a section says in words, and which tables stand in the report."""
    said: list[str] = []
    for block in section.blocks:
        if isinstance(block, Paragraph):
            said.append(block.text)
        elif isinstance(block, Bullets):
            said += [f"• {item}" for item in block.items]
        elif isinstance(block, Table):
            said.append(f"Table in the report: {block.caption} ({len(block.rows)} rows).")
        elif isinstance(block, Figure):
            said.append(f"Figure: {block.alt}")
    whole = plain("\n".join(said))
    return whole if len(whole) <= _LONGEST_NOTES else f"{whole[:_LONGEST_NOTES]} .. (cut: see the report)"
