"""The lessons' exercises: right answers are right, and wrong ones are told by their kind, whatever is handed in."""

from __future__ import annotations

import contextlib
import doctest
import json
import math
import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sroi
import sroi.teaching
from sroi.errors import NameRefused
from sroi.files.tree import to_tree
from sroi.shipped import notebook
from sroi.teaching import check, solution
from sroi.teaching.answers import Unread, letters_from, number_from
from sroi.teaching.checking import right_answer, written
from sroi.teaching.course import STAGES, Exercise, Option, exercise, lessons
from sroi.teaching.keys import NumberKey, key_of
from sroi.teaching.mistakes import kinds
from sroi.teaching.notebooks import notebook_bytes
from sroi.teaching.practice import practice_map, practice_trees

ROOT = Path(__file__).parent.parent
EVERY = [each for told in lessons() for each in told.exercises]
every_exercise = pytest.mark.parametrize("asked", EVERY, ids=lambda asked: asked.number)
every_lesson = pytest.mark.parametrize("told", lessons(), ids=lambda told: told.name)


# ---- by hand ----


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("1.1", 40 * 150),
        ("1.2", 3000 + 200 * 10),
        ("1.3", 40 * 150 * 0.75),
        ("1.4", (40 * 150 * 0.75 + 12 * 400 * 0.8 - 10 * 30) / 5000),
        ("1.5", 8040 - 5000),
        ("2.3", 36),
        ("2.4", 60 * 0.5 * 250),
        ("3.1", 20 * 45 * 12),
        ("3.2", 540 * 9 / 6),
        ("3.3", -15 * 20),
        ("4.2", 0.6 * 0.9 * 0.75),
        ("4.3", 20 * 2000 * 0.6 * 0.9 * 0.75),
        ("5.1", 90 * 19 * 0.9),
        ("5.2", 90 * 19 * 0.9 * 0.9 * 0.9),
        ("5.3", 1 / 1.035 / 1.035),
        ("5.4", 1539 * sum(0.9**year / 1.035 ** (year + 1) for year in range(5))),
        ("6.2", 8040 / (3000 + 200 * 12)),
        ("6.3", (8040 - 3840) / 5000),
        ("6.4", (5000 - 3540) / 112.5),
        ("7.2", 60),
        ("7.3", 60 * 200 * 0.8 * 0.9 / 6000),
        ("8.2", 7200 + 5400 + 4320),
        ("8.3", 16920 / 10000),
    ],
)
def test_an_answer_worked_out_by_hand_is_right(number: str, answer: float) -> None:
    assert check(number, answer).right, str(check(number, answer))
    assert key_of(number)[0].value == pytest.approx(answer, rel=1e-12)


@pytest.mark.parametrize(
    ("number", "answer", "kind"),
    [
        ("4.2", 40.5, "per_cent_for_share"),  # 40.5 for 40.5 %
        ("4.2", 1 - 0.4 - 0.1 - 0.25, "deductions_added"),
        ("4.2", 0.6 * 0.9 * 0.25, "attribution_reversed"),
        ("4.3", 40000 * 0.6 * 0.9 * 0.25, "attribution_reversed"),
        ("4.3", 40000 * 0.25, "deductions_added"),
        ("4.3", 40000, "gross_for_net"),
        ("4.3", 16200 - 12000, "net_for_value"),
        ("5.1", 1539 * 0.9, "drop_off_in_year_one"),
        ("5.2", 1539 * 0.9**3, "drop_off_in_year_one"),
        ("5.2", 1539, "drop_off_forgotten"),
        ("5.3", 1 / 1.035**3, "discounted_too_much"),
        ("5.3", 1 / 1.035, "discounted_too_little"),
        ("5.3", 0.965**2, "discount_taken_off"),
        ("5.4", 1539 * sum(0.9**y / 1.035 ** (y + 2) for y in range(5)), "discounted_too_much"),
        ("5.4", 1539 * sum(0.9**y / 1.035**y for y in range(5)), "discounted_too_little"),
        ("5.4", 1539 * sum(0.9**y for y in range(5)), "not_discounted"),
        ("5.4", 1539 / 1.035, "one_year_only"),
        ("1.4", (8040 + 300) / 5000, "losses_left_out"),
        ("1.4", (8040 + 600) / 5000, "losses_as_gains"),
        ("1.4", 8040 / 3000, "time_left_out"),
        ("1.4", 0.608, "net_ratio"),
        ("1.4", 5000 / 8040, "upside_down"),
        ("1.4", 16.08, "order_of_magnitude"),
        ("1.4", 1.6, "rounded"),
        ("1.4", 1.615, "nearly"),
        ("1.1", 500, "month_for_year"),
        ("3.1", 20 * 45, "month_for_year"),
        ("2.4", 60 * 0.5 * 250 + 60 * 0.6 * 200, "double_counting"),
        ("2.3", 60, "share_forgotten"),
        ("3.2", 540 * 6 / 9, "weights_reversed"),
        ("3.3", 300, "sign"),
        ("6.2", 1.608, "not_changed"),
        ("6.2", 8040 / (3000 + 200 * 8), "moved_the_other_way"),
        ("6.3", 1.608, "with_for_without"),
        ("7.4", 1.44, "middle_for_end"),
        ("8.2", 12600, "line_left_out"),
        ("8.3", 0.69, "net_ratio"),
        ("1.1", 7123, "too_high"),
        ("1.1", 5123, "too_low"),
    ],
)
def test_a_wrong_answer_is_told_by_its_kind(number: str, answer: float, kind: str) -> None:
    marking = check(number, answer)
    assert (marking.right, marking.kind) == (False, kind), str(marking)
    assert marking.title == kinds()[kind].title


def test_nothing_is_taken_for_no_slip_but_those_that_come_to_nothing() -> None:
    told = {(asked.number, key.name): _told_of(key, 0.0) for asked in EVERY for key in key_of(asked.number)}
    # One line alone, or losses alone, left out leave nothing.
    assert {where: kind for where, kind in told.items() if kind} == {
        **dict.fromkeys([("2.4", ""), ("4.3", ""), ("5.4", ""), ("7.3", "")], "line_left_out"),
        ("3.3", ""): "losses_left_out",
    }


@pytest.mark.parametrize("number", ["3.2", "6.4", "7.2"])
def test_one_is_not_taken_for_a_point_in_the_wrong_place(number: str) -> None:
    (key,) = key_of(number)
    assert _told_of(key, 1.0) == ""
    assert _told_of(key, key.value / 10) == "order_of_magnitude"


def _told_of(key: NumberKey, answer: float) -> str:
    return next((span.kind for span in key.spans if span.low <= answer <= span.high), "")


def test_the_line_that_was_left_out_is_named() -> None:
    assert "“Belonging”" in " ".join(check("8.2", 12600).words)


def test_what_is_said_reads_as_words() -> None:
    assert str(check("4.2", "25%")) == (
        "Exercise 4.2: ✗ The deductions were added.\n"
        "  Each deduction bites on what the one before has left: multiply what is kept. 50 % off and then 20 % off leaves "
        "0.5 × 0.8 = 40 %, not 30 %. Adding them takes the same part away twice."
    )
    assert str(check("1.2", 5000)) == (
        "Exercise 1.2: ✓ Right.\n  Hours are put in as much as money is. A ratio that forgets them promises what nobody "
        "could repeat."
    )


# ---- every exercise ----


@every_exercise
def test_the_solution_of_every_exercise_is_right(asked: Exercise) -> None:
    marking = check(asked.number, right_answer(asked.number))
    assert marking.right, str(marking)
    assert marking.words
    assert solution(asked.number).answer


@every_exercise
def test_an_answer_as_people_write_it_is_right(asked: Exercise) -> None:
    if asked.kind == "number":
        assert check(asked.number, written(key_of(asked.number)[0])).right
    elif asked.kind == "map":
        assert check(asked.number, {key.name: written(key) for key in key_of(asked.number)}).right
    else:
        letters = [option.letter for option in asked.options if option.right]
        assert check(asked.number, ", ".join(letters).lower()).right
        assert check(asked.number, [option.text for option in asked.options if option.right]).right


@every_exercise
def test_every_mistake_that_an_exercise_knows_is_told_and_none_of_them_passes(asked: Exercise) -> None:
    for key in key_of(asked.number):
        for span in key.spans[1:]:
            if span.kind != "nearly":
                middle = (span.low + span.high) / 2
                assert not key.spans[0].low <= middle <= key.spans[0].high
                assert next(s.kind for s in key.spans if s.low <= middle <= s.high) == span.kind
            assert span.words
    for option in asked.options:
        assert option.why
        if asked.kind == "choice" and not option.right:
            assert check(asked.number, option.letter).words == (option.why,)


@every_exercise
def test_no_figure_of_an_answer_is_typed(asked: Exercise) -> None:
    if asked.kind in ("number", "map"):
        assert asked.case in practice_trees()
        assert asked.asks or asked.blanks
        assert asked.hint
        assert asked.how


@every_exercise
def test_a_choice_has_one_right_option_and_a_list_both_sorts(asked: Exercise) -> None:
    right = sum(option.right for option in asked.options)
    assert right == {"choice": 1, "number": 0, "map": 0}.get(asked.kind, right)
    if asked.kind == "several":
        assert 1 < right < len(asked.options) <= 10


def test_the_issue_s_mistakes_are_all_known_to_some_exercise() -> None:
    known = {span.kind for asked in EVERY for key in key_of(asked.number) for span in key.spans}
    known |= {option.slip for asked in EVERY for option in asked.options}
    assert {
        "per_cent_for_share", "attribution_reversed", "deductions_added", "drop_off_in_year_one", "discounted_too_much",
        "discounted_too_little", "losses_left_out", "losses_as_gains", "double_counting", "gross_for_net", "net_ratio",
        "upside_down", "month_for_year", "rounded", "order_of_magnitude",
    } <= known  # fmt: skip


def test_every_kind_has_its_words_and_each_is_used() -> None:
    used = {span.kind for asked in EVERY for key in key_of(asked.number) for span in key.spans}
    used |= {option.slip for asked in EVERY for option in asked.options}
    general = {
        "too_high",
        "too_low",
        "missing",
        "too_much",
        "missing_and_too_much",
        "choice",
        "empty",
        "unreadable",
        "not_finite",
    }
    assert used - set(kinds()) == {""}
    spare = set(kinds()) - used - general
    # Known by rule, though no exercise of the course happens to lead there.
    assert spare <= {"ratio_for_net", "a_year_too_late", "a_year_too_early", "times_forgotten", "other_end"}


# ---- lists, maps ----


def test_what_is_missing_is_counted_and_what_does_not_belong_is_named() -> None:
    less = check("2.2", "B, D")
    assert (less.kind, less.words) == ("missing", ("1 more belongs. A change in somebody's life, wished for or not.",))
    more = check("2.2", "A, B, D, F")
    assert (more.kind, more.words) == ("too_much", ("A does not belong: That is what was done: an output.",))
    both = check("2.2", ["A", "B"])
    assert both.kind == "missing_and_too_much"
    assert both.words[1].startswith("2 more belong.")


def test_a_map_may_be_handed_in_as_a_dictionary_a_map_or_a_file(tmp_path: Path) -> None:
    right = {"work.deadweight": "40%", "work.displacement": 0.1, "work.attribution": "25 %"}
    assert check("4.1", right).right
    job_club = practice_map("job_club")
    assert check("4.1", job_club).right
    for name in ("mine.yaml", "mine.xlsx", "mine.json"):
        sroi.write_value_map(job_club, tmp_path / name)
        assert check("4.1", tmp_path / name).right
        assert check("4.1", str(tmp_path / name)).right


def test_each_number_of_a_map_is_marked_by_itself() -> None:
    marking = check("4.1", {"work.deadweight": 40, "work.displacement": "10%", "work.attribution": "75%"})
    assert marking.title == "1 of 3 right"
    assert marking.words[0].startswith("Deadweight: Per cent typed where a share was meant.")
    assert marking.words[1].startswith("Attribution (owed to others): Attribution the wrong way round.")
    swapped = check("4.1", {"work.deadweight": "25%", "work.displacement": "10%", "work.attribution": "40%"})
    assert [line.split(": ")[1].split(".")[0] for line in swapped.words] == ["Two numbers in each other's place"] * 2


def test_a_number_left_out_of_a_map_is_no_answer_yet() -> None:
    marking = check("4.1", {"work.deadweight": "40%", "work.displacement": ...})
    assert marking.title == "1 of 3 right"
    assert "Displacement: No answer yet." in marking.words
    tree = to_tree(practice_map("job_club"))
    del tree["outcomes"][0]["attribution"]
    left_out = check("4.1", sroi.ImpactMap.model_validate(tree))
    assert left_out.words == ("Attribution (owed to others): No answer yet.",)


def test_a_stray_name_is_answered_with_the_nearest() -> None:
    said = check("4.1", {"work.deadwieght": 0.4}).words[0]
    assert said == "There is no number “work.deadwieght” here. Did you mean 'work.deadweight'?"


def test_a_file_that_is_no_map_is_answered_in_words(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("sroi: 1\ntitle: [", encoding="utf-8")
    for path in (broken, tmp_path / "missing.yaml", tmp_path / "folder.yaml"):
        marking = check("4.1", path)
        assert (marking.right, marking.kind) == (False, "unreadable")
        assert marking.words[0].startswith("The file cannot be read as a value map:")


# ---- answers of every kind ----


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("25%", 0.25), (" 25 % ", 0.25), ("25 percent", 0.25), ("7%", 0.07), ("£1,250.50", 1250.5), ("1 250", 1250.0),
        ("1,93", 1.93), ("1,234", 1234.0), ("1.93 : 1", 1.93), ("1:1.93", 1.93), ("1.93 to 1", 1.93), ("−300", -300.0),
        ("-£300", -300.0), (".5", 0.5), ("36 people", 36.0), ("€ 12", 12.0), ("1:1", 1.0), ("+5", 5.0),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text: str, number: float) -> None:
    assert number_from(text) == number


@pytest.mark.parametrize("answer", [36, 36.0, np.int64(36), np.float32(36), Fraction(36), Decimal(36), [36], "36"])
def test_a_number_of_any_sort_is_a_number(answer: object) -> None:
    assert check("2.3", answer).right


class Sly:
    """An answer that breaks whatever touches it."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("touched")

    __hash__ = object.__hash__

    def __str__(self) -> str:
        raise RuntimeError("printed")

    __repr__ = __str__

    def __len__(self) -> int:
        raise RuntimeError("measured")

    def __float__(self) -> float:
        raise RuntimeError("counted")


class SlyNumber(float):
    """A number that will not be counted with."""

    def __float__(self) -> float:
        raise ValueError("no")


NESTED: list[Any] = []
for _ in range(5000):
    NESTED = [NESTED]
ENDLESS: dict[str, Any] = {}
ENDLESS["work.deadweight"] = ENDLESS

HOSTILE: list[object] = [
    None, ..., "", "   ", "nan", "inf", "-Infinity", math.nan, math.inf, -math.inf, 10**400, "9" * 10**6, "a" * 10**6, True,
    False, b"25", 3 + 4j, object, lambda: 1, Sly(), SlyNumber(1), [], [[]], NESTED, {}, ENDLESS, {1: 2}, {"a": Sly()}, set(), {Sly()},
    [Sly()], np.array([1.0, 2.0]), np.array([]), np.array("x"), "<script>alert(1)</script>", "=1+1", "\0", "\ud800", "25%%",
    "1e999", "1e5", "--5", "٣٦", "１２", "²", "1:1:1", "%", ":1", "A" * 50, "Z", ["A"] * 500, "A, B, C, D, E, F, G", range(3), iter([1]),
    "/dev/zero.yaml", "C:\\aux.yaml", "a\0.yaml", "x" * 5000 + ".yaml", Path("/nowhere/map.yaml"), Path("."), sroi.example(),
    {"work.deadweight": math.nan}, {"work.deadweight": [[1]]}, {"work.deadweight": "x" * 10**6},
]  # fmt: skip


@pytest.mark.parametrize("number", ["1.4", "1.6", "2.2", "4.1"])
@pytest.mark.parametrize("place", range(len(HOSTILE)))
def test_no_answer_stops_the_marking(number: str, place: int) -> None:
    marking = check(number, HOSTILE[place])
    assert not marking.right
    assert marking.kind in kinds()
    shown = marking._repr_html_() + str(marking) + repr(marking)
    assert "<script>" not in shown
    assert len(shown) < 20_000


@given(st.one_of(st.text(), st.floats(), st.integers(), st.lists(st.text()), st.dictionaries(st.text(), st.floats())))
@settings(max_examples=150, deadline=None)
def test_whatever_is_handed_in_is_answered(answer: object) -> None:
    for number in ("1.4", "1.6", "2.2", "4.1"):
        assert check(number, answer).title


@given(st.text(alphabet="0123456789.,%-+£ :to1e", max_size=12))
@settings(max_examples=200, deadline=None)
def test_a_text_is_a_finite_number_or_unread(text: str) -> None:
    with contextlib.suppress(Unread):
        assert math.isfinite(number_from(text))


def test_html_in_an_answer_is_shown_and_not_obeyed() -> None:
    marking = check("4.1", {"<img src=x onerror=alert(1)>": 1})
    assert "&lt;img src=x" in marking._repr_html_()
    assert "<img" not in marking._repr_html_()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("4.22", "Did you mean '4.2'?"),
        ("99", "They are numbered 1.1 to 8.6."),
        ("", "They are numbered 1.1 to 8.6."),
        ("<b>" * 100, "They are numbered 1.1 to 8.6."),
    ],
)
def test_an_exercise_that_is_not_there_is_answered_with_the_nearest(number: str, said: str) -> None:
    with pytest.raises(NameRefused, match=re.escape(said)):
        check(number, 1)
    with pytest.raises(NameRefused, match=re.escape(said)):
        solution(number)


@pytest.mark.parametrize("number", [None, [], Sly(), 2.9])
def test_the_number_of_an_exercise_may_be_anything_and_is_refused_in_words(number: Any) -> None:
    with pytest.raises(NameRefused, match="there is no exercise"):
        exercise(number)


def test_an_exercise_s_number_may_be_given_as_a_number() -> None:
    assert check(2.3, 36).right  # type: ignore[arg-type]


# ---- lessons and notebooks ----


def test_there_are_eight_lessons_and_they_cover_the_guide_s_six_stages() -> None:
    assert [told.number for told in lessons()] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert {stage for told in lessons() for stage in told.stages} == set(STAGES)


@every_lesson
def test_a_lesson_has_four_to_eight_exercises_numbered_in_order(told: Any) -> None:
    numbers = [asked.number for asked in told.exercises]
    assert 4 <= len(numbers) <= 8
    assert numbers == [f"{told.number}.{place}" for place in range(1, len(numbers) + 1)]


@every_lesson
def test_a_notebook_is_the_lesson_as_it_stands_and_has_at_most_25_cells(told: Any) -> None:
    found = notebook(f"{told.name}.ipynb").read_bytes()
    assert found.replace(b"\r\n", b"\n") == notebook_bytes(told), "write them anew: make notebooks"
    assert len(json.loads(found)["cells"]) <= 25


@every_lesson
def test_a_notebook_says_its_stages_and_asks_every_question(told: Any) -> None:
    told_notebook = json.loads(notebook_bytes(told))
    text = "\n".join("".join(cell["source"]) for cell in told_notebook["cells"])
    assert told_notebook["metadata"]["sroi"]["stages"] == list(told.stages)
    assert told.stage_words[1:] in text
    for asked in told.exercises:
        assert asked.question in text
        assert re.search(rf'check\(\s*"{re.escape(asked.number)}"', text)


@every_lesson
def test_no_solution_stands_in_the_open_notebook(told: Any) -> None:
    text = notebook_bytes(told).decode("utf-8")
    for asked in told.exercises:
        assert "solution(" not in text
        assert asked.notice not in text
        assert not asked.how or asked.how not in text
        for option in asked.options:
            assert option.why not in text


def test_a_notebook_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(NameRefused, match=re.escape("Did you mean '01_first_ratio.ipynb'?")):
        notebook("01_first_rato.ipynb")


def test_the_guides_line_in_lesson_5_is_that_of_wheels_to_meals() -> None:
    ours, theirs = practice_map("gp_visits").numbers(), sroi.example("wheels_to_meals").numbers()
    fields = ("quantity", "proxy", "duration", "deadweight", "displacement", "attribution", "drop_off")
    for name in ("contract.value", "discount_rate", *(f"gp_visits.{field}" for field in fields)):
        assert ours[name].values == theirs[name].values


def test_what_the_questions_say_is_what_their_maps_hold() -> None:
    kitchen = practice_map("kitchen").numbers()
    question = "\n".join(step.text for step in lessons()[0].steps)
    for name, shown in {"company.quantity": "40", "company.proxy": "£150", "cooking_at_home.proxy": "£400",
                        "grant.value": "£3,000", "cooking.hours": "200", "cooking.rate": "£10"}.items():  # fmt: skip
        assert f"{kitchen[name].values[0]:,.0f}" == shown.strip("£")
        assert shown in question


def test_wheels_to_meals_rests_on_falls_as_lesson_6_says() -> None:
    result = sroi.evaluate(sroi.example("wheels_to_meals"))
    shares = dict(zip(result.priced, result.present_value / result.total_present_value, strict=True))
    assert shares["falls_care"] + shares["falls_assessment"] > 0.9


def test_what_the_page_on_the_lessons_shows_is_what_comes_out() -> None:
    shown = doctest.testfile(str(ROOT / "docs" / "lessons.md"), module_relative=False)
    assert (shown.failed, shown.attempted) == (0, 4)


def test_the_page_on_the_lessons_lists_them_as_they_are() -> None:
    paper = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
    for told in lessons():
        assert f"| {told.number} {told.title} | {', '.join(map(str, told.stages))} | {told.minutes} |" in paper
    count = f"{len(EVERY)} exercises"
    assert count in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_teaching_room_is_reached_from_the_public_face() -> None:
    code = "import sys, sroi; assert 'sroi.teaching' not in sys.modules; print(sroi.teaching.check('2.3', 60).kind)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, cwd=ROOT)
    assert run.stdout == "share_forgotten\n"


def test_options_are_named_by_letter_id_or_text() -> None:
    options = (
        Option("A", "Less lonely", True, "", id="less_lonely"),
        Option("B", "Visits made", False, "", id="visits"),
    )
    for answer in (
        ["less_lonely", "visits"],
        "less_lonely, visits",
        "AB",
        "a and b",
        ["Less lonely.", "visits made"],
        {"A", "b)"},
    ):
        assert letters_from(answer, options, one=False) == {"A", "B"}
    with pytest.raises(Unread, match=r"Give a letter, A to B"):
        letters_from("AB", options, one=True)


def test_the_room_shows_its_names_and_refuses_others() -> None:
    assert sroi.teaching.check is check
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        _ = sroi.teaching.chekc  # type: ignore[attr-defined]
