"""Marking: `check("2.3", answer)` says whether an answer is right and, if not, what kind of mistake it looks like."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from sroi.teaching.answers import Unread, letters_from, number_from, numbers_from
from sroi.teaching.course import Exercise, exercise
from sroi.teaching.keys import NumberKey, key_of
from sroi.teaching.mistakes import kinds
from sroi.teaching.prose import as_plain, emphasised


@dataclass(frozen=True)
class Marking:
    """What is said of an answer: whether it is right, else the kind of mistake, with a heading and some words."""

    number: str
    right: bool
    kind: str
    title: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        head = f"Exercise {self.number}: {'✓' if self.right else '✗'} {self.title}."
        return "\n".join([head, *(f"  {as_plain(line)}" for line in self.words)])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        colour = "#0072B2" if self.right else "#D55E00"
        lines = "".join(f'<p style="margin:.3em 0">{emphasised(line)}</p>' for line in self.words)
        return (
            f'<div role="status" style="border-left:5px solid {colour};padding:.3em 1em;max-width:46em">'
            f'<p style="margin:.3em 0"><strong>{"✓" if self.right else "✗"} {escape(self.title)}</strong> '
            f"<small>exercise {escape(self.number)}</small></p>{lines}</div>"
        )


@dataclass(frozen=True)
class Solution:
    """The answer to an exercise and the way there, as a trainer reads it."""

    number: str
    answer: str
    way: str

    def __str__(self) -> str:
        return f"Exercise {self.number}: {self.answer}\n{as_plain(self.way)}".rstrip()

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        way = f"<p>{emphasised(self.way)}</p>" if self.way else ""
        return f"<p><strong>Exercise {escape(self.number)}:</strong> {escape(self.answer)}</p>{way}"


def check(number: str, answer: object) -> Marking:
    """Return what is to be said of an answer to an exercise.

    Parameters: `number`, the exercise ("2.3"); `answer`, a number, a text ("25%", "£1,250", "A, C"), a list of letters,
    a dictionary of a map's numbers by name, an ImpactMap, or the name of a value map's file.
    Raises NameRefused, with the nearest number, for an exercise that there is not. No answer stops it.

    >>> print(check("1.1", 500))
    Exercise 1.1: ✗ A month where a year was meant.
      A proxy is the value of one unit of change for one year. A monthly price has to be taken twelve times.
    """
    asked = exercise(number)
    return mark(asked, answer)


def mark(asked: Exercise, answer: object) -> Marking:
    """Return what is to be said of an answer to this exercise."""
    try:
        if asked.kind == "number":
            return _said(asked, *marked_number(key_of(asked.number)[0], answer))
        if asked.kind == "map":
            return _marked_map(asked, answer)
        return _marked_options(asked, letters_from(answer, asked.options, asked.kind == "choice"))
    except Unread as unread:
        told = kinds()[unread.kind]
        return _said(asked, unread.kind, told.title, unread.words or told.words)


def solution(number: str) -> Solution:
    """Return an exercise's answer and the way to it. For trainers: the notebooks do not have it.

    >>> print(solution("1.1"))
    Exercise 1.1: £6,000
    40 people × £150 = £6,000. Nothing has been taken off yet, so this is a gross value.
    """
    asked = exercise(number)
    keys = key_of(asked.number)
    if keys:
        shown = [f"{key.label}: {written(key)}" if key.label else written(key) for key in keys]
        return Solution(asked.number, "; ".join(shown), asked.how)
    right = [option for option in asked.options if option.right]
    return Solution(asked.number, " ".join(f"{each.letter}. {each.text}" for each in right), asked.how or asked.notice)


def written(key: NumberKey) -> str:
    """Return a key's right answer as people write it.

    >>> written(key_of("1.4")[0])
    '1.61'
    """
    if key.unit == "share":
        return f"{key.value * 100:.{key.decimals}f}%"
    amount = f"{abs(key.value):,.{key.decimals}f}"
    return f"{'-' if key.value < 0 else ''}{'£' if key.unit == 'money' else ''}{amount}"


def right_answer(number: str) -> object:
    """Return an answer that is right, as `check` takes it: a number, a letter, letters, or numbers by name."""
    asked = exercise(number)
    keys = key_of(asked.number)
    if asked.kind == "number":
        return keys[0].value
    if asked.kind == "map":
        return {key.name: key.value for key in keys}
    letters = [option.letter for option in asked.options if option.right]
    return letters[0] if asked.kind == "choice" else letters


# ---- marking ----


def marked_number(key: NumberKey, answer: object) -> tuple[str, str, str]:
    """Return the kind of mistake ("" for none), its heading and its words; Unread if it is no number."""
    found = number_from(answer)
    for span in key.spans:
        if span.low <= found <= span.high:
            return span.kind, span.title, span.words
    kind = "too_high" if found > key.value else "too_low"
    return kind, kinds()[kind].title, key.hint


def _marked_map(asked: Exercise, answer: object) -> Marking:
    keys = key_of(asked.number)
    given = numbers_from(answer, tuple(key.name for key in keys))
    said = [(key, *_marked_blank(key, given.get(key.name))) for key in keys]
    wrong = [each for each in said if each[1]]
    if not wrong:
        return _said(asked, "", "Right", asked.notice)
    words = tuple(f"{key.label}: {title}. {text}".rstrip() for key, _, title, text in wrong)
    right = len(said) - len(wrong)
    title = wrong[0][2] if len(wrong) == 1 else f"{right} of {len(said)} right"
    return Marking(asked.number, False, wrong[0][1], title, words)


def _marked_blank(key: NumberKey, answer: object) -> tuple[str, str, str]:
    try:
        return marked_number(key, answer)
    except Unread as unread:
        return unread.kind, kinds()[unread.kind].title, unread.words


def _marked_options(asked: Exercise, letters: set[str]) -> Marking:
    if asked.kind == "choice":
        option = next(each for each in asked.options if each.letter in letters)
        if option.right:
            return Marking(asked.number, True, "", "Right", _lines(option.why, asked.notice))
        kind = option.slip or "choice"
        return Marking(asked.number, False, kind, kinds()[kind].title, _lines(option.why))
    missing = [each for each in asked.options if each.right and each.letter not in letters]
    too_much = [each for each in asked.options if not each.right and each.letter in letters]
    if not missing and not too_much:
        return _said(asked, "", "Right", asked.notice)
    kind = "missing_and_too_much" if missing and too_much else "missing" if missing else "too_much"
    words = [f"{each.letter} does not belong: {each.why}" for each in too_much]
    words += [missing_words(len(missing), asked.hint)] if missing else []
    return Marking(asked.number, False, kind, kinds()[kind].title, tuple(words))


def missing_words(count: int, hint: str) -> str:
    """Say how many are missing, and not which: finding them is the exercise."""
    return f"{count} more belong{'s' if count == 1 else ''}. {hint}".rstrip()


def _said(asked: Exercise, kind: str, title: str, words: str) -> Marking:
    return Marking(asked.number, not kind, kind, title, _lines(words))


def _lines(*words: str) -> tuple[str, ...]:
    return tuple(text for text in words if text)
