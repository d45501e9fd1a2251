"""A lesson performed without Jupyter: what its code shows, step by step, for the page and the workbook.

The code is the package's own, from `lessons/`; a notebook runs the very same lines.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import Any

from sroi.reports.html import Shown
from sroi.teaching.course import Lesson, Step, lesson
from sroi.teaching.practice import PracticeTable

Seen = Shown | PracticeTable | None


@cache
def performed(number: int) -> tuple[tuple[Step, Seen, str], ...]:
    """Return each step of a lesson with what its code shows: sections of a report or a table, and as HTML.

    >>> [type(seen).__name__ for _, seen, _ in performed(1) if seen is not None]
    ['Shown', 'PracticeTable']
    """
    return tuple(_perform(lesson(number)))


def _perform(told: Lesson) -> Iterator[tuple[Step, Seen, str]]:
    names: dict[str, Any] = {"__name__": f"lesson_{told.number}"}
    for step in told.steps:
        shown = _last_value(step.code, f"{told.name}.toml", names) if step.code else None
        if isinstance(shown, Shown):
            yield step, shown, shown.html
        elif isinstance(shown, PracticeTable):
            yield step, shown, shown._repr_html_()
        else:
            yield step, None, ""


def _last_value(code: str, source: str, names: dict[str, Any]) -> Any:
    """Run a step's code and return what its last line comes to, as a notebook would show it."""
    tree = ast.parse(code, source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, source, "exec"), names)
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), source, "eval"), names)
