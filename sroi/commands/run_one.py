"""`sroi run-one`: one run under the rules of a batch, for programs that schedule runs themselves."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from sroi.commands.batch import add_run_options, at_hand_here, named_folder, parameters_of, settings_of
from sroi.commands.printing import DONE, FAULTS, complain, say


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    add_run_options(parser)
    parser.add_argument("--row", type=_row, default=1, metavar="N", help="the row of the plan that this run is (default 1)")  # fmt: skip  # noqa: E501
    parser.add_argument("--retry-failed", action="store_true", help="run again if it is recorded as failed")
    parser.add_argument("--key-only", action="store_true", help="say the key under which it is recorded, and run nothing")  # fmt: skip  # noqa: E501


def run(options: argparse.Namespace) -> int:
    """Perform the run, unless it is recorded already; say its key and what came of it."""
    from sroi.batch.plan import single_run
    from sroi.batch.storage import storage_at
    from sroi.shipped import template_named

    out = named_folder(options)
    with at_hand_here(template_named(options.template)) as template:
        settings, basis = settings_of(options, template, Path())
        single = single_run(template, parameters_of(options), options.row, basis)
    if options.key_only:
        say(single.key)
        return DONE
    from sroi.batch.runner import perform_one
    from sroi.batch.runs import FAILED

    record, kept = perform_one(single, storage_at(out), settings, options.retry_failed)
    before = ", recorded before" if kept else ""
    if record.status == FAILED:
        complain(f"{record.key} failed{before}: {record.error}")
        return FAULTS
    say(f"{record.key} done{before} ({out.rstrip('/')}/runs/{record.key}.json)")
    return DONE


def _row(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or not int(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a row's number, from 1")
    return int(text)
