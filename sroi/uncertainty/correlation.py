"""Numbers that rise and fall together: a Gaussian copula on those that a correlation names, and on no others.

A rank correlation of 1 or -1 is one draw for both numbers. For any other, standard normals with the correlation
2 sin(pi/6 rank) are made of the numbers' own chances. Rank correlations that cannot all hold are replaced by the
nearest ones that can (Higham 2002, doi:10.1093/imanum/22.3.329), and it is said in words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Protocol

import numpy as np

from sroi.formulas import Array
from sroi.names import is_year
from sroi.uncertainty.streams import SLICE, Chances, GivenChances, OppositeChances

# Correlations that differ by less are taken for the same.
_SAME = 1e-9


class Correlated(Protocol):
    """What is said of numbers that move together: as `Correlation` of a value map."""

    @property
    def numbers(self) -> Sequence[str]:
        """Their names."""

    @property
    def rank(self) -> float:
        """The rank correlation of every two of them, -1 to 1."""


@dataclass(frozen=True)
class Together:
    """Numbers that are to move together, whatever the map says."""

    numbers: tuple[str, ...]
    rank: float = 1.0


@dataclass(frozen=True, eq=False)
class Group:
    """Numbers that depend on each other.

    `roots` are numbers with chances of their own; `place` says for each name which root it follows, and whether it
    moves with it (1) or against it (-1). `mixing`, shape (root, root), lower triangular, makes correlated normals of
    independent ones.
    """

    names: tuple[str, ...]
    roots: tuple[str, ...]
    place: Mapping[str, tuple[int, int]]
    mixing: Array


@dataclass(frozen=True, eq=False)
class Copula:
    """The groups by the names of their numbers, and in words what could not be taken as it was stated."""

    groups: Mapping[str, Group] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def each(self) -> list[Group]:
        """Return every group once."""
        return list({group.names: group for group in self.groups.values()}.values())

    def chances(self, name: str, own: Callable[[str], Chances], stratified: bool = False) -> dict[str, Chances]:
        """Return the chances of all numbers of this number's group.

        Parameters: `own`, which gives a number's independent chances; `stratified`: whether they are a Latin hypercube,
        whose chances are then put in the order of the correlated ones and not changed (Iman and Conover 1982).
        """
        group = self.groups[name]
        chances = [own(root) for root in group.roots]
        if len(chances) > 1:
            from scipy import special

            normal = np.stack([special.ndtri(each.exactly()) for each in chances])
            starts = range(0, normal.shape[1], SLICE)
            mixed = np.hstack([group.mixing @ normal[:, start : start + SLICE] for start in starts])
            for place in range(1, len(chances)):
                if group.mixing[place, place] == 1.0:  # nothing of the others in it
                    continue
                if stratified:
                    order = np.argsort(np.argsort(mixed[place], kind="stable"), kind="stable")
                    chances[place] = GivenChances(np.sort(chances[place].exactly())[order])
                else:
                    chances[place] = GivenChances(special.ndtr(mixed[place]))
        return {
            each: chances[place] if sign > 0 else OppositeChances(chances[place])
            for each, (place, sign) in group.place.items()
        }


def copula_of(correlations: Sequence[Correlated], uncertain: Collection[str]) -> Copula:
    """Return the copula of these correlations on the numbers that are uncertain; others named in them are left out."""
    book = _Book()
    stated = [(_uncertain_names(each.numbers, uncertain), float(each.rank)) for each in correlations]
    # One draw for both: only where all pairs of an entry can be such.
    whole = [abs(rank) == 1.0 and (rank > 0 or len(names) == 2) for names, rank in stated]
    for (names, rank), merged in zip(stated, whole, strict=True):
        if merged:
            for one, other in combinations(names, 2):
                book.merge(one, other, 1 if rank > 0 else -1)
    for (names, rank), merged in zip(stated, whole, strict=True):
        if not merged:
            for one, other in combinations(names, 2):
                book.correlate(one, other, rank)
    groups = book.groups()
    return Copula({name: group for group in groups for name in group.names}, tuple(book.notes))


def _uncertain_names(names: Sequence[str], uncertain: Collection[str]) -> list[str]:
    """Return the uncertain ones, each once; a single year of a number stands for the whole of it."""
    found = set()
    for name in names:
        stem, _, last = name.rpartition(".")
        whole = stem if name not in uncertain and is_year(last) else name
        if whole in uncertain:
            found.add(whole)
    return sorted(found)


class _Book:
    """Who follows whom, and the normal correlations stated between those who follow nobody."""

    def __init__(self) -> None:
        self._follows: dict[str, tuple[str, int]] = {}
        self._stated: dict[tuple[str, str], list[float]] = {}
        self.notes: list[str] = []

    def _root(self, name: str) -> tuple[str, int]:
        sign = 1
        self._follows.setdefault(name, (name, 1))
        while self._follows[name][0] != name:
            name, turn = self._follows[name]
            sign *= turn
        return name, sign

    def merge(self, one: str, other: str, sign: int) -> None:
        """Note that two numbers have one draw, the same or the opposite."""
        (first, a), (second, b) = self._root(one), self._root(other)
        if first != second:
            low, high = sorted((first, second))
            self._follows[high] = (low, a * b * sign)
        elif a * b != sign:
            self.notes.append(
                f"The rank correlations say both that {one} and {other} move as one and that they move opposite ways; "
                f"{'the same way' if a * b > 0 else 'opposite ways'} was taken."
            )

    def correlate(self, one: str, other: str, rank: float) -> None:
        """Note a rank correlation of two numbers."""
        (first, a), (second, b) = self._root(one), self._root(other)
        if first == second:
            if rank != a * b:
                self.notes.append(
                    f"The rank correlation of {one} and {other} is stated as {rank:g}, but by others of the map it is "
                    f"{a * b}, which was taken."
                )
            return
        pair = (first, second) if first < second else (second, first)
        self._stated.setdefault(pair, []).append(a * b * 2.0 * float(np.sin(np.pi / 6.0 * rank)))

    def groups(self) -> list[Group]:
        """Return the groups; numbers are joined through any chain of stated correlations."""
        joined: dict[str, set[str]] = {self._root(name)[0]: {self._root(name)[0]} for name in list(self._follows)}
        for one, other in self._stated:
            whole = joined[one] | joined[other]
            for name in whole:
                joined[name] = whole
        found = []
        for roots in {tuple(sorted(whole)) for whole in joined.values()}:
            place = {}
            for name in sorted(self._follows):
                root, sign = self._root(name)
                if root in roots:
                    place[name] = (roots.index(root), sign)
            found.append(Group(tuple(place), roots, place, _mixing(self._possible(roots))))
        return sorted(found, key=lambda group: group.names)

    def _possible(self, roots: tuple[str, ...]) -> Array:
        """Return the normal correlations of the roots, the nearest possible ones if those stated are not."""
        matrix = np.eye(len(roots))
        for (one, other), stated in sorted(self._stated.items()):
            if one in roots:
                a, b = roots.index(one), roots.index(other)
                matrix[a, b] = matrix[b, a] = np.mean(stated)
                if max(stated) - min(stated) > _SAME:
                    ranks = " and ".join(f"{_rank(each):g}" for each in stated)
                    mean = _rank(float(np.mean(stated)))
                    self.notes.append(
                        f"The rank correlation of {one} and {other} is stated as {ranks}; {mean:.2f} was taken."
                    )
        if np.linalg.eigvalsh(matrix)[0] >= -_SAME:
            return matrix
        nearest = nearest_correlation(matrix)
        moved = np.abs(nearest - matrix)
        a, b = (int(place) for place in np.unravel_index(int(np.argmax(moved)), moved.shape))
        self.notes.append(
            f"The rank correlations of {listed(roots)} cannot all hold. The nearest that can were taken; the "
            f"largest change is that of {roots[a]} and {roots[b]}, from {_rank(matrix[a, b]):.2f} to "
            f"{_rank(nearest[a, b]):.2f}."
        )
        return nearest


def _rank(normal: float) -> float:
    """Return the rank correlation of normals with this correlation."""
    return round(float(6.0 / np.pi * np.arcsin(np.clip(normal, -2, 2) / 2.0)), 9)


def listed(names: Sequence[str]) -> str:
    """Return names as a list in words: the first of them if there are many."""
    if len(names) == 1:
        return names[0]
    if len(names) > 6:
        return f"{', '.join(names[:5])} and {len(names) - 5} others"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def nearest_correlation(matrix: Array) -> Array:
    """Return the correlation matrix nearest to a symmetric one: no negative eigenvalue, ones on the diagonal.

    Higham's alternating projections with Dykstra's correction.
    """
    found, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(500):
        start = found - correction
        values, vectors = np.linalg.eigh(start)
        positive = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = positive - start
        found = (positive + positive.T) / 2
        off = float(np.abs(np.diag(found) - 1.0).max())
        np.fill_diagonal(found, 1.0)
        if off < 1e-12:
            break
    # What is left of negative eigenvalues is taken out, and the diagonal made 1 by scaling.
    values, vectors = np.linalg.eigh(found)
    found = (vectors * np.maximum(values, 0.0)) @ vectors.T
    scale = 1.0 / np.sqrt(np.diag(found))
    found = found * np.outer(scale, scale)
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)


def _mixing(matrix: Array) -> Array:
    """Return a lower triangular L with L L' = matrix, which may have eigenvalues of 0."""
    try:
        return np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(matrix)
        upper = np.asarray(np.linalg.qr((vectors * np.sqrt(np.maximum(values, 0.0))).T, mode="r"), dtype=np.float64)
        signs = np.where(np.diag(upper) < 0.0, -1.0, 1.0)
        return np.asarray(upper.T * signs)
