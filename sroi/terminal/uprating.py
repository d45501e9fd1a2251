"""Prices of another year as lines for a terminal: each sum before and after, and the steps with their sources."""

from __future__ import annotations

from collections.abc import Iterable

from sroi import wording
from sroi.appraisal.uprating import Change, Changes
from sroi.evidence.prices import Uprating
from sroi.evidence.series import Series
from sroi.result import Result
from sroi.terminal.layout import table_lines, wrapped
from sroi.terminal.results import headline_lines


def uprating_lines(changes: Changes, currency: str) -> list[str]:
    """Return every sum that was moved with the number of its step, the steps, and what was left and why."""
    count = len(changes)
    lines = wrapped(
        f"To {changes.to_year} prices; the map was in {changes.from_year} prices."
        if changes.from_year != changes.to_year
        else f"To {changes.to_year} prices, the map's own.",
        "",
    )
    if not count:
        return [*lines, "  Nothing moved.", *_left_lines(changes)]
    steps = list(dict.fromkeys(change.by for change in changes))
    rows = [_row(change, steps.index(change.by) + 1, currency) for change in changes]
    lines += ["", f"{count} sum{'' if count == 1 else 's'} moved:"]
    lines += table_lines(("", "from", "to", "was", "is", "factor", "step"), rows)
    if any(change.assumed for change in changes):
        lines += wrapped("(*) names no price year of its own: it stands in the map's, and moves with it.", "  ")
    for number, step in enumerate(steps, start=1):
        lines += ["", *step_lines(step, f"[{number}] ", sources=False)]
    return [*lines, "", *_source_lines(steps), *_left_lines(changes)]


def _row(change: Change, step: int, currency: str) -> tuple[str, ...]:
    name = f"{change.scenario}: {change.name}" if change.scenario else change.name
    return (
        name,
        f"{change.by.from_year}{'*' if change.assumed else ''}",
        change.by.to_year,
        wording.money(change.before, currency, 2),
        wording.money(change.after, currency, 2),
        f"{change.by.factor:.6f}",
        f"[{step}]",
    )


def step_lines(by: Uprating, mark: str = "", sources: bool = True) -> list[str]:
    """Return an uprating step by step: index values and factor, and with `sources` where they come from."""
    lines = wrapped(f"{mark}{by.head}", "", " " * len(mark))
    for step in by.steps:
        for line in (*step.working, *(step.provenance if sources else ())):
            indent = " " * (len(mark) + 2 + len(line) - len(line.lstrip()))
            lines += wrapped(line.strip(), indent, f"{indent}  ")
    return lines


def _source_lines(every: Iterable[Uprating]) -> list[str]:
    """Return the sources of several upratings, each series once."""
    lines = ["Sources:"]
    for step in {step.series: step for by in every for step in by.steps}.values():
        lines += wrapped(f"{step.series}: {step.source}.", "  ", "    ")
        lines += wrapped(f"Note: {step.caution}", "    ", "      ") if step.caution else []
    return lines


def _left_lines(changes: Changes) -> list[str]:
    lines = []
    if changes.left:
        lines += ["", "Left as they are:"]
        for left in changes.left:
            lines += wrapped(f"- {left.name}: {left.why.rstrip('.')}.", "  ", "    ")
    if changes.notes:
        lines += ["", *(line for note in changes.notes for line in wrapped(note, ""))]
    return lines


def before_and_after_lines(
    before: Result, after: Result, interval_before: str | None, interval_after: str | None
) -> list[str]:
    """Return the ratio of a map and of the uprated one, each with its rules and its interval."""
    lines = []
    for said, result, interval in (("Before:", before, interval_before), ("After:", after, interval_after)):
        _, ratio, *rules = headline_lines(result, interval)
        lines += [f"{said:<8}{ratio}", *(f"      {rule}" for rule in rules)]
    return lines


def series_lines(every: Iterable[Series]) -> list[str]:
    """Return the series with their reach, level and licence, then where they come from."""
    shown = list(every)
    rows = [
        (
            each.name,
            each.currency,
            f"{each.first} to {each.last}",
            each.source.level,
            each.source.licence.split(" (")[0],
        )
        for each in shown
    ]
    lines = [f"{len(rows)} series:"]
    lines += table_lines(("series", "currency", "reach", "level", "licence"), rows)
    lines += ["", "Level A: the publisher's own file was seen; B: a secondary source.", ""]
    told = [each for each in shown if not each.name.startswith("wb_")] if len(shown) > 12 else shown
    for each in told:
        lines += wrapped(f"{each.name}: {each.title}. {each.source.words}.", "", "  ")
        if each.source.caution:
            lines += wrapped(f"Note: {each.source.caution}", "  ", "    ")
    return lines
