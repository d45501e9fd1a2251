"""A run's process that is made before the run is asked for: had by runs that ask alike, and told from none by any."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from awkward_notebooks import notebook
from warm_runs import execute, gone, said

from sroi.warm import service
from sroi.warm.service import WarmProcess

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="runs are forked on Linux only")
WHO = "import os\nprint(os.getpid(), os.environ['JPY_PARENT_PID'])"


@pytest.fixture
def warm(monkeypatch: pytest.MonkeyPatch) -> Iterator[WarmProcess]:
    """A warm process that the runs of this test have to themselves."""
    process = WarmProcess.start()
    monkeypatch.setenv(service.SOCKET, process.address)
    yield process
    process.end()


def waiting(warm: WarmProcess) -> list[int]:
    """Return the processes below the warm process, but for the one that watches it."""
    assert warm._started is not None
    children = sorted(psutil.Process(warm._started.pid).children(), key=lambda each: each.pid)
    return [each.pid for each in children[1:] if each.status() != psutil.STATUS_ZOMBIE]


def the_one_that_waits(warm: WarmProcess) -> int:
    """Return the process that waits, once the run before it is gone."""
    until = time.monotonic() + 10
    while len(found := waiting(warm)) != 1 and time.monotonic() < until:
        time.sleep(0.05)
    (process,) = found
    return process


def was_there(warm: WarmProcess, **settings: Any) -> bool:
    """Run a notebook; return whether its process was there before the run was asked for."""
    before = waiting(warm)
    pid, parent = map(int, said(execute(notebook(WHO), warm="shell", **settings)).split())
    assert parent == os.getpid()
    return pid in before


def test_a_run_like_the_last_one_has_a_process_that_was_there_before_it(warm: WarmProcess) -> None:
    assert [was_there(warm) for _ in range(4)] == [False, True, True, True]
    left = the_one_that_waits(warm)
    warm.end()
    assert gone(left)


def test_it_is_used_for_nothing_that_was_asked_for_otherwise(warm: WarmProcess, tmp_path: Path) -> None:
    shows = notebook("import os\nprint(os.getcwd(), os.environ.get('WORD'), end='')")
    for folder, word in (("a", "1"), ("a", "2"), ("b", "2"), ("b", "2"), ("b", "3")):
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("WORD", word)
            assert said(execute(shows, warm="shell", cwd=place)) == f"{place} {word}"
    assert [was_there(warm, cwd=tmp_path) for _ in range(4)][-1]


def test_a_limit_of_memory_is_the_runs_own(warm: WarmProcess) -> None:
    shows = notebook("import resource\nprint(resource.getrlimit(resource.RLIMIT_DATA)[0], end='')")
    assert said(execute(shows, warm="shell")) == "-1"
    limit = 3_000_000_000
    for _ in range(2):
        assert said(execute(shows, warm="shell", memory_limit=limit)) == f"{limit}"
    assert said(execute(shows, warm="shell")) == "-1"


def test_seeds_are_those_of_the_run_and_without_one_no_run_is_like_another(warm: WarmProcess) -> None:
    draws = notebook("import random, numpy\nprint(random.random(), numpy.random.random())")
    seeded = [said(execute(draws, warm="shell", seed=seed)) for seed in (5, 5, 6, 5)]
    assert seeded[0] == seeded[1] == seeded[3] != seeded[2]
    assert len({said(execute(draws, warm="shell")) for _ in range(4)}) == 4


@pytest.mark.parametrize("watched", [True, False])
def test_its_streams_are_those_of_the_run(
    watched: bool, warm: WarmProcess, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if watched:  # under pytest, ipykernel leaves alone what is written past Python's own streams
        monkeypatch.delenv("PYTEST_CURRENT_TEST")
    speaks = notebook(
        "import os, sys\nprint('above', flush=True)\nos.write(1, b'below\\n')\n"
        "os.write(sys.stdout.fileno() if 'PYTEST_CURRENT_TEST' not in os.environ else 1, b'beside\\n')\n"
        "import time; time.sleep(0.3); print(end='', flush=True)"
    )
    found = []
    for _ in range(3):
        capfd.readouterr()
        within = sorted(word for word in said(execute(speaks, warm="shell")).split() if word.isalpha())
        found.append((within, sorted(capfd.readouterr().out.split())))
    first, *others = found
    assert first == ((["above", "below"], ["below", "beside"]) if watched else (["above"], ["below", "beside"]))
    assert others == [first, first]


def test_its_files_are_those_of_any_other_run(warm: WarmProcess) -> None:
    # The numbers of the pipes and of the system's event queues differ from process to process.
    looks = notebook(
        "import os, re\nfound = []\n"
        "for n in os.listdir('/proc/self/fd'):\n"
        "    try: found.append(re.sub(r'\\d+', '', os.readlink(f'/proc/self/fd/{n}')))\n"
        "    except OSError: pass\n"
        "print(sorted(found))"
    )
    first, *others = [said(execute(looks, warm="shell")) for _ in range(3)]
    assert others == [first, first]


def test_a_users_start_up_file_is_read_once_a_run_and_in_its_time(
    warm: WarmProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "profile_default" / "startup"
    folder.mkdir(parents=True)
    (folder / "count.py").write_text(f"open({str(tmp_path / 'count')!r}, 'a').write('x')\n")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    for number in range(1, 5):
        assert not was_there(warm)
        assert (tmp_path / "count").read_text() == "x" * number


def test_a_users_settings_are_read_in_the_runs_time(
    warm: WarmProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "profile_default").mkdir()
    settings = tmp_path / "profile_default" / "ipython_kernel_config.py"
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    for word in ("one", "two", "three"):
        settings.write_text(f"c.InteractiveShellApp.exec_lines = ['word = \"{word}\"']\n")
        assert said(execute(notebook("print(word, end='')"), warm="shell")) == word
    assert not was_there(warm)


def test_one_that_was_killed_while_it_waited_costs_no_run(warm: WarmProcess) -> None:
    was_there(warm)
    left = the_one_that_waits(warm)
    os.kill(left, signal.SIGKILL)
    assert not was_there(warm)
    assert was_there(warm)


def test_one_that_is_stopped_goes_with_the_warm_process(warm: WarmProcess) -> None:
    was_there(warm)
    left = the_one_that_waits(warm)
    os.kill(left, signal.SIGSTOP)
    warm.end()
    assert gone(left)
