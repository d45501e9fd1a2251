"""A class side by side: the teams' ratios for one case in order of their names, and what made them differ."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sroi import wording
from sroi.comparison import Cause, WhatChanged, what_changed
from sroi.errors import FileRefused, NameRefused, Problem
from sroi.evaluation import evaluate
from sroi.files.value_maps import read_value_map
from sroi.impact_map import ImpactMap
from sroi.questions.licences import refuse_private
from sroi.result import Result
from sroi.teaching.classroom_files import NOTEBOOK, not_of_a_class, without_places
from sroi.teaching.classroom_maps import ClassMaps, class_maps, key_beside
from sroi.teaching.key import read_key
from sroi.teaching.returned import files_in, read_returned
from sroi.uncertainty.interval import interval_of

# What a cause is about, by the last word of its name; rules of reckoning have no dot in theirs.
_ABOUT = {
    "quantity": "how many changed", "proxy": "what a change is worth", "deductions": "what is deducted",
    "lasting": "how long it lasts", "there": "which lines are counted", "size": "how many people there are",
    "included": "who is counted",
}  # fmt: skip
_INPUTS, _RULES = "what was put in", "the rules of reckoning"


@dataclass(frozen=True)
class TeamRatio:
    """One team's ratio: whose, the file, the result, its interval (None without ranges), and how it differs.

    `changed` explains the difference from the map that all are held to; None for that map itself, and where
    the two cannot be compared.
    """

    team: str
    file: str
    result: Result
    interval: tuple[float, float] | None
    changed: WhatChanged | None

    @property
    def ratio(self) -> float:
        """The ratio."""
        return float(self.result.sroi_ratio)

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What makes it differ from the map that all are held to, the largest first."""
        return self.changed.causes if self.changed is not None else ()


@dataclass(frozen=True, repr=False)
class ClassView:
    """The teams of a class in order of their names: no ranking.

    `held_to` says whose map all are held to; `unread` names files of which no map is shown, each with why; `notes` says
    what is to be known of files that are shown; `key` is the folder of the key by which files were taken, "" for none.
    """

    case: str
    teams: tuple[TeamRatio, ...]
    held_to: str
    unread: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...] = ()
    key: str = ""

    def about(self) -> list[tuple[str, float]]:
        """Return by what the ratios differ, in words, each with how far it moves a team's ratio on average."""
        moved: dict[str, float] = {}
        others = [team for team in self.teams if team.causes]
        for team in others:
            for cause in team.causes:
                words = about(cause)
                moved[words] = moved.get(words, 0.0) + abs(cause.contribution) / len(others)
        return sorted(moved.items(), key=lambda each: (-round(each[1], 9), each[0]))

    def rows(self) -> list[dict[str, Any]]:
        """Return the teams as rows of a table: ratio, interval, rules, and the largest cause of a difference."""
        return [
            {
                "team": team.team, "sroi_ratio": team.ratio if math.isfinite(team.ratio) else None,
                "low": team.interval[0] if team.interval else None, "high": team.interval[1] if team.interval else None,
                "rules": team.result.rules(),
                "differs_by": team.changed.change if team.changed and math.isfinite(team.changed.change) else None,
                "mostly_because_of": cause_words(team.causes[0]) if team.causes else "", "file": Path(team.file).name,
            }
            for team in self.teams
        ]  # fmt: skip

    def __str__(self) -> str:
        said = ", ".join(f"{team.team} {wording.ratio(team.ratio)}" for team in self.teams)
        return f"{self.case}: {said}; in order of names, no ranking"

    def __repr__(self) -> str:
        # The notebook keeps it, and is handed out: no paths of the trainer's.
        return f"<ClassView {self}>"

    def _repr_html_(self) -> str:
        rows = [
            [team.team, ratio_words(team), interval_words(team), team.result.rules()] for team in self.teams
        ]  # fmt: skip
        return wording.html_table(
            f"{self.case}: in order of names, no ranking", ["Team", "Ratio", "Range", "Rules"], rows, 4
        )


def ratio_words(team: TeamRatio) -> str:
    """Return a team's ratio as people read it."""
    words = wording.ratio(team.ratio)
    return words if words == "no ratio" else f"{words} : 1"


def interval_words(team: TeamRatio) -> str:
    """Return a team's interval as people read it, "no ranges" where its map states none."""
    if team.interval is None:
        return "no ranges"
    return f"{wording.ratio(team.interval[0])} to {wording.ratio(team.interval[1])}"


def about(cause: Cause) -> str:
    """Return what a cause of a difference is about, in words."""
    name = cause.name.split(" + ")[0]
    if "input" in cause.label.split(" “")[0]:
        return _INPUTS
    return _ABOUT.get(name.rpartition(".")[2], _INPUTS if "." in name else _RULES)


def cause_words(cause: Cause) -> str:
    """Return a cause with what it adds to the ratio: "+0.21 from the higher proxy of GP visits"."""
    return f"{signed(cause.contribution)} from the {cause.label}"


def signed(moved: float) -> str:
    """Return a difference of ratios with its sign.

    >>> print(signed(-0.214), signed(0.001))
    −0.21 +0.00
    """
    return f"{moved:+.2f}".replace("-", wording.MINUS)


def gather_class(
    returned: Sequence[str | Path],
    against: str | Path | None = None,
    allow_private: bool = False,
    key: str | Path | None = None,
) -> ClassView:
    """Return a class side by side, from the files that its teams handed back.

    Parameters: `returned`, files or folders of them; `against`, the value map that all are held to (the case itself,
    or a sound map of the key), if it is not to be the first team's; `allow_private`, whether a licence allows values to
    be passed on that may not be as a rule; `key`, the folder key/ of the case: with it each file is taken, or not, as
    `mark_class` takes it; if it is not given, one that lies beside `against` or in a folder of `returned` is used.
    A file that holds no map, an impossible one, or values that may not be passed on, is named with the reason and stops
    nobody else. Raises FileRefused where no team has a map to show, or LicenceRefused where that is why.
    """
    folder = Path(key) if key is not None else key_beside(returned, against)
    read = [read_returned(path) for path in files_in(returned)]
    found = class_maps(read, read_key(folder) if folder is not None else None, allow_private)
    view = _side_by_side(found, against, allow_private)
    return replace(view, key=str(folder)) if folder is not None else view


def _side_by_side(found: ClassMaps, against: str | Path | None, allow_private: bool) -> ClassView:
    maps = found.maps
    order = sorted(maps, key=_natural)
    if against is not None:
        reference = read_value_map(against)
        refuse_private(reference, "the page for the class", allow_private)
        held_to = " ".join(reference.title.split())
    else:
        reference, held_to = maps[order[0]][1], order[0]
    teams = []
    for name in order:
        file, impact_map = maps[name]
        same = impact_map is reference
        changed = None if same else what_changed(reference, impact_map)
        teams.append(TeamRatio(name, file, evaluate(impact_map), interval_of(impact_map), changed))
    return ClassView(_case_of(reference), tuple(teams), held_to, tuple(found.unread), tuple(found.notes))


def _case_of(reference: ImpactMap) -> str:
    """Return what the case is called, without whose exercise it is."""
    title = " ".join(reference.title.split())
    return re.sub(r"\s*\(an exercise for .*?\)\s*", " ", title).strip() or title


def _natural(name: str) -> tuple[Any, ...]:
    """Return a key by which Team 2 stands before Team 10."""
    return tuple(
        (1, int(part), "") if part.isdigit() else (0, 0, part.lower()) for part in re.findall(r"\d+|\D+", name)
    )


# ---- as a notebook and a page ----


def show_class(
    returned: Sequence[str | Path],
    out: Path,
    against: str | Path | None = None,
    allow_private: bool = False,
    force: bool = False,
    key: str | Path | None = None,
) -> tuple[ClassView, tuple[Path, ...]]:
    """Run the class notebook on what the teams handed back; leave class.html, class.ipynb and class.csv in a folder.

    Everything is made in a hidden folder first. Those of an earlier run are replaced. Raises FileRefused, unless
    `force` is given, for files of these names that are somebody else's; what `gather_class` raises, and RunFailed for a
    notebook that stops.
    """
    import shutil
    import tempfile

    from sroi.batch.run import run_notebook
    from sroi.files.together import write_together
    from sroi.shipped import template

    if out.exists() and not out.is_dir():
        raise NameRefused(Problem(f"--out names {out}, which is a file", "Name a folder."))
    foreign = [] if force else not_of_a_class(out)
    if foreign:
        found = f"files are already there that are not of a class: {', '.join(foreign)}"
        raise FileRefused(Problem(found, "Name another folder, or give --force."), str(out))
    folder = Path(key) if key is not None else key_beside(returned, against)
    view = gather_class(returned, against, allow_private, folder)
    stage = Path(tempfile.mkdtemp(prefix="sroi-class-")).resolve()
    try:
        given = {
            "returned": [str(Path(each).resolve()) for each in returned], "out": str(stage),
            "against": str(Path(against).resolve()) if against is not None else "", "allow_private": allow_private,
            "key": str(folder.resolve()) if folder is not None else "",
        }  # fmt: skip
        executed = stage / NOTEBOOK
        run_notebook(template(NOTEBOOK), executed, given)
        without_places(executed, stage, out.resolve())
        files = {path.name: path.read_bytes() for path in sorted(stage.iterdir()) if path.is_file()}
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return view, write_together(files, out, overwrite=True)
