"""What of a framework may leave: licensed values stay with the user, unless they say that they may be passed on.

Here a value can be held back by itself, other than in a value map: no sum of a framework gives it away.
"""

from __future__ import annotations

from sroi.commissioning.frameworks.framework import Framework, Measure, Theme
from sroi.errors import LicenceRefused, Problem

ALLOW = "--allow-private"
HELD_BACK = "held back: its licence does not say that it may be passed on"
_TEXTS = ("summary", "definition", "evidence", "note")


def is_private(framework: Framework) -> bool:
    """Say whether a framework's values may not be passed on: a user's file that does not say that they may."""
    return not framework.is_shipped and framework.passing_on is not True


def private_values(framework: Framework) -> int:
    """Return how many values of a framework may not be passed on."""
    return sum(each.proxy is not None for _, _, each in framework.measures()) if is_private(framework) else 0


def open_part(framework: Framework, allowed: bool = False) -> Framework:
    """Return what of a framework may leave; all of it, if its holder says so (`allowed`).

    Without leave no value leaves, and of somebody else's framework no definition, evidence, summary or note either:
    they may repeat the value.
    """
    if allowed or not is_private(framework):
        return framework
    themes = tuple(_bare_theme(theme, own=bool(framework.completes)) for theme in framework.themes)
    return framework.model_copy(update={"themes": themes})


def _bare_theme(theme: Theme, own: bool) -> Theme:
    outcomes = tuple(
        outcome.model_copy(update={"measures": tuple(_bare(measure, own) for measure in outcome.measures)})
        for outcome in theme.outcomes
    )
    return theme.model_copy(update={"outcomes": outcomes})


def _bare(measure: Measure, own: bool) -> Measure:
    texts = {} if own else dict.fromkeys(_TEXTS, "")
    return measure.model_copy(update={"proxy": None, **texts})


def refuse_private(framework: Framework, what: str, allowed: bool = False) -> None:
    """Let a framework pass whose content may leave whole, or whose holder says so; else LicenceRefused."""
    if allowed or not is_private(framework):
        return
    licence = f" (licence: {framework.licence})" if framework.licence else ""
    found = f"{what} would pass on '{framework.title}'{licence}, and its file does not say that it may be passed on"
    remedy = f"If your licence allows it, say passing_on: yes in the file or mapping, or {ALLOW}."
    raise LicenceRefused(Problem(found, remedy), framework.file)
