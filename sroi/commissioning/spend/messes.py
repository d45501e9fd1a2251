"""What is messy about a ledger, in words with sums and rows: reported, never hidden, never mended in silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sroi import wording
from sroi.commissioning.place.gazetteer import Lookup, find_place
from sroi.commissioning.spend import ledger as lines
from sroi.commissioning.spend.authorities import PostcodeTable, present_code
from sroi.commissioning.spend.details import Known, Told
from sroi.commissioning.spend.kinds import INDIVIDUAL, INTERNAL, kind_by_name, name_key
from sroi.commissioning.spend.ledger import Ledger, repeated
from sroi.commissioning.spend.settings import AS_WRITTEN, BY_AUTHORITY, GROSS, NET, NOT_STATED, Settings
from sroi.commissioning.spend.spelling import MOST_COMPARED, spelt_alike

_MOST_SHOWN = 20

_ODD = {
    "fractions of a penny": ("sums were rounded half up to whole pennies", "Look whether sums were divided."),
    "credit notes turned": ("called credit notes, without a minus: taken as credits, as the settings say", ""),
    "credit notes without a minus": ("called credit notes, without a minus: counted as payments",
                                     "If they are credits, set credit_notes to negative."),
    "repeated headings": ("passed over", ""),
    "tiers that are not understood": ("counted as direct, unless another paid", "Write 1, 2 or 3."),
    "tier 1, and paid by another": ("counted as direct", "Check the tier."),
    "days that cannot be read": ("shown under no month", "Write days as year-month-day."),
}  # fmt: skip


@dataclass(frozen=True)
class Mess:
    """One kind of mess: its name, how it was dealt with, what to do, how many, the sum at stake [pennies], rows."""

    name: str
    found: str
    remedy: str
    number: int = 0
    pennies: int | None = None
    rows: tuple[int, ...] = ()
    examples: tuple[str, ...] = ()
    unit: str = "line"

    def words(self, currency: str) -> str:
        """Return it as one sentence, with its sum and the first rows."""
        stake = counted(self.number, self.unit) if self.number else ""
        stake += f", {pence_money(self.pennies, currency)}" if self.pennies is not None else ""
        if self.rows:
            more = " .." if self.number > len(self.rows) else ""
            stake += f" (row{'s' if len(self.rows) > 1 else ''} {', '.join(map(str, self.rows))}{more})"
        head = ": ".join(part for part in (f"{self.name[0].upper()}{self.name[1:]}", stake, self.found) if part)
        return f"{head}. {self.remedy}".strip()

    def to_dict(self) -> dict[str, object]:
        """Return it for other programs."""
        return {
            "name": self.name, "found": self.found, "remedy": self.remedy, "number": self.number, "unit": self.unit,
            "amount": None if self.pennies is None else self.pennies / 100, "rows": list(self.rows),
            "examples": list(self.examples),
        }  # fmt: skip


def pence_money(pennies: int, currency: str) -> str:
    """Return a sum of pennies as people write it, with pence where it has any, to the penny however large.

    >>> print(pence_money(-120050, "GBP"), pence_money(500, "GBP"))
    −£1,200.50 £5
    """
    return wording.money(pennies / 100, currency, 2 if pennies % 100 else 0)


def counted(number: int, unit: str = "line") -> str:
    """Return so many of something in words.

    >>> counted(1), counted(1200)
    ('1 line', '1,200 lines')
    """
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def messes(
    ledger: Ledger, settings: Settings, known: Sequence[Known], counts_as: Sequence[int], told: Told,
    table: PostcodeTable | None,
) -> Iterator[Mess]:  # fmt: skip
    """Yield everything odd that was met, each kind once."""
    counts = ledger.reason == lines.COUNTED
    counts_or_dropped = counts | (ledger.reason == lines.DUPLICATE)
    yield from _duplicates(ledger, settings, counts_or_dropped)
    yield from _credits(ledger, counts)
    yield from _vat(ledger, settings)
    yield from _postcodes(ledger, settings, known, counts_as, counts, table)
    yield from _names(ledger, known, counts_as)
    yield from _people(ledger, known, counts_as, counts)
    for name, oddity in ledger.oddities.items():
        yield Mess(name, *_ODD[name], oddity.lines, oddity.pennies or None, tuple(oddity.rows))
    if told.conflicts:
        yield Mess("details that disagree", "what counts is said with each", "Mend the file that is wrong.",
                   len(told.conflicts), examples=tuple(told.conflicts[:_MOST_SHOWN]), unit="statement")  # fmt: skip


def _of(name: str, found: str, remedy: str, ledger: Ledger, which: NDArray[np.bool_]) -> Iterator[Mess]:
    """Yield a mess of these lines, if there are any."""
    number = int(which.sum())
    if number:
        rows = tuple(int(each) for each in ledger.row[which][:5])
        yield Mess(name, found, remedy, number, int(ledger.counted[which].sum()), rows)


def _duplicates(ledger: Ledger, settings: Settings, counts: NDArray[np.bool_]) -> Iterator[Mess]:
    exact, first = repeated(ledger.same, counts)
    near, first_near = repeated(ledger.alike, counts & ~exact)
    dropped = ledger.reason == lines.DUPLICATE
    has_reference = "reference" in ledger.columns.places
    same = "supplier, day, sum and number" if has_reference else "supplier, day and sum (the ledger has no numbers)"
    for name, which, before, words in (
        ("exact duplicates", exact, first, f"the same {same} as an earlier line"),
        ("near duplicates", near, first_near,
         "as an earlier line the same supplier, sum and number, but for spelling, or on another day"),
    ):  # fmt: skip
        kept = not (which & dropped).any()
        done = "they were kept" if kept else "they were dropped, as the settings say"
        remedy = "Look at them; to drop them, set duplicates." if kept else ""
        for mess in _of(name, f"{words}; {done}", remedy, ledger, which):
            pairs = [f"row {ledger.row[line]} repeats row {ledger.row[before[line]]}"
                     for line in np.nonzero(which)[0][:_MOST_SHOWN].tolist()]  # fmt: skip
            yield replace(mess, examples=tuple(pairs))
    if not has_reference:
        found = "the ledger has no column of them, so that near duplicates cannot be looked for"
        yield Mess("invoice numbers", found, "")


def _credits(ledger: Ledger, counts: NDArray[np.bool_]) -> Iterator[Mess]:
    found = "sums below nothing; they were netted, and are shown apart"
    yield from _of("credits", found, "", ledger, counts & (ledger.counted < 0))


def _vat(ledger: Ledger, settings: Settings) -> Iterator[Mess]:
    sums = {basis: pennies for basis, pennies in ledger.sums_by_basis.items() if pennies}
    if len(sums) > 1:
        words = {NET: "without VAT", GROSS: "with VAT", NOT_STATED: "not stated"}
        listed = ", ".join(f"{words[each]} {pence_money(pennies, settings.currency)}" for each, pennies in sums.items())
        as_it_is = settings.count_in == AS_WRITTEN
        done = "they were added as they are" if as_it_is else f"they were brought to sums {settings.basis_words}"
        yield Mess("mixed VAT", f"sums stand {listed}; {done}",
                   "Set count_in to without_vat to bring them together." if as_it_is else "")  # fmt: skip
    elif settings.count_in == AS_WRITTEN and set(sums) == {NOT_STATED}:
        found = "the ledger does not say whether its sums hold VAT; they were added as they are"
        yield Mess("VAT not stated", found, "Set amounts_are to net or gross.")


def _postcodes(
    ledger: Ledger, settings: Settings, known: Sequence[Known], counts_as: Sequence[int], counts: NDArray[np.bool_],
    table: PostcodeTable | None,
) -> Iterator[Mess]:  # fmt: skip
    if "postcode" not in ledger.columns.places and not any(each.wheres for each in known):
        yield Mess("no postcodes", "neither the ledger nor a supplier file has postcodes",
                   "Give a supplier file with them, --suppliers.")  # fmt: skip
        return
    codes = [each.postcode for each in ledger.wheres]
    bad = np.array([*(bool(each.written.strip()) and not each.text for each in codes), False], dtype=bool)
    empty = np.array([*(not each.written.strip() for each in codes), False], dtype=bool)
    helped = np.array([*(any(where.postcode.text for where in known[place].wheres) for place in counts_as), False])
    without = counts & empty[ledger.where] & ~helped[ledger.supplier]
    for mess in _of("invalid postcodes", "their place counts as not known",
                    "Mend them in the ledger.", ledger, counts & bad[ledger.where]):  # fmt: skip
        shown = [f"'{each.written[:20]}'" + (f": did you mean {each.meant}?" if each.meant else "")
                 for each in codes if each.written.strip() and not each.text]  # fmt: skip
        yield replace(mess, examples=tuple(shown[:_MOST_SHOWN]))
    found = "the supplier file has none either; their place counts as not known"
    yield from _of("missing postcodes", found, "Add them in the ledger or in a supplier file.", ledger, without)
    yield from _differing_postcodes(ledger, known, counts_as, counts)
    if table is not None:
        known_codes = {present_code(each) for each in table.authority.values()}
        strange = [value for each in settings.local if each.by == BY_AUTHORITY for value in each.values
                   if present_code(value) not in known_codes]  # fmt: skip
        if strange:
            nearest = (find_place(each) for each in strange[:_MOST_SHOWN])
            yield Mess("authorities that nobody lies in", "no supplier's postcode lies there by the table",
                       "Check how they are written.", len(strange), unit="area",
                       examples=tuple(f"{each.written}: {authority_hint(each)}" for each in nearest))  # fmt: skip
        absent = (bool(each.text) and each.text.replace(" ", "") not in table.authority for each in codes)
        lost = np.array([*absent, False], dtype=bool)
        found = f"the table has {table.rows:,} rows; their authority counts as not known"
        yield from _of("postcodes not in the table", found, "", ledger, counts & lost[ledger.where])


def authority_hint(found: Lookup) -> str:
    """Return what is known of an authority as somebody wrote it."""
    if found.place is not None:
        return f"this is {found.place.name}"
    nearest = f"did you mean {' or '.join(found.nearest)}?" if found.nearest else found.note
    return nearest or "no authority is called so"


def _differing_postcodes(
    ledger: Ledger, known: Sequence[Known], counts_as: Sequence[int], counts: NDArray[np.bool_]
) -> Iterator[Mess]:
    """Yield the suppliers whose postcode in the ledger is not that of the supplier file."""
    width = max(len(ledger.wheres), 1)
    pairs = np.unique(ledger.supplier[counts] * width + ledger.where[counts]).tolist()
    found = []
    for supplier, where in (divmod(pair, width) for pair in pairs):
        own, stated = ledger.wheres[where].postcode.text, known[counts_as[supplier]]
        others = {each.postcode.text for each in stated.wheres} - {""}
        if own and others and own not in others:
            found.append(f"{stated.told_name}: the ledger has {own}, the supplier file {', '.join(sorted(others))}")
    if found:
        yield Mess(
            "postcodes that differ",
            "the ledger's own counts: money may go to a branch",
            "Check which is right.",
            len(found),
            examples=tuple(found[:_MOST_SHOWN]),
            unit="supplier",
        )


def _names(ledger: Ledger, known: Sequence[Known], counts_as: Sequence[int]) -> Iterator[Mess]:
    firsts: dict[int, tuple[str, str]] = {}
    for place, own in enumerate(counts_as):
        firsts.setdefault(own, (ledger.suppliers[place].name, ledger.suppliers[place].id))
    listed = [("", "") if _private(known[own]) else firsts[own] for own in sorted(firsts)]
    groups = spelt_alike([name for name, _ in listed])
    if len(listed) > MOST_COMPARED:
        found = f"there are more than {MOST_COMPARED:,} suppliers; names alike but for case and legal form are told"
        yield Mess("slips in suppliers' names", f"not looked for: {found}", "")
    if groups:
        shown = tuple(" | ".join(f"{listed[each][0]}{f' ({listed[each][1]})' if listed[each][1] else ''}"
                                 for each in group[:6]) for group in groups[:_MOST_SHOWN])  # fmt: skip
        found = "each may be one supplier, spelt in several ways; none was merged"
        yield Mess("suppliers spelt alike", found, "Say in the settings, sheet Payees, who counts as whom.",
                   len(groups), examples=shown, unit="group")  # fmt: skip
    several = [
        supplier
        for supplier, own in zip(ledger.suppliers, counts_as, strict=True)
        if supplier.id and not _private(known[own]) and len({name_key(each) for each in supplier.spellings}) > 1
    ]
    if several:
        shown = tuple(f"{each.id}: {' | '.join(list(each.spellings)[:6])}" for each in several[:_MOST_SHOWN])
        found = "each counts as one supplier"
        yield Mess("one id, several names", found, "Check that they are.", len(several), examples=shown, unit="id")


def _private(known: Known) -> bool:
    return INDIVIDUAL in (known.kind.kind, kind_by_name(known.name))


def _people(
    ledger: Ledger, known: Sequence[Known], counts_as: Sequence[int], counts: NDArray[np.bool_]
) -> Iterator[Mess]:
    for kind, reason, name in (
        (INDIVIDUAL, lines.INDIVIDUAL, "individuals and redacted payees"),
        (INTERNAL, lines.INTERNAL, "internal transfers"),
    ):
        own = np.array([*(known[place].kind.kind == kind for place in counts_as), False], dtype=bool)[ledger.supplier]
        out = ledger.reason == reason
        left = "left out" if out.any() else "counted, their size not known; no name is told"
        yield from _of(name, left, "", ledger, own & (counts | out))
    nobody = np.array([*(not each.name and not each.id for each in ledger.suppliers), False], dtype=bool)
    yield from _of("no supplier named", "all about them counts as not known",
                   "Complete them in the ledger.", ledger, counts & nobody[ledger.supplier])  # fmt: skip
