"""What is doubtful in a register, row by row: it is counted as it stands unless a finding says that it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sroi import wording
from sroi.commissioning.delivery.form import STATES
from sroi.commissioning.delivery.register import Register, first_terms
from sroi.commissioning.delivery.standing import REJECTED, Standing, corrections
from sroi.errors import Problem
from sroi.files.form_reader import Row

# Each kind of finding with its heading, those that matter most first.
KINDS = {
    "negative_without_name": "A quantity below nothing that names no delivery which it corrects (not counted)",
    "correction_unfit": "A correction that cannot be taken from what it names (not counted)",
    "below_nothing": "Corrections that take more than there was (counted as nothing left)",
    "duplicate_evidence": "The same evidence twice for one measure",
    "duplicate_delivery": "The same quantity on the same day twice",
    "before_start": "A delivery before its contract starts",
    "after_end": "A delivery after its contract's end",
    "no_commitment": "A delivery of something that its contract does not promise",
    "self_validated": "A delivery that its own supplier judged",
    "judgement_unsaid": "A delivery validated or rejected without saying by whom or when",
    "judged_before": "A judgement before the delivery",
    "rejected_unsaid": "A rejected delivery without the reason",
    "evidence_missing": "Evidence that is not named",
    "period_odd": "A period that does not fit its day",
    "nothing_delivered": "A delivery of nothing",
    "proxy_source_missing": "A value without a source",
    "other_price_year": "A value in the prices of another year (left out of the sums)",
    "price_year_missing": "A value without a price year",
    "changed_after_due": "A promise changed after its day had passed",
    "milestone_beyond": "A milestone that goes beyond its commitment's quantity or day (held to the commitment)",
    "milestones_as_steps": "Milestones that look like steps and not like sums from the start",
    "due_after_end": "A commitment due after its contract's end",
    "promises_nothing": "A contract without a commitment",
    "evidence_shared": "The same evidence for several measures",
    "later": "Deliveries after the day looked at (left out)",
}  # fmt: skip

# What a check yields: the kind, the problem, and which delivery's quantity is in doubt, if one is.
Found = Iterator[tuple[str, Problem] | tuple[str, Problem, int]]


@dataclass(frozen=True)
class Doubt:
    """One finding: its kind (of KINDS); what was found, where, what to do; the place of a delivery in doubt, or -1."""

    kind: str
    problem: Problem
    delivery: int = -1

    def to_dict(self) -> dict[str, object]:
        """Return the finding for JSON."""
        where = self.problem.cell or (f"line {self.problem.line}" if self.problem.line else "")
        return {"kind": self.kind, "where": where, "what": self.problem.found, "remedy": self.problem.remedy}


def doubts(standing: Standing) -> tuple[Doubt, ...]:
    """Return what is doubtful, kind by kind in the order of KINDS, within a kind in the order of the rows."""
    checks: tuple[Callable[[Standing], Found], ...] = (
        _quantities, _twice, _days, _judgements, _values, _promises, _shared,
    )  # fmt: skip
    order = list(KINDS)
    found = [Doubt(*each) for check in checks for each in check(standing)]
    return tuple(sorted(found, key=lambda each: order.index(each.kind)))


def in_doubt(standing: Standing, found: Iterable[Doubt]) -> dict[str, float]:
    """Return how much of what counts rests on rows in doubt, by measure: each delivery once; none where none does."""
    sums: dict[str, float] = {}
    for at in sorted({each.delivery for each in found if each.delivery >= 0}):
        if counts(standing, at):
            measure = standing.register.rows[at]["measure"]
            sums[measure] = sums.get(measure, 0.0) + float(standing.net[at])
    return {measure: round(quantity, 9) for measure, quantity in sums.items()}


def by_kind(found: Iterable[Doubt]) -> dict[str, list[Doubt]]:
    """Return findings by their kind."""
    groups: dict[str, list[Doubt]] = {}
    for each in found:
        groups.setdefault(each.kind, []).append(each)
    return groups


def _in_units(standing: Standing, row: Row) -> str:
    return f"{wording.plain(row['quantity'])} ({standing.register.measures[row['measure']].unit})"


# ---- quantities ----


def _quantities(standing: Standing) -> Found:
    register = standing.register
    fits = corrections(register)
    taken: dict[int, float] = {}
    for at, row in enumerate(register.rows):
        quantity, target = row["quantity"], int(register.corrects[at])
        if quantity == 0:
            yield (
                "nothing_delivered",
                row.problem("quantity", f"'{row['id']}' delivers 0", "Take it out, or correct it."),
            )
        if quantity >= 0:
            continue
        if target < 0:
            found = f"'{row['id']}' is {_in_units(standing, row)}, and names no delivery which it corrects"
            yield (
                "negative_without_name",
                row.problem("quantity", found, "Write the corrected delivery's id in 'Corrects'."),
            )
        elif not fits[at] and register.state[at] != REJECTED:
            yield "correction_unfit", _unfit(register, row, target)
        elif fits[at] and standing.in_time[at]:
            taken[target] = taken.get(target, 0.0) + quantity
    for target, sum_taken in taken.items():
        row = register.rows[target]
        if row["quantity"] + sum_taken < -1e-9:
            found = (
                f"'{row['id']}' is {_in_units(standing, row)}, and corrections take {wording.plain(-sum_taken)} from it"
            )
            yield (
                "below_nothing",
                row.problem("quantity", found, "Correct the corrections: no more can be taken than there was."),
            )


def _unfit(register: Register, row: Row, target: int) -> Problem:
    other = register.rows[target]
    if other["id"] == row["id"]:
        return row.problem("corrects", f"'{row['id']}' corrects itself", "Name the delivery that it corrects.")
    if other["quantity"] < 0:
        found = f"'{row['id']}' corrects '{other['id']}', which is a correction itself"
        return row.problem("corrects", found, f"Name the delivery itself: '{other['corrects'] or '..'}'.")
    found = f"'{row['id']}' corrects '{other['id']}', which is of another contract or measure"
    return row.problem("corrects", found, "Correct the id, the contract or the measure.")


def _twice(standing: Standing) -> Found:
    """Look for rows that stand twice, in one pass: rejected ones and corrections are no repetition."""
    evidence: dict[tuple[str, str], Row] = {}
    same: dict[tuple[object, ...], Row] = {}
    for at, row in enumerate(standing.register.rows):
        if row["state"] == "rejected" or row["corrects"] is not None:
            continue
        measure, shown = row["measure"], " ".join((row["evidence"] or "").casefold().split())
        stake = _at_stake(standing, at)
        if shown:
            first = evidence.setdefault((measure, shown), row)
            if first is not row:
                found = (
                    f"'{row['id']}' rests on '{row['evidence']}', as '{first['id']}' does ({first.place('evidence')})"
                )
                yield (
                    "duplicate_evidence",
                    row.problem(
                        "evidence", f"{found}{stake}", "Reject the one that repeats, or name evidence of its own."
                    ),
                    at,
                )
        first = same.setdefault((row["contract"], measure, row["quantity"], row["day"], row["place"]), row)
        if first is not row:
            found = (
                f"'{row['id']}' is {_in_units(standing, row)} on {row['day']}, as '{first['id']}' is "
                f"({first.place('quantity')})"
            )
            yield (
                "duplicate_delivery",
                row.problem(
                    "quantity", f"{found}{stake}", "Reject the one that repeats; if both are real, say so in 'Note'."
                ),
                at,
            )


def counts(standing: Standing, at: int) -> bool:
    """Say whether anything of a delivery counts."""
    return bool(standing.net[at] > 0) and STATES[int(standing.state[at])] in standing.rules.count


def _at_stake(standing: Standing, at: int) -> str:
    """Return what a doubtful row adds to what counts; "" where it does not count."""
    if not counts(standing, at):
        return ""
    return f"; {wording.plain(float(standing.net[at]))} of what counts rests on it"


def _shared(standing: Standing) -> Found:
    measures: dict[str, dict[str, Row]] = {}
    for row in standing.register.rows:
        if row["evidence"] and row["state"] != "rejected":
            measures.setdefault(" ".join(row["evidence"].casefold().split()), {}).setdefault(row["measure"], row)
    for rows in measures.values():
        if len(rows) > 1:
            first = next(iter(rows.values()))
            found = f"'{first['evidence']}' is named for {len(rows)} measures: {', '.join(rows)}"
            yield "evidence_shared", first.problem("evidence", found, "See that it shows each of them on its own.")


# ---- days and judgements ----


def _days(standing: Standing) -> Found:
    register = standing.register
    for at, row in enumerate(register.rows):
        contract, day = register.contracts[row["contract"]], row["day"]
        said = f"'{row['id']}' is of {day}"
        if day < contract.starts:
            found = f"{said}, and the contract {contract.id} starts on {contract.starts}{_at_stake(standing, at)}"
            yield "before_start", row.problem("day", found, "Correct the day, or reject it."), at
        if day > contract.ends:
            found = f"{said}, and the contract {contract.id} ended on {contract.ends}{_at_stake(standing, at)}"
            yield "after_end", row.problem("day", found, "Correct the day, reject it, or agree a longer contract."), at
        if not standing.in_time[at]:
            yield "later", row.problem("day", f"{said}, after {standing.on}", "Ask for a later day with --on.")
        if row["period_starts"] is not None and row["period_starts"] > day:
            found = f"{said}, and its period starts on {row['period_starts']}"
            yield "period_odd", row.problem("period_starts", found, "The day is the last one of the period.")
        if not standing.lines[int(standing.line_of[at])].commitments:
            found = f"'{row['id']}' is of '{row['measure']}', which {contract.id} does not promise{_here(row)}"
            yield (
                "no_commitment",
                row.problem(
                    "measure", found, "Correct the contract, measure or place; else it is more than was asked."
                ),
                at,
            )


def _here(row: Row) -> str:
    return f" in '{row['place']}'" if row["place"] else ""


def _judgements(standing: Standing) -> Found:
    register = standing.register
    for row in register.rows:
        by, when, state = row["validated_by"], row["validated_on"], row["state"]
        if state in ("validated", "rejected"):
            missing = [what for what, given in (("by whom", by), ("when", when)) if given is None]
            if missing:
                found = f"'{row['id']}' is {state}, and it is not said {' or '.join(missing)}"
                yield "judgement_unsaid", row.problem("state", found, "Fill in 'Judged by' and 'Judged on'.")
            supplier = register.suppliers[register.contracts[row["contract"]].supplier]
            if by and supplier.casefold() in by.casefold():
                found = f"'{row['id']}' was {state} by '{by}', and {supplier} is its supplier"
                yield (
                    "self_validated",
                    row.problem("validated_by", found, "Let the buyer, or somebody independent, judge it."),
                )
        if when is not None and when < row["day"]:
            found = f"'{row['id']}' was judged on {when}, and delivered on {row['day']}"
            yield "judged_before", row.problem("validated_on", found, "Correct one of the two days.")
        if state == "rejected" and not row["note"]:
            yield (
                "rejected_unsaid",
                row.problem(
                    "note", f"'{row['id']}' is rejected, and it is not said why", "Write the reason in 'Note'."
                ),
            )
        if state in ("evidenced", "validated") and not row["evidence"]:
            found = f"'{row['id']}' is {state}, and no evidence is named"
            yield "evidence_missing", row.problem("evidence", found, "Name it, or set the state back to claimed.")


# ---- values and promises ----


def _values(standing: Standing) -> Found:
    register = standing.register
    for measure in register.measures.values():
        if measure.proxy is None:
            continue
        if not measure.source:
            found = f"'{measure.id}' has a value, and it is not said who says so"
            yield "proxy_source_missing", measure.row.problem("proxy", found, "Name the source, or take the value out.")
        if not measure.price_year:
            found = f"the value of '{measure.id}' has no price year, and is taken for one of the register's"
            yield "price_year_missing", measure.row.problem("proxy", found, "Give its price year.")
        elif measure.price_year != register.value_year:
            home = f"the register in {register.value_year}" if register.value_year else "the register names no year"
            found = f"the value of '{measure.id}' is in {measure.price_year} prices, {home}"
            remedy = "Bring it to the register's prices (`sroi prices`) and say how in its source."
            yield "other_price_year", measure.row.problem("proxy_price_year", found, remedy)


def _promises(standing: Standing) -> Found:
    register = standing.register
    for each in register.commitments:
        contract, term = register.contracts[each.contract], standing.now[each.id]
        if term.due > contract.ends:
            found = f"'{each.id}' is due on {term.due}, and the contract {contract.id} ends on {contract.ends}"
            yield "due_after_end", each.row.problem("due", found, "Correct one of the two days.")
        steps = [standing.now[own.id] for own in each.milestones]
        for own in steps:
            if own.quantity > term.quantity or own.due > term.due:
                asked, whole = (f"{one.quantity:g} by {one.due}" for one in (own, term))
                found = f"milestone '{own.id}' asks for {asked}, '{each.id}' for {whole}"
                yield (
                    "milestone_beyond",
                    each.row.problem("quantity", found, "Change the milestone on the sheet Changes."),
                )
        if len(steps) > 1 and sum(own.quantity for own in steps) == term.quantity:
            found = f"the milestones of '{each.id}' add up to all of it, but each is read as the sum from the start"
            yield (
                "milestones_as_steps",
                each.row.problem("quantity", found, "Give for each day how much there is in all by then."),
            )
    promised = {each.contract for each in register.commitments}
    for contract in register.contracts.values():
        if contract.id not in promised:
            yield (
                "promises_nothing",
                contract.row.problem("id", f"'{contract.id}' promises nothing", "Add its commitments."),
            )
    yield from _late_changes(register, standing.on)


def _late_changes(register: Register, on: date) -> Found:
    due = {name: term.due for name, term in first_terms(register).items()}
    for change in register.changes:
        passed = due[change.of]
        if passed < change.day <= on:
            found = f"'{change.of}' was due on {passed}, and its {change.what} was changed on {change.day}"
            yield (
                "changed_after_due",
                change.row.problem("day", found, "See that it was not changed because it was missed."),
            )
        if isinstance(change.now, date):
            due[change.of] = change.now
