"""`sroi commission planning`: a social value statement for a planning application."""

from __future__ import annotations

import argparse
from pathlib import Path

from sroi.commands.commission_paper import add_paper_options, leave_paper
from sroi.commands.printing import DONE, keep_apart, say, write_json


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("file", metavar="FILE", help="the filled form (begin one: sroi commission new planning FILE)")
    add_paper_options(parser)


def run(options: argparse.Namespace) -> int:
    """Say what the policy asks, where it is answered and what is missing; write what was asked for."""
    from sroi.commissioning.planning import read_statement

    keep_apart("--json", options.json, options.file)
    statement = read_statement(options.file)
    if options.json:
        from sroi.commissioning.planning.document import statement_document

        write_json(options.json, statement_document(statement), options.file)
    if options.json != "-":
        from sroi.commissioning.planning.lines import planning_lines

        say(*planning_lines(statement))
    leave_paper("planning", {"planning": Path(options.file)}, options)
    return DONE
