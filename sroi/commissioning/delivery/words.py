"""How a register's standing is said: on the terminal, and in the paper."""

from __future__ import annotations

from collections.abc import Sequence

from sroi import wording
from sroi.commissioning.delivery.doubts import KINDS, Doubt, by_kind, in_doubt
from sroi.commissioning.delivery.form import STATES
from sroi.commissioning.delivery.rollup import GROUPINGS, Rolled, Worth, rolled_up, worth_of_all
from sroi.commissioning.delivery.standing import LATE_RULES, Standing

_MOST_OF_A_KIND = 3
_MOST_ROWS = 30
# Quantities smaller than this are rounding.
_NOTHING = 1e-9


def standing_lines(
    standing: Standing, found: Sequence[Doubt], by: Sequence[str] = (), values: bool = True
) -> list[str]:
    """Return what the command says: the day, each measure, each group asked for, money, changes, findings."""
    register = standing.register
    lines = [register.title, *([register.note] if register.note else []), day_words(standing), states_words(standing)]
    lines += later_words(standing)
    for grouping in dict.fromkeys(("measure", *by)):
        lines += ["", f"By {grouping}", *_grouping_lines(standing, grouping)]
    if values:
        lines += ["", *worth_words(standing, worth_of_all(standing))]
    agreed = [change for change in register.changes if change.day <= standing.on]
    if agreed:
        lines += [
            "",
            f"{len(agreed)} agreed change{'s' if len(agreed) > 1 else ''} of promises; `promised` is what stands now.",
        ]
    return [*lines, "", *doubt_lines(found), *in_doubt_lines(standing, found)]


def _grouping_lines(standing: Standing, grouping: str) -> list[str]:
    """Return a roll-up, group by group; of a long one the first rows."""
    rolled = rolled_up(standing, grouping)
    lines, group, indent = [], "", "  " if grouping == "measure" else "    "
    for each in rolled[:_MOST_ROWS]:
        if grouping != "measure" and each.group != group:
            group = each.group
            lines.append(f"  {group}")
        lines += [f"{indent}{line}" for line in rolled_words(each)]
    if len(rolled) > _MOST_ROWS:
        lines.append(f"  and {len(rolled) - _MOST_ROWS:,} rows more: --json and --out have them all")
    return lines


def day_words(standing: Standing) -> str:
    """Return the day looked at, and why this one."""
    return f"As of {standing.on}: {standing.because}."


def states_words(standing: Standing) -> str:
    """Return which states count."""
    rest = [state for state in STATES[:3] if state not in standing.rules.count]
    more = f" What is {' or '.join(rest)} stands beside it and does not count." if rest else ""
    return f"What is {' or '.join(standing.rules.count)} counts.{more} What was rejected never counts."


def later_words(standing: Standing) -> list[str]:
    """Return which deliveries were made or judged only after the day looked at."""
    rows = standing.register.rows
    undone = [row["id"] for row, done in zip(rows, standing.in_time, strict=True) if not done]
    judged = [
        row["id"]
        for row, done, state in zip(rows, standing.in_time, standing.state, strict=True)
        if done and STATES[state] != row["state"]
    ]
    lines = []
    if undone:
        lines.append(f"Dated after this day, so left out: {_some(undone)}. --on DAY looks at another day.")
    if judged:
        lines.append(
            f"Judged after this day, so taken as not yet judged: {_some(judged)}. --on DAY looks at another day."
        )
    return lines


def _some(names: Sequence[str]) -> str:
    """Return how many deliveries there are, and the first of them by name."""
    more = f" and {len(names) - _MOST_OF_A_KIND:,} more" if len(names) > _MOST_OF_A_KIND else ""
    count = f"{len(names):,} deliver{'y' if len(names) == 1 else 'ies'}"
    return f"{count} ({', '.join(names[:_MOST_OF_A_KIND])}{more})"


def rolled_words(each: Rolled) -> list[str]:
    """Return a measure within a group, in two lines."""
    states = ", ".join(f"{state} {wording.plain(each[state])}" for state in STATES)
    first = "" if each["promised_first"] == each["promised"] else f" (first {wording.plain(each['promised_first'])})"
    due_first = "" if each["due_first"] == each["due"] else f" (first {wording.plain(each['due_first'])})"
    head = f"{each.measure.name} [{each.measure.unit}]: {shortfall_words(each)}"
    return [
        head,
        f"  promised {wording.plain(each['promised'])}{first}, due {wording.plain(each['due'])}{due_first}; {states}",
    ]


def shortfall_words(each: Rolled) -> str:
    """Return how a measure stands, in a few words: what is missing, late, ahead, beyond what was promised."""
    said = []
    if each["missing"] > _NOTHING:
        said.append(f"{wording.plain(each['missing'])} of {wording.plain(each['due'])} due missing{_waiting(each)}")
    if each["late"] > _NOTHING:
        said.append(f"{wording.plain(each['late'])} came late")
    if not said:
        said.append("all that is due was delivered in time" if each["due"] > _NOTHING else "nothing is due yet")
    if each["ahead"] > _NOTHING:
        said.append(f"{wording.plain(each['ahead'])} ahead of time")
    if each["beyond"] > _NOTHING:
        said.append(f"{wording.plain(each['beyond'])} more than promised")
    return ", ".join(said)


def _waiting(each: Rolled) -> str:
    """Return what of the missing was delivered, but is not proved as far as counts."""
    waiting = sum(each[state] for state in STATES[:3]) - each["counted"]
    if waiting <= _NOTHING:
        return ""
    return f" ({wording.plain(waiting)} delivered that does not count yet)"


def worth_words(standing: Standing, worth: Worth) -> list[str]:
    """Return what the quantities come to in money, what has no value, and what lateness lost if it was asked for."""
    currency, year = standing.register.currency, standing.register.value_year
    if not worth.valued:
        return ["In money: nothing, for no measure has a value in the register's prices.", *_left_out(worth)]
    prices = f"{year} prices" if year else "price year not stated"
    beyond = f", {wording.money(worth.beyond, currency)} of it beyond what was promised" if worth.beyond else ""
    count = f"{len(worth.valued)} measure{'s' if len(worth.valued) > 1 else ''} with a value"
    lines = [
        f"In money (quantity x value of one, {prices}, {count}): promised {wording.money(worth.promised, currency)}, "
        f"{standing.count_words} {wording.money(worth.counted, currency)}{beyond}. Nothing is deducted here: the "
        "bridge to an impact map asks what would have happened anyway.",
        *_left_out(worth),
    ]
    if standing.rules.late_value != "none":
        lines.append(late_value_words(standing, worth))
    return lines


def late_value_words(standing: Standing, worth: Worth) -> str:
    """Return the value lost by lateness, with its formula."""
    rules = standing.rules
    rate = f"; rate {wording.per_cent(rules.rate, 2)} a year" if rules.late_value == "discounted" else ""
    lost = wording.money(worth.lost, standing.register.currency)
    return f"Lost by lateness until {standing.on}: {lost} ({LATE_RULES[rules.late_value]}{rate})."


def _left_out(worth: Worth) -> list[str]:
    lines = []
    if worth.without:
        lines.append(f"Without a value, so in no sum of money: {', '.join(worth.without)}.")
    if worth.other_prices:
        lines.append(f"In other years' prices, so in no sum of money: {', '.join(worth.other_prices)}.")
    return lines


def doubt_lines(found: Sequence[Doubt]) -> list[str]:
    """Return findings kind by kind, the first of each kind in full."""
    if not found:
        return ["No findings: nothing that this program can see in the rows. It has not seen the evidence."]
    lines = [f"{len(found):,} finding{'s' if len(found) > 1 else ''}"]
    for kind, own in by_kind(found).items():
        lines.append(f"  {KINDS[kind]}: {len(own):,}")
        lines += [f"    {each.problem}" for each in own[:_MOST_OF_A_KIND]]
        if len(own) > _MOST_OF_A_KIND:
            lines.append(f"    and {len(own) - _MOST_OF_A_KIND:,} more; --json has them all")
    return lines


def in_doubt_lines(standing: Standing, found: Sequence[Doubt]) -> list[str]:
    """Return what of each measure rests on rows in doubt."""
    measures = standing.register.measures
    said = [
        f"{wording.plain(quantity)} [{measures[name].unit}] of {measures[name].name}"
        for name, quantity in in_doubt(standing, found).items()
    ]
    if not said:
        return []
    return [f"Of what counts, this rests on rows in doubt (repetitions, outside the contract): {'; '.join(said)}."]


def groupings_to_show(standing: Standing, asked: Sequence[str]) -> list[str]:
    """Return the groupings of the paper: those asked for, else those with more than one group, else the supplier."""
    if asked:
        return [each for each in asked if each != "measure"]
    several = [
        each for each in GROUPINGS[1:] if len({rolled.group for rolled in rolled_up(standing, each)}) > 1
    ]  # fmt: skip
    return several or ["supplier"]
