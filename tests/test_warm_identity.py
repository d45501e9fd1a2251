"""The warm engine leaves what papermill's own engine leaves, cell by cell, to the bytes of every picture."""

from __future__ import annotations

import copy
import functools
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from awkward_notebooks import AWKWARD, notebook, plain
from warm_runs import execute, said, the_one_that_waits

import sroi
from sroi.warm.service import warm_process

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="runs are forked on Linux only"),
    pytest.mark.slow,
]
_PATIENCE = 120  # seconds for a cell
_TRIES = 4  # of papermill's own engine
_FIRST_TRIES = 25  # seconds for a cell of papermill's in all tries but the last: those that hang do it for ever
TEMPLATES = sorted((Path(__file__).parent.parent / "templates").glob("*.ipynb"))


@pytest.fixture(autouse=True)
def _as_outside_of_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    # ipykernel does not watch a process's own streams while it is tested.
    monkeypatch.delenv("PYTEST_CURRENT_TEST")


def left_by(made: Any, folder: Path, warm: str, **settings: Any) -> dict[str, Any]:
    """Return what a run leaves; its folder has the same name for every way of running."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    given = {**settings}
    if warm == "papermill":
        given["shutdown_kernel"] = "immediate"  # what a kernel does after its last cell is in no notebook
    for attempt in range(1, _TRIES + 1):
        work = folder / f"{warm}-{attempt}"
        work.mkdir()
        patience = _FIRST_TRIES if warm == "papermill" and attempt < _TRIES and not settings else _PATIENCE
        try:
            execute(made, work / "out.ipynb", warm, cwd=work, execution_timeout=patience, **given)
        except papermill.exceptions.PapermillExecutionError:
            pass
        except CellTimeoutError:
            if attempt == _TRIES or warm != "papermill":
                raise
            continue  # papermill's own engine now and then waits for ever for a widget's message
        except DeadKernelError:
            if attempt == _TRIES or warm != "papermill":
                raise
            continue  # ipykernel stops a tenth of a second after exit(), whether papermill has done or not
        return plain((work / "out.ipynb").read_text(encoding="utf-8").replace(str(work), "FOLDER"))
    raise AssertionError("unreachable")


def assert_alike(left: dict[str, Any], expected: dict[str, Any]) -> None:
    for ours, theirs in zip(left["cells"], expected["cells"], strict=True):
        assert ours == theirs
    assert left == expected


@functools.cache
def left_by_papermill(name: str) -> dict[str, Any]:
    """Return what papermill's own engine leaves of an awkward notebook; it is slow, and asked for twice."""
    from nbclient.exceptions import DeadKernelError

    with tempfile.TemporaryDirectory() as folder:
        try:
            return left_by(AWKWARD[name], Path(folder), "papermill")
        except DeadKernelError:
            if name != "quits":
                raise
            return left_without_quitting(Path(folder))


def left_without_quitting(folder: Path) -> dict[str, Any]:
    """Return what papermill leaves of a notebook that quits, when its kernel is given the time to answer.

    exit() shows nothing and lets the cell complete, as None does: on a busy machine this stands in for it.
    """
    made = copy.deepcopy(AWKWARD["quits"])
    (quitting,) = [cell for cell in made["cells"] if "exit()" in cell["source"]]
    source, quitting["source"] = quitting["source"], "None"
    (folder / "kept").mkdir()
    left = left_by(made, folder / "kept", "papermill")
    (quitted,) = [cell for cell in left["cells"] if cell["source"] == ["None"]]
    quitted["source"] = [source]
    return left


@pytest.mark.parametrize("name", AWKWARD)
def test_a_forked_shell_leaves_what_papermill_leaves(name: str, tmp_path: Path) -> None:
    assert_alike(left_by(AWKWARD[name], tmp_path, "shell"), left_by_papermill(name))


@functools.cache
def one_folder() -> Path:
    """Return a folder for all runs that ask alike."""
    return Path(tempfile.mkdtemp(prefix="sroi-test-"))


@pytest.mark.parametrize("name", AWKWARD)
def test_a_shell_made_ahead_leaves_what_papermill_leaves(name: str) -> None:
    warm, _ = warm_process()
    assert warm._started is not None
    work = one_folder() / "shell-1"
    work.mkdir()
    for _ in range(2):  # the second asks as the first did
        execute(notebook("1"), warm="shell", cwd=work)
    before = the_one_that_waits(warm._started.pid)
    shutil.rmtree(work)
    left = left_by(AWKWARD[name], one_folder(), "shell")
    assert the_one_that_waits(warm._started.pid) != before
    shutil.rmtree(work)
    assert_alike(left, left_by_papermill(name))


@pytest.mark.parametrize("name", ["streams", "widgets", "progress", "errors"])
def test_a_forked_kernel_leaves_what_papermill_leaves(name: str, tmp_path: Path) -> None:
    assert_alike(left_by(AWKWARD[name], tmp_path, "kernel"), left_by_papermill(name))


def test_a_shell_that_quits_leaves_what_a_kernel_leaves_that_had_the_time_to_answer(tmp_path: Path) -> None:
    assert_alike(left_by(AWKWARD["quits"], tmp_path, "shell"), left_without_quitting(tmp_path))


def given_to(template: Path, folder: Path) -> dict[str, Any]:
    """Return the parameters with which a template has something to tell."""
    asked: dict[str, Any] = {"value_map": str(sroi.case_study("wheels_to_meals")), "out": "left"}
    if template.stem == "report":
        return asked | {"formats": "html"}  # of a Word file nothing is compared, and it takes as long
    if template.stem == "portfolio":
        (folder / "maps").mkdir()
        for name in ("wheels_to_meals", "befriending"):
            shutil.copy(sroi.case_study(name), folder / "maps" / f"{name}.yaml")
        return {"batch": str(folder / "maps"), "out": "left", "formats": "html"}
    if template.stem == "class":
        (folder / "returned").mkdir()
        for team, rate in (("team_1", "3.5%"), ("team_2", "6%")):
            changed = (
                sroi.case_study("wheels_to_meals").read_text(encoding="utf-8").replace("rate: 3.5%", f"rate: {rate}")
            )
            (folder / "returned" / f"{team}.yaml").write_text(changed, encoding="utf-8")
        return {"returned": [str(folder / "returned")], "out": "left"}
    if template.stem == "survey":
        rows = [f"p{n},{n % 5},{n % 5 + (2 if n % 3 else 1)}" for n in range(60)]
        (folder / "answers.csv").write_text("\n".join(["Person,Before,After", *rows]), encoding="utf-8")
        return asked | {"survey": str(folder / "answers.csv"), "person": "Person", "scale": [0, 10]}
    return asked


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_every_template_comes_to_the_same(template: Path, tmp_path: Path) -> None:
    asked = given_to(template, tmp_path)
    made = nbformat.read(template, as_version=4)
    expected = left_by(made, tmp_path, "papermill", parameters=asked)
    assert not [out for cell in expected["cells"] for out in cell.get("outputs", []) if out["output_type"] == "error"]
    assert_alike(left_by(made, tmp_path, "auto", parameters=asked), expected)
    ours, theirs = tmp_path / "auto-1" / "left", tmp_path / "papermill-1" / "left"
    pictures = sorted(path.relative_to(theirs) for path in theirs.rglob("*.png"))
    assert pictures or template.stem == "survey"
    assert sorted(path.relative_to(ours) for path in ours.rglob("*.png")) == pictures
    assert [(ours / name).read_bytes() == (theirs / name).read_bytes() for name in pictures] == [True] * len(pictures)
    pages = sorted(path.relative_to(theirs) for path in theirs.rglob("*.html"))
    assert pages
    assert [(ours / name).read_bytes() == (theirs / name).read_bytes() for name in pages] == [True] * len(pages)


def test_the_comparison_would_see_a_difference(tmp_path: Path) -> None:
    one = left_by(notebook("print('one')\n1"), tmp_path / "a", "shell") if (tmp_path / "a").mkdir() is None else {}
    other = left_by(notebook("print('other')\n1"), tmp_path / "b", "shell") if (tmp_path / "b").mkdir() is None else {}
    assert one["cells"][0]["outputs"] != other["cells"][0]["outputs"]


# ---- nothing leaks from run to run

LEAVES_TRACES = notebook(
    "import os, sys, random, warnings, builtins, logging, locale, threading, decimal\n"
    "import numpy as np, pandas as pd, matplotlib, matplotlib.pyplot as plt\n"
    "os.environ['LEAKED'] = '1'; os.environ.pop('HOME', None)\n"
    "sys.path.insert(0, '/leaked'); sys.leaked = True; builtins.leaked = True; leaked_name = 1\n"
    "sys.setrecursionlimit(555); sys.modules['leaked_module'] = sys\n"
    "random.seed(1); np.random.seed(1); np.set_printoptions(precision=1); np.seterr(all='raise')\n"
    "pd.options.display.max_rows = 3; pd.DataFrame.leaked = 1\n"
    "matplotlib.rcParams['figure.dpi'] = 33; plt.plot([1]); plt.style.use('ggplot')\n"
    "warnings.simplefilter('error'); logging.basicConfig(level=1); os.umask(0o777)\n"
    "decimal.getcontext().prec = 3; open('leaked.txt', 'w').close(); os.chdir('/')\n"
    "opened = [open('/dev/null') for _ in range(9)]\n"
    "threading.Thread(target=__import__('time').sleep, args=(60,), daemon=True).start()\n"
    "import sroi; sroi.evaluate = None"
)
LOOKS_FOR_TRACES = notebook(
    "import os, sys, random, warnings, builtins, logging, threading, decimal, json\n"
    "import numpy as np, pandas as pd, matplotlib, matplotlib.pyplot as plt, sroi\n"
    "mask = os.umask(0); os.umask(mask)\n"
    "print(json.dumps({\n"
    "    'environment': {k: v for k, v in os.environ.items() if k not in ('JPY_PARENT_PID',)},\n"
    "    'path': sys.path, 'leaked': [hasattr(sys, 'leaked'), hasattr(builtins, 'leaked'), 'leaked_name' in globals()],\n"
    "    'modules': 'leaked_module' in sys.modules, 'recursion': sys.getrecursionlimit(),\n"
    "    'numpy': [str(np.get_printoptions()), str(np.geterr())],\n"
    "    'pandas': [pd.options.display.max_rows, hasattr(pd.DataFrame, 'leaked')],\n"
    "    'rc': [str(matplotlib.rcParams), plt.get_fignums()], 'filters': str(warnings.filters),\n"
    "    'log': [logging.root.level, len(logging.root.handlers)], 'mask': mask, 'digits': decimal.getcontext().prec,\n"
    "    'folder': [os.getcwd(), os.listdir()], 'threads': sorted(t.name for t in threading.enumerate()),\n"
    "    'files': sorted(os.path.basename(os.readlink(f'/proc/self/fd/{n}')).split(':')[0] for n in os.listdir('/proc/self/fd') if os.path.exists(f'/proc/self/fd/{n}') or True and os.path.islink(f'/proc/self/fd/{n}')),\n"
    "    'sroi': sroi.evaluate is not None}))"
)


@pytest.mark.parametrize("ahead", [False, True])
def test_nothing_leaks_from_run_to_run(ahead: bool, tmp_path: Path) -> None:
    seen, waited = [], [0]
    warm, _ = warm_process()
    assert warm._started is not None
    for number, made in enumerate((LOOKS_FOR_TRACES, LEAVES_TRACES, LEAVES_TRACES, LOOKS_FOR_TRACES)):
        work = tmp_path / ("one" if ahead else str(number))  # runs in one folder have shells that were made ahead
        work.mkdir(exist_ok=True)
        run = execute(made, warm="shell", cwd=work)
        seen.append(said(run).replace(str(work), "FOLDER"))
        for file in work.iterdir():
            file.unlink()
        if ahead and number:  # the second run asks as the first did
            waited.append(the_one_that_waits(warm._started.pid))
            assert waited[-1] != waited[-2]
    before, after = json.loads(seen[0]), json.loads(seen[-1])
    assert after == before
    assert before["folder"] == ["FOLDER", []]
    assert before["rc"][1] == []


def test_random_numbers_are_fresh_in_every_run_unless_a_seed_is_given() -> None:
    draws = notebook(
        "import random, numpy as np\n(random.random(), np.random.rand(), np.random.default_rng().random())"
    )
    free = {said(execute(draws, warm="shell")) for _ in range(3)}
    assert len(free) == 3
    numbers = [part for text in free for part in text.strip("()").split(", ")]
    assert len(set(numbers)) == 9
