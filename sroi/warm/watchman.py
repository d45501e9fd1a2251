"""A small process that outlives the warm process by a moment: if that is killed, it ends what the runs had started.

The system itself kills the runs then (where it can be asked to), but not the processes that the runs started.
"""

from __future__ import annotations

import contextlib
import os
import signal


def post() -> tuple[int, int]:
    """Fork the watchman; return its process, and the file by which it is told of runs: a line `+GROUP` or `-GROUP`."""
    ear, mouth = os.pipe()
    watchman = os.fork()
    if watchman == 0:
        with contextlib.suppress(BaseException):
            os.setsid()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            os.closerange(0, ear)
            os.closerange(ear + 1, 1024)
            _watch(ear)
        os._exit(0)
    os.close(ear)
    return watchman, mouth


def _watch(ear: int) -> None:
    groups: set[int] = set()
    heard = b""
    while said := os.read(ear, 4096):
        *lines, heard = (heard + said).split(b"\n")
        for line in lines:
            (groups.add if line.startswith(b"+") else groups.discard)(int(line[1:]))
    for group in groups:
        end_group(group)


def end_group(group: int) -> None:
    """Kill all processes of a group, if there are any."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
