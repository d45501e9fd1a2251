"""`sroi batch`: a plan of runs through one parameterised notebook; nothing is lost and nothing done twice."""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sroi.arguments import add_json, add_seed
from sroi.commands.printing import DONE, FAULTS, complain, say, write_json
from sroi.errors import Problem, TemplateRefused

if TYPE_CHECKING:
    from sroi.batch.plan import Basis, Plan
    from sroi.batch.runner import Performing, Summary
    from sroi.batch.runs import Limits, Settings
    from sroi.batch.storage import Storage

_MOST_SHOWN = 5


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("plan", metavar="PLAN", help="a .csv, .xlsx or .yaml file: one row for each run, columns are parameters")  # fmt: skip  # noqa: E501
    add_run_options(parser)
    parser.add_argument("--jobs", type=_jobs, metavar="N", help="how many runs at a time (default: one for each core)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="perform the runs by dask: the address of a scheduler, such as tcp://127.0.0.1:8786, or local")  # fmt: skip  # noqa: E501
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--retry-failed", action="store_true", help="run again what is recorded as failed")
    again.add_argument("--resume", action="store_true", help="go on where an earlier call ended, as is always done")
    parser.add_argument("--no-portfolio", action="store_true", help="leave out the portfolio report at the end")
    parser.add_argument("--log", metavar="FILE", help="append what happens, one JSON object on a line")
    add_json(parser, "how it ended")


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Declare what a batch and a single run have in common."""
    parser.add_argument("--template", metavar="T.ipynb", required=True, help="a notebook with a cell tagged `parameters`")  # fmt: skip  # noqa: E501
    parser.add_argument("--out", metavar="DIR", required=True, help="the folder to leave everything in")
    parser.add_argument("-p", "--parameter", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"), help="a parameter of every run; may be repeated")  # fmt: skip  # noqa: E501
    parser.add_argument("--cell-limit", type=_seconds, metavar="S", help="the most seconds that a cell may take")
    parser.add_argument("--run-limit", type=_seconds, metavar="S", help="the most seconds that a run may take")
    parser.add_argument("--memory-limit", type=_size, metavar="SIZE", help="the most memory for a run, such as 2GB")
    add_seed(parser, "seed from which each run's own is made")


def run(options: argparse.Namespace) -> int:
    """Check the plan, perform what is not recorded yet, write the tables, say how it ended."""
    from sroi.batch.addresses import is_address
    from sroi.batch.log import Log
    from sroi.batch.plan import read_plan
    from sroi.batch.runner import run_batch
    from sroi.batch.storage import storage_at
    from sroi.shipped import template_named
    from sroi.terminal.progress import Progress

    out, constants, performing = named_folder(options), parameters_of(options), _way_of(options)
    with at_hand_here(template_named(options.template)) as template, at_hand_here(options.plan) as plan_file:
        settings, basis = settings_of(options, template, plan_file.parent)
        plan = read_plan(plan_file, template, constants, basis, options.plan if is_address(options.plan) else "")
    for note in plan.notes:
        complain(f"{plan_file.name}: {note}.")
    folder = storage_at(out)
    with Log(Path(options.log) if options.log else None) as log, folder.held():
        try:
            summary = run_batch(plan, folder, settings, performing, options.retry_failed, log, Progress())
        except KeyboardInterrupt:
            complain("What is recorded is kept, and the same command goes on from there.")
            raise
        left = _portfolio(folder, summary, options)
    if options.json:
        write_json(options.json, _told(summary, plan), str(plan_file))
    if options.json != "-":
        say(*_lines(summary, out), *left)
    return FAULTS if summary.failed else DONE


def _way_of(options: argparse.Namespace) -> Performing:
    """Return the way in which runs are performed: worker processes here, or a scheduler's workers."""
    from sroi.batch.workers import cores

    size = options.jobs or cores()
    if options.scheduler:
        from sroi.batch.cluster import cluster_of

        return cluster_of(options.scheduler, size)
    from sroi.batch.runner import pool_of

    return pool_of(size)


@contextmanager
def at_hand_here(place: str) -> Iterator[Path]:
    """Yield a file of this machine: the one that is named, or a copy of what stands on a store."""
    from sroi.batch.addresses import at_hand

    with tempfile.TemporaryDirectory(prefix="sroi-plan-") as copies:
        yield at_hand(place, Path(copies))


def settings_of(options: argparse.Namespace, template: Path, folder: Path) -> tuple[Settings, Basis]:
    """Return the settings of a batch or a single run; what is no notebook with parameters is refused."""
    from sroi.batch.addresses import is_address
    from sroi.batch.parameters import declared
    from sroi.batch.runner import settings_for

    declared(template)
    place = options.template if is_address(options.template) else ""
    return settings_for(template, folder, limits_of(options), options.seed, place)


def named_folder(options: argparse.Namespace) -> str:
    """Return the folder, or the address of one, that --out names."""
    if not options.out.strip():
        raise TemplateRefused(Problem("--out names no folder", "Name one, such as our_batch."))
    return str(options.out)


def parameters_of(options: argparse.Namespace) -> dict[str, str]:
    """Return the parameters given by -p."""
    given = dict(options.parameter)
    if len(given) < len(options.parameter):
        raise TemplateRefused(Problem("a parameter is given twice", "Give each -p NAME VALUE once."))
    return given


def limits_of(options: argparse.Namespace) -> Limits:
    """Return the limits of every run."""
    from sroi.batch.runs import Limits

    return Limits(options.cell_limit, options.run_limit, options.memory_limit)


def _portfolio(folder: Storage, summary: Summary, options: argparse.Namespace) -> list[str]:
    """Make the portfolio report, if there is anything to report; return what to say of it."""
    if options.no_portfolio or not summary.with_result:
        return []
    from sroi.batch.execution import Stopped
    from sroi.batch.portfolio_report import leave_portfolio, portfolio_notebook
    from sroi.errors import SroiError

    if not summary.performed and (Path(options.out) / "portfolio").is_dir():
        return [f"  {'portfolio':<16} the report of all runs, made before"]
    notebook = portfolio_notebook()
    if notebook is None:
        return ["This version has no portfolio notebook: no report of all runs was made."]
    try:
        leave_portfolio(notebook, folder, options.seed)
    except (Stopped, SroiError) as error:
        return [f"The portfolio report could not be made: {str(error).rstrip('.')}. The runs are not touched by it."]
    return [f"  {'portfolio':<16} the report of all runs"]


def _lines(summary: Summary, place: str) -> list[str]:
    kept = f", {summary.kept:,} of them recorded before" if summary.kept else ""
    count = "1 run" if summary.runs == 1 else f"{summary.runs:,} runs"
    lines = [f"{count}{kept}: {summary.done:,} done, {summary.failed:,} failed."]
    lines += [f"  row {record.row}: {record.error}" for record in summary.failures[:_MOST_SHOWN]]
    if summary.failed > _MOST_SHOWN:
        lines.append(f"  and {summary.failed - _MOST_SHOWN:,} more, all in results.csv")
    if summary.failed:
        lines.append("Their tracebacks are in runs; --retry-failed runs them again.")
    out = Path(place)
    if not out.is_dir():  # on a store
        return [*lines, "", f"What they left is in {place}: {', '.join(_LEFT_BEHIND)}."]
    lines += ["", f"What they left is in {out.resolve()}:"]
    return lines + [
        f"  {name:<16} {what}"
        for name, what in _LEFT_BEHIND.items()
        if (out / name).exists() and (not (out / name).is_dir() or any((out / name).iterdir()))
    ]


_LEFT_BEHIND = {
    "results.csv": "one line for each run",
    "results.parquet": "the same, for other programs",
    "runs": "what is recorded of each run, by its key",
    "notebooks": "each notebook as it was run",
    "files": "what each run wrote",
}


def _told(summary: Summary, plan: Plan) -> dict[str, object]:
    failures = [{"row": each.row, "key": each.key, "error": each.error} for each in summary.failures]
    return {
        "plan": plan.file, "runs": summary.runs, "kept": summary.kept, "performed": summary.performed,
        "done": summary.done, "failed": summary.failed, "failures": failures, "way": summary.way,
    }  # fmt: skip


def _jobs(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not int(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 1 to 9999")
    return int(text)


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?|\.[0-9]{1,6}", text) or not float(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds above 0")
    return float(text)


_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "KI": 2**10, "MI": 2**20, "GI": 2**30, "TI": 2**40}
_LEAST_MEMORY = 50_000_000  # less would fail every run, each with a message of its own


def _size(text: str) -> int:
    match = re.fullmatch(r"([0-9]{1,15}(?:\.[0-9]{1,6})?) ?([KMGT]?I?)B?", text.strip().upper())
    if match is None or match[2] not in _UNITS or not int(float(match[1]) * _UNITS[match[2]]):
        raise argparse.ArgumentTypeError(f"'{text}' is not a size. Write it as 2GB or 500MB")
    size = int(float(match[1]) * _UNITS[match[2]])
    if size < _LEAST_MEMORY:
        found = f"'{text}' is {size:,} bytes, in which no notebook begins"
        raise argparse.ArgumentTypeError(f"{found}. Give 50MB or more, such as 2GB")
    return size
