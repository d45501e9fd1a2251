"""How sure a map's numbers are, and how they stand beside what others wrote, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from sroi.appraisal.confidence import GRADES, Confidence
from sroi.appraisal.plausibility import WARNING, Beside
from sroi.terminal.layout import wrapped

_MOST = 12


def grade_lines(grades: Confidence) -> list[str]:
    """Return the share of value by evidence grade, what each grade means, and the outcomes on weak evidence."""
    lines = ["Evidence grades", *wrapped(grades.words(), "  ")]
    if not grades.is_graded:
        return lines
    weak = [f"{each.label} ({each.weakest})" for each in grades.outcomes if each.grade == "red"]
    if weak:
        more = f"; and {len(weak) - 6} more" if len(weak) > 6 else ""
        lines += wrapped(f"Weak: {'; '.join(weak[:6])}{more}", "  ", "    ")
    for grade, meaning in GRADES.items():
        lines += wrapped(f"{grade}: {meaning}", "  ", "    ")
    return [*lines, *wrapped("An outcome is as weak as the weakest graded number that drives it.", "  ")]


def beside_lines(beside: Sequence[Beside]) -> list[str]:
    """Return the numbers beside what others wrote, under a heading of their own; nothing if there are none."""
    if not beside:
        return []
    lines = ["", "Beside what others wrote (no faults, and no findings)", *wrapped(WARNING, "  ")]
    rests: dict[str, list[Beside]] = {}
    for each in beside:
        rests.setdefault(each.rests_on, []).append(each)
    if any(each.kind in ("deduction", "discount_rate") for each in beside):
        from sroi.evidence.reported import reported

        any_ = next(iter(reported().values()))
        lines += wrapped(
            f"Deductions: {any_.source} ({any_.author}; seen at second hand, level {any_.level}). {any_.warning}", "  "
        )
    for rests_on, members in rests.items():
        lines += ["", *wrapped(f"{rests_on[0].upper()}{rests_on[1:]}", "  ", "    ")]
        lines += _position_lines([each for each in members if each.position])
        others = [each for each in members if not each.position]
        for each in others[:_MOST]:
            lines += wrapped(f"- {_place_words(each)}{each.said}", "    ", "      ")
        if len(others) > _MOST:
            lines.append(f"    - and {len(others) - _MOST} more")
    return lines


def _position_lines(members: Sequence[Beside]) -> list[str]:
    """Return deductions by where they stand among those of the reports."""
    by_position: dict[str, list[str]] = {}
    for each in members:
        by_position.setdefault(each.position, []).append(f"{_place_words(each)}{each.number or each.said}")
    lines = []
    for position, names in by_position.items():
        more = f"; and {len(names) - _MOST} more" if len(names) > _MOST else ""
        lines += wrapped(f"- {position}: {'; '.join(names[:_MOST])}{more}", "    ", "      ")
    return lines


def _place_words(each: Beside) -> str:
    return f"line {each.place}: " if isinstance(each.place, int) else f"{each.place}: " if each.place else ""
