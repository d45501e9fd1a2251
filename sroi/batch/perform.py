"""The unit of work: one run, performed and recorded. A pool of processes and a scheduler call the same function."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sroi.batch.addresses import at_hand
from sroi.batch.execution import NoRoom, Stopped, execute, is_no_room
from sroi.batch.folder import Scratch
from sroi.batch.recording import recorded_in
from sroi.batch.run import first_unfinished, name_folder
from sroi.batch.runs import DONE, FAILED, Record, Run, Settings, record_of, sha256_of
from sroi.batch.storage import Storage
from sroi.errors import SroiError

_MOST_TRIES = 2
_LARGEST_RESULT = 10_000_000


def perform(run: Run, folder: Storage, settings: Settings) -> Record:
    """Perform one run and record it in the batch's folder; return what came of it.

    A notebook whose process was killed, or that lacked memory, is tried once more. Whatever else happens to the
    notebook is recorded. NoRoom is raised, and nothing recorded, if the disk is full. Performing a run twice does no
    harm: the later record takes the place of the earlier one, whole.
    """
    attempt = 1
    while True:
        with folder.scratch(run.key) as scratch:
            came = _attempt(run, folder, settings, scratch)
            if came.again and attempt < _MOST_TRIES:
                attempt += 1
                continue
            sidecar = _sidecar(run, settings, came, attempt)
            try:
                folder.commit(run.key, scratch, sidecar)
            except OSError as error:
                if is_no_room(error) or not folder.has_room():
                    raise NoRoom from None
                raise
            return record_of(sidecar)


def record_lost(run: Run, folder: Storage, settings: Settings, said: str, attempts: int) -> Record:
    """Record a run whose worker was lost with it."""
    with folder.scratch(run.key) as scratch:
        came = _Came(FAILED, said)
        sidecar = _sidecar(run, settings, came, attempts)
        folder.commit(run.key, scratch, sidecar)
        return record_of(sidecar)


class _Came:
    """What came of one attempt."""

    def __init__(
        self, status: str, error: str | None = None, traceback: str | None = None, again: bool = False
    ) -> None:
        self.status, self.error, self.traceback, self.again = status, error, traceback, again
        self.result: dict[str, Any] | None = None
        self.recorded: dict[str, Any] = {}
        self.has_notebook = self.has_files = False
        self.began = self.ended = datetime.now(UTC)
        self.seconds = 0.0


def _attempt(run: Run, folder: Storage, settings: Settings, scratch: Scratch) -> _Came:
    scratch.files.mkdir()
    began, clock = datetime.now(UTC), time.monotonic()
    try:
        template, value_map = _as_planned(run, settings, scratch)
        result, recorded = _executed(run, settings, scratch, template, value_map)
    except Stopped as stopped:
        if not folder.has_room():
            raise NoRoom from None
        came = _Came(FAILED, stopped.said, stopped.traceback, stopped.again)
    except OSError as error:
        if is_no_room(error) or not folder.has_room():
            raise NoRoom from None
        came = _Came(FAILED, f"the run could not be written ({error.strerror or error})")
    else:
        came = _Came(DONE)
        came.result, came.recorded = result, recorded
    came.began, came.ended, came.seconds = began, datetime.now(UTC), round(time.monotonic() - clock, 3)
    came.has_files = any(scratch.files.iterdir())
    if scratch.notebook.exists():
        name_folder(scratch.notebook, scratch.files, folder.files_of(run.key))
        name_folder(scratch.notebook, scratch.notebook, folder.notebook_of(run.key))
        came.has_notebook = True
    return came


def _as_planned(run: Run, settings: Settings, scratch: Scratch) -> tuple[Path, Path | None]:
    """Return the template and the value map as files of this machine.

    A run whose template or value map was changed since it got its key, which says what they were, is stopped.
    """
    template = _unchanged(settings.template, settings.template_sha256, "the template", scratch)
    if run.value_map is None or run.value_map_sha256 is None:
        return template, None
    return template, _unchanged(run.value_map, run.value_map_sha256, "the value map", scratch)


def _unchanged(place: str, sha256: str, what: str, scratch: Scratch) -> Path:
    try:
        path = at_hand(place, scratch.path / "brought")
        now = sha256_of(path)
    except OSError as error:
        raise Stopped(f"{what} cannot be read any more ({error.strerror or error})") from None
    except SroiError as error:
        raise Stopped(f"{what} cannot be read any more: {error}") from None
    if now != sha256:
        raise Stopped(f"{what} was changed while the batch ran; run it again")
    return path


def _executed(
    run: Run, settings: Settings, scratch: Scratch, template: Path, value_map: Path | None
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Run the notebook; return its result, if it leaves one, and what it records. Stopped if it did not end well."""
    given = dict(run.given)
    if value_map is not None:
        given["value_map"] = str(value_map)
    if "out" in settings.declares:
        given["out"] = str(scratch.files)
    if "seed" in settings.declares:
        given.setdefault("seed", run.seed)
    folder = Path(settings.working_folder)
    # A worker on another machine has no such folder; what runs there can only need what it is given.
    folder = folder if folder.is_dir() else scratch.path
    execute(template, scratch.notebook, given, folder, settings.limits, run.seed)
    unfinished = first_unfinished(scratch.notebook)
    if unfinished is not None:
        raise Stopped(f"cell {unfinished} and those after it did not run, though the notebook ended without an error")
    import nbformat

    try:
        recorded = recorded_in(nbformat.read(scratch.notebook, as_version=4), settings.declares)
    except SroiError as error:
        raise Stopped(str(error)) from None
    return _result_in(scratch.files / "result.json"), recorded


def _result_in(path: Path) -> dict[str, Any] | None:
    """Return the result that a run left; None if it left none."""
    if not path.is_file() or path.is_symlink():
        return None
    if path.stat().st_size > _LARGEST_RESULT:
        raise Stopped(f"its result.json holds more than {_LARGEST_RESULT / 1e6:.0f} MB")
    try:
        result = json.loads(path.read_bytes(), parse_constant=_no_constant)
        json.dumps(result, allow_nan=False)  # 1e999 is read as infinite
    except (ValueError, RecursionError) as error:
        raise Stopped(f"its result.json is not JSON ({error})") from None
    if not isinstance(result, dict):
        raise Stopped("its result.json holds no result: a group of names and figures belongs there")
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no figure")


def _sidecar(run: Run, settings: Settings, came: _Came, attempts: int) -> Mapping[str, Any]:
    return {
        "key": run.key,
        "row": run.row,
        "status": came.status,
        "error": came.error,
        "traceback": came.traceback,
        "parameters": dict(run.parameters),
        "seed": run.seed,
        "seconds": came.seconds,
        "attempts": attempts,
        "started": came.began.isoformat(timespec="milliseconds"),
        "ended": came.ended.isoformat(timespec="milliseconds"),
        "notebook": f"notebooks/{run.key}.ipynb" if came.has_notebook else None,
        "files": f"files/{run.key}" if came.has_files else None,
        "recorded": came.recorded,
        "result": came.result,
        "provenance": {
            "notebook": Path(settings.template).name,
            "notebook_sha256": settings.template_sha256,
            "value_map_sha256": run.value_map_sha256,
            **settings.provenance,
        },
    }
