"""Which aspects of two maps change together: those that cannot be mixed, one as it was and another as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sroi.comparison.aspects import Key, Pair, anchor, deductions, ordered
from sroi.nouns import Outcome, PartOfStakeholder


class Groups:
    """The aspects that differ, in groups that change together; each group goes by the first of its aspects by name.

    Two aspects are one group where a map with the one as it was and the other as it is would be no map: proxies that
    are anchored in another way, and numbers by year when the activity runs for another number of years.
    """

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.keys = list(dict.fromkeys(pair.differ()))
        self._known = set(self.keys)
        self._leader = {key: key for key in self.keys}
        self._join_anchored()
        self._join_by_year()

    def of(self, key: Key) -> Key:
        """Return the group of an aspect that differs."""
        while self._leader[key] != key:
            key = self._leader[key]
        return key

    def differs(self, key: Key) -> bool:
        """Say whether the two maps differ in an aspect."""
        return key in self._known

    def members(self, group: Key) -> list[Key]:
        """Return the aspects of a group, in the order of the maps."""
        return [key for key in self.keys if self.of(key) == group]

    def join(self, keys: Iterable[Key]) -> None:
        """Let aspects change together."""
        # By name, so that the group goes by the same aspect whichever of the two maps comes first.
        leaders = sorted({self.of(key) for key in keys if key in self._known})
        for leader in leaders[1:]:
            self._leader[leader] = leaders[0]

    def chains(self) -> Iterator[list[str]]:
        """Yield the ids of outcomes that are anchored to each other, in either map, set by set."""
        left = dict.fromkeys(ordered(*self.pair.outcomes))
        links: dict[str, set[str]] = {name: set() for name in left}
        for own in self.pair.outcomes:
            for outcome in own.values():
                other = anchor(outcome)
                if other:
                    links[outcome.id].add(other)
                    links[other].add(outcome.id)
        while left:
            found = [next(iter(left))]
            for name in found:
                left.pop(name, None)
                found += sorted(links[name] - set(found))
            if len(found) > 1:
                yield found

    def _join_anchored(self) -> None:
        for chain in self.chains():
            if any(self._priced_otherwise(name) for name in chain):
                self.join(Key("outcomes", name, "proxy") for name in chain)

    def _priced_otherwise(self, name: str) -> bool:
        both = [own[name] for own in self.pair.outcomes if name in own]
        ways = {(outcome.proxy is None, anchor(outcome)) for outcome in both}
        return len(ways) > 1

    def _join_by_year(self) -> None:
        if self.pair.maps[0].activity.years == self.pair.maps[1].activity.years:
            return
        for name in ordered(*self.pair.outcomes):
            if all(name in own for own in self.pair.counted):
                was, now = (self._by_year(self.pair.outcomes[side][name], side) for side in (0, 1))
                if was and now:
                    self.join([*was, *now])

    def _by_year(self, outcome: Outcome, side: int) -> list[Key]:
        """Return the aspects of an outcome that are by year in one of the maps."""
        own = self.pair.outcomes[side]
        found = []
        if not isinstance(outcome.quantity, PartOfStakeholder) and _is_by_year(outcome.quantity):
            found.append(Key("outcomes", outcome.id, "quantity"))
        end = own[chain_of(outcome.id, own)[-1]]
        if end.proxy is not None and _is_by_year(end.proxy.value):
            found.append(Key("outcomes", end.id, "proxy"))
        if any(part.by_year for part in deductions(outcome)):
            found.append(Key("outcomes", outcome.id, "deductions"))
        return found


def chain_of(name: str, own: dict[str, Outcome]) -> list[str]:
    """Return an outcome and those by whose value it is priced, one after the other, to that which has the money."""
    chain = [name]
    while (other := anchor(own[chain[-1]])) is not None:
        chain.append(other)
    return chain


def _is_by_year(number: object) -> bool:
    values = getattr(number, "years", ())
    return len(values) > 1
