"""`sroi commission consider`: the consideration record of the Social Value Act 2012, checked, and to sign."""

from __future__ import annotations

import argparse
from pathlib import Path

from sroi.commands.commission_paper import add_paper_options, leave_paper
from sroi.commands.printing import DONE, FAULTS, keep_apart, say, write_json


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the record, and what is left of it."""
    parser.add_argument("record", metavar="FILE", help="the filled form, full or short: .xlsx, .ods, .yaml")
    parser.add_argument("--strict", action="store_true", help="exit with 1 while a question that weighs high is open")
    add_paper_options(parser)


def run(options: argparse.Namespace) -> int:
    """Read the record, say what is open, and leave its paper."""
    from sroi.commissioning.consider.record import read_record
    from sroi.commissioning.consider.telling import consider, lines

    keep_apart("--json", options.json, options.record)
    considered = consider(read_record(options.record))
    if options.json != "-":
        say(*lines(considered))
    if options.json:
        write_json(options.json, considered.to_dict())
    leave_paper("consider", {"record": Path(options.record)}, options)
    return FAULTS if options.strict and not considered.stands else DONE
