"""Suppliers that may be one, spelt in several ways: suggested, never merged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sroi.commissioning.spend.kinds import name_key

MOST_COMPARED = 20_000  # keys; beyond, slips of the pen are not looked for, and it is told
_SHORTEST, _LONGEST, _MOST_SHARING = 8, 60, 30


def spelt_alike(names: Sequence[str]) -> list[list[int]]:
    """Return groups of names, by place, that may be one: alike but for case, marks and legal form, or for a slip.

    A slip is one letter wrong, missing or too many, or two neighbours turned round, in keys of eight letters and more.
    Figures are part of who somebody is: School 12 is not School 13.

    >>> spelt_alike(["Fern & Sons", "Alder Grounds Ltd", "FERN AND SONS LTD", "Alder Gruonds", "School 1", "School 2"])
    [[0, 2], [1, 3]]
    """
    groups: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        if name:
            groups.setdefault(name_key(name), []).append(place)
    joined = {key: key for key in groups}

    def head(key: str) -> str:
        while joined[key] != key:
            key = joined[key]
        return key

    if len(groups) <= MOST_COMPARED:
        for one, other in _pairs([key for key in groups if _SHORTEST <= len(key) <= _LONGEST]):
            joined[head(other)] = head(one)
    found: dict[str, list[int]] = {}
    for key, places in groups.items():
        found.setdefault(head(key), []).extend(places)
    return sorted(sorted(places) for places in found.values() if len(places) > 1)


def _pairs(keys: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of keys that differ by a slip: such keys are equal once a letter of each is left out."""
    sharing: dict[str, list[str]] = {}
    for key in keys:
        left = {key, *(key[:place] + key[place + 1 :] for place, letter in enumerate(key) if not letter.isdigit())}
        for rest in left:
            others = sharing.setdefault(rest, [])
            yield from ((other, key) for other in others if _nearly(other, key))
            if len(others) < _MOST_SHARING:
                others.append(key)


def _nearly(one: str, other: str) -> bool:
    """Say whether two keys differ by a slip of the pen: one letter, or two neighbours turned round."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    for cut_one, cut_other in ((1, 1), (1, 0), (0, 1)):
        if one[start + cut_one :] == other[start + cut_other :]:
            return True
    return one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]
