"""An explanation: what a figure of a map is worked out from, step by step, as words and full numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# Rows of a table that are shown one by one; the years after them are summed in one line.
MOST_ROWS = 12


def in_one_line(text: str) -> str:
    """Return a text of the map without its line breaks and runs of spaces."""
    return re.sub(r"[^\S\u00a0]+", " ", text).strip()


@dataclass(frozen=True)
class Given:
    """A number that the map gives, and what it rests on.

    `name` is its name (`gp_visits.quantity`; "" for a weight, which has none), `values` its base case (one, or one for
    each year), `shown` the same in words, `facts` what else the map says of it, `place` where it stands in the file.
    `source` and `reason` are "" where the map gives none; `asked` says whether it is to have a source, `is_missing`
    that the map leaves the number out.
    """

    name: str
    label: str
    values: tuple[float, ...]
    shown: str
    facts: tuple[str, ...] = ()
    source: str = ""
    reason: str = ""
    place: str = ""
    asked: bool = True
    is_missing: bool = False

    @property
    def grounds(self) -> str:
        """What it rests on, in one line: facts, reason, source, and that none is given where none is."""
        said = [*self.facts, f"reason: {self.reason}" if self.reason else ""]
        said.append(f"source: {self.source}" if self.source else "no source given" if self.asked else "")
        text = "; ".join(in_one_line(each).rstrip(".;") for each in said if each)
        return f"{text[:1].upper()}{text[1:]}." if text else ""

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python."""
        return {
            "name": self.name,
            "label": self.label,
            "values": list(self.values),
            "shown": self.shown,
            "facts": list(self.facts),
            "source": self.source or None,
            "reason": self.reason or None,
            "place": self.place or None,
        }


@dataclass(frozen=True)
class Step:
    """One line of the working: what is worked out, by which formula, from which numbers, and what it comes to.

    `value` is the figure in full; `shown` the figure as printed, which a reader gets who redoes `working` as printed.
    """

    what: str
    formula: str
    working: str
    shown: str
    value: float

    def __str__(self) -> str:
        return " = ".join(part for part in (self.formula, self.working, self.shown) if part)

    @property
    def in_words(self) -> str:
        """The step in one line, with what it works out."""
        return f"{self.what}: {self}"

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python."""
        return {
            "kind": "step",
            "what": self.what,
            "formula": self.formula,
            "working": self.working,
            "shown": self.shown,
            "value": _or_none(self.value),
        }


@dataclass(frozen=True)
class Sheet:
    """A small table: rows of words, the years or lines that are not shown one by one as `rest`, and a `total`."""

    caption: str
    headings: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    rest: tuple[str, ...] | None
    total: tuple[str, ...] | None

    @property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """All its lines: rows, the rest in one, the total."""
        return (*self.rows, *(line for line in (self.rest, self.total) if line is not None))

    @property
    def is_one_year(self) -> bool:
        """Whether it holds a single year, whose total says nothing more."""
        return len(self.rows) == 1 and self.headings[0] == "Year" and self.rest is None

    def line_in_words(self, line: Sequence[str]) -> str:
        """Return a year as one chain: Year 2: £1,539 × 0.9 = £1,385.10 / 1.035^2 = £1,293.01."""
        first, working, *rest = line
        if not working or (len(rest) > 1 and not rest[1]):
            return f"{'Years ' if ' ' in first else ''}{first}: {line[-1]}"
        if len(rest) > 1:
            value, factor = rest[:2]
            rest = [f"{value} {factor}", line[-1]]
            working = "" if working == value else working
        elif working == line[-1]:
            working = ""
        return f"{self.headings[0]} {first}: {' = '.join(each for each in (working, *rest) if each)}"

    @property
    def in_words(self) -> str:
        """Its lines, each in words."""
        return "; ".join(self.line_in_words(line) for line in self.rows)

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python."""
        return {
            "kind": "table",
            "caption": self.caption,
            "headings": list(self.headings),
            "rows": [list(row) for row in self.rows],
            "rest": list(self.rest) if self.rest is not None else None,
            "total": list(self.total) if self.total is not None else None,
        }


@dataclass(frozen=True)
class Sentence:
    """A sentence between the steps."""

    text: str

    @property
    def in_words(self) -> str:
        """The sentence."""
        return self.text

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python."""
        return {"kind": "sentence", "text": self.text}


Part = Step | Sheet | Sentence


@dataclass(frozen=True)
class YearValue:
    """A year 1, 2, .. of an outcome or input: its value, before and after discounting, in full."""

    year: int
    value: float
    present_value: float


@dataclass(frozen=True)
class Explanation:
    """How a figure comes about: what the map gives, the working step by step, every year in full.

    `subject` is the id of the outcome or input, `discount_rate` or `sroi_ratio`; `kind` says which of these it is.
    `value` is the present value of an outcome or input, NaN where it has none, or the rate of year 1, or the ratio;
    `shown` the same as the working prints it.
    `not_counted` holds the reason for which an outcome does not enter the total, None if it does.
    """

    subject: str
    kind: str
    label: str
    value: float
    shown: str
    summary: str
    givens: tuple[Given, ...]
    parts: tuple[Part, ...]
    years: tuple[YearValue, ...] = ()
    not_counted: str | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the working alone."""
        return tuple(part for part in self.parts if isinstance(part, Step))

    @property
    def tables(self) -> tuple[Sheet, ...]:
        """The tables of the working alone."""
        return tuple(part for part in self.parts if isinstance(part, Sheet))

    def __str__(self) -> str:
        lines = [self.label, self.summary]
        lines += [f"{given.label}: {given.shown}. {given.grounds}" for given in self.givens]
        for part in self.parts:
            if isinstance(part, Sheet):
                lines += [f"{part.caption}:", *(" | ".join(line) for line in (part.headings, *part.lines))]
            else:
                lines.append(part.in_words)
        return "\n".join(line.rstrip() for line in lines)

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python numbers, words and lists; None where there is no figure."""
        return {
            "subject": self.subject,
            "kind": self.kind,
            "label": self.label,
            "value": _or_none(self.value),
            "shown": self.shown,
            "summary": self.summary,
            "not_counted": self.not_counted,
            "givens": [given.to_dict() for given in self.givens],
            "working": [part.to_dict() for part in self.parts],
            "by_year": [
                {"year": each.year, "value": each.value, "present_value": each.present_value} for each in self.years
            ],
        }


def _or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None
