"""One run of a notebook: checked parameters in, an executed notebook out, whole or not at all."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sroi.errors import Problem, RunFailed


def _kernel_settings() -> Any:
    """Return how the kernel is reached: by files of this user, where the system has them, rather than by open ports."""
    from traitlets.config import Config

    return Config({} if sys.platform == "win32" else {"KernelManager": {"transport": "ipc"}})


def _end_kernels() -> None:
    """End the kernels that this process started: a run that is stopped leaves none behind to notice it by itself."""
    import psutil

    children = psutil.Process().children(recursive=True)
    for child in children:
        with suppress(psutil.Error):
            child.kill()
    psutil.wait_procs(children, timeout=5)


def run_notebook(template: Path, executed: Path, parameters: Mapping[str, Any], progress: bool | None = None) -> None:
    """Run a notebook with these (checked) parameters and write it, outputs included, to `executed`.

    `progress` shows a bar on standard error; if not given, whenever that is a terminal. Raises RunFailed, naming the
    cell and its error, if a cell fails; `executed` then holds the notebook up to that cell.
    """
    # Kernels of this environment come before those of the user's account: another Python may not have sroi.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import papermill
        from papermill.exceptions import PapermillExecutionError

        try:
            papermill.execute_notebook(
                str(template),
                str(executed),
                parameters=dict(parameters),
                progress_bar=sys.stderr.isatty() if progress is None else progress,
                shutdown_kernel="immediate",
                kernel_name="python3",
                language="python",
                config=_kernel_settings(),
            )
        except KeyboardInterrupt:
            _end_kernels()
            raise
        except PapermillExecutionError as error:
            said = " ".join(str(error.evalue).split())[:300]
            found = f"cell {error.cell_index + 1} stopped with {error.ename}: {said.rstrip('.')}"
            raise RunFailed(Problem(found, "Correct the notebook or its parameters."), template.name) from None
        except (RuntimeError, OSError) as error:
            said = " ".join(str(error).split())[:300] or type(error).__name__
            found = f"the notebook could not be run ({said})"
            raise RunFailed(
                Problem(found, "Check that Jupyter's kernel starts: python -m ipykernel --version."), template.name
            ) from None
