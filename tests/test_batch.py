"""A batch: what it leaves, what it keeps, what it runs again, and that no run harms another."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import batches
import nbformat
import pyarrow.parquet
import pytest

import sroi
from sroi.batch.folder import Folder
from sroi.batch.recording import MIME, checked_record, recorded_in
from sroi.batch.results import Table
from sroi.batch.runs import Record, Run, record_of
from sroi.errors import FileRefused, NameRefused

pytestmark = pytest.mark.usefixtures("warm_notebooks")

WORK = """
import json, os, random
from pathlib import Path
import numpy
import sroi
if word == "exit":
    os._exit(3)
if word == "endless":
    while True:
        pass
if word == "memory":
    hog = numpy.ones(10**9)
if word == "quit":
    raise SystemExit(0)
if word == "bomb":
    for _ in range(20):
        if os.fork() == 0:
            import time; time.sleep(600)
if word == "error":
    raise ValueError("the map is upside down")
if word == "interrupted":
    raise KeyboardInterrupt
if word == "bad_json":
    Path(out, "result.json").write_text('{"sroi_ratio": NaN}')
if word == "link":
    os.symlink("/etc/passwd", Path(out, "passwd"))
if word == "taken":
    sroi.record("status", 1)
if word == "clash":
    sroi.record("x", 1)
"""
LEAVE = """
sroi.record("double", 2 * x)
sroi.record("drawn", [random.random(), float(numpy.random.random())])
sroi.record("said", word)
if n == 7:
    sroi.record("only_once", 12)
if word != "bad_json":
    Path(out, "result.json").write_text(json.dumps({"title": "T", "sroi_ratio": x, "total_inputs": 10, "price_year": 2024}))
Path(out, "text.txt").write_text(f"{x} {seed}")
"""


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a batch of good runs and poison runs was run, as the parent of its `out`."""
    folder = tmp_path_factory.mktemp("batch")
    batches.template(folder / "t.ipynb", WORK, LEAVE)
    words = [
        "=good",
        "exit",
        "endless",
        "memory",
        "quit",
        "bomb",
        "error",
        "interrupted",
        "bad_json",
        "link",
        "taken",
        "clash",
    ]
    rows = [f"{place},{word},{7 if place == 1 else 2}" for place, word in enumerate(words, start=1)]
    batches.plan(folder / "plan.csv", "x,word,n", *rows, *[f"{x},good,2" for x in range(20, 24)], "20,good,2")
    run = batches.sroi(
        folder, "batch", "plan.csv", "--template", "t.ipynb", "--out", "out", "--jobs", "2", "--run-limit", "12",
        "--memory-limit", "1500MB", "--log", "log.jsonl", "--json", "told.json", "--no-portfolio",
    )  # fmt: skip
    (folder / "stdout").write_text(run.stdout)
    assert run.stderr == ""
    assert run.returncode == 1
    return folder


def row(left: Path, word: str) -> dict[str, Any]:
    return next(each for each in batches.sidecars(left / "out") if each["parameters"]["word"] == word)


def test_every_run_of_the_plan_is_recorded_once_and_in_the_tables(left: Path) -> None:
    kept = batches.sidecars(left / "out")
    assert [each["row"] for each in kept] == list(range(1, 18))
    rows = batches.rows_of(left / "out")
    assert [(each["row"], each["key"], each["status"]) for each in rows] == [
        (str(each["row"]), each["key"], each["status"]) for each in kept
    ]
    assert list(rows[0])[:7] == ["row", "key", "status", "error", "x", "word", "n"]
    assert (rows[12]["sroi_ratio"], rows[12]["double"], rows[12]["price_year"]) == ("20.0", "40.0", "2024")
    assert rows[0]["word"] == "'=good", "a text that a spreadsheet would run gets an apostrophe"
    assert not list((left / "out" / ".unfinished").glob("*-*"))


def test_the_parquet_table_holds_the_same_with_types(left: Path) -> None:
    table = pyarrow.parquet.read_table(left / "out" / "results.parquet")
    kinds = {name: str(table.schema.field(name).type) for name in table.column_names}
    assert {name: kinds[name] for name in ("row", "key", "x", "n", "word", "sroi_ratio", "double", "drawn", "price_year")} == {
        "row": "int64", "key": "string", "x": "double", "n": "int64", "word": "string", "sroi_ratio": "double",
        "double": "double", "drawn": "string", "price_year": "string",
    }  # fmt: skip
    assert table.column("only_once").to_pylist() == [12.0, *[None] * 16]
    assert table.column("word").to_pylist()[0] == "=good"
    assert table.column("key").to_pylist() == [each["key"] for each in batches.rows_of(left / "out")]


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("exit", "the notebook's process ended by itself with exit code 3"),
        ("endless", "the run took longer than 12 s"),
        ("memory", "more memory than the run may have (1,500 MB)"),
        ("quit", "did not run, though the notebook ended without an error"),
        ("error", "stopped with ValueError: the map is upside down"),
        ("interrupted", "stopped with KeyboardInterrupt"),
        ("bad_json", "its result.json is not JSON (NaN is no figure)"),
        ("taken", "stopped with NameRefused: 'status' is a column of its own in the table of results."),
        ("clash", "'x' is recorded, and is a parameter too. Record it under another name, such as own_x."),
    ],
)
def test_a_run_that_fails_is_recorded_with_what_happened(left: Path, word: str, error: str) -> None:
    kept = row(left, word)
    assert kept["status"] == "failed"
    assert error in kept["error"]
    assert kept["result"] is None
    assert "Traceback" not in kept["error"]
    assert len(kept["error"].splitlines()) == 1


def test_the_traceback_of_a_failed_run_is_kept_as_plain_text(left: Path) -> None:
    traceback = row(left, "error")["traceback"]
    assert "ValueError" in traceback
    assert 'raise ValueError("the map is upside down")' in traceback
    assert "\x1b" not in traceback


def test_only_a_run_whose_process_was_ended_is_tried_again(left: Path) -> None:
    tries = {each["parameters"]["word"]: each["attempts"] for each in batches.sidecars(left / "out")}
    assert {word: count for word, count in tries.items() if count != 1} == {"exit": 2}


def test_neighbours_of_poison_runs_are_done(left: Path) -> None:
    done = [each["parameters"]["word"] for each in batches.sidecars(left / "out") if each["status"] == "done"]
    assert done == ["=good", "bomb", "link", "good", "good", "good", "good", "good"]


def test_no_process_is_left(left: Path) -> None:
    deadline = time.monotonic() + 10
    while (alive := batches.processes_of(left.name)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert alive == []


def test_what_a_run_writes_into_its_folder_is_kept_and_its_notebook_names_it(left: Path) -> None:
    kept = row(left, "=good")
    files = left / "out" / kept["files"]
    assert (files / "text.txt").read_text() == f"1.0 {kept['seed']}"
    notebook = left / "out" / kept["notebook"]
    assert str(files) in notebook.read_text()
    assert ".unfinished" not in notebook.read_text()


def test_a_link_among_a_runs_files_is_not_kept(left: Path) -> None:
    files = left / "out" / row(left, "link")["files"]
    assert sorted(path.name for path in files.iterdir()) == ["result.json", "text.txt"]


def test_equal_rows_draw_the_same_and_are_two_runs(left: Path) -> None:
    first, last = (each for each in batches.sidecars(left / "out") if each["parameters"]["x"] == 20.0)
    assert first["key"] != last["key"]
    assert first["recorded"]["drawn"] == last["recorded"]["drawn"]
    other = next(each for each in batches.sidecars(left / "out") if each["parameters"]["x"] == 21.0)
    assert other["recorded"]["drawn"] != first["recorded"]["drawn"]


def test_a_sidecar_says_what_its_run_rests_on(left: Path) -> None:
    kept = row(left, "=good")
    assert set(kept) == {
        "key", "row", "status", "error", "traceback", "parameters", "seed", "seconds", "attempts", "started", "ended",
        "notebook", "files", "recorded", "result", "provenance",
    }  # fmt: skip
    provenance = kept["provenance"]
    assert provenance["packages"]["numpy"]
    assert len(provenance["notebook_sha256"]) == len(provenance["packages_sha256"]) == 64
    assert {"python", "platform", "git", "sroi_version", "value_map_sha256", "seed"} <= set(provenance)


def test_the_command_says_how_it_ended_and_the_log_tells_it_to_programs(left: Path) -> None:
    said = (left / "stdout").read_text().splitlines()
    assert said[0] == "17 runs: 8 done, 9 failed."
    assert said[1].startswith("  row 2: ")
    assert said[6:8] == [
        "  and 4 more, all in results.csv",
        "Their tracebacks are in runs; --retry-failed runs them again.",
    ]
    events = [json.loads(line) for line in (left / "log.jsonl").read_text().splitlines()]
    assert [each["event"] for each in events] == ["begin", "way", *["run"] * 17, "end"]
    assert {each["key"] for each in events if each["event"] == "run"} == {
        each["key"] for each in batches.sidecars(left / "out")
    }
    told = json.loads((left / "told.json").read_text())
    assert (told["runs"], told["done"], told["failed"], told["kept"]) == (17, 8, 9, 0)


def test_the_same_command_again_runs_nothing_and_retry_failed_only_the_failed(left: Path, tmp_path: Path) -> None:
    # Moved as a whole, a project keeps what is recorded. Poison would take its time again, so that it goes.
    for name in ("t.ipynb", "plan.csv", "out"):
        (shutil.copytree if name == "out" else shutil.copy)(left / name, tmp_path / name)
    before = {each["key"]: each for each in batches.sidecars(tmp_path / "out")}
    arguments = ["batch", "plan.csv", "--template", "t.ipynb", "--out", "out", "--no-portfolio", "--run-limit", "12"]
    again = batches.sroi(tmp_path, *arguments, "--memory-limit", "1500MB")
    assert again.stdout.splitlines()[0] == "17 runs, 17 of them recorded before: 8 done, 9 failed."
    assert again.returncode == 1
    for key, kept in before.items():
        if kept["status"] == "failed" and kept["parameters"]["word"] not in ("error", "taken"):
            kept["status"] = "done"
            (tmp_path / "out" / "runs" / f"{key}.json").write_text(json.dumps(kept))
    retried = batches.sroi(tmp_path, *arguments, "--retry-failed")
    assert retried.stdout.splitlines()[0] == "17 runs, 15 of them recorded before: 15 done, 2 failed."
    after = {each["key"]: each for each in batches.sidecars(tmp_path / "out")}
    newer = [each["parameters"]["word"] for key, each in after.items() if each["started"] != before[key]["started"]]
    assert sorted(newer) == ["error", "taken"]


# ---- single runs ----


def test_a_single_run_is_that_of_its_row_and_is_not_repeated(left: Path) -> None:
    kept = next(each for each in batches.sidecars(left / "out") if each["parameters"]["x"] == 22.0)
    given = ["-p", "x", "22", "-p", "word", "good", "-p", "n", "2", "--row", str(kept["row"])]
    key = batches.sroi(left, "run-one", "--template", "t.ipynb", "--out", "single", *given, "--key-only")
    assert (key.stdout.strip(), (left / "single").exists()) == (kept["key"], False)
    there = batches.sroi(left, "run-one", "--template", "t.ipynb", "--out", "out", *given)
    assert there.stdout == f"{kept['key']} done, recorded before (out/runs/{kept['key']}.json)\n"
    anew = batches.sroi(left, "run-one", "--template", "t.ipynb", "--out", "single", *given)
    assert (anew.returncode, anew.stdout) == (0, f"{kept['key']} done (single/runs/{kept['key']}.json)\n")
    [own] = batches.sidecars(left / "single")
    assert (own["result"], own["recorded"], own["seed"]) == (kept["result"], kept["recorded"], kept["seed"])


def test_a_single_run_that_fails_ends_with_one(tmp_path: Path) -> None:
    batches.template(tmp_path / "t.ipynb", "assert x > 1, 'too small'")
    run = batches.sroi(tmp_path, "run-one", "--template", "t.ipynb", "--out", "out")
    assert run.returncode == 1
    assert run.stderr.endswith("failed: cell 3 stopped with AssertionError: too small\n")
    again = batches.sroi(tmp_path, "run-one", "--template", "t.ipynb", "--out", "out")
    assert "failed, recorded before: cell 3 stopped" in again.stderr


def test_a_single_run_names_what_it_cannot_take(tmp_path: Path) -> None:
    batches.template(tmp_path / "t.ipynb")
    run = batches.sroi(tmp_path, "run-one", "--template", "t.ipynb", "--out", "o", "-p", "out", "x")
    assert (run.returncode, run.stderr) == (
        2,
        "t.ipynb: the parameter 'out' is set by the run. Leave it out: --out names it.\n",
    )


# ---- the row of a batch and the report of one map ----


@pytest.mark.slow
def test_a_row_of_a_batch_equals_the_single_report(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    shutil.copy(sroi.case_study("wheels_to_meals"), tmp_path / "maps" / "w.yaml")
    batches.plan(tmp_path / "plan.csv", "value_map,formats", "maps,html")
    report = batches.ROOT / "templates" / "report.ipynb"
    run = batches.sroi(tmp_path, "batch", "plan.csv", "--template", report, "--out", "out", "--no-portfolio")
    assert run.stdout.splitlines()[0] == "1 run: 1 done, 0 failed."
    [kept] = batches.sidecars(tmp_path / "out")
    impact_map = sroi.read_value_map(tmp_path / "maps" / "w.yaml")
    assert kept["result"] == json.loads(json.dumps(sroi.document(impact_map, sroi.evaluate(impact_map))))
    assert math.isclose(float(batches.rows_of(tmp_path / "out")[0]["sroi_ratio"]), 1.929013181873704, rel_tol=1e-15)
    assert (tmp_path / "out" / kept["files"] / "report.html").is_file()


# ---- the folder ----


def test_two_batches_on_one_folder_refuse_each_other(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "out")
    with folder.held():
        with (
            pytest.raises(FileRefused, match=r"another batch works in this folder\. Wait for its end"),
            Folder(tmp_path / "out").held(),
        ):
            pass
        with pytest.raises(FileRefused, match="a batch works in this folder"), folder.held(alone=False):
            pass
    with folder.held(alone=False), folder.held(alone=False):
        pass


def test_the_sweep_takes_what_was_left_unfinished_and_nothing_else(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.prepare()
    kept, lost = "a" * 32, "b" * 32
    (tmp_path / "runs" / f"{kept}.json").write_text(json.dumps({"key": kept}))
    for name in (
        f"notebooks/{kept}.ipynb",
        f"notebooks/{lost}.ipynb",
        "notebooks/mine.ipynb",
        f".unfinished/{lost}-x/run.ipynb",
        f"files/{lost}/a.txt",
        "files/mine/a.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    folder.sweep()
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert left == ["files/mine/a.txt", f"notebooks/{kept}.ipynb", "notebooks/mine.ipynb", f"runs/{kept}.json"]


def test_a_sidecar_that_somebody_spoilt_counts_as_none(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.prepare()
    (tmp_path / "runs" / "k.json").write_text('{"key": "k", ')
    assert folder.sidecar("k") is None
    (tmp_path / "runs" / "k.json").write_text('{"key": "other"}')
    assert folder.sidecar("k") is None


def test_a_batch_cannot_be_left_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with (
        pytest.raises(FileRefused, match=r"this is a file\. Name a folder for the batch\."),
        Folder(tmp_path / "out").held(),
    ):
        pass


# ---- what is recorded ----


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("key", 1, "'key' is a column of its own in the table of results. Record it under another name, such as own_key."),
        ("sroi_ratio", 1, "'sroi_ratio' is a column of its own in the table of results. Record it under another name, such as own_sroi_ratio."),
        ("two words", 1, "'two words' is no name to record under. Give a word such as people_reached."),
        ("=x", 1, "'=x' is no name to record under. Give a word such as people_reached."),
        ("x", float("nan"), "'x' is 'nan', which a table cannot hold. Record a finite number, a text of up to 2,000 letters, yes or no, a day, or None."),
        ("x", {"a": 1}, "'x' is a group of keys, which a table cannot hold. Record a finite number, a text of up to 2,000 letters, yes or no, a day, or None."),
        ("x", list(range(101)), "'x' is a list of 101. Record at most 100; write longer ones as a file in out."),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_is_refused_when_it_is_recorded(name: str, value: Any, message: str) -> None:
    with pytest.raises(NameRefused) as refused:
        sroi.record(name, value)
    assert str(refused.value) == message


def test_numpy_numbers_and_days_are_recorded_as_plain_values() -> None:
    import datetime

    import numpy

    assert checked_record("x", numpy.float64(1.5)) == 1.5
    assert type(checked_record("x", numpy.int32(2))) is int
    assert checked_record("x", [numpy.bool_(True), None, "a"]) == [True, None, "a"]
    assert checked_record("x", datetime.date(2024, 4, 1)) == "2024-04-01"


def test_what_a_notebook_shows_by_hand_is_checked_too() -> None:
    output = nbformat.v4.new_output("display_data", data={MIME: {"name": "status", "value": {"a": 1}}})
    cell = nbformat.v4.new_code_cell("", outputs=[output])
    with pytest.raises(NameRefused, match="'status' is a column of its own"):
        recorded_in(nbformat.v4.new_notebook(cells=[cell]), frozenset())


def test_the_last_value_recorded_under_a_name_stands() -> None:
    outputs = [nbformat.v4.new_output("display_data", data={MIME: {"name": "a", "value": n}}) for n in (1, 2)]
    assert recorded_in(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=outputs)]), frozenset()
    ) == {"a": 2}


# ---- the table ----


def test_a_table_of_thousands_of_lines_is_whole_and_in_the_order_of_the_plan(tmp_path: Path) -> None:
    count = 12_003  # more than two portions
    runs = tuple(Run(f"k{n}", n, {"x": float(n)}, {}, 0) for n in range(count))
    table = Table(runs, ())
    for run in reversed(runs):
        table.add(Record(run.key, run.row, "done", None, 0.5, run.parameters, {}, {"a": run.row}))
    folder = Folder(tmp_path)
    folder.prepare()
    table.write(folder)
    table.close()
    read = pyarrow.parquet.read_table(tmp_path / "results.parquet")
    assert read.column("row").to_pylist() == read.column("a").to_pylist() == list(range(count))
    assert [int(each["row"]) for each in batches.rows_of(tmp_path)] == list(range(count))


def test_ctrl_c_while_the_tables_library_is_loaded_leaves_it_whole_for_the_last_write(tmp_path: Path) -> None:
    code = """
import os, signal, sys
from pathlib import Path

class CtrlC:
    def find_spec(self, name, path, target=None):
        if name == "pyarrow.util":
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)

from sroi.batch.folder import Folder
from sroi.batch.results import Table
signal.signal(signal.SIGINT, signal.default_int_handler)
folder = Folder(Path("."))
folder.prepare()
table = Table((), ())
assert "pyarrow" not in sys.modules
sys.meta_path.insert(0, CtrlC())
try:
    table.write(folder)
except KeyboardInterrupt:
    assert "pyarrow.parquet.core" in sys.modules
    table.write(folder)
    print("stopped, and written")
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("stopped, and written\n", "")
    assert pyarrow.parquet.read_table(tmp_path / "results.parquet").num_rows == 0


def test_a_name_recorded_as_number_and_as_text_becomes_text(tmp_path: Path) -> None:
    runs = tuple(Run(f"k{n}", n, {}, {}, 0) for n in range(3))
    table = Table(runs, ())
    for run, value in zip(runs, (1.5, "x", None), strict=True):
        table.add(Record(run.key, run.row, "done", None, 0.5, {}, {}, {"a": value}))
    folder = Folder(tmp_path)
    folder.prepare()
    table.write(folder)
    table.close()
    assert pyarrow.parquet.read_table(tmp_path / "results.parquet").column("a").to_pylist() == ["1.5", "x", None]


@pytest.mark.parametrize("spoilt", [{}, {"key": "k"}, {"key": "k", "row": 1, "status": "fine", "error": None, "seconds": 1, "parameters": {}, "result": None}])  # fmt: skip
def test_what_is_no_sidecar_gives_no_record(spoilt: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        record_of(spoilt)
