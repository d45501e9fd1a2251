"""Where projects come from: a folder of value maps, and one tidy table as a file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from sroi.errors import FileRefused, ImpossibleMap, Problem, SroiError
from sroi.files.safety import read_bytes
from sroi.files.value_maps import JSON, STANDARD, WORKBOOKS, YAML, read_value_map
from sroi.impact_map import ImpactMap

LARGEST_TABLE = 2_000_000_000  # bytes
_ENDINGS = (*YAML, JSON, *WORKBOOKS, STANDARD)
_NAMED = "value_map"
_MOST_MAPS = 100_000


def value_map_files(folder: Path) -> dict[str, Path]:
    """Return the value maps of a folder by their projects' names, in the order of these.

    Each file that ends as value maps do is one, and so is `value_map.yaml` (or .xlsx, ..) in each folder within it. A
    file is named by its stem, one called value_map by its folder. Raises FileRefused where there is none, or two have
    one name.
    """
    if not folder.is_dir():
        raise FileRefused(Problem("there is no such folder", "Name a folder of value maps."), str(folder))
    try:
        own = sorted(folder.iterdir())
        inner = [path for each in own if each.is_dir() and not each.name.startswith(".")
                 for path in sorted(each.glob(f"{_NAMED}.*"))]  # fmt: skip
    except OSError as error:
        found = f"this folder cannot be read ({error.strerror or error})"
        raise FileRefused(Problem(found, "Ask for the right to read it."), str(folder)) from None
    files = [
        path for path in (*own, *inner)
        if path.suffix.lower() in _ENDINGS and path.is_file() and not path.name.startswith((".", "~$"))
    ]  # fmt: skip
    if not files:
        found = "there is no value map in this folder"
        raise FileRefused(Problem(found, f"Put files there that end in {', '.join(_ENDINGS[:-1])} or {_ENDINGS[-1]}."),
                          str(folder))  # fmt: skip
    if len(files) > _MOST_MAPS:
        raise FileRefused(
            Problem(f"there are {len(files):,} files", f"Give at most {_MOST_MAPS:,} at once."), str(folder)
        )
    named: dict[str, Path] = {}
    problems = []
    for path in files:
        name = path.parent.name if path.stem == _NAMED and path.parent != folder else path.stem
        if name in named:
            found = f"two value maps go by the name '{name}': {named[name].name} and {path.name}"
            problems.append(Problem(found, "Rename one, or keep one of the two."))
        named.setdefault(name, path)
    if problems:
        raise FileRefused(problems, str(folder))
    return dict(sorted(named.items()))


def value_maps_in(folder: Path) -> Iterator[tuple[str, ImpactMap]]:
    """Yield the value maps of a folder by name, read one by one; at the end, all faults of all files in one message."""
    problems: list[Problem] = []
    for name, path in value_map_files(folder).items():
        try:
            impact_map = read_value_map(path)
        except SroiError as error:
            file = path.relative_to(folder).as_posix()
            problems += [Problem(f"{file}: {each}", "") for each in error.problems]
            continue
        if not problems:
            yield name, impact_map
    if problems:
        raise ImpossibleMap([_unstopped(each) for each in problems], str(folder))


def _unstopped(problem: Problem) -> Problem:
    """Return a problem whose words end with their own full stop."""
    return Problem(problem.found.removesuffix("."), "")


def read_table(path: Path) -> pd.DataFrame:
    """Return a tidy table from a .csv file (every cell as its text) or a .parquet file."""
    ending = path.suffix.lower()
    if ending not in (".csv", ".parquet"):
        found = f"files ending in '{path.suffix}' are no tables of outcomes" if ending else "this file has no ending"
        raise FileRefused(Problem(found, "Give a .csv or .parquet file, or a folder of value maps."), str(path))
    content = read_bytes(path, LARGEST_TABLE, "table of outcomes")
    try:
        if ending == ".parquet":
            return pd.read_parquet(io.BytesIO(content))
        return _csv(content, path)
    except SroiError:
        raise
    except Exception as error:  # a broken file raises many kinds of error
        what = "Parquet" if ending == ".parquet" else "CSV"
        found = f"this is no {what} file that can be read ({' '.join(str(error).split())[:120]})"
        raise FileRefused(Problem(found, "Save the table anew."), str(path)) from None


def _csv(content: bytes, path: Path) -> pd.DataFrame:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found = f"line {line} is not UTF-8 text"
        raise FileRefused(Problem(found, "Save the table as CSV UTF-8."), str(path)) from None
    first = text.partition("\n")[0]
    separator = max((",", ";", "\t"), key=first.count)
    frame = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, na_filter=False,
                        index_col=False, on_bad_lines="error")  # fmt: skip
    return frame
