"""Where case studies, templates and lessons lie that travel with the program: beside the package, or in its wheel."""

from __future__ import annotations

from pathlib import Path

from sroi.errors import NameRefused, Problem, did_you_mean
from sroi.files.value_maps import read_value_map
from sroi.impact_map import ImpactMap


def folder(name: str) -> Path:
    """Return the folder `templates` or `case_studies`, or `docs`, of which a wheel holds the glossary alone."""
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def case_studies() -> list[str]:
    """Return the names of the case studies that travel with the program."""
    return sorted(each.parent.name for each in folder("case_studies").glob("*/value_map.yaml"))


def case_study(name: str) -> Path:
    """Return the value map of a case study; NameRefused, with the nearest name, if there is none."""
    if name not in case_studies():
        raise NameRefused(Problem(f"there is no case study '{name}'", did_you_mean(name, case_studies())))
    return folder("case_studies") / name / "value_map.yaml"


def example(name: str = "wheels_to_meals") -> ImpactMap:
    """Return the impact map of a case study."""
    return read_value_map(case_study(name))


def template(name: str) -> Path:
    """Return a template, such as `report.ipynb`."""
    return folder("templates") / name


def template_named(place: str) -> str:
    """Return where a template is: what is named, or, of a bare name that is no file here, the one that travels with us.

    >>> template_named("elsewhere/report.ipynb"), Path(template_named("report.ipynb")) == template("report.ipynb")
    ('elsewhere/report.ipynb', True)
    """
    shipped = {each.name for each in folder("templates").glob("*.ipynb")}
    return str(template(place)) if place in shipped and not Path(place).exists() else place


def notebook(name: str) -> Path:
    """Return a lesson's notebook, such as `01_first_ratio.ipynb`; NameRefused, with the nearest, if there is none."""
    known = sorted(each.name for each in folder("notebooks").glob("*.ipynb"))
    if name not in known:
        raise NameRefused(Problem(f"there is no notebook '{name}'", did_you_mean(name, known)))
    return folder("notebooks") / name
