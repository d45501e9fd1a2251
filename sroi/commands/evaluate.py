"""`sroi evaluate`: what a value map comes to."""

from __future__ import annotations

import argparse

from sroi.arguments import add_json, add_map, add_reading_options
from sroi.commands.intervals import interval_of
from sroi.commands.printing import DONE, say, write_json
from sroi.commands.reading import read_map, settings
from sroi.errors import NameRefused, Problem


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    add_map(parser)
    add_reading_options(parser)
    parser.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], help="another number, such as gp_visits.quantity=60 or discount_rate=2%%; may be repeated")  # fmt: skip  # noqa: E501
    parser.add_argument("--names", action="store_true", help="list the numbers that --set can change")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Evaluate the map and say the ratio with its rules, the ladder and the findings that matter most."""
    from sroi.evaluation import evaluate
    from sroi.provenance import document
    from sroi.questions import review
    from sroi.terminal.results import finding_lines, number_lines, repair_lines, result_lines

    impact_map = read_map(options.map, options)
    if options.names:
        if options.set or options.json:
            raise NameRefused(Problem("--names only lists names", "Give it without --set and --json."))
        say(*number_lines(impact_map))
        return DONE
    result = evaluate(impact_map, at=settings(options.set, set(impact_map.numbers())))
    if options.json:
        write_json(options.json, document(impact_map, result), options.map)
    if options.json != "-":
        findings = finding_lines(review(impact_map, result), most=5)
        pointer = f"All findings: sroi check {options.map}"
        # With numbers in place of the map's own it is one case, and is said to be one.
        interval = None if options.set else interval_of(impact_map)
        say(*repair_lines(impact_map), *result_lines(result, interval), "", *findings, "", pointer)
    return DONE
