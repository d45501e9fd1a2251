"""A ledger studied whole: what counts, shares with their intervals, targets, and all that was odd about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sroi.commissioning.spend import ledger as lines
from sroi.commissioning.spend.authorities import PostcodeTable, read_authorities
from sroi.commissioning.spend.definitions import (
    ANY_SIZE,
    MICRO_SMALL,
    SIZES,
    SME,
    definition_words,
    either,
    holds,
    possible_sizes,
)
from sroi.commissioning.spend.details import Known, SupplierFile, Told, known_suppliers, read_suppliers
from sroi.commissioning.spend.kinds import INDIVIDUAL, INTERNAL, KIND_WORDS, VCSE_WORDS
from sroi.commissioning.spend.ledger import DIRECT, Ledger, Reconciliation, reconcile, repeated
from sroi.commissioning.spend.local import is_local, place_words
from sroi.commissioning.spend.messes import Mess, messes
from sroi.commissioning.spend.multiplier import LocalMultiplier, local_multiplier
from sroi.commissioning.spend.reading import read_ledger
from sroi.commissioning.spend.settings import DROP_ALL, DROP_EXACT, GROUPS, LEAVE_OUT, Settings
from sroi.commissioning.spend.shares import Part, Share, TargetTest, held_against, share_of, split, status
from sroi.errors import Problem
from sroi.files.long_table import Seen, unseen

_BANDS = ("micro", "small", "medium", "large", "micro, small or medium: which is not known", "not known")
_MOST_NAMED = 10


@dataclass(frozen=True)
class Period:
    """A month or quarter: its name, its spend [pennies], and the shares of the main groups in it."""

    name: str
    pennies: int
    lines: int
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Spend:
    """One tier of spend, direct or indirect: its total [pennies], its parts, its shares."""

    title: str
    total: int
    lines: int
    suppliers: int
    payments: int
    credits: int
    by_size: tuple[Part, ...]
    by_kind: tuple[Part, ...]
    by_place: tuple[Part, ...]
    shares: tuple[Share, ...]
    largest: tuple[Part, ...]

    def share(self, name: str) -> Share:
        """Return the share of this name; KeyError if there is none."""
        for each in self.shares:
            if each.name == name:
                return each
        raise KeyError(name)


@dataclass(frozen=True)
class SpendStudy:
    """Everything that a paper on a ledger says."""

    settings: Settings
    ledger_file: str
    sha256: str
    sheet: str
    guessed: tuple[str, ...]
    notes: tuple[str, ...]
    reconciliation: Reconciliation
    direct: Spend
    indirect: Spend | None
    months: tuple[Period, ...]
    quarters: tuple[Period, ...]
    targets: tuple[TargetTest, ...]
    multiplier: LocalMultiplier | None
    messes: tuple[Mess, ...]
    unread: tuple[Problem, ...]
    supplier_file: str
    matched: tuple[int, int, int]
    postcode_table: str

    @property
    def currency(self) -> str:
        """The currency of every sum."""
        return self.settings.currency


def study_spend(
    ledger_file: str | Path,
    settings: Settings,
    suppliers: str | Path | None = None,
    postcodes: str | Path | None = None,
    seen: Seen = unseen,
) -> SpendStudy:
    """Return what a ledger shows.

    Parameters: `ledger_file`, a .csv, .xlsx, .xlsm or .ods; `suppliers`, a second file with what is known of suppliers;
    `postcodes`, a table of postcodes and authorities; `seen`, told how far the reading is. FileRefused for files that
    cannot be used, MethodRefused for rounds of LM3 that cannot be.
    """
    multiplier = local_multiplier(settings.rounds) if settings.rounds else None
    told = Told()
    file = read_suppliers(suppliers, settings, told) if suppliers is not None else None
    ledger = read_ledger(ledger_file, settings, seen)
    known, counts_as = known_suppliers(ledger, settings, file, told)
    _tell_contradictions(settings, known, told)
    table = _postcode_table(ledger, known, settings, postcodes)
    ledger = _with_later_reasons(ledger, settings, known, counts_as)
    looked = _Looked(ledger, settings, known, np.array(counts_as or [0], dtype=np.int64), table)
    direct = looked.spend("direct", "Direct spend", looked.tier == DIRECT)
    indirect = looked.spend("indirect", "Indirect spend", looked.tier != DIRECT)
    columns = ledger.columns
    of_suppliers = [f"supplier file: {each}" for each in file.columns.guessed] if file is not None else []
    return SpendStudy(
        settings, columns.table.file, columns.table.sha256, columns.table.sheet if columns.table.cells_named else "",
        (*columns.guessed, *of_suppliers), columns.table.notes,
        reconcile(ledger, settings.currency), direct, indirect if indirect.lines else None,
        looked.periods(7), looked.periods(0),
        tuple(held_against(each, direct.share((each.local and f"local:{each.local}") or each.group))
              for each in settings.targets),
        multiplier, tuple(messes(ledger, settings, known, counts_as, told, table)),
        (*ledger.refused, *told.unread), file.columns.table.file if file is not None else "",
        _matched(file, known), table.file if table is not None else "",
    )  # fmt: skip


def _tell_contradictions(settings: Settings, known: Sequence[Known], told: Told) -> None:
    """Note suppliers whose declared size their own figures rule out: the figures count."""
    for each in known:
        worked = possible_sizes(settings.size_definition, each.figures)
        if not worked & each.sizes:
            told.conflict(f"{each.told_name}: declared {' or '.join(sorted(each.sizes))}, by its figures "
                          f"{' or '.join(sorted(worked))}; the figures count")  # fmt: skip


def _postcode_table(
    ledger: Ledger, known: Sequence[Known], settings: Settings, postcodes: str | Path | None
) -> PostcodeTable | None:
    if postcodes is None:
        return None
    wheres = (*ledger.wheres, *(where for each in known for where in each.wheres))
    wanted = {where.postcode.text for where in wheres if where.postcode.text and not where.postcode.partial}
    return read_authorities(postcodes, settings.postcode_column, settings.authority_column, wanted)


def _matched(file: SupplierFile | None, known: Sequence[Known]) -> tuple[int, int, int]:
    """Return how many suppliers were found in the supplier file by id, by name, and not at all."""
    if file is None:
        return 0, 0, 0
    by = [each.joined_by for each in known]
    return by.count("id"), by.count("name"), by.count("")


def _with_later_reasons(ledger: Ledger, settings: Settings, known: Sequence[Known], counts_as: Sequence[int]) -> Ledger:
    """Return the ledger with what only the suppliers, or all lines together, tell: whose lines do not count."""
    reason = ledger.reason.copy()
    for code, holding in (
        (lines.TOLD, [each.left_out for each in known]),
        (lines.INTERNAL, [each.kind.kind == INTERNAL for each in known]),
        (lines.INDIVIDUAL, [settings.individuals == LEAVE_OUT and each.kind.kind == INDIVIDUAL for each in known]),
    ):
        if any(holding):
            own = np.array([*(holding[place] for place in counts_as), False], dtype=bool)
            reason[own[ledger.supplier] & (reason == lines.COUNTED)] = code
    for marks in {DROP_EXACT: (ledger.same,), DROP_ALL: (ledger.same, ledger.alike)}.get(settings.duplicates, ()):
        again, _ = repeated(marks, reason == lines.COUNTED)
        reason[again] = lines.DUPLICATE
    return ledger.with_reasons(reason)


class _Looked:
    """The lines that count, with each one's supplier as it counts and its place; and what groups these belong to."""

    def __init__(
        self, ledger: Ledger, settings: Settings, known: Sequence[Known], counts_as: NDArray[np.int64],
        table: PostcodeTable | None,
    ) -> None:  # fmt: skip
        counts = ledger.reason == lines.COUNTED
        self.settings, self.known = settings, known
        self.tier, self.day = ledger.tier[counts], ledger.day[counts]
        self.pennies = ledger.counted[counts]
        self.supplier = counts_as[ledger.supplier[counts]]
        width = max(len(ledger.wheres), 1)
        pairs, self.pair = np.unique(self.supplier * width + ledger.where[counts], return_inverse=True)
        worked = [possible_sizes(settings.size_definition, each.figures) for each in known]
        # Figures come before what a file declares; it may narrow them, and where it contradicts them it is told.
        self.sizes = [own & each.sizes or own for own, each in zip(worked, known, strict=True)]
        self.size_basis = _size_basis(worked, known)
        found = [(known[pair // width], ledger.wheres[pair % width]) for pair in pairs.tolist()]
        self.places = [place_words(where, supplier, table) for supplier, where in found]
        self.local = {
            each.id: [status(is_local(each, where, supplier, table)) for supplier, where in found]
            for each in settings.local
        }

    @cached_property
    def groups(self) -> dict[str, tuple[str, str, Sequence[int], bool]]:
        """Return for each group its title, its definition, its status by unit, and whether units are pairs."""
        sized = f"{definition_words(self.settings.size_definition)}{self.size_basis}"
        sme = [holds(SME, sizes) for sizes in self.sizes]
        vcse = [each.kind.vcse for each in self.known]
        guess = [each.kind.basis == "name" for each in self.known]
        joint = [status(either(one, other), guess=bool(other and by_name and not one))
                 for one, other, by_name in zip(sme, vcse, guess, strict=True)]  # fmt: skip
        told: dict[str, tuple[str, str, Sequence[int], bool]] = {
            "sme": (GROUPS["sme"], sized, [status(each) for each in sme], False),
            **{
                name: (GROUPS[name], sized, [status(holds(sizes, each)) for each in self.sizes], False)
                for name, sizes in (("micro_small", MICRO_SMALL), *((size, frozenset({size})) for size in SIZES))
            },
            "vcse": (GROUPS["vcse"], f"{VCSE_WORDS}; by declared kind or charity number, else guessed from the name",
                     [status(each, by_name) for each, by_name in zip(vcse, guess, strict=True)], False),
            "sme_or_vcse": (GROUPS["sme_or_vcse"], f"{sized}; or {VCSE_WORDS}", joint, False),
        }  # fmt: skip
        for each in self.settings.local:
            told[f"local:{each.id}"] = (each.title, each.words, self.local[each.id], True)
        return told

    def shares(self, taken: NDArray[np.bool_], names: Sequence[str] = ()) -> tuple[Share, ...]:
        """Return the shares of some of the lines."""
        return tuple(
            share_of(name, title, words, statuses, (self.pair if pairs else self.supplier)[taken], self.pennies[taken])
            for name, (title, words, statuses, pairs) in self.groups.items() if not names or name in names
        )  # fmt: skip

    def spend(self, name: str, title: str, taken: NDArray[np.bool_]) -> Spend:
        """Return what some of the lines come to."""
        pennies, supplier, pair = self.pennies[taken], self.supplier[taken], self.pair[taken]
        bands = [_band(sizes) for sizes in self.sizes]
        kinds = [_kind_words(each) for each in self.known]
        names = [each.told_name for each in self.known]
        return Spend(
            title, int(pennies.sum()), len(pennies), len(np.unique(supplier)), int(pennies[pennies > 0].sum()),
            int(pennies[pennies < 0].sum()), tuple(split(bands, supplier, supplier, pennies, _BANDS)),
            tuple(split(kinds, supplier, supplier, pennies)), tuple(split(self.places, pair, supplier, pennies)),
            self.shares(taken), tuple(split(names, supplier, supplier, pennies)[:_MOST_NAMED]),
        )  # fmt: skip

    def periods(self, months: int) -> tuple[Period, ...]:
        """Return direct spend by month (`months` 7, the letters of "2025-09") or by quarter of the calendar (0)."""
        direct = self.tier == DIRECT
        days, place = np.unique(self.day[direct], return_inverse=True)
        names = [_period(day, bool(months)) for day in days.tolist()]
        main = ("sme", "vcse", *(f"local:{each.id}" for each in self.settings.local[:1]))
        found = []
        of_line = np.array(names, dtype=object)[place] if len(names) else np.zeros(0, dtype=object)
        for name in dict.fromkeys(names):
            taken = direct.copy()
            taken[direct] = of_line == name
            found.append(Period(name, int(self.pennies[taken].sum()), int(taken.sum()), self.shares(taken, main)))
        return tuple(sorted(found, key=lambda each: (each.name == _UNDATED, each.name)))


def _size_basis(worked: Sequence[frozenset[str]], known: Sequence[Known]) -> str:
    """Return on what the sizes of how many suppliers rest, in words."""
    by_figures = sum(len(own) < len(ANY_SIZE) for own in worked)
    declared = sum(own == ANY_SIZE and each.sizes < ANY_SIZE for own, each in zip(worked, known, strict=True))
    rest = len(known) - by_figures - declared
    return f" ({by_figures:,} suppliers by their figures, {declared:,} as the files declare them, {rest:,} not known)"


_UNDATED = "no day"


def _period(day: int, month: bool) -> str:
    if day == lines.NO_DATE:
        return _UNDATED
    found = date.fromordinal(day)
    return f"{found:%Y-%m}" if month else f"{found.year} Q{(found.month + 2) // 3}"


def _band(sizes: frozenset[str]) -> str:
    if len(sizes) == 1:
        return next(iter(sizes))
    return _BANDS[4] if sizes <= SME else _BANDS[5]


def _kind_words(known: Known) -> str:
    if not known.kind.kind:
        return "not known"
    words = KIND_WORDS[known.kind.kind]
    basis = {"name": " (guessed from the name)", "unmarked": " (not marked as voluntary)"}.get(known.kind.basis, "")
    return f"{words}{basis}"
