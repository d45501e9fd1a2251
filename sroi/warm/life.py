"""How a forked run begins afresh and ends: its random numbers, and its last steps."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable


def reseed(seed: int | None) -> None:
    """Seed the two global generators: from the system's entropy if there is no seed, never from the parent's state."""
    import random

    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(None if seed is None else seed % 2**32)


def leave(code: int = 0, last: Callable[[], object] | None = None) -> None:
    """End this process as Python would: its threads, what was registered for the end, its streams, and `last`."""
    import atexit

    with contextlib.suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined]
    with contextlib.suppress(BaseException):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
    if last is not None:
        with contextlib.suppress(BaseException):
            last()
    os._exit(code & 0xFF)
