"""The pack's index, as a page and as plain text: where each principle is shown, what to ask first, what lies where."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from sroi.assurance.shown import Place
from sroi.findings import FindingGroup
from sroi.questions.profile import ReadinessPoint
from sroi.version import __version__

MOST_QUESTIONS = 5
NOTE = (
    "This pack gathers what a value map says, for whoever checks it. It was put together by a program: it is no "
    "assurance, and nobody has verified it by making it."
)


@dataclass(frozen=True)
class Index:
    """What the index says: the headline, the principles with their places, first questions, and files."""

    title: str
    subtitle: str
    headline: str
    sureness: str
    rules: str
    changed: tuple[str, ...]
    principles: tuple[tuple[ReadinessPoint, tuple[Place, ...]], ...]
    questions: tuple[FindingGroup, ...]
    files: Mapping[str, str]
    read_from: str


def index_markdown(index: Index) -> str:
    """Return the index as Markdown, every text of the map escaped."""
    lines = [f"# {plain(index.title)}", "", plain(index.subtitle), "", f"**{plain(index.headline)}**", ""]
    lines += [
        plain(index.sureness),
        "",
        plain(index.rules),
        "",
        f"> {NOTE}",
        "",
        "## Where each principle is shown",
        "",
    ]
    for point, places in index.principles:
        lines += [f"### {plain(_numbered(point))}", "", f"As far as a program can see: **{point.state}**.", ""]
        lines += [f"- [{plain(place.address)}]({place.address}): {plain(place.words)}" for place in places]
        lines += [f"- For people to judge: {plain(_lower(point.unseen))}", ""]
    lines += ["## Questions to begin with", ""]
    lines += [f"{number}. **{plain(each.heading)}.** {plain(_what(each))} {plain(each.findings[0].why)}".rstrip()
              for number, each in enumerate(index.questions, 1)] or ["The program found nothing to ask."]  # fmt: skip
    if index.changed:
        lines += ["", "## What changed since the earlier version", "", *(f"- {plain(line)}" for line in index.changed)]
    lines += ["", "## What lies in this pack", "", "| file | what it is |", "|---|---|"]
    lines += [f"| [{name}]({name}) | {plain(words)} |" for name, words in index.files.items()]
    return "\n".join([*lines, "", plain(index.read_from), "", f"Made with sroi {__version__}.", ""])


def index_page(index: Index) -> str:
    """Return the index as one HTML page: no scripts, nothing loaded from elsewhere, every text escaped."""
    parts = [
        _HEAD.format(title=escape(index.title), style=_STYLE),
        f'<header><h1>{escape(index.title)}</h1><p class="quiet">{escape(index.subtitle)}</p></header>\n<main>',
        f'<p class="lead">{escape(index.headline)}</p><p>{escape(index.sureness)}</p>',
        f'<p class="quiet">{escape(index.rules)}</p>',
        f'<p class="note">{escape(NOTE)}</p>',
        '<section id="principles"><h2>Where each principle is shown</h2>',
        *(_principle(point, places) for point, places in index.principles),
        '</section>\n<section id="questions"><h2>Questions to begin with</h2>',
        _questions(index.questions),
        "</section>",
    ]
    if index.changed:
        listed = "".join(f"<li>{escape(line)}</li>" for line in index.changed)
        parts.append(
            f'<section id="changes"><h2>What changed since the earlier version</h2><ul>{listed}</ul></section>'
        )
    parts += [
        '<section id="files"><h2>What lies in this pack</h2>',
        _files(index.files),
        f'<p class="quiet">{escape(index.read_from)}</p></section>\n</main>',
        f'<footer class="quiet">Made with sroi {escape(__version__)}. Nothing on this page is loaded from elsewhere.'
        "</footer>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _numbered(point: ReadinessPoint) -> str:
    return f"{point.name.split()[-1]}. {point.heading}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _what(group: FindingGroup) -> str:
    first, others = group.findings[0].what, len(group.findings) - 1
    more = f" (and {others} more like it)" if others else ""
    return f"{first[:1].upper()}{first[1:]}{more}."


def _principle(point: ReadinessPoint, places: Sequence[Place]) -> str:
    mark = {"met": "met", "partly": "partly"}.get(point.state, "not")
    listed = "".join(
        f'<li><a href="{escape(place.address)}">{escape(place.file if not place.section else place.words)}</a>'
        f"{'' if place.section else f': {escape(place.words)}'}</li>"
        for place in places
    )
    raised = "".join(f"<li>{escape(remedy)}</li>" for remedy in point.to_raise)
    count = f"What would raise it ({len(point.to_raise)})"
    details = f"<details open><summary>{count}</summary><ul>{raised}</ul></details>" if raised else ""
    return (
        f'<article id="{escape(point.name.replace(" ", "_"))}"><h3>{escape(_numbered(point))}</h3>'
        f'<p class="state {mark}">As far as a program can see: <strong>{escape(point.state)}</strong></p>'
        f"<ul>{listed}</ul><p><strong>For people to judge:</strong> {escape(_lower(point.unseen))}</p>"
        f"{details}</article>"
    )  # fmt: skip


def _questions(groups: Sequence[FindingGroup]) -> str:
    if not groups:
        return "<p>The program found nothing to ask. It cannot see what was left out.</p>"
    listed = "".join(
        f"<li><strong>{escape(each.heading)}.</strong> {escape(_what(each))} "
        f'<span class="quiet">{escape(each.findings[0].why)}</span></li>'
        for each in groups
    )
    return f'<ol>{listed}</ol><p><a href="findings.csv">All findings</a></p>'


def _files(files: Mapping[str, str]) -> str:
    rows = "".join(
        f'<tr><th scope="row"><a href="{escape(name)}">{escape(name)}</a></th><td>{escape(words)}</td></tr>'
        for name, words in files.items()
    )
    head = '<thead><tr><th scope="col">File</th><th scope="col">What it is</th></tr></thead>'
    return f"<table><caption>Every file, and what it is</caption>{head}<tbody>{rows}</tbody></table>"


def plain(text: str) -> str:
    """Return a text that Markdown takes for text: in one line, its marks escaped, no address that becomes a link.

    >>> print(plain("<b>1</b> [x](javascript:y) | *z*"))
    &lt;b&gt;1&lt;/b&gt; \\[x\\](javascript:y) \\| \\*z\\*
    """
    line = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = re.sub(r"([\\`*_\[\]#|~!{}])", r"\\\1", line)
    line = line.replace("://", "&#58;//").replace("@", "&#64;")
    line = re.sub(r"(?i)\b(www)\.", r"\1&#46;", line)
    return re.sub(r"^(\d+)([.)])(?=\s|$)|^([-+=])", lambda found: f"{found[1] or ''}\\{found[2] or found[3]}", line)


_HEAD = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}: index of the assurance pack</title>
<style>{style}</style>
</head>
<body>"""
_STYLE = """
* { box-sizing: border-box; }
body { margin: 0; color: #222; background: #fff; font: 1rem/1.55 system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; } header { padding-top: 2rem; }
h1, h2, h3, p, li, th, td { overflow-wrap: anywhere; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 .75rem; padding-top: .5rem; border-top: 2px solid #00548a; }
h3 { font-size: 1.1rem; margin: 0 0 .25rem; } p { max-width: 46rem; margin: .4rem 0; } a { color: #00548a; }
.lead { font-size: 1.15rem; font-weight: 600; } .quiet { color: #555; font-size: .92rem; }
.note { border-left: 4px solid #00548a; background: #f2f6f9; padding: .6rem .9rem; }
#principles { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr)); gap: 1rem; }
#principles h2 { grid-column: 1 / -1; margin-bottom: 0; }
article { border: 1px solid #ccc; border-radius: .4rem; padding: .9rem 1rem; break-inside: avoid; }
ul, ol { padding-left: 1.25rem; margin: .4rem 0; max-width: 46rem; } li { margin: .25rem 0; }
.state { border-left: 4px solid; padding-left: .6rem; }
.met { border-color: #0072b2; } .partly { border-color: #777; border-left-style: dashed; }
.not { border-color: #d55e00; border-left-style: double; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { padding: .4rem .55rem; text-align: left; vertical-align: top; border-bottom: 1px solid #ccc; }
tbody th { font-weight: 400; } thead th { background: #f2f6f9; border-bottom: 2px solid #00548a; }
footer { margin-top: 3rem; padding-bottom: 3rem; }
@media print { @page { size: A4; margin: 16mm 14mm; } html { font-size: 9.5pt; }
  header, main, footer { max-width: none; padding: 0; } h2, h3 { break-after: avoid; } tr, li { break-inside: avoid; }
  footer { margin-top: 1rem; padding-bottom: 0; } }
"""
