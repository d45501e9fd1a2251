"""The explorer's page as it leaves Python: whole in itself, closed to strangers, and one with the program's own nouns."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from random_maps import HARDEST_WORDS, random_value_map

import sroi
from sroi.errors import FileRefused, ImpossibleMap
from sroi.explorer import blank_page, explorer_page, write_explorer
from sroi.explorer.fields import facts, field_words
from sroi.explorer.page import SCRIPTS, words_of
from sroi.files.json_writer import to_json
from sroi.nouns import NUMBER_KINDS, Outcome, Proxy, Stakeholder

ROOM = Path(sroi.__file__).parent / "explorer"
PROGRAMS = {path.name: path.read_text(encoding="utf-8") for path in sorted(ROOM.glob("*.js"))}
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> {{map}} ${7*7}\u2028\u2029&amp;"

Command = Callable[..., "subprocess.CompletedProcess[str]"]


class _Elements(HTMLParser):
    """Collects what a browser would find in a page: every element's attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(("", {}, ""))

    def handle_data(self, data: str) -> None:
        if self.found:
            tag, attributes, text = self.found[-1]
            self.found[-1] = (tag, attributes, text + data)

    def all(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attributes, text) for name, attributes, text in self.found if name == tag]


@pytest.fixture(scope="module")
def page() -> str:
    return explorer_page(sroi.example("befriending"))


def hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# ---- the page ----


def test_the_policy_lets_only_the_pages_own_script_and_style_run(page):
    elements = _Elements(page)
    policy = next(attributes["content"] for attributes, _ in elements.all("meta") if "http-equiv" in attributes)
    scripts = [text for attributes, text in elements.all("script") if attributes.get("type") != "application/json"]
    [(_, style)] = elements.all("style")

    assert policy is not None
    assert len(scripts) == 1
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == hash_of(scripts[0])
    assert rules["style-src"] == hash_of(style)
    assert "unsafe" not in policy


def test_the_page_names_nothing_outside_itself(page):
    attributes = [(name, value) for _, found, _ in _Elements(page).found for name, value in found.items()]
    assert [value for name, value in attributes if name in ("src", "srcset", "action", "data")] == []
    assert [value for name, value in attributes if name == "href" and not str(value).startswith("#")] == []
    assert [name for name, _ in attributes if name.startswith("on") or name == "style"] == []


def test_the_map_travels_in_the_page_as_it_is(page):
    data = {attributes.get("id"): text for attributes, text in _Elements(page).all("script")}
    map_data = data["map-data"]
    assert sroi.ImpactMap.model_validate(json.loads(map_data)) == sroi.example("befriending")


def test_hostile_words_stay_words(small_tree):
    small_tree["title"] = HOSTILE.strip()
    small_tree["outcomes"][0]["description"] = HOSTILE
    elements = _Elements(explorer_page(sroi.ImpactMap.model_validate(small_tree)))

    assert len(elements.all("script")) == 4
    assert elements.all("img") == []
    assert elements.all("h1")[0][1] == HOSTILE.strip()
    data = next(text for attributes, text in elements.all("script") if attributes.get("id") == "map-data")
    assert json.loads(data)["outcomes"][0]["description"] == HOSTILE.strip()


def test_the_same_map_gives_the_same_bytes(page):
    assert explorer_page(sroi.example("befriending")) == page


def test_a_blank_page_holds_no_figure_and_no_example():
    tree = json.loads(next(t for a, t in _Elements(blank_page()).all("script") if a.get("id") == "map-data"))
    assert "title" not in tree
    assert "value" not in tree["inputs"][0]
    assert "proxy" not in tree["outcomes"][0]


def test_a_notebook_shows_the_page_in_a_closed_frame(small_map):
    [(attributes, _)] = _Elements(sroi.explore(small_map)._repr_html_()).all("iframe")
    assert "allow-same-origin" not in str(attributes["sandbox"])
    assert attributes["srcdoc"] == explorer_page(small_map)


def test_a_page_is_not_written_over_another(small_map, tmp_path):
    write_explorer(small_map, tmp_path / "page.html")
    with pytest.raises(FileRefused, match="already there"):
        write_explorer(small_map, tmp_path / "page.html")
    write_explorer(small_map, tmp_path / "page.html", overwrite=True)


# ---- the table of fields that the page works by ----


def test_every_field_of_every_noun_is_in_the_table_and_has_words():
    nouns = facts()["nouns"]
    for noun in (sroi.ImpactMap, Stakeholder, Outcome, Proxy):
        assert list(nouns[noun.__name__]) == [info.alias or name for name, info in noun.model_fields.items()]
    assert {noun: set(fields) for noun, fields in nouns.items()} == {
        noun: set(fields) for noun, fields in field_words().items()
    }


def test_the_table_says_how_each_field_is_read():
    nouns = facts()["nouns"]
    assert nouns["Outcome"]["deadweight"] == {"form": "estimate", "kind": "share"}
    assert nouns["Outcome"]["starts"] == {"form": "choice", "choices": ["during", "after"]}
    assert nouns["Input"]["stakeholder"] == {"form": "name", "of": "stakeholders", "required": True}
    assert nouns["Involvement"]["of"]["form"] == "whole"
    assert nouns["Correlation"]["numbers"]["form"] == "words"
    assert nouns["Outcome"]["valued"] == {"form": "yes_no"}
    assert set(facts()["number_kinds"]) == set(NUMBER_KINDS)
    assert facts()["kinds"]["rate"]["above_low"] is True


# ---- the programs ----


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_of_a_size_that_can_be_read(name):
    assert len(PROGRAMS[name].splitlines()) <= 400


def test_every_program_is_in_the_page():
    assert set(SCRIPTS) == set(PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_program_makes_markup_or_code_of_text_or_asks_the_net(name):
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|fetch\(|XMLHttp|WebSocket|import\("
    assert re.findall(forbidden, PROGRAMS[name]) == []


def test_every_text_that_a_program_says_is_in_the_dictionary():
    words = words_of()
    direct, faults = r'(?:say|misread)\("([\w.]+)"', r'(?:no|lacks)\((?:path|place|\[[^\]]*\]), "(\w+)"'
    said = {key for text in PROGRAMS.values() for calls in (direct, faults) for key in re.findall(calls, text)}
    assert len(said) > 100
    assert sorted(key for key in said if key not in words) == []


def test_every_text_in_the_dictionary_is_used():
    everything = "".join(PROGRAMS.values()) + "".join(_written(name) for name in ("page.html", "page.py"))
    families = re.findall(r"[`\"]([\w.]+)\$\{", everything)
    unused = [key for key in words_of() if not re.search(rf"\b{re.escape(key)}\b", everything)]
    assert [key for key in unused if not key.startswith(tuple(families))] == []


def _written(name: str) -> str:
    return (ROOM / name).read_text(encoding="utf-8")


# ---- JSON value maps ----


@pytest.mark.parametrize("seed", range(60))
def test_a_map_as_json_reads_back_equal(seed, tmp_path):
    impact_map = sroi.ImpactMap.model_validate(random_value_map(random.Random(seed)))
    sroi.write_value_map(impact_map, tmp_path / "map.json")
    assert sroi.read_value_map(tmp_path / "map.json") == impact_map
    assert json.loads((tmp_path / "map.json").read_text(encoding="utf-8"))["title"] == impact_map.title


@pytest.mark.parametrize("words", HARDEST_WORDS)
def test_the_hardest_words_survive_json(words, small_tree, tmp_path):
    small_tree["activities"] = f"{words} 🌱"
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    (tmp_path / "map.json").write_text(to_json(impact_map), encoding="utf-8")
    assert sroi.read_value_map(tmp_path / "map.json") == impact_map


def test_a_fault_in_json_is_named_with_its_line(small_tree, tmp_path):
    small_tree["outcomes"][1]["deadweight"] = "120%"
    (tmp_path / "map.json").write_text(json.dumps(small_tree, indent=1), encoding="utf-8")
    with pytest.raises(ImpossibleMap, match="above 100 %") as refused:
        sroi.read_value_map(tmp_path / "map.json")
    assert refused.value.problems[0].line is not None


# ---- the command ----


def test_the_command_writes_the_page_beside_the_map(command: Command, tmp_path, small_map):
    sroi.write_value_map(small_map, tmp_path / "ours.yaml")
    done = command("explorer", "ours.yaml")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "ours_explorer.html").read_text(encoding="utf-8") == explorer_page(small_map)
    again = command("explorer", "ours.yaml")
    assert again.returncode == 1
    assert "already there" in again.stderr
    assert command("explorer", "ours.yaml", "--force").returncode == 0


def test_the_command_writes_a_blank_page(command: Command, tmp_path):
    done = command("explorer", "--blank", "--out", "empty.html")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "empty.html").read_text(encoding="utf-8") == blank_page()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "no value map is given"),
        (("map.yaml", "--blank"), "--blank is given beside a value map"),
        (("map.yaml", "--out", "page.pdf"), "which is no page"),
    ],
)
def test_the_command_says_what_is_wrong(command: Command, arguments: tuple[str, ...], said: str):
    done = command("explorer", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_small_explorer_is_a_small_file(page: Any):
    assert len(page.encode("utf-8")) < 400_000
