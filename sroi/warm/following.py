"""What comes after a cell, asked for the moment that the cell has ended well.

Between two cells the engine puts what the first one showed into the notebook and saves it, and after the last one it
asks for the kernel's language and has the process leave. A run's process need not wait for that: the next cell runs,
and the process ends, while the engine is still at its account. Nothing is asked for in advance after a cell that
failed, may fail, or wanted to exit; nor once widgets have spoken, for their answers must come first.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_CELL = "execute_request"
_WIDGETS = frozenset({"comm_open", "comm_msg", "comm_close"})
_WELL_ENDED = {"execute_reply", "status"}


@dataclass(frozen=True)
class Request:
    """A message of a kind, and what it says."""

    kind: str
    content: Mapping[str, Any] = field(default_factory=dict)


KERNEL_INFO = Request("kernel_info_request")
LEAVE = Request("shutdown_request", {"restart": False})


def cell(code: str, store_history: bool = True, stop_on_error: bool = True, silent: bool = False) -> Request:
    """Return the request to run a cell."""
    content = {"code": code, "silent": silent, "store_history": store_history, "user_expressions": {}}
    return Request(_CELL, {**content, "allow_stdin": False, "stop_on_error": stop_on_error})


class Following:
    """Sends what the engine asks for, and what it will ask for as soon as that may be."""

    def __init__(self, send: Callable[[Request], str]) -> None:
        self._send = send  # returns the message's id
        self._plan: deque[Request] = deque()
        self._sent: deque[tuple[Request, str]] = deque()  # in advance, and not yet asked for by the engine
        self._running: tuple[Request, str] | None = None
        self._heard: set[str] = set()  # of the cell that runs
        self._begun: dict[str, float] = {}  # when each cell was sent that the engine has not come to
        self.head_start = 0.0  # seconds that the last cell asked for had been sent before

    def expect(self, requests: Iterable[Request]) -> None:
        """Hear what the engine will ask for, one after the other, if all goes well; send the first."""
        self._plan = deque(requests)
        self._go_on()

    def is_ready(self) -> None:
        """Hear that the process has begun: so have, only now, the cells that were sent to it."""
        self._begun = dict.fromkeys(self._begun, time.monotonic())

    def hold(self) -> None:
        """Ask for nothing in advance any more."""
        self._plan.clear()

    @property
    def is_ahead(self) -> bool:
        """Whether a cell was sent that the engine has not come to."""
        return any(request.kind == _CELL for request, _ in self._sent)

    def ask(self, request: Request) -> str:
        """Send what the engine asks for, unless that was done; return the message's id."""
        while self._sent:
            sent, number = self._sent.popleft()
            if sent == request:
                self.head_start = time.monotonic() - self._begun.pop(number, time.monotonic())
                return number
            if request.kind == _CELL:
                raise RuntimeError("a cell was changed after it had begun to run")
        if self._plan and self._plan[0] == request:
            self._plan.popleft()
        else:
            self.hold()
        self.head_start = 0.0
        return self._pass_on(request)

    def heard(self, message: Mapping[str, Any]) -> None:
        """Hear a message of the run's process: it may be the last word of a cell."""
        kind, content = message["header"]["msg_type"], message["content"]
        if kind in _WIDGETS:
            self.hold()
        if self._running is None or message["parent_header"].get("msg_id") != self._running[1]:
            return
        if kind == "execute_reply" and (content["status"] != "ok" or content.get("payload")):
            self.hold()
        elif kind == "execute_reply" or (kind == "status" and content["execution_state"] == "idle"):
            self._heard.add(kind)
        if self._heard >= _WELL_ENDED and self._running[0].content["stop_on_error"]:
            self._go_on()

    def _go_on(self) -> None:
        self._running = None
        while self._plan and self._running is None:
            request = self._plan.popleft()
            number = self._pass_on(request)
            self._sent.append((request, number))
            self._begun[number] = time.monotonic()

    def _pass_on(self, request: Request) -> str:
        number = self._send(request)
        if request.kind == _CELL:
            self._running, self._heard = (request, number), set()
        return number
