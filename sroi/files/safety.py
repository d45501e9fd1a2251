"""How a user's file is opened and written: with limits, and whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sroi.errors import FileRefused, Problem

LARGEST_VALUE_MAP = 5_000_000


def read_bytes(path: Path, largest: int = LARGEST_VALUE_MAP, what: str = "value map") -> bytes:
    """Return a file's bytes; FileRefused if it is not there, is no file, cannot be read or is larger than `largest`."""
    name = str(path)
    try:
        if path.is_dir():
            raise FileRefused(Problem("this is a folder", "Name a file."), name)
        if path.exists() and not path.is_file():
            raise FileRefused(Problem("this is not an ordinary file", "Name a file."), name)
        with path.open("rb") as stream:
            content = stream.read(largest + 1)
            size = max(len(content), os.fstat(stream.fileno()).st_size)
    except FileNotFoundError:
        raise FileRefused(Problem("there is no such file", _near(path)), name) from None
    except PermissionError:
        raise FileRefused(Problem("this file may not be read", "Ask for the right to read it."), name) from None
    except (OSError, ValueError) as error:
        raise FileRefused(
            Problem(f"this file cannot be read ({_reason(error)})", "Check its name and place."), name
        ) from None
    if len(content) > largest:
        found = f"this file holds {size / 1e6:,.1f} MB, and a {what} holds at most {largest / 1e6:,.0f} MB"
        raise FileRefused(Problem(found, f"Check that it is a {what}; take out what does not belong."), name)
    return content


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _near(path: Path) -> str:
    """Return what to do about a missing file: the nearest name in its folder, or its folder."""
    from difflib import get_close_matches

    with suppress(OSError, ValueError):
        names = [each.name for each in sorted(path.parent.iterdir())[:1000]]
        near = get_close_matches(path.name, names, n=1)
        if near:
            return f"Did you mean {path.parent / near[0]}?"
    with suppress(OSError, ValueError):
        if not path.parent.exists():
            return f"There is no folder {path.parent} either: check the path."
    return "Check the name and the folder."


@contextmanager
def whole_file(path: Path, overwrite: bool = False) -> Iterator[Path]:
    """Yield a temporary file beside `path` that takes its place when the block ends well, and goes if it does not.

    A link is followed: what it names is replaced, the link stays. FileRefused if `path` exists and `overwrite` is not
    given, is no ordinary file, or if its folder cannot be written to or is full.
    """
    name = str(path)
    path = Path(os.path.realpath(path))
    if path.is_dir():
        raise FileRefused(Problem("this is a folder", "Name a file."), name)
    if path.exists() and not path.is_file():
        raise FileRefused(Problem("this is not an ordinary file", "Name a file; - is standard output."), name)
    if path.exists() and not overwrite:
        raise FileRefused(Problem("this file is already there", "Give another name, or --force to replace it."), name)
    import tempfile

    temporary: Path | None = None
    try:
        handle, made = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".partial", dir=path.parent)
        os.close(handle)
        temporary = Path(made)
        yield temporary
        with temporary.open("r+b") as written:
            os.fsync(written.fileno())
        temporary.chmod(0o666 & ~_mask())
        if overwrite:
            os.replace(temporary, path)
        else:
            _put_if_absent(temporary, path)
    except OSError as error:
        found = f"this could not be written in {path.parent} ({_reason(error)})"
        raise FileRefused(
            Problem(found, "Name a folder that exists, has room, and that you may write to."), name
        ) from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


def _put_if_absent(temporary: Path, path: Path) -> None:
    """Give the finished file its name, unless another process took the name meanwhile."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise FileRefused(
            Problem("this file is already there", "Give another name, or --force to replace it."), str(path)
        ) from None
    except OSError:  # a file system without links
        os.replace(temporary, path)


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_whole(path: Path, content: bytes, overwrite: bool = False) -> None:
    """Write a file whole or not at all (see `whole_file`)."""
    with whole_file(path, overwrite) as temporary:
        temporary.write_bytes(content)


def neutral_text(text: str) -> str:
    """Return a text that a spreadsheet takes for text: one that begins like a formula gets an apostrophe in front.

    >>> neutral_text("=HYPERLINK(A1)"), neutral_text("-5 neighbours"), neutral_text("Friends")
    ("'=HYPERLINK(A1)", "'-5 neighbours", 'Friends')
    """
    return f"'{text}" if text[:1] in "=+-@\t\r\n|%" and text else text
