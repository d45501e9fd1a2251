"""`sroi assure`: the assurance pack, everything that whoever checks an analysis wants to hold."""

from __future__ import annotations

import argparse
from pathlib import Path

from sroi.arguments import add_allow_private, add_map, add_reading_options, add_seed
from sroi.commands.printing import DONE, say
from sroi.commands.reading import read_map
from sroi.errors import FileRefused, Problem


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    add_map(parser)
    parser.add_argument("--out", metavar="PACK.zip", required=True, help="the file to leave it in")
    parser.add_argument("--against", metavar="EARLIER", help="an earlier version of the map, to list what changed")
    parser.add_argument("--force", action="store_true", help="replace a pack that is already there")
    add_seed(parser, "seed of the simulation, where one is needed")
    add_allow_private(parser)
    add_reading_options(parser)


def run(options: argparse.Namespace) -> int:
    """Make the pack and say what lies in it."""
    out = Path(options.out)
    if out.suffix.lower() != ".zip":  # said at once, not after the work
        raise FileRefused(Problem("an assurance pack is a zip", "Give it a name that ends in .zip."), options.out)
    if out.exists() and not options.force:
        raise FileRefused(
            Problem("this file is already there", "Give another name, or --force to replace it."), options.out
        )
    impact_map = read_map(options.map, options)
    earlier = read_map(options.against, options) if options.against else None
    from sroi.assurance import assurance_pack, write_pack
    from sroi.terminal.layout import wrapped
    from sroi.terminal.results import repair_lines

    pack = assurance_pack(impact_map, earlier, options.seed, options.allow_private)
    write_pack(pack, out, overwrite=options.force)
    kinds = len(pack.findings.groups())
    say(
        *repair_lines(impact_map),
        *wrapped(str(pack.result), ""),
        "",
        *wrapped(str(pack.readiness), ""),
        "",
        f"The pack is {out.resolve()}: {len(pack.files)} files; begin with index.html.",
        f"It holds {len(pack.findings)} findings of {kinds} kinds. It is what an assurer asks for, and no assurance.",
    )
    return DONE
