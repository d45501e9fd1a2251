"""What every question needs: where it stands in the file, which outcomes count, and what a number rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sroi.errors import Path
from sroi.estimate import Estimate
from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome, PartOfStakeholder, Stakeholder

# Words in the names of organisations, or of people who work for one: they are not those whose lives outcomes tell of.
# Looked up as words, singular, and not searched for as a pattern: `sroi evaluate` asks this each time it starts.
_ORGANISATIONS = frozenset(
    """authority council nhs hospital clinic school college university police prison court government ministry
    department agency state treasury exchequer municipality taxpayer charity trust foundation funder donor investor
    commissioner partner organisation organization employer company business firm ltd inc plc church landlord service
    staff team manager management trustee coordinator project programme""".split()  # noqa: SIM905
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
    """Say whether a stakeholder's name reads like that of an organisation, or of people who work for one.

    >>> is_organisation("Local authorities"), is_organisation("Older people living alone")
    (True, False)
    """
    letters = "".join(letter if letter.isalpha() else " " for letter in words.lower())
    return any(
        {word, word.removesuffix("s"), word.removesuffix("es"), f"{word.removesuffix('ies')}y"} & _ORGANISATIONS
        for word in letters.split()
    )


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


def larger_groups(by_id: Mapping[str, Stakeholder], stakeholder_id: str) -> tuple[str, ...]:
    """Return a stakeholder's id and that of every larger one that it is a part of, the nearest first."""
    line = [stakeholder_id]
    larger = by_id[stakeholder_id].part_of
    while larger is not None and larger in by_id and larger not in line:
        line.append(larger)
        larger = by_id[larger].part_of
    return tuple(line)


def share_people(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Say whether two groups share people: the same, or the one a part of the other. Two parts of a third do not.

    Parameters: each group with the larger ones that it is a part of, as `larger_groups` gives them.

    >>> share_people(("men", "residents"), ("residents",)), share_people(("men", "residents"), ("women", "residents"))
    (True, False)
    """
    return one[0] in other or other[0] in one


def named(labels: list[str], most: int = 3) -> str:
    """Return a few names in one phrase.

    >>> named(["A", "B", "C", "D", "E"])
    'A; B; C; and 2 more'
    """
    more = f"; and {len(labels) - most} more" if len(labels) > most else ""
    return f"{'; '.join(labels[:most])}{more}"
