"""`sroi commission place`: value by place beside need, over organisations, people counted once."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from sroi.commands.commission_paper import add_paper_options, leave_paper
from sroi.commands.printing import DONE, keep_apart, say, write_json

if TYPE_CHECKING:
    from sroi.commissioning.place.study import PlaceStudy


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("maps", nargs="*", metavar="PLACE", help="a folder of value maps, value maps one by one, or the filled form alone")  # fmt: skip  # noqa: E501
    parser.add_argument("--settings", metavar="FORM", help="the filled form: places of your own, need, what was delivered")  # fmt: skip  # noqa: E501
    parser.add_argument("--register", nargs="+", default=[], metavar="FILE", help="delivery registers (sroi commission delivery): what was delivered, by place")  # fmt: skip  # noqa: E501
    parser.add_argument("--boundaries", metavar="FILE", help="the places' boundaries as GeoJSON; without it, bars")
    parser.add_argument("--property", default="", metavar="NAME", help="the property in it that holds code or name (default: found by itself)")  # fmt: skip  # noqa: E501
    parser.add_argument("--price-year", default="", metavar="YEAR", help="add up in this year's prices: 2024 or 2023/24")  # fmt: skip  # noqa: E501
    add_paper_options(parser)


def run(options: argparse.Namespace) -> int:
    """Say what each place holds and how much need; write what was asked for."""
    maps, settings = _given(options)
    keep_apart("--json", options.json, *maps, settings, options.boundaries, *options.register)
    study = _study(maps, settings, options)
    if options.json:
        from sroi.commissioning.place.document import study_document

        write_json(options.json, study_document(study), next(iter([*maps, settings, *options.register])))
    if options.json != "-":
        from sroi.commissioning.place.lines import place_lines

        say(*place_lines(study))
    given = {
        "place": ";".join(str(Path(each).resolve()) for each in maps),
        "settings": Path(settings) if settings else "",
        "boundaries": Path(options.boundaries) if options.boundaries else "",
        "boundary_property": options.property,
        "price_year": options.price_year,
        "registers": ";".join(str(Path(each).resolve()) for each in options.register),
    }
    leave_paper("place", given, options)
    return DONE


def _given(options: argparse.Namespace) -> tuple[list[str], str]:
    """Return the maps and the form: a form that stands alone where maps are expected is taken for what it is."""
    if options.settings or len(options.maps) != 1 or not Path(options.maps[0]).is_file():
        return options.maps, options.settings or ""
    from sroi.commissioning.place.settings import is_settings

    return ([], options.maps[0]) if is_settings(options.maps[0]) else (options.maps, "")


def _study(maps: list[str], settings: str, options: argparse.Namespace) -> PlaceStudy:
    from sroi.commissioning.place import study_places

    return study_places(
        maps, settings, options.boundaries or "", options.property, options.price_year, options.register
    )
