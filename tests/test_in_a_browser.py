"""The report in a real browser: nothing cut off on a screen or a telephone, nothing fetched from anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from in_chromium import needs_chromium

import sroi
from sroi.reports.analysis import analyse
from sroi.reports.story import tell
from sroi.reports.writing import write_report

pytestmark = needs_chromium
# Elements whose text runs out of its box, and boxes that run out of the page.
CUT_OFF = """() => [...document.querySelectorAll('p, td, th, li, h1, h2, caption, figcaption, .table, img')]
    .filter(e => e.getClientRects().length && getComputedStyle(e).position !== 'absolute' && !e.closest('thead'))
    .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
              || e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(e => e.tagName + ': ' + e.textContent.slice(0, 60))"""


def long_tree() -> dict[str, Any]:
    words = "Extraordinarily long-winded description of a change in somebody's life " * 3
    word = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle"
    return {
        "sroi": 1, "title": words, "analysis": "forecast", "currency": "NZD", "price_year": 2024,
        "stakeholders": [{"id": f"people_{n}", "name": f"{word} {n}", "size": 10**6} for n in range(12)],
        "inputs": [{"id": "grant", "stakeholder": "people_0", "kind": "money", "value": 123456789.12}],
        "outcomes": [
            {"id": f"outcome_{n}", "stakeholder": f"people_{n % 12}", "description": f"{words} {word} 社会的価値 قيمة {n}",
             "quantity": 123456.78, "proxy": {"value": (-1) ** n * 1234.56, "source": f"https://example.org/{word * 3}"},
             "duration": 7.5, "deadweight": "12.34%", "drop_off": "1.5%"}
            for n in range(60)
        ],
    }  # fmt: skip


@pytest.fixture(scope="module", params=["befriending", "longest", "one outcome"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = long_tree()
    if request.param == "one outcome":
        tree |= {"title": "One", "outcomes": tree["outcomes"][:1]}
    impact_map = sroi.example("befriending") if request.param == "befriending" else sroi.ImpactMap.model_validate(tree)
    out = tmp_path_factory.mktemp("browser")
    analysis = analyse(impact_map, sroi.evaluate(impact_map))
    write_report(tell(analysis), analysis, out, "html")
    return out / "report.html"


@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_is_cut_off_and_nothing_is_fetched(browser: Any, report: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
    assert [url for url in asked if not url.startswith(("data:", report.as_uri()))] == []
    assert said == []
    page.close()


def test_it_prints_on_pages_of_a4(browser: Any, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.close()
