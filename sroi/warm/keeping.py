"""papermill's keeper of a notebook's state, that takes nothing for completed which never ran, and saves at little cost.

papermill writes the whole notebook anew before and after every cell, the text cells too. Here it is written once for
each cell that runs, which may run by then (`sroi.warm.following`), and at the end; only the cells that changed are put
into words again; and the file on disk is replaced as a whole, so that it can be read at any moment.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import nbformat
from nbformat import NotebookNode, v4
from papermill.engines import NotebookExecutionManager
from papermill.iorw import LocalHandler, papermill_io, write_ipynb


class TruthfulManager(NotebookExecutionManager):  # type: ignore[misc]
    """Keeps a notebook's account of its run; once `broken` is set, cells that did not run stay pending."""

    broken = False

    def __init__(self, *given: Any, **settings: Any) -> None:
        super().__init__(*given, **settings)
        self._held = False
        self._running: int | None = None
        self._text = NotebookText()

    def save(self, **kwargs: Any) -> None:
        """Save the notebook, unless it is about to be saved again at once."""
        if self._held:
            return
        if self.output_path:
            self._text.forget(self._running)
            write(self._text.of(self.nb), self.output_path)
        self.last_save_time = self.now()

    def forget(self) -> None:
        """Hear that cells other than the one that runs have changed."""
        self._text = NotebookText()

    def notebook_start(self, **kwargs: Any) -> None:
        """Begin the account, and save it as papermill does, which also looks whether there is a place for it."""
        with self._no_save():
            super().notebook_start(**kwargs)
        write_ipynb(self.nb, self.output_path)
        self.last_save_time = self.now()

    def cell_start(self, cell: Any, cell_index: int | None = None, **kwargs: Any) -> None:
        """Note that a cell begins; save it if it runs."""
        self._running = cell_index
        with self._no_save(cell.get("cell_type") != "code"):
            super().cell_start(cell, cell_index, **kwargs)

    def cell_complete(self, cell: Any, cell_index: int | None = None, **kwargs: Any) -> None:
        """Note that a cell has ended; the next one's start, or the notebook's end, saves it."""
        with self._no_save():
            super().cell_complete(cell, cell_index, **kwargs)
        self._text.forget(cell_index)
        self._running = None

    def notebook_complete(self, **kwargs: Any) -> None:
        """Say when the notebook ended, and save it."""
        if not self.broken:
            super().notebook_complete(**kwargs)
            return
        self.end_time = self.now()
        told = self.nb.metadata.papermill
        told["end_time"] = self.end_time.isoformat()
        told["duration"] = (self.end_time - self.start_time).total_seconds()
        told["exception"] = True
        self.cleanup_pbar()
        self.save()

    @contextmanager
    def _no_save(self, held: bool = True) -> Iterator[None]:
        self._held = held
        try:
            yield
        finally:
            self._held = False


class NotebookText:
    """A notebook in nbformat's own words, in UTF-8; of its cells only those are worded anew that were forgotten.

    It comes in pieces, one for each cell: to join the pictures of a report anew at each save takes longer than to
    write them.
    """

    def __init__(self) -> None:
        self._cells: dict[int, bytes | memoryview] = {}

    def forget(self, cell: int | None) -> None:
        """Have a cell worded anew next time."""
        if cell is not None:
            self._cells.pop(cell, None)

    def of(self, notebook: Any) -> list[bytes | memoryview]:
        """Return the notebook's text."""
        frame = v4.writes(NotebookNode({**notebook, "cells": []})) if notebook.nbformat == 4 and notebook.cells else ""
        if not frame.startswith(_NO_CELLS):
            return [nbformat.writes(notebook).encode("utf-8")]
        pieces: list[bytes | memoryview] = []
        for number, cell in enumerate(notebook.cells):
            if number not in self._cells:
                whole = memoryview(v4.writes(_of_one(cell)).encode("utf-8"))
                self._cells[number] = whole[len(_HEAD) : len(whole) - len(_TAIL)]
            pieces += [_BETWEEN if pieces else _HEAD, self._cells[number]]
        return [*pieces, f"\n ]{frame.removeprefix(_NO_CELLS)}".encode()]


def _of_one(*cells: Any) -> NotebookNode:
    return NotebookNode(cells=list(cells), metadata=NotebookNode(), nbformat=4, nbformat_minor=5)


_NO_CELLS = '{\n "cells": []'
_HEAD = b'{\n "cells": [\n'
_BETWEEN = b",\n"
_TAIL = f"\n ]{v4.writes(_of_one()).removeprefix(_NO_CELLS)}".encode()


def write(pieces: Sequence[bytes | memoryview], path: str) -> None:
    """Write a notebook's text where papermill would, in the place of what is there.

    An ordinary file of one's own is replaced, so that whoever reads it, or finds it after a crash, finds it whole. To
    write over it, as papermill does, has some file systems wait for the disk besides.
    """
    place = _own_file(path)
    if place is None:
        papermill_io.write(b"".join(pieces).decode("utf-8"), path)
        return
    folder, name = os.path.split(place)
    # A name that nobody can guess, and a file that is ours: in a folder of many, another's link may lie in wait.
    handle, partial = tempfile.mkstemp(prefix=f".{name[:40]}.", suffix=".partial", dir=folder)
    try:
        with open(handle, "wb") as file:
            os.fchmod(file.fileno(), stat.S_IMODE(os.stat(place).st_mode))
            file.writelines(pieces)
        os.replace(partial, place)
    except BaseException:
        with suppress(OSError):
            os.unlink(partial)
        raise


def _own_file(path: str) -> str | None:
    """Return where papermill's handler of local files finds a file that may be replaced; None if that is not so."""
    handler = papermill_io.get_handler(path)
    if type(handler) is not LocalHandler:
        return None
    folder = handler.cwd(None)
    handler.cwd(folder)
    place = os.path.realpath(os.path.join(folder or "", path))
    try:
        there = os.lstat(place)
    except OSError:
        return None
    own = stat.S_ISREG(there.st_mode) and there.st_nlink == 1 and there.st_uid == os.geteuid()
    return place if own and os.access(os.path.dirname(place), os.W_OK) else None
