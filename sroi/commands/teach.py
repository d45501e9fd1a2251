"""`sroi teach`: cases for teams with planted faults, marking, the class side by side, and a stick for the room."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from sroi.arguments import add_seed
from sroi.commands import teach_handouts
from sroi.commands.printing import DONE, say
from sroi.errors import NameRefused, Problem

_LEVELS = (1, 2, 3)
_FORMATS = ("xlsx", "yaml")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's actions, and the arguments and options of each."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    made = actions.add_parser("make", help="make one case for several teams, each with its own numbers, and the key")
    made.add_argument("case", metavar="CASE", help="the name of a case study, or a value map")
    made.add_argument("--teams", type=_count, default=6, metavar="N", help="how many teams (default 6)")
    add_seed(made, "the same seed makes the same files")
    made.add_argument("--level", type=int, choices=_LEVELS, default=2, help="1: few outcomes, one year; 2: all deductions, several years (default); 3: ranges, losses, years of activity")  # fmt: skip  # noqa: E501
    made.add_argument("--faults", type=_count, default=5, metavar="K", help="how many faults to plant in each team's map (default 5; 0 for none)")  # fmt: skip  # noqa: E501
    made.add_argument("--formats", default=",".join(_FORMATS), metavar="LIST", help="xlsx, yaml or both (default both)")
    made.add_argument("--out", metavar="DIR", required=True, help="the folder to fill: a file for each team, and key/")
    made.add_argument("--force", action="store_true", help="replace files that are there")
    marked = actions.add_parser("mark", help="mark what teams hand back: faults found, missed, wrongly claimed")
    marked.add_argument("returned", metavar="RETURNED", nargs="+", help="files that teams hand back, or folders of them")  # fmt: skip  # noqa: E501
    marked.add_argument("--key", metavar="DIR", required=True, help="the folder key/ that `make` wrote")
    marked.add_argument("--out", metavar="FILE.csv", help="write the marks as a table")
    marked.add_argument("--force", action="store_true", help="replace a table that is there")
    seen = actions.add_parser("class", help="show the teams' ratios side by side, and what made them differ")
    seen.add_argument("returned", metavar="RETURNED", nargs="+", help="files that teams hand back, or folders of them")
    seen.add_argument("--out", metavar="DIR", required=True, help="the folder for the page and the notebook")
    handed = actions.add_parser("handouts", help="write a glossary, ten questions, a guide and cards, to print")
    teach_handouts.add_options(handed)
    packed = actions.add_parser("pack", help="fill a folder, such as a USB stick, for a room without network")
    packed.add_argument("folder", metavar="DIR", help="the folder to fill")
    packed.add_argument("--force", action="store_true", help="replace files that are there")


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0 to 9999")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Do what was asked for the class."""
    return {"pack": _pack, "handouts": teach_handouts.run}.get(options.action, _not_yet)(options)


def _not_yet(options: argparse.Namespace) -> int:
    raise NameRefused(Problem(f"`sroi teach {options.action}` is not built yet", "Try a later version."))


def _pack(options: argparse.Namespace) -> int:
    written = import_module("sroi.teaching.pack").fill(Path(options.folder), force=options.force)
    say(f"Filled {options.folder}: {len(written)} files. Begin with index.html, by double click.")
    return DONE
