"""What a run does first after it was forked: nothing of the warm process's own stays with it."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import socket
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sroi.warm.life import reseed

if TYPE_CHECKING:
    from sroi.warm.ahead import Waiting

prctl: Any = None  # of the system's own library, looked up before any run is forked
with contextlib.suppress(Exception):
    prctl = ctypes.CDLL(None).prctl


def begin(
    order: dict[str, Any], fds: Sequence[int], search_path: Sequence[str], waiting: Waiting | None = None
) -> None:
    """Become the process of one run, and run it: as `order` says, with the streams and the channel in `fds`.

    A process that is made ahead is `waiting` for its run.
    """
    os.setpgid(0, 0)
    _die_with(order["server"])
    held = dict(zip(order["fds"], fds, strict=True))
    for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        os.dup2(held.pop(name), number)
    kept = (waiting.end.fileno(), waiting.other.fileno()) if waiting is not None else ()
    _close_all_but(0, 1, 2, *held.values(), *kept)
    for number in held.values():
        os.set_inheritable(number, False)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    sys.path[:] = search_path
    sys.argv[:] = order["argv"]
    _first_for_the_killer_of_processes()
    if order.get("memory_limit"):
        _limit_memory(int(order["memory_limit"]))
    gc.enable()
    if order["way"] == "kernel":
        reseed(None)
        from ipykernel.kernelapp import IPKernelApp

        # ipykernel looked for its parent when it was imported, which was long ago.
        IPKernelApp.launch_instance(argv=[*order["argv"][1:], f"--IPKernelApp.parent_handle={order['server']}"])
    else:
        from sroi.warm.shell import run

        channel = socket.socket(fileno=held["channel"])
        run(channel, order["argv"][1:], order.get("seed"), waiting, order.get("note"))


def _die_with(server: int) -> None:
    """Ask the system to kill this process when the warm process dies, where it can be asked (Linux)."""
    with contextlib.suppress(Exception):
        prctl(1, signal.SIGKILL)
    if os.getppid() != server:
        os._exit(1)


def _close_all_but(*kept: int) -> None:
    """Close every other file: a run must not hold a folder's lock, nor another run's channel."""
    last = 2
    for number in sorted(set(kept) - {0, 1, 2}):
        os.closerange(last + 1, number)
        last = number
    os.closerange(last + 1, 65_536)


def _first_for_the_killer_of_processes() -> None:
    """When the machine runs out of memory, a run goes before those who watch it."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:
        score.write("500")


def _limit_memory(limit: int) -> None:
    # What the process may write to: the address space also counts libraries, most of which are never touched.
    import resource

    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    within = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (within, within))
