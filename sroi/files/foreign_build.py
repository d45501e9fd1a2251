"""From the rows of a stranger's table to the stakeholders, inputs, outputs and outcomes of a value map."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sroi.errors import Path
from sroi.files.cells import words_in
from sroi.files.foreign_direction import Factors, complement
from sroi.files.foreign_inputs import Put
from sroi.files.foreign_layout import Table
from sroi.files.foreign_ledger import Desk, address, figure, per_cent
from sroi.files.foreign_rows import Body, Line
from sroi.files.foreign_settings import price_year_in
from sroi.files.foreign_shares import read_shares
from sroi.files.grid import column_letters
from sroi.files.headings import SHARES, paid_by, plain

_KEPT = {"deadweight": "deadweight_kept", "drop_off": "drop_off_kept"}


class Ids:
    """Makes ids from names, each once."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def make(self, name: str, otherwise: str) -> str:
        """Return an id for a name: its words in small letters, with a number if another has it already."""
        letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        words = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")
        if len(words) > 40:
            words = words[:41].rpartition("_")[0] or words[:40]
        base = words if words[:1].isalpha() else f"{otherwise}_{words}".strip("_")
        made, number = base, 2
        while made in self.taken:
            made, number = f"{base}_{number}", number + 1
        self.taken.add(made)
        return made


class Builder:
    """Builds the tree of a value map from a table's rows."""

    def __init__(self, table: Table, body: Body, desk: Desk) -> None:
        self.table, self.body, self.desk = table, body, desk
        self.columns = table.columns
        self.rows = [line.row for line in body.outcomes]
        self.ids = Ids()
        self.tree: dict[str, Any] = {}
        self.places: dict[Path, str] = {}
        self.people: dict[str, str] = {}
        self.shares: dict[str, dict[int, float]] = {}
        self.years_stated: set[str] = set()
        self.in_months = False

    # ---- stakeholders, inputs, outputs ----

    def stakeholders(self, puts: list[Put]) -> None:
        """Name the stakeholders: those of the table in their order, then whoever else put something in."""
        entries: list[dict[str, Any]] = []
        self.tree["stakeholders"] = entries
        named = dict(self.body.stakeholders)
        if any(not line.stakeholder for line in self.body.outcomes):
            named.setdefault("Beneficiaries", self.body.outcomes[0].row)
        for name, row in named.items():
            place = self.desk.place(row, self.columns.get("stakeholder", self.columns.get("outcome", 1)))
            self._person(name, place)
            size = self.desk.number(row, self.columns.get("size"), "size")
            if size is not None:
                entries[-1]["size"] = size
                self.places["stakeholders", len(entries) - 1, "size"] = self.desk.place(row, self.columns["size"])
        for put in puts:
            self._person(put.stakeholder or "Investors", put.place)

    def _person(self, name: str, place: str) -> None:
        key = plain(name)
        if key in self.people:
            return
        entries = self.tree["stakeholders"]
        self.people[key] = self.ids.make(name, "stakeholder")
        self.places["stakeholders", len(entries)] = place
        entries.append({"id": self.people[key], "name": name})

    def _who(self, name: str) -> str:
        return self.people[plain(name or "Beneficiaries")]

    def inputs(self, puts: list[Put]) -> None:
        """Write the inputs."""
        entries: list[dict[str, Any]] = []
        for put in puts:
            owner = put.stakeholder or "Investors"
            entry: dict[str, Any] = {
                "id": self.ids.make(put.description or f"{owner} input", "input"),
                "stakeholder": self.people[plain(owner)],
                "description": put.description or None,
                "kind": put.kind,
                "value": put.value,
            }
            self.places["inputs", len(entries)] = put.place
            self.places["inputs", len(entries), "value"] = put.place
            entries.append({key: value for key, value in entry.items() if value is not None})
        self.tree["inputs"] = entries

    def outputs(self) -> None:
        """Write the outputs that stand beside the outcomes, each once for its stakeholder."""
        entries: list[dict[str, Any]] = []
        seen: set[tuple[str, str]] = set()
        for row, owner in sorted(self.body.owners.items()):
            text = words_in(self.desk.cell(row, self.columns.get("output")))
            key = (owner, text)
            if not text or key in seen:
                continue
            seen.add(key)
            entry: dict[str, Any] = {
                "id": self.ids.make(text, "output"),
                "stakeholder": self._who(owner),
                "description": text,
            }
            quantity = self.desk.number(row, self.columns.get("output_quantity"), "output_quantity")
            if quantity is not None:
                entry["quantity"] = quantity
            self.places["outputs", len(entries)] = self.desk.place(row, self.columns["output"])
            entries.append(entry)
        if entries:
            self.tree["outputs"] = entries

    # ---- shares ----

    def read_deductions(self) -> None:
        """Read the four columns of shares, attribution as it stands."""
        for name in SHARES:
            column = self.columns.get(name)
            kept = self.columns.get(_KEPT.get(name, ""))
            if column is not None:
                self.shares[name] = read_shares(self.desk, name, column, self.rows, self.table.headings.get(column, ""))
            elif kept is not None:
                heading = self.table.headings.get(kept, "")
                raw = read_shares(self.desk, name, kept, self.rows, heading)
                self.shares[name] = {row: complement(share) for row, share in raw.items()}
                sample = min(raw, default=None)
                example = (
                    f": {per_cent(raw[sample])} in {address(sample, kept)} is {per_cent(complement(raw[sample]))}"
                    if sample is not None
                    else ""
                )
                self.desk.ledger.repair(
                    f"{name.replace('_', '-').capitalize()} taken from '{heading}' in column {column_letters(kept)}, "
                    f"as what it leaves of 100 %{example}",
                    self.desk.place(self.table.header[1], kept),
                )

    def factors(self) -> list[Factors]:
        """Return what the rows' own impact is made of, for the rows that have a stored one."""
        column = self.columns.get("impact")
        found: list[Factors] = []
        for row in self.rows:
            cell = self.desk.cell(row, column)
            impact = cell.value if cell is not None else None
            parts = [self._plain_number(row, name) for name in ("quantity", "proxy_value")]
            raw = self.shares.get("attribution", {}).get(row)
            if isinstance(impact, float) and parts[0] is not None and parts[1] is not None and raw is not None:
                lost = [self.shares.get(name, {}).get(row, 0.0) for name in ("deadweight", "displacement")]
                found.append(Factors(parts[0], parts[1], lost[0], lost[1], raw, impact))
        return found

    def _plain_number(self, row: int, name: str) -> float | None:
        cell = self.desk.cell(row, self.columns.get(name))
        return cell.value if cell is not None and isinstance(cell.value, float) else None

    # ---- outcomes ----

    def outcomes(self) -> None:
        """Write the outcomes, deductions included as far as they are read."""
        self.tree["outcomes"] = []
        self._units_of_time()
        for position, line in enumerate(self.body.outcomes):
            self.tree["outcomes"].append(self._outcome(line, position))

    def _outcome(self, line: Line, position: int) -> dict[str, Any]:
        row = line.row
        entry: dict[str, Any] = {
            "id": self.ids.make(line.outcome, "outcome"),
            "stakeholder": self._who(line.stakeholder),
        }
        self._put(position, entry, "description", line.outcome, line.outcome_row, "outcome")
        self.places["outcomes", position] = self.desk.place(row, self.columns.get("outcome", self.columns["quantity"]))
        indicator = {"text": self._words(row, "indicator"), "source": self._words(row, "indicator_source")}
        indicator = {key: text for key, text in indicator.items() if text}
        self._put(position, entry, "indicator", indicator or None, row, "indicator")
        direction = re.search(r"\b(un)?intended\b", self._words(row, "direction").lower())
        self._put(position, entry, "direction", direction[0] if direction else None, row, "direction")
        quantity = self.desk.number(row, self.columns.get("quantity"), "quantity")
        value = self.desk.number(row, self.columns.get("proxy_value"), "proxy_value")
        self._put(position, entry, "quantity", quantity, row, "quantity")
        self._put(
            position, entry, "amount_of_change", self._words(row, "amount_of_change") or None, row, "amount_of_change"
        )
        self._put(position, entry, "proxy", self._proxy(row, value), row, "proxy_value")
        if value is not None:
            self.places["outcomes", position, "proxy", "value"] = self.desk.place(row, self.columns["proxy_value"])
        self._put(position, entry, "starts", self._starts(row), row, "starts")
        self._put(position, entry, "duration", self._duration(row), row, "duration")
        for name in SHARES:
            share = self.shares.get(name, {}).get(row)
            note = self._words(row, f"{name}_note")
            written = {"value": share, "note": note} if note and share is not None else share
            self._put(position, entry, name, written, row, name if name in self.columns else _KEPT.get(name, name))
        missing = [word for word, number in (("quantity", quantity), ("value", value)) if number is None]
        if missing:
            entry["valued"] = "no"
            self.desk.ledger.repair(
                f"'{line.outcome[:60]}' of row {row} has no {' and no '.join(missing)}: told, not counted",
                self.desk.place(row, self.columns.get(f"proxy_{missing[-1]}", self.columns.get(missing[-1], 1))),
            )
        return entry

    def _put(self, position: int, entry: dict[str, Any], key: str, value: Any, row: int, column: str) -> None:
        if value is not None and value != "":
            entry[key] = value
            if column in self.columns:
                self.places["outcomes", position, key] = self.desk.place(row, self.columns[column])

    def _words(self, row: int, name: str) -> str:
        return words_in(self.desk.cell(row, self.columns.get(name)))

    def _proxy(self, row: int, value: float | None) -> dict[str, Any] | None:
        if value is None:
            return None
        proxy: dict[str, Any] = {
            "description": self._words(row, "proxy"),
            "value": value,
            "unit": self._words(row, "unit"),
        }
        proxy["source"] = self._words(row, "proxy_source")
        written = self._words(row, "proxy_price_year")
        year = price_year_in(written)
        if year:
            proxy["price_year"] = year
            self.years_stated.add(year)
        elif written:
            place = self.desk.place(row, self.columns["proxy_price_year"])
            self.desk.ledger.repair(f"Price year of row {row} left out: the cell holds '{written[:40]}'", place)
        spoken = next((text for text in (proxy["description"], proxy["unit"]) if paid_by(text)), "")
        if spoken:
            self.desk.ledger.repair(
                f"Value of row {row} is said to be by the {paid_by(spoken)} ('{spoken[:60]}'): "
                "it was read as it stands, and counts as a value for one year",
                self.desk.place(row, self.columns["proxy_value"]),
            )
        return {key: part for key, part in proxy.items() if part is not None and part != ""}

    def _units_of_time(self) -> None:
        """Warn of headings that count in months or weeks, where a value map counts in years."""
        for name, label in (("proxy_value", "Value"), ("quantity", "Quantity")):
            heading = self.table.heading(name)
            if paid_by(heading):
                self.desk.ledger.repair(
                    f"{label} in column {column_letters(self.columns[name])} is by the {paid_by(heading)} "
                    f"('{heading[:60]}'): it was read as it stands, and counts as one for a year",
                    self.desk.place(self.table.header[1], self.columns[name]),
                )

    def _duration(self, row: int) -> float | None:
        column = self.columns.get("duration")
        duration = self.desk.number(row, column, "duration", unit="years")
        heading = plain(self.table.heading("duration"))
        if (
            duration is None
            or column is None
            or not re.search(r"\bmonths?\b", heading)
            or re.search(r"\b(years?|yrs?)\b", heading)
        ):
            return duration
        cell = self.desk.cell(row, column)
        if cell is not None and isinstance(cell.value, str) and re.search(r"[a-z]", cell.value, re.I):
            return duration  # the text named its own unit
        if not self.in_months:
            self.in_months = True
            self.desk.ledger.repair(
                f"Duration in column {column_letters(column)} is in months: {figure(duration)} in "
                f"{address(row, column)} read in years as {figure(duration / 12)}",
                self.desk.place(row, column),
            )
        return duration / 12

    def _starts(self, row: int) -> str | None:
        cell = self.desk.cell(row, self.columns.get("starts"))
        text = words_in(cell).lower()
        if not text or text in ("n/a", "-", "na"):
            return None
        if re.match(r"(year |period )?1\b|during|in (the )?(period|year) of|immediate", text) or text == "in period":
            return "during"
        if re.match(r"(year |period )?2\b|after|following|next|(in )?(the )?period after", text):
            return "after"
        self.desk.ledger.problem(
            f"Start of row {row}: '{text[:40]}' is neither 1 (during the activity) nor 2 (the year after)",
            "Give 1 or 2.",
            self.desk.place(row, self.columns["starts"]),
        )
        return None
