"""Runs handed to the workers of a dask scheduler, here or on other machines, which may come and go.

Each worker performs a run as the local pool does, and records it in the batch's folder, which all of them see: what is
recorded is never performed again, so that a run that was handed out twice does no harm. Of a run that ended nothing is
kept but its record.
"""

from __future__ import annotations

import threading
import time
import warnings
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sroi.batch.execution import NoRoom
from sroi.batch.perform import perform, record_lost
from sroi.batch.runner import Performing
from sroi.batch.runs import DONE, FAILED, Record, Run, Settings, record_of
from sroi.batch.storage import Storage
from sroi.batch.worker import Answer
from sroi.errors import MethodRefused, Problem

LOCAL = "local"
_MOST_TRIES = 2
_AHEAD = 2  # runs that wait at each worker's thread, so that it never waits for the scheduler
_LISTEN = 1.0  # seconds between looks at who is there
_PATIENCE = 120.0  # seconds for a scheduler to come back, or for a worker to be there at all

# A notebook has the working folder of its whole process: runs of one worker take turns.
_ONE_AT_A_TIME = threading.Lock()


def cluster_of(address: str, size: int, patience: float = _PATIENCE) -> Performing:
    """Return the way of performing runs by dask: at the scheduler of an address, or `local` with `size` workers.

    Raises MethodRefused, when runs are performed, if the scheduler cannot be reached, stays away for longer than
    `patience` seconds, or has no worker for so long.
    """

    def perform_all(folder: Storage, settings: Settings, runs: Iterable[Run]) -> Generator[Record, None, None]:
        yield from _Cluster(address, size, patience, folder, settings).performed(runs)

    return perform_all


def perform_there(run: Run, folder: Storage, settings: Settings, again: bool) -> Answer:
    """Perform a run in a dask worker, unless it is recorded; `again` says that a recorded failure does not count."""
    if not folder.is_there():
        said = f"its worker does not see the batch's folder {folder}: give one that all machines share"
        return Answer(broken=said)
    try:
        with _ONE_AT_A_TIME, folder.held_for(run.key):
            record = recorded(run, folder)
            if record is None or (again and record.status == FAILED):
                record = perform(run, folder, settings)
            return Answer(record)
    except NoRoom:
        return Answer(no_room=True)
    except Exception as error:  # a fault of ours, or of the disk: the batch goes on and says so
        return Answer(broken=f"it could not be recorded ({_in_one_line(error)})")


def recorded(run: Run, folder: Storage) -> Record | None:
    """Return the record of a run, None if it has none that can be read."""
    with suppress(KeyError, TypeError, ValueError):
        return record_of(folder.sidecar(run.key) or {})
    return None


def _in_one_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


@dataclass
class _Cluster:
    """A client of a scheduler, and the runs that are out."""

    address: str
    size: int
    patience: float
    folder: Storage
    settings: Settings
    _again: deque[tuple[Run, int]] = field(default_factory=deque)
    _out: dict[Any, tuple[Run, int]] = field(default_factory=dict)
    _failed_before: set[str] = field(default_factory=set)
    _idle_since: float | None = None

    def performed(self, runs: Iterable[Run]) -> Generator[Record, None, None]:
        """Perform all runs; yield a record for each, in the order in which they end."""
        waiting = iter(runs)
        client = self._connected()
        try:
            while True:
                try:
                    self._hand_out(client, waiting)
                    if not self._out:
                        return
                    ended = self._ended(client)
                except _Gone:
                    client = self._reconnected(client)
                    yield from self._taken_back()
                    continue
                for future in ended:
                    record = self._record_from(future)
                    if record is not None:
                        yield record
        finally:
            self._leave(client)

    # ---- the scheduler ----

    def _connected(self) -> Any:
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            found = "runs by a scheduler need the package distributed, which is not installed"
            raise MethodRefused(Problem(found, 'Install it: pip install "sroi[distributed]".')) from None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                if self.address == LOCAL:
                    cluster = LocalCluster(
                        n_workers=self.size, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
                    )
                    return Client(cluster, set_as_default=False)
                return Client(self.address, timeout=10, set_as_default=False)
            except (OSError, TimeoutError, ValueError, TypeError) as error:
                found = f"the scheduler at {self.address} cannot be reached ({_in_one_line(error)})"
                remedy = "Start one, `dask scheduler`, and give its address, such as tcp://127.0.0.1:8786; or local."
                raise MethodRefused(Problem(found, remedy)) from None

    def _reconnected(self, client: Any) -> Any:
        """Wait for the scheduler to come back, as it does when a restarted machine or container has started it."""
        self._leave(client)
        until = time.monotonic() + self.patience
        while True:
            try:
                return self._connected()
            except MethodRefused as refused:
                if time.monotonic() > until:
                    found = f"{refused.problems[0].found}; it was there before, and stayed away for {self.patience:g} s"
                    remedy = "Start it again and give the same command: what is recorded is kept."
                    raise MethodRefused(Problem(found, remedy)) from None
            time.sleep(min(2.0, self.patience / 10))

    def _leave(self, client: Any) -> None:
        with suppress(Exception), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cluster = client.cluster
            client.close(timeout=2)
            if cluster is not None:
                cluster.close(timeout=5)

    # ---- runs out and back ----

    def _hand_out(self, client: Any, waiting: Iterator[Run]) -> None:
        """Keep a few runs ahead of the workers that are there now; more would be lost with the scheduler."""
        threads = _threads(client)
        if threads:
            self._idle_since = None
        else:
            self._idle_since = self._idle_since or time.monotonic()
            if time.monotonic() - self._idle_since > self.patience:
                found = f"the scheduler at {self.address} has no worker"
                raise MethodRefused(Problem(found, f"Start some: dask worker {self.address} --nthreads 1."))
        while len(self._out) < max(1, threads * _AHEAD):
            if self._again:
                run, attempts = self._again.popleft()
            else:
                following = next(waiting, None)
                if following is None:
                    return
                run, attempts = following, 0
                before = recorded(run, self.folder)
                if before is not None and before.status == FAILED:
                    self._failed_before.add(run.key)
            again = run.key in self._failed_before
            try:
                future = client.submit(perform_there, run, self.folder, self.settings, again, pure=False, retries=0)
            except Exception as error:
                self._again.appendleft((run, attempts))
                raise _Gone from error
            self._out[future] = (run, attempts + 1)

    def _ended(self, client: Any) -> list[Any]:
        """Wait for a run to end, and return those that have; _Gone if the scheduler is."""
        from distributed import CancelledError, wait
        from distributed.comm import CommClosedError

        try:
            # Whoever waits longer does not see new workers, nor that the scheduler has gone.
            with client.as_current():
                done = wait(list(self._out), timeout=_LISTEN, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            done = set()
        except (CancelledError, CommClosedError, RuntimeError) as error:
            raise _Gone from error
        if client.status != "running" or any(future.status in ("cancelled", "lost") for future in self._out):
            raise _Gone
        return list(done)

    def _record_from(self, future: Any) -> Record | None:
        """Return the record of a run that ended; None if its worker was lost and it is to be tried again."""
        run, attempts = self._out.pop(future)
        try:
            answer = future.result(timeout=10) if future.status == "finished" else None
            error = None if answer is not None else future.exception(timeout=10)
        except Exception as failure:
            answer, error = None, failure
        future.release()
        if isinstance(answer, Answer):
            self._failed_before.discard(run.key)
            if answer.no_room:
                raise NoRoom
            if answer.record is not None:
                return answer.record
            return Record(run.key, run.row, FAILED, answer.broken, 0.0, run.parameters, {}, {}, attempts)
        if attempts < _MOST_TRIES:
            # Those that waited at the same worker are blamed by the scheduler, too: another try tells them apart.
            self._again.append((run, attempts))
            return None
        killed = type(error).__name__ == "KilledWorker"
        said = (
            "its worker was killed, every time" if killed else f"its worker could not run it ({_in_one_line_of(error)})"
        )
        try:
            return record_lost(run, self.folder, self.settings, said, attempts)
        except OSError as failure:
            said = f"{said}, and it could not be recorded ({failure.strerror or failure})"
            return Record(run.key, run.row, FAILED, said, 0.0, run.parameters, {}, {}, attempts)

    def _taken_back(self) -> Iterator[Record]:
        """Yield the records of runs that ended while the scheduler was gone; hand out the others anew."""
        for run, attempts in self._out.values():
            record = recorded(run, self.folder)
            if record is not None and (record.status == DONE or run.key not in self._failed_before):
                yield record
            else:
                self._again.append((run, attempts - 1))
        self._out.clear()


class _Gone(Exception):
    """The scheduler does not answer any more."""


def _in_one_line_of(error: BaseException | None) -> str:
    return "no reason given" if error is None else _in_one_line(error)


def _threads(client: Any) -> int:
    """Return how many threads the workers have that are there now."""
    try:
        return sum(client.nthreads().values())
    except Exception as error:
        raise _Gone from error
