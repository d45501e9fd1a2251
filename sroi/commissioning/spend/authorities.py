"""The authority of a postcode, from a table that the user gives: of which only what is needed is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sroi.commissioning.place.gazetteer import find_place
from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.files.long_table import LongTable, Seen, open_long_tables, unseen


@dataclass(frozen=True)
class PostcodeTable:
    """Which authority each postcode that was asked for lies in, as the user's table says; `rows` that it has."""

    file: str
    rows: int
    authority: Mapping[str, str]
    differing: tuple[str, ...] = ()


def read_authorities(
    path: str | Path, postcode: str, authority: str, wanted: Iterable[str], seen: Seen = unseen
) -> PostcodeTable:
    """Return the authorities of the postcodes wanted, from a table of two columns named by the user.

    Parameters: `postcode` and `authority`, the headings of the two columns. A postcode that stands twice with different
    authorities is told, and has none. FileRefused for a table without these columns.
    """
    table = open_long_tables(path, "postcode table")[0]
    (_, headings), *_ = table.first_rows(1) or [(0, [])]
    if not headings:
        raise FileRefused(
            Problem("this postcode table is empty", "Give a CSV of postcodes and authorities."), table.file
        )
    at, to = _places(table, headings, postcode, authority)
    needed = {each.replace(" ", "") for each in wanted}
    found: dict[str, str] = {}
    differing: set[str] = set()
    count = 0
    most = max(at, to)
    for _, cells in table.open_rows(seen):  # a directory of the country has more rows than a ledger may
        count += 1
        if len(cells) <= most:
            continue
        code = cells[at].replace(" ", "").upper()
        if code in needed:
            own = cells[to].strip()
            if found.setdefault(code, own) != own:
                differing.add(code)
    sure = {code: own for code, own in found.items() if own and code not in differing}
    return PostcodeTable(table.file, max(count - 1, 0), sure, tuple(sorted(differing)))


def _places(table: LongTable, headings: list[str], postcode: str, authority: str) -> tuple[int, int]:
    known = [" ".join(each.split()).casefold() for each in headings]
    problems = []
    places = []
    for setting, named in (("postcode_column", postcode), ("authority_column", authority)):
        wanted = " ".join(named.split()).casefold()
        if wanted and wanted in known:
            places.append(known.index(wanted))
            continue
        found = f"no column of this table is called '{named}'" if named else f"{setting} is not set in the settings"
        remedy = did_you_mean(named, headings) if named else f"Name it there. Seen: {', '.join(headings[:8])}."
        problems.append(Problem(found, remedy, line=1))
    if problems:
        raise FileRefused(problems, table.file)
    return places[0], places[1]


@lru_cache(maxsize=5_000)
def present_code(written: str) -> str:
    """Return an authority's present code for a code, a former code or a name; what is not known in small letters.

    >>> present_code("Barnsley MBC") == present_code("E08000016"), present_code("Millbrook")
    (True, 'millbrook')
    """
    found = find_place(written, nearest=False).place
    return found.code if found is not None else " ".join(written.split()).casefold()


def authority_words(written: str) -> str:
    """Return an authority as people read it: its name where it is known, else as the table has it."""
    found = find_place(written, nearest=False).place
    return found.name if found is not None else written
