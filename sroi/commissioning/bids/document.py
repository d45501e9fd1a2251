"""Evaluations and studies as JSON and as tables hold them: full precision, null where there is no figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from sroi.commissioning.bids.evaluation import Evaluation, sroi_notes
from sroi.commissioning.bids.lock import Lock, fingerprint
from sroi.commissioning.bids.moderation import Panel
from sroi.commissioning.bids.profile import Profile
from sroi.commissioning.bids.scoring import Standing
from sroi.commissioning.bids.study import Study
from sroi.version import __version__


def _number(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


def lock_to_dict(lock: Lock) -> dict[str, Any]:
    """Return a lock's fields."""
    return {
        "sha256": lock.sha256, "locked_on": lock.locked_on.isoformat(), "written_at": lock.written_at.isoformat(),
        "bids_open": lock.bids_open.isoformat(), "reference": lock.reference, "stated_later": lock.stated_later,
    }  # fmt: skip


def _profile(profile: Profile) -> dict[str, Any]:
    tender = profile.tender
    return {
        "reference": tender.reference, "title": tender.title, "buyer": tender.buyer, "currency": tender.currency,
        "total": tender.total, "rounding": tender.rounding, "decimals": tender.decimals,
        "tie_criterion": tender.tie_criterion or None, "sha256": fingerprint(profile),
        "criteria": [
            {"id": each.id, "title": each.title, "kind": each.kind, "method": each.method,
             "weight": _number(each.weight), "group": each.group or None, "threshold": _number(each.threshold),
             "full_points": float(profile.full_points[each.id])}
            for each in profile.criteria
        ],
    }  # fmt: skip


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "bidder": standing.bidder, "rank": standing.rank, "tied_with": list(standing.tied_with),
        "total": _number(standing.figure), "merit": float(standing.merit), "set_aside": list(standing.set_aside),
        "points": {name: float(points) for name, points in standing.points.items()},
        "shares": {name: float(share) for name, share in standing.shares.items()},
    }  # fmt: skip


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        "bidder": panel.bidder, "criterion": panel.criterion,
        "scores": [{"evaluator": score.evaluator, "band": score.band, "share": float(share), "reason": score.reason}
                   for score, share in panel.individual],
        "range": float(panel.range), "sd": panel.sd,
        "moderated": None if panel.agreed is None else {"band": panel.agreed.band, "reason": panel.agreed.reason},
        "settled": _number(panel.settled), "missing": list(panel.missing), "open": panel.open or None,
        "notes": list(panel.notes),
    }  # fmt: skip


def evaluation_to_dict(evaluation: Evaluation) -> dict[str, Any]:
    """Return an evaluation as JSON holds it. `first` holds one bidder, several in a tie, or none."""
    if not isinstance(evaluation, Evaluation):
        raise TypeError("only an Evaluation is told here")
    return {
        "kind": "evaluation", "profile": _profile(evaluation.profile), "lock": lock_to_dict(evaluation.lock),
        "bids_opened": evaluation.bids.opened.isoformat(), "bids_sha256": evaluation.bids.sha256 or None,
        "complete": not evaluation.open_points, "first": list(evaluation.first),
        "winner": None if evaluation.winner is None else evaluation.winner.bidder,
        "bidders": [
            {"id": each.id, "title": each.title, "price": float(each.price), "size": each.size or None,
             "kind": each.kind or None}
            for each in evaluation.bids.contents.bidders
        ],
        "standings": [_standing(each) for each in evaluation.standings],
        "open_points": [{"bidder": each.bidder, "about": each.about, "found": each.found}
                        for each in evaluation.open_points],
        "panels": [_panel(each) for each in evaluation.panels], "conflicts": list(evaluation.conflicts),
        "questions": [{"bidder": each.bidder, "about": each.about, "found": each.found, "blocks": each.blocks}
                      for each in evaluation.questions],
        "flags": [{"kind": each.kind, "bidder": each.bidder or None, "measure": each.measure or None,
                   "found": each.found, "ask": each.ask} for each in evaluation.flags],
        "sroi_ratios": list(sroi_notes(evaluation)), "sroi_version": __version__,
    }  # fmt: skip


def study_to_dict(study: Study) -> dict[str, Any]:
    """Return a study as JSON holds it; it says that its bids are made up."""
    if not isinstance(study, Study):
        raise TypeError("only a Study is told here")
    turns = study.turns
    return {
        "kind": "study on made-up bids", "origin": study.made_up.origin, "seed": study.seed,
        "profile": _profile(study.profile), "standings": [_standing(each) for each in study.standings],
        "weight_moves": [
            {"criterion": each.criterion, "weight": float(each.weight), "down": _number(each.down),
             "down_to": each.down_to or None, "up": _number(each.up), "up_to": each.up_to or None}
            for each in study.moves
        ],
        "weightings": {
            "first": dict(study.weightings.shares), "method": study.weightings.method, "draws": study.weightings.draws,
            "standard_error": study.weightings.standard_error,
        },
        "chances": {
            "first": dict(study.chances.first), "ties": study.chances.ties, "draws": study.chances.draws,
            "uncertain": study.chances.uncertain, "standard_error": study.chances.standard_error,
        },
        "dropped": [
            {"bidder": each.bidder, "order_changes": each.order_changes, "first_changes": each.first_changes,
             "first_after": list(each.first_after)}
            for each in study.dropped
        ],
        "sets": None if turns is None else {
            "count": turns.count, "ties": turns.ties, "moved": turns.moved, "paradoxes": turns.paradoxes,
            "reordered": turns.reordered, "nobody": turns.nobody, "spread": dict(turns.spread),
        },
        "sroi_version": __version__,
    }  # fmt: skip


def evaluation_tables(evaluation: Evaluation) -> Mapping[str, Sequence[Sequence[Any]]]:
    """Return the evaluation's tables in full, headings first, for other programs."""
    profile, title = evaluation.profile, evaluation.title
    criteria = [criterion.id for criterion in profile.criteria]
    bidders = evaluation.bids.contents.bidders
    measures = [measure.id for measure in profile.measures]
    return {
        "ranking": [["rank", "bidder", "total", "tied", "set_aside"], *(
            [each.rank, title(each.bidder), _number(each.figure), "yes" if each.tied_with else "no",
             "; ".join(each.set_aside)] for each in evaluation.standings)],
        "scores": [["bidder", *criteria], *(
            [title(each.bidder), *(float(each.points[name]) for name in criteria)] for each in evaluation.standings)],
        "commitments": [["bidder", *measures], *(
            [offer.bidder.title, *(float(offer.quantity(name)) for name in measures)] for offer in evaluation.offers)],
        "panel": [["bidder", "criterion", "evaluator", "band", "share", "reason"], *(
            [title(panel.bidder), panel.criterion, score.evaluator, score.band, float(share), score.reason]
            for panel in evaluation.panels for score, share in panel.individual)],
        "questions": [["bidder", "question", "outcome", "answer", "evidence"], *(
            [title(each.bidder), each.question, each.outcome, each.answer, each.evidence]
            for each in evaluation.bids.contents.answers)],
        "flags": [["kind", "bidder", "measure", "found", "ask"], *(
            [each.kind, title(each.bidder) if each.bidder else "all", each.measure, each.found, each.ask]
            for each in evaluation.flags)],
        "bidders": [["id", "bidder", "price", "size", "kind"], *(
            [each.id, each.title, float(each.price), each.size, each.kind] for each in bidders)],
    }  # fmt: skip
