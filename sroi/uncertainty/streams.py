"""Where the chances come from: random numbers by name, Latin hypercubes and Sobol points.

A number's chance (0-1) in a draw depends on the seed, its own name and the draw's place, on nothing else: nobody's
draws change when other numbers are added or moved, nor with the threads or the draws worked on at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from sroi.formulas import Array

Sampling = Literal["monte_carlo", "latin_hypercube", "sobol"]
Words = NDArray[np.uint16]

# Draws are made in blocks of this many. The last one is cut, but to a multiple of a slice: what needs several draws at
# once (a factor of several numbers, a matrix product) takes slices, always the same ones: no bit depends on the cut.
BLOCK, SLICE = 32_768, 2_048
# How many parts a Latin hypercube or Sobol sample is made in: each on its own, so that their spread is the error.
REPLICATES = 16
_STEPS = 65_536.0  # how many values a word has
_BELOW_ONE = np.nextafter(1.0, 0.0)


class Chances(Protocol):
    """The chances of one number in the draws of a block: each one's place in 65,536 equal steps, and exactly."""

    words: Words

    def exactly(self, places: NDArray[np.intp] | None = None) -> Array:
        """Return the chances themselves, between 0 and 1, of all draws or of those at `places`."""


class RandomChances:
    """Sixteen random bits for each draw; where more are needed, they are mixed from a key and the draw's place."""

    def __init__(self, words: Words, key: int) -> None:
        self.words, self._key = words, key

    def exactly(self, places: NDArray[np.intp] | None = None) -> Array:
        """Return (word + fraction) / 65,536; the fraction is SplitMix64 of key and place."""
        words = self.words if places is None else self.words[places]
        at = np.arange(len(words)) if places is None else places
        mixed = at.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(self._key)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
        # The middle of one of 2^37 equal parts of the step: never 0 nor 1.
        return np.asarray((words + ((mixed >> np.uint64(27)) + 0.5) * 2.0**-37) / _STEPS)


class GivenChances:
    """Chances that are known as such."""

    def __init__(self, chances: Array) -> None:
        self._chances = np.clip(chances, 0.0, _BELOW_ONE)
        self.words: Words = (self._chances * _STEPS).astype(np.uint16)

    def exactly(self, places: NDArray[np.intp] | None = None) -> Array:
        """Return them."""
        return self._chances if places is None else self._chances[places]


class OppositeChances:
    """1 minus the chances of another number: the two have rank correlation -1."""

    def __init__(self, other: Chances) -> None:
        self._other = other
        self.words: Words = np.uint16(65_535) - other.words

    def exactly(self, places: NDArray[np.intp] | None = None) -> Array:
        """Return 1 minus the other's."""
        return np.asarray(1.0 - self._other.exactly(places))


class Block(Protocol):
    """A run of draws that are made at once."""

    size: int

    def chances(self, name: str) -> Chances:
        """Return the chances of a number."""


class Source(Protocol):
    """A way of sampling: pieces that do not depend on each other, each made of blocks."""

    stratified: bool

    def sizes(self) -> list[int]:
        """Return how many draws each piece has."""

    def blocks(self, piece: int) -> Iterator[Block]:
        """Yield the blocks of a piece."""

    def alike(self) -> Source:
        """Return another that gives the same, for another thread."""


class Stream:
    """Random bits by name and block. Not to be shared between threads."""

    def __init__(self, seed: int, purpose: str = "") -> None:
        self._root = blake2b(f"{seed}\0{purpose}\0".encode(), digest_size=40)
        self._bits = np.random.SFC64(0)
        self._generator = np.random.Generator(self._bits)

    def _begin(self, name: str, block: int) -> int:
        """Put the generator to where this name's block begins and return a key for finer fractions.

        A hash is as good a start as any: SFC64 has 2^256 states, and no two of them lie near each other by design.
        """
        hashed = self._root.copy()
        hashed.update(b"%s\0%d" % (name.encode(), block))
        digest = hashed.digest()
        state = np.frombuffer(digest, np.dtype("<u8"), 4).astype(np.uint64)
        whole: Any = {"bit_generator": "SFC64", "state": {"state": state}, "has_uint32": 0, "uinteger": 0}
        self._bits.state = whole
        return int.from_bytes(digest[32:], "little")

    def words(self, name: str, block: int, size: int) -> RandomChances:
        """Return the chances of a number in a block."""
        key = self._begin(name, block)
        raw = self._bits.random_raw(-(-size // 4))
        return RandomChances(raw.astype("<u8", copy=False).view("<u2")[:size], key)

    def strata(self, name: str, block: int, size: int) -> GivenChances:
        """Return the chances of a number in one Latin hypercube: one in each of `size` equal parts, in random order."""
        self._begin(name, block)
        order = self._generator.permutation(size)
        return GivenChances((order + self._generator.random(size)) / size)


class _Keyed:
    """A block of a keyed source."""

    def __init__(self, stream: Stream, number: int, size: int, stratified: bool) -> None:
        self.number, self.size = number, size
        self._make = stream.strata if stratified else stream.words

    def chances(self, name: str) -> Chances:
        return self._make(name, self.number, self.size)


class MonteCarlo:
    """Independent draws, in pieces of one block each; of the last one only what is asked for counts."""

    stratified = False

    def __init__(self, draws: int, seed: int, block: int = BLOCK, purpose: str = "") -> None:
        self._draws, self._size, self._stream = draws, block, Stream(seed, purpose)
        self._given = (draws, seed, block, purpose)

    def alike(self) -> MonteCarlo:
        """Return another that gives the same."""
        return MonteCarlo(*self._given)

    def sizes(self) -> list[int]:
        """Return how many draws of each piece count."""
        whole, rest = divmod(self._draws, self._size)
        return [self._size] * whole + ([rest] if rest else [])

    def blocks(self, piece: int) -> Iterator[Block]:
        """Yield one block, of whole slices."""
        needed = min(self._size, self._draws - piece * self._size)
        yield _Keyed(self._stream, piece, min(self._size, -(-needed // SLICE) * SLICE), stratified=False)


class LatinHypercube:
    """Pieces each of which is a Latin hypercube: every number has one draw in each equal part of its chances."""

    stratified = True

    def __init__(self, draws: int, seed: int) -> None:
        self._draws, self._seed, self._stream = draws, seed, Stream(seed, "latin_hypercube")
        self._count = max(REPLICATES, -(-draws // BLOCK))

    def alike(self) -> LatinHypercube:
        """Return another that gives the same."""
        return LatinHypercube(self._draws, self._seed)

    def sizes(self) -> list[int]:
        """Return how many draws each piece has: the same number, or one more."""
        least, more = divmod(self._draws, self._count)
        return [least + 1] * more + [least] * (self._count - more)

    def blocks(self, piece: int) -> Iterator[Block]:
        """Yield the piece as one block."""
        yield _Keyed(self._stream, piece, self.sizes()[piece], stratified=True)


class SobolPoints:
    """Pieces each of which is a Sobol sequence, scrambled (Owen) on its own; one dimension for each number."""

    stratified = False

    def __init__(self, draws: int, seed: int, names: Sequence[str]) -> None:
        self._places = {name: place for place, name in enumerate(sorted(names))}
        self._seed = seed
        self._size = 1 << max(0, (-(-draws // REPLICATES) - 1).bit_length())

    def alike(self) -> SobolPoints:
        """Return itself: it keeps nothing from one piece to the next."""
        return self

    def sizes(self) -> list[int]:
        """Return how many draws each piece has: a power of two, for the points are even only then."""
        return [self._size] * REPLICATES

    def blocks(self, piece: int) -> Iterator[Block]:
        """Yield the piece in blocks that are small where there are many numbers."""
        from scipy.stats import qmc

        key = blake2b(f"{self._seed}\0sobol\0{piece}".encode(), digest_size=16).digest()
        generator = np.random.Generator(np.random.PCG64DXSM(int.from_bytes(key, "little")))
        # Positional: the argument is called seed in older versions of SciPy and rng in newer ones.
        engine = qmc.Sobol(max(1, len(self._places)), **{_seed_word(qmc.Sobol): generator})
        size = min(self._size, max(64, 1 << (2**21 // max(1, len(self._places))).bit_length() - 1))
        for _ in range(self._size // size):
            yield _Sobol(self._places, np.ascontiguousarray(engine.random(size).T), size)


def _seed_word(sobol: Any) -> str:
    """Return what the version of SciPy that is here calls the source of randomness."""
    from inspect import signature

    return "rng" if "rng" in signature(sobol.__init__).parameters else "seed"


class _Sobol:
    def __init__(self, places: dict[str, int], points: Array, size: int) -> None:
        self.size, self._places, self._points = size, places, points

    def chances(self, name: str) -> Chances:
        return GivenChances(self._points[self._places[name]])
