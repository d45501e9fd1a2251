"""What follows a cell is asked for when the cell has ended well, and the engine's account of it holds nothing up."""

from __future__ import annotations

import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from awkward_notebooks import notebook
from hypothesis import given
from hypothesis import strategies as st
from warm_runs import execute, said

from sroi.warm import keeping
from sroi.warm.faults import TimeLimitPassed
from sroi.warm.following import KERNEL_INFO, LEAVE, Following, Request, cell

ENDS = ("well", "badly", "leaving", "with widgets")


class Process:
    """Stands for a run's process: notes what is sent to it, and ends its cells as it is told."""

    def __init__(self) -> None:
        self.sent: list[Request] = []
        self.following = Following(self._take)

    def _take(self, request: Request) -> str:
        self.sent.append(request)
        return f"number {len(self.sent)}"

    @property
    def codes(self) -> list[str]:
        return [request.content.get("code", request.kind) for request in self.sent]

    def says(self, kind: str, number: str, **content: Any) -> None:
        self.following.heard({"header": {"msg_type": kind}, "parent_header": {"msg_id": number}, "content": content})

    def ends(self, number: str, how: str = "well") -> None:
        if how == "with widgets":
            self.says("comm_open", number)
        payload = [{"source": "ask_exit"}] if how == "leaving" else []
        self.says("execute_reply", number, status="error" if how == "badly" else "ok", payload=payload)
        self.says("status", number, execution_state="idle")


def test_the_first_cell_is_sent_at_once_and_each_other_when_the_last_one_has_ended() -> None:
    process = Process()
    process.following.expect([cell("a"), cell("b"), KERNEL_INFO, LEAVE])
    assert process.codes == ["a"]
    first = process.following.ask(cell("a"))
    assert process.codes == ["a"]
    process.says("execute_reply", first, status="ok", payload=[])
    assert process.codes == ["a"]  # what it showed may still be on its way
    process.says("status", "another", execution_state="idle")
    assert process.codes == ["a"]
    process.says("status", first, execution_state="idle")
    assert process.codes == ["a", "b"]
    second = process.following.ask(cell("b"))
    assert second != first
    process.ends(second)
    assert process.sent[2:] == [KERNEL_INFO, LEAVE]
    assert process.following.ask(KERNEL_INFO) == "number 3"
    process.following.ask(LEAVE)
    assert len(process.sent) == 4


@pytest.mark.parametrize("how", ENDS[1:])
def test_after_a_cell_that_did_not_end_well_the_engine_decides(how: str) -> None:
    process = Process()
    process.following.expect([cell("a"), cell("b"), LEAVE])
    process.ends(process.following.ask(cell("a")), how)
    assert process.codes == ["a"]
    process.ends(process.following.ask(cell("b")))
    assert process.codes == ["a", "b"]
    process.following.ask(LEAVE)
    assert process.codes == ["a", "b", "shutdown_request"]


def test_after_a_cell_that_may_fail_the_engine_decides_and_then_all_goes_on() -> None:
    process = Process()
    process.following.expect([cell("a", stop_on_error=False), cell("b"), cell("c")])
    process.ends(process.following.ask(cell("a", stop_on_error=False)))
    assert process.codes == ["a"]
    process.ends(process.following.ask(cell("b")))
    assert process.codes == ["a", "b", "c"]


def test_a_cell_that_was_changed_while_it_ran_is_an_error() -> None:
    process = Process()
    process.following.expect([cell("a"), cell("b")])
    process.ends(process.following.ask(cell("a")))
    with pytest.raises(RuntimeError, match="changed after it had begun"):
        process.following.ask(cell("something else"))


def test_a_run_that_is_given_up_is_told_to_leave_once() -> None:
    process = Process()
    process.following.expect([cell("a"), KERNEL_INFO, LEAVE])
    process.ends(process.following.ask(cell("a")))
    process.following.ask(LEAVE)  # the engine failed before it asked for the kernel's language
    assert process.codes == ["a", KERNEL_INFO.kind, LEAVE.kind]


@given(st.lists(st.tuples(st.sampled_from(ENDS), st.booleans(), st.integers(0, 3)), max_size=8))
def test_the_process_hears_what_the_engine_asks_for_in_that_order_and_nothing_twice(cells: Any) -> None:
    """Whatever cells may fail, however they end, and however far the engine lags behind."""
    process = Process()
    requests = [cell(f"{place}", stop_on_error=not fails) for place, (_, fails, _) in enumerate(cells)]
    process.following.expect([*requests, KERNEL_INFO, LEAVE])
    done, asked = 0, []

    def run(most: int) -> None:
        nonlocal done
        while most and done < min(len(process.sent), len(cells)):
            done, most = done + 1, most - 1
            process.ends(f"number {done}", cells[done - 1][0])

    for place, (request, (_, _, lag)) in enumerate(zip(requests, cells, strict=True)):
        run(lag)
        asked.append(process.following.ask(request))
        run(place + 1 - done)
    process.following.ask(KERNEL_INFO)
    process.following.ask(LEAVE)
    assert asked == [f"number {place}" for place in range(1, len(cells) + 1)]
    assert process.sent == [*requests, KERNEL_INFO, LEAVE]


# ---- whole runs

needs_fork = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="runs are forked on Linux only")
TIMED = "import time; print(time.monotonic()); time.sleep(0.5); print(time.monotonic())"


def slow_disk(monkeypatch: pytest.MonkeyPatch, seconds: float = 0.3) -> None:
    """Have the engine take so long to write a notebook."""
    write = keeping.write

    def slowly(*given: Any) -> None:
        time.sleep(seconds)
        write(*given)

    monkeypatch.setattr(keeping, "write", slowly)


def gaps(run: Any) -> list[float]:
    """Return the seconds from one timed cell's end to the next one's beginning."""
    times = [[float(line) for line in said(run, index).split()[-2:]] for index in range(len(run.cells))]
    return [after[0] - before[1] for before, after in pairwise(times)]


@needs_fork
def test_a_slow_disk_holds_no_cell_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow_disk(monkeypatch)
    run = execute(notebook(TIMED, TIMED, TIMED, TIMED), tmp_path / "out.ipynb", "shell")
    assert max(gaps(run)) < 0.25


@needs_fork
@pytest.mark.parametrize(
    "cells",
    [
        (f"# fails\n{TIMED}", TIMED),
        (TIMED, f"{TIMED}  # saved in out.ipynb"),
        (TIMED, f"!true\n{TIMED}"),
        (f"from comm import create_comm; create_comm('a'); {TIMED}", TIMED),
    ],
    ids=["may fail", "reads notebooks", "has other programs", "speaks with widgets"],
)
def test_a_cell_waits_for_the_engine_where_it_must(
    cells: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_disk(monkeypatch)
    assert min(gaps(execute(notebook(*cells), tmp_path / "out.ipynb", "shell"))) > 0.25


@needs_fork
def test_nothing_runs_after_a_cell_that_failed(tmp_path: Path) -> None:
    later = f"open({str(tmp_path / 'later')!r}, 'w').close()"
    with pytest.raises(Exception, match="ZeroDivisionError"):
        execute(notebook("1", "1 / 0", later), tmp_path / "out.ipynb", "shell")
    assert not (tmp_path / "later").exists()


@needs_fork
def test_nothing_runs_after_a_cell_whose_time_is_up_though_it_ends_well(tmp_path: Path) -> None:
    stubborn = "import time\ntry:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    pass"
    later = f"open({str(tmp_path / 'later')!r}, 'w').close()"
    with pytest.raises(TimeLimitPassed):
        execute(notebook("1", stubborn, later), tmp_path / "out.ipynb", "shell", execution_timeout=1)
    assert not (tmp_path / "later").exists()


@needs_fork
def test_a_cell_that_began_before_the_runs_time_was_up_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute(notebook("1"), None, "shell")  # the warm process is there
    slow_disk(monkeypatch, 1.5)
    began = time.monotonic()
    with pytest.raises(TimeLimitPassed):
        execute(notebook("import time; time.sleep(60)"), tmp_path / "out.ipynb", "shell", run_timeout=1)
    assert time.monotonic() - began < 5


@needs_fork
def test_a_cell_that_began_before_the_engine_failed_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    execute(notebook("1"), None, "shell")
    later = f"import time; time.sleep(2); open({str(tmp_path / 'later')!r}, 'w').close()"

    def fails(*given: Any) -> None:
        time.sleep(0.5)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keeping, "write", fails)
    began = time.monotonic()
    with pytest.raises(OSError, match="No space left"):
        execute(notebook(later), tmp_path / "out.ipynb", "shell")
    assert time.monotonic() - began < 2
    time.sleep(2.5)
    assert not (tmp_path / "later").exists()


@needs_fork
def test_a_cells_time_counts_from_its_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    execute(notebook("1"), None, "shell")
    slow_disk(monkeypatch, 1.5)
    began = time.monotonic()
    with pytest.raises(TimeLimitPassed):
        execute(notebook("import time; time.sleep(60)"), tmp_path / "out.ipynb", "shell", execution_timeout=2)
    assert time.monotonic() - began < 4.5  # two saves of 1.5 s, half a second left of the limit, and not two


@needs_fork
def test_a_cell_that_ended_in_time_is_heard_though_the_engine_comes_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_disk(monkeypatch, 1.5)
    run = execute(
        notebook("import time; time.sleep(0.3); 'ended'"), tmp_path / "out.ipynb", "shell", execution_timeout=1
    )
    assert said(run) == "'ended'"


@needs_fork
def test_what_a_run_does_at_its_end_is_done_when_it_is_back(tmp_path: Path) -> None:
    at_end = f"import atexit, time\natexit.register(lambda: (time.sleep(0.5), open({str(tmp_path / 'end')!r}, 'w')))"
    run = execute(notebook(at_end, "print('last')"), tmp_path / "out.ipynb", "shell")
    assert (tmp_path / "end").exists()
    assert said(run, 1) == "last\n"
    assert run.metadata.language_info.name == "python"
