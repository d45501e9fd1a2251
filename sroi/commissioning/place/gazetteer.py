"""The lower-tier and unitary authorities of the UK: codes, names, regions, and how deprived those of England are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sroi import wording
from sroi.evidence.shipped_tables import shipped_rows

_TABLE = ("commissioning", "places.csv")
_SOURCES = ("commissioning", "places_sources.csv")
# Words of an official name that people leave out or put in.
_OFFICIAL = {
    *(
        "city",
        "of",
        "council",
        "borough",
        "district",
        "county",
        "metropolitan",
        "london",
        "royal",
        "corporation",
        "the",
    ),
    *("unitary", "authority", "mbc", "cc", "bc", "dc", "lb", "lbc", "rbc"),
}
_CODE = re.compile(r"[EWSN]\d{8}", re.ASCII)


@dataclass(frozen=True)
class Deprivation:
    """One edition of the English Index of Multiple Deprivation for one authority; rank 1 is the most deprived.

    `share`: of its neighbourhoods (LSOAs), those among the most deprived tenth of England. `of`: how many are ranked.
    """

    edition: int
    average_score: float
    rank: int
    share: float
    rank_of_share: int
    of: int

    @property
    def words(self) -> str:
        """The figures for people."""
        return (
            f"rank {self.rank} of {self.of} (1 is the most deprived); {wording.per_cent(self.share)} of its "
            f"neighbourhoods are among the most deprived tenth of England (Index of Multiple Deprivation "
            f"{self.edition})"
        )


@dataclass(frozen=True)
class Place:
    """An authority. `newer_code` stands in the newer of two tables of codes; deprivation is None outside England."""

    code: str
    newer_code: str
    name: str
    official_name: str
    nation: str
    region: str
    authority_type: str
    upper_tier: str
    former_codes: tuple[str, ...]
    deprivation: Deprivation | None
    deprivation_2019: Deprivation | None

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code that it has or had."""
        return tuple(code for code in (self.code, self.newer_code, *self.former_codes) if code)


@dataclass(frozen=True)
class Lookup:
    """What became of a place as somebody wrote it: the authority and how it was found, or the nearest names."""

    written: str
    place: Place | None
    how: str
    nearest: tuple[str, ...] = ()
    note: str = ""

    @property
    def remedy(self) -> str:
        """What to do about a place that was not found."""
        if self.note:
            return self.note
        if self.nearest:
            return f"Did you mean {' or '.join(self.nearest)}? Or describe it on the sheet Places."
        return "Write an authority's name or code, or describe the place on the sheet Places."


@cache
def places() -> tuple[Place, ...]:
    """Return every authority, in the order of the table.

    >>> len(places()), places()[0].name, places()[0].deprivation.rank
    (361, 'Hartlepool', 6)
    """
    rows = shipped_rows(*_TABLE)
    return tuple(_place(row, rows) for row in rows)


def _place(row: dict[str, str], rows: list[dict[str, str]]) -> Place:
    return Place(
        row["gss_code"], row["newer_gss_code"], row["name"].strip(), row["official_name"].strip(), row["nation"],
        row["region"], row["authority_type"], row["upper_tier_name"].strip(),
        tuple(code.strip() for code in row["former_gss_codes"].split(";") if code.strip()),
        _deprivation(row, 2025, _ranked(2025)), _deprivation(row, 2019, _ranked(2019)),
    )  # fmt: skip


@cache
def _ranked(edition: int) -> int:
    """Return the last rank of an edition: in 2019 more were ranked than exist today."""
    return max(int(row[f"imd{edition}_rank_of_average_score"] or 0) for row in shipped_rows(*_TABLE))


def _deprivation(row: dict[str, str], edition: int, ranked: int) -> Deprivation | None:
    head = f"imd{edition}_"
    if not row[f"{head}average_score"]:
        return None
    return Deprivation(
        edition, float(row[f"{head}average_score"]), int(row[f"{head}rank_of_average_score"]),
        float(row[f"{head}share_lsoas_in_most_deprived_10pct"]), int(row[f"{head}rank_of_share"]), ranked,
    )  # fmt: skip


@cache
def credits_of_places() -> tuple[str, ...]:
    """Return the words that the sources of the table ask for, with where they are to be found."""
    return tuple(f"{row['source']}: {row['acknowledgement']} {row['address']}" for row in shipped_rows(*_SOURCES))


# ---- finding ----


def plain_name(name: str) -> str:
    """Return a name so that its writings are the same: letters, signs, & and St. aside.

    >>> plain_name("Brighton & Hove "), plain_name("St. Albans") == plain_name("ST ALBANS")
    ('brighton and hove', True)
    """
    words = re.sub(r"[^\w\s]", " ", name.casefold().replace("&", " and ").replace("'", "").replace("’", ""))
    return " ".join(words.replace("_", " ").split())


def _short_name(name: str) -> str:
    return " ".join(word for word in plain_name(name).split() if word not in _OFFICIAL)


@cache
def _index() -> tuple[dict[str, tuple[Place, str]], dict[str, Place], dict[str, Place | None]]:
    """Return the authorities by code (with how it is one), by name as written, and by short name (None for several)."""
    by_code: dict[str, tuple[Place, str]] = {}
    by_name: dict[str, Place] = {}
    by_short: dict[str, Place | None] = {}
    for each in places():
        kinds = ((each.code, "code"), (each.newer_code, "newer code"), *((old, "former code") for old in each.former_codes))  # fmt: skip  # noqa: E501
        for code, kind in kinds:
            if code:
                by_code.setdefault(code, (each, kind))
        for name in (each.name, each.official_name):
            by_name.setdefault(plain_name(name), each)
            short = _short_name(name)
            if short:
                by_short[short] = each if by_short.get(short, each) is each else None
    return by_code, by_name, by_short


def find_place(written: str, nearest: bool = True) -> Lookup:
    """Return the authority that is meant: by its code (newer and former ones too) or its name; else the nearest names.

    `nearest=False` leaves the search for near names out, which takes its time.

    >>> find_place("E08000016").place is find_place("Barnsley MBC").place, find_place("Mancester").nearest[0]
    (True, 'Manchester')
    """
    text = " ".join(written.split())
    by_code, by_name, by_short = _index()
    code = text.upper().replace(" ", "")
    if code in by_code:
        found, how = by_code[code]
        return Lookup(written, found, how)
    if _CODE.fullmatch(code):
        note = f"The table of {len(places())} authorities has no code {code}: is it a ward's or a county's? Write the authority's."  # noqa: E501
        return Lookup(written, None, "", note=note)
    name = plain_name(text)
    if name in by_name:
        return Lookup(written, by_name[name], "name")
    short = by_short.get(_short_name(text))
    if short is not None:
        return Lookup(written, short, "short name")
    return _not_found(written, name) if nearest else Lookup(written, None, "")


def _not_found(written: str, name: str) -> Lookup:
    from difflib import get_close_matches

    wider = [each.name for each in places() if name and name in (plain_name(each.upper_tier), plain_name(each.region), plain_name(each.nation))]  # fmt: skip  # noqa: E501
    if wider:
        shown = ", ".join(wider[:4]) + (", .." if len(wider) > 4 else "")
        return Lookup(
            written, None, "", note=f"It holds {len(wider)} authorities ({shown}): write the authority's name."
        )
    by_name = _index()[1]
    near = get_close_matches(name, by_name, n=3, cutoff=0.75)
    return Lookup(written, None, "", tuple(dict.fromkeys(by_name[each].name for each in near)))
