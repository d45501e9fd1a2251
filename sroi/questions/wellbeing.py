"""A wellbeing value beside what it already holds: life satisfaction is of a whole life, a QALY of all of health."""

from __future__ import annotations

from collections.abc import Iterator

from sroi.findings import Finding
from sroi.questions.asking import named, share_people
from sroi.questions.likeness import Line, Lines, is_wellbeing

# Of more lines than this, each wellbeing value is held to those of its own stakeholder alone.
_MOST_PAIRED = 150


def wellbeing(lines: Lines) -> Iterator[Finding]:
    """Ask about a wellbeing value beside another one, or beside other values, for the same people."""
    whole = [line for line in lines.all if is_wellbeing(line.outcome)]
    told: set[int] = set()
    for line in whole:
        near = [other for other in lines.all if other is not line and _of_the_same(lines, line, other)]
        again = [other for other in near if is_wellbeing(other.outcome) and other.place not in told]
        if again and line.place not in told:
            told |= {line.place, *(other.place for other in again)}
            yield lines.finding(
                "wellbeing_twice", "high", [line, *again],
                f"{named([each.outcome.label for each in (line, *again)], 4)}: "
                f"{'both' if len(again) == 1 else 'all'} priced by a measure of a whole life, for the same people",
                "A person has one life satisfaction and one state of health: measure the change once, price it once.",
            )  # fmt: skip
        parts = [other for other in near if not is_wellbeing(other.outcome)]
        # What a public body saves is no part of a person's life, unless nothing else stands beside the value.
        parts = [other for other in parts if _kind(other) != "fiscal"] or parts
        if parts:
            own = any(_kind(other) in ("social", None) for other in parts)
            yield lines.finding(
                "wellbeing_beside_parts", "medium" if own else "low", [line, *parts],
                f"{line.outcome.label}: a measure of wellbeing, beside {named([each.outcome.label for each in parts])} "
                "for the same people, which it may already hold",
                "Keep the wellbeing value and tell the rest with valued: no; or price the parts, and tell the whole.",
                min(line.value, sum(other.value for other in parts), key=abs),
            )  # fmt: skip


def _of_the_same(lines: Lines, one: Line, other: Line) -> bool:
    """Say whether two values may hold one another: same people, same direction, of people's lives, on no one chain."""
    if (one.value > 0) != (other.value > 0) or not share_people(one.people, other.people):
        return False
    if len(lines.all) > _MOST_PAIRED and one.outcome.stakeholder != other.outcome.stakeholder:
        return False
    return _kind(other) != "environmental" and not lines.linked(one, other)


def _kind(line: Line) -> str | None:
    return line.outcome.proxy.value_type if line.outcome.proxy is not None else None
