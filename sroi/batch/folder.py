"""The folder of a batch: everything that reads or writes it stands here, so that another store can take its place.

The commit protocol. A run works in a folder of its own under `.unfinished`. When it has ended, its files and its
notebook are put on the disk and given their names, and then its sidecar `runs/KEY.json`: that one step is the commit.
What has no sidecar never happened, and is swept at the next start.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sroi.errors import FileRefused, Problem

KEY = re.compile("[0-9a-f]{32}")
LARGEST_SIDECAR = 20_000_000


@dataclass(frozen=True)
class Scratch:
    """Where one run works until it is committed: a folder that nobody else knows."""

    path: Path

    @property
    def notebook(self) -> Path:
        """The notebook as it is being run."""
        return self.path / "run.ipynb"

    @property
    def files(self) -> Path:
        """The folder that the notebook is given as `out`."""
        return self.path / "files"


@dataclass(frozen=True)
class Folder:
    """A batch's folder on a disk of this machine."""

    path: Path

    def prepare(self) -> None:
        """Make the folder and what it needs; FileRefused if it cannot be had."""
        if self.path.exists() and not self.path.is_dir():
            raise FileRefused(Problem("this is a file", "Name a folder for the batch."), str(self.path))
        try:
            for name in ("runs", "notebooks", ".unfinished"):
                (self.path / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            found = f"nothing can be written there ({error.strerror or error})"
            raise FileRefused(Problem(found, "Name a folder that you may write to."), str(self.path)) from None

    def __str__(self) -> str:
        return str(self.path)

    def is_there(self) -> bool:
        """Say whether this machine sees the folder, and it is that of a batch."""
        return (self.path / "runs").is_dir()

    # ---- who works here ----

    @contextmanager
    def held(self, alone: bool = True) -> Iterator[None]:
        """Hold the folder: alone, as a batch does, or beside others that hold it so, as single runs do."""
        self.prepare()
        with (self.path / ".lock").open("a+b") as stream:
            if not _locked(stream, alone):
                found = "another batch works in this folder" if alone else "a batch works in this folder"
                raise FileRefused(Problem(found, "Wait for its end, or name another folder."), str(self.path))
            yield

    @contextmanager
    def held_for(self, key: str) -> Iterator[None]:
        """Hold one key, waiting for whoever runs it now."""
        with (self.path / ".unfinished" / f"{key}.lock").open("a+b") as stream:
            _locked(stream, True, wait=True)
            yield

    def sweep(self) -> None:
        """Clear away what earlier runs left unfinished; only who holds the folder alone may do so."""
        removed(self.path / ".unfinished")
        (self.path / ".unfinished").mkdir(exist_ok=True)
        committed = set(self.keys())
        for folder in (self.path / "files", self.path / "notebooks"):
            if folder.is_dir():
                for entry in os.scandir(folder):
                    key = entry.name.partition(".")[0]
                    if KEY.fullmatch(key) and key not in committed:  # what has another name is none of ours
                        removed(Path(entry.path))
        for stray in self.path.glob(".results.*.partial"):
            removed(stray)

    # ---- what was recorded ----

    def keys(self) -> Iterator[str]:
        """Yield the keys that are recorded."""
        for entry in os.scandir(self.path / "runs"):
            if entry.name.endswith(".json") and not entry.name.startswith("."):
                yield entry.name.removesuffix(".json")

    def sidecar(self, key: str) -> dict[str, Any] | None:
        """Return what is recorded of a run; None if nothing is, or if somebody spoilt the file."""
        try:
            path = self.path / "runs" / f"{key}.json"
            if path.stat().st_size > LARGEST_SIDECAR:
                return None
            content = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return None
        return content if isinstance(content, dict) and content.get("key") == key else None

    # ---- a run ----

    @contextmanager
    def scratch(self, key: str) -> Iterator[Scratch]:
        """Yield a new folder to run in, and clear it away afterwards."""
        made = Scratch(Path(tempfile.mkdtemp(prefix=f"{key[:8]}-", dir=self.path.resolve() / ".unfinished")))
        try:
            yield made
        finally:
            removed(made.path)

    def files_of(self, key: str) -> Path:
        """Return the folder in which a run's files end up."""
        return self.path.resolve() / "files" / key

    def notebook_of(self, key: str) -> Path:
        """Return the file in which a run's notebook ends up."""
        return self.path.resolve() / "notebooks" / f"{key}.ipynb"

    def commit(self, key: str, scratch: Scratch, sidecar: Mapping[str, Any]) -> None:
        """Record a run: its files, its notebook, and last its sidecar. OSError if there is no room."""
        written = scratch.path / "sidecar.json"
        written.write_bytes(sidecar_bytes(sidecar))
        for path in files_in(scratch.path):
            _synced(path)
        files = self.files_of(key)
        removed(files)
        if scratch.files.is_dir() and any(scratch.files.iterdir()):
            files.parent.mkdir(exist_ok=True)
            os.replace(scratch.files, files)
            _folder_synced(files.parent)
        if scratch.notebook.exists():
            os.replace(scratch.notebook, self.notebook_of(key))
            _folder_synced(self.path / "notebooks")
        os.replace(written, self.path / "runs" / f"{key}.json")
        _folder_synced(self.path / "runs")

    def has_room(self) -> bool:
        """Say whether anything can still be written."""
        with suppress(OSError):
            return shutil.disk_usage(self.path).free > 64 * 1024
        return True

    # ---- tables ----

    @contextmanager
    def table(self, name: str) -> Iterator[Path]:
        """Yield a file that takes the place of a table when it is whole."""
        from sroi.files.safety import whole_file

        with whole_file(self.path / name, overwrite=True) as temporary:
            yield temporary

    @contextmanager
    def brought_here(self) -> Iterator[Path]:
        """Yield the folder itself: it is here."""
        yield self.path.resolve()


def _locked(stream: BinaryIO, alone: bool, wait: bool = False) -> bool:
    """Take a file's lock, which ends with this process and which no child inherits; say whether it could be had."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    kind = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    try:
        fcntl.flock(stream, kind if wait else kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def sidecar_bytes(sidecar: Mapping[str, Any]) -> bytes:
    """Return what is recorded of a run as the bytes of its sidecar."""
    content = json.dumps(sidecar, indent=1, ensure_ascii=False, allow_nan=False, default=str) + "\n"
    return content.encode("utf-8", "replace")


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder, after taking out the links among them."""
    for base, _, names in os.walk(folder):
        for name in names:
            path = Path(base, name)
            if path.is_symlink():
                # A link among a run's files would let whoever opens them read or write where it points.
                path.unlink()
            elif path.is_file():
                yield path


def _synced(path: Path) -> None:
    try:
        with path.open("r+b" if sys.platform == "win32" else "rb") as stream:
            os.fsync(stream.fileno())
    except PermissionError:  # a notebook may lock its own files
        return


def _folder_synced(path: Path) -> None:
    if sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system that cannot do this for folders
            os.fsync(handle)
    finally:
        os.close(handle)


def removed(path: Path) -> None:
    """Remove a file or folder, whatever its rights, never following a link."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, onerror=_made_removable)
        else:
            path.unlink()


def _made_removable(remove: Any, path: str, _: Any) -> None:
    with suppress(OSError):
        os.chmod(os.path.dirname(path), 0o700)
        os.chmod(path, 0o700)
        remove(path)
