"""One turn of one way of running notebooks: says in a line of JSON what each notebook took.

python benchmarks/notebooks_worker.py KIND WAY COUNT time|watch FOLDER

The way `pair` runs a notebook and the same code as a script by turns, so that what the machine does besides meets both:
as a script in a process of its own that has its imports done, and once more in that process, which has run it before.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import importlib
import io
import json
import logging
import os
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parent.parent
WORKERS = 2
_MODULES = "modules.json"

MODEL = (
    "scale = 1.0\nseed = 0",
    "import matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd\nfrom scipy import stats",
    "draws = np.random.default_rng(seed).normal(scale, 0.2, (2000, 5))\n"
    "table = pd.DataFrame(draws, columns=list('abcde'))\ntable.describe()",
    "plt.figure(figsize=(4, 3))\nplt.hist(table['a'], bins=30)\nplt.title('one')\nplt.show()",
    "plt.figure(figsize=(4, 3))\nplt.plot(np.sort(table['b']), np.arange(len(table)))\nplt.title('two')\nplt.show()",
    "plt.figure(figsize=(4, 3))\nplt.scatter(table['c'], table['d'], s=2)\nplt.title('three')\nplt.show()",
    "pd.DataFrame({'mean': table.mean(), 'p': [stats.ttest_1samp(table[c], 1.0).pvalue for c in table]})",
)


def written(kind: str, folder: Path) -> tuple[Path, Callable[[int], dict[str, Any]]]:
    """Return the notebook of a kind, and a function that gives the parameters of one run of it."""
    import nbformat

    if kind == "report":
        value_map = str(ROOT / "case_studies" / "wheels_to_meals" / "value_map.yaml")
        return ROOT / "templates" / "report.ipynb", lambda number: {
            "value_map": value_map,
            "out": str(folder / f"report-{os.getpid()}-{number}"),
        }
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in MODEL])
    made.cells[0].metadata["tags"] = ["parameters"]
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / "model.ipynb"
    nbformat.write(made, path)
    return path, lambda number: {"seed": number}


def execute(path: Path, out: Path, parameters: dict[str, Any], engine: str | None) -> None:
    """Run a notebook through papermill in this process."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    import papermill

    papermill.execute_notebook(str(path), str(out), parameters, engine_name=engine, progress_bar=False)


# ---- the same code as a plain script


def run_cells(sources: list[str], parameters: dict[str, Any]) -> int:
    """Run the cells, and draw and show what they show, as a notebook does; return how many bytes that made."""
    names: dict[str, Any] = {"__name__": "__main__"}
    made = 0
    for number, source in enumerate(sources):
        tree = ast.parse(source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last is not None else None
        if number == 0:
            names |= parameters
        pyplot = sys.modules.get("matplotlib.pyplot")
        for figure in map(pyplot.figure, pyplot.get_fignums()) if pyplot else ():
            picture = io.BytesIO()
            figure.savefig(picture, format="png", bbox_inches="tight")
            made += len(base64.b64encode(picture.getvalue()))
        if pyplot:
            pyplot.close("all")
        if value is not None:
            shown = getattr(value, "_repr_html_", None)
            made += len(repr(value)) + len((shown() if shown else None) or "")
    return made


def script(path: Path, parameters: Callable[[int], dict[str, Any]], numbers: range) -> None:
    """Run the notebook's code in this process."""
    warnings.simplefilter("ignore")
    import matplotlib

    matplotlib.use("agg")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    for number in numbers:
        with contextlib.redirect_stdout(io.StringIO()):
            run_cells(sources, parameters(number))


# ---- the ways


@contextlib.contextmanager
def prepared(way: str, kind: str, folder: Path) -> Iterator[Callable[[range], None]]:
    """Give a function that runs so many notebooks in a way, set up, and with one run made by each worker."""
    path, parameters = written(kind, folder)
    out = folder / f"out-{way}.ipynb"
    engine = {"ploomber": "embedded", "warm": "sroi-warm", "warm_pool": "sroi-warm"}.get(way)

    def one_by_one(numbers: range) -> None:
        for number in numbers:
            execute(path, out, parameters(number), engine)

    def by_command(numbers: range) -> None:
        for number in numbers:
            words = [word for name, value in parameters(number).items() for word in ("-p", name, str(value))]
            subprocess.run(["papermill", str(path), str(out), *words], check=True, stderr=subprocess.DEVNULL)

    def as_script(numbers: range) -> None:
        for number in numbers:
            command = [sys.executable, __file__, kind, "script_once", str(number), "time", str(folder)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    if way == "command":
        yield by_command
    elif way == "script":
        yield as_script
    elif way == "script_again":
        script(path, parameters, range(1))
        yield lambda numbers: script(path, parameters, numbers)
    elif way.endswith("_pool"):
        with contextlib.ExitStack() as stack:
            if way == "warm_pool":
                from sroi.warm.service import WarmService

                stack.enter_context(WarmService())
            pool = stack.enter_context(ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")))

            def in_the_pool(numbers: range) -> None:
                waiting = [
                    pool.submit(execute, path, folder / f"out-{number}.ipynb", parameters(number), engine)
                    for number in numbers
                ]
                for each in waiting:
                    each.result()

            in_the_pool(range(WORKERS))
            yield in_the_pool
    else:
        one_by_one(range(1))
        yield one_by_one


def processor_seconds() -> float:
    """Return the CPU seconds that this process, those below it, and those of them that ended, have used."""
    used = 0.0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            used += times.user + times.system + times.children_user + times.children_system
    return used


class Memory:
    """Looks every so often at the memory of this process and those below it, pages that they share counted once."""

    def __init__(self) -> None:
        self.most = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.1):
            now = 0.0
            for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
                with contextlib.suppress(psutil.Error, AttributeError):
                    now += process.memory_full_info().pss
            self.most = max(self.most, now / 1e6)


def took(run: Callable[[range], None], numbers: range) -> dict[str, float]:
    """Return the seconds and the CPU seconds that some notebooks took, for one of them."""
    used, began = processor_seconds(), time.perf_counter()
    run(numbers)
    seconds = time.perf_counter() - began
    return {"seconds": seconds / len(numbers), "cpu": (processor_seconds() - used) / len(numbers)}


def pair(kind: str, folder: Path, count: int) -> dict[str, list[dict[str, float]]]:
    """Return what the warm engine and the same code with its imports done took, by turns, now one first, now the other.

    The script has a process of its own, so that the engine's is as light as papermill's command is.
    """
    ways = ("script_first", "script_again")
    found: dict[str, list[dict[str, float]]] = {way: [] for way in ("warm", *ways)}
    in_its_own(kind, "modules", 0, folder)
    with prepared("warm", kind, folder) as notebook:
        for number in range(10, 10 + count):
            if number % 2:
                found["warm"].append(took(notebook, range(number, number + 1)))
            for way, run in zip(ways, in_its_own(kind, "script_pair", number, folder), strict=True):
                found[way].append(run)
            if number % 2 == 0:
                found["warm"].append(took(notebook, range(number, number + 1)))
    return found


def in_its_own(kind: str, way: str, number: int, folder: Path) -> Any:
    """Return what another process of this file says."""
    command = [sys.executable, __file__, kind, way, str(number), "time", str(folder)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(said.splitlines()[-1])


def modules(kind: str, folder: Path) -> int:
    """Write down which modules the code loads, so that a script can have its imports done; return how many."""
    path, parameters = written(kind, folder)
    script(path, parameters, range(1))
    (folder / _MODULES).write_text(json.dumps(sorted(sys.modules)), encoding="utf-8")
    return len(sys.modules)


def script_pair(kind: str, folder: Path, number: int) -> list[dict[str, float]]:
    """Return what the code took in this process once all that it loads was imported, and what it took again."""
    path, parameters = written(kind, folder)
    for module in json.loads((folder / _MODULES).read_text(encoding="utf-8")):
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    return [
        took(lambda numbers: script(path, parameters, numbers), range(each, each + 1)) for each in (number, number + 1)
    ]


def main() -> None:
    """Take one turn."""
    kind, way, count, how, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], Path(sys.argv[5])
    if way == "script_once":
        path, parameters = written(kind, folder)
        script(path, parameters, range(count, count + 1))
        return
    if way == "modules":
        print(json.dumps(modules(kind, folder)))
        return
    if way == "script_pair":
        print(json.dumps(script_pair(kind, folder, count)))
        return
    if way == "pair":
        print(json.dumps(pair(kind, folder, count)))
        return
    with prepared(way, kind, folder) as run:
        if how == "watch":
            with Memory() as memory:
                run(range(10, 10 + count))
            print(json.dumps({way: [{"memory": memory.most}]}))
        else:
            print(json.dumps({way: [took(run, range(10, 10 + count))]}))


if __name__ == "__main__":
    main()
