"""The rows of one sheet of an .xlsx, one after the other, straight from the XML parser: no tree is built or kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any
from xml.parsers import expat

_PIECE = 1 << 16
_PLAIN = frozenset({"c", "v", "t", "is", "row", "f"})  # as nearly all are; others may have a prefix

RawCell = tuple[str, str, int, str]
"""A cell as stored: its address, its kind (n, s, b, str, inlineStr, ..), its style, its text."""


def stored_rows(stream: IO[bytes]) -> Iterator[tuple[str | None, list[RawCell]]]:
    """Yield each row of a sheet: its number as stated, and its cells that hold something.

    Raises ValueError for a part that declares a document type: that is where entities would be defined.
    """
    reading = _Reading()
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_definitions
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    while piece := stream.read(_PIECE):
        parser.Parse(piece)
        yield from reading.rows
        reading.rows.clear()
    parser.Parse(b"", True)
    yield from reading.rows


def _refuse_definitions(*_: object) -> None:
    raise ValueError("a sheet that declares a document type")


class _Reading:
    """Where a parser is: in which row and cell, and whether what it meets is the cell's text."""

    def __init__(self) -> None:
        self.rows: list[tuple[str | None, list[RawCell]]] = []
        self.cells: list[RawCell] = []
        self.number: str | None = None
        self.cell: Any = None
        self.parts: list[str] = []
        self.taking = False
        self.phonetic = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Note the beginning of a row, a cell, or the text within it."""
        name = tag if tag in _PLAIN else tag.rpartition(":")[2]
        if name == "c":
            self.cell, self.parts = attributes, []
        elif name == "v" or name == "t":
            self.taking = self.cell is not None and not self.phonetic
        elif name == "row":
            self.number, self.cells = attributes.get("r"), []
        elif name == "rPh":  # how a word is spoken, in Japanese workbooks: no part of it
            self.phonetic += 1

    def end(self, tag: str) -> None:
        """Note the end of a text, a cell or a row."""
        name = tag if tag in _PLAIN else tag.rpartition(":")[2]
        if name == "v" or name == "t":
            self.taking = False
        elif name == "c":
            if self.parts:
                own = self.cell.get
                self.cells.append((own("r", ""), own("t", "n"), int(own("s") or 0), "".join(self.parts)))
            self.cell = None
        elif name == "row":
            self.rows.append((self.number, self.cells))
        elif name == "rPh":
            self.phonetic -= 1

    def text(self, words: str) -> None:
        """Take the text of a cell."""
        if self.taking:
            self.parts.append(words)
