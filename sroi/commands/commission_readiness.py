"""`sroi commission readiness`: an organisation's self-check against the eight principles."""

from __future__ import annotations

import argparse
from pathlib import Path

from sroi.commands.commission_contract import day_of
from sroi.commands.commission_paper import add_paper_options, leave_paper
from sroi.commands.printing import DONE, keep_apart, say, write_json


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("file", metavar="FILE", help="the filled form (`sroi commission new readiness FILE`)")
    parser.add_argument("--on", metavar="DAY", help="look at the self-check of this day (default: the last)")
    add_paper_options(parser)


def run(options: argparse.Namespace) -> int:
    """Say where each principle stands, the lowest first."""
    from sroi.commissioning.readiness.lines import readiness_lines
    from sroi.commissioning.readiness.study import study_readiness

    keep_apart("--json", options.json, options.file)
    study = study_readiness(options.file, day_of(options.on))
    if options.json:
        write_json(options.json, study.to_dict(), options.file)
    if options.json != "-":
        say(*readiness_lines(study))
    leave_paper("readiness", {"readiness": Path(options.file), "on": study.last.day.isoformat()}, options)
    return DONE
