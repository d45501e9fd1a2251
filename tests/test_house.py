"""The house stands as `docs/architecture.md` says: who imports whom, what is kept out, and what the papers claim."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path
from typing import Any

import pytest
import yaml

import sroi
from sroi.framing import Conventions
from sroi.nouns import NUMBER_KINDS
from sroi.result import LADDER

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "sroi"

# From the ground up. A room imports rooms on floors below its own; `sroi` is the public face. A new room gets its place
# here and in the table of docs/architecture.md.
FLOORS = (
    {"version", "errors", "formulas", "wording"},
    {"reading", "evidence", "arguments", "language"},
    {"estimate", "discounting"},
    {"nouns", "framing"},
    {"names", "outcome_words"},
    {"coherence", "laws"},
    {"impact_map"},
    {"result", "findings"},
    {"evaluation"},
    {"sensitivity", "questions", "explaining"},
    {"uncertainty", "comparison", "appraisal", "survey"},
    {"files"},
    {"explorer", "shipped", "provenance", "tables", "terminal"},
    {"workbook_faults", "portfolio"},
    {"plots"},
    {"reports", "warm"},
    {"batch", "assurance", "commissioning"},
    {"teaching"},
    {"sroi"},
    {"commands"},
    {"cli"},
    {"__main__"},
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

# Where an outside library may be imported, at the top of a module or within a function.
JUPYTER = (
    *("papermill", "nbformat", "nbclient", "nbconvert", "traitlets"),
    *("jupyter", "jupyter_client", "jupyter_core", "ipykernel", "IPython"),
)
AT_HOME = {
    "matplotlib": {"plots"},
    "pandas": {"files", "tables", "portfolio", "reports", "commissioning"},
    "yaml": {"files"},
    "ruamel": {"files"},
    "jinja2": {"reports"},
    "docx": {"reports"},
    "pptx": {"reports"},
    "typst": {"reports"},
    "babel": {"language"},
    "markdown_it": {"teaching"},
    "xlsxwriter": {"files", "teaching"},
    "rich": {"terminal", "commands"},
    "pyarrow": {"batch"},
    "distributed": {"batch"},
    "fsspec": {"batch"},
    **{library: {"batch", "reports", "warm"} for library in JUPYTER},
}
HEAVY = {
    "pandas",
    "scipy",
    "matplotlib",
    "papermill",
    "pptx",
    "typst",
    "jinja2",
    "docx",
    "ruamel",
    "nbformat",
    "nbconvert",
    "IPython",
    "babel",
    "rich",
    "pyarrow",
    "distributed",
    "fsspec",
}

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8"), str(path)) for name, path in MODULES.items()}
SOURCES = sorted(path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".j2"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.ipynb"))
ELSEWHERE = (ROOT / "notebooks", ROOT / "case_studies", PACKAGE)
NOTEBOOKS = [*TEMPLATES, *(path for folder in ELSEWHERE for path in sorted(folder.rglob("*.ipynb")))]

every_module = pytest.mark.parametrize("module", MODULES)
every_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.relative_to(ROOT).as_posix())


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def imported(tree: ast.AST, package: str = "sroi") -> Iterator[tuple[str, bool]]:
    """Yield the full name of everything imported, anywhere in a module, and whether it is for type checking only."""
    guards = (node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
    for_types = {id(node) for guard in guards for line in guard.body for node in ast.walk(line)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in for_types) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package)
            yield from ((f"{base}.{alias.name}", id(node) in for_types) for alias in node.names)


def module_of(name: str) -> str:
    """Return the module of the package that an imported name comes from."""
    while name not in MODULES:
        name = name.rpartition(".")[0]
    return name


def package_of(module: str) -> str:
    return module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]


@cache
def imports_of(module: str) -> tuple[tuple[str, bool], ...]:
    """Return what a module of the package imports; many tests ask, and to walk through a tree takes its time."""
    return tuple(imported(TREES[module], package_of(module)))


@cache
def neighbours(module: str) -> frozenset[str]:
    """Return the modules of the package that a module imports."""
    return frozenset(module_of(name) for name, _ in imports_of(module) if name.partition(".")[0] == "sroi")


# ---- imports ----


def test_an_import_within_a_function_is_seen() -> None:
    tree = ast.parse("def draw():\n    from matplotlib import pyplot\n    import sroi.cli")
    assert list(imported(tree)) == [("matplotlib.pyplot", False), ("sroi.cli", False)]


def test_an_import_for_type_checking_alone_is_told_apart() -> None:
    tree = ast.parse("if TYPE_CHECKING:\n    from pandas import DataFrame\nelse:\n    import numpy")
    assert sorted(imported(tree)) == [("numpy", False), ("pandas.DataFrame", True)]


def test_a_relative_import_is_seen_for_what_it_is() -> None:
    assert list(imported(ast.parse("from ..cli import main"), "sroi.files")) == [("sroi.cli.main", False)]


@every_module
def test_every_module_has_its_floor(module: str) -> None:
    assert room_of(module) in FLOOR, "give the room a place in FLOORS and in the table of docs/architecture.md"


@pytest.mark.parametrize("room", sorted(FLOOR))
def test_every_room_named_here_is_built(room: str) -> None:
    assert room in {room_of(module) for module in MODULES}


@every_module
def test_a_room_imports_only_rooms_on_floors_below(module: str) -> None:
    room = room_of(module)
    others = {other for other in neighbours(module) if room_of(other) != room}
    assert [other for other in sorted(others) if FLOOR[room_of(other)] >= FLOOR[room]] == []


def test_imports_make_no_circle() -> None:
    graph = {module: neighbours(module) - {module} for module in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' imports '.join(reversed(error.args[1]))}")


@pytest.mark.parametrize("library", AT_HOME)
def test_a_library_is_imported_only_where_it_is_at_home(library: str) -> None:
    strays = [
        module
        for module in TREES
        for name, for_types in imports_of(module)
        if name.partition(".")[0] == library and not for_types and room_of(module) not in AT_HOME[library]
    ]
    assert strays == []


def test_the_formulas_need_nothing_but_numpy() -> None:
    names = {name.partition(".")[0] for name, _ in imported(TREES["sroi.formulas"])}
    assert names <= {"numpy", "typing", "__future__"}


def loaded_by(*lines: str) -> set[str]:
    """Return the top names of all modules that a fresh Python has loaded after these lines."""
    after = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run(
        [sys.executable, "-c", "\n".join([*lines, after])], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    loaded = set(run.stdout.splitlines()[-1].split())
    assert "sroi" in loaded
    return loaded


@pytest.mark.parametrize(
    "line",
    [
        "import sroi",
        "import sroi; m = sroi.example(); sroi.document(m, sroi.evaluate(m))",
        "import sroi, sroi.cli; sroi.cli.main(['evaluate', str(sroi.case_study('wheels_to_meals'))])",
    ],
    ids=["import sroi", "a result document", "sroi evaluate"],
)
def test_nothing_heavy_is_loaded_by(line: str) -> None:
    assert loaded_by(line) & HEAVY == set()


def test_help_is_shown_without_numpy_or_pydantic() -> None:
    loaded = loaded_by(
        "import contextlib, sroi.cli", "with contextlib.suppress(SystemExit):", "    sroi.cli.main(['--help'])"
    )
    assert loaded & {*HEAVY, "numpy", "pydantic", "yaml"} == set()


# ---- files and lines ----


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_file_is_above_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_no_room_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "misc", "common"}
    assert [module for module in MODULES if drawers & set(module.split("."))] == []


@every_module
def test_nothing_is_imported_by_a_star(module: str) -> None:
    assert [name for name, _ in imports_of(module) if name.endswith(".*")] == []


@pytest.mark.parametrize("module", [module for module in MODULES if room_of(module) not in {"cli", "commands"}])
def test_only_the_command_line_prints(module: str) -> None:
    calls = (node for node in ast.walk(TREES[module]) if isinstance(node, ast.Call))
    prints = [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert prints == []


def public(body: list[ast.stmt], owner: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every public function, class and method, by its name."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield owner + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{node.name}.")


@every_module
def test_everything_public_says_what_it_is(module: str) -> None:
    assert ast.get_docstring(TREES[module])
    assert [name for name, node in public(TREES[module].body) if not ast.get_docstring(node)] == []


def test_the_face_fetches_every_public_name_from_the_room_it_names_for_type_checkers() -> None:
    split = (name.rpartition(".") for name, _ in imported(TREES["sroi"]) if name.startswith("sroi."))
    told = {name: room for room, _, name in split}
    assert set(told) == set(sroi.__all__)
    assert told == {**sroi._ROOMS, "__version__": "sroi.version"}
    assert dir(sroi) == sorted(sroi.__all__)


def test_no_public_name_is_the_name_of_a_room() -> None:
    # Importing the room would bind its name on the package, over the public one.
    assert sorted(set(sroi.__all__) & set(FLOOR)) == []


def test_a_name_that_the_face_does_not_have_is_refused_as_python_does() -> None:
    with pytest.raises(AttributeError, match="module 'sroi' has no attribute 'evalute'"):
        _ = sroi.evalute


@pytest.mark.parametrize("name", sroi.__all__)
def test_a_public_name_is_there_and_explained(name: str) -> None:
    thing = getattr(sroi, name)
    assert isinstance(thing, str) or thing.__doc__


# ---- notebooks ----


def cells_of(notebook: Path, kind: str) -> list[dict[str, Any]]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == kind]


def code_of(cell: dict[str, Any]) -> str:
    """Return a cell's Python, without the lines that speak to Jupyter."""
    lines = "".join(cell["source"]).splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))


def test_the_report_template_is_among_the_notebooks_looked_at() -> None:
    assert ROOT / "templates" / "report.ipynb" in TEMPLATES


@every_notebook
def test_a_notebook_is_saved_without_outputs(notebook: Path) -> None:
    cells = cells_of(notebook, "code")
    assert cells
    assert [place for place, cell in enumerate(cells) if cell["outputs"] or cell["execution_count"] is not None] == []


@every_notebook
def test_a_notebook_defines_no_functions(notebook: Path) -> None:
    nodes = [node for cell in cells_of(notebook, "code") for node in ast.walk(ast.parse(code_of(cell)))]
    defined = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    assert [node.name for node in defined] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_the_first_code_cell_of_a_template_and_no_other_is_tagged_parameters(template: Path) -> None:
    tagged = ["parameters" in cell["metadata"].get("tags", []) for cell in cells_of(template, "code")]
    assert tagged == [True] + [False] * (len(tagged) - 1)


# ---- papers ----


def written(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_architecture_shows_the_floors_that_are_tested() -> None:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", written("docs/architecture.md"), flags=re.MULTILINE)
    assert {room: int(floor) for floor, room in rows} == FLOOR
    assert [int(floor) for floor, _ in rows] == sorted(FLOOR.values())


def test_the_architecture_names_every_command() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "sroi", "--help"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    commands = re.findall(r"^    (\w+) ", run.stdout, flags=re.MULTILINE)
    assert {"new", "check", "evaluate"} <= set(commands)
    assert [name for name in commands if f"`sroi {name}" not in written("docs/architecture.md")] == []


@pytest.mark.parametrize("paper", ["docs/architecture.md", "docs/glossary.md", "CONTRIBUTING.md"])
def test_every_name_in_a_paper_is_in_the_program(paper: str) -> None:
    names = set(re.findall(r"`(sroi(?:\.\w+)+)", written(paper)))
    assert [name for name in sorted(names) if not is_there(name)] == []


def is_there(name: str) -> bool:
    module = max((known for known in MODULES if f"{name}.".startswith(f"{known}.")), key=len)
    thing: Any = importlib.import_module(module)
    for part in name.removeprefix(module).split(".")[1:]:
        if not hasattr(thing, part):
            return False
        thing = getattr(thing, part)
    return True


@pytest.mark.parametrize("name", sorted({*NUMBER_KINDS, *Conventions.model_fields, *LADDER}))
def test_the_glossary_has_every_number_convention_and_step(name: str) -> None:
    assert f"`{name}`" in written("docs/glossary.md")


def test_the_licence_is_mit_wherever_it_is_named() -> None:
    assert written("LICENSE").startswith("MIT License\n\nCopyright (c) 2026 The sroi authors\n")
    assert "WITHOUT WARRANTY OF ANY KIND" in written("LICENSE")
    assert tomllib.loads(written("pyproject.toml"))["project"]["license"] == "MIT"
    assert yaml.safe_load(written("CITATION.cff"))["license"] == "MIT"


def test_the_version_is_one_wherever_it_is_named() -> None:
    project = tomllib.loads(written("pyproject.toml"))
    assert project["project"]["dynamic"] == ["version"]
    source = re.search(r'^__version__ = "(.+)"$', written(project["tool"]["hatch"]["version"]["path"]), re.MULTILINE)
    assert source is not None
    assert source.group(1) == sroi.__version__
    assert yaml.safe_load(written("CITATION.cff"))["version"] == sroi.__version__


def test_the_citation_has_what_the_format_asks_and_invents_no_address() -> None:
    citation = yaml.safe_load(written("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert {"title", "message", "authors"} <= set(citation)
    assert {"doi", "url", "repository", "repository-code", "identifiers"} & set(citation) == set()
