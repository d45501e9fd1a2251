"""The course: eight lessons, each a story in steps with exercises, read from the files in `lessons/`.

One file is the source of a lesson's notebook, page and workbook, so that the three never tell different stories.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from sroi.errors import NameRefused, Problem, did_you_mean

# The stages of "A guide to Social Return on Investment", in short.
STAGES = {
    1: "scope and stakeholders",
    2: "mapping outcomes",
    3: "evidencing outcomes and valuing them",
    4: "establishing impact",
    5: "calculating the SROI",
    6: "reporting, using, embedding",
}
LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True)
class Option:
    """One thing to choose: its letter, its text, whether it is right (belongs), and why; `slip` names the mistake."""

    letter: str
    text: str
    right: bool
    why: str
    slip: str = ""
    id: str = ""


@dataclass(frozen=True)
class Blank:
    """One number of a map that a learner fills in: its name (`jobs.deadweight`), how it is asked for, its unit."""

    name: str
    label: str
    unit: str


@dataclass(frozen=True)
class Exercise:
    """One question. `kind` is number, choice (one option), several (all options that belong) or map (blanks to fill).

    A number is not typed: `asks` says which figure of the map `case` is asked for, with the numbers `at` in place of
    the map's own, so that right and wrong answers are both reckoned. `decimals`: how many places are asked for, of
    the per cent for a share. `notice` stands with a right answer, `hint` with a wrong one of no known kind, `how` in
    the solution. `first` names slips to try before all others.
    """

    number: str
    kind: str
    question: str
    notice: str
    hint: str = ""
    how: str = ""
    unit: str = ""
    case: str = ""
    asks: str = ""
    at: Mapping[str, float] = field(default_factory=dict)
    decimals: int = 0
    first: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    blanks: tuple[Blank, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step of a lesson: a text (Markdown), code whose last line shows something, or an exercise.

    `behind`: what is shown gives an answer away, so it stands behind these words until a learner opens it.
    """

    text: str = ""
    code: str = ""
    exercise: Exercise | None = None
    behind: str = ""


@dataclass(frozen=True)
class Lesson:
    """A lesson: its number, the name of its files, title, stages of the Guide, minutes, what it is about, its steps."""

    number: int
    name: str
    title: str
    stages: tuple[int, ...]
    minutes: int
    about: str
    steps: tuple[Step, ...]

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """The lesson's exercises, in order."""
        return tuple(step.exercise for step in self.steps if step.exercise is not None)

    @property
    def stage_words(self) -> str:
        """The stages in words, such as "stage 4 of the Guide (establishing impact)"."""
        named = [f"{stage} ({STAGES[stage]})" for stage in self.stages]
        listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
        return f"stage{'' if len(named) == 1 else 's'} {listed} of the Guide's six"


@cache
def lessons() -> tuple[Lesson, ...]:
    """Return the lessons in order.

    >>> [lesson.number for lesson in lessons()]
    [1, 2, 3, 4, 5, 6, 7, 8]
    """
    folder = files("sroi.teaching") / "lessons"
    sources = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    return tuple(_lesson(each.name.removesuffix(".toml"), tomllib.loads(each.read_text("utf-8"))) for each in sources)


def lesson(number: int) -> Lesson:
    """Return a lesson by its number; NameRefused if there is none."""
    found = next((each for each in lessons() if each.number == number), None)
    if found is None:
        raise NameRefused(Problem(f"there is no lesson {number}", f"There are lessons 1 to {len(lessons())}."))
    return found


def exercise(number: str) -> Exercise:
    """Return an exercise by its number ("2.3"); NameRefused, with the nearest, if there is none.

    >>> exercise("1.1").kind
    'number'
    """
    everyone = {each.number: each for lesson in lessons() for each in lesson.exercises}
    named = str(number).strip() if isinstance(number, str | int | float) else ""
    if named not in everyone:
        shown = repr(named[:20]) if isinstance(number, str | int | float) else f"of the kind {type(number).__name__}"
        nearest = did_you_mean(named[:20], everyone, f"They are numbered {next(iter(everyone))} to {max(everyone)}.")
        raise NameRefused(Problem(f"there is no exercise {shown}", nearest))
    return everyone[named]


def _lesson(name: str, tree: dict[str, Any]) -> Lesson:
    head = {key: value for key, value in tree.items() if key != "steps"}
    steps = tuple(_step(each) for each in tree["steps"])
    return Lesson(**{**head, "stages": tuple(head["stages"])}, name=name, steps=steps)


def _step(tree: dict[str, Any]) -> Step:
    known = {key: value.strip("\n") for key, value in tree.items() if key in ("text", "code", "behind")}
    return Step(**known, exercise=_exercise(tree["exercise"]) if "exercise" in tree else None)


def _exercise(tree: dict[str, Any]) -> Exercise:
    options = tuple(
        Option(letter, each["text"], each.get("right", False), each["why"], each.get("slip", ""), each.get("id", ""))
        for letter, each in zip(LETTERS, tree.get("options", ()), strict=False)
    )
    blanks = tuple(Blank(**each) for each in tree.get("blanks", ()))
    rest = {key: value for key, value in tree.items() if key not in ("options", "blanks")}
    words: dict[str, Any] = {
        key: str(rest[key]).strip() for key in ("question", "notice", "hint", "how") if key in rest
    }
    given: dict[str, Any] = {**rest, **words, "first": tuple(rest.get("first", ()))}
    return Exercise(**given, options=options, blanks=blanks)
