"""`sroi commission spend`: what a supplier ledger shows, and the local multiplier LM3."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sroi.commands.commission_paper import add_paper_options, leave_paper
from sroi.commands.printing import DONE, say, write_json
from sroi.errors import FileRefused, NameRefused, Problem

if TYPE_CHECKING:
    from sroi.commissioning.spend.settings import Settings
    from sroi.files.long_table import Seen

_LARGE = 5_000_000  # bytes from which a bar is shown


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("ledger", nargs="?", metavar="LEDGER", help="the supplier ledger: .csv, .xlsx, .xlsm or .ods")
    parser.add_argument("--settings", metavar="FILE", help="columns, definitions, targets: `sroi commission new spend FILE`")  # fmt: skip  # noqa: E501
    parser.add_argument("--suppliers", metavar="FILE", help="what is known of suppliers: size, kind, staff, postcode")
    parser.add_argument("--postcodes", metavar="FILE", help="a table of postcodes and authorities, such as an extract of the ONS Postcode Directory")  # fmt: skip  # noqa: E501
    parser.add_argument("--lm3", action="store_true", help="only the local multiplier, from the settings' sheet LM3")
    add_paper_options(parser)


def run(options: argparse.Namespace) -> int:
    """Say what a ledger shows, or the local multiplier alone."""
    if options.lm3:
        return _multiplier(options)
    if options.ledger is None:
        raise NameRefused(Problem("no ledger is named", "Name it: sroi commission spend LEDGER [--settings FILE]."))
    if options.settings is None and Path(options.ledger).suffix.lower() in (".yaml", ".yml", ".json"):
        found = "this is the form of settings, and not a ledger"
        remedy = f"Name the ledger first: sroi commission spend LEDGER --settings {options.ledger}"
        raise FileRefused(Problem(found, remedy), options.ledger)
    _keep(options)
    from sroi.commissioning.spend.document import study_document
    from sroi.commissioning.spend.saying import study_lines
    from sroi.commissioning.spend.study import study_spend

    with _bar(options.ledger) as seen:
        study = study_spend(options.ledger, _settings(options.settings), options.suppliers, options.postcodes, seen)
    if options.json:
        write_json(options.json, study_document(study))
    if options.json != "-":
        say(*study_lines(study))
    leave_paper("spend", _given(options), options)
    return DONE


def _given(options: argparse.Namespace) -> dict[str, Any]:
    files = {name: getattr(options, name) for name in ("ledger", "settings", "suppliers", "postcodes")}
    return {name: Path(file) for name, file in files.items() if file is not None}


def _settings(file: str | None) -> Settings:
    from sroi.commissioning.spend.filled import read_settings
    from sroi.commissioning.spend.settings import Settings

    return Settings() if file is None else read_settings(file)


def _multiplier(options: argparse.Namespace) -> int:
    file = options.settings or options.ledger
    if file is None:
        raise NameRefused(Problem("no settings are named", "Name them: sroi commission spend --lm3 --settings FILE."))
    if options.out:
        raise NameRefused(Problem("--out is given with --lm3", "Leave out --lm3: the paper on a ledger holds LM3 too."))
    from sroi.commissioning.spend.document import multiplier_document
    from sroi.commissioning.spend.multiplier import local_multiplier
    from sroi.commissioning.spend.saying import only_multiplier_lines

    settings = _settings(file)
    if not settings.rounds:
        raise FileRefused(Problem("the sheet LM3 is empty", "Give rounds 1, 2 and 3."), file)
    found = local_multiplier(settings.rounds)
    if options.json:
        write_json(options.json, multiplier_document(settings, found), file)
    if options.json != "-":
        say(*only_multiplier_lines(settings, found))
    return DONE


def _keep(options: argparse.Namespace) -> None:
    """Refuse to write the figures over a file that is read."""
    for file in (options.ledger, options.settings, options.suppliers, options.postcodes):
        taken = options.json not in (None, "-") and file is not None and Path(options.json).exists()
        if taken and Path(file).exists() and os.path.samefile(options.json, file):
            raise FileRefused(Problem("--json would write over a file that is read", "Give it another name."), file)


@contextmanager
def _bar(ledger: str) -> Iterator[Seen]:
    """Show how far the reading of a large ledger is, on a terminal."""
    from sroi.files.long_table import unseen

    large = Path(ledger).is_file() and Path(ledger).stat().st_size > _LARGE
    if not (large and sys.stderr.isatty()):
        yield unseen
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    with Progress(TextColumn("reading the ledger"), BarColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share: bar.update(task, completed=share)
