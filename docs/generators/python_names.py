"""The Python reference: the public names of `sroi`, and of the modules that notebooks use, each by its docstring."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import sroi
from generators.writing import escaped

# What notebooks and other programs use besides the face of the package, by what they want to do.
MODULES = {
    "Reckoning": ("sroi.formulas", "sroi.estimate", "sroi.result", "sroi.errors"),
    "What if, and how sure": ("sroi.sensitivity", "sroi.uncertainty", "sroi.uncertainty.decisions", "sroi.comparison"),
    "Evidence": (
        "sroi.survey",
        "sroi.evidence.schedules",
        "sroi.evidence.prices",
        "sroi.evidence.currencies",
        "sroi.evidence.carbon",
        "sroi.evidence.register",
        "sroi.appraisal.uprating",
        "sroi.appraisal.confidence",
        "sroi.appraisal.pockets",
    ),
    "Questions": ("sroi.findings", "sroi.questions", "sroi.questions.profile", "sroi.explaining"),
    "Many projects": (
        "sroi.portfolio.evaluating",
        "sroi.portfolio.projects",
        "sroi.portfolio.study",
        "sroi.batch.recording",
        "sroi.batch.run",
    ),
    "Tables, figures and reports": (
        "sroi.tables",
        "sroi.plots",
        "sroi.reports.analysis",
        "sroi.reports.story",
        "sroi.reports.blocks",
        "sroi.reports.writing",
        "sroi.reports.styling",
        "sroi.assurance",
        "sroi.explorer",
    ),
    "Teaching": (
        "sroi.teaching",
        "sroi.teaching.cases",
        "sroi.teaching.faults",
        "sroi.teaching.marking",
        "sroi.teaching.classroom",
        "sroi.teaching.pack",
        "sroi.teaching.handouts",
    ),
    "Files": ("sroi.files.value_maps", "sroi.files.schema", "sroi.files.survey_reader"),
}


def names_page() -> str:
    """Return every public name of `sroi` as Markdown: functions first, then classes, each by its docstring."""
    names = [name for name in sroi.__all__ if not isinstance(getattr(sroi, name), str)]
    functions = [name for name in names if not inspect.isclass(getattr(sroi, name))]
    classes = [name for name in names if name not in functions]
    texts = [name for name in sroi.__all__ if name not in names]
    return "\n".join(
        [
            "## Functions\n",
            _documented("sroi", functions),
            "## Classes\n",
            _documented("sroi", classes),
            "## Texts\n",
            *(f"`sroi.{name}`, here {escaped(repr(getattr(sroi, name)))}\n" for name in texts),
        ]
    )


def modules_page() -> str:
    """Return the modules that notebooks use as Markdown, by what they are for."""
    return "\n".join(line for title, modules in MODULES.items() for line in _section(title, modules))


def _section(title: str, modules: tuple[str, ...]) -> Iterator[str]:
    yield f"## {title}\n"
    for name in filter(find_spec, modules):
        module = import_module(name)
        first = (module.__doc__ or "").strip().partition("\n\n")[0]
        yield f"### `{name}`\n\n{escaped(first)}\n"
        told = public_names(module)
        face = [each for each in told if getattr(sroi, each, None) is getattr(module, each)]
        if face:
            links = ", ".join(f"[`{each}`](#sroi.{each})" for each in face)
            yield f"{links}: see the [public names](python.md).\n"
        yield _documented(name, [each for each in told if each not in face])


def public_names(module: ModuleType) -> list[str]:
    """Return the functions and classes that a module offers: those it lists, else those that it defines."""
    listed = getattr(module, "__all__", None)
    names = listed if listed is not None else [name for name in vars(module) if not name.startswith("_")]
    things = {name: getattr(module, name) for name in names}
    return [
        name
        for name, thing in things.items()
        if (inspect.isclass(thing) or inspect.isroutine(thing))
        and (listed is not None or thing.__module__ == module.__name__)
    ]


def _documented(module: str, names: list[str]) -> str:
    if not names:
        return ""
    lines = ["```{eval-rst}"]
    for name in names:
        thing = getattr(import_module(module), name)
        lines.append(f".. {_directive(thing)}:: {module}.{name}")
        if inspect.isclass(thing):
            lines += ["   :members:", "   :member-order: bysource"]
        lines.append("")
    return "\n".join([*lines, "```", ""])


def _directive(thing: object) -> str:
    if not inspect.isclass(thing):
        return "autofunction"
    return "autoexception" if issubclass(thing, BaseException) else "autoclass"
