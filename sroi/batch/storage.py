"""What a batch needs of the place that it leaves everything in: a folder of this machine, or one on a store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from sroi.batch.folder import Folder, Scratch


class Storage(Protocol):
    """A batch's folder, wherever it is; small enough to be sent to a worker."""

    def is_there(self) -> bool:
        """Say whether this machine sees the folder, and it is that of a batch."""

    def held(self, alone: bool = True) -> AbstractContextManager[None]:
        """Hold the folder: alone, as a batch does, or beside others that hold it so, as single runs do."""

    def held_for(self, key: str) -> AbstractContextManager[None]:
        """Hold one key, waiting for whoever runs it now."""

    def sweep(self) -> None:
        """Clear away what earlier runs left unfinished; only who holds the folder alone may do so."""

    def keys(self) -> Iterator[str]:
        """Yield the keys that are recorded."""

    def sidecar(self, key: str) -> dict[str, Any] | None:
        """Return what is recorded of a run; None if nothing is, or if somebody spoilt the file."""

    def scratch(self, key: str) -> AbstractContextManager[Scratch]:
        """Yield a new folder to run in, and clear it away afterwards."""

    def files_of(self, key: str) -> Path | str:
        """Return where a run's files end up."""

    def notebook_of(self, key: str) -> Path | str:
        """Return where a run's notebook ends up."""

    def commit(self, key: str, scratch: Scratch, sidecar: Mapping[str, Any]) -> None:
        """Record a run: its files, its notebook, and last its sidecar. OSError if there is no room."""

    def has_room(self) -> bool:
        """Say whether anything can still be written."""

    def table(self, name: str) -> AbstractContextManager[Path]:
        """Yield a file that takes the place of a table when it is whole."""

    def brought_here(self) -> AbstractContextManager[Path]:
        """Yield a folder of this machine with the tables and sidecars; what is put into its `portfolio` stays."""


def storage_at(place: str) -> Storage:
    """Return the storage at a path of this machine, or at an address such as s3://bucket/batches/may."""
    from sroi.batch.addresses import is_address

    if not is_address(place):
        return Folder(Path(place))
    from sroi.batch.store import StoreFolder

    return StoreFolder(place.rstrip("/"))
