"""A story as a plain Word document that people go on editing: real headings, header rows, alt text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor

from sroi import plots
from sroi.reports.blocks import Block, Bullets, Figure, Paragraph, Section, Story, Table

_BLUE = RGBColor(0x00, 0x54, 0x8A)
_PAGE = (Inches(8.27), Inches(11.69))  # A4
_MARGIN = Inches(0.85)


def document_bytes(story: Story) -> bytes:
    """Return the report as the bytes of a .docx file."""
    document = Document()
    _set_up(document, story)
    document.add_heading(story.title, level=0)
    document.add_paragraph(story.subtitle, style="Subtitle")
    landscape = False
    for section in story.sections:
        wide = any(isinstance(block, Table) and len(block.headings) > 7 for block in section.blocks)
        if wide != landscape:
            _turn(document, wide)
            landscape = wide
        document.add_heading(section.heading, level=1)
        _add_blocks(document, section, wide)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _set_up(document: Any, story: Story) -> None:
    document.core_properties.title = story.title
    document.core_properties.subject = story.subtitle
    document.core_properties.language = story.language
    document.core_properties.author = ""
    document.core_properties.comments = ""
    first = document.sections[0]
    first.page_width, first.page_height = _PAGE
    _set_margins(first)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), story.language)
    normal.element.get_or_add_rPr().append(language)
    for name in ("Title", "Heading 1", "Heading 2"):
        document.styles[name].font.color.rgb = _BLUE
        document.styles[name].font.name = "Calibri"


def _set_margins(section: Any) -> None:
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN


def _turn(document: Any, landscape: bool) -> None:
    """Begin a page that lies (for tables of many columns) or stands."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    width, height = _PAGE
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (height, width) if landscape else (width, height)
    _set_margins(section)


def _add_blocks(document: Any, section: Section, landscape: bool) -> None:
    for block in section.blocks:
        _add_block(document, block, landscape)


def _add_block(document: Any, block: Block, landscape: bool) -> None:
    if isinstance(block, Paragraph):
        paragraph = document.add_paragraph()
        run = paragraph.add_run(block.text)
        if block.style == "ratio":
            run.font.size, run.font.bold, run.font.color.rgb = Pt(34), True, _BLUE
        elif block.style == "lead":
            run.font.size, run.font.bold = Pt(12.5), True
        elif block.style == "note":
            run.font.size, run.font.italic = Pt(10), True
    elif isinstance(block, Bullets):
        for item in block.items:
            document.add_paragraph(item, style="List Bullet")
    elif isinstance(block, Figure):
        _add_figure(document, block)
    else:
        _add_table(document, block, landscape)


def _add_figure(document: Any, figure: Figure) -> None:
    document.add_picture(io.BytesIO(plots.image(figure.draw(plots.WIDE), "png")), width=Inches(6.4))
    picture = document.paragraphs[-1]
    picture.paragraph_format.keep_with_next = True
    properties = picture.runs[-1]._element.xpath(".//wp:docPr")[0]
    properties.set("descr", figure.alt)
    properties.set("title", figure.caption)
    document.add_paragraph(figure.caption, style="Caption")


def _add_table(document: Any, block: Table, landscape: bool) -> None:
    caption = document.add_paragraph(block.caption, style="Caption")
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=len(block.headings), style="Table Grid")
    size = Pt(8) if block.wide else Pt(9.5)
    _fill(table.rows[0], block.headings, block.numeric, size)
    _make_heading(table.rows[0])
    for row in block.rows:
        added = table.add_row()
        _fill(added, row, block.numeric, size)
        _keep_whole(added)
    # Word goes by the cells' widths, other programs by the columns': both are set, and neither is guessed.
    table.autofit = False
    for column, width in zip(table.columns, _widths(block, 9.9 if landscape else 6.5), strict=True):
        column.width = Inches(width)
        for cell in column.cells:
            cell.width = Inches(width)
    document.add_paragraph()


def _fill(row: Any, texts: Sequence[str], numeric: Sequence[bool], size: Any) -> None:
    for cell, text, figures in zip(row.cells, texts, numeric, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(1)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if figures else WD_ALIGN_PARAGRAPH.LEFT
        paragraph.add_run(text).font.size = size


def _widths(block: Table, whole: float) -> list[float]:
    """Share the width of the page [inches] among the columns: each its longest word, the rest by how much it says."""
    letter = 0.068 if block.wide else 0.082
    columns = [[heading, *cells] for heading, *cells in zip(block.headings, *block.rows, strict=True)]
    words = [max(len(word) for text in column for word in [*text.split(" "), ""]) for column in columns]
    least = [min(word, 18) * letter + 0.18 for word in words]
    wanted = [min(max(len(text) for text in column), 60) ** 0.8 for column in columns]
    spare = max(whole - sum(least), 0.0)
    widths = [floor + spare * want / sum(wanted) for floor, want in zip(least, wanted, strict=True)]
    return [width * whole / sum(widths) for width in widths]


def _make_heading(row: Any) -> None:
    """Mark a row as the table's heading, which Word repeats on each page and reads out."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _keep_whole(row)
    for cell in row.cells:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", "E8F0F6")):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True
            for run in paragraph.runs:
                run.font.bold = True


def _keep_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
