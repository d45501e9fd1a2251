"""What the paper of a register says, as blocks that every format renders."""

from __future__ import annotations

from collections.abc import Sequence

from sroi import plots, wording
from sroi.commissioning.delivery.doubts import KINDS, Doubt, by_kind
from sroi.commissioning.delivery.form import STATES
from sroi.commissioning.delivery.promises import fell_due
from sroi.commissioning.delivery.register import Change, Register, Term
from sroi.commissioning.delivery.rollup import Rolled, delivered_where, is_valued, rolled_up, worth_of_all
from sroi.commissioning.delivery.standing import DEFAULT_RATE, Standing
from sroi.commissioning.delivery.words import (
    day_words,
    groupings_to_show,
    in_doubt_lines,
    late_value_words,
    later_words,
    shortfall_words,
    states_words,
    worth_words,
)
from sroi.reports.blocks import Block, Bullets, Figure, Paragraph, Section, Story, Table

MOST_ROWS = 40
_MOST_OF_A_KIND = 5


def tell_delivery(
    standing: Standing, found: Sequence[Doubt], by: Sequence[str] = (), values: bool = True
) -> Story:  # fmt: skip
    """Return the paper: how each measure stands, what is late, how far it is proved, changes, roll-ups, money, doubts.

    Parameters: `by`, the roll-ups to show (else those with more than one group); `values`, whether money is told.
    """
    register = standing.register
    buyer = f"{register.buyer}. " if register.buyer else ""
    sections = [
        _together(standing), _by_measure(standing), _late(standing, values), _proved(standing), _promises(standing),
        *(_rolled(standing, each) for each in groupings_to_show(standing, by)),
        *((_money(standing),) if values else ()), _doubts(standing, found), _method(standing),
    ]  # fmt: skip
    return Story(register.title, f"{buyer}Social value: what was promised and what was delivered", tuple(sections))


def _cut(rows: Sequence[tuple[str, ...]], name: str) -> tuple[tuple[tuple[str, ...], ...], str]:
    """Return the first rows, and words for where the rest is."""
    more = f"; the first {MOST_ROWS} of {len(rows):,}, all are in tables/{name}.csv" if len(rows) > MOST_ROWS else ""
    return tuple(rows[:MOST_ROWS]), more


# ---- how it stands ----


def _together(standing: Standing) -> Section:
    rolled = rolled_up(standing, "measure")
    register = standing.register
    blocks: list[Block] = [Paragraph(_headline(standing, rolled), "lead")]
    if register.note:
        blocks.append(Paragraph(register.note, "note"))
    blocks.append(Paragraph(f"{day_words(standing)} {states_words(standing)}"))
    blocks += [*(Paragraph(line) for line in later_words(standing)), _figure(rolled)]
    return Section("together", "How each measure stands", tuple(blocks))


def _by_measure(standing: Standing) -> Section:
    """Return the wide table in a section of its own: in Word it turns the page, and the first page stays upright."""
    rows = [
        (f"{each.measure.name} [{each.measure.unit}]", *(wording.plain(each[name]) for name in _SHOWN),
         shortfall_words(each))
        for each in rolled_up(standing, "measure")
    ]  # fmt: skip
    shown, more = _cut(rows, "by_measure")
    headings = ("Measure [unit]", *_SHOWN.values(), "How it stands")
    numeric = (False, *(True for _ in _SHOWN), False)
    caption = f"Each measure in its own unit; quantities of different measures are never added{more}"
    table = Table("by_measure_shown", caption, headings, shown, numeric, wide=True)
    return Section("by_measure", "Measure by measure", (table,))


_SHOWN = {
    "promised": "Promised in all", "due": "Due by now", "counted": "Counts", "late": "Of it late",
    "missing": "Missing", "ahead": "Ahead", "beyond": "Beyond",
}  # fmt: skip


def _headline(standing: Standing, rolled: Sequence[Rolled]) -> str:
    due = [each for each in rolled if each["due"] > 0]
    short = [each for each in due if each["missing"] > 0]
    if not due:
        return f"On {standing.on} nothing was due yet."
    if not short:
        return f"On {standing.on} all that was due was delivered, in {len(due)} of {len(due)} measures."
    if len(short) == len(due) > 1:
        return f"On {standing.on} something was missing in each of the {len(due)} measures that had anything due."
    names = ", ".join(each.measure.name for each in short[:5]) + (", .." if len(short) > 5 else "")
    measures = f"{len(short)} of the {len(due)} measures that had anything due"
    return f"On {standing.on} something was missing in {measures}: {names}."


def _figure(rolled: Sequence[Rolled]) -> Figure:
    bars = [
        plots.Delivered(
            each.measure.name, each.measure.unit, each["promised"], each["due"], each["validated"], each["evidenced"],
            each["claimed"],
        )
        for each in rolled[:MOST_ROWS]
    ]  # fmt: skip
    said = "; ".join(f"{each.measure.name}: {shortfall_words(each)}" for each in rolled[:MOST_ROWS])
    return Figure(
        "delivered",
        "Delivered by state, due and promised",
        f"A bar for each measure, in per cent of what was promised. {said}.",
        lambda width: plots.picture(
            lambda axes: plots.delivered(bars, axes), width, plots.delivered_height(len(bars), width)
        ),
    )


# ---- late ----


def _late(standing: Standing, values: bool) -> Section:
    rolled = [each for each in rolled_up(standing, "measure") if each["late"] > 0 or each["missing"] > 0]
    if not rolled:
        text = "All that was due by this day came in time."
        return Section("late", "Late and missing", (Paragraph(text),))
    rows = tuple(
        (each.measure.name, each.measure.unit, wording.plain(each["late"]), wording.plain(each["missing"]),
         wording.plain(each["late_years"]))
        for each in rolled[:MOST_ROWS]
    )  # fmt: skip
    table = Table(
        "late", "What came after its day, and what has not come",
        ("Measure", "Unit", "Came late", "Missing", "Quantity-years waited"), rows, (False, False, True, True, True),
    )  # fmt: skip
    text = (
        "Quantity-years: each unit times the years from the day it was due to the day it was delivered, or to this "
        "day if it was not. Ten trees a year late are ten tree-years. The first unit due is set "
        "against the first delivered."
    )
    blocks: list[Block] = [table, Paragraph(text, "note"), _owed(standing)]
    if values and standing.rules.late_value != "none":
        blocks.append(Paragraph(late_value_words(standing, worth_of_all(standing))))
    return Section("late", "Late and missing", tuple(blocks))


def _owed(standing: Standing) -> Table:
    register = standing.register
    rows = [
        (str(each.due), register.suppliers[each.line.contract.supplier], each.line.contract.id, each.line.measure.name,
         wording.plain(each.quantity), wording.plain(each.on_time), wording.plain(each.late),
         wording.plain(each.missing))
        for each in fell_due(standing)
        if each.late or each.missing
    ]  # fmt: skip
    shown, more = _cut(rows, "fell_due")
    caption = f"Promise by promise: what fell due and did not all come in time{more}"
    headings = ("Due", "Supplier", "Contract", "Measure", "Fell due", "In time", "Late", "Missing")
    return Table("owed", caption, headings, shown, (False,) * 4 + (True,) * 4, wide=True)


# ---- how far it is proved ----


def _proved(standing: Standing) -> Section:
    rows = tuple(
        (each.measure.name, each.measure.unit, *(wording.plain(each[state]) for state in STATES))
        for each in rolled_up(standing, "measure")[:MOST_ROWS]
    )
    headings = ("Measure", "Unit", *(state.capitalize() for state in STATES))
    table = Table("states", "What was delivered, by how far it is proved", headings, rows, (False, False, *(True,) * 4))
    blocks: list[Block] = [table]
    rejected = [
        f"{row['id']}: {wording.plain(row['quantity'])} ({standing.register.measures[row['measure']].unit}), "
        f"{row['note'] or 'no reason is written'}"
        for at, row in enumerate(standing.register.rows)
        if standing.state[at] == STATES.index("rejected") and standing.in_time[at]
    ]
    if rejected:
        more = [f"and {len(rejected) - MOST_ROWS:,} more"] if len(rejected) > MOST_ROWS else []
        blocks += [Paragraph("Rejected, and so never counted:"), Bullets((*rejected[:MOST_ROWS], *more))]
    where = [
        (place, measure.name, measure.unit, *(wording.plain(quantities[state]) for state in STATES))
        for place, measure, quantities in delivered_where(standing)
    ]
    if len({row[0] for row in where}) > 1:
        shown, more_words = _cut(where, "delivered_where")
        caption = f"Where it was delivered, as the deliveries themselves say{more_words}"
        numeric = (False, False, False, *(True,) * 4)
        blocks.append(Table("where", caption, ("Place", *headings), shown, numeric, wide=True))
    return Section("proved", "How far it is proved", tuple(blocks))


# ---- promises ----


def _promises(standing: Standing) -> Section:
    register = standing.register
    rows = []
    for each in register.commitments:
        for term, own in ((each.term, "in all"), *((own, "milestone") for own in each.milestones)):
            now = standing.now[term.id]
            if own == "in all" or now != term:
                rows.append((term.id, register.measures[each.measure].name, own, *_term(term), *_term(now)))
    shown, more = _cut(rows, "by_contract")
    caption = f"First promises and what stands now; milestones where they changed{more}"
    headings = ("Promise", "Measure", "What", "First", "By", "Now", "By (now)")
    numeric = (False, False, False, True, False, True, False)
    blocks: list[Block] = [Table("promises", caption, headings, shown, numeric, wide=True)]
    agreed = [change for change in register.changes if change.day <= standing.on]
    if agreed:
        log = [(str(each.day), each.of, _change(each), each.agreed_by, each.why) for each in agreed]
        cut = f"; the first {MOST_ROWS} of {len(log):,}" if len(log) > MOST_ROWS else ""
        blocks.append(
            Table("changes", f"The log of changes, in the order of days{cut}",
                  ("Day", "Of", "What", "Agreed by", "Why"), tuple(log[:MOST_ROWS]), (False,) * 5)
        )  # fmt: skip
    else:
        blocks.append(Paragraph("No promise was changed."))
    return Section("promises", "What was promised, first and now", tuple(blocks))


def _term(term: Term) -> tuple[str, str]:
    return wording.plain(term.quantity), str(term.due)


def _change(change: Change) -> str:
    return f"{change.what}: {_plain(change.was)} became {_plain(change.now)}"


def _plain(value: object) -> str:
    return wording.plain(value) if isinstance(value, float) else str(value)


# ---- roll-ups ----


def _rolled(standing: Standing, by: str) -> Section:
    rows = [
        (each.group, each.measure.name, each.measure.unit, *(wording.plain(each[name]) for name in _ROLLED),
         wording.plain(each["rejected"]))
        for each in rolled_up(standing, by)
    ]  # fmt: skip
    shown, more = _cut(rows, f"by_{by}")
    headings = (by.capitalize(), "Measure", "Unit", *_ROLLED.values(), "Rejected")
    caption = f"By {by}: what one contract has too much never covers what another lacks{more}"
    table = Table(f"by_{by}_shown", caption, headings, shown, (False, False, False, *(True,) * 6), wide=True)
    return Section(f"by_{by}", f"By {by}", (table,))


_ROLLED = {"promised": "Promised", "due": "Due", "counted": "Counts", "late": "Late", "missing": "Missing"}


# ---- money, doubts, method ----


def _money(standing: Standing) -> Section:
    register = standing.register
    lines = worth_words(standing, worth_of_all(standing))
    rows = tuple(
        (each.measure.name, each.measure.unit, wording.unit_money(each.measure.proxy or 0.0, register.currency),
         wording.money((each.measure.proxy or 0.0) * each["promised"], register.currency),
         wording.money((each.measure.proxy or 0.0) * each["counted"], register.currency),
         "; ".join(part for part in (each.measure.source, each.measure.licence, each.measure.price_year) if part))
        for each in rolled_up(standing, "measure")
        if is_valued(standing, each.measure)
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(line) for line in lines]
    if rows:
        headings = ("Measure", "Unit", "Value of one", "Promised", "Counts", "Source, licence, prices")
        blocks.append(
            Table("values", f"Quantity times the value of one ({register.currency})", headings, rows[:MOST_ROWS],
                  (False, False, True, True, True, False), wide=True)
        )  # fmt: skip
    return Section("money", "What it comes to in money", tuple(blocks))


def _doubts(standing: Standing, found: Sequence[Doubt]) -> Section:
    if not found:
        text = "Nothing in the rows that this program can see. It has not seen the evidence itself."
        return Section("doubts", "What is doubtful", (Paragraph(text),))
    blocks: list[Block] = [Paragraph("Rows count as they stand, unless it says here that they do not.")]
    for kind, own in by_kind(found).items():
        more = [f"and {len(own) - _MOST_OF_A_KIND:,} more: tables/findings.csv"] if len(own) > _MOST_OF_A_KIND else []
        blocks += [
            Paragraph(f"{KINDS[kind]}: {len(own):,}"),
            Bullets((*(str(each.problem) for each in own[:_MOST_OF_A_KIND]), *more)),
        ]
    blocks += [Paragraph(line) for line in in_doubt_lines(standing, found)]
    return Section("doubts", "What is doubtful", tuple(blocks))


def _method(standing: Standing) -> Section:
    register: Register = standing.register
    definitions = tuple(
        f"{each.name} [{each.unit}]: {each.definition or 'no definition is written'}"
        f"{f' ({each.framework})' if each.framework else ''}"
        for each in list(register.measures.values())[:MOST_ROWS]
    )
    items: tuple[str, ...] = (
        "A line is one measure under one contract in one place. Each is worked out on its own, and then added.",
        "Due: the whole quantity once its day has come; before that what its milestones ask for in all by their days.",
        "A correction downward is taken from the delivery that it names; one that names none is left out.",
        "A delivery judged after this day stands as evidenced, or claimed, on this day.",
        f"Register: SHA-256 {register.filled.sha256}.",
    )
    if standing.rules.late_value == "discounted" and standing.rules.rate == DEFAULT_RATE:
        items = (
            *items,
            f"The rate of {wording.per_cent(DEFAULT_RATE)} a year is the program's default; --late-rate sets another.",
        )
    return Section(
        "method", "How this was reckoned", (Bullets(items), Paragraph("What is counted:"), Bullets(definitions))
    )
