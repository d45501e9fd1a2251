"""Plans, templates, maps and batches on object stores: in memory, on disk by fsspec, and on a real S3 server here."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_notebook

import sroi
from sroi.batch.addresses import at_hand, files_on_store, is_address, store_of
from sroi.batch.folder import Folder
from sroi.batch.perform import perform
from sroi.batch.plan import read_plan
from sroi.batch.runner import run_batch, settings_for
from sroi.batch.runs import Limits
from sroi.batch.storage import storage_at
from sroi.batch.store import StoreFolder
from sroi.errors import FileRefused

pytestmark = pytest.mark.usefixtures("warm_notebooks")

pytest.importorskip("fsspec", reason="NOT TESTED: the extra `stores` is not installed")

SQUARE = """
from pathlib import Path
import sroi
Path(out, "deep").mkdir()
Path(out, "deep", "square.txt").write_text(str(number ** 2))
sroi.record("square", number ** 2)
"""


def square(folder: Path) -> Path:
    cells = [new_code_cell('number = 0\nout = "."', metadata={"tags": ["parameters"]}), new_code_cell(SQUARE)]
    path = folder / "square.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def in_this_process(folder: Any, settings: Any, runs: Any) -> Iterator[Any]:
    """Perform runs here: what fsspec keeps in memory no other process sees."""
    for run in runs:
        yield perform(run, folder, settings)


@pytest.fixture
def memory() -> Iterator[str]:
    import fsspec

    store = fsspec.filesystem("memory")
    store.store.clear()
    yield "memory://batches/may"
    store.store.clear()


@pytest.fixture
def planned(tmp_path: Path) -> tuple[Any, Any]:
    template = square(tmp_path)
    plan = tmp_path / "plan.csv"
    plan.write_text("number\n3\n4\n5\n", encoding="utf-8")
    settings, basis = settings_for(template, tmp_path, Limits(), 0)
    return read_plan(plan, template, {}, basis), settings


def contents(address: str) -> dict[str, bytes]:
    store, path = store_of(address)
    return {str(each).partition(path.lstrip("/"))[2]: store.cat_file(each) for each in store.find(path)}


def test_a_batch_in_memory_holds_what_one_on_disk_holds(memory: str, planned: Any, tmp_path: Path) -> None:
    plan, settings = planned
    for place in (memory, str(tmp_path / "disk")):
        folder = storage_at(place)
        with folder.held():
            summary = run_batch(plan, folder, settings, in_this_process)
        assert (summary.performed, summary.failed) == (3, 0)
    disk = tmp_path / "disk"
    there = contents(memory)
    here = {f"/{path.relative_to(disk).as_posix()}" for path in disk.rglob("*") if path.is_file()}
    assert here - {"/.lock"} == set(there) - {"/.sroi_batch"}
    for run in plan.runs:
        assert there[f"/files/{run.key}/deep/square.txt"] == str(run.parameters["number"] ** 2).encode()
        told = json.loads(there[f"/runs/{run.key}.json"])
        assert (told["status"], told["recorded"]) == ("done", {"square": run.parameters["number"] ** 2})
        nbformat.reads(there[f"/notebooks/{run.key}.ipynb"].decode("utf-8"), as_version=4)


def test_what_is_recorded_on_a_store_is_not_done_again_and_strays_are_swept(memory: str, planned: Any) -> None:
    plan, settings = planned
    folder = storage_at(memory)
    with folder.held():
        run_batch(plan, folder, settings, in_this_process)
    store, path = store_of(memory)
    stray = "0123456789abcdef" * 2
    store.pipe_file(f"{path}/notebooks/{stray}.ipynb", b"torn")
    store.pipe_file(f"{path}/files/{stray}/x.csv", b"torn")
    store.pipe_file(f"{path}/notebooks/my own.ipynb", b"{}")
    store.rm_file(f"{path}/runs/{plan.runs[1].key}.json")
    with folder.held():
        summary = run_batch(plan, folder, settings, in_this_process)
    assert (summary.kept, summary.performed) == (2, 1)
    assert not [name for name in contents(memory) if stray in name]
    assert "/notebooks/my own.ipynb" in contents(memory)


def test_two_batches_on_one_store_refuse_each_other(memory: str) -> None:
    folder = storage_at(memory)
    with folder.held():
        with pytest.raises(FileRefused, match="another batch works in this folder"), storage_at(memory).held():
            pass
        with pytest.raises(FileRefused, match="another batch"), storage_at(memory).held(alone=False):
            pass
    with storage_at(memory).held():
        pass


def test_a_batch_that_died_long_ago_holds_nothing(memory: str) -> None:
    store, path = store_of(memory)
    store.pipe_file(f"{path}/.lease", json.dumps({"who": "gone 1", "at": time.time() - 3600}).encode())
    with storage_at(memory).held():
        pass
    store.pipe_file(f"{path}/.lease", b"spoilt")
    with storage_at(memory).held():
        pass


def test_the_local_file_system_of_fsspec_is_a_store_like_others(planned: Any, tmp_path: Path) -> None:
    plan, settings = planned
    folder = storage_at(f"file://{tmp_path / 'by fsspec'}")
    with folder.held():
        assert run_batch(plan, folder, settings, in_this_process).performed == 3
    left = tmp_path / "by fsspec"
    assert sorted(path.stem for path in (left / "runs").iterdir()) == sorted(run.key for run in plan.runs)
    assert not list(left.rglob("*.partial"))
    assert (left / "files" / plan.runs[0].key / "deep" / "square.txt").read_text() == "9"


def test_a_local_path_is_a_folder_and_an_address_a_store() -> None:
    assert isinstance(storage_at("may"), Folder)
    assert isinstance(storage_at("s3://bucket/may"), StoreFolder)
    assert not is_address("C:/batches")
    assert not is_address("batches/may")


def test_maps_of_a_plan_on_a_store_are_found_beside_it(memory: str, tmp_path: Path) -> None:
    store, path = store_of(memory)
    for name in ("b", "a"):
        store.pipe_file(f"{path}/maps/{name}.yaml", sroi.case_study("wheels_to_meals").read_bytes())
    store.pipe_file(f"{path}/maps/notes.txt", b"not a map")
    cells = [new_code_cell('value_map = "x.yaml"', metadata={"tags": ["parameters"]}),
             new_code_cell("import sroi\nsroi.record('ratio', sroi.evaluate(sroi.read_value_map(value_map)).sroi_ratio)")]  # fmt: skip
    template = tmp_path / "ratio.ipynb"
    nbformat.write(new_notebook(cells=cells), template)
    plan = tmp_path / "plan.csv"
    plan.write_text("value_map\nmaps/*.yaml\nmaps\nmaps/a.yaml\n", encoding="utf-8")
    settings, basis = settings_for(template, tmp_path, Limits(), 0)
    read = read_plan(plan, template, {}, basis, f"{memory}/plan.csv")
    assert [run.value_map for run in read.runs] == [f"{memory}/maps/{each}.yaml" for each in ("a", "b", "a", "b", "a")]
    folder = storage_at(f"{memory}/out")
    with folder.held():
        summary = run_batch(read, folder, settings, in_this_process)
    assert (summary.performed, summary.failed) == (5, 0)
    sidecar = folder.sidecar(read.runs[0].key)
    assert sidecar is not None
    assert sidecar["recorded"]["ratio"] == pytest.approx(1.93, abs=0.005)
    assert sidecar["parameters"]["value_map"] == f"{memory}/maps/a.yaml"


def test_faulty_maps_on_a_store_are_named_before_anything_runs(memory: str, tmp_path: Path) -> None:
    store, path = store_of(memory)
    store.pipe_file(f"{path}/maps/bad.yaml", b"sroi: 1\ntitle: [\n")
    cells = [new_code_cell('value_map = "x.yaml"', metadata={"tags": ["parameters"]})]
    template = tmp_path / "ratio.ipynb"
    nbformat.write(new_notebook(cells=cells), template)
    plan = tmp_path / "plan.csv"
    plan.write_text("value_map\nmaps/bad.yaml\nmaps/missing.yaml\nhttp://example.org/a.yaml\n", encoding="utf-8")
    _, basis = settings_for(template, tmp_path, Limits(), 0)
    with pytest.raises(FileRefused) as refused:
        read_plan(plan, template, {}, basis, f"{memory}/plan.csv")
    said = str(refused.value)
    assert "line 2" in said
    assert f"{memory}/maps/bad.yaml cannot be used" in said
    assert "line 3" in said
    assert "missing.yaml" in said
    assert "line 4" in said
    assert "this is no store that a batch may use" in said


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://example.org/plan.csv", "this is no store that a batch may use"),
        ("simplecache::s3://bucket/x", "this is no store that a batch may use"),
        ("github://owner:repo@main/x", "this is no store that a batch may use"),
        ("sftp://me:secret@host/x", "the address holds a password"),
    ],
)
def test_addresses_that_a_batch_does_not_use(address: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=said) as refused:
        at_hand(address, tmp_path)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_not_on_the_store_is_said_not_to_be(memory: str, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="there is no such file on the store"):
        at_hand(f"{memory}/plan.csv", tmp_path)
    assert files_on_store(f"{memory}/none/*.yaml") == []


# ---- S3: a real server on loopback ----


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Yield the environment in which s3:// means a server of this machine, with a bucket named sroi."""
    pytest.importorskip("moto", reason="NOT TESTED: moto is not installed")
    pytest.importorskip("s3fs", reason="NOT TESTED: the extra `stores` is not installed")
    port = free_port()
    log = tmp_path_factory.mktemp("s3") / "log"
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", str(port)],
            stdout=stream, stderr=stream,
        )  # fmt: skip
    settings = {
        "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "FSSPEC_S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_EC2_METADATA_DISABLED": "true",
    }  # fmt: skip
    try:
        until = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.2)
        yield settings
    finally:
        server.kill()
        server.wait()


PUT = (
    "import s3fs, sys; store = s3fs.S3FileSystem(); store.mkdir('sroi')\n"
    "for file, place in zip(sys.argv[1::2], sys.argv[2::2]): store.pipe_file(place, open(file, 'rb').read())"
)
LOOK = (
    "import s3fs; store = s3fs.S3FileSystem(); print(*store.find('sroi/out'), sep='\\n'); print('--')\n"
    "print(store.cat_file('sroi/out/results.csv').decode())"
)


@pytest.mark.slow
def test_a_whole_batch_on_s3(s3: dict[str, str], tmp_path: Path) -> None:
    environment = {**os.environ, **s3, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}

    def python(*arguments: str) -> str:
        done = subprocess.run([sys.executable, *arguments], cwd=tmp_path, env=environment, capture_output=True,
                              encoding="utf-8", timeout=300, check=False)  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    (tmp_path / "plan.csv").write_text("value_map\nmaps/*.yaml\n", encoding="utf-8")
    put = {
        "sroi/in/maps/wheels.yaml": sroi.case_study("wheels_to_meals"),
        "sroi/in/maps/befriending.yaml": sroi.case_study("befriending"),
        "sroi/in/plan.csv": tmp_path / "plan.csv",
        "sroi/in/report.ipynb": ROOT / "templates" / "report.ipynb",
    }
    python("-c", PUT, *(str(word) for place, file in put.items() for word in (file, place)))
    batch = ["-m", "sroi", "batch", "s3://sroi/in/plan.csv", "--template", "s3://sroi/in/report.ipynb",
             "--out", "s3://sroi/out", "-p", "formats", "html", "--no-portfolio"]  # fmt: skip
    assert "2 runs: 2 done, 0 failed." in python(*batch)
    files, table = python("-c", LOOK).split("--")
    left = files.split()
    assert sum("/runs/" in name for name in left) == 2
    assert sum(name.endswith("report.html") for name in left) == 2
    assert "Wheels-to-Meals" in table
    assert "1.92901318" in table
    assert "2 runs, 2 of them recorded before: 2 done, 0 failed." in python(*batch)
    one = ["-m", "sroi", "run-one", "--template", "s3://sroi/in/report.ipynb", "--out", "s3://sroi/one",
           "-p", "value_map", "s3://sroi/in/maps/wheels.yaml", "-p", "formats", "html"]  # fmt: skip
    assert " done (s3://sroi/one/runs/" in python(*one)
