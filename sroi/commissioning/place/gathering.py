"""Where the projects come from: a folder of value maps, a finished batch, or value maps one by one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sroi.errors import FileRefused, ImpossibleMap, NameRefused, Problem, SroiError
from sroi.evaluation import evaluate
from sroi.files.value_maps import read_value_map
from sroi.portfolio.projects import Gathered, Project, by_name, gather
from sroi.provenance import document


def gathered_of(place: str | Path | Sequence[str | Path], may_be_empty: bool = False) -> Gathered:
    """Return the projects of a folder, or of value maps that are named one by one.

    A map of a folder that cannot be read is told and left out, as a portfolio does; one that is named is refused.
    """
    paths = [Path(each) for each in listed(place)]
    if not paths:
        if may_be_empty:
            return Gathered((), (), "a delivery register")
        raise NameRefused(Problem("no value map is named", "Name a folder of value maps, or value maps."))
    if len(paths) == 1 and paths[0].is_dir():
        return gather(paths[0])
    found: list[Project] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            impact_map = read_value_map(path)
            found.append(
                Project(impact_map.title.strip(), path.name, document(impact_map, evaluate(impact_map)), impact_map)
            )
        except SroiError as error:
            problems += [Problem(f"{path.name}: {str(each).removesuffix('.')}", "") for each in error.problems]
    if problems:
        raise ImpossibleMap(problems)
    titles = [each.name for each in found]
    apart = [
        Project(f"{each.name} ({path})", each.source, each.document, each.impact_map)
        if titles.count(each.name) > 1
        else each
        for each, path in zip(found, paths, strict=True)
    ]
    if len({str(path.resolve()) for path in paths}) < len(paths):
        raise FileRefused(Problem("a value map is named twice", "Name each once."))
    alike = len({path.name for path in paths}) < len(paths)  # in folders of their own: wheels/value_map.yaml
    names = [f"{path.parent.name}/{path.name}" if alike and path.parent.name else path.name for path in paths]
    return Gathered(tuple(by_name(apart)), (), ", ".join(names[:3]) + (", .." if len(names) > 3 else ""))


def listed(place: str | Path | Sequence[str | Path]) -> list[str]:
    """Return the paths that are meant: one, several in a list, or several with semicolons between them."""
    given = [place] if isinstance(place, str | Path) else list(place)
    parts = [
        part.strip() for each in given for part in ([str(each)] if isinstance(each, Path) else str(each).split(";"))
    ]
    return [part for part in parts if part]
