"""Cases for teams: one case, each team its own numbers and its own planted faults, and the answer key apart."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sroi.errors import NameRefused, Problem
from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.questions.licences import refuse_private
from sroi.teaching.fault_kinds import Planted
from sroi.teaching.faults import KINDS, Faulty, kinds_for, plant_several
from sroi.teaching.faults_of_sheets import SHEET_KINDS, SpoiltSheet, plant_in_sheet, sheet_kinds_for
from sroi.teaching.levels import LEVELS, at_level
from sroi.teaching.numbers import own_numbers
from sroi.teaching.sound import made_sound
from sroi.teaching.spreadsheet import Spreadsheet, spreadsheet_of

MOST_TEAMS, MOST_FAULTS = 99, 20


@dataclass(frozen=True)
class TeamCase:
    """One team's case: its sound map, the map with faults that it is given, and the same for a plain spreadsheet."""

    team: str
    sound: ImpactMap
    faulty: Faulty
    sound_sheet: Spreadsheet
    sheet: SpoiltSheet

    @property
    def name(self) -> str:
        """The team's name as its files are called: team_1."""
        return re.sub(r"[^a-z0-9]+", "_", self.team.lower()).strip("_")

    @property
    def ratio(self) -> float:
        """The right ratio."""
        return float(evaluate(self.sound).sroi_ratio)


@dataclass(frozen=True)
class CaseForTeams:
    """A case for several teams: whose case it is, the seed and level that made it, and each team's own."""

    case: str
    seed: int
    level: int
    teams: tuple[TeamCase, ...] = field(repr=False)


def explanation_of(planted: Planted) -> tuple[str, str, str]:
    """Return a planted fault's heading, its sort (practice, arithmetic or workbook), and why it is wrong."""
    kind = KINDS.get(planted.kind) or SHEET_KINDS[planted.kind]
    return kind.heading, kind.sort, kind.explains


def sound_case(impact_map: ImpactMap, seed: int, level: int, team: str) -> ImpactMap:
    """Return a team's own sound map of a case: at its level, with its own numbers, every question answered.

    Seed, level, team and the case decide, and nothing else: the same again gives the same map.

    >>> import sroi
    >>> guide = sroi.example("wheels_to_meals")
    >>> first, again = (sound_case(guide, 7, 2, "Team 1") for _ in range(2))
    >>> first == again, len(sroi.review(first)) < 5 < len(sroi.review(guide))
    (True, True)
    """
    own = own_numbers(at_level(impact_map, level), seed, team)
    title = " ".join(impact_map.title.split())
    return made_sound(own, f"{title} (an exercise for {team}; numbers invented)")


def case_for_teams(
    impact_map: ImpactMap,
    case: str,
    teams: int = 6,
    seed: int = 0,
    level: int = 2,
    faults: int = 5,
    allow_private: bool = False,
) -> CaseForTeams:
    """Return a case for several teams.

    Parameters: `impact_map`, the case; `case`, what it is called; `teams`, how many; `level`, 1 to 3; `faults`, how
    many to plant in each team's map, its spreadsheet gets half as many of its own; `allow_private`, whether a licence
    allows values to be passed on that may not be as a rule. Raises NameRefused for a level or
    number that there is not, LicenceRefused for a case with values that may not be passed on.
    """
    _refuse(teams, level, faults)
    refuse_private(impact_map, "the teams' files", allow_private)
    _refuse_what_is_no_case(impact_map)
    made = [_team_case(impact_map, f"Team {number}", seed, level, faults) for number in range(1, teams + 1)]
    return CaseForTeams(case, seed, level, tuple(made))


def _refuse(teams: int, level: int, faults: int) -> None:
    problems = []
    if not 1 <= teams <= MOST_TEAMS:
        problems.append(Problem(f"{teams} teams are asked for", f"Ask for 1 to {MOST_TEAMS}."))
    if level not in LEVELS:
        problems.append(Problem(f"there is no level {level}", f"Choose {', '.join(map(str, LEVELS))}."))
    if not 0 <= faults <= MOST_FAULTS:
        problems.append(Problem(f"{faults} faults are asked for", f"Ask for 0 to {MOST_FAULTS}."))
    if problems:
        raise NameRefused(problems)


def _refuse_what_is_no_case(impact_map: ImpactMap) -> None:
    """Refuse a map without a ratio to practise on: no outcome that counts and is worth something, or no inputs."""
    result = evaluate(impact_map)
    worth = any(counts and value for counts, value in zip(result.counted, result.present_value, strict=True))
    if not worth or not math.isfinite(float(result.sroi_ratio)) or not float(result.sroi_ratio):
        found = f"'{' '.join(impact_map.title.split())[:80]}' has no ratio to practise on"
        raise NameRefused(Problem(found, "Take a map with outcomes that count and have a value, and with inputs."))


def _team_case(impact_map: ImpactMap, team: str, seed: int, level: int, faults: int) -> TeamCase:
    sound = sound_case(impact_map, seed, level, team)
    faulty = plant_several(sound, kinds_for(level, seed, team), faults, seed, team)
    sheet = spreadsheet_of(sound)
    kinds: Sequence[str] = sheet_kinds_for(level, seed, team)
    spoilt = plant_in_sheet(sheet, kinds, (faults + 1) // 2, seed, team) if faults else SpoiltSheet(sheet, ())
    return TeamCase(team, sound, faulty, sheet, spoilt)
