"""How an answer is read: a number as people write it, letters, the numbers of a map. Nothing that is given stops it."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from sroi.errors import SroiError, did_you_mean
from sroi.files.value_maps import WRITTEN, read_value_map
from sroi.impact_map import ImpactMap
from sroi.teaching.course import Option

# More letters than any answer has.
LONGEST = 80
_UNITS = r"(?:percent|years?|people|persons?|pounds?|gbp)?"
_PLAIN = re.compile(r"[-+]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})")
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{0,15})?")
# No thousand begins with nought: 0,405 is a share.
_DECIMAL_COMMA = re.compile(r"[-+]?(?:\d{1,15},\d{1,2}|0,\d{1,15})")
_RATIO = re.compile(r"(?:^1(?::|to))(?=.)|(?::|to)1$", re.ASCII)

EXPECTED = "Give a number, such as 1250, 1,250.50, 0.25 or 25%."


class Unread(Exception):
    """An answer that says nothing: `kind` is empty, unreadable or not_finite, the text says what was expected."""

    def __init__(self, kind: str, words: str = "") -> None:
        super().__init__(words)
        self.kind, self.words = kind, words


def number_from(answer: object) -> float:
    """Return the number that an answer gives; a text may have a currency's sign, commas, a per cent, ": 1".

    >>> number_from("25%"), number_from("£1,250.50"), number_from("1.93 : 1"), number_from(7), number_from("0,405")
    (0.25, 1250.5, 1.93, 7.0, 0.405)
    """
    if answer is None or answer is ...:
        raise Unread("empty")
    if isinstance(answer, bool):
        raise Unread("unreadable", EXPECTED)
    if isinstance(answer, numbers.Real | Decimal):
        return _finite(answer)
    if isinstance(answer, list | tuple) and len(answer) == 1 and not isinstance(answer[0], list | tuple):
        return number_from(answer[0])
    if not isinstance(answer, str):
        raise Unread("unreadable", EXPECTED)
    return _number_in(answer)


def _finite(number: numbers.Real | Decimal) -> float:
    try:
        found = float(number)
    except (OverflowError, ValueError, TypeError):
        raise Unread("not_finite") from None
    if not math.isfinite(found):
        raise Unread("not_finite")
    return found


def _number_in(text: str) -> float:
    """Return the number in a text. The page's `numberFrom` does the same, step by step."""
    if len(text) > LONGEST:
        raise Unread("unreadable", EXPECTED)
    bare = re.sub(r"[\s_£$€']", "", text.replace("\u2212", "-").lower(), flags=re.UNICODE)
    if not bare or bare in ("...", "…"):
        raise Unread("empty")
    if bare in ("nan", "inf", "-inf", "infinity", "-infinity"):
        raise Unread("not_finite")
    bare = re.sub(r"percent$", "%", bare)
    bare = re.sub(rf"(?<=\d){_UNITS}$", "", bare)
    bare = _RATIO.sub("", bare, count=1)
    divided = bare.endswith("%")
    bare = bare.removesuffix("%")
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(bare):
        bare = bare.replace(",", ".")
    if not _PLAIN.fullmatch(bare) or not bare.isascii():
        raise Unread("unreadable", EXPECTED)
    # Moving the point in the text, so that 7% is 0.07 and not its neighbour.
    return float(f"{bare}e-2") if divided else float(bare)


def letters_from(answer: object, options: tuple[Option, ...], one: bool) -> set[str]:
    """Return the letters that an answer names: letters, ids or the options' own texts, in a list or a text.

    A choice of one takes exactly one.
    """
    expected = f"Give {'a letter' if one else 'letters'}, {options[0].letter} to {options[-1].letter}"
    expected += ', such as "A".' if one else ', such as "A, C".'
    if answer is None or answer is ...:
        raise Unread("empty")
    if isinstance(answer, str):
        parts: list[object] = list(_parts(answer, options))
    elif isinstance(answer, list | tuple | set | frozenset) and len(answer) <= LONGEST:
        parts = list(answer)
    else:
        raise Unread("unreadable", expected)
    found = {_letter(part, options, expected) for part in parts}
    if not found:
        raise Unread("empty")
    if one and len(found) > 1:
        raise Unread("unreadable", expected)
    return found


def _parts(text: str, options: tuple[Option, ...]) -> list[str]:
    """Return the pieces of a text: the whole if it is an option, else between commas, or letter by letter."""
    if len(text) > 40 * LONGEST:
        return [text[:LONGEST]]
    if _same(text) in {_same(each.text) for each in options} | {each.id for each in options if each.id}:
        return [text]
    pieces = [piece for piece in re.split(r"[\s,;&+]+|\band\b", text) if piece]
    if len(pieces) == 1 and re.fullmatch(rf"[A-{options[-1].letter}a-{options[-1].letter.lower()}]{{1,10}}", pieces[0]):
        return list(pieces[0])
    return pieces


def _same(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(".")


def _letter(part: object, options: tuple[Option, ...], expected: str) -> str:
    if isinstance(part, str) and len(part) <= 20 * LONGEST:
        bare = part.strip().strip(".)(").upper()
        for option in options:
            if bare == option.letter or (option.id and part.strip() == option.id) or _same(part) == _same(option.text):
                return option.letter
    raise Unread("unreadable", expected)


def numbers_from(answer: object, names: tuple[str, ...]) -> dict[str, object]:
    """Return the numbers that an answer gives by name: from a dictionary, a map, or the file of one."""
    if answer is None or answer is ... or (isinstance(answer, str) and not answer.strip()):
        raise Unread("empty")
    if isinstance(answer, str | Path):
        answer = _map_in(answer, names)
    if isinstance(answer, ImpactMap):
        known = answer.numbers()
        return {name: known[name].values[0] for name in names if name in known and known[name].estimate is not None}
    if not isinstance(answer, Mapping) or len(answer) > LONGEST:
        raise Unread("unreadable", _shape(names))
    strays = [key for key in answer if not (isinstance(key, str) and key in names)]
    if strays:
        stray = strays[0]
        word = stray[:40] if isinstance(stray, str) else type(stray).__name__
        raise Unread("unreadable", f"There is no number “{word}” here. {did_you_mean(word, names, _shape(names))}")
    return dict(answer)


def _shape(names: tuple[str, ...]) -> str:
    pairs = ", ".join(f'"{name}": ...' for name in names)
    return f"Give the numbers by their names: {{{pairs}}}; or a map, or the name of its file."


def _map_in(path: str | Path, names: tuple[str, ...]) -> Any:
    """Return the map in a file; a text that is no file's name is not read at all."""
    text = str(path)
    if len(text) > 1000 or "\0" in text or Path(text).suffix.lower() not in WRITTEN:
        raise Unread("unreadable", _shape(names))
    try:
        return read_value_map(Path(text))
    except SroiError as refused:
        first = str(refused.problems[0])[:300]
        raise Unread("unreadable", f"The file cannot be read as a value map: {first}") from None
