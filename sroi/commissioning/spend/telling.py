"""What the paper on a ledger says, as blocks that every format renders."""

from __future__ import annotations

from collections.abc import Sequence

from sroi import plots, wording
from sroi.commissioning.place.gazetteer import credits_of_places
from sroi.commissioning.spend.definitions import definition_source
from sroi.commissioning.spend.messes import counted, pence_money
from sroi.commissioning.spend.multiplier import NOT_SOCIAL_VALUE, LocalMultiplier
from sroi.commissioning.spend.saying import (
    beyond_words,
    definition_lines,
    interval_words,
    main_shares,
    per_cent,
    round_words,
    target_words,
)  # fmt: skip
from sroi.commissioning.spend.shares import CANNOT_BE_SAID, Part, Share, TargetTest
from sroi.commissioning.spend.study import Period, Spend, SpendStudy
from sroi.plots.spend import PeriodBar, ShareBar, share_bars, share_bars_height, spend_by_period
from sroi.reports.blocks import Block, Bullets, Figure, Paragraph, Section, Story, Table

_MOST_PLACES, _MOST_UNREAD = 15, 50


def tell_spend(study: SpendStudy, title: str = "") -> Story:
    """Return the paper's story; every section stands, and says so where there is nothing to show."""
    sections = [
        _short(study), _shares(study), _targets(study), _size_and_kind(study), _places(study), _when(study),
        _largest(study), *([_indirect(study, study.indirect)] if study.indirect is not None else []),
        *([_multiplier(study, study.multiplier)] if study.multiplier is not None else []), _reconciled(study),
        _messy(study), _method(study),
    ]  # fmt: skip
    who = f"{study.settings.buyer}. " if study.settings.buyer else ""
    return Story(title or study.settings.title, f"{who}Spend with suppliers, {study.settings.period_words}",
                 tuple(sections))  # fmt: skip


def _short(study: SpendStudy) -> Section:
    direct = study.direct
    blocks: list[Block] = [Paragraph(study.settings.note, "note")] if study.settings.note else []
    total = pence_money(direct.total, study.currency)
    blocks.append(
        Paragraph(
            f"{total} was spent with {counted(direct.suppliers, 'supplier')}, in "
            f"{counted(direct.lines, 'line')} of the ledger; sums {study.settings.basis_words}.",
            "lead",
        )
    )
    chosen = [each for each in main_shares(direct) if each.name != "micro_small"]
    blocks.append(Bullets(tuple(f"{_capital(each.title)}: {interval_words(each)}." for each in chosen)))
    blocks.append(
        Paragraph(
            "Each share is of all direct spend. The range beside it is what is not known: its lowest end "
            "if none of that counts, its highest if all does."
        )
    )
    beyond = beyond_words(direct)
    if beyond:
        blocks.append(Paragraph(beyond))
    return Section("short", "In short", tuple(blocks))


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _shares(study: SpendStudy) -> Section:
    shares = main_shares(study.direct)
    rows = tuple(_share_row(each, study.currency) for each in shares)
    table = Table("shares", f"Shares of direct spend, {study.settings.period_words} ({study.currency}, sums "
                  f"{study.settings.basis_words})", ("Group", "Spend", "Share", "Lowest", "Highest", "Not known"), rows,
                  (False, True, True, True, True, True))  # fmt: skip
    blocks: list[Block] = [table]
    if study.direct.total > 0:
        blocks.append(_figure(study, shares))
    blocks += [Paragraph("A percentage is comparable only with others by the same definition:"),
               Bullets(tuple(f"{each}." for each in definition_lines(study)))]  # fmt: skip
    return Section("shares", "Who the money goes to", tuple(blocks))


def _share_row(share: Share, currency: str) -> tuple[str, ...]:
    low, high = share.interval or (None, None)
    return (_capital(share.title), pence_money(share.pennies, currency), per_cent(share.share), per_cent(low),
            per_cent(high), per_cent(share.unknown_share))  # fmt: skip


def _figure(study: SpendStudy, shares: Sequence[Share]) -> Figure:
    targets = {test.share.name: float(test.target.share) for test in study.targets}
    bars = []
    for each in shares:
        sure, guessed, unknown = (each.of_total(part) or 0.0 for part in (each.sure, each.guessed, each.unknown))
        bars.append(ShareBar(_capital(each.title), sure, guessed, unknown, targets.get(each.name)))
    alt = "Bars of shares of direct spend. " + " ".join(
        f"{_capital(each.title)}: {interval_words(each)}." for each in shares
    )
    return Figure(
        "shares", "Shares of direct spend; what is not known is hatched, targets are lines", alt,
        lambda width: plots.picture(lambda axes: share_bars(bars, axes), width, share_bars_height(len(bars), width)),
    )  # fmt: skip


def _targets(study: SpendStudy) -> Section:
    heading = "Targets"
    if not study.targets:
        text = "No target was set. Set one in the settings, sheet Targets, to have it tested here."
        return Section("targets", heading, (Paragraph(text),))
    rows = tuple(_target_row(each, study.currency) for each in study.targets)
    table = Table("targets", "Targets tested against direct spend",
                  ("Target", "Wanted", "Found", "Verdict", "Missing", "Guessed or not known"), rows,
                  (False, True, True, False, True, True))  # fmt: skip
    said = [f"{each.target.title}: {target_words(each, study.currency)}." for each in study.targets]
    sources = dict.fromkeys(each.target.source for each in study.targets if each.target.source)
    notes = [Paragraph(f"Source of the targets: {'; '.join(sources)}.", "note")] if sources else []
    doubt = "A target is called met if even the lowest share reaches it, and not met if the highest does not."
    more = " Where it hangs on what is not known, no verdict is given: find out about the largest of those suppliers."
    settled = not any(each.verdict == CANNOT_BE_SAID for each in study.targets)
    return Section("targets", heading, (Bullets(tuple(said)), table, Paragraph(doubt + ("" if settled else more)),
                                        *notes))  # fmt: skip


def _target_row(test: TargetTest, currency: str) -> tuple[str, ...]:
    return (test.target.title, wording.per_cent(float(test.target.share), 1), per_cent(test.share.share), test.verdict,
            pence_money(test.missing, currency), pence_money(test.unsettled, currency))  # fmt: skip


def _parts_table(name: str, caption: str, heading: str, parts: Sequence[Part], spend: Spend, currency: str) -> Table:
    rows = tuple(
        (_capital(part.name), pence_money(part.pennies, currency),
         per_cent(part.pennies / spend.total if spend.total > 0 else None), f"{part.suppliers:,}", f"{part.lines:,}")
        for part in parts
    )  # fmt: skip
    return Table(
        name, caption, (heading, "Spend", "Share", "Suppliers", "Lines"), rows, (False, True, True, True, True)
    )


def _size_and_kind(study: SpendStudy) -> Section:
    direct, currency = study.direct, study.currency
    blocks = (
        _parts_table(
            "by_size", f"Direct spend by size of supplier ({currency})", "Size", direct.by_size, direct, currency
        ),
        _parts_table("by_kind", f"Direct spend by kind of body ({currency})", "Kind", direct.by_kind, direct, currency),
        Paragraph("Kinds guessed from a name are marked: a name is no proof of what a body is.", "note"),
    )
    return Section("size_and_kind", "By size and kind", blocks)


def _places(study: SpendStudy) -> Section:
    direct, currency = study.direct, study.currency
    shown = list(direct.by_place[:_MOST_PLACES])
    rest = direct.by_place[_MOST_PLACES:]
    if rest:
        shown.append(Part(f"{len(rest):,} other places", sum(each.pennies for each in rest),
                          sum(each.suppliers for each in rest), sum(each.lines for each in rest)))  # fmt: skip
    table = _parts_table(
        "by_place", f"Direct spend by the supplier's place ({currency})", "Place", shown, direct, currency
    )
    text = "A supplier's place is where its postcode lies: its office, not where the work is done or wages are spent."
    return Section("places", "By place", (table, Paragraph(text, "note")))


def _when(study: SpendStudy) -> Section:
    currency = study.currency
    bars = [PeriodBar(each.name, each.pennies / 100) for each in study.months]
    alt = "Columns of direct spend by month: " + "; ".join(
        f"{each.name} {pence_money(each.pennies, currency)}" for each in study.months[:36]
    )
    figure = Figure("months", f"Direct spend by month ({currency})", alt, lambda width: plots.picture(
        lambda axes: spend_by_period(bars, currency, axes), width, 3.4))  # fmt: skip
    names = [each.title for each in study.quarters[0].shares] if study.quarters else []
    rows = tuple(_period_row(each, currency) for each in study.quarters)
    table = Table("quarters", "By quarter of the calendar: spend, and shares with what is not known in brackets",
                  ("Quarter", "Spend", *map(_capital, names)), rows, (False, True, *(True for _ in names)))  # fmt: skip
    return Section("when", "By month and quarter", ((figure, table) if bars else (Paragraph("No line counts."),)))


def _period_row(period: Period, currency: str) -> tuple[str, ...]:
    shares = (f"{per_cent(each.share)} ({per_cent(each.unknown_share)})" for each in period.shares)
    return (period.name, pence_money(period.pennies, currency), *shares)


def _largest(study: SpendStudy) -> Section:
    direct, currency = study.direct, study.currency
    top = sum(part.pennies for part in direct.largest)
    share = per_cent(top / direct.total if direct.total > 0 else None)
    many = f"The {len(direct.largest):,} largest suppliers take" if len(direct.largest) > 1 else "One supplier takes"
    rows = tuple(
        (part.name, pence_money(part.pennies, currency),
         per_cent(part.pennies / direct.total if direct.total > 0 else None), f"{part.lines:,}")
        for part in direct.largest
    )  # fmt: skip
    table = Table("largest", f"The largest suppliers ({currency})", ("Supplier", "Spend", "Share", "Lines"), rows,
                  (False, True, True, True))  # fmt: skip
    note = Paragraph("Names of individuals are withheld.", "note")
    return Section("largest", "The largest suppliers", (Paragraph(f"{many} {share} of direct spend."), table, note))


def _indirect(study: SpendStudy, indirect: Spend) -> Section:
    currency = study.currency
    text = (f"{pence_money(indirect.total, currency)} was paid by the buyer's own suppliers to theirs, as far as it is "
            "known. It is part of what they were paid, so it is never added to direct spend.")  # fmt: skip
    rows = tuple(_share_row(each, currency) for each in main_shares(indirect))
    table = Table("indirect", f"Shares of indirect spend ({currency})",
                  ("Group", "Spend", "Share", "Lowest", "Highest", "Not known"), rows,
                  (False, True, True, True, True, True))  # fmt: skip
    return Section("indirect", "Further down the supply chain", (Paragraph(text), table))


def _multiplier(study: SpendStudy, found: LocalMultiplier) -> Section:
    currency = study.currency
    between = f", between {found.low:.2f} and {found.high:.2f}" if found.low != found.high else ""
    rows = tuple((f"Round {each.number}", round_words(each, currency)) for each in found.rounds)
    blocks = (
        Paragraph(f"LM3 {found.lm3:.2f}{between}: {found.reading}.", "lead"),
        Paragraph(NOT_SOCIAL_VALUE),
        Table("lm3", "The three rounds", ("Round", "Money"), rows, (False, False)),
        Paragraph(
            "LM3 = (round 1 + round 2 + round 3) / round 1, after the New Economics Foundation (2002). It lies from "
            "1 to 3, for no round exceeds the one before. Of a survey the lower end takes those who did not answer "
            "to spend nothing locally, the upper end everything.",
            "note",
        ),
    )
    return Section("multiplier", "The local multiplier", blocks)


def _reconciled(study: SpendStudy) -> Section:
    found, currency = study.reconciliation, study.currency
    rows = [
        ("All lines of the ledger", counted(found.lines), pence_money(found.total, currency)),
        ("Direct spend", counted(study.direct.lines), pence_money(found.direct, currency)),
    ]
    if study.indirect is not None:
        rows.append(
            ("Indirect spend, shown apart", counted(study.indirect.lines), pence_money(found.indirect, currency))
        )
    if found.vat:
        rows.append(("VAT taken out of counted lines (put in: below nothing)", "", pence_money(found.vat, currency)))
    rows += [(f"Left out: {each.words}", counted(each.lines), _sums(each.sums)) for each in found.left_out]
    text = "The parts add up to the whole, to the penny." if found.agrees else "THE PARTS DO NOT ADD UP."
    apart = " Sums in another currency stand beside it, and are in no total."
    other = any(set(each.sums) - {currency} for each in found.left_out)
    table = Table("reconciliation", f"Where every penny of the ledger went ({currency})", ("Part", "Lines", "Sum"),
                  tuple(rows), (False, True, True))  # fmt: skip
    credit = (f"Direct spend is {pence_money(study.direct.payments, currency)} of payments less "
              f"{pence_money(-study.direct.credits, currency)} of credits.")  # fmt: skip
    return Section("reconciliation", "Where every penny went", (Paragraph(text + (apart if other else "")), table,
                                                                Paragraph(credit)))  # fmt: skip


def _sums(sums: dict[str, int]) -> str:
    return "; ".join(pence_money(pennies, currency) for currency, pennies in sums.items()) or "none stated"


def _messy(study: SpendStudy) -> Section:
    heading = "What is messy about the ledger"
    blocks: list[Block] = []
    if not study.messes and not study.unread:
        blocks.append(Paragraph("Nothing was found."))
    if study.messes:
        blocks.append(Bullets(tuple(each.words(study.currency) for each in study.messes)))
        rows = tuple((_capital(each.name), example) for each in study.messes for example in each.examples)
        if rows:
            blocks.append(Table("examples", "Examples", ("What", "Where"), rows, (False, False)))
    if study.unread:
        shown = tuple(str(each) for each in study.unread[:_MOST_UNREAD])
        more = len(study.unread) - len(shown)
        last = (f"and {more:,} more: result.json lists them",) if more else ()
        blocks.append(Paragraph(f"{counted(len(study.unread), 'cell')} could not be read:"))
        blocks.append(Bullets((*shown, *last)))
    return Section("messy", heading, tuple(blocks))


def _method(study: SpendStudy) -> Section:
    settings = study.settings
    source = definition_source(settings.size_definition)
    items = [
        f"Ledger: {study.ledger_file.replace(chr(92), '/').rpartition('/')[2]}, SHA-256 {study.sha256}.",
        f"Period: {settings.period_words}. Currency: {study.currency}. Sums {settings.basis_words}.",
        f"The definition of size was seen at: {source}.",
        "A supplier is one id, or one spelling of a name where there is no id; others are one if the settings say so.",
    ]
    if study.supplier_file:
        by_id, by_name, lost = study.matched
        items.append(f"Supplier file: {by_id:,} suppliers found by id, {by_name:,} by name, {lost:,} not found.")
    items += [f"Guessed from the headings: {'; '.join(study.guessed)}."] if study.guessed else []
    items += [f"{each}." for each in study.notes]
    if study.postcode_table:
        items.append("Authorities by your own table of postcodes; their names: " + " ".join(credits_of_places()))
    text = "Spend says where money goes. It says nothing of the social value that it brings about."
    return Section("method", "How this was worked out", (Paragraph(text), Bullets(tuple(items))))
