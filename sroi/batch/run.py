"""One run of a notebook: checked parameters in, an executed notebook out, whole or not at all."""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sroi.batch.execution import WARM
from sroi.batch.quiet import papermill_quiet
from sroi.errors import Problem, RunFailed


def _way(folder: str) -> dict[str, Any]:
    """Return how papermill runs the notebook: from the warm process, within `with WarmService():`, else by a kernel."""
    from sroi.warm.service import SOCKET

    way = {"engine_name": WARM} if os.environ.get(SOCKET) else {"shutdown_kernel": "immediate"}
    # The engine, too, may have to start a kernel of its own.
    return {**way, "config": _kernel_settings(folder)}


def _kernel_settings(folder: str) -> Any:
    """Return how the kernel is reached: by files in a private folder, where the system has them, not by open ports."""
    from traitlets.config import Config

    if sys.platform == "win32":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": os.path.join(folder, "k")}})


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

    Within `with sroi.warm.service.WarmService():` each run takes seconds less: the heavy imports are done once for all.

    `progress` shows a bar on standard error; if not given, whenever that is a terminal. Raises RunFailed, naming the
    cell and its error, if a cell fails; `executed` then holds the notebook up to that cell.
    """
    # Kernels of this environment come before those of the user's account: another Python may not have sroi.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    # Socket paths must stay short, so the folder stands in the system's place for temporary files.
    with papermill_quiet(), tempfile.TemporaryDirectory(prefix="sroi-") as sockets:
        import papermill
        from papermill.exceptions import PapermillExecutionError

        try:
            papermill.execute_notebook(
                str(template),
                str(executed),
                parameters=dict(parameters),
                progress_bar=sys.stderr.isatty() if progress is None else progress,
                kernel_name="python3",
                language="python",
                **_way(sockets),
            )
        except KeyboardInterrupt:
            # A task of nbclient may find its kernel dead just then: asyncio would print its traceback on the way out.
            logging.getLogger("asyncio").setLevel(logging.CRITICAL)
            _end_kernels()
            raise
        except PapermillExecutionError as error:
            said = " ".join(str(error.evalue).split())[:300]
            found = f"cell {error.cell_index + 1} stopped with {error.ename}: {said.rstrip('.')}"
            raise RunFailed(Problem(found, "Correct the notebook or its parameters."), template.name) from None
        except RunFailed:
            raise
        except OSError as error:
            found = f"the notebook could not be run ({error.strerror or error})"
            raise RunFailed(Problem(found, "Make room, or choose another folder."), template.name) from None
        except Exception as error:  # papermill, nbclient and the kernel raise many kinds; none is the user's to read
            said = " ".join(str(error).split())[:300].rstrip(".") or type(error).__name__
            dead = "died" in said.lower()
            found = (
                "its kernel was ended (by itself, or for lack of memory)" if dead else f"it could not be run ({said})"
            )
            raise RunFailed(Problem(f"the notebook stopped: {found}", "Correct the notebook."), template.name) from None
    unfinished = first_unfinished(executed)
    if unfinished is not None:
        found = f"cell {unfinished} and those after it did not run, though the notebook ended without an error"
        raise RunFailed(Problem(found, "Take out what ends the notebook early, such as sys.exit."), template.name)


def first_unfinished(executed: Path) -> int | None:
    """Return the number of the first code cell that did not run, None if all did: papermill does not tell."""
    import nbformat

    cells = nbformat.read(executed, as_version=4).cells
    for number, cell in enumerate(cells, start=1):
        if cell.cell_type == "code" and cell.source.strip() and cell.get("execution_count") is None:
            return number
    return None


def name_folder(executed: Path, stage: Path, out: Path | str) -> None:
    """Let the notebook name the folder (or file) in which its report ends up, so that it can be run again as it is."""
    text = executed.read_text(encoding="utf-8")
    was, becomes = str(stage), str(out)
    # Within the notebook's JSON a path in Python source is quoted twice, one in an output once.
    text = text.replace(_quoted(_quoted(was)), _quoted(_quoted(becomes))).replace(_quoted(was), _quoted(becomes))
    executed.write_text(text, encoding="utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text)[1:-1]
