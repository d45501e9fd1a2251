"""A handout's source: Markdown, of which only what a sheet can show is taken, and the rest refused."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from sroi.reports.handout import Heading, Part, Passage, Points, Rows, Run, Sheet, Words

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode


@cache
def parsed(text: str) -> tuple[Part, ...]:
    """Return the parts of a Markdown text: headings, paragraphs, lists and tables; ValueError for anything else.

    >>> parsed("A **word**")
    (Passage(words=(Run(text='A ', style='plain'), Run(text='word', style='strong'))),)
    """
    return tuple(_part(node) for node in _tree(text).children)


def words(text: str) -> Words:
    """Return one paragraph of Markdown as words."""
    (paragraph,) = parsed(text)
    if not isinstance(paragraph, Passage):
        raise ValueError(f"this is no paragraph: {text[:60]}")
    return paragraph.words


def _tree(text: str) -> SyntaxTreeNode:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    markdown = MarkdownIt("commonmark", {"typographer": True}).enable(["table", "smartquotes"])
    return SyntaxTreeNode(markdown.parse(text))


def sheet(text: str, letter: float, columns: int = 1) -> Sheet:
    """Return a sheet made from Markdown: its title is the first heading, its subtitle the paragraph that follows."""
    title, subtitle, *parts = parsed(text)
    if not (isinstance(title, Heading) and title.level == 1 and isinstance(subtitle, Passage)):
        raise ValueError("a handout begins with its title (# ..) and a paragraph")
    said = "".join(run.text for run in title.words)
    # Below the title, ## is the first level of headings that a sheet has.
    lifted = (Heading(part.words, part.level - 1) if isinstance(part, Heading) else part for part in parts)
    return Sheet(said, subtitle.words, tuple(lifted), letter, columns)


def _part(node: SyntaxTreeNode) -> Part:
    match node.type:
        case "heading":
            return Heading(_words(node.children[0]), int(node.tag.removeprefix("h")))
        case "paragraph":
            return Passage(_words(node.children[0]))
        case "bullet_list" | "ordered_list":
            items = tuple(_words(item.children[0].children[0]) for item in node.children)
            return Points(items, numbered=node.type == "ordered_list")
        case "table":
            head, body = node.children
            headings, *_ = (tuple(_words(cell.children[0]) for cell in row.children) for row in head.children)
            return Rows(
                headings, tuple(tuple(_words(cell.children[0]) for cell in row.children) for row in body.children)
            )
    raise ValueError(f"line {(node.map or (0,))[0] + 1}: a handout cannot show this ({node.type})")


def _words(inline: SyntaxTreeNode) -> Words:
    return tuple(_runs(inline))


def _runs(node: SyntaxTreeNode, strong: bool = False) -> Iterator[Run]:
    for child in node.children:
        if child.type == "text":
            if child.content:
                yield Run(child.content, "strong" if strong else "plain")
        elif child.type == "code_inline":
            yield Run(child.content, "code")
        elif child.type == "softbreak":
            yield Run(" ")
        elif child.type == "strong":
            yield from _runs(child, strong=True)
        else:
            raise ValueError(f"a handout cannot show this ({child.type}): {node.content[:60]}")
