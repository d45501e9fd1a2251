"""Words measured [points], and broken into lines that fit a given room, whatever their script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import matplotlib as mpl
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from sroi import wording
from sroi.plots.folding import letters, shortened
from sroi.plots.lettering import short_money

# A word with the space before it.
_WORDS = re.compile(r" ?[^ ]*")
_LATIN = re.compile(r"[\u0020-\u024f\u2010-\u2027\u202f-\u205e\u20a0-\u20bf]*")


def one_line(label: str) -> str:
    """Return a label without the line breaks, tabs and double spaces that it was typed with.

    >>> one_line(" one line\\nand\\tanother ")
    'one line and another'
    """
    # A no-break space keeps a number with its sign.
    return re.sub(r"[^\S\u00a0\u202f]+", " ", label).strip()


def width_of(words: str, size: float, bold: bool = False) -> float:
    """Return how wide words on one line are [points]; screens round letters, so a little more than on paper."""
    # Letters of one size are as those of another, made larger.
    return 0.104 * size * _width_at_ten(words, bold, tuple(mpl.rcParams["font.family"]))


def _width_at_ten(words: str, bold: bool, families: tuple[str, ...]) -> float:
    # To set a letter takes 20 microseconds, and lines are tried a word longer each: of words whose letters stand beside
    # each other as they come, each is set once. Other scripts join their letters, or run from right to left.
    parts = _WORDS.findall(words) if _LATIN.fullmatch(words) else [words]
    return sum(_set_at_ten(part, bold, families) for part in parts)


@lru_cache(maxsize=20000)
def _set_at_ten(words: str, bold: bool, families: tuple[str, ...]) -> float:
    look = FontProperties(family=list(families), size=10, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(words, look, False)[0])


def wrapped(words: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Return words in lines at most so wide [points], nothing left out; what has no spaces is broken anywhere."""
    lines, line = [], ""
    for word in words.split(" "):
        rest, longer = word, f"{line} {word}".strip()
        if width_of(longer, size, bold) <= width:
            line = longer
            continue
        without_spaces = letters(word) > len(word)
        if line and without_spaces and width_of(f"{line} {word[:2]}", size, bold) <= width:
            # A sentence in a script without spaces begins where there is room.
            fits = _letters_that_fit(word, width - width_of(f"{line} ", size, bold), size, bold)
            lines.append(f"{line} {word[:fits]}")
            rest = word[fits:]
        elif line:
            lines.append(line)
        while width_of(rest, size, bold) > width and len(rest) > 1:
            fits = _letters_that_fit(rest, width, size, bold)
            lines.append(rest[:fits])
            rest = rest[fits:]
        line = rest
    return [*lines, line]


def _letters_that_fit(word: str, width: float, size: float, bold: bool) -> int:
    """Return how many letters of a word fit: at least one, and no accent parted from its letter."""
    low, high = 1, len(word) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width_of(word[:middle], size, bold) <= width else (low, middle - 1)
    fits = low
    while fits > 1 and unicodedata.combining(word[fits]):
        fits -= 1
    return fits


def fitted(label: str, width: float, size: float, lines: int, bold: bool = False) -> list[str]:
    """Return a label on at most so many lines of a width [points]; what does not fit is taken from its middle."""
    words = one_line(label)
    # Nobody's name has thousands of letters: what cannot fit need not be measured.
    words = shortened(words, max(int(width * lines / (0.2 * size)), 12))
    found = wrapped(words, width, size, bold)
    most = sum(len(line) + 1 for line in found[:lines])
    while len(found) > lines and most > 7:
        found = wrapped(shortened(words, most), width, size, bold)
        most -= 1
    return found[:lines]


def sum_that_fits(amount: float, currency: str, width: float, size: float, bold: bool = False) -> str:
    """Return a sum of money in full, or as £1.2m where there is no room for it."""
    whole = wording.money(amount, currency)
    return whole if width_of(whole, size, bold) <= width else short_money(amount, currency)
