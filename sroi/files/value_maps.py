"""Value maps of every format: which reader or writer a file's name calls for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sroi.errors import FileRefused, Problem
from sroi.files.options import ReadingOptions
from sroi.files.safety import write_whole
from sroi.files.yaml import read_yaml, to_yaml
from sroi.impact_map import ImpactMap

YAML = (".yaml", ".yml")
WORKBOOKS = (".xlsx", ".xlsm", ".ods", ".csv")
STANDARD = ".jsonld"
JSON = ".json"
WRITTEN = (*YAML, ".xlsx", JSON, STANDARD)


def read_value_map(
    path: str | Path, options: ReadingOptions | None = None, ratio_of: Callable[[ImpactMap], float] | None = None
) -> ImpactMap:
    """Return the impact map in a value map's file.

    Parameters: `path`, a YAML or JSON value map, a workbook of ours, somebody else's table (.xlsx, .xlsm, .ods, .csv),
    or a file of the Common Impact Data Standard (.jsonld, or .json with a @context); `options`, what a stranger's file
    leaves open (which way its attribution runs, its currency, ..); `ratio_of`, how a ratio is reckoned, for telling
    which way round an unclear attribution reproduces a printed ratio. What had to be
    guessed or mended is listed in `impact_map.origin.repairs`. Raises FileRefused for a file that cannot be read and
    ImpossibleMap for one that says what cannot be, all problems in one message, each with its line or cell.

    >>> import sroi
    >>> print(sroi.read_value_map(sroi.case_study("wheels_to_meals")).title)
    Wheels-to-Meals
    """
    path = Path(path)
    if path.suffix.lower() in WORKBOOKS:
        from sroi.files.sheets import open_book
        from sroi.files.workbook_reader import is_own, own_map

        book = open_book(path)
        if is_own(book):
            return own_map(book)
        from sroi.files.foreign import foreign_map

        impact_map = foreign_map(book, options or ReadingOptions(), ratio_of)
        if impact_map.origin is not None:
            impact_map._origin = replace(impact_map.origin, foreign=True)
        return impact_map
    if path.suffix.lower() == STANDARD or (path.suffix.lower() == JSON and _is_json_ld(path)):
        from sroi.files.impact_standard_reader import read_impact_standard

        return read_impact_standard(path, options)
    if not path.is_dir():
        refuse_other_endings(path, (*YAML, JSON, *WORKBOOKS, STANDARD))
    # JSON is YAML too, and one reader gives one set of messages.
    return read_yaml(path)


def _is_json_ld(path: Path) -> bool:
    from sroi.files.impact_standard_terms import begins_as_json_ld

    return begins_as_json_ld(path)


def write_value_map(impact_map: ImpactMap, path: str | Path, overwrite: bool = False) -> None:
    """Write a map as a value map, YAML or a workbook that computes live; reading it gives an equal map.

    A name that ends in .jsonld gives a file of the Common Impact Data Standard, which has no place for prices.

    A file that is already there is refused unless `overwrite` is given: it may hold somebody's comments.
    """
    path = Path(path)
    refuse_other_endings(path, WRITTEN)
    write_whole(path, value_map_bytes(impact_map, path), overwrite)


def value_map_bytes(impact_map: ImpactMap, path: Path) -> bytes:
    """Return a map as the bytes of the format that the file's name calls for."""
    if path.suffix.lower() in YAML:
        return to_yaml(impact_map).encode("utf-8")
    if path.suffix.lower() == JSON:
        from sroi.files.json_writer import to_json

        return to_json(impact_map).encode("utf-8")
    if path.suffix.lower() == STANDARD:
        from sroi.files.impact_standard import impact_standard_bytes

        return impact_standard_bytes(impact_map, str(path))
    from sroi.files.workbook_writer import workbook_bytes

    return workbook_bytes(impact_map)


def refuse_other_endings(path: Path, known: tuple[str, ...]) -> None:
    """Refuse a file whose ending is not one of `known`."""
    if path.suffix.lower() not in known:
        ending = f"files ending in '{path.suffix}'" if path.suffix else "files without an ending"
        found = f"{ending} are not value maps that this version knows"
        raise FileRefused(Problem(found, f"Give a file ending in {', '.join(known[:-1])} or {known[-1]}."), str(path))
