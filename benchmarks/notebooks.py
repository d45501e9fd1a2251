"""Running notebooks: ours beside papermill's command, execute_notebook, a pool of two, and ploomber-engine.

    make benchmark-notebooks          about eight minutes
    make benchmark-notebooks QUICK=1  about three: fewer turns

The command makes an environment of its own, `.venv-benchmark-notebooks`, and installs this program and the peers of
`notebook_peers.txt` in it. Times of one machine mean little: what counts are the ratios, of medians of ways that took
turns in one run, each in a process of its own, set up and with one run made before its time counts. Beside them stands
the floor: the same code as a plain script, its imports included, and with its imports done. It needs nothing but Python
to start.
"""

from __future__ import annotations

import argparse
import json
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

# Way of the worker: its line in the table, and how many notebooks it runs in a turn.
WAYS = {
    "command": ("`papermill` command, one by one", 2),
    "stock": ("`execute_notebook`, one process", 2),
    "stock_pool": (f"`execute_notebook`, a pool of {WORKERS}", 4),
    "ploomber": ("ploomber-engine, one process", 4),
    "warm": ("ours, one at a time", 6),
    "warm_pool": (f"ours, a pool of {WORKERS}", 12),
    "script": ("the same code as a script, imports included", 2),
    "script_again": ("the same code, imports done (the floor)", 6),
}
KINDS = {
    "model": "imports of pandas, NumPy, SciPy and matplotlib, three small figures, two tables",
    "report": "`templates/report.ipynb` on wheels_to_meals",
}


def measured(python: Path, kind: str, rounds: int, folder: Path) -> dict[str, dict[str, Any]]:
    """Return each way's seconds and CPU seconds a notebook, by turns, and the largest memory of its processes."""
    found: dict[str, dict[str, Any]] = {way: {"seconds": [], "cpu": [], "memory": 0.0} for way in WAYS}
    for turn in range(rounds + 1):
        watch = turn == rounds  # memory is looked at in a turn whose time does not count: looking takes time
        for way, (_, count) in WAYS.items():
            if found[way].get("failed"):
                continue
            said = asked(python, kind, way, count, watch, folder)
            if "failed" in said:
                found[way]["failed"] = said["failed"]
            elif watch:
                found[way]["memory"] = said["memory"]
            else:
                found[way]["seconds"].append(said["seconds"] / count)
                found[way]["cpu"].append(said["cpu"] / count)
    return found


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
    yield f"| {KINDS[kind]} | s a notebook | against `execute_notebook` | CPU s | memory, MB |"
    yield "|---|---|---|---|---|"
    stock = middle(found["stock"]["seconds"])
    for way, (name, _) in WAYS.items():
        each = found[way]
        if each.get("failed"):
            yield f"| {name} | failed: {each['failed']} | - | - | - |"
            continue
        seconds = middle(each["seconds"])
        against = f"{stock / seconds:.2f}" if seconds and stock else "-"
        yield f"| {name} | {seconds:.3f} | {against} | {middle(each['cpu']):.2f} | {each['memory']:.0f} |"


def middle(values: list[float]) -> float:
    """Return the median; nought where nothing was measured."""
    return statistics.median(values) if values else 0.0


def targets(model: dict[str, Any], report: dict[str, Any]) -> Iterator[str]:
    """Yield each target, what was found, and whether it is met."""
    yield "| target | found | |"
    yield "|---|---|---|"
    stock, warm = middle(model["stock"]["seconds"]), middle(model["warm"]["seconds"])
    pool, ours = middle(model["stock_pool"]["seconds"]), middle(model["warm_pool"]["seconds"])
    over = middle(report["warm"]["seconds"]) - middle(report["script_again"]["seconds"])
    for name, value, met in (
        ("one at a time, at least 6 times `execute_notebook`", stock / warm, stock / warm >= 6),
        (f"a pool of {WORKERS}, at least 5 times the stock pool of {WORKERS}", pool / ours, pool / ours >= 5),
    ):
        yield f"| {name} | {value:.2f} | {'met' if met else 'not met'} |"
    verdict = "met" if over <= 0.15 else "not met"
    yield f"| report.ipynb at most 0.15 s over the script with its imports done | {over:.3f} s | {verdict} |"


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environment", type=Path, default=ENVIRONMENT, help="folder for the environment it makes")
    parser.add_argument("--python", type=Path, help="a Python that has all that is needed, instead of an environment")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each way (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="two turns")
    given = parser.parse_args()
    rounds = 2 if given.quick else given.rounds
    python = given.python or environment(given.environment.resolve(), HERE / "notebook_peers.txt")
    found = {}
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            print(f"{kind}, {rounds} turns ..", flush=True)
            found[kind] = measured(python, kind, rounds, Path(folder))
    for kind in KINDS:
        print()
        print("\n".join(table(found[kind], kind)))
    print()
    print("\n".join(targets(found["model"], found["report"])))


if __name__ == "__main__":
    main()
