"""The end of a forked run: what refers to itself in circles is collected where that could do something, else not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from awkward_notebooks import notebook
from warm_runs import execute

from sroi.warm import service
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
def warm() -> Iterator[None]:
    process = WarmProcess.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(service.SOCKET, process.address)
        yield
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
    ],
    ids=["finaliser", "finaliser of a base", "generator", "archive"],
)
@pytest.mark.parametrize("deleted", [False, True], ids=["to the end", "deleted"])
def test_what_a_circle_does_with_its_last_breath_is_done(source: str, deleted: bool, tmp_path: Path) -> None:
    execute(notebook(CIRCLE + source + ("\ndel c" if deleted else "") + LOOKED_AT), warm="shell", cwd=tmp_path)
    assert (tmp_path / "looked_at").read_text() == "True"
    assert (tmp_path / "left").stat().st_size >= len("words")


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
    source = "import io; c.one = open('there'); c.two = io.BytesIO(b'x'); c.three = io.TextIOWrapper(io.BytesIO())"
    execute(notebook(CIRCLE + source + LOOKED_AT), warm="shell", cwd=tmp_path)
    assert (tmp_path / "looked_at").read_text() == "False"


@pytest.mark.parametrize("times", [1, 2], ids=["forked", "made ahead"])
def test_figures_and_tables_are_left_to_the_system(times: int, tmp_path: Path) -> None:
    source = (
        "import matplotlib.pyplot as plt, pandas as pd\nplt.plot([1, 2])\nplt.show()\n"
        "pd.DataFrame({'a': [1]}).to_csv('table.csv')\npd.DataFrame({'a': [1]})"
    )
    for _ in range(times):
        execute(notebook(source, LOOKED_AT), warm="shell", cwd=tmp_path)
    assert (tmp_path / "looked_at").read_text() == "False"


def test_what_is_open_in_an_object_that_is_no_circle_is_closed_as_ever(tmp_path: Path) -> None:
    execute(notebook("f = open('left', 'w'); f.write('words')"), warm="shell", cwd=tmp_path)
    assert (tmp_path / "left").read_text() == "words"


def test_an_object_that_a_notebook_keeps_is_finalised_by_its_own_name(tmp_path: Path) -> None:
    source = "class Last:\n    def __del__(self): open('left', 'w').write('words')\nlast = Last()"
    execute(notebook(source), warm="shell", cwd=tmp_path)
    assert (tmp_path / "left").read_text() == "words"
