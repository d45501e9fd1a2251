"""Answers: a table of people and their answers before and after, as numbers; and several questions made one score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sroi.formulas import Array
from sroi.survey.protection import count_words


@dataclass(frozen=True)
class Counted:
    """Something met while reading that is no fault: how often, and what it is, in the words for one and for several."""

    count: int
    one: str
    several: str

    def words(self, smallest: int) -> str:
        """Return it with its count, as it may be told."""
        alone = self.count == 1 and smallest <= 1
        return f"{count_words(self.count, smallest)} {self.one if alone else self.several}"


@dataclass(frozen=True, eq=False)
class Answers:
    """One row for each person, in an order that means nothing, and nothing by which to know them.

    `before` and `after` have shape (person, question), NaN where there is no answer; `participant` says for each person
    whether they took part (True) or are in the comparison group, and is None where there is no comparison.
    """

    file: str
    questions: tuple[str, ...]
    before: Array
    after: Array
    participant: npt.NDArray[np.bool_] | None = None
    groups: tuple[str, str] | None = None
    counted: tuple[Counted, ...] = ()
    asked_at: tuple[str, str] = ("before", "after")

    @property
    def compares(self) -> bool:
        """Whether there is a comparison group."""
        return self.participant is not None


def least_answers(questions: int) -> int:
    """Return how many of several questions a person has to have answered: half of them, rounded up.

    >>> [least_answers(questions) for questions in (1, 2, 3, 5)]
    [1, 1, 2, 3]
    """
    return (questions + 1) // 2


def scores(items: Array, least: int) -> Array:
    """Return each person's mean over the questions answered, shape (person,); NaN with fewer than `least` answers.

    >>> scores(np.array([[1.0, 3.0], [4.0, np.nan]]), 1).tolist()
    [2.0, 4.0]
    """
    answered = ~np.isnan(items)
    count = answered.sum(axis=1)
    total = np.where(answered, items, 0.0).sum(axis=1)
    return np.where(count >= least, total / np.maximum(count, 1), np.nan)


def turned(items: Array, questions: tuple[int, ...], scale: tuple[float, float]) -> Array:
    """Return the answers with those to the reverse-coded questions turned round: low + high - answer.

    >>> turned(np.array([[1.0, 10.0]]), (1,), (0.0, 10.0)).tolist()
    [[1.0, 0.0]]
    """
    result = items.copy()
    for question in questions:
        result[:, question] = scale[0] + scale[1] - result[:, question]
    return result
