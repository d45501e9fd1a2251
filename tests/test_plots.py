"""Every figure is drawn at both widths: readable, whole, the same each time, with the words of the map as written."""

from __future__ import annotations

import dataclasses
import gc
import re
import weakref
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from scipy import stats

import sroi
from sroi import plots, wording
from sroi.plots.folding import paragraph, shortened, unfolded
from sroi.plots.lettering import apart
from sroi.plots.spread import bars_of
from sroi.plots.style import style
from sroi.plots.two_way import _ABOVE, _BELOW
from sroi.sensitivity import Variation, one_way

BEFRIENDING = sroi.example("befriending")
RESULT = sroi.evaluate(BEFRIENDING)
BASE = float(RESULT.sroi_ratio)
VARIATIONS = [each for each in one_way(BEFRIENDING) if each.spread > 0]
RULE = "Fund if the expected total present value is more than 1 × the total inputs: on these ranges, fund."
AS_WRITTEN = "Costs of $5 to $10_000 per person^2, a_b {x} \\frac"
NAMES = [
    AS_WRITTEN,
    "Менее одиноки и более довольны жизнью: продолжительность в годах, как они сами сказали нам",
    "より孤独でなくなり、人生に満足している：期間と帰属と死荷重とその他の長い名前の成果",
]


@dataclasses.dataclass
class Spread:
    """A distribution made by hand."""

    points: Any
    cumulative: Any
    base: float
    mean: float

    def quantile(self, chance: float) -> float:
        return float(self.points[min(np.searchsorted(self.cumulative, chance), len(self.points) - 1)])

    def chance_above(self, ratio: float) -> float:
        below = np.searchsorted(self.points, ratio, side="right")
        return float(1 - self.cumulative[below - 1]) if below else 1.0


@dataclasses.dataclass
class Driver:
    """A row made by hand."""

    label: str
    first: float | None
    total: float | None
    shapley: float | None
    evppi: float | None


def lognormal(median: float, sigma: float) -> Spread:
    chances = np.linspace(1e-6, 1 - 1e-6, 4001)
    points = stats.lognorm(sigma, scale=median).ppf(chances)
    return Spread(points, np.append(chances[:-1], 1.0), median, median * np.exp(sigma**2 / 2))


SPREADS = {
    "usual": lognormal(1.9, 0.3),
    "long tail": lognormal(1.9, 1.3),
    "narrow": lognormal(1.9, 1e-7),
    "below the threshold": lognormal(0.8, 0.2),
    "far above it": lognormal(12, 0.05),
    "few ratios": Spread(np.array([-0.4, 1.4, 2.1, 2.6]), np.array([0.1, 0.35, 0.85, 1.0]), 2.1, 1.7),
    "one ratio": Spread(np.array([1.9]), np.array([1.0]), 1.9, 1.9),
}
DRIVERS = [
    Driver(each.label, 0.3 / (1 + place), 0.36 / (1 + place), 0.33 / (1 + place), 900 / (1 + place) ** 2)
    for place, each in enumerate(VARIATIONS)
]
FEW_DRIVERS = [Driver(name, 0.2, 0.3, 0.25, 0.5) for name in NAMES]
POSITIONS = np.linspace(-1, 1, 9)


def line(each: Variation, label: str | None = None) -> tuple[str, Any, Any]:
    ends = each.ratio_low, BASE, each.ratio_high
    return label or each.label, POSITIONS, np.interp(POSITIONS, [-1, 0, 1], ends)


def renamed(variations: list[Variation], names: list[str]) -> list[Variation]:
    return [dataclasses.replace(each, label=name) for each, name in zip(variations, names, strict=False)]


def scale(
    steps: int, label: str = "Less lonely, and more satisfied with life: proxy", base: float = 13000
) -> plots.Scale:
    return plots.Scale(label, "proxy", [13000 + 1500 * (step - steps // 2) for step in range(steps)], base)


def grid(rows: int, columns: int) -> Any:
    return np.outer(np.linspace(0.3, 1.6, rows), np.linspace(0.6, 1.9, columns)) * 1.6


INTERVALS = {step: (0.8 * value, 1.2 * value) if value > 0 else (1.3 * value, 0.7 * value)
             for step, value in ((step, float(change)) for step, change in RESULT.ladder.items())}  # fmt: skip

FIGURES: dict[str, tuple[Callable[[Axes], Axes], float]] = {
    "waterfall": (lambda axes: plots.waterfall(RESULT, axes), 3.6),
    "waterfall with intervals": (lambda axes: plots.waterfall(RESULT, axes, INTERVALS | {"inputs": (7e4, 9e4)}), 4.2),
    "by stakeholder": (lambda axes: plots.value_by_stakeholder(RESULT, axes), 4.2),
    "by year": (lambda axes: plots.value_by_year(RESULT, axes), 3.2),
    "tornado": (lambda axes: plots.tornado(VARIATIONS, BASE, "GBP", axes), 7.2),
    "tornado of one": (lambda axes: plots.tornado(VARIATIONS[:1], BASE, "GBP", axes), 1.9),
    "tornado of strange names": (lambda axes: plots.tornado(renamed(VARIATIONS, NAMES), BASE, "USD", axes), 3.2),
    "tornado far from its threshold": (lambda axes: plots.tornado(VARIATIONS[:3], BASE, "GBP", axes, threshold=30), 3.2),
    "spider": (lambda axes: plots.spider([line(each) for each in VARIATIONS], BASE, axes), 4.2),
    "spider of one": (lambda axes: plots.spider([line(VARIATIONS[0])], BASE, axes, threshold=40), 4.2),
    "spider of strange names": (
        lambda axes: plots.spider([line(each, name) for each, name in zip(VARIATIONS, NAMES, strict=False)], BASE, axes),
        4.2,
    ),
    "heat map": (lambda axes: plots.heat_map(scale(7), scale(7), grid(7, 7), "GBP", axes), 4.4),
    "heat map of one cell": (lambda axes: plots.heat_map(scale(1), scale(1), [[2.0]], "GBP", axes), 2.0),
    "heat map of many": (lambda axes: plots.heat_map(scale(21, base=13100), scale(21), grid(21, 21), "GBP", axes), 5.0),
    "heat map of strange names": (
        lambda axes: plots.heat_map(scale(4, NAMES[0]), scale(4, NAMES[2]), grid(4, 4) + 2, "USD", axes), 3.2,
    ),
    **{f"distribution, {name}": (lambda axes, spread=spread: plots.distribution(spread, axes), 4.0)
       for name, spread in SPREADS.items()},
    **{f"acceptability, {name}": (lambda axes, spread=spread: plots.acceptability(spread, RULE, axes, (1.0, 1.5, 30)), 3.8)
       for name, spread in SPREADS.items()},
    "variance shares": (lambda axes: plots.variance_shares(DRIVERS, axes), 8.0),
    "variance shares of one": (lambda axes: plots.variance_shares([Driver("x", 1.0, None, None, None)], axes), 1.9),
    "variance shares of strange names": (lambda axes: plots.variance_shares(FEW_DRIVERS, axes, 2), 3.2),
    "information value": (lambda axes: plots.information_value(DRIVERS, 1234, "GBP", RULE, axes), 8.0),
    "information without value": (
        lambda axes: plots.information_value([Driver("x", 1.0, None, None, 0.0)], 0.0, "GBP", RULE, axes), 2.6,
    ),
    "information value of strange names": (
        lambda axes: plots.information_value(FEW_DRIVERS, 3.2, "USD", f"{NAMES[0]} {NAMES[2]}", axes), 4.0,
    ),
}  # fmt: skip

every_figure = pytest.mark.parametrize("name", FIGURES)
both_widths = pytest.mark.parametrize("width", [plots.WIDE, plots.NARROW], ids=["wide", "narrow"])


def drawn_anew(name: str, width: float = plots.WIDE) -> Figure:
    draw, height = FIGURES[name]
    return plots.picture(draw, width, height * (1.0 if width > 5 else 1.25))


drawn = cache(drawn_anew)


def texts_of(figure: Figure) -> Iterator[Text]:
    """Yield all that is written but the numbers along the axes."""
    axes = figure.axes[0]
    key = axes.get_legend()
    names = [axes.xaxis.label, axes.yaxis.label, axes._left_title]  # type: ignore[attr-defined]
    in_key = [key.get_title(), *key.get_texts()] if key is not None else []
    yield from (text for text in [*axes.texts, *names, *in_key] if text.get_text().strip())


def ticks_of(figure: Figure) -> list[Text]:
    return [*figure.axes[0].get_xticklabels(), *figure.axes[0].get_yticklabels()]


def words_of(name: str, width: float = plots.WIDE) -> str:
    return " | ".join(
        unfolded(text.get_text()) for text in [*texts_of(drawn(name, width)), *ticks_of(drawn(name, width))]
    ).replace("\u00a0", " ")


# ---- every figure ----


@every_figure
@both_widths
def test_all_words_stand_within_the_figure(name: str, width: float) -> None:
    figure = drawn(name, width)
    canvas = figure.bbox
    with style():
        for text in texts_of(figure):
            box, words = text.get_window_extent(), text.get_text()
            assert box.x0 >= -1, words
            assert box.x1 <= canvas.x1 + 1, words
            assert box.y0 >= -1, words
            assert box.y1 <= canvas.y1 + 1, words
        whole = figure.get_tightbbox()
    assert whole.x0 >= -0.01
    assert whole.y0 >= -0.01
    assert whole.x1 <= figure.get_figwidth() + 0.01
    assert whole.y1 <= figure.get_figheight() + 0.01


@every_figure
@both_widths
def test_the_plot_itself_keeps_most_of_the_figure(name: str, width: float) -> None:
    figure = drawn(name, width)
    box = figure.axes[0].get_position()
    assert box.width > 0.5
    assert box.height > 0.25


@every_figure
def test_the_same_figure_has_the_same_bytes(name: str) -> None:
    one, two = (plots.image(draw(name, plots.NARROW), "svg") for draw in (drawn, drawn_anew))
    assert one == two
    assert one.startswith(b"<?xml")


@pytest.mark.parametrize("name", ["tornado", "distribution, usual", "heat map"])
def test_the_same_picture_has_the_same_bytes(name: str) -> None:
    assert plots.image(drawn(name), "png") == plots.image(drawn_anew(name), "png")


@every_figure
@both_widths
def test_letters_are_large_enough_to_read(name: str, width: float) -> None:
    assert min(text.get_fontsize() for text in [*texts_of(drawn(name, width)), *ticks_of(drawn(name, width))]) >= 7.5


@every_figure
def test_no_text_is_read_as_mathematics(name: str) -> None:
    assert [text.get_text() for text in [*texts_of(drawn(name)), *ticks_of(drawn(name))] if text.get_parse_math()] == []


@pytest.mark.parametrize("name", [name for name in FIGURES if "strange" in name])
@both_widths
def test_names_of_a_map_appear_as_written(name: str, width: float) -> None:
    assert AS_WRITTEN in words_of(name, width)


def test_a_figure_that_was_saved_keeps_no_canvas_and_can_be_saved_again(monkeypatch: pytest.MonkeyPatch) -> None:
    alive: weakref.WeakSet[RendererAgg] = weakref.WeakSet()
    begin = RendererAgg.__init__

    def counted(self: RendererAgg, *size: Any) -> None:
        begin(self, *size)
        alive.add(self)

    monkeypatch.setattr(RendererAgg, "__init__", counted)
    drawn = plots.picture(lambda ax: plots.waterfall(RESULT, ax=ax), plots.WIDE, 4)
    gc.collect()
    gc.disable()
    try:
        assert alive
        first = [plots.image(drawn, form) for form in ("svg", "png")]
        assert not alive
        assert [plots.image(drawn, form) for form in ("svg", "png")] == first
    finally:
        gc.enable()


def test_a_figure_of_pyplots_stays_pyplots_when_it_is_saved() -> None:
    plt = pytest.importorskip("matplotlib.pyplot")
    before = plt.get_fignums()
    figure, axes = plt.subplots()
    try:
        canvas = figure.canvas
        plots.image(figure, "png")
        plt.sca(axes)
        plt.figure(figure)
        assert figure.canvas is canvas
        assert len(plt.get_fignums()) == len(before) + 1
    finally:
        plt.close(figure)


def test_each_figure_makes_its_own_axes_where_none_is_given() -> None:
    made = [
        plots.waterfall(RESULT), plots.value_by_stakeholder(RESULT), plots.value_by_year(RESULT),
        plots.tornado(VARIATIONS, BASE, "GBP"), plots.spider([line(VARIATIONS[0])], BASE),
        plots.heat_map(scale(3), scale(3), grid(3, 3), "GBP"), plots.distribution(SPREADS["usual"]),
        plots.acceptability(SPREADS["usual"], RULE), plots.variance_shares(DRIVERS),
        plots.information_value(DRIVERS, 1000, "GBP", RULE),
    ]  # fmt: skip
    assert all(isinstance(axes, Axes) and axes.figure.get_figwidth() == plots.WIDE for axes in made)


def test_names_on_axes_of_ones_own_are_no_mathematics_either() -> None:
    axes = Figure().subplots()
    plots.heat_map(scale(3, AS_WRITTEN), scale(3), grid(3, 3), "USD", axes)
    plots.acceptability(SPREADS["usual"], "Fund if $1 makes $2", axes)
    assert axes.get_title(loc="left") == "Fund if $1 makes $2"
    assert not axes._left_title.get_parse_math()  # type: ignore[attr-defined]
    assert not axes.xaxis.label.get_parse_math()


# ---- colours ----


def luminance(colour: str) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, two: str) -> float:
    bright, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_the_measure_of_contrast_gives_21_for_black_on_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("colour", [plots.BLUE, plots.VERMILION, plots.GREY, plots.INK])
def test_what_is_drawn_holds_a_contrast_of_3_on_white(colour: str) -> None:
    assert contrast(colour, "#FFFFFF") >= 3


@pytest.mark.parametrize("shade", ["#FFFFFF", *_ABOVE, *_BELOW])
def test_what_is_written_holds_a_contrast_of_7(shade: str) -> None:
    assert contrast(plots.INK, shade) >= 7


def test_the_two_ends_of_a_tornado_differ_in_hatching_too() -> None:
    hatches = {bar.get_facecolor(): bar.get_hatch() for bar in drawn("tornado").axes[0].patches}
    assert sorted(hatches.values(), key=str) == ["///", None]


def test_no_two_lines_of_a_spider_have_the_same_dash_and_mark() -> None:
    lines = [each for each in drawn("spider").axes[0].lines if each.get_marker() not in ("None", None)]
    assert len({(each.get_linestyle(), each.get_marker()) for each in lines}) == len(lines) == 6


def test_cells_below_the_threshold_are_hatched_and_the_others_are_not() -> None:
    axes = drawn("heat map").axes[0]
    hatched = [cell.get_hatch() is not None for cell in axes.patches[:49]]
    assert hatched == (grid(7, 7) < 1).ravel().tolist()


# ---- what is written ----


def test_a_waterfall_writes_each_interval_under_its_value() -> None:
    words = words_of("waterfall with intervals")
    assert "£143,877 £115.1k to £172.7k" in words
    assert "£81,048 £70k to £90k" in words
    assert "whiskers: 90 % range from the stated ranges" in words


def test_a_tornado_writes_base_both_ends_and_threshold() -> None:
    words, widest = words_of("tornado"), VARIATIONS[0]
    assert f"{widest.label} (base {widest.base:g})" in words
    assert f"{widest.low:g} → {widest.ratio_low:.2f}" in words
    assert f"{widest.high:g} → {widest.ratio_high:.2f}" in words
    assert f"base case {BASE:.2f}" in words
    assert "threshold 1 : 1" in words


def test_a_tornado_draws_the_threshold_asked_for() -> None:
    axes = plots.tornado(VARIATIONS, BASE, "GBP", threshold=1.5)
    assert 1.5 in [each.get_xdata()[0] for each in axes.lines]  # type: ignore[index]


def test_a_threshold_far_off_is_said_and_not_drawn() -> None:
    assert "the threshold 30 : 1 lies far to the right" in words_of("tornado far from its threshold")
    assert drawn("tornado far from its threshold").axes[0].get_xlim()[1] < 10
    assert "the threshold 40 : 1 lies far above" in words_of("spider of one")
    assert "chance above 1 : 1: 100 % (far to the left)" in words_of("distribution, far above it")


def test_a_tornado_keeps_the_words_of_two_ends_on_one_side_apart() -> None:
    bent = dataclasses.replace(VARIATIONS[0], ratio_low=BASE + 0.5, ratio_high=BASE + 0.2)
    axes = plots.tornado([bent], BASE, "GBP")
    sides = {words.get_text(): words.get_ha() for words in axes.texts if "→" in words.get_text()}
    assert sorted(sides.values()) == ["left", "right"]


def test_a_tornado_says_where_there_is_no_ratio() -> None:
    none = dataclasses.replace(VARIATIONS[0], ratio_low=float("nan"))
    axes = plots.tornado([none], BASE, "GBP")
    assert any("no ratio" in words.get_text() for words in axes.texts)


@both_widths
def test_names_at_the_ends_of_a_spider_do_not_overlap(width: float) -> None:
    figure = drawn("spider", width)
    boxes = sorted((text.get_window_extent() for text in figure.axes[0].texts), key=lambda box: box.y0)
    assert len(boxes) == 6
    assert all(under.y1 <= over.y0 + 0.5 for under, over in pairwise(boxes))


def test_words_that_would_overlap_share_the_room_about_what_they_want() -> None:
    assert apart([1.0, 1.0], [1.0, 1.0], 0.0, 5.0) == [0.5, 1.5]
    assert apart([4.9, 4.9], [1.0, 1.0], 0.0, 5.0) == [3.5, 4.5]
    assert apart([0.0], [1.0], 0.0, 5.0) == [0.5]


def test_a_heat_map_writes_ratios_units_and_the_base_case() -> None:
    words = words_of("heat map")
    for ratio in grid(7, 7).ravel():
        assert f"{ratio:.2f}" in words
    assert "£13,000" in words
    assert "base case" in words
    assert "ratio below 1 : 1" in words


def test_a_heat_map_says_when_no_ratio_is_below_the_threshold() -> None:
    assert "no ratio below 1 : 1" in words_of("heat map of strange names")


def test_a_heat_map_shows_a_dash_where_there_is_no_ratio() -> None:
    axes = plots.heat_map(scale(2), scale(2), [[np.nan, 1.0], [2.0, 3.0]], "GBP")
    assert "–" in [text.get_text() for text in axes.texts]


def test_a_crowded_heat_map_leaves_numbers_out_and_keeps_them_apart() -> None:
    figure = drawn("heat map of many", plots.NARROW)
    written = [text for text in figure.axes[0].texts if re.fullmatch(r"\d\.\d\d", text.get_text())]
    assert 21 < len(written) < 441
    by_row: dict[float, list[Any]] = {}
    for text in written:
        by_row.setdefault(text.get_position()[1], []).append(text.get_window_extent())
    for boxes in by_row.values():
        boxes.sort(key=lambda box: box.x0)
        assert all(one.x1 <= other.x0 + 0.5 for one, other in pairwise(boxes))


@both_widths
def test_a_distribution_writes_its_interval_its_centre_and_the_chance(width: float) -> None:
    words, spread = words_of("distribution, usual", width), SPREADS["usual"]
    assert f"90 %: {spread.quantile(0.05):.2f} to {spread.quantile(0.95):.2f}, range from the stated ranges" in words
    assert f"base case {spread.base:.2f}" in words
    assert f"median {spread.quantile(0.5):.2f}" in words
    assert f"mean {spread.mean:.2f}" in words
    assert "chance above 1 : 1: 98 %" in words
    assert "0.1 % at each end left out" in words


def test_bars_hold_the_chance_between_their_ends() -> None:
    bars = bars_of(SPREADS["usual"], 44)
    law = stats.lognorm(0.3, scale=1.9)
    left = np.array(bars.left)
    assert np.allclose(bars.chance, law.cdf(left + bars.width) - law.cdf(left), atol=2e-5)
    assert sum(bars.chance) > 0.998


def test_a_ratio_that_has_a_chance_of_its_own_keeps_it_in_its_bar() -> None:
    # A third of the chance at 0, the rest even from 1 to 2.
    points = np.concatenate([[0.0], np.linspace(1, 2, 101)])
    cumulative = np.concatenate([[1 / 3], np.linspace(1 / 3, 1, 101)])
    bars = bars_of(Spread(points, cumulative, 1.0, 1.0), 40)
    chance = dict(zip(np.round(bars.left, 6), bars.chance, strict=True))
    assert chance[0.0] == pytest.approx(1 / 3)
    assert chance[1.5] == pytest.approx(2 / 3 * bars.width)
    assert chance[0.5] == pytest.approx(0, abs=1e-12)


def test_few_ratios_are_drawn_one_by_one() -> None:
    bars = bars_of(SPREADS["few ratios"], 44)
    assert bars.single
    assert np.allclose(bars.chance, [0.1, 0.25, 0.5, 0.15])
    assert "only 4 are possible" in words_of("distribution, few ratios")


def test_a_long_tail_is_cut_and_said() -> None:
    assert "1 % at each end left out" in words_of("distribution, long tail")
    assert drawn("distribution, long tail").axes[0].get_xlim()[1] < 1.1 * SPREADS["long tail"].quantile(0.99)


def test_a_narrow_distribution_is_not_blown_up() -> None:
    low, high = drawn("distribution, narrow").axes[0].get_xlim()
    assert high - low > 0.15


@both_widths
def test_an_acceptability_curve_has_its_rule_and_thresholds_written_on_it(width: float) -> None:
    words = words_of("acceptability, usual", width)
    assert RULE in words
    assert "above 1 : 1: 98 %" in words
    assert "above 1.5 : 1: 78 %" in words
    assert "above 30 : 1, far to the right: 0 %" in words


def test_an_acceptability_curve_of_few_ratios_goes_in_steps() -> None:
    assert drawn("acceptability, few ratios").axes[0].lines[0].get_drawstyle() == "steps-post"


def test_chances_never_round_to_certainty() -> None:
    said = [wording.chance_words(chance).replace("\u00a0", " ") for chance in (0, 1e-5, 0.004, 0.5, 0.996, 0.99996, 1)]
    assert said == ["0 %", "less than 0.1 %", "0.4 %", "50 %", "99.6 %", "more than 99.9 %", "100 %"]


def test_variance_shares_write_the_fair_part_the_range_and_the_rest() -> None:
    words = words_of("variance shares")
    assert "33 % (30 % to 36 %)" in words
    assert f"the rest ({len(DRIVERS) - 10} numbers)" in words
    assert "fair part (Shapley)" in words


def test_a_share_that_is_not_known_is_left_out_of_the_key() -> None:
    words = words_of("variance shares of one")
    assert "100 %" in words
    assert "Shapley" not in words


def test_the_value_of_information_stands_with_its_decision_and_its_bound() -> None:
    words = words_of("information value")
    assert RULE in words
    assert "£900" in words
    assert "knowing everything: £1,234" in words


def test_where_nothing_would_change_the_decision_the_figure_says_so() -> None:
    assert "knowing more would not change it" in words_of("information without value")


# ---- lines ----


def test_a_line_never_breaks_between_a_number_and_its_sign() -> None:
    assert paragraph("at most 45\u00a0%", 10) == "at most\n45\u00a0%"


def test_scripts_without_spaces_are_broken_by_their_width() -> None:
    assert paragraph("価値価値価値", 7) == "価値価値\n価値"
    assert unfolded("価値価値\n価値") == "価値価値価値"
    assert unfolded("one\ntwo") == "one two"


def test_a_label_is_shortened_in_its_middle_at_whole_words() -> None:
    assert shortened("short", 10) == "short"
    for most in range(20, 60):
        assert len(shortened("Less lonely, and more satisfied with life: deadweight", most)) <= most
