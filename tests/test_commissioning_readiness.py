"""The self-check: a level needs evidence, a principle stands at its weakest answer, the lowest first, no total."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sroi import plots
from sroi.cli import main
from sroi.commands import COMMANDS
from sroi.commissioning.readiness.facts import HIGHEST, level_words, levels, name_credits, principles
from sroi.commissioning.readiness.form import EXAMPLE, FORM
from sroi.commissioning.readiness.lines import not_shown_words, readiness_lines
from sroi.commissioning.readiness.study import Answer, ReadinessStudy, Standing, study_readiness
from sroi.commissioning.readiness.telling import tell_readiness
from sroi.errors import FileRefused, NameRefused
from sroi.files.form_writer import form_bytes
from sroi.reports.blocks import Bullets, Figure, Paragraph, Story, Table

pytestmark = pytest.mark.usefixtures("warm_notebooks")

FIRST, SECOND = date(2025, 10, 6), date(2026, 10, 5)


def filled(folder: Path, rows: dict[str, Any] | None = None, ending: str = ".yaml") -> Path:
    path = folder / f"readiness{ending}"
    path.write_bytes(form_bytes(FORM, EXAMPLE if rows is None else rows, ending))
    return path


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> ReadinessStudy:
    return study_readiness(filled(tmp_path_factory.mktemp("readiness"), ending=".xlsx"))


def texts(story: Story) -> Iterator[str]:
    for section in story.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            elif isinstance(block, Bullets):
                yield from block.items
            elif isinstance(block, Table):
                yield from (cell for row in block.rows for cell in row)


# ---- the questions ----


def test_there_are_eight_principles_with_two_or_three_questions_and_five_levels_each() -> None:
    assert [each.number for each in principles()] == list(range(1, 9))
    assert sum(len(each.questions) for each in principles()) == 20
    assert len({question.text for each in principles() for question in each.questions}) == 20
    assert len({text for each in principles() for text in each.levels}) == 40
    assert [each.name for each in levels()] == ["minimum", "developing", "mature", "leader", "innovator"]


def test_names_of_others_are_credited() -> None:
    said = " ".join(name_credits())
    assert "Social Value International" in said
    assert "Local Government Association" in said


@pytest.mark.parametrize("command", sorted({each.command for p in principles() for each in p.commands}))
def test_a_command_that_is_said_to_help_is_one(command: str) -> None:
    program, name, *_ = command.split()
    assert program == "sroi"
    assert name in COMMANDS


# ---- a level and its evidence ----


def answer(claimed: int, evidence: str = "") -> Answer:
    return Answer(principles()[0].questions[0], claimed, evidence)


@pytest.mark.parametrize(
    ("claimed", "evidence", "shown"),
    [(0, "", 0), (0, "minute", 0), (1, "", 1), (2, "", 0), (2, "minute", 2), (5, "", 0)],
)
def test_a_level_above_the_lowest_counts_only_with_evidence(claimed: int, evidence: str, shown: int) -> None:
    assert answer(claimed, evidence).shown == shown


answers = st.lists(st.tuples(st.integers(0, HIGHEST), st.booleans()), min_size=2, max_size=3)


@given(answers)
def test_a_principle_stands_at_its_weakest_answer_so_that_none_makes_up_for_another(
    given: list[tuple[int, bool]],
) -> None:
    made = tuple(answer(level, "minute" if shown else "") for level, shown in given)
    standing = Standing(principles()[0], made)
    assert standing.shown == min(each.shown for each in made)
    # A better answer elsewhere changes nothing while the weakest stays.
    weakest = min(range(len(made)), key=lambda place: made[place].shown)
    raised = tuple(each if place == weakest else answer(HIGHEST, "minute") for place, each in enumerate(made))
    assert Standing(principles()[0], raised).shown == standing.shown
    assert made[weakest] in standing.holding_back


def test_the_example_comes_to_what_a_pencil_says_with_the_lowest_first(study: ReadinessStudy) -> None:
    found = [(each.standing.principle.id, each.standing.shown, each.before, each.change) for each in study.movements]
    assert found == [
        ("claim", 0, 1, -1), ("respond", 1, 1, 0), ("involve", 2, 1, 1), ("change", 2, 1, 1), ("value", 2, 1, 1),
        ("open", 2, 2, 0), ("material", 3, 1, 2), ("verify", 3, 2, 1),
    ]  # fmt: skip
    assert [each.principle.id for each in study.gaps] == ["claim", "respond", "involve", "change", "value", "open"]


def test_a_level_without_evidence_is_told_with_its_cell(study: ReadinessStudy) -> None:
    assert not_shown_words(study) == [
        "5b (sheet 5 Do not over-claim, cell D6): level 4 is claimed and no evidence is named: it counts as not shown."
    ]


def test_a_question_left_out_is_told_and_counts_as_not_shown(tmp_path: Path) -> None:
    rows = copy.deepcopy(EXAMPLE)
    del rows["verify"][1]
    found = study_readiness(filled(tmp_path, rows))
    assert found.last.standing("verify").shown == 0
    assert (
        sum(each.startswith("7") and "not answered on 5 October 2026" in each for each in not_shown_words(found)) == 2
    )
    assert "Answer every question." in "\n".join(readiness_lines(found))


def test_the_same_evidence_for_many_answers_is_asked_about(tmp_path: Path) -> None:
    rows = copy.deepcopy(EXAMPLE)
    for question in ("who", "heard", "missing"):
        rows["involve"][1][f"{question}_evidence"] = "Annual  report"
    assert any(
        "“annual report”, is named for 3 answers" in each
        for each in not_shown_words(study_readiness(filled(tmp_path, rows)))
    )


def test_an_earlier_day_is_looked_at_as_it_was(tmp_path: Path) -> None:
    path = filled(tmp_path)
    found = study_readiness(path, FIRST)
    assert (found.last.day, found.before) == (FIRST, None)
    assert all(each.change is None for each in found.movements)
    with pytest.raises(NameRefused, match=r"no self-check was done on 2026-10-04\. Did you mean '2026-10-05'"):
        study_readiness(path, date(2026, 10, 4))


def test_checks_are_read_in_the_order_of_their_days(tmp_path: Path) -> None:
    rows = copy.deepcopy(EXAMPLE)
    rows["checks"].reverse()
    assert [each.day for each in study_readiness(filled(tmp_path, rows)).checks] == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("part", "column", "value", "words"),
    [
        ("involve", "who_level", 6, "'1a level': '6' is above 5"),
        ("involve", "who_level", "high", "'1a level': 'high' stands where a number belongs"),
        ("involve", "day", date(2026, 10, 6), "there is no '2026-10-06' in Checks. Did you mean '2026-10-05'?"),
        ("involve", "day", FIRST, "'2025-10-06' stands twice"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(tmp_path: Path, part: str, column: str, value: Any, words: str) -> None:
    rows = copy.deepcopy(EXAMPLE)
    rows[part][1][column] = value
    with pytest.raises(FileRefused) as refusal:
        study_readiness(filled(tmp_path, rows, ".xlsx"))
    assert words in str(refusal.value)
    assert "sheet 1 Involve stakeholders, cell" in str(refusal.value)


def test_more_checks_than_any_organisation_makes_are_refused(tmp_path: Path) -> None:
    days = [{"day": date.fromordinal(FIRST.toordinal() + place)} for place in range(201)]
    with pytest.raises(FileRefused, match=r"201 self-checks\. Give at most 200"):
        study_readiness(filled(tmp_path, {"about": EXAMPLE["about"], "checks": days}))


# ---- what is told ----


def test_no_total_is_made_and_the_paper_says_so(study: ReadinessStudy) -> None:
    told = study.to_dict()
    assert not [key for key in told if re.search("total|score|mean|average", key)]
    said = "\n".join(texts(tell_readiness(study)))
    assert "there is no total" in said
    assert "Lowest: “Do not over-claim”, not shown." in said
    assert not re.search(r"\b\d[.,]\d\b", said)  # no mean of levels anywhere
    json.dumps(told, allow_nan=False)


def test_the_paper_says_what_is_next_what_holds_it_back_and_which_command_helps(study: ReadinessStudy) -> None:
    said = list(texts(tell_readiness(study)))
    assert "Next, 2 developing: Somebody mentions results when plans are made." in said
    assert "Held back by: Do people who gave answers hear what came of them?" in said
    assert "Agreed: Post results on the depot board and in the parks: May 2027." in said
    assert any(each.startswith("sroi compare FORECAST ACTUAL ") for each in said)
    assert "Name the evidence for what is claimed, or claim less. With evidence it would stand at 2 developing." in said
    assert (
        "Since 6 October 2025, of eight principles: 5 higher, 1 lower, 2 the same. Lower: “Do not over-claim”." in said
    )


def test_a_first_check_has_no_trend_and_says_how_to_get_one(tmp_path: Path) -> None:
    story = tell_readiness(study_readiness(filled(tmp_path), FIRST))
    assert any("This is the first self-check" in each for each in texts(story))


def test_the_figure_has_a_bar_for_each_level_and_words_where_none_is_shown(study: ReadinessStudy) -> None:
    (figure,) = [each for each in tell_readiness(study)["levels"].blocks if isinstance(each, Figure)]
    assert "5 Do not over-claim not shown, before 1 minimum; 8 Be responsive 1 minimum" in figure.alt
    for width in (plots.WIDE, plots.NARROW):
        axes = figure.draw(width).axes[0]
        assert sorted(bar.get_width() for bar in axes.patches) == [1] * 7 + [2] * 6 + [3] * 2  # type: ignore[attr-defined]
        assert [text.get_text() for text in axes.texts] == ["not shown"]
        # Readable in grey: the bars before are hatched, those of now are not.
        assert {bool(bar.get_hatch()) for bar in axes.patches} == {True, False}


def test_levels_are_said_by_number_and_name() -> None:
    assert [level_words(each) for each in (0, 1, 5)] == ["not shown", "1 minimum", "5 innovator"]


def test_the_command_leaves_its_paper_by_the_notebook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, path = tmp_path / "out", filled(tmp_path, ending=".xlsx")
    asked = [
        "commission",
        "readiness",
        str(path),
        "--out",
        str(out),
        "--formats",
        "html",
        "--json",
        str(tmp_path / "r.json"),
    ]
    assert main(asked) == 0
    assert "5 Do not over-claim                 not shown     1 minimum  not shown any more" in capsys.readouterr().out
    page = (out / "readiness.html").read_text(encoding="utf-8")
    assert "Self-check: Brookside Green CIC" in page
    assert (out / "figures" / "levels_by_principle.png").is_file()
    assert (out / "tables" / "answers.csv").read_text(encoding="utf-8-sig").count("\n") == 41
    left, told = (json.loads(each.read_text(encoding="utf-8")) for each in (out / "result.json", tmp_path / "r.json"))
    assert left["principles"] == told["principles"]
    assert main(["commission", "readiness", str(path), "--on", "2024-01-01"]) == 2
