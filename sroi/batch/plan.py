"""A plan, checked as a whole against the notebook before anything runs: every fault in one message, with its place."""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from sroi.batch.addresses import at_hand, files_on_store, is_address
from sroi.batch.parameters import Parameter, as_kind, checked, declared, misfit
from sroi.batch.runs import Run, key_of, seed_of, sha256_of
from sroi.errors import FileRefused, Problem, SroiError, TemplateRefused, did_you_mean
from sroi.files.plan_tables import Entry, PlanRow, PlanTable, read_plan_table
from sroi.files.value_maps import JSON, STANDARD, WORKBOOKS, YAML, read_value_map

# What the batch itself hands over.
SET_BY_US = ("out",)
MOST_MAPS = 100_000
_MOST_SHOWN = 200
_MAPS = (*YAML, JSON, STANDARD, *WORKBOOKS)


@dataclass(frozen=True)
class Plan:
    """A plan that can be run: its runs in order, the parameters it gives, and what its reader should know."""

    file: str
    runs: tuple[Run, ...]
    columns: tuple[Parameter, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Basis:
    """What a run's key rests on beside its row: the template's hash, that of the packages, and the batch's seed."""

    template_sha256: str
    packages_sha256: str
    seed: int


# A value map: a file of this machine, or the address of one on a store.
Where = Path | str


def read_plan(path: Path, template: Path, constants: Mapping[str, str], basis: Basis, place: str = "") -> Plan:
    """Return the plan in a file; `constants` are parameters that all rows share.

    `place`: the plan's address, if it stands on a store and `path` is a copy of it; its value maps are there too.

    FileRefused or TemplateRefused, with everything that is wrong in one message, for a plan that cannot be run.
    """
    known = declared(template)
    shared = checked(template, constants)
    if isinstance(shared.get("value_map"), str) and not is_address(
        shared["value_map"]
    ):  # what stands on the command line is relative to where it was given
        shared["value_map"] = os.path.abspath(os.path.expanduser(shared["value_map"]))
    table = read_plan_table(path)
    with tempfile.TemporaryDirectory(prefix="sroi-maps-") as copies:
        checker = _Checker(path, known, shared, template.name, place.rpartition("/")[0], Path(copies))
        return _planned(table, checker, shared, constants, basis)


def _planned(
    table: PlanTable, checker: _Checker, shared: Mapping[str, Any], constants: Mapping[str, str], basis: Basis
) -> Plan:
    problems = [*table.problems, *checker.faults_of_columns(table), *checker.faults_of_constants(constants, table)]
    planned: list[tuple[int, dict[str, Any], Where | None]] = []
    for row in table.rows:
        more, faults = checker.read_row(row)
        planned += more
        problems += faults
    if problems:
        raise FileRefused(_in_order(problems), table.file)
    runs = tuple(
        run_of(row, {**shared, **values}, found, checker.folder, basis, checker.hashes)
        for row, values, found in planned
    )
    names = [*shared, *(name for name in table.columns if name not in shared)]
    return Plan(table.file, runs, tuple(checker.known[name] for name in names), table.notes)


def run_of(
    row: int,
    parameters: Mapping[str, Any],
    value_map: Where | None,
    folder: Path,
    basis: Basis,
    hashes: Mapping[Where, str],
) -> Run:
    """Return one run; `folder` is the one that its paths are relative to."""
    values, given = dict(parameters), dict(parameters)
    sha256 = None
    if value_map is not None:
        values["value_map"] = value_map if isinstance(value_map, str) else named_from(value_map, folder)
        given["value_map"] = str(value_map)
        sha256 = hashes[value_map]
    own = {name: values[name] for name in sorted(values)}
    key = key_of(own, basis.template_sha256, sha256, basis.packages_sha256, row, basis.seed)
    seed = given["seed"] if isinstance(given.get("seed"), int) else seed_of(own, basis.seed)
    return Run(key, row, values, given, seed, None if value_map is None else str(value_map), sha256)


def named_from(path: Path, folder: Path) -> str:
    """Return a path as seen from a folder, if it lies in it: a project that is moved as a whole keeps its keys."""
    try:
        return path.relative_to(Path(os.path.abspath(folder))).as_posix()
    except ValueError:
        return path.as_posix()


def map_hash(path: Path) -> str:
    """Return the SHA-256 of a value map that can be read; the map's own refusal if it cannot."""
    read_value_map(path)
    return sha256_of(path)


def _in_order(problems: list[Problem]) -> list[Problem]:
    """Return problems by line; beyond what anybody reads, a count."""
    ordered = sorted(problems, key=lambda problem: problem.line or 0)
    if len(ordered) > _MOST_SHOWN:
        rest = len(ordered) - _MOST_SHOWN
        ordered = [*ordered[:_MOST_SHOWN], Problem(f"and {rest:,} more problems", "Mend these first.")]
    return ordered


class _Checker:
    """Holds a plan against a notebook; each value map is read once, however many rows name it."""

    def __init__(
        self, plan: Path, known: Mapping[str, Parameter], shared: Mapping[str, Any], template: str, store: str,
        copies: Path,
    ) -> None:  # fmt: skip
        self.folder = plan.parent
        self.store = store  # the address of the plan's folder, if it stands on a store
        self.copies = copies
        self.known = known
        self.shared = shared
        self.template = template
        self.hashes: dict[Where, str] = {}
        self.refused: dict[Where, tuple[str, str]] = {}

    def faults_of_columns(self, table: PlanTable) -> Iterator[Problem]:
        """Yield the columns that the notebook has no parameter for, or that are not the plan's to give."""
        for column, head in table.columns.items():
            if column in SET_BY_US:
                found = f"the column '{column}' is set by the batch: a folder of its own for each run"
                yield _at(head, found, "Leave it out.")
            elif column not in self.known:
                known = [name for name in self.known if name not in SET_BY_US]
                yield _at(head, f"{self.template} has no parameter '{column[:60]}'", did_you_mean(column, known))
            elif column in self.shared:
                yield _at(head, f"'{column}' is a column of the plan, and given by -p too", "Keep one of the two.")

    def faults_of_constants(self, constants: Mapping[str, str], table: PlanTable) -> Iterator[Problem]:
        """Yield what is wrong with the parameters that all rows share."""
        for name in constants:
            if name in SET_BY_US:
                yield Problem(f"the parameter '{name}' is set by the batch", "Leave it out.", "-p")

    def read_row(self, row: PlanRow) -> tuple[list[tuple[int, dict[str, Any], Where | None]], list[Problem]]:
        """Return the runs of a row, one for each value map that it names, and what is wrong with it."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        entries = dict(row.entries)
        if "value_map" in self.shared and "value_map" not in entries:
            entries["value_map"] = Entry(self.shared["value_map"], cell="-p")
        maps: list[Where] | None = None
        for column, entry in entries.items():
            if column not in self.known or column in SET_BY_US:
                continue
            if column == "value_map":
                maps, faults = self._maps_of(entry)
                problems += faults
                continue
            kind = self.known[column].kind
            if isinstance(entry.value, list | dict) and kind not in ("list", "dict", ""):
                problems.append(_at(entry, f"'{column}' is given a list or group", "Give one value."))
                continue
            try:
                values[column] = as_kind(entry.value, kind)
            except ValueError:
                problems.append(_placed(misfit(column, entry.value, kind), entry))
        if "value_map" in self.known and maps is None and "value_map" not in row.entries:
            default = self.known["value_map"].default
            found = f"no value map is named, and the notebook's own ({default[:60]}) is an example"
            where = _place_of(row)
            problems.append(_at(where, found, "Fill in the column value_map."))
        for name, parameter in self.known.items():
            if not parameter.default and name not in {*entries, *self.shared, *SET_BY_US, "seed", "value_map"}:
                found = f"'{name}' is not given, and the notebook has no default for it"
                problems.append(_at(_place_of(row), found, "Fill it in."))
        chosen: list[Where | None] = [None] if maps is None else list(maps)
        return [(row.number, values, each) for each in chosen], problems

    def _maps_of(self, entry: Entry) -> tuple[list[Where], list[Problem]]:
        """Return the value maps that a path, a folder or a pattern stands for, in order, and what is wrong."""
        if not isinstance(entry.value, str):
            return [], [_at(entry, "'value_map' is given a list or group", "Name a file, a folder or a pattern.")]
        written = entry.value
        if self.store and not is_address(written):
            written = f"{self.store}/{written.lstrip('/')}"
        if is_address(written):
            return self._maps_on_store(entry, written)
        found: list[Where]
        try:
            path = Path(os.path.abspath(self.folder / os.path.expanduser(written)))
            if path.is_dir():
                found = _maps_in(glob.iglob(os.path.join(glob.escape(str(path)), "*")))
                what = f"the folder {written[:100]} holds no value map"
            elif any(sign in written for sign in "*?[") and not path.exists():
                found = _maps_in(glob.iglob(str(path), recursive=True))
                what = f"no value map matches {written[:100]}"
            else:
                found, what = [path], ""
        except (OSError, ValueError) as error:
            return [], [_at(entry, f"'{written[:60]}' cannot be a path ({error})", "Name a file.")]
        if len(found) > MOST_MAPS:
            return [], [_at(entry, f"{written[:100]} stands for more than {MOST_MAPS:,} maps", "Name fewer at once.")]
        if not found:
            return [], [_at(entry, what, f"A value map ends in {', '.join(_MAPS[:-1])} or {_MAPS[-1]}.")]
        faults = [_at(entry, *refusal) for each in found if (refusal := self._refusal_of(each)) is not None]
        return found, faults

    def _maps_on_store(self, entry: Entry, address: str) -> tuple[list[Where], list[Problem]]:
        try:
            found: list[Where] = [each for each in files_on_store(address) if each.lower().endswith(_MAPS)]
        except SroiError as error:
            first = error.problems[0]
            return [], [_at(entry, f"'{address[:100]}': {first.found}", first.remedy)]
        if not found:
            said = f"no value map is there, or matches: {address[:100]}"
            return [], [_at(entry, said, f"A value map ends in {', '.join(_MAPS[:-1])} or {_MAPS[-1]}.")]
        return found, [_at(entry, *refusal) for each in found if (refusal := self._refusal_of(each)) is not None]

    def _refusal_of(self, path: Where) -> tuple[str, str] | None:
        """Return why a value map cannot be used, and what to do; None if it can."""
        if path not in self.hashes and path not in self.refused:
            try:
                self.hashes[path] = map_hash(at_hand(path, self.copies) if isinstance(path, str) else path)
            except SroiError as error:
                first, more = error.problems[0], len(error.problems) - 1
                folder = os.path.dirname(path) + os.sep
                said = str(replace(first, remedy="")).rstrip(".").replace(folder, "")
                remedy = first.remedy.replace(folder, "")
                name = path if isinstance(path, str) else named_from(path, self.folder)
                rest = f" And {more} more: `sroi check {name.rpartition('/')[2]}` says all." if more else ""
                self.refused[path] = (f"the value map {name} cannot be used: {said}", f"{remedy}{rest}")
        return self.refused.get(path)


def _maps_in(paths: Iterator[str]) -> list[Where]:
    """Return the value maps among paths, sorted; what Excel and others leave beside an open file is none."""
    kept = (
        path for path in paths if path.lower().endswith(_MAPS) and not os.path.basename(path).startswith(("~$", "."))
    )
    return sorted(Path(path) for path in islice(kept, MOST_MAPS + 1) if os.path.isfile(path))


def _place_of(row: PlanRow) -> Entry:
    first = next(iter(row.entries.values()), None)
    if first is None:
        return Entry("", cell=f"row {row.number}")
    return Entry("", first.line, first.cell and f"the row of {first.cell}")


def _at(entry: Entry, found: str, remedy: str) -> Problem:
    return Problem(found, remedy, line=entry.line, cell=entry.cell)


def _placed(problem: Problem, entry: Entry) -> Problem:
    return replace(problem, line=entry.line, cell=entry.cell)


def single_run(template: Path, given: Mapping[str, str], row: int, basis: Basis) -> Run:
    """Return the one run of `sroi run-one`; its paths are relative to the folder where the command stands."""
    refused = [name for name in given if name in SET_BY_US]
    if refused:
        found = [
            Problem(f"the parameter '{name}' is set by the run", "Leave it out: --out names it.") for name in refused
        ]
        raise TemplateRefused(found, template.name)
    values = checked(template, given)
    if "value_map" not in declared(template):
        return run_of(row, values, None, Path(), basis, {})
    if "value_map" not in values:
        raise TemplateRefused(Problem("no value map is named", "Give one: -p value_map MAP."), template.name)
    named = str(values["value_map"])
    if is_address(named):
        with tempfile.TemporaryDirectory(prefix="sroi-maps-") as copies:
            return run_of(row, values, named, Path(), basis, {named: map_hash(at_hand(named, Path(copies)))})
    path = Path(os.path.abspath(os.path.expanduser(named)))
    return run_of(row, values, path, Path(), basis, {path: map_hash(path)})
