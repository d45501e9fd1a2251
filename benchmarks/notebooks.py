"""Running notebooks: ours beside papermill's command, execute_notebook, a pool of two, and ploomber-engine.

    make benchmark-notebooks          about ten minutes
    make benchmark-notebooks QUICK=1  about four: fewer turns

The command makes an environment of its own, `.venv-benchmark-notebooks`, and installs this program and the peers of
`notebook_peers.txt` in it. Times of one machine mean little: what counts are the ratios, of medians of ways that took
turns in one run, each in a process of its own, set up and with one run made before its time counts. Beside them stands
the floor: the same code as a plain script, its imports included, and with its imports done. What ours takes over it is
measured by turns of a tenth of a second, one being held while the other goes on, for the machine's speed changes from
second to second by more than that. It needs nothing but Python to start.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from uncertainty import environment

HERE = Path(__file__).parent
ROOT = HERE.parent
ENVIRONMENT = ROOT / ".venv-benchmark-notebooks"
WORKERS = 2

# Way of the worker: its line in the table.
WAYS = {
    "command": "`papermill` command, one by one",
    "stock": "`execute_notebook`, one process",
    "stock_pool": f"`execute_notebook`, a pool of {WORKERS}",
    "ploomber": "ploomber-engine, one process",
    "warm": "ours, one at a time",
    "warm_pool": f"ours, a pool of {WORKERS}",
    "script": "the same code as a script, imports included",
    "script_first": "the same code, imports done, in a process of its own",
    "warm_beside_script_first": "ours, by turns with that",
    "script_again": "the same code, imports done, run before in its process (the floor)",
    "warm_beside_script_again": "ours, by turns with that",
}
KINDS = {
    "model": "imports of pandas, NumPy, SciPy and matplotlib, three small figures, two tables",
    "report": "`templates/report.ipynb` on wheels_to_meals",
}
# Of each kind, the ways that are measured, and how many notebooks they run in a turn.
COUNTS = {
    "model": {
        **{"command": 1, "stock": 2, "stock_pool": 4, "ploomber": 4, "warm": 4, "warm_pool": 8},
        **{"script": 1, "script_again": 4},
    },
    # The report itself takes most of the time, whichever way it is run. Few pairs a turn: how a process lies in memory
    # makes it faster or slower by some hundredths, and only another turn has another warm process.
    "report": {"stock": 1, "warm": 1, "pair": 3},
}


def measured(python: Path, kind: str, rounds: int, folder: Path) -> dict[str, dict[str, Any]]:
    """Return each way's seconds and CPU seconds a notebook, by turns, and the largest memory of its processes."""
    found: dict[str, dict[str, Any]] = {way: {"seconds": [], "cpu": [], "memory": []} for way in WAYS}
    for turn in range(rounds + (kind == "model")):
        watch = turn == rounds  # memory is looked at in a turn whose time does not count: looking takes time
        for way, count in COUNTS[kind].items():
            if found.get(way, {}).get("failed"):
                continue
            said = asked(python, kind, way, min(count, 2) if watch else count, watch, folder)
            if "failed" in said:
                found[way] = {"failed": said["failed"]}
                continue
            for each, runs in said.items():
                for run in runs:
                    for figure, value in run.items():
                        found[each][figure].append(value)
    return {way: each for way, each in found.items() if each.get("failed") or each["seconds"]}


def asked(python: Path, kind: str, way: str, count: int, watch: bool, folder: Path) -> dict[str, Any]:
    """Return what one turn of one way took, in a process of its own."""
    command = [python, HERE / "notebooks_worker.py", kind, way, str(count), "watch" if watch else "time", str(folder)]
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    surroundings |= {"PLOOMBER_STATS_ENABLED": "false", "JUPYTER_PREFER_ENV_PATH": "1"}
    surroundings["PATH"] = f"{python.parent}{os.pathsep}{surroundings.get('PATH', '')}"
    run = subprocess.run(command, env=surroundings, capture_output=True, text=True)
    lines = run.stdout.strip().splitlines()
    try:
        return dict(json.loads(lines[-1]))
    except (IndexError, ValueError):
        return {"failed": (run.stderr.strip().splitlines() or [f"ended with {run.returncode}"])[-1]}


def table(found: dict[str, dict[str, Any]], kind: str) -> Iterator[str]:
    """Yield the lines of one table."""
    yield f"| {KINDS[kind]} | s a notebook | `execute_notebook` / this | the floor / this | CPU s | memory, MB |"
    yield "|---|---|---|---|---|---|"
    stock, floor = (middle(found.get(way, {}).get("seconds", [])) for way in ("stock", "script_again"))
    for way, each in found.items():
        name = WAYS.get(way, way)
        if each.get("failed"):
            yield f"| {name} | failed: {each['failed']} | - | - | - | - |"
            continue
        seconds = middle(each["seconds"])
        memory = f"{max(each['memory']):.0f}" if each["memory"] else "-"
        yield (
            f"| {name} | {seconds:.3f} | {stock / seconds:.2f} | {floor / seconds:.2f} | {middle(each['cpu']):.2f} "
            f"| {memory} |"
        )


def middle(values: list[float]) -> float:
    """Return the median; nought where nothing was measured."""
    return statistics.median(values) if values else 0.0


def over(found: dict[str, dict[str, Any]], way: str, figure: str) -> list[float]:
    """Return what each warm run took more than the script that ran beside it, in order of size."""
    pairs = zip(found[f"warm_beside_{way}"][figure], found[way][figure], strict=True)
    return sorted(warm - script for warm, script in pairs)


def around(ordered: list[float]) -> tuple[float, float]:
    """Return between which two of these values their median lies by 90 % of chances, however they are spread."""
    count = len(ordered)
    chances = [math.comb(count, below) / 2**count for below in range(count + 1)]
    first = max((place for place in range(1, count // 2 + 1) if 2 * sum(chances[:place]) <= 0.1), default=1)
    return ordered[first - 1], ordered[count - first]


def targets(model: dict[str, Any], report: dict[str, Any]) -> Iterator[str]:
    """Yield each target, what was found in seconds and in CPU seconds, and whether it is met."""
    yield "| target | found | in CPU s | |"
    yield "|---|---|---|---|"
    for name, way, beside, least in (
        ("one at a time, at least 6 times `execute_notebook`", "warm", "stock", 6),
        (f"a pool of {WORKERS}, at least 5 times the stock pool of {WORKERS}", "warm_pool", "stock_pool", 5),
    ):
        if {way, beside} <= {each for each in model if "failed" not in model[each]}:
            in_seconds, in_cpu = (middle(model[beside][f]) / middle(model[way][f]) for f in ("seconds", "cpu"))
            yield f"| {name} | {in_seconds:.2f} | {in_cpu:.2f} | {'met' if in_seconds >= least else 'not met'} |"
    for way, which in (
        ("script_first", "in a process of its own"),
        ("script_again", "where the script has run before, caches filled"),
    ):
        if way in report:
            seconds, cpu = over(report, way, "seconds"), over(report, way, "cpu")
            low, high = around(seconds)
            name = f"report.ipynb at most 0.15 s over the script with its imports done, {which}, {len(seconds)} pairs"
            yield (
                f"| {name} | {middle(seconds):.3f} s ({low:.3f} to {high:.3f}) | {middle(cpu):.3f} s "
                f"| {'met' if middle(seconds) <= 0.15 else 'not met'} |"
            )


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environment", type=Path, default=ENVIRONMENT, help="folder for the environment it makes")
    parser.add_argument("--python", type=Path, help="a Python that has all that is needed, instead of an environment")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this kind of notebook (default: both)")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each way (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="two turns")
    given = parser.parse_args()
    rounds = 2 if given.quick else given.rounds
    python = given.python or environment(given.environment.resolve(), HERE / "notebook_peers.txt")
    found: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    kinds = given.kind or list(KINDS)
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            print(f"{kind}, {rounds} turns ..", flush=True)
            found[kind] = measured(python, kind, rounds, Path(folder))
    for kind in kinds:
        print()
        print("\n".join(table(found[kind], kind)))
    print()
    print("\n".join(targets(found["model"], found["report"])))


if __name__ == "__main__":
    main()
