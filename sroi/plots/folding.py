"""Names and sentences in lines that fit, whatever their script."""

from __future__ import annotations

import unicodedata


def folded(label: str, width: int, lines: int) -> str:
    """Return a label on about so many lines of `width` letters, what does not fit taken from its middle."""
    narrowness = len(label) / max(letters(label), 1.0)
    # Lines break at spaces and so hold less than their width.
    return paragraph(shortened(label, int((width * lines - 6 * (lines - 1)) * narrowness)), width)


def paragraph(words: str, width: float) -> str:
    """Return words in lines of at most `width` letters, nothing left out.

    >>> paragraph("Fund if it is worth it.", 12)
    'Fund if it\\nis worth it.'
    """
    lines, line = [], ""
    # At plain spaces only: that between a number and its sign is one that no line breaks at.
    for word in words.split(" "):
        rest = word
        while letters(f"{line} {rest}".strip()) > width:
            if line:
                lines.append(line)
                line = ""
            else:
                # A word longer than a line, or a sentence in a script that has no spaces.
                fits = max((end for end in range(1, len(rest)) if letters(rest[:end]) <= width), default=1)
                if fits >= len(rest):
                    break
                lines.append(rest[:fits])
                rest = rest[fits:]
        line = f"{line} {rest}".strip()
    return "\n".join([*lines, line])


def unfolded(lines: str) -> str:
    """Return words on one line again; scripts without spaces get none."""
    whole = ""
    for line in lines.split("\n"):
        joined = not whole or letters(whole[-1:]) > 1.0 < letters(line[:1])
        whole += line if joined else f" {line}"
    return whole


def letters(words: str) -> float:
    """Return how much room words take, in Latin letters: a Chinese letter takes as much as 1.75 of them.

    >>> letters("abc"), letters("価値")
    (3.0, 3.5)
    """
    return sum(1.75 if unicodedata.east_asian_width(letter) in "WF" else 1.0 for letter in words)


def shortened(label: str, most: int) -> str:
    """Return a label of at most `most` characters; what goes is taken from its middle, for its end tells more.

    >>> shortened("Less lonely, and more satisfied with life: deadweight", 40)
    'Less lonely, and .. life: deadweight'
    """
    if len(label) <= most:
        return label
    tail = most // 2 - 2
    head = most - tail - 4
    first, last = label[:head], label[-tail:]
    # Whole words, unless that would leave little.
    if label[head] != " " and " " in first[head // 2 :]:
        first = first[: first.rindex(" ")]
    if label[-tail - 1] != " " and " " in last[: tail // 2]:
        last = last[last.index(" ") :]
    return f"{first.rstrip()} .. {last.lstrip()}"
