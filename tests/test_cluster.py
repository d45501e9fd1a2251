"""Batches performed by dask: real schedulers and workers on this machine, some of which are killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from a_dask_cluster import DaskCluster
from nbformat.v4 import new_code_cell, new_notebook

from sroi.batch.cluster import cluster_of
from sroi.batch.folder import Folder
from sroi.batch.plan import Plan, read_plan
from sroi.batch.runner import Summary, pool_of, run_batch, settings_for
from sroi.batch.runs import Limits
from sroi.errors import MethodRefused

pytest.importorskip("distributed", reason="NOT TESTED: the extra `distributed` is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm_notebooks")]

CODE = """
import os, signal, time
time.sleep(pause)
if poison == "exit":
    os._exit(3)
if poison == "worker":
    # The process that serves this notebook's client is a dask worker: take it along, as lack of memory would.
    import psutil
    for process in psutil.process_iter(["name", "cmdline"]):
        if any("dask" in word for word in process.info["cmdline"] or ()) and process.pid == int(open(victim).read()):
            process.kill()
print(number * number)
"""


def template_in(folder: Path) -> Path:
    cells = [
        new_code_cell('number = 0\npause = 0.0\npoison = ""\nvictim = ""', metadata={"tags": ["parameters"]}),
        new_code_cell(CODE),
        new_code_cell("import sroi\nsroi.record('square', number * number)"),
    ]
    path = folder / "square.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def planned(folder: Path, rows: list[dict[str, Any]]) -> tuple[Plan, Any]:
    template = template_in(folder)
    plan = folder / "plan.json.yaml"
    plan.write_text(json.dumps(rows), encoding="utf-8")
    settings, basis = settings_for(template, folder, Limits(run=60), 0)
    return read_plan(plan, template, {}, basis), settings


def perform_all(plan: Plan, settings: Any, out: Path, performing: Any, watcher: Any = None) -> Summary:
    folder = Folder(out)
    with folder.held():
        return run_batch(plan, folder, settings, performing, watcher=watcher)


def sidecars(out: Path) -> dict[int, dict[str, Any]]:
    """Return what is recorded, by row; a row recorded twice or a file that cannot be read fails here."""
    told = [json.loads(path.read_text(encoding="utf-8")) for path in (out / "runs").iterdir()]
    assert len({each["row"] for each in told}) == len(told)
    for path in (out / "notebooks").iterdir():
        nbformat.read(path, as_version=4)
    return {each["row"]: each for each in told}


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[DaskCluster]:
    with DaskCluster(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """A cluster for tests that leave it as it is."""
    with DaskCluster(tmp_path_factory.mktemp("cluster")) as running:
        running.start_worker()
        running.start_worker()
        yield running


class At:
    """Does something once, when so many runs have ended."""

    def __init__(self, count: int, action: Callable[[], None]) -> None:
        self.count, self.action, self.seen = count, action, 0

    def begin(self, runs: int, kept: int) -> None:
        return

    def ran(self, record: Any) -> None:
        self.seen += 1
        if self.seen == self.count:
            self.action()

    def end(self) -> None:
        return


def test_two_workers_give_what_the_local_pool_gives(two_workers: DaskCluster, tmp_path: Path) -> None:
    plan, settings = planned(tmp_path, [{"number": n} for n in range(12)])
    there = perform_all(plan, settings, tmp_path / "there", cluster_of(two_workers.address, 2))
    here = perform_all(plan, settings, tmp_path / "here", pool_of(2))
    assert (there.performed, there.failed) == (here.performed, here.failed) == (12, 0)
    one, other = sidecars(tmp_path / "there"), sidecars(tmp_path / "here")
    for row in one:
        for field in ("key", "parameters", "seed", "status", "recorded", "result"):
            assert one[row][field] == other[row][field]
    assert (tmp_path / "there" / "results.csv").read_text("utf-8").count("\n") == 13
    again = perform_all(plan, settings, tmp_path / "there", cluster_of(two_workers.address, 2))
    assert (again.kept, again.performed) == (12, 0)


def test_a_worker_that_is_killed_takes_no_run_along_and_another_may_come(dask: DaskCluster, tmp_path: Path) -> None:
    plan, settings = planned(tmp_path, [{"number": n, "pause": 0.3} for n in range(30)])
    first = dask.start_worker()
    dask.start_worker()

    def replace() -> None:
        for each in psutil.Process(first.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):  # a run's process may end while it is looked at
                if "multiprocessing" in " ".join(each.cmdline()) or "dask" in " ".join(each.cmdline()):
                    each.kill()
        os.kill(first.pid, signal.SIGKILL)
        dask.start_worker()

    summary = perform_all(plan, settings, tmp_path / "out", cluster_of(dask.address, 2), At(5, replace))
    assert (summary.performed, summary.failed) == (30, 0)
    told = sidecars(tmp_path / "out")
    assert sorted(told) == list(range(1, 31))
    assert all(each["recorded"]["square"] == each["parameters"]["number"] ** 2 for each in told.values())


def test_a_scheduler_that_is_restarted_loses_no_run(dask: DaskCluster, tmp_path: Path) -> None:
    plan, settings = planned(tmp_path, [{"number": n, "pause": 0.2} for n in range(30)])
    dask.start_worker()
    dask.start_worker()

    def restart() -> None:
        dask.kill_scheduler()

        def later() -> None:
            time.sleep(1)
            dask.start_scheduler()
            dask.start_worker()
            dask.start_worker()

        threading.Thread(target=later, daemon=True).start()

    summary = perform_all(plan, settings, tmp_path / "out", cluster_of(dask.address, 2), At(6, restart))
    assert (summary.performed, summary.failed) == (30, 0)
    assert sorted(sidecars(tmp_path / "out")) == list(range(1, 31))


def test_a_poison_run_does_not_take_its_neighbours_along(two_workers: DaskCluster, tmp_path: Path) -> None:
    rows = [{"number": n, "poison": "exit" if n == 3 else ""} for n in range(8)]
    plan, settings = planned(tmp_path, rows)
    summary = perform_all(plan, settings, tmp_path / "out", cluster_of(two_workers.address, 2))
    told = sidecars(tmp_path / "out")
    assert [row for row, each in told.items() if each["status"] == "failed"] == [4]
    assert summary.failed == 1
    assert "process" in told[4]["error"]


def test_workers_of_this_machine_are_started_by_the_word_local(tmp_path: Path) -> None:
    plan, settings = planned(tmp_path, [{"number": n} for n in range(4)])
    summary = perform_all(plan, settings, tmp_path / "out", cluster_of("local", 2))
    assert (summary.performed, summary.failed) == (4, 0)


def test_a_scheduler_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    plan, settings = planned(tmp_path, [{"number": 1}])
    with pytest.raises(MethodRefused, match=r"the scheduler at tcp://127\.0\.0\.1:9 cannot be reached") as refused:
        perform_all(plan, settings, tmp_path / "out", cluster_of("tcp://127.0.0.1:9", 2))
    assert "Start one, `dask scheduler`" in str(refused.value)
    assert sidecars(tmp_path / "out") == {}


def test_a_scheduler_without_workers_is_said_to_have_none(dask: DaskCluster, tmp_path: Path) -> None:
    plan, settings = planned(tmp_path, [{"number": 1}])
    with pytest.raises(MethodRefused, match="has no worker"):
        perform_all(plan, settings, tmp_path / "out", cluster_of(dask.address, 2, patience=3))


def test_workers_that_do_not_see_the_folder_say_so(tmp_path: Path) -> None:
    from sroi.batch.cluster import perform_there

    plan, settings = planned(tmp_path, [{"number": 1}])
    answer = perform_there(plan.runs[0], Folder(tmp_path / "elsewhere"), settings, False)
    assert answer.broken.startswith("its worker does not see the batch's folder")
