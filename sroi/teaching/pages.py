"""A lesson as one self-contained HTML page that opens by double click: its story, and exercises that mark themselves.

What an answer is marked by travels in the page scrambled, not locked: nobody reads it by accident, and whoever can
program can unscramble it. A strict content security policy names the page's own script and style by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape
from importlib.resources import files
from typing import Any

from sroi.teaching.checking import missing_words
from sroi.teaching.course import Exercise, Lesson, lessons
from sroi.teaching.keys import NumberKey, key_of
from sroi.teaching.mistakes import kinds
from sroi.teaching.prose import as_html, emphasised, without_styles
from sroi.teaching.showing import performed
from sroi.version import __version__

# What is said of answers whatever the exercise.
_GENERAL = ("empty", "unreadable", "not_finite", "too_high", "too_low", "missing", "too_much", "missing_and_too_much")
_UNIT_WORDS = {
    "money": "in pounds",
    "share": "as a share: 25% or 0.25",
    "ratio": "to 1",
    "people": "people",
    "factor": "a factor",
}


def lesson_page(told: Lesson) -> str:
    """Return a lesson as one HTML page: the same text each time.

    >>> lesson_page(lessons()[2]).count("<form")
    6
    """
    style = _written("lesson.css")
    script = (
        f'(() => {{\n"use strict";\n{_written("reading.js")}\n{_written("marking.js")}\n{_written("lesson.js")}}})();\n'
    )
    fills = {
        "policy": page_policy(style, script),
        "style": style,
        "script": script,
        "title": escape(f"Lesson {told.number}: {told.title}"),
        "kind": escape(f"Lesson {told.number} of {len(lessons())} · about {told.minutes} minutes"),
        "stages": escape(told.stage_words[0].upper() + told.stage_words[1:]),
        "about": emphasised(told.about),
        "content": "\n".join(_steps(told)),
        "count": str(len(told.exercises)),
        "around": _around(told),
        "version": escape(__version__),
        "marking": as_json(
            {"words": general_words(), "exercises": {e.number: scrambled_key(e) for e in told.exercises}}
        ),
    }
    # In one pass, so that nothing in a text is taken for a place to be filled.
    return re.sub(r"\{\{(\w+)\}\}", lambda found: fills[found[1]], _written("lesson.html"))


def page_name(told: Lesson) -> str:
    """Return the name of a lesson's page."""
    return f"{told.name}.html"


def page_policy(style: str, script: str = "") -> str:
    """Return a policy under which a page may use its own style, script and pictures, and nothing else."""
    scripts = f"script-src {_hash(script)}; " if script else ""
    return (
        f"default-src 'none'; img-src data:; {scripts}style-src {_hash(style)}; base-uri 'none'; form-action 'none'; "
        "object-src 'none'"
    )


def as_json(value: Any) -> str:
    """Return JSON that may stand within a script element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}'"


def _written(name: str) -> str:
    return (files("sroi.teaching") / "page" / name).read_text(encoding="utf-8").replace("\r\n", "\n")


# ---- what marks ----


def general_words() -> dict[str, list[str]]:
    """Return the headings and words that any exercise may need."""
    return {name: [kinds()[name].title, kinds()[name].words] for name in _GENERAL}


def marking_facts(asked: Exercise) -> dict[str, Any]:
    """Return all that an exercise is marked by, plain: what `marking.js` takes."""
    return {
        "kind": asked.kind,
        "notice": asked.notice,
        "missing": [missing_words(count, asked.hint) for count in range(1, len(asked.options) + 1)],
        "keys": [_key_facts(key) for key in key_of(asked.number)],
        "options": [
            [option.letter, option.right, option.why, option.slip or "choice", kinds()[option.slip or "choice"].title]
            for option in asked.options
        ],
    }


def _key_facts(key: NumberKey) -> dict[str, Any]:
    spans = [[span.low, span.high, span.kind, span.title, span.words] for span in key.spans]
    return {"label": key.label, "name": key.name, "value": key.value, "hint": key.hint, "spans": spans}


def scrambled_key(asked: Exercise) -> str:
    """Return what an exercise is marked by as letters that nobody reads by accident. It is no lock."""
    plain = json.dumps(marking_facts(asked), ensure_ascii=False, allow_nan=False).encode("utf-8")
    return base64.b64encode(scrambled(plain, asked.number)).decode("ascii")


def scrambled(content: bytes, name: str) -> bytes:
    """Return bytes mixed with a stream that the name begins; mixing them again gives them back.

    >>> scrambled(scrambled(b"75 %", "4.2"), "4.2")
    b'75 %'
    """
    state = sum(ord(letter) * 31**place for place, letter in enumerate(name)) % 65521
    mixed = bytearray()
    for byte in content:
        state = (state * 171 + 11213) % 53125
        mixed.append(byte ^ (state & 255))
    return bytes(mixed)


# ---- what is seen ----


def _steps(told: Lesson) -> list[str]:
    parts = []
    for step, _, html in performed(told.number):
        if step.text:
            parts.append(as_html(step.text))
        if html:
            parts.append(_shown(html, step.behind))
        if step.exercise is not None:
            parts.append(_form(step.exercise))
    return parts


def _shown(html: str, behind: str) -> str:
    inner = f'<div class="shown">{_lower_headings(without_styles(html))}</div>'
    return f"<details><summary>{escape(behind)}</summary>{inner}</details>" if behind else inner


def _lower_headings(html: str) -> str:
    """Return a report's section for the inside of a lesson: its heading one lower, and no name that could clash."""
    html = re.sub(r"<section id=\"\w+\">", "<section>", html)
    return html.replace("<h2>", '<h3 class="of-report">').replace("</h2>", "</h3>")


def _form(asked: Exercise) -> str:
    name = asked.number.replace(".", "-")
    inner = _fields(asked, name)
    return (
        f'<form class="exercise {asked.kind}" id="ex-{name}" data-exercise="{asked.number}" '
        f'data-kind="{asked.kind}" novalidate>\n'
        f"<fieldset><legend>Exercise {asked.number}</legend>\n"
        f'<p class="question">{emphasised(asked.question)}</p>\n{inner}\n'
        '<button type="submit">Check my answer</button>\n'
        '<div class="said" role="status"></div>\n</fieldset></form>'
    )


def _fields(asked: Exercise, name: str) -> str:
    if asked.kind == "number":
        return _typed(name, "0", "Your answer", asked.unit)
    if asked.kind == "map":
        return "\n".join(_typed(name, str(n), each.label, each.unit) for n, each in enumerate(asked.blanks))
    sort = "radio" if asked.kind == "choice" else "checkbox"
    more = "" if asked.kind == "choice" else '<p class="quiet">Tick all that belong.</p>'
    rows = "\n".join(
        f'<label class="option"><input type="{sort}" name="o-{name}" value="{option.letter}"> '
        f"<span><b>{option.letter}</b> {emphasised(option.text)}</span></label>"
        for option in asked.options
    )
    return f"{more}{rows}"


def _typed(name: str, place: str, label: str, unit: str) -> str:
    words = escape(_UNIT_WORDS.get(unit, unit))
    return (
        f'<p class="typed"><label for="a-{name}-{place}">{escape(label)}</label> '
        f'<input type="text" id="a-{name}-{place}" inputmode="text" autocomplete="off" spellcheck="false" '
        f'aria-describedby="u-{name}-{place}"> <small id="u-{name}-{place}">{words}</small></p>'
    )


def _around(told: Lesson) -> str:
    links = ['<a href="../index.html">All lessons</a>']
    for step, words in ((-1, "Lesson {} before"), (1, "On to lesson {}")):
        other = next((each for each in lessons() if each.number == told.number + step), None)
        if other is not None:
            links.append(f'<a href="{page_name(other)}">{words.format(other.number)}: {escape(other.title)}</a>')
    return "".join(f"<li>{link}</li>" for link in links)
