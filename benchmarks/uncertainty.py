"""Uncertainty, ours beside squigglepy, OpenTURNS, chaospy, SciPy and SALib, on one model of 360 uncertain numbers.

    make benchmark-uncertainty          about six minutes
    make benchmark-uncertainty QUICK=1  about two: without chaospy, and SALib from a sixteenth of its points

The command makes an environment of its own, `.venv-benchmark`, and installs the peers of `peers.txt` and this program
in it. Times of one machine mean little: what counts are the ratios, of medians of steps that took turns in one run,
each in a process of its own. Memory is the largest of that process, less what stood there after the imports. It needs
nothing but Python to start.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from start_up import timed

HERE = Path(__file__).parent
ROOT = HERE.parent
ENVIRONMENT = ROOT / ".venv-benchmark"
SALIB_FRACTION = 16  # of SALib's points that the quick run leaves out

# Step of the worker, and its line in the table.
DRAWN = {
    "floor": "drawing 36 million uniforms, nothing else (the floor)",
    "loop": "NumPy, loop over years",
    "squigglepy": "squigglepy, arrays",
    "openturns": "OpenTURNS",
    "chaospy": "chaospy",
    "our_simulation": "ours, simulation",
    "our_simulation_in_two_threads": "ours, simulation in two threads",
    "our_exact": "ours, exact: distribution, shares, value of knowing",
    "our_full_pack": "the full pack: the same, tornado and switching values",
    "our_study": "`study_uncertainty`: exact, and deductions together",
}
SOBOL = {
    "scipy_sobol": "scipy.stats.sobol_indices, N = 256",
    "salib_sobol": "SALib, N = 1024",
    "salib_sobol_quickly": "SALib, N = 64, its time times 16 as for N = 1024",
    "our_sobol": "ours, exact",
}
# How many turns a step has that takes long.
FEWER_TURNS = {"openturns": 3, "chaospy": 1, "salib_sobol": 1, "salib_sobol_quickly": 1, "our_bits": 1}


# ---- the environment ----


def environment(folder: Path, peers: Path = HERE / "peers.txt") -> Path:
    """Return the Python of the environment in `folder`, made and filled if it is not there as it should be."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = [peers, ROOT / "constraints.txt", ROOT / "pyproject.toml"]
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in wanted) + sys.version.encode()).hexdigest()
    stamp = folder / "installed.txt"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == mark:
        return python
    print(f"making an environment in {folder} ..", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "-c", ROOT / "constraints.txt", "-r", peers, "-e", ROOT], check=True)
    stamp.write_text(mark, encoding="utf-8")
    return python


# ---- measuring ----


def worker(python: Path, *words: str) -> subprocess.Popen[str]:
    """Return a worker that has begun."""
    command = [str(python), str(HERE / "uncertainty_worker.py"), *words]
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=surroundings, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)


def answer(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Return the next line that a worker says, or that it ended without one."""
    line = process.stdout.readline() if process.stdout else ""
    return json.loads(line) if line else {"failed": f"ended with {process.wait()}; out of memory, perhaps"}


def asked(python: Path, *words: str) -> dict[str, Any]:
    """Return what a worker answers that is asked once."""
    with worker(python, *words) as process:
        found = answer(process)
    if "failed" in found:
        raise SystemExit(f"uncertainty_worker.py {' '.join(words)}: {found['failed']}")
    return found


def turns(python: Path, steps: list[str], rounds: int) -> dict[str, dict[str, Any]]:
    """Return each step's seconds, largest memory and answer: every step in a process of its own, taking turns.

    What takes long has fewer turns, and its process ends after the last.
    """
    found: dict[str, dict[str, Any]] = {step: {"seconds": []} for step in steps}
    at_work = {step: worker(python, "serve", step) for step in steps}
    for step, process in list(at_work.items()):
        found[step] |= answer(process)
    for turn in range(rounds):
        for step, process in at_work.items():
            if "failed" in found[step] or turn >= FEWER_TURNS.get(step, rounds):
                process.communicate()
                continue
            process.stdin.write("\n")
            process.stdin.flush()
            said = answer(process)
            found[step] |= said | {"seconds": found[step]["seconds"] + said.get("seconds", [])}
    for process in at_work.values():
        process.communicate()
    return found


def measure(python: Path, rounds: int, quick: bool) -> dict[str, Any]:
    """Return everything that is measured: times, memory and answers, whole processes, the right answers."""
    left_out = {"chaospy", "salib_sobol"} if quick else {"salib_sobol_quickly"}
    steps = [step for step in (*DRAWN, *SOBOL) if step not in left_out]
    print("the right answers ..", flush=True)
    measured: dict[str, Any] = {"right": asked(python, "right")}
    print(f"times and memory, {rounds} turns ..", flush=True)
    measured["steps"] = turns(python, [*steps, "our_bits"], rounds)
    print("whole processes ..", flush=True)
    measured["processes"] = processes(python, rounds)
    if "salib_sobol_quickly" in steps:
        found = measured["steps"]["salib_sobol_quickly"]
        found["seconds"] = [SALIB_FRACTION * seconds for seconds in found["seconds"]]
    return measured


def processes(python: Path, rounds: int) -> dict[str, Any]:
    """Return the median seconds of one loop and of `sroi uncertainty`, each a whole process, taking turns."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sixty.yaml"
        asked(python, "write", str(path))
        commands = {
            "the NumPy loop, once": [str(python), str(HERE / "uncertainty_model.py")],
            "sroi uncertainty MAP": [str(python), "-m", "sroi", "uncertainty", str(path)],
        }
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        failed: dict[str, Any] = {}
        for _ in range(rounds):
            for name in commands.keys() - failed:
                try:
                    taken[name].append(timed(commands[name]))
                except SystemExit as error:
                    failed[name] = {"failed": str(error)}
    found = {
        name: {"seconds": [one for one, _ in each], "megabytes": each[-1][1]} for name, each in taken.items() if each
    }
    return found | failed


# ---- showing ----


def seconds_of(measured: dict[str, Any], step: str) -> float | None:
    """Return a step's median seconds; None if it failed or was left out."""
    taken = measured["steps"].get(step, {}).get("seconds")
    return statistics.median(taken) if taken else None


def ratio(measured: dict[str, Any], slow: str, fast: str) -> float | None:
    """Return how many times as long one step takes as another; None if one of them is missing."""
    longer, shorter = seconds_of(measured, slow), seconds_of(measured, fast)
    return longer / shorter if longer and shorter else None


def shown(number: float | None, form: str = ",.1f") -> str:
    """Return a number for the table, three figures of it, or a dash."""
    if number is None:
        return "-"
    return format(number, ",.0f" if abs(number) >= 100 else form)


def megabytes(measured: dict[str, Any], step: str) -> str:
    """Return a step's memory for the table."""
    return shown(measured["steps"].get(step, {}).get("megabytes"), ".0f")


def failures(measured: dict[str, Any], steps: dict[str, str]) -> Iterator[str]:
    """Yield why each of the steps that failed did so."""
    for step, label in steps.items():
        why = measured["steps"].get(step, {}).get("failed")
        if why:
            yield f"{label}: {why}"


def drawn_table(measured: dict[str, Any]) -> Iterator[str]:
    """Yield the table of simulations and of the exact engine: time, memory and errors."""
    right = measured["right"]
    yield "| 100,000 draws, or none | ms | loop / this | memory, MB | mean | sd | 5 % | 50 % | 95 % |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for step, label in DRAWN.items():
        seconds = seconds_of(measured, step)
        if seconds is None:
            continue
        found = measured["steps"][step]["answer"]
        errors = [f"{found[name] / right['right'][name] - 1:+.0e}" if found else "-" for name in right["right"]]
        speed = shown(ratio(measured, "loop", step), ".2f")
        yield f"| {label} | {shown(1000 * seconds)} | {speed} | {megabytes(measured, step)} | {' | '.join(errors)} |"
    noise = " | ".join(f"±{share:.0e}" for share in right["noise"].values())
    yield f"| *one standard error of 100,000 draws* | | | | {noise} |"
    yield ""
    yield "The last columns: by how much the answer is off, as a share. The right answers are known to"
    strays = ", ".join(f"{z:+.1f}" for z in right["loop_z"].values())
    yield f"{right['apart']:.0e}; a loop of 2,000,000 draws differs from them by {strays} of its standard errors."
    yield from failures(measured, DRAWN)


def sobol_table(measured: dict[str, Any]) -> Iterator[str]:
    """Yield the table of Sobol indices."""
    right = measured["right"]["sobol"]
    yield "| first and total Sobol indices of 360 numbers | ms | this / ours | memory, MB | largest error | least |"
    yield "|---|---|---|---|---|---|"
    for step, label in SOBOL.items():
        seconds = seconds_of(measured, step)
        if seconds is None:
            continue
        found = measured["steps"][step]["answer"]
        error = max(abs(one - other) for one, other in zip(found, right, strict=True))
        times = shown(ratio(measured, step, "our_sobol"), ".0f")
        least = f"{error:.0e} | {min(found):.3f}"
        yield f"| {label} | {shown(1000 * seconds)} | {times} | {megabytes(measured, step)} | {least} |"
    yield from failures(measured, SOBOL)


def process_table(measured: dict[str, Any]) -> Iterator[str]:
    """Yield the table of whole processes."""
    yield "| a whole process, start-up included | ms | ratio | memory, MB |"
    yield "|---|---|---|---|"
    loop = statistics.median(measured["processes"]["the NumPy loop, once"]["seconds"])
    for name, found in measured["processes"].items():
        if "failed" in found:
            yield f"| `{name}` | - | - | - |"
            continue
        seconds = statistics.median(found["seconds"])
        yield f"| `{name}` | {1000 * seconds:,.0f} | {seconds / loop:.2f} | {found['megabytes']:.0f} |"


def targets(measured: dict[str, Any]) -> Iterator[tuple[str, str, bool | None]]:
    """Yield each target, what was found, and whether it is met; None where it could not be measured."""
    pack, sobol = measured["steps"]["our_full_pack"].get("answer"), measured["steps"]["our_sobol"].get("answer")
    salib = "salib_sobol" if seconds_of(measured, "salib_sobol") else "salib_sobol_quickly"

    def at_least(found: float | None, least: float) -> tuple[str, bool | None]:
        return shown(found, ".2f"), None if found is None else found >= least

    def at_most(found: float | None, most: float, form: str = ".2f") -> tuple[str, bool | None]:
        return shown(found, form), None if found is None else found <= most

    yield "1. full pack at least 20 times as fast as the loop", *at_least(ratio(measured, "loop", "our_full_pack"), 20)
    error = max(abs(pack[q] / measured["right"]["right"][q] - 1) for q in ("q05", "q50", "q95")) if pack else None
    yield "   its quantiles within 1e-5", *at_most(error, 1e-5, ".0e")
    yield "2. simulation at most 1.5 times the floor", *at_most(ratio(measured, "our_simulation", "floor"), 1.5)
    yield "   at least 12 times as fast as squigglepy", *at_least(ratio(measured, "squigglepy", "our_simulation"), 12)
    yield "3. Sobol at least 100 times as fast as SciPy's", *at_least(ratio(measured, "scipy_sobol", "our_sobol"), 100)
    yield "   at least 10,000 times as fast as SALib's", *at_least(ratio(measured, salib, "our_sobol"), 10_000)
    yield "   never negative", shown(min(sobol), ".1e") if sobol else "-", min(sobol) >= 0 if sobol else None
    yield "4. a portfolio of 10,000 projects", "measured by benchmarks/portfolio.py", None
    broken = measured["steps"]["our_bits"].get("answer")
    said = "-" if broken is None else "; ".join(broken) or "every way tried"
    yield "5. same seed, same bits", said, None if broken is None else not broken
    both = [
        measured["processes"].get(name, {}).get("seconds") for name in ("sroi uncertainty MAP", "the NumPy loop, once")
    ]
    part = statistics.median(both[0]) / statistics.median(both[1]) if all(both) else None
    yield "6. sroi uncertainty at most 0.8 of a process with the loop", *at_most(part, 0.8)


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description="Uncertainty, ours beside its peers.")
    parser.add_argument("--environment", type=Path, default=ENVIRONMENT, help="folder for the environment it makes")
    parser.add_argument("--rounds", type=int, default=7, help="how often each quick step is run (7)")
    parser.add_argument(
        "--quick", action="store_true", help="without chaospy, and SALib from a sixteenth of its points"
    )
    given = parser.parse_args()
    measured = measure(environment(given.environment.resolve()), given.rounds, given.quick)
    for table in (drawn_table, sobol_table, process_table):
        print("", *table(measured), sep="\n")
    print("\n| target | found | |\n|---|---|---|")
    for target, found, met in targets(measured):
        print(f"| {target} | {found} | {'' if met is None else 'met' if met else 'not met'} |")


if __name__ == "__main__":
    main()
