"""What the command line understands: commands, options and their words. Thin: it imports nothing heavy."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from typing import NoReturn

from sroi.errors import did_you_mean
from sroi.version import __version__

USAGE = 2
Run = Callable[[argparse.Namespace], int]


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0 to 999999999")
    return int(text)


class Parser(argparse.ArgumentParser):
    """A parser whose refusals name the nearest command or option."""

    def error(self, message: str) -> NoReturn:
        """End with the usage status and one line that says what is wrong."""
        wrong = re.match(r"argument COMMAND: invalid choice: '(.*?)' \(choose from (.*)\)", message)
        if wrong:
            known = re.findall(r"[a-z]+", wrong[2])
            message = f"there is no command '{wrong[1]}'. {did_you_mean(wrong[1], known)}"
        else:
            message = f"{message}."
        self.exit(USAGE, f"{self.prog}: {message} `{self.prog} --help` shows how.\n")


def _add_reading_options(sub: argparse.ArgumentParser) -> None:
    """Let the user say what somebody else's table leaves open."""
    group = sub.add_argument_group("reading somebody else's table (.xlsx, .xlsm, .ods, .csv)")
    group.add_argument("--attribution", choices=("owed", "claimed"), help="whether its attribution is the share owed to others or the share claimed")  # fmt: skip  # noqa: E501
    group.add_argument("--decimal", choices=("point", "comma"), help="how its numbers are written")
    group.add_argument("--currency", metavar="ABC", help="its currency, such as GBP")
    group.add_argument("--price-year", metavar="YEAR", help="the year of its prices")
    group.add_argument("--analysis", choices=("forecast", "evaluative"), help="what kind of analysis it is")
    group.add_argument("--sheet", metavar="NAME", help="the sheet that holds the outcomes")
    group.add_argument("--mapping", metavar="FILE", help="a mapping saved from an earlier reading")
    group.add_argument("--save-mapping", metavar="FILE", help="save how this table was read, for the next ones")


def build_parser(commands_by_name: Mapping[str, Run]) -> argparse.ArgumentParser:
    """Return the parser; `commands_by_name` gives what each command runs."""
    parser = Parser(
        prog="sroi",
        description="Social Return on Investment: from a value map to a checked result and a report.",
        epilog="Exit status: 0 done, 1 the map has errors (or, with --strict, findings), 2 wrong usage.",
    )
    parser.add_argument("--version", action="version", version=f"sroi {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)

    def command(name: str, said: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=said, description=f"{said[0].upper()}{said[1:]}.")
        sub.set_defaults(run=commands_by_name[name])
        return sub

    new = command("new", "write a value map to begin from")
    new.add_argument("file", metavar="FILE", help="the file to write, such as our_project.yaml")
    new.add_argument(
        "--example", metavar="NAME", help="begin from a case study, such as befriending or wheels_to_meals"
    )
    new.add_argument("--force", action="store_true", help="replace a file that is there")

    check = command("check", "say what is wrong with a value map, and what a careful reader would ask")
    check.add_argument("map", metavar="MAP", help="a value map")
    _add_reading_options(check)
    check.add_argument("--strict", action="store_true", help="exit with status 1 if there are findings")
    check.add_argument("--json", metavar="FILE", help="write the result and findings as JSON; - for standard output")

    evaluate = command("evaluate", "work out what a value map comes to")
    evaluate.add_argument("map", metavar="MAP", help="a value map")
    _add_reading_options(evaluate)
    evaluate.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], help="another number, such as gp_visits.quantity=60 or discount_rate=2%%; may be repeated")  # fmt: skip  # noqa: E501
    evaluate.add_argument("--names", action="store_true", help="list the numbers that --set can change")
    evaluate.add_argument("--json", metavar="FILE", help="write the result as JSON; - for standard output")

    convert = command("convert", "write a value map anew, in another format or order")
    convert.add_argument("source", metavar="FROM", help="a value map")
    convert.add_argument("target", metavar="TO", help="the file to write")
    _add_reading_options(convert)
    convert.add_argument("--force", action="store_true", help="replace a file that is there")

    report = command("report", "make the report of a value map: page, Word document, figures, tables")
    report.add_argument("map", metavar="MAP", help="a value map")
    report.add_argument("--out", metavar="DIR", required=True, help="the folder to leave it in")
    report.add_argument("--template", metavar="T.ipynb", help="a notebook of your own, with a cell tagged `parameters`")
    report.add_argument("-p", "--parameter", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"), help="a parameter of the notebook; may be repeated")  # fmt: skip  # noqa: E501
    report.add_argument("--formats", default="html,docx", metavar="LIST", help="html, docx (default: both)")
    report.add_argument("--seed", type=_seed, default=0, metavar="S", help="seed handed to the notebook (default 0)")

    report.add_argument("--json", metavar="FILE", help="write the result as JSON too; - for standard output")

    demo = command("demo", "make the report of Wheels-to-Meals, the Guide's example, and say where it is")
    demo.add_argument(
        "--out", metavar="DIR", default="demo_report", help="the folder to leave it in (default: demo_report)"
    )

    schema = command("schema", "write the JSON Schema of value maps, with which editors complete them")
    schema.add_argument("--out", metavar="FILE", help="the file to write (default: standard output)")
    return parser
