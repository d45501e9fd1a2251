"""`sroi proxies`: the register of proxies: find a value, put it into a map with its provenance, keep one's own."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sroi.arguments import add_json, add_most, add_reading_options
from sroi.commands.printing import DONE, say, write_json
from sroi.errors import FileRefused, ImpossibleMap, Problem

if TYPE_CHECKING:
    from sroi.evidence.register import Register

_MOST = 8


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's actions, and the arguments and options of each."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    found = actions.add_parser("search", help="find values by words, unit, theme, value type, country, agency")
    found.add_argument("words", metavar="WORDS", nargs="*", help='such as "GP visit"')
    for name, said in {
        "unit": "what is counted, such as visit", "theme": "such as health",
        "type": "fiscal, economic, social or environmental", "country": "such as GBR, or UK",
        "agency": "who saves, such as NHS",
    }.items():  # fmt: skip
        found.add_argument(f"--{name}", default="", help=said)
    _add_registers(found)
    add_most(found, _MOST)
    add_json(found, "the entries")
    shown = actions.add_parser("show", help="tell all that the register says of an entry")
    shown.add_argument("id", metavar="ID", help="an entry")
    _add_registers(shown)
    add_json(shown, "the entry")
    added = actions.add_parser("add", help="put an entry into a value map, with its provenance")
    added.add_argument("map", metavar="MAP", help="a value map")
    added.add_argument("outcome", metavar="OUTCOME", help="the id of the outcome whose proxy it becomes")
    added.add_argument("id", metavar="ID", help="an entry")
    _add_registers(added)
    added.add_argument(
        "--out", metavar="NEW", help="the file to write (default: beside the map, under a name of its own)"
    )
    added.add_argument(
        "--force", action="store_true", help="replace a file that is there; without --out, the map itself"
    )
    add_reading_options(added)
    new = actions.add_parser("new", help="write a register of your own to begin from")
    new.add_argument("file", metavar="FILE", help="a .csv, .xlsx or .yaml file")
    new.add_argument("--force", action="store_true", help="replace a file that is there")
    taken = actions.add_parser("import", help="make a register of a Unit Cost Database workbook, or of any other table")
    taken.add_argument("file", metavar="FILE", help="the workbook as its publisher makes it, or a table")
    taken.add_argument("--out", metavar="REGISTER", required=True, help="the register to write: .csv, .xlsx or .yaml")
    taken.add_argument("--mapping", metavar="FILE.yaml", help="which column of any other table is which field")
    taken.add_argument("--licence", metavar="WORDS", default="", help="its licence, where the workbook does not say it")
    taken.add_argument("--force", action="store_true", help="replace a file that is there")


def _add_registers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--register", metavar="FILE", action="append", default=[], help="a register of your own (.csv, .xlsx, .ods, .yaml); may be repeated")  # fmt: skip  # noqa: E501
    parser.add_argument("--to", metavar="YEAR", help="the year in whose prices values are shown, or are put in")


def run(options: argparse.Namespace) -> int:
    """Do what was asked of the register."""
    return {"search": _search, "show": _show, "add": _add, "new": _new, "import": _import}[options.action](options)


def _register(options: argparse.Namespace) -> Register:
    if not options.register:  # reading files takes libraries that the shipped register does not need
        from sroi.evidence.register import register

        return register()
    from sroi.files.registers import read_registers

    return read_registers(options.register)


def _search(options: argparse.Namespace) -> int:
    from sroi.evidence.register_prices import SHOWN_YEAR, uprated
    from sroi.evidence.search import Query, search
    from sroi.terminal.proxies import answer_lines

    fields = {
        "value_type": options.type,
        **{name: getattr(options, name) for name in ("unit", "theme", "country", "agency")},
    }
    query = Query(" ".join(options.words), **fields)
    answer = search(_register(options), query)
    to = options.to or SHOWN_YEAR
    shown = answer.entries[: options.most]
    moved = [uprated(entry, to) for entry in shown]
    if options.json:
        entries = [{**entry.to_dict(), "uprated": there.to_dict()} for entry, there in zip(shown, moved, strict=True)]
        asked = {name: wanted for name, wanted in vars(query).items() if wanted}
        told = {"asked": asked, "read_as": dict(answer.read_as), "searched": answer.searched,
                "count": len(answer.entries), "entries": entries,
                "partly": [entry.id for entry in answer.partly]}  # fmt: skip
        write_json(options.json, told)
    if options.json != "-":
        say(*answer_lines(answer, query, moved, options.most))
    return DONE


def _show(options: argparse.Namespace) -> int:
    from sroi.evidence.register_prices import SHOWN_YEAR, uprated
    from sroi.terminal.proxies import whole_entry_lines

    entry = _register(options).find(options.id)
    moved = uprated(entry, options.to or SHOWN_YEAR)
    if options.json:
        write_json(options.json, {**entry.to_dict(), "uprated": moved.to_dict()})
    if options.json != "-":
        say(*whole_entry_lines(entry, moved))
    return DONE


def _add(options: argparse.Namespace) -> int:
    from sroi.commands.reading import read_map
    from sroi.evidence.register_prices import uprated
    from sroi.files.proxy_adding import into_unfinished, with_proxy
    from sroi.files.safety import write_whole
    from sroi.files.value_maps import WRITTEN, YAML, refuse_other_endings

    entry = _register(options).find(options.id)
    target = _target(options)
    refuse_other_endings(target, tuple(ending for ending in WRITTEN if ending != ".jsonld"))
    moved = uprated(entry, options.to) if options.to else None
    try:
        impact_map = read_map(options.map, options)
    except ImpossibleMap as faulty:
        if Path(options.map).suffix.lower() not in YAML or target.suffix.lower() not in YAML:
            raise
        content, left = into_unfinished(Path(options.map), options.outcome, entry, moved, faulty)
        _refuse_over(target, options)
        write_whole(target, content, overwrite=options.force)
        say(*_added_lines(options, True, target), *_left_lines(left), f"Then: sroi check {target}")
        return DONE
    made = with_proxy(impact_map, options.outcome, entry, target, moved)
    _refuse_over(target, options)
    write_whole(target, made.content, overwrite=options.force)
    say(
        *_added_lines(options, made.text_kept, target),
        *_mind(entry.fields, made.impact_map.price_year, options),
        f"Then: sroi check {target}",
    )
    return DONE


def _refuse_over(target: Path, options: argparse.Namespace) -> None:
    if target.exists() and not options.force and not options.out:
        found = "this file is already there"
        raise FileRefused(Problem(found, "Name another with --out, or --force to change the map itself."), str(target))


def _left_lines(left: Sequence[Problem]) -> list[str]:
    """Return what an unfinished map still lacks."""
    return ["The map is not finished yet:", *(f"  {problem}" for problem in left)] if left else []


def _target(options: argparse.Namespace) -> Path:
    """Return the file to write: never the map itself, unless --force says so."""
    source = Path(options.map)
    if options.out:
        return Path(options.out)
    if options.force:
        return source
    ending = source.suffix if source.suffix.lower() in (".yaml", ".yml", ".json", ".xlsx") else ".yaml"
    return source.with_name(f"{source.stem}_{options.outcome}_proxy{ending}")


def _added_lines(options: argparse.Namespace, text_kept: bool, target: Path) -> list[str]:
    kept = (
        "Nothing else in it was touched." if text_kept
        else "The map was written anew: comments that its file held are not in it."
    )  # fmt: skip
    return [f"Wrote {target}: {options.id} is now the proxy of {options.outcome}. {kept}"]


def _mind(entry: dict[str, str], price_year: int | str, options: argparse.Namespace) -> list[str]:
    """Return what whoever uses the entry ought to know."""
    lines = []
    year = str(options.to or entry["price_year"])
    if year != str(price_year):
        lines.append(f"It is in {year} prices, the map in {price_year}: --to {price_year} brings it there.")
    if "+" in entry.get("value_type", ""):
        lines.append(f"It takes in {entry['value_type']} value together: never count one of these beside it.")
    if entry.get("status", "current") not in ("", "current"):
        by = f": {entry['superseded_by']} came after it" if entry.get("superseded_by") else ""
        lines.append(f"It is marked {entry['status']}{by}.")
    if entry.get("passing_on", "").lower() in ("no", "false"):
        lines.append("It may not be passed on: reports and exports of this map are refused.")
    return lines


def _new(options: argparse.Namespace) -> int:
    from sroi.files.register_writer import begin_register

    begin_register(options.file, overwrite=options.force)
    say(
        f"Wrote {options.file}, with one invented example: put your own in its place.",
        f"Then: sroi proxies search WORDS --register {options.file}",
    )
    return DONE


def _import(options: argparse.Namespace) -> int:
    from sroi.files.register_import import imported_register
    from sroi.files.register_writer import write_register

    taken = imported_register(options.file, options.mapping, options.licence)
    write_register(taken.table, options.out, overwrite=options.force)
    say(
        *taken.said,
        f"Wrote {options.out}: {len(taken.table):,} entries.",
        f"Then: sroi proxies search WORDS --register {options.out}",
    )
    return DONE
