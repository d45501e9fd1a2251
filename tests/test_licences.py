"""What may not be passed on does not leave; what may says what it owes; and nothing in the repository is closed."""

from __future__ import annotations

import copy
import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

import sroi
from sroi.assurance import assurance_pack
from sroi.batch.report import make_report
from sroi.cli import main
from sroi.errors import LicenceRefused
from sroi.evidence import licences
from sroi.evidence.licences import closed_work, may_ship, resources
from sroi.explorer import write_explorer
from sroi.files.workbook_writer import workbook_bytes
from sroi.questions.licences import private_values, refuse_private
from sroi.questions.sources import MARKS
from sroi.reports.analysis import analyse
from sroi.reports.closing import sources
from sroi.reports.story import tell
from sroi.reports.writing import write_report

pytestmark = pytest.mark.usefixtures("warm_notebooks")

ROOT = Path(__file__).parents[1]
Tree = dict[str, Any]


def private(tree: Tree, **proxy: Any) -> sroi.ImpactMap:
    changed = copy.deepcopy(tree)
    changed["outcomes"][0]["proxy"] |= proxy
    return sroi.ImpactMap.model_validate(changed)


CLOSED = [
    {"passing_on": "no"},
    {"source": "HACT, a value of theirs"},
    {"licence": "Social Value Portal, under our licence"},
    {"source": "National TOMs 2022"},
    {"register": "hact_12"},
    {"description": "as the Social Value Engine has it"},
    {"value": {"value": 30, "source": "Global Value Exchange"}},
]


@pytest.mark.parametrize("proxy", CLOSED, ids=str)
def test_a_value_that_may_not_be_passed_on_is_known_as_one(small_tree: Tree, proxy: Tree) -> None:
    impact_map = private(small_tree, **proxy)
    assert [each.outcome.id for each in private_values(impact_map)] == ["calmer"]
    assert [each.kind for each in sroi.review(impact_map)].count("not_to_be_passed_on") == 1


@pytest.mark.parametrize(
    "proxy",
    [
        {"source": "HACT, a value of theirs", "passing_on": "yes"},
        {"source": "the contact centre's own count"},
        {"source": "Tom's survey; customs; stomachs"},
        {"source": "PSSRU, Unit Costs of Health and Social Care: a single cited fact"},
        {"source": "global survey of social value in practice"},
    ],
    ids=str,
)
def test_other_words_and_a_licence_that_allows_it_pass(small_tree: Tree, proxy: Tree) -> None:
    assert list(private_values(private(small_tree, **proxy))) == []


def test_an_outcome_that_is_told_but_not_counted_is_held_back_too(small_tree: Tree) -> None:
    small_tree["outcomes"][0] |= {"valued": "no"}
    assert len(list(private_values(private(small_tree, passing_on="no")))) == 1


def test_every_name_of_a_closed_work_holds_a_mark_and_stands_on_the_list() -> None:
    assert MARKS == licences.MARKS
    closed = {resource.resource for resource in resources() if resource.ship == "no"}
    assert closed == set(licences.CLOSED_NAMES)
    for name in closed:
        assert closed_work(name) == name


def write(tree: Tree, tmp_path: Path, **proxy: Any) -> Path:
    path = tmp_path / "private.yaml"
    sroi.write_value_map(private(tree, **proxy), path)
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        ("convert", "MAP", "OUT.xlsx"), ("convert", "MAP", "OUT.jsonld"), ("convert", "MAP", "OUT.json"),
        ("report", "MAP", "--out", "OUT"), ("assure", "MAP", "--out", "OUT.zip"), ("explorer", "MAP", "--out", "OUT.html"),
    ],
    ids=lambda each: f"{each[0]} {each[2]}",
)  # fmt: skip
def test_a_forbidden_value_is_stopped_at_every_way_out(
    small_tree: Tree, tmp_path: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(small_tree, tmp_path, source="HACT, a value of theirs")
    given = [each.replace("MAP", str(path)).replace("OUT", str(tmp_path / "out")) for each in arguments]
    assert main(given) == 1
    said = capsys.readouterr().err
    assert "would pass on the value of 'Feel calmer', but it comes from HACT UK Social Value Bank" in said
    assert "calmer.proxy" in said
    assert "line " in said
    assert "passing_on: yes in the proxy, or --allow-private" in said
    assert [each.name for each in tmp_path.iterdir()] == ["private.yaml"]


@pytest.mark.parametrize("arguments", [("evaluate",), ("check",), ("explain",)])
def test_ones_own_screen_shows_everything(
    small_tree: Tree, tmp_path: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, str(write(small_tree, tmp_path, passing_on="no"))]) == 0


def test_whose_licence_allows_it_may_say_so(
    small_tree: Tree, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(small_tree, tmp_path, passing_on="no")
    assert main(["convert", str(path), str(tmp_path / "out.xlsx"), "--allow-private"]) == 0
    assert main(["explorer", str(path), "--out", str(tmp_path / "out.html"), "--allow-private"]) == 0


def test_python_is_held_to_the_same(small_tree: Tree, tmp_path: Path) -> None:
    impact_map = private(small_tree, passing_on="no")
    analysis = analyse(impact_map, sroi.evaluate(impact_map))
    with pytest.raises(LicenceRefused, match="the report would pass on"):
        write_report(tell(analysis), analysis, tmp_path, "html")
    with pytest.raises(LicenceRefused, match="the assurance pack would pass on"):
        assurance_pack(impact_map)
    with pytest.raises(LicenceRefused, match="the explorer would pass on"):
        write_explorer(impact_map, tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []
    refuse_private(impact_map, "a copy for ourselves", allowed=True)


def test_an_earlier_version_with_a_private_value_keeps_the_pack_back(
    small_tree: Tree, small_map: sroi.ImpactMap
) -> None:
    with pytest.raises(LicenceRefused):
        assurance_pack(small_map, private(small_tree, passing_on="no"))


def test_any_notebook_is_held_to_it_by_the_command_that_runs_it(small_tree: Tree, tmp_path: Path) -> None:
    with pytest.raises(LicenceRefused):
        make_report(
            write(small_tree, tmp_path, passing_on="no"), tmp_path / "out", ROOT / "templates" / "sensitivity.ipynb"
        )
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_report_of_a_private_value_is_made_for_whose_licence_allows_it(small_tree: Tree, tmp_path: Path) -> None:
    path = write(small_tree, tmp_path, passing_on="no", acknowledgement="By kind leave of the owner")
    assert main(["report", str(path), "--out", str(tmp_path / "out"), "--formats", "html", "--allow-private"]) == 0
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Sources and licences" in page
    assert "By kind leave of the owner" in page


def test_all_private_values_are_named_in_one_message(small_tree: Tree) -> None:
    for outcome in small_tree["outcomes"]:
        outcome["proxy"]["passing_on"] = "no"
    with pytest.raises(LicenceRefused) as caught:
        refuse_private(sroi.ImpactMap.model_validate(small_tree), "the report")
    assert [problem.where for problem in caught.value.problems] == ["calmer.proxy", "healthier.proxy"]


def test_reports_and_workbooks_say_what_is_owed(small_tree: Tree, tmp_path: Path) -> None:
    impact_map = private(small_tree, licence="CC BY 4.0", acknowledgement="The makers, CC BY 4.0.", passing_on="yes")
    section = sources(analyse(impact_map, sroi.evaluate(impact_map)))
    told = str(section.blocks)
    assert section.heading == "Sources and licences"
    assert "('Feel calmer', 'CC BY 4.0', 'yes')" in told
    assert "The makers, CC BY 4.0." in told
    path = tmp_path / "out.xlsx"
    path.write_bytes(workbook_bytes(impact_map))
    from sroi.files.sheets import open_book

    guide = open_book(path).sheet("Guide")
    assert guide is not None
    assert "Acknowledgement: The makers, CC BY 4.0." in [cell.value for cell in guide.cells.values()]


# ---- everything in the repository and the wheel ----

NAMES = re.compile(r"\bHACT\b|\bTOMs\b|Social Value Engine|Global Value Exchange|Social Value Bank|PSSRU|\bCurtis\b")


IN_THE_WHEEL = ("sroi", "templates", "case_studies", "notebooks", "docs/glossary.md")


def shipped_files() -> list[Path]:
    """Every text file that the wheel holds: the package, the templates, the case studies, the lessons, the glossary."""
    held = [path for name in IN_THE_WHEEL for path in (ROOT / name, *sorted((ROOT / name).rglob("*")))]
    return [path for path in held if path.suffix in {".csv", ".yaml", ".yml", ".toml", ".json", ".md", ".ipynb"}]


def test_the_wheel_is_made_of_what_is_walked_through_here() -> None:
    import tomllib

    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(wheel["packages"]) | set(wheel["force-include"]) == set(IN_THE_WHEEL)


def test_no_closed_works_name_stands_beside_a_number() -> None:
    beside = []
    for path in shipped_files():
        if path.name == "licences.csv":
            continue
        if path.parent.name == "register":
            with path.open(encoding="utf-8", newline="") as lines:
                beside += [
                    row["id"] for row in csv.DictReader(lines) if row["value"] and NAMES.search(" ".join(row.values()))
                ]
        elif path.suffix in {".csv", ".yaml", ".yml"} and NAMES.search(path.read_text(encoding="utf-8")):
            beside.append(path.name)
    assert beside == []


def test_every_value_of_every_data_file_states_its_licence() -> None:
    for path in sorted((ROOT / "sroi" / "data").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        if "licence" not in rows[0]:
            continue
        assert all(row["licence"] for row in rows), path.name
        assert [row for row in rows if closed_work(row.get("publisher"), row.get("source_title"))] == [], path.name
        if path.parent.name == "register":
            assert all(may_ship(row["publisher"], row["licence"]) for row in rows), path.name


@pytest.mark.parametrize(
    "path", sorted((ROOT / "case_studies").glob("*/value_map.yaml")), ids=lambda path: path.parent.name
)
def test_no_case_study_holds_a_value_that_may_not_be_passed_on(path: Path) -> None:
    assert list(private_values(sroi.read_value_map(path))) == []
    assert "icence" in (path.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "templates").glob("value_map.*")), ids=lambda path: path.name)
def test_no_template_holds_one_either(path: Path) -> None:
    assert list(private_values(sroi.read_value_map(path))) == []


def test_the_list_of_licences_is_that_of_the_reviewed_works() -> None:
    ships = {resource.resource: resource.ship for resource in resources()}
    assert ships["HACT UK Social Value Bank"] == ships["National TOMs"] == ships["Social Value Engine"] == "no"
    assert ships["Unit Costs of Health and Social Care (PSSRU)"] == "cite"
    assert set(ships.values()) == {"yes", "importer", "cite", "no"}


@pytest.mark.parametrize(
    "arguments", [("sensitivity", "MAP"), ("uncertainty", "MAP", "--assume", "10%"), ("compare", "MAP", "MAP2")]
)
def test_figures_and_tables_of_a_private_value_do_not_leave(
    arguments: tuple[str, ...], small_tree: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small_tree["outcomes"][0]["proxy"]["passing_on"] = "no"
    names = {"MAP": tmp_path / "a.json", "MAP2": tmp_path / "b.json"}
    for path in names.values():
        path.write_text(json.dumps(small_tree), encoding="utf-8")
    line = [str(names.get(word, word)) for word in arguments]
    out = tmp_path / "left"
    assert main([*line, "--out", str(out)]) == 1
    said = capsys.readouterr()
    assert "what --out leaves would pass on the value of 'Feel calmer'" in said.err
    assert not out.exists()
    assert main(line) == 0, "on one's own screen it is one's own"
    assert main([*line, "--out", str(out), "--allow-private"]) == 0
    assert list((out / "tables").iterdir())
