"""Bids score as the published formulas say, exactly; a better bid never ranks lower; ties are ties; the lock holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sroi.commissioning.bids import form, formulas, profile_form
from sroi.commissioning.bids.bids_reading import bids_of, made_up_bids_of
from sroi.commissioning.bids.evaluation import evaluate_bids, sroi_notes
from sroi.commissioning.bids.flags import flags
from sroi.commissioning.bids.lock import Lock, check_lock, fingerprint, lock, lock_path, read_lock, write_lock
from sroi.commissioning.bids.offers import Bidder, Bids, Commitment, Offer
from sroi.commissioning.bids.profile import Band, Criterion, Measure, Profile, Question, Tender
from sroi.commissioning.bids.reading import profile_of
from sroi.commissioning.bids.scoring import first, score
from sroi.errors import FileRefused, MethodRefused
from sroi.files.form_reader import read_form
from sroi.files.form_writer import form_bytes

TENDER = Tender("T-1", "A test", "Millbrook Council", date(2025, 4, 28))
PRICE = Criterion("price", "Price", "price", "relative_price_lowest_best", Fraction(40, 100))
QUALITY = Criterion("quality", "Quality", "qualitative", "quality_bands", Fraction(60, 100))
BANDS = (Band("Good", Fraction(70, 100)), Band("Excellent", Fraction(90, 100)), Band("None", Fraction(0)))
NOW = datetime(2025, 3, 10, 9, 0, tzinfo=UTC)


def offer(name: str, price: Fraction | int | str, **judged: str) -> Offer:
    return Offer(
        Bidder(name, name.title(), Fraction(price)),
        {},
        {criterion: Fraction(share) for criterion, share in judged.items()},
    )


def committed(one: Offer, **quantities: int | Fraction) -> Offer:
    return replace(
        one, commitments={measure: Commitment(Fraction(quantity)) for measure, quantity in quantities.items()}
    )


def points(profile: Profile, offers: list[Offer], criterion: str) -> dict[str, float]:
    return {each.bidder: float(each.points[criterion]) for each in score(profile, offers)}


def ranks(profile: Profile, offers: list[Offer]) -> dict[str, int | None]:
    return {each.bidder: each.rank for each in score(profile, offers)}


# ---- each worked example of the sources ----


def test_the_lowest_price_takes_full_marks_and_the_others_their_proportion_as_the_guidance_prints() -> None:
    # Crown Commercial Service guidance for the Digital Marketplace, as quoted by shma.co.uk: 0.667, 1 and 0.333.
    prices = {"A": Fraction(15000), "B": Fraction(10000), "C": Fraction(30000)}
    shares = {name: formulas.relative_price(price, Fraction(10000)) for name, price in prices.items()}
    assert {name: round(float(share), 3) for name, share in shares.items()} == {"A": 0.667, "B": 1.0, "C": 0.333}


def test_three_prices_under_a_weight_of_forty_score_as_impactbids_prints() -> None:
    profile = Profile(TENDER, (PRICE, QUALITY), bands=BANDS)
    found = points(profile, [offer("a", 100), offer("b", 105), offer("c", 108)], "price")
    assert found == pytest.approx({"a": 40.0, "b": 38.095238, "c": 37.037037}, abs=1e-6)
    whole = replace(profile, tender=replace(TENDER, rounding="each_score", decimals=0))
    assert points(whole, [offer("a", 100), offer("b", 105), offer("c", 108)], "price") == {"a": 40, "b": 38, "c": 37}


def test_the_largest_commitment_takes_full_marks_and_the_others_their_proportion() -> None:
    social = Criterion("social", "Social value", "quantitative", "proportional_to_best_highest_best", Fraction(10, 100))
    rest = replace(PRICE, weight=Fraction(90, 100))
    profile = Profile(TENDER, (rest, social), (Measure("spend", "Spend", "GBP", "social"),))
    offers = [committed(offer(name, 1), spend=spend) for name, spend in (("a", 200000), ("b", 150000), ("c", 50000))]
    assert points(profile, offers, "social") == {"a": 10.0, "b": 7.5, "c": 2.5}


def test_bands_earn_their_share_of_the_weight() -> None:
    profile = Profile(TENDER, (PRICE, QUALITY), bands=BANDS)
    assert profile.bands_of(QUALITY) == {"Good": Fraction(7, 10), "Excellent": Fraction(9, 10), "None": 0}
    found = points(profile, [offer("a", 100, quality="0.7"), offer("b", 100, quality="0.9")], "quality")
    assert found == {"a": 42.0, "b": 54.0}


def test_a_pass_earns_the_full_weight_and_a_fail_nothing() -> None:
    social = Criterion("social", "Social value", "qualitative", "pass_fail", Fraction(10, 100))
    profile = Profile(TENDER, (replace(PRICE, weight=Fraction(90, 100)), social))
    assert profile.bands_of(social) == {"pass": 1, "fail": 0}
    assert points(profile, [offer("a", 1, social="1"), offer("b", 1, social="0")], "social") == {"a": 10.0, "b": 0.0}


def test_the_weighted_sum_makes_the_printed_totals_and_ten_points_of_quality_outweigh_the_lowest_price() -> None:
    profile = Profile(TENDER, (PRICE, QUALITY), bands=BANDS)
    standings = score(profile, [offer("a", 100, quality="0.7"), offer("b", 105, quality="0.9")])
    assert [float(each.merit) for each in standings] == pytest.approx([82.0, 92.095238], abs=1e-6)
    assert first(standings) == ("b",)


def test_the_lowest_price_of_a_quality_point_ranks_first() -> None:
    quality = replace(QUALITY, weight=Fraction(1))
    profile = Profile(replace(TENDER, total="price_per_quality_point"), (quality,), bands=BANDS)
    standings = score(profile, [offer("a", 1000000, quality="0.8"), offer("b", 900000, quality="0.6")])
    assert [each.figure for each in standings] == [12500, 15000]
    assert [each.rank for each in standings] == [1, 2]


def test_a_bid_without_a_quality_point_has_no_price_of_one_and_ranks_last() -> None:
    profile = Profile(
        replace(TENDER, total="price_per_quality_point"), (replace(QUALITY, weight=Fraction(1)),), bands=BANDS
    )
    standings = score(profile, [offer("a", 1, quality="0"), offer("b", 900000, quality="0.6")])
    assert standings[0].figure is None
    assert [each.rank for each in standings] == [2, 1]


def test_quality_priced_in_money_is_taken_off_the_price_as_negometrix_prints() -> None:
    quality = replace(QUALITY, weight=Fraction(0), money_value=Fraction(2500))
    profile = Profile(replace(TENDER, total="value_net_of_quality_price", currency="EUR"), (quality,), bands=BANDS)
    (standing,) = score(profile, [offer("a", 80000, quality="0.6")])
    assert standing.points == {"quality": 1500}
    assert standing.figure == 78500


def test_what_the_buyer_would_pay_for_a_per_cent_of_quality_is_taken_off_the_cost() -> None:
    # Cost - Q x WTP: 80 % at 1,000 for each per cent takes 80,000 off.
    tender = replace(TENDER, total="willingness_to_pay", willingness_to_pay=Fraction(1000))
    profile = Profile(tender, (replace(QUALITY, weight=Fraction(1)),), bands=BANDS)
    standings = score(profile, [offer("a", 500000, quality="0.8"), offer("b", 450000, quality="0.2")])
    assert [each.figure for each in standings] == [420000, 430000]
    assert [each.rank for each in standings] == [1, 2]


def test_a_price_between_two_set_beforehand_earns_its_place_on_the_line_and_never_more_than_all_or_less_than_none() -> (
    None
):
    line = Criterion("price", "Price", "price", "linear_between_set_prices", Fraction(40, 100), full_marks_price=Fraction(80000), no_marks_price=Fraction(120000))  # fmt: skip
    profile = Profile(TENDER, (line, QUALITY), bands=BANDS)
    offers = [offer("a", 90000), offer("b", 80000), offer("c", 120000), offer("d", 1), offer("e", 150000)]
    assert points(profile, offers, "price") == {"a": 30.0, "b": 40.0, "c": 0.0, "d": 40.0, "e": 0.0}


# ---- properties ----

SHARES = st.integers(0, 20).map(lambda part: Fraction(part, 20))
PRICES = st.integers(1, 10**6).map(Fraction)
QUANTITIES = st.integers(0, 5000).map(Fraction)


@st.composite
def tenders(draw: Any, rounding: str | None = None) -> Profile:
    """A random profile: prices, two judged criteria, two in numbers, any way to make a total."""
    total = draw(st.sampled_from(("weighted_sum", "price_per_quality_point", "value_net_of_quality_price", "willingness_to_pay")))  # fmt: skip
    kinds = ["works", "people", "numbers", "value"] + (["price"] if total == "weighted_sum" else [])
    parts = [draw(st.integers(1, 20)) for _ in kinds]
    weights = {name: Fraction(part, sum(parts)) for name, part in zip(kinds, parts, strict=True)}
    money = total == "value_net_of_quality_price"
    line = draw(st.booleans())

    def criterion(name: str, kind: str, method: str, **more: Any) -> Criterion:
        least = draw(st.sampled_from((None, None, Fraction(1, 10))))
        weight, worth = (Fraction(0), 1000 * weights[name]) if money else (weights[name], None)
        return Criterion(name, name.title(), kind, method, weight, threshold=least, money_value=worth, **more)

    criteria = [
        criterion("works", "qualitative", "quality_bands"),
        criterion("people", "qualitative", "quality_bands"),
        criterion("numbers", "quantitative", "weighted_sum"),
        criterion("value", "quantitative", "proportional_to_best_highest_best"),
    ]
    if total == "weighted_sum":
        more: dict[str, Any] = {"full_marks_price": Fraction(1000), "no_marks_price": Fraction(500000)} if line else {}
        method = "linear_between_set_prices" if line else "relative_price_lowest_best"
        criteria.append(criterion("price", "price", method, **more))
    first_part = draw(st.integers(0, 10))
    measures = (
        Measure("jobs", "Jobs", "job", "numbers", weight=Fraction(first_part, 10), mandatory=draw(st.booleans())),
        Measure("trees", "Trees", "tree", "numbers", weight=1 - Fraction(first_part, 10)),
        Measure("hours", "Hours", "hour", "value", value=Fraction(16)),
        Measure("spend", "Spend", "GBP", "value", value=Fraction(1, 3)),
    )
    tender = replace(
        TENDER, total=total, willingness_to_pay=Fraction(draw(st.integers(1, 5000))), decimals=draw(st.integers(0, 2)),
        rounding=rounding or draw(st.sampled_from(("for_show", "each_score"))),
        tie_criterion=draw(st.sampled_from(("", "works"))),
    )  # fmt: skip
    return Profile(tender, tuple(criteria), measures, (Band("all", Fraction(1)),))


@st.composite
def bids(draw: Any, least: int = 2) -> list[Offer]:
    count = draw(st.integers(least, 6))
    return [
        committed(
            Offer(Bidder(f"b{place}", f"B{place}", draw(PRICES)), {}, {"works": draw(SHARES), "people": draw(SHARES)}),
            jobs=draw(QUANTITIES), trees=draw(QUANTITIES), hours=draw(QUANTITIES), spend=draw(QUANTITIES),
        )
        for place in range(count)
    ]  # fmt: skip


def bettered(draw: Any, one: Offer) -> Offer:
    what = draw(st.sampled_from(("price", "works", "people", "jobs", "trees", "hours", "spend")))
    if what == "price":
        return replace(one, bidder=replace(one.bidder, price=draw(st.integers(1, int(one.bidder.price)).map(Fraction))))
    if what in one.judged:
        return replace(one, judged={**one.judged, what: draw(SHARES.filter(lambda s: s >= one.judged[what]))})
    more = Commitment(one.quantity(what) + draw(QUANTITIES))
    return replace(one, commitments={**one.commitments, what: more})


@settings(max_examples=150, deadline=None)
@given(st.data(), tenders(), bids())
def test_a_bid_that_is_better_in_one_thing_never_ranks_lower(data: Any, profile: Profile, offers: list[Offer]) -> None:
    before = score(profile, offers)
    place = data.draw(st.integers(0, len(offers) - 1))
    better = [*offers[:place], bettered(data.draw, offers[place]), *offers[place + 1 :]]
    after = score(profile, better)
    for other in range(len(offers)):
        if other == place or before[place].rank is None:
            continue
        assert after[place].rank is not None
        was_ahead = before[other].rank is None or before[place].rank <= before[other].rank  # type: ignore[operator]
        # Nobody who was out comes in: bests only rise.
        is_ahead = after[other].rank is None or after[place].rank <= after[other].rank  # type: ignore[operator]
        assert is_ahead or not was_ahead


@settings(max_examples=60, deadline=None)
@given(tenders(rounding="for_show"), bids(), st.integers(2, 1000))
def test_money_in_another_unit_leaves_the_ranking(profile: Profile, offers: list[Offer], times: int) -> None:
    def scaled(amount: Fraction | None) -> Fraction | None:
        return None if amount is None else amount * times

    dearer = [replace(each, bidder=replace(each.bidder, price=each.bidder.price * times)) for each in offers]
    criteria = tuple(
        replace(
            each, full_marks_price=scaled(each.full_marks_price), no_marks_price=scaled(each.no_marks_price),
            money_value=scaled(each.money_value),
        )
        for each in profile.criteria
    )  # fmt: skip
    measures = tuple(replace(each, value=scaled(each.value)) for each in profile.measures)
    tender = replace(profile.tender, willingness_to_pay=scaled(profile.tender.willingness_to_pay))
    assert ranks(Profile(tender, criteria, measures, profile.bands), dearer) == ranks(profile, offers)


@settings(max_examples=60, deadline=None)
@given(st.data(), tenders(), bids())
def test_the_order_in_which_bids_stand_in_the_file_ranks_nobody(
    data: Any, profile: Profile, offers: list[Offer]
) -> None:
    shuffled = data.draw(st.permutations(offers))
    assert ranks(profile, shuffled) == ranks(profile, offers)


@settings(max_examples=40, deadline=None)
@given(tenders(), bids())
def test_a_bid_that_is_a_copy_of_another_ties_with_it(profile: Profile, offers: list[Offer]) -> None:
    copy = replace(offers[0], bidder=replace(offers[0].bidder, id="copy"))
    standings = {each.bidder: each for each in score(profile, [*offers, copy])}
    assert standings["copy"].rank == standings["b0"].rank
    if standings["b0"].rank is not None:
        assert "copy" in standings["b0"].tied_with


def test_a_tie_is_shown_as_a_tie_and_the_next_rank_is_left_free() -> None:
    profile = Profile(TENDER, (PRICE, QUALITY), bands=BANDS)
    # 40 x 100/100 + 60 x 0.5 = 70 = 40 x 100/160 + 60 x 0.75: exact, where floats might tell them apart.
    offers = [offer("a", 100, quality="0.5"), offer("b", 160, quality="0.75"), offer("c", 400, quality="0.1")]
    standings = score(profile, offers)
    assert [each.rank for each in standings] == [1, 1, 3]
    assert standings[0].tied_with == ("b",)
    decided = replace(profile, tender=replace(TENDER, tie_criterion="quality"))
    assert ranks(decided, offers) == {"a": 2, "b": 1, "c": 3}


def test_thirds_that_floats_would_tell_apart_tie() -> None:
    parts = tuple(Criterion(f"c{place}", "C", "qualitative", "quality_bands", Fraction(1, 10)) for place in range(10))
    profile = Profile(TENDER, parts, bands=BANDS)
    alike = {f"c{place}": Fraction(1, 10) for place in range(10)}
    other = {**{f"c{place}": Fraction(0) for place in range(10)}, "c0": Fraction(1)}
    standings = score(
        profile, [Offer(Bidder("a", "A", Fraction(1)), {}, alike), Offer(Bidder("b", "B", Fraction(1)), {}, other)]
    )
    assert [each.rank for each in standings] == [1, 1]


def test_rounding_never_decides_unless_the_profile_says_so() -> None:
    profile = Profile(TENDER, (PRICE, QUALITY), bands=BANDS)
    offers = [offer("a", 1000000, quality="0.7"), offer("b", 1000001, quality="0.7")]
    assert ranks(profile, offers) == {"a": 1, "b": 2}
    rounded = replace(profile, tender=replace(TENDER, rounding="each_score"))
    assert ranks(rounded, offers) == {"a": 1, "b": 1}


# ---- who is set aside ----


def test_a_bid_without_a_mandatory_measure_is_set_aside_and_sets_no_best() -> None:
    numbers = Criterion("numbers", "Numbers", "quantitative", "weighted_sum", Fraction(60, 100))
    measures = (Measure("jobs", "Jobs", "job", "numbers", weight=Fraction(1, 2), mandatory=True), Measure("trees", "Trees", "tree", "numbers", weight=Fraction(1, 2)))  # fmt: skip
    profile = Profile(TENDER, (PRICE, numbers), measures)
    offers = [committed(offer("a", 50), trees=900), committed(offer("b", 100), jobs=2, trees=3)]
    aside, other = score(profile, offers)
    assert aside.set_aside == ("it commits to nothing on the mandatory measure “Jobs”",)
    assert aside.rank is None
    assert (other.rank, other.merit) == (1, 100)


def test_a_threshold_sets_a_bid_aside_and_says_by_how_much() -> None:
    profile = Profile(TENDER, (PRICE, replace(QUALITY, threshold=Fraction(1, 2))), bands=BANDS)
    low, high = score(profile, [offer("a", 50, quality="0.4"), offer("b", 100, quality="0.5")])
    assert low.set_aside == ("“Quality” earned 40\u00a0% of its marks, and the least is 50\u00a0%",)
    assert (high.rank, high.points["price"]) == (1, 40)


def test_a_threshold_on_a_relative_score_is_looked_at_afterwards_and_nobody_is_scored_again() -> None:
    profile = Profile(TENDER, (replace(PRICE, threshold=Fraction(1, 2)), QUALITY), bands=BANDS)
    cheap, dear = score(profile, [offer("a", 100, quality="0.5"), offer("b", 201, quality="0.5")])
    assert cheap.rank == 1
    assert dear.rank is None
    assert float(dear.points["price"]) == pytest.approx(40 * 100 / 201)


def test_a_failed_question_that_must_be_passed_sets_a_bid_aside() -> None:
    questions = (Question("slavery", "Modern slavery", "modern_slavery", True), Question("pay", "Pay", "pay"))
    profile = Profile(TENDER, (PRICE, QUALITY), bands=BANDS, questions=questions)
    out, within = score(profile, [replace(offer("a", 50, quality="0.5"), failed=("slavery",)), replace(offer("b", 100, quality="0.5"), failed=("pay",))])  # fmt: skip
    assert out.set_aside == ("it failed the question “Modern slavery”",)
    assert within.rank == 1


def test_nobody_is_first_where_all_are_set_aside() -> None:
    profile = Profile(TENDER, (PRICE, replace(QUALITY, threshold=Fraction(1, 2))), bands=BANDS)
    assert first(score(profile, [offer("a", 50, quality="0"), offer("b", 60, quality="0")])) == ()


def test_a_price_of_nothing_is_refused_where_a_formula_divides_by_it() -> None:
    profile = Profile(TENDER, (PRICE, QUALITY), bands=BANDS)
    with pytest.raises(MethodRefused, match="the price of 'a' is 0, and the formula divides by the price"):
        score(profile, [offer("a", 0, quality="0.5"), offer("b", 60, quality="0")])


# ---- weights ----


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=6))
def test_weights_that_do_not_make_a_hundred_are_refused(parts: list[int]) -> None:
    criteria = tuple(replace(QUALITY, id=f"c{place}", weight=Fraction(part, 100)) for place, part in enumerate(parts))
    if sum(parts) == 100:
        Profile(TENDER, criteria, bands=BANDS)
    else:
        with pytest.raises(MethodRefused, match="the weights add up to"):
            Profile(TENDER, criteria, bands=BANDS)


def test_a_hair_from_a_hundred_is_not_a_hundred() -> None:
    with pytest.raises(MethodRefused, match="not to 100"):
        Profile(TENDER, (replace(PRICE, weight=Fraction("0.4000001")), QUALITY), bands=BANDS)


# ---- the lock ----


def profile_file(folder: Path, ending: str = ".xlsx", **changes: Any) -> Path:
    filled = {**profile_form.EXAMPLE, **changes}
    path = folder / f"profile{ending}"
    path.write_bytes(form_bytes(profile_form.FORM, filled, ending))
    return path


def bids_file(folder: Path, ending: str = ".xlsx", **changes: Any) -> Path:
    path = folder / f"bids{ending}"
    path.write_bytes(form_bytes(form.FORM, {**form.EXAMPLE, **changes}, ending))
    return path


def read_profile(path: Path) -> Profile:
    return profile_of(read_form(path, profile_form.FORM))


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Profile, Bids, Lock]:
    folder = tmp_path_factory.mktemp("bids")
    profile = read_profile(profile_file(folder))
    bids = bids_of(read_form(bids_file(folder), form.FORM), profile)
    return profile, bids, lock(profile, date(2025, 3, 10))


def test_a_profile_has_one_fingerprint_whatever_its_file_and_order(tmp_path: Path) -> None:
    book, text = read_profile(profile_file(tmp_path)), read_profile(profile_file(tmp_path, ".yaml"))
    turned = replace(book, criteria=book.criteria[::-1], measures=book.measures[::-1], bands=book.bands[::-1])
    assert fingerprint(book) == fingerprint(text) == fingerprint(turned)
    assert len(fingerprint(book)) == 64


def test_any_change_of_weight_formula_or_threshold_changes_the_fingerprint(example: tuple[Profile, Bids, Lock]) -> None:
    profile = example[0]
    price, works, *rest = profile.criteria
    moved = replace(
        profile, criteria=(replace(price, weight=Fraction(39, 100)), replace(works, weight=Fraction(31, 100)), *rest)
    )
    loosened = replace(profile, criteria=(price, replace(works, threshold=Fraction(1, 4)), *rest))
    softened = replace(profile, bands=(*profile.bands[:-1], replace(profile.bands[-1], share=Fraction(1, 100))))
    tied = replace(profile, tender=replace(profile.tender, tie_criterion="price"))
    prints = {fingerprint(each) for each in (profile, moved, loosened, softened, tied)}
    assert len(prints) == 5


def test_a_lock_is_written_read_and_noticed_when_changed(example: tuple[Profile, Bids, Lock], tmp_path: Path) -> None:
    profile = example[0]
    locked = lock(profile, now=NOW)
    path = lock_path(tmp_path / "profile.xlsx")
    assert path.name == "profile.lock.json"
    write_lock(locked, profile, path)
    assert read_lock(path) == locked
    assert not locked.stated_later
    with pytest.raises(FileRefused, match="already there"):
        write_lock(locked, profile, path)
    path.write_text(path.read_text("utf-8").replace('"2025-03-10"', '"2025-01-10"'), "utf-8")
    with pytest.raises(FileRefused, match="this lock was changed after it was written"):
        read_lock(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"lock_sha256": 3}', "\x00", "[" * 5000, '{"lock_sha256": "x", "profile_sha256": "y", "locked_on": "never"}'])  # fmt: skip
def test_a_file_that_is_no_lock_is_said_to_be_none(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.lock.json"
    path.write_text(text, "utf-8")
    with pytest.raises(FileRefused, match="this is not a lock"):
        read_lock(path)


def test_a_lock_of_another_profile_or_after_opening_is_refused(example: tuple[Profile, Bids, Lock]) -> None:
    profile, bids, locked = example
    changed = replace(profile, tender=replace(profile.tender, decimals=3))
    with pytest.raises(FileRefused, match="the profile is not the one that was locked on 2025-03-10"):
        evaluate_bids(changed, bids, locked)
    late = replace(locked, locked_on=date(2025, 4, 28))
    with pytest.raises(FileRefused, match="was locked on 2025-04-28, and bids were opened on 2025-04-28"):
        evaluate_bids(profile, bids, late)
    check_lock(replace(locked, locked_on=date(2025, 4, 27)), profile, bids.opened)


def test_bids_are_not_evaluated_without_a_lock_and_the_message_says_why(example: tuple[Profile, Bids, Lock]) -> None:
    profile, bids, _ = example
    with pytest.raises(FileRefused, match=r"there is no lock of this profile.*sroi commission bids lock PROFILE"):
        evaluate_bids(profile, bids, None)


def test_a_profile_is_locked_before_opening_and_never_for_a_day_to_come(example: tuple[Profile, Bids, Lock]) -> None:
    profile = example[0]
    with pytest.raises(MethodRefused, match="A profile is locked before the day on which bids are opened"):
        lock(profile, now=datetime(2025, 4, 28, tzinfo=UTC))
    with pytest.raises(MethodRefused, match="2025-03-11 is still to come"):
        lock(profile, date(2025, 3, 11), NOW)
    assert (
        "that day is stated, and the lock's file was written on 2025-03-10"
        in lock(profile, date(2025, 3, 9), NOW).words()
    )


# ---- the example ----


def test_brookside_wins_narrowly(example: tuple[Profile, Bids, Lock]) -> None:
    evaluation = evaluate_bids(*example)
    assert [(each.bidder, each.rank) for each in evaluation.ranked] == [("brookside", 1), ("alder", 2), ("cedar", 3)]
    # By hand: 40 x 4.7/4.9 + 22.5 + 15 + 10 x (0.3 + 0.3 + 0.1 x 4/5 + 0.2 x 0.9 + 0.1 x 2/3) + 3.75.
    assert float(evaluation.ranked[0].merit) == pytest.approx(88.8840136, abs=1e-7)
    assert float(evaluation.ranked[1].merit) == pytest.approx(88.1076923, abs=1e-7)
    assert evaluation.winner is not None


def test_a_ratio_scores_nothing_unless_the_tender_says_so(example: tuple[Profile, Bids, Lock]) -> None:
    evaluation = evaluate_bids(*example)
    assert sroi_notes(evaluation) == (
        "Brookside Green CIC states an SROI ratio of 3.20. It scores nothing: the tender did not say that it would.",
    )
    ratio = Criterion("ratio", "SROI", "sroi_ratio", "proportional_to_best_highest_best", Fraction(60, 100), conventions="5 years at 3.5 %")  # fmt: skip
    profile = Profile(TENDER, (PRICE, ratio))
    offers = [Offer(Bidder(name, name, Fraction(1), sroi_ratio=Fraction(stated), sroi_follows=follows)) for name, stated, follows in (("a", 2, True), ("b", 4, True), ("c", 9, False))]  # fmt: skip
    assert points(profile, offers, "ratio") == {"a": 30.0, "b": 60.0, "c": 0.0}


# ---- files that do not stand ----


def refused(path: Path, which: Any, read: Any) -> str:
    with pytest.raises(FileRefused) as caught:
        read(read_form(path, which))
    return str(caught.value)


def test_weights_that_do_not_make_a_hundred_are_refused_by_cell(tmp_path: Path) -> None:
    criteria = [{**row, "weight": "41%"} if row["id"] == "price" else row for row in profile_form.EXAMPLE["criteria"]]
    said = refused(profile_file(tmp_path, criteria=criteria), profile_form.FORM, profile_of)
    assert "the weights add up to 101\u00a0%, and not to 100 %" in said
    assert "Take 1\u00a0% off them: nothing is scaled for you." in said
    assert "Criteria, cell" in said


def test_all_that_does_not_fit_in_a_profile_comes_in_one_message(tmp_path: Path) -> None:
    criteria = [
        {"id": "price", "title": "Price", "kind": "price", "method": "quality_bands", "weight": "40%"},
        {"id": "line", "title": "Line", "kind": "price", "method": "linear_between_set_prices", "weight": "30%", "full_marks_price": 9, "no_marks_price": 8},
        {"id": "ratio", "title": "SROI", "kind": "sroi_ratio", "method": "proportional_to_best_highest_best", "weight": "20%"},
        {"id": "numbers", "title": "Numbers", "kind": "quantitative", "method": "weighted_sum", "weight": "10%"},
    ]  # fmt: skip
    measures = [
        {"id": "a", "title": "A", "unit": "hour", "criterion": "numbers", "weight": "50%", "low": 9, "high": 2},
        {"id": "b", "title": "B", "unit": "hour", "criterion": "ratio"},
    ]
    bands = [{"name": "Good", "share": "70%"}, {"name": "good", "share": "80%"}]
    said = refused(profile_file(tmp_path, criteria=criteria, measures=measures, bands=bands), profile_form.FORM, profile_of)  # fmt: skip
    for words in (
        "'quality_bands' is no formula for a criterion of kind price",
        "the price with full marks is not below the one with none",
        "an SROI ratio is to be scored, and no conventions are prescribed",
        "'ratio' is a criterion of kind sroi_ratio",
        "the least plausible is above the most plausible",
        "the weights of the measures of 'numbers' add up to 50\u00a0%, and not to 100 %",
        "the band 'good' stands twice",
    ):
        assert words in said


def test_more_measures_than_the_buyers_own_rule_are_refused(tmp_path: Path) -> None:
    tender = {**profile_form.EXAMPLE["tender"], "most_measures": 4}
    said = refused(profile_file(tmp_path, tender=tender), profile_form.FORM, profile_of)
    assert "there are 5 measures, and this tender has at most 4" in said


def test_two_bids_of_one_name_are_refused_for_nobody_could_tell_them_apart(
    example: tuple[Profile, Bids, Lock], tmp_path: Path
) -> None:
    bidders = [dict(row) for row in form.EXAMPLE["bidders"]]
    bidders[1]["title"] = f"  {bidders[0]['title'].upper()} "
    path = bids_file(tmp_path, ".xlsx", bidders=bidders)
    said = refused(path, form.FORM, lambda filled: bids_of(filled, example[0]))
    assert f"'{bidders[0]['title'].upper()}' is also the name of the bid at sheet Bidders, cell " in said


def test_bids_that_name_what_the_profile_does_not_have_are_refused_by_row(example: tuple[Profile, Bids, Lock], tmp_path: Path) -> None:  # fmt: skip
    path = bids_file(
        tmp_path,
        ".yaml",
        opening={**form.EXAMPLE["opening"], "reference": "MB-2025-999"},
        commitments=[{"bidder": "alder", "measure": "apprentice_week", "quantity": 5, "low": 9, "high": 3}],
        moderated=[{"bidder": "alder", "criterion": "works", "band": "Goood", "reason": "x"}],
        answers=[{"bidder": "alder", "question": "wages", "outcome": "pass"}],
    )
    said = refused(path, form.FORM, lambda filled: bids_of(filled, example[0]))
    for words in (
        "these are bids for 'MB-2025-999', and the profile is that of 'MB-2025-014'",
        "the profile has no measure 'apprentice_week'. Did you mean 'apprentice_weeks'?",
        "at least 9 is more than the commitment of 5",
        "at most 3 is less than the commitment of 5",
        "'Goood' is no band of 'works'. Did you mean 'Good'?",
        "the profile has no question 'wages'",
        "line ",
    ):
        assert words in said


def test_made_up_bids_are_never_evaluated_and_real_ones_never_studied(example: tuple[Profile, Bids, Lock], tmp_path: Path) -> None:  # fmt: skip
    profile, bids, locked = example
    invented = bids_file(tmp_path, opening={**form.EXAMPLE["opening"], "made_up": "yes"})
    said = refused(invented, form.FORM, lambda filled: bids_of(filled, profile))
    assert "these bids are marked as made up, and made-up bids are never evaluated" in said
    made_up = made_up_bids_of(read_form(invented, form.FORM), profile)
    with pytest.raises(MethodRefused, match="only real bids are evaluated"):
        evaluate_bids(profile, made_up, locked)  # type: ignore[arg-type]
    said = refused(bids_file(tmp_path), form.FORM, lambda filled: made_up_bids_of(filled, profile))
    assert "real bids are never studied" in said
    assert isinstance(bids, Bids)


# ---- what looks unreasonable ----


def flagged(profile: Profile, *offers: Offer) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for flag in flags(profile, offers):
        found.setdefault(flag.kind, []).append(f"{flag.bidder}: {flag.found}")
    return found


def with_people(one: Offer, workforce: int) -> Offer:
    return replace(one, bidder=replace(one.bidder, workforce=Fraction(workforce)))


def numbers_profile(**measure: Any) -> Profile:
    numbers = Criterion("numbers", "Numbers", "quantitative", "weighted_sum", Fraction(60, 100))
    tender = replace(
        TENDER, years=Fraction(5), unusual_times=Fraction(3), price_low=Fraction(50), price_high=Fraction(500)
    )
    return Profile(
        tender, (PRICE, numbers), (Measure("weeks", "Weeks", "week", "numbers", weight=Fraction(1), **measure),)
    )


def test_more_than_the_contract_could_hold_is_flagged_with_its_sum() -> None:
    profile = numbers_profile(limit_by="workforce_weeks")
    # 10 people x 52 weeks x 5 years = 2,600.
    fits = with_people(committed(offer("a", 100), weeks=2600), 10)
    more = with_people(committed(offer("b", 100), weeks=2601), 10)
    assert flagged(profile, fits, more)["beyond_limit"] == [
        "b: 2,601 (week) is more than the contract could hold: 2,600 (week), 10 people on the contract for 52 weeks in 5 years"
    ]  # fmt: skip


def test_what_is_outside_the_buyers_range_is_flagged_and_nothing_without_one() -> None:
    offers = [committed(offer("a", 100), weeks=11), committed(offer("b", 100), weeks=10), committed(offer("c", 100), weeks=4)]  # fmt: skip
    found = flagged(numbers_profile(low=Fraction(5), high=Fraction(10)), *offers)
    assert found["above_range"] == ["a: 11 (week) is more than the 10 (week) that you hold plausible"]
    assert found["below_range"] == ["c: 4 (week) is less than the 5 (week) that you hold plausible"]
    assert flagged(numbers_profile(), *offers) == {}


def test_a_commitment_far_above_the_others_for_its_price_is_flagged_once() -> None:
    offers = [with_people(committed(offer(name, 100), weeks=weeks), 5) for name, weeks in (("a", 10), ("b", 12), ("c", 31), ("d", 10))]  # fmt: skip
    (said,) = flagged(numbers_profile(), *offers)["unusual"]
    assert said.startswith("c: for each unit of price it is 3.1 times the middle one of the other bids")


def test_prices_of_nothing_and_outside_the_range_are_flagged() -> None:
    found = flagged(numbers_profile(), *(committed(offer(name, price), weeks=place) for place, (name, price) in enumerate((("a", 0), ("b", 49), ("c", 501)), 1)))  # fmt: skip
    assert found["price_of_nothing"] == ["a: the price is nothing"]
    assert found["price_low"] == ["b: the price of £49 is below the £50 that you hold plausible"]
    assert found["price_high"] == ["c: the price of £501 is above the £500 that you hold plausible"]


def test_bids_that_all_commit_to_the_same_or_to_nothing_are_flagged() -> None:
    same = flagged(numbers_profile(), committed(offer("a", 100), weeks=7), committed(offer("b", 90), weeks=7))
    assert same == {"all_equal": [": all bids commit to 7 (week): it tells nobody apart"]}
    assert "nobody" in flagged(numbers_profile(), offer("a", 100), offer("b", 90))


def test_flags_change_no_score(example: tuple[Profile, Bids, Lock]) -> None:
    profile, bids, locked = example
    strict = replace(profile, measures=tuple(replace(each, high=Fraction(1)) for each in profile.measures))
    one, other = evaluate_bids(profile, bids, locked), evaluate_bids(strict, bids, replace(locked, sha256=fingerprint(strict)))  # fmt: skip
    assert len(other.flags) > len(one.flags)
    assert one.standings == other.standings
