"""What of a framework may leave: licensed values stay with the user, unless they say that they may be passed on.

Here a value can be held back by itself, other than in a value map: no sum of a framework gives it away.
"""

from __future__ import annotations

import re

from sroi.commissioning.frameworks.framework import Framework, Item, Measure, Theme
from sroi.errors import LicenceRefused, Problem

ALLOW = "--allow-private"
HELD_BACK = "held back: its licence does not say that it may be passed on"
_ITEM_TEXTS = ("summary", "note")
_TEXTS = (*_ITEM_TEXTS, "wording", "definition", "evidence")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def is_private(framework: Framework) -> bool:
    """Say whether a framework's values may not be passed on: a user's file that does not say that they may.

    A shipped model that a user completed without any value in money has nothing to hold back.
    """
    if framework.is_shipped or framework.passing_on is True:
        return False
    return not framework.completes or any(each.proxy is not None for *_, each in framework.measures())


def private_values(framework: Framework) -> int:
    """Return how many values of a framework may not be passed on."""
    return sum(each.proxy is not None for *_, each in framework.measures()) if is_private(framework) else 0


def open_part(framework: Framework, allowed: bool = False) -> Framework:
    """Return what of a framework may leave; all of it, if its holder says so (`allowed`).

    Without leave no value leaves, and of somebody else's framework no wording, definition, evidence, summary or note
    either: they are licensed too, and may repeat the value.
    """
    if allowed or not is_private(framework):
        return framework
    themes = tuple(_bare_theme(theme, own=bool(framework.completes)) for theme in framework.themes)
    return framework.model_copy(update={"themes": themes})


def _bare_theme(theme: Theme, own: bool) -> Theme:
    outcomes = tuple(
        outcome.model_copy(
            update={"measures": tuple(_bare(each, own) for each in outcome.measures), **_silent(outcome, own)}
        )
        for outcome in theme.outcomes
    )
    return theme.model_copy(update={"outcomes": outcomes, **_silent(theme, own)})


def _silent(item: Item, own: bool) -> dict[str, str]:
    """Return the texts of an item that are emptied: none of what the program itself brought."""
    return {} if own and item.origin == "shipped" else dict.fromkeys(_ITEM_TEXTS, "")


def _bare(measure: Measure, own: bool) -> Measure:
    texts = {} if own and measure.origin == "shipped" else dict.fromkeys(_TEXTS, "")
    kept = {name: _without(getattr(measure, name), measure.proxy) for name in ("name", "code", "unit")}
    return measure.model_copy(update={**kept, "proxy": None, **texts})


def _without(text: str, value: float | None) -> str:
    """Return a text in which a value does not stand, to the penny or to the pound.

    >>> _without("A job (worth £7,351)", 7351.37)
    'A job (worth £..)'
    """
    if value is None:
        return text
    alike = {f"{value:g}", f"{value:.2f}", f"{value:.0f}", f"{int(value)}"}
    return _NUMBER.sub(lambda found: ".." if found[0].replace(",", "") in alike else found[0], text)


def refuse_private(framework: Framework, what: str, allowed: bool = False) -> None:
    """Let a framework pass whose content may leave whole, or whose holder says so; else LicenceRefused."""
    if allowed or not is_private(framework):
        return
    licence = f" (licence: {framework.licence})" if framework.licence else ""
    found = f"{what} would pass on '{framework.title}'{licence}, and its file does not say that it may be passed on"
    remedy = f"If your licence allows it, say passing_on: yes in the file or mapping, or {ALLOW}."
    raise LicenceRefused(Problem(found, remedy), framework.file)
