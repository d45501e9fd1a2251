"""Postcodes: brought to one form, told from what is none, and held against areas such as SR, MB1 or MB1 2."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OUTWARD = r"[A-Z]{1,2}[0-9][A-Z0-9]?"
_FULL = re.compile(rf"({_OUTWARD}|GIR)([0-9][A-Z]{{2}})")
_PART = re.compile(rf"{_OUTWARD}( [0-9])?")
_AREA = re.compile(r"[A-Z]{1,2}")
_DISTRICT = re.compile(r"([A-Z]{1,2}[0-9]{1,2})([A-Z]?)")
_LOOK_ALIKE = {"O": "0", "I": "1", "L": "1"}
_LIKE_LETTER = {"0": "O", "1": "I"}


@dataclass(frozen=True)
class Postcode:
    """A postcode as written, in its one form ("MB1 2AB"), or "" if it is none; `partial` for one without its end."""

    written: str
    text: str = ""
    partial: bool = False
    meant: str = ""

    @property
    def outward(self) -> str:
        """The part before the space: MB1."""
        return self.text.partition(" ")[0]


def read_postcode(written: str) -> Postcode:
    """Return what a cell says: a whole postcode, the first part of one, or neither, with what was probably meant.

    >>> [read_postcode(each).text for each in ("mb1 2ab", "SR12AB", "MB1", "no fixed", "M1 1AA.")]
    ['MB1 2AB', 'SR1 2AB', 'MB1', '', 'M1 1AA']
    >>> read_postcode("MB1 2A8").text, read_postcode("MBI 2AB").meant
    ('', 'MB1 2AB')
    """
    bare = re.sub(r"[^A-Z0-9]", "", written.upper())
    if (full := _FULL.fullmatch(bare)) is not None:
        return Postcode(written, f"{full[1]} {full[2]}")
    spaced = " ".join(written.upper().split())
    if _PART.fullmatch(spaced):
        return Postcode(written, spaced, partial=True)
    return Postcode(written, meant=_meant(bare))


def _meant(bare: str) -> str:
    """Return the postcode that letters and digits of the same look would make of this."""
    if not 5 <= len(bare) <= 7:
        return ""
    start, digit, end = bare[:-3], bare[-3], bare[-2:]
    digit = _LOOK_ALIKE.get(digit, digit)
    end = "".join(_LIKE_LETTER.get(letter, letter) for letter in end)
    for letters in (2, 1):
        head = "".join(_LIKE_LETTER.get(letter, letter) for letter in start[:letters])
        tail = "".join(_LOOK_ALIKE.get(letter, letter) for letter in start[letters:])
        if (full := _FULL.fullmatch(f"{head}{tail}{digit}{end}")) is not None:
            return f"{full[1]} {full[2]}"
    return ""


def is_area(written: str) -> bool:
    """Say whether this can be an area that suppliers' postcodes are held against.

    >>> [is_area(each) for each in ("SR", "mb1", "MB1 2", "MB1 2AB", "Millbrook")]
    [True, True, True, True, False]
    """
    return bool(_AREA.fullmatch(written.strip().upper())) or bool(read_postcode(written).text)


def lies_in(postcode: Postcode, area: str) -> bool | None:
    """Say whether a postcode lies in an area (SR, MB1, MB1 2, MB1 2AB); None if it is too short, or none, to tell.

    MB1 holds MB1 2AB and not MB11 2AB; EC1 holds EC1A 1BB.

    >>> one = read_postcode("MB11 2AB")
    >>> lies_in(one, "MB1"), lies_in(one, "MB"), lies_in(read_postcode("MB1"), "MB1 2"), lies_in(one, "M")
    (False, True, None, False)
    """
    if not postcode.text:
        return None
    wanted = " ".join(area.upper().split())
    if _AREA.fullmatch(wanted):
        letters = re.match(r"[A-Z]+", postcode.outward)
        return letters is not None and letters[0] == wanted
    whole = read_postcode(wanted).text
    outward, _, rest = whole.partition(" ")
    same = postcode.outward == outward or _is_part_of(postcode.outward, outward)
    if not same or not rest:
        return same
    own = postcode.text.partition(" ")[2]
    if len(own) < len(rest):
        return None if rest.startswith(own) else False
    return own.startswith(rest)


def _is_part_of(outward: str, district: str) -> bool:
    """Say whether EC1A is a part of EC1."""
    match = _DISTRICT.fullmatch(outward)
    return match is not None and bool(match[2]) and match[1] == district
