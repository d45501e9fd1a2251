"""A notebook is executed for a batch: by which engine stands here alone, and how it may stop."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sroi.batch.quiet import papermill_quiet
from sroi.batch.runs import Limits

WARM = "sroi-warm"
_ANSI = re.compile("\x1b\\[[0-9;?]*[A-Za-z]")
_LONGEST_TRACEBACK = 20_000
_LONGEST_ERROR = 500
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class Stopped(Exception):
    """A notebook that stopped before its end: why, in a sentence, with the traceback if there is one.

    `again` says that another try may end differently: its process was killed, or lacked memory.
    """

    def __init__(self, said: str, traceback: str | None = None, again: bool = False) -> None:
        super().__init__(said)
        self.said = " ".join(said.split())[:_LONGEST_ERROR]
        self.traceback = traceback
        self.again = again


class NoRoom(Exception):
    """The disk is full: nothing more can be recorded."""


def engine() -> dict[str, Any]:
    """Return by which of papermill's engines a batch runs its notebooks: warm, where that is built."""
    if find_spec("sroi.warm.service") is None:
        return {"shutdown_kernel": "immediate"}
    return {"engine_name": WARM}


def execute(
    template: Path, executed: Path, parameters: Mapping[str, Any], folder: Path, limits: Limits, seed: int | None
) -> None:
    """Run a notebook in `folder` and write it, outputs included, to `executed`. Stopped or NoRoom if it cannot end."""
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    with papermill_quiet():
        import papermill
        from papermill.exceptions import PapermillExecutionError

        chosen = engine()
        asked: dict[str, Any] = {"execution_timeout": limits.cell}
        if chosen.get("engine_name") == WARM:
            asked |= {"run_timeout": limits.run, "memory_limit": limits.memory, "seed": seed}
        try:
            papermill.execute_notebook(
                _unformatted(template), _unformatted(executed), parameters=dict(parameters), progress_bar=False,
                autosave_cell_every=0, kernel_name="python3", language="python", cwd=str(folder),
                **chosen, **{name: value for name, value in asked.items() if value is not None},
            )  # fmt: skip
        except PapermillExecutionError as error:
            raise _of_cell(error) from None
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # papermill, nbclient and engines raise many kinds
            raise _of_engine(error) from None


def _unformatted(path: Path) -> str:
    """Return a path that papermill, which takes braces for its parameters, leaves as it is."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _of_cell(error: Any) -> Exception:
    said = " ".join(str(error.evalue).split())
    if any(f"[Errno {number}]" in said for number in _NO_ROOM) and error.ename == "OSError":
        return NoRoom()
    name = str(error.ename)
    found = (
        f"cell {error.cell_index + 1} stopped with {name}: {said}"
        if said
        else f"cell {error.cell_index + 1} stopped with {name}"
    )
    return Stopped(found, _plain(error.traceback), again=name in ("MemoryError", "DeadKernelError"))


def _of_engine(error: BaseException) -> Exception:
    if is_no_room(error):
        return NoRoom()
    from sroi.errors import RunFailed

    said = str(error) if isinstance(error, RunFailed) else (str(error) or type(error).__name__)
    name = type(error).__name__
    if name in ("DeadKernelError", "KernelEnded") or "kernel died" in said.lower():
        ended = said if name == "KernelEnded" else "the notebook's process was ended, by itself or for lack of memory"
        return Stopped(ended, again=True)
    if name == "CellTimeoutError":
        return Stopped("a cell took longer than it may")
    return Stopped(said if isinstance(error, RunFailed) else f"the notebook could not be run ({said})")


def is_no_room(error: BaseException | None) -> bool:
    """Say whether an error, or what caused it, is a full disk."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return True
        error = error.__cause__ or error.__context__
    return False


def _plain(traceback: Any) -> str:
    """Return a traceback as plain text, its middle left out if it is very long."""
    lines = traceback if isinstance(traceback, list) else [str(traceback)]
    text = _ANSI.sub("", "\n".join(str(line) for line in lines))
    if len(text) > _LONGEST_TRACEBACK:
        half = _LONGEST_TRACEBACK // 2
        text = f"{text[:half]}\n..\n{text[-half:]}"
    return text
