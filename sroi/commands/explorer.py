"""`sroi explorer`: one page on which every number of a map can be changed, to hand out."""

from __future__ import annotations

import argparse
from pathlib import Path

from sroi.arguments import add_allow_private, add_reading_options
from sroi.commands.printing import DONE, say
from sroi.errors import NameRefused, Problem


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("map", metavar="MAP", nargs="?", help="a value map; none with --blank")
    parser.add_argument(
        "--out", metavar="FILE.html", help="the page to write (default: NAME_explorer.html beside the map)"
    )
    parser.add_argument("--blank", action="store_true", help="write an empty page, for others to fill in")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    add_allow_private(parser)
    add_reading_options(parser)


def run(options: argparse.Namespace) -> int:
    """Write the page of a map, or an empty one, never over a file that is there unless --force says so."""
    from sroi.commands.reading import read_map
    from sroi.explorer import write_blank_explorer, write_explorer
    from sroi.terminal.results import repair_lines

    if (options.map is None) != options.blank:
        found = "no value map is given" if options.map is None else "--blank is given beside a value map"
        raise NameRefused(Problem(found, "Give the one or the other: `sroi explorer MAP`, or `sroi explorer --blank`."))
    out = _out(options)
    if options.blank:
        write_blank_explorer(out, overwrite=options.force)
        say(f"Wrote {out}.", "Open it by double click. It needs no internet.")
        return DONE
    impact_map = read_map(options.map, options)
    write_explorer(impact_map, out, overwrite=options.force, allow_private=options.allow_private)
    say(
        *repair_lines(impact_map),
        f"Wrote {out}.",
        "Open it by double click. It needs no internet; what is saved from it, `sroi check` reads.",
    )
    return DONE


def _out(options: argparse.Namespace) -> Path:
    """Return the page to write: the one named, or one beside the map, or here."""
    if options.out is not None:
        out = Path(options.out)
        if out.suffix.lower() not in (".html", ".htm"):
            raise NameRefused(Problem(f"--out names {options.out}, which is no page", "Give a name ending in .html."))
        return out
    return (
        Path("blank_explorer.html")
        if options.blank
        else Path(options.map).with_name(f"{Path(options.map).stem}_explorer.html")
    )
