"""sroi: Social Return on Investment, from a value map to a report.

    >>> import sroi
    >>> result = sroi.evaluate(sroi.example("wheels_to_meals"))
    >>> round(result.sroi_ratio, 2)
    1.93

The formula itself stands in `sroi.formulas`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sroi.version import __version__

if TYPE_CHECKING:
    from sroi.appraisal.uprating import uprate
    from sroi.batch.recording import record
    from sroi.errors import SroiError
    from sroi.evaluation import evaluate
    from sroi.explaining import Explanation, explain
    from sroi.explorer import explore
    from sroi.files.value_maps import read_value_map, write_value_map
    from sroi.impact_map import ImpactMap
    from sroi.portfolio.evaluating import evaluate_portfolio
    from sroi.provenance import document
    from sroi.questions import review
    from sroi.questions.profile import readiness
    from sroi.result import Result
    from sroi.sensitivity import break_even, left_out, one_way, scenarios, time_at_nil, two_way
    from sroi.shipped import case_study, example
    from sroi.uncertainty import Uncertainty, study_uncertainty

__all__ = [
    "Explanation",
    "ImpactMap",
    "Result",
    "SroiError",
    "Uncertainty",
    "__version__",
    "break_even",
    "case_study",
    "document",
    "evaluate",
    "evaluate_portfolio",
    "example",
    "explain",
    "explore",
    "left_out",
    "one_way",
    "read_value_map",
    "readiness",
    "record",
    "review",
    "scenarios",
    "study_uncertainty",
    "time_at_nil",
    "two_way",
    "uprate",
    "write_value_map",
]

# Where each public name lives. Fetched when first used: `sroi --help` needs none of them, and is to feel instant.
_ROOMS = {
    "Explanation": "sroi.explaining",
    "ImpactMap": "sroi.impact_map",
    "Result": "sroi.result",
    "SroiError": "sroi.errors",
    "Uncertainty": "sroi.uncertainty",
    "break_even": "sroi.sensitivity",
    "case_study": "sroi.shipped",
    "document": "sroi.provenance",
    "evaluate": "sroi.evaluation",
    "evaluate_portfolio": "sroi.portfolio.evaluating",
    "example": "sroi.shipped",
    "explain": "sroi.explaining",
    "explore": "sroi.explorer",
    "left_out": "sroi.sensitivity",
    "one_way": "sroi.sensitivity",
    "read_value_map": "sroi.files.value_maps",
    "readiness": "sroi.questions.profile",
    "record": "sroi.batch.recording",
    "review": "sroi.questions",
    "scenarios": "sroi.sensitivity",
    "study_uncertainty": "sroi.uncertainty",
    "time_at_nil": "sroi.sensitivity",
    "two_way": "sroi.sensitivity",
    "uprate": "sroi.appraisal.uprating",
    "write_value_map": "sroi.files.value_maps",
}


def __getattr__(name: str) -> Any:
    """Return a public name from the room where it lives, or the one room that people speak to by its own name."""
    from importlib import import_module

    if name == "teaching":  # so that `sroi.teaching.check("2.3", 36)` needs no import of its own
        return import_module("sroi.teaching")
    if name not in _ROOMS:
        raise AttributeError(f"module 'sroi' has no attribute '{name}'")
    return getattr(import_module(_ROOMS[name]), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
