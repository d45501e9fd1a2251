"""The pack: a folder, such as a USB stick, with the whole course for a room without network or admin rights.

Everything in it opens by double click. The same program fills it with the same bytes each time.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sroi.errors import FileRefused, Problem
from sroi.explorer import blank_page, explorer_page
from sroi.files.safety import whole_file
from sroi.files.starter import starter
from sroi.files.value_maps import value_map_bytes
from sroi.files.yaml import parse_yaml
from sroi.shipped import case_studies, case_study, example
from sroi.teaching.course import Lesson, lessons
from sroi.teaching.index import index_page, read_me, solutions_page
from sroi.teaching.notebooks import notebook_bytes
from sroi.teaching.pages import lesson_page, page_name
from sroi.teaching.workbooks import workbook_bytes, workbook_name

_STAGING = ".unfinished-"
# What a trainer keeps: it does not lie among what is handed out.
_FOR_TRAINERS = ("facilitator",)


def fill(folder: Path, *, force: bool = False) -> tuple[Path, ...]:
    """Fill a folder with the course and return its files, index.html first.

    Lessons as pages and workbooks, notebooks for those with Jupyter, the case studies with their explorers, blank maps,
    handouts, and apart, in `trainer/`, the solutions and the facilitator's guide. Other files in the folder stay.
    Everything is made before the first file is put in place. FileRefused if a file of the pack is there already and
    `force` is not given, or if the folder cannot be written to.
    """
    folder = Path(folder)
    _refuse_what_is_there(folder, [Path("index.html"), *map(Path, _contents())], force)
    staging = _staging(folder)
    try:
        _make(staging)
        names = sorted(path.relative_to(staging) for path in staging.rglob("*") if path.is_file())
        _refuse_what_is_there(folder, names, force)
        _put_in_place(staging, folder, names, force)
    except OSError as error:
        found = f"the folder cannot be filled ({error.strerror or error})"
        raise FileRefused(Problem(found, "Check that it may be written to and has room."), str(folder)) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    first = Path("index.html")
    return tuple(folder / name for name in (first, *(name for name in names if name != first)))


def size_words(files: tuple[Path, ...]) -> str:
    """Return how many files there are and how large they are together, such as "61 files, 12.3 MB"."""
    return _size_words([path.stat().st_size for path in files])


def _size_words(sizes: list[int]) -> str:
    return f"{len(sizes)} files, {sum(sizes) / 1e6:.1f} MB"


def _put_in_place(staging: Path, folder: Path, names: list[Path], force: bool) -> None:
    """Put every file in its place, each whole; if that is stopped, take away those that were not there before."""
    fresh = [name for name in names if not (folder / name).exists()]
    try:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with whole_file(folder / name, overwrite=force) as temporary:
                shutil.copyfile(staging / name, temporary)
    except BaseException:
        for name in fresh:
            with suppress(OSError):
                (folder / name).unlink()
        for parent in sorted({parent for name in fresh for parent in name.parents if parent.name}, reverse=True):
            with suppress(OSError):
                (folder / parent).rmdir()
        raise


def _staging(folder: Path) -> Path:
    """Return a new folder within the folder, on the same disk, that goes when the pack is made."""
    if folder.exists() and not folder.is_dir():
        raise FileRefused(Problem("this is a file", "Name a folder."), str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=_STAGING, dir=folder))
    except OSError as error:
        found = f"this folder cannot be made or written to ({error.strerror or error})"
        raise FileRefused(Problem(found, "Name a folder that you may write to."), str(folder)) from None


def _refuse_what_is_there(folder: Path, names: list[Path], force: bool) -> None:
    there = [name.as_posix() for name in names if (folder / name).exists()]
    if there and not force:
        shown = ", ".join(there[:3]) + (f" and {len(there) - 3} more" if len(there) > 3 else "")
        found = f"{shown} {'is' if len(there) == 1 else 'are'} already there"
        raise FileRefused(Problem(found, "Give another folder, or --force to replace them."), str(folder))


# ---- what is in it ----


def _make(folder: Path) -> None:
    """Write everything into a new folder."""
    for name, content in _contents().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content())
    _add_handouts(folder)
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    (folder / "index.html").write_bytes(index_page(names).encode("utf-8"))
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    # The note itself is one of the files; its own few letters do not change the size as it is said.
    told_size = _size_words([*sizes, 0])
    (folder / "READ ME.txt").write_bytes(read_me(told_size).replace("\n", "\r\n").encode("utf-8"))


def _contents() -> dict[str, Callable[[], bytes]]:
    """Return every file but the handouts and what tells of the others, by its place, with how it is made."""
    contents: dict[str, Callable[[], bytes]] = {}
    for told in lessons():
        contents |= _lesson_contents(told)
    for name in case_studies():
        contents |= _case_contents(name)
    blank = starter().encode("utf-8")
    contents["blank/value_map.yaml"] = lambda: blank
    contents["blank/value_map.xlsx"] = lambda: value_map_bytes(parse_yaml(blank, "value_map.yaml"), Path("a.xlsx"))
    contents["blank/explorer.html"] = lambda: blank_page().encode("utf-8")
    contents["trainer/solutions.html"] = lambda: solutions_page().encode("utf-8")
    return contents


def _lesson_contents(told: Lesson) -> dict[str, Callable[[], bytes]]:
    return {
        f"lessons/{page_name(told)}": lambda: lesson_page(told).encode("utf-8"),
        f"lessons/{workbook_name(told)}": lambda: workbook_bytes(told),
        f"notebooks/{told.name}.ipynb": lambda: notebook_bytes(told),
    }


def _case_contents(name: str) -> dict[str, Callable[[], bytes]]:
    """Return a case study's files: map, workbook, explorer, and what lies beside its map that people read."""
    path, place = case_study(name), f"case_studies/{name}"
    made: dict[str, Callable[[], bytes]] = {
        f"{place}/{name}.yaml": path.read_bytes,
        f"{place}/{name}.xlsx": lambda: value_map_bytes(example(name), Path("a.xlsx")),
        f"{place}/explorer.html": lambda: explorer_page(example(name)).encode("utf-8"),
    }
    for beside, called in (("README.md", "about.txt"), ("story.ipynb", "story.ipynb")):
        if (path.parent / beside).is_file():
            made[f"{place}/{called}"] = (path.parent / beside).read_bytes
    return made


def _add_handouts(folder: Path) -> None:
    """Write the handouts, and put what is a trainer's apart."""
    from sroi.teaching.handouts import write_handouts

    handouts = folder / "handouts"
    handouts.mkdir()
    for path in write_handouts(handouts):
        if any(word in path.stem for word in _FOR_TRAINERS):
            path.replace(folder / "trainer" / path.name)
    with suppress(OSError):
        handouts.rmdir()  # only if nothing is left in it
