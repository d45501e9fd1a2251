"""The warm process: one thread, the heavy imports done, and a fork of it for every run that is asked for.

A run is asked for over a socket in a private folder: the length of an order, the order as JSON, and with it the files
that the run shall hold. The answers are lines of JSON: the run's process, and how it ended. While that connection
stands the run may live; if it is closed, or the process that owns this one dies, the run is killed with all that it
started.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import selectors
import shutil
import signal
import socket
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sroi.warm import watchman
from sroi.warm.ahead import STREAMS, Ahead, Waiting, asked, stand_ins
from sroi.warm.child import begin, prctl
from sroi.warm.life import leave
from sroi.warm.orders import received_order
from sroi.warm.preload import MODULES, READ_AT_START, count_threads, preload
from sroi.warm.touched import noted

SERVED = b"ready\n"
_PATIENCE = 5.0  # seconds that an order may take to come in, once begun
_QUIET = 0.01  # seconds without a word until the next run's process is made: the one just begun needs the processors
_LEAVING = 0.5  # seconds that a run which nobody waits for any more may take to be gone, before another is begun


class Server:
    """Forks runs, and sees to it that none outlives those who asked for it."""

    def __init__(self, address: str, lifeline: int, search_path: Sequence[str]) -> None:
        self._search_path = list(search_path)
        self._address = address
        self._lifeline = lifeline
        self._began_with = {name: os.environ.get(name) for name in READ_AT_START}
        self._owner = os.getppid()
        self._runs: dict[int, socket.socket | None] = {}
        self._strays: dict[int, set[int]] = {}
        self._ahead = Ahead()
        self._to_make: dict[str, Any] | None = None
        self._has_served = False
        self._noting: tuple[int, dict[str, Any]] | None = None  # a run that notes which memory it writes to, its kind
        self._watchman, self._to_watchman = watchman.post()
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._door.bind(address)
        os.chmod(address, 0o600)
        self._door.listen(128)
        self._woken, self._wake = os.pipe()
        self._selector = selectors.DefaultSelector()

    def serve(self) -> None:
        """Serve until the owner is gone."""
        for end in (self._woken, self._wake):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake)
        for file in (self._door, self._woken, self._lifeline):
            self._selector.register(file, selectors.EVENT_READ)
        try:
            while True:
                heard = self._selector.select(1.0 if self._to_make is None else _QUIET)
                if not heard and self._to_make is not None:
                    order, self._to_make = self._to_make, None
                    self._learn()
                    if self._ahead.wanted():
                        self._make_one_ahead(order)
                for key, _ in sorted(heard, key=lambda each: each[0].fileobj is self._door):
                    if key.fileobj is self._door:
                        self._wait_for_the_leaving()
                        self._let_in()
                    elif key.fileobj == self._woken:
                        self._be_awake()
                    elif key.fileobj == self._lifeline:
                        return
                    elif isinstance(key.fileobj, socket.socket):
                        self._hear(key.fileobj)
                self._bury()
                if os.getppid() != self._owner:
                    return
        finally:
            self._end_all()
            shutil.rmtree(os.path.dirname(self._address), ignore_errors=True)

    def _wait_for_the_leaving(self) -> None:
        """Bury the runs that are on their way out, so that what they leave behind is not taken for another run's."""
        until = time.monotonic() + _LEAVING
        while None in self._runs.values() and time.monotonic() < until:
            self._bury()
            if select.select([self._woken], [], [], 0.005)[0]:
                self._be_awake()

    def _be_awake(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._woken, 4096)

    def _let_in(self) -> None:
        connection, _ = self._door.accept()
        connection.settimeout(_PATIENCE)
        fds: list[int] = []
        try:
            order, fds = received_order(connection)
            for name, value in self._began_with.items():
                if order["env"].get(name) != value:
                    raise RuntimeError(f"the run has another {name}, which is read when Python begins")
            if count_threads() != 1:
                raise RuntimeError("the warm process has more than one thread")
            kind = asked(order)
            # More of a kind may come if it is the first, or the last was like it.
            likely = kind is not None and (not self._has_served or kind == self._ahead.last)
            to_note = likely and self._noting is None and self._ahead.touched(kind) is None
            order["note"] = f"{self._address}.touched" if to_note else None
            run = self._ahead.take(order, fds)
            if run is None:
                run = os.fork()
            if to_note and kind is not None:
                self._noting = run, kind
        except Exception as error:  # whatever it was, the one who asked must know, and the others be served on
            self._to_make = None
            _say(connection, {"refused": f"{error}"})
            connection.close()
            for number in fds:
                os.close(number)
            return
        if run == 0:
            self._become(order, fds, (connection,))
        for number in fds:
            os.close(number)
        with contextlib.suppress(OSError):  # the run does it too; whoever comes first
            os.setpgid(run, run)
        self._tell_watchman(b"+%d\n" % run)
        self._runs[run], self._has_served = connection, True
        self._selector.register(connection, selectors.EVENT_READ)
        _say(connection, {"pid": run})
        self._to_make = order

    def _learn(self) -> None:
        """Read what a run has noted that has ended; if it was killed, a later one of its kind is asked to."""
        if self._noting is not None and self._noting[0] not in self._runs:
            place = Path(f"{self._address}.touched")
            kind, self._noting = self._noting[1], None
            with contextlib.suppress(Exception):  # whatever a run has put there, the others must be served on
                touched = noted(place)
                if touched:
                    self._ahead.learn(kind, touched)
                place.unlink(missing_ok=True)

    def _make_one_ahead(self, order: dict[str, Any]) -> None:
        """Fork a process that makes its shell now, and waits for a run that asks for the same."""
        try:
            ours, theirs = socket.socketpair()
        except OSError:  # no more files: the next run is forked when it is asked for
            return
        try:
            process = os.fork()
        except OSError:
            ours.close()
            theirs.close()
            return
        if process == 0:
            try:
                fds, other = stand_ins()
            except BaseException:
                os._exit(1)
            alone = len(self._runs) <= 1  # others need the processors more
            touched = self._ahead.touched(asked(order)) if alone else None
            self._become({**order, "fds": STREAMS}, fds, (ours,), Waiting(theirs, other, touched or ()))
        theirs.close()
        with contextlib.suppress(OSError):
            os.setpgid(process, process)
        self._tell_watchman(b"+%d\n" % process)
        self._ahead.made(process, ours)

    def _become(
        self,
        order: dict[str, Any],
        fds: Sequence[int],
        others: Sequence[socket.socket],
        waiting: Waiting | None = None,
    ) -> None:
        """Be the process of a run from here on: let go of what is the server's, in its own order, then begin."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._selector.close()
            for file in (self._door, *others, *self._runs.values()):
                if file is not None:
                    file.close()
            order["server"] = os.getppid()
            begin(order, fds, self._search_path, waiting)
            code = 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
        except BaseException:
            os.write(2, traceback.format_exc().encode("utf-8", "replace"))
        finally:
            leave(code)

    def _hear(self, connection: socket.socket) -> None:
        """A run's connection says nothing; if it is closed, nobody waits for the run any more."""
        try:
            if connection.recv(1024):
                return
        except OSError:
            pass
        self._selector.unregister(connection)
        connection.close()
        for run, its in self._runs.items():
            if its is connection:
                self._runs[run] = None
                watchman.end_group(run)

    def _bury(self) -> None:
        """Take note of every process that ended, tell who waits for it, and end what it left behind."""
        ended = False
        while True:
            try:
                process, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if process == 0:
                break
            self._strays.pop(process, None)
            self._ahead.ended(process, os.waitstatus_to_exitcode(status))
            if process not in self._runs:
                self._tell_watchman(b"-%d\n" % process)
                continue
            ended = True
            watchman.end_group(process)
            self._tell_watchman(b"-%d\n" % process)
            connection = self._runs.pop(process)
            if connection is not None:
                self._selector.unregister(connection)
                _say(connection, {"exit": os.waitstatus_to_exitcode(status), "peak": usage.ru_maxrss * 1024})
                connection.close()
            for suspects in self._strays.values():
                suspects.discard(process)
            self._adopt()
        if ended:
            self._end_strays()

    def _adopt(self) -> None:
        """Note processes that left their run's group and lost their parent: they may live as long as a suspect run."""
        for child in self._children():
            if child not in self._strays:
                self._strays[child] = set(self._runs)

    def _end_strays(self) -> None:
        for stray, suspects in self._strays.items():
            if not suspects:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(stray, signal.SIGKILL)

    def _end_all(self) -> None:
        """Kill all runs, and, as they end, what they leave behind."""
        self._ahead.end()
        for run in self._runs:
            watchman.end_group(run)
        until = time.monotonic() + _PATIENCE
        while (self._runs or self._children()) and time.monotonic() < until:
            self._bury()
            self._adopt()
            self._end_strays()
            time.sleep(0.01)

    def _children(self) -> set[int]:
        """Return the processes that came to be this one's children without being runs, where the system tells."""
        try:
            with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as children:
                found = {int(child) for child in children.read().split()}
        except OSError:
            return set()
        return found - {self._watchman, self._ahead.process, *self._runs}

    def _tell_watchman(self, line: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):
            os.write(self._to_watchman, line)


def _say(connection: socket.socket, answer: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        connection.sendall(json.dumps(answer).encode("utf-8") + b"\n")


def main(address: str, search_path: Sequence[str]) -> None:
    """Load what is heavy, say so on standard output, and serve. Standard input is the owner's lifeline."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(Exception):  # processes that lose their parent come to this one, not to the system
        prctl(36, 1)
    server = Server(address, 0, search_path)
    preload(MODULES)
    gc.collect()
    gc.freeze()
    sys.stdout.buffer.write(SERVED)
    sys.stdout.flush()
    server.serve()
