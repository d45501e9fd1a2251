"""What the command says on the terminal of a lock, an evaluation and a study."""

from __future__ import annotations

from sroi import wording
from sroi.commissioning.bids import words
from sroi.commissioning.bids.award import award_problems, missing_reasons
from sroi.commissioning.bids.evaluation import Evaluation, sroi_notes
from sroi.commissioning.bids.lock import Lock
from sroi.commissioning.bids.study import Study
from sroi.commissioning.bids.study_telling import NEVER, chance_cells, move_words, study_sentences
from sroi.commissioning.bids.telling import result_words

_MOST = 12


def lock_lines(lock: Lock, path: str) -> list[str]:
    """Return what a lock says."""
    lines = [f"Wrote {path}.", f"Profile of {lock.reference}: SHA-256 {lock.sha256}",
             f"Locked on {lock.locked_on.isoformat()}; bids open on {lock.bids_open.isoformat()}."]  # fmt: skip
    if lock.stated_later:
        lines.append(f"The day is the one you stated; the lock itself says that it was written on {lock.written_at.date().isoformat()}.")  # fmt: skip  # noqa: E501
    lines.append("Publish the SHA-256 with the tender, or put it into a minute: a lock is a record, and no signature.")
    return lines


def evaluation_lines(evaluation: Evaluation) -> list[str]:
    """Return the outcome, the bids in order, what is open, and what to ask."""
    profile = evaluation.profile
    lines = [profile.tender.title, f"Profile {evaluation.lock.words()}.", ""]
    if evaluation.open_points:
        lines += [f"Not yet an evaluation: {len(evaluation.open_points)} to settle."]
        lines += _cut(
            [f"  {evaluation.title(each.bidder)}, {each.about}: {each.found}" for each in evaluation.open_points]
        )
    else:
        lines += result_words(evaluation)
        ordered = [*evaluation.ranked, *(each for each in evaluation.standings if each.set_aside)]
        width = max(len(evaluation.title(each.bidder)) for each in ordered)
        lines += _cut([
            f"  {words.rank_words(each):>9}  {evaluation.title(each.bidder):<{width}}  "
            f"{words.figure_words(profile, each)}"
            f"{'  ' + '; '.join(each.set_aside) if each.set_aside else ''}"
            for each in ordered
        ])  # fmt: skip
    notes = [f"{evaluation.title(each.bidder)}, {profile.criterion(each.criterion).title}: {note}"
             for each in evaluation.panels for note in each.notes]  # fmt: skip
    titles = {measure.id: measure.title for measure in profile.measures}
    asks = [
        f"{evaluation.title(flag.bidder) if flag.bidder else 'All'}"
        f"{', ' + titles[flag.measure] if flag.measure else ''}: {flag.found}. {flag.ask}"
        for flag in evaluation.flags
    ]
    still = [
        f"{evaluation.title(each.bidder)}: {each.about.rstrip('?')}: {each.found}" for each in evaluation.questions
    ]
    for heading, said in (
        ("On the panel's scores:", [*notes, *evaluation.conflicts]),
        ("To ask before an award (no score is changed):", asks),
        ("Ethics and supply chain, still open:", still), ("SROI ratios:", list(sroi_notes(evaluation))),
        ("No reason is recorded for:", list(missing_reasons(evaluation))),
    ):  # fmt: skip
        if said:
            lines += ["", heading, *_cut([f"  {each}" for each in said])]
    if not evaluation.open_points and award_problems(evaluation):
        lines += ["", "No award is explained yet:", *_cut([f"  {each}" for each in award_problems(evaluation)])]
    return [*lines, "", words.NOT_LEGAL_ADVICE]


def _cut(lines: list[str]) -> list[str]:
    return (
        lines
        if len(lines) <= _MOST
        else [*lines[:_MOST], f"  and {len(lines) - _MOST:,} more: --json or --out has all"]
    )


def study_lines(study: Study) -> list[str]:
    """Return what trying a profile out shows."""
    profile = study.profile
    names = {offer.bidder.id: offer.bidder.title for offer in study.made_up.offers}
    titles = {criterion.id: criterion.title for criterion in profile.criteria}
    lines = [profile.tender.title, f"A study on {NEVER}.", ""]
    lines += study_sentences(study)
    lines += ["", f"One set in full, {study.made_up.origin}:"]
    ordered = sorted(study.standings, key=lambda each: (each.rank is None, each.rank or 0))
    shown = []
    for each in ordered:
        weighed, chance = chance_cells(study, each.bidder)
        shown.append(
            f"  {words.rank_words(each):>9}  {names[each.bidder]}  {words.figure_words(profile, each)}; first by all "
            f"weightings: {weighed}; as commitments come out: {chance}"
        )
    lines += _cut(shown)
    if study.moves:
        lines += ["", "Weight at which another bid draws level:"]
        lines += [f"  {titles[move.criterion]} ({wording.per_cent(float(move.weight), 2)}): {move_words(study, move)}"
                  for move in study.moves]  # fmt: skip
    turned = [names[each.bidder] for each in study.dropped if each.order_changes]
    if turned:
        lines += [
            "",
            f"Taken away, these change the order of the others (the ranking paradox): {words.listed(turned)}.",
        ]
    return [*lines, "", words.NOT_LEGAL_ADVICE]
