"""The documentation as a site: it builds without a warning, tells of everything public, and asks nothing of the network."""

from __future__ import annotations

import argparse
import io
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from in_chromium import needs_chromium, running_browser

import sroi
from sroi.arguments import build_parser
from sroi.commands import COMMANDS, command_module
from sroi.explorer.fields import facts
from sroi.framing import TIMINGS, Conventions

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("case_studies/*/README.md"), ROOT / "CHANGELOG.md"])
PAPERS = [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
LARGEST_PICTURES = 1_000_000  # bytes, all of them

every_paper = pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.relative_to(ROOT).as_posix())


def built(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the site as `make site` does, warnings as errors."""
    words = ["-W", "--keep-going", "-n", "-q", "-c", "docs", "-d", str(folder / "kept"), ".", str(folder / "site")]
    return subprocess.run(
        [sys.executable, "-m", "sphinx", *words], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site, built once; CI builds it here and nowhere else."""
    folder = tmp_path_factory.mktemp("site")
    run = built(folder)
    assert (run.returncode, run.stderr) == (0, ""), run.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def soups(site: Path) -> dict[Path, BeautifulSoup]:
    """Return every page of the site, parsed."""
    return {path: BeautifulSoup(path.read_text(encoding="utf-8"), "lxml") for path in sorted(site.rglob("*.html"))}


def page(soups: dict[Path, BeautifulSoup], name: str) -> BeautifulSoup:
    return next(soup for path, soup in soups.items() if path.as_posix().endswith(name))


def article(soups: dict[Path, BeautifulSoup], name: str) -> str:
    return str(page(soups, name).find("article"))


# ---- the reference tells of everything ----


def parsers() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield each command and each action of a command, with its parser: looked up here apart from the site's maker."""
    for name in COMMANDS:
        waiting = [(name, _choices(build_parser(COMMANDS, command_module, [name]))[name])]
        while waiting:
            words, parser = waiting.pop()
            yield words, parser
            waiting += [(f"{words} {action}", sub) for action, sub in _choices(parser).items()]


def _choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    subs = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(subs[0].choices) if subs else {}


EVERY_PARSER = dict(parsers())


@pytest.mark.parametrize("words", EVERY_PARSER)
def test_every_command_and_each_of_its_options_stands_in_the_command_reference(
    words: str, soups: dict[Path, BeautifulSoup]
) -> None:
    section = page(soups, "docs/reference/commands.html").find(id=f"sroi-{words.replace(' ', '-')}")
    assert section is not None, f"sroi {words} is not in the reference"
    told = " ".join(code.get_text(" ") for code in section.find_all("code"))
    actions = [each for each in EVERY_PARSER[words]._actions if not isinstance(each, argparse._SubParsersAction)]
    options = [option for each in actions if each.dest != "help" for option in each.option_strings]
    assert [option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", told)] == []
    assert [each.dest for each in actions if not each.help] == [], "each says what it is for"
    helps = [each.help.partition("%")[0].replace("`", "") for each in actions if each.dest != "help"]
    text = " ".join(section.get_text().replace("\n", " ").split())
    assert [said for said in helps if " ".join(said.split()) not in text] == []


def test_actions_of_commands_are_among_those_looked_for() -> None:
    assert {"check", "proxies search", "teach make"} <= set(EVERY_PARSER)


@pytest.mark.parametrize("name", sroi.__all__)
def test_every_public_name_stands_in_the_python_reference_with_its_docstring(
    name: str, soups: dict[Path, BeautifulSoup]
) -> None:
    reference = page(soups, "docs/reference/python.html")
    thing = getattr(sroi, name)
    if isinstance(thing, str):
        assert f"sroi.{name}" in reference.get_text()
        return
    told = reference.find(id=f"sroi.{name}")
    assert told is not None, f"sroi.{name} is not in the reference"
    first = (thing.__doc__ or "").strip().splitlines()[0].replace("`", "")
    assert first.split(":")[0] in " ".join(told.parent.get_text().split())


def field_id(noun: str, key: str) -> str:
    return f"field-{noun}-{key}".replace("_", "-").lower()


@pytest.mark.parametrize("noun", facts()["nouns"])
def test_every_field_of_a_value_map_stands_in_its_reference(noun: str, soups: dict[Path, BeautifulSoup]) -> None:
    reference = page(soups, "docs/reference/value_map.html")
    assert reference.find(id=f"part-{noun.lower()}"), noun
    assert [key for key in facts()["nouns"][noun] if not reference.find(id=field_id(noun, key))] == []


def test_a_field_is_told_with_its_kind_its_bounds_its_meaning_and_what_leaving_it_out_means(
    soups: dict[Path, BeautifulSoup],
) -> None:
    reference = page(soups, "docs/reference/value_map.html")

    def told(noun: str, key: str) -> str:
        term = reference.find(id=field_id(noun, key)).find_parent("dt")
        return " ".join(term.find_next_sibling("dd").get_text().split())

    assert told("Outcome", "deadweight") == (
        "Share that would have happened anyway. A share: 0 % or more, at most 100 %."
    )
    assert told("Outcome", "starts") == (
        "During the year of activity, or the year after. during or after. If left out: during."
    )
    assert told("ImpactMap", "sroi") == "Always 1. Required."
    assert told("Activity", "years") == "Whole years of activity. A whole number, 1 to 100. If left out: 1."
    assert "If left out: 3.5%." in told("Conventions", "discount_rate")


@pytest.mark.parametrize("word", [*Conventions.model_fields, *TIMINGS, "multiply", "add", "second_year", "first_year"])
def test_every_convention_and_each_of_its_words_has_its_place(word: str) -> None:
    assert f"`{word}`" in (DOCS / "reference" / "conventions.md").read_text(encoding="utf-8")


def test_the_formulas_are_drawn_by_the_browser_itself(soups: dict[Path, BeautifulSoup]) -> None:
    formulas = page(soups, "docs/reference/formulas.html")
    assert len(formulas.find_all("math")) >= 10
    assert not formulas.find_all("script", src=re.compile("mathjax", re.IGNORECASE))


# ---- the site stands by itself ----


def test_every_page_has_one_heading_a_title_of_its_own_and_its_language(soups: dict[Path, BeautifulSoup]) -> None:
    titles: dict[str, Path] = {}
    for path, soup in soups.items():
        if path.parent.name == "site":
            continue
        assert soup.html["lang"] == "en-GB", path
        assert len(soup.find_all("h1")) == 1, path
        assert titles.setdefault(soup.title.get_text(), path) == path


def test_every_link_and_anchor_within_the_site_leads_somewhere(site: Path, soups: dict[Path, BeautifulSoup]) -> None:
    ids = {path: {part["id"] for part in soup.find_all(id=True)} for path, soup in soups.items()}
    dead = []
    for path, soup in soups.items():
        for link in soup.find_all("a", href=True):
            where = urlsplit(link["href"])
            if where.scheme:
                continue
            target = (path.parent / unquote(where.path)).resolve() if where.path else path
            anchor = unquote(where.fragment)
            if not target.exists() or (anchor and target in ids and anchor not in ids[target]):
                dead.append(f"{path.relative_to(site)}: {link['href']}")
    assert dead == []


def test_nothing_is_loaded_from_elsewhere(site: Path, soups: dict[Path, BeautifulSoup]) -> None:
    loaded = []
    for path, soup in soups.items():
        for part in soup.find_all(["script", "img", "link", "iframe", "source", "video", "object", "embed"]):
            loaded += [(path.name, part.get(key, "")) for key in ("src", "href", "data", "srcset")]
    assert [each for each in loaded if re.match(r"(https?:)?//", str(each[1]))] == []
    styles = " ".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"@import|url\(\s*['\"]?(?:https?:)?//[^)]*", styles) == []
    scripts = " ".join(path.read_text(encoding="utf-8", errors="replace") for path in site.rglob("*.js"))
    assert re.findall(r"(?:fetch|importScripts|XMLHttpRequest)\(\s*['\"]https?:", scripts) == []


def test_every_picture_says_what_is_to_be_seen(soups: dict[Path, BeautifulSoup]) -> None:
    pictures = [(path, part) for path, soup in soups.items() for part in soup.select("article img")]
    assert len(pictures) >= 8
    assert [path for path, part in pictures if len(part.get("alt", "")) < 40] == []


def test_columns_of_contents_are_named_apart_and_code_can_be_reached_to_be_scrolled(
    soups: dict[Path, BeautifulSoup],
) -> None:
    for path, soup in soups.items():
        names = [str(each.get("aria-label")) for each in soup.find_all("aside") if "drawer" in str(each.get("class"))]
        assert len(set(names)) == len(names), path
        assert "None" not in names, path
        assert all(each.get("tabindex") == "0" for each in soup.find_all("pre")), path


def test_the_pictures_are_small_and_each_is_shown() -> None:
    pictures = sorted((DOCS / "pictures").glob("*.png"))
    assert sum(path.stat().st_size for path in pictures) < LARGEST_PICTURES
    shown = " ".join(paper.read_text(encoding="utf-8") for paper in PAPERS)
    assert [path.name for path in pictures if f"pictures/{path.name})" not in shown] == []


def test_the_folder_itself_opens(site: Path) -> None:
    assert "docs/index.html" in (site / "index.html").read_text(encoding="utf-8")


# Long words, wide tables, long formulas, signatures, pictures.
NARROWED = (
    "index",
    "reference/commands",
    "reference/value_map",
    "reference/modules",
    "reference/formulas",
    "benchmarks",
)


class TestInABrowser:
    pytestmark = needs_chromium

    def test_no_page_is_wider_than_a_phone_and_none_asks_for_anything(self, site: Path) -> None:
        wide, asked, faults = [], [], []
        with running_browser() as browser:
            phone = browser.new_page(viewport={"width": 400, "height": 800})
            phone.on("request", lambda request: asked.append(request.url))
            phone.on("pageerror", lambda fault: faults.append(str(fault)))
            for name in NARROWED:
                phone.goto((site / "docs" / f"{name}.html").as_uri())
                if phone.evaluate("document.documentElement.scrollWidth") > 400:
                    wide.append(name)
        assert (wide, faults) == ([], [])
        assert [address for address in asked if not address.startswith(("file:", "data:"))] == []

    def test_words_are_found_by_the_search_without_a_server(self, site: Path) -> None:
        with running_browser() as browser:
            found = browser.new_page()
            found.goto(f"{(site / 'search.html').as_uri()}?q=deadweight")
            found.wait_for_selector("ul.search li a", timeout=20_000)
            titles = found.locator("ul.search li a").all_inner_texts()
        assert any("Glossary" in title or "value map" in title for title in titles)

    def test_on_a_telephone_the_contents_open_by_keyboard_and_are_skipped_while_shut(self, site: Path) -> None:
        with running_browser() as browser:
            page = browser.new_page(viewport={"width": 400, "height": 800})
            page.goto((site / "docs" / "index.html").as_uri())
            link = page.locator(".sidebar-drawer a.reference").first
            assert not link.is_visible()
            reached = []
            for _ in range(8):
                page.keyboard.press("Tab")
                reached.append(
                    page.evaluate("document.activeElement.id || document.activeElement.closest('aside')?.className")
                )
            assert reached[:2] == ["__navigation", "__toc"]
            assert "sidebar-drawer" not in reached
            page.focus("#__navigation")
            page.keyboard.press("Space")
            link.wait_for(state="visible")


# ---- the pages are true without the site ----


@every_paper
def test_a_papers_links_lead_to_files_that_are_there(paper: Path) -> None:
    text = re.sub(r"```.*?```", "", paper.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    files = [link.partition("#")[0] for link in links if not re.match(r"[a-z]+:|#", link)]
    assert [link for link in files if not (paper.parent / link).exists()] == []


def commands_in(text: str) -> list[str]:
    """Return the commands that stand in a paper's blocks of code, without what is said beside them.

    >>> commands_in("    sroi new a.yaml      begins one\\n\\nand `sroi` alone")
    ['sroi new a.yaml']
    """
    fenced = "\n".join(re.findall(r"^```(?:text|bash|sh|)\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE))
    indented = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    lines = re.sub(r" *\\\n\s*", " ", f"{fenced}\n{indented}")
    found = re.findall(r"^(?: {4}|\t)?(sroi [a-z].*)$", lines, flags=re.MULTILINE)
    return [re.split(r"\s{2,}", command)[0] for command in found]


def words_of(command: str) -> list[str]:
    r"""Return a command's words; a backslash is what it is on Windows, a part of a path.

    >>> words_of(r'sroi teach pack "E:\the stick"')
    ['sroi', 'teach', 'pack', 'E:\\the stick']
    """
    lexer = shlex.shlex(command, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    return list(lexer)


@every_paper
def test_the_commands_that_a_paper_shows_are_ones_that_the_program_takes(paper: Path) -> None:
    refused = []
    for command in commands_in(paper.read_text(encoding="utf-8")):
        words = words_of(command)[1:]
        heard = io.StringIO()
        try:
            with redirect_stderr(heard), redirect_stdout(io.StringIO()):
                build_parser(COMMANDS, command_module, words).parse_args(words)
        except SystemExit:
            refused.append(f"{command}: {heard.getvalue()}")
    assert refused == []


def test_a_command_that_is_not_there_would_be_noticed() -> None:
    assert commands_in("```text\nsroi check a.yaml --strictly\n```") == ["sroi check a.yaml --strictly"]
    with redirect_stderr(io.StringIO()), pytest.raises(SystemExit):
        build_parser(COMMANDS, command_module, ["check"]).parse_args(["check", "a.yaml", "--strictly"])


# ---- what a maker of the site is told ----


def test_a_place_that_nothing_fills_is_refused_by_name(tmp_path: Path) -> None:
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "from generators.filling import filled; filled('<!-- generated: comands -->', 'a page')",
        ],
        cwd=DOCS,
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONPATH": f"{ROOT}:{DOCS}", "PATH": ""},
    )
    assert "a page: nothing is generated as 'comands', only commands, value map, public names, modules, " in run.stderr


def test_the_site_stays_out_of_the_wheel() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    assert wheel["wheel"]["packages"] == ["sroi"]
    taken = [ROOT / source for source in wheel["wheel"]["force-include"]]
    assert [path for path in taken if path == DOCS or (DOCS in path.parents and path.suffix != ".md")] == []
