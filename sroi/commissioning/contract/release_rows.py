"""From the releases of one process to the rows of a contract's form, with notes on what each rests on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from sroi.commissioning.contract.facts import measure_codes
from sroi.commissioning.contract.json_reading import Walker
from sroi.commissioning.contract.nouns import ACT, BY_PERIOD, BY_YEAR, LAWS, MORE, twelve_months_end

Release = dict[str, Any]
# What the special regimes of a tender are called in the data, by a word within.
_REGIMES = (("light", "light touch"), ("concession", "concession"))


def rows_of(releases: Sequence[Release], contract_id: str, walk: Walker) -> tuple[dict[str, Any], list[str]]:
    """Return the form's rows by sheet, and notes. `releases` are of one process, the newest first."""
    reader = _Process(releases, contract_id, walk)
    kpis = reader.kpis()
    periods, results = reader.results()
    rows = {"contract": reader.contract(), "kpis": kpis, "periods": periods, "results": results}
    if not kpis:
        reader.notes.append("No indicators (agreedMetrics) are in the data: fill in the sheet KPIs.")
    reader.notes.append("Bands are never in the data: state them in the sheet Bands.")
    return rows, reader.notes


class _Process:
    """One process: what each release says, the newest first, of one contract and its award."""

    def __init__(self, releases: Sequence[Release], contract_id: str, walk: Walker) -> None:
        self.releases = releases
        self.walk = walk
        self.notes: list[str] = []
        self.kpi_ids: dict[str, str] = {}  # by the id of the metric
        self.contracts = (
            [each for _, each in self._all("contracts") if walk.text(each, "id", at="contracts") == contract_id]
            if contract_id
            else []
        )
        awarded = self._first(self.contracts, lambda each: walk.text(each, "awardID", at="contract"))
        awards = [each for _, each in self._all("awards")]
        self.awards = [each for each in awards if walk.text(each, "id", at="award") == awarded] if awarded else []
        if not self.awards and len({walk.text(each, "id", at="award") for each in awards}) == 1:
            self.awards = awards
        self.parties = [each for _, each in self._all("parties")]
        if not self.contracts:
            self.notes.append("The process has no contract yet: award and tender are taken instead.")

    def _all(self, key: str) -> Iterator[tuple[str, Release]]:
        for release in self.releases:
            yield from self.walk.groups(release, key)

    def _first(self, groups: Sequence[Release], take: Callable[[Release], Any]) -> Any:
        """Return what the newest group that says it says; None if none does."""
        return next((said for each in groups if (said := take(each)) not in (None, "", [], {})), None)

    def _tender(self, take: Callable[[Release], Any]) -> Any:
        return self._first([self.walk.group(each, "tender") for each in self.releases], take)

    # ---- the contract ----

    def contract(self) -> dict[str, Any]:
        """Return the row of the sheet Contract."""
        walk, first = self.walk, self._first
        title = self._tender(lambda each: walk.text(each, "title", at="tender"))
        title = title or first(self.contracts, lambda each: walk.text(each, "title", at="contract"))
        buyer = self._buyer()
        starts, ends = self._life()
        row = {
            "title": title,
            **buyer,
            "law": self._law(),
            "kind": self._kind(),
            "procedure": self._tender(lambda each: walk.text(each, "procurementMethodDetails", at="tender")),
            "procurement_id": walk.text(self.releases[0], "ocid"),
            "contract_id": first(self.contracts, lambda each: walk.text(each, "id", at="contract")),
            **self._supplier(),
            **self._value(),
            "procurement_began": self._began(),
            "entered": first(self.contracts, lambda each: walk.day(each, "dateSigned", at="contract")),
            "starts": starts,
            "ends": ends,
            **self._unfit(),
            "details_notice_on": self._noticed("UK7"),
        }
        self._note_missing(row)
        return {name: value for name, value in row.items() if value not in (None, "")}

    def _note_missing(self, row: dict[str, Any]) -> None:
        asked = {
            "title": "title",
            "buyer": "buyer",
            "supplier": "supplier",
            "starts": "first day",
            "ends": "last day",
            "entered": "day of signing",
            "value_with_vat": "value with VAT",
            "procurement_began": "day of the tender notice",
        }
        missing = [words for name, words in asked.items() if row.get(name) in (None, "")]
        if missing:
            self.notes.append(f"Not in the data, fill in: {', '.join(missing)}.")
        status = self._first(self.contracts, lambda each: self.walk.text(each, "status", at="contract"))
        if status == "terminated":
            self.notes.append("The data say that the contract is terminated: fill in the day if that was early.")
        failures = [
            each
            for contract in self.contracts[:1]
            for _, each in self.walk.groups(contract, "implementation", "performanceFailures", at="contract")
        ]
        if failures:
            self.notes.append(
                f"{len(failures)} performance failure(s) are in the data and not taken over: see the sheet Breaches."
            )

    def _buyer(self) -> dict[str, Any]:
        walk = self.walk
        name = self._first(self.releases, lambda each: walk.text(each, "buyer", "name"))
        id = self._first(self.releases, lambda each: walk.text(each, "buyer", "id"))
        party = self._party(id)
        codes = [
            walk.text(each, "id", at=at) for at, each in walk.groups(party, "details", "classifications", at="party")
        ]
        told = {"buyer": name or walk.text(party, "name", at="party")}
        if "publicAuthorityCentralGovernment" in codes:
            told["buyer_kind"] = "central government department"
            self.notes.append(
                "The buyer is given as central government; the form says department: check the kind of buyer."
            )
        return told

    def _party(self, id: str | None) -> Release:
        return next((each for each in self.parties if id and self.walk.text(each, "id", at="party") == id), {})

    def _supplier(self) -> dict[str, Any]:
        walk = self.walk
        lists = [walk.items(each, "suppliers", at="contract") for each in self.contracts]
        lists += [walk.items(each, "suppliers", at="award") for each in self.awards]
        suppliers = [
            each
            for each in self._first([{"all": one} for one in lists], lambda each: each["all"]) or []
            if isinstance(each, dict)
        ]
        if not suppliers:
            return {}
        names = [walk.text(each, "name", at="supplier") for each in suppliers]
        if len(suppliers) > 1:
            self.notes.append(f"{len(suppliers)} suppliers share the contract: {'; '.join(names)[:300]}.")
        party = self._party(walk.text(suppliers[0], "id", at="supplier"))
        identifier = walk.group(party, "identifier", at="party")
        scheme, own = walk.text(identifier, "scheme", at="identifier"), walk.text(identifier, "id", at="identifier")
        return {
            "supplier": "; ".join(each for each in names if each) or walk.text(party, "name", at="party"),
            "supplier_id": " ".join(part for part in (scheme, own) if part)
            or walk.text(suppliers[0], "id", at="supplier"),
            "supplier_contact": walk.text(party, "contactPoint", "email", at="party"),
        }

    def _value(self) -> dict[str, Any]:
        """Return the value, of the contract, else the award, else the tender; VAT told apart, or said to be unknown."""
        walk = self.walk
        tenders = [walk.group(each, "tender") for each in self.releases]
        for groups, of in ((self.contracts, "contract"), (self.awards, "award"), (tenders, "tender's estimate")):
            value = self._first(groups, lambda each: walk.group(each, "value", at="value of it"))
            if not value:
                continue
            currency = walk.text(value, "currency", at="value")
            whole, net = walk.number(value, "amountGross", at="value"), walk.number(value, "amount", at="value")
            if currency != "GBP":
                self.notes.append(f"The value is in {currency or 'no currency'} and is not taken: give pounds.")
                return {}
            if of != "contract":
                self.notes.append(f"The value is the {of}: the data give none for the contract.")
            if whole is None and net is not None and self._law() != ACT:
                self.notes.append(
                    f"The data do not say whether the value, {net:,.2f} GBP, is with VAT: fill it in yourself."
                )
                return {}
            if net is not None:
                self.notes.append("The value without VAT is the field `amount`, the one with VAT `amountGross`.")
            return {"value_with_vat": _positive(whole), "value_without_vat": _positive(net)}
        return {}

    def _life(self) -> tuple[date | None, date | None]:
        walk = self.walk
        lots = [lot for each in self.releases for _, lot in walk.groups(each, "tender", "lots")]
        sources = (
            (self.contracts, "period", ""),
            (self.awards, "contractPeriod", "the award"),
            (lots if len(lots) == 1 else [], "contractPeriod", "the lot"),
        )
        for groups, key, said in sources:
            starts = self._first(groups, lambda each, key=key: walk.day(each, key, "startDate", at="contract"))  # type: ignore[misc]
            ends = self._first(groups, lambda each, key=key: walk.day(each, key, "endDate", at="contract"))  # type: ignore[misc]
            if starts or ends:
                if said:
                    self.notes.append(f"The days of the contract are those of {said}.")
                return starts, ends
        return None, None

    def _law(self) -> str | None:
        walk = self.walk
        scheme = self._tender(lambda each: walk.text(each, "legalBasis", "scheme", at="tender"))
        id = self._tender(lambda each: walk.text(each, "legalBasis", "id", at="tender"))
        if not scheme and not id:
            return None
        return ACT if scheme == "UKPGA" and id == "2023/54" else LAWS[1]

    def _kind(self) -> str:
        walk = self.walk
        if self._tender(lambda each: walk.flag(each, "techniques", "hasFrameworkAgreement", at="tender")):
            return "framework"
        regimes = self._tender(lambda each: walk.items(each, "specialRegime", at="tender")) or []
        words = " ".join(str(each).casefold() for each in regimes)
        for word, kind in _REGIMES:
            if word in words:
                self.notes.append(f"The kind of contract comes from the special regime '{words[:80]}': check it.")
                return kind
        if words:
            self.notes.append(f"The tender names a special regime, '{words[:80]}': check the kind of contract.")
        return "goods, services or works"

    def _unfit(self) -> dict[str, Any]:
        why = self._first(self.contracts, lambda each: self.walk.text(each, "noAgreedMetricsRationale", at="contract"))
        return {"kpis_unfit": True, "kpis_unfit_reason": why} if why else {}

    def _began(self) -> date | None:
        """Return the day of the tender notice: of its document, else of the first release about a tender."""
        noticed = self._noticed("UK4")
        if noticed is not None:
            return noticed
        walk = self.walk
        days = [
            walk.day(each, "date")
            for each in self.releases
            if "tender" in [str(tag) for tag in walk.items(each, "tag")]
        ]
        return min((each for each in days if each is not None), default=None)

    def _noticed(self, notice: str) -> date | None:
        walk = self.walk
        days = [
            walk.day(document, "datePublished", at=at)
            for release in self.releases
            for part in ("tender", "contracts", "awards")
            for holder in (
                [walk.group(release, part)] if part == "tender" else [each for _, each in walk.groups(release, part)]
            )
            for at, document in walk.groups(holder, "documents", at=part)
            if walk.text(document, "noticeType", at=at) == notice
        ]
        return min((each for each in days if each is not None), default=None)

    # ---- indicators and what was reached ----

    def kpis(self) -> list[dict[str, Any]]:
        """Return the rows of the sheet KPIs: the metrics agreed in the contract, else in its award."""
        walk = self.walk
        metrics = (
            self._first([*self.contracts, *self.awards], lambda each: walk.items(each, "agreedMetrics", at="contract"))
            or []
        )
        rows: list[dict[str, Any]] = []
        ids: set[str] = set()
        for place, metric in enumerate(metrics):
            at = f"agreedMetrics[{place}]"
            metric = walk.group({"m": metric}, "m", at=at)
            title = (
                walk.text(metric, "title", at=at)
                or walk.text(metric, "description", at=at)[:120]
                or f"Indicator {place + 1}"
            )
            id = _id_of(walk.text(metric, "id", at=at), title, ids)
            self.kpi_ids.setdefault(walk.text(metric, "id", at=at), id)
            _, target = next(walk.groups(metric, "observations", at=at), ("", {}))
            value, unit = self._quantity(target, at)
            words = [walk.text(metric, "description", at=at), walk.text(target, "notes", at=at)]
            if value is None and (said := walk.text(target, "measure", at=at)):
                words.append(f"Target as published: {said}")
            rows.append(
                {
                    "id": id,
                    "name": title,
                    "measure": " ".join(each for each in words if each),
                    "unit": unit,
                    "target": value,
                    "target_for": BY_PERIOD if unit.startswith("share") or unit == "%" else BY_YEAR,
                    "direction": MORE,
                }
            )
        if rows:
            self.notes.append(
                f"{len(rows)} indicator(s) taken. The data do not say which way is "
                "better, nor whether a target is for a year: check both."
            )
        return rows

    def _quantity(self, observation: Release, at: str) -> tuple[float | None, str]:
        walk = self.walk
        amount = walk.number(observation, "value", "amount", at=at)
        if amount is not None:
            return amount, walk.text(observation, "value", "currency", at=at)
        measure = observation.get("measure")
        text = walk.text(observation, "measure", at=at)
        unit = walk.text(observation, "unit", "name", at=at)
        if isinstance(measure, int | float) and not isinstance(measure, bool):
            return walk.number(observation, "measure", at=at), unit
        plain = re.fullmatch(r"(\d{1,12}(?:\.\d{1,6})?)\s*(%?)", text)
        return (float(plain[1]), unit or plain[2]) if plain else (None, unit)

    def results(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return the rows of Periods and Results: what was published of how the indicators were met."""
        walk = self.walk
        ratings = {code: rating for rating, code in measure_codes().items()}
        metrics = (
            self._first(self.contracts, lambda each: walk.items(each, "implementation", "metrics", at="contract")) or []
        )
        periods: dict[tuple[date, date], str] = {}
        results: dict[tuple[str, str], dict[str, Any]] = {}
        for place, metric in enumerate(metrics):
            at = f"implementation.metrics[{place}]"
            metric = walk.group({"m": metric}, "m", at=at)
            kpi = self.kpi_ids.get(walk.text(metric, "id", at=at))
            for path, seen in walk.groups(metric, "observations", at=at):
                begins, ends = (walk.day(seen, "period", key, at=path) for key in ("startDate", "endDate"))
                if kpi is None or begins is None or ends is None or ends > twelve_months_end(begins):
                    self.notes.append(
                        f"{path} is not taken: no indicator or no period of at most twelve months belongs to it."
                    )
                    continue
                period = periods.setdefault((begins, ends), f"period_{len(periods) + 1}")
                code = walk.text(seen, "measureClassification", "id", at=path)
                if code and code not in ratings:
                    self.notes.append(f"{path}: the code {code[:40]!r} is no rating that is known here.")
                row = {
                    "period": period,
                    "kpi": kpi,
                    "actual": self._quantity(seen, path)[0],
                    "rating": ratings.get(code),
                    "reason": walk.text(seen, "notes", at=path),
                }
                results[(period, kpi)] = {name: value for name, value in row.items() if value not in (None, "")}
        sheets = [{"id": id, "begins": begins, "ends": ends} for (begins, ends), id in periods.items()]
        if results:
            self.notes.append(
                "Ratings were taken from measureClassification; which rating is which code is read from their order."
            )
        return sheets, list(results.values())


def _positive(amount: float | None) -> float | None:
    return None if amount is None or amount <= 0 else amount


def _slug(text: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")[:60]
    return slug if slug[:1].isalpha() else f"kpi_{slug}" if slug else ""


def _id_of(id: str, title: str, taken: set[str]) -> str:
    """Return an id that the form takes, unlike all others."""
    begun = _slug(id) or _slug(title) or "kpi"
    named, count = begun, 1
    while named in taken:
        count += 1
        named = f"{begun}_{count}"
    taken.add(named)
    return named
