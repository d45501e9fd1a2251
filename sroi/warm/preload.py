"""What the warm process has done once, so that no run has to: heavy imports, and what libraries make at first use.

Only what every process would come to by itself may be done here. Whether a library finds itself in Jupyter, which
backend pyplot draws with and which thread a library starts are settled in this module, or left to the run.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import io
import os
import sys
import threading
import warnings
from contextlib import suppress
from typing import Any

# pyplot without its backend: matplotlib_inline hooks itself into the shell that it finds when it is first imported.
MODULES = (
    *("numpy", "scipy.stats", "scipy.optimize", "pandas", "pandas.io.formats.style"),
    *("matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib.figure"),
    *("IPython", "IPython.core.magics", "IPython.display", "ipykernel.kernelapp", "ipykernel.ipkernel"),
    *("ipykernel.zmqshell", "ipykernel.debugger", "IPython.extensions.storemagic", "sroi.warm.shell"),
    *(
        "IPython.core.completer",
        "IPython.core.completerlib",
        "IPython.core.debugger",
        "IPython.core.logger",
        "IPython.core.oinspect",
        "IPython.core.pylabtools",
    ),
    *("IPython.utils.wildcard", "sqlite3", "pdb", "faulthandler", "tornado.platform.asyncio", "PIL.PngImagePlugin"),
    *("matplotlib.backends.backend_svg", "pandas.io.formats.csvs", "encodings.cp437", "encodings.utf_8_sig"),
    *("sroi", "sroi.evaluation", "sroi.provenance", "sroi.tables", "sroi.files.value_maps", "sroi.reports.analysis"),
    *("sroi.reports.html", "sroi.reports.moving", "sroi.reports.spoken", "sroi.reports.story", "sroi.reports.styling"),
    *("sroi.reports.writing", "sroi.reports.word", "sroi.plots.sheet", "sroi.uncertainty.analysis", "docx", "jinja2"),
)

# Read by libraries when they are loaded. One thread each: a process with more cannot be forked.
ENVIRONMENT = {
    **{f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "BLIS", "VECLIB_MAXIMUM")},
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}

# What Python and its libraries read once, when they begin: a run that has another one begins by itself.
READ_AT_START = (
    *("PYTHONHASHSEED", "PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS", "PYTHONUTF8", "PYTHONIOENCODING"),
    *("PYTHONOPTIMIZE", "PYTHONDEVMODE", "MPLBACKEND", "MPLCONFIGDIR", "MATPLOTLIBRC", "LANG", "LC_ALL", "LC_CTYPE"),
    *("LD_PRELOAD", "LD_LIBRARY_PATH"),
)

INLINE = "module://matplotlib_inline.backend_inline"


class MoreThanOneThread(Exception):
    """The process has other threads, so a fork of it would not be whole."""


def preload(modules: tuple[str, ...] = MODULES) -> None:
    """Import the modules that there are, and use what is made at first use; MoreThanOneThread if one was started."""
    os.environ.setdefault("MPLBACKEND", INLINE)
    # pandas, tqdm and others ask at import whether they are in a notebook; runs are.
    builtins.get_ipython = lambda: _Notebook  # type: ignore[attr-defined]
    try:
        for module in modules:
            if importlib.util.find_spec(module.partition(".")[0]) is not None:
                with suppress(ImportError):
                    importlib.import_module(module)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _use_once()
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]
    threads = count_threads()
    if threads != 1:
        raise MoreThanOneThread(f"the warm process has {threads} threads after its imports, and forking needs one")


def count_threads() -> int:
    """Return how many threads this process has, those of libraries included where the system tells."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return threading.active_count()


class _Shell:
    """Stands for the shell of a notebook while libraries are imported."""

    kernel = None
    config: dict[str, Any] = {"IPKernelApp": {}}


_Notebook: Any = type("ZMQInteractiveShell", (_Shell,), {})()


def _use_once() -> None:
    """Draw and show something: fonts, mathematical letters, formatters and templates are then known to every run.

    Never through pyplot: once its backend is settled here, all figures of the runs would be lost without a word.
    """
    if "matplotlib.figure" in sys.modules and "matplotlib.backends.backend_agg" in sys.modules:
        with suppress(Exception):
            figure = sys.modules["matplotlib.figure"].Figure()
            sys.modules["matplotlib.backends.backend_agg"].FigureCanvasAgg(figure)
            axes = figure.subplots()
            axes.plot([1, 2], label="a $x^2$")
            axes.set_title("a")
            axes.legend()
            figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
    if "pandas" in sys.modules:
        with suppress(Exception):
            table = sys.modules["pandas"].DataFrame({"a": [1.5], "b": ["x"]})
            table._repr_html_()
            repr(table)
    if "sroi.reports.html" in sys.modules:
        with suppress(Exception):  # the page's template, compiled
            sys.modules["sroi.reports.html"]._template()
    if "IPython.core.completer" in sys.modules:
        with suppress(
            Exception
        ):  # IPython's colours are read from a file, and its expressions compiled, by every shell
            sys.modules["IPython.utils.PyColorize"].theme_table["neutral"]
            sys.modules["IPython.core.completer"].IPCompleter()
