"""The table of a batch, results.csv and results.parquet: one line for each run of the plan, written as runs finish.

What came of each run is kept in a temporary file, not in memory, so that a batch of any length needs no more of it.
"""

from __future__ import annotations

import csv
import json
import signal
import tempfile
import threading
import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from sroi.batch.parameters import Parameter
from sroi.batch.recording import FIRST_COLUMNS, LAST_COLUMNS, TAKEN
from sroi.batch.runs import TOTALS, Record, Run
from sroi.batch.storage import Storage
from sroi.files.safety import neutral_text

_NONE = -1
_MOST_AT_ONCE = 5_000
_SHARE_OF_TIME = 20  # writing the tables on the way takes at most one part of so many
_EARLIEST = 2.0  # seconds
_KINDS = {"int": "int", "float": "float", "bool": "bool"}


class Table:
    """The lines of a plan's runs; those that were not performed yet have no status."""

    def __init__(self, runs: Sequence[Run], parameters: Sequence[Parameter]) -> None:
        self._runs = runs
        self._places = {run.key: place for place, run in enumerate(runs)}
        self._offsets = array("q", [_NONE]) * len(runs)
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115  # kept as long as the table is
        self._parameters = {each.name: _KINDS.get(each.kind, "str") for each in parameters}
        self._recorded: dict[str, str] = {}
        self._written, self._took = time.monotonic(), 0.0
        self.with_result = 0

    def close(self) -> None:
        """Let go of the temporary file."""
        self._spool.close()

    def add(self, record: Record) -> None:
        """Keep what came of a run; a later record takes the place of an earlier one."""
        place = self._places.get(record.key)
        if place is None:
            return
        if record.has_result:
            self.with_result += 1
        for name, value in record.recorded.items():
            kind = _kind_of(value)
            known = self._recorded.setdefault(name, kind)
            if kind not in (known, "none"):
                self._recorded[name] = kind if known == "none" else "str"
        line = {
            "status": record.status, "error": record.error, "seconds": record.seconds,
            "totals": dict(record.totals), "recorded": dict(record.recorded),
        }  # fmt: skip
        self._offsets[place] = self._spool.seek(0, 2)
        self._spool.write(json.dumps(line, default=str).encode("utf-8") + b"\n")

    def lacks(self, run: Run) -> bool:
        """Say whether nothing is known of a run yet."""
        return self._offsets[self._places[run.key]] == _NONE

    def write_if_due(self, folder: Storage) -> None:
        """Write the tables if the last time is long enough ago, beside what writing them takes."""
        if time.monotonic() - self._written > max(_EARLIEST, _SHARE_OF_TIME * self._took):
            self.write(folder)

    def write(self, folder: Storage) -> None:
        """Write both tables, each whole or not at all; FileRefused if that cannot be."""
        began = time.monotonic()
        columns = self._columns()
        with folder.table("results.csv") as path:
            self._write_csv(path, columns)
        with folder.table("results.parquet") as path:
            self._write_parquet(path, columns)
        self._written = time.monotonic()
        self._took = self._written - began

    def _columns(self) -> dict[str, str]:
        """Return the columns in their order, each with its kind."""
        first = {"row": "int", "key": "str", "status": "str", "error": "str"}
        given = {column_of(name): kind for name, kind in self._parameters.items()}
        # A column in which nothing but None was recorded yet holds numbers, as most do.
        recorded = {name: "float" if kind == "none" else kind for name, kind in sorted(self._recorded.items())}
        return {**first, **given, **TOTALS, **recorded, "seconds": "float"}

    def _lines(self) -> Iterator[dict[str, Any]]:
        for run, offset in zip(self._runs, self._offsets, strict=True):
            line: dict[str, Any] = {"row": run.row, "key": run.key}
            for name in self._parameters:
                line[column_of(name)] = run.parameters.get(name)
            if offset != _NONE:
                self._spool.seek(offset)
                kept = json.loads(self._spool.readline())
                line |= {"status": kept["status"], "error": kept["error"], "seconds": kept["seconds"]}
                line |= {**kept["totals"], **kept["recorded"]}
            yield line

    def _write_csv(self, path: Path, columns: dict[str, str]) -> None:
        with path.open("w", encoding="utf-8", newline="", errors="replace") as stream:
            writer = csv.writer(stream, lineterminator="\r\n")
            writer.writerow(neutral_text(name) for name in columns)
            for line in self._lines():
                writer.writerow(_written(line.get(name), kind) for name, kind in columns.items())

    def _write_parquet(self, path: Path, columns: dict[str, str]) -> None:
        with _loaded_whole():
            import pyarrow
            from pyarrow import parquet

        kinds = {"int": pyarrow.int64(), "float": pyarrow.float64(), "bool": pyarrow.bool_(), "str": pyarrow.string()}
        schema = pyarrow.schema([(name, kinds[kind]) for name, kind in columns.items()])
        with parquet.ParquetWriter(path, schema) as writer:
            lines = self._lines()
            while part := list(islice(lines, _MOST_AT_ONCE)):
                cells = {name: [_typed(line.get(name), kind) for line in part] for name, kind in columns.items()}
                writer.write_table(pyarrow.table(cells, schema=schema))


@contextmanager
def _loaded_whole() -> Iterator[None]:
    """Have Ctrl-C wait while a library is loaded: half loaded it is of no use to what is written on the way out."""
    heard: list[Any] = []
    before = signal.getsignal(signal.SIGINT)
    if before is None or threading.current_thread() is not threading.main_thread():
        yield  # a handler that is not Python's cannot be put back; another thread than the first never hears of it
        return
    signal.signal(signal.SIGINT, lambda *given: heard.append(given))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if heard and callable(before):
        before(*heard[0])


def column_of(parameter: str) -> str:
    """Return the column of a parameter: its name, unless the table has a column of that name already."""
    return f"parameter_{parameter}" if parameter in TAKEN else parameter


def _kind_of(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "bool"
    return "float" if isinstance(value, int | float) else "str"


def _typed(value: Any, kind: str) -> Any:
    """Return a value as its column holds it."""
    if value is None:
        return None
    if kind == "str":
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        return text.encode("utf-8", "replace").decode("utf-8")
    if kind == "float":
        return float(value)
    return value


def _written(value: Any, kind: str) -> str:
    """Return a value as a CSV file holds it; text stays text in a spreadsheet too."""
    if value is None:
        return ""
    if kind == "str":
        return neutral_text(_typed(value, kind))
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(float(value)) if kind == "float" else str(value)


assert set(FIRST_COLUMNS) | set(LAST_COLUMNS) <= TAKEN
