"""The pages of memory that a run writes to, copied for the next run before it comes.

A forked process shares its memory with the warm one, and the system copies each page when it is first written to: 8,000
pages in a report, at some 6 microseconds each. Runs of a kind write to much the same pages. So one run of a kind
notes at its end which pages are its own; and a process that waits for a run (`sroi.warm.ahead`) copies meanwhile those
that it still shares. What is noted may be wrong or out of date: then a page is copied that nobody needed.

Linux tells by /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst of its source: bit 63, the page is there; bit
56, it is no other process's) and copies by madvise(MADV_POPULATE_WRITE), since its version 5.14. Elsewhere nothing is
noted or copied.
"""

from __future__ import annotations

import ctypes
import mmap
import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby, islice
from pathlib import Path
from typing import Any

PAGE = mmap.PAGESIZE
_PRESENT, _EXCLUSIVE = 1 << 63, 1 << 56
_POPULATE_WRITE = 23
_ENTRY = 8  # bytes for each page in pagemap
_MOST = 1_000_000  # pages that are believed: 4 GB
_AT_ONCE = 256 * PAGE  # bytes between two looks whether the run has come: a millisecond or two

_madvise: Any = None  # of the system's own library, looked up before any run is forked
with suppress(Exception):
    _madvise = ctypes.CDLL(None, use_errno=True).madvise
    _madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)


def note(place: Path) -> None:
    """Write down which pages this process has of its own, as far as the system tells."""
    with suppress(OSError, ValueError):
        place.write_bytes(array("Q", islice(_pages(_PRESENT | _EXCLUSIVE), _MOST)).tobytes())


def noted(place: Path) -> list[tuple[int, int]]:
    """Return what a run noted, as addresses and lengths in bytes, of those pages that this process has too."""
    pages = array("Q")
    with suppress(OSError, ValueError):
        # Never waiting: what lies there was made by a run.
        with open(place, "rb", opener=lambda path, flags: os.open(path, flags | os.O_NONBLOCK)) as file:
            content = file.read(_MOST * _ENTRY) or b""
        pages.frombytes(content[: len(content) // _ENTRY * _ENTRY])
        return ranges(set(_pages(_PRESENT)).intersection(pages))
    return []


def ranges(pages: Iterable[int]) -> list[tuple[int, int]]:
    """Return pages that follow each other as one range: its address and its length in bytes."""
    found = []
    for _, group in groupby(enumerate(sorted(pages)), lambda each: each[1] - each[0]):
        together = [page for _, page in group]
        found.append((together[0] * PAGE, len(together) * PAGE))
    return found


def copy(touched: Sequence[tuple[int, int]], is_wanted: Callable[[], bool]) -> int:
    """Have the system copy these pages until this process is wanted for a run; return how many it copied."""
    done = failed = since = 0
    pieces = (
        (start, min(_AT_ONCE, address + length - start))
        for address, length in touched
        for start in range(address, address + length, _AT_ONCE)
    )
    for address, length in pieces if _madvise is not None else ():
        if since == 0 and (is_wanted() or failed > done):
            break
        if _madvise(address, length, _POPULATE_WRITE):
            failed += length // PAGE  # they are not there any more, or the system does not know how
        else:
            done += length // PAGE
        since = since + length if since + length < _AT_ONCE else 0
    return done


def _pages(wanted: int) -> Iterator[int]:
    """Yield the numbers of this process's private writable pages of which the system says what is wanted."""
    with open("/proc/self/maps", encoding="ascii", errors="replace") as maps:
        areas = [line.split(maxsplit=2)[:2] for line in maps]
    with open("/proc/self/pagemap", "rb", buffering=0) as file:
        for span, rights in areas:
            first, last = (int(address, 16) // PAGE for address in span.split("-"))
            if rights.startswith("rw") and rights.endswith("p") and last - first <= _MOST:
                entries = array("Q")
                entries.frombytes(os.pread(file.fileno(), (last - first) * _ENTRY, first * _ENTRY))
                yield from (first + place for place, entry in enumerate(entries) if entry & wanted == wanted)
