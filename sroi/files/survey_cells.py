"""What one cell of a survey says: a number, no answer, or something that has to be asked about. Nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sroi.files.grid import Cell, Value
from sroi.reading import shown

# How people and survey tools write that there is no answer. Others can be named: --missing "not sure,99".
NO_ANSWER = frozenset({
    "", "-", "--", "–", "—", ".", "n/a", "na", "n.a.", "n.a", "not applicable", "prefer not to say",
    "prefer not to answer", "rather not say", "don't know", "dont know", "do not know", "no answer", "no response",
    "not answered", "not stated", "missing", "blank", "refused", "declined to answer", "null", "nan", "skipped",
})  # fmt: skip
_PLAIN = re.compile(r"[-+]?(\d{1,12}(\.\d{1,12})?|\.\d{1,12})", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[-+]?\d{1,12},\d{1,2}", re.ASCII)
_EITHER = re.compile(r"[-+]?\d{1,3}([.,]\d{3})+", re.ASCII)
_LABEL_BEHIND = re.compile(r"([-+]?\d{1,3}(?:[.,]\d{1,2})?)\s*[-–—:=.)(]\s*[^\W\d].*", re.DOTALL)
_LABEL_BEFORE = re.compile(r"[^\d()]+\(\s*([-+]?\d{1,3}(?:[.,]\d{1,2})?)\s*\)", re.DOTALL)
# A formula over cells of several rows is a total of people, and no answer.
_OVER_ROWS = re.compile(r"\$?[A-Z]{1,3}\$?(\d+):\$?[A-Z]{1,3}\$?(\d+)")

LABELLED, COMMA, NONE = "labelled", "decimal comma", "no answer"


class Read(NamedTuple):
    """What a cell says: a number (None for no answer), how it was written ("" for plainly), or what is wrong."""

    number: float | None = None
    how: str = ""
    found: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Code:
    """What answers stand for: words for numbers, further words for no answer, and the scale that numbers keep to."""

    words: Mapping[str, float] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    scale: tuple[float, float] | None = None

    def read(self, cell: Cell | None) -> Read:
        """Return what a cell says."""
        if cell is None:
            return Read(None, NONE)
        over = _OVER_ROWS.search(cell.formula or "")
        if over and over[1] != over[2]:
            return Read(found="a formula over several rows stands where an answer belongs",
                        remedy="Take out the row of totals or averages.")  # fmt: skip
        if cell.value is None and cell.formula:
            return Read(
                found="a formula without a stored result stands where an answer belongs",
                remedy="Open the file in Excel or LibreOffice, and save it again.",
            )
        word = written(cell.value)
        if word in self.words:
            return Read(self.words[word])
        if word in self.missing or word in NO_ANSWER:
            return Read(None, NONE)
        return self._kept(_number(cell, word), cell)

    def _kept(self, read: Read, cell: Cell) -> Read:
        if read.number is None or self.scale is None or self.scale[0] <= read.number <= self.scale[1]:
            return read
        found = f"{shown(cell.value)} lies outside the scale from {self.scale[0]:g} to {self.scale[1]:g}"
        return Read(found=found, remedy=f"Correct it; if it stands for no answer, say --missing {read.number:g}.")


def _number(cell: Cell, word: str) -> Read:
    if isinstance(cell.value, datetime | date):
        return Read(found=f"a day ({word}) stands where an answer belongs",
                    remedy="Spreadsheets turn answers such as 1-10 into days: type it again as a number.")  # fmt: skip
    if isinstance(cell.value, float) and not isinstance(cell.value, bool):
        if "%" in cell.number_format:
            return Read(found="a per cent stands where an answer belongs", remedy="Write it as a point of the scale.")
        return Read(cell.value)
    if _EITHER.fullmatch(word):
        return Read(found=f"{shown(cell.value)} can be read in two ways, with and without decimals",
                    remedy="Write it with a point and as many decimals as it has.")  # fmt: skip
    if _PLAIN.fullmatch(word):
        return Read(float(word))
    if _DECIMAL_COMMA.fullmatch(word):
        return Read(float(word.replace(",", ".")), COMMA)
    labelled = _LABEL_BEHIND.fullmatch(word) or _LABEL_BEFORE.fullmatch(word)
    if labelled:
        return Read(float(labelled[1].replace(",", ".")), LABELLED)
    if word.startswith("#"):
        return Read(found=f"{shown(cell.value)}, a formula's error, stands where an answer belongs",
                    remedy="Give the answer, or leave the cell empty.")  # fmt: skip
    said = shown(word[:40])
    return Read(found=f"{said} stands where an answer belongs",
                remedy=f"Say what number it stands for: --answers {said[:-1]}=4'; or --missing {said}.")  # fmt: skip


def written(value: Value) -> str:
    """Return a cell as words and ids are compared: case, kinds of space and of letter forms make no difference.

    >>> written(12.0), written("  Ann\\u00a0 LEE "), written("12,5")
    ('12', 'ann lee', '12,5')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return " ".join(unicodedata.normalize("NFKC", str(value or "")).casefold().replace("\u2019", "'").split())


def plain_word(text: str) -> str:
    """Return a word given on the command line as cells are compared: 99 and 99.0 are one number.

    >>> plain_word("99.0"), plain_word(" Not sure ")
    ('99', 'not sure')
    """
    word = written(text)
    return written(float(word)) if _PLAIN.fullmatch(word) else word
