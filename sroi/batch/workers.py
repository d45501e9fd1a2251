"""The local pool: as many worker processes as asked for, each with one run at a time.

A worker that dies takes its own run along and no other: another takes its place, and the run is tried again once.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from sroi.batch.execution import NoRoom
from sroi.batch.perform import record_lost
from sroi.batch.runs import FAILED, Record, Run, Settings
from sroi.batch.storage import Storage
from sroi.batch.worker import Answer, end_whole, work

_MOST_TRIES = 2
_MOST_RUNS_OF_A_WORKER = 500  # Jupyter's libraries keep a little of each run
_GRACE = 60.0  # seconds beyond its limits after which a worker itself is taken to hang


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass
class _Worker:
    process: SpawnProcess
    connection: Connection
    run: Run | None = None
    attempts: int = 0
    latest: float | None = None
    performed: int = 0


@dataclass
class Pool:
    """Worker processes that perform runs; `performed` yields a record for each, in the order in which they end."""

    size: int
    folder: Storage
    settings: Settings
    lost: int = 0  # workers that ended in the middle of a run
    _workers: list[_Worker] = field(default_factory=list)

    def performed(self, runs: Iterable[Run]) -> Generator[Record, None, None]:
        """Perform all runs; NoRoom if the disk fills up. Closing the iterator ends the workers, and what they run."""
        waiting = iter(runs)
        again: deque[tuple[Run, int]] = deque()
        try:
            while True:
                self._hand_out(waiting, again)
                if not any(worker.run for worker in self._workers):
                    return
                for worker in self._heard_of():
                    record = self._record_from(worker, again)
                    if record is not None:
                        yield record
        finally:
            self.end()

    def _hand_out(self, waiting: Iterator[Run], again: deque[tuple[Run, int]]) -> None:
        """Give every idle worker a run, and start workers while there are runs for them."""
        while len(self._busy()) < self.size:
            run, attempts = again.popleft() if again else (next(waiting, None), 0)
            if run is None:
                return
            idle = next((worker for worker in self._workers if worker.run is None), None)
            worker = idle or self._start()
            worker.run, worker.attempts = run, attempts + 1
            limit = self.settings.limits.run
            worker.latest = None if limit is None else time.monotonic() + _MOST_TRIES * limit + _GRACE
            # A worker that has just died is heard of by its end.
            with suppress(OSError):
                worker.connection.send(run)

    def _busy(self) -> list[_Worker]:
        return [worker for worker in self._workers if worker.run is not None]

    def _start(self) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(theirs, self.folder, self.settings), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _heard_of(self) -> list[_Worker]:
        """Wait until something happened to a busy worker, and return those that it happened to."""
        busy = self._busy()
        deadlines = [worker.latest for worker in busy if worker.latest is not None]
        patience = max(0.0, min(deadlines) - time.monotonic()) if deadlines else None
        ready = set(wait([part for worker in busy for part in (worker.connection, worker.process.sentinel)], patience))
        now = time.monotonic()
        for worker in busy:
            if worker.latest is not None and now > worker.latest:
                end_whole(worker.process.pid or 0)
                worker.process.join()
        return [
            worker
            for worker in busy
            if worker.connection in ready or worker.process.sentinel in ready or not worker.process.is_alive()
        ]

    def _record_from(self, worker: _Worker, again: deque[tuple[Run, int]]) -> Record | None:
        """Return the record of the run that a worker had; None if it was lost and is to be tried again."""
        run, attempts = worker.run, worker.attempts
        assert run is not None
        answer = _received(worker)
        if answer is not None:
            worker.run = None
            worker.performed += 1
            if answer.no_room:
                raise NoRoom
            if worker.performed >= _MOST_RUNS_OF_A_WORKER:
                self._dismiss(worker)
            if answer.record is not None:
                return answer.record
            return _unrecorded(run, answer.broken, attempts)
        overdue = worker.latest is not None and time.monotonic() > worker.latest
        self.lost += 1
        self._dismiss(worker)
        if attempts < _MOST_TRIES and not overdue:
            again.append((run, attempts))
            return None
        said = "the run took longer than it may, and did not stop" if overdue else "its worker process was killed"
        try:
            return record_lost(run, self.folder, self.settings, said, attempts)
        except OSError as error:
            return _unrecorded(run, f"{said}, and it could not be recorded ({error.strerror or error})", attempts)

    def _dismiss(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.connection.close()
        end_whole(worker.process.pid or 0)
        worker.process.join()
        worker.process.close()

    def end(self) -> None:
        """End all workers, and whatever they run."""
        while self._workers:
            self._dismiss(self._workers[0])


def _received(worker: _Worker) -> Answer | None:
    """Return a worker's answer; None if it died instead of giving one."""
    try:
        if worker.connection.poll():
            answer = worker.connection.recv()
            return answer if isinstance(answer, Answer) else None
    except (EOFError, OSError):
        return None
    return None


def _unrecorded(run: Run, said: str, attempts: int) -> Record:
    return Record(run.key, run.row, FAILED, said, 0.0, run.parameters, {}, {}, attempts)
