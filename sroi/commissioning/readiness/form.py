"""The form of the self-check: about half an hour, a sheet for each principle, a row for each time that it is done."""

from __future__ import annotations

from sroi.commissioning.readiness.example import EXAMPLE
from sroi.commissioning.readiness.facts import HIGHEST, LOWEST, Principle, level_words, levels, principles
from sroi.files.form import Column, Form, Part

__all__ = ["EXAMPLE", "FORM"]

_ABOUT = Part(
    "about",
    "About",
    "Whose self-check this is.",
    (
        Column("organisation", "Organisation", "title", "Its name.", required=True),
        Column("scope", "What it covers", help="Such as the whole organisation, or one service."),
        Column("aim", "Level aimed for", "whole", "1 to 5; empty: the next one up.", low=LOWEST, high=HIGHEST),
    ),
    single=True,
)

_CHECKS = Part(
    "checks",
    "Checks",
    "The days on which it was done. Do it again in a year in the same file: the change is shown.",
    (
        Column("day", "Day", "day", "The day of the self-check.", required=True),
        Column("who", "Who took part", help="Roles, not names: finance lead, two volunteers."),
        Column("note", "Note", help="What a reader should know."),
    ),
    key=("day",),
)


def _sheet(principle: Principle) -> Part:
    """Return the sheet of a principle: its levels on top, for each question the level claimed and what shows it."""
    scale = " ".join(f"{place}: {text}" for place, text in enumerate(principle.levels, 1))
    columns = [
        Column("day", "Day", "day", "A day of the sheet Checks.", required=True, refers_to="checks.day"),
    ]
    for letter, question in zip("abc", principle.questions, strict=False):
        heading = f"{principle.number}{letter} level"
        # The question stands over the wider cell.
        shows = f"{question.text} Name what shows it: without it a level above 1 does not count."
        columns += [
            Column(f"{question.id}_level", heading, "whole", "1 to 5.", low=LOWEST, high=HIGHEST),
            Column(f"{question.id}_evidence", f"{principle.number}{letter} evidence", help=shows),
        ]
    columns.append(Column("next_step", "Next step agreed", help="Who does what by when, if you agreed one."))
    heading = f"{principle.number} {principle.name}"
    return Part(principle.id, heading, scale, tuple(columns), required=False, key=("day",))


FORM = Form(
    "readiness",
    "Self-check: how ready are we to account for social value?",
    (
        "About half an hour with two or three colleagues. Write the day in "
        "Checks, then one row in each principle's sheet.",
        "Levels: " + "; ".join(f"{level_words(place)}: {each.means}" for place, each in enumerate(levels(), 1)) + ".",
        "Name what shows each level. A level above 1 without evidence counts as not shown. There is no total: "
        "the lowest principle stands first.",
    ),
    (_ABOUT, _CHECKS, *(_sheet(each) for each in principles())),
)
