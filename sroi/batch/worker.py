"""A worker process of a batch: performs the runs it is sent, one at a time, and dies with its parent."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import traceback
import warnings
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from sroi.batch.execution import NoRoom
from sroi.batch.perform import perform
from sroi.batch.runs import Record, Run, Settings
from sroi.batch.storage import Storage


@dataclass(frozen=True)
class Answer:
    """What a worker sends back for a run: its record, or why there is none."""

    record: Record | None = None
    no_room: bool = False
    broken: str = ""


def work(connection: Connection, folder: Storage, settings: Settings) -> None:
    """Perform runs until the connection closes."""
    _settle()
    while True:
        try:
            run: Run | None = connection.recv()
        except (EOFError, OSError):
            return
        if run is None:
            return
        connection.send(_answer(run, folder, settings))


def _answer(run: Run, folder: Storage, settings: Settings) -> Answer:
    try:
        return Answer(perform(run, folder, settings))
    except NoRoom:
        return Answer(no_room=True)
    except Exception as error:  # a fault of ours, or of the disk: the batch goes on and says so
        said = "".join(traceback.format_exception_only(error)).strip()
        return Answer(broken=f"it could not be recorded ({' '.join(said.split())[:300]})")


def _settle() -> None:
    """Make this process one that says nothing on the terminal, leaves Ctrl-C to its parent, and dies with it."""
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        with suppress(OSError):
            os.dup2(quiet, stream)
    warnings.simplefilter("ignore")
    # A handler of our own, not SIG_IGN: that one the kernels would inherit.
    signal.signal(signal.SIGINT, _nothing)
    for wish in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, wish):
            signal.signal(getattr(signal, wish), signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_die_with, args=(parent.sentinel,), daemon=True).start()


def _nothing(number: int, frame: Any) -> None:
    return


def _die_with(sentinel: int) -> None:
    """Wait for the parent's end, then end everything that this process started, and itself."""
    wait([sentinel])
    end_children(os.getpid())
    os._exit(1)


def end_children(process: int) -> None:
    """Kill all that a process started, and what that started."""
    import psutil

    with suppress(psutil.Error):
        for child in psutil.Process(process).children(recursive=True):
            with suppress(psutil.Error):
                child.kill()


def end_whole(process: int) -> None:
    """Kill a process with all that it started: it first of all, so that it starts nothing more."""
    import psutil

    with suppress(psutil.Error):
        whole = psutil.Process(process)
        if sys.platform != "win32":
            whole.suspend()
        children = whole.children(recursive=True)
        for each in (whole, *children):
            with suppress(psutil.Error):
                each.kill()
