"""`sroi rates`: the published discount schedules, and what one makes of a year's money."""

from __future__ import annotations

import argparse
import re

from sroi.arguments import add_json
from sroi.commands.printing import DONE, say, write_json
from sroi.errors import MethodRefused, NameRefused, Problem, did_you_mean

_YEARS = (1, 5, 10, 30, 31, 75, 76, 125)
_LONGEST = 1000


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="a schedule, such as uk_green_book; without it all")
    parser.add_argument(
        "--years", metavar="YEARS", help="the years whose factors are worked out, such as 1,30,31,75,76,125"
    )
    parser.add_argument("--on", metavar="DAY", help="only those that ruled on this day, such as 2016-04-01")
    add_json(parser, "the schedules")


def run(options: argparse.Namespace) -> int:
    """List the schedules, or say all of one and write its factors out."""
    from sroi.evidence.schedules import all_schedules, schedule, schedule_names, schedules_on
    from sroi.terminal.rates import schedule_lines, schedule_list_lines, schedule_told

    name, years = options.name, _years(options.years)
    day = None if options.on is None else _day(options.on)
    found = all_schedules()
    if day is not None:
        found = schedules_on(day, name or "")
        if not found:
            what = f"no schedule{f' of {name}' if name else ''} is known to have ruled on {day}"
            remedy = "The table has dates for some schedules only, and ships no rates whose source was not seen: `sroi rates` lists them."  # noqa: E501
            raise NameRefused(Problem(what, remedy))
    elif name is not None:
        if name not in schedule_names():
            remedy = did_you_mean(name, schedule_names(), "`sroi rates` lists them.")
            raise NameRefused(Problem(f"there is no schedule '{name}'", remedy))
        found = [schedule(name)]
    if options.json:
        write_json(options.json, {"schedules": [schedule_told(each, years) for each in found]})
    if options.json == "-":
        return DONE
    if len(found) == 1 and name is not None:
        say(*schedule_lines(found[0], years))
    else:
        say(*schedule_list_lines(found))
    return DONE


def _years(written: str | None) -> list[int]:
    if written is None:
        return list(_YEARS)
    parts = [part.strip() for part in written.split(",")]
    wrong = [part for part in parts if not re.fullmatch(r"[0-9]{1,4}", part) or not 1 <= int(part) <= _LONGEST]
    if wrong:
        found = f"--years: '{wrong[0]}' is no year from 1 to {_LONGEST}"
        raise MethodRefused(Problem(found, "Give whole years with commas between, such as 1,30,31."))
    return [int(part) for part in parts]


def _day(written: str) -> str:
    from datetime import date

    try:
        return date.fromisoformat(written.strip()).isoformat()
    except ValueError:
        found = f"--on: '{written}' is no day"
        raise MethodRefused(Problem(found, "Write it as year-month-day, such as 2016-04-01.")) from None
