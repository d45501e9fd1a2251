"""The register of proxies: published values of one unit of change, each with its source, year, licence and limits.

An entry says what a source says; what it does not say stays empty. A register is one or more tables with the columns
of `FIELDS`: those that travel with the program, one file for each source, and the user's own, which `sroi.files`
opens. They stay text in columns until somebody asks for an entry: thousands are searched for each one that is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from sroi.errors import FileRefused, NameRefused, Problem, did_you_mean

VALUE_TYPES = ("fiscal", "economic", "social", "environmental")
WITHHELD = "value withheld"

# Every column of a register: what it holds. The order is that of the files.
FIELDS: dict[str, str] = {
    "id": "small letters, digits and _; what a value map calls the entry by",
    "version": "of the source",
    "theme": "such as Health",
    "category": "within the theme",
    "outcome": "what one unit of change is",
    "unit": "what is counted, such as per visit",
    "value": "money for one unit; a loss is below 0",
    "low": "the lowest value that the source gives",
    "high": "the highest",
    "currency": "three letters, such as GBP",
    "price_year": "2024, or a financial year as 2023/24",
    "price_year_basis": "calendar or financial",
    "uprating_method": "gdp_deflator, cpi, wellby, gdp_per_head, earnings, already_by_year, disputed or none",
    "value_type": "fiscal, economic, social or environmental; a total of several is joined by +",
    "valuation_method": "such as cost saving, market price, wellbeing",
    "counts_what": "what the value takes in",
    "agency": "who saves or bears the cost",
    "agency_detail": "within the agency",
    "beneficiary": "who gains",
    "is_transfer": "yes for money that only moves from one pocket to another",
    "transfer_note": "what the source says of it",
    "cashable": "yes if the saving can be taken out in cash",
    "one_off_or_annual": "one-off or annual",
    "overlap_group": "entries of one group count the same thing",
    "country": "three letters, such as GBR",
    "source": "the publication",
    "original_source": "where the publication has it from",
    "publisher": "who published it",
    "year": "of the publication",
    "locator": "page, table or cell",
    "url": "where it is to be found",
    "retrieved_on": "a day as 2026-11-21",
    "verification_level": "A: seen in the publisher's own file or page; B: seen at second hand",
    "confidence": "red, amber or green, as graded by the publisher",
    "rationale": "why one might prefer it",
    "licence": "under which it may be used; `own` for an estimate of your own",
    "acknowledgement": "the words that the source asks for",
    "passing_on": "no: reports and exports that hold the value are refused",
    "review_date": "when it is to be looked at again",
    "status": "current, superseded, ..",
    "superseded_by": "an id, or words",
    "note": "what else is to be known",
}
REQUIRED = ("id", "outcome", "value", "unit", "currency", "price_year", "source", "licence")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: a row of a table. Thousands may answer a question, so it holds no more than where it stands."""

    table: Table
    place: int

    def __getitem__(self, name: str) -> str:
        return self.table.column(name)[self.place]

    @property
    def fields(self) -> dict[str, str]:
        """What the entry says: its fields that hold something, as text, by name."""
        return {name: text for name, column in self.table.by_name.items() if (text := column.texts[self.place])}

    @property
    def file(self) -> str:
        """The register that the entry stands in."""
        return self.table.file

    @property
    def line(self) -> int:
        """The entry's line or row there."""
        return self.table.lines[self.place]

    @property
    def shipped(self) -> bool:
        """Whether the entry travels with the program."""
        return self.table.shipped

    @property
    def id(self) -> str:
        """What value maps call the entry by."""
        return self["id"]

    @property
    def value(self) -> float | None:
        """Money for one unit; None where the value may not travel with the program."""
        return self.number("value")

    def number(self, name: str) -> float | None:
        """Return a field that holds a number; None for an empty one."""
        return float(self[name]) if self[name] else None

    def says(self, name: str) -> bool | None:
        """Return a field that holds yes or no; None for an empty one."""
        return self[name].lower() in ("yes", "true") if self[name] else None

    @property
    def price_year(self) -> int | str:
        """The year of the price: a number, or the label of a financial year."""
        year = self["price_year"]
        return int(year) if year.isdecimal() else year

    @property
    def full_source(self) -> str:
        """The source as a value map or a report cites it: title, publisher, year, place in it, and its own source."""
        titled = [self["source"], self["publisher"], "" if self["year"] in self["source"] else self["year"]]
        cited = ", ".join(part for part in (*titled, self["locator"]) if part)
        return f"{cited}; from: {self['original_source']}" if self["original_source"] else cited

    def to_dict(self) -> dict[str, str | float | bool | None]:
        """Return the entry for other programs: numbers, yes and no as such, null for what is not said."""
        numbers = {name: self.number(name) for name in ("value", "low", "high")}
        words = {name: self.says(name) for name in ("is_transfer", "cashable", "passing_on")}
        texts = {name: self[name] or None for name in FIELDS}
        return {**texts, **numbers, **words, "register": self.file}


class Column(NamedTuple):
    """A table's column: its texts in the order of the rows, and the different ones among them, far fewer as a rule."""

    texts: Sequence[str]
    distinct: Collection[str]


@dataclass(frozen=True)
class Table:
    """A register's file: its name, its columns by name (all of `FIELDS` or some), each row's line.

    It is kept by columns, since a search and a check ask one column after the other for what differs in it.
    """

    file: str
    by_name: Mapping[str, Column]
    lines: Sequence[int]
    shipped: bool = False

    @classmethod
    def of_rows(
        cls,
        file: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[str]],
        lines: Sequence[int],
        shipped: bool = False,
    ) -> Table:
        """Return the table of these rows, each with one text for every column."""
        texts = list(zip(*rows, strict=True)) or [()] * len(columns)
        by_name = {name: Column(column, set(column)) for name, column in zip(columns, texts, strict=True)}
        return cls(file, by_name, lines, shipped)

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.by_name)

    def column(self, name: str) -> Sequence[str]:
        """Return a column's texts, empty ones if the table does not have it."""
        return self.by_name[name].texts if name in self.by_name else ("",) * len(self)

    def entry(self, place: int) -> Entry:
        """Return the entry of a row."""
        return Entry(self, place)


@dataclass(frozen=True)
class Register:
    """Several tables as one: the shipped ones, and the user's own, whose entries stand in place of shipped ones."""

    tables: tuple[Table, ...]

    def __len__(self) -> int:
        return sum(len(places) for _, places in self.places())

    def places(self) -> Iterator[tuple[Table, Sequence[int]]]:
        """Yield each table and the rows of it that count; of a shipped entry that a user's own replaces, only that."""
        own = {id_ for table in self.tables if not table.shipped for id_ in table.column("id")}
        for table in self.tables:
            if table.shipped and not own.isdisjoint(table.column("id")):
                yield table, [place for place, id_ in enumerate(table.column("id")) if id_ not in own]
            else:
                yield table, range(len(table))

    def entries(self) -> Iterator[Entry]:
        """Yield every entry."""
        for table, places in self.places():
            yield from map(table.entry, places)

    def find(self, id_: str) -> Entry:
        """Return the entry of this id, the user's own before a shipped one; NameRefused if there is none."""
        for table, places in self.places():
            for place in places:
                if table.column("id")[place] == id_:
                    return table.entry(place)
        known = [entry for table in self.tables for entry in table.column("id")]
        remedy = did_you_mean(id_, known, "Find one with `sroi proxies search WORDS`.")
        raise NameRefused(Problem(f"the register has no entry '{id_}'", remedy))


@cache
def shipped() -> tuple[Table, ...]:
    """Return the tables that travel with the program, one for each source."""
    import csv
    from importlib.resources import files

    tables = []
    for path in sorted((files("sroi") / "data" / "register").iterdir(), key=lambda each: each.name):
        if not path.name.endswith(".csv"):
            continue
        with path.open(encoding="utf-8") as lines:
            columns, *rows = csv.reader(lines)
        tables.append(Table.of_rows(path.name, columns, rows, range(2, len(rows) + 2), shipped=True))
    return tuple(tables)


def register(own: Iterable[Table] = ()) -> Register:
    """Return the shipped register with the user's own tables before it.

    FileRefused if two of the user's tables have an entry of the same id: nothing says which of them is meant.
    """
    own = tuple(own)
    if len(own) < 2:
        return Register((*own, *shipped()))
    first: dict[str, tuple[str, int]] = {}
    problems = []
    for table in own:
        for id_, line in zip(table.column("id"), table.lines, strict=True):
            if id_ in first and first[id_][0] != table.file:
                found = f"the entry '{id_}' stands in {first[id_][0]} (row {first[id_][1]}) too"
                problems.append(Problem(found, "Give one of them another id.", f"{table.file}, row {line}"))
            first.setdefault(id_, (table.file, line))
    if problems:
        raise FileRefused(problems)
    return Register((*own, *shipped()))
