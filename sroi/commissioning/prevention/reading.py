"""A filled form becomes a case for prevention; what does not fit together is refused, all of it in one message."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sroi.commissioning.prevention.form import FORM
from sroi.commissioning.prevention.mapping import plain
from sroi.commissioning.prevention.nouns import (
    HIGHER,
    Cost,
    Event,
    Exposure,
    Funding,
    Harm,
    Indicator,
    Partner,
    Prevention,
    Ranged,
    Reading,
    Setting,
)
from sroi.errors import FileRefused, MethodRefused, Problem, SroiError
from sroi.evidence.prices import uprating
from sroi.evidence.register import register
from sroi.evidence.register_prices import uprated
from sroi.files.form_reader import Filled, Row, read_form
from sroi.impact_map import ImpactMap
from sroi.reading import NOT_STATED, SHARE, read_currency, read_number, read_price_year

# The shares by year of a saving are held to 100 % to this accuracy: thirds are written 33.3 %.
_SUM_TOLERANCE = 0.0015
# More events in a year are a slip; more than this for each person and year is asked about.
_MOST_EVENTS, _OFTEN = 1e12, 20.0


def read_prevention(path: str | Path, base: ImpactMap | None = None) -> Prevention:
    """Return the case for prevention in a filled form.

    Parameters: `base`, the value map into which it will be put: its currency and price year then hold where the form
    leaves them blank. Raises FileRefused with every fault.
    """
    return case_of(read_form(Path(path), FORM), base)


def case_of(filled: Filled, base: ImpactMap | None = None) -> Prevention:
    """Return the case in a form that was read; FileRefused with all that does not fit together."""
    reader = _Reader(filled, base)
    case = reader.case()
    if reader.problems:
        raise FileRefused(reader.problems, filled.file)
    return case


class _Reader:
    """One pass over a form, gathering what is wrong with it and what was done to its numbers."""

    def __init__(self, filled: Filled, base: ImpactMap | None) -> None:
        self.filled = filled
        self.base = base
        self.problems: list[Problem] = []
        self.notes: list[str] = list(filled.notes)
        self.currency = ""
        self.price_year: int | str | None = None

    def case(self) -> Prevention:
        """Return the case; it is to be used only where there is no problem."""
        setting = self._setting(self.filled.one("settings"))
        events = tuple(self._event(row) for row in self.filled["events"])
        costs = tuple(cost for row in self.filled["costs"] if (cost := self._cost(row)) is not None)
        if self.base is None and not any(row["amount"] for row in self.filled["funding"]):
            found = "nothing is put in: the sheet Funding is blank, or its amounts are 0"
            remedy = "Write who pays, how much and when; or give the value map in which it stands (--map)."
            self.problems.append(self.filled.one("settings").problem("title", found, remedy))
        self._note_same_costs()
        signs = tuple(self._indicator(row) for row in self.filled["indicators"])
        return Prevention(
            setting, events, costs,
            tuple(_funding(row) for row in self.filled["funding"]),
            tuple(Partner(row["name"], row["brings"] or "", row["joined"], row["how"] or "")
                  for row in self.filled["partners"]),
            signs,
            tuple(Reading(row["indicator"], row["day"], row["value"]) for row in self.filled["readings"]),
            tuple(_harm(row) for row in self.filled["harms"]),
            tuple(self.notes),
        )  # fmt: skip

    def _setting(self, row: Row) -> Setting:
        self.currency = self._read(row, "currency", read_currency) or (self.base.currency if self.base else "")
        year = self._read(row, "price_year", read_price_year)
        self.price_year = year if year is not None else (self.base.price_year if self.base else None)
        if self.price_year == NOT_STATED:
            self.price_year = None
        if not self.currency and row["currency"] in (None, ""):
            self.problems.append(row.problem("currency", "no currency is given", "Write one such as GBP."))
        if self.price_year is None and self.base is None and row["price_year"] in (None, ""):
            self.problems.append(row.problem("price_year", "no price year is given", "Write the year of the costs: 2024."))  # fmt: skip  # noqa: E501
        texts = ("organisation", "activities", "discount_rate", "discount_timing", "input_timing", "system_change",
                 "after", "leverage", "hollow_success", "negative_outcomes_sought", "note")  # fmt: skip
        told = {name: str(row[name] or "") for name in texts}
        if told["discount_rate"]:
            self._check_rate(row, told["discount_rate"])
        return Setting(
            title=row["title"] or "", analysis=row["analysis"] or "forecast", currency=self.currency,
            price_year=self.price_year, start=row["start"], **told,
        )  # fmt: skip

    def _read(self, row: Row, column: str, read: Any) -> Any:
        """Return what a text says, read as the value map reads it; None for a blank, or for what cannot be read."""
        if row[column] in (None, ""):
            return None
        try:
            return read(row[column])
        except ValueError as error:
            self.problems.append(row.problem(column, *_words_of(error)))
            return None

    def _check_rate(self, row: Row, written: str) -> None:
        from sroi.discounting import is_name, read_schedule
        from sroi.reading import RATE

        try:
            if is_name(written):
                read_schedule(written)
            else:
                read_number(written, RATE)
        except ValueError as error:
            self.problems.append(row.problem("discount_rate", *_words_of(error)))

    # ---- events ----

    def _event(self, row: Row) -> Event:
        own = [each for each in self.filled["years"] if each["event"] == row["id"]]
        if not own:
            found = f"there is no year for '{row['id']}'"
            self.problems.append(row.problem("id", found, "Add a row for each year on the sheet Years."))
        expected = self._ranged(row, "expected", "expected_rate", "expected_low", "expected_high", "expected_source")
        for each in own:
            if each["observed"] is None and expected is None:
                found = f"year {each['year']} of '{row['id']}' is neither counted nor is there an expected rate"
                remedy = "Write the events counted, or an expected rate on the sheet Events."
                self.problems.append(each.problem("observed", found, remedy))
        for name in ("attribution", "displacement"):
            if row[name] == 1:
                found = f"all of it is taken off ({name} is 100 %)"
                self.problems.append(row.problem(name, found, "Then nothing is averted by this: leave the event out."))
        self._check_size(row, own)
        baseline = self._ranged(row, "baseline", "baseline_rate", "baseline_low", "baseline_high", "baseline_source")
        return Event(
            row["id"], row["event"], row["people"], row["unit"], row["per"] or 1.0,
            baseline or Ranged(0.0, 0.0, 0.0), row["baseline_from"] or "",
            tuple(Exposure(each["year"], each["exposed"], each["observed"], each["source"] or "") for each in own),
            expected, row["trend"], row["trend_source"] or "",
            row["attribution"] or 0.0, row["attribution_why"] or "",
            row["displacement"] or 0.0, row["displacement_why"] or "",
        )  # fmt: skip

    def _check_size(self, row: Row, own: list[Row]) -> None:
        """Refuse more events than there can be, and ask where everybody would meet the event again and again."""
        per = row["per"] or 1.0
        each_year = (row["baseline_rate"] or 0.0) / per
        rate = (
            max(row[name] or 0.0 for name in ("baseline_rate", "baseline_high", "expected_rate", "expected_high")) / per
        )
        grown = max(1.0, 1.0 + (row["trend"] or 0.0))
        if any(rate * year["exposed"] * grown ** (year["year"] - 1) > _MOST_EVENTS for year in own):
            found = f"'{row['id']}' comes to more than {_MOST_EVENTS:,.0f} events in a year"
            self.problems.append(
                row.problem("baseline_rate", found, "Check the rates, the trend and Rates are for each.")
            )
        elif each_year > _OFTEN:
            self.notes.append(
                f"The baseline of “{row['event']}” is {each_year:,.4g} a year for each person: is “Rates are "
                "for each” right?"
            )

    def _ranged(self, row: Row, what: str, value: str, low: str, high: str, source: str) -> Ranged | None:
        if row[value] is None:
            for end in (low, high):
                if row[end] is not None:
                    found = f"the {what} has a range and no value"
                    self.problems.append(row.problem(value, found, "Write the value between the two ends."))
                    break
            return None
        if (row[low] is None) != (row[high] is None):
            missing = low if row[low] is None else high
            found = f"the {what} has one end of a range"
            self.problems.append(row.problem(missing, found, "Write both ends, or none."))
        elif row[low] is not None and not row[low] <= row[value] <= row[high]:
            found = f"the {what} is {row[value]:g}, and its range {row[low]:g} to {row[high]:g}"
            self.problems.append(row.problem(value, found, "Write low, value and high in this order."))
        least, most = (row[value] if row[end] is None else row[end] for end in (low, high))
        return Ranged(row[value], least, most, row[source] or "")

    # ---- costs ----

    def _cost(self, row: Row) -> Cost | None:
        before = len(self.problems)
        falls = self._falls(row)
        kind = row["value_type"] or "fiscal"
        if kind != "fiscal" and row["cashable"] is not None:
            found = f"a value that is {kind} is said to be {row['cashable'] * 100:.4g} % cash"
            self.problems.append(row.problem("cashable", found, "Only a public budget saves cash: leave it blank."))
        given = self._ranged(row, "cost", "unit_cost", "unit_cost_low", "unit_cost_high", "source")
        if len(self.problems) > before:
            return None
        if row["register"]:
            return self._registered(row, given, falls, kind)
        if given is None:
            found = "no cost of one event is given"
            self.problems.append(row.problem("unit_cost", found, "Write it, or name an entry of the register."))
            return None
        if not given.source:
            self.problems.append(row.problem("source", "the cost has no source", "Write where it stands."))
        factor, said = self._factor(row)
        return Cost(row["event"], row["agency"], _times(given, factor), row["cashable"], falls, kind, f"{given.source}{said}")  # fmt: skip  # noqa: E501

    def _factor(self, row: Row) -> tuple[float, str]:
        """Return what brings a cost to the case's prices, and how."""
        year = self._read(row, "price_year", read_price_year)
        if year is None or self.price_year is None or year == self.price_year:
            return 1.0, ""
        try:
            found = uprating(year, self.price_year, currency=self.currency or None)
        except SroiError as error:
            self.problems += [row.problem("price_year", each.found, each.remedy) for each in error.problems]
            return 1.0, ""
        return found.factor, f". {found.sentence}"

    def _registered(self, row: Row, given: Ranged | None, falls: tuple[float, ...], kind: str) -> Cost | None:
        """Return a cost whose value is an entry's of the register, in the case's prices."""
        if given is not None:
            found = "a cost is written beside an entry of the register"
            self.problems.append(row.problem("unit_cost", found, "Keep one of the two."))
            return None
        try:
            entry = register().find(row["register"])
            moved = uprated(entry, str(self.price_year)) if self.price_year is not None else None
            _refuse_entry(entry, self.currency, moved)
        except SroiError as error:
            self.problems += [row.problem("register", each.found, each.remedy) for each in error.problems]
            return None
        use = moved if moved is not None and moved.value is not None else None
        own = {name: entry.number(name) for name in ("value", "low", "high")}
        value, low, high = own.values() if use is None else (use.value, use.low, use.high)
        amount = float(value or 0.0)
        ends = (float(low), float(high)) if low is not None and high is not None else (amount, amount)
        source = f"{entry.full_source}. {use.sentence}" if use is not None and use.sentence else entry.full_source
        return Cost(
            row["event"], row["agency"], Ranged(amount, *ends), row["cashable"], falls, kind, source, entry.id,
            entry["licence"], entry["acknowledgement"], entry.says("passing_on"),
        )  # fmt: skip

    def _note_same_costs(self) -> None:
        """Note a body that bears the cost of one event twice: two parts of it, or one written twice."""
        written: dict[tuple[str, str], list[str]] = {}
        for row in self.filled["costs"]:
            written.setdefault((row["event"], plain(row["agency"])), []).append(row["agency"])
        self.notes += [
            f"“{event}” has {len(names)} costs for {names[0]}: are they parts of one, or one written twice?"
            for (event, _), names in written.items()
            if len(names) > 1
        ]

    def _falls(self, row: Row) -> tuple[float, ...]:
        if not row["falls"]:
            return (1.0,)
        try:
            shares = tuple(read_number(each, SHARE) for each in row["falls"])
        except ValueError as error:
            self.problems.append(row.problem("falls", *_words_of(error)))
            return (1.0,)
        total = math.fsum(shares)
        if abs(total - 1.0) > _SUM_TOLERANCE or len(shares) > 60:
            found = f"the shares by year add up to {total * 100:.4g} %"
            self.problems.append(row.problem("falls", found, "Let them add up to 100 %, the event's own year first."))
        return tuple(each / total for each in shares) if total else (1.0,)

    # ---- signs ----

    def _indicator(self, row: Row) -> Indicator:
        amber, red = row["amber"], row["red"]
        wrong = amber is not None and red is not None and (amber >= red if row["direction"] == HIGHER else amber <= red)
        if wrong and row["direction"] is not None:
            before = "below" if row["direction"] == HIGHER else "above"
            found = f"amber is {amber:g} and red {red:g}, but {row['direction'].replace('_', ' ')}"
            self.problems.append(row.problem("amber", found, f"Let amber be {before} red, or turn the direction."))
        return Indicator(
            row["id"], row["indicator"], row["unit"] or "", row["direction"], amber, red,
            row["ahead"] or "", row["source"] or "", row["who_acts"] or "",
        )  # fmt: skip


def _words_of(error: ValueError) -> tuple[str, str]:
    """Return what a reader of one value found, and what to do."""
    context = getattr(error, "context", None) or {}
    return str(context.get("found", error)), str(context.get("remedy", ""))


def _refuse_entry(entry: Any, currency: str, moved: Any) -> None:
    problems = list(_unfit(entry, currency, moved))
    if problems:
        raise MethodRefused(problems)


def _unfit(entry: Any, currency: str, moved: Any) -> Iterator[Problem]:
    if entry.value is None:
        yield Problem(f"'{entry.id}' comes without its value", entry["note"] or "Look it up in its source.")
    if entry.says("is_transfer"):
        found = f"'{entry.id}' is a transfer payment: money that moves, not value"
        yield Problem(found, "Take another entry.")
    if currency and entry["currency"] != currency:
        yield Problem(f"'{entry.id}' is in {entry['currency']}, the case in {currency}", "Take one in the same currency.")  # fmt: skip  # noqa: E501
    elif moved is not None and moved.value is None and entry.value is not None:
        found = f"'{entry.id}' cannot be brought to {moved.to} prices: {moved.reason}"
        yield Problem(found, "Give the case another price year, or write the cost yourself.")


def _times(number: Ranged, factor: float) -> Ranged:
    return Ranged(number.value * factor, number.low * factor, number.high * factor, number.source)


def _funding(row: Row) -> Funding:
    return Funding(row["payer"], row["what"], row["kind"] or "money", row["year"], row["amount"], row["source"] or "")


def _harm(row: Row) -> Harm:
    return Harm(row["harm"], row["asked"], row["how"] or "", row["found"], row["what"] or "", row["answer"] or "")
