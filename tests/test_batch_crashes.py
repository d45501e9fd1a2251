"""A batch that is killed, stopped or starved of room loses no recorded run, does none twice, and leaves no process.

The sizes can be raised: SROI_CRASH_RUNS=500 SROI_CRASH_KILLS=20 runs the whole proof, SROI_MEMORY_RUNS=1000 that of memory.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import batches
import nbformat
import psutil
import pyarrow.parquet
import pytest
from warm_runs import named

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are of Unix"),
]

RUNS = int(os.environ.get("SROI_CRASH_RUNS", "60"))
KILLS = int(os.environ.get("SROI_CRASH_KILLS", "4"))
MEMORY_RUNS = int(os.environ.get("SROI_MEMORY_RUNS", "80"))
PATIENCE = 600.0


def project(folder: Path, runs: int, *cells: str) -> list[str]:
    """Write a quick template and a plan; return the command that runs it."""
    batches.template(folder / "t.ipynb", *(cells or ("import sroi\nsroi.record('double', 2 * x)",)))
    batches.plan(folder / "plan.csv", "x", *(str(n) for n in range(runs)))
    return ["batch", "plan.csv", "--template", "t.ipynb", "--out", "out", "--jobs", "2", "--no-portfolio"]


def recorded(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (out / "runs").glob("*.json")} if (out / "runs").is_dir() else {}


def how_many(out: Path) -> int:
    """Return how many runs are recorded, at little cost: it is asked again and again while they run."""
    return sum(name.endswith(".json") for name in os.listdir(out / "runs")) if (out / "runs").is_dir() else 0


def wait_for_more(out: Path, than: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while how_many(out) <= than and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)


def assert_nothing_is_left(word: str) -> None:
    deadline = time.monotonic() + 30
    while (alive := batches.processes_of(word)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert alive == []


def assert_whole(folder: Path, runs: int) -> None:
    """Hold that each run of the plan is recorded once, that every file can be read, and that the tables have them all."""
    kept = batches.sidecars(folder / "out")
    assert [each["row"] for each in kept] == list(range(1, runs + 1))
    assert {each["status"] for each in kept} == {"done"}
    assert [each["recorded"] for each in kept] == [{"double": 2.0 * n} for n in range(runs)]
    notebooks = sorted((folder / "out" / "notebooks").iterdir())
    assert [path.stem for path in notebooks] == sorted(each["key"] for each in kept)
    for path in notebooks:
        nbformat.read(path, as_version=4)
    rows = batches.rows_of(folder / "out")
    assert [each["key"] for each in rows] == [each["key"] for each in kept]
    assert pyarrow.parquet.read_table(folder / "out" / "results.parquet").column("double").to_pylist() == [
        2.0 * n for n in range(runs)
    ]
    assert not [path for path in (folder / "out" / ".unfinished").iterdir() if path.is_dir()]


def test_kill_9_of_the_whole_group_at_random_moments_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    command = project(tmp_path, RUNS)
    out, chance = tmp_path / "out", random.Random(20_24)
    for kill in range(KILLS):
        process = batches.started(tmp_path, *command)
        before = recorded(out)
        if kill % 3 < 2:  # while runs end; else at any moment since the start
            wait_for_more(out, len(before) + chance.randrange(RUNS // (2 * KILLS) + 1), process)
            time.sleep(chance.random() * 0.3)
        else:
            time.sleep(chance.random() * 6)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        after = recorded(out)
        assert {name: after[name] for name in before} == before, "what is recorded is never touched again"
        for content in after.values():
            json.loads(content)
        for path in (out / "notebooks").glob("*.ipynb"):
            nbformat.read(path, as_version=4)
        assert_nothing_is_left(tmp_path.name)
    before = recorded(out)
    last = batches.sroi(tmp_path, *command, timeout=PATIENCE)
    assert (last.returncode, last.stderr) == (0, "")
    assert {name: content for name, content in recorded(out).items() if name in before} == before
    assert_whole(tmp_path, RUNS)
    assert_nothing_is_left(tmp_path.name)


def test_a_worker_that_is_killed_takes_no_other_run_along(tmp_path: Path) -> None:
    command = project(tmp_path, 12, "import time, sroi\ntime.sleep(0.3)\nsroi.record('double', 2 * x)")
    process = batches.started(tmp_path, *command)
    wait_for_more(tmp_path / "out", 1, process)
    mine = {each.pid for each in psutil.Process(process.pid).children()}
    workers = [each for each in named("spawn_main") if each.pid in mine]
    assert len(workers) == 2
    time.sleep(0.2)  # in the middle of a run
    workers[0].kill()
    assert process.wait(PATIENCE) == 0
    assert_whole(tmp_path, 12)
    assert_nothing_is_left(tmp_path.name)


def test_a_second_batch_on_the_same_folder_refuses_and_the_first_ends_well(tmp_path: Path) -> None:
    waits = "import time, pathlib, sroi\nopen('begun', 'w').close()\nwhile not pathlib.Path('go').exists(): time.sleep(0.05)"
    command = project(tmp_path, 3, f"{waits}\nsroi.record('double', 2 * x)")
    first = batches.started(tmp_path, *command)
    deadline = time.monotonic() + PATIENCE
    while not (tmp_path / "begun").exists() and first.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    second = batches.sroi(tmp_path, *command)
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == "out: another batch works in this folder. Wait for its end, or name another folder.\n"
    assert first.poll() is None
    (tmp_path / "go").touch()
    assert first.wait(PATIENCE) == 0
    assert_whole(tmp_path, 3)
    assert_nothing_is_left(tmp_path.name)


def test_ctrl_c_keeps_what_is_recorded_and_the_same_command_goes_on(tmp_path: Path) -> None:
    command = project(tmp_path, 12, "import time, sroi\ntime.sleep(0.3)\nsroi.record('double', 2 * x)")
    process = subprocess.Popen(
        [sys.executable, "-c", "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from sroi.cli import command; command()", *command],
        cwd=tmp_path, env=batches.environment(), stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    wait_for_more(tmp_path / "out", 1, process)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert said.decode() == (
        "What is recorded is kept, and the same command goes on from there.\nStopped. Nothing half written was left behind.\n"
    )
    assert process.returncode == 130
    assert list((tmp_path / "out" / ".unfinished").iterdir()) == []
    assert_nothing_is_left(tmp_path.name)
    before = recorded(tmp_path / "out")
    statuses = [each["status"] for each in batches.rows_of(tmp_path / "out")]
    assert statuses.count("done") == len(before) < 12
    run = batches.sroi(tmp_path, *command)
    assert run.stdout.splitlines()[0] == f"12 runs, {len(before)} of them recorded before: 12 done, 0 failed."
    assert_whole(tmp_path, 12)


def test_a_full_disk_stops_with_a_clear_word_and_loses_no_recorded_run(tmp_path: Path) -> None:
    command = project(tmp_path, 60)
    out = tmp_path / "out"
    out.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(out)], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk can be made by root alone")
    try:
        run = batches.sroi(tmp_path, *command)
        before = recorded(out)
        assert 0 < len(before) < 60
        assert run.stderr == (
            f"out: the disk is full: {len(before)} of 60 runs are recorded and kept. "
            "Make room, and give the same command again.\n"
        )
        assert run.returncode == 1
        assert {json.loads(content)["status"] for content in before.values()} == {"done"}
        subprocess.run(["mount", "-o", "remount,size=20m", str(out)], check=True)
        run = batches.sroi(tmp_path, *command)
        assert run.stdout.splitlines()[0] == f"60 runs, {len(before)} of them recorded before: 60 done, 0 failed."
        assert {name: content for name, content in recorded(out).items() if name in before} == before
        assert_whole(tmp_path, 60)
    finally:
        subprocess.run(["umount", str(out)], check=False)


def test_the_parents_memory_stays_constant(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    process = batches.started(tmp_path, *project(tmp_path, MEMORY_RUNS))
    parent, seen = psutil.Process(process.pid), dict[int, float]()
    while process.poll() is None:
        try:
            seen[how_many(tmp_path / "out")] = parent.memory_info().rss / 1e6
        except psutil.Error:
            break
        time.sleep(0.25)
    assert process.wait(PATIENCE) == 0
    assert_whole(tmp_path, MEMORY_RUNS)
    counts = sorted(seen)
    early = max(seen[count] for count in counts if count <= MEMORY_RUNS // 2)
    late = max(seen[count] for count in counts if count > MEMORY_RUNS // 2)
    record_property("megabytes", {"runs": MEMORY_RUNS, "first half": early, "second half": late})
    assert late < early + 5 + MEMORY_RUNS * 0.005
