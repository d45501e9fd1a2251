"""A notebook's standard streams without ZeroMQ: ipykernel's own, and the thread that sends what was printed."""

from __future__ import annotations

import os
import threading
from typing import Any

from ipykernel import iostream
from ipykernel.iostream import IOPubThread
from tornado.ioloop import IOLoop


class OutThread(IOPubThread):  # type: ignore[misc]
    """The thread that flushes streams every so often, without the sockets that the parent class gives it."""

    def __init__(self) -> None:
        self.socket = self
        self.background_socket = self
        self.io_loop = IOLoop(make_current=False)
        self.thread = threading.Thread(target=self._turn, name="IOPub", daemon=True)
        self._stopped = False

    def _turn(self) -> None:
        self.io_loop.start()

    def start(self) -> None:
        """Start the thread."""
        self.thread.start()

    def schedule(self, f: Any) -> None:
        """Call `f` in the thread; at once if it does not run, as in a process that was forked."""
        if self.thread.is_alive():
            self.io_loop.add_callback(f)
        else:
            f()

    def stop(self) -> None:
        """Stop the thread."""
        self._stopped = True
        if self.thread.is_alive():
            self.io_loop.add_callback(self.io_loop.stop)
            self.thread.join(5)

    def close(self) -> None:
        """Do nothing: there is no socket."""


class OutStream(iostream.OutStream):  # type: ignore[misc]
    """A stream that asks its thread for nothing where nothing was printed.

    ipykernel flushes both streams several times in every cell and at each display. Each time it waits for the thread,
    some 0.4 ms, and mostly for nothing: over a report's few cells that came to more than what the kernel itself does.
    """

    __module__ = iostream.__name__  # so that it shows itself as it does in Jupyter

    def __init__(self, *given: Any, **settings: Any) -> None:
        self._renew()
        os.register_at_fork(after_in_child=self._renew)
        super().__init__(*given, **settings)

    def _renew(self) -> None:
        # In a process that the notebook forks nobody is left to let go of it.
        self._sending = threading.RLock()

    def flush(self) -> None:
        """Have all that was printed sent, and wait until it is."""
        with self._sending:  # the thread may have taken what there was, and not have sent it yet
            nothing = self.echo is None and not self._buffers
        if not nothing:
            super().flush()

    def _flush(self) -> None:
        with self._sending:
            super()._flush()
