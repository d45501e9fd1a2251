"""`sroi teach handouts`: glossary, ten questions, facilitator's guide and cards to cut out, to print."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from sroi.arguments import add_reading_options
from sroi.commands.printing import DONE, say
from sroi.errors import NameRefused, Problem

if TYPE_CHECKING:
    from sroi.impact_map import ImpactMap


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the action's arguments and options."""
    parser.add_argument("folder", metavar="DIR", help="the folder to leave them in")
    parser.add_argument("--map", metavar="MAP", action="append", help="make cards of this value map or case study, instead of every case study; may be given again")  # fmt: skip  # noqa: E501
    parser.add_argument("--force", action="store_true", help="replace files that are there")
    add_reading_options(parser)


def run(options: argparse.Namespace) -> int:
    """Write the handouts and say what they are."""
    from sroi.teaching import handouts
    from sroi.terminal.results import repair_lines

    folder = Path(options.folder)
    if not options.folder.strip() or (folder.exists() and not folder.is_dir()):
        found = f"{options.folder} is a file" if options.folder.strip() else "no folder is named"
        raise NameRefused(Problem(found, "Name a folder for the handouts, such as our_handouts."))
    maps = _named(_read(options)) if options.map else None
    written = handouts.write_handouts(folder, maps, force=options.force)
    repairs = [line for impact_map in (maps or {}).values() for line in repair_lines(impact_map)]
    say(*repairs, f"Wrote {len(written)} handouts to {folder}:", *(f"  {path.name}" for path in written))
    if handouts.form() == "html":
        say('They are pages, to print from a browser: PDF needs the package typst (pip install "sroi[pdf]").')
    say("Print the cards at 100 % on A4, and cut along the dashed lines.")
    return DONE


def _read(options: argparse.Namespace) -> Iterable[tuple[Path, ImpactMap]]:
    from sroi.commands.reading import read_map
    from sroi.shipped import case_studies, case_study

    for name in options.map:
        path = case_study(name) if name in case_studies() and not Path(name).exists() else Path(name)
        yield path, read_map(str(path), options)


def _named(maps: Iterable[tuple[Path, ImpactMap]]) -> dict[str, ImpactMap]:
    """Return maps by names that any disk takes; a case study's is its folder's."""
    named: dict[str, ImpactMap] = {}
    for path, impact_map in maps:
        stem = path.resolve().parent.name if path.stem == "value_map" else path.stem
        name = re.sub(r"[^a-z0-9_-]+", "_", stem.lower()).strip("_")[:60] or "map"
        names = chain([name], (f"{name}_{number}" for number in count(2)))
        named[next(each for each in names if each not in named)] = impact_map
    return named
