"""`sroi commission bridge`: a register becomes an impact map; both totals, and why they differ."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from sroi.arguments import add_allow_private
from sroi.commands.commission_paper import add_paper_options, leave_paper
from sroi.commands.printing import DONE, keep_apart, say, write_json
from sroi.errors import FileRefused, NameRefused, Problem

if TYPE_CHECKING:
    from sroi.commissioning.delivery.register import Register


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("file", metavar="REGISTER", help="the register of commitments and deliveries")
    parser.add_argument("--ask", metavar="FILE", help="write the questions into this form, .xlsx or .yaml: a row for each measure of the register")  # fmt: skip  # noqa: E501
    parser.add_argument("--answers", metavar="FILE", help="the form, answered")
    parser.add_argument("--to", metavar="MAP", help="the impact map to write: .yaml, .xlsx or .json")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    add_allow_private(parser)
    add_paper_options(parser)


def run(options: argparse.Namespace) -> int:
    """Write the questions, or the map of the answers, and say both totals and the steps between them."""
    from sroi.commissioning.delivery.register import read_register

    if (options.ask is None) == (options.answers is None):
        found = "neither --ask nor --answers is given" if options.ask is None else "--ask and --answers are both given"
        raise NameRefused(Problem(found, "First --ask FILE writes the questions, then --answers FILE makes the map."))
    keep_apart("--json", options.json, options.file, options.answers, written=options.to)
    register = read_register(options.file)
    return _ask(register, options) if options.ask is not None else _cross(register, options)


def _ask(register: Register, options: argparse.Namespace) -> int:
    from sroi.commissioning.bridge.answers import blank_rows
    from sroi.commissioning.bridge.form import FORM
    from sroi.files.form_writer import form_bytes
    from sroi.files.safety import write_whole

    target = Path(options.ask)
    if target.suffix.lower() not in (".xlsx", ".yaml", ".yml"):
        remedy = "Give a name that ends in .xlsx or .yaml."
        raise FileRefused(Problem("the questions are a workbook or YAML", remedy), options.ask)
    _apart(options.ask, options)
    write_whole(target, form_bytes(FORM, blank_rows(register), target.suffix), options.force)
    count = len(register.measures)
    say(
        f"Wrote {options.ask}: {count} measure{'' if count == 1 else 's'} to be answered for.",
        f"Then: sroi commission bridge {options.file} --answers {options.ask} --to map.yaml",
    )
    return DONE


def _cross(register: Register, options: argparse.Namespace) -> int:
    from sroi.commissioning.bridge.answers import read_answers
    from sroi.commissioning.bridge.crossing import cross
    from sroi.commissioning.bridge.document import to_dict
    from sroi.commissioning.bridge.private import refuse_private_crossing
    from sroi.commissioning.bridge.words import crossing_lines

    crossing = cross(register, read_answers(options.answers, register))
    for asked, what in ((options.json, "the figures"), (options.out, "the paper")):
        if asked:
            refuse_private_crossing(crossing, what, options.allow_private)
    said = []
    if options.to is not None:
        from sroi.files.value_maps import write_value_map

        _apart(options.to, options)
        write_value_map(crossing.impact_map, options.to, overwrite=options.force)
        said = ["", f"Wrote {options.to}: `sroi check {options.to}` says what a careful reader would ask of it."]
    if options.json:
        write_json(options.json, to_dict(crossing), options.file)
    if options.json != "-":
        say(*(f"Note: {note}" for note in (*register.filled.notes, *crossing.answers.filled.notes)))
        say(*crossing_lines(crossing), *said)
    given = {
        "register": Path(options.file),
        "answers": Path(options.answers),
        "allow_private": options.allow_private,
    }
    leave_paper("bridge", given, options)
    return DONE


def _apart(target: str, options: argparse.Namespace) -> None:
    """Refuse to write over the register or the answers, with --force too."""
    for taken, what in ((options.file, "register"), (options.answers, "answers")):
        if taken and os.path.exists(target) and os.path.exists(taken) and os.path.samefile(target, taken):
            raise FileRefused(Problem(f"this would write over the {what}", "Give another name."), target)
