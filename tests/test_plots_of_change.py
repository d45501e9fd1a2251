"""Theory of change, flows and payback are drawn whole, at both widths, with the words of the map as written."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache, partial
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from random_maps import random_value_map

import sroi
from sroi import plots, wording
from sroi.impact_map import ImpactMap
from sroi.plots.change_parts import Lead, few_crossings, parts_of
from sroi.plots.change_sheet import theory_sheet
from sroi.plots.change_theory import _parts
from sroi.plots.fitting import fitted, width_of, wrapped
from sroi.plots.flows import flows_of, flows_sheet
from sroi.plots.folding import unfolded
from sroi.plots.sheet import KINDS, Band, Box, Ribbon, Sheet, Words, room_on
from sroi.plots.style import style
from sroi.result import Result

AS_WRITTEN = "Costs of $5 to $10_000 per person^2, a_b {x} \\frac"
CHINESE = "与他人相处的时间更多，更少感到孤独，对生活更满意，并且愿意向家人和邻居寻求帮助与陪伴"
LONG = "Feel that they belong to the valley, have people to call on in an emergency, and say so at the next meeting"
PAGE, PHONE = room_on(plots.WIDE), room_on(plots.NARROW)


def small(worth: float = 100.0, put_in: float = 80.0, **more: Any) -> ImpactMap:
    """Return a map of one outcome that is discounted by nothing."""
    return ImpactMap.model_validate({
        "sroi": 1, "title": "One outcome", "analysis": "forecast", "currency": "GBP", "price_year": "2024",
        "conventions": {"discount_timing": "none"}, "stakeholders": [{"id": "people"}],
        "inputs": [{"id": "grant", "stakeholder": "people", "kind": "money", "value": put_in}],
        "outcomes": [{"id": "better", "stakeholder": "people", "quantity": 1, "proxy": worth, **more}],
    })  # fmt: skip


def linked(links: dict[str, list[str]], **more: Any) -> ImpactMap:
    """Return a map of outcomes of one stakeholder, each worth 100, with these links."""
    outcomes = [{"id": name, "stakeholder": "people", "quantity": 1, "proxy": 100, "leads_to": after, **more}
                for name, after in links.items()]  # fmt: skip
    return small().model_copy(update={"outcomes": outcomes})


def large(outcomes: int, people: int) -> ImpactMap:
    """Return a map of long and non-Latin names, losses, links, outcomes without a price and some not counted."""
    names = ["Stakeholder", "家庭照顾者与邻居", "People who live in the valley and use the service once a month"]
    told = []
    for place in range(outcomes):
        sign = -1 if place % 9 == 4 else 1
        each: dict[str, Any] = {
            "id": f"o{place}", "stakeholder": f"s{place % people}", "quantity": 5 + place, "duration": 1 + place % 4,
            "description": f"{['Outcome', CHINESE, LONG, AS_WRITTEN][place % 4]} {place}",
            "proxy": sign * (100 + 37 * place),
        }  # fmt: skip
        if place % 13 == 5:
            each |= {"valued": False}
            del each["proxy"]
        each |= {"material": {"decision": False, "reason": "small"}} if place % 17 == 7 else {}
        each |= {"leads_to": [f"o{place + 7}"]} if place % 5 == 0 and place + 7 < outcomes else {}
        told.append(each)
    return ImpactMap.model_validate({
        "sroi": 1, "title": "A maximal map 最大", "activities": f"{CHINESE * 3} {LONG * 3}", "analysis": "forecast",
        "currency": "NZD", "price_year": "2024", "activity": {"years": 3},
        "stakeholders": [{"id": f"s{n}", "name": f"{names[n % 3]} {n}", "included": n != 11} for n in range(people)],
        "inputs": [{"id": f"i{n}", "stakeholder": f"s{n % people}", "description": [LONG, CHINESE][n % 2],
                    "kind": "goods", "value": 1000 * (n + 1)} for n in range(20)],
        "outputs": [{"id": f"u{n}", "description": [LONG, CHINESE][n % 2], "quantity": 100 * n} for n in range(9)],
        "outcomes": told,
    })  # fmt: skip


MAPS: dict[str, Callable[[], ImpactMap]] = {
    "befriending": lambda: sroi.example("befriending"),
    "wheels to meals": lambda: sroi.example("wheels_to_meals"),
    "one outcome": small,
    "only a loss": lambda: small(-100),
    "worth nothing": lambda: small(0),
    "no price": lambda: small(valued=False),
    "strange words": lambda: small(description=f"{AS_WRITTEN}\n\tand <script> {'x' * 90}", duration=3),
    "vast sums": lambda: small(9e12, 1e11, duration=4),
    "a circle": lambda: linked({"one": ["two"], "two": ["three"], "three": ["one"]}),
    "a long chain": lambda: linked({f"o{n}": [f"o{n + 1}"] if n < 9 else [] for n in range(10)}),
    "18 outcomes": lambda: large(18, 5),
    "maximal": lambda: large(60, 12),
    "a crowd": lambda: large(100, 40),
    "70 years": lambda: small(100, 900, duration=70, drop_off=0.02),
    "paid back late": lambda: small(100, 990, duration=10),
    "never paid back": lambda: small(10, 900, duration=9),
}


@cache
def result_of(name: str) -> Result:
    return sroi.evaluate(MAPS[name]())


Drawing = Callable[[Result, Axes | None], Axes]
DRAWINGS: dict[str, tuple[Drawing, Callable[[Result, float], float]]] = {
    "theory of change": (plots.theory_of_change, plots.theory_of_change_height),
    "flows": (plots.flows, plots.flows_height),
    "payback": (plots.payback, lambda _, width: plots.payback_height()),
}
IN_WORDS = {
    "theory of change": plots.theory_of_change_in_words, "flows": plots.flows_in_words,
    "payback": plots.payback_in_words,
}  # fmt: skip

every_map = pytest.mark.parametrize("name", MAPS)
every_drawing = pytest.mark.parametrize("kind", DRAWINGS)
both_widths = pytest.mark.parametrize("width", [plots.WIDE, plots.NARROW], ids=["wide", "narrow"])


def drawn_anew(kind: str, name: str, width: float) -> Figure:
    draw, height = DRAWINGS[kind]
    result = result_of(name)
    return plots.picture(partial(draw, result), width, height(result, width))


drawn = cache(drawn_anew)


def texts_of(figure: Figure) -> list[Text]:
    axes = figure.axes[0]
    key = axes.get_legend()
    ticks = [*axes.get_xticklabels(), *axes.get_yticklabels()] if axes.xaxis.get_visible() else []
    low, high = sorted(axes.get_ylim())
    ticks = [each for each in ticks if each not in axes.get_yticklabels() or low <= each.get_position()[1] <= high]
    names = [*(key.get_texts() if key else []), axes.xaxis.label] if ticks else []
    return [text for text in [*axes.texts, *ticks, *names] if text.get_text().strip()]


def words_of(sheet: Sheet) -> str:
    return " | ".join(unfolded("\n".join(mark.lines)) for mark in sheet.marks if isinstance(mark, Words))


def bands_of(sheet: Sheet, kind: str) -> list[Any]:
    return [mark for mark in sheet.marks if isinstance(mark, Band | Ribbon) and mark.kind == kind]


def theory(name: str, width: float = PAGE) -> Sheet:
    with style():
        return theory_sheet(result_of(name), _parts(result_of(name)), width)


def river(name: str, width: float = PAGE) -> Sheet:
    with style():
        return flows_sheet(result_of(name), width)


# ---- every figure ----


@every_drawing
@every_map
@both_widths
def test_all_that_is_written_stands_within_the_figure_and_apart(kind: str, name: str, width: float) -> None:
    figure = drawn(kind, name, width)
    with style():
        boxes = [(text.get_window_extent(), text.get_text()) for text in texts_of(figure)]
    for box, words in boxes:
        assert box.x0 >= -1, words
        assert box.y0 >= -1, words
        assert box.x1 <= figure.bbox.x1 + 1, words
        assert box.y1 <= figure.bbox.y1 + 1, words
    for (one, words), (other, more) in combinations(boxes, 2):
        beside = min(one.x1, other.x1) - max(one.x0, other.x0) <= 0.5
        below = min(one.y1, other.y1) - max(one.y0, other.y0) <= 0.5
        assert beside or below, (words, more)


@every_drawing
@both_widths
@pytest.mark.parametrize("name", ["befriending", "18 outcomes", "only a loss"])
def test_the_same_figure_has_the_same_bytes(kind: str, name: str, width: float) -> None:
    one, two = (plots.image(draw(kind, name, width), "svg") for draw in (drawn, drawn_anew))
    assert one == two


@every_drawing
@every_map
@both_widths
def test_letters_are_large_enough_and_no_mathematics(kind: str, name: str, width: float) -> None:
    texts = texts_of(drawn(kind, name, width))
    assert min(float(text.get_fontsize()) for text in texts) >= 7.5
    assert [text.get_text() for text in texts if text.get_parse_math()] == []


@every_drawing
def test_a_figure_makes_its_own_axes_where_none_is_given(kind: str) -> None:
    axes = DRAWINGS[kind][0](result_of("befriending"), None)
    assert axes.figure.bbox.width / axes.figure.dpi == pytest.approx(plots.WIDE)
    assert axes.figure.axes == [axes]


@pytest.mark.parametrize("kind", ["theory of change", "flows"])
def test_on_axes_that_are_too_low_everything_shrinks_and_still_stands_apart(kind: str) -> None:
    figure = plots.picture(lambda axes: DRAWINGS[kind][0](result_of("befriending"), axes), plots.WIDE, 2.5)
    boxes = [text.get_window_extent() for text in texts_of(figure)]
    assert all(box.y0 >= 0 and box.y1 <= figure.bbox.y1 for box in boxes)
    assert not any(one.shrunk(0.9, 0.8).overlaps(other.shrunk(0.9, 0.8)) for one, other in combinations(boxes, 2))


@every_drawing
@every_map
def test_each_figure_is_told_in_one_sentence(kind: str, name: str) -> None:
    said = IN_WORDS[kind](result_of(name))
    assert said.endswith(".")
    assert "nan" not in said
    assert wording.money(float(result_of(name).total_inputs), result_of(name).impact_map.currency) in said


@pytest.mark.parametrize("seed", range(8))
def test_any_map_can_be_drawn_and_told(seed: int) -> None:
    result = sroi.evaluate(ImpactMap.model_validate(random_value_map(random.Random(seed), 20)))
    for kind, (draw, height) in DRAWINGS.items():
        figure = plots.picture(partial(draw, result), plots.WIDE, height(result, plots.WIDE))
        assert all(box.x1 <= figure.bbox.x1 + 1 for box in (text.get_window_extent() for text in texts_of(figure)))
        assert "\n" not in IN_WORDS[kind](result)


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_kinds_differ_in_colour_alone(kind: str) -> None:
    look = KINDS[kind][1:]
    assert [other for other in KINDS if KINDS[other][1:] == look] == [kind]


# ---- theory of change ----


@both_widths
def test_a_theory_tells_who_what_for_whom_and_how_much(width: float) -> None:
    words = words_of(theory("befriending", room_on(width))).replace("\u00a0", " ")
    for each in ("Local authority", "£48,000", "Home visits of about an hour and a half: 2,640", "£121,783", "−£17,693",
                 "Sadness when a befriender leaves or dies (a loss)", "Family carers", "£8,336", "not counted",
                 "Total present value £143,877, total inputs £81,048."):  # fmt: skip
        assert each in words


def test_an_outcome_without_a_price_is_told_as_fully_as_the_others() -> None:
    sheet = theory("befriending")
    assert "More confident to go out and to pick up the telephone | no price, quantity" in words_of(sheet)
    boxes = [mark for mark in sheet.marks if isinstance(mark, Box)]
    told = [box for box in boxes if box.kind == "told" and box.width > 20]
    assert len(told) == 1
    assert {box.width for box in boxes if box.x == told[0].x} == {told[0].width}
    assert KINDS["told"][0] == plots.INK


@both_widths
@every_map
def test_words_of_a_card_stand_within_it(name: str, width: float) -> None:
    sheet = theory(name, room_on(width))
    boxes = [mark for mark in sheet.marks if isinstance(mark, Box) and mark.width > 20]
    found = 0
    with style():
        for words in (mark for mark in sheet.marks if isinstance(mark, Words)):
            wide = max(width_of(line, words.size, words.bold) for line in words.lines)
            left = words.x - wide if words.side == "right" else words.x
            for box in boxes:
                if box.x <= words.x <= box.x + box.width and box.y <= words.y < box.y + box.height:
                    found += 1
                    assert left >= box.x, words.lines
                    assert left + wide <= box.x + box.width + 0.1, words.lines
                    assert words.y + words.height <= box.y + box.height + 0.1, words.lines
    assert found >= 2 * len(boxes) - 2


@both_widths
def test_no_two_boxes_of_a_theory_overlap(width: float) -> None:
    for name in MAPS:
        boxes = [mark for mark in theory(name, room_on(width)).marks if isinstance(mark, Box)]
        for one, other in combinations(boxes, 2):
            beside = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y, name


def test_bands_are_as_thick_as_their_value() -> None:
    sheet = theory("wheels to meals")
    thick = sorted((band.thickness for band in bands_of(sheet, "gain")), reverse=True)
    # Each outcome has a band that leads to it and one from it to whom it is for.
    assert thick[0] == thick[1]
    assert thick[2] / thick[0] == pytest.approx(31894.2995 / 46389.3720)
    assert max(band.thickness for band in bands_of(sheet, "put in")) / thick[0] == pytest.approx(24375 / 46389.3720)


def test_a_value_is_shared_evenly_where_several_lead_to_it() -> None:
    result = sroi.evaluate(linked({"one": ["both"], "two": ["both"], "both": []}))
    leads = {(lead.source, lead.target): lead.gain for lead in parts_of(result, 0).leads}
    assert leads == {(None, 0): 100, (0, 1): 50, (2, 1): 50, (None, 2): 100}


def test_what_leads_to_an_outcome_takes_the_place_of_the_activity() -> None:
    parts = parts_of(result_of("befriending"), 0)
    place = {change.outcomes[0]: number for number, change in enumerate(parts.changes)}
    into = {(lead.source, lead.target) for lead in parts.leads}
    assert (place["more_confident"], place["less_lonely"]) in into
    assert (None, place["less_lonely"]) not in into
    assert (None, place["more_confident"]) in into


def test_a_circle_of_outcomes_begins_where_the_map_begins() -> None:
    parts = parts_of(result_of("a circle"), 0)
    assert [parts.changes[lead.target].outcomes for lead in parts.leads if lead.source is None] == [("one",)]


def test_sixty_outcomes_are_folded_together_and_it_says_so() -> None:
    sheet = theory("maximal")
    words = words_of(sheet)
    assert "60 of 60 outcomes are folded together by whom they change." in words
    assert "3 gains, 1 loss, 1 not counted" in words
    assert "60 outcomes (60 folded together)" in plots.theory_of_change_in_words(result_of("maximal"))
    assert sheet.height <= 10.5 * 72


def test_folding_loses_no_value_and_no_outcome() -> None:
    result = result_of("a crowd")
    for fold in (0, 1, 2):
        parts = parts_of(result, fold)
        assert sum(whom.value for whom in parts.people) == pytest.approx(float(result.total_present_value))
        assert sum(len(change.outcomes) for change in parts.changes) == 100
        into = [sum(lead.gain + lead.loss for lead in parts.leads if lead.target == place)
                for place in range(len(parts.changes))]  # fmt: skip
        assert fold or into == pytest.approx([change.gain + change.loss for change in parts.changes])
    assert len(parts.people) == 13
    assert parts.people[[whom.label for whom in parts.people].index("28 others")].changes


def test_the_barycentre_rule_unties_links_that_cross() -> None:
    crossed = {"a": ["d"], "b": ["e"], "c": ["f"], "d": [], "e": [], "f": []}
    parts = parts_of(sroi.evaluate(linked(crossed)), 0)
    places = [(lead.source, lead.target) for lead in parts.leads if lead.source is not None]
    spans = [sorted(pair) for pair in places]
    assert not any(a < c < b < d or c < a < d < b for (a, b), (c, d) in combinations(spans, 2))


def test_an_order_without_links_stays_as_in_the_map() -> None:
    people = parts_of(result_of("wheels to meals"), 0).people
    assert few_crossings(people, [Lead(None, 0, 1.0, 0.0)]) == list(people)


def test_a_theory_on_a_telephone_goes_from_top_to_bottom() -> None:
    sheet = theory("befriending", PHONE)
    heads = {mark.lines[0]: mark for mark in sheet.marks if isinstance(mark, Words) and mark.size == 8.5}
    assert heads["Who puts in"].y < heads["What is done"].y < heads["What changes"].y
    assert heads["Who puts in"].x == heads["What is done"].x == heads["What changes"].x


# ---- flows ----


def test_flows_keep_gains_and_losses_of_the_same_people_apart() -> None:
    put_in, come_out = flows_of(result_of("befriending"))
    assert [(flow.label, round(flow.amount)) for flow in put_in][-1] == ("Local authority", 48000)
    of_old = [(flow.kind, round(flow.amount)) for flow in come_out if flow.label == "Older people living alone"]
    assert of_old == [("gain", 121783), ("loss", 17693)]
    net = sum(flow.amount if flow.kind == "gain" else -flow.amount for flow in come_out)
    assert net == pytest.approx(float(result_of("befriending").total_present_value))


@both_widths
def test_ribbons_are_as_thick_as_the_sums_beside_them(width: float) -> None:
    sheet = river("befriending", room_on(width))
    gains, given = ([each for each in bands_of(sheet, kind) if isinstance(each, Ribbon)] for kind in ("gain", "put in"))
    assert gains[0].thickness / gains[1].thickness == pytest.approx(121783.442 / 12167.702, rel=1e-6)
    assert given[-1].thickness / gains[0].thickness == pytest.approx(48000 / 121783.442, rel=1e-6)
    for sum_written in ("£121,783", "−£17,693", "£48,000", "£0"):
        assert sum_written in words_of(sheet)


def test_where_there_are_only_losses_nobody_gains() -> None:
    sheet = river("only a loss")
    assert "Who loses" in words_of(sheet)
    assert "Who gains" not in words_of(sheet)
    assert not bands_of(sheet, "gain")
    assert "value is gained by nobody; value is lost by people £100" in plots.flows_in_words(result_of("only a loss"))


def test_where_nothing_is_worth_anything_the_flow_is_a_line() -> None:
    assert [band.thickness for band in bands_of(river("worth nothing"), "gain") if isinstance(band, Ribbon)] == [0]
    assert bands_of(river("no price"), "gain") == []


def test_the_smallest_of_many_flow_together() -> None:
    words = words_of(river("a crowd"))
    assert "9 others" in words
    assert sum(band.kind == "gain" for band in river("a crowd").marks if isinstance(band, Ribbon)) == 12


# ---- years ----


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("wheels to meals", "paid back after 0.53 years"),
        ("one outcome", "paid back after 0.80 years"),
        ("never paid back", "never within the years counted"),
        ("only a loss", "never within the years counted"),
        ("paid back late", "paid back after 9.90 years"),
    ],
)
@both_widths
def test_payback_is_written_in_words(name: str, said: str, width: float) -> None:
    assert said in [text.get_text() for text in drawn("payback", name, width).axes[0].texts]
    assert plots.payback_in_words(result_of(name)).endswith(f": {said}.")


def test_the_running_total_meets_the_inputs_where_payback_is() -> None:
    axes = drawn("payback", "one outcome", plots.WIDE).axes[0]
    lines = [(line.get_marker(), np.asarray(line.get_xydata()).tolist()) for line in axes.lines]
    assert ("o", [[0, 0], [1, 100]]) in lines
    mark = next(places for marker, places in lines if marker == "D")
    assert mark[0] == pytest.approx([0.8, 80])


def test_a_loss_of_a_year_is_hatched() -> None:
    assert [bar.get_hatch() for bar in drawn("payback", "only a loss", plots.WIDE).axes[0].patches] == ["///"]


@both_widths
def test_seventy_years_have_few_labels(width: float) -> None:
    axes = drawn("payback", "70 years", width).axes[0]
    named = [label.get_text() for label in axes.get_xticklabels()]
    assert named[0] == "1"
    assert named[-1] == "70"
    assert len(named) <= 16


# ---- words that fit ----


@pytest.mark.parametrize("label", [LONG, CHINESE, AS_WRITTEN, "x" * 200, "a", "Привет " * 20, f"An answer {CHINESE}"])
@pytest.mark.parametrize("width", [40.0, 138.0])
def test_words_fit_their_width_and_their_lines(label: str, width: float) -> None:
    with style():
        whole, few = wrapped(label, width, 8), fitted(label, width, 8, 3)
        assert "".join(whole).replace(" ", "") == label.replace(" ", "")
        assert all(width_of(line, 8) <= width for line in [*whole, *few])
    assert len(few) <= 3
    assert few == whole or " .. " in " ".join(few) or few[-1].endswith("..") or any(".." in line for line in few)
