"""The warm engine: how a run ends, what it may take, what dies with whom, and when papermill's own way is taken."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
import pytest
from awkward_notebooks import notebook
from hypothesis import given
from hypothesis import strategies as st
from warm_runs import execute, gone, named, said, states

from sroi.errors import RunFailed
from sroi.warm import service
from sroi.warm.channel import Packets
from sroi.warm.choice import needs_kernel, why_not_warm
from sroi.warm.faults import (
    KernelEnded,
    MemoryLimitPassed,
    TimeLimitPassed,
    kernel_ended,
    memory_limit_passed,
    time_limit_passed,
)
from sroi.warm.preload import MoreThanOneThread, preload
from sroi.warm.service import NoWarmProcess, WarmProcess, WarmService

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="runs are forked on Linux only")
WARM = ("shell", "kernel")
EVERY_WAY = ("shell", "kernel", "stock")
every_way = pytest.mark.parametrize("way", EVERY_WAY)
warm_way = pytest.mark.parametrize("way", WARM)


# ---- a run that goes well


def test_the_papermill_command_has_the_engine_and_leaves_no_process(tmp_path: Path) -> None:
    nbformat.write(notebook("a = 1", "print(a + 1)"), tmp_path / "in.ipynb")
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    environment.pop(service.SOCKET, None)
    command = [sys.executable, "-m", "papermill", "--engine", "sroi-warm", "in.ipynb", "out.ipynb"]
    run = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", timeout=120, check=True
    )
    assert "sroi-warm: forked from a warm process" in run.stderr
    assert "Executing: 100%" in run.stderr
    assert states(tmp_path / "out.ipynb") == (["completed", "completed"], None)
    assert said(nbformat.read(tmp_path / "out.ipynb", as_version=4)) == "2\n"
    assert [gone(process.pid) for process in named(str(tmp_path))] in ([], [True])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.ipynb", "out.ipynb"]


@every_way
def test_a_run_keeps_papermills_account_of_itself(way: str, tmp_path: Path) -> None:
    saved = tmp_path / "out.ipynb"
    looks = f"import json; [c['metadata']['papermill']['status'] for c in json.load(open({str(saved)!r}))['cells']]"
    run = execute(notebook("first = 1", looks, "# nothing"), saved, way)
    assert said(run, 1) == "['completed', 'running', 'pending']"
    assert states(saved) == (["completed"] * 3, None)
    told = run.cells[0].metadata.papermill
    assert told["duration"] > 0
    assert told["start_time"] < told["end_time"]
    assert run.metadata["language_info"]["name"] == "python"


def test_it_runs_in_the_folder_that_is_asked_for(tmp_path: Path) -> None:
    run = execute(notebook("import os; print(os.getcwd())"), cwd=tmp_path)
    assert said(run).strip() == str(tmp_path)


def test_parameters_come_in_as_ever() -> None:
    made = notebook("a = 1", "print(a)")
    made.cells[0].metadata["tags"] = ["parameters"]
    assert said(execute(made, parameters={"a": 5})) == "5\n"


def test_output_goes_to_the_log_and_files_if_asked_for(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "papermill")
    with (tmp_path / "said").open("w") as file:
        execute(notebook("print('heard')"), log_output=True, stdout_file=file)
    assert (tmp_path / "said").read_text() == "heard\n"
    assert "heard" in caplog.text


# ---- a run that does not


@every_way
def test_an_error_in_a_cell_is_papermills_own(way: str, tmp_path: Path) -> None:
    from papermill.exceptions import PapermillExecutionError

    with pytest.raises(PapermillExecutionError) as refusal:
        execute(notebook("a = 1", "1 / 0", "print('never')"), tmp_path / "out.ipynb", way)
    assert refusal.value.ename == "ZeroDivisionError"
    assert states(tmp_path / "out.ipynb") == (["completed", "failed", "pending"], True)


@every_way
def test_a_process_that_ends_is_told_and_nothing_after_it_is_called_completed(way: str, tmp_path: Path) -> None:
    # What a kernel with sockets has said is still on its way within it for a moment.
    moment = "" if way == "shell" else "import time; time.sleep(0.5)"
    made = notebook("a = 1", f"print('last words', flush=True)\n{moment}\nimport os; os._exit(3)", "print('never')")
    with pytest.raises(KernelEnded, match="cell 2: the notebook's process") as fault:
        execute(made, tmp_path / "out.ipynb", way)
    if way != "stock":
        assert fault.value.exit_code == 3
        assert "ended by itself with exit code 3" in str(fault.value)
    assert not fault.value.for_lack_of_memory
    assert states(tmp_path / "out.ipynb") == (["completed", "failed", "pending"], True)
    outputs = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[1].outputs
    assert outputs[0]["text"] == "last words\n"
    assert outputs[-1]["ename"] == "KernelEnded"


@warm_way
def test_a_process_that_is_killed_is_told_by_the_signal(way: str) -> None:
    with pytest.raises(KernelEnded, match="was ended by SIGKILL") as fault:
        execute(notebook("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"), warm=way)
    assert fault.value.exit_code == -9


def test_a_crash_in_a_library_is_told_by_the_signal() -> None:
    with pytest.raises(KernelEnded, match="SIGSEGV"):
        execute(notebook("import ctypes; ctypes.string_at(0)"), warm="shell")


@every_way
def test_leaving_early_is_no_completion(way: str, tmp_path: Path) -> None:
    execute(notebook("import sys", "sys.exit(0)", "print('never')"), tmp_path / "out.ipynb", way)
    assert states(tmp_path / "out.ipynb") == (["completed", "failed", "pending"], True)


@every_way
def test_a_cell_has_its_limit_of_time_and_shows_where_it_was(way: str, tmp_path: Path) -> None:
    made = notebook("a = 1", "import time\nprint('begun', flush=True)\ntime.sleep(60)  # here", "print('never')")
    began = time.monotonic()
    with pytest.raises(TimeLimitPassed, match="cell 2: the cell took longer than 1 s") as fault:
        execute(made, tmp_path / "out.ipynb", way, execution_timeout=1)
    assert (fault.value.limit, fault.value.seconds) == ("cell", 1.0)
    assert time.monotonic() - began < 30
    assert states(tmp_path / "out.ipynb") == (["completed", "failed", "pending"], True)
    outputs = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[1].outputs
    assert [output.get("ename") for output in outputs] == [None, "KeyboardInterrupt", "TimeLimitPassed"]
    assert "# here" in "".join(outputs[1]["traceback"])


@every_way
def test_a_cell_that_ignores_interruption_is_killed_soon(way: str) -> None:
    made = notebook("import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(1)")
    began = time.monotonic()
    with pytest.raises(TimeLimitPassed):
        execute(made, warm=way, execution_timeout=1)
    assert time.monotonic() - began < 30


@every_way
def test_a_run_has_its_limit_of_time(way: str, tmp_path: Path) -> None:
    made = notebook("import time", *["time.sleep(1.5)"] * 40)
    with pytest.raises(TimeLimitPassed, match="the run took longer than 4 s") as fault:
        execute(made, tmp_path / "out.ipynb", way, run_timeout=4, execution_timeout=30)
    assert (fault.value.limit, fault.value.seconds) == ("run", 4.0)
    told, exception = states(tmp_path / "out.ipynb")
    failed = told.index("failed")
    assert told == ["completed"] * failed + ["failed"] + ["pending"] * (40 - failed)
    assert exception is True


@every_way
def test_a_run_has_its_limit_of_memory(way: str, tmp_path: Path) -> None:
    made = notebook("a = 1", "b = bytearray(3_000_000_000)", "print('never')")
    with pytest.raises(MemoryLimitPassed, match=r"cell 2: the cell wanted more memory .* \(1,500 MB\)") as fault:
        execute(made, tmp_path / "out.ipynb", way, memory_limit=1_500_000_000)
    assert fault.value.limit == 1_500_000_000
    assert states(tmp_path / "out.ipynb") == (["completed", "failed", "pending"], True)


def test_a_limit_of_memory_below_what_a_run_needs_to_begin_is_told(tmp_path: Path) -> None:
    with pytest.raises(KernelEnded, match="for lack of memory") as fault:
        execute(notebook("1"), tmp_path / "out.ipynb", "shell", memory_limit=1_000_000)
    assert fault.value.for_lack_of_memory
    assert states(tmp_path / "out.ipynb") == (["pending"], True)


def test_without_a_limit_the_same_error_is_an_error_of_the_cell() -> None:
    from papermill.exceptions import PapermillExecutionError

    with pytest.raises(PapermillExecutionError, match="MemoryError"):
        execute(notebook("raise MemoryError"))


@every_way
def test_one_seed_gives_the_same_numbers_in_every_way(way: str) -> None:
    made = notebook("import random, numpy\nprint(random.random(), numpy.random.rand())")
    # python -c "import random; random.seed(7); print(random.random())"; numpy.random.seed(7) likewise.
    assert said(execute(made, warm=way, seed=7)) == "0.32383276483316237 0.07630828937395717\n"


def test_a_seed_too_large_for_numpy_is_brought_within_its_bounds() -> None:
    assert said(execute(notebook("import numpy; print(numpy.random.rand())"), warm="shell", seed=7 + 2**32)) == (
        "0.07630828937395717\n"
    )


def test_input_is_refused_at_once() -> None:
    from papermill.exceptions import PapermillExecutionError

    with pytest.raises(PapermillExecutionError, match="StdinNotImplementedError"):
        execute(notebook("input('name? ')"))


# ---- who dies with whom


def pid_in(path: Path) -> int:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if path.exists() and path.read_text().strip():
            return int(path.read_text())
        time.sleep(0.05)
    raise AssertionError(f"nothing was written to {path}")


STARTS_OTHERS = """
import subprocess, pathlib
for name, apart in (("child", False), ("daemon", True)):
    other = subprocess.Popen(["sleep", "300"], start_new_session=apart)
    pathlib.Path(name).write_text(str(other.pid))
"""


@pytest.mark.parametrize("end", ["", "import os; os._exit(1)", "import time; time.sleep(60)"])
def test_what_a_notebook_started_ends_with_it(end: str, tmp_path: Path) -> None:
    made = notebook(STARTS_OTHERS, end)
    if end:
        with pytest.raises(RunFailed):
            execute(made, warm="shell", cwd=tmp_path, execution_timeout=2)
    else:
        execute(made, warm="shell", cwd=tmp_path)
    assert gone(pid_in(tmp_path / "child"))
    assert gone(pid_in(tmp_path / "daemon"))


def test_one_run_that_ends_leaves_the_others_alone(tmp_path: Path) -> None:
    long = notebook(STARTS_OTHERS, "import time; time.sleep(4); print(other.poll())")
    with WarmService(), ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        waiting = pool.submit(execute, long, warm="shell", cwd=tmp_path)
        pid_in(tmp_path / "daemon")
        for _ in range(2):
            with pytest.raises(KernelEnded):
                pool.submit(execute, notebook("import os; os._exit(1)"), warm="shell").result(60)
        assert said(waiting.result(60)) == "None\n"


def test_a_run_holds_no_file_of_its_parents(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        os.set_inheritable(lock.fileno(), True)
        looks = notebook(
            "import os\nprint([os.path.realpath(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd')])"
        )
        assert str(tmp_path / "lock") not in said(execute(looks, warm="shell"))
        assert str(tmp_path / "lock") not in said(execute(looks, warm="kernel"))


def in_another_process(program: str, folder: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "TMPDIR": str(folder)}
    environment.pop(service.SOCKET, None)
    here = str(Path(__file__).parent)
    # A shell starts what it puts in the background deaf to Ctrl-C, and this is handed on.
    begin = f"import signal, sys; signal.signal(2, signal.default_int_handler); sys.path.insert(0, {here!r})\n"
    program = begin + textwrap.dedent(program)
    return subprocess.Popen([sys.executable, "-c", program], cwd=folder, env=environment, stderr=subprocess.DEVNULL)


LONG_RUN = """
    from awkward_notebooks import notebook
    from warm_runs import execute
    import test_warm_engine
    made = notebook("import os, pathlib, time; pathlib.Path('run').write_text(str(os.getpid()))",
                    "pathlib.Path('server').write_text(str(os.getppid()))", test_warm_engine.STARTS_OTHERS,
                    "pathlib.Path('begun').write_text('1'); time.sleep(60)")
    execute(made, "out.ipynb", warm="shell")
"""


def test_all_die_with_the_process_that_began_it(tmp_path: Path) -> None:
    owner = in_another_process(LONG_RUN, tmp_path)
    pid_in(tmp_path / "begun")
    owner.kill()
    owner.wait()
    for name in ("server", "run", "child", "daemon"):
        assert gone(pid_in(tmp_path / name)), name
    assert not list(tmp_path.glob("sroi-warm-*"))


def test_ctrl_c_ends_all_and_the_notebook_says_so(tmp_path: Path) -> None:
    stopped = r"\ntry: time.sleep(60)\nfinally: pathlib.Path('stopped').touch()"
    owner = in_another_process(LONG_RUN.replace("; time.sleep(60)", stopped), tmp_path)
    pid_in(tmp_path / "begun")
    owner.send_signal(signal.SIGINT)
    assert owner.wait(40) != 0
    assert (tmp_path / "stopped").exists(), "the cell ended as on Ctrl-C, and was not waited for"
    for name in ("server", "run", "child", "daemon"):
        assert gone(pid_in(tmp_path / name)), name
    assert states(tmp_path / "out.ipynb") == (["completed"] * 3 + ["failed"], True)


def test_a_warm_process_that_is_killed_is_told_and_started_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = notebook(
        STARTS_OTHERS, "import os, signal; os.kill(os.getppid(), signal.SIGKILL); import time; time.sleep(60)"
    )
    with pytest.raises(KernelEnded):
        execute(made, warm="shell", cwd=tmp_path)
    assert gone(pid_in(tmp_path / "child"))
    assert said(execute(notebook("print(1)"), warm="shell")) == "1\n"
    assert "the warm process was ended; another one is started" in caplog.text


# ---- one warm process for all workers


def parent_of_run(_: int) -> str:
    return said(execute(notebook("import os; print(os.getppid())")))


def test_the_workers_of_a_batch_share_one_warm_process() -> None:
    assert service.SOCKET not in os.environ
    with WarmService() as shared:
        assert shared.warm
        assert shared.why == "each run is forked from a process in which the heavy imports are done"
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            parents = set(pool.map(parent_of_run, range(4)))
    assert len(parents) == 1
    assert gone(int(parents.pop()))
    assert service.SOCKET not in os.environ


def test_a_worker_whose_warm_process_is_gone_starts_its_own(caplog: pytest.LogCaptureFixture) -> None:
    with WarmService() as shared:
        assert shared._process is not None
        assert shared._process._started is not None
        shared._process._started.kill()
        shared._process._started.wait()
        assert said(execute(notebook("print(1)"))) == "1\n"
    assert "the warm process of the batch does not answer; this worker starts its own" in caplog.text


def test_where_there_is_no_fork_papermills_own_way_is_taken_and_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(service, "why_no_fork", lambda: "Windows cannot fork a process")
    with WarmService() as shared:
        assert not shared.warm
        assert shared.why == "each run starts a kernel of its own: Windows cannot fork a process"
        assert said(execute(notebook("print(1)"))) == "1\n"
    assert "sroi-warm: this notebook starts a kernel of its own: Windows cannot fork a process" in caplog.text


@pytest.mark.parametrize(
    ("system", "reason"),
    [("win32", "Windows cannot fork"), ("darwin", "on macOS a fork"), ("sunos5", "tried on Linux only")],
)
def test_other_systems_are_not_forked_on(system: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert reason in str(service.why_no_fork())


def test_a_process_with_a_second_thread_serves_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    (tmp_path / "sitecustomize.py").write_text(program, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    with pytest.raises(NoWarmProcess, match="the warm process has 2 threads after its imports, and forking needs one"):
        WarmProcess.start()


def test_the_threads_are_counted_after_the_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sroi.warm.preload.count_threads", lambda: 3)
    monkeypatch.setattr("sroi.warm.preload._use_once", lambda: None)
    monkeypatch.setenv("MPLBACKEND", "agg")
    with pytest.raises(MoreThanOneThread, match="3 threads"):
        preload(("json",))


def test_a_run_with_other_settings_of_python_begins_by_itself(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    execute(notebook("1"))
    monkeypatch.setenv("PYTHONHASHSEED", "5")
    run = execute(notebook("import sys, os; print(os.environ['PYTHONHASHSEED'], hash('a'))"))
    expected = subprocess.run([sys.executable, "-c", "print(5, hash('a'))"], capture_output=True, encoding="utf-8")
    assert said(run) == expected.stdout
    assert "the run has another PYTHONHASHSEED, which is read when Python begins" in caplog.text


# ---- which way


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import ipywidgets as w", "cell 1 imports ipywidgets"),
        ("if True:\n    from ipywidgets import interact", "cell 1 imports ipywidgets"),
        ("%gui qt", "cell 1 uses %gui"),
        ("%matplotlib widget\nimport x", "cell 1 uses %matplotlib w"),
        ("get_ipython().kernel.session", "cell 1 asks for get_ipython().kernel"),
        ("%matplotlib inline\nimport pandas", None),
        ("import pandas\nx = 'ipywidgets'", None),
        ("# import ipywidgets\n(", None),
    ],
)
def test_a_notebook_that_talks_to_its_kernel_gets_one(source: str, reason: str | None) -> None:
    assert needs_kernel(notebook(source)) == reason


@pytest.mark.parametrize(
    ("own", "asked", "word"),
    [
        ("auto", "auto", "sroi-warm: forked from a warm process"),
        ("kernel", "auto", "sroi-warm: a kernel forked from a warm process"),
        ("stock", "auto", "sroi-warm: this notebook starts a kernel of its own: it was asked for"),
        ("stock", "shell", "sroi-warm: forked from a warm process"),
    ],
)
def test_the_way_can_be_asked_for(own: str, asked: str, word: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "papermill")
    made = notebook("print(1)")
    made.metadata["sroi"] = {"warm": own}
    assert said(execute(made, warm=asked)) == "1\n"
    assert word in caplog.text


def test_a_way_that_there_is_not_is_refused() -> None:
    with pytest.raises(
        ValueError, match="there is no way 'hot' to run a notebook; there are auto, shell, kernel, stock"
    ):
        execute(notebook("1"), warm="hot")


def test_another_language_or_another_python_is_not_forked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, spec in (
        ("letters", {"argv": ["letters"], "language": "letters", "display_name": "L"}),
        ("other", {"argv": ["/opt/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"], "language": "python", "display_name": "O"}),
        ("own", {"argv": [sys.executable, "-m", "own", "-f", "{connection_file}"], "language": "python", "display_name": "W"}),
    ):  # fmt: skip
        folder = tmp_path / "kernels" / name
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    made = notebook("1")
    assert why_not_warm(made, "letters") == "its language is letters"
    assert why_not_warm(made, "other") == "its kernel 'other' is another Python (/opt/python)"
    assert why_not_warm(made, "own") == "its kernel 'own' is started in a way of its own"
    assert why_not_warm(made, "none") == "there is no kernel 'none'"
    assert why_not_warm(made, "python3") is None


def test_a_folder_with_settings_of_matplotlib_has_them_read(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("figure.dpi: 33\n", encoding="utf-8")
    run = execute(notebook("import matplotlib\nprint(matplotlib.rcParams['figure.dpi'])"), cwd=tmp_path)
    assert said(run) == "33.0\n"


# ---- small parts


@pytest.mark.parametrize(
    "fault",
    [
        kernel_ended(3, -9, no_memory=True),
        time_limit_passed(2, "run", 1.5),
        memory_limit_passed(None, 10**9),
    ],
)
def test_a_fault_travels_whole_between_processes(fault: Any) -> None:
    again = pickle.loads(pickle.dumps(fault))
    assert type(again) is type(fault)
    assert str(again) == str(fault)
    assert again.facts == fault.facts
    assert isinstance(again, RunFailed)


def test_lack_of_memory_is_told_apart() -> None:
    fault = kernel_ended(3, -9, no_memory=True)
    assert fault.for_lack_of_memory
    assert str(fault) == (
        "cell 3: the notebook's process was ended by SIGKILL for lack of memory. Let it use less memory, or give it more."
    )


@given(st.lists(st.binary(max_size=200_000), max_size=4), st.randoms(use_true_random=False))
def test_messages_come_whole_however_their_packets_are_mixed(messages: list[bytes], chance: Any) -> None:
    sender, receiver = Packets(), Packets()
    queues = [list(sender.cut(message)) for message in messages]
    got = []
    while any(queues):
        queue = chance.choice([queue for queue in queues if queue])
        whole = receiver.join(queue.pop(0))
        if whole is not None:
            got.append(whole)
    assert sorted(got) == sorted(messages)


def test_a_message_that_is_never_complete_is_forgotten_in_time() -> None:
    sender, receiver = Packets(), Packets()
    for _ in range(1000):
        first, _second = list(sender.cut(bytes(100_000)))
        assert receiver.join(first) is None
    assert len(receiver._parts) <= 257
