"""What every question needs: where it stands in the file, which outcomes count, and what a number rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sroi.errors import Path
from sroi.estimate import Estimate
from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome, PartOfStakeholder

# Names that are those of an organisation, or of people who work for one: they do not change themselves, or are not
# those whose lives the outcomes tell of.
_ORGANISATION = (
    r"\b(authorit\w+|council\w*|nhs|hospital\w*|health (?:service|board|centre)s?|clinic\w*|school\w*|colleges?|"
    r"universit\w+|polic\w+|prison\w*|courts?|government\w*|ministr\w+|departments?|agenc\w+|state|treasury|exchequer|"
    r"municipalit\w+|taxpayers?|charit\w+|trusts?|foundations?|funders?|donors?|investors?|commissioners?|partners?|"
    r"organi[sz]ations?|employers?|compan\w+|business\w*|firms?|ltd|inc|plc|churches|church|landlords?|services?|"
    r"staff|team|managers?|management|trustees|coordinators?|project|programme)\b"
)
# A sample smaller than this says little of a group: our convention, and said to be one.
SMALL_SAMPLE = 30


def place_of(impact_map: ImpactMap, *path: str | int) -> int | str | None:
    """Return where a part of the map stands in its file, if it was read from one."""
    origin = impact_map.origin
    place: Path = tuple(path)
    return origin.place(place) if origin is not None else None


def counted(impact_map: ImpactMap) -> Iterator[tuple[int, Outcome]]:
    """Yield the outcomes that enter the total, each with its place in the list."""
    uncounted = impact_map.not_counted()
    for place, outcome in enumerate(impact_map.outcomes):
        if outcome.id not in uncounted:
            yield place, outcome


def is_organisation(words: str) -> bool:
    """Say whether a stakeholder's name reads like that of an organisation, or of people who work for one."""
    return re.search(_ORGANISATION, words.replace("_", " "), re.IGNORECASE) is not None


def is_sourced(number: Estimate | None) -> bool:
    """Say whether a number, or each of its years, has a source or rests on a survey."""
    return number is not None and all(
        part.source or part.survey is not None or (part is not number and number.source) for part in number.parts()
    )


def is_reasoned(number: Estimate) -> bool:
    """Say whether anything is said of why a number is what it is: a reason, a source, a survey or experts."""
    return any(
        part.note or part.source or part.survey is not None or part.experts for part in (number, *number.parts())
    )


def people_of(outcome: Outcome) -> str:
    """Return the id of those who are counted by the outcome's quantity."""
    return outcome.quantity.of if isinstance(outcome.quantity, PartOfStakeholder) else outcome.stakeholder


def named(labels: list[str], most: int = 3) -> str:
    """Return a few names in one phrase.

    >>> named(["A", "B", "C", "D", "E"])
    'A; B; C; and 2 more'
    """
    more = f"; and {len(labels) - most} more" if len(labels) > most else ""
    return f"{'; '.join(labels[:most])}{more}"
