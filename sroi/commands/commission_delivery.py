"""`sroi commission delivery`: what was promised, delivered, late and missing; a supplier's update put in."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sroi.arguments import add_allow_private
from sroi.commands.commission_paper import add_paper_options, leave_paper
from sroi.commands.printing import DONE, keep_apart, say, write_json
from sroi.errors import FileRefused, NameRefused, Problem

if TYPE_CHECKING:
    from sroi.commissioning.delivery.merging import Merged
    from sroi.commissioning.delivery.standing import Rules


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("file", metavar="REGISTER", help="the register: .xlsx, .ods or .yaml")
    parser.add_argument("--on", metavar="DAY", help="how it stood on this day (default: the day up to which it is complete, else the last on which something in it happened)")  # fmt: skip  # noqa: E501
    parser.add_argument("--by", metavar="LIST", default="", help="add up by these too: supplier, lot, contract, place, buyer")  # fmt: skip  # noqa: E501
    parser.add_argument("--count", metavar="LIST", default="validated", help="the states that count, of claimed, evidenced, validated (default: validated)")  # fmt: skip  # noqa: E501
    parser.add_argument("--late-value", choices=("none", "discounted", "forgone"), default="none", help="reckon the value lost by lateness: discounted to the day due, or the years forgone")  # fmt: skip  # noqa: E501
    parser.add_argument("--late-rate", metavar="RATE", default="3.5%", help="the rate a year for --late-value discounted (default 3.5%%)")  # fmt: skip  # noqa: E501
    parser.add_argument("--no-values", action="store_true", help="tell quantities alone, no sums of money")
    merging = parser.add_argument_group("putting a supplier's update in")
    merging.add_argument("--add", metavar="UPDATE", help="new rows: the same sheets, any of them empty, or a CSV of deliveries")  # fmt: skip  # noqa: E501
    merging.add_argument("--to", metavar="NEW", help="the new register, .xlsx or .yaml; both files stay as they are")
    merging.add_argument("--force", action="store_true", help="replace NEW if it is there")
    add_allow_private(parser)
    add_paper_options(parser)


def run(options: argparse.Namespace) -> int:
    """Say how the register stands, after putting the update in if there is one; leave the figures and the paper."""
    from sroi.commissioning.delivery.document import to_dict
    from sroi.commissioning.delivery.doubts import doubts
    from sroi.commissioning.delivery.private import refuse_private_values
    from sroi.commissioning.delivery.register import read_register
    from sroi.commissioning.delivery.rollup import checked_groupings
    from sroi.commissioning.delivery.standing import standing
    from sroi.commissioning.delivery.words import standing_lines

    rules, by, values = _rules(options), checked_groupings(options.by), not options.no_values
    keep_apart("--json", options.json, options.file, options.add, written=options.to)
    done = _merged(options) if options.add is not None else None
    register = done.register if done is not None else read_register(options.file)
    for asked, what in ((options.json, "the figures"), (options.out, "the paper")):
        if asked and values:
            refuse_private_values(register, what, options.allow_private)
    said = _write(done, options) if done is not None else [f"Note: {note}" for note in register.filled.notes]
    how = standing(register, rules)
    found = doubts(how)
    if options.json:
        write_json(options.json, to_dict(how, found, values), options.file)
    if options.json != "-":
        say(*said, *standing_lines(how, found, by, values))
    leave_paper("delivery", _parameters(options), options)
    return DONE


def _rules(options: argparse.Namespace) -> Rules:
    from sroi.commissioning.delivery.standing import rate_of, rules_of

    if (options.add is None) != (options.to is None):
        raise NameRefused(Problem("--add and --to belong together", "Name the update, and the new register."))
    return rules_of(options.on or "", options.count, options.late_value, rate_of(options.late_rate))


def _merged(options: argparse.Namespace) -> Merged:
    """Return the register with the update in it; nothing is written yet."""
    from sroi.commissioning.delivery.merging import merged

    target = Path(options.to)
    for taken, what in ((options.file, "register"), (options.add, "update")):
        if target.exists() and os.path.exists(taken) and os.path.samefile(target, taken):
            raise FileRefused(Problem(f"--to would write over the {what}", "Give it another name."), options.to)
    if target.suffix.lower() not in (".xlsx", ".yaml", ".yml"):
        remedy = "Give a name that ends in .xlsx or .yaml."
        raise FileRefused(Problem("a register is a workbook or YAML", remedy), options.to)
    return merged(options.file, options.add)


def _write(done: Merged, options: argparse.Namespace) -> list[str]:
    """Write the new register; return what was merged, in words."""
    from sroi.commissioning.delivery.merging import merged_lines
    from sroi.files.safety import write_whole

    target = Path(options.to)
    write_whole(target, done.content(target.suffix), options.force)
    return [*merged_lines(done, options.to), ""]


def _parameters(options: argparse.Namespace) -> dict[str, Any]:
    """Return the notebook's parameters: of the new register, if an update was put in."""
    return {
        "register": Path(options.file if options.to is None else options.to), "on": options.on or "",
        "by": options.by, "count": options.count, "late_value": options.late_value, "late_rate": options.late_rate,
        "values": not options.no_values, "allow_private": options.allow_private,
    }  # fmt: skip
