"""The processes that measure: each is asked for one thing and answers in lines of JSON.

    python benchmarks/uncertainty_worker.py serve STEP    run a step once for each line of input; say what it took
    python benchmarks/uncertainty_worker.py right         the right answers
    python benchmarks/uncertainty_worker.py write PATH    the value map, for the command to read

A step that fails says why in place of its figures, and the others go on.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import math
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import uncertainty_reference
from uncertainty_model import DRAWS, outcomes, write_value_map

TURN = 0.5  # seconds
LONG = 5.0  # seconds from which on a step needs no warming up

# What each step runs, and what it imports: a bare import is not the memory of a step.
STEPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "floor": ("uncertainty_peers.floor", ()),
    "loop": ("uncertainty_peers.loop", ()),
    "squigglepy": ("uncertainty_peers.with_squigglepy", ("squigglepy",)),
    "openturns": ("uncertainty_peers.with_openturns", ("openturns",)),
    "chaospy": ("uncertainty_peers.with_chaospy", ("chaospy", "scipy.stats")),
    "scipy_sobol": ("uncertainty_peers.with_scipy_sobol", ("scipy.stats",)),
    "salib_sobol": ("uncertainty_peers.with_salib_sobol", ("SALib.analyze.sobol", "scipy.stats")),
    "salib_sobol_quickly": ("uncertainty_peers.with_salib_sobol_quickly", ("SALib.analyze.sobol", "scipy.stats")),
    "our_simulation": ("uncertainty_ours.simulation", ("sroi.uncertainty.simulation",)),
    "our_full_pack": ("uncertainty_ours.full_pack", ("sroi.uncertainty.exact", "sroi.sensitivity")),
    "our_simulation_in_two_threads": ("uncertainty_ours.simulation_in_two_threads", ("sroi.uncertainty.simulation",)),
    "our_study": ("uncertainty_ours.study", ("sroi.uncertainty.exact", "sroi.uncertainty.simulation")),
    "our_exact": ("uncertainty_ours.exact_engine", ("sroi.uncertainty.exact",)),
    "our_sobol": ("uncertainty_ours.sobol", ("sroi.uncertainty.exact",)),
    "our_bits": ("uncertainty_ours.broken_promises", ("sroi.uncertainty.simulation",)),
}


def prepared(step: str) -> Any:
    """Return what a step runs, its imports done and its map made."""
    path, modules = STEPS[step]
    for name in modules:
        importlib.import_module(name)
    module, function = path.rsplit(".", 1)
    room = importlib.import_module(module)
    room.impact_map() if step.startswith("our_") else room.model()
    return getattr(room, function)


def answer(found: Any) -> Any:
    """Return what a step's answer comes to: a summary of draws, or the answer as it is."""
    if isinstance(found, np.ndarray):
        return uncertainty_reference.summary(found) if found.size == DRAWS else found.tolist()
    return found


def serve(step: str) -> Iterator[dict[str, Any]]:
    """Yield that the step is ready, and for each line that comes in, what its next turn took.

    A turn runs a step once to warm up (memory that an idle process had to give back is slow to get again) and then
    repeats it until half a second has passed; of a step that takes long, the first run counts. `megabytes` is the
    largest memory so far beyond what stood there after the imports (None where the system does not tell).
    """
    try:
        run = prepared(step)
        imported = largest_memory()
        yield {"ready": step}
        for _ in sys.stdin:
            seconds: list[float] = []
            while sum(seconds[1:]) < TURN and not seconds[:1] > [LONG]:
                start = time.perf_counter()
                found = run()
                seconds.append(time.perf_counter() - start)
            grown = None if imported is None else (largest_memory() or 0.0) - imported
            yield {"seconds": seconds[1:] or seconds, "megabytes": grown, "answer": answer(found)}
    except Exception as error:
        yield {"failed": f"{type(error).__name__}: {error}"}


def largest_memory() -> float | None:
    """Return the largest memory that this process has had [MB]; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def right() -> dict[str, Any]:
    """Return the right answers."""
    model = outcomes()
    return uncertainty_reference.reference(model) | {"sobol": uncertainty_reference.sobol(model).tolist()}


def main() -> None:
    """Do what the command line asks for; whatever a tool prints goes to the errors' stream."""
    warnings.simplefilter("ignore")
    what, *rest = sys.argv[1:]
    with contextlib.redirect_stdout(sys.stderr):
        if what == "serve":
            for report in serve(rest[0]):
                tell(report)
        elif what == "write":
            tell({"written": str(write_value_map(Path(rest[0]), outcomes()))})
        else:
            tell(right())


def tell(report: dict[str, Any]) -> None:
    """Print one line of JSON on the standard output."""
    said = json.dumps(report, default=lambda number: float(number) if math.isfinite(number) else None)
    print(said, file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    main()
