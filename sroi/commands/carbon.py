"""`sroi carbon`: what a tonne of greenhouse gas is worth by the year of its emission, ready to paste into a map."""

from __future__ import annotations

import argparse

from sroi.arguments import add_json
from sroi.commands.printing import DONE, say, write_json


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument(
        "--from", metavar="YEAR", dest="first", type=int, required=True, help="the first year of emission"
    )
    parser.add_argument("--years", metavar="N", type=int, default=1, help="how many years (default 1)")
    parser.add_argument(
        "--basis", metavar="BASIS", default="desnz",
        help="desnz (UK, abatement cost, the default) or epa (US, damage cost to all the world)",
    )  # fmt: skip
    parser.add_argument("--gas", metavar="GAS", help="epa: co2 (the default), ch4 or n2o; desnz has co2e alone")
    parser.add_argument("--level", metavar="LEVEL", default="central", help="low, central (the default) or high")
    parser.add_argument("--range", action="store_true", help="write low and high beside each year's value")
    add_json(parser, "the values")


def run(options: argparse.Namespace) -> int:
    """Say the values year by year, with their source, and the `by_year` list for a proxy."""
    from sroi.evidence.carbon import carbon_values
    from sroi.terminal.rates import carbon_lines, carbon_told

    values = carbon_values(options.first, options.years, options.basis, options.gas)
    values[0].at(options.level)  # refused here, before anything is said
    if options.json:
        write_json(options.json, carbon_told(values, options.level))
    if options.json != "-":
        say(*carbon_lines(values, options.level, options.range))
    return DONE
