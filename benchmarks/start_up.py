"""How long `sroi evaluate` takes on a map of 60 outcomes, as a whole process, beside a bare import of its two pillars.

    make benchmark

Times of one machine mean little; the ratio of medians, the two measured in turn in one run, is what counts.
Target: at most 2.5 times `python -c "import numpy, pydantic"`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TARGET = 2.5
HEAD = """\
sroi: 1
title: A map of 60 outcomes
analysis: forecast
currency: GBP
price_year: 2024
stakeholders:
  - {id: people, name: People, size: 500}
inputs:
  - {id: grant, stakeholder: people, kind: money, value: 250000, source: made for the benchmark}
outcomes:
"""
OUTCOME = """\
  - id: outcome_{number}
    stakeholder: people
    description: "What changed for them, said in a sentence of ordinary length"
    indicator: {{text: How one can tell, source: made for the benchmark}}
    quantity: {{value: 90, low: 60, high: 120, source: made for the benchmark}}
    proxy: {{description: One unit of it, value: 19.5, unit: visit, price_year: 2024, source: made for the benchmark}}
    duration: 3
    deadweight: {{value: 10%, low: 0%, high: 25%, note: made for the benchmark}}
    displacement: {{value: 0%, note: made for the benchmark}}
    attribution: {{value: 10%, low: 5%, high: 20%, note: made for the benchmark}}
    drop_off: 10%
"""


def write_map(folder: Path) -> Path:
    """Write the map of 60 outcomes into `folder` and return its path."""
    path = folder / "sixty.yaml"
    path.write_text(HEAD + "".join(OUTCOME.format(number=number) for number in range(60)), encoding="utf-8")
    return path


def _as_at_home() -> dict[str, str]:
    """Return the environment of a user's machine: bytecode is kept, and no test run watches."""
    foreign = ("PYTHONDONTWRITEBYTECODE", "COV_", "COVERAGE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


def timed(command: list[str]) -> tuple[float, float]:
    """Return the seconds and the largest memory [MB] of one process (memory 0 where the system does not tell)."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=_as_at_home())
    if not hasattr(os, "wait4"):
        process.wait()
        return time.perf_counter() - start, 0.0
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return seconds, usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def measure(runs: int = 15) -> dict[str, tuple[float, float]]:
    """Return each command's median seconds and memory, the commands taking turns."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_map(Path(folder))
        sroi = [sys.executable, "-m", "sroi"]
        commands = {
            "python -c 'import numpy, pydantic'": [sys.executable, "-c", "import numpy, pydantic"],
            "sroi evaluate (60 outcomes)": [*sroi, "evaluate", str(path)],
            "sroi evaluate --json - (60 outcomes)": [*sroi, "evaluate", str(path), "--json", "-"],
            "sroi --help": [*sroi, "--help"],
        }
        for command in commands.values():
            timed(command)  # the first run writes the bytecode
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                taken[name].append(timed(command))
    return {
        name: (statistics.median(seconds for seconds, _ in each), max(memory for _, memory in each))
        for name, each in taken.items()
    }


def main() -> None:
    """Print the table."""
    measured = measure()
    base = next(iter(measured.values()))[0]
    print(f"{'command, as a whole process':<42}{'ms':>8}{'ratio':>8}{'memory, MB':>12}")
    for name, (seconds, memory) in measured.items():
        print(f"{name:<42}{seconds * 1000:>8.0f}{seconds / base:>8.2f}{memory:>12.0f}")
    print(f"target for sroi evaluate: at most {TARGET} times the first line")


if __name__ == "__main__":
    main()
