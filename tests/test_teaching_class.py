"""The class side by side: in order of names, with rules and intervals, what made them differ, and a page that is safe."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sroi
from sroi.comparison import what_changed
from sroi.errors import FileRefused, LicenceRefused
from sroi.files.csv_writer import csv_bytes
from sroi.shipped import template
from sroi.teaching.cases import sound_case
from sroi.teaching.classroom import ClassView, about, gather_class, show_class
from sroi.teaching.classroom_files import not_of_a_class
from sroi.teaching.classroom_maps import team_name
from sroi.teaching.classroom_page import class_page
from sroi.teaching.returned import Returned
from sroi.teaching.trees import map_of, tree_of

pytestmark = pytest.mark.usefixtures("warm_notebooks")

RATES = {"team_1": "3.5%", "team_2": "6%", "team_10": "0%"}


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three teams who differ in one convention, whose effect can be reckoned by hand."""
    folder: Path = tmp_path_factory.mktemp("returned")
    text = sroi.case_study("wheels_to_meals").read_text(encoding="utf-8")
    for name, rate in RATES.items():
        (folder / f"{name}.yaml").write_text(text.replace("discount_rate: 3.5%", f"discount_rate: {rate}"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def view(returned: Path) -> ClassView:
    return gather_class([returned])


def test_teams_stand_in_order_of_their_names_and_ten_comes_after_two(view: ClassView) -> None:
    assert [team.team for team in view.teams] == ["Team 1", "Team 2", "Team 10"]
    assert [round(team.ratio, 2) for team in view.teams] == [1.93, 1.88, 2.0]
    assert str(view) == "Wheels-to-Meals: Team 1 1.93, Team 2 1.88, Team 10 2.00; in order of names, no ranking"


def test_the_rules_stand_beside_each_ratio(view: ClassView) -> None:
    page = class_page(view)
    for rate in ("3.5 %", "6 %", "0 %"):
        assert f"discounted from the end of each year at {rate} a year" in page.replace("\u00a0", " ")
    assert page.count('class="ratio"') == 3
    assert "This is no ranking: a higher ratio is not a better answer." in page


def test_what_made_them_differ_is_the_change_explainers_word_and_adds_up(returned: Path, view: ClassView) -> None:
    second = view.teams[1]
    maps = [sroi.read_value_map(returned / f"{name}.yaml") for name in ("team_1", "team_2")]
    causes = what_changed(*maps).causes
    assert [cause.to_dict() for cause in second.causes] == [cause.to_dict() for cause in causes]
    assert sum(cause.contribution for cause in second.causes) == pytest.approx(second.ratio - view.teams[0].ratio)
    assert view.about() == [("the rules of reckoning", pytest.approx((0.0629 + 0.0945) / 2, abs=0.02))]


def test_all_may_be_held_to_the_case_itself(returned: Path) -> None:
    held = gather_class([returned / "team_2.yaml"], sroi.case_study("befriending"))
    assert held.held_to == "Larkhaven befriending (an illustration)"
    assert held.teams[0].changed is not None


def test_teams_of_a_made_case_differ_by_what_they_counted_priced_and_deducted(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        own = sound_case(sroi.example("befriending"), 3, 3, f"Team {number}")
        sroi.write_value_map(own, tmp_path / f"team_{number}.yaml")
    found = gather_class([tmp_path])
    assert found.case == "Larkhaven befriending (an illustration)"
    assert all(team.interval and team.interval[0] < team.ratio < team.interval[1] for team in found.teams)
    assert {words for words, _ in found.about()} >= {"how many changed", "what a change is worth", "what is deducted"}
    page = class_page(found)
    assert "Range " in page
    assert "What made them differ from Team 1" in page


def test_what_a_cause_is_about_is_told_by_its_name() -> None:
    guide = sroi.example("wheels_to_meals")
    tree = tree_of(guide)
    tree["inputs"][0]["value"] = 30000
    dearer = map_of(tree)
    [cause] = what_changed(guide, dearer).causes
    assert about(cause) == "what was put in"


def test_the_explorers_file_and_a_workbook_are_read_too(tmp_path: Path) -> None:
    guide = sroi.example("wheels_to_meals")
    sroi.write_value_map(guide, tmp_path / "blue.json")
    sroi.write_value_map(guide, tmp_path / "green.xlsx")
    assert [team.team for team in gather_class([tmp_path]).teams] == ["Blue", "Green"]


def test_what_cannot_be_shown_is_named_with_the_reason(returned: Path, tmp_path: Path) -> None:
    (tmp_path / "team_3.yaml").write_text(
        (returned / "team_1.yaml").read_text("utf-8").replace("attribution: 5%", "attribution: 5"), "utf-8"
    )
    (tmp_path / "team_4.xlsx").write_bytes(b"PK\x03\x04junk")
    found = gather_class([returned, tmp_path])
    assert [name for name, _ in found.unread] == ["team_3.yaml", "team_4.xlsx"]
    assert "'5' is above 1, which is 100 %. Did you mean 5%?" in found.unread[0][1]
    assert "Not shown: team_4.xlsx: this file is damaged" in class_page(found)
    with pytest.raises(FileRefused, match="there is no value map among what was handed back"):
        gather_class([tmp_path])


def test_a_second_map_of_a_team_is_named_and_not_shown(returned: Path, tmp_path: Path) -> None:
    changed = (returned / "team_2.yaml").read_text("utf-8").replace("6%", "7%", 1)
    (tmp_path / "team_2_late.yaml").write_text(changed.replace("title: Wheels", "title: Team 2 of Wheels"), "utf-8")
    (tmp_path / "team_2.yaml").write_text((returned / "team_2.yaml").read_text("utf-8"), "utf-8")
    found = gather_class([tmp_path])
    assert found.unread == (
        (
            "team_2_late.yaml",
            "another map of Team 2; team_2.yaml is shown, the first. With --key it is the one that marking takes",
        ),
    )


def test_no_text_of_a_team_can_act_on_the_page(tmp_path: Path) -> None:
    tree = json.loads(json.dumps({"sroi": 1}))
    sroi.write_value_map(sroi.example(), tmp_path / "one.json")
    tree = json.loads((tmp_path / "one.json").read_text("utf-8"))
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
    tree["title"] = evil
    tree["outcomes"][0]["description"] = evil
    tree["outcomes"][0]["quantity"] = 70
    (tmp_path / "<b>two.json").write_text(json.dumps(tree), "utf-8")
    page = class_page(gather_class([tmp_path]))
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page


def test_the_page_loads_nothing_and_runs_nothing(view: ClassView) -> None:
    page = class_page(view)
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not re.search(r"https?://|<link|<script| style=| on\w+=|@import|url\(", page)
    assert page.count('role="img" aria-label="Team') == 3


def test_values_that_may_not_be_passed_on_stop_the_page(returned: Path, tmp_path: Path) -> None:
    text = (returned / "team_1.yaml").read_text("utf-8").replace("value: 94,", "value: 94, passing_on: no,")
    (tmp_path / "team_1.yaml").write_text(text, "utf-8")
    with pytest.raises(LicenceRefused, match="the page for the class would pass on"):
        gather_class([tmp_path])
    assert len(gather_class([tmp_path], allow_private=True).teams) == 1
    (tmp_path / "team_2.yaml").write_text((returned / "team_2.yaml").read_text("utf-8"), "utf-8")
    found = gather_class([tmp_path])
    assert [team.team for team in found.teams] == ["Team 2"]
    [(name, why)] = found.unread
    assert name == "team_1.yaml"
    assert "the page for the class would pass on the value of" in why
    assert "94" not in class_page(found).partition("Not shown")[2]
    with pytest.raises(LicenceRefused, match="the page for the class would pass on"):
        gather_class([tmp_path / "team_2.yaml"], tmp_path / "team_1.yaml")


def test_a_team_is_called_as_its_title_says_or_its_file() -> None:
    assert (
        team_name(Returned("x/blue_house.yaml", {"title": "A case (an exercise for Team 12; numbers invented)"}))
        == "Team 12"
    )
    assert team_name(Returned("x/blue_house.yaml", {"title": "A case"})) == "Blue house"


@pytest.mark.slow
def test_the_command_runs_the_notebook_and_leaves_page_table_and_picture(
    command: Callable[..., Any], returned: Path, tmp_path: Path
) -> None:
    ran = command("teach", "class", str(returned), "--out", "shown")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[0] == "Wheels-to-Meals, in order of names (this is no ranking):"
    shown = tmp_path / "shown"
    assert sorted(path.name for path in shown.iterdir()) == ["class.csv", "class.html", "class.ipynb", "ratios.png"]
    assert (shown / "class.html").read_text("utf-8") == class_page(gather_class([returned]))
    outputs = [
        out
        for cell in json.loads((shown / "class.ipynb").read_text("utf-8"))["cells"]
        for out in cell.get("outputs", [])
    ]
    assert not [out for out in outputs if out["output_type"] == "error"]
    _names_no_place_of_this_machine(shown / "class.ipynb", returned, tmp_path)
    (shown / "class.csv").write_text("my,own,table\n", "utf-8")
    with pytest.raises(FileRefused, match=r"not of a class: class\.csv\. Name another folder, or give --force"):
        show_class([returned], shown)
    assert (shown / "class.csv").read_text("utf-8") == "my,own,table\n"
    assert sum("data:image/svg" in str(out.get("data", {}).get("text/html", "")) for out in outputs) == 2


def _names_no_place_of_this_machine(notebook: Path, returned: Path, here: Path) -> None:
    """What is handed out tells no folder of the trainer's, and finds the teams' files from where it lies."""
    text = notebook.read_text("utf-8")
    for place in (returned, here, Path(sroi.__file__).parent, Path.home()):
        assert json.dumps(str(place))[1:-1] not in text
    cells = json.loads(text)["cells"]
    [given] = [cell for cell in cells if "injected-parameters" in cell["metadata"].get("tags", [])]
    names: dict[str, Any] = {}
    exec("".join(given["source"]), names)
    assert (notebook.parent / names["returned"][0]).resolve() == returned.resolve()
    assert names["out"] == "."


def test_only_files_of_an_earlier_class_are_taken_for_ours(view: ClassView, tmp_path: Path) -> None:
    assert not_of_a_class(tmp_path / "none") == []
    (tmp_path / "class.csv").write_bytes(csv_bytes(view.rows()))
    (tmp_path / "class.html").write_text(class_page(view), "utf-8")
    (tmp_path / "class.ipynb").write_bytes(template("class.ipynb").read_bytes())
    (tmp_path / "ratios.png").write_bytes(b"\x89PNG")
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    assert not_of_a_class(tmp_path) == []
    (tmp_path / "class.html").write_text("<p>the class of 1988</p>", "utf-8")
    (tmp_path / "class.csv").write_text("name,mark\nAda,1\n", "utf-8")
    assert not_of_a_class(tmp_path) == ["class.html", "class.csv", "ratios.png"]


def test_a_file_where_the_folder_should_be_is_refused_before_anything_runs(returned: Path, tmp_path: Path) -> None:
    (tmp_path / "shown").write_text("mine")
    with pytest.raises(sroi.SroiError, match="which is a file"):
        show_class([returned], tmp_path / "shown")
