"""Marks for what teams hand back: faults found, missed and wrongly claimed, each explained, and the ratio."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sroi.comparison.differences import NOT_GIVEN, differences
from sroi.errors import SroiError
from sroi.findings import Finding, Findings
from sroi.questions import review
from sroi.teaching.claims import NOT, is_asked_there, labels_of, means, owners_of
from sroi.teaching.fault_kinds import REFUSED, Planted, held_words
from sroi.teaching.fault_list import Claim
from sroi.teaching.key import Fault, Key, TeamKey
from sroi.teaching.marking_changes import bears_on_the_ratio, concerns, ids_in, near, parts_of
from sroi.teaching.marking_ratio import mark_ratio
from sroi.teaching.marking_sheets import in_sheet, unseen_in
from sroi.teaching.marks import FAIR, FOUND, HALF, MISSED, WRONG, ClassMarks, Mark, Marks
from sroi.teaching.returned import BROKEN, Returned, files_in, read_returned, readable
from sroi.teaching.taken import by_teams, from_the_key, in_lines, map_taken, sheet_taken

__all__ = ["FAIR", "FOUND", "HALF", "MISSED", "WRONG", "ClassMarks", "Mark", "Marks", "mark_class"]


def mark_class(returned: Sequence[str | Path], key: Key) -> ClassMarks:
    """Return the marks of everything that was handed back; one bad file stops nobody else's.

    Parameters: `returned`, files, or folders of them; `key`, the answer key as `read_key` gives it.
    """
    handed = by_teams([read_returned(path) for path in files_in(returned)], key)
    teams = [
        _marked(team, handed.by_team.get(team.team, []), in_lines(handed.notes.get(team.team, [])))
        for team in key.teams
    ]
    return ClassMarks(key.case, tuple(teams), handed.astray)


def _marked(team: TeamKey, files: Sequence[Returned], notes: Sequence[str]) -> Marks:
    try:
        return _Marker(team, files, notes).marks()
    except (*BROKEN, SroiError) as error:
        said = f"what was handed back could not be marked ({type(error).__name__}); look at it by hand"
        return Marks(team.team, tuple(Path(each.file).name for each in files), (), None, team.ratio, said, tuple(notes))


class _Marker:
    """Marks one team: gathers what its files show, then says what became of each fault and claim."""

    def __init__(self, team: TeamKey, files: Sequence[Returned], notes: Sequence[str]) -> None:
        self.team = team
        self.files = files
        self.notes = [*notes, *(f"{Path(each.file).name}: {each.trouble}" for each in files if each.trouble)]
        self.given, self.refused_as_given = readable(team.given, team.sound)
        taken, (self.sheet, other_sheets) = map_taken(team, files), sheet_taken(team, files)
        self.map, self.impossible = taken.impact_map, taken.replaced
        self.notes += in_lines(
            [*taken.left, *other_sheets, *from_the_key(team, files, taken), *unseen_in(team, self.sheet)]
        )
        self.lists = [each.listed for each in files if each.listed is not None]
        self.notes += [
            f"{Path(each.file).name}: {note}" for each in files if each.listed is not None for note in each.listed.notes
        ]
        self.list_is_filled = any(each.claims or each.ratio for each in self.lists)
        self.changed = differences(self.given, self.map) if self.given is not None and self.map is not None else ()
        self.asked = review(self.map) if self.map is not None else Findings()

    def marks(self) -> Marks:
        files = tuple(Path(each.file).name for each in self.files)
        if not self.files:
            return Marks(self.team.team, (), (), None, self.team.ratio, "nothing was handed back")
        if self.map is None and self.sheet is None and not self.list_is_filled:
            said = "nothing that was handed back could be marked"
            return Marks(self.team.team, files, (), None, self.team.ratio, said, tuple(dict.fromkeys(self.notes)))
        faults = self._faults_asked()
        claimed, unmatched = self._claims(faults)
        marks = [self._fault(fault, claimed.get(place)) for place, fault in enumerate(faults)]
        marks += [*self._wrongly_changed(faults), *self._broken(faults), *map(self._unplanted, unmatched)]
        listed = next((each.ratio for each in self.lists if each.ratio), "")
        whole = self.map if not self.impossible else None
        sheet = self.sheet if self.sheet is not None and self.map is None else None
        found = mark_ratio(self.team, listed, whole, self.given if not self.refused_as_given else None, sheet)
        notes = tuple(dict.fromkeys([*self.notes, *found.notes]))
        asked = {id(fault) for fault in faults}
        left = [
            f"{len(of_part)} of the {part}"
            for part, of_part in (("map", self.team.faults), ("spreadsheet", self.team.sheet_faults))
            if of_part and not asked & {id(fault) for fault in of_part}
        ]
        return Marks(self.team.team, files, tuple(marks), found.given, found.right, found.words, notes, ", ".join(left))

    def _faults_asked(self) -> list[Fault]:
        """Return the faults that what was handed back can show: of the map, of the spreadsheet, or of both."""
        faults: list[Fault] = []
        if self.map is not None or self.list_is_filled or self.sheet is None:
            faults += self.team.faults
        if self.sheet is not None or (self.list_is_filled and self._mentions_sheet()):
            faults += self.team.sheet_faults
        return faults

    def _mentions_sheet(self) -> bool:
        labels = self._labels()
        claims = [claim for each in self.lists for claim in each.claims]
        return any(means(claim, fault, labels) != NOT for claim in claims for fault in self.team.sheet_faults)

    def _labels(self) -> dict[str, str]:
        labels = labels_of(self.team.sound)
        return {**(labels_of(self.given) if self.given is not None else {}), **labels}

    # ---- claims ----

    def _claims(self, faults: Sequence[Fault]) -> tuple[dict[int, Claim], list[Claim]]:
        """Return the claim that means each fault, the surest first, and the claims that mean none."""
        labels = self._labels()
        claims = [claim for each in self.lists for claim in each.claims]
        pairs = sorted(
            (-sure, number, place)
            for number, claim in enumerate(claims)
            for place, fault in enumerate(faults)
            if (sure := means(claim, fault, labels)) != NOT
        )
        claimed: dict[int, Claim] = {}
        spent: set[int] = set()
        for _, number, place in pairs:
            if number not in spent and place not in claimed:
                claimed[place] = claims[number]
                spent.add(number)
        again = {number for _, number, place in pairs}  # says once more what another claim has said
        return claimed, [claim for number, claim in enumerate(claims) if number not in spent | again]

    def _unplanted(self, claim: Claim) -> Mark:
        asked = is_asked_there(claim, self._residual(), self._labels())
        if asked is not None:
            return Mark(
                FAIR, str(claim), claim.place, f"Not planted, but the program asks it too: {asked.what}.", "list"
            )
        why = "Nothing was planted there, and the program finds nothing. Go through it together: why did it look wrong?"
        return Mark(WRONG, str(claim), claim.place, why, "list")

    def _residual(self) -> list[Finding]:
        """Return what the program asks of the map as given, and that nobody planted."""
        planted = {(fault.planted.finding, fault.planted.found_at) for fault in self.team.faults}
        found = [*review(self.team.sound), *(review(self.given) if self.given is not None else ())]
        return [each for each in found if (each.kind, each.where) not in planted]

    # ---- faults ----

    def _fault(self, fault: Fault, claim: Claim | None) -> Mark:
        shown = in_sheet(fault, self.team, self.sheet) if fault.sort == "workbook" else self._in_map(fault)
        result, how = shown
        if result != FOUND and claim is not None:
            put_right = self.map if fault.sort != "workbook" else self.sheet
            result = FOUND if put_right is None or result == MISSED else result
            how = f"list: {claim}" + (f"; {how}" if how else "")
        explanation = f"{fault.explanation}{_right(fault)}"
        return Mark(result, fault.heading, fault.place, explanation, how)

    def _in_map(self, fault: Fault) -> tuple[str, str]:
        """Return what the corrected map shows of a fault, and how."""
        planted = fault.planted
        if self.map is None:
            return MISSED, ""
        lost = self._lost(planted)
        if lost:
            return HALF, f"taken out of the map, where it belongs: {', '.join(lost)}"
        if planted.finding == REFUSED:
            return self._refused(planted.where)
        broken = [each for name, each in self.impossible.items() if name in parts_of(planted.touched)]
        if broken:
            return HALF, f"changed in the map, to what cannot be: {broken[0]}"
        mine = [each for each in self.changed if concerns(each, (*planted.touched, *ids_in(planted.found_at)))]
        if not mine:
            return MISSED, ""
        still = any((each.kind, each.where) == (planted.finding, planted.found_at) for each in self.asked)
        right = self._numbers_right(planted.touched)
        if still and right is not True:
            return HALF, "changed in the map, and the program still asks the same"
        if self._stands_as_given(planted.touched):
            return HALF, f"changed in the map, and the number is still the one that was given ({planted.now})"
        said = "mended in the map"
        if right is False:
            said = f"mended in the map, to another number than the case's own ({planted.was})"
        return FOUND, said

    def _lost(self, planted: Planted) -> list[str]:
        """Return the case's own lines that were taken out with a fault; of two alike, either may go."""
        owners = owners_of((planted.where, planted.found_at, *planted.touched))
        gone: list[str] = []
        for section in ("stakeholders", "inputs", "outcomes"):
            kept = {each.id: each for each in getattr(self.map, section)}
            for each in getattr(self.team.sound, section):
                if each.id in owners and each.id not in kept:
                    alike = any(other.model_copy(update={"id": each.id}) == each for other in kept.values())
                    gone += [] if alike else [each.label]
        return gone

    def _refused(self, where: str) -> tuple[str, str]:
        if where in self.impossible:
            return MISSED, self.impossible[where]
        assert self.map is not None
        numbers, right = self.map.numbers(), self.team.sound.numbers()
        if where in numbers and where in right and not near(numbers[where].values, right[where].values):
            return FOUND, "mended in the map, to another number than the case's own"
        return FOUND, "mended in the map"

    def _numbers_right(self, touched: Sequence[str]) -> bool | None:
        """Say whether the numbers that a planting changed are right again; None where it changed none."""
        assert self.map is not None
        now, right, names = self.map.numbers(), self.team.sound.numbers(), self._moved(touched)
        if not names:
            return None
        return all(name in now and near(now[name].values, right[name].values) for name in names)

    def _stands_as_given(self, touched: Sequence[str]) -> bool:
        """Say whether a number that a planting changed is still what it was changed to."""
        assert self.map is not None
        now = self.map.numbers()
        return any(name in now and now[name].values == given for name, given in self._moved(touched).items())

    def _moved(self, touched: Sequence[str]) -> dict[str, tuple[float, ...]]:
        """Return the numbers that a planting changed, as they were given."""
        given, right = (self.given.numbers() if self.given is not None else {}), self.team.sound.numbers()
        both = [name for name in touched if name in right and name in given]
        return {name: given[name].values for name in both if given[name].values != right[name].values}

    # ---- what was changed without need ----

    def _broken(self, faults: Sequence[Fault]) -> Iterator[Mark]:
        """Yield what a team itself made impossible."""
        known = parts_of([name for fault in faults for name in fault.planted.touched])
        labels = self._labels()
        for name, problem in self.impossible.items():
            if name not in known:
                said = f"{labels.get(name.partition('.')[0], name)}: {problem}"
                why = "No map may hold this. For the other marks the case's own value stands in its place."
                yield Mark(WRONG, said, name, why, "changed in the map")

    def _wrongly_changed(self, faults: Sequence[Fault]) -> Iterator[Mark]:
        """Yield what a team changed though nothing was wrong with it: numbers, lines, rules of reckoning; not words."""
        names = {name for fault in faults for name in (*fault.planted.touched, *ids_in(fault.planted.found_at))}
        fair = owners_of([each.where for each in self._residual()])
        for each in self.changed:
            if not bears_on_the_ratio(each) or concerns(each, tuple(names)):
                continue
            moved = f"{each.was or 'not there'} -> {each.now or 'taken out'}"
            if each.id and each.id in fair:
                why = "Nothing was planted there; the program asks something of this line too: worth talking over."
                yield Mark(FAIR, f"{each.label}: {moved}", each.name, why, "changed in the map")
            else:
                yield Mark(WRONG, f"{each.label}: {moved}", each.name, "Nothing was wrong with it as it stood.", "changed in the map")  # fmt: skip  # noqa: E501


def _right(fault: Fault) -> str:
    """Return the right value and the planted one in words, nothing where there is no word for them."""
    was, now = (
        "left out" if words == NOT_GIVEN else held_words(" ".join(words.split()))
        for words in (fault.planted.was, fault.planted.now)
    )
    return f" Right: {was}; as given: {now}." if was and now else ""
