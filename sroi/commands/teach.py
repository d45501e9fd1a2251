"""`sroi teach`: cases for teams with planted faults, marking, the class side by side, and a stick for the room."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sroi.arguments import add_allow_private, add_seed
from sroi.commands import teach_handouts
from sroi.commands.printing import DONE, say
from sroi.errors import NameRefused, Problem, did_you_mean

if TYPE_CHECKING:
    from sroi.teaching.cases import CaseForTeams

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
    add_allow_private(made)
    marked = actions.add_parser("mark", help="mark what teams hand back: faults found, missed, wrongly claimed")
    marked.add_argument("returned", metavar="RETURNED", nargs="+", help="files that teams hand back, or folders of them")  # fmt: skip  # noqa: E501
    marked.add_argument("--key", metavar="DIR", required=True, help="the folder key/ that `make` wrote")
    marked.add_argument("--out", metavar="FILE.csv", help="write the marks as a table")
    marked.add_argument("--force", action="store_true", help="replace a table that is there")
    seen = actions.add_parser("class", help="show the teams' ratios side by side, and what made them differ")
    seen.add_argument("returned", metavar="RETURNED", nargs="+", help="files that teams hand back, or folders of them")
    seen.add_argument("--out", metavar="DIR", required=True, help="the folder for the page and the notebook")
    seen.add_argument("--against", metavar="MAP", help="the value map that all are held to (default: the first team's)")
    seen.add_argument("--key", metavar="DIR", help="the folder key/ that `make` wrote: take of each team the file that `mark` takes, and nobody else's")  # fmt: skip  # noqa: E501
    seen.add_argument("--force", action="store_true", help="replace files that are there and not of a class")
    add_allow_private(seen)
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
    actions = {"make": _make, "mark": _mark, "class": _class, "pack": _pack, "handouts": teach_handouts.run}
    return actions[options.action](options)


def _make(options: argparse.Namespace) -> int:
    from sroi.files.value_maps import read_value_map
    from sroi.shipped import case_studies, example
    from sroi.teaching.case_files import KEY, write_case
    from sroi.teaching.cases import case_for_teams

    formats = [name.strip().lower() for name in options.formats.split(",") if name.strip()]
    known = options.case in case_studies()
    if not known and not Path(options.case).suffix:
        found = f"there is no case study '{options.case}'"
        raise NameRefused(Problem(found, f"{did_you_mean(options.case, case_studies())} Or name a value map's file."))
    impact_map = example(options.case) if known else read_value_map(options.case)
    case = options.case if known else Path(options.case).stem
    made = case_for_teams(
        impact_map, case, options.teams, options.seed, options.level, options.faults, options.allow_private
    )
    written = write_case(made, Path(options.out), formats, options.force)
    say(f"In {Path(options.out).resolve()}:", *_made_lines(made, len(written), options.faults, "xlsx" in formats), f"The answers are in {KEY}: keep that folder to yourself.")  # fmt: skip  # noqa: E501
    return DONE


def _made_lines(made: CaseForTeams, count: int, asked: int, with_sheets: bool) -> list[str]:
    from sroi.teaching.levels import LEVELS

    lines = [f"  {made.case}, level {made.level} ({LEVELS[made.level]}), seed {made.seed}; {count} files"]
    for team in made.teams:
        faults = f"{len(team.faulty.planted)} faults in the map"
        if len(team.faulty.planted) < asked:
            faults += f" ({asked} were asked for: this case has room for no more)"
        if with_sheets:
            faults += f", {len(team.sheet.planted)} in the spreadsheet"
        lines.append(f"  {team.team:<9} right ratio {team.ratio:.2f} : 1; {faults}")
    return lines


def _mark(options: argparse.Namespace) -> int:
    from sroi.files.csv_writer import csv_bytes
    from sroi.files.safety import write_whole
    from sroi.teaching.key import read_key
    from sroi.teaching.marking import mark_class
    from sroi.teaching.marks_told import marks_lines, marks_rows

    found = mark_class(options.returned, read_key(Path(options.key)))
    if options.out:
        write_whole(Path(options.out), csv_bytes(marks_rows(found)), options.force)
    say(*marks_lines(found), *([f"The marks are in {options.out}."] if options.out else []))
    return DONE


def _class(options: argparse.Namespace) -> int:
    from sroi.teaching.classroom import interval_words, ratio_words, show_class
    from sroi.terminal.layout import wrapped

    view, written = show_class(
        options.returned, Path(options.out), options.against, options.allow_private, options.force, options.key
    )
    lines = [f"{view.case}, in order of names (this is no ranking):"]
    for team in view.teams:
        lines += wrapped(
            f"{team.team}: {ratio_words(team)}, {interval_words(team)}; {team.result.rules()}", "  ", "    "
        )
    if view.key:
        lines += wrapped(f"Whose a file is, and which of several, as marking takes it, by the key in {view.key}.", "  ", "    ")  # fmt: skip  # noqa: E501
    lines += [line for name, said in view.notes for line in wrapped(f"Note: {name}: {said}", "  ", "    ")]
    lines += [line for name, why in view.unread for line in wrapped(f"Not shown: {name}: {why}", "  ", "    ")]
    say(*lines, f"In {Path(options.out).resolve()}: {', '.join(path.name for path in written)}. Open class.html on the projector.")  # fmt: skip  # noqa: E501
    return DONE


def _pack(options: argparse.Namespace) -> int:
    pack = import_module("sroi.teaching.pack")
    written = pack.fill(Path(options.folder), force=options.force)
    say(f"Filled {options.folder}: {pack.size_words(written)}. Begin with index.html, by double click.")
    return DONE
