"""The paper on which a working is written: steps, sentences and tables in order, their digits settled at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sroi.explaining.explanation import Part, Sentence, Sheet, Step
from sroi.explaining.pencil import (
    MONEY,
    Digits,
    Equation,
    Figure,
    Working,
    largest,
    settle,
    telling_decimals,
    written_decimals,
)

Cell = str | Figure | Working


class Paper:
    """Takes down a working and gives it back as words, once all its figures have the digits that they need."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self._equations: list[Equation] = []
        # Each part becomes words only when it is read: until then a figure may still get another digit.
        self._parts: list[Callable[[], Part]] = []

    def take(self, value: float, unit: str) -> Figure:
        """Return a number that is given, printed with the digits that it was written with."""
        return Figure(value, unit, self.currency, Digits(written_decimals(value, unit), value, unit))

    def work(self, what: str, formula: str, working: Working, unit: str, aside: str = "") -> Figure:
        """Write down a step; return what it comes to. `aside` is a word on the result."""
        result = self.reckon(working, unit)
        self._write(what, formula, working, result, aside)
        return result

    def show(self, what: str, formula: str, working: Working, result: Figure) -> None:
        """Write down a step to a figure that stands elsewhere too, such as in a column."""
        self._equations.append(Equation(working, result))
        self._write(what, formula, working, result)

    def _write(self, what: str, formula: str, working: Working, result: Figure, aside: str = "") -> None:
        beside = f" ({aside})" if aside else ""
        self._parts.append(lambda: Step(what, formula, str(working), f"{result}{beside}", result.value))

    def reckon(self, working: Working, unit: str) -> Figure:
        """Return what a working comes to, without a step of its own."""
        value = working.value
        decimals = written_decimals(value, unit, 2 if unit == MONEY else 4)
        result = Figure(value, unit, self.currency, Digits(decimals, value, unit))
        self._equations.append(Equation(working, result))
        return result

    def column(self, workings: Sequence[Working]) -> list[Figure]:
        """Return what the workings of a column of money come to, all with the same number of decimals."""
        figures = self.given_column([working.value for working in workings])
        self._equations += [Equation(working, figure) for working, figure in zip(workings, figures, strict=True)]
        return figures

    def given_column(self, values: Sequence[float]) -> list[Figure]:
        """Return sums of money that are worked out elsewhere, all with the same number of decimals."""
        digits = Digits(telling_decimals(largest(values)), largest(values), MONEY)
        return [Figure(value, MONEY, self.currency, digits) for value in values]

    def say(self, pattern: str, *figures: object) -> None:
        """Write down a sentence, with a place {} for each figure or text of the map."""
        self._parts.append(lambda: Sentence(pattern.format(*figures)))

    def rule(
        self,
        caption: str,
        headings: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        rest: Sequence[Cell] | None = None,
        total: Sequence[Cell] | None = None,
    ) -> None:
        """Write down a table; a column is one of figures if its first row holds one."""
        numeric = tuple(isinstance(cell, Figure) for cell in rows[0])

        def line(cells: Sequence[Cell] | None) -> tuple[str, ...] | None:
            return None if cells is None else tuple(str(cell) for cell in cells)

        def written() -> Sheet:
            shown = tuple(tuple(str(cell) for cell in row) for row in rows)
            return Sheet(caption, tuple(headings), numeric, shown, line(rest), line(total))

        self._parts.append(written)

    def read(self) -> tuple[Part, ...]:
        """Return all that was written down, with the digits that a reader needs."""
        self.settled()
        return tuple(part() for part in self._parts)

    def settled(self) -> None:
        """Give every figure the digits that it needs, so that it can be printed."""
        settle(self._equations)
