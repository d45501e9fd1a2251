"""What is known of each supplier, from the ledger's columns and from a supplier file; where they disagree is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sroi.commissioning.spend.amounts import Unread, read_amount, read_day
from sroi.commissioning.spend.definitions import ANY_SIZE, MICRO_SMALL, SIZES, SME, Figures
from sroi.commissioning.spend.headings import DETAILS, SUPPLIER_FIELDS, Columns, find_columns
from sroi.commissioning.spend.kinds import Kind, declared_kind, is_charity_number, kind_by_name, name_key
from sroi.commissioning.spend.ledger import MOST_TOLD, Ledger, Where
from sroi.commissioning.spend.postcodes import read_postcode
from sroi.commissioning.spend.settings import UNKNOWN, Payee, Settings
from sroi.errors import Problem
from sroi.files.long_table import open_long_tables
from sroi.reading import shown

_LARGE = frozenset({"large"})
_SIZES = {
    **{size: frozenset({size}) for size in SIZES},
    **dict.fromkeys(("sme", "smes", "yes", "y", "small and medium"), SME),
    **dict.fromkeys(("no", "n", "not sme", "non sme", "not an sme"), _LARGE),
    **dict.fromkeys(("micro small", "small micro", "micro and small"), MICRO_SMALL),
    **dict.fromkeys(("unknown", "not known", "n a", "tbc", ""), ANY_SIZE),
    "medium sized": frozenset({"medium"}),
}
_STAFF = re.compile(r"\d{1,7}(\.0+)?", re.ASCII)


UNKNOWN_KIND, NO_FIGURES = Kind(), Figures()


@dataclass(frozen=True)
class Details:
    """What one source says of a supplier; `places` are the postcodes and places that it gives."""

    sizes: frozenset[str] = ANY_SIZE
    kind: Kind = UNKNOWN_KIND
    figures: Figures = NO_FIGURES
    wheres: tuple[Where, ...] = ()


@dataclass
class Told:
    """What is to be said about details: cells that could not be read, statements that disagree."""

    unread: list[Problem] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    def unreadable(self, found: str, remedy: str, cell: str) -> None:
        """Note a cell that says nothing that can be used; the same words in other cells are not told again."""
        if found not in self.told and len(self.unread) < MOST_TOLD:
            self.unread.append(Problem(found, remedy, cell=cell))
        self.told.add(found)

    def conflict(self, words: str) -> None:
        """Note two statements that disagree."""
        if len(self.conflicts) < MOST_TOLD:
            self.conflicts.append(words)


@dataclass(frozen=True)
class SupplierFile:
    """A second file with what is known of suppliers, by id and by name."""

    columns: Columns
    rows: int
    by_id: Mapping[str, Details]
    by_name: Mapping[str, Details]

    def of(self, number: str, names: Iterable[str]) -> tuple[Details | None, str]:
        """Return what the file says of a supplier, and what it was found by: id, name, or "" for not at all."""
        if number and number in self.by_id:
            return self.by_id[number], "id"
        for name in names:
            if name in self.by_name:
                return self.by_name[name], "name"
        return None, ""


def read_details(values: Mapping[str, str], settings: Settings, told: Told, columns: Columns, row: int) -> Details:
    """Return what one row says of a supplier; what cannot be read is noted, and counts as not known."""

    def number(name: str) -> float | None:
        written = values.get(name, "").strip()
        if written.lower() in ("", "-", "n/a", "unknown", "not known"):
            return None
        try:
            if name == "staff":
                plain = written.replace(",", "")
                if not _STAFF.fullmatch(plain):
                    raise Unread(f"{shown(written)} is no number of staff", "Give a whole number, such as 12.")
                return float(plain)
            amount = read_amount(written, settings.decimal_comma, columns.table.cells_named)
        except Unread as error:
            told.unreadable(error.found, error.remedy, columns.cell(row, name))
            return None
        return None if amount is None else amount.pennies / 100

    figures = Figures(number("staff"), number("turnover"), number("balance_sheet"),
                      _day(values.get("accounts_from", ""), settings, told, columns, row))  # fmt: skip
    sizes = _sizes(values.get("size", ""), told, columns, row)
    return Details(sizes, _kind(values, settings, told, columns, row), figures)


def _day(written: str, settings: Settings, told: Told, columns: Columns, row: int) -> date | None:
    try:
        return read_day(written, settings.month_first)
    except Unread as error:
        told.unreadable(error.found, error.remedy, columns.cell(row, "accounts_from"))
        return None


def _sizes(written: str, told: Told, columns: Columns, row: int) -> frozenset[str]:
    plain = " ".join(re.sub(r"[^a-z]+", " ", written.lower()).split())
    plain = re.sub(r"( enterprise| business| company| supplier)s?$", "", plain)
    if plain not in _SIZES:
        remedy = "Write micro, small, medium, large or SME; else it counts as not known."
        told.unreadable(f"{shown(written)} is no size", remedy, columns.cell(row, "size"))
    return _SIZES.get(plain, ANY_SIZE)


def _kind(values: Mapping[str, str], settings: Settings, told: Told, columns: Columns, row: int) -> Kind:
    written = values.get("kind", "").strip()
    if written:
        kind = settings.kinds.get(written.casefold()) or declared_kind(written)
        if kind:
            return Kind(kind, "declared")
        remedy = "Say in the settings, sheet Kinds, what it stands for; else it counts as not known."
        told.unreadable(f"{shown(written)} is no kind of body that is known", remedy, columns.cell(row, "kind"))
    registered = values.get("charity_number", "").strip()
    return Kind("charity", "registered") if is_charity_number(registered) else Kind()


def read_suppliers(path: str | Path, settings: Settings, told: Told) -> SupplierFile:
    """Return what a supplier file says; FileRefused if it names no supplier at all."""
    tables = open_long_tables(path, "supplier file")
    columns = find_columns(tables, settings.supplier_columns, SUPPLIER_FIELDS, "supplier file",
                           ("supplier_id", "supplier"))  # fmt: skip
    by_id: dict[str, Details] = {}
    by_name: dict[str, Details] = {}
    rows = 0
    for row, cells in columns.table.rows():
        if row <= columns.heading_row:
            continue
        values = {name: cells[place] if place < len(cells) else "" for name, place in columns.places.items()}
        number, name = values.get("supplier_id", "").strip(), " ".join(values.get("supplier", "").split())
        if not number and not name:
            continue
        rows += 1
        details = replace(read_details(values, settings, told, columns, row), wheres=_where(values))
        for key, known in ((number, by_id), (name, by_name)):
            if key:
                before = known.get(key)
                known[key] = details if before is None else put_together(before, details, key, told, "supplier file")
    return SupplierFile(columns, rows, by_id, by_name)


def _where(values: Mapping[str, str]) -> tuple[Where, ...]:
    postcode, place, authority = (" ".join(values.get(name, "").split()) for name in ("postcode", "place", "authority"))
    return (Where(read_postcode(postcode), place, authority),) if postcode or place or authority else ()


def put_together(one: Details, other: Details, name: str, told: Told, source: str) -> Details:
    """Return what two rows of one source say together; where they disagree neither is believed, and it is told."""
    sizes = one.sizes & other.sizes
    if not sizes:
        told.conflict(f"{source}: two sizes for {name}: {_listed(one.sizes)}, and {_listed(other.sizes)}")
        sizes = one.sizes | other.sizes
    kind = one.kind if one.kind.kind else other.kind
    if one.kind.kind and other.kind.kind and one.kind.kind != other.kind.kind:
        told.conflict(f"{source}: two kinds for {name}: {one.kind.kind}, and {other.kind.kind}")
        kind = one.kind if one.kind.vcse is other.kind.vcse else Kind()
    figures: dict[str, Any] = {}
    for each in ("staff", "turnover", "balance_sheet", "accounts_from"):
        first, second = getattr(one.figures, each), getattr(other.figures, each)
        if first is not None and second is not None and first != second:
            told.conflict(f"{source}: two figures for {name}, {each.replace('_', ' ')}: {first}, and {second}")
            figures[each] = None
        else:
            figures[each] = second if first is None else first
    wheres = tuple(dict.fromkeys((*one.wheres, *other.wheres)))
    return Details(sizes, kind, Figures(**figures), wheres)


def _listed(sizes: Iterable[str]) -> str:
    return " or ".join(sorted(sizes))


@dataclass(frozen=True)
class Known:
    """A supplier with all that is known of it: its name as it counts, its kind and basis, its sizes, its figures.

    Several suppliers of the ledger are one of these where the settings (sheet Payees) say that one counts as another.
    """

    name: str
    kind: Kind
    sizes: frozenset[str]
    figures: Figures
    wheres: tuple[Where, ...] = ()
    left_out: bool = False
    joined_by: str = ""

    @property
    def told_name(self) -> str:
        """The name as papers may tell it: an individual's is withheld."""
        return safe_name(self.name, self.kind)


def known_suppliers(
    ledger: Ledger, settings: Settings, file: SupplierFile | None, told: Told
) -> tuple[tuple[Known, ...], list[int]]:
    """Return what is known of each supplier, and for each supplier of the ledger which of these it counts as.

    The supplier file speaks before the ledger; a kind said in the settings (sheet Payees) before both. Where neither
    says a kind, the name may: that is a guess, and stays marked as one.
    """
    payees = [_payee(settings.payees, each.id, each.spellings) for each in ledger.suppliers]
    merged = {each.counts_as.casefold() for each in payees if each.counts_as}
    members: dict[str, list[int]] = {}
    for place, (supplier, payee) in enumerate(zip(ledger.suppliers, payees, strict=True)):
        label = payee.counts_as.casefold() or supplier.name.casefold()
        members.setdefault(label if label in merged else f"#{place}", []).append(place)
    counts_as = [0] * len(ledger.suppliers)
    known: list[Known] = []
    buyer = name_key(settings.buyer) if settings.buyer else ""
    for group in members.values():
        for place in group:
            counts_as[place] = len(known)
        known.append(_known(ledger, group, [payees[place] for place in group], settings, file, told, buyer))
    return tuple(known), counts_as


def _known(
    ledger: Ledger, group: Sequence[int], payees: Sequence[Payee], settings: Settings, file: SupplierFile | None,
    told: Told, buyer: str,
) -> Known:  # fmt: skip
    suppliers = [ledger.suppliers[place] for place in group]
    merged = next((payee.counts_as for payee in payees if payee.counts_as), "")
    name = merged or suppliers[0].name or suppliers[0].id or "(no supplier named)"
    own = stated = None
    joined = ""
    for supplier in suppliers:
        for texts, row in supplier.details.items():
            read = read_details(dict(zip(DETAILS, texts, strict=True)), settings, told, ledger.columns, row)
            own = read if own is None else put_together(own, read, safe_name(name, own.kind), told, "ledger")
        found, by = file.of(supplier.id, (*supplier.spellings, name)) if file is not None else (None, "")
        if found is not None:
            stated = found if stated in (None, found) else put_together(stated, found, name, told, "supplier file")
            joined = joined or by
    details = own or Details()
    details = details if stated is None else _before(stated, details, safe_name(name, details.kind), told)
    kind = _kind_of(name, details.kind, payees, buyer, settings)
    left_out = any(payee.left_out for payee in payees)
    return Known(name, kind, details.sizes, details.figures, details.wheres, left_out, joined)


def _kind_of(name: str, kind: Kind, payees: Sequence[Payee], buyer: str, settings: Settings) -> Kind:
    stated = next((payee.kind for payee in payees if payee.kind), "")
    if stated:
        return Kind(stated, "declared")
    if kind.kind:
        return kind
    if buyer and name_key(name) == buyer:
        return Kind("internal", "name")
    if guess := kind_by_name(name):
        return Kind(guess, "name")
    return Kind("private", "unmarked") if settings.unmarked_kind != UNKNOWN else Kind()


def safe_name(name: str, kind: Kind) -> str:
    """Return a supplier's name as a message may tell it: an individual's is withheld."""
    return "an individual (name withheld)" if "individual" in (kind.kind, kind_by_name(name)) else name


def _before(stated: Details, own: Details, name: str, told: Told) -> Details:
    """Return what the supplier file says, and where it is silent the ledger; where they disagree it is told."""
    if not stated.sizes & own.sizes:
        told.conflict(f"{name}: the ledger says {_listed(own.sizes)}, the supplier file {_listed(stated.sizes)}; "
                      "the supplier file counts")  # fmt: skip
    if own.kind.kind and stated.kind.kind and own.kind.kind != stated.kind.kind:
        told.conflict(f"{name}: the ledger says {own.kind.kind}, the supplier file {stated.kind.kind}; "
                      "the supplier file counts")  # fmt: skip
    figures = Figures(*(
        getattr(own.figures, each) if getattr(stated.figures, each) is None else getattr(stated.figures, each)
        for each in ("staff", "turnover", "balance_sheet", "accounts_from")
    ))  # fmt: skip
    return Details((stated.sizes & own.sizes) or stated.sizes, stated.kind if stated.kind.kind else own.kind, figures,
                   stated.wheres)  # fmt: skip


def _payee(payees: Mapping[str, Payee], number: str, names: Iterable[str]) -> Payee:
    for key in (number, *names):
        if key and key.casefold() in payees:
            return payees[key.casefold()]
    return Payee()
