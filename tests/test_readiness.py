"""The readiness profile: what a program can see of each principle and quality point, and that it claims no more."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

import sroi
from sroi.findings import _HEADINGS, PRINCIPLES
from sroi.questions.points import PRINCIPLE_SIGNS, QUALITY_POINTS
from sroi.questions.profile import HEADINGS, STATES, Readiness, readiness
from sroi.questions.signs import Sign
from sroi.terminal.readiness import readiness_lines

Tree = dict[str, Any]


def states(profile: Readiness) -> dict[int, str]:
    return {number: profile[f"principle {number}"].state for number in PRINCIPLES}


def of(tree: Tree) -> Readiness:
    return readiness(sroi.ImpactMap.model_validate(tree))


def test_every_principle_and_every_quality_point_has_a_state() -> None:
    profile = readiness(sroi.example("befriending"))
    assert [point.name for point in profile.principles] == [f"principle {number}" for number in PRINCIPLES]
    assert len(profile.quality_points) == len(QUALITY_POINTS) >= 12
    assert {point.state for point in profile.points} <= set(STATES)
    assert all(point.rests_on and point.unseen for point in profile.points)


def test_the_careful_illustration_is_said_to_be_what_it_is() -> None:
    assert states(readiness(sroi.example("befriending"))) == {
        1: "met", 2: "met", 3: "met", 4: "partly", 5: "partly", 6: "met", 7: "partly", 8: "met",
    }  # fmt: skip


def test_the_guides_example_says_little_of_people_and_the_profile_says_so() -> None:
    assert states(readiness(sroi.example("wheels_to_meals"))) == {
        1: "not met", 2: "partly", 3: "partly", 4: "not met", 5: "partly", 6: "partly", 7: "not met", 8: "not met",
    }  # fmt: skip


def test_an_open_question_takes_a_point_from_met_to_partly_and_its_remedy_raises_it(small_tree: Tree) -> None:
    small_tree["stakeholders"][0]["involved"][0]["selected"] = "every fifth"
    assert of(small_tree)["principle 1"].state == "met"
    small_tree["stakeholders"].append({"id": "carers", "name": "Carers"})
    small_tree["outcomes"][0]["stakeholder"] = "carers"
    point = of(small_tree)["principle 1"]
    assert (point.state, point.open_kinds) == ("partly", ("group_not_asked",))
    assert point.to_raise == ("Ask some of them what changed, or say why they could not be asked.",)


def test_a_sign_that_holds_of_a_part_only_says_of_how_many(small_tree: Tree) -> None:
    del small_tree["outcomes"][0]["material"]
    point = of(small_tree)["principle 4"]
    assert point.state == "partly"
    assert "every outcome that counts is screened twice: 1 of 2" in point.rests_on
    del small_tree["outcomes"][1]["material"]
    assert of(small_tree)["principle 4"].state == "not met"


def test_nobody_can_have_principle_seven_met_by_a_program(small_tree: Tree) -> None:
    point = of(small_tree)["principle 7"]
    assert point.open_kinds == ()
    assert point.state == "partly"
    assert "independent" in point.unseen


def test_validity_is_never_judged_even_where_everything_is_there(small_tree: Tree) -> None:
    profile = of(small_tree)
    validity = [point for point in profile.quality_points if "valid" in point.heading]
    assert [point.state for point in validity] == ["cannot be judged by a program"] * 2


def test_what_a_program_cannot_find_in_words_is_not_called_missing(small_tree: Tree) -> None:
    before = next(point for point in of(small_tree).quality_points if "before and after" in point.heading)
    assert before.state == "cannot be judged by a program"
    small_tree["outcomes"][0]["indicator"] = "sleeps longer than at the baseline"
    before = next(point for point in of(small_tree).quality_points if "before and after" in point.heading)
    assert before.state == "partly"


def test_where_nothing_is_left_out_nothing_is_said_of_reasons(small_tree: Tree) -> None:
    name = next(point.name for point in of(small_tree).quality_points if "left out" in point.heading)
    assert of(small_tree)[name].state == "cannot be judged by a program"
    small_tree["stakeholders"].append({"id": "carers", "included": False, "reason": "nothing changes for them"})
    assert of(small_tree)[name].state == "met"
    small_tree["stakeholders"][-1].pop("reason")
    assert of(small_tree)[name].state == "not met"


def test_the_profile_rests_on_findings_that_there_are() -> None:
    asked = {kind for point in QUALITY_POINTS for kind in point.kinds}
    signs: list[Sign] = [sign for signs, _, _ in PRINCIPLE_SIGNS.values() for sign in signs]
    signs += [sign for point in QUALITY_POINTS for sign in point.signs]
    assert asked | {kind for sign in signs for kind in sign.asked} <= set(_HEADINGS)


def test_it_never_calls_itself_assurance_and_gives_no_score() -> None:
    for study in ("befriending", "wheels_to_meals"):
        profile = readiness(sroi.example(study))
        for shown in (str(profile), profile._repr_html_(), "\n".join(readiness_lines(profile))):
            assert not re.search(r"\d\s*(?:%|per cent|points|/ ?8)", re.sub(r"0%|100 %", "", shown))
            assert not re.search(r"(?i)(?<!no )\bassur(?:ed|ance)\b", shown.replace("is no assurance", ""))
    assert "It is no assurance, no score" in "\n".join(readiness_lines(profile))


def test_text_of_a_map_is_escaped_and_rows_fit_their_headings(small_tree: Tree) -> None:
    small_tree["title"] = "<script>alert(1)</script>"
    profile = of(small_tree)
    assert "<script>" not in profile._repr_html_()
    assert "&lt;script&gt;" in profile._repr_html_()
    assert {len(row) for row in profile.rows()} == {len(HEADINGS)}
    with pytest.raises(KeyError, match="no point 'principle 9'; there are principle 1, "):
        profile["principle 9"]


def test_the_check_prints_it_and_writes_it(command: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    path = str(sroi.case_study("wheels_to_meals"))
    shown = command("check", path, "--readiness").stdout
    assert "The eight principles" in shown
    assert re.search(r"7  Let others verify: NOT MET\n", shown)
    assert "The eight principles" not in command("check", path).stdout
    told = sroi_json(command("check", path, "--readiness", "--json", "-").stdout)
    assert told["readiness"]["points"][0]["state"] == "not met"


def sroi_json(text: str) -> dict[str, Any]:
    import json

    read: dict[str, Any] = json.loads(text)
    return read
