"""The report's page for everybody: axe-core finds no violation, what a click opens stands open in print, no word is cut."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hostile_texts import HOSTILE, story_of_texts
from in_chromium import needs_chromium

import sroi
from sroi.reports.analysis import analyse
from sroi.reports.blocks import Details, Figure, Paragraph, Section, Story, Table
from sroi.reports.html import page
from sroi.reports.story import tell
from sroi.reports.styling import Logo, Look

pytestmark = [*needs_chromium, pytest.mark.usefixtures("warm_notebooks")]

# Cells of a first column in which a word stands on two lines, though it is no longer than words are.
BROKEN_WORDS = """() => [...document.querySelectorAll('tbody th, tbody td:first-child')].flatMap(cell => {
    const node = cell.firstChild, broken = [];
    if (!node || node.nodeType !== 3) return broken;
    for (const word of node.data.matchAll(/[^\\s\\u00ad–-]+/g)) {
        if (word[0].length > 20) continue;
        const range = document.createRange();
        range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1) broken.push(word[0]);
    }
    return broken;
})"""


def violations(opened: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(opened).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def shown(browser: Any, story: Story, tmp_path: Path, width: int = 1280, **given: Any) -> Any:
    path = tmp_path / "report.html"
    path.write_text(page(story, **given), encoding="utf-8")
    opened = browser.new_page(viewport={"width": width, "height": 900})
    opened.said = []
    opened.on("console", lambda message: opened.said.append(message.text))
    opened.on("request", lambda request: opened.said.append(request.url) if "data:" not in request.url else None)
    opened.goto(path.as_uri())
    assert opened.said == [path.as_uri()]
    return opened


@cache  # with the story its figures stay, which are drawn when they are first looked at
def told(name: str, audience: str) -> Story:
    impact_map = sroi.example(name)
    return tell(analyse(impact_map, sroi.evaluate(impact_map)), audience)


def worked_story() -> Story:
    table = Table(
        "t",
        "Year by year",
        ("Year", "Value", "Kept", "Source"),
        (("1", "£12", "90 %", "asked"),) * 3,
        (False, True, True, False),
    )
    details = tuple(
        Details(f"The working of outcome {n}", (Paragraph(f"Step {n} with a pencil."), table)) for n in range(2)
    )
    return Story("Title", "Subtitle", (Section("a", "First", details), Section("b", "Second", (Paragraph("Words."),))))


# The assurer's report has every section that the others have, and one more; the board's is put together in its own way.
@pytest.mark.parametrize(("audience", "width"), [("assurer", 1280), ("assurer", 400), ("board", 400)])
def test_axe_finds_no_violation_in_the_report(browser: Any, tmp_path: Path, audience: str, width: int) -> None:
    opened = shown(browser, told("befriending", audience), tmp_path, width)
    assert violations(opened) == []
    assert opened.evaluate(BROKEN_WORDS) == []
    opened.close()


@pytest.mark.parametrize("width", [1280, 400])
def test_axe_finds_no_violation_in_strangers_texts_details_a_logo_and_a_colour(
    browser: Any, tmp_path: Path, width: int
) -> None:
    import io

    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (300, 80), "navy").save(stream, "PNG")
    look = Look("#767676", Logo(stream.getvalue(), 300, 80))
    opened = shown(browser, story_of_texts(), tmp_path, width, look=look, explorer="explorer.html")
    opened.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    # The palest colour that is taken still has to hold on the paler grounds beneath links and headings.
    assert [each for each in violations(opened) if not each.startswith("color-contrast")] == []
    assert opened.evaluate("document.documentElement.scrollWidth") == width
    said = opened.evaluate("document.body.innerText")
    flat = re.sub(r"\s+", " ", said)
    assert [text for text in HOSTILE if text not in flat] == []
    assert opened.evaluate("getComputedStyle(document.querySelector('h2')).borderTopColor") == "rgb(118, 118, 118)"
    assert opened.evaluate("document.querySelector('.explorer a').getAttribute('href')") == "explorer.html"
    opened.close()


def test_it_has_landmarks_a_skip_link_and_headings_in_order(browser: Any, tmp_path: Path) -> None:
    opened = shown(browser, told("wheels_to_meals", "assurer"), tmp_path)
    assert opened.evaluate("document.documentElement.lang") == "en-GB"
    for landmark in ("header", "nav[aria-label]", "main", "footer", "h1"):
        assert opened.locator(f"body {landmark}").count() == 1
    levels = opened.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map(each => Number(each.tagName[1]))")
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.textContent") == "Skip to the report"
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.id") == "content"
    tables = opened.evaluate(
        "[...document.querySelectorAll('table')].map(t => [!!t.caption.textContent, t.querySelectorAll('thead th[scope=col]').length])"
    )
    assert all(caption and columns >= 2 for caption, columns in tables)
    opened.close()


def test_details_are_closed_on_the_screen_and_stand_open_in_print(browser: Any, tmp_path: Path) -> None:
    opened = shown(browser, worked_story(), tmp_path)
    assert "with a pencil" not in opened.evaluate("document.body.innerText")
    opened.get_by_text("The working of outcome 1").click()
    assert "Step 1 with a pencil." in opened.evaluate("document.body.innerText")
    printed = opened.pdf(prefer_css_page_size=True)
    opened.close()
    if shutil.which("pdftotext") is None:
        pytest.skip("NOT TESTED: no poppler here. On Debian: sudo apt install poppler-utils")
    (tmp_path / "print.pdf").write_bytes(printed)
    run = subprocess.run(["pdftotext", "print.pdf", "-"], cwd=tmp_path, capture_output=True, check=True)
    said = run.stdout.decode("utf-8")
    assert "Step 0 with a pencil." in said
    assert "Step 1 with a pencil." in said
    assert "Skip to the report" not in said


def test_nothing_can_act_on_the_page_but_its_own_style_sheet(browser: Any, tmp_path: Path) -> None:
    opened = shown(browser, worked_story(), tmp_path)
    policy = opened.locator('meta[http-equiv="Content-Security-Policy"]').get_attribute("content")
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert opened.evaluate("getComputedStyle(document.querySelector('h1')).fontSize") == "32px"
    opened.evaluate("""() => { const s = document.createElement('style'); s.textContent = 'h1 { font-size: 99px }';
                       document.head.append(s); }""")
    assert opened.evaluate("getComputedStyle(document.querySelector('h1')).fontSize") == "32px"
    opened.close()


@pytest.mark.parametrize("width", [700, 900, 1280])
def test_the_first_column_does_not_break_within_a_word(browser: Any, tmp_path: Path, width: int) -> None:
    long = "pessimistic.deadweight = 0.5; " * 12
    rows = (
        ("pessimistic", long, "1.20 : 1"),
        ("responsibilities", long, "1.30 : 1"),
        ("Donaudampfschifffahrtsgesellschaft", long, "2"),
    )
    table = Table("scenarios", "The map's scenarios", ("Scenario", "With", "SROI ratio"), rows, (False, False, True))
    broad = Table(
        "map",
        "The map",
        ("Stakeholder", *"bcdefghij"),
        (("Neighbourhoods of the estate", *(["words of a text"] * 9)),),
        (False,) * 10,
        wide=True,
    )
    opened = shown(browser, Story("T", "S", (Section("a", "First", (table, broad)),)), tmp_path, width)
    assert opened.evaluate(BROKEN_WORDS) == []
    assert opened.evaluate("document.documentElement.scrollWidth") == width
    opened.close()


def test_every_figure_on_the_page_says_what_it_shows() -> None:
    story = told("befriending", "assurer")
    count = sum(isinstance(block, Figure) for section in story.sections for block in section.blocks)
    html = page(story)
    assert len([alt for alt in re.findall(r'<img src="[^"]*" alt="([^"]*)"', html) if len(alt) > 40]) == count
