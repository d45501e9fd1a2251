"""Several files written into a folder together: all of them, or none and the folder as it was."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from sroi.errors import FileRefused, Problem

_NEW, _OLD, _LEFT = "new", "old", "left"


def write_together(
    files: Mapping[str, bytes], folder: Path, *, overwrite: bool = False, gone: Iterable[str] = ()
) -> tuple[Path, ...]:
    """Write files, by their place in a folder, all or none, and return them; in the order given.

    `gone` names files of the folder that go at the same moment. Whatever stops it, Ctrl-C too, what was there is put
    back: other files of the folder stay as they are. FileRefused for files that are there already, unless `overwrite`
    is given, and for a folder that cannot be written to.
    """
    refuse_what_is_there(folder, files, overwrite)
    gone = [name for name in gone if name not in files and _is_there(folder / name)]
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    stage = _stage(folder)
    old = stage / _OLD
    try:
        _make(stage / _NEW, files)
        _keep(old, folder, [name for name in (*files, *gone) if _is_there(folder / name)])
        made = [*_missing_parents(folder, files), *made]
        _put(stage, folder, files, gone)
        made = []
    except OSError as error:
        found = f"{_which(error, stage)} could not be written ({error.strerror or error})"
        remedy = "Nothing was changed. Close it where it is open, make room, or name another folder."
        if (stage / _LEFT).exists():
            remedy = f"Some of the old files could not be put back: they are in {old}. Move them back by hand."
        raise FileRefused(Problem(found, remedy), str(folder)) from None
    finally:
        if not (stage / _LEFT).exists():
            shutil.rmtree(stage, ignore_errors=True)
        for each in made:
            with suppress(OSError):
                each.rmdir()  # only where nothing is in it
    return tuple(folder / name for name in files)


def refuse_what_is_there(folder: Path, names: Iterable[str], overwrite: bool = False) -> None:
    """Refuse, with FileRefused, to write over files; with `overwrite`, only over what is no file, or no folder."""
    if folder.exists() and not folder.is_dir():
        raise FileRefused(Problem("this is a file", "Name a folder."), str(folder))
    there = [name for name in names if _is_there(folder / name)]
    if there and not overwrite:
        remedy = "Give another folder, or --force to replace them."
        raise FileRefused(Problem(f"{_listed(there)} already there", remedy), str(folder))
    odd = [name for name in there if (folder / name).exists() and not (folder / name).is_file()]
    if odd:
        raise FileRefused(Problem(f"{_listed(odd)} no file", "Move it away, or give another folder."), str(folder))


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return f"{', '.join(names[:4])}{more} {'is' if len(names) == 1 else 'are'}"


def _is_there(path: Path) -> bool:
    return os.path.lexists(path)


def _stage(folder: Path) -> Path:
    """Return a new hidden folder within the folder, so that its files need only be renamed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
    except OSError as error:
        found = f"this folder cannot be made or written to ({error.strerror or error})"
        raise FileRefused(Problem(found, "Name a folder that you may write to."), str(folder)) from None


def _make(new: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        with (new / name).open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())


def _keep(old: Path, folder: Path, names: Iterable[str]) -> None:
    """Keep what is to be replaced, before anything is: to put it back then takes neither room nor reading."""
    for name in names:
        (old / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(folder / name, old / name, follow_symlinks=False)
        except (OSError, NotImplementedError):  # a file system without links, or a file of somebody else's
            shutil.copy2(folder / name, old / name, follow_symlinks=False)


def _missing_parents(folder: Path, names: Iterable[str]) -> list[Path]:
    """Return the folders within the folder that there are not yet, the innermost first."""
    parents = {folder / parent for name in names for parent in Path(name).parents if parent.name}
    return sorted((each for each in parents if not each.exists()), reverse=True)


def _put(stage: Path, folder: Path, files: Iterable[str], gone: Iterable[str]) -> None:
    """Put every new file in its place, each whole, and take away what goes; on any stop, all back as it was."""
    try:
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(stage / _NEW / name, folder / name)
        for name in gone:
            (folder / name).unlink()
    except BaseException:
        # As long as this lies there, the old files are not thrown away: a second Ctrl-C may stop the putting back.
        (stage / _LEFT).mkdir()
        back = [_put_back(stage, folder, name) for name in (*files, *gone)]
        if all(back):
            (stage / _LEFT).rmdir()
        raise


def _put_back(stage: Path, folder: Path, name: str) -> bool:
    """Put a file back as it was, or take away one that was not there; say whether that went well."""
    try:
        if _is_there(stage / _OLD / name):
            os.replace(stage / _OLD / name, folder / name)
        elif not _is_there(stage / _NEW / name):
            (folder / name).unlink()
    except OSError:
        # Where the old file was not touched yet there was nothing to do.
        return _is_there(stage / _NEW / name) and _is_there(folder / name)
    return True


def _which(error: OSError, stage: Path) -> str:
    """Return the file that could not be written, as its owner calls it."""
    name = error.filename2 or error.filename
    if not isinstance(name, str) or Path(name).is_relative_to(stage):
        return "this"
    return Path(name).name
