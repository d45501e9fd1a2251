"""The exercises of a lesson on a sheet: yellow cells to fill, and formulas that say what kind of mistake it looks like.

The spans of numbers and the words are those by which page and program mark. They lie on a sheet that Excel does not
offer to show, the numbers stretched and moved: nobody reads an answer by accident. It is no lock.
"""

from __future__ import annotations

import math
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from sroi.files.workbook_pen import BAND, Pen
from sroi.teaching.answers import EXPECTED
from sroi.teaching.checking import missing_words
from sroi.teaching.course import Exercise, Lesson
from sroi.teaching.keys import NumberKey, key_of
from sroi.teaching.mistakes import kinds
from sroi.teaching.prose import as_plain

_NUMBER, _QUESTION, _ANSWER, _SAID = range(4)
_HEADINGS = ("Exercise", "Question", "Your answer", "What is said of it")
_WIDTHS = (9, 62, 16, 62)
_KEY = "Key"


def write_exercises(book: Any, pen: Pen, sheet: Any, told: Lesson) -> Any:
    """Fill the sheet of exercises; return the sheet that holds what they are marked by."""
    key = _Key(book.add_worksheet(_KEY))
    form = _Form(pen, sheet, key, told)
    for place, asked in enumerate(told.exercises):
        key.stretch = (3 + 2 * place, 1000 + 137 * place)
        form.exercise(asked)
    form.finish()
    key.sheet.protect()
    return key.sheet


class _Key:
    """The sheet of spans and words; it knows the next free row, and how numbers are stretched and moved."""

    def __init__(self, sheet: Any) -> None:
        self.sheet, self.row = sheet, 0
        self.stretch = (1, 0)

    def words(self, *lines: str) -> str:
        """Write words into a cell and return its address."""
        self.sheet.write_string(self.row, 2, " ".join(as_plain(line) for line in lines if line))
        self.row += 1
        return _address(self.row - 1, 2)

    def formula(self, formula: str) -> str:
        """Write a formula into a cell and return its address."""
        self.sheet.write_formula(self.row, 3, formula, None, 0)
        self.row += 1
        return _address(self.row - 1, 3)

    def hidden(self, value: float) -> float:
        """Return a number stretched and moved."""
        times, more = self.stretch
        return value * times + more

    def moved(self, cell: str) -> str:
        """Return the formula that stretches and moves what a cell holds."""
        times, more = self.stretch
        return f"({cell}*{times}+{more})"


def _address(row: int, column: int) -> str:
    return f"{_KEY}!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"


def _column(first: int, last: int, column: int) -> str:
    """Return a span of cells of the key in one column."""
    return f"{_address(first, column)}:{_address(last, column).partition('!')[2]}"


def _is_right(cell: str) -> str:
    """Return the formula that is 1 where a cell says that an answer is right, and 0 elsewhere."""
    return f'IF(LEFT({cell},1)="✓",1,0)'


def _right(words: str) -> str:
    return f"✓ Right. {words}".rstrip()


def _wrong(title: str, words: str) -> str:
    return f"✗ {title}. {words}".rstrip()


class _Form:
    """The sheet that a learner fills in."""

    def __init__(self, pen: Pen, sheet: Any, key: _Key, told: Lesson) -> None:
        self.pen, self.sheet, self.key, self.told = pen, sheet, key, told
        self.row, self.codes = 5, 0
        self.marked: list[str] = []
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.hide_gridlines(2)
        sheet.set_row(0, 28)
        sheet.write_string(
            0, 0, f"Lesson {told.number}: exercises", pen.format(bold=True, font_size=18, font_color=BAND)
        )
        sheet.write_string(
            1, 0, "Answer in the yellow cells; beside each stands what kind of mistake it looks like.", pen.format()
        )
        for column, heading in enumerate(_HEADINGS):
            sheet.write_string(4, column, heading, pen.heading())
        sheet.freeze_panes(5, 0)

    def exercise(self, asked: Exercise) -> None:
        """Write one exercise with its cells and its formulas."""
        self.marked.append(xl_rowcol_to_cell(self.row, _SAID))
        if asked.kind == "number":
            self.number(asked)
        elif asked.kind == "map":
            self.blanks(asked)
        else:
            self.options(asked)
        self.row += 1

    def question(self, asked: Exercise, answer: bool) -> str:
        """Write the question's row and return its answer's cell."""
        wrap = {"text_wrap": True, "top": 1, "top_color": BAND}
        self.sheet.write_string(self.row, _NUMBER, asked.number, self.pen.format(bold=True, **wrap))
        self.sheet.write_string(self.row, _QUESTION, as_plain(asked.question), self.pen.format(bold=True, **wrap))
        style = self.pen.input(align="center") if answer else self.pen.format(**wrap)
        self.sheet.write_blank(self.row, _ANSWER, None, style)
        self.height(max(len(asked.question) * 1.1, _longest_said(asked)))
        return _span(self.row, self.row, _ANSWER).partition(":")[0]

    def height(self, letters: float) -> None:
        """Give the row the height that so many letters need."""
        self.sheet.set_row(self.row, math.ceil(letters / 62) * 13.5 + 4)

    def said(self, formula: str, top: bool = True) -> None:
        """Write what is said of an answer."""
        look = {"top": 1, "top_color": BAND} if top else {}
        style = self.pen.format(text_wrap=True, **look)
        self.sheet.write_formula(self.row, _SAID, f"={formula}", style, "")
        self.sheet.conditional_format(
            self.row, _SAID, self.row, _SAID,
            {"type": "text", "criteria": "begins with", "value": "✓", "format": self.pen.format(font_color="#00548A")},
        )  # fmt: skip

    def number(self, asked: Exercise) -> None:
        """Write an exercise with one number."""
        cell = self.question(asked, answer=True)
        self.said(self.marking(key_of(asked.number)[0], cell))
        self.row += 1

    def marking(self, key: NumberKey, cell: str) -> str:
        """Write by what a number is marked, and return the formula that marks it: the first span that holds it."""
        sheet, first = self.key.sheet, self.key.row
        for span in key.spans:
            row = self.key.row
            sheet.write_number(row, 0, self.key.hidden(span.low))
            sheet.write_number(row, 1, self.key.hidden(span.high))
            low, high = (_address(row, column) for column in (0, 1))
            moved = self.key.moved(f"Exercises!{cell}")
            held = f"IF(AND({moved}>={low},{moved}<={high}),1,0)"
            sheet.write_formula(row, 3, f"=IF(ISNUMBER(Exercises!{cell}),{held},0)", None, 0)
            self.key.words(_wrong(span.title, span.words) if span.kind else _right(span.words))
        last = self.key.row - 1
        hits, words = (_column(first, last, column) for column in (3, 2))
        high, low = (self.key.words(_wrong(kinds()[name].title, key.hint)) for name in ("too_high", "too_low"))
        unread = self.key.words(_wrong(kinds()["unreadable"].title, EXPECTED))
        middle = self.key.row
        sheet.write_number(middle, 0, self.key.hidden(key.value))
        self.key.row += 1
        off = f"IF({self.key.moved(cell)}>{_address(middle, 0)},{high},{low})"
        found = f"IFERROR(INDEX({words},MATCH(1,{hits},0)),{off})"
        return f'IF(ISBLANK({cell}),"",IF(ISNUMBER({cell}),{found},{unread}))'

    def blanks(self, asked: Exercise) -> None:
        """Write an exercise with several numbers of one map."""
        self.question(asked, answer=False)
        head, keys = self.row, key_of(asked.number)
        first, last = head + 1, head + len(keys)
        answers = _span(first, last, _ANSWER)
        marks = "(" + "+".join(_is_right(xl_rowcol_to_cell(row, _SAID)) for row in range(first, last + 1)) + ")"
        right = self.key.words(_right(asked.notice))
        counted = f'{marks}&" of {len(keys)} right"'
        self.said(f'IF(COUNTA({answers})=0,"",IF({marks}={len(keys)},{right},{counted}))')
        for key in keys:
            self.row += 1
            self.sheet.write_string(self.row, _QUESTION, key.label, self.pen.format(indent=2))
            self.sheet.write_blank(self.row, _ANSWER, None, self.pen.input(align="center"))
            self.said(self.marking(key, xl_rowcol_to_cell(self.row, _ANSWER, row_abs=True, col_abs=True)), top=False)
            self.height(_longest_said(asked))
        self.row += 1

    def options(self, asked: Exercise) -> None:
        """Write an exercise with options: one letter, or a cross beside each that belongs."""
        choice = asked.kind == "choice"
        cell = self.question(asked, answer=choice)
        head = self.row
        letters = [option.letter for option in asked.options]
        first, last = head + 1, head + len(letters)
        if choice:
            self.sheet.data_validation(cell, {"validate": "list", "source": letters, "show_error": False})
            self.said(self.chosen(asked, cell))
        else:
            self.said(self.ticked(asked, first, last))
        for option in asked.options:
            self.row += 1
            self.sheet.write_string(self.row, _NUMBER, option.letter, self.pen.format(bold=True, align="right"))
            self.sheet.write_string(self.row, _QUESTION, option.text, self.pen.format(text_wrap=True))
            self.height(max(len(option.text), 0 if choice else len(option.why) + 10) * 1.1)
            if not choice:
                self.tick()
        self.row += 1

    def chosen(self, asked: Exercise, cell: str) -> str:
        """Write the words of each letter, and return the formula that finds those of the letter given."""
        first = self.key.row
        for option in asked.options:
            self.key.sheet.write_string(self.key.row, 0, option.letter)
            title = kinds()[option.slip or "choice"].title
            self.key.words(_right(f"{option.why} {asked.notice}") if option.right else _wrong(title, option.why))
        last = self.key.row - 1
        letters, words = (_column(first, last, column) for column in (0, 2))
        span = f"Give a letter, {asked.options[0].letter} to {asked.options[-1].letter}."
        unread = self.key.words(_wrong(kinds()["unreadable"].title, span))
        found = f"IFERROR(INDEX({words},MATCH(UPPER(TRIM({cell})),{letters},0)),{unread})"
        return f'IF(ISBLANK({cell}),"",{found})'

    def ticked(self, asked: Exercise, first: int, last: int) -> str:
        """Write what belongs (an even number) and what does not, and return the formula that compares."""
        start = self.key.row
        for place, option in enumerate(asked.options):
            row = self.key.row
            code, tick = _address(row, 0), f"TRIM(Exercises!{xl_rowcol_to_cell(first + place, _ANSWER)})"
            self.key.sheet.write_number(row, 0, 2 * (37 + 11 * place % 29) + (0 if option.right else 1))
            self.key.sheet.write_formula(row, 3, f'=IF(AND(MOD({code},2)=0,{tick}=""),1,0)', None, 0)
            self.key.sheet.write_formula(row, 4, f'=IF(AND(MOD({code},2)=1,{tick}<>""),1,0)', None, 0)
            self.key.words(f"Does not belong: {option.why}" if not option.right else "")
        self.codes = start
        end = self.key.row - 1
        missing, too_much = (self.key.formula(f"=SUM({_column(start, end, column)})") for column in (3, 4))
        both, less, more = (
            self.key.words(_wrong(kinds()[name].title, "")) for name in ("missing_and_too_much", "missing", "too_much")
        )
        right = self.key.words(_right(asked.notice))
        counts = [self.key.words(missing_words(count, asked.hint)) for count in range(1, len(asked.options) + 1)]
        count = f"INDEX({counts[0]}:{counts[-1].partition('!')[2]},{missing})"
        wrong = f'IF({missing}>0,IF({too_much}>0,{both},{less})&" "&{count},{more})'
        answers = _span(first, last, _ANSWER)
        return f'IF(COUNTA({answers})=0,"",IF({missing}+{too_much}=0,{right},{wrong}))'

    def tick(self) -> None:
        """Write the cell for a cross, and the formula that says why an option does not belong."""
        self.sheet.write_blank(self.row, _ANSWER, None, self.pen.input(align="center"))
        self.sheet.data_validation(self.row, _ANSWER, self.row, _ANSWER,
                                   {"validate": "list", "source": ["x"], "show_error": False})  # fmt: skip
        cell = xl_rowcol_to_cell(self.row, _ANSWER, row_abs=True, col_abs=True)
        code, words = _address(self.codes, 0), _address(self.codes, 2)
        self.codes += 1
        self.said(f'IF(AND(TRIM({cell})<>"",MOD({code},2)=1),{words},"")', top=False)

    def finish(self) -> None:
        """Write the score, and close the sheet but for its yellow cells."""
        right = "+".join(map(_is_right, self.marked))
        count = len(self.marked)
        self.sheet.write_formula(2, 0, f'={right}&" of {count} right"', self.pen.format(bold=True, font_color=BAND),
                                 f"0 of {count} right")  # fmt: skip
        self.sheet.set_paper(9)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.protect("", {"select_locked_cells": True, "format_rows": True})


def _longest_said(asked: Exercise) -> float:
    """Return how many letters the longest thing has that may be said of an answer."""
    said = [f"{span.title}{span.words}" for key in key_of(asked.number) for span in key.spans]
    if asked.kind == "choice":
        said += [f"{option.why}{asked.notice if option.right else ''}" for option in asked.options]
    return max(map(len, said), default=len(asked.hint) + 80)


def _span(first: int, last: int, column: int) -> str:
    return ":".join(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True) for row in (first, last))
