"""The panel's scores become one in the open; answers and tiers are asked after; an award states reasons and no more."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import docx
import pytest

from sroi.batch.run import run_notebook
from sroi.cli import main
from sroi.commissioning.bids import form, profile_form
from sroi.commissioning.bids.award import explain_award, missing_reasons
from sroi.commissioning.bids.bids_reading import bids_of
from sroi.commissioning.bids.document import evaluation_tables, evaluation_to_dict
from sroi.commissioning.bids.evaluation import Evaluation, evaluate_bids
from sroi.commissioning.bids.lines import evaluation_lines
from sroi.commissioning.bids.lock import lock
from sroi.commissioning.bids.moderation import Panel
from sroi.commissioning.bids.profile import Profile
from sroi.commissioning.bids.reading import profile_of
from sroi.commissioning.bids.study import study_profile
from sroi.commissioning.bids.telling import tell_evaluation
from sroi.errors import MethodRefused, NameRefused
from sroi.files.form_reader import read_form
from sroi.files.form_writer import form_bytes
from sroi.reports.blocks import Bullets, Paragraph, Story, Table
from sroi.shipped import template

pytestmark = pytest.mark.usefixtures("warm_notebooks")

Change = Callable[[dict[str, Any]], None]


def profile_with(folder: Path, change: Change = lambda filled: None) -> Profile:
    filled = copy.deepcopy(profile_form.EXAMPLE)
    change(filled)
    path = folder / "profile.yaml"
    path.write_bytes(form_bytes(profile_form.FORM, filled, ".yaml"))
    return profile_of(read_form(path, profile_form.FORM))


def evaluated(folder: Path, change: Change = lambda filled: None, profile: Profile | None = None) -> Evaluation:
    """Return the example as evaluated, with something changed in the bids."""
    found = profile or profile_with(folder)
    filled = copy.deepcopy(form.EXAMPLE)
    change(filled)
    path = folder / "bids.yaml"
    path.write_bytes(form_bytes(form.FORM, filled, ".yaml"))
    return evaluate_bids(found, bids_of(read_form(path, form.FORM), found), lock(found, date(2025, 3, 10)))


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return evaluated(tmp_path_factory.mktemp("panel"))


def panel(evaluation: Evaluation, bidder: str, criterion: str) -> Panel:
    return evaluation.panels_of(bidder)[criterion]


def without(filled: dict[str, Any], part: str, **match: str) -> None:
    filled[part] = [row for row in filled[part] if any(row.get(name) != value for name, value in match.items())]


def text_of(story: Story) -> str:
    said = [story.title, story.subtitle]
    for section in story.sections:
        said.append(section.heading)
        for block in section.blocks:
            if isinstance(block, Paragraph):
                said.append(block.text)
            elif isinstance(block, Bullets):
                said += block.items
            elif isinstance(block, Table):
                said += [block.caption, *block.headings, *(cell for row in block.rows for cell in row)]
    return "\n".join(said)


# ---- moderation ----


def test_the_spread_of_a_panel_is_its_range_and_standard_deviation(example: Evaluation) -> None:
    # Good 75 %, Acceptable 50 %, Weak 25 %: range 50 %, sd of the three is 25 % x sqrt(2/3).
    found = panel(example, "alder", "social_how")
    assert found.range == Fraction(1, 2)
    assert found.sd == pytest.approx(0.25 * (2 / 3) ** 0.5)
    assert found.settled == Fraction(1, 2)
    assert found.notes == ("the scores lie 50\u00a0% of full marks apart, more than the 25\u00a0% stated",)


def test_scores_that_agree_need_no_moderation(example: Evaluation) -> None:
    assert panel(example, "brookside", "works").settled == Fraction(3, 4)
    assert panel(example, "brookside", "works").agreed is None


def test_a_spread_that_is_just_what_was_stated_is_not_flagged(example: Evaluation) -> None:
    assert panel(example, "brookside", "people").range == Fraction(1, 4)
    assert panel(example, "brookside", "people").notes == ()


def test_scores_that_differ_and_are_not_moderated_keep_everybody_from_being_ranked(tmp_path: Path) -> None:
    evaluation = evaluated(tmp_path, lambda filled: without(filled, "moderated", bidder="alder"))
    (point,) = evaluation.open_points
    assert (point.bidder, point.about) == ("alder", "Social value, how it will be done")
    assert point.found == "the evaluators differ and no moderated score is given"
    assert evaluation.standings == ()
    assert evaluation.winner is None
    assert "Nothing is ranked yet: 1 point is open." in text_of(tell_evaluation(evaluation))
    assert "Not yet an evaluation: 1 to settle." in evaluation_lines(evaluation)
    with pytest.raises(MethodRefused, match="the evaluators differ and no moderated score is given"):
        explain_award(evaluation, "alder")


def test_the_mean_counts_where_the_profile_says_so(tmp_path: Path) -> None:
    profile = profile_with(tmp_path, lambda filled: filled["tender"].update(unmoderated="mean"))
    evaluation = evaluated(tmp_path, lambda filled: without(filled, "moderated", bidder="alder"), profile)
    assert panel(evaluation, "alder", "social_how").settled == Fraction(1, 2)
    assert evaluation.ranked


def test_scores_that_are_missing_are_named_with_whose_they_are(tmp_path: Path) -> None:
    def change(filled: dict[str, Any]) -> None:
        without(filled, "scores", bidder="cedar", criterion="people")
        without(filled, "scores", bidder="alder", criterion="works", evaluator="contracts")

    found = {(each.bidder, each.about): each.found for each in evaluated(tmp_path, change).open_points}
    assert found == {
        ("alder", "How the work will be done"): "not scored by Evaluator 2",
        ("cedar", "People and skills"): "nobody has scored it",
    }


def test_a_moderated_score_outside_the_individual_ones_or_without_a_reason_is_flagged(tmp_path: Path) -> None:
    def change(filled: dict[str, Any]) -> None:
        for row in filled["moderated"]:
            if row["bidder"] == "cedar":
                row.update(band="Excellent", reason="")

    found = panel(evaluated(tmp_path, change), "cedar", "works")
    assert found.settled == 1
    assert found.notes == (
        "the moderated score lies outside all individual scores", "the moderated score has no reason",
    )  # fmt: skip


def test_an_evaluator_with_an_interest_is_not_missed_where_excused_and_noticed_where_not(tmp_path: Path, example: Evaluation) -> None:  # fmt: skip
    assert panel(example, "cedar", "people").missing == ()
    assert example.conflicts == ()

    def change(filled: dict[str, Any]) -> None:
        filled["evaluators"][2].update(handled="")
        filled["scores"].append(
            {"bidder": "cedar", "criterion": "people", "evaluator": "community", "band": "Acceptable"}
        )

    assert evaluated(tmp_path, change).conflicts == (
        "Evaluator 3 declares an interest, and nothing says how it was handled",
        "Evaluator 3 is excused from scoring Cedar Landscapes Ltd, and has scored it",
    )


# ---- questions, tiers, too many measures, no price ----


def test_what_is_open_in_answers_and_tiers_is_named(example: Evaluation) -> None:
    found = [(each.bidder, each.about, each.found, each.blocks) for each in example.questions]
    assert ("alder", "Tier 2", "tier 3 is named, and nobody on tier 2", False) in found
    assert ("alder", "Not known (tier 3)", "no country is named", False) in found
    assert not example.blocking


@pytest.mark.parametrize(("outcome", "found"), [("clarify", "asked again, not yet settled"), (None, "not answered")])
def test_a_question_that_must_be_passed_keeps_the_award_back_while_open(outcome: str | None, found: str, tmp_path: Path) -> None:  # fmt: skip
    def change(filled: dict[str, Any]) -> None:
        if outcome is None:
            without(filled, "answers", bidder="cedar", question="pay")
        else:
            next(row for row in filled["answers"] if row["bidder"] == "cedar" and row["question"] == "pay").update(outcome=outcome)  # fmt: skip

    evaluation = evaluated(tmp_path, change)
    assert [(each.bidder, each.found) for each in evaluation.blocking] == [("cedar", found)]
    assert evaluation.first == ("brookside",)
    assert evaluation.winner is None
    with pytest.raises(MethodRefused, match="Settle it: it must be passed"):
        explain_award(evaluation, "brookside")


def test_a_question_failed_sets_the_winner_aside_and_says_so(tmp_path: Path) -> None:
    def change(filled: dict[str, Any]) -> None:
        next(row for row in filled["answers"] if row["bidder"] == "brookside" and row["question"] == "pay").update(outcome="fail")  # fmt: skip

    evaluation = evaluated(tmp_path, change)
    assert evaluation.first == ("alder",)
    letter = text_of(explain_award(evaluation, "brookside"))
    assert "Your bid was set aside, by the rules of the tender. The first bid is that of Alder Grounds Ltd." in letter
    assert "It failed the question “What are the people on this contract paid" in letter


def test_too_many_measures_and_a_price_of_nothing_are_asked_about_before_anything_is_ranked(tmp_path: Path) -> None:
    profile = profile_with(tmp_path, lambda filled: filled["tender"].update(most_measures_per_bid=4))
    evaluation = evaluated(tmp_path, lambda filled: filled["bidders"][0].update(price=0), profile)
    found = [f"{each.bidder}: {each.found}" for each in evaluation.open_points]
    assert "alder: it commits to 5 measures, and a bid may have 4: ask which count, and keep those" in found
    assert any("the price of 'alder' is 0, and the formula divides by the price" in each for each in found)


# ---- the award ----


def test_a_letter_states_the_points_the_reasons_the_method_and_the_lock(example: Evaluation) -> None:
    letter = text_of(explain_award(example, "alder"))
    for said in (
        "Your bid is number 2 of 3 bids. The first bid is that of Brookside Green CIC.",
        "Your total is 88.11 points. That of Brookside Green CIC is 88.88 points; it leads yours by 0.78 points.",
        "Brookside Green CIC earned more on “Social value in numbers” (1.16) and “Social value, how it will be done” (1.25).",
        "You earned more on “Price” (1.63).",
        "The commitments are clear, but no dates and no local partner are given.",
        "full marks to the lowest price; the others earn lowest price / own price",
        "were fixed on 10 March 2025, as the buyer's record of that day states",
        example.lock.sha256,
        "not legal advice",
        "A tie is shown as a tie",
    ):
        assert said in letter


@pytest.mark.parametrize("bidder", ["alder", "brookside", "cedar"])
def test_a_letter_holds_nothing_of_another_losing_bid(bidder: str, example: Evaluation) -> None:
    letter = text_of(explain_award(example, bidder))
    secrets = {"alder": ("Alder", "88.11", "4,700,000", "Sound plan for each season"),
               "cedar": ("Cedar", "72.19", "4,800,000", "Few qualified supervisors")}  # fmt: skip
    for other, words in secrets.items():
        if other != bidder:
            assert [word for word in words if word in letter] == []
    # Nobody's commitments, ranges or prices are told.
    assert [word for word in ("4,900,000", "1,300", "Evaluator") if word in letter] == []


def test_the_first_bid_gets_a_letter_of_its_own_scores_only(example: Evaluation) -> None:
    letter = text_of(explain_award(example, "brookside"))
    assert "Your bid is first of 3 bids, with 88.88 points." in letter
    assert "leads" not in letter


def test_a_tie_is_no_award(tmp_path: Path) -> None:
    def change(filled: dict[str, Any]) -> None:
        twins = {"alder": "brookside"}
        filled["bidders"][0].update(price=filled["bidders"][1]["price"])
        for part in ("commitments", "scores", "moderated"):
            filled[part] = [row for row in filled[part] if row["bidder"] != "alder"]
            filled[part] += [{**row, "bidder": old} for old, new in twins.items() for row in filled[part] if row["bidder"] == new]  # fmt: skip

    evaluation = evaluated(tmp_path, change)
    assert set(evaluation.first) == {"alder", "brookside"}
    assert "a tie, exact to the last decimal" in text_of(tell_evaluation(evaluation))
    assert any(line.strip().startswith("1=") for line in evaluation_lines(evaluation))
    with pytest.raises(MethodRefused, match="are first together"):
        explain_award(evaluation, "alder")


def test_a_study_is_never_told_as_an_evaluation_or_an_award(example: Evaluation) -> None:
    study: Any = study_profile(example.profile, turns=1)
    for tell in (tell_evaluation, evaluation_to_dict, lambda it: explain_award(it, "alder")):
        with pytest.raises(TypeError, match="only an Evaluation"):
            tell(study)


def test_no_word_of_a_study_stands_in_an_evaluation_or_a_letter(example: Evaluation) -> None:
    texts = [text_of(tell_evaluation(example)), *(text_of(explain_award(example, each.bidder)) for each in example.standings)]  # fmt: skip
    texts.append("\n".join(evaluation_lines(example)))
    for text in texts:
        assert [word for word in ("of all weightings", "chance", "draws level", "paradox") if word in text] == []


def test_a_score_without_a_reason_is_noticed_before_letters_go_out(tmp_path: Path) -> None:
    def change(filled: dict[str, Any]) -> None:
        for row in filled["scores"]:
            if row["bidder"] == "cedar" and row["criterion"] == "people":
                row["reason"] = ""

    evaluation = evaluated(tmp_path, change)
    assert missing_reasons(evaluation) == ["Cedar Landscapes Ltd, People and skills"]
    letter = text_of(explain_award(evaluation, "cedar"))
    assert "No reason is recorded: write it before this letter goes out." in letter


def test_a_bidder_that_there_is_not_is_refused_with_the_nearest(example: Evaluation) -> None:
    with pytest.raises(NameRefused, match="there is no bidder 'aldar'"):
        explain_award(example, "aldar")


def test_a_lead_is_never_rounded_to_nothing(tmp_path: Path) -> None:
    profile = profile_with(tmp_path, lambda filled: filled["tender"].update(decimals=0))
    said = text_of(tell_evaluation(evaluated(tmp_path, profile=profile)))
    assert "is first with 89 points, ahead of Alder Grounds Ltd by 1 point" in said
    close = evaluated(tmp_path, lambda filled: filled["bidders"][0].update(price=4_612_000.5), profile)
    assert "by 0 points" not in text_of(tell_evaluation(close))


# ---- documents ----


def test_the_document_is_json_without_nan_and_tables_are_whole(example: Evaluation) -> None:
    document = json.loads(json.dumps(evaluation_to_dict(example), allow_nan=False))
    assert document["kind"] == "evaluation"
    assert document["first"] == ["brookside"]
    assert document["winner"] == "brookside"
    assert document["standings"][1]["total"] == pytest.approx(88.8840136, abs=1e-7)
    tables = evaluation_tables(example)
    assert len(tables["panel"]) == 1 + len(example.bids.contents.scores)
    assert {len(row) for row in tables["scores"]} == {6}


def test_many_bids_and_measures_are_evaluated_in_seconds(example: Evaluation) -> None:
    import time

    from sroi.commissioning.bids.made_up import make_up_bids
    from sroi.commissioning.bids.offers import Bids, Contents, Score

    first = example.profile.measures[0]
    measures = tuple(replace(first, id=f"m{place}", weight=Fraction(1, 50), mandatory=False) for place in range(50))
    tender = replace(example.profile.tender, most_measures_per_bid=None, most_measures=None)
    profile = replace(example.profile, measures=measures, tender=tender, questions=())
    offers = make_up_bids(profile, 200, seed=1).offers
    scores = tuple(Score(each.bidder.id, criterion.id, "Good", "x", "parks") for each in offers for criterion in profile.judged)  # fmt: skip
    contents = Contents(tuple(each.bidder for each in offers), {each.bidder.id: each.commitments for each in offers}, scores=scores)  # fmt: skip
    start = time.process_time()
    evaluation = evaluate_bids(profile, Bids(contents, date(2025, 4, 28)), lock(profile, date(2025, 3, 10)))
    text_of(tell_evaluation(evaluation))
    assert len(evaluation.ranked) == 200
    assert time.process_time() - start < 3


# ---- the command and its papers ----


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's papers, made by the notebook once."""
    folder = tmp_path_factory.mktemp("papers")
    assert main(["commission", "new", "bids", str(folder / "bids.xlsx"), "--example"]) == 0
    assert main(["commission", "new", "bids_profile", str(folder / "profile.xlsx"), "--example"]) == 0
    assert main(["commission", "bids", "lock", str(folder / "profile.xlsx"), "--on", "2025-03-10"]) == 0
    given = {"bids": str(folder / "bids.xlsx"), "profile": str(folder / "profile.xlsx"), "out": str(folder / "out")}
    run_notebook(template("commissioning/bids.ipynb"), folder / "run.ipynb", given)
    return folder


def test_the_notebook_leaves_the_paper_and_a_letter_for_each_bidder(papers: Path) -> None:
    left = {path.name for path in (papers / "out").iterdir()}
    assert {"bids.html", "bids.docx", "letter_alder.docx", "letter_brookside.docx", "letter_cedar.docx", "result.json"} <= left  # fmt: skip
    page = (papers / "out" / "bids.html").read_text("utf-8")
    assert "Brookside Green CIC is first with 88.88 points, ahead of Alder Grounds Ltd by 0.78 points." in page
    assert str(papers) not in page
    letter = "\n".join(each.text for each in docx.Document(str(papers / "out" / "letter_cedar.docx")).paragraphs)
    assert "Your bid is number 3 of 3 bids." in letter
    assert "Alder" not in letter


def test_the_command_says_the_ranking_and_writes_json_alone(papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(papers / "bids.xlsx"), "--profile", str(papers / "profile.xlsx")]
    assert main(["commission", "bids", *files]) == 0
    said = capsys.readouterr().out
    assert "Brookside Green CIC is first with 88.88 points" in said
    assert "This is a calculating aid, and not legal advice." in said
    assert main(["commission", "bids", *files, "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["winner"] == "brookside"


def test_the_command_refuses_what_it_cannot_do_in_a_sentence(papers: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:  # fmt: skip
    bids, profile = str(papers / "bids.xlsx"), str(papers / "profile.xlsx")
    for status, arguments, said in (
        (2, [bids], "no profile is named"),
        (1, [bids, "--profile", profile, "--lock", str(tmp_path / "none.json")], "there is no such file"),
        (2, [bids, bids], "2 files are named"),
        (1, [bids, "--profile", profile, "--json", profile], "--json would write over a file that is read"),
        (
            1,
            ["lock", profile, "--lock", profile, "--force", "--on", "2025-03-10"],
            "--lock would write over the profile",
        ),
        (2, ["lock", profile, "--on", "2025-04-28", "--lock", str(tmp_path / "x.json")], "and bids open on 2025-04-28"),
        (2, ["lock", profile, "--on", "March"], "'March' is no day"),
        (1, ["lock", profile, "--on", "2025-03-10"], "this file is already there"),
        (2, [profile, "--try", "--bids", "1"], "1 made-up bids cannot be ranked here"),
        (2, [profile, "--try", "--seed", "-1"], "-1 is no seed"),
        (1, [bids, "--profile", profile, "--try"], "real bids are never studied"),
    ):
        assert main(["commission", "bids", *arguments]) == status
        assert said in capsys.readouterr().err


def test_a_weight_moved_after_locking_is_noticed_by_the_command(papers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    filled = copy.deepcopy(profile_form.EXAMPLE)
    filled["criteria"][0]["weight"], filled["criteria"][1]["weight"] = "39%", "31%"
    moved = tmp_path / "profile.xlsx"
    moved.write_bytes(form_bytes(profile_form.FORM, filled))
    arguments = ["commission", "bids", str(papers / "bids.xlsx"), "--profile", str(moved)]
    assert main([*arguments, "--lock", str(papers / "profile.lock.json")]) == 1
    assert "the profile is not the one that was locked on 2025-03-10" in capsys.readouterr().err
    assert main(arguments) == 1
    assert "there is no lock of this profile" in capsys.readouterr().err
