"""A value map in the Common Impact Data Standard, as JSON-LD: what funders' platforms read.

The Common Impact Data Standard (version 3.2.1) is the work of Common Approach to Impact Measurement, licensed CC BY 4.0
and CC BY-SA 4.0; the file written here uses its vocabulary and holds no part of its files. docs/standards.md says what
becomes what, and what stays out: prices, all deductions but deadweight, ranges, conventions, and the ratio, which may
not stand without its rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sroi.files import impact_standard_terms as terms
from sroi.files.impact_standard_frame import Frame, Node, measure, moment, without_gaps
from sroi.files.impact_standard_outcomes import Outcomes, turn_of
from sroi.impact_map import ImpactMap
from sroi.nouns import Input, Stakeholder


def impact_standard_bytes(impact_map: ImpactMap, name: str = "") -> bytes:
    """Return a map as the bytes of a file in the Common Impact Data Standard; `name` is what messages call it."""
    document = {"@context": terms.context(), "@graph": list(_Document(impact_map, name).nodes())}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


class _Document:
    """One map on its way into the standard."""

    def __init__(self, impact_map: ImpactMap, name: str) -> None:
        self.map = impact_map
        self.frame = Frame(impact_map, name)
        self.people, self.base = self.frame.people, self.frame.base

    def nodes(self) -> Iterator[Node]:
        """Yield every thing of the document, each once."""
        outcomes = Outcomes(self.frame)
        described = [each for outcome in self.map.outcomes for each in outcomes.nodes(outcome)]
        yield self._organisation()
        yield self._model()
        yield self._program()
        for stakeholder in self.map.stakeholders:
            yield from self._stakeholder(stakeholder)
        for given in self.map.inputs:
            yield self._input(given)
        yield from self._outputs()
        yield from outcomes.tags.values()
        yield from described

    def _organisation(self) -> Node:
        outcomes = [outcome.id for outcome in self.map.outcomes]
        return {
            "@id": self.frame.organisation,
            "@type": "cids:Organization",
            "hasLegalName": self.map.organisation or terms.NO_ORGANISATION,
            "hasOutcome": self.frame.links(outcomes),
            "hasIndicator": self.frame.links([f"{each}.indicator" for each in outcomes]),
            "hasStakeholder": self.frame.links(list(self.people)),
            "hasProgram": [self.frame.program],
        }

    def _model(self) -> Node:
        years = self.map.activity.years
        kind = "Forecast" if self.map.analysis == "forecast" else "Evaluation"
        said = [
            f"{kind} by Social Return on Investment in {self.map.currency}, prices of {self.map.price_year}; "
            f"{years} year{'' if years == 1 else 's'} of activity.",
            "Catchment areas are given as local, and people as not underserved unless an outcome is tagged so: a value "
            "map does not say. Targets that were not stated say so. Prices of outcomes stay in the value map.",
        ]
        if self.map.activity.start is None:
            said.insert(1, terms.PERIOD_ASSUMED)
        return {
            "@id": self.frame.model,
            "@type": "cids:ImpactModel",
            "hasName": self.map.title,
            "hasDescription": " ".join(said),
            "forOrganization": self.frame.organisation,
            "dateCreated": moment(self.frame.start),
        }

    def _program(self) -> Node:
        node = {
            "@id": self.frame.program,
            "@type": ["cids:Program", "cids:Activity"],
            "hasName": self.map.title,
            "hasDescription": self.map.activities or terms.NOT_DESCRIBED,
            "partOf": self.frame.model,
            "hasImpactModel": [self.frame.model],
            "hasOutcome": self.frame.links([outcome.id for outcome in self.map.outcomes]),
            "hasInput": self.frame.links([given.id for given in self.map.inputs]),
            "hasOutput": self.frame.links([output.id for output in self.map.outputs]),
            "hasBeneficialStakeholder": self.frame.links([name for name in self.people if self._gains(name)]),
            "hasContributingStakeholder": self.frame.links([name for name in self.people if self._gives(name)]),
        }
        if self.map.activity.start is not None:
            node |= self.frame.period(None)
        return without_gaps(node)

    def _gains(self, name: str) -> list[str]:
        return [each.id for each in self.map.outcomes if each.stakeholder == name and turn_of(each) != "negative"]

    def _gives(self, name: str) -> list[str]:
        return [each.id for each in self.map.inputs if each.stakeholder == name]

    def _stakeholder(self, stakeholder: Stakeholder) -> Iterator[Node]:
        iri = self.base + stakeholder.id
        gains, gives = self._gains(stakeholder.id), self._gives(stakeholder.id)
        types = ["cids:Stakeholder"]
        types += ["cids:BeneficialStakeholder"] if gains else []
        types += ["cids:ContributingStakeholder"] if gives else []
        size = f"{iri}.size"
        yield without_gaps(
            {
                "@id": iri,
                "@type": types,
                "hasName": stakeholder.label,
                "hasDescription": stakeholder.segment or terms.NOT_DESCRIBED,
                "forOrganization": self.frame.organisation,
                "partOf": self.frame.model,
                "hasCatchmentArea": "local",
                "hasCharacteristic": [size] if stakeholder.size is not None else [],
                "benefitsFrom": self.frame.links(gains),
                "contributes": self.frame.links(gives),
            }
        )
        if stakeholder.size is not None:
            yield {
                "@id": size,
                "@type": "cids:Characteristic",
                "hasName": terms.SIZE,
                "forStakeholder": [iri],
                "hasValue": [measure(f"{size}.value", stakeholder.size.base)],
            }

    def _input(self, given: Input) -> Node:
        """Return an input: money and whatever has a value in the map's currency, time without one in hours."""
        iri = self.base + given.id
        money = sum(given.value.years) if given.value is not None else None
        if given.hours is not None and given.rate is not None:
            money = given.hours.base * given.rate.base
        unit: Any = {"@id": f"{self.base}.money", "@type": "i72:Monetary_unit", "symbol": self.map.currency}
        amount = money
        if money is None and given.hours is not None:
            amount, unit = given.hours.base, terms.HOURS
        key = "hasPlannedAmount" if self.map.analysis == "forecast" else "hasActualAmount"
        kinds = {"money": "cids:FinancialInput", "time": "cids:SkillInput", "goods": "cids:PhysicalInput"}
        node = {
            "@id": iri,
            "@type": ["cids:Input", kinds[given.kind]],
            "hasName": given.label,
            "hasDescription": given.description or terms.NOT_DESCRIBED,
            "partOf": self.frame.model,
            "inputFor": [self.frame.program],
            "hasContributingStakeholder": self.frame.links([given.stakeholder]),
            key: measure(f"{iri}.value", amount, unit) if amount is not None else None,
            "source": given.source,
        }
        return without_gaps({**node, **self.frame.period(None)})

    def _outputs(self) -> Iterator[Node]:
        for output in self.map.outputs:
            iri = self.base + output.id
            unit = {"@id": f"{iri}.unit", "@type": "i72:Unit_of_measure", "symbol": output.unit}
            value = output.quantity.base if output.quantity is not None else None
            yield without_gaps(
                {
                    "@id": iri,
                    "@type": "cids:Output",
                    "hasName": output.description or output.id,
                    "hasDescription": output.description or terms.NOT_DESCRIBED,
                    "partOf": self.frame.model,
                    "forActivity": [self.frame.program],
                    "forStakeholder": self.base + output.stakeholder if output.stakeholder else None,
                    "unitDescription": output.unit if value is None else None,
                    "value": [measure(f"{iri}.value", value, unit if output.unit else None)]
                    if value is not None
                    else None,
                }
            )
