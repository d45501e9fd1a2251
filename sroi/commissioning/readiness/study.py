"""What a self-check shows: each level with its evidence, the lowest first, what is next, and what changed since."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sroi.commissioning.readiness.facts import HIGHEST, LOWEST, Principle, Question, level_words, principles
from sroi.commissioning.readiness.form import FORM
from sroi.errors import FileRefused, NameRefused, Problem, did_you_mean
from sroi.files.form_reader import Filled, Row, read_form

NOT_A_SCORE = (
    "A self-check says what an organisation says of itself. It is no assurance, and there is no total: "
    "eight principles do not make up for each other."
)

MOST_CHECKS = 200


@dataclass(frozen=True)
class Answer:
    """The answer to a question: the level claimed (0: none), what is named as evidence, and where it stands."""

    question: Question
    claimed: int
    evidence: str
    place: str = ""

    @property
    def shown(self) -> int:
        """The level that counts: one above the lowest only with evidence, 0 where it is not shown or not answered."""
        return self.claimed if self.claimed <= LOWEST or self.evidence else 0

    @property
    def lacks_evidence(self) -> bool:
        """Whether a level is claimed and nothing shows it."""
        return self.claimed > LOWEST and not self.evidence


@dataclass(frozen=True)
class Standing:
    """How a principle stands on a day."""

    principle: Principle
    answers: tuple[Answer, ...]
    agreed: str = ""

    @property
    def shown(self) -> int:
        """The level of the principle: of its answers the lowest, so that none hides another."""
        return min(each.shown for each in self.answers)

    @property
    def claimed(self) -> int:
        """The lowest level that is claimed, whatever shows it; 0 where an answer is missing."""
        return min(each.claimed for each in self.answers)

    @property
    def next_level(self) -> int:
        """The level to reach next."""
        return min(self.shown + 1, HIGHEST)

    @property
    def holding_back(self) -> tuple[Answer, ...]:
        """The answers that keep the principle where it is."""
        return tuple(each for each in self.answers if each.shown == self.shown)


@dataclass(frozen=True)
class Check:
    """One self-check: its day, who took part, and how each principle stands, in their own order."""

    day: date
    who: str
    note: str
    standings: tuple[Standing, ...]

    def standing(self, id: str) -> Standing:
        """Return how a principle stands."""
        return next(each for each in self.standings if each.principle.id == id)


@dataclass(frozen=True)
class Movement:
    """A principle's level in this check and the one before; `before` is None where there was none."""

    standing: Standing
    before: int | None

    @property
    def change(self) -> int | None:
        """How many levels up or down; None without an earlier check."""
        return None if self.before is None else self.standing.shown - self.before


@dataclass(frozen=True)
class ReadinessStudy:
    """A self-check held against its questions: the one looked at, all checks up to it, and what moved."""

    organisation: str
    scope: str
    aim: int | None
    checks: tuple[Check, ...]
    file: str
    sha256: str
    notes: tuple[str, ...] = ()

    @property
    def last(self) -> Check:
        """The check that is looked at."""
        return self.checks[-1]

    @property
    def before(self) -> Check | None:
        """The check before it, if there was one."""
        return self.checks[-2] if len(self.checks) > 1 else None

    @property
    def movements(self) -> tuple[Movement, ...]:
        """Every principle, the lowest first, those alike in their own order."""
        earlier = self.before
        found = [
            Movement(each, earlier.standing(each.principle.id).shown if earlier else None)
            for each in self.last.standings
        ]
        return tuple(sorted(found, key=lambda each: (each.standing.shown, each.standing.principle.number)))

    @property
    def gaps(self) -> tuple[Standing, ...]:
        """The principles below the level aimed for, or, without an aim, below the highest; the lowest first."""
        goal = self.aim or HIGHEST
        return tuple(each.standing for each in self.movements if each.standing.shown < goal)

    @property
    def same_evidence(self) -> tuple[tuple[str, int], ...]:
        """Evidence that is named for three answers or more of the last check, with how many."""
        named = Counter(
            " ".join(answer.evidence.split()).casefold()
            for standing in self.last.standings
            for answer in standing.answers
            if answer.evidence
        )
        return tuple((text, count) for text, count in named.most_common() if count >= 3)

    def to_dict(self) -> dict[str, Any]:
        """Return the study as JSON holds it: no total, the lowest principle first."""
        return {
            "part": "readiness",
            "organisation": self.organisation,
            "scope": self.scope,
            "aim": self.aim,
            "day": self.last.day.isoformat(),
            "before": self.before.day.isoformat() if self.before else None,
            "principles": [_movement_dict(each) for each in self.movements],
            "checks": [
                {"day": check.day.isoformat(),
                 "levels": {each.principle.id: each.shown or None for each in check.standings}}
                for check in self.checks
            ],
            "note": NOT_A_SCORE,
            "provenance": {"file": self.file, "sha256": self.sha256},
        }  # fmt: skip


def _movement_dict(movement: Movement) -> dict[str, Any]:
    standing = movement.standing
    return {
        "principle": standing.principle.id,
        "number": standing.principle.number,
        "name": standing.principle.name,
        "level": standing.shown or None,
        "level_words": level_words(standing.shown),
        "claimed": standing.claimed or None,
        "before": movement.before or None,
        "change": movement.change,
        "answers": [
            {"question": each.question.id, "claimed": each.claimed or None, "level": each.shown or None,
             "evidence": each.evidence or None}
            for each in standing.answers
        ],
        "next": standing.principle.levels[standing.next_level - 1] if 0 < standing.shown < HIGHEST else None,
        "agreed": standing.agreed or None,
        "commands": [each.command for each in standing.principle.commands],
    }  # fmt: skip


def study_readiness(path: str | Path, on: date | None = None) -> ReadinessStudy:
    """Return what a filled self-check shows, at its last day or at `on`, one of its days.

    FileRefused with every fault of the file; NameRefused for a day on which none was done.
    """
    return study_of(read_form(Path(path), FORM), on)


def study_of(filled: Filled, on: date | None = None) -> ReadinessStudy:
    """Return what a filled form shows, its checks by day."""
    if len(filled["checks"]) > MOST_CHECKS:
        found = f"{len(filled['checks']):,} self-checks"
        raise FileRefused(
            filled["checks"][MOST_CHECKS].problem("day", found, f"Give at most {MOST_CHECKS}."), filled.file
        )
    days = sorted(row["day"] for row in filled["checks"])
    if on is not None and on not in days:
        known = [each.isoformat() for each in days]
        remedy = did_you_mean(on.isoformat(), known, f"There are {', '.join(known[:12])}.")
        raise NameRefused(Problem(f"no self-check was done on {on.isoformat()}", remedy))
    checks = [_check(row, filled) for row in sorted(filled["checks"], key=lambda row: row["day"])]
    about = filled.one("about")
    return ReadinessStudy(
        about["organisation"],
        about["scope"] or "",
        about["aim"],
        tuple(each for each in checks if on is None or each.day <= on),
        filled.file,
        filled.sha256,
        filled.notes,
    )


def _check(row: Row, filled: Filled) -> Check:
    standings = tuple(_standing(each, row["day"], filled[each.id]) for each in principles())
    return Check(row["day"], row["who"] or "", row["note"] or "", standings)


def _standing(principle: Principle, day: date, rows: tuple[Row, ...]) -> Standing:
    row = next((each for each in rows if each["day"] == day), None)
    if row is None:
        return Standing(principle, tuple(Answer(each, 0, "") for each in principle.questions))
    answers = tuple(
        Answer(each, row[f"{each.id}_level"] or 0, row[f"{each.id}_evidence"] or "", row.place(f"{each.id}_level"))
        for each in principle.questions
    )
    return Standing(principle, answers, row["next_step"] or "")
