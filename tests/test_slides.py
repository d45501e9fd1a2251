"""The slides: a ratio with its rules first, real titles, one figure or short table each, and nothing that runs off."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

import sroi
from sroi.reports.analysis import analyse
from sroi.reports.blocks import Bullets, Details, Paragraph, Section, Story, Table
from sroi.reports.story import tell
from sroi.reports.styling import Logo, Look

pptx = pytest.importorskip("pptx", reason="NOT TESTED: the extra `slides` is not installed")

from hostile_texts import HOSTILE, story_of_texts  # noqa: E402

from sroi.reports.slide_layout import FOOT, cut, em, height, lines  # noqa: E402
from sroi.reports.slides import slides_bytes  # noqa: E402

LONG = "Extraordinarily long-winded words about a change in somebody's life, told as people told it. "


def opened(story: Story, look: Look | None = None) -> Any:
    return pptx.Presentation(io.BytesIO(slides_bytes(story, look)))


def texts_of(slide: Any) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


@pytest.fixture(scope="module")
def told() -> Story:
    impact_map = sroi.example("befriending")
    return tell(analyse(impact_map, sroi.evaluate(impact_map)), "slides")


@pytest.fixture(scope="module")
def deck(told: Story) -> Any:
    return opened(told)


def test_the_first_slide_has_the_ratio_with_its_rules_and_range(deck: Any) -> None:
    said = " ".join(texts_of(deck.slides[0]))
    assert "1.78 : 1" in said
    assert "evaluation, GBP, 2013/14 prices, discounted from the end of each year at 3.5\u00a0% a year" in said
    assert "This is value to people, not cash." in said
    assert "central 90" in said


def test_every_slide_has_a_title_of_its_own_and_wide_paper(told: Story, deck: Any) -> None:
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert all(titles)
    assert len(set(titles)) == len(titles)
    assert {section.heading for section in told.sections} <= set(titles)
    assert round(deck.slide_width / deck.slide_height, 3) == 1.778


def test_each_slide_shows_one_figure_or_one_table_at_most_and_says_what_it_shows(deck: Any) -> None:
    pictures = 0
    for slide in deck.slides:
        shown = [shape for shape in slide.shapes if shape.shape_type == 13 or shape.has_table]
        assert len(shown) <= 1
        for shape in shown:
            said = shape._element.xpath(".//p:cNvPr/@descr")
            assert said
            assert len(said[0]) > (6 if shape.has_table else 40)
            pictures += not shape.has_table
    assert pictures >= 5


def test_the_notes_hold_the_rest(told: Story, deck: Any) -> None:
    notes = " ".join(slide.notes_slide.notes_text_frame.text for slide in deck.slides if slide.has_notes_slide)
    for section in told.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                assert block.text in notes


def wordy(words: str, rows: int = 8) -> Story:
    table = Table("t", words[:200], ("A name", "A figure"), ((words[:60], "1"),) * rows, (False, True))
    section = Section("s", words, (Paragraph(words, "lead"), Bullets((words,) * 9), table, Paragraph(words)))
    first = Section("r", "Result", (Paragraph("2.07 : 1", "ratio"), *(Paragraph(words),) * 6))
    return Story(words, words, (first, section))


@pytest.mark.parametrize("words", ["Short.", LONG * 3, LONG * 30, "社会的価値" * 60, "Donaudampfschiff" * 12])
def test_nothing_is_higher_than_its_box_and_no_box_runs_off_the_slide(words: str) -> None:
    deck = opened(wordy(words))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
            if not shape.has_text_frame:
                continue
            room = shape.height / 914400
            needed = 0.0
            for paragraph in shape.text_frame.paragraphs:
                sizes = [run.font.size.pt for run in paragraph.runs if run.font.size]
                after = paragraph.space_after.pt if paragraph.space_after else 0.0
                needed += height(paragraph.text, shape.width / 914400, max(sizes, default=12), after)
            assert needed <= room + 0.15, shape.text_frame.text[:50]


def test_a_long_table_stays_in_the_report_and_is_named_in_the_notes() -> None:
    deck = opened(wordy("Words.", rows=60))
    assert not any(shape.has_table for slide in deck.slides for shape in slide.shapes)
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides if slide.has_notes_slide]
    assert any("Table in the report: Words. (60 rows)." in said for said in notes)


def test_details_are_left_to_the_report() -> None:
    worked = Details("Working", (Paragraph("With a pencil."),))
    deck = opened(
        Story(
            "T",
            "S",
            (Section("r", "R", (Paragraph("1 : 1", "ratio"),)), Section("a", "A", (Paragraph("Said."), worked))),
        )
    )
    assert "With a pencil." not in " ".join(text for slide in deck.slides for text in texts_of(slide))


def test_a_strangers_text_comes_out_as_written() -> None:
    deck = opened(story_of_texts())
    cells = [cell.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_table
             for row in shape.table.rows for cell in row.cells]  # fmt: skip
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides if slide.has_notes_slide]
    said = "\n".join([*(text for slide in deck.slides for text in texts_of(slide)), *cells, *notes])
    assert [text for text in HOSTILE if text not in said] == []


def test_nothing_of_it_leads_elsewhere_and_the_same_story_is_the_same_bytes(told: Story) -> None:
    first = slides_bytes(told)
    assert first == slides_bytes(told)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert [name for name in archive.namelist() if b'TargetMode="External"' in archive.read(name)] == []


def test_a_logo_stands_on_the_first_slide_and_says_what_it_is() -> None:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (300, 80), "navy").save(stream, "PNG")
    deck = opened(wordy("Words."), Look("#7a0000", Logo(stream.getvalue(), 300, 80)))
    pictures = [shape for shape in deck.slides[0].shapes if shape.shape_type == 13]
    assert [shape._element.xpath(".//p:cNvPr/@descr")[0] for shape in pictures] == [
        "Logo of the organisation that reports"
    ]
    assert str(deck.slides[0].shapes.title.text_frame.paragraphs[0].runs[0].font.color.rgb) == "7A0000"


def test_room_is_reckoned_as_letters_take_it() -> None:
    assert lines("one two three", 100.0, 18) == 1
    assert lines("word " * 100, 5.0, 18) > lines("word " * 100, 10.0, 18)
    assert em("社会") > em("ab")
    assert lines("x" * 500, 2.0, 18) >= 500 * em("x") * 18 / 144
    short = cut(LONG * 40, 4.0, 1.0, 18)
    assert short.endswith(" ..")
    assert height(short, 4.0, 18) <= 1.0
    assert FOOT < 7.5
