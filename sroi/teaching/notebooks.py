"""The lessons as Jupyter notebooks, without outputs and without solutions: `notebooks/`, kept current by a test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sroi.files.safety import write_whole
from sroi.teaching.course import Exercise, Lesson, lessons

_HOW = """\
*How this works: click into a grey box and press Shift and Enter, from top to bottom. Where a box says
`check("1.1", ...)`, put your answer in place of the three dots: a number (`1250`), a text (`"25%"`), a letter (`"C"`)
or letters (`"A, C"`). Wrong answers are welcome: you will be told what kind of mistake it looks like. Nothing leaves
this machine.*"""
# How a map's numbers are asked for: a dictionary with three dots for each of them.
_BLANKS = 'check(\n    "{number}",\n    {{\n{lines}\n    }},\n)'


def notebook_bytes(told: Lesson) -> bytes:
    """Return a lesson as a notebook: the same bytes each time.

    >>> json.loads(notebook_bytes(lessons()[0]))["metadata"]["sroi"]["stages"]
    [5]
    """
    cells = [_cell(f"lesson-{place}", *each) for place, each in enumerate(_cells(told))]
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "sroi": {"lesson": told.number, "stages": list(told.stages), "minutes": told.minutes},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def write_notebooks(folder: Path) -> None:
    """Write all lessons' notebooks anew into a folder: `make notebooks` does, after a change to a lesson."""
    for told in lessons():
        write_whole(folder / f"{told.name}.ipynb", notebook_bytes(told), overwrite=True)


def _cells(told: Lesson) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of each cell; texts that follow each other share one."""
    stages = told.stage_words[0].upper() + told.stage_words[1:]
    head = f"# Lesson {told.number}: {told.title}\n\n**{stages} · about {told.minutes} minutes**\n\n{told.about}"
    waiting = [f"{head}\n\n{_HOW}"]
    # Exercises may come before the first code of the lesson's own.
    if first_is_exercise(told):
        yield "markdown", waiting.pop()
        yield "code", "from sroi.teaching import check"
    for step in told.steps:
        if step.text:
            waiting.append(step.text)
        if step.exercise is not None:
            waiting.append(question_text(step.exercise))
        code = step.code if step.exercise is None else check_call(step.exercise)
        if code:
            if waiting:
                yield "markdown", "\n\n".join(waiting)
                waiting = []
            yield "code", code
    if waiting:
        yield "markdown", "\n\n".join(waiting)


def first_is_exercise(told: Lesson) -> bool:
    """Say whether a lesson asks before it shows anything."""
    first = next(step for step in told.steps if step.code or step.exercise is not None)
    return first.exercise is not None


def question_text(asked: Exercise) -> str:
    """Return a question as Markdown, its options by letter."""
    lines = [f"**Exercise {asked.number}.** {asked.question}"]
    if asked.options:
        lines.append("\n".join(f"- **{option.letter}** {option.text}" for option in asked.options))
    return "\n\n".join(lines)


def check_call(asked: Exercise) -> str:
    """Return the line in which a learner answers."""
    if asked.kind != "map":
        return f'check("{asked.number}", ...)'
    lines = "\n".join(f'        "{blank.name}": ...,' for blank in asked.blanks)
    return _BLANKS.format(number=asked.number, lines=lines)


def _cell(name: str, kind: str, text: str) -> dict[str, Any]:
    lines = text.splitlines(keepends=True)
    if kind == "markdown":
        return {"cell_type": kind, "id": name, "metadata": {}, "source": lines}
    return {"cell_type": kind, "execution_count": None, "id": name, "metadata": {}, "outputs": [], "source": lines}
