"""The pack for a room without network: everything in it opens by double click, whole or not at all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

import sroi
from sroi.errors import FileRefused
from sroi.shipped import case_studies
from sroi.teaching import pack
from sroi.teaching.checking import solution, written
from sroi.teaching.course import lessons
from sroi.teaching.index import index_page, solutions_page
from sroi.teaching.keys import key_of
from sroi.teaching.prose import emphasised

pytestmark = pytest.mark.slow
# What FAT32, exFAT and Windows take, on any of them.
SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .-]{0,59}")
RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stick that had a holiday picture on it before it was filled."""
    folder = tmp_path_factory.mktemp("usb")
    (folder / "holiday.jpg").write_bytes(b"a picture")
    written_files = pack.fill(folder)
    assert written_files[0] == folder / "index.html"
    assert len(set(written_files)) == len(written_files)
    assert set(written_files) == {path for path in folder.rglob("*") if path.is_file()} - {folder / "holiday.jpg"}
    return folder


def test_the_pack_has_every_lesson_case_blank_handout_notebook_and_the_trainers_own(stick: Path) -> None:
    names = {path.relative_to(stick).as_posix() for path in stick.rglob("*") if path.is_file()}
    for told in lessons():
        assert {f"lessons/{told.name}.html", f"lessons/{told.name}.xlsx", f"notebooks/{told.name}.ipynb"} <= names
    for case in case_studies():
        assert {f"case_studies/{case}/{case}.{ending}" for ending in ("yaml", "xlsx")} <= names
        assert f"case_studies/{case}/explorer.html" in names
    assert {
        "index.html",
        "READ ME.txt",
        "blank/value_map.xlsx",
        "blank/explorer.html",
        "trainer/solutions.html",
    } <= names
    handouts = [name for name in names if name.startswith("handouts/")]
    assert any("glossary" in name for name in handouts)
    assert any("ten_questions" in name for name in handouts)
    assert any(name.startswith("trainer/facilitator") for name in names)
    assert not any("facilitator" in name for name in handouts)
    assert not any(part.startswith(".") for name in names for part in name.split("/"))


def test_a_packed_map_is_the_case_study(stick: Path) -> None:
    for name in case_studies():
        ours = sroi.evaluate(sroi.example(name)).sroi_ratio
        for ending in ("yaml", "xlsx"):
            packed = sroi.read_value_map(stick / "case_studies" / name / f"{name}.{ending}")
            assert sroi.evaluate(packed).sroi_ratio == pytest.approx(ours, rel=1e-12)


def test_handouts_are_called_what_they_are_and_what_is_for_everybody_comes_first() -> None:
    names = [
        "cards_befriending.pdf",
        "cards_blank.pdf",
        "cards_wheels_to_meals.pdf",
        "glossary.pdf",
        "ten_questions.pdf",
    ]
    page = index_page([f"handouts/{name}" for name in names])
    assert re.findall(r'<a href="handouts/([^"]+)">([^<]+)</a>', page) == [
        ("glossary.pdf", "The words of SROI, on one page"),
        ("ten_questions.pdf", "Ten questions to ask of any SROI ratio"),
        ("cards_blank.pdf", "Blank cards, to write on"),
        ("cards_befriending.pdf", "Cards to cut out: Larkhaven befriending (an illustration)"),
        ("cards_wheels_to_meals.pdf", "Cards to cut out: Wheels-to-Meals"),
    ]


def test_every_name_is_one_that_windows_and_any_stick_take(stick: Path) -> None:
    for path in stick.rglob("*"):
        assert SAFE.fullmatch(path.name), path
        assert path.name[-1] not in ". "
        assert path.stem.lower() not in RESERVED
        assert len(path.relative_to(stick).as_posix()) < 120
    names = [path.relative_to(stick).as_posix().lower() for path in stick.rglob("*")]
    assert len(set(names)) == len(names)


class Links(HTMLParser):
    """The places that a page leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("href", "src")]


def test_every_link_of_every_page_leads_to_a_file_of_the_pack(stick: Path) -> None:
    for path in [stick / "index.html", *(stick / "lessons").glob("*.html"), stick / "trainer" / "solutions.html"]:
        links = Links()
        links.feed(path.read_text(encoding="utf-8"))
        for link in links.found:
            if not link.startswith(("data:", "#")):
                assert (path.parent / unquote(link)).is_file(), (path.name, link)


def test_nothing_in_the_pack_is_loaded_from_elsewhere(stick: Path) -> None:
    for path in stick.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "Content-Security-Policy" in text or path.parent.name == "handouts"
        assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=\"(https?:)?//", text), path


def test_the_note_says_where_to_begin_and_how_much_there_is(stick: Path) -> None:
    note = (stick / "READ ME.txt").read_bytes().decode("utf-8")
    assert "Open index.html by double click." in note
    files = [path for path in stick.rglob("*") if path.is_file() and path.name != "holiday.jpg"]
    assert pack.size_words(tuple(files)) in note
    assert "\r\n" in note


def test_the_solutions_lie_with_the_trainer_and_nowhere_else(stick: Path) -> None:
    page = solutions_page()
    assert (stick / "trainer" / "solutions.html").read_text(encoding="utf-8") == page
    for told in lessons():
        for asked in told.exercises:
            assert emphasised(asked.question) in page
            for key in key_of(asked.number):
                assert written(key) in page
            assert solution(asked.number).answer.split(" ")[0] in page
    others = [path for path in stick.rglob("*.html") if path.parent.name != "trainer"]
    for path in others:
        assert "For the trainer. Beside each answer" not in path.read_text(encoding="utf-8")


def test_nothing_is_replaced_unless_it_is_asked_for(stick: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in stick.rglob("*") if path.is_file()}
    with pytest.raises(FileRefused, match=r"already there. Give another folder, or --force to replace them"):
        pack.fill(stick)
    assert {path: path.stat().st_mtime_ns for path in stick.rglob("*") if path.is_file()} == before


def test_another_process_makes_the_same_page_and_workbook(stick: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from sroi.teaching.course import lesson\n"
        "from sroi.teaching.pages import lesson_page; from sroi.teaching.workbooks import workbook_bytes\n"
        "out = Path(sys.argv[1]); told = lesson(4)\n"
        "(out / 'a.html').write_bytes(lesson_page(told).encode()); (out / 'a.xlsx').write_bytes(workbook_bytes(told))\n"
    )
    seeded = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, env=seeded, timeout=300)
    for ending in ("html", "xlsx"):
        packed = stick / "lessons" / f"{lessons()[3].name}.{ending}"
        assert (tmp_path / f"a.{ending}").read_bytes() == packed.read_bytes()


def small_pack(monkeypatch: pytest.MonkeyPatch, fails: type[BaseException] | None = None) -> None:
    """Let a pack be two small files, and the making of it fail if it is to."""

    def make(folder: Path) -> None:
        (folder / "index.html").write_text("begin here", encoding="utf-8")
        (folder / "lessons").mkdir()
        if fails is not None:
            raise fails
        (folder / "lessons" / "one.html").write_text("one", encoding="utf-8")

    monkeypatch.setattr(pack, "_make", make)


def test_with_force_a_stick_is_filled_anew_and_what_else_is_there_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_pack(monkeypatch)
    (tmp_path / "holiday.jpg").write_bytes(b"a picture")
    assert [path.name for path in pack.fill(tmp_path)] == ["index.html", "one.html"]
    (tmp_path / "lessons" / "one.html").write_text("scribbled on", encoding="utf-8")
    with pytest.raises(FileRefused, match=r"index\.html is already there"):
        pack.fill(tmp_path)
    pack.fill(tmp_path, force=True)
    assert (tmp_path / "lessons" / "one.html").read_text(encoding="utf-8") == "one"
    assert (tmp_path / "holiday.jpg").read_bytes() == b"a picture"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("fails", [KeyboardInterrupt, RuntimeError, MemoryError])
def test_a_pack_that_is_stopped_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: type[BaseException]
) -> None:
    small_pack(monkeypatch, fails)
    with pytest.raises(fails):
        pack.fill(tmp_path / "stick")
    assert list(tmp_path.rglob("*")) in ([], [tmp_path / "stick"])


def test_a_pack_that_is_stopped_while_files_are_put_in_place_takes_them_away_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_pack(monkeypatch)
    (tmp_path / "holiday.jpg").write_bytes(b"a picture")
    replace = os.replace

    def stopped_at_the_second(source: Any, target: Any) -> None:
        if Path(target).name == "one.html":
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr("os.replace", stopped_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        pack.fill(tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["holiday.jpg"]
    (tmp_path / "index.html").write_text("my own", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        pack.fill(tmp_path, force=True)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "my own"
    assert {path.name for path in tmp_path.rglob("*")} == {"holiday.jpg", "index.html"}


def test_a_file_in_the_way_and_a_full_disk_are_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_pack(monkeypatch)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(FileRefused, match=r"this is a file. Name a folder"):
        pack.fill(tmp_path / "file")
    with pytest.raises(FileRefused, match="cannot be made or written to"):
        pack.fill(tmp_path / "file" / "below")

    def full(source: Any, target: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(FileRefused, match="No space left on device"):
        pack.fill(tmp_path / "stick")
    assert not any(path.is_file() for path in (tmp_path / "stick").rglob("*"))
