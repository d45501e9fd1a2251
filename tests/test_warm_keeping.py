"""What the warm engine saves while a notebook runs is what papermill would save, whole at every moment."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from awkward_notebooks import AWKWARD, notebook
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_markdown_cell, new_output, new_raw_cell
from warm_runs import execute, said

from sroi.warm import keeping
from sroi.warm.keeping import NotebookText, TruthfulManager, write


def told(made: Any) -> str:
    """Return the notebook as papermill would write it."""
    return str(nbformat.writes(made))


def joined(pieces: Sequence[bytes | memoryview]) -> str:
    """Return a text that comes in pieces as a whole."""
    return b"".join(pieces).decode("utf-8")


def awkward(name: str) -> Any:
    made = nbformat.from_dict(AWKWARD[name])
    made.cells += [new_markdown_cell("# één\nline"), new_raw_cell("raw"), new_markdown_cell("")]
    made.cells[0].outputs = [
        new_output("stream", name="stdout", text="a\nb\u2028c\r\n"),
        new_output("display_data", data={"text/html": "<b>\n</b>", "image/png": "aGk=\n", "application/json": {"b": [1, {}], "a": []}}),
    ]  # fmt: skip
    return made


@pytest.mark.parametrize("name", AWKWARD)
def test_a_notebook_is_worded_as_nbformat_words_it(name: str) -> None:
    made = awkward(name)
    assert joined(NotebookText().of(made)) == told(made)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 3), st.text(max_size=20)), max_size=8))
def test_cells_that_are_forgotten_are_worded_anew_and_the_others_stay(changes: list[tuple[int, str]]) -> None:
    made, text = notebook("a", "b", "c", "d"), NotebookText()
    assert joined(text.of(made)) == told(made)
    for number, words in changes:
        made.cells[number].source = words
        made.metadata["word"] = words
        text.forget(number)
        assert joined(text.of(made)) == told(made)


def test_a_notebook_without_cells_and_one_of_an_older_kind_are_nbformats_own() -> None:
    empty = nbformat.v4.new_notebook()
    assert joined(NotebookText().of(empty)) == told(empty)
    odd = notebook("a")
    odd["authors"] = "sorts before the cells"
    assert joined(NotebookText().of(odd)) == told(odd)


# ---- when it is saved


def test_it_is_saved_at_the_start_before_each_cell_that_runs_and_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = notebook("a = 1", "b = 2")
    made.cells[1:1] = [new_markdown_cell("between"), new_markdown_cell("and again")]
    for cell in made.cells:
        cell.metadata["papermill"] = {}
    made.metadata["papermill"] = {}
    saves: list[list[str]] = []

    def noted(pieces: Sequence[bytes | memoryview], path: str) -> None:
        write(pieces, path)
        saved = nbformat.reads(joined(pieces), as_version=4)
        saves.append([cell.metadata.papermill["status"] for cell in saved.cells])

    monkeypatch.setattr(keeping, "write", noted)
    path = tmp_path / "out.ipynb"
    keeper = TruthfulManager(made, output_path=str(path), progress_bar=False)
    keeper.notebook_start()
    assert {cell.metadata.papermill["status"] for cell in nbformat.read(path, as_version=4).cells} == {"pending"}
    for number, cell in enumerate(made.cells):
        keeper.cell_start(cell, number)
        keeper.cell_complete(cell, number)
    keeper.notebook_complete()
    assert saves == [
        ["running", "pending", "pending", "pending"],
        ["completed", "completed", "completed", "running"],
        ["completed"] * 4,
    ]
    assert path.read_text(encoding="utf-8") == told(made)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="runs are forked on Linux only")
def test_a_display_that_a_later_cell_changes_is_saved_as_changed(tmp_path: Path) -> None:
    path = tmp_path / "out.ipynb"
    run = execute(
        notebook(
            "from IPython.display import display\nhandle = display('before', display_id=True)",
            "handle.update('after')",
            f"import json\nprint(json.load(open({str(path)!r}))['cells'][0]['outputs'][0]['data'])",
        ),
        path,
        "shell",
    )
    assert said(run) == "{'text/plain': [\"'after'\"]}\n"


# ---- where it is saved


def test_a_file_is_replaced_and_keeps_its_rights_and_a_link_to_it_stays(tmp_path: Path) -> None:
    real, link = tmp_path / "real.ipynb", tmp_path / "link.ipynb"
    real.write_text("before", encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    before = real.stat().st_ino
    with real.open(encoding="utf-8") as reader:
        write([b"after"], str(link))
        assert reader.read() == "before", "who reads it meanwhile reads it whole"
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "after"
    assert real.stat().st_ino != before
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.ipynb", "real.ipynb"]


def test_a_link_that_lies_in_wait_for_the_new_file_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, mine = tmp_path / "shared", tmp_path / "mine.txt"
    shared.mkdir()
    mine.write_text("mine", encoding="utf-8")
    path = shared / "out.ipynb"
    path.write_text("before", encoding="utf-8")
    real_open, opened = open, []

    def noting(name: Any, *given: Any, **options: Any) -> Any:
        opened.append(name)
        return real_open(name, *given, **options)

    (shared / f".out.ipynb.{os.getpid()}.partial").symlink_to(mine)
    monkeypatch.setattr("builtins.open", noting)
    write([b"after"], str(path))
    monkeypatch.undo()
    assert mine.read_text(encoding="utf-8") == "mine"
    assert path.read_text(encoding="utf-8") == "after"
    assert not path.is_symlink()
    assert all(isinstance(name, int) for name in opened), "what was made is written to, and no name opened anew"


def test_what_is_no_file_of_ones_own_is_written_to_as_papermill_does(tmp_path: Path) -> None:
    twice, other = tmp_path / "twice.ipynb", tmp_path / "other.ipynb"
    twice.write_text("before", encoding="utf-8")
    os.link(twice, other)
    write([b"after"], str(twice))
    assert other.read_text(encoding="utf-8") == "after"
    with pytest.warns(UserWarning, match="extension"):
        write([b"nothing"], "/dev/null")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_save_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.ipynb"
    path.write_text("before", encoding="utf-8")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write([b"after"], str(path))
    assert [each.read_text(encoding="utf-8") for each in tmp_path.iterdir()] == ["before"]
