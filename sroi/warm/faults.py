"""How a run of a notebook ends that no cell's own error ended: its process died, or a limit was passed.

An error that a cell raises stays what papermill makes of it, a PapermillExecutionError. All faults travel whole between
processes, so that a pool of workers can hand them on.
"""

from __future__ import annotations

import signal
from typing import Any

from sroi.errors import Problem, RunFailed


class RunFault(RunFailed):
    """A run that was ended from outside its cells; `cell` is the number of the cell that ran, counted from 1."""

    def __init__(self, found: str, remedy: str, cell: int | None = None, **facts: Any) -> None:
        self.found, self.remedy, self.cell, self.facts = found, remedy, cell, facts
        super().__init__(Problem(found, remedy, f"cell {cell}" if cell is not None else ""))

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.found, self.remedy, self.cell, self.facts)


class KernelEnded(RunFault):
    """The notebook's process ended by itself or was killed before its last cell."""

    @property
    def exit_code(self) -> int | None:
        """What the process left with; below nought the signal that ended it; None if nobody could tell."""
        code = self.facts.get("exit_code")
        return None if code is None else int(code)

    @property
    def for_lack_of_memory(self) -> bool:
        """Whether it was ended because there was no more memory for it, as far as the system tells."""
        return bool(self.facts.get("for_lack_of_memory"))


class TimeLimitPassed(RunFault):
    """A cell, or the run as a whole, took longer than it may."""

    @property
    def limit(self) -> str:
        """Which limit was passed: cell or run."""
        return str(self.facts.get("limit", "cell"))

    @property
    def seconds(self) -> float:
        """How long the cell, or the run, may take. [s]"""
        return float(self.facts.get("seconds", 0.0))


class MemoryLimitPassed(RunFault):
    """A cell asked for more memory than the run may have."""

    @property
    def limit(self) -> int:
        """How much memory the run may have. [bytes]"""
        return int(self.facts.get("limit", 0))


def _again(kind: type[RunFault], found: str, remedy: str, cell: int | None, facts: dict[str, Any]) -> RunFault:
    return kind(found, remedy, cell, **facts)


def kernel_ended(cell: int | None, exit_code: int | None, no_memory: bool = False) -> KernelEnded:
    """Return the fault of a process that ended with this exit code (below nought: by that signal)."""
    if exit_code is None:
        how = "was ended"
    elif exit_code < 0:
        how = f"was ended by {_signal_name(-exit_code)}"
    else:
        how = f"ended by itself with exit code {exit_code}"
    if no_memory:
        how += " for lack of memory"
    found = f"the notebook's process {how}"
    remedy = (
        "Let it use less memory, or give it more."
        if no_memory
        else "Look for what ends a process: os._exit, a crash in a library, or another program that killed it."
    )
    return KernelEnded(found, remedy, cell, exit_code=exit_code, for_lack_of_memory=no_memory)


def time_limit_passed(cell: int | None, limit: str, seconds: float) -> TimeLimitPassed:
    """Return the fault of a cell or run that took longer than `seconds`."""
    what = "the cell" if limit == "cell" else "the run"
    remedy = f"Make {what} quicker, or raise its time limit."
    return TimeLimitPassed(f"{what} took longer than {seconds:g} s", remedy, cell, limit=limit, seconds=seconds)


def memory_limit_passed(cell: int | None, limit: int) -> MemoryLimitPassed:
    """Return the fault of a cell that wanted more memory than `limit` [bytes]."""
    found = f"the cell wanted more memory than the run may have ({limit / 1e6:,.0f} MB)"
    return MemoryLimitPassed(found, "Let it use less memory, or raise the memory limit.", cell, limit=limit)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
