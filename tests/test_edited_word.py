"""Word documents that people go on editing: never overwritten, what changed is said; and an organisation's own look."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from docx import Document
from docx.shared import Pt, RGBColor
from hostile_texts import HOSTILE, story_of_texts
from PIL import Image

import sroi
from sroi import cli
from sroi.batch.report import make_report
from sroi.errors import FileRefused, TemplateRefused
from sroi.reports.appendix import APPENDIX
from sroi.reports.blocks import Details, Paragraph, Section, Story, Table
from sroi.reports.changes import changed_figures, figures_of_file, figures_told
from sroi.reports.editing import figures_kept, is_as_written, place_for, sealed
from sroi.reports.styling import contrast_on_white, read_look
from sroi.reports.word import document_bytes
from sroi.reports.word_template import checked_template
from sroi.shipped import template

pytestmark = pytest.mark.usefixtures("warm_notebooks")


def small_story(*texts: str) -> Story:
    table = Table("t", "A table", ("Name", "Figure"), (("one", "1"), ("two", "2")), (False, True))
    return Story("A title", "A subtitle", (Section("a", "First", (*map(Paragraph, texts or ("Words.",)), table)),))


def edit(path: Path, words: str = "Our own words.") -> None:
    document = Document(str(path))
    document.add_paragraph(words)
    document.save(str(path))


# ---- the seal ----


def test_a_document_knows_whether_it_is_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(document_bytes(small_story()))
    assert is_as_written(path)
    assert place_for(path) == path
    moved = tmp_path / "elsewhere.docx"
    shutil.copy(path, moved)
    assert is_as_written(moved)
    edit(path)
    assert not is_as_written(path)
    assert place_for(path) == tmp_path / "report_2.docx"


def test_a_changed_letter_a_comment_and_a_new_title_all_count_as_edited(tmp_path: Path) -> None:
    written = document_bytes(small_story("The ratio is 2."))
    path = tmp_path / "report.docx"
    for part, was, becomes in [
        ("word/document.xml", b"The ratio is 2.", b"The ratio is 3."),
        ("word/settings.xml", b"</w:settings>", b"<!-- opened --></w:settings>"),
        ("docProps/core.xml", b"A title", b"Our title"),
    ]:
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(written)) as old, zipfile.ZipFile(stream, "w") as new:
            for name in old.namelist():
                text = old.read(name)
                assert name != part or was in text
                new.writestr(name, text.replace(was, becomes) if name == part else text)
        path.write_bytes(stream.getvalue())
        assert not is_as_written(path), part


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_a_file_that_cannot_be_read_counts_as_somebodys_work(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(content)
    assert not is_as_written(path)
    assert figures_kept(path) is None
    assert place_for(path).name == "report_2.docx"


def test_the_next_name_is_the_first_that_is_free_or_ours(tmp_path: Path) -> None:
    for name in ("report.docx", "report_2.docx"):
        (tmp_path / name).write_bytes(document_bytes(small_story()))
        edit(tmp_path / name)
    assert place_for(tmp_path / "report.docx").name == "report_3.docx"
    (tmp_path / "report_3.docx").write_bytes(document_bytes(small_story()))
    assert place_for(tmp_path / "report.docx").name == "report_3.docx"
    assert place_for(tmp_path / "report.html").name == "report.html"


def test_the_same_story_is_the_same_bytes_and_sealing_twice_changes_nothing() -> None:
    once = document_bytes(small_story())
    assert once == document_bytes(small_story()) == sealed(once)


# ---- a rerun ----


MAP = """\
sroi: 1
title: A garden
analysis: forecast
currency: GBP
price_year: 2024
stakeholders: [{id: people, name: People, size: 100}]
inputs: [{id: grant, stakeholder: people, kind: money, value: 1000}]
outcomes:
  - {id: glad, stakeholder: people, description: Glad, quantity: 100, proxy: {value: PRICE, source: asked}, duration: 1}
"""


@pytest.fixture
def value_map(tmp_path: Path) -> Path:
    path = tmp_path / "map.yaml"
    path.write_text(MAP.replace("PRICE", "19"), encoding="utf-8")
    return path


@pytest.fixture
def without_figures(tmp_path: Path) -> Path:
    """The report's notebook with one more line, that leaves out the figures: drawing them again shows nothing here."""
    notebook = nbformat.read(template("report.ipynb"), as_version=4)
    (telling,) = [cell for cell in notebook.cells if "story = spoken(" in cell.source]
    telling.source = telling.source.replace("show(*story.sections)", f"{_LEAVE_OUT}\nshow(*story.sections)")
    assert _LEAVE_OUT in telling.source
    path = tmp_path / "without_figures.ipynb"
    nbformat.write(notebook, path)
    return path


_LEAVE_OUT = "from sroi.reports.pictures import figures_within\nstory = story.without(*(each.name for each in story.sections if figures_within(each)))"


@pytest.mark.slow
def test_a_rerun_leaves_an_edited_document_and_says_which_figures_changed(
    value_map: Path, without_figures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    make_report(value_map, out, without_figures)
    edit(out / "report.docx")
    edited = (out / "report.docx").read_bytes()

    (out / "explorer.html").write_text("the explorer of this map", encoding="utf-8")
    assert 'href="explorer.html"' not in (out / "report.html").read_text(encoding="utf-8")

    # A run whose figures are the same; then the edited document's own figures are what later runs compare with.
    made = make_report(value_map, out, without_figures)
    assert made.kept == {"report.docx": "report_2.docx"}
    assert made.changed == ()
    assert '<a href="explorer.html">' in (out / "report.html").read_text(encoding="utf-8")
    value_map.write_text(MAP.replace("PRICE", "25"), encoding="utf-8")
    assert make_report(value_map, out, without_figures).kept == {"report.docx": "report_2.docx"}
    (out / "result.json").unlink()

    assert cli.main(["report", str(value_map), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "report.docx was edited since it was made, and is left as it is: the new one is report_2.docx." in said
    assert "figures have changed since (all in tables/changed_figures.csv):" in said
    assert "  SROI ratio: 1.84, now 2.42" in said
    assert "report_2.docx  the same, to edit in Word" in said
    assert (out / "report.docx").read_bytes() == edited
    assert (out / "explorer.html").read_text(encoding="utf-8") == "the explorer of this map"
    assert is_as_written(out / "report_2.docx")
    assert {path.name for path in out.glob("*.docx")} == {"report.docx", "report_2.docx"}
    listed = (out / "tables" / "changed_figures.csv").read_text(encoding="utf-8-sig").splitlines()
    assert listed[0] == "figure,was,now"
    assert any(line.startswith('Total present value,"£1,836","£2,415"') for line in listed)


@pytest.mark.slow
def test_a_rerun_writes_over_what_nobody_edited(value_map: Path, without_figures: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for _ in range(2):
        made = make_report(value_map, out, without_figures, formats="html,docx,xlsx")
    assert made.kept == {}
    assert {path.name for path in out.glob("report*")} == {"report.docx", "report.html", "report.ipynb", "report.xlsx"}
    assert sroi.read_value_map(out / "report.xlsx").title == "A garden"


def test_figures_are_compared_as_people_read_them(small_tree: dict[str, Any], tmp_path: Path) -> None:
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    told = sroi.document(impact_map, sroi.evaluate(impact_map))
    figures = figures_told(told)
    assert changed_figures(figures, figures_told({**told, "total_inputs": told["total_inputs"] + 0.001})) == ()
    gone = changed_figures({"Lost outcome, gross value": "£5"}, {})
    assert str(gone[0]) == "Lost outcome, gross value: £5, now not there"
    path = tmp_path / "result.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    assert figures_of_file(path) == figures
    for broken in ("[]", "{", '{"by_outcome": 3, "ladder": [7], "sroi_ratio": "x"}'):
        path.write_text(broken, encoding="utf-8")
        assert not {"1.00", "3", "7", "x"} & set((figures_of_file(path) or {}).values())
    assert figures_of_file(tmp_path / "nowhere.json") is None


def test_a_document_keeps_its_figures_through_an_edit(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    figures = {"SROI ratio": "1.90", "“<Glad> & co”, gross value": "£5 ]]> &amp;"}
    path.write_bytes(document_bytes(small_story(), figures=figures))
    edit(path)
    assert figures_kept(path) == figures


# ---- what Word shows ----


def test_headings_header_rows_alt_text_and_language_are_real(tmp_path: Path) -> None:
    impact_map = sroi.example("befriending")
    from sroi.reports.analysis import analyse
    from sroi.reports.story import tell

    story = tell(analyse(impact_map, sroi.evaluate(impact_map)))
    document = Document(io.BytesIO(document_bytes(story)))
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings[: len(story.sections)] == [section.heading for section in story.sections]
    assert all(len(table._tbl.xpath("./w:tr/w:trPr/w:tblHeader")) == 1 for table in document.tables)
    assert all(len(said) > 40 for said in document.element.xpath("//wp:docPr/@descr"))
    assert document.core_properties.language == "en-GB"
    assert {lang.get(lang.nsmap["w"].join("{}") + "val") for lang in document.styles.element.xpath("//w:lang")} == {
        "en-GB"
    }
    assert "PAGE" in document.sections[0].footer._element.xpath("string()")


def test_a_strangers_text_comes_out_as_written() -> None:
    document = Document(io.BytesIO(document_bytes(story_of_texts())))
    texts = [paragraph.text for paragraph in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert [text for text in HOSTILE if text not in texts or text not in cells] == []


def test_control_codes_and_half_letters_are_left_out_and_nothing_breaks() -> None:
    document = Document(io.BytesIO(document_bytes(small_story("bell\x07 null\x00 half\ud83d end"))))
    assert "bell null half end" in [paragraph.text for paragraph in document.paragraphs]


def test_what_a_page_opens_at_a_click_stands_in_an_appendix() -> None:
    worked = (Details("How it is worked", (Paragraph("2 × 2 = 4"),)),)
    last = Section("b", "Last", (Paragraph("End."),))
    story = Story("T", "S", (Section("a", "First", (*worked, Paragraph("After."))), last))
    document = Document(io.BytesIO(document_bytes(story)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts.index("After.") < texts.index(APPENDIX) < texts.index("How it is worked") < texts.index("2 × 2 = 4")
    assert document.element.xpath("//w:hyperlink/@w:anchor") == document.element.xpath("//w:bookmarkStart/@w:name")
    in_place = Document(io.BytesIO(document_bytes(Story("T", "S", (last, Section("w", "Working", worked))))))
    styles = [paragraph.style.name for paragraph in in_place.paragraphs if paragraph.text == "How it is worked"]
    assert styles == ["Heading 2"]
    assert APPENDIX not in [paragraph.text for paragraph in in_place.paragraphs]
    plain = Document(io.BytesIO(document_bytes(small_story())))
    assert APPENDIX not in [paragraph.text for paragraph in plain.paragraphs]


# ---- an organisation's look ----


@pytest.fixture
def own_template(tmp_path: Path) -> Path:
    document: Any = Document()
    document.styles["Heading 1"].font.name = "Georgia"
    document.styles["Heading 1"].font.color.rgb = RGBColor(0x12, 0x34, 0x56)
    document.styles["Normal"].font.size = Pt(13)
    document.sections[0].header.paragraphs[0].text = "Garden Trust, charity 12345"
    document.sections[0].footer.paragraphs[0].text = "Our footer"
    document.add_paragraph("Text of the template, which goes.")
    path = tmp_path / "template.docx"
    document.save(str(path))
    return path


def test_a_template_gives_its_styles_header_and_footer_and_none_of_its_text(own_template: Path) -> None:
    look = read_look(word_template=own_template)
    wide = Table("w", "Wide", tuple("abcdefgh"), (tuple("12345678"),), (True,) * 8)
    story = Story("T", "S", (Section("a", "First", (Paragraph("Words."),)), Section("b", "Turned", (wide,))))
    document = Document(io.BytesIO(document_bytes(story, look)))
    assert "Text of the template" not in " ".join(paragraph.text for paragraph in document.paragraphs)
    assert document.styles["Heading 1"].font.name == "Georgia"
    assert document.styles["Normal"].font.size == Pt(13)
    for section in document.sections:
        assert section.header.paragraphs[0].text == "Garden Trust, charity 12345"
        assert section.footer.paragraphs[0].text == "Our footer"
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == ["First", "Turned"]
    assert [section.page_width > section.page_height for section in document.sections] == [False, True]


def repacked(path: Path, changes: dict[str, bytes], name: str = "changed.docx") -> Path:
    """Return a copy of a document with some of its parts replaced, or added."""
    target = path.with_name(name)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            if part not in changes:
                new.writestr(part, old.read(part))
        for part, text in changes.items():
            new.writestr(part, text)
    return target


def test_a_template_without_our_styles_still_gets_real_headings(own_template: Path) -> None:
    with zipfile.ZipFile(own_template) as archive:
        styles = archive.read("word/styles.xml")
    bare = styles[: styles.index(b"<w:style ")] + b"</w:styles>"
    look = read_look(word_template=repacked(own_template, {"word/styles.xml": bare}))
    document = Document(io.BytesIO(document_bytes(small_story(), look)))
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == ["First"]


def test_a_word_template_file_becomes_a_document(own_template: Path) -> None:
    with zipfile.ZipFile(own_template) as archive:
        types = archive.read("[Content_Types].xml").replace(b"document.main+xml", b"template.main+xml")
    path = repacked(own_template, {"[Content_Types].xml": types}, "own.dotx")
    assert Document(io.BytesIO(checked_template(path))).styles["Heading 1"].font.name == "Georgia"


RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}" TargetMode="External"/></Relationships>'
)
HEADER = (
    '<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:p>{}</w:p></w:hdr>'
)


def test_links_of_a_template_are_cut_and_their_text_stays(own_template: Path) -> None:
    link = '<w:hyperlink r:id="rId1"><w:r><w:t>our page</w:t></w:r></w:hyperlink>'
    with zipfile.ZipFile(own_template) as archive:
        header = next(name for name in archive.namelist() if "header" in name)
    path = repacked(own_template, {
        header: HEADER.format(link).encode(),
        f"word/_rels/{Path(header).name}.rels": RELATION.format(kind="hyperlink", target="http://evil.example/").encode(),
        "word/_rels/settings.xml.rels": RELATION.format(kind="attachedTemplate", target="file:///c:/t.dotm").encode(),
        "word/settings.xml": b'<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:attachedTemplate r:id="rId1"/></w:settings>',
    })  # fmt: skip
    content = document_bytes(small_story(), read_look(word_template=path))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"evil.example" not in whole
    assert b"attachedTemplate" not in whole
    assert b"External" not in whole
    assert b"our page" in whole


@pytest.mark.parametrize(
    ("changes", "name", "message"),
    [
        ({}, "own.docm", "this template may hold macros. Save it in Word as a plain document (.docx), and name that."),
        ({"word/vbaProject.bin": b"x"}, "a.docx", "this template holds macros or embedded objects (word/vbaProject.bin)"),
        ({"word/embeddings/o.bin": b"x"}, "a.docx", "this template holds macros or embedded objects"),
        ({"word/_rels/header1.xml.rels": RELATION.format(kind="image", target="http://evil.example/x.png").encode()},
         "a.docx", "this template fetches something from elsewhere (http://evil.example/x.png)"),
        ({"word/header1.xml": HEADER.format('<w:r><w:instrText> DDEA</w:instrText></w:r><w:r><w:instrText>UTO c:\\\\x</w:instrText></w:r>').encode()},
         "a.docx", "this template has a field that fetches or starts something (DDEAUTO)"),
        ({"word/header1.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}, "a.docx", "defines entities"),
        ({"word/document.xml": b"<broken"}, "a.docx", "this file is damaged"),
        ({}, "a.txt", "this is not a Word document. Name a .docx or .dotx file."),
    ],
)  # fmt: skip
def test_a_template_that_could_do_harm_is_refused(
    own_template: Path, changes: dict[str, bytes], name: str, message: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        checked_template(repacked(own_template, changes, name))
    assert message in str(refused.value)


def test_a_template_that_unfolds_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 120_000_000)
    with pytest.raises(FileRefused, match="unpacks to more than 100 MB"):
        checked_template(path)


def test_every_fault_of_a_look_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>", encoding="utf-8")
    with pytest.raises(TemplateRefused) as refused:
        read_look("#ffdd00", tmp_path / "logo.svg", tmp_path / "nowhere.docx")
    said = str(refused.value)
    assert said.startswith("3 problems")
    assert "the colour #ffdd00 stands out from white only 1.34 : 1, and text needs 4.5. Give a darker shade" in said
    assert "this is no PNG or JPEG picture. Export the logo as PNG" in said
    assert "there is no such file" in said
    with pytest.raises(TemplateRefused, match="is not written as colours are"):
        read_look("red; } body { display: none")


def test_the_shade_that_is_proposed_would_be_taken() -> None:
    for colour in ("#ffdd00", "#00ffff", "#ff69b4", "#ffffff", "#909090"):
        with pytest.raises(TemplateRefused) as refused:
            read_look(colour)
        proposed = refused.value.problems[0].remedy.rstrip(".").split()[-1]
        assert contrast_on_white(read_look(proposed).colour) >= 4.5


def test_a_logo_is_drawn_anew_and_too_large_a_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "logo.jpg"
    Image.new("RGB", (2000, 500), "navy").save(path, comment=b"<script>")
    logo = read_look(logo=path).logo
    assert logo is not None
    assert (logo.width, logo.height) == (900, 225)
    assert logo.content.startswith(b"\x89PNG")
    assert b"<script>" not in logo.content
    Image.new("1", (8000, 8000)).save(tmp_path / "huge.png")
    with pytest.raises(TemplateRefused, match="8,000 by 8,000 pixels, more than a logo needs"):
        read_look(logo=tmp_path / "huge.png")


def test_faults_of_formats_audience_and_look_are_said_together_before_anything_runs(
    value_map: Path, tmp_path: Path
) -> None:
    with pytest.raises(TemplateRefused) as refused:
        make_report(
            value_map,
            tmp_path / "out",
            template("report.ipynb"),
            formats="htm",
            audience="bord",
            look={"colour": "#eee"},
        )
    assert [problem.found for problem in refused.value.problems][:2] == [
        "there is no audience 'bord'",
        "there is no format 'htm'",
    ]
    assert "#eeeeee stands out" in str(refused.value)
    assert not (tmp_path / "out").exists()
