"""A run's standard streams: nothing is asked of their thread where nothing was printed, and all comes in order."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from awkward_notebooks import notebook
from jupyter_client.session import Session
from warm_runs import execute, said

from sroi.warm.streams import OutStream, OutThread

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="runs are forked")
PATIENCE = 10


class Sent(Session):  # type: ignore[misc]
    """Keeps what was sent; each sending waits until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.begun, self.may_go_on = threading.Event(), threading.Event()
        self.may_go_on.set()

    def send(self, stream: Any, msg_or_type: Any, *given: Any, **settings: Any) -> None:
        self.begun.set()
        assert self.may_go_on.wait(PATIENCE)
        self.texts.append(msg_or_type["content"]["text"])


class Counting(OutThread):
    """Counts what it is asked for."""

    asked = 0

    def schedule(self, f: Any) -> None:
        self.asked += 1
        super().schedule(f)


@pytest.fixture
def thread() -> Iterator[Counting]:
    thread = Counting()
    thread.start()
    yield thread
    thread.stop()


@pytest.fixture
def session() -> Sent:
    return Sent()


@pytest.fixture
def stream(thread: Counting, session: Sent) -> OutStream:
    return OutStream(session, thread, "stdout", watchfd=False)


def test_where_nothing_was_printed_the_thread_is_asked_for_nothing(
    stream: OutStream, session: Sent, thread: Counting
) -> None:
    for _ in range(5):
        stream.flush()
    assert thread.asked == 0
    stream.write("a")
    stream.flush()
    assert session.texts == ["a"]
    asked = thread.asked
    stream.flush()
    assert (thread.asked, session.texts) == (asked, ["a"])


def test_a_flush_waits_for_what_the_thread_has_taken_and_not_yet_sent(stream: OutStream, session: Sent) -> None:
    session.may_go_on.clear()
    stream.write("a")
    assert session.begun.wait(PATIENCE)  # by itself, a fifth of a second later
    threading.Timer(0.2, session.may_go_on.set).start()
    stream.flush()
    assert session.texts == ["a"], "what is sent after a flush must not come before what was printed"


def test_a_process_that_is_forked_while_something_is_sent_can_flush(stream: OutStream, session: Sent) -> None:
    session.may_go_on.clear()
    stream.write("a")
    assert session.begun.wait(PATIENCE)
    child = os.fork()
    if child == 0:
        stream.flush()
        os._exit(0)
    until = time.monotonic() + PATIENCE
    ended = (0, 0)
    while ended[0] == 0 and time.monotonic() < until:
        ended = os.waitpid(child, os.WNOHANG)
        time.sleep(0.02)
    session.may_go_on.set()
    if ended[0] == 0:
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert ended == (child, 0), "it waits for a thread that it does not have"


@pytest.mark.usefixtures("warm_notebooks")
def test_a_stream_shows_itself_and_keeps_its_order_as_in_jupyter() -> None:
    made = notebook(
        "import sys\nprint(type(sys.stdout), type(sys.stderr))",
        "import IPython.display\nfor n in range(40):\n    print(n)\n    IPython.display.display(n)",
    )
    warm, stock = (execute(made, None, way) for way in ("shell", "papermill"))
    assert said(warm) == said(stock)
    outputs = [[output.get("text") or output["data"]["text/plain"] for output in cells.cells[-1].outputs]
               for cells in (warm, stock)]  # fmt: skip
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) == 80
