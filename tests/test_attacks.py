"""What attackers and accidents did to an early version, so that they cannot do it again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_notebook

import sroi
from sroi.batch.parameters import checked, declared
from sroi.batch.report import make_report
from sroi.errors import FileRefused, ImpossibleMap, NameRefused, RunFailed, TemplateRefused
from sroi.files.safety import write_whole
from sroi.files.yaml import parse_yaml
from sroi.sensitivity import one_way
from sroi.shipped import template

WHEELS = sroi.case_study("wheels_to_meals")
posix = pytest.mark.skipif(sys.platform == "win32", reason="no such thing there")


def notebook(path: Path, *sources: str) -> Path:
    cells = [new_code_cell(source) for source in ("value_map = ''\nout = ''", *sources)]
    cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "P"}}), path)
    return path


# ---- files ----


@posix
def test_a_device_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FileRefused, match="this is not an ordinary file"):
        write_whole(pipe, b"x", overwrite=True)
    assert not pipe.is_file()


@posix
def test_a_link_stays_a_link_and_what_it_names_is_written(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_bytes(b"old")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    write_whole(tmp_path / "link.json", b"new", overwrite=True)
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_bytes() == b"new"


@posix
def test_a_full_disk_is_said_in_words() -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        ended = subprocess.run(
            [sys.executable, "-m", "sroi", "evaluate", str(WHEELS)], stdout=full, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
        )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr == b"This could not be written (No space left on device). Make room, or name another place.\n"


def test_a_failed_write_leaves_no_trace(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="this could not be written"):
        write_whole(tmp_path / "no" / "such" / "folder.json", b"x")
    assert list(tmp_path.iterdir()) == []


# ---- reports ----


@pytest.mark.slow
@posix
def test_three_reports_at_once_from_one_folder_all_succeed_and_leave_no_socket(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen([sys.executable, "-m", "sroi", "report", str(WHEELS), "--out", f"rep_{n}"], cwd=tmp_path,
                         env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for n in range(3)
    ]  # fmt: skip
    said = [process.communicate(timeout=180)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    assert {path.name for path in tmp_path.iterdir()} == {"rep_0", "rep_1", "rep_2"}


@pytest.mark.slow
@posix
def test_a_wish_to_end_is_met_tidily(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sroi", "report", str(WHEELS), "--out", "rep"], cwd=tmp_path, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    until = time.monotonic() + 60
    while not list((tmp_path / "rep").glob(".unfinished-*/report.ipynb")) and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert list((tmp_path / "rep").iterdir()) == []


@pytest.mark.slow
def test_a_notebook_that_ends_early_has_not_succeeded(tmp_path: Path) -> None:
    early = notebook(tmp_path / "early.ipynb", "import sys\nsys.exit(0)", "never = 1")
    with pytest.raises(RunFailed):
        make_report(WHEELS, tmp_path / "out", early)
    assert not (tmp_path / "out" / "report.html").exists()


@pytest.mark.slow
@posix
def test_a_link_left_by_a_notebook_is_refused_and_its_target_untouched(tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("precious", encoding="utf-8")
    linking = notebook(tmp_path / "l.ipynb", f"import os\nos.symlink({str(victim)!r}, out + '/result.json')")
    with pytest.raises(TemplateRefused, match="the notebook left a link among its files"):
        make_report(WHEELS, tmp_path / "out", linking)
    assert victim.read_text(encoding="utf-8") == "precious"


@pytest.mark.slow
def test_a_folder_in_the_way_stops_the_report_before_anything_is_moved(tmp_path: Path) -> None:
    (tmp_path / "out" / "report.docx").mkdir(parents=True)
    with pytest.raises(FileRefused, match="a folder or file of that name is in the way"):
        make_report(WHEELS, tmp_path / "out", template("report.ipynb"))
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"report.docx"}


@pytest.mark.parametrize("source", ["x = {[]}", "y = {[]: 1}", "n = " + "-" * 20000 + "1", "x = (", "\x00"])
def test_a_parameters_cell_of_any_kind_is_read_or_refused(tmp_path: Path, source: str) -> None:
    path = notebook(tmp_path / "t.ipynb")
    text = path.read_text(encoding="utf-8")
    import json

    parsed = json.loads(text)
    parsed["cells"][0]["source"] = source
    path.write_text(json.dumps(parsed), encoding="utf-8")
    said = ""
    try:
        declared(path)
    except TemplateRefused as refused:
        said = str(refused)
    assert not said or "parameters cell is not Python" in said


@pytest.mark.parametrize("value", ["[b'x']", "[1j]", "[1e999]", "{1, 2}", "[(1, 2)]"])
def test_a_list_that_a_notebook_cannot_be_given_is_refused(tmp_path: Path, value: str) -> None:
    path = notebook(tmp_path / "t.ipynb")
    text = path.read_text(encoding="utf-8").replace("out = ''", "out = ''\\nmany = [1]")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TemplateRefused, match="the parameter 'many' is given"):
        checked(path, {"many": value})


# ---- numbers ----


def test_a_comma_inside_braces_never_cuts_a_number_in_two() -> None:
    text = WHEELS.read_text(encoding="utf-8").replace("activity: {years: 1}", "activity: {years: 1,000}")
    with pytest.raises(
        ImpossibleMap, match=r"'000' is cut off from the number before it by a comma\. Write thousands without"
    ):
        parse_yaml(text.encode("utf-8"), "w.yaml")


def test_numbers_too_large_to_reckon_are_refused_not_printed(small_tree: dict[str, Any]) -> None:
    small_tree["conventions"] = {"discount_rate": -0.999999}
    small_tree["outcomes"][0]["duration"] = 500
    with pytest.raises(NameRefused, match="these numbers multiply to more than can be reckoned"):
        sroi.evaluate(sroi.ImpactMap.model_validate(small_tree))


def test_an_outcome_that_does_not_count_may_be_beyond_reckoning(small_tree: dict[str, Any]) -> None:
    expected = None
    for duration in (2, 500):
        small_tree["conventions"] = {"discount_rate": -0.9}
        small_tree["outcomes"][0] |= {"duration": duration, "included": False}
        ratio = sroi.evaluate(sroi.ImpactMap.model_validate(small_tree)).sroi_ratio
        expected = expected or ratio
    assert ratio == pytest.approx(expected)


@pytest.mark.parametrize(
    "given",
    ["5", b"5", True, 1j, None, np.datetime64("2020"), np.ma.masked_array([1.0], [True]), ["a"], 10**400, {"a": 1}],
    ids=lambda value: type(value).__name__,
)
def test_the_door_takes_numbers_and_nothing_that_could_be_mistaken_for_one(
    small_map: sroi.ImpactMap, given: Any
) -> None:
    with pytest.raises(NameRefused):
        sroi.evaluate(small_map, at={"calmer.quantity": given})


def test_the_door_takes_no_name_that_is_not_text(small_map: sroi.ImpactMap) -> None:
    with pytest.raises(NameRefused, match="is no name of a number"):
        sroi.evaluate(small_map, at={1: 2})  # type: ignore[dict-item]


def test_what_a_result_says_was_changed_is_its_own(small_map: sroi.ImpactMap) -> None:
    numbers = np.array([1.0, 2.0])
    result = sroi.evaluate(small_map, at={"calmer.quantity": numbers})
    numbers[0] = 99.0
    assert result.changed["calmer.quantity"].tolist() == [1.0, 2.0]


def test_a_copy_with_changes_is_checked_like_any_map(small_map: sroi.ImpactMap) -> None:
    with pytest.raises(ImpossibleMap, match="'x' is not a currency code"):
        small_map.model_copy(update={"currency": "x"})
    assert small_map.model_copy(update={"currency": "EUR"}).currency == "EUR"


def test_a_document_wants_a_single_case(small_map: sroi.ImpactMap) -> None:
    with pytest.raises(NameRefused, match="a review wants a single case"):
        sroi.document(small_map, sroi.evaluate(small_map, at={"calmer.quantity": [1, 2]}))


def test_eight_threads_at_the_door_agree(small_map: sroi.ImpactMap) -> None:
    found: list[float] = []
    threads = [threading.Thread(target=lambda: found.append(sroi.evaluate(small_map).sroi_ratio)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {sroi.evaluate(small_map).sroi_ratio}


@pytest.mark.slow
def test_one_way_variation_of_a_large_map_stays_small(small_tree: dict[str, Any]) -> None:
    resource = pytest.importorskip("resource")
    small_tree["activity"] = {"years": 20}
    small_tree["outcomes"] = [
        {**small_tree["outcomes"][0], "id": f"o{n}", "quantity": {"by_year": [5] * 20}, "duration": 60}
        for n in range(150)
    ]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(one_way(sroi.ImpactMap.model_validate(small_tree))) > 150
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 900_000
