"""The log of a batch for other programs: one JSON object on each line, written as things happen."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from sroi.batch.runs import Record
from sroi.errors import FileRefused, Problem


class Log:
    """Appends events to a file; without a file, to nothing. A full disk ends no batch here."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stream: IO[str] | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            try:
                self._stream = self._path.open("a", encoding="utf-8", buffering=1, newline="\n")
            except OSError as error:
                found = f"the log cannot be written ({error.strerror or error})"
                raise FileRefused(Problem(found, "Name a file in a folder that exists."), str(self._path)) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            with suppress(OSError):
                self._stream.close()

    def say(self, event: str, **more: Any) -> None:
        """Append one event with the time it happened."""
        if self._stream is None:
            return
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **more}
        with suppress(OSError):
            self._stream.write(json.dumps(line, ensure_ascii=True, default=str) + "\n")

    def ran(self, record: Record) -> None:
        """Append what came of a run."""
        self.say(
            "run", key=record.key, row=record.row, status=record.status, error=record.error,
            seconds=record.seconds, attempts=record.attempts,
        )  # fmt: skip
