"""What the code writes for people: the starter map, the schema, and how things show themselves."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT
from ruamel.yaml import YAML

import sroi
from sroi.files.schema import value_map_schema
from sroi.files.starter import starter
from sroi.files.yaml import parse_yaml

MAPS = [
    *sorted((ROOT / "case_studies").glob("*/value_map.yaml")),
    *sorted((ROOT / "tests" / "fixtures").glob("*.yaml")),
]


def as_editors_see(text: str) -> Any:
    """Return YAML 1.2 as an editor's language server loads it, days as text."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(io.StringIO(text)), default=str))


def test_the_starter_in_templates_is_current() -> None:
    assert (ROOT / "templates" / "value_map.yaml").read_text(encoding="utf-8") == starter()


def test_the_starter_is_a_sound_map_that_says_it_is_not_filled_in() -> None:
    impact_map = parse_yaml(starter().encode("utf-8"), "starter")
    assert sroi.evaluate(impact_map).sroi_ratio > 0
    assert sroi.review(impact_map)[0].kind == "unfilled"


def test_the_starter_explains_its_keys_in_the_words_of_the_nouns() -> None:
    text = starter()
    assert "Share that would have happened anyway" in text
    assert "drop_off_from: second_year                  # The first year in which drop-off bites" in text


@pytest.mark.parametrize("path", MAPS, ids=[f"{path.parent.name}-{path.stem}" for path in MAPS])
def test_the_schema_accepts_every_map_that_the_program_reads(path: Path) -> None:
    jsonschema.validate(as_editors_see(path.read_text(encoding="utf-8")), value_map_schema())


def test_the_schema_accepts_the_starter_and_what_the_program_writes(tmp_path: Path) -> None:
    jsonschema.validate(as_editors_see(starter()), value_map_schema())
    sroi.write_value_map(sroi.example("befriending"), tmp_path / "again.yaml")
    jsonschema.validate(as_editors_see((tmp_path / "again.yaml").read_text(encoding="utf-8")), value_map_schema())


@pytest.mark.parametrize(
    "change",
    [{"analysis": "forcast"}, {"currency": "pounds"}, {"unknown": 1}, {"outcomes": [{"id": "Not An Id", "stakeholder": "x"}]},
     {"outcomes": [{"id": "a", "stakeholder": "x", "deadweight": "much"}]}],
    ids=["choice", "currency", "unknown key", "id", "number"],
)  # fmt: skip
def test_the_schema_refuses_what_the_program_refuses_in_form(
    change: dict[str, Any], small_tree: dict[str, Any]
) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**small_tree, **change}, value_map_schema())


def test_every_field_of_the_map_says_what_it_is_called() -> None:
    for name, noun in value_map_schema()["$defs"].items():
        keys = noun if "properties" in noun else noun["anyOf"][-1]
        for field, said in keys["properties"].items():
            assert said.get("title"), f"{name}.{field}"


def test_a_comment_of_a_users_file_is_never_lost(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(starter(), encoding="utf-8")
    impact_map = sroi.read_value_map(path)
    with pytest.raises(sroi.SroiError, match="this file is already there"):
        sroi.write_value_map(impact_map, path)
    assert path.read_text(encoding="utf-8") == starter()


def test_a_map_a_result_and_findings_print_one_honest_line(small_map: sroi.ImpactMap) -> None:
    assert (
        str(small_map)
        == "A small sound map: forecast, GBP, 2024 prices; 2 stakeholders, 1 inputs, 2 outcomes, of which 2 count"
    )
    result = sroi.evaluate(small_map)
    assert str(result) == (
        "A small sound map: SROI ratio 3.95 : 1 "
        "(forecast, GBP, 2024 prices, discounted from the end of each year at 3.5\u00a0% a year)"
    )
    assert repr(result) == f"<Result {result}>"
    several = sroi.evaluate(small_map, at={"calmer.quantity": [0, 50]})
    assert str(several).startswith(
        "A small sound map: SROI ratio from 1.98 to 3.95 over 2 cases (forecast, GBP, 2024 prices"
    )
    assert str(sroi.review(small_map)).startswith("No findings")


def test_a_result_with_other_numbers_says_so(small_map: sroi.ImpactMap) -> None:
    assert "with calmer.quantity = 10 in place of the map's own" in str(
        sroi.evaluate(small_map, at={"calmer.quantity": 10})
    )


def test_a_map_a_result_and_findings_show_as_tables_with_text_escaped(small_tree: dict[str, Any]) -> None:
    small_tree["outcomes"][0] |= {"description": "<b>bold</b>", "proxy": {"value": 1}}
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    result = sroi.evaluate(impact_map)
    shown = [each._repr_html_() for each in (impact_map, result, sroi.review(impact_map))]
    assert all(html.startswith("<table><caption>") for html in shown)
    assert all("<b>" not in html for html in shown)
    assert "&lt;b&gt;bold&lt;/b&gt;" in shown[0]
