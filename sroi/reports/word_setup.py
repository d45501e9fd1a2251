"""A Word document before its first sentence: ours, or made from an organisation's own template."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor

from sroi.reports.blocks import Story, plain
from sroi.reports.editing import figures_part
from sroi.reports.styling import Look

_PAGE = (Inches(8.27), Inches(11.69))  # A4
_MARGIN = Inches(0.85)
_HEADINGS = {"Title": 26, "Heading 1": 16, "Heading 2": 13}
_PARAGRAPHS = ("Normal", "Subtitle", "List Bullet", "Caption")


def new_document(story: Story, look: Look, figures: Mapping[str, str]) -> Any:
    """Return a document without text: its styles, page, header and footer, language, and the figures kept in it."""
    own = look.word_template is not None
    document: Any = Document(io.BytesIO(look.word_template)) if look.word_template is not None else Document()
    if own:
        _empty(document)
    _add_missing_styles(document)
    properties = document.core_properties
    properties.title, properties.subject = plain(story.title)[:255], plain(story.subtitle)[:255]
    properties.language, properties.author, properties.comments = story.language, "", ""
    properties.keywords = properties.last_modified_by = ""
    _set_language(document, story.language)
    if not own:
        _dress(document, look, short=len(story.sections) == 1)
        _number_pages(document, story)
    _keep_figures(document, figures)
    return document


def turn(document: Any, landscape: bool) -> None:
    """Begin a page that lies (for tables of many columns) or stands, with margins, header and footer of the last."""
    before = document.sections[-1]
    short, long = sorted((before.page_width, before.page_height))
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)


def text_width(document: Any) -> float:
    """Return the width between the margins of the page that is being filled [inches]."""
    section = document.sections[-1]
    return float((section.page_width - section.left_margin - section.right_margin) / Inches(1))


def text_height(document: Any) -> float:
    """Return the height between the margins of the page that is being filled [inches]."""
    section = document.sections[-1]
    return float((section.page_height - section.top_margin - section.bottom_margin) / Inches(1))


def colour_of(look: Look) -> Any:
    """Return the look's colour as Word takes it."""
    return RGBColor.from_string(look.colour.removeprefix("#").upper())


def _empty(document: Any) -> None:
    """Take away a template's own text; its last section, with page, header and footer, stays."""
    body = document.element.body
    for element in list(body):
        if element is not body.sectPr:
            body.remove(element)
    for name in ("page_width", "page_height"):
        if getattr(document.sections[0], name) is None:
            setattr(document.sections[0], name, _PAGE[name == "page_height"])
    for name in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        if getattr(document.sections[0], name) is None:
            setattr(document.sections[0], name, _MARGIN)


def _add_missing_styles(document: Any) -> None:
    """Add what a template lacks: a heading must be a heading, whatever it looks like."""
    known = {style.name for style in document.styles}
    for name, size in _HEADINGS.items():
        if name not in known:
            style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
            style.font.size, style.font.bold = Pt(size), True
            style.paragraph_format.keep_with_next = True
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(14), Pt(4)
            if name != "Title":
                level = OxmlElement("w:outlineLvl")
                level.set(qn("w:val"), str(int(name[-1]) - 1))
                style.element.get_or_add_pPr().append(level)
    for name in _PARAGRAPHS:
        if name not in known:
            style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
            if name == "Normal":
                style.element.set(qn("w:default"), "1")
    if "Table Grid" not in known:
        document.styles.add_style("Table Grid", WD_STYLE_TYPE.TABLE, builtin=True)


def _set_language(document: Any, language: str) -> None:
    """State the language for the whole document, so that it is read out and spelt rightly."""
    normal = document.styles["Normal"].element.get_or_add_rPr()
    for element in normal.findall(qn("w:lang")):
        normal.remove(element)
    for element in document.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), language)
    stated = OxmlElement("w:lang")
    stated.set(qn("w:val"), language)
    normal.append(stated)


def _dress(document: Any, look: Look, short: bool) -> None:
    """Set the page and styles of a document that is not made from a template; a short one is to stand on one page."""
    first = document.sections[0]
    first.page_width, first.page_height = _PAGE
    first.left_margin = first.right_margin = first.top_margin = first.bottom_margin = _MARGIN
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10 if short else 11)
    if short:
        normal.paragraph_format.space_after = Pt(4)
    for name, size in {**_HEADINGS, "Subtitle": 12, "Caption": 10}.items():
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = (
            "Calibri",
            Pt(size * (0.8 if short else 1)),
            colour_of(look),
        )
        # The theme's own fonts and colours would win over those named here.
        fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
        for theme in [] if fonts is None else [each for each in fonts.attrib if each.endswith("Theme")]:
            del fonts.attrib[theme]
    document.styles["Subtitle"].font.italic = False
    document.styles["Caption"].font.color.rgb = RGBColor(0x33, 0x33, 0x33)


def _number_pages(document: Any, story: Story) -> None:
    """Put the report's name and the page's number at the foot of each page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    title = plain(story.title)
    paragraph.add_run(f"{title if len(title) < 80 else title[:77] + '..'}  ·  ").font.size = Pt(9)
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(9)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = code
        run._r.append(element)


def _keep_figures(document: Any, figures: Mapping[str, str]) -> None:
    """Keep the figures told in the document, unseen: a later run compares with them."""
    package = document.part.package
    taken = {str(part.partname) for part in package.iter_parts()}
    name = next(each for number in range(1, 10_000) if (each := f"/customXml/item{number}.xml") not in taken)
    part = Part(PackURI(name), "application/xml", figures_part(figures), package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
