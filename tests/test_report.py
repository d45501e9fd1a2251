"""The report: what it says, what it leaves, and that a stranger's text stays text in every format."""

from __future__ import annotations

import gc
import io
import json
import re
import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from defusedxml import ElementTree
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from nbformat.v4 import new_code_cell, new_notebook

import sroi
from sroi import plots
from sroi.batch.parameters import checked, declared
from sroi.batch.report import make_report
from sroi.errors import FileRefused, RunFailed, TemplateRefused
from sroi.reports import word
from sroi.reports.analysis import analyse
from sroi.reports.blocks import Details, Figure, Paragraph, Section, Story, Table, figures
from sroi.reports.html import page, show
from sroi.reports.leaving import csv_bytes
from sroi.reports.pictures import Pictures, all_figures, described, figures_within
from sroi.reports.story import tell
from sroi.reports.writing import write_report
from sroi.shipped import template

SECTIONS = [
    "The result", "Purpose, scope and period", "Stakeholders, and how they were involved",
    "Theory of change", "What was put in, and what was done", "What changes, for whom", "The whole impact map",
    "What each number rests on", "What was judged material", "What is taken away, and why",
    "From gross value to what can be claimed", "Value by outcome", "Who gains, and who puts in",
    "What kind of value, and who saves", "Value by year", "What is not counted", "What if the numbers were different",
    "How sure is the ratio", "What should we find out next", "Questions a careful reader might ask",
    "Decisions and next steps", "What this report cannot say", "Method and provenance", "Sources and licences",
    "The working, step by step",
]  # fmt: skip


FIGURES = (
    "theory_of_change", "ladder", "by_stakeholder", "flows", "by_year", "payback", "tornado", "distribution",
    "acceptability", "drivers", "wrong_pockets",
)  # fmt: skip


def story_of(impact_map: sroi.ImpactMap) -> Story:
    return tell(analyse(impact_map, sroi.evaluate(impact_map)))


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report") / "befriending"
    make_report(sroi.case_study("befriending"), out, template("report.ipynb"))
    return out


# ---- what a run leaves ----


def test_a_report_leaves_every_file_it_promises_and_no_other(left_behind: Path) -> None:
    assert {path.name for path in left_behind.iterdir()} == {
        "report.html", "report.docx", "report.ipynb", "result.json", "figures", "tables",
    }  # fmt: skip
    drawn = {path.name for path in (left_behind / "figures").iterdir()}
    assert drawn == {f"{name}.{form}" for name in FIGURES for form in ("png", "svg")}


def test_every_svg_says_what_it_shows_and_stands_alone(left_behind: Path) -> None:
    for path in (left_behind / "figures").glob("*.svg"):
        root = ElementTree.fromstring(path.read_bytes())
        title, description = (root.find(f"{{http://www.w3.org/2000/svg}}{name}") for name in ("title", "desc"))
        assert root.get("role") == "img"
        assert title is not None
        assert title.text
        assert description is not None
        assert len(description.text or "") > 40
        links = re.findall(rb'href="([^"]*)"', path.read_bytes())
        assert [link for link in links if not link.startswith((b"#", b"data:"))] == []
        assert b"<!DOCTYPE" not in path.read_bytes()


def test_the_result_is_the_document_of_the_map(left_behind: Path) -> None:
    impact_map = sroi.example("befriending")
    written = json.loads((left_behind / "result.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(sroi.document(impact_map, sroi.evaluate(impact_map))))


def test_the_tables_hold_the_figures_of_the_result(left_behind: Path) -> None:
    result = sroi.evaluate(sroi.example("befriending"))
    ladder = pd.read_csv(left_behind / "tables" / "ladder.csv")
    assert dict(zip(ladder["step"], ladder["value"], strict=True)) == pytest.approx(result.ladder, rel=1e-12)
    outcomes = pd.read_csv(left_behind / "tables" / "by_outcome.csv")
    assert outcomes["present_value"].sum() == pytest.approx(result.total_present_value, rel=1e-12)
    assert len(list((left_behind / "tables").iterdir())) == 20


def test_the_executed_notebook_holds_its_parameters_and_outputs(left_behind: Path) -> None:
    notebook = nbformat.read(left_behind / "report.ipynb", as_version=4)
    injected = [cell for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", [])]
    assert "befriending" in injected[0].source
    assert all(cell.get("outputs") is not None for cell in notebook.cells if cell.cell_type == "code")
    assert "Less lonely" in json.dumps(notebook)


def test_the_page_holds_everything_itself_and_no_code(left_behind: Path) -> None:
    html = (left_behind / "report.html").read_text(encoding="utf-8")
    assert set(re.findall(r'(?:src|href|srcset)="(data:image/svg|#|.{0,8})', html)) == {"data:image/svg", "#"}
    assert not re.search(r"url\(|@import|<script", html)
    assert "import sroi" not in html
    assert re.findall(r"<h2>(.*?)</h2>", html) == SECTIONS
    assert html.count("<figure>") == len(FIGURES)
    assert all(len(alt) > 40 for alt in re.findall(r'alt="(.*?)"', html))


def test_the_ratio_stands_with_its_rules_on_the_page(left_behind: Path) -> None:
    html = (left_behind / "report.html").read_text(encoding="utf-8")
    assert '<p class="ratio">1.78 : 1</p>' in html
    assert "evaluation, GBP, 2013/14 prices, discounted from the end of each year at 3.5\u00a0% a year" in html
    assert "about £2.00 of social value for each £1 put in. This is value to people, not cash." in html
    assert re.search(
        r"Range from the stated ranges: 1\.\d\d to [23]\.\d\d \(central 90 %\); the chance of more than 1 : 1", html
    )


def test_the_word_document_says_the_same_with_real_headings(left_behind: Path) -> None:
    document = Document(str(left_behind / "report.docx"))
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == SECTIONS
    assert all(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader") for table in document.tables)
    # Where other rows are kept whole too, LibreOffice loses those of a table that runs over a page.
    assert all(len(table._tbl.xpath("./w:tr/w:trPr/w:cantSplit")) == 1 for table in document.tables)
    descriptions = document.element.xpath("//wp:docPr/@descr")
    assert len(descriptions) == len(FIGURES)
    assert all(len(said) > 40 for said in descriptions)
    html = (left_behind / "report.html").read_text(encoding="utf-8")
    for table in document.tables:
        assert table.rows[0].cells[0].text in html


def test_two_reports_of_one_map_have_the_same_page_and_figures(tmp_path: Path) -> None:
    impact_map = sroi.example()
    for name in ("first", "second"):
        analysis = analyse(impact_map, sroi.evaluate(impact_map))
        write_report(tell(analysis), analysis, tmp_path / name, "html")
    for path in (tmp_path / "first").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "second" / path.relative_to(tmp_path / "first")).read_bytes()


def test_each_figure_is_drawn_once_for_each_width_however_often_it_is_shown_and_written(
    small_map: sroi.ImpactMap, tmp_path: Path
) -> None:
    analysis = analyse(small_map, sroi.evaluate(small_map))
    story = few_figures_of(tell(analysis))
    drawn: list[tuple[str, float]] = []
    counted = replace(story, sections=tuple(counting(section, drawn) for section in story.sections))
    shown = show(*counted.sections)
    for folder in ("first", "second"):
        write_report(counted, analysis, tmp_path / folder, "html,docx")
    names = {figure.name for figure in all_figures(story)}
    assert names == {"ladder", "by_stakeholder", "flows"}
    assert sorted(drawn) == sorted((name, width) for name in names for width in (plots.WIDE, plots.NARROW))
    del shown, story
    write_report(few_figures_of(tell(analysis)), analysis, tmp_path / "third", "html,docx")
    for path in (tmp_path / "third" / "figures").iterdir():
        assert path.read_bytes() == (tmp_path / "first" / "figures" / path.name).read_bytes()


def test_a_notebook_keeps_each_figure_once_and_beside_its_html_only_the_headings(small_map: sroi.ImpactMap) -> None:
    story = tell(analyse(small_map, sroi.evaluate(small_map)))
    shown = show(*story.sections)
    assert len(shown._repr_html_()) > 100_000
    assert "<img" in shown._repr_html_()
    assert "srcset" not in shown._repr_html_()  # the figures for telephones
    assert repr(shown) == f"<Shown by a notebook: {'; '.join(section.heading for section in story.sections)}>"


def test_every_row_of_a_word_table_is_set_as_the_first_one_with_words_of_its_own(small_map: sroi.ImpactMap) -> None:
    rows = (("a name", "1\t2"), ("two\nlines", "20"), ("", "−300"))
    table = Table("few", "A few rows", ("Name", "Figure"), rows, (False, True))
    story = tell(analyse(small_map, sroi.evaluate(small_map)))
    story = replace(story, sections=(Section("one", "One", (table,)),))
    (made,) = Document(io.BytesIO(word.document_bytes(story))).tables
    assert [[cell.text for cell in row.cells] for row in made.rows][1:] == [list(row) for row in rows]
    settings = [
        [
            (cell.width, cell.paragraphs[0].alignment, cell.paragraphs[0].paragraph_format.space_after, run.font.size)
            for cell in row.cells
            for run in cell.paragraphs[0].runs
        ]
        for row in made.rows
    ]
    assert settings == [settings[0]] * 4
    assert settings[0][0][0] > settings[0][1][0]
    assert [each[1] for each in settings[1]] == [WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT]
    assert made._tbl.xml.count("w:szCs") == 8
    assert "w:tblHeader" not in made.rows[1]._tr.xml


def few_figures_of(story: Story) -> Story:
    return replace(story, sections=tuple(each for each in story.sections if figures_within(each))[1:3])


def counting(section: Section, drawn: list[tuple[str, float]]) -> Section:
    """Return a section that writes down each drawing of its figures."""

    def watched(figure: Figure) -> Figure:
        return replace(figure, draw=lambda width: (drawn.append((figure.name, width)), figure.draw(width))[1])

    def block(each: Any) -> Any:
        inside = isinstance(each, Details)
        return (
            replace(each, blocks=tuple(map(block, each.blocks))) if inside
            else watched(each) if isinstance(each, Figure) else each
        )  # fmt: skip

    return replace(section, blocks=tuple(map(block, section.blocks)))


def test_a_figure_that_is_gone_leaves_no_picture_behind() -> None:
    figure = figures(story_of(sroi.example()))[0]
    alike = replace(figure, draw=lambda width: figure.draw(width))
    Pictures().svg(alike, plots.NARROW)
    held = weakref.ref(alike)
    del alike
    gc.collect()
    assert held() is None


@pytest.mark.parametrize("first", ["svg", "png"])
def test_a_picture_is_the_same_whichever_file_is_made_of_it_first(first: str) -> None:
    pictures, figure = Pictures(), figures(story_of(sroi.example()))[1]
    getattr(pictures, first)(figure)
    alone = plots.image(figure.draw(plots.WIDE), "png")
    assert pictures.png(figure) == alone
    assert pictures.svg(figure) == described(plots.image(figure.draw(plots.WIDE), "svg"), figure.caption, figure.alt)


# ---- parameters and templates ----


def notebook_of(*sources: str, tagged: bool = True) -> Any:
    cells = [new_code_cell(source) for source in sources]
    if tagged:
        cells[0].metadata["tags"] = ["parameters"]
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})


def written(notebook: Any, path: Path) -> Path:
    nbformat.write(notebook, path)
    return path


def test_parameters_that_the_notebook_lacks_are_refused_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(TemplateRefused) as refused:
        make_report(
            sroi.case_study("befriending"), tmp_path / "out", template("report.ipynb"), {"sed": 1, "fromats": "x"}
        )
    assert str(refused.value) == (
        "report.ipynb: 2 problems\n"
        "  the notebook has no parameter 'sed'. Did you mean 'seed'?\n"
        "  the notebook has no parameter 'fromats'. Did you mean 'formats'?"
    )
    assert not (tmp_path / "out").exists()


def test_text_becomes_the_type_that_the_notebook_expects(tmp_path: Path) -> None:
    path = written(notebook_of("n = 3\nx: float = 2\nyes = True\nwords = 'a'\nmany = [1]"), tmp_path / "t.ipynb")
    assert list(declared(path)) == ["n", "x", "yes", "words", "many"]
    given = {"n": "07", "x": "2.5", "yes": "no", "words": "12", "many": "[4, 5]"}
    assert checked(path, given) == {"n": 7, "x": 2.5, "yes": False, "words": "12", "many": [4, 5]}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("n", "2.5", "t.ipynb: the parameter 'n' is given '2.5'. Give a whole number."),
        ("x", "much", "t.ipynb: the parameter 'x' is given 'much'. Give a number."),
        ("x", "nan", "t.ipynb: the parameter 'x' is given 'nan'. Give a number."),
        ("yes", "maybe", "t.ipynb: the parameter 'yes' is given 'maybe'. Give yes or no."),
        (
            "many",
            "__import__('os')",
            "t.ipynb: the parameter 'many' is given '__import__('os')'. Give a list, such as [1, 2].",
        ),
    ],
)
def test_text_that_is_not_of_the_type_is_refused(tmp_path: Path, name: str, value: str, message: str) -> None:
    path = written(notebook_of("n = 3\nx: float = 2\nyes = True\nmany = [1]"), tmp_path / "t.ipynb")
    with pytest.raises(TemplateRefused) as refused:
        checked(path, {name: value})
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"not a notebook", "this file is not a notebook. Name an .ipynb file."),
        (b"{}", "this file is not a notebook. Name an .ipynb file."),
    ],
)
def test_a_template_that_is_no_notebook_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "t.ipynb"
    path.write_bytes(content)
    with pytest.raises(TemplateRefused, match=re.escape(message)):
        declared(path)


def test_a_template_without_the_tag_or_the_map_is_refused(tmp_path: Path) -> None:
    untagged = written(notebook_of("value_map = ''", tagged=False), tmp_path / "u.ipynb")
    with pytest.raises(TemplateRefused, match="this notebook has no cell tagged `parameters`"):
        declared(untagged)
    without = written(notebook_of("out = ''"), tmp_path / "w.ipynb")
    with pytest.raises(TemplateRefused, match="the notebook has no parameter 'value_map'"):
        make_report(sroi.case_study("befriending"), tmp_path / "out", without)
    with pytest.raises(FileRefused, match="there is no such file"):
        declared(tmp_path / "nowhere.ipynb")


@pytest.mark.slow
def test_a_notebook_of_ones_own_gets_a_page_without_code(tmp_path: Path) -> None:
    own = notebook_of("value_map = ''\nout = ''\nfactor = 1.0", "import sroi\nresult = sroi.evaluate(sroi.read_value_map(value_map))",
                      "print('secret', 'words', factor)\nresult")  # fmt: skip
    path = written(own, tmp_path / "own.ipynb")
    make_report(sroi.case_study("wheels_to_meals"), tmp_path / "out", path, {"factor": "2"})
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "secret words 2.0" in html
    assert "import sroi" not in html
    assert "1.93 : 1" in html
    assert not re.search(r"""<(?:script|link|img)[^>]*\b(?:src|href)=["']?https?:""", html)
    assert (tmp_path / "out" / "result.json").exists()


@pytest.mark.slow
def test_a_run_that_fails_says_where_and_leaves_the_report_that_was_there(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.html").write_text("the report of yesterday", encoding="utf-8")
    failing = written(notebook_of("value_map = ''\nout = ''", "1 / 0"), tmp_path / "f.ipynb")
    with pytest.raises(RunFailed) as failed:
        make_report(sroi.case_study("wheels_to_meals"), out, failing)
    assert str(failed.value) == (
        "f.ipynb: cell 3 stopped with ZeroDivisionError: division by zero. "
        f"Correct the notebook or its parameters. See {out / 'failed.ipynb'}."
    )
    assert (out / "report.html").read_text(encoding="utf-8") == "the report of yesterday"
    assert {path.name for path in out.iterdir()} == {"report.html", "failed.ipynb"}


def test_a_format_that_is_not_known_is_refused_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(TemplateRefused, match=r"there is no format 'htm'\. Did you mean 'html'\?"):
        make_report(sroi.case_study("befriending"), tmp_path / "out", template("report.ipynb"), formats="htm,docx")
    assert not (tmp_path / "out").exists()


# ---- what it says ----


HOSTILE = "<script>alert(1)</script> & {{ 7 * 7 }} =HYPERLINK(A1) \"quoted\" 'too'"


def test_text_from_a_map_stays_text_in_every_format(small_tree: dict[str, Any], tmp_path: Path) -> None:
    small_tree["title"] = small_tree["organisation"] = small_tree["activities"] = HOSTILE
    small_tree["narrative"] = dict.fromkeys(("purpose", "audience", "scope", "decisions", "limits"), HOSTILE)
    small_tree["stakeholders"][0]["name"] = "=cmd|' /C calc'!A0"
    small_tree["outcomes"][0]["description"] = HOSTILE
    small_tree["outcomes"][0]["proxy"]["source"] = HOSTILE
    story = story_of(sroi.ImpactMap.model_validate(small_tree))
    html = page(story)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7 * 7 }} =HYPERLINK(A1)" in html
    document = Document(io.BytesIO(word.document_bytes(story)))
    assert document.paragraphs[0].text == HOSTILE
    shown = show(*story.sections)._repr_html_()
    assert "<script" not in shown
    csv = csv_bytes(pd.DataFrame({"words": ["=cmd|' /C calc'!A0", "@SUM(A1)", "plain"], "figure": [-1.5, 2.0, 3.0]}))
    assert csv.decode("utf-8-sig").splitlines() == [
        "words,figure",
        "'=cmd|' /C calc'!A0,-1.5",
        "'@SUM(A1),2.0",
        "plain,3.0",
    ]


def test_a_map_of_one_outcome_has_no_empty_section(small_tree: dict[str, Any]) -> None:
    small_tree["outcomes"] = small_tree["outcomes"][:1]
    story = story_of(sroi.ImpactMap.model_validate(small_tree))
    assert [section.heading for section in story.sections] == SECTIONS
    assert all(section.blocks for section in story.sections)
    assert "Every outcome of the map counts." in page(story)
    assert "No time is valued among the inputs." in page(story)


def test_a_map_without_a_price_still_makes_a_report(small_tree: dict[str, Any], tmp_path: Path) -> None:
    for outcome in small_tree["outcomes"]:
        outcome["valued"] = False
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    analysis = analyse(impact_map, sroi.evaluate(impact_map))
    assert write_report(tell(analysis), analysis, tmp_path)
    assert "told without a price" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_notebook_may_change_the_story() -> None:
    story = story_of(sroi.example())
    own = Section("ours", "In our own words", (Paragraph("We danced."),))
    changed = story.without("findings").with_section(own, after="ratio")
    assert changed.names[:2] == ["ratio", "ours"]
    assert "findings" not in changed.names
    assert "We danced." in page(changed)
    with pytest.raises(KeyError, match="no section 'nowhere'; there are ratio, purpose"):
        story["nowhere"]


def test_every_figure_is_drawn_at_both_widths() -> None:
    for figure in figures(story_of(sroi.example("befriending"))):
        wide, narrow = figure.draw(7.2), figure.draw(3.9)
        assert wide.get_figwidth() > narrow.get_figwidth()
        assert figure.caption


def test_one_page_for_the_board_points_to_nothing_that_it_does_not_have() -> None:
    impact_map = sroi.example("befriending")
    story = tell(analyse(impact_map, sroi.evaluate(impact_map)), "board")
    told = " ".join(block.text for block in story["board"].blocks if isinstance(block, Paragraph))
    assert "under “" not in told
    assert "see “" not in told
    assert "stands in the full report" in told
    assert "What this page cannot say" in told


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(19.2, 19.4, "£1.90"), (17, 22, "£1.90"), (10, 30, "£2.00"), (1, 60, "£2")],
    ids=["hardly any range", "a tenth", "halves", "whole pounds"],
)
def test_the_headline_is_rounded_to_what_the_range_supports(
    small_tree: dict[str, Any], low: float, high: float, said: str
) -> None:
    outcome = {"id": "o", "stakeholder": small_tree["stakeholders"][0]["id"], "quantity": 100, "duration": 1,
               "proxy": {"value": {"value": 19.3, "low": low, "high": high, "shape": "uniform"}},
               "deadweight": 0, "displacement": 0, "attribution": 0, "drop_off": 0}  # fmt: skip
    tree = {**small_tree, "outcomes": [outcome], "conventions": {"discount_timing": "none"},
            "inputs": [{**small_tree["inputs"][0], "kind": "money", "value": 1000}]}  # fmt: skip
    story = story_of(sroi.ImpactMap.model_validate(tree))
    assert f"about {said} of social value" in page(replace(story, sections=(story["ratio"],)))
