"""`sroi commission frameworks`: measure frameworks listed, searched, completed, loaded; which model could apply."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sroi.commands.commission_paper import add_paper_options, leave_paper
from sroi.commands.printing import DONE, keep_apart, say, write_json
from sroi.errors import NameRefused, Problem

if TYPE_CHECKING:
    from sroi.commissioning.frameworks.framework import Framework
    from sroi.commissioning.frameworks.which import Answer


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what is named, what is asked, and what may leave."""
    parser.add_argument("framework", metavar="ID|FILE", nargs="?", default="", help="a framework's id, or a file; none lists them")  # fmt: skip  # noqa: E501
    parser.add_argument("--mapping", metavar="FILE", default="", help="how your own workbook of measures is read")
    parser.add_argument("--search", metavar="WORD", nargs="+", default=[], help="show what holds all of the words")
    parser.add_argument("--to", metavar="FILE", help="write it as a form to complete: .xlsx or .yaml")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    parser.add_argument("--allow-private", action="store_true", help="let licensed values leave: your licence allows it")  # fmt: skip  # noqa: E501
    asked = parser.add_argument_group("which model a procurement is under")
    asked.add_argument("--which", action="store_true", help="say which model holds, or could")
    asked.add_argument("--named", metavar="WORDS", default="", help="the model that the tender names")
    asked.add_argument("--began", metavar="DAY", help="the day on which the procurement began: 2025-03-10")
    asked.add_argument("--body", metavar="KIND", default="", help="who buys: central_government, local_government, nhs ..")  # fmt: skip  # noqa: E501
    asked.add_argument("--value", metavar="GBP", help="the contract's estimated value with VAT")
    asked.add_argument("--works", action="store_true", help="it is a contract for works")
    add_paper_options(parser)


def run(options: argparse.Namespace) -> int:
    """Do what was asked of the frameworks."""
    from sroi.commissioning.frameworks import lines
    from sroi.commissioning.frameworks.finding import find_framework

    keep_apart("--json", options.json, options.framework, options.mapping, written=options.to)
    keep_apart("--to", options.to, options.framework, options.mapping)
    found = find_framework(options.framework, options.mapping) if options.framework else None
    answer = _answer(found, options)
    if options.out and found is None and answer is None:
        raise NameRefused(Problem("a paper needs something to tell", "Name a framework, or ask with --which."))
    if options.to:
        _write(found, options)
    said: list[str] = []
    if options.search:
        said = _search(found, options)
    elif found is not None and not options.to:
        said = lines.framework_lines(found, options.allow_private)
    elif found is None and answer is None:
        from sroi.commissioning.frameworks.shipped import frameworks

        said = lines.list_lines(frameworks())
    if answer is not None:
        said += [*([""] if said else []), *lines.answer_lines(answer)]
    if options.json != "-":
        say(*said)
    if options.json:
        write_json(options.json, _document(found, answer, options))
    leave_paper("frameworks", _given(found, answer, options), options)
    return DONE


def _answer(found: Framework | None, options: argparse.Namespace) -> Answer | None:
    """Return which model holds or could, None if nobody asked."""
    if not (options.which or options.named or options.began or options.body or options.value):
        return None
    from sroi.commissioning.frameworks.which import asked_model

    contract = "works" if options.works else "goods_services"
    return asked_model(options.named, options.began or "", options.body, options.value or "", contract, found)


def _write(found: Framework | None, options: argparse.Namespace) -> None:
    from sroi.commissioning.frameworks.filled import form_of_framework
    from sroi.commissioning.frameworks.passing_on import refuse_private
    from sroi.files.safety import write_whole

    if found is None:
        raise NameRefused(Problem("--to writes one framework, and none is named", "Name one: ID or FILE."))
    target = Path(options.to)
    refuse_private(found, f"writing {target.name}", options.allow_private)
    write_whole(target, form_of_framework(found, target), options.force)
    if options.json != "-":
        say(f"Wrote {target}. Fill in what is empty, then: sroi commission frameworks {target}")


def _search(found: Framework | None, options: argparse.Namespace) -> list[str]:
    from sroi.commissioning.frameworks.lines import search_lines
    from sroi.commissioning.frameworks.passing_on import open_part
    from sroi.commissioning.frameworks.searching import search
    from sroi.commissioning.frameworks.shipped import frameworks

    looked_in = [open_part(found, options.allow_private)] if found is not None else list(frameworks())
    return search_lines(search(looked_in, options.search), options.search, len(looked_in))


def _document(found: Framework | None, answer: Answer | None, options: argparse.Namespace) -> dict[str, Any]:
    from sroi.commissioning.frameworks.documents import to_dict
    from sroi.commissioning.frameworks.passing_on import open_part
    from sroi.commissioning.frameworks.searching import search
    from sroi.commissioning.frameworks.shipped import frameworks

    document: dict[str, Any] = {}
    if options.search:
        looked_in = [open_part(found, options.allow_private)] if found is not None else list(frameworks())
        document["hits"] = [hit.to_dict() for hit in search(looked_in, options.search)]
    elif found is not None:
        document["framework"] = to_dict(found, options.allow_private)
    elif answer is None:
        document["frameworks"] = [to_dict(each) for each in frameworks()]
    if answer is not None:
        document["which"] = answer.to_dict()
    return document


def _given(found: Framework | None, answer: Answer | None, options: argparse.Namespace) -> dict[str, Any]:
    """Return the notebook's parameters."""
    own = found is not None and not found.is_shipped
    return {
        "framework": Path(options.framework) if own else found.id if found is not None else "",
        "mapping": Path(options.mapping) if options.mapping else "",
        "which": answer is not None,
        "named": options.named,
        "began": options.began or "",
        "body": options.body,
        "value_with_vat": options.value or "",
        "contract": "works" if options.works else "goods_services",
        "allow_private": options.allow_private,
    }
