"""The lock: a profile's fingerprint, kept with its day before bids open, so that nobody can move a weight afterwards.

The fingerprint is the SHA-256 of the profile's *meaning* (weights, formulas, thresholds, measures, bands, questions and
rules), not of its file: a workbook and YAML that say the same have the same one. A lock is a record, not a signature:
who can write one can write another, so keep it where others can see it, in the tender documents or a minute.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sroi.commissioning.bids.profile import Profile, plain
from sroi.errors import FileRefused, MethodRefused, Problem
from sroi.files.safety import read_bytes, write_whole

_FORMAT = 1
_TOO_LATE = (
    "A profile is locked before the day on which bids are opened. For a record of rules that were fixed then, "
    "state that day: --on DAY; the lock says when it was really written."
)


@dataclass(frozen=True)
class Lock:
    """A lock: the profile's fingerprint, the day it was locked on, when the lock was written, and the day planned for
    opening bids."""

    sha256: str
    locked_on: date
    written_at: datetime
    bids_open: date
    reference: str

    @property
    def stated_later(self) -> bool:
        """Whether the lock was written on a later day than the one it states."""
        return self.written_at.date() > self.locked_on

    def words(self) -> str:
        """Return when the profile was locked, in words, and what that rests on."""
        said = f"locked on {self.locked_on.isoformat()} (SHA-256 {self.sha256[:16]}..)"
        if self.stated_later:
            return (
                f"{said}; that day is stated, and the lock's file was written on {self.written_at.date().isoformat()}: "
                "it proves nothing by itself, the minute of that day does"
            )
        return said


def contents_of(profile: Profile) -> dict[str, Any]:
    """Return all that a profile means, in one order, whatever its file looks like."""
    return {"sroi_profile": _FORMAT, **plain(profile)}


def fingerprint(profile: Profile) -> str:
    """Return the SHA-256 of what a profile means: 64 hexadecimal digits."""
    return _sha256(contents_of(profile))


def _sha256(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def lock(profile: Profile, on: date | None = None, now: datetime | None = None) -> Lock:
    """Return a lock of the profile, of today or of the day stated; MethodRefused if bids are open by then.

    A day still to come is refused: a lock says what was fixed, not what will be.
    """
    now = now or datetime.now(UTC)
    day = on or now.date()
    if day > now.date():
        raise MethodRefused(Problem(f"{day.isoformat()} is still to come", "Lock the profile on the day itself."))
    opened = profile.tender.bids_open
    if day >= opened:
        found = f"the profile would be locked on {day.isoformat()}, and bids open on {opened.isoformat()}"
        raise MethodRefused(Problem(found, _TOO_LATE))
    return Lock(fingerprint(profile), day, now.replace(microsecond=0), opened, profile.tender.reference)


def check_lock(lock: Lock, profile: Profile, opened: date) -> None:
    """Raise FileRefused if a profile is not the one that was locked, or was locked on the day of opening or later."""
    problems = []
    if fingerprint(profile) != lock.sha256:
        found = f"the profile is not the one that was locked on {lock.locked_on.isoformat()}: its SHA-256 differs"
        remedy = "Evaluate with the profile as it was locked: a weight, formula or threshold has been changed since."
        problems.append(Problem(found, remedy))
    if lock.locked_on >= opened:
        found = f"the profile was locked on {lock.locked_on.isoformat()}, and bids were opened on {opened.isoformat()}"
        problems.append(Problem(found, "Weights are fixed before bids are opened: take advice before going on."))
    if problems:
        raise FileRefused(problems)


NO_LOCK = Problem(
    "there is no lock of this profile",
    "Lock it before bids are opened: sroi commission bids lock PROFILE. Real bids are not tried against weights that "
    "can still be moved; to try a profile out, use made-up bids: sroi commission bids PROFILE --try.",
)


# ---- the file ----


def lock_path(profile_file: str | Path) -> Path:
    """Return where a profile's lock lies unless another name is given: beside the profile."""
    path = Path(profile_file)
    return path.with_name(f"{path.stem}.lock.json")


def write_lock(lock: Lock, profile: Profile, path: Path, overwrite: bool = False) -> None:
    """Write a lock with all that it locks, whole or not at all, never over another unless told so."""
    content: dict[str, Any] = {
        "sroi_lock": _FORMAT,
        "reference": lock.reference,
        "profile_sha256": lock.sha256,
        "locked_on": lock.locked_on.isoformat(),
        "written_at": lock.written_at.isoformat(),
        "bids_open": lock.bids_open.isoformat(),
        "profile": contents_of(profile),
    }
    content["lock_sha256"] = _sha256(content)
    write_whole(path, (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8"), overwrite=overwrite)


def read_lock(path: Path) -> Lock:
    """Return the lock in a file; FileRefused if it is none, or was changed after it was written."""
    text = read_bytes(path, what="lock")
    try:
        content = json.loads(text.decode("utf-8"), object_pairs_hook=_each_key_once)
        sealed = content.pop("lock_sha256")
        lock = Lock(
            str(content["profile_sha256"]), date.fromisoformat(content["locked_on"]),
            datetime.fromisoformat(content["written_at"]), date.fromisoformat(content["bids_open"]),
            str(content["reference"]),
        )  # fmt: skip
        whole = _sha256(content) == sealed and _sha256(content["profile"]) == lock.sha256 and _agrees(content, lock)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        remedy = "Give the file that `sroi commission bids lock PROFILE` wrote."
        raise FileRefused(Problem("this is not a lock", remedy), str(path)) from None
    if not whole:
        found = "this lock was changed after it was written"
        raise FileRefused(
            Problem(found, "Fetch the lock as it was kept on the day; a changed one proves nothing."), str(path)
        )
    return lock


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a group of keys; ValueError where one stands twice: readers might see the other one."""
    group = dict(pairs)
    if len(group) < len(pairs):
        raise ValueError("a key stands twice")
    return group


def _agrees(content: Mapping[str, Any], lock: Lock) -> bool:
    """Say whether a lock says of itself what this program writes: its form, its tender, days that can be."""
    tender = content["profile"]["tender"]
    return bool(
        content["sroi_lock"] == _FORMAT
        and (tender["reference"], tender["bids_open"]) == (lock.reference, lock.bids_open.isoformat())
        and lock.locked_on <= lock.written_at.date()
    )
