"""A whole procurement as a case study: its files fit each other, and its figures come out by pencil too."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pencils import procurement

import sroi
from sroi.commissioning.bids.lock import check_lock, fingerprint, read_lock
from sroi.commissioning.bids.papers import read_profile
from sroi.commissioning.blank import form_of
from sroi.commissioning.bridge.answers import read_answers
from sroi.commissioning.bridge.crossing import cross
from sroi.commissioning.delivery.register import read_register
from sroi.files.form_writer import form_bytes

HERE = Path(__file__).parent.parent / "case_studies" / "procurement"
FORMS = ("consider", "bids_profile", "bids", "contract", "delivery", "bridge")


@pytest.mark.parametrize("name", FORMS)
def test_its_forms_are_the_examples_of_the_program(name: str) -> None:
    # `make templates` writes them anew.
    form, example = form_of(name)
    assert (HERE / f"{name}.yaml").read_bytes() == form_bytes(form, example, ".yaml")


def test_its_lock_fits_its_rules_and_was_made_before_the_bids_were_opened() -> None:
    profile, lock = read_profile(HERE / "bids_profile.yaml"), read_lock(HERE / "bids_profile.lock.json")
    assert lock.sha256 == fingerprint(profile)
    check_lock(lock, profile, lock.bids_open)


def test_its_value_map_is_what_the_bridge_makes_of_its_register() -> None:
    register = read_register(HERE / "delivery.yaml")
    made = cross(register, read_answers(HERE / "bridge.yaml", register)).impact_map
    kept = sroi.read_value_map(HERE / "value_map.yaml")
    assert made.model_dump(exclude={"origin"}) == kept.model_dump(exclude={"origin"})


def test_the_pencil_comes_to_the_same_figures_line_by_line() -> None:
    result = sroi.evaluate(sroi.example("procurement")).to_dict()
    sheet = procurement()
    assert {each["id"]: each["present_value"] for each in result["by_outcome"]} == pytest.approx(
        {line: sum(sheet.outcome(line).values()) for line in sheet.lines}
    )
    expected = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))["figures"]
    for figure, found in sheet.figures().items():
        assert found == pytest.approx(expected[figure]["value"], abs=expected[figure]["tolerance"], rel=0), figure


def test_every_file_of_it_says_that_it_is_invented() -> None:
    for path in HERE.iterdir():
        if path.suffix in (".yaml", ".md", ".ipynb"):
            text = path.read_text(encoding="utf-8").lower()
            assert "invented" in text or "illustrati" in text, path.name


def test_the_register_s_own_sum_is_what_its_page_says() -> None:
    page = (HERE / "README.md").read_text(encoding="utf-8")
    register = read_register(HERE / "delivery.yaml")
    crossing = cross(register, read_answers(HERE / "bridge.yaml", register))
    assert f"{crossing.register_total:,.2f}" == "54,400.00"
    assert "The register adds up to 54,400.00" in page
