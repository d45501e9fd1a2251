"""The warm process of a batch or of one run: started, shared with workers, ended; and runs asked for from it."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sroi.warm.orders import send_order

SOCKET = "SROI_WARM_SOCKET"
_NONE = "none: "  # before the reason why there is no warm process
_SLOWEST_START = 60.0


class NoWarmProcess(Exception):
    """There is none, and the text says why."""


def why_no_fork() -> str | None:
    """Return why this system cannot fork runs from a warm process, None if it can."""
    if sys.platform == "win32":
        return "Windows cannot fork a process"
    if sys.platform == "darwin":
        return "on macOS a fork of a process with its libraries loaded may crash"
    if not sys.platform.startswith("linux") or not hasattr(socket, "SOCK_SEQPACKET"):
        return f"forking is tried on Linux only, and this is {sys.platform}"
    return None


class Run:
    """One forked run: its process, and how it ended."""

    def __init__(self, connection: socket.socket, pid: int, heard: bytes) -> None:
        self.pid = pid
        self.peak: int | None = None
        self.exit_code: int | None = None
        self.lost = False
        self._connection = connection
        self._heard = heard

    def fileno(self) -> int:
        """Return the file that can be read when the run has ended."""
        return self._connection.fileno()

    def poll(self, seconds: float = 0.0) -> bool:
        """Return whether the run has ended, after waiting for that at most so long."""
        until = time.monotonic() + seconds
        while not self.ended and self._connection.fileno() >= 0:
            left = max(0.0, until - time.monotonic())
            if not select.select([self._connection], [], [], left)[0]:
                return False
            try:
                said = self._connection.recv(4096)
            except OSError:
                said = b""
            if not said:
                # The warm process is gone, and the system kills the run with it; what the run started is killed here.
                self.lost = True
                self.kill()
                break
            *lines, self._heard = (self._heard + said).split(b"\n")
            for line in lines:
                answer = json.loads(line)
                if "exit" in answer:
                    self.exit_code, self.peak = answer["exit"], answer["peak"]
        return self.ended

    @property
    def ended(self) -> bool:
        """Whether the run is known to have ended."""
        return self.lost or self.exit_code is not None

    def interrupt(self) -> None:
        """Stop the cell that runs, as Ctrl-C would."""
        if not self.ended:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self.pid, signal.SIGINT)

    def kill(self) -> None:
        """Kill the run and all processes of its group."""
        if self.exit_code is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Be done with the run: the warm process kills it, if it still lives."""
        with contextlib.suppress(OSError):
            self._connection.close()


class WarmProcess:
    """A warm process that this process started, or that its parent shares with it."""

    def __init__(self, address: str, started: subprocess.Popen[bytes] | None = None) -> None:
        self.address = address
        self._started = started
        self._owner = os.getpid()

    @classmethod
    def start(cls, patience: float = _SLOWEST_START) -> WarmProcess:
        """Start one and wait until its imports are done; NoWarmProcess, with the reason, if that cannot be."""
        reason = why_no_fork()
        if reason is not None:
            raise NoWarmProcess(reason)
        from sroi.warm.preload import ENVIRONMENT

        folder = tempfile.mkdtemp(prefix="sroi-warm-")
        address = os.path.join(folder, "door")
        root = str(Path(__file__).parent.parent.parent)
        # The notebook's own path is kept as Python makes it; sroi itself is found where this module lies.
        program = (
            "import sys; path = [place for place in sys.path if place]; sys.path[:] = [sys.argv[2], *path]; "
            "from sroi.warm.server import main; main(sys.argv[1], path)"
        )
        started: subprocess.Popen[bytes] | None = None
        try:
            with tempfile.TemporaryFile() as said:
                started = subprocess.Popen(
                    [sys.executable, "-c", program, address, root],
                    cwd=folder,
                    env={**os.environ, **ENVIRONMENT},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=said,
                    start_new_session=True,
                )
                _wait_until_ready(started, patience, said)
        except BaseException as error:
            if started is not None:
                _end(started)
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, OSError):
                raise NoWarmProcess(f"the warm process could not be started ({error})") from None
            raise
        return cls(address, started)

    def ask(self, way: str, argv: Sequence[str], fds: Mapping[str, int], **order: Any) -> Run:
        """Ask for a run (`way` is shell or kernel) and return it; NoWarmProcess if there is nobody to ask."""
        order |= {"way": way, "argv": list(argv), "fds": list(fds), "cwd": os.getcwd()}
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(self.address)
            send_order(connection, order, list(fds.values()))
            heard = b""
            while b"\n" not in heard:
                more = connection.recv(4096)
                if not more:
                    raise NoWarmProcess("the warm process has ended")
                heard += more
        except OSError as error:
            connection.close()
            raise NoWarmProcess(f"the warm process cannot be reached ({error.strerror or error})") from None
        except BaseException:
            connection.close()
            raise
        line, heard = heard.split(b"\n", 1)
        answer = json.loads(line)
        if "refused" in answer:
            connection.close()
            raise NoWarmProcess(f"the warm process refused: {answer['refused']}")
        return Run(connection, answer["pid"], heard)

    @property
    def answers(self) -> bool:
        """Whether somebody is there."""
        if self._started is not None:
            return self._started.poll() is None
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
            return knock.connect_ex(self.address) == 0

    def end(self) -> None:
        """End it, and all runs of it, if this process started it."""
        if self._started is not None and self._owner == os.getpid():
            _end(self._started)
            self._started = None
            shutil.rmtree(os.path.dirname(self.address), ignore_errors=True)


def _wait_until_ready(started: subprocess.Popen[bytes], patience: float, said: Any) -> None:
    assert started.stdout is not None
    until = time.monotonic() + patience
    heard = b""
    while not heard.endswith(b"ready\n"):
        if not select.select([started.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
            raise NoWarmProcess(f"the warm process was not ready within {patience:g} s")
        more = os.read(started.stdout.fileno(), 4096)
        if not more:
            started.wait()
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").strip().splitlines()
            raise NoWarmProcess(f"the warm process could not start ({lines[-1] if lines else 'it said nothing'})")
        heard += more


def _end(started: subprocess.Popen[bytes]) -> None:
    """Let go of the lifeline: the warm process ends its runs and goes; killed, if it does not."""
    for pipe in (started.stdin, started.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    try:
        started.wait(5)
    except subprocess.TimeoutExpired:
        started.kill()
        started.wait()


class WarmService:
    """One warm process for all workers of a batch: those that are started while it is open find it by themselves.

    Within another one that one is used. `why` says in words how notebooks are run meanwhile, and why; `warm` whether it
    is from a warm process.
    """

    def __init__(self) -> None:
        self.warm = False
        self.why = "no notebook is run yet"
        self._process: WarmProcess | None = None
        self._before: str | None = None

    def __enter__(self) -> Self:
        self._before = os.environ.get(SOCKET)
        try:
            self._process = _shared() or WarmProcess.start()
        except NoWarmProcess as reason:
            os.environ[SOCKET] = f"{_NONE}{reason}"
            self.why = f"each run starts a kernel of its own: {reason}"
        else:
            os.environ[SOCKET] = self._process.address
            self.warm = True
            self.why = "each run is forked from a process in which the heavy imports are done"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is None:
            os.environ.pop(SOCKET, None)
        else:
            os.environ[SOCKET] = self._before
        if self._process is not None:
            self._process.end()
            self._process = None
        self.warm = False


_own: dict[int, WarmProcess] = {}


def _shared() -> WarmProcess | None:
    """Return the warm process that a parent shares, if it answers."""
    address = os.environ.get(SOCKET, "")
    process = WarmProcess(address) if address and not address.startswith(_NONE) else None
    return process if process is not None and process.answers else None


def warm_process() -> tuple[WarmProcess, str]:
    """Return the warm process to ask, and a word to log if it is not the one that was expected.

    The one that the parent shares, if it answers; otherwise one of this process's own, kept until it ends.
    NoWarmProcess, with the reason, if there can be none.
    """
    word = ""
    shared = os.environ.get(SOCKET, "")
    if shared.startswith(_NONE):
        raise NoWarmProcess(shared.removeprefix(_NONE))
    if shared:
        process = _shared()
        if process is not None:
            return process, word
        word = "the warm process of the batch does not answer; this worker starts its own"
    own = _own.get(os.getpid())
    if own is None or not own.answers:
        if own is not None:
            own.end()
            word = "the warm process was ended; another one is started"
        own = _own[os.getpid()] = WarmProcess.start()
        atexit.register(own.end)
    return own, word
