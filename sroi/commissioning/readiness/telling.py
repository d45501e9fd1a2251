"""What the paper of a self-check says: levels with the lowest first, what is not shown, next steps, the trend."""

from __future__ import annotations

from sroi import plots
from sroi.commissioning.contract.saying import day_words
from sroi.commissioning.readiness.facts import level_words, levels, name_credits
from sroi.commissioning.readiness.lines import change_words, movement_row, next_words, not_shown_words
from sroi.commissioning.readiness.study import NOT_A_SCORE, Movement, ReadinessStudy, Standing
from sroi.plots import PrincipleLevel
from sroi.reports.blocks import Block, Bullets, Figure, Paragraph, Section, Story, Table


def tell_readiness(study: ReadinessStudy) -> Story:
    """Return the paper as blocks that every format renders."""
    about = f"{study.scope[0].upper()}{study.scope[1:]}. " if study.scope else ""
    sections = (_short(study), _levels(study), _steps(study), _answers(study), _trend(study), _method(study))
    title = f"Self-check: {study.organisation}"
    return Story(title, f"{about}The eight principles of social value, {day_words(study.last.day)}", sections)


def tables(study: ReadinessStudy) -> dict[str, list[tuple[object, ...]]]:
    """Return the tables that stand beside the paper, headings first: every answer of every check."""
    rows: list[tuple[object, ...]] = [
        (
            check.day,
            standing.principle.number,
            standing.principle.name,
            answer.question.text,
            answer.claimed or None,
            answer.shown or None,
            answer.evidence,
        )
        for check in study.checks
        for standing in check.standings
        for answer in standing.answers
    ]
    return {"answers": [("day", "number", "principle", "question", "level_claimed", "level_shown", "evidence"), *rows]}


def _short(study: ReadinessStudy) -> Section:
    movements = study.movements
    lowest = movements[0].standing.shown
    names = [each.standing.principle.name for each in movements if each.standing.shown == lowest]
    state = f"at level {level_words(lowest)}" if lowest else "not shown"
    blocks: list[Block] = [Paragraph(f"Lowest: {_and(names)}, {state}.", "lead")]
    missing = not_shown_words(study)
    if missing:
        blocks += [Paragraph("What is not shown, or not answered:"), Bullets(tuple(missing))]
    if study.before is not None:
        blocks.append(Paragraph(_moved(movements, study)))
    who = f"Who took part: {study.last.who}. " if study.last.who else ""
    note = f"{study.last.note.rstrip('.')}. " if study.last.note else ""
    return Section("short", "In short", (*blocks, Paragraph(f"{who}{note}{NOT_A_SCORE}", "note")))


def _and(names: list[str]) -> str:
    quoted = [f"“{each}”" for each in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _moved(movements: tuple[Movement, ...], study: ReadinessStudy) -> str:
    before = study.before
    assert before is not None
    up = [each for each in movements if (each.change or 0) > 0]
    down = [each for each in movements if (each.change or 0) < 0]
    same = [each for each in movements if not each.change]
    parts = [f"{len(each)} {word}" for each, word in ((up, "higher"), (down, "lower"), (same, "the same")) if each]
    fell = f" Lower: {_and([each.standing.principle.name for each in down])}." if down else ""
    return f"Since {day_words(before.day)}, of eight principles: {', '.join(parts)}.{fell}"


def _levels(study: ReadinessStudy) -> Section:
    before = study.before
    headings = ("Principle", "Level shown", *(("Before", "Change") if before else ()))
    rows = tuple(movement_row(each) for each in study.movements)
    caption = f"Levels on {day_words(study.last.day)}, the lowest first"
    table = Table("levels", caption, headings, rows, (False,) * len(headings))
    return Section("levels", "Where each principle stands", (_figure(study), table))


def _figure(study: ReadinessStudy) -> Figure:
    shown = [
        PrincipleLevel(
            f"{each.standing.principle.number} {each.standing.principle.name}", each.standing.shown, each.before
        )
        for each in study.movements
    ]
    names = [each.name for each in levels()]
    now, before = day_words(study.last.day), day_words(study.before.day) if study.before else ""
    said = "; ".join(
        f"{each.name} {level_words(each.level)}"
        + (f", before {level_words(each.before)}" if each.before is not None else "")
        for each in shown
    )
    return Figure(
        "levels_by_principle",
        "The level of each principle, the lowest on top: that of its weakest answer",
        f"Bars. {said}.",
        lambda width: plots.picture(
            lambda axes: plots.principle_levels(shown, names, now, before, axes),
            width,
            plots.principle_levels_height(len(shown), width),
        ),
    )


def _steps(study: ReadinessStudy) -> Section:
    heading = "What comes next"
    if not study.gaps:
        goal = f"the level aimed for, {level_words(study.aim)}" if study.aim else "the highest level"
        return Section("steps", heading, (Paragraph(f"Every principle is at {goal} or above it."),))
    blocks: list[Block] = []
    if study.aim:
        blocks.append(Paragraph(f"Aimed for: level {level_words(study.aim)}. Below it, the lowest first:"))
    for standing in study.gaps:
        blocks += [
            Paragraph(f"{_named(standing)}: {level_words(standing.shown)}", "lead"),
            Bullets(_step_items(standing)),
        ]
    return Section("steps", heading, tuple(blocks))


def _named(standing: Standing) -> str:
    return f"{standing.principle.number} {standing.principle.name}"


def _step_items(standing: Standing) -> tuple[str, ...]:
    held = [f"Held back by: {each.question.text}" for each in standing.holding_back] if standing.shown else []
    agreed = [f"Agreed: {standing.agreed}"] if standing.agreed else []
    helped = [f"{each.command} {each.helps}." for each in standing.principle.commands]
    return (next_words(standing), *held, *agreed, *helped)


def _answers(study: ReadinessStudy) -> Section:
    rows = tuple(
        (
            f"{standing.principle.number}{letter}",
            answer.question.text,
            level_words(answer.claimed) if answer.claimed else "none",
            answer.evidence or "none named",
            level_words(answer.shown),
        )
        for standing in study.last.standings
        for letter, answer in zip("abc", standing.answers, strict=False)
    )
    table = Table(
        "answers_of_the_day",
        f"Answers on {day_words(study.last.day)}",
        ("", "Question", "Claimed", "Evidence", "Shown"),
        rows,
        (False,) * 5,
        wide=True,
    )
    return Section("answers", "Answers and evidence", (table,))


def _trend(study: ReadinessStudy) -> Section:
    heading = "Over time"
    if len(study.checks) < 2:
        text = (
            "This is the first self-check in the file. Add a day to the same file next time, and the change is shown."
        )
        return Section("trend", heading, (Paragraph(text),))
    shown = study.checks[-6:]
    rows = tuple(
        (
            f"{each.standing.principle.number} {each.standing.principle.name}",
            *(level_words(check.standing(each.standing.principle.id).shown) for check in shown),
            change_words(each),
        )
        for each in study.movements
    )
    headings = ("Principle", *(day_words(check.day) for check in shown), "Last change")
    more = len(study.checks) - len(shown)
    blocks: list[Block] = [Table("trend", "Levels shown, by self-check", headings, rows, (False,) * len(headings))]
    if more:
        blocks.append(Paragraph(f"{more} earlier self-checks stand in tables/answers.csv."))
    return Section("trend", heading, tuple(blocks))


def _method(study: ReadinessStudy) -> Section:
    items = tuple(f"{level_words(place)}: {each.means}" for place, each in enumerate(levels(), 1))
    text = (
        "Each question is answered by a level from 1 to 5 and the evidence for it. A level above 1 without evidence "
        "counts as not shown. A principle stands at the lowest of its answers, and no total is made."
    )
    file = study.file.replace("\\", "/").rpartition("/")[2]
    source = f"Made from {file} (SHA-256 {study.sha256[:16]}..)."
    blocks = (Paragraph(text), Bullets(items), Paragraph(" ".join(name_credits()), "note"), Paragraph(source, "note"))
    return Section("method", "How the levels come about", blocks)
