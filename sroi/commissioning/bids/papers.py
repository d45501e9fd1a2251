"""What the command and the notebooks share: files read into an evaluation or a study, and the papers of an award."""

from __future__ import annotations

from pathlib import Path

from sroi.commissioning.bids.award import award_problems, explain_award
from sroi.commissioning.bids.bids_reading import bids_of, made_up_bids_of
from sroi.commissioning.bids.evaluation import Evaluation, evaluate_bids
from sroi.commissioning.bids.form import FORM
from sroi.commissioning.bids.lock import lock_path, read_lock
from sroi.commissioning.bids.profile import Profile
from sroi.commissioning.bids.profile_form import FORM as PROFILE_FORM
from sroi.commissioning.bids.reading import profile_of
from sroi.commissioning.bids.study import Study, study_made_up, study_profile
from sroi.commissioning.papers import write_papers
from sroi.files.form_reader import read_form
from sroi.reports.styling import Look


def read_profile(path: str | Path) -> Profile:
    """Return the profile in a file; FileRefused with every fault."""
    return profile_of(read_form(path, PROFILE_FORM))


def evaluate_files(bids: str | Path, profile: str | Path, lock: str | Path = "") -> Evaluation:
    """Return the evaluation of a file of bids by a profile and its lock (empty: the one beside the profile).

    Every fault of the profile is told before those of the bids: bids are read against it.
    """
    found = read_profile(profile)
    offers = bids_of(read_form(bids, FORM), found)
    place = Path(lock) if lock else lock_path(profile)
    return evaluate_bids(found, offers, read_lock(place) if lock or place.exists() else None)


def study_files(profile: str | Path, bids: str | Path = "", count: int = 4, seed: int = 0, turns: int = 100) -> Study:
    """Return a study of a profile on bids made up by the program, or on the made-up bids in a file."""
    found = read_profile(profile)
    if bids:
        return study_made_up(found, made_up_bids_of(read_form(bids, FORM), found), seed)
    return study_profile(found, count, seed, turns)


def write_letters(
    evaluation: Evaluation, out: str | Path, formats: str = "docx", look: Look | None = None
) -> list[Path]:
    """Write letter_BIDDER.docx (.html, .pdf) for each bidder into the folder `out`; none while none can be explained.

    A document for each, since each holds the scores of its bidder and of the winner only; beside the paper, where a
    letter that somebody edited is noticed and left as it is.
    """
    if award_problems(evaluation):
        return []
    written = []
    for bidder in evaluation.bids.contents.bidders:
        story = explain_award(evaluation, bidder.id)
        written += write_papers(story, out, f"letter_{bidder.id}", formats, look=look)
    return written
