"""The engine's end of a channel, in the shape that nbclient knows: a kernel's manager and its client."""

from __future__ import annotations

import asyncio
import base64
import os
import select
import socket
import tempfile
import time
from collections import deque
from collections.abc import Iterable
from queue import Empty
from typing import Any

from jupyter_client.jsonutil import extract_dates
from jupyter_client.session import Session

from sroi.warm.channel import Packets, pair, received
from sroi.warm.following import KERNEL_INFO, LEAVE, Following, Request, cell
from sroi.warm.service import Run, WarmProcess

_TO_BE_TAKEN = 1.0  # seconds that a message may lie there, once the notebook's process has ended
_TO_LEAVE = 5.0  # seconds that a notebook may take for what it registered for its end


class _Queue:
    """The messages of one kind that came in; and, as nbclient's comms expect of a channel, how one is sent."""

    def __init__(self, client: WireClient) -> None:
        self._client = client
        self.messages: deque[dict[str, Any]] = deque()

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message; queue.Empty if none came within `timeout`."""
        return await self._client.next_of(self, timeout)

    def send(self, message: dict[str, Any]) -> None:
        """Send a message."""
        self._client.send(message)


class WireClient:
    """Sends a notebook's cells over the channel, and sorts what comes back."""

    allow_stdin = False

    def __init__(self, end: socket.socket) -> None:
        self.session = Session()
        self.shell_channel, self.iopub_channel = _Queue(self), _Queue(self)
        self._end = end
        self._end.setblocking(False)
        self._packets = Packets()
        self._out: deque[bytes] = deque()
        self._waiting: set[asyncio.Future[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._is_ready = self._has_left = False
        self.following = Following(self._request)

    # ---- what nbclient asks of a client

    def start_channels(self) -> None:
        """Do nothing: the channel stands."""

    def stop_channels(self) -> None:
        """Close the channel."""
        self._listen(None)
        self._end.close()

    def is_alive(self) -> bool:
        """Return whether the other end is open."""
        return not self._closed

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the notebook's shell is there; RuntimeError if it is not within `timeout`."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self._is_ready:
            if self._closed:
                raise EOFError("the notebook's process ended before its first cell")
            if until is not None and time.monotonic() >= until:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")
            await self._wait(0.5 if until is None else min(0.5, until - time.monotonic()))

    def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True, silent: bool = False) -> str:
        """Have a cell run, and return the request's id."""
        return self.following.ask(cell(code, store_history, stop_on_error, silent))

    def kernel_info(self) -> str:
        """Ask what kernel it is, and return the request's id."""
        return self.following.ask(KERNEL_INFO)

    def shutdown(self) -> None:
        """Have the notebook end as a Python program does."""
        self.following.ask(LEAVE)

    def last_word(self, run: Run, seconds: float) -> None:
        """Wait at most so long until the notebook has done all that it does at its end, or its process is gone."""
        self._listen(None)
        until = time.monotonic() + seconds
        while not (self._has_left or self._closed or run.poll()) and (left := until - time.monotonic()) > 0:
            files = [self._end.fileno(), run.fileno()]
            if self._end.fileno() in select.select(files, files[:1] if self._out else [], [], left)[0]:
                self._take()
            self._push()
        if not self._has_left:
            run.poll(until - time.monotonic())  # so that how it ended is known

    # ---- the channel

    def _request(self, request: Request) -> str:
        message = self.session.msg(request.kind, dict(request.content))
        self.send(message)
        return str(message["header"]["msg_id"])

    def send(self, message: dict[str, Any]) -> None:
        """Put a message on its way; what the channel does not take at once goes when it does."""
        self._out.extend(self._packets.cut(self.session.pack(message)))
        self._push()

    def _push(self) -> None:
        while self._out:
            try:
                self._end.send(self._out[0])
            except BlockingIOError:
                break
            except OSError:  # the other end is closed: reading tells
                self._out.clear()
                break
            self._out.popleft()
        if self._loop is not None and not self._closed:
            if self._out:
                self._loop.add_writer(self._end, self._push)
            else:
                self._loop.remove_writer(self._end)

    def _listen(self, loop: asyncio.AbstractEventLoop | None) -> None:
        if loop is self._loop:
            return
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._end)
            self._loop.remove_writer(self._end)
        self._loop = loop
        if loop is not None and not self._closed:
            loop.add_reader(self._end, self._take)
            self._push()

    def _take(self) -> None:
        """Take all packets that are there."""
        for _ in range(64):
            try:
                packet = received(self._end)
            except BlockingIOError:
                break
            if packet is None:
                loop, self._closed = self._loop, True
                if loop is not None:
                    loop.remove_reader(self._end)
                    loop.remove_writer(self._end)
                break
            message = self._packets.join(packet)
            if message is not None:
                self._sort(self.session.unpack(message))
        for each in self._waiting:
            if not each.done():
                each.set_result(None)

    def _sort(self, message: dict[str, Any]) -> None:
        kind = message["header"]["msg_type"]
        if kind in ("ready", "left"):
            self._is_ready, self._has_left = True, kind == "left"
            self.following.is_ready()
            return
        message["header"] = extract_dates(message["header"])
        message["msg_type"], message["msg_id"] = kind, message["header"]["msg_id"]
        message["buffers"] = [base64.b64decode(each) for each in message["buffers"]]
        self.following.heard(message)
        queue = self.shell_channel if message.pop("channel") == "shell" else self.iopub_channel
        queue.messages.append(message)

    async def _wait(self, seconds: float | None) -> None:
        """Wait for something to come in, at most so long."""
        loop = asyncio.get_running_loop()
        self._listen(loop)
        if self._closed:
            return
        waiting: asyncio.Future[None] = loop.create_future()
        self._waiting.add(waiting)
        try:
            await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(waiting)

    async def next_of(self, queue: _Queue, timeout: float | None) -> dict[str, Any]:
        """Return the next message of a queue. EOFError, on the queue of replies, if the notebook's process ended."""
        until = None if timeout is None else time.monotonic() + timeout
        while not queue.messages:
            if self._closed:
                waiting, patience = len(self.iopub_channel.messages), time.monotonic() + _TO_BE_TAKEN
                while waiting and queue is self.shell_channel and time.monotonic() < patience:
                    await asyncio.sleep(0)  # what was said before the end is put into the notebook first
                    if len(self.iopub_channel.messages) != waiting:
                        waiting, patience = len(self.iopub_channel.messages), time.monotonic() + _TO_BE_TAKEN
                if queue is self.shell_channel:
                    raise EOFError("the notebook's process ended")
                await asyncio.get_running_loop().create_future()
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                raise Empty
            await self._wait(left)
        return queue.messages.popleft()


class WireManager:
    """Starts a run from the warm process, and ends it."""

    ipykernel = True
    kernel_id = None

    def __init__(self, process: WarmProcess, seed: int | None, memory_limit: int | None) -> None:
        self._process = process
        self._order = {"seed": seed, "memory_limit": memory_limit}
        self._end: socket.socket | None = None
        self._client: WireClient | None = None
        self.run: Run | None = None
        self.requests: Iterable[Request] = ()  # what its client will ask for

    @property
    def has_kernel(self) -> bool:
        """Whether a run was started."""
        return self.run is not None

    def start_kernel(self, extra_arguments: list[str] | None = None, **_: Any) -> None:
        """Start a run; NoWarmProcess if it cannot be."""
        ours, theirs = pair()
        with theirs, open(os.devnull, "rb") as nothing, tempfile.TemporaryFile() as lost:
            fds = {
                "stdin": nothing.fileno(),
                "stdout": open_or(1, lost.fileno()),
                "stderr": open_or(2, lost.fileno()),
                "channel": theirs.fileno(),
            }
            argv = ["ipykernel_launcher.py", *(extra_arguments or [])]
            try:
                self.run = self._process.ask("shell", argv, fds, env=run_environment(), **self._order)
            except BaseException:
                ours.close()
                raise
        self._end = ours

    def client(self) -> WireClient:
        """Return the client of the run."""
        assert self._end is not None
        self._client = WireClient(self._end)
        self._client.following.expect(self.requests)
        return self._client

    def is_alive(self) -> bool:
        """Return whether the run goes on."""
        return self.run is not None and not self.run.poll()

    def interrupt_kernel(self) -> None:
        """Stop the cell that runs."""
        if self.run is not None:
            self.run.interrupt()

    def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:
        """Let the notebook end as a program does, or, if `now`, kill it."""
        if self.run is None:
            return
        # A cell that the engine has not come to must not run on when the engine gives up.
        if not now and self._client is not None and not self._client.following.is_ahead:
            self._client.shutdown()
            self._client.last_word(self.run, _TO_LEAVE)
        self.run.kill()

    def cleanup_resources(self, restart: bool = False) -> None:
        """Be done with the run."""
        if self.run is not None:
            self.run.close()
        if self._end is not None and self._client is None:
            self._end.close()


def run_environment() -> dict[str, str]:
    """Return the environment of a run: this process's, with what Jupyter tells a kernel."""
    return {**os.environ, "JPY_PARENT_PID": str(os.getpid())}


def open_or(number: int, otherwise: int) -> int:
    """Return a file's number if it is open, `otherwise` if not."""
    try:
        os.fstat(number)
    except OSError:
        return otherwise
    return number
