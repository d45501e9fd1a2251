"""Whether a line of a team's list means a fault: by its cell, its line, its name, or what it says of whom."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.nouns import Input, Outcome, Stakeholder
from sroi.teaching.fault_kinds import WORKBOOK
from sroi.teaching.fault_list import Claim
from sroi.teaching.key import Fault
from sroi.teaching.places import Cell, cell_at, is_bare_sheet, places_in

# How surely a claim means a fault: by its place and its words, by its place, by the words for it, not at all.
CERTAIN, SURE, LIKELY, NOT = 4, 3, 2, 0
# Names of parts of a map that hold many lines: alone they name no fault.
_SECTIONS = ("stakeholders", "inputs", "outputs", "outcomes")
# What only somebody says who speaks of a spreadsheet.
_OF_SHEETS = (
    r"formula|hidden|hide|\btext\b|\bsums?\b|typed|overwrit|#?ref\b|\bcell|\brow|spreadsheet|value map|summary|digit"
)
_FIELD_WORDS = {
    "deadweight": r"deadweight", "displacement": r"displac", "attribution": r"attribut", "drop_off": r"drop.?off",
    "duration": r"duration|how long|years", "quantity": r"quantit|how many|number of|count",
    "share": r"quantit|share|how many",
    "proxy": r"proxy|price|value|unit", "involved": r"involv|asked|consult|engag", "material": r"material",
    "source": r"source", "hours": r"hours", "rate": r"rate", "value": r"value|cost",
}  # fmt: skip


def means(claim: Claim, fault: Fault, labels: Mapping[str, str]) -> int:
    """Return how surely a claim means a fault, or `NOT`.

    It is `SURE` at the fault's own cell, line or name, `CERTAIN` if it says there what is wrong, and `LIKELY` where it
    names the row or what the line is called, and says what is wrong.

    Parameters: `labels`, what each id of the map is called.
    """
    told = fault.planted
    names = (told.where, told.found_at, *told.touched)
    at = places_in(claim.place) or places_in(claim.words)
    said = _is_said(claim, fault)
    if _at_cell(at, fault, said) or _at_line(claim.place.lower(), fault.line) or _at_name(claim.place, fault):
        return CERTAIN if said else SURE
    place, words = claim.place.lower(), str(claim).lower()
    dotted = [name.lower() for name in names if "." in name and "!" not in name]
    if any(re.search(rf"(?<![\w.]){re.escape(name)}(?:\.value)?(?!\w|\.\w)", place) for name in dotted):
        return CERTAIN if said else SURE
    field = told.where.partition(".")[2].split(".")[0]
    of_field = field in _FIELD_WORDS and re.search(_FIELD_WORDS[field], words) is not None
    if not (said or of_field):
        return NOT
    in_row = any(each.row and each.holds(cell) for each in at for cell in fault.part)
    if in_row or (fault.sort == WORKBOOK and any(each.holds(cell) for each in at for cell in fault.cells)):
        return LIKELY
    if fault.sort == WORKBOOK:
        return LIKELY if said and _is_of_sheet(claim, fault, words) else NOT
    if said and _is_of_whole(fault, labels) and _speaks_of_whole(claim, fault, labels):
        return LIKELY
    owners = owners_of(names) & set(labels)
    named = any(_named(words, owner, labels[owner]) for owner in owners)
    return LIKELY if named or (owners and _is_called(words, fault.called)) else NOT


def _is_said(claim: Claim, fault: Fault) -> bool:
    """Say whether a claim says what kind of fault it is: in words that people use for it, or by its heading."""
    quoted = _plain(fault.heading) in _plain(str(claim)) if fault.heading else False
    return quoted or re.search(fault.words, claim.words or claim.place, re.IGNORECASE) is not None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w%]+", text.lower()))


def _at_cell(at: Sequence[Cell], fault: Fault, said: bool) -> bool:
    """Say whether one of the places is a cell of the fault; where no sheet is named, any but its own has to be said."""
    own = cell_at(fault.cell) or cell_at(fault.planted.where)
    for place in at:
        if not place.column or not place.row:
            continue
        if own is not None and place.holds(own):
            return True
        if any(place.holds(cell) for cell in fault.cells) and (place.sheet or said):
            return True
    return False


def _at_name(place: str, fault: Fault) -> bool:
    """Say whether a place is the name of the fault, or of a part that its planting changed."""
    names = {name.lower() for name in (fault.planted.where, *fault.planted.touched, fault.planted.found_at)}
    return place.strip().lower() in names - set(_SECTIONS) and not is_bare_sheet(place)


def _is_of_whole(fault: Fault, labels: Mapping[str, str]) -> bool:
    """Say whether a fault is of the map as a whole: no cell of one line would tell it, its words do."""
    names = (fault.planted.where, *fault.planted.touched)
    return fault.planted.found_at in _SECTIONS or not owners_of((*names, fault.planted.found_at)) & set(labels)


def _speaks_of_whole(claim: Claim, fault: Fault, labels: Mapping[str, str]) -> bool:
    """Say whether a claim speaks of no line of the map, nor of a sheet that the fault is not on."""
    if any(each.row for each in places_in(claim.place)):
        return False
    sheets = {cell.sheet.lower() for cell in (*fault.cells, *fault.part)} | {fault.planted.found_at}
    if is_bare_sheet(claim.place) and not any(sheet in claim.place.lower() for sheet in sheets):
        return False
    words = str(claim).lower()
    return not any(_named(words, owner, labels[owner]) for owner in labels if len(owner) > 3)


def _is_of_sheet(claim: Claim, fault: Fault, words: str) -> bool:
    """Say whether words that tell a kind of fault tell it of the spreadsheet's own line or column."""
    if any(each.row for each in places_in(claim.place)):
        return False
    quoted = bool(fault.heading) and _plain(fault.heading) in _plain(words)
    if is_bare_sheet(claim.place) or not claim.place:
        return quoted and len({cell.row for cell in fault.cells}) > 1
    spoken = quoted or re.search(_OF_SHEETS, words) is not None
    return spoken and _is_called(claim.place.lower(), fault.called)


def _is_called(words: str, called: Sequence[str]) -> bool:
    """Say whether words name a line by what the team's file calls it; a short name has to stand alone."""
    for name in map(_plain, called):
        short = len(name) < 6 and name == _plain(words)
        if short or (len(name) >= 6 and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", _plain(words))):
            return True
    return False


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


def _at_line(place: str, line: str) -> bool:
    """Say whether a place names a line of the YAML file, or one beside it."""
    found = re.search(r"\bline (\d{1,6})\b", place)
    known = re.search(r"\d+", line)
    return found is not None and known is not None and abs(int(found[1]) - int(known[0])) <= 1


def is_asked_there(claim: Claim, findings: Sequence[Finding], labels: Mapping[str, str]) -> Finding | None:
    """Return what the program itself asks at the place of a claim, of faults that nobody planted; None if nothing."""
    words = str(claim).lower()
    for finding in findings:
        known_at = [cell for cell in map(cell_at, (finding.cell or "", finding.where)) if cell is not None]
        owners = owners_of([finding.where])
        at = [each for each in places_in(claim.place) if each.column and each.row]
        if any(each.holds(cell) for each in at for cell in known_at) or (
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
