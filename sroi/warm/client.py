"""papermill's notebook client with limits of time and memory and with faults that say what happened, for every way.

After a kernel's death or a time limit papermill saves a notebook in which all cells are "completed". Here the cell that
stopped is marked failed, those after it stay pending, and the notebook says that there was an exception.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.utils import ensure_async
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient

from sroi.warm import following
from sroi.warm.faults import RunFault, TimeLimitPassed, kernel_ended, memory_limit_passed, time_limit_passed
from sroi.warm.keeping import TruthfulManager
from sroi.warm.service import Run

# How long a cell may take to come to its end once it is interrupted, before its process is killed.
GRACE = 2.0  # [s]
_TO_HEAR = 0.2  # [s] for what a cell has said already
# Code with one of these may look at the notebook's own file, or send it somewhere; other programs also write past
# Python's streams, and what they write comes a little later.
_LOOKS_OUTSIDE = re.compile(
    r"ipynb|nbconvert|nbformat|papermill|shutil|subprocess|os\.system|%%|^\s*!|=\s*!", re.MULTILINE
)
_OUT_OF_MEMORY = frozenset({"MemoryError", "_ArrayMemoryError", "ArrowMemoryError"})


@dataclass(frozen=True)
class Limits:
    """What a run may take, and its seed; None is without a limit, or without a seed."""

    cell_seconds: float | None = None
    run_seconds: float | None = None
    memory: int | None = None
    seed: int | None = None


class LimitedClient(PapermillNotebookClient):  # type: ignore[misc]
    """Runs a notebook within its limits. How its kernel comes about is for those derived from it, or stock."""

    def __init__(self, nb_man: TruthfulManager, limits: Limits, **settings: Any) -> None:
        super().__init__(nb_man, **settings)
        self.limits = limits
        self._began = time.monotonic()
        self._passed: str | None = None
        self._index = 0

    # ---- the run as a whole

    def execute(self, **kwargs: Any) -> Any:
        """Run the notebook; a RunFault if it was ended from outside its cells."""
        try:
            return super().execute(**kwargs)
        except (DeadKernelError, EOFError):
            self.nb_man.broken = True
            raise self.how_it_ended(None) from None
        except BaseException:
            self.nb_man.broken = True
            raise

    def papermill_execute_cells(self) -> None:
        """Run the cells, as papermill does, and mark the one that a fault stopped."""
        self.before_cells()
        for index, cell in enumerate(self.nb.cells):
            self._index = index
            self.nb_man.cell_start(cell, index)
            try:
                self._execute(cell, index)
            except CellExecutionError as error:
                self.nb_man.cell_exception(self.nb.cells[index], cell_index=index, exception=error)
                self._tell_lack_of_memory(cell, index, error)
                break
            except BaseException as error:
                self.nb_man.broken = True
                self.nb_man.cell_exception(self.nb.cells[index], cell_index=index, exception=error)
                _write_into(cell, error)
                if isinstance(error, KeyboardInterrupt):
                    self.stop_cell()
                raise
            finally:
                self.nb_man.cell_complete(self.nb.cells[index], cell_index=index)

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Take a message into the notebook; one with a display's id may change any cell."""
        if (msg["content"].get("transient") or {}).get("display_id"):
            self.nb_man.forget()
        return super().process_message(msg, cell, cell_index)

    def stop_cell(self) -> None:
        """Stop the cell that runs, so that the process can end: a kernel of its own is killed in any case."""

    def before_cells(self) -> None:
        """Do what is to be done in the kernel before the first cell."""
        memory = self.limits.memory
        if memory is not None:
            limit_memory(getattr(getattr(self.km, "provisioner", None), "pid", None), memory)
        if self.limits.seed is not None:
            self.wait_for_reply(self.kc.execute(_seeding(self.limits.seed), silent=True, store_history=False))
            # What nbclient has of it by now belongs to no cell.

    def _execute(self, cell: Any, index: int) -> None:
        if self._run_left() == 0:
            raise self._limit_passed("run")
        try:
            self.execute_cell(cell, index)
        except (DeadKernelError, EOFError):
            if self._passed is not None:
                raise self._limit_passed(self._passed) from None
            raise self.how_it_ended(index + 1) from None

    def how_it_ended(self, cell: int | None) -> RunFault:
        """Return the fault of a kernel that is dead."""
        code: int | None = None
        process = getattr(getattr(self.km, "provisioner", None), "process", None)
        if process is not None:
            code = process.poll()
        return kernel_ended(cell, code, no_memory=code == -9 and self.killed_for_memory())

    async def _async_poll_kernel_alive(self) -> None:
        """Look now and then whether the kernel lives; it may be cleared away between two looks."""
        with suppress(AssertionError):
            await super()._async_poll_kernel_alive()

    # ---- limits

    def start_new_kernel_client(self, **kwargs: Any) -> Any:
        """Note the time, and connect."""
        self._killed_before = _killed_for_memory()
        return super().start_new_kernel_client(**kwargs)

    def killed_for_memory(self) -> bool:
        """Return whether the system has killed a process for lack of memory since this run began."""
        return _killed_for_memory() > getattr(self, "_killed_before", 0)

    def _run_left(self) -> float | None:
        """Return what is left of the run's time, None if that is without a limit. [s]"""
        allowed = self.limits.run_seconds
        return None if allowed is None else max(0.0, self._began + allowed - time.monotonic())

    def _get_timeout(self, cell: Any) -> float | None:
        """Return how long a cell may take: its own limit, or what is left for the run, whichever is shorter."""
        own = self.limits.cell_seconds or super()._get_timeout(cell)
        left = self._run_left()
        self._nearer = "run" if left is not None and (own is None or left < own) else "cell"
        self._allowed = own
        return left if self._nearer == "run" else own

    async def _async_handle_timeout(self, timeout: float, cell: Any = None) -> None:
        """Interrupt the cell, so that its traceback shows where it was; kill it if it does not heed that."""
        self._passed = self._nearer
        self.log.error(f"{'Cell' if self._passed == 'cell' else 'Run'} interrupted after its time limit")
        with suppress(Exception):
            await ensure_async(self.km.interrupt_kernel())
        until = time.monotonic() + GRACE
        with suppress(Empty, EOFError):
            while (left := until - time.monotonic()) > 0:
                message = await ensure_async(self.kc.shell_channel.get_msg(timeout=left))
                if message["msg_type"] == "execute_reply":
                    await asyncio.sleep(0.05)  # its last words come on another channel
                    break
        await ensure_async(self.km.shutdown_kernel(now=True))
        raise self._limit_passed(self._passed)

    def _limit_passed(self, which: str) -> TimeLimitPassed:
        allowed = self.limits.run_seconds if which == "run" else getattr(self, "_allowed", None)
        return time_limit_passed(self._index + 1, which, float(allowed or 0.0))

    def _tell_lack_of_memory(self, cell: Any, index: int, error: CellExecutionError) -> None:
        if self.limits.memory is not None and error.ename in _OUT_OF_MEMORY:
            fault = memory_limit_passed(index + 1, self.limits.memory)
            self.nb_man.broken = True
            _write_into(cell, fault)
            raise fault


class WiredClient(LimitedClient):
    """Runs a notebook in a shell that is forked from the warm process, over a channel."""

    def __init__(self, nb_man: TruthfulManager, limits: Limits, manager: Any, **settings: Any) -> None:
        super().__init__(nb_man, limits, **settings)
        self._manager = manager
        self.km = manager

    def stop_cell(self) -> None:
        """Stop the cell that runs: a process that is busy does not hear that it shall leave."""
        self.kc.following.hold()
        self._manager.interrupt_kernel()

    def _get_timeout(self, cell: Any) -> float | None:
        """Return how long a cell may take from now on: it may have begun before this client came to it."""
        allowed = super()._get_timeout(cell)
        if allowed is None or self._nearer == "run":
            return allowed
        return max(_TO_HEAR, allowed - float(self.kc.following.head_start))

    async def _async_handle_timeout(self, timeout: float, cell: Any = None) -> None:
        self.kc.following.hold()  # it may end well all the same
        await super()._async_handle_timeout(timeout, cell)

    def before_cells(self) -> None:
        """Do nothing: the run was seeded, and its memory limited, when it was forked."""

    def start_new_kernel_client(self, **kwargs: Any) -> Any:
        """Say which cells will follow each other, and connect."""
        hooks = (name for name in self.trait_names() if name.startswith("on_"))
        if not _looks_outside(self.nb) and all(getattr(self, name) is None for name in hooks):
            self._manager.requests = self._requests()
        return super().start_new_kernel_client(**kwargs)

    def _requests(self) -> Iterator[following.Request]:
        """Yield what this client will ask for, by nbclient's rules."""
        for cell in self.nb.cells:
            tags = cell.metadata.get("tags", [])
            if cell.cell_type == "code" and cell.source.strip() and self.skip_cells_with_tag not in tags:
                may_fail = not self.force_raise_errors and (self.allow_errors or "raises-exception" in tags)
                yield following.cell(cell.source, stop_on_error=not may_fail)
        yield from (following.KERNEL_INFO, following.LEAVE)

    async def _async_poll_kernel_alive(self) -> None:
        """Look for nothing: the channel ends with the run."""

    def execute(self, **kwargs: Any) -> Any:
        """Run the notebook, and end its process in any case."""
        return super().execute(cleanup_kc=True, **kwargs)

    def how_it_ended(self, cell: int | None) -> RunFault:
        """Return the fault of a run that is dead, with what the warm process knows of its end."""
        run: Run | None = self._manager.run
        if run is None:
            return kernel_ended(cell, None)
        run.poll(2.0)
        limit, code = self.limits.memory, run.exit_code
        # Libraries that get no memory abort or crash; before the first cell nothing else is likely.
        near_limit = limit is not None and (cell is None or ((run.peak or 0) > 0.7 * limit and code in (-6, -7, -11)))
        return kernel_ended(cell, code, near_limit or (code in (-9, None) and self.killed_for_memory()))


def _looks_outside(notebook: Any) -> bool:
    """Return whether its code may look at its own file, as far as its words tell: that is saved before each cell."""
    return any(_LOOKS_OUTSIDE.search(cell.source) for cell in notebook.cells if cell.cell_type == "code")


def _write_into(cell: Any, error: BaseException) -> None:
    """Write a fault into the cell that it stopped, as an error that notebooks and papermill know."""
    if cell.cell_type == "code" and isinstance(error, RunFault):
        name = type(error).__name__
        cell.outputs.append(
            new_output("error", ename=name, evalue=error.found, traceback=[f"{name}: {error.found}. {error.remedy}"])
        )


def _seeding(seed: int) -> str:
    """Return one line that seeds both global generators and leaves no name behind."""
    return (
        f"__import__('random').seed({seed}); "
        "__import__('importlib.util').util.find_spec('numpy') and "
        f"__import__('numpy').random.seed({seed % 2**32})"
    )


def limit_memory(pid: int | None, limit: int) -> None:
    """Limit what a process that was not forked by us may write to, where the system lets us."""
    with suppress(Exception):
        import psutil

        if pid is not None:
            psutil.Process(pid).rlimit(psutil.RLIMIT_DATA, (limit, limit))


def _killed_for_memory() -> int:
    """Return how many processes this system, or the container that we are in, has killed for lack of memory."""
    readers: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("/sys/fs/cgroup/memory.events", lambda line: line.startswith("oom_kill ")),
        ("/proc/vmstat", lambda line: line.startswith("oom_kill ")),
    )
    killed = 0
    for path, wanted in readers:
        with suppress(OSError, ValueError):
            lines = Path(path).read_text(encoding="ascii").splitlines()
            killed += sum(int(line.split()[1]) for line in lines if wanted(line))
    return killed
