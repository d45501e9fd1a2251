"""How a forked run begins afresh and ends: its random numbers, and its last steps."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
from collections.abc import Callable, Collection

# Modules whose finalisers do nothing but to write into open files, which are looked at, or to warn nobody.
_HARMLESS = frozenset({"_io", "_asyncio"})


def reseed(seed: int | None) -> None:
    """Seed the two global generators: from the system's entropy if there is no seed, never from the parent's state."""
    import random

    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(None if seed is None else seed % 2**32)


# A file's number, and which file it is: numbers are given again.
OpenFile = tuple[int, int, int]


def settled() -> frozenset[OpenFile]:
    """Have Python's collection look no more at what there is by now; return the files that are open."""
    gc.freeze()
    return _open_files()


def leave(
    code: int = 0, last: Callable[[], object] | None = None, open_before: Collection[OpenFile] | None = None
) -> None:
    """End this process as Python would: its threads, what was registered for the end, its streams, and `last`.

    Python collects at its end what refers to itself in circles, figures above all, which takes a tenth of a second
    after a report. Where nothing in them could do anything with its last breath, they are left to the system.
    `open_before` are the files that `settled` found open.
    """
    import atexit

    last_words = True

    with contextlib.suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined]
    with contextlib.suppress(BaseException):
        last_words = open_before is None or _has_last_words(open_before)
    if not last_words:
        gc.freeze()
    with contextlib.suppress(BaseException):
        atexit._run_exitfuncs()
    if last_words:
        with contextlib.suppress(BaseException):
            gc.collect()  # IPython has done so before it gave up the notebook's own names
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
    if last is not None:
        with contextlib.suppress(BaseException):
            last()
    os._exit(code & 0xFF)


def _has_last_words(open_before: Collection[OpenFile]) -> bool:
    """Return whether something could be done by what the collection finds: a file written, code of its own run."""
    import fcntl

    for number, *_ in _open_files() - frozenset(open_before):
        with contextlib.suppress(OSError):
            if fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY:
                return True
    kinds = set(map(type, gc.get_objects()))
    bases = {base for kind in kinds if kind.__module__ not in _HARMLESS for base in kind.__mro__}
    return any("__del__" in vars(base) for base in bases)


def _open_files() -> frozenset[OpenFile]:
    found = set()
    for name in os.listdir("/dev/fd"):
        with contextlib.suppress(OSError):  # the one by which they were listed is closed again
            there = os.fstat(int(name))
            found.add((int(name), there.st_dev, there.st_ino))
    return frozenset(found)
