"""The pages around the course: where it begins, the note for whoever opens the stick, the solutions for the trainer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from sroi.shipped import case_studies, example
from sroi.teaching.checking import solution, written
from sroi.teaching.course import Exercise, Lesson, lessons
from sroi.teaching.handouts import sheets
from sroi.teaching.keys import key_of
from sroi.teaching.pages import page_name, page_policy
from sroi.teaching.prose import emphasised
from sroi.teaching.workbooks import workbook_name
from sroi.version import __version__

_READ_ME = """\
A COURSE IN SOCIAL RETURN ON INVESTMENT, FOR A ROOM WITHOUT INTERNET

Open index.html by double click. Nothing is installed, nothing is loaded from the internet, and nothing that is typed
leaves this machine. Whoever likes copies the whole folder.

  lessons        eight lessons, each as a page (.html) and as a workbook (.xlsx); both mark the exercises
  case_studies   finished value maps: as a page on which every number can be changed, as a workbook, as text
  blank          empty maps to begin your own
  handouts       sheets and cards to print
  notebooks      the same lessons for those who have Jupyter and sroi
  trainer        solutions and the facilitator's guide: take this folder away before you hand the stick round

The pages need a browser of the last five years; the workbooks Excel or LibreOffice, and no macros.
The answers lie in pages and workbooks scrambled, not locked: this is for learning, not for an examination.

{size}. Made with sroi {version}.
"""


def read_me(size: str) -> str:
    """Return the note that lies beside the start page; `size`, how much there is, in words."""
    return _READ_ME.format(size=size, version=__version__)


def index_page(names: Sequence[str]) -> str:
    """Return the start page of a pack that holds these files, given by their places in it."""
    parts = [
        "<h2>Lessons</h2><p>Each as a page, and as a workbook for those who prefer a spreadsheet. "
        "Begin with the first.</p>",
        _lesson_list(),
        "<h2>Case studies</h2><p>Finished maps. On the page, every number can be changed, and the ratio follows.</p>",
        _case_table(),
        "<h2>Begin your own</h2>",
        _links(["blank/value_map.xlsx", "blank/explorer.html", "blank/value_map.yaml"],
               ["An empty workbook", "An empty page, to be filled in the browser", "The same as text"]),
    ]  # fmt: skip
    handouts = sorted((name for name in names if name.startswith("handouts/")), key=_place_of_handout)
    if handouts:
        parts += ["<h2>To print</h2>", _links(handouts, [_handout_words(name) for name in handouts])]
    parts.append(
        "<h2>For those who have Jupyter</h2><p>The same lessons as notebooks lie in the folder <code>notebooks</code>. "
        "They need Python with sroi. Trainers: the solutions are in the folder <code>trainer</code>.</p>"
    )
    intro = (
        "Eight lessons for people who know charities, not code. Nothing is installed, and nothing leaves this machine."
    )
    return _page("Social Return on Investment: a course", intro, "".join(parts))


def _lesson_list() -> str:
    items = "".join(
        f'<li><a href="lessons/{page_name(told)}">{told.number}. {escape(told.title)}</a><br>'
        f"{emphasised(told.about)}<br>"
        f'<span class="quiet">{_stage_words(told)} · {told.minutes} minutes · '
        f'<a href="lessons/{workbook_name(told)}">as a workbook</a></span></li>'
        for told in lessons()
    )
    return f'<ul class="lessons">{items}</ul>'


def _stage_words(told: Lesson) -> str:
    listed = " and ".join(map(str, told.stages))
    return f"Stage{'' if len(told.stages) == 1 else 's'} {listed} of the Guide"


def _case_table() -> str:
    rows = "".join(
        f'<tr><th scope="row"><a href="case_studies/{name}/explorer.html">{escape(example(name).title)}</a></th>'
        f'<td><a href="case_studies/{name}/{name}.xlsx">workbook</a></td>'
        f'<td><a href="case_studies/{name}/about.txt">about it</a></td></tr>'
        for name in case_studies()
    )
    return f"<table><tbody>{rows}</tbody></table>"


def _links(names: Sequence[str], words: Sequence[str]) -> str:
    items = "".join(
        f'<li><a href="{escape(name)}">{escape(said)}</a></li>' for name, said in zip(names, words, strict=True)
    )
    return f"<ul>{items}</ul>"


# What is for everybody comes first; then empty cards, then those of each case.
_FIRST = ("glossary", "ten_questions", "cards_blank")


def _place_of_handout(name: str) -> tuple[int, str]:
    stem = _stem(name)
    return (_FIRST.index(stem) if stem in _FIRST else len(_FIRST), _handout_words(name).lower())


def _handout_words(name: str) -> str:
    """Return what a handout is, from its file's name: handouts/cards_blank.pdf as "Blank cards, to write on"."""
    stem = _stem(name)
    if stem == "glossary":
        return "The words of SROI, on one page"
    if stem == "cards_blank":
        return "Blank cards, to write on"
    case = stem.removeprefix("cards_")
    if case != stem and case in case_studies():
        return f"Cards to cut out: {example(case).title}"
    titles = {each: sheet.title for each, sheet in sheets().items()}
    return titles.get(stem, stem.replace("_", " ").capitalize())


def _stem(name: str) -> str:
    return name.rpartition("/")[2].partition(".")[0]


def solutions_page() -> str:
    """Return all solutions, with the mistakes that each exercise knows and what comes out of them. For the trainer.

    >>> "£8,040 ÷ £5,000 = 1.608" in solutions_page()
    True
    """
    parts = []
    for told in lessons():
        parts.append(f"<h2>Lesson {told.number}: {escape(told.title)}</h2>")
        parts += [_solution(asked) for asked in told.exercises]
    intro = "For the trainer. Beside each answer stand the wrong answers that are recognised, reckoned and not guessed."
    return _page("Solutions", intro, "".join(parts), start="../index.html")


def _solution(asked: Exercise) -> str:
    found = solution(asked.number)
    parts = [f"<h3>Exercise {asked.number}</h3><p>{emphasised(asked.question)}</p>"]
    parts.append(f"<p><strong>{emphasised(found.answer)}</strong></p>")
    if found.way:
        parts.append(f"<p>{emphasised(found.way)}</p>")
    for key in key_of(asked.number):
        slips = [
            f"{span.title}: {_as_written(key.unit, key.decimals, (span.low + span.high) / 2)}"
            for span in key.spans
            if span.kind not in ("", "nearly", "rounded", "order_of_magnitude", "sign")
        ]
        label = f"{key.label} ({written(key)}): " if key.label else ""
        parts.append(f'<p class="quiet">{escape(label)}{escape("; ".join(dict.fromkeys(slips)))}</p>')
    wrong = [f"{option.letter}: {option.why}" for option in asked.options if not option.right]
    if wrong:
        parts.append(f'<p class="quiet">{emphasised(" ".join(wrong))}</p>')
    return "".join(parts)


def _as_written(unit: str, decimals: int, value: float) -> str:
    if unit == "share":
        return f"{value * 100:,.{decimals}f}%"
    return f"{'£' if unit == 'money' else ''}{value:,.{decimals}f}".replace("£-", "-£")


def _page(title: str, intro: str, content: str, start: str = "") -> str:
    style = (files("sroi.teaching") / "page" / "lesson.css").read_text(encoding="utf-8").replace("\r\n", "\n")
    back = f'<p><a href="{start}">All lessons</a></p>' if start else ""
    fills = {
        "title": escape(title),
        "policy": page_policy(style),
        "style": style,
        "intro": escape(intro),
        "content": content,
        "back": back,
        "version": escape(__version__),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: fills[found[1]], _FRAME)


_FRAME = """\
<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{title}}</title>
<style>{{style}}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><h1>{{title}}</h1><p class="lead">{{intro}}</p>{{back}}</header>
<main id="content" tabindex="-1">{{content}}</main>
<footer><p>Made with sroi {{version}}. Nothing on these pages is loaded from elsewhere.</p></footer>
</body>
</html>
"""
