"""The pages that runs write to: noted by one, and copied for the next while it waits."""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from awkward_notebooks import notebook
from hypothesis import given
from hypothesis import strategies as st
from warm_runs import execute, said

from sroi.warm import service, touched
from sroi.warm.service import WarmProcess
from sroi.warm.touched import PAGE, copy, note, noted, ranges

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="pages are told and copied on Linux only")
PAGES = 400


def system_copies() -> bool:
    with mmap.mmap(-1, PAGE) as area:
        return copy([(ctypes.addressof(ctypes.c_char.from_buffer(area)), PAGE)], lambda: False) == 1


@pytest.fixture
def area() -> Iterator[mmap.mmap]:
    """Memory of this process's own, all of it written to."""
    with mmap.mmap(-1, PAGES * PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as area:
        area.write(b"x" * len(area))
        yield area


def first_page(area: mmap.mmap) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(area)) // PAGE


def in_a_fork(do: Callable[[], int]) -> int:
    """Return what `do` returns in a forked process, at most 255."""
    process = os.fork()
    if process == 0:
        try:
            os._exit(do())
        except BaseException:
            os._exit(255)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


@given(st.sets(st.integers(0, 300)))
def test_ranges_hold_all_pages_and_no_other(pages: set[int]) -> None:
    found = ranges(pages)
    held = [page for address, length in found for page in range(address // PAGE, (address + length) // PAGE)]
    assert held == sorted(pages)
    assert all(end + length < start for (end, length), (start, _) in pairwise(found))


def test_a_fork_notes_the_pages_that_it_wrote_to(area: mmap.mmap, tmp_path: Path) -> None:
    first, place = first_page(area), tmp_path / "noted"

    def writes() -> int:
        for page in range(0, PAGES // 2):
            area[page * PAGE] = 1
        note(place)
        return 0

    assert in_a_fork(writes) == 0
    if not place.exists():
        pytest.skip("NOT TESTED: this system does not tell which pages are whose")
    held = {page for address, length in noted(place) for page in range(address // PAGE, (address + length) // PAGE)}
    ours = held.intersection(range(first, first + PAGES))
    assert ours == set(range(first, first + PAGES // 2))


def test_pages_that_were_copied_cost_a_fork_nothing_more(area: mmap.mmap) -> None:
    if not system_copies():
        pytest.skip("NOT TESTED: this system does not copy pages ahead")
    first = first_page(area)

    def faults(copied: bool) -> int:
        if copied and copy(ranges(range(first, first + PAGES)), lambda: False) != PAGES:
            return 255
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for page in range(PAGES):
            area[page * PAGE] = 1
        return min((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) // 2, 254)

    assert in_a_fork(lambda: faults(copied=False)) >= PAGES // 2
    assert in_a_fork(lambda: faults(copied=True)) < PAGES // 20


def test_what_a_fork_copies_stays_as_it_was(area: mmap.mmap) -> None:
    first = first_page(area)

    def looks() -> int:
        copy(ranges(range(first, first + PAGES)), lambda: False)
        return int(area[:] != b"x" * len(area))

    assert in_a_fork(looks) == 0
    assert area[:] == b"x" * len(area)


def test_it_stops_when_it_is_wanted() -> None:
    assert copy([(0, PAGE)], lambda: True) == 0


def test_pages_that_are_gone_do_no_harm(area: mmap.mmap) -> None:
    if not system_copies():
        pytest.skip("NOT TESTED: this system does not copy pages ahead")
    gone = mmap.mmap(-1, PAGE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(gone))
    gone.close()
    there = (first_page(area) * PAGE, PAGE)
    assert copy([there, (address, PAGE), there], lambda: False) >= 2
    assert copy([(1 << 46, PAGE)] * 10_000, lambda: False) == 0


def test_it_looks_whether_it_is_wanted_within_a_long_range(area: mmap.mmap) -> None:
    if not system_copies():
        pytest.skip("NOT TESTED: this system does not copy pages ahead")
    answers = iter([False, True])
    assert 0 < copy([(first_page(area) * PAGE, PAGES * PAGE)], lambda: next(answers)) < PAGES


def test_a_system_that_cannot_copies_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(touched, "_madvise", None)
    assert copy([(0, PAGE)], lambda: False) == 0


@pytest.mark.parametrize("content", [None, b"", b"x" * 1001, b"\xff" * 800])
def test_notes_that_are_none_are_believed_in_nothing(content: bytes | None, tmp_path: Path) -> None:
    place = tmp_path / "noted"
    if content is not None:
        place.write_bytes(content)
    assert noted(place) == []


@pytest.mark.parametrize("held", [False, True])
def test_notes_that_would_have_one_wait_are_not_waited_for(held: bool, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "noted")
    other = os.open(tmp_path / "noted", os.O_RDWR) if held else None
    began = time.monotonic()
    assert noted(tmp_path / "noted") == []
    assert time.monotonic() - began < 5
    if other is not None:
        os.close(other)


# What a module's names refer to is counted, and a count is written to.
TOUCHES = (
    "import resource, sys\n"
    "before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
    "held = [list(vars(module).values()) for module in list(sys.modules.values()) if hasattr(module, '__dict__')]\n"
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)"
)


IN_THE_WAY = f"import os; os.mkdir(os.environ['{service.SOCKET}'] + '.touched')\n{TOUCHES}"


@pytest.fixture
def warm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WarmProcess]:
    """A warm process that has served nobody, by which runs go."""
    if not system_copies():
        pytest.skip("NOT TESTED: this system does not copy pages ahead")
    monkeypatch.chdir(tmp_path)
    process = WarmProcess.start()
    monkeypatch.setenv(service.SOCKET, process.address)
    yield process
    process.end()


@pytest.mark.parametrize(
    ("first", "notes"),
    [(TOUCHES, 1), ("import os; os._exit(3)", 3), (IN_THE_WAY, None)],
    ids=["the first notes", "it is killed and a later one notes", "it is in the way and none can"],
)
def test_the_runs_of_a_batch_find_their_pages_copied(first: str, notes: int | None, warm: WarmProcess) -> None:
    found = []
    for source in (first, *[TOUCHES] * 4):
        try:
            found.append(int(said(execute(notebook(source), None, "shell"))))
        except Exception:
            found.append(-1)
        time.sleep(0.7)  # the next one's process is made, and copies
    assert warm.answers
    assert min(found[1:]) >= 0
    shared = found[1]  # its process was made before anything was noted
    assert shared > 500
    # What one has noted is read when the next has begun, and copied for the one after that.
    for number, faults in enumerate(found[2:], start=3):
        assert (faults < shared / 3) == (notes is not None and number > notes + 1)


def test_kinds_of_run_that_alternate_do_not_note_their_pages_for_ever(
    warm: WarmProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, left = Path(f"{warm.address}.touched"), []
    for kind in ("one", "other", "one", "other", "other"):
        monkeypatch.setenv("KIND", kind)  # a shell made for another environment is none for it
        execute(notebook("import time; time.sleep(0.3)"), None, "shell")  # what the last one left is read by then
        left.append(notes.exists())
    assert left == [True, False, False, False, True], "the first notes, and one that follows its like"
