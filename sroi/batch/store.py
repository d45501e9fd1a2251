"""The folder of a batch on an object store: the commit protocol of `folder`, by objects instead of files.

An object is put whole or not at all, so that the sidecar is the commit point here too. What a run leaves is made in a
folder of the machine that runs it, and put on the store when the run has ended.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sroi.batch.addresses import shown_address, store_of
from sroi.batch.folder import KEY, LARGEST_SIDECAR, Scratch, files_in, removed, sidecar_bytes
from sroi.errors import FileRefused, Problem

_BEAT = 30.0  # seconds between signs of life
_DEAD = 5 * 60.0  # seconds without one after which a batch is taken to have ended
# Stores on which an object appears whole; elsewhere a file is put beside its place and then moved there.
_WHOLE = {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oci", "oss", "memory"}


@dataclass(frozen=True)
class StoreFolder:
    """A batch's folder at an address such as s3://bucket/batches/may."""

    address: str

    def __str__(self) -> str:
        return shown_address(self.address)

    def _at(self, *parts: str) -> tuple[Any, str]:
        store, path = store_of(self.address)
        return store, "/".join((path, *parts))

    def prepare(self) -> None:
        """Make sure that something can be written there; FileRefused if not."""
        store, path = self._at(".sroi_batch")
        try:
            if self.address.partition("://")[0].lower() not in _WHOLE:
                for name in ("runs", "notebooks", "files"):
                    store.makedirs(self._at(name)[1], exist_ok=True)
            store.pipe_file(path, b"a batch of sroi\n")
        except Exception as error:  # each store raises its own kinds
            said = " ".join(str(error).split())[:200] or type(error).__name__
            remedy = "Name a place that exists and that you may write to."
            raise FileRefused(Problem(f"nothing can be written there ({said})", remedy), str(self)) from None

    def is_there(self) -> bool:
        """Say whether this machine sees the folder, and it is that of a batch."""
        store, path = self._at(".sroi_batch")
        with suppress(Exception):
            return bool(store.exists(path))
        return False

    # ---- who works here ----

    @contextmanager
    def held(self, alone: bool = True) -> Iterator[None]:
        """Hold the folder by a lease that shows signs of life; single runs (`alone` false) only look for one.

        A store has no locks. Two batches that begin in the same second are told apart by who reads back its own name.
        """
        self.prepare()
        store, path = self._at(".lease")
        self._refuse_if_held(store, path)
        if not alone:
            yield
            return
        mine = {"who": f"{socket.gethostname()} {os.getpid()} {time.time_ns()}"}
        stop = threading.Event()

        def show_life() -> None:
            while not stop.wait(_BEAT):
                with suppress(Exception):
                    store.pipe_file(path, _lease(mine))

        store.pipe_file(path, _lease(mine))
        time.sleep(0.2)
        if _read_lease(store, path).get("who") != mine["who"]:
            self._refuse_if_held(store, path)
        beating = threading.Thread(target=show_life, daemon=True)
        beating.start()
        try:
            yield
        finally:
            stop.set()
            beating.join(5)
            with suppress(Exception):
                store.rm_file(path)

    def _refuse_if_held(self, store: Any, path: str) -> None:
        lease = _read_lease(store, path)
        age = time.time() - float(lease.get("at", 0.0))
        if lease and age < _DEAD:
            found = f"another batch works in this folder ({lease.get('who')}, seen {max(age, 0):.0f} s ago)"
            remedy = f"Wait for its end; if it was killed, it is taken to be dead after {_DEAD / 60:.0f} minutes."
            raise FileRefused(Problem(found, remedy), str(self))

    @contextmanager
    def held_for(self, key: str) -> Iterator[None]:
        """Hold nothing: a store has no locks, and a run that is performed twice is recorded once."""
        yield

    def sweep(self) -> None:
        """Clear away what was put on the store by runs that were never recorded."""
        committed = set(self.keys())
        for name in ("files", "notebooks"):
            store, path = self._at(name)
            for entry in _listed(store, path):
                key = entry.rpartition("/")[2].partition(".")[0]
                if KEY.fullmatch(key) and key not in committed:
                    with suppress(Exception):
                        store.rm(entry, recursive=True)

    # ---- what was recorded ----

    def keys(self) -> Iterator[str]:
        """Yield the keys that are recorded."""
        store, path = self._at("runs")
        for entry in _listed(store, path):
            name = entry.rpartition("/")[2]
            if name.endswith(".json") and not name.startswith("."):
                yield name.removesuffix(".json")

    def sidecar(self, key: str) -> dict[str, Any] | None:
        """Return what is recorded of a run; None if nothing is, or if somebody spoilt it."""
        store, path = self._at("runs", f"{key}.json")
        try:
            if (store.info(path).get("size") or 0) > LARGEST_SIDECAR:
                return None
            content = json.loads(store.cat_file(path))
        except FileNotFoundError:
            return None
        except (ValueError, RecursionError):
            return None
        return content if isinstance(content, dict) and content.get("key") == key else None

    # ---- a run ----

    @contextmanager
    def scratch(self, key: str) -> Iterator[Scratch]:
        """Yield a new folder of this machine to run in, and clear it away afterwards."""
        made = Scratch(Path(tempfile.mkdtemp(prefix=f"sroi-{key[:8]}-")).resolve())
        try:
            yield made
        finally:
            removed(made.path)

    def files_of(self, key: str) -> str:
        """Return the address at which a run's files end up."""
        return f"{str(self).rstrip('/')}/files/{key}"

    def notebook_of(self, key: str) -> str:
        """Return the address at which a run's notebook ends up."""
        return f"{str(self).rstrip('/')}/notebooks/{key}.ipynb"

    def commit(self, key: str, scratch: Scratch, sidecar: Mapping[str, Any]) -> None:
        """Record a run: its files, its notebook, and last its sidecar. OSError if the store does not take them."""
        store, files = self._at("files", key)
        with suppress(FileNotFoundError):
            store.rm(files, recursive=True)
        for path in files_in(scratch.files):
            self._put(path.read_bytes(), "files", key, *path.relative_to(scratch.files).parts)
        if scratch.notebook.exists():
            self._put(scratch.notebook.read_bytes(), "notebooks", f"{key}.ipynb")
        self._put(sidecar_bytes(sidecar), "runs", f"{key}.json")

    def _put(self, content: bytes, *parts: str) -> None:
        store, path = self._at(*parts)
        try:
            if self.address.partition("://")[0].lower() in _WHOLE:
                store.pipe_file(path, content)
                return
            store.makedirs(path.rpartition("/")[0], exist_ok=True)
            beside = f"{path}.{os.getpid()}.partial"
            store.pipe_file(beside, content)
            store.mv(beside, path)
        except OSError:
            raise
        except Exception as error:
            raise OSError(f"the store did not take it: {' '.join(str(error).split())[:200]}") from error

    def has_room(self) -> bool:
        """Say whether anything can still be written: a store does not fill up, the disk of this machine may."""
        with suppress(OSError):
            return shutil.disk_usage(tempfile.gettempdir()).free > 64 * 1024
        return True

    # ---- tables ----

    @contextmanager
    def table(self, name: str) -> Iterator[Path]:
        """Yield a file of this machine that is put on the store when it is whole."""
        with tempfile.TemporaryDirectory(prefix="sroi-table-") as folder:
            path = Path(folder) / name
            yield path
            try:
                self._put(path.read_bytes(), name)
            except OSError as error:
                remedy = "Check the store, and give the same command again: the runs are kept."
                raise FileRefused(Problem(f"{name} could not be written ({error})", remedy), str(self)) from None

    @contextmanager
    def brought_here(self) -> Iterator[Path]:
        """Yield a folder of this machine with the tables and sidecars; what is put into its `portfolio` goes there."""
        with tempfile.TemporaryDirectory(prefix="sroi-batch-") as name:
            here = Path(name).resolve()
            (here / "runs").mkdir()
            for key in self.keys():
                store, path = self._at("runs", f"{key}.json")
                (here / "runs" / f"{key}.json").write_bytes(store.cat_file(path))
            for table in ("results.csv", "results.parquet"):
                store, path = self._at(table)
                with suppress(FileNotFoundError):
                    (here / table).write_bytes(store.cat_file(path))
            yield here
            for made in files_in(here / "portfolio"):
                self._put(made.read_bytes(), *made.relative_to(here).parts)


def _listed(store: Any, path: str) -> list[str]:
    try:
        return [str(entry) for entry in store.ls(path, detail=False, refresh=True) if str(entry).rstrip("/") != path]
    except FileNotFoundError:
        return []
    except TypeError:  # a store whose listing has no memory to refresh
        return [str(entry) for entry in store.ls(path, detail=False)]


def _lease(mine: Mapping[str, str]) -> bytes:
    return json.dumps({**mine, "at": time.time()}).encode("utf-8")


def _read_lease(store: Any, path: str) -> dict[str, Any]:
    try:
        found = json.loads(store.cat_file(path))
    except FileNotFoundError:
        return {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
