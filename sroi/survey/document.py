"""A study as plain groups and lists, for JSON: nothing in it that may not be told, no row and no id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sroi.survey.claiming import Written
from sroi.survey.groups import interval_dict
from sroi.survey.study import Study
from sroi.survey.telling import remarks, verdict_words


def study_document(study: Study, written: Sequence[Written] = (), target: str | None = None) -> dict[str, Any]:
    """Return everything that a study says; `written` and `target`: what was written into which new map."""
    rules, answers, claim = study.rules, study.answers, study.claim
    return {
        "file": answers.file,
        "questions": list(answers.questions),
        "asked_at": list(answers.asked_at),
        "groups": list(answers.groups) if answers.groups is not None else None,
        "rules": {
            "improved_by": rules.improved_by,
            "scale": list(rules.scale) if rules.scale is not None else None,
            "reverse": [answers.questions[place] for place in rules.reverse],
            "least_answers": study.least,
            "over_started": rules.over_started,
            "wellby": rules.wellby,
            "smallest": rules.smallest,
        },
        "participants": study.participants.to_dict(),
        "comparison": study.comparison.to_dict() if study.comparison is not None else None,
        "difference": study.difference.to_dict() if study.difference is not None else None,
        "alpha": {"before": study.alpha[0], "after": study.alpha[1]},
        "design": {
            "scale": study.design.scale,
            "level": study.design.level,
            "label": study.design.label,
            "words": study.design.words,
            "source": study.design.source,
            "verification_level": study.design.verification_level,
        },
        "verdict": study.verdict,
        "says": verdict_words(study),
        "claim": None
        if claim is None
        else {
            "measure": claim.measure,
            "people": claim.people,
            "over_started": claim.over_started,
            "each": interval_dict(claim.each),
            "quantity": interval_dict(claim.total),
        },
        "remarks": remarks(study),
        "counted": [counted.words(rules.smallest) for counted in answers.counted],
        "written": [change.to_dict() for change in written] if target is not None else None,
        "out": target,
    }
