"""A file of the Common Impact Data Standard as a value map: outcomes, stakeholders, indicators, inputs and outputs.

The standard has no place for prices, so every outcome comes out as `valued: no`, and what a whole map needs besides is
filled in with words that begin with REPLACE. What was guessed, filled in or passed over is listed in `origin.repairs`.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from sroi.errors import FileRefused, ImpossibleMap, Problem
from sroi.files import impact_standard_terms as terms
from sroi.files.impact_standard_desk import Desk, day_of, told_once
from sroi.files.impact_standard_graph import LARGEST, Graph, Thing, read_graph
from sroi.files.impact_standard_told import Told
from sroi.files.options import ReadingOptions
from sroi.files.safety import read_bytes
from sroi.impact_map import ImpactMap, Origin
from sroi.reading import COUNT, LONGEST_LIST, MONEY, NOT_STATED

_PEOPLE = ("Stakeholder", "BeneficialStakeholder", "ContributingStakeholder")
_ORGANISATIONS = (
    "Organization", "SocialPurposeOrganization", "StandardsOrganization", "FinancialOrganization",
    "OrganizationProfile",
)  # fmt: skip
_INPUTS = {"FinancialInput": "money", "SkillInput": "time", "PhysicalInput": "goods", "Input": "money"}
_READ = (
    *_PEOPLE, *_ORGANISATIONS, *_INPUTS, "Outcome", "StakeholderOutcome", "Indicator", "IndicatorReport", "Target",
    "ImpactReport", "ImpactScale", "ImpactDepth", "ImpactDuration", "HowMuchImpact", "Counterfactual", "Theme", "Code",
    "Measure", "Characteristic", "Program", "Activity", "ImpactModel", "Output", "Unit_of_measure", "Monetary_unit",
)  # fmt: skip
_RULES = re.compile(
    r"(Forecast|Evaluation) by Social Return on Investment in ([A-Z]{3}), prices of (.{1,12}?); "
    r"(\d{1,3}) years? of activity\."
)


def read_impact_standard(path: Path, options: ReadingOptions | None = None) -> ImpactMap:
    """Return the map in a file of the standard; FileRefused or ImpossibleMap with all that is wrong."""
    content = read_bytes(path, LARGEST, "file of the Common Impact Data Standard")
    return impact_standard_map(content, str(path), options or ReadingOptions())


def impact_standard_map(content: bytes, name: str, options: ReadingOptions) -> ImpactMap:
    """Return the map in the bytes of a file of the standard; `name` is what messages call it."""
    graph = read_graph(content, name)
    if not graph.of_type("Outcome", "StakeholderOutcome", "Indicator"):
        found = "this JSON-LD speaks of no outcome and no indicator of the Common Impact Data Standard"
        raise FileRefused(Problem(found, "Give a file of that standard; its words begin with cids:."), name)
    session = _Session(graph, options, Path(name).stem)
    tree = session.tree()
    places = {path: iri for path, iri in session.desk.places.items() if not iri.startswith("_:")}
    origin = Origin(name, content, places, tuple(session.desk.repairs))
    try:
        impact_map = ImpactMap.model_validate(tree)
    except ImpossibleMap as error:
        raise ImpossibleMap([origin.placed(each) for each in error.problems], name) from None
    impact_map._origin = origin
    return impact_map


class _Session:
    """One reading of one file."""

    def __init__(self, graph: Graph, options: ReadingOptions, stem: str) -> None:
        self.graph, self.options, self.stem = graph, options, stem
        self.desk = Desk(graph)
        self.people: dict[str, str] = {}
        self.entries: list[dict[str, Any]] = []

    def tree(self) -> dict[str, Any]:
        """Return the tree of a value map."""
        graph, desk = self.graph, self.desk
        desk.ids.taken |= {own for iri in graph.things if (own := terms.own_id(iri))}
        stated = self._stated()
        for thing in self._everybody():
            self._stakeholder(thing)
        told = Told(desk, self.people, self._placeholder, stated["years"], stated["start"])
        outcomes = told.outcomes(stated["measured"])
        inputs = [
            self._input(position, thing) for position, thing in enumerate(graph.of_type(*_INPUTS)[: LONGEST_LIST + 1])
        ]
        outputs = [
            self._output(position, thing) for position, thing in enumerate(graph.of_type("Output")[: LONGEST_LIST + 1])
        ]
        if not any(_amount(given) for given in inputs):
            inputs.append(self._missing_input())
        desk.repair(
            f"Prices are no part of the standard: the outcomes ({len(outcomes)}) are told without one (valued: no). "
            "Give each its proxy, its deductions, and valued: yes"
        )
        analysis = self._analysis(stated["measured"], told.measured)
        tree = {
            "sroi": 1,
            "title": self._title(),
            "organisation": self._organisation(),
            "activities": self._activities(),
            "analysis": analysis,
            "currency": self._currency(stated["currency"]),
            "price_year": self._price_year(stated["price_year"]),
            "activity": self._activity(told.start, told.years, stated),
            "stakeholders": self.entries,
            "inputs": inputs,
            "outputs": outputs,
            "outcomes": told.settled(analysis),
        }
        self._unread()
        return {key: part for key, part in tree.items() if part not in (None, [], {})}

    # ---- what frames the map ----

    def _stated(self) -> dict[str, Any]:
        """Return what a file of this program says of its map, and what any says of its period."""
        stated: dict[str, Any] = dict.fromkeys(("measured", "currency", "price_year", "years", "start"))
        for model in self.graph.of_type("ImpactModel"):
            said = self.graph.text(model, "hasDescription")
            match = _RULES.match(said)
            if match:
                stated |= {"measured": match[1] == "Evaluation", "currency": match[2], "price_year": match[3]}
                stated |= {"years": int(match[4]), "assumed": terms.PERIOD_ASSUMED in said}
                break
        programs = self.graph.of_type("Program")
        moments = [day_of(self.graph.text(each, "startedAtTime")) for each in programs]
        stated["start"] = next((each for each in moments if each is not None), None)
        return stated

    def _title(self) -> str:
        for thing in self.graph.of_type("Program", "ImpactModel"):
            name = self.desk.words(thing, "hasName")
            if name and any(letter.isprintable() and not letter.isspace() for letter in name):
                return name
        stem = self.desk.clean(self.stem, "title") or "value map"
        self.desk.repair("The file names no programme: the title is the file's name")
        return f"REPLACE: {stem}"

    def _organisation(self) -> str | None:
        named = {
            each.iri: self.desk.words(each, "hasLegalName", "hasName") for each in self.graph.of_type(*_ORGANISATIONS)
        }
        votes = Counter(
            iri
            for outcome in self.graph.of_type("Outcome", "Indicator")
            for iri in outcome.properties.get("forOrganization", {})
            if named.get(iri)
        )
        if len(votes) > 1:
            self.desk.repair(f"The outcomes belong to {len(votes)} organisations: the one with the most was taken")
        owner = votes.most_common(1)[0][0] if votes else next((iri for iri, name in named.items() if name), "")
        name = named.get(owner)
        return None if name == terms.NO_ORGANISATION else name

    def _activities(self) -> str | None:
        programs = self.graph.of_type("Program")
        said = self.desk.words(programs[0], "hasDescription") if programs else None
        return None if said == terms.NOT_DESCRIBED else said

    def _analysis(self, stated: bool | None, measured: bool) -> str:
        if self.options.analysis:
            return self.options.analysis
        if stated is None:
            word = (
                "an evaluation: it reports measured values" if measured else "a forecast: it reports no measured value"
            )
            self.desk.repair(f"The file does not say whether it forecasts or evaluates: read as {word}")
        return "evaluative" if (measured if stated is None else stated) else "forecast"

    def _currency(self, stated: str | None) -> str:
        if self.options.currency or stated:
            return self.options.currency or str(stated)
        units = [each for each in self.desk.units if re.fullmatch(r"[A-Z]{3}", each)]
        if units:
            return units[0]
        self.desk.repair("The file names no currency: GBP stands there until you replace it")
        return "GBP"

    def _price_year(self, stated: str | None) -> str:
        if self.options.price_year or stated:
            return self.options.price_year or str(stated)
        self.desk.repair("The file names no price year: not stated")
        return NOT_STATED

    def _activity(self, start: date | None, years: int, stated: dict[str, Any]) -> dict[str, Any]:
        begins: date | None = stated["start"]
        if begins is None and start is not None and not stated.get("assumed"):
            begins = start
            self.desk.repair(f"Activity: start read as {start.isoformat()}, when the first report begins")
        return {"start": begins.isoformat(), "years": years} if begins is not None else {"years": years}

    # ---- stakeholders, inputs, outputs ----

    def _everybody(self) -> list[Thing]:
        """Return the stakeholders, also those that are only spoken of."""
        spoken = ("forStakeholder", "hasContributingStakeholder", "hasBeneficialStakeholder", "hasStakeholder")
        declared = {thing.iri: thing for thing in self.graph.of_type(*_PEOPLE)}
        for thing in self.graph.things.values():
            for other in self.graph.linked(thing, *spoken):
                if not other.types:
                    declared.setdefault(other.iri, other)
        return list(declared.values())[: LONGEST_LIST + 1]

    def _stakeholder(self, thing: Thing) -> None:
        desk, position = self.desk, len(self.entries)
        name, segment = desk.words(thing, "hasName"), desk.words(thing, "hasDescription")
        own = desk.id_of(thing, name, "stakeholder")
        entry: dict[str, Any] = {"id": own, "name": None if name == own else name}
        repeats = segment == name and terms.own_id(thing.iri) is None
        entry["segment"] = None if segment == terms.NOT_DESCRIBED or repeats else segment
        for characteristic in self.graph.linked(thing, "hasCharacteristic"):
            if self.graph.text(characteristic, "hasName") == terms.SIZE:
                entry["size"] = desk.number(characteristic, "hasValue", COUNT, f"the size of {own}")
        self.people[thing.iri] = own
        desk.places["stakeholders", position] = thing.iri
        self.entries.append({key: part for key, part in entry.items() if part is not None})

    def _placeholder(self) -> str:
        """Return the id of the stakeholder for what names none."""
        if "" not in self.people:
            self.people[""] = self.desk.ids.make("people", "stakeholder")
            self.entries.append({"id": self.people[""], "name": "REPLACE: the people whose lives change"})
        return self.people[""]

    def _who(self, thing: Thing, *names: str) -> str | None:
        found = [each for each in self.graph.linked(thing, *names) if each.iri in self.people]
        return self.people[found[0].iri] if found else None

    def _input(self, position: int, thing: Thing) -> dict[str, Any]:
        desk = self.desk
        name, said = desk.words(thing, "hasName"), desk.words(thing, "hasDescription")
        own = desk.id_of(thing, name, "input")
        kind = next(kind for type_, kind in _INPUTS.items() if type_ in thing.types)
        who = self._who(thing, "hasContributingStakeholder", "forStakeholder")
        who = who or next(
            (self.people[e.iri] for e in self.graph.linking("contributes", thing) if e.iri in self.people), None
        )
        key = "hasActualAmount" if thing.properties.get("hasActualAmount") else "hasPlannedAmount"
        amount = desk.number(thing, key, MONEY, f"the input {own}")
        unit = desk.unit(thing, key)
        if unit.rpartition("#")[2].lower() in ("hour", "hours"):
            kind = "time"
            entry: dict[str, Any] = {"hours": amount}
            desk.repair(f"The input {own} is {amount or 0:g} hours: give it a rate, or it counts as nothing")
        else:
            entry = {"value": amount}
            if kind != "time" and amount is None:
                entry["value"] = {"value": 0, "note": "REPLACE: what it is worth"}
                desk.repair(f"The input {own} has no amount: 0 stands there until you replace it")
        desk.places["inputs", position] = thing.iri
        entry |= {"id": own, "stakeholder": who or self._placeholder(), "kind": kind}
        entry |= {"description": told_once(name, said, own), "source": desk.words(thing, "source")}
        return {key: part for key, part in entry.items() if part is not None}

    def _missing_input(self) -> dict[str, Any]:
        self.desk.repair("No input has a value: an input of 1 stands there until you replace it")
        given = {
            "id": self.desk.ids.make("to_replace", "input"),
            "stakeholder": self._giver(),
            "kind": "money",
            "value": 1,
        }
        return {**given, "description": "REPLACE: what was put in", "source": "REPLACE: accounts"}

    def _giver(self) -> str:
        givers = self.graph.of_type("ContributingStakeholder") or self._everybody()
        return self.people[givers[0].iri] if givers else self._placeholder()

    def _output(self, position: int, thing: Thing) -> dict[str, Any]:
        desk = self.desk
        name, said = desk.words(thing, "hasName"), desk.words(thing, "hasDescription")
        own = desk.id_of(thing, name, "output")
        desk.places["outputs", position] = thing.iri
        entry = {
            "id": own,
            "stakeholder": self._who(thing, "forStakeholder"),
            "description": told_once(name, said, own),
            "quantity": desk.number(thing, "value", label=f"the output {own}"),
            "unit": desk.words(thing, "unitDescription") or desk.unit(thing, "value") or None,
        }
        return {key: part for key, part in entry.items() if part is not None}

    def _unread(self) -> None:
        counted = Counter(
            next(iter(thing.types))
            for thing in self.graph.things.values()
            if thing.types and not {*_READ} & {*thing.types}
        )
        if counted:
            names = ", ".join(f"{name} ({times})" for name, times in counted.most_common(12))
            self.desk.repair(f"Not read, for a value map has no place for it: {names[:400]}")


def _amount(given: dict[str, Any]) -> bool:
    value = given.get("value")
    return isinstance(value, float) and value > 0
