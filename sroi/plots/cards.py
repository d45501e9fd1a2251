"""Boxes with words in them, made as high as their words need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sroi.plots.fitting import fitted, width_of
from sroi.plots.sheet import PAD, PITCH, SIZE, Box, Mark, Words
from sroi.plots.style import INK

GAP = 1.5  # between the blocks of words on a card


@dataclass(frozen=True)
class Said:
    """Words of a card: at most so many lines, what does not fit taken from their middle."""

    words: str
    lines: int = 3
    size: float = SIZE
    bold: bool = False
    colour: str = INK


@dataclass(frozen=True)
class Card:
    """A box of a kind with words, folded to its width [points]; its last words stand at the right if there is room."""

    width: float
    kind: str
    blocks: tuple[Words, ...]
    end: Words | None
    height: float

    def at(self, x: float, y: float, height: float = 0.0) -> list[Mark]:
        """Return its marks with the top left corner there, made higher if asked to."""
        whole = max(height, self.height)
        down = (whole - self.height) / 2
        marks: list[Mark] = [Box(x, y, self.width, whole, self.kind)]
        for words in [*self.blocks, *([self.end] if self.end is not None else [])]:
            marks.append(Words(words.lines, x + words.x, y + down + words.y, words.size, words.bold, words.side,
                               words.colour))  # fmt: skip
        return marks


def card(width: float, kind: str, said: Sequence[Said], end: Said | None = None) -> Card:
    """Return a card of this width [points] with these words, `end` at the right of its last line or under it."""
    room = width - 2 * PAD
    blocks, y, last = [], PAD - 0.5, 0.0
    for each in said:
        lines = tuple(fitted(each.words, room, each.size, each.lines, each.bold))
        blocks.append(Words(lines, PAD, y, each.size, each.bold, colour=each.colour))
        y += blocks[-1].height + GAP
        last = width_of(lines[-1], each.size, each.bold)
    ending = None
    if end is not None:
        lines = tuple(fitted(end.words, room, end.size, end.lines, end.bold))
        beside = len(lines) == 1 and blocks and last + 8 + width_of(lines[0], end.size, end.bold) <= room
        top = y - GAP - PITCH * blocks[-1].size if beside else y
        ending = Words(lines, width - PAD if beside else PAD, top, end.size, end.bold, "right" if beside else "left",
                       end.colour)  # fmt: skip
        y = max(y, top + ending.height + GAP)
    return Card(width, kind, tuple(blocks), ending, y - GAP + PAD - 0.5)
