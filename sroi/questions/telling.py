"""What the map says in words: what it is for, what it cannot say, what will be decided, and what a ratio means."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.questions.asking import place_of
from sroi.result import Result

# A ratio told as cash: "for every 1 spent, 3 are returned in savings", "a profit of ..".
_CASH_WORDS = ("profit", "cash", "saving", "saved", "saves", "financial return")
_CASH = (
    r"(?:for every|for each|every|each) (?:[£$€] ?1|pound|euro|dollar)\b[^.]{0,80}\b"
    r"(?:profits?|cash|in savings|is saved|are saved|saves|financial return)\b"
)


def frame(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask for purpose, audience and scope."""
    told = impact_map.narrative
    missing = [name for name in ("purpose", "audience", "scope") if told is None or getattr(told, name) is None]
    if missing:
        listed = " and ".join([", ".join(missing[:-1]), missing[-1]] if missing[:-1] else missing)
        yield Finding(
            "frame_missing", "low", 6, f"narrative.{missing[0]}",
            f"the map does not say its {listed}",
            "Write under narrative why it was made, for whom, and what is in and what is out.",
            place_of(impact_map, "narrative"),
        )  # fmt: skip


def limits(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask what the analysis cannot say."""
    if impact_map.narrative is None or impact_map.narrative.limits is None:
        yield Finding(
            "limits_missing", "medium", 5, "narrative.limits",
            "the map does not say what it cannot say",
            "Write under narrative: {limits: ..} what was not measured, who was not asked, what is judgement.",
            place_of(impact_map, "narrative"),
        )  # fmt: skip


def decisions(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask what will be decided with the analysis."""
    if impact_map.narrative is None or impact_map.narrative.decisions is None:
        yield Finding(
            "decisions_missing", "low", 8, "narrative.decisions",
            "the map does not say what will be decided with it",
            "Write under narrative: {decisions: ..} what may change because of it, and who decides.",
            place_of(impact_map, "narrative"),
        )  # fmt: skip


def cash(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about words that tell the ratio as if it were cash."""
    told = impact_map.narrative
    texts = [("title", impact_map.title), ("activities", impact_map.activities)]
    texts += (
        [(f"narrative.{name}", getattr(told, name)) for name in type(told).model_fields] if told is not None else []
    )
    for where, text in texts:
        line = " ".join((text or "").split())
        if not any(word in line.lower() for word in _CASH_WORDS):  # the pattern is dear to build
            continue
        found = re.search(_CASH, line, re.IGNORECASE)
        if found:
            yield Finding(
                "told_as_cash", "medium", 5, where,
                f"'{found.group(0)}' tells the ratio as if it were cash",
                "Say it as value: about so much of social value for each 1 put in, not cash.",
                place_of(impact_map, *where.split(".")),
            )  # fmt: skip
