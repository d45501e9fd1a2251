"""A run's process that is made before the run is asked for.

A shell takes some 50 ms to start, most of them for memory that a forked process copies when it first touches it. The
runs of a batch ask for the same shell. So one is forked while a run goes on, in that run's folder and with its
environment, and waits with its shell made: the next run that asks alike has it at once. What is a run's own it is given
then: its streams, its channel and its seed. Where a shell reads settings or start-up files of the user's, which a run
must do in its own time, none is made ahead. What the system itself says while a shell is made ahead is lost. While the
process waits, the pages of memory are copied that runs of its kind write to (`sroi.warm.touched`).
"""

from __future__ import annotations

import os
import select
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from glob import escape, glob
from itertools import chain
from typing import Any

from sroi.warm.channel import pair
from sroi.warm.orders import received_order, send_order
from sroi.warm.touched import copy
from sroi.warm.watchman import end_group

STREAMS = ("stdin", "stdout", "stderr", "channel")
# What tells one run of a batch from another, and nothing reads while a shell is made.
_OWN = "JPY_PARENT_PID"
# Another argument may be code of the user's, or a file that a shell writes to.
_ARGUMENTS: tuple[list[str], ...] = ([], ["--HistoryManager.hist_file=:memory:"])
_WORD, _NO_USE = b".", b"-"
_HALF_MADE = 0.1  # seconds to wait for a shell that is under way; then the run is forked, and the shell kept
_PATIENCE = 0.3  # seconds for each word of one that is made, while other runs wait
_OTHERS = 3  # runs in a row that asked for something else, until it is taken that none will come that it was made for


class Ahead:
    """The warm process's side: at most one process that waits for a run."""

    def __init__(self) -> None:
        self.process: int | None = None
        self._end: socket.socket | None = None
        self._made_for: dict[str, Any] | None = None
        self._last: dict[str, Any] | None = None
        self._likely = False
        self._others = 0
        self._lost: tuple[int, dict[str, Any] | None] = (0, None)
        self._unfit: dict[str, Any] | None = None
        self._touched: tuple[dict[str, Any] | None, Sequence[tuple[int, int]]] = (None, ())

    def take(self, order: Mapping[str, Any], fds: Sequence[int]) -> int | None:
        """Hand a run to the process that waits, and return it; None if there is none, or it was made for another."""
        before, self._last = self._last, asked(order)
        self._likely = before is None or before == self._last
        if self.process is None or self._end is None:
            return None
        if self._made_for != self._last:
            self._others += 1
            if self._likely or self._others >= _OTHERS:
                self.end()
            return None
        own = {"seed": order.get("seed"), "note": order.get("note"), "env": {_OWN: order["env"].get(_OWN, "")}}
        try:
            self._end.settimeout(_HALF_MADE)
            try:
                self._hear()
            except TimeoutError:
                return None
            self._end.settimeout(_PATIENCE)
            send_order(self._end, {**own, "fds": list(order["fds"]), "cwd": order["cwd"]}, fds)
            # Only once it has the order is it told to begin: one that was killed, or hangs, costs no run.
            self._hear()
            self._end.sendall(_WORD)
        except OSError:
            self.end()
            return None
        process, self.process = self.process, None
        self._end.close()
        return process

    def _hear(self) -> None:
        """Wait for the word of the process that waits; OSError if it is not there any more, or is of no use."""
        assert self._end is not None
        word = self._end.recv(1)
        if word != _WORD:
            if word == _NO_USE:
                self._unfit = self._made_for
            raise ConnectionError("it has gone")

    def wanted(self) -> bool:
        """Return whether another process is to be made for a run like the last one."""
        return self.process is None and self._likely and self._last not in (None, self._unfit)

    @property
    def last(self) -> dict[str, Any] | None:
        """What the last run asked for; None if no shell is made ahead for such a one."""
        return self._last

    def touched(self, kind: dict[str, Any] | None) -> Sequence[tuple[int, int]] | None:
        """Return the pages of memory that runs of a kind write to; None if that is not known."""
        return self._touched[1] if self._touched[0] == kind else None

    def learn(self, kind: dict[str, Any], touched: Sequence[tuple[int, int]]) -> None:
        """Hear which pages runs of a kind write to. Only one kind's are kept: a batch's."""
        self._touched = kind, touched

    def made(self, process: int, end: socket.socket) -> None:
        """Note the process that was made for a run like the last one, and this side's end of what it waits at."""
        self.process, self._end, self._made_for, self._others = process, end, self._last, 0

    def ended(self, process: int, code: int) -> None:
        """Hear that a process has ended: where the one that waited did so of itself, none like it is made again."""
        if process == self.process:
            self.end()
        if process == self._lost[0] and code >= 0:
            self._unfit = self._lost[1]

    def end(self) -> None:
        """End the process that waits, if there is one."""
        if self.process is not None:
            end_group(self.process)
            self._lost, self.process = (self.process, self._made_for), None
        if self._end is not None:
            self._end.close()


def asked(order: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what of an order a shell is made by, which is its kind; None for no shell, or one with code of its own."""
    if order["way"] != "shell" or tuple(order["fds"]) != STREAMS or order["argv"][1:] not in _ARGUMENTS:
        return None
    environment = {name: value for name, value in order["env"].items() if name != _OWN}
    return {"env": environment, **{name: order.get(name) for name in ("cwd", "argv", "memory_limit")}}


# ---- the process that waits


@dataclass(frozen=True)
class Waiting:
    """What it waits at, the far end of what stands in for its channel, and the pages that it copies meanwhile."""

    end: socket.socket
    other: socket.socket
    touched: Sequence[tuple[int, int]] = ()


def stand_ins() -> tuple[list[int], socket.socket]:
    """Return files in the place of a run's streams and channel, and the other end of that channel, to be kept open."""
    channel, other = pair()
    nothing = [os.open(os.devnull, os.O_RDWR) for _ in STREAMS[:-1]]
    return [*nothing, channel.detach()], other


def reads_files_of_the_users(app: Any) -> bool:
    """Return whether a shell reads settings or start-up files, by IPython's own rules; `app` knows its profile."""
    from IPython.core.application import ENV_CONFIG_DIRS, SYSTEM_CONFIG_DIRS

    names = ("ipython_config", os.path.splitext(app.config_file_name)[0])
    settings = (os.path.join(folder, name) for folder in app.config_file_paths for name in names)
    startup = [app.profile_dir.startup_dir]
    startup += [os.path.join(folder, "startup") for folder in chain(ENV_CONFIG_DIRS, SYSTEM_CONFIG_DIRS)]
    return (
        bool(os.environ.get("PYTHONSTARTUP"))
        or any(os.path.exists(f"{each}.{ending}") for each in settings for ending in ("py", "json"))
        or any(glob(os.path.join(escape(folder), ending)) for folder in startup for ending in ("*.py", "*.ipy"))
    )


def give_up(end: socket.socket) -> None:
    """Be no process made ahead: a shell reads files of the user's, and a run must do so in its own time."""
    end.sendall(_NO_USE)
    os._exit(0)


def taken_over(app: Any, channel: socket.socket, waiting: Waiting) -> dict[str, Any]:
    """Wait for a run; give its streams and its channel the places of those that stood in for them. Return its order."""
    end = waiting.end
    try:
        os.chdir("/")  # what holds a folder for as long as it waits has it "busy"
        end.sendall(_WORD)
        copy(waiting.touched, lambda: bool(select.select([end], [], [], 0)[0]))
        order, fds = received_order(end)
        os.chdir(order["cwd"])
        if reads_files_of_the_users(app):  # they may be new
            give_up(end)
        end.sendall(_WORD)
        if end.recv(1) != _WORD:
            raise EOFError
    except (EOFError, OSError):
        os._exit(0)  # the warm process has gone, or has waited too long; or the run's folder has gone
    held = dict(zip(order["fds"], fds, strict=True))
    os.dup2(held["stdin"], 0)
    for name, number in (("stdout", 1), ("stderr", 2)):
        # ipykernel has put a pipe where the stream was, and kept the stream itself under another number.
        kept = getattr(getattr(sys, name), "_original_stdstream_copy", None)
        os.dup2(held[name], number if kept is None else kept, inheritable=kept is None)
    os.dup2(held["channel"], channel.fileno(), inheritable=False)
    for number in fds:
        os.close(number)
    end.close()
    waiting.other.close()
    os.environ.update(order["env"])
    return order
