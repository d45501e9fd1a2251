"""Whether a line of a team's list means a fault: by its cell, its line, its name, or what it says of whom."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.nouns import Input, Outcome, Stakeholder
from sroi.teaching.fault_list import Claim
from sroi.teaching.key import Fault

# How surely a claim means a fault.
SURE, LIKELY, NOT = 3, 2, 0
_CELL = re.compile(r"(?<![A-Za-z0-9])\$?([A-Z]{1,3})\$?(\d{1,5})(?![A-Za-z0-9])")
_FIELD_WORDS = {
    "deadweight": r"deadweight", "displacement": r"displac", "attribution": r"attribut", "drop_off": r"drop.?off",
    "duration": r"duration|how long|years", "quantity": r"quantit|how many|number of|count",
    "share": r"quantit|share|how many",
    "proxy": r"proxy|price|value|unit", "involved": r"involv|asked|consult|engag", "material": r"material",
    "source": r"source", "hours": r"hours", "rate": r"rate", "value": r"value|cost",
}  # fmt: skip


def means(claim: Claim, fault: Fault, labels: Mapping[str, str]) -> int:
    """Return how surely a claim means a fault: `SURE` at its own cell, line or name, `LIKELY` by its words, or `NOT`.

    Parameters: `labels`, what each id of the map is called.
    """
    names = (fault.planted.where, fault.planted.found_at, *fault.planted.touched)
    place, words = claim.place.lower(), str(claim).lower()
    if _at_cell(claim.place, (fault.cell, *names)) or _at_line(place, fault.line):
        return SURE
    if any(place.strip() == part.strip().lower() for name in names for part in (name, *name.split(","))):
        return SURE
    if any("." in name and re.search(rf"(?<![\w.]){re.escape(name.lower())}(?![\w])", place) for name in names):
        return SURE
    said = bool(re.search(fault.words, claim.words or claim.place, re.IGNORECASE))
    owners = owners_of(names)
    if not owners & set(labels):
        # A fault of the map as a whole has no cell that a team could name: its words tell it.
        about_whole = not any(_named(words, owner, labels[owner]) for owner in labels if len(owner) > 3)
        return LIKELY if said and about_whole and fault.sort != "workbook" else NOT
    if not any(_named(words, owner, labels.get(owner, "")) for owner in owners):
        return NOT
    field = fault.planted.where.partition(".")[2].split(".")[0]
    of_field = field in _FIELD_WORDS and re.search(_FIELD_WORDS[field], words) is not None
    return LIKELY if of_field or said else NOT


def owners_of(names: Sequence[str]) -> set[str]:
    """Return the ids that names speak of.

    >>> sorted(owners_of(["gp_visits.proxy", "grant, grant_2"]))
    ['gp_visits', 'grant', 'grant_2']
    """
    return {part.strip().partition(".")[0] for name in names for part in name.split(",")}


def _named(words: str, owner: str, label: str) -> bool:
    """Say whether words name an entry: by its id, or by what it is called."""
    plain = " ".join(label.lower().split())
    by_id = re.search(rf"(?<!\w){re.escape(owner.lower())}(?!\w)", words) is not None
    by_words = re.search(rf"(?<!\w){re.escape(owner.lower().replace('_', ' '))}(?!\w)", words) is not None
    return by_id or by_words or (len(plain) > 3 and plain in words)


def _at_cell(place: str, known: Sequence[str]) -> bool:
    """Say whether a place names one of the cells; a sheet that it names has to be the cell's own."""
    wanted = []
    for each in known:
        found = re.fullmatch(r"(?:sheet )?(.+?)(?:, cell |!)([A-Z]{1,3}\d{1,5})", each)
        if found is not None:
            wanted.append((found[1].lower(), found[2]))
    for letters, digits in _CELL.findall(place.upper()):
        for sheet, cell in wanted:
            others = {"map", "outcomes", "inputs", "stakeholders", "involvement", "value map", "summary"} - {sheet}
            elsewhere = any(re.search(rf"\b{other}\b", place.lower().replace(sheet, "")) for other in others)
            if f"{letters}{digits}" == cell and not elsewhere:
                return True
    return False


def _at_line(place: str, line: str) -> bool:
    """Say whether a place names a line of the YAML file, or one beside it."""
    found = re.search(r"\bline (\d{1,6})\b", place)
    known = re.search(r"\d+", line)
    return found is not None and known is not None and abs(int(found[1]) - int(known[0])) <= 1


def is_asked_there(claim: Claim, findings: Sequence[Finding], labels: Mapping[str, str]) -> Finding | None:
    """Return what the program itself asks at the place of a claim, of faults that nobody planted; None if nothing."""
    words = str(claim).lower()
    for finding in findings:
        cell = finding.cell or ""
        owners = owners_of([finding.where])
        if _at_cell(claim.place, (cell, finding.where)) or (
            finding.line is not None and _at_line(claim.place.lower(), f"line {finding.line}")
        ):
            return finding
        known = [owner for owner in owners if owner in labels]
        if known and any(_named(words, owner, labels[owner]) for owner in known):
            field = finding.where.partition(".")[2].split(".")[0]
            if not field or re.search(_FIELD_WORDS.get(field, re.escape(field)), words):
                return finding
    return None


def labels_of(impact_map: ImpactMap) -> dict[str, str]:
    """Return what each stakeholder, input and outcome of a map is called, by its id."""
    entries: tuple[Stakeholder | Input | Outcome, ...]
    entries = (*impact_map.stakeholders, *impact_map.inputs, *impact_map.outcomes)
    return {each.id: each.label for each in entries}
