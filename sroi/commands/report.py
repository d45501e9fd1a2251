"""`sroi report`: the report of a value map, made by a parameterised notebook."""

from __future__ import annotations

import argparse
import gc
import os
from pathlib import Path

from sroi.arguments import add_json, add_map, add_seed
from sroi.commands.printing import DONE, say, write_json
from sroi.errors import Problem, TemplateRefused

_LEFT_BEHIND = {
    "report.html": "open it in a browser, or print it",
    "report.docx": "the same, to edit in Word",
    "figures": "every figure as PNG and SVG",
    "tables": "every table as CSV",
    "result.json": "all figures, for other programs",
    "report.ipynb": "the notebook that made it",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    add_map(parser)
    parser.add_argument("--out", metavar="DIR", required=True, help="the folder to leave it in")
    parser.add_argument("--template", metavar="T.ipynb", help="a notebook of your own, with a cell tagged `parameters`")
    parser.add_argument("-p", "--parameter", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"), help="a parameter of the notebook; may be repeated")  # fmt: skip  # noqa: E501
    parser.add_argument("--formats", default="html,docx", metavar="LIST", help="html, docx (default: both)")
    add_seed(parser, "seed handed to the notebook")
    add_json(parser, "the result")


def run(options: argparse.Namespace) -> int:
    """Run the notebook and leave the report in the folder."""
    if not options.out.strip():
        raise TemplateRefused(Problem("--out names no folder", "Name one, such as our_report."))
    from sroi.shipped import template

    chosen = Path(options.template) if options.template else template("report.ipynb")
    return leave_report(Path(options.map), Path(options.out), chosen, options)


def leave_report(value_map: Path, out: Path, template: Path, options: argparse.Namespace) -> int:
    """Make a report and say what lies where."""
    from sroi.files.value_maps import read_value_map

    read_value_map(value_map)  # a fault in the map is said at once, before Jupyter is loaded
    gc.enable()
    os.environ.pop("PYDANTIC_DISABLE_PLUGINS", None)  # the notebook's own business
    from sroi.batch.report import make_report

    parameters = dict(options.parameter)
    if len(parameters) < len(options.parameter):
        raise TemplateRefused(Problem("a parameter is given twice", "Give each -p NAME VALUE once."))
    made = make_report(value_map, out, template, parameters, options.formats, options.seed)
    lines = [str(made.result), "", f"The report is in {out.resolve()}:"]
    written = set(made.files)
    lines += [f"  {name:<14} {what}" for name, what in _LEFT_BEHIND.items() if name in written]
    earlier = [name for name in _LEFT_BEHIND if name not in written and (out / name).exists()]
    lines += [f"Left from an earlier run, not made anew: {', '.join(earlier)}."] if earlier else []
    if options.json:
        write_json(options.json, made.document, str(value_map))
    if options.json != "-":
        say(*lines)
    return DONE
