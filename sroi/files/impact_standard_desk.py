"""How texts, numbers and days of a file of the Common Impact Data Standard are read, and what is noted on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pydantic_core import PydanticCustomError

from sroi.files import impact_standard_terms as terms
from sroi.files.foreign_build import Ids
from sroi.files.impact_standard_graph import Graph, Thing
from sroi.reading import AMOUNT, LONGEST_TEXT, NOT_STATED, Kind, read_number, read_text

_MOST_REPAIRS, _MOST_TAGS = 2000, 200


class Desk:
    """What every part of a reading works with: the things, their ids, and where to note what was guessed."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.ids = Ids()
        self.given: set[str] = set()
        self.repairs: dict[str, None] = dict.fromkeys(list(graph.repairs)[:20])
        self.places: dict[tuple[str | int, ...], str] = {}
        self.units: dict[str, None] = {}

    def repair(self, words: str) -> None:
        """Note a guess or a repair, once; after very many, only that there are more."""
        self.repairs[words if len(self.repairs) < _MOST_REPAIRS else "And more of the like"] = None

    def id_of(self, thing: Thing, name: str | None, otherwise: str) -> str:
        """Return an id for a thing: that which this program once wrote, or one made from its name."""
        own = terms.own_id(thing.iri)
        if own is not None and own not in self.given:
            self.given.add(own)
            return own
        return self.ids.make(name or otherwise, otherwise)

    def words(self, thing: Thing, *names: str) -> str | None:
        """Return what one of these properties says, fit for a document; None if nothing."""
        return self.clean(self.graph.text(thing, *names), names[0])

    def clean(self, text: str, what: str) -> str | None:
        """Return a text without what no document may hold."""
        try:
            return read_text(text) or None
        except PydanticCustomError:
            kept = "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")[:LONGEST_TEXT]
            self.repair(f"{what}: a text too long or with control characters was cut to what a document may hold")
            return kept.strip() or None

    def number(self, thing: Thing, name: str, kind: Kind = AMOUNT, label: str = "a value") -> float | None:
        """Return the number of a measure that a property names; None if there is none, or none that can be read."""
        for link in thing.properties.get(name, {}):
            measure = self.graph.things.get(link)
            text = self.graph.text(measure, "hasNumericalValue") if measure is not None else link.strip()
            if not text or text == NOT_STATED:
                continue
            try:
                return read_number(f"{text}%" if kind.per_cent and not text.endswith("%") else text, kind)
            except PydanticCustomError as error:
                context = error.context or {}
                self.repair(f"{label} left out: {context['found']}. {context['remedy']}")
        return None

    def unit(self, thing: Thing, name: str = "") -> str:
        """Return the unit of a thing, or of the measure that a property names, as a word or an address."""
        holders = [*self.graph.linked(thing, name), thing] if name else [thing]
        for holder in holders:
            for link in holder.properties.get("unit_of_measure", {}):
                unit = self.graph.things.get(link)
                words = self.graph.text(unit, "symbol", "hasName") if unit is not None else ""
                bare = words or (link if link.startswith(terms.PREFIXES["i72"]) else _last_word(link))
                if len(bare) == 3 and bare.isascii() and bare.isalpha() and "nit" not in bare:
                    self.units[bare.upper()] = None
                return self.clean(bare, "a unit") or ""
        return ""

    def tags_of(self, thing: Thing) -> list[str]:
        """Return the tags that a thing's themes and codes are: UN goals by their number, codes as written, words."""
        found: dict[str, None] = {}
        for key in ("forTheme", "hasCode"):
            for link in list(thing.properties.get(key, {}))[:_MOST_TAGS]:
                theme = self.graph.things.get(link)
                found |= dict.fromkeys(self._tags(link, theme))
                if theme is not None and key == "forTheme":
                    codes = list(theme.properties.get("hasCode", {}))[:_MOST_TAGS]
                    found |= dict.fromkeys(
                        tag for each in codes for tag in self._tags(each, self.graph.things.get(each))
                    )
        return list(found)[:_MOST_TAGS]

    def _tags(self, link: str, thing: Thing | None) -> list[str]:
        goal = terms.goal_of(link)
        if goal is not None:
            return [terms.goal_tag(goal)]
        if thing is None or not thing.properties:
            return [tag for tag in [self.clean(_last_word(link), "a tag")] if tag]
        names = ("codeValue", "hasIdentifier", "hasName") if "Code" in thing.types else ("hasName", "hasIdentifier")
        named = self.words(thing, *names)
        return [named] if named else []


def day_of(text: str) -> date | None:
    """Return the day of a moment as the standard writes it, by the clock of Greenwich; None if it is none.

    >>> day_of("2023-12-31T19:00:00-08:00"), day_of("soon")
    (datetime.date(2024, 1, 1), None)
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment.astimezone(UTC) if moment.tzinfo is not None else moment).date()
    except (ValueError, OverflowError):
        return None


def told_once(name: str | None, said: str | None, own: str) -> str | None:
    """Return a name and a description as one text, each once; None if there are only words that were filled in."""
    name = None if name == own and said == terms.NOT_DESCRIBED else name
    said = None if said == terms.NOT_DESCRIBED else said
    bare = (said or "").removeprefix("Description:").strip()
    if said is None or not bare or bare == name:
        return name
    return (said if not name or bare.startswith(name) else f"{name}: {said}")[:LONGEST_TEXT]


def _last_word(link: str) -> str:
    return link.rstrip("/").replace("#", "/").rpartition("/")[2]
