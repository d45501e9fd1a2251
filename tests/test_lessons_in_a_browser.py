"""The lessons' pages in a real browser: they mark as Python does, ask nothing of the network, and fit a telephone."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from in_chromium import needs_chromium, running_browser

from sroi.teaching.answers import Unread, number_from
from sroi.teaching.checking import Marking, mark, right_answer, written
from sroi.teaching.course import Exercise, exercise, lessons
from sroi.teaching.keys import key_of
from sroi.teaching.pages import general_words, lesson_page, marking_facts, page_name, scrambled_key

pytestmark = needs_chromium
EVERY = [asked for told in lessons() for asked in told.exercises]
PAGE = files("sroi.teaching") / "page"
# Texts as a person, or somebody who means mischief, might type them.
TEXTS = (
    "", "  ", "...", "25%", "25 %", "0.25", "25", "£1,250.50", "1,234", "1,93", "1.93 : 1", "1:1.93", "1.93 to 1", "−300", "-£300",
    "36 people", "nan", "Infinity", "1e5", "٣٦", "１２", "²", "a", "%", ":1", "--5", "+5", ".5", "5.", "1:1", "25 per cent", "25 percent",
    "9" * 90, "=1+1", "<b>1</b>", "1 2 3", "1'000", "10000000", "-0", "0", "12,345,678.9", "1,2,3", "€ 12", "5 years", "3 pounds",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def marker(browser: Any) -> Iterator[Any]:
    """A bare page with the programs that read and mark."""
    page = browser.new_page()
    page.add_script_tag(
        content="".join((PAGE / name).read_text(encoding="utf-8") for name in ("reading.js", "marking.js"))
    )
    yield page
    page.close()


def typed_answers(asked: Exercise) -> list[list[str]]:
    """Return answers to be typed: right, wrong in each known way, near the ends of spans, and odd."""
    keys = key_of(asked.number)
    rng = random.Random(f"answers {asked.number}")
    single: list[list[str]] = []
    for key in keys:
        numbers = [number for span in key.spans for number in (span.low, (span.low + span.high) / 2, span.high)]
        numbers += [rng.uniform(-3, 3) * (abs(key.value) + 1) for _ in range(20)]
        single.append([written(key), *(f"{number:.12f}" for number in numbers), *TEXTS])
    longest = max(map(len, single))
    padded = [[*texts, *rng.choices(texts, k=longest - len(texts))] for texts in single]
    for texts in padded[1:]:
        rng.shuffle(texts)
    return [list(each) for each in zip(*padded, strict=True)]


def as_python_says(marking: Marking) -> dict[str, Any]:
    return {"right": marking.right, "kind": marking.kind, "title": marking.title, "words": list(marking.words)}


def test_a_typed_number_is_read_alike_on_both_roads(marker: Any) -> None:
    rng = random.Random("typed")
    texts = [*TEXTS, *("".join(rng.choices("0123456789.,%-+£ :to1", k=rng.randint(1, 9))) for _ in range(3000))]
    ours: list[Any] = []
    for text in texts:
        try:
            ours.append(number_from(text))
        except Unread as unread:
            ours.append(unread.kind)
    theirs = marker.evaluate(
        "texts => texts.map((text) => { try { return numberFrom(text); } catch (error) { return error.kind; } })", texts
    )
    assert [pair for pair in zip(texts, ours, theirs, strict=True) if pair[1] != pair[2]] == []


def test_page_and_program_say_the_same_of_every_typed_answer(marker: Any) -> None:
    compared = 0
    for asked in EVERY:
        if asked.kind not in ("number", "map"):
            continue
        answers = typed_answers(asked)
        theirs = marker.evaluate(
            "given => given.answers.map((texts) => markedTyped(given.facts, texts, given.words))",
            {"facts": marking_facts(asked), "answers": answers, "words": general_words()},
        )
        for texts, said in zip(answers, theirs, strict=True):
            names = [blank.name for blank in asked.blanks]
            answer: Any = dict(zip(names, texts, strict=True)) if names else texts[0]
            if names and not any(text.strip() for text in texts):
                answer = None
            assert said == as_python_says(mark(asked, answer)), (asked.number, texts)
            compared += 1
    assert compared > 2000


def test_page_and_program_say_the_same_of_every_set_of_options(marker: Any) -> None:
    for asked in EVERY:
        if not asked.options:
            continue
        letters = [option.letter for option in asked.options]
        several = (
            range(2 ** len(letters)) if asked.kind == "several" else [0, *(2**place for place in range(len(letters)))]
        )
        answers = [[letter for place, letter in enumerate(letters) if bits >> place & 1] for bits in several]
        theirs = marker.evaluate(
            "given => given.answers.map((letters) => markedOptions(given.facts, letters, given.words))",
            {"facts": marking_facts(asked), "answers": answers, "words": general_words()},
        )
        for answer, said in zip(answers, theirs, strict=True):
            assert said == as_python_says(mark(asked, answer)), (asked.number, answer)


def test_what_a_page_marks_by_is_unscrambled_to_what_it_was(marker: Any) -> None:
    for asked in EVERY:
        plain = marker.evaluate("given => unscrambled(...given)", [scrambled_key(asked), asked.number])
        assert plain == json.loads(json.dumps(marking_facts(asked)))


# ---- the pages themselves ----


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of three lessons: numbers, a map, choices, lists, tables and figures are among them."""
    folder = tmp_path_factory.mktemp("lessons")
    for number in (1, 3, 4):
        told = lessons()[number - 1]
        (folder / page_name(told)).write_text(lesson_page(told), encoding="utf-8")
    return folder


def opened(browser: Any, pages: Path, number: int, width: int = 1280) -> tuple[Any, list[str]]:
    """Open a page by its file; return it, and what it asked for or complained of."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "request", lambda request: said.append(request.url) if not request.url.startswith(("file:", "data:")) else None
    )
    page.goto((pages / page_name(lessons()[number - 1])).as_uri())
    return page, said


def hand_in(page: Any, number: str, answer: Any) -> tuple[str, str]:
    """Answer an exercise as a person does; return the kind of mistake and what is to be read."""
    form = page.locator(f'form[data-exercise="{number}"]')
    if isinstance(answer, str) and exercise(number).options:
        form.locator(f'input[value="{answer}"]').check()
    elif isinstance(answer, list):
        for box in form.locator("input[type=checkbox]").all():
            box.set_checked(box.get_attribute("value") in answer)
    else:
        texts = list(answer.values()) if isinstance(answer, dict) else [answer]
        for field, text in zip(form.locator("input[type=text]").all(), texts, strict=True):
            field.fill(str(text))
    form.locator("button").click()
    said = form.locator(".said")
    return said.get_attribute("data-kind"), said.inner_text()


def test_a_learner_is_told_the_kind_of_mistake_and_then_that_it_is_right(browser: Any, pages: Path) -> None:
    page, said = opened(browser, pages, 4)
    kind, words = hand_in(page, "4.2", "25%")
    assert kind == "deductions_added"
    assert "The deductions were added" in words
    assert "multiply what is kept" in words
    assert hand_in(page, "4.2", "40.5")[0] == "per_cent_for_share"
    assert hand_in(page, "4.2", "<img src=x onerror=alert(1)>")[0] == "unreadable"
    kind, words = hand_in(page, "4.2", "40.5%")
    assert kind == ""
    assert words.startswith("✓ Right")
    assert page.locator("#score").inner_text() == "1 of 6 exercises right"
    assert hand_in(page, "4.1", {"d": "40%", "s": "10%", "a": "75%"})[0] == "attribution_reversed"
    assert said == []
    page.close()


@pytest.mark.parametrize("number", [1, 3, 4])
def test_every_solution_is_right_on_the_page_and_nothing_is_asked_of_the_network(
    browser: Any, pages: Path, number: int
) -> None:
    page, said = opened(browser, pages, number)
    told = lessons()[number - 1]
    for asked in told.exercises:
        assert hand_in(page, asked.number, right_answer(asked.number))[0] == "", asked.number
    assert page.locator("#score").inner_text() == f"{len(told.exercises)} of {len(told.exercises)} exercises right"
    assert said == []
    page.close()


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("number", [1, 3, 4])
def test_a_page_is_no_wider_than_the_screen(browser: Any, pages: Path, number: int, width: int) -> None:
    page, _ = opened(browser, pages, number, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("width", [400, 700, 1280])
def test_the_boxes_of_an_exercise_stand_in_one_column(browser: Any, pages: Path, width: int) -> None:
    page, _ = opened(browser, pages, 4, width)
    boxes = [field.bounding_box() for field in page.locator("#ex-4-1 input").all()]
    assert len(boxes) == 3
    assert len({(round(box["x"]), round(box["width"])) for box in boxes}) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_no_foreign_script_runs_and_no_style_stands_in_an_attribute(pages: Path) -> None:
    for path in pages.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "default-src 'none'" in text
        assert "unsafe" not in text
        assert ' style="' not in text
        assert "http://" not in text.replace("http://www.w3.org", "")
        assert "https://" not in text
        assert "javascript:" not in text


def test_what_gives_an_answer_away_is_out_of_sight_until_it_is_opened(browser: Any, pages: Path) -> None:
    page, _ = opened(browser, pages, 1)
    total = page.get_by_text("£8,040").first
    assert not total.is_visible()
    page.get_by_text("What the program makes of the kitchen").click()
    assert total.is_visible()
    page.close()


def test_no_answer_can_be_read_in_a_page(pages: Path) -> None:
    for told in (lessons()[0], lessons()[2], lessons()[3]):
        text = (pages / page_name(told)).read_text(encoding="utf-8")
        for asked in told.exercises:
            assert asked.notice not in text
            assert not asked.how or asked.how not in text
            for option in asked.options:
                assert option.why not in text


def test_a_page_is_labelled_for_those_who_hear_it(browser: Any, pages: Path) -> None:
    page, _ = opened(browser, pages, 4)
    fields = page.locator("form input").all()
    assert fields
    for field in fields:
        assert field.evaluate("field => field.labels.length") == 1
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert page.locator("h1").count() == 1
    assert all(image.get_attribute("alt") for image in page.locator("img").all())
    page.close()
