"""Addresses of object stores, such as s3://bucket/plan.csv, and their files at hand on this machine."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from sroi.errors import FileRefused, Problem

# Where nothing is run and nobody is asked but the store that the user names.
_STORES = (
    *("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oci", "oss", "hdfs", "webhdfs"),
    *("sftp", "ssh", "smb", "memory", "file"),
)
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*(?:::[a-z][a-z0-9+.-]*)*)://", re.IGNORECASE)
_LARGEST = 100_000_000


def is_address(text: str) -> bool:
    """Say whether a text names a place on a store rather than a file of this machine.

    >>> is_address("s3://bucket/maps/a.yaml"), is_address("maps/a.yaml")
    (True, False)
    """
    return bool(_ADDRESS.match(text))


def store_of(address: str) -> tuple[Any, str]:
    """Return the store of an address and the path on it; FileRefused for a store that is not had."""
    found = _ADDRESS.match(address)
    kind = found[1].lower() if found else ""
    if kind not in _STORES or "::" in address:
        known = ", ".join(f"{name}://" for name in ("s3", "gs", "abfs", "hdfs", "sftp", "file"))
        raise FileRefused(Problem("this is no store that a batch may use", f"Known: {known}."), shown_address(address))
    if re.match(r"[^/]*://[^/@]*:[^/@]*@", address):
        said = "the address holds a password, which would stand in every record"
        remedy = "Take it out, and tell the store's own settings who you are."
        raise FileRefused(Problem(said, remedy), shown_address(address))
    try:
        import fsspec
    except ImportError:
        said = "addresses of stores need the package fsspec, which is not installed"
        raise FileRefused(Problem(said, 'Install it: pip install "sroi[stores]".'), address) from None
    try:
        store, path = fsspec.core.url_to_fs(address)
    except ImportError as error:
        raise FileRefused(Problem(f"a package for this store is missing ({error})", "Install it."), address) from None
    except Exception as error:  # each store raises its own kinds
        raise _unreachable(address, error) from None
    return store, str(path).rstrip("/")


def at_hand(place: str, folder: Path) -> Path:
    """Return a file of this machine with what stands at a place: the file itself, or a copy of it in `folder`.

    FileRefused if there is no such file on the store, it cannot be reached, or the file is larger than 100 MB.
    """
    if not is_address(place):
        return Path(place)
    store, path = store_of(place)
    name = re.sub(r"[^A-Za-z0-9._-]", "_", path.rpartition("/")[2]) or "file"
    copy = folder / hashlib.sha256(place.encode("utf-8", "replace")).hexdigest()[:16] / name
    try:
        size = store.info(path).get("size") or 0
        if size > _LARGEST:
            found = f"this file holds {size / 1e6:,.0f} MB, and {_LARGEST / 1e6:,.0f} MB is the most"
            raise FileRefused(Problem(found, "Check that it is the right one."), place)
        content = store.cat_file(path)
    except FileNotFoundError:
        raise FileRefused(Problem("there is no such file on the store", "Check the address."), place) from None
    except FileRefused:
        raise
    except Exception as error:
        raise _unreachable(place, error) from None
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(content)
    return copy


def files_on_store(address: str) -> list[str]:
    """Return the addresses of the files that a folder or a pattern on a store stands for, sorted."""
    store, path = store_of(address)
    scheme = address.partition("://")[0]
    try:
        is_pattern = any(sign in path for sign in "*?[")
        found = store.glob(path) if is_pattern else store.ls(path, detail=False) if store.isdir(path) else [path]
    except FileNotFoundError:
        return []
    except Exception as error:
        raise _unreachable(address, error) from None
    return sorted(f"{scheme}://{str(each).lstrip('/') if scheme != 'file' else each}" for each in found)


def shown_address(address: str) -> str:
    """Return an address without the password that it may hold."""
    return re.sub(r"(://[^/@:]*):[^/@]*@", r"\1:...@", address)


def _unreachable(address: str, error: Exception) -> FileRefused:
    said = " ".join(str(error).split())[:200] or type(error).__name__
    remedy = "Check the address, and that this machine may use the store."
    return FileRefused(Problem(f"the store could not be used ({said})", remedy), shown_address(address))
