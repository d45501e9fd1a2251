"""A lesson's Markdown as HTML for its page, and as plain lines for its workbook."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def as_html(text: str) -> str:
    """Return Markdown as HTML; HTML in it is shown, never obeyed, and no style stands in an attribute.

    >>> as_html("A **loss** <b>")
    '<p>A <strong>loss</strong> &lt;b&gt;</p>\\n'
    """
    return without_styles(_reader().render(text))


def without_styles(html: str) -> str:
    """Return HTML whose aligned cells say so by a class: the page's policy lets no style stand in an attribute."""
    html = re.sub(r' style="text-align:\s*right;?"', ' class="figure"', html)
    return re.sub(r' style="[^"]*"', "", html)


def as_plain(text: str) -> str:
    """Return one piece of Markdown without its marks.

    >>> as_plain("Owed to *others*: see `sroi explain`, **always**")
    'Owed to others: see sroi explain, always'
    """
    return re.sub(r"(\*\*|`|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w))", "", text)


def emphasised(text: str) -> str:
    """Return one line as HTML: `*this*` stressed, what stands in backticks as code, all else escaped.

    >>> emphasised("the *next* <year>")
    'the <em>next</em> &lt;year&gt;'
    """
    safe = re.sub(r"\*([^*]+)\*", r"<em>\1</em>", escape(text))
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", safe)


def pieces(text: str) -> list[tuple[str, list[list[str]]]]:
    """Return Markdown as pieces of a kind (heading, paragraph, bullet, table) with their lines, each a list of cells.

    >>> pieces("## Who\\n\\nTwo\\nlines.")
    [('heading', [['Who']]), ('paragraph', [['Two lines.']])]
    """
    found: list[tuple[str, list[list[str]]]] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.splitlines()
        if lines[0].startswith("#"):
            found.append(("heading", [[as_plain(lines[0].lstrip("# "))]]))
        elif lines[0].startswith("|"):
            rows = [[as_plain(cell.strip()) for cell in line.strip().strip("|").split("|")] for line in lines]
            found.append(("table", [row for place, row in enumerate(rows) if place != 1]))
        elif lines[0].startswith("- "):
            items = re.split(r"\n- ", block[2:])
            found += [("bullet", [[as_plain(" ".join(item.split()))]]) for item in items]
        else:
            found.append(("paragraph", [[as_plain(" ".join(" ".join(lines).split()))]]))
    return found
