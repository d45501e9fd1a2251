"""What `sroi commission readiness` says on a terminal."""

from __future__ import annotations

from sroi.commissioning.contract.saying import day_words
from sroi.commissioning.readiness.facts import HIGHEST, level_words
from sroi.commissioning.readiness.study import NOT_A_SCORE, Movement, ReadinessStudy, Standing
from sroi.terminal.layout import table_lines, wrapped

_SHOWN_GAPS = 3


def readiness_lines(study: ReadinessStudy) -> list[str]:
    """Return the main lines: levels with the lowest first, what is not shown, and the next steps."""
    last, before = study.last, study.before
    since = f", and what changed since {day_words(before.day)}" if before else ""
    lines = [
        *wrapped(study.organisation, ""),
        f"Self-check of {day_words(last.day)}{since}. The lowest stands first.",
        "",
    ]
    headings = ("principle", "level", *(("before", "change") if before else ()))
    lines += table_lines(headings, [movement_row(each) for each in study.movements])
    lines += ["", *(line for text in not_shown_words(study) for line in wrapped(text, "  ", "    "))]
    for standing in study.gaps[:_SHOWN_GAPS]:
        lines += ["", *_gap_lines(standing)]
    if len(study.gaps) > _SHOWN_GAPS:
        lines += [
            "",
            f"  and {len(study.gaps) - _SHOWN_GAPS} more principles with a next step: --out or --json has them",
        ]
    notes = [line for note in study.notes for line in wrapped(f"Note: {note}", "", "  ")]
    return [*lines, "", *notes, *wrapped(NOT_A_SCORE, "")]


def movement_row(movement: Movement) -> tuple[str, ...]:
    """Return a principle as a row of words: its name, its level, and the one before with the change."""
    standing = movement.standing
    row = (f"{standing.principle.number} {standing.principle.name}", level_words(standing.shown))
    return row if movement.before is None else (*row, level_words(movement.before), change_words(movement))


def change_words(movement: Movement) -> str:
    """Return how a level moved: up 1, down 2, the same.

    A level that is no more, or not yet, shown did not move: it was lost, or first shown.
    """
    before, now = movement.before or 0, movement.standing.shown
    if before == now:
        return "the same"
    if not now:
        return "not shown any more"
    if not before:
        return "shown for the first time"
    return f"{'up' if now > before else 'down'} {abs(now - before)}"


def not_shown_words(study: ReadinessStudy) -> list[str]:
    """Return a sentence for each answer that is missing or claims what nothing shows, and for thin evidence."""
    said = []
    for standing in study.last.standings:
        for letter, answer in zip("abc", standing.answers, strict=False):
            about = f"{standing.principle.number}{letter}"
            place = f" ({answer.place})" if answer.place else ""
            if answer.lacks_evidence:
                said.append(
                    f"{about}{place}: level {answer.claimed} is claimed and no "
                    "evidence is named: it counts as not shown."
                )
            elif not answer.claimed:
                said.append(f"{about}{place}: not answered on {day_words(study.last.day)}: “{answer.question.text}”")
    said += [f"The same evidence, “{text[:80]}”, is named for {count} answers: does it show each of them?"
             for text, count in study.same_evidence]  # fmt: skip
    return said


def next_words(standing: Standing) -> str:
    """Return what the next level looks like; of a principle that is not shown, what to do first."""
    if standing.shown >= HIGHEST:
        return "The highest level is shown: keep the evidence current."
    if standing.shown:
        return f"Next, {level_words(standing.next_level)}: {standing.principle.levels[standing.next_level - 1]}"
    if not standing.claimed:
        return "Answer every question."
    return (
        "Name the evidence for what is claimed, or claim less. With evidence it would stand at "
        f"{level_words(standing.claimed)}."
    )


def _gap_lines(standing: Standing) -> list[str]:
    lines = wrapped(f"{standing.principle.number} {standing.principle.name}: {level_words(standing.shown)}", "  ")
    lines += wrapped(next_words(standing), "    ")
    if standing.shown:
        lines += [
            line
            for each in standing.holding_back
            for line in wrapped(f"held back by: {each.question.text}", "    ", "      ")
        ]
    if standing.agreed:
        lines += wrapped(f"agreed: {standing.agreed}", "    ", "      ")
    return [
        *lines,
        *(
            line
            for each in standing.principle.commands
            for line in wrapped(f"`{each.command}` {each.helps}", "    ", "      ")
        ),
    ]
