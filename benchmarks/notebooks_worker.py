"""One turn of one way of running notebooks: says in a line of JSON what each notebook took.

python benchmarks/notebooks_worker.py KIND WAY COUNT time|watch FOLDER

The way `pair` runs a notebook and the same code as a script by short turns, so that what the machine does besides meets
both: as a script in a process that has its imports done, and once more in that process, which has run it before. It
needs Linux, which holds processes and lets them go on.
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
import select
import signal
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
_TURN = 0.1  # [s]

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
        # From the third run of a batch on ours finds the memory copied that runs of its kind write to.
        one_by_one(range(2 if way == "warm" else 1))
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
    """Return what the warm engine took and what the same code took with its imports done, in pairs by short turns.

    Both have a process of their own. The machine's speed changes by a third from one second to the next, more than is
    asked after: so of each two runs one goes on for a tenth of a second while the other is held, and so forth.
    Either runs alone in its turns, on all processors; they take it by turns to begin. A script has run before in its
    process at its second run.
    """
    found: dict[str, list[dict[str, float]]] = {}
    in_its_own(kind, "modules", 0, folder)
    with one_that_answers(kind, "warm_side", folder) as warm:
        for number in range(10, 10 + count):
            with one_that_answers(kind, "script_side", folder) as script_side:
                for way in ("script_first", "script_again"):
                    sides = [(way, script_side), (f"warm_beside_{way}", warm)]
                    for each, run in by_turns(dict(sides[:: 1 if number % 2 else -1]), number).items():
                        found.setdefault(each, []).append(run)
    return found


@contextlib.contextmanager
def one_that_answers(kind: str, way: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Give a process of this file that is ready to run a notebook for each line that it gets."""
    command = [sys.executable, __file__, kind, way, "0", "time", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.stdin.close()


def answer(run: Callable[[range], None]) -> None:
    """Run the notebook whose number comes in, and say what CPU it took."""
    print("ready", flush=True)
    for line in sys.stdin:
        with contextlib.redirect_stdout(sys.stderr):
            spent = took(run, range(int(line), int(line) + 1))
        sys.stdout.write(f"{json.dumps({'cpu': spent['cpu']})}\n")
        sys.stdout.flush()


def by_turns(sides: dict[str, subprocess.Popen[bytes]], number: int) -> dict[str, dict[str, float]]:
    """Have each side run a notebook, by turns of a tenth of a second; return the seconds of its turns."""
    seconds, said = dict.fromkeys(sides, 0.0), {}
    family = {name: held(side.pid) for name, side in sides.items()}
    for side in sides.values():
        assert side.stdin is not None
        side.stdin.write(b"%d\n" % number)
    while len(said) < len(sides):
        for name, side in sides.items():
            if name in said:
                continue
            assert side.stdout is not None
            began = time.perf_counter()
            signal_all(family[name], signal.SIGCONT)
            if select.select([side.stdout], [], [], _TURN)[0]:
                said[name] = json.loads(side.stdout.readline())
            signal_all(family[name], signal.SIGSTOP)
            seconds[name] += time.perf_counter() - began
            family[name] = held(side.pid)  # with those that are new
    for each in family.values():
        signal_all(each, signal.SIGCONT)
    return {name: {"seconds": seconds[name], **said[name]} for name in sides}


def signal_all(processes: list[int], number: signal.Signals) -> None:
    """Send a signal to processes."""
    for process in processes:
        with contextlib.suppress(OSError):
            os.kill(process, number)


def held(process: int) -> list[int]:
    """Hold a process and those below it, and return them: once one is held, it starts no other."""
    found = [process]
    signal_all(found, signal.SIGSTOP)
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):
            children = Path(f"/proc/{process}/task/{thread}/children").read_text(encoding="ascii")
            found += [each for child in children.split() for each in held(int(child))]
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


def import_all(folder: Path) -> None:
    """Import what the code loads."""
    for module in json.loads((folder / _MODULES).read_text(encoding="utf-8")):
        with contextlib.suppress(Exception):
            importlib.import_module(module)


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
    if way == "script_side":
        path, parameters = written(kind, folder)
        import_all(folder)
        answer(lambda numbers: script(path, parameters, numbers))
        return
    if way == "warm_side":
        with prepared("warm", kind, folder) as run:
            answer(run)
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
