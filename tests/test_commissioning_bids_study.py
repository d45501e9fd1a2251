"""A profile is tried out on made-up bids: how far weights may move, who would be first, what a missing bid turns."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sroi.batch.run import run_notebook
from sroi.cli import main
from sroi.commissioning.bids import form, profile_form
from sroi.commissioning.bids.chances import chances_of_being_first
from sroi.commissioning.bids.document import study_to_dict
from sroi.commissioning.bids.made_up import make_up_bids
from sroi.commissioning.bids.offers import Bidder, Bids, Commitment, Contents, MadeUpBids, Offer
from sroi.commissioning.bids.profile import Band, Criterion, Measure, Profile, Tender
from sroi.commissioning.bids.reading import profile_of
from sroi.commissioning.bids.scoring import first, score
from sroi.commissioning.bids.study import drop_each, study_made_up, study_profile
from sroi.commissioning.bids.study_telling import tell_study
from sroi.commissioning.bids.weightings import simplex_share_below, utilities, weight_moves, weightings
from sroi.errors import MethodRefused
from sroi.files.form_reader import read_form
from sroi.files.form_writer import form_bytes
from sroi.reports.blocks import Table
from sroi.shipped import template

pytestmark = pytest.mark.usefixtures("warm_notebooks")

TENDER = Tender("T-1", "A test", "Millbrook Council", date(2025, 4, 28))


def judged(*weights: Fraction, total: str = "weighted_sum", wtp: int = 0) -> Profile:
    criteria = tuple(
        Criterion(f"c{place}", f"Criterion {place}", "qualitative", "quality_bands", weight)
        for place, weight in enumerate(weights)
    )
    tender = replace(TENDER, total=total, willingness_to_pay=Fraction(wtp))
    return Profile(tender, criteria, bands=(Band("all", Fraction(1)), Band("none", Fraction(0))))


def made_up(*shares: tuple[Fraction | float, ...], prices: tuple[int, ...] = ()) -> MadeUpBids:
    return MadeUpBids(
        tuple(
            Offer(Bidder(f"b{place}", f"B{place}", Fraction(prices[place] if prices else 1)), {},
                  {f"c{which}": Fraction(str(share)) for which, share in enumerate(each)})
            for place, each in enumerate(shares)
        ),
        "for a test",
    )  # fmt: skip


def in_numbers(*quantities: tuple[float, float | None, float | None]) -> tuple[Profile, MadeUpBids]:
    """Bids at one price that differ in one uncertain commitment each: quantity, low, high."""
    criterion = Criterion("numbers", "Numbers", "quantitative", "proportional_to_best_highest_best", Fraction(1))
    profile = Profile(TENDER, (criterion,), (Measure("trees", "Trees", "tree", "numbers"),))
    offers = tuple(
        Offer(Bidder(f"b{place}", f"B{place}", Fraction(1)),
              {"trees": Commitment(Fraction(quantity), None if low is None else Fraction(low), None if high is None else Fraction(high))})
        for place, (quantity, low, high) in enumerate(quantities)
    )  # fmt: skip
    return profile, MadeUpBids(offers, "for a test")


# ---- weights ----


def test_how_far_a_weight_may_move_is_worked_out_by_hand() -> None:
    # Weights 60 and 40; b0 scores 1 and 0, b1 scores 0 and 0.9: level where w = 0.9 (1 - w), at 9/19.
    profile = judged(Fraction(6, 10), Fraction(4, 10))
    moves = weight_moves(utilities(profile, made_up((1, 0), (0, 0.9))))
    assert (moves[0].down, moves[0].down_to, moves[0].up) == (Fraction(9, 19), "b1", None)
    assert (moves[1].up, moves[1].up_to, moves[1].down) == (Fraction(10, 19), "b1", None)
    assert moves[0].nearest == Fraction(6, 10) - Fraction(9, 19)


SHARES = st.integers(0, 12).map(lambda part: Fraction(part, 12))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(1, 9), min_size=2, max_size=4),
    st.lists(st.tuples(SHARES, SHARES, SHARES, SHARES), min_size=2, max_size=5),
    st.sampled_from(("weighted_sum", "price_per_quality_point", "willingness_to_pay")),
    st.lists(st.integers(1, 50), min_size=5, max_size=5),
)
def test_at_the_weight_found_two_bids_are_level_and_beyond_it_another_is_first(
    parts: list[int], shares: list[tuple[Fraction, ...]], total: str, prices: list[int]
) -> None:
    weights = [Fraction(part, sum(parts)) for part in parts]
    profile = judged(*weights, total=total, wtp=1)
    bids = made_up(*(each[: len(parts)] for each in shares), prices=tuple(prices))
    leading = first(score(profile, bids.offers))
    for place, move in enumerate(weight_moves(utilities(profile, bids))):
        for end, other, step in ((move.down, move.down_to, -1), (move.up, move.up_to, 1)):
            if end is None:
                continue
            moved = [
                end if which == place else each * (1 - end) / (1 - weights[place]) for which, each in enumerate(weights)
            ]
            at = first(score(judged(*moved, total=total, wtp=1), bids.offers))
            assert {*leading, other} <= set(at)
            # Halfway there nothing has changed.
            half = (end + move.weight) / 2
            moved = [
                half if which == place else each * (1 - half) / (1 - weights[place])
                for which, each in enumerate(weights)
            ]
            assert first(score(judged(*moved, total=total, wtp=1), bids.offers)) == leading
            assert (end - move.weight) * step > 0


def test_no_move_is_told_where_nobody_leads_alone() -> None:
    assert weight_moves(utilities(judged(Fraction(1, 2), Fraction(1, 2)), made_up((1, 0), (0, 1)))) == ()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-6, 6), min_size=2, max_size=5))
def test_the_exact_share_of_all_weightings_is_what_draws_find(heights: list[int]) -> None:
    exact = float(simplex_share_below([Fraction(height) for height in heights]))
    drawn = np.random.default_rng(1).standard_exponential((40_000, len(heights))) @ np.array(heights, dtype=float)
    assert exact == pytest.approx(float((drawn < 0).mean()), abs=0.0125)


def test_two_bids_share_the_weightings_exactly_and_three_by_draws_within_their_error() -> None:
    # b0 is ahead where w > 0.9 (1 - w): above 9/19.
    two = weightings(utilities(judged(Fraction(6, 10), Fraction(4, 10)), made_up((1, 0), (0, 0.9))))
    assert two.method == "exact"
    assert two.shares == pytest.approx({"b0": 10 / 19, "b1": 9 / 19})
    three = weightings(utilities(judged(Fraction(6, 10), Fraction(4, 10)), made_up((1, 0), (0, 0.9), (0, 0))), seed=3)
    assert three.method == "simulation"
    assert three.shares["b0"] == pytest.approx(10 / 19, abs=4 * three.standard_error)
    assert three.shares["b2"] == 0
    assert sum(three.shares.values()) == pytest.approx(1)


def test_bids_that_are_alike_share_all_weightings() -> None:
    assert weightings(utilities(judged(Fraction(1, 2), Fraction(1, 2)), made_up((1, 0), (1, 0)))).shares == {
        "b0": 0.5,
        "b1": 0.5,
    }


# ---- chances ----


def test_certain_commitments_leave_no_doubt_and_a_tie_is_split() -> None:
    profile, bids = in_numbers((10, None, None), (10, None, None), (3, None, None))
    found = chances_of_being_first(profile, bids)
    assert found.first == {"b0": 0.5, "b1": 0.5, "b2": 0.0}
    assert (found.ties, found.uncertain) == (1.0, 0)


def test_the_chance_of_an_uncertain_bid_is_that_of_its_law() -> None:
    from scipy.stats import beta

    # b1 is certain at 12; b0 is pert on 0..20 with its mode at 10: Beta(3, 3), above 12 with this chance.
    profile, bids = in_numbers((10, 0, 20), (12, None, None))
    found = chances_of_being_first(profile, bids, seed=5)
    assert found.first["b0"] == pytest.approx(float(beta(3, 3).sf(0.6)), abs=4 * found.standard_error)
    assert found.first == chances_of_being_first(profile, bids, seed=5).first
    assert found.first != chances_of_being_first(profile, bids, seed=6).first


def test_alike_uncertain_bids_have_like_chances() -> None:
    profile, bids = in_numbers((10, 5, 12), (10, 5, 12), (10, 5, 12), (10, 5, 12))
    found = chances_of_being_first(profile, bids)
    assert list(found.first.values()) == pytest.approx([0.25] * 4, abs=5 * found.standard_error)


# ---- the ranking paradox ----


def test_a_bid_that_cannot_win_may_decide_who_does_and_the_study_says_so() -> None:
    # 50 : 50 on price and trees. With c, whose trees are many and whose price is high, trees of a and b count little.
    price = Criterion("price", "Price", "price", "relative_price_lowest_best", Fraction(1, 2))
    numbers = Criterion("numbers", "Numbers", "quantitative", "proportional_to_best_highest_best", Fraction(1, 2))
    profile = Profile(TENDER, (price, numbers), (Measure("trees", "Trees", "tree", "numbers"),))
    bids = MadeUpBids(
        tuple(Offer(Bidder(name, name, Fraction(cost)), {"trees": Commitment(Fraction(trees))}) for name, cost, trees in (("a", 100, 50), ("b", 125, 70), ("c", 900, 200))),
        "for a test",
    )  # fmt: skip
    standings = score(profile, bids.offers)
    # a: 50 + 12.5; b: 40 + 17.5; c: 5.6 + 50. Without c: a 50 + 35.7; b 40 + 50.
    assert first(standings) == ("a",)
    turned = {each.bidder: each for each in drop_each(profile, bids, standings)}
    assert turned["c"].first_changes
    assert turned["c"].first_after == ("b",)
    assert not turned["b"].first_changes
    page = " ".join(getattr(block, "text", "") for block in tell_study(study_made_up(profile, bids))["dropped"].blocks)
    assert "the ranking paradox" in page


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6), st.booleans())
def test_dropping_a_bid_is_as_if_it_had_never_been(seed: int, count: int, threshold: bool) -> None:
    """`drop_each` scores again only where it must; here every bid is dropped the long way."""
    profile = example_profile()
    if threshold:
        criteria = tuple(replace(each, threshold=Fraction(9, 10)) if each.id in ("price", "people") else each for each in profile.criteria)  # fmt: skip
        profile = replace(profile, criteria=criteria)
    bids = make_up_bids(profile, count, seed)
    standings = score(profile, bids.offers)
    for each in drop_each(profile, bids, standings):
        rest = [offer for offer in bids.offers if offer.bidder.id != each.bidder]
        after = {standing.bidder: standing.rank for standing in score(profile, rest)}
        before = {standing.bidder: standing.rank for standing in standings if standing.bidder != each.bidder}
        order = [sorted((name for name in ranks if ranks[name] is not None), key=lambda name: ranks[name] or 0) for ranks in (before, after)]  # fmt: skip
        assert each.order_changes is (order[0] != order[1])
        assert each.first_after == tuple(name for name, rank in after.items() if rank == 1)


def test_with_formulas_that_look_at_one_bid_only_nothing_is_turned() -> None:
    study = study_profile(judged(Fraction(6, 10), Fraction(4, 10)), turns=20)
    assert study.turns is not None
    assert (study.turns.paradoxes, study.turns.reordered) == (0, 0)
    assert "changes nothing among the others" in tell_study(study)["dropped"].blocks[0].text  # type: ignore[union-attr]


# ---- made-up bids and their study ----


def example_profile() -> Profile:
    path = Path(form.__file__)  # only to say in messages where it would stand
    assert path.exists()
    return _EXAMPLE


def _read_example() -> Profile:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "profile.yaml"
        path.write_bytes(form_bytes(profile_form.FORM, profile_form.EXAMPLE, ".yaml"))
        return profile_of(read_form(path, profile_form.FORM))


_EXAMPLE = _read_example()


def test_made_up_bids_keep_to_the_profile_and_hang_on_the_seed_alone() -> None:
    profile = example_profile()
    bids = make_up_bids(profile, 5, seed=7)
    assert bids == make_up_bids(profile, 5, seed=7)
    assert bids != make_up_bids(profile, 5, seed=8)
    for offer in bids.offers:
        assert 4_250_000 <= offer.bidder.price <= 5_500_000
        assert all(measure.low <= offer.quantity(measure.id) <= measure.high for measure in profile.measures)  # type: ignore[operator]
        assert offer.bidder.title.startswith("Made-up bid")


def test_a_study_counts_its_sets_and_says_that_its_bids_are_made_up() -> None:
    study = study_profile(example_profile(), 4, seed=1, turns=30)
    document = json.loads(json.dumps(study_to_dict(study), allow_nan=False))
    assert document["kind"] == "study on made-up bids"
    assert document["sets"]["count"] == 30
    assert sum(document["chances"]["first"].values()) == pytest.approx(1)
    assert (
        "made-up bids: no part of this belongs in an evaluation or in the text of an award"
        in tell_study(study).subtitle
    )


def test_what_only_draws_found_is_never_told_as_certain() -> None:
    profile, bids = in_numbers((100, 90, 110), (10, 9, 11), (1, 0, 2))
    found = chances_of_being_first(profile, bids)
    assert found.first["b0"] == 1.0
    (table, *_) = tell_study(study_made_up(profile, bids))["chances"].blocks
    assert isinstance(table, Table)
    assert [row[2] for row in table.rows] == ["all draws", "no draw", "no draw"]


def test_rules_and_weights_of_others_stand_in_the_study_with_their_source_and_sureness() -> None:
    (table, _) = tell_study(study_profile(example_profile(), turns=1))["seen"].blocks
    assert isinstance(table, Table)
    said = {row[0]: row for row in table.rows}
    assert "at most six measures" in said["Bradford"][1]
    assert [row[1].rpartition(": ")[2] for row in table.rows if row[1].endswith("%")] == [
        "5 %",
        "10 %",
        "10 %",
        "20 %",
        "30 %",
    ]
    assert all(row[2].startswith("https://") and row[3] for row in table.rows)


def test_a_set_in_which_all_are_set_aside_or_one_is_left_is_told_all_the_same() -> None:
    profile = replace(
        judged(Fraction(6, 10), Fraction(4, 10)), bands=(Band("all", Fraction(1)), Band("none", Fraction(0)))
    )
    strict = replace(profile, criteria=tuple(replace(each, threshold=Fraction(1)) for each in profile.criteria))
    for bids, left in ((made_up((0, 0), (1, 0)), 0), (made_up((0, 0), (1, 1)), 1)):
        study = study_made_up(strict, bids)
        assert len(study.weightings.shares) == left
        assert sum(study.chances.first.values()) == left
        assert study.moves == ()
        tell_study(study)
        json.dumps(study_to_dict(study), allow_nan=False)


def test_real_bids_are_never_studied() -> None:
    real: Any = Bids(Contents(make_up_bids(example_profile()).offers and ()), date(2025, 4, 28))
    for study in (lambda it: study_made_up(example_profile(), it), lambda it: utilities(example_profile(), it),
                  lambda it: chances_of_being_first(example_profile(), it), lambda it: drop_each(example_profile(), it, ())):  # fmt: skip
        with pytest.raises(MethodRefused, match="real bids are never studied"):
            study(real)


@pytest.mark.parametrize("total", ["price_per_quality_point", "willingness_to_pay", "value_net_of_quality_price"])
def test_every_way_to_make_a_total_can_be_studied(total: str) -> None:
    profile = judged(Fraction(6, 10), Fraction(4, 10), total=total, wtp=5000)
    if total == "value_net_of_quality_price":
        profile = replace(profile, criteria=tuple(replace(each, weight=Fraction(0), money_value=100_000 * each.weight) for each in profile.criteria))  # fmt: skip
    study = study_profile(profile, turns=3)
    assert len(study.moves) in (0, 2)
    assert sum(study.weightings.shares.values()) == pytest.approx(1)
    tell_study(study)


def test_the_studys_notebook_and_command_leave_its_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile, bids = tmp_path / "profile.yaml", tmp_path / "made_up.yaml"
    profile.write_bytes(form_bytes(profile_form.FORM, profile_form.EXAMPLE, ".yaml"))
    opening = {**form.EXAMPLE["opening"], "made_up": "yes"}
    bids.write_bytes(form_bytes(form.FORM, {**form.EXAMPLE, "opening": opening}, ".yaml"))
    given = {"profile": str(profile), "out": str(tmp_path / "out"), "sets": 5, "formats": "html"}
    run_notebook(template("commissioning/bids_study.ipynb"), tmp_path / "run.ipynb", given)
    assert "How far each weight may move" in (tmp_path / "out" / "bids_study.html").read_text("utf-8")
    assert main(["commission", "bids", str(profile), "--try", "--sets", "5"]) == 0
    assert "of 5 sets of 4 made-up bids" in capsys.readouterr().out
    assert main(["commission", "bids", str(bids), "--profile", str(profile), "--try", "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sets"] is None
    # Brookside leads by 0.78 points, and its commitments are a little surer than Alder's.
    assert found["chances"]["first"]["brookside"] > 0.5 > found["chances"]["first"]["alder"] > 0
