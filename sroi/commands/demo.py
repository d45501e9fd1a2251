"""`sroi demo`: the report of the Guide's own example."""

from __future__ import annotations

import argparse
from pathlib import Path

from sroi.commands.report import leave_report


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument(
        "--out", metavar="DIR", default="demo_report", help="the folder to leave it in (default: demo_report)"
    )


def run(options: argparse.Namespace) -> int:
    """Make the report of Wheels-to-Meals."""
    from sroi.shipped import case_study, template

    options.parameter, options.formats, options.seed, options.json = [], "html,docx", 0, None
    return leave_report(case_study("wheels_to_meals"), Path(options.out), template("report.ipynb"), options)
