"""A notebook's kernel without its sockets: ipykernel's own, down to its streams, that speaks over one channel.

What a cell does is done by the classes that do it in Jupyter. Only the way of a message is another: a session that puts
it on the channel instead of ZeroMQ's sockets.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import os
import socket
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from ipykernel import debugger, ipkernel
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets import Any as AnyTrait
from traitlets import Float, default
from traitlets.config.loader import Config

from sroi.warm import streams
from sroi.warm.ahead import Waiting, give_up, reads_files_of_the_users, taken_over
from sroi.warm.channel import Packets, received
from sroi.warm.life import beginning, leave, reseed
from sroi.warm.touched import note

_HISTORY = "--HistoryManager.hist_file="


class WiredSession(Session):  # type: ignore[misc]
    """Sends messages over the channel; takes those that came in as they are."""

    end = AnyTrait()
    packets = AnyTrait()

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> Any:
        """Build a message as the parent class does, and put it on the channel."""
        if isinstance(msg_or_type, dict):
            message = dict(msg_or_type)
            buffers = buffers or message.get("buffers", [])
        else:
            message = self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        if self.check_pid and os.getpid() != self.pid:
            # A process that the notebook forked: as in the parent class, only its streams come through.
            return None
        message["buffers"] = [base64.b64encode(bytes(each)).decode("ascii") for each in buffers or ()]
        message["channel"] = "shell" if stream is None else "iopub"
        try:
            for packet in self.packets.cut(self.pack(message)):
                self.end.send(packet)
        except (BrokenPipeError, ConnectionResetError):
            os._exit(1)  # nobody is there any more
        return message

    def feed_identities(self, msg_list: Any, copy: bool = True) -> Any:
        """Return no identities, and the message."""
        return [], msg_list

    def deserialize(self, msg_list: Any, content: bool = True, copy: bool = True) -> Any:
        """Return the message: it came whole."""
        return msg_list


class _System:
    """`sys` as ipykernel sees it while it makes a kernel: without modules to list for a debugger."""

    modules: Mapping[str, ModuleType] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


@contextmanager
def _without_debugger() -> Iterator[None]:
    """Have a kernel made without a debugger: nobody can reach it.

    For the debugger ipykernel lists the files of all modules. That touches each of them, and a page of memory that a
    forked process touches is copied: it was the dearest step of a run's start.
    """
    there, ipkernel.sys = debugger._is_debugpy_available, _System()
    debugger._is_debugpy_available = False
    try:
        yield
    finally:
        debugger._is_debugpy_available, ipkernel.sys = there, sys


class _Kernel(IPythonKernel):  # type: ignore[misc]
    """Has no queue of cells to abort, for the engine sends one when the last has ended; and no subshells.

    Nor does it rest after each cell, for what was printed to come first: on one channel it does.
    """

    _supports_kernel_subshells = False
    _execute_sleep = Float(0.0).tag(config=True)

    def __init__(self, **settings: Any) -> None:
        with _without_debugger():
            super().__init__(**settings)

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        pass


class WiredApp(IPKernelApp):  # type: ignore[misc]
    """ipykernel's application, with its configuration, extensions and start-up files, but without sockets."""

    name = "ipython-kernel"
    end = AnyTrait()
    ahead = AnyTrait()  # where it waits for its run, if it is made before that

    @default("outstream_class")  # type: ignore[untyped-decorator]
    def _outstream_class_default(self) -> str:
        return f"{streams.__name__}.{streams.OutStream.__qualname__}"

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """Take what nbclient gives as a rule at once; a parser for all that can be given takes its time to build."""
        if argv is None or len(argv) != 1 or not argv[0].startswith(_HISTORY):
            super().parse_command_line(argv)
            return
        self.argv = list(argv)
        self.extra_args: list[str] = []
        self.cli_config = Config({"HistoryManager": {"hist_file": argv[0].removeprefix(_HISTORY)}})
        self.update_config(self.cli_config)

    def load_config_file(self, *given: Any, **settings: Any) -> None:
        """Read the user's settings, if there are any: not ahead of the run."""
        if self.ahead is not None and reads_files_of_the_users(self):
            give_up(self.ahead)
        super().load_config_file(*given, **settings)

    def init_connection_file(self) -> None:
        """Do nothing: nobody connects."""

    init_poller = init_heartbeat = write_connection_file = log_connection_info = init_connection_file

    def init_sockets(self) -> None:
        """Make the session and the thread of the streams."""
        self.session = WiredSession(parent=self, end=self.end, packets=Packets())
        self.configure_tornado_logger()
        self.iopub_thread = self.iopub_socket = streams.OutThread()
        self.iopub_thread.start()

    def init_kernel(self) -> None:
        """Make the kernel."""
        kernel = _Kernel.instance(
            parent=self,
            session=self.session,
            shell_stream=None,
            iopub_thread=self.iopub_thread,
            iopub_socket=self.iopub_socket,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
        )
        # All that is asked of it is which thread runs the cells.
        kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())
        self.kernel = kernel
        self.displayhook.get_execution_count = lambda: kernel.execution_count

    def close(self) -> None:
        """Give the streams back."""
        self.reset_io()
        self.iopub_thread.stop()


def run(
    end: socket.socket, argv: Sequence[str], seed: int | None, waiting: Waiting | None = None, place: str | None = None
) -> None:
    """Be a kernel at this end of a channel until it is closed or a message says to go.

    One that is made ahead of its run is `waiting` for it, and hears then which seed it has. At its end a run notes the
    memory that it wrote to in a file, if there is a `place` for it.
    """
    logging.captureWarnings(False)
    app = WiredApp.instance(end=end, ahead=waiting.end if waiting is not None else None)
    app.initialize(list(argv))
    app.io_loop = IOLoop.current()
    kernel = app.kernel
    kernel.io_loop = app.io_loop
    if kernel.shell:
        kernel.shell.exit_now = False
    if waiting is not None:
        # IPython makes these when something is first shown, which takes some milliseconds of the run.
        for name in ("formatters", "mimebundle_formatter", "ipython_display_formatter"):
            getattr(kernel.shell.display_formatter, name, None)
        order, app.ahead = taken_over(app, end, waiting), None
        seed, place = order["seed"], order["note"]
    reseed(seed)
    began = beginning()
    app.session.send(None, "ready", {"pid": os.getpid()})
    asyncio_loop = app.io_loop.asyncio_loop
    asyncio_loop.run_until_complete(_serve(kernel, app.session, end))

    def left() -> None:
        # The engine waits for this word, and not until the system has taken a large process apart.
        if place:
            note(Path(place))
        app.session.send(None, "left", {})

    leave(0, left, began)


async def _serve(kernel: Any, session: WiredSession, end: socket.socket) -> None:
    """Do what comes in, one after the other, on the loop on which cells do what they await."""
    packets = Packets()
    loop = asyncio.get_running_loop()
    while True:
        ready = loop.create_future()
        loop.add_reader(end, _wake, ready)
        await ready
        loop.remove_reader(end)
        packet = received(end)
        if packet is None:
            os.killpg(0, 9)
        message = packets.join(packet or b"")
        if message is None:
            continue
        content = session.unpack(message)
        if content["header"]["msg_type"] == "shutdown_request":
            return
        content.setdefault("buffers", [])
        await kernel.dispatch_shell(content)


def _wake(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
