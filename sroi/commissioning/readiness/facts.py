"""The questions, levels and next steps of the self-check, in our own words; names of others are credited."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from sroi.commissioning.shipped_facts import Fact, shipped_facts

LOWEST, HIGHEST = 1, 5


class Question(Fact):
    """One question of the self-check."""

    id: str
    text: str


class Help(Fact):
    """A command of this program that helps, and how."""

    command: str
    helps: str


class Principle(Fact):
    """A principle: its number and name, what is asked about it, what each level looks like, what helps."""

    number: int
    id: str
    name: str
    questions: tuple[Question, ...] = Field(min_length=2, max_length=3)
    levels: tuple[str, ...] = Field(min_length=HIGHEST, max_length=HIGHEST)
    commands: tuple[Help, ...] = Field(min_length=1)


class Level(Fact):
    """A level's name, and what it means of any principle."""

    name: str
    means: str


@cache
def principles() -> tuple[Principle, ...]:
    """Return the eight principles in their order.

    >>> [each.name for each in principles()][:2]
    ['Involve stakeholders', 'Understand what changes']
    """
    told = shipped_facts("readiness.yaml")["principles"]
    return tuple(Principle.model_validate({"number": place, **each}) for place, each in enumerate(told, 1))


@cache
def levels() -> tuple[Level, ...]:
    """Return the five levels, the lowest first.

    >>> [each.name for each in levels()]
    ['minimum', 'developing', 'mature', 'leader', 'innovator']
    """
    return tuple(Level.model_validate(each) for each in shipped_facts("readiness.yaml")["levels"])


def name_credits() -> tuple[str, ...]:
    """Return whose names are used."""
    return tuple(shipped_facts("readiness.yaml")["credits"])


def level_words(level: int) -> str:
    """Return a level by its number and name; 0 is one that is not shown.

    >>> level_words(3), level_words(0)
    ('3 mature', 'not shown')
    """
    return f"{level} {levels()[level - 1].name}" if level else "not shown"
