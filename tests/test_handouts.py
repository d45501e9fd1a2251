"""Handouts: one page each where promised, timings that add up, cards without money, and a stranger's words as words."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hostile_texts import HOSTILE

import sroi
from sroi.errors import FileRefused
from sroi.reports.handout import CARDS_A_PAGE, Heading, Passage, Points, Rows, Run, Sheet, Terms, plain_words
from sroi.reports.handout_html import handout_page
from sroi.teaching import handouts
from sroi.teaching.handouts.cards import BLANK_OUTCOME, blank_cards, cards, shortened, without_sums
from sroi.teaching.handouts.glossary import ON_THE_PAGE, glossary, one_page
from sroi.teaching.handouts.sources import parsed, sheet

ROOT = Path(__file__).parents[1]
POPPLER = shutil.which("pdftotext") and shutil.which("pdfinfo")
needs_typst = pytest.mark.skipif(handouts.form() != "pdf", reason="NOT TESTED: the extra `pdf` is not installed")
needs_poppler = pytest.mark.skipif(
    not POPPLER, reason="NOT TESTED: no poppler here. On Debian: sudo apt install poppler-utils"
)


def asked(tool: str, path: Path, *options: str) -> str:
    run = subprocess.run([tool, *options, str(path), *(["-"] if tool == "pdftotext" else [])], capture_output=True)
    return run.stdout.decode("utf-8", errors="replace")


def said_in(path: Path) -> str:
    return " ".join(asked("pdftotext", path, "-raw").split())


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All handouts, with cards of one case study, as this machine writes them."""
    folder = tmp_path_factory.mktemp("handouts") / "room"
    paths = handouts.write_handouts(folder, {"befriending": sroi.example("befriending")})
    return {path.stem: path for path in paths}


def table_below(page: Sheet, heading: str) -> Rows:
    parts = list(page.parts)
    place = next(n for n, part in enumerate(parts) if isinstance(part, Heading) and heading in plain_words(part.words))
    return next(part for part in parts[place:] if isinstance(part, Rows))


# ---- what they say ----


@pytest.mark.parametrize(("plan", "minutes"), [("Half a day: 3 hours 30 minutes", 210), ("A full day: 7 hours", 420)])
def test_the_timings_of_a_plan_add_up_to_what_its_heading_says(plan: str, minutes: int) -> None:
    rows = table_below(handouts.sheets()["facilitators_guide"], plan).rows
    clock = 0
    for row in rows:
        hours, past = plain_words(row[0]).split(":")
        assert int(hours) * 60 + int(past) == clock, plain_words(row[2])
        clock += int(plain_words(row[1]))
    assert clock == minutes


def test_each_of_the_eight_lessons_has_its_place_in_both_plans() -> None:
    guide = handouts.sheets()["facilitators_guide"]
    assert [plain_words(row[0]) for row in table_below(guide, "The eight lessons").rows] == list("12345678")
    for plan in ("Half a day", "A full day"):
        said = " ".join(plain_words(row[2]) for row in table_below(guide, plan).rows)
        spanned = {n for a, b in re.findall(r"Lessons (\d) to (\d)", said) for n in range(int(a), int(b) + 1)}
        assert {int(n) for n in re.findall(r"Lesson (\d)", said)} | spanned == set(range(1, 9))


def test_the_guide_tells_of_the_lessons_as_they_are() -> None:
    course = pytest.importorskip("sroi.teaching.course", reason="NOT TESTED: the lessons are not here yet")
    rows = table_below(handouts.sheets()["facilitators_guide"], "The eight lessons").rows
    for lesson, row in zip(course.lessons(), rows, strict=True):
        number, about, stages, minutes = map(plain_words, row)
        assert number == str(lesson.number)
        assert about.startswith(lesson.title)
        assert stages == ", ".join(map(str, lesson.stages))
        assert minutes == str(lesson.minutes)


def test_every_command_that_the_guide_names_is_one(command: Any) -> None:
    text = (ROOT / "sroi/teaching/handouts/facilitators_guide.md").read_text(encoding="utf-8")
    actions = set(re.findall(r"`sroi teach (\w+)", text))
    assert {"make", "mark", "class", "pack", "handouts"} == actions
    known = command("teach", "--help").stdout
    assert [action for action in actions if not re.search(rf"^    {action} ", known, re.MULTILINE)] == []


def test_there_are_ten_questions_each_with_a_good_answer_and_a_place_to_look() -> None:
    (table,) = (part for part in handouts.sheets()["ten_questions"].parts if isinstance(part, Rows))
    first = [plain_words(row[0]) for row in table.rows]
    assert [int(text.split(".")[0]) for text in first] == list(range(1, 11))
    assert all(text.endswith("?") for text in first)
    assert all(len(plain_words(cell)) > 40 for row in table.rows for cell in row[1:])


def test_the_glossary_says_what_the_documentation_says() -> None:
    full = " ".join((ROOT / "docs/glossary.md").read_text(encoding="utf-8").split())
    pairs = [pair for part in glossary().parts if isinstance(part, Terms) for pair in part.pairs]
    assert {plain_words(word) for word, _ in pairs} == ON_THE_PAGE
    straight = str.maketrans("’“”", '\'""')
    for word, meaning in pairs:
        plain = full.replace("**", "").replace("`", "")
        assert f"| {plain_words(word)} | {plain_words(meaning).translate(straight)} |" in plain


def test_a_glossary_with_another_meaning_makes_another_page() -> None:
    page = one_page(
        "## Map\n\n| word | what it means | in |\n|---|---|---|\n| Input | Something else. | x |\n| Odd | No. | y |"
    )
    assert page.parts == (Heading((Run("Map"),)), Terms((((Run("Input"),), (Run("Something else."),)),)))


def test_a_source_that_a_sheet_cannot_show_is_refused_with_its_line() -> None:
    assert parsed("1. one\n2. two")[0] == Points(((Run("one"),), (Run("two"),)), numbered=True)
    with pytest.raises(ValueError, match=r"line 3: a handout cannot show this \(blockquote\)"):
        parsed("words\n\n> a quotation")
    with pytest.raises(ValueError, match=r"cannot show this \(link\)"):
        parsed("[a link](nowhere.md)")
    with pytest.raises(ValueError, match="begins with its title"):
        sheet("words\n\nmore words", letter=10)


# ---- cards ----


def test_a_map_s_cards_hold_each_stakeholder_and_each_outcome() -> None:
    impact_map = sroi.example("befriending")
    deck = cards(impact_map)
    assert all(len(page) == CARDS_A_PAGE and len({card.kind for card in page}) == 1 for page in deck.pages)
    shown = [card for page in deck.pages for card in page if card.name]
    named = [each.label for each in impact_map.stakeholders] + [each.label for each in impact_map.outcomes]
    assert [card.name for card in shown] == named
    first = shown[0]
    assert first.lines[0] == ("How many?", "120")
    assert first.quote == "It is not the tea. It is that somebody knows if I am not there."
    stay = next(card for card in shown if card.name == "Fewer emergency stays in hospital")
    assert stay.lines == (("For:", "NHS"), ("Unit:", "stay"), ("Rank:", ""), ("Why?", ""))


def test_what_the_map_leaves_out_has_a_card_too_and_says_nothing_of_it(small_tree: dict[str, Any]) -> None:
    before = cards(sroi.ImpactMap.model_validate(small_tree))
    small_tree["outcomes"][0]["included"] = "no"
    small_tree["stakeholders"][1] |= {"included": "no", "reason": "tried"}
    assert cards(sroi.ImpactMap.model_validate(small_tree)) == before


def test_no_card_of_an_outcome_shows_money(small_tree: dict[str, Any]) -> None:
    small_tree["outcomes"][0] |= {"description": "Saves £1,140.50 a year (GBP 95 a month, 3 pounds a day, 2k EUR)"}
    small_tree["outcomes"][0]["proxy"] |= {"value": 777, "unit": "bill of 60 GBP"}
    words = repr(cards(sroi.ImpactMap.model_validate(small_tree)).pages[1:])
    assert "Saves ___ a year (___ a month, ___ a day, ___)" in words
    assert "bill of ___" in words
    assert "777" not in words


def test_numbers_that_are_no_money_stay_on_a_card() -> None:
    assert without_sums("90 people, 12 times in 2024, 25 % of £", "GBP") == "90 people, 12 times in 2024, 25 % of £"
    assert without_sums("−£5, 5€ and $ 1.2 million", "EUR") == "___, ___ and ___"


def test_a_text_too_long_for_a_card_ends_at_a_word_with_an_ellipsis() -> None:
    assert shortened("word " * 100, 50) == "word word word word word word word word word…"
    assert shortened("x" * 100, 50) == "x" * 49 + "…"
    assert shortened("  two\n lines ", 50) == "two lines"


def test_blank_cards_are_a_page_of_each_kind() -> None:
    assert [[card.kind for card in page] for page in blank_cards().pages] == [["stakeholder"] * 8, ["outcome"] * 8]
    assert BLANK_OUTCOME.lines[0] == ("For whom?", "")


# ---- as files ----


@needs_typst
@needs_poppler
def test_what_is_promised_on_one_page_is_on_one_and_every_pdf_is_tagged_and_titled(written: dict[str, Path]) -> None:
    pages = {"glossary": 1, "ten_questions": 1, "cards_blank": 2, "cards_befriending": 3}
    for name, path in written.items():
        facts = asked("pdfinfo", path)
        assert re.search(r"Tagged: +yes", facts), name
        assert re.search(r"Title: +\w", facts), name
        assert re.search(r"Page size: .*A4", facts), name
        assert b"pdfuaid:part" in path.read_bytes(), name
        found = int(re.search(r"Pages: +(\d+)", facts)[1])  # type: ignore[index]
        assert found == pages.get(name, found), name
    assert {*pages, "facilitators_guide"} == set(written)


@needs_typst
@needs_poppler
def test_nothing_of_a_sheet_is_lost_on_its_way_to_the_pdf(written: dict[str, Path]) -> None:
    for name, page in handouts.sheets().items():
        together = re.sub(r"[\s-]", "", asked("pdftotext", written[name], "-raw"))
        for part in page.parts:
            found = [part.words] if isinstance(part, Heading | Passage) else []
            found += [cell for row in part.rows for cell in row] if isinstance(part, Rows) else []
            found += [each for pair in part.pairs for each in pair] if isinstance(part, Terms) else []
            found += list(part.items) if isinstance(part, Points) else []
            for words in found:
                # A hyphen may be the line's.
                assert re.sub(r"[\s-]", "", plain_words(words)) in together, plain_words(words)


@needs_typst
def test_the_same_handouts_are_the_same_bytes(written: dict[str, Path], tmp_path: Path) -> None:
    for path in handouts.write_handouts(tmp_path, {"befriending": sroi.example("befriending")}):
        assert path.read_bytes() == written[path.stem].read_bytes(), path.name


def hostile_map(tree: dict[str, Any]) -> sroi.ImpactMap:
    """Return a map whose words are all a stranger's: two of each hostile text, one of a length that no card holds."""
    texts = [*HOSTILE, *HOSTILE[:3], '"); #read("/etc/passwd")', "] #pagebreak() [", "word " * 400, "#" * 300, "   "]
    tree["title"] = HOSTILE[2]
    tree["stakeholders"] = [
        {"id": f"s{n}", "name": text, "size": n, "segment": text, "involved": [{"stage": "outcomes", "said": text}]}
        for n, text in enumerate(texts)
    ]
    tree["inputs"][0]["stakeholder"] = "s0"
    template = tree["outcomes"][0]
    tree["outcomes"] = [
        {**template, "id": f"o{n}", "stakeholder": f"s{n}", "description": text, "proxy": {"value": 1, "unit": text}}
        for n, text in enumerate(texts)
    ]
    return sroi.ImpactMap.model_validate(tree)


@needs_typst
@needs_poppler
def test_a_stranger_s_words_come_out_as_words_and_break_no_page(small_tree: dict[str, Any], tmp_path: Path) -> None:
    impact_map = hostile_map(small_tree)
    *_, path = handouts.write_handouts(tmp_path, {"strange": impact_map})
    assert f"Pages: {'':>10}4" in asked("pdfinfo", path)
    together = re.sub(r"[\s\u200b]", "", asked("pdftotext", path, "-raw"))
    for text in (*HOSTILE[:5], '"); #read("/etc/passwd")', "] #pagebreak() ["):
        assert together.count(re.sub(r"\s", "", text)) >= 2, text
    assert "root:" not in together
    boxes = asked("pdftotext", path, "-bbox")
    edges = re.findall(r'xMin="([\d.-]+)".*?xMax="([\d.-]+)"', boxes)
    half = 595.3 / 2
    assert [(left, right) for left, right in edges if float(left) // half != float(right) // half] == []
    assert together.count("nobody_" * 3) >= 2


def test_on_a_page_a_stranger_s_words_are_words_too(small_tree: dict[str, Any]) -> None:
    page = handout_page(cards(hostile_map(small_tree)), "<b>foot</b>")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7 * 7 }}" in page
    assert "&lt;b&gt;foot&lt;/b&gt;" in page


def test_without_typst_they_are_pages_that_load_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(handouts, "find_spec", lambda name: None)
    paths = handouts.write_handouts(tmp_path, {})
    names = ["glossary.html", "ten_questions.html", "facilitators_guide.html", "cards_blank.html"]
    assert [path.name for path in paths] == names
    for path in paths:
        page = path.read_text(encoding="utf-8")
        assert "default-src 'none'; style-src 'sha256-" in page
        assert '<html lang="en-GB">' in page
        assert re.search(r"<title>\w", page)
        assert re.search(r"<script|<link|src=|url\(|https?:", page) is None
    assert 'scope="row"><strong>10. Could a stranger' in paths[1].read_text(encoding="utf-8")


def test_without_a_map_there_are_cards_of_every_case_study(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(handouts, "rendered", lambda handed: ((name, b"") for name in handed))
    names = {path.stem for path in handouts.write_handouts(tmp_path)}
    from sroi.shipped import case_studies

    assert {f"cards_{name}" for name in case_studies()} <= names


# ---- the command ----


def test_the_command_writes_them_says_so_and_overwrites_nothing(command: Any, tmp_path: Path) -> None:
    (tmp_path / "Our project!.yaml").write_bytes(sroi.case_study("wheels_to_meals").read_bytes())
    ran = command("teach", "handouts", "out", "--map", "Our project!.yaml", "--map", "befriending")
    assert (ran.returncode, ran.stderr) == (0, "")
    ending = handouts.form()
    names = ["glossary", "ten_questions", "facilitators_guide", "cards_blank", "cards_our_project", "cards_befriending"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(f"{name}.{ending}" for name in names)
    assert ran.stdout.startswith(f"Wrote 6 handouts to out:\n  glossary.{ending}\n")
    assert ran.stdout.endswith("Print the cards at 100 % on A4, and cut along the dashed lines.\n")
    before = (tmp_path / f"out/glossary.{ending}").stat().st_mtime_ns
    again = command("teach", "handouts", "out", "--map", "befriending")
    assert again.returncode == 1
    assert f"cards_blank.{ending} and 1 more" in again.stderr
    assert again.stderr.endswith("are already there. Give another folder, or --force to replace them.\n")
    assert (tmp_path / f"out/glossary.{ending}").stat().st_mtime_ns == before


def test_a_map_that_cannot_be_read_leaves_nothing(command: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("sroi: 1\n", encoding="utf-8")
    ran = command("teach", "handouts", "out", "--map", "bad.yaml")
    assert ran.returncode == 1
    assert ran.stderr.startswith("bad.yaml: ")
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_refused_in_words(command: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    ran = command("teach", "handouts", "taken")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "taken is a file. Name a folder for the handouts, such as our_handouts.\n"
    with pytest.raises(FileRefused, match="this folder cannot be made"):
        handouts.write_handouts(tmp_path / "taken" / "inside", {})
