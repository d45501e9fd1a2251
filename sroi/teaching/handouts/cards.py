"""Cards of a map to lay on a table: who changes, and what changes for them. No card shows money."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome, Stakeholder
from sroi.reports.handout import CARDS_A_PAGE, Card, Deck
from sroi.wording import CURRENCY_OF, plain

BLANK_STAKEHOLDER = Card("stakeholder", "", (("How many?", ""), ("Part of?", ""), ("What they said:", ""), ("", "")))
BLANK_OUTCOME = Card("outcome", "", (("For whom?", ""), ("Unit:", ""), ("Rank:", ""), ("Why?", "")))

# Letters that a card has room for; what is longer ends in an ellipsis.
_NAME, _DETAIL, _SAID = 160, 110, 240
_READ = 2_000  # letters of an outcome that are looked through for sums


def cards(impact_map: ImpactMap) -> Deck:
    """Return a map's cards: stakeholders with name, size and what they said, outcomes with description and unit.

    Every stakeholder and outcome has a card, those too that the map leaves out: what matters is for the room to say.
    Sums of money are taken out of an outcome's words. Where a page has room left, blank cards fill it.
    """
    names = {stakeholder.id: stakeholder.label for stakeholder in impact_map.stakeholders}
    people = [_stakeholder(each, names) for each in impact_map.stakeholders]
    changes = [_outcome(each, names, impact_map.currency) for each in impact_map.outcomes]
    pages = (*_pages(people, BLANK_STAKEHOLDER), *_pages(changes, BLANK_OUTCOME))
    return Deck(f"Cards: {impact_map.title}", pages, of=impact_map.title)


def blank_cards() -> Deck:
    """Return a page of blank stakeholder cards and one of blank outcome cards."""
    return Deck("Blank cards", ((BLANK_STAKEHOLDER,) * CARDS_A_PAGE, (BLANK_OUTCOME,) * CARDS_A_PAGE))


def _pages(made: Sequence[Card], blank: Card) -> list[tuple[Card, ...]]:
    filled = [*made, *[blank] * (-len(made) % CARDS_A_PAGE)]
    return [tuple(filled[start : start + CARDS_A_PAGE]) for start in range(0, len(filled), CARDS_A_PAGE)]


def _stakeholder(stakeholder: Stakeholder, names: dict[str, str]) -> Card:
    size = "" if stakeholder.size is None else plain(stakeholder.size.base)
    lines = [("How many?", size)]
    if stakeholder.part_of:
        lines.append(("Part of:", shortened(names.get(stakeholder.part_of, stakeholder.part_of), _DETAIL)))
    if stakeholder.segment:
        lines.append(("", shortened(stakeholder.segment, _DETAIL)))
    said = next((each.said for each in stakeholder.involved if each.said), "")
    if not said:
        lines.append(("What they said:", ""))
    return Card("stakeholder", shortened(stakeholder.label, _NAME), tuple(lines), shortened(said, _SAID))


def _outcome(outcome: Outcome, names: dict[str, str], currency: str) -> Card:
    def told(text: str, most: int) -> str:
        return shortened(without_sums(text[:_READ], currency), most)

    unit = (outcome.proxy.unit if outcome.proxy is not None else None) or ""
    whom = names.get(outcome.stakeholder, outcome.stakeholder)
    lines = (("For:", told(whom, _DETAIL)), ("Unit:", told(unit, _DETAIL)), ("Rank:", ""), ("Why?", ""))
    return Card("outcome", told(outcome.label, _NAME), lines)


def shortened(text: str, most: int) -> str:
    """Return a text on one line, cut off at a word where it is longer than a card has room for.

    >>> shortened("Less lonely,  more often\\nout of the house", 28)
    'Less lonely, more often…'
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    whole = kept.rpartition(" ")[0]
    return f"{whole if len(whole) > most // 2 else kept}…"


_NUMBER = r"\d+(?:[.,'\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d+)?(?:\s?(?:k|m|bn|thousand|million|billion)\b)?"


def without_sums(text: str, currency: str) -> str:
    """Return a text in which a blank stands where a sum of money stood.

    >>> without_sums("Saves the GP £19 a visit, or 1,140 GBP a year, for 90 people", "GBP")
    'Saves the GP ___ a visit, or ___ a year, for 90 people'
    """
    signs = f"[{''.join(map(re.escape, CURRENCY_OF))}¥₹₩₦₱฿₫₺₴₽]"
    codes = "|".join(map(re.escape, {currency, *CURRENCY_OF.values()}))
    unit = rf"(?:{signs}|\b(?:{codes}|pounds?|pence|euros?|dollars?|cents?)\b)"
    return re.sub(rf"[−-]?{unit}\s?[−-]?{_NUMBER}|{_NUMBER}\s?{unit}", "___", text, flags=re.IGNORECASE)
