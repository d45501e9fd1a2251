"""A story as a plain Word document that people go on editing: real headings, header rows, alt text."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import pairwise
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Length, Pt

from sroi.reports.appendix import APPENDIX, pointer_words, with_pointers
from sroi.reports.blocks import Block, Bullets, Details, Figure, Paragraph, Story, Table, plain
from sroi.reports.columns import is_broad, widths
from sroi.reports.editing import sealed
from sroi.reports.pictures import Pictures
from sroi.reports.styling import Look
from sroi.reports.word_setup import colour_of, new_document, text_height, text_width, turn

_PICTURE_WIDTH, _SMALL_PICTURE_WIDTH = 6.4, 4.4  # inches
_LOGO = (2.2, 0.9)  # inches at most


def document_bytes(
    story: Story, look: Look | None = None, pictures: Pictures | None = None, figures: Mapping[str, str] | None = None
) -> bytes:
    """Return the report as the bytes of a .docx file, sealed (see `sroi.reports.editing`).

    `look` is the organisation's, `pictures` those already drawn, `figures` what the document is to remember, so that a
    later run can say what changed.
    """
    return sealed(_Writer(story, look or Look(), pictures or Pictures(), figures or {}).whole())


class _Writer:
    """Writes one story into one document."""

    def __init__(self, story: Story, look: Look, pictures: Pictures, figures: Mapping[str, str]) -> None:
        self.story, self.look, self.pictures = story, look, pictures
        self.document = new_document(story, look, figures)
        # An organisation's template has its own sizes and colours: ours stay out of its way.
        self.own = look.word_template is not None
        self.landscape = False
        self.styles: dict[str, str | None] = {}

    def whole(self) -> bytes:
        """Write everything; return the document's bytes."""
        self._add_logo()
        self._styled(plain(self.story.title), style="Title")
        self._styled(plain(self.story.subtitle), style="Subtitle")
        sections, worked = with_pointers(self.story)
        for heading, blocks in sections:
            self._begin(heading, blocks)
            self._add_all(blocks)
        if worked:
            self._turn(False)
            self._mark(self._styled(APPENDIX, style="Heading 1"))
            self._add_all(worked)
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()

    def _styled(self, text: str, style: str) -> Any:
        """Add a paragraph. python-docx looks through all styles for each; once for each style is enough."""
        paragraph = self.document.add_paragraph(text)
        if style not in self.styles:
            self.styles[style] = self.document.part.get_style_id(style, WD_STYLE_TYPE.PARAGRAPH)
        paragraph._p.style = self.styles[style]
        return paragraph

    def _begin(self, heading: str, blocks: Sequence[Block | tuple[Details, ...]]) -> None:
        self._turn(any(isinstance(block, Table) and is_broad(block) for block in blocks))
        self._styled(plain(heading), style="Heading 1")

    def _turn(self, landscape: bool) -> None:
        if landscape != self.landscape:
            turn(self.document, landscape)
            self.landscape = landscape

    def _add_all(self, blocks: Sequence[Block | tuple[Details, ...]]) -> None:
        for block, follows in pairwise([*blocks, None]):
            if block is not None:
                self._add(block)
            # A sentence stays with the figure or table that it speaks of.
            if isinstance(block, Paragraph) and isinstance(follows, Figure | Table):
                self.document.paragraphs[-1].paragraph_format.keep_with_next = True

    def _add(self, block: Block | tuple[Details, ...]) -> None:
        if isinstance(block, Paragraph):
            self._add_paragraph(block)
        elif isinstance(block, Bullets):
            for item in block.items:
                self._styled(plain(item), style="List Bullet")
        elif isinstance(block, Figure):
            self._add_figure(block)
        elif isinstance(block, Table):
            self._add_table(block)
        elif isinstance(block, Details):
            self._styled(plain(block.summary), style="Heading 2")
            self._add_all(block.blocks)
        else:
            self._point(pointer_words(block))

    def _add_paragraph(self, block: Paragraph) -> None:
        paragraph = self.document.add_paragraph()
        run = paragraph.add_run(plain(block.text))
        if block.style == "ratio":
            run.font.size, run.font.bold, run.font.color.rgb = Pt(34), True, colour_of(self.look)
            paragraph.paragraph_format.space_after = Pt(4)
        elif block.style == "lead":
            run.font.bold = True
            paragraph.paragraph_format.keep_with_next = True
            if not self.own:
                run.font.size = Pt(12.5)
        elif block.style == "note":
            run.font.italic = True
            if not self.own:
                run.font.size = Pt(10)

    def _add_logo(self) -> None:
        logo = self.look.logo
        if logo is None:
            return
        scale = min(_LOGO[0] / logo.width, _LOGO[1] / logo.height)
        self.document.add_picture(io.BytesIO(logo.content), width=Inches(logo.width * scale))
        self._describe("Logo", "Logo of the organisation that reports")

    def _add_figure(self, figure: Figure) -> None:
        # A story of one section is to stand on one page.
        whole = _PICTURE_WIDTH if len(self.story.sections) > 1 else _SMALL_PICTURE_WIDTH
        widest = min(whole, text_width(self.document))
        self.document.add_picture(io.BytesIO(self.pictures.png(figure)), width=Inches(widest))
        shape = self.document.inline_shapes[-1]
        tallest = Inches(text_height(self.document) - 1.2)  # beside a heading and its caption
        if shape.height > tallest:
            shape.width, shape.height = int(shape.width * tallest / shape.height), tallest
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        self._describe(figure.caption, figure.alt)
        self._styled(plain(figure.caption), style="Caption")

    def _describe(self, title: str, said: str) -> None:
        properties = self.document.paragraphs[-1].runs[-1]._element.xpath(".//wp:docPr")[0]
        properties.set("descr", plain(said))
        properties.set("title", plain(title))

    def _add_table(self, block: Table) -> None:
        caption = self._styled(plain(block.caption), style="Caption")
        caption.paragraph_format.keep_with_next = True
        table = self.document.add_table(rows=1, cols=len(block.headings), style="Table Grid")
        _rule(table)
        size = 8.0 if block.wide else 9.5
        # Word goes by the cells' widths, other programs by the columns': both are set, and neither is guessed.
        shared = [Inches(each) for each in self._widths(block, 0.068 if block.wide else 0.082)]
        _fill(table.rows[0], block.headings, block.numeric, size, shared)
        _make_heading(table.rows[0])
        _add_rows(table, block, size, shared)
        table.autofit = False
        for column, width in zip(table._tbl.tblGrid.gridCol_lst, shared, strict=True):
            column.w = width
        said = OxmlElement("w:tblCaption")
        said.set(qn("w:val"), plain(block.caption)[:250])
        table._tbl.tblPr.append(said)
        self.document.add_paragraph().paragraph_format.space_after = Pt(2)

    def _widths(self, block: Table, letter: float) -> list[float]:
        return widths(block, text_width(self.document), letter, 0.18)

    def _mark(self, paragraph: Any) -> None:
        """Give a paragraph a name that links lead to."""
        for kind in ("bookmarkStart", "bookmarkEnd"):
            element = OxmlElement(f"w:{kind}")
            element.set(qn("w:id"), "9001")
            if kind == "bookmarkStart":
                element.set(qn("w:name"), "appendix")
            paragraph._p.append(element)

    def _point(self, words: str) -> None:
        """Say where the working stands, with a link to it."""
        paragraph = self.document.add_paragraph()
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), "appendix")
        run = paragraph.add_run(plain(words))
        run.font.color.rgb, run.font.underline = colour_of(self.look), True
        link.append(run._r)
        paragraph._p.append(link)


def _add_rows(table: Any, block: Table, size: float, shared: Sequence[Length]) -> None:
    """Add a table's rows: the first is made, and the others are copies of it with words of their own."""
    first: Any = None
    for texts in block.rows:
        if first is None:
            added = table.add_row()
            _fill(added, texts, block.numeric, size, shared)
            first = added._tr
            continue
        copied = deepcopy(first)
        for cell, text in zip(copied.tc_lst, texts, strict=True):
            cell.p_lst[0].r_lst[0].text = plain(text)
        table._tbl.append(copied)


def _fill(row: Any, texts: Sequence[str], numeric: Sequence[bool], size: float, shared: Sequence[Length]) -> None:
    for cell, text, figures, width in zip(row._tr.tc_lst, texts, numeric, shared, strict=True):
        cell.width = width
        paragraph = cell.p_lst[0]
        properties = paragraph.get_or_add_pPr()
        properties.spacing_after = Pt(1)
        properties.jc_val = WD_ALIGN_PARAGRAPH.RIGHT if figures else WD_ALIGN_PARAGRAPH.LEFT
        run = paragraph.add_r()
        run.text = plain(text)
        run.get_or_add_rPr().sz_val = Pt(size)
        # Scripts such as Arabic go by a size of their own.
        complex_size = OxmlElement("w:szCs")
        complex_size.set(qn("w:val"), str(int(size * 2)))
        run.rPr.append(complex_size)


def _make_heading(row: Any) -> None:
    """Mark a row as the table's heading, which Word repeats on each page and reads out.

    Rows below it may break across pages: where they are kept whole too, LibreOffice (7.4) may lose all the rows that
    follow the first page of a table whose caption and heading are kept together.
    """
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell in row.cells:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", "E8F0F6")):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True
            for run in paragraph.runs:
                run.font.bold = True


def _rule(table: Any) -> None:
    """Draw a table's lines, light ones: a template's own table style may have none, or heavy ones."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "BFBFBF")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        look.addprevious(borders)
    else:
        properties.append(borders)
