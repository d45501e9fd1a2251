"""`sroi commission bids`: lock a profile, try it out on made-up bids, evaluate real ones, explain an award."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from sroi.commands.commission_paper import add_paper_options, leave_paper
from sroi.commands.printing import DONE, keep_apart, say, write_json
from sroi.errors import FileRefused, MethodRefused, Problem

_LOCK = "lock"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.usage = (
        "sroi commission bids lock PROFILE [--on DAY] [--lock FILE]\n"
        "       sroi commission bids PROFILE --try [--bids N] [--seed N] [--out DIR]\n"
        "       sroi commission bids BIDS --profile PROFILE [--lock FILE] [--out DIR]"
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="BIDS, to evaluate them; PROFILE, with --try; or lock PROFILE")  # fmt: skip  # noqa: E501
    parser.add_argument("--profile", metavar="FILE", help="the buyer's profile: weights, formulas, thresholds")
    parser.add_argument("--lock", metavar="FILE", help="the profile's lock (default: PROFILE.lock.json beside it)")
    parser.add_argument("--on", metavar="DAY", help="when locking: the day on which the profile was fixed (default: today)")  # fmt: skip  # noqa: E501
    parser.add_argument("--force", action="store_true", help="when locking: replace a lock that is there")
    parser.add_argument("--try", dest="try_out", action="store_true", help="study the profile on made-up bids, before a tender")  # fmt: skip  # noqa: E501
    parser.add_argument("--bids", dest="count", type=int, default=4, metavar="N", help="with --try: how many bids are made up in a set (default: 4)")  # fmt: skip  # noqa: E501
    parser.add_argument("--sets", type=int, default=100, metavar="N", help="with --try: how many sets are made up (default: 100)")  # fmt: skip  # noqa: E501
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="with --try: of all that is drawn (default: 0)")  # fmt: skip  # noqa: E501
    add_paper_options(parser)


def run(options: argparse.Namespace) -> int:
    """Lock, try out, or evaluate."""
    if options.files[0] == _LOCK and len(options.files) == 2:
        return _lock(options, Path(options.files[1]))
    if len(options.files) != 1:
        remedy = "Give one file of bids; to lock a profile: sroi commission bids lock PROFILE."
        raise MethodRefused(Problem(f"{len(options.files)} files are named", remedy))
    return _try(options) if options.try_out else _evaluate(options)


def _lock(options: argparse.Namespace, profile_file: Path) -> int:
    from sroi.commissioning.bids.document import lock_to_dict
    from sroi.commissioning.bids.lines import lock_lines
    from sroi.commissioning.bids.lock import lock, lock_path, write_lock
    from sroi.commissioning.bids.papers import read_profile

    keep_apart("--json", options.json, profile_file)
    profile = read_profile(profile_file)
    locked = lock(profile, _day(options.on) if options.on else None)
    path = Path(options.lock) if options.lock else lock_path(profile_file)
    if _same(path, profile_file):
        raise FileRefused(Problem("--lock would write over the profile", "Give the lock another name."), str(path))
    write_lock(locked, profile, path, options.force)
    if options.json:
        write_json(options.json, lock_to_dict(locked), str(profile_file))
    if options.json != "-":
        say(*lock_lines(locked, str(path)))
    return DONE


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise MethodRefused(Problem(f"'{written[:40]}' is no day", "Write it as 2025-03-10.")) from None


def _try(options: argparse.Namespace) -> int:
    from sroi.commissioning.bids.document import study_to_dict
    from sroi.commissioning.bids.lines import study_lines
    from sroi.commissioning.bids.papers import study_files

    profile, bids = (options.profile, options.files[0]) if options.profile else (options.files[0], "")
    keep_apart("--json", options.json, profile, bids)
    study = study_files(profile, bids, options.count, options.seed, options.sets)
    if options.json:
        write_json(options.json, study_to_dict(study), profile)
    if options.json != "-":
        say(*study_lines(study))
    given = {"profile": Path(profile), "bids": Path(bids) if bids else "", "count": options.count, "seed": options.seed,
             "sets": options.sets}  # fmt: skip
    leave_paper("bids_study", given, options)
    return DONE


def _evaluate(options: argparse.Namespace) -> int:
    from sroi.commissioning.bids.document import evaluation_to_dict
    from sroi.commissioning.bids.lines import evaluation_lines
    from sroi.commissioning.bids.lock import lock_path
    from sroi.commissioning.bids.papers import evaluate_files

    if not options.profile:
        remedy = (
            "Give --profile PROFILE; to lock one: sroi commission bids lock PROFILE; to try one out: PROFILE --try."
        )
        raise MethodRefused(Problem("no profile is named, and bids are scored by nothing else", remedy))
    lock = Path(options.lock) if options.lock else lock_path(options.profile)
    keep_apart("--json", options.json, options.files[0], options.profile, lock)
    evaluation = evaluate_files(options.files[0], options.profile, options.lock or "")
    if options.json:
        write_json(options.json, evaluation_to_dict(evaluation), options.files[0])
    if options.json != "-":
        say(*evaluation_lines(evaluation))
    leave_paper("bids", {"bids": Path(options.files[0]), "profile": Path(options.profile), "lock": lock}, options)
    return DONE
