"""What a survey shows: figures by hand, against SciPy, over many surveys; what may be claimed; what may not be told."""

from __future__ import annotations

import json
import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from surveys import answers_of

import sroi
from sroi.estimate import in_the_quantity
from sroi.evidence.design_strength import maryland_scale
from sroi.evidence.wellby import wellby_entry
from sroi.reports.analysis import analyse
from sroi.reports.blocks import Table
from sroi.reports.claims import deductions
from sroi.survey import Rules, study_answers
from sroi.survey.answers import scores, turned
from sroi.survey.claiming import written_into
from sroi.survey.document import study_document
from sroi.survey.intervals import (
    cronbach_alpha,
    difference_of_means,
    difference_of_shares,
    mean_interval,
    share_interval,
    wilson_interval,
)
from sroi.survey.people import Roll, count_people
from sroi.survey.protection import means_may_be_told, protected_count
from sroi.survey.study import CHANGE, EFFECT, HARM, NO_CHANGE, NO_EFFECT, UNTOLD
from sroi.survey.telling import remarks, verdict_words

NAN = float("nan")
ALL = Rules(smallest=1)


# ---- by hand ----


def test_six_people_by_hand() -> None:
    # Changes 2, 1, 0, -1, and two who left. Mean 0.5, sd sqrt(5/3), t(3) = 3.182446: 0.5 +- 2.0542.
    answers = answers_of(np.array([4, 5, 6, 5, 3, 7]), np.array([6, 6, 6, 4, NAN, NAN]))
    group = study_answers(answers, Rules(improved_by=1, smallest=1)).participants
    assert (group.answered_twice, group.started, group.dropped_out) == (4, 6, 2)
    assert group.change is not None
    assert (group.change.value, group.change.low) == (0.5, pytest.approx(0.5 - 2.05426, abs=1e-5))
    assert group.improved is not None
    assert (group.improved.count, group.improved.of) == (2, 4)
    assert group.improved_of_started is not None
    assert (group.improved_of_started.count, group.improved_of_started.of) == (2, 6)
    assert group.worsened is not None
    assert (group.worsened.count, group.worsened.of) == (1, 4)
    assert group.change_of_started is not None
    assert group.change_of_started.value == pytest.approx(2 / 6)


def test_difference_in_differences_by_hand() -> None:
    # Participants rose by 3, 2, 4 (mean 3, variance 1); the others by 1, 0, 2 (mean 1, variance 1).
    # 3 - 1 = 2; error sqrt(1/3 + 1/3); Welch's degrees of freedom 4; t = 2.776445.
    answers = answers_of(np.array([1, 2, 3, 1, 2, 3]), np.array([4, 4, 7, 2, 2, 5]), [True] * 3 + [False] * 3)
    study = study_answers(answers, ALL)
    assert study.difference is not None
    assert study.difference.change is not None
    assert study.difference.change.value == pytest.approx(2.0)
    assert study.difference.change.high - 2.0 == pytest.approx(2.776445 * math.sqrt(2 / 3), abs=1e-6)
    assert study.difference.standardised == 0.0


def test_a_score_of_three_questions_by_hand() -> None:
    # Scale 1 to 5, the second question reversed: 4, 6 - 2, 5 gives 13/3; with one answer of three there is no score.
    items = np.array([[4.0, 2.0, 5.0], [4.0, NAN, NAN], [3.0, NAN, 4.0]])
    found = scores(turned(items, (1,), (1.0, 5.0)), 2)
    assert found[0] == pytest.approx(13 / 3)
    assert math.isnan(found[1])
    assert found[2] == 3.5


def _wilson_by_its_equation(yes: int, asked: int) -> tuple[float, float]:
    """Return the shares whose own test would just not reject what was found: (yes/asked - p)^2 = z^2 p (1 - p) / asked.

    Solved as that equation stands, and not by the formula that follows from it.
    """
    square = stats.norm.ppf(0.975) ** 2 / asked
    share = yes / asked
    low, high = sorted(np.roots([1 + square, -(2 * share + square), share**2]).real.tolist())
    return low, high


@pytest.mark.parametrize(
    ("counts", "printed"),
    [((56, 70, 48, 80), (0.0524, 0.3339)), ((9, 10, 3, 10), (0.1705, 0.8090)), ((6, 7, 2, 7), None), ((5, 56, 1, 29), None)],
)  # fmt: skip
def test_newcombes_interval_is_put_together_from_wilsons_own_equation(
    counts: tuple[int, int, int, int], printed: tuple[float, float] | None
) -> None:
    # The printed ones are those that the tests of the R package propint give as Newcombe's (1998, method 10); his
    # table itself was not seen.
    yes, asked, yes_of_others, others = counts
    (low, high), (low_of_others, high_of_others) = (
        _wilson_by_its_equation(yes, asked),
        _wilson_by_its_equation(yes_of_others, others),
    )
    one, other = yes / asked, yes_of_others / others
    by_hand = (
        one - other - math.sqrt((one - low) ** 2 + (high_of_others - other) ** 2),
        one - other + math.sqrt((high - one) ** 2 + (other - low_of_others) ** 2),
    )
    found = difference_of_shares(*counts)
    assert (found.low, found.high) == pytest.approx(by_hand, abs=1e-12)
    if printed is not None:
        assert (round(found.low, 4), round(found.high, 4)) == printed


# ---- closed formulas of SciPy ----


@pytest.mark.parametrize("seed", range(5))
def test_intervals_equal_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = rng.normal(1, 2, 23), rng.normal(0, 1, 31)
    found, theirs = mean_interval(one), stats.ttest_1samp(one, 0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), rel=1e-10)
    found = difference_of_means(one, other, 0.9)
    theirs = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.9)
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), rel=1e-10)
    yes = int(rng.integers(1, 22))
    found = share_interval(yes, 23)
    assert (found.low, found.high) == pytest.approx(stats.beta.ppf([0.025, 0.975], yes + 0.5, 23.5 - yes), rel=1e-9)
    found, theirs = wilson_interval(yes, 23), stats.binomtest(yes, 23).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), rel=1e-10)


def test_alpha_is_one_for_questions_that_say_the_same_and_by_hand_for_others() -> None:
    column = np.array([1.0, 2.0, 4.0, 5.0])
    assert cronbach_alpha(np.column_stack([column, column])) == pytest.approx(1.0)
    # Variances 5/3 and 9/4, of the sums 91/12: 2 x (1 - 47/91).
    assert cronbach_alpha(np.array([[1, 2], [2, 2], [3, 4], [4, 5.0]])) == pytest.approx(2 * (1 - 47 / 91))
    assert math.isnan(cronbach_alpha(column[:, None]))


# ---- over many surveys ----


def test_nineteen_of_twenty_intervals_hold_the_true_change_and_the_true_difference() -> None:
    rng = np.random.default_rng(7)
    held = np.zeros(2)
    for _ in range(1000):
        start = rng.normal(5, 1.5, 70)
        change = np.where(np.arange(70) < 40, rng.normal(0.8, 1.6, 70), rng.normal(0.3, 0.9, 70))
        mean, difference = mean_interval(change[:40]), difference_of_means(change[:40], change[40:])
        held += [mean.low <= 0.8 <= mean.high, difference.low <= 0.5 <= difference.high]
        assert start.shape == change.shape
    assert (held >= 930).all()
    assert (held <= 970).all()


def test_where_nothing_works_an_effect_is_shown_at_most_as_often_as_chance_allows() -> None:
    rng = np.random.default_rng(11)
    shown = 0
    for _ in range(400):
        before = rng.integers(2, 9, 80).astype(float)
        after = before + rng.integers(-1, 3, 80)  # both groups rise alike, by half a point
        found = study_answers(answers_of(before, after, np.arange(80) < 40), Rules(improved_by=1))
        shown += found.shown
    assert shown <= 400 * 0.05


# ---- properties ----

few = st.lists(
    st.tuples(st.integers(0, 10), st.one_of(st.just(NAN), st.integers(0, 10)), st.booleans()), min_size=2, max_size=60
)


def _study(rows: list[tuple[float, float, bool]], smallest: int = 5, scale: float = 10.0) -> sroi.survey.Study | None:  # type: ignore[name-defined]
    before, after, group = (np.array(each, dtype=float) for each in zip(*rows, strict=True))
    rules = Rules(improved_by=1, scale=(0.0, scale), smallest=smallest)
    try:
        return study_answers(answers_of(before, after, group > 0.5), rules)
    except sroi.SroiError:
        return None


@settings(max_examples=60, deadline=None)
@given(few)
def test_people_who_did_not_answer_twice_change_nothing_for_those_who_did(
    rows: list[tuple[float, float, bool]],
) -> None:
    one = _study(rows, smallest=1)
    other = _study([*rows, (3, NAN, True), (NAN, 4, True), (NAN, 4, False)], smallest=1)
    assert (one is None) == (other is None)
    if one is None or other is None:
        return
    for group in ("participants", "comparison"):
        for name in ("answered_twice", "before", "after", "change", "improved", "worsened"):
            assert getattr(getattr(one, group), name) == getattr(getattr(other, group), name)
    assert one.verdict == other.verdict
    assert one.claim == other.claim


# ---- what may be claimed ----


def _two_groups(effect: float, number: int = 40, seed: int = 1) -> sroi.survey.Answers:  # type: ignore[name-defined]
    rng = np.random.default_rng(seed)
    before = rng.integers(2, 8, 2 * number).astype(float)
    helped = np.arange(2 * number) < number
    after = before + np.where(helped, effect, 0.0) + rng.integers(-1, 2, 2 * number)
    return answers_of(before, after, helped)


def test_a_comparison_group_that_rose_as_much_ends_in_no_effect_shown() -> None:
    rng = np.random.default_rng(5)
    before = rng.integers(2, 7, 80).astype(float)
    after = before + 1 + rng.integers(-1, 2, 80)
    study = study_answers(answers_of(before, after, np.arange(80) < 40), Rules(improved_by=1))
    assert study.participants.change is not None
    assert study.participants.change.low > 0.5  # everybody rose
    assert (study.verdict, study.claim) == (NO_EFFECT, None)
    assert verdict_words(study).startswith("No effect shown: participants changed by ")
    assert "There is no value to claim." in verdict_words(study)
    wheels = sroi.example("wheels_to_meals")
    with pytest.raises(sroi.SroiError, match="no effect shown: there is no quantity to write"):
        written_into(wheels, wheels.outcomes[0].id, study)


def test_a_comparison_group_that_rose_more_shows_harm_and_no_value() -> None:
    study = study_answers(_two_groups(-1.0), Rules(improved_by=1))
    assert (study.verdict, study.claim) == (HARM, None)
    assert "Harm shown" in verdict_words(study)


def test_without_a_comparison_group_no_change_and_a_fall_are_said() -> None:
    rng = np.random.default_rng(2)
    before = rng.integers(3, 8, 40).astype(float)
    noise = np.tile([-2.0, 2.0, 1.0, -1.0], 10)
    assert study_answers(answers_of(before, before + noise), Rules(improved_by=1)).verdict == NO_CHANGE
    assert study_answers(answers_of(before, before - 1 + noise / 2), Rules(improved_by=1)).verdict == HARM
    risen = study_answers(answers_of(before, before + 1 + noise), Rules(improved_by=1))
    assert risen.verdict == CHANGE
    assert any("deadweight is still asked for" in each for each in remarks(risen))


def test_the_claim_is_people_times_the_difference_and_its_range_the_central_nine_tenths() -> None:
    answers = _two_groups(1.5)
    study = study_answers(answers, Rules())
    assert study.verdict == EFFECT
    assert study.claim is not None
    change = (answers.after - answers.before)[:, 0]
    theirs = stats.ttest_ind(change[:40], change[40:], equal_var=False).confidence_interval(0.90)
    assert study.claim.total.value == pytest.approx(40 * (change[:40].mean() - change[40:].mean()))
    assert (study.claim.total.low, study.claim.total.high) == pytest.approx((40 * theirs.low, 40 * theirs.high))


def test_the_scale_of_designs_says_what_a_survey_can_show() -> None:
    assert [level.level for level in maryland_scale()] == [1, 2, 3, 4, 5]
    alone = study_answers(answers_of(np.arange(20) % 5, np.arange(20) % 5 + 1.0), Rules())
    assert alone.design.level == 1
    assert [study_answers(_two_groups(1.5), Rules(comparison=each)).design.level
            for each in ("unlike", "similar", "random")] == [2, 3, 5]  # fmt: skip


# ---- the map ----


def test_a_map_holds_the_quantity_with_range_sample_and_design_and_deadweight_is_in_it() -> None:
    befriending = sroi.example("befriending")
    study = study_answers(_two_groups(1.5), Rules(improved_by=1, scale=(-5, 15)))
    new, changes = written_into(befriending, "low_mood", study)
    outcome = next(each for each in new.outcomes if each.id == "low_mood")
    assert isinstance(outcome.quantity, sroi.estimate.Estimate)  # type: ignore[attr-defined]
    assert study.claim is not None
    assert outcome.quantity.base == pytest.approx(study.claim.total.value, abs=1e-6)
    assert (outcome.quantity.shape, outcome.quantity.sample_size, outcome.quantity.observed) == ("normal", 40, True)
    assert "Maryland Scientific Methods Scale level 2 of 5 (weak)" in (outcome.quantity.note or "")
    assert "Sherman et al. (1997)" in (outcome.quantity.note or "")
    assert outcome.deadweight is not None
    assert outcome.deadweight.base == 0
    assert in_the_quantity(outcome.deadweight)
    was = next(each for each in befriending.outcomes if each.id == "low_mood")
    assert outcome.attribution == was.attribution  # still asked for, and not touched
    assert {"low_mood.quantity", "low_mood.deadweight", "low_mood.indicator"} <= {change.name for change in changes}
    assert all(change.before != change.after for change in changes)
    findings = [each for each in sroi.review(new) if each.where == "low_mood.deadweight"]
    assert findings == []
    told = sroi.explain(new, "low_mood")
    assert "in the quantity already, not deducted again" in json.dumps(told.to_dict(), default=str)
    assert befriending == sroi.example("befriending")
    section = deductions(analyse(new, sroi.evaluate(new)))
    rows = [row for block in section.blocks if isinstance(block, Table) for row in block.rows]
    assert (outcome.label, "Deadweight", "in the quantity") in [row[:3] for row in rows]


def test_a_deduction_that_its_own_reason_calls_in_the_quantity_is_asked_about() -> None:
    wheels = sroi.example("wheels_to_meals")
    first = wheels.outcomes[0]
    twice = {"value": "20%", "note": "In the quantity: measured against a waiting list"}
    said = {name: getattr(first, name) for name in type(first).model_fields if getattr(first, name) is not None}
    changed = type(first).model_validate({**said, "deadweight": twice})
    new = wheels.model_copy(update={"outcomes": (changed, *wheels.outcomes[1:])})
    found = [each for each in sroi.review(new) if each.kind == "deducted_twice"]
    assert [each.where for each in found] == [f"{first.id}.deadweight"]
    assert "in the quantity already" in found[0].what
    assert not in_the_quantity(sroi.estimate.Estimate(value=0.2, note="This part is not in the quantity"))  # type: ignore[attr-defined]


def test_points_of_life_satisfaction_become_wellbys_with_their_source() -> None:
    befriending = sroi.example("befriending")
    before = np.arange(40.0) % 5 + 2
    after = before + np.tile([0.0, 1.0, 0.0, -1.0, 1.0, 0.0, 1.0, 1.0], 5)
    study = study_answers(answers_of(before, after), Rules(wellby=True, scale=(0, 10)))
    new, _ = written_into(befriending, "less_lonely", study)
    outcome = next(each for each in new.outcomes if each.id == "less_lonely")
    assert outcome.proxy is not None
    assert outcome.proxy.value is not None
    assert (outcome.proxy.value.base, outcome.proxy.value.low, outcome.proxy.value.high) == (13000, 10000, 16000)
    assert (outcome.proxy.price_year, outcome.proxy.register_id) == (2019, "uk_wellby")
    assert "Wellbeing Guidance for Appraisal" in (outcome.proxy.source or "")
    assert outcome.quantity.base == pytest.approx(15.0)  # type: ignore[union-attr]  # 20 rose by a point, 5 fell by one
    assert any("small changes, up to about 0.5 points" in each for each in remarks(study))
    assert wellby_entry().value == 13000
    # Without a comparison group deadweight stays as it was, and scenarios of numbers that are gone go, and are listed.
    assert outcome.deadweight == next(each for each in befriending.outcomes if each.id == "less_lonely").deadweight
    assert sroi.evaluate(new).sroi_ratio > 0


def test_what_scenarios_said_of_a_share_that_is_gone_is_listed() -> None:
    study = study_answers(_two_groups(1.5), Rules())
    _, changes = written_into(sroi.example("befriending"), "less_lonely", study)
    taken = {change.name: change.after for change in changes if change.name.startswith("scenarios.")}
    assert taken == {
        "scenarios.optimistic.less_lonely.deadweight": "nothing", "scenarios.optimistic.less_lonely.times": "nothing",
        "scenarios.pessimistic.less_lonely.deadweight": "nothing", "scenarios.pessimistic.less_lonely.times": "nothing",
    }  # fmt: skip


def test_a_gain_is_not_written_into_an_outcome_that_is_a_loss() -> None:
    study = study_answers(_two_groups(1.5), Rules(improved_by=1))
    with pytest.raises(sroi.SroiError, match="the proxy of match_ends is a loss"):
        written_into(sroi.example("befriending"), "match_ends", study)


def test_rules_that_cannot_be_followed_are_refused_together() -> None:
    with pytest.raises(sroi.SroiError) as refused:
        study_answers(_two_groups(1.5), Rules(improved_by=-1, reverse=(0,), wellby=True, least=3))
    for words in ("the threshold of an improvement is -1", "no scale is stated", "scale from 0 to 10",
                  "the one question on life satisfaction", "3 answers are asked of each person"):  # fmt: skip
        assert words in str(refused.value)
    with pytest.raises(sroi.SroiError, match="20 are said to have started, but more answered at the start"):
        study_answers(answers_of(np.arange(30.0), np.arange(30.0)), Rules(started=20))


# ---- small numbers ----


def test_counts_are_moved_against_the_effect_by_hand() -> None:
    assert [protected_count(count, 20, 5) for count in (0, 1, 4, 5, 15, 16, 19, 20)] == [0, 0, 0, 5, 15, 15, 15, 20]
    assert [protected_count(count, 20, 5, True) for count in (0, 1, 4, 5, 15, 16, 20)] == [0, 5, 5, 5, 15, 20, 20]
    for count, of in product(range(13), range(5, 13)):
        for comparison in (False, True):
            moved = protected_count(min(count, of), of, 5, comparison)
            assert moved in {0, of} or (moved >= 5 and of - moved >= 5)
            assert moved <= min(count, of) if not comparison else moved >= min(count, of)


def _small(count: int | None) -> bool:
    return count is not None and 0 < count < 5


def _attack(group: dict[str, object]) -> list[int]:
    """Return the counts that follow from a group's told figures: those told, and their differences."""
    known: dict[str, int] = {name: value for name in ("answered_twice", "started", "dropped_out", "only_after")
                             if isinstance(value := group[name], int)}  # fmt: skip
    if "started" in known:
        known["left"] = known["started"] - known["answered_twice"]
    for name in ("improved", "worsened", "improved_of_started"):
        counts = group[name]
        if isinstance(counts, dict):
            known[name], known[f"{name}_of"] = counts["count"], counts["of"]
            known[f"not_{name}"] = counts["of"] - counts["count"]
            known[f"{name}_by_share"] = round(counts["value"] * counts["of"])
            known[f"{name}_left"] = counts["of"] - known["answered_twice"]
    if "improved" in known and "worsened" in known:
        known["unmoved"] = known["answered_twice"] - known["improved"] - known["worsened"]
    change = group["change"]
    if isinstance(change, dict) and change["value"] is not None:
        # Sum, and sum of squares from the interval's width: on a yes-or-no question they are the counts themselves.
        number = known["answered_twice"]
        total = change["value"] * number
        reach = (change["high"] - change["value"]) / stats.t.ppf(0.975, number - 1)
        squares = reach**2 * number * (number - 1) + total**2 / number
        known["up_if_binary"], known["down_if_binary"] = round((squares + total) / 2), round((squares - total) / 2)
    return [known[name] for name in known]


@pytest.mark.parametrize("scale", [1, 2])
def test_no_small_number_can_be_worked_out_from_what_is_told(scale: int) -> None:
    rng = np.random.default_rng(scale)
    told = 0
    for _ in range(300):
        number = int(rng.integers(8, 60))
        before = rng.choice(scale + 1, number, p=None).astype(float)
        chance = rng.random() * 0.5
        after = np.where(rng.random(number) < chance, rng.integers(0, scale + 1, number), before).astype(float)
        after[rng.random(number) < rng.random() * 0.4] = NAN
        before[rng.random(number) < 0.1] = NAN
        study = _study(list(zip(before, after, rng.random(number) < 0.6, strict=True)), scale=scale)
        if study is None:
            continue
        document = study_document(study)
        for name in ("participants", "comparison"):
            group = document[name]
            told += 1
            if scale == 1:
                assert not any(_small(count) for count in _attack(group)), group
            else:
                assert not any(_small(count) for count in _attack({**group, "change": None})), group
    assert told > 100


def test_means_that_would_give_away_a_few_people_are_not_told() -> None:
    assert not means_may_be_told(np.array([0.0] * 20 + [1.0] * 2), 5)  # two people said yes
    assert not means_may_be_told(np.array([0.0] * 20 + [1.0, 2.0, 3.0, 7.0]), 5)  # all but four alike
    assert not means_may_be_told(np.array([3.0] * 4), 5)
    assert means_may_be_told(np.array([0.0] * 20 + [1.0] * 5), 5)
    assert means_may_be_told(np.arange(20.0) % 7, 5)


def test_few_drop_outs_leave_no_trace_in_how_many_started() -> None:
    before, after = np.arange(30.0) % 7, np.arange(30.0) % 7 + np.tile([1.0, 2.0, 0.0], 10)
    after[:3] = NAN
    study = study_answers(answers_of(before, after), Rules(improved_by=1, started=30, over_started=True))
    assert (study.participants.started, study.participants.dropped_out) == (None, None)
    assert study.participants.change_of_started is None
    assert study.claim is not None
    assert not study.claim.over_started
    text = json.dumps(study_document(study))
    assert "30" not in text.replace("-30", "")
    assert "Fewer than 5 dropped out" in text


def test_fewer_than_five_people_are_told_of_in_no_way() -> None:
    with pytest.raises(sroi.SroiError, match="fewer than 5 participants answered both before and after") as refused:
        study_answers(answers_of(np.arange(4.0), np.arange(4.0) + 1))
    assert "4" not in str(refused.value)
    # A yes-or-no question on which three changed: nothing may be told of the change, and nothing is claimed of it.
    before, after = np.zeros(20), np.array([1.0] * 3 + [0.0] * 17)
    study = study_answers(answers_of(before, after), Rules(improved_by=1))
    assert study.participants.change is None
    assert study.claim is None
    assert study_answers(answers_of(before, np.array([1.0] * 9 + [0.0] * 11)), Rules()).participants.change is not None
    few_rose = study_answers(answers_of(np.zeros(12), np.array([1.0] * 4 + [0.0] * 8)), Rules(improved_by=1))
    assert few_rose.verdict in (UNTOLD, NO_CHANGE)


# ---- people counted once ----


def _roll(name: str, *people: int) -> Roll:
    return Roll(name, frozenset(str(each).encode() for each in people), len(people))


def test_people_are_counted_once_across_three_projects() -> None:
    found = count_people([_roll("a", *range(20)), _roll("b", *range(10, 30)), _roll("c", *range(25, 40))], smallest=1)
    assert found.unique == 40
    assert [each.people for each in found.overlaps] == [10, 0, 5]
    assert found.in_several == 15


def test_an_overlap_of_few_people_cannot_be_worked_out_from_the_totals() -> None:
    for small in range(1, 5):
        for size, other in ((10, 12), (17, 21), (22, 9), (15, 15)):
            one, two = _roll("a", *range(size)), _roll("b", *range(size - small, size - small + other))
            found = count_people([one, two])
            assert found.overlaps[0].people is None
            assert found.in_several is None
            possible = {
                shared for shared in range(min(size, other) + 1)
                if 5 * round((size + other - shared) / 5) == found.unique
            }  # fmt: skip
            assert small in possible
            assert len(possible) > 1
