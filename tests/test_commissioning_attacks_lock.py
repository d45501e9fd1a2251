"""A lock that somebody changed is refused, also where its seal was made anew or a key was put in twice."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sroi.commissioning.bids.lock import lock, read_lock, write_lock
from sroi.commissioning.bids.papers import read_profile
from sroi.commissioning.blank import blank_form
from sroi.errors import FileRefused

CHANGED = "this lock was changed after it was written"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of a lock of the illustrative profile."""
    path = tmp_path_factory.mktemp("lock") / "profile.yaml"
    path.write_bytes(blank_form("bids_profile", path, example=True))
    profile = read_profile(path)
    kept = path.with_name("lock.json")
    write_lock(lock(profile, date(2025, 3, 1)), profile, kept)
    return kept.read_text(encoding="utf-8")


def refusal(folder: Path, text: str) -> str:
    path = folder / "lock.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileRefused) as caught:
        read_lock(path)
    return str(caught.value)


def sealed(content: dict[str, Any]) -> str:
    """Return a lock's text with a seal made anew, as somebody who read the program could make it."""
    content = {name: value for name, value in content.items() if name != "lock_sha256"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return json.dumps({**content, "lock_sha256": hashlib.sha256(text.encode("utf-8")).hexdigest()})


def test_a_lock_as_it_was_written_is_read_whatever_its_line_ends(tmp_path: Path, written: str) -> None:
    path = tmp_path / "lock.json"
    path.write_bytes(written.replace("\n", "\r\n").encode("utf-8"))
    assert read_lock(path).locked_on == date(2025, 3, 1)
    path.write_text(sealed(json.loads(written)), encoding="utf-8")
    assert read_lock(path).locked_on == date(2025, 3, 1), "the seals here are made as the program makes them"


def test_a_key_that_stands_twice_makes_it_no_lock(tmp_path: Path, written: str) -> None:
    twice = written.replace('"sroi_lock": 1,', '"sroi_lock": 1, "locked_on": "2019-01-01",')
    assert "this is not a lock" in refusal(tmp_path, twice)


@pytest.mark.parametrize(
    "change",
    [
        {"written_at": "2025-02-28T10:00:00+00:00"},
        {"reference": "another tender"},
        {"bids_open": "2030-01-01"},
        {"sroi_lock": 99},
    ],
)
def test_a_seal_made_anew_does_not_hide_what_no_lock_says(tmp_path: Path, written: str, change: dict[str, Any]) -> None:
    content = json.loads(written)
    assert CHANGED in refusal(tmp_path, sealed({**content, **change}))


def test_every_entry_of_a_lock_is_under_its_seal(tmp_path: Path, written: str) -> None:
    content = json.loads(written)
    for name in content:
        for other in (None, "x", 7, [], {}, "2020-01-01"):
            told = refusal(tmp_path, json.dumps({**content, name: other}))
            assert CHANGED in told or "this is not a lock" in told, name
