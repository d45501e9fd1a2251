"""Value maps of every format: which reader or writer a file's name calls for."""

from __future__ import annotations

from pathlib import Path

from sroi.errors import FileRefused, Problem
from sroi.files.safety import write_whole
from sroi.files.yaml import read_yaml, to_yaml
from sroi.impact_map import ImpactMap

_YAML = (".yaml", ".yml")


def read_value_map(path: str | Path) -> ImpactMap:
    """Return the impact map in a value map's file.

    Parameters: `path`, a YAML value map. Raises FileRefused for a file that cannot be read and ImpossibleMap for one
    that says what cannot be, all problems in one message, each with its line.

    >>> import sroi
    >>> print(sroi.read_value_map(sroi.case_study("wheels_to_meals")).title)
    Wheels-to-Meals
    """
    path = Path(path)
    _refuse_other_formats(path)
    return read_yaml(path)


def write_value_map(impact_map: ImpactMap, path: str | Path, overwrite: bool = False) -> None:
    """Write a map as a value map; reading it gives an equal map.

    A file that is already there is refused unless `overwrite` is given: it may hold somebody's comments.
    """
    path = Path(path)
    _refuse_other_formats(path)
    write_whole(path, to_yaml(impact_map).encode("utf-8"), overwrite)


def _refuse_other_formats(path: Path) -> None:
    if path.suffix.lower() not in _YAML and not path.is_dir():
        ending = f"files ending in '{path.suffix}'" if path.suffix else "files without an ending"
        found = f"{ending} are not value maps that this version knows"
        raise FileRefused(Problem(found, "Give a YAML file, ending in .yaml."), str(path))
