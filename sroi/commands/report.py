"""`sroi report`: the report of a value map, made by a parameterised notebook."""

from __future__ import annotations

import argparse
import gc
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

from sroi import wording
from sroi.arguments import add_allow_private, add_json, add_map, add_seed
from sroi.commands.intervals import interval_of
from sroi.commands.printing import DONE, say, write_json
from sroi.errors import Problem, TemplateRefused

if TYPE_CHECKING:
    from sroi.batch.report import Report

_LEFT_BEHIND = {
    "report.html": "open it in a browser, or print it",
    "report.docx": "the same, to edit in Word",
    "report.pdf": "the same, to send: tagged, for people who have it read out",
    "report.pptx": "slides, with notes",
    "report.xlsx": "the value map as a workbook with live formulas",
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
    parser.add_argument("--formats", default="html,docx", metavar="LIST", help="of html, docx, pdf, pptx, xlsx (default: html,docx)")  # fmt: skip  # noqa: E501
    parser.add_argument("--audience", metavar="WHO", help="funder (the full report, default), board (one page), assurer (with an index to the principles), slides")  # fmt: skip  # noqa: E501
    parser.add_argument(
        "--language", metavar="TAG", default="en", help="en, or cy (Welsh, begun as a draft); default: en"
    )
    look = parser.add_argument_group("your organisation's look")
    look.add_argument("--colour", metavar="HEX", default="", help='colour of headings, such as "#005EA5"')
    look.add_argument("--logo", metavar="FILE", default="", help="a PNG or JPEG")
    look.add_argument("--word-template", metavar="FILE.docx", default="", help="a Word document or template whose styles, headers and footers the report takes over")  # fmt: skip  # noqa: E501
    add_seed(parser, "seed handed to the notebook")
    add_allow_private(parser)
    add_json(parser, "the result")


_MOST_CHANGES = 12


def _edited(made: Report) -> list[str]:
    """Say which documents somebody had edited, and which figures changed since they were made."""
    lines = [
        f"{name} was edited since it was made, and is left as it is: the new one is {place}."
        for name, place in made.kept.items()
    ]
    if not lines:
        return []
    if not made.changed:
        return [*lines, "No figure is known to have changed since it was made."]
    count = len(made.changed)
    have = "figure has" if count == 1 else "figures have"
    lines.append(f"{count} {have} changed since (all in tables/changed_figures.csv):")
    lines += [f"  {change}" for change in made.changed[:_MOST_CHANGES]]
    return [*lines, f"  and {count - _MOST_CHANGES} more"] if count > _MOST_CHANGES else lines


def _other_figure(made: Report) -> list[str]:
    """Return that the report tells of another ratio than the map's, where its notebook changed the map or a number."""
    told = made.document.get("sroi_ratio")
    ours = float(made.result.sroi_ratio)
    if not isinstance(told, int | float) or math.isclose(told, ours, rel_tol=1e-9):
        return []
    return [f"The report tells of {wording.ratio(told)} : 1: its notebook changed the map, or a number of it."]


def run(options: argparse.Namespace) -> int:
    """Run the notebook and leave the report in the folder."""
    if not options.out.strip():
        raise TemplateRefused(Problem("--out names no folder", "Name one, such as our_report."))
    from sroi.shipped import template, template_named

    chosen = Path(template_named(options.template)) if options.template else template("report.ipynb")
    return leave_report(Path(options.map), Path(options.out), chosen, options)


def leave_report(value_map: Path, out: Path, template: Path, options: argparse.Namespace) -> int:
    """Make a report and say what lies where."""
    from sroi.files.value_maps import read_value_map
    from sroi.language.catalogue import known_language
    from sroi.questions.licences import refuse_private

    language = getattr(options, "language", "en")
    known_language(language)
    allow_private = getattr(options, "allow_private", False)
    refuse_private(
        read_value_map(value_map), "the report", allow_private
    )  # a fault in the map is said at once, before Jupyter is loaded
    gc.enable()
    os.environ.pop("PYDANTIC_DISABLE_PLUGINS", None)  # the notebook's own business
    from sroi.batch.report import make_report
    from sroi.terminal.results import in_one_line

    parameters = dict(options.parameter)
    if len(parameters) < len(options.parameter):
        raise TemplateRefused(Problem("a parameter is given twice", "Give each -p NAME VALUE once."))
    look = {name: getattr(options, name, "") for name in ("colour", "logo", "word_template")}
    made = make_report(
        value_map, out, template, parameters, options.formats, options.seed,
        audience=getattr(options, "audience", None), look=look, language=language,
        allow_private=allow_private,
    )  # fmt: skip
    lines = [in_one_line(made.result, interval_of(made.result.impact_map)), *_other_figure(made)]
    lines += ["", f"The report is in {out.resolve()}:"]
    written = set(made.files)
    left = {made.kept.get(name, name): (name, what) for name, what in _LEFT_BEHIND.items()}
    lines += [f"  {place:<14} {what}" for place, (_, what) in left.items() if place in written]
    lines += _edited(made)
    earlier = [name for place, (name, _) in left.items() if place not in written and (out / name).exists()]
    lines += [f"Left from an earlier run, not made anew: {', '.join(earlier)}."] if earlier else []
    if options.json:
        write_json(options.json, made.document, str(value_map))
    if options.json != "-":
        say(*lines)
    return DONE
