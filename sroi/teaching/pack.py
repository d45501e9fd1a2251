"""The pack: a folder, such as a USB stick, with the whole course for a room without network or admin rights.

Everything in it opens by double click. The same program fills it with the same bytes each time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sroi.errors import FileRefused, Problem
from sroi.explorer import blank_page, explorer_page
from sroi.files.starter import starter
from sroi.files.together import refuse_what_is_there, write_together
from sroi.files.value_maps import value_map_bytes
from sroi.files.yaml import parse_yaml
from sroi.shipped import case_studies, case_study, example
from sroi.teaching.course import Lesson, lessons
from sroi.teaching.index import index_page, read_me, solutions_page
from sroi.teaching.notebooks import notebook_bytes
from sroi.teaching.pages import lesson_page, page_name
from sroi.teaching.workbooks import workbook_bytes, workbook_name

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
    refuse_what_is_there(folder, ["index.html", *_contents()], force)
    with tempfile.TemporaryDirectory(prefix="sroi-pack-") as made:
        try:
            _make(Path(made))
            names = sorted(path.relative_to(made).as_posix() for path in Path(made).rglob("*") if path.is_file())
            files = {name: (Path(made) / name).read_bytes() for name in names}
        except OSError as error:
            found = f"the pack cannot be made ({error.strerror or error})"
            raise FileRefused(Problem(found, "Make room where this system keeps what is temporary."), made) from None
    first = "index.html"
    ordered = {first: files[first], **files}
    return write_together(ordered, folder, overwrite=force)


def size_words(files: tuple[Path, ...]) -> str:
    """Return how many files there are and how large they are together, such as "61 files, 12.3 MB"."""
    return _size_words([path.stat().st_size for path in files])


def _size_words(sizes: list[int]) -> str:
    return f"{len(sizes)} files, {sum(sizes) / 1e6:.1f} MB"


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
