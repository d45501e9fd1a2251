"""The lessons' notebooks, run in one kernel as a newcomer runs them: untouched, with wrong answers, with right ones."""

from __future__ import annotations

import json
import queue
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from sroi.shipped import notebook
from sroi.teaching.checking import right_answer
from sroi.teaching.course import Lesson, lessons

pytestmark = pytest.mark.slow
# A room's old laptops are slower than any machine that runs this.
LONGEST = 60


class Kernel:
    """A running kernel that performs cells and hands out what they show."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def perform(self, code: str) -> tuple[list[str], list[str]]:
        """Run a cell; return what it showed as text and HTML, and what it complained of."""
        shown: list[str] = []
        errors: list[str] = []
        asked = self.client.execute(code, stop_on_error=False)
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            try:
                message = self.client.get_iopub_msg(timeout=5)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") != asked:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind in ("execute_result", "display_data"):
                shown += [str(part) for part in content["data"].values()]
            elif kind == "stream":
                (errors if content["name"] == "stderr" else shown).append(content["text"])
            elif kind == "error":
                errors.append("\n".join(content["traceback"]))
            elif kind == "status" and content["execution_state"] == "idle":
                return shown, errors
        raise AssertionError(f"a cell took more than {LONGEST} seconds: {code[:80]}")


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(startup_timeout=120)
    yield Kernel(client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager.cleanup_resources()


def code_cells(told: Lesson) -> list[str]:
    cells = json.loads(notebook(f"{told.name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def answered(cell: str) -> str:
    """Return a cell with the right answer in place of the three dots."""
    number = re.search(r'check\(\s*"([\d.]+)"', cell)
    return f'check("{number[1]}", {right_answer(number[1])!r})' if number else cell


@pytest.mark.parametrize("told", lessons(), ids=lambda told: told.name)
def test_a_lesson_runs_from_top_to_bottom_asks_for_answers_and_takes_the_right_ones(
    kernel: Kernel, told: Lesson
) -> None:
    kernel.perform("%reset -f")
    asked = 0
    began = time.monotonic()
    for cell in code_cells(told):
        shown, errors = kernel.perform(cell)
        assert errors == [], (cell, errors)
        if "check(" in cell:
            asked += 1
            assert "No answer yet" in " ".join(shown)
            right, errors = kernel.perform(answered(cell))
            assert errors == []
            assert "✓ Right" in " ".join(right)
            wrong, errors = kernel.perform(answered(cell).partition(",")[0] + ", object())")
            assert errors == []
            assert "✗" in " ".join(wrong)
        elif not cell.splitlines()[-1].startswith("from "):
            assert any("<" in each for each in shown), f"nothing is shown by {cell}"
    assert asked == len(told.exercises)
    assert time.monotonic() - began < LONGEST
