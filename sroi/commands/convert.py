"""`sroi convert`: a value map written anew, in another format or order."""

from __future__ import annotations

import argparse

from sroi.arguments import add_allow_private, add_reading_options
from sroi.commands.printing import DONE, say
from sroi.commands.reading import read_map, reading_options


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("source", metavar="FROM", help="a value map")
    parser.add_argument("target", metavar="TO", help="the file to write")
    add_reading_options(parser)
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    add_allow_private(parser)


def run(options: argparse.Namespace) -> int:
    """Read a map and write it, never over a file that is there unless --force says so."""
    from sroi.files.value_maps import STANDARD, read_value_map, write_value_map
    from sroi.questions.licences import refuse_private
    from sroi.terminal.results import repair_lines

    if options.source.lower().endswith(STANDARD):
        impact_map = read_value_map(options.source, reading_options(options))
    else:
        impact_map = read_map(options.source, options)
    refuse_private(impact_map, "the new file", options.allow_private)
    write_value_map(impact_map, options.target, overwrite=options.force)
    say(*repair_lines(impact_map), f"Wrote {options.target}.")
    return DONE
