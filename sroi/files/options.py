"""What a reader is told, where a file by itself can be read in more than one way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sroi.errors import Problem, SroiError, did_you_mean

DIRECTIONS = ("owed", "claimed")
DECIMALS = ("point", "comma")
ANALYSES = ("forecast", "evaluative")


@dataclass(frozen=True)
class ReadingOptions:
    """What the user says of a file that leaves it open; None leaves it to the file.

    `attribution`: owed (the share owed to others) or claimed; `decimal`: point or comma; `currency`: ISO 4217;
    `price_year`: as in a value map; `analysis`: forecast or evaluative; `sheet`: the sheet that holds the map;
    `mapping`: a mapping file saved from an earlier reading.
    """

    attribution: str | None = None
    decimal: str | None = None
    currency: str | None = None
    price_year: str | None = None
    analysis: str | None = None
    sheet: str | None = None
    mapping: Path | None = None

    def __post_init__(self) -> None:
        choices = {"attribution": DIRECTIONS, "decimal": DECIMALS, "analysis": ANALYSES}
        given = [(name, getattr(self, name), words) for name, words in choices.items()]
        wrong = [
            Problem(f"--{name} {word} is not one of the choices here", did_you_mean(word, words))
            for name, word, words in given
            if word is not None and word not in words
        ]
        if wrong:
            raise SroiError(wrong)
