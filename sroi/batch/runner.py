"""A batch from its plan to its tables: what is recorded already is kept, the rest is performed, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from sroi.batch.execution import NoRoom
from sroi.batch.log import Log
from sroi.batch.parameters import declared
from sroi.batch.plan import Basis, Plan
from sroi.batch.results import Table
from sroi.batch.runs import FAILED, Limits, Record, Run, Settings, record_of, sha256_of
from sroi.batch.storage import Storage
from sroi.batch.surroundings import surroundings
from sroi.batch.workers import Pool
from sroi.errors import FileRefused, Problem, SroiError

_MOST_FAILURES = 20

# Yields a record for each run, as they end; closing it ends what still runs.
Performing = Callable[[Storage, Settings, Iterable[Run]], Generator[Record, None, None]]


class Watcher(Protocol):
    """Whoever wants to see how a batch gets on, such as a bar on the terminal."""

    def begin(self, runs: int, kept: int) -> None:
        """Hear how many runs there are, and how many of them are recorded already."""

    def ran(self, record: Record) -> None:
        """Hear what came of a run."""

    def end(self) -> None:
        """Hear that no more will be heard."""


class Nobody:
    """A watcher who does not look."""

    def begin(self, runs: int, kept: int) -> None:
        """Hear how many runs there are, and how many of them are recorded already."""

    def ran(self, record: Record) -> None:
        """Hear what came of a run."""

    def end(self) -> None:
        """Hear that no more will be heard."""


@dataclass
class Summary:
    """How a batch ended: how many runs it has, kept from before, performed now, failed; the first failures."""

    runs: int
    kept: int = 0
    performed: int = 0
    failed: int = 0
    with_result: int = 0
    way: str = ""
    failures: list[Record] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many runs are done, those kept from before among them."""
        return self.kept + self.performed - self.failed

    def count(self, record: Record) -> None:
        """Count a run's record."""
        if record.status == FAILED:
            self.failed += 1
            if len(self.failures) < _MOST_FAILURES:
                self.failures.append(record)


def settings_for(
    template: Path, working_folder: Path, limits: Limits, seed: int, place: str = ""
) -> tuple[Settings, Basis]:
    """Return what the runs of a template share, and what their keys rest on.

    `place`: the template's address, if it stands on a store and `template` is a copy of it.
    """
    around = surroundings(template.parent)
    sha256 = sha256_of(template)
    basis = Basis(sha256, around["packages_sha256"], seed)
    settings = Settings(
        place or str(template.resolve()), sha256, frozenset(declared(template)), str(working_folder.resolve()), limits,
        {**around, "seed": seed},
    )  # fmt: skip
    return settings, basis


def pool_of(size: int) -> Performing:
    """Return the local way of performing runs: worker processes on this machine."""

    def perform_all(folder: Storage, settings: Settings, runs: Iterable[Run]) -> Generator[Record, None, None]:
        pool = Pool(size, folder, settings)
        try:
            yield from pool.performed(runs)
            if pool.lost:  # killed, and what they had half made is there
                with suppress(SroiError, OSError):
                    folder.sweep()
        except BaseException:  # by now no worker is left that could write there
            with suppress(SroiError, OSError):
                folder.sweep()
            raise

    return perform_all


def run_batch(
    plan: Plan,
    folder: Storage,
    settings: Settings,
    performing: Performing,
    retry_failed: bool = False,
    log: Log | None = None,
    watcher: Watcher | None = None,
) -> Summary:
    """Perform the runs of a plan that are not recorded yet, and write the tables; the caller holds the folder.

    With `retry_failed` those recorded as failed are performed again. Raises FileRefused if the disk is full: what was
    recorded is kept, and the same call goes on from there.
    """
    log, watcher, summary = log or Log(None), watcher or Nobody(), Summary(len(plan.runs))
    folder.sweep()
    with closing(Table(plan.runs, plan.columns)) as table:
        to_do = list(_not_recorded(plan, folder, table, summary, retry_failed))
        log.say(
            "begin", plan=plan.file, template=settings.template, runs=summary.runs, kept=summary.kept, to_do=len(to_do)
        )  # fmt: skip
        watcher.begin(summary.runs, summary.kept)
        try:
            if to_do:
                with warm() as service, closing(performing(folder, settings, to_do)) as records:
                    summary.way = getattr(service, "why", "")
                    log.say("way", way=summary.way)
                    for record in records:
                        summary.performed += 1
                        summary.count(record)
                        table.add(record)
                        log.ran(record)
                        watcher.ran(record)
                        table.write_if_due(folder)
        except BaseException as error:
            full = isinstance(error, NoRoom)
            log.say("no room" if full else "stopped", done=summary.done, failed=summary.failed)
            _write_if_possible(table, to_do, folder)
            if full:
                raise _no_room(plan, folder) from None
            raise
        finally:
            watcher.end()
        table.write(folder)
        summary.with_result = table.with_result
    log.say("end", runs=summary.runs, done=summary.done, failed=summary.failed)
    return summary


def _no_room(plan: Plan, folder: Storage) -> FileRefused:
    recorded = set(folder.keys())
    kept = sum(run.key in recorded for run in plan.runs)
    found = f"the disk is full: {kept:,} of {len(plan.runs):,} runs are recorded and kept"
    return FileRefused(Problem(found, "Make room, and give the same command again."), str(folder))


def _not_recorded(plan: Plan, folder: Storage, table: Table, summary: Summary, retry_failed: bool) -> Iterator[Run]:
    """Yield the runs to perform; count the others, and put them into the table."""
    recorded = set(folder.keys())
    for run in plan.runs:
        record = _recorded(run, folder) if run.key in recorded else None
        if record is None or (retry_failed and record.status == FAILED):
            yield run
            continue
        summary.kept += 1
        summary.count(record)
        table.add(record)


def _recorded(run: Run, folder: Storage) -> Record | None:
    """Return what is recorded of a run; None if nothing is, or nothing that can be read."""
    try:
        return record_of(folder.sidecar(run.key) or {})
    except (KeyError, TypeError, ValueError):
        return None


def _write_if_possible(table: Table, to_do: Iterable[Run], folder: Storage) -> None:
    """Write the tables of a batch that stops, with the runs that were recorded while nobody heard of it any more."""
    with suppress(SroiError, OSError):
        for run in to_do:
            record = _recorded(run, folder) if table.lacks(run) else None
            if record is not None:
                table.add(record)
        table.write(folder)


def warm() -> AbstractContextManager[Any]:
    """Return the warm process that the workers share, where it is built."""
    if find_spec("sroi.warm.service") is None:
        return nullcontext()
    service: AbstractContextManager[Any] = import_module("sroi.warm.service").WarmService()
    return service


def perform_one(run: Run, folder: Storage, settings: Settings, retry_failed: bool = False) -> tuple[Record, bool]:
    """Perform one run beside others in the same folder; return its record, and whether it was recorded before."""
    with folder.held(alone=False), folder.held_for(run.key):
        record = _recorded(run, folder)
        if record is not None and (record.status != FAILED or not retry_failed):
            return record, True
        try:
            with closing(Pool(1, folder, settings).performed([run])) as records:
                return next(records), False
        except NoRoom:
            found = "the disk is full: this run is not recorded"
            raise FileRefused(Problem(found, "Make room, and give the same command again."), str(folder)) from None
