"""`sroi template check`: whether a notebook is fit to be a template."""

from __future__ import annotations

import argparse
from pathlib import Path

from sroi.arguments import add_json
from sroi.commands.batch import parameters_of
from sroi.commands.printing import DONE, FAULTS, say, write_json


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("what", choices=("check",), metavar="check", help="say whether it is fit")
    parser.add_argument("notebook", metavar="T.ipynb", help="a notebook with a cell tagged `parameters`")
    parser.add_argument("-p", "--parameter", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"), help="a parameter for the trial run; may be repeated")  # fmt: skip  # noqa: E501
    parser.add_argument("--no-run", action="store_true", help="look at it only, and do not run it")
    add_json(parser, "the findings")


def run(options: argparse.Namespace) -> int:
    """Look at the notebook, try it, and say what keeps it from being a template."""
    from sroi.batch.fitness import findings_of
    from sroi.shipped import template_named

    template = Path(template_named(options.notebook))
    given = parameters_of(options)
    problems = findings_of(template, given, run=not options.no_run)
    if options.json:
        told = [{"where": each.where, "found": each.found, "remedy": each.remedy} for each in problems]
        write_json(options.json, {"notebook": str(template), "fit": not problems, "findings": told}, str(template))
    if options.json != "-":
        tried = "not tried" if options.no_run else "it runs"
        fit = f"{template.name} is fit to be a template ({tried})."
        count = "1 finding" if len(problems) == 1 else f"{len(problems)} findings"
        say(*([f"{template.name}: {count}", *(f"  {each}" for each in problems)] if problems else [fit]))
    return FAULTS if problems else DONE
