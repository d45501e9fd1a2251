"""Goals that a commitment may be tagged with: those of Wales, Scotland and the United Nations, by framework and id."""

from __future__ import annotations

from functools import cache

from sroi.commissioning.frameworks.shipped import framework

_TAGS = {"wales": "wales_wellbeing_2015", "scotland": "scotland_outcomes_2018", "un": "un_goals"}
# A tag is a nation's, or everybody's: whose authority is expected to say which goals are served.
EXPECTED = {"Wales": "wales"}


@cache
def goals() -> dict[str, str]:
    """Return the goals' names by tag.

    >>> goals()["wales.healthier"]
    'A healthier Wales (Well-being of Future Generations (Wales) Act 2015)'
    """
    return {
        f"{short}.{outcome.id}": f"{outcome.label} ({framework(id_).title.partition(':')[0]})"
        for short, id_ in _TAGS.items()
        for theme, outcome in framework(id_).outcomes()
        if theme.id in ("goals", "national_outcomes")
    }
