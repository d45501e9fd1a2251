"""A run's process that is made before the run is asked for.

A shell takes some 50 ms to start, most of them for memory that a forked process copies when it first touches it. The
runs of a batch ask for the same shell. So one is forked while a run goes on, in that run's folder and with its
environment, and waits with its shell made: the next run that asks alike has it at once. What is a run's own it is given
then: its streams, its channel and its seed. Where a shell reads settings or start-up files of the user's, which a run
must do in its own time, none is made ahead.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from sroi.warm.channel import pair
from sroi.warm.orders import received_order, send_order
from sroi.warm.watchman import end_group

STREAMS = ("stdin", "stdout", "stderr", "channel")
# What tells one run of a batch from another, and nothing reads while a shell is made.
_OWN = "JPY_PARENT_PID"
_WORD, _NO_USE = b".", b"-"
_PATIENCE = 1.0  # seconds for a shell that is under way: to wait for it is sooner than to begin another


class Ahead:
    """The warm process's side: at most one process that waits for a run."""

    def __init__(self) -> None:
        self.process: int | None = None
        self._end: socket.socket | None = None
        self._made_for: dict[str, Any] | None = None
        self._last: dict[str, Any] | None = None
        self._worth_it = True

    def take(self, order: Mapping[str, Any], fds: Sequence[int]) -> int | None:
        """Hand a run to the process that waits, and return it; None if there is none, or it was made for another."""
        before, self._last = self._last, _asked(order)
        if self.process is None or self._end is None or self._made_for != self._last:
            if self._last == before:  # what is asked for has changed
                self.end()
            return None
        own = {"seed": order.get("seed"), "env": {_OWN: order["env"].get(_OWN, "")}}
        try:
            self._end.settimeout(_PATIENCE)
            self._hear()
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
        """Wait for the word of the process that waits; OSError if it is not there any more, or does not speak."""
        assert self._end is not None
        word = self._end.recv(1)
        if word != _WORD:
            self._worth_it = word != _NO_USE
            raise ConnectionError("it has gone")

    def wanted(self) -> bool:
        """Return whether another process is to be made for a run like the last one."""
        return self._worth_it and self.process is None and self._last is not None

    def made(self, process: int, end: socket.socket) -> None:
        """Note the process that was made for a run like the last one, and this side's end of what it waits at."""
        self.process, self._end, self._made_for = process, end, self._last

    def ended(self, process: int) -> bool:
        """Return whether it was the waiting process that ended; it is not tried again then."""
        if process != self.process:
            return False
        self._worth_it = False
        self.end()
        return True

    def end(self) -> None:
        """End the process that waits, if there is one."""
        if self.process is not None:
            end_group(self.process)
            self.process = None
        if self._end is not None:
            self._end.close()


def _asked(order: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what of an order a shell is made by; None if it asks for no shell."""
    if order["way"] != "shell" or tuple(order["fds"]) != STREAMS:
        return None
    environment = {name: value for name, value in order["env"].items() if name != _OWN}
    return {"env": environment, **{name: order.get(name) for name in ("cwd", "argv", "memory_limit")}}


# ---- the process that waits


def stand_ins() -> tuple[list[int], socket.socket]:
    """Return files in the place of a run's streams and channel, and the other end of that channel, to be kept open."""
    channel, other = pair()
    nothing = [os.open(os.devnull, os.O_RDWR) for _ in STREAMS[:-1]]
    return [*nothing, channel.detach()], other


def give_up(end: socket.socket) -> None:
    """Be no process made ahead: the user's own settings would be read before their time."""
    with suppress(OSError):
        end.sendall(_NO_USE)
    os._exit(0)


def taken_over(channel: socket.socket, end: socket.socket, other: socket.socket) -> int | None:
    """Wait for a run; give its streams and its channel the places of those that stood in for them. Return its seed."""
    try:
        end.sendall(_WORD)
        order, fds = received_order(end)
        end.sendall(_WORD)
        if end.recv(1) != _WORD:
            raise EOFError
    except (EOFError, OSError):
        os._exit(0)  # the warm process has gone, or has waited too long
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
    other.close()
    with suppress(OSError):  # the folder of that name may be another one by now
        os.chdir(order["cwd"])
    os.environ.update(order["env"])
    seed: int | None = order["seed"]
    return seed
