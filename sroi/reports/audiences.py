"""For whom a report is, and which of its sections they are given."""

from __future__ import annotations

_FULL = (
    "ratio", "purpose", "stakeholders", "theory_of_change", "inputs", "changes", "map", "evidence", "materiality",
    "deductions", "ladder", "outcomes", "by_stakeholder", "savings", "years", "not_counted", "sensitivity",
    "uncertainty", "to_find_out", "findings", "decisions", "limits", "method", "sources", "working",
)  # fmt: skip

# Which sections each audience is given, in order; None: the whole of one, made short.
AUDIENCES: dict[str, tuple[str, ...]] = {
    "funder": _FULL,
    "board": ("board",),
    "assurer": (_FULL[0], "principles", *_FULL[1:]),
    "slides": ("ratio", "purpose", "theory_of_change", "ladder", "by_stakeholder", "years", "sensitivity",
               "uncertainty", "to_find_out", "decisions", "limits"),
}  # fmt: skip
