"""Several files of one folder are written together: all of them, or none and the folder as it was."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sroi.errors import FileRefused
from sroi.files.together import write_together

NEW = {"a.txt": b"new a", "b.txt": b"new b", "key/c.txt": b"new c", "key/d.txt": b"new d"}


def seen(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder, hidden things and empty folders too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def filled(folder: Path, names: list[str]) -> dict[str, bytes | None]:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(f"old {name}".encode())
    return seen(folder)


def stopped_at(monkeypatch: pytest.MonkeyPatch, count: int, error: BaseException) -> None:
    """Have the count-th renaming fail, once."""
    left, replace = [count], os.replace

    def failing(*given: Any, **options: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise error
        replace(*given, **options)

    monkeypatch.setattr(os, "replace", failing)


def test_files_are_written_with_their_folders_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_bytes(b"mine")
    written = write_together(NEW, tmp_path)
    assert written == tuple(tmp_path / name for name in NEW)
    assert seen(tmp_path) == {**NEW, "key": None, "mine.txt": b"mine"}
    mask = os.umask(0)
    os.umask(mask)
    assert {path.stat().st_mode & 0o777 for path in written} == {0o666 & ~mask}


def test_what_goes_with_them_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    filled(tmp_path, ["a.txt", "x.txt", "key/y.txt", "z.txt"])
    write_together(NEW, tmp_path, overwrite=True, gone=["a.txt", "x.txt", "key/y.txt", "never_was.txt"])
    assert seen(tmp_path) == {**NEW, "key": None, "z.txt": b"old z.txt"}


@pytest.mark.parametrize("error", [PermissionError(13, "it is open elsewhere"), KeyboardInterrupt()])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_whatever_stops_it_the_old_files_are_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, error: BaseException
) -> None:
    before = filled(tmp_path, ["a.txt", "b.txt", "key/d.txt", "x.txt"])
    stopped_at(monkeypatch, count, error)
    with pytest.raises((FileRefused, KeyboardInterrupt)):
        write_together(NEW, tmp_path, overwrite=True, gone=["x.txt"])
    assert seen(tmp_path) == before


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from([*NEW, "x.txt"])), st.integers(1, 4), st.booleans())
def test_all_or_nothing_whatever_was_there(
    tmp_path_factory: pytest.TempPathFactory, there: set[str], count: int, links: bool
) -> None:
    folder = tmp_path_factory.mktemp("any")
    before = filled(folder, sorted(there))
    with pytest.MonkeyPatch.context() as patched:
        stopped_at(patched, count, OSError(28, "No space left on device"))
        if not links:

            def none(*given: Any, **options: Any) -> None:
                raise OSError(1, "no links here")

            patched.setattr(os, "link", none)
        with pytest.raises(FileRefused):
            write_together(NEW, folder, overwrite=True, gone=["x.txt"])
    assert seen(folder) == before


def test_a_file_that_will_not_go_brings_the_old_ones_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = filled(tmp_path, ["a.txt", "x.txt", "y.txt"])
    unlink = Path.unlink

    def kept(path: Path, *given: Any, **options: Any) -> None:
        if path.name == "y.txt":
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, *given, **options)

    monkeypatch.setattr(Path, "unlink", kept)
    with pytest.raises(FileRefused, match=r"y\.txt could not be written \(Permission denied\)\. Nothing was changed\."):
        write_together(NEW, tmp_path, overwrite=True, gone=["x.txt", "y.txt"])
    monkeypatch.undo()
    assert seen(tmp_path) == before


def test_a_folder_in_the_place_of_a_file_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "b.txt").mkdir()
    before = filled(tmp_path, ["a.txt"])
    with pytest.raises(FileRefused, match=r"b\.txt is no file\. Move it away, or give another folder\."):
        write_together(NEW, tmp_path, overwrite=True)
    assert seen(tmp_path) == before


def test_folders_that_were_made_for_nothing_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped_at(monkeypatch, 3, OSError(28, "No space left on device"))
    with pytest.raises(FileRefused, match=r"could not be written \(No space left on device\)"):
        write_together(NEW, tmp_path / "one" / "two")
    assert seen(tmp_path) == {}


def test_files_that_are_there_are_named_and_stay(tmp_path: Path) -> None:
    before = filled(tmp_path, ["b.txt"])
    with pytest.raises(FileRefused, match=r"b\.txt is already there\. Give another folder, or --force to replace them"):
        write_together(NEW, tmp_path)
    filled(tmp_path, ["a.txt"])
    with pytest.raises(FileRefused, match=r"a\.txt, b\.txt are already there\."):
        write_together(NEW, tmp_path)
    assert {name: seen(tmp_path)[name] for name in before} == before


def test_a_link_in_the_place_of_a_file_is_replaced_and_what_it_names_is_not(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.txt").write_bytes(b"theirs")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").symlink_to(tmp_path / "elsewhere.txt")
    write_together(NEW, folder, overwrite=True)
    assert (tmp_path / "elsewhere.txt").read_bytes() == b"theirs"
    assert (folder / "a.txt").read_bytes() == b"new a"


def test_old_files_that_cannot_be_put_back_are_kept_and_the_user_is_told_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path, ["a.txt", "b.txt"])
    replace, calls = os.replace, [0]

    def failing(*given: Any, **options: Any) -> None:
        calls[0] += 1
        if calls[0] > 1:
            raise PermissionError(13, "Permission denied")
        replace(*given, **options)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(FileRefused, match=r"could not be put back: they are in .*old\. Move them back by hand"):
        write_together(NEW, tmp_path, overwrite=True)
    (kept,) = tmp_path.glob(".unfinished-*/old/a.txt")
    assert kept.read_bytes() == b"old a.txt"
