"""What a file of the Common Impact Data Standard tells of its outcomes: for whom, by which indicator, how much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sroi.files import impact_standard_terms as terms
from sroi.files.impact_standard_desk import Desk, day_of, told_once
from sroi.files.impact_standard_graph import Thing
from sroi.reading import AMOUNT, LONGEST_LIST, LONGEST_TEXT, NOT_STATED, SHARE, YEARS, Kind

# One more than a map may have, so that the map itself can say so.
_MOST_OUTCOMES = LONGEST_LIST + 1
_MOST_LINKS = 200
_PER_CENT = ("%", "percent", "percentage", "percentunit", "per cent")


@dataclass(frozen=True)
class Reported:
    """A value with its period."""

    value: float
    start: date | None
    end: date | None

    def year_from(self, first: date) -> int | None:
        """Return which year after `first` it is a report on, counting from 0; None if it is not on one year."""
        if self.start is None or self.end is None or not 350 <= (self.end - self.start).days <= 380:
            return None
        return round((self.start - first).days / 365.25)


class Told:
    """The outcomes of one file; `measured` says whether any value was reported and not only aimed at."""

    def __init__(
        self, desk: Desk, people: dict[str, str], placeholder: Callable[[], str], years: int | None, start: date | None
    ) -> None:
        self.desk, self.graph, self.people, self.placeholder = desk, desk.graph, people, placeholder
        self.measured = False
        self.entries: list[dict[str, Any]] = []
        self.links: dict[tuple[str, str, str], list[Thing]] = {}
        self.observed: list[bool | None] = []
        periods = [self._period(each) for each in self.graph.of_type("IndicatorReport", "Target", "ImpactReport")]
        starts = [first for first, _ in periods if first is not None]
        ends = [last for _, last in periods if last is not None]
        self.start = start or min(starts, default=None)
        span = (max(ends) - self.start).days / 365.25 if ends and self.start is not None else 1
        self.years = years or min(max(1, round(span)), 100)

    def outcomes(self, stated: bool | None) -> list[dict[str, Any]]:
        """Return an entry for each outcome and each of its stakeholders, and for each indicator without an outcome."""
        made: dict[str, list[dict[str, Any]]] = {}
        seen: set[str] = set()
        for outcome in self.graph.of_type("Outcome"):
            shares = self._all(outcome, "hasStakeholderOutcome", "forOutcome", "StakeholderOutcome")
            taken = {each.iri for share in shares for each in self.graph.linked(share, "hasImpactReport")}
            each_share: list[Thing | None] = [*shares] or [None]
            for share in each_share[: _MOST_OUTCOMES - len(self.entries)]:
                indicators = self._indicators(outcome, share)
                seen |= {each.iri for each in indicators}
                made.setdefault(outcome.iri, []).append(self._entry(outcome, share, taken, indicators))
        lonely = [each for each in self.graph.of_type("Indicator") if each.iri not in seen]
        for indicator in lonely[: _MOST_OUTCOMES - len(self.entries)]:
            self.desk.repair("Indicators without an outcome became outcomes of their own: say what changed")
            self._entry(indicator, None, set(), [indicator])
        for outcome in self.graph.of_type("Outcome"):
            for entry in made.get(outcome.iri, []):
                self._leads(
                    entry,
                    [each for other in self.graph.linked(outcome, "canProduce") for each in made.get(other.iri, [])],
                )
        return self.entries

    def settled(self, analysis: str) -> list[dict[str, Any]]:
        """Return the entries, their quantities saying whether they were observed where the analysis says otherwise."""
        for entry, observed in zip(self.entries, self.observed, strict=True):
            if observed is None or observed == (analysis == "evaluative"):
                continue
            quantity = entry["quantity"] if isinstance(entry["quantity"], dict) else {"value": entry["quantity"]}
            for part in quantity.get("by_year", [quantity]):
                part["observed"] = "yes" if observed else "no"
            entry["quantity"] = quantity
        return self.entries

    def _all(self, thing: Thing, out: str, back: str, type_: str) -> list[Thing]:
        """Return the things linked to another in either direction."""
        key = (thing.iri, out, type_)
        if key not in self.links:
            found = [*self.graph.linked(thing, out), *(e for e in self.graph.linking(back, thing) if type_ in e.types)]
            if len(found) > _MOST_LINKS:
                self.desk.repair(
                    f"Where more than {_MOST_LINKS} things name the same one, the first {_MOST_LINKS} were read"
                )
            self.links[key] = list({each.iri: each for each in found[:_MOST_LINKS]}.values())
        return self.links[key]

    def _indicators(self, outcome: Thing, share: Thing | None) -> list[Thing]:
        own = self.graph.linked(share, "hasIndicator") if share is not None else []
        return own or self._all(outcome, "hasIndicator", "forOutcome", "Indicator")

    def _leads(self, entry: dict[str, Any], others: list[dict[str, Any]]) -> None:
        near = [each for each in others if each["stakeholder"] == entry["stakeholder"]] or others
        ids = list(dict.fromkeys(each["id"] for each in near if each is not entry))
        if ids:
            entry["leads_to"] = ids

    # ---- one outcome ----

    def _entry(self, outcome: Thing, share: Thing | None, taken: set[str], indicators: list[Thing]) -> dict[str, Any]:
        desk, position = self.desk, len(self.entries)
        name, said = desk.words(outcome, "hasName"), desk.words(outcome, "hasDescription")
        own = desk.id_of(outcome, name, "outcome")
        desk.places["outcomes", position] = outcome.iri
        entry: dict[str, Any] = {"id": own, "stakeholder": self._whose(outcome, share, indicators, own)}
        self.entries.append(entry)
        self.observed.append(None)
        impacts = self._impacts(outcome, share, taken)
        tagged = [
            outcome,
            *([share] if share is not None else []),
            *(each for each in indicators if each is not outcome),
        ]
        tags = list(dict.fromkeys(tag for thing in tagged for tag in desk.tags_of(thing)))
        if share is not None:
            if self.graph.text(share, "isUnderserved") == "true":
                tags += [] if terms.UNDERSERVED in map(str.lower, tags) else [terms.UNDERSERVED]
            intended = self.graph.text(share, "intendedImpact")
            turns = {"positive": "intended", "negative": "intended", "neutral": "unintended"}
            entry["direction"] = turns.get(intended)
            importance = desk.words(share, "hasImportance")
            entry["material"] = {"significance": importance} if importance else None
        description = told_once(name, said, own)
        if "Indicator" in outcome.types and "Outcome" not in outcome.types:
            description = f"REPLACE: what changed, as shown by: {(name or own)[:500]}"
        entry |= {
            "description": description,
            "indicator": self._indicator(outcome, indicators, own),
            "quantity": self._quantity(position, indicators, impacts, own),
            "valued": "no",
            "tags": tags,
        }
        self._how_much(entry, impacts, own)
        for key in [key for key, part in entry.items() if part in (None, [], "")]:
            del entry[key]
        return entry

    def _whose(self, outcome: Thing, share: Thing | None, indicators: list[Thing], own: str) -> str:
        spoken = self.graph.linked(share, "forStakeholder") if share is not None else []
        spoken += self.graph.linking("benefitsFrom", outcome)
        for indicator in indicators:
            for report in self._all(indicator, "hasIndicatorReport", "forIndicator", "IndicatorReport"):
                spoken += self.graph.linked(report, "forStakeholder")
        known = [self.people[each.iri] for each in spoken if each.iri in self.people]
        if known:
            return known[0]
        named = {iri: who for iri, who in self.people.items() if iri}
        if len(named) == 1:
            (only,) = named.values()
            self.desk.repair(
                f"Whose outcome {own} is does not stand there: read as that of {only}, the only stakeholder"
            )
            return only
        self.desk.repair(f"Whose outcome {own} is does not stand there: a stakeholder to replace was filled in")
        return self.placeholder()

    def _indicator(self, outcome: Thing, indicators: list[Thing], own: str) -> dict[str, Any] | None:
        texts: list[str] = []
        for each in indicators:
            name, said = self.desk.words(each, "hasName"), self.desk.words(each, "hasDescription")
            text = None if said == terms.NOT_DESCRIBED and name == (self.desk.words(outcome, "hasName") or "") else name
            text = told_once(text, None if said == "placeholder description" else said, "")
            texts += [text] if text else []
        if len(indicators) > 1:
            self.desk.repair(f"Outcome {own} has {len(indicators)} indicators: they stand in one text")
        source = next((words for each in indicators if (words := self.desk.words(each, "source"))), None)
        found = {"text": "; ".join(texts)[:LONGEST_TEXT].strip() or None, "source": source}
        return {key: part for key, part in found.items() if part} or None

    def _impacts(self, outcome: Thing, share: Thing | None, taken: set[str]) -> list[Thing]:
        if share is not None and (own := self.graph.linked(share, "hasImpactReport")):
            return own
        found = self._all(outcome, "hasImpactReport", "forOutcome", "ImpactReport")
        return [each for each in found if each.iri not in taken]

    # ---- numbers ----

    def _period(self, thing: Thing) -> tuple[date | None, date | None]:
        return day_of(self.graph.text(thing, "startedAtTime")), day_of(self.graph.text(thing, "endedAtTime"))

    def _reported(self, things: list[Thing], label: str, kind: Kind = AMOUNT, key: str = "value") -> list[Reported]:
        numbers = [(each, self.desk.number(each, key, kind, label)) for each in things]
        return [Reported(value, *self._period(each)) for each, value in numbers if value is not None]

    def _quantity(self, position: int, indicators: list[Thing], impacts: list[Thing], own: str) -> Any:
        """Return how many changed: as reported, else as aimed at, else the scale of the impact."""
        usable = []
        for each in indicators:
            if self._unit(each).lower().rpartition("#")[2] in _PER_CENT:
                self.desk.repair(f"An indicator of {own} is in per cent: it was not read as how many changed")
            else:
                usable.append(each)
        aims: list[list[Reported]] = []
        for measured in (True, False):
            for each in usable:
                found = self._all(each, "hasIndicatorReport", "forIndicator", "IndicatorReport")
                if not measured:
                    reports = [target for report in found for target in self.graph.linked(report, "forTarget")]
                    found = [*self.graph.linked(each, "hasTarget"), *reports]
                reported = self._reported(found, f"A value of {own}")
                if reported and (measured or not self.observed[position]):
                    aims.append(reported)
                    if self.observed[position] is None:
                        self.observed[position] = measured
                        self.measured = self.measured or measured
                        unit = self._unit(each)
            if aims:
                break
        if aims:
            if len(aims) > 1:
                self.desk.repair(f"Outcome {own} has values of {len(aims)} indicators: the first became its quantity")
            return self._over_years(aims[0], own, unit)
        scales = [scale for impact in impacts for scale in self.graph.linked(impact, "hasImpactScale")]
        values = [
            value
            for each in scales
            if (value := self.desk.number(each, "value", label=f"The scale of {own}")) is not None
        ]
        if not values:
            return None
        self.desk.repair(f"The quantity of {own} is the scale of its impact: how many people or organisations changed")
        return values[-1]

    def _unit(self, indicator: Thing) -> str:
        return self.desk.words(indicator, "unitDescription") or self.desk.unit(indicator)

    def _over_years(self, reported: list[Reported], own: str, unit: str) -> Any:
        slots = {each.year_from(self.start): each.value for each in reported} if self.start is not None else {}
        if 1 < len(reported) == self.years == len(slots) and None not in slots and set(slots) == set(range(self.years)):
            return {"by_year": [{"value": slots[year]} for year in range(self.years)]}
        if len(reported) > 1:
            self.desk.repair(f"Outcome {own} has {len(reported)} values: the latest became its quantity")
        latest = max(enumerate(reported), key=lambda each: (each[1].end or date.min, -each[0]))[1].value
        foreign = unit and unit != NOT_STATED and not self._names_people(unit)
        return {"value": latest, "note": f"Unit: {unit[:200]}"} if foreign else latest

    def _names_people(self, unit: str) -> bool:
        return any(
            unit in (who, self.graph.text(self.graph.things[iri], "hasName")) for iri, who in self.people.items() if iri
        )

    def _how_much(self, entry: dict[str, Any], impacts: list[Thing], own: str) -> None:
        """Read duration, when it starts, depth and deadweight of the impact reports."""
        shares: list[float] = []
        for impact in sorted(impacts, key=lambda each: self._period(each)[0] or date.min):
            for duration in self.graph.linked(impact, "hasImpactDuration"):
                entry.setdefault("duration", self._lasts(duration, own))
                begins, (_, ends) = self._period(duration)[0], self._period(impact)
                if begins is not None and ends is not None and begins > ends:
                    entry["starts"] = "after"
            for depth in self.graph.linked(impact, "hasImpactDepth"):
                said = self.desk.words(depth, "hasDescription")
                measures = self.graph.linked(depth, "value")
                text = self.desk.words(measures[0], "hasNumericalValue") if measures else None
                text = None if text == NOT_STATED or (text or "") in (said or "") else text
                entry.setdefault("amount_of_change", told_once(text, said, ""))
            parts = self.graph.linked(impact, "hasImpactScale", "hasImpactDepth", "hasImpactDuration")
            others = [other for part in parts for other in self.graph.linked(part, "hasCounterfactual")]
            shares += [share for other in others if (share := self._deadweight(other, own)) is not None][:1]
            if self.graph.text(impact, "hasReportedImpact") == "negative":
                self.desk.repair(f"Outcome {own} is reported as negative: give it a proxy below 0")
        quantity = entry.get("quantity")
        by_year = quantity is None or (isinstance(quantity, dict) and "by_year" in quantity)
        if len(set(shares)) > 1 and len(shares) == self.years and by_year:
            entry["deadweight"] = {"by_year": shares}
        elif shares:
            entry["deadweight"] = shares[-1]
            if len(set(shares)) > 1:
                self.desk.repair(f"Outcome {own} has several deadweights: the latest was taken")

    def _deadweight(self, counterfactual: Thing, own: str) -> float | None:
        if self.graph.text(counterfactual, "hasDescription").startswith("Deadweight"):
            return self.desk.number(counterfactual, "value", SHARE, f"The deadweight of {own}")
        self.desk.repair(f"A counterfactual of {own} was not read as deadweight: it may not be a share of the change")
        return None

    def _lasts(self, duration: Thing, own: str) -> float | None:
        """Return for how many years a change lasts: as its measure says, or from its first to its last day."""
        unit = self.desk.unit(duration, "value").lower().rpartition("#")[2]
        first, last = self._period(duration)
        if unit not in ("year", "years"):
            if first is not None and last is not None and last > first:
                self.desk.repair(f"The duration of {own} was reckoned from its first and last day")
                return round((last - first).days / 365.25, 2)
            self.desk.repair(f"The duration of {own} names no unit: read in years")
        return self.desk.number(duration, "value", YEARS, f"The duration of {own}")
