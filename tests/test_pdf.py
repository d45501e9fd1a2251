"""The PDF: tagged, titled, in its language, with alt text and headings; and a stranger's text stays text in it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hostile_texts import HOSTILE, story_of_texts

import sroi
from sroi.errors import TemplateRefused
from sroi.reports.analysis import analyse
from sroi.reports.appendix import APPENDIX
from sroi.reports.blocks import Details, Figure, Paragraph, Section, Story, Table
from sroi.reports.formats import check_formats
from sroi.reports.pdf import pdf_bytes
from sroi.reports.story import tell
from sroi.reports.styling import Look

pytest.importorskip("typst", reason="NOT TESTED: the extra `pdf` is not installed")
POPPLER = shutil.which("pdftotext") and shutil.which("pdfinfo")


def _has_chinese_font() -> bool:
    known = shutil.which("fc-list")
    return bool(known and subprocess.run([known, ":lang=zh"], capture_output=True, check=True).stdout.strip())


needs_chinese_font = pytest.mark.skipif(
    not _has_chinese_font(), reason="NOT TESTED: no Chinese font here. On Debian: sudo apt install fonts-droid-fallback"
)
needs_poppler = pytest.mark.skipif(
    not POPPLER, reason="NOT TESTED: no poppler here. On Debian: sudo apt install poppler-utils"
)


def words_of(content: bytes, tmp_path: Path, *options: str) -> str:
    (tmp_path / "report.pdf").write_bytes(content)
    run = subprocess.run(["pdftotext", *options, "report.pdf", "-"], cwd=tmp_path, capture_output=True, check=True)
    return run.stdout.decode("utf-8")


def facts_of(content: bytes, tmp_path: Path, *options: str) -> str:
    (tmp_path / "report.pdf").write_bytes(content)
    run = subprocess.run(["pdfinfo", *options, "report.pdf"], cwd=tmp_path, capture_output=True, check=True)
    # Of what stands within the structure it passes on some bytes as they are in the file.
    return run.stdout.decode("utf-8", errors="replace")


@pytest.fixture(scope="module")
def story() -> Story:
    impact_map = sroi.example("befriending")
    return tell(analyse(impact_map, sroi.evaluate(impact_map)))


@pytest.fixture(scope="module")
def written(story: Story) -> bytes:
    return pdf_bytes(story)


@needs_poppler
def test_it_is_tagged_titled_and_claims_the_standard_for_accessible_pdf(written: bytes, tmp_path: Path) -> None:
    facts = facts_of(written, tmp_path)
    assert re.search(r"Tagged: +yes", facts)
    assert re.search(r"Title: +Larkhaven befriending \(an illustration\)", facts)
    assert re.search(r"Page size: .*A4", facts)
    assert b"pdfuaid:part" in written
    assert b"/Lang (en-GB)" in written or b"/Lang(en-GB)" in written


@needs_poppler
def test_its_structure_has_real_headings_header_cells_and_figures_that_say_what_they_show(
    story: Story, tmp_path: Path
) -> None:
    story = replace(story, sections=story.sections[:5])
    written = pdf_bytes(story)
    structure = facts_of(written, tmp_path, "-struct-text")
    sections = [section.heading for section in story.sections]
    headings = re.findall(r"^ *H1.*\n(?: .*\n)*? *\"(.*)\"", structure, re.MULTILINE)
    assert [heading for heading in sections if heading not in headings] == []
    assert structure.count("Table") >= sum(isinstance(block, Table) for each in story.sections for block in each.blocks)
    assert re.search(r"^ *TH\b", structure, re.MULTILINE)
    alt = facts_of(written, tmp_path, "-struct")
    figures = [block for each in story.sections for block in each.blocks if isinstance(block, Figure)]
    assert alt.count("Figure") >= len(figures)


@needs_poppler
def test_a_strangers_text_comes_out_as_written(tmp_path: Path) -> None:
    said = words_of(pdf_bytes(story_of_texts()), tmp_path, "-raw")
    together = re.sub(r"\s", "", said)
    for text in HOSTILE[:5]:
        assert re.sub(r"\s", "", text) in together.replace("\u200b", "")
    assert together.count("nobody_" * 3) >= 1


@needs_poppler
def test_a_word_longer_than_a_line_is_broken_and_leaves_neither_page_nor_cell(tmp_path: Path) -> None:
    boxes = words_of(pdf_bytes(story_of_texts()), tmp_path, "-bbox")
    edges = [(float(left), float(right)) for left, right in re.findall(r'xMin="([\d.-]+)".*?xMax="([\d.-]+)"', boxes)]
    assert len(edges) > 100
    assert min(left for left, _ in edges) > 50
    assert max(right for _, right in edges) < 545


@needs_poppler
@needs_chinese_font
def test_a_strangers_text_in_letters_of_another_font_comes_out_too(tmp_path: Path) -> None:
    said = words_of(pdf_bytes(story_of_texts()), tmp_path, "-raw")
    assert "社区居民与志愿者" in re.sub(r"\s", "", said)
    assert "سكان" in said or "ﺳﻜﺎﻥ" in said or "ناكس" in said


@needs_poppler
@pytest.mark.parametrize("name", ["befriending", "wheels_to_meals"])
def test_the_boards_report_is_one_page(name: str, tmp_path: Path) -> None:
    impact_map = sroi.example(name)
    board = tell(analyse(impact_map, sroi.evaluate(impact_map)), "board")
    assert re.search(r"Pages: +1\n", facts_of(pdf_bytes(board), tmp_path))


def test_the_same_story_is_the_same_bytes(story: Story) -> None:
    short = replace(story, sections=story.sections[:2])
    assert pdf_bytes(short) == pdf_bytes(short)


@needs_poppler
def test_what_a_page_opens_at_a_click_stands_in_an_appendix(tmp_path: Path) -> None:
    worked = tuple(Details(f"Working {n}", (Paragraph(f"Step {n} with a pencil."),)) for n in range(3))
    story = Story(
        "Title",
        "Subtitle",
        (Section("a", "First", (Paragraph("Before."), *worked)), Section("b", "Last", (Paragraph("End."),))),
    )
    said = words_of(pdf_bytes(story), tmp_path)
    assert f"3 workings stand in the appendix, “{APPENDIX}”, one after the other. Page 1." in " ".join(said.split())
    assert said.index("Before.") < said.index(APPENDIX, said.index("Page 1")) < said.index("Step 2 with a pencil.")


@needs_poppler
def test_a_table_repeats_its_headings_on_every_page(tmp_path: Path) -> None:
    rows = tuple((f"row {n}", str(n)) for n in range(150))
    table = Table("t", "A long table", ("Heading of names", "Figure"), rows, (False, True))
    content = pdf_bytes(Story("Title", "Subtitle", (Section("a", "First", (table,)),)))
    pages = words_of(content, tmp_path).count("\f")
    assert pages > 2
    assert words_of(content, tmp_path).count("Heading of names") == pages


def test_a_letter_that_no_font_here_has_does_not_stop_it() -> None:
    content = pdf_bytes(Story("Title \U000e0041\ue123", "Subtitle", (Section("a", "First", (Paragraph("\ue123"),)),)))
    assert content.startswith(b"%PDF")


def test_the_organisations_colour_and_no_other_is_on_the_headings() -> None:
    story = Story("Title", "Subtitle", (Section("a", "First", (Paragraph("Words."),)),))
    assert pdf_bytes(story, Look("#7a0000")) != pdf_bytes(story)


def test_a_format_whose_package_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> Any:
        return None

    monkeypatch.setattr("sroi.reports.formats.find_spec", nothing)
    with pytest.raises(TemplateRefused) as refused:
        check_formats("html,pdf,pptx,pfd")
    assert str(refused.value) == (
        "3 problems\n"
        "  there is no format 'pfd'. Did you mean 'pdf'?\n"
        "  the format 'pdf' needs the package typst, which is not installed. "
        'Install it: pip install "sroi[pdf]". Or leave pdf out.\n'
        "  the format 'pptx' needs the package python-pptx, which is not installed. "
        'Install it: pip install "sroi[slides]". Or leave pptx out.'
    )
    assert check_formats("HTML, docx") == ("html", "docx")
