"""One name for each place, however value maps, registers and settings write it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sroi.commissioning.place.gazetteer import Lookup, Place, find_place, plain_name
from sroi.commissioning.place.settings import OwnPlace

NOWHERE = ""


@dataclass(frozen=True)
class Known:
    """A place by its one name: the authority that it is, what the user says of it, or neither."""

    name: str
    place: Place | None = None
    own: OwnPlace | None = None

    @property
    def authority(self) -> Place | None:
        """The authority that it is, or lies in."""
        return self.place or (self.own.within if self.own is not None else None)

    @property
    def population(self) -> float | None:
        """Its residents, if the user gave them."""
        return None if self.own is None else self.own.population

    @property
    def deprived_share(self) -> float | None:
        """Of its neighbourhoods, those among England's most deprived tenth: as the user gives it, or the authority's.

        A place within an authority has no share of its own unless the user gives one: the authority's is not its.
        """
        if self.own is not None and self.own.deprived_share is not None:
            return self.own.deprived_share
        return None if self.place is None or self.place.deprivation is None else self.place.deprivation.share

    @property
    def is_known(self) -> bool:
        """Whether it is an authority, or was described."""
        return self.place is not None or self.own is not None


class Names:
    """Finds the one name of a place, and keeps how each writing was taken."""

    def __init__(self, own: Iterable[OwnPlace]) -> None:
        self._own = {plain_name(written): each for each in own for written in (each.name, *each.also)}
        self._known: dict[str, Known] = {}
        self._lookups: dict[str, Lookup] = {}

    def known(self, written: str) -> Known:
        """Return the place that a writing means; one that nobody knows keeps its own words."""
        text = " ".join(written.split())
        key = plain_name(text)
        if key not in self._known:
            self._known[key] = self._find(text, key)
        return self._known[key]

    def _find(self, text: str, key: str) -> Known:
        if not key:
            return Known(NOWHERE)
        own = self._own.get(key)
        lookup = find_place(own.name if own is not None else text)
        if own is None and lookup.place is not None:
            # Whoever describes an authority may write its name, and a map its code.
            own = self._own.get(plain_name(lookup.place.name))
        if own is not None:
            # A described place that has an authority's name is that authority, unless it is said to lie in one.
            return Known(own.name, lookup.place if own.within is None else None, own)
        self._lookups[text] = lookup
        if lookup.place is not None:
            return Known(lookup.place.name, lookup.place)
        return Known(text)

    def name_of(self, written: str) -> str:
        """Return the one name of a place, or the words themselves, without keeping how they were taken: for a file."""
        text = " ".join(written.split())
        own = self._own.get(plain_name(text))
        if own is not None:
            return own.name
        place = find_place(text, nearest=False).place
        return text if place is None else self.known(place.name).name

    @property
    def unknown(self) -> tuple[Lookup, ...]:
        """The writings that are neither authorities nor described, with the nearest names."""
        return tuple(each for each in self._lookups.values() if each.place is None)

    @property
    def taken(self) -> tuple[Lookup, ...]:
        """The writings that were taken to be an authority by a part of its name, or by a code that it had."""
        return tuple(each for each in self._lookups.values() if each.how in ("short name", "former code"))
