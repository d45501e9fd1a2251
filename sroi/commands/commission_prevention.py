"""`sroi commission prevention`: events averted, who pays and who saves and when, early signs, seven questions."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from sroi.commands.commission_paper import add_paper_options, leave_paper
from sroi.commands.printing import DONE, keep_apart, say, write_json
from sroi.errors import FileRefused, Problem

if TYPE_CHECKING:
    from sroi.commissioning.prevention.study import PreventionStudy


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("file", metavar="FILE", help="the filled form (begin one: sroi commission new prevention FILE)")
    parser.add_argument("--map", metavar="MAP", help="a value map into which the case is put; it stays as it is")
    parser.add_argument("--on", metavar="DAY", help="look at readings of the early signs up to this day only")
    parser.add_argument("--to", metavar="NEW", help="write the case as a value map: .yaml, .xlsx or .json")
    parser.add_argument("--force", action="store_true", help="let --to replace a file that is there")
    add_paper_options(parser)


def run(options: argparse.Namespace) -> int:
    """Say what is averted, who pays and who saves, and what shows early; write what was asked for."""
    keep_apart("--json", options.json, options.file, options.map, written=options.to)
    study = _study(options)
    if options.to:
        _write_map(options, study)
    if options.json:
        from sroi.commissioning.prevention.document import study_document

        write_json(options.json, study_document(study), options.file)
    if options.json != "-":
        from sroi.commissioning.prevention.lines import prevention_lines

        say(*prevention_lines(study))
        if options.to:
            say("", f"Wrote {options.to}: `sroi evaluate {options.to}` comes to the same figures.")
    given = {
        "prevention": Path(options.file),
        "value_map": Path(options.map) if options.map else "",
        "on": options.on or "",
    }
    leave_paper("prevention", given, options)
    return DONE


def _study(options: argparse.Namespace) -> PreventionStudy:
    from sroi.commissioning.prevention import read_and_study

    return read_and_study(options.file, options.map or "", options.on or "")


def _write_map(options: argparse.Namespace, study: PreventionStudy) -> None:
    from sroi.files.value_maps import write_value_map

    target = Path(options.to)
    for taken in (options.file, options.map):
        if taken and target.exists() and Path(taken).exists() and os.path.samefile(target, taken):
            raise FileRefused(Problem("--to would write over what the case was read from", "Give it another name."), options.to)  # fmt: skip  # noqa: E501
    write_value_map(study.impact_map, options.to, options.force)
