"""Everything that can be refused, and how a refusal reads.

One message holds *all* the problems of a file or call, each with what was found, where, and what to do. The tree::

    SroiError
    +-- FileRefused        the file itself: missing, too large, not text, not YAML, already there
    +-- ImpossibleMap      the value map says something that cannot be
    +-- NameRefused        a name or number given from outside (`at`, `--set`, a scenario) does not fit the map
    +-- MethodRefused      a way of reckoning that does not fit the map, or makes no sense
    +-- LicenceRefused     what would leave holds a value that may not be passed on
    +-- TemplateRefused    a notebook, or a parameter given to it, does not fit
    +-- RunFailed          a notebook began to run and stopped
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing that cannot stand: what was found, where (in words, by line or by cell), and what to do about it."""

    found: str
    remedy: str
    where: str = ""
    line: int | None = None
    path: Path = ()
    cell: str = ""

    def __str__(self) -> str:
        place = ", ".join(part for part in (f"line {self.line}" if self.line else "", self.cell, self.where) if part)
        sentence = f"{self.found}. {self.remedy}" if self.remedy else f"{self.found}."
        return f"{place}: {sentence}" if place else sentence


class SroiError(Exception):
    """A refusal whose text a user can act on. `problems` holds each one; `source` names the file, if there is one."""

    def __init__(self, problems: Problem | Iterable[Problem], source: str = "") -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.source = source
        super().__init__(self._message())

    def _message(self) -> str:
        if len(self.problems) == 1:
            return f"{self.source}: {self.problems[0]}" if self.source else str(self.problems[0])
        head = f"{self.source}: {len(self.problems)} problems" if self.source else f"{len(self.problems)} problems"
        return "\n".join([head, *(f"  {problem}" for problem in self.problems)])


class FileRefused(SroiError):
    """A file that cannot be opened, read or written."""


class ImpossibleMap(SroiError):
    """A value map that says something that cannot be."""


class NameRefused(SroiError):
    """A name that the map does not have, or a number that its name cannot take."""


class MethodRefused(SroiError):
    """A way of reckoning that does not fit the map, or a setting of it that makes no sense."""


class LicenceRefused(SroiError):
    """A report or an export that holds values which may not be passed on."""


class TemplateRefused(SroiError):
    """A notebook that is none, or a parameter that it does not have."""


class RunFailed(SroiError):
    """A notebook that stopped before its end."""


def did_you_mean(word: str, known: Iterable[str], otherwise: str | None = None) -> str:
    """Return a remedy that names the nearest known word, or `otherwise`, or the list of known words."""
    known = list(known)
    from difflib import get_close_matches  # only where something is refused: it would slow every start

    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"Did you mean '{near[0]}'?"
    if otherwise is not None:
        return otherwise
    if not known:
        return "There are none."
    shown = ", ".join(known[:12]) + (", .." if len(known) > 12 else "")
    return f"Known: {shown}."


class Nearest:
    """Remedies for one wrong name after another, where a file may hold thousands: in bounded time.

    The nearest name is looked for while that costs little, and once for each word; after that the remedy says where the
    names stand (`otherwise`).
    """

    _MOST_COMPARED = 20_000  # pairs of names: a few seconds at most

    def __init__(self, known: Iterable[str], otherwise: str) -> None:
        self._known = sorted(known)[: self._MOST_COMPARED]
        self._otherwise = otherwise
        self._compared = 0
        self._told: dict[str, str] = {}

    def remedy(self, word: str) -> str:
        """Return what to do about a word that is none of the names."""
        if word not in self._told:
            if self._compared > self._MOST_COMPARED:
                return self._otherwise
            self._compared += len(self._known)
            self._told[word] = did_you_mean(word, self._known)
        return self._told[word]
