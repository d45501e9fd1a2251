"""How a command reads a value map: as its options say, and what numbers given on the command line mean."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sroi.errors import NameRefused, Problem

if TYPE_CHECKING:
    from sroi.files.options import ReadingOptions
    from sroi.impact_map import ImpactMap
    from sroi.reading import Kind


def read_map(value_map: str, options: argparse.Namespace) -> ImpactMap:
    """Return the map in a file, read as the options say; save the mapping if it is asked for."""
    from sroi.files.value_maps import JSON, STANDARD, WORKBOOKS, read_value_map

    ending = Path(value_map).suffix.lower()
    if ending in (STANDARD, JSON):
        return read_value_map(value_map, reading_options(options))
    if ending not in WORKBOOKS:
        return read_value_map(value_map)
    impact_map = read_value_map(value_map, reading_options(options), ratio_of)
    if options.save_mapping:
        from sroi.files.foreign import read_foreign
        from sroi.files.mapping import save_mapping
        from sroi.files.sheets import open_book

        read = read_foreign(open_book(value_map), reading_options(options), ratio_of)
        save_mapping(read.mapping, options.save_mapping)
    return impact_map


def reading_options(options: argparse.Namespace) -> ReadingOptions:
    """Return what the options say of somebody else's table."""
    from sroi.files.options import ReadingOptions

    names = ("attribution", "decimal", "currency", "price_year", "analysis", "sheet")
    mapping = Path(options.mapping) if options.mapping else None
    return ReadingOptions(**{name: getattr(options, name) for name in names}, mapping=mapping)


def ratio_of(impact_map: ImpactMap) -> float:
    """Return a map's ratio, for readers that ask which reading of a table gives the ratio that it prints."""
    from sroi.evaluation import evaluate

    return float(evaluate(impact_map).sroi_ratio)


def settings(given: Sequence[str], known: set[str]) -> dict[str, float]:
    """Return the numbers of `--set NAME=VALUE`, read as the value map's own are; all that is wrong in one message.

    The value of a name that is not known is not read: the door refuses the name.
    """
    from sroi.nouns import kind_of

    numbers: dict[str, float] = {}
    problems: list[Problem] = []
    for setting in given:
        name, equals, value = setting.partition("=")
        name = name.strip()
        if not equals:
            problems.append(
                Problem(f"--set {setting} has no '='", "Write it as NAME=VALUE, such as gp_visits.quantity=60.")
            )
            continue
        if name in numbers:
            problems.append(Problem(f"--set names {name} twice", "Keep one of them."))
        is_known = name in known or name.rpartition(".")[0] in known
        read = number_of(value, f"--set {name}", kind_of(name)) if is_known else 0.0
        if isinstance(read, Problem):
            problems.append(read)
        else:
            numbers[name] = read
    if problems:
        raise NameRefused(problems)
    return numbers


def number_of(written: str, option: str, kind: Kind) -> float | Problem:
    """Return a number given with an option, read as the value map's own are, or what is wrong with it."""
    from pydantic_core import PydanticCustomError

    from sroi.reading import read_number

    try:
        return read_number(written, kind)
    except PydanticCustomError as error:
        context = error.context or {}
        return Problem(f"{option}: {context['found']}", str(context["remedy"]))
