"""How a batch gets on, as a terminal shows it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import batches
import pytest

from sroi.terminal.progress import Progress, time_in_words, told


@pytest.mark.parametrize(
    ("done", "runs", "failed", "speed", "narrow", "words"),
    [
        (0, 12, 0, None, False, "0 of 12 runs"),
        (4, 12, 0, 0.4, False, "4 of 12 runs, 2 s each, about 20 s left"),
        (9, 12, 1, 1.5, False, "9 of 12 runs, 1 failed, 1.5 a second, about 2 s left"),
        (9, 12, 1, 1.5, True, "9 of 12 runs, 1 failed, about 2 s left"),
        (12, 12, 1, 1.5, False, "12 of 12 runs, 1 failed, 1.5 a second"),
        (1_000, 100_000, 0, 5.5, False, "1,000 of 100,000 runs, 5.5 a second, about 5 h left"),
    ],
)
def test_the_words_beside_the_bar(
    done: int, runs: int, failed: int, speed: float | None, narrow: bool, words: str
) -> None:
    assert told(done, runs, failed, speed, narrow) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.25, "0.2 s"), (1.5, "1.5 s"), (2, "2 s"), (89, "89 s"), (90, "2 min"), (5_400, "2 h"), (200_000, "2 days")],
)
def test_a_time_in_words(seconds: float, words: str) -> None:
    assert time_in_words(seconds) == words


SHOWS = """
import time
from types import SimpleNamespace
from sroi.terminal.progress import Progress
bar = Progress()
bar.begin(12, 2)
time.sleep(0.2)
for number in range(9):
    bar.ran(SimpleNamespace(status="failed" if number == 3 else "done"))
    time.sleep(0.15)
bar.end()
print("after")
"""


@pytest.mark.parametrize("width", [100, 60])
def test_the_bar_fits_its_terminal_and_goes_when_the_batch_has_ended(width: int) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    surroundings = {name: value for name, value in batches.environment().items() if name not in ("COLUMNS", "LINES")}
    process = subprocess.Popen(
        [sys.executable, "-c", SHOWS], stderr=theirs, stdout=subprocess.PIPE, env=surroundings | {"TERM": "xterm"}
    )
    os.close(theirs)
    shown = b""
    try:
        while more := os.read(ours, 4096):
            shown += more
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(ours)
    assert process.communicate(timeout=60)[0] == b"after\n"
    lines = [re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line).strip() for line in re.split(r"[\r\n]+", shown.decode())]
    said = [line for line in lines if "runs" in line]
    assert said[0].endswith("2 of 12 runs, starting")
    assert re.search(r"11 of 12 runs, 1 failed, .*about [0-9.]+ s left$", said[-1])
    assert all(len(line) <= width - 3 for line in said)
    assert all("━" in line for line in said)
    assert (" a second" in said[-1]) == (width == 100)
    assert shown.rstrip().endswith(b"\x1b[2K")


def test_without_a_terminal_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Progress()
    bar.begin(3, 0)
    bar.end()
    assert capsys.readouterr() == ("", "")
