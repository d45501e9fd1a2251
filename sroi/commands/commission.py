"""`sroi commission`: social value from the buyer's side, from the policy before a tender to the yearly report."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from typing import cast

from sroi.arguments import Command
from sroi.commands.printing import DONE, say
from sroi.commissioning import FORMS, PARTS


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the actions: every one by name, with its options."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    begun = actions.add_parser("new", help="write a form to fill in, blank or as the illustrative example")
    begun.add_argument("form", metavar="FORM", choices=tuple(FORMS), help=f"of {', '.join(FORMS)}")
    begun.add_argument("file", metavar="FILE", help="the form to write: .xlsx or .yaml")
    begun.add_argument("--example", action="store_true", help="filled with the illustrative example (invented figures)")
    begun.add_argument("--force", action="store_true", help="replace a file that is there")
    for part, said in PARTS.items():
        action = actions.add_parser(part, help=said, description=f"{said[0].upper()}{said[1:]}.")
        _module(part).add_options(action)


def _module(part: str) -> Command:
    """Return the module of a part's command; what is heavy in it is imported where it runs."""
    return cast("Command", import_module(f"sroi.commands.commission_{part}"))


def run(options: argparse.Namespace) -> int:
    """Do what was asked for."""
    return _new(options) if options.action == "new" else _module(options.action).run(options)


# What is run with a form, where that takes another file too.
_THEN = {
    "bids": "bids {} --profile PROFILE",
    "bridge": "bridge REGISTER --answers {} --to map.yaml",
    "place": "place MAPS --settings {}",
    "spend": "spend LEDGER --settings {}",
}


def _new(options: argparse.Namespace) -> int:
    from sroi.commissioning.blank import blank_form, form_of
    from sroi.files.safety import write_whole

    content = blank_form(options.form, Path(options.file), options.example)
    write_whole(Path(options.file), content, options.force)
    if options.form in PARTS:
        then = _THEN.get(options.form, f"{options.form} {{}}").format(options.file)
        say(f"Wrote {options.file}. Fill it in, then run `sroi commission {then}`.")
    else:  # a further form of a part says itself what it is for
        say(f"Wrote {options.file}. Fill it in. {form_of(options.form)[0].about[-1]}")
    return DONE
