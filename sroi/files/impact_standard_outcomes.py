"""An outcome of a value map in the Common Impact Data Standard: indicator, reports, targets, how much it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sroi import reading
from sroi.estimate import Estimate
from sroi.files import impact_standard_terms as terms
from sroi.files.impact_standard_frame import Frame, Node, later, measure, moment, without_gaps
from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome, PartOfStakeholder, Stakeholder


class Outcomes:
    """The outcomes of one map on their way into the standard; `tags` gathers the themes and codes they name."""

    def __init__(self, frame: Frame) -> None:
        self.frame, self.base = frame, frame.base
        self.tags: dict[str, Node] = {}
        self.uncounted = frame.map.not_counted()

    def nodes(self, outcome: Outcome) -> Iterator[Node]:
        """Yield an outcome, what it is for its stakeholder, its indicator, and what is reported or expected."""
        iri, who = self.base + outcome.id, self.base + outcome.stakeholder
        said = {"hasName": outcome.label, "hasDescription": outcome.description or terms.NOT_DESCRIBED}
        themes, codes, metrics = self._tagged(outcome)
        measured = _measured(outcome, self.frame.map)
        quantities = _quantities(outcome, self.frame.people, self.frame.map.activity.years)
        years = [None] if len(quantities) == 1 else list(range(1, len(quantities) + 1))
        reports = [_suffixed(f"{iri}.impact", year) for year in years] if _told(outcome) else []
        values = [_suffixed(f"{iri}.value", year) for year in years] if quantities[0] is not None else []
        yield without_gaps(
            {
                "@id": iri,
                "@type": "cids:Outcome",
                **said,
                "forOrganization": self.frame.organisation,
                "partOf": self.frame.model,
                "hasIndicator": [f"{iri}.indicator"],
                "hasStakeholderOutcome": [f"{iri}.for"],
                "canProduce": self.frame.links(list(outcome.leads_to)),
                "forTheme": themes,
                "hasCode": codes,
            }
        )
        perspective = any(each.stage == "outcomes" for each in self.frame.people[outcome.stakeholder].involved)
        importance = outcome.material.significance if outcome.material is not None else None
        yield without_gaps(
            {
                "@id": f"{iri}.for",
                "@type": "cids:StakeholderOutcome",
                **said,
                "forOutcome": iri,
                "forStakeholder": who,
                "fromPerspectiveOf": who if perspective else None,
                "hasImportance": importance if importance in terms.IMPORTANCES else None,
                "isUnderserved": terms.UNDERSERVED in (tag.lower() for tag in outcome.tags),
                "intendedImpact": _intended(outcome),
                "hasIndicator": [f"{iri}.indicator"],
                "hasImpactReport": reports,
            }
        )
        yield self._indicator(outcome, iri, metrics, values, measured)
        for year, quantity in zip(years, quantities, strict=True):
            if quantity is not None:
                yield from self._value(outcome, year, quantity, measured)
            if reports:
                yield self._impact(outcome, year, quantity, measured)

    def _tagged(self, outcome: Outcome) -> tuple[list[str], list[str], list[str]]:
        """Return the themes and codes of an outcome, and the codes of its indicator; each becomes a thing."""
        places: dict[str, list[str]] = {"theme": [], "code": [], "metric": []}
        for tag in outcome.tags:
            place, node = _thing_of(tag)
            self.tags.setdefault(node["@id"], node)
            if node["@id"] not in places[place]:
                places[place].append(node["@id"])
        return places["theme"], places["code"], places["metric"]

    def _indicator(self, outcome: Outcome, iri: str, metrics: list[str], values: list[str], measured: bool) -> Node:
        text = outcome.indicator.text if outcome.indicator is not None else None
        source = outcome.indicator.source if outcome.indicator is not None else None
        proxy_unit = outcome.proxy.unit if outcome.proxy is not None else None
        people = (
            self.frame.people[outcome.quantity.of].label if isinstance(outcome.quantity, PartOfStakeholder) else None
        )
        return without_gaps(
            {
                "@id": f"{iri}.indicator",
                "@type": "cids:Indicator",
                "hasName": text or outcome.label,
                "hasDescription": text or terms.NOT_DESCRIBED,
                "hasIdentifier": outcome.id,
                "source": source,
                "forOrganization": self.frame.organisation,
                "definedBy": self.frame.organisation,
                "forOutcome": [iri],
                "unitDescription": proxy_unit or people or reading.NOT_STATED,
                # A quantity counts changes since the beginning: at the beginning there were none.
                "hasBaseline": measure(f"{iri}.baseline", 0.0),
                "hasCode": metrics,
                "hasIndicatorReport": values if measured else [],
                "hasTarget": [] if measured else values,
            }
        )

    def _value(self, outcome: Outcome, year: int | None, quantity: float, measured: bool) -> Iterator[Node]:
        """Yield what was measured as a report, whose target says that none was stated; else a target."""
        iri = self.base + outcome.id
        name, node = f"{outcome.label}{_in_year(year)}", _suffixed(f"{iri}.value", year)
        shared = {**self.frame.period(year), "value": measure(f"{node}.measure", quantity)}
        if not measured:
            yield self._target(node, name, shared, "Expected, not measured.")
            return
        unknown = {**self.frame.period(year), "value": measure(f"{node}.target.measure", None)}
        yield {
            "@id": node,
            "@type": "cids:IndicatorReport",
            "hasName": name,
            "forOrganization": self.frame.organisation,
            "forIndicator": f"{iri}.indicator",
            "forStakeholder": self.base + outcome.stakeholder,
            "forTarget": f"{node}.target",
            "hasComment": [terms.COUNT_OF_CHANGES],
            **shared,
        }
        yield self._target(f"{node}.target", name, unknown, "The value map states no target.")

    def _target(self, iri: str, name: str, shared: Node, comment: str) -> Node:
        # When a target was set is not known; it holds from the first day of its period.
        node = {"@id": iri, "@type": "cids:Target", "hasName": name, "hasComment": comment}
        return {**node, "dateCreated": shared["startedAtTime"], **shared}

    def _impact(self, outcome: Outcome, year: int | None, quantity: float | None, measured: bool) -> Node:
        iri = self.base + outcome.id
        node = _suffixed(f"{iri}.impact", year)
        people = self._head_count(outcome)
        moved = outcome.amount_of_change
        number = float(moved) if moved and re.fullmatch(r"-?\d{1,12}(\.\d{1,12})?", moved, re.ASCII) else None
        why = self.uncounted.get(outcome.id)
        said = ["Measured." if measured else "Forecast: expected, not measured."]
        said += [f"Not counted in the value map's total: {why}."] if why else []
        scale: Node = {
            "@id": f"{node}.scale",
            "@type": ["cids:ImpactScale", "cids:HowMuchImpact"],
            "hasDescription": "How many people or organisations changed." if people else terms.COUNT_OF_CHANGES,
            "forIndicator": [f"{iri}.indicator"],
            "value": measure(f"{node}.scale.value", people if people is not None else quantity),
            "hasCounterfactual": self._counterfactual(outcome, node, year),
        }
        depth: Node = {
            "@id": f"{node}.depth",
            "@type": ["cids:ImpactDepth", "cids:HowMuchImpact"],
            "hasDescription": moved or terms.NOT_DESCRIBED,
            "value": measure(f"{node}.depth.value", number),
        }
        turn = turn_of(outcome)
        return without_gaps(
            {
                "@id": node,
                "@type": "cids:ImpactReport",
                "hasName": f"{outcome.label}{_in_year(year)}",
                "forOrganization": self.frame.organisation,
                "forOutcome": iri,
                "hasComment": " ".join(said),
                "hasExpectation": None if measured else "What the value map forecasts.",
                "hasReportedImpact": turn if measured else None,
                **self.frame.period(year),
                "hasImpactScale": without_gaps(scale),
                "hasImpactDepth": depth,
                "hasImpactDuration": self._duration(outcome, node, year),
            }
        )

    def _head_count(self, outcome: Outcome) -> float | None:
        if not isinstance(outcome.quantity, PartOfStakeholder):
            return None
        size = self.frame.people[outcome.quantity.of].size
        return size.base * outcome.quantity.share.base if size is not None else None

    def _counterfactual(self, outcome: Outcome, node: str, year: int | None) -> list[Node]:
        if outcome.deadweight is None:
            return []
        share = _in(outcome.deadweight, year)
        iri = f"{node}.deadweight"
        return [
            {
                "@id": iri,
                "@type": "cids:Counterfactual",
                "hasDescription": terms.DEADWEIGHT,
                "value": measure(f"{iri}.value", reading.SHARE.write(share).rstrip("%"), terms.PER_CENT),
                **self.frame.period(year),
            }
        ]

    def _duration(self, outcome: Outcome, node: str, year: int | None) -> Node | None:
        if outcome.duration is None:
            return None
        iri, lasts = f"{node}.duration", outcome.duration.base
        first, last = self.frame.days(year)
        begins = first if outcome.starts == "during" else later(last, 1)
        return {
            "@id": iri,
            "@type": ["cids:ImpactDuration", "cids:HowMuchImpact"],
            "hasDescription": "How many years the change lasts.",
            "value": measure(f"{iri}.value", lasts, terms.YEARS),
            "startedAtTime": moment(begins),
            "endedAtTime": moment(later(begins, round(lasts * 365.25))),
        }


def _thing_of(tag: str) -> tuple[str, Node]:
    """Return what a tag is in the standard, theme, code or code of an indicator, and the thing that says so."""
    goal, metric = terms.goal_of(tag), terms.iris_of(tag)
    if goal is not None:
        target = f", target {goal[0]}{goal[1]}" if goal[1] else ""
        return "theme", {
            "@id": f"https://metadata.un.org/sdg/{goal[0]}{goal[1]}",
            "@type": "cids:Theme",
            "hasName": f"Goal {goal[0]}: {terms.GOALS[goal[0] - 1]}{target}",
            "hasDescription": f"Sustainable Development Goal {goal[0]} of the United Nations{target}",
        }
    code = metric or tag
    node: Node = {"@id": terms.iri_of("tag", code), "@type": "cids:Theme", "hasName": code}
    if metric is None and not terms.is_code(tag):
        return "theme", {**node, "hasDescription": "A tag of the value map"}
    node |= {"@type": "cids:Code", "codeValue": code, "hasIdentifier": code}
    node |= {"hasDescription": "A code given in the value map", "value": measure(f"{node['@id']}#value", code)}
    if metric is None:
        return "code", node
    owner = {"@id": terms.iri_of("organisation", "IRIS+"), "@type": "cids:Organization"}
    node["definedBy"] = {**owner, "hasLegalName": "Global Impact Investing Network"}
    return "metric", {**node, "hasSpecification": "https://iris.thegiin.org/"}


def _told(outcome: Outcome) -> bool:
    """Say whether an outcome has anything of which an impact report speaks."""
    return any(getattr(outcome, key) is not None for key in ("quantity", "duration", "deadweight", "amount_of_change"))


def _measured(outcome: Outcome, impact_map: ImpactMap) -> bool:
    observed = outcome.quantity.observed if isinstance(outcome.quantity, Estimate) else None
    return impact_map.analysis == "evaluative" if observed is None else observed


def _quantities(outcome: Outcome, people: dict[str, Stakeholder], years: int) -> list[float | None]:
    """Return one quantity for the whole period, or, if any number of the outcome is by year, one for each year."""
    given = (outcome.proxy.value if outcome.proxy is not None else None, outcome.deadweight, outcome.displacement)
    numbers = [*given, outcome.attribution, outcome.quantity]
    times = years if any(isinstance(each, Estimate) and each.by_year for each in numbers) else 1
    quantity = outcome.quantity
    if quantity is None:
        return [None] * times
    if isinstance(quantity, PartOfStakeholder):
        size = people[quantity.of].size
        whole = size.base if size is not None else 0.0
        return [whole * quantity.share.base * quantity.times.base] * times
    return [_in(quantity, year) for year in range(1, times + 1)]


def _in(number: Estimate, year: int | None) -> float:
    """Return a number in a year of activity."""
    return number.years[(year or 1) - 1] if len(number.years) > 1 else number.base


def turn_of(outcome: Outcome) -> str | None:
    """Return which way a change goes, as its price says; None where it has none."""
    if outcome.proxy is None or outcome.proxy.value is None:
        return None
    value = sum(outcome.proxy.value.years)
    return "positive" if value > 0 else "negative" if value < 0 else "neutral"


def _intended(outcome: Outcome) -> str | None:
    if outcome.direction is None:
        return None
    if outcome.direction == "unintended":
        return "neutral"
    return "negative" if turn_of(outcome) == "negative" else "positive"


def _suffixed(iri: str, year: int | None) -> str:
    return iri if year is None else f"{iri}.{year}"


def _in_year(year: int | None) -> str:
    return "" if year is None else f", year {year}"
