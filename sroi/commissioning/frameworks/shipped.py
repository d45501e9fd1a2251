"""The frameworks that travel with the program, as far as they are open and were seen."""

from __future__ import annotations

import re
from functools import cache

from sroi.commissioning.frameworks.framework import Framework
from sroi.commissioning.shipped_facts import shipped_facts
from sroi.errors import NameRefused, Problem, did_you_mean

# The models in the order in which they follow one another, then the tags.
SHIPPED = ("ppn_06_20", "ppn_002", "ppn_026", "wales_wellbeing_2015", "scotland_outcomes_2018", "un_goals")
MODELS = SHIPPED[:3]


@cache
def framework(id: str) -> Framework:
    """Return the shipped framework of that id; NameRefused, with the nearest, if there is none.

    >>> framework("ppn_026").title
    'PPN 026: The Social Value Model'
    """
    if id not in SHIPPED:
        raise NameRefused(Problem(f"there is no framework '{id[:60]}'", did_you_mean(id, SHIPPED)))
    facts = dict(shipped_facts("frameworks", f"{id}.yaml"))
    assert facts.pop("schema") == "commissioning-framework/1"
    return Framework.model_validate(facts)


def frameworks() -> tuple[Framework, ...]:
    """Return every shipped framework."""
    return tuple(framework(id) for id in SHIPPED)


def named_framework(name: str) -> Framework | None:
    """Return the shipped framework that a tender's words name, None if they name none that is shipped.

    >>> named_framework("Procurement Policy Note 02/25 ") is None, named_framework("PPN 06/20").id
    (True, 'ppn_06_20')
    """
    return next((each for each in frameworks() if answers_to(each, name)), None)


def answers_to(each: Framework, name: str) -> bool:
    """Say whether a framework is called so: by its id, its title or another of its names."""
    return _plain(name) in {_plain(word) for word in (each.id, each.title, *each.also_called)}


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())
