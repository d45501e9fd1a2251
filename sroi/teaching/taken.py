"""Which file that a class hands back is whose, and which of several is taken: one rule for marks and the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sroi.comparison.differences import differences
from sroi.impact_map import ImpactMap
from sroi.teaching.key import Key, TeamKey
from sroi.teaching.returned import Returned, readable, team_of

# A map of another team, seed or level shares but the noughts and ones with what was given.
_KEPT = 0.6
# Words that are as long as this are not come upon a second time.
_SENTENCE = 30
# A file, and what is to be said of it.
Said = tuple[str, str]


@dataclass(frozen=True)
class Sorted:
    """What was handed back, by team; `notes` where a file's name and its content differ; `astray` what is nobody's."""

    by_team: dict[str, list[Returned]]
    notes: dict[str, list[Said]]
    astray: tuple[Said, ...]


@dataclass(frozen=True)
class TakenMap:
    """The map that is taken of a team's files; None where there is none.

    `replaced` names what no map may hold, with what is wrong with it: there the map has the case's own value. `left`
    names the team's other maps, each with the reason.
    """

    file: str = ""
    impact_map: ImpactMap | None = None
    replaced: dict[str, str] = field(default_factory=dict)
    left: tuple[Said, ...] = ()


def by_teams(read: Sequence[Returned], key: Key) -> Sorted:
    """Return the files of each team of the key, and those that are no team's with the reason."""
    by_team: dict[str, list[Returned]] = {}
    notes: dict[str, list[Said]] = {}
    astray: list[Said] = []
    for each in read:
        team, note = team_of(each, key)
        if team is None:
            astray.append((each.file, each.trouble or "nothing in it, nor its name, says which team's it is"))
            continue
        by_team.setdefault(team.team, []).append(each)
        if note:
            notes.setdefault(team.team, []).append((_name(each), note))
    return Sorted(by_team, notes, tuple(astray))


def map_taken(team: TeamKey, files: Sequence[Returned]) -> TakenMap:
    """Return the map that is taken of a team's files: of several, the one that changes most of what was given.

    Where two change as much, it is the first. A map that has not grown out of what the team was given is left.
    """
    given, refused_as_given = readable(team.given, team.sound)
    found: list[tuple[int, str, ImpactMap, dict[str, str]]] = []
    left: list[Said] = []
    for each in files:
        if each.tree is None:
            continue
        read, replaced = readable(each.tree, team.sound)
        if read is None:
            left.append((_name(each), f"the map says what cannot be, and is not taken: {replaced.get('', '')}"))
        elif not _is_of_this_exercise(team, given, read):
            left.append((_name(each), f"most of its numbers are not those given to {team.team}: not taken"))
        else:
            # A number that no map may hold stands as the case's own: that it was mended is a change of its own.
            mended = len(set(refused_as_given) - set(replaced))
            changed = len(differences(given, read)) if given is not None else 0
            found.append((changed + mended, _name(each), read, replaced))
    if not found:
        return TakenMap(left=tuple(left))
    most, file, taken, replaced = max(found, key=lambda each: each[0])
    for count, name, read, other in found:
        if (read, other) != (taken, replaced):
            why = f"changes more of what {team.team} was given" if count < most else "changes as much, and comes first"
            left.append((name, f"another map of {team.team}; {file} is taken, which {why}"))
    return TakenMap(file, taken, replaced, tuple(left))


def sheet_taken(team: TeamKey, files: Sequence[Returned]) -> tuple[Returned | None, tuple[Said, ...]]:
    """Return the spreadsheet that is taken of a team's files, and what is said of the others.

    Of several it is the one in which fewest of the planted faults still stand, the first of those.
    """
    sheets = [each for each in files if each.sheet is not None]
    if not sheets:
        return None, ()
    taken = min(sheets, key=lambda each: _standing(team, each))
    others = [each for each in sheets if each.sha256 != taken.sha256]
    return taken, tuple(
        (_name(each), f"another spreadsheet of {team.team}; {_name(taken)} is taken") for each in others
    )


def from_the_key(team: TeamKey, files: Sequence[Returned], taken: TakenMap) -> list[Said]:
    """Return what is to be said of files that are the key's own, byte for byte, or word for word as another kind.

    Where the right map has words that the given one has not, nobody comes upon the very same words.
    """
    ask = "ask the team how it came by it"
    said = [
        (_name(each), f"this is the key's own {team.answers[each.sha256]}, byte for byte: {ask}")
        for each in files
        if each.sha256 in team.answers
    ]
    given, _ = readable(team.given, team.sound)
    if taken.impact_map is None or given is None or any(name == taken.file for name, _ in said):
        return said
    in_words = any(each.value_now is None and len(each.now) >= _SENTENCE for each in differences(given, team.sound))
    if in_words and not taken.replaced and not differences(team.sound, taken.impact_map):
        said.append((taken.file, f"it says word for word what the key's sound map says: {ask}"))
    return said


def in_lines(said: Sequence[Said]) -> list[str]:
    """Return what is said of files as lines: the file's name, and the words."""
    return [f"{name}: {words}" for name, words in said]


def _standing(team: TeamKey, sheet: Returned) -> int:
    """Return how many of the faults planted in a team's spreadsheet are still found in this one."""
    found = {(each.kind, each.where) for each in sheet.sheet_findings or ()}
    return sum((fault.planted.finding, fault.planted.found_at) in found for fault in team.sheet_faults)


def _is_of_this_exercise(team: TeamKey, given: ImpactMap | None, read: ImpactMap) -> bool:
    """Say whether a map has grown out of the one that the team was given: most numbers are still there.

    Only those count that nobody planted: a planted line goes with all of its numbers where it is found.
    """
    own, at_first, right = read.numbers(), (given or team.sound).numbers(), team.sound.numbers()
    shared = {name: each for name, each in right.items() if name in at_first and at_first[name].values == each.values}
    kept = sum(name in own and own[name].values == number.values for name, number in shared.items())
    return kept >= _KEPT * len(shared)


def _name(read: Returned) -> str:
    return Path(read.file).name
