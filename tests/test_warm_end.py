"""The end of a forked run: what refers to itself in circles is collected where that could do something, else not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from awkward_notebooks import notebook
from warm_runs import execute, said, the_one_that_waits

from sroi.warm import life, service
from sroi.warm.service import WarmProcess

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="runs are forked on Linux only")

# An object in a circle dies by nothing but the collection.
CIRCLE = "import gc; gc.disable()\nclass Circle:\n    pass\nc = Circle(); c.itself = c\n"
# Says, before IPython's own end, whether the collection will still look at what the notebook made.
LOOKED_AT = (
    "\nimport atexit, gc\n"
    "class Mine:\n    pass\nmine = Mine()\n"
    "atexit.register(lambda: open('looked_at', 'w').write(str(any(type(o) is Mine for o in gc.get_objects()))))"
)


@pytest.fixture(scope="module", autouse=True)
def warm() -> Iterator[WarmProcess]:
    process = WarmProcess.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(service.SOCKET, process.address)
        yield process
    process.end()


@pytest.mark.parametrize(
    "source",
    [
        "class Last(Circle):\n    def __del__(self): open('left', 'w').write('words')\nc.last = Last(); c.last.c = c",
        "class Child(Circle):\n    def __del__(self): open('left', 'w').write('words')\n"
        "class Grandchild(Child):\n    pass\nc.last = Grandchild(); c.last.c = c",
        "def waiting():\n    try:\n        yield\n    finally:\n        open('left', 'w').write('words')\n"
        "c.waits = waiting(); next(c.waits)",
        "import zipfile; c.file = zipfile.ZipFile('left', 'w'); c.file.writestr('words', 'words')",
        "import io\nclass Raw:\n    closed = False\n    def readable(self): return False\n    def seekable(self): return False\n"
        "    def writable(self): return True\n    def flush(self): pass\n    def close(self): pass\n"
        "    def write(self, words): open('left', 'wb').write(words); return len(words)\n"
        "c.file = io.TextIOWrapper(Raw()); c.file.write('words')",
    ],
    ids=["finaliser", "finaliser of a base", "generator", "archive", "raw"],
)
@pytest.mark.parametrize("deleted", [False, True], ids=["to the end", "deleted"])
def test_what_a_circle_does_with_its_last_breath_is_done(source: str, deleted: bool, tmp_path: Path) -> None:
    execute(notebook(CIRCLE + source + ("\ndel c" if deleted else "") + LOOKED_AT), warm="shell", cwd=tmp_path)
    assert (tmp_path / "looked_at").read_text() == "True"
    assert (tmp_path / "left").stat().st_size >= len("words")


@pytest.mark.parametrize(
    "source",
    [
        "w = weakref.ref(c, lambda _: open('left', 'w').write('words'))",
        "f = weakref.finalize(c, lambda: open('left', 'w').write('words')); f.atexit = False",
    ],
    ids=["callback", "finalize"],
)
def test_who_waits_for_the_end_of_a_circle_hears_of_it(source: str, tmp_path: Path) -> None:
    execute(notebook(CIRCLE + "import weakref\n" + source + "\ndel c" + LOOKED_AT), warm="shell", cwd=tmp_path)
    assert (tmp_path / "looked_at").read_text() == "True"
    assert (tmp_path / "left").read_text() == "words"


def test_what_is_to_be_done_at_the_latest_when_a_program_ends_is_done(tmp_path: Path) -> None:
    source = "import weakref; f = weakref.finalize(c, lambda: open('left', 'w').write('words'))"
    execute(notebook(CIRCLE + source), warm="shell", cwd=tmp_path)
    assert (tmp_path / "left").read_text() == "words"


@pytest.mark.parametrize(
    "source",
    ["c.file = open('left', 'w')", "import os; c.file = os.open('left', os.O_RDWR | os.O_CREAT)",
     "import socket; c.here, c.there = socket.socketpair()", "import sqlite3; c.table = sqlite3.connect('left')"],
    ids=["file", "number", "socket", "database"],
)  # fmt: skip
def test_where_a_file_is_open_for_writing_circles_are_looked_at(source: str, tmp_path: Path) -> None:
    execute(notebook(CIRCLE + source + LOOKED_AT), warm="shell", cwd=tmp_path)
    assert (tmp_path / "looked_at").read_text() == "True"


def test_a_file_that_is_open_only_to_be_read_or_in_memory_has_no_last_words(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("words")
    source = "import io; c.one = open('there', 'rb'); c.two = io.BytesIO(b'x'); c.three = io.StringIO('x')"
    execute(notebook(CIRCLE + source + LOOKED_AT), warm="shell", cwd=tmp_path)
    assert (tmp_path / "looked_at").read_text() == "False"


FIGURE_AND_TABLE = (
    "import matplotlib.pyplot as plt, pandas as pd\nplt.plot([1, 2])\nplt.show()\n"
    "pd.DataFrame({'a': [1]}).to_csv('table.csv')\npd.DataFrame({'a': [1]})"
)


def test_figures_and_tables_are_left_to_the_system(tmp_path: Path) -> None:
    execute(notebook(FIGURE_AND_TABLE, LOOKED_AT), warm="shell", cwd=tmp_path)
    assert (tmp_path / "looked_at").read_text() == "False"


def test_so_they_are_where_the_shell_was_made_ahead(warm: WarmProcess, tmp_path: Path) -> None:
    for _ in range(2):  # the second asks as the first did
        execute(notebook("1"), warm="shell", cwd=tmp_path)
    assert warm._started is not None
    ahead = the_one_that_waits(warm._started.pid)
    run = execute(notebook(FIGURE_AND_TABLE, LOOKED_AT, "import os; os.getpid()"), warm="shell", cwd=tmp_path)
    assert said(run) == str(ahead)
    assert (tmp_path / "looked_at").read_text() == "False"


def test_what_there_was_before_the_first_cell_is_looked_at_as_ever(tmp_path: Path) -> None:
    source = "import gc\nx = [1]\nlen(gc.get_referrers(x)), any(each is globals() for each in gc.get_objects())"
    assert said(execute(notebook(source), warm="shell", cwd=tmp_path)) == "(1, True)"


def test_a_system_that_does_not_list_open_files_has_everything_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_such_folder(path: str) -> list[str]:
        raise FileNotFoundError(path)

    monkeypatch.setattr(life.os, "listdir", no_such_folder)
    assert life.beginning() is None


def test_what_is_open_in_an_object_that_is_no_circle_is_closed_as_ever(tmp_path: Path) -> None:
    execute(notebook("f = open('left', 'w'); f.write('words')"), warm="shell", cwd=tmp_path)
    assert (tmp_path / "left").read_text() == "words"


def test_an_object_that_a_notebook_keeps_is_finalised_by_its_own_name(tmp_path: Path) -> None:
    source = "class Last:\n    def __del__(self): open('left', 'w').write('words')\nlast = Last()"
    execute(notebook(source), warm="shell", cwd=tmp_path)
    assert (tmp_path / "left").read_text() == "words"
