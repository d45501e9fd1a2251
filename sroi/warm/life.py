"""How a forked run begins afresh and ends: its random numbers, and its last steps."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
import threading
import types
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from itertools import compress

# What these do at their end is seen by the files that are open: they can write to nothing else.
_FILES = (io.FileIO, io.BytesIO, io.StringIO, io.BufferedReader)
# Packages whose weak references do nothing but to take what is gone out of their own lists.
_KEEPS_LISTS = frozenset({"weakref", "_weakrefset", "matplotlib"})
# Suspended code, which goes on to its end when it is finalised, without saying so by its type.
_SUSPENDED = frozenset({"greenlet"})


def reseed(seed: int | None) -> None:
    """Seed the two global generators: from the system's entropy if there is no seed, never from the parent's state."""
    import random

    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(None if seed is None else seed % 2**32)


@dataclass(frozen=True)
class Beginning:
    """What there was before a run's first cell: the files that were open, and what does something at its end."""

    files: frozenset[tuple[int, int, int]]  # number, and which file it is: numbers are given again
    speaking: tuple[object, ...]  # kept, so that no other object can be taken for one of them


def beginning() -> Beginning | None:
    """Return what there is before the first cell; None if the system does not tell."""
    try:
        return Beginning(_open_files(), tuple(_speaking()))
    except OSError:
        return None


def leave(code: int = 0, last: Callable[[], object] | None = None, began: Beginning | None = None) -> None:
    """End this process as Python would: its threads, what was registered for the end, its streams, and `last`.

    Python collects at its end what refers to itself in circles, figures above all, which takes a tenth of a second
    after a report. Where nothing in them could do anything with its last breath, they are left to the system; `began`
    is what there was before the first cell. Not seen are libraries in C that open a file only when they are let go.
    """
    import atexit

    last_words = True
    with contextlib.suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined]
    with contextlib.suppress(BaseException):
        last_words = began is None or _has_last_words(began)
    if not last_words:
        gc.freeze()
    with contextlib.suppress(BaseException):
        atexit._run_exitfuncs()
    _flush()
    if last_words:
        with contextlib.suppress(BaseException):
            gc.collect()  # IPython has done so before it gave up the notebook's own names
        _flush()
    if last is not None:
        with contextlib.suppress(BaseException):
            last()
    os._exit(code & 0xFF)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()


def _has_last_words(began: Beginning) -> bool:
    """Return whether something could be done by what the collection finds: a file written, code of its own run."""
    import fcntl

    for number, *_ in _open_files() - began.files:
        with contextlib.suppress(OSError):
            if fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY:
                return True
    if any(not info.atexit for info in getattr(weakref.finalize, "_registry", {}).values()):
        return True
    known = set(map(id, began.speaking))
    return any(id(each) not in known for each in _speaking())


def _speaking() -> list[object]:
    """Return the objects that the collection looks at and that do something at their end."""
    objects = gc.get_objects()  # no generator of ours may be among them
    of_kinds = list(map(type, objects))  # each object looked at once: they lie far apart, and a report leaves 50,000
    kinds = set(of_kinds)
    speaking = {kind for kind in kinds if _speaks(kind)}
    references = {kind for kind in kinds if issubclass(kind, weakref.ref)}
    looked_at = speaking | references
    few = list(compress(objects, map(looked_at.__contains__, of_kinds)))
    return [each for each in few if type(each) in speaking or _acts(each.__callback__)]


def _speaks(kind: type) -> bool:
    if kind in _FILES:
        return False
    return kind.__module__ in _SUSPENDED or any("__del__" in vars(base) for base in kind.__mro__)


def _acts(callback: object) -> bool:
    if callback is None or isinstance(callback, types.BuiltinFunctionType):
        return False
    module = getattr(callback, "__module__", None)
    return not isinstance(module, str) or module.partition(".")[0] not in _KEEPS_LISTS


def _open_files() -> frozenset[tuple[int, int, int]]:
    found = set()
    for name in os.listdir("/dev/fd"):
        with contextlib.suppress(OSError):  # the one by which they were listed is closed again
            there = os.fstat(int(name))
            found.add((int(name), there.st_dev, there.st_ino))
    return frozenset(found)
