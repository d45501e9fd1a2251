"""How long a workbook of 60 outcomes takes to be read, evaluated and rewritten, beside openpyxl's bare loading.

    make benchmark

Target: reading, evaluating and rewriting together at most 3 times the time that openpyxl alone needs to load the file.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from start_up import write_map

import sroi

TARGET = 3.0


def timed(run: Callable[[], Any]) -> float:
    """Return the seconds that a call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def measure(runs: int = 9) -> dict[str, float]:
    """Return the median seconds of each step, the steps taking turns."""
    with tempfile.TemporaryDirectory() as folder:
        impact_map = sroi.read_value_map(write_map(Path(folder)))
        path = Path(folder) / "sixty.xlsx"
        sroi.write_value_map(impact_map, path)
        steps: dict[str, Callable[[], Any]] = {
            "openpyxl.load_workbook": lambda: openpyxl.load_workbook(path),
            "read_value_map": lambda: sroi.read_value_map(path),
            "evaluate": lambda: sroi.evaluate(impact_map),
            "write_value_map": lambda: sroi.write_value_map(impact_map, path, overwrite=True),
        }
        taken: dict[str, list[float]] = {name: [] for name in steps}
        for _ in range(runs):
            for name, step in steps.items():
                taken[name].append(timed(step))
    return {name: statistics.median(each) for name, each in taken.items()}


def main() -> None:
    """Print the table."""
    measured = measure()
    base = measured["openpyxl.load_workbook"]
    measured["read, evaluate and rewrite"] = sum(
        seconds for name, seconds in measured.items() if not name.startswith("openpyxl")
    )
    print(f"{'a workbook of 60 outcomes':<42}{'ms':>8}{'ratio':>8}")
    for name, seconds in measured.items():
        print(f"{name:<42}{seconds * 1000:>8.0f}{seconds / base:>8.2f}")
    print(f"target for read, evaluate and rewrite: at most {TARGET} times the first line")


if __name__ == "__main__":
    main()
