"""`sroi explain`: the working of the ratio, an outcome or an input, step by step, for a reader with a pencil."""

from __future__ import annotations

import argparse
import shutil

from sroi.arguments import add_json, add_map, add_reading_options
from sroi.commands.printing import DONE, say, write_json
from sroi.commands.reading import read_map

# A line of figures is read by eye: no wider than this on a wide screen, and folded to a narrow one.
_WIDEST, _NARROWEST = 100, 50


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    add_map(parser)
    parser.add_argument(
        "subject", metavar="OUTCOME", nargs="?",
        help="the id of an outcome or input, or discount_rate; without it the ratio is explained",
    )  # fmt: skip
    add_json(parser, "the working")
    add_reading_options(parser)


def run(options: argparse.Namespace) -> int:
    """Say how a figure of the map comes about, down to the source of each number."""
    from sroi.explaining import explain
    from sroi.terminal.explaining import explanation_lines
    from sroi.terminal.results import repair_lines

    impact_map = read_map(options.map, options)
    found = explain(impact_map, options.subject)
    if options.json:
        told = {"title": impact_map.title, "currency": impact_map.currency, **found.to_dict()}
        write_json(options.json, told, options.map)
    if options.json != "-":
        columns = shutil.get_terminal_size((_WIDEST, 24)).columns
        width = min(max(columns, _NARROWEST), _WIDEST)
        say(*repair_lines(impact_map), *explanation_lines(found, width))
    return DONE
