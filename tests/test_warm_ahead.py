"""A run's process that is made before the run is asked for: had by runs that ask alike, and told from none by any."""

from __future__ import annotations

import array
import os
import signal
import socket
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from awkward_notebooks import notebook
from warm_runs import execute, gone, said, the_one_that_waits, waiting

from sroi.warm import service
from sroi.warm.ahead import STREAMS, Ahead
from sroi.warm.orders import received_order
from sroi.warm.service import WarmProcess

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="runs are forked on Linux only")


@pytest.fixture(scope="module")
def shared() -> Iterator[WarmProcess]:
    process = WarmProcess.start()
    yield process
    process.end()


@pytest.fixture
def warm(shared: WarmProcess, monkeypatch: pytest.MonkeyPatch) -> WarmProcess:
    """A warm process that the tests of this file share; each asks for another kind of run, as pytest names it."""
    monkeypatch.setenv(service.SOCKET, shared.address)
    return shared


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[WarmProcess]:
    """A warm process for one test."""
    process = WarmProcess.start()
    monkeypatch.setenv(service.SOCKET, process.address)
    yield process
    process.end()


def server(warm: WarmProcess) -> int:
    assert warm._started is not None
    return warm._started.pid


def run(warm: WarmProcess, source: str, *, taken: bool | None, **settings: Any) -> str:
    """Run a notebook and return what it says; its process was there before exactly if it is to be `taken`."""
    before = waiting(server(warm))
    made = notebook("import os\nprint(os.getpid(), os.environ['JPY_PARENT_PID'])", source)
    done = execute(made, warm="shell", **settings)
    pid, parent = map(int, said(done, 0).split())
    assert parent == os.getpid()
    if taken is not None:
        assert (pid in before) == taken
    if taken or taken is None:
        time.sleep(0.3)  # the next one's shell is under way
    return said(done)


def ready(warm: WarmProcess, **settings: Any) -> int:
    """Have a process wait for runs of a kind, and return it."""
    for _ in range(2):
        run(warm, "1", taken=None, **settings)
    return the_one_that_waits(server(warm))


def test_a_run_like_the_last_one_has_a_process_that_was_there_before_it(alone: WarmProcess) -> None:
    run(alone, "1", taken=False)
    for _ in range(3):
        left = the_one_that_waits(server(alone))
        run(alone, "1", taken=True)
    left = the_one_that_waits(server(alone))
    alone.end()
    assert gone(left)


SHOWS = "import os\nprint(os.getcwd(), os.environ.get('WORD'), end='')"


def test_it_is_used_for_no_run_in_another_folder_or_environment(warm: WarmProcess, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for place in (here, there):
        place.mkdir()
    ready(warm, cwd=here)
    assert run(warm, SHOWS, taken=False, cwd=there) == f"{there} None"
    assert run(warm, SHOWS, taken=True, cwd=here) == f"{here} None"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORD", "1")
        assert run(warm, SHOWS, taken=False, cwd=here) == f"{here} 1"
        ready(warm, cwd=here)
        assert run(warm, SHOWS, taken=True, cwd=here) == f"{here} 1"
    assert run(warm, SHOWS, taken=False, cwd=here) == f"{here} None"


def test_it_keeps_no_folder_and_finds_one_that_was_made_anew(warm: WarmProcess, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    left = ready(warm, cwd=work)
    assert os.readlink(f"/proc/{left}/cwd") == "/"
    work.rmdir()
    work.mkdir()
    (work / "new").touch()
    assert run(warm, "import os\nprint(os.listdir(), end='')", taken=True, cwd=work) == "['new']"


def test_a_limit_of_memory_is_the_runs_own(warm: WarmProcess) -> None:
    shows = "import resource\nprint(resource.getrlimit(resource.RLIMIT_DATA)[0], end='')"
    limit = 3_000_000_000
    ready(warm)
    assert run(warm, shows, taken=False, memory_limit=limit) == f"{limit}"
    ready(warm, memory_limit=limit)
    assert run(warm, shows, taken=True, memory_limit=limit) == f"{limit}"
    assert run(warm, shows, taken=False) == "-1"


def test_seeds_are_those_of_the_run_and_without_one_no_run_is_like_another(warm: WarmProcess) -> None:
    draws = "import random, numpy\nprint(random.random(), numpy.random.random())"
    ready(warm)
    seeded = [run(warm, draws, taken=True, seed=seed) for seed in (5, 5, 6, 5)]
    assert seeded[0] == seeded[1] == seeded[3] != seeded[2]
    assert len({run(warm, draws, taken=True) for _ in range(3)}) == 3


def test_what_ipython_makes_when_something_is_shown_first_is_made_while_it_waits(warm: WarmProcess) -> None:
    made = "print('formatters' in get_ipython().display_formatter._trait_values, end='')"
    ready(warm)
    assert run(warm, made, taken=True) == "True"


@pytest.mark.parametrize("watched", [True, False])
def test_its_streams_are_those_of_the_run(
    watched: bool, warm: WarmProcess, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if watched:  # under pytest, ipykernel leaves alone what is written past Python's own streams
        monkeypatch.delenv("PYTEST_CURRENT_TEST")
    speaks = (
        "import os, sys\nprint('above', flush=True)\nos.write(1, b'below\\n')\n"
        "os.write(sys.stdout.fileno() if 'PYTEST_CURRENT_TEST' not in os.environ else 1, b'beside\\n')\n"
        "import time; time.sleep(0.3); print(end='', flush=True)"
    )
    found = []
    for taken in (False, None, True):
        capfd.readouterr()
        within = sorted(word for word in run(warm, speaks, taken=taken).split() if word.isalpha())
        found.append((within, sorted(word for word in capfd.readouterr().out.split() if word.isalpha())))
    first, *others = found
    assert first == ((["above", "below"], ["below", "beside"]) if watched else (["above"], ["below", "beside"]))
    assert others == [first, first]


def test_its_files_are_those_of_any_other_run(warm: WarmProcess) -> None:
    # The numbers of the pipes and of the system's event queues differ from process to process.
    looks = (
        "import os, re\nfound = []\n"
        "for n in os.listdir('/proc/self/fd'):\n"
        "    try: found.append(re.sub(r'\\d+', '', os.readlink(f'/proc/self/fd/{n}')))\n"
        "    except OSError: pass\n"
        "print(sorted(found))"
    )
    first = run(warm, looks, taken=False)
    ready(warm)
    assert run(warm, looks, taken=True) == first


def count(folder: Path) -> str:
    return (folder / "count").read_text() if (folder / "count").exists() else ""


@pytest.mark.parametrize("place", ["startup/count.py", "ipython_kernel_config.py", "ipython_config.py"])
def test_files_of_the_users_are_read_once_a_run_and_in_its_time(
    place: str, warm: WarmProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    ready(warm)
    own = tmp_path / "profile_default" / place  # appears while a process waits
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(f"open({str(tmp_path / 'count')!r}, 'a').write('x')\n")
    for number in range(1, 4):
        run(warm, "1", taken=False)
        time.sleep(0.5)
        assert count(tmp_path) == "x" * number


def test_code_of_the_users_among_the_arguments_is_run_once_a_run(warm: WarmProcess, tmp_path: Path) -> None:
    line = f"open({str(tmp_path / 'count')!r}, 'a').write('x')"
    for number in range(1, 4):
        run(warm, "1", taken=False, extra_arguments=[f"--IPKernelApp.exec_lines={line}"])
        time.sleep(0.5)
        assert count(tmp_path) == "x" * number


def test_one_that_was_killed_while_it_waited_costs_no_run_and_is_made_again(warm: WarmProcess) -> None:
    for pause in (0.0, 0.5):
        left = ready(warm)
        os.kill(left, signal.SIGKILL)
        time.sleep(pause)
        run(warm, "1", taken=False)
    assert ready(warm)


def test_one_that_hangs_costs_a_run_no_second_and_goes_with_the_warm_process(alone: WarmProcess) -> None:
    left = ready(alone)
    os.kill(left, signal.SIGSTOP)
    run(alone, "1", taken=False)
    assert gone(left)
    left = ready(alone)
    os.kill(left, signal.SIGSTOP)
    alone.end()
    assert gone(left)


def test_it_dies_with_a_warm_process_that_is_killed(alone: WarmProcess) -> None:
    left = ready(alone)
    os.kill(server(alone), signal.SIGKILL)
    assert gone(left)


def test_without_room_for_another_process_runs_go_on(alone: WarmProcess) -> None:
    run(alone, "1", taken=False)
    had = psutil.Process(server(alone)).num_fds()
    psutil.Process(server(alone)).rlimit(psutil.RLIMIT_NOFILE, (had + 3, had + 3))
    for _ in range(4):
        run(alone, "1", taken=None)
    assert psutil.Process(server(alone)).is_running()


def test_a_kernel_is_forked_when_it_is_asked_for(warm: WarmProcess) -> None:
    left = ready(warm)
    assert said(execute(notebook("import os\nprint(os.getpid())"), warm="kernel")).strip() != str(left)
    run(warm, "1", taken=True)


# ---- the order itself


def test_files_of_an_order_that_breaks_off_are_closed() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, tempfile.TemporaryFile() as file:
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file.fileno()]))
        theirs.sendmsg([struct.pack("!I", 99)], [rights])
        theirs.close()
        before = len(os.listdir("/proc/self/fd"))
        with pytest.raises(EOFError):
            received_order(ours)
        assert len(os.listdir("/proc/self/fd")) == before


def test_the_one_that_watches_hears_of_every_process_that_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead, told = Ahead(), []
    order = {"way": "shell", "fds": list(STREAMS), "argv": ["x"], "env": {}, "cwd": "/"}
    assert ahead.take(order, []) is None
    assert ahead.wanted()
    monkeypatch.setattr("sroi.warm.ahead.end_group", told.append)
    ours, theirs = socket.socketpair()
    theirs.close()
    ahead.made(123, ours)
    assert ahead.take(order, []) is None
    assert told == [123]
    ahead.ended(123, -9)
    assert ahead.wanted(), "one that was killed is made again"
    ahead.made(124, socket.socket())
    ahead.ended(124, 1)
    assert not ahead.wanted(), "one that fails of itself is not"
    assert ahead.take({**order, "cwd": "/tmp"}, []) is None
    assert not ahead.wanted()
    assert ahead.take({**order, "cwd": "/tmp"}, []) is None
    assert ahead.wanted()
