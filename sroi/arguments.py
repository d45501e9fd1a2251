"""How the command line is parsed, and the options that several commands share. It imports nothing heavy."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn, Protocol

from sroi.errors import did_you_mean
from sroi.version import __version__

USAGE = 2


class Command(Protocol):
    """What a command brings: its options, and what it does."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's arguments and options."""

    def run(self, options: argparse.Namespace) -> int:
        """Run the command; return its exit status."""


class Parser(argparse.ArgumentParser):
    """A parser whose refusals name the nearest command or option."""

    def error(self, message: str) -> NoReturn:
        """End with the usage status and one line that says what is wrong."""
        wrong = re.match(r"argument (COMMAND|ACTION|FORM): invalid choice: '(.*?)' \(choose from (.*)\)", message)
        if wrong:
            known = re.findall(r"[a-z_-]+", wrong[3])
            message = f"there is no {wrong[1].lower()} '{wrong[2]}'. {did_you_mean(wrong[2], known)}"
        else:
            message = f"{message}."
        self.exit(USAGE, f"{self.prog}: {message} `{self.prog} --help` shows how.\n")


class _Plain(argparse.HelpFormatter):
    """Help as wide as the terminal.

    argparse would import shutil for the width, which brings three libraries of compression with it.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


class _Help(_Plain):
    """Help whose second column begins behind the longest command; argparse forgets how far commands are indented."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        self._action_max_length = 15


def _columns() -> int:
    """Return how wide the terminal is, as `shutil.get_terminal_size` finds it."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told) > 0:
        return int(told)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return 80


def build_parser(
    said_by_name: Mapping[str, str], fetch: Callable[[str], Command], arguments: Sequence[str]
) -> argparse.ArgumentParser:
    """Return the parser for these arguments: every command by name, the options of the one that they name.

    `said_by_name` says what each command does; `fetch` brings a command, and is asked for one at most.
    """
    parser = Parser(
        prog="sroi",
        description="Social Return on Investment: from a value map to a checked result and a report.",
        epilog="Exit status: 0 done, 1 the map has errors (or, with --strict, findings), 2 wrong usage.",
        formatter_class=_Help,
    )
    parser.add_argument("--version", action="version", version=f"sroi {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    chosen = next((word for word in arguments if not word.startswith("-")), None)
    # One that is there needs no other beside it: the others are for help, and for naming the nearest.
    wanted = {chosen: said_by_name[chosen]} if chosen is not None and chosen in said_by_name else said_by_name
    for name, said in wanted.items():
        sub = commands.add_parser(name, help=said, description=f"{said[0].upper()}{said[1:]}.", formatter_class=_Plain)
        if name == chosen:
            command = fetch(name)
            command.add_options(sub)
            sub.set_defaults(run=command.run)
    return parser


# ---- what several commands share ----


def add_map(parser: argparse.ArgumentParser) -> None:
    """Let a command take a value map."""
    parser.add_argument("map", metavar="MAP", help="a value map")


def add_json(parser: argparse.ArgumentParser, what: str = "the result") -> None:
    """Let a command write what it worked out for other programs."""
    parser.add_argument("--json", metavar="FILE", help=f"write {what} as JSON; - for standard output")


def add_most(parser: argparse.ArgumentParser, most: int) -> None:
    """Let the user say how many lines a table shows."""
    parser.add_argument(
        "--most", type=_count, default=most, metavar="N", help=f"how many lines a table shows (default {most})"
    )


def add_out(parser: argparse.ArgumentParser) -> None:
    """Let a command leave its figures and tables in a folder."""
    parser.add_argument("--out", metavar="DIR", help="leave the figures (PNG, SVG) and tables (CSV) in this folder")


def add_seed(parser: argparse.ArgumentParser, said: str) -> None:
    """Let a command take a seed; 0 is one like any other."""
    parser.add_argument("--seed", type=_seed, default=0, metavar="S", help=f"{said} (default 0)")


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0 to 999999999")
    return int(text)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text[:9]) > 0 or len(text) > 9:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 1")
    return int(text)


def add_allow_private(parser: argparse.ArgumentParser) -> None:
    """Let the user say that a licence of theirs allows values to be passed on that may not be as a rule."""
    parser.add_argument(
        "--allow-private",
        action="store_true",
        help="pass on values that may not be as a rule: your licence allows it",
    )


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """Let the user say what somebody else's table leaves open."""
    group = parser.add_argument_group("reading somebody else's table (.xlsx, .xlsm, .ods, .csv)")
    group.add_argument("--attribution", choices=("owed", "claimed"), help="whether its attribution is the share owed to others or the share claimed")  # fmt: skip  # noqa: E501
    group.add_argument("--decimal", choices=("point", "comma"), help="how its numbers are written")
    group.add_argument("--currency", metavar="ABC", help="its currency, such as GBP")
    group.add_argument("--price-year", metavar="YEAR", help="the year of its prices")
    group.add_argument("--analysis", choices=("forecast", "evaluative"), help="what kind of analysis it is")
    group.add_argument("--sheet", metavar="NAME", help="the sheet that holds the outcomes")
    group.add_argument("--mapping", metavar="FILE", help="a mapping saved from an earlier reading")
    group.add_argument("--save-mapping", metavar="FILE", help="save how this table was read, for the next ones")
