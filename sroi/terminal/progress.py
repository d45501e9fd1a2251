"""How a batch gets on, on a terminal: a bar with rate, failures and time left. Where there is no terminal, nothing."""

from __future__ import annotations

import sys
from typing import Any, Protocol

_NARROW = 72  # columns; on a narrower terminal the rate gives way to the bar


class _Ran(Protocol):
    @property
    def status(self) -> str:
        """Whether the run is done or failed."""


class Progress:
    """A bar on standard error, if that is a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._failed = 0

    def begin(self, runs: int, kept: int) -> None:
        """Show the bar; runs recorded already count as done."""
        if not sys.stderr.isatty() or runs == kept:
            return
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        console = Console(stderr=True)
        console.width -= len("^C ")  # so that what a terminal shows of Ctrl-C stays on the bar's own line
        self._bar = Bar(BarColumn(), TextColumn("{task.description}"), console=console, transient=True)
        self._task = self._bar.add_task(f"{told(kept, runs, 0, None)}, starting", total=runs, completed=kept)
        self._bar.start()

    def ran(self, record: _Ran) -> None:
        """Move the bar on by one run."""
        if self._bar is None:
            return
        self._failed += record.status == "failed"
        self._bar.update(self._task, advance=1)
        task = self._bar.tasks[0]
        narrow = self._bar.console.width < _NARROW
        said = told(int(task.completed), int(task.total), self._failed, task.speed, narrow)
        self._bar.update(self._task, description=said)

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def told(done: int, runs: int, failed: int, speed: float | None, narrow: bool = False) -> str:
    """Return how far a batch is, in words; `speed`: runs a second, None while it is not known."""
    parts = [f"{done:,} of {runs:,} runs"]
    if failed:
        parts.append(f"{failed:,} failed")
    if speed and not narrow:
        parts.append(f"{speed:.1f} a second" if speed >= 1 else f"{time_in_words(1 / speed)} each")
    if speed and done < runs:
        parts.append(f"about {time_in_words((runs - done) / speed)} left")
    return ", ".join(parts)


def time_in_words(seconds: float) -> str:
    """Return a time as people say it, to the second, the minute or the hour."""
    if seconds < 90:
        return f"{seconds:.1f} s" if seconds < 2 else f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 36 * 3600:
        return f"{seconds / 3600:.0f} h"
    return f"{seconds / 86400:.0f} days"
