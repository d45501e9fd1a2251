"""Words looked for in frameworks: every theme, outcome and measure that holds all of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sroi.commissioning.frameworks.framework import Framework, Item, Measure

_TEXTS = ("id", "name", "code", "wording", "summary", "unit", "definition", "evidence", "note")


@dataclass(frozen=True)
class Hit:
    """One item that was found: its framework, what stands above it, and the item."""

    framework: Framework
    above: tuple[str, ...]
    item: Item

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it; no value in money is in it."""
        return {
            "framework": self.framework.id,
            "above": list(self.above),
            "kind": self.item.kind if isinstance(self.item, Measure) else type(self.item).__name__.lower(),
            "id": self.item.id,
            "label": self.item.label,
            "sureness": self.item.sureness or None,
            "origin": self.item.origin,
        }


def search(frameworks: Iterable[Framework], words: Sequence[str]) -> list[Hit]:
    """Return what holds every one of the words, whatever their case and accents, framework by framework.

    >>> from sroi.commissioning.frameworks.shipped import frameworks
    >>> [hit.item.label for hit in search(frameworks(), ["modern", "slavery"])]
    ['Identifying modern slavery']
    """
    wanted = [_plain(part) for word in words for part in word.split()]
    return [
        Hit(framework, above, item)
        for framework in frameworks
        for above, item in _placed(framework)
        if wanted and _holds(item, wanted)
    ]


def _placed(framework: Framework) -> Iterable[tuple[tuple[str, ...], Item]]:
    for theme in framework.themes:
        yield (), theme
        for outcome in theme.outcomes:
            yield (theme.label,), outcome
            for measure in outcome.measures:
                yield (theme.label, outcome.label), measure


def _holds(item: Item, wanted: list[str]) -> bool:
    text = " ".join(_plain(str(getattr(item, name, ""))) for name in _TEXTS)
    return all(word in text for word in wanted)


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))
