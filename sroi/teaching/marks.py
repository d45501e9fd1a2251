"""Marks: what became of each fault and claim of a team, its ratio, and the marks of a class."""

from __future__ import annotations

from dataclasses import dataclass, field

FOUND, HALF, MISSED, WRONG, FAIR = "found", "found, not put right", "missed", "wrongly claimed", "a fair question"


@dataclass(frozen=True)
class Mark:
    """One line of marks: what became of a planted fault, or of a claim, and why."""

    result: str
    what: str
    place: str
    explanation: str
    how: str = ""


@dataclass(frozen=True)
class Marks:
    """A team's marks.

    `ratio` is the ratio that it gives, None if none; `right` the right one; `ratio_words` what is said of it; `notes`
    what a trainer should know: files that could not be read, a name that does not fit; `not_asked` how many faults of a
    part are not among the marks, for nothing of that part was handed back, "" if none.
    """

    team: str
    files: tuple[str, ...]
    marks: tuple[Mark, ...]
    ratio: float | None
    right: float
    ratio_words: str
    notes: tuple[str, ...] = ()
    not_asked: str = ""

    def count(self, *results: str) -> int:
        """Return how many marks have one of these results."""
        return sum(mark.result in results for mark in self.marks)

    @property
    def faults(self) -> int:
        """How many planted faults were marked."""
        return self.count(FOUND, HALF, MISSED)


@dataclass(frozen=True)
class ClassMarks:
    """The marks of a class, in order of the teams' names, and files that belong to no team or could not be read."""

    case: str
    teams: tuple[Marks, ...]
    astray: tuple[tuple[str, str], ...] = field(default=())
