"""A map's readiness, as lines for a terminal."""

from __future__ import annotations

from sroi.questions.profile import DISCLAIMER, Readiness, ReadinessPoint
from sroi.terminal.layout import wrapped


def readiness_lines(readiness: Readiness) -> list[str]:
    """Return the profile: each point with its state, what that rests on, and what would raise it."""
    lines = ["Readiness, as far as a program can see", *wrapped(DISCLAIMER, "  "), "", "The eight principles"]
    for point in readiness.principles:
        lines += _point_lines(point)
    lines += ["", "What systematic reviews ask further"]
    for point in readiness.quality_points:
        lines += _point_lines(point)
    return lines


def _point_lines(point: ReadinessPoint) -> list[str]:
    number = point.name.split()[-1]
    asks = point.heading if point.heading.endswith("?") else f"{point.heading}:"
    # A leading blank would be lost in folding, so the number stands in the indent.
    lines = wrapped(f"{asks} {point.state.upper()}", f"{number:>3}  ", "     ")
    lines += wrapped(f"+ {'; '.join(point.rests_on)}", "     ", "       ")
    for remedy in point.to_raise[:4]:
        lines += wrapped(f"> {remedy}", "     ", "       ")
    if len(point.to_raise) > 4:
        lines.append(f"     > and {len(point.to_raise) - 4} more")
    return [*lines, *wrapped(f"? {point.unseen}", "     ", "       ")]
